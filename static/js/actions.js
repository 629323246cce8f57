// What a user does with an article from its menu or its page, without loading the page anew: the buttons send the page's
// one form (templates/_actions.html) to their own addresses. Where the network fails it is sent as without us.

import { say } from "./toast.js";

export function actInPlace(form) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || form.dataset.plain) return;
    event.preventDefault();
    if (button.getAttribute("aria-busy") !== "true") act(form, button);
  });
  markWhatIsOpened(form);
}

async function act(form, button) {
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await send(button.formAction, new FormData(form, button));
    close(button.closest("details.menu"));
    show(button, true);
    showCounts(button, answer);
    say(answer.message, answer.undo && { undo: () => takeBack(form, button, answer.undo) });
  } catch {
    form.dataset.plain = "true";
    form.requestSubmit(button);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function takeBack(form, button, { url, fields }) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  try {
    const answer = await send(url, body);
    show(button, false);
    showCounts(button, answer);
    (button.closest("details.menu")?.querySelector("summary") ?? button).focus();
    say(answer.message);
  } catch {
    say(form.dataset.failed);
  }
}

async function send(address, body) {
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function close(menu) {
  if (!menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

// A row that was taken out of the reader's own list goes, and so do the articles of a source that was hidden;
// a button that is pressed or not changes over, wherever on the page it stands for the same article.
function show(button, isDone) {
  if (button.hasAttribute("data-removes")) hide([button.closest(button.dataset.removes || "li")], isDone);
  else if (button.name === "hidden") hide(cardsOf(sameButtons(button)), isDone);
  else if (button.name === "blocked") fold(sameButtons(button), isDone === (button.value === "yes"));
  else if (button.hasAttribute("aria-pressed")) sameButtons(button).forEach(turn);
}

const sameButtons = (button) =>
  [...document.querySelectorAll(`[name="${button.name}"][formaction="${CSS.escape(button.getAttribute("formaction"))}"]`)];
const cardsOf = (buttons) => buttons.map((one) => one.closest("li:has([data-article])") ?? one.closest("[data-article]"));

function hide(elements, isHidden) {
  const next = isHidden && elements.at(-1)?.nextElementSibling?.querySelector(".headline a, summary");
  elements.forEach((element) => (element.hidden = isHidden));
  next?.focus({ preventScroll: true });
}

// All comments of somebody on the page; those that were folded away when it came open where they are.
function fold(buttons, isFolded) {
  for (const button of buttons) {
    const folded = button.closest("details.aside");
    if (folded) folded.open = !isFolded;
    else button.closest(".comment").hidden = isFolded;
  }
}

function turn(button) {
  const isPressed = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(isPressed));
  button.value = button.name === "kind" ? (isPressed ? "none" : "like") : isPressed ? "no" : "yes";
}

// The numbers that changed with it: of the answers to an article, on each of its cards, and above a discussion.
function showCounts(button, { head, counts }) {
  const above = head && document.getElementById("comments-head");
  if (above) above.textContent = head;
  if (counts === undefined) return;
  for (const menu of sameButtons(button).map((one) => one.closest("details.menu")).filter(Boolean)) {
    menu.parentElement.querySelectorAll(".tally").forEach((tally) => tally.remove());
    const fresh = new DOMParser().parseFromString(counts, "text/html").body;
    (menu.parentElement.querySelector(":scope > .unseen") ?? menu).before(...fresh.childNodes);
  }
}

// The way back to a list finds it as it was left: what was opened from it is marked at once.
function markWhatIsOpened(form) {
  if (!form.hasAttribute("data-history")) return;
  document.addEventListener("click", (event) => event.target.closest(".headline a")?.parentElement.classList.add("read"));
}
