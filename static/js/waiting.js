// A page that waits for its first articles says how many seconds apart to look again. It leaves a reader alone who is
// in the middle of something: choosing a zone, or on the way through the links by keyboard.

export function waitForNews() {
  const waiting = document.querySelector("[data-look-again]");
  if (!waiting) return;
  setInterval(() => {
    if (!document.activeElement?.matches("a, button, select")) location.reload();
  }, Number(waiting.dataset.lookAgain) * 1000);
}
