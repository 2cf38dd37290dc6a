// Ctrl-Enter or Command-Enter sends the form one is writing in.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest("form[data-quick-send]");
  if (!form || form.classList.contains("htmx-request")) return;
  event.preventDefault();
  const send = form.querySelector("[data-send]") ?? form.querySelector("button[type=submit]");
  if (!send?.disabled) form.requestSubmit(send);
});
