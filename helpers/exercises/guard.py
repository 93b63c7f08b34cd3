"""Run a student's function as a guest: with a time limit, its prints kept, its inputs watched.

The time limit is a trace function, which Python calls before every line: this works in the main
thread and in others, on every system and in the browser. One call into C that takes for ever, such
as `sum(itertools.count())`, is out of its reach: there the kernel's stop button helps.
"""

import contextlib
import io
import sys
import time
import warnings
from dataclasses import dataclass

import numpy as np

from ..calculus.errors import where
from ..words import said

LIMIT = 5.0  # seconds of work for all calls of one check together
WAITING = 12  # times as long by the clock, for code that waits
own_time = getattr(time, "thread_time", time.process_time)  # some systems count no thread's


class Deadline:
    """So many seconds of this thread's own work: a busy machine makes no loop endless."""

    def __init__(self, seconds):
        self.early, self.own = time.monotonic() + seconds, own_time() + seconds
        self.late = self.early + (WAITING - 1) * seconds

    def passed(self):
        """Whether the time is up; the cheap clock is asked first, as this is asked at each step."""
        now = time.monotonic()
        return now > self.early and (now > self.late or own_time() > self.own)


class TimeIsUp(BaseException):
    """Raised inside the student's code, past any `except Exception`."""


@dataclass(frozen=True)
class Outcome:
    """What one call came to: a value, or a trouble in words.

    error: the exception itself; slow: over the limit; changed: names of inputs that the call wrote
    to; printed: what it printed.
    """

    value: object = None
    error: BaseException | None = None
    trouble: str = ""
    slow: bool = False
    changed: tuple = ()
    printed: str = ""


def call(function, names, arguments, deadline):
    """The `Outcome` of `function(*arguments)`, on copies, until a `Deadline`."""
    copies = [np.array(value) if isinstance(value, np.ndarray) else value for value in arguments]
    printed, found = io.StringIO(), {}
    try:
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the verdict speaks about values, not about warnings
            found["value"] = timed(function, copies, deadline)
    except TimeIsUp as stop:
        found = {"slow": True, "trouble": where(stop, function)}
    except (Exception, SystemExit) as error:
        found = {"error": error, "trouble": told(error, function)}
    pairs = zip(names, arguments, copies, strict=True)
    changed = tuple(name for name, before, after in pairs if not same(before, after))
    return Outcome(**found, changed=changed, printed=printed.getvalue())


def same(before, after):
    """Whether two arrays, or two numbers, are the same to the last bit."""
    return np.shape(before) == np.shape(after) and np.array_equal(before, after)


def timed(function, arguments, deadline):
    """function(*arguments), ended by TimeIsUp at the deadline. A debugger is left in charge."""
    if sys.gettrace() is not None:
        return function(*arguments)

    class Rearmed(TimeIsUp):
        # Python ends tracing when a trace function raises. Should the student's code swallow the
        # exception, in a bare `except:`, its end starts tracing again.
        def __del__(self):
            if not over:
                sys.settrace(watch)
                for frame in frames:
                    frame.f_trace = watch

    over, frames = [], []

    def watch(frame, event, argument):
        frame.f_trace_opcodes = True  # `while True: pass` in one line has no line event
        if deadline.passed() and not over:
            frames[:] = stack(frame, outermost)
            raise Rearmed
        return watch

    outermost = sys._getframe()
    outermost.f_trace_opcodes = True  # Python 3.12 has opcode events only if asked before settrace
    sys.settrace(watch)
    try:
        return function(*arguments)
    finally:
        over.append(True)
        sys.settrace(None)


def stack(frame, outermost):
    """The frames from `frame` out to `outermost`, which is left out."""
    found = []
    while frame is not None and frame is not outermost:
        found.append(frame)
        frame = frame.f_back
    return found


def told(error, function):
    """An exception in one line or two: where, its type, its text."""
    at = where(error, function)
    text = said(error)
    return f"your code stopped{at and ' '}{at}:\n{type(error).__name__}{text and ': '}{text}"
