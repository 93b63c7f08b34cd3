"""The hand comes first: presses and drags in JupyterLab, idle and while others use the machine.

An answer from Python that is older than what the hand has done since must not show in a control.
"""

import subprocess
import sys
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.amount import SOAK, amount, spread
from tests.browser.cells import module_tab, run_cell
from tests.browser.lab import output
from tests.widgets.explorer.explorer_page import eventually

CELLS = [
    "from helpers import ActivationLab, BatchNormLab, DepthLab, GraphStepper, JacobianExplorer\n"
    "from helpers import OrderPuzzle",
    "activation = ActivationLab()\nactivation",
    "depth = DepthLab()\ndepth",
    "explorer = JacobianExplorer('relu', n=3, h=4)\nexplorer",
    "norm = BatchNormLab()\nnorm",
    "graph = GraphStepper('x * y', x=1, y=2)\ngraph",
    "puzzle = OrderPuzzle()\npuzzle",
    "None",  # the cell that tests write into
]
DRAGGED = ["activation", "depth", "examples", "explorer"]
FRAMES = """(range) => {
  window.frames = [];
  window.going = true;
  const look = () => { frames.push(Number(range.value)); if (going) requestAnimationFrame(look); };
  look();
}"""


def idle_and_loaded(names):
    """Cases (name, other processes): the first and the last on a busy machine, the others on an
    idle one; in a soak all on both. (The other processes of a parallel run are some load as well.)
    """
    names = list(names)
    loaded = spread(names, amount(2, 2, len(names)))
    idle = names if SOAK else [name for name in names if name not in loaded]
    return pytest.mark.parametrize("name, others", [
        pytest.param(name, others, id=f"{name}-{'loaded' if others else 'idle'}")
        for others, tried in ((0, idle), (2, loaded)) for name in tried])


class Slider(NamedTuple):
    """A slider in one cell's output, what Python holds of it, and how far one press goes."""

    cell: int
    name: str
    python: str
    step: float
    presses: int = 12
    key: str = "ArrowRight"


SLIDERS = {
    "activation": Slider(1, "input x", "activation.settings['x']", 0.05),
    "depth": Slider(2, "layers", "depth.settings['depth']", 1),
    "explorer": Slider(3, "size of axis n", "len(explorer.inputs['X'])", 1, presses=8),
    "imagined": Slider(3, "imagined size of axis h", "explorer._present.imagined['h']", 1, 6,
                       "ArrowLeft"),
    "examples": Slider(4, "N", "len(norm.arrays['X'])", 1, presses=8),
    "outlier": Slider(4, "outlier X[0,0]", "norm.arrays['X'][0, 0]", 0.1),
    "variable": Slider(5, "x", "graph.graph.values['x']", 0.1),
}


tab = module_tab(CELLS, "hand")


@pytest.fixture
def page(tab):
    yield tab
    assert tab.errors == []


