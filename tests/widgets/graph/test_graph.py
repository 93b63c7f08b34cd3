"""The graph stepper without a browser: steps, gestures, the picture, and the layout."""

import itertools
import json
import math
import random

import pytest

from helpers.calculus.errors import LessonError, UnknownInput, UnknownParameter
from helpers.calculus.graph import Graph
from helpers.calculus.graph.expression import ExpressionError, names_in
from helpers.widgets.graph import GraphStepper
from helpers.widgets.graph.layout import _neighbours, _ordered, crossings, label, layout
from helpers.widgets.graph.picture import draw_graph
from tests.amount import amount
from tests.page import browser
from tests.widgets.graph.expressions import random_text, random_values

NEURON = "1/(1+exp(-(w0*x0+w1*x1+w2)))"
WEIGHTS = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}


def neuron(**settings):
    return GraphStepper(NEURON, **WEIGHTS, **settings)


def go(widget, *ways):
    browser(widget, *({"kind": "go", "how": how} for how in ways))


def node(widget, name):
    return next(n for n in widget.state["graph"]["nodes"] if n["name"] == name)


# --- steps ---


def test_step_by_step_forward_and_back():
    widget = GraphStepper()
    assert widget.state["now"]["title"] == "Before the first step"
    assert node(widget, "x")["value"] == "−2.0000" and node(widget, "q1")["value"] is None
    go(widget, "step")
    assert widget.state["now"]["title"] == "Forward 1 of 2: add"
    assert node(widget, "q1")["value"] == "3.0000" and node(widget, "q1")["active"]
    assert node(widget, "q2")["value"] is None
    go(widget, "forward")
    assert node(widget, "q2")["value"] == "−12.0000" and node(widget, "q2")["gradient"] is None
    go(widget, "step", "step")
    assert widget.state["now"]["title"] == "Backward 2 of 3: mul"
    assert "switches: upstream 1.0000 × the other input −4.0000 = −4.0000 for q1" in (
        widget.state["now"]["said"])
    assert (node(widget, "q1")["gradient"], node(widget, "z")["gradient"]) == (
        "−4.0000", "3.0000")
    assert node(widget, "x")["gradient"] is None
    go(widget, "backward", "step")
    assert [node(widget, name)["gradient"] for name in "xyz"] == [
        "−4.0000", "−4.0000", "3.0000"]
    assert widget.state["controls"] == {"step": 5, "forward": 2, "last": 5}
    go(widget, "back", "start", "back")
    assert widget.state["controls"]["step"] == 0 and widget.last_error is None


def test_paths_that_meet_are_listed_before_their_sum():
    widget = GraphStepper("x*x + x", x=3, step="forward")
    go(widget, "step", "step")
    parts = [wire["part"] for wire in widget.state["graph"]["wires"]]
    assert sorted(parts, key=str) == ["1.0000", None, None, None]
    assert node(widget, "x")["gradient"] is None
    go(widget, "step")
    parts = sorted(wire["part"] for wire in widget.state["graph"]["wires"] if wire["part"])
    assert parts == ["1.0000", "3.0000", "3.0000"]
    assert node(widget, "x")["gradient"] is None
    go(widget, "step")
    assert widget.state["now"]["title"].endswith("sum at x")
    assert "1.0000 + 3.0000 + 3.0000 = 7.0000" in widget.state["now"]["said"]
    assert node(widget, "x")["gradient"] == "7.0000"


def test_every_step_has_a_sentence_and_a_title():
    widget = neuron()
    for _ in range(widget.state["controls"]["last"]):
        go(widget, "step")
        assert widget.state["now"]["said"].endswith(".") and widget.state["now"]["title"]
    assert node(widget, "q8")["said"] == (
        "q8 reciprocal gate of q7 that scales: value 0.7311, gradient 1.0000.")


def test_values_change_and_positions_stay():
    widget = neuron(step="end")
    before = [(n["name"], n["layer"], n["row"]) for n in widget.state["graph"]["nodes"]]
    browser(widget, {"kind": "value", "name": "w0", "value": -4.5, "stroke": 1},
            {"kind": "value", "name": "w0", "value": 3.5, "stroke": 1})
    graph = Graph(NEURON, **{**WEIGHTS, "w0": 3.5})
    assert widget.gradients == graph.gradients and widget.value == graph.value
    assert [(n["name"], n["layer"], n["row"]) for n in widget.state["graph"]["nodes"]] == before
    assert widget.state["controls"]["step"] == widget.state["controls"]["last"]
    browser(widget, {"kind": "undo"})
    assert widget.gradients == Graph(NEURON, **WEIGHTS).gradients


