// The code of every pixel, its colour, and the short text of a number in its cell. Pure.

import { formatNumber, gridDecimals, MINUS } from "../kit/numbers.js";
import { KIND } from "./tracks.js";

const SHADES = 255;  // for each sign
// Where entries share a pixel the largest code shows. 2 + 2·shade is a negative number, one more a positive.
export const CODE = {
  outside: 0, structural: 1, dot: 2, zero: 3,
  nan: 4 + 2 * SHADES, stripe: 5 + 2 * SHADES, line: 6 + 2 * SHADES, edge: 7 + 2 * SHADES,
};

/** The code of a value; limit is the largest finite size. */
export function codeOf(value, limit) {
  const size = Math.abs(value);
  if (size === 0) return CODE.zero;
  if (size < limit) return 4 + 2 * ((size / limit) * SHADES | 0) + (value > 0);
  return size >= limit ? 2 + 2 * SHADES + (value > 0) : CODE.nan;
}

export function codesOf(values, limit) {
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) codes[i] = codeOf(values[i], limit);
  return codes;
}

/** The largest finite size among the values. */
export function finiteLimit(values) {
  let limit = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > limit && size < Infinity) limit = size;
  }
  return limit;
}

/** A number with at most so many decimals; where that would be 0, its first digit: 0.04, 3e−7. */
export function shortNumber(value, decimals) {
  if (!Number.isFinite(value)) return formatNumber(value);
  const rounded = Number(value.toFixed(decimals));
  if (rounded !== 0 || value === 0) return formatNumber(rounded);
  const plain = formatNumber(Number(value.toPrecision(1))), rough = roughNumber(value);
  return rough.length < plain.length ? rough : plain;
}

/** The same without the zero before the point: .5. */
export function bareNumber(value, decimals) {
  return shortNumber(value, decimals).replace("0.", ".");
}

/** How the numbers of one picture are written, all with as many decimals as one of these needs. */
export function evenNumber(values, decimals, textOf) {
  const cut = (value) => (Number.isFinite(value) ? Number(value.toFixed(decimals)) : value);
  const needed = gridDecimals(values.map(cut));
  return (value) => {
    const plain = /^\S?\d*\.?\d+$/.test(textOf(value, decimals)) && Number(value.toFixed(needed)) !== 0;
    const text = plain ? value.toFixed(needed).replace("-", MINUS) : textOf(value, decimals);
    return textOf === bareNumber ? text.replace("0.", ".") : text;
  };
}

/** A number by its first digit and its size: −1e5. */
export function roughNumber(value) {
  return value.toExponential(0).replace("e+", "e").replace(/-/g, MINUS);
}

/** What stands where no number does: exact zeros, lines, edges, and nothing between tiles. */
export function paintGround(codes, rowKinds, columnKinds) {
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
export function codeColours(rgb) {
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
export function inkOn(colour) {
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = colour.map((part) => linear(part / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
