"""Which letters the axes of a full tensor get, what is tied, and what a view says of it."""

import numpy as np
import pytest

from helpers import OPERATIONS, TensorView
from helpers.widgets.tensor.tensor import default_letters, diagonal, spec_of, tied
from tests.page import browser

rng = np.random.default_rng(3)
X = rng.normal(size=(2, 3))
DENSE = rng.normal(size=(2, 3, 2, 3))
TRANSPOSED = np.einsum("il,jk->ijkl", np.eye(3), np.eye(2))  # Y = Xᵀ: Y[i, j] is X[j, i]
ROWS = np.einsum("ik,ijl->ijkl", np.eye(2), rng.normal(size=(2, 3, 3)))  # each row by itself


@pytest.mark.parametrize(("J", "split", "letters"), [
    (np.einsum("ik,jl->ijkl", np.eye(2), np.eye(3)), 2, "ij ij"), (TRANSPOSED, 2, "ij ji"),
    (DENSE, 2, "ij kl"), (ROWS, 2, "ij ik"), (np.eye(3), 1, "i i"), (1 - np.eye(3), 1, "i j"),
    (np.zeros((2, 2, 2)), 1, "i ij"), (np.ones((2, 3)), 0, " ij"), (np.ones((2, 3)), 2, "ij "),
    (np.array(2.0), 0, " "), (np.zeros((3, 2)), 1, "i j"), (DENSE[0], 1, "i jk"),
    (DENSE[0, 0], 2, "ij "), (np.zeros((2, 2, 2, 2)), 2, "ij ij")])
def test_an_input_axis_takes_the_letter_of_the_output_axis_that_it_is_tied_to(J, split, letters):
    outer, inner = default_letters(J, split)
    assert f"{''.join(outer)} {''.join(inner)}" == letters


@pytest.mark.parametrize("J", [DENSE, ROWS, TRANSPOSED[..., ::-1], np.zeros((2, 2, 2))])
def test_tied_is_zero_wherever_two_indices_differ(J):
    for a in range(J.ndim):
        for b in range(J.ndim):
            if a != b and J.shape[a] == J.shape[b]:
                apart = [J[at] for at in np.ndindex(J.shape) if at[a] != at[b]]
                assert tied(J, a, b) == (not np.any(apart))
    J = np.eye(3)
    J[2, 0] = np.nan
    assert not tied(J, 0, 1)


def test_a_diagonal_keeps_each_letter_once():
    letters, core = diagonal(ROWS, ("n", "h", "n", "h′"))
    assert letters == ("n", "h", "h′")
    assert np.array_equal(core, [[[ROWS[i, j, i, k] for k in range(3)] for j in range(3)]
                                 for i in range(2)])
    assert diagonal(np.array(2.0), ()) == ((), 2.0)


@pytest.mark.parametrize(("J", "split", "axes", "names", "core"), [
    (OPERATIONS["relu"].jacobian(X), 2, "n h, n h", "n2 h3 | n′2 h′3", "n h"),
    (DENSE, 2, "n h, n h", "n2 h3 | n′2 h′3", "n h n′ h′"), (ROWS, 2, "n h, n h",
     "n2 h3 | n′2 h′3", "n h h′"), (DENSE, 2, None, "i2 j3 | k′2 l′3", "i j k l"),
    (TRANSPOSED, 2, "a b, c d", "a3 b2 | c′2 d′3", "a b c d"), (X, 0, "n h", None, None),
    (X, 0, ", n h", " | n′2 h′3", "n h"), (X, 2, "n h,", "n2 h3 | ", "n h")])
def test_axes_are_named_as_they_were_given(J, split, axes, names, core):
    if names is None:  # two axes of the output, of which there are none
        with pytest.raises(ValueError, match=r"names 2 axes \(n, h\) and no axes"):
            TensorView(J, split, axes=axes)
        return
    for mode in ("tiles", "blocks"):
        spec = TensorView(J, split, axes=axes, mode=mode).state["tensor"]
        sides = [" ".join(f"{one['name']}{one['mark']}{one['size']}" for one in spec[side])
                 for side in ("outer", "inner")]
        assert " | ".join(sides) == names and spec["mode"] == mode
        assert " ".join(spec["core"]["letters"]) == core


def test_a_tensor_of_the_doctor_is_named_the_same_way():
    for J, inner, letters in ((DENSE, ("k", "l"), "ijkl"), (ROWS, ("i", "k"), "ijk"),
                              (TRANSPOSED, ("j", "i"), "ij")):
        spec, outer, names = spec_of("∂Y/∂X", J, 2, "blocks")
        assert outer == ("i", "j") and names == inner and spec["mode"] == "blocks"
        assert spec["core"]["letters"] == list(letters) and spec["name"] == "∂Y/∂X"
        assert np.frombuffer(spec["core"]["values"]).size == np.prod(
            [dict(zip((*outer, *names), J.shape, strict=True))[one] for one in letters])


@pytest.mark.parametrize(("J", "said"), [
    (np.array(0.0), "shape (), 1 entry, 1 of them exactly 0"),
    (np.ones((1, 1)), "shape (1, 1), 1 entry, 0 of them exactly 0"),
    (np.eye(40), "shape (40, 40), 1,600 entries, 1,560 of them exactly 0"),
    (np.zeros((0, 3)), "shape (0, 3), 0 entries, 0 of them exactly 0")])
def test_a_sentence_counts_entries_and_zeros(J, said):
    view = TensorView(J, J.ndim // 2, name="∂L/∂w", mode="blocks")
    assert repr(view) == f"TensorView ∂L/∂w as blocks: {said}"


def test_what_is_pointed_at_is_told_by_its_indices():
    view = TensorView(DENSE)
    for outer, inner, index in ((0, 0, ((0, 0), (0, 0))), (5, 4, ((1, 2), (1, 1))),
                                (6, 0, None), (0, 6, None), (-1, 0, None), (None, 3, None)):
        view.pointer = {"outer": outer, "inner": inner}
        assert view.pointed == index
    row = TensorView(X, 2)
    row.pointer = {"outer": 4, "inner": 0}
    assert row.pointed == ((1, 1), ())


def test_a_picture_names_its_axes_and_has_room_for_its_cells():
    def labels(view):
        return {text.get_text().split("=")[0] for text in view.figure().axes[0].texts
                if "=" in text.get_text()}

    assert labels(TensorView(DENSE, axes="n h, n h")) == {"n", "h", "n′", "h′"}
    assert labels(TensorView(ROWS)) == {"i", "j", "i′", "k′"}
    figure = TensorView(DENSE, mode="blocks").figure()
    assert figure.says.startswith("TensorView ∂Y/∂X as blocks")
    wide, high = TensorView(rng.normal(size=(2, 30)), 1, mode="blocks").figure().get_size_inches()
    assert wide > high


def test_another_tensor_keeps_the_axes_and_may_be_undone():
    view = TensorView(ROWS, axes="n h, n h")
    view.tensor = DENSE
    assert view.state["tensor"]["core"]["letters"] == ["n", "h", "n′", "h′"]
    browser(view, {"kind": "mode", "value": "blocks"}, {"kind": "undo"}, {"kind": "undo"})
    assert np.array_equal(view.tensor, ROWS) and view.mode == "tiles"
    assert "axes='n h, n h'" in view.cell() and "axes" not in TensorView(ROWS).cell()
    assert "output_ndim=2" in view.cell() and "mode='tiles'" in view.cell()
