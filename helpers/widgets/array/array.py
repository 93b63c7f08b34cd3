"""The editable array: a grid of numbers that a student drags or types, and Python reads at once."""

import math
from numbers import Real

import numpy as np

from ...calculus.axes import as_text, describe, ellipsis_letters
from ...calculus.errors import NumberError, ShapeError
from ...calculus.jacobian import as_numbers
from ...pictures.palette import axis_colour
from ...words import brief, four
from ..kit.bundle import script, styles
from ..kit.live import Linked, LiveView, cell_of, one_line

MOST_ENTRIES = 4096
WIRE_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}  # JSON has none


def array_spec(name, values, letters, marks=None, editable=False, note=""):
    """What the browser draws of an array: its name, its axes, its numbers as float64 bytes.

    letters: one for each axis; marks: "" or "′" for each axis, default none.
    """
    values = np.asarray(values, dtype="<f8")
    marks = marks or [""] * values.ndim
    axes = [{"letter": letter, "mark": mark, "size": size, "colour": axis_colour(letter)}
            for letter, mark, size in zip(letters, marks, values.shape, strict=True)]
    return {"name": name, "axes": axes, "values": values.tobytes(), "editable": editable,
            "note": note}


def edited(values, index, value):
    """A new array with the number at one flat (row-major) index replaced; shape of `values`.

    value: a real number, nan and inf too, or one of the texts that stand for them on the way from
    the browser; or lists of indices and of values. Raises NumberError for another value,
    ShapeError for an index outside.
    """
    if isinstance(index, list) and isinstance(value, list) and len(index) == len(value):
        for place, number in zip(index, value, strict=True):
            values = edited(values, place, number)
        return values
    if isinstance(value, str) and value in WIRE_NUMBERS:
        value = WIRE_NUMBERS[value]
    if isinstance(value, bool) or not isinstance(value, Real):
        raise NumberError(f"{brief(value)} is not a number: give one such as 1.5, −2, 1e-3 or nan.")
    values = np.array(values, dtype=np.float64)
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < values.size:
        raise ShapeError(f"There is no entry {brief(index)} in an array of shape {values.shape}: "
                         f"its {values.size} entries count from 0.")
    values.reshape(-1)[index] = value
    return frozen(values)


def frozen(values):
    """The same array, from now on read-only."""
    values.flags.writeable = False
    return values


class Copied(Linked):
    """A trait that gives a copy of its array, which may be written on."""

    def get(self, widget, cls=None):
        return super().get(widget, cls).copy()


class EditableArray(LiveView):
    """A grid of numbers to drag, type or nudge: `array.value` is what it shows, as a copy.

    values: real numbers of any shape, at most 4096; axes: a letter for each axis, "n h".
    `value` is a trait, to set, to observe and to link (`dlink`); sizes may change, axes may not.
    """

    trait = staticmethod(Copied)

    front = script("widgets/array/alone.js")
    _css = styles("widgets/array/alone.js")

    def __init__(self, values, name="X", axes=None):
        self.name, self._callbacks = name, []
        values = self._admit(values)
        self.axes = (ellipsis_letters(values.ndim) if axes is None
                     else tuple(as_text(name, axes).split()))
        if len(self.axes) != values.ndim:
            raise ShapeError(f"{name} needs {describe(self.axes)}, but has shape {values.shape}.")
        super().__init__(values)

    def linked(self, present):
        return {"value": present}

    def take(self, name, values):
        """The array that `value` becomes. Raises NumberError, ShapeError: Python alone sets it."""
        values, shape = self._admit(values), self._present.shape
        if values.ndim != len(shape):
            raise ShapeError(f"{self.name} has shape {shape} and keeps its {describe(self.axes)}: "
                             f"it cannot become an array of shape {values.shape}.")
        if not same(values, self._present):
            self.change(values)
        return self._present

    def on_change(self, callback):
        """Call `callback(array)` after every change, whoever made it."""
        self._callbacks.append(callback)

    def change(self, present, stroke=None):
        super().change(present, stroke)
        self._tell()

    def _go(self, source, target):
        before = self._present
        super()._go(source, target)
        if self._present is not before:
            self._tell()

    def act(self, present, gesture):
        if gesture["kind"] != "edit":
            raise ValueError(f"{self.name} can be edited, but not {brief(gesture['kind'])}.")
        return edited(present, gesture.get("place"), gesture.get("value"))

    def show(self, present):
        return {"array": array_spec(self.name, present, self.axes, editable=True)}

    def figure(self):
        from ...pictures.arrays import array_inches, draw_array
        from ...pictures.canvas import new_figure

        figure = new_figure(*array_inches(self._present.shape))
        draw_array(figure.add_subplot(), self._present, self.axes, self.name)
        return figure

    def sentence(self):
        sizes = ", ".join(f"{letter}={size}" for letter, size
                          in zip(self.axes, self._present.shape, strict=True))
        head = f"EditableArray {self.name} ({sizes})" if sizes else f"EditableArray {self.name}"
        return f"{head}: {numbers_in(self._present)}"

    def cell(self):
        """The text of the cell that makes this array again."""
        axes = {"axes": " ".join(self.axes)} if self.axes else {}
        return cell_of("EditableArray", self._present, name=self.name, **axes)

    def code(self):
        """Print that cell; the array goes by its name."""
        head, call = self.cell().split("\n\n")
        print(f"{head}\n\n{self.name} = {call}")

    def _admit(self, values):
        """A read-only float64 copy. Raises NumberError, ShapeError, naming the array."""
        values = np.array(as_numbers(values, self.name))
        if values.size > MOST_ENTRIES:
            raise ShapeError(f"{self.name} of shape {values.shape} has {values.size:,} entries, "
                             f"but at most {MOST_ENTRIES:,} can be edited. Show a part of it.")
        return frozen(values)

    def _tell(self):
        """Call the callbacks; an error in one becomes the line in the view."""
        for callback in self._callbacks:
            try:
                callback(self.value)
            except Exception as error:  # shown to the student, never swallowed
                self.last_error = f"on_change: {one_line(error)}"
                self._publish(self.show(self._present))


def same(a, b):
    """Equal shapes and numbers, nan equal to nan."""
    return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)


def numbers_in(values):
    """`numbers from −1.5000 to 2.0000`, with the nans counted apart."""
    numbers = values[~np.isnan(values)]
    missing = values.size - numbers.size
    if values.size == 0:
        return "no entries"
    if values.size == 1:
        return f"the number {four(values.item())}"
    if numbers.size == 0:
        return f"{missing} nan"
    text = f"numbers from {four(numbers.min())} to {four(numbers.max())}"
    return f"{text} and {missing} nan" if missing else text

