// The explorer on the screen: it draws the state that Python decided, and reports gestures.

import { numbersOf } from "../kit/channel.js";
import { choice, handFirst, sliderRow, switcher } from "../kit/controls.js";
import { gestureButtons, madeMath, make, panel, pointLine, refresh, setMath, setText } from "../kit/dom.js";
import { widget } from "../kit/mount.js";
import { arrayGrid, gridHandlers } from "../array/array.js";
import { tensorView } from "../tensor/tensor.js";
import { lightFactors, listenToFactors } from "./linked.js";
import { listenToEntries, playPanel } from "./play/play.js";
import { STEP } from "./play/terms.js";
import { PROJECTED_DECIMALS, wholeScreen } from "./screen.js";
import { spokenLine } from "./spoken.js";
import { axisSlider, verdictPanel } from "./verdict.js";

const POINT = "How can so few numbers do the work of a huge tensor? Change an input, and compare both ways.";
// Where grids stand, as Python names the places.
const SHELVES = ["forward", "upstream", "full", "kept", "compact"];

/** A spec from Python with its bytes as numbers. */
function decoded(spec) {
  return { ...spec, values: numbersOf(spec.values) };
}

/** Axis sizes in brackets, every axis in its colour. */
function shapeParts(axes) {
  const parts = axes.flatMap((axis, i) => [i ? ", " : "",
    make("span", { class: `tm-axis-${axis.colour}`, title: `axis ${axis.letter}${axis.mark}` },
      `${axis.letter}${axis.mark}=${axis.size}`)]);
  return ["(", ...parts, ")"];
}

/** Grids by name in a host, made when they first appear and removed when they are gone. */
function gridShelf(host, channel) {
  const grids = new Map();
  const handlers = (name) => ({
    ...gridHandlers(channel, name),
    onPoint: (index) => channel.point(index === null ? {} : { place: name, index }),
  });
  return (arrays, marks) => {
    const wanted = Object.keys(arrays);
    for (const name of [...grids.keys()].filter((old) => !wanted.includes(old))) {
      grids.get(name).box.remove();
      grids.delete(name);
    }
    for (const name of wanted) {
      if (!grids.has(name)) {
        const box = make("div", { class: "tm-grid-box", "data-array": name });
        host.append(box);
        grids.set(name, { box, grid: arrayGrid(box, handlers(name)) });
      }
      grids.get(name).grid.update(arrays[name], marks[name] ?? []);
    }
  };
}

/** The row of choices above the story. */
function toolbar(channel, host) {
  const choose = (what) => (value) => channel.send({ kind: "choose", what, value });
  const stroked = (kind, key) => (item, value, stroke) => channel.send(
    { kind, [key]: item[key], value, stroke, place: `${kind} ${item[key]}` });
  const operation = choice("Operation", choose("operation"));
  const wrt = choice("Differentiate by", choose("wrt"));
  const sizes = make("div", { class: "tm-sliders" });
  const parameters = make("div", { class: "tm-sliders" });
  const layout = switcher("Layout of the derivative", ["numerator", "denominator"], choose("layout"));
  const mode = switcher("Picture of the derivative", ["tiles", "blocks"], choose("mode"));
  host.append(operation.element, wrt.element, sizes, parameters, layout.element, mode.element);
  const showSizes = sliderRow(sizes, axisSlider("size of axis"), stroked("size", "letter"));
  const showParameters = sliderRow(parameters, ({ name, low, high, step }) => ({
    label: name.replaceAll("_", " "), options: { low, high, step } }), stroked("parameter", "name"));
  return (controls) => {
    operation.update(controls.operations, controls.operation);
    wrt.update(controls.inputs, controls.wrt);
    showSizes(controls.sizes);
    showParameters(controls.parameters);
    layout.update(controls.layout);
    mode.update(controls.mode);
  };
}

/** The line with the point of the screen in numbers. */
function headline(host) {
  return (head) => refresh(host, JSON.stringify(head), () => [
    make("b", {}, head.name), " has shape ", make("b", {}, ...shapeParts(head.shape)), ": ",
    make("b", {}, head.entries), " entries, ", make("b", {}, head.zeros), " of them 0.",
    make("span", { class: "tm-keeps" }, " The compact way keeps ", make("b", { class: "tm-kept" }, head.kept), "."),
  ]);
}

/** The derivation on paper, step by step; Python writes it when it is opened. */
function derivationFold(channel) {
  const steps = make("ol", { class: "tm-steps" });
  const element = make("details", { class: "tm-derivation", ontoggle: () => {
    if (element.open !== shown) hand.send(shown = element.open);
  } }, make("summary", {}, "The derivation, step by step"), steps);
  let shown = false;
  const hand = handFirst((on) => channel.send({ kind: "derive", on, place: "derive" }), (derivation) => {
    shown = Boolean(derivation);
    element.open = shown;
    refresh(steps, JSON.stringify(derivation), () => (derivation ?? []).map(([title, mathml]) =>
      make("li", {}, make("span", { class: "tm-step-title" }, title), madeMath("div", { class: "tm-math" }, mathml))));
  });
  return { element, update: hand.show };
}

