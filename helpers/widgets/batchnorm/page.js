// The batch norm lab on the screen: it draws the state that Python decided, and reports gestures.

import { numbersOf } from "../kit/channel.js";
import { slidingRange, switcher } from "../kit/controls.js";
import { gestureButtons, madeMath, make, panel, pointLine, refresh, setMath } from "../kit/dom.js";
import { widget } from "../kit/mount.js";
import { passButtons, passOf } from "../kit/passes.js";
import { fittedLetters, overflows, screenButtons } from "../kit/projector.js";
import { arrayGrid, gridHandlers } from "../array/array.js";
import { largestOf, setTint, stepGraph } from "./graph.js";
import { heatCell, heatStrip, roving, smallMatrix, sumMatrix } from "./heat.js";

const POINT = "Batch normalization: how does a gradient come back through the whole batch? Step back, node by node.";
const LETTERS = { most: 30, least: 11 };  // CSS pixels on a projector
const SUM_WIDTH = 180;                    // of the Jacobian on the screen
const PART_CHOICES = [[0, "nothing"], [1, "identity"], [2, "+ mean part"], [3, "+ x̂ part"]];

/** A slider whose name and text Python writes. */
function labSlider({ label, low, high, step }, onChange) {
  const { range, update } = slidingRange(label, { low, high, step }, onChange);
  const name = make("span", { class: "tm-bn-slider-name" }), figure = make("output", { class: "tm-figure" });
  return { element: make("label", { class: "tm-slider" }, name, range, figure), update(one) {
    update(one.value);
    range.setAttribute("aria-label", one.label);
    range.setAttribute("aria-valuetext", one.text);
    name.textContent = one.label;
    figure.textContent = one.text;
  } };
}

/** The choices and sliders above everything. */
function labToolbar(channel, host) {
  const choose = (what) => (value) => channel.send({ kind: "choose", what, value });
  const mode = switcher("Mode", [["training", "training"], ["evaluation", "evaluation"]], choose("mode"));
  const ddof = switcher("Variance", [[0, "biased ÷ N"], [1, "Bessel ÷ (N − 1)"]], choose("ddof"));
  const features = make("span", { class: "tm-bn-choice" }), sliders = make("div", { class: "tm-sliders" });
  const buttons = make("div", { class: "tm-buttons" }, ...gestureButtons(channel, "random", "reset", "undo", "redo"));
  host.append(mode.element, ddof.element, features, buttons, sliders);
  let feature = null, rows = [];
  return (controls) => {
    mode.update(controls.mode);
    ddof.element.classList.toggle("tm-unused", controls.mode !== "training");
    ddof.update(controls.ddof);
    refresh(features, `${controls.features}`, () => {
      const options = Array.from({ length: controls.features }, (_, f) => [f, String(f)]);
      feature = switcher("Feature", options, choose("feature"));
      return [make("span", { class: "tm-axis-1" }, "feature"), feature.element];
    });
    feature.update(controls.feature);
    refresh(sliders, controls.sliders.map((one) => one.name).join(), () => {
      rows = controls.sliders.map((one) => labSlider(one, (value, stroke) =>
        channel.send({ kind: "slide", what: one.name, value, stroke, place: `slide ${one.name}` })));
      return rows.map((row) => row.element);
    });
    rows.forEach((row, i) => row.update(controls.sliders[i]));
  };
}

