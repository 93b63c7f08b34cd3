"""The picture that a notebook keeps of a graph: all of it is inside, and nothing hides another."""

import itertools

import numpy as np
import pytest

from helpers import GraphStepper
from helpers.calculus.graph import Graph
from helpers.calculus.graph.expression import names_in
from helpers.pictures.palette import LIGHT
from helpers.widgets.graph.layout import layout
from helpers.widgets.graph.picture import _shares, _turns, draw_graph

NEURON = "1/(1+exp(-(w0*x0+w1*x1+w2)))"
TEXTS = ["x*y + x", NEURON, "x", "max(x, y, x, y) * x", "(x + 100000)**2 - 1/y"]


def stepper(text, **settings):
    return GraphStepper(text, **dict.fromkeys(names_in(text), 2), **{"step": "end", **settings})


def boxes(figure):
    texts = [*figure.texts, *figure.axes[0].texts]
    return [(one.get_text(), one.get_window_extent()) for one in texts if one.get_text()]


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_is_cut_off_and_lines_above_stand_apart(text):
    figure = stepper(text).figure()
    page = figure.bbox
    assert figure.get_size_inches()[0] > 10.79  # as wide as a page, or as its numbers need
    for words, box in boxes(figure):
        assert page.x0 <= box.x0 and box.x1 <= page.x1, words
        assert page.y0 <= box.y0 and box.y1 <= page.y1, words
    head = [one.get_window_extent() for one in figure.texts]
    assert all(above.y0 > below.y1 - 2 for above, below in itertools.pairwise(head))
    assert head[-1].y0 > max(box.y1 for _, box in boxes(figure)[len(head):])  # above the graph


@pytest.mark.parametrize("text", TEXTS)
def test_gates_stand_where_the_layout_has_them(text):
    graph = Graph(text, **dict.fromkeys(names_in(text), 2))
    plan, axes = layout(graph), draw_graph(graph, "says").axes[0]
    spots = {}
    for patch, index in zip(axes.patches, plan.places, strict=True):
        box = patch.get_path().get_extents(patch.get_patch_transform())
        spots[index] = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
        assert 0.4 < box.width < 0.62 and 0.3 < box.height < 0.62  # inches
    for one, other in itertools.combinations(plan.places, 2):
        (a, row), (b, line) = plan.places[one], plan.places[other]
        x, y = np.subtract(spots[other], spots[one])
        assert (abs(x) < 0.01) if a == b else (b - a) * x > 0.9 * abs(b - a)
        if abs(row - line) < 1e-6:
            assert abs(y) < 0.01
        else:
            assert 0.75 < y / (line - row) < 1.25  # a little more where many shares arrive
    high, wide = axes.get_ylim()[0], axes.get_xlim()[1]
    assert all(0.5 < x < wide - 0.5 and 0.5 < y < high - 0.5 for x, y in spots.values())
    assert min(x for x, _ in spots.values()) < 0.7 and min(y for _, y in spots.values()) < 1.1


def test_every_kind_of_gate_has_its_shape_and_its_colour():
    graph = Graph("max(x*y, 1) + exp(x)", x=2, y=3)
    axes = draw_graph(graph, "says").axes[0]
    kinds = {node.gate.behaviour if node.gate else node.kind: (type(patch).__name__, len(
        patch.get_path().vertices), tuple(np.round(patch.get_edgecolor(), 3)))
        for node, patch in zip((graph.nodes[i] for i in layout(graph).places), axes.patches,
                               strict=True)}
    assert kinds.keys() == {"variable", "switches", "routes", "distributes", "scales"}
    assert len({shape[:2] for shape in kinds.values()}) >= 4
    assert len({shape[2] for shape in kinds.values()}) == 5
    colours = {text.get_text(): text.get_color() for text in axes.texts}
    assert colours["6.0000"] == LIGHT.positive and colours["1.0000"] == LIGHT.mark


@pytest.mark.parametrize(("text", "hidden", "told"), [
    ("x*y + x", (), "gradient below; on a wire: its share"),
    ("x*y + x", ("x",), "gradient below each wire"), ("x*y", (), "gradient below each wire")])
def test_the_key_names_shares_where_there_are_some(text, hidden, told):
    texts = [one.get_text() for one in draw_graph(
        Graph(text, x=3, y=-2), "says", hidden).axes[0].texts]
    assert texts[-2:] == ["value above, ", told]
    assert texts.count("?") == len(hidden)


def test_shares_and_bends_by_hand():
    graph = Graph("x*y + x", x=3, y=-2)
    assert _shares(graph, ()) == {(0, 2, 0): "−2.0000", (0, 3, 1): "1.0000"}
    assert _shares(graph, ("x",)) == {}
    assert _turns(graph, layout(graph)) == {1, 2}
    chain = Graph("exp(exp(x))", x=0)
    assert _turns(chain, layout(chain)) == set()
    two = Graph("exp(x)*exp(y)", x=0, y=0)
    assert _turns(two, layout(two)) == {2}


def test_a_crowd_is_drawn_as_dots():
    graph = Graph("+".join(["x"] * 123), x=1)
    axes = draw_graph(graph, "says").axes[0]
    assert len(axes.collections[1].get_offsets()) == len(layout(graph).places) == 123
    assert len(axes.texts) == len(axes.patches) == 0
