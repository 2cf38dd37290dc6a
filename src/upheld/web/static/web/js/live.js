// What changes on the desk arrives here without a reload: one stream a browser, shared by its tabs. Where there is none
// to be had, pages ask every half minute. What comes is told to the page as events of the document: upheld:ticket and
// upheld:present with { ids }, upheld:alerts with { unread, newest }, upheld:again when something may have been missed.
{
  const outlet = document.getElementById("live");
  const POLL = 30_000, SILENCE = 45_000, SOON = 200, GAP = 5_000, QUIET = 6_000, AT_LEAST = 120_000, LONGEST = 30_000;
  const locks = navigator.locks, channel = window.BroadcastChannel && new BroadcastChannel("upheld-live");
  const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`upheld:${name}`, { detail }));

  const says = document.querySelector(".reach");
  const say = (what) => {
    for (const each of says.querySelectorAll("[data-says]")) each.hidden = each.dataset.says !== what;
  };

  // Whatever has data-live asks for itself anew, seldom enough for a busy desk, and only where somebody looks.
  const asked = new Map();
  const ask = (element) => {
    if (element.dataset.asks) return;
    element.dataset.asks = "soon";
    const { at, gap } = asked.get(element.id) ?? { at: -Infinity, gap: 0 };
    const now = performance.now(), next = now - at > QUIET ? SOON : Math.min(gap * 2, GAP);
    setTimeout(() => {
      delete element.dataset.asks;
      asked.set(element.id, { at: performance.now(), gap: next });
      if (element.isConnected) htmx.trigger(element, "upheld:ask");
    }, Math.max(at + next - now, SOON));
  };
  let stale = false;
  const askAll = (ids) => {
    if (document.hidden) stale = true;
    else for (const each of document.querySelectorAll("[data-live]"))
      if (!ids || !each.dataset.ticket || ids.includes(Number(each.dataset.ticket))) ask(each);
  };

  const KEPT = `upheld-newest-${outlet?.dataset.agent}`;
  const bare = document.title;
  const bell = ({ unread, newest }) => {
    const shown = unread > 99 ? "99+" : String(unread || "");
    for (const each of document.querySelectorAll("[data-bell-count]")) {
      each.textContent = shown;
      each.hidden = !unread;
    }
    document.title = unread ? `(${shown}) ${bare}` : bare;
    if (document.getElementById("bell")?.open) htmx.trigger("#bell-sheet", "upheld:ask");
    const known = localStorage.getItem(KEPT);
    if (known === null) localStorage.setItem(KEPT, newest);
    else if (newest > Number(known)) document.hidden ? later(newest) : toast(newest);
  };
  const toast = (newest) => {
    const known = localStorage.getItem(KEPT);
    if (newest <= Number(known)) return;
    localStorage.setItem(KEPT, newest);
    htmx.ajax("GET", `${outlet.dataset.new}?after=${known}`, { target: "#toasts", swap: "beforeend" });
  };
  // Nobody looks at this tab; another one may be in front, and shows it first.
  const later = (newest) => leads && setTimeout(() => toast(newest), 700);
  const show = (each) => {
    const box = each.closest("#toasts");
    while (box.children.length > 4) box.firstElementChild.remove();
    if (document.hidden && "inBrowser" in outlet.dataset && window.Notification?.permission === "granted") {
      const { title, says, alert } = each.dataset;
      const link = each.querySelector("a[href]")?.href;
      const shown = new Notification(title, { body: says, tag: `upheld-${alert}` });
      shown.onclick = () => {
        window.focus();
        if (link) location.href = link;
      };
    }
    let left = 12;
    const going = setInterval(() => {
      if (document.hidden || each.matches(":hover, :focus-within")) left = 12;
      else if (!each.isConnected || --left <= 0) {
        clearInterval(going);
        each.remove();
      }
    }, 1000);
  };

  const HEARD = {
    hello: (data) => { bell(data); tell("alerts", data); tell("again", {}); askAll(); },
    again: () => { tell("again", {}); askAll(); },
    tickets: (ids) => { tell("ticket", { ids }); askAll(ids); },
    present: (ids) => tell("present", { ids }),
    alerts: (data) => { bell(data); tell("alerts", data); },
    reach: (what) => { say(what); if (what === "signed-out") ended = true; },
  };
  const hear = (name, data) => HEARD[name]?.(data);
  const pass = (name, data) => { hear(name, data); channel?.postMessage([name, data]); };
  if (channel) channel.onmessage = ({ data: [name, data] }) => hear(name, data);

  let leads = false, ended = false;
  const sleep = (ms) => new Promise((wake) => {
    const once = () => { clearTimeout(timer); removeEventListener("online", once); wake(); };
    const timer = setTimeout(once, ms);
    addEventListener("online", once);
  });

  // One stream, as long as it lasts. Says what became of it: "none" where the server has none, or "signed-out".
  const stream = async (begun) => {
    const stop = new AbortController();
    let silent;
    const heard = (ms) => { clearTimeout(silent); silent = setTimeout(() => stop.abort(), ms); };
    addEventListener("pagehide", () => stop.abort(), { once: true });
    try {
      heard(10_000);
      const answer = await fetch(outlet.dataset.events, { redirect: "manual", signal: stop.signal, cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.status === 404) return "signed-out";
      if (answer.status === 204) return "none";
      if (!answer.ok) throw new Error(answer.status);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = "", greeted = false; ;) {
        const { value, done } = await reader.read();
        if (done) return "";
        text += value;
        const parts = text.split("\n\n");
        text = parts.pop();
        for (const part of parts) {
          const [, name, data] = part.match(/^event: (\w+)\ndata: (.*)$/m) ?? [];
          if (!name) continue;
          if (!greeted) begun();
          greeted = true;
          pass(name, JSON.parse(data));
        }
        heard(greeted ? SILENCE : 10_000);
      }
    } finally {
      clearTimeout(silent);
      stop.abort();
    }
  };

  const lead = async () => {
    leads = true;
    let pause = 1000, failed = 0;
    while (!ended) {
      let came = "";
      const begun = () => {
        if (failed > 2) { pass("reach", "back"); setTimeout(() => !failed && pass("reach", ""), 3000); }
        failed = 0;
        pause = 1000;
      };
      try {
        came = await stream(begun);
      } catch {
        // A proxy that holds everything back looks like this; so does a desk that is away.
        if (++failed === 3) pass("reach", "away");
      }
      if (came === "signed-out") return pass("reach", came);
      if (came === "none" || failed > 1) await poll();
      await sleep(came === "none" ? POLL : pause * (0.75 + Math.random() / 2));
      if (failed) pause = Math.min(pause * 1.7, LONGEST);
    }
  };
  const poll = async () => {
    const known = localStorage.getItem(KEPT);
    try {
      const answer = await fetch(`${outlet.dataset.new}?after=${known ?? ""}`, { redirect: "manual", signal: AbortSignal.timeout(8000) });
      if (!answer.ok) return;
      const { unread, newest } = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-bell]").dataset;
      pass("alerts", { unread: Number(unread), newest: Number(newest) });
      pass("again", {});
      pass("reach", "");
    } catch { /* It is away; that was said already. */ }
  };

  const begin = () => {
    // Clocks turn without a word as long as nobody settles them, and a stream may be lost unheard.
    setInterval(() => askAll(), AT_LEAST);
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || !stale) return;
      stale = false;
      askAll();
    });
    document.addEventListener("htmx:load", ({ detail: { elt } }) => {
      for (const each of elt.matches?.(".toast") ? [elt] : []) show(each);
    });
    document.addEventListener("click", ({ target }) => target.closest("[data-dismiss]")?.closest(".toast")?.remove());
    document.getElementById("bell")?.addEventListener("toggle", ({ target }) => target.open && htmx.trigger("#bell-sheet", "upheld:ask"));
    document.addEventListener("htmx:responseError", ({ detail: { elt, xhr } }) => elt.id === "fresh" && xhr.status === 404 && say("gone"));
    // Six open tabs would use up all connections that a browser has for one server, so one of them listens for all.
    if (locks && channel) locks.request("upheld-live", lead);
    else lead();
  };

  // What is being written or chosen is never taken away; what was unfolded stays so.
  const isTouched = (form) => [...form.elements].some((each) => {
    if (each.matches("select")) {
      const first = [...each.options].find((one) => one.defaultSelected) ?? each.options[0];
      return !each.multiple && each.selectedOptions[0] !== first;
    }
    if (each.matches("[type=checkbox], [type=radio]")) return each.checked !== each.defaultChecked;
    return each.matches("input:not([type=hidden]), textarea") && each.value !== each.defaultValue;
  });
  const nameOf = (each) => each.id || `${each.className} ${each.querySelector("summary")?.firstChild?.textContent.trim()}`;
  let refreshes = false;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => { refreshes = detail.requestConfig.elt?.id === "fresh"; });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (!refreshes || target.id === "fresh") return;
    if (target.contains(document.activeElement) || [...target.querySelectorAll("form")].some(isTouched)) {
      event.detail.shouldSwap = false;
      return;
    }
    const open = new Set([...target.querySelectorAll("details[open]")].map(nameOf));
    for (const each of fragment.querySelectorAll("details")) if (open.has(nameOf(each))) each.open = true;
  });

  // The browser is asked by a button alone.
  const choice = document.querySelector("[data-browser-alerts]");
  if (choice && window.Notification) {
    const state = () => {
      for (const each of choice.querySelectorAll("[data-permission]")) each.hidden = each.dataset.permission !== Notification.permission;
    };
    choice.addEventListener("click", async (event) => {
      const button = event.target.closest("[data-ask]");
      if (!button || Notification.permission !== "default") return;
      event.preventDefault();
      await Notification.requestPermission();
      state();
      if (button.type === "submit") choice.requestSubmit(button);
    });
    state();
  }

  if (outlet) {
    // A page that was opened only to be left again does not open a stream.
    document.readyState === "complete" ? begin() : addEventListener("load", begin, { once: true });
  }
}
