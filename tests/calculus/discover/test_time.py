"""How long a search may take before it says so, and that it can be stopped."""

import io

import numpy as np
import pytest

from helpers.calculus.discover import discover, progress
from helpers.calculus.discover.large.search import duration

X = np.random.default_rng(2).standard_normal((3, 3))


def power(X):
    return X @ X @ X


def test_a_short_search_shows_no_bar(capfd):
    discover(np.tanh, X)
    assert capfd.readouterr().err == ""


def test_a_long_search_shows_a_bar_that_goes_when_it_is_done(capfd, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    discover(power, X)
    said = capfd.readouterr().err
    assert "discover: the line that replaces it" in said and " steps [" in said
    assert said.split("\r")[-1].strip() == "" and progress._now.get() is None


def test_in_a_notebook_the_bar_leaves_no_red_line(capfd, monkeypatch):
    class Stream(io.StringIO):
        __module__ = "ipykernel.iostream"

    printed = Stream()
    monkeypatch.setattr(progress, "PATIENCE", 0.05)
    monkeypatch.setattr("sys.stdout", printed)
    discover(power, X)
    assert "discover: " in printed.getvalue() and capfd.readouterr().err == ""
    assert printed.getvalue().split("\r")[-1].strip() == ""


@pytest.mark.parametrize("where", ["naming.names", "naming.spans", "functions"])
def test_it_can_be_stopped_while_it_looks_for_names(where, monkeypatch):
    steps = []

    def stopped():
        steps.append(True)
        if len(steps) > 20:
            raise KeyboardInterrupt

    monkeypatch.setattr(f"helpers.calculus.discover.{where}.tick", stopped)
    with pytest.raises(KeyboardInterrupt):
        discover(power, X)
    monkeypatch.undo()
    assert progress._now.get() is None and discover(np.tanh, X).numpy == "G * (1 - Y**2)"


@pytest.mark.parametrize("seconds, said", [
    (0.4, "0 seconds"), (119, "119 seconds"), (121, "2 minutes"), (7199, "120 minutes"),
    (7201, "2 hours"), (2 * 86400 - 1, "48 hours"), (2 * 86400 + 1, "2 days"),
    (1e9, "11,574 days")])
def test_a_time_is_said_as_people_say_it(seconds, said):
    assert duration(seconds) == said
