"""The live curve in JupyterLab: it grows while the cell runs, and Stop ends the run."""

from tests.browser import lab as harness

MAKE = "from helpers import TrainingCurve\ncurve = TrainingCurve()\ncurve"
RUN = """import time
for step in curve.steps(100_000):
    time.sleep(0.01)
    curve.add(step, 2.5 * 0.99**step, 1 - 0.9 * 0.99**step)"""
COUNT = "() => document.querySelector('.tm-read-value b').textContent"


def start(page, lab):
    """Open a notebook whose second cell runs for a quarter of an hour, and start it."""
    notebook = harness.new_notebook(lab, [MAKE, RUN, "print(curve)"], "training.ipynb")
    harness.open_notebook(page, notebook)
    harness.start_run_all(page)
    page.wait_for_function(
        "() => parseInt(document.querySelector('.tm-read-value b')?.textContent) > 10")


def wait_for_the_last_cell(page):
    said = harness.output(page, 2).get_by_text("TrainingCurve:")
    said.wait_for()
    return said.inner_text()


def test_the_curve_grows_and_stop_ends_the_run(page, lab):
    start(page, lab)
    before, picture = page.evaluate(COUNT), page.locator(".tm-lab-image").get_attribute("src")
    page.wait_for_function(f"() => ({COUNT})() !== {before!r}")
    assert page.locator(".tm-lab-image").get_attribute("src") != picture
    page.get_by_role("button", name="Stop").click()
    assert "stopped" in wait_for_the_last_cell(page)
    page.get_by_text("Stopped.").wait_for()


def test_an_interrupt_ends_the_run_too(page, lab):
    start(page, lab)
    harness.command(page, "notebook:interrupt-kernel")
    page.get_by_text("Stopped.").wait_for()
    assert "stopped" in wait_for_the_last_cell(page)
