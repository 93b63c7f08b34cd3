"""Chain rule lab, Hessian lab and order puzzle in JupyterLab, by pointer and by keys."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from helpers.calculus.vector.maps import MAPS
from tests.browser.cells import module_tab, run_cell
from tests.browser.lab import output, set_theme

CELLS = [
    "from helpers.labs.chain import ChainRuleLab\nfrom helpers.labs.hessian.lab import "
    "HessianLab\nfrom helpers.widgets.order.order import OrderPuzzle",
    "chain = ChainRuleLab()\nchain",
    "hessian = HessianLab()\nhessian",
    "order = OrderPuzzle()\norder",
    "None",  # the cell that tests write into
]
CHAIN, HESSIAN, ORDER = 1, 2, 3
AGAIN = ('chain.set(mode="map", first="polar", second="none", layout="numerator", x=(1.2, 0.7), '
         'dx=(0.4, 0.5), shrink=0, filled=0)\n'
         'hessian.set(surface="bowl", x=(1, -0.5), d=(-0.5, 0.4))\n'
         'order.set(number=2)\norder.set(number=1, layout="numerator", order=("J_y", "J_z"))')


tab = module_tab(CELLS, "chain")


@pytest.fixture
def page(tab):
    run_cell(tab, AGAIN)
    expect(alt(tab, CHAIN)).to_have_attribute("alt", re.compile(r"^polar at x = \(1\.2000"))
    tab.evaluate("document.activeElement?.blur()")
    yield tab
    assert tab.errors == []


def widget(page, which):
    return output(page, which).locator(".tm-root")


def alt(page, which):
    return widget(page, which).locator(".tm-lab-image")


def handle(page, which, name):
    return widget(page, which).get_by_role("slider", name=re.compile(f"^{name}"))


def drag(page, target, right, down):
    """Drag a locator by so many pixels."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=6)
    page.mouse.up()


def in_kernel(page, expression):
    return run_cell(page, f"print({expression})")


def numbers(page, name):
    """A matrix of the chain rule lab as numbers, from what is read aloud."""
    label = widget(page, CHAIN).get_by_role("img", name=re.compile(f"^{name}, ")).first
    rows = label.get_attribute("aria-label").partition(": ")[2].replace("−", "-").split("; ")
    return np.array([[float(text) for text in row.split()] for row in rows])


def settled(page, which):
    """Wait until Python has answered every gesture, as the picture's text then stays."""
    last = None
    for _ in range(100):
        now = alt(page, which).get_attribute("alt")
        if now == last:
            return now
        last = now
        page.wait_for_timeout(250)


def test_the_point_by_pointer(page):
    drag(page, handle(page, CHAIN, "point x"), 20, 25)
    expect(alt(page, CHAIN)).not_to_have_attribute("alt", re.compile(r"x = \(1\.2000"))
    settled(page, CHAIN)
    x, y = eval(in_kernel(page, 'chain.settings["x"]'))
    assert 1.2 < x <= 2 and y < 0.7
    np.testing.assert_allclose(numbers(page, "J y"), MAPS["polar"].jacobian([x, y]), atol=6e-5)


def test_the_tip_by_keys(page):
    tip = handle(page, CHAIN, "tip of")
    tip.focus()
    page.keyboard.press("ArrowDown")
    expect(alt(page, CHAIN)).to_have_attribute("alt", re.compile(r"Δx = \(0\.4000, 0\.4500\)"))
    page.keyboard.press("Shift+ArrowLeft")
    expect(alt(page, CHAIN)).to_have_attribute("alt", re.compile(r"Δx = \(−0\.1000, 0\.4500\)"))
    widget(page, CHAIN).get_by_role("button", name="Undo").click()
    widget(page, CHAIN).get_by_role("button", name="Undo").click()
    expect(alt(page, CHAIN)).to_have_attribute("alt", re.compile(r"Δx = \(0\.4000, 0\.5000\)"))


