"""A cell that is run again and again: what it has shown before does not pile up."""

import types

import IPython
import pytest

import helpers
from tests.amount import SOAK
from tests.browser.cells import run_cell
from tests.browser.lab import command, new_notebook, open_notebook, run_all
from tests.widgets.gestures import WIDGETS

OTHERS = {"JacobianExplorer": '"relu", n=3, h=4',
          "EditableArray": "np.arange(6.0).reshape(2, 3)",
          "TensorView": "np.eye(6).reshape(2, 3, 2, 3)",
          "GradientDoctor": "lambda X: np.tanh(X), lambda G, X: G, np.ones((2, 3))"}
KERNEL = """import gc, psutil
gc.collect()
print(psutil.Process().memory_info().rss)"""


@pytest.fixture
def shows(monkeypatch):
    """shows(widget, cell, run): what happens where a cell ends with a widget."""
    def shown(widget, cell, run):
        parent = {"metadata": {"cellId": cell}, "header": {"msg_id": f"{cell} {run}"}}
        shell = types.SimpleNamespace(get_parent=lambda: parent)
        monkeypatch.setattr(IPython, "get_ipython", lambda: shell)
        widget._repr_mimebundle_()
        return widget

    return shown


def test_of_a_cell_that_ran_often_the_last_runs_are_open(shows):
    made = [shows(helpers.EditableArray([1.0]), "often", run) for run in range(9)]
    assert [one.comm is not None for one in made] == 4 * [False] + 5 * [True]


def test_what_a_later_run_or_another_cell_shows_is_not_closed(shows):
    kept, loop = helpers.EditableArray([1.0]), [helpers.EditableArray([2.0]) for _ in range(20)]
    shows(kept, "first", 0)
    for run in range(9):
        shows(helpers.EditableArray([3.0]), "first", 1 + run)
        shows(kept, "second", run)
        for one in loop:  # many of one run
            shows(one, "loop", 0)
    assert kept.comm is not None and all(one.comm is not None for one in loop)


def test_one_that_was_closed_takes_values_and_is_shown_again(shows):
    kept = shows(helpers.JacobianExplorer("relu", [[1.0, -2.0]], G=[[3.0, 4.0]]), "again", 0)
    for run in range(6):
        shows(helpers.EditableArray([1.0]), "again", 1 + run)
    kept.set(G=[[5.0, 6.0]])
    assert kept.comm is None and kept.gradient.tolist() == [[5.0, 0.0]]
    data, _ = kept._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data and kept.comm is not None


@pytest.mark.skipif(not SOAK, reason="200 runs of every widget's cell in JupyterLab: an hour")
@pytest.mark.parametrize("name", WIDGETS)
def test_two_hundred_runs_leave_no_memory(page, lab, name):
    """From the twentieth to the last run: kernel and page hold less than 30 MB more, each."""
    cell = f"helpers.{name}({OTHERS.get(name, '')})"
    open_notebook(page, new_notebook(lab, ["import helpers, numpy as np", cell, "1"]))
    run_all(page)
    browser, before = page.context.new_cdp_session(page), None
    for run in range(1, 201):
        page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1 }")
        command(page, "notebook:run-cell")
        if run in (20, 200):
            page.wait_for_timeout(1000)
            kernel = int(run_cell(page, KERNEL))
            browser.send("HeapProfiler.collectGarbage")
            held = kernel, browser.send("Runtime.getHeapUsage")["usedSize"]
            before = before or held
    assert all(now - then < 30e6 for then, now in zip(before, held, strict=True)), (before, held)
