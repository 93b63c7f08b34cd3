// The frame of every widget: it shows what Python says, and says so when Python does not answer.

import { channelOf } from "./channel.js";
import { make, setText } from "./dom.js";
import { fillScreen, projectorOf } from "./projector.js";
import { keepPictures } from "./saved.js";
import { watchSilence } from "./silence.js";
import { pageIsDark, watchTheme } from "./theme.js";
import { watchWide } from "./wide.js";

/** Keys pressed in `root` are its own: JupyterLab's shortcuts skip a focused element that has this mark itself. */
function keepKeys(root) {
  root.addEventListener("focusin", ({ target }) => { target.dataset.lmSuppressShortcuts = "true"; });
}

/**
 * A widget in its place. build(channel, error, screen) gives {parts, show(state)}, and where there are any
 * read(reading), fit(on) where it has a rule of its own for the whole screen, and stop(); `error` is the line with
 * what Python refused.
 * Returns what ends the widget.
 */
function mount({ model, el }, className, build) {
  const root = make("div", { class: `tm-root ${className}`, "data-lm-suppress-shortcuts": "true" });
  const error = make("div", { class: "tm-error", role: "alert" });
  const channel = channelOf(model), silence = watchSilence(channel, root, model);
  const screen = projectorOf(root, model, (on) => fit(on));
  // The class is for a widget in a shadow tree, whose sheet does not see the page.
  const dress = () => root.classList.toggle("tm-dark", pageIsDark()), undress = watchTheme(dress);
  dress();
  const { parts, show, read, fit = fillScreen(root), stop } = build(channel, error, screen);
  root.append(silence.line, ...parts);
  keepKeys(root);
  el.classList.add(`${className.split(" ").at(-1)}-place`);  // where the sheet of this widget holds
  el.append(root);
  const wide = watchWide(root);
  let shown = [], told = null;
  // Any event may come first, and all are there by then: one message is drawn once.
  const draw = () => {
    const parts = [model.get("settled"), model.get("state")], reading = model.get("reading");
    const fresh = parts.some((part, i) => part !== shown[i]);
    if (!fresh && reading === told) return;
    [shown, told] = [parts, reading];
    if (fresh) {
      const state = Object.assign({}, ...parts);
      setText(error, state.error);
      show(state);
    }
    read?.(reading ?? {});
    if (fresh) wide.soon();
  };
  const drawn = ["change:state", "change:settled", "change:reading"];
  for (const event of drawn) model.on(event, draw);
  model.on("change:projecting", screen.follow);
  draw();
  if (!root.contains(screen.button)) root.querySelector(".tm-buttons")?.append(screen.button);
  if (model.get("projecting")) requestAnimationFrame(screen.follow);
  return () => {
    for (const event of drawn) model.off(event, draw);
    model.off("change:projecting", screen.follow);
    screen.leave();
    undress();
    silence.stop();
    wide.stop();
    stop?.();
    root.remove();  // ipywidgets and JupyterLab keep the place of a view that is gone
  };
}

/** What anywidget takes of a widget; `build` as for `mount`. */
export function widget(className, build) {
  return {
    initialize({ model }) { keepPictures(model); },
    render: (context) => mount(context, className, build),
  };
}
