// Python in a worker of the page: it comes file by file, counted and checked, and then answers in JSON and bytes.

const TOO_OLD = "This browser is too old to run Python: this is a still picture. Open the page in a newer one.";

let python = null, files = {}, arrived = 0, why = "";

/** Fetch as ever, but what belongs to Python is counted as it comes, and must have its checksum. */
const plainFetch = self.fetch.bind(self);
self.fetch = async (resource, options) => {
  const url = String(resource.url ?? resource), name = url.slice(url.lastIndexOf("/") + 1), known = files[name];
  if (!known) return plainFetch(resource, options);
  const answer = await plainFetch(url, { integrity: known.integrity }).catch(() => lost(name, url));
  const counted = answer.body.pipeThrough(new TransformStream({ transform(part, out) {
    arrived += part.byteLength;
    self.postMessage({ kind: "arrived", bytes: arrived });
    out.enqueue(part);
  } }));
  const type = name.endsWith(".wasm") ? "application/wasm" : answer.headers.get("content-type") ?? "";
  return new Response(counted, { headers: { "content-type": type } });
};

/** What went wrong first is what the page says: Pyodide's own errors come after it. */
function fail(line) {
  if (!why) self.postMessage({ kind: "failed", text: line });
  why ||= line;
  throw new Error(line);
}

/** Why a file did not come: no network, an update that took it away, or another text than was built. */
async function lost(name, url) {
  const status = await plainFetch(url, { cache: "reload" }).then((answer) => answer.status, () => 0);
  if (!status) fail("There is no network, and Python has not been here yet. Load this page again when it is back.");
  if (status !== 200) fail(`${name} is not there any more: the course was updated. Load this page again.`);
  fail(`${name} did not arrive as it was built. Load this page again; if it stays so, tell whoever runs this site.`);
}

// Python's first second is the same at every visit: a browser keeps what Python's memory is after it, and goes on from
// there the next time. What no memory can hold comes later, NumPy above all. It is kept beside Python's own files, so
// that an update takes it away with them.
const STARTED = "started", ALSO = "ast, decimal, fractions, html, importlib.metadata, importlib.resources, inspect, " +
  "json, secrets, tempfile, textwrap, typing, urllib.request, xml.etree.ElementTree, xml.sax.saxutils, zipfile";

/** The memory as this very browser has kept it, or null. */
async function started(folder) {
  const kept = await self.caches?.match(folder + STARTED);
  if (kept?.headers.get("browser") !== navigator.userAgent) return null;
  return new Uint8Array(await new Response(kept.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

/** Keep it in the cache of that name, unless it is there. */
async function keep({ folder, lock, known, cache }) {
  files = known;
  if (await started(folder)) return;
  const { loadPyodide } = await import(`${folder}pyodide.mjs`);
  const fresh = await loadPyodide({ indexURL: folder, lockFileURL: lock, _makeSnapshot: true });
  fresh.runPython(`import ${ALSO}`);
  const body = new Response(fresh.makeMemorySnapshot()).body.pipeThrough(new CompressionStream("gzip"));
  const answer = new Response(await new Response(body).blob(), { headers: { browser: navigator.userAgent } });
  await (await caches.open(cache)).put(folder + STARTED, answer);
}

/** A Python, from the memory that was kept if there is any and it fits. */
async function begun(folder, options) {
  const [{ loadPyodide }, memory] = await Promise.all([
    import(`${folder}pyodide.mjs`), started(folder).catch(() => null)]);
  if (!memory) return loadPyodide(options);
  try {
    const again = await loadPyodide({ ...options, _loadSnapshot: memory });
    performance.mark(STARTED);
    return again;
  } catch (error) {
    if (why) throw error;  // a file did not come
    for (const name of await caches.keys()) await (await caches.open(name)).delete(folder + STARTED);
    return loadPyodide(options);
  }
}

async function load({ folder, lock, packages, known }) {
  files = known;
  python = await begun(folder, { indexURL: folder, lockFileURL: lock, packages });
  await have(packages);
  self.post = (text, buffers) => {
    self.postMessage({ kind: "python", text, buffers }, buffers.map(({ buffer }) => buffer));
  };
  python.runPython("import js, tab\nfrom pyodide.ffi import to_js\n" +
    "tab.shown['post'] = lambda text, buffers: js.post(text, to_js(buffers, create_pyproxies=False))");
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  self.postMessage({ kind: "ready", loaded, again: performance.getEntriesByName(STARTED).length > 0 });
}

/** Load packages and see that they are there: Pyodide itself only complains. */
async function have(packages) {
  const said = [];
  await python.loadPackage(packages, { messageCallback() {}, errorCallback: (line) => said.push(line) });
  const missing = packages.filter((name) => !(name in python.loadedPackages));
  if (missing.length) throw new Error(said.at(-1) ?? `${missing.join(", ")} did not load.`);
}

async function hear(message) {
  if (message.kind === "keep") return keep(message).finally(() => self.postMessage({ kind: "kept" }));
  if (message.kind === "load") return load(message);
  if (message.kind === "have") return have(message.packages);
  python.globals.get("tab").receive(message.text);
}

/** What went wrong in one line: what cannot even be read was written for newer browsers. */
function lineOf(error) {
  const old = error instanceof SyntaxError || error instanceof WebAssembly.CompileError;
  return old ? TOO_OLD : String(error.message ?? error).trim().split("\n").at(-1);
}

// One message after the other: the next may need what this one loads.
let last = Promise.resolve();
self.onmessage = ({ data }) => {
  last = last.then(() => hear(data)).catch((error) => {
    if (!why) self.postMessage({ kind: "failed", text: lineOf(error) });
    why = "";
  });
};
