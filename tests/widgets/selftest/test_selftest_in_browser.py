"""The self-test in a real JupyterLab: three ticks, and the time there and back."""

import re

from playwright.sync_api import expect

from helpers import OrderPuzzle, SelfTest
from tests.browser.lab import new_notebook, open_notebook, output, run_all
from tests.page import as_high


def test_three_ticks_and_the_version_of_the_page(page, lab):
    open_notebook(page, new_notebook(lab, [
        "from helpers import OrderPuzzle, SelfTest\n\nSelfTest()", "OrderPuzzle()"]))
    run_all(page)
    lines = output(page, 0).locator(".tm-selftest li")
    expect(lines).to_have_text([
        re.compile(r"✓ Python 3\.\d+\.\d+ runs this notebook"),
        re.compile(r"✓ This page shows widgets \(JupyterLab 4\.\d+"),
        re.compile(r"✓ The page and Python talk to each other: \d+ ms"),
    ], timeout=20_000)
    output(page, 0).get_by_role("button", name="Test again").click()
    expect(lines.nth(2)).to_contain_text(re.compile(r"\d+ ms"))
    for place, widget in enumerate((SelfTest(), OrderPuzzle())):  # the page stays where it was
        assert as_high(widget, output(page, place).locator(".tm-root"))
