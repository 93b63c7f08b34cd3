// Keeps what a visit has loaded. A file under a name with its checksum never changes: it is taken from here. All else
// comes from the network first, so that an update gets through, and from here where there is no network.
// Each site has a cache of its own: another one on the same server may be of another version.
const KEPT = `tensor-monsters ${self.registration.scope}`, NAMED = /\/(app|py)-[0-9a-f]+\//, CURRENT = @current@;

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

/** What a page loaded before this worker was there; the browser mostly still has it. Says how that went. */
async function catchUp(urls) {
  try {
    const cache = await caches.open(KEPT);
    for (const url of urls) {
      if (await cache.match(url)) continue;
      const answer = await fetch(url);
      if (answer.ok) await cache.put(url, answer);
    }
    return "kept";
  } catch (error) {
    return error.name === "QuotaExceededError" ? "full" : "lost";
  }
}

self.addEventListener("message", (event) => {
  event.waitUntil(catchUp(event.data).then((said) => event.source.postMessage(said)));
});

async function answered(request) {
  const named = NAMED.test(request.url), cache = await caches.open(KEPT).catch(() => null);
  const old = await cache?.match(request, { ignoreSearch: !named });
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
  const { request } = event, ours = request.url.startsWith(self.registration.scope);
  if (request.method === "GET" && ours && !request.url.includes("/lab/")) event.respondWith(answered(request));
});
