"""The built site on a port of this machine, below a path, and a browser that reaches only it."""

import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from builder.fetch import wheels_here  # noqa: E402
from builder.offline import Handler  # noqa: E402
from builder.pins import OUT  # noqa: E402

from tests.browser.fixtures import browser, executable  # noqa: E402, F401

BELOW = "/a/school/"
PATIENCE = 120_000  # milliseconds: Python starts in a browser, on a busy machine


class Below(Handler):
    """The same, but the site lies below a path, as on most servers."""

    def translate_path(self, path):
        return super().translate_path(path.removeprefix(BELOW.rstrip("/")))

    def send_head(self):
        if self.server.updated:
            del self.headers["If-Modified-Since"]  # else: not modified
        return super().send_head()

    def copyfile(self, source, target):
        super().copyfile(source, target)
        target.write(self.more())

    def send_header(self, name, value):
        length = name == "Content-Length"
        super().send_header(name, str(int(value) + len(self.more())) if length else value)

    def more(self):
        """What the next version has at the end of its service worker."""
        updated = self.server.updated and self.path.endswith("sw.js")
        return b"// the next version" if updated else b""


@contextmanager
def served():
    """(The address of the built site, its server)."""
    if not (OUT / "index.html").exists():
        pytest.exit("There is nothing in build/site: run make site.", 1)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Below, directory=str(OUT))) as server:
        server.updated = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{BELOW}", server
        server.shutdown()


@pytest.fixture(scope="session")
def site():
    """The address of the built site."""
    with served() as (address, _):
        yield address


@pytest.fixture
def other_site():
    """The same on a server of its own: (address, server), for a test to update or to end it."""
    with served() as pair:
        yield pair


@pytest.fixture
def blog(tmp_path):
    """A function that puts some HTML on a page of another origin; it gives the address."""
    handler = partial(Handler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def written(text):
            (tmp_path / "blog.html").write_text(f"<!doctype html><h1>A blog</h1>{text}")
            return f"http://127.0.0.1:{server.server_port}/blog.html"

        yield written
        server.shutdown()


@pytest.fixture(scope="session")
def context(browser, site):  # noqa: F811
    """One profile: what a page has loaded, the next one has."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(PATIENCE)
    context.outside = []
    yield context
    context.close()


@pytest.fixture
def page(context, site):
    """A tab that may reach the site alone, and fails the test with whatever it complains of."""
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: said.type == "error" and page.errors.append(said.text))
    page.on("request", lambda request: watch(request, site, page.errors))
    yield page
    page.close()
    assert page.errors == []


def watch(request, site, errors):
    """Whatever is asked for elsewhere is an error."""
    if not request.url.startswith((site, "data:", "blob:")):
        errors.append(f"asked for {request.url}")


def pytest_report_header():
    here = wheels_here()
    return f"WebAssembly wheels: {'here' if here else 'not here'}"
