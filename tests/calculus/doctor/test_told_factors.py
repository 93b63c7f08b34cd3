"""Which factor, which other gradient and which rounding is told: by numbers set by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.doctor import diagnosis
from helpers.calculus.doctor.code import OwnCode
from helpers.calculus.doctor.diagnosis import (
    Row,
    added,
    explains,
    factor,
    in_another_place,
    masked_result,
    noise,
    sizes_of,
    stands_still,
    untouched,
)
from helpers.calculus.doctor.sentences import epsilon_said, unmasked_said
from helpers.calculus.doctor.trials import Trial

R = np.array([[1.0, -2.5, 0.125], [3.0, 0.7, -1.3]])


def told(c, sizes=(3, 5, 15), right=R):
    """A trial of which the gradient is c times the right one."""
    return SimpleNamespace(got={"X": c * right}, right=lambda name: right, values={"X": right},
                           sizes=sizes, passed=SimpleNamespace(single=False))


def named(*trials):
    return factor(list(trials), "X", trials[0])


@pytest.mark.parametrize("c, name, words", [
    (1.0006, "factor 1.001", "is 1.0006 times"), (0.9994, "factor 0.9994", "is 0.9994 times"),
    (1.0004, "factor nearly 1", "is 1 + 0.0004 times"),
    (0.9996, "factor nearly 1", "is 1 − 0.0004 times"),
    (1 + 5e-6, "factor nearly 1", "is 1 + 5e-06 times"), (-1.25, "factor -1.25", "is -1.25 times")])
def test_a_factor_is_told_with_its_digits_and_near_1_by_what_is_off(c, name, words):
    found = named(told(c))
    assert found.name == name and words in found.remedy and found.output == "dX"


def test_a_factor_near_1_is_the_same_where_what_is_off_is():
    """To a hundredth of it."""
    for more, name in ((0.9e-7, "factor nearly 1"), (1.1e-7, None)):
        for c in (1 + 1e-5, 1 - 1e-5):
            found = named(told(c), told(c + more))
            assert (found and found.name) == name


def test_a_size_is_meant_where_it_is_so_in_every_trial():
    four, six = (4, 5, 20), (6, 5, 30)
    assert named(told(4, four), told(4, six)).name == "factor 4"
    assert named(told(4, four), told(6, six)).name == "factor N"
    for other, by_chance in ((told(1 / 4, four), True), (told(1 / 6, six), False)):
        found = named(told(1 / 4, four), other)
        assert found.name == "mean for sum"
        assert ("or is a factor 4 lost?" in found.remedy) is by_chance
    assert sizes_of(told(1, right=np.array(2.0)), "X") == (3, 5, 15, 1, 1)
    assert sizes_of(told(1), "X") == (3, 5, 15, 3, 2)


def test_one_trial_is_enough_for_what_is_added():
    t = SimpleNamespace(got={"X": R + 0.25 * R**2}, right=lambda name: R, values={"X": R**2},
                        passed=SimpleNamespace(single=False))
    assert added([t], "X").remedy.startswith("The gradient has 0.25 times X more than it should")


def test_float32_is_nearly_right_in_every_trial():
    single = R.astype(np.float32).astype(float)
    near, far = (SimpleNamespace(got={"X": c * single}, right=lambda name: R) for c in (1, 2))
    assert noise([near, near], "X").name == "float32 noise"
    assert noise([near, far], "X") is None and noise([far, near], "X") is None


@pytest.mark.parametrize("answer", [None, False, np.False_])
def test_of_one_number_too_no_answer_explains_nothing(answer):
    t = told(0.0, right=np.array(2.0))
    assert explains(Row("sign", lambda t, n: answer), [t], "X") is False


def test_forward_stands_still_where_all_three_other_inputs_give_the_same():
    Y, seen = np.array([1.0, 2]), []

    def answers(*outputs):
        given = iter(outputs)
        code = SimpleNamespace(names=("x",), value=lambda values: (seen.append(values),
                                                                   next(given))[1])
        return stands_still(SimpleNamespace(code=code, Y=Y, values={"x": Y, "t": np.ones(3)}))

    assert answers(Y, Y, Y) is True
    for outputs in ((Y, Y, 2 * Y), (2 * Y, Y, Y), (Y, 2 * Y, Y)):
        assert answers(*outputs) is False
    assert all(one["t"].tolist() == [1, 1, 1] and one["x"].shape == (2,) for one in seen)
    assert len({tuple(one["x"]) for one in seen[:3]}) == 3  # each time others, and far from these


def test_the_gradient_of_another_input_is_meant_where_that_one_is_wrong_as_well():
    right = {"X": R, "W": np.array([4.0, 1e-3]), "b": np.array([2.0])}
    for share, others in ((2e-6, ["W"]), (0.5e-6, [])):  # a millionth of the largest
        got = {**right, "X": 2 * R, "W": right["W"] + np.array([0, 4 * share])}
        t = SimpleNamespace(code=SimpleNamespace(names=("X", "W", "b")), got=got, right=right.get)
        rows = list(in_another_place(t, "X"))
        assert [row.remedy[:11] for row in rows] == [f"This is d{one}:" for one in others]
        assert all(row.gives(t, "X") is right["W"] for row in rows)
    assert len(list(in_another_place(t, "b"))) == 1  # there it is X alone


def test_arrays_that_nobody_has_written_to_are_asked_for_where_somebody_has():
    asked = []

    def run(values, G, instead):
        asked.append(instead)
        return SimpleNamespace(gradients={"X": R})

    for forward, backward, says in (([], [], False), (["X"], [], True), ([], ["G"], True)):
        t = told(2)
        t.G, t.code = np.ones(2), SimpleNamespace(run=run)
        t.passed.changed = {"forward": forward, "backward": backward}
        assert untouched(t, "X") is says
    assert len(asked) == 2 and all(one["X"] is R for one in asked)
    t.right = lambda name: 3 * R
    assert untouched(t, "X") is False
    assert untouched(t, "b") is False  # backward gives none


x, a = np.array([1.0, -2, 3, -4]), np.array([1.0, 5, -1, -2])


def trial(forward, backward, *inputs, G=None):
    code = OwnCode(forward, backward, list(inputs), {})
    return Trial(code, code.values, np.array([1.0, 2, -3, 4]) if G is None else G)


def test_a_mask_of_another_array_is_meant_where_the_unit_has_one():
    """A unit that is never off has none; what is cut at the sign of an input is another mistake."""
    on = trial(lambda x, a: 2 * x + 0 * a, lambda G, x, a: (2 * G * (a > 0), 0 * a), x, a)
    assert masked_result(on, "x", "a") is False
    off = trial(lambda x, a: np.maximum(x, 0) + 0 * a,
                lambda G, x, a: (G * (x > 0) * (a > 0), 0 * a), x, a)
    assert masked_result(off, "x", "a") is True
    assert masked_result(trial(lambda x, a: np.maximum(x, 0) + 0 * a,
                               lambda G, x, a: (G * (x > 0), 0 * a), x, a), "x", "a") is False


@pytest.mark.parametrize("forward, x, root", [
    (lambda x: (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-3), "X", "√(variance + ε)"),
    (lambda x: x / np.sqrt((x**2).mean(1, keepdims=True) + 1e-3), "X", "√(mean square + ε)"),
    (lambda x: (x - x.mean(0)) / (x.std(0) + 1e-3), "X", None),           # it is not under a root
    (lambda x: x / np.sqrt((x**2).mean() + 1e-3), "x", None)])            # it is no norm of rows
def test_where_the_epsilon_of_forward_stands(forward, x, root):
    given = np.random.default_rng(1).standard_normal((5, 4)) if x == "X" else a
    said = epsilon_said(trial(forward, lambda G, x: G, given, G=given + 1), "x")
    assert said == (f"The forward pass divides by {root}, so the backward pass does too." if root
                    else "This would be right without the small ε that the forward pass adds to "
                    "what it divides by: the backward pass needs it too.")


@pytest.mark.parametrize("on, off, words", [
    (3, 0.5, "Where x < 0 the slope of the unit is 0.5: multiply G by that there."),
    (0.25, -2, "Where x > 0 the slope of the unit is 0.25: multiply G by that there."),
    (1, -1, "Where x < 0 the slope of the unit is -1: multiply G by that there."),
    (1, 0, ""), (0, 2, "")])
def test_a_mask_that_is_no_0_is_told(on, off, words):
    t = trial(lambda x: np.where(x > 0, on * x, off * x), lambda G, x: G, x)
    assert unmasked_said(t, "x") == words


def test_what_explains_the_answers_is_looked_for_from_the_first_trial_and_in_this_order(
        monkeypatch):
    a, b = told(2), told(3)

    def explained(*able):
        asked = []

        def rows_of(kind):
            def rows(t, name):
                asked.append((kind, t))
                return [Row(f"{kind} {k}", kind in able and k, lambda t, name: t.got[name][0, 0])
                        for k in (0, 1)]
            return rows

        def last(kind):
            return lambda trials, name, *first: asked.append((kind, trials)) or (
                kind in able and kind) or None

        for name in ("first_rows", "rows"):
            monkeypatch.setattr(diagnosis, name, rows_of(name))
        for name in ("factor", "added", "noise"):
            monkeypatch.setattr(diagnosis, name, last(name))
        monkeypatch.setattr(diagnosis, "explains", lambda row, trials, name: bool(row.gives))
        found = diagnosis.explained([a, b], "X", a)
        return getattr(found, "name", found), getattr(found, "remedy", None), asked

    order = [("first_rows", a), ("factor", [a, b]), ("rows", a), ("added", [a, b]),
             ("noise", [a, b])]
    for k, (kind, _) in enumerate(order):
        row = kind.endswith("rows")  # the second of two: its words are those of the first trial
        assert explained(kind, "noise") == (f"{kind} 1" if row else kind, 2.0 if row else None,
                                            order[:k + 1])
    assert explained() == (None, None, order)


def test_a_larger_batch_alone_beside_the_own_numbers_may_be_left_out(monkeypatch):
    asked = []
    monkeypatch.setattr(diagnosis, "explained", lambda trials, name, first: asked.append(trials))
    one, larger = (SimpleNamespace(got={"X": R}, code=size) for size in "34")
    assert diagnosis.diagnose([one, larger], "X", one) is None
    assert asked == [[one, larger], [one]]


def test_one_number_on_a_side_tells_its_slope():
    t = trial(lambda x: np.where(x > 0, 3 * x, x / 2), lambda G, x: G * np.where(x > 0, 5, 0.25),
              np.array([1.0, -2]), G=np.array([1.0, 2]))
    below, above = diagnosis.slope_rows(t, "x")
    assert "Where x < 0 the slope is 0.25 here, and 0.5 in the forward pass." in below.remedy
    assert "Where x > 0 the slope is 5 here, and 3 in the forward pass." in above.remedy
    np.testing.assert_allclose(below.gives(t, "x"), [3, 0.5], rtol=1e-9)
    np.testing.assert_allclose(above.gives(t, "x"), [5, 1], rtol=1e-9)
