"""discover where the tensor is never built: the line, its proof, what is refused and what it costs.

The tensors here have 10^5 to 10^10 entries. Every line is compared with slopes along directions
that the search did not use.
"""

import tracemalloc
from functools import cache

import numpy as np
import pytest

from helpers import OPERATIONS
from helpers.calculus.discover import discover
from helpers.calculus.discover.large.corner import Fit
from helpers.calculus.discover.large.directions import Point
from helpers.calculus.discover.large.search import broken_at, named_at
from helpers.calculus.discover.large.sparse import coloured, entries_of
from helpers.calculus.discover.samples import samples_of
from helpers.calculus.discover.terms import Answer
from helpers.calculus.errors import LessonError, NumberError, ShapeError, TooBig
from helpers.calculus.slopes import derivative_along
from tests.amount import SOAK, amount, spread
from tests.calculus.cases import looked_at

pytestmark = pytest.mark.slow

random = np.random.default_rng(0)
X = random.standard_normal((20, 30))
S = random.standard_normal((24, 24))
W = random.standard_normal((30, 17))
M = random.standard_normal((20, 30))
v = random.standard_normal(30)
x = random.standard_normal(400)
D = random.standard_normal((300, 400))
ORDER, FLAT = random.permutation(30), random.permutation(600)
Q, K, V = (random.standard_normal(shape) for shape in ((30, 8), (50, 8), (50, 6)))
WIDE = random.standard_normal((64, 1024))


def softmax(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)


def normal(X, axis):
    return (X - X.mean(axis, keepdims=True)) / X.std(axis, keepdims=True)


def agrees(f, at, s, rounds=3):
    """Whether the line and the slopes along directions say the same: along all inputs, and few."""
    for share in (1, 1, 0.02)[:rounds]:
        direction = random.standard_normal(at.shape) * (random.random(at.shape) < share)
        dY = derivative_along(f, at, direction[None]).J[0]
        G = random.standard_normal(dY.shape)
        gap = abs(np.sum(G * dY) - np.sum(s.vjp(G) * direction))
        assert gap <= 1e-9 * (np.linalg.norm(dY) + 1e-300), s


LINES = [
    ("G * (X > 0)", lambda X: np.maximum(X, 0), X, {}),
    ("G * (X > 0)", lambda X: np.maximum(X, 0), -np.abs(X), {}),
    ("G * Y", lambda X: np.exp(X), X, {}),
    ("G * (1 - Y**2)", np.tanh, X, {}),
    ("G * np.sign(X)", np.abs, X, {}),
    ("20 * G", lambda X: X * X.shape[0], X, {}),
    ("G / 600", lambda X: X / X.size, X, {}),
    ("G * M", lambda X: X * M, X, {"M": M}),
    ("G @ W.T", lambda X: X @ W, X, {"W": W}),
    ("X.T @ G", lambda W: X @ W, W, {"X": X}),
    ("G @ D", lambda x: D @ x, x, {"D": D}),
    ("G.T", lambda X: X.T, X, {}),
    ("G[::-1]", lambda X: X[::-1], X, {}),
    ("G.reshape(20, 30)", np.ravel, X, {}),
    ("G * np.tri(24)", np.tril, S, {}),
    ("np.cumsum(G[:, ::-1], 1)[:, ::-1]", lambda X: np.cumsum(X, 1), X, {}),
    ("Y * (G - (G * Y).sum(-1, keepdims=True))", softmax, X, {}),
    ("(G - G.mean(-1, keepdims=True) - Y * (G * Y).mean(-1, keepdims=True)) / X.std(-1)[:, None]",
     lambda X: normal(X, -1), X, {}),
    ("(G - G.mean(0) - Y * (G * Y).mean(0)) / X.std(-2)", lambda X: normal(X, 0), X, {}),
    ("np.take_along_axis(G, np.argsort(np.argsort(X, -1), -1), -1)",
     lambda X: np.sort(X, 1), X, {}),
    ("G @ X + G.T @ X", lambda X: X @ X.T, X, {}),
    ("-(Y.T @ G @ Y.T)", np.linalg.inv, S + 9 * np.eye(24), {}),
    ("np.einsum(\"ll->l\", G)", np.diag, x[:60], {}),
]


