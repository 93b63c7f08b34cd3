"""A bar for work that takes longer than two seconds."""

import sys
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

PATIENCE = 2.0  # seconds without a bar
_now = ContextVar("bar", default=None)


def bar(items, what, unit):
    """Gone when the work is done, without a thread of its own."""
    return kind()(items, desc=f"discover: {what}", unit=unit, delay=PATIENCE, leave=False,
                  file=stream(), mininterval=0.2)


def stream():
    """The error stream. A notebook keeps an empty red line of it, so there what is printed."""
    return sys.stdout if type(sys.stdout).__module__.startswith("ipykernel") else sys.stderr


@cache
def kind():
    """The class of bars, imported when there is something to search: in a browser it takes long."""
    from tqdm import tqdm

    return type("Bar", (tqdm,), {"monitor_interval": 0})


def shown(items, what, unit=" calls"):
    """The items, with a bar once they have taken two seconds; it stands for one around it."""
    token = _now.set(None)
    try:
        yield from bar(items, what, unit)
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
    with bar(None, what, unit) as made:
        token = _now.set(made)
        try:
            yield
        finally:
            _now.reset(token)


def tick():
    """One step more."""
    showing = _now.get()
    if showing is not None:
        showing.update()
