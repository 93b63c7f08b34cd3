// The geometry of a graph of gates: where nodes, wires and numbers stand. Pure.

export const GATE = { box: 40, stub: 58, across: 116, down: 66, edge: 14, flat: 13, tall: 92, most: 168 };

/** How a plan lies on the page: from left to right, or upright where that is too narrow. Pure. */
export function graphFrame(graph, width) {
  const { box, stub, across, down, edge, tall, most } = GATE;
  const ends = box + stub + 2 * edge, steps = Math.max(graph.layers - 1, 1);
  const upright = width < 560 && graph.layers > 3 && graph.rows <= 6;
  if (upright) {
    const lane = Math.min(most, Math.max(92, (width - 2 * edge) / Math.max(graph.rows, 1)));
    return { upright, layer: tall, row: lane, left: edge + lane / 2, top: edge + box / 2,
      width: graph.rows * lane + 2 * edge, height: steps * tall + box + 46 + 2 * edge };
  }
  const fit = Math.min(most, (width - ends) / steps), layer = Math.max(across - 12, fit);
  return { upright, layer, row: down, left: edge + box / 2, top: edge + box / 2,
    width: (graph.layers - 1) * layer + ends, height: (graph.rows - 1) * down + box + 2 * edge + 8 };
}

/** A (layer, row) in pixels. Pure. */
export function spotOf(frame, layer, row) {
  return frame.upright
    ? { x: frame.left + row * frame.row, y: frame.top + layer * frame.layer }
    : { x: frame.left + layer * frame.layer, y: frame.top + row * frame.row };
}

/** Where on the rim of a gate a wire ends: several inputs arrive a little apart. Pure. */
export function portOf(spot, place, inputs, frame) {
  const shift = inputs > 1 ? 14 * place / (inputs - 1) - 7 : 0, rim = GATE.box / 2 - (inputs > 1 ? 4 : 0);
  return frame.upright ? { x: spot.x + shift, y: spot.y - rim } : { x: spot.x - rim, y: spot.y + shift };
}

/** A smooth path through points along the direction of the graph. Pure. */
export function smoothPath(points, upright) {
  let text = `M${points[0].x},${points[0].y}`;
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1], b = points[i], half = 0.5;
    text += upright
      ? ` C${a.x},${a.y + half * (b.y - a.y)} ${b.x},${b.y - half * (b.y - a.y)} ${b.x},${b.y}`
      : ` C${a.x + half * (b.x - a.x)},${a.y} ${b.x - half * (b.x - a.x)},${b.y} ${b.x},${b.y}`;
  }
  return text;
}

/** A wire from the rim of its source, by its stub and bends, to its port. Pure. */
export function wirePoints(frame, from, bends, to, place, inputs) {
  const rim = frame.upright && from.flat ? GATE.flat : GATE.box / 2;
  const stub = frame.upright ? 14 : Math.min(GATE.stub, frame.layer - GATE.box) * 0.62;
  const start = frame.upright ? { x: from.x, y: from.y + rim } : { x: from.x + rim, y: from.y };
  const bent = frame.upright ? { x: from.x, y: from.y + rim + stub } : { x: from.x + rim + stub, y: from.y };
  return [start, bent, ...bends.map(([layer, row]) => spotOf(frame, layer, row)), portOf(to, place, inputs, frame)];
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

/** Where the value and the gradient of a node stand: above and below its wire, or beside it. Pure. */
export function numberSpots(frame, { x, y }) {
  const rim = GATE.box / 2;
  return frame.upright
    ? { value: { x: x + 6, y: y + rim + 13 }, gradient: { x: x + 6, y: y + rim + 28 } }
    : { value: { x: x + rim + 4, y: y - 5 }, gradient: { x: x + rim + 4, y: y + 15 } };
}

/** A zoom factor after a key or button, within bounds. Pure. */
export function zoomed(zoom, how, fit) {
  if (how === "fit") return fit;
  return Math.min(2, Math.max(Math.min(fit, 0.1), zoom * (how === "in" ? 1.25 : 0.8)));
}
