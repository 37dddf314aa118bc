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

// <button data-confirm="Really?">
document.addEventListener("submit", (event) => {
  const asked = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (asked && !confirm(asked)) event.preventDefault();
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
    said.textContent = answer.ok ? "" : await answer.text();
    if (answer.ok) form.reset();
  } catch (why) {
    said.textContent = String(why);
  } finally {
    button.disabled = false;
  }
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
