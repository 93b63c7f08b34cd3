// A widget in one file, without Python: what can be pointed at was read beforehand, what is changed goes back.

import { modelOf, parsed } from "./model.js";

const STILL = "This is a copy: it can be pointed at, not changed.";

function bytesOf(base64) {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return new DataView(bytes.buffer);
}

async function unpacked(base64) {
  const squeezed = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(squeezed).text();
}

/** What a place that is pointed at is called in the list of readings. */
function placeKey({ place, index, outer, inner }) {
  return place === "J" && outer !== undefined ? `J ${outer} ${inner}` : `${place} ${index}`;
}

/** Show a widget in `el`: `front` is its front end, `small` its values and readings as Python packed them. */
export async function openCopy(front, small, el) {
  const { text, buffers } = JSON.parse(await unpacked(small));
  const { values, readings, quiet } = parsed(text, buffers.map(bytesOf));
  const applied = {};
  const tell = (news) => queueMicrotask(() => {
    if (news.gestures) {
      const { client, queue } = news.gestures;
      applied[client] = Math.max(applied[client] ?? 0, ...queue.map(({ serial }) => serial));
      const changes = queue.some(({ kind }) => kind !== "look");
      const state = { ...model.get("state"), applied: { ...applied } };
      model.receive({ state: changes ? { ...state, error: STILL } : state });
    }
    if (news.pointer && model.get("reading")) {
      const reading = readings[placeKey(news.pointer)] ?? quiet;
      model.receive({ reading: { ...reading, answers: news.pointer.asks ?? "" } });
    }
  });
  const model = modelOf(values, { tell, ask: () => queueMicrotask(() => model.hear({ kind: "here" })) });
  document.body.dataset.jpThemeLight = String(!matchMedia("(prefers-color-scheme: dark)").matches);
  front.initialize?.({ model });
  front.render({ model, el });
}
