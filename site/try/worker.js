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

async function load({ folder, lock, packages, known }) {
  files = known;
  const { loadPyodide } = await import(`${folder}pyodide.mjs`);
  python = await loadPyodide({ indexURL: folder, lockFileURL: lock, packages });
  await have(packages);
  self.post = (text, buffers) => {
    self.postMessage({ kind: "python", text, buffers }, buffers.map(({ buffer }) => buffer));
  };
  python.runPython("import js, tab\nfrom pyodide.ffi import to_js\n" +
    "tab.shown['post'] = lambda text, buffers: js.post(text, to_js(buffers, create_pyproxies=False))");
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  self.postMessage({ kind: "ready", loaded });
}

/** Load packages and see that they are there: Pyodide itself only complains. */
async function have(packages) {
  const said = [];
  await python.loadPackage(packages, { messageCallback() {}, errorCallback: (line) => said.push(line) });
  const missing = packages.filter((name) => !(name in python.loadedPackages));
  if (missing.length) throw new Error(said.at(-1) ?? `${missing.join(", ")} did not load.`);
}

async function hear(message) {
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
