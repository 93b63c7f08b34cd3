"""Answers that no list, number or array should be: each gets its verdict, in a line or two."""

import numpy as np
import pytest

from helpers.exercises import EXERCISES, puzzles
from helpers.exercises.judge import MOST, empty

RELU, SHARE, COUNTS, GATE = (EXERCISES[name] for name in (
    "relu_backward", "saturated_share", "pass_counts", "divide_gate"))
ITSELF, MIXED, DEEP = [], [1.0], []
ITSELF.append(ITSELF)
MIXED.append(MIXED)
for _ in range(50_000):
    DEEP = [DEEP]


def stops(*_):
    raise ValueError("it stops")


def bad(kind, *methods):
    """A class of which these methods stop."""
    return type("Bad", (kind,), dict.fromkeys(methods, stops))


STRANGE = {
    "holds itself": ITSELF, "holds itself and a number": MIXED, "deep": DEEP,
    "no len": bad(list, "__len__")([1, 2]), "no iter": bad(list, "__iter__")([1, 2]),
    "no bool": bad(tuple, "__bool__", "__len__", "__iter__")((1, 2)),
    "no keys": bad(dict, "__iter__", "__len__", "keys")(forward=1, backward=2),
    "no attribute": bad(object, "__getattr__")(),
    "no class": bad(object, "__getattribute__")(),
    "no repr": bad(object, "__repr__", "__eq__", "__array__")(),
    "vast": np.broadcast_to(1.0, (10**6, 10**6)), "vast bools": np.broadcast_to(True, (10**12,)),
    "vast objects": np.broadcast_to(None, (10**6, 10**6)), "long": 10**5000,
}


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("exercise", [RELU, SHARE, COUNTS, GATE], ids=lambda one: one.name)
def test_a_strange_answer_is_wrong_and_no_error(exercise, kind):
    for answer in (STRANGE[kind], lambda *given: STRANGE[kind]):
        said = exercise.check(answer)
        assert not said.right and len(said.text.splitlines()) <= 3 and len(said.text) < 500


@pytest.mark.parametrize("kind", STRANGE)
def test_a_puzzle_takes_a_strange_answer_too(kind):
    for answer in (STRANGE[kind], lambda *given: STRANGE[kind]):
        assert not puzzles[1].check(answer).right


@pytest.mark.parametrize("method", ["__getattr__", "__getattribute__"])
def test_an_object_that_can_be_called_may_hide_all_else(method):
    right = type("Right", (bad(object, method),), {"__call__": lambda self, G, X: G * (X > 0)})
    wrong = type("Wrong", (bad(object, method),), {"__call__": lambda self, G, X: 1 / 0})
    assert RELU.check(right()).right
    assert "\nZeroDivisionError: division by zero\n" in RELU.check(wrong()).text


def test_what_an_error_says_of_itself_is_cut_to_a_line_and_may_be_nothing():
    class Mute(Exception):
        __str__ = stops

    def raises(error):
        def answer(G, X):
            raise error
        return RELU.check(answer).text.splitlines()

    assert raises(Mute())[1] == "Mute"
    assert raises(ValueError("x" * 10**6))[1] == f"ValueError: {'x' * 299}…"
    assert raises(ValueError("a\n\x1b[31mred\t\u202eb"))[1] == "ValueError: a [31mred b"


@pytest.mark.parametrize(("value", "anywhere", "alone"), [
    (None, True, True), (..., True, True), (NotImplemented, True, True), (0, False, False),
    ((), False, False), ([], False, False), ((..., ...), True, True), ((1, ...), True, False),
    ((1, [None, 2]), True, False), (((...,), [[None]]), True, True), (ITSELF, False, False),
    ([ITSELF, ...], True, True), (MIXED, False, False), (DEEP, False, False)])
def test_a_place_to_fill_in_is_found_at_any_depth(value, anywhere, alone):
    """(whether one is anywhere in it, whether it holds nothing else)."""
    assert (empty(value), empty(value, False)) == (anywhere, alone)


def test_a_million_entries_are_looked_at_and_one_more_is_not():
    shape = (MOST // 4, 4)
    assert MOST == 10**6 and "dX has shape (250000, 4), but should" in RELU.check(
        lambda G, X: np.ones(shape)).text
    assert RELU.check(lambda G, X: np.ones(MOST + 1)).text == (
        "not yet: dX has 1,000,001 entries, of shape (1000001,): the right one is small.")
