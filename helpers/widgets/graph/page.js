// The graph stepper on the screen: it draws the state that Python decided, and reports gestures.

const GRAPH_KEYS = { ArrowRight: "step", ArrowLeft: "back", Home: "start", End: "backward", f: "forward", b: "backward" };
const ZOOM_KEYS = { "+": "in", "=": "in", "-": "out", 0: "fit" };

/** The panel with the graph, its buttons and its keys. */
function graphStage(channel) {
  const go = (how) => channel.send({ kind: "go", how });
  const passes = passButtons(go);
  const host = make("div", { class: "tm-g-host", role: "group", tabindex: "0", "aria-label":
    "Graph of gates. Right and left arrow: one step further or back. Home: start. F: all forward. B or End: all backward. Space: play. Plus, minus and 0: zoom. Shift and arrows: move." });
  const zooms = make("div", { class: "tm-g-zoom tm-buttons" }, ...[["out", "−", "Zoom out"], ["in", "+", "Zoom in"], ["fit", "Fit", "Fit"]].map(
    ([how, text, label]) => make("button", { type: "button", class: "tm-button", "aria-label": label, onclick: () => view.zoom(how) }, text)));
  const view = gateGraph(host, (name) => channel.send({ kind: "ask", name }), (on) => { zooms.hidden = !on; });
  host.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const how = GRAPH_KEYS[event.key] ?? GRAPH_KEYS[event.key.toLowerCase()], zoom = ZOOM_KEYS[event.key];
    if (event.shiftKey && event.key.startsWith("Arrow")) {
      host.scrollBy({ ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] }[event.key][0],
        { ArrowUp: -80, ArrowDown: 80 }[event.key] ?? 0);
    } else if (how) go(how);
    else if (zoom) view.zoom(zoom);
    else if (event.key === " ") passes.toggle();
    else return;
    event.preventDefault();
  });
  const element = make("section", { class: "tm-panel tm-g-stage", "aria-label": "The graph" },
    make("div", { class: "tm-g-bar" }, passes.element, zooms), host, gateLegend());
  return { element, destroy: () => { passes.stop(); view.destroy(); }, update(state) {
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
  const quiz = make("button", { type: "button", class: "tm-button", onclick: () => {
    const on = quiz.getAttribute("aria-pressed") !== "true";
    pressed(on);
    asks.send(on);
  } }, "Quiz");
  const buttons = make("div", { class: "tm-buttons" }, quiz, ...["reset", "undo"].map((kind) =>
    make("button", { type: "button", class: "tm-button", onclick: () => channel.send({ kind }) }, kind[0].toUpperCase() + kind.slice(1))));
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

function render({ model, el }) {
  const channel = channelOf(model);
  const toolbar = graphToolbar(channel), stage = graphStage(channel), now = nowPanel(), quiz = quizPanel(channel);
  const error = make("p", { class: "tm-error", role: "alert" });
  now.element.append(quiz.element);
  const root = make("div", { class: "tm-root tm-explorer tm-graph", "data-lm-suppress-shortcuts": "true" },
    toolbar.element, error, make("div", { class: "tm-g-panels" }, now.element, stage.element));
  keepKeys(root);
  el.append(root);
  const show = () => {
    const state = model.get("state");
    error.textContent = state.expression.problem ? "" : state.error;
    toolbar.update(state);
    stage.update(state);
    now.update(state.now);
    quiz.element.hidden = !state.quiz;
    quiz.update(state.quiz);
  };
  model.on("change:state", show);
  show();
  return () => {
    model.off("change:state", show);
    stage.destroy();
  };
}

export default { render };
