"""Notebooks that attack the grader: each ends in a sentence, and costs nobody else anything."""

import os
import sys
from pathlib import Path

import pytest

from helpers.exercises import guard
from helpers.exercises.grading import found, grade, one, unfenced, warden
from helpers.exercises.grading import kernel as kernels
from tests.exercises.grading.handing_in import cell, notebook

FENCE = warden.landlock()  # its version: TCP from 4, signals from 6
FENCED = FENCE > 0
MARK = f"a child of the test {os.getpid()}"

PATCHED = """
import os, sys
from helpers.exercises import EXERCISES, record
judge = sys.modules["helpers.exercises.judge"]
for name in ("grades.txt", "solved.txt", "progress.json", os.environ.get("TENSOR_MONSTERS_GRADES")):
    if name:
        open(name, "a").write("relu_backward\\n")
record.add("relu_backward")
judge.judge = judge.verdict = judge.called = lambda *a, **k: judge.Feedback(True, "right")
type(EXERCISES["relu_backward"]).check = lambda *a: judge.Feedback(True, "right")
type(EXERCISES["relu_backward"]).cases = lambda *a: []
EXERCISES.clear()
"""
TRICKS = """
class Any(np.ndarray):
    def __array_ufunc__(self, *a, **k):
        return True
    def __array_function__(self, *a, **k):
        return True
    def __eq__(self, other):
        return True
    def __reduce__(self):
        return eval, ("open('/tmp/pickled', 'w')",)
class Late:
    calls = 0
    def __array__(self, *a, **k):
        import json
        Late.calls += 1
        json.dumps = lambda *a, **k: '{"right": true, "calls": "all", "state": "solved"}'
        return np.ones((3, 4))
    __reduce__ = Any.__reduce__
"""
CHILDREN = f"""
import os, sys, time
for _ in range(10):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            sleep = [sys.executable, "-c", "import time; time.sleep(600)", {MARK!r}]
            os.execv(sys.executable, sleep)
        os._exit(0)
"""
SWALLOW = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
C_LOOP = "import itertools\nreturn sum(itertools.count())"
SLOW = "import time\ntime.sleep(0.25)\nreturn W @ g, np.outer(x, g)"  # as on a busy machine
FINE = ("sigmoid_backward",)


def class_of(folder, outside):
    """A folder with a notebook of each kind; all have one exercise solved, last."""
    hostile = {
        "exits": [cell("relu_backward", "import os\nos._exit(0)")],
        "exits_at_once": ["import os\nos._exit(1)\n" + cell("relu_backward")],
        "forged": [PATCHED, cell("relu_backward", "return G")],
        "forks": [CHILDREN, cell("relu_backward", "return G")],
        "loops": [cell("relu_backward", SWALLOW), cell("leaky_from_output", C_LOOP)],
        "patient": [cell("relu_backward", "n = 0\nwhile True:\n    n += 1")],
        "memory": [cell("relu_backward", "return np.zeros((10, 1 << 30))")],
        "outside": [cell("relu_backward", f"import os\nos.remove({str(outside)!r})")],
        "prints": ["while True:\n    print('x' * 1_000_000)\n" + cell("relu_backward")],
        "reaches": [cell(name, f"import os, socket\n{line}") for name, line in {
            "relu_backward": "socket.create_connection(('127.0.0.1', 9), 5)",
            "row_layer": "os.kill(os.getppid(), 0)",
            "leaky_from_output": f"os.symlink({str(outside)!r}, 'link')\nopen('link', 'a')",
            "tied_weights": f"open({str(outside)!r}).read()"}.items()],
        "tricks": [TRICKS, cell("relu_backward", "return G.view(Any)"),
                   cell("row_layer", "return Late()")],
    }
    for name, sources in hostile.items():
        notebook(folder / name / "04.ipynb", *sources, *map(cell, FINE))
    slow = cell("row_layer", SLOW)
    notebook(folder / "honest" / "04.ipynb", cell("relu_backward"), slow, *map(cell, FINE))
    return [*hostile, "honest"]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What is said of each notebook of the class, by its student's name."""
    folder = tmp_path_factory.mktemp("class")
    outside = tmp_path_factory.mktemp("other") / "of another student.txt"
    outside.write_text("untouched")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "LIMIT", 2.0)
        patch.setattr(kernels, "GRACE", 1.0)
        patch.setattr(one, "CELL", 5)
        names = class_of(folder, outside)
        given, whole_class = grade(found([folder]), jobs=2, seed=1, seconds=200, whole=False)
    assert whole_class and [table["student"] for table in given] == sorted(names)
    return {**{table["student"]: table for table in given}, "file outside": outside}


