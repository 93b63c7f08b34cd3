// Small builders for labelled controls. Each returns {element, update(value)} and reports a change once.

/** An element with attributes and children; text is never read as HTML. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Replace the children only when the key changed: focus and selection survive. */
function refresh(element, key, children) {
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.replaceChildren(...children());
}

/** Give an element formulas that Python wrote as MathML from the table of operations. */
function setMath(element, mathml) {
  if (element.dataset.key === mathml) return;
  element.dataset.key = mathml;
  element.innerHTML = mathml;
}

/** A labelled choice from a list. */
function choice(label, onChange) {
  const hand = handFirst(onChange, (options, value) => {
    refresh(select, options.join(), () => options.map((option) => make("option", { value: option }, option)));
    select.value = value;
  });
  const select = make("select", { "aria-label": label, onchange: () => hand.send(select.value) });
  return { element: make("label", { class: "tm-choice" }, make("span", {}, label), select), update: hand.show };
}

/** Two or more buttons of which one is pressed once Python has said so; an option is a text, or a value and its text. */
function switcher(label, options, onChange) {
  const pairs = options.map((option) => (Array.isArray(option) ? option : [option, option]));
  const draw = (value) => buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(pairs[i][0] === value)));
  const hand = handFirst(onChange, draw);
  const buttons = pairs.map(([value, text]) =>
    make("button", { type: "button", onclick: () => hand.send(value) }, text));
  return { element: make("div", { class: "tm-switch", role: "group", "aria-label": label }, ...buttons), update: hand.show };
}

/** Slider positions of a size that may be huge: powers of two. */
function sizeOfPosition(position) { return 2 ** position; }
function positionOfSize(size) { return Math.round(Math.log2(Math.max(size, 1))); }

/** A slider's value in figures: sizes whole, others with three digits. */
function figureText(value) {
  return (Number.isInteger(value) ? WHOLE : ROUNDED).format(value);
}
const WHOLE = new Intl.NumberFormat("en-US");  // made once: each one costs half a millisecond
const ROUNDED = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

/** What a slider's positions mean: themselves, powers of two, or places in a list. */
function scaleOf({ low, high, step = 1, scale, values }) {
  if (values) {
    const nearest = (value) => values.reduce((best, one, i) => Math.abs(one - value) < Math.abs(values[best] - value) ? i : best, 0);
    return { min: 0, max: values.length - 1, step: 1, toValue: (position) => values[position], toPosition: nearest };
  }
  if (scale === "powers") return { min: 0, max: positionOfSize(high), step: 1, toValue: sizeOfPosition, toPosition: positionOfSize };
  return { min: low, max: high, step, toValue: (position) => position, toPosition: (value) => value };
}

/**
 * The range input of every slider: {range, update(value), move(value)}. onChange(value, stroke); say(value) where
 * the page writes the figure itself.
 */
function slidingRange(says, options, onChange, say = () => {}) {
  const { toValue, toPosition, ...limits } = scaleOf(options);
  const range = make("input", { type: "range", "aria-label": says, ...limits, oninput: () => tell(toValue(Number(range.value))) });
  const stroke = strokesOf(range);
  const draw = (value) => {
    const position = String(toPosition(value));
    if (range.value !== position) range.value = position;
    say(value);
  };
  const hand = handFirst((value) => onChange(value, stroke()), draw);
  const tell = (value) => { say(value); hand.send(value); };
  return { range, update: hand.show, move(value) { draw(value); hand.send(value); } };
}

/** A slider with its name and its value in figures; `options` also says how its positions are meant. */
function slider(label, { className = "", says = label, ...options }, onChange) {
  const figure = make("output", { class: "tm-figure" });
  const one = slidingRange(says, options, onChange, (value) => {
    figure.textContent = figureText(value);
    one.range.setAttribute("aria-valuetext", figure.textContent);
  });
  const name = make("span", { class: className }, label);
  return { ...one, element: make("label", { class: "tm-slider" }, name, one.range, figure) };
}

/** A row of sliders made anew only when other ones are wanted. */
function sliderRow(host, describe, onChange) {
  let sliders = [];
  return (items) => {
    const wanted = items.map(describe);
    refresh(host, JSON.stringify(wanted), () => {
      sliders = wanted.map(({ label, options }, i) => slider(label, options, (value, stroke) => onChange(items[i], value, stroke)));
      return sliders.map((one) => one.element);
    });
    sliders.forEach((one, i) => one.update(items[i].size ?? items[i].value));
  };
}

const LONGEST_BAR = 1e15;

/** How long a bar is, in percent, on one log axis for all bars: 0 for nothing, a sliver for one. */
function barLength(value) {
  if (value <= 0) return 0;
  return Math.min(100, 2 + 98 * Math.log(value) / Math.log(LONGEST_BAR));
}

/** The cost strip: for each row two bars on one log axis, with their numbers. */
function costBars(rows) {
  const bar = (value, text, kind) => make("div", { class: `tm-bar tm-bar-${kind}` },
    make("span", { class: "tm-bar-name" }, kind), make("span", { class: "tm-bar-track" },
      make("span", { class: "tm-bar-fill", style: `width: ${barLength(value)}%` })),
    make("span", { class: "tm-bar-text" }, text));
  return rows.map((row) => make("div", { class: "tm-cost" },
    make("div", { class: "tm-cost-what" }, row.what),
    bar(row.full, row.full_text, "full"), bar(row.compact, row.compact_text, "compact")));
}
