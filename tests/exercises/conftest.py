"""No test touches the progress file of the person who runs it."""

import sys
import threading

import pytest

from helpers.exercises import record


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    """A progress file of this test's own, not there yet."""
    path = tmp_path / "data" / "progress.json"
    monkeypatch.setenv(record.VARIABLE, str(path))
    return path


@pytest.fixture
def untraced():
    """A stretch without a debugger or a measure of coverage, which would be left in charge."""
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    yield
    threading.settrace(of_threads)
    sys.settrace(tracer)
