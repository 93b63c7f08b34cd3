// One tile with its numbers, large, for a screen where the cells of the tensor are too small for any.

import { make } from "../kit/dom.js";
import { axisName } from "./expand.js";
import { paintLensCell, tooSmall } from "./lens.js";
import { evenNumber, shortNumber } from "./shades.js";

const MOST = 36, DECIMALS = 2;

/** `n=1, k=0`: the indices of a flat place along these axes. Pure. */
export function placeName(axes, place) {
  const parts = [];
  for (const axis of [...axes].reverse()) {
    parts.unshift(`${axisName(axis)}=${place % axis.size}`);
    place = Math.floor(place / axis.size);
  }
  return parts.join(", ");
}

/**
 * The tile that is pointed at, else the first, in a corner of `host` that the tensor leaves free. draw(): anew;
 * `view.far` says whether it is wanted at all.
 */
export function tilePane(view, host) {
  const name = make("div", { class: "tm-tile-name" }), grid = make("div", { class: "tm-tile-cells" });
  const element = make("div", { class: "tm-tile", "aria-hidden": "true" }, name, grid);
  const free = () => host.clientWidth - view.canvas.clientWidth >= element.offsetWidth ||
    host.clientHeight - view.canvas.clientHeight >= element.offsetHeight;
  const draw = () => {
    element.remove();
    const { spec, page, palette, limit } = view, count = view.far && spec ? countIn(spec.inner) : Infinity;
    if (count > MOST || !page?.tiles || spec.inner.length > 2 || !tooSmall(view)) return;
    const { outer, inner } = view.pointed ?? view.highlight, at = outer ?? 0;
    const numbers = Array.from(spec.core.values), textOf = evenNumber(numbers, DECIMALS, shortNumber);
    name.textContent = placeName(spec.outer, at);
    grid.style.gridTemplateColumns = `repeat(${spec.inner.at(-1)?.size ?? 1}, auto)`;
    grid.replaceChildren(...Array.from({ length: count }, (_, i) => {
      const cell = make("div", { class: `tm-lens-cell${i === inner ? " tm-tile-now" : ""}` });
      paintLensCell(cell, { outer: at, inner: i }, { spec, palette, limit }, textOf);
      return cell;
    }));
    host.append(element);
    if (!free()) element.remove();
  };
  return { draw };
}

const countIn = (axes) => axes.reduce((count, { size }) => count * size, 1);
