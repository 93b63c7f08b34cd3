"""The picture of a full Jacobian: its pixels, marks, pointer and keys, and the widget around it."""

import itertools
import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.bare import call
from tests.browser.lab import new_notebook, open_notebook, output
from tests.browser.tabs import open_tab
from tests.widgets.tensor.tensor_page import (
    HATCH,
    MARK,
    NEGATIVE,
    POSITIVE,
    make_spec,
    open_tensor_page,
    positions,
    relu,
    show,
)


@pytest.fixture(scope="module")
def tab(browser):
    tab = open_tensor_page(browser)
    yield tab
    tab.close()


@pytest.fixture
def page(tab):
    tab.errors.clear()
    tab.evaluate("document.body.innerHTML = '<div class=\"tm-root\"></div><button>after</button>'")
    tab.evaluate("document.body.dataset.jpThemeLight = 'true'")
    tab.mouse.move(990, 690)
    yield tab
    assert tab.errors == []


# --- pixels ---


@pytest.mark.parametrize("mode", ["tiles", "blocks"])
@pytest.mark.parametrize("width", [900, 520, 340, 90])
@pytest.mark.parametrize("size", [(3, 4), (6, 7), (32, 32), (1, 1), (2, 200), (1024, 1)])
def test_the_whole_picture_fits_its_box(page, mode, width, size):
    view = show(page, relu(*size, mode), width)
    box = view.locator("canvas").first.bounding_box()
    assert 0 < box["width"] <= width and 0 < box["height"] <= 421
    assert view.evaluate("(e) => e.scrollWidth <= e.clientWidth")


def test_it_follows_the_width_of_its_host(page):
    view = show(page, relu(3, 4), 900)
    widths = []
    for width in (900, 340, 520):
        host = page.locator(".tm-root > div")
        host.evaluate("(e, width) => { e.style.width = width }", f"{width}px")
        page.evaluate("settled()")
        widths.append(view.locator("canvas").first.bounding_box()["width"])
    assert widths[1] < widths[2] < widths[0] and widths[1] > 250


def test_a_zero_of_the_pattern_looks_different_from_a_zero_of_the_core(page):
    view = show(page, relu(1, 2, "blocks", entries={0: 0.0}))
    expect(view).to_have_attribute("aria-label", re.compile("4 entries, 3 of them exactly 0"))
    grey, white, blue = (len(positions(page, c)) for c in (HATCH, (255, 255, 255, 255), POSITIVE))
    assert min(grey, white, blue) > 400
    assert grey > 1.8 * blue  # two cells are tied to nothing, one is 1


def test_numbers_are_written_where_they_fit(page):
    page.evaluate("""() => {
      window.drawn = [];
      const { fillText } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
        drawn.push(text);
        fillText.call(this, text, ...rest);
      };
      window.restore = () => { CanvasRenderingContext2D.prototype.fillText = fillText; };
    }""")
    core = np.array([[0.25, -1.5, np.nan], [np.inf, 0, -2e-7]])
    spec = make_spec("h", "m", "hm", core, {"h": 2, "m": 3}, "blocks")
    show(page, spec)
    drawn = call(page, "drawn")
    show(page, relu(30, 30))
    small = call(page, "drawn").copy()[len(drawn):]
    page.evaluate("restore()")
    assert drawn[:6] == ["0.25", "−1.50", "nan", "∞", "0", "−2e−7"]
    assert {"m′", "h", "=", "0", "1", "2"} <= set(drawn[6:])
    assert "1" not in small[:1] and {"n", "h", "n′↓", "h′→"} <= set(small)


@pytest.mark.parametrize("width", [900, 520, 340])
def test_a_thin_diagonal_never_vanishes(page, width):
    """1024 entries among 1,048,576, on far fewer pixels: the diagonal goes on without a hole."""
    show(page, relu(32, 32, "blocks"), width)
    blue = positions(page, POSITIVE)
    x, y = blue[:, 0], blue[:, 1]
    left, top = x.min(), y.min()
    side = x.max() - left
    assert side > 200 and abs((x - left) - (y - top)).max() <= 3
    assert np.diff(np.unique(y)).max() <= 3


