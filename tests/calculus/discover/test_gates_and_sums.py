"""Gates and sums of products of words: their texts, their slopes, what a term is tied by."""

import numpy as np
import pytest

from helpers.calculus.discover.patterns.gates import GATES, INNER, gated, inside
from helpers.calculus.discover.patterns.mixed import answer, deltas, factors, number, terms, tied
from helpers.calculus.discover.ties import Pattern
from tests.calculus.discover.cores import core_of
from tests.calculus.discover.test_patterns import answer_of

random = np.random.default_rng(37)
x = np.linspace(-2.5, 2, 19)
STEP = 1e-20j  # of a complex step: slopes without differences


def slope(f, x):
    return np.imag(f(x + STEP)) / 1e-20


TABLE = {"X": x, "X**3": x**3, "X**2": x**2, "1": x**0, "np.logaddexp(0, X)": np.log1p(np.exp(x)),
         "np.tanh(X)": np.tanh(x)}


def test_what_may_be_inside_of_a_gate():
    assert [text for text, *_ in INNER] == [*TABLE]
    for text, f, derivative in INNER:
        np.testing.assert_allclose(f(x), TABLE[text])
        np.testing.assert_allclose(eval(text, {"np": np, "X": x}) + 0 * x, TABLE[text])
        own = {"np.logaddexp(0, X)": lambda z: np.log(1 + np.exp(z))}.get(text, f)
        np.testing.assert_allclose(eval(derivative, {"np": np, "X": x}) + 0 * x, slope(own, x),
                                   atol=1e-12)


@pytest.mark.parametrize("name, gate", [("sigma", lambda p: 1 / (1 + np.exp(-p))),
                                        ("tanh", np.tanh)])
def test_the_slope_of_a_gate(name, gate):
    (inverse, form), = [(inverse, form) for own, inverse, form in GATES if own == name]
    np.testing.assert_allclose(inverse(gate(x)), x)
    line = form.replace("{p}", "(3 * X - X**2)").replace("{d}", "(3 - 2 * X)").replace("@", "q")
    np.testing.assert_allclose(eval(line, {"np": np, "X": x}),
                               slope(lambda z: z * gate(3 * z - z**2), x), atol=1e-12)


@pytest.mark.parametrize("places, numbers, text, derivative", [
    ((0,), (1,), "X", "1"), ((0,), (2,), "2 * X", "2"), ((0,), (-1,), "-X", "-1"),
    ((1,), (1,), "X**3", "3 * X**2"), ((2,), (0.5,), "0.5 * (X**2)", "0.5 * 2 * X"),
    ((0, 1), (0.5, 0.25), "0.5 * (X + 0.5 * X**3)", "0.5 * (1 + 0.5 * (3 * X**2))"),
    ((0, 2), (1, -2), "X - 2 * X**2", "1 - 2 * (2 * X)"),
    ((0, 1), (1, 1), "X + X**3", "1 + 3 * X**2"), ((0, 3), (3, 1.5), "3 * (X + 0.5)", "3"),
    ((0, 3), (1, -1), "X - 1", "1"), ((2, 3), (1, 2), "X**2 + 2", "2 * X"),
    ((3, 4), (2, 4), "2 * (1 + 2 * np.logaddexp(0, X))", "2 * 2 * (1 / (1 + np.exp(-X)))"),
    ((4,), (1,), "np.logaddexp(0, X)", "1 / (1 + np.exp(-X))"),
    ((0, 1, 2), (2, 4, 2), "2 * (X + 2 * X**3 + X**2)", "2 * (1 + 2 * (3 * X**2) + 2 * X)")])
def test_the_sum_inside_of_a_gate(places, numbers, text, derivative):
    core = core_of("k", "k", "k", x)
    assert inside(places, numbers, core) == (text, derivative)
    names = {"np": np, "X": x}
    right = sum(n * f for n, f in zip(numbers, np.array([*TABLE.values()])[[*places]],
                                      strict=True))
    np.testing.assert_allclose(eval(text, names) + 0 * x, right)
    steps = sum(n * eval(INNER[p][2], names) for p, n in zip(places, numbers, strict=True))
    np.testing.assert_allclose(eval(derivative, names) + 0 * x, steps + 0 * x)