pytestmark = [pytest.mark.kernel, pytest.mark.skipif(os.name == "nt", reason="has no fork")]


def said(results, student, name="relu_backward"):
    verdict = results[student]["exercises"][name]
    assert verdict["state"] == "tried"
    return verdict["said"]


def test_nobody_else_pays(results):
    honest = results["honest"]
    assert honest["note"] == ""
    assert [name for name, row in honest["exercises"].items() if row["state"] == "solved"] == [
        "sigmoid_backward", "row_layer", "relu_backward"]
    for name, table in results.items():
        if name != "file outside":
            assert table["exercises"]["sigmoid_backward"]["state"] == "solved", table


def test_what_a_notebook_writes_or_patches_does_not_count(results):
    assert "mask forgotten" in said(results, "forged")
    assert "mask forgotten" in said(results, "tricks")
    assert said(results, "tricks", "row_layer").startswith("not yet: ")
    assert not Path("/tmp/pickled").exists()


def test_a_kernel_that_ends_is_a_sentence(results):
    assert said(results, "exits") == "not yet: stopped: the kernel ended"
    assert results["exits"]["note"] == "cell 1: the kernel ended"
    assert said(results, "exits_at_once") == "not yet: stopped: the kernel ended"


def test_a_loop_in_python_or_in_c_ends(results):
    assert "does this loop ever end?" in said(results, "patient")
    assert said(results, "loops").startswith("not yet: stopped")
    assert said(results, "loops", "leaky_from_output") == "not yet: stopped: took too long"


def test_output_and_memory_have_limits(results):
    assert "MB of output" in said(results, "prints")
    assert ("Memory" if sys.platform == "linux" else "numbers") in said(results, "memory")


def test_no_child_is_left(results):
    assert "mask forgotten" in said(results, "forks")
    alive = [path for path in Path("/proc").glob("[0-9]*/cmdline") if mark_in(path)]
    assert not alive


def mark_in(path):
    try:
        return MARK.encode() in path.read_bytes()
    except OSError:
        return False


@pytest.mark.skipif(not FENCED, reason="this system has no Landlock")
def test_a_file_outside_its_folder_stays(results):
    assert "PermissionError" in said(results, "outside")
    assert results["file outside"].read_text() == "untouched"
    for name in ("leaky_from_output", "tied_weights"):  # through a link, and to read it
        assert "PermissionError" in said(results, "reaches", name)


@pytest.mark.skipif(FENCE < 6, reason="this system's Landlock is older")
def test_no_connection_and_no_signal_leaves_the_kernel(results):
    for name in ("relu_backward", "row_layer"):
        assert "PermissionError" in said(results, "reaches", name)


def test_a_system_that_prevents_less_says_so(monkeypatch):
    monkeypatch.setattr(warden, "landlock", lambda: 1)
    assert unfenced() == ""
    monkeypatch.setattr(warden, "landlock", lambda: -1)
    assert "does not keep notebooks from your files" in unfenced()
    monkeypatch.setattr(kernels.os, "name", "nt")
    said = unfenced()
    monkeypatch.undo()
    assert said.startswith("Windows limits neither memory")
