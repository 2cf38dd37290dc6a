// The clock strip: what lies behind a stretch of it, told where the key stands - by pointing, by touch, by arrow keys.
{
  const share = (piece, name) => parseFloat(piece.getAttribute(name));
  const pieces = (line) => [...line.querySelectorAll("rect.piece")];
  let chosen = null;

  const forget = () => {
    if (!chosen) return;
    const { piece, figure, line } = chosen;
    delete piece.dataset.chosen;
    line.removeAttribute("aria-activedescendant");
    figure.querySelector(".readout").hidden = true;
    delete figure.dataset.reading;
    chosen = null;
  };

  const choose = (line, piece) => {
    if (!piece || piece === chosen?.piece) return;
    forget();
    const figure = line.closest(".strips");
    const readout = figure.querySelector(".readout");
    piece.dataset.chosen = "";
    line.setAttribute("aria-activedescendant", piece.id);
    readout.textContent = piece.getAttribute("aria-label");
    readout.hidden = false;
    figure.dataset.reading = "";
    chosen = { piece, figure, line };
  };

  // Narrow stretches are hard to hit, and closed hours are thin: the place across the line decides.
  const under = (line, event) => {
    const box = line.getBoundingClientRect();
    const at = (100 * (event.clientX - box.left)) / box.width;
    return pieces(line).find((each) => at >= share(each, "x") && at < share(each, "x") + share(each, "width"));
  };

  const prepare = () => {
    for (const [number, line] of document.querySelectorAll("svg[data-strip]:not([tabindex])").entries()) {
      line.setAttribute("tabindex", "0");
      line.setAttribute("role", "listbox");
      for (const [index, piece] of pieces(line).entries()) {
        const title = piece.querySelector("title");
        piece.id = `stretch-${number}-${index}`;
        piece.setAttribute("role", "option");
        piece.setAttribute("aria-label", title.textContent);
        title.remove();
      }
    }
  };

  const lineOf = (event) => event.target.closest?.("svg[data-strip]");
  document.addEventListener("pointermove", (event) => {
    const line = lineOf(event);
    if (line) choose(line, under(line, event));
    else if (event.pointerType === "mouse" && chosen && document.activeElement !== chosen.line) forget();
  });
  document.addEventListener("pointerdown", (event) => {
    const line = lineOf(event);
    if (line) choose(line, under(line, event));
    else forget();
  });
  document.addEventListener("focusin", (event) => {
    const line = lineOf(event);
    if (!line) forget();
    else if (chosen?.line !== line) choose(line, pieces(line)[0]);
  });
  document.addEventListener("keydown", (event) => {
    const line = lineOf(event);
    if (!line) return;
    const all = pieces(line);
    const here = all.indexOf(chosen?.piece);
    const moves = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: all.length - 1 };
    if (event.key === "Escape") forget();
    else if (event.key in moves) {
      event.preventDefault();
      choose(line, all[Math.max(0, Math.min(all.length - 1, moves[event.key]))]);
    }
  });

  // A clock's name leads to its account, and an account that is opened is brought into sight.
  document.addEventListener("click", (event) => {
    const name = event.target.closest?.(".strip .name");
    const account = name && document.querySelector(`${name.getAttribute("href")} details.ledger`);
    if (account) account.open = true;
  });
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.matches?.("details.ledger") && event.target.open && document.activeElement?.closest("details.ledger") === event.target)
        event.target.scrollIntoView({ block: "nearest" });
    },
    true,
  );

  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:load", prepare);
}
