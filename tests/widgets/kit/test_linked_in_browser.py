"""An ordinary slider linked in the page drives a widget: no loop, no step lost, and back again."""

from playwright.sync_api import expect

from tests.browser.cells import module_tab, run_cell
from tests.browser.lab import output
from tests.widgets.explorer.explorer_page import eventually
from tests.widgets.kit.test_hand import FRAMES

CELLS = [
    "import ipywidgets as w\nfrom helpers import ActivationLab, JacobianExplorer",
    "lab, x = ActivationLab(), w.FloatSlider(2, min=-8, max=9, step=0.05, description='mine')\n"
    "changes = []\n"
    "lab.observe(lambda change: changes.append(change['new']), 'x')\n"
    "link = w.jslink((x, 'value'), (lab, 'x'))\n"
    "w.HBox([x, lab])",
    "explorer, n = JacobianExplorer('relu', n=3, h=4), w.IntSlider(3, min=1, max=12)\n"
    "sizes = w.link((n, 'value'), (explorer, 'n'))\n"
    "w.Tab([w.VBox([n, explorer])])",
    "None",  # the cell that tests write into
]


page = module_tab(CELLS, "linked")


def theirs(page, index):
    """The slider of ipywidgets in the output of a cell."""
    return output(page, index).locator(".widget-slider [role=slider]").first


def ours(page, index, name):
    return output(page, index).get_by_role("slider", name=name, exact=True)


def held(page, key, times):
    for _ in range(times):
        page.keyboard.press(key)
        page.wait_for_timeout(25)


def test_keys_held_on_an_ordinary_slider_move_the_lab_step_by_step(page):
    mine, slider = theirs(page, 1), ours(page, 1, "input x")
    slider.evaluate(FRAMES)
    mine.focus()
    held(page, "ArrowRight", 20)
    expect(slider).to_have_value("3")
    page.wait_for_timeout(500)
    frames = page.evaluate("() => { going = false; return frames }")
    assert frames == sorted(frames) and frames[0] == 2 and frames[-1] == 3
    eventually(page, lambda: run_cell(page, "print(lab.x, x.value, lab.settings['x'])"),
               lambda found: [round(float(one), 9) for one in found.split()] == [3, 3, 3], "3 3 3")
    page.wait_for_timeout(500)
    changes = eval(run_cell(page, "print(changes)"))
    assert changes == sorted(changes) and len(changes) <= 20  # nothing came back and forth


def test_the_hand_on_the_lab_moves_the_ordinary_slider(page):
    slider = ours(page, 1, "input x")
    run_cell(page, "lab.x = 1.0")
    expect(slider).to_have_value("1")
    slider.focus()
    held(page, "ArrowLeft", 10)
    eventually(page, lambda: run_cell(page, "print(lab.x, x.value)"),
               lambda found: [round(float(one), 9) for one in found.split()] == [0.5, 0.5],
               "0.5 0.5")
    expect(slider).to_have_value("0.5")


def test_what_the_lab_refuses_takes_the_ordinary_slider_back(page):
    run_cell(page, "lab.x = 7.0")
    run_cell(page, "x.value = 8.5")
    expect(output(page, 1).locator(".tm-error")).to_contain_text("it must lie from -8 to 8")
    eventually(page, lambda: run_cell(page, "print(lab.x, x.value)"),
               lambda found: found == "7.0 7.0", "7.0 7.0")
    run_cell(page, "lab.x = 2.0")


def test_a_size_of_the_explorer_linked_in_python_inside_a_tab(page):
    mine, slider = theirs(page, 2), ours(page, 2, "size of axis n")
    mine.focus()
    held(page, "ArrowRight", 4)
    expect(slider).to_have_value("7")
    slider.focus()
    held(page, "ArrowLeft", 2)
    eventually(page, lambda: run_cell(page, "print(explorer.n, n.value, explorer.X.shape)"),
               lambda found: found == "5 5 (5, 4)", "5 5 (5, 4)")
