// Three ticks: Python runs, this page shows widgets, and the two talk to each other.

/** The version of JupyterLab that serves this page, as its configuration names it; or "". */
function pageVersion() {
  try {
    return JSON.parse(document.getElementById("jupyter-config-data").textContent).appVersion ?? "";
  } catch {
    return "";
  }
}

/** The lines of the test, each true or not yet; `waited` in milliseconds. */
function testLines({ kernel, heard }, lab, waited) {
  const page = `This page shows widgets${lab && ` (JupyterLab ${lab})`}`;
  const talk = heard ? `The page and Python talk to each other: ${Math.round(waited)} ms there and back`
    : "Waiting for Python to answer this page. If it stays so: Kernel → Restart Kernel and Run All Cells";
  return [[true, kernel], [true, page], [heard > 0, talk]];
}

function render({ model, el }) {
  const channel = channelOf(model), list = make("ul", { class: "tm-selftest", role: "status" });
  const again = make("button", { type: "button", class: "tm-button", onclick: () => ask() }, "Test again");
  const root = make("div", { class: "tm-root tm-explorer", "data-lm-suppress-shortcuts": "true" }, list, again);
  let start = 0, waited = 0;
  const ask = () => {
    start = performance.now();
    channel.send({ kind: "hello", place: "hello" });
  };
  const show = () => list.replaceChildren(...testLines(model.get("state"), pageVersion(), waited).map(([good, text]) =>
    make("li", { class: good ? "tm-same" : "tm-different" }, `${good ? "✓" : "…"} ${text}`)));
  const heard = () => { waited = performance.now() - start; show(); };
  keepKeys(root);
  el.append(root);
  model.on("change:state", heard);
  show();
  ask();
  return () => model.off("change:state", heard);
}

export default { render };
