"""A bar for work that takes longer than two seconds."""

import sys
from contextlib import contextmanager
from contextvars import ContextVar

from tqdm import tqdm

PATIENCE = 2.0  # seconds without a bar
_now = ContextVar("bar", default=None)


class Bar(tqdm):
    """On the error stream, gone when the work is done, without a thread of its own."""

    monitor_interval = 0

    def __init__(self, items, what, unit):
        super().__init__(items, desc=f"discover: {what}", unit=unit, delay=PATIENCE, leave=False,
                         file=sys.stderr, mininterval=0.2)


def shown(items, what, unit=" calls"):
    """The items, with a bar once they have taken two seconds; it stands for one around it."""
    token = _now.set(None)
    try:
        yield from Bar(items, what, unit)
    finally:
        _now.reset(token)


@contextmanager
def watched(what, unit=" steps"):
    """A bar for work of unknown length, which goes on with every `tick`.

    Of one within another the outer one is shown.
    """
    if _now.get() is not None:
        yield
        return
    with Bar(None, what, unit) as bar:
        token = _now.set(bar)
        try:
            yield
        finally:
            _now.reset(token)


def tick():
    """One step more."""
    bar = _now.get()
    if bar is not None:
        bar.update()
