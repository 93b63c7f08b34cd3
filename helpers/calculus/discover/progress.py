"""A bar for work that takes longer than two seconds; the one place that imports tqdm."""

import sys

from tqdm import tqdm

PATIENCE = 2.0  # seconds without a bar


def shown(items, what, unit="call"):
    """The items, with a bar on the error stream once they have taken two seconds."""
    return tqdm(items, desc=f"discover: {what}", unit=unit, delay=PATIENCE, leave=False,
                file=sys.stderr, mininterval=0.2)
