"""Which way to call a backward pass is taken, and what is made of what it gives, case by case."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.doctor import calling
from helpers.calculus.doctor.calling import along, choose, fits, running
from helpers.calculus.doctor.forms import (
    accepted,
    by_input,
    filled,
    mirrored,
    plans,
    receivers,
    shorter,
    split,
)
from helpers.calculus.errors import CodeError, LessonError

a0, a1, a2 = (("argument", i) for i in range(3))


# -- which plan

@pytest.mark.parametrize("proposed, less, able, fitting, chosen", [
    ("p", "", "p", "", "p"), ("pq", "", "pq", "q", "q"), ("pq", "", "pq", "", "p"),
    ("pq", "", "q", "", "q"), ("p", "r", "pr", "r", "r"), ("p", "r", "pr", "", "p"),
    ("p", "pr", "pr", "", "p"), ("", "r", "r", "", "r"), ("p", "r", "r", "", "r"),
    ("p", "rs", "prs", "", "p"), ("", "rs", "rs", "s", "s"), ("", "rs", "rs", "", "which of x, y"),
    ("p", "rs", "rs", "", "which of x, y"), ("", "rs", "s", "", "s"),
    ("pq", "r", "", "", "p stops"), ("", "rs", "", "", "r stops"), ("", "", "", "", "write it as")])
def test_the_first_plan_that_gives_the_slopes_or_else_anything_is_taken(
        monkeypatch, proposed, less, able, fitting, chosen):
    def run(code, those):
        return [p for p in those if p in able], [CodeError(f"{p} stops") for p in those
                                                 if p not in able]

    asked = []
    monkeypatch.setattr(calling.forms, "plans", lambda *given: list(proposed))
    monkeypatch.setattr(calling.forms, "shorter", lambda *given: list(less))
    monkeypatch.setattr(calling, "running", run)
    monkeypatch.setattr(calling, "fits", lambda code, plan: asked.append(plan) or plan in fitting)
    code = SimpleNamespace(method=lambda layer, method: method, layer=None, forward=lambda x, y: 0,
                           backward=lambda: 0, argument_names=["x", "y"], Y=np.zeros(1),
                           keywords={})
    if len(chosen) == 1:
        choose(code, 0)
        assert code.plan == chosen
    else:
        with pytest.raises(CodeError, match=chosen):
            choose(code, 0)
    assert bool(asked) is (len(able) > 1) and len(asked) == len({*asked})


@pytest.mark.parametrize("shape, scalar", [((), True), ((1,), True), ((1, 1), True), ((2,), False),
                                           ((0,), False)])
def test_of_one_number_an_upstream_gradient_need_not_be_given(monkeypatch, shape, scalar):
    told = []
    for name in ("plans", "shorter"):
        monkeypatch.setattr(calling.forms, name, lambda *given: told.append(given) or ["p"])
    monkeypatch.setattr(calling, "running", lambda code, those: (those, []))
    code = SimpleNamespace(method=lambda layer, method: method, layer=None, keywords={"k": 1},
                           forward=lambda x, y, z=1: 0, backward=abs, argument_names=["x", "y"],
                           Y=np.zeros(shape))
    choose(code, 2)
    assert told == [(abs, ["x", "y"], 2, scalar, {"k": 1}, ["x", "y", "z"]),
                    (abs, ["x", "y"], ["z"], 2, scalar, {"k": 1})]


def test_plans_that_run_and_what_the_others_raise():
    seen, problem = [], CodeError("no")

    def run(values, G):
        seen.append((code.plan, code.takes_G, G.tolist()))
        if code.plan == ("b",):
            raise problem

    code = SimpleNamespace(run=run, values={}, Y=np.zeros(2))
    assert running(code, [("G", "a"), ("b",), ("c",)]) == ([("G", "a"), ("c",)], [problem])
    assert seen == [(("G", "a"), True, [1, 1]), (("b",), False, [1, 1]), (("c",), False, [1, 1])]


def test_a_plan_fits_along_three_lines(monkeypatch):
    def told(*lines):
        given = iter(lines)

        def one(code, random):
            asked.append(code.plan)
            line = next(given)
            if line is None:
                raise LessonError("too far")
            return line

        monkeypatch.setattr(calling, "along", one)
        return fits(SimpleNamespace(values={}), "p")

    asked = []
    assert told(True, True, True) is True and asked == ["p"] * 3
    for lines in ((False,), (True, True, False), (True, None)):
        assert told(*lines) is False


def line(forward, gradients, takes_G=True, **values):
    """Whether these gradients, of an upstream gradient and the values, fit along a line."""
    values = {name: np.array(value, float) for name, value in values.items()}
    code = SimpleNamespace(values=values, takes_G=takes_G, Y=forward(**values),
                           value=lambda given: forward(**given),
                           run=lambda given, G: SimpleNamespace(gradients=gradients(G, **given)))
    return all(along(code, np.random.default_rng(seed)) for seed in range(5))


@pytest.mark.parametrize("times, says", [(1, True), (0.991, True), (1.0099, True), (0.989, False),
                                         (1.0102, False), (-1, False), (0, False)])
def test_a_slope_along_a_line_is_right_to_a_hundredth_of_all_that_adds_up_to_it(times, says):
    assert line(lambda x: 3 * x, lambda G, x: {"x": 3 * times * G}, x=[2.0]) is says
    assert line(lambda x: 3 * x[0], lambda G, x: {"x": 3 * times * np.ones(1)}, False,
                x=[2.0]) is says
    assert line(lambda x: x**2, lambda G, x: {"x": 2 * times * G * x}, x=[1e6]) is says


def test_only_what_has_a_gradient_moves_and_each_has_its_own_shape():
    def product(x, y):
        return x * y

    x, y = [1.0, 2], [3.0, -1]
    assert line(product, lambda G, x, y: {"x": G * y, "y": G * x}, x=x, y=y)
    assert line(product, lambda G, x, y: {"x": G * y}, x=x, y=y)
    assert not line(product, lambda G, x, y: {"x": G * y, "y": (G * x)[:, None]}, x=x, y=y)
    assert not line(product, lambda G, x, y: {"x": G * y, "y": (G * x)[None]}, x=x, y=y)
    assert not line(product, lambda G, x, y: {"x": (G * y)[:1], "y": G * x}, x=x, y=y)
    assert not line(product, lambda G, x, y: {"x": G * x, "y": G * y}, x=x, y=y)
    assert line(lambda x: 0 * x, lambda G, x: {"x": 0 * G}, x=x)  # what stands still


# -- the plans

def test_an_argument_with_a_default_is_given_where_it_is_one_of_forward():
    assert plans(lambda G, X, W=None, q=3: 0, ["X", "W"], 0, False)[0] == ("G", a0, a1)
    assert plans(lambda G, X, dy=None: 0, ["X", "W"], 0, False)[0] == ("G", a0)
    assert accepted(lambda a, b: 0, {"a": 1, "c": 2}) == {"a": 1}


@pytest.mark.parametrize("backward, names, spare, found", [
    (lambda G, x, y: 0, "xyz", "yz", [("G", a0, a1), ("G", a0, a2)]),
    (lambda G, x, y=1: 0, "xyz", "yz", [("G", a0), ("G", a0, a1), ("G", a0, a2)]),
    (lambda x, dy: 0, "xy", "y", [(a0, "G"), ("G", a0)]), (lambda G, x: 0, "x", "y", []),
    (lambda G, x: 0, "y", "y", [("G", a0)]), (lambda G, *rest: 0, "xy", "y", []),
    (lambda G: 0, "xy", "y", []), (lambda G, x, y, z, q: 0, "xy", "y", [])])
def test_what_need_not_be_given_is_left_out(backward, names, spare, found):
    assert shorter(backward, [*names], [*spare], 0, False) == found
    assert shorter(backward, [*names], [*spare], 1, False) == []


def test_a_loss_may_be_given_no_upstream_gradient():
    assert shorter(lambda x: 0, ["x", "y"], ["y"], 0, True) == [(a0,)]
    assert shorter(lambda x, k: 0, ["x", "y"], ["y"], 0, True, {"k": 1}) == [(a0,)]
    assert shorter(lambda q, x: 0, ["x", "y"], ["y"], 0, True) == [("G", a0), (a0, a1)]


def test_what_a_plan_hands_over():
    given = "up", "out", (5, 6), ["x", "y"]
    assert filled(("G", "Y", a1, ("kept", 0), "cache"), *given) == ["up", "out", "y", 5, (5, 6)]
    assert filled(("cache",), "up", "out", (7,), []) == [7]
    assert filled(("cache", ("kept", 1)), "up", "out", (7, 8), []) == [(7, 8), 8]


# -- what comes back

W, b, X = np.ones((4, 2)), np.ones(2), np.ones((3, 4))


@pytest.mark.parametrize("returned, arguments, found", [
    ((1, {"dW": 2, "b_grad": 3}), [X, {"W": W, "b": b}], {(0,): 1, (1, "W"): 2, (1, "b"): 3}),
    ({"W": 2, "b": 3}, [X, {"W": W, "b": b}], {(1, "W"): 2, (1, "b"): 3}),
    ((None, {"W": 2}), [X, {"W": W, "b": b}], {(1, "W"): 2}),
    ((1, [2, 3]), [X, [W, b]], {(0,): 1, (1, 0): 2, (1, 1): 3}),
    ([2, 3], [X, [W, b]], {(1, 0): 2, (1, 1): 3}),
    ([2, {"c": 3}], [[W, {"c": b}]], {(0, 0): 2, (0, 1, "c"): 3}),
    ([None, 3], [X, [W, b]], {(1, 1): 3}),
    ((1, 2), [X, {"W": W}], None), ((1, {"V": 2}), [X, {"W": W}], None),
    ((1, {}), [X, {"W": W}], None), ((1, [2], 3), [X, [W, b]], None),
    (({"W": 1}, {"W": 2}), [X, {"W": W}], None), (([W, b], [2, 3]), [X, [W, b]], None),
    ((1, 2), [X, W], None), ({"W": 1}, [X, W], None), ([2, 3], [[W, b], {"c": W}], None)])
def test_gradients_that_are_built_as_the_arguments(returned, arguments, found):
    assert mirrored(returned, arguments) == found


def test_numbers_in_a_tuple_are_one_output_and_arrays_are_more():
    assert split((1.0, 2.0, 3.0)) == ((1.0, 2.0, 3.0), ())
    assert split(([1.0], [2.0])) == ([1.0], ([2.0],)) and split((X, b)) == (X, (b,))
    assert split((1, 2)) == (1, (2,)) and split([X, b]) == ([X, b], ())


SHAPES = {"X": (3, 4), "W": (4, 2), "b": (2,), "s": ()}


@pytest.mark.parametrize("parts, floating, taken, names", [
    ([X, b], "XWbs", "Xb", "Xb"), ([b, X], "XWbs", "Xb", "Xb"), ([X, 1.0], "XWs", "Xs", "Xs"),
    ([X, W], "XWs", "Xs", "XW"), ([None, W], "XWs", "Xs", "XW"), ([b, b], "XWs", "Xs", "XW"),
    ([X, b], "XWbs", "", "Xb"), ([b], "XWbs", "b", "b"), ([b], "XWbs", "", "X")])
def test_gradients_go_to_what_backward_was_given_or_to_what_has_axes(parts, floating, taken, names):
    found = receivers(parts, ["X", "W", "b", "s", "t"], [*floating], SHAPES, {}, [*taken])
    assert found == [*names]


def test_names_and_places_together():
    every = ["X", "W", "b"]
    for returned, found in ((({"dW": 1},), {"W": 1}), (({"W": 1}, 2, 3), {"W": 1, "X": 2, "b": 3}),
                            ({"W": 1}, {"W": 1}), ((), {}), ((1, {"dW": 2, "db": 3}),
                                                             {"X": 1, "W": 2, "b": 3})):
        assert by_input(returned, every, every, SHAPES, ["X"]) == found
