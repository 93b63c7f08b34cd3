"""Which words there are, one by one, and along which axes each of them is laid."""

import re

import numpy as np
import pytest

from helpers.calculus.discover.naming.forms import DIVISIONS, FUNCTIONS
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.naming.vocabulary import Vocabulary
from helpers.calculus.discover.ties import Pattern

draw = np.random.default_rng(12)
A, B, H, S = (draw.standard_normal(shape) for shape in ((2, 3), (4, 5), (3, 4), (3, 3)))
u, v = draw.standard_normal(3), draw.standard_normal(4)


def vocabulary(shape, outer="ab", inner="cd", Y=None, **known):
    """The words of a function of X; an axis with a letter of Y is tied to that axis of Y."""
    samples = [{"X": x, **known, **({"Y": Y(x)} if Y else {})}
               for x in np.random.default_rng(5).standard_normal((2, *shape))]
    return Vocabulary(Names(samples, input_name="X", output_name="Y"),
                      Pattern(tuple(outer), tuple(inner)))


def test_products_with_vectors_keep_the_axis_that_is_tied():
    free = vocabulary((3, 4), u=u, v=v)
    assert free.products == ["X @ X.T", "X @ v", "X.T @ X", "X.T @ u", "u @ u", "v @ v"]
    assert free.carried["u @ X"] == free.carried["X @ v"] == (None,)
    rows = vocabulary((3, 4), outer="cb", u=u, v=v)  # the rows of X never meet
    assert rows.products == ["X @ v", "u @ u", "v @ v"]
    assert [rows.carry(z) for z in ("X", "X.T", "u", "X @ v")] == [
        ("c", None), (None, "c"), (None,), ("c",)]
    assert rows.carried["v @ X.T"] == ("c",) and rows.carried["u @ u"] == ()
    columns = vocabulary((3, 4), outer="ad", u=u, v=v)
    assert columns.products == ["X.T @ u", "u @ u", "v @ v"]
    assert columns.carried["u @ X"] == columns.carried["X.T @ u"] == ("d",)
    assert columns.allowed("u @ X", "d") and not columns.allowed("u @ X", "c")


def test_products_of_three_and_of_a_difference_one_by_one():
    words = vocabulary((3, 4), A=A, B=B, H=H)
    assert words.longer == [
        "A @ X @ B", "A @ X @ H.T", "H.T @ X @ B", "H.T @ X @ H.T",
        "B.T @ X.T @ A.T", "B.T @ X.T @ H", "H @ X.T @ A.T", "H @ X.T @ H",
        "A @ (X - H)", "(X - H) @ B", "H.T @ (X - H)", "(X - H) @ H.T"]


def test_of_many_known_matrices_three_and_their_transposes_are_combined():
    many = vocabulary((3, 4), **{f"K{k}": draw.standard_normal((2, 3)) for k in range(5)}, H=H)
    assert many.longer == ["K0 @ (X - H)", "K1 @ (X - H)", "K2 @ (X - H)"]


def test_an_inverse_is_multiplied_by_all_that_fits_it():
    words = vocabulary((3, 4), A=A, S=S, u=u)
    inverse = "np.linalg.inv(S)"
    assert [text.replace(inverse, "inv") for text in words.inverses if "(S)" in text] == [
        "inv", "X.T @ inv", "A @ inv", "S @ inv", "S.T @ inv", "u @ inv", "inv @ X", "inv @ A.T",
        "inv @ S.T", "inv @ u", "inv @ inv", "np.linalg.det(S)"]
    many = vocabulary((2, 2), **{f"K{k}": draw.standard_normal((2, 2)) for k in range(3)})
    alone = [found[1] for text in many.inverses
             if (found := re.fullmatch(r"np\.linalg\.inv\(((?:(?!linalg).)*)\)", text))]
    assert {*alone} <= {*many.linear[:30]} and len(alone) > 25  # the inverse of X @ X is told else


