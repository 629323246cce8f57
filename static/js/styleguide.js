// Lets the style guide's buttons say their toasts.

import { say } from "./toast.js";

document.querySelectorAll("[data-say]").forEach((button) => {
  const undo = "undoable" in button.dataset ? () => say(`${button.dataset.say}: undone`) : undefined;
  button.addEventListener("click", () => say(button.dataset.say, { undo }));
});
