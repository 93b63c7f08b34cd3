"""Where the cells of a full tensor stand on a page, and which colour each of them has."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from helpers.pictures import arrays, tensors
from helpers.pictures.canvas import new_figure
from helpers.pictures.palette import DARK, LIGHT

J = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)  # outer axes n h, inner axes i j


def test_a_page_of_tiles_and_a_page_of_blocks():
    tiles, blocks = (tensors._page(J, 2, mode) for mode in ("tiles", "blocks"))
    for (n, h, i, j), value in np.ndenumerate(J):
        assert tiles[n * 4 + i, h * 5 + j] == blocks[n * 3 + h, i * 5 + j] == value
    assert tiles.shape == (8, 15) and blocks.shape == (6, 20)
    deep = np.arange(2 * 3 * 4 * 5 * 6.0).reshape(2, 3, 4, 5, 6)
    for mode, split in (("tiles", 2), ("tiles", 3), ("blocks", 2), ("blocks", 3)):
        rows, columns = tensors._sides(deep.shape, split, mode)
        assert tensors._page(deep, split, mode).shape == (rows.count, columns.count)


def test_sides_have_gaps_between_tiles_and_a_level_for_each_axis():
    rows, columns = tensors._sides(J.shape, 2, "tiles")
    assert rows.starts.tolist() == pytest.approx([0, 1, 2, 3, 4.4, 5.4, 6.4, 7.4])
    assert columns.starts[[4, 5, 9, 10]].tolist() == pytest.approx([4, 5.5, 9.5, 11])
    assert (rows.run, columns.run, rows.count) == (4, 5, 8) and rows.total == pytest.approx(8.4)
    assert rows.levels == [(0, 2, 4, 8), (2, 4, 1, 4)]
    rows, columns = tensors._sides(J.shape, 2, "blocks")
    assert rows.levels == [(0, 2, 3, 6), (1, 3, 1, 6)] and rows.run == 3
    assert rows.starts.tolist() == pytest.approx([0, 1, 2, 3.12, 4.12, 5.12])
    assert tensors._runs(rows) == [(0, 3), (pytest.approx(3.12), pytest.approx(6.12))]
    assert tensors._sides((0, 3), 1, "blocks")[0].total == 1


def test_more_gaps_than_half_of_the_finest_page_has_rows_are_left_out():
    few, many = (tensors._sides((blocks, 2, 1), 2, "blocks")[0] for blocks in (256, 257))
    assert few.run == 2 and few.total == pytest.approx(512 + 255 * 0.12)
    assert many.run == many.total == 514


def test_two_indices_of_one_letter_are_apart_where_they_differ():
    apart = tensors._apart((2, 3, 2, 3), ("n", "h", "n′", "h′"))
    for n, h, i, j in np.ndindex(apart.shape):
        assert apart[n, h, i, j] == (n != i or h != j)
    assert not tensors._apart((2, 3), ("n", "m")).any()
    assert not tensors._apart((2, 3), ("n", "n′")).any()  # of unequal sizes


def test_colours_say_sign_size_and_kind():
    values = np.array([[2.0, -2.0, 1.0], [0.0, np.nan, 0.0], [np.inf, -np.inf, -0.5]])
    apart = np.zeros((3, 3), bool)
    apart[1, 2] = True
    colours = tensors._colours(values, apart)

    def mixed(colour, share):
        return 1 - share * (1 - np.array(to_rgb(colour)))

    rights = [[mixed(LIGHT.positive, 1), mixed(LIGHT.negative, 1), mixed(LIGHT.positive, 0.575)],
              [(1, 1, 1), mixed(LIGHT.bad, 0.22), to_rgb(LIGHT.hatch)],
              [mixed(LIGHT.positive, 1), mixed(LIGHT.negative, 1), mixed(LIGHT.negative, 0.3625)]]
    np.testing.assert_allclose(colours, rights)


def luminance(colour):
    """As WCAG defines it."""
    return sum(weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
               for weight, part in zip((0.2126, 0.7152, 0.0722), to_rgb(colour), strict=True))


@pytest.mark.parametrize("colour", ["white", "black", LIGHT.positive, LIGHT.negative, "#888888",
                                    "#505050", "#0000ff", "#00ff00", "#ff0000"])
def test_a_number_is_written_in_the_ink_that_stands_out(colour):
    def contrast(ink):
        low, high = sorted(map(luminance, (ink, colour)))
        return (high + 0.05) / (low + 0.05)

    ink = tensors._ink(1.0, np.array(to_rgb(colour)))
    assert contrast(ink) > 0.9 * max(map(contrast, (LIGHT.text, LIGHT.ground)))
    assert tensors._ink(0.0, np.ones(3)) == LIGHT.muted
    assert tensors._ink(np.nan, np.ones(3)) == LIGHT.bad


def test_a_small_number_is_not_rounded_to_0():
    assert [tensors._rounded(x, 2) for x in (1.236, -0.5, 0.0, 0.0042, -0.00038)] == [
        "1.24", "−0.5", "0", "0.004", "−0.0004"]


def test_a_tensor_takes_the_inches_of_its_cells_up_to_a_page():
    assert tensors.tensor_inches((2, 3), 1, "blocks") == pytest.approx((1.72, 1.16))
    assert tensors.tensor_inches((2, 3, 4, 5), 2, "tiles") == pytest.approx(
        (0.72 + 0.1 + 0.42 * 16, 0.44 + 0.1 + 0.42 * 8.4))
    wide, high = tensors.tensor_inches((10, 500), 1, "blocks")
    assert wide == pytest.approx(9.46) and high == pytest.approx(0.82)
    wide, high = tensors.tensor_inches((500, 10), 1, "blocks")
    assert wide == pytest.approx(1.46) and high == pytest.approx(6.32)


@pytest.mark.parametrize("finest", [4, 7, 100])
def test_cells_that_share_a_place_share_a_tile(finest):
    side, _ = tensors._sides((3, 2, 10, 2), 2, "tiles")
    firsts = tensors._bins(side, finest)
    several = -(-30 // finest)
    assert firsts.tolist() == [k for tile in (0, 10, 20) for k in range(tile, tile + 10, several)]
    borders, places = tensors._borders(side, firsts)
    assert (np.diff(borders) > -1e-12).all() and places.tolist() == [*range(0, 2 * len(firsts), 2)]
    assert borders[0] == 0 and borders[-1] == pytest.approx(side.total)


def test_an_array_is_laid_out_row_by_row_in_groups():
    assert [arrays.page_layout(shape) for shape in ((), (4,), (3, 4), (2, 3, 4))] == [
        (1, 1, 1), (1, 4, 1), (3, 4, 3), (6, 4, 3)]
    small, lefts, tops, width, height = arrays._places((2, 3, 4))
    assert not small and (width, height) == (0.72, 0.34)
    np.testing.assert_allclose(lefts, 0.4 + 0.72 * np.arange(4))
    np.testing.assert_allclose(tops, 0.6 + 0.34 * np.arange(6) + 0.1 * (np.arange(6) > 2))
    assert arrays.array_inches((2, 3, 4)) == pytest.approx((0.4 + 4 * 0.72 + 0.06,
                                                            0.6 + 6 * 0.34 + 0.1 + 0.06))
    assert arrays._places((20, 20))[0] is False and arrays._places((21, 2))[0] is True
    assert arrays.array_inches((0, 3)) == pytest.approx((2.46, 0.4))


def test_tints_are_shares_of_the_largest_finite_number():
    assert arrays.tint_limit(np.array([1.0, -3, np.inf, np.nan])) == 3
    assert arrays.tint_limit(np.array([0.25, -0.5])) == 0.5
    assert arrays.tint_limit(np.zeros(2)) == arrays.tint_limit(np.array([])) == 1
    assert arrays._tint(0, 1) == arrays._tint(np.nan, 1) == (1, 1, 1)
    for share, colour in ((0.5, LIGHT.positive), (-0.5, LIGHT.negative)):
        assert arrays._tint(share, 0.3) == pytest.approx(1 - 0.19 * (1 - np.array(to_rgb(colour))))
    assert arrays._tint(7, 0.3) == arrays._tint(1, 0.3)


@pytest.mark.parametrize("shape", [(), (2,), (3, 1), (2, 1, 1)])
def test_a_small_array_is_as_wide_as_what_stands_above_it(shape):
    figure = new_figure(*arrays.array_inches(shape), layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    arrays.draw_array(axes, np.full(shape, -1.25), "nhm"[:len(shape)], "X")
    figure.canvas.draw()
    for text in axes.texts:
        box = text.get_window_extent()
        assert box.x0 > -1 and box.x1 < figure.bbox.width + 1, text.get_text()
    spare = figure.bbox.width - max(one.get_window_extent().x1 for one in axes.texts)
    assert spare < 100  # a cell and a half: nothing is drawn beside it


def test_curves_take_every_colour_of_the_axes_once():
    for palette in (LIGHT, DARK):
        assert sorted(palette.series) == sorted(palette.axes) and len(set(palette.series)) == 8