/** The panel that plays an entry of the gradient, chosen in one of these grids or in the tensor. */
function player(channel, grids, tensor) {
  let state = null, pointed = null;
  const cellOf = (host, index) => host.querySelector(`.tm-cell[data-index="${index}"]`);
  const cell = (host, index) => cellOf(host, index)?.getBoundingClientRect();
  const landed = (index, step) => {  // no number is seen before it was added up
    for (const [host, from] of [[grids.full, STEP.sum], [grids.compact, STEP.compact]]) {
      host.querySelector(".tm-play-awaits")?.classList.remove("tm-play-awaits");
      if (step < from) cellOf(host, index)?.classList.add("tm-play-awaits");
    }
  };
  const onPage = (y, x) => (state.controls.layout === "numerator" ? { outer: y, inner: x } : { outer: x, inner: y });
  const one = playPanel(channel, { tensor: (y, x) => tensor.view.seenAt(onPage(y, x)),
    upstream: (y) => cell(grids.upstream, y), gradient: (x) => cell(grids.full, x), landed });
  for (const host of [grids.full, grids.compact]) listenToEntries(host, one);
  const begin = () => { if (pointed) one.begin(pointed); };
  tensor.box.addEventListener("dblclick", begin);
  tensor.box.addEventListener("keydown", ({ key }) => { if (key === "Enter") begin(); });
  return { ...one, point(at) { pointed = at; }, update(now) {
    if (now === state) return;
    state = now;
    one.update(now.play);
    one.element.parentElement.classList.toggle("tm-playing", Boolean(now.play));
  } };
}

/** Panels one to four, and the functions that fill them. */
function story(channel) {
  const slot = (name) => make("div", { class: name });
  const math = Object.fromEntries(["forward", "full", "entry", "compact"].map((name) => [name, slot("tm-math")]));
  const grids = Object.fromEntries(SHELVES.map((name) => [name, slot("tm-grids")]));
  const shelves = Object.fromEntries(SHELVES.map((name) => [name, gridShelf(grids[name], channel)]));
  const upstream = make("p", { class: "tm-note" });
  const tensor = make("div", { class: "tm-tensor-box", "data-array": "J" });
  const numpy = make("code", { class: "tm-numpy" }), why = make("p", { class: "tm-why" });
  const derivation = derivationFold(channel);
  const big = { box: tensor }, played = player(channel, grids, big);
  const view = big.view = tensorView(tensor, { onPoint(at) {
    played.point(at);
    channel.point(at ? { place: "J", ...at } : {});
  } });
  const way = (...parts) => make("div", { class: "tm-way" }, ...parts);
  const side = make("div", { class: "tm-side" },
    panel("tm-panel-forward", "1 · Forward", math.forward, grids.forward,
      make("div", { class: "tm-buttons" }, ...gestureButtons(channel, "random", "reset", "undo", "redo"))),
    panel("tm-panel-upstream", "2 · Upstream gradient", upstream, grids.upstream));
  const panels = [side,
    panel("tm-panel-full", "3 · The full way", played.open, math.entry, tensor,
      make("div", { class: "tm-result" }, math.full, grids.full)),
    panel("tm-panel-compact", "4 · The compact way", math.compact, numpy, why, derivation.element, grids.kept,
      make("div", { class: "tm-result" }, grids.compact)),
  ];
  for (const one of panels.slice(1)) one.replaceChildren(way(...[...one.children].slice(0, -1)), one.lastChild);
  panels.push(played.element);
  return { panels, view, tensor, stop() { view.destroy(); played.stop(); }, update(state, reading) {
    for (const name of Object.keys(math)) setMath(math[name], state.math[name]);
    setText(numpy, state.numpy);
    setText(why, `Why: ${state.why}.`);
    derivation.update(state.derivation);
    setText(upstream, state.upstream);
    for (const name of SHELVES) shelves[name](state.arrays[name], reading.marks);
    view.update(state.tensor, reading);
    played.update(state);
  } };
}

/** The tensor with its core as numbers; the old one when nothing in it changed, so that its picture stays. */
function decodedTensorAfter(old, { core, ...rest }) {
  const values = numbersOf(core.values, core.dtype), key = JSON.stringify([rest, core.letters]);
  const same = old?.key === key && values.every((value, i) => Object.is(value, old.core.values[i]));
  return same ? old : { ...rest, key, core: { ...core, values } };
}

/** The state with its bytes as numbers, at most so many decimals, the tensor as it was if it is the same. */
function decodedState(state, oldTensor, decimals) {
  const each = (record, change) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
  const arrays = each(state.arrays, (shelf) => each(shelf, (spec) => ({ ...decoded(spec), decimals })));
  return { ...state, arrays, tensor: decodedTensorAfter(oldTensor, state.tensor) };
}

function buildExplorer(channel, error, screen) {
  const bar = make("div", { class: "tm-toolbar" }), head = make("p", { class: "tm-headline" });
  const { panels, view, tensor, stop, update } = story(channel), verdict = verdictPanel(channel);
  const place = make("div", { class: "tm-panels" }, ...panels, verdict.element), spoken = spokenLine(place);
  listenToFactors(place, channel);
  const showBar = toolbar(channel, bar), showHead = headline(head);
  const wide = wholeScreen(screen, bar, place, view, tensor);
  const hint = (wrt) => `Point at dL/d${wrt} to read its sum, at G to see which tile it multiplies, ` +
    "at the big tensor for its rule. Double-click an entry to play it.";
  let sent, state;
  const builder = { parts: [pointLine(POINT), wide.buttons, bar, error, head, spoken.line, place, spoken.tip], stop };
  builder.show = (now) => {
    sent = now;
    state = decodedState(now, state?.tensor, screen.on() ? PROJECTED_DECIMALS : undefined);
    showBar(state.controls);
    showHead(state.headline);
    verdict.update(state);
  };
  builder.read = (now) => {
    const reading = { text: "", marks: {}, outer: null, inner: null, ...now };
    spoken.say(reading.text, hint(state.controls.wrt));
    update(state, reading);
    lightFactors(place, reading);
    wide.keep(JSON.stringify(state.headline.shape) + state.controls.operation + state.play?.name);
  };
  builder.fit = (on) => {
    builder.show(sent);
    update(state, { marks: {}, outer: null, inner: null });
    wide.fit(on);
  };
  return builder;
}

export default widget("tm-explorer tm-jacobian", buildExplorer);
