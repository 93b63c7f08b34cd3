"""Lines of NumPy as LaTeX: as a person writes them, and read back they are the same numbers."""

import numpy as np
import pytest
from latex2mathml.converter import convert

from helpers.calculus.latex import latex_of, symbol, typewriter, whole_line
from tests.calculus.read_latex import open_indices, value

SIZES = {"n": 3, "h": 4, "k": 2}
RANDOM = np.random.default_rng(12)
ARRAYS = {name: RANDOM.standard_normal(shape) for name, shape in {
    "X": (3, 4), "Y": (3, 4), "W": (4, 2), "b": (4,), "s": (3, 1), "alpha": (), "V": (3, 4, 2)
}.items()} | {"index": np.array([1, 0, 3])}
SHAPES = {name: array.shape for name, array in ARRAYS.items()}
EYES = "sum(c * np.eye({}) for k, c in zip(range({}), {}))".format

ENTRIES = [  # a line, the indices of one entry of it, the formula of that entry
    ("X", "nh", "X_{nh}"), ("b", "nh", "b_{h}"), ("alpha", "nh", r"\alpha"), ("s", "nh", "s_{n}"),
    ("X.T", "hn", "X_{nh}"), ("s[:, 0]", "n", None), ("b[:, None]", "hn", "b_{h}"),
    ("b[None]", "nh", "b_{h}"), ("W[None]", "nhk", "W_{hk}"), ("W[:, None]", "hnk", "W_{hk}"),
    ("X > 0", "nh", r"\mathbb{1}(X_{nh} > 0)"), ("X < Y", "nh", r"\mathbb{1}(X_{nh} < Y_{nh})"),
    ("X >= 0", "nh", r"\mathbb{1}(X_{nh} \ge 0)"), ("X <= 0", "nh", r"\mathbb{1}(X_{nh} \le 0)"),
    ("b == b", "h", r"\mathbb{1}(b_{h} = b_{h})"), ("X != 0", "nh", None),
    ("index[:, None] == np.arange(4)", "nh", r"\delta_{h,\,\mathrm{index}_{n}}"),
    ("1 - Y**2", "nh", r"1 - {Y_{nh}}^{2}"), ("-X", "nh", "-X_{nh}"),
    ("-(X + Y)", "nh", r"-\left(X_{nh} + Y_{nh}\right)"), ("X - -Y", "nh",
                                                          r"X_{nh} - \left(-Y_{nh}\right)"),
    ("X - (Y - b)", "nh", r"X_{nh} - \left(Y_{nh} - b_{h}\right)"),
    ("X + (Y - b)", "nh", r"X_{nh} + Y_{nh} - b_{h}"), ("X * Y", "nh", r"X_{nh}\,Y_{nh}"),
    ("2 * (X + Y) * b", "nh", r"2\,\left(X_{nh} + Y_{nh}\right)\,b_{h}"),
    ("(X + 1) / b", "nh", r"\frac{X_{nh} + 1}{b_{h}}"),
    ("(X + 1)**2", "nh", r"{\left(X_{nh} + 1\right)}^{2}"),
    ("(X * Y)**2", "nh", r"{\left(X_{nh}\,Y_{nh}\right)}^{2}"),
    ("np.exp(X)", "nh", "e^{X_{nh}}"), ("np.sqrt(X**2 + 1)", "nh", r"\sqrt{{X_{nh}}^{2} + 1}"),
    ("np.tanh(X)", "nh", r"\tanh(X_{nh})"), ("np.maximum(X, 0)", "nh", r"\max(X_{nh}, 0)"),
    ("np.abs(X)", "nh", r"\lvert X_{nh} \rvert"), ("np.foo(X)", "nh", None),
    ("np.where(X > 0, Y, alpha)", "nh",
     r"\left(Y_{nh}\,\mathbb{1}(X_{nh} > 0) + \alpha\,\mathbb{1}(X_{nh} \le 0)\right)"),
    ("np.where(X < 0, -Y, 1)", "nh", r"\left(\left(-Y_{nh}\right)\,\mathbb{1}(X_{nh} < 0) + "
                                     r"\mathbb{1}(X_{nh} \ge 0)\right)"),
    ("np.where(X >= 0, 1, Y + 1)", "nh", r"\left(\mathbb{1}(X_{nh} \ge 0) + "
                                         r"\left(Y_{nh} + 1\right)\,\mathbb{1}(X_{nh} < 0)\right)"),
    ("np.where(X <= 0, 0, Y)", "nh", r"\left(Y_{nh}\,\mathbb{1}(X_{nh} > 0)\right)"),
    ("np.where(X == 0, 1, Y)", "nh", None), ("np.where(X, 1, Y)", "nh", None),
    ("X.sum(-1)", "n", r"\sum_r\,X_{nr}"), ("X.sum(0)", "h", r"\sum_r\,X_{rh}"),
    ("V.sum(-2)", "nk", r"\sum_r\,V_{nrk}"), ("X.sum()", "n", None),
    ("(X * b).sum(1, keepdims=True)", "nh", r"\sum_r\,X_{nr}\,b_{r}"),
    ("(X - Y).sum(0)", "h", r"\sum_r\,\left(X_{rh} - Y_{rh}\right)"),
    ("np.eye(3)", "nm", r"\delta_{nm}"), ("np.tri(3, 4)", "nh", r"\mathbb{1}(h \le n)"),
    ("np.tri(3, 4, -1)", "nh", r"\mathbb{1}(h \le n-1)"),
    ("np.tri(3, 4, 1)", "nh", r"\mathbb{1}(h \le n+1)"),
    ("np.lib.stride_tricks.sliding_window_view(b, 2)", "nk", "b_{n+k}"),
    (EYES("3, 4, k", "4", "b"), "nh", "b_{h-n}"), (EYES("3, 4, k", "-2, 2", "b"), "nh",
                                                    "b_{h-n+2}"),
    (EYES("3, 4, k", "1, 5", "b"), "nh", "b_{h-n-1}"), ("sum(b)", "h", None),
    ("X @ W", "nk", None), ("X[::-1]", "nh", None), ("X.real", "nh", None), ("'a'", "n", None),
    ("[X, Y]", "nh", None), ("X if X else Y", "nh", None), ("X[:, None]", "n", None),
]


