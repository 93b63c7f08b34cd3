"""What goes wrong on a page is one line that says what to do, and a picture stays."""

import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect


@pytest.fixture
def fresh(browser, site):
    """A tab in a profile of its own, that keeps no files."""
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(120_000)
    yield context.new_page()
    context.close()


def told(page, site, says, picture=".tm-root"):
    page.goto(f"{site}try/?w=GraphStepper")
    expect(page.locator("#line")).to_contain_text(says)
    expect(page.locator(picture)).to_be_visible()
    expect(page.locator("#bar")).to_be_hidden()
    assert "\n" not in page.locator("#line").inner_text()
    assert "Traceback" not in page.locator("body").inner_text()


def told_with_a_still_picture(page, site, says):
    told(page, site, says, "#widget > img")
    image = page.locator("#widget > img")
    assert image.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 300
    assert "GraphStepper" in image.get_attribute("alt")


def test_without_webassembly(fresh, site):
    fresh.add_init_script("delete globalThis.WebAssembly")
    told(fresh, site, "it has no WebAssembly")


def test_a_browser_that_cannot_read_what_python_is_made_of(fresh, site):
    fresh.route("**/pyodide.mjs", lambda route: route.fulfill(
        body="let 1 = newer;", content_type="text/javascript"))
    told(fresh, site, "This browser is too old to run Python")


def test_a_browser_that_knows_no_modules(fresh, site):
    def older(route):
        page = route.fetch().text()
        assert page.count('<script type="module"') == page.count("<script nomodule>") == 1
        route.fulfill(body=page.replace('type="module"', 'type="unheard-of"').replace(
            "<script nomodule>", "<script>"), content_type="text/html")

    fresh.route("**/try/?w=*", older)
    told_with_a_still_picture(fresh, site, "This browser is too old for a live widget")


def test_a_page_whose_scripts_an_update_took_away(fresh, site):
    fresh.route("**/model.js", lambda route: route.fulfill(status=404))
    told_with_a_still_picture(fresh, site, "The course was updated")


def test_a_first_state_that_does_not_come(fresh, site):
    fresh.route("**/first-*.json", lambda route: route.abort())
    fresh.route("**/*.wasm", lambda route: None)  # Python stays on its way
    page = fresh
    page.goto(f"{site}try/?w=GraphStepper")
    expect(page.locator("#line")).to_contain_text("This widget did not come")
    expect(page.locator("#widget > img")).to_be_visible()


def test_without_a_network_at_the_first_visit(fresh, site):
    fresh.route("**/py-*/*.wasm", lambda route: route.abort())
    fresh.route("**/py-*/*.zip", lambda route: route.abort())
    fresh.route("**/py-*/*.whl", lambda route: route.abort())
    told(fresh, site, "There is no network, and Python has not been here yet")


def test_a_file_that_is_not_what_was_built(fresh, site):
    fresh.route("**/numpy-*.whl", lambda route: route.fulfill(body="something else"))
    told(fresh, site, "did not arrive as it was built")


def test_a_site_that_was_updated_meanwhile(fresh, site):
    fresh.route("**/course_tab-*.whl", lambda route: route.fulfill(status=404))
    told(fresh, site, "the course was updated. Load this page again")


def test_a_browser_that_keeps_nothing_says_so_and_goes_on(fresh, site):
    fresh.add_init_script("Object.defineProperty(navigator, 'serviceWorker', { get() { "
                          "throw new DOMException('blocked', 'SecurityError'); } })")
    fresh.goto(f"{site}try/?w=GraphStepper")
    expect(fresh.locator("#kept")).to_contain_text("This browser keeps no files of this site")
    fresh.wait_for_selector("body.live")
    expect(fresh.locator("#line")).to_have_text("")


@pytest.fixture
def visitor(browser):
    """A tab in a profile of its own that keeps files."""
    context = browser.new_context()
    context.set_default_timeout(120_000)
    yield context.new_page()
    context.close()


