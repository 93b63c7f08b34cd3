"""What all labs share, tried on the activation lab in JupyterLab: by pointer and by keys."""

import math
import re

import pytest
from playwright.sync_api import expect

from tests.amount import SOAK, amount
from tests.browser.cells import module_tab, run_cell, write
from tests.browser.lab import output, set_theme, start_run_all, wait_until_idle

CELLS = [
    "from helpers.labs.activation import ActivationLab\nlab = ActivationLab()\nlab",
    "None",  # the cell that tests write into
]
AGAIN = 'lab.set(units=("sigmoid",), x=2.0, threshold=0.05, mean=0, spread=1)'
GROUND = "getComputedStyle(document.querySelector('.tm-root')).backgroundColor"
CORNER = """async () => {
  const image = document.querySelector(".tm-lab-image"), canvas = document.createElement("canvas");
  await image.decode();
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return [...context.getImageData(0, 0, 1, 1).data];
}"""


tab = module_tab(CELLS, "labs")


@pytest.fixture
def page(tab):
    run_cell(tab, AGAIN)
    says(tab, "at x = 2.00")
    tab.evaluate("document.activeElement?.blur()")
    yield tab
    assert tab.errors == []


def widget(page):
    return output(page, 0).locator(".tm-root")


def says(page, start):
    """Wait until the picture's alt text starts like this."""
    expect(widget(page).locator(".tm-lab-image")).to_have_attribute(
        "alt", re.compile("^" + re.escape(start)))


def slider(page, name):
    return widget(page).get_by_role("slider", name=name, exact=True)


def handle(page, name):
    return widget(page).get_by_role("slider", name=f"{name}: drag, or arrow keys", exact=True)


def press(page, name):
    widget(page).get_by_role("button", name=name, exact=True).click()


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def test_the_handle_follows_the_pointer_and_one_undo_takes_it_back(page):
    dot = handle(page, "input x on f")
    x, y = middle(dot)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x - 12 * step, y + 3 * step)
    page.mouse.up()
    expect(widget(page).locator(".tm-lab-image")).not_to_have_attribute(
        "alt", re.compile("^at x = 2.00"))
    page.wait_for_timeout(600)
    moved = float(run_cell(page, "lab.settings['x']").split()[-1])
    assert moved < 1.5 and abs(moved / 0.05 - round(moved / 0.05)) < 1e-9
    assert middle(dot)[0] < x - 60
    expect(widget(page).locator("table")).to_contain_text(f"{sigmoid(moved):.4f}")
    press(page, "Undo")
    says(page, "at x = 2.00")


def test_arrow_keys_move_the_handle_on_its_step(page):
    dot = handle(page, "input x on f′")
    dot.focus()
    page.keyboard.press("ArrowRight")
    says(page, "at x = 2.05")
    page.keyboard.press("Shift+ArrowLeft")
    says(page, "at x = 1.55")
    expect(dot).to_be_focused()
    expect(dot).to_have_attribute("aria-valuetext", "1.55")


def test_the_threshold_is_dragged_up_and_down_alone(page):
    level = handle(page, "threshold of saturation")
    level.focus()
    page.keyboard.press("ArrowUp")
    expect(slider(page, "threshold")).to_have_value("0.06")
    page.keyboard.press("ArrowLeft")
    expect(slider(page, "threshold")).to_have_value("0.05")


def test_a_slider_works_by_keys_and_shows_its_value(page):
    one = slider(page, "input x")
    one.focus()
    page.keyboard.press("End")
    says(page, "at x = 8.00")
    expect(one).to_have_attribute("aria-valuetext", "8")
    expect(widget(page).locator(".tm-slider", has_text="input x").locator("output")).to_have_text(
        "8")
    expect(widget(page).locator(".tm-read-note")).to_contain_text("saturated")


def test_every_control_has_a_name_and_is_large_enough(page):
    press(page, "maxout")
    expect(slider(page, "maxout w₁")).to_be_visible()
    parts = widget(page).locator("input:visible, button:visible, select:visible")
    found = parts.evaluate_all("""parts => parts.map(p => [
      p.getAttribute("aria-label") || p.textContent || p.labels?.[0]?.textContent || "",
      p.getBoundingClientRect().height])""")
    assert len(found) >= 20
    assert all(name.strip() for name, _ in found)
    assert min(height for _, height in found) >= 24


def test_units_are_switched_and_the_last_one_stays(page):
    press(page, "ReLU")
    says(page, "at x = 2.00, with a batch of mean 0.0 and spread 1.0, sigmoid is 0.8808")
    expect(widget(page).locator("table tr")).to_have_count(3)
    press(page, "sigmoid")
    expect(widget(page).locator("table tr")).to_have_count(2)
    press(page, "ReLU")
    expect(widget(page).get_by_role("alert")).to_contain_text("at least one must stay on")
    expect(widget(page).get_by_role("button", name="ReLU", exact=True)).to_have_attribute(
        "aria-pressed", "true")
    press(page, "tanh")
    expect(widget(page).get_by_role("alert")).to_have_text("")


def test_python_and_the_page_see_the_same(page):
    run_cell(page, "lab.set(x=-3.5, spread=2)")
    says(page, "at x = −3.50, with a batch of mean 0.0 and spread 2.0")
    expect(slider(page, "input x")).to_have_value("-3.5")
    press(page, "Reset")
    says(page, "at x = 2.00, with a batch of mean 0.0 and spread 1.0")
    assert "'spread': 1.0" in run_cell(page, "lab.settings")


def test_play_runs_to_the_end_and_stops(page):
    run_cell(page, "lab.set(x=7.8)")
    says(page, "at x = 7.80")
    press(page, "Play input x")
    says(page, "at x = 8.00")
    expect(widget(page).get_by_role("button", name="Play input x", exact=True)).to_be_visible()


