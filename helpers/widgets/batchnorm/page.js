// The batch norm lab on the screen: it draws the state that Python decided, and reports gestures.

const STEP_KEYS = { ArrowRight: "step", ArrowLeft: "back", Home: "start", End: "backward", f: "forward", b: "backward" };
const WAYS = [["start", "Start"], ["back", "◀ Back"], ["step", "Step ▶"], ["forward", "All forward"], ["backward", "All backward"]];
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

function labPanel(kind, title, ...children) {
  return make("section", { class: `tm-panel tm-bn-panel-${kind}`, "aria-label": title }, make("h3", {}, title), ...children);
}

/** The choices and sliders above everything. */
function labToolbar(channel, host) {
  const choose = (what) => (value) => channel.send({ kind: "choose", what, value });
  const mode = switcher("Mode", [["training", "training"], ["evaluation", "evaluation"]], choose("mode"));
  const ddof = switcher("Variance", [[0, "biased ÷ N"], [1, "Bessel ÷ (N − 1)"]], choose("ddof"));
  const features = make("span", { class: "tm-bn-choice" }), sliders = make("div", { class: "tm-sliders" });
  const buttons = make("div", { class: "tm-buttons" }, ...["random", "reset", "undo"].map((kind) =>
    make("button", { type: "button", class: "tm-button", onclick: () => channel.send({ kind }) }, kind[0].toUpperCase() + kind.slice(1))));
  host.append(mode.element, ddof.element, features, buttons, sliders);
  let feature = null, rows = [];
  return (controls) => {
    mode.update(controls.mode);
    ddof.element.classList.toggle("tm-unused", controls.mode !== "training");
    ddof.update(controls.ddof);
    refresh(features, `${controls.features}`, () => {
      feature = switcher("Feature", Array.from({ length: controls.features }, (_, f) => [f, String(f)]), choose("feature"));
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
  const buttons = WAYS.map(([how, label]) => make("button", { type: "button", class: `tm-button tm-bn-${how}`, onclick: () => go(how) }, label));
  const place = make("output", { class: "tm-bn-place" });
  const host = make("div", { class: "tm-bn-graph", role: "group", tabindex: "0",
    "aria-label": "Graph of small steps. Right and left arrow: one step further or back. Home: start. F: all forward. B: all backward." });
  host.addEventListener("keydown", (event) => {
    const how = STEP_KEYS[event.key] ?? STEP_KEYS[event.key.toLowerCase()];
    if (!how || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(how);
  });
  const graph = stepGraph(host);
  const legend = make("p", { class: "tm-bn-legend" }, make("span", { class: "tm-bn-key-forward" }, "value"), " of each step, ",
    make("span", { class: "tm-bn-key-back" }, "d = gradient dL/d(it)"), ", of the chosen feature; strips: orange below 0, blue above. Keys: → ← Home F B");
  const element = labPanel("graph", "1 · Small steps, forward and back",
    make("div", { class: "tm-bn-ways" }, ...buttons, place), host, legend);
  return { element, destroy: graph.destroy, update(state) {
    const { step, forward, last } = state.controls;
    place.textContent = step <= forward ? `forward ${step} of ${forward}` : `backward ${step - forward} of ${last - forward}`;
    const off = { start: step === 0, back: step === 0, step: step === last, forward: step === forward, backward: step === last };
    buttons.forEach((button, i) => button.setAttribute("aria-disabled", String(off[WAYS[i][0]])));
    graph.update(state.graph);
  } };
}

/** The step taken last as a table: one column a quantity, one row an example. */
function stepTable(columns) {
  const rows = Math.max(1, ...columns.map((column) => column.values.length));
  const head = columns.flatMap((column) => [
    ...(column.sign ? [make("th", { class: "tm-bn-sign", "aria-hidden": "true" }, column.sign)] : []),
    make("th", { scope: "col", class: column.new ? "tm-bn-new" : "" }, make("b", {}, column.name), make("br"),
      make("small", {}, ...column.axes.flatMap((axis, i) => [i ? ", " : "(", make("i", { class: `tm-axis-${axis.colour}` }, axis.letter)]), ")"))]);
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
  const element = make("section", { class: "tm-panel tm-bn-panel-step", "aria-label": "The step taken last" }, title,
    make("div", { class: "tm-bn-step" }, maths, table), adds, said, path);
  return { element, update({ step, path: dropped }) {
    title.textContent = `3 · ${step.title}`;
    refresh(maths, JSON.stringify(step.maths), () => step.maths.map((line) => make("div", { class: "tm-math" },
      ...line.map((one) => { const part = make("span", {}); part.innerHTML = one; return part; }))));
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
  const handlers = (name) => ({
    newStroke: channel.newStroke,
    onUndo: () => channel.send({ kind: "undo" }),
    onEdit: (index, value, stroke) => channel.send({ kind: "edit", name, index, value: wireNumber(value), stroke, place: `${name} ${index}` }),
  });
  const element = labPanel("batch", "2 · Batch X and upstream gradient G = dL/dY", host, notes);
  return { element, update({ arrays, notes: lines }) {
    refresh(host, arrays.map((spec) => spec.key).join(), () => arrays.map((spec) => {
      const box = make("div", { class: "tm-grid-box" });
      grids.set(spec.key, arrayGrid(box, handlers(spec.key)));
      return box;
    }));
    for (const spec of arrays) grids.get(spec.key).update({ ...spec, values: numbersOf(spec.values) });
    refresh(notes, lines.join(), () => lines.map((line) => make("p", {}, line)));
  } };
}

/** The collapsed formula, one feature's gradient twice, and the sums that must be 0. */
function collapsedPanel(onPoint) {
  const math = make("div", { class: "tm-math" }), numpy = make("code", { class: "tm-numpy" });
  const table = make("table", { class: "tm-bn-table", role: "grid" }), verdict = make("p", { class: "tm-verdict", role: "status" });
  const sums = make("div", { class: "tm-bn-scroll" }), note = make("p", { class: "tm-bn-note" });
  let shown = null;
  const rove = roving(table, (index) => onPoint(index === null ? {} :
    { place: "dX", index: Math.floor(index / 3) * shown.features + shown.feature }));
  const element = labPanel("collapsed", "4 · All steps in one formula", math, numpy, make("div", { class: "tm-bn-scroll" }, table), verdict, sums, note);
  return { element, update({ collapsed, sums: totals }) {
    shown = collapsed;
    setMath(math, collapsed.math);
    numpy.textContent = collapsed.numpy;
    refresh(table, JSON.stringify([collapsed.rows, collapsed.finished, collapsed.feature]), () => gradientTable(collapsed, rove));
    const mark = collapsed.finished ? (collapsed.same ? "✓ " : "✗ ") : "";
    verdict.className = `tm-verdict ${collapsed.finished ? (collapsed.same ? "tm-same" : "tm-different") : "tm-bn-waits"}`;
    verdict.textContent = mark + collapsed.text;
    refresh(sums, JSON.stringify(totals.rows), () => (totals.rows.length ? [sumsTable(totals.rows)] : []));
    note.textContent = totals.text;
  } };
}

/** dX of the feature by the formula, by the steps once they are done, and the difference. */
function gradientTable({ rows, finished, feature, steps, values }, rove) {
  const titles = ["by the formula", `by ${steps} steps`, "difference"], limit = largestOf(values);
  const lines = rows.map((row, n) => [row[1], finished ? row[0] : "–", finished ? row[2] : "–"].map((text, i) => {
    const cell = make("td", { class: i ? "" : "tm-tint tm-bn-new", role: "gridcell", "aria-label": `dX[${n},${feature}] ${titles[i]}: ${text}` }, text);
    if (!i) setTint(cell, values[n], limit);
    return cell;
  }));
  rove(lines.flat(), 3);
  const head = titles.map((title, i) => make("th", { scope: "col", role: "columnheader" }, i ? "" : `dX[:,${feature}] `, title));
  return [make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...head)),
    make("tbody", { role: "rowgroup" }, ...lines.map((cells) => make("tr", { role: "row" }, ...cells)))];
}

function sumsTable(rows) {
  const features = rows[0].texts.map((_, h) => make("th", { scope: "col", class: "tm-axis-1" }, `h=${h}`));
  return make("table", { class: "tm-bn-table tm-bn-sums" }, make("thead", {}, make("tr", {}, make("td", {}), ...features)),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row.name),
      ...row.texts.map((text, h) => make("td", { class: row.zero[h] ? "tm-same" : "" }, row.zero[h] ? `${text} ✓` : text))))));
}

