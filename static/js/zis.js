// What gets better with JavaScript on every page. Everything here has a plain way without it.

import { listenToKeys } from "./keyboard.js";
import { closeMenus } from "./menus.js";
import { showSections } from "./navigation.js";
import { prepareForNoNetwork } from "./offline.js";
import { changeThemeInPlace, showTheme } from "./theme.js";
import { followDeviceZone } from "./times.js";

followDeviceZone();
changeThemeInPlace();
showTheme();
showSections();
closeMenus();
listenToKeys();
prepareForNoNetwork();

// What only some pages need.
if (document.querySelector(".pages a[rel=next]")) import("./lists.js").then(({ addOlderInPlace }) => addOlderInPlace());
if (document.querySelector("[data-look-again]")) import("./waiting.js").then(({ waitForNews }) => waitForNews());
