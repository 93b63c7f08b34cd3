"""The line of NumPy for a term: as a person writes it, and the sum that it stands for."""

import numpy as np
import pytest

from helpers.calculus.discover.line import (
    aligned,
    bracketed,
    copied,
    inlined,
    line_of,
    product,
    scaled,
    times,
)
from helpers.calculus.discover.terms import Operand, Term
from helpers.calculus.discover.ties import Pattern

random = np.random.default_rng(2)
SIZES = {"k": 3, "l": 4, "i": 5, "j": 2, "p": 6}


def arrays(operands):
    """Arrays for operands `A:ki`, by the names in their texts."""
    return {name: random.uniform(1, 2, [SIZES[x] for x in axes])
            for text, axes in operands for name in {*text} & {*"ABCstuvwW"}}


def the_sum(G, outer, inner, operands, names, scale):
    """Σ G · operands, entry by entry."""
    right = np.zeros([SIZES[x] for x in inner])
    every = sorted({*outer, *inner, *(x for _, axes in operands for x in axes)})
    values = [(np.asarray(eval(text, {"np": np, **names})), axes) for text, axes in operands]
    for at in np.ndindex(*(SIZES[x] for x in every)):
        place = dict(zip(every, at, strict=True))
        value = G[tuple(place[x] for x in outer)] * eval(scale)
        for array, axes in values:
            value = value * array[tuple(place[x] for x in axes)]
        right[tuple(place[x] for x in inner)] += value
    return right


TERMS = [  # axes of Y, of the input, operands with theirs, scale: the line
    ("kl", "kl", "A:kl", "2", "2 * G * A"), ("kl", "lk", "", "1", "G.T"),
    ("kl", "k", "", "-1", "-G.sum(1)"),
    ("k", "kl", "", "1", "np.broadcast_to(G[:, None], (3, 4))"),
    ("k", "lk", "", "1", "np.broadcast_to(G, (4, 3))"),
    ("", "kl", "", "1", "np.broadcast_to(G, (3, 4))"), ("kl", "ki", "A:li", "1", "G @ A"),
    ("kl", "ki", "A:il", "1", "G @ A.T"), ("kl", "il", "A:ki", "1", "A.T @ G"),
    ("kl", "li", "A:ki", "1", "G.T @ A"), ("kl", "il", "A:ik", "2", "2 * (A @ G)"),
    ("k", "i", "A:ki", "1", "G @ A"), ("k", "i", "A:ik", "1", "A @ G"),
    ("kl", "ij", "A:ki B:lj", "1", "A.T @ G @ B"),
    ("kl", "ji", "A:ki B:jl", "1", "(A.T @ G @ B.T).T"), ("k", "ki", "v:i", "1", "np.outer(G, v)"),
    ("k", "ik", "v:i", "1", "np.outer(v, G)"),
    ("kl", "i", "A:kli", "1", "np.tensordot(G, A, 2)"),
    ("kl", "ki", "v:k A:li", "1", "(G * v[:, None]) @ A"),
    ("kl", "k", "v:l", "1 / 3", "(G @ v) / 3"),
    ("kl", "kl", "v:k w:l", "1", "G * v[:, None] * w"),
    ("kl", "ij", "A:klij", "1", "np.tensordot(G, A, 2)"),
    ("kli", "lj", "A:ij v:k", "1", 'np.einsum("kli,ij->lj", (G * v[:, None, None]), A)'),
    ("kl", "kli", "v:i", "1", 'np.einsum("kl,i->kli", G, v)'), ("", "kl", "A:kl", "1", "G * A"),
    ("kl", "", "A:kl", "1", "(G * A).sum()"),
    ("k", "kk", "v:k", "1", "(G * v)[:, None] * np.eye(3)"),
    ("kk", "k", "v:k", "1", 'np.einsum("kk,k->k", G, v)'),
    ("kl", "lki", "A:li", "1", 'np.einsum("kl,li->lki", G, A)'),
    ("k", "kki", "v:i", "1", 'np.einsum("k,i,ka->kai", G, v, np.eye(3))'),
    ("", "kk", "", "2", "2 * G * np.eye(3)"),
]


