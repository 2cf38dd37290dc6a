// Keyboard shortcuts. Their table is the page itself: a control with data-key="r" (or a sequence, "g q") is focused or
// pressed by these keys. Rows of a list and messages are gone through with j and k. A sheet lists what the page has.
{
  const SINGLE = document.currentScript.dataset.single === "yes";
  const ROWS = "[data-key-row], main .rows tbody th a[href], main .mails tbody th a[href], .thread > .message";
  const WAITS = 1500;
  const sheet = document.getElementById("keys");
  let before = "", lapse = 0, last = "";

  const shown = (each) => each.checkVisibility?.({ visibilityProperty: true }) ?? true;
  const folded = (each) => {
    let outermost = null;
    for (let box = each.closest("details:not([open])"); box; box = box.parentElement.closest("details:not([open])"))
      outermost = box;
    return each.closest(".bar") || (outermost && shown(outermost));
  };
  // Of two controls with the same keys the one that is seen; what is only folded away may still be pressed.
  const offered = () => {
    const found = new Map();
    for (const each of document.querySelectorAll("[data-key]")) {
      const key = each.dataset.key;
      if (each.disabled || each.closest("[inert], [hidden], dialog:not([open])") || !(shown(each) || folded(each))) continue;
      if (!found.has(key) || (shown(each) && !shown(found.get(key)))) found.set(key, each);
    }
    return found;
  };
  const isField = (each) =>
    each.matches?.("select, textarea, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file])");

  const perform = (control) => {
    for (let each = control.closest("details"); each; each = each.parentElement.closest("details"))
      if (!each.open && control !== each.querySelector(":scope > summary")) each.open = true;
    if (isField(control)) control.focus();
    else control.click();
    const then = control.dataset.keyFocus && document.querySelector(control.dataset.keyFocus);
    if (then) then.focus();
    if (control.matches("summary")) control.focus();
    if (then || isField(control) || control.matches("summary")) (then || control).scrollIntoView({ block: "nearest" });
  };

  const rows = () => [...document.querySelectorAll(ROWS)].filter(shown);
  const current = (all) => {
    const near = document.activeElement.closest?.("tr, li, .message");
    return all.find((each) => each === document.activeElement) ??
      all.find((each) => near && (near === each || near.contains(each))) ?? all.find((each) => each.id && each.id === last);
  };
  const go = (step) => {
    // A page that knows better where one is answers for itself.
    if (!document.dispatchEvent(new CustomEvent("upheld:row", { detail: step, cancelable: true }))) return;
    const all = rows(), here = current(all);
    const next = here ? all[all.indexOf(here) + step] : all[step > 0 ? 0 : all.length - 1];
    if (!next) return;
    if (!next.matches("a, button, input")) next.tabIndex = -1;
    next.focus({ preventScroll: true });
    (next.closest("tr") ?? next).scrollIntoView({ block: "nearest" });
    last = next.id;
  };
  const boxOf = (row) => row?.closest("tr, li")?.querySelector("input[type=checkbox]");
  const BUILT_IN = {
    j: () => go(1),
    k: () => go(-1),
    o: () => {
      const here = current(rows());
      (here?.matches("a") ? here : here?.querySelector("details > summary"))?.click();
    },
    x: () => boxOf(current(rows()))?.click(),
    "?": () => open(),
  };

  const forget = () => (before = "");
  // Letters of another script are told by their place on the keyboard.
  const named = (event) => {
    const key = event.key.length > 1 || event.key <= "~" ? event.key : event.code.replace(/^Key/, "");
    return event.shiftKey || key.length > 1 ? key : key.toLowerCase();
  };
  const press = (event) => {
    const key = named(event), all = offered();
    for (const keys of before ? [`${before} ${key}`] : [key]) {
      const deed = all.has(keys) ? () => perform(all.get(keys)) : Object.hasOwn(BUILT_IN, keys) && BUILT_IN[keys];
      const begins = [...all.keys()].some((each) => each.startsWith(`${keys} `));
      forget();
      if (!deed && !begins) return;
      event.preventDefault();
      clearTimeout(lapse);
      if (deed) deed();
      else [before, lapse] = [keys, setTimeout(forget, WAITS)];
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (isField(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (!SINGLE || event.key.length > 1 || event.key === " ") return;
    // Inside other widgets letters have a meaning of their own.
    if (event.target.closest?.("[role=listbox], [role=combobox], [role=menu]")) return;
    if (!event.repeat || "jk".includes(event.key)) press(event);
  });

  const element = (name, text = "") => Object.assign(document.createElement(name), { textContent: text });
  const keysOf = (keys) => {
    const term = element("dt");
    for (const [place, each] of keys.split(/[ +]/).entries()) term.append(place ? " " : "", element("kbd", each));
    return term;
  };
  const open = () => {
    const groups = new Map();
    const add = (group, keys, label) => groups.set(group, [...(groups.get(group) ?? []), [keys, label]]);
    const all = offered();
    for (const [keys, each] of all) add(each.dataset.keyGroup ?? sheet.dataset.here, keys, each.dataset.keyLabel);
    const has = { rows: rows().length, boxes: rows().some(boxOf) };
    for (const each of sheet.querySelectorAll("[data-keys]"))
      if (!all.has(each.dataset.keys) && (!each.dataset.needs || has[each.dataset.needs]))
        add(each.dataset.group, each.dataset.keys, each.textContent);
    sheet.querySelector(".groups").replaceChildren(...[...groups].map(([group, lines]) => {
      const section = element("section"), list = element("dl");
      for (const [keys, label] of lines) {
        const line = element("div");
        line.append(keysOf(keys), element("dd", label));
        list.append(line);
      }
      section.append(element("h3", group), list);
      return section;
    }));
    sheet.showModal();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-open]")) open();
    const dialog = event.target.closest("dialog#keys, dialog#command");
    if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) dialog.close();
  });
  for (const each of document.querySelectorAll("[data-keys-open]")) each.hidden = false;
  // The command bar offers the same controls.
  globalThis.shortcuts = { offered, perform };
}
