// Keeps remaining times true between two answers of the desk. A clock ticks only while its calendar is open:
// data-left is what was left (in seconds) when the page was made, data-open is for how long the hours still last.
{
  const loadedAt = new WeakMap();

  const spoken = (seconds) => {
    const minutes = Math.floor(Math.abs(seconds) / 60);
    const hours = Math.floor(minutes / 60);
    if (minutes === 0) return "under 1 min";
    const rest = minutes % 60;
    // What is over is plain time, so long lengths of it are told in days.
    if (seconds < 0 && hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
    if (hours === 0) return `${minutes} min`;
    return rest ? `${hours} h ${String(rest).padStart(2, "0")} min` : `${hours} h`;
  };

  const tick = () => {
    for (const element of document.querySelectorAll("[data-left]")) {
      if (!loadedAt.has(element)) loadedAt.set(element, performance.now());
      const passed = (performance.now() - loadedAt.get(element)) / 1000;
      const left = Number(element.dataset.left) - Math.min(passed, Number(element.dataset.open));
      const before = Number(element.dataset.left) >= 0;
      // The turn from due to overdue is the desk's to tell.
      const words = spoken(before ? Math.max(left, 0) : left);
      if (element.textContent !== words) element.textContent = words;
    }
  };

  document.addEventListener("DOMContentLoaded", tick);
  document.addEventListener("htmx:load", tick);
  setInterval(tick, 5000);
}
