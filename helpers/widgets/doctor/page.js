// The gradient doctor on the screen: your gradient, the measured one, what an entry moves, and the diagnosis.

import { arrayGrid } from "../array/array.js";
import { numbersOf } from "../kit/channel.js";
import { switcher } from "../kit/controls.js";
import { gestureButtons, make, panel, pushButton, refresh } from "../kit/dom.js";
import { widget } from "../kit/mount.js";
import { fillScreen, overflows } from "../kit/projector.js";
import { tensorView } from "../tensor/tensor.js";

const LOWEST_TENSOR = 110;  // pixels: on a projector it gives way to what stands below
const FOLDS = ["tm-folded", "tm-tight"];  // the second one only where the first is not enough
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
  const lower = (pixels) => {  // whether it can be so much lower and still be seen
    const height = host.clientHeight - pixels;
    view?.fillHeight(Math.max(LOWEST_TENSOR, height));
    return height >= LOWEST_TENSOR;
  };
  return { stop: () => view?.destroy(), lower, own: () => view?.fillHeight(), update(tensor, reading) {
    host.hidden = !tensor;
    if (!tensor) return;
    view ??= tensorView(host, { onPoint });
    const values = numbersOf(tensor.core.values, tensor.core.dtype);
    const now = JSON.stringify([{ ...tensor, core: tensor.core.letters }, [...values]]);
    if (now !== key) [key, spec] = [now, { ...tensor, core: { ...tensor.core, values } }];
    view.update(spec, reading);
  } };
}

/** What a doctor without code says: what it takes, and a button that shows it at work. */
function blankPanel(channel) {
  const text = make("p", {}), load = pushButton("Load an example", () => channel.send({ kind: "example" }));
  const element = panel("tm-d-blank", "No code yet", text, make("div", { class: "tm-buttons" }, load));
  return { element, update(wanted) { text.textContent = wanted; } };
}

/** The rule for the whole screen: what can wait is folded where not all fits, then the tensor gives way. */
function doctorScreen(place, full) {
  let fill = null;
  return (on) => {
    const root = place.closest(".tm-root");
    fill ??= fillScreen(root);
    root.classList.remove(...FOLDS);
    full.own();
    fill(on);
    if (!on || !overflows(root)) return;
    for (const fold of FOLDS) {
      root.classList.add(fold);
      fill(true);
      if (full.lower(Math.max(0, root.scrollHeight - root.clientHeight))) return;
    }
  };
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
  const again = pushButton("Another G", () => channel.send({ kind: "again" }));
  const bar = make("div", { class: "tm-toolbar" }, inputs.element, modes.element,
    make("div", { class: "tm-buttons" }, again, ...gestureButtons(channel, "undo", "redo")));
  const panels = make("div", { class: "tm-panels tm-d-panels" },
    panel("tm-d-words", "1 · The diagnosis", places.verdict),
    panel("tm-d-both", "2 · Your gradient, and the measured one", places.gradients),
    panel("tm-d-column", "3 · What one entry moves", tensor, places.column));
  const blank = blankPanel(channel), whole = doctorScreen(panels, full);
  let state;
  return { parts: [bar, error, blank.element, said, panels], stop: full.stop, fit: whole,
    show(now) {
      state = now;
      blank.element.hidden = !state.wanted;
      for (const one of [inputs.element, modes.element, again, said, panels]) one.hidden = Boolean(state.wanted);
      if (state.wanted) return blank.update(state.wanted);
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
