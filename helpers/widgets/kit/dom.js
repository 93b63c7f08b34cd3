// The builders of every view: elements, and the frame of a widget.

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** An element with attributes and children; text is never read as HTML. */
export function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for a part of a drawing. */
export function makeSvg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** A button as all of them look. */
export function pushButton(text, onclick, attributes = {}) {
  return make("button", { type: "button", class: "tm-button", onclick, ...attributes }, text);
}

/** Buttons for gestures that need nothing but their name: reset, undo, … */
export function gestureButtons(channel, ...kinds) {
  return kinds.map((kind) => pushButton(kind[0].toUpperCase() + kind.slice(1), () => channel.send({ kind })));
}

/** The line above all: what there is to find out, and how. */
export const pointLine = (text) => make("p", { class: "tm-point" }, text);

/** The panel that a step of the story lives in; a group, for landmarks are the page's, and few. */
export function panel(className, title, ...children) {
  const named = { class: `tm-panel ${className}`, role: "group", "aria-label": title };
  return make("div", named, make("h3", {}, title), ...children);
}

/** A name such as J_z or ∇_x y, the letter after each _ lowered. */
export function lowered(name) {
  return name.split(/_(\w)\b/).map((part, i) => (i % 2 ? make("sub", {}, part) : part));
}

/** Set the text of an element, if it is another one: the same text, set again, is laid out again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Replace the children only when the key changed: focus and selection survive. */
export function refresh(element, key, children) {
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.replaceChildren(...children());
}

const LEAST_FORMULA = 0.72;  // of its size: smaller is not read
const fitted = new WeakMap();  // the width that a formula was fitted to
const fits = typeof ResizeObserver === "undefined" ? null : new ResizeObserver((entries) =>
  requestAnimationFrame(() => entries.forEach(({ target }) => {
    if (fitted.get(target) !== target.clientWidth) fitMath(target);
  })));

/** Set a formula that does not fit its line smaller; where that is not enough, it scrolls, and its edge says so. */
export function fitMath(element) {
  element.style.fontSize = "";
  const { clientWidth, scrollWidth } = element, size = parseFloat(getComputedStyle(element).fontSize);
  fitted.set(element, clientWidth);
  const share = Math.max(LEAST_FORMULA, 0.98 * clientWidth / scrollWidth);
  if (clientWidth && scrollWidth > clientWidth) element.style.fontSize = `${share * size}px`;
  element.classList.toggle("tm-goes-on", element.scrollWidth > element.clientWidth + 1);
}

/** Give an element formulas that Python wrote as MathML from the table of operations. */
export function setMath(element, mathml) {
  if (element.dataset.key === mathml) return;
  element.dataset.key = mathml;
  element.innerHTML = mathml;
  if (element.isConnected) fitMath(element);
  fits?.observe(element);
}

/** An element that holds a formula. */
export function madeMath(tag, attributes, mathml) {
  const element = make(tag, attributes);
  setMath(element, mathml);
  return element;
}

/** The element whose box is nearest to the pointer: between two cells it belongs to one of them. */
export function nearestOf(elements, { clientX, clientY }) {
  const far = ({ left, right, top, bottom }) =>
    Math.hypot(Math.max(left - clientX, 0, clientX - right), Math.max(top - clientY, 0, clientY - bottom));
  const measured = [...elements].map((element) => [far(element.getBoundingClientRect()), element]);
  return measured.reduce((best, one) => (one[0] < best[0] ? one : best))[1];
}
