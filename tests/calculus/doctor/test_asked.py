"""What is asked of somebody's backward pass itself: for another G, with Y for the input, laid out.

And that every mistake that is tried has its row.
"""

import numpy as np
import pytest

from helpers import check_gradients
from helpers.calculus.doctor import diagnosis
from helpers.calculus.doctor.code import OwnCode
from helpers.calculus.doctor.examine import ties
from helpers.calculus.doctor.norms import recognized
from helpers.calculus.doctor.softmaxes import is_softmax
from helpers.calculus.doctor.trials import Trial
from helpers.calculus.errors import LessonError

random = np.random.default_rng(14)
X, V, S = (random.standard_normal(shape) for shape in ((5, 4), (4, 3), (4, 4)))
v = random.standard_normal(4)


def trial(forward, backward, **values):
    """A trial of functions that call their inputs so."""
    code = OwnCode(forward, backward, list(values.values()), {})
    return Trial(code, code.values, random.standard_normal(code.Y.shape))


@pytest.mark.parametrize("backward, says", [
    (lambda G, x: G @ V.T, True), (lambda G, x: (G * (x @ V > 0)) @ V.T, True),
    (lambda G, x: 2 * G @ V.T, False), (lambda G, x: G @ np.abs(V).T, False)])
def test_a_mask_that_was_forgotten_further_on(backward, says):
    t = trial(lambda x: np.maximum(x @ V, 0), backward, x=X)
    assert bool(diagnosis.lets_dead_through(t, "x")) is says


def stops(*_):
    raise ValueError("it stops")


def bad(kind, *methods):
    """A class of which these methods stop."""
    return type("Bad", (kind,), dict.fromkeys(methods, stops))


class Mute(Exception):
    __str__ = stops


def mute(*_):
    raise Mute


def long(*_):
    raise ValueError("\x1b" + "x" * 10**6)


ITSELF = [1.0]
ITSELF.append(ITSELF)
READ = r"cannot be read, ValueError: it stops\. Give arrays, or a tuple, list or dict of them"
HOLD = r"must hold numbers, but stopped when it was read, with ValueError: it stops\. Give an array"


@pytest.mark.parametrize("forward, backward, says", [
    (lambda x: x > 0, lambda G, x: G, "forward gives True and False, which have no slope"),
    (np.tanh, lambda G, x: ITSELF, "what backward gives cannot be read, ValueError: setting an"),
    (lambda x: bad(tuple, "__bool__")((x, x)), lambda G, x: G, f"what forward gives {READ}"),
    (lambda x: bad(object, "__getattr__")(), lambda G, x: G, f"the output of forward {HOLD}"),
    (np.tanh, lambda G, x: bad(object, "__getattr__")(), f"the gradient of x {HOLD}"),
    *((np.tanh, lambda G, x, one=one: one, f"what backward gives {READ}") for one in (
        bad(list, "__len__")([X, X]), bad(list, "__iter__")([X, X]), bad(dict, "__iter__")(a=X))),
    (mute, lambda G, x: G, r"^forward stopped in line \d+, `raise Mute`: Mute \(with"),
    (np.tanh, mute, r"^backward stopped in line \d+, `raise Mute`: Mute \(with x \(5, 4\)\)\.$"),
    (long, lambda G, x: G, r"ValueError: x{299}… \(with"),
    (np.tanh, bad(object, "__call__")(), r"backward stopped: ValueError: it stops \(with")])
def test_whatever_somebody_s_code_gives_or_raises_is_told_in_one_line(forward, backward, says):
    with pytest.raises(LessonError, match=says) as caught:
        check_gradients(forward, backward, X)
    assert len(str(caught.value)) < 500 and str(caught.value).isprintable()


@pytest.mark.parametrize("backward, says", [
    (lambda G, x: G * (1 - x**2), True), (lambda G, x: G * (1 - np.tanh(x) ** 2), False),
    (lambda G, x: G * (1 - x), False)])
def test_a_slope_that_wants_what_came_out(backward, says):
    assert bool(diagnosis.wants_output(trial(np.tanh, backward, x=X), "x")) is says
    square = trial(lambda x: x @ V, lambda G, x: G @ V.T, x=X)
    assert diagnosis.wants_output(square, "x") is False


