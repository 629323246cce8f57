// Short words about what was just done, shown above the page's foot and spoken by screen readers.

const place = document.getElementById("toasts");
const SECONDS = 6;
const SECONDS_TO_UNDO = 20;

function button(label, className, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

// Shows a sentence. undo: a function that takes back what was done; with it comes a button, and more time to press it.
// A toast stays for as long as the pointer or the focus is on it.
export function say(text, { undo } = {}) {
  if (!place) return;
  const toast = document.createElement("div");
  const words = document.createElement("p");
  toast.className = "toast";
  words.textContent = text;
  toast.append(words);
  if (undo) {
    const undoAndLeave = () => {
      toast.remove();
      undo();
    };
    toast.append(button(place.dataset.undo, "link", undoAndLeave));
  }
  const close = button("×", "link plain", () => toast.remove());
  close.setAttribute("aria-label", place.dataset.close);
  toast.append(close);
  place.replaceChildren(toast);
  leaveWhenRead(toast, (undo ? SECONDS_TO_UNDO : SECONDS) * 1000);
}

function leaveWhenRead(toast, milliseconds) {
  setTimeout(() => {
    if (toast.matches(":hover, :focus-within")) leaveWhenRead(toast, milliseconds);
    else toast.remove();
  }, milliseconds);
}