@contextmanager
def busy(count):
    """So many other processes, each as busy as can be."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def range_of(page, slider):
    return output(page, slider.cell).get_by_role("slider", name=slider.name, exact=True)


def again(page, cell):
    """A new widget in this cell."""
    run_cell(page, CELLS[cell], cell)


def value_of(page, slider):
    return float(run_cell(page, f"print(float({slider.python}))"))


def python_holds(page, slider, wanted):
    """Wait until Python has done all that it was sent."""
    eventually(page, lambda: value_of(page, slider), lambda found: abs(found - wanted) < 1e-9,
               wanted)


def watched(page, target, act):
    """What a slider showed in each frame while something was done."""
    target.evaluate(FRAMES)
    act()
    page.wait_for_timeout(400)
    return page.evaluate("() => { going = false; return frames }")


def press(page, key, times):
    for _ in range(times):
        page.keyboard.press(key)
        page.wait_for_timeout(25)


@idle_and_loaded(SLIDERS)
def test_every_press_of_a_key_is_a_step(page, name, others):
    slider = SLIDERS[name]
    again(page, slider.cell)
    target = range_of(page, slider)
    start, first = float(target.input_value()), value_of(page, slider)
    sign = 1 if slider.key == "ArrowRight" else -1
    with busy(others):
        target.focus()
        frames = watched(page, target, lambda: press(page, slider.key, slider.presses))
    end = float(target.input_value())
    step = float(target.get_attribute("step") or 1)
    assert end == pytest.approx(start + sign * slider.presses * step)
    assert (sign * np.diff(frames) >= 0).all()
    python_holds(page, slider, first / 2 ** slider.presses if name == "imagined"
                 else first + sign * slider.presses * slider.step)
    assert float(target.input_value()) == end


@idle_and_loaded(DRAGGED)
def test_a_drag_never_jumps_back_and_python_holds_its_end(page, name, others):
    slider = SLIDERS[name]
    again(page, slider.cell)
    target = range_of(page, slider)
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    y = box["y"] + box["height"] / 2

    def drag():
        page.mouse.move(box["x"] + 10, y)
        page.mouse.down()
        for x in np.linspace(10, 0.9 * box["width"], 40):
            page.mouse.move(box["x"] + x, y)
            page.wait_for_timeout(12)
        page.mouse.up()

    with busy(others):
        frames = watched(page, target, drag)[3:]
    moves = np.diff(frames)
    begun = np.flatnonzero(moves)[0] + 1  # the first one jumps to where the pointer went down
    assert (moves[begun:] >= 0).all() and len(set(frames)) > 4
    end = float(target.input_value())
    python_holds(page, slider, end)
    assert float(target.input_value()) == end


@pytest.mark.parametrize("others", [0, 2], ids=["idle", "loaded"])
def test_a_handle_in_a_picture_takes_every_press(page, others):
    again(page, 1)
    dot = output(page, 1).get_by_role("slider", name="input x on f: drag, or arrow keys")
    with busy(others):
        dot.focus()
        press(page, "ArrowLeft", 12)
        page.wait_for_timeout(400)
    expect(dot).to_have_attribute("aria-valuetext", "1.4")
    python_holds(page, SLIDERS["activation"], 2 - 12 * 0.05)


def test_two_choices_in_a_row_both_count(page):
    again(page, 1)
    shown = output(page, 1)
    page.evaluate("""() => {
      const buttons = [...document.querySelectorAll(".tm-toggles button")];
      for (const name of ["tanh", "ReLU"]) buttons.find((b) => b.textContent === name).click();
    }""")
    for name in ("tanh", "ReLU"):
        expect(shown.get_by_role("button", name=name, exact=True)).to_have_attribute(
            "aria-pressed", "true")
    eventually(page, lambda: run_cell(page, "activation.settings['units']"),
               lambda found: "tanh" in found and "ReLU" in found, "tanh and ReLU")


def test_a_card_moves_as_often_as_the_key_is_pressed(page):
    cards = output(page, 6).locator(".tm-o-card")
    name = cards.first.locator(".tm-o-name").inner_text()
    cards.first.focus()
    count = cards.count()
    press(page, "ArrowRight", count - 1)
    expect(cards.last.locator(".tm-o-name")).to_have_text(name)
    page.wait_for_timeout(300)
    expect(cards.last.locator(".tm-o-name")).to_have_text(name)
    expect(cards.last).to_be_focused()


def test_a_text_typed_while_python_is_busy_stays(page):
    field = output(page, 5).get_by_role("textbox", name="Expression")
    field.fill("x * y + x")
    field.press("Enter")
    field.press_sequentially(" + y")
    page.wait_for_timeout(500)
    expect(field).to_have_value("x * y + x + y")


def test_one_undo_takes_back_one_drag_and_not_the_one_before(page):
    slider = SLIDERS["activation"]
    again(page, 1)
    target, undo = range_of(page, slider), output(page, 1).get_by_role("button", name="Undo")
    target.focus()
    press(page, "ArrowRight", 4)
    page.wait_for_timeout(1200)
    press(page, "ArrowRight", 4)
    expect(target).to_have_value("2.4")
    undo.click()
    expect(target).to_have_value("2.2")
    undo.click()
    expect(target).to_have_value("2")
