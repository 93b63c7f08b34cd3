"""Where the nodes of a scalar graph stand, and the graph as a Matplotlib picture.

Layers run along the data flow; a node stands one layer behind its last input, a variable just
before its first use. Within a layer, nodes are ordered so that few wires cross (barycentres), then
moved as near to their neighbours as the others allow. Values play no part: nothing moves with them.
"""

from bisect import bisect_right, insort
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

from ...pictures.canvas import new_figure
from ...pictures.palette import LIGHT
from ...words import short

MOST_BENDS = 800   # wires over several layers bend around nodes, unless there are very many
SWEEPS, SMALL = 8, 300  # larger graphs are swept less
WIRE_GAP = 0.6     # rows between two wires, or a wire and a node; nodes are 1 apart

BEHAVIOUR_COLOURS = {"distributes": LIGHT.axes[1], "switches": LIGHT.axes[5],
                     "routes": LIGHT.axes[2], "scales": LIGHT.axes[0]}


class Wire(NamedTuple):
    """From a node to a place of a gate, by way of (layer, row) points."""

    source: int
    target: int
    place: int
    bends: tuple


class Layout(NamedTuple):
    """places: {node index: (layer, row)}; layers and rows: how many there are."""

    places: dict
    wires: tuple
    layers: int
    rows: float


def label(node):
    """What a gate shows: its sign, with the number when one input is a constant."""
    if not node.gate:
        return node.name or short(node.value)
    hidden = absorbed(node)
    if hidden is None:
        return node.gate.sign
    number = short(node.inputs[hidden].value)
    sign = {"pow": "**"}.get(node.gate.name, node.gate.sign)  # as it is typed
    return f"{number} {sign}" if hidden == 0 and sign in "−÷**" else f"{sign} {number}"


def absorbed(node):
    """The place of a gate's one constant input, which is drawn inside the gate, or None."""
    constants = [place for place, one in enumerate(node.inputs) if one.kind == "constant"]
    return constants[0] if len(constants) == 1 and len(node.inputs) == 2 else None


def layout(graph):
    """The `Layout` of a graph: the same for the same structure, whatever the values."""
    shown = {graph.output.index}
    wires = []
    for node in graph.nodes:
        if node.kind == "variable":
            shown.add(node.index)
        if node.gate:
            inside = absorbed(node)
            wires += [(one.index, node.index, place)
                      for place, one in enumerate(node.inputs) if place != inside]
    shown.update(index for wire in wires for index in wire[:2])
    shown.update(node.index for node in graph.nodes if node.gate)
    return _layout(tuple(sorted(shown)), tuple(wires), graph.output.index)


@lru_cache(maxsize=64)
def _layout(shown, wires, output):
    layer = _layers(shown, wires)
    paths = _paths(wires, layer)
    rows = [[] for _ in range(max(layer.values()) + 1)]
    for item in _visited(shown, paths, output):
        rows[layer[item] if isinstance(item, int) else item[1]].append(item)
    links = [pair for path in paths for pair in pairwise(path)]
    before, after = _neighbours(links)
    rows = _ordered(rows, before, after)
    at = _spread(rows, before, after)
    lowest = min(at.values())
    places = {index: (layer[index], at[index] - lowest) for index in shown}
    drawn = tuple(Wire(*wire, tuple((item[1], at[item] - lowest) for item in path[1:-1]))
                  for wire, path in zip(wires, paths, strict=True))
    return Layout(places, drawn, len(rows), max(at.values()) - lowest + 1)


def _layers(shown, wires):
    """{node: layer}; node indices are already in the order of computation."""
    inputs, consumers = {}, {}
    for source, target, _ in wires:
        inputs.setdefault(target, []).append(source)
        consumers.setdefault(source, []).append(target)
    layer = {}
    for index in shown:
        layer[index] = 1 + max((layer[one] for one in inputs.get(index, ())), default=-1)
    for index in shown:
        if index not in inputs and index in consumers:
            layer[index] = min(layer[one] for one in consumers[index]) - 1
    return layer


