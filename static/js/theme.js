// Light, dark or as the device says, without loading the page anew. The server writes the choice into <html>.

import { setCookie } from "./cookies.js";

const THEMES = ["auto", "light", "dark"];
const root = document.documentElement;

function useTheme(theme) {
  setCookie("theme", theme);
  root.dataset.theme = theme;
  showTheme();
}

export function showTheme() {
  const theme = root.dataset.theme;
  colourBrowser(theme);
  document.querySelectorAll("button[name=theme]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.value === theme));
    if (button.value === theme) {
      document.querySelectorAll("[data-action=theme] use").forEach((use) => {
        use.setAttribute("href", button.querySelector("use").getAttribute("href"));
      });
    }
  });
}

// The browser's own bars take the colour of the paper: the light one, the dark one, or as the device says.
function colourBrowser(theme) {
  const [light, dark] = document.querySelectorAll("meta[name=theme-color]");
  if (!dark) return;
  const media = (mine) => (theme === "auto" ? `(prefers-color-scheme: ${mine})` : theme === mine ? "all" : "not all");
  light.media = media("light");
  dark.media = media("dark");
}

export function changeThemeInPlace() {
  document.querySelectorAll("form[data-preferences]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      useTheme(event.submitter?.value || "auto");
    });
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("button[data-action=theme]")) {
      useTheme(THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length]);
    }
  });
}
