"""Every widget on a page of its own: painted at once, alive when Python is there."""

import json
import re

import pytest
from builder.pins import OUT
from playwright.sync_api import expect

from tests.browser.touch import finger, middle

PATIENCE = 120_000
SMALL = {"width": 360, "height": 740}
NAMES = list(json.loads(next(OUT.glob("app-*/widgets.json")).read_text("utf-8"))) if (
    OUT / "index.html").exists() else []


def opened(page, site, name):
    page.goto(f"{site}try/?w={name}")
    expect(page.locator(".tm-root")).to_be_visible()
    page.wait_for_selector("body.live")
    expect(page.locator("#line")).to_have_text("")


def typed(page):
    cell = page.get_by_role("gridcell").first
    cell.click()
    page.keyboard.type("-3.25")
    page.keyboard.press("Enter")


def shared(page):
    """The link, once it is there: while Python makes it there is none."""
    link = page.get_by_label("Link", exact=True)
    expect(link).to_have_value(re.compile("^http"))
    return link.input_value()


def pressed(name):
    return lambda page: page.get_by_role("button", name=name, exact=True).first.click()


def asked_why(page):
    """Press a button that rests: it says why."""
    page.get_by_role("button", name="Stop", exact=True).focus()
    page.keyboard.press("Enter")


def slid(page):
    page.locator("input[type=range]:visible").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")


CHANGES = {"JacobianExplorer": typed, "GraphStepper": pressed("All backward"),
           "BatchNormLab": pressed("All backward"), "OrderPuzzle": pressed("Check"),
           "GradientDoctor": pressed("blocks"), "EditableArray": typed,
           "TensorView": pressed("blocks"), "HessianLab": pressed("Double d"),
           "ReplacementFinder": pressed("Next stage"), "TrainingCurve": asked_why,
           "ChainRuleLab": pressed("denominator"), "DepthLab": slid, "OutputLossLab": slid}
# What the page shows: its words, its numbers, its pictures.
SEEN = """() => {
  const root = document.querySelector(".tm-root");
  const pixels = [...root.querySelectorAll("canvas")].map((one) => one.toDataURL());
  return [root.innerText, ...[...root.querySelectorAll("img")].map((one) => one.alt), ...pixels,
    ...[...root.querySelectorAll("[aria-pressed]")].map((one) => one.ariaPressed)].join("|");
}"""

NUMBERS = """() => [...document.querySelectorAll("[role=gridcell]")].map(
  (cell) => cell.getAttribute("aria-label"))"""


@pytest.mark.parametrize("name", NAMES)
def test_a_widget_is_drawn_and_alive(page, site, name):
    opened(page, site, name)
    before = page.evaluate(SEEN)
    assert "undefined" not in before
    CHANGES.get(name, slid)(page)
    page.wait_for_function(f"(before) => ({SEEN})() !== before", arg=before)
    assert "undefined" not in page.evaluate(SEEN)
    wrong = re.compile("^Nothing is running. In a browser") if name == "TrainingCurve" else ""
    expect(page.locator(".tm-root .tm-error").first).to_have_text(wrong)


