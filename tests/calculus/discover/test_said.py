"""What is said of a tensor, step by step, with every number: of tensors that anybody can count."""

import sys
import threading
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover import discover
from helpers.calculus.discover.cores import raw
from helpers.calculus.discover.naming.names import Names

random = np.random.default_rng(4)
I, e, ones = np.eye, np.einsum, np.ones
W, X, u, v = (random.standard_normal(shape) for shape in ((4, 2), (3, 4), 4, 5))
S = np.exp(X) / np.exp(X).sum(1, keepdims=True)
ONE = "one copy is enough."
EVERY_K = f"Nothing changes along k (the same for every k): {ONE}"
COPIED = "(so the result is copied along it)"
ROWS = "Tied: axis 0 of Y and axis 0 of X. Where their indices differ the entry is 0."
BOTH = ("Tied: axis 0 of Y and axis 0 of X; axis 1 of Y and axis 1 of X. Where their indices "
        "differ the entry is 0.")
SUM = "A triangle of equal numbers: a running sum, which stores nothing."
LOW = "Each {0}×{0} block is a diagonal plus rank 1."
PLACES = "its place, index, is all to keep."
MOVED = ("Every row and column has a single 1: the numbers along axis k only change places, and "
         "the places are all to keep.")
# tensor, axes of Y, known: line, kind, stored, multiplications, numbers left at each stage,
# sentences, one entry in LaTeX
CASES = {
    "one number": (np.array(3.0), 0, {}, "3 * G", "constant", 1, 1, (1, 1, 1),
                   ["One number is left: 3."], "3"),
    "the same": (I(3), 1, {}, "G", "constant", 0, 0, (9, 3, 1, 1, 0), [
        ROWS, EVERY_K, "One number is left: 1."],
        r"\delta_{ki}"),
    "flip": (2.5 * I(4)[::-1], 1, {}, "(2.5 * G)[::-1]", "constant", 1, 4, (16, 4, 1, 1, 1), [
        "Tied: axis 0 of Y and axis 0 of X backwards. Where their indices differ the entry is 0.",
        EVERY_K, "One number is left: 2.5."],
        r"\delta_{k,\,3-i}\,2.5"),
    "transpose": (e("lj,ki->klji", I(4), I(3)), 2, {}, "G.T", "constant", 0, 0,
                  (144, 12, 1, 1, 0), [
        "Tied: axis 0 of Y and axis 1 of X; axis 1 of Y and axis 0 of X. Where their indices "
        "differ the entry is 0.", "Nothing changes along k (the same for every k), l (the same for "
        f"every l): {ONE}", "One number is left: 1."], r"\delta_{li}\,\delta_{kj}"),
    "affine": (e("ni,mk->nkim", I(3), W), 2, {"W": W}, "G @ W.T", "core", 8, 24,
               (72, 24, 8, 8, 8), [
        ROWS, EVERY_K, "The numbers left are W."],
        r"\delta_{ki}\,W_{jl}"),
    "twice": (e("ni,mk->nkim", I(3), -2 * W), 2, {"W": W}, "-2 * (G @ W.T)", "core", 8, 24,
              (72, 24, 8, 8, 8), [ROWS, EVERY_K,
                               "The numbers left are -2 · W."],
              r"\delta_{ki}\,\left(-2\,W_{jl}\right)"),
    "without a name": (e("ni,mk->nkim", I(3), W), 2, {}, "G @ C", "core", 8, 24,
                       (72, 24, 8, 8, 8), [
        ROWS, EVERY_K,
        "The 8 numbers left are kept as they are, in C."], r"\delta_{ki}\,C_{lj}"),
    "elementwise": (e("ni,kj,nk->nkij", I(3), I(4), X), 2, {"X": X}, "G * X", "elementwise", 12,
                    12, (144, 12, 12, 12), [BOTH, "The numbers left are X."],
                    r"\delta_{ki}\,\delta_{lj}\,X_{kl}"),
    "the same for every row": (
        e("ni,kj,k->nkij", I(3), I(4), u), 2, {"u": u}, "G * u", "core", 4, 12, (144, 12, 4, 4, 4),
        [BOTH, EVERY_K,
         "The numbers left are u."], r"\delta_{ki}\,\delta_{lj}\,u_{l}"),
    "mean": (e("kj,n->knj", I(4), ones(3) / 3), 1, {}, "np.broadcast_to(G / 3, (3, 4))",
             "constant", 1, 12, (48, 12, 1, 1, 1), [
        "Tied: axis 0 of Y and axis 1 of X. Where their indices differ the entry is 0.",
        f"Nothing changes along k (the same for every k), i of X {COPIED}: {ONE}",
        "One number is left: 1 / 3."], r"\delta_{kj}\,\frac{1}{3}"),
    "sum of all": (ones((3, 4)), 0, {}, "np.broadcast_to(G, (3, 4))", "constant", 0, 0,
                   (12, 1, 1, 0),
                   [f"Nothing changes along i of X {COPIED}, j of X {COPIED}: {ONE}",
                    "One number is left: 1."], "1"),
    "copied": (e("kj,n->nkj", I(4), ones(3)), 1 + 1, {}, "G.sum(0)", "constant", 0, 0,
               (48, 12, 1, 1, 0), [
        "Tied: axis 1 of Y and axis 0 of X. Where their indices differ the entry is 0.",
        f"Nothing changes along k of Y (so G is summed over it), l (the same for every l): {ONE}",
        "One number is left: 1."], r"\delta_{li}"),
    "softmax": (e("ni,nk,kj->nkij", I(3), S, I(4)) - e("ni,nk,nj->nkij", I(3), S, S), 2, {"Y": S},
                "Y * (G - (G * Y).sum(-1, keepdims=True))", "diagonal plus low rank", 12, 36,
                (144, 48, 48, 12, 12), [ROWS, LOW.format(4)],
                r"\delta_{ki}\,Y_{kj}\,\left(\delta_{lj} - Y_{kl}\right)"),
    "centred": (I(5) - 1 / 5, 1, {}, "G - G.mean()", "diagonal plus low rank", 0, 15,
                (25, 25, 0, 0), [LOW.format(5)], r"\delta_{ki} - 0.2"),
    "rows centred": (e("ni,kj->nkij", I(3), I(4) - 1 / 4), 2, {},
                     "G - G.mean(-1, keepdims=True)", "diagonal plus low rank", 0, 36,
                     (144, 48, 16, 16, 0, 0), [
        ROWS, EVERY_K, LOW.format(4)],
        r"\delta_{ki}\,\left(\delta_{lj} - 0.25\right)"),
    "running sum": (np.tri(5), 1, {}, "np.cumsum(G[::-1])[::-1]", "triangle", 0, 0,
                    (25, 25, 0, 0), [SUM], r"\mathbb{1}(i \le k)"),
    "upper": (2 * np.tri(4).T, 1, {}, "2 * np.cumsum(G)", "triangle", 1, 4, (16, 16, 1, 1), [SUM],
              r"2\,\mathbb{1}(k \le i)"),
    "gather": (I(5)[[0, 2, 2]], 1, {}, "G @ (index[:, None] == np.arange(5))", "gather", 3, 15,
               (15, 15, 3, 3), [f"Every line along axis i has a single 1: {PLACES}"],
               r"\delta_{i,\,\mathrm{index}_{k}}"),
    "places": (I(5)[[2, 0, 3, 1, 4]], 1, {}, "G[index]", "permutation", 5, 0, (25, 25, 5, 5),
               [MOVED], r"\mathbb{1}(Y_{k}\text{ is }X_{i})"),
    "reshape": (I(12).reshape(3, 4, 2, 6), 2, {}, "G.reshape(2, 6)", "reshape", 0, 0,
                (144, 144, 0, 0),
                ["The same numbers in the same order, laid out in another shape."],
                r"\mathbb{1}(Y_{kl}\text{ is }X_{ij})"),
    "band": (I(4, 5) + 2 * I(4, 5, 1), 1, {}, "np.convolve(G, w)", "Toeplitz", 2, 8,
             (20, 20, 2, 2), ["The same 2 numbers, w, on every row of a band: a convolution."],
             r"w_{i-k}"),
    "outer": (e("k,ij->kij", u, W[:3]), 1, {"u": u}, 'np.einsum("k,ij->ij", (G * u), C)', "product",
              10, 24, (24, 24, 10, 10), ["A product of two smaller arrays, u and C."],
              r"u_{k}\,C_{ij}"),
    "dense": (random.standard_normal((2, 3, 2)), 1, {}, "np.tensordot(G, C, 1)", "dense", 12, 12,
              (12, 12, 12), ["The 12 numbers left are kept as they are, in C."], "C_{kij}"),
    "two ties": (e("ki,l->kli", I(5), v) + e("li,k->kli", I(5), v), 2, {"v": v}, "G @ v + v @ G",
                 "sum of two", 5, 50, (125, 125, 5, 5), [
        "The input enters twice, so two ties, one after the other, are added up."],
        r"\delta_{ki}\,v_{l} + \delta_{li}\,v_{k}"),
    "trace": (I(3), 0, {}, "G * np.eye(3)", "constant", 0, 0, (9, 3, 1, 1, 0), [
        "Tied: axis 0 of X and axis 1 of X. Where their indices differ the entry is 0.",
        f"Nothing changes along i of X {COPIED}: {ONE}", "One number is left: 1."],
        r"\delta_{ij}"),
    "diagonal": (e("ki,kj->kij", I(4), I(4)), 1, {}, "G[:, None] * np.eye(4)", "constant", 0, 0,
                 (64, 4, 1, 1, 0), [
        "Tied: axis 0 of Y and axis 0 of X and axis 1 of X. Where their indices differ the entry "
        "is 0.", EVERY_K,
        "One number is left: 1."],
                 r"\delta_{ki}\,\delta_{kj}"),
    "everywhere": (np.full((3, 4), 2.5), 1, {}, "np.broadcast_to(2.5 * G.sum(), (4,))", "constant",
                   1, 12, (12, 1, 1, 1), [
        f"Nothing changes along k of Y (so G is summed over it), i of X {COPIED}: {ONE}",
        "One number is left: 2.5."], "2.5"),
    "rows weighted": (e("n,kj->nkj", X[:, 0], I(4)), 2, {"x": X[:, 0]}, "x @ G", "core", 3, 12,
                      (48, 12, 3, 3, 3), [
        "Tied: axis 1 of Y and axis 0 of X. Where their indices differ the entry is 0.",
        f"Nothing changes along l (the same for every l): {ONE}", "The numbers left are x."],
        r"\delta_{li}\,x_{k}"),
}


