// Square matrices as tinted cells: the three parts, and their sum with G beside it and the gradient below.

import { make } from "../kit/dom.js";
import { formatNumber, MINUS, movedIndex } from "../kit/numbers.js";
import { largestOf, setTint } from "./graph.js";

// Pixels of a cell; from `numbers` on it shows its number.
const HEAT = { most: 42, least: 15, numbers: 36, small: 58 };

/** How large a cell is when so many stand side by side. Pure. */
export function heatCell(count, width, most = HEAT.most) {
  return Math.max(HEAT.least, Math.min(most, Math.floor(width / count)));
}

/** How many decimals the numbers of a matrix have in small cells: one size of text for all of them. Pure. */
export function heatDecimals(values) {
  const largest = largestOf(values.filter(Number.isFinite));
  return largest < 10 ? 2 : largest < 100 ? 1 : 0;
}

/** A number for a small cell: so many decimals, and ≈0 for what they would hide. Pure. */
export function shortText(value, decimals) {
  if (!Number.isFinite(value)) return formatNumber(value);
  if (Math.abs(value) < 0.5 * 10 ** -decimals) return "≈0";
  return value.toFixed(decimals).replace("-", MINUS);
}

/** A cell with the tint of its number; exact zeros show a dot. */
function heatCellPart(value, limit, size, decimals) {
  const cell = make("span", { class: "tm-heat-cell tm-tint" });
  cell.style.width = cell.style.height = `${size}px`;
  paintHeat(cell, value, limit, size, decimals);
  return cell;
}

function paintHeat(cell, value, limit, size, decimals) {
  setTint(cell, value, limit);
  const small = value !== 0 && size >= HEAT.numbers;
  cell.textContent = value === 0 ? "·" : small ? shortText(value, decimals) : "";
}

/** A small matrix as a picture without gestures. */
export function smallMatrix(label) {
  const element = make("div", { class: "tm-heat tm-heat-small", role: "img", "aria-label": label });
  return {
    element,
    update({ n, values, limit, used, said }) {
      const size = HEAT.small / n;
      element.classList.toggle("tm-unused", !used);
      element.setAttribute("aria-label", `${label}: ${said}`);
      if (element.childElementCount !== n * n) {
        element.style.gridTemplateColumns = `repeat(${n}, ${size}px)`;
        element.replaceChildren(...values.map(() => make("span", { class: "tm-heat-cell tm-tint" })));
      }
      [...element.children].forEach((cell, i) => {
        cell.style.height = `${size}px`;
        setTint(cell, values[i], limit);
      });
    },
  };
}

/** One tab stop for the cells of a grid: arrow keys move, and onPoint(index or null) tells where. */
export function roving(body, onPoint) {
  let cells = [], columns = 1, active = 0;
  const settleAt = (index) => {
    cells[active]?.setAttribute("tabindex", "-1");
    active = index;
    cells[active]?.setAttribute("tabindex", "0");
  };
  const indexOf = (target) => cells.indexOf(target.closest?.("[role=gridcell]"));
  body.addEventListener("keydown", (event) => {
    const target = movedIndex(event.key, active, { columns, count: cells.length }, false);
    if (target === null) return;
    event.preventDefault();
    cells[target].focus();
  });
  body.addEventListener("focusin", (event) => {
    const index = indexOf(event.target);
    if (index >= 0) { settleAt(index); onPoint(index); }
  });
  body.addEventListener("focusout", (event) => { if (!body.contains(event.relatedTarget)) onPoint(null); });
  body.addEventListener("pointerover", (event) => { const i = indexOf(event.target); if (i >= 0) onPoint(i); });
  body.addEventListener("pointerleave", () => onPoint(null));
  return (newCells, newColumns) => {
    [cells, columns, active] = [newCells, newColumns, Math.min(active, newCells.length - 1)];
    cells.forEach((cell, i) => cell.setAttribute("tabindex", i === active ? "0" : "-1"));
  };
}

/** The sum as a grid; onPoint(index or null) tells which entry is pointed at. */
export function sumMatrix(onPoint) {
  const body = make("div", { class: "tm-heat", role: "grid" }), rove = roving(body, onPoint);
  let n = 0, cells = [];
  const build = (count, size) => {
    n = count;
    cells = Array.from({ length: n * n }, () => make("span", { class: "tm-heat-cell tm-tint", role: "gridcell" }));
    rove(cells, n);
    body.replaceChildren(...Array.from({ length: n }, (_, row) =>
      make("div", { class: "tm-heat-row", role: "row" }, ...cells.slice(row * n, (row + 1) * n))));
    for (const cell of cells) cell.style.width = cell.style.height = `${size}px`;
  };
  return {
    element: body,
    update({ n: count, values, limit, size, feature, marks }) {
      body.setAttribute("aria-label", `Jacobian of feature ${feature}, ${count} by ${count}; arrow keys move`);
      if (count !== n || cells[0]?.style.width !== `${size}px`) build(count, size);
      const decimals = heatDecimals(values);
      cells.forEach((cell, i) => {
        const row = Math.floor(i / n), column = i % n;
        paintHeat(cell, values[i], limit, size, decimals);
        cell.ariaLabel = `∂Y[${row},${feature}]/∂X[${column},${feature}] = ${formatNumber(values[i])}`;
        cell.classList.toggle("tm-marked", marks.column === column && (marks.row === null || marks.row === row));
      });
    },
  };
}

/** A row or a column of tinted numbers with its name. */
export function heatStrip(kind) {
  const element = make("div", { class: `tm-heat-strip tm-heat-${kind}`, role: "img" });
  return {
    element,
    update({ name, values, size, marked = null }) {
      const limit = largestOf(values), decimals = heatDecimals(values);
      element.setAttribute("aria-label", `${name}: ${values.map(formatNumber).join(", ")}`);
      element.replaceChildren(...values.map((value, i) => {
        const cell = heatCellPart(value, limit, size, decimals);
        if (i === marked) cell.classList.add("tm-marked");
        return cell;
      }));
    },
  };
}
