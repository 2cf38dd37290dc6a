// What somebody unfolds beside a ticket is unfolded on the next one, too. What the page itself opens stays open.
{
  const key = (fold) => `fold-${fold.dataset.fold}`;
  const restore = () => {
    for (const fold of document.querySelectorAll("details[data-fold]:not([open])")) {
      try {
        fold.open = localStorage.getItem(key(fold)) === "open";
      } catch {
        return;
      }
    }
  };
  const keep = (event) => {
    const fold = event.target;
    if (!fold.matches || !fold.matches("details[data-fold]")) return;
    try {
      localStorage.setItem(key(fold), fold.open ? "open" : "closed");
    } catch {
      // Without a memory it is folded on the next ticket.
    }
  };
  document.addEventListener("toggle", keep, true);
  document.addEventListener("htmx:oobAfterSwap", restore);
  restore();
}