@pytest.mark.parametrize("outer, inner, operands, scale, line", TERMS)
@pytest.mark.parametrize("backward", [(), (0,), (1,)])
def test_the_line_of_any_term_is_its_sum(outer, inner, operands, scale, line, backward):
    if max(backward, default=-1) >= len(inner):
        return
    operands = [part.split(":") for part in operands.split()]
    names, G = arrays(operands), random.standard_normal([SIZES[x] for x in outer])
    shape = tuple(SIZES[x] for x in inner)
    term = Term(Pattern(tuple(outer), tuple(inner), backward), tuple(
        Operand(text, tuple(axes), 0) for text, axes in operands), scale)
    said = line_of((term,), shape, str(shape))
    if not backward:
        assert said == line
    else:
        assert said.endswith("[::-1]" if backward == (0,) else "[:, ::-1]")
    right = the_sum(G, outer, inner, operands, names, scale)
    if len({*inner}) < len(inner):  # tied within the input: zero where they differ
        places = np.ogrid[tuple(slice(n) for n in shape)]
        right = right * (places[0] == places[1])
    np.testing.assert_allclose(eval(said, {"np": np, "G": G, **names}),
                               np.flip(right, backward) if backward else right, atol=1e-12)


PRODUCTS = [  # axes of Y, operands, axes of the result, scale: the line
    ("kl", "1/s:k", "kl", "1", "G * (1 / s)[:, None]"), ("kl", "1/s:l", "kl", "1", "G / s"),
    ("kl", "A+B:kl", "kl", "1", "G * (A + B)"),
    ("kl", "u+v:k W:li", "ki", "1", "(G * (u + v)[:, None]) @ W"),
    ("kl", "1/s:l W:il", "ki", "1", "(G / s) @ W.T"),
    ("kl", "A:ki v:k", "il", "1", "A.T @ (G * v[:, None])"),
    ("kl", "A+B:ki", "li", "1", "G.T @ (A + B)"), ("kl", "A+B:il", "ki", "1", "G @ (A + B).T"),
    ("kl", "A:ki v:i", "il", "1", 'np.einsum("kl,ki,i->il", G, A, v)'),
    ("k", "A:ki B:ij", "j", "1", "G @ A @ B"), ("k", "v:k", "", "1", "(G * v).sum()"),
    ("k", "A:ki v:i", "", "1", "(G[:, None] * A * v).sum()"), ("kl", "v:k", "l", "1", "v @ G"),
    ("kl", "v:l", "k", "1", "G @ v"), ("kl", "v:l w:k", "", "1", "(G * v * w[:, None]).sum()"),
    ("kl", "v:k w:l", "l", "1", "(G * v[:, None] * w).sum(0)"),
    ("klp", "v:k", "klp", "1", "G * v[:, None, None]"),
    ("klp", "v:l", "klp", "1", "G * v[None, :, None]"),
    ("klp", "A:pk", "klp", "1", "G * A.T[:, None, :]"), ("klp", "", "pk", "1", "G.sum(1).T"),
    ("klp", "", "plk", "1", "G.T"), ("klp", "", "lkp", "1", "G.transpose(1, 0, 2)"),
    ("klp", "", "k", "1", "G.sum((1, 2))"), ("klp", "", "", "1", "G.sum()"),
    ("klp", "A:li", "kip", "1", 'np.einsum("klp,li->kip", G, A)'),
    ("klp", "A:pi", "kli", "1", 'np.einsum("klp,pi->kli", G, A)'),
    ("kl", "A:kl B:kli", "i", "1", "np.tensordot((G * A), B, 2)"),
    ("kl", "A:kl v:i", "ki", "1", 'np.einsum("kl,i->ki", (G * A), v)'),
    ("k", "A:ij", "kij", "1", 'np.einsum("k,ij->kij", G, A)'), ("", "v:i", "i", "2", "2 * G * v"),
    ("kl", "A:ki B:ki", "i", "1", 'np.einsum("kl,ki,ki->i", G, A, B)'),
    ("kl", "A:ki B:il", "i", "1", 'np.einsum("kl,ki,il->i", G, A, B)'),
    ("kl", "v:l A:ki", "i", "1", 'np.einsum("kl,ki->i", (G * v), A)'),
    ("kl", "A:lk", "lk", "1", "(G * A.T).T"), ("kl", "A:lk", "k", "1", "(G * A.T).sum(1)"),
    ("kl", "v:k A:ki B:lj", "ij", "2 / 3", "2 * (A.T @ (G * v[:, None]) @ B) / 3"),
    ("kl", "A:li u:l", "ik", "1", "A.T @ (G * u).T"), ("kl", "A:il u:l", "ik", "1",
                                                       "A @ (G * u).T"),
]


