"""Arrays get the line that a person would write: the exact text, right at an input never seen."""

import math

import numpy as np
import pytest

from helpers.calculus.discover.naming.expressions import Expressions
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.ties import Pattern

KNOWN = dict(zip("BAHSvut", map(np.random.default_rng(7).standard_normal,
                                ((4, 2), (5, 3), (3, 4), (4, 4), 4, 3, ())), strict=True))


def sigma(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z, axis=-1):
    return np.exp(Z) / np.exp(Z).sum(axis, keepdims=True)


def samples(known, Y, shape=(3, 4), count=4, low=None, **pieces):
    """Inputs with what is known at each, and Y."""
    random = np.random.default_rng(8)
    for _ in range(count):
        X = random.standard_normal(shape) if low is None else random.uniform(low, 2, shape)
        at = {"X": X, **{name: KNOWN[name] for name in known}}
        yield at | {"Y": np.asarray(eval(Y, {"np": np, **at}))}


def valued(formula, at):
    return np.asarray(eval(formula, {"np": np, "sigma": sigma, "softmax": softmax, **at}), float)


def line(formula, letters, known="", outer="ab", inner="kl", Y="X.sum(0)", noise=0, **more):
    """`scale * text` of what is found, after it was compared at the last input, which is kept."""
    *points, last = samples(known, Y, **more)
    names = Names(points, input_name="X", output_name="Y")
    arrays = [valued(formula, at) for at in points]
    draw = np.random.default_rng(9)
    arrays = [a * (1 + noise * draw.uniform(-1, 1, a.shape)) for a in arrays]
    found = Expressions(names, Pattern(tuple(outer), tuple(inner))).find(
        names, arrays, letters, max(1e-9, 10 * noise))
    if found is None:
        return None
    text, order, scale = found
    made = np.asarray(eval(f"{scale} * ({text})", {"np": np, "math": math, **last}))
    cut = tuple(slice(None) if x in order else None for x in letters)
    if made.ndim:
        made = made.transpose([order.index(x) for x in letters if x in order])[cut]
    right = valued(formula, last)
    np.testing.assert_allclose(np.broadcast_to(made, right.shape), right, rtol=1e-8 + 20 * noise)
    return text if scale == "1" else f"{scale} * ({text})"


@pytest.mark.parametrize("formula, letters, known, text", [
    ("np.full((3, 4), 2.5)", "kl", "", "2.5 * (1)"),
    ("np.full(3, -np.pi**0.5)", "k", "", "-np.sqrt(1 * np.pi) * (1)"),
    ("0.5 * X + 3 * H", "kl", "H", "0.5 * X + 3 * H"),
    ("H - X", "kl", "H", "-1 * (X - H)"), ("X - v", "kl", "v", "X - v"),
    ("(X + u[:, None]).T", "lk", "u", "X.T + u"), ("X * v", "kl", "v", "X * v"),
    ("X + H - 2 * v", "kl", "Hv", "X + H - 2 * v"),
    ("X @ S + X @ S.T", "kl", "S", "X @ (S + S.T)"), ("A @ X", "pl", "A", "A @ X"),
    ("A @ X @ B", "pq", "AB", "A @ X @ B"), ("A @ (X - H)", "pl", "AH", "A @ (X - H)"),
    ("(X - H) @ B", "kq", "HB", "(X - H) @ B"), ("X @ B", "kq", "B", "X @ B"),
    ("3 * X @ X.T", "km", "", "3 * (X @ X.T)"), ("X.T @ X", "lm", "", "X.T @ X"),
    ("X.sum(0)", "l", "", "X.sum(-2)")])
def test_what_is_linear(formula, letters, known, text):
    assert line(formula, letters, known) == text