@pytest.mark.parametrize("backward, says", [
    (lambda G, x: (G * 2 * x)[:, None], True), (lambda G, x: (G * 2 * x)[None], True),
    (lambda G, x: G * 2 * x, False), (lambda G, x: (G * 3 * x)[:, None], False)])
def test_the_right_numbers_along_other_axes(backward, says):
    assert bool(diagnosis.same_numbers(trial(np.square, backward, x=v), "x")) is says


def test_one_input_with_ties_is_enough():
    def zeros(G, x, y):
        return 0 * x, 0 * y

    apart = np.array([1.0, 2, 3, 4])
    for y, says in ((apart + 9, False), (np.array([5.0, 0, 6, 7]), True),
                    (np.array([5.0, -5, 6, 7]), True)):
        assert ties(trial(lambda x, y: x * y, zeros, x=apart, y=y)) is says
        assert ties(trial(lambda x, y: x * y, zeros, x=y, y=apart)) is says


def row_of(t, name, words):
    """The only row of `name` whose remedy holds these words, and what it gives."""
    found, = [row for row in diagnosis.rows(t, name) if words in str(row.remedy or row.name)]
    return found, found.gives(t, name)


def test_rows_of_a_square_matrix_a_hat_and_another_mask():
    product = trial(lambda x, y: x @ y, lambda G, x, y: (G @ y, x.T @ G), x=X, y=S)
    row, gives = row_of(product, "x", "y is square, so the shapes do not tell")
    assert row.name == "lost transpose"
    np.testing.assert_allclose(gives, product.G @ S, atol=1e-7)
    scaled = trial(lambda x, y: y * np.tanh(x), lambda G, x, y: (0 * x, 0 * y), x=X, y=v)
    rows = [row for row in diagnosis.rows(scaled, "y") if row.name == "wrong factor"]
    np.testing.assert_allclose(rows[0].gives(scaled, "y"), (scaled.G * X).sum(0), atol=1e-7)
    leaky = trial(lambda x: np.where(x > 0, 3 * x, x / 2), lambda G, x: 0 * x, x=X)
    for label, array in (("G", leaky.G), ("−x", -X)):
        row, gives = row_of(leaky, "x", f"It is taken from {label}:")
        np.testing.assert_allclose(gives, leaky.G * np.where(array > 0, 3, 0.5), atol=1e-7)


@pytest.mark.parametrize("loss, gives, words", [
    (lambda x: np.mean(x**2), lambda x: 2 * x, "sum over everything: Every number is 2400 times"),
    (lambda x: np.sum(x**2), lambda x: x, "factor ½: Every number is half of what it should be")])
def test_a_loss_of_many_numbers_is_explained_by_a_corner_of_them(loss, gives, words):
    assert words in str(check_gradients(loss, gives, random.standard_normal((60, 40))))


def test_what_a_right_formula_loses_in_digits_is_seen_by_moving_what_it_gets():
    def spread(x):  # of numbers far from 0: most digits go
        return (x**2).mean() - x.mean() ** 2

    x = 1e5 + random.standard_normal(7)
    assert "right" in str(check_gradients(spread, lambda x: 2 * (x - x.mean()) / 7, x))
    assert "wrong" in str(check_gradients(spread, lambda x: 2.1 * (x - x.mean()) / 7, x))


def softmax(x):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


@pytest.mark.parametrize("f, says", [
    (softmax, True), (lambda x: softmax(1.01 * x), False), (lambda x: softmax(x.T).T, False),
    (lambda x: x**2 / (x**2).sum(-1, keepdims=True), False)])
def test_not_all_that_sums_to_1_is_a_softmax(f, says):
    assert is_softmax(trial(f, lambda G, x: G, x=X), "x") is says


def test_what_is_nearly_a_line_is_no_norm():
    def bent(x, y, by):
        hat = (x - x.mean(0)) / x.std(0)
        return y * (hat + by * (hat**3 - (hat**3).mean(0)))

    for by, says in ((0, True), (1e-3, False)):
        t = trial(lambda x, y, by=by: bent(x, y, by), lambda G, x, y: (0 * x, 0 * y), x=X, y=v)
        assert (recognized(t, "x") is not None) is says
