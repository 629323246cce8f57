{# The service worker (zisnews/offline.py). Needs: version, kept (addresses, as JSON). #}// Keeps one page for no network, and static files, whose names change with what they hold. Pages are never kept.
const CACHE = "zisnews-{{ version }}";
const KEPT = {{ kept|safe }};
const HASHED = /^\/static\/.*\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(KEPT.map((address) => new Request(address, { cache: "no-cache" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const dropOld = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("zisnews-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.registration.navigationPreload?.enable();
    await self.clients.claim();
  };
  event.waitUntil(dropOld());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(request, address));
});

// From the network, as it came; the page for no network where nothing comes.
async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(KEPT[0])) ?? Response.error();
  }
}

// A name with a hash never holds anything else; a file without one is asked for first.
async function file(request, address) {
  const isHashed = HASHED.test(address.pathname);
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept && isHashed) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.ok && isHashed) await (await caches.open(CACHE)).put(request, fresh.clone());
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