@pytest.mark.parametrize(("line", "letters", "latex"), ENTRIES)
def test_an_entry_is_written_by_its_indices_and_read_back_it_is_that_entry(line, letters, latex):
    found = latex_of(line, tuple(letters), SHAPES, SIZES)
    if latex is None:
        assert found == rf"\left({typewriter(line)}\right)_{{{letters}}}"
        return
    assert found == latex and convert(found).startswith("<math")
    right = np.broadcast_to(eval(line, {"np": np}, ARRAYS | {"k": 0}), [
        SIZES.get(x, 3) for x in letters])
    if r"\lvert" in latex:  # signs that the reader does not know
        return
    sizes = dict(zip(letters, right.shape, strict=True))
    sizes |= {"r": 3 if ".sum(0)" in line else 4} if r"\sum" in latex else {}
    said = np.asarray(value(latex, **ARRAYS | {"s": ARRAYS["s"][:, 0]} | open_indices(sizes)))
    said = np.broadcast_to(said, [*right.shape, *said.shape[right.ndim:]])
    np.testing.assert_allclose(said.reshape(right.shape), right, rtol=1e-12)


WHOLE = [
    ("W.T", r"W^\top"), ("G @ W.T", r"G\,W^\top"), ("x1.T", r"{x^{(1)}}^\top"),
    ("(G * Y).T", r"\left(G \odot Y\right)^\top"), ("(-X).T", r"\left(-X\right)^\top"),
    ("X.T @ (G * Y)", r"X^\top\,\left(G \odot Y\right)"), ("G * Y", r"G \odot Y"),
    ("(X + Y) * G @ W", r"\left(\left(X + Y\right) \odot G\right)\,W"),
    ("(G * Y).T @ W", r"\left(G \odot Y\right)^\top\,W"), ("2 * G", r"2\,G"),
    ("alpha * G", r"\alpha\,G"), ("G * alpha", r"G \odot \alpha"),
    ("(X * Y)**2", r"{\left(X \odot Y\right)}^{2}"), ("b[:, None]", "b"),
    ("X[::-1]", r"\mathrm{flip}(X)"), ("X[:, ::2]", r"\mathrm{flip}(X)"), ("X[0]", None),
    ("X.sum()", r"\sum X"), ("X.sum(0)", r"\sum_{\text{axis 0}} X"),
    ("X.mean(1)", r"\mathrm{mean}_{\text{axis 1}}(X)"), ("X.std()", r"\mathrm{std}(X)"),
    ("X.argmax(-1)", r"\arg\max_{\text{axis -1}}(X)"), ("np.sum(X)", r"\mathrm{sum}(X)"),
    ("np.sum(X, 0)", None), ("np.broadcast_to(b, (3, 4))", "b"), ("np.outer(a, b)", r"a\,b^\top"),
    ("np.linalg.norm(X)", r"\lVert X \rVert"), ("np.eye(3)", None), ("np.tri(3)", None),
    ("(D := 2 * G) + D", r"\left(2\,G\right) + D"), ("X % 2", None), ("~X", None),
    ("(X > 0) & (X < 6)", r"\mathbb{1}(X > 0) \odot \mathbb{1}(X < 6)"), ("X | Y", None),
    ("index[:, None] == np.arange(3)", None), ("f(X)", None), ("np.log(X)", r"\log(X)"),
    ("[X, Y]", None), ("lambda X: X", None), ("X.foo(0)", None), ("np.where(X > 0, X)", None),
]


