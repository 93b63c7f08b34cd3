"""Norms: along which axes, with which root and gain; and products of two arrays, taken apart."""

import math

import numpy as np
import pytest

from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.patterns.norms import (
    Frame,
    gains,
    known_gains,
    norms,
    root_text,
    rooted,
    scales,
)
from helpers.calculus.discover.patterns.products import (
    multiple,
    perhaps_rank_one,
    product,
    separated,
    splits,
)
from tests.calculus.discover.test_patterns import answer_of

random = np.random.default_rng(6)
FRAMES = [((0,), (4, 3), "0"), ((1,), (4, 3), "-1, keepdims=True"), ((0, 1), (4, 3), ""),
          ((0,), (4,), ""), ((1,), (2, 3, 4), "-2, keepdims=True"),
          ((1, 2), (2, 3, 4), "(1, 2), keepdims=True"),
          ((0, 2), (2, 3, 4), "(0, 2), keepdims=True"), ((2,), (2, 3, 4), "-1, keepdims=True")]


@pytest.mark.parametrize("axes, shape, where", FRAMES)
def test_blocks_lie_along_axes(axes, shape, where):
    count = math.prod(shape[a] for a in axes)
    frame = Frame("X", axes, len(shape), count, shape)
    X = random.standard_normal(shape)
    assert frame.where == where
    rest = [a for a in range(len(shape)) if a not in axes]
    lines = X.transpose(*rest, *axes).reshape(-1, count)
    np.testing.assert_array_equal(frame.laid(X), lines)
    np.testing.assert_array_equal(frame.laid(2.0), np.full(lines.shape, 2.0))
    for alpha, centred, right in (
            (1, True, X.var(axes)), (1, False, (X**2).mean(axes)), (0.25, True, X.var(axes) / 4),
            (count / (count - 1), True, X.var(axes, ddof=1)), (count, False, (X**2).sum(axes)),
            (count, True, count * X.var(axes)), (1.1, False, 1.1 * (X**2).mean(axes))):
        text = root_text(frame, alpha, centred)
        np.testing.assert_allclose(np.squeeze(eval(text, {"X": X})), np.squeeze(right))
        assert ("var" in text) is centred and (" * " in text) == (
            alpha not in (1, count / (count - 1)) and (centred or alpha != count))


SQUARE = random.uniform(1, 2, 6)
VAR = "X.var(-1, keepdims=True{})"
MEAN = "{}(X**2).{}(-1, keepdims=True)"


@pytest.mark.parametrize("s, centred, text, same", [
    (np.sqrt(SQUARE), True, f"np.sqrt({VAR.format('')})", True),
    (np.sqrt(SQUARE), False, f"np.sqrt({MEAN.format('', 'mean')})", True),
    (np.sqrt(SQUARE + 1e-3), True, f"np.sqrt({VAR.format('')} + eps)", True),
    (np.sqrt(SQUARE + 1e-5), False, f"np.sqrt({MEAN.format('', 'mean')} + 1e-05)", True),
    (np.sqrt(SQUARE + 1e-6), True, f"np.sqrt({VAR.format('')} + 1e-06)", True),
    (np.sqrt(SQUARE * 4 / 3 + 1e-5), True, f"np.sqrt({VAR.format(', ddof=1')} + 1e-05)", True),
    (np.sqrt(SQUARE * 4), False, f"np.sqrt({MEAN.format('', 'sum')})", True),
    (np.sqrt(SQUARE / 2), False, f"np.sqrt({MEAN.format('0.5 * ', 'mean')})", True),
    (np.sqrt(SQUARE) + 1e-3, True, f"(np.sqrt({VAR.format('')}) + eps)", False),
    (3 * np.sqrt(SQUARE) + 0.5, False, f"(np.sqrt({MEAN.format('9 * ', 'mean')}) + 0.5)", False),
    (-np.sqrt(SQUARE), True, None, None),
    (np.sqrt(SQUARE) * (-1.0) ** np.arange(6), True, None, None), (SQUARE, True, None, None),
    (np.sqrt(SQUARE) + 1e-3 * np.arange(6), True, None, None)])
