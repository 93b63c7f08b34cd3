"""The steps of both passes, to the last word: sentences, numbers that are sent, questions."""

import math

import pytest

from helpers.calculus.graph.graph import Graph
from helpers.calculus.graph.kinks import sides, smooth
from helpers.calculus.graph.steps import at_kinks, called, product, rule, trouble

INF = math.inf
START = "The output {} by itself has gradient 1.0000: the backward pass starts here"
NO_DERIVATIVE = ": a kink, no derivative"


def backward(text, **values):
    """What is said of each gate and sum, by name."""
    graph = Graph(text, **values)
    output, *steps = graph.backward_steps()
    assert (output.kind, output.node, output.sent, output.question) == ("output", graph.output, (),
                                                                        "")
    assert output.sentence == START.format(graph.output.name)
    return {step.node.name: step.sentence for step in steps}


@pytest.mark.parametrize("text, values, said", [
    ("(-x)**2 - π*y", {"x": 3, "y": 2}, {
        "q1": "−1 × x = −1 × 3.0000 = −3.0000", "q2": "q1 ** 2 = (−3.0000) ** 2.0000 = 9.0000",
        "q3": "π × y = 3.1416 × 2.0000 = 6.2832", "q4": "q2 − q3 = 9.0000 − 6.2832 = 2.7168"}),
    ("2**(-x)", {"x": 1}, {"q1": "−1 × x = −1 × 1.0000 = −1.0000",
                           "q2": "2 ** q1 = 2.0000 ** −1.0000 = 0.5000"}),
    ("x**y", {"x": 0, "y": 2}, {"q1": "x ** y = 0.0000 ** 2.0000 = 0.0000"}),
    ("max(x, -0.5, y)", {"x": -1, "y": -2}, {
        "q1": "max(x, −0.5, y) = max(−1.0000, −0.5000, −2.0000) = −0.5000"}),
    ("|x| + √(y)", {"x": -1, "y": 4}, {"q1": "|x| = |−1.0000| = 1.0000",
                                       "q2": "√(y) = √(4.0000) = 2.0000",
                                       "q3": "q1 + q2 = 1.0000 + 2.0000 = 3.0000"}),
    ("1/x + y", {"x": 0, "y": 1}, {"q1": "1 / x = 1 / 0.0000 = ∞. Division by zero: ∞.",
                                   "q2": "q1 + y = ∞ + 1.0000 = ∞"})])
def test_each_gate_says_its_formula_its_numbers_and_its_value(text, values, said):
    steps = list(Graph(text, **values).forward_steps())
    assert {step.node.name: step.sentence for step in steps} == {
        name: f"{name} = {sentence}" for name, sentence in said.items()}
    assert all((step.kind, step.sent, step.question) == ("forward", (), "") for step in steps)


UP = "upstream {} × local gradient {} ({}) = {}"


