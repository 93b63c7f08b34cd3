// Where the cells of a page lie in device pixels, and which of them a pixel belongs to. Pure.

const CELL_MOST = 34;        // CSS pixels
const CELL_WIDEST = 46;      // where there is room beside, for longer numbers
const CELL_STRETCHED = 12;   // as far as small cells may grow in one direction only
const CELL_LINES = 5;        // from here on with lines between cells
const CELL_DOTS = 9;         // from here on with a dot for each exact zero
const CELL_WHOLE = 4;        // from here on every cell has the same whole number of pixels
const SEPARATORS_MOST = 0.4; // of the room of small cells
export const KIND = { outside: 0, cell: 1, centre: 2, line: 3, edge: 4 };

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
  const most = {
    columns: largestCell(page.columns, width, pixel, CELL_WIDEST), rows: largestCell(page.rows, height, pixel),
  };
  const cell = Math.min(most.columns, most.rows);
  const whole = (size) => (size >= CELL_WHOLE * pixel ? Math.floor(size) : size);
  if (cell >= CELL_STRETCHED * pixel) return { rows: cell, columns: whole(Math.min(most.columns, 1.4 * cell)) };
  const stretched = (side, other) => {
    const square = cell * page[other].count / page[side].count;
    return whole(Math.max(cell, Math.min(most[side], square, CELL_STRETCHED * pixel)));
  };
  return { columns: stretched("columns", "rows"), rows: stretched("rows", "columns") };
}

/** Both sides in device pixels: each cell's start and end (`least` apart), and what every pixel along it shows. */
export function tracksOf(page, width, height, pixel, least = 1) {
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
    // No cell reaches over the end of its tile or block.
    const last = Math.floor(cell * (i - i % run + run)) - look.least;
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
export function cellsAt({ starts, ends }, pixel, reach = 0) {
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
export function labelStep(track, level, outermost, needed) {
  const pitch = level.every < track.side.count ? track.starts[level.every] - track.starts[0] : track.total;
  const steps = outermost ? LABEL_STEPS : [1];
  return steps.find((step) => pitch * step >= needed && step <= level.axis.size);
}
