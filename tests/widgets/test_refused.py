"""What a widget cannot do it refuses in one line that says why, and stays as it was."""

import numpy as np
import pytest

from helpers import (
    ActivationLab,
    BatchNormLab,
    EditableArray,
    GradientDoctor,
    GraphStepper,
    JacobianExplorer,
    OrderPuzzle,
    ReplacementFinder,
    TensorView,
    check_gradients,
    commutation,
    cost,
)
from helpers.calculus.errors import CodeError, LessonError, NumberError
from helpers.widgets.kit.away.link import LinkError, built, read
from helpers.widgets.kit.messages import page_and_queue, serial_after
from tests.page import browser

X = np.array([[1.0, -2.0], [0.5, 3.0], [-1.5, 2.0]])


def explorer():
    return JacobianExplorer("relu", X)


def stepper():
    return GraphStepper("x*y + 2", x=3, y=-2)


def quiz():
    return GraphStepper("x*y + 2", x=3, y=-2, quiz=True)


def lab():
    return BatchNormLab(X)


def array():
    return EditableArray(X, name="A")


def tensor():
    return TensorView(np.eye(3), 1)


def puzzle():
    return OrderPuzzle(4)


def doctor():
    return GradientDoctor(np.sin, lambda G, X: G * np.cos(X), X)


STAYS = " The lab stays as it was."
GESTURES = [
    (explorer, {"kind": "dance"}, "There is no gesture 'dance'."),
    (explorer, {"kind": "size", "letter": "z", "value": 2},
     "relu has no axis 'z' to set. It has: n, h."),
    (explorer, {"kind": "size", "letter": "n", "value": 33},
     "Axis n cannot have size 33: choose a whole number from 1 to 32."),
    (explorer, {"kind": "edit", "name": "W", "index": 0, "value": 1},
     "W cannot be edited. Edit one of X, G."),
    (explorer, {"kind": "edit", "name": "Y", "index": 0, "value": 1},
     "Y cannot be edited. Edit one of X, G."),
    (explorer, {"kind": "edit", "name": "X", "index": 6, "value": 1},
     "There is no entry 6 in an array of shape (3, 2): its 6 entries count from 0."),
    (explorer, {"kind": "parameter", "name": "at_zero", "value": [1, 2]},
     "relu: at_zero must be one finite number, not [1, 2]."),
    (explorer, {"kind": "parameter", "name": "alpha", "value": 1},
     "relu has nothing named 'alpha'. Its axes: n, h; its parameters: at_zero."),
    (explorer, {"kind": "imagine", "letter": "q", "value": 8},
     "Imagine a size from 1 to 16,384 of one of n, h, not 8 of q."),
    (explorer, {"kind": "imagine", "letter": "n", "value": 16385},
     "Imagine a size from 1 to 16,384 of one of n, h, not 16385 of n."),
    (explorer, {"kind": "choose", "what": "mode", "value": "rings"},
     "There is no mode 'rings'. Choose tiles or blocks."),
    (explorer, {"kind": "choose", "what": "colour", "value": "tiles"},
     "There is no colour 'tiles' to choose."),
    (explorer, {"kind": "play", "on": True, "index": 6},
     "dL/dX has 6 entries, and none of them is number 6."),
    (stepper, {"kind": "dance"}, "There is no gesture 'dance'."),
    (stepper, {"kind": "go", "how": "up"},
     "GraphStepper cannot go 'up'. It goes start, back, step, forward, backward."),
    (stepper, {"kind": "value", "name": "z", "value": 1},
     "GraphStepper: there is no variable z. The expression has x, y."),
    (stepper, {"kind": "value", "name": "x", "value": "six"},
     "GraphStepper: 'six' is not a number."),
    (stepper, {"kind": "hint"}, "There is no quiz now: switch it on first."),
    (quiz, {"kind": "ask", "name": "q2"}, "The quiz does not ask for 'q2'."),
    (quiz, {"kind": "ask", "name": "nobody"}, "The quiz does not ask for 'nobody'."),
    (quiz, {"kind": "answer", "text": "six"},
     "'six' is not a number: type for example −0.39, 1/3 or 0.5*4."),
    (lab, {"kind": "dance"}, "There is no gesture 'dance'."),
    (lab, {"kind": "go", "how": "up"}, "BatchNormLab: there is no way 'up' through the steps."),
    (lab, {"kind": "edit", "name": "W", "index": 0, "value": 1},
     "W cannot be edited. Edit one of X, G, gamma, beta, mean, var."),
    (lab, {"kind": "edit", "name": "X", "index": 0, "value": 1e7},
     "BatchNormLab: X holds 1e+07. The lab takes numbers from −1e6 to 1e6."),
    (lab, {"kind": "edit", "name": "var", "index": 1, "value": -0.5},
     "BatchNormLab: a variance is not negative, but stored v holds -0.5."),
    (lab, {"kind": "slide", "what": "speed", "value": 1}, "BatchNormLab has no slider 'speed'."),
    (lab, {"kind": "slide", "what": "n", "value": 17},
     "BatchNormLab: N must be a whole number from 1 to 16, not 17."),
    (lab, {"kind": "choose", "what": "speed", "value": 1}, "BatchNormLab has no setting 'speed'. "
     "It has: eps, mode, ddof, feature, parts, path, step."),
    (lab, {"kind": "choose", "what": "mode", "value": "test"},
     "BatchNormLab: mode must be training or evaluation, not 'test'."),
    (array, {"kind": "dance"}, "A can be edited, but not 'dance'."),
    (array, {"kind": "edit", "place": 0, "value": True},
     "True is not a number: give one such as 1.5, −2, 1e-3 or nan."),
    (array, {"kind": "edit", "place": -1, "value": 2},
     "There is no entry -1 in an array of shape (3, 2): its 6 entries count from 0."),
    (array, {"kind": "edit", "place": True, "value": 2},
     "There is no entry True in an array of shape (3, 2): its 6 entries count from 0."),
    (tensor, {"kind": "dance"}, "∂Y/∂X can be laid out anew, but not 'dance'."),
    (tensor, {"kind": "mode", "value": "rings"},
     'mode must be "tiles" or "blocks", not \'rings\'.'),
    (puzzle, {"kind": "dance"}, "OrderPuzzle has no gesture 'dance'."),
    (puzzle, {"kind": "move", "card": 2, "to": 0}, "OrderPuzzle: there is no card 2."),
    (puzzle, {"kind": "turn", "card": -1}, "OrderPuzzle: there is no card -1."),
    (puzzle, {"kind": "number", "value": 0},
     "OrderPuzzle: there is no puzzle 0. Choose 1 to 8."),
    (doctor, {"kind": "input", "value": "W"}, "There is no gradient by 'W'."),
    (doctor, {"kind": "mode", "value": "rings"}, "The doctor cannot do 'mode' with 'rings'."),
    (doctor, {"kind": "dance"}, "The doctor cannot do 'dance' with None."),
]


