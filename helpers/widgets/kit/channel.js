// Gestures on their way to Python. JupyterLab may skip updates while the kernel is busy, so every
// message carries all gestures that Python has not yet acknowledged: nothing is lost, nothing is done twice.

/** The queue after one more gesture; gestures of one stroke at one place replace each other. */
function withGesture(queue, gesture) {
  const last = queue[queue.length - 1];
  const same = last && gesture.stroke !== undefined && last.stroke === gesture.stroke &&
    last.kind === gesture.kind && last.place === gesture.place;
  return same ? [...queue.slice(0, -1), gesture] : [...queue, gesture];
}

/** The gestures that Python has not applied yet. */
function unapplied(queue, appliedSerial) {
  return queue.filter((gesture) => gesture.serial > appliedSerial);
}

const channels = new WeakMap();

let strokes = 0;
function newStroke() { return ++strokes; }

/** The one channel of a model in this page: newStroke(), and send(gesture), which gives a function: is it answered? */
function channelOf(model) {
  if (channels.has(model)) return channels.get(model);
  const client = Math.random().toString(36).slice(2);
  let queue = [], last = 0;
  const applied = () => model.get("state").applied?.[client] ?? 0;
  model.on("change:state", () => { queue = unapplied(queue, applied()); });
  const channel = {
    newStroke,
    send(gesture) {
      const serial = ++last;
      queue = withGesture(queue, { ...gesture, serial });
      model.set("gestures", { client, queue });
      model.save_changes();
      return () => applied() >= serial;
    },
  };
  channels.set(model, channel);
  return channel;
}

/** Has Python not yet answered every gesture of this page? */
function isWaiting(model) {
  const { client, queue = [] } = model.get("gestures") ?? {};
  return unapplied(queue, model.get("state").applied?.[client] ?? 0).length > 0;
}

/**
 * The one rule of every control: an answer older than what the hand has done since does not overwrite it.
 * `send` gives what channel.send gives, `show` draws what Python says; both come back with the rule between them.
 */
function handFirst(send, show) {
  let told = null;
  return {
    send: (...args) => { told = send(...args); },
    show: (...args) => { if (typeof told !== "function" || told()) show(...args); },
  };
}

const BURST = 1000;  // milliseconds; presses closer than this are one stroke

/** The stroke of every change of a slider: one drag, or presses in quick succession, are undone as one. */
function strokesOf(range) {
  let stroke = 0, last = -Infinity, held = false;
  range.addEventListener("pointerdown", () => { held = true; last = -Infinity; });
  range.addEventListener("change", () => { if (held) [held, last] = [false, -Infinity]; });
  return () => {
    const now = performance.now(), goes = last > -Infinity && (held || now - last < BURST);
    last = now;
    stroke = goes ? stroke : newStroke();
    return stroke;
  };
}

/** Keys pressed in `root` are its own: JupyterLab's shortcuts skip a focused element that has this mark itself. */
function keepKeys(root) {
  root.addEventListener("focusin", ({ target }) => { target.dataset.lmSuppressShortcuts = "true"; });
}

/** The element whose box is nearest to the pointer: between two cells it belongs to one of them. */
function nearestOf(elements, { clientX, clientY }) {
  const far = ({ left, right, top, bottom }) =>
    Math.hypot(Math.max(left - clientX, 0, clientX - right), Math.max(top - clientY, 0, clientY - bottom));
  const measured = [...elements].map((element) => [far(element.getBoundingClientRect()), element]);
  return measured.reduce((best, one) => (one[0] < best[0] ? one : best))[1];
}

/** Numbers that arrived as bytes: a Float64Array or Float32Array over a copy of the DataView. */
function numbersOf(view, kind = "f8") {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  return kind === "f4" ? new Float32Array(bytes) : new Float64Array(bytes);
}
