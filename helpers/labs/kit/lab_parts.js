// The parts of a lab: its controls, its read-outs, and where a point of the picture lies in numbers.

import { newStroke } from "../../widgets/kit/channel.js";
import { choice, handFirst, slider } from "../../widgets/kit/controls.js";
import { lowered, madeMath, make, pushButton, refresh } from "../../widgets/kit/dom.js";

/** A share 0 … 1 between two limits as a number, and back; on a log axis in logarithms. */
export function numberAt(share, [low, high], log) {
  return log ? low * (high / low) ** share : low + (high - low) * share;
}
export function shareOf(value, [low, high], log) {
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** The data coordinates of a point of the picture, given in shares of its width and height. */
export function toData({ box: [left, top, width, height], x, y, xlog, ylog }, [across, down]) {
  return [numberAt((across - left) / width, x, xlog), numberAt(1 - (down - top) / height, y, ylog)];
}

/** Where data coordinates lie in the picture, in shares of its width and height. */
export function toShares({ box: [left, top, width, height], x, y, xlog, ylog }, [a, b]) {
  return [left + width * shareOf(a, x, xlog), top + height * (1 - shareOf(b, y, ylog))];
}

/** The handle nearest to a point of the picture, among those of the Axes that it lies in; or null. */
export function nearestHandle(picture, handles, [across, down]) {
  const inside = ({ box: [left, top, width, height] }) =>
    across >= left - 0.02 && across <= left + width + 0.02 && down >= top - 0.03 && down <= top + height + 0.03;
  const far = (handle) => {
    const [x, y] = toShares(picture.axes[handle.axes], [handle.x, handle.y]);
    return Math.hypot((x - across) * picture.width, (y - down) * picture.height);
  };
  const near = handles.filter((handle) => inside(picture.axes[handle.axes]));
  return near.reduce((best, handle) => best === null || far(handle) < far(best) ? handle : best, null);
}

/** How many of these boxes are nearer to a window of this height than one of them; those in it are at no distance. */
export function turnOf(one, boxes, height) {
  const far = ({ top, bottom }) => Math.max(0, top - height, -bottom);
  return boxes.filter((other) => far(other) < far(one)).length;
}

/** Where an arrow key takes a handle: one step, ten with Shift, a tenth with Alt; of a list the next number. */
export function keyMove({ x, y, step, moves, values }, { key, shiftKey, altKey }) {
  const [right, up] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[key] ?? [0, 0];
  const along = moves === "x" ? [right + up, 0] : moves === "y" ? [0, right + up] : [right, up];
  if (values && (right || up)) {
    const now = moves === "x" ? x : y;
    const next = (right + up > 0 ? values.find((one) => one > now) : values.findLast((one) => one < now)) ?? now;
    return moves === "x" ? [next, y] : [x, next];
  }
  const times = shiftKey ? 10 : altKey ? 0.1 : 1;
  return along[0] || along[1] ? [x + along[0] * step[0] * times, y + along[1] * step[1] * times] : null;
}

/** Buttons that are on or off; `one`: a press chooses that one alone. */
export function toggles(label, one, onChange) {
  let now = [], buttons = new Map();
  const host = make("div", { class: "tm-toggles", role: "group", "aria-label": label });
  const draw = (pressed) => {
    now = pressed;
    for (const [option, button] of buttons) button.setAttribute("aria-pressed", String(now.includes(option)));
  };
  const hand = handFirst(onChange, (options, value) => {
    refresh(host, options.join(), () => {
      buttons = new Map(options.map((option) =>
        [option, make("button", { type: "button", onclick: () => press(option) }, option)]));
      return [...buttons.values()];
    });
    draw(one ? [value] : value);
  });
  const press = (option) => {
    draw(one ? [option] : now.includes(option) ? now.filter((old) => old !== option) : [...now, option]);
    hand.send(one ? option : now);
  };
  const name = make("span", { "aria-hidden": "true" }, label);
  return { element: make("div", { class: "tm-lab-choice" }, name, host), update: hand.show };
}

/** A slider with a button that lets it run to its end; it pauses while Python is busy. */
function playing(control, spec, isBusy) {
  let timer = null, value = spec.value;
  const stop = () => { clearInterval(timer); timer = null; say(); };
  const button = pushButton("", () => (timer ? stop() : start()), { class: "tm-button tm-play" });
  const say = () => {
    button.textContent = timer ? "❚❚" : "▶";
    button.setAttribute("aria-label", `${timer ? "Pause" : "Play"} ${spec.label}`);
  };
  const start = () => {
    if (value >= spec.high) control.move(spec.low);
    timer = setInterval(() => {
      if (!button.isConnected || value >= spec.high) return stop();
      if (!isBusy()) control.move(Math.min(value + spec.step, spec.high));
    }, 150);
    say();
  };
  say();
  return { element: make("div", { class: "tm-lab-playing" }, control.element, button), stop,
    update(now) { value = now; control.update(now); } };
}

/** One control of a lab: {element, update(spec)}. */
export function labControl(spec, send, isBusy) {
  const { kind, name, label } = spec;
  const set = (value, stroke) => send({ kind: "set", place: name, value, stroke });
  if (kind === "slider") {
    const plain = slider(label, spec, set);
    const one = spec.plays ? playing(plain, spec, isBusy) : plain;
    return { element: one.element, stop: one.stop, update: (now) => one.update(now.value) };
  }
  if (kind === "tick") {
    const hand = handFirst(set, (now) => { box.checked = now.value; });
    const box = make("input", { type: "checkbox", onchange: () => hand.send(box.checked, newStroke()) });
    return { element: make("label", { class: "tm-tick" }, box, label), update: hand.show };
  }
  if (kind === "press") {
    const button = pushButton(label, () => send({ kind: "press", place: name }));
    // One that rests keeps the focus that is on it, and says why when it is pressed.
    return { element: button, update: ({ value }) => button.setAttribute("aria-disabled", String(value === false)) };
  }
  const once = (value) => send({ kind: "set", place: name, value });
  const many = kind === "several", long = spec.options.join("").length > 24 && !many;
  const one = long ? choice(label, once) : toggles(label, !many, once);
  return { element: one.element, update: (now) => one.update(now.options, now.value) };
}

/** A matrix in brackets, its cells in a grid. */
function matrixPart({ name, rows, marked }) {
  const columns = rows[0]?.length ?? 0, isMarked = (i, j) => marked.some(([a, b]) => a === i && b === j);
  const cells = rows.flatMap((row, i) =>
    row.map((text, j) => make("span", { class: isMarked(i, j) ? "tm-marked" : "" }, text)));
  const numbers = rows.map((row) => row.join(" ")).join("; ");
  const label = `${name.replaceAll("_", " ")}, ${rows.length} by ${columns}: ${numbers}`;
  return make("span", { class: "tm-matrix", role: "img", "aria-label": label },
    make("span", { class: "tm-matrix-cells", style: `grid-template-columns: repeat(${columns}, auto)` }, ...cells),
    make("span", { class: "tm-matrix-name" }, ...lowered(name), " ", make("small", {}, `${rows.length}×${columns}`)));
}

const readLabel = (label) => make("span", { class: "tm-read-label" }, label);

const READOUTS = {
  value: ({ label, text, tone }) => [readLabel(label), make("b", { class: `tm-tone-${tone}` }, text)],
  note: ({ text, tone }) => [make("span", { class: `tm-tone-${tone}` }, text)],
  table: ({ label, columns, rows, marked }) => [make("table", {}, make("caption", {}, label),
    make("tr", {}, ...columns.map((text) => (text ? make("th", { scope: "col" }, text) : make("td")))),
    ...rows.map((row, i) => make("tr", {}, ...row.map((text, j) =>
      make("td", { class: marked.some(([a, b]) => a === i && b === j) ? "tm-marked" : "" }, text)))))],
  matrices: ({ label, parts }) => [readLabel(label), make("span", { class: "tm-matrices" },
    ...parts.map((part) => typeof part === "string" ? make("span", { class: "tm-sign" }, part) : matrixPart(part)))],
  steps: ({ lists }) => lists.map(({ label, steps }) => make("div", {}, readLabel(label),
    make("ol", {}, ...steps.map(({ title, text, mathml, shown }) =>
      make("li", { class: shown ? "" : "tm-later" }, make("div", { class: "tm-step-title" }, title),
        mathml ? madeMath("div", { class: "tm-math" }, mathml) : make("div", {}, text)))))),
  math: ({ label, mathml }) => [readLabel(label), madeMath("span", { class: "tm-math" }, mathml)],
};

/** The read-outs of a lab; only those that changed are drawn again. */
export function readoutRow(host) {
  return (readouts) => {
    refresh(host, readouts.map(({ kind }) => kind).join(), () =>
      readouts.map(({ kind }) => make("div", { class: `tm-read tm-read-${kind}` })));
    readouts.forEach((one, i) => refresh(host.children[i], JSON.stringify(one), () => READOUTS[one.kind](one)));
  };
}
