// The editable array on its own.

import { numbersOf } from "../kit/channel.js";
import { make } from "../kit/dom.js";
import { widget } from "../kit/mount.js";
import { wireNumber } from "../kit/numbers.js";
import { arrayGrid } from "./array.js";

function buildAlone(channel, error) {
  const host = make("div"), grid = arrayGrid(host, {
    onEdit: (place, value, stroke) => channel.send({ kind: "edit", place, value: wireNumber(value), stroke }),
    onUndo: () => channel.send({ kind: "undo" }),
    onRedo: () => channel.send({ kind: "redo" }),
    newStroke: channel.newStroke,
  });
  return { parts: [host, error], show: ({ array }) => grid.update({ ...array, values: numbersOf(array.values) }) };
}

export default widget("tm-array-root", buildAlone);
