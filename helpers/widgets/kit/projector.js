// A widget that takes the whole screen, for a lecture hall. Python may ask for it, or a button; Escape leaves it.

const TYPING = "input[type=text], textarea";  // there Escape has a meaning of its own

/**
 * {on(), toggle()}: `changed(on)` after each change, and when the size of the screen is another one. A browser gives
 * its whole screen only to a press of the hand; else the widget covers the page.
 */
export function projectorOf(root, model, changed) {
  let on = false;
  const draw = () => { if (on) changed(true); };
  const keys = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.target.matches?.(TYPING)) return;
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
  const tell = () => {
    if (model.get("projecting") === undefined || model.get("projecting") === on) return;
    model.set("projecting", on);
    model.save_changes();
  };
  function enter(byHand) {
    if (on || document.querySelector(".tm-projector")) return;  // one widget has the screen
    on = true;
    root.classList.add("tm-projector");
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
    root.classList.remove("tm-projector");
    if (document.fullscreenElement === root) document.exitFullscreen();
    changed(false);
    tell();
  }
  return { on: () => on, toggle: () => (on ? leave() : enter(true)),
    follow: () => (model.get("projecting") ? enter(false) : leave()), leave };
}

/** The largest of some sizes with which nothing lies outside; `tries(size)` lays it out and says whether it fits. */
export function largestThatFits(most, least, tries) {
  for (let size = most; size > least; size--) if (tries(size)) return size;
  tries(least);
  return least;
}
