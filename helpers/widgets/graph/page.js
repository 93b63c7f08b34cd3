// The graph stepper on the screen: it draws the state that Python decided, and reports gestures.

import { handFirst, switcher } from "../kit/controls.js";
import { gestureButtons, make, pointLine, pushButton, refresh } from "../kit/dom.js";
import { widget } from "../kit/mount.js";
import { passOf } from "../kit/passes.js";
import { fittedLetters, overflows, screenButtons } from "../kit/projector.js";
import { expressionField, gateLegend, nowPanel, playedPasses, quizPanel, variableSliders } from "./panels.js";
import { gateGraph } from "./view.js";

const POINT = "How much does each input change L? Step forward for the values, then back for the gradients.";
const LETTERS = { most: 26, least: 12 };  // CSS pixels of what is said on a projector
const ZOOM_KEYS = { "+": "in", "=": "in", "-": "out", 0: "fit" };

const SCROLLS = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };
const STAGE_LABEL = "Graph of gates. Right and left arrow: one step further or back. Home: start. F: all forward. " +
  "B or End: all backward. Space: play. Plus, minus and 0: zoom. Shift and arrows: move.";

/** The panel with the graph, its buttons and its keys. */
function graphStage(channel) {
  const go = (how) => channel.send({ kind: "go", how });
  const passes = playedPasses(go);
  const host = make("div", { class: "tm-g-host", role: "group", tabindex: "0", "aria-label": STAGE_LABEL });
  const zooms = make("div", { class: "tm-g-zoom tm-buttons" },
    ...[["out", "−", "Zoom out"], ["in", "+", "Zoom in"], ["fit", "Fit", "Fit"]].map(([how, text, label]) =>
      pushButton(text, () => view.zoom(how), { "aria-label": label })));
  const ask = (name) => channel.send({ kind: "ask", name });
  const view = gateGraph(host, ask, (on) => { zooms.hidden = !on; });
  host.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const how = passOf(event), zoom = ZOOM_KEYS[event.key], scroll = event.shiftKey && SCROLLS[event.key];
    if (scroll) host.scrollBy(...scroll);
    else if (how) go(how);
    else if (zoom) view.zoom(zoom);
    else if (event.key === " ") passes.toggle();
    else return;
    event.preventDefault();
  });
  const element = make("div", { class: "tm-panel tm-g-stage", role: "group", "aria-label": "The graph" },
    make("div", { class: "tm-g-bar" }, passes.element, zooms), host, gateLegend());
  return { element, fit: view.fit, destroy: () => { passes.stop(); view.destroy(); }, update(state) {
    passes.update(state.controls, Boolean(state.quiz));
    passes.element.hidden = Boolean(state.quiz);
    view.update(state.graph);
  } };
}

/** Everything above the graph: expression, grain, quiz, undo, sliders. */
function graphToolbar(channel) {
  const expression = expressionField(channel), sliders = variableSliders(channel);
  const grain = make("span");
  let grains = null;
  const pressed = (on) => quiz.setAttribute("aria-pressed", String(on));
  const asks = handFirst((on) => channel.send({ kind: "quiz", on }), pressed);
  const quiz = pushButton("Quiz", () => {
    const on = quiz.getAttribute("aria-pressed") !== "true";
    pressed(on);
    asks.send(on);
  });
  const buttons = make("div", { class: "tm-buttons" }, quiz, ...gestureButtons(channel, "reset", "undo", "redo"));
  const element = make("div", { class: "tm-toolbar" },
    make("label", { class: "tm-g-expression" }, make("span", {}, "L ="), expression.field), expression.draw,
    make("span", { class: "tm-choice" }, expression.examples), grain, buttons, expression.problem, sliders.element);
  return { element, update(state) {
    expression.update(state.expression);
    sliders.update(state.sliders);
    asks.show(Boolean(state.quiz));
    const { choices, fused } = state.fuse;
    grain.hidden = choices.length === 0;
    refresh(grain, choices.join(), () => {
      const options = choices.map((name) => [name, `one ${name} gate`]);
      grains = switcher("Grain", [["", "small steps"], ...options], (name) => channel.send({ kind: "fuse", name }));
      return [grains.element];
    });
    grains.update(fused[0] ?? "");
  } };
}

function buildGraph(channel, error, screen) {
  const toolbar = graphToolbar(channel), stage = graphStage(channel), now = nowPanel(), quiz = quizPanel(channel);
  now.element.append(quiz.element);
  const panels = make("div", { class: "tm-g-panels" }, now.element, stage.element);
  const letters = fittedLetters(now.element, LETTERS, () => !overflows(now.element));
  const fit = (on) => {
    if (on) letters.fit();
    stage.fit();
  };
  const buttons = screenButtons(screen, toolbar.element, () => fit(true));
  return { parts: [pointLine(POINT), buttons, toolbar.element, error, panels], stop: stage.destroy, fit, show(state) {
    if (state.expression.problem) error.textContent = "";  // it stands under the expression
    toolbar.update(state);
    stage.update(state);
    now.update(state.now);
    quiz.element.hidden = !state.quiz;
    quiz.update(state.quiz);
    if (screen.on()) letters.keep();
  } };
}

export default widget("tm-explorer tm-graph", buildGraph);
