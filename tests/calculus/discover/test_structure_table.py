"""discover on every operation of the table, and on random compositions: never wrong, never larger.

A few shapes and compositions each, drawn from seeds; with TM_SOAK=1 twenty shapes and 500. Of the
rows that no lesson uses a few stand for all but in a soak.
"""

import numpy as np
import pytest

from helpers import contract
from helpers.calculus import axes as ax
from helpers.calculus.discover import discover
from helpers.calculus.errors import LessonError
from helpers.calculus.slopes import slopes
from tests.amount import amount
from tests.calculus.cases import looked_at

SHAPES, COMPOSITIONS = amount(1, 3, 20), amount(20, 30, 500)
PAIRS = [(op, wrt) for op in looked_at() for wrt in op.derivatives]


def calls(op, seed):
    """(inputs, parameters) at random sizes from 1 to 5, where the Jacobian is finite."""
    random, found = np.random.default_rng(seed), 0
    while found < SHAPES:
        sizes = {letter: int(random.integers(1, 6)) for letter in op.sizes_at()}
        try:
            inputs, parameters = op.example(random, sizes)
            Y = op(*inputs, **parameters)
        except LessonError:  # a filter longer than the signal, …
            continue
        if np.isfinite(Y).all():
            found += 1
            yield inputs, parameters


def least(op, wrt, inputs, parameters):
    """How many numbers the row says that the compact way keeps."""
    local = op.local(*inputs, wrt=wrt, **parameters)
    stored, _ = op.counts(wrt)
    return ax.entries_of(local.core_letters, local.sizes) if stored is None \
        else ax.count_of(stored, local.sizes)


@pytest.mark.parametrize(("op", "wrt"), PAIRS, ids=[f"{op.name}-{wrt}" for op, wrt in PAIRS])
def test_every_operation_gets_its_structure(op, wrt):
    random = np.random.default_rng(7)
    for inputs, parameters in calls(op, 11):
        s = discover(op, *inputs, wrt=wrt, **parameters)
        Y = op(*inputs, **parameters)
        for _ in range(2):
            G = random.standard_normal(Y.shape)
            right = op.vjp(G, *inputs, wrt=wrt, **parameters)
            scale = 1e-9 * (1 + np.abs(right).max(initial=0))
            np.testing.assert_allclose(s.vjp(G), right, rtol=1e-9, atol=scale)
            again = eval(s.numpy, {"np": np, "G": G, **s.names})
            np.testing.assert_array_equal(np.asarray(again, float), s.vjp(G))
        # A line of the row's own arrays may hold more numbers than the core without a name.
        named = {*s.names} <= {*op.inputs, op.output, *op.where, *op.parameters, *op.constants}
        most = s.entries if named else least(op, wrt, inputs, parameters)
        assert s.stored <= most, (s, inputs)
        assert s.derivation[-1][1].startswith(r"\texttt{d") and len(s.stages) >= 2


# What each line is at the sizes of the table's examples, where it says something new.
LINES = {
    ("relu", "X"): "G * (X > 0)", ("leaky_relu", "X"): "G * np.where(X > 0, 1, alpha)",
    ("affine", "X"): "G @ W.T", ("affine", "W"): "X.T @ G", ("affine", "b"): "G.sum(0)",
    ("affine_vector", "W"): "np.outer(G, x)", ("transpose", "X"): "G.T",
    ("batchnorm", "X"): "gamma / s * (G - G.mean(0) - Xhat * (G * Xhat).mean(0))",
    ("batchnorm", "gamma"): "(G * Xhat).sum(0)",
    ("layernorm", "X"): "(D := gamma / s * G) - D.mean(-1, keepdims=True)"
                        " - Xhat * (D * Xhat).mean(-1, keepdims=True)",
    ("softmax", "Z"): "Y * (G - (G * Y).sum(-1, keepdims=True))",
    ("log_softmax", "Z"): "G - P * G.sum(-1, keepdims=True)",
    ("squared_error", "Y"): "2 * G * (Y - target)",
    ("softmax_cross_entropy", "Z"): "G * (P - T) / 3",
    ("conv1d", "X"): "np.array([np.convolve(g, w) for g in G])",
    ("attention", "V"): "A.T @ G",
}


