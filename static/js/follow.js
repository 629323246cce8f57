// Follows, keeps and lets go without loading the page anew. The forms work by themselves; where the network fails,
// they are sent so.

import { say } from "./toast.js";

export function pressInPlace() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    const isLoggedIn = form.elements.csrfmiddlewaretoken; // else the page to log in comes
    if (!form.dataset.pressed || !isLoggedIn || form.dataset.plain) return;
    event.preventDefault();
    try {
      await send(form, button, form.action, new FormData(form, button));
    } catch {
      form.dataset.plain = "true"; // the browser sends it, and shows what the server says
      form.requestSubmit(button);
    }
  });
}

async function send(form, button, address, body) {
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  const said = await answer.json();
  if (!answer.ok) return say(said.error.message);
  show(button, said[form.dataset.pressed]);
  const { url, fields } = said.undo;
  const undo = () => {
    const back = new FormData();
    Object.entries(fields).forEach(([name, value]) => back.set(name, value));
    back.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    send(form, button, url, back).catch(() => location.reload());
  };
  say(said.message, { undo });
}

function show(button, isPressed) {
  if (button.getAttribute("aria-pressed") === String(isPressed)) return;
  const words = button.querySelector("span");
  const icon = button.querySelector("use");
  [words.textContent, button.dataset.label] = [button.dataset.label, words.textContent];
  button.setAttribute("aria-pressed", String(isPressed));
  button.value = isPressed ? "no" : "yes";
  icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, isPressed ? "#check" : "#plus"));
}
