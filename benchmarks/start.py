"""How long the lab takes to start: from the command to a page whose first cell may be run.

    python -m benchmarks.start [--runs 5]

Each run has a server and a browser profile of its own, so that nothing is there from the last one.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.lab import (
    FLAGS,
    NOTEBOOKS,
    close_notebooks,
    find_browser,
    open_notebook,
    reset_settings,
    run_all,
    running_lab,
)

FIRST = "00_start_here.ipynb"


def once(chromium):
    """Seconds from the command: the server answers, the notebook is open, its cells have run."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        with running_lab(Path(folder), NOTEBOOKS) as lab:
            times = [time.perf_counter() - start]
            reset_settings(lab)
            page = chromium.new_context(base_url=lab.url).new_page()
            page.set_default_timeout(120_000)  # nothing is kept from the last run: slow
            open_notebook(page, FIRST)
            times.append(time.perf_counter() - start)
            run_all(page)
            times.append(time.perf_counter() - start)
            close_notebooks(page)
            page.context.close()
    return times


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start",
                                     description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        found = [once(chromium) for _ in range(runs)]
        chromium.close()
    print("| from the command until | median | slowest |\n|---|---:|---:|")
    titles = ("the server answers", f"{FIRST} is open, its kernel idle", "all its cells have run")
    for title, times in zip(titles, zip(*found, strict=True), strict=True):
        print(f"| {title} | {statistics.median(times):.1f} s | {max(times):.1f} s |")


if __name__ == "__main__":
    main()
