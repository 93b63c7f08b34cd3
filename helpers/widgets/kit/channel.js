// Gestures on their way to Python. JupyterLab may skip updates while the kernel is busy, so every
// message carries all gestures that Python has not yet acknowledged: nothing is lost, nothing is done twice.

/** The queue after one more gesture; gestures of one stroke at one place replace each other. */
export function withGesture(queue, gesture) {
  const last = queue[queue.length - 1];
  const same = last && gesture.stroke !== undefined && last.stroke === gesture.stroke &&
    last.kind === gesture.kind && last.place === gesture.place;
  return same ? [...queue.slice(0, -1), gesture] : [...queue, gesture];
}

/** The gestures that Python has not applied yet. */
export function unapplied(queue, appliedSerial) {
  return queue.filter((gesture) => gesture.serial > appliedSerial);
}

const channels = new WeakMap();

let strokes = 0;
export function newStroke() { return ++strokes; }

/**
 * The one channel of a model in this page. send(gesture) gives a function: has Python answered it? newStroke();
 * point(place): what is pointed at, only the newest matters; isWaiting(): has Python not answered everything?
 */
export function channelOf(model) {
  if (channels.has(model)) return channels.get(model);
  const client = Math.random().toString(36).slice(2);
  let queue = [], last = 0;
  const applied = () => model.get("state").applied?.[client] ?? 0;
  const tell = (name, value) => { model.set(name, value); model.save_changes(); };
  model.on("change:state", () => { queue = unapplied(queue, applied()); });
  const channel = {
    newStroke,
    point: (place) => tell("pointer", place),
    isWaiting: () => queue.length > 0,
    send(gesture) {
      const serial = ++last;
      queue = withGesture(queue, { ...gesture, serial });
      tell("gestures", { client, queue });
      return () => applied() >= serial;
    },
  };
  channels.set(model, channel);
  return channel;
}

/** Numbers that arrived as bytes: a Float64Array or Float32Array over a copy of the DataView. */
export function numbersOf(view, kind = "f8") {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  return kind === "f4" ? new Float32Array(bytes) : new Float64Array(bytes);
}
