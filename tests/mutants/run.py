"""Runs tests against one planted fault at a time, in a copy of the repository.

What all tests import from others is imported once; each fault then costs a fork of this process,
the import of our own package, and the tests that reach the place, the quickest first, up to the
first that fails.
"""

import importlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.mutants.reach import KEPT, OPTIONS, ROOT, AllCases

COPY, FELL, SAID = KEPT / "copy", KEPT / "fell.txt", KEPT / "said.txt"
WARM = ("numpy", "matplotlib.figure", "matplotlib.backends.backend_agg", "ipywidgets", "anywidget",
        "hypothesis", "playwright.sync_api", "autograd.numpy", "autograd", "nbformat", "IPython",
        "latex2mathml.converter", "PIL.Image", "tqdm.auto", "packaging.requirements")
EARLIER = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # imported before pytest began
FEW, MANY = 40, 4000     # tests of a first and of a second try: most faults fall in the first
PATIENCE = 5, 20         # the processor's time a test may take: so many times the usual, and more
SURVIVED, NOTHING = 0, 5  # pytest's exit codes


class Chosen(AllCases):
    """Of all tests of some files those that were asked for, in the order in which they were."""

    def __init__(self, nodes: Iterable[str]):
        self.place = {node: k for k, node in enumerate(nodes)}

    def chosen(self, items):
        return sorted((item for item in items if item.nodeid in self.place),
                      key=lambda item: self.place[item.nodeid])

    def pytest_runtest_logreport(self, report):
        if report.failed:
            FELL.write_text(report.nodeid, "utf-8")


class Timed(Chosen):
    """Those of a fork, each of which may take so long: one that never ends is known soon."""

    def __init__(self, usual: dict[str, float]):
        super().__init__(usual)
        self.usual = usual

    def pytest_runtest_logstart(self, nodeid):
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        limit = round(time.process_time()) + patience(self.usual[nodeid])
        resource.setrlimit(resource.RLIMIT_CPU, (min(limit, most), most))


def copy() -> None:
    """All that is under version control, where faults may be planted without harm."""
    shutil.rmtree(COPY, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True,
                            check=True, capture_output=True).stdout.split("\n")
    for name in filter(None, listed):
        (COPY / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy2(ROOT / name, COPY / name)


def warm() -> None:
    """Import what others wrote; nothing of ours, which each fork imports with its fault."""
    os.environ.update(OPENBLAS_NUM_THREADS="1", TENSOR_MONSTERS_PROGRESS="off",
                      PYTHONPATH=str(COPY), TMPDIR=str(KEPT / "tmp"), MPLBACKEND="agg")
    os.environ["TM_CHECK"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in WARM:
        importlib.import_module(name)


def patience(seconds: float) -> int:
    """How long what usually takes so long may take."""
    return round(PATIENCE[0] * seconds + PATIENCE[1])


def answer(usual: dict[str, float]) -> int:
    """The exit code of pytest on tests that usually take so long; negative if far longer."""
    shutil.rmtree(KEPT / "tmp", ignore_errors=True)
    (KEPT / "tmp").mkdir()
    FELL.unlink(missing_ok=True)
    limit = patience(sum(usual.values()))
    child = os.fork()
    if not child:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        os._exit(tried(usual))
    return waited(child, 6 * limit)


def tried(usual: dict[str, float]) -> int:
    """In the fork: run the tests with the copy's package and the copy's tests."""
    os.chdir(COPY)
    said = os.open(SAID, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    for stream in (0, 1, 2):
        os.dup2(said, stream)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("tests", "helpers")]:
        del sys.modules[name]
    sys.path[:] = [str(COPY), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
    sys.dont_write_bytecode = False
    files = list(dict.fromkeys(node.partition("::")[0] for node in usual))
    try:
        return int(pytest.main([*OPTIONS, "-x", *EARLIER, *files], plugins=[Timed(usual)]))
    except BaseException:  # whatever an import with a fault may raise
        return 1


def waited(child: int, limit: float) -> int:
    """How the child ended. One that waits for ever is killed, with all that it started."""
    end = time.monotonic() + limit
    while not (ended := os.waitpid(child, os.WNOHANG))[0] and time.monotonic() < end:
        time.sleep(0.02)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    code = ended[1] if ended[0] else os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(code)


class Bench:
    """The copy, with at most one fault in it."""

    def __init__(self, reach):
        self.reach, self.sound, self.moment = reach, {}, int(time.time())
        copy()
        warm()

    def write(self, path: str, source: str) -> None:
        """Each source a second older than the one before, so that none is taken for compiled."""
        (COPY / path).write_text(source, "utf-8")
        self.moment += 1
        os.utime(COPY / path, (self.moment, self.moment))

    def killer(self, path: str, fault) -> str | None:
        """The test that fails, "time" or "import"; None if all that reach the place pass."""
        source = (ROOT / path).read_text("utf-8")
        nodes = self.reach.tests(path, fault.lines)
        self.write(path, fault.planted(source))
        try:
            for part in (nodes[:FEW], nodes[FEW:MANY]):
                code = self.tell(part) if part else SURVIVED
                if code not in (SURVIVED, NOTHING):
                    return self.name(code)
        finally:
            self.write(path, source)
        return None

    def tell(self, nodes: list[str]) -> int:
        return answer({node: self.reach.seconds[node] for node in nodes})

    def name(self, code: int) -> str:
        if code < 0:
            return "time"
        return FELL.read_text("utf-8") if FELL.exists() else "import"

    def is_sound(self, node: str) -> bool:
        """Whether a test passes alone without a fault: one that does not proves nothing."""
        if node not in self.sound and node not in ("time", "import"):
            self.sound[node] = self.tell([node]) == SURVIVED
        return self.sound.get(node, True)


def against_notebooks(path: str, source: str) -> bool:
    """Whether a notebook shows something else, or a test that needs a kernel fails: minutes."""
    bench = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "not browser", "--nbval",
             "--nbval-current-env", "-p", "no:cacheprovider"]
    (COPY / path).write_text(source, "utf-8")
    full = {name: value for name, value in os.environ.items() if name != "TM_CHECK"}
    return any(subprocess.run([*bench, *more], cwd=COPY, env=full, capture_output=True).returncode
               for more in (["notebooks"], ["-m", "kernel and not browser", "tests"]))
