"""Hypothesis profiles: the same examples in every run, or, with TM_SOAK=1, many new ones."""

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=60, derandomize=True, deadline=None)
settings.register_profile("soak", max_examples=10_000, print_blob=True, deadline=None)
settings.load_profile("soak" if os.environ.get("TM_SOAK") == "1" else "quick")
