// One widget on a page: its first picture at once, its Python in a worker, its state in the address.

import { modelOf, parsed } from "./model.js";

const config = JSON.parse(document.getElementById("config").textContent);
const [folder, lock] = [config.python, config.lock].map((path) => new URL(path, location.href).href);
const app = new URL(".", import.meta.url).href, part = (id) => document.getElementById(id);
const NO_WASM = "This browser cannot run Python (it has no WebAssembly). What you see is a still picture. " +
  "Open this page in a newer Firefox, Chrome, Edge or Safari, or open the course in JupyterLab.";

let model = null, live = false, ended = false, shown = null, pending = {}, undraw = null;
const worker = { post: () => {} };

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
const bytesOf = (base64) => new DataView(Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)).buffer);

/** The one line in which a page says what is wrong. */
function say(line) {
  part("line").textContent = line;
}

function theme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const draw = () => { document.body.dataset.jpThemeLight = String(!dark.matches); };
  dark.addEventListener("change", draw);
  draw();
}

/** What of the address chooses the widget: its name, and the cell that it brings. */
function wanted() {
  const name = new URLSearchParams(location.search).get("w") || "JacobianExplorer", packed = location.hash.slice(1);
  if (name in config.widgets) return { name, packed };
  say(`There is no widget ${name.slice(0, 40)}. Choose one from the list.`);
  return { name: "JacobianExplorer", packed: "" };
}

const ask = (kind, value) => worker.post({ kind: "ask", text: JSON.stringify({ kind, value }) });

/** Give the front end a model and a place; what the page does before Python is there waits for it. */
async function draw(name, values) {
  const { front, style } = config.widgets[name];
  if (part("style").href !== app + style) part("style").href = app + style;
  const { default: view } = await import(app + front);
  const tell = (news) => {
    if (live) ask("traits", news);
    else Object.assign(pending, news);
  };
  const send = (content) => { if (live) ask("message", content); };
  model = modelOf(values, { tell, ask: send, status: () => (ended ? "dead" : "busy") });
  await view.initialize?.({ model });
  undraw?.();
  part("widget").replaceChildren();
  undraw = view.render({ model, el: part("widget") });
  shown = name;
  document.title = `${name} · Tensor Monsters`;
}

/** The first state, as it was drawn when the page was built. */
async function paint(name) {
  const { text, buffers } = await (await fetch(`${app}first-${name}.json`)).json();
  await draw(name, parsed(text, buffers.map(bytesOf)));
  performance.mark("painted");
}

const ANSWERS = {
  async shown({ name, values }) {
    part("asked").hidden = true;
    part("cell").defaultValue = part("cell").value;  // it was run: nothing in it waits
    const { gestures, pointer, ...rest } = values;
    if (shown === name && !live) {
      live = true;
      model.receive(rest);
      if (Object.keys(pending).length) ask("traits", pending);
    } else {
      live = true;
      await draw(name, values);
    }
    pending = {};
    model.hear({ kind: "here" });
    part("bar").hidden = true;
    document.body.classList.add("live");
    performance.mark("live");
  },
  needs(value) {
    worker.post({ kind: "have", packages: config.pictures });
    ask("open", value);
  },
  traits: (values) => model.receive(values),
  message: (content) => model.hear(content),
  refused: (line) => {
    part("bar").hidden = true;
    say(line);
  },
  asks({ cell }) {
    part("bar").hidden = true;
    part("asked").hidden = false;
    part("brought").textContent = cell;
    part("trust").onclick = () => open({ cell, trusted: true });
  },
  share({ cell, link, sentence }) {
    const address = new URL(link.slice(link.indexOf("try/") + 4), location.href).href;
    if (part("cell").value === part("cell").defaultValue) part("cell").value = part("cell").defaultValue = cell;
    part("link").value = address;
    part("frame").value = `<iframe src="${address}" title="${sentence.replaceAll(/[&<>"]/g, "")}" ` +
      'width="100%" height="720" style="border: 0" allow="fullscreen; clipboard-write"></iframe>';
    history.replaceState(null, "", address);
    part("shares").hidden = false;
  },
  copy(text) {
    const to = document.createElement("a");
    to.href = URL.createObjectURL(new Blob([text], { type: "text/html" }));
    to.download = `${shown}.html`;
    to.click();
    setTimeout(() => URL.revokeObjectURL(to.href), 10_000);
  },
};

