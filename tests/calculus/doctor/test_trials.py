"""Somebody's code tried again: at other numbers, for another G, with one example more, in part."""

from dataclasses import replace

import numpy as np
import pytest

from helpers import check_gradients
from helpers.calculus.doctor import examine
from helpers.calculus.doctor.code import OwnCode
from helpers.calculus.doctor.examine import (
    elsewhere_wrong,
    kept,
    right_beside,
    rounds,
    stream,
    ties,
    written,
)
from helpers.calculus.doctor.trials import Trial, fresh, grown, shrunk, small, trials, tried
from helpers.calculus.errors import CodeError

random = np.random.default_rng(3)
X, Q, W, b = (random.standard_normal(shape) for shape in ((3, 4), (4, 4), (4, 2), 2))


def affine(X, W, b):
    return X @ W + b


def back(G, X, W, b):
    return G @ W.T, X.T @ G, G.sum(0)


def own(forward=affine, backward=back, *arguments, **keywords):
    return OwnCode(forward, backward, list(arguments or (X, W, b)), keywords)


def shapes(code):
    return [np.shape(value) for value in code.arguments]


def test_five_trials_the_first_at_somebody_s_own_numbers():
    code, G = own(), random.standard_normal((3, 2))
    first, again, one, other, larger = trials(code, random, G)
    assert first.G is G and not np.allclose(again.G, G) and again.values == first.values
    for t in (one, other):
        ratio = np.concatenate([(t.values[n] / code.values[n]).reshape(-1) for n in "XWb"])
        assert (0.75 <= ratio).all() and (ratio <= 1.25).all() and np.ptp(ratio) > 0.2
    assert not np.allclose(one.values["X"], other.values["X"]) and one.code is other.code is code
    assert larger.Y.shape == larger.G.shape == (4, 2)
    for t in (first, again, one, other, larger):
        np.testing.assert_allclose(t.Y, affine(**t.values))
        np.testing.assert_allclose(t.right("W"), t.values["X"].T @ t.G, atol=1e-9)
        np.testing.assert_array_equal(t.got["W"], t.values["X"].T @ t.G)


def test_a_loss_has_one_upstream_gradient():
    code = own(lambda w: np.sum(w**2), lambda w: 2 * w, X)
    found = trials(code, random, np.ones(()))
    assert [t.G.tolist() for t in found] == [1.0] * 4 and found[-1].values["w"].shape == (4, 4)
    assert not code.takes_G and own().takes_G


def test_labels_stay_as_they_are_in_fresh_numbers():
    t = np.array([1.0, 0, 1])
    code = own(lambda X, t: X * t[:, None], lambda G, X, t: (G * t[:, None], None), X, t)
    values = fresh(code, random)
    assert values["t"] is code.values["t"] and not np.array_equal(values["X"], X)


def test_numbers_that_the_functions_refuse_make_no_trial():
    def picky(x):
        if (x > 3).any():
            raise ValueError("too large")
        return np.log(x)

    code = own(picky, lambda G, x: G / x, np.array([1.0, 2]))
    assert len(tried(code, {"x": np.array([1.0, 3])}, random)) == 1
    assert tried(code, {"x": np.array([1.0, 4])}, random) == []
    assert tried(code, {"x": np.array([1.0, 0])}, random) == []  # −∞


@pytest.mark.parametrize("rows, sizes, is_small", [
    (1, (256, 256), True), (1, (257, 1), False), (1, (1, 257), False), (4096, (256, 1), True),
    (4097, (256, 1), False)])
def test_small_are_256_numbers_and_a_million_slopes_by_one_input(rows, sizes, is_small):
    def forward(x, y):
        return np.full(rows, x.sum() + y.sum())

    def backward(G, x, y):
        return G.sum() * np.ones_like(x), G.sum() * np.ones_like(y)

    assert small(own(forward, backward, *map(np.ones, sizes))) is is_small


GROWN = {  # forward, backward, inputs, shapes with one example more (None: there are none)
    "affine": (affine, back, (X, W, b), [(4, 4), (4, 2), (2,)]),
    "labels": (lambda X, t: X * t[:, None], lambda G, X, t: G * t[:, None], (X, np.arange(3)),
               [(4, 4), (4,)]),
    "as many features": (affine, back, (Q, W, b), [(5, 4), (4, 2), (2,)]),
    "two batches": (lambda A, B: A * B, lambda G, A, B: (G * B, G * A), (X, 2 * X),
                    [(4, 4), (4, 4)]),
    "labels of a square": (lambda X, W, t: X @ W * t[:, None], lambda G, X, W, t: (
        G * t[:, None]) @ W.T, (Q, W, np.arange(4)), [(5, 4), (4, 2), (5,)]),
    "a loss": (lambda X: np.sum(X**2), lambda X: 2 * X, (X,), [(4, 4)]),
    "no batch in Y": (lambda X: X.sum(0), lambda G, X: G + 0 * X, (X[:, :2],), None),
    "a fixed size": (lambda X: X + np.zeros((3, 4)), lambda G, X: G, (X,), None),
    "one number": (lambda x: x**2, lambda G, x: 2 * G * x, (3.0,), None),
    "another number of axes": (lambda X: X if len(X) == 3 else X[0], lambda G, X: G + 0 * X, (X,),
                               None),
    "another gradient": (lambda X, W: X @ W, lambda G, X, W: {"X": G @ W.T} if len(X) == 3 else {
        "W": X.T @ G}, (X, W), None),
}


