// Stepping through a graph forward and back: the keys, the buttons, and the line that says where one is.

import { make, pushButton } from "./dom.js";

const PASSES = [["start", "Start"], ["back", "◀ Back"], ["step", "Step ▶"], ["forward", "All forward"],
  ["backward", "All backward"]];
const PASS_KEYS = { ArrowRight: "step", ArrowLeft: "back", Home: "start", End: "backward",
  f: "forward", b: "backward" };

/** What a key press means for the passes, or undefined. */
export function passOf({ key, ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey ? undefined : PASS_KEYS[key] ?? PASS_KEYS[key.toLowerCase()];
}

/** The buttons, with classes that begin with `prefix`. update(controls, off): `off` for a quiz. */
export function passButtons(prefix, go) {
  const buttons = PASSES.map(([how, text]) => pushButton(text, () => go(how), { class: `tm-button ${prefix}-${how}` }));
  const place = make("output", { class: `${prefix}-place` });
  return { buttons, place, update({ step, forward, last }, off = false) {
    place.textContent = step <= forward ? `forward ${step} of ${forward}`
      : `backward ${step - forward} of ${last - forward}`;
    const ended = [step === 0, step === 0, step === last, step === forward, step === last];
    buttons.forEach((button, i) => button.setAttribute("aria-disabled", String(off || ended[i])));
  } };
}
