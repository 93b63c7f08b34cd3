// A lens for a tensor whose cells are too small for numbers: the neighbours of an entry, with four digits.

import { make } from "../kit/dom.js";
import { MINUS } from "../kit/numbers.js";
import { entryOnPage, isStructural, entryAt } from "./expand.js";
import { codeOf, inkOn } from "./shades.js";

const LENS_REACH = 2, LENS_SIDE = 2 * LENS_REACH + 1;
export const READABLE = 14;  // CSS pixels: smaller cells have no numbers of their own
const LENS_BESIDE = { touch: [48, -40], mouse: [18, 18] };  // from the pointer; a finger hides what is below it

/** A number in four digits: 0.1235, −12.35, 1.235e−7. */
export function fourDigits(x) {
  if (!Number.isFinite(x)) return String(x).replace("Infinity", "∞").replace("-", MINUS).replace("NaN", "nan");
  const size = Math.abs(x), rough = size !== 0 && (size < 1e-3 || size >= 1e6);
  const text = rough ? Number(x).toExponential(3).replace("e+", "e") : String(Number(x.toPrecision(4)));
  return text.replace(/-/g, MINUS);
}

/** The places of the page around a row and a column: {row, column, inside} each, line by line. */
export function around({ rows, columns }, row, column) {
  return Array.from({ length: LENS_SIDE * LENS_SIDE }, (_, i) => {
    const at = { row: row + Math.floor(i / LENS_SIDE) - LENS_REACH, column: column + i % LENS_SIDE - LENS_REACH };
    const inside = at.row >= 0 && at.row < rows.count && at.column >= 0 && at.column < columns.count;
    return { ...at, inside };
  });
}

/** Does a tile or a block begin with this row or column? */
function begins({ separators }, place) {
  return separators.some(({ every }) => place % every === 0);
}

/** Whether the cells of a tensor are too small for numbers. */
export function tooSmall({ tracks, pixel }) {
  return Boolean(tracks) && Math.min(tracks.rows.cell, tracks.columns.cell) < READABLE * pixel;
}

/** {show(entry, event), again(), hide()}; without an event the lens stands beside the entry itself. */
export function lensOf(view, seenAt) {
  const cells = Array.from({ length: LENS_SIDE * LENS_SIDE }, () => make("div", { class: "tm-lens-cell" }));
  const element = make("div", { class: "tm-lens", popover: "manual", "aria-hidden": "true" }, ...cells);
  let shown = null;
  const hide = () => {
    if (!shown) return;
    shown = null;
    document.removeEventListener("scroll", hide, true);
    element.hidePopover?.();
  };
  const draw = () => {
    const { page, spec, palette, limit } = view, { outer, inner } = shown;
    const row = page.rowOfOuter[outer] + page.rowOfInner[inner];
    around(page, row, page.columnOfOuter[outer] + page.columnOfInner[inner]).forEach((at, i) => {
      const entry = at.inside ? entryOnPage(page, at.row, at.column) : null;
      paintLensCell(cells[i], entry, { spec, palette, limit });
      cells[i].classList.toggle("tm-lens-left", at.inside && i % LENS_SIDE > 0 && begins(page.columns, at.column));
      cells[i].classList.toggle("tm-lens-top", at.inside && i >= LENS_SIDE && begins(page.rows, at.row));
    });
  };
  view.element.append(element);
  return { hide,
    again: () => { if (shown) draw(); },
    show(entry, event) {
      if (!tooSmall(view)) return hide();
      if (!shown) document.addEventListener("scroll", hide, true);
      const moved = shown?.outer !== entry.outer || shown?.inner !== entry.inner;
      shown = entry;
      if (moved) draw();
      element.showPopover?.();
      placeLens(element, event ?? seenAt(entry), LENS_BESIDE[event?.pointerType] ?? LENS_BESIDE.mouse);
    } };
}

/** An entry, or null, in a cell: its number, its colour, and whether it is never anything but 0. */
export function paintLensCell(cell, entry, { spec, palette, limit }, textOf = fourDigits) {
  const value = entry && entryAt(spec, entry.outer, entry.inner);
  const structural = Boolean(entry) && isStructural(spec, entry.outer, entry.inner);
  cell.textContent = entry ? textOf(value) : "";
  cell.classList.toggle("tm-lens-outside", !entry);
  cell.classList.toggle("tm-lens-never", structural);
  const colour = entry && value && !Number.isNaN(value) ? palette.colours[codeOf(value, limit)] : null;
  cell.style.background = colour ? `rgb(${colour.join()})` : "";
  cell.style.color = colour ? inkOn(colour) : "";
}

/** Beside a point of the window, on the other side where there is no room. */
function placeLens(element, { clientX, clientY }, [right, down]) {
  const { width, height } = element.getBoundingClientRect();
  const x = clientX + right + width < window.innerWidth ? clientX + right : clientX - Math.abs(right) - width;
  const y = clientY + down + height < window.innerHeight ? clientY + down : clientY - Math.abs(down) - height;
  element.style.left = `${Math.max(4, x)}px`;
  element.style.top = `${Math.max(4, y)}px`;
}
