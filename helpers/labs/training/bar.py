"""A progress bar under a cell that leaves nothing behind in the stored output."""

import sys
from numbers import Real

import numpy as np

from ...calculus.errors import NumberError, is_a
from ...words import brief


def progress_bar(steps, total=None):
    """The steps one by one, with a bar that moves under the cell and is gone at the end.

    total: how many there are, where they do not say. Raises NumberError.
    """
    if is_a(steps, str) or not hasattr(type(steps), "__iter__") or (
            is_a(steps, np.ndarray) and not steps.ndim):
        raise NumberError("progress_bar: steps must be what a loop goes through, as range(100) "
                          f"does, not {brief(steps)}.")
    if total is not None and not (is_a(total, Real) and total == total):
        raise NumberError(f"progress_bar: total must be a number, not {brief(total)}.")
    return shown(steps, total)


def shown(steps, total):
    """The steps one by one, each with the bar as it is then."""
    from IPython.display import clear_output  # both slow to load, and for notebooks alone
    from tqdm import tqdm

    class Bar(tqdm):
        monitor_interval = 0  # without a thread of its own: a browser's Python has none to give

    yield from Bar(steps, total=total, file=sys.stdout, leave=False)
    clear_output()
