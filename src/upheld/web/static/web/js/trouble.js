// Says so when the desk could not be reached, instead of leaving a dead button.
const tell = (words) => {
  const notices = document.getElementById("notices");
  if (!notices || notices.querySelector("[data-trouble]")) return;
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.dataset.level = "error";
  notice.dataset.trouble = "";
  notice.textContent = words;
  notices.append(notice);
};
const clear = () => document.querySelector("#notices [data-trouble]")?.remove();

document.addEventListener("htmx:sendError", () => tell("The desk could not be reached. What you typed is still here."));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.requestConfig?.verb !== "get") tell("That did not work. What you typed is still here; try again or load the page anew.");
});
document.addEventListener("htmx:afterOnLoad", clear);
