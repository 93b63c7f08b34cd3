// The tensor view on its own.

const TENSOR_HINT = "Point at an entry, or use the arrow keys, to read it.";

/** A tensor as Python sends it, its core as numbers. */
function decodedTensor(tensor) {
  return { ...tensor, core: { ...tensor.core, values: numbersOf(tensor.core.values, tensor.core.dtype) } };
}

/** `∂Y/∂X (n=3, h=4, n′=3, h′=4)`, every axis in its colour. */
function tensorHead(host, { name, outer, inner }) {
  const parts = [...outer, ...inner].map((axis) => {
    const part = document.createElement("span");
    part.className = `tm-axis-${axis.colour}`;
    part.textContent = `${axisName(axis)}=${axis.size}`;
    return part;
  });
  host.replaceChildren(name, " (", ...parts.flatMap((part, i) => (i ? [", ", part] : [part])), ")");
}

/** The two buttons; returns a function that shows which one is pressed. */
function tensorModes(host, onChoose) {
  const group = tensorPart("div", "tm-tensor-modes", host, { role: "group", "aria-label": "Picture of the tensor" });
  const buttons = ["tiles", "blocks"].map((mode) => {
    const button = tensorPart("button", "", group, { type: "button" });
    button.textContent = mode;
    button.addEventListener("click", () => onChoose(mode));
    return [mode, button];
  });
  return (pressed) => buttons.forEach(([mode, button]) => button.setAttribute("aria-pressed", String(mode === pressed)));
}

function render({ model, el }) {
  const channel = channelOf(model);
  const root = tensorPart("div", "tm-root tm-tensor-root", el, { "data-lm-suppress-shortcuts": "true" });
  keepKeys(root);
  const bar = tensorPart("div", "tm-tensor-bar", root), head = tensorPart("div", "tm-tensor-head", bar);
  const showMode = tensorModes(bar, (value) => channel.send({ kind: "mode", value }));
  let tensor, pointed = null;
  const view = tensorView(root, { onPoint(entry) {
    pointed = entry;
    model.set("pointer", entry ?? {});
    model.save_changes();
    read();
  } });
  // What the arrow keys reach is spoken by the picture itself.
  const said = tensorPart("div", "tm-tensor-said", root, { "aria-hidden": "true" });
  const error = tensorPart("div", "tm-error", root, { "aria-live": "polite" });
  const read = () => {
    said.textContent = pointed ? describeEntry(tensor, pointed.outer, pointed.inner) : TENSOR_HINT;
    said.classList.toggle("tm-quiet", !pointed);
  };
  const draw = () => {
    const state = model.get("state");
    tensor = decodedTensor(state.tensor);
    tensorHead(head, tensor);
    showMode(tensor.mode);
    view.update(tensor);
    error.textContent = state.error;
    read();
  };
  model.on("change:state", draw);
  draw();
  return () => {
    model.off("change:state", draw);
    view.destroy();
  };
}

export default { render };
