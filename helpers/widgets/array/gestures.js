// What pointer, focus, keys and typing do in a grid of numbers.

import { BURST } from "../kit/controls.js";
import { nearestOf } from "../kit/dom.js";
import {
  BEGINS_A_NUMBER, historyKey, KEY_STEPS, movedIndex, notANumber, nudged, numberText, parseBlock, parseNumber,
} from "../kit/numbers.js";
import { cellValue, paintArray, setActiveCell } from "./draw.js";

const DRAG_STARTS = 3;    // pixels
const PIXELS_A_STEP = 4;
const ARRAY_HINT = "drag ↔ or type · ↑ ↓ change · Shift ×10 · Alt ÷10";
const TYPING_HINT = "Enter keeps · Tab next · Esc cancels · ↑ ↓ change";

// --- pointing, focus and editing ---

export function indexOfCell({ body }, target) {
  const cell = target.closest?.(".tm-cell");
  return cell && body.contains(cell) ? Number(cell.dataset.index) : null;
}

/** The cell under the pointer; between the groups of rows the nearest one, elsewhere null. */
function indexUnder(grid, event) {
  const rows = event.target.closest?.(".tm-grid-rows");
  if (!rows || event.target.closest(".tm-cell")) return indexOfCell(grid, event.target);
  return indexOfCell(grid, nearestOf(nearestOf(rows.children, event).children, event));
}

function pointAt(grid, index) {
  if (index === grid.pointed) return;
  grid.pointed = index;
  grid.handlers.onPoint?.(index);
}

function editNumber(grid, index, value, stroke) {
  grid.error.textContent = "";
  const answered = grid.handlers.onEdit?.(index, value, stroke) ?? (() => true);
  grid.local.set(index, { value, answered });
  paintArray(grid);
}

export function listenToFocus(grid) {
  const { body, element } = grid;
  body.addEventListener("focusin", (event) => {
    const index = indexOfCell(grid, event.target);
    if (index === null) return;
    setActiveCell(grid, index);
    placeFoot(grid);
    pointAt(grid, index);
  });
  element.addEventListener("focusout", (event) => {
    if (element.contains(event.relatedTarget)) return;
    grid.burst = null;
    pointAt(grid, null);
  });
}

const viewBox = ({ element }) => (element.closest(".tm-panel, .tm-root") ?? element).getBoundingClientRect();

/** Keep hint and error inside the view when the grid stands near its right edge. */
function placeFoot(grid) {
  const view = viewBox(grid), { left } = grid.foot.getBoundingClientRect();
  for (const line of [grid.hint, grid.error]) {
    line.style.maxWidth = `${view.width}px`;
    line.style.left = `${Math.min(0, view.right - left - line.offsetWidth)}px`;
  }
}

export function listenToPointer(grid) {
  const { body } = grid;
  for (const kind of ["pointerover", "pointermove"]) {
    body.addEventListener(kind, (event) => pointAt(grid, indexUnder(grid, event)));
  }
  body.addEventListener("pointerleave", () => pointAt(grid, null));
  body.addEventListener("pointerdown", (event) => startDrag(grid, event));
  body.addEventListener("pointermove", (event) => moveDrag(grid, event));
  body.addEventListener("pointerup", () => { grid.drag = null; });
  body.addEventListener("pointercancel", () => cancelDrag(grid));
  body.addEventListener("click", (event) => {
    const index = indexOfCell(grid, event.target);
    if (grid.spec.editable && index !== null && !grid.dragged) openEditor(grid, index);
  });
}

function startDrag(grid, event) {
  const index = indexOfCell(grid, event.target);
  grid.dragged = false;
  if (!grid.spec.editable || index === null || event.button !== 0 || !event.isPrimary) return;
  const from = cellValue(grid, index);
  grid.drag = { index, from, value: from, x: event.clientX, stroke: grid.handlers.newStroke() };
  grid.cells[index].setPointerCapture(event.pointerId);
}

