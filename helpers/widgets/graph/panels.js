// The panels around the graph: expression, sliders, the step taken last, the quiz.

import { newStroke } from "../kit/channel.js";
import { choice, handFirst, slidingRange } from "../kit/controls.js";
import { make, makeSvg, pushButton, refresh } from "../kit/dom.js";
import { parseNumber, wireNumber } from "../kit/numbers.js";
import { passButtons } from "../kit/passes.js";
import { labelSize, outlineOf } from "./draw.js";

const LEGEND = [["distributes", "+"], ["switches", "×"], ["routes", "max"], ["scales", "exp"]];

/** Text before, at, and after the place of a problem. Pure. */
export function pointedAt(text, problem) {
  const column = Math.min(problem.column, text.length), end = Math.min(column + problem.length, text.length);
  return [text.slice(0, column), text.slice(column, end) || "␣", text.slice(end)];
}

/** The field for the expression, with the place of an error under it, and examples. */
export function expressionField(channel) {
  const send = (text) => channel.send({ kind: "text", text: shown = text });  // what is typed meanwhile stays
  const press = ({ key, isComposing }) => {
    if (key === "Enter" && !isComposing) send(field.value);
    else if (key === "Escape") field.value = shown;
  };
  const field = make("input", { type: "text", class: "tm-g-field", "aria-label": "Expression", spellcheck: "false",
    autocomplete: "off", onkeydown: press });
  const draw = pushButton("Draw", () => send(field.value));
  const choose = () => { if (examples.value) send(field.value = examples.value); };
  const examples = make("select", { "aria-label": "Examples", onchange: choose });
  const id = `tm-g-problem-${Math.random().toString(36).slice(2)}`;
  const problem = make("p", { class: "tm-g-problem", role: "alert", id });
  field.setAttribute("aria-describedby", problem.id);
  let shown = null, wrong = "";
  return { field, draw, examples, problem, update({ text, problem: found, examples: list }) {
    if (text !== shown) { shown = text; field.value = text; }
    field.setAttribute("aria-invalid", String(Boolean(found)));
    refresh(examples, "examples", () => [make("option", { value: "" }, "Examples …"),
      ...list.map((one) => make("option", { value: one.text }, one.name))]);
    examples.value = list.some((one) => one.text === text) ? text : "";
    const key = JSON.stringify(found) + text;
    if (key === wrong) return;
    wrong = key;
    problem.replaceChildren();
    if (!found) return;
    const [before, at, after] = pointedAt(text, found);
    problem.append(make("code", {}, before, make("mark", {}, at), after), " ", found.line);
    if (field.matches(":focus")) field.setSelectionRange(found.column, found.column + found.length);
  } };
}

/** The figure beside a slider, to be typed in; what Python says waits while it is. */
function typedFigure(name, onChange) {
  let typing = false;
  const keep = () => {
    const value = parseNumber(figure.value);
    if (value === null) figure.value = figure.dataset.text;
    else if (figure.value !== figure.dataset.text) hand.send(wireNumber(value));
    typing = false;
  };
  const figure = make("input", { type: "text", class: "tm-g-figure", "aria-label": `${name}, typed`,
    oninput: () => { typing = true; }, onblur: () => { typing = false; }, onchange: keep,
    onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) keep(); } });
  const hand = handFirst(onChange, (text) => {
    figure.dataset.text = text;
    if (!typing) figure.value = text;
  });
  return { figure, update: hand.show };
}

/** One slider for each variable; its text is Python's. */
export function variableSliders(channel) {
  const host = make("div", { class: "tm-sliders tm-g-sliders" });
  let rows = [];
  const row = ({ name, low, high }) => {
    const send = (value, stroke) => channel.send({ kind: "value", name, value, stroke, place: `value ${name}` });
    const one = slidingRange(name, { low, high, step: high / 50 },
      (value, stroke) => send(Number(value.toPrecision(6)), stroke));
    const typed = typedFigure(name, (value) => send(value, newStroke()));
    const label = make("span", { class: "tm-g-variable" }, name);
    return { element: make("label", { class: "tm-slider" }, label, one.range, typed.figure), update({ value, text }) {
      one.update(value);
      one.range.setAttribute("aria-valuetext", text);
      typed.update(text);
    } };
  };
  return { element: host, update(items) {
    refresh(host, items.map(({ name, high }) => `${name} ${high}`).join(), () => {
      rows = items.map(row);
      return rows.map((one) => one.element);
    });
    rows.forEach((one, i) => one.update(items[i]));
  } };
}

