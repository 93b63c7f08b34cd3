// The terms of one entry of dL/dX on the page: factors, products and their sum, and the compact way below them.

import { numbersOf } from "../../kit/channel.js";
import { make } from "../../kit/dom.js";
import { gridDecimals, gridNumber, tintLevel, tintLimit } from "../../kit/numbers.js";
import { flyFrom, flyTo } from "./motion.js";

export const STEP = { lift: 0, upstream: 1, products: 2, fall: 3, sum: 4, compact: 5 };
export const LAST_STEP = STEP.compact;

/** A grid of numbers that only shows, from a step on: {element, cells}. */
function shownGrid({ name, values, labels = [] }, columns, from) {
  const numbers = [...values], decimals = Math.min(4, gridDecimals(numbers)), limit = tintLimit(numbers);
  const label = (i) => (labels.length ? [make("small", {}, labels[i] || "\u00a0")] : []);
  const cells = numbers.map((x, i) =>
    make("div", { class: "tm-cell", "data-tint": tintLevel(x, limit) }, ...label(i), gridNumber(x, decimals)));
  const style = `--tm-columns: ${Math.max(1, Math.min(columns, numbers.length))}`;
  return { cells, element: make("div", { class: "tm-play-box", "data-from": from },
    make("div", { class: "tm-play-name" }, name), make("div", { class: "tm-play-grid", style }, ...cells)) };
}

/** Places for the products where the factors have names of their own: they stand at one height. */
function productLabels([{ labels = [] }]) {
  return labels.map(() => "");
}

/** The factors, their products and their sum; `from` has the steps at which each of them appears. */
function termsPart({ factors, products, columns, rest, sum, total }, name, from) {
  const sign = (text, at) => make("span", { class: "tm-play-sign", "data-from": at }, text);
  const grids = factors.map((one, i) => shownGrid({ ...one, values: numbersOf(one.values) }, columns, from.factors[i]));
  const parts = grids.flatMap(({ element }, i) => (i ? [sign("×", from.factors[i]), element] : [element]));
  const values = numbersOf(products), only = factors.length === 1;
  const results = only ? grids[0] : shownGrid({ name: "products", values, labels: productLabels(factors) },
    columns, from.products);
  if (!only) parts.push(sign("=", from.products), results.element);
  if (rest) parts.push(make("span", { class: "tm-play-rest", "data-from": from.factors[0] }, rest));
  const landing = make("b", { class: "tm-play-total" }, total), before = sum && sum !== total ? `${sum} = ` : "";
  return { grids, results, landing, zeros: [...values.keys()].filter((i) => values[i] === 0), elements: [
    make("div", { class: "tm-play-terms", "aria-hidden": "true" }, ...parts),
    make("p", { class: "tm-play-sum", "data-from": from.sum }, `${name} = ${before}`, landing)] };
}

/** The compact way as a line of NumPy at this entry, with its names and with its numbers. */
function linePart({ line, total }, name) {
  const texts = [line.names, line.numbers].filter(Boolean);
  return [make("p", { class: "tm-play-sum", "data-from": STEP.compact },
    ...texts.flatMap((text, i) => [i ? "= " : `${name} = `, text, make("br")]), "= ",
    make("b", { class: "tm-play-total" }, total))];
}

/** Both ways of one entry: {full, elements}. */
export function playedWays({ name, full, compact }) {
  const whole = termsPart(full, name, { factors: [STEP.lift, STEP.upstream], products: STEP.products, sum: STEP.sum });
  const at = { factors: [STEP.compact, STEP.compact], products: STEP.compact, sum: STEP.compact };
  const way = (title, from, elements) =>
    make("div", { class: "tm-play-way" }, make("h4", { "data-from": from }, title), ...elements);
  const small = compact.line ? linePart(compact, name) : termsPart(compact, name, at).elements;
  return { full: whole, elements: [way("The full way", STEP.lift, whole.elements),
    way("The compact way", STEP.compact, small)] };
}

/** Show what belongs to a step; from one of them on the zeros have fallen away. */
export function showStep(element, { full }, step) {
  for (const part of element.querySelectorAll("[data-from]")) {
    part.classList.toggle("tm-play-yet", Number(part.dataset.from) > step);
  }
  for (const { cells } of [...full.grids, full.results]) {
    for (const i of full.zeros) cells[i].classList.toggle("tm-play-gone", step >= STEP.fall);
  }
}

/** Move what a step moves. seen: where an entry of the tensor, of G and of the gradient stands in the window. */
export function moveStep({ full }, { index, full: { at } }, step, seen, milliseconds) {
  const [slopes, upstream] = full.grids;
  if (step === STEP.lift) flyFrom(slopes.cells, at.map((y) => seen.tensor(y, index)), milliseconds);
  if (step === STEP.upstream) flyFrom(upstream.cells, at.map(seen.upstream), milliseconds);
  if (step === STEP.products) flyFrom(full.results.cells, [], milliseconds);
  if (step === STEP.sum) flyTo(full.landing, seen.gradient(index), milliseconds);
}
