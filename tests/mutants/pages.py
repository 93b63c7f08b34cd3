"""Runs tests on bare pages against one fault of a script at a time, in a Chromium that stays.

`python -m tests.mutants.pages javascript` measures which of these tests reach which line, as
Chromium counts them; `javascript-graph tests/widgets/graph` a piece alone. They all run in one
child process, which is replaced when a fault keeps it busy for ever: what they import of Python
never changes.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections import defaultdict
from functools import cache
from itertools import accumulate
from json import dumps, loads

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.bare import FOLDER, HOST
from tests.mutants.reach import KEPT, OPTIONS, ROOT, AllCases, Reach
from tests.mutants.run import COPY, EARLIER, SAID, Bench, Chosen, copy, warm

PATIENCE = 5000       # milliseconds until what a test waits for has not come
SECONDS = 5, 30       # a run may take so many times the usual, and more
MOST = 60             # seconds of tests that are tried
LOST = -1             # it took longer


class Pages(AllCases):
    """Of all tests those on a bare page, in a browser that stays; `watched` are its pages."""

    def __init__(self, chromium):
        self.chromium, self.watched = chromium, []

    def fits(self, item):
        return "executable" in item.fixturenames and "lab" not in item.fixturenames

    def new_page(self, **how):
        page = self.chromium.new_page(**how)
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        return page

    def __getattr__(self, name):
        return getattr(self.chromium, name)


class ChosenPages(Chosen):
    fits = Pages.fits


class Counter(Pages):
    """Writes down which lines a test reached, and how long it took."""

    def __init__(self, chromium):
        super().__init__(chromium)
        self.seconds, self.lines, self.failed, self.sources = {}, {}, set(), {}

    def new_page(self, **how):
        page = super().new_page(**how)
        session = page.context.new_cdp_session(page)
        session.send("Profiler.enable")
        session.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": True})
        self.watched.append((page, session))
        return page

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        begun = time.monotonic()
        answer = yield
        self.seconds[item.nodeid] = round(time.monotonic() - begun, 3)
        return answer

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        """What was reached is asked for before the last test of a file closes its page."""
        try:
            return (yield)
        finally:
            self.watched = [one for one in self.watched if not one[0].is_closed()]
            for _, session in self.watched:
                for script in session.send("Profiler.takePreciseCoverage")["result"]:
                    self.count(item.nodeid, script)

    def count(self, node, script):
        """Every function, and in it what was left out, comes after what it stands in."""
        if not script["url"].startswith(HOST) or not script["url"].endswith(".js"):
            return
        file = FOLDER / script["url"].removeprefix(HOST).lstrip("/")
        path = file.relative_to(ROOT).as_posix()
        text = self.sources.setdefault(path, file.read_text("utf-8"))
        counts = [0] * len(text)
        for piece in (piece for part in script["functions"] for piece in part["ranges"]):
            begin, end = piece["startOffset"], piece["endOffset"]
            counts[begin:end] = [piece["count"]] * (end - begin)
        line, seen = 1, set()
        for sign, number in zip(text, counts, strict=True):
            if number and not sign.isspace():
                seen.add(line)
            line += sign == "\n"
        for one in seen:
            self.lines.setdefault(path, {}).setdefault(one, []).append(node)

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed.add(report.nodeid)

    def save(self, name):
        sound = {node: time for node, time in self.seconds.items() if node not in self.failed}
        (KEPT / f"{name}.json").write_text(dumps({"seconds": sound, "lines": self.lines}), "utf-8")


def stay(browser) -> None:
    """Give the tests this browser for theirs."""
    from tests.browser import fixtures

    fixtures.browser = pytest.fixture(scope="session", name="browser")(lambda executable: browser)


def launch(playwright):
    from tests.browser.fixtures import EXECUTABLE
    from tests.browser.lab import FLAGS

    return playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)


def record(name: str, *paths: str) -> int:
    """Measure the tests on bare pages. One that fails without a fault has nothing to say."""
    KEPT.mkdir(parents=True, exist_ok=True)
    os.environ["TM_CHECK"] = "1"
    with sync_playwright() as playwright:
        counter = Counter(launch(playwright))
        stay(counter)
        failed = pytest.main([*OPTIONS, *EARLIER, *(paths or ["tests"])], plugins=[counter])
        counter.save(name)
    return int(failed)


class PageReach(Reach):
    """What was measured, as for Python."""

    def __init__(self):
        self.seconds, self.lines = {}, defaultdict(lambda: defaultdict(set))
        for file in sorted(KEPT.glob("javascript*.json")):
            known = loads(file.read_text("utf-8"))
            self.seconds |= known["seconds"]
            for path, lines in known["lines"].items():
                for line, nodes in lines.items():
                    self.lines[path][int(line)].update(nodes)

    @cache  # noqa: B019  there is one of it
    def contexts(self, path):
        return {line: nodes & self.seconds.keys() for line, nodes in self.lines[path].items()}

    def tests(self, path, lines):
        """Files that name the script, or whose page does; its folder's; then others, to a minute.

        None for a place that is never reached: what runs while a page loads counts too.
        """
        found = set().union(*(self.contexts(path).get(line, ()) for line in lines))
        files = {}
        for node in sorted(found, key=self.seconds.__getitem__):
            files.setdefault(node.partition("::")[0], []).append(node)
        own = path.replace("helpers/", "tests/", 1).rpartition("/")[0]
        cost = {file: sum(map(self.seconds.__getitem__, nodes)) for file, nodes in files.items()}
        named = {file: any(path.partition("/")[2] in one.read_text("utf-8") for one in (
            ROOT / file, *(ROOT / file).parent.glob("*_page.py"))) for file in files}
        order = sorted(files, key=lambda file: (
            not named[file], not own.startswith(file.rpartition("/")[0]), cost[file]))
        spent = accumulate(cost[file] for file in order)
        return [node for file, seconds in zip(order, spent, strict=True)
                if named[file] or file == order[0] or seconds < MOST for node in files[file]]


def serve(pipe) -> None:
    """In the child: run the tests that are asked for, again and again, and answer pytest's code."""
    os.setsid()
    os.chdir(COPY)
    said = os.open(SAID, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(said, stream)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "helpers")]:
        del sys.modules[name]
    sys.path[:] = [str(COPY), *(path for path in sys.path if path not in ("", str(ROOT)))]
    with sync_playwright() as playwright:
        pages = Pages(launch(playwright))
        stay(pages)
        while nodes := pipe.recv():
            files = list(dict.fromkeys(node.partition("::")[0] for node in nodes))
            # Anew: pytest would write a case whose name is not ASCII in another way than before.
            for name in [name for name in sys.modules if ".test_" in name]:
                del sys.modules[name]
            code = pytest.main([*OPTIONS, "-x", *EARLIER, *files], plugins=[ChosenPages(nodes)])
            for context in pages.contexts:
                context.close()
            pipe.send(int(code))


class PageBench(Bench):
    """The copy, with at most one fault in it, and the child with its browser."""

    def __init__(self, reach):
        self.reach, self.sound, self.moment, self.child = reach, {}, int(time.time()), None
        copy()
        warm()
        (KEPT / "tmp").mkdir(exist_ok=True)

    def tell(self, nodes):
        (KEPT / "fell.txt").unlink(missing_ok=True)
        if not self.child:
            self.pipe, theirs = multiprocessing.Pipe()
            self.child = multiprocessing.get_context("fork").Process(
                target=serve, args=(theirs,), daemon=True)
            self.child.start()
            theirs.close()  # so that a child that dies is heard
        self.pipe.send(nodes)
        usual = sum(map(self.reach.seconds.__getitem__, nodes))
        if self.pipe.poll(SECONDS[0] * usual + SECONDS[1]):
            return self.pipe.recv()
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child = None
        return LOST


if __name__ == "__main__":
    sys.exit(record(*sys.argv[1:]))