def gelu(z):
    return 0.5 * z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3)))


@pytest.mark.parametrize("f, words", [
    (gelu, "np.sqrt(2 / np.pi)"), (lambda z: z * np.tanh(z**2), "X**2"),
    (lambda z: z / (1 + np.exp(-(z + 0.5))), "X + 0.5"),
    (lambda z: z * np.tanh(np.tanh(z)), "np.tanh(X)"),
    (lambda z: z / (1 + np.exp(-1.5 * z**3)), "1.5 * (X**3)")])
def test_the_line_of_a_gate_is_its_slope(f, words):
    J = slope(f, x)
    roles = {"known": [{"X": x, "Y": f(x)}], "input_name": "X", "output_name": "Y"}
    found = gated(core_of("k", "k", "k", J, **roles))
    (term,), (operand,) = found.terms, found.terms[0].operands
    np.testing.assert_allclose(eval(operand.text, {"np": np, "X": x}), J, atol=1e-9)
    assert (operand.letters, operand.stored, found.stored, found.kind) == (("k",), 19, 19, "core")
    assert found.says.startswith("the slope of the input times a gate of ") and term.scale == "1"
    if f is not gelu:
        assert found.says == f"the slope of the input times a gate of {words}"


def test_the_names_of_a_gate():
    f = lambda z: z * np.tanh(2 * z)  # noqa: E731
    for known, name in (({}, "t"), ({"t": 1.0}, "S"), ({"t": 1.0, "S": 2.0}, "t_")):
        values = {"X": x, "Y": f(x), **{n: np.array(v) for n, v in known.items()}}
        core = core_of("k", "k", "k", slope(f, x), known=[values], input_name="X",
                       output_name="Y")
        assert gated(core).terms[0].operands[0].text == (
            f"({name} := np.tanh((2 * X))) + X * 2 * (1 - {name}**2)")
    core = core_of("k", "k", "k", slope(f, x), known=[{"z": x, "Y": f(x)}], input_name="z",
                   output_name="Y")
    text = gated(core).terms[0].operands[0].text
    np.testing.assert_allclose(eval(text, {"np": np, "z": x}), slope(f, x))


def test_what_is_no_gate():
    f = lambda z: z * np.tanh(z)  # noqa: E731
    J, good = slope(f, x), {"X": x, "Y": f(x)}
    roles = {"known": [good], "input_name": "X", "output_name": "Y"}
    assert gated(core_of("k", "k", "k", J, **roles))
    assert gated(core_of("k", "k", "k", J, **{**roles, "input_name": None})) is None
    assert gated(core_of("k", "k", "k", J, **{**roles, "output_name": "Z"})) is None
    assert gated(core_of("k", "i", "k", J, **roles)) is None
    assert gated(core_of("kl", "kl", "k", J, **roles)) is None
    for wrong in ({"X": x, "Y": f(x)[:-1]}, {"X": x * np.nan, "Y": f(x)},
                  {"X": x, "Y": f(x) + 1e-3 * np.cos(x)}):
        assert gated(core_of("k", "k", "k", J, **{**roles, "known": [wrong]})) is None


# -- sums of products

def test_identities_and_triangles_of_every_size():
    core = core_of("kl", "im", "klim", np.zeros((4, 3, 4, 1)))
    assert deltas(core) == ["np.eye(3)", "np.tri(3)", "np.eye(4)", "np.tri(4)"]
    assert [number(core, n) for n in (2.0, -1.0, 0.5, 1 / 3)] == ["2", "-1", "0.5", "1 / 3"]


class Word:
    def __init__(self, text, letters="ki"):
        self.text, self.letters = text, tuple(letters)


