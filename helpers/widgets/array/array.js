// A grid of numbers, edited by drag, keys or typing. `arrayGrid` is the door; draw.js draws it, gestures.js listens.

import { make } from "../kit/dom.js";
import { wireNumber } from "../kit/numbers.js";
import { buildArray, markArray, paintArray } from "./draw.js";
import {
  closeEditor, commitEditor, copyCell, indexOfCell, listenToFocus, listenToPointer, pasteOnCell, placeEditor,
  pressInInput, pressOnCell,
} from "./gestures.js";

/**
 * A grid in `host`. handlers: onEdit(flat, value, stroke), onPoint(flat or null), onUndo(), onRedo(),
 * newStroke(); onEdit may get lists of places and values.
 * update(spec, highlight) draws; a number that was edited stays until Python has answered, as the function tells
 * that onEdit gives back; `highlight` lists the flat indices to mark.
 */
export function arrayGrid(host, handlers) {
  const head = make("div", { class: "tm-array-head" }), body = make("div", { class: "tm-grid", role: "grid" });
  const scroller = make("div", { class: "tm-array-scroll" }, body), hint = make("div", { class: "tm-array-hint" });
  const error = make("div", { class: "tm-array-error tm-error", "aria-live": "polite" });
  const foot = make("div", { class: "tm-array-foot" }, hint, error);
  const input = make("input", { class: "tm-array-input", type: "text", hidden: true,
    autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  const element = make("div", { class: "tm-array" }, head, scroller, foot, input);
  host.append(element);
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
  input.addEventListener("paste", (event) => pasteOnCell(grid, event));
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

function updateArray(grid, spec, highlight) {
  const key = JSON.stringify([spec.name, spec.axes, Boolean(spec.editable), spec.note, spec.decimals]);
  for (const [index, { answered }] of grid.local) if (answered()) grid.local.delete(index);
  grid.spec = spec;
  if (key !== grid.key) {
    grid.key = key;
    const { element } = grid, hadFocus = element.contains(element.getRootNode().activeElement);
    closeEditor(grid);
    buildArray(grid);
    if (hadFocus) grid.cells[grid.active]?.focus();
  }
  paintArray(grid);
  markArray(grid, highlight);
}

/** What a grid of this name tells Python. */
export function gridHandlers(channel, name) {
  return {
    newStroke: channel.newStroke,
    onUndo: () => channel.send({ kind: "undo" }),
    onRedo: () => channel.send({ kind: "redo" }),
    onEdit: (index, value, stroke) =>
      channel.send({ kind: "edit", name, index, value: wireNumber(value), stroke, place: `${name} ${index}` }),
  };
}
