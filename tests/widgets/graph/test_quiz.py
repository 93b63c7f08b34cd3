"""The quiz of the graph stepper: gradients are typed, and mistakes are named."""

import math

import pytest

from helpers.calculus.graph import Graph
from helpers.widgets.graph import GraphStepper
from helpers.widgets.graph.quiz import answered, asked_names, close, number_in, score, start
from tests.page import browser
from tests.widgets.graph.test_graph import neuron, node


def answer(widget, text):
    browser(widget, {"kind": "answer", "text": text})
    return widget.state["quiz"]


def test_the_quiz_hides_gradients_until_they_are_typed():
    widget = GraphStepper("(x+y)*z", x=-2, y=5, z=-4, quiz=True)
    assert [node(widget, n)["gradient"] for n in ("q2", "q1", "z", "x")] == [
        "1.0000", "?", "?", "?"]
    assert node(widget, "q2")["value"] == "−12.0000" and node(widget, "q1")["asked"]
    assert "−4" not in node(widget, "q1")["said"].split("gradient")[1]
    quiz = answer(widget, "-4")
    assert quiz["good"] is True and quiz["score"] == "1 of 4 right" and quiz["name"] == "z"
    assert node(widget, "q1")["gradient"] == "−4.0000"
    quiz = answer(widget, "−3")
    assert quiz["good"] is False and "the sign is not" in quiz["said"]
    assert node(widget, "z")["gradient"] == "?"
    assert answer(widget, "3")["score"] == "1 of 4 right, 1 with help"
    browser(widget, {"kind": "hint"})
    assert "add (q1) distributes: upstream −4.0000 goes on unchanged" in (
        widget.state["quiz"]["said"])
    browser(widget, {"kind": "reveal"})
    quiz = answer(widget, "1 * -4")
    assert quiz["score"] == "2 of 4 right, 1 with help, 1 shown" and quiz["name"] == ""
    assert answer(widget, "7")["score"] == quiz["score"]


@pytest.mark.parametrize("text, good", [("0.393", True), ("0,3932", True), ("0.39", False),
                                        ("0.40", False), ("inf", False), ("0", False)])
def test_the_tolerance_is_half_a_percent(text, good):
    widget = neuron(quiz=True)
    browser(widget, {"kind": "ask", "name": "x0"})
    assert answer(widget, text)["good"] is good


@pytest.mark.parametrize("name, text, said", [
    ("x", "3", "That is one path"), ("x", "-7", "the sign is not"), ("q1", "9", "its value"),
    ("x", "100", "try again"), ("q2", "2", None)])
def test_mistakes_are_named(name, text, said):
    widget = GraphStepper("2*(x*x + x)", x=1.5, quiz=True)
    widget.set(x=3)
    if name == "x":
        widget.set(text="x*x + x")
    browser(widget, {"kind": "ask", "name": name})
    quiz = answer(widget, text)
    assert quiz["good"] is (said is None) and (said or "Right") in quiz["said"]


def test_upstream_and_local_gradient_are_told_apart():
    widget = GraphStepper("5*exp(x)", x=0.5, quiz=True)
    browser(widget, {"kind": "ask", "name": "x"})
    assert "local gradient; multiply it by the upstream" in answer(widget, "1.6487")["said"]
    assert "upstream gradient; multiply it by the local" in answer(widget, "5")["said"]


HELP = [
    ("max(x, y)*2", {"x": 1, "y": 1}, "x", "upstream 2.0000 meets a kink, and where inputs tie the "
     "course takes equal parts, and 0 if one of them is a constant. What is sent here?",
     "dL/dx = 1.0000."),
    ("relu(x)*3", {"x": 0}, "x", "upstream 3.0000 meets a kink, and at a = 0 the course takes 0. "
     "What is sent here?", "dL/dx = 0.0000."),
    ("max(x, y)*2", {"x": 2, "y": 1}, "y", "upstream 2.0000 goes to one input alone. Is it this "
     "one?", "dL/dy = 0.0000."),
    ("x - y", {"x": 2, "y": 1}, "y", "upstream 1.0000 goes on with the other sign.",
     "dL/dy = −1.0000."),
    ("x*y + x", {"x": 3, "y": 5}, "x", "upstream 1.0000 goes on unchanged; and mul (q1) switches: "
     "upstream 1.0000 × the other input 5.0000 = ? Gradients add where paths meet.",
     "x is used 2 times: 1.0000 + 5.0000 = 6.0000; gradients add where paths meet."),
]


@pytest.mark.parametrize(("text", "values", "name", "hint", "shown"), HELP)
def test_a_hint_says_the_rule_and_what_is_shown_the_number(text, values, name, hint, shown):
    widget = GraphStepper(text, **values, quiz=True)
    browser(widget, {"kind": "ask", "name": name}, {"kind": "hint"})
    said = widget.state["quiz"]["said"]
    assert said.startswith("Hint: ") and said.endswith(hint)
    browser(widget, {"kind": "reveal"})
    quiz = widget.state["quiz"]
    assert quiz["said"] == shown and quiz["score"].endswith("right, 1 shown")
    left = [one for one in ("q1", "x", "y") if one != name and one in quiz["names"]]
    assert quiz["names"] == left and quiz["name"] in [*left, ""]
    for text in ("hint", "reveal"):  # with nothing left to ask for they do nothing
        while widget.state["quiz"]["name"]:
            browser(widget, {"kind": "reveal"})
        before = widget.state["quiz"]
        browser(widget, {"kind": text})
        assert widget.state["quiz"] == before and widget.last_error is None


