"""What a kernel tells of an answer, up to which length, and what the grader reads at the limits."""

import json

import numpy as np
import pytest

from helpers.exercises import EXERCISES
from helpers.exercises.grading import guest, reply
from tests.exercises.grading.asked import feedback
from tests.exercises.written import define

RELU = EXERCISES["relu_backward"]
CASES = reply.tried_on(RELU, 1)


def again(value):
    """A value as the grader reads it."""
    return reply.one(json.loads(json.dumps(guest.part(value))))


def test_numbers_of_any_kind_come_as_arrays_up_to_twenty_thousand():
    assert again(np.arange(20_000)).tolist() == list(range(20_000))
    assert guest.part(np.zeros((20_001, 1))) == {"other": "ndarray with 20001 numbers"}
    assert again(np.array([1, 2.5], object)).tolist() == [1.0, 2.5]
    assert again(np.array([1, 2.5], np.longdouble)).dtype == np.float64
    assert again([[True, False]]).dtype == bool and again(np.float16(0.5)).dtype == np.float16
    assert again(np.asfortranarray([[1, 2], [3, 4]])).tolist() == [[1, 2], [3, 4]]
    with pytest.warns(PendingDeprecationWarning):
        assert isinstance(again(np.matrix([[1.0]])), np.matrix)
    assert again(None) is None and again(...) is again(NotImplemented) is ...
    for odd in (1j, "x", np.array([], object), [[1], [2, 3]], {}, np.datetime64("2020-01-01")):
        assert guest.part(odd) == {"other": type(odd).__name__}
    assert guest.part(type("N" * 99, (), {})()) == {"other": "N" * 79 + "…"}


def test_several_outputs_are_parts_one_is_a_value():
    assert guest.split((1, 2), ["dX"]) == guest.part((1, 2))
    assert guest.split({"dX": 3}, ["dX"]) == guest.part(3)
    for given in ([3, 4], (3, 4), np.array([3, 4]), {"b": 4, "a": 3}):
        parts = guest.split(given, ["a", "b"])["parts"]
        assert [reply.one(part).item() for part in parts] == [3, 4]
    assert len(guest.split([0] * 100, ["a", "b"])["parts"]) == 100
    assert guest.split([0] * 101, ["a", "b"]) == guest.part([0] * 101)
    assert guest.split(np.array(3), ["a", "b"]) == guest.part(3)
    assert guest.split({"a": 3}, ["a", "b"]) == {"other": "dict"}


def test_what_went_wrong_is_told_with_its_line_and_shortly():
    long = "#" * 350
    body = f"def f(x):\n    y = 0\n    return 1 / y  {long}"
    said = guest.call(define("f", body), [1.0], ["dX"])["error"]
    assert said == {"type": "ZeroDivisionError", "text": "division by zero",
                    "where": f"in line 3, `return 1 / y {'#' * 286}…`"}

    class Mute(Exception):
        def __str__(self):
            raise ValueError

    assert guest.told(Mute(), None) == {"type": "Mute", "text": "", "where": ""}
    many = type("E" * 99, (Exception,), {})("a\n b" + "c" * 400)
    assert guest.told(many, None) == {
        "type": f"{'E' * 79}…", "text": f"a b{'c' * 296}…", "where": ""}
    assert len(guest.uncallable(eval(f"lambda {'a' * 300}, b: 0"), ["G"])) == 200
    assert guest.uncallable(3, ["G"]) == "" and guest.uncallable(lambda G: G, ["G"]) is None
    assert guest.uncallable(print, ["G"]) is None and guest.uncallable(lambda: 0, ["G"]) == "()"


def test_inputs_go_there_and_come_back():
    def f(X, n, backs):
        X[0] = 7
        return X

    X = np.array([1.0, 2.0])
    left = guest.call(f, [X, 3.0, np.array([f], object)], ["dX"])["left"]
    assert reply.one(left[0]).tolist() == [7.0, 2.0] and left[1:] == [None, None]
    for exercise in EXERCISES.values():
        for case in exercise.cases() if exercise.arguments else ():
            for value in case:
                sent = guest.given(json.loads(json.dumps(reply.sent(value))))
                if callable(value):
                    assert sent.func is value.func and all(map(np.array_equal, sent.args,
                                                               value.args))
                elif np.asarray(value).dtype.kind != "O":
                    assert np.array_equal(sent, value) and np.shape(sent) == np.shape(value)
                    assert type(np.asarray(sent)[()]) is type(np.asarray(value)[()])


