// A full Jacobian from its pattern: what each entry is and why, and where it stands on the page. Pure.

import { formatNumber } from "../kit/numbers.js";

/** The product of sizes; 1 for no axes. */
function sizeOf(sizes) {
  return sizes.reduce((product, size) => product * size, 1);
}

/** Row-major: how far the flat index moves when one index grows by 1. */
function stridesOf(sizes) {
  return sizes.map((_, axis) => sizeOf(sizes.slice(axis + 1)));
}

/** The index along each axis of a flat index. */
function indicesOf(flat, sizes) {
  return stridesOf(sizes).map((stride, axis) => Math.floor(flat / stride) % sizes[axis]);
}

function axisSizes(axes) {
  return axes.map((axis) => axis.size);
}

/** An axis as it is written: two axes with one letter are tied, two with one name only look alike. */
export function axisName(axis) {
  return (axis.name ?? axis.letter) + axis.mark;
}

/** One loop a letter: its size, and how far one step moves the flat indices of outer, inner and core. */
function loopsOf({ outer, inner, core }) {
  const loops = new Map();
  const step = (side, letters, sizes) => stridesOf(sizes).forEach((stride, place) => {
    const letter = letters[place];
    if (!loops.has(letter)) loops.set(letter, { size: sizes[place], outer: 0, inner: 0, core: 0 });
    loops.get(letter)[side] += stride;
  });
  step("outer", outer.map((axis) => axis.letter), axisSizes(outer));
  step("inner", inner.map((axis) => axis.letter), axisSizes(inner));
  const letters = [...core.letters];
  step("core", letters, letters.map((letter) => loops.get(letter).size));
  return [...loops.values()];
}

/** How many entries may differ from 0: the product of the sizes of the distinct letters. */
export function countStructural(spec) {
  return sizeOf(loopsOf(spec).map((loop) => loop.size));
}

/** How many entries there are. */
export function countEntries(spec) {
  return sizeOf(axisSizes([...spec.outer, ...spec.inner]));
}

/** Calls visit(outerFlat, innerFlat, value) for every entry that no delta makes 0. */
export function forEachNonzero(spec, visit) {
  const values = spec.core.values;
  const loops = loopsOf(spec).sort((a, b) => a.size - b.size);  // the longest run innermost
  if (loops.some((loop) => loop.size === 0)) return;
  const run = loops.pop() ?? { size: 1, outer: 0, inner: 0, core: 0 };
  const index = new Int32Array(loops.length);
  let outer = 0, inner = 0, core = 0;
  for (;;) {
    for (let i = 0, o = outer, n = inner, c = core; i < run.size; i++) {
      visit(o, n, values[c]);
      o += run.outer; n += run.inner; c += run.core;
    }
    let place = loops.length - 1;
    for (; place >= 0 && index[place] === loops[place].size - 1; place--) {
      outer -= index[place] * loops[place].outer;
      inner -= index[place] * loops[place].inner;
      core -= index[place] * loops[place].core;
      index[place] = 0;
    }
    if (place < 0) return;
    index[place]++;
    outer += loops[place].outer; inner += loops[place].inner; core += loops[place].core;
  }
}

/** Calls visit(outerFlat, innerFlat) wherever an outer and an inner axis, by their places, have one index. */
export function forEachTied({ outer, inner }, outerAxis, innerAxis, visit) {
  const free = (axes, side, at) => axes.map((axis, k) => ({ ...axis, letter: k === at ? "tied" : `${side}${k}` }));
  const core = { letters: [], values: [1] };
  forEachNonzero({ outer: free(outer, "o", outerAxis), inner: free(inner, "i", innerAxis), core }, visit);
}

/** Why an entry is what it is: the pairs of axes whose indices differ, or the place in the core (−1: some differ). */
function ruleAt({ outer, inner, core }, outerFlat, innerFlat) {
  const axes = [...outer, ...inner];
  const indices = [...indicesOf(outerFlat, axisSizes(outer)), ...indicesOf(innerFlat, axisSizes(inner))];
  const first = new Map(), differ = [];
  axes.forEach((axis, place) => {
    const seen = first.get(axis.letter);
    if (seen === undefined) first.set(axis.letter, place);
    else if (indices[seen] !== indices[place]) {
      differ.push({ axes: [axes[seen], axis], indices: [indices[seen], indices[place]] });
    }
  });
  const places = [...core.letters].map((letter) => first.get(letter));
  const strides = stridesOf(places.map((place) => axes[place].size));
  const flat = places.reduce((sum, place, i) => sum + indices[place] * strides[i], 0);
  return { differ, core: differ.length ? -1 : flat };
}

/** One entry of the full tensor. */
export function entryAt(spec, outerFlat, innerFlat) {
  const { core } = ruleAt(spec, outerFlat, innerFlat);
  return core < 0 ? 0 : spec.core.values[core];
}

/** Is an entry 0 because two tied indices differ, whatever the numbers are? */
export function isStructural(spec, outerFlat, innerFlat) {
  return ruleAt(spec, outerFlat, innerFlat).core < 0;
}

/** Are the rows of the page those of the input? The input's axes are the ones with a prime. */
function isDenominator({ outer, inner }) {
  const primed = (axes) => axes.some((axis) => axisName(axis).endsWith("′"));
  return primed(outer) || (!outer.length && inner.length > 0 && !primed(inner));
}

