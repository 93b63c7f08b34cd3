"""The order puzzle without a browser: the arithmetic of shapes, answers, score, gestures."""

import itertools

import numpy as np
import pytest

from helpers.calculus.errors import LessonError, NumberError, UnknownInput, UnknownLayout
from helpers.widgets.order.order import OrderPuzzle, puzzles
from tests.amount import amount
from tests.page import browser

EVENTS = amount(100, 300, 10_000)
LAYOUTS = ("numerator", "denominator")
SQUARE = puzzles.COUNT  # the puzzle in which shapes do not help


def solve(widget):
    """Arrange the puzzle as it should be."""
    puzzle = widget._present.puzzle
    names = [factor.name for factor in puzzle.factors]
    widget.set(order=names, turned=[n for n, t in zip(names, puzzle.turns, strict=True) if t])


def arrangements(puzzle):
    """Every order with every choice of transposes."""
    count = len(puzzle.factors)
    turns = [(False, True) if factor.turned else (False,) for factor in puzzle.factors]
    return itertools.product(itertools.permutations(range(count)), itertools.product(*turns))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("number", range(1, puzzles.COUNT + 1))
def test_shapes_alone_decide_except_where_they_are_equal(number, layout):
    for seed in range(20):
        puzzle = puzzles.puzzle(number, layout, seed)
        fitting = [(order, turns) for order, turns in arrangements(puzzle) if puzzles.arithmetic(
            puzzles.placed(puzzle, order, turns))[1] == puzzle.goal_shape]
        assert len(fitting) == (2 if number == SQUARE else 1)
        right = [one for one in arrangements(puzzle) if puzzles.verdict(puzzle, *one)[0]]
        assert right == [(tuple(range(len(puzzle.factors))), puzzle.turns)]
        assert right[0] in fitting


@pytest.mark.parametrize("number", (1, 2, 3, 7))
def test_the_two_layouts_are_reversed_and_transposed(number):
    one, other = (puzzles.puzzle(number, layout, 3) for layout in LAYOUTS)
    assert one.goal_shape == other.goal_shape[::-1]
    shapes = [shape for _, shape in puzzles.placed(one, range(len(one.factors)), one.turns)]
    turned = [shape for _, shape in puzzles.placed(other, range(len(one.factors)), other.turns)]
    assert [shape[::-1] for shape in shapes] == turned[::-1]


def test_right_orders_are_derivatives():
    """Puzzles 4 and 5 with numbers: the product is the gradient of the batch layer."""
    random = np.random.default_rng(0)
    X, W = random.normal(size=(4, 3)), random.normal(size=(3, 2))
    G = random.normal(size=(4, 2))
    arrays = {"X": X, "W": W, "G": G, "Xᵀ": X.T, "Wᵀ": W.T, "Gᵀ": G.T}
    J = {"X": np.einsum("nk,mk->nm", G, W), "W": np.einsum("nk,nm->mk", G, X)}
    for number, by in ((4, "X"), (5, "W")):
        puzzle = puzzles.puzzle(number)
        names = [name for name, _ in puzzles.placed(puzzle, (0, 1), puzzle.turns)]
        np.testing.assert_allclose(arrays[names[0]] @ arrays[names[1]], J[by])


def test_the_answer_is_shape_arithmetic():
    widget = OrderPuzzle(4, seed=0)
    widget.set(order=("W", "G"))
    assert widget.check() == "(3×2)(4×2): inner 2 ≠ 4, so W · G cannot be multiplied."
    widget.set(order=("W", "G"), turned=("G",))
    assert widget.check() == ("(3×2)(2×4) can be multiplied, but gives 3×4; dL/dX is 4×3.")
    widget.set(order=("G", "W"), turned=("W",))
    assert widget.check().startswith("(4×2)(2×3) ok: 4×3, the shape of dL/dX. Right:")
    widget.set(number=SQUARE, order=("J_y", "J_z"))
    assert "but not the chain rule" in widget.check()
    widget.set(order=("J_z", "J_y"))
    assert "without an error" in widget.check()