/** The first panel: the graph, its buttons and keys, and the switch of the dropped path. */
function graphPanel(channel) {
  const go = (how) => channel.send({ kind: "go", how });
  const passes = passButtons("tm-bn", go);
  const host = make("div", { class: "tm-bn-graph", role: "group", tabindex: "0",
    "aria-label": "Graph of small steps. Right and left arrow: one step further or back. " +
      "Home: start. F: all forward. B: all backward." });
  host.addEventListener("keydown", (event) => {
    const how = passOf(event);
    if (!how) return;
    event.preventDefault();
    go(how);
  });
  const path = switcher("Path from the variance to the mean", [[1, "kept"], [0, "dropped"]],
    (value) => channel.send({ kind: "choose", what: "path", value }));
  const pathChoice = make("span", { class: "tm-bn-choice" }, "path v → μ", path.element);
  const legend = make("p", { class: "tm-bn-legend" },
    make("span", { class: "tm-bn-key-forward" }, "value"), " of each step, ",
    make("span", { class: "tm-bn-key-back" }, "d = gradient dL/d(it)"),
    ", of the chosen feature; strips: orange below 0, blue above.", make("span", {}, " Keys: → ← Home F B"));
  const graph = stepGraph(host, legend);
  const ways = make("div", { class: "tm-bn-ways" }, ...passes.buttons, passes.place, pathChoice);
  const element = panel("tm-bn-panel-graph", "1 · Small steps", ways, host);
  return { element, destroy: graph.destroy, fit: graph.fit, update(state) {
    passes.update(state.controls);
    pathChoice.classList.toggle("tm-bn-hidden", !state.path.shown);
    path.update(state.controls.path);
    graph.update(state.graph);
  } };
}

/** The step taken last as a table: one column a quantity, one row an example. */
function stepTable(columns) {
  const rows = Math.max(1, ...columns.map((column) => column.values.length));
  const head = columns.flatMap((column) => [
    ...(column.sign ? [make("th", { class: "tm-bn-sign", "aria-hidden": "true" }, column.sign)] : []),
    make("th", { scope: "col", class: column.new ? "tm-bn-new" : "" }, make("b", {}, column.name), make("br"),
      make("small", {}, ...column.axes.flatMap((axis, i) =>
        [i ? ", " : "(", make("i", { class: `tm-axis-${axis.colour}` }, axis.letter)]), ")"))]);
  const line = (_, row) => make("tr", {}, ...columns.flatMap((column) => stepCells(column, row, rows)));
  return make("table", { class: "tm-bn-table" }, make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {}, ...Array.from({ length: rows }, line)));
}

function stepCells(column, row, rows) {
  const single = column.values.length === 1 && rows > 1;
  if (single && row) return [];
  const sign = column.sign ? [make("td", { class: "tm-bn-sign" })] : [];
  if (single && column.sign) sign[0].rowSpan = rows;
  const cell = make("td", { class: `tm-tint${column.new ? " tm-bn-new" : ""}` }, column.texts[row]);
  if (single) cell.rowSpan = rows;
  if (!single) setTint(cell, column.values[row], largestOf(column.values));
  return [...sign, cell];
}

function stepPanel() {
  const title = make("h3", {}), maths = make("div", { class: "tm-bn-maths" });
  const table = make("div", { class: "tm-bn-scroll" }), adds = make("p", { class: "tm-bn-add-note" });
  const said = make("p", { class: "tm-bn-said", role: "status" }), path = make("p", { class: "tm-bn-path" });
  const parts = [title, make("div", { class: "tm-bn-step" }, maths, table), adds, said, path];
  const told = { class: "tm-panel tm-bn-panel-step", role: "group", "aria-label": "The step taken last" };
  const element = make("div", told, ...parts);
  return { element, update({ step, path: dropped }) {
    title.textContent = `3 · ${step.title}`;
    refresh(maths, JSON.stringify(step.maths), () => step.maths.map((line) =>
      make("div", { class: "tm-math" }, ...line.map((one) => madeMath("span", {}, one)))));
    table.replaceChildren(...(step.columns.length ? [stepTable(step.columns)] : []));
    adds.textContent = step.adds;
    said.textContent = step.said;
    path.textContent = dropped.shown ? dropped.text : "";
  } };
}

/** The editable grids. */
function batchPanel(channel) {
  const host = make("div", { class: "tm-grids" }), notes = make("div", { class: "tm-bn-notes", "aria-live": "polite" });
  const grids = new Map();
  const element = panel("tm-bn-panel-batch", "2 · Batch X, G = dL/dY", host, notes);
  return { element, update({ arrays, notes: lines }) {
    refresh(host, arrays.map((spec) => spec.key).join(), () => arrays.map((spec) => {
      const box = make("div", { class: "tm-grid-box" });
      grids.set(spec.key, arrayGrid(box, gridHandlers(channel, spec.key)));
      return box;
    }));
    for (const spec of arrays) grids.get(spec.key).update({ ...spec, values: numbersOf(spec.values) });
    refresh(notes, lines.join(), () => lines.map((line) => make("p", {}, line)));
  } };
}

