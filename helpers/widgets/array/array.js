// A grid of numbers, edited by drag, keys or typing. `arrayGrid` is the door; what keys and pointer do stands in
// gestures.js.

const COMPACT_OVER = 12;  // more rows or columns: smaller cells, an index for each fourth
const SCROLL_OVER = 16;   // more rows: a box that scrolls

/**
 * A grid in `host`. handlers: onEdit(flat, value, stroke), onPoint(flat or null), onUndo(), newStroke().
 * update(spec, highlight) draws; a number that was edited stays until Python has answered, as the function tells
 * that onEdit gives back; `highlight` lists the flat indices to mark.
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
  body.addEventListener("copy", (event) => copyCell(grid, event));
  body.addEventListener("paste", (event) => pasteOnCell(grid, event));
  input.addEventListener("keydown", (event) => pressInInput(grid, event));
  input.addEventListener("input", () => placeEditor(grid));
  input.addEventListener("blur", () => commitEditor(grid));
  input.addEventListener("dblclick", () => input.select());  // a word would leave the minus behind
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
  for (const [index, { answered }] of grid.local) if (answered()) grid.local.delete(index);
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
  return grid.local.has(index) ? grid.local.get(index).value : grid.spec.values[index];
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
