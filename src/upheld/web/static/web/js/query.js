// The search of the queue: what may follow is offered while somebody types, a finished term becomes a chip, and the
// list follows. Without this file the field is a field, and chips and menus are links.
{
  const field = document.getElementById("q");
  const form = field?.form;
  const list = document.getElementById("suggestions");
  const heard = document.getElementById("suggested");
  const inQuotes = (text) => text.split('"').length % 2 === 0;
  let options = [];
  let replaces = "";
  let active = -1;
  let base = field?.value ?? "";
  let asking;
  let timer;

  const find = () => {
    clearTimeout(timer);
    close();
    htmx.trigger(form, "find");
  };

  const close = () => {
    asking?.abort();
    options = [];
    active = -1;
    list.hidden = true;
    list.replaceChildren();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const part = (name, text, dir) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (dir) made.dir = dir;
    return made;
  };

  const show = (answer) => {
    ({ options, replaces } = answer);
    active = -1;
    list.replaceChildren(
      ...options.map((each, index) => {
        const row = part("li", "");
        row.id = `suggestion-${index}`;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", "false");
        row.append(part("code", each.text, "auto"));
        if (each.label && each.label !== each.text) row.append(part("span", each.label, "auto"));
        return row;
      }),
    );
    list.hidden = !options.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
    heard.textContent = options.length ? field.dataset.found.replace("%n", options.length) : "";
  };

  const ask = async () => {
    const before = field.value.slice(0, field.selectionStart);
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${field.dataset.suggest}?${new URLSearchParams({ before })}`, { signal: asking.signal });
      if (!answer.ok || answer.redirected || document.activeElement !== field) return;
      const found = await answer.json();
      if (before === field.value.slice(0, field.selectionStart) && before.endsWith(found.replaces)) show(found);
    } catch {
      // Whoever types on, or is offline, is offered nothing.
    }
  };

  const mark = (to) => {
    active = (to + options.length) % options.length;
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === active)));
    list.children[active].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", `suggestion-${active}`);
  };

  const take = (index) => {
    const chosen = options[index];
    const caret = field.selectionStart;
    const before = field.value.slice(0, caret - replaces.length) + chosen.text;
    field.value = before + field.value.slice(caret);
    field.setSelectionRange(before.length, before.length);
    if (!chosen.goes_on) return find();
    close();
    ask();
  };

  const keys = {
    ArrowDown: () => (options.length ? mark(active + 1) : ask()),
    ArrowUp: () => options.length && mark(active < 0 ? -1 : active - 1),
    Enter: () => (active >= 0 ? take(active) : false),
    Tab: () => (options.length && (active >= 0 || replaces) ? take(Math.max(active, 0)) : false),
    Escape: () => (options.length ? close() : false),
    Backspace: () => {
      const last = !field.value && [...document.querySelectorAll("#terms .chip-off")].pop();
      return last ? last.click() : false;
    },
  };

  if (field && window.htmx) {
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-autocomplete", "list"],
      ["aria-controls", list.id],
      ["aria-expanded", "false"],
    ])
      field.setAttribute(name, value);

    field.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const done = keys[event.key]?.();
      if (!keys[event.key] || done === false || (event.key === "ArrowUp" && !options.length)) return;
      event.preventDefault();
      event.stopPropagation();
    });

    field.addEventListener("input", (event) => {
      clearTimeout(timer);
      const finished = /\s/.test(event.data ?? "") && !inQuotes(field.value);
      if (finished && field.value.includes(":")) return find();
      // A word is looked for while it is typed; what has a colon, once it is finished.
      if (!field.value.includes(":")) timer = setTimeout(() => htmx.trigger(form, "find"), 300);
      ask();
    });

    field.addEventListener("focus", () => !field.value && ask());
    field.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) take([...list.children].indexOf(row));
    });

    form.addEventListener("htmx:beforeRequest", (event) => {
      clearTimeout(timer);
      if (event.detail.elt === form) base = field.value;
    });

    form.addEventListener("click", (event) => {
      const chip = event.target.closest("[data-edit]");
      const link = event.target.closest("a[data-find]");
      if (chip) {
        field.value = `${field.value} ${chip.dataset.edit}`.trim();
        chip.closest("li").remove();
        field.focus();
        return ask();
      }
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      base = document.getElementById("terms").dataset.rest;
      const menu = link.closest("details");
      const place = menu && [...document.querySelectorAll("#terms details")].indexOf(menu);
      htmx.ajax("GET", link.href, { target: "#list", swap: "outerHTML" }).then(() => {
        if (menu) document.querySelectorAll("#terms details")[place]?.querySelector("summary").focus();
        else field.focus();
        close();
      });
    });

    // What somebody typed on while the answer was under way stays.
    document.addEventListener("htmx:oobAfterSwap", (event) => {
      const { rest } = document.getElementById("terms").dataset;
      if (event.detail.target.id !== "terms" || rest === base.trim() || !field.value.startsWith(base)) return;
      field.value = (rest + field.value.slice(base.length)).trimStart();
      base = field.value;
    });

    document.addEventListener("click", (event) => {
      for (const menu of document.querySelectorAll("#terms details[open]"))
        if (!menu.contains(event.target)) menu.open = false;
    });
    document.addEventListener("keydown", (event) => {
      const open = event.key === "Escape" && document.querySelector("#terms details[open]");
      if (!open) return;
      open.open = false;
      open.querySelector("summary").focus();
    });
  }
}
