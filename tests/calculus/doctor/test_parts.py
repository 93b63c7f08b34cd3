"""The parts of the examination alone: arrays in and out, ways to call, trials, and judgements."""

import math
import re
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import check_gradients
from helpers.calculus.doctor import measure
from helpers.calculus.doctor.arrays import is_numbers, is_tensor, leaves, like, plain, real, rebuilt
from helpers.calculus.doctor.code import OwnCode, methods
from helpers.calculus.doctor.examine import agree, judgement_of, same_memory, ties
from helpers.calculus.doctor.forms import accepted, by_input, input_of, plans, receivers, split
from helpers.calculus.doctor.judge import apart, entry, judged, told_apart
from helpers.calculus.doctor.ladder import columns, kinked
from helpers.calculus.doctor.layers import is_gradient
from helpers.calculus.doctor.measure import contracted, nudged, of_full
from helpers.calculus.doctor.trials import Trial, grown, longer, other, shrunk
from helpers.calculus.errors import CodeError, NumberError

random = np.random.default_rng(4)
X, W = random.standard_normal((3, 4)), random.standard_normal((4, 2))


# -- arrays

@pytest.mark.parametrize("value, words", [
    ([[1, 2], [3]], "be numbers in rows of equal length"), (np.array([1j]), "be real"),
    ([object()], "be made of numbers, but is of type list"),
    (np.array(["a"]), "be made of numbers, but has dtype <U1")])
def test_what_is_no_array_of_real_numbers_is_refused(value, words):
    with pytest.raises(NumberError, match=f"X must {words}"):
        real(value, "X")


def test_which_things_are_numbers():
    for value in (1.0, [1.0, 2], np.zeros(2), np.zeros((2, 0), np.float32)):
        assert is_numbers(value)
    for value in ("1.0", b"1", {"W": 1.0}, None, True, 1, [1, 2], [[1.0], 2.0], 1j, ["a"]):
        assert not is_numbers(value)
    assert plain([], "X").size == 0 and plain([[]], "X").shape == (1, 0)
    assert type(like(np.array(2.0), 1.0)) is float and like(X, W) is X
    assert like(X, 1.0) is X
    ways = [{}, {"detach": 1}, {"numpy": 1}, {"detach": 1, "numpy": 1}]
    assert [is_tensor(SimpleNamespace(**way)) for way in ways] == [False, False, False, True]


def test_every_array_inside_an_argument_can_be_exchanged_alone():
    given = {"W": X, "layers": [X, {"b": X, "k": (X, X)}], "p": (X, [X])}
    found = list(leaves("args", given))
    assert [name for name, _, _ in found] == [
        "W", "layers[0]", "b", "k[0]", "k[1]", "p[0]", "p[1][0]"]
    for place, (_, keys, leaf) in enumerate(found):
        assert leaf is X
        after = rebuilt(given, keys, W)
        assert [one is W for _, _, one in leaves("args", after)] == [
            i == place for i in range(len(found))]
        assert type(after["p"]) is tuple and type(after["layers"]) is list
    assert all(leaf is X for _, _, leaf in leaves("args", given))
    assert list(leaves("x", [1.0, 2.0])) == [("x", (), [1.0, 2.0])]


# -- ways to call

def argument(i):
    return ("argument", i)


XW = (argument(0), argument(1))
PLANS = [  # backward, forward's arguments, what it gave besides Y, whether Y is one number, plan
    (lambda G, X, W: 0, "XW", 0, False, ("G", *XW)), (lambda X, W, dY: 0, "XW", 0, False,
                                                      (*XW, "G")),
    (lambda u, p, q: 0, "XW", 0, False, ("G", *XW)), (lambda p, q, delta: 0, "XW", 0, False,
                                                      (*XW, "G")),
    (lambda *a: 0, "XW", 0, False, ("G", *XW)), (lambda G, W, X: 0, "XW", 0, False,
                                                 ("G", *XW[::-1])),
    (lambda G, w: 0, "XW", 0, False, ("G", argument(1))), (lambda G, Y: 0, "X", 0, False,
                                                           ("G", "Y")),
    (lambda dout, cache: 0, "X", 1, False, ("G", "cache")),
    (lambda cache, dout: 0, "X", 1, False, ("cache", "G")),
    (lambda a, b: 0, "X", 1, False, ("G", "cache")),
    (lambda ctx, b: 0, "X", 2, False, ("cache", "G")),
    (lambda a, b, c: 0, "X", 2, False, ("G", ("kept", 0), ("kept", 1))),
    (lambda G: 0, "XW", 0, False, ("G",)), (lambda a: 0, "XW", 3, False, ("G",)),
    (lambda w: 0, "w", 0, True, (argument(0),)), (lambda: 0, "w", 0, True, ()),
    (lambda a, b: 0, "XW", 0, True, XW), (lambda w, dout=1.0: 0, "w", 0, True,
                                          (argument(0), "G")),
    (lambda w, rate=1.0: 0, "w", 0, True, (argument(0),)),
]


