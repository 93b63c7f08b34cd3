"""What a derivative costs: entries, bytes and multiplications, the full tensor against the compact way."""

import math
from dataclasses import dataclass

from . import axes as ax
from .errors import ShapeError
from .jacobian import bytes_text
from .operation import operation


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
        return 8 * self.full_entries

    @property
    def compact_bytes(self):
        return 8 * self.compact_entries

    @property
    def ratio(self):
        """How many entries of the full tensor one compact number stands for."""
        return self.full_entries / max(self.compact_entries, 1)

    def __str__(self):
        at = ", ".join(f"{letter}={size:,}" for letter, size in self.sizes.items())
        return (f"{self.name} by {self.wrt} at {at}: full tensor {self.full_entries:,} entries "
                f"({bytes_text(self.full_bytes)}), {self.full_multiplications:,} multiplications; "
                f"compact {self.compact_entries:,} numbers ({bytes_text(self.compact_bytes)}), "
                f"{self.compact_multiplications:,} multiplications")


def cost(op, wrt=None, **sizes):
    """The `Cost` of an operation by one input at these sizes, `cost("relu", n=64, h=1024)`.

    Sizes are by axis letter; unnamed axes (`...`) are n and h. Letters left out have small defaults.
    The full way multiplies every entry by one of G. Raises ShapeError for an unknown letter or a
    size that is not a whole number from 0 up.
    """
    op = operation(op)
    wrt = op.input_name(wrt)
    known = ax.default_sizes(op.axes)
    for letter, size in sizes.items():
        if letter not in known:
            raise ShapeError(f"{op.name} has no axis {letter!r}. Its axes: {', '.join(known)}.")
        if size != int(size) or size < 0:
            raise ShapeError(f"{op.name}: axis {letter} must be a whole number from 0 up, not {size}.")
    known |= {letter: int(size) for letter, size in sizes.items()}
    derivative = op.derivatives[wrt]
    core, full = derivative.letters()
    shape = ax.shape_of(full, known)
    letters = set(full) if derivative.multiplications is None else derivative.multiplications.split()
    constant = derivative.multiplications == ""
    return Cost(op.name, wrt, known, shape, math.prod(shape),
                0 if constant else ax.entries_of(core, known), math.prod(shape),
                0 if constant else math.prod(known[letter] for letter in letters))
