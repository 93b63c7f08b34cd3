"""The student's code is a guest: it may loop, print, fail, write to its inputs or leave."""

import sys
import threading
import time

import numpy as np
import pytest

from helpers.exercises import EXERCISES, guard
from tests.exercises.written import answer

LOOPS = {
    "one line": "while True: pass",
    "two lines": "while True:\n    pass",
    "counting": "n = 0\nwhile n < 10:\n    n = n * 2\nreturn G",
    "except Exception": "while True:\n    try:\n        n = 1\n    except Exception:\n        pass",
    "bare except": "n = 0\nwhile True:\n    try:\n        n += 1\n    except:\n        n = -1",
    "nested": "while True:\n    try:\n        while True:\n            try:\n"
              "                n = 1\n            except:\n                pass\n"
              "    except:\n        pass",
    "in a helper": "def go():\n    while True:\n        G.sum()\ngo()",
    "comprehension": "return [i for i in iter(int, 1)]",
    "printing": "while True:\n    print('again')",
    "finally": "try:\n    while True:\n        pass\nfinally:\n    n = 1",
}
relu = EXERCISES["relu_backward"]


@pytest.fixture
def quick():
    """Code that ends, before the trace is gone: so it is known that these tests reach the guard."""
    assert says("return G * (X > 0)") == "right, in all 6 cases"


@pytest.fixture
def short(quick, untraced, monkeypatch):
    """A time limit that a test can wait for."""
    monkeypatch.setattr(guard, "LIMIT", 0.2)


def says(body):
    return repr(relu.check(answer(relu, body)))


@pytest.mark.parametrize("body", LOOPS.values(), ids=LOOPS)
def test_an_endless_loop_ends(short, body):
    begin = time.process_time()
    text = says(body)
    assert time.process_time() - begin < 5
    assert text.startswith("not yet: stopped after 0.2 seconds in line ")
    assert text.endswith("does this loop ever end? The arrays are small, a right answer takes no "
                         "time.")
    assert sys.gettrace() is None


def test_the_line_of_the_loop_is_told(short):
    text = says(LOOPS["counting"])
    assert "in line 3, `while n < 10:`" in text or "in line 4, `n = n * 2`" in text


def test_a_loop_in_another_thread_ends(short):
    found = []
    thread = threading.Thread(target=lambda: found.append(says(LOOPS["two lines"])))
    thread.start()
    thread.join(60)
    assert not thread.is_alive() and "stopped after" in found[0]


def test_a_debugger_stays_in_charge():
    def tracer(frame, event, argument):
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        assert relu.check(lambda G, X: G * (X > 0)).right
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)


def test_only_its_own_work_is_counted_and_waiting_ends_too(monkeypatch):
    now = {"clock": 100.0, "work": 7.0}
    monkeypatch.setattr(guard.time, "monotonic", lambda: now["clock"])
    monkeypatch.setattr(guard, "own_time", lambda: now["work"])
    deadline, said = guard.Deadline(5), []
    for clock, work in ((104, 11), (106, 8), (159, 11.9), (106, 12.1), (161, 8)):
        now.update(clock=clock, work=work)
        said.append(deadline.passed())
    assert said == [False, False, False, True, True]


def test_slow_but_ending_loops_pass():
    body = ("dX = np.zeros(X.shape)\nfor i in range(2000):\n    for n in range(len(X)):\n"
            "        dX[n] = G[n] * (X[n] > 0)\nreturn dX")
    assert relu.check(answer(relu, body)).right


@pytest.mark.parametrize(("body", "lines"), [
    ("return G @ X", ["your code stopped in line 2, `return G @ X`:", "ValueError: matmul: "]),
    ("Y = X\nreturn G * mask", ["your code stopped in line 3, `return G * mask`:",
                                "NameError: name 'mask' is not defined"]),
    ("return 1 / 0", ["your code stopped in line 2, `return 1 / 0`:",
                      "ZeroDivisionError: division by zero"]),
    ("return np.dot(G.T, X.T)[9]", ["your code stopped in line 2, ", "ValueError: shapes (4,3)"]),
    ("def helper():\n    return {}['x']\nreturn helper()",
     ["your code stopped in line 3, `return {}['x']`:", "KeyError: 'x'"]),
    ("raise SystemExit", ["your code stopped in line 2, `raise SystemExit`:", "SystemExit"]),
    ("return relu_backward(G, X)", ["your code stopped in line ", "RecursionError: maximum"]),
    ("assert False", ["your code stopped in line 2, `assert False`:", "AssertionError"]),
    ("raise ValueError('a\\nb')", ["your code stopped in line 2, ", "ValueError: a b"]),
])
def test_an_exception_is_shown_as_theirs_with_its_line(body, lines):
    shown = says(body).splitlines()
    assert shown[0].startswith(f"not yet: {lines[0]}")
    assert shown[1].startswith(lines[1])
    assert shown[2] == "called with G (3, 4), X (3, 4)"
    assert len(shown) == 3 and "Traceback" not in repr(shown)


def test_stopping_the_kernel_still_stops():
    def interrupted(G, X):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        relu.check(interrupted)


def test_prints_are_shown_once_for_the_case_in_question(capsys):
    says("print('shape', G.shape)\nreturn G * (X > 0)")
    assert capsys.readouterr().out == "shape (3, 4)\n"
    says("print(G.shape)\nreturn G * (X > 0) if len(G) > 1 else G")
    assert capsys.readouterr().out == "(1, 4)\n"


def test_very_long_prints_are_cut(capsys):
    says("print('x' * 10_000)\nreturn G")
    assert len(capsys.readouterr().out) < 2100


def test_inputs_are_copies_in_every_case():
    case = relu.cases()[0]
    assert not relu.check(answer(relu, "G[:] = 0\nX[:] = 0\nreturn G * X")).right
    np.testing.assert_array_equal(case[0], relu.cases()[0][0])


def test_written_inputs_are_named():
    text = says("G *= X > 0\nX *= 2\nreturn G")
    assert text.startswith("not yet: the numbers are right, but the call changed G and X.\n"
                           "input overwritten: ")


def test_warnings_of_the_student_do_not_matter():
    assert relu.check(answer(relu, "np.log(-abs(X))\nX / 0\nreturn G * (X > 0)")).right


def test_a_callable_object_is_fine():
    class Relu:
        def __call__(self, G, X):
            return G * (X > 0)

    assert relu.check(Relu()).right
    assert not relu.check(np.multiply).right


def test_a_value_that_misbehaves_is_refused():
    class Bomb:
        def __array__(self, *_, **__):
            raise RuntimeError("no array")

        def __eq__(self, other):
            return True

        __hash__ = None

    assert not relu.check(lambda G, X: Bomb()).right
    assert not EXERCISES["sgd_by_hand"].check(Bomb()).right
