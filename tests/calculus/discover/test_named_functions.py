"""Lines for functions that people differentiate by hand: named, and right at other inputs."""

import numpy as np
import pytest

from benchmarks.named import error_elsewhere, is_named
from benchmarks.named_functions import CASES
from helpers import discover
from tests.amount import amount

# What stays without a name, and may: singular vectors and the like, and long sums.
UNNAMED = {"Cholesky", "eigenvalues", "singular values", "expm, 24 terms", "XXX",
           "layer norm, then W", "cosine of two rows", "focal", "GEGLU", "GRU by h"}


def sample():
    """Some cases of every group; all when soaking."""
    named = [case for case in CASES if case.title not in UNNAMED]
    return named[::amount(20, 6, 1)]


@pytest.mark.parametrize("case", sample(), ids=lambda case: case.title)
def test_a_named_line_holds_at_other_inputs(case):
    found = discover(case.f, case.x, known=case.known)
    assert is_named(case, found), (case.title, found.numpy)
    assert error_elsewhere(case, found) < 1e-6, (case.title, found.numpy)


@pytest.mark.slow
@pytest.mark.parametrize("case", [c for c in CASES if c.title in UNNAMED][::amount(10, 5, 1)],
                         ids=lambda case: case.title)
def test_what_has_no_name_is_right_at_its_input(case):
    found = discover(case.f, case.x, known=case.known)
    assert found.error < 1e-9
    if is_named(case, found):
        assert error_elsewhere(case, found) < 1e-6


LINES = {
    "xᵀAx": "G * (x @ (A + A.T))",
    "log det X": "G * np.linalg.inv(X).T",
    "‖Xw − b‖²": "2 * G * ((w @ X.T - b) @ X)",
    "cross-entropy, one-hot":
        "G * (np.exp(Z - np.logaddexp.reduce(Z, -1, keepdims=True)) - T) / 3",
    "GELU by σ": "G * (t := 1 / (1 + np.exp(-(1.702 * X)))) * (1 + X * 1.702 * (1 - t))",
    "conv2d, valid":
        'np.einsum("abcd,cd->ab", np.lib.stride_tricks.sliding_window_view(np.pad(G, '
        "((1, 1), (2, 2))), (2, 3)), K[::-1, ::-1])",
    "upsampling": "G.reshape(2, 2, 3, 2).sum((1, 3))",
}


@pytest.mark.parametrize("title", LINES)
def test_lines_as_an_engineer_writes_them(title):
    case = next(case for case in CASES if case.title == title)
    line = discover(case.f, case.x, known=case.known).numpy
    assert line == LINES[title]


@pytest.mark.parametrize("eps", [1e-3, 1e-5, 1e-8])
@pytest.mark.parametrize("columns", [3, 4, 7])
def test_a_layer_norm_keeps_its_eps_at_every_size(eps, columns):
    def norm(X):
        return (X - X.mean(1, keepdims=True)) / np.sqrt(X.var(1, keepdims=True) + eps)

    X = np.random.default_rng(columns).standard_normal((3, columns))
    found = discover(norm, X)
    assert f"+ {eps!r})" in found.numpy and set(found.names) <= {"X", "Y"}
    tiny = 1e-3 * np.sqrt(eps) * X  # rows whose variance ε outweighs
    G = np.random.default_rng(1).standard_normal(X.shape)
    step = 1e-3 * np.sqrt(eps)
    along = np.random.default_rng(2).standard_normal(X.shape)
    slope = np.sum(G * (norm(tiny + step * along) - norm(tiny - step * along))) / (2 * step)
    line = eval(found.numpy, {"np": np, "X": tiny, "Y": norm(tiny), "G": G})
    assert slope == pytest.approx(np.sum(line * along), rel=1e-4)


@pytest.mark.parametrize("first", [1, -1, 0])
def test_a_mask_that_lets_nothing_by_somewhere_ends_no_search(first):
    random = np.random.default_rng(first + 1)
    x, W, B = (random.standard_normal(shape) for shape in ((2, 3), (3, 4), (2, 4)))
    B = np.stack([first * np.abs(B[0]), -np.abs(B[1])])
    found = discover(lambda X: (X @ W) * (B > 0), x, known={"W": W, "B": B})
    G = random.standard_normal(B.shape)
    np.testing.assert_allclose(found.vjp(G), (G * (B > 0)) @ W.T, atol=1e-12)


def test_an_array_that_is_not_given_gets_no_name():
    random = np.random.default_rng(4)
    C, A, X = (random.standard_normal((3, 4)) for _ in range(3))
    found = discover(lambda X: (C * X).sum(), X, known={"A": A})
    assert set(found.names) - {"X", "Y", "A"}
    assert discover(lambda X: (C * X).sum(), X, known={"A": C}).numpy == "G * A"


SHIFTED = [
    (lambda x, A: (x - 1) @ A @ (x - 1), "G * (x @ (A + A.T) - (A + A.T).sum(0))"),
    (lambda x, A: (x + 0.5) @ A @ (x + 0.5), "G * (x @ (A + A.T) + 0.5 * (A + A.T).sum(0))"),
]


@pytest.mark.parametrize(("f", "line"), SHIFTED, ids=[line for _, line in SHIFTED])
def test_a_quadratic_form_about_another_number_has_a_name(f, line):
    A, x = np.random.default_rng(1).standard_normal((4, 4)), np.random.default_rng(3).random(4)
    assert discover(lambda x: f(x, A), x, known={"A": A}).numpy == line


@pytest.mark.parametrize(("f", "line"), [
    (lambda X: X[::-1, ::-1] ** 2, "(2 * G * X[::-1, ::-1])[::-1, ::-1]"),
    (lambda X: X[::-1] ** 2, "(2 * G * X[::-1])[::-1]"),
    (lambda X: np.tanh(X[:, ::-1]), "(G * (1 - Y**2))[:, ::-1]")])
def test_a_function_of_a_flipped_input_names_it(f, line):
    random = np.random.default_rng(4)
    s, G = discover(f, random.standard_normal((3, 2))), random.standard_normal((3, 2))
    assert s.numpy == line
    np.testing.assert_allclose(s.vjp(G), np.tensordot(G, s.samples.tensors[0], 2), rtol=1e-12)
