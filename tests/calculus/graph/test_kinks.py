"""One rule where there is no derivative: for max, min, abs, relu and fuse, in any order."""

import itertools
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.calculus.graph.expression import names_in
from helpers.calculus.graph.graph import Graph
from helpers.calculus.graph.kinks import at_kink, sides, smooth
from helpers.widgets.graph import quiz
from helpers.widgets.graph.stepper import GraphStepper


def said(graph):
    return " | ".join(step.sentence for step in graph.backward_steps())


@pytest.mark.parametrize("name", ["max", "min"])
def test_inputs_that_tie_get_equal_parts_in_any_order(name):
    for order in itertools.permutations("xyz"):
        graph = Graph(f"{name}({', '.join(order)})", x=2, y=2, z=2)
        assert graph.gradients == pytest.approx(dict.fromkeys("xyz", 1 / 3))
        two = Graph(f"{name}({order[0]}, {order[1]})", **dict.fromkeys(order[:2], -1.5))
        assert two.gradients == dict.fromkeys(order[:2], 0.5)


@pytest.mark.parametrize("text", [
    "relu(x)", "max(0, x)", "max(x, 0)", "max(x, 0, -1)", "abs(x)", "max(x, -x)", "max(-x, x)",
    "min(x, 0)", "min(0, x)", "-min(x, -x)", "|x|", "max(x, 2-2)"])
def test_at_0_the_course_takes_0(text):
    graph = Graph(text, x=0)
    assert graph.gradients == {"x": 0}
    assert "kink" in said(graph) and "the course takes" in said(graph)


@pytest.mark.parametrize("text", ["max(0, x)", "max(x, 0)", "3*max(0, x*y)", "max(x+y, 0)*y"])
@pytest.mark.parametrize("x", [-1.0, 0.0, 2.0])
def test_fuse_keeps_the_gradients_at_the_kink_too(text, x):
    graph = Graph(text, **{"x": x, "y": -0.0} if "y" in text else {"x": x})
    assert graph.fuse("relu").gradients == graph.gradients


def test_a_max_of_three_is_no_relu():
    assert Graph("max(0, x) + max(0, x, y)", x=1, y=2).fuse("relu").value == 3


@pytest.mark.parametrize("text, gradient, true", [
    ("relu(x) - relu(-x)", 0, 1), ("max(x, 0) + min(x, 0)", 0, 1), ("relu(x)**2", 0, 0),
    ("max(x, 2*x) + min(x, 2*x)", 3, 3), ("abs(x)*abs(x)", 0, 0), ("relu(3*x) - 3*relu(-x)", 0, 3)])
def test_a_sum_of_kinks_that_is_smooth_says_so(text, gradient, true):
    graph = Graph(text, x=0)
    assert graph.gradient("x") == gradient
    assert sides(graph)["x"] == (true, true)
    assert "the function is smooth here" in said(graph)
    assert (f"with derivative {true:.4f}; gate by gate the rule for kinks gives {gradient:.4f}"
            in said(graph)) == (true != gradient)
    assert (f"the derivative is {true:.4f}" in repr(graph)) == (true != gradient)


def test_the_step_tells_the_kink_and_the_slopes_of_both_sides():
    assert ("max routes: both inputs are equal, 2.0000: a kink; the course takes equal parts, 1/2 "
            "of the upstream 3.0000 for each: x gets 1.5000; y gets 1.5000. By x and by y the "
            "slope is 0.0000 from the left and 3.0000 from the right: a kink, no derivative"
            ) in said(Graph("3*max(x, y)", x=2, y=2))
    assert ("relu routes: its input is 0.0000: a kink; the course takes 0 there, so the upstream "
            "1.0000 is stopped: 0.0000") in said(Graph("relu(x)", x=0))
    assert "abs scales: its input is 0.0000: a kink" in said(Graph("abs(x)", x=0))
    assert "2 inputs are equal" in said(Graph("max(x, y, z)", x=1, y=1, z=0))
    assert repr(Graph("abs(x)", x=0)) == (
        "Graph of 1 gate: value 0.0000; gradients: x 0.0000 (a kink: −1.0000 from the left, "
        "1.0000 from the right)")


