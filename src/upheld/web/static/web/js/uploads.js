// Files that are chosen, dropped or pasted go up at once, each by itself, and go along with what is sent.
{
  const words = () => document.getElementById("writing-words")?.dataset ?? {};
  const place = (form) => form?.querySelector(".attach[data-add]");
  const tell = (box, text) => (box.querySelector(".told").textContent = text);
  let shots = 0;

  const busy = (form) => {
    const send = form.querySelector("[data-send]");
    if (send) send.disabled = Boolean(form.querySelector("[data-uploading]"));
  };
  const taken = (box) => [...box.querySelectorAll(".uploads li")].reduce((sum, each) => sum + Number(each.dataset.size || 0), 0);

  const upload = (form, file) => {
    const box = place(form);
    const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
    if (taken(box) + file.size > Number(words().most)) return tell(box, `${file.name}: ${words().tooLarge}`);
    row.querySelector("bdi").textContent = file.name;
    row.dataset.size = file.size;
    row.dataset.uploading = "";
    box.querySelector(".uploads").append(row);
    busy(form);
    const request = new XMLHttpRequest(), data = new FormData(), bar = row.querySelector("progress");
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("kind", form.elements.kind.value);
    data.set("files", file, file.name);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && (bar.value = event.loaded / event.total));
    request.addEventListener("loadend", () => {
      delete row.dataset.uploading;
      let got = {};
      try {
        got = JSON.parse(request.responseText);
      } catch {
        // No answer of ours: the words below say so.
      }
      const kept = request.status === 200 && got.files?.[0];
      if (kept) {
        const ticked = row.querySelector("input");
        ticked.value = kept.id;
        ticked.setAttribute("value", kept.id);
        row.dataset.size = kept.bytes;
        row.querySelector(".size").textContent = kept.size;
        tell(box, "");
      } else {
        row.remove();
        if (request.readyState === 4 && !row.dataset.stopped) tell(box, got.problem ?? `${file.name}: ${words().failed}`);
      }
      busy(form);
    });
    row.stop = () => {
      row.dataset.stopped = "";
      request.abort();
    };
    request.open("POST", box.dataset.add);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  };
  const all = (form, files) => {
    tell(place(form), "");
    for (const file of files) upload(form, file);
  };
  const formOf = (event) => event.target.closest?.("form.write");

  document.addEventListener("change", (event) => {
    const form = event.target.matches?.(".attach input[type=file]") && formOf(event);
    if (!form) return;
    all(form, [...event.target.files]);
    // They are up there now, and must not go along twice.
    event.target.value = "";
  });
  document.addEventListener("click", async (event) => {
    const row = event.target.closest?.("[data-remove-file]")?.closest("li"), form = row && row.closest("form.write");
    if (!form) return;
    if (row.stop && "uploading" in row.dataset) return row.stop();
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.set("file", row.querySelector("input").value);
    row.remove();
    form.querySelector(".attach .choose")?.nextElementSibling.focus();
    await fetch(place(form).dataset.remove, { method: "POST", body: data, headers: { Accept: "application/json" } });
  });

  document.addEventListener("paste", (event) => {
    const form = formOf(event), files = [...(event.clipboardData?.files ?? [])];
    if (!place(form) || !files.length) return;
    event.preventDefault();
    all(form, files.map((file) => {
      if (!/^image\.\w+$/.test(file.name)) return file;
      const called = `${words().screenshot}-${++shots}.${file.name.split(".").pop()}`;
      document.execCommand("insertText", false, `[${called}]`);
      return new File([file], called, { type: file.type });
    }));
  });
  let over = null;
  const drop = (form) => {
    if (over && over !== form) delete over.dataset.dropping;
    over = form;
    if (form) form.dataset.dropping = "";
  };
  document.addEventListener("dragover", (event) => {
    const form = event.dataTransfer?.types.includes("Files") && formOf(event);
    if (place(form)) event.preventDefault();
    drop(place(form) ? form : null);
  });
  document.addEventListener("dragleave", (event) => event.relatedTarget === null && drop(null));
  document.addEventListener("drop", (event) => {
    const form = over;
    drop(null);
    if (!form || !event.dataTransfer.files.length) return;
    event.preventDefault();
    all(form, [...event.dataTransfer.files]);
  });
}
