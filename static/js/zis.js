// What gets better with JavaScript: the reader's time zone, times that stay true, themes without a reload.
// Everything here has a plain way without it.

const YEAR = 365 * 24 * 3600;
const root = document.documentElement;

function setCookie(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
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

// The device's zone becomes the page's when we first see it and whenever the device moves;
// a zone chosen in the footer stands in between.
function followDeviceZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
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
    const choice = request.response.querySelector("select[name=time_zone]");
    document.querySelector("select[name=time_zone]")?.replaceWith(document.adoptNode(choice));
  });
  request.send();
}

const THEMES = ["auto", "light", "dark"];

function useTheme(theme) {
  setCookie("theme", theme);
  root.dataset.theme = theme;
  showTheme();
}

function showTheme() {
  const theme = root.dataset.theme;
  document.querySelectorAll("button[name=theme]").forEach((button) => {
    button.setAttribute("aria-pressed", String(button.value === theme));
    if (button.value === theme) {
      document.querySelectorAll("[data-action=theme] use").forEach((use) => {
        use.setAttribute("href", button.querySelector("use").getAttribute("href"));
      });
    }
  });
}

function useThemeWithoutReload(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    useTheme(event.submitter?.value || "auto");
  });
}

function showEnhancements() {
  document.querySelectorAll("[data-enhancement]").forEach((element) => {
    const needs = element.dataset.enhancement;
    if (needs === "share" && !navigator.share) return;
    if (needs === "copy" && !navigator.clipboard) return;
    element.hidden = false;
  });
}

const SIZES = ["small", "medium", "large", "larger"];

function changeTextSize(step) {
  const now = Math.max(0, SIZES.indexOf(root.dataset.text || "medium"));
  const size = SIZES[Math.min(SIZES.length - 1, Math.max(0, now + step))];
  root.dataset.text = size;
  setCookie("text", size);
  document.querySelectorAll("[data-text-step]").forEach((button) => {
    const edge = Number(button.dataset.textStep) < 0 ? SIZES[0] : SIZES.at(-1);
    button.setAttribute("aria-disabled", String(size === edge));
  });
}

async function copyAddress(button) {
  await navigator.clipboard.writeText(button.dataset.address);
  const label = button.querySelector("[data-label]");
  const before = label.textContent;
  label.textContent = button.dataset.done;
  setTimeout(() => (label.textContent = before), 2500);
}

async function share(button) {
  try {
    await navigator.share({ title: button.dataset.title, url: button.dataset.address });
  } catch (error) {
    if (error.name !== "AbortError") throw error; // the reader closed the sheet
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.textStep) changeTextSize(Number(button.dataset.textStep));
  if (button.dataset.action === "theme") {
    useTheme(THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length]);
  }
  if (button.dataset.action === "print") window.print();
  if (button.dataset.action === "copy") copyAddress(button);
  if (button.dataset.action === "share") share(button);
});

// Brings the current section into view in the navigation, without moving the page itself.
function showCurrentSection() {
  const current = document.querySelector(".nav [aria-current]");
  const list = current?.closest("ul");
  if (list) list.scrollLeft = current.offsetLeft - (list.clientWidth - current.offsetWidth) / 2;
}

// A page that waits for its first articles says how many seconds apart to look again. It leaves a reader alone who is
// in the middle of something: choosing a zone, or on the way through the links by keyboard.
function waitForNews() {
  const waiting = document.querySelector("[data-look-again]");
  if (!waiting) return;
  setInterval(() => {
    if (!document.activeElement?.matches("a, button, select")) location.reload();
  }, Number(waiting.dataset.lookAgain) * 1000);
}

followDeviceZone();
showEnhancements();
document.querySelectorAll("form[data-preferences]").forEach(useThemeWithoutReload);
showTheme();
showCurrentSection();
waitForNews();