def corner(page, wanted):
    """The colour of the picture's first pixel, when its red is as wanted, or after 10 seconds."""
    for _ in range(50):
        red, green, blue, _ = page.evaluate(CORNER)
        if wanted(red):
            break
        page.wait_for_timeout(200)
    return f"rgb({red}, {green}, {blue})"


def test_the_picture_wears_the_theme(page):
    assert corner(page, lambda red: red == 255) == "rgb(255, 255, 255)"
    set_theme(page, "dark")
    assert corner(page, lambda red: red < 40) == page.evaluate(GROUND) != "rgb(255, 255, 255)"
    set_theme(page, "light")
    assert corner(page, lambda red: red == 255) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("width", [1400, 1100, 700])
def test_the_picture_is_drawn_for_its_width_and_nothing_sticks_out(page, width):
    size = page.viewport_size
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(500)  # JupyterLab lays the page out a while after: until then all fits
    page.wait_for_function("""(width) => {
      const host = document.querySelector(".tm-lab-middle").clientWidth;
      const image = document.querySelector(".tm-lab-image");
      return host < width && image.naturalWidth === Math.floor(host / 20) * 20 &&
        image.naturalWidth === image.clientWidth;
    }""", arg=width)
    root = widget(page)
    edge = root.bounding_box()["x"] + root.bounding_box()["width"]
    rights = root.locator(".tm-lab-stage, .tm-read, button, input").evaluate_all(
        "parts => parts.map(part => part.getBoundingClientRect().right)")
    image = root.locator(".tm-lab-image").evaluate("i => [i.naturalWidth, i.clientWidth]")
    page.set_viewport_size(size)
    assert max(rights) <= edge + 1
    assert image[0] == image[1]


def test_nothing_shows_a_traceback(page):
    assert "Traceback" not in widget(page).inner_text()
    text = run_cell(page, "lab.set(x=99)")
    assert "input x is 99; it must lie from -8 to 8." in text and "Traceback" not in text
    says(page, "at x = 2.00")


def test_on_a_projector_controls_picture_and_sentence_are_in_one_view(page):
    size = page.viewport_size
    page.set_viewport_size({"width": 853, "height": 480})
    press(page, "Projector")
    root = page.locator(".tm-whole.tm-lab")
    expect(root.locator(".tm-read-note")).to_be_visible()
    page.wait_for_function("""() => {
      const root = document.querySelector(".tm-whole"), image = root.querySelector(".tm-lab-image");
      const drawn = image.naturalHeight === Math.round(image.clientHeight);  // for this room
      return drawn && root.scrollHeight <= root.clientHeight + 1;
    }""")
    image = root.locator(".tm-lab-image").bounding_box()
    assert image["height"] > 280 and image["width"] > 550
    page.set_viewport_size({"width": 853, "height": 380})
    expect(root.locator("table")).to_be_hidden()  # what can wait is folded
    page.keyboard.press("Escape")
    expect(widget(page).locator("table")).to_be_visible()
    page.set_viewport_size(size)


def settled(control):
    """What a control shows when it has not changed for a second: all answers are there."""
    before = None
    while (now := control.input_value()) != before:
        before = now
        control.page.wait_for_timeout(1000)
    return now


PLOTS = """import matplotlib.pyplot as plt
for k in range(20):
    plt.plot([0, k], [k, 0])
    plt.close()
"""
AS_NEW = """again = ActivationLab(**lab.settings)
with lab._lock:
    again.set(**lab.settings)
    again._look = lab._look
    new, shown = again.show(again._present)["picture"], lab.state["picture"]
    print(lab.settings["x"], [part for part in new if new[part] != shown[part]])
again.close()
lab.set(x=2.0)"""


def test_a_drag_beside_pyplot_ends_with_its_last_value_and_a_whole_picture(page):
    """Gestures are answered on a thread of their own, while a cell draws with pyplot."""
    dot = handle(page, "input x on f")
    for race in range(amount(1, 1, 200)):
        write(page, PLOTS)
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell') }")
        dot.hover()  # waits until the page stands still
        x, y = middle(dot)
        page.mouse.down()
        for step in range(1, 9):
            page.mouse.move(x + (-1) ** race * 5 * step, y)
        page.mouse.up()
        expect(widget(page).locator(".tm-lab-image")).not_to_have_attribute(
            "alt", re.compile("^at x = 2.00"), timeout=30_000)
        wait_until_idle(page)
        held = float(settled(slider(page, "input x")))
        assert run_cell(page, AS_NEW) == f"{held} []"


def drag(page, x, y, race):
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(x + (-1) ** race * 5 * step, y)
    page.mouse.up()


@pytest.mark.skipif(not SOAK, reason="200 races take a quarter of an hour")
def test_a_drag_while_all_cells_run_again_ends_as_python_holds_it(page):
    """Run All makes the lab anew under the hand, then draws with pyplot beside it."""
    for race in range(200):
        write(page, PLOTS)
        dot = handle(page, "input x on f")
        dot.hover()
        place = middle(dot)
        widget(page).evaluate("(root) => { root.dataset.before = true }")
        start_run_all(page)
        drag(page, *place, race)
        fresh = page.locator(".tm-root:not([data-before]) .tm-lab-image")
        expect(fresh).to_be_visible()
        dot.hover()
        drag(page, *middle(dot), race)
        expect(slider(page, "input x")).not_to_have_value("2")
        wait_until_idle(page)
        held = float(settled(slider(page, "input x")))
        assert run_cell(page, AS_NEW) == f"{held} []"
        says(page, "at x = 2.00")
