// The sections: the one we are in is in view, and a shadow says on which side there are more.

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
