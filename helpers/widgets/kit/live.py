"""What every custom view shares: gestures come in, one whole state goes out, errors are lines."""

import re
import threading
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from ...calculus.errors import check_place
from ...words import said
from .away.link import address, program
from .messages import of_python, page_and_queue, received, sent, serial_after
from .once.runs import close_earlier
from .once.script import LOADER, reference

HISTORY = 200
PAGES = 64  # so many are remembered
LONGEST = 1000  # letters of an error: all operations are listed in fewer
OTHERWISE = {"layout": "derivative_layout"}  # ipywidgets calls another thing so


def one_line(error):
    """An exception as the one line a student reads: its message, without a traceback."""
    return said(error, LONGEST) or f"{type(error).__name__} without a message"


def alike(one, other):
    """Whether two values of a trait are the same: arrays as a whole, nan with nan."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        try:
            return np.array_equal(one, other, equal_nan=True)
        except TypeError:  # not numbers
            return False
    return one is other or bool(one == other)


class Linked(traitlets.TraitType):
    """A trait of a `LiveView` that says what its present says, whoever sets it."""

    def set(self, widget, value):
        with widget._lock:
            taken, now = widget.take(self.name, value), self.get(widget)
            if type(now) is not type(taken) or not alike(now, taken):
                super().set(widget, taken)


def moving(state, view):
    """What of a state travels with every change: all that is not in `settled`."""
    return {name: part for name, part in state.items() if name not in view.settles}


class LiveView(anywidget.AnyWidget):
    """A view whose present is an immutable value, changed only by pure functions.

    Subclasses give `act(present, gesture) -> present`, `show(present) -> dict`, `figure()` and
    `sentence()`. A gesture is a dict with a `kind`, and a `stroke`: gestures of one stroke (one
    drag) are undone together. Whatever `act` or `show` raises becomes one line in the view and in
    `last_error`; the last good present stays. `front` is the script that draws it.

    What `linked(present)` names is a trait each, to observe and to link: it always says what the
    present says. A value given to it becomes the present by `with_linked`, and where that raises
    the old one comes back.
    """

    _lock = threading.RLock()  # one for all: of two linked widgets each would wait for the other
    _esm, front = LOADER, ""
    _script = traitlets.Unicode().tag(sync=True)  # where a page finds `front`
    gestures = traitlets.Dict().tag(sync=True, echo_update=False)
    state = traitlets.Dict().tag(sync=True, to_json=moving)
    settled = traitlets.Dict().tag(sync=True)  # sent when it changes, which is seldom
    projecting = traitlets.Bool(False).tag(sync=True)

    def __init__(self, present):
        self._present = present
        self._history, self._future = [], []  # what `undo` and `redo` go back and on to
        self._stroke, self._applied, self._displayed, self._names = None, {}, False, ()
        self._taking = self.last_error = None  # _taking: the trait that is being set
        self._add_linked(self.linked(present))
        shown = self.show(present)
        super().__init__(state={**shown, "error": "", "applied": {}},
                         settled={name: shown[name] for name in sorted(self.settles)})
        self.observe(self._receive, "gestures")
        self.on_msg(self._greet)

    def act(self, present, gesture):
        """The present after one gesture; raises a one-line error when it makes no sense."""
        raise NotImplementedError

    def show(self, present):
        """What the browser draws: plain values and arrays as bytes. Pure."""
        raise NotImplementedError

    settles = frozenset()  # parts of `show` that an edit of a number leaves as they are

    looks = frozenset()  # kinds of gestures that change no number, only what is looked at

    def looked(self, old, now):
        """An old present, looked at as now: what undo goes back to."""
        return old

    in_python = frozenset()  # traits that no page may link, as arrays are not
    trait = staticmethod(Linked)  # what `linked` makes of each

    def linked(self, present):
        """{name of a trait: its value} of all that other widgets may be linked to."""
        return {}

    def with_linked(self, present, name, value):
        """The present after another value of one trait; raises a one-line error."""
        raise NotImplementedError

    def _add_linked(self, values):
        """Make traits of these; arrays stay in Python, all else a page can link too."""
        module = type(self).__module__  # anywidget tells classes apart by module and name
        arrays = {*self.in_python, *(k for k, v in values.items() if isinstance(v, np.ndarray))}
        shared = {"sync": True, "echo_update": False}
        self.add_traits(**{name: self.trait(value).tag(**({} if name in arrays else shared))
                           for name, value in values.items()})
        type(self).__module__ = module
        self._names += (*values,)
        for name in values:
            getattr(self, name)  # holds its value from now on

    def _values(self):
        """What every trait is to hold; None where the present has no such thing."""
        return dict.fromkeys(self._names) | self.linked(self._present)

    def take(self, name, value):
        """What a trait is to hold that was given `value`: what the present makes of it."""
        held, before = self._values()[name], self._taking
        if alike(value, held):
            return held
        self._taking = name
        try:
            self.change(self.with_linked(self._present, name, value))
        except Exception as error:  # shown to the student, never swallowed
            self._refuse(error)
            self.send_state(name)  # the page that sent it has to go back
        finally:
            self._taking = before
        return self._values()[name]

    def _tell_traits(self):
        """Let every trait say what the present says."""
        present, values = self._present, self._values()
        new = {name: value for name, value in values.items() if not self.has_trait(name)}
        if new:  # an input has got one axis more, and each addition makes a class
            self._add_linked(new)
        for name in values:
            if present is not self._present:  # whoever observes one trait may have set another
                present, values = self._present, self._values()
            if name != self._taking and not alike(self._trait_values.get(name), values[name]):
                self.set_trait(name, values[name])

    def change(self, present, stroke=None):
        """Make `present` the present and show it. Raises what `show` raises, changing nothing."""
        with self._lock:
            shown = self.show(present)
            if present is not self._present and (stroke is None or stroke != self._stroke):
                self._history = [*self._history, self._present][-HISTORY:]
            if present is not self._present:
                self._future = []
            self._stroke = stroke
            self._become(present, shown)

    def _become(self, present, shown):
        """Hold a present and what shows it, and remember nothing of the one before."""
        self._present, self.last_error = present, None
        self._publish(shown)

    def undo(self):
        """Go back to the present before the last stroke; does nothing at the start."""
        self._go(self._history, self._future)

    def redo(self):
        """Go on to the present that the last `undo` took back, where nothing has changed since."""
        self._go(self._future, self._history)

    def _go(self, source, target):
        with self._lock:
            present = self._present
            if source:
                target.append(present)
                present = self.looked(source.pop(), present)
            self._stroke = None
            self._become(present, self.show(present))

    def _publish(self, shown):
        with self.hold_sync():
            self.state = {**shown, "error": self.last_error or "", "applied": dict(self._applied)}
            self.settled = {name: shown[name] for name in sorted(self.settles)}
            self._tell_traits()

    def _receive(self, change):
        """Apply the gestures of one browser page that were not applied before."""
        with self._lock, self.hold_sync():  # one answer, however many gestures came
            try:
                client, queue = page_and_queue(change["new"])
            except ValueError as error:
                return self._refuse(error)
            for gesture in queue:
                self._perform(client, gesture)

    def _refuse(self, error):
        """Say in one line what was wrong; the present stays."""
        self.last_error = one_line(error)
        self._publish(self.show(self._present))

    def _greet(self, _, content, buffers):
        """Answer a page that asks whether anybody is there, or for the script."""
        if content == {"kind": "hello"}:
            self.send({"kind": "here"})
        elif content == {"kind": "script"}:
            self.send({"kind": "script", "text": self.front})

    def _perform(self, client, gesture):
        try:
            serial = serial_after(self._applied.get(client, 0), gesture)
            if serial is not None:
                self._applied.pop(client, None)  # the page that was heard last is last
                self._applied = dict([*self._applied.items(), (client, serial)][-PAGES:])
                self._do(client, gesture)
        except Exception as error:  # shown to the student, never swallowed
            self._refuse(error)

    def _do(self, client, gesture):
        if gesture["kind"] in ("undo", "redo"):
            getattr(self, gesture["kind"])()
        elif gesture["kind"] in self.looks:
            present = self.act(self._present, gesture)
            self._become(present, self.show(present))
        else:
            stroke = (client, gesture["stroke"]) if "stroke" in gesture else None
            self.change(self.act(self._present, gesture), stroke)

    def open(self):
        self._script = reference(self.front)
        super().open()
        self._free()

    def _send(self, msg, buffers=None):
        super()._send(msg, buffers)
        self._free()

    def get_state(self, *names, **options):
        return sent(super().get_state(*names, **options))

    def set_state(self, state):
        """Take what a page says; what is of no use is refused in one line, as a gesture is.

        What only Python says stays, and is sent again: a page that has something else goes back.
        """
        own = sorted({name for name in self.keys if name in state and of_python(name)})
        if own:
            self.send_state(own)
        try:
            super().set_state(received({name: value for name, value in state.items()
                                        if name not in own}))
        except Exception as error:  # shown to the student, never swallowed
            with self._lock:
                self._refuse(error)

    def _free(self):
        # ipykernel 7.4 lets the thread that last spoke for a widget also hear it. That may be the
        # thread of a running cell, where a gesture would wait for the end of the cell.
        getattr(self.comm, "__dict__", {}).pop("_reply_subshell_id", None)

    def projector(self):
        """Take the whole screen, for a lecture hall; Escape leaves it.

        Returns the widget where no cell has shown it yet, so that this one does.
        """
        self.projecting = True
        return None if self._displayed else self

    def figure(self):
        """The present as a Matplotlib figure."""
        raise NotImplementedError

    def stored(self):
        """What a notebook keeps: a figure about as high as the view, so that the page stays."""
        return self.figure()

    def sentence(self):
        """The present in one true sentence with the numbers that matter."""
        raise NotImplementedError

    def cell(self):
        """The text of the cell that makes the present again."""
        raise NotImplementedError

    def functions(self):
        """The functions that `cell` names: they travel with it in a link."""
        return ()

    def code(self):
        """Print the cell that makes this widget again, as it stands."""
        print(self.cell())

    def url(self, site=None):
        """A link that opens this widget as it stands, in any browser.

        site: the address of the course's pages; else the variable TENSOR_MONSTERS_SITE, else where
        this copy is published, else that of `make site-serve`. Raises LinkError where a function
        cannot travel.
        """
        return address(type(self).__name__, program(self.cell(), self.functions()), site)

    def pointers(self):
        """Every place that answers to pointing, as the page names it."""
        return []

    def save(self, path, dpi=200):
        """Write it to `path`: a picture (.png, .pdf, .svg), or a page to point at (.html)."""
        if isinstance(path, str | Path):
            check_place(path)
        if str(path).endswith(".html"):
            from .away.copy import page_of

            Path(path).write_text(page_of(self), encoding="utf-8")
        else:
            self.figure().savefig(path, dpi=dpi)

    def __repr__(self):
        return self.sentence()

    _ipython_display_ = None  # that of ipywidgets 7, in Colab, would show the view alone

    def _repr_mimebundle_(self, **kwargs):
        """The sentence, the picture, and the view with what the parent says of it (for Colab)."""
        from ...pictures.canvas import encoded  # not before a picture is wanted: Matplotlib is slow

        with self._lock:
            self._displayed = True
            if self.comm is None:  # closed, as its cell was run again, and somebody kept it
                self.layout.open()
                self.open()
            close_earlier(self)
            data, metadata = super()._repr_mimebundle_(**kwargs)
            # ipywidgets would cut the sentence
            data = {**data, "text/plain": repr(self), "image/png": encoded(self.stored())}
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
            try:
                self._answer(self.pointer)
            except Exception:  # said when it came: nothing is pointed at, and that is the answer
                self._answer({"asks": self.pointer.get("asks", "")})

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
                self._refuse(error)


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