/** `∂Y[1,2]/∂X[1,2]`. */
function tensorEntryName(spec, outerFlat, innerFlat) {
  const index = (axes, flat) => axes.length ? `[${indicesOf(flat, axisSizes(axes)).join(",")}]` : "";
  const indices = [index(spec.outer, outerFlat), index(spec.inner, innerFlat)];
  const parts = /^(∂[^/]+)\/(∂[^/]+)$/.exec(spec.name);
  if (!parts) return spec.name + indices.join("");
  if (isDenominator(spec)) indices.reverse();
  return `${parts[1]}${indices[0]}/${parts[2]}${indices[1]}`;
}

/** `∂Y[1,2]/∂X[0,2] = 0 because n ≠ n′ (1 ≠ 0)`. */
export function describeEntry(spec, outerFlat, innerFlat) {
  const { differ, core } = ruleAt(spec, outerFlat, innerFlat);
  const value = core < 0 ? 0 : spec.core.values[core];
  const turn = (pair) => isDenominator(spec) ? [...pair].reverse() : pair;
  const why = differ.map(({ axes, indices }) =>
    `${turn(axes.map(axisName)).join(" ≠ ")} (${turn(indices).join(" ≠ ")})`);
  const because = why.length ? ` because ${why.join(" and ")}` : "";
  return `${tensorEntryName(spec, outerFlat, innerFlat)} = ${formatNumber(value)}${because}`;
}

/** What the picture is, for those who do not see it. */
export function tensorLabel(spec, zeros) {
  const axes = (part) => part.map((axis) => `${axisName(axis)} ${axis.size}`).join(", ") || "one number";
  return `${spec.name} as ${spec.mode === "tiles" ? "tiles" : "a block matrix"}: ${axes(spec.outer)} by ` +
    `${axes(spec.inner)}; ${countEntries(spec)} entries, ${zeros} of them exactly 0. Arrow keys read entries, ` +
    "with Shift a tile or block further; Escape ends.";
}

/** Rows and columns of an array on the page: the last axis runs along the columns. */
function gridShape(sizes) {
  return { rows: sizeOf(sizes.slice(0, -1)), columns: sizes.length ? sizes[sizes.length - 1] : 1 };
}

/** Row and column of one entry of such an array. */
function place(flat, sizes) {
  const { columns } = gridShape(sizes);
  return { row: Math.floor(flat / columns), column: flat % columns };
}

/**
 * One side of the page. levels: an axis each, outermost first, that steps every so many cells; `once`:
 * only the first tile is labelled. separators: what stands between cells, besides their line.
 */
function sideOf(outer, inner, tiles) {
  const axes = [...outer, ...inner], strides = stridesOf(axisSizes(axes));
  const levels = axes.map((axis, k) => ({ axis, every: strides[k], once: tiles && k >= outer.length }));
  const kinds = levels.map((_, k) => {
    if (tiles && k < outer.length) return "gap";
    return k < levels.length - 1 ? "rule" : "line";
  });
  const separators = levels.map(({ every }, k) => ({ every, kind: kinds[k] })).filter(({ kind }) => kind !== "line");
  return { count: sizeOf(axisSizes(axes)), levels, separators, tile: sizeOf(axisSizes(tiles ? inner : axes)) };
}

/** The page of a tensor: both sides, and the row and column that an outer and an inner index add up to. */
export function pageOf({ outer, inner, mode }) {
  const tiles = mode === "tiles";
  const rows = tiles ? sideOf(outer.slice(0, -1), inner.slice(0, -1), true) : sideOf(outer, [], false);
  const columns = tiles ? sideOf(outer.slice(-1), inner.slice(-1), true) : sideOf(inner, [], false);
  const outerSizes = axisSizes(outer), innerSizes = axisSizes(inner);
  const counts = { outer: sizeOf(outerSizes), inner: sizeOf(innerSizes) };
  const table = (count, at) => Int32Array.from({ length: count }, (_, flat) => at(flat));
  return {
    tiles, rows, columns, counts, outerColumns: gridShape(outerSizes).columns,
    rowOfOuter: table(counts.outer, tiles ? (flat) => place(flat, outerSizes).row * rows.tile : (flat) => flat),
    rowOfInner: table(counts.inner, tiles ? (flat) => place(flat, innerSizes).row : () => 0),
    columnOfOuter: table(counts.outer, tiles ? (flat) => place(flat, outerSizes).column * columns.tile : () => 0),
    columnOfInner: table(counts.inner, tiles ? (flat) => place(flat, innerSizes).column : (flat) => flat),
  };
}

/** The entry at a row and a column of the page. */
export function entryOnPage({ tiles, rows, columns, outerColumns }, row, column) {
  if (!tiles) return { outer: row, inner: column };
  return {
    outer: Math.floor(row / rows.tile) * outerColumns + Math.floor(column / columns.tile),
    inner: (row % rows.tile) * columns.tile + column % columns.tile,
  };
}

/** The rectangles of cells {row, column, rows, columns} that a highlight stands for; none for indices off the page. */
export function markedCells(page, { outer = null, inner = null } = {}) {
  const { tiles, rows, columns, counts } = page;
  if (outer >= counts.outer || inner >= counts.inner || (outer === null && inner === null)) return [];
  const at = (o, i, height, width) => ({
    row: page.rowOfOuter[o] + page.rowOfInner[i], column: page.columnOfOuter[o] + page.columnOfInner[i],
    rows: height, columns: width,
  });
  if (outer !== null && inner !== null) return [at(outer, inner, 1, 1)];
  if (outer !== null) return [at(outer, 0, tiles ? rows.tile : 1, columns.tile)];
  if (!tiles) return [at(0, inner, rows.count, 1)];
  return Array.from({ length: counts.outer }, (_, o) => at(o, inner, 1, 1));
}
