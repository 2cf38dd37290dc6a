// The command bar: a field, and below it what fits - what this page offers at once, the rest as the desk answers.
{
  const bar = document.getElementById("command");
  const field = bar.querySelector("input"), list = bar.querySelector("[role=listbox]");
  const status = bar.querySelector("[role=status]");
  const PAUSE = 80;
  let items = [], active = -1, asked = 0, timer = 0;

  const element = (name, values = {}) => Object.assign(document.createElement(name), values);
  const fits = (label, words) => words.every((word) => label.toLowerCase().includes(word));

  // What the page offers: its shortcuts outside the bar, and every value of its choices.
  const here = (words) => {
    const found = [];
    for (const [key, each] of globalThis.shortcuts.offered())
      if (!each.closest(".bar") && fits(each.dataset.keyLabel, words))
        found.push({ label: each.dataset.keyLabel, detail: key, run: () => globalThis.shortcuts.perform(each) });
    if (!words.length) return found;
    for (const select of document.querySelectorAll("main select[data-command]"))
      for (const option of select.options) {
        const label = `${select.dataset.command}: ${option.text}`;
        if (option.value !== select.value && fits(label, words)) found.push({ label, run: () => choose(select, option) });
      }
    return found.slice(0, 8);
  };
  const choose = (select, option) => {
    select.value = option.value;
    // What needs a reason waits for it.
    const reason = option.matches("[data-command-asks]") && select.form.querySelector(select.dataset.commandReason);
    if (reason) reason.focus();
    else select.form.requestSubmit(select.form.querySelector("button[type=submit]:not([formaction])"));
  };

  const mark = (place) => {
    items[active]?.option.removeAttribute("aria-selected");
    active = place;
    const option = items[active]?.option;
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const show = (groups, answered) => {
    const kept = items[active]?.label;
    items = [];
    list.replaceChildren(...groups.filter((each) => each.items.length).map((group, place) => {
      const box = element("div", { role: "group" });
      const title = element("p", { id: `command-group-${place}`, textContent: group.label });
      box.setAttribute("aria-labelledby", title.id);
      title.setAttribute("role", "presentation");
      box.append(title);
      for (const item of group.items) {
        const option = element("div", { role: "option", id: `command-${items.length}` });
        option.append(element("bdi", { textContent: item.label }));
        if (item.detail) option.append(" ", element(item.run ? "kbd" : "bdi", { className: "quiet", textContent: item.detail }));
        items.push({ ...item, option });
        box.append(option);
      }
      return box;
    }));
    field.setAttribute("aria-expanded", String(items.length > 0));
    mark(Math.max(items.findIndex((each) => each.label === kept), items.length ? 0 : -1));
    if (answered) status.textContent = items.length ? `${bar.dataset.some} ${items.length}` : bar.dataset.none;
  };
  const look = () => {
    const text = field.value.trim(), turn = ++asked;
    const page = { label: bar.dataset.groupHere, items: here(text.toLowerCase().split(/\s+/).filter(Boolean)) };
    if (text) show([page], false);
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch(`${bar.dataset.suggestions}?q=${encodeURIComponent(text)}`).catch(() => null);
      const found = answer?.ok && answer.headers.get("Content-Type").includes("json") ? (await answer.json()).groups : [];
      if (turn !== asked) return;
      // Where one is need not be offered.
      for (const group of found) group.items = group.items.filter((each) => each.url !== location.pathname);
      // Before anything is typed, what was looked at last is nearest.
      show(text ? [page, ...found] : [...found.slice(0, -1), page, ...found.slice(-1)], true);
    }, text ? PAUSE : 0);
  };
  const run = (item) => {
    bar.close();
    if (item.run) item.run();
    else location.assign(item.url);
  };
  const open = () => {
    field.value = "";
    active = -1;
    bar.showModal();
    field.focus();
    look();
  };

  field.addEventListener("input", () => {
    active = -1;
    look();
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) {
      event.preventDefault();
      mark((active + step + items.length) % items.length);
    }
    // Without a suggestion Enter sends the form, to the page that finds the same.
    if (event.key !== "Enter" || event.isComposing || !items[active]) return;
    event.preventDefault();
    run(items[active]);
  });
  list.addEventListener("click", (event) => {
    const item = items.find((each) => each.option.contains(event.target));
    if (item) run(item);
  });
  document.addEventListener("keydown", (event) => {
    const wanted = /^Mac|^iP/.test(navigator.platform) ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    if (!wanted || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (bar.open) bar.close();
    else if (!document.querySelector("dialog[open]")) open();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-command-open]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
}
