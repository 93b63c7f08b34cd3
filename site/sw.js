// Keeps what a visit has loaded. A file under a name with its checksum never changes: it is taken from here. All else
// comes from the network first, so that an update gets through, and from here where there is no network.
const KEPT = "tensor-monsters", NAMED = /\/(app|py)-[0-9a-f]+\//, CURRENT = @current@;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  await self.clients.claim();
  const cache = await caches.open(KEPT);
  for (const { url } of await cache.keys()) {  // what no page asks for any more
    if (NAMED.test(url) && !CURRENT.some((folder) => url.includes(`/${folder}/`))) await cache.delete(url);
  }
})()));

async function keep(request, answer) {
  try {
    if (answer.ok) await (await caches.open(KEPT)).put(request, answer);
  } catch {
    // no room, or none is given: the next visit loads again
  }
}

async function answered(request) {
  const named = NAMED.test(request.url);
  const old = await caches.match(request, { ignoreSearch: !named }).catch(() => undefined);
  if (named && old) return old;
  try {
    const answer = await fetch(request);
    keep(request, answer.clone());
    return answer;
  } catch (error) {
    if (old) return old;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event, here = new URL(request.url).origin === location.origin;
  if (request.method === "GET" && here && !request.url.includes("/lab/")) event.respondWith(answered(request));
});
