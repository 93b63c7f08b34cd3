"""The parts of discover: ties and constants, stages, names, the derivation in LaTeX."""

import re
from functools import cache

import numpy as np
import pytest
from latex2mathml.converter import convert

from helpers.calculus.discover import discover
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.ties import Pattern, find_constants, find_ties, without
from helpers.calculus.errors import NumberError
from tests.calculus.cases import looked_at
from tests.calculus.read_latex import open_indices, value

random = np.random.default_rng(3)


@cache
def found(op, wrt):
    """What several tests look at, searched for once."""
    return discover(op, wrt=wrt)


def pattern_of(J, outer, inner):
    return find_ties([J], Pattern(tuple(outer), tuple(inner)))


def test_ties_through_a_transpose_a_flip_and_within_one_array():
    eye = np.eye(3)
    J = np.einsum("li,kj->klij", eye, np.eye(4))
    assert pattern_of(J, "kl", "ij").inner == ("l", "k")
    assert pattern_of(eye[::-1], "k", "i") == Pattern(("k",), ("k",), (0,))
    trace = pattern_of(eye, "", "ij")
    assert trace.inner == ("i", "i")
    np.testing.assert_array_equal(trace.view(eye), np.ones(3))


def test_a_tie_must_hold_at_every_point():
    J = np.diag([1.0, 2.0])
    start = Pattern(("k",), ("i",))
    assert find_ties([J, J + 1], start) == start
    assert find_ties([J, J], start) != start


def test_constants_are_taken_off():
    block = np.broadcast_to(np.arange(4.0)[:, None], (3, 4, 2))
    gone = find_constants([block], "abc", 1e-10)
    assert gone == ("a", "c")
    (left,), letters = without([block], "abc", gone)
    assert letters == ("b",)
    np.testing.assert_array_equal(left, np.arange(4))


def test_stages_shrink_the_tensor():
    s = discover("affine", wrt="X")
    assert [stage.name for stage in s.stages] == ["full", "ties", "constants", "core", "name"]
    assert [stage.numbers for stage in s.stages] == [72, 24, 8, 8, 8]
    assert s.stages[2].rule == "k m -> n k n m"
    before = s.stages[0].left()
    for stage in s.stages[1:4]:
        left = stage.left()
        assert left.shape == s.shape and left.sum() == stage.numbers
        assert not (left & ~before).any()
        before = left
    explained = s.stages[0].left() & ~s.stages[1].left()
    assert not s.samples.tensors[0][explained].any()
    assert "Tied: axis 0 of Y and axis 0 of X" in s.stages[1].sentence


@pytest.mark.parametrize("op", looked_at(), ids=lambda op: op.name)
def test_every_stage_keeps_what_is_not_yet_explained(op):
    for wrt in op.derivatives:
        s = found(op, wrt)
        numbers = [stage.numbers for stage in s.stages]
        assert numbers == sorted(numbers, reverse=True), (op.name, wrt, numbers)
        assert numbers[-1] == s.stored
        J = s.samples.tensors[0]
        for stage in s.stages:
            if stage.name == "ties":
                assert not J[~stage.left()].any()


@pytest.mark.parametrize("op", looked_at(), ids=lambda op: op.name)
def test_the_derivation_is_latex_that_a_widget_can_show(op):
    for wrt in op.derivatives:
        steps = found(op, wrt).derivation
        assert steps[0][0] == f"The chain rule: every entry of {op.output} counts"
        assert steps[-1][0] == "NumPy"
        for title, latex in steps:
            assert title and convert(latex).startswith("<math")


UNREAD = r"\\texttt|\\arg|[^\w]t_{nh}"  # code, a winner, a name that is given on the way
STEPS = ("One entry of the full tensor", "The deltas leave one term of each tied sum")


@pytest.mark.parametrize("op", looked_at(), ids=lambda op: op.name)
def test_the_steps_of_the_derivation_say_the_numbers(op):
    for wrt in op.derivatives:
        s = found(op, wrt)
        steps, J = dict(s.derivation), s.samples.tensors[0]
        names = {name: np.squeeze(x) for name, x in s.answer.names.all_at(0).items()}
        names["G"] = np.random.default_rng(5).standard_normal(J.shape[:len(s.samples.outer)])
        for step, right in zip(STEPS, (J, s.vjp(names["G"])), strict=True):
            if step in steps and not re.search(UNREAD, steps[step]):
                np.testing.assert_allclose(read(steps[step], names, right.shape, J.shape, s), right,
                                           rtol=1e-8, atol=1e-10)


