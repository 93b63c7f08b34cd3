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
    (r"\sum_{n,h} -c", ["∑n,h", "−c"]),
])
def test_a_formula_breaks_before_its_signs_and_after_a_comma(latex, wanted):
    assert pieces(latex) == wanted


def test_a_line_of_code_may_compare():
    assert pieces(r"\texttt{G * (X < 1)}") == ["G\u00a0*\u00a0(X\u00a0&lt;\u00a01)"]
