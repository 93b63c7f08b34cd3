"""A widget whose Python is late or gone says so, in JupyterLab, and wakes by itself."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.cells import module_tab, run_cell, write
from tests.browser.lab import command, output, run_all, set_theme, wait_until_idle

CELLS = [
    "import time\nfrom helpers import ActivationLab, JacobianExplorer",
    "explorer = JacobianExplorer('relu', [[1.0, -2.0], [0.5, 3.0]], G=[[1, 1], [1, 1]])\nexplorer",
    "lab = ActivationLab()\nlab",
    "None",  # the cell that tests write into
]
RESTS = "This widget rests, as it was left. Run this cell to go on."
GONE, BUSY = "Python does not answer. Run this cell again.", re.compile("^Python is busy")
RESTART = """() => {
  const { sessionContext } = window.jupyterapp.shell.currentWidget.context;
  return sessionContext.session.kernel.restart();
}"""


tab = module_tab(CELLS, "silence")


@pytest.fixture
def page(tab):
    """New widgets for each test, in whatever state the one before has left the kernel."""
    set_theme(tab, "light")
    write(tab, CELLS[-1])
    run_all(tab)
    tab.errors.clear()  # a kernel that was restarted is complained of
    return tab


def root(page, index):
    return output(page, index).locator(".tm-root")


def line(page, index):
    return root(page, index).locator(".tm-silence")


def entry(page, name):
    return output(page, 1).get_by_role("gridcell", name=f"{name} = ").first


def verdict(page):
    return output(page, 1).locator(".tm-verdict")


def is_dimmed(page, index):
    panel = root(page, index).locator("> :not(.tm-silence)").first
    return panel.evaluate("(e) => getComputedStyle(e).opacity < 0.6")


def test_a_restarted_kernel_shows_no_number_as_if_it_were_right(page):
    expect(verdict(page)).to_be_visible()
    expect(line(page, 1)).to_have_text("")
    page.evaluate(RESTART)
    for index in (1, 2):  # untouched, they say so too
        expect(line(page, index)).to_have_text(RESTS, timeout=10_000)
        assert is_dimmed(page, index)
    expect(verdict(page)).to_be_hidden()
    wait_until_idle(page)
    entry(page, "X[0,1]").focus()
    page.keyboard.press("Shift+ArrowUp")
    expect(line(page, 1)).to_have_text(GONE, timeout=6000)
    expect(verdict(page)).to_be_hidden()
    slider = output(page, 2).get_by_role("slider", name="input x", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(line(page, 2)).to_have_text(GONE, timeout=6000)
    for index in (0, 1, 2):
        run_cell(page, CELLS[index], index)
    for index in (1, 2):
        expect(line(page, index)).to_have_text("")
        assert not is_dimmed(page, index)
    expect(verdict(page)).to_be_visible()


def test_pointing_alone_finds_a_kernel_that_is_gone(page):
    page.evaluate(RESTART)
    wait_until_idle(page)
    entry(page, "dL/dX[0,0]").hover()
    expect(line(page, 1)).to_have_text(GONE, timeout=6000)
    expect(verdict(page)).to_be_hidden()


def test_a_busy_kernel_is_not_a_dead_one_and_the_widget_wakes_by_itself(page):
    expect(verdict(page)).to_be_visible()
    write(page, "with explorer._lock:\n    time.sleep(6)")
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell') }")
    page.wait_for_timeout(300)
    entry(page, "X[0,1]").focus()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    expect(entry(page, "X[0,1]")).to_have_text("7.0")
    expect(line(page, 1)).to_have_text(BUSY, timeout=5000)
    expect(verdict(page)).to_be_hidden()
    expect(line(page, 1)).to_have_text("", timeout=12_000)
    expect(verdict(page)).to_be_visible()
    expect(entry(page, "Y[0,1]")).to_have_text("7.0")
    assert not is_dimmed(page, 1)


def test_looking_and_waiting_do_not_dim(page):
    """A theme that is told to a busy kernel, or pointing that is answered, is no silence."""
    for name in ("X[0,0]", "dL/dX[0,0]", "G[1,1]"):
        entry(page, name).first.hover()
        page.wait_for_timeout(150)
    page.mouse.move(2, 2)
    write(page, "with lab._lock:\n    time.sleep(4)")
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-cell') }")
    command(page, "apputils:change-theme", {"theme": "JupyterLab Dark"})
    page.wait_for_timeout(3000)
    for index in (1, 2):
        expect(line(page, index)).to_have_text("")
        assert not is_dimmed(page, index)