def read(step, names, shape, full, s):
    """All numbers that a step says, in this shape; the letters on its left are those of its axes.
    """
    left, right = step.split(" = ", 1)
    letters = re.findall(r"[a-z]", "".join(re.findall(r"_{(\w+)}", left)))
    sizes = dict(zip(letters, shape, strict=True))
    for letter, size in zip((*s.samples.outer, *s.samples.inner), full, strict=True):
        if letter in "".join(re.findall(r"\\sum_{(\w+)}", right)):
            sizes.setdefault(letter, size)  # summed over: the last axes
    said = value(right, **names | open_indices(sizes))
    return np.broadcast_to(said, [*shape, *np.shape(said)[len(shape):]]).reshape(shape)


def test_the_derivation_of_the_affine_layer_is_the_one_on_the_blackboard():
    steps = dict(discover("affine", wrt="X").derivation)
    assert steps["One entry of the full tensor"] == (
        r"\frac{\partial Y_{nk}}{\partial X_{im}} = \delta_{ni}\,W_{mk}")
    assert steps["The deltas leave one term of each tied sum"] == (
        r"\frac{dL}{dX_{nm}} = \sum_{k} G_{nk}\,W_{mk}")
    assert steps["With whole arrays"] == r"\frac{dL}{dX} = G\,W^\top"
    assert steps["NumPy"] == r"\texttt{dX = G @ W.T}"


@pytest.mark.parametrize(("text", "value"), [
    ("W", lambda W, X: W), ("X > 0", lambda W, X: X > 0), ("X**2", lambda W, X: 3 * X**2),
    ("np.exp(-X)", lambda W, X: np.exp(-X)), ("1 / (1 + np.exp(-X))", lambda W, X:
                                              1 / (1 + np.exp(-X))),
    ("X.sum(-1)", lambda W, X: 2 * X.sum(1)), ("X - b", lambda W, X: 0.5 * (X - 7)),
])
def test_names_that_are_found_at_every_point(text, value):
    points = [{"W": random.standard_normal((4, 2)), "X": random.standard_normal((3, 4)),
               "b": np.full((3, 4), 7.0) + i} for i in range(2)]
    if text == "X - b":
        def value(W, X):
            return 0.5 * (X - next(p["b"] for p in points if p["X"] is X))
    arrays = [np.asarray(value(p["W"], p["X"]), float) for p in points]
    found = Names(points).find(arrays, tuple("kl"[:arrays[0].ndim]), 1e-10)
    assert found and found[0] == text


def test_a_number_that_fits_at_one_point_only_has_no_name():
    points = [{"X": random.standard_normal((3, 4))} for _ in range(2)]
    assert Names(points).find([points[0]["X"], points[0]["X"]], ("k", "l"), 1e-10) is None


def test_numbers_as_a_person_writes_them():
    names = Names([{"alpha": np.array(0.3)}])
    assert [names.number(value, 1e-9) for value in (2.0, -1.0, 1 / 3, 0.25, 0.3, 1e-5, np.pi)] \
        == ["2", "-1", "1 / 3", "0.25", "alpha", "1e-05", None]
    assert [names.number(value, 1e-9) for value in (9998 / 7, 11320109 / 102, -9998 / 7, 2469 / 2)
            ] == ["9998 / 7", None, "-9998 / 7", "1234.5"]  # no fraction that fits by accident


@pytest.mark.parametrize("name", ["G", "np", "sum", "a b", "for", 1])
def test_names_that_no_line_can_use_are_refused(name):
    with pytest.raises(NumberError, match="a known array cannot be called") as caught:
        discover(lambda X: X * 2, np.ones((2, 3)), known={name: np.ones(3)})
    assert "\n" not in str(caught.value)


def test_an_error_that_comes_late_is_one_line():
    calls = []

    def late(X):
        calls.append(1)
        if len(calls) > 4:
            raise RuntimeError("first\nsecond.")
        return 2 * X

    with pytest.raises(NumberError, match=r"late.x. stopped with RuntimeError: first second. It"):
        discover(late, np.ones((2, 3)))


def test_few_digits_are_refused():
    with pytest.raises(NumberError, match="returns float32"):
        discover(lambda X: X.astype(np.float32), np.ones(3))


def test_large_numbers_keep_their_small_slopes():
    s = discover(lambda X: X**2, np.array([[1e8, 2e-3, 3.0], [-2e8, 1e5, -1.0]]))
    assert (s.numpy, s.warning) == ("2 * G * X", "")
    assert discover(lambda X: X + 1e8, random.random((2, 3))).warning == ""


def test_an_input_called_y_is_not_the_output():
    s = discover(lambda Y: np.exp(Y), random.standard_normal((2, 3)))
    assert (s.numpy, s.input_name, s.output_name) == ("G * Z", "Y", "Z")
    assert "axis 0 of Z and axis 0 of Y" in str(s)


def test_one_number_and_a_triangle_off_the_diagonal_are_told_to_the_end():
    one = discover(3.0, output_ndim=0)
    assert one.numpy == "3 * G" and one.stages[-1].left().shape == ()
    upper = discover(np.triu(np.ones((3, 3)), 1), output_ndim=1)
    assert all(convert(latex) for _, latex in upper.derivation)
