// Shows what a keyword would hide while it is typed, and lets other forms of it be added by one press.

import { say } from "./toast.js";

const WAIT = 300;
const form = document.querySelector("form[data-preview]");
const field = document.getElementById("keyword"); // the words offered below it have its name too
const place = document.getElementById("preview");
let timer;
let asked;

async function preview() {
  const typed = field.value.trim();
  if (!typed) return place.replaceChildren();
  asked?.abort();
  asked = new AbortController();
  const query = new URLSearchParams(new FormData(form));
  query.delete("csrfmiddlewaretoken");
  try {
    const answer = await fetch(`${form.dataset.preview}?${query}`, { signal: asked.signal });
    if (answer.ok) show(await answer.text());
  } catch {
    // another letter came meanwhile, or there is no network: the button still works
  }
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  place.replaceChildren(...fresh.childNodes);
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(preview, WAIT);
});

// Another word is blocked where it stands; what is typed stays in the field.
place?.addEventListener("click", async (event) => {
  const chip = event.target.closest(".chip");
  if (!chip || form.dataset.plain) return;
  event.preventDefault();
  const body = new FormData(form);
  body.set("keyword", chip.value);
  try {
    const said = await send(form.action, body);
    chip.disabled = true;
    field.focus();
    const back = new FormData();
    back.set("csrfmiddlewaretoken", body.get("csrfmiddlewaretoken"));
    for (const [name, value] of Object.entries(said.undo.fields)) back.set(name, value);
    say(said.message, { undo: () => takeBack(chip, said.undo.url, back) });
  } catch {
    form.dataset.plain = "true"; // the browser sends it, and shows what the server says
    chip.click();
  }
});

async function takeBack(chip, url, body) {
  const said = await send(url, body);
  chip.disabled = false;
  say(said.message);
}

async function send(url, body) {
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
