"""A cell that is run again and again: what it has shown before does not pile up."""

import gc
import types
import weakref

import IPython
import pytest
from playwright.sync_api import expect

import helpers
from helpers.widgets.kit.once.script import SCRIPTS
from tests.amount import SOAK
from tests.browser.bare import open_bare
from tests.browser.cells import run_cell
from tests.browser.lab import (
    command,
    new_notebook,
    open_notebook,
    output,
    run_all,
    wait_until_idle,
)
from tests.widgets.gestures import WIDGETS

OTHERS = {"JacobianExplorer": '"relu", n=3, h=4',
          "EditableArray": "np.arange(6.0).reshape(2, 3)",
          "TensorView": "np.eye(6).reshape(2, 3, 2, 3)",
          "GradientDoctor": "lambda X: np.tanh(X), lambda G, X: G, np.ones((2, 3))"}
OPEN = "print(sum(type(one).__name__ == 'EditableArray' for one in __import__(" \
    "'ipywidgets').widgets.widget._instances.values()))"
LOADED = "globalThis[Symbol.for('tensor-monsters scripts')].size"
# What is freed stays with the process, 16 MB now and then, until its allocator gives it back.
KERNEL = """import ctypes, gc, psutil
gc.collect()
getattr(ctypes.CDLL(None), "malloc_trim", lambda _: None)(0)
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
    assert kept.comm is None and kept.layout.comm is None
    assert kept.gradient.tolist() == [[5.0, 0.0]]
    data, _ = kept._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert kept.comm is not None and kept.layout.comm is not None


def test_a_lab_that_is_closed_lets_go_of_what_it_has_drawn_and_draws_again():
    lab = helpers.ActivationLab(x=1.5)
    figure, state = weakref.ref(lab._picture._figure), lab.state["picture"]
    lab.close()
    gc.collect()
    assert figure() is None
    lab.set(x=0.5)
    lab.set(x=1.5)
    assert lab.state["picture"] == state


def test_widgets_of_one_kind_share_one_script():
    one, other, lab = (helpers.EditableArray([1.0]), helpers.EditableArray([2.0]),
                       helpers.ActivationLab())
    assert one._script == other._script != lab._script
    held = {f"IPY_MODEL_{script.model_id}": script.text for script in SCRIPTS.values()}
    assert held[one._script] == one.front and held[lab._script] == lab.front
    assert one._esm == lab._esm and len(one._esm) < 3000 < len(one.front)
    SCRIPTS[one.front].close()  # as Widget.close_all() does
    assert helpers.EditableArray([3.0])._script not in (one._script, lab._script)


def test_a_page_that_does_not_find_the_script_asks_python_for_it(browser):
    page = open_bare(browser, {"widgets/kit/once/loader.js": "default as loader"})
    shown = page.evaluate("""async (text) => {
      const heard = new Set(), asked = [];
      const model = { get: () => "IPY_MODEL_gone", on: (_, hear) => heard.add(hear),
        off: (_, hear) => heard.delete(hear), send(content) {
          asked.push(content.kind);
          for (const hear of [...heard]) hear({ kind: "here" });
          for (const hear of [...heard]) hear({ kind: "script", text });
        } };
      loader.initialize({ model });
      await loader.render({ model, el: document.body });
      await loader.render({ model, el: document.body });
      return [document.body.textContent, asked, heard.size];
    }""", "let begun = 0;\nexport default { initialize() { begun += 1; }, "
          "render({ el }) { el.append(`drawn, begun ${begun} `); } };")
    assert shown == ["drawn, begun 1 drawn, begun 1 ", ["script"], 0] and page.errors == []
    page.close()
    widget, sent = helpers.EditableArray([1.0]), []
    widget.send = sent.append
    widget._handle_custom_msg({"kind": "script"}, [])
    assert sent == [{"kind": "script", "text": widget.front}]


def test_a_cell_that_is_run_again_loads_nothing_anew(page, lab):
    cell = "helpers.EditableArray([[1.0, -2.0]])"
    open_notebook(page, new_notebook(lab, ["import helpers", cell, cell, OPEN]))
    run_all(page)
    scripts = page.evaluate(LOADED)
    for _ in range(7):
        page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1 }")
        command(page, "notebook:run-cell")
        expect(output(page, 1).locator(".tm-root")).to_have_count(1)
        wait_until_idle(page)
    assert page.evaluate(LOADED) == scripts
    expect(output(page, 2).locator(".tm-root")).to_be_visible()
    assert int(run_cell(page, OPEN)) <= 5 + 1 + 1  # a cell that only came to run once keeps its own


# IPython keeps every result of a cell and every output: 0.01 MB a run of a plain slider, and of a
# widget of ours what a figure of its size costs. That is not what is measured.
FORGET = """get_ipython().displayhook.flush()
getattr(get_ipython().history_manager, "outputs", {}).clear()
"""


@pytest.mark.skipif(not SOAK, reason="200 runs of every widget's cell in JupyterLab: an hour")
@pytest.mark.parametrize("name", WIDGETS)
def test_two_hundred_runs_leave_no_memory(page, lab, name):
    """From the twentieth to the last run: the kernel holds less than 10 MB more, the page 30.

    JupyterLab keeps some 0.03 MB of a page for each run of a cell that shows a number.
    """
    cell = f"{FORGET}helpers.{name}({OTHERS.get(name, '')})"
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
    kernel, heap = (now - then for then, now in zip(before, held, strict=True))
    print(f"{name}: {kernel / 1e6:.1f} MB in the kernel, {heap / 1e6:.1f} MB in the page")
    assert kernel < 10e6 and heap < 30e6