@pytest.mark.parametrize("name", CASES)
def test_of_a_tensor_every_number_is_said_and_right(name):
    J, ndim, known, line, kind, stored, products, numbers, sentences, entry = CASES[name]
    s = discover(J, output_ndim=ndim, known=known)
    assert (s.numpy, s.kind, s.stored) == (line, kind, stored) and repr(s) == (
        f"<{kind}: dL/dX = {line}>")
    assert (s.entries, s.nonzero) == (J.size, np.count_nonzero(J))
    assert s.cost.compact_multiplications == products
    assert (s.cost.full_multiplications, s.cost.compact_entries) == (J.size, stored)
    assert tuple(stage.numbers for stage in s.stages) == numbers
    unit = f"{8 * J.size} bytes" if J.size < 125 else f"{8 * J.size / 1000:.1f} kB"
    entries = f"{J.size} entries, {np.count_nonzero(J)} of them not zero" if J.size > 1 else \
        "1 entry, which is not zero"
    *steps, last = sentences
    assert str(s).split("\n") == [
        f"this tensor by X: the full tensor has {entries} ({unit}).", *steps,
        f"{last} So dL/dX = {line}".replace("=. So", "= "),
        f"It stores {stored} number{'s' * (stored != 1)}. Checked at 1 input with random upstream "
        "gradients: right to within 1e-12."]
    G = random.standard_normal(J.shape[:ndim])
    for found in (s.vjp(G), np.einsum(s.einsum, G, s.core)):
        np.testing.assert_allclose(found, np.tensordot(G, J, ndim), atol=1e-12)
    assert dict(s.derivation)["One entry of the full tensor"].split(" = ", 1)[1] == entry
    left = [stage.left().sum() for stage in s.stages if stage.name in ("full", "ties", "constants")]
    assert left == [stage.numbers for stage in s.stages][:len(left)]