def test_the_root_of_a_norm_has_its_eps_inside_or_beside(s, centred, text, same):
    frame, names = Frame("X", (1,), 2, 4, (6, 4)), Names([{"eps": np.array(1e-3)}] * 2)
    found = rooted(names, frame, s, SQUARE, centred, 1e-13)
    assert (found and found[0]) == text
    if text:
        assert found[1] is s and (found[2] is s) is same
        np.testing.assert_allclose(found[2], s if same else np.sqrt(SQUARE))
    for few in (s[:2], 0 * s[:4] + 1):  # two numbers, or the same ones, fit any line
        square = SQUARE[:2] if len(few) == 2 else np.ones(4)
        assert rooted(names, frame, few, square, centred, 1e-13) is None


@pytest.mark.parametrize("size", [1e-12, 1e12])
def test_what_is_an_eps_is_measured_by_the_squares(size):
    frame, names = Frame("X", (1,), 2, 4, (6, 4)), Names([{}] * 2)
    square = size * SQUARE
    text, *_ = rooted(names, frame, np.sqrt(square), square, True, 1e-13)
    assert text == f"np.sqrt({VAR.format('')})"
    text, *_ = rooted(names, frame, np.sqrt(square + 0.1 * size), square, True, 1e-13)
    assert text.startswith(f"np.sqrt({VAR.format('')} + ")
    assert eval(text.partition(" + ")[2].removesuffix(")"), {"np": np}) == pytest.approx(0.1 * size)


def test_known_arrays_that_fit_onto_the_input():
    arrays = {"X": np.ones((2, 3, 2, 2)), "Y": random.uniform(-1, 1, (2, 3, 2, 2)),
              "g": np.arange(1.0, 4), "b": np.arange(1.0, 3), "s": np.array(2.0),
              "m": np.ones((3, 1, 1)), "W": np.ones((3, 2)), "one": np.ones((1, 1)),
              "five": np.ones(5), "mask": np.array([0.0, -np.inf, 0])}
    names = Names([arrays] * 2, input_name="X", output_name="Y")
    frame = Frame("X", (2, 3), 4, 4, (2, 3, 2, 2))
    plain = ["g[:, None, None]", "b", "b[:, None]", "b[:, None, None, None]", "m", "W[:, :, None]"]
    assert [text for text, _ in known_gains(names, frame)] == plain
    found = dict(gains(names, frame))
    assert list(found) == ["", *plain, *(one for slope in ("Y > 0", "1 - Y**2", "Y * (1 - Y)")
                                         for one in (slope, *(f"{k} * ({slope})" for k in plain)))]
    for text, values in found.items():
        right = eval(text or "1", {**arrays})
        np.testing.assert_allclose(values[1], np.broadcast_to(right, np.shape(values[1])))
    held = dict(scales(names, frame))  # the same number in all of a block
    assert list(held) == ["", "g[:, None, None]", "b[:, None, None, None]", "m", "W[:, :, None]"] \
        or "W[:, :, None]" in held
    np.testing.assert_array_equal(held["g[:, None, None]"][0], [1, 2, 3, 1, 2, 3])


X = random.standard_normal((4, 3))
g, c = random.uniform(1, 2, 3), random.uniform(1, 2, 4)


def standard(X, axis, eps=0.0, ddof=0):
    return (X - X.mean(axis, keepdims=True)) / np.sqrt(
        X.var(axis, keepdims=True, ddof=ddof) + eps)


LAYER = ("({0}G{1} - {2}.mean({3}) - (Xhat := (X - X.mean({3})) / (s := {4})) * ({2} * Xhat)."
         "mean({3})) / s")
ROW = "-1, keepdims=True"


