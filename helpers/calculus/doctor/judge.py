"""From a gradient and what it should be to a judgement in one sentence."""

import math
from dataclasses import dataclass

import numpy as np

from ...words import four, minus, plural, special
from .measure import SURE, Wanted

DIGITS = 7  # known to so many digits, nothing needs to be said about what is lost
FEW = 3     # with fewer, a gradient that is off by a hundredth may look the same
NOTHING = 1e-6  # a rounding that moves Y no more than this, as the inputs move, leaves 0 a 0
SEEN = "no mistake as far as can be told"


@dataclass(frozen=True, eq=False)
class Judgement:
    """A gradient beside the one that it should be.

    got: as it was given; wanted: as it was measured; slack: what rounding may do to any entry;
    tolerance: how far each measured entry may be off; wrong: index of the first wrong one, or None;
    shape: whether the shape is right; error: the largest difference, relative to the largest entry;
    line: where not all entries were measured, the slopes along one direction of all of them, as
    they follow from the gradient and as measured, if these differ; blank: how many entries are not
    finite where an input is not, which nothing can judge; largest: the largest number that goes in,
    at least 1.
    """

    name: str
    got: np.ndarray
    wanted: Wanted
    slack: float
    tolerance: np.ndarray
    wrong: tuple | None
    shape: bool
    error: float
    line: tuple | None = None
    blank: int = 0
    largest: float = 1.0

    @property
    def right(self):
        """Whether no entry that was measured is off, and something was measured."""
        return self.shape and self.wrong is None and self.line is None and self.known

    @property
    def known(self):
        """Whether any entry could be measured (an input without entries has nothing to measure)."""
        return not self.tolerance.size or bool(np.isfinite(self.tolerance).any())

    @property
    def size(self):
        """The largest entry of the gradient that it should be, at a kink to either side of it."""
        return finite(np.abs([self.wanted.value, self.wanted.low, self.wanted.high]))

    @property
    def digits(self):
        """To how many digits of its largest entry the gradient is known; at most 16."""
        reach = finite(self.tolerance)
        return 16 if reach == 0 else math.floor(-math.log10(reach / self.size)) \
            if 0 < reach < self.size else 0

    @property
    def difference(self):
        """got − wanted beyond the tolerance, 0 within; nan where nothing was measured."""
        wanted = self.wanted
        difference = np.full(wanted.array.size, np.nan)
        mine = self.got.reshape(-1)[wanted.places]
        nearest = np.clip(mine, wanted.low, wanted.high)
        with np.errstate(invalid="ignore"):
            off = mine - np.where(np.isnan(nearest), wanted.value, nearest)
            difference[wanted.places] = np.where(np.abs(off) <= self.tolerance, 0.0, off)
        return difference.reshape(wanted.shape)

    @property
    def verdict(self):
        """One sentence."""
        return " ".join([self.said(), *map(self.kink_said, self.wanted.kinks[:1]),
                         *self.more_kinks()])

    def said(self):
        """The sentence without the kinks."""
        if not self.shape:
            return (f"wrong: {self.name} has shape {self.got.shape}, but should have "
                    f"{self.wanted.shape}.")
        if self.wrong is not None:
            mine, theirs = told_apart(*self.values(self.wrong))
            return f"wrong: {entry(self.name, self.wrong)} is {mine}, but should be {theirs}."
        if self.line is not None:
            mine, theirs = told_apart(*self.line)
            return (f"wrong: along a random direction of all entries the slope is {mine}, but "
                    f"should be {theirs}: an entry that was not drawn is wrong.")
        if not self.known:
            return "not judged: " + (
                "an input is not finite, and neither is the gradient." if self.blank else
                "no finite slope of forward was found here.")
        if self.blank:
            return (f"right where it is finite. {plural(self.blank, 'entry', 'entries')}, not "
                    f"finite as an input is not, cannot be judged.{self.unjudged()}")
        return self.how_right() + self.unjudged()

    def unjudged(self):
        """Which entries nothing could be measured for: they may be anything."""
        left = np.flatnonzero(~measured(self.wanted, self.slack))
        if not left.size:
            return ""
        first = np.unravel_index(self.wanted.places[left[0]], self.wanted.shape)
        some = "" if left.size == 1 else f"{left.size:,} entries, the first of them "
        return (f" Not judged: {some}{entry(self.name, [*map(int, first)])}, where no finite slope "
                "of forward was found.")

    def how_right(self):
        """`right`, and to how many digits where those are few."""
        reach = finite(self.tolerance)
        if reach and self.size <= reach:
            sure = "right" if reach * self.largest <= NOTHING else SEEN
            return f"{sure}: both are 0 beside their rounding, {reach:.1e}."
        if self.digits < 1:
            return f"{SEEN}: not one digit is sure here."
        if self.digits < DIGITS:
            loses = "rounding loses" if self.slack > finite(SURE * self.wanted.error) else \
                "the differences lose"
            if self.digits < FEW:
                verb = "is" if self.digits == 1 else "are"
                return (f"{SEEN}: only {plural(self.digits, 'digit')} {verb} sure here, {loses} "
                        "the rest.")
            return f"right to {plural(self.digits, 'digit')}: {loses} the rest."
        some = "" if self.wanted.whole else (f" in {len(self.wanted.places)} of "
                                             f"{self.got.size:,} entries, drawn at random")
        return f"right{some}."

    def values(self, index):
        """(got, wanted) at an index; at a kink the nearer of its sides."""
        place = int(np.ravel_multi_index(index, self.wanted.shape)) if index else 0
        i = np.flatnonzero(self.wanted.places == place)[0]
        mine = float(self.got[index])
        return mine, float(min(max(mine, self.wanted.low[i]), self.wanted.high[i])
                           if math.isfinite(mine) else self.wanted.value[i])

    def kink_said(self, kink):
        """Where a kink is, and its slopes to both sides."""
        return (f"A kink: {entry('Y', kink.output)} has the slope {four(kink.left)} to the left of "
                f"{entry(self.name[1:], kink.input)} and {four(kink.right)} to its right.")

    def more_kinks(self):
        """How many kinks there are besides the first."""
        rest = len(self.wanted.kinks) - 1
        return [f"({plural(rest, 'more kink')}.)"] if rest > 0 else []


