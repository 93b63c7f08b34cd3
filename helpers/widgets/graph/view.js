// The graph of gates as SVG, with panning and zooming when it is larger than its place.

import { makeSvg } from "../kit/dom.js";
import {
  GATE, graphFrame, labelSize, outlineOf, shareSpot, smoothPath, spotOf, textSpots, wirePoints, zoomed,
} from "./draw.js";

const MOST_WITHOUT_ZOOM = 15, TALLEST = 440;
const LARGER = 1.3;     // letters on a projector, as graph.css sets them, while gates stay
const LOWER = 3;        // pixels by which they hang lower there
const READABLE = 0.75;  // of its size: a graph that would be smaller scrolls

function wireOf(wire, spots, frame) {
  const from = spots.get(wire.from), to = spots.get(wire.to);
  const path = smoothPath(wirePoints(frame, from, wire, to), frame.upright);
  const classes = `tm-g-wire tm-g-${wire.state}${wire.active ? " tm-g-live" : ""}`;
  const group = makeSvg("g", { class: classes }, makeSvg("path", { d: path }));
  if (wire.part !== null) group.append(textOf("part", shareSpot(frame, wire, to), wire.part));
  return group;
}

const textOf = (kind, place, ...words) => makeSvg("text", { class: `tm-g-${kind}`, ...place }, ...words);

function gateOf(node, spot, frame, onAsk) {
  const spots = textSpots(frame, spot);
  const classes = ["tm-g-node", `tm-g-is-${node.behaviour}`, node.active && "tm-g-active", node.asked && "tm-g-asked",
    node.mark && `tm-g-mark-${node.mark}`, node.trouble && "tm-g-trouble", node.value === null && "tm-g-waits"];
  const size = labelSize(node.label, node.behaviour);
  const group = makeSvg("g", { class: classes.filter(Boolean).join(" "), role: "img", "aria-label": node.said },
    makeSvg("title", {}, node.said), makeSvg("path", { d: outlineOf(node.behaviour, spot) }),
    textOf("label", { x: spot.x, y: spot.y, "font-size": size }, node.label));
  const gate = !["variable", "constant"].includes(node.behaviour);
  if (gate) group.append(textOf("name", spots.name, node.name));
  if (node.trouble) group.append(textOf("warning", spots.warning, "⚠"));
  if (node.value !== null && node.behaviour !== "constant") group.append(textOf("value", spots.value, node.value));
  if (node.gradient !== null) {
    const mark = { right: " ✓", helped: " ✓", shown: " ○" }[node.mark] ?? "";
    group.append(textOf("gradient", spots.gradient, node.gradient + mark));
  }
  if (node.gradient !== "?") return group;
  group.prepend(makeSvg("rect", { class: "tm-g-hit", ...placeOf(frame, spot) }));
  group.addEventListener("click", () => onAsk(node.name));
  return group;
}

/** A number with two decimals, where they tell it apart from 0. Pure. */
export function shorter(text) {
  const number = /^−?\d+\.\d{4}$/.test(text ?? "") ? Number(text.replace("−", "-")) : NaN;
  const rounded = number.toFixed(2).replace("-", "−");
  return Number.isNaN(number) || (number && !Number(number.toFixed(2))) ? text : rounded;
}

/** The graph with shorter numbers, for a projector: letters are larger then. Pure. */
export function shortened(graph) {
  const nodes = graph.nodes.map((node) =>
    ({ ...node, value: shorter(node.value), gradient: shorter(node.gradient) }));
  const wires = graph.wires.map((wire) => ({ ...wire, part: shorter(wire.part) }));
  const texts = [...nodes.flatMap(({ value, gradient }) => [value, gradient]), ...wires.map(({ part }) => part)];
  const marks = nodes.some(({ mark, asked }) => mark || asked) ? 2 : 0;
  return { ...graph, nodes, wires, signs: marks + Math.max(4, ...texts.map((text) => text?.length ?? 0)) };
}

/** The rectangle around a gate and its numbers. */
function placeOf(frame, { x, y, layer }) {
  const half = GATE.box / 2, long = frame.stops[layer].out - frame.stops[layer].at + half, wide = 2 * GATE.box;
  const size = frame.upright ? { width: wide, height: long } : { width: long, height: 2 * half };
  return { x: x - half, y: y - half, ...size };
}

/** The wire that leaves the output. */
function outlet({ x, y, layer }, frame, state) {
  const rim = GATE.box / 2, end = frame.stops[layer].out;
  const d = frame.upright ? `M${x},${y + rim} V${end}` : `M${x + rim},${y} H${end}`;
  return makeSvg("g", { class: `tm-g-wire tm-g-${state}` }, makeSvg("path", { d }));
}

function graphPicture(graph, frame, onAsk) {
  const flat = (node) => node.behaviour === "variable" || node.behaviour === "constant";
  const spots = new Map(graph.nodes.map((node) =>
    [node.id, { ...node, ...spotOf(frame, node.layer, node.row), flat: flat(node) }]));
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

/** How wide a digit of the numbers is, in the letters of the page. */
function signWidth(host) {
  const context = document.createElement("canvas").getContext("2d");
  context.font = `700 13px ${getComputedStyle(host).fontFamily}`;
  return context.measureText("0000000000").width / 10;
}

/** The drawing in a host: update(graph), zoom("in" | "out" | "fit"), fit() to another place, destroy(). */
export function gateGraph(host, onAsk, onZoomable) {
  let graph = null, frame = null, zoom = null, width = 0, svg = null, tallest = TALLEST;
  const fit = () => Math.min(1, width / frame.width, tallest / frame.height);
  const large = () => graph.nodes.length > MOST_WITHOUT_ZOOM || frame.zoom < READABLE;
  const first = () => Math.max(READABLE, Math.min(frame.zoom, tallest / frame.height));
  const size = () => {
    const scale = large() ? zoom ?? first() : frame.zoom;
    host.classList.toggle("tm-g-large", large());
    svg.setAttribute("width", frame.width * scale);
    svg.setAttribute("height", frame.height * scale);
    const over = frame.width * scale > width + 1 || frame.height * scale > tallest + 1;
    host.classList.toggle("tm-g-pans", large() && over);
    onZoomable(large());
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
    const { scrollLeft, scrollTop } = host, projected = host.closest(".tm-whole");
    tallest = projected ? host.clientHeight : TALLEST;
    const shown = projected ? shortened(graph) : graph;
    const sign = signWidth(host) * (projected ? LARGER : 1), room = { tallest, zoom: projected ? 4 : 1.6 };
    frame = { ...graphFrame(shown, width, sign, room), lower: projected ? LOWER : 0 };
    svg = graphPicture(shown, frame, onAsk);
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
      if (!graph || !large()) return;
      zoom = zoomed(zoom ?? first(), how, fit());
      follow(size());
    },
    fit() {
      host.replaceChildren();  // what is drawn takes no room now
      width = host.clientWidth;
      draw();
    },
    destroy: () => observer.disconnect(),
  };
}
