// Numbers that fly from where they stood, appear, or land; nothing moves for who wants no motion.

/** Does the student want pictures that stand still? */
export function wantsStills() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

const EASED = { easing: "cubic-bezier(.3, 0, .2, 1)", fill: "backwards" };

/** How to shift and shrink a box so that it lies on another one; null where one of them is not on the screen. */
function ontoBox(from, to) {
  if (!to?.width || !from.width) return null;
  const middle = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
  const [x, y] = middle(to).map((place, i) => place - middle(from)[i]);
  return `translate(${x}px, ${y}px) scale(${to.width / from.width}, ${to.height / from.height})`;
}

/** Elements fly from these boxes to their places, one after the other; where there is no box they appear. */
export function flyFrom(elements, boxes, milliseconds) {
  elements.forEach((element, i) => {
    const transform = ontoBox(element.getBoundingClientRect(), boxes[i]);
    const flies = [{ transform, zIndex: 5 }, { transform: "none", zIndex: 5 }];
    const when = { duration: milliseconds, delay: i * milliseconds / elements.length };
    element.animate(transform ? flies : [{ opacity: 0 }, { opacity: 1 }], { ...EASED, ...when });
  });
}

/** A copy of an element flies onto a box and is gone. */
export function flyTo(element, box, milliseconds) {
  const transform = ontoBox(element.getBoundingClientRect(), box), copy = element.cloneNode(true);
  if (!transform) return;
  copy.classList.add("tm-play-copy");
  copy.setAttribute("aria-hidden", "true");
  element.append(copy);
  const flight = copy.animate([{ transform: "none" }, { transform }], { ...EASED, duration: 2 * milliseconds });
  flight.onfinish = () => copy.remove();
}