function moveDrag(grid, event) {
  const { drag } = grid;
  if (!drag || !event.isPrimary) return;
  const moved = event.clientX - drag.x, steps = Math.trunc(moved / PIXELS_A_STEP);
  if (Math.abs(moved) >= DRAG_STARTS) grid.dragged = true;
  if (!steps) return;
  drag.x += steps * PIXELS_A_STEP;
  drag.value = nudged(drag.value, steps, event);
  editNumber(grid, drag.index, drag.value, drag.stroke);
}

/** Put the number back as it was before the drag; true when there was one. */
function cancelDrag(grid) {
  const { drag } = grid;
  grid.drag = null;
  if (drag && !Object.is(drag.value, drag.from)) editNumber(grid, drag.index, drag.from, drag.stroke);
  grid.dragged = Boolean(drag);
  return grid.dragged;
}

/** Do what a key means on a cell; true when it means something. */
export function pressOnCell(grid, index, event) {
  const { key } = event, { spec } = grid;
  if (index === null) return false;
  if (key === "Escape") return cancelDrag(grid);
  if (event.ctrlKey || event.metaKey) return historyKey(event) !== null && moveInHistory(grid, historyKey(event));
  const target = event.altKey ? null : movedIndex(key, index, grid.layout, spec.editable);
  if (target !== null) grid.cells[target].focus();
  else if (!spec.editable) return false;
  else if (key in KEY_STEPS) stepByKey(grid, index, cellValue(grid, index), event);
  else if (key === "Enter" || key === "F2") openEditor(grid, index);
  else if (key === "Backspace" || key === "Delete") openEditor(grid, index, "");
  else if (BEGINS_A_NUMBER.test(key)) openEditor(grid, index, key);
  else return false;
  return true;
}

/** Take back the last change, or make it again. */
function moveInHistory(grid, how) {
  grid.burst = null;
  if (how === "undo") grid.handlers.onUndo?.();
  else grid.handlers.onRedo?.();
  return true;
}

/** One step up or down; presses in quick succession share one stroke. Returns the new number. */
function stepByKey(grid, index, from, { key, shiftKey, altKey, timeStamp }) {
  const { burst } = grid;
  const same = burst && burst.index === index && timeStamp - burst.time < BURST;
  const stroke = same ? burst.stroke : grid.handlers.newStroke();
  grid.burst = { index, stroke, time: timeStamp };
  const value = nudged(from, KEY_STEPS[key], { shiftKey, altKey });
  editNumber(grid, index, value, stroke);
  return value;
}

/** Copy the number of the focused cell, with all its digits. */
export function copyCell(grid, event) {
  const index = indexOfCell(grid, event.target);
  if (index === null || String(getSelection())) return;
  event.clipboardData.setData("text/plain", numberText(cellValue(grid, index)));
  event.preventDefault();
}

/** Put a number from the clipboard into a cell, or a block into it and those after and below it. */
export function pasteOnCell(grid, event) {
  const typing = event.target === grid.input, index = typing ? grid.editing?.index : indexOfCell(grid, event.target);
  if ((index ?? null) === null || !grid.spec.editable) return;
  const text = event.clipboardData.getData("text/plain"), { rows, error } = parseBlock(text);
  if (typing && (error ? !/[\t\n;]/.test(text.trim()) : rows.flat().length === 1)) return;  // one number is typed
  event.preventDefault();
  if (error) openEditor(grid, index, text.trim().replace(/\s+/g, " "));
  else closeEditor(grid);
  if (error) grid.input.setAttribute("aria-invalid", "true");
  grid.error.textContent = error ?? pasteBlock(grid, index, rows);
  placeFoot(grid);
  if (!error) grid.cells[index].focus();
}

/** Put rows of numbers into the grid from one cell on; gives the line that says why not, or nothing. */
function pasteBlock(grid, index, rows) {
  const { columns, rows: all } = grid.layout, left = [all - Math.floor(index / columns), columns - index % columns];
  const size = [rows.length, rows[0].length];
  if (size[0] > left[0] || size[1] > left[1]) {
    return `${size.join(" × ")} numbers do not fit: from ${grid.names[index]} on there are ${left.join(" × ")}`;
  }
  const places = rows.flatMap((row, r) => row.map((_, c) => index + r * columns + c)), values = rows.flat();
  const changed = places.map((place, i) => [place, values[i]])
    .filter(([place, value]) => !Object.is(value, cellValue(grid, place)));
  if (changed.length === 1) editNumber(grid, ...changed[0], grid.handlers.newStroke());
  else if (changed.length) editBlock(grid, changed.map(([place]) => place), changed.map(([, value]) => value));
  return "";
}

