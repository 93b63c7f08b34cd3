// The line that says what is pointed at: above the panels, and beside the pointer where the line is out of sight.

import { make, setText } from "../kit/dom.js";

const LINGERS = 6000;  // milliseconds for which it stands when a finger is lifted
const BESIDE = { mouse: 18, pen: 24, touch: 56 };  // pixels above the pointer: a finger hides what is below it

/** {line, say(text, hint)} for what happens in `root`. */
export function spokenLine(root) {
  const line = make("p", { class: "tm-reading", role: "status" });
  const tip = make("div", { class: "tm-tip", popover: "manual", "aria-hidden": "true" });
  let place = null, rest = null, signs = 0;
  const beside = () => {
    if (!line.textContent || line.classList.contains("tm-quiet") || !place) return tip.hidePopover?.();
    const { left, top, bottom } = line.getBoundingClientRect(), above = BESIDE[place.pointerType] ?? BESIDE.mouse;
    const hidden = !line.contains(line.getRootNode().elementFromPoint(left + 20, (top + bottom) / 2));
    if (!hidden && place.pointerType !== "touch") return tip.hidePopover?.();
    tip.textContent = line.textContent;
    tip.showPopover?.();
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(place.clientX - width / 2, window.innerWidth - width - 4))}px`;
    tip.style.top = `${place.clientY - above - height > 0 ? place.clientY - above - height : place.clientY + above}px`;
  };
  const end = () => { place = null; beside(); };
  const follow = (event) => { clearTimeout(rest); place = event; beside(); };
  for (const kind of ["pointerdown", "pointermove"]) root.addEventListener(kind, follow);
  root.addEventListener("pointercancel", end);  // the finger scrolls
  root.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType === "touch") rest = setTimeout(end, LINGERS);
    else end();
  });
  return { line, tip, say(text, hint) {
    const said = text || hint;
    setText(line, said);
    if (said.length !== signs) line.style.setProperty("--tm-signs", signs = said.length);
    line.classList.toggle("tm-quiet", !text);
    beside();
  } };
}
