"""Where the nodes of a scalar graph stand.

Layers run along the data flow; a node stands one layer behind its last input, a variable just
before its first use. Within a layer, nodes are ordered so that few wires cross (barycentres), then
moved as near to their neighbours as the others allow. Values play no part: nothing moves with them.
"""

from bisect import bisect_right, insort
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ...words import short

MOST_BENDS = 800   # wires over several layers bend around nodes, unless there are very many
SWEEPS, SMALL = 8, 300  # larger graphs are swept less
WIRE_GAP = 0.6     # rows between two wires, or a wire and a node; nodes are 1 apart

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
