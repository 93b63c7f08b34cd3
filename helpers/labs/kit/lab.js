// A lab on the screen: it shows the picture that Python drew, and reports gestures.

import { keyMove, labControl, nearestHandle, readoutRow, toData, toShares, turnOf } from "./lab_parts.js";
import { labScreen } from "./lab_screen.js";
import { figureText } from "../../widgets/kit/controls.js";
import { gestureButtons, make, refresh, setText } from "../../widgets/kit/dom.js";
import { widget } from "../../widgets/kit/mount.js";
import { pageIsDark, watchTheme } from "../../widgets/kit/theme.js";

/** The picture with its handles. It reports drags in data coordinates. */
function picturePane(channel) {
  const image = make("img", { class: "tm-lab-image", draggable: "false" });
  const marks = make("div", { class: "tm-lab-marks" });
  const element = make("div", { class: "tm-lab-stage" }, image, marks);
  const buttons = new Map();
  const moved = new Map();  // by handle: where the hand took it, and whether Python has answered that
  let url = null, bytes = null, picture = null, handles = [], held = null, stroke = 0;
  const keyOf = ({ name, axes }) => `${name} ${axes}`;
  const placed = (handle) => ({ ...handle, ...moved.get(keyOf(handle))?.place });
  const move = (handle, value) => {
    const place = { x: handle.moves === "y" ? handle.x : value[0], y: handle.moves === "x" ? handle.y : value[1] };
    const answered = channel.send({ kind: "drag", place: handle.name, value, moves: handle.moves, stroke });
    moved.set(keyOf(handle), { place, answered });
    handles = handles.map(placed);
    showHandles();
  };
  const shares = (event) => {
    const box = image.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  };
  const drag = (event) => move(held, toData(picture.axes[held.axes], shares(event)));
  element.addEventListener("pointerdown", (event) => {
    // A finger beside the handles scrolls the page.
    const takes = event.button === 0 && (event.pointerType !== "touch" || event.target.closest(".tm-handle"));
    held = takes ? nearestHandle(picture, handles, shares(event)) : null;
    if (!held) return;
    stroke = channel.newStroke();
    element.setPointerCapture(event.pointerId);
    buttons.get(keyOf(held)).focus({ preventScroll: true });
    drag(event);
    event.preventDefault();
  });
  element.addEventListener("pointermove", (event) => { if (held) drag(event); });
  for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => { held = null; });
  const press = (key) => (event) => {
    const handle = handles.find((one) => keyOf(one) === key), to = handle && keyMove(handle, event);
    if (!to || event.ctrlKey || event.metaKey) return;
    stroke = event.repeat ? stroke : channel.newStroke();
    move(handle, to);
    event.preventDefault();
  };
  const showHandles = () => {
    const keys = handles.map(keyOf);
    refresh(marks, keys.join(), () => {
      buttons.clear();
      for (const key of keys) {
        const told = { type: "button", class: "tm-handle", role: "slider", onkeydown: press(key) };
        buttons.set(key, make("button", told));
      }
      return [...buttons.values()];
    });
    for (const handle of handles) {
      const button = buttons.get(keyOf(handle)), axes = picture.axes[handle.axes];
      const [across, down] = toShares(axes, [handle.x, handle.y]);
      button.style.left = `${100 * across}%`;
      button.style.top = `${100 * down}%`;
      button.setAttribute("aria-label", `${handle.label}: drag, or arrow keys`);
      const now = handle.moves === "x" ? figureText(handle.x) : handle.moves === "y" ? figureText(handle.y)
        : `${figureText(handle.x)}, ${figureText(handle.y)}`;
      button.setAttribute("aria-valuetext", now);
      const along = handle.moves === "y" ? "y" : "x", [low, high] = axes[along];
      const told = { now: handle[along], min: low, max: high };
      for (const [what, number] of Object.entries(told)) button.setAttribute(`aria-value${what}`, String(number));
    }
  };
  return { element, destroy: () => URL.revokeObjectURL(url), update(state) {
    picture = state.picture;
    for (const [key, { answered }] of moved) if (answered()) moved.delete(key);
    handles = state.handles.map(placed);
    if (picture.png !== bytes) {
      const old = url;
      bytes = picture.png;
      url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
      image.src = url;
      image.decode().catch(() => {}).then(() => URL.revokeObjectURL(old));
    }
    image.alt = picture.alt;
    element.style.width = `${picture.width}px`;
    element.style.aspectRatio = `${picture.width} / ${picture.height}`;
    element.classList.toggle("tm-grabs", handles.length > 0);
    showHandles();
  } };
}