@pytest.mark.parametrize("outer, operands, result, scale, line", PRODUCTS)
def test_a_product_is_written_with_the_plainest_means(outer, operands, result, scale, line):
    operands = [(text.replace("/", " / ").replace("+", " + "), tuple(axes)) for text, axes in (
        part.split(":") for part in operands.split())]
    said, letters = product("G", tuple(outer), operands, tuple(result), scale)
    assert (said, letters) == (line, tuple(result))
    names, G = arrays(operands), random.standard_normal([SIZES[x] for x in outer])
    np.testing.assert_allclose(eval(said, {"np": np, "G": G, **names}),
                               the_sum(G, outer, result, operands, names, scale), atol=1e-12)


def test_the_letters_of_an_einsum_are_single_and_different():
    said, _ = product("G", ("k",), [("v", ("i",)), ("E", ("k", "k2"))], ("k", "k2", "i"), "1")
    assert said == 'np.einsum("k,i,ka->kai", G, v, E)'


@pytest.mark.parametrize("text, behind, inside, bare", [
    ("v", " * v", "v", "v"), ("a + b", " * (a + b)", "(a + b)", "(a + b)"),
    ("1 / s", " / s", "1 / s", "(1 / s)"), ("1 / (s + t)", " / (s + t)", "1 / (s + t)",
                                            "(1 / (s + t))"),
    ("a * b", " * a * b", "a * b", "a * b"), ("a / b", " * a / b", "a / b", "(a / b)"),
    ("a @ b", " * (a @ b)", "(a @ b)", "(a @ b)"), ("-a", " * (-a)", "(-a)", "(-a)"),
    ("a[0]", " * a[0]", "a[0]", "a[0]"), ("a > 0", " * (a > 0)", "(a > 0)", "(a > 0)"),
    ("2 / s", " * 2 / s", "2 / s", "(2 / s)"), ("1 / s * t", " * 1 / s * t", "1 / s * t",
                                                "1 / s * t"),
    ("1 / s / t", " * 1 / s / t", "1 / s / t", "(1 / s / t)"),
    ("1 / s + t", " * (1 / s + t)", "(1 / s + t)", "(1 / s + t)")])
def test_a_text_in_a_product_has_brackets_where_it_must(text, behind, inside, bare):
    assert (times(text), inlined(text), bracketed(text)) == (behind, inside, bare)
    names = {"v": 2.0, "a": np.array([3.0]), "b": np.array([0.7]), "s": 1.3, "t": 0.4, "G": 1.9}
    right = 1.9 * eval(text, names)
    for line in (f"G{behind}", f"G * {bare}", f"{inside} * G"):
        assert eval(line, names) == pytest.approx(right)


