"""What every pixel of a tensor's picture shows, its colour, and the texts of its numbers."""

import math
import random

import numpy as np
import pytest

from helpers.pictures.palette import DARK, LIGHT
from tests.browser.bare import bare_page, call
from tests.widgets.tensor.tensor_page import make_spec

FILES = {
    "widgets/tensor/shades.js": "CODE codeOf codesOf finiteLimit shortNumber bareNumber evenNumber "
                                "roughNumber paintGround codeColours inkOn",
    "widgets/tensor/tracks.js": "KIND tracksOf cellsAt labelStep",
    "widgets/tensor/expand.js": "pageOf",
    "widgets/tensor/lens.js": "fourDigits around tooSmall", "widgets/tensor/tile.js": "placeName",
}
PARTS = ["ground", "hatch", "dot", "line", "strong-line", "zero", "negative", "positive", "bad"]


page = bare_page(FILES)


# --- colours ---


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_colours_go_from_zero_to_the_full_colour_and_the_first_step_is_seen(page, palette):
    rgb = {part: [int(getattr(palette, part.replace("-", "_"))[i:i + 2], 16) for i in (1, 3, 5)]
           for part in PARTS}
    found = call(page, "codeColours(a[0])", rgb)
    colours, code = np.array(found["colours"]), call(page, "CODE")
    assert len(colours) == code["edge"] + 1 == 518
    for name, part in {"structural": "hatch", "dot": "dot", "zero": "ground", "nan": "ground",
                       "line": "line", "edge": "strong-line"}.items():
        assert colours[code[name]].tolist() == rgb[part], name
    for first, part in ((4, "negative"), (5, "positive")):
        shades, zero, full = colours[first:514:2], np.array(rgb["zero"]), np.array(rgb[part])
        assert len(shades) == 255 and shades[-1].tolist() == rgb[part]
        shares = (shades - zero) @ (full - zero) / ((full - zero) @ (full - zero))
        assert 0.14 < shares[0] < 0.17 and np.allclose(np.diff(shares), 0.85 / 255, atol=0.01)
        assert np.allclose(shades, zero + shares[:, None] * (full - zero), atol=1)
    stripe = colours[code["stripe"]] - rgb["ground"]
    assert np.allclose(stripe, 0.22 * np.subtract(rgb["bad"], rgb["ground"]), atol=0.51)
    pixels = [number for _, number in sorted(found["pixels"].items(), key=lambda one: int(one[0]))]
    assert pixels[code["outside"]] == 0  # clear; else red, green, blue and no transparency
    seen = np.array(pixels[1:], dtype="<u4").view("u1").reshape(-1, 4)
    assert (seen[:, :3] == colours[1:]).all() and (seen[:, 3] == 255).all()


def light(colour):
    """The relative luminance of WCAG 2.2."""
    parts = [part / 255 for part in colour]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def test_ink_is_the_one_of_black_and_white_with_more_contrast(page):
    chance = random.Random(3)
    colours = [[chance.randrange(256) for _ in range(3)] for _ in range(600)]
    colours += [[value if at == k else 0 for at in range(3)] for k in range(3)
                for value in range(0, 256, 5)]
    for colour, ink in zip(colours, call(page, "a[0].map(inkOn)", colours), strict=True):
        black, white = (light(colour) + 0.05) / 0.05, 1.05 / (light(colour) + 0.05)
        if abs(black - white) > 0.05:
            assert ink == ("#000" if black > white else "#fff"), colour


# --- codes ---


def test_the_code_of_a_number_is_its_share_of_the_largest_in_255_steps(page):
    values = [0.0, 0.999, -0.999, 1.0, -1.0, 0.5, -0.5, 3.0, math.nan, math.inf, 1 / 255, 2 / 255.5]
    nan, shade = call(page, "CODE.nan"), lambda k, positive: 2 + 2 * k + positive
    assert call(page, "[...codesOf(a[0], 1)]", values) == [
        3, shade(255, True), shade(255, False), shade(255, True), shade(255, False),
        shade(128, True), shade(128, False), shade(255, True), nan, shade(255, True),
        shade(2, True), shade(2, True)]
    assert call(page, "finiteLimit(a[0])", [1.0, -3.0, math.inf, math.nan, 2.0]) == 3
    assert call(page, "[finiteLimit([]), finiteLimit([NaN, -Infinity])]") == [0, 0]


