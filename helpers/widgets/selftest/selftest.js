// Three ticks: Python runs, this page shows widgets, and the two talk to each other.

import { make, pushButton } from "../kit/dom.js";
import { widget } from "../kit/mount.js";

/** What serves this page (JupyterLab 4, Jupyter Notebook 7) with its version, as its configuration says; or "". */
function pageVersion() {
  try {
    const { appName, appVersion } = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    return appVersion ? `${appName} ${appVersion}` : "";
  } catch {
    return "";
  }
}

/** The lines of the test, each true or not yet; `waited` in milliseconds. */
function testLines({ kernel, heard }, host, waited) {
  const page = `This page shows widgets${host && ` (${host})`}`;
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