@pytest.mark.parametrize("name", ["JacobianExplorer", "ActivationLab"])
def test_a_finger_on_a_small_screen(browser, site, name):
    context = browser.new_context(viewport=SMALL, has_touch=True, is_mobile=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    opened(page, site, name)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= SMALL["width"]
    place = page.locator(".tm-editable .tm-cell, input[type=range]").first
    before = page.evaluate(SEEN)
    x, y = middle(place)
    finger(page)((x, y), (x + 40, y))
    page.wait_for_function(f"(before) => ({SEEN})() !== before", arg=before)
    expect(page.locator(".tm-root .tm-error").first).to_have_text("")
    context.close()


def test_an_edit_made_before_python_is_there_is_not_lost(page, site):
    page.goto(f"{site}try/?w=JacobianExplorer")
    expect(page.locator(".tm-root")).to_be_visible()
    assert page.locator("body.live").count() == 0
    typed(page)
    page.wait_for_selector("body.live")
    expect(page.get_by_role("gridcell", name=re.compile(r"^X\[0,0\] = −3.25"))).to_be_visible()
    expect(page.get_by_role("gridcell", name=re.compile(r"^Y\[0,0\] = 0"))).to_be_visible()


def test_a_shared_link_opens_the_same_state_and_a_frame_shows_it(page, site, context, blog):
    opened(page, site, "JacobianExplorer")
    typed(page)
    page.get_by_label("Operation").select_option("softmax")
    expect(page.locator(".tm-numpy")).to_contain_text("keepdims")
    page.get_by_role("button", name="Share").click()
    expect(page.locator("#shares")).to_be_visible()
    link = shared(page)
    assert link.startswith(f"{site}try/?w=JacobianExplorer#") and len(link) < 1000
    seen = page.evaluate(NUMBERS)
    other = context.new_page()
    frame = page.get_by_label("On a page of yours").input_value()
    other.goto(blog(frame))
    assert other.url.split("/")[2] not in site  # another origin
    inside = other.frame_locator("iframe")
    expect(inside.locator("body.live .tm-numpy")).to_contain_text("keepdims")
    other.goto(link)
    other.wait_for_selector("body.live")
    assert sorted(other.evaluate(NUMBERS)) == sorted(seen)
    other.close()


def test_a_hostile_or_damaged_link_is_one_line(page, site):
    for state, says in (("xyz%", "damaged"), ("AAAA", "cut off")):
        page.goto("about:blank")
        page.goto(f"{site}try/?w=GraphStepper#{state}")
        expect(page.locator("#line")).to_contain_text(says)
        assert "Traceback" not in page.locator("body").inner_text()
    page.goto(f"{site}try/?w=Nobody")
    expect(page.locator("#line")).to_contain_text("There is no widget Nobody")
    page.wait_for_selector("body.live")


def test_code_that_a_link_brings_is_shown_and_runs_when_the_reader_says_so(page, site):
    opened(page, site, "JacobianExplorer")
    page.get_by_role("button", name="Share").click()
    cell = ("import numpy as np\n\ndef running(X):\n    return np.cumsum(X, axis=1)\n\n"
            "JacobianExplorer(running, [[1.0, 2.0, 3.0]])")
    page.get_by_label("The cell that makes it").fill(cell)
    page.get_by_role("button", name="Run this cell").click()
    expect(page.locator(".tm-numpy")).to_contain_text("np.cumsum(G[:, ::-1], 1)[:, ::-1]")
    page.get_by_role("button", name="Share").click()
    link = shared(page)
    expect(page.get_by_label("The cell that makes it")).to_have_value(re.compile("def running"))
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#asked")).to_be_visible()
    expect(page.locator("#brought")).to_contain_text("np.cumsum(X, axis=1)")
    assert page.locator(".tm-root").count() == 0
    page.get_by_role("button", name="I have read it").click()
    expect(page.locator(".tm-numpy")).to_contain_text("np.cumsum")


def test_a_link_is_of_what_stands_there_and_a_cell_that_was_not_run_stays(page, site):
    opened(page, site, "JacobianExplorer")
    share = page.get_by_role("button", name="Share")
    share.click()
    first = shared(page)
    mine = "np.cumsum(X)  # my own, not run yet"
    page.get_by_label("The cell that makes it").fill(mine)
    typed(page)
    expect(page.get_by_role("gridcell", name=re.compile(r"^Y\[0,0\] = 0"))).to_be_visible()
    # At once, as a hand that is quicker than Python: the old link is gone with the press.
    assert page.evaluate("() => { document.getElementById('share').click();"
                         " return document.getElementById('link').value; }") == ""
    assert shared(page) != first
    assert page.get_by_label("The cell that makes it").input_value() == mine


def test_a_copy_as_html_answers_to_pointing_alone(page, site, context, tmp_path):
    opened(page, site, "JacobianExplorer")
    with page.expect_download() as download:
        page.get_by_role("button", name="Copy as HTML").click()
    path = tmp_path / "x.html"
    download.value.save_as(path)
    assert path.stat().st_size < 200_000
    alone = context.new_page()
    alone.goto(path.as_uri())
    alone.locator("[aria-label^='dL/dX[0,1]']").first.hover()
    expect(alone.locator(".tm-reading")).to_contain_text("dX[0,1] = G[0,1]·1")
    typed(alone)
    expect(alone.get_by_role("alert")).to_contain_text("This is a copy")
    expect(alone.get_by_role("gridcell", name=re.compile(r"^X\[0,0\] = −0.5"))).to_be_visible()
    alone.close()
