"""The tensor view without a browser: what it sends, what it is told, what it draws and refuses."""

import numpy as np
import pytest

from helpers import OPERATIONS, TensorView
from helpers.calculus.errors import LessonError, NumberError, ShapeError, TooBig, UnknownLayout
from helpers.pictures.canvas import new_figure
from helpers.pictures.tensors import draw_tensor
from helpers.widgets.tensor.tensor import tensor_spec
from tests.page import browser

X = np.array([[1.2, -0.7, 0.4, -1.5], [-0.3, 0.8, -2.1, 0.6], [0.9, -1.1, 0.2, 1.7]])
RELU = OPERATIONS["relu"].jacobian(X)
rng = np.random.default_rng(7)


def core_of(spec):
    """The core as the browser reads it."""
    sizes = {axis["letter"]: axis["size"] for axis in spec["outer"] + spec["inner"]}
    dtype = {"f8": "<f8", "f4": "<f4"}[spec["core"]["dtype"]]
    shape = [sizes[letter] for letter in spec["core"]["letters"]]
    return np.frombuffer(spec["core"]["values"], dtype).reshape(shape)


def written(spec):
    """The full tensor of a spec, entry by entry from its definition."""
    axes, core = spec["outer"] + spec["inner"], core_of(spec)
    J = np.zeros([axis["size"] for axis in axes])
    for index in np.ndindex(J.shape):
        seen = {}
        pairs = zip(axes, index, strict=True)
        if all(seen.setdefault(axis["letter"], i) == i for axis, i in pairs):
            J[index] = core[tuple(seen[letter] for letter in spec["core"]["letters"])]
    return J


def test_a_spec_says_letters_marks_sizes_and_colours():
    sizes = {"n": 3, "k": 2, "m": 4}
    spec = tensor_spec("∂Y/∂W", ("n", "k"), ("m", "k"), ("n", "m"), X, sizes, "tiles")
    assert [(a["letter"], a["mark"], a["size"]) for a in spec["outer"]] == [
        ("n", "", 3),
        ("k", "", 2),
    ]
    assert [(a["letter"], a["mark"], a["size"]) for a in spec["inner"]] == [
        ("m", "′", 4),
        ("k", "′", 2),
    ]
    assert spec["outer"][1]["colour"] == spec["inner"][1]["colour"] != spec["outer"][0]["colour"]
    assert np.array_equal(core_of(spec), X)
    expected = OPERATIONS["affine"].jacobian(X, np.ones((4, 2)), np.ones(2), wrt="W")
    assert np.array_equal(written(spec), expected)


def test_one_number_fills_a_core_of_any_shape():
    spec = tensor_spec("J", ("n",), ("n",), ("n",), 2.5, {"n": 3}, "tiles")
    assert core_of(spec).tolist() == [2.5, 2.5, 2.5]


@pytest.mark.parametrize("size, dtype", [(8192, "f8"), (8193, "f4")])
def test_many_numbers_travel_in_single_precision(size, dtype):
    spec = tensor_spec("J", ("n",), (), ("n",), rng.normal(size=size), {"n": size}, "tiles")
    assert spec["core"]["dtype"] == dtype


@pytest.mark.parametrize("odd", [1e-300, 1e300, -1e39])
def test_single_precision_never_makes_a_zero_or_an_infinity(odd):
    values = rng.normal(size=10_000)
    values[[3, 4, 5]] = odd, np.nan, np.inf
    spec = tensor_spec("J", ("n",), (), ("n",), values, {"n": 10_000}, "tiles")
    assert spec["core"]["dtype"] == "f8"
    assert np.array_equal(core_of(spec), values, equal_nan=True)


def test_a_letter_on_both_sides_is_a_delta_only_where_the_tensor_says_so():
    assert TensorView(RELU, axes="n h, n h").state["tensor"]["core"]["letters"] == ["n", "h"]
    dense = rng.normal(size=(3, 4, 3, 4))
    spec = TensorView(dense, axes="n h, n h").state["tensor"]
    assert len(spec["core"]["letters"]) == 4
    assert [axis["name"] + axis["mark"] for axis in spec["inner"]] == ["n′", "h′"]
    across = np.einsum("nmh,hk->nhmk", rng.normal(size=(3, 3, 4)), np.eye(4))
    spec = TensorView(across, axes="n h, n h").state["tensor"]
    assert spec["core"]["letters"] == ["n", "h", "n′"]
    assert spec["outer"][0]["colour"] == spec["inner"][0]["colour"]


