// Composing a block: rows that grow, fields that fit what is chosen, and a preview that follows what is typed. Without
// this file every field is there and the preview comes with the page.
"use strict";

const PREVIEW_MS = 350;
const SUGGEST_MS = 200;

const composer = document.querySelector("form[data-compose]");
const subject = document.querySelector("form[data-subject]");
const shown = document.getElementById("shown");

// <ol data-rows="mix">: the last row is blank; choosing in it brings another one.
const keyOf = (row) => row.querySelector("select");

function suit(row) {
  const key = keyOf(row);
  if (!key) return;
  const chosen = key.selectedOptions[0];
  const takes = (chosen?.dataset.takes || "").split(" ");
  row.classList.toggle("blank", key.value === "");
  for (const part of row.querySelectorAll("[data-part]")) {
    part.hidden = !takes.includes(part.dataset.part);
    // What is not shown is not sent.
    for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = part.hidden;
  }
  const help = key.parentElement.querySelector(".help");
  if (!help) return;
  let says = help.querySelector("[data-says]");
  if (!says) {
    says = document.createElement("span");
    says.dataset.says = "";
    help.prepend(says, " ");
  }
  says.textContent = chosen?.dataset.says || "";
}

function renumber(list) {
  const path = list.dataset.rows.replace(/[.[\]]/g, "\\$&");
  const place = new RegExp(`^((?:[fhl]-)?${path}\\[)\\d+(\\])`);
  [...list.children].forEach((row, number) => {
    for (const element of row.querySelectorAll("*")) {
      for (const name of ["name", "id", "for", "aria-describedby", "aria-labelledby"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(place, `$1${number}$2`));
      }
    }
  });
}

function button(list, name, text, does) {
  const element = document.createElement("button");
  Object.assign(element, { type: "button", className: "plain small", textContent: text });
  element.setAttribute("aria-label", list.dataset[name]);
  element.title = list.dataset[name];
  element.addEventListener("click", does);
  return element;
}

function dress(list, row) {
  const isLast = () => row === list.lastElementChild;
  const settle = () => { renumber(list); changed(); };
  const bar = document.createElement("span");
  bar.className = "nudge";
  bar.append(
    button(list, "up", "↑", () => {
      const before = row.previousElementSibling;
      if (before && !isLast()) { before.before(row); settle(); }
    }),
    button(list, "down", "↓", () => {
      const after = row.nextElementSibling;
      if (after && after !== list.lastElementChild) { after.after(row); settle(); }
    }),
    button(list, "away", "×", () => {
      if (isLast()) return;
      const next = keyOf(row.nextElementSibling) || row.nextElementSibling.querySelector("input");
      row.remove();
      settle();
      next?.focus();
    }),
  );
  row.prepend(bar);
  suit(row);
}

document.querySelectorAll("ol[data-rows]").forEach((list) => {
  const blank = list.lastElementChild.cloneNode(true);
  for (const row of list.children) dress(list, row);
  list.addEventListener("input", (event) => {
    const row = event.target.closest(".row-of");
    if (event.target === keyOf(row)) suit(row);
    const key = keyOf(row) || row.querySelector("input");
    if (event.target === key) row.classList.toggle("blank", key.value === "");
    if (row !== list.lastElementChild || key.value === "") return;
    const next = blank.cloneNode(true);
    list.append(next);
    dress(list, next);
    renumber(list);
  });
});

// The preview.
let waiting = 0;
let asked = null;

async function preview() {
  asked?.abort();
  asked = new AbortController();
  const query = new URLSearchParams();
  for (const form of [composer, subject]) {
    for (const [name, value] of new FormData(form)) {
      if (name !== "csrf" && value !== "") query.append(name, value);
    }
  }
  // Who may not change a block has a form whose fields are all off: the block as it is kept is shown.
  if (composer.querySelector("fieldset").disabled) { subject.submit(); return; }
  shown.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${composer.dataset.compose}?${query}`, { signal: asked.signal, redirect: "manual" });
    if (answer.type === "opaqueredirect") { location.reload(); return; }
    if (answer.ok) shown.innerHTML = await answer.text();
    shown.removeAttribute("aria-busy");
  } catch {
    // Another letter was typed meanwhile, or the line broke: the form itself still works.
  }
}

function changed() {
  clearTimeout(waiting);
  waiting = setTimeout(preview, PREVIEW_MS);
}

composer.addEventListener("input", changed);
subject.addEventListener("input", () => { if (!composer.querySelector("fieldset").disabled) changed(); });
subject.addEventListener("submit", (event) => {
  if (composer.querySelector("fieldset").disabled) return;
  event.preventDefault();
  preview();
});

// <input data-suggest="/address">: offers what fits what is typed.
let lists = 0;
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset?.suggest) return;
  clearTimeout(field.suggesting);
  field.suggesting = setTimeout(async () => {
    if (!field.list) {
      const list = document.createElement("datalist");
      list.id = `suggested-${++lists}`;
      document.body.append(list);
      field.setAttribute("list", list.id);
    }
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(field.value)}`);
      if (!answer.ok) return;
      const options = (await answer.json()).map(({ value, label }) => {
        const option = document.createElement("option");
        Object.assign(option, { value, label, textContent: label });
        return option;
      });
      field.list?.replaceChildren(...options);
    } catch {
      // What is typed counts, offered or not.
    }
  }, SUGGEST_MS);
});
