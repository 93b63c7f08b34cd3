// A full Jacobian from its pattern: what each entry is and why, and where it stands on the page. Pure.

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
function axisName(axis) {
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
function countStructural(spec) {
  return sizeOf(loopsOf(spec).map((loop) => loop.size));
}

/** How many entries there are. */
function countEntries(spec) {
  return sizeOf(axisSizes([...spec.outer, ...spec.inner]));
}

/** Calls visit(outerFlat, innerFlat, value) for every entry that no delta makes 0. */
function forEachNonzero(spec, visit) {
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

/** Why an entry is what it is: the pairs of axes whose indices differ, or the place in the core (−1 if any differ). */
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
function entryAt(spec, outerFlat, innerFlat) {
  const { core } = ruleAt(spec, outerFlat, innerFlat);
  return core < 0 ? 0 : spec.core.values[core];
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
function describeEntry(spec, outerFlat, innerFlat) {
  const { differ, core } = ruleAt(spec, outerFlat, innerFlat);
  const value = core < 0 ? 0 : spec.core.values[core];
  const turn = (pair) => isDenominator(spec) ? [...pair].reverse() : pair;
  const why = differ.map(({ axes, indices }) =>
    `${turn(axes.map(axisName)).join(" ≠ ")} (${turn(indices).join(" ≠ ")})`);
  const because = why.length ? ` because ${why.join(" and ")}` : "";
  return `${tensorEntryName(spec, outerFlat, innerFlat)} = ${formatNumber(value)}${because}`;
}

/** What the picture is, for those who do not see it. */
function tensorLabel(spec, zeros) {
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
function pageOf({ outer, inner, mode }) {
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
function entryOnPage({ tiles, rows, columns, outerColumns }, row, column) {
  if (!tiles) return { outer: row, inner: column };
  return {
    outer: Math.floor(row / rows.tile) * outerColumns + Math.floor(column / columns.tile),
    inner: (row % rows.tile) * columns.tile + column % columns.tile,
  };
}

/** The rectangles of cells {row, column, rows, columns} that a highlight stands for; indices off the page mark nothing. */
function markedCells(page, { outer = null, inner = null } = {}) {
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

const CELL_MOST = 34;        // CSS pixels
const CELL_WIDEST = 46;      // where there is room beside, for longer numbers
const CELL_STRETCHED = 12;   // as far as small cells may grow in one direction only
const CELL_LINES = 5;        // from here on with lines between cells
const CELL_DOTS = 9;         // from here on with a dot for each exact zero
const CELL_WHOLE = 4;        // from here on every cell has the same whole number of pixels
const SEPARATORS_MOST = 0.4; // of the room of small cells
const KIND = { outside: 0, cell: 1, centre: 2, line: 3, edge: 4 };

/** How many device pixels each separator of a side takes beside cells of this size. */
function separatorWidths({ count, separators }, cell, available, pixel) {
  const widths = separators.map(({ kind }) => {
    if (kind === "rule") return Math.round((cell >= CELL_LINES * pixel ? 2 : 1) * pixel);
    return Math.round(Math.min(12 * pixel, Math.max(3 * pixel, 0.4 * cell)));
  });
  const needed = separators.reduce((sum, { every }, k) => sum + widths[k] * (Math.ceil(count / every) - 1), 0);
  const share = Math.min(1, SEPARATORS_MOST * available / Math.max(needed, 1));
  return widths.map((width) => Math.floor(width * share));
}

/** How much the separators push cell `i` away from the start. */
function separatedBy({ separators }, widths, i) {
  return separators.reduce((sum, { every }, k) => sum + widths[k] * Math.floor(i / every), 0);
}

/** The largest cell, in device pixels, with which a side fits; below CELL_WHOLE a fraction. */
function largestCell(side, available, pixel, most = CELL_MOST) {
  const fits = (cell) => {
    const widths = separatorWidths(side, cell, available, pixel);
    return separatedBy(side, widths, side.count - 1) + cell * side.count + 2 <= available;
  };
  for (let cell = Math.floor(most * pixel); cell >= CELL_WHOLE * pixel; cell--) if (fits(cell)) return cell;
  const widths = separatorWidths(side, 0, available, pixel);
  return Math.max(0, available - 2 - separatedBy(side, widths, side.count - 1)) / side.count;
}

/**
 * Cell sizes of both sides in device pixels. Square where there is no room; a little wider than high
 * where there is; small cells stretch along the shorter side until the picture is square.
 */
function cellSizes(page, width, height, pixel) {
  const most = { columns: largestCell(page.columns, width, pixel, CELL_WIDEST), rows: largestCell(page.rows, height, pixel) };
  const cell = Math.min(most.columns, most.rows), whole = (size) => (size >= CELL_WHOLE * pixel ? Math.floor(size) : size);
  if (cell >= CELL_STRETCHED * pixel) return { rows: cell, columns: whole(Math.min(most.columns, 1.4 * cell)) };
  const stretched = (side, other) => {
    const square = cell * page[other].count / page[side].count;
    return whole(Math.max(cell, Math.min(most[side], square, CELL_STRETCHED * pixel)));
  };
  return { columns: stretched("columns", "rows"), rows: stretched("rows", "columns") };
}

/** Both sides in device pixels: each cell's start and end (`least` apart), and what every pixel along the side shows. */
function tracksOf(page, width, height, pixel, least = 1) {
  const cells = cellSizes(page, width, height, pixel), cell = Math.min(cells.columns, cells.rows);
  const look = {
    pixel, least, lines: cell >= CELL_LINES * pixel ? 1 : 0, edge: cell >= CELL_LINES * pixel ? KIND.edge : KIND.line,
    dot: cell >= CELL_DOTS * pixel ? Math.max(2, Math.round(cell / 9)) : 0,
  };
  return {
    columns: trackOf(page.columns, cells.columns, width, look),
    rows: trackOf(page.rows, cells.rows, height, look),
  };
}

function trackOf(side, cell, available, look) {
  const widths = separatorWidths(side, cell, available, look.pixel);
  const starts = new Int32Array(side.count), ends = new Int32Array(side.count);
  const run = side.separators.length ? side.separators[side.separators.length - 1].every : side.count;
  for (let i = 0; i < side.count; i++) {
    const before = 1 + separatedBy(side, widths, i);
    const last = Math.floor(cell * (i - i % run + run)) - look.least;  // no cell reaches over the end of its tile or block
    starts[i] = before + Math.min(Math.floor(cell * i), Math.max(last, Math.floor(cell * (i - i % run))));
    ends[i] = Math.max(starts[i] + look.least, before + Math.floor(cell * (i + 1)) - look.lines);
  }
  const total = ends[side.count - 1] + 1;
  return { side, cell, starts, ends, total, kinds: kindsOf(side, { starts, ends, total }, look) };
}

/** What every pixel along a side shows: outside, a cell, its centre, the line between cells, an edge. */
function kindsOf({ count, separators }, { starts, ends, total }, { dot, edge }) {
  const kinds = new Uint8Array(total);
  for (let i = 0; i < count; i++) {
    const before = separators.find(({ every }) => i % every === 0)?.kind, room = i ? starts[i] - ends[i - 1] : 1;
    if (i === 0 || before === "gap") {
      if (room > 0) kinds[starts[i] - 1] = edge;
      if (i && room > 0) kinds[ends[i - 1]] = edge;
    } else kinds.fill(before ? edge : KIND.line, ends[i - 1], starts[i]);
    kinds.fill(KIND.cell, starts[i], ends[i]);
    const middle = starts[i] + Math.floor((ends[i] - starts[i] - dot) / 2);
    kinds.fill(KIND.centre, middle, middle + dot);
  }
  kinds[total - 1] = edge;
  return kinds;
}

/** The cells [first, last] of a track within `reach` of a pixel, or the nearest one. */
function cellsAt({ starts, ends }, pixel, reach = 0) {
  let first = 0, high = starts.length - 1;
  while (first < high) {
    const middle = (first + high) >> 1;
    if (ends[middle] > pixel - reach) high = middle; else first = middle + 1;
  }
  if (first && starts[first] > pixel + reach && pixel - ends[first - 1] < starts[first] - pixel) first--;
  let last = first;
  while (last + 1 < starts.length && starts[last + 1] <= pixel + reach) last++;
  return [first, last];
}

const LABEL_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** The indices of one level that fit: all, or for the outermost one each second, fifth, …; none else. */
function labelStep(track, level, outermost, needed) {
  const pitch = level.every < track.side.count ? track.starts[level.every] - track.starts[0] : track.total;
  const steps = outermost ? LABEL_STEPS : [1];
  return steps.find((step) => pitch * step >= needed && step <= level.axis.size);
}

const SHADES = 255;  // for each sign
// Where entries share a pixel the largest code shows. 2 + 2·shade is a negative number, one more a positive.
const CODE = {
  outside: 0, structural: 1, dot: 2, zero: 3,
  nan: 4 + 2 * SHADES, stripe: 5 + 2 * SHADES, line: 6 + 2 * SHADES, edge: 7 + 2 * SHADES,
};

/** The code of a value; limit is the largest finite size. */
function codeOf(value, limit) {
  const size = Math.abs(value);
  if (size === 0) return CODE.zero;
  if (size < limit) return 4 + 2 * ((size / limit) * SHADES | 0) + (value > 0);
  return size >= limit ? 2 + 2 * SHADES + (value > 0) : CODE.nan;
}

function codesOf(values, limit) {
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) codes[i] = codeOf(values[i], limit);
  return codes;
}

/** The largest finite size among the values. */
function finiteLimit(values) {
  let limit = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > limit && size < Infinity) limit = size;
  }
  return limit;
}

/** A number with at most so many decimals; where that would be 0, its first digit: 0.04, 3e−7. */
function shortNumber(value, decimals) {
  if (!Number.isFinite(value)) return formatNumber(value);
  const rounded = Number(value.toFixed(decimals));
  if (rounded !== 0 || value === 0) return formatNumber(rounded);
  const plain = formatNumber(Number(value.toPrecision(1))), rough = roughNumber(value);
  return rough.length < plain.length ? rough : plain;
}

/** A number by its first digit and its size: −1e5. */
function roughNumber(value) {
  return value.toExponential(0).replace("e+", "e").replace(/-/g, MINUS);
}

/** What stands where no number does: exact zeros, lines, edges, and nothing between tiles. */
function paintGround(codes, rowKinds, columnKinds) {
  const both = (a, b) => {
    if (a === KIND.outside || b === KIND.outside) return CODE.outside;
    if (a === KIND.edge || b === KIND.edge) return CODE.edge;
    if (a === KIND.line || b === KIND.line) return CODE.line;
    return a === KIND.centre && b === KIND.centre ? CODE.dot : CODE.structural;
  };
  const patterns = Object.values(KIND).map((kind) => Uint16Array.from(columnKinds, (other) => both(kind, other)));
  rowKinds.forEach((kind, y) => codes.set(patterns[kind], y * columnKinds.length));
}

/** rgb triples by code, and the same as pixels of an ImageData. */
function codeColours(rgb) {
  const mix = (from, to, share) => from.map((part, i) => Math.round(part + (to[i] - part) * share));
  const colours = new Array(CODE.edge + 1).fill(rgb.ground);
  Object.assign(colours, {
    [CODE.structural]: rgb.hatch, [CODE.dot]: rgb.dot, [CODE.zero]: rgb.ground, [CODE.nan]: rgb.ground,
    [CODE.stripe]: mix(rgb.ground, rgb.bad, 0.22), [CODE.line]: rgb.line, [CODE.edge]: rgb["strong-line"],
  });
  for (let shade = 1; shade <= SHADES; shade++) {
    const share = 0.15 + 0.85 * shade / SHADES;  // the smallest number still differs from the ground
    colours[2 + 2 * shade] = mix(rgb.zero, rgb.negative, share);
    colours[3 + 2 * shade] = mix(rgb.zero, rgb.positive, share);
  }
  const pixels = Uint32Array.from(colours, ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
  pixels[CODE.outside] = 0;
  return { colours, pixels };
}

/** Black or white, whichever is easier to read on a colour (contrast as WCAG defines it). */
function inkOn(colour) {
  const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