def test_what_lies_behind_the_numbers_is_told_by_row_and_column(page):
    kinds, codes = call(page, "KIND"), call(page, "CODE")
    assert sorted(kinds.values()) == list(range(5))
    rows = [kinds[name] for name in ("edge", "cell", "centre", "line", "outside")]
    found = call(page, "(() => { const c = new Uint16Array(25); paintGround(c, a[0], a[0]);"
                       "return [...c]; })()", rows)
    said = {number: name for name, number in codes.items()}
    assert [[said[code] for code in line] for line in np.reshape(found, (5, 5)).tolist()] == [
        ["edge", "edge", "edge", "edge", "outside"],
        ["edge", "structural", "structural", "line", "outside"],
        ["edge", "structural", "dot", "line", "outside"],
        ["edge", "line", "line", "line", "outside"], ["outside"] * 5]


# --- texts ---


@pytest.mark.parametrize("values, decimals, text_of, texts", [
    ([0.25, -1.5, math.nan, 0, -2e-7], 2, "shortNumber", ["0.25", "−1.50", "nan", "0", "−2e−7"]),
    ([0.25, -1.5, math.inf, 0.5], 1, "bareNumber", [".3", "−1.5", "∞", ".5"]),
    ([1, -2, 3e9], 2, "shortNumber", ["1", "−2", "3e9"]),
    ([0.04, 12.5, 0.001], 1, "shortNumber", ["0.04", "12.5", "1e−3"]),
    ([0.5, 0.001], 2, "roughNumber", ["5e−1", "1e−3"]),
])
def test_the_numbers_of_one_picture_have_one_number_of_decimals(
        page, values, decimals, text_of, texts):
    said = "a[0].map(evenNumber(a[0], a[1], window[a[2]]))"
    assert call(page, said, values, decimals, text_of) == texts


def test_the_lens_reads_four_digits(page):
    numbers = {0.12345: "0.1235", -12.345: "−12.35", 1.23456e-7: "1.235e−7", 2: "2", 0: "0",
               0.001: "0.001", 9.99e-4: "9.990e−4", 999999: "1000000", 1e6: "1.000e6",
               -math.inf: "−∞", math.nan: "nan"}
    assert call(page, "a[0].map(fourDigits)", [float(x) for x in numbers]) == [*numbers.values()]


def test_the_lens_shows_two_neighbours_on_each_side_that_are_on_the_page(page):
    found = call(page, "around({ rows: { count: 4 }, columns: { count: 3 } }, 1, 2)")
    assert [(one["row"], one["column"]) for one in found] == [
        (row, column) for row in range(-1, 4) for column in range(5)]
    assert all(one["inside"] == (0 <= one["row"] < 4 and 0 <= one["column"] < 3) for one in found)


def test_a_lens_is_for_cells_below_fourteen_pixels_on_either_side(page):
    sizes = [(14, 14, 1), (13.9, 20, 1), (20, 13.9, 1), (27, 40, 2), (28, 28, 2)]
    found = call(page, "a[0].map(([rows, columns, pixel]) => tooSmall({ pixel, tracks:"
                       "{ rows: { cell: rows }, columns: { cell: columns } } }))",
                 [list(one) for one in sizes])
    assert found == [False, True, True, True, False]
    assert call(page, "tooSmall({ tracks: null, pixel: 1 })") is False


def test_a_tile_is_named_by_its_indices(page):
    axes = [{"letter": "n", "mark": "", "size": 2}, {"letter": "h", "mark": "′", "size": 3}]
    assert call(page, "[0, 4, 5].map((place) => placeName(a[0], place))", axes) == [
        "n=0, h′=0", "n=1, h′=1", "n=1, h′=2"]
    assert call(page, "placeName([], 0)") == ""