/** Step, back, whole passes, and play, which is off until it is pressed. */
export function playedPasses(go) {
  const passes = passButtons("tm-g", go);
  let timer = null, ended = false;
  const set = (on) => {
    clearInterval(timer);
    timer = on && !ended ? setInterval(() => go("step"), 1500) : null;
    play.setAttribute("aria-pressed", String(timer !== null));
    play.textContent = timer === null ? "Play" : "Pause";
  };
  const toggle = () => set(timer === null);
  const play = pushButton("Play", toggle, { "aria-pressed": "false" });
  const element = make("div", { class: "tm-g-ways" }, ...passes.buttons, play, passes.place);
  return { element, toggle, stop: () => set(false), update(controls, quiz) {
    passes.update(controls, quiz);
    ended = controls.step === controls.last || quiz;
    if (ended && timer !== null) set(false);
    play.setAttribute("aria-disabled", String(ended));
  } };
}

/** What just happened, as a sentence that is read aloud, and the rule behind it. */
export function nowPanel() {
  const title = make("h3", {}), said = make("p", { class: "tm-g-said" });
  const rule = make("p", { class: "tm-g-rule" });
  return { element: make("div", { class: "tm-panel tm-g-now", role: "group", "aria-label": "The step" }, title,
    make("div", { role: "status" }, said), rule), update(now) {
    title.textContent = now.title;
    if (said.textContent !== now.said) said.textContent = now.said;
    rule.textContent = now.rule;
  } };
}

/** The quiz: which gradient, an answer, a hint, the score. */
export function quizPanel(channel) {
  const ask = choice("Gradient of", (name) => channel.send({ kind: "ask", name }));
  const field = make("input", { type: "text", class: "tm-g-answer", "aria-label": "Your gradient", autocomplete: "off",
    onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) check(); } });
  const check = () => { if (field.value.trim()) channel.send({ kind: "answer", text: field.value }); };
  const said = make("p", { class: "tm-g-said", role: "status" }), score = make("output", { class: "tm-g-score" });
  const note = make("span", { class: "tm-g-note" });
  const row = make("div", { class: "tm-g-ways" }, ask.element, field, pushButton("Check", check),
    pushButton("Hint", () => channel.send({ kind: "hint" })),
    pushButton("Show", () => channel.send({ kind: "reveal" })), note, score);
  let name = null;
  return { element: make("div", { class: "tm-g-quiz" }, row, said), update(quiz) {
    if (!quiz) return;
    row.classList.toggle("tm-g-done", quiz.names.length === 0);
    ask.update(quiz.names, quiz.name);
    if (name !== quiz.name) { field.value = ""; name = quiz.name; }
    note.textContent = quiz.tolerance;
    const marks = { true: [" tm-same", "✓ "], false: [" tm-different", "✗ "] };
    const [tone, lead] = marks[quiz.good] ?? ["", ""];
    said.className = `tm-g-said${tone}`;
    const next = quiz.name ? ` dL/d${quiz.name} = ?` : " All done.";
    const again = quiz.good === false || quiz.said.startsWith("Hint");
    said.textContent = `${lead}${quiz.said}${again ? "" : next}`.trim();
    score.textContent = `Score: ${quiz.score}`;
  } };
}

/** The legend of shapes and colours. */
export function gateLegend() {
  const shape = (behaviour, sign) => {
    const outline = makeSvg("path", { d: outlineOf(behaviour, { x: 0, y: 0 }) }), size = labelSize(sign, behaviour);
    const label = makeSvg("text", { class: "tm-g-label", x: 0, y: 0, "font-size": size }, sign);
    const svg = makeSvg("svg", { class: `tm-g-node tm-g-is-${behaviour}`, width: 24, height: 24,
      viewBox: "-26 -26 54 52", "aria-hidden": "true" }, outline, label);
    return make("span", { class: "tm-g-legend-item" }, svg, behaviour);
  };
  const numbers = make("span", {}, make("b", { class: "tm-g-key-value" }, "value"), " above, ",
    make("b", { class: "tm-g-key-gradient" }, "gradient"), " below each wire");
  return make("p", { class: "tm-g-legend" }, ...LEGEND.map(([behaviour, sign]) => shape(behaviour, sign)), numbers,
    make("span", { class: "tm-g-keys" }, "keys: → ← F B Home Space"));
}
