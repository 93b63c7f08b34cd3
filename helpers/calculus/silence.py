"""Somebody's function is called hundreds of times: what it prints would fill the page."""

import contextlib
import sys
import threading


class Unheard:
    """An output stream that drops what its own thread writes; what others write goes on."""

    def __init__(self, stream):
        self.stream, self.thread = stream, threading.get_ident()

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def write(self, text):
        """The number of letters, as a stream answers."""
        return len(text) if threading.get_ident() == self.thread else self.stream.write(text)

    def writelines(self, lines):
        """Each as by `write`."""
        for line in lines:
            self.write(line)


def silent():
    """A context in which prints go nowhere, in the main thread; in others they come as always.

    There is one sys.stdout: two threads that exchange it in turns may leave it exchanged.
    """
    if threading.current_thread() is threading.main_thread():
        return contextlib.redirect_stdout(Unheard(sys.stdout))
    return contextlib.nullcontext()


def muted(f):
    """The function, silent."""
    def quiet(*arguments):
        with silent():
            return f(*arguments)

    return quiet