# --- places ---

TRACKS = """((spec, width, height, pixel, least) => {
  const found = tracksOf(pageOf(spec), width, height, pixel, least);
  return ["rows", "columns"].map((name) => {
    const { starts, ends, kinds, total, cell, side } = found[name];
    return { starts: [...starts], ends: [...ends], kinds: [...kinds], total, cell,
      separators: side.separators, count: side.count };
  });
})(...a)"""


def tracks(page, n, h, mode, width, height=420, pixel=1, least=1):
    spec = make_spec("nh", "mk", "", 1.0, {"n": n, "h": h, "m": n, "k": h}, mode)
    spec["core"]["values"] = [1]
    return call(page, TRACKS, spec, width, height, pixel, least)


@pytest.mark.parametrize("mode", ["tiles", "blocks"])
@pytest.mark.parametrize("n, h, width, pixel", [(2, 3, 900, 1), (3, 4, 520, 1), (3, 4, 700, 2),
                                                (5, 6, 420, 1.25), (9, 8, 640, 1)])
def test_every_pixel_of_large_cells_is_a_cell_its_middle_a_line_or_an_edge(
        page, mode, n, h, width, pixel):
    kind, sides = call(page, "KIND"), tracks(page, n, h, mode, width, pixel=pixel)
    smaller = min(track["cell"] for track in sides)
    wide = smaller >= 5 * pixel
    edge = kind["edge"] if wide else kind["line"]
    for track in sides:
        starts, ends, total = track["starts"], track["ends"], track["total"]
        pixels = [kind["outside"]] * total
        pixels[0] = pixels[-1] = edge
        for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
            between = [one["kind"] for one in track["separators"] if i % one["every"] == 0]
            if i and between[:1] == ["gap"]:
                pixels[ends[i - 1]] = pixels[start - 1] = edge
            elif i:
                last = ends[i - 1]
                pixels[last:start] = [edge if between else kind["line"]] * (start - last)
            pixels[start:end] = [kind["cell"]] * (end - start)
            dots = [k for k in range(start, end) if track["kinds"][k] == kind["centre"]]
            if dots:
                assert dots == list(range(dots[0], dots[-1] + 1))
                assert len(dots) == max(2, int(smaller / 9 + 0.5))  # a ninth of a cell
                assert abs((dots[0] - start) - (end - 1 - dots[-1])) <= 1
                pixels[dots[0]:dots[-1] + 1] = [kind["centre"]] * len(dots)
        assert track["kinds"] == pixels
        assert (kind["centre"] in pixels) == (smaller >= 9 * pixel)
        assert starts[0] == 1 and ends[-1] == total - 1
        for i, (end, start) in enumerate(zip(ends, starts[1:], strict=False), 1):
            if all(i % one["every"] for one in track["separators"]):  # nothing but a line
                assert start - end == wide


@pytest.mark.parametrize("mode", ["tiles", "blocks"])
def test_cells_are_whole_and_as_large_as_the_room_allows(page, mode):
    for n, h, width, height, pixel in [(1, 1, 900, 420, 1), (2, 3, 900, 420, 2),
                                       (3, 4, 520, 420, 1), (3, 4, 300, 420, 1),
                                       (6, 7, 900, 300, 1), (5, 5, 640, 200, 1.25)]:
        rows, columns = tracks(page, n, h, mode, width, height, pixel)
        assert rows["total"] <= height and columns["total"] <= width
        assert rows["cell"] <= 34 * pixel and columns["cell"] <= 46 * pixel
        for track, room, most in ((rows, height, 34), (columns, width, 46)):
            if track["cell"] >= 4 * pixel:
                assert track["cell"] == int(track["cell"])
            track["full"] = track["total"] + track["count"] * 1.4 > room or (
                track["cell"] == int(most * pixel))
        assert rows["full"] or columns["full"]  # one more pixel, and they would not fit
        if min(rows["cell"], columns["cell"]) >= 12 * pixel:
            assert rows["cell"] <= columns["cell"] <= 1.4 * rows["cell"]
            assert columns["full"] or columns["cell"] == int(1.4 * rows["cell"])


