"""A notebook that was saved shows its pictures, until its cells are run again."""

import json
import re

import nbformat
import pytest
from playwright.sync_api import expect

from helpers import JacobianExplorer
from tests.browser.bare import call, open_bare
from tests.browser.lab import (
    close_notebooks,
    code_cell,
    command,
    new_notebook,
    open_notebook,
    output,
    run_all,
    wait_until_idle,
)
from tests.browser.tabs import open_tab
from tests.notebooks.rerun import VIEW

CELLS = [
    "from helpers import ActivationLab, JacobianExplorer",
    "JacobianExplorer('relu', [[1.0, -2.0], [0.5, 3.0]], G=[[1, 1], [1, 1]])",
    "lab = ActivationLab()\nlab",
]
EIGHT = re.compile("^at x = 8.00")
RESTS = "This widget rests, as it was left. Run this cell to go on."


@pytest.fixture
def page(context, lab):
    with open_tab(context, lab) as page:
        yield page


def opened(page, lab, name):
    open_notebook(page, new_notebook(lab, CELLS, f"{name}.ipynb"))
    run_all(page)
    for index in (1, 2):
        expect(output(page, index).locator(".tm-root")).to_be_visible()


def save(page):
    command(page, "docmanager:save")


def saved_outputs(lab, name):
    notebook = json.loads((lab.root / f"{name}.ipynb").read_text())
    return [output for cell in notebook["cells"] for output in cell["outputs"]]


def shows_its_picture(page, index):
    shown = output(page, index)
    expect(shown.locator(".jp-RenderedImage img")).to_be_visible()
    expect(shown.locator(".tm-root")).to_have_count(0)
    assert "rror" not in shown.inner_text()


def test_saved_closed_and_reopened_it_shows_its_pictures(page, lab):
    opened(page, lab, "tomorrow")
    save(page)
    for index in (1, 2):  # saving leaves what is on the screen
        expect(output(page, index).locator(".tm-root")).to_be_visible()
    assert all(VIEW not in output["data"] for output in saved_outputs(lab, "tomorrow"))
    close_notebooks(page)  # ends the kernel
    open_notebook(page, "tomorrow.ipynb")
    assert code_cell(page, 1).evaluate("() => window.jupyterapp.shell.currentWidget.content"
                                       ".widgets.every((cell) => cell.model.trusted)")
    for index in (1, 2):
        shows_its_picture(page, index)
    run_all(page)
    for index in (1, 2):
        expect(output(page, index).locator(".tm-root")).to_be_visible()
        expect(output(page, index).locator(".jp-RenderedImage")).to_have_count(0)


def test_loaded_again_while_python_runs_it_lives_on(page, lab):
    opened(page, lab, "reload")
    output(page, 2).get_by_role("slider", name="input x", exact=True).press("End")
    expect(output(page, 2).locator(".tm-lab-image")).to_have_attribute("alt", EIGHT)
    save(page)
    page.reload()
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    wait_until_idle(page)
    for index in (1, 2):
        expect(output(page, index).locator(".tm-root")).to_be_visible()
    expect(output(page, 2).locator(".tm-lab-image")).to_have_attribute("alt", EIGHT)
    save(page)
    assert all(VIEW not in output["data"] for output in saved_outputs(lab, "reload"))


def test_where_states_are_saved_it_rests_as_it_was_left(page, lab):
    """With the setting of JupyterLab that saves widgets: dimmed, and without its verdict."""
    file = lab.settings / "@jupyter-widgets/jupyterlab-manager/plugin.jupyterlab-settings"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"saveState": True}))
    page.goto(f"/doc/tree/{new_notebook(lab, CELLS, 'states.ipynb')}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    wait_until_idle(page)
    run_all(page)
    output(page, 2).get_by_role("slider", name="input x", exact=True).press("End")
    expect(output(page, 2).locator(".tm-lab-image")).to_have_attribute("alt", EIGHT)
    save(page)
    close_notebooks(page)
    open_notebook(page, "states.ipynb")
    for index in (1, 2):
        expect(output(page, index).locator(".tm-silence")).to_have_text(RESTS)
        expect(output(page, index).locator(".tm-root")).to_have_class(re.compile("tm-late"))
    expect(output(page, 2).locator(".tm-lab-image")).to_have_attribute("alt", EIGHT)
    expect(output(page, 1).locator(".tm-verdict")).to_be_hidden()
    run_all(page)
    expect(output(page, 1).locator(".tm-verdict")).to_be_visible()
    page.wait_for_timeout(2500)
    expect(output(page, 1).locator(".tm-silence")).to_have_text("")
    close_notebooks(page)
    page.goto("about:blank")  # the next test gets a tab that has not read this setting


def test_a_notebook_that_is_not_trusted_shows_the_picture_beside_a_view(page, lab):
    bundle, metadata = JacobianExplorer("relu", n=2, h=3)._repr_mimebundle_()
    cell = nbformat.v4.new_code_cell("1", outputs=[
        nbformat.v4.new_output("display_data", bundle, metadata=metadata)])
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata=kernel)
    nbformat.write(notebook, lab.root / "strange.ipynb")
    assert VIEW in bundle
    open_notebook(page, "strange.ipynb")
    shows_its_picture(page, 0)


@pytest.fixture(scope="module")
def bare(browser):
    page = open_bare(browser, {"widgets/kit/saved.js": "ASLEEP asleep awake savedNotebook"})
    yield page
    page.close()


PICTURE = {"output_type": "display_data", "metadata": {"image/png": {"alt": "three"}},
           "data": {"text/plain": "3", "image/png": "AAAA", VIEW: {"model_id": "abc"}}}


@pytest.mark.parametrize("lacking", ["image/png", "alt", VIEW])
def test_only_a_view_with_a_picture_that_says_what_it_shows_sleeps(bare, lacking):
    plain = json.loads(json.dumps(PICTURE))
    plain["data"].pop(lacking, None)
    plain["metadata"]["image/png"].pop(lacking, None)
    assert call(bare, "asleep(a[0])", plain) == plain
    slept = call(bare, "asleep(a[0])", PICTURE)
    assert VIEW not in slept["data"] and slept["data"]["image/png"] == "AAAA"
    assert call(bare, "awake(a[0], () => true)", slept) == PICTURE
    assert call(bare, "awake(a[0], () => false)", slept) is None
    assert call(bare, "awake(a[0], () => true)", plain) is None


def test_a_notebook_is_saved_with_all_else_as_it_was(bare):
    cells = [{"cell_type": "markdown", "source": "x"},
             {"cell_type": "code", "outputs": [PICTURE, {"output_type": "stream", "text": "3"}]}]
    states = {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"abc": {}}}}}
    plain = {"nbformat": 4, "metadata": {}, "cells": cells}
    saved = call(bare, "savedNotebook(a[0])", plain)
    assert VIEW not in saved["cells"][1]["outputs"][0]["data"]
    assert saved["cells"][0] == cells[0] and saved["cells"][1]["outputs"][1] == cells[1][
        "outputs"][1]
    whole = {**plain, "metadata": states}
    assert call(bare, "savedNotebook(a[0])", whole) == whole