@pytest.mark.parametrize("text, values, said", [
    ("x*x - x - 2*x", {"x": 3}, {
        "q4": "sub distributes: q2 gets the upstream 1.0000 unchanged; q3 gets it with the other "
              "sign, −1.0000",
        "q3": "mul switches: upstream −1.0000 × the other input 2.0000 = −2.0000",
        "q2": "sub distributes: q1 gets the upstream 1.0000 unchanged; x gets it with the other "
              "sign, −1.0000",
        "q1": "mul switches: upstream 1.0000 × the other input 3.0000 = 3.0000 for x; upstream "
              "1.0000 × the other input 3.0000 = 3.0000 for x",
        "x": "x is used 4 times: −2.0000 − 1.0000 + 3.0000 + 3.0000 = 3.0000; gradients add where "
             "paths meet"}),
    ("5 - x", {"x": 1}, {"q1": "sub distributes: x gets it with the other sign, −1.0000"}),
    ("3*(x + y)", {"x": 1, "y": 2}, {
        "q2": "mul switches: upstream 1.0000 × the other input 3.0000 = 3.0000",
        "q1": "add distributes: each of x and y gets the upstream 3.0000 unchanged"}),
    ("-(x - 1)", {"x": 1}, {"q2": "neg scales: upstream 1.0000 × −1 = −1.0000",
                            "q1": "sub distributes: x gets the upstream −1.0000 unchanged"}),
    ("x**3", {"x": -2}, {"q1": "pow scales: " + UP.format("1.0000", "12.0000", "3a^(2)",
                                                          "12.0000")}),
    ("x**2", {"x": -2}, {"q1": "pow scales: " + UP.format("1.0000", "−4.0000", "2a", "−4.0000")}),
    ("x**-0.5", {"x": 4}, {"q1": "pow scales: " + UP.format("1.0000", "−0.0625", "−0.5a^(−1.5)",
                                                            "−0.0625")}),
    ("2**x", {"x": 0}, {"q1": "pow scales: " + UP.format("1.0000", "0.6931", "aᵇ·log a",
                                                         "0.6931")}),
    ("x**y", {"x": -2, "y": 3}, {
        "q1": "pow scales: " + UP.format("1.0000", "12.0000", "b·a^(b−1)", "12.0000") + " for x; "
              + UP.format("1.0000", "nan", "aᵇ·log a", "nan") + " for y. The local gradient "
              "aᵇ·log a is nan here"}),
    ("relu(x)*2", {"x": 3}, {
        "q2": "mul switches: upstream 1.0000 × the other input 2.0000 = 2.0000",
        "q1": "relu routes: its input 3.0000 is above 0, so the upstream 2.0000 passes"}),
    ("relu(x)", {"x": -3}, {
        "q1": "relu routes: its input −3.0000 is not above 0, so the upstream 1.0000 is stopped: "
              "0.0000"}),
    ("max(x, y, z)", {"x": 1, "y": 3, "z": 0}, {
        "q1": "max routes: x was not and gets 0.0000; y was chosen and gets the whole upstream "
              "1.0000; z was not and gets 0.0000"}),
    ("min(x, 2, y)", {"x": 1, "y": 3}, {
        "q1": "min routes: x was chosen and gets the whole upstream 1.0000; y was not and gets "
              "0.0000"}),
    ("max(x, x)", {"x": 1}, {
        "q1": "max routes: x gets a part, 0.5000; x gets a part, 0.5000",
        "x": "x is used 2 times: 0.5000 + 0.5000 = 1.0000; gradients add where paths meet"}),
    ("sqrt(x)*y", {"x": 0, "y": 0}, {
        "q2": "mul switches: upstream 1.0000 × the other input 0.0000 = 0.0000 for q1; upstream "
              "1.0000 × the other input 0.0000 = 0.0000 for y",
        "q1": "sqrt scales: " + UP.format("0.0000", "∞", "1/(2√a)", "nan")
              + ". 0 × ∞ is not a number"}),
    ("2*sqrt(x)", {"x": 0}, {
        "q2": "mul switches: upstream 1.0000 × the other input 2.0000 = 2.0000",
        "q1": "sqrt scales: " + UP.format("2.0000", "∞", "1/(2√a)", "∞") + ". The local gradient "
              "1/(2√a) is ∞ here"}),
    ("log(x)/y", {"x": -1, "y": 0}, {
        "q2": "div scales: " + UP.format("1.0000", "∞", "1/b", "∞") + " for q1; "
              + UP.format("1.0000", "nan", "−a/b²", "nan") + " for y. The local gradient 1/b is "
              "∞ here",
        "q1": "log scales: " + UP.format("∞", "nan", "1/a", "nan")})])  # said where it began
def test_each_gate_says_what_it_does_with_its_gradient(text, values, said):
    assert backward(text, **values) == said


BOTH = " is {} from the left and {} from the right" + NO_DERIVATIVE


