// The picture of a full Jacobian, as tiles or as a block matrix. `tensorView` is the door. Every pixel
// gets one code, so that a tensor of a million entries costs hardly more than its pixels.

import { make } from "../kit/dom.js";
import { formatNumber } from "../kit/numbers.js";
import { watchTheme } from "../kit/theme.js";
import {
  axisName, countEntries, countStructural, entryAt, forEachNonzero, forEachTied, markedCells, pageOf, tensorLabel,
} from "./expand.js";
import { lensOf, READABLE } from "./lens.js";
import { listenToTensor } from "./pointer.js";
import {
  bareNumber, CODE, codeColours, codeOf, codesOf, evenNumber, finiteLimit, inkOn, paintGround, roughNumber,
  shortNumber,
} from "./shades.js";
import { tilePane } from "./tile.js";
import { labelStep, tracksOf } from "./tracks.js";

const TENSOR_HEIGHT = 420;  // CSS pixels, with its labels; a host may give another height
const TENSOR_COLOURS = ["ground", "text", "muted", "hatch", "dot", "line", "strong-line", "negative", "zero",
  "positive", "bad", "mark", ...Array.from({ length: 8 }, (_, i) => `axis-${i}`)];
const LONELY = 0.01;   // entries that may differ from 0, as a share of the pixels
const FITTING = { 2: 0.95, 1: 0.75 };  // of the numbers must fit their cells with 2 decimals, or with 1
const SQUEEZED = 1.4;  // cells; as much of a single number that does not fit is still set, narrower
const LABEL_LINE = 16;  // CSS pixels

/**
 * A picture in `host` that fills its width, and its height where `fillHeight(pixels)` says so. handlers:
 * onPoint({outer, inner}), or onPoint(null) on leaving.
 * update(spec, highlight) draws; with the same spec object again it only moves the highlight. What is
 * pointed at is marked at once, before any answer. seenAt(entry): its box in the window, or null. destroy() when the
 * picture leaves the page.
 */
export function tensorView(host, handlers) {
  const canvas = make("canvas", { class: "tm-tensor-cells" }), overlay = make("canvas", { class: "tm-tensor-marks" });
  const live = make("div", { class: "tm-hidden", "aria-live": "polite" });
  const told = { class: "tm-tensor", tabindex: "0", role: "application", "aria-roledescription": "tensor" };
  const element = make("div", told, canvas, overlay, live);
  host.append(element);
  const view = {
    handlers, element, canvas, overlay, live, width: 0, pixel: 1, spec: null, page: null, tracks: null, origin: null,
    height: TENSOR_HEIGHT, palette: null, highlight: {}, pointed: null, key: "", codes: null, image: null,
    zeros: 0, limit: 0, far: false,
  };
  view.lens = lensOf(view, (entry) => seenAt(view, entry));
  view.tile = tilePane(view, host);
  const sizes = new ResizeObserver(() => {
    const width = element.clientWidth, pixel = window.devicePixelRatio || 1;
    if (width === 0 || (width === view.width && pixel === view.pixel)) return;
    Object.assign(view, { width, pixel });
    drawTensor(view);
  });
  const unlisten = watchTheme(() => drawTensor(Object.assign(view, { palette: null })));
  sizes.observe(element);
  listenToTensor(view, (entry, event) => pointTensor(view, entry, event));
  return {
    element,
    update: (spec, highlight = {}) => updateTensor(view, spec, highlight),
    seenAt: (entry) => seenAt(view, entry),
    fillHeight(height) {  // a given one is that of a whole screen, which is far
      const far = height !== undefined;
      drawTensor(Object.assign(view, { far, height: height ?? TENSOR_HEIGHT, width: element.clientWidth }));
    },
    destroy: () => { sizes.disconnect(); unlisten(); element.remove(); },
  };
}

function updateTensor(view, spec, highlight) {
  const old = view.highlight, same = ["outer", "inner", "equal"].every((what) => old[what] === highlight[what]);
  view.highlight = highlight;
  if (spec === view.spec) return same ? undefined : drawMarks(view);
  view.spec = spec;
  drawTensor(view);
}

