"""Formulas come in pieces between which a page may break them."""

import re

import pytest

from helpers.widgets.kit.formulas import mathml


def pieces(latex):
    """What stands in each piece, as text."""
    return [re.sub("<[^>]*>", "", piece) for piece in mathml(latex, ()).split("</math>")[:-1]]


@pytest.mark.parametrize("latex, wanted", [
    ("a = b + c - d", ["a", "=b", "+c", "−d"]),
    ("a = -b", ["a", "=−b"]),
    (r"a = \left(b + c\right)", ["a", "=(b", "+c)"]),
    (r"a = \left(\frac{b}{c} + d\right)", ["a", "=(bc+d)"]),
    ("a = b, c = d", ["a", "=b,", "c", "=d"]),
    (r"a = b, \quad c = d + e", ["a", "=b,", "c=d", "+e"]),   # a definition stands together
    (r"a = b, \quad \hat{c}_n = d", ["a", "=b,", "c^n=d"]),
    (r"a = b, \quad c + d = e", ["a", "=b,", "c", "+d", "=e"]),
    (r"a = b, \quad c + d", ["a", "=b,", "c", "+d"]),
    (r"\sum_{n,h} -c", ["∑n,h", "−c"]),
    ("-a + b", ["−a", "+b"]), ("a - -b", ["a", "−−b"]), ("a + (-b)", ["a", "+(−b)"]),
    ("(a) + b", ["(a)", "+b"]), ("[a] - b", ["[a]", "−b"]), ("|a| + |b|", ["|a|", "+|b|"]),
    (r"a^\top + b", ["a⊤", "+b"]), ("f(a, b)", ["f(a,", "b)"]), ("a, -b", ["a,", "−b"]),
    ("a(-b)", ["a(−b)"]), ("a", ["a"]),
    (r"\left(a + \left(b - c\right)\right)", ["(a", "+(b−c))"]),
    (r"\sqrt{a + b} - c", ["a+b", "−c"]), (r"\left(\sqrt{a + b} - c\right)", ["(a+b−c)"]),
])
def test_a_formula_breaks_before_its_signs_and_after_a_comma(latex, wanted):
    assert pieces(latex) == wanted


def test_a_line_of_code_may_compare():
    assert pieces(r"\texttt{G * (X < 1)}") == ["G\u00a0*\u00a0(X\u00a0&lt;\u00a01)"]


def test_what_begins_a_piece_is_a_sign_between_two():
    math = mathml("-a + b", ())
    assert math.count('<mo form="infix">+</mo>') == 1 and "<mo>−</mo><mi>a</mi>" in math


def test_brackets_grow_around_what_is_tall_alone():
    low, tall = mathml(r"\left(b + c\right)", ()), mathml(r"\left(\frac{b}{c}\right)", ())
    assert low.count('stretchy="false"') == 2 and 'stretchy="true"' not in low
    assert tall.count('stretchy="true"') == 2 and 'stretchy="false"' not in tall


def test_letters_of_axes_have_their_colours_and_primes_stand_with_their_letters():
    math = mathml(r"X_{nh'} k", ("n", "h"))
    assert '<mi class="tm-axis-0">n</mi><mi class="tm-axis-1">ℎ′</mi>' in math
    assert "<mi>X</mi>" in math and "<mi>k</mi>" in math
    for letter, italic in (("a", "𝑎"), ("g", "𝑔"), ("i", "𝑖"), ("z", "𝑧"), ("h", "ℎ")):
        assert f"<mi>{italic}′</mi>" in mathml(rf"x_{{{letter}'}}", ())
    assert "<mn>𝟙</mn>" in mathml(r"\mathbb{1}", ())


def test_a_piece_is_a_formula_of_its_own():
    math = mathml("a = b", ())
    head = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow>'
    assert math.count(head) == 2
    assert math.count("</mrow></math>") == 2
