// A widget that takes the whole screen, for a lecture hall. Python may ask for it, or a button; Escape leaves it.

import { make, pushButton } from "./dom.js";

const TYPING = "input[type=text], textarea";  // there Escape has a meaning of its own

/**
 * {on(), toggle(), button}: `changed(on)` after each change, and when the size of the screen is another one. A browser
 * gives its whole screen only to a press of the hand; else the widget covers the page.
 */
export function projectorOf(root, model, changed) {
  let on = false;
  const draw = () => { if (on) changed(true); };
  const keys = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.composedPath()[0].matches?.(TYPING)) return;
    event.preventDefault();
    leave();
  };
  const ended = () => { if (on && !document.fullscreenElement && !root.popover) leave(); };
  const cover = () => {
    root.popover = "manual";
    root.showPopover?.();
    draw();
  };
  const listen = (how) => {
    document[how]("keydown", keys);
    document[how]("fullscreenchange", ended);
    window[how]("resize", draw);
  };
  const say = () => { button.textContent = on ? "Leave (Esc)" : "Projector"; };
  const tell = () => {
    say();
    if (model.get("projecting") === undefined || model.get("projecting") === on) return;
    model.set("projecting", on);
    model.save_changes();
  };
  function enter(byHand) {
    if (on || document.querySelector(".tm-whole")) return;  // one widget has the screen
    on = true;
    root.classList.add("tm-whole");
    root.tabIndex = -1;
    listen("addEventListener");
    if (byHand && root.requestFullscreen) root.requestFullscreen().then(draw, cover);
    else cover();
    root.focus({ preventScroll: true });
    tell();
  }
  function leave() {
    if (!on) return;
    on = false;
    listen("removeEventListener");
    if (root.popover) root.hidePopover?.();
    root.removeAttribute("popover");
    root.classList.remove("tm-whole");
    if (root.matches(":fullscreen")) document.exitFullscreen();
    changed(false);
    tell();
  }
  const toggle = () => (on ? leave() : enter(true)), button = pushButton("", toggle, { class: "tm-button tm-project" });
  say();
  return { on: () => on, toggle, button, follow: () => (model.get("projecting") ? enter(false) : leave()), leave };
}

/** The button that leaves the whole screen, and before it one that unfolds a bar which is folded there. */
export function screenButtons(screen, bar, unfolded) {
  const choices = pushButton("Choices", () => {
    choices.setAttribute("aria-expanded", String(bar.classList.toggle("tm-unfolded")));
    unfolded();
  }, { class: "tm-button tm-choices", "aria-expanded": "false" });
  return make("div", { class: "tm-screen-buttons" }, choices, screen.button);
}

/** The largest of some sizes with which nothing lies outside; `tries(size)` lays it out and says whether it fits. */
export function largestThatFits(most, least, tries) {
  for (let size = most; size > least; size--) if (tries(size)) return size;
  tries(least);
  return least;
}

/** Whether something of an element lies outside it. */
export const overflows = ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
  scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;

/** The letters of an element, --tm-letters, as large as `fits` allows: fit() anew, keep() only ever smaller. */
export function fittedLetters(element, { most, least }, fits) {
  let now = most;
  const search = (from) => {
    now = largestThatFits(from, least, (letters) => {
      element.style.setProperty("--tm-letters", `${letters}px`);
      return fits();
    });
  };
  return { fit: () => search(most), keep: () => { if (now > least && !fits()) search(now - 1); } };
}

const ZOOM = { most: 60, least: 17, one: 20 };  // in twentieths: letters of 14 pixels are read from 12 on

/** The rule for a widget without one of its own: all of it larger until the screen is full. Gives fit(on). */
export function fillScreen(root) {
  let now = null;
  const fill = (most) => {
    now = largestThatFits(most, ZOOM.least, (size) => {
      root.style.setProperty("--tm-zoom", size / ZOOM.one);
      return !overflows(root);
    });
  };
  // A picture that Python draws anew for another width may be higher. Only ever smaller, so that it ends.
  const watch = new ResizeObserver(() => { if (now > ZOOM.least && overflows(root)) fill(now - 1); });
  return (on) => {
    watch.disconnect();
    root.classList.toggle("tm-fills", on);
    if (!on) return root.style.removeProperty("--tm-zoom");
    fill(ZOOM.most);
    for (const child of root.children) watch.observe(child);
  };
}
