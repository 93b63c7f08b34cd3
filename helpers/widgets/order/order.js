// The order puzzle on the screen: cards that are dragged or moved by keys; Python says what is right.

import { handFirst, switcher } from "../kit/controls.js";
import { lowered, make, pushButton, refresh } from "../kit/dom.js";
import { widget } from "../kit/mount.js";

const CARD_UNIT = 18;  // pixels of one row or column of a block

/** The place at which a card held at x, y belongs: how many of the other cards it has passed, in the nearest line. */
export function placeAmong(boxes, x, y) {
  const far = ({ top, bottom }) => Math.max(top - y, y - bottom, 0);
  const line = boxes.reduce((best, box) => (best && far(best) <= far(box) ? best : box), null);
  const level = line && Math.min(Math.max(y, line.top), line.bottom);
  return boxes.filter(({ left, right, top, bottom }) =>
    level > bottom || (level >= top && x > (left + right) / 2)).length;
}

/** A block as high and as wide as its shape. */
function shapeBlock([rows, columns]) {
  const [width, height] = [columns, rows].map((count) => `${count * CARD_UNIT}px`);
  return make("span", { class: "tm-o-block", "aria-hidden": "true",
    style: `width:${width};height:${height};background-size:${CARD_UNIT}px ${CARD_UNIT}px` });
}

/** The name, the block and the shape of a card or of the goal. */
function shapeParts({ name, shape }) {
  return [make("b", { class: "tm-o-name" }, ...lowered(name)), make("span", { class: "tm-o-space" }, shapeBlock(shape)),
    make("span", { class: "tm-o-shape" }, shape.join("×"))];
}

/** Send a gesture that is undone by itself. */
function sendOnce(channel, gesture) {
  channel.send({ ...gesture, stroke: `once ${channel.newStroke()}` });
}

/** What is read aloud for a card. */
export function cardLabel({ name, shape, turns }, place, count) {
  return `${name.replaceAll("_", " ")}, ${shape.join(" by ")}, place ${place + 1} of ${count}. ` +
    `Left and right arrow: move.${turns ? " T: transpose." : ""} Enter: check.`;
}

/** One card; its parts are made anew only when its name or shape changes. */
function orderCard(channel, card, moveTo) {
  let now = null, place = 0;
  const send = (to) => moveTo(card, to, `once ${channel.newStroke()}`);
  const turn = () => sendOnce(channel, { kind: "turn", card });
  const button = (text, label, onclick) => pushButton(text, onclick, { tabindex: "-1", "aria-label": label });
  const element = make("div", { class: "tm-o-card", role: "group", tabindex: "0" });
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowLeft") send(place - 1);
    else if (event.key === "ArrowRight") send(place + 1);
    else if (event.key.toLowerCase() === "t") turn();
    else if (event.key === "Enter") sendOnce(channel, { kind: "check" });
    else return;
    event.preventDefault();
  });
  return { card, element, turn, update(spec, index, count) {
    [now, place] = [spec, index];
    element.setAttribute("aria-label", cardLabel(now, place, count));
    refresh(element, JSON.stringify([now.name, now.shape]), () => [
      ...shapeParts(now),
      make("span", { class: "tm-o-buttons" }, button("◀", `Move ${now.name} left`, () => send(place - 1)),
        ...(now.turns ? [button("T", `Transpose ${now.name}`, turn)] : []),
        button("▶", `Move ${now.name} right`, () => send(place + 1)))]);
  } };
}

