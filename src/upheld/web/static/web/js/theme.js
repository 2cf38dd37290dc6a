// Changes the colours at once; without this file the form's answer brings them.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form.theme");
  const chosen = form && event.submitter?.value;
  if (!chosen) return;
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
});
