"""What holds for all tests: how much is tried, and where they keep what they remember."""

import os
from pathlib import Path

from hypothesis import settings

from tests import sandbox
from tests.amount import LEVEL

pytest_plugins = ["tests.browser.fixtures"]

# The same examples in every run, but in a soak new ones.
settings.register_profile("check", max_examples=10, derandomize=True, deadline=None)
settings.register_profile("test", max_examples=60, derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=10_000, print_blob=True, deadline=None)
settings.load_profile(LEVEL)

if "PYTEST_XDIST_WORKER" not in os.environ:  # a worker is in the folder of the one who started it
    FOLDER = sandbox.new_folder()
    sandbox.enter(Path(FOLDER.name))
