"""The replacement finder in Python: its stages, its gestures, and what it says of a function."""

import numpy as np
import pytest
from matplotlib.collections import PathCollection

from helpers import OPERATIONS, ReplacementFinder
from helpers.calculus.errors import LessonError
from helpers.labs.finder.lab import choices
from helpers.labs.finder.picture import SMALLEST, cover, left_over, low, number_size, outline
from helpers.pictures.live import LIGHT
from tests.page import browser

pytestmark = pytest.mark.slow


def readouts(finder):
    return {one.get("label"): one.get("text") for one in finder.state["readouts"]}


def test_every_operation_and_input_can_be_chosen():
    assert len(choices()) == sum(len(op.inputs) for op in OPERATIONS.values())
    assert "affine by W" in choices()


@pytest.mark.parametrize(("what", "numbers", "line"), [
    ("relu by X", [144, 12, 12, 12], "G * (X > 0)"),
    ("affine by W", [48, 24, 12, 12, 12], "X.T @ G"),
    ("affine by b", [12, 6, 1, 1, 0], "G.sum(0)"),
])
def test_each_stage_leaves_fewer_numbers_down_to_the_line(what, numbers, line):
    finder = ReplacementFinder(what)
    seen = []
    for place in range(len(finder.structure.stages)):
        finder.set(stage=place)
        seen.append(int(readouts(finder)["numbers left"].split()[0].replace(",", "")))
    assert seen[0] == numbers[0] and seen == sorted(seen, reverse=True)
    assert seen[-1] == numbers[-1]
    assert readouts(finder)[finder.structure.result] == line == finder.structure.numpy


def test_the_button_goes_on_stage_by_stage_and_stops_at_the_end():
    finder = ReplacementFinder("relu by X")
    last = len(finder.structure.stages) - 1
    for expected in [*range(1, last + 1), last]:
        browser(finder, {"kind": "press", "place": "next"})
        assert finder.settings["stage"] == expected
        assert readouts(finder)["stage"] == f"{expected} of {last}"
    assert finder.last_error is None and "G * (X > 0)" in repr(finder)


def test_another_derivative_starts_at_the_full_tensor_again():
    finder = ReplacementFinder("relu by X", stage=3)
    browser(finder, {"kind": "set", "place": "what", "value": "matmul by B"})
    assert finder.settings["stage"] == 0 and "stage 0 of 4 (full)" in repr(finder)


def test_other_numbers_give_another_tensor_and_the_same_line():
    finder = ReplacementFinder("affine by X", stage=5)
    before = finder.structure
    browser(finder, {"kind": "press", "place": "fresh"})
    assert finder.structure.numpy == before.numpy == "G @ W.T"
    assert not np.array_equal(finder.structure.core, before.core)


def test_nothing_jumps_between_the_stages():
    finder = ReplacementFinder("affine by W")
    pages = []
    for stage in range(len(finder.structure.stages)):
        finder.set(stage=stage)
        state = finder.state
        spec = next(one for one in state["controls"] if one["name"] == "stage")
        lists = next(one["lists"] for one in state["readouts"] if one["kind"] == "steps")
        shown = [sum(step["shown"] for step in one["steps"]) for one in lists]
        pages.append((state["picture"]["height"], spec["high"], len(state["readouts"]),
                      [len(one["steps"]) for one in lists]))
        assert shown[0] == stage + 1 and (shown[1] > 0) == (stage == spec["high"])
    assert pages == [pages[0]] * len(pages)
    assert ReplacementFinder("affine by W", stage=5).settings["stage"] == 4


def test_a_students_own_function():
    W = np.random.default_rng(3).normal(size=(4, 2))

    def layer(X):
        return np.tanh(X @ W)

    finder = ReplacementFinder(layer, np.random.default_rng(4).normal(size=(3, 4)),
                               known={"W": W}, stage=5)
    G = np.random.default_rng(5).normal(size=(3, 2))
    right = (G * (1 - np.tanh(np.random.default_rng(4).normal(size=(3, 4)) @ W) ** 2)) @ W.T
    assert np.allclose(finder.structure.vjp(G), right, atol=1e-8)
    assert "layer" in repr(finder)
    assert f"known={{'W': {W.tolist()}}}" in finder.cell()  # what its code needs to be made again
    assert finder.functions() == (layer,)  # it travels with a link
    browser(finder, {"kind": "set", "place": "what", "value": "relu by X"})
    assert finder.structure.numpy == "G * (X > 0)" and finder.functions() == ()
    assert finder.cell().endswith('ReplacementFinder("relu by X")'.replace('"', "'"))


def test_a_wrong_choice_is_one_line():
    with pytest.raises(ValueError, match="no 'relu by W'") as raised:
        ReplacementFinder("relu by W")
    assert "\n" not in str(raised.value)
    assert f"Choose one of {', '.join(choices()[:4])}, …, or give" in str(raised.value)