/** The collapsed formula, one feature's gradient twice, and the sums that must be 0. */
function collapsedPanel(onPoint) {
  const math = make("div", { class: "tm-math" }), numpy = make("code", { class: "tm-numpy" });
  const table = make("table", { class: "tm-bn-table", role: "grid" }), sums = make("div", { class: "tm-bn-scroll" });
  const verdict = make("p", { class: "tm-verdict", role: "status" }), note = make("p", { class: "tm-bn-note" });
  let shown = null;
  const rove = roving(table, (index) => onPoint(index === null ? {} :
    { place: "dX", index: Math.floor(index / 3) * shown.features + shown.feature }));
  const more = make("details", { class: "tm-bn-more" }, make("summary", {}, "Entry by entry"),
    make("div", { class: "tm-bn-scroll" }, table), sums, note);
  const element = panel("tm-bn-panel-collapsed", "4 · All steps in one formula", math, numpy,
    verdict, more);
  return { element, more, update({ collapsed, sums: totals }) {
    shown = collapsed;
    setMath(math, collapsed.math);
    numpy.textContent = collapsed.numpy;
    const key = JSON.stringify([collapsed.rows, collapsed.finished, collapsed.feature]);
    refresh(table, key, () => gradientTable(collapsed, rove));
    const mark = collapsed.finished ? (collapsed.same ? "✓ " : "✗ ") : "";
    const tone = collapsed.same ? "tm-same" : "tm-different";
    verdict.className = `tm-verdict ${collapsed.finished ? tone : "tm-bn-waits"}`;
    verdict.textContent = mark + collapsed.text;
    refresh(sums, JSON.stringify(totals.rows), () => (totals.rows.length ? [sumsTable(totals.rows)] : []));
    note.textContent = totals.text;
  } };
}

/** dX of the feature by the formula, by the steps once they are done, and the difference. */
function gradientTable({ rows, finished, feature, steps, values }, rove) {
  const titles = ["by the formula", `by ${steps} steps`, "difference"], limit = largestOf(values);
  const lines = rows.map((row, n) => [row[1], finished ? row[0] : "–", finished ? row[2] : "–"].map((text, i) => {
    const cell = make("td", { class: i ? "" : "tm-tint tm-bn-new", role: "gridcell",
      "aria-label": `dX[${n},${feature}] ${titles[i]}: ${text}` }, text);
    if (!i) setTint(cell, values[n], limit);
    return cell;
  }));
  rove(lines.flat(), 3);
  const head = titles.map((title, i) =>
    make("th", { scope: "col", role: "columnheader" }, i ? "" : `dX[:,${feature}] `, title));
  return [make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...head)),
    make("tbody", { role: "rowgroup" }, ...lines.map((cells) => make("tr", { role: "row" }, ...cells)))];
}

function sumsTable(rows) {
  const features = rows[0].texts.map((_, h) => make("th", { scope: "col", class: "tm-axis-1" }, `h=${h}`));
  const cell = (text, zero) => make("td", { class: zero ? "tm-same" : "" }, zero ? `${text} ✓` : text);
  const lines = rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row.name),
    ...row.texts.map((text, h) => cell(text, row.zero[h]))));
  return make("table", { class: "tm-bn-table tm-bn-sums" },
    make("thead", {}, make("tr", {}, make("td", {}), ...features)), make("tbody", {}, ...lines));
}