def test_the_first_trouble_is_marked_and_said():
    widget = GraphStepper("1/x + y", x=0, y=1, step="end")
    assert node(widget, "q1")["trouble"] == "Division by zero: ∞."
    assert node(widget, "q2")["trouble"] == "" and node(widget, "q2")["value"] == "∞"
    widget.set(step=1)
    assert "Division by zero: ∞." in widget.state["now"]["said"]


def test_sliders_hold_their_range_while_a_value_moves():
    widget = GraphStepper("x*y", x=2, y=60)
    assert [(s["low"], s["high"]) for s in widget.state["sliders"]] == [(-5, 5), (-100, 100)]
    widget.set(x=-5)
    assert widget.state["sliders"][0]["high"] == 5
    widget.set(x=math.inf)
    assert widget.state["sliders"][0]["text"] == "∞" and widget.state["sliders"][0]["value"] == 0
    json.dumps(widget.state, allow_nan=False)


# --- the expression ---


def test_a_new_expression_keeps_the_values_it_knows():
    widget = GraphStepper("x*y", x=3, y=4)
    browser(widget, {"kind": "text", "text": "exp(y) + z"})
    assert [s["name"] for s in widget.state["sliders"]] == ["y", "z"]
    assert widget.graph.values == {"y": 4, "z": 1} and widget.state["controls"]["step"] == 0
    browser(widget, {"kind": "text", "text": "x + y"})
    assert widget.graph.values == {"x": 3, "y": 4}
    browser(widget, {"kind": "reset"})
    assert widget.state["expression"]["text"] == "x*y"


def test_an_error_points_at_its_place_and_the_graph_stays():
    widget = neuron(step="end")
    browser(widget, {"kind": "text", "text": "w0 +* x0"})
    shown = widget.state["expression"]
    assert shown["text"] == "w0 +* x0" and (shown["problem"]["column"],
                                             shown["problem"]["length"]) == (4, 1)
    assert widget.last_error == shown["problem"]["line"] == widget.state["error"]
    assert widget.gradients == Graph(NEURON, **WEIGHTS).gradients
    go(widget, "back")
    assert widget.state["expression"]["problem"] is None and widget.last_error is None


@pytest.mark.parametrize("text", ["step*2", "quiz", "fuse + x", "1 + text"])
def test_settings_cannot_be_variables(text):
    with pytest.raises(ExpressionError, match="setting"):
        GraphStepper(text)


def test_both_grains():
    widget = neuron()
    assert widget.state["fuse"] == {"choices": ["sigmoid"], "fused": []}
    browser(widget, {"kind": "fuse", "name": "sigmoid"}, {"kind": "go", "how": "backward"})
    assert widget.state["fuse"] == {"choices": ["sigmoid"], "fused": ["sigmoid"]}
    assert node(widget, "q5")["label"] == "σ" and node(widget, "w0")["gradient"] == "−0.1966"
    browser(widget, {"kind": "fuse", "name": ""})
    assert node(widget, "q8")["label"] == "1/a"


def test_an_expression_without_variables_or_gates():
    for text in ("2*3 + 1", "x", "5"):
        widget = GraphStepper(text, step="end")
        go(widget, "start", "backward")
        assert widget.last_error is None
        assert draw_graph(widget.graph, "x").says == "x"
    browser(widget, {"kind": "quiz", "on": True})
    assert "no gradient to ask for" in widget.last_error


@pytest.mark.slow
def test_two_hundred_gates_are_shown_and_more_are_refused_in_a_line():
    widget = GraphStepper("+".join(["sin(x)*y"] * 67), step="end")  # 67 · 2 + 66 gates
    assert len(widget.state["graph"]["nodes"]) == 202 and widget.last_error is None
    assert len(repr(GraphStepper("*".join(f"x{i}" for i in range(200))))) < 500
    dots = widget.figure().axes[0].collections[1].get_offsets()
    assert len(dots) == 202 and len(widget._repr_mimebundle_()[0]["image/png"]) > 5000
    browser(widget, {"kind": "text", "text": "+".join(["x*y"] * 101)})
    assert "201 gates are more than this widget draws, 200" in widget.state["error"]
    assert len(widget.state["graph"]["nodes"]) == 202
    with pytest.raises(LessonError, match="201 gates"):
        GraphStepper("+".join(["x*y"] * 101))


# --- the quiz ---


def test_the_picture_and_the_sentence_tell_no_more_than_the_steps():
    widget = GraphStepper("(x+y)*z", x=-2, y=5, z=-4)
    assert repr(widget).endswith("; 0 of 3 gradients known, the steps back bring the others")
    texts = [t.get_text() for t in widget.figure().axes[0].texts]
    assert texts.count("?") == 5 and "−12.0000" in texts
    widget.set(step=4)
    texts = [t.get_text() for t in widget.figure().axes[0].texts]
    assert texts.count("?") == 2 and "1 of 3 gradients known" in repr(widget)