def test_layouts_and_unequal_sizes(page):
    lab = widget(page, CHAIN)
    lab.get_by_label("y =").select_option("saddle in space")
    expect(lab.get_by_role("img", name=re.compile("^J z, 2 by 3"))).to_be_visible()
    Jz, Jy = numbers(page, "J z"), numbers(page, "J y")
    lab.get_by_role("button", name="denominator").click()
    expect(lab.get_by_role("img", name=re.compile("^∇ x y, 2 by 3"))).to_be_visible()
    np.testing.assert_array_equal(numbers(page, "∇ x y"), Jy.T)
    np.testing.assert_array_equal(numbers(page, "∇ y z"), Jz.T)
    expect(lab.get_by_text("the first map stands on the left")).to_be_visible()


def test_entry_by_entry_with_the_keyboard(page):
    lab = widget(page, CHAIN)
    lab.get_by_role("button", name="entries", exact=True).click()
    filled = lab.get_by_role("slider", name="entries filled in")
    filled.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(lab.get_by_text("∂y[0]/∂x[2] = W[0,2] = 0.8000")).to_be_visible()
    page.keyboard.press("End")
    expect(lab.get_by_text("J = W, 3×4")).to_be_visible()


def test_the_hessian_lab(page):
    lab = widget(page, HESSIAN)
    drag(page, handle(page, HESSIAN, "point x"), -40, -30)
    expect(alt(page, HESSIAN)).not_to_have_attribute("alt", re.compile(r"at x = \(1\.0000"))
    settled(page, HESSIAN)
    tip = handle(page, HESSIAN, "tip of the step")
    tip.focus()
    page.keyboard.press("ArrowRight")
    lab.get_by_role("button", name="Halve d").click()
    expect(alt(page, HESSIAN)).to_have_attribute("alt", re.compile(r"d = \(−0\.2250, 0\.2000\)"))
    lab.get_by_label("f", exact=True).select_option("Peano's twist")
    expect(lab.get_by_text("H is not symmetric at this point")).to_be_visible()
    handle(page, HESSIAN, "point x").focus()
    page.keyboard.press("ArrowUp")
    expect(lab.get_by_text("H is symmetric")).to_be_visible()


def cards(page):
    return widget(page, ORDER).locator(".tm-o-card .tm-o-name")


def test_a_puzzle_by_pointer(page):
    expect(cards(page)).to_have_text(["Jy", "Jz"])
    first = widget(page, ORDER).locator(".tm-o-card").first
    drag(page, first, 260, 0)
    expect(cards(page)).to_have_text(["Jz", "Jy"])
    widget(page, ORDER).get_by_role("button", name="Check").click()
    expect(widget(page, ORDER).locator(".tm-o-verdict")).to_have_text(re.compile("^✓ .* ok: "))
    widget(page, ORDER).get_by_role("button", name="Next puzzle").click()
    expect(widget(page, ORDER).get_by_role("heading")).to_have_text(re.compile("^2 · "))


def test_a_puzzle_by_keys(page):
    run_cell(page, 'order.set(number=4, order=("W", "G"))')
    expect(cards(page)).to_have_text(["W", "G"])
    card = widget(page, ORDER).get_by_role("group", name=re.compile("^W, "))
    card.focus()
    page.keyboard.press("Enter")
    status = widget(page, ORDER).locator(".tm-o-verdict")
    expect(status).to_have_text(re.compile("^✗ .*cannot be multiplied"))
    page.keyboard.press("ArrowRight")
    expect(cards(page)).to_have_text(["G", "W"])
    page.keyboard.press("t")
    expect(cards(page)).to_have_text(["G", "Wᵀ"])
    page.keyboard.press("Enter")
    expect(status).to_have_text(re.compile("^✓ "))
    expect(widget(page, ORDER).get_by_role("button", name="Puzzle 4, solved")).to_be_visible()


def test_the_dark_theme_reaches_the_picture(page):
    def corner():
        return alt(page, HESSIAN).evaluate(
            """image => { const c = document.createElement("canvas").getContext("2d");
              c.drawImage(image, 0, 0); return c.getImageData(1, 1, 1, 1).data[0]; }""")

    assert corner() > 200
    set_theme(page, "dark")
    for _ in range(100):
        if corner() < 80:
            break
        page.wait_for_timeout(50)
    assert corner() < 80
    set_theme(page, "light")
