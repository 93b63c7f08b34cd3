"""Where nodes stand and what room their numbers get, by the definitions."""

import itertools
import random

import pytest

from helpers.calculus.graph import Graph
from helpers.calculus.graph.expression import names_in
from helpers.widgets.graph import GraphStepper
from helpers.widgets.graph.layout import (
    MOST_BENDS,
    _apart,
    _paths,
    absorbed,
    branches,
    drawn_inputs,
    layout,
    signs,
)
from tests.amount import amount
from tests.widgets.graph.expressions import random_text, random_values


def near_and_apart(row, wanted):
    """The least squares that keep the order and the gaps: the largest of the smallest means."""
    gaps = [0.0] + [1.0 if isinstance(a, int) and isinstance(b, int) else 0.6
                    for a, b in itertools.pairwise(row)]
    offsets = list(itertools.accumulate(gaps))
    free = [want - offset for want, offset in zip(wanted, offsets, strict=True)]
    last = len(row)
    return [offsets[i] + max(min(sum(free[a:b]) / (b - a) for b in range(i + 1, last + 1))
                             for a in range(i + 1)) for i in range(last)]


@pytest.mark.parametrize("seed", range(amount(6, 20, 200)))
def test_a_row_is_as_near_to_what_is_wanted_as_order_and_gaps_allow(seed):
    chance = random.Random(seed)
    row = [chance.choice([i, ("bend", 1, i)]) for i in range(chance.randint(1, 7))]
    wanted = [chance.choice([chance.uniform(-3, 3), chance.randint(-1, 2)]) for _ in row]
    assert _apart(row, wanted) == pytest.approx(near_and_apart(row, wanted))


@pytest.mark.parametrize("seed", range(amount(3, 10, 100)))
def test_a_gate_stands_behind_its_last_input_and_a_variable_before_its_first_use(seed):
    text = random_text(seed)
    graph = Graph(text, **random_values(seed, names_in(text)))
    plan, first = layout(graph), {}
    for wire in plan.wires:
        first.setdefault(wire.source, []).append(plan.places[wire.target][0])
    for node in graph.nodes:
        if node.index not in plan.places:
            assert node.kind == "constant"
            continue
        layer = plan.places[node.index][0]
        before = [plan.places[wire.source][0] for wire in plan.wires if wire.target == node.index]
        if before:
            assert layer >= 1 + max(before)  # a gate of constants may wait
        elif node.index in first:
            assert layer == min(first[node.index]) - 1
    for wire in plan.wires:
        layers = plan.places[wire.source][0], plan.places[wire.target][0]
        assert [layer for layer, _ in wire.bends] == list(range(layers[0] + 1, layers[1]))


@pytest.mark.parametrize(("text", "places"), [
    ("(x + y)*z", {"x": (0, 0), "y": (0, 1), "z": (1, 1.5), "q1": (1, 0.5), "q2": (2, 1)}),
    ("exp(x)", {"x": (0, 0), "q1": (1, 0)}), ("x + 3", {"x": (0, 0), "q1": (1, 0)}),
    ("x*y", {"x": (0, 0), "y": (0, 1), "q1": (1, 0.5)}), ("x", {"x": (0, 0)}),
    ("x*y*z", {"x": (0, 0), "y": (0, 1), "z": (1, 1.5), "q1": (1, 0.5), "q2": (2, 1)})])
def test_small_graphs_stand_as_one_would_draw_them(text, places):
    graph = Graph(text, **dict.fromkeys(names_in(text), 2))
    plan = layout(graph)
    found = {graph.nodes[index].name: place for index, place in plan.places.items()}
    assert found.keys() == places.keys()
    for name, place in places.items():
        assert found[name] == pytest.approx(place, abs=1e-9)
    layers, rows = zip(*plan.places.values(), strict=True)
    assert plan.layers == max(layers) + 1 and plan.rows == pytest.approx(max(rows) + 1)
    drawn = GraphStepper(text, **dict.fromkeys(names_in(text), 2)).state["graph"]
    assert {one["id"]: (one["layer"], one["row"]) for one in drawn["nodes"]} == plan.places
    assert (drawn["layers"], drawn["rows"]) == (plan.layers, plan.rows)


def test_wires_bend_around_nodes_unless_there_are_very_many():
    for layers in (MOST_BENDS + 1, MOST_BENDS + 2):
        path, = _paths([(0, 1, 0)], {0: 0, 1: layers})
        bends = [("bend", layer, 0) for layer in range(1, layers)]
        assert path == [0, *(bends if len(bends) <= MOST_BENDS else []), 1]


@pytest.mark.parametrize(("text", "values", "longest"), [
    ("x*y", {"x": 2, "y": 3}, 7), ("x + 123456", {"x": -123455}, len("−123455.0000")),
    ("x*1", {"x": -12.5}, len("−12.5000")), ("0*exp(x)", {"x": 12}, len("162754.7914")),
    ("log(x) + log(x)", {"x": 1 / 6000}, len("12000.0000")),   # 6000 twice
    ("log(x) - log(x)", {"x": 1 / 6000}, len("−6000.0000")),   # and once with a minus: 0
    ("min(x, 123456)", {"x": 1}, 7), ("log(x)", {"x": 1e-5}, len("100000.0000"))])
def test_the_longest_number_of_a_graph_has_its_place_from_the_first_step_on(text, values, longest):
    assert signs(Graph(text, **values)) == longest
    for quiz in (False, True):
        drawn = GraphStepper(text, **values, quiz=quiz).state["graph"]
        assert drawn["signs"] == longest + 2 * quiz  # and a mark behind it


@pytest.mark.parametrize(("text", "several", "inside", "wires"), [
    ("x*y + x", {"x"}, None, 2), ("x*y", set(), None, 2), ("x*x", {"x"}, None, 2),
    ("x + 1", set(), 1, 1), ("2 - x", set(), 0, 1), ("2 + 3", set(), None, 2),
    ("exp(x)", set(), None, 1), ("(x + y)*(x - y)", {"x", "y"}, None, 2)])
def test_which_gradients_are_sums_and_which_constants_stand_inside(text, several, inside, wires):
    graph = Graph(text, **dict.fromkeys(names_in(text), 2))
    assert {graph.nodes[index].name for index in branches(graph)} == several
    assert absorbed(graph.output) == inside and drawn_inputs(graph.output) == wires
    drawn = GraphStepper(text, **dict.fromkeys(names_in(text), 2)).state["graph"]["wires"]
    assert {one["inputs"] for one in drawn if one["to"] == graph.output.index} <= {wires}
    for one in drawn:
        target = graph.nodes[one["to"]]
        assert one["lanes"] == any(node.name in several for node in target.inputs)
