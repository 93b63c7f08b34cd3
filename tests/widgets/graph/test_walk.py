"""A small graph walked through by hand: what each step says, shows, and still keeps to itself."""

import math

import pytest

from helpers.widgets.graph import GraphStepper
from tests.page import browser

ADD = ("distributes: the upstream gradient goes on to every input unchanged (a minus turns its "
       "sign). Local: ∂(a + b)/∂a = 1, ∂(a + b)/∂b = 1")
MUL = ("switches: each input gets the upstream gradient times the other input. Local: "
       "∂(a × b)/∂a = b = −2.0000, ∂(a × b)/∂b = a = 3.0000")
# x*y + x at 3 and −2. (title, what is said, rule; values and gradients of x, y, q1, q2; the wires
# x→q1, y→q1, q1→q2, x→q2: f and b for what has passed, a capital where it is passing; shares)
WALK = [
    ("Before the first step", "The variables have their values. Step forward: each gate computes "
     "its output from its inputs, and keeps both for the way back.", "",
     "3 −2 . .", ". . . .", "iiii", ". . . ."),
    ("Forward 1 of 2: mul", "q1 = x × y = 3.0000 × −2.0000 = −6.0000.",
     f"On the way back this gate {MUL}", "3 −2 −6 .", ". . . .", "FFii", ". . . ."),
    ("Forward 2 of 2: add", "q2 = q1 + x = −6.0000 + 3.0000 = −3.0000.",
     f"On the way back this gate {ADD}", "3 −2 −6 −3", ". . . .", "ffFF", ". . . ."),
    ("Backward 1 of 4: output q2", "The output q2 by itself has gradient 1.0000: the backward pass "
     "starts here.", "", "3 −2 −6 −3", ". . . 1", "ffff", ". . . ."),
    ("Backward 2 of 4: add", "add distributes: each of q1 and x gets the upstream 1.0000 "
     "unchanged.", f"This gate {ADD}", "3 −2 −6 −3", ". . 1 1", "ffBB", ". . . 1"),
    ("Backward 3 of 4: mul", "mul switches: upstream 1.0000 × the other input −2.0000 = −2.0000 "
     "for x; upstream 1.0000 × the other input 3.0000 = 3.0000 for y.", f"This gate {MUL}",
     "3 −2 −6 −3", ". 3 1 1", "BBbb", "−2 . . 1"),
    ("Backward 4 of 4: sum at x", "x is used 2 times: 1.0000 − 2.0000 = −1.0000; gradients add "
     "where paths meet.", "", "3 −2 −6 −3", "−1 3 1 1", "BbbB", "−2 . . 1")]


def short(text):
    return "." if text is None else text.removesuffix(".0000")


@pytest.mark.parametrize("step", range(len(WALK)))
def test_each_step_says_and_shows_what_is_known(step):
    title, said, rule, values, gradients, passed, shares = WALK[step]
    state = GraphStepper("x*y + x", x=3, y=-2, step=step).state
    assert state["now"] == {"title": title, "said": said, "rule": rule, "warning": ""}
    assert state["controls"] == {"step": step, "forward": 2, "last": 6}
    nodes, wires = state["graph"]["nodes"], state["graph"]["wires"]
    assert [one["name"] for one in nodes] == ["x", "y", "q1", "q2"]
    assert [one["label"] for one in nodes] == ["x", "y", "×", "+"]
    for key, row in (("value", values), ("gradient", gradients)):
        assert " ".join(short(one[key]) for one in nodes) == row
    assert [(one["from"], one["to"], one["place"]) for one in wires] == [
        (0, 2, 0), (1, 2, 1), (2, 3, 0), (0, 3, 1)]
    assert "".join(one["state"][0].upper() if one["active"] else one["state"][0]
                   for one in wires) == passed
    assert " ".join(short(one["part"]) for one in wires) == shares
    active = {0: [], 1: ["q1"], 2: ["q2"], 3: ["q2"], 4: ["q2"], 5: ["q1"], 6: ["x"]}[step]
    assert [one["name"] for one in nodes if one["active"]] == active
    for one, kind in zip(nodes, ("variable", "variable", "mul gate of x and y that switches",
                                 "add gate of q1 and x that distributes"), strict=True):
        numbers = [one[key] or "not known yet" for key in ("value", "gradient")]
        assert one["said"] == f"{one['name']} {kind}: value {numbers[0]}, gradient {numbers[1]}."
    assert [one["output"] for one in nodes] == [False] * 3 + [True]
    assert {one["mark"] for one in nodes} == {""} and not any(one["asked"] for one in nodes)
    assert [one["behaviour"] for one in nodes] == ["variable"] * 2 + ["switches", "distributes"]


