// The ways on: the sections, of which a shadow says on which side there are more, and the menus behind a name.

export function showSections() {
  const list = document.querySelector(".nav ul");
  if (!list) return;
  showCurrent(list);
  showWhereMore(list);
  list.addEventListener("scroll", () => showWhereMore(list), { passive: true });
  addEventListener("resize", () => showWhereMore(list), { passive: true });
}

// Brings the current section into view without moving the page itself.
function showCurrent(list) {
  const current = list.querySelector("[aria-current]");
  if (current) list.scrollLeft = current.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
}

// scrollLeft runs from 0 to negative numbers where the page reads from right to left.
function showWhereMore(list) {
  const passed = Math.abs(list.scrollLeft);
  const left = list.scrollWidth - list.clientWidth - passed;
  list.dataset.more = [passed > 1 && "start", left > 1 && "end"].filter(Boolean).join(" ");
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
