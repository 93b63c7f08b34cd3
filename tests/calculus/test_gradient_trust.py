"""No innocent accused, no guilty let off: every row of the table at hard points of every kind.

One point of each kind, of rows that no lesson uses one point of one kind; with TM_SOAK=1 two
hundred, a thousand for each row, and as many with a mistake. The kinds go through all scales, 1e-6
to 1e6: plain, with an offset, with exact ties and zeros, saturated, and with numbers of all sizes
side by side.
"""

from dataclasses import replace
from functools import wraps

import numpy as np
import pytest

from helpers import OPERATIONS, check_gradients
from helpers.calculus.errors import LessonError
from tests.amount import SOAK, amount
from tests.calculus.cases import TABLE, in_course

NO_SLOPE = "not judged: no finite slope of forward was found here."
SCALES = 10.0 ** np.arange(-6, 7)
KINDS = {
    "plain": lambda random, X, scale: scale * X,
    "offset": lambda random, X, scale: scale + X,
    "ties": lambda random, X, scale: scale * np.round(X),
    "saturated": lambda random, X, scale: 40 * scale * (X + np.sign(X)),
    "mixed": lambda random, X, scale: X * 10.0 ** random.uniform(-6, 6, X.shape),
}
POINTS = [(op, kind) for number, op in enumerate(TABLE) for place, kind in enumerate(KINDS)
          if SOAK or in_course(op) or place == number % len(KINDS)]
every_point = pytest.mark.parametrize(
    ("op", "kind"), POINTS, ids=[f"{op.name}-{kind}" for op, kind in POINTS])


def points(op, kind, count):
    """(inputs, parameters, random), of sizes from 1 to 3, at one scale after the other."""
    for seed in range(count):
        number = list(OPERATIONS).index(op.name) * len(KINDS) + list(KINDS).index(kind)
        random = np.random.default_rng([number, seed])
        inputs, parameters = drawn(op, random)
        scale = SCALES[(seed + number) % len(SCALES)]
        yield [KINDS[kind](random, X, scale) for X in inputs], parameters, random


def drawn(op, random):
    """An example of sizes from 1 to 3 that fit each other: a filter into its signal."""
    while True:
        sizes = {letter: int(random.integers(1, 4)) for letter in op.sizes_at()}
        inputs, parameters = op.example(random, sizes)
        try:
            op(*inputs, **parameters)
        except LessonError:
            continue
        return inputs, parameters


@every_point
def test_a_right_gradient_is_never_called_wrong(op, kind):
    for inputs, parameters, _ in points(op, kind, amount(check=1, test=1, soak=200)):
        checks = check_gradients(op, *inputs, **parameters)
        if singular(op, *inputs):
            assert all(check.verdict == NO_SLOPE for check in checks), (checks, inputs)
        else:
            assert checks.passed, (checks, inputs, parameters)
        assert not any(check.mistake for check in checks)


def singular(op, A, *_):
    """Whether an inverse is asked for where there is none."""
    return op.name in ("inverse", "log_det") and np.linalg.det(A) == 0


def planted(op, wrt, what, change):
    """The row with one formula of one input changed."""
    row = op.derivatives[wrt]
    formula = getattr(row, what)
    wrong = wraps(formula)(lambda *values: change(formula(*values)))
    return replace(op, derivatives={**op.derivatives, wrt: replace(row, **{what: wrong})})


class Plant:
    """A mistake of a millionth of the largest entry, in one entry or (place None) in all."""

    def __init__(self, place):
        self.place, self.size = place, 0.0

    def __call__(self, value):
        value = np.array(value, float, order="C")
        largest = np.abs(value).max(initial=0)
        self.size = max(self.size, largest)
        if self.place is None:
            return value * (1 + 1e-6)
        if value.size:
            value.reshape(-1)[self.place % value.size] += 1e-6 * largest
        return value


