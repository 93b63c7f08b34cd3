"""No widget shuts anybody out: rules of axe-core, forced colours, reduced motion, keys alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.cells import open_cells
from tests.browser.lab import output, set_theme
from tests.labs.test_labs import LABS

WIDGETS = {
    "explorer": "JacobianExplorer('relu', n=2, h=3)",
    "attention": "JacobianExplorer('attention')",
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
    formula = widget(page, "attention").locator(".tm-math[data-reached]").first
    formula.focus()
    expect(formula).to_be_focused()
    before = formula.evaluate("(one) => one.scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert formula.evaluate("(one) => one.scrollLeft") > before


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
