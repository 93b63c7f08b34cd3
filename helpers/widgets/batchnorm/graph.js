// The graph of small steps: where its boxes and arrows stand, and how they are drawn.

import { make, makeSvg } from "../kit/dom.js";
import { formatNumber } from "../kit/numbers.js";

const GRAPH_WIDE = 630;      // narrower: the graph runs from top to bottom
const GRAPH_BOX = { height: 62, gap: 24, rowGap: 26, side: 18, foot: 14 };
const TIGHT = { below: 760, side: 12 };  // arrows are shorter there
const PROJECTED_BOX = { ...GRAPH_BOX, height: 60, gap: 20, side: 12 };
const TIGHT_BOX = 80;        // up to here letters are smaller
const WIDE_BOX = 100;        // from here on a box has room for the shape of what it holds

/** Where every node stands: {id: {x, y, width, height}}, and how tall the graph is. Pure. */
export function graphLayout(nodes, width, size = GRAPH_BOX) {
  const vertical = width < GRAPH_WIDE;
  const rows = [...new Set(nodes.map((node) => node.column))].sort((a, b) => a - b);
  const { height, gap, rowGap, foot } = size, side = width < TIGHT.below ? TIGHT.side : size.side;
  const unit = (width + side) / (1 + rows[rows.length - 1]);
  const boxWidth = vertical ? (width - gap) / 2 : unit - side;
  const boxes = {};
  for (const { id, column, lane } of nodes) {
    boxes[id] = vertical
      ? { x: lane === 1 ? 0 : boxWidth + gap, y: rows.indexOf(column) * (height + rowGap), width: boxWidth, height }
      : { x: column * unit, y: lane * (height + gap), width: boxWidth, height };
  }
  return { boxes, vertical, height: foot + (vertical ? rows.length * (height + rowGap) - rowGap : 2 * height + gap) };
}

/** The path of an arrow between two boxes, as SVG writes it. Pure. */
export function edgePath(from, to) {
  const fx = from.x + from.width / 2, tx = to.x + to.width / 2;
  const fy = from.y + from.height / 2, ty = to.y + to.height / 2;
  if (fy === ty) {
    const right = fx < tx;
    return `M${right ? from.x + from.width + 1 : from.x - 1},${fy} L${right ? to.x - 1 : to.x + to.width + 1},${ty}`;
  }
  const down = from.y < to.y;
  const y1 = down ? from.y + from.height + 1 : from.y - 1, y2 = down ? to.y - 1 : to.y + to.height + 1;
  const bend = (y2 - y1) * 0.6;
  return `M${fx},${y1} C${fx},${y1 + bend} ${tx},${y2 - bend} ${tx},${y2}`;
}

/** How strong the tint of a number is, 0 to 1; 0 for an exact zero alone. Pure. */
export function tintShare(value, limit) {
  if (value === 0 || !(limit > 0)) return 0;
  return 0.1 + 0.9 * Math.min(1, Math.abs(value) / limit);
}

/** Give an element the tint of a number. */
export function setTint(element, value, limit) {
  const share = tintShare(value, limit);
  element.style.setProperty("--tm-share", `${Math.round(58 * share)}%`);
  element.dataset.sign = share === 0 ? "zero" : value < 0 ? "negative" : "positive";
}

export const largestOf = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/** What a node holds, to be read aloud. Pure. */
export function nodeLabel(node) {
  const shape = node.axes.map((axis) => axis.size).join(" by ");
  const list = (values) => (values ? values.map(formatNumber).join(", ") : "not known yet");
  const adds = node.adds ? ` (${node.adds})` : "";
  return `${node.symbol}, ${node.op}, shape ${shape}: ${list(node.value)}; gradient ${list(node.gradient)}${adds}`;
}

