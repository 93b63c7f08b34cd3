"""A JupyterLab and a Chromium for tests in any folder; `lab.py` has what they do with them.

A test that asks for one of them is a browser test: it gets the marker. Each process of a run
starts them once, for the first test that asks, and keeps them to its end.
"""

import os

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser import lab as harness
from tests.browser.tabs import SIZE, open_tab

EXECUTABLE = harness.find_browser()
REQUIRED = os.environ.get("TM_REQUIRE_BROWSER") == "1"
PATIENCE = 60_000  # milliseconds: a test that waits for what comes may wait long, on a busy machine
MISSING = "no Chromium, Chrome or Edge found; the variable TM_BROWSER may name one"


def turn(item) -> int:
    """0 for a test without a browser. These come first: Playwright keeps an event loop in the main
    thread, which they should not meet. Then 1, the long ones in JupyterLab, and 2 on a bare page.
    """
    asked = getattr(item, "fixturenames", ())  # a cell of a notebook asks for nothing
    return 1 if "lab" in asked else 2 if "executable" in asked else 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    items.sort(key=turn)
    browser_tests = [item for item in items if turn(item)]
    for item in browser_tests:
        item.add_marker(pytest.mark.browser)
    if not (EXECUTABLE or REQUIRED):
        items[:] = [item for item in items if not turn(item)]
        config.hook.pytest_deselected(items=browser_tests)


def pytest_terminal_summary(terminalreporter):
    if not (EXECUTABLE or REQUIRED):
        terminalreporter.write_line(f"Browser tests skipped: {MISSING}", yellow=True)


@pytest.fixture(scope="session")
def executable():
    if not EXECUTABLE:
        pytest.fail(MISSING, pytrace=False)
    return EXECUTABLE


@pytest.fixture(scope="session")
def lab(executable, tmp_path_factory):
    """A running JupyterLab, as a `Lab`."""
    with harness.running_lab(tmp_path_factory.mktemp("lab"), harness.NOTEBOOKS) as running:
        yield running


@pytest.fixture(scope="session")
def browser(executable):
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=harness.FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def context(browser, lab):
    """One browser profile for all tests, so that JupyterLab's own files are loaded once."""
    context = browser.new_context(base_url=lab.url, viewport=SIZE)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context, lab):
    """A tab of its own. The test fails if it reports an error, unless it empties `page.errors`."""
    with open_tab(context, lab) as page:
        yield page
        errors = list(page.errors)  # before the kernel goes: the debugger complains about that
    assert errors == []
