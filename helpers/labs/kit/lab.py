"""What every lab shares: controls, one live picture with handles, read-outs, all from one table."""

from typing import NamedTuple

import numpy as np

from ...calculus.errors import LessonError
from ...pictures.canvas import DRAWING
from ...pictures.live import LivePicture, Look, still_picture
from ...widgets.kit.bundle import script, styles
from ...widgets.kit.formulas import mathml
from ...widgets.kit.live import OTHERWISE, LiveView, cell_of
from ...words import brief, four
from .controls import ON_SCREEN, Point, Press, find, start, unnamed
from .stored import SIDE, WIDE, stored_picture

FORMULA = "latex", "mathml"
EXACT = 1e-11  # below, an error is rounding
NARROWEST, WIDEST, LOWEST, HIGHEST = 320, 1200, 120, 900  # pixels of a picture


class Handle(NamedTuple):
    """A point of the picture that can be dragged: it sets the `Point` or `Slider` of that name.

    axes: which Axes of the figure, in the order they were made; step: for one arrow key, in x and
    in y; moves: "xy", "x" or "y" (a Slider takes the coordinate that moves); values: where the
    Slider has a list, an arrow key goes to the next of them.
    """

    name: str
    label: str
    axes: int
    x: float
    y: float
    step: tuple = (0.1, 0.1)
    moves: str = "xy"
    values: tuple | None = None


class Lab(LiveView):
    """A lab is a table of controls and pure functions of the present (a dict by setting).

    A subclass gives `controls` and, as static methods: `study(present) -> view` (all numbers),
    `still(view)` (hashable: what the background depends on), `build` and `update` (see
    `LivePicture`; there also `low`), `readouts(view)` (a list of `value`, `table`, `matrices`,
    `math`, `steps`, `note`), `says(view)` (one true sentence), and where there are any
    `handles(view)` and `press(present, name)`. `buttons` are those of "reset", "undo" and "redo"
    that make sense. Every setting is a trait of its name (`layout` of `derivative_layout`).
    """

    controls = ()
    buttons = ("reset", "undo", "redo")
    point = ""     # one line above all: what there is to find out, and how
    above = False  # the controls stand above the picture, which gets the whole width
    front = script("labs/kit/lab.js")
    _css = styles("labs/kit/lab.js")

    def __init__(self, *values, **settings):
        self._named(values)
        self._look = Look()
        self._picture = LivePicture(self.build, self.update, self.low)
        self._first = self._with(start(self.controls), settings)  # what `reset` brings back
        super().__init__(self._first)

    def close(self):
        """Close it, and let go of what it has drawn: IPython keeps every result of a cell."""
        super().close()
        self._picture = LivePicture(self.build, self.update, self.low)

    study = staticmethod(dict)
    still = staticmethod(lambda view: None)
    low = None  # how it is drawn at a given height, where that is not only lower
    handles = staticmethod(lambda view: [])
    # The only button of most labs draws anew; see `seed` in controls.py.
    press = staticmethod(lambda present, name: present | {"seed": (present["seed"] + 1) % 100})

    def act(self, present, gesture):
        kind, name = gesture["kind"], gesture.get("place")
        if kind == "reset":
            return self._first
        if kind == "press":
            return self.press(present, name)
        control = find(self.controls, name, type(self).__name__)
        value = gesture["value"]
        if kind == "set":
            return present | {name: control.admit(value)}
        if kind == "drag":
            moved = value if isinstance(control, Point) else value[gesture["moves"] == "y"]
            return present | {name: control.nearest(moved)}
        raise ValueError(f"A lab has no gesture {brief(kind)}.")

    def linked(self, present):
        """Every setting, by its name."""
        return {OTHERWISE.get(control.name, control.name): present[control.name]
                for control in self.controls if not isinstance(control, Press)}

    def with_linked(self, present, name, value):
        name = next((own for own, other in OTHERWISE.items() if other == name), name)
        return self.act(present, {"kind": "set", "place": name, "value": value})

    def show(self, present):
        view = self.study(present)
        frame = self._picture.frame(self.still(view), self._look, view)
        return {
            "controls": [control.spec(present.get(control.name)) for control in self.controls
                         if isinstance(control, ON_SCREEN) and control.shown(present)],
            "point": self.point,
            "above": self.above,
            "buttons": list(self.buttons),
            "picture": frame._asdict() | {"alt": self.says(view)},
            "handles": [handle._asdict() for handle in self.handles(view)],
            "readouts": self.readouts(view),
        }

    def _do(self, client, gesture):
        if gesture["kind"] == "look":  # how the page looks is no step of the student's
            before, self._look = self._look, look_of(gesture)
            try:
                self._publish(self.show(self._present))
            except Exception:
                self._look = before  # in which it can be shown
                raise
        else:
            super()._do(client, gesture)

    def _with(self, present, settings):
        for name, value in settings.items():
            control = find(self.controls, name, type(self).__name__)
            try:
                present = present | {name: control.admit(value)}
            except LessonError as error:  # which speaks of the label, as on the page
                line = str(error) if name in control.label else f"{name}: {error}"
                raise type(error)(line) from None
        return present

    def _named(self, values):
        """Raises UnknownParameter when a value was given without its name."""
        if values:
            raise unnamed(self.controls, values[0], type(self).__name__)

    def set(self, *values, **settings):
        """Change settings by name from Python; nothing changes when one of them is wrong."""
        self._named(values)
        with self._lock:
            self.change(self._with(self._present, settings))

    @property
    def settings(self):
        """Every setting by name (a copy)."""
        return dict(self._present)

    def cell(self):
        """The text of the cell that makes this lab again."""
        return cell_of(type(self).__name__, **self._changed())

    def _changed(self):
        """The settings that are not as at the start."""
        first = start(self.controls)
        return {key: value for key, value in self._present.items()
                if repr(value) != repr(first[key])}

    def figure(self):
        """The present as a Matplotlib figure, in light colours."""
        view = self.study(self._present)
        return still_picture(self.build, self.update, self.still(view), view, self.says(view))

    def stored(self):
        with DRAWING:
            shown, view = self.show(self._present), self.study(self._present)
            wide = WIDE if self.above else WIDE - SIDE
            picture = still_picture(self.build, self.update, self.still(view), view,
                                    self.says(view), wide)
        return stored_picture(picture, self.point, shown["controls"], shown["readouts"], self.above)

    def sentence(self):
        return f"{type(self).__name__}: {self.says(self.study(self._present))}"


