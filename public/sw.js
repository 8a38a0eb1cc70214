// What a browser shows while this server can't be reached: a page of its own, with its style sheets and its font. Nothing
// else is kept here, and nothing of what anybody said.
const KEPT = 'confab-offline-1';
const OFFLINE = '/offline';

async function keep() {
  const cache = await caches.open(KEPT);
  const page = await fetch(OFFLINE);
  const html = await page.clone().text();
  // Names of built files change with each version; the page that is kept goes on with those that it came with.
  const files = html.match(/\/pkg\/[\w.-]+\.(?:css|woff2)/g) ?? [];
  await cache.put(OFFLINE, page);
  await cache.addAll([...new Set(files), '/favicon.svg', '/icons.svg']);
}

self.addEventListener('install', (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))));
  // Pages are asked for at once, not after this script has been woken.
  event.waitUntil(Promise.all([old, self.registration.navigationPreload?.enable(), self.clients.claim()]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const otherwise = (kept) => async (error) => (await caches.match(kept)) ?? Promise.reject(error);
  if (request.mode === 'navigate' && request.method === 'GET') {
    const page = async () => (await event.preloadResponse) ?? fetch(request);
    event.respondWith(page().catch(otherwise(OFFLINE)));
  } else if (['style', 'font', 'image'].includes(request.destination)) {
    event.respondWith(fetch(request).catch(otherwise(request)));
  }
});
