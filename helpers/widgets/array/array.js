// A grid of numbers, edited by drag, keys or typing. `arrayGrid` is the door; after it come drawing, then gestures.

const COMPACT_OVER = 12;  // more rows or columns: smaller cells, an index for each fourth
const SCROLL_OVER = 16;   // more rows: a box that scrolls
const DRAG_STARTS = 3;    // pixels
const PIXELS_A_STEP = 4;
const BURST = 1000;       // milliseconds; key presses closer than this are one stroke
const ARRAY_HINT = "drag ↔ or type · ↑ ↓ change · ← → move · Shift ×10 · Alt ÷10 · Ctrl+Z undo";
const TYPING_HINT = "Enter keeps · Tab next · Esc cancels · ↑ ↓ change";

/**
 * A grid in `host`. handlers: onEdit(flat, value, stroke), onPoint(flat or null), onUndo(), newStroke().
 * update(spec, highlight) draws; `spec.waiting` keeps numbers that were just edited until Python has
 * answered; `highlight` lists the flat indices to mark.
 */
function arrayGrid(host, handlers) {
  const element = arrayPart("div", "tm-array", host);
  const head = arrayPart("div", "tm-array-head", element);
  const scroller = arrayPart("div", "tm-array-scroll", element);
  const body = arrayPart("div", "tm-grid", scroller, { role: "grid" });
  const foot = arrayPart("div", "tm-array-foot", element);
  const hint = arrayPart("div", "tm-array-hint", foot);
  const error = arrayPart("div", "tm-array-error tm-error", foot, { "aria-live": "polite" });
  const input = arrayPart("input", "tm-array-input", element, {
    type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "off",
  });
  input.hidden = true;
  const grid = {
    handlers, element, head, scroller, body, foot, hint, error, input,
    cells: [], names: [], shown: [], tints: [], marks: new Set(), local: new Map(), layout: null, spec: null,
    key: "", active: 0, longest: 0, width: 0, drag: null, dragged: false, burst: null, editing: null, pointed: null,
  };
  listenToPointer(grid);
  listenToFocus(grid);
  body.addEventListener("keydown", (event) => {
    if (pressOnCell(grid, indexOfCell(grid, event.target), event)) event.preventDefault();
  });
  input.addEventListener("keydown", (event) => pressInInput(grid, event));
  input.addEventListener("input", () => placeEditor(grid));
  input.addEventListener("blur", () => commitEditor(grid));
  scroller.addEventListener("scroll", () => placeEditor(grid));
  return {
    element,
    update: (spec, highlight = []) => updateArray(grid, spec, highlight),
    focusCell: (index) => grid.cells[index]?.focus(),
  };
}

function arrayPart(tag, className, parent, attributes = {}) {
  const part = document.createElement(tag);
  part.className = className;
  for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  parent.append(part);
  return part;
}

// --- drawing: what has not changed is not touched ---

function updateArray(grid, spec, highlight) {
  const key = JSON.stringify([spec.name, spec.axes, Boolean(spec.editable), spec.note]);
  if (!spec.waiting) grid.local.clear();
  grid.spec = spec;
  if (key !== grid.key) {
    grid.key = key;
    buildArray(grid);
  }
  paintArray(grid);
  markArray(grid, highlight);
}

function buildArray(grid) {
  const { spec, body, element } = grid;
  const layout = grid.layout = arrayLayout(spec.axes);
  const hadFocus = element.contains(element.getRootNode().activeElement);
  Object.assign(grid, { cells: [], names: [], shown: [], tints: [], drag: null, burst: null });
  grid.longest = spec.editable ? 5 : 3;
  grid.marks.clear();
  grid.local.clear();
  closeEditor(grid);
  element.classList.toggle("tm-editable", Boolean(spec.editable));
  element.classList.toggle("tm-compact", Math.max(layout.rows, layout.columns) > COMPACT_OVER);
  element.classList.toggle("tm-tall", layout.rows > SCROLL_OVER);
  body.setAttribute("aria-label", arrayLabel(spec));
  grid.error.textContent = "";
  buildHead(grid);
  body.replaceChildren();
  if (layout.count) buildRows(grid);
  else arrayPart("div", "tm-array-empty", body).textContent = "no entries";
  setActiveCell(grid, Math.max(0, Math.min(grid.active, layout.count - 1)));
  if (hadFocus) grid.cells[grid.active]?.focus();
}

