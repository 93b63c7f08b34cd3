// A grid of numbers on the page: what has not changed is not touched.

import { make } from "../kit/dom.js";
import {
  arrayIndices, arrayLabel, arrayLayout, entryName, formatNumber, gridDecimals, gridNumber, tintLevel, tintLimit,
} from "../kit/numbers.js";

const COMPACT_OVER = 12;  // more rows or columns: smaller cells, an index for each fourth
const SCROLL_OVER = 16;   // more rows: a box that scrolls

export function buildArray(grid) {
  const { spec, body, element } = grid;
  const layout = grid.layout = arrayLayout(spec.axes);
  Object.assign(grid, { cells: [], names: [], shown: [], tints: [], drag: null, burst: null });
  grid.longest = spec.editable ? 5 : 3;
  grid.marks.clear();
  grid.local.clear();
  element.classList.toggle("tm-editable", Boolean(spec.editable));
  element.classList.toggle("tm-compact", Math.max(layout.rows, layout.columns) > COMPACT_OVER);
  element.classList.toggle("tm-tall", layout.rows > SCROLL_OVER);
  body.setAttribute("aria-label", arrayLabel(spec));
  grid.error.textContent = "";
  buildHead(grid);
  body.replaceChildren(...(layout.count ? buildRows(grid) : [make("div", { class: "tm-array-empty" }, "no entries")]));
  setActiveCell(grid, Math.max(0, Math.min(grid.active, layout.count - 1)));
}

/** The name, then every axis in its colour: `X  n = 3 ↓  h = 4 →`. */
function buildHead({ head, spec: { name, axes, note } }) {
  const parts = axes.map(({ letter, mark, size, colour }, place) =>
    make("span", { class: `tm-array-axis tm-axis-${colour}` },
      make("i", {}, letter + mark), ` = ${size} ${place === axes.length - 1 ? "→" : "↓"}`));
  head.replaceChildren(make("span", { class: "tm-array-name" }, name), ...parts,
    ...(note ? [make("span", { class: "tm-array-note" }, note)] : []));
}

function buildRows({ body, spec, layout, cells, names }) {
  const rowAxes = spec.axes.slice(0, -1), columnAxis = spec.axes[spec.axes.length - 1];
  const digits = rowAxes.reduce((sum, { size }) => sum + String(size - 1).length, Math.max(0, rowAxes.length - 1));
  body.style.setProperty("--tm-index-ch", digits);
  const readonly = spec.editable ? null : "true", count = layout.rows * layout.columns;
  for (let index = 0; index < count; index++) {
    names.push(entryName(spec.name, spec.axes, index));
    cells.push(make("div", { class: "tm-cell", role: "gridcell", tabindex: -1, "aria-readonly": readonly,
      "data-index": index }, ""));
  }
  const groupOf = (row) => (row > 0 && row % layout.group === 0 ? " tm-grid-group" : "");
  const each = Array.from({ length: layout.rows }, (_, row) => row);
  const rows = each.map((row) => make("div", { class: `tm-grid-row${groupOf(row)}`, role: "row" },
    ...cells.slice(row * layout.columns, (row + 1) * layout.columns)));
  // One sticky column: a sticky part in every row costs the browser a layer each, 100 ms a frame in large grids.
  const indices = rowAxes.length ? each.map((row) => rowIndex(groupOf(row), rowAxes, row, layout)) : [];
  const lines = make("div", { class: "tm-grid-lines", role: "presentation" },
    make("div", { class: "tm-row-indices", "aria-hidden": "true" }, ...indices),
    make("div", { class: "tm-grid-rows", role: "rowgroup" }, ...rows));
  return columnAxis ? [columnIndices(layout, columnAxis, rowAxes.length > 0), lines] : [lines];
}

function columnIndices({ columns }, { colour }, withCorner) {
  const label = (_, c) => make("span", { class: "tm-column-index" }, make("small", { class: `tm-axis-${colour}` },
    columns <= COMPACT_OVER || c % 4 === 0 ? String(c) : ""));
  return make("div", { class: "tm-grid-row tm-grid-top", "aria-hidden": "true" },
    ...(withCorner ? [make("span", { class: "tm-row-index" })] : []), ...Array.from({ length: columns }, label));
}

function rowIndex(group, axes, row, { rows }) {
  const silent = rows > COMPACT_OVER && row % 4 !== 0 && axes.length === 1;
  const parts = arrayIndices(axes, row).flatMap((index, place) =>
    [...(place ? [","] : []), make("span", { class: `tm-axis-${axes[place].colour}` }, String(index))]);
  return make("div", { class: `tm-row-index${group}` }, ...(silent ? [] : parts));
}

export function cellValue(grid, index) {
  return grid.local.has(index) ? grid.local.get(index).value : grid.spec.values[index];
}

export function paintArray(grid) {
  const { cells, shown, tints, local } = grid;
  const values = local.size ? cells.map((_, index) => cellValue(grid, index)) : grid.spec.values;
  const limit = tintLimit(values);
  const decimals = Math.min(gridDecimals(values), grid.spec.decimals ?? 4), anew = decimals !== grid.decimals;
  grid.decimals = decimals;
  for (let index = 0; index < cells.length; index++) {
    const value = values[index], tint = tintLevel(value, limit);
    if (anew || !Object.is(value, shown[index])) paintNumber(grid, index, value);
    if (!Object.is(tint, tints[index])) cells[index].dataset.tint = tint;
    shown[index] = value;
    tints[index] = tint;
  }
  // Columns only grow, two characters at a time: they stand still while a number changes.
  const width = 2 * Math.ceil((grid.longest - 1) / 2) + 1;
  if (width !== grid.width) grid.body.style.setProperty("--tm-cell-ch", width);
  grid.width = width;
}

function paintNumber(grid, index, value) {
  const cell = grid.cells[index], text = gridNumber(value, grid.decimals);
  cell.firstChild.data = text;
  cell.ariaLabel = `${grid.names[index]} = ${formatNumber(value)}`;
  grid.longest = Math.max(grid.longest, text.length + text.includes("e−"));  // two signs are wide
}

export function markArray(grid, highlight) {
  const wanted = new Set(highlight ?? []);
  for (const index of grid.marks) if (!wanted.has(index)) grid.cells[index]?.classList.remove("tm-marked");
  for (const index of wanted) if (!grid.marks.has(index)) grid.cells[index]?.classList.add("tm-marked");
  grid.marks = wanted;
}

export function setActiveCell(grid, index) {
  grid.cells[grid.active]?.setAttribute("tabindex", -1);
  grid.active = index;
  grid.cells[index]?.setAttribute("tabindex", 0);
}