/** Everything anew: places, cells, numbers, labels, marks. */
function drawTensor(view) {
  if (!view.spec || !view.width) return;
  view.palette ??= readPalette(view.element);
  placeTensor(view);
  const context = view.canvas.getContext("2d");
  context.clearRect(0, 0, view.canvas.width, view.canvas.height);
  view.zeros = countEntries(view.spec);
  if (view.zeros === 0) drawEmptiness(view, context);
  else {
    paintCells(view, context);
    drawNumbers(view, context);
    drawLabels(view, context, "columns");
    if (view.origin.labelled) drawLabels(view, context, "rows");
  }
  view.element.setAttribute("aria-label", tensorLabel(view.spec, view.zeros));
  view.lens.again();
  drawMarks(view);
}

/** Colours as the theme has them now: text by name, and one pixel value for each code. */
function readPalette(element) {
  const style = getComputedStyle(element), canvas = document.createElement("canvas");
  canvas.width = TENSOR_COLOURS.length;
  canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const given = (name) => style.getPropertyValue(`--tm-${name}`).trim() || "gray";
  const css = Object.fromEntries(TENSOR_COLOURS.map((name) => [name, given(name)]));
  TENSOR_COLOURS.forEach((name, x) => {
    context.fillStyle = css[name];
    context.fillRect(x, 0, 1, 1);
  });
  const { data } = context.getImageData(0, 0, canvas.width, 1);
  const rgb = Object.fromEntries(TENSOR_COLOURS.map((name, x) => [name, [...data.slice(4 * x, 4 * x + 3)]]));
  return { css, ...codeColours(rgb) };
}

/** Page, tracks and canvases for the present spec and width; nothing to do when both are as before. */
function placeTensor(view) {
  const { spec, width, height, pixel } = view;
  const key = JSON.stringify([spec.outer, spec.inner, spec.mode, width, height, pixel]);
  if (key === view.key) return;
  const page = pageOf(spec), context = view.canvas.getContext("2d");
  const margins = labelMargins(page, context, pixel, width * pixel / 2);
  const right = Math.floor(width * pixel) - margins.left - margins.end;
  const below = Math.floor(height * pixel) - margins.top - margins.end;
  // A few entries among many zeros are two pixels large: one would be lost on a wall.
  const least = countStructural(spec) < LONELY * right * below ? Math.round(2 * pixel) : 1;
  const tracks = countEntries(spec) ? tracksOf(page, right, below, pixel, least) : null;
  const { left, top, end } = margins;
  const size = tracks ? [left + tracks.columns.total + end, top + tracks.rows.total + end]
    : [Math.floor(width * pixel), Math.round(48 * pixel)];
  for (const canvas of [view.canvas, view.overlay]) {
    [canvas.width, canvas.height] = size;
    canvas.style.width = `${size[0] / pixel}px`;
    canvas.style.height = `${size[1] / pixel}px`;
  }
  view.image = tracks && context.createImageData(tracks.columns.total, tracks.rows.total);
  view.codes = tracks && new Uint16Array(tracks.columns.total * tracks.rows.total);
  if (!markedCells(page, view.pointed ?? {}).length) view.pointed = null;
  Object.assign(view, { key, page, tracks, origin: margins });
}

/** One code for each pixel, then one colour for each code. */
function paintCells(view, context) {
  const { spec, codes, image, tracks: { rows, columns }, origin } = view;
  paintGround(codes, rows.kinds, columns.kinds);
  view.limit = finiteLimit(spec.core.values);
  view.zeros -= paintEntries(view, codes);
  const pixels = new Uint32Array(image.data.buffer), colours = view.palette.pixels;
  for (let i = 0; i < pixels.length; i++) pixels[i] = colours[codes[i]];
  context.putImageData(image, origin.left, origin.top);
}

