// The ways on: the sections, of which a shadow says on which side there are more, and the menus behind a name.

// An observer is told by the browser once it has laid the page out; to measure would make it do so at once.
export function showSections() {
  const list = document.querySelector(".nav ul");
  if (!list) return;
  const current = list.querySelector("[aria-current]");
  const [first, last] = [list.firstElementChild, list.lastElementChild];
  const isCut = new Map();
  let isNew = true;
  const watch = new IntersectionObserver(
    (entries) => {
      entries.forEach((entry) => isCut.set(entry.target, entry.intersectionRatio < 0.99));
      if (isNew && isCut.get(current)) showCurrent(list, current);
      isNew = false;
      list.dataset.more = [isCut.get(first) && "start", isCut.get(last) && "end"].filter(Boolean).join(" ");
    },
    { root: list, threshold: 0.99 },
  );
  [first, last, current].filter(Boolean).forEach((section) => watch.observe(section));
}

// Brings the current section into view without moving the page itself.
function showCurrent(list, current) {
  list.scrollLeft = current.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
}

function close(menu) {
  if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  menu.open = false;
}

// Escape and a press elsewhere close a menu (details.menu).
export function closeMenus() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach(close);
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
}
