// Closes a menu of the bar when somebody turns elsewhere; without this file its own button does.
{
  const close = (except) => {
    for (const menu of document.querySelectorAll(".bar details[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => close(event.target.closest(".bar details")));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(".bar details[open]");
    if (!open) return;
    close();
    open.querySelector("summary").focus();
  });
}
