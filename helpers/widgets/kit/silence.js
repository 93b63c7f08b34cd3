// What a widget shows while Python owes an answer: nothing at first, then that it is late or gone.

import { make } from "./dom.js";

const PATIENCE = 2000, AGAIN = 250;  // milliseconds
const BUSY = "Python is busy. What you did shows when it is done.";
const GONE = "Python does not answer. Run this cell again.";
const UNKNOWN = "Python has not answered yet. It is busy, or gone: then run this cell again.";
const RESTS = "This widget rests, as it was left. Run this cell to go on.";

/** What to read when Python is late; only some hosts tell how their kernel is. */
function lateLine(status) {
  if (!status) return UNKNOWN;
  return status === "busy" ? BUSY : GONE;
}

/**
 * Whether Python knows this widget: asked when it appears, and when its line to Python was cut or mended. Gives
 * {silence(): for how many milliseconds that is unanswered, or null; stop()}; `heard` is called when it is answered.
 */
function greeting(model, heard) {
  let since = null;
  const ask = () => {
    since = performance.now();
    heard();
    try {
      model.send?.({ kind: "hello" });
    } catch {
      // the line is cut: nobody will answer
    }
  };
  const hear = ({ kind }) => {
    if (kind === "here") since = null;
    heard();
  };
  model.on("msg:custom", hear);
  model.on("comm_live_update", ask);
  return { ask, silence: () => (since === null ? null : performance.now() - since), stop() {
    model.off("msg:custom", hear);
    model.off("comm_live_update", ask);
  } };
}

/** Dim the widget, withdraw its verdict and say why, as long as Python is late. Gives {line, stop}. */
export function watchSilence(channel, root, model) {
  const line = make("div", { class: "tm-silence", role: "status" });
  let timer = null, shown = "";
  const told = (status) => {
    if (channel.silence() >= PATIENCE) return lateLine(status);
    return greeted.silence() >= PATIENCE && status && status !== "busy" ? RESTS : "";
  };
  const judge = () => {
    clearTimeout(timer);
    const text = told(model.widget_manager?.kernel?.status);
    if (text !== shown) line.replaceChildren(...(text ? [make("span", {}, text)] : []));
    shown = text;
    root.classList.toggle("tm-late", text !== "");
    const waits = [channel.silence(), greeted.silence()].filter((one) => one !== null);
    if (waits.length) timer = setTimeout(judge, Math.max(AGAIN, PATIENCE - Math.max(...waits)));
  };
  const greeted = greeting(model, judge), unlisten = channel.listen(judge);
  greeted.ask();
  return { line, stop: () => { clearTimeout(timer); unlisten(); greeted.stop(); } };
}
