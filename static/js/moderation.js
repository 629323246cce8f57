// Keys and quick judgements for moderators. Each comment has a form that works by itself; here it is sent in place.

const page = document.querySelector(".moderation");
const said = document.getElementById("said");
const ACTS = { a: "approve", r: "remove", p: "purge" };

const cases = () => [...page.querySelectorAll("[data-case]")];

function step(from, by) {
  const all = cases();
  const to = all[all.indexOf(from) + by];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
}

// Keys count only while a comment has the focus, never while somebody types or chooses in its form.
function press(event) {
  const here = event.target.closest?.("[data-case]");
  if (!here || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  if (event.key === "j") step(here, 1);
  else if (event.key === "k") step(here, -1);
  else if (event.key === "u") said.querySelector("form")?.requestSubmit();
  else if (event.key in ACTS) here.querySelector(`[value=${ACTS[event.key]}]`).click();
  else return;
  event.preventDefault();
}

async function judge(event) {
  const form = event.target.closest(".case form.judge");
  if (!form || form.dataset.plain) return;
  event.preventDefault();
  const here = form.closest("[data-case]");
  if (here.ariaBusy === "true") return;
  here.ariaBusy = "true";
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), headers });
    const told = await answer.json();
    say(told.message ?? told.error.message, told.undo, form);
    if (answer.ok) leave(here, told.judged);
  } catch {
    form.dataset.plain = "true"; // the browser sends it, and shows what the server says
    form.requestSubmit(event.submitter);
  }
  here.ariaBusy = "false";
}

// Takes away what is judged, and goes on with the next.
function leave(here, judged) {
  const all = cases();
  const gone = new Set(judged.map(String));
  const stays = (one) => !gone.has(one.dataset.case);
  const next = all.slice(all.indexOf(here)).find(stays) ?? all.findLast(stays);
  if (!next) return refill().catch(() => location.reload());
  for (const one of all) if (!stays(one)) one.remove();
  next.focus();
}

// What waits behind the last one that was shown. A reload would take away what was said, and the way back with it.
async function refill() {
  const text = await (await fetch(location.href)).text();
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector(".moderation");
  page.replaceChildren(...fresh.childNodes);
  (cases()[0] ?? said.querySelector("button"))?.focus();
}

// Says what was done, with the way back as a form like the one that the server would have written.
function say(words, undo, from) {
  const message = document.createElement("div");
  const text = document.createElement("p");
  message.className = "message";
  text.textContent = words;
  message.append(text);
  if (undo) message.append(wayBack(undo, from));
  said.replaceChildren(message);
}

function wayBack({ url, fields }, from) {
  const form = document.createElement("form");
  const button = document.createElement("button");
  Object.assign(form, { method: "post", action: url });
  button.textContent = page.dataset.undo;
  const token = from.elements.csrfmiddlewaretoken.value;
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, next: location.pathname, ...fields })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  form.append(button);
  return form;
}

said.setAttribute("role", "status");
page.addEventListener("keydown", press);
page.addEventListener("submit", judge);
cases()[0]?.focus({ preventScroll: true });