def test_a_quiz_asks_for_one_gradient_and_shows_what_was_answered():
    widget = GraphStepper("x*y + x", x=3, y=-2, quiz=True)

    def shown():
        nodes = widget.state["graph"]["nodes"]
        return (" ".join(short(one["gradient"]) for one in nodes),
                [one["name"] for one in nodes if one["asked"]], [one["mark"] for one in nodes],
                "".join(one["state"][0] for one in widget.state["graph"]["wires"]))

    assert widget.state["quiz"]["names"] == ["q1", "y", "x"]
    assert widget.state["quiz"]["tolerance"] == "within 0.5%"
    assert shown() == ("? ? ? 1", ["q1"], ["", "", "", ""], "ffff")
    assert widget.state["graph"]["nodes"][0]["said"] == (
        "x variable: value 3.0000, gradient asked for.")
    browser(widget, {"kind": "answer", "text": "1"})
    assert shown() == ("? ? 1 1", ["y"], ["", "", "right", ""], "ffbf")
    browser(widget, {"kind": "answer", "text": "-3"}, {"kind": "answer", "text": "3"})
    assert shown() == ("? 3 1 1", ["x"], ["", "helped", "right", ""], "fbbf")
    browser(widget, {"kind": "reveal"})
    assert shown() == ("−1 3 1 1", [], ["shown", "helped", "right", ""], "bbbb")
    assert [short(one["part"]) for one in widget.state["graph"]["wires"]] == ["−2", ".", ".", "1"]
    assert widget.state["quiz"]["names"] == []
    assert widget.state["now"] == {"title": "Quiz: the gradients are yours", "said": "", "rule": "",
                                   "warning": ""}


RULES = [
    ("max(x, 1)", {"x": 0.5}, "routes: the input that was chosen gets all of the upstream "
     "gradient, any other 0. Local: ∂(max(a, b))/∂a = 1(a > b) = 0.0000; where inputs tie the "
     "course takes equal parts, and 0 if one of them is a constant"),
    ("2/y", {"y": 4}, "scales: the upstream gradient is multiplied by the local gradient. Local: "
     "∂(a / b)/∂b = −a/b² = −0.1250"),
    ("x - y", {"x": 1, "y": 1}, "distributes: the upstream gradient goes on to every input "
     "unchanged (a minus turns its sign). Local: ∂(a − b)/∂a = 1, ∂(a − b)/∂b = −1"),
    ("relu(x)", {"x": 2}, "routes: the input that was chosen gets all of the upstream gradient, "
     "any other 0. Local: ∂(relu(a))/∂a = 1(a > 0) = 1.0000; at a = 0 the course takes 0")]


@pytest.mark.parametrize(("text", "values", "rule"), RULES)
def test_the_rule_of_a_gate_is_told_on_both_ways(text, values, rule):
    widget = GraphStepper(text, **values, step=1)
    assert widget.state["now"]["rule"] == f"On the way back this gate {rule}"
    widget.set(step=3)
    assert widget.state["now"]["rule"] == f"This gate {rule}"


def test_no_gradient_comes_to_constants_alone():
    widget = GraphStepper("exp(2 + 3)*x", x=1, step=1)
    assert widget.state["now"]["rule"] == "Constants alone: no gradient comes this way."
    labels = [one["label"] for one in widget.state["graph"]["nodes"]]
    assert labels == ["2", "3", "+", "exp", "x", "×"]
    said = {one["said"] for one in widget.state["graph"]["nodes"]}
    assert "constant: value 2.0000, gradient not known yet." in said
    widget.set(quiz=True)
    constants = widget.state["graph"]["nodes"][:4]
    assert [one["gradient"] for one in constants] == [None] * 4


def test_a_value_that_is_no_number_warns_where_it_comes_up_first():
    widget = GraphStepper("log(x) + 1", x=0, step=1)
    wrong = "The log of 0 is minus infinity: −∞."
    assert widget.state["now"]["warning"] == wrong
    assert widget.state["now"]["said"] == f"q1 = log(x) = log(0.0000) = −∞. {wrong}"
    assert widget.state["graph"]["nodes"][1]["said"] == (
        f"q1 log gate of x that scales: value −∞, gradient not known yet. {wrong}")
    widget.set(step=2)
    assert widget.state["now"]["warning"] == ""
    widget.set(step=4)
    assert widget.state["now"]["warning"] == ""


@pytest.mark.parametrize(("value", "most", "text"), [
    (0, 5, "0"), (-5, 5, "−5"), (5.5, 10, "5.5"), (10, 10, "10"), (-10.5, 100, "−10.5"),
    (100, 100, "100"), (101, 1000, "101"), (math.inf, 5, "∞"), (-math.inf, 5, "−∞"),
    (math.nan, 5, "nan")])
def test_a_slider_reaches_the_next_power_of_ten(value, most, text):
    slider, = GraphStepper("x + 1", x=value).state["sliders"]
    shown = value if math.isfinite(value) else 0
    assert slider == {"name": "x", "value": shown, "text": text, "low": -most, "high": most}


@pytest.mark.parametrize("how, places", [
    ("step", [1, 2, 3, 4, 5, 6, 6]), ("back", [0, 0, 1, 2, 3, 4, 5]), ("start", [0] * 7),
    ("forward", [2] * 7), ("backward", [6] * 7)])
def test_the_buttons_go_where_they_say(how, places):
    widget = GraphStepper("x*y + x", x=3, y=-2)
    for step, place in enumerate(places):
        widget.set(step=step)
        browser(widget, {"kind": "go", "how": how})
        assert widget.state["controls"]["step"] == place
    widget.set(quiz=True)
    browser(widget, {"kind": "go", "how": how})
    assert widget.state["controls"]["step"] == 2  # in a quiz all values are known
