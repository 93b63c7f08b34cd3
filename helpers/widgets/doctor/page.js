// The gradient doctor on the screen: your gradient, the measured one, what an entry moves, and the diagnosis.

import { arrayGrid } from "../array/array.js";
import { numbersOf } from "../kit/channel.js";
import { switcher } from "../kit/controls.js";
import { gestureButtons, make, panel, pushButton, refresh } from "../kit/dom.js";
import { widget } from "../kit/mount.js";
import { tensorView } from "../tensor/tensor.js";

const EMPTY_READING = { text: "", marks: {}, inner: null, outer: null, column: {} };

/** Grids in a host, made when they first appear and removed when they are gone; they are only to look at. */
function gridRow(host, onPoint) {
  const grids = new Map();
  return (arrays, marks) => {
    for (const [name, { box }] of [...grids]) if (!(name in arrays)) { box.remove(); grids.delete(name); }
    for (const [name, spec] of Object.entries(arrays)) {
      if (!grids.has(name)) {
        const box = make("div", { class: "tm-grid-box" });
        host.append(box);
        grids.set(name, { box, grid: arrayGrid(box, { onPoint: (index) => onPoint(name, index) }) });
      }
      grids.get(name).grid.update({ ...spec, values: numbersOf(spec.values) }, marks[name] ?? []);
    }
  };
}

/** The input to look at, with a mark for each that says how it stands. */
function inputButtons(channel) {
  const element = make("div", { class: "tm-switch tm-d-inputs", role: "group", "aria-label": "Gradient by" });
  return { element, update({ inputs, chosen }) {
    const choose = (name) => () => channel.send({ kind: "input", value: name });
    refresh(element, JSON.stringify(inputs), () => inputs.map(({ name, passed }) =>
      make("button", { type: "button", "data-input": name, onclick: choose(name) },
        `${passed ? "✓" : "✗"} d${name}`)));
    for (const button of element.children) button.setAttribute("aria-pressed", String(button.dataset.input === chosen));
  } };
}

/** The verdict, the mistake by name, and the facts. */
function diagnosis(element) {
  return ({ passed, verdict, mistake, facts, chosen }) => refresh(element,
    JSON.stringify([passed, verdict, mistake, facts, chosen]), () => [
      make("p", { class: `tm-verdict ${passed ? "tm-same" : "tm-different"}` },
        `${passed ? "✓" : "✗"} d${chosen}: ${verdict}`),
      ...(mistake ? [make("p", { class: "tm-d-mistake" }, make("b", {}, mistake.name), `: ${mistake.remedy}`)] : []),
      ...facts.map((fact) => make("p", { class: "tm-d-fact" }, fact)),
    ]);
}

/** The full tensor, where it has room; the column of the entry stands out in it. */
function fullTensor(host, channel) {
  let view = null, key = null, spec = null;
  const onPoint = (at) => channel.point(at ? { place: "J", ...at } : {});
  return { stop: () => view?.destroy(), update(tensor, reading) {
    host.hidden = !tensor;
    if (!tensor) return;
    view ??= tensorView(host, { onPoint });
    const values = numbersOf(tensor.core.values, tensor.core.dtype);
    const now = JSON.stringify([{ ...tensor, core: tensor.core.letters }, [...values]]);
    if (now !== key) [key, spec] = [now, { ...tensor, core: { ...tensor.core, values } }];
    view.update(spec, reading);
  } };
}

function buildDoctor(channel, error) {
  const said = make("p", { class: "tm-reading", role: "status" });
  const slot = (name) => make("div", { class: name });
  const places = { verdict: slot("tm-d-diagnosis"), gradients: slot("tm-grids"), column: slot("tm-grids") };
  const tensor = slot("tm-tensor-box");
  const point = (place, index) =>
    channel.point(index === null || ["G", "column"].includes(place) ? {} : { place, index });
  const inputs = inputButtons(channel), showDiagnosis = diagnosis(places.verdict);
  const chooseMode = (value) => channel.send({ kind: "mode", value });
  const modes = switcher("Picture of the full tensor", ["tiles", "blocks"], chooseMode);
  const gradients = gridRow(places.gradients, point), column = gridRow(places.column, point);
  const full = fullTensor(tensor, channel);
  const bar = make("div", { class: "tm-toolbar" }, inputs.element, modes.element, make("div", { class: "tm-buttons" },
    pushButton("Another G", () => channel.send({ kind: "again" })), ...gestureButtons(channel, "undo", "redo")));
  const panels = make("div", { class: "tm-panels tm-d-panels" },
    panel("tm-d-words", "1 · The diagnosis", places.verdict),
    panel("tm-d-both", "2 · Your gradient, and the measured one", places.gradients),
    panel("tm-d-column", "3 · What one entry moves", tensor, places.column));
  let state;
  return { parts: [bar, error, said, panels], stop: full.stop,
    show(now) {
      state = now;
      inputs.update(state);
      modes.update(state.mode);
      showDiagnosis(state);
    },
    read(now) {
      const reading = { ...EMPTY_READING, ...now };
      said.textContent = reading.text || "Point at an entry of a gradient.";
      gradients(state.arrays, reading.marks);
      column({ ...reading.column, ...state.upstream }, {});
      full.update(state.tensor, reading);
    } };
}

export default widget("tm-explorer tm-doctor", buildDoctor);
