// One entry of dL/dX, step by step: its terms lift out of the tensor, meet G, and add up; then the compact way.
// Python says what there is to see and what is read; the steps are taken here, off until they are asked for.

import { slider } from "../../kit/controls.js";
import { make, pushButton } from "../../kit/dom.js";
import { wantsStills } from "./motion.js";
import { LAST_STEP, moveStep, playedWays, showStep } from "./terms.js";

const STEP_KEYS = {
  ArrowRight: (step) => step + 1, ArrowLeft: (step) => step - 1, Home: () => 0, End: () => LAST_STEP,
};
const ENTRY_KEYS = { ArrowDown: 1, ArrowUp: -1 };
const SECONDS = 2;  // a step
const PACE = { low: 1, high: 6, step: 0.5, says: "seconds a step" };
const MOTION = 450;  // milliseconds for each second of a step

/**
 * The steps taken by hand, or at a pace: `draw(step, runs)` shows one, `move(step, milliseconds)` is called before when
 * it is a step on. Who wants no motion gets stills, by hand alone.
 */
export function playedSteps(draw, move) {
  let step = 0, seconds = SECONDS, timer = null;
  const show = (to) => {
    const on = to > step;
    step = Math.max(0, Math.min(LAST_STEP, to));
    draw(step, timer !== null);
    if (on && !wantsStills()) move(step, MOTION * seconds);
  };
  const stop = () => { clearInterval(timer); timer = null; };
  const tick = () => { if (step + 1 >= LAST_STEP) stop(); show(step + 1); };
  const start = () => { stop(); timer = setInterval(tick, 1000 * seconds); };
  return {
    show: () => draw(step, timer !== null), stop,
    go(to) { stop(); show(to); },
    begin() { stop(); step = 0; if (!wantsStills()) requestAnimationFrame(() => move(0, MOTION * seconds)); },
    key: (key) => STEP_KEYS[key]?.(step),
    by: (more) => step + more,
    toggle() {
      const starts = timer === null && !wantsStills();
      stop();
      if (starts) start();
      show(starts && step === LAST_STEP ? 0 : step);
    },
    pace(value) { seconds = value; if (timer !== null) start(); },
  };
}

/** The buttons above the steps: {element, update(name, step, runs)}. */
function playBar(taken, close) {
  const title = make("h3", {}), place = make("span", { class: "tm-play-place" });
  const back = pushButton("◀ Back", () => taken.go(taken.by(-1)));
  const next = pushButton("Step ▶", () => taken.go(taken.by(1)));
  const run = pushButton("Play", taken.toggle, { class: "tm-button tm-play-run" });
  const pace = slider("pace", PACE, taken.pace), end = pushButton("Close", close);
  pace.element.classList.add("tm-play-pace");
  pace.update(SECONDS);
  const element = make("div", { class: "tm-play-bar" }, title, back, next, run, pace.element, place, end);
  return { element,
    update(name, step, runs) {
      title.textContent = `${name}, step by step`;
      back.setAttribute("aria-disabled", String(step === 0));
      next.setAttribute("aria-disabled", String(step === LAST_STEP));
      run.textContent = runs ? "Pause" : "Play";
      place.textContent = `step ${step + 1} of ${LAST_STEP + 1}`;
    } };
}

/** Entries of a grid that are chosen to be played: by Enter or a double click; while one is, by focus too. */
export function listenToEntries(host, player) {
  const hear = (kind, choose) => host.addEventListener(kind, (event) => {
    const cell = event.target.closest(".tm-cell");
    if (cell) choose(Number(cell.dataset.index), event);
  });
  hear("focusin", player.choose);
  hear("dblclick", (index) => {
    getSelection()?.removeAllRanges();  // the browser takes the number for a word
    player.begin({ index });
  });
  hear("keydown", (index, { key }) => { if (key === "Enter") player.begin({ index }); });
}

/**
 * {open, element, …}: the button and the panel. seen: where an entry of the tensor, of G and of the gradient stands
 * in the window, and landed(index, step), which is told how far the entry is, null where none is played.
 * begin(which) asks Python for an entry, choose(index) for another one while one is played; update(play) shows what
 * Python says is played, or null.
 */
export function playPanel(channel, seen) {
  let play = null, ways = null, asked = false;
  const stroke = channel.newStroke();
  const send = (more) => channel.send({ kind: "play", on: true, place: "play", stroke, ...more });
  const begin = (which) => { asked = true; send(which); };
  const close = () => { send({ on: false }); open.focus(); };
  const open = pushButton("Play an entry", () => (play ? close() : begin({})), { class: "tm-button tm-play-open" });
  const said = make("p", { class: "tm-play-said", role: "status" }), body = make("div", { class: "tm-play-ways" });
  const taken = playedSteps((step, runs) => {
    showStep(element, ways, step);
    seen.landed(play.index, step);
    if (said.textContent !== play.steps[step]) said.textContent = play.steps[step];
    bar.update(play.name, step, runs);
  }, (step, milliseconds) => { if (play) moveStep(ways, play, step, seen, milliseconds); });
  const bar = playBar(taken, close);
  const element = make("div", { class: "tm-panel tm-play", role: "group", "aria-label": "One entry, step by step",
    tabindex: "0", hidden: true, onkeydown: (event) => press(event) }, bar.element, said, body);
  const press = (event) => {
    const { key, target } = event, to = taken.key(key), more = ENTRY_KEYS[key];
    if (event.ctrlKey || event.metaKey || event.altKey || (target.matches("input") && key !== "Escape")) return;
    if (to !== undefined) taken.go(to);
    else if (more) send({ index: (play.index + more + play.of) % play.of });
    else if (key === "Escape") close();
    else if (key === " " && !target.matches("button")) taken.toggle();
    else return;
    event.preventDefault();
  };
  const show = () => {
    ways = playedWays(play);
    body.replaceChildren(...ways.elements);
    taken.show();
  };
  return { open, element, begin, stop: taken.stop,
    choose(index) { if (play && play.index !== index) send({ index }); },
    update(now) {
      const begins = now && !play;
      play = now;
      element.hidden = !now;
      open.setAttribute("aria-expanded", String(Boolean(now)));
      if (!now) {
        seen.landed(null, LAST_STEP);
        return taken.stop();
      }
      if (begins) taken.begin();
      show();
      if (!asked) return;
      asked = false;
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "nearest" });
    } };
}