/** The Jacobian of one feature: three parts, their sum so far, G beside it and the gradient below. */
function jacobianPanel(channel, onPoint) {
  const adder = switcher("Parts added up", PART_CHOICES, (value) => channel.send({ kind: "choose", what: "parts", value }));
  const parts = ["identity", "mean part", "x̂ part"].map((name) => ({ matrix: smallMatrix(name), math: make("div", { class: "tm-math" }) }));
  const sum = sumMatrix((index) => onPoint(index === null ? {} : { place: "J", index }));
  const g = heatStrip("column"), gradient = heatStrip("row"), bars = make("div", { class: "tm-bn-directions" });
  const names = { g: make("span"), gradient: make("span"), sum: make("b") };
  const said = make("p", { class: "tm-reading", role: "status" });
  const sign = (text) => make("b", { class: "tm-bn-plus", "aria-hidden": "true" }, text);
  const row = parts.map(({ matrix, math }) => make("div", { class: "tm-bn-part" }, math, matrix.element));
  row.splice(2, 0, sign("+"));
  row.splice(1, 0, sign("+"));
  const board = make("div", { class: "tm-bn-board" }, names.g, names.sum, g.element, sum.element, names.gradient, gradient.element);
  const element = labPanel("jacobian", "5 · The Jacobian of one feature, taken apart", adder.element,
    make("div", { class: "tm-bn-result" }, make("div", { class: "tm-bn-parts" }, ...row), sign("="), board), bars, said);
  return { element, update({ jacobian: J, controls }, reading) {
    const size = heatCell(J.n, 244), f = J.feature;
    adder.update(J.training ? controls.parts : Math.min(controls.parts, 1));
    [...adder.element.children].forEach((button, i) => { button.disabled = i > 1 && !J.training; });
    parts.forEach(({ matrix, math }, i) => {
      setMath(math, J.parts[i].math);
      matrix.update({ n: J.n, values: J.parts[i].values, limit: J.limit, used: i < controls.parts,
        said: i < controls.parts ? "added" : "not added yet" });
    });
    names.g.textContent = `G[:,${f}]`;
    names.sum.textContent = `∂Y[n,${f}]/∂X[n′,${f}]${J.finished ? "" : `, ${controls.parts} of 3 parts`}`;
    names.gradient.textContent = J.finished ? `dX[:,${f}]` : "Gᵀ·sum";
    sum.update({ n: J.n, values: J.sum, limit: J.limit, size, feature: f, marks: reading });
    g.update({ name: names.g.textContent, values: J.g, size });
    gradient.update({ name: names.gradient.textContent, values: J.gradient, size, marked: reading.row === null ? reading.column : null });
    board.style.gridTemplateColumns = `max-content ${size * J.n}px`;
    refresh(bars, JSON.stringify(J.directions), () => directionBars(J.directions));
    said.textContent = reading.text || `Point at an entry of this matrix or of dX: its numbers appear here.`;
    said.classList.toggle("tm-quiet", !reading.text);
  } };
}

