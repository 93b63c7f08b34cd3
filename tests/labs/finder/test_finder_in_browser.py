"""The finder and the explorer of a student's function, as a student uses them in JupyterLab."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import new_notebook, open_notebook, output, run_all

CELLS = [
    'from helpers import JacobianExplorer, ReplacementFinder\n\nReplacementFinder("affine by W")',
    "import numpy as np\n\n\ndef mine(X):\n    return X * X.sum(0)\n\n\n"
    "JacobianExplorer(mine, np.arange(1.0, 7.0).reshape(2, 3))",
]


@pytest.fixture
def cells(page, lab):
    open_notebook(page, new_notebook(lab, CELLS))
    run_all(page)
    return output(page, 0), output(page, 1)


def test_next_stage_shrinks_the_tensor_down_to_the_line(cells):
    finder, _ = cells
    left, image = finder.locator(".tm-read-value b").nth(1), finder.locator("img.tm-lab-image")
    expect(left).to_have_text("48 of 48")
    for share in ("24 of 48", "12 of 48", "12 of 48", "12 of 48"):
        before = image.get_attribute("src")
        finder.get_by_role("button", name="Next stage").click()
        expect(left).to_have_text(share)
        expect(image).not_to_have_attribute("src", before)
    expect(finder.locator(".tm-lab-reads")).to_contain_text("X.T @ G")
    expect(image).to_have_attribute("alt", re.compile(r"12 of 48 .* dL/dW = X.T @ G"))
    finder.get_by_role("button", name="Undo").click()
    expect(finder.locator(".tm-lab-reads")).not_to_contain_text("X.T @ G", use_inner_text=True)


def test_another_derivative_is_chosen_by_keys(page, cells):
    finder, _ = cells
    finder.get_by_label("derivative of").select_option("relu by X")
    expect(finder.locator(".tm-read-value b").nth(1)).to_have_text("144 of 144")
    finder.get_by_role("slider", name="stage").focus()
    page.keyboard.press("ArrowRight")
    expect(finder.locator(".tm-read-value b").nth(1)).to_have_text("12 of 144")


def test_the_derivation_opens_and_an_edit_finds_the_way_anew(page, cells):
    _, explorer = cells
    line = explorer.locator(".tm-numpy")
    expect(line).to_contain_text("dX =")
    fold = explorer.locator(".tm-derivation")
    fold.locator("summary").click()
    expect(fold.locator("li").first).to_contain_text("The chain rule")
    expect(fold.locator("math").first).to_be_visible()
    gradient = explorer.locator(".tm-panel-compact [role=grid]").last
    before = gradient.inner_text()
    explorer.locator("[role=gridcell][aria-label^='X[']").first.click()
    page.keyboard.press("ArrowUp")
    expect(gradient).not_to_have_text(before)
    expect(explorer.locator(".tm-verdict.tm-same")).to_be_visible()
