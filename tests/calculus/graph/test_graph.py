"""Scalar graphs: values and gradients against central differences, and the two passes in words."""

import math
import re

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.calculus.errors import LessonError, NumberError, TooBig, UnknownInput
from helpers.calculus.graph import Graph
from helpers.calculus.graph.gates import FUNCTIONS
from helpers.calculus.graph.steps import rule, trouble
from helpers.words import four

NEURON = "1/(1+exp(-(w0*x0+w1*x1+w2)))"
WEIGHTS = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
NAMES = ("x", "y", "z")
SMOOTH = {"exp": anp.exp, "log": anp.log, "sqrt": anp.sqrt, "sin": anp.sin, "cos": anp.cos,
          "tanh": anp.tanh, "sigmoid": lambda a: 1 / (1 + anp.exp(-a)),
          "softplus": lambda a: anp.logaddexp(0, a)}
KINKED = {"relu": lambda a: anp.maximum(a, 0), "max": anp.maximum, "min": anp.minimum,
          "abs": anp.abs}


def expressions(functions, two=()):
    """Texts of expressions in x, y and z that stay in the domain of log, sqrt and the like."""
    leaf = st.sampled_from(NAMES) | st.floats(0.25, 3).map(lambda v: f"{v:.2f}")
    inside = {"log": "log(1.5 + ({0})**2)", "sqrt": "sqrt(0.5 + ({0})**2)",
              "exp": "exp(sin({0}))"}

    def grow(part):
        calls = st.builds(lambda f, a: inside.get(f, f + "({0})").format(a),
                          st.sampled_from(functions), part)
        pairs = st.builds(lambda a, sign, b: f"({a} {sign} {b})", part,
                          st.sampled_from("+-*"), part)
        quotients = st.builds(lambda a, b: f"{a} / (1.5 + abs({b}))" if "abs" in two else
                              f"({a} / (1.5 + ({b})**2))", part, part)
        powers = st.builds(lambda a, n: f"({a})**{n}", part, st.sampled_from((2, 3)))
        options = [calls, pairs, quotients, powers, part.map(lambda a: f"-({a})")]
        if two:
            options.append(st.builds(lambda f, a, b: f"{f}({a}, {b})",
                                     st.sampled_from([n for n in two if n != "abs"]), part, part))
        return st.one_of(options)

    return st.recursive(leaf, grow, max_leaves=12)


POINTS = st.tuples(*[st.floats(-2, 2).map(lambda v: round(v, 3))] * 3)


def made(text, point):
    used = [name for name in NAMES if re.search(rf"\b{name}\b", text)]
    return Graph(text, **{name: dict(zip(NAMES, point, strict=True))[name] for name in used})


def slopes(graph, name, h):
    """The slopes of the chords from h below and to h above, with the value between."""
    x, y = graph.values[name], graph.value
    low, high = graph.copy(), graph.copy()
    low.set(**{name: x - h})
    high.set(**{name: x + h})
    return (y - low.value) / h, (high.value - y) / h


def close_to_differences(graph):
    for name, gradient in graph.gradients.items():
        if not (math.isfinite(gradient) and abs(graph.value) < 1e6):
            continue
        coarse, fine = slopes(graph, name, 1e-4), slopes(graph, name, 1e-5)
        mean = sum(fine) / 2
        bend = abs(coarse[1] - coarse[0]) + abs(sum(coarse) / 2 - mean)
        noise = 1e-9 * max(1.0, abs(graph.value)) / 1e-5
        # At a kink the gradient is one side's slope or lies between; elsewhere the bend is O(h).
        assert abs(gradient - mean) <= bend + noise + 1e-6 * abs(gradient), (name, gradient, fine)


@given(expressions([*SMOOTH, "relu"], ("max", "min", "abs")), POINTS)
def test_gradients_are_central_differences(text, point):
    close_to_differences(made(text, point))


