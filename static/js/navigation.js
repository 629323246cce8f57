// The sections: the one we are in is in view.

// Brings the current section into view in the navigation, without moving the page itself.
export function showCurrentSection() {
  const current = document.querySelector(".nav [aria-current]");
  const list = current?.closest("ul");
  if (list) list.scrollLeft = current.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
}
