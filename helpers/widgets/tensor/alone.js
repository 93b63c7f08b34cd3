// The tensor view on its own.

import { numbersOf } from "../kit/channel.js";
import { switcher } from "../kit/controls.js";
import { make } from "../kit/dom.js";
import { widget } from "../kit/mount.js";
import { axisName, describeEntry } from "./expand.js";
import { tensorView } from "./tensor.js";

const TENSOR_HINT = "Point at an entry, or use the arrow keys, to read it.";

/** A tensor as Python sends it, its core as numbers. */
function decodedTensor(tensor) {
  return { ...tensor, core: { ...tensor.core, values: numbersOf(tensor.core.values, tensor.core.dtype) } };
}

/** `∂Y/∂X (n=3, h=4, n′=3, h′=4)`, every axis in its colour. */
function tensorHead({ name, outer, inner }) {
  const parts = [...outer, ...inner].flatMap((axis, i) =>
    [i ? ", " : "", make("span", { class: `tm-axis-${axis.colour}` }, `${axisName(axis)}=${axis.size}`)]);
  return [name, " (", ...parts, ")"];
}

function buildAlone(channel, error) {
  const head = make("div", { class: "tm-tensor-head" }), host = make("div");
  const choose = (value) => channel.send({ kind: "mode", value });
  const modes = switcher("Picture of the tensor", ["tiles", "blocks"], choose);
  // What the arrow keys reach is spoken by the picture itself.
  const said = make("div", { class: "tm-tensor-said", "aria-hidden": "true" });
  let tensor, pointed = null;
  const read = () => {
    said.textContent = pointed ? describeEntry(tensor, pointed.outer, pointed.inner) : TENSOR_HINT;
    said.classList.toggle("tm-quiet", !pointed);
  };
  const view = tensorView(host, { onPoint(entry) {
    pointed = entry;
    channel.point(entry ?? {});
    read();
  } });
  const bar = make("div", { class: "tm-tensor-bar" }, head, modes.element);
  return { parts: [bar, host, said, error], stop: view.destroy, show(state) {
    tensor = decodedTensor(state.tensor);
    head.replaceChildren(...tensorHead(tensor));
    modes.update(tensor.mode);
    view.update(tensor);
    read();
  } };
}

export default widget("tm-tensor-root", buildAlone);
