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
 * point(place): what is pointed at, only the newest matters; isWaiting(): has Python not answered every gesture?
 * silence(): for how many milliseconds Python owes an answer, or null; listen(f): f() hears of every change of that.
 */
export function channelOf(model) {
  if (channels.has(model)) return channels.get(model);
  const client = Math.random().toString(36).slice(2), listeners = new Set();
  let queue = [], last = 0, pointed = 0, asked = null, since = 0;
  const applied = () => model.get("state").applied?.[client] ?? 0;
  const readsAloud = () => model.get("reading") !== undefined;  // else nothing answers to pointing
  const owes = () => asked !== null || queue.some(({ kind }) => kind !== "look");
  const ask = (change, name, value) => {
    if (!owes()) since = performance.now();
    change();
    model.set(name, value());
    model.save_changes();
    for (const heard of listeners) heard();
  };
  const hear = () => {
    queue = unapplied(queue, applied());
    if (model.get("reading")?.answers === asked) asked = null;
    since = performance.now();
    for (const heard of listeners) heard();
  };
  model.on("change:state", hear);
  model.on("change:reading", hear);
  const channel = {
    newStroke,
    isWaiting: () => queue.length > 0,
    silence: () => (owes() ? performance.now() - since : null),
    listen(heard) {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    point(place) {
      const change = () => { if (readsAloud()) asked = `${client} ${++pointed}`; };
      ask(change, "pointer", () => (asked ? { ...place, asks: asked } : place));
    },
    send(gesture) {
      const serial = ++last;
      ask(() => { queue = withGesture(queue, { ...gesture, serial }); }, "gestures", () => ({ client, queue }));
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
