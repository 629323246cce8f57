// What this browser keeps of a reader's choices: cookies, which the server reads, and the device's own memory.

const YEAR_SECONDS = 365 * 24 * 3600;

export function setCookie(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax${secure}`;
}

export function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage switched off
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // storage switched off: the cookie alone has to do
  }
}