@pytest.mark.parametrize("forward, backward, inputs, larger", GROWN.values(), ids=GROWN)
def test_a_batch_with_one_example_more(forward, backward, inputs, larger):
    code = own(forward, backward, *inputs)
    found = grown(code, random)
    assert (found and shapes(found)) == larger
    if larger:
        for before, after in zip(code.arguments, found.arguments, strict=True):
            np.testing.assert_array_equal(after[:len(before)], before)


SHRUNK = {  # forward, backward, inputs, shapes of the corner
    "affine": (affine, back, (np.ones((300, 50)), np.ones((50, 20)), np.ones(20)),
               [(6, 5), (5, 4), (4,)]),
    "small sizes stay": (affine, back, (np.ones((300, 3)), np.ones((3, 2)), np.ones(2)),
                         [(4, 3), (3, 2), (2,)]),
    "a list": (lambda X, ks: X * sum(ks), lambda G, X, ks: G * sum(ks), (np.ones((300, 9)), [1, 2]),
               [(5, 4), (2,)]),
    "labels": (lambda X, t: X * t[:, None], lambda G, X, t: G * t[:, None],
               (np.ones((300, 2)), np.arange(300)), [(4, 2), (4,)]),
    "a fixed size": (lambda X: X + np.zeros((300, 2)), lambda G, X: G, (np.ones((300, 2)),), None),
    "too many axes": (lambda X: 2 * X, lambda G, X: 2 * G, (np.ones((7, 8, 9, 10)),), None),
}


@pytest.mark.parametrize("forward, backward, inputs, corner", SHRUNK.values(), ids=SHRUNK)
def test_a_corner_tells_every_two_sizes_apart(forward, backward, inputs, corner):
    found = shrunk(own(forward, backward, *inputs))
    assert (found and shapes(found)) == corner


def test_a_corner_of_a_layer_and_of_a_keyword():
    class Layer:
        def __init__(self):
            self.W, self.dW = np.ones((50, 3)), 0

        def forward(self, X, scale):
            self.X, self.scale = X, scale
            return X @ self.W * scale

        def backward(self, G):
            self.dW = self.X.T @ (G * self.scale)
            return (G * self.scale) @ self.W.T

    corner = shrunk(own(Layer(), None, np.ones((300, 50)), scale=np.ones((300, 1))))
    assert [value.shape for value in corner.values.values()] == [(5, 4), (5, 1), (4, 3)]
    checks = check_gradients(Layer(), np.ones((300, 50)), scale=np.ones((300, 1)))
    assert checks.passed and "256 of 15,000 entries" in str(checks)


def trial(forward, backward, *arguments, G=None, **keywords):
    code = own(forward, backward, *arguments, **keywords)
    return Trial(code, code.values, np.ones(code.Y.shape) if G is None else G)


def test_the_sizes_of_a_trial():
    assert trial(affine, back, X, W, b).sizes == (3, 2, 6)
    assert trial(lambda X: np.sum(X), lambda X: np.ones_like(X), X).sizes == (3, 4, 12)
    assert trial(lambda a, X: a * np.sum(X), lambda a, X: (np.sum(X), a + 0 * X), 2.0, X
                 ).sizes == (3, 4, 12)
    assert trial(lambda x: x**2, lambda G, x: 2 * G * x, 3.0).sizes == (1, 1, 1)


def test_where_an_output_is_moved_by_any_input():
    t = trial(lambda X, a: np.maximum(X, 0) + np.array([0, 0, 1, 0]) * a,
              lambda G, X, a: (G * (X > 0), G[:, 2].sum()), X, 1.0)
    np.testing.assert_array_equal(t.alive, (X > 0) | (np.arange(4) == 2))
    np.testing.assert_allclose(t.right("X", 2 * t.G), 2 * (X > 0), atol=1e-9)
    np.testing.assert_allclose(t.right("X", values={**t.values, "X": -X}), X < 0, atol=1e-9)
    np.testing.assert_allclose(t.with_G(3 * t.G)["X"], 3 * (X > 0))


