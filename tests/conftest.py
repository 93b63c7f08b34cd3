"""What holds for all tests: how much is tried, and where they keep what they remember."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import find, settings
from hypothesis.strategies import none

from tests import sandbox
from tests.amount import LEVEL
from tests.notebooks import pictures

pytest_plugins = ["tests.browser.fixtures"]


# The same examples in every run, but in a soak new ones.
settings.register_profile("check", max_examples=10, derandomize=True, deadline=None)
settings.register_profile("test", max_examples=60, derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=10_000, print_blob=True, deadline=None)
settings.load_profile(LEVEL)

sandbox.without_bars()
if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker is in the folder of the one who started it
    FOLDER = sandbox.new_folder()
    sandbox.enter(Path(FOLDER.name))


def pytest_collection_modifyitems(config, items):
    """Stored pictures are compared; while one works (`make check`), of a table the first case."""
    if pictures.drawn_alike():
        pictures.watch(items)
    if LEVEL != "check":
        return
    first = {item.nodeid.partition("[")[0]: id(item) for item in reversed(items)}
    kept = set(first.values())
    config.hook.pytest_deselected(items=[item for item in items if id(item) not in kept])
    items[:] = [item for item in items if id(item) in kept]


def pytest_collection_finish():
    """Some 16,000 tests stay in memory to the end: no search for garbage needs to look at them.

    Hypothesis 6.100 looks at who holds NumPy's generator, once, and sees nobody who is frozen.
    """
    find(none(), lambda _: True)
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """One process more than there are cores: a test in a browser waits more than it works."""
    return min((os.cpu_count() or 1) + 1, 4)
