"""What a derivative costs, in full and compact: entries, bytes and multiplications."""

import math
from dataclasses import dataclass, replace

import numpy as np

from ..words import brief, bytes_text, one_line, plural
from . import axes as ax
from .errors import NumberError, ShapeError, is_a
from .jacobian import as_array, as_numbers
from .operation import operation

# Sizes by letter at which a full tensor shows what it is.
LARGE = {"n": 64, "h": 1024, "m": 1024, "k": 256, "l": 1024, "w": 5, "d": 64, "v": 64}
MOST_SIZE = 2**53


@dataclass(frozen=True)
class Cost:
    """Counts for one operation, one input and one set of sizes. Bytes are those of float64."""

    name: str
    wrt: str
    sizes: dict
    full_shape: tuple
    full_entries: int
    compact_entries: int
    full_multiplications: int
    compact_multiplications: int

    @property
    def full_bytes(self):
        """Bytes of the full tensor."""
        return 8 * self.full_entries

    @property
    def compact_bytes(self):
        """Bytes of what the compact way keeps."""
        return 8 * self.compact_entries

    @property
    def ratio(self):
        """How many entries of the full tensor one compact number stands for."""
        return self.full_entries / max(self.compact_entries, 1)

    def __str__(self):
        at = ", ".join(f"{letter}={size:,}" for letter, size in self.sizes.items())
        entries, numbers = (plural(self.full_entries, "entry", "entries"),
                            plural(self.compact_entries, "number"))
        full, compact = (plural(many, "multiplication") for many in (
            self.full_multiplications, self.compact_multiplications))
        return (f"{self.name} by {self.wrt} at {at}: full tensor {entries} "
                f"({bytes_text(self.full_bytes)}), {full}; compact {numbers} "
                f"({bytes_text(self.compact_bytes)}), {compact}")


def cost(op, wrt=None, **sizes):
    """The `Cost` of an operation by one input at these sizes, `cost("relu", n=64, h=1024)`.

    Sizes are by axis letter; unnamed axes (`...`) are n and h. Letters left out have small
    defaults, and a size that follows from others does so. Parameters go by name too:
    `cost("sum", axis=1)`. The full way multiplies every entry by one of G. Raises ShapeError for an
    unknown letter or a size that is not a whole number from 0 up.
    """
    op = operation(op)
    wrt = op.input_name(wrt)
    parameters = {name: value for name, value in sizes.items()
                  if name in op.parameters and name not in op.derived}
    letters = op.sizes_at(**parameters)
    given = {name: checked(op, name, size, letters) for name, size in sizes.items()
             if name not in parameters}
    known = op.sizes_at(given, **parameters)
    return counted(op, wrt, known, parameters)


def checked(op, letter, size, letters):
    """A size as a whole number. Raises ShapeError."""
    if letter not in letters:
        raise ShapeError(f"{op.name} has no axis {brief(letter)}. Its axes: {', '.join(letters)}.")
    what = f"{op.name}: axis {letter}"
    told = brief(size) if is_a(size, str | int) else one_line(size, 60)
    number = size if is_a(size, int | np.integer) else one_number(size, what)  # 2**53 + 1 stays
    if not (number >= 0 and number == number // 1):
        raise ShapeError(f"{what} must be a whole number from 0 up, not {told}.")
    if number > MOST_SIZE:
        raise ShapeError(f"{what} is {told}, beyond 2**53 = {MOST_SIZE:,}, up to which counts are "
                         "exact.")
    return int(number)


def one_number(value, what):
    """A value as a float, nan for what is not one number; a huge array is not copied."""
    try:
        array = as_array(value, what)
        return math.nan if array.ndim else float(as_numbers(array, what))
    except NumberError:
        return math.nan


def counted(op, wrt, sizes, parameters):
    """The `Cost` at sizes that are known for every letter of the operation."""
    wanted, output = ax.parse(op.axes_at(**parameters))
    shape = ax.shape_of((*output, *wanted[op.inputs.index(wrt)]), sizes)
    core, outer, inner = op.letters(wrt, **parameters)
    every = sizes | dict(zip((*outer, *inner), shape, strict=True))
    return priced(Cost(op.name, wrt, sizes, shape, math.prod(shape), ax.entries_of(core, every),
                       math.prod(shape), ax.entries_of(dict.fromkeys((*outer, *inner)), every)),
                  op.counts(wrt, **parameters), every)


def cost_of(op, *inputs, wrt=None, **parameters):
    """The `Cost` of one call of an operation. Raises what the operation raises."""
    op = operation(op)
    wrt = op.input_name(wrt)
    local = op.local(*inputs, wrt=wrt, **parameters)
    entries, letters = math.prod(local.shape), dict.fromkeys((*local.outer, *local.inner))
    return priced(Cost(op.name, wrt, op.sizes(*inputs, **parameters), local.shape, entries,
                       ax.entries_of(local.core_letters, local.sizes), entries,
                       ax.entries_of(letters, local.sizes)),
                  op.counts_of(*inputs, wrt=wrt, **parameters), local.sizes)


def priced(cost, counts, sizes):
    """The cost with (numbers stored, multiplications) in place of the core's; None: as it is."""
    fields = ("compact_entries", "compact_multiplications")
    return replace(cost, **{field: ax.count_of(text, sizes)
                            for field, text in zip(fields, counts, strict=True)
                            if text is not None})
