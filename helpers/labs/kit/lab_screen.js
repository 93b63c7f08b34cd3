// A lab on a projector: where not all of it fits, its tables and formulas are folded, then its picture is set smaller.

import { fillScreen, overflows } from "../../widgets/kit/projector.js";

const LEAST = 0.5;  // of its width: a smaller picture is not read

/** The width at which a picture of this size leaves so many pixels of height free. Pure. */
export function widthThatFits({ width, height }, over) {
  return Math.max(LEAST * width, width * (height - over) / height);
}

/** The rule of a lab for the whole screen: fit(on). `stage` holds its picture. */
export function labScreen(stage) {
  let fill = null, root = null;
  const shrink = () => {  // Python draws the picture anew for another width, and it may be higher then
    stage.style.maxWidth = "";
    const over = root.scrollHeight - root.clientHeight;
    if (over <= 0) return;
    const size = { width: stage.offsetWidth, height: stage.offsetHeight };
    stage.style.maxWidth = `${widthThatFits(size, over + 1)}px`;
  };
  const watch = new ResizeObserver(() => requestAnimationFrame(() => root.classList.contains("tm-whole") && shrink()));
  return (on) => {
    root ??= stage.closest(".tm-root");
    fill ??= fillScreen(root);
    watch.disconnect();
    root.classList.remove("tm-folded");
    stage.style.maxWidth = "";
    fill(on);
    if (!on) return;
    if (overflows(root)) {
      root.classList.add("tm-folded");
      fill(true);
    }
    for (const one of [stage.parentElement, stage.closest(".tm-lab-grid")]) watch.observe(one);
  };
}
