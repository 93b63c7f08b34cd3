// The geometry of a graph of gates: where nodes, wires and numbers stand. Pure.

export const GATE = { box: 40, edge: 14, flat: 13 };

// Between two layers lie, in the direction of the graph: the gate, its numbers beside its straight wire, the bends of
// all wires, the shares beside the straight ends of wires, the next gate. So no number lies on a wire.
const LYING = { rows: 66, lane: 18, line: 17, bends: 22, most: 280 }, ROOM = { tallest: 440, zoom: 1.6 };
const UPRIGHT = { below: 560, numbers: 36, share: 18, bends: 22, beside: 60 };
const ASIDE = 0.6;  // rows between a gate and a wire that passes it, as picture.py lays them

/** The layers before which a wire bends; in a plain chain, where none does, the second. Pure. */
function turnsOf(wires, places) {
  const turns = new Set();
  for (const { from, to, bends, inputs } of wires) {
    const end = places.get(to), line = [...bends, [end.layer, end.row + (inputs > 1 ? 0.1 : 0)]];
    line.reduce((row, [layer, next]) => {
      if (Math.abs(next - row) > 1e-6) turns.add(layer);
      return next;
    }, places.get(from).row);
  }
  return turns.size ? turns : new Set([1]);
}

/**
 * What a graph needs beside its gates: the widths of its numbers, the layers before which shares arrive and wires bend,
 * how many shares stand side by side. Pure.
 */
function needsOf({ nodes, wires, signs }, sign) {
  const places = new Map(nodes.map((node) => [node.id, node])), shared = wires.filter((wire) => wire.lanes);
  return { number: signs * sign, share: 0.9 * signs * sign, turns: turnsOf(wires, places),
    into: new Set(shared.map(({ to }) => places.get(to).layer)),
    inputs: shared.reduce((most, { inputs }) => Math.max(most, inputs), 0) };
}

/**
 * How a plan lies on the page: from left to right, or upright where that is too narrow. `sign`: the width of a digit;
 * `room`: the height there is, and how much larger all may become. Pure.
 */
export function graphFrame(graph, width, sign = 7.6, room = ROOM) {
  const needs = needsOf(graph, sign), both = needs.into.size ? 2 * needs.share + 34 : 0;
  const lane = Math.max((needs.number + 12) / ASIDE, needs.number + UPRIGHT.beside, both);
  const across = graph.rows * lane + 2 * GATE.edge;
  const upright = width < UPRIGHT.below && graph.layers > 3 && across < 1.3 * width && needs.inputs < 3;
  return upright ? uprightFrame(graph, width, needs, lane) : lyingFrame(graph, width, needs, room);
}

/** Where layers stand along the graph: {at, in, out}, `in` and `out` being where bends end and begin again. Pure. */
function stopsOf(layers, first, after, bends, before) {
  const stops = [];
  for (let layer = 0, at = first; layer < layers; layer++) {
    const out = at + GATE.box / 2 + after;
    stops.push({ at, out, in: at - GATE.box / 2 - before(layer) });
    at = out + bends(layer + 1) + before(layer + 1) + GATE.box / 2;
  }
  return stops;
}

function lyingFrame({ layers, rows }, width, { number, share, into, inputs, turns }, { tallest, zoom: most }) {
  const { box, edge } = GATE, before = (layer) => (into.has(layer) ? share + 10 : 4);
  const half = inputs ? LYING.lane * (inputs - 1) / 2 + LYING.line : 0, top = edge + Math.max(box / 2 + 6, half);
  const row = Math.max(LYING.rows, 2 * half + 6, (half + 5) / ASIDE), height = (rows - 1) * row + 2 * top;
  const bent = (bends) => (layer) => (turns.has(layer) ? bends : 0);
  const lay = (bends) => stopsOf(layers, edge + box / 2, number + 12, bent(bends), before);
  const needed = lay(LYING.bends).at(-1).out + edge;
  const zoom = Math.min(most, width / needed, Math.max(1, tallest / height));
  const more = Math.max(0, width / zoom - needed) / turns.size;
  const stops = lay(LYING.bends + Math.min(more, LYING.most));
  return { upright: false, stops, row, first: top, zoom, width: stops.at(-1).out + edge, height };
}

function uprightFrame({ layers, rows }, width, { into }, lane) {
  const { box, edge } = GATE, before = (layer) => (into.has(layer) ? UPRIGHT.share : 4);
  const row = Math.max(lane, (width - 2 * edge) / rows);
  const stops = stopsOf(layers, edge + box / 2, UPRIGHT.numbers, () => UPRIGHT.bends, before);
  const across = rows * row + 2 * edge;
  return { upright: true, stops, row, first: edge + row / 2, zoom: width / across, width: across,
    height: stops.at(-1).out + edge };
}

const placed = (frame, along, across) => (frame.upright ? { x: across, y: along } : { x: along, y: across });
const acrossOf = (frame, row) => frame.first + row * frame.row;

/** A (layer, row) in pixels. Pure. */
export function spotOf(frame, layer, row) {
  return placed(frame, frame.stops[layer].at, acrossOf(frame, row));
}

