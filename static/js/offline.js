// A page of ours where there is no network. Browsers let a service worker in over https and from this machine only.

export function prepareForNoNetwork() {
  const isAllowed = location.protocol === "https:" || ["localhost", "127.0.0.1"].includes(location.hostname);
  if (!isAllowed || !("serviceWorker" in navigator)) return;
  // By language: the worker keeps the page for no network in the language its address names.
  const address = `/sw.js?language=${document.documentElement.lang}`;
  addEventListener("load", () => navigator.serviceWorker.register(address).catch(() => {})); // refused: no harm done
}
