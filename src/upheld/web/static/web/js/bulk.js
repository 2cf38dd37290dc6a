// The bar of what to do with the chosen rows: how many they are, its menus under the keyboard, and nothing chosen twice.
(() => {
  "use strict";

  const bar = document.querySelector(".many-bar");
  const boxes = () => [...document.querySelectorAll("#many input[name=ticket]")];

  function count() {
    if (!bar) return;
    const all = boxes();
    const chosen = all.filter((box) => box.checked).length;
    const everything = document.querySelector("#many input[name=all]")?.checked;
    const { one, many } = bar.dataset;
    const words = everything ? bar.dataset.everything : chosen === 1 ? one : many.replace("%n", chosen);
    const place = bar.querySelector(".many-count");
    if (place.textContent !== words) place.textContent = words;
    const head = document.querySelector(".choose-all");
    if (head) {
      head.checked = chosen > 0 && chosen === all.length;
      head.indeterminate = chosen > 0 && chosen < all.length;
    }
    bar.hidden = !chosen;
    if (!chosen) close();
  }

  function close(except) {
    for (const menu of bar?.querySelectorAll("details[open]") ?? []) if (menu !== except) menu.open = false;
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches("#many input")) return;
    const every = document.querySelector("#many input[name=all]");
    if (event.target.name === "ticket" && every && !event.target.checked) every.checked = false;
    count();
  });
  // A button that stands outside its form sends its value only where nobody else sends the form.
  let pressed = null;
  document.addEventListener("submit", (event) => event.target.id === "many" && (pressed = event.submitter), true);
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.id === "many" && pressed?.name) event.detail.parameters[pressed.name] = pressed.value;
  });
  document.addEventListener("htmx:afterRequest", (event) => event.target.id === "many" && event.detail.successful && close());
  // The boxes are empty a moment after the form was told so.
  document.addEventListener("reset", () => setTimeout(count));
  document.addEventListener("upheld:rows", count);
  document.addEventListener("click", (event) => close(event.target.closest(".many-bar details")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !bar) return;
    const open = bar.querySelector("details[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    } else if (!event.defaultPrevented && event.target.closest("#list, .many-bar")) {
      document.getElementById("many")?.reset();
    }
  });
  bar?.addEventListener("toggle", (event) => {
    if (event.target.open) event.target.querySelector(".many-sheet :is(select, input, button)")?.focus();
  }, true);

  // A key of the bar is meant for the row under the keyboard where none is chosen.
  document.addEventListener("keydown", (event) => {
    const row = event.target.closest?.(".rows tbody tr");
    if (!row || !bar || event.ctrlKey || event.metaKey || event.altKey || event.key.length > 1) return;
    if (document.querySelector("script[data-single=no], #many input[name=ticket]:checked")) return;
    if (![...bar.querySelectorAll("[data-key]")].some((each) => each.dataset.key === event.key)) return;
    row.querySelector("input[name=ticket]").checked = true;
    count();
  }, true);

  count();
})();