# -- what the examination asks of a trial

def test_nobody_is_accused_by_one_measurement_alone(monkeypatch):
    """Exact slopes are enough where they agree; else the ladder is asked, and the surer one told.
    """
    x, asked = np.array([0.3, -0.7, 1.2]), []
    t = trial(lambda x: x**3, lambda G, x: 3 * G * x**2, x, G=np.array([1.0, 2, -1]))
    exact, ladder = examine.slopes, examine.measure

    def told(times=1.0, error=None, ladder_error=None, of=t):
        asked.clear()

        def first(f, x):
            found = exact(f, x)
            wide = found.error if error is None else np.full(found.J.shape, error)
            return replace(found, J=times * found.J, error=wide)

        def second(*given):
            asked.append(1)
            found = ladder(*given)
            return found if ladder_error is None else replace(found, error=np.full(3, ladder_error))

        monkeypatch.setattr(examine, "slopes", first)
        monkeypatch.setattr(examine, "measure", second)
        return examine.look(of, "x", random)

    assert told().right and not asked
    found = told(times=2)
    assert found.right and asked and found.digits >= 7
    assert told(error=1e-5).digits >= 7 and asked          # the ladder knows more
    found = told(error=1e-5, ladder_error=1e-2)
    assert found.right and found.digits == 4 and asked     # it knows less
    assert told(times=2, error=1e-5, ladder_error=4e-3).digits == 2  # and does not agree
    wrong = trial(lambda x: x**3, lambda G, x: 3 * G * x, x)
    assert told(of=wrong).wrong == (0,) and asked
    column = trial(lambda x: x**3, lambda G, x: 3 * (G * x**2)[:, None], x)
    assert not told(of=column).shape and not asked
    kink = trial(lambda x: np.abs(x), lambda G, x: G * np.sign(x), np.array([1.0, 0]))
    assert told(of=kink).wanted.kinks and asked
    for name, most in (("LARGEST", 9), ("MOST", 3)):  # of three numbers each moves three at most
        for there, wanted in ((most, []), (most - 1, [1])):
            with monkeypatch.context() as patch:
                patch.setattr(examine, name, there)
                assert told().right and asked == wanted


def test_the_upstream_gradient_is_its_own_stream():
    first = stream(0).standard_normal(3)
    assert np.array_equal(first, stream(0).standard_normal(3))
    for other in (stream(1), stream(0, 1), np.random.default_rng(0)):
        assert not np.array_equal(first, other.standard_normal(3))
    seen = []

    def backward(G, x):
        seen.append(G.copy())
        return 2 * G

    check_gradients(lambda x: 2 * x, backward, np.ones(3), seed=4)
    assert any(np.array_equal(G, stream(4).standard_normal(3)) for G in seen)


def test_what_is_right_here_alone_is_told_with_the_numbers_where_it_is_wrong():
    x = np.array([1.0, 2.0])
    (check,) = check_gradients(lambda x: x**3, lambda G, x: 3 * G * np.array([1.0, 4.0]), x)
    assert not check.passed and check.facts[0] == (
        "At your own numbers it is right; this is where each of them is a little larger or "
        "smaller.")
    assert check.verdict.startswith("wrong: dx[0] is ") and check.facts[1].startswith("Column of")
    (check,) = check_gradients(lambda x: x**3, lambda G, x: 3 * G * x**2, x)
    assert check.passed and check.facts == ()


def test_a_gradient_that_is_not_always_given_has_no_name():
    def backward(G, X):
        return {"X": 2 * G} if X[0] == 1 else {}

    (check,) = check_gradients(lambda X: 3 * X, backward, np.array([1.0, 2.0]))
    assert (check.passed, check.mistake) == (False, "")


def test_right_for_one_upstream_gradient_is_not_right():
    G0 = stream(0).standard_normal(2)

    def picky(x):
        if abs(x - [1, 2]).max() > 0.01:
            raise ValueError("no other numbers")
        return 3 * x

    (check,) = check_gradients(picky, lambda G, x: 3 * G if abs(G - G0).max() < 1e-3 else G,
                               np.array([1.0, 2.0]))
    assert not check.passed
    (check,) = check_gradients(picky, lambda G, x: 6 * G, np.array([1.0, 2.0]))
    assert check.mistake == "factor 2 or factor N"  # N = 2, and no other batch can be tried


def test_digits_that_a_right_formula_loses_are_no_mistake():
    """What its answer moves by, when its inputs move in their last place, may be off."""
    def backward(G, x):
        return 2 * G * x * (1 + (x * 1e9 / 3 - x * (1e9 / 3)))  # 1 but for rounding

    (check,) = check_gradients(lambda x: x**2, backward, 1 + np.arange(12) / 7)
    assert check.passed and check.verdict.endswith(" digits: rounding loses the rest.")