@pytest.mark.parametrize("mode", ["tiles", "blocks"])
def test_where_entries_share_a_pixel_the_largest_shows(page, mode):
    core = np.full((30, 30, 30, 30), 1e-3)
    for place in ([3, 7, 11, 2], [29, 0, 0, 29], [15, 15, 15, 15]):
        core[tuple(place)] = -4.0
    show(page, make_spec("nh", "mk", "nhmk", core, dict.fromkeys("nhmk", 30), mode))
    assert len(positions(page, NEGATIVE)) == 3


def test_the_theme_changes_the_colours_at_once(page):
    show(page, relu(3, 4))
    assert len(positions(page, POSITIVE)) > 0
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.evaluate("settled()")
    assert len(positions(page, POSITIVE)) == 0 and len(positions(page, (83, 155, 245))) > 0
    page.evaluate("view.destroy()")
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    expect(page.get_by_role("application")).to_have_count(0)


@pytest.mark.parametrize("sizes", [{"n": 0, "h": 4}, {"n": 3, "h": 0}])
def test_no_entries_are_an_empty_picture_that_says_so(page, sizes):
    view = show(page, make_spec("nh", "nh", "nh", np.zeros((sizes["n"], sizes["h"])), sizes))
    expect(view).to_have_attribute("aria-label", re.compile("0 entries, 0 of them exactly 0"))
    view.focus()
    page.keyboard.press("ArrowRight")
    page.mouse.move(40, 20)
    assert call(page, "points") == []
    call(page, "(view.update(read(a[0])), 0)", relu(2, 2))
    assert len(positions(page, POSITIVE)) > 0


def test_an_update_draws_the_new_numbers_and_the_same_spec_only_moves_the_marks(page):
    show(page, relu(3, 4))
    before = len(positions(page, POSITIVE))
    spec = relu(3, 4, entries={0: 0.0})
    call(page, "(window.spec = read(a[0]), view.update(window.spec), 0)", spec)
    after = len(positions(page, POSITIVE))
    assert 0.9 < after / (before * 11 / 12) < 1.1
    page.evaluate("""() => {
      const context = document.querySelector('.tm-tensor-cells').getContext('2d');
      context.fillStyle = '#00ff00';
      context.fillRect(0, 0, 3, 3);
    }""")
    call(page, "(view.update(window.spec, { outer: null, inner: 3 }), 0)")
    assert len(positions(page, (0, 255, 0))) == 9


@pytest.mark.parametrize("mode", ["tiles", "blocks"])
def test_highlights_are_marked_and_go_away(page, mode):
    shares = {}
    for name, highlight in {"inner": {"inner": 5}, "outer": {"outer": 5, "inner": None},
                            "both": {"outer": 5, "inner": 5}}.items():
        show(page, relu(3, 4, mode), highlight=highlight)
        marked = positions(page, MARK, "marks")
        assert len(marked) > 50
        shares[name] = np.ptp(marked, axis=0)
        call(page, "(view.update(window.spec, {}), 0)")
        assert len(positions(page, MARK, "marks")) == 0
    width = page.locator("canvas").first.bounding_box()["width"]
    if mode == "tiles":  # one cell in each tile; one tile
        assert shares["inner"][0] > 0.6 * width and shares["outer"][0] < 0.3 * width
    else:  # a column; a row
        assert shares["inner"][0] < 0.2 * width and shares["outer"][0] > 0.6 * width


