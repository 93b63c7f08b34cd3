// The frame of every widget: it shows what Python says, and says so when Python does not answer.

import { channelOf } from "./channel.js";
import { make } from "./dom.js";
import { keepPictures } from "./saved.js";
import { watchSilence } from "./silence.js";

/** Keys pressed in `root` are its own: JupyterLab's shortcuts skip a focused element that has this mark itself. */
function keepKeys(root) {
  root.addEventListener("focusin", ({ target }) => { target.dataset.lmSuppressShortcuts = "true"; });
}

/**
 * A widget in its place. build(channel, error) gives {parts, show(state)}, and where there are any read(reading) and
 * stop(); `error` is the line with what Python refused. Returns what ends the widget.
 */
function mount({ model, el }, className, build) {
  const root = make("div", { class: `tm-root ${className}`, "data-lm-suppress-shortcuts": "true" });
  const error = make("div", { class: "tm-error", role: "alert" });
  const channel = channelOf(model), silence = watchSilence(channel, root, model);
  const { parts, show, read, stop } = build(channel, error);
  root.append(silence.line, ...parts);
  keepKeys(root);
  el.append(root);
  const reads = () => read?.(model.get("reading") ?? {});
  const shows = () => {
    const state = model.get("state");
    error.textContent = state.error;
    show(state);
    reads();
  };
  model.on("change:state", shows);
  model.on("change:reading", reads);
  shows();
  return () => {
    model.off("change:state", shows);
    model.off("change:reading", reads);
    silence.stop();
    stop?.();
  };
}

/** What anywidget takes of a widget; `build` as for `mount`. */
export function widget(className, build) {
  return {
    initialize({ model }) { keepPictures(model); },
    render: (context) => mount(context, className, build),
  };
}