def test_an_answer_that_is_stopped_is_asked_no_more():
    def slow(G, X):
        asked.append(len(G))
        if len(asked) > 2:
            raise KeyboardInterrupt
        return G

    asked = []
    said = feedback(RELU, slow)
    assert len(asked) == 3 and said.text.startswith("not yet: ")
    stopped = json.loads(guest.answer(json.dumps({"expression": "stop()"}), {"stop": stop}))
    assert stopped == {"slow": ""}
    assert repr(reply.judged(RELU, CASES, repr(json.dumps(stopped)))) == (
        "not yet: stopped after 5 seconds")


def test_stubs_have_no_body_and_warnings_of_an_answer_do_not_matter(recwarn):
    for body in ("...", "pass", "return None", '"""Words."""'):
        assert guest.bodiless(define("f", f"def f(G, X):\n    {body}"))
        assert repr(feedback(RELU, define("f", f"def f(G, X):\n    {body}"))) == "not attempted yet"
    assert not guest.bodiless(define("f", "def f(G, X):\n    return G * X"))
    assert not guest.bodiless(max)
    for value in (None, ..., NotImplemented, lambda G, X: ..., lambda G, X: NotImplemented):
        assert repr(feedback(RELU, value)) == "not attempted yet"

    def warning(G, X):
        np.log(-abs(X))
        return G * (X > 0)

    assert feedback(RELU, warning).right and not recwarn.list
    assert repr(feedback(RELU, max)).startswith("not yet: ")


def stop():
    raise KeyboardInterrupt


def test_a_word_is_of_four_hundred_letters_and_on_one_line():
    assert reply.words("a\n" * 300) == "a " * 200 and reply.words(3) == reply.words(None) == ""
    other = reply.one({"other": "T" * 500})
    assert type(other).__name__ == "T" * 400 and type(reply.one({"other": 3})).__name__ == "object"
    found = reply.trouble({"type": "E", "text": "why", "where": "in line 1"})
    assert found.trouble == "your code stopped in line 1:\nE: why"
    assert reply.trouble({"type": "E"}).trouble == "your code stopped:\nE"
    for kind, error in (("NotImplementedError", NotImplementedError), ("E", RuntimeError)):
        assert isinstance(reply.trouble({"type": kind}).error, error)


@pytest.mark.parametrize(("shape", "fits"), [
    ([1] * 16, True), ([1] * 17, False), ([20_000, 0], True), ([20_001, 0], False),
    ([0, -1], False), ([True], False), ([1.0], False), ((1,), False)])
def test_an_array_has_at_most_sixteen_axes_of_twenty_thousand(shape, fits):
    data = guest.part(np.zeros(shape if fits else 0))["data"]
    part = {"dtype": "float64", "shape": shape, "data": data}
    if fits:
        assert list(reply.array(part).shape) == shape
    else:
        with pytest.raises(reply.Nonsense, match="no such shape"):
            reply.array(part)


def test_what_is_too_long_or_too_many_is_nonsense():
    assert reply.read(repr("{}" + " " * 5_999_996)) == {}  # with its quotes six million letters
    with pytest.raises(reply.Nonsense, match="too long"):
        reply.read(repr("{}" + " " * 5_999_997))
    part = guest.part(1.0)
    assert len(reply.value({"parts": [part] * 100}, ["a", "b"])) == 100
    for parts, outputs in (([part] * 101, ["a", "b"]), ([part], ["a"])):
        with pytest.raises(reply.Nonsense, match="nobody asked"):
            reply.value({"parts": parts}, outputs)


def test_calls_are_as_many_as_cases_or_end_with_one_that_was_stopped():
    right = [{"value": guest.part(G * (X > 0)), "left": [guest.part(G), guest.part(X)]}
             for G, X in CASES]

    def said(calls, **more):
        return reply.judged(RELU, CASES, repr(json.dumps({"calls": calls, **more})))

    assert said(right).right and said(right, bodiless=True).right
    assert "stopped after 5 seconds in line 2" in repr(said([{"slow": "in line 2"}]))
    assert "stopped after" in repr(said([*right[:8], {"slow": ""}]))
    for calls in (right[:-1], [*right, right[0]], [], {}):
        with pytest.raises(reply.Nonsense):
            said(calls)
    none = [{**call, "value": {"empty": "None"}} for call in right]
    assert repr(said(none, bodiless=True)) == "not attempted yet"
    assert repr(said(none)).startswith("not yet: dX is None")
    for at in (0, 5, 6, 11):  # also on the inputs that nobody knows
        one = [*right[:at], {**right[at], "value": guest.part(CASES[at][0] + 1)}, *right[at + 1:]]
        assert not said(one).right