def _paths(wires, layer):
    """For each wire the items it passes: nodes at the ends, ("bend", layer, …) between."""
    bends = sum(layer[target] - layer[source] - 1 for source, target, _ in wires)
    if bends > MOST_BENDS:
        return [[source, target] for source, target, _ in wires]
    return [[source, *(("bend", between, source) for between in
                       range(layer[source] + 1, layer[target])), target]
            for source, target, _ in wires]


def _visited(shown, paths, output):
    """All items as a walk from the output meets them, first input first."""
    into = {}
    for path in paths:
        into.setdefault(path[-1], []).append(path)
    seen, waiting = {}, [output]
    while waiting:
        item = waiting.pop()
        if item in seen:
            continue
        seen[item] = True
        for path in reversed(into.get(item, ())):
            waiting += path[:-1]
    return [*seen, *(index for index in shown if index not in seen)]


def _neighbours(links):
    before, after = {}, {}
    for source, target in dict.fromkeys(links):
        before.setdefault(target, []).append(source)
        after.setdefault(source, []).append(target)
    return before, after


def _ordered(rows, before, after):
    """The rows in the best order that sweeps of barycentres find."""
    best, fewest = rows, crossings(rows, after)
    sweeps = SWEEPS if sum(map(len, rows)) <= SMALL else 0
    for sweep in range(sweeps):
        if fewest == 0:
            break
        near, line = (before, rows) if sweep % 2 == 0 else (after, rows[::-1])
        place, swept = {}, []
        for row in line:
            known = {item: [place[one] for one in near.get(item, ()) if one in place]
                     for item in row}
            own = {item: i for i, item in enumerate(row)}
            row = sorted(row, key=lambda item: sum(known[item]) / len(known[item])
                         if known[item] else own[item])
            place.update((item, i) for i, item in enumerate(row))
            swept.append(row)
        rows = swept if sweep % 2 == 0 else swept[::-1]
        found = crossings(rows, after)
        if found < fewest:
            best, fewest = rows, found
    return best


def crossings(rows, after):
    """How many pairs of wires between neighbouring layers cross."""
    count = 0
    for row, following in pairwise(rows):
        place, ends = {item: i for i, item in enumerate(following)}, []
        for item in row:
            targets = sorted(place[one] for one in after.get(item, ()) if one in place)
            count += sum(len(ends) - bisect_right(ends, target) for target in targets)
            for target in targets:
                insort(ends, target)
    return count


def _spread(rows, before, after):
    """{item: row}: each as near to its neighbours as the order and the gaps allow."""
    at = {item: float(i) for row in rows for i, item in enumerate(row)}
    rounds = 2 * SWEEPS + 1 if len(at) <= SMALL else 3
    for turn in range(rounds):
        near = before if turn % 2 == 0 else after
        for row in rows if turn % 2 == 0 else rows[::-1]:
            wanted = [_mean([at[one] for one in near.get(item, ())], at[item]) for item in row]
            at.update(zip(row, _apart(row, wanted), strict=True))
    return at


def _mean(numbers, otherwise):
    return sum(numbers) / len(numbers) if numbers else otherwise


def _apart(row, wanted):
    """The rows nearest to those wanted (least squares) that keep the order and the gaps."""
    offset, offsets = 0.0, []
    for i, item in enumerate(row):
        plain = isinstance(item, int) and (i == 0 or isinstance(row[i - 1], int))
        offset += 0 if i == 0 else 1.0 if plain else WIRE_GAP
        offsets.append(offset)
    blocks = []  # [sum, count]: neighbours pushed together move as one
    for want, shift in zip(wanted, offsets, strict=True):
        blocks.append([want - shift, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1][0] += total
            blocks[-1][1] += count
    level = [total / count for total, count in blocks for _ in range(count)]
    return [base + shift for base, shift in zip(level, offsets, strict=True)]


# --- the picture ---

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