/** How far beside the middle of its gate a wire arrives, and on which side of it its share has room. Pure. */
function laneOf({ place, inputs, lanes }) {
  const middle = place - (inputs - 1) / 2, rim = inputs > 1 ? 24 / (inputs - 1) * middle : 0;
  return { lane: lanes || inputs === 2 ? LYING.lane * middle : rim, rim: inputs === 2 ? LYING.lane * middle : rim,
    above: middle <= 0 };
}

/** A smooth path through points: straight where they are in line, else along the graph at both ends. Pure. */
export function smoothPath(points, upright) {
  let text = `M${points[0].x},${points[0].y}`;
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1], b = points[i], middle = upright ? (a.y + b.y) / 2 : (a.x + b.x) / 2;
    if (upright ? a.x === b.x : a.y === b.y) text += ` L${b.x},${b.y}`;
    else if (upright) text += ` C${a.x},${middle} ${b.x},${middle} ${b.x},${b.y}`;
    else text += ` C${middle},${a.y} ${middle},${b.y} ${b.x},${b.y}`;
  }
  return text;
}

/** A wire from the rim of its source to below the rim of its target; it bends between the stops alone. Pure. */
export function wirePoints(frame, from, wire, to) {
  const { lane, rim } = laneOf(wire), half = GATE.box / 2, here = acrossOf(frame, from.row);
  const start = frame.stops[from.layer], end = frame.stops[to.layer], there = acrossOf(frame, to.row);
  const turns = wire.bends.flatMap(([layer, row]) =>
    ["in", "out"].map((side) => [frame.stops[layer][side], acrossOf(frame, row)]));
  const last = lane === rim ? [] : [[end.at - half - 4, there + lane]];
  const along = [[start.at + (frame.upright && from.flat ? GATE.flat : half), here], [start.out, here], ...turns,
    [end.in, there + lane], ...last, [end.at - half / 2, there + rim]];
  return along.map(([at, across]) => placed(frame, at, across));
}

/** Where the share of a wire stands: beside its straight end. Pure. */
export function shareSpot(frame, wire, to) {
  const { lane, above } = laneOf(wire), end = frame.stops[to.layer], across = acrossOf(frame, to.row) + lane;
  const y = end.at - GATE.box / 2 - 5;
  if (frame.upright) return { x: across + (above ? -5 : 5), y, "text-anchor": above ? "end" : "start" };
  return { x: (end.in + end.at - GATE.box / 2) / 2, y: across + (above ? -5 : 13), "text-anchor": "middle" };
}

/** The outline of a gate, told apart by what it does to the gradient. Pure. */
export function outlineOf(behaviour, { x, y }) {
  const r = GATE.box / 2, low = r * 0.78;
  const corners = (list) => `M${list.map(([dx, dy]) => `${x + dx},${y + dy}`).join(" L")} z`;
  if (behaviour === "distributes") return `M${x - r},${y} a${r},${r} 0 1,0 ${2 * r},0 a${r},${r} 0 1,0 ${-2 * r},0 z`;
  if (behaviour === "switches") return corners([[-r - 2, 0], [0, -r - 2], [r + 2, 0], [0, r + 2]]);
  if (behaviour === "routes") return corners([[-r, -low], [r * 0.55, -low], [r + 4, 0], [r * 0.55, low], [-r, low]]);
  if (behaviour === "scales") return corners([[-r, -low], [r, -low], [r, low], [-r, low]]);
  const half = GATE.flat, end = r + 2 - half, round = `a${half},${half} 0 0,1 0,`;
  return `M${x - end},${y - half} h${2 * end} ${round}${2 * half} h${-2 * end} ${round}${-2 * half} z`;
}

/** How large a label may be, so that it fits into its gate. Pure. */
export function labelSize(text, behaviour) {
  const room = behaviour === "switches" ? 26 : 36, wanted = text.length > 2 ? 14 : behaviour === "variable" ? 17 : 20;
  return Math.max(8, Math.min(wanted, Math.floor(room / (0.6 * Math.max(text.length, 1)))));
}

/** Where the texts of a gate stand: its numbers beside its wire, its name, and the sign of trouble. Pure. */
export function textSpots(frame, { x, y }) {
  const rim = GATE.box / 2, lower = frame.lower ?? 0;
  return frame.upright
    ? { value: { x: x + 6, y: y + rim + 15 }, gradient: { x: x + 6, y: y + rim + 31 },
      name: { x: x - rim - 5, y: y + 12, "text-anchor": "end" },
      warning: { x: x - rim - 5, y: y - 4, "text-anchor": "end" } }
    : { value: { x: x + rim + 8, y: y - 5 }, gradient: { x: x + rim + 8, y: y + 15 + lower },
      name: { x, y: y + rim + 13 + lower, "text-anchor": "middle" },
      warning: { x, y: y - rim - 4, "text-anchor": "middle" } };
}

/** A zoom factor after a key or button, within bounds. Pure. */
export function zoomed(zoom, how, fit) {
  if (how === "fit") return fit;
  return Math.min(2, Math.max(Math.min(fit, 0.1), zoom * (how === "in" ? 1.25 : 0.8)));
}