/** The Jacobian of one feature: three parts, their sum so far, G beside it and the gradient below. */
function jacobianPanel(channel, onPoint) {
  const adder = switcher("Parts added up", PART_CHOICES,
    (value) => channel.send({ kind: "choose", what: "parts", value }));
  const parts = ["identity", "mean part", "x̂ part"].map((name) =>
    ({ matrix: smallMatrix(name), math: make("div", { class: "tm-math" }) }));
  const sum = sumMatrix((index) => onPoint(index === null ? {} : { place: "J", index }));
  const g = heatStrip("column"), gradient = heatStrip("row"), bars = make("div", { class: "tm-bn-directions" });
  const names = { g: make("span"), gradient: make("span"), sum: make("b") };
  const said = make("p", { class: "tm-reading", role: "status" });
  const sign = (text) => make("b", { class: "tm-bn-plus", "aria-hidden": "true" }, text);
  const row = parts.map(({ matrix, math }) => make("div", { class: "tm-bn-part" }, math, matrix.element));
  row.splice(2, 0, sign("+"));
  row.splice(1, 0, sign("+"));
  const board = make("div", { class: "tm-bn-board" },
    names.g, names.sum, g.element, sum.element, names.gradient, gradient.element);
  const element = panel("tm-bn-panel-jacobian", "5 · The Jacobian of one feature, taken apart", adder.element,
    make("div", { class: "tm-bn-result" }, make("div", { class: "tm-bn-parts" }, ...row), sign("="), board),
    bars, said);
  return { element, update({ jacobian: J, controls }, reading) {
    const size = heatCell(J.n, SUM_WIDTH), f = J.feature;
    adder.update(J.training ? controls.parts : Math.min(controls.parts, 1));
    [...adder.element.children].forEach((button, i) => { button.disabled = i > 1 && !J.training; });
    parts.forEach(({ matrix, math }, i) => {
      setMath(math, J.parts[i].math);
      matrix.update({ n: J.n, values: J.parts[i].values, limit: J.limit, used: i < controls.parts,
        said: i < controls.parts ? "added" : "not added yet" });
    });
    names.g.textContent = `G[:,${f}]`;
    names.sum.textContent = J.finished ? `∂Y[n,${f}]/∂X[n′,${f}]` : `${controls.parts} of 3 parts`;
    names.gradient.textContent = J.finished ? `dX[:,${f}]` : "Gᵀ·sum";
    sum.update({ n: J.n, values: J.sum, limit: J.limit, size, feature: f, marks: reading });
    g.update({ name: names.g.textContent, values: J.g, size });
    const marked = reading.row === null ? reading.column : null;
    gradient.update({ name: names.gradient.textContent, values: J.gradient, size, marked });
    board.style.gridTemplateColumns = `max-content ${size * J.n}px`;
    refresh(bars, JSON.stringify(J.directions), () => directionBars(J.directions));
    said.textContent = reading.text || "Point at an entry of this matrix, or of dX.";
    said.classList.toggle("tm-quiet", !reading.text);
  } };
}

/** What gets through along each direction, as bars of the slope γ/s. */
function directionBars(directions) {
  const bar = (share) => make("span", { class: "tm-bar-track" },
    make("span", { class: "tm-bar-fill", style: `width:${Math.min(100, 100 * share)}%` }));
  const head = make("h4", {}, "How much of a change of X gets through");
  return [head, ...directions.map(({ name, text, share }) =>
    make("div", { class: "tm-bn-direction" }, make("span", {}, name), bar(share), make("b", {}, text)))];
}

function buildLab(channel, error, screen) {
  const bar = make("div", { class: "tm-toolbar" }), showBar = labToolbar(channel, bar);
  const graph = graphPanel(channel), batch = batchPanel(channel), step = stepPanel();
  const collapsed = collapsedPanel(channel.point), jacobian = jacobianPanel(channel, channel.point);
  const panels = [graph, batch, step, collapsed, jacobian].map((one) => one.element);
  const place = make("div", { class: "tm-bn-panels" }, ...panels), { more } = collapsed;
  const lies = () => ![place, ...place.querySelectorAll(".tm-panel, .tm-bn-scroll, .tm-array-scroll")].some(overflows);
  const letters = fittedLetters(place, LETTERS, lies);
  let state, opened = false;
  const fit = (on) => {
    if (on !== opened) more.open = opened = on;  // the table is read there, and its title is folded
    graph.fit();
    if (on) letters.fit();
  };
  return {
    parts: [pointLine(POINT), screenButtons(screen, bar, () => fit(true)), bar, error, place],
    stop: graph.destroy,
    fit,
    show(now) {
      state = now;
      showBar(state.controls);
      for (const part of [graph, batch, step, collapsed]) part.update(state);
      if (screen.on()) letters.keep();
    },
    read: (now) => jacobian.update(state, { text: "", row: null, column: null, ...now }),
  };
}

export default widget("tm-explorer tm-batchnorm", buildLab);