/** Tell Python how the page looks whenever that changes. Gives {setHeight(pixels), 0 for any height, and stop()}. */
function watchLook(host, channel) {
  let last = "", height = 0;
  const look = () => {
    const width = Math.floor(host.clientWidth / 20) * 20;
    if (width === 0) return;  // hidden, as in a closed tab
    const dark = pageIsDark(), ratio = Math.min((window.devicePixelRatio || 1) * (host.currentCSSZoom ?? 1), 2);
    const now = { kind: "look", place: "look", stroke: "look", width, height, dark, ratio };
    if (JSON.stringify(now) === last) return;
    last = JSON.stringify(now);
    channel.send(now);
  };
  let timer = null;
  const soon = (wait) => { clearTimeout(timer); timer = setTimeout(look, last ? wait : 0); };
  // A new size means a new background, so sizes on the way to the last one are left out.
  const size = new ResizeObserver(() => soon(120));
  // Python draws one lab after the other: in another theme those that are seen come first.
  const unlisten = watchTheme(() => {
    const boxes = [...document.querySelectorAll(".tm-lab")].map((one) => one.getBoundingClientRect());
    soon(20 * turnOf(host.getBoundingClientRect(), boxes, window.innerHeight));
  });
  size.observe(host);
  const stop = () => { clearTimeout(timer); size.disconnect(); unlisten(); };
  return { stop, setHeight(pixels) {
    height = pixels;
    soon(120);
  } };
}

/** The controls of a lab. One that stays is never moved or made anew: it keeps focus, and a drag goes on. */
export function controlRow(host, channel) {
  const controls = new Map();
  const send = (gesture) => channel.send({ place: gesture.kind, ...gesture });
  const drop = (key) => {
    controls.get(key).stop?.();
    controls.get(key).element.remove();
    controls.delete(key);
  };
  const update = (specs) => {
    const keys = specs.map(({ value, ...fixed }) => JSON.stringify(fixed));
    [...controls.keys()].filter((key) => !keys.includes(key)).forEach(drop);
    keys.forEach((key, i) => {
      if (!controls.has(key)) {
        controls.set(key, labControl(specs[i], send, channel.isWaiting));
        host.insertBefore(controls.get(key).element, host.children[i] ?? null);
      }
      controls.get(key).update(specs[i]);
    });
  };
  return { update, stop: () => controls.forEach((one) => one.stop?.()) };
}

function buildLab(channel, error) {
  const bar = make("div", { class: "tm-lab-controls" }), reads = make("div", { class: "tm-lab-reads" });
  const buttons = make("div", { class: "tm-buttons" });
  const controls = controlRow(bar, channel), pane = picturePane(channel), read = readoutRow(reads);
  const middle = make("div", { class: "tm-lab-middle" }, pane.element);
  const side = make("div", { class: "tm-lab-side" }, bar, buttons, error);
  const looks = watchLook(middle, channel);
  const point = make("p", { class: "tm-lab-point" });
  const grid = make("div", { class: "tm-lab-grid" }, side, middle, reads);
  return {
    parts: [point, grid],
    fit: labScreen(pane.element, reads, looks.setHeight),
    show(state) {
      setText(point, state.point);
      grid.classList.toggle("tm-lab-above", state.above);
      refresh(buttons, state.buttons.join(), () => gestureButtons(channel, ...state.buttons));
      controls.update(state.controls);
      pane.update(state);
      read(state.readouts);
    },
    stop() {
      looks.stop();
      controls.stop();
      pane.destroy();
    },
  };
}

export default widget("tm-explorer tm-lab", buildLab);
