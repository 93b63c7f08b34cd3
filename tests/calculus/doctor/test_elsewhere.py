"""What is looked for beside somebody's own numbers and in another call, and what counts there."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.doctor import examine
from helpers.calculus.doctor.code import OwnCode
from helpers.calculus.doctor.examine import elsewhere_wrong, judgement_of, kept, named, right_beside
from helpers.calculus.doctor.measure import Wanted
from helpers.calculus.doctor.trials import Trial
from helpers.calculus.errors import CodeError
from helpers.calculus.mistakes import Mistake

x = np.array([2.0, -1, 0])


def verdict(right=True, digits=16, kinks=(), known=True):
    return SimpleNamespace(right=right, digits=digits, known=known,
                           wanted=SimpleNamespace(kinks=kinks))


def stops():
    raise CodeError("no such numbers")


def looks(monkeypatch, *answers):
    """Let these be found, one look after the other; the trials that are looked at."""
    seen, given = [], iter(answers)

    def look(t, name, random):
        seen.append(t)
        found = next(given)
        return stops() if found is None else found

    monkeypatch.setattr(examine, "look", look)
    return seen


@pytest.mark.parametrize("answers, says", [
    ((verdict(), verdict()), True), ((verdict(digits=7), verdict(digits=7)), True),
    ((verdict(digits=6),), False), ((verdict(kinks=(1,)),), False),
    ((verdict(right=False),), False), ((verdict(), verdict(right=False)), False),
    ((verdict(), verdict(digits=3)), False),
    ((verdict(), verdict(kinks=(1,))), False), ((None,), False), ((verdict(), None), False)])
def test_right_beside_is_right_to_both_sides_without_a_kink_and_to_seven_digits(
        monkeypatch, answers, says):
    seen = looks(monkeypatch, *answers)
    code = SimpleNamespace(run=lambda values, G: SimpleNamespace(Y=G, gradients={}))
    t = SimpleNamespace(code=code, values={"x": x, "y": np.zeros(2)}, G=np.ones(3))
    assert right_beside(t, "x", np.random.default_rng(0)) is says and len(seen) == len(answers)
    steps = [one.values["x"] - x for one in seen]
    assert all((0 < np.abs(step)).all() and (np.abs(step) <= 2e-3).all() for step in steps)
    assert all((one.values["y"] == 0).all() and one.G is t.G for one in seen)
    if len(steps) == 2:
        np.testing.assert_allclose(steps[0], -steps[1], atol=1e-15)


def trial(forward, backward, x):
    code = OwnCode(forward, backward, [np.array(x, float)], {})
    return Trial(code, code.values, np.ones(code.Y.shape))


@pytest.mark.parametrize("seed", range(2))
def test_ties_come_apart_and_each_side_is_looked_at(seed):
    largest = trial(lambda x: x.max(), lambda x: 1.0 * (x == x.max()), [1.0, 1])
    assert right_beside(largest, "x", np.random.default_rng(seed))
    for side in (1, -1):
        half = trial(lambda x: 3 * x, lambda G, x, side=side: G * np.where(side * x > 0, 3, 2), [0])
        assert not right_beside(half, "x", np.random.default_rng(seed))


@pytest.mark.parametrize("answer, found", [
    (verdict(), False), (verdict(right=False), True), (verdict(right=False, known=False), False),
    (verdict(right=False, kinks=(1,)), False), (None, False)])
def test_elsewhere_only_what_is_surely_wrong_is_told(monkeypatch, answer, found):
    seen = looks(monkeypatch, answer)
    t = SimpleNamespace(got={"x": x * (1 + 1.1e-7)}, right=lambda name: x, values={"x": x})
    told = elsewhere_wrong(t, "x", None)
    assert told is (answer if found else None) and seen == [t]
    assert elsewhere_wrong(t, "y", None) is None and len(seen) == 1  # there is none


def test_elsewhere_nothing_is_measured_where_seven_digits_are_right(monkeypatch):
    seen = looks(monkeypatch, *[verdict(right=False)] * 3)
    for off, shape, looked in ((0.9e-7, (3,), 0), (1.1e-7, (3,), 1), (0, (1, 3), 1)):
        t = SimpleNamespace(got={"x": (x * (1 + off)).reshape(shape)}, values={"x": x},
                            right=lambda name: x)
        seen.clear()
        elsewhere_wrong(t, "x", None)
        assert len(seen) == looked


def test_one_memory_for_two_is_a_mistake_before_all_others_where_both_are_wrong(monkeypatch):
    first, other = Mistake("aliasing", None, "", "dx"), Mistake("sign", None, "", "dx")

    def told(runs=2, both=None, half=None, diagnosis=None):
        monkeypatch.setattr(examine, "diagnose", lambda runs, name, first: diagnosis)
        monkeypatch.setattr(examine, "same_memory",
                            lambda runs, name, **which: both if which["both"] else half)
        return named([None] * runs, "x", None)

    assert told(both=first, half=first, diagnosis=other) is first
    assert told(half=first, diagnosis=other) is other and told(half=first) is first
    assert told() is None and told(1, first, first, other) is None
    assert told(3, diagnosis=other) is other


def test_what_is_nan_in_both_calls_is_not_overwritten():
    nan = np.array([np.nan, 1])

    def told(before, after, takes_G=True, shape=(2,)):
        calls = []
        code = SimpleNamespace(takes_G=takes_G, twice=lambda values, G, other: calls.append(
            (G, other)) or (before, after))
        found = kept([SimpleNamespace(code=code, values={}, G=np.ones(shape))], "x")
        assert all(not np.array_equal(one, other) for one, other in calls)
        return found, len(calls)

    assert told({"x": nan}, {"x": nan.copy()}) == (None, 1)
    found, _ = told({"x": nan}, {"x": nan + 1})
    assert found.name == "aliasing" and found.remedy.startswith("dx changes when backward is")
    assert told({"y": nan}, {"y": nan + 1}) == (None, 1)
    assert told({"x": nan}, {"x": nan + 1}, takes_G=False) == (None, 0)
    assert told({"x": nan}, {"x": nan + 1}, shape=(0, 2)) == (None, 0)


# -- which of two measurements is told

def chosen(monkeypatch, exact_error, ladder_error, off=0.0, sure=False, kinks=(), shape=(2,)):
    """Whether the ladder was asked, and whether it is what is told; off: of the exact slopes."""
    one, asked = np.array([1.0, 0.5]), []

    def measured(value, error):
        return Wanted((2,), np.arange(2), value, np.full(2, error), value, value, np.eye(2), one)

    def measure(*given):
        asked.append(given)
        return measured(one, ladder_error)

    exact = SimpleNamespace(J=np.diag(one + off), error=np.eye(2) * exact_error, Y=one, exact=sure,
                            kinks=kinks)
    for name, function in (("slopes", lambda f, x: exact), ("measure", measure),
                           ("rounding", lambda *given: 0.0),
                           ("noise_of", lambda *given: np.zeros(2)),
                           ("nudged_answers", lambda *given: [one])):
        monkeypatch.setattr(examine, name, function)
    code = SimpleNamespace(names=("x",), value=lambda values: values["x"])
    t = SimpleNamespace(code=code, values={"x": one}, got={"x": one.reshape(shape)}, G=np.ones(2),
                        passed=SimpleNamespace(single=False), function=lambda name: lambda x: x)
    found = judgement_of(t, "x", None)
    return bool(asked), bool(asked) and found.wanted.error[0] == ladder_error


def test_the_ladder_is_asked_where_exact_slopes_do_not_tell_seven_digits(monkeypatch):
    assert chosen(monkeypatch, 1.9e-8, 0.5) == (False, False)    # five times that is 0.95e-7
    assert chosen(monkeypatch, 2.1e-8, 1e-9) == (True, True)
    assert chosen(monkeypatch, 1e-9, 1e-3, shape=(1, 2)) == (False, False)


def test_the_ladder_is_told_where_it_knows_as_many_digits_or_does_not_agree(monkeypatch):
    assert chosen(monkeypatch, 1e-5, 1e-4) == (True, False)      # four digits, and three
    assert chosen(monkeypatch, 1e-5, 1.1e-5) == (True, True)     # as many
    assert chosen(monkeypatch, 1e-9, 1e-3, off=1e-5) == (True, True)             # it accuses
    assert chosen(monkeypatch, 1e-9, 1e-3, off=1e-5, sure=True) == (True, False)  # and is sure
    assert chosen(monkeypatch, 1e-9, 1e-3, off=0.1, sure=True) == (True, True)   # they do not agree
