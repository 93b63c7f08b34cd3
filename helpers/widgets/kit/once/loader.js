// The script that every widget comes with: it brings the widget's own, which a page loads once for all that run it. A
// browser keeps each module that it has loaded, so that a whole script for each widget would stay for ever.

const loaded = (globalThis[Symbol.for("tensor-monsters scripts")] ??= new Map());

/** The text of a model's script: of the model that has it, or from Python where the page does not show that one. */
async function textOf(model, reference) {
  try {
    return (await model.widget_manager.get_model(reference.replace("IPY_MODEL_", ""))).get("text");
  } catch {
    return new Promise((resolve) => {
      const hear = ({ kind, text }) => {
        if (kind !== "script") return;
        model.off("msg:custom", hear);
        resolve(text);
      };
      model.on("msg:custom", hear);
      model.send({ kind: "script" });
    });
  }
}

async function load(model, reference) {
  const url = URL.createObjectURL(new Blob([await textOf(model, reference)], { type: "text/javascript" }));
  try {
    return (await import(url)).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function front(model) {
  const reference = model.get("_script");
  if (!loaded.has(reference)) {
    const found = load(model, reference);
    found.catch(() => loaded.delete(reference));  // the next view may find it
    loaded.set(reference, found);
  }
  return loaded.get(reference);
}

export default {
  initialize({ model }) {  // not waited for: a page that is slow would be told that the widget is broken
    front(model).then(({ initialize }) => initialize({ model }), () => {});
  },
  async render(context) { return (await front(context.model)).render(context); },
};
