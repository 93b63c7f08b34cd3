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
  const select = make("select", { "aria-label": label, onchange: () => onChange(select.value) });
  const element = make("label", { class: "tm-choice" }, make("span", {}, label), select);
  return {
    element,
    update(options, value) {
      refresh(select, options.join(), () => options.map((option) => make("option", { value: option }, option)));
      select.value = value;
    },
  };
}

/** Two or more buttons of which one is pressed. */
function switcher(label, options, onChange) {
  const buttons = options.map((option) =>
    make("button", { type: "button", onclick: () => onChange(option) }, option));
  const element = make("div", { class: "tm-switch", role: "group", "aria-label": label }, ...buttons);
  return {
    element,
    update(value) {
      buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(options[i] === value)));
    },
  };
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

/** A slider with its name and its value in figures; `options` also says how its positions are meant. */
function slider(label, { className = "", says = label, ...options }, onChange) {
  const { toValue, toPosition, ...limits } = scaleOf(options);
  const range = make("input", { type: "range", "aria-label": says, ...limits, oninput: () => report(toValue(Number(range.value))) });
  const figure = make("output", { class: "tm-figure" });
  const say = (value) => {
    figure.textContent = figureText(value);
    range.setAttribute("aria-valuetext", figure.textContent);
  };
  const report = (value) => { say(value); onChange(value); };
  const name = make("span", { class: className }, label);
  return {
    element: make("label", { class: "tm-slider" }, name, range, figure),
    update(value) {
      const position = String(toPosition(value));
      if (range.value !== position) range.value = position;
      say(value);
    },
  };
}

/** A row of sliders made anew only when other ones are wanted. */
function sliderRow(host, describe, onChange) {
  let sliders = [];
  return (items) => {
    const wanted = items.map(describe);
    refresh(host, JSON.stringify(wanted), () => {
      sliders = wanted.map(({ label, options }, i) => slider(label, options, (value) => onChange(items[i], value)));
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
