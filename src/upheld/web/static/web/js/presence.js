// Who else has this ticket open, and who is writing. Without this file nobody is told, and the page works the same.
{
  const EVERY = 12_000, STILL_WRITES = 15_000;
  const box = () => document.getElementById("present");
  let wrote = -Infinity, told = "", away = false;

  const say = (fields) => {
    const form = new FormData();
    form.set("csrfmiddlewaretoken", document.getElementById("live").dataset.token);
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return form;
  };
  const writes = () => performance.now() - wrote < STILL_WRITES;
  const beat = async () => {
    const here = box();
    if (!here || document.hidden) return;
    away = false;
    told = writes() ? "yes" : "";
    try {
      const answer = await fetch(here.dataset.at, { method: "POST", body: say(told ? { writes: told } : {}), redirect: "manual" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = box();
      // Said anew only when it is news: a screen reader would read it out each time.
      if (now && now.textContent.trim() !== page.body.textContent.trim()) now.replaceChildren(...page.body.childNodes);
    } catch { /* The desk is away; the next beat tries again. */ }
  };
  const leave = () => {
    const here = box();
    if (here && !away) navigator.sendBeacon(here.dataset.at, say({ leaves: "yes" }));
    away = true;
  };

  if (box()) {
    beat();
    setInterval(() => {
      if (told && !writes()) beat();
    }, 3000);
    setInterval(beat, EVERY);
    addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", () => (document.hidden ? leave() : beat()));
    document.addEventListener("input", ({ target }) => {
      if (!target.closest?.("#conversation textarea")) return;
      wrote = performance.now();
      if (!told) { told = "yes"; beat(); }
    });
    document.addEventListener("submit", () => { wrote = -Infinity; });
    document.addEventListener("upheld:present", ({ detail: { ids } }) => ids.includes(Number(box()?.dataset.ticket)) && beat());
    document.addEventListener("upheld:again", beat);
  }
}
