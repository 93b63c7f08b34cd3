"""A scalar graph as a Matplotlib picture."""

from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

from ...pictures.canvas import new_figure
from ...pictures.palette import LIGHT
from ...words import short
from .layout import label, layout

BEHAVIOUR_COLOURS = {"distributes": LIGHT.axes[1], "switches": LIGHT.axes[5],
                     "routes": LIGHT.axes[2], "scales": LIGHT.axes[0]}

ACROSS, DOWN, BOX, STUB = 1.25, 0.82, 0.27, 0.66  # inches
WIDEST = 24.0
MOST_TOLD = 120  # nodes; more are drawn as dots without numbers


def draw_graph(graph, says, hidden=()):
    """The graph with the value above each wire and the gradient below it, as a `Picture`.

    hidden: names of nodes whose gradient is shown as a question mark.
    """
    plan, shares = layout(graph), _shares(graph, hidden)
    across = ACROSS + 0.5 * bool(shares)
    width = (plan.layers - 1) * across + 2 * BOX + STUB + 0.7
    height = max(plan.rows * DOWN, DOWN) + 0.5
    scale = min(1.0, WIDEST / max(width, height))
    figure = new_figure(width * scale, height * scale, says, layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.55, -0.55))
    axes.set_axis_off()
    at = {index: (layer * across, row * DOWN) for index, (layer, row) in plan.places.items()}
    if len(at) > MOST_TOLD:
        _draw_crowd(axes, graph, plan, at, across)
        return figure
    size = max(1.0, 10.5 * scale)
    for wire in plan.wires:
        points = _draw_wire(axes, at[wire.source],
                            [(x * across, y * DOWN) for x, y in wire.bends], at[wire.target])
        if (wire.source, wire.target) in shares:
            _draw_share(axes, points, shares[wire.source, wire.target], size)
    for index, (x, y) in at.items():
        _draw_node(axes, graph.nodes[index], x, y, size, hidden)
    _draw_key(axes, height, size, shares)
    return figure


def _draw_crowd(axes, graph, plan, at, across):
    """Very many nodes: the shape of the graph, and the behaviour of each gate by its colour."""
    lines = [[at[wire.source], *((x * across, y * DOWN) for x, y in wire.bends), at[wire.target]]
             for wire in plan.wires]
    axes.add_collection(LineCollection(lines, colors=LIGHT.muted, linewidths=0.4, zorder=1))
    colours = [BEHAVIOUR_COLOURS[node.gate.behaviour] if node.gate else LIGHT.text
               for node in (graph.nodes[index] for index in at)]
    axes.scatter(*zip(*at.values(), strict=True), s=6, c=colours, zorder=2)


def _draw_wire(axes, start, bends, end):
    points = [(start[0] + BOX, start[1]), (start[0] + BOX + STUB * 0.6, start[1]), *bends,
              (end[0] - BOX, end[1])]
    axes.plot(*zip(*points, strict=True), color=LIGHT.muted, linewidth=1.1, zorder=1)
    return points


def _shares(graph, hidden):
    """{(source, target): "3 + 3"}: what each gate sends back to a node where gradients add."""
    shares = {}
    for node in graph.nodes:
        if len(node.contributions) > 1 and node.name not in hidden:
            for consumer, _, number in node.contributions:
                shares.setdefault((node.index, consumer.index), []).append(short(number))
    return {pair: " + ".join(numbers) for pair, numbers in shares.items()}


def _draw_share(axes, points, text, size):
    """A share on the last stretch of its wire."""
    (x0, y0), (x1, y1) = points[-2:]
    axes.text(x1 + 0.45 * (x0 - x1), y1 + 0.45 * (y0 - y1), text, color=LIGHT.mark,
              fontsize=size * 0.8, style="italic", ha="center", va="center", zorder=4,
              bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})


def _draw_node(axes, node, x, y, size, hidden):
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
    axes.plot([x + BOX, x + BOX + STUB * 0.6], [y, y], color=LIGHT.muted, linewidth=1.1, zorder=1)
    style = {"fontsize": size * 0.9, "ha": "left", "zorder": 4,
             "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.3, "alpha": 0.8}}
    axes.text(x + BOX + 0.05, y - 0.05, short(node.value), color=LIGHT.positive, va="bottom",
              **style)
    if node.gradient is not None:
        gradient = "?" if node.name in hidden else short(node.gradient)
        axes.text(x + BOX + 0.05, y + 0.06, gradient, color=LIGHT.mark, va="top", **style)


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
    axes.text(-0.3, height - 0.62, "value above, ", color=LIGHT.positive, fontsize=size * 0.8,
              va="bottom")
    told = "gradient below; on a wire: its share" if shares else "gradient below each wire"
    axes.annotate(told, (1, 0), xycoords=axes.texts[-1], color=LIGHT.mark, fontsize=size * 0.8,
                  va="bottom")