@pytest.mark.parametrize("backward, names, kept, scalar, plan", PLANS)
def test_the_first_plan_is_the_one_that_is_meant(backward, names, kept, scalar, plan):
    assert plans(backward, list(names), kept, scalar)[0] == plan


def silent(*arguments):
    """As some functions written in C it does not say what it takes."""


silent.__signature__ = "none"


def test_where_no_call_is_likely_there_is_no_plan():
    assert plans(lambda: 0, ["X"], 0, False) == []
    assert plans(lambda a, b, c, d: 0, ["X"], 0, False) == []
    assert plans(lambda a, b: 0, ["X", "W"], 0, False) == []
    assert plans(silent, ["X"], 0, False) == [("G", argument(0))]
    assert accepted(silent, {"axis": 1}) == {}
    assert plans(lambda a, b: 0, ["X", "W"], 0, True) == [XW]
    assert plans(lambda q: 0, ["X", "W"], 0, True) == [("G",)]
    assert plans(lambda G, X, rate: 0, ["X"], 0, False, {"rate": 1})[0] == ("G", argument(0))


def test_keywords_that_are_taken():
    given = {"a": 1, "b": 2}
    assert accepted(lambda x, a: 0, given) == {"a": 1}
    assert accepted(lambda a, b: 0, given, 1) == {"b": 2}
    assert accepted(lambda x, **rest: 0, given) == given
    assert accepted(lambda x, a, /: 0, given) == accepted(lambda x: 0, given) == {}
    assert accepted(lambda a: 0, {}) == {} and accepted(dict.get, given) == {}


@pytest.mark.parametrize("key", ["W", "dW", "d_W", "grad_W", "W_grad", "dL_dW", "dLW", "g_W", "DW",
                                 "w", "GRAD_w"])
def test_the_names_of_a_gradient(key):
    assert input_of(key, ["X", "W", "b"]) == "W" and input_of(key, ["X", "b"]) is None


def test_capitals_part_two_inputs():
    assert [input_of(key, ["W", "w"]) for key in ("dW", "dw", "W", "w")] == ["W", "w", "W", "w"]


def test_what_forward_gives_beside_its_output():
    assert split((X, W)) == (X, (W,)) and split(X) == (X, ()) and split((X,)) == (X, ())
    assert split([X, W])[1] == () and split(()) == ((), ())
    assert split((1.0, 2.0)) == ((1.0, 2.0), ())
    assert split((1.0, X))[1] == (X,)


def test_gradients_go_to_their_inputs():
    every, floating = ["X", "t", "W"], ["X", "W"]
    shapes = {"X": (3, 4), "W": (4, 2)}

    def given(returned, every=every):
        return {name: value for name, value in by_input(returned, every, floating, shapes).items()}

    assert given((1, 2)) == {"X": 1, "W": 2} and given([1, 2]) == {"X": 1, "W": 2}
    assert given((1, None, 2)) == {"X": 1, "W": 2} and given((1, 5, 2)) == {"X": 1, "W": 2}
    assert given((None, 2)) == {"W": 2} and given(None) == {} and given(X)["X"] is X
    assert given({"dW": 2}) == {"W": 2} and given((1, {"dW": 2})) == {"X": 1, "W": 2}
    four = by_input((W,), ["X", "a", "b", "W"], ["X", "b", "W"], shapes | {"b": (2,)})
    assert list(four) == ["X"]  # of one alone the order is what is meant
    two = by_input((X, W), ["X", "a", "b", "W"], ["X", "b", "W"], shapes | {"b": (2,)})
    assert two["X"] is X and two["W"] is W and "b" not in two
    with pytest.raises(CodeError, match="gives 4 gradients, but forward takes X, t, W"):
        given((1, 2, 3, 4))
    with pytest.raises(CodeError, match=r"'dV', but there is no such input: X, W\..*'X' or 'dX'"):
        given({"dX": 1, "dV": 2})


