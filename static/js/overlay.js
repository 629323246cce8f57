// Puts the ad at the page's lower edge away: by its button or by Escape, and for a day (the cookie is what the server
// reads; without us the button's form sets it). The focus goes back to the page if it was inside.

import { setCookie } from "./preferences.js";

const DAY_SECONDS = 24 * 3600;

export function closeOverlay(panel) {
  const close = () => {
    setCookie("ad", "closed", DAY_SECONDS);
    if (panel.contains(document.activeElement)) document.getElementById("main").focus({ preventScroll: true });
    panel.remove();
    document.removeEventListener("keydown", onEscape);
  };
  const onEscape = (event) => {
    // Escape belongs first to what is open above it, or to the field somebody types in.
    if (event.key !== "Escape" || event.defaultPrevented || event.target.closest?.("input, select, textarea")) return;
    if (document.querySelector("dialog[open], details.menu[open]")) return;
    close();
  };
  panel.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    close();
  });
  document.addEventListener("keydown", onEscape);
}