/** The row of cards with the signs between them. */
function orderRow(channel) {
  const element = make("div", { class: "tm-o-row", role: "group", "aria-label": "Factors from left to right" });
  const goal = make("div", { class: "tm-o-goal" });
  let cards = [], signs = [], order = [], held = null, stroke = "", state = null;
  const cardOf = (card) => cards.find((one) => one.card === card);
  const cardAt = (target) => cards.find((one) => one.element === target.closest?.(".tm-o-card"));
  const hand = handFirst((gesture) => channel.send(gesture), (now) => { order = now.cards.map(({ card }) => card); });
  const moveTo = (card, to, strokeOfIt) => {
    const rest = order.filter((one) => one !== card), place = Math.min(Math.max(to, 0), rest.length);
    if (order[place] === card) return;
    order = [...rest.slice(0, place), card, ...rest.slice(place)];
    hand.send({ kind: "move", card, to: place, stroke: strokeOfIt, place: card });
    lay();
  };
  element.addEventListener("pointerdown", (event) => {
    held = event.button === 0 && !event.target.closest("button") ? cardAt(event.target) : null;
    if (!held) return;
    stroke = `drag ${channel.newStroke()}`;
    element.setPointerCapture(event.pointerId);
    held.element.classList.add("tm-o-held");
    held.element.focus({ preventScroll: true });
    event.preventDefault();
  });
  element.addEventListener("pointermove", (event) => {
    if (!held) return;
    const others = order.filter((card) => card !== held.card).map(cardOf);
    const boxes = others.map((one) => one.element.getBoundingClientRect());
    moveTo(held.card, placeAmong(boxes, event.clientX, event.clientY), stroke);
  });
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => {
    held?.element.classList.remove("tm-o-held");
    held = null;
  });
  const deal = () => {
    cards = state.cards.map(({ card }) => orderCard(channel, card, moveTo));
    signs = state.joints.map(() => make("span", { class: "tm-o-sign" }));
  };
  const lay = () => {
    const focused = element.querySelector(":focus");
    const line = order.flatMap((card, place) => [cardOf(card).element, signs[place] ?? goal]);
    if (element.children.length !== line.length || line.some((one, i) => element.children[i] !== one)) {
      element.replaceChildren(...line);
      focused?.focus({ preventScroll: true });
    }
    for (const spec of state.cards) cardOf(spec.card).update(spec, order.indexOf(spec.card), order.length);
    const checked = state.checked && state.cards.every(({ card }, place) => card === order[place]);
    state.joints.forEach(({ text, good }, i) => refresh(signs[i], `${checked} ${text}`, () => checked
      ? ["·", make("small", { class: good ? "tm-o-fits" : "tm-o-clash" }, `${text} ${good ? "✓" : "✗"}`)]
      : ["·"]));
    const equals = checked && !state.good ? "≠" : "=";
    refresh(goal, JSON.stringify([state.goal, equals]), () => [make("span", { class: "tm-o-sign" }, equals),
      make("div", { class: "tm-o-target" }, ...shapeParts(state.goal))]);
  };
  return { element, update(now) {
    state = now;
    if (cards.length !== state.cards.length) deal();
    if (order.length !== cards.length) order = state.cards.map(({ card }) => card);
    hand.show(state);
    lay();
  } };
}

/** One numbered button for each puzzle, with a mark where it is solved. */
function puzzleButtons(channel) {
  const element = make("div", { class: "tm-o-numbers", role: "group", "aria-label": "Puzzle" });
  return { element, update({ count, number, marks }) {
    refresh(element, String(count), () => Array.from({ length: count }, (_, i) =>
      pushButton("", () => sendOnce(channel, { kind: "number", value: i + 1 }))));
    [...element.children].forEach((button, i) => {
      const mark = { first: " ★", later: " ✓" }[marks[i]] ?? "";
      button.textContent = `${i + 1}${mark}`;
      button.setAttribute("aria-pressed", String(number === i + 1));
      const solved = { first: ", solved at the first try", later: ", solved" }[marks[i]] ?? "";
      button.setAttribute("aria-label", `Puzzle ${i + 1}${solved}`);
    });
  } };
}

function buildPuzzle(channel, error) {
  const numbers = puzzleButtons(channel), row = orderRow(channel);
  const layouts = switcher("Layout", ["numerator", "denominator"],
    (value) => sendOnce(channel, { kind: "layout", value }));
  const press = (text, kind, more = "") =>
    pushButton(text, () => sendOnce(channel, { kind }), { class: `tm-button ${more}` });
  const title = make("h3", {}), asks = make("p", { class: "tm-o-asks" }), score = make("span", { class: "tm-o-score" });
  const verdict = make("p", { class: "tm-o-verdict", role: "status" });
  const bar = make("div", { class: "tm-toolbar" }, numbers.element, layouts.element,
    make("div", { class: "tm-buttons tm-o-right" },
      press("Deal again", "reset"), press("Undo", "undo"), press("Redo", "redo")));
  const actions = make("div", { class: "tm-o-actions" },
    press("Check", "check", "tm-o-check"), press("Next puzzle", "next"), score);
  return { parts: [bar, title, asks, row.element, actions, verdict, error], show(state) {
    numbers.update(state);
    layouts.update(state.layout);
    title.textContent = `${state.number} · ${state.title}`;
    refresh(asks, state.asks, () => lowered(`${state.asks}. Put the factors in order.`));
    row.update(state);
    score.textContent = state.score;
    refresh(verdict, state.verdict, () =>
      (state.verdict ? [`${state.good ? "✓" : "✗"} `, ...lowered(state.verdict)] : []));
    verdict.className = `tm-o-verdict ${state.verdict ? (state.good ? "tm-same" : "tm-different") : ""}`;
  } };
}

export default widget("tm-explorer tm-order", buildPuzzle);