function editBlock(grid, places, values) {
  const answered = grid.handlers.onEdit?.(places, values, grid.handlers.newStroke()) ?? (() => true);
  places.forEach((place, i) => grid.local.set(place, { value: values[i], answered }));
  paintArray(grid);
}

// --- typing ---

function openEditor(grid, index, text) {
  const { input, names } = grid;
  grid.editing = { index, text: numberText(cellValue(grid, index)) };
  grid.error.textContent = "";
  grid.hint.textContent = TYPING_HINT;
  input.value = text ?? grid.editing.text;
  input.setAttribute("aria-label", `${names[index]}: new value`);
  input.removeAttribute("aria-invalid");
  input.hidden = false;
  grid.cells[index].scrollIntoView({ block: "nearest", inline: "nearest" });
  setActiveCell(grid, index);
  placeEditor(grid);
  placeFoot(grid);
  input.focus({ preventScroll: true });
  if (text === undefined) input.select();
  pointAt(grid, index);
}

/** Lay the text field over its cell, wider than the cell when its text needs it. */
export function placeEditor(grid) {
  const { editing, input, cells, element } = grid;
  if (!editing) return;
  const cell = cells[editing.index].getBoundingClientRect(), origin = element.getBoundingClientRect();
  const zoom = origin.width / element.offsetWidth || 1;  // boxes are measured in pixels of the screen
  input.style.width = `max(${cell.width / zoom}px, ${Math.min(24, input.value.length + 2)}ch)`;
  input.style.height = `${cell.height / zoom}px`;
  input.style.top = `${(cell.top - origin.top) / zoom}px`;
  const right = (viewBox(grid).right - origin.left) / zoom - input.offsetWidth;
  input.style.left = `${Math.min((cell.left - origin.left) / zoom, right)}px`;
}

export function closeEditor(grid) {
  grid.editing = null;
  grid.input.hidden = true;
  grid.hint.textContent = ARRAY_HINT;
}

/** Keep what was typed and close; false, with a line that says why, when it is not a number. */
export function commitEditor(grid) {
  const { editing, input, error } = grid;
  if (!editing) return true;
  const value = parseNumber(input.value);
  if (value === null) {
    input.setAttribute("aria-invalid", "true");
    error.textContent = notANumber(input.value);
    placeFoot(grid);
    return false;
  }
  const typed = input.value !== editing.text;
  closeEditor(grid);
  if (typed && !Object.is(value, cellValue(grid, editing.index))) {
    editNumber(grid, editing.index, value, grid.handlers.newStroke());
  }
  return true;
}

export function pressInInput(grid, event) {
  if (event.isComposing) return;  // the key belongs to an input method
  const { editing, input, cells } = grid, { key } = event, { index } = editing;
  const untouched = input.value === editing.text;
  const backToCell = () => cells[index].focus();
  if (key === "Escape") {
    closeEditor(grid);
    grid.error.textContent = "";
    backToCell();
  } else if (key === "Enter") {
    if (commitEditor(grid)) backToCell();
  } else if (key === "Tab") {
    const next = index + (event.shiftKey ? -1 : 1);
    if (!commitEditor(grid)) event.preventDefault();
    else if (!cells[next]) backToCell();  // and the browser moves on from there
    else { openEditor(grid, next); event.preventDefault(); }
  } else if (key === "ArrowUp" || key === "ArrowDown") {
    event.preventDefault();
    const from = parseNumber(input.value) ?? cellValue(grid, index);
    input.value = editing.text = numberText(stepByKey(grid, index, from, event));
    input.select();
  } else if (historyKey(event) && untouched) {
    event.preventDefault();
    closeEditor(grid);
    moveInHistory(grid, historyKey(event));
    backToCell();
  }
}
