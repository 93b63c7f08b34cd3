// The explorer on a projector: what matters at once in one view, in letters as large as fit; the rest is folded.

import { fitMath, make, pushButton } from "../kit/dom.js";
import { largestThatFits } from "../kit/projector.js";

export const PROJECTED_DECIMALS = 2;  // the line that reads an entry says four
const LETTERS = { most: 34, least: 10 };  // CSS pixels
const CAN_OVERFLOW = ".tm-panel, .tm-way, .tm-result, .tm-side, .tm-array-scroll";

const overflows = ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
  scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;

/** {buttons, fit(on), keep(key)}: the way in and out, and the letters; `keep` fits anew when the key is another one. */
export function wholeScreen(screen, bar, place, view, tensor) {
  let fitted = "";
  const choices = pushButton("Choices", () => {
    const open = bar.classList.toggle("tm-unfolded");
    choices.setAttribute("aria-expanded", String(open));
    fit(true);
  }, { class: "tm-button tm-choices", "aria-expanded": "false" });
  const way = pushButton("Projector", screen.toggle, { class: "tm-button tm-project" });
  function fit(on) {
    way.textContent = on ? "Leave (Esc)" : "Projector";
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
  return { fit, buttons: make("div", { class: "tm-screen-buttons" }, choices, way), keep(key) {
    const changed = key !== fitted;
    fitted = key;
    if (changed && screen.on()) fit(true);
  } };
}