@pytest.mark.parametrize("f, known, line", [
    (lambda X: standard(X, 1), {}, LAYER.format("", "", "G", ROW, f"np.sqrt(X.var({ROW}))")),
    (lambda X: standard(X, 0, 1e-5), {},
     LAYER.format("", "", "G", "0", "np.sqrt(X.var(0) + 1e-05)")),
    (lambda X: g * standard(X, 1, 1e-5), {"g": g},
     LAYER.format("(D := g * ", ")", "D", ROW, f"np.sqrt(X.var({ROW}) + 1e-05)")),
    (lambda X: g * standard(X, 0), {"g": g},
     "g * " + LAYER.format("", "", "G", "0", "np.sqrt(X.var(0))")),
    (lambda X: c[:, None] * standard(X, 1), {"c": c},
     "c[:, None] * " + LAYER.format("", "", "G", ROW, f"np.sqrt(X.var({ROW}))")),
    (lambda X: standard(X, (0, 1)), {}, LAYER.format("", "", "G", "", "np.sqrt(X.var())")),
    (lambda X: X / np.sqrt((X**2).mean(0)), {}, "(G - (Xhat := X / (s := np.sqrt((X**2).mean(0))))"
     " * (G * Xhat).mean(0)) / s"),
    (lambda X: X / np.sqrt((X**2).sum(1, keepdims=True) + 0.1), {}, "(G - (Xhat := X / (s := "
     f"np.sqrt((X**2).sum({ROW}) + 0.1))) * (G * Xhat).sum({ROW})) / s"),
    (lambda X: np.maximum(standard(X, 1, 1e-5), 0), {},
     LAYER.format("(D := (Y > 0) * ", ")", "D", ROW, f"np.sqrt(X.var({ROW}) + 1e-05)")),
    (lambda X: np.tanh(g * standard(X, 1)), {"g": g},
     LAYER.format("(D := g * (1 - Y**2) * ", ")", "D", ROW, f"np.sqrt(X.var({ROW}))"))])
def test_norms_of_every_kind_have_their_line(f, known, line):
    J, answer = answer_of(norms, f, at=X, **known)
    assert answer.line == line and answer.kind == "diagonal plus low rank"
    rows = {"0": 4, ROW: 3, "": 12}["0" if "mean(0)" in line else "" if "mean()" in line else ROW]
    blocks = 12 // rows
    gain = 0 if "(D :=" not in line else 12 if "Y" in line else g.size  # a mask: X's size
    assert answer.multiplications == 3 * 12 and answer.stored == 12 + blocks + gain
    rank = 2 if "mean" in line.split("Xhat")[0] else 1
    assert answer.says.startswith(
        f"each {rows}×{rows} block is a diagonal plus rank {rank}: a norm along ax")
    G = random.standard_normal(X.shape)
    found = eval(answer.line, {"np": np, "G": G, **answer.names.all_at(0)})
    np.testing.assert_allclose(found, np.tensordot(G, J, 2), atol=1e-6)


@pytest.mark.parametrize("f", [
    lambda X: standard(X, 1) ** 2, lambda X: standard(X, 1) + X, lambda X: X - X.mean(0),
    lambda X: X / np.abs(X).sum(1, keepdims=True), lambda X: standard(X, 1)[:, :2],
    lambda X: standard(X, 1).T, lambda X: standard(X[::-1], 0)[:, ::-1], np.tanh])
def test_what_is_no_norm(f):
    assert answer_of(norms, f, at=X)[1] is None
    assert answer_of(norms, lambda X: standard(X, 1), at=X[:, :2])[1] is None  # two: only signs


# -- products

def test_letters_are_dealt_out_to_two_factors():
    assert list(splits("kl")) == [(("k",), ("l",))]
    three = list(splits("kli"))
    assert three[:3] == [(("k",), ("l", "i")), (("k", "l"), ("i",)), (("k", "i"), ("l",))]
    assert three[3:] == [(("k", "l"), ("k", "i")), (("k", "l"), ("l", "i")),
                         (("k", "i"), ("l", "i"))]
    assert all({*a} | {*b} == {*"klij"} and len({*a} & {*b}) <= 1 for a, b in splits("klij"))


