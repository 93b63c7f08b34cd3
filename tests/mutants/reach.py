"""Which tests reach which line of `helpers/`, and how long each of them takes: measured once.

`python -m tests.mutants.reach calculus` runs the tests of a part that need neither a browser nor
a kernel under coverage, a context a test, and keeps what it finds in build/mutants/. What runs
while a module is imported has no test of its own: `tests` then names those that reach anything in
the module, or in its folder where it holds constants alone. Every case of every test is tried, with
as few random numbers as by `make check`.
"""

import json
import os
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from coverage import Coverage, CoverageData

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "mutants"
OPTIONS = ["-q", "-p", "no:cacheprovider", "-p", "no:nbval"]


class AllCases:
    """Keeps the cases that `make check` leaves out, but for tests in a browser or a kernel."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        every = list(items)
        yield
        items[:] = self.chosen([item for item in every if self.fits(item)])

    def fits(self, item):
        return not (item.get_closest_marker("browser") or item.get_closest_marker("kernel"))

    def chosen(self, items):
        return items


class Recorder(AllCases):
    """Switches the context with each test, and looks at the clock of the processor."""

    def __init__(self, name: str):
        self.name, self.seconds, self.failed, self.module = name, {}, set(), None
        self.coverage = Coverage(data_file=str(KEPT / f"{name}.lines"), config_file=False,
                                 source=[str(ROOT / "helpers")])
        self.coverage.set_option("run:relative_files", True)  # so that a copy can read them

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        if item.path != self.module:
            self.save()
            self.module = item.path
        forget()
        self.coverage.switch_context(item.nodeid)
        begun = time.process_time()
        answer = yield
        self.seconds[item.nodeid] = round(time.process_time() - begun, 4)
        self.coverage.switch_context("")
        return answer

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed.add(report.nodeid)

    def save(self):
        """What is known so far, a file of tests at a time."""
        self.coverage.save()
        sound = {node: time for node, time in self.seconds.items() if node not in self.failed}
        (KEPT / f"{self.name}.json").write_text(json.dumps(sound, indent=0), "utf-8")


def forget() -> None:
    """Empty every cache, so that a test reaches what it would reach alone."""
    for module in [module for name, module in sys.modules.items() if name.startswith("helpers.")]:
        for value in [*vars(module).values()]:
            if callable(getattr(value, "cache_clear", None)):
                value.cache_clear()


def record(name: str, *paths: str) -> int:
    """Measure the tests of a part. One that fails without a fault has nothing to say."""
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}.lines").unlink(missing_ok=True)
    os.environ["TM_CHECK"] = "1"
    recorder = Recorder(name)
    recorder.coverage.start()
    failed = pytest.main([*OPTIONS, *(paths or [f"tests/{name}"])], plugins=[recorder])
    recorder.coverage.stop()
    recorder.save()
    return int(failed)


class Reach:
    """What was measured: `tests(path, lines)` are those that reach a place, the quickest first."""

    def __init__(self, part: str):
        self.data, self.seconds = CoverageData(no_disk=True), {}
        for file in sorted(KEPT.glob(f"{part}*.lines")):
            found = CoverageData(str(file))
            found.read()
            self.data.update(found)
            self.seconds |= json.loads(file.with_suffix(".json").read_text("utf-8"))

    @cache  # noqa: B019  there is one of it
    def contexts(self, path: str) -> dict[int, set[str]]:
        found = self.data.contexts_by_lineno(path)
        return {line: set(names) & {"", *self.seconds} for line, names in found.items()}

    def tests(self, path: str, lines: tuple[int, int]) -> list[str]:
        contexts = self.contexts(path)
        reached = set().union(*(contexts.get(line, ()) for line in range(lines[0], lines[1] + 1)))
        if not reached or "" in reached:  # what runs as well, or only, while it is imported
            reached = set().union(*contexts.values())
        if not reached - {""}:  # constants alone: who uses them is beside them
            beside = (ROOT / path).parent.glob("*.py")
            reached = set().union(*(nodes for file in beside for nodes in self.contexts(
                file.relative_to(ROOT).as_posix()).values()))
        return sorted(reached - {""}, key=self.seconds.__getitem__)


if __name__ == "__main__":
    sys.exit(record(*sys.argv[1:]))
