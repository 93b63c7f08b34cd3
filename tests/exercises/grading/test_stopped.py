"""A grader that is stopped from outside, by Ctrl+C or for good, leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.amount import SOAK
from tests.exercises.grading.handing_in import cell, notebook

ROOT = Path(__file__).parents[3]
STUDENTS = 8

pytestmark = [pytest.mark.kernel, pytest.mark.skipif(
    not SOAK or sys.platform != "linux", reason="starts many kernels, and looks for them in /proc")]


def started(folder, scratch):
    """The grader of a class, with its kernels in folders in `scratch`."""
    for k in range(STUDENTS):
        notebook(folder / "in" / f"s{k}.ipynb", cell("relu_backward"), cell("sigmoid_backward"))
    command = [sys.executable, "-m", "helpers.exercises", "grade", str(folder / "in"), "--jobs",
               "2", "--csv", str(folder / "grades.csv"), "--json", str(folder / "out")]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, "TMPDIR": str(scratch)})


def done(folder):
    return len(list((folder / "out").glob("*.json")))


def left(scratch):
    """Processes that have a folder in `scratch` on their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += [path] if os.fsencode(scratch) in path.read_bytes() else []
        except OSError:
            pass
    return found


def wait_until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_what_is_done_is_kept_and_no_process_or_folder_is_left(how, tmp_path):
    scratch = tmp_path / "t"
    scratch.mkdir()
    grader = started(tmp_path, scratch)
    wait_until(lambda: done(tmp_path) >= 2)
    grader.send_signal(how)
    said = grader.communicate()[1]
    wait_until(lambda: not left(scratch) and not list(scratch.iterdir()), 30)
    kept = done(tmp_path)
    assert 2 <= kept < STUDENTS
    if how == signal.SIGINT:
        assert grader.returncode == 130
        assert f"of {STUDENTS} done; the same command goes on" in said
    again = started(tmp_path, scratch)
    assert again.wait() == 0 and done(tmp_path) == STUDENTS
    again.stderr.close()
    rows = (tmp_path / "grades.csv").read_text("utf-8-sig").splitlines()[1:]
    assert [row.split(",")[2] for row in rows] == ["2"] * STUDENTS
