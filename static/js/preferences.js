// What the device knows of its reader's wishes, without loading the page anew: the theme and the time zone.
// They are kept in cookies, which the server reads, in the account, and in the device's own memory.

const root = document.documentElement;
const THEMES = ["auto", "light", "dark"];
const YEAR_SECONDS = 365 * 24 * 3600;

function useTheme(theme) {
  keep("theme", theme);
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

// The device's zone becomes the page's when we first see it and whenever the device moves;
// a zone chosen in the footer stands in between.
export function followDeviceZone() {
  // Intl prepares to write dates first, which is most of what a page's scripts take; Temporal just says it.
  const zone = globalThis.Temporal?.Now.timeZoneId() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || !navigator.cookieEnabled || remembered("zone") === zone) return;
  remember("zone", zone);
  if (root.dataset.zone === zone) return;
  setCookie("tz", zone);
  root.dataset.zone = zone;
  showTimesAnew();
}

// Asks for this page once more, now with the zone, and takes over its times: one place says how times are written.
function showTimesAnew() {
  const request = new XMLHttpRequest();
  request.open("GET", location.href);
  request.responseType = "document";
  request.setRequestHeader("Purpose", "prefetch"); // nobody reads this copy: it is no visit, and its ads are not counted
  request.addEventListener("load", () => {
    if (!request.response) return;
    const key = (time) => `${time.dataset.moment} ${time.dateTime}`;
    const fresh = new Map([...request.response.querySelectorAll("time[data-moment]")].map((time) => [key(time), time]));
    document.querySelectorAll("time[data-moment]").forEach((time) => {
      const now = fresh.get(key(time));
      if (!now) return;
      time.textContent = now.textContent;
      if (now.title) time.title = now.title;
    });
    const choice = document.querySelector("select[name=time_zone]");
    const isUntouched = choice && [...choice.options].every((one) => one.selected === one.defaultSelected);
    if (isUntouched) choice.replaceWith(document.adoptNode(request.response.querySelector("select[name=time_zone]")));
  });
  request.send();
}

// Keeps what the reader chose on this device; for a user, in the account too, so that it holds on all of theirs.
export function keep(name, value) {
  setCookie(name, value);
  if (!root.dataset.account) return;
  const body = new URLSearchParams({ [name]: value });
  fetch(root.dataset.account, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } }).catch(() => {});
}

export function setCookie(name, value, seconds = YEAR_SECONDS) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${seconds}; SameSite=Lax${secure}`;
}

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage switched off
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // storage switched off: the cookie alone has to do
  }
}