def test_elsewhere_a_kink_accuses_nobody():
    t = trial(lambda x: np.abs(x), lambda G, x: G * np.where(x < 0, 1, -1), np.array([1.0, -2]))
    found = elsewhere_wrong(t, "x", random)
    assert found.wrong == (0,)
    kink = trial(lambda x: np.abs(x), lambda G, x: 2 * G, np.array([0.0]))
    assert elsewhere_wrong(kink, "x", random) is None
    right = trial(lambda x: np.abs(x), lambda G, x: G * np.sign(x), np.array([1.0, -2]))
    assert elsewhere_wrong(right, "x", random) is None
    column = trial(lambda x: 2 * x, lambda G, x: 2 * G[:, None], np.array([1.0, -2]))
    assert not elsewhere_wrong(column, "x", random).shape


def test_beside_means_a_thousandth():
    def identity(x):
        return np.maximum(x, 0) - np.maximum(-x, 0)

    def near(reach):
        return lambda G, x: G * ((x > 0) | (x < 0)) * (np.abs(x) < 2 + reach)

    x = np.array([2.0, 0.0])
    assert right_beside(trial(identity, near(0.003), x), "x", random)
    small = trial(identity, lambda G, x: G * (x != 0) * (np.abs(x) < 2.003e-6), 1e-6 * x)
    assert right_beside(small, "x", random)  # a thousandth of what is there
    assert not right_beside(trial(identity, near(1e-9), x), "x", np.random.default_rng(0))
    assert not right_beside(trial(identity, lambda G, x: 2 * G, x), "x", random)
    assert ties(trial(identity, near(1), x)) and ties(trial(identity, near(1), np.array([1, -1.0])))
    assert not ties(trial(identity, near(1), np.array([1.0, 2])))
    assert not right_beside(trial(np.abs, lambda G, x: 2 * G, np.zeros(2)), "x", random)


def test_a_forward_pass_that_rounds_to_float32_is_seen():
    def single(x):
        return x.astype(np.float32).astype(np.float64)

    x = np.array([1 / 3, 0.2])
    assert rounds(trial(lambda x: 3 * single(x), lambda G, x: 3 * G, x), "x") is False
    assert rounds(trial(lambda x: single(3 * single(x)), lambda G, x: 3 * G, x), "x") is True
    assert not rounds(trial(lambda x: 3 * x, lambda G, x: 3 * G, x), "x")
    assert not rounds(trial(lambda x: single(x), lambda G, x: G, np.array([0.5, 2])), "x")
    assert not rounds(trial(lambda x: np.round(x), lambda G, x: 0 * G, x), "x")  # steps
    assert not rounds(trial(single, lambda G, x: G, np.array([1e300, 0.1])), "x")


def test_who_writes_to_what():
    def forward(X, A):
        X *= 2
        return X + A

    def backward(G, X, A):
        G += 1
        A[0] = 0
        return 2 * G, G

    t = trial(forward, backward, X.copy(), X.copy())
    assert t.passed.changed == {"forward": ["X"], "backward": ["G", "A"]}
    assert written(t, "X").remedy.startswith(
        "forward writes to X; backward writes to G and A. Others still need it")
    assert written(t, "A") is None and written(trial(affine, back, X, W, b), "X") is None


def test_a_gradient_that_the_next_call_overwrites():
    buffer = np.zeros(3)

    def into_buffer(G, x):
        buffer[...] = 2 * G
        return buffer

    x = np.array([1.0, 2, 3])
    found = kept([trial(lambda x: 2 * x, into_buffer, x, G=x)], "x")
    assert found.name == "aliasing" and found.remedy.startswith("dx changes when backward")
    assert kept([trial(lambda x: 2 * x, lambda G, x: 2 * G, x, G=x)], "x") is None
    assert kept([trial(lambda x: np.sum(x), lambda x: np.ones(3), x)], "x") is None
    assert kept([trial(lambda x: 2 * x, lambda G, x: 2 * G, np.zeros(0))], "x") is None


def test_a_layer_with_lists_of_parameters():
    class Net:
        def __init__(self):
            self.params, self.grads = [W.copy(), b.copy()], [0, 0]

        def forward(self, X):
            self.X = X
            return affine(X, *self.params)

        def backward(self, G):
            self.grads = [self.X.T @ G, G.sum(0)]
            return G @ self.params[0].T

    assert check_gradients(Net(), X).passed


@pytest.mark.parametrize("gives", [(1.0,), [1.0, 2.0], 1.0])
def test_a_loss_without_its_gradient(gives):
    with pytest.raises(CodeError, match="there is no backward: give check_gradients"):
        own(lambda x: gives, None, X)
