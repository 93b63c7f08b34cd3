"""The curve of a training run, drawn while the run goes on, and a button that ends it."""

import signal
import sys
import threading
import time
from contextlib import contextmanager

import numpy as np

from ...calculus.errors import LessonError, NumberError, stands_in
from ...words import brief, four
from ..kit.controls import Given, Press, number
from ..kit.lab import Lab, note, value, with_spec
from . import picture as pictures

PAUSE = 0.1  # seconds between two pictures
SHARE = 4    # and at least so many times as long as the last picture took
LINE = 2000  # points of a line that are drawn
LADDER = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
ALONE = sys.platform == "emscripten"  # one thread: it hears nothing while a cell runs
WAITS = "In a browser's own Python Stop waits for the cell."
STATES = {
    "waiting": "Waits for its first step.",
    "running": f"Running to its end. {WAITS}" if ALONE else
    "Running. Stop ends it after the present step; so does an interrupt of the kernel.",
    "stopping": "Stopping …",
    "stopped": "Stopped.",
    "finished": "Finished.",
}


def point_of(step, loss, accuracy=None):
    """A point as a whole number and two floats. Raises NumberError."""
    if accuracy is not None:
        accuracy = number("The accuracy", accuracy)
        if not 0 <= accuracy <= 1:
            raise NumberError(f"The accuracy is {accuracy:g}; it must be a share from 0 to 1.")
    try:
        loss = float(loss)  # nan and inf are what a run comes to that goes wrong
    except Exception:
        raise NumberError(f"The loss must be a number, not {brief(loss)}.") from None
    return int(number("The step", step)), loss, accuracy


def points_of(rows):
    """Several points, each (step, loss) or (step, loss, accuracy). Raises NumberError."""
    try:
        return tuple(point_of(*row) for row in rows)
    except LessonError:
        raise
    except Exception:  # also where somebody's own object stops
        raise NumberError("points must be triples: step, loss, accuracy.") from None


def state_of(text):
    """One of `STATES`. Raises NumberError."""
    if not stands_in(text, STATES):
        raise NumberError(f"The state must be one of {', '.join(STATES)}, not {brief(text)}.")
    return text


def rung(number):
    """The first number of a coarse ladder that is not below `number`; at least 1."""
    power = 10.0 ** np.floor(np.log10(max(number, 1)))
    return next(float(step * power) for step in LADDER if step * power >= number * (1 - 1e-9))


def study(present):
    """The numbers of a run: lines of at most `LINE` points, limits in coarse steps."""
    points = np.array(present["points"], float).reshape(-1, 3)
    count = len(points)
    kept = points[np.unique(np.linspace(0, count - 1, min(count, LINE)).round().astype(np.int64))]
    tested = kept[~np.isnan(kept[:, 2])]
    fine = np.isfinite(points[:, 1])
    losses = points[fine, 1]
    lost = None if not count or fine[-1] else count - int(fine[::-1].argmax() or count)
    measured = points[~np.isnan(points[:, 2]), 2]
    last = int(points[-1, 0]) if count else 0
    return {
        "state": present["state"], "last": last, "planned": present["planned"],
        "steps": kept[:, 0], "losses": kept[:, 1],
        "tested": tested[:, 0], "accuracies": 100 * tested[:, 2],
        "first_loss": points[0, 1] if count else None, "loss": points[-1, 1] if count else None,
        "accuracy": measured[-1] if len(measured) else None,
        "lost": None if lost is None else int(points[lost, 0]),
        "still": (rung(max(last, present["planned"])), rung(losses.max(initial=0))),
    }


def went_wrong(view):
    """Since when the loss is no number, and what mostly helps; nothing while all is well."""
    since = view["lost"]
    return "" if since is None else (
        f"Since step {since:,} the loss is no finite number. Mostly the step size is too large: "
        "begin again with a smaller one.")


def says(view):
    """A run in one sentence."""
    if view["loss"] is None:
        return "no steps yet"
    text = f"{view['last']:,} steps, loss {four(view['first_loss'])} → {four(view['loss'])}"
    if view["accuracy"] is not None:
        text += f", test accuracy {100 * view['accuracy']:.2f} %"
    if view["lost"] is not None:
        text += f", no finite number since step {view['lost']:,}"
    return text + (", stopped" if view["state"] == "stopped" else "")


