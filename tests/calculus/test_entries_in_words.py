"""Formulas of one entry that say in words, or by a star, which entries are not 0."""

import numpy as np
import pytest

from helpers import OPERATIONS
from tests.calculus.cases import example
from tests.calculus.test_entries import IN_WORDS, entries


def chosen(winners, size):
    """1 at the winner, else 0: the axes of the winners, behind one of all that may win."""
    return (np.arange(size).reshape(-1, *[1] * np.ndim(winners)) == winners).astype(float)


def lengths(X, eps):
    """r_n, the length of each row, at least ε; O_n, whether it is longer than that."""
    r = np.sqrt((X**2).sum(-1))
    return np.maximum(r, eps), (r > eps).astype(float)


def of_maxout(X, W, b):
    best = chosen((X @ W + b[:, None, :]).argmax(0), len(W))
    return {"D": best, "V": np.einsum("pnk,pmk->nmk", best, W)}


def of_maxpool1d(X, size):
    windows = X[:, :X.shape[1] // size * size].reshape(len(X), -1, size)
    return {"D": chosen(windows.argmax(-1) + size * np.arange(windows.shape[1]), X.shape[1])}


def of_maxpool2d(X, size):
    n, h, w = X.shape
    p, q = h // size, w // size
    windows = X[:, :p * size, :q * size].reshape(n, p, size, q, size).swapaxes(2, 3)
    best = windows.reshape(n, p, q, -1).argmax(-1)
    return {"D": chosen(best // size + size * np.arange(p)[:, None], h),
            "E": chosen(best % size + size * np.arange(q), w)}


def of_cross_entropy(Z, labels):
    P = np.exp(Z) / np.exp(Z).sum(-1, keepdims=True)
    return {"P": P, "T": chosen(labels, Z.shape[-1]).T, "N": len(Z)}


def of_l2_normalize(X, eps):
    r, O = lengths(X, eps)
    return {"r": r, "O": O, "Y": X / r[:, None]}


def of_cosine(wrt):
    def known(A, B, eps):
        (a, longer), (b, other) = lengths(A, eps), lengths(B, eps)
        r, O = (a, longer) if wrt == "A" else (b, other)
        Ahat, Bhat = A / a[:, None], B / b[:, None]
        return {"r": r, "O": O, "Ahat": Ahat, "Bhat": Bhat, "Y": (Ahat * Bhat).sum(-1)}

    return known


def itself(**arrays):
    return arrays


LONGER = r"\mathbb{1}(\|%s_n\| > \varepsilon)"
ROWS = [  # (operation, by what), what stands for a star or for words, and the arrays in it
    ("maxout", "X", {r"W_{p^*mk}": "V_{nmk}"}, of_maxout),
    ("maxout", "W", {r"\delta_{pp^*}": "D_{pnk}"}, of_maxout),
    ("maxout", "b", {r"\delta_{pp^*}": "D_{pnk}"}, of_maxout),
    ("kron", "A", {"np,kh": "npkh"}, itself), ("kron", "B", {"np,kh": "npkh"}, itself),
    ("embedding", "E", {r"\delta_{v\,i_t}": "D_{vt}"},
     lambda E, index: {"D": chosen(index, len(E))}),
    ("maxpool1d", "X", {r"\delta_{l l^*}": "D_{lno}"}, of_maxpool1d),
    ("maxpool2d", "X", {r"\delta_{hh^*}": "D_{hnpq}", r"\delta_{ww^*}": "E_{wnpq}"}, of_maxpool2d),
    ("l2_normalize", "X", {LONGER % "x": "O_n"}, of_l2_normalize),
    ("cosine_similarity", "A", {LONGER % "a": "O_n"}, of_cosine("A")),
    ("cosine_similarity", "B", {LONGER % "b": "O_n"}, of_cosine("B")),
    ("softmax_cross_entropy", "Z", {r"\delta_{k t_n}": "T_{nk}"}, of_cross_entropy),
    ("quadratic_form", "x", {}, itself), ("quadratic_form", "A", {}, itself)]


@pytest.mark.parametrize("name, wrt, instead, known", ROWS, ids=[f"{n}-{w}" for n, w, *_ in ROWS])
def test_an_entry_is_what_its_formula_says_in_words(name, wrt, instead, known):
    op = OPERATIONS[name]
    call = example(op, 3)
    inputs = dict(zip(op.inputs, map(np.asarray, call.inputs), strict=True))
    J = op.jacobian(*call.inputs, wrt=wrt, **call.parameters)
    if name == "kron":
        A, B = inputs.values()
        shape = [size for pair in zip(A.shape, B.shape, strict=True) for size in pair]
        J = J.reshape(*shape, *inputs[wrt].shape)
    formula = op.formulas[wrt]["entry"]
    for words, symbol in instead.items():
        assert words in formula
        formula = formula.replace(words, symbol)
    said = entries(formula, wrt, J, inputs | known(**inputs, **call.parameters))
    np.testing.assert_allclose(said, J, rtol=1e-10, atol=1e-12)


def test_every_formula_of_an_entry_is_read_somewhere():
    assert {name for name, *_ in ROWS} == IN_WORDS - {"avgpool2d"}  # which has a test of its own