@pytest.mark.parametrize("left, right", [*splits("kl"), *splits("kli"), *splits("klij")])
def test_a_product_is_taken_apart(left, right):
    letters = "klij"[:len({*left, *right})]
    sizes = dict(zip("klij", (3, 4, 2, 5), strict=True))
    P, Q = (random.standard_normal([sizes[x] for x in part]) for part in (left, right))
    whole = np.einsum(f"{''.join(left)},{''.join(right)}->{letters}", P, Q)
    for size in (1e-9, 1, 1e9):
        one, two = separated(size * whole, letters, left, right, 1e-10)
        assert one.shape == P.shape and two.shape == Q.shape
        again = np.einsum(f"{''.join(left)},{''.join(right)}->{letters}", one, two)
        np.testing.assert_allclose(again, size * whole, atol=1e-12 * size)
        other = size * whole
        other[(1,) * whole.ndim] += 1e-6 * size
        assert separated(other, letters, left, right, 1e-10) is None
    assert separated(0 * whole, letters, left, right, 1e-10) is not None
    assert separated(random.standard_normal(whole.shape), letters, left, right, 1e-10) is None


@pytest.mark.parametrize("place", [(0, 7), (1, 7), (59, 0)])
def test_every_row_of_a_block_is_compared(place):
    J = np.multiply.outer(np.arange(60, 0, -1.0), np.arange(50, 0, -1.0))[::-1].copy()
    assert separated(J, "ki", "k", "i", 1e-10) is not None
    J[place] *= 1.5  # one of 3,000: too few to be seen before all are read
    assert perhaps_rank_one(J, 0, 1, 1e-10)
    assert separated(J, "ki", "k", "i", 1e-10) is None


def test_a_look_at_some_places_comes_first():
    x = np.einsum("sk,sl->skl", *random.standard_normal((2, 3, 40)))
    assert perhaps_rank_one(x, 1, 2, 1e-10) and not perhaps_rank_one(x, 0, 1, 1e-10)
    assert not perhaps_rank_one(x + random.standard_normal(x.shape), 1, 2, 1e-10)
    assert perhaps_rank_one(1e-9 * x, 1, 2, 1e-10)


def test_an_array_that_is_a_multiple_of_another():
    B = random.standard_normal((3, 4))
    n = np.array([[2.0], [-1], [0]])
    assert multiple(3 * B, B, (0, 1), 1e-10) and multiple(n * B, B, (1,), 1e-10)
    assert not multiple(n * B, B, (0, 1), 1e-10) and not multiple(0 * B, B, (0, 1), 1e-10)
    assert not multiple(B + 1e-6, B, (0, 1), 1e-10) and multiple(B + 1e-6, B, (0, 1), 1e-5)
    half = B * [[1], [1], [0]]
    assert multiple(n * half, half, (1,), 1e-10) and not multiple(n * B + [[0], [0], [1]], half,
                                                                  (1,), 1e-10)


A, D, u = (random.standard_normal(shape) for shape in ((3, 4), (3, 5), 5))


@pytest.mark.parametrize("J, known, texts, scale", [
    (np.einsum("ki,l->kli", A, u), {"A": A, "u": u}, {"A", "u"}, "1"),
    (2.5 * np.einsum("ki,l->kli", A, u), {"A": A, "u": u}, {"A", "u"}, "2.5"),
    (np.einsum("ki,kl->kli", A, D), {"A": A, "D": D}, {"A", "D"}, "1"),
    (np.einsum("ki,kl->kli", A, D) / 3, {"A": A, "D": D}, {"A", "D"}, "1 / 3"),
    (np.einsum("ki,l->kli", A, u), {"A": A}, {"A", "C"}, "1"),
    (np.einsum("ki,l->kli", A**2, np.exp(u)), {"A": A, "u": u}, {"A**2", "np.exp(u)"}, "1")])
def test_factors_get_their_names(J, known, texts, scale):
    J, answer = answer_of(product, J, 2, **known)
    term, = answer.terms
    assert ({op.text for op in term.operands}, term.scale) == (texts, scale)
    assert answer.stored == (12 + 15 if "D" in texts else 12 + 5)
    G = random.standard_normal(J.shape[:2])
    found = eval(answer.line, {"np": np, "G": G, **answer.names.all_at(0)})
    np.testing.assert_allclose(found, np.tensordot(G, J, 2), atol=1e-12)