def look_of(gesture):
    """How a page looks, as it says, within what can be drawn; what is no number raises."""
    width = min(max(int(gesture["width"]), NARROWEST), WIDEST)
    ratio = min(2.0, max(1.0, float(gesture["ratio"])))  # in this order nan is 1
    height = int(gesture.get("height", 0))
    return Look(width, ratio, bool(gesture["dark"]),
                min(max(height, LOWEST), HIGHEST) if height > 0 else 0)


def with_spec(shown, name, **told):
    """What `show` gives, its control of that name told something else: {"high": 3}, for example."""
    return shown | {"controls": [spec | told if spec["name"] == name else spec
                                 for spec in shown["controls"]]}


def value(label, text, tone=""):
    """A read-out of one figure; tone: "", "good" or "bad"."""
    return {"kind": "value", "label": label, "text": text, "tone": tone}


def table(label, columns, rows, marked=()):
    """A read-out of texts in rows; `marked` are (row, column) pairs that stand out."""
    return {"kind": "table", "label": label, "columns": list(columns),
            "rows": [list(row) for row in rows], "marked": [list(one) for one in marked]}


def matrices(label, parts):
    """A line of matrices and signs: a part is a text, or (name, rows of texts, marked pairs)."""
    return {"kind": "matrices", "label": label, "parts": [
        part if isinstance(part, str) else
        {"name": part[0], "rows": [list(row) for row in part[1]],
         "marked": [list(one) for one in (part[2] if len(part) > 2 else ())]}
        for part in parts]}


def math(label, latex):
    """A read-out of a formula."""
    return {"kind": "math", "label": label, "latex": latex, "mathml": mathml(latex, "")}


def steps(**lists):
    """A read-out of steps below each other: lists by name, of (title, body, shown?) rows.

    A body is a text, or a pair: a formula in LaTeX, and the same in MathML.

    One that is not shown yet keeps its place empty, so that nothing below it ever moves.
    """
    return {"kind": "steps", "lists": [
        {"label": label.replace("_", " "), "steps": [
            {"title": title, "shown": shown,
             **({"text": body} if isinstance(body, str) else dict(zip(FORMULA, body, strict=True)))}
            for title, body, shown in rows]} for label, rows in lists.items()]}


def note(text, tone=""):
    """A read-out of one sentence."""
    return {"kind": "note", "text": text, "tone": tone}


def said(x):
    """A number with four decimals; what is only rounding is 0, the same on every machine."""
    return four(0.0 if abs(x) <= EXACT else x)


def rows_of(matrix):
    """A matrix as texts with four decimals."""
    return [[said(x) for x in row] for row in np.atleast_2d(matrix)]


def vector(x):
    """`(1.2000, 0.7000)`."""
    return f"({', '.join(said(c) for c in x)})"
