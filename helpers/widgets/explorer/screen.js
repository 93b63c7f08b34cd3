// The explorer on a projector: what matters at once in one view, in letters as large as fit; the rest is folded.

import { fitMath } from "../kit/dom.js";
import { largestThatFits, overflows, screenButtons } from "../kit/projector.js";

export const PROJECTED_DECIMALS = 2;  // the line that reads an entry says four
const LETTERS = { most: 34, least: 10 };  // CSS pixels
const CAN_OVERFLOW = ".tm-panel, .tm-way, .tm-result, .tm-side, .tm-array-scroll";

/** {buttons, fit(on), keep(key)}: the way in and out, and the letters; `keep` fits anew when the key is another one. */
export function wholeScreen(screen, bar, place, view, tensor) {
  let fitted = "";
  function fit(on) {
    place.closest(".tm-root").classList.toggle("tm-projector", on);
    if (!on) {
      place.style.removeProperty("--tm-letters");
      place.querySelectorAll(".tm-math").forEach(fitMath);
      return view.fillHeight();
    }
    view.fillHeight(90);
    const formulas = place.querySelectorAll(".tm-math");
    largestThatFits(LETTERS.most, LETTERS.least, (letters) => {
      place.style.setProperty("--tm-letters", `${letters}px`);
      formulas.forEach(fitMath);
      return ![place, ...place.querySelectorAll(CAN_OVERFLOW)].some(overflows);
    });
    view.fillHeight(tensor.clientHeight);
  }
  return { fit, buttons: screenButtons(screen, bar, () => fit(true)), keep(key) {
    const changed = key !== fitted;
    fitted = key;
    if (changed && screen.on()) fit(true);
  } };
}