/** Every entry that may differ from 0; returns how many do. */
function paintEntries({ spec, page, tracks, limit }, codes) {
  const { rowOfOuter, rowOfInner, columnOfOuter, columnOfInner } = page;
  const { starts: tops, ends: bottoms } = tracks.rows, { starts: lefts, ends: rights } = tracks.columns;
  const width = tracks.columns.total, stripe = CODE.stripe - CODE.nan;
  const ones = (starts, ends) => ends.every((end, i) => end - starts[i] === 1);
  const single = ones(lefts, rights) && ones(tops, bottoms);
  const core = { ...spec.core, values: codesOf(spec.core.values, limit) };
  let nonzero = 0;
  forEachNonzero({ ...spec, core }, (outer, inner, code) => {
    const row = rowOfOuter[outer] + rowOfInner[inner], column = columnOfOuter[outer] + columnOfInner[inner];
    if (code !== CODE.zero) nonzero++;
    if (single) {
      const at = tops[row] * width + lefts[column];
      if (codes[at] < code) codes[at] = code;
      return;
    }
    for (let y = tops[row]; y < bottoms[row]; y++) {
      for (let x = lefts[column], at = y * width + x; x < rights[column]; x++, at++) {
        if (codes[at] < code) codes[at] = code;
        if (code === CODE.nan && codes[at] === code && (x + y) % 6 < 2) codes[at] = code + stripe;
      }
    }
  });
  return nonzero;
}

/** Numbers in the cells, all with as many decimals as fit. */
function drawNumbers(view, context) {
  const { spec, page, tracks: { rows, columns }, origin, pixel, palette, limit } = view;
  if (Math.min(rows.cell, columns.cell) < READABLE * pixel) return;
  const shown = [];
  forEachNonzero(spec, (outer, inner, value) => {
    const row = page.rowOfOuter[outer] + page.rowOfInner[inner];
    const column = page.columnOfOuter[outer] + page.columnOfInner[inner];
    shown.push({ value, code: codeOf(value, limit), row, column });
  });
  const textOf = fittingText(view, context, shown.map(({ value }) => value));
  Object.assign(context, { textAlign: "center", textBaseline: "middle" });
  for (const { value, code, row, column } of shown) {
    const text = textOf(value);
    if (!text) continue;
    const x = origin.left + columns.starts[column], width = columns.ends[column] - columns.starts[column];
    const y = origin.top + rows.starts[row], height = rows.ends[row] - rows.starts[row];
    if (code === CODE.zero) {
      context.strokeStyle = palette.css["strong-line"];
      context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
    }
    const named = { [CODE.zero]: palette.css.muted, [CODE.nan]: palette.css.bad };
    context.fillStyle = named[code] ?? inkOn(palette.colours[code]);
    context.fillText(text, x + width / 2, y + height / 2 + pixel / 2, width);
  }
}

// Size of the letters, decimals at least, and how: the first with which all numbers fit, else most of them.
const LETTERING = [[14, 2], [11.5, 2], [14, 1], [10.5, 1], [9, 1], [9, 1, bareNumber]];

/** Sets a font with which the values fit a cell, and gives the text of each; "" for one that does not fit. */
function fittingText({ element, pixel, tracks: { rows, columns } }, context, values) {
  const family = getComputedStyle(element).fontFamily, wish = Math.min(14, 0.44 * rows.cell / pixel);
  const fits = (text, share = 1) => context.measureText(text).width <= share * columns.cell - 4 * pixel;
  const some = values.filter((_, i) => i % Math.ceil(values.length / 64) === 0);  // enough to judge by
  for (const shares of [{ 1: 1, 2: 1 }, FITTING]) {
    for (const [size, least, textOf = shortNumber] of LETTERING) {
      context.font = `${Math.max(8.5, Math.min(wish, size)) * pixel}px ${family}`;
      const usual = some.filter((value) => fits(textOf(value, least)));
      if (usual.length < shares[least] * some.length) continue;
      const decimals = [4, 3, 2].find((count) => usual.every((value) => fits(textOf(value, count)))) ?? 1;
      const even = evenNumber(usual, decimals, textOf);
      return (value) => {
        const texts = [even(value), textOf(value, decimals), textOf(value, 1), bareNumber(value, 1),
          roughNumber(value)];
        return texts.find((text) => fits(text)) ?? texts.find((text) => fits(text, SQUEEZED)) ?? "";
      };
    }
  }
  return (value) => (value ? "" : formatNumber(value));
}

function drawEmptiness({ spec, palette, pixel, element }, context) {
  const gone = [...spec.outer, ...spec.inner].filter((axis) => axis.size === 0).map((axis) => `${axisName(axis)} = 0`);
  context.font = `italic ${14 * pixel}px ${getComputedStyle(element).fontFamily}`;
  context.fillStyle = palette.css.muted;
  Object.assign(context, { textAlign: "left", textBaseline: "middle" });
  context.fillText(`no entries: ${[...new Set(gone)].join(", ")}`, 4 * pixel, 24 * pixel);
}