def test_nan_off_the_diagonal_is_no_delta():
    J = np.eye(3)
    J[0, 1] = np.nan
    spec = TensorView(J, 1, "n, n").state["tensor"]
    assert len(spec["core"]["letters"]) == 2


@pytest.mark.parametrize("axes", ["n h, n h", None])
@pytest.mark.parametrize("sizes", [(3, 4), (1, 1), (1, 3), (0, 2), (2, 0)])
def test_the_browser_can_write_the_same_tensor_again(axes, sizes):
    J = OPERATIONS["relu"].jacobian(rng.normal(size=sizes))
    assert np.array_equal(written(TensorView(J, axes=axes).state["tensor"]), J)


@pytest.mark.parametrize(
    "shape, split",
    [((), 0), ((3,), 0), ((3,), 1), ((2, 3, 2, 2, 3, 2), 3), ((2, 2, 2, 2), 1), ((0, 3), 1)],
)
def test_any_number_of_axes_up_to_three_on_each_side(shape, split):
    J = rng.normal(size=shape)
    for mode in ("tiles", "blocks"):
        view = TensorView(J, split, mode=mode)
        assert np.array_equal(written(view.state["tensor"]), J)
        assert view.figure().axes


def test_default_letters_follow_the_structure():
    inner = TensorView(RELU).state["tensor"]["inner"]
    assert [axis["letter"] for axis in inner] == ["i", "j"]
    inner = TensorView(rng.normal(size=(3, 4, 3, 4))).state["tensor"]["inner"]
    assert [axis["letter"] for axis in inner] == ["k", "l"]


def test_the_buttons_choose_the_mode_and_undo_goes_back():
    view = TensorView(RELU)
    assert view.mode == view.state["tensor"]["mode"] == "tiles"
    browser(view, {"kind": "mode", "value": "blocks"})
    assert view.mode == view.state["tensor"]["mode"] == "blocks"
    browser(view, {"kind": "undo"})
    assert view.mode == "tiles"


@pytest.mark.parametrize(
    "gesture", [{"kind": "mode", "value": "rings"}, {"kind": "mode"}, {"kind": "edit", "value": 3}]
)
def test_a_bad_gesture_is_one_line_and_changes_nothing(gesture):
    view = TensorView(RELU)
    browser(view, gesture)
    assert view.last_error == view.state["error"] != "" and "\n" not in view.last_error
    assert view.mode == "tiles" and np.array_equal(view.tensor, RELU)
    browser(view, {"kind": "mode", "value": "blocks"})
    assert view.state["error"] == "" and view.mode == "blocks"


def test_the_tensor_and_the_mode_can_be_set():
    view = TensorView(RELU, axes="n h, n h")
    view.tensor = OPERATIONS["relu"].jacobian(X[:2])
    assert view.tensor.shape == (2, 4, 2, 4)
    assert view.state["tensor"]["outer"][0]["size"] == 2
    view.mode = "blocks"
    assert view.state["tensor"]["mode"] == "blocks"
    with pytest.raises(UnknownLayout, match="'rings'"):
        view.mode = "rings"
    with pytest.raises(ShapeError):
        view.tensor = np.ones(3)
    assert view.mode == "blocks" and view.tensor.shape == (2, 4, 2, 4)


def test_nobody_can_change_the_tensor_behind_the_view():
    J = RELU.copy()
    view = TensorView(J)
    J[:] = 7
    view.tensor[:] = 8
    with pytest.raises(ValueError, match="read-only"):
        view._present.J[:] = 9
    assert np.array_equal(view.tensor, RELU)


def test_what_is_pointed_at_is_known_in_python():
    view = TensorView(RELU)
    assert view.pointed is None
    view.pointer = {"outer": 6, "inner": 11}
    assert view.pointed == ((1, 2), (2, 3))
    view.pointer = {"outer": 6, "inner": 12}
    assert view.pointed is None
    view.pointer = {}
    assert view.pointed is None
    scalar = TensorView(X, 0)
    scalar.pointer = {"outer": 0, "inner": 5}
    assert scalar.pointed == ((), (1, 1))