@pytest.mark.parametrize(("make", "gesture", "line"), GESTURES)
def test_a_gesture_that_makes_no_sense_is_refused_in_a_line_and_changes_nothing(
        make, gesture, line):
    widget = make()
    before = {key: part for key, part in widget.state.items() if key not in ("error", "applied")}
    browser(widget, gesture)
    assert widget.last_error == widget.state["error"] == line
    assert {key: part for key, part in widget.state.items() if key in before} == before


CALLS = [
    (lambda: JacobianExplorer("relu", alpha=1),
     "relu has nothing named 'alpha'. Its axes: n, h; its parameters: at_zero."),
    (lambda: JacobianExplorer("sigmoid", alpha=1),
     "sigmoid has nothing named 'alpha'. Its axes: n, h; its parameters: none."),
    (lambda: explorer().set(Q=1), "relu has no array 'Q'. Set one of X, G."),
    (lambda: explorer().set(G=[[1.0]]),
     "relu: G has shape (1, 1), but Y has (3, 2). Give G the shape of Y."),
    (lambda: JacobianExplorer("relu", n=2.5),
     "Axis n cannot have size 2.5: choose a whole number from 1 to 32."),
    (lambda: JacobianExplorer("relu", np.ones((1, 1025))), "∂Y/∂X would have shape (1, 1025, 1, "
     "1025): 1,050,625 entries, and a screen shows 1,048,576. Choose smaller sizes; the sliders "
     "under “Now imagine” count bigger ones."),
    (lambda: GraphStepper("x", y=1), "GraphStepper: the expression has no variable y. It has x."),
    (lambda: GraphStepper("3", y=1),
     "GraphStepper: the expression has no variable y. It has none."),
    (lambda: stepper().set(z=1), "GraphStepper: there is no variable z. The expression has x, y."),
    (lambda: stepper().set(step=7),
     'GraphStepper: step must be from 0 to 5, "forward" or "end", not 7.'),
    (lambda: stepper().set(step=True),
     'GraphStepper: step must be from 0 to 5, "forward" or "end", not True.'),
    (lambda: stepper().set(step=[]),
     'GraphStepper: step must be from 0 to 5, "forward" or "end", not [].'),
    (lambda: GraphStepper("2 + 3", quiz=True),
     "There is no gradient to ask for: the expression needs a gate and a variable."),
    (lambda: lab().set(Q=1), "BatchNormLab has no setting 'Q'. It has: eps, mode, ddof, feature, "
     "parts, path, step."),
    (lambda: BatchNormLab(X, gamma=[1.0]), "BatchNormLab: gamma has shape (1,), but X of shape "
     "(3, 2) needs gamma of shape (2,)."),
    (lambda: BatchNormLab(np.ones(3)), "BatchNormLab: X has shape (3,), but the lab shows 1 to 16 "
     "examples of 1 to 4 features: (N, H)."),
    (lambda: BatchNormLab(X, eps=-1), "BatchNormLab: ε must be one number from 0 to 1e6, not -1."),
    (lambda: BatchNormLab(X, eps=[1]),
     "BatchNormLab: ε must be one number from 0 to 1e6, not [1]."),
    (lambda: EditableArray(X, axes="n"), "X needs 1 axis (n), but has shape (3, 2)."),
    (lambda: EditableArray(np.ones(4097)), "X of shape (4097,) has 4,097 entries, but at most "
     "4,096 can be edited. Show a part of it."),
    (lambda: TensorView(np.ones((33, 32, 32, 32))), "∂Y/∂X of shape (33, 32, 32, 32) has "
     "1,081,344 entries, and a screen shows 1,048,576. Show a part of it, or choose smaller "
     "sizes."),
    (lambda: TensorView(X, -1), "output_ndim is -1, but ∂Y/∂X of shape (3, 2) has 2 axes: choose a "
     "whole number from 0 to 2."),
    (lambda: TensorView(X, 3), "output_ndim is 3, but ∂Y/∂X of shape (3, 2) has 2 axes: choose a "
     "whole number from 0 to 2."),
    (lambda: TensorView(np.ones([2] * 4), 0), "∂Y/∂X of shape (2, 2, 2, 2) has 0 axes of the "
     "output and 4 of the input: the picture has room for 3 of each."),
    (lambda: TensorView(np.ones([2] * 5), 4), "∂Y/∂X of shape (2, 2, 2, 2, 2) has 4 axes of the "
     "output and 1 of the input: the picture has room for 3 of each."),
    (lambda: TensorView(X, 1, axes="n h"), "∂Y/∂X of shape (3, 2) has 1 axes of the output and 1 "
     "of the input, but axes='n h' names 2 axes (n, h) and no axes (one "
     "number)."),
    (lambda: TensorView(X, 1, axes="n, n"), "∂Y/∂X: axis n is 3 in the output but 2 in the input. "
     "Give one of them another letter."),
    (lambda: TensorView(X, 2, axes="n n,"), "∂Y/∂X: axis n stands twice among n, n."),
    (lambda: OrderPuzzle(9), "OrderPuzzle: there is no puzzle 9. Choose 1 to 8."),
    (lambda: OrderPuzzle(seed=0.5),
     "OrderPuzzle: seed must be a whole number from 0, not 0.5."),
    (lambda: puzzle().set(order=()), "OrderPuzzle: order must hold G, W, each once; it holds "
     "nothing."),
    (lambda: puzzle().set(turned=("V",)), "OrderPuzzle: 'V' cannot be transposed here. These can: "
     "G, W."),
    (lambda: OrderPuzzle(1).set(turned="J_z"), "OrderPuzzle: 'J_z' cannot be transposed here. "
     "These can: none."),
    (lambda: GradientDoctor(np.sin, lambda G, X: G, X, wrt="W"),
     "There is no gradient by 'W'. Choose from x."),
    (lambda: GradientDoctor(mode="rings"), 'mode must be "tiles" or "blocks", not \'rings\'.'),
]