@every_point
def test_a_mistake_of_a_millionth_is_refused_or_said_to_be_hidden(op, kind):
    for inputs, parameters, random in points(op, kind, amount(check=1, test=1, soak=200)):
        wrt = random.choice(list(op.derivatives))
        what = random.choice(["vjp", "vjp", "jvp", "core"])
        plant = Plant(None if random.random() < 0.5 else int(random.integers(100)))
        checks = check_gradients(planted(op, wrt, what, plant), *inputs, **parameters)
        (check,) = [check for check in checks if check.wrt == wrt]
        said = any(words in check.verdict for words in (
            "lose the rest", "loses the rest", "both are 0 beside", "as far as can be told"))
        assert not check.passed or said or not plant.size, (check, inputs, parameters, what)
        assert all(other.passed for other in checks if other.wrt != wrt)


def test_hidden_is_rare_where_numbers_are_plain():
    """Rounding may hide a plant at hard points, but not at plain ones."""
    for op in TABLE if SOAK else filter(in_course, TABLE):
        for wrt in op.derivatives:
            inputs, parameters = op.example(np.random.default_rng(1))
            wrong = planted(op, wrt, "vjp", Plant(None))
            checks = check_gradients(wrong, *inputs, **parameters)
            assert [check.wrt for check in checks if not check.passed] == [wrt]


def test_a_slope_too_small_for_any_step_is_no_mistake():
    (check,) = check_gradients("sigmoid", [[-736.0]])
    assert check.passed and check.verdict.startswith("right: both are 0 beside their rounding")


@pytest.mark.parametrize(("name", "inputs", "eps"), [
    ("l2_normalize", ([[0.0, 0.0], [3.0, 4.0]],), 1e-12),
    ("l2_normalize", ([[0.0, 0.0, 0.0]],), 1e-12),
    ("cosine_similarity", ([[1e5, 2.0], [0.0, 0.0]], [[0.0, 1.0], [-1.0, 2.0]]), 1e-8),
    ("rmsnorm", ([[0.0, 0.0], [3e4, 4e4]], [1.0, 2.0]), 1e-12),
    ("layernorm", ([[0.0, 0.0], [3e4, 4e4]], [1.0, 2.0], [0.0, 1.0]), 1e-12)])
def test_a_row_of_zeros_is_normalized_by_eps_alone_and_that_is_seen(name, inputs, eps):
    """Its slope shows within eps only: X / max(‖X‖, ε) has 1 / ε there."""
    assert [check.verdict for check in check_gradients(name, *inputs, eps=eps)] == \
        len(inputs) * ["right."]
    wrong = planted(OPERATIONS[name], next(iter(OPERATIONS[name].inputs)), "vjp", Plant(None))
    assert not check_gradients(wrong, *inputs, eps=eps).passed


def test_slopes_that_know_a_little_less_than_they_say_accuse_nobody():
    """Differences of this saturated cell are off by 4.4 of their own estimates of the error."""
    *_, (inputs, parameters, _) = points(OPERATIONS["lstm_c"], "saturated", 173)
    checks = check_gradients("lstm_c", *inputs, **parameters)
    assert checks.passed, checks


def test_a_mistake_in_the_jvp_alone_is_refused_where_outputs_are_large():
    """Its tangent is compared with the gradient's, which no large Y can blur."""
    X = np.array([[-4e6, -7e6, 8e6]])
    for name in ("leaky_relu", "gelu", "silu"):
        wrong = planted(OPERATIONS[name], "X", "jvp", Plant(0))
        assert check_gradients(name, X).passed and not check_gradients(wrong, X).passed


@pytest.mark.parametrize("seed", range(amount(check=2, test=10, soak=100)))
def test_no_seed_of_a_user_meets_the_upstream_gradient(seed):
    X = np.random.default_rng(seed).standard_normal((4, 8))
    assert check_gradients("layernorm", X, np.ones(8), np.zeros(8)).passed
    assert check_gradients("softmax", 10 * X).passed
    assert check_gradients("layernorm", X, np.ones(8), np.zeros(8), seed=seed).passed
