// What is being written is kept a moment after each stroke, and when the page goes. Sending waits for that.
{
  const REST = 1200;
  const words = () => document.getElementById("writing-words")?.dataset ?? {};
  const others = "BroadcastChannel" in globalThis ? new BroadcastChannel("upheld-drafts") : null;
  const timers = new WeakMap(), unkept = new Set(), under = new WeakMap();

  const name = (form) => form.dataset.keep + form.elements.kind.value;
  const fields = (form) => {
    const data = new FormData();
    for (const each of ["csrfmiddlewaretoken", "kind", "text", "status", "was"])
      if (form.elements[each]) data.set(each, form.elements[each].value);
    data.set("answer", "json");
    return data;
  };
  const say = (form, text, level = "") => {
    const said = form.querySelector(".kept .said");
    said.textContent = text;
    said.dataset.level = level;
  };
  const offersDiscard = (form, is) => {
    const button = form.querySelector("[data-discard]");
    if (button) button.hidden = !is;
  };

  const keep = (form) => {
    clearTimeout(timers.get(form));
    if (!unkept.delete(form) || !form.isConnected) return under.get(form);
    const work = send(form);
    under.set(form, work);
    return work.finally(() => under.get(form) === work && under.delete(form));
  };
  const send = async (form) => {
    try {
      const answer = await fetch(form.dataset.keep, { method: "POST", body: fields(form), keepalive: form.elements.text.value.length < 15_000, headers: { Accept: "application/json" } });
      if (answer.redirected) return say(form, words().signedOut, "warning");
      const got = await answer.json();
      if (!answer.ok) return say(form, got.problem, "warning");
      form.elements.was.value = got.was;
      say(form, got.said);
      offersDiscard(form, Boolean(got.was));
      others?.postMessage(name(form));
    } catch {
      unkept.add(form);
      say(form, words().kept, "warning");
    }
  };
  const soon = (form) => {
    unkept.add(form);
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(keep, REST, form));
  };
  const forget = (form) => {
    clearTimeout(timers.get(form));
    unkept.delete(form);
  };

  for (const kind of ["input", "change"])
    document.addEventListener(kind, (event) => {
      const form = event.target.closest?.("form[data-keep]");
      if (form && ["text", "status"].includes(event.target.name) && (form.elements.text.value || form.elements.was.value)) soon(form);
    });
  // What was not kept yet when the page goes is sent off, and handed to the same page if it is only loaded anew: that may
  // be asked for before the other has arrived.
  const HANDED = "upheld-draft", FRESH = 10_000;
  const hand = (form) =>
    sessionStorage.setItem(HANDED, JSON.stringify({ name: name(form), text: form.elements.text.value, at: Date.now() }));
  addEventListener("pagehide", () => {
    for (const form of unkept) {
      if (!form.isConnected) continue;
      navigator.sendBeacon(form.dataset.keep, fields(form));
      hand(form);
    }
    unkept.clear();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && [...unkept].forEach(keep));
  const handed = JSON.parse(sessionStorage.getItem(HANDED) ?? "null");
  sessionStorage.removeItem(HANDED);
  if (handed && Date.now() - handed.at < FRESH)
    for (const form of document.querySelectorAll("form[data-keep]"))
      if (name(form) === handed.name && form.elements.text.value !== handed.text) {
        form.elements.text.value = handed.text;
        soon(form);
      }

  // What is sent is no draft any more: nothing may be kept behind it.
  document.addEventListener("htmx:confirm", (event) => {
    const form = event.target.matches?.("form[data-keep]") && event.target;
    if (!form) return;
    forget(form);
    const work = under.get(form);
    if (!work) return;
    event.preventDefault();
    work.finally(() => event.detail.issueRequest(true));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.matches?.("form[data-keep]") && event.target;
    // Of an answer that leads to another page htmx does not say that it is a success.
    if (form && ![200, 204].includes(event.detail.xhr?.status) && form.isConnected) soon(form);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "conversation") return;
    const refused = event.target.querySelector("[aria-invalid]")?.closest("form[data-keep]");
    if (refused) soon(refused);
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-discard]"), form = button?.closest("form[data-keep]");
    if (!form) return;
    event.preventDefault();
    forget(form);
    await under.get(form);
    const answer = await fetch(button.formAction, { method: "POST", body: fields(form), headers: { Accept: "application/json" } });
    if (!answer.ok) return say(form, words().kept, "warning");
    const area = form.elements.text;
    area.focus();
    area.select();
    // It can be had back by the browser's own undo.
    if (!document.execCommand("delete")) area.value = "";
    forget(form);
    form.elements.was.value = "";
    form.querySelector(".uploads")?.replaceChildren();
    say(form, "");
    offersDiscard(form, false);
  });

  others?.addEventListener("message", (event) => {
    for (const form of document.querySelectorAll("form[data-keep]"))
      if (name(form) === event.data) say(form, words().elsewhere, "warning");
  });
}