@pytest.mark.parametrize(("call", "line"), CALLS, ids=[line[:40] for _, line in CALLS])
def test_a_call_that_makes_no_sense_raises_that_line(call, line):
    with pytest.raises(LessonError) as caught:
        call()
    assert str(caught.value) == line


MAKERS = (explorer, stepper, quiz, lab, array, tensor, puzzle, doctor)


@pytest.mark.parametrize("make", MAKERS)
def test_a_page_cannot_set_what_only_python_says_and_hears_it_again(make, monkeypatch):
    widget, again = make(), []
    monkeypatch.setattr(widget, "send_state", again.append)
    names = {name for name in widget.keys if name.startswith("_")} - {"_view_count"}
    names |= {"state", "settled", "reading"} & set(widget.keys)
    before = {name: getattr(widget, name) for name in names}
    assert {"state", "settled", "_esm", "_css", "_script", "_model_name"} <= names
    for name in names:
        for value in ({}, "", "body {display: none}", None):
            widget.set_state({name: value, "projecting": True})
            assert again.pop() == [name] and widget.projecting
            widget.set_state({"projecting": False, "_view_count": 2})
            assert again == [] and not widget.projecting and widget._view_count == 2
    assert {name: getattr(widget, name) for name in names} == before
    assert widget.last_error is None


