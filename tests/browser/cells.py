"""A notebook of a test's own in a tab: opened once, its last cell written again and again."""

from contextlib import contextmanager

import pytest

from tests.browser.lab import (
    command,
    give_back_kernel,
    new_notebook,
    open_notebook,
    output,
    run_all,
)
from tests.browser.tabs import open_tab


@contextmanager
def open_cells(context, lab, cells, name):
    """A tab with a notebook of these cells, which has run; `errors` gathers complaints."""
    spare = context.__dict__.setdefault("spare_kernels", [])
    with open_tab(context, lab) as page:
        kernel = spare.pop() if spare and page.url != "about:blank" else None
        open_notebook(page, new_notebook(lab, cells, f"{name}.ipynb"), kernel)
        run_all(page)
        yield page
        spare.extend(filter(None, [give_back_kernel(page)]))


def module_tab(cells, name):
    """A fixture: a tab with a notebook of these cells, for all tests of a module."""
    @pytest.fixture(scope="module")
    def tab(context, lab):
        with open_cells(context, lab, cells, name) as page:
            yield page
            assert page.errors == []
    return tab


def write(page, code, index=-1):
    """Put code into a cell of the notebook, and choose it."""
    page.evaluate(
        """([code, index]) => {
          const { content } = window.jupyterapp.shell.currentWidget;
          content.activeCellIndex = content.widgets.indexOf(content.widgets.at(index));
          content.activeCell.model.sharedModel.setSource(code);
        }""", [code, index])


def run_cell(page, code, index=-1):
    """Write code into a cell, run it, and return the text below it."""
    write(page, code, index)
    command(page, "notebook:run-cell")
    return output(page, index).inner_text().strip()