/** Fonts of a label; inner axes, labelled on the first tile only, are smaller. */
function labelFonts({ once }, pixel) {
  return {
    letter: `italic 600 ${(once ? 12.5 : 14.5) * pixel}px Georgia, "Times New Roman", serif`,
    index: `600 ${(once ? 10.5 : 12) * pixel}px system-ui, sans-serif`,
  };
}

/** Widths of `n′=` and of the largest index of a level. */
function labelWidths(level, context, pixel) {
  const fonts = labelFonts(level, pixel);
  context.font = fonts.letter;
  const letter = context.measureText(axisName(level.axis)).width;
  context.font = fonts.index;
  const [equals, index] = ["=", String(level.axis.size - 1)].map((text) => context.measureText(text).width);
  return { prefix: letter + equals, index };
}

/** Room for the labels, in device pixels: a line above for each level of the columns, a column for each of the rows. */
function labelMargins(page, context, pixel, most) {
  const widths = (side) => side.levels.map((level) => labelWidths(level, context, pixel));
  const columns = widths(page.rows).map(({ prefix, index }) => Math.ceil(prefix + index + 6 * pixel));
  const least = widths(page.columns).reduce((wide, { prefix }) => Math.max(wide, prefix + 2 * pixel), 0);
  const sum = columns.reduce((total, width) => total + width, 0);
  return {  // in a very narrow host the rows go without
    columns, sum, labelled: sum < most,
    left: Math.round(Math.min(Math.max(least, sum < most ? sum : 0), most)),
    top: Math.round(page.columns.levels.length * LABEL_LINE * pixel + 2 * pixel), end: Math.ceil(3 * pixel),
  };
}

/** Axis letters and indices along one side. */
function drawLabels(view, context, name) {
  const { origin, pixel, palette, tracks: { [name]: track } } = view, { side } = track;
  let right = origin.left - origin.sum;
  context.textBaseline = "middle";
  side.levels.forEach((level, k) => {
    right += origin.columns[k] ?? 0;
    const at = (middle, width) => (name === "rows"
      ? [right - 5 * pixel - width, origin.top + middle]
      : [origin.left + middle - width / 2, (k + 0.5) * LABEL_LINE * pixel]);
    context.fillStyle = palette.css[`axis-${level.axis.colour}`];
    const needed = name === "rows" ? 14 : labelWidths(level, context, pixel).index / pixel + 4;
    const step = labelStep(track, level, k === 0, needed * pixel);
    const count = (level.once ? side.tile : side.count) / level.every;
    for (let i = 0; step && i < count; i++) {
      if (i % level.axis.size % step === 0) {
        const middle = (track.starts[i * level.every] + track.ends[(i + 1) * level.every - 1]) / 2;
        drawIndex(context, level, pixel, i, (width) => at(middle, width));
      }
    }
    if (!step) drawArrow(context, level, pixel, name, at, track);
  });
}

/** One index; the first of a level says the letter too: `n=0`, then `1`, `2`. */
function drawIndex(context, level, pixel, i, at) {
  const fonts = labelFonts(level, pixel), text = String(i % level.axis.size);
  context.font = fonts.index;
  context.textAlign = "left";
  const [x, y] = at(context.measureText(text).width);
  context.fillText(text, x, y);
  if (i > 0) return;
  context.textAlign = "right";
  context.fillText("=", x, y);
  const equals = context.measureText("=").width;
  context.font = fonts.letter;
  context.fillText(axisName(level.axis), x - equals, y);
}

/** The letter alone, with the direction it runs in: for a level without room for indices. */
function drawArrow(context, level, pixel, name, at, track) {
  const text = axisName(level.axis) + (name === "rows" ? "↓" : "→");
  context.font = labelFonts(level, pixel).letter;
  context.textAlign = "left";
  const width = context.measureText(text).width;
  const middle = name === "rows" ? track.starts[0] + LABEL_LINE * pixel / 2 : track.starts[0] + width / 2;
  context.fillText(text, ...at(middle, width));
}

