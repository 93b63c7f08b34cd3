"""The controls of a lab: what each is called, what it admits, and how the browser shows it.

Each is a row: `name` (the setting), `label` (what a student reads), `value` (at the start), and
`when`, a function of the present that says whether it is shown now. `admit(value)` gives the value
that is kept, or raises one readable line.
"""

import math
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass

from ...calculus.errors import LessonError, NumberError, UnknownParameter, checked_truth, is_a
from ...words import brief, one_line


@dataclass(frozen=True)
class Control:
    """What all controls share."""

    name: str
    label: str
    _: KW_ONLY
    when: Callable | None = None

    def shown(self, present):
        return self.when is None or self.when(present)

    def spec(self, value):
        """What the browser needs: kind, name, label, value, and what the kind needs besides."""
        return {"kind": type(self).__name__.lower(), "name": self.name, "label": self.label,
                "value": value}


@dataclass(frozen=True)
class Slider(Control):
    """One number from `low` to `high` in steps of `step`, or one of the numbers `values`.

    Whole when `step` is an int. plays: has a button that lets it run up to its end.
    """

    low: float
    high: float
    step: float
    value: float
    values: tuple | None = None
    plays: bool = False

    def admit(self, value):
        value = number(self.label, value)
        if not self.low <= value <= self.high:
            raise NumberError(f"{self.label} is {value:g}; it must lie from {self.low:g} "
                              f"to {self.high:g}.")
        if self.values is not None:
            return next((one for one in self.values if one == value), value)
        return round(value) if isinstance(self.step, int) else value

    def nearest(self, value):
        """The value a drag means: on a step, inside the limits."""
        value = number(self.label, value)
        if self.values is not None:
            return min(self.values, key=lambda one: abs(one - value))
        value = self.low + round((value - self.low) / self.step) * self.step
        value = round(min(max(value, self.low), self.high), 10)
        return round(value) if isinstance(self.step, int) else value

    def spec(self, value):
        return super().spec(value) | {"low": self.low, "high": self.high, "step": self.step,
                                      "values": self.values, "plays": self.plays}


@dataclass(frozen=True)
class Choice(Control):
    """One of the texts `options`."""

    options: tuple
    value: str

    def admit(self, value):
        return chosen(self.label, value, self.options)

    def spec(self, value):
        return super().spec(value) | {"options": list(self.options)}


@dataclass(frozen=True)
class Several(Control):
    """At least one and at most `most` of the texts `options`; a further one replaces the oldest."""

    options: tuple
    value: tuple
    most: int

    def admit(self, value):
        wanted = [value] if is_a(value, str) else value
        if not is_a(wanted, list | tuple):
            raise UnknownParameter(f"{self.label} must be a tuple of texts, not {brief(value)}.")
        names = tuple(dict.fromkeys(chosen(self.label, one, self.options) for one in wanted))
        if not names:
            raise UnknownParameter(f"{self.label}: at least one must stay on.")
        return names[-self.most:]

    def spec(self, value):
        return super().spec(list(value)) | {"options": list(self.options)}


@dataclass(frozen=True)
class Tick(Control):
    """Yes or no."""

    value: bool

    def admit(self, value):
        return checked_truth(value, self.label)


@dataclass(frozen=True)
class Press(Control):
    """A button; the lab's `press(present, name)` says what it does."""


@dataclass(frozen=True)
class Point(Control):
    """A pair of numbers, moved by its handle in the picture, each from `low` to `high`."""

    low: tuple
    high: tuple
    value: tuple

    def admit(self, value):
        try:
            x, y = value
        except Exception:  # also where somebody's own object stops
            raise NumberError(f"{self.label} must be two numbers, not {brief(value)}.") from None
        return self.nearest((number(self.label, x), number(self.label, y)))

    def nearest(self, value):
        """The pair inside the limits."""
        inside = zip(value, self.low, self.high, strict=True)
        return tuple(round(min(max(number(self.label, v), low), high), 10)
                     for v, low, high in inside)


@dataclass(frozen=True)
class Given(Control):
    """A value that only Python sets; `check(value)` gives the one that is kept, or raises."""

    value: object
    check: Callable

    def admit(self, value):
        return self.check(value)


def seed(label, value=0):
    """The setting `seed`: which of 100 random draws; a `Press` or Python chooses another."""
    def check(given):
        whole = number(label, given)
        if whole != int(whole) or not 0 <= whole <= 99:
            raise NumberError(f"{label} is {brief(given)}; choose a whole number from 0 to 99.")
        return int(whole)

    return Given("seed", label, value=value, check=check)


ON_SCREEN = (Slider, Choice, Several, Tick, Press)


def chosen(label, value, options):
    """The option meant by `value`, which may be written as in a name: relu, leaky_relu.

    Raises UnknownParameter with the options there are.
    """
    text = value if is_a(value, str) else brief(value)
    plain = text.replace("_", " ").lower()
    for option in options:
        if text == option or option.lower() == plain:
            return option
    raise UnknownParameter(f"{label} cannot be {brief(value)}. It can be: {', '.join(options)}.")


def number(label, value):
    """`value` as a finite float. Raises NumberError."""
    try:
        value = float(value)
    except OverflowError:
        value = math.inf
    except Exception:  # also where somebody's own object stops
        raise NumberError(f"{label} must be a number, not {brief(value)}.") from None
    if not math.isfinite(value):
        raise NumberError(f"{label} is {one_line(value, 60)}; it must be a finite number.")
    return value


def find(controls, name, owner):
    """The control of that name. Raises UnknownParameter with the names there are."""
    for control in controls:
        if control.name == name and not isinstance(control, Press):
            return control
    names = ", ".join(control.name for control in controls if not isinstance(control, Press))
    raise UnknownParameter(f"{owner} has no setting {brief(name)}. It has: {names}.")


def unnamed(controls, value, owner):
    """The error for a `value` without a name: it says which setting may be meant."""
    settings = [control for control in controls if not isinstance(control, Press)]
    meant = next((control for control in settings if fits(control, value)), None)
    line = f"{owner} takes its settings by name"
    line += f": {owner}({meant.name}={brief(value)}), for example" if meant else ""
    return UnknownParameter(f"{line}. It has: {', '.join(one.name for one in settings)}.")


def fits(control, value):
    """Whether the control would keep this value."""
    try:
        control.admit(value)
    except LessonError:
        return False
    return True


def start(controls):
    """The value of every setting at the start, by name."""
    return {control.name: control.value for control in controls if not isinstance(control, Press)}


def needs(*names):
    """Whether one of these units is shown."""
    return lambda present: any(name in present["units"] for name in names)
