"""Where the matrices of the finder's picture stand: inside of it, beside each other, all seen."""

import itertools
import math
from functools import cache

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.image import AxesImage

from helpers import ReplacementFinder
from helpers.labs.finder import picture
from helpers.pictures.live import LIGHT

SHOWN = [("relu by X", 9.0, None), ("affine by W", 3.6, None), ("matmul by B", 6.8, 4.4),
         ("softmax by Z", 6.0, None), ("affine by b", 9.8, 4.0), ("relu by X", 12.0, None)]


@cache
def structure_of(what):
    return ReplacementFinder(what).structure


def boxes(figure):
    """(left, right, top, bottom) of each matrix, and of the whole, in inches from the upper left.
    """
    axes, = figure.axes
    (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
    wide, high = figure.get_size_inches() / (x1 - x0, y0 - y1)
    assert wide == pytest.approx(high)  # cells are square
    found = []
    for image in axes.findobj(AxesImage):
        left, right, bottom, top = image.get_extent()
        found.append(((left - x0) * wide, (right - x0) * wide, (top - y1) * high,
                      (bottom - y1) * high))
    return found, wide


@pytest.mark.parametrize(("what", "width", "height"), SHOWN)
def test_both_matrices_have_room_at_every_stage(what, width, height):
    structure, places = structure_of(what), set()
    for stage in (0, 1, len(structure.stages) - 1):
        figure, _ = picture.build((structure, stage), width, LIGHT, height)
        across, down = figure.get_size_inches()
        assert across == width and down == (height or down) and down < 14
        matrices, cell = boxes(figure)
        left_over = stage and structure.stages[stage].numbers  # of db nothing is left
        assert len(matrices) == (2 if left_over else 1) and 0.05 < cell <= 0.5
        for left, right, top, bottom in matrices:
            assert left > 0 and right < across and bottom < down
            assert top > 0.5  # a title has its place above
        for one, other in itertools.combinations(matrices, 2):
            assert other[0] > one[1] + cell / 2 or other[2] > one[3] + cell / 2
        places.add((across, down, matrices[0]))
    assert len(places) == 1  # nothing jumps
    used = max(box[1] for box in matrices) / width, max(box[3] for box in matrices) / down
    assert cell == 0.5 or max(used) > 0.7  # as large as there is room for


def test_every_cell_has_its_number_in_its_middle_and_lines_around_it():
    structure = structure_of("affine by W")
    figure, _ = picture.build((structure, 2), 9.0, LIGHT)
    axes, = figure.axes
    full, left = (one for one in axes.collections if isinstance(one, PathCollection))
    J = structure.samples.tensors[0].reshape(6, 8)
    size = picture.number_size(map(picture.in_cell, J.flat), 0.5)
    assert [tuple(place) for place in full.get_offsets()] == [(j, i) for i, j in np.ndindex(6, 8)]
    for x, path, colour in zip(J.flat, full.get_paths(), full.get_facecolors(), strict=True):
        assert path is picture.outline(picture.in_cell(x), size)
        assert to_hex(colour) == (LIGHT.muted if x == 0 else LIGHT.text)
        left_end, right_end = path.get_extents().intervalx
        assert left_end == pytest.approx(-right_end)
    assert picture.outline("0", size).get_extents().y0 == pytest.approx(
        -picture.outline("0", size).get_extents().y1, abs=0.3)
    assert len(left.get_offsets()) == 12
    figure.set_dpi(200)
    figure.canvas.draw()
    place = next(k for k, x in enumerate(J.flat) if picture.in_cell(x) == "1.3")
    x, y = map(round, axes.transData.transform(full.get_offsets()[place]))
    cell = np.asarray(figure.canvas.buffer_rgba())[::-1][y - 40:y + 41, x - 40:x + 41, 0]
    inked = np.flatnonzero((cell < 60).any(axis=1)) - 40
    assert len(inked) == pytest.approx(0.73 * size * 200 / 72, abs=3)  # as high as its points say
    assert abs(inked.mean()) < 2 and abs(np.flatnonzero((cell < 60).any(axis=0)).mean() - 40) < 4
    lines = [one for one in axes.collections if isinstance(one, LineCollection)]
    assert [len(one.get_segments()) for one in lines] == [7 + 9, 4 + 5, 4 + 5]


@pytest.mark.parametrize(("width", "height"), [(9.0, None), (6.0, None), (9.8, 4.0)])
def test_no_title_lies_on_another_and_the_legend_stands_below(width, height):
    structure = structure_of("affine by W")
    figure, _ = picture.build((structure, len(structure.stages) - 1), width, LIGHT, height)
    figure.canvas.draw()
    texts = [(text.get_text(), text.get_window_extent()) for text in figure.axes[0].texts]
    words = [(said, box) for said, box in texts if len(said) > 6]
    for (said, box), (_, other) in itertools.combinations(words, 2):
        across = min(box.x1, other.x1) - max(box.x0, other.x0)
        down = min(box.y1, other.y1) - max(box.y0, other.y0)
        assert across < 1 or down < 2, said
    for said, box in words:
        assert box.x0 > -1 and box.x1 < figure.bbox.width + 1 and box.y0 > -1, said
    matrices = [image.get_window_extent() for image in figure.findobj(AxesImage)]
    lowest = min(box.y0 for box in matrices)
    legend = [box for said, box in words if "→" in said]
    assert len(legend) == len(picture.legend_places(structure.stages, width)) > 1
    assert all(box.y1 < lowest for box in legend)


def test_what_a_stage_took_away_is_told_in_lines_that_fit():
    stages = structure_of("affine by W").stages
    took = [(one, other) for one, other in itertools.pairwise(stages)
            if one.numbers != other.numbers]
    for width in (3.0, 5.0, 9.0):
        placed = picture.legend_places(stages, width)
        assert [stage.name for stage, *_ in placed] == [other.name for _, other in took]
        for (_, words, left, _), (one, other) in zip(placed, took, strict=True):
            assert words == f"{other.name}: {one.numbers:,} → {other.numbers:,}"
            assert left == 0 or left + 0.075 * len(words) < width
        spots = [(line, left) for *_, left, line in placed]
        assert spots == sorted(set(spots)) and spots[0] == (0, 0)


def test_what_is_left_keeps_its_numbers_or_is_a_strip_of_squares():
    structure = structure_of("relu by X")
    J = structure.samples.tensors[0]
    assert np.array_equal(picture.left_over(structure, structure.stages[0]).ravel(), J.ravel())
    mask = picture.left_over(structure, structure.stages[-1])
    assert mask.shape == (3, 4) and np.array_equal(mask, np.einsum("nhnh->nh", J))


@pytest.mark.parametrize("what", ["relu by X", "affine by W", "affine by b", "softmax by Z",
                                  "matmul by B"])
def test_what_is_left_is_of_as_many_squares_as_it_has_numbers(what):
    structure = structure_of(what)
    for stage in structure.stages:
        left = picture.left_over(structure, stage)
        if np.isfinite(left).all():
            assert left.size == stage.numbers
            continue
        squares = np.isnan(left).ravel()
        assert left.shape == (math.ceil(stage.numbers / 12), min(12, stage.numbers))
        assert squares[:stage.numbers].all() and not squares[stage.numbers:].any()
        assert np.isinf(left.ravel()[stage.numbers:]).all()


@pytest.mark.parametrize("cell", [0.1, 0.2, 0.5])
def test_letters_are_as_large_as_the_cell_allows(cell):
    for texts in (["1"], ["−0.25", "1"], ["−12.75"]):
        size = picture.number_size(texts, cell)
        wide, high = 0.6 * max(map(len, texts)) * size / 72, size / 72  # in inches
        assert wide < cell and high < 0.7 * cell
        assert size == picture.BIGGEST_NUMBER or wide > 0.85 * cell or high > 0.55 * cell


def test_tints_say_sign_and_size():
    ground = np.ones(3)
    tints = picture.tinted(np.array([[2.0, -2.0, 1.0, 0.0, np.nan, np.inf]]), 2.0, LIGHT)[0]
    blue, orange, paler, zero, none, infinite = (ground - one for one in tints)
    assert np.allclose(zero, 0) and np.allclose(infinite, 0) and none.any()
    assert blue.max() > 1.5 * paler.max() > 0 and blue[0] > blue[2] and orange[2] > orange[0]
    assert np.allclose(blue / blue.max(), paler / paler.max())
    assert [picture.in_cell(x) for x in (1.234, -0.5, 2.0)] == ["1.23", "−0.5", "2"]