/** The name, then every axis in its colour: `X  n = 3 ↓  h = 4 →`. */
function buildHead({ head, spec }) {
  head.replaceChildren();
  arrayPart("span", "tm-array-name", head).textContent = spec.name;
  spec.axes.forEach((axis, place) => {
    const arrow = place === spec.axes.length - 1 ? "→" : "↓";
    const part = arrayPart("span", `tm-array-axis tm-axis-${axis.colour}`, head);
    arrayPart("i", "", part).textContent = axis.letter + axis.mark;
    part.append(` = ${axis.size} ${arrow}`);
  });
  if (spec.note) arrayPart("span", "tm-array-note", head).textContent = spec.note;
}

function buildRows({ body, spec, layout, cells, names }) {
  const rowAxes = spec.axes.slice(0, -1), columnAxis = spec.axes[spec.axes.length - 1];
  const digits = rowAxes.reduce((sum, { size }) => sum + String(size - 1).length, Math.max(0, rowAxes.length - 1));
  body.style.setProperty("--tm-index-ch", digits);
  if (columnAxis) buildColumnIndices(body, layout, columnAxis, rowAxes.length > 0);
  const lines = arrayPart("div", "tm-grid-lines", body, { role: "presentation" });
  // One sticky column: a sticky part in every row costs the browser a layer each, 100 ms a frame in large grids.
  const indices = arrayPart("div", "tm-row-indices", lines, { "aria-hidden": "true" });
  const rows = arrayPart("div", "tm-grid-rows", lines, { role: "rowgroup" });
  for (let r = 0; r < layout.rows; r++) {
    const group = r > 0 && r % layout.group === 0 ? " tm-grid-group" : "";
    const line = arrayPart("div", `tm-grid-row${group}`, rows, { role: "row" });
    if (rowAxes.length) buildRowIndex(indices, group, rowAxes, r, layout);
    for (let c = 0; c < layout.columns; c++) {
      const cell = arrayPart("div", "tm-cell", line, { role: "gridcell", tabindex: -1 });
      if (!spec.editable) cell.setAttribute("aria-readonly", "true");
      cell.dataset.index = cells.length;
      cell.append("");
      names.push(entryName(spec.name, spec.axes, cells.length));
      cells.push(cell);
    }
  }
}

function buildColumnIndices(body, { columns }, axis, withCorner) {
  const line = arrayPart("div", "tm-grid-row tm-grid-top", body, { "aria-hidden": "true" });
  if (withCorner) arrayPart("span", "tm-row-index", line);
  for (let c = 0; c < columns; c++) {
    const label = arrayPart("small", `tm-axis-${axis.colour}`, arrayPart("span", "tm-column-index", line));
    if (columns <= COMPACT_OVER || c % 4 === 0) label.textContent = c;
  }
}

function buildRowIndex(indices, group, axes, r, { rows }) {
  const label = arrayPart("div", `tm-row-index${group}`, indices);
  if (rows > COMPACT_OVER && r % 4 !== 0 && axes.length === 1) return;
  arrayIndices(axes, r).forEach((index, place) => {
    if (place) label.append(",");
    arrayPart("span", `tm-axis-${axes[place].colour}`, label).textContent = index;
  });
}

function cellValue(grid, index) {
  return grid.local.has(index) ? grid.local.get(index) : grid.spec.values[index];
}

