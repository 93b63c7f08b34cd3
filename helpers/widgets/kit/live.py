"""What every custom view shares: gestures come in, one whole state goes out, errors are lines."""

import re
import threading

import anywidget
import numpy as np
import traitlets

from ...pictures.canvas import encoded

HISTORY = 200


def one_line(error):
    """An exception as the one line a student reads: its message, without a traceback."""
    text = " ".join(str(error).split())
    return text or f"{type(error).__name__} without a message"


class LiveView(anywidget.AnyWidget):
    """A view whose present is an immutable value, changed only by pure functions.

    Subclasses give `act(present, gesture) -> present`, `show(present) -> dict`, `figure()` and
    `sentence()`. A gesture is a dict with a `kind`, and a `stroke`: gestures of one stroke (one
    drag) are undone together. Whatever `act` or `show` raises becomes one line in the view and in
    `last_error`; the last good present stays.
    """

    gestures = traitlets.Dict().tag(sync=True, echo_update=False)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, present):
        self._lock = threading.RLock()
        self._present = present
        self._history, self._future = [], []  # what `undo` and `redo` go back and on to
        self._stroke = None
        self._applied = {}
        self.last_error = None
        super().__init__(state={**self.show(present), "error": "", "applied": {}})
        self.observe(self._receive, "gestures")
        self.on_msg(self._greet)

    def act(self, present, gesture):
        """The present after one gesture; raises a one-line error when it makes no sense."""
        raise NotImplementedError

    def show(self, present):
        """What the browser draws: plain values and arrays as bytes. Pure."""
        raise NotImplementedError

    def change(self, present, stroke=None):
        """Make `present` the present and show it. Raises what `show` raises, changing nothing."""
        with self._lock:
            shown = self.show(present)
            if present is not self._present and (stroke is None or stroke != self._stroke):
                self._history = [*self._history, self._present][-HISTORY:]
            if present is not self._present:
                self._future = []
            self._present, self._stroke, self.last_error = present, stroke, None
            self._publish(shown)

    def undo(self):
        """Go back to the present before the last stroke; does nothing at the start."""
        self._go(self._history, self._future)

    def redo(self):
        """Go on to the present that the last `undo` took back, where nothing has changed since."""
        self._go(self._future, self._history)

    def _go(self, source, target):
        with self._lock:
            if source:
                target.append(self._present)
                self._present = source.pop()
            self._stroke, self.last_error = None, None
            self._publish(self.show(self._present))

    def _publish(self, shown):
        self.state = {**shown, "error": self.last_error or "", "applied": dict(self._applied)}

    def _receive(self, change):
        """Apply the gestures of one browser page that were not applied before."""
        with self._lock, self.hold_sync():  # one answer, however many gestures came
            client = str(change["new"].get("client"))
            fresh = [
                g
                for g in change["new"].get("queue", [])
                if g["serial"] > self._applied.get(client, 0)
            ]
            for gesture in fresh:
                self._applied[client] = gesture["serial"]
                self._perform(client, gesture)

    def _greet(self, _, content, buffers):
        """Answer a page that asks whether anybody is there."""
        if content == {"kind": "hello"}:
            self.send({"kind": "here"})

    def _perform(self, client, gesture):
        try:
            if gesture["kind"] in ("undo", "redo"):
                getattr(self, gesture["kind"])()
            else:
                stroke = (client, gesture["stroke"]) if "stroke" in gesture else None
                self.change(self.act(self._present, gesture), stroke)
        except Exception as error:  # shown to the student, never swallowed
            self.last_error = one_line(error)
            self._publish(self.show(self._present))

    def open(self):
        super().open()
        self._free()

    def _send(self, msg, buffers=None):
        super()._send(msg, buffers)
        self._free()

    def _free(self):
        # ipykernel 7.4 lets the thread that last spoke for a widget also hear it. That may be the
        # thread of a running cell, where a gesture would wait for the end of the cell.
        getattr(self.comm, "__dict__", {}).pop("_reply_subshell_id", None)

    def figure(self):
        """The present as a Matplotlib figure."""
        raise NotImplementedError

    def sentence(self):
        """The present in one true sentence with the numbers that matter."""
        raise NotImplementedError

    def save(self, path, dpi=200):
        """Write the picture to `path`; the ending (.png, .pdf, .svg) chooses the format."""
        self.figure().savefig(path, dpi=dpi)

    def __repr__(self):
        return self.sentence()

    def _repr_mimebundle_(self, **kwargs):
        """The sentence, the picture, and the view with what the parent says of it (for Colab)."""
        with self._lock:
            data, metadata = super()._repr_mimebundle_(**kwargs)
            # ipywidgets would cut the sentence
            data = {**data, "text/plain": repr(self), "image/png": encoded(self.figure())}
            return data, {**metadata, "image/png": {"alt": repr(self)}}


class PointedView(LiveView):
    """A `LiveView` that also answers to pointing, with what a subclass's `read` says.

    `read(present, pointer) -> dict`, pure: a sentence with numbers, and what lights up.
    """

    pointer = traitlets.Dict().tag(sync=True, echo_update=False)
    reading = traitlets.Dict().tag(sync=True)

    def __init__(self, present):
        super().__init__(present)
        self.observe(self._point, "pointer")

    def _publish(self, shown):
        with self.hold_sync():
            super()._publish(shown)
            self._answer(self.pointer)

    def _answer(self, pointer):
        """Say what is pointed at, and to which question of which page this is the answer."""
        place = {name: value for name, value in pointer.items() if name != "asks"}
        reading = self.read(self._present, place)
        self.reading = {**reading, "answers": pointer.get("asks", "")}

    def _point(self, change):
        with self._lock:
            try:
                self._answer(change["new"])
            except Exception as error:  # shown to the student, never swallowed
                self.last_error = one_line(error)
                self._publish(self.show(self._present))


class Name(str):
    """The name of something that the cell's reader has, such as a function: printed bare."""

    __repr__ = str.__str__


def cell_of(name, /, *arguments, **settings):
    """The cell that makes a widget: arrays as lists, nan and inf by import."""
    def plain(value):
        return value.tolist() if isinstance(value, np.ndarray) else value

    words = [*(repr(plain(value)) for value in arguments),
             *(f"{key}={plain(value)!r}" for key, value in settings.items())]
    text = ", ".join(words)
    needs = [word for word in ("inf", "nan") if re.search(rf"\b{word}\b", text)]
    if len(text) > 60:
        text = "\n    " + ",\n    ".join(words) + ",\n"
    before = f"from numpy import {', '.join(needs)}\n" if needs else ""
    return f"{before}from helpers import {name}\n\n{name}({text})"
