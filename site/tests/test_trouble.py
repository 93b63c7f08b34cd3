"""What goes wrong on a page is one line that says what to do, and the still picture stays."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def fresh(browser, site):
    """A tab in a profile of its own, that keeps no files."""
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(120_000)
    yield context.new_page()
    context.close()


def told(page, site, says):
    page.goto(f"{site}try/?w=JacobianExplorer")
    expect(page.locator("#line")).to_contain_text(says)
    expect(page.locator(".tm-root")).to_be_visible()
    expect(page.locator("#bar")).to_be_hidden()
    assert "\n" not in page.locator("#line").inner_text()
    assert "Traceback" not in page.locator("body").inner_text()


def test_without_webassembly(fresh, site):
    fresh.add_init_script("delete globalThis.WebAssembly")
    told(fresh, site, "it has no WebAssembly")


def test_without_a_network_at_the_first_visit(fresh, site):
    fresh.route("**/py-*/*.wasm", lambda route: route.abort())
    fresh.route("**/py-*/*.zip", lambda route: route.abort())
    fresh.route("**/py-*/*.whl", lambda route: route.abort())
    told(fresh, site, "There is no network, and Python has not been here yet")


def test_a_file_that_is_not_what_was_built(fresh, site):
    fresh.route("**/numpy-*.whl", lambda route: route.fulfill(body="something else"))
    told(fresh, site, "did not arrive as it was built")


def test_a_site_that_was_updated_meanwhile(fresh, site):
    fresh.route("**/tensor_monsters-*.whl", lambda route: route.fulfill(status=404))
    told(fresh, site, "the course was updated. Load this page again")
