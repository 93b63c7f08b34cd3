"""Nodes and graphs from Python: what they answer, and what each error says."""

import copy
import math

import numpy as np
import pytest

from helpers.calculus.errors import LessonError, NumberError, UnknownInput
from helpers.calculus.graph.graph import Graph
from helpers.calculus.graph.node import NoSuchMethod, number
from helpers.calculus.graph.steps import called


def test_a_node_is_itself_alone():
    graph = Graph("x + y", x=1, y=1)
    x, y = graph.node("x"), graph.node("y")
    assert x == x and x != y and x not in [y] and x != "x" and not x == "x"
    assert {x: 1, y: 2}[x] == 1 and hash(x) != hash(y)
    with pytest.raises(LessonError):
        bool(x == 1)
    assert [graph.node("q1").upstream, x.upstream] == [1, 1]
    unused = Graph(lambda x, y: (x.exp(), x * y)[1], x=1, y=2)
    for one in (graph, unused):
        assert [node.index for node in one.nodes] == [0, 1, 2]
    with pytest.raises(LessonError, match="add: two nodes of different graphs"):
        x + unused.node("x")
    assert [node.kind for node in Graph("2*x", x=1).nodes] == ["constant", "variable", "gate"]


def test_what_python_asks_of_a_node_is_no_mistake_of_a_student():
    x = Graph("x", x=1).node("x")
    with pytest.raises(AttributeError) as caught:
        x.__nothing__  # noqa: B018
    assert str(caught.value) == "__nothing__" and not isinstance(caught.value, LessonError)
    assert copy.copy(x).name == "x"


@pytest.mark.parametrize("name, said", [
    ("tan", "A node has no method tan: tan(x) is sin(x)/cos(x)."),
    ("T", "A node has no method T: it has exp, log, sqrt, sin, cos, tanh, sigmoid, relu, softplus, "
          "max, min, and abs(x)."),
    ("Exp", "A node has no method Exp: Exp(x) is exp(x)."),
    ("abs", "A node has no method abs: it has exp, log, sqrt, sin, cos, tanh, sigmoid, relu, "
            "softplus, max, min, and abs(x).")])
def test_a_method_that_no_node_has(name, said):
    with pytest.raises(NoSuchMethod) as caught:
        getattr(Graph("x", x=1).node("x"), name)
    assert str(caught.value) == said


OPERATORS = {
    "x + y": "add(x, y)", "x - y": "sub(x, y)", "x * y": "mul(x, y)", "x / y": "div(x, y)",
    "x ** y": "pow(x, y)", "-x": "neg(x)", "2 + x": "add(2, x)", "2 - x": "sub(2, x)",
    "2 * x": "mul(2, x)", "2 / x": "div(2, x)", "2 ** x": "pow(2, x)", "1 / x": "reciprocal(x)",
    "1.0 / x": "reciprocal(x)", "x / 1": "div(x, 1)", "np.float64(1) / x": "reciprocal(x)",
    "np.float64(2) - x": "sub(2, x)", "abs(x)": "abs(x)", "x.max(y)": "max(x, y)",
    "x.min(y, 2)": "min(x, y, 2)", "x.exp()": "exp(x)", "x.log()": "log(x)", "x.sqrt()": "sqrt(x)",
    "x.sin()": "sin(x)", "x.cos()": "cos(x)", "x.tanh()": "tanh(x)", "x.sigmoid()": "sigmoid(x)",
    "x.relu()": "relu(x)", "x.softplus()": "softplus(x)",
    "np.exp(x)": "exp(x)", "np.log(x)": "log(x)", "np.sqrt(x)": "sqrt(x)", "np.sin(x)": "sin(x)",
    "np.cos(x)": "cos(x)", "np.tanh(x)": "tanh(x)", "np.absolute(x)": "abs(x)",
    "np.fabs(x)": "abs(x)", "np.maximum(x, 2)": "max(x, 2)", "np.minimum(2, x)": "min(2, x)",
    "np.reciprocal(x)": "reciprocal(x)", "np.negative(x)": "neg(x)", "np.power(x, 2)": "pow(x, 2)",
    "np.divide(x, y)": "div(x, y)", "np.subtract(2, x)": "sub(2, x)",
    "np.multiply(x, y)": "mul(x, y)", "np.add(x, y)": "add(x, y)"}


@pytest.mark.parametrize("text, made", OPERATORS.items())
def test_an_operator_makes_its_gate_with_its_inputs_in_order(text, made):
    output = Graph(eval(f"lambda x, y: {text}", {"np": np}), x=0.7, y=1.9).output
    assert f"{output.gate.name}({', '.join(map(called, output.inputs))})" == made


@pytest.mark.parametrize("value, right", [
    (3, 3.0), (np.float32(0.5), 0.5), (10**400, math.inf), (-10**400, -math.inf), (0, 0.0)])
def test_a_number_is_a_float(value, right):
    assert number("x", value) == right and isinstance(number("x", value), float)


@pytest.mark.parametrize("value", [True, "1", None, 1j, [1], np.array([1.0])])
def test_what_is_no_real_number(value):
    with pytest.raises(NumberError, match="Graph: x must be one real number, not "):
        number("x", value)


@pytest.mark.parametrize("text, values, names", [
    ("x*y + 2", {"x": 1, "y": 1}, ["q1", "q2"]), ("q*y", {"q": 1, "y": 1}, ["q1"]),
    ("q2*y", {"q2": 1, "y": 1}, ["p1"]), ("q1*p1 + p1", {"q1": 1, "p1": 1}, ["g1", "g2"]),
    ("q1a*y", {"q1a": 1, "y": 1}, ["q1"]), ("q_1*y", {"q_1": 1, "y": 1}, ["q1"])])