@pytest.mark.parametrize("text, values", [
    ("max(x, y)", {"x": 1, "y": 2}), ("max(x, x)", {"x": 1}), ("relu(x)", {"x": 1e-9}),
    ("abs(x)", {"x": -3}), ("x*y + relu(2 - 2)", {"x": 1, "y": 1})])
def test_no_kink_is_told_where_there_is_none(text, values):
    graph = Graph(text, **values)
    assert "kink" not in said(graph) and sides(graph) == {} and "kink" not in repr(graph)


def test_max_of_one_variable_with_itself_is_the_variable():
    graph = Graph("max(x, x)*2", x=1.5)
    assert graph.gradients == {"x": 2} and "was not" not in said(graph)


LEAF = st.sampled_from(["x", "y", "-x", "x*y", "0", "1", "2*x - y", "x + y"])
KINKED = st.recursive(LEAF, lambda part: st.one_of(
    st.builds("max({}, {})".format, part, part), st.builds("min({}, {})".format, part, part),
    st.builds("max({}, {}, {})".format, part, part, part), st.builds("relu({})".format, part),
    st.builds("abs({})".format, part), st.builds("({}) + ({})".format, part, part),
    st.builds("({})*({})".format, part, part), st.builds("sin({})".format, part)), max_leaves=8)


@given(KINKED, st.sampled_from([-1.0, 0.0, 1.0, 2.0]), st.sampled_from([-1.0, 0.0, 1.0]))
def test_the_slopes_of_both_sides_are_those_of_chords(text, x, y):
    used = {name: value for name, value in {"x": x, "y": y}.items()
            if name in names_in(text)}
    graph = Graph(text, **used)
    assume(abs(graph.value) < 1e3)
    for name, both in sides(graph).items():
        for slope, way in zip(both, (-1, 1), strict=True):
            moved = graph.copy()
            moved.set(**{name: used[name] + way * 1e-7})
            chord = (moved.value - graph.value) / (way * 1e-7)
            assert slope == pytest.approx(chord, rel=1e-4, abs=1e-4), (text, name, way)


@given(KINKED, st.sampled_from([-1.0, 0.0, 1.0]), st.sampled_from([-1.0, 0.0, 1.0]))
def test_where_nothing_is_told_the_gradient_is_the_derivative(text, x, y):
    used = {name: value for name, value in {"x": x, "y": y}.items()
            if name in names_in(text)}
    graph = Graph(text, **used)
    assume(abs(graph.value) < 1e3)
    told = sides(graph)
    for name in used:
        if name in told and not smooth(*told[name]):
            continue
        low, high = graph.copy(), graph.copy()
        low.set(**{name: used[name] - 1e-6})
        high.set(**{name: used[name] + 1e-6})
        slope = (high.value - low.value) / 2e-6
        true = told.get(name, (graph.gradient(name),))[0]
        assert true == pytest.approx(slope, rel=1e-4, abs=1e-4), (text, name)


def test_a_kink_that_the_output_does_not_see_is_none():
    graph = Graph(lambda x, y: (x.relu(), x * y)[1], x=0, y=2)
    assert sides(graph) == {} and graph.gradients == {"x": 2, "y": 0}


def test_the_widget_tells_it_too():
    stepper = GraphStepper("relu(x) - relu(-x)", x=0, step="end")
    assert repr(stepper).endswith("gradients: x 0 (kinks cancel: the derivative is 1.0000)")
    tie = GraphStepper("max(x, y)", x=2, y=2, step="end")
    assert "∂(max(a, b))/∂a = the course's choice at the kink = 0.5000" in tie.state["now"]["rule"]
    graph = tie.graph
    assert quiz.hint(graph.output, 0) == (
        "max (q1) routes: upstream 1.0000 meets a kink, and where inputs tie the course takes "
        "equal parts, and 0 if one of them is a constant. What is sent here?")


def test_nan_is_no_tie():
    graph = Graph("max(x, y)", x=math.nan, y=math.nan)
    assert at_kink(graph.output) == () and math.isnan(graph.gradient("x"))
