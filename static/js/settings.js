// Settings are saved as soon as they are chosen: each choice is sent by itself, and can be taken back. What changes the
// whole page is sent as without us; so is everything where the network fails.

import { showTheme } from "./preferences.js";
import { say } from "./toast.js";

const root = document.documentElement;
const LOOKS = ["theme", "text", "density"];
const form = document.querySelector("form[data-at-once]");

async function send(fields) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function save(control) {
  const value = control.type === "checkbox" && !control.checked ? "off" : control.value;
  try {
    const { message, undo, kept } = await send({ [control.name]: value });
    show(kept);
    say(message, undo && { undo: () => takeBack(undo.fields) });
  } catch {
    form.requestSubmit();
  }
}

async function takeBack(fields) {
  try {
    const { message } = await send(fields);
    show(fields);
    say(message);
  } catch {
    say(form.dataset.failed);
  }
}

// Puts the form and the looks of the page to what is kept now.
function show(kept) {
  for (const [name, value] of Object.entries(kept)) {
    for (const control of form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=hidden])`)) {
      control.checked = control.type === "checkbox" ? value === "on" : control.value === value;
    }
    if (LOOKS.includes(name)) root.dataset[name] = value;
    if (name === "keys") root.dataset.keys = value;
  }
  showTheme();
}

form?.addEventListener("change", ({ target }) => (target.hasAttribute("data-whole") ? form.requestSubmit() : save(target)));
form?.querySelector("[data-save]")?.setAttribute("hidden", "");