@pytest.mark.parametrize("formula, letters, known, text", [
    ("np.tanh(X)", "kl", "", "np.tanh(X)"), ("sigma(X)", "kl", "", "1 / (1 + np.exp(-X))"),
    ("sigma(X @ S) @ S.T", "kl", "S", "(1 / (1 + np.exp(-(X @ S)))) @ S.T"),
    ("softmax(X)", "kl", "", "np.exp(X - np.logaddexp.reduce(X, -1, keepdims=True))"),
    ("softmax(X, 0)", "kl", "", "np.exp(X - np.logaddexp.reduce(X, -2, keepdims=True))"),
    ("softmax(X) - H", "kl", "H", "np.exp(X - np.logaddexp.reduce(X, -1, keepdims=True)) - H"),
    ("2 * softmax(0.3 * X)", "kl", "",
     "2 * (np.exp((0.3 * X) - np.logaddexp.reduce((0.3 * X), -1, keepdims=True)))"),
    ("softmax(0.3 * X, 0).T", "lk", "",
     "np.exp((0.3 * X) - np.logaddexp.reduce((0.3 * X), -2, keepdims=True))"),
    ("softmax((X @ S) / 3)", "kl", "S", "np.exp(((X @ S) / 3) - np.logaddexp.reduce("
     "((X @ S) / 3), -1, keepdims=True))"),
    ("np.exp(X) / np.exp(X).sum()", "kl", "", "np.exp(X - np.log(np.exp(X).sum()))"),
    ("X**2 + np.exp(X) - 3 * X", "kl", "", "np.exp(X) + X**2 - 3 * X"),
    ("X.std(1)", "k", "", "X.std(-1)"), ("2 * X - 1", "kl", "", "2 * X - 1.0"),
    ("X - X.mean(0)", "kl", "", "X - X.mean(-2)"), ("np.linalg.norm(X)", "", "",
                                                    "np.sqrt((X**2).sum())"),
    ("X == X.max(1, keepdims=True)", "kl", "", "X == X.max(1, keepdims=True)"),
    ("X.min(0) + v", "l", "v", "(X + v).min(-2)"), ("np.zeros((3, 4))", "kl", "", None)])
def test_what_functions_and_sums_are_made_of(formula, letters, known, text):
    assert line(formula, letters, known) == text


@pytest.mark.parametrize("formula, letters, text", [
    ("1 / np.sqrt(X.var(0) + 1e-5)", "l", "1 / np.sqrt(1e-05 * 1.0 + X.var(-2))"),
    ("-1 / (2 + X**2)", "kl", "-1 * (1 / (2 * 1.0 + X**2))"),
    ("np.sqrt(1 + (X**2).sum(0))", "l", "np.sqrt(1.0 + (X**2).sum(-2))"),
    ("(1 + 2 * (X**2).sum(1))**-1.5", "k", "1 / (1.0 + 2 * (X**2).sum(-1))**1.5"),
    ("(0.5 + np.exp(X))**2", "kl", "(0.5 * 1.0 + np.exp(X))**2"),
    ("(0.5 + np.exp(X))**-2", "kl", "1 / (0.5 * 1.0 + np.exp(X))**2"),
    ("sigma(0.5 - 2 * X)", "kl", "1 / (1 + np.exp((2 * X - 0.5 * 1.0)))"),
    ("np.tanh(2 * X - 0.5)", "kl", "np.tanh(2 * X - 0.5 * 1.0)"),
    ("np.exp(X - 2 * X.max(1, keepdims=True))", "kl", "np.exp(X - 2 * X.max(-1)[:, None])")])
def test_a_function_of_a_sum(formula, letters, text):
    assert line(formula, letters) == text


@pytest.mark.parametrize("formula, letters, known, text", [
    ("X * X.sum(1)[:, None]", "kl", "", "X.sum(-1)[:, None] * X"),
    ("X / np.sqrt((X**2).sum(1, keepdims=True))", "kl", "",
     "(1 / np.sqrt((X**2).sum(-1)))[:, None] * X"),
    ("X * H * v", "kl", "Hv", "v * X * H"),
    ("-2 * X**2 * H / np.exp(X)", "kl", "H", "-2 * (X**2 * H / np.exp(X))"),
    ("H / (X**2).sum(1, keepdims=True)", "kl", "H", "H / (X**2).sum(-1)[:, None]"),
    ("X.max(1, keepdims=True) * H", "kl", "H", "X.max(-1)[:, None] * H"),
    ("X.sum() * u", "k", "u", "X.sum() * u"), ("X.mean(0) * v", "l", "v", "(X * v).mean(-2)"),
    ("X * np.tanh(X) + H * v", "kl", "Hv", "H * v + X * np.tanh(X)"),
    ("X * H + 2 * np.exp(X) * v", "kl", "Hv", "X * H + 2 * v * np.exp(X)"),
    ("u[:, None] * X + v", "kl", "uv", "u[:, None] * X + v"),
    ("u[:, None] * X * H + v * H", "kl", "uvH", "v * H + u[:, None] * X * H"),
    ("X * H * np.abs(X)", "kl", "H", "X * H * np.abs(X)"),
    ("H / X", "kl", "H", "H / X"), ("X**3 / H**2", "kl", "H", "X**3 / H**2")])
def test_products(formula, letters, known, text):
    assert line(formula, letters, known) == text


@pytest.mark.parametrize("formula, text", [
    ("2 * X - 1", "2 * X - 1.0"), ("2 * X - t", "2 * X - t"), ("X - t", "X - t"),
    ("H * X - 3", "X * H - 3 * 1.0"), ("2 * X * t", "2 * (X * t)")])
def test_a_number_is_not_called_a_multiple_of_a_known_one(formula, text):
    assert line(formula, "kl", "tSH") == text
