// What the admin pages do beyond links and forms; every page works without it.
"use strict";

// <div data-live="/address">: while the page is seen, asks for the fragment every two seconds and shows it when it is
// another one. A fragment in which something is opened or selected is left alone until it is not.
const LIVE_MS = 2000;

function isBusy(element) {
  const selection = document.getSelection();
  const selected = selection && !selection.isCollapsed && element.contains(selection.anchorNode);
  return selected || element.contains(document.activeElement) || element.querySelector("details[open]") !== null;
}

async function refresh(element) {
  if (document.hidden || isBusy(element)) return;
  const headers = element.dataset.tag ? { "If-None-Match": element.dataset.tag } : {};
  try {
    const answer = await fetch(element.dataset.live, { headers, cache: "no-store", redirect: "manual" });
    element.removeAttribute("data-lost");
    if (answer.type === "opaqueredirect") { location.reload(); return; }
    if (answer.status !== 200 || isBusy(element)) return;
    const text = await answer.text();
    const known = element.dataset.tag;
    element.dataset.tag = answer.headers.get("ETag") || "";
    element.innerHTML = text;
    if (known) {
      element.classList.remove("fresh");
      void element.offsetWidth;
      element.classList.add("fresh");
    }
  } catch {
    element.setAttribute("data-lost", "");
  }
}

async function keepLive(element) {
  while (element.isConnected) {
    await refresh(element);
    await new Promise((done) => setTimeout(done, LIVE_MS));
  }
}

document.querySelectorAll("[data-live]").forEach(keepLive);

// Where we are must be in sight in a menu that is scrolled sideways.
document.querySelectorAll("[aria-current=page]").forEach((link) => link.scrollIntoView({ block: "nearest", inline: "center" }));

// <button data-confirm="Really?">: asked in a window of the page's own language; Enter says yes, Escape no.
function ask(question) {
  const [yes, no] = [document.body.dataset.yes, document.body.dataset.no];
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.id = "asked";
  text.textContent = question;
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "actions";
  for (const [value, label, kind] of [["no", no, ""], ["yes", yes, "primary"]]) {
    const button = document.createElement("button");
    Object.assign(button, { value, textContent: label, className: kind, autofocus: value === "yes" });
    form.append(button);
  }
  dialog.setAttribute("aria-labelledby", "asked");
  dialog.append(text, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => {
    dialog.remove();
    done(dialog.returnValue === "yes");
  }));
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const question = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.agreed !== undefined) return;
  event.preventDefault();
  if (!(await ask(question))) { submitter?.focus(); return; }
  form.dataset.agreed = "";
  form.requestSubmit(submitter);
  delete form.dataset.agreed;
});

// A button that was pressed says so until the next page is there.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.method === "dialog" || form.dataset.upload) return;
  if (submitter && form.method === "post") setTimeout(() => submitter.setAttribute("aria-busy", "true"), 0);
});
addEventListener("pageshow", () => document.querySelectorAll("[aria-busy]").forEach((one) => one.removeAttribute("aria-busy")));

// <button data-opens="id"> opens the <dialog id="id">; a click beside a window closes it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  if (event.target instanceof HTMLDialogElement) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

// What a chart says at a place: beside the mouse or the finger, at once and in the page's letters.
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);
document.addEventListener("pointermove", (event) => {
  const slot = event.target.closest?.(".chart .slot");
  tip.hidden = !slot;
  if (!slot) return;
  const title = slot.querySelector("title");
  if (title) { slot.tip = title.textContent; title.remove(); }
  tip.textContent = slot.tip;
  const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${Math.max(8, event.clientY - tip.offsetHeight - 12)}px`;
});

// <div class="copyable"><pre>…</pre><button data-copy>
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = button.parentElement.querySelector("pre");
  try {
    await navigator.clipboard.writeText(source.textContent);
  } catch {
    // Without https there is no clipboard: the text is selected to be copied by hand.
    document.getSelection().selectAllChildren(source);
    return;
  }
  const before = button.textContent;
  button.textContent = document.body.dataset.copied;
  setTimeout(() => { button.textContent = before; }, 1500);
});

// <form data-upload="/address" data-token="…"> with one file: sent as it is, with the form's token in a header.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-upload]");
  if (!form) return;
  event.preventDefault();
  const file = form.querySelector("input[type=file]").files[0];
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const headers = { "X-CSRF-Token": form.dataset.token, "Content-Type": "application/octet-stream" };
    const answer = await fetch(form.dataset.upload, { method: "POST", headers, body: file || "" });
    said.textContent = await answer.text();
    if (answer.ok) form.reset();
  } catch (why) {
    said.textContent = String(why);
  } finally {
    button.disabled = false;
  }
});

// <form data-search="/address" data-into="id"> with a field `q`: while somebody types, asks for the fragment and shows it.
const TYPING_MS = 150;

document.querySelectorAll("form[data-search]").forEach((form) => {
  const field = form.elements.q;
  const into = document.getElementById(form.dataset.into);
  let timer = 0;
  let asked = null;
  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    const query = `?q=${encodeURIComponent(field.value)}`;
    try {
      const answer = await fetch(form.dataset.search + query, { signal: asked.signal, redirect: "manual" });
      if (answer.type === "opaqueredirect") { location.reload(); return; }
      if (answer.status !== 200) return;
      into.innerHTML = await answer.text();
      history.replaceState(null, "", form.getAttribute("action") + (field.value ? query : ""));
    } catch {
      // Another letter was typed meanwhile, or the line broke: the form itself still works.
    }
  };
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, TYPING_MS); });
});

// <form data-summary="/address"> with a [data-said]: while it is filled in, says what it would do.
document.querySelectorAll("form[data-summary]").forEach((form) => {
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const query = new URLSearchParams(new FormData(form));
      query.delete("csrf");
      try {
        const answer = await fetch(`${form.dataset.summary}?${query}`, { cache: "no-store", redirect: "manual" });
        if (answer.ok) form.querySelector("[data-said]").textContent = await answer.text();
      } catch {
        // What it would do is a help, not a need: the form says all when it is sent.
      }
    }, 300);
  });
});

// <details data-keep="name">: stays as it was left, from page to page; at first it is open where there is room.
document.querySelectorAll("details[data-keep]").forEach((details) => {
  const name = `open-${details.dataset.keep}`;
  const left = sessionStorage.getItem(name);
  details.open = left === null ? matchMedia("(min-width: 75rem)").matches : left === "yes";
  details.addEventListener("toggle", () => sessionStorage.setItem(name, details.open ? "yes" : "no"));
});

// <form data-sorted> with draggable items: dropping one sends the form, whose hidden fields are in the new order.
document.querySelectorAll("form[data-sorted]").forEach((form) => {
  let dragged = null;
  form.addEventListener("dragstart", (event) => { dragged = event.target.closest("[draggable]"); });
  form.addEventListener("dragover", (event) => {
    const over = event.target.closest("[draggable]");
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    over.parentElement.insertBefore(dragged, event.clientY < box.top + box.height / 2 ? over : over.nextSibling);
  });
  form.addEventListener("drop", (event) => event.preventDefault());
  form.addEventListener("dragend", () => { if (dragged) { dragged = null; form.requestSubmit(); } });
});