def test_nan_and_inf_can_be_answered():
    widget = GraphStepper("sqrt(x) + 1*y", x=0, y=2, quiz=True)
    browser(widget, {"kind": "ask", "name": "x"})
    assert answer(widget, "∞")["good"] is True


def test_what_is_no_number_is_refused_and_the_quiz_goes_on():
    widget = GraphStepper(quiz=True)
    for text in ("four", "", "1+", "x*2"):
        assert answer(widget, text)["score"] == "0 of 4 right"
        assert "is not a number" in widget.last_error
    assert answer(widget, "-4")["good"] is True and widget.last_error is None


def test_other_values_start_the_quiz_again():
    widget = GraphStepper(quiz=True)
    answer(widget, "-4")
    browser(widget, {"kind": "value", "name": "z", "value": 2})
    assert widget.state["quiz"]["score"] == "0 of 4 right"
    browser(widget, {"kind": "quiz", "on": False}, {"kind": "answer", "text": "1"})
    assert widget.state["quiz"] is None and "no quiz" in widget.last_error


def test_the_quiz_does_not_tell_in_the_picture_or_the_sentence():
    widget = neuron(quiz=True)
    assert "0.3932" not in repr(widget) and "quiz, 0 of 12 right" in repr(widget)
    texts = [t.get_text() for t in widget.figure().axes[0].texts]
    assert texts.count("?") == 12 and "0.3932" not in texts


INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(("number", "true", "same"), [
    (100.5, 100, True), (100.51, 100, False), (99.5, 100, True), (-100.5, -100, True),
    (-99.49, -100, False), (100, -100, False), (5e-5, 0, True), (6e-5, 0, False),
    (-5e-5, 0, True), (0.00104, 0.001, True), (0.00106, 0.001, False), (INF, INF, True),
    (INF, -INF, False), (NAN, NAN, True), (NAN, 1, False), (1, NAN, False), (INF, 1e308, False),
    (1e308, INF, False)])
def test_half_a_percent_or_four_decimals_are_allowed(number, true, same):
    assert close(number, true) is same


@pytest.mark.parametrize(("text", "number"), [
    ("−0.39", -0.39), (" 1/3 ", 1 / 3), ("0.5*−4", -2), ("0,25", 0.25), ("inf", INF), ("∞", INF),
    ("−∞", -INF), ("-INF", -INF), ("2**3", 8), (7, 7), (0.5, 0.5)])
def test_a_number_is_typed_as_one_likes(text, number):
    assert number_in(text) == number and math.isnan(number_in(" NaN "))


def test_names_are_asked_for_as_the_backward_pass_finishes_them():
    graph = Graph("x*y + x", x=3, y=-2)
    assert asked_names(graph) == ["q1", "y", "x"]
    quiz = start(graph)
    assert (quiz.name, score(quiz, graph), quiz.said, quiz.good) == (
        "q1", "0 of 3 right", "", None)
    for text, name, told in (("1", "y", "1 of 3 right"), ("9", "y", "1 of 3 right"),
                             ("3", "x", "1 of 3 right, 1 with help"),
                             ("-1", "", "2 of 3 right, 1 with help")):
        quiz = answered(quiz, graph, text)
        assert (quiz.name, score(quiz, graph)) == (name, told)
    assert answered(quiz, graph, "5") is quiz
    assert asked_names(Graph("2 + 3")) == []


SAID = [  # x*y + x at 3 and −2: dL/dx = −2 + 1, dL/dy = 3, dL/dq1 = 1
    ("x", "1", "1.0000 is not it. The size is right, the sign is not."),
    ("x", "-2", "−2.0000 is not it. That is one path; x has 2, and gradients add."),
    ("x", "3", "3.0000 is not it. That is its value; the gradient is asked for."),
    ("x", "0", "0.0000 is not it. Upstream times local: try again, or take a hint."),
    ("x", "-1", "Right: dL/dx = −1.0000."), ("q1", "-6", "−6.0000 is not it. That is its value; "
     "the gradient is asked for."), ("q1", "-1", "−1.0000 is not it. The size is right, the sign "
     "is not."), ("y", "-2", "−2.0000 is not it. That is its value; the gradient is asked for."),
    ("y", "1", "1.0000 is not it. That is the upstream gradient; multiply it by the local "
     "gradient.")]


@pytest.mark.parametrize(("name", "text", "said"), SAID)
def test_an_answer_is_told_what_it_looks_like(name, text, said):
    widget = GraphStepper("x*y + x", x=3, y=-2, quiz=True)
    browser(widget, {"kind": "ask", "name": name})
    quiz = answer(widget, text)
    assert quiz["said"] == said and quiz["good"] is said.startswith("Right")


def test_what_is_answered_is_not_asked_again_and_what_is_left_comes_round():
    widget = GraphStepper("x*y + x", x=3, y=-2, quiz=True)
    browser(widget, {"kind": "ask", "name": "x"})
    assert answer(widget, "-1")["name"] == "q1"  # the first that is left
    browser(widget, {"kind": "ask", "name": "x"})
    assert widget.state["quiz"]["name"] == "q1" and widget.state["quiz"]["said"].startswith("Right")
    browser(widget, {"kind": "ask", "name": "y"})
    assert (widget.state["quiz"]["name"], widget.state["quiz"]["said"]) == ("y", "")
    browser(widget, {"kind": "hint"})
    assert widget.state["quiz"]["good"] is None
    assert answer(widget, "3")["score"] == "1 of 3 right, 1 with help"
