// Writing: formatting, the preview, saved replies by ";" and colleagues by "@". Without this file they are buttons.
{
  const words = () => document.getElementById("writing-words")?.dataset ?? {};
  const inside = (target) => target.closest?.(".composer form.write");

  // The browser's own way to insert keeps its undo; where it is gone, the text is set.
  const insert = (area, text, from = area.selectionStart, to = area.selectionEnd) => {
    area.focus();
    area.setSelectionRange(from, to);
    if (document.execCommand("insertText", false, text)) return;
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const around = (mark) => (area, chosen, from) => {
    insert(area, mark + chosen + mark);
    area.setSelectionRange(from + mark.length, from + mark.length + chosen.length);
  };
  const lines = (mark) => (area) => {
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const all = area.value.slice(start, area.selectionEnd);
    insert(area, all.split("\n").map((line) => mark + line).join("\n"), start, area.selectionEnd);
  };
  const FORMATS = {
    bold: around("**"),
    italic: around("*"),
    list: lines("- "),
    quote: lines("> "),
    code: (area, chosen, from) => (chosen.includes("\n") ? insert(area, "```\n" + chosen + "\n```") : around("`")(area, chosen, from)),
    link: (area, chosen, from) => {
      const isAddress = /^https?:\/\/\S+$/.test(chosen), label = isAddress ? words().link : chosen || words().link;
      const address = isAddress ? chosen : "https://";
      insert(area, `[${label}](${address})`);
      const at = from + (isAddress ? 1 : label.length + 3);
      area.setSelectionRange(at, at + (isAddress ? label : address).length);
    },
  };
  const format = (area, name) => FORMATS[name](area, area.value.slice(area.selectionStart, area.selectionEnd), area.selectionStart);
  const KEYS = { b: "bold", i: "italic", e: "code" }, SHIFTED = { Digit8: "list", Digit9: "quote", KeyK: "link" };

  const preview = (form) => {
    const place = form.querySelector(".previewing[open] .preview-place");
    if (place) htmx.trigger(place, "preview");
  };

  // What is offered while one types: one list at a time, below the text.
  let offer = null, count = 0;
  const known = new Map();
  const ask = async (url) => {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : {};
  };
  const listed = async (area, sign) => {
    const { saved, people } = inside(area).dataset, url = sign === ";" ? saved : people;
    if (!url) return [];
    if (!known.has(url)) {
      const got = await ask(url);
      known.set(url, got.replies ?? (got.people ?? []).map((name) => ({ name })));
    }
    return known.get(url);
  };
  const typed = (area) => {
    const found = /(?:^|[\s(])([;@])([^\s;@][^;@\n]{0,40}|)$/.exec(area.value.slice(0, area.selectionStart));
    return found && { sign: found[1], text: found[2], from: area.selectionStart - found[2].length - 1 };
  };
  const close = () => {
    if (!offer) return;
    offer.list.remove();
    for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"]) offer.area.removeAttribute(name);
    offer = null;
  };
  const fits = (each, text) => {
    const name = each.name.toLowerCase(), sought = text.toLowerCase();
    return name.startsWith(sought) || name.split(/\s+/).some((part) => part.startsWith(sought)) || (sought.length > 1 && name.includes(sought));
  };
  const mark = (place) => {
    const options = [...offer.list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    offer.place = (place + options.length) % options.length;
    options.forEach((each, at) => each.setAttribute("aria-selected", at === offer.place));
    offer.area.setAttribute("aria-activedescendant", options[offer.place].id);
    options[offer.place].scrollIntoView({ block: "nearest" });
  };
  const show = async (area) => {
    const now = typed(area), turn = ++count;
    if (!now || (now.sign === "@" && !inside(area).dataset.people)) return close();
    const all = await listed(area, now.sign);
    if (turn !== count || document.activeElement !== area) return;
    const found = all.filter((each) => fits(each, now.text)).slice(0, 50);
    close();
    // Who writes on does not want to be told that there is nothing.
    if (!found.length && now.text) return;
    const list = document.createElement("div");
    Object.assign(list, { id: "suggest", className: "suggest" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", now.sign === ";" ? ";" : "@");
    for (const [at, each] of found.entries()) {
      const option = document.createElement("div");
      option.setAttribute("role", "option");
      option.id = `suggest-${at}`;
      option.append(each.name);
      if (each.about) option.append(Object.assign(document.createElement("small"), { textContent: each.about }));
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(each));
      list.append(option);
    }
    if (!found.length) list.append(Object.assign(document.createElement("p"), { className: "none", textContent: words().none }));
    area.after(list);
    area.setAttribute("aria-controls", "suggest");
    area.setAttribute("aria-autocomplete", "list");
    offer = { area, list, found, place: 0, from: now.from };
    mark(0);
  };
  const choose = async (each) => {
    const { area, from } = offer, to = area.selectionStart;
    close();
    if (!each.id) return insert(area, `@${each.name} `, from, to);
    const got = await ask(`${inside(area).dataset.saved}?saved=${each.id}`);
    if (got.text === undefined) return;
    insert(area, got.text, from, to);
    if (!got.gaps.length) return;
    const at = area.value.indexOf(got.gaps[0], from);
    area.setSelectionRange(at, at + got.gaps[0].length);
    area.closest("form").querySelector(".told").textContent = words().gaps;
  };

  document.addEventListener("input", (event) => {
    const form = inside(event.target);
    if (!form || event.target.name !== "text") return;
    clearTimeout(form.shows);
    form.shows = setTimeout(preview, 400, form);
    show(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const form = inside(event.target);
    if (!form || event.target.name !== "text" || event.isComposing) return;
    if (offer && !event.ctrlKey && !event.metaKey) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const takes = (event.key === "Enter" || event.key === "Tab") && offer.found[offer.place];
      if (step) mark(offer.place + step);
      else if (takes) choose(takes);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    } else if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const name = event.shiftKey ? SHIFTED[event.code] : KEYS[event.key];
      if (!name) return;
      event.preventDefault();
      format(event.target, name);
    }
  }, true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-format], [data-offer]"), form = button && inside(button);
    if (!form) return;
    const area = form.elements.text;
    if (button.dataset.format) return format(area, button.dataset.format);
    const before = area.value.slice(0, area.selectionStart);
    insert(area, (/\S$/.test(before) ? " " : "") + button.dataset.offer);
  });
  // One stop for the tabulator, arrows within: a toolbar.
  document.addEventListener("keydown", (event) => {
    const bar = event.target.closest?.(".composer .toolbar"), step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!bar || !step) return;
    const all = [...bar.querySelectorAll("button")], next = all[(all.indexOf(event.target) + step + all.length) % all.length];
    for (const each of all) each.tabIndex = each === next ? 0 : -1;
    next.focus();
  });
  document.addEventListener("focusout", (event) => offer && event.target === offer.area && close());
  document.addEventListener("toggle", (event) => event.target.open && inside(event.target) && preview(inside(event.target)), true);

  // After a refusal the text has the focus; after sending, the place where one goes on.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "conversation") return;
    const wrong = document.querySelector(".composer [aria-invalid]");
    (wrong ?? document.getElementById("composer"))?.focus({ preventScroll: !wrong });
  });
  // Where one comes to go on writing, one can: after the browser has gone to the place itself.
  const goOn = () => {
    const tab = document.querySelector(".composer .tabs :checked");
    const area = tab && document.querySelector(`.composer form.write[data-kind="${tab.value}"] textarea`);
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  };
  if (location.hash === "#composer") addEventListener("load", () => setTimeout(goOn));
}