def test_a_tensor_that_could_not_exist_is_found_and_a_few_of_its_entries_are_drawn():
    random = np.random.default_rng(6)
    X, W = random.standard_normal((64, 1024)), random.standard_normal((1024, 512))
    finder = ReplacementFinder(lambda X: X @ W, X, known={"W": W}, stage=5)
    calls, few = finder.structure.samples.calls, finder.structure.drawn
    said = " ".join(one["text"] for one in finder.state["readouts"] if "text" in one)
    assert readouts(finder)["dL/dX"] == "G @ W.T" and readouts(finder)["einsum"] == "kl,lj->kj"
    assert f"2.1 billion entries (17.2 GB); found from {calls} calls of" in said
    assert "A few of its entries are drawn." in said and finder.figure()
    J = few.samples.tensors[0]
    assert J.shape == (3, 4, 3, 5)
    np.testing.assert_allclose(J, np.einsum("ni,mk->nkim", np.eye(3), W[:5, :4]), atol=1e-12)


@pytest.mark.parametrize(("stage", "left"), [(0, 48), (1, 24), (3, 12), (4, 12)])
def test_read_outs_keep_the_line_back_until_the_last_stage(stage, left):
    finder = ReplacementFinder("affine by W", stage=stage)
    done, s = stage == 4, finder.structure
    tone = "good" if done else ""
    told = [(one["label"], one["text"], one["tone"]) for one in finder.state["readouts"]
            if one["kind"] == "value"]
    assert told[:4] == [("stage", f"{stage} of 4", ""), ("numbers left", f"{left} of 48", tone),
                        ("dL/dW", "X.T @ G" if done else "?", tone),
                        ("einsum", s.einsum if done else "?", "")]
    label, error, _ = told[4]
    assert label == "largest error on random G"
    assert float(error.replace("−", "-")) < 1e-12 if done else error == "?"
    name = s.stages[stage].name
    assert repr(finder) == (f"ReplacementFinder: ∂affine by W, stage {stage} of 4 ({name}): {left} "
                            "of 48 numbers are left" + "; dL/dW = X.T @ G" * done)


def test_it_begins_at_the_full_tensor_of_numbers_that_can_be_read():
    assert ReplacementFinder().settings == {"what": "relu by X", "stage": 0, "seed": 0}
    for what in ("affine by X", "matmul by B", "hadamard by A"):
        core = ReplacementFinder(what).structure.core
        assert np.allclose(10 * core, np.round(10 * core)) and not np.allclose(core, core.round())


def test_the_colours_cover_what_each_stage_took():
    structure = ReplacementFinder("affine by W").structure
    covered = ~np.isnan(cover(structure, structure.stages[:2], LIGHT)[..., 0])
    J = structure.samples.tensors[0].reshape(covered.shape)
    assert covered.sum() == 24 and np.all(J[covered] == 0)
    assert left_over(structure, structure.stages[2]).size == 12


def test_words_and_pictures_without_a_kernel():
    finder = ReplacementFinder("softmax by Z", stage=5)
    data, _ = finder._repr_mimebundle_()
    line = "Y * (G - (G * Y).sum(-1, keepdims=True))"
    assert f"numbers are left; dL/dZ = {line}" in data["text/plain"]
    assert data["image/png"] and "0x" not in data["text/plain"]


def test_on_a_projector_the_tensor_has_its_numbers_and_what_is_left_stands_beside_it():
    finder = ReplacementFinder("relu by X", stage=5)
    figure, _ = low((finder.structure, 3), 9.8, 4.0, LIGHT)
    axes, = figure.axes
    assert tuple(figure.get_size_inches()) == (9.8, 4.0)
    matrices = [one for one in axes.collections if isinstance(one, PathCollection)]
    assert [len(one.get_offsets()) for one in matrices] == [144, 12]
    smallest = outline("0", SMALLEST).get_extents().height
    for path in (path for one in matrices for path in one.get_paths()):
        assert path.get_extents().height >= smallest
    left = next(text for text in axes.texts if text.get_text().startswith("what is left"))
    assert left.get_position()[0] > 12  # to the right of twelve columns


def test_numbers_stand_in_cells_that_hold_the_longest():
    assert number_size(["0", "1"], 0.2) >= SMALLEST > number_size(["−0.25", "1"], 0.2)
    assert number_size(["−0.25"], 0.5) > SMALLEST


def test_what_has_nothing_to_show_is_told():
    with pytest.raises(LessonError, match=r"shape \(0, 3, 0, 3\) and no entry to show"):
        ReplacementFinder(lambda x: x * x, np.zeros((0, 3)))
    with pytest.raises(LessonError, match="there is no array"):
        ReplacementFinder(np.zeros((2, 3)))