/** Ask Python for a widget. */
function open({ packed = "", cell = "", trusted = false }) {
  say("");
  ask("open", { packed, cell, trusted });
}

/** Ask for the link of what stands here now; until it is there, none: an earlier one shows something else. */
function share() {
  part("link").value = part("frame").value = "";
  ask("share");
}

const HEARD = {
  arrived({ bytes }) {
    part("progress").value = bytes;
    part("came").textContent = `Python is on its way: ${megabytes(bytes)} of ${megabytes(part("progress").max)} MB`;
  },
  ready({ loaded, again }) {
    keepAll(loaded);
    if (again) performance.mark("started from memory");
    part("came").textContent = "Python is here.";
    const { name, packed } = wanted();
    open(packed ? { packed } : { cell: config.widgets[name].cell, trusted: true });
    for (const button of document.querySelectorAll("button[data-waits]")) button.disabled = false;
  },
  python({ text, buffers }) {
    const views = buffers.map((bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const { kind, value } = parsed(text, views);
    ANSWERS[kind](value);
  },
  failed({ text }) {
    ended = !live;
    part("bar").hidden = true;
    say(text);
  },
};

const pythonWorker = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

function start({ name }) {
  if (typeof WebAssembly !== "object") return say(NO_WASM);
  const { pictures } = config.widgets[name];
  const packages = [...config.packages, ...(pictures ? config.pictures : [])];
  part("progress").max = config.sizes[pictures ? "pictures" : "plain"];
  part("bar").hidden = false;
  const own = pythonWorker();
  own.onmessage = ({ data }) => HEARD[data.kind](data);
  own.onerror = () => HEARD.failed({ text: "Python could not start in this browser. Load this page again." });
  worker.post = (message) => own.postMessage(message);
  own.postMessage({ kind: "load", folder, lock, packages, known: config.files });
}

const KEPT = {
  kept: "",
  full: "This browser has no room left for this site: Python comes anew each time. Free some to open it faster.",
  lost: "",  // the network went away meanwhile: the next visit tries again
};
const NOTHING_KEPT = "This browser keeps no files of this site: Python comes anew each time. Allow storage, or take " +
  "an address with https, to open it faster.";

/** Let another worker keep how Python starts, once this page is alive and its reader has begun. */
function keepStart(scope) {
  if (navigator.deviceMemory < 4) return;  // two of them have no room there
  setTimeout(() => {
    const other = pythonWorker();
    other.onmessage = ({ data }) => { if (data.kind === "kept") other.terminate(); };
    other.postMessage({ kind: "keep", folder, lock, known: config.files, cache: `tensor-monsters ${scope}` });
  }, 3000);
}

/** Who keeps the files for the next visit, if this browser lets anybody. */
async function keeper() {
  try {
    const workers = navigator.serviceWorker;
    const { scope } = await workers.register(new URL("../sw.js", location.href));
    workers.onmessage = ({ data }) => {
      part("kept").textContent = KEPT[data];
      if (data === "kept") keepStart(scope);
    };
    return (await workers.ready).active;
  } catch {
    part("kept").textContent = NOTHING_KEPT;
    return null;
  }
}

/** Tell who keeps files of those that came before it was there. */
async function keepAll(loaded) {
  const own = performance.getEntriesByType("resource").map(({ name }) => name);
  const urls = [location.href.replace(/#.*/, ""), ...own, ...loaded].filter((url) => /^https?:/.test(url));
  (await kept)?.postMessage([...new Set(urls)]);
}

function buttons({ name }) {
  if (parent !== window) {  // in a frame of somebody's page: other pages open beside that
    for (const link of document.querySelectorAll("header a")) link.target = "_blank";
  }
  part("which").value = name;
  part("which").onchange = () => { location.href = `?w=${part("which").value}`; };
  part("share").onclick = share;
  part("copy").onclick = () => ask("copy");
  part("take").onclick = () => part("link").value && navigator.clipboard?.writeText(part("link").value);
  part("run").onclick = () => open({ cell: part("cell").value, trusted: true });
  window.onhashchange = () => location.reload();
}

theme();
const first = wanted();
buttons(first);
if (first.packed) part("waits").hidden = false;
// The first picture has both cores to itself: what takes longer begins after it.
const seen = first.packed ? Promise.resolve() : paint(first.name).catch(
  () => still("This widget did not come: this is a picture. Load this page again."));
const kept = seen.then(keeper);
seen.then(() => start(first));