@pytest.mark.parametrize(("line", "latex"), WHOLE)
def test_whole_arrays_are_written_as_matrices(line, latex):
    found = latex_of(line, shapes={"alpha": ()})
    assert found == (typewriter(line) if latex is None else latex)
    assert convert(found).startswith("<math")


def test_what_is_used_twice_is_defined_behind_the_line():
    line = whole_line("(D := W[None] * G) - Y * (D * Y).sum(0)", {})
    assert line == r"D - Y \odot \sum_{\text{axis 0}} D \odot Y, \quad D = W \odot G"
    assert whole_line("G @ W.T", {}) == r"G\,W^\top"
    assert whole_line("G[0]", {}) is None


@pytest.mark.parametrize(("name", "latex"), [
    ("W", "W"), ("alpha", r"\alpha"), ("eps", r"\varepsilon"), ("Xhat", r"\hat{X}"),
    ("x1", "x^{(1)}"), ("w12", "w^{(12)}"), ("mask", r"\mathrm{mask}"), ("_", r"\mathrm{\_}"),
    ("chat_", r"\mathrm{chat\_}"), ("that", r"\hat{t}"), ("x_1", r"\mathrm{x\_1}")])
def test_a_name_is_written_as_in_a_book(name, latex):
    assert symbol(name) == latex
    assert convert(latex).startswith("<math")


def test_indices_of_more_than_a_letter_are_told_apart():
    assert latex_of("X", ("n", "h+1")) == "X_{n,h+1}"
    window = "np.lib.stride_tricks.sliding_window_view(X, 2, 1)"
    assert latex_of(window, tuple("noi"), SHAPES) == "X_{n,o+i}"
    assert latex_of("X", ("n", "h"), {"X": (1, 1)}, {"n": 1, "h": 4}) == "X_{n}"
    assert latex_of("s", ("n", "h"), {"s": (3, 1)}) == "s_{nh}"  # how long h is nobody said
    assert latex_of("W", ("n",), {"W": (4, 2)}) == r"\left(\texttt{W}\right)_{n}"


def test_code_stands_as_it_is_but_for_what_latex_would_take_for_its_own():
    assert typewriter(r"a_b % {c} # $d & \e^f") == r"\texttt{a\_b \% \{c\} \# \$d \& ef}"