@pytest.mark.parametrize(("name", "wrt"), LINES)
def test_the_line_is_the_one_of_the_books(name, wrt):
    assert discover(name, wrt=wrt).numpy == LINES[name, wrt]


FIXED = np.random.default_rng(5).standard_normal((24, 24))


def steps(random):
    """Primitive steps from one array of at most 2 axes and 16 entries to another."""
    def matrix(X):
        return X @ FIXED[:X.shape[-1], :3] if X.ndim else X

    def left(X):
        return FIXED[:2, :X.shape[0]] @ X if X.ndim else X

    return [
        matrix, left, np.tanh, np.exp, np.cos, lambda X: X * X, lambda X: np.maximum(X, 0.0),
        lambda X: 3.0 * X - 1, lambda X: X.T,
        lambda X: X[::-1] if X.ndim else X,
        lambda X: X.sum(0) if X.ndim else X, lambda X: X.mean(-1) if X.ndim else X,
        lambda X: X - X.mean(0) if X.ndim else X, lambda X: np.cumsum(X, -1) if X.ndim else X,
        lambda X: np.sort(X, -1) if X.ndim else X, lambda X: X @ X.T
        if X.ndim else X, lambda X: np.outer(X, X)
        if X.size <= 4 else X, lambda X: X / (1 + np.sum(X * X)), lambda X: X.ravel(),
        lambda X: np.exp(X) / np.exp(X).sum(-1, keepdims=True) if X.ndim else X,
        lambda X: np.broadcast_to(X, (2, *X.shape)) if X.ndim < 2 else X,
        lambda X: X.max(-1) if X.ndim else X, lambda X: np.abs(X), lambda X: X[..., :2]
        if X.ndim else X, lambda X: np.roll(X, 1, -1) if X.ndim else X,
    ]


def composition(random):
    """A function of one array: one to three random steps."""
    chosen = [steps(random)[i] for i in random.integers(0, len(steps(random)),
                                                         random.integers(1, 4))]

    def f(X):
        for step in chosen:
            X = np.asarray(step(X), float)
            if X.size > 24:
                X = X.ravel()[:24]
        return X

    return f


@pytest.mark.parametrize("seed", range(COMPOSITIONS))
def test_a_random_composition_is_verified_or_dense(seed):
    random = np.random.default_rng(1000 + seed)
    f = composition(random)
    at = 0.7 * random.standard_normal(tuple(random.integers(1, 5, random.integers(1, 3))))
    at *= (1, 0.01, 100)[seed % 3]
    s, measured = discover(f, at), slopes(f, at)
    J = measured.J
    if s.warning or measured.accuracy > 1e-4:
        return  # a kink is too near for the numbers to be compared
    assert s.stored <= J.size
    for _ in range(3):
        G = random.standard_normal(J.shape[:J.ndim - at.ndim])
        right = contract(G, J)
        atol = 1e-5 * max(np.abs(right).max(initial=0), 1e-3 * np.abs(J).max(initial=0))
        atol = atol + 5 * contract(np.abs(G), measured.error).max(initial=0)
        np.testing.assert_allclose(s.vjp(G), right, rtol=1e-4, atol=atol)
    moved = at + 0.1 * random.standard_normal(at.shape)
    own = {**s.names, s.input_name: moved, "Y": f(moved)}
    if set(s.names) <= {s.input_name, "Y"} and np.isfinite(f(moved)).all():
        measured = slopes(f, moved)
        if measured.accuracy < 1e-4 and not measured.kinks:  # the line says the truth elsewhere
            J = measured.J
            found = eval(s.numpy, {"np": np, "G": G, **own})
            atol = 1e-4 * max(1, np.abs(contract(G, J)).max(initial=0))
            np.testing.assert_allclose(found, contract(G, J), rtol=1e-3, atol=atol)
