// Three ticks: Python runs, this page shows widgets, and the two talk to each other.

import { make, pushButton } from "../kit/dom.js";
import { widget } from "../kit/mount.js";

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

function buildTest(channel) {
  const list = make("ul", { class: "tm-selftest" }), said = make("div", { role: "status" }, list);
  let start = 0, waited = 0, heard = null;
  const ask = () => {
    start = performance.now();
    channel.send({ kind: "hello", place: "hello" });
  };
  ask();
  return { parts: [said, pushButton("Test again", ask)], show(state) {
    if (heard !== null && heard !== state.heard) waited = performance.now() - start;
    heard = state.heard;
    list.replaceChildren(...testLines(state, pageVersion(), waited).map(([good, text]) =>
      make("li", { class: good ? "tm-same" : "tm-different" }, `${good ? "✓" : "…"} ${text}`)));
  } };
}

export default widget("tm-explorer tm-quiz", buildTest);
