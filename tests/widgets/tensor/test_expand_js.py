"""A full Jacobian from its pattern, and its place on the page: the arithmetic against NumPy."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.browser.bare import call
from tests.widgets.tensor.tensor_page import make_spec, open_tensor_page, relu, show

HELP = """
/** Both ways to write a tensor, entry by entry and into zeros, and how often each was visited. */
const writtenBothWays = (spec) => {
  const { counts } = pageOf(spec), size = counts.outer * counts.inner;
  const dense = new Array(size).fill(0), visits = new Array(size).fill(0);
  forEachNonzero(spec, (o, i, value) => {
    dense[o * counts.inner + i] = value;
    visits[o * counts.inner + i]++;
  });
  const split = (at) => [Math.floor(at / counts.inner), at % counts.inner];
  const each = dense.map((_, at) => entryAt(spec, ...split(at)));
  return { dense, each, visits, structural: countStructural(spec), count: countEntries(spec) };
};
const placesOf = (spec) => {
  const page = pageOf(spec), places = [];
  for (let o = 0; o < page.counts.outer; o++) for (let i = 0; i < page.counts.inner; i++) {
    const row = page.rowOfOuter[o] + page.rowOfInner[i];
    const column = page.columnOfOuter[o] + page.columnOfInner[i];
    const back = entryOnPage(page, row, column);
    places.push([row, column, back.outer === o && back.inner === i]);
  }
  return places;
};
const tracks = (spec, width, height, pixel) => {
  const found = tracksOf(pageOf(spec), width, height, pixel);
  return Object.fromEntries(Object.entries(found).map(([name, track]) => [name, {
    starts: [...track.starts], ends: [...track.ends], total: track.total, cell: track.cell,
    every: track.side.separators.map(({ every }) => every),
    found: [...track.starts].every((start, i) => {
      const range = cellsAt(track, start);
      return range[0] <= i && i <= range[1];
    }),
  }]));
};
Object.assign(window, { writtenBothWays, placesOf, tracks });
"""


@pytest.fixture(scope="module")
def tab(browser):
    tab = open_tensor_page(browser, HELP)
    yield tab
    tab.close()


def full_tensor(spec):
    """The tensor entry by entry from the definition of its pattern."""
    axes = spec["outer"] + spec["inner"]
    sizes = {axis["letter"]: axis["size"] for axis in axes}
    letters = spec["core"]["letters"]
    core = np.reshape(spec["core"]["values"], [sizes[letter] for letter in letters])
    J = np.zeros([axis["size"] for axis in axes])
    for index in np.ndindex(J.shape):
        seen = {}
        pairs = zip(axes, index, strict=True)
        if all(seen.setdefault(axis["letter"], i) == i for axis, i in pairs):
            J[index] = core[tuple(seen[letter] for letter in letters)]
    return J


@st.composite
def specs(draw):
    """Any pattern: deltas, constants, any core, sizes from 0, at most 3 axes a side."""
    sizes = {letter: draw(st.integers(0, 4)) for letter in "abcd"}
    side = st.lists(st.sampled_from("abcd"), max_size=3, unique=True)
    outer, inner = draw(side), draw(side)
    distinct = sorted({*outer, *inner})
    letters = draw(st.permutations(distinct))[: draw(st.integers(0, len(distinct)))]
    core = np.random.default_rng(draw(st.integers(0, 99))).normal(size=[sizes[k] for k in letters])
    mode = draw(st.sampled_from(["tiles", "blocks"]))
    return make_spec(outer, inner, letters, core, sizes, mode)


def dense(order, mode):
    """No delta, and every step through the core another one."""
    sizes = dict(zip("abcd", (3, 2, 4, 2), strict=True))
    core = np.arange(48.0).reshape([sizes[letter] for letter in order])
    return make_spec("ab", "cd", order, core, sizes, mode)


@given(spec=specs())
@example(dense("abcd", "tiles"))
@example(dense("dbca", "blocks"))
def test_every_pattern_is_written_as_numpy_writes_it(tab, spec):
    J = full_tensor(spec)
    found = call(tab, "writtenBothWays(read(a[0]))", spec)
    assert found["dense"] == found["each"] == J.ravel().tolist()
    visits = np.array(found["visits"], dtype=int)
    assert found["count"] == J.size and found["structural"] == visits.sum()
    assert set(visits.tolist()) <= {0, 1}


@given(spec=specs())
def test_rows_and_columns_are_those_of_numpy(tab, spec):
    split = len(spec["outer"])
    shape = [axis["size"] for axis in spec["outer"] + spec["inner"]]
    outer, inner = shape[:split], shape[split:]
    order = np.arange(math.prod(shape)).reshape(math.prod(outer), math.prod(inner))
    if spec["mode"] == "tiles":
        heights = math.prod(outer[:-1]), math.prod(inner[:-1])
        widths = math.prod(outer[-1:]), math.prod(inner[-1:])
        grid = order.reshape(heights[0], widths[0], heights[1], widths[1]).transpose(0, 2, 1, 3)
        order = grid.reshape(math.prod(heights), math.prod(widths))
    places = call(tab, "placesOf(read(a[0]))", spec)
    assert len(places) == order.size
    assert [order[row, column] for row, column, _ in places] == list(range(order.size))
    assert all(back for *_, back in places)


@given(spec=specs(), width=st.integers(60, 1500), height=st.integers(60, 500),
       pixel=st.sampled_from([1, 1.25, 2]))
def test_every_cell_has_its_place_and_all_fit(tab, spec, width, height, pixel):
    if 0 in (axis["size"] for axis in spec["outer"] + spec["inner"]):
        return
    found = call(tab, "tracks(a[0], a[1], a[2], a[3])", spec, width, height, pixel)
    for track, room in ((found["columns"], width), (found["rows"], height)):
        starts, ends = np.array(track["starts"]), np.array(track["ends"])
        assert track["total"] <= room and track["found"]
        assert (ends > starts).all()
        assert track["cell"] < 1 or (starts[1:] >= ends[:-1]).all()
        gaps = starts[1:] - ends[:-1]
        if track["cell"] < 5 * pixel or not gaps.size:
            continue
        assert len(set(ends - starts)) == 1
        apart = [any(i % every == 0 for every in track["every"]) for i in range(1, len(starts))]
        assert all(gaps[k] > 1 if is_apart else gaps[k] <= 1 for k, is_apart in enumerate(apart))


def test_entries_are_named_and_explained(tab):
    def said(spec, outer, inner):
        return call(tab, "describeEntry(read(a[0]), a[1], a[2])", spec, outer, inner)

    spec = relu(3, 4, entries={6: 0.0})
    assert said(spec, 5, 5) == "∂Y[1,1]/∂X[1,1] = 1"
    assert said(spec, 6, 6) == "∂Y[1,2]/∂X[1,2] = 0"
    assert said(spec, 6, 2) == "∂Y[1,2]/∂X[0,2] = 0 because n ≠ n′ (1 ≠ 0)"
    assert said(spec, 6, 1) == (
        "∂Y[1,2]/∂X[0,1] = 0 because n ≠ n′ (1 ≠ 0) and h ≠ h′ (2 ≠ 1)")
    for axis in spec["outer"]:  # the denominator layout: the axes of X come first
        axis["mark"] = "′"
    for axis in spec["inner"]:
        axis["mark"] = ""
    assert said(spec, 2, 6) == "∂Y[1,2]/∂X[0,2] = 0 because n ≠ n′ (1 ≠ 0)"
    bias = make_spec("nk", "k", "", 1.0, {"n": 3, "k": 2}, name="∂Y/∂b")
    assert said(bias, 3, 1) == "∂Y[1,1]/∂b[1] = 1"
    loss = make_spec("", "h", "h", [0.5, math.nan], {"h": 2}, name="∂L/∂x")
    assert said(loss, 0, 1) == "∂L/∂x[1] = nan"
    assert said(loss | {"name": "J"}, 0, 0) == "J[0] = 0.5"


def test_a_highlight_is_an_entry_a_tile_a_row_a_column_or_one_cell_of_each_tile(tab):
    def marked(mode, highlight):
        found = call(tab, "markedCells(pageOf(read(a[0])), a[1])", relu(3, 4, mode), highlight)
        return [(one["row"], one["column"], one["rows"], one["columns"]) for one in found]

    assert marked("tiles", {"outer": 5}) == [(3, 4, 3, 4)]
    assert marked("tiles", {"outer": 5, "inner": 7}) == [(4, 7, 1, 1)]
    assert marked("tiles", {"inner": 7}) == [
        (3 * row + 1, 4 * column + 3, 1, 1) for row in range(3) for column in range(4)]
    assert marked("blocks", {"outer": 5}) == [(5, 0, 1, 12)]
    assert marked("blocks", {"inner": 5}) == [(0, 5, 12, 1)]
    assert marked("blocks", {"outer": 0, "inner": 11}) == [(0, 11, 1, 1)]
    for mode in ("tiles", "blocks"):
        for highlight in ({}, {"outer": 12}, {"inner": 12}, {"outer": 0, "inner": 12}):
            assert marked(mode, highlight) == []


def test_a_picture_says_what_it_is(tab):
    end = "Arrow keys read entries, with Shift a tile or block further; Escape ends."
    assert call(tab, "tensorLabel(read(a[0]), 132)", relu(3, 4)) == (
        f"∂Y/∂X as tiles: n 3, h 4 by n′ 3, h′ 4; 144 entries, 132 of them exactly 0. {end}")
    loss = make_spec("", "h", "h", [0.5, 2], {"h": 2}, "blocks", name="∂L/∂x")
    assert call(tab, "tensorLabel(read(a[0]), 0)", loss) == (
        f"∂L/∂x as a block matrix: one number by h′ 2; 2 entries, 0 of them exactly 0. {end}")


@given(spec=specs())
def test_an_entry_is_never_anything_but_0_where_tied_indices_differ(tab, spec):
    axes, split = spec["outer"] + spec["inner"], len(spec["outer"])
    shape = [axis["size"] for axis in axes]
    sizes = math.prod(shape[:split]), math.prod(shape[split:])
    pairs = [[o, i] for o in range(sizes[0]) for i in range(sizes[1])][:200]
    found = call(tab, "a[1].map(([o, i]) => isStructural(read(a[0]), o, i))", spec, pairs)
    for (outer, inner), never in zip(pairs, found, strict=True):
        index = [*np.unravel_index(outer, shape[:split]), *np.unravel_index(inner, shape[split:])]
        letters = [axis["letter"] for axis in axes]
        assert never == (len(set(zip(letters, index, strict=True))) > len(set(letters)))


def test_entries_whose_indices_agree_along_two_axes_are_all_visited_once(tab):
    spec = make_spec("nh", "mk", "nhmk", np.ones((2, 3, 4, 3)), {"n": 2, "h": 3, "m": 4, "k": 3})
    found = call(tab, "(() => { const all = []; forEachTied(read(a[0]), 1, 1, (o, i) => "
                      "all.push([o, i])); return all; })()", spec)
    assert sorted(found) == [[o, i] for o in range(6) for i in range(12) if o % 3 == i % 3]


def test_an_entry_is_seen_where_its_cell_stands_and_never_too_small(tab):
    def seen(*entries):
        boxes = call(tab, "a[0].map(([outer, inner]) => view.seenAt({ outer, inner }))",
                     [list(entry) for entry in entries])
        for box in boxes:
            assert box["clientX"] == pytest.approx(box["left"] + box["width"] / 2)
            assert box["clientY"] == pytest.approx(box["top"] + box["height"] / 2)
        return boxes

    tab.evaluate("document.body.innerHTML = '<div class=\"tm-root\"></div>'")
    show(tab, relu(32, 32, "blocks"))
    first, middle, last = seen((0, 0), (511, 511), (1023, 1023))
    assert all(5 <= one["width"] <= 7 and 5 <= one["height"] <= 7 for one in (first, middle, last))
    assert middle["clientX"] - first["clientX"] == pytest.approx(
        511 / 1023 * (last["clientX"] - first["clientX"]), abs=2)
    show(tab, relu(3, 4, "blocks"))
    one, right, below = seen((0, 0), (0, 1), (1, 0))
    assert right["left"] - one["left"] == pytest.approx(one["width"] - 1, abs=0.1)
    assert below["top"] - one["top"] == pytest.approx(one["height"] - 1, abs=0.1)
    assert (right["top"], below["left"]) == (one["top"], one["left"])
    canvas = tab.locator("canvas").first.bounding_box()
    corner = seen((11, 11))[0]
    for place, size in (("left", "width"), ("top", "height")):
        begun = canvas["x" if place == "left" else "y"]
        assert begun < corner[place] < corner[place] + corner[size] <= begun + canvas[size]


def test_shades_grow_with_size_and_zero_nan_and_infinity_stand_apart(tab):
    values = [0.0, -0.0, -1e-300, 1e-300, -0.5, 0.5, -2.0, 2.0, math.inf, math.nan]
    codes = call(tab, "a[0].map((value) => codeOf(value, 2))", values)
    assert codes[0] == codes[1] and codes[7] == codes[8]
    assert codes[1:8] == sorted(set(codes[:8])) and codes[9] > codes[8]
    assert call(tab, "[codeOf(5e-324, 5e-324), codeOf(-Infinity, 0)]") == [codes[7], codes[6]]


@pytest.mark.parametrize("value, decimals, text", [
    (0.256, 1, "0.3"), (-0.25, 4, "−0.25"), (0.04, 1, "0.04"), (-3e-7, 2, "−3e−7"), (0.0, 1, "0"),
    (2.0, 1, "2"), (math.nan, 1, "nan"), (-math.inf, 1, "−∞"), (0.00012, 3, "1e−4"),
])
def test_a_short_number_is_never_a_false_zero(tab, value, decimals, text):
    assert call(tab, "shortNumber(a[0], a[1])", value, decimals) == text
