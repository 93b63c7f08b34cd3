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

/** The one channel of a model in this page: send(gesture) and newStroke(). */
function channelOf(model) {
  if (channels.has(model)) return channels.get(model);
  const client = Math.random().toString(36).slice(2);
  let queue = [], serial = 0, stroke = 0;
  const settle = () => { queue = unapplied(queue, model.get("state").applied?.[client] ?? 0); };
  model.on("change:state", settle);
  const channel = {
    newStroke: () => ++stroke,
    send(gesture) {
      queue = withGesture(queue, { ...gesture, serial: ++serial });
      model.set("gestures", { client, queue });
      model.save_changes();
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

/** Keys pressed in `root` are its own: JupyterLab's shortcuts skip a focused element that has this mark itself. */
function keepKeys(root) {
  root.addEventListener("focusin", ({ target }) => { target.dataset.lmSuppressShortcuts = "true"; });
}

/** Numbers that arrived as bytes: a Float64Array or Float32Array over a copy of the DataView. */
function numbersOf(view, kind = "f8") {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  return kind === "f4" ? new Float32Array(bytes) : new Float64Array(bytes);
}
