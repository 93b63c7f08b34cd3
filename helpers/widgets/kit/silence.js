// What a widget shows while Python owes an answer: nothing at first, then that it is late.

import { make } from "./dom.js";

const PATIENCE = 2000;  // milliseconds
const BUSY = "Python is busy. What you did shows when it is done.";
const GONE = "Python does not answer. Run this cell again.";
const UNKNOWN = "Python has not answered yet. It is busy, or gone: then run this cell again.";

/** What to read when Python is late; only some hosts tell how their kernel is. */
function lateLine(status) {
  if (!status) return UNKNOWN;
  return status === "busy" ? BUSY : GONE;
}

/** Dim the widget, withdraw its verdict and say why, as long as Python is late. Gives {line, stop}. */
export function watchSilence(channel, root, model) {
  const line = make("div", { class: "tm-silence", role: "status" });
  let timer = null, shown = "";
  const judge = () => {
    clearTimeout(timer);
    const silence = channel.silence(), late = silence >= PATIENCE;
    const text = late ? lateLine(model.widget_manager?.kernel?.status) : "";
    if (text !== shown) line.replaceChildren(...(text ? [make("span", {}, text)] : []));
    shown = text;
    root.classList.toggle("tm-late", late);
    if (silence !== null) timer = setTimeout(judge, late ? 250 : PATIENCE - silence);
  };
  const unlisten = channel.listen(judge);
  return { line, stop: () => { clearTimeout(timer); unlisten(); } };
}
