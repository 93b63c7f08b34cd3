// Labelled controls, each {element, update(value)}, all under one rule: the hand comes first.

import { newStroke } from "./channel.js";
import { make, refresh, setText } from "./dom.js";

/**
 * The one rule of every control: an answer older than what the hand has done since does not overwrite it.
 * `send` gives what channel.send gives, `show` draws what Python says; both come back with the rule between them.
 */
export function handFirst(send, show) {
  let told = null;
  return {
    send: (...args) => { told = send(...args); },
    show: (...args) => { if (typeof told !== "function" || told()) show(...args); },
  };
}

export const BURST = 1000;  // milliseconds; presses closer than this are one stroke

/** The stroke of every change of a slider: one drag, or presses in quick succession, are undone as one. */
function strokesOf(range) {
  let stroke = 0, last = -Infinity, held = false;
  range.addEventListener("pointerdown", () => { held = true; last = -Infinity; });
  range.addEventListener("change", () => { if (held) [held, last] = [false, -Infinity]; });
  return () => {
    const now = performance.now(), goes = last > -Infinity && (held || now - last < BURST);
    last = now;
    stroke = goes ? stroke : newStroke();
    return stroke;
  };
}

/** A labelled choice from a list. */
export function choice(label, onChange) {
  const hand = handFirst(onChange, (options, value) => {
    refresh(select, options.join(), () => options.map((option) => make("option", { value: option }, option)));
    select.value = value;
  });
  const select = make("select", { "aria-label": label, onchange: () => hand.send(select.value) });
  return { element: make("label", { class: "tm-choice" }, make("span", {}, label), select), update: hand.show };
}

/** Two or more buttons; Python says which is pressed. An option is a text, or a value with its text. */
export function switcher(label, options, onChange) {
  const pairs = options.map((option) => (Array.isArray(option) ? option : [option, option]));
  const draw = (value) =>
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(pairs[i][0] === value)));
  const hand = handFirst(onChange, draw);
  const buttons = pairs.map(([value, text]) =>
    make("button", { type: "button", onclick: () => hand.send(value) }, text));
  const element = make("div", { class: "tm-switch", role: "group", "aria-label": label }, ...buttons);
  return { element, update: hand.show };
}

/** Slider positions of a size that may be huge: powers of two. */
export const sizeOfPosition = (position) => 2 ** position;
export const positionOfSize = (size) => Math.round(Math.log2(Math.max(size, 1)));

/** A slider's value in figures: sizes whole, others with three digits. */
export function figureText(value) {
  return (Number.isInteger(value) ? WHOLE : ROUNDED).format(value);
}
const WHOLE = new Intl.NumberFormat("en-US");  // made once: each one costs half a millisecond
const ROUNDED = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** What a slider's positions mean: themselves, powers of two, or places in a list. */
function scaleOf({ low, high, step = 1, scale, values }) {
  if (values) {
    const far = (value, i) => Math.abs(values[i] - value);
    const toPosition = (value) => values.reduce((best, _, i) => (far(value, i) < far(value, best) ? i : best), 0);
    return { min: 0, max: values.length - 1, step: 1, toValue: (position) => values[position], toPosition };
  }
  if (scale === "powers") {
    return { min: 0, max: positionOfSize(high), step: 1, toValue: sizeOfPosition, toPosition: positionOfSize };
  }
  return { min: low, max: high, step, toValue: (position) => position, toPosition: (value) => value };
}

/**
 * The range input of every slider: {range, update(value), move(value)}. onChange(value, stroke); say(value) where
 * the page writes the figure itself.
 */
export function slidingRange(says, options, onChange, say = () => {}) {
  const { toValue, toPosition, ...limits } = scaleOf(options);
  const oninput = () => tell(toValue(Number(range.value)));
  const range = make("input", { type: "range", "aria-label": says, ...limits, oninput });
  const stroke = strokesOf(range);
  const draw = (value) => {
    const position = String(toPosition(value));
    if (range.value !== position) range.value = position;
    say(value);
  };
  const hand = handFirst((value) => onChange(value, stroke()), draw);
  const tell = (value) => { say(value); hand.send(value); };
  return { range, update: hand.show, move(value) { draw(value); hand.send(value); } };
}

/** A slider with its name and its value in figures; `options` also says how its positions are meant. */
export function slider(label, { className = "", says = label, ...options }, onChange) {
  const figure = make("output", { class: "tm-figure" });
  const one = slidingRange(says, options, onChange, (value) => {
    const text = figureText(value);
    setText(figure, text);
    if (one.range.ariaValueText !== text) one.range.ariaValueText = text;
  });
  const name = make("span", { class: className }, label);
  return { ...one, element: make("label", { class: "tm-slider" }, name, one.range, figure) };
}

/** A row of sliders made anew only when other ones are wanted. */
export function sliderRow(host, describe, onChange) {
  let sliders = [];
  return (items) => {
    const wanted = items.map(describe);
    refresh(host, JSON.stringify(wanted), () => {
      sliders = wanted.map(({ label, options }, i) =>
        slider(label, options, (value, stroke) => onChange(items[i], value, stroke)));
      return sliders.map((one) => one.element);
    });
    sliders.forEach((one, i) => one.update(items[i].size ?? items[i].value));
  };
}
