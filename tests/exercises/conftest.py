"""No test touches the progress file of the person who runs it."""

import pytest

from helpers.exercises import record


@pytest.fixture(autouse=True)
def progress_file(tmp_path, monkeypatch):
    """A progress file of this test's own, not there yet."""
    path = tmp_path / "data" / "progress.json"
    monkeypatch.setenv(record.VARIABLE, str(path))
    return path
