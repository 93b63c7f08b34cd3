"""What a kernel claims is read as plain numbers, or refused."""

import json

import numpy as np
import pytest

from helpers.exercises import EXERCISES
from helpers.exercises.grading import guest, reply
from tests.exercises.grading.asked import feedback

EXERCISE = EXERCISES["relu_backward"]
CASES = reply.tried_on(EXERCISE, 1)
ARRAY = guest.part(np.arange(6.0).reshape(2, 3))
CALL = {"value": ARRAY, "left": [ARRAY, ARRAY]}


def test_arrays_come_back_to_the_last_bit():
    for array in (np.array([0.1, -0.0, np.nan, np.inf]), np.float32([[0.1]]), np.array(3),
                  np.array([True]), np.zeros((0, 3)), np.uint8([255])):
        again = reply.array(json.loads(json.dumps(guest.part(array))))
        assert again.dtype == array.dtype and again.shape == array.shape
        assert again.tobytes() == array.tobytes()


@pytest.mark.parametrize("claim", [
    "", "1", "'[]'", "'{'", repr("[" * 100_000), "__import__('os').getcwd()", "'" * 10**7, 7,
    repr(json.dumps({"right": True})), repr(json.dumps({"calls": []})),
    repr(json.dumps({"calls": [CALL]})), repr(json.dumps({"calls": [CALL] * 13})),
    repr(json.dumps({"calls": [{**CALL, "left": [ARRAY]}] * 12})),
    repr(json.dumps({"calls": [{"value": ARRAY}] * 12})),
    *[repr(json.dumps({"calls": [{**CALL, "value": {**ARRAY, **change}}] * 12})) for change in (
        {"dtype": "O"}, {"dtype": "<U9"}, {"dtype": ["f8"]}, {"shape": [2, -3]}, {"shape": "23"},
        {"shape": [10**9, 10**9]}, {"shape": [2, True]}, {"shape": [1] * 99}, {"data": "A"},
        {"data": "é"}, {"data": 3}, {"shape": [7]})],
    repr(json.dumps({"calls": [{**CALL, "value": {"parts": [ARRAY]}}] * 12})),
    *[repr(json.dumps({"calls": [{**CALL, "value": value}] * 12})) for value in (3, "G", [ARRAY])],
    repr(json.dumps({"calls": [{"error": "no table"}] * 12})),
])
def test_a_claim_of_another_form_is_nonsense(claim):
    with pytest.raises(reply.Nonsense):
        reply.judged(EXERCISE, CASES, claim)


def test_what_is_no_number_is_named_and_never_run():
    class Trap:
        def __array__(self, *_, **__):
            raise ValueError

        def __reduce__(self):
            return print, ("run",)

    said = repr(feedback(EXERCISE, lambda G, X: Trap()))
    assert said == "not yet: dX must be made of numbers, but is of type Trap."
    assert "of type str" in repr(feedback(EXERCISE, lambda G, X: "right"))
    assert "list with 40000 numbers" in repr(feedback(EXERCISE, lambda G, X: [0.0] * 40_000))


def test_words_of_a_kernel_are_short_and_stay_on_their_line():
    said = reply.judged(EXERCISE, CASES, repr(json.dumps({"error": {
        "type": "E" * 9000, "text": "a\n\x1b[31mb", "where": ["in line 1"]}})))
    assert len(said.text) < 1000 and "\x1b" not in said.text and not said.right


def test_an_input_that_was_written_to_is_seen():
    def careless(G, X):
        G[X <= 0] = 0
        return G

    assert feedback(EXERCISE, careless).mistake == "input overwritten"


def test_what_cannot_be_called_as_it_will_be_is_told():
    value, function, nothing = (feedback(EXERCISE, given) for given in (3.5, lambda G: G, None))
    assert "without calling it" in repr(value) and "yours takes (G)" in repr(function)
    assert repr(nothing) == "not attempted yet"
    assert not (value.right or function.right or nothing.right)