ENDLESS = ["x" * 5000, "\x1b[31m" + "x" * 5000, list(range(2000)), ["\x1b"] * 999, 10**4000,
           int("9" * 4000), {"a": ["b" * 5000]}]
GIVEN = ("value", "name", "letter", "what", "how", "kind", "text", "card", "place", "index")


@pytest.mark.parametrize("make", MAKERS)
def test_whatever_is_refused_is_told_in_a_line_that_a_screen_has_room_for(make):
    """Each part of each gesture that is refused above, with something endless in its place."""
    gestures = [gesture for maker, gesture, _ in GESTURES if maker is make]
    refused = 0
    for gesture in gestures:
        for name in set(gesture) & set(GIVEN):
            for value in ENDLESS:
                widget = make()
                browser(widget, {**gesture, name: value})
                said = widget.last_error or ""
                refused += bool(said)
                assert said.isprintable() and len(said) <= 400, (gesture, name, said[:200])
    assert refused > 6


@pytest.mark.parametrize("call", [
    lambda given: explorer().set(**{given: 1}), lambda given: lab().set(**{given: 1}),
    lambda given: JacobianExplorer("relu", mode=given), lambda given: stepper().set(**{given: 1}),
    lambda given: puzzle().set(**{given: 1}), lambda given: GradientDoctor(mode=given),
    lambda given: ActivationLab(**{given: 1}), lambda given: commutation(given, 2),
    lambda given: cost(given), lambda given: cost("relu", wrt=given),
    lambda given: lab().set(mode=given), lambda given: explorer().set(layout=given)])
def test_from_python_too(call):
    for given in ("x" * 5000, "\x1b[31mred"):
        with pytest.raises(Exception) as caught:
            call(given)
        said = str(caught.value)
        assert said.isprintable() and len(said) <= 800 and "x" * 70 not in said, said[:200]


def test_a_value_of_another_shape_is_one_line_and_the_array_stays():
    widget = array()
    with pytest.raises(LessonError, match=r"^A has shape \(3, 2\) and keeps its 2 axes \(n, h\): "
                                          r"it cannot become an array of shape \(2,\)\.$"):
        widget.value = [1.0, 2.0]
    assert np.array_equal(widget.value, X)


def test_a_doctor_without_code_says_what_it_takes():
    with pytest.raises(CodeError, match=r"GradientDoctor\(forward, backward, X, W, b\)"):
        _ = GradientDoctor().checks
    assert "GradientDoctor(forward, backward, X, W, b)" in repr(GradientDoctor())


