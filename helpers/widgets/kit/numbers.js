// Numbers as a student reads and types them, and how an array of them lies on the page and takes keys. Pure.

export const MINUS = "−";
const BASE_STEP = 0.1;
const TINTS = 6;  // shades for each sign

/** A number in at most 9 characters: whole, or at most 4 decimals, or 1.2e−9, or nan, ∞, −∞. */
export function formatNumber(x) {
  if (Number.isNaN(x)) return "nan";
  const size = Math.abs(x), sign = x < 0 ? MINUS : "";
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  if (size < 1e-4 || size >= 1e6) return sign + scientificNumber(size);
  const decimals = Math.min(4, 6 - String(Math.floor(size)).length);
  return sign + String(Number(size.toFixed(decimals)));
}

/** How many decimals the numbers of one grid are written with: as many as one of them needs. */
export function gridDecimals(values) {
  return values.reduce((most, x) => Math.max(most, /^\S?\d*\.(\d+)$/.exec(formatNumber(x))?.[1].length ?? 0), 0);
}

/** A number of a grid: an exact zero stays bare, what is tiny or huge keeps its own format. */
export function gridNumber(x, decimals) {
  const text = formatNumber(x);
  return x === 0 || /[e∞n]/.test(text) ? text : (x < 0 ? MINUS : "") + Math.abs(x).toFixed(decimals);
}

/** A positive number as 1.2e−9 or 3e8. */
function scientificNumber(size) {
  return size.toExponential(1).replace(".0e", "e").replace("e+", "e").replace("e-", `e${MINUS}`);
}

/** A number with all its digits, to be edited as text. */
export function numberText(x) {
  if (Number.isNaN(x)) return "nan";
  return String(x).replace("Infinity", "∞").replace("e+", "e").replace(/-/g, MINUS);
}

/** The number that a text means, or null: 1.5, 1,5, −2, 1e-3, 1/3, inf, ∞, nan; wide figures too. */
export function parseNumber(text) {
  const plain = text.normalize("NFKC").trim().toLowerCase().replace(/[−–‐ー]/g, "-");
  const parts = plain.split("/").map((part) => parsePlainNumber(part.trim()));
  if (parts.length === 1) return parts[0];
  const fraction = parts.length === 2 && parts.every(Number.isFinite) && parts[1] !== 0;
  return fraction ? parts[0] / parts[1] : null;
}

function parsePlainNumber(plain) {
  if (/^[+-]?nan$/.test(plain)) return NaN;
  if (/^[+-]?(inf|infinity|∞)$/.test(plain)) return plain.startsWith("-") ? -Infinity : Infinity;
  const decimal = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?$/;
  return decimal.test(plain) ? Number(plain.replace(",", ".")) : null;
}