@pytest.mark.parametrize("mode", ["tiles", "blocks"])
def test_a_screen_of_twice_the_pixels_shows_the_same_picture_twice_as_fine(page, mode):
    for n, h, width in ((2, 3, 900), (3, 4, 520), (5, 6, 420), (9, 8, 640)):
        for one, two in zip(tracks(page, n, h, mode, width),
                            tracks(page, n, h, mode, 2 * width, 840, 2), strict=True):
            assert abs(two["cell"] - 2 * one["cell"]) <= 2
            gaps = [np.subtract(track["starts"][1:], track["ends"][:-1]) for track in (one, two)]
            apart = gaps[0] > 1  # lines between cells are one pixel on every screen
            assert np.abs(gaps[1] - 2 * gaps[0])[apart].max(initial=0) <= 2
            if mode == "tiles" and apart.any():
                assert 3 <= gaps[0][apart].min() and gaps[0].max() <= 13  # with a line


def test_small_cells_stretch_until_the_picture_is_square(page):
    for pixel in (1, 2):  # and to no more than twelve CSS pixels
        rows, columns = tracks(page, 2, 200, "tiles", 900 * pixel, 420 * pixel, pixel)
        assert columns["cell"] < 3 * pixel and rows["cell"] == 12 * pixel
    rows, columns = tracks(page, 32, 32, "blocks", 520)
    assert rows["cell"] == columns["cell"] < 1 and rows["total"] <= 420
    assert 400 < rows["total"] == columns["total"]
    assert min(end - start for start, end in zip(rows["starts"], rows["ends"], strict=True)) == 1
    wide = tracks(page, 32, 32, "blocks", 520, least=2)[0]
    assert min(end - start for start, end in zip(wide["starts"], wide["ends"], strict=True)) == 2
    assert wide["total"] <= 420


def test_a_pixel_belongs_to_the_cells_within_reach_or_to_the_nearest(page):
    chance = random.Random(6)
    for _ in range(30):
        starts, ends, at = [], [], 1
        for _ in range(chance.randint(1, 8)):
            starts.append(at)
            ends.append(at + chance.randint(1, 6))
            at = ends[-1] + chance.randint(-1, 9) * (ends[-1] - starts[-1] > 1)
        asked = [[pixel, reach] for pixel in range(-3, at + 9) for reach in (0, 2, 5)]
        found = call(page, "a[1].map(([pixel, reach]) => cellsAt(a[0], pixel, reach))",
                     {"starts": starts, "ends": ends}, asked)
        for (pixel, reach), (first, last) in zip(asked, found, strict=True):
            far = [max(start - pixel, pixel - end, 0)
                   for start, end in zip(starts, ends, strict=True)]
            near = [i for i, (start, end) in enumerate(zip(starts, ends, strict=True))
                    if end > pixel - reach and start <= pixel + reach]
            if near:
                assert (first, last) == (near[0], near[-1]), (starts, ends, pixel, reach)
            else:
                assert first == last and far[first] == min(far), (starts, ends, pixel, reach)


def test_indices_are_written_where_they_fit_and_of_the_outermost_each_second_or_fifth(page):
    def step(every, size, outermost, needed):
        track = {"side": {"count": 40}, "starts": list(range(0, 400, 10)), "total": 401}
        level = {"every": every, "axis": {"size": size}}
        return call(page, "labelStep(a[0], a[1], a[2], a[3])", track, level, outermost, needed)

    assert step(1, 40, True, 10) == 1 and step(1, 40, True, 11) == 2 and step(1, 40, True, 25) == 5
    assert step(1, 40, False, 10) == 1 and step(1, 40, False, 11) is None
    assert step(4, 10, False, 40) == 1 and step(4, 10, True, 41) == 2
    assert step(1, 5, True, 50) == 5 and step(1, 4, True, 50) is None
    assert step(40, 1, True, 401) == 1 and step(40, 1, True, 402) is None