@pytest.mark.parametrize(("cell", "line"), [
    ("GradientDoctor(1)", "GradientDoctor takes functions, and this link brings none."),
    ("GradientDoctor()", "GradientDoctor takes functions, and this link brings none."),
    ("def f(X):\n    return X\nGradientDoctor(f, [1.0])",
     "This link brings code of its own. Read it, then press the button that runs it."),
    ("EditableArray()", "EditableArray cannot be made so: EditableArray.__init__() missing 1 "
     "required positional argument: 'values'")])
def test_a_link_that_makes_no_widget_says_why(cell, line):
    with pytest.raises(LinkError) as caught:
        built(read(cell))
    assert str(caught.value).startswith(line)


@pytest.mark.parametrize(("last", "serial", "taken"), [
    (0, 1, 1), (0, 1_000_000, 1_000_000), (7, 7, None), (7, 1, None), (7, 8, 8),
    (7, 1_000_007, 1_000_007)])
def test_a_gesture_counts_once_and_up_to_a_million_ahead(last, serial, taken):
    assert serial_after(last, {"serial": serial}) == taken


@pytest.mark.parametrize("gesture", [{}, 5, None, *({"serial": serial} for serial in (
    0, -1, 1_000_001, "1", True, 1.0, None))])
def test_a_gesture_without_a_serial_that_counts_is_refused(gesture):
    with pytest.raises(ValueError, match="a serial up to 1,000,000 is needed, not"):
        serial_after(0, gesture)


def test_a_message_is_a_page_s_name_and_a_list():
    assert page_and_queue({"client": "a" * 64, "queue": [1]}) == ("a" * 64, [1])
    for message in ({}, {"client": "a" * 65, "queue": []}, {"client": 1, "queue": []},
                    {"client": "a"}, {"client": "a", "queue": {}}):
        with pytest.raises(ValueError, match="a page's name and a list of gestures are needed"):
            page_and_queue(message)


SEEDED = {
    "check_gradients": lambda seed: check_gradients("relu", X, seed=seed),
    "GradientDoctor": lambda seed: GradientDoctor(np.sin, lambda G, X: G, X, seed=seed),
    "JacobianExplorer": lambda seed: JacobianExplorer("relu", X, seed=seed),
    "BatchNormLab": lambda seed: BatchNormLab(X, seed=seed),
    "ReplacementFinder": lambda seed: ReplacementFinder(seed=seed),
    "OrderPuzzle": lambda seed: OrderPuzzle(4, seed=seed),
}


@pytest.mark.parametrize("seed", ["a", -1, 1.5, None])
@pytest.mark.parametrize("who", SEEDED)
def test_a_seed_is_a_whole_number(who, seed):
    words = f"{who}: seed must be a whole number from 0, not {seed!r}"
    with pytest.raises(NumberError, match=words):
        SEEDED[who](seed)


@pytest.mark.parametrize("made, words", [
    (lambda: GradientDoctor("relu", X), r"name of an operation: check_gradients\('relu', …"),
    (lambda: GraphStepper(X), "An expression is a text"),
    (lambda: lab().set(mode=X), "mode must be training or evaluation"),
    (lambda: lab().set(mode=[]), "mode must be training or evaluation"),
    (lambda: lab().set(step=X), "step must be a whole number from 0 to"),
    (lambda: stepper().set(step={}), "step must be from 0 to 5"),
    (lambda: explorer().set(mode=X), "There is no mode array"),
    (lambda: setattr(tensor(), "mode", X), 'mode must be "tiles" or "blocks", not array'),
    (lambda: ActivationLab().set(mean=10**400), "it must be a finite number"),
    (lambda: OrderPuzzle(4, X), "layout must be"), (lambda: OrderPuzzle(X), "no puzzle array")])
def test_what_stands_in_the_place_of_a_name_is_refused_in_one_line(made, words):
    with pytest.raises(LessonError, match=words) as refused:
        made()
    assert "\n" not in str(refused.value)


def test_a_seed_may_come_out_of_an_array():
    assert OrderPuzzle(4, seed=np.int64(2)).cell() == OrderPuzzle(4, seed=2).cell()


def test_a_cell_keeps_the_sign_of_zero():
    """1/−0 is −∞."""
    assert "y=0, x=-0.0" in GraphStepper("y/x", x=-0.0, y=0.0).cell()