def judged(name, got, wanted, slack, inputs=()):
    """The `Judgement` of a gradient; slack: what rounding may do to it; inputs: all of forward's.

    Where one of these is infinite or nan, a formula may well give nan where the slope is finite,
    as inf − inf does: such entries are not judged.
    """
    got = np.asarray(got, float)
    tolerance = SURE * wanted.error + slack
    if got.shape != wanted.shape:
        return Judgement(name, got, wanted, slack, tolerance, None, False, math.inf)
    mine = got.reshape(-1)[wanted.places]
    doubtful = not all(np.isfinite(value).all() for value in inputs)
    with np.errstate(all="ignore"):
        known = measured(wanted, slack)
        blank = known & ~np.isfinite(mine) & doubtful
        known &= ~blank
        inside = (mine >= wanted.low - tolerance) & (mine <= wanted.high + tolerance)
        nearest = np.clip(mine, wanted.low, wanted.high)
    off = known & ~inside
    wrong = None
    if off.any():
        wrong = tuple(map(int, np.unravel_index(wanted.places[off.argmax()], wanted.shape)))
    return Judgement(name, got, wanted, slack, np.where(known, tolerance, np.inf), wrong, True,
                     apart(mine[known], nearest[known]),
                     None if doubtful else off_line(got, wanted, slack), int(blank.sum()),
                     max([1.0, *(finite(np.abs(value)) for value in inputs)]))


def measured(wanted, slack):
    """Which entries have a slope with an error: `wanted.places` long."""
    with np.errstate(all="ignore"):
        return np.isfinite(wanted.value) & np.isfinite(SURE * wanted.error + slack)


def off_line(got, wanted, slack):
    """(as it follows from the gradient, as measured) along one direction, if these differ."""
    if wanted.along is None:
        return None
    direction, slope, error = wanted.along
    with np.errstate(all="ignore"):
        mine = float(np.sum(got * direction))
        reach = SURE * error + slack * float(np.abs(direction).sum())
    return None if not np.isfinite(slope + reach) or abs(mine - slope) <= reach else (mine, slope)


def apart(A, B):
    """max|A − B| over the largest of all entries."""
    if not A.size or np.array_equal(A, B):
        return 0.0
    if not np.isfinite(A).all():
        return math.inf
    return float(np.max(np.abs(A - B)) / max(np.abs(A).max(), np.abs(B).max()))


def finite(values):
    """The largest finite of some sizes, or 0."""
    return float(np.max(values, initial=0.0, where=np.isfinite(values)))


def entry(name, index):
    """`dX[0, 1]`, or `dX` where it is one number."""
    return f"{name}{list(index)}" if index else name


def told_apart(mine, theirs):
    """Two numbers with at least four decimals, and as many as it takes to see the difference."""
    sizes = [abs(x) for x in (mine, theirs) if math.isfinite(x)]
    form = "e" if max(sizes, default=1) < 1e-3 or max(sizes, default=1) >= 1e7 else "f"
    for digits in range(4, 17):
        texts = [special(x) or minus(f"{x:.{digits}{form}}") for x in (mine, theirs)]
        if texts[0] != texts[1]:
            break
    return texts