# --- from Python ---


def test_a_text_that_was_refused_on_the_page_hinders_no_set():
    widget = GraphStepper("x*y", x=1, y=2)
    browser(widget, {"kind": "text", "text": "x +"})
    widget.set(x=3)
    assert widget.value == 6 and widget.state["error"] == ""


def test_set_changes_all_or_nothing():
    widget = GraphStepper("x*y", x=1, y=2)
    widget.set(text="x*y + z", z=5, step="end")
    assert widget.value == 7 and node(widget, "z")["gradient"] == "1.0000"
    with pytest.raises(UnknownInput):
        widget.set(x=9, w=1)
    with pytest.raises(LessonError, match="Column 2"):
        widget.set(text="x$", x=9)
    with pytest.raises(LessonError, match="from 0 to"):
        widget.set(x=9, step=99)
    assert widget.value == 7 and widget.state["expression"]["text"] == "x*y + z"


def test_a_copy_of_the_graph_cannot_change_the_widget():
    widget = GraphStepper("x*y", x=1, y=2)
    widget.graph.set(x=9)
    assert widget.value == 2


@pytest.mark.parametrize("make, error", [
    (lambda: GraphStepper("x*", x=1), ExpressionError),
    (lambda: GraphStepper("x", y=1), UnknownInput),
    (lambda: GraphStepper("x", x="1"), LessonError),
    (lambda: GraphStepper("x*y", fuse="sigmoid"), UnknownInput),
    (lambda: GraphStepper("x*y", step=-1), LessonError),
    (lambda: GraphStepper("x*y").set(fuse="swish"), UnknownInput)])
def test_wrong_arguments_are_refused_in_one_line(make, error):
    with pytest.raises(error) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_odd_gestures_are_refused():
    widget = GraphStepper()
    for gesture in ({"kind": "fly"}, {"kind": "go", "how": "up"}, {"kind": "ask", "name": "x"},
                    {"kind": "value", "name": "nobody", "value": 1},
                    {"kind": "fuse", "name": "sigmoid"}, {"kind": "text", "text": 5}):
        browser(widget, gesture)
        assert widget.last_error and "\n" not in widget.last_error
        assert widget.value == -12


def test_code_makes_the_same_stepper_again(capsys):
    widget = neuron(step=3, fuse="sigmoid")
    widget.set(w0=0.25, x1=math.nan)
    widget.set(step=3)
    widget.code()
    space = {}
    code = capsys.readouterr().out.replace("from helpers import GraphStepper", "")
    exec(code, {"GraphStepper": lambda *a, **k: space.update(made=GraphStepper(*a, **k))})
    assert space["made"].state["graph"] == widget.state["graph"]


def test_unknown_settings_are_named():
    from helpers.widgets.graph.state import with_settings
    with pytest.raises(UnknownParameter, match="step, quiz, fuse"):
        with_settings(GraphStepper()._present, {"speed": 2})


def test_the_bundle_has_text_picture_and_view():
    data, metadata = neuron()._repr_mimebundle_()
    assert data["text/plain"].startswith("GraphStepper: 1/(1+exp(-(w0*x0+w1*x1+w2)))")
    assert metadata["image/png"]["alt"] == data["text/plain"] and len(data["image/png"]) > 5000


# --- the layout and the picture ---


def order(plan):
    """Rows of a layout, and what follows each item, with bends as items."""
    after, rows = {}, [[] for _ in range(plan.layers)]
    items = {(place, index) for index, place in plan.places.items()}
    for wire in plan.wires:
        chain = [wire.source, *((wire.source, bend) for bend in wire.bends), wire.target]
        items |= {(bend, (wire.source, bend)) for bend in wire.bends}
        for a, b in itertools.pairwise(chain):
            after.setdefault(a, []).append(b)
    for (layer, row), item in items:
        rows[layer].append((row, str(item), item))
    return [[item for _, _, item in sorted(row)] for row in rows], after


@pytest.mark.parametrize("text", [NEURON, "(x+y)*z", "log(1+exp(x))", "2*(max(x,y)*z + relu(w))",
                                  "(w*x + b - t)**2", "x*x + x*y + exp(x)"])
def test_wires_of_the_examples_do_not_cross(text):
    plan = layout(Graph(text, **dict.fromkeys(names_in(text), 1)))
    assert crossings(*order(plan)) <= (1 if "x*x" in text else 0)


@pytest.mark.parametrize("text", [NEURON, "(x+y)*max(x,z)**2 + x*exp(-y)/(1+abs(x*z))",
                                  "+".join(f"x{i % 9}*y{i % 7}" for i in range(60)), "2*3+x", "x"])