/** Leave bright where the index of an outer and of an inner axis agree: [place of the one, of the other]. */
function drawTied({ tracks, origin, page, palette, spec }, context, [outerAxis, innerAxis]) {
  const { starts: tops, ends: bottoms } = tracks.rows, { starts: lefts, ends: rights } = tracks.columns;
  context.globalAlpha = 0.72;
  context.fillStyle = palette.css.ground;
  context.fillRect(origin.left, origin.top, tracks.columns.total, tracks.rows.total);
  context.globalAlpha = 1;
  forEachTied(spec, outerAxis, innerAxis, (outer, inner) => {
    const row = page.rowOfOuter[outer] + page.rowOfInner[inner];
    const column = page.columnOfOuter[outer] + page.columnOfInner[inner];
    context.clearRect(origin.left + lefts[column], origin.top + tops[row],
      rights[column] - lefts[column] + 1, bottoms[row] - tops[row] + 1);
  });
}

/** What is pointed at, or else the highlight, on a canvas of its own: the cells below stay as they are. */
function drawMarks(view) {
  const { overlay, tracks, origin, pixel, page, palette, spec } = view, context = overlay.getContext("2d");
  context.clearRect(0, 0, overlay.width, overlay.height);
  view.tile.draw();
  const { outer = null, inner = null, equal = null } = view.pointed ?? view.highlight;
  const cells = tracks ? markedCells(page, { outer, inner }) : [];
  if (tracks && equal) return drawTied(view, context, equal);
  if (!cells.length) return;
  context.globalAlpha = 0.5;
  context.fillStyle = palette.css.ground;
  context.fillRect(origin.left, origin.top, tracks.columns.total, tracks.rows.total);
  context.globalAlpha = 1;
  const strong = new Path2D(), thin = new Path2D();
  const perTile = outer === null && page.tiles;  // there the entries that are not 0 stand out
  cells.forEach((cell, tile) => {
    const [x, y, width, height] = boxOf(view, cell);
    context.clearRect(x, y, width, height);
    if (perTile && entryAt(spec, tile, inner) === 0) thin.rect(x + 0.5, y + 0.5, width - 1, height - 1);
    else strong.rect(x, y, width, height);
  });
  const stroke = (path, colour, width) => {
    context.strokeStyle = palette.css[colour];
    context.lineWidth = Math.round(width * pixel);
    context.stroke(path);
  };
  stroke(thin, "mark", 1);
  if (outer !== null && inner !== null) {
    const [x, y, width, height] = boxOf(view, cells[0]);
    context.setLineDash([2 * pixel, 3 * pixel]);
    stroke(new Path2D(`M${origin.left} ${y + height / 2}H${x}M${x + width / 2} ${origin.top}V${y}`), "mark", 1);
    context.setLineDash([]);
    stroke(strong, "ground", 6);
  }
  stroke(strong, "mark", 2);
}

/** Mark an entry, and say so when it is another one. */
function pointTensor(view, entry, event) {
  if (entry) view.lens.show(entry, event);
  else view.lens.hide();
  if (entry?.outer === view.pointed?.outer && entry?.inner === view.pointed?.inner) return;
  view.pointed = entry;
  drawMarks(view);
  view.handlers.onPoint(entry);
}

/** Where an entry stands in the window: its box, and its middle as of a pointer; null where there is none. */
function seenAt(view, entry) {
  const [cell] = view.tracks ? markedCells(view.page, entry) : [], seen = view.canvas.getBoundingClientRect();
  if (!cell || !seen.width) return null;
  const [x, y, width, height] = boxOf(view, cell).map((size) => size * seen.width / view.canvas.width);
  const left = seen.left + x, top = seen.top + y;
  return { left, top, width, height, clientX: left + width / 2, clientY: top + height / 2 };
}

/** The box around some cells in pixels of the canvas; never too small to see. */
function boxOf({ tracks, origin, pixel }, { row, column, rows, columns }) {
  const reach = (track, first, count) => {
    const start = track.starts[first] - 1, size = track.ends[first + count - 1] + 1 - start;
    const more = Math.max(0, Math.ceil((5 * pixel - size) / 2));
    return [start - more, size + 2 * more];
  };
  const [x, width] = reach(tracks.columns, column, columns), [y, height] = reach(tracks.rows, row, rows);
  return [origin.left + x, origin.top + y, width, height];
}
