"""The graph of a scalar expression as a Matplotlib picture."""

from itertools import pairwise
from textwrap import wrap
from typing import NamedTuple

from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

from ...calculus.errors import NumberError, is_a
from ...pictures.canvas import new_figure
from ...pictures.palette import LIGHT
from ...words import brief, four
from .layout import WIRE_GAP, branches, drawn_inputs, label, layout, signs

BEHAVIOUR_COLOURS = {"distributes": LIGHT.axes[1], "switches": LIGHT.axes[5],
                     "routes": LIGHT.axes[2], "scales": LIGHT.axes[0]}
ROW, BOX, EDGE = 0.82, 0.27, 0.3  # inches
SIGN, LANE, LINE, BENDS = 0.085, 0.26, 0.17, 0.3  # inches, at full size
WIDEST, PAGE, ABOVE, LARGER = 24.0, 10.8, 2.4, 1.6  # inches; how much larger a small graph
MOST_TOLD = 120  # nodes; more are drawn as dots without numbers


class Frame(NamedTuple):
    """Where things stand, in inches: at, into and out by layer (the wires bend between out and
    the next into, so that no number lies on one), and the distance of two rows."""

    at: list
    into: list
    out: list
    row: float
    top: float

    def spot(self, place):
        return self.at[place[0]], self.top + self.row * place[1]


def draw_graph(graph, says, hidden=(), head=()):
    """The graph with the value above each wire and the gradient below it, as a `Picture`.

    hidden: names of nodes whose gradient is shown as a question mark; head: (text, points, bold)
    of what is written above it; the picture is then as wide as a page, and as high as the widget.
    """
    if is_a(hidden, str | bytes) or not hasattr(type(hidden), "__contains__"):
        raise NumberError("draw_graph: hidden must be names of nodes in a list, not "
                          f"{brief(hidden)}.")
    if not is_a(head, list | tuple) or any(not is_a(line, list | tuple) or len(line) != 3
                                           for line in head):
        raise NumberError("draw_graph: head must be lines of (text, points, bold) in a list, not "
                          f"{brief(head)}.")
    plan, shares = layout(graph), _shares(graph, hidden)
    frame, width, height = _frame(graph, plan)
    scale = min(LARGER, PAGE / width) if head and width < PAGE else 1.0
    scale = min(scale, WIDEST / max(width, height))
    above, wide = ABOVE * bool(head), max(width * scale, PAGE * bool(head))
    figure = new_figure(wide, height * scale + above, says, layout=None)
    _draw_head(figure, head)
    axes = figure.add_axes((0, 0, 1, height * scale / (height * scale + above)))
    axes.set(xlim=(0, wide / scale), ylim=(height, 0))
    axes.set_axis_off()
    if len(plan.places) > MOST_TOLD:
        _draw_crowd(axes, graph, plan, frame)
        return figure
    size = max(1.0, 10.5 * scale)
    for wire in plan.wires:
        lane = _draw_wire(axes, frame, plan, wire, graph)
        if (wire.source, wire.target, wire.place) in shares:
            _draw_share(axes, frame, plan.places[wire.target], lane,
                        shares[wire.source, wire.target, wire.place], size)
    for index, place in plan.places.items():
        end = frame.out[place[0]] if index == graph.output.index else None
        _draw_node(axes, graph.nodes[index], frame.spot(place), end, size, hidden)
    _draw_key(axes, height, size, shares)
    return figure


def _draw_head(figure, head):
    """Lines above the graph, each folded where it is longer than the page."""
    width, height = figure.get_size_inches()
    y = 0.12
    for text, points, bold in head:
        lines = wrap(text, int(PAGE * 72 / (0.62 * points)))
        figure.text(0.2 / width, 1 - y / height, "\n".join(lines), fontsize=points, va="top",
                    fontweight="bold" if bold else "normal", linespacing=1.3,
                    color=LIGHT.text if bold else LIGHT.muted)
        y += 1.4 * points / 72 * len(lines) + 0.1


def _turns(graph, plan):
    """The layers before which a wire bends."""
    turns = set()
    for wire in plan.wires:
        line = [plan.places[wire.source], *wire.bends, plan.places[wire.target]]
        turns |= {layer for (_, row), (layer, following) in pairwise(line)
                  if abs(row - following) > 1e-6}
        if drawn_inputs(graph.nodes[wire.target]) > 1:
            turns.add(plan.places[wire.target][0])
    return turns


def _frame(graph, plan):
    """(Frame, width, height): room for the longest number and, where shares arrive, for those."""
    room, branching = SIGN * signs(graph), branches(graph)
    shared = {wire.target for wire in plan.wires if wire.source in branching}
    inputs = max((drawn_inputs(graph.nodes[index]) for index in shared), default=0)
    half = LANE * (inputs - 1) / 2 + LINE if inputs else 0.0
    row = max(ROW, 2 * half + 0.06, (half + 0.06) / WIRE_GAP)
    into_layers, turns = {plan.places[index][0] for index in shared}, _turns(graph, plan)
    at, into, out, x = [], [], [], EDGE + BOX
    for layer in range(plan.layers):
        before = 0.9 * room + 0.12 if layer in into_layers else 0.05
        x += before if layer else 0.0
        at.append(x)
        into.append(x - BOX - before)
        out.append(x + BOX + room + 0.12)
        x = out[-1] + BENDS * (layer + 1 in turns) + BOX
    top = max(EDGE + BOX, half + 0.1)
    height = top + (plan.rows - 1) * row + BOX + 0.65
    return Frame(at, into, out, row, top), out[-1] + EDGE, height


