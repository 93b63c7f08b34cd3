"""How long a reader waits for the pages of `make site`: to the first picture, to life, to a frame.

    python -m benchmarks.tab [--runs 5]

Prints a Markdown table. Every cold visit has a new profile; the warm one after it has what that
kept. The pages come from a server on this machine, uncompressed and below a path.
"""

import argparse
import os
import statistics
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.latency import CASES, GRADIENT, SETTLE, WARM_UP, WATCH, p95
from tests.browser.lab import FLAGS, find_browser

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "site"))
from builder.offline import Handler  # noqa: E402
from builder.pins import OUT  # noqa: E402

LONG = 600_000  # milliseconds: on a busy machine
BELOW = "/a/school/"
PRESSES = 20
ENTRY_OF_G = "[aria-label^='G[0,1]'][role=gridcell]"  # X[0,1] is positive: dL/dX[0,1] follows it
SINCE = "(name) => performance.getEntriesByName(name)[0].startTime"
# The last thing that a first visit keeps: how Python starts.
KEPT = """async () => {
  for (const name of await caches.keys()) {
    const asked = await (await caches.open(name)).keys();
    if (asked.some(({ url }) => url.endsWith("/started"))) return true;
  }
  return false;
}"""
VISITS = {"explorer": "JacobianExplorer", "lab": "ActivationLab"}
# What is pressed on a page, and what must change: (where it is focused, keys, where it shows)
EDITS = {"explorer": (ENTRY_OF_G, ("ArrowUp",), GRADIENT),
         "lab": (CASES["lab"].focus, CASES["lab"].keys, CASES["lab"].changes)}
AIMS = {("explorer", "painted cold"): 300, ("explorer", "cold"): 4000, ("explorer", "warm"): 2500,
        ("explorer", "edit"): 30, ("lab", "cold"): 7500, ("lab", "warm"): 4500,
        ("lab", "edit"): 70, ("course", "cold"): 12_000, ("course", "edit"): 90}


class Counting(Handler):
    """The site below a path, and how many bytes of it went out."""

    sent = 0

    def translate_path(self, path):
        return super().translate_path(path.removeprefix(BELOW.rstrip("/")))

    def copyfile(self, source, target):
        Counting.sent += os.fstat(source.fileno()).st_size
        super().copyfile(source, target)


@contextmanager
def served():
    """The address of the site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Counting, directory=str(OUT))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{BELOW}"
        server.shutdown()


def pressed(page, focus, keys, changes):
    """Milliseconds from each key to changed pixels."""
    page.wait_for_selector(focus)
    times = []
    for press in range(WARM_UP + PRESSES):
        page.evaluate(WATCH, ["body", focus, changes])
        page.wait_for_timeout(SETTLE)
        page.keyboard.press(keys[press % len(keys)])
        times.append(page.evaluate("window.waited"))
        page.wait_for_timeout(SETTLE)
    return times[WARM_UP:]


def visit(browser, site, what, found):
    """A cold and a warm visit of one widget, and edits in it."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(LONG)
    for how in ("cold", "warm"):
        Counting.sent = 0
        page = context.new_page()
        page.goto(f"{site}try/?w={VISITS[what]}")
        page.wait_for_selector("body.live")
        found(what, how, page.evaluate(SINCE, "live"))
        found(what, f"painted {how}", page.evaluate(SINCE, "painted"))
        if how == "cold":
            found(what, "MB", Counting.sent / 1e6)
        else:
            found(what, "edit", *pressed(page, *EDITS[what]))
        while not page.evaluate(KEPT):
            page.wait_for_timeout(500)
        page.close()
    context.close()


def course(browser, site, found):
    """A first visit of the first notebook, up to its first explorer, and edits in it."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(LONG)
    Counting.sent = 0
    page = context.new_page()
    page.goto(f"{site}lab/notebooks/index.html?path=00_start_here.ipynb")
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.isReady")
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.wait_for_selector(f".tm-root {ENTRY_OF_G}")
    found("course", "cold", page.evaluate("() => performance.now()"))
    found("course", "MB", Counting.sent / 1e6)
    found("course", "edit", *pressed(page, *EDITS["explorer"]))
    context.close()


def measured(runs):
    """{(what, how): numbers} of all runs, in turn."""
    all_of = {}

    def found(what, how, *values):
        all_of.setdefault((what, how), []).extend(values)

    with served() as site, sync_playwright() as playwright:
        for _ in range(runs):
            browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
            for what in VISITS:
                visit(browser, site, what, found)
            course(browser, site, found)
            browser.close()
    return all_of


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tab",
                                     description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    if not (OUT / "index.html").exists():
        sys.exit("There is nothing in build/site: run make site.")
    before = os.getloadavg()
    found = measured(runs)
    print(f"{os.cpu_count()} cores, load {before[0]:.1f} before and {os.getloadavg()[0]:.1f} "
          f"after, {runs} runs\n")
    print("| | median | 95 % | aim |\n|---|---:|---:|---|")
    for (what, how), values in found.items():
        unit, aim = "" if how == "MB" else " ms", AIMS.get((what, how))
        middle = statistics.median(values)
        said = "" if aim is None else f"{aim:,}{unit}: {'met' if middle <= aim else 'missed'}"
        high = p95(values) if len(values) > 1 else middle
        print(f"| {what}, {how} | {middle:,.1f}{unit} | {high:,.1f}{unit} | {said} |")


if __name__ == "__main__":
    main()