def test_words_with_exponents():
    assert factors([(Word("A"), 1), (Word("B", "k"), -1), (Word("C"), 2), (Word("D"), -3)]) == [
        ("A", ("k", "i")), ("1 / B", ("k",)), ("C**2", ("k", "i")), ("1 / D**3", ("k", "i"))]
    assert [text for text, _ in factors([(Word("1 + A"), 2), (Word("(1 + A)"), 2),
                                         (Word("1 - A"), 1), (Word("A - B"), -1)])] == [
        "(1 + A)**2", "(1 + A)**2", "(1 - A)", "1 / (A - B)"]


@pytest.mark.parametrize("outer, inner, letters, pair", [
    ("kl", "ij", "ki", "ki"), ("kl", "ij", "ik", "ki"), ("kl", "ij", "jl", "lj"),
    ("kl", "ij", "kl", None), ("kl", "ij", "ij", None), ("kl", "kj", "kj", None),
    ("kl", "kj", "jk", None), ("kl", "kj", "lk", "lk"), ("kl", "kj", "kl", "lk"),
    ("kl", "lj", "lj", None)])
def test_what_an_identity_ties(outer, inner, letters, pair):
    assert tied(Pattern(tuple(outer), tuple(inner)), tuple(letters)) == (pair and tuple(pair))


def test_the_terms_of_an_answer():
    A, B = random.standard_normal((3, 4)), random.standard_normal((4, 3))
    core = core_of("kl", "ij", "klij", np.zeros((3, 4, 3, 4)), known=[{"A": A, "B": B}])
    found = answer(core, [([("A", ("k", "l")), ("B", ("j", "i"))], "2")])
    (term,) = found.terms
    assert (found.kind, found.stored, term.scale) == ("core", 24, "2")
    assert found.says == "a product of A and B"
    assert [(op.text, op.letters, op.stored) for op in term.operands] == [
        ("A", ("k", "l"), 12), ("B", ("j", "i"), 12)]
    found = answer(core, [([("A", ("k", "l"))], "1"), ([("A", ("i", "j"))], "-1")])
    assert (found.kind, found.stored, found.says) == ("sum of two", 12, "a sum of 2 products")
    assert [term.scale for term in found.terms] == ["1", "-1"]
    found = answer(core, [([("np.eye(3)", ("k", "i")), ("A", ("i", "l"))], "1"),
                          ([("np.eye(4)", ("j", "l")), ("B", ("j", "k"))], "3"),
                          ([("np.eye(3)", ("k", "l")), ("B", ("j", "i"))], "1")])
    assert (found.kind, found.says) == ("sum of three", "a sum of 3 products")
    one, two, three = found.terms
    assert one.pattern == Pattern(("k", "l"), ("k", "j")) and one.operands[0].letters == ("k", "l")
    assert two.pattern == Pattern(("k", "l"), ("i", "l")) and two.operands[0].letters == ("l", "k")
    assert three.pattern == core.pattern and [op.text for op in three.operands] == [
        "np.eye(3)", "B"]
    assert found.stored == 144  # an identity that ties nothing is held: as much as the core
    small = core_of("k", "i", "ki", np.zeros((2, 2)), known=[{"A": A, "B": B}])
    assert answer(small, [([("A", ("k", "i")), ("B", ("i", "k"))], "1")]).stored == 4


a, b, c = (random.uniform(1, 2, shape) for shape in (3, 4, (3, 4)))


@pytest.mark.parametrize("f, texts, scale", [
    (lambda x: (c**2 / a[:, None]) @ (x * b**3), ["1 / a", "b**3", "c**2"], "1"),
    (lambda x: 2.5 * c**2 @ (x * b), ["b", "c**2"], "2.5")])
def test_a_product_of_powers(f, texts, scale):
    J, found = answer_of(terms, f, at=b + 1, a=a, b=b, c=c)
    (term,) = found.terms
    assert sorted(op.text for op in term.operands) == texts
    assert (found.kind, found.stored, term.scale) == ("core", 12, scale)
    letters = ",".join("".join(op.letters) for op in term.operands)
    made = np.einsum(f"{letters}->ki", *(eval(op.text, {"a": a, "b": b, "c": c})
                                        for op in term.operands))
    np.testing.assert_allclose(eval(scale) * made, J, atol=1e-6)