def test_a_mark_is_never_too_small_to_see(page):
    for n, h in ((32, 32), (3, 4)):
        show(page, relu(n, h, "blocks"), highlight={"outer": n * h // 2, "inner": n * h // 2})
        x, y = np.ptp(positions(page, MARK, "marks"), axis=0)
        assert (x, y) == (7, 7) if n == 32 else x > 30


@pytest.mark.parametrize("highlight", [{"outer": 12}, {"inner": 12}, {"outer": 99, "inner": 0}])
def test_a_highlight_outside_marks_nothing(page, highlight):
    show(page, relu(3, 4), highlight=highlight)
    assert len(positions(page, MARK, "marks")) == 0


# --- pointer and keys ---


def lone_entry(shape, entry, mode):
    """A spec of tied letters in which only one entry, (flat outer, flat inner), is not 0."""
    core = np.zeros(shape)
    core.reshape(math.prod(shape[:2]), -1)[entry] = 3.0
    return make_spec("nh", "mk", "nhmk", core, dict(zip("nhmk", shape, strict=True)), mode)


@pytest.mark.parametrize("mode", ["tiles", "blocks"])
@pytest.mark.parametrize("shape, entries", [
    ((3, 4, 3, 4), [(0, 0), (5, 6), (11, 11), (3, 8)]), ((2, 3, 4, 1), [(5, 3), (0, 1)]),
    ((9, 8, 7, 6), [(70, 40), (13, 0)]), ((20, 20, 20, 20), [(399, 0), (123, 321)]),
])
def test_the_pointer_finds_the_entry_that_is_drawn_there(page, mode, shape, entries):
    for entry in entries:
        canvas = show(page, lone_entry(shape, entry, mode)).locator("canvas").first
        blue = positions(page, POSITIVE)
        x, y = (blue.min(axis=0) + blue.max(axis=0)) / 2
        box = canvas.bounding_box()
        page.mouse.move(box["x"] + x + 0.5, box["y"] + y + 0.5)
        assert call(page, "points.at(-1)") == {"outer": entry[0], "inner": entry[1]}
        assert len(positions(page, MARK, "marks")) > 10


def test_pointing_tells_each_entry_once_and_leaving_once(page):
    box = show(page, relu(3, 4, "blocks")).locator("canvas").first.bounding_box()
    for x in np.linspace(0.5, 0.6, 30):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.move(990, 690)
    points = call(page, "points")
    assert points[-1] is None and points.count(None) == 1
    assert all(a != b for a, b in itertools.pairwise(points)) and len(points) <= 4
    assert len(positions(page, MARK, "marks")) == 0


def test_a_single_bright_pixel_can_be_pointed_at(page):
    """In a ReLU of 32 × 32 an entry is less than a pixel: the pointer snaps to what is not 0."""
    box = show(page, relu(32, 32, "blocks"), 520).locator("canvas").first.bounding_box()
    blue = positions(page, POSITIVE)
    for x, y in blue[[10, len(blue) // 2, -10]] + [1, -1]:
        page.mouse.move(box["x"] + float(x), box["y"] + float(y))
        point = call(page, "points.at(-1)")
        assert point["outer"] == point["inner"]


def test_a_touch_points_and_stays(page):
    view = show(page, relu(3, 4, "blocks"))
    box = view.locator("canvas").first.bounding_box()
    at = {"clientX": box["x"] + 0.5 * box["width"], "clientY": box["y"] + 0.5 * box["height"]}
    for kind in ("pointerdown", "pointerup", "pointerleave"):
        view.dispatch_event(kind, {**at, "pointerType": "touch", "bubbles": True})
    assert len(call(page, "points")) == 1 and call(page, "points[0]") is not None


def lens(page):
    """The 25 texts of the lens, or None where there is none to see."""
    cells = page.locator(".tm-lens:popover-open .tm-lens-cell")
    return cells.all_inner_texts() or None


def test_small_cells_have_a_lens_and_large_ones_have_not(page):
    values = np.linspace(-1, 1, 1024)
    spec = make_spec("nh", "nh", "nh", values.reshape(32, 32), {"n": 32, "h": 32}, "blocks")
    view = show(page, spec, 520)
    view.focus()
    page.keyboard.press("ArrowRight")  # the first corner: above and left of it is nothing
    one, two, three = (f"{value:.4g}".replace("-", "−") for value in values[:3])
    assert lens(page) == [*[""] * 12, one, "0", "0", "", "", "0", two, "0", "", "", "0", "0", three]
    borders = page.locator(".tm-lens-cell").evaluate_all("""(all) => ["left", "top"].map((side) =>
      all.flatMap((one, i) => (one.classList.contains(`tm-lens-${side}`) ? [i] : [])))""")
    assert borders == [[12, 17, 22], [12, 13, 14]]  # where the first block begins
    beside = page.locator(".tm-lens").bounding_box()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert lens(page)[10:15] == ["0", "0", "0", "0", ""]
    moved = page.locator(".tm-lens").bounding_box()
    assert moved["x"] > beside["x"] and moved["x"] + moved["width"] <= 1000
    page.keyboard.press("Escape")
    assert lens(page) is None
    show(page, relu(3, 4), 520)
    page.mouse.move(200, 200)
    assert lens(page) is None and call(page, "points.length") > 0


@pytest.mark.parametrize("kind", ["mouse", "touch"])
def test_the_lens_stands_beside_the_pointer_and_goes_with_it(page, kind):
    view = show(page, relu(32, 32), 520)
    box = view.locator("canvas").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    point = """([name, pointerType, clientX, clientY]) => document.querySelector(".tm-tensor")
      .dispatchEvent(new PointerEvent(name, { pointerType, clientX, clientY, bubbles: true }))"""
    page.evaluate(point, ["pointermove", kind, x, y])
    beside = page.locator(".tm-lens:popover-open").bounding_box()
    assert beside["x"] > x + 10  # a finger or pointer does not hide it
    assert lens(page)[12] in ("0", "1")
    page.evaluate("document.dispatchEvent(new Event('scroll'))")
    assert lens(page) is None
    page.evaluate(point, ["pointermove", kind, x, y])
    page.evaluate(point, ["pointerleave", "mouse", 2, 2])
    assert lens(page) is None


@pytest.mark.parametrize("mode", ["tiles", "blocks"])
@pytest.mark.parametrize("equal", [[0, 0], [1, 1], [0, 1]])
def test_where_two_axes_agree_stays_bright(page, mode, equal):
    spec = relu(3, 3, mode)
    show(page, spec, 520, {"equal": equal})
    bright = call(page, """(() => {
      const found = [], { rowOfOuter, rowOfInner, columnOfOuter, columnOfInner } = pageOf(spec);
      const context = document.querySelector(".tm-tensor-marks").getContext("2d");
      for (let o = 0; o < 9; o++) for (let i = 0; i < 9; i++) {
        const at = view.seenAt({ outer: o, inner: i });
        const box = document.querySelector(".tm-tensor-marks").getBoundingClientRect();
        const { data } = context.getImageData(at.clientX - box.left, at.clientY - box.top, 1, 1);
        if (data[3] === 0) found.push([o, i]);
      }
      return found; })()""")
    assert bright == [[o, i] for o in range(9) for i in range(9)
                      if divmod(o, 3)[equal[0]] == divmod(i, 3)[equal[1]]]


def test_the_picture_is_described_and_read_by_keys(page):
    view = show(page, relu(3, 4, entries={5: 0.0}))
    label = ("∂Y/∂X as tiles: n 3, h 4 by n′ 3, h′ 4; 144 entries, 133 of them exactly 0. "
             "Arrow keys read entries, with Shift a tile or block further; Escape ends.")
    expect(view).to_have_attribute("aria-label", label)
    assert view.evaluate("(e) => getComputedStyle(e).outlineStyle") == "none"
    page.keyboard.press("Tab")
    expect(view).to_be_focused()
    assert view.evaluate("(e) => getComputedStyle(e).outlineStyle") == "solid"
    live = view.locator("[aria-live]")
    for keys, said in [
        ("ArrowRight", "∂Y[0,0]/∂X[0,0] = 1"),
        ("ArrowRight", "∂Y[0,0]/∂X[0,1] = 0 because h ≠ h′ (0 ≠ 1)"),
        ("ArrowDown", "∂Y[0,0]/∂X[1,1] = 0 because n ≠ n′ (0 ≠ 1) and h ≠ h′ (0 ≠ 1)"),
        ("Shift+ArrowRight", "∂Y[0,1]/∂X[1,1] = 0 because n ≠ n′ (0 ≠ 1)"),
        ("Shift+ArrowDown", "∂Y[1,1]/∂X[1,1] = 0"),
        ("End", "∂Y[1,3]/∂X[1,3] = 1"), ("ArrowRight", "∂Y[1,3]/∂X[1,3] = 1"),
        ("Home", "∂Y[1,0]/∂X[1,0] = 1"), ("ArrowLeft", "∂Y[1,0]/∂X[1,0] = 1"),
        ("ArrowUp", "∂Y[1,0]/∂X[0,0] = 0 because n ≠ n′ (1 ≠ 0)"),
    ]:
        page.keyboard.press(keys)
        expect(live).to_have_text(said)
    assert call(page, "points.at(-1)") == {"outer": 4, "inner": 0}
    page.keyboard.press("Escape")
    expect(live).to_have_text("")
    assert call(page, "points.at(-1)") is None
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="after")).to_be_focused()


def test_pointing_survives_new_numbers_but_not_a_smaller_tensor(page):
    view = show(page, relu(3, 4))
    view.focus()
    for key in ("ArrowRight", "End", "Shift+ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    call(page, "(view.update(read(a[0])), 0)", relu(3, 4, entries={0: 0.0}))
    assert len(positions(page, MARK, "marks")) > 0
    call(page, "(view.update(read(a[0])), 0)", relu(2, 2))
    assert len(positions(page, MARK, "marks")) == 0
    page.keyboard.press("ArrowRight")
    expect(view.locator("[aria-live]")).to_have_text("∂Y[0,0]/∂X[0,0] = 1")


# --- the widget ---


@pytest.fixture
def notebook(context, lab):
    with open_tab(context, lab) as notebook:
        yield notebook


def test_the_widget_in_a_notebook(notebook, lab):
    cells = [
        "import numpy as np\nfrom helpers import OPERATIONS, TensorView\n"
        "X = np.array([[1.0, -2.0, 3.0, -4.0]] * 3)\n"
        "view = TensorView(OPERATIONS['relu'].jacobian(X), axes='n h, n h')\nview",
        "import asyncio\nwhile view.pointed != ((0, 0), (0, 1)):\n    await asyncio.sleep(0.05)\n"
        "print(view.mode)\nview.tensor = view.tensor[:0, :, :0]",
    ]
    open_notebook(notebook, new_notebook(lab, cells, "tensor.ipynb"))
    run_cell(notebook, 0)
    shown = output(notebook, 0)
    expect(shown.locator(".tm-tensor-head")).to_have_text("∂Y/∂X (n=3, h=4, n′=3, h′=4)")
    expect(shown.get_by_role("button", name="tiles")).to_have_attribute("aria-pressed", "true")
    shown.get_by_role("button", name="blocks").click()
    expect(shown.get_by_role("button", name="blocks")).to_have_attribute("aria-pressed", "true")
    picture = shown.get_by_role("application")
    expect(picture).to_have_attribute("aria-label", re.compile("as a block matrix.*138 of them"))
    run_cell(notebook, 1)
    picture.focus()
    notebook.keyboard.press("ArrowRight")
    notebook.keyboard.press("ArrowRight")
    said = "∂Y[0,0]/∂X[0,1] = 0 because h ≠ h′ (0 ≠ 1)"
    expect(shown.locator(".tm-tensor-said")).to_have_text(said)
    expect(output(notebook, 1)).to_have_text(re.compile(r"^blocks\s*$"))
    expect(picture).to_have_attribute("aria-label", re.compile(" 0 entries"))


def run_cell(notebook, index):
    """Run one cell without waiting for it; the others stay as they are."""
    notebook.evaluate("""(index) => {
      window.jupyterapp.shell.currentWidget.content.activeCellIndex = index;
      window.jupyterapp.commands.execute('notebook:run-cell');
    }""", index)