@given(expressions(list(SMOOTH)), POINTS)
def test_gradients_are_those_of_autograd_on_smooth_functions(text, point):
    graph = made(text, point)
    names = list(graph.values)
    function = eval(f"lambda {', '.join(names)}: {text} + 0.0", dict(SMOOTH))
    values = [float(v) for v in graph.values.values()]
    for place, name in enumerate(names):
        true = float(autograd.grad(function, place)(*values))
        assert graph.gradient(name) == pytest.approx(true, rel=1e-9, abs=1e-9 * abs(graph.value)
                                                     + 1e-12)


def test_the_classic_neuron_to_four_decimals():
    graph = Graph(NEURON, **WEIGHTS)
    values = [four(node.value) for node in graph.nodes if node.gate]
    assert values == ["−2.0000", "6.0000", "4.0000", "1.0000", "−1.0000", "0.3679", "1.3679",
                      "0.7311"]
    gradients = {name: round(value, 4) for name, value in graph.gradients.items()}
    assert gradients == {"w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966}
    assert [round(graph.gradient(f"q{i}"), 4) for i in (7, 6, 5, 4, 3)] == [
        -0.5344, -0.5344, -0.1966, 0.1966, 0.1966]


def test_fuse_gives_one_gate_and_the_same_numbers():
    small = Graph(NEURON, **WEIGHTS)
    one = small.fuse("sigmoid")
    assert [n.gate.name for n in one.nodes if n.gate] == ["mul", "mul", "add", "add", "sigmoid"]
    assert one.value == pytest.approx(small.value, rel=1e-15)
    assert one.gradients == pytest.approx(small.gradients, rel=1e-14)
    one.set(w2=0.5)
    small.set(w2=0.5)
    assert one.gradients == pytest.approx(small.gradients, rel=1e-14)


@pytest.mark.parametrize("name, text", [
    ("softplus", "log(1+exp(x*y))"), ("softplus", "log(exp(x)+1)*y"), ("relu", "max(0, x*y)"),
    ("tanh", "(exp(x)-exp(-x))/(exp(x)+exp(-x))*y"), ("sigmoid", "1/(exp(-(x*y))+1)"),
    ("sigmoid", "1/(1+exp(-(1/(1+exp(-(x*y))))))")])
def test_what_can_be_fused(name, text):
    small = Graph(text, x=0.7, y=-1.2)
    one = small.fuse(name)
    assert all(n.gate.name in (name, "mul") for n in one.nodes if n.gate)
    assert one.value == pytest.approx(small.value, rel=1e-14)
    assert one.gradients == pytest.approx(small.gradients, rel=1e-12)


def test_a_step_that_is_used_elsewhere_stays():
    graph = Graph("exp(-x) + 1/(1+exp(-x))", x=0.5).fuse("sigmoid")
    assert [n.gate.name for n in graph.nodes if n.gate] == ["neg", "exp", "sigmoid", "add"]


@pytest.mark.parametrize("name", ["sigmoid", "swish"])
def test_what_cannot_be_fused(name):
    with pytest.raises(UnknownInput, match=r"1/\(1\+exp\(-a\)\)|Choose sigmoid"):
        Graph("x*y", x=1, y=2).fuse(name)


def test_constants_fold_only_on_request():
    graph = Graph("2*3*x + 1", x=2)
    assert sum(n.gate is not None for n in graph.nodes) == 3
    folded = graph.fold()
    assert [n.number for n in folded.nodes if n.kind == "constant"] == [6, 1]
    assert (folded.value, folded.gradients) == (graph.value, graph.gradients) == (13, {"x": 6})


def test_one_name_is_one_node_and_gradients_add():
    graph = Graph("x*x + x", x=3)
    assert [n.name for n in graph.nodes] == ["x", "q1", "q2"]
    x = graph.node("x")
    assert [number for _, _, number in x.contributions] == [1, 3, 3] and x.gradient == 7
    (sum_step,) = [s for s in graph.backward_steps() if s.kind == "sum"]
    assert sum_step.sentence.startswith("x is used 3 times: 1.0000 + 3.0000 + 3.0000 = 7.0000")


def test_running_backward_twice_gives_the_same():
    graph = Graph("a + a*b", a=2, b=-4)
    first, steps = graph.gradients, list(graph.backward_steps())
    graph.backward()
    graph.backward()
    assert graph.gradients == first == {"a": -3, "b": 2}
    assert [s.sentence for s in graph.backward_steps()] == [s.sentence for s in steps]


def test_a_new_value_runs_both_passes_again():
    graph = Graph("(x+y)*z", x=-2, y=5, z=-4)
    assert (graph.value, graph.gradients) == (-12, {"x": -4, "y": -4, "z": 3})
    graph.set(x=1, z=2)
    assert (graph.value, graph.gradients) == (12, {"x": 2, "y": 2, "z": 6})
    with pytest.raises(UnknownInput, match="It has x, y, z"):
        graph.set(x=5, q=1)
    with pytest.raises(NumberError):
        graph.set(x=5, y="3")
    assert graph.value == 12


def test_any_name_may_be_a_variable():
    graph = Graph("self*source + values", self=2, source=3, values=4)
    graph.set(self=5)
    assert graph.value == 19


def test_a_copy_is_another_graph():
    graph = Graph("x*x", x=3)
    graph.copy().set(x=5)
    assert graph.value == 9


def test_the_sentences_of_both_passes():
    graph = Graph("(x+y)*z", x=-2, y=5, z=-4)
    assert [s.sentence for s in graph.forward_steps()] == [
        "q1 = x + y = −2.0000 + 5.0000 = 3.0000", "q2 = q1 × z = 3.0000 × −4.0000 = −12.0000"]
    said = [s.sentence for s in graph.backward_steps()]
    assert said[1] == ("mul switches: upstream 1.0000 × the other input −4.0000 = −4.0000 for q1; "
                       "upstream 1.0000 × the other input 3.0000 = 3.0000 for z")
    assert said[2] == "add distributes: each of x and y gets the upstream −4.0000 unchanged"


@pytest.mark.parametrize("text, said", [
    ("2*max(x,y)", "max routes: x was chosen and gets the whole upstream 2.0000; "
                   "y was not and gets 0.0000"),
    ("relu(x)*y", "relu routes: its input 3.0000 is above 0, so the upstream 2.0000 passes"),
    ("relu(-x)*y", "is not above 0, so the upstream 2.0000 is stopped: 0.0000"),
    ("x-y", "sub distributes: x gets the upstream 1.0000 unchanged; y gets it with the other "
            "sign, −1.0000"),
    ("1/x+y", "reciprocal scales: upstream 1.0000 × local gradient −0.1111 (−1/a²) = −0.1111"),
    ("x**2+y", "pow scales: upstream 1.0000 × local gradient 6.0000 (2a) = 6.0000"),
    ("x**3+y", "local gradient 27.0000 (3a^(2)) = 27.0000"),
    ("2*x+y", "mul switches: upstream 1.0000 × the other input 2.0000 = 2.0000"),
    ("(x-3)*sqrt(y-2)", "upstream 0.0000 × local gradient ∞ (1/(2√a)) = nan. 0 × ∞ is not a"),
])
def test_what_a_teacher_would_say(text, said):
    assert any(said in s.sentence for s in Graph(text, x=3, y=2).backward_steps())


def test_the_steps_add_up_to_the_gradients():
    graph = Graph("max(x, y)*x + log(1+exp(x*z)) - x/y", x=1.5, y=0.7, z=-2)
    total = {}
    for step in graph.backward_steps():
        for one, _, number in step.sent:
            total[one.name] = total.get(one.name, 0) + number
    assert {name: total[name] for name in "xyz"} == pytest.approx(graph.gradients)


@pytest.mark.parametrize("text, values, value, said", [
    ("1/x + y", {"x": 0, "y": 1}, math.inf, "Division by zero: ∞"),
    ("x/y", {"x": -1, "y": 0}, -math.inf, "Division by zero: −∞"),
    ("x/y", {"x": 0, "y": 0}, math.nan, "Division by zero: nan"),
    ("log(x) + y", {"x": -1, "y": 1}, math.nan, "log of a negative number is not a real number"),
    ("log(x) + y", {"x": 0, "y": 1}, -math.inf, "log of 0 is minus infinity"),
    ("sqrt(x)", {"x": -4}, math.nan, "sqrt of a negative number"),
    ("exp(x)*y", {"x": 1000, "y": 1}, math.inf, "Overflow, beyond the largest float 1.8e308: ∞"),
    ("x**y", {"x": 10, "y": 400}, math.inf, "Overflow"),
    ("x**y", {"x": -8, "y": 0.5}, math.nan, "broken power"),
    ("x**y", {"x": 0, "y": -1}, math.inf, "Zero to a negative power"),
    ("x*y", {"x": -1e200, "y": 1e200}, -math.inf, "Overflow"),
    ("x**y", {"x": -10, "y": 401}, -math.inf, "Overflow"),
    ("exp(x)*y", {"x": 1000.5, "y": 1}, math.inf, "Overflow"),
])
def test_what_is_not_finite_is_shown_and_said_where_it_first_appears(text, values, value, said):
    graph = Graph(text, **values)
    assert graph.value == value or (math.isnan(graph.value) and math.isnan(value))
    spoken = [s.sentence for s in graph.forward_steps()]
    assert said in spoken[0] and sum(said in s for s in spoken) == 1
    assert [s.sentence for s in graph.backward_steps()]


def test_an_infinite_slope_is_said():
    graph = Graph("sqrt(x) + y", x=0, y=1)
    assert graph.value == 1 and graph.gradient("x") == math.inf
    assert any("The local gradient 1/(2√a) is ∞ here" in s.sentence
               for s in graph.backward_steps())


def test_a_thousand_gates_and_a_depth_of_a_thousand():
    wide = Graph("+".join(f"x*y{i % 7}" for i in range(500)), x=2,
                 **{f"y{i}": i for i in range(7)})
    assert sum(n.gate is not None for n in wide.nodes) == 999
    assert wide.gradient("x") == sum(i % 7 for i in range(500))
    deep = Graph("sin(" * 1000 + "x" + ")" * 1000, x=0.5)
    assert sum(n.gate is not None for n in deep.nodes) == 1000
    assert len(list(deep.backward_steps())) == 1001
    assert 0 < deep.gradient("x") < 1
    with pytest.raises(LessonError, match="1,000 gates"):
        Graph("-" * 1001 + "x", x=1)


def test_python_operators_on_nodes():
    graph = Graph(lambda x, y, z: x * y + z.exp() - 1 / x + 2 ** y - abs(z) + (3 - x) / 2,
                  x=2, y=3, z=0.5)
    text = Graph("x*y + exp(z) - 1/x + 2**y - abs(z) + (3 - x)/2", x=2, y=3, z=0.5)
    assert (graph.value, graph.gradients) == (text.value, text.gradients)
    assert Graph(lambda x, y: x.max(y).relu() + x.min(0), x=-1, y=2).gradients == {"x": 1, "y": 1}


@pytest.mark.parametrize("text", [f"{name}(x)" for name in FUNCTIONS if name not in ("max", "min")]
                         + ["x**2", "2 + x", "2*x", "-x", "2 - x", "2/x", "x**x", "max(x, 1, 2)"])
def test_every_gate_can_be_written_in_python(text):
    name, inside = text.partition("(")[::2]
    more = inside[:-1].partition(", ")[2]
    function = "abs(x)" if name == "abs" else f"x.{name}({more})" if inside else text
    made = Graph(eval(f"lambda x: {function}"), x=0.7)
    typed = Graph(text, x=0.7)
    assert (made.value, made.gradients) == (typed.value, typed.gradients)


def test_what_a_function_may_not_do():
    with pytest.raises(LessonError, match=r"x\.max\(y\)"):
        Graph(lambda x, y: max(x, y), x=1, y=2)
    with pytest.raises(NumberError):
        Graph(lambda x: x + "1", x=1)
    for many in (1001, 5000):
        with pytest.raises(TooBig, match="1,000 gates"):
            Graph(lambda x, many=many: sum((x for _ in range(many)), x), x=1)
    for wrong in (lambda x: np.exp(x, dtype=float), lambda x: np.add.outer(x, x),
                  lambda x: np.arctan(x)):
        with pytest.raises(LessonError, match=r"There is no gate for np\.\w+\. There are: "):
            Graph(wrong, x=1)
    other = Graph("x", x=1).node("x")
    with pytest.raises(LessonError, match="different graphs"):
        Graph(lambda x: x + other, x=1)


def test_variables_without_use_and_graphs_without_gates():
    assert Graph(lambda x, y: x * 2, x=1, y=5).gradients == {"x": 2, "y": 0}
    assert Graph("x", x=3).gradients == {"x": 1}
    constant = Graph("2*3")
    assert (constant.value, constant.gradients) == (6, {})
    assert list(constant.backward_steps()) == []
    assert Graph(lambda: 5).value == 5


@pytest.mark.parametrize("values, said", [({"x": 1}, "y=1"), ({"x": 1, "y": 2, "z": 3}, "z")])
def test_values_and_variables_must_match(values, said):
    with pytest.raises(UnknownInput, match=said):
        Graph("x*y", **values)


def test_gates_are_not_called_like_variables():
    graph = Graph("q1*q2", q1=2, q2=3)
    assert graph.gradients == {"q1": 3, "q2": 2} and graph.output.name == "p1"
    with pytest.raises(UnknownInput, match="named"):
        graph.gradient("nothing")


def test_what_is_printed_has_numbers_and_no_address():
    graph = Graph("x*y", x=2, y=3)
    assert repr(graph) == "Graph of 1 gate: value 6.0000; gradients: x 3.0000, y 2.0000"
    assert repr(graph.output) == "q1 = 6.0000, gradient 1.0000"


def test_a_number_from_outside_may_be_infinite():
    assert [Graph("x", x=sign * 10**400).value for sign in (1, -1)] == [math.inf, -math.inf]
    assert trouble(Graph("x", x=math.inf).output) == "x is ∞ from the start."


def test_of_three_inputs_the_rule_says_which_is_taken():
    rules = [rule(Graph(f"{name}(x, y, z)", x=1, y=2, z=3).output, 1) for name in ("max", "min")]
    assert rules == ["1(it is the largest)", "1(it is the smallest)"]


@pytest.mark.parametrize("x, text", [(0.39322, "0.3932"), (-2, "−2.0000"), (1e-9, "1.0000e−09"),
                                     (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "nan"),
                                     (-0.0, "0.0000"), (2e9, "2.0000e+09")])
def test_four_decimals(x, text):
    assert four(x) == text


@pytest.mark.parametrize("function", [
    lambda x: 0 * x if x == 0 else 1 / x, lambda x: x if x != 1.0 else -x])
def test_a_function_that_asks_whether_a_node_is_a_number_is_refused(function):
    """It took the same branch whatever x is."""
    with pytest.raises(LessonError, match="a graph must not depend on its numbers"):
        Graph(function, x=0)


@pytest.mark.parametrize("function", [round, math.floor, math.ceil, math.trunc,
                                      lambda x: divmod(x, 2), lambda x: divmod(2, x)])
def test_what_rounds_has_no_gate(function):
    with pytest.raises(LessonError, match="has no gate"):
        Graph(lambda x: function(x), x=1.5)


def test_a_plus_before_a_node_changes_nothing():
    graph = Graph(lambda x, y: +x * y, x=2, y=3)
    assert graph.gradients == {"x": 3, "y": 2} and len(graph.nodes) == 3
