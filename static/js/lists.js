// "Older" puts the next page under this one. The link stays a link: without us, or for the eleventh time, it leads on.
// The way back finds the list as it was left: how many pages were added stands in the entry of the browser's history.

import { say } from "./toast.js";

const MOST_PAGES = 10;
const OLDER = ".pages a[rel=next]";

export function addOlderInPlace() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest(OLDER);
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (pagesAdded() >= MOST_PAGES) return;
    event.preventDefault();
    addOlder(link);
  });
  if (pagesAdded()) restore();
  addEventListener("scrollend", keepPlace);
}

const pagesAdded = () => history.state?.pagesAdded ?? 0;

async function addOlder(link) {
  const list = listOf(link);
  if (list.getAttribute("aria-busy") === "true") return;
  const before = list.children.length;
  const isAdded = await addPage(link, list);
  if (!isAdded) return;
  history.replaceState({ ...history.state, pagesAdded: pagesAdded() + 1 }, "");
  list.children[before]?.querySelector(".headline a")?.focus({ preventScroll: true });
  say(document.querySelector(".pages")?.dataset.added ?? "");
}

// Puts the page behind a link under the list; where that fails, goes there. Says whether it was put.
async function addPage(link, list) {
  const waiting = document.querySelector("template[data-skeleton]")?.content.cloneNode(true).firstElementChild;
  if (waiting) list.after(waiting);
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector(OLDER)?.closest(".pages") ?? page.querySelector(".pages");
    const rows = page.querySelector("ul.rows");
    if (!answer.ok || !rows) throw new Error(`No list behind ${link.href}`);
    list.append(...rows.children);
    link.closest(".pages").replaceWith(found ?? "");
    return true;
  } catch {
    location.assign(link.href);
    return false;
  } finally {
    waiting?.remove();
    list.removeAttribute("aria-busy");
  }
}

function listOf(link) {
  const lists = [...document.querySelectorAll("ul.rows")];
  return lists.findLast((list) => list.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING);
}

// Remembers which article is at the top, so that restore() can bring it back there.
function keepPlace() {
  if (!pagesAdded()) return;
  const rows = [...document.querySelectorAll("ul.rows [data-article]")];
  const top = rows.find((row) => row.getBoundingClientRect().bottom > 0);
  if (!top) return;
  const place = { article: top.dataset.article, offset: top.getBoundingClientRect().top };
  history.replaceState({ ...history.state, place }, "");
}

async function restore() {
  const { pagesAdded: wanted, place } = history.state;
  history.scrollRestoration = "manual";
  for (let added = 0; added < wanted; added += 1) {
    const link = document.querySelector(OLDER);
    if (!link || !(await addPage(link, listOf(link)))) break;
  }
  const row = place && document.querySelector(`ul.rows [data-article="${CSS.escape(place.article)}"]`);
  if (row) scrollBy({ top: row.getBoundingClientRect().top - place.offset, behavior: "instant" });
}