@pytest.mark.parametrize("scale, ways", [
    ("1", "G|a + b|a @ b|a * b"), ("-1", "-G|-(a + b)|-(a @ b)|-a * b"),
    ("2", "2 * G|2 * (a + b)|2 * (a @ b)|2 * a * b"),
    ("-2", "-2 * G|-2 * (a + b)|-2 * (a @ b)|-2 * a * b"),
    ("1 / 3", "G / 3|(a + b) / 3|(a @ b) / 3|a * b / 3"),
    ("-1 / 3", "-G / 3|-(a + b) / 3|-(a @ b) / 3|-a * b / 3"),
    ("2 / 3", "2 * G / 3|2 * (a + b) / 3|2 * (a @ b) / 3|2 * a * b / 3"),
    ("-2 / 3", "-2 * G / 3|-2 * (a + b) / 3|-2 * (a @ b) / 3|-2 * a * b / 3"),
    ("np.sqrt(2)", "np.sqrt(2) * G|np.sqrt(2) * (a + b)|np.sqrt(2) * (a @ b)|np.sqrt(2) * a * b"),
    ("-np.sqrt(2)",
     "-np.sqrt(2) * G|-np.sqrt(2) * (a + b)|-np.sqrt(2) * (a @ b)|-np.sqrt(2) * a * b"),
    ("c + d", "(c + d) * G|(c + d) * (a + b)|(c + d) * (a @ b)|(c + d) * a * b"),
    ("1 / np.sqrt(d)", "(1 / np.sqrt(d)) * G|(1 / np.sqrt(d)) * (a + b)|"
                       "(1 / np.sqrt(d)) * (a @ b)|(1 / np.sqrt(d)) * a * b"),
    ("-c", "-c * G|-c * (a + b)|-c * (a @ b)|-c * a * b")])
def test_a_number_before_each_kind_of_text(scale, ways):
    names = {"np": np, "G": 1.7, "a": np.eye(2) + 1, "b": np.full((2, 2), 0.3), "c": 2.2, "d": 5.0}
    for text, way in zip(("G", "a + b", "a @ b", "a * b"), ways.split("|"), strict=True):
        assert scaled(text, scale) == way
        np.testing.assert_allclose(eval(way, names), eval(scale, names) * eval(text, names))


@pytest.mark.parametrize("text, letters, frame, line", [
    ("A", "lk", "kl", "A.T"), ("A", "kl", "kl", "A"), ("v", "k", "kl", "v[:, None]"),
    ("v", "l", "kl", "v"), ("v", "k", "kln", "v[:, None, None]"),
    ("v", "l", "kln", "v[None, :, None]"), ("A", "lk", "knl", "A.T[:, None, :]"),
    ("a + b", "k", "kl", "(a + b)[:, None]"), ("s", "", "kl", "s"),
    ("A", "kn", "kln", "A[:, None, :]"), ("A", "ln", "kln", "A")])
def test_a_text_is_laid_along_axes(text, letters, frame, line):
    assert aligned(text, tuple(letters), tuple(frame)) == line


@pytest.mark.parametrize("text, letters, result, line", [
    ("A", "kl", "kl", "A"), ("A", "kl", "kln", "np.broadcast_to(A[:, :, None], (9,))"),
    ("A", "ln", "kln", "np.broadcast_to(A, (9,))"),
    ("a + b", "k", "kl", "np.broadcast_to((a + b)[:, None], (9,))"),
    ("A", "", "kl", "np.broadcast_to(A, (9,))"), ("A", "l", "kl", "np.broadcast_to(A, (9,))")])
def test_a_text_is_copied_along_axes(text, letters, result, line):
    assert copied(text, tuple(letters), tuple(result), "(9,)") == line


def test_terms_are_added_and_taken_off():
    plus, minus = (Term(Pattern(("k",), ("k",)), (Operand("v", ("k",), 3),), scale)
                   for scale in ("2", "-3"))
    assert line_of((plus, minus), (3,), "(3,)") == "2 * G * v - 3 * G * v"
    assert line_of((minus, plus), (3,), "(3,)") == "-3 * G * v + 2 * G * v"