HOLDERS = """async (url) => {
  let holders = 0;
  for (const name of await caches.keys())
    holders += await (await caches.open(name)).match(url) !== undefined;
  return holders;
}"""
FROM_MEMORY = "() => performance.getEntriesByName('started from memory').length"
KEPT = """async (wanted) => {
  for (const name of await caches.keys()) {
    const urls = (await (await caches.open(name)).keys()).map(({ url }) => url);
    if (wanted.every((part) => urls.some((url) => url.includes(part)))) return name;
  }
  return "";
}"""


def until(page, script, given):
    """Wait for a yes: `wait_for_function` takes the promise of an answer for one."""
    end = time.monotonic() + 120
    while not page.evaluate(script, given):
        assert time.monotonic() < end, f"not so after two minutes: {script}"
        page.wait_for_timeout(200)


def kept_whole(page, site):
    """Visit a widget until all that it needs is kept."""
    page.goto(f"{site}try/?w=GraphStepper")
    page.wait_for_selector("body.live")
    parts = ["try/?w=", "page.js", "model.js", "worker.js", ".wasm", "stdlib.zip", "pyodide.mjs",
             "pyodide.asm.mjs", "numpy-", "course_tab-", "first-Graph"]
    until(page, KEPT, parts)
    assert site in page.evaluate(KEPT, parts)  # a cache for this site alone


def test_a_second_visit_needs_no_network(visitor, other_site):
    site, server = other_site
    kept_whole(visitor, site)
    server.shutdown()
    server.server_close()
    visitor.goto(f"{site}try/?w=GraphStepper")
    visitor.wait_for_selector("body.live")
    expect(visitor.locator("#line")).to_have_text("")


def test_an_update_takes_away_its_own_old_files_alone(visitor, other_site):
    site, server = other_site
    kept_whole(visitor, site)
    old = f"{site}app-0123456789ab/page.js"
    visitor.evaluate("""async (old) => {
      for (const name of [...await caches.keys(), "tensor-monsters of another site"])
        await (await caches.open(name)).put(old, new Response("old"));
    }""", old)
    assert visitor.evaluate(HOLDERS, old) == 2
    server.updated = True
    visitor.evaluate("async () => { await (await navigator.serviceWorker.ready).update(); }")
    until(visitor, f"async (old) => await ({HOLDERS})(old) === 1", old)
    assert visitor.evaluate(KEPT, ["pyodide.mjs"]).endswith(site)


def test_python_goes_on_from_the_memory_that_this_browser_kept(visitor, site):
    kept_whole(visitor, site)
    until(visitor, KEPT, ["/started"])
    again(visitor, site)
    assert visitor.evaluate(FROM_MEMORY) == 1
    visitor.evaluate("""async () => {
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        const [asked] = (await cache.keys()).filter(({ url }) => url.endsWith("/started"));
        const { headers } = await cache.match(asked);
        const body = new Response("no memory").body.pipeThrough(new CompressionStream("gzip"));
        await cache.put(asked, new Response(body, { headers }));
      }
    }""")
    again(visitor, site)
    assert visitor.evaluate(FROM_MEMORY) == 0  # a damaged one does no harm


def again(page, site):
    """The page as it is at another visit: alive, and Python answers."""
    page.goto("about:blank")
    page.goto(f"{site}try/?w=GraphStepper")
    page.wait_for_selector("body.live")
    before = page.locator(".tm-root").inner_text()
    page.get_by_role("button", name="All backward").click()
    expect(page.locator(".tm-root")).not_to_have_text(before)
    expect(page.locator("#line")).to_have_text("")


def test_a_browser_without_room_says_so_and_goes_on(visitor, site):
    session = visitor.context.new_cdp_session(visitor)
    origin = f"http://{urlsplit(site).netloc}"
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 2_000_000})
    visitor.goto(f"{site}try/?w=GraphStepper")
    visitor.wait_for_selector("body.live")
    expect(visitor.locator("#kept")).to_contain_text("This browser has no room left")
    expect(visitor.locator("#line")).to_have_text("")
