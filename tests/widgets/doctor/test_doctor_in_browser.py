"""The gradient doctor in a real JupyterLab."""

import re

from playwright.sync_api import expect

from tests.browser.lab import new_notebook, open_notebook, output, run_all

CELL = """
import numpy as np
from helpers import GradientDoctor

def dense(X, W, b):
    return np.maximum(X @ W + b, 0)

def backward(G, X, W, b):
    D = G * (X @ W + b > 0)
    return D @ W.T, X.T @ D / len(X), D.sum(axis=0)

random = np.random.default_rng(0)
X, W, b = random.standard_normal((3, 4)), random.standard_normal((4, 2)), np.zeros(2)
doctor = GradientDoctor(dense, backward, X, W, b)
doctor
"""


def test_the_diagnosis_the_gradients_and_the_column_of_the_entry_pointed_at(page, lab):
    open_notebook(page, new_notebook(lab, [CELL.strip(), "GradientDoctor()"], "doctor.ipynb"))
    run_all(page)
    doctor = output(page, 0).locator(".tm-doctor")
    verdict = doctor.locator(".tm-verdict")
    expect(verdict).to_contain_text("✗ dW: wrong: dW[0, 0] is", timeout=20_000)
    expect(doctor.locator(".tm-d-mistake")).to_contain_text("mean for sum: Every number is 1/N")
    expect(doctor.locator(".tm-reading")).to_contain_text("W[0, 0] moves")
    expect(doctor.locator(".tm-d-both .tm-grid-box")).to_have_count(3)
    doctor.locator(".tm-d-both .tm-grid-box").nth(1).get_by_role("gridcell").nth(5).hover()
    expect(doctor.locator(".tm-reading")).to_contain_text("W[2, 1] moves")
    expect(doctor.locator(".tm-d-column .tm-grid-box").first).to_contain_text("∂Y/∂W[2, 1]")
    doctor.get_by_role("button", name="dX").click()
    expect(verdict).to_have_text("✓ dX: right.")
    doctor.get_by_role("button", name="Another G").click()
    doctor.get_by_role("button", name=re.compile("dW")).click()
    expect(verdict).to_contain_text("✗ dW: wrong")

    blank = output(page, 1).locator(".tm-doctor")
    expect(blank.locator(".tm-d-blank")).to_contain_text("GradientDoctor(forward, backward, X, W")
    blank.get_by_role("button", name="Load an example").click()
    expect(blank.locator(".tm-verdict")).to_contain_text("✗ dW: wrong")
    expect(blank.locator(".tm-d-blank")).to_be_hidden()
    page.set_viewport_size({"width": 853, "height": 480})
    blank.get_by_role("button", name="Projector").click()
    root = page.locator(".tm-whole.tm-folded")
    expect(root.locator(".tm-d-column .tm-grid-box").last).to_be_in_viewport(ratio=1)
    assert root.evaluate("(root) => root.scrollHeight <= root.clientHeight + 1")
