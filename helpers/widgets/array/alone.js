// The editable array on its own.

function render({ model, el }) {
  const channel = channelOf(model);
  el.classList.add("tm-root");
  el.dataset.lmSuppressShortcuts = "true";
  keepKeys(el);
  const grid = arrayGrid(el, {
    onEdit: (place, value, stroke) => channel.send({ kind: "edit", place, value: wireNumber(value), stroke }),
    onUndo: () => channel.send({ kind: "undo" }),
    newStroke: channel.newStroke,
  });
  const error = arrayPart("div", "tm-error", el, { "aria-live": "polite" });
  const draw = () => {
    const state = model.get("state");
    grid.update({ ...state.array, values: numbersOf(state.array.values) });
    error.textContent = state.error;
  };
  model.on("change:state", draw);
  draw();
  return () => model.off("change:state", draw);
}

export default { render };