def test_what_a_layer_calls_a_gradient():
    assert is_gradient(("dW",), ("W",)) and is_gradient(("grads", "W"), ("params", "W"))
    assert is_gradient(("grads", "dW"), ("W",))
    assert not is_gradient(("W",), ("W",)) and not is_gradient(("old", "W"), ("W",))
    assert not is_gradient(("db",), ("W",))


def test_a_callable_layer_beside_its_backward():
    class Layer:
        def __call__(self, X):
            return 2 * X

        def backward(self, G):
            return 2 * G

    layer = Layer()
    assert methods(layer, layer.backward) == (layer, "__call__", "backward")
    assert methods(np.tanh, layer.backward)[0] is None and methods(np.tanh, np.cos)[0] is None
    assert methods(layer, None) == (None, layer, None)


# -- trials

def code(forward=lambda X, W: X @ W, backward=lambda G, X, W: (G @ W.T, X.T @ G), *arguments):
    return OwnCode(forward, backward, list(arguments or (X, W)), {})


def test_other_numbers_are_of_the_same_kind():
    symmetric, rows = X @ X.T, np.abs(X) / np.abs(X).sum(1, keepdims=True)
    for value in (X, symmetric, rows, np.array(3.0)):
        found = other(value, random)
        assert found.shape == value.shape and (found != value).any()
        assert (np.sign(found) == np.sign(value)).all()
    many = other(np.arange(1.0, 1001), random) / np.arange(1, 1001)
    assert 0.75 < many.min() < 0.76 and 1.24 < many.max() < 1.25  # a quarter more or less
    again = other(symmetric, random)
    assert np.array_equal(again, again.T) and np.abs(again / symmetric - 1).max() < 0.25
    np.testing.assert_allclose(other(rows, random).sum(1), 1)
    assert 0 < np.abs(other(np.zeros(100), random)).max() < 3


def test_a_longer_batch_has_one_example_more():
    bigger = grown(code(), random)
    assert bigger.arguments[0].shape == (4, 4) and bigger.arguments[1].shape == (4, 2)
    np.testing.assert_array_equal(bigger.arguments[0][:3], X)
    labels = longer(np.array([2, 0, 1]), random)
    assert labels.tolist() == [2, 0, 1, 2] and labels.dtype.kind == "i"
    assert grown(code(lambda x: 2 * x, lambda G, x: 2 * G, 3.0), random) is None
    assert grown(code(lambda X: X + np.ones((3, 4)), lambda G, X: G, X), random) is None


def test_a_large_problem_is_tried_on_a_corner_of_it():
    big = code(lambda X, W, b: X @ W + b, lambda G, X, W, b: (G @ W.T, X.T @ G, G.sum(0)),
               np.ones((300, 50)), np.ones((50, 2)), np.ones(2))
    corner = shrunk(big)
    assert [value.shape for value in corner.values.values()] == [(5, 4), (4, 2), (2,)]
    near = shrunk(code(lambda X, W, t: (X @ W)[:, t], lambda G, X, W, t: (G @ W.T, X.T @ G),
                       np.ones((300, 7)), np.ones((7, 5)), np.arange(5)))  # 7 becomes 5, 5 is 4
    assert [value.shape for value in near.values.values()] == [(6, 5), (5, 4)]
    assert near.arguments[2].tolist() == [0, 1, 2, 3]
    assert shrunk(code(lambda X: X.reshape(300, 50) @ np.ones((50, 2)), lambda G, X: 0 * X,
                       np.ones((300, 50)))) is None


def test_a_corner_that_is_still_large_is_none():
    assert shrunk(code(lambda X: 2 * X, lambda G, X: 2 * G, np.ones((10, 11, 12, 13)))) is None


def test_nan_is_neither_chance_nor_a_change():
    x = np.array([-1.0, np.nan, 2.0])
    log = code(lambda x: np.log(x), lambda G, x: G / x, x)
    passed = log.run({"x": x}, np.array([1, np.nan, 1]))
    assert passed.changed == {"forward": [], "backward": []}


def test_numbers_move_in_their_last_place_and_ties_stay():
    value = np.array([[1.0, 1.0, -2.0, 0.0, 1e300]])
    moved = nudged(value, random)
    assert moved[0, 0] == moved[0, 1] != 1 and moved[0, 3] == 0
    assert (np.abs(moved - value)[value != 0] <= 2.3e-16 * np.abs(value)[value != 0]).all()


def test_what_may_lie_on_a_kink():
    def trial(x):
        return Trial(code(lambda x: 2 * x, lambda G, x: 2 * G, x), {"x": x}, np.ones(len(x)))

    assert ties(trial(np.array([1.0, 0.0]))) and ties(trial(np.array([1.0, -1.0])))
    assert not ties(trial(np.array([1.0, 2.0])))


