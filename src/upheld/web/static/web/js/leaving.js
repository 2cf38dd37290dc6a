// Counts down what was pressed, and says what has become of it. Without this file the page says the time of day.
{
  const bar = () => document.getElementById("leaving");
  let until = new Map();
  let asked = 0;

  function take() {
    const known = until;
    until = new Map();
    for (const each of bar()?.querySelectorAll("[data-press]") ?? []) {
      const id = each.dataset.press;
      // What was told to hurry leaves sooner than it was known to.
      until.set(id, Math.min(known.get(id) ?? Infinity, performance.now() + each.dataset.seconds * 1000));
    }
  }

  function tick() {
    let over = false;
    for (const each of bar()?.querySelectorAll("[data-press]") ?? []) {
      const left = Math.ceil((until.get(each.dataset.press) - performance.now()) / 1000);
      const words = each.querySelector(".when");
      words.textContent = left > 0 ? words.dataset.counts.replace("{n}", left) : words.dataset.now;
      over ||= left <= 0;
    }
    if (over && performance.now() > asked) ask();
  }

  async function ask() {
    asked = performance.now() + 1500;
    const ids = [...until.keys()].join(",");
    await htmx.ajax("GET", `${bar().dataset.url}?of=${ids}`, { target: "#leaving", swap: "outerHTML" });
  }

  document.addEventListener("htmx:afterSettle", take);
  document.addEventListener("htmx:oobAfterSwap", take);
  // What comes from another page of the same visit counts from its own moment.
  addEventListener("pageshow", (event) => event.persisted && until.size && ask());
  take();
  tick();
  setInterval(tick, 500);
}
