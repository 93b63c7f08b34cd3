"""No widget shuts anybody out: rules of axe-core, forced colours, reduced motion, keys alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.amount import amount, spread
from tests.browser.axe import violations
from tests.browser.cells import open_cells
from tests.browser.lab import output, set_theme
from tests.browser.tabs import SIZE
from tests.browser.touch import finger, middle
from tests.labs.test_labs import LABS

WIDGETS = {
    "explorer": "JacobianExplorer('relu', n=2, h=3)",
    "attention": "JacobianExplorer('attention')",
    "norm": "JacobianExplorer('batchnorm')",
    "function": "JacobianExplorer(lambda P: 3 * P.T, [[1.0, 2.0]])",
    "batchnorm": "BatchNormLab()",
    "graph": "GraphStepper('x * y + exp(x)', x=1, y=2)",
    "quiz": "GraphStepper('x * y', x=1, y=2, quiz=True)",
    "puzzle": "OrderPuzzle()",
    "array": "EditableArray([[1.0, 2.0]])",
    "tensor": "TensorView(np.ones((2, 2, 2, 2)))",
    "selftest": "SelfTest()",
    "doctor": "GradientDoctor(np.tanh, lambda G, X: G, np.ones((2, 2)))",
    "curve": "TrainingCurve(points=[(1, 2.0, 0.1), (2, 1.0, 0.5)])",
    **{Lab.__name__: f"{Lab.__name__}()" for Lab in LABS},
}
ALL_BACK = re.compile(r"^backward (\d+) of \1$")
PAINT = "(element) => getComputedStyle(element).backgroundColor"
MOVES = """(roots) => roots.flatMap((root) => [...root.querySelectorAll("*")]).filter((one) => {
  const { transitionDuration, animationName } = getComputedStyle(one);
  return transitionDuration.split(", ").some((time) => time !== "0s") || animationName !== "none";
}).map((one) => one.outerHTML.slice(0, 100))"""

# What looks different when the sheet of another class is the last one of the page.
BY_ORDER = """() => {
  const sheets = [...document.querySelectorAll("style")].filter(
    ({ textContent }) => textContent.includes(".tm-root"));
  const looks = ["display", "position", "flexDirection", "rowGap", "columnGap", "marginTop",
    "marginBottom", "paddingTop", "paddingLeft", "fontSize", "fontWeight", "color",
    "backgroundColor", "borderTopWidth", "minHeight", "minWidth", "whiteSpace", "overflowX",
    "gridTemplateColumns", "gridTemplateRows", "textAlign", "opacity"];
  const all = [...document.querySelectorAll(".tm-root, .tm-root *")], found = [];
  const seen = () => all.map((one) => {
    const style = getComputedStyle(one);
    return looks.map((name) => style[name]).join("; ");
  });
  const first = seen();
  for (const sheet of sheets) {
    sheet.parentNode.append(sheet);
    seen().forEach((now, i) => {
      if (now !== first[i]) found.push(`${all[i].className}: ${first[i]} | ${now}`);
    });
  }
  return [sheets.length, found];
}"""


@pytest.fixture(scope="module")
def tab(context, lab):
    cells = ["from helpers import *\nimport numpy as np", *WIDGETS.values()]
    with open_cells(context, lab, cells, "everyone") as page:
        yield page


@pytest.fixture
def page(tab):
    yield tab
    tab.emulate_media(forced_colors="none", reduced_motion="no-preference")
    set_theme(tab, "light")
    assert tab.errors == []


def widget(page, name):
    return output(page, 1 + list(WIDGETS).index(name)).locator(".tm-root")


def settled(page):
    for name in WIDGETS:
        expect(widget(page, name)).to_be_visible()
    page.wait_for_timeout(500)


@pytest.mark.parametrize(("theme", "colours"), [
    ("light", "none"), ("dark", "none"), ("light", "active")])
def test_no_rule_is_broken(page, theme, colours):
    set_theme(page, theme)
    page.emulate_media(forced_colors=colours)
    settled(page)
    assert violations(page, ".tm-root") == []


def test_no_rule_is_broken_at_twice_the_size(page):
    size = page.viewport_size
    page.set_viewport_size({"width": 700, "height": 450})  # as 1400 by 900 is at 200 %
    settled(page)
    found = violations(page, ".tm-root")
    page.set_viewport_size(size)
    assert found == []


def test_nothing_looks_different_beside_other_widgets(page):
    """Each class brings its sheet, the shared ones in it, when its first widget is shown."""
    settled(page)
    sheets, different = page.evaluate(BY_ORDER)
    assert sheets >= 8 and different == []


def test_forced_colours_leave_the_colours_that_are_numbers(page):
    page.emulate_media(forced_colors="active")
    settled(page)
    strip = widget(page, "batchnorm").locator(".tm-bn-strip i").evaluate_all(
        f"(all) => all.map({PAINT})")
    assert len(set(strip)) > 2
    cells = widget(page, "batchnorm").locator(".tm-heat-cell").evaluate_all(
        f"(all) => all.map({PAINT})")
    assert len(set(cells)) > 2
    switch = widget(page, "explorer").get_by_role("group", name="Layout of the derivative")
    on, off = (switch.locator(f"[aria-pressed={pressed}]") for pressed in ("true", "false"))
    assert on.evaluate(PAINT) != off.evaluate(PAINT)


def test_nothing_moves_for_who_wants_no_motion(page):
    page.emulate_media(reduced_motion="reduce")
    settled(page)
    assert page.locator(".tm-root").evaluate_all(MOVES) == []


def test_what_is_too_wide_is_reached_by_keys_and_scrolls(page):
    page.set_viewport_size({"width": 300, "height": 900})
    formula = widget(page, "norm").locator(".tm-math.tm-goes-on:has([data-part])").first
    factors = formula.locator("[data-part]")
    factors.first.focus()
    before = formula.evaluate("(one) => one.scrollLeft")
    for _ in range(factors.count() + 1):  # behind the last one the key scrolls on
        page.keyboard.press("ArrowRight")
    expect(factors.last).to_be_focused()
    page.wait_for_timeout(400)
    assert formula.evaluate("(one) => one.scrollLeft") > before
    page.set_viewport_size(SIZE)


def tab_to(page, start, target):
    """Press Tab from the start of a widget until the target has the focus."""
    start.locator("button:visible, input:visible, select:visible").first.focus()
    for _ in range(120):
        if target.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("Tab does not come there")


def test_00_and_04_an_entry_is_changed_and_the_gradient_follows(page):
    explorer = widget(page, "explorer")
    tab_to(page, explorer, explorer.locator("[role=gridcell][tabindex='0']").first)
    page.keyboard.press("Home")
    page.keyboard.type("-3")
    page.keyboard.press("Enter")
    expect(explorer.get_by_role("gridcell", name="dL/dX[0,0] = 0").first).to_be_visible()
    expect(explorer.locator(".tm-verdict")).to_contain_text("same gradient")


def test_01_a_unit_is_driven_into_saturation(page):
    lab = widget(page, "ActivationLab")
    tab_to(page, lab, lab.get_by_role("slider", name="input x", exact=True))
    page.keyboard.press("End")
    expect(lab.locator(".tm-read-note")).to_contain_text("saturated")


def test_02_a_graph_is_stepped_forward_and_back_to_the_gradients(page):
    graph = widget(page, "graph")
    tab_to(page, graph, graph.get_by_role("button", name="All backward"))
    page.keyboard.press("Enter")
    expect(graph.locator("output", has_text=ALL_BACK)).to_be_visible()


def test_03_a_point_is_moved_and_the_products_follow(page):
    lab = widget(page, "ChainRuleLab")
    image = lab.locator(".tm-lab-image")
    before = image.get_attribute("alt")
    tab_to(page, lab, lab.locator(".tm-handle").first)
    page.keyboard.press("ArrowUp")
    expect(image).not_to_have_attribute("alt", before)


def test_05_batch_norm_is_walked_back_step_by_step(page):
    lab = widget(page, "batchnorm")
    tab_to(page, lab, lab.get_by_role("button", name="All backward"))
    page.keyboard.press("Enter")
    expect(lab.locator("output", has_text=ALL_BACK)).to_be_visible()


def test_06_a_replacement_is_found_stage_by_stage(page):
    lab = widget(page, "ReplacementFinder")
    tab_to(page, lab, lab.get_by_role("button", name="Next stage"))
    for _ in range(5):
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
    expect(lab.locator(".tm-read-value", has_text="einsum")).not_to_contain_text("?")


def test_07_stop_is_reached_and_answers(page):
    lab = widget(page, "curve")
    tab_to(page, lab, lab.get_by_role("button", name="Stop", exact=True))
    page.keyboard.press("Enter")
    expect(lab.get_by_role("alert")).to_have_text("Nothing is running.")


SCROLLED = "() => document.querySelector('.jp-WindowedPanel-outer').scrollTop"


def test_a_finger_points_and_drags_and_still_scrolls_the_page(page):
    lead, explorer, lab = finger(page), widget(page, "explorer"), widget(page, "ActivationLab")
    cell = explorer.locator(".tm-panel-forward .tm-editable .tm-cell").first
    x, y = middle(cell)
    before = cell.inner_text()
    lead((x, y), (x + 50, y))
    expect(cell).not_to_have_text(before)
    tensor = explorer.locator(".tm-tensor").first
    x, y = middle(tensor)
    lead((x - 40, y), (x + 40, y))
    expect(explorer.locator(".tm-reading")).to_contain_text("∂Y[")
    expect(explorer.locator(".tm-tip")).to_be_visible()
    for place in (tensor, cell, lab.locator(".tm-lab-image")):
        x, y = middle(place)
        before = page.evaluate(SCROLLED)
        lead((x, y), (x, y - 120))
        assert page.evaluate(SCROLLED) > before + 50
    slider = lab.get_by_role("slider", name="input x", exact=True).first
    before, (x, y) = slider.input_value(), middle(slider)
    lead((x, y), (x + 25, y))
    assert slider.input_value() != before
    handle = lab.locator(".tm-handle").first
    before, (x, y) = handle.get_attribute("aria-valuetext"), middle(handle)
    lead((x, y), (x - 40, y))
    expect(handle).not_to_have_attribute("aria-valuetext", before)


PROJECTED = ["puzzle", *(name for name in WIDGETS if "Lab" in name), "ReplacementFinder", "doctor"]
SIDEWAYS = """(root) => [root, ...root.querySelectorAll(".tm-panel, .tm-lab-grid, .tm-lab-stage")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 ||
    one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.className)"""
LETTERS = """(root) => Math.min(...[...root.querySelectorAll("button, label, p, b")]
  .filter((one) => one.checkVisibility() && one.textContent.trim())
  .map((one) => parseFloat(getComputedStyle(one).fontSize) * root.currentCSSZoom))"""


@pytest.mark.parametrize("name", spread(PROJECTED, amount(2, 4, len(PROJECTED))))
def test_on_a_projector_a_widget_is_zoomed_and_nothing_is_cut_off_sideways(page, name):
    size = page.viewport_size
    page.set_viewport_size({"width": 853, "height": 480})
    widget(page, name).get_by_role("button", name="Projector").click()
    root = page.locator(".tm-whole")
    expect(root).to_be_visible()
    page.wait_for_timeout(700)  # Python draws the picture anew
    assert root.evaluate(SIDEWAYS) == []
    assert root.evaluate(LETTERS) >= 10
    page.keyboard.press("Escape")
    expect(root).to_have_count(0)
    page.set_viewport_size(size)