# -- judgements

def wanted(J, G, error=1e-10):
    """What is measured of these slopes: Y.size rows, X.size columns."""
    class Found:
        kinks = ()
    Found.J, Found.error, Found.Y = J, np.full(J.shape, error), G
    return contracted(G, Found, (J.shape[1],), np.arange(J.shape[1]), None)


J, G = random.standard_normal((3, 4)), random.standard_normal(3)


def test_a_gradient_is_the_contraction_of_its_slopes():
    found = wanted(J, G)
    np.testing.assert_allclose(found.array, G @ J)
    np.testing.assert_allclose(found.error, 1e-10 * np.abs(G).sum())
    assert found.whole
    full = of_full(found)
    assert full.shape == (3, 4) and np.array_equal(full.array, J)
    np.testing.assert_allclose(found.column(2, (3,)), J[:, 2])


def test_what_is_right_and_what_is_off():
    right = judged("dX", G @ J, wanted(J, G), 1e-9)
    assert right.right and right.verdict == "right." and not right.difference.any()
    off = judged("dX", G @ J + [0, 0, 1e-3, -0.5], wanted(J, G), 1e-9)
    assert not off.right and off.wrong == (2,) and "dX[2] is" in off.verdict
    np.testing.assert_allclose(off.difference, [0, 0, 1e-3, -0.5], atol=1e-9)
    assert off.error == pytest.approx(0.5 / np.abs([*(G @ J), *(G @ J + [0, 0, 1e-3, -0.5])]).max())
    shape = judged("dX", G, wanted(J, G), 0)
    assert shape.verdict == "wrong: dX has shape (3,), but should have (4,)." and not shape.right
    blind = judged("dX", G @ J, wanted(np.full((3, 4), np.nan), G), 1e-9)
    assert not blind.right
    assert blind.verdict == "not judged: no finite slope of forward was found here."


@pytest.mark.parametrize("slack, words", [
    (1e-9, "right."), (1e-5, "right to 4 digits: rounding loses the rest."),
    (0.2, "no mistake as far as can be told: not one digit"),
    (1e3, "no mistake as far as can be told: both are 0 beside")])
def test_how_many_digits_are_known(slack, words):
    found = judged("dX", G @ J, wanted(J, G), slack * np.abs(G @ J).max())
    assert re.match(words, found.verdict), found.verdict
    assert found.digits == max(0, math.floor(-math.log10(slack + 4e-10 * np.abs(
        G).sum() / np.abs(G @ J).max())) if slack < 1 else 0)


def test_what_rounding_hides_is_measured_by_the_size_of_the_gradient():
    """Of a gradient of 1000 as much may be rough as a thousand times of one of 1, not more."""
    trial = Trial(code(lambda X: 1000 * X, lambda G, X: 1000 * G + 1e-8, X), {"X": X},
                  np.ones(X.shape))
    assert not judgement_of(trial, "X", random).right
    assert judgement_of(trial, "X", random, {"X": 9e-9}).right
    assert not judgement_of(trial, "X", random, {"X": 2e-8}).right


def test_of_many_kinks_the_first_is_told():
    (check,) = check_gradients("maxpool1d", np.ones((2, 4)))
    assert check.verdict.count("A kink") == 1 and "(7 more kinks.)" in check.verdict
    (check,) = check_gradients("relu", np.array([[0.0, 1.0]]))
    assert check.verdict.count("A kink") == 1 and "more" not in check.verdict
    (check,) = check_gradients("relu", np.zeros((1, 2)))
    assert check.verdict.endswith("(1 more kink.)")


def test_two_numbers_are_told_as_far_as_they_differ():
    assert told_apart(1.0, 1.00004) == ["1.00000", "1.00004"]
    assert told_apart(-1.0, 2.0) == ["−1.0000", "2.0000"]
    assert told_apart(1e-9, 2e-9) == ["1.0000e−09", "2.0000e−09"]
    assert told_apart(1e7, 2.0)[0] == "1.0000e+07" and told_apart(9.9e6, 2.0)[0] == "9900000.0000"
    assert told_apart(1e-3, 1e-4)[0] == "0.0010" and told_apart(math.nan, 1.0)[0] == "nan"
    assert entry("dX", (1, 2)) == "dX[1, 2]" and entry("dX", ()) == "dX"
    assert apart(np.array([1.0, 4]), np.array([1.0, 5])) == 0.2
    assert apart(np.array([1.0, 5]), np.array([1.0, 4])) == 0.2
    assert apart(np.array([np.inf]), np.array([1.0])) == math.inf and apart(X, X) == 0


