"""What a compact answer consists of: a sum of terms, each a product of arrays with named axes."""

import math
import re
from dataclasses import dataclass, replace

from .ties import Pattern


@dataclass(frozen=True)
class Operand:
    """An array as a text of NumPy, the letters of its axes, and how many numbers it stores."""

    text: str
    letters: tuple
    stored: int


@dataclass(frozen=True)
class Term:
    """`scale` times the product of the operands, on the ties of a pattern."""

    pattern: Pattern
    operands: tuple = ()
    scale: str = "1"


@dataclass(frozen=True)
class Core:
    """The numbers that are left when ties and constants are taken off, at several points."""

    pattern: Pattern
    letters: tuple
    arrays: list
    sizes: dict        # by letter
    names: object      # the `Names` that may stand in a line
    tolerance: float

    def part(self, letters, arrays):
        """A core of these letters in place of this one."""
        return replace(self, letters=tuple(letters), arrays=arrays)

    def squeezed(self):
        """This core without letters of size 1 (with one when there are no others)."""
        kept = [x for x in self.letters if self.sizes[x] != 1]
        shape = [n for x, n in zip(self.letters, self.shape, strict=True) if x in kept]
        return self.part(kept, [a.reshape(shape) for a in self.arrays]) if kept else self

    def fork(self):
        """This core with names of its own to add to."""
        return replace(self, names=self.names.fork())

    def pattern_says(self):
        """Whether ties or constants took anything off."""
        return set(self.letters) != {*self.pattern.outer, *self.pattern.inner} or len(
            self.letters) < len(self.pattern.outer) + len(self.pattern.inner)

    @property
    def shape(self):
        """The shape of the arrays: some rows and columns of a large core are less than `sizes`."""
        made = getattr(self.arrays, "shape", None)  # without making any
        return self.arrays[0].shape if made is None else made

    @property
    def mixed(self):
        """Whether it has an axis of Y alone and one of the input alone."""
        outer, inner = set(self.pattern.outer), set(self.pattern.inner)
        return bool(set(self.letters) & (outer - inner)) and bool(
            set(self.letters) & (inner - outer))

    @property
    def size(self):
        """How many numbers."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Answer:
    """One way to write the derivative: terms whose sum it is, or a line of its own."""

    kind: str
    terms: tuple
    stored: int
    line: str | None = None
    low_rank: dict | None = None
    says: str = ""
    multiplications: int | None = None
    names: object = None
    known: bool = False
    nonzero: int | None = None  # entries of the full tensor, where they were counted

    def products(self, sizes):
        """How many multiplications the line takes, at sizes by letter."""
        if self.multiplications is not None:
            return self.multiplications
        return sum(math.prod(sizes[x] for x in term.pattern.letters)
                   for term in self.terms if term.operands or term.scale != "1")

    @property
    def price(self):
        """What answers are compared by: numbers stored (those without a name weigh more), length.

        A core that is a known array is that array, whatever else it may be made of.
        """
        texts = [self.line or "", *(op.text for term in self.terms for op in term.operands)]
        new = {name for name in self.names.added[0]
               if any(re.search(rf"\b{name}\b", text) for text in texts)} if self.names else ()
        if self.known:
            return 0.5, 0, len(self.terms[0].operands[0].text)
        return self.stored * (1.5 if new else 1), len(new), max(map(len, texts), default=0)


def untied_first(core):
    """The core with tied axes of size 1 behind all others: a known array more often has those."""
    last = [x for x in core.letters if core.sizes[x] == 1 and x in core.pattern.outer
            and x in core.pattern.inner]
    order = [*(x for x in core.letters if x not in last), *last]
    turn = [core.letters.index(x) for x in order]
    return core.part(order, [a.transpose(turn) for a in core.arrays])