function paintArray(grid) {
  const { cells, shown, tints, local } = grid;
  const values = local.size ? cells.map((_, index) => cellValue(grid, index)) : grid.spec.values;
  const limit = tintLimit(values);
  for (let index = 0; index < cells.length; index++) {
    const value = values[index], tint = tintLevel(value, limit);
    if (!Object.is(value, shown[index])) paintNumber(grid, index, value);
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
  const cell = grid.cells[index], text = formatNumber(value);
  cell.firstChild.data = text;
  cell.ariaLabel = `${grid.names[index]} = ${text}`;
  grid.longest = Math.max(grid.longest, text.length);
}

function markArray(grid, highlight) {
  const wanted = new Set(highlight ?? []);
  for (const index of grid.marks) if (!wanted.has(index)) grid.cells[index]?.classList.remove("tm-marked");
  for (const index of wanted) if (!grid.marks.has(index)) grid.cells[index]?.classList.add("tm-marked");
  grid.marks = wanted;
}

// --- pointing, focus and editing ---

function indexOfCell({ body }, target) {
  const cell = target.closest?.(".tm-cell");
  return cell && body.contains(cell) ? Number(cell.dataset.index) : null;
}

function pointAt(grid, index) {
  if (index === grid.pointed) return;
  grid.pointed = index;
  grid.handlers.onPoint?.(index);
}

function setActiveCell(grid, index) {
  grid.cells[grid.active]?.setAttribute("tabindex", -1);
  grid.active = index;
  grid.cells[index]?.setAttribute("tabindex", 0);
}

function editNumber(grid, index, value, stroke) {
  grid.local.set(index, value);
  grid.error.textContent = "";
  paintArray(grid);
  grid.handlers.onEdit?.(index, value, stroke);
}

function listenToFocus(grid) {
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

const viewBox = ({ element }) => (element.closest(".tm-root") ?? element).getBoundingClientRect();

/** Keep hint and error inside the view when the grid stands near its right edge. */
function placeFoot(grid) {
  const view = viewBox(grid), { left } = grid.foot.getBoundingClientRect();
  for (const line of [grid.hint, grid.error]) {
    line.style.maxWidth = `${view.width}px`;
    line.style.left = `${Math.min(0, view.right - left - line.offsetWidth)}px`;
  }
}

function listenToPointer(grid) {
  const { body } = grid;
  body.addEventListener("pointerover", (event) => pointAt(grid, indexOfCell(grid, event.target)));
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
function pressOnCell(grid, index, event) {
  const { key } = event, { spec } = grid;
  if (index === null) return false;
  if (key === "Escape") return cancelDrag(grid);
  if (event.ctrlKey || event.metaKey) return isUndo(event) && undoArray(grid);
  const target = event.altKey ? null : movedIndex(key, index, grid.layout, spec.editable);
  if (target !== null) grid.cells[target].focus();
  else if (!spec.editable) return false;
  else if (key in KEY_STEPS) stepByKey(grid, index, cellValue(grid, index), event);
  else if (key === "Enter" || key === "F2") openEditor(grid, index);
  else if (key === "Backspace" || key === "Delete") openEditor(grid, index, "");
  else if (/^[\d.,]$/.test(key)) openEditor(grid, index, key);
  else return false;
  return true;
}

function undoArray(grid) {
  grid.burst = null;
  grid.handlers.onUndo?.();
  return true;
}

/** One step up or down; presses in quick succession share one stroke. Returns the new number. */
function stepByKey(grid, index, from, { key, shiftKey, altKey, timeStamp }) {
  const { burst } = grid;
  const same = burst && burst.index === index && timeStamp - burst.time < BURST;
  const stroke = same ? burst.stroke : grid.handlers.newStroke();
  grid.burst = { index, stroke, time: timeStamp };
  const shifted = shiftKey && key.startsWith("Arrow");  // "+" itself needs Shift on many keyboards
  const value = nudged(from, KEY_STEPS[key], { shiftKey: shifted, altKey });
  editNumber(grid, index, value, stroke);
  return value;
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
function placeEditor(grid) {
  const { editing, input, cells, element } = grid;
  if (!editing) return;
  const cell = cells[editing.index].getBoundingClientRect(), origin = element.getBoundingClientRect();
  input.style.width = `max(${cell.width}px, ${Math.min(24, input.value.length + 2)}ch)`;
  input.style.height = `${cell.height}px`;
  input.style.top = `${cell.top - origin.top}px`;
  input.style.left = `${Math.min(cell.left, viewBox(grid).right - input.offsetWidth) - origin.left}px`;
}

function closeEditor(grid) {
  grid.editing = null;
  grid.input.hidden = true;
  grid.hint.textContent = ARRAY_HINT;
}

/** Keep what was typed and close; false, with a line that says why, when it is not a number. */
function commitEditor(grid) {
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

function pressInInput(grid, event) {
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
  } else if (isUndo(event) && untouched) {
    event.preventDefault();
    closeEditor(grid);
    undoArray(grid);
    backToCell();
  }
}
