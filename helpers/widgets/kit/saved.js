// What a saved notebook keeps of a widget. JupyterLab prefers a stored view to the picture beside it, and says "model
// not found" once Python is gone. So the file gets the picture alone, with a note of the view that was there; a page
// that is loaded again while Python still runs puts the view back.

const VIEW = "application/vnd.jupyter.widget-view+json", STATE = "application/vnd.jupyter.widget-state+json";
export const ASLEEP = "tensor_monsters_view";

/** An output as it is saved: without its view where it has a picture that can be read instead. */
export function asleep(output, hasState = () => false) {
  const { [VIEW]: view, ...data } = output.data ?? {};
  const readable = view && data["image/png"] && output.metadata?.["image/png"]?.alt;
  if (!readable || hasState(view.model_id)) return output;
  return { ...output, data, metadata: { ...output.metadata, [ASLEEP]: view } };
}

/** An output with the view that was there; or null where there was none, or `lives` says that it cannot live. */
export function awake(output, lives) {
  const { [ASLEEP]: view, ...metadata } = output.metadata ?? {};
  if (!view || VIEW in (output.data ?? {}) || !lives(view.model_id)) return null;
  return { ...output, metadata, data: { ...output.data, [VIEW]: view } };
}

/** A notebook as it is saved. A view whose state is saved too, as a setting of JupyterLab has it, stays. */
export function savedNotebook(notebook) {
  const states = notebook.metadata?.widgets?.[STATE]?.state ?? {};
  const cells = (notebook.cells ?? []).map((cell) => (cell.outputs
    ? { ...cell, outputs: cell.outputs.map((output) => asleep(output, (id) => id in states)) } : cell));
  return { ...notebook, cells };
}

/** The outputs of an open notebook that may live again: {outputs, i, json} each. */
function* sleepers(notebook) {
  for (const { outputs } of notebook.cells) {
    for (let i = 0; i < (outputs?.length ?? 0); i++) {
      const json = outputs.get(i).toJSON();
      if (json.metadata?.[ASLEEP]) yield { outputs, i, json };
    }
  }
}

async function wakeAll(notebook, manager) {
  const live = new Set();
  for (const { json } of sleepers(notebook)) {
    const id = json.metadata[ASLEEP].model_id;
    if (manager.has_model(id) && (await manager.get_model(id)).comm_live) live.add(id);
  }
  for (const { outputs, i, json } of sleepers(notebook)) {  // anew: they may have changed meanwhile
    const again = awake(json, (id) => live.has(id));
    if (again) outputs.set(i, again);
  }
}

/** See to what is saved of the notebook that a model is shown in; does nothing in hosts other than JupyterLab. */
export async function keepPictures({ widget_manager: manager }) {
  const context = manager?.context;
  if (!context?.model?.cells || !context.model.toJSON) return;
  const notebook = context.model;
  if (!notebook.toJSON.keepsPictures) {
    const whole = notebook.toJSON.bind(notebook);
    notebook.toJSON = () => savedNotebook(whole());
    notebook.toJSON.keepsPictures = true;  // one for all widgets of the notebook
  }
  await context.ready;
  await wakeAll(notebook, manager);
}