@pytest.mark.parametrize("text, values, said", [
    ("max(x, y, z)", {"x": 1, "y": 1, "z": 0}, {
        "q1": "max routes: 2 inputs are equal, 1.0000: a kink; the course takes equal parts, 1/2 "
              "of the upstream 1.0000 for each: x gets 0.5000; y gets 0.5000; z gets 0.0000. By x "
              "and by y the slope" + BOTH.format("0.0000", "1.0000") + ". By z the slope is 0.0000 "
              "from both sides: the kinks leave no trace, the function is smooth here"}),
    ("min(x, y, 1)", {"x": 1, "y": 1}, {
        "q1": "min routes: all inputs are equal, 1.0000: a kink; the course takes 0 where a "
              "constant could take all of the upstream 1.0000: x gets 0.0000; y gets 0.0000. By x "
              "and by y the slope" + BOTH.format("1.0000", "0.0000")}),
    ("max(x, 3, 1)", {"x": 3}, {
        "q1": "max routes: 2 inputs are equal, 3.0000: a kink; the course takes 0 where a constant "
              "could take all of the upstream 1.0000: x gets 0.0000. By x the slope"
              + BOTH.format("0.0000", "1.0000")}),
    ("-2*min(x, y)", {"x": 1, "y": 1}, {
        "q2": "mul switches: upstream 1.0000 × the other input −2.0000 = −2.0000",
        "q1": "min routes: both inputs are equal, 1.0000: a kink; the course takes equal parts, "
              "1/2 of the upstream −2.0000 for each: x gets −1.0000; y gets −1.0000. By x and by y "
              "the slope" + BOTH.format("−2.0000", "0.0000")}),
    ("relu(x) + abs(x)", {"x": 0}, {
        "q3": "add distributes: each of q1 and q2 gets the upstream 1.0000 unchanged",
        "q2": "abs scales: its input is 0.0000: a kink; the course takes 0 there: upstream 1.0000 "
              "× 0 = 0.0000",
        "q1": "relu routes: its input is 0.0000: a kink; the course takes 0 there, so the upstream "
              "1.0000 is stopped: 0.0000",
        "x": "x is used 2 times: 0.0000 + 0.0000 = 0.0000; gradients add where paths meet. By x "
             "the slope" + BOTH.format("−1.0000", "2.0000")}),
    ("relu(x) + min(x, 0)", {"x": 0}, {
        "q3": "add distributes: each of q1 and q2 gets the upstream 1.0000 unchanged",
        "q2": "min routes: both inputs are equal, 0.0000: a kink; the course takes 0 where a "
              "constant could take all of the upstream 1.0000: x gets 0.0000",
        "q1": "relu routes: its input is 0.0000: a kink; the course takes 0 there, so the upstream "
              "1.0000 is stopped: 0.0000",
        "x": "x is used 2 times: 0.0000 + 0.0000 = 0.0000; gradients add where paths meet. By x "
             "the slope is 1.0000 from both sides: the kinks cancel and the function is smooth "
             "here, with derivative 1.0000; gate by gate the rule for kinks gives 0.0000"}),
    ("max(sqrt(x), y)", {"x": 0, "y": 0}, {  # of a slope that is no number nothing is said
        "q2": "max routes: both inputs are equal, 0.0000: a kink; the course takes equal parts, "
              "1/2 of the upstream 1.0000 for each: q1 gets 0.5000; y gets 0.5000. By y the slope"
              + BOTH.format("0.0000", "1.0000"),
        "q1": "sqrt scales: " + UP.format("0.5000", "∞", "1/(2√a)", "∞") + ". The local gradient "
              "1/(2√a) is ∞ here"})])
def test_a_kink_is_told_with_the_slopes_of_both_sides(text, values, said):
    assert backward(text, **values) == said


@pytest.mark.parametrize("text, values, both, beside", [
    ("relu(x)", {"x": 0}, {"x": (0, 1)}, {"x": " (a kink: 0.0000 from the left, 1.0000 from the "
                                               "right)"}),
    ("relu(x)", {"x": 1}, {}, {}), ("max(x, x)", {"x": 1}, {}, {}),
    ("max(x, y)*z", {"x": 2, "y": 2, "z": -3}, {"x": (0, -3), "y": (0, -3)}, {
        name: " (a kink: 0.0000 from the left, −3.0000 from the right)" for name in "xy"}),
    ("relu(x) - relu(-x)", {"x": 0}, {"x": (1, 1)}, {"x": " (kinks cancel: the derivative is "
                                                          "1.0000)"}),
    ("relu(x)**2", {"x": 0}, {"x": (0, 0)}, {}),
    ("min(x, y, 2*x)", {"x": 0, "y": 0}, {"x": (2, 0), "y": (1, 0)}, {
        "x": " (a kink: 2.0000 from the left, 0.0000 from the right)",
        "y": " (a kink: 1.0000 from the left, 0.0000 from the right)"}),
    ("max(x, 1) + 5*abs(y - 2)", {"x": 1, "y": 2}, {"x": (0, 1), "y": (-5, 5)}, {
        "x": " (a kink: 0.0000 from the left, 1.0000 from the right)",
        "y": " (a kink: −5.0000 from the left, 5.0000 from the right)"})])
