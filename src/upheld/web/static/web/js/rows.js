// Arrow keys move between the tickets of a list once one of them has the focus.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const here = step && event.target.closest(".rows a");
  if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...document.querySelectorAll(".rows tbody a")];
  const next = links[links.indexOf(here) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