@pytest.mark.parametrize("size", [1e-7, 1e6])
def test_what_is_found_does_not_depend_on_the_size_of_the_tensor(size):
    for name, (J, ndim, known, _, kind, *_) in CASES.items():
        if not known and name != "one number":
            s = discover(size * J, output_ndim=ndim)
            moved = kind in ("gather", "permutation", "reshape")  # no longer ones
            assert s.kind == ("dense" if moved else kind), name
            assert s.nonzero == np.count_nonzero(J) and s.error < 1e-12
            G = random.standard_normal(J.shape[:ndim])
            np.testing.assert_allclose(s.vjp(G), size * np.tensordot(G, J, ndim),
                                       atol=1e-12 * size)


def test_nothing_is_said_in_few_words():
    s = discover(np.zeros((2, 3)), output_ndim=1)
    assert [stage.name for stage in s.stages] == ["full", "name"]
    assert [stage.numbers for stage in s.stages] == [6, 0] and s.nonzero == 0
    assert dict(s.derivation)["Every slope is zero"] == (
        r"\frac{\partial Y_{k}}{\partial X_{i}} = 0")
    assert s.derivation[-1] == ("NumPy", r"\texttt{dX = np.zeros((3,))}")


def test_what_a_diagonal_and_its_outer_products_are_called():
    def low(J, **known):
        return discover(J, output_ndim=1, known=known).low_rank

    assert low(I(5) - 1 / 5) == {
        "diagonal": "1", "rank": 1, "axes": ("k", "i"), "side": "i", "letters": (),
        "factors": [("-0.2", "1", "1")], "factor_letters": [()]}
    h = v - v.mean()
    two = low(I(5) - 1 / 5 - np.outer(h, h), h=h)
    assert (two["rank"], two["factors"]) == (2, [("-0.2", "1", "1"), ("-1", "h", "h")])
    assert two["factor_letters"] == [(), ("k",)]
    one = low(np.diag(v) - 3 * np.outer(v, v), v=v)
    assert (one["diagonal"], one["side"], one["letters"]) == ("v", "i", ("i",))
    assert one["factors"] == [("-3", "v", "1")]


