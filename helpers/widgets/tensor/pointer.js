// What a pointer and the arrow keys do on the picture of a tensor.

import { describeEntry, entryAt, entryOnPage } from "./expand.js";
import { cellsAt } from "./tracks.js";

const TENSOR_KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Hear pointer and keys; point(entry, event) marks an entry, or with null none; the event is that of a pointer. */
export function listenToTensor(view, point) {
  const { element } = view;
  const follow = (event) => point(entryUnder(view, event), event);
  for (const kind of ["pointermove", "pointerdown"]) element.addEventListener(kind, follow);
  element.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") point(null); });
  element.addEventListener("blur", () => point(null));
  element.addEventListener("keydown", (event) => pressOnTensor(view, point, event));
}

/** The entry nearest to the pointer; null outside. Where many share a pixel: what shows, or the nearest not 0. */
function entryUnder({ tracks, canvas, origin, page, spec, pixel }, { clientX, clientY }) {
  if (!tracks) return null;
  const box = canvas.getBoundingClientRect(), edge = origin.end;
  const x = (clientX - box.left) * canvas.width / box.width - origin.left;
  const y = (clientY - box.top) * canvas.height / box.height - origin.top;
  const within = (at, { total }) => at >= -edge && at <= total + edge;
  if (!within(x, tracks.columns) || !within(y, tracks.rows)) return null;
  const near = (reach) => strongestOf(spec, page, cellsAt(tracks.rows, y, reach), cellsAt(tracks.columns, x, reach));
  const snaps = Math.min(tracks.rows.cell, tracks.columns.cell) < 3 * pixel, found = near(0);
  const { outer, inner } = snaps && !found.size ? near(2 * pixel) : found;
  return { outer, inner };
}

/** The entry of largest size in a few rows and columns. */
function strongestOf(spec, page, rows, columns) {
  let best = null;
  for (let row = rows[0]; row <= rows[1]; row++) {
    for (let column = columns[0]; column <= columns[1]; column++) {
      const entry = entryOnPage(page, row, column), value = Math.abs(entryAt(spec, entry.outer, entry.inner));
      const size = Number.isNaN(value) ? Infinity : value;
      if (!best || size > best.size) best = { ...entry, size };
    }
  }
  return best;
}

/** Arrow keys move over the page, with Shift by a tile or block; Home and End along the row; Escape ends. */
function pressOnTensor(view, point, event) {
  const { page, spec, tracks, pointed } = view, step = TENSOR_KEYS[event.key];
  if (!tracks || !(step || ["Home", "End", "Escape"].includes(event.key))) return;
  event.preventDefault();
  if (event.key === "Escape") {
    view.live.textContent = "";
    return point(null);
  }
  const from = pointed ?? { outer: 0, inner: 0 };
  let row = page.rowOfOuter[from.outer] + page.rowOfInner[from.inner];
  let column = page.columnOfOuter[from.outer] + page.columnOfInner[from.inner];
  if (event.key === "Home") column = 0;
  else if (event.key === "End") column = page.columns.count - 1;
  else if (pointed) {
    const stride = (side) => (event.shiftKey ? side.separators[0]?.every ?? side.count : 1);
    row += step[0] * stride(page.rows);
    column += step[1] * stride(page.columns);
  }
  const within = row >= 0 && row < page.rows.count && column >= 0 && column < page.columns.count;
  const entry = within ? entryOnPage(page, row, column) : from;
  point(entry);
  view.live.textContent = describeEntry(spec, entry.outer, entry.inner);
}