def test_the_score_counts_first_tries():
    widget = OrderPuzzle()
    solve(widget)
    widget.check()
    widget.check()
    assert widget.score == "1 of 8 solved in the numerator layout, 1 at the first try"
    browser(widget, {"kind": "next"}, {"kind": "check"})
    assert widget.state["number"] == 2 and not widget.state["good"]
    solve(widget)
    browser(widget, {"kind": "check"})
    assert widget.state["good"] and widget.state["marks"][:3] == ["first", "later", ""]
    assert widget.score == "2 of 8 solved in the numerator layout, 1 at the first try"
    browser(widget, {"kind": "layout", "value": "denominator"})
    assert widget.score.startswith("0 of 8 solved in the denominator")
    browser(widget, {"kind": "undo"})
    assert widget.state["marks"][0] == "first"
    browser(widget, {"kind": "reset"})
    assert widget.score.startswith("0 of 8")


def test_cards_are_dealt_in_a_wrong_order():
    for number, seed in itertools.product(range(1, 9), range(10)):
        widget = puzzles.puzzle(number, "numerator", seed)
        order = puzzles.shuffled(widget.factors, number, seed)
        assert sorted(order) == list(range(len(order))) != list(order)


def test_moving_and_turning():
    widget = OrderPuzzle(3)
    widget.set(order=("J_u", "J_z", "J_y"))
    browser(widget, {"kind": "move", "card": 0, "to": 2, "stroke": "a"})
    assert [c["name"] for c in widget.state["cards"]] == ["J_z", "J_y", "J_u"]
    browser(widget, {"kind": "move", "card": 0, "to": -5, "stroke": "b"},
            {"kind": "move", "card": 1, "to": 99, "stroke": "c"})
    assert [c["name"] for c in widget.state["cards"]] == ["J_u", "J_y", "J_z"]
    browser(widget, {"kind": "turn", "card": 0})
    assert "stands in its layout already" in widget.state["error"]
    browser(widget, {"kind": "undo"})
    assert [c["name"] for c in widget.state["cards"]] == ["J_u", "J_z", "J_y"]
    assert widget.state["error"] == ""
    widget.set(number=5)
    browser(widget, {"kind": "turn", "card": 0})
    assert next(c for c in widget.state["cards"] if c["card"] == 0)["name"] == "Xᵀ"


def test_what_is_wrong_is_one_line_and_changes_nothing():
    widget = OrderPuzzle(4)
    before = widget.state
    for settings, kind, words in [
            ({"number": 9}, UnknownInput, "Choose 1 to 8"),
            ({"layout": "both"}, UnknownLayout, "numerator"),
            ({"seed": -1}, NumberError, "seed"),
            ({"number": 2.0}, UnknownInput, "Choose 1 to 8"),
            ({"order": ("G",)}, UnknownInput, "each once"),
            ({"order": 3}, UnknownInput, "tuple of factors"),
            ({"turned": 0.5}, UnknownInput, "tuple of factors"),
            ({"number": 1, "turned": ("J_z",)}, UnknownInput, "cannot be transposed"),
            ({"speed": 1}, LessonError, "no setting 'speed'")]:
        with pytest.raises(kind, match=words) as caught:
            widget.set(**settings)
        assert "\n" not in str(caught.value)
    assert widget.state == before


def test_code_picture_and_sentence(capsys):
    widget = OrderPuzzle(5, "denominator", seed=2)
    widget.set(turned=("X",))
    widget.code()
    again = eval(capsys.readouterr().out.split("\n\n", 1)[1], {"OrderPuzzle": OrderPuzzle})
    assert repr(again) == repr(widget) and "not checked yet" in repr(widget)
    widget.check()
    bundle, extra = widget._repr_mimebundle_()
    assert bundle["text/plain"] == extra["image/png"]["alt"] == repr(widget)


def event(random):
    """One gesture, most of them sensible."""
    kind = str(random.choice(["move", "move", "turn", "check", "next", "number", "layout", "reset",
                              "undo"]))
    more = {"move": {"card": int(random.integers(3)), "to": int(random.integers(-1, 4))},
            "turn": {"card": int(random.integers(3))},
            "number": {"value": int(random.integers(1, 9))},
            "layout": {"value": str(random.choice(LAYOUTS))}}.get(kind, {})
    return {"kind": kind, **more}


def test_any_events_in_any_order():
    random, widget = np.random.default_rng(0), OrderPuzzle()
    for _ in range(EVENTS):
        browser(widget, event(random))
        error = widget.state["error"]
        assert not error or "in its layout" in error or "no card" in error, error
        assert sorted(c["card"] for c in widget.state["cards"]) == list(
            range(len(widget.state["cards"])))
        assert widget.sentence()
