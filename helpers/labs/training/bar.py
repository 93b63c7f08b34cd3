"""A progress bar under a cell that leaves nothing behind in the stored output."""

import sys


def progress_bar(steps, total=None):
    """The steps one by one, with a bar that moves under the cell and is gone at the end."""
    from IPython.display import clear_output  # both slow to load, and for notebooks alone
    from tqdm import tqdm

    class Bar(tqdm):
        monitor_interval = 0  # without a thread of its own: a browser's Python has none to give

    yield from Bar(steps, total=total, file=sys.stdout, leave=False)
    clear_output()