def _draw_crowd(axes, graph, plan, frame):
    """Very many nodes: the shape of the graph, and the behaviour of each gate by its colour."""
    lines = [[frame.spot(place) for place in
              (plan.places[wire.source], *wire.bends, plan.places[wire.target])]
             for wire in plan.wires]
    axes.add_collection(LineCollection(lines, colors=LIGHT.muted, linewidths=0.4, zorder=1))
    colours = [BEHAVIOUR_COLOURS[node.gate.behaviour] if node.gate else LIGHT.text
               for node in (graph.nodes[index] for index in plan.places)]
    spots = [frame.spot(place) for place in plan.places.values()]
    axes.scatter(*zip(*spots, strict=True), s=6, c=colours, zorder=2)


def _draw_wire(axes, frame, plan, wire, graph):
    """A wire as a line; returns how far beside the middle of its gate it arrives."""
    source, target = plan.places[wire.source], plan.places[wire.target]
    inputs = drawn_inputs(graph.nodes[wire.target])
    lane = LANE * (wire.place - (inputs - 1) / 2) if inputs > 1 else 0.0
    if inputs > 2:
        shared = {one.index for one in graph.nodes[wire.target].inputs} & branches(graph)
        lane *= 1.0 if shared else 1.2 / inputs
    (x, y), (u, v) = frame.spot(source), frame.spot(target)
    bends = [(side[layer], frame.top + frame.row * row)
             for layer, row in wire.bends for side in (frame.into, frame.out)]
    port = lane if inputs < 3 else LANE * 1.2 * (wire.place / (inputs - 1) - 0.5)
    points = [(x + BOX, y), (frame.out[source[0]], y), *bends, (frame.into[target[0]], v + lane),
              (u - BOX - 0.05, v + lane), (u - BOX / 2, v + port)]
    axes.plot(*zip(*points, strict=True), color=LIGHT.muted, linewidth=1.1, zorder=1)
    return lane


def _shares(graph, hidden):
    """{(source, target, place): what a gate sends back to a node where gradients add}."""
    return {(node.index, consumer.index, place): four(number) for node in graph.nodes
            if len(node.contributions) > 1 and node.name not in hidden
            for consumer, place, number in node.contributions}


def _draw_share(axes, frame, place, lane, text, size):
    """A share beside the straight end of its wire."""
    x, y = frame.spot(place)
    axes.text((frame.into[place[0]] + x - BOX) / 2, y + lane + (-0.03 if lane <= 0 else 0.04), text,
              color=LIGHT.mark, fontsize=size * 0.8, style="italic", ha="center",
              va="bottom" if lane <= 0 else "top", zorder=4)


def _draw_node(axes, node, spot, out, size, hidden):
    x, y = spot
    if node.gate:
        colour = BEHAVIOUR_COLOURS[node.gate.behaviour]
        axes.add_patch(_shape(node.gate.behaviour, x, y, colour))
        axes.text(x, y + BOX + 0.11, node.name, color=LIGHT.muted, fontsize=size * 0.75,
                  ha="center", va="center")
    else:
        colour = LIGHT.text
        axes.add_patch(FancyBboxPatch((x - BOX, y - 0.16), 2 * BOX, 0.32, boxstyle="round,pad=0.02",
                                      facecolor="white", edgecolor=LIGHT.line, zorder=2))
    text = label(node)
    axes.text(x, y, text, color=colour, fontsize=size * (1.1 if len(text) < 4 else 0.75),
              weight="bold", ha="center", va="center", zorder=3)
    if not node.inputs and node.kind == "constant":
        return
    if out is not None:
        axes.plot([x + BOX, out], [y, y], color=LIGHT.muted, linewidth=1.1, zorder=1)
    style = {"fontsize": size * 0.9, "ha": "left", "zorder": 4}
    axes.text(x + BOX + 0.05, y - 0.03, four(node.value), color=LIGHT.positive, va="bottom",
              **style)
    if node.gradient is not None:
        gradient = "?" if node.name in hidden else four(node.gradient)
        axes.text(x + BOX + 0.05, y + 0.04, gradient, color=LIGHT.mark, va="top", **style)


def _shape(behaviour, x, y, colour):
    style = {"facecolor": "white", "edgecolor": colour, "linewidth": 1.8, "zorder": 2}
    r = BOX
    if behaviour == "distributes":
        return Circle((x, y), r, **style)
    if behaviour == "switches":
        return Polygon([(x - r, y), (x, y - r), (x + r, y), (x, y + r)], **style)
    if behaviour == "routes":
        return Polygon([(x - r, y - r * .8), (x + r * .5, y - r * .8), (x + r, y),
                        (x + r * .5, y + r * .8), (x - r, y + r * .8)], **style)
    return FancyBboxPatch((x - r + .04, y - r * .75 + .04), 2 * r - .08, 1.5 * r - .08,
                          boxstyle="round,pad=0.04", **style)


def _draw_key(axes, height, size, shares):
    axes.text(0.2, height - 0.07, "value above, ", color=LIGHT.positive, fontsize=size * 0.8,
              va="bottom")
    told = "gradient below; on a wire: its share" if shares else "gradient below each wire"
    axes.annotate(told, (1, 0), xycoords=axes.texts[-1], color=LIGHT.mark, fontsize=size * 0.8,
                  va="bottom")
