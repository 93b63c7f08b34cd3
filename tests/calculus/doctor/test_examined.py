"""The steps of an examination one by one: what each is given, and what it makes of it."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers import check_gradients
from helpers.calculus.doctor import examine
from helpers.calculus.doctor.examine import (
    Finding,
    agree,
    explains,
    judgement_of,
    look,
    nudged_answers,
    rounds,
    usual,
)
from helpers.calculus.doctor.judge import judged
from helpers.calculus.doctor.measure import Wanted
from helpers.calculus.mistakes import Mistake

EPS, SINGLE = 2.0**-52, 2.0**-23


def about(value, error=0.0, kinks=(), places=None):
    """What is measured of a gradient by 1-D numbers, of an output of one number."""
    value = np.array(value, float)
    places = np.arange(value.size) if places is None else np.array(places)
    error = np.full(value.shape, error) if np.ndim(error) == 0 else np.array(error, float)
    return Wanted((int(places.max(initial=-1)) + 1,), places, value, error, value, value,
                  value[None], np.ones(1), kinks)


# -- how large rounding may be

@pytest.mark.parametrize("x, size", [
    ([], 1), ([0.0, np.nan, np.inf], 1), ([-0.25, 0.75, 0, 0, np.inf], 0.5), ([4.0, 8], 1),
    ([0.1], 0.1), ([1e-9, 0.25, -3], 0.25)])
def test_the_usual_size_of_numbers_is_their_middle_at_most_1(x, size):
    assert usual(np.array(x)) == size


@pytest.mark.parametrize("rough, x, reach", [
    ({"x": [1e-3, -2e-3, np.nan]}, [4.0, 8], 32e-3),      # sixteen times
    ({None: [1e-9, 0.5e-9]}, [4.0, 8], 0.03),             # 5·2·1e-9·3 over a step of 1e-6
    ({None: [1e-9, 0.5e-9]}, [0.25, 0.75], 0.06),         # of half a 1e-6
    ({"x": 1e-3, None: 1e-9}, [4.0, 8], 0.046), ({"y": 1.0, "x": 1e-3}, [4.0, 8], 0.016)])
def test_rounding_explains_what_is_off_by_no_more_than_it_can_reach(rough, x, reach):
    t = SimpleNamespace(values={"x": np.array(x), "y": np.ones(2)}, G=np.array([1.0, -2]))
    for off, says in ((0.999 * reach, True), (1.001 * reach, False)):
        for sign in (1, -1):
            wrong = SimpleNamespace(difference=np.array([0, sign * off, np.nan]))
            assert bool(explains(rough, wrong, t, "x")) is says
    assert not explains({}, SimpleNamespace(difference=np.zeros(2)), t, "x")


def test_what_is_off_by_just_as_much_as_rounding_is_explained():
    t = SimpleNamespace(values={"x": np.ones(2)}, G=np.ones(2))
    assert explains({"x": 2.0**-10}, SimpleNamespace(difference=np.array([2.0**-6])), t, "x")


def test_rounding_is_looked_for_three_times_before_anybody_is_accused(monkeypatch):
    """Each look knows of those before; what is explained is judged again with what was found."""
    wrong, right, bent = (SimpleNamespace(right=right, shape=shape) for right, shape in (
        (False, True), (True, True), (False, False)))

    def told(*judgements, explained=lambda count: True):
        asked, given = [], iter(judgements)

        def rough(count, random):
            asked.append(count)
            return count

        def judge(t, name, random, roughness=None):
            asked.append(("judged", roughness))
            return next(given)

        monkeypatch.setattr(examine, "judgement_of", judge)
        monkeypatch.setattr(examine, "explains", lambda rough, found, t, name: explained(rough))
        return look(SimpleNamespace(roughness=rough), "x", None), asked

    assert told(right) == (right, [("judged", None)])
    assert told(bent) == (bent, [("judged", None)])
    assert told(wrong, explained=lambda count: False) == (wrong, [("judged", None), 1, 2, 3])
    assert told(wrong, right) == (right, [("judged", None), 1, ("judged", 1)])
    assert told(wrong, right, explained=lambda count: count == 2) == (
        right, [("judged", None), 1, 2, ("judged", 2)])
    assert told(wrong, wrong, wrong, wrong) == (
        wrong, [("judged", None), 1, ("judged", 1), 2, ("judged", 2), 3, ("judged", 3)])


def test_answers_to_numbers_that_moved_in_their_last_place():
    random = np.random.default_rng(0)
    values, G, seen = {"x": np.array([1.0, -3, 0]), "t": np.array([1, 2])}, np.array([2.0, 5]), []

    def answers(gives):
        def run(moved, upstream):
            seen.append((moved, upstream))
            return SimpleNamespace(gradients=gives(moved, upstream))

        code = SimpleNamespace(names=("x",), run=run)
        t = SimpleNamespace(code=code, values=values, G=G, got={"x": 7 * values["x"]})
        return nudged_answers(t, "x", random, SINGLE)

    first, *others = answers(lambda moved, upstream: {"x": 7 * moved["x"]})
    assert first.tolist() == [7, -21, 0] and len(others) == len(seen) == 2
    for answer, (moved, upstream) in zip(others, seen, strict=True):
        assert np.array_equal(answer, 7 * moved["x"]) and moved["t"] is values["t"]
        np.testing.assert_allclose(np.abs(moved["x"][:2] / [1, -3] - 1), SINGLE, rtol=1e-6)
        np.testing.assert_allclose(np.abs(upstream / G - 1), SINGLE, rtol=1e-6)
    assert [one.tolist() for one in answers(lambda moved, G: {})] == 3 * [[7, -21, 0]]
    assert len(answers(lambda moved, G: {"x": moved["x"][None]})) == 1  # of no such shape: alone
    shapes = iter([(3,), (1, 3)])
    assert len(answers(lambda moved, G: {"x": moved["x"].reshape(next(shapes))})) == 1


def trial(forward, x, single=False, got=None):
    """A trial of one input, of which only forward is run; backward would give `got`."""
    x = np.array(x, float)
    got = x if got is None else np.array(got, float)
    code = SimpleNamespace(names=("x",), value=lambda values: np.asarray(forward(values["x"])),
                           run=lambda values, G: SimpleNamespace(gradients={"x": got}))
    Y = code.value({"x": x})
    return SimpleNamespace(code=code, values={"x": x}, Y=Y, got={"x": got}, G=np.ones(Y.shape),
                           passed=SimpleNamespace(single=single),
                           function=lambda name: lambda value: code.value({"x": value}))


def single(x):
    return x.astype(np.float32).astype(float)


@pytest.mark.parametrize("forward, says", [
    (lambda x: single(3 * single(x)), True),
    (lambda x: single(3 * x), True),                      # in any place of it
    (lambda x: 3 * single(x), False),                     # no float32 comes out
    (lambda x: 3 * x, False),
    (lambda x: np.floor(x) + 0.3125, False),              # stairs stand still beside any number
    (lambda x: np.round(3 * x, 2), False)])               # digits of people, not of float32
def test_a_forward_pass_rounds_where_it_cannot_tell_a_number_from_the_nearest_float32(
        forward, says):
    assert rounds(trial(forward, [0.7, 0.2]), "x") is says
    assert rounds(trial(single, [0.125 + 1e-10]), "x") is True  # to an eighth


@pytest.mark.parametrize("value, error, ladder, ladder_error, says", [
    ([1, 9, 2], [0.25, 0, 0.5], [2.9, 2], [0.25, 0.5], True),    # four times both errors
    ([1, 9, 2], [0.25, 0, 0.5], [3.1, 2], [0.25, 0.5], False),
    ([1, 9, 2], [0.25, 0, 0.5], [-0.9, 2], [0.25, 0.5], True),
    ([1, 9, 2], [0.25, 0, 0.5], [-1.1, 2], [0.25, 0.5], False),
    ([1, 9, 2], [0.25, 0, 0.5], [1, 5.9], [0.25, 0.5], True),
    ([1, 9, 2], [0.25, 0, 0.5], [1, 6.1], [0.25, 0.5], False),
    ([1, 9, np.inf], [0, 0, 0], [1, np.inf], [0, 0], False)])
def test_two_ways_to_measure_agree_as_far_as_both_errors_go(value, error, ladder, ladder_error,
                                                            says):
    of = about(ladder, ladder_error, places=[0, 2])
    assert agree(about(value, error), of) is says
    assert not agree(about(value, error), about(ladder, ladder_error, (1,), [0, 2]))


# -- what the judges are given

def handed_on(monkeypatch, t, roughness=None, exact=None, surer=True):
    """What `judgement_of` asks for: the unit, what is lost inside, and the noise of a ladder."""
    told = SimpleNamespace(lost=[], unit=set(), noise=None)

    def rounding(answers, wanted, G, unit, lost):
        told.lost.append(float(lost))
        told.unit.add(unit)
        return 0.0

    def measure(f, x, G, noise, random, unit):
        told.noise = noise.tolist()
        told.unit.add(unit)
        return about(t.got["x"] if surer else t.got["x"] + 1)

    def noise_of(forward, inputs, random, unit):
        told.unit.add(unit)
        return np.array([1e-9, 3e-9])

    def slopes(f, x):
        return SimpleNamespace(exact=False, kinks=(), J=np.full((2, x.size), np.nan), Y=t.Y,
                               error=np.zeros((2, x.size))) if exact is None else exact

    for function in (rounding, measure, noise_of, slopes):
        monkeypatch.setattr(examine, function.__name__, function)
    told.found = judgement_of(t, "x", np.random.default_rng(0), roughness)
    return told


def test_what_roughness_inside_adds_to_each_measurement(monkeypatch):
    """Of a gradient at most a hundred-billionth of it; of Y by its slopes, and twice as noise."""
    t = trial(lambda x: x, [0.25, 0.75], got=[3.0, -2.0])
    t.G = np.array([1.0, -2])
    found = handed_on(monkeypatch, t)
    assert found.unit == {EPS} and found.lost == [0, 0] and found.noise == [1e-9, 3e-9]
    found = handed_on(monkeypatch, t, {"x": np.array([1e-12, 2e-12]), None: np.array([1e-9, 2e-9])})
    assert found.lost == pytest.approx([2e-12 + 1e-8, 2e-12], rel=1e-9)  # (1 + 2·2)e-9 over ½
    assert found.noise == [2e-9, 4e-9]
    for most, lost in ((2.9e-11, 2.9e-11), (3.1e-11, 1e-12)):  # 1e-11 of a gradient of 3
        found = handed_on(monkeypatch, t, {"x": np.array([1e-12, most])})
        assert found.lost == pytest.approx([lost, lost], rel=1e-9) and found.noise == [1e-9, 3e-9]
    large = trial(lambda x: x, [0.25, 0.75], got=[1e12, 0.1])
    assert handed_on(monkeypatch, large).lost == [0, 0]
    small = trial(lambda x: x, [0.25, 0.75], got=[0.5, 0.1])
    assert handed_on(monkeypatch, small, {"x": np.array([1e-11, 2e-11])}).lost == [1e-11, 1e-11]


def test_float32_is_measured_on_the_ladder_alone(monkeypatch):
    for t in (trial(lambda x: x, [1 / 3, 0.2], single=True), trial(single, [1 / 3, 0.2])):
        found = handed_on(monkeypatch, t)
        assert found.unit == {SINGLE} and found.lost == [0]


# -- what is said in the end

def finding(right=True, named=False, beside=False):
    judgement = judged("dX", [1.0, 2.0 if right else 3.0], about([1.0, 2.0]), 0.0)
    mistake = Mistake("sign", None, "", "dX") if named else None
    return Finding("X", judgement, mistake, (), {}, np.ones(1), beside)


@pytest.mark.parametrize("right, named, beside, passed, verdict", [
    (True, False, False, True, "right."),
    (True, True, False, False, "the numbers are right, but:"),
    (False, True, False, False, "wrong: dX[1] is 3.0000, but should be 2.0000."),
    (False, False, False, False, "wrong: dX[1] is 3.0000, but should be 2.0000."),
    (False, False, True, True, "right beside these numbers. Exactly at them kinks inside forward "
     "meet: dX[1] is 3.0000, and the slope as measured 2.0000."),
    (False, True, True, False, "right beside these numbers. Exactly at them kinks inside forward "
     "meet: dX[1] is 3.0000, and the slope as measured 2.0000.")])
def test_a_finding_in_one_sentence(right, named, beside, passed, verdict):
    found = finding(right, named, beside)
    assert found.passed is passed and found.verdict == verdict


def test_a_small_problem_is_explained_by_all_of_its_numbers():
    """The first four are on: of these alone nothing is wrong."""
    x = np.array([1.0, 2, 3, 4, -5, -6])
    (check,) = check_gradients(lambda x: np.maximum(x, 0), lambda G, x: 1 * G, x)
    assert check.mistake == "mask forgotten"


def test_one_wrong_gradient_of_a_large_problem_is_explained_on_a_corner(monkeypatch):
    """Beside a right one, too; where both are right no corner is needed."""
    corners, shrunk = [], examine.shrunk
    monkeypatch.setattr(examine, "small", lambda code: False)
    monkeypatch.setattr(examine, "shrunk", lambda code: corners.append(shrunk(code)) or corners[-1])
    X, W = np.random.default_rng(0).standard_normal((2, 6, 6))

    def told(c):
        return check_gradients(lambda X, W: X @ W, lambda G, X, W: (c * G @ W.T, X.T @ G), X, W)

    assert told(1).passed and not corners
    first, second = told(2)
    assert (first.mistake, second.passed) == ("factor 2", True)
    assert [corner.values["X"].shape for corner in corners] == [(4, 4)]


def test_each_part_of_a_finding_asks_the_trials_that_it_means(monkeypatch):
    """Own numbers first, others of the same code if it is right there; a mistake by all others."""
    a, b, larger = (SimpleNamespace(code=code, values=name, G=name.upper())
                    for code, name in ((1, "a"), (1, "b"), (2, "larger")))
    right, wrong = finding(True).judgement, finding(False).judgement

    def told(judgement, runs, **answers):
        asked = []
        for name in ("elsewhere_wrong", "right_beside", "ties", "named", "written", "kept"):
            monkeypatch.setattr(examine, name, lambda *given, name=name: asked.append(
                (name, given[0])) or answers.get(name))
        return examine.finding("X", judgement, runs, "others", None), asked

    found, asked = told(right, [a, b, larger])
    assert (found.judgement, found.values, found.G, found.facts) == (right, "a", "A", ())
    assert asked == [("elsewhere_wrong", b), ("written", a), ("kept", [a, b, larger])]
    assert told(right, [a, larger])[1] == [("written", a), ("kept", [a, larger])]
    found, asked = told(right, [a, b], elsewhere_wrong=wrong, ties=True, right_beside=True)
    assert (found.judgement, found.values, found.G) == (wrong, "b", "B") and not found.beside
    assert [text[:6] for text in found.facts] == ["At you", "Column"]
    assert asked == [("elsewhere_wrong", b), ("named", "others"), ("written", a)]
    found, asked = told(wrong, [a, b], ties=True, right_beside=True)
    assert found.beside and found.facts == () and asked == [("ties", a), ("right_beside", a)]
    found, asked = told(wrong, [a, b], ties=True)
    assert not found.beside and asked[2:] == [("named", "others"), ("written", a)]