@pytest.mark.parametrize("error, said", [(0.0, 1e-12), (1e-12, 1e-12), (1.1e-12, 1e-9),
                                         (1e-9, 1e-9), (2e-9, 1e-6), (0.9e-3, 1e-3)])
def test_an_accuracy_is_said_in_steps_of_a_thousand(error, said):
    from dataclasses import replace
    s = discover(np.tanh, X)
    near = replace(s, samples=replace(s.samples, confirmed=error))
    assert near.accuracy == pytest.approx(said)
    assert near.checked == len(s.samples.tensors) + len(s.samples.more()) > 10
    told = replace(near, caveat="The line holds for inputs like these.", error=error)
    assert told.accuracy == pytest.approx(said) and told.checked == 3
    assert told.warning == "The line holds for inputs like these."


def test_of_one_the_noun_is_one_too():
    assert "the full tensor has 1 entry, which is zero (8 bytes)." in str(
        discover(np.array(0.0), output_ndim=0))
    single = discover(2.0 * I(5, 5, 1), output_ndim=1)
    assert "The same 1 number, w, on every row of a band" in str(single)
    assert raw(SimpleNamespace(names=Names([{}]), arrays=[ones(1)], letters=("k",), size=1,
                               pattern=None)).says == "the number left is kept as it is, in C"


def test_an_empty_array_says_nothing_and_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        s = discover(lambda X: 2 * X, X, known={"E": np.zeros((0, 4)), "F": np.zeros(0)})
    assert s.numpy == "2 * G"


def test_zero_slopes_are_told_for_the_numbers_that_were_tried_and_no_others():
    """Of a function that is flat up to 5000: its inputs are at most some hundred."""
    found = discover(lambda X: np.maximum(X - 5000, 0), X)
    inputs = [point.names["X"] for point in found.samples.more()]
    inputs += [names["X"] for names in found.samples.names]
    low, high = min(map(np.min, inputs)), max(map(np.max, inputs))
    assert found.kind == "zero" and -1000 < low < -30 and 30 < high < 1000
    assert (f"The numbers of these inputs lie between {low:.4f} and {high:.4f}: beyond them no "
            "slope was measured.").replace("-", "\N{MINUS SIGN}") in str(found)
    large = discover(lambda X: np.full((9, 200), np.maximum(X - 5000, 0).max()), np.ones((3, 100)))
    assert "beyond them no slope was measured." in str(large)
    for other in (discover(np.zeros((2, 2)), output_ndim=1), discover(np.sin, X)):
        assert "beyond them" not in str(other)


def test_what_is_too_large_to_be_compared_is_not_called_right():
    said = str(discover(lambda X: np.full(2, 1e308), X))
    assert "with random upstream gradients: not confirmed, for its numbers are too large." in said


def test_where_no_digit_of_the_slopes_is_sure_nothing_is_called_right():
    """x − tanh x is x³/3 there: of the slope x² only what 1 − (1 − x²) leaves is seen."""
    said = str(discover(lambda X: X - np.tanh(X), np.array([1e-7, 2e-7, -3e-7])))
    assert "with random upstream gradients: not confirmed, for not one digit" in said
    assert "right to within 1e+" not in said and "f[0]: they may be off by far more than" in said


def test_a_function_that_prints_is_searched_in_silence(capsys):
    def loud(X):
        print("loud")
        return X**2

    assert discover(loud, X).numpy == "2 * G * X" and capsys.readouterr().out == ""


def test_threads_that_search_at_one_time_are_silent_and_leave_the_stream(capsys):
    """If each put back what it found, the last could put back the silence of the first."""
    before, heard = sys.stdout, threading.Event()

    def loud(X):
        print("loud")
        heard.wait(0.001)  # another one's turn
        return X**2

    threads = [threading.Thread(target=discover, args=(loud, [[1.0, 2.0, 3.0]])) for _ in range(2)]
    for thread in threads:
        thread.start()
    print("main")
    for thread in threads:
        thread.join()
    assert sys.stdout is before and capsys.readouterr().out == "main\n"