@pytest.mark.parametrize(("line", "f", "at", "known"), LINES, ids=[case[0] for case in LINES])
def test_a_tensor_that_is_not_built_gets_the_line_that_a_small_one_gets(line, f, at, known):
    s = discover(f, at, known=known)
    assert s.numpy.replace("'", '"') == line
    assert s.entries == np.size(f(at)) * at.size > 10**5 and s.samples.calls < 400
    agrees(f, at, s)


def far(X):
    """A ReLU where one output also has a little of an input that is far away."""
    Y = np.maximum(X, 0)
    return Y + 1e-3 * X[-1, -1] * (np.arange(Y.size) == 0).reshape(Y.shape)


def another_rule(X):
    """tanh everywhere but at one entry, where small sizes have none."""
    one = np.zeros(X.shape)
    one[12:13, 24:25] = 1
    return np.tanh(X) * (1 - one) + X**2 * one


def by_size(X):
    """A ReLU when it is large, something else when it is small."""
    return np.maximum(X, 0) if len(X) > 10 else np.tanh(X)


def by_sign_of_all(X):
    return np.where(X > 0, X, X.sum())


def faint(X):
    """tanh, and very little of the row before."""
    return np.tanh(X) + 1e-7 * np.roll(X, 1, 0)


@cache
def found(f):
    """What several tests look at, searched for once."""
    return discover(f, X)


HARD = [far, another_rule, by_size, by_sign_of_all, faint, lambda X: X[:, ORDER],
        lambda X: X.ravel()[FLAT].reshape(X.shape), lambda X: np.clip(X, 0, 6),
        lambda X: np.where(X > 3, X**2, 0.1 * X), lambda X: np.where(X > 1, X**2, X),
        lambda X: X * (X.sum() > 0), lambda X: X - X.mean(), lambda X: np.cumprod(X, 1),
        lambda X: normal(X, -1) * v, lambda X: X.max(1, keepdims=True) * X,
        lambda X: np.concatenate([2 * X[:10], np.tanh(X[10:])]),
        lambda X: X[:, :15] * X[:, 15:], lambda X: softmax(X @ W) @ W.T]


@pytest.mark.parametrize("f", spread(HARD, amount(4, 9, len(HARD))))
def test_where_a_wrong_compression_would_show_the_line_is_right(f):
    agrees(f, X, found(f))


def test_a_line_of_the_small_size_that_is_not_the_large_ones_is_not_believed():
    assert found(by_size).numpy == "G * (X > 0)"
    assert "G * (1 - Y**2)" not in found(another_rule).numpy
    dense = found(far)
    assert dense.stored > 600 and dense.numpy != "G * (X > 0)"


def test_attention_by_its_scores_names_what_it_can():
    def attend(Q):
        return softmax(Q @ K.T / np.sqrt(8)) @ V

    many = np.tile(Q, (3, 1))
    agrees(attend, many, discover(attend, many, known={"K": K, "V": V}))


