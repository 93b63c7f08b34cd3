"""Somebody's function is called hundreds of times: what it prints would fill the page."""

import contextlib
import sys
import threading

LOCK = threading.Lock()
QUIET = {}  # thread: how many silences it is in


class Unheard:
    """An output stream that drops what silent threads write; what others write goes on."""

    def __init__(self, stream):
        self.stream = stream

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def write(self, text):
        """The number of letters, as a stream answers."""
        return len(text) if threading.get_ident() in QUIET else self.stream.write(text)

    def writelines(self, lines):
        """Each as by `write`."""
        for line in lines:
            self.write(line)


@contextlib.contextmanager
def silent():
    """A context in which this thread prints nowhere; others print as always.

    There is one sys.stdout: the first thread that falls silent exchanges it, the last one to speak
    again puts it back. Who took it meanwhile, and puts that back later, does no harm: it goes on.
    """
    thread = threading.get_ident()
    with LOCK:
        if not isinstance(sys.stdout, Unheard):
            sys.stdout = Unheard(sys.stdout)
        QUIET[thread] = QUIET.get(thread, 0) + 1
    try:
        yield
    finally:
        with LOCK:
            QUIET[thread] -= 1
            if not QUIET[thread]:
                del QUIET[thread]
            if not QUIET and isinstance(sys.stdout, Unheard):
                sys.stdout = sys.stdout.stream


def muted(f):
    """The function, silent."""
    def quiet(*arguments):
        with silent():
            return f(*arguments)

    return quiet
