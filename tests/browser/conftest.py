"""A JupyterLab and a Chromium for the tests in this folder; `lab.py` has what they do with them.

Both live only as long as this package's tests: Playwright keeps an event loop running in the main
thread, which other tests should not meet.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import lab as harness

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


EXECUTABLE = harness.find_browser()
REQUIRED = os.environ.get("TM_REQUIRE_BROWSER") == "1"
MISSING = "no Chromium, Chrome or Edge found; the variable TM_BROWSER may name one"


def pytest_collection_modifyitems(config, items):
    here = Path(__file__).parent
    browser_tests = [item for item in items if here in item.path.parents]
    for item in browser_tests:
        item.add_marker(pytest.mark.browser)
    if not (EXECUTABLE or REQUIRED):
        items[:] = [item for item in items if item not in browser_tests]
        config.hook.pytest_deselected(items=browser_tests)


def pytest_terminal_summary(terminalreporter):
    if not (EXECUTABLE or REQUIRED):
        terminalreporter.write_line(f"Browser tests skipped: {MISSING}", yellow=True)


@pytest.fixture(scope="package")
def executable():
    if not EXECUTABLE:
        pytest.fail(MISSING, pytrace=False)
    return EXECUTABLE


@pytest.fixture(scope="package")
def lab(executable, tmp_path_factory):
    """A running JupyterLab, as a `Lab`."""
    with harness.running_lab(tmp_path_factory.mktemp("lab"), NOTEBOOKS) as running:
        yield running


@pytest.fixture(scope="package")
def browser(executable):
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def context(browser, lab):
    """One browser profile for all tests, so that JupyterLab's own files are loaded once."""
    context = browser.new_context(base_url=lab.url, viewport={"width": 1400, "height": 900})
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page(context, lab):
    """A new tab. The test fails if the page reports an error, unless it empties `page.errors`."""
    harness.reset_settings(lab)
    page = context.new_page()
    page.errors = []
    page.on("console", lambda m: m.type == "error" and page.errors.append(m.text))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    errors = list(page.errors)  # before the kernel goes: JupyterLab's debugger complains about that
    harness.shut_kernels_down(page)
    page.close()
    assert errors == []