def test_nodes_stand_apart_and_after_their_inputs(text):
    graph = Graph(text, **dict.fromkeys(names_in(text), 1))
    plan = layout(graph)
    rows = {}
    for layer, row in plan.places.values():
        rows.setdefault(layer, []).append(row)
        assert 0 <= layer < plan.layers and 0 <= row <= plan.rows - 1 + 1e-9
    for row in rows.values():
        row.sort()
        assert all(b - a >= 1 - 1e-9 for a, b in itertools.pairwise(row))
    for wire in plan.wires:
        assert plan.places[wire.source][0] < plan.places[wire.target][0]
    items = [*plan.places.values(), *(bend for wire in plan.wires for bend in wire.bends)]
    assert {layer for layer, _ in items} == set(range(plan.layers))
    assert (min(row for _, row in items), max(row for _, row in items)) == (
        0, pytest.approx(plan.rows - 1))


def test_crossings_are_counted():
    assert crossings([[1, 2], [3, 4]], {1: [4], 2: [3]}) == 1
    assert crossings([[1, 2], [3, 4]], {1: [3, 4], 2: [4]}) == 0
    assert crossings([[1, 2], [3, 4, 5]], {1: [4, 5], 2: [3, 4]}) == 3


def test_most_of_what_can_be_drawn_without_a_crossing_is():
    """Rows of two to four layers in which every wire lies beside the one before, shuffled."""
    uncrossed = 0
    for seed in range(100):
        chance = random.Random(seed)
        rows = [[(layer, i) for i in range(chance.randint(2, 5))]
                for layer in range(chance.randint(2, 4))]
        links = []
        for row, following in itertools.pairwise(rows):
            i = j = 0
            links.append((row[0], following[0]))
            while i + j < len(row) + len(following) - 2:
                first = j == len(following) - 1 or (i < len(row) - 1 and chance.random() < 0.5)
                i, j = i + first, j + (not first)
                links.append((row[i], following[j]))
        for some in (*rows, links):
            chance.shuffle(some)
        before, after = _neighbours(links)
        found = _ordered([*rows], before, after)
        assert [sorted(row) for row in found] == [sorted(row) for row in rows]
        uncrossed += crossings(found, after) == 0
    assert uncrossed > 70


@pytest.mark.parametrize("text, shown", [
    ("x + 1", "+ 1"), ("1 + x", "+ 1"), ("3*x", "× 3"), ("2 - x", "2 −"), ("x - 2", "− 2"),
    ("x/4", "÷ 4"), ("3/x", "3 ÷"), ("x**2", "** 2"), ("2**x", "2 **"), ("max(0, x)", "max 0"),
    ("1/x", "1/a"), ("x*x", "×")])
def test_a_constant_stands_inside_its_gate(text, shown):
    assert label(Graph(text, x=2).output) == shown


def test_the_picture_shows_every_value_and_gradient():
    texts = [t.get_text() for t in neuron(step="end").figure().axes[0].texts]
    for number in ("0.7311", "1.3679", "0.3679", "−0.5344", "0.3932", "−0.5898", "6.0000"):
        assert number in texts


@pytest.mark.parametrize("seed", range(amount(3, 12, 200)))
def test_no_number_of_the_picture_lies_on_a_wire_or_on_another(seed):
    text = random_text(seed)
    graph = Graph(text, **random_values(seed, names_in(text)))
    figure = draw_graph(graph, "x")
    numbers = [one for one in figure.axes[0].texts if one.get_ha() != "center"][:-2]  # and the key
    numbers += [one for one in figure.axes[0].texts if one.get_style() == "italic"]
    boxes = [(one.get_text(), one.get_window_extent()) for one in numbers]
    wires = [line.get_transform().transform_path(line.get_path()) for line in figure.axes[0].lines]
    for place, (number, box) in enumerate(boxes):
        digits = box.padded(-0.2 * box.height)  # of the height of a line
        assert not any(wire.intersects_bbox(digits, filled=False) for wire in wires), (text, number)
        assert not any(digits.overlaps(other) for _, other in boxes[:place]), (text, number)


def test_shares_stand_on_the_wires_where_gradients_add():
    graph = Graph("x*x + x*y", x=3, y=2)
    texts = [t.get_text() for t in draw_graph(graph, "x").axes[0].texts]
    shares = [text.get_text() for text in draw_graph(graph, "x").axes[0].texts
              if text.get_style() == "italic"]
    assert shares == ["3.0000", "3.0000", "2.0000"] and "8.0000" in texts
    texts = draw_graph(graph, "x", {"x"}).axes[0].texts
    assert [text.get_text() for text in texts].count("?") == 1
    assert all(text.get_style() == "normal" for text in texts)
