// The list under the pointer and the keyboard: several rows are chosen in one go, and what changes on the desk does not
// make them jump away. While somebody is at the list it is drawn anew in place, in its old order.
(() => {
  "use strict";

  const list = () => document.getElementById("list");
  const rows = () => [...document.querySelectorAll(".rows tbody tr:not([data-gone])")];
  const linkOf = (row) => row.querySelector(".what a");
  const boxOf = (row) => row.querySelector("input[name=ticket]");

  let here = null;
  let anchor = null;

  const current = () => rows().find((row) => row.id === here) ?? null;

  function step(by) {
    const all = rows();
    const next = all[all.indexOf(current()) + by];
    if (!next) return;
    linkOf(next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function choose(box, on) {
    if (box.checked === on) return;
    box.checked = on;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function chooseRange(row) {
    const all = rows();
    const [from, to] = [all.findIndex((each) => each.id === anchor), all.indexOf(row)].sort((a, b) => a - b);
    for (const each of all.slice(Math.max(from, 0), to + 1)) choose(boxOf(each), true);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-row=range]") && current()) chooseRange(current());
    if (event.target.matches(".rows tbody input[name=ticket]")) {
      const row = event.target.closest("tr");
      if (event.shiftKey && anchor) chooseRange(row);
      anchor = row.id;
    }
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest(".rows tbody tr");
    if (row) here = row.id;
  });
  document.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".rows tbody")) return;
    event.preventDefault();
    step(by);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches(".rows .choose-all")) for (const row of rows()) choose(boxOf(row), event.target.checked);
  });

  // --- what comes while somebody is here

  let waiting = null;
  let pointed = false;

  const isChosen = () => document.querySelector("#many :checked") !== null;
  const isBusy = () =>
    pointed || list().contains(document.activeElement) || isChosen() || document.querySelector(".many-menu[open]") !== null;

  function parse(text) {
    return new DOMParser().parseFromString(text, "text/html");
  }

  // Rows that are still there are drawn anew where they stand; gone ones stay, and are marked. Returns how many others
  // there would be, or would stand elsewhere.
  function drawInPlace(fresh) {
    const coming = new Map([...fresh.querySelectorAll(".rows tbody tr")].map((row) => [row.id, row]));
    let changes = 0;
    const stays = [];
    for (const row of document.querySelectorAll(".rows tbody tr")) {
      const after = coming.get(row.id);
      if (!after) {
        row.toggleAttribute("data-gone", true);
        changes += 1;
        continue;
      }
      stays.push(row.id);
      const same = row.dataset.print === after.dataset.print && row.hasAttribute("data-pending") === after.hasAttribute("data-pending");
      if (!same || row.hasAttribute("data-gone")) redraw(row, after);
    }
    const order = [...coming.keys()].filter((id) => stays.includes(id));
    changes += coming.size - stays.length;
    changes += order.filter((id, place) => id !== stays[place]).length;
    return changes;
  }

  function redraw(row, after) {
    const checked = boxOf(row).checked;
    const focused = row.contains(document.activeElement) ? document.activeElement : null;
    const fresh = document.importNode(after, true);
    boxOf(fresh).checked = checked;
    row.replaceWith(fresh);
    if (focused) (focused.matches("input") ? boxOf(fresh) : linkOf(fresh)).focus({ preventScroll: true });
  }

  function say(changes) {
    const place = list().querySelector(".changed");
    const { one, many, show } = place.dataset;
    if (!changes) return place.replaceChildren();
    const words = changes === 1 ? one : many.replace("%n", changes);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: `${words} · ${show}` });
    button.dataset.size = "small";
    button.addEventListener("click", showAll);
    place.replaceChildren(button);
  }

  // The list as it is now, with what was chosen, the focus and the place on the page as they were.
  function showAll() {
    const fresh = waiting?.getElementById("list");
    waiting = null;
    if (!fresh) return;
    const chosen = new Set([...document.querySelectorAll("input[name=ticket]:checked")].map((box) => box.value));
    const focused = list().contains(document.activeElement) ? here : null;
    const node = document.importNode(fresh, true);
    list().replaceWith(node);
    htmx.process(node);
    for (const row of rows()) boxOf(row).checked = chosen.has(boxOf(row).value);
    document.dispatchEvent(new Event("upheld:rows"));
    if (focused) linkOf(document.getElementById(focused) ?? rows()[0] ?? node)?.focus({ preventScroll: true });
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig, xhr } = event.detail;
    if (target?.id !== "list" || requestConfig?.elt?.id !== "list" || xhr.status !== 200) return;
    const page = parse(xhr.responseText);
    const fresh = page.getElementById("list");
    // Where there was nothing, nothing can jump away.
    if (!fresh || !isBusy() || !list().querySelector(".rows") || !fresh.querySelector(".rows")) return;
    event.detail.shouldSwap = false;
    waiting = page;
    say(drawInPlace(fresh));
    list().setAttribute("hx-vals", fresh.getAttribute("hx-vals"));
    const rail = page.getElementById("rail");
    const old = document.getElementById("rail");
    if (rail && old && !old.contains(document.activeElement)) {
      rail.removeAttribute("hx-swap-oob");
      old.replaceWith(document.importNode(rail, true));
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id !== "list") return;
    waiting = null;
    document.dispatchEvent(new Event("upheld:rows"));
  });

  // Whoever has turned elsewhere sees the list as it is, after a moment in which they may come back.
  let leaving = 0;
  function left() {
    clearTimeout(leaving);
    leaving = setTimeout(() => waiting && !isBusy() && showAll(), 1500);
  }
  document.addEventListener("pointerover", (event) => {
    const was = pointed;
    pointed = event.pointerType === "mouse" && event.target.closest(".rows") !== null;
    if (was && !pointed) left();
  });
  document.documentElement.addEventListener("pointerleave", () => {
    pointed = false;
    left();
  });
  document.addEventListener("focusout", left);
  document.addEventListener("change", left);
})();