def readouts(view):
    """Where the run is, and what it has come to."""
    of = f" of {view['planned']:,}" if view["planned"] else ""
    loss = "–" if view["loss"] is None else four(view['loss'])
    accuracy = "–" if view["accuracy"] is None else f"{100 * view['accuracy']:.2f} %"
    wrong = went_wrong(view)
    told = [note(wrong, "bad")] if wrong else []
    told += [] if view["state"] == "waiting" and view["last"] else [note(STATES[view["state"]])]
    return [value("step", f"{view['last']:,}{of}"), value("loss", loss, "bad" if wrong else ""),
            value("test accuracy", accuracy), *told]


@contextmanager
def interruptible(ask):
    """The first interrupt inside calls `ask`, the next is a KeyboardInterrupt as ever."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears interrupts
        return
    before = signal.getsignal(signal.SIGINT) or signal.default_int_handler

    def once(*_):
        signal.signal(signal.SIGINT, before)
        ask()

    signal.signal(signal.SIGINT, once)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is once:
            signal.signal(signal.SIGINT, before)


class TrainingCurve(Lab):
    """Training loss and test accuracy against the step, live.

    curve = TrainingCurve()
    for step in curve.steps(1000):          # ends early when Stop is pressed
        …
        curve.add(step, loss, accuracy)     # the accuracy is a share from 0 to 1, or left out

    Stop, or an interrupt of the kernel, ends the loop after the present step. (In ipykernel before
    version 7, and in a browser's own Python, a press of Stop waits for the cell.) points: (step,
    loss, accuracy) triples to begin with; planned: the last step that is meant to come; state: one
    of `STATES`.
    """

    point = "How training goes, while it goes: the loss is to fall, the accuracy to rise."
    controls = (Press("stop", "Stop"),
                Given("points", "points", value=(), check=points_of),
                Given("planned", "planned", value=0, check=lambda n: int(number("planned", n))),
                Given("state", "state", value="waiting", check=state_of))
    buttons = ()
    linked = staticmethod(lambda present: {})  # it follows its loop, and nothing else
    above = True
    study, says, readouts = map(staticmethod, (study, says, readouts))
    build, update = map(staticmethod, (pictures.build, pictures.update))
    still = staticmethod(lambda view: view["still"])

    def __init__(self, **settings):
        self._fresh, self._due, self._asked = [], 0.0, False
        super().__init__(**settings)

    def steps(self, count):
        """The next `count` step numbers, until Stop is pressed. Raises NumberError."""
        count = int(number("The number of steps", count))
        self._flush()
        points = self._present["points"]
        done = points[-1][0] if points else 0
        self._asked = False
        self._flush(state="running", planned=done + count)
        state = "stopped"
        try:
            with interruptible(self._ask):
                for step in range(done + 1, done + count + 1):
                    if self._asked:
                        return
                    yield step
            state = "stopped" if self._asked else "finished"
        finally:
            self._flush(state=state)

    def add(self, step, loss, accuracy=None):
        """One more point, drawn at once or with those that follow. Raises NumberError."""
        point = point_of(step, loss, accuracy)
        with self._lock:
            self._fresh.append(point)
            if time.monotonic() >= self._due:
                self._flush()

    def show(self, present):
        return with_spec(super().show(present), "stop", value=present["state"] == "running")

    def press(self, present, name):
        """What a press of Stop does."""
        if present["state"] != "running":
            raise NumberError(f"Nothing is running. {WAITS}" if ALONE else "Nothing is running.")
        self._ask()
        return {**present, "state": "stopping"}

    def _ask(self):
        self._asked = True  # and no more: an interrupt may come anywhere

    def _flush(self, **changed):
        """Show the fresh points, and whatever else has changed."""
        with self._lock:
            if not (self._fresh or changed):
                return
            began = time.monotonic()
            points = (*self._present["points"], *self._fresh)
            self._fresh = []
            self._present = {**self._present, "points": points, **changed}
            self.last_error = None
            self._publish(self.show(self._present))
            ended = time.monotonic()
            self._due = ended + max(PAUSE, SHARE * (ended - began))

    def figure(self):
        """The run so far as a Matplotlib figure, in light colours."""
        self._flush()
        return super().figure()

    def sentence(self):
        self._flush()
        return super().sentence()