/** What gets through along each direction, as bars of the slope γ/s. */
function directionBars(directions) {
  return [make("h4", {}, "How much of a change of X gets through to Y when"), ...directions.map(({ name, text, share }) =>
    make("div", { class: "tm-bn-direction" }, make("span", {}, name), make("span", { class: "tm-bar-track" },
      make("span", { class: "tm-bar-fill", style: `width:${Math.min(100, 100 * share)}%` })), make("b", {}, text)))];
}

function render({ model, el }) {
  const channel = channelOf(model);
  const bar = make("div", { class: "tm-toolbar" }), error = make("p", { class: "tm-error", role: "alert" });
  const onPoint = (place) => { model.set("pointer", place); model.save_changes(); };
  const path = switcher("Path from the variance to the mean", [[1, "kept"], [0, "dropped"]], (value) => channel.send({ kind: "choose", what: "path", value }));
  const graph = graphPanel(channel), batch = batchPanel(channel), step = stepPanel();
  const collapsed = collapsedPanel(onPoint), jacobian = jacobianPanel(channel, onPoint);
  const pathChoice = make("span", { class: "tm-bn-choice" }, "path v → μ", path.element);
  graph.element.querySelector(".tm-bn-ways").append(pathChoice);
  const root = make("div", { class: "tm-root tm-explorer tm-batchnorm", "data-lm-suppress-shortcuts": "true" }, bar, error,
    make("div", { class: "tm-bn-panels" }, graph.element, batch.element, step.element, collapsed.element, jacobian.element));
  // JupyterLab's shortcuts ask the focused element itself before they ask what is around it.
  keepKeys(root);
  el.append(root);
  const showBar = labToolbar(channel, bar);
  let state;
  const readingNow = () => ({ text: "", row: null, column: null, ...model.get("reading") });
  const showReading = () => jacobian.update(state, readingNow());
  const showState = () => {
    state = model.get("state");
    error.textContent = state.error;
    showBar(state.controls);
    pathChoice.classList.toggle("tm-bn-hidden", !state.path.shown);
    path.update(state.controls.path);
    for (const part of [graph, batch, step, collapsed]) part.update(state);
    showReading();
  };
  model.on("change:state", showState);
  model.on("change:reading", showReading);
  showState();
  return () => {
    model.off("change:state", showState);
    model.off("change:reading", showReading);
    graph.destroy();
  };
}

export default { render };
