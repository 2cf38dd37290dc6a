// Says so when the desk could not be reached, instead of leaving a dead button.
{
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
    if (event.detail.requestConfig?.verb === "get") return;
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const why = event.detail.xhr.status === 400 && page.querySelector(".soft")?.textContent;
    const id = page.querySelector("[data-error-id]")?.textContent ?? "";
    tell(`${why || "That did not work. What you typed is still here; try again or load the page anew."} ${id}`.trim());
  });
  // Answers that report trouble are loaded too, right after it was told.
  document.addEventListener("htmx:afterOnLoad", (event) => event.detail.successful && clear());
}
