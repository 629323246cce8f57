// What gets better with JavaScript on every page. Everything here has a plain way without it.

import { listenToKeys } from "./keyboard.js";
import { changeThemeInPlace, followDeviceZone, showTheme } from "./preferences.js";

followDeviceZone();
changeThemeInPlace();
showTheme();
closeMenus();
listenToKeys();
prepareForNoNetwork();

// What only some pages need.
const acts = document.getElementById("acts");
if (acts) import("./actions.js").then(({ actInPlace }) => actInPlace(acts));
if (document.querySelector(".pages a[rel=next]")) import("./lists.js").then(({ addOlderInPlace }) => addOlderInPlace());
const panel = document.getElementById("over");
if (panel) import("./overlay.js").then(({ closeOverlay }) => closeOverlay(panel));
if (document.querySelector("form[data-pressed]")) import("./follow.js").then(({ pressInPlace }) => pressInPlace());
if (document.querySelector("[data-look-again]")) import("./waiting.js").then(({ waitForNews }) => waitForNews());

// A service worker keeps a page for where there is no network (zisnews/offline.py), in the language its address names.
// Browsers let one in over https and from this machine only.
function prepareForNoNetwork() {
  const isAllowed = location.protocol === "https:" || ["localhost", "127.0.0.1"].includes(location.hostname);
  if (!isAllowed || !("serviceWorker" in navigator)) return;
  const address = `/sw.js?language=${document.documentElement.lang}`;
  addEventListener("load", () => navigator.serviceWorker.register(address).catch(() => {})); // refused: no harm done
}

// The menus behind a name (details.menu): Escape and a press elsewhere close them.
function closeMenus() {
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open().forEach((menu) => {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    });
  });
  document.addEventListener("click", (event) => {
    open().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
}
