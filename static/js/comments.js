// Writing comments without loading the page anew, and drafts that outlive it. All of it works by itself without this;
// deleting is done in place by actions.js.

import { say } from "./toast.js";

const FRAGMENT = { headers: { "HX-Request": "true" } };
const FORM = "form[data-write]";

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// Drafts, by reader, article and what is answered: two may share a browser. Where storage is switched off there are none.
function draft(form, ...text) {
  const key = `draft:${form.dataset.write}`;
  try {
    if (!text.length) return localStorage.getItem(key) || "";
    if (text[0].trim()) localStorage.setItem(key, text[0]);
    else localStorage.removeItem(key);
  } catch {
    // nothing is kept then
  }
  return "";
}

function bringBack(form) {
  if (!form.body.value) form.body.value = draft(form);
}

// A form in the place of a link that leads to it: below what is answered, or in the place of what is changed.
async function openForm(link) {
  const comment = link.closest("[data-comment]");
  let form = comment.querySelector(FORM);
  if (!form) {
    const answer = await fetch(link.href, FRAGMENT);
    form = parsed(await answer.text()).querySelector(FORM);
    if (!form) return location.assign(link.href); // to log in, or to read why not
    comment.append(form);
    bringBack(form);
  }
  form.body.focus();
}

async function send(form, button) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    const body = new FormData(form, button);
    const answer = await fetch(form.action, { method: "POST", body, ...FRAGMENT });
    const page = parsed(await answer.text());
    const again = page.querySelector(FORM);
    const written = page.querySelector("li[data-words]");
    if (again) form.replaceWith(again);
    else if (!written) throw new Error(String(answer.status));
    if (again) again.body.focus();
    else putInPlace(form, written);
  } catch {
    form.ariaBusy = "false";
    form.dataset.plain = "true"; // the browser sends it, and shows what the server says
    form.requestSubmit(button);
  }
}

// Shows what was just written where it belongs, and goes there.
function putInPlace(form, written) {
  draft(form, "");
  const shown = written.querySelector("[data-comment]");
  const old = document.querySelector(`[data-comment="${shown.dataset.comment}"]`);
  if (old) {
    old.replaceWith(shown);
  } else {
    place(written).append(written);
    document.querySelector(".empty-thread")?.remove();
  }
  if (form.closest("[data-comment]")) form.remove();
  form.body.value = "";
  form.querySelectorAll(".preview, .errorlist").forEach((part) => part.remove());
  const head = document.getElementById("comments-head");
  if (head) head.textContent = written.dataset.head;
  shown.focus();
  say(written.dataset.words);
}

// The list an answer joins. A first answer brings one along.
function place(written) {
  const above = document.getElementById(`comment-${written.dataset.under}`);
  if (!above) {
    const all = [...document.querySelectorAll("[data-thread]")].pop();
    return { append: (item) => all.prepend(item) };
  }
  const found = above.querySelector(":scope > .answers > ol");
  if (found) return found;
  const box = document.createElement("div");
  box.className = "answers";
  box.append(document.createElement("ol"));
  above.append(box);
  return box.firstChild;
}

async function vote(button) {
  const votes = button.closest("[data-votes]");
  const body = new FormData(button.form, button);
  const answer = await fetch(button.formAction, { method: "POST", body, ...FRAGMENT });
  const fresh = parsed(await answer.text()).querySelector("[data-votes]");
  const place = [...votes.children].indexOf(button);
  votes.replaceWith(fresh);
  fresh.children[place].focus();
}

// Where the network fails, the browser does what it would have done without us.
function inPlace(event, act, element) {
  event.preventDefault();
  act(element).catch(() => {
    element.dataset.plain = "true";
    element.click();
  });
}

document.addEventListener("click", (event) => {
  const isPlain = event.ctrlKey || event.metaKey || event.shiftKey;
  const target = event.target.closest("a, button");
  if (!target || isPlain || target.dataset.plain) return;
  if (target.matches("a[data-form]")) inPlace(event, openForm, target);
  else if (target.matches("[data-votes] > button")) inPlace(event, vote, target);
  else if (target.matches("[data-comment] a[data-cancel]")) {
    event.preventDefault();
    const comment = target.closest("[data-comment]");
    draft(target.closest(FORM), "");
    target.closest(FORM).remove();
    comment.focus();
  }
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(FORM) || form.dataset.plain) return;
  event.preventDefault();
  send(form, event.submitter);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest(FORM);
  if (form) draft(form, form.body.value);
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.(FORM);
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

document.querySelectorAll(FORM).forEach(bringBack);