def test_the_slopes_of_both_sides_and_what_is_printed_of_them(text, values, both, beside):
    graph = Graph(text, **values)
    assert sides(graph) == both and at_kinks(graph) == beside


def test_two_slopes_are_one_but_for_rounding():
    assert smooth(1, 1 + 9e-10) and not smooth(1, 1 + 2e-9)
    assert smooth(0, 9e-13) and not smooth(0, 2e-12) and not smooth(-1, 1)


@pytest.mark.parametrize("text, values, said", [
    ("x", {"x": INF}, "x is ∞ from the start."), ("x", {"x": 1}, ""),
    ("x/y", {"x": 1, "y": 0}, "Division by zero: ∞."), ("1/x", {"x": 0}, "Division by zero: ∞."),
    ("x/y", {"x": 1e308, "y": 0.1}, "Overflow, beyond the largest float 1.8e308: ∞."),
    ("log(x)", {"x": 0}, "The log of 0 is minus infinity: −∞."),
    ("log(x)", {"x": -1}, "The log of a negative number is not a real number: nan."),
    ("sqrt(x)", {"x": -1}, "The sqrt of a negative number is not a real number: nan."),
    ("x**y", {"x": 0, "y": -1}, "Zero to a negative power is a division by zero: ∞."),
    ("x**y", {"x": -1, "y": 0.5}, "A negative number to a broken power is not a real number: "
                                  "nan."),
    ("x**y", {"x": -10, "y": 401}, "Overflow, beyond the largest float 1.8e308: −∞."),
    ("x**y", {"x": 10, "y": 400.5}, "Overflow, beyond the largest float 1.8e308: ∞."),
    ("x**y", {"x": 0.5, "y": -5000.5}, "Overflow, beyond the largest float 1.8e308: ∞."),
    ("exp(x)", {"x": 710}, "Overflow, beyond the largest float 1.8e308: ∞."),
    ("exp(x)", {"x": INF}, ""), ("x + y", {"x": 1, "y": math.nan}, "")])
def test_why_a_number_is_not_finite_is_said_where_it_begins(text, values, said):
    assert trouble(Graph(text, **values).output) == said


def test_what_nodes_and_constants_are_called():
    graph = Graph("x*π + -0.5*2", x=1)
    assert [called(node) for node in graph.nodes] == ["x", "π", "q1", "−0.5", "2", "q2", "q3"]


def test_the_rule_of_a_local_gradient():
    graph = Graph("x**y + x**2 + x**3 + x**1 + x**-1", x=2, y=2)
    rules = [rule(node, 0) for node in graph.nodes if node.gate and node.gate.name == "pow"]
    assert rules == ["b·a^(b−1)", "2a", "3a^(2)", "1a^(0)", "−1a^(−2)"]
    assert [rule(Graph("x**y", x=2, y=2).output, place) for place in (0, 1)] == [
        "b·a^(b−1)", "aᵇ·log a"]
    assert rule(Graph("max(x, y)", x=2, y=2).output, 0) == "the course's choice at the kink"
    assert rule(Graph("max(x, y)", x=2, y=1).output, 1) == "1(b > a)"
    assert rule(Graph("min(x, y, z)", x=2, y=1, z=0).output, 0) == "1(it is the smallest)"
    assert product(Graph("x/y", x=1, y=2).output, 1) == (
        "upstream 1.0000 × local gradient −0.2500 (−a/b²)")


def test_the_steps_of_the_backward_pass_send_numbers_and_ask_for_them():
    graph = Graph("2*x - x**2", x=3)
    steps = [(step.kind, step.node.name, [(one.name, place, number) for one, place, number in
                                          step.sent], step.question)
             for step in graph.backward_steps()]
    assert steps == [
        ("output", "q3", [], ""),
        ("gate", "q3", [("q1", 0, 1), ("q2", 1, -1)], "sub distributes: upstream 1.0000"),
        ("gate", "q2", [("x", 0, -6)], "pow scales: upstream −1.0000"),
        ("gate", "q1", [("x", 1, 2)], "mul switches: upstream 1.0000"), ("sum", "x", [], "")]
    assert list(Graph("2 + 3").backward_steps()) == []
    folded = Graph("x*(2 + 3)", x=2)  # a gate of constants has no gradient
    assert [step.node.name for step in folded.backward_steps()] == ["q2", "q2"]
