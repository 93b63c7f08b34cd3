// The graph of gates as SVG, with panning and zooming when it is larger than its place.

import { makeSvg } from "../kit/dom.js";
import { GATE, graphFrame, labelSize, numberSpots, outlineOf, smoothPath, spotOf, wirePoints, zoomed } from "./draw.js";

const MOST_WITHOUT_ZOOM = 15;

function wireOf(wire, spots, frame) {
  const points = wirePoints(frame, spots.get(wire.from), wire.bends, spots.get(wire.to), wire.place, wire.inputs);
  const path = smoothPath(points, frame.upright);
  const classes = `tm-g-wire tm-g-${wire.state}${wire.active ? " tm-g-live" : ""}`;
  const group = makeSvg("g", { class: classes }, makeSvg("path", { d: path }));
  if (wire.part !== null) {
    const end = points[points.length - 1], before = points[points.length - 2];
    const at = { x: end.x + 0.42 * (before.x - end.x), y: end.y + 0.34 * (before.y - end.y) };
    group.append(makeSvg("text", { class: "tm-g-part", x: at.x, y: at.y + 4 }, wire.part));
  }
  return group;
}

function gateOf(node, spot, frame, onAsk) {
  const { value, gradient } = numberSpots(frame, spot);
  const classes = ["tm-g-node", `tm-g-is-${node.behaviour}`, node.active && "tm-g-active", node.asked && "tm-g-asked",
    node.mark && `tm-g-mark-${node.mark}`, node.trouble && "tm-g-trouble", node.value === null && "tm-g-waits"];
  const text = (kind, place, ...words) => makeSvg("text", { class: `tm-g-${kind}`, ...place }, ...words);
  const size = labelSize(node.label, node.behaviour);
  const group = makeSvg("g", { class: classes.filter(Boolean).join(" "), role: "img", "aria-label": node.said },
    makeSvg("title", {}, node.said), makeSvg("path", { d: outlineOf(node.behaviour, spot) }),
    text("label", { x: spot.x, y: spot.y, "font-size": size }, node.label));
  const gate = !["variable", "constant"].includes(node.behaviour);
  if (gate) group.append(text("name", nameSpot(spot, frame), node.name));
  if (node.trouble) group.append(text("warning", { x: spot.x + 15, y: spot.y - 13 }, "⚠"));
  if (node.value !== null && node.behaviour !== "constant") group.append(text("value", value, node.value));
  if (node.gradient !== null) {
    const mark = { right: " ✓", helped: " ✓", shown: " ○" }[node.mark] ?? "";
    group.append(text("gradient", gradient, node.gradient + mark));
  }
  if (node.gradient === "?") group.addEventListener("click", () => onAsk(node.name));
  return group;
}

function nameSpot({ x, y }, frame) {
  return frame.upright ? { x: x - GATE.box / 2 - 4, y: y + 4, "text-anchor": "end" }
    : { x, y: y + GATE.box / 2 + 12, "text-anchor": "middle" };
}

/** The wire that leaves the output. */
function outlet(spot, frame, state) {
  const rim = GATE.box / 2;
  const d = frame.upright ? `M${spot.x},${spot.y + rim} v34` : `M${spot.x + rim},${spot.y} h${GATE.stub - 6}`;
  return makeSvg("g", { class: `tm-g-wire tm-g-${state}` }, makeSvg("path", { d }));
}

function graphPicture(graph, frame, onAsk) {
  const flat = (node) => node.behaviour === "variable" || node.behaviour === "constant";
  const spots = new Map(graph.nodes.map((node) =>
    [node.id, { ...spotOf(frame, node.layer, node.row), flat: flat(node) }]));
  const out = graph.nodes.find((node) => node.output);
  const state = out.gradient !== null ? "back" : out.value !== null ? "forward" : "idle";
  return makeSvg("svg", { viewBox: `0 0 ${frame.width} ${frame.height}`, width: frame.width, height: frame.height },
    outlet(spots.get(out.id), frame, state), ...graph.wires.map((wire) => wireOf(wire, spots, frame)),
    ...graph.nodes.map((node) => gateOf(node, spots.get(node.id), frame, onAsk)));
}

/** Drag the ground to pan. */
function pannable(host) {
  let from = null;
  host.addEventListener("pointerdown", (event) => {
    if (event.button || !host.classList.contains("tm-g-pans")) return;
    from = { x: event.clientX + host.scrollLeft, y: event.clientY + host.scrollTop };
  });
  host.addEventListener("pointermove", (event) => {
    if (!from || !event.buttons) { from = null; return; }
    host.scrollLeft = from.x - event.clientX;
    host.scrollTop = from.y - event.clientY;
  });
}

/** The drawing in a host: update(graph), zoom("in" | "out" | "fit"), destroy(). */
export function gateGraph(host, onAsk, onZoomable) {
  let graph = null, frame = null, zoom = null, width = 0, svg = null;
  const fit = () => Math.min(1, width / frame.width, 440 / frame.height);
  const size = () => {
    const large = graph.nodes.length > MOST_WITHOUT_ZOOM;
    const scale = large ? zoom ?? Math.max(fit(), 0.62) : Math.min(1, width / frame.width);
    host.classList.toggle("tm-g-large", large);
    svg.setAttribute("width", frame.width * scale);
    svg.setAttribute("height", frame.height * scale);
    host.classList.toggle("tm-g-pans", large && (frame.width * scale > width + 1 || frame.height * scale > 441));
    onZoomable(large);
    return scale;
  };
  const follow = (scale) => {
    const active = graph.nodes.find((node) => node.active) ?? graph.nodes.find((node) => node.asked);
    if (!active || !host.classList.contains("tm-g-pans")) return;
    const { x, y } = spotOf(frame, active.layer, active.row);
    const into = (at, start, length) => (at < start + 60 || at > start + length - 90 ? at - length / 2 : start);
    host.scrollLeft = into(x * scale, host.scrollLeft, host.clientWidth);
    host.scrollTop = into(y * scale, host.scrollTop, host.clientHeight);
  };
  const draw = () => {
    if (!graph || !width) return;
    const { scrollLeft, scrollTop } = host;
    frame = graphFrame(graph, width);
    svg = graphPicture(graph, frame, onAsk);
    host.replaceChildren(svg);
    const scale = size();
    Object.assign(host, { scrollLeft, scrollTop });
    follow(scale);
  };
  const observer = new ResizeObserver(() => {
    if (Math.abs(host.clientWidth - width) < 1) return;
    width = host.clientWidth;
    draw();
  });
  observer.observe(host);
  pannable(host);
  return {
    update(next) {
      if (graph && graph.nodes.length !== next.nodes.length) zoom = null;
      graph = next;
      draw();
    },
    zoom(how) {
      if (!graph || graph.nodes.length <= MOST_WITHOUT_ZOOM) return;
      zoom = zoomed(zoom ?? Math.max(fit(), 0.62), how, fit());
      follow(size());
    },
    destroy: () => observer.disconnect(),
  };
}