def test_the_tensor_is_built_only_when_it_is_asked_for():
    s = discover(lambda X: np.tanh(X @ W / 9), X)
    assert s.samples.tensors[0].shape == s.shape == (20, 17, 20, 30)
    assert s.nonzero == np.count_nonzero(s.samples.tensors[0]) == 20 * 17 * 30
    G = random.standard_normal((20, 17))
    np.testing.assert_allclose(np.einsum(s.einsum, G, s.core), s.vjp(G), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(np.tensordot(G, s.samples.tensors[0], 2), s.vjp(G), atol=1e-12)
    large = discover(np.tanh, WIDE)
    with pytest.raises(TooBig, match=r"34\.4 GB.*never builds it"):
        assert large.samples.tensors[0].size
    assert large.core.shape == (64, 1024) and large.nonzero == 65_536


def test_a_flip_and_a_transpose_are_built_as_they_are():
    for f in (lambda X: X[::-1, ::-1], lambda X: X[:, ::-1].T):
        s = discover(f, X)
        G = random.standard_normal(f(X).shape)
        np.testing.assert_allclose(np.tensordot(G, s.samples.tensors[0], 2), s.vjp(G))


def test_what_is_too_large_is_refused_before_it_is_measured():
    calls = []

    def mixed(x):
        calls.append(1)
        around = np.tanh(np.cumsum(x) / 50) + np.cos(np.roll(np.cumsum(x**2), 3) / 5_000)
        return around * np.exp(x.mean()) + np.sin(x[::-1]) * around.sum() / len(x)

    with pytest.raises(TooBig) as caught:
        discover(mixed, random.standard_normal(6_000))
    said = str(caught.value)
    assert "36,000,000 entries (288.0 MB)" in said and "6,000 calls, about" in said
    assert "\n" not in said and len(calls) < 2_000


def test_every_slope_zero_is_told_apart_from_no_dependence():
    assert "does not depend on this input" in str(discover(lambda X: np.ones((9, 200)), X))
    said = str(discover(lambda X: np.round(X, 2), X))
    assert "flat wherever it was looked at, and jumps" in said


def test_the_paragraph_is_short_and_the_same_every_time():
    s = discover(np.tanh, WIDE)
    one, two = str(s), str(discover(np.tanh, WIDE))
    assert one == two
    head = "tanh by X: the full tensor would have 4.3 billion entries (34.4 GB)."
    assert one.splitlines()[0] == head
    assert "Checked at full size along random directions" in one and "calls of tanh" in one
    assert s.samples.calls < 150


def test_a_paragraph_needs_none_of_a_core_that_is_too_large_too():
    s = discover(softmax, WIDE)
    said, calls = str(s), s.samples.calls
    assert "What is left is a core of 67,108,864 numbers" in s.stages[2].sentence
    assert "Each 1024×1024 block is a diagonal plus rank 1" in said and s.stored == 65_536
    assert s.cost.full_entries == 2**32 and s.samples.calls == calls
    with pytest.raises(TooBig, match=r"536\.9 MB"):
        assert s.core.size


def test_numbers_of_a_line_follow_from_sizes_or_are_refused():
    fit = Fit([5, 6, 30], [6, 7, 42], [64, 1024, 65_536])
    assert fit.text("G / 5", "G / 6") == "G / 64"
    assert fit.text("0.2 * G", "G * (1 / 6)") is None
    assert fit.text("0.2 * G", "1 / 6 * G") == "1 / 64 * G"
    assert fit.text("G.reshape(5, 6)", "G.reshape(6, 7)") == "G.reshape(64, 1024)"
    assert fit.text("np.eye(4)", "np.eye(5)") == "np.eye(63)"
    assert fit.text("3 * G", "8 * G") is None
    assert fit.count(30, 42) == 65_536 and fit.count(36, 49) == 66_560


@pytest.mark.parametrize(("name", "wrt"), [
    (op.name, wrt) for op in looked_at() for wrt in op.inputs
    if SOAK or (op.name, wrt) != ("attention", "K")])  # a search of 12 s
def test_rows_of_the_table_at_sizes_that_are_not_built(name, wrt):
    op = OPERATIONS[name]
    sizes = {x: 24 for x, n in op.sizes_at().items() if x not in op.derived and n > 2}
    inputs, parameters = op.example(np.random.default_rng(1), sizes)
    s = discover(op, *inputs, wrt=wrt, **parameters)
    G = random.standard_normal(np.shape(op(*inputs, **parameters)))
    expected = op.vjp(G, *inputs, wrt=wrt, **parameters)
    np.testing.assert_allclose(s.vjp(G), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("f", "at", "times"), [
    (np.tanh, WIDE, 30), (softmax, WIDE, 30), (lambda X: normal(X, 0), WIDE, 30),
    (lambda X: np.cumsum(X, 1), WIDE, 30), (lambda X: np.maximum(X, 0), WIDE[:, :64], 30)])
def test_memory_follows_the_function(f, at, times):
    discover(f, at)  # what is imported and kept by the first call is not the search's
    tracemalloc.start()
    s = discover(f, at)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < times * (at.nbytes + f(at).nbytes + 8 * s.stored)


@pytest.mark.parametrize("eps", [1e-5, 1e-12][::amount(2, 1, 1)])
@pytest.mark.parametrize("axis", [0, 1])
def test_an_eps_stays_in_the_line_at_full_size_too(axis, eps):
    def units(X):
        return X / np.sqrt((X**2).sum(axis, keepdims=True) + eps)

    s, at = discover(units, X64), X64.copy()
    np.moveaxis(at, axis, 0)[:, 0] = 0  # a row or column of zeros: ε is all that counts
    line = eval(s.numpy, {"np": np, "G": np.ones(at.shape), "X": at, "Y": units(at)})
    assert not s.warning and f"{eps:g}" in s.numpy
    np.testing.assert_allclose(np.moveaxis(line, axis, 0)[:, 0], eps**-0.5, rtol=1e-9)


def test_a_line_without_its_eps_is_contradicted_at_zeros():
    subject = samples_of(lambda X: X / np.sqrt((X**2).sum(0) + 1e-12), (X64,), None, None, None,
                         None, {})
    line = "(G - Y * (G * Y).sum(0)) / np.sqrt((X**2).sum(0)@)"
    names = named_at(subject.points, subject)
    whole, broken = (Answer("core", (), 0, line.replace("@", eps), names=names)
                     for eps in (" + 1e-12", ""))
    assert broken_at(subject, whole) == ""
    assert "at zeros the line gives no number." in broken_at(subject, broken)


TWO, BLOCKS = random.standard_normal((2, 4000)), random.standard_normal((500, 8, 8))
SHUFFLED = random.permutation(4000)
x4000, X64 = random.standard_normal(4000), random.standard_normal((64, 256))
SPARSE = {  # most: calls of f
    "bands": (lambda x: TWO[0] * x + TWO[1] * np.roll(x, -3), x4000, 2 * 4000, 180),
    "blocks": (lambda x: np.einsum("bij,bj->bi", BLOCKS, x.reshape(500, 8)), x4000, 32_000, 180),
    "neighbours": (lambda x: x[1:] * x[:-1], x4000, 2 * 3999, 180),
    "places": (lambda x: TWO[0] * x[SHUFFLED], x4000, 4000, 180),
    "windows of 2×2": (lambda X: X.reshape(32, 2, 128, 2).sum((1, 3)), X64, 64 * 256, 400),
    "five points": (lambda X: np.tanh((4 * X[1:-1, 1:-1] - X[2:, 1:-1] - X[:-2, 1:-1]
                                       - X[1:-1, 2:] - X[1:-1, :-2]) / 9), X64, 5 * 62 * 254, 500),
}


@pytest.mark.parametrize("name", [*SPARSE][::amount(2, 1, 1)])
def test_where_few_entries_are_not_zero_inputs_that_cannot_meet_are_moved_together(name):
    f, at, nonzero, most = SPARSE[name]
    s = discover(f, at)
    agrees(f, at, s)
    assert s.nonzero == nonzero and s.stored <= 3 * nonzero and s.samples.calls < most
    assert s.stages and s.derivation and f"{s.stored:,} numbers" in str(s)


KERNEL, TAPS = random.standard_normal((3, 3)), random.standard_normal(5)


def correlated(X):
    n, m = X.shape
    return sum(KERNEL[a, b] * X[a:n + a - 2, b:m + b - 2] for a in range(3) for b in range(3))


@pytest.mark.parametrize(("f", "at", "stored", "line"), [
    (lambda x: np.convolve(x, TAPS, "valid"), x4000, 5, "np.convolve(G, w)"),
    (lambda x: np.convolve(x, TAPS, "same"), x4000, 5, 'np.convolve(np.pad(G, 2), w, "valid")'),
    (lambda x: x[2:] - 2 * x[1:-1] + x[:-2], x4000, 3, "np.convolve(G, np.array([1, -2, 1]))"),
    (lambda X: np.array([np.convolve(row, TAPS, "valid") for row in X]), X64[:32, :64], 5,
     "np.array([np.convolve(g, w) for g in G])"),
    (correlated, X64[:32, :32], 9, 'np.einsum("abcd,cd->ab", np.lib.stride_tricks.'
                                   "sliding_window_view(np.pad(G, 2), (3, 3)), w[::-1, ::-1])")])
def test_a_kernel_that_nobody_named_is_all_that_is_kept(f, at, stored, line):
    discover(f, at)
    tracemalloc.start()
    s = discover(f, at)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    agrees(f, at, s)
    assert (s.numpy, s.stored) == (line, stored) and s.samples.calls < 150
    assert peak < 30 * (at.nbytes + f(at).nbytes + 8 * stored)


def test_a_saturated_layer_keeps_its_name():
    wide = random.standard_normal((256, 40))
    for times in (1, 10):
        def f(X, times=times):
            return np.tanh(times * X @ wide)

        s = discover(f, X64, known={"W": wide})
        assert "((G * (1 - Y**2)) @ W.T" in f"({s.numpy}"
        agrees(f, X64, s)


def test_blocks_of_one_colour_never_meet():
    point = Point(lambda x: np.tanh(x[1:] * x[:-1]), x4000, np.tanh(x4000[1:] * x4000[:-1]), {})
    rows, columns, values = entries_of(point)
    right = derivative_along(point.f, x4000, np.ones((1, 4000))).J[0]
    np.testing.assert_allclose(np.bincount(rows, values, 3999), right, rtol=1e-9, atol=1e-300)
    order = np.argsort(columns, kind="stable")
    rows, columns = rows[order], columns[order]
    colours = coloured(columns, rows, 4000, 3999)
    for colour in range(colours.max() + 1):
        assert np.unique(rows[colours[columns] == colour], return_counts=True)[1].max() == 1


def test_an_interrupt_leaves_nothing_broken():
    stop = iter([*range(50), KeyboardInterrupt])

    def tired(X):
        if next(stop, 0) is KeyboardInterrupt:
            raise KeyboardInterrupt
        return np.tanh(X)

    before = X.copy()
    with pytest.raises(KeyboardInterrupt):
        discover(tired, X)
    np.testing.assert_array_equal(X, before)
    assert discover(np.tanh, X).numpy == "G * (1 - Y**2)"


@pytest.mark.parametrize(("f", "error", "words"), [
    (lambda X: X[X > 0][:100].reshape(4, 25) if X[0, 0] > 0 else X, LessonError, ""),
    (lambda X: X + np.random.default_rng().random(X.shape), NumberError, "is random"),
    (lambda X: X > 0, NumberError, "whole numbers"),
    (lambda X: np.full(X.shape, np.nan), NumberError, "is nan")])
def test_refusals_are_as_for_small_tensors(f, error, words):
    at = X.copy()
    at[0, 0] = -1
    try:
        discover(f, at)
    except error as caught:
        assert words in str(caught) and "\n" not in str(caught)
    else:
        assert not words


def test_a_kink_at_the_input_is_a_warning():
    at = X.copy()
    at[1, 2] = 0
    s = discover(lambda X: np.maximum(X, 0), at)
    assert "the slope of Y[1, 2] jumps from" in s.warning and s.numpy == "G * (X > 0)"


def test_a_shape_that_changes_with_the_values_is_refused():
    with pytest.raises((ShapeError, NumberError)):
        discover(lambda X: np.repeat(X[X > 0], 400), np.abs(X))