def test_the_functions_of_a_vector_one_by_one():
    words = vocabulary((4,), "a", "c", Y=np.tanh)
    assert words.linear == ["X", "Y", "X @ X"]
    functions = words.functions
    one = "np.where(np.eye(4) > 0, 1, X)"
    exp = "np.exp({0} - np.logaddexp.reduce({0}, -1, keepdims=True))"
    assert functions[:4] == ["(X == X.max(0, keepdims=True))", "(X == X.min(0, keepdims=True))",
                             f"{one}.prod(-1)", f"np.cumprod({one}, -1)"]
    plain = [form.replace("@", "X") for form in FUNCTIONS]
    assert functions[4:10] == plain[:6]
    assert {*plain[6:]} - {*functions} <= {"(X > -1)", "(X < 1)", "(np.abs(X) < 1)", "np.sign(X)"}
    assert exp.format("X") in functions and exp.format("(X / 2)") in functions


def test_what_may_be_divided_by_is_among_the_first_forty():
    many = vocabulary((2, 2), **{f"K{k}": draw.standard_normal((2, 2)) for k in range(3)})
    first = [z for z in many.linear[:40] if many.varies(z)]
    words = {form.replace("@", z if z.isalnum() or z.startswith("(") else f"({z})")
             for z in first for form in DIVISIONS}
    assert {*many.divisions} <= words and len(many.divisions) > 20


def test_the_last_functions_are_said_of_arrays_alone():
    functions = {*vocabulary((3, 4), A=A, H=H).functions}
    for z, every in (("X", True), ("(A @ X)", False), ("(X - H)", False)):
        forms = [form.replace("@", z) for form in FUNCTIONS]
        assert {*forms[18:]} & functions == ({*forms[18:]} if every else set())
        assert {*forms[:18]} <= functions


def test_the_sums_of_a_vector_one_by_one():
    words = vocabulary((4,), "a", "c", H=np.ones(4))
    assert words.reductions[:10] == [
        "X.sum()", "(X**2).sum()", "(X**2).mean()", "np.linalg.norm(X)", "X.mean()", "X.var()",
        "X.std()", "X.max()", "X.min()", "np.exp(X).sum()"]
    assert "(X + H).sum()" in words.reductions and "X.prod(-1)" not in words.reductions


@pytest.mark.parametrize("text, carried, letters, allowed", [
    ("X", ("c", None), "cd", True), ("X", ("c", None), "dc", False),
    ("X", ("c", None), "cc", False),
    ("X", ("c", None), "ed", False), ("X", ("c", None), "ce", True), ("X", ("c", None), "c", False),
    ("Q", None, "dc", True), ("Q", (None, None), "de", True), ("Q", (None, None), "ce", False)])
def test_an_axis_is_laid_along_its_own_letter_alone(text, carried, letters, allowed):
    words = vocabulary((3, 4), outer="cb")
    words.carried = {text: carried} if carried else {}
    assert words.allowed(text, letters) is allowed


def test_transposes_are_of_matrices_with_two_sizes_above_one():
    words = vocabulary((3, 4), row=np.ones((1, 4)), column=np.ones((3, 1)), cube=np.ones((2, 2, 2)),
                       s=np.array(2.0), Y=lambda X: X)
    assert words.matrices == [("X", (3, 4)), ("X.T", (4, 3)), ("row", (1, 4)), ("column", (3, 1))]


@pytest.mark.parametrize("a, b, turned", [
    ("X", "B", False), ("B.T", "X.T", True), ("X.T", "A.T", True), ("A", "X", False),
    ("X", "X.T", False), ("X.T", "X", False), ("X.T", "X.T", True), ("A", "B", False),
    ("B.T", "A.T", True), ("A.T", "B", True), ("A", "B.T", False), ("v", "X.T", False),
    ("X.T", "u", False), ("S", "X", False), ("S.T", "X", False), ("S.T", "X.T", True)])
def test_of_a_product_and_its_transpose_one_is_said(a, b, turned):
    assert vocabulary((3, 4), A=A, B=B, S=S, u=u, v=v).turned(a, b) is turned