def test_two_measurements_that_agree():
    found = wanted(J, G, 1e-3)
    near = wanted(J + 1e-3, G, 1e-3)
    assert agree(found, near) and not agree(found, wanted(J + 0.1, G, 1e-3))


def test_the_slopes_of_no_entries():
    none = columns(lambda x: x.sum(0), np.zeros((0, 3)), [], 0.0)
    assert none.J.shape == none.error.shape == (3, 0) and none.kinks == ()


def test_what_G_leaves_out_adds_nothing():
    found = wanted(np.where(np.arange(3)[:, None] == 1, np.nan, J), np.array([2.0, 0, -3]))
    np.testing.assert_allclose(found.value, 2 * J[0] - 3 * J[2])
    np.testing.assert_allclose(found.error, 5e-10)


def test_an_input_with_many_entries_is_measured_along_all_of_them_too(monkeypatch):
    monkeypatch.setattr(measure, "most_places", lambda f, x, G: 2)
    x, W = np.array([1e6, 1e-6, 0, -3]), random.standard_normal((4, 3))
    g, noise = np.array([1.0, -2, 0.5]), np.zeros(3)
    found = measure.measure(lambda x: x @ W, x, g, noise, np.random.default_rng(2))
    D, slope, _ = found.along
    assert len(found.places) == 2 and not found.whole
    np.testing.assert_allclose(found.value, (W @ g)[found.places], rtol=1e-6)
    np.testing.assert_allclose(slope, D @ W @ g, rtol=1e-6)  # each entry as far as it is large
    assert np.all((np.abs(D / [1e6, 1e-6, 1, 3]) < 5) & (np.abs(D / [1e6, 1e-6, 1, 3]) > 0.01))


def test_a_kink_is_told_where_a_gap_is_clear_in_the_finest_steps():
    gap, none = np.full((5, 1), 2.0), np.zeros((5, 1))
    assert kinked(gap, none, 1.0).all()
    assert not kinked(gap, gap / 2, 1.0).any()       # it may be rounding
    assert not kinked(gap, none, 1e4).any()          # beside such slopes it is nothing
    assert not kinked(gap / 4 ** np.arange(5)[:, None], none, 1.0).any()  # it closes


def test_gradients_in_their_order_go_to_what_is_left():
    every, shapes = ["X", "W", "s", "n"], {"X": (3, 4), "W": (4, 2), "s": ()}
    for parts, found, names in (
            ([None] * 4, {}, every), ([None] * 3, {}, ["X", "W", "s"]), ([None, W], {}, ["X", "W"]),
            ([None, W], {"X": X}, ["W", "s"]), ([None], {"X": X}, ["W"]), ([W], {}, ["X"])):
        assert receivers(parts, every, ["X", "W", "s"], shapes, found) == names
    with pytest.raises(CodeError, match="backward gives 2 gradients, but forward takes X, W, s, n"):
        receivers([W, W], ["X", "W", "s", "n"], ["s"], shapes, {})


def test_two_gradients_in_one_array_are_a_mistake_where_they_differ():
    def run(a, b, got):
        right = {"a": np.array(a), "b": np.array(b)}
        return SimpleNamespace(passed=SimpleNamespace(shared=[("a", "b")]), right=right.get,
                               got={"a": np.array(got), "b": np.array(got)})

    off, half = run([1.0, 2], [3.0, 4], [0.0, 0]), run([1.0, 2], [3.0, 4], [1.0, 2])
    same, turned = run([1.0, 2], [1.0, 2], [0.0, 0]), run([1.0, 2], [[1.0, 2]], [0.0, 0])
    assert same_memory([off, off], "a", True).name == "aliasing"
    assert same_memory([turned], "b", True) and same_memory([half], "b", False)
    for runs, name, both in (([off, same], "a", True), ([half], "b", True), ([off], "c", True)):
        assert same_memory(runs, name, both) is None


def test_probabilities_stay_so_and_only_they():
    random = np.random.default_rng(4)
    for _ in range(9):
        P = other(np.array([[0.2, 0.8], [0.5, 0.5]]), random)
        np.testing.assert_allclose(P.sum(1), 1)
        signed = np.array([[2.0, -1.0, 0], [3.0, -2.5, 0.5]])  # sums of 1 as well
        ratio = other(signed, random)[signed != 0] / signed[signed != 0]
        assert (0.75 <= ratio).all() and (ratio <= 1.25).all()