/** A text as far as a line has room for it. */
function cut(text) {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

/** The line that says why a text was refused. */
export function notANumber(text) {
  return `"${cut(text)}" is not a number: type for example 1.5, −2, 1e-3 or nan`;
}

/**
 * The rows of numbers that a pasted text means: {rows}, or {error} with the line that says why not. Cells stand
 * between tabs, or else between spaces or commas with a space; rows on lines, or between semicolons.
 */
export function parseBlock(text) {
  const plain = text.replace(/\]\s*(,\s*)?\[/g, ";").replace(/[[\]()\r]/g, " ").replace(/^\n+/, "").trimEnd();
  const tabbed = plain.includes("\t"), lines = plain.split(tabbed ? "\n" : /[\n;]/);
  // Blanks are made one first: a pattern that looked for the end of a long run would try each of its beginnings.
  const spaced = (line) => line.trim().replace(/\s+/g, " ").replace(/ ?\/ ?/g, "/").split(/ ?, | /);
  const cells = lines.map((line) => (tabbed ? line.split("\t") : spaced(line)));
  const all = cells.flat(), rows = cells.map((line) => line.map(parseNumber));
  const unclear = tabbed || all.length === 1 ? undefined : all.find((cell) => /^[+\-−]?\d+,\d+$/.test(cell));
  if (unclear) {
    const [said, one, two] = [",", ".", ", "].map((sign) => cut(unclear.replace(",", sign)));
    return { error: `${said} is one number or two: write ${one} or ${two}` };
  }
  const bad = all.find((cell) => parseNumber(cell) === null);
  if (bad !== undefined) return { error: notANumber(bad) };
  const uneven = rows.findIndex((row) => row.length !== rows[0].length);
  if (uneven < 0) return { rows };
  const counts = [1, uneven + 1].map((row) => `row ${row} has ${cells[row - 1].length}`);
  return { error: `the rows are of different length: ${counts.join(", ")}` };
}

/** How much one step changes a number: 0.1, with Shift ×10, with Alt ÷10. */
function stepFor({ shiftKey = false, altKey = false } = {}) {
  return BASE_STEP * (shiftKey ? 10 : 1) / (altKey ? 10 : 1);
}

/** A number some steps further, without the dust of binary fractions; nan and ∞ start again at 0. */
export function nudged(value, steps, modifiers) {
  const start = Number.isFinite(value) ? value : 0;
  return Number((start + steps * stepFor(modifiers)).toFixed(10)) + 0;  // + 0: never −0
}

/** A number, or a list of them, as JSON can carry it: NaN, Infinity and -Infinity as text. */
export function wireNumber(x) {
  if (Array.isArray(x)) return x.map(wireNumber);
  return Number.isFinite(x) ? x : String(x);
}

/** Rows and columns of an array on the page: the last axis runs along the columns. */
export function arrayLayout(axes) {
  const sizes = axes.map((axis) => axis.size);
  const columns = sizes.length ? sizes[sizes.length - 1] : 1;
  const rows = sizes.slice(0, -1).reduce((product, size) => product * size, 1);
  const group = sizes.length > 2 ? sizes[sizes.length - 2] : rows;
  return { rows, columns, group, count: rows * columns };
}

/** The index along each of these axes of a flat (row-major) index. */
export function arrayIndices(axes, flat) {
  const indices = [];
  for (const { size } of [...axes].reverse()) {
    indices.unshift(flat % size);
    flat = Math.floor(flat / size);
  }
  return indices;
}

/** `X[1,2]`, or `X` for a single number. */
export function entryName(name, axes, flat) {
  return axes.length ? `${name}[${arrayIndices(axes, flat).join(",")}]` : name;
}

/** The accessible name of a whole grid. */
export function arrayLabel({ name, axes, editable }) {
  const sizes = axes.length ? axes.map((axis) => axis.size).join(" by ") : "one number";
  return `${name}, ${sizes}${editable ? ", editable: up and down change a number, left and right move" : ""}`;
}

/** The largest finite size, rounded up to 1, 2 or 5 times a power of ten: tints stay put while a number moves. */
export function tintLimit(values) {
  const largest = values.reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 0);
  if (largest === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return power * ([1, 2, 5].find((nice) => nice * power >= largest) ?? 10);
}

/** The shade of a number: −TINTS … TINTS, 0 for an exact zero alone, nan for nan. */
export function tintLevel(value, limit) {
  if (value === 0 || Number.isNaN(value)) return Math.abs(value);
  return Math.sign(value) * Math.min(TINTS, Math.max(1, Math.ceil(TINTS * Math.abs(value) / limit)));
}

/** Where a key leads from a cell, or null when the key does not move. */
export function movedIndex(key, index, { columns, count }, editable) {
  const row = index - index % columns;
  const vertical = editable ? {} : { ArrowUp: index - columns, ArrowDown: index + columns };
  const target = {
    ArrowLeft: index - 1, ArrowRight: index + 1, PageUp: index - columns, PageDown: index + columns,
    Home: row, End: row + columns - 1, ...vertical,
  }[key];
  if (target === undefined) return null;
  return target >= 0 && target < count ? target : index;
}

export const KEY_STEPS = { ArrowUp: 1, ArrowDown: -1 };
export const BEGINS_A_NUMBER = /^[\d.,+\-−–∞]$/;  // what may be typed on a cell

/** "undo" for Ctrl+Z, "redo" for Ctrl+Shift+Z and Ctrl+Y, else null. */
export function historyKey({ key, ctrlKey, metaKey, shiftKey }) {
  if (!(ctrlKey || metaKey)) return null;
  const letter = key.toLowerCase();
  if (letter === "y") return "redo";
  return letter === "z" ? (shiftKey ? "redo" : "undo") : null;
}