REFUSED = [
    (lambda: TensorView("text"), NumberError, "numbers"),
    (lambda: TensorView(np.zeros((33, 32, 32, 32))), TooBig, "1,081,344"),
    (lambda: TensorView(RELU, 5), ShapeError, "from 0 to 4"),
    (lambda: TensorView(RELU, 1.5), ShapeError, "1.5"),
    (lambda: TensorView(RELU, 4), ShapeError, "room for 3"),
    (lambda: TensorView(RELU, axes="n h"), ShapeError, "2 axes (n, h) and no axes"),
    (lambda: TensorView(RELU, axes="n h, m n"), ShapeError, "axis n is 3 in the output but 4"),
    (lambda: TensorView(RELU, axes="n n, m k"), ShapeError, "n stands twice"),
    (lambda: TensorView(RELU, mode="rows"), UnknownLayout, "'rows'"),
]


@pytest.mark.parametrize("call, kind, said", REFUSED)
def test_a_bad_call_raises_one_readable_line(call, kind, said):
    with pytest.raises(kind) as caught:
        call()
    assert isinstance(caught.value, LessonError)
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_the_bundle_has_a_sentence_a_picture_and_the_view():
    view = TensorView(RELU, axes="n h, n h")
    data, metadata = view._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == (
        "TensorView ∂Y/∂X as tiles: shape (3, 4, 3, 4), 144 entries, 137 of them exactly 0"
    )
    assert metadata["image/png"]["alt"] == data["text/plain"]
    assert data["image/png"].startswith("iVBOR")


def drawn(J, outer, inner, mode):
    """What the picture consists of: collections by label, and its texts."""
    figure = new_figure(7, 5, layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    draw_tensor(axes, J, outer, inner, mode)
    collections = {c.get_label(): c for c in axes.collections}
    return collections, [t.get_text() for t in axes.texts]


@pytest.mark.parametrize("mode, frames", [("tiles", 12), ("blocks", 9)])
def test_the_picture_has_every_cell_every_dot_and_every_number(mode, frames):
    collections, texts = drawn(RELU, ("n", "h"), ("n′", "h′"), mode)
    assert len(collections["cells"].get_paths()) == 144
    assert len(collections["frames"].get_paths()) == frames
    assert len(collections["dots"].get_offsets()) == 132
    assert len(collections["written zeros"].get_paths()) == 5
    labels = [text for text in texts if "=" in text]
    assert sorted(labels) == ["h=0", "h′=0", "n=0", "n′=0"]
    assert texts[:12] == [str(int(value)) for value in (X > 0).ravel()]


def test_an_exact_zero_looks_different_from_a_small_number_and_nan_from_both():
    J = np.diag([1e-9, 0, np.nan, -1.0])
    collections, texts = drawn(J, ("n",), ("n",), "blocks")
    colours = collections["cells"].get_facecolors()[[0, 5, 10, 15, 1]]
    assert len({tuple(colour) for colour in colours}) == 5
    assert texts[:4] == ["1e−9", "0", "nan", "−1"]


def test_a_large_picture_keeps_the_largest_entry_of_each_place():
    J = np.full((1500, 1500), 1e-3)
    J[1234, 77] = -5.0
    collections, texts = drawn(J, ("n",), ("m",), "blocks")
    colours = collections["cells"].get_array().reshape(-1, 3)
    orange = (colours[:, 0] > colours[:, 2] + 0.3).sum()
    assert orange == 1 and len(colours) <= 2 * 1024**2
    assert not any("−" in text for text in texts)


@pytest.mark.parametrize("shape", [(0, 4, 0, 4), (2, 0, 3, 0)])
def test_an_empty_picture_says_so(shape):
    _, texts = drawn(np.zeros(shape), ("n", "h"), ("m", "k"), "tiles")
    assert "no entries" in texts


def test_save_writes_a_handout(tmp_path):
    TensorView(RELU).save(tmp_path / "slide.pdf")
    assert (tmp_path / "slide.pdf").read_bytes().startswith(b"%PDF")
