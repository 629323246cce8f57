// Shows what a keyword would hide while it is typed, and lets other forms of it be added by one press.

const WAIT = 300;
const form = document.querySelector("form[data-preview]");
const place = document.getElementById("preview");
let timer;
let asked;

async function preview() {
  const typed = form.elements.keyword.value.trim();
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