def test_gates_are_numbered_by_a_letter_of_their_own(text, values, names):
    graph = Graph(text, **values)
    assert [node.name for node in graph.nodes if node.gate] == names


def test_a_graph_answers_by_name():
    graph = Graph("x*y + z", x=2, y=3, z=4)
    assert graph.gradient("q1") == 1 and graph.gradient("x") == 3 and graph.node("q2").value == 10
    assert graph.values == {"x": 2, "y": 3, "z": 4}
    assert list(graph.variables) == ["x", "y", "z"] and graph.output is graph.node("q2")
    for name, graph_of in (("q9", graph), ("", graph)):
        with pytest.raises(UnknownInput) as caught:
            graph_of.node(name)
        assert str(caught.value).endswith(
            "The variables are x, y, z; gates are named q1, q2, ….")
    with pytest.raises(UnknownInput, match=r"The variables are none; gates"):
        Graph("2 + 3").node("x")


def test_what_is_set_wrongly_changes_nothing():
    graph = Graph("x*y", x=2, y=3)
    for values, said in (({"q": 1, "x": 9}, "Graph: there is no variable q. It has x, y."),
                         ({"pi": 1}, "Graph: there is no variable pi. pi is 3.14159… here; call "
                                     "yours otherwise."),
                         ({"π": 1}, "Graph: there is no variable π. π is 3.14159… here; call yours "
                                    "otherwise.")):
        with pytest.raises(UnknownInput) as caught:
            graph.set(**values)
        assert str(caught.value) == said and graph.values == {"x": 2, "y": 3}
    with pytest.raises(NumberError):
        graph.set(x=9, y=None)
    assert graph.values == {"x": 2, "y": 3} and graph.value == 6
    with pytest.raises(UnknownInput) as caught:
        Graph("2", x=1)
    assert str(caught.value) == "Graph: there is no variable x. It has none."


def test_paths_that_meet_are_kept_with_their_consumers():
    graph = Graph("x*x - x", x=3)
    x, square, output = graph.node("x"), graph.node("q1"), graph.node("q2")
    assert [(one.name, place, sent) for one, place, sent in x.contributions] == [
        ("q2", 1, -1), ("q1", 0, 3), ("q1", 1, 3)]
    assert square.local == (3, 3) and output.local == (1, -1) and x.local == ()
    assert square.contributions == [(output, 0, 1)] and output.contributions == []
    half = Graph("x + 2*3", x=1)
    assert [node.gradient for node in half.nodes] == [1, None, None, None, 1]
    assert [node.varies for node in half.nodes] == [True, False, False, False, True]
    graph.set(x=1)
    assert len(x.contributions) == 3 and x.gradient == 1


@pytest.mark.parametrize("text, name, gates", [
    ("1/(1+exp(-x))", "sigmoid", ["sigmoid"]), ("1/(1+exp(-(x*y)))", "sigmoid", ["mul", "sigmoid"]),
    ("log(exp(x)+1)", "softplus", ["softplus"]), ("max(0, x)", "relu", ["relu"]),
    ("(exp(x)-exp(-x))/(exp(-x)+exp(x))", "tanh", ["tanh"]),
    ("max(0, x) + max(y, 0)", "relu", ["relu", "relu", "add"]),
    ("1/(1+exp(-x)) + y", "sigmoid", ["sigmoid", "add"])])
def test_small_steps_become_one_gate(text, name, gates):
    graph = Graph(text, **{one: 0.5 for one in "xy" if one in text.replace("exp", "").replace(
        "max", "")})
    fused = graph.fuse(name)
    assert [node.gate.name for node in fused.nodes if node.gate] == gates
    assert fused.value == pytest.approx(graph.value) and fused.values == graph.values
    assert fused.gradients == pytest.approx(graph.gradients)


@pytest.mark.parametrize("text, name", [
    ("1/(2+exp(-x))", "sigmoid"), ("1/(1+exp(x))", "sigmoid"), ("2/(1+exp(-x))", "sigmoid"),
    ("(exp(x)-exp(-y))/(exp(x)+exp(-x))", "tanh"), ("log(1+exp(x)) - log(2+exp(y))", "tanh"),
    ("max(1, x)", "relu"), ("max(0, x, y)", "relu"), ("min(0, x)", "relu")])
def test_steps_that_are_only_alike_do_not(text, name):
    with pytest.raises(UnknownInput) as caught:
        Graph(text, **{one: 0.5 for one in "xy" if one in text.replace("exp", "").replace(
            "max", "")}).fuse(name)
    assert str(caught.value).startswith("Graph: there is no ") and str(caught.value).endswith(
        f" here to fuse to {name}.")


def test_a_graph_says_its_value_and_its_gradients():
    assert repr(Graph("x*y + 1", x=-2, y=3)) == (
        "Graph of 2 gates: value -5.0000; gradients: x 3.0000, y -2.0000")
    assert repr(Graph("2*3")) == "Graph of 1 gate: value 6.0000; gradients: none"
    assert repr(Graph("x", x=1)) == "Graph of 0 gates: value 1.0000; gradients: x 1.0000"
    assert repr(Graph("2*x", x=1).nodes[1]) == "x = 1.0000, gradient 2.0000"
    assert repr(Graph("2*3").output) == "q1 = 6.0000"
