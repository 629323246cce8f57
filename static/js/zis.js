// What gets better with JavaScript on every page. Everything here has a plain way without it.

import { showCurrentSection } from "./navigation.js";
import { changeThemeInPlace, showTheme } from "./theme.js";
import { followDeviceZone } from "./times.js";
import { waitForNews } from "./waiting.js";

followDeviceZone();
changeThemeInPlace();
showTheme();
showCurrentSection();
waitForNews();