/** One line of a node: a strip of tinted cells, or one number, or a dash. */
function nodeNumbers(mark, values, kind) {
  const line = make("div", { class: `tm-bn-line tm-bn-${kind}` }, make("span", { class: "tm-bn-mark" }, mark));
  if (!values) line.append(make("span", { class: "tm-bn-none" }, "–"));
  else if (values.length === 1) line.append(make("b", { class: "tm-bn-one" }, formatNumber(values[0])));
  else {
    const strip = make("span", { class: `tm-bn-strip${values.length > 8 ? " tm-bn-fine" : ""}` });
    const limit = largestOf(values);
    for (const value of values) {
      const cell = make("i", { class: "tm-tint", title: formatNumber(value) });
      setTint(cell, value, limit);
      strip.append(cell);
    }
    line.append(strip);
  }
  return line;
}

function nodeBox(node, box) {
  const shape = make("span", { class: "tm-bn-shape" }, ...node.axes.flatMap((axis, i) => [i ? "×" : "",
    make("b", { class: `tm-axis-${axis.colour}` }, axis.letter)]));
  const kinds = [[box.width < TIGHT_BOX, "tight"], [node.active, "active"], [node.constant, "constant"]];
  const element = make("div", {
    class: ["tm-bn-node", ...kinds.map(([is, kind]) => (is ? `tm-bn-${kind}` : ""))].join(" "),
    role: "img", "aria-label": nodeLabel(node), title: nodeLabel(node),
    style: `left:${box.x}px;top:${box.y}px;width:${box.width}px;height:${box.height}px`,
  }, make("div", { class: "tm-bn-name" }, make("b", {}, node.symbol), make("span", {}, node.op),
    ...(box.width < WIDE_BOX ? [] : [shape])),
  nodeNumbers("", node.value, "value"), nodeNumbers("d", node.gradient, "gradient"));
  if (node.adds) element.append(make("span", { class: "tm-bn-adds" }, `+ ${node.adds}`));
  return element;
}

/** An arrow head for each kind of edge; `turned` heads stand at the start of a line. */
function arrowHeads() {
  return makeSvg("defs", {}, ...["idle", "forward", "back"].map((kind) => makeSvg("marker", { id: `tm-bn-head-${kind}`,
    viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 10, markerHeight: 10, markerUnits: "userSpaceOnUse",
    orient: "auto-start-reverse" }, makeSvg("path", { d: "M0,0 L8,4 L0,8 z", class: `tm-bn-head-${kind}` }))));
}

/** The blank below the statistics, from C to X̂, for the legend; none where the graph runs downwards. Pure. */
export function blankOf({ C, Xhat }, vertical) {
  if (vertical || !C || !Xhat) return null;
  const left = C.x + C.width + 14;
  return { left, top: C.y + C.height / 2 + 6, width: Xhat.x - left - 14 };
}

/** The graph in a host; update(graph) draws it, and it is drawn again when its width changes. */
export function stepGraph(host, legend) {
  let graph = null, width = 0;
  const draw = () => {
    if (!graph || !width) return;
    const size = host.closest(".tm-whole") ? PROJECTED_BOX : GRAPH_BOX;
    const { boxes, vertical, height } = graphLayout(graph.nodes, width, size), blank = blankOf(boxes, vertical);
    const edges = graph.edges.map(({ from, to, state, active }) => makeSvg("path", {
      d: edgePath(boxes[from], boxes[to]),
      [state === "back" ? "marker-start" : "marker-end"]: `url(#tm-bn-head-${state})`,
      class: `tm-bn-edge tm-bn-edge-${state}${active ? " tm-bn-edge-active" : ""}` }));
    const svg = makeSvg("svg", { width, height, "aria-hidden": "true" }, arrowHeads(), ...edges);
    host.style.height = blank ? `${height}px` : "";
    const place = blank ? `position:absolute;left:${blank.left}px;top:${blank.top}px;width:${blank.width}px` : "";
    legend.style.cssText = place || `padding-top:${height}px`;
    host.replaceChildren(svg, legend, ...graph.nodes.map((node) => nodeBox(node, boxes[node.id])));
  };
  const observer = new ResizeObserver(([entry]) => {
    if (Math.abs(entry.contentRect.width - width) < 1) return;
    width = entry.contentRect.width;
    draw();
  });
  observer.observe(host);
  return {
    update(next) { graph = next; draw(); },
    fit() { width = host.clientWidth; draw(); },
    destroy: () => observer.disconnect(),
  };
}
