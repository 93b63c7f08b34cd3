"""The search where the tensor is too large to be built: its cost follows the function.

Ties and constants come from a few directions. The line is learned where it is cheap to look (the
same function at smaller sizes, then some rows and columns of the core, then the whole core) and
proved at full size along random directions: Σ G · (J V) is Σ line(G) · V for any G and V.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....words import bytes_text, many, plural
from ...errors import TooBig
from ...jacobian import check_size, fill
from ..cores import named, scalar
from ..naming.names import Names, evaluate, names_in
from ..patterns.low_rank import diagonal_plus_low_rank
from ..patterns.products import product
from ..terms import Answer, Core
from ..ties import Pattern, largest
from ..trials import fails_at
from .corner import FEWER, SIZES, at_full_size
from .diagonals import slid
from .probes import calls_for, core_at, probed
from .slices import Windowed, windows_for
from .small import small_samples
from .sparse import entries_of, kept, placed

HELD = 2**25      # entries of a core that is measured whole
MANY = 2**21      # of a core that is looked at whole, at several points, though few are not zero
LITTLE = 2**14    # of a core that is measured whole at once
WINDOWED = (scalar, named, product, diagonal_plus_low_rank)  # of some rows and columns alone


class Later(Sequence):
    """Arrays of one shape, one for each point, each made when it is asked for."""

    def __init__(self, shape, count, make):
        self.shape, self._count, self._make, self._made = tuple(shape), count, make, {}

    def __len__(self):
        return self._count

    def __getitem__(self, at):
        at = range(self._count)[at]
        if at not in self._made:
            self._made[at] = self._make(at)
        return self._made[at]


@dataclass(frozen=True)
class Large:
    """What `Samples` is for a tensor that exists: tensors are built when somebody asks."""

    tensors: Later
    names: list
    outer: tuple
    inner: tuple
    input_name: str
    tolerance: float
    source: str
    warning: str
    output_name: str
    calls: int        # of f at full size
    seconds: float
    looked: str       # where else it was looked at: "6×7 and 7×9", or ""
    corner: object    # the `Structure` there, or None
    part: Callable    # {letter: indices} -> some of the core's entries
    confirmed: float = 0.0
    more: Callable = list

    @property
    def shape(self):
        """The shape of the full tensor."""
        return self.tensors.shape

    def entries(self, s):
        """How many entries the tensor of the structure `s` would have, in words."""
        return f"the full tensor would have {many(s.entries)} entries"

    def story(self):
        """What a class remembers, with the time it took here."""
        count = math.prod(self.shape)
        return (f"The tensor would have {many(count)} entries ({bytes_text(8 * count)}); found "
                f"from {plural(self.calls, 'call')} of {self.source} in {self.seconds:.1f} s.")

    def drawn(self):
        """What a picture can show of it, in a sentence."""
        return f"It is drawn where {self.input_name} is {self.looked.split()[0]}." \
            if self.looked else "A few of its entries are drawn."

    def checked(self):
        """How it was found and checked."""
        also = f", and {self.source} where {self.input_name} is {self.looked}" * bool(self.looked)
        return (f"Found from {plural(self.calls, 'call')} of {self.source}{also}. Checked at full "
                f"size along random directions: right to within {10 * self.tolerance:.0e}.")


def found_large(subject, proposed, detectors, search):
    """(samples, core, constants, answer, error) for a `Subject`. Raises TooBig.

    proposed(core, detector): the answer of a detector; search(samples, deep): the `Structure`
    where the tensor exists.
    """
    began = time.perf_counter()
    points = subject.points
    start = Pattern(subject.outer, subject.inner)
    pattern, constants, letters = probed(points[:3], start)
    if pattern is None:  # saturated, or dead: perhaps not for larger or smaller inputs
        pattern, constants, letters = probed(points[3:], start)
    sizes = dict(zip((*start.outer, *start.inner), (*points[0].Y.shape, *points[0].x.shape),
                     strict=True))
    if pattern is None:
        pattern, letters = start, start.letters
        answer = zero_answer(subject)
    else:
        answer = None
    shape = [sizes[x] for x in letters]
    names = named_at(points, subject)
    cores = Later(shape, len(points), lambda i: whole_core(points[i], pattern, letters, subject))
    core = Core(pattern, letters, cores, sizes, names, max(p.tolerance for p in points))
    answer, error, look, broken = (answer, 0.0, None, "") if answer else learned(
        subject, core, proposed, detectors, search)
    warning = " ".join(filter(None, (subject.warning, broken)))
    seconds = time.perf_counter() - began
    samples = Large(
        Later([sizes[x] for x in (*start.outer, *start.inner)], len(points),
              lambda i: built(core, i, subject)),
        names.samples, start.outer, start.inner, subject.input_name, core.tolerance,
        subject.source, warning, subject.output_name, subject.calls(), seconds,
        *(look or ("", None)), lambda look: core_at(points[0], pattern, letters, look))
    return samples, core, constants, answer, error


def learned(subject, core, proposed, detectors, search):
    """(answer, error, where, words) of the first line that is proved at full size.

    words: a sentence about where it breaks, where no line stands at all inputs.
    """
    def shallow(*given):
        return search(samples_at(*given), deep=False)

    def deeply(*given):
        return search(samples_at(*given))

    near = None
    with np.errstate(all="ignore"):
        for one in (lambda: by_kernel(subject, core),
                    lambda: at_smaller_sizes(subject, core, shallow, SIZES),
                    lambda: through_windows(subject, core, proposed),
                    lambda: at_smaller_sizes(subject, core, deeply, FEWER)):
            answer, error, look = one()
            broken = answer and (broken_at(subject, answer) or (look[1].caveat if look else ""))
            if answer and not broken:
                return answer, error, look, ""
            near = near or (answer and (answer, error, look, broken))
        return near or (*from_core(subject, core, proposed, detectors), None, "")


def samples_at(*given):
    """The samples of a small tensor."""
    return given[0] if len(given) == 1 else small_samples(*given)


def at_smaller_sizes(subject, core, search, tables):
    """(answer, error, (sizes, structure)): the line that the same function has there."""
    full = (subject.points[0].x.shape, subject.points[0].Y.shape)
    for looks, shapes in subject.looks(search, tables):
        for answer in at_full_size(looks, shapes, full, core):
            error = proved(subject, answer)
            if error <= 10 * core.tolerance:
                if answer.stored is None:
                    answer = replace(answer, stored=stored_at(answer, core))
                text = " and ".join("×".join(map(str, x)) for x, _ in shapes)
                return answer, error, (text, looks[0])
    return None, np.inf, None


def named_at(points, subject):
    """The arrays known at some points."""
    return Names([point.names for point in points], input_name=subject.input_name,
                 output_name=subject.output_name)


def zero_answer(subject):
    """Every slope is zero, at all points; whether Y ever changes is another question."""
    points = subject.points
    flat = all(np.array_equal(one.Y, points[0].Y) for one in points)
    return Answer("zero", (), 0, f"np.zeros({points[0].x.shape})", multiplications=0,
                  names=named_at(points, subject),
                  says="every entry is zero: Y does not depend on this input" if flat else
                  "every entry is zero: Y is flat wherever it was looked at, and jumps between")


# ---- the proof

def proved(subject, answer):
    """The largest error of a line at full size, along random directions with random G.

    A line that only uses what is known must hold at every point, others at the given one.
    """
    own = names_in(answer.line) & {*answer.names.added[0]}
    worst = 0.0
    for i, point in enumerate(subject.points[:1] if own else subject.points):
        names = {**point.names, **(answer.names.added[i] if own else {})}
        worst = max(worst, apart(answer.line, point, names, 29 + i, 1 if i else 2))
        if worst > 10 * point.tolerance:
            break
    return worst


def broken_at(subject, answer):
    """A sentence about zeros or constant rows and columns that contradict a line of known arrays,
    or ""."""
    if names_in(answer.line) & {*answer.names.added[0]}:
        return ""
    for words, point in subject.odd():
        error = apart(answer.line, point, point.names, 37, 1)
        if not error <= 10 * point.tolerance:
            return fails_at(words, error == np.inf)
    return ""


def apart(line, point, names, seed, rounds):
    """The error of a line at one point: along all inputs, and along some places alone."""
    random = np.random.default_rng(seed)
    worst, usual = 0.0, 0.0
    for local in (False, True) * rounds:
        V = random.standard_normal(point.x.shape)
        if local and V.ndim:
            V = V * one_place(V.shape, random)
        dY = point.along(V)
        size = length(dY) / (length(V) or 1)
        usual = max(usual, size)
        G = random.standard_normal(point.Y.shape)
        try:
            with np.errstate(all="ignore"):
                dX = np.asarray(evaluate(line, {**names, "G": G}), float)
        except (ArithmeticError, IndexError, NameError, TypeError, ValueError):
            return np.inf
        if dX.shape != point.x.shape or not np.isfinite(dX).all():
            return np.inf
        scale = max(size, 1e-3 * usual) * length(V)
        gap = abs(float(np.sum(G * dY)) - float(np.sum(dX * V)))
        worst = max(worst, gap / scale if scale else gap)
    return worst


def length(A):
    """The root of the sum of squares, which squares of very small or large numbers would lose."""
    most = largest(A)
    return most * float(np.linalg.norm(A / most)) if most else 0.0


def one_place(shape, random):
    """A mask: one index of one axis."""
    axis = int(random.integers(len(shape)))
    at = int(random.integers(shape[axis]))
    turn = [-1 if i == axis else 1 for i in range(len(shape))]
    return (np.arange(shape[axis]) == at).reshape(turn)


# ---- some rows and columns of the core

def through_windows(subject, core, proposed):
    """(answer, error, None): a line of known arrays from some rows and columns of the core."""
    points = subject.points[:3]
    chosen = windows_for(core.sizes, points)
    windows = {x: chosen[core.sizes[x]] for x in core.letters}
    arrays = [core_at(point, core.pattern, core.letters, windows, "some rows and columns")
              for point in points]
    names = Windowed([p.names for p in points], chosen, input_name=subject.input_name,
                     output_name=subject.output_name)
    part = replace(core, arrays=arrays, names=names)
    found = [proposed(part, detector) for detector in WINDOWED]
    found = [a for a in found if a and not names_in(a.line) & {*a.names.added[0]}]
    for answer in sorted(found, key=lambda a: a.price):
        answer = replace(answer, names=core.names, stored=stored_at(answer, core))
        error = proved(subject, answer)
        if error <= 10 * core.tolerance:
            return answer, error, None
    return None, np.inf, None


def stored_at(answer, core):
    """How many numbers a line of known arrays keeps at full size: those of the arrays."""
    names = core.names
    most = math.prod(core.sizes[x] for x in core.letters)
    used = names_in(answer.line)
    held = sum(np.size(names.samples[0][name]) for name in used if name in names)
    return 0 if answer.stored == 0 else min(most, held or answer.stored)


def by_kernel(subject, core):
    """(answer, error, None): a kernel that slides."""
    answer = slid(subject, core.tolerance)
    error = proved(subject, answer) if answer else np.inf
    return (answer, error, None) if error <= 10 * core.tolerance else (None, np.inf, None)


# ---- the whole core

def from_core(subject, core, proposed, detectors):
    """(answer, error) from the whole core, or its entries where they are few.

    Raises TooBig before a core is measured that is too large.
    """
    size = math.prod(core.arrays.shape)
    points = subject.points[:2 if size <= MANY else 1]
    few = [entries_of(point) for point in points] if size > LITTLE else [None]
    found = [kept(subject, few[0])] if few[0] else []
    if size <= MANY or not found:
        if size > HELD:
            raise TooBig(too_big(subject, core, size))
        arrays = [core.arrays[i] if None in few else placed(core, subject, few[i])
                  for i in range(len(points))]
        part = replace(core, arrays=arrays, names=named_at(points, subject))
        nameless = replace(part, names=Names([{}] * len(arrays)))
        found += [proposed(source, detector) for source in (part, nameless)
                  for detector in detectors]
    for answer in sorted(filter(None, found), key=lambda a: a.price[:2]):
        error = proved(subject, answer)
        if error <= 10 * core.tolerance:
            return answer, error
    raise TooBig(f"discover: no line for {subject.source} by {subject.input_name} passed the check "
                 f"at full size, and its tensor of {math.prod(core.sizes.values()):,} entries is "
                 "too large to be searched whole. Take a smaller x.")


def too_big(subject, core, entries):
    """What cannot be compressed, how large it is and how long it would take."""
    calls = calls_for(core.pattern, core.letters, core.sizes)
    began = time.perf_counter()
    subject.points[0].along(np.ones(subject.points[0].x.shape))
    seconds = calls * (time.perf_counter() - began)
    return (f"discover: the derivative of {subject.source} by {subject.input_name} has "
            f"{entries:,} entries ({bytes_text(8 * entries)}) that no tie, constant or smaller "
            f"size takes away, and measuring them would take {calls:,} calls, "
            f"about {duration(seconds)}. Take a smaller x, or name the arrays that f uses: "
            'known={"W": W}.')


def duration(seconds):
    """Seconds as a person says them."""
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:,.0f} seconds"


def whole_core(point, pattern, letters, subject):
    """All of the core, measured. Raises TooBig."""
    sizes = dict(zip((*pattern.outer, *pattern.inner), (*point.Y.shape, *point.x.shape),
                     strict=True))
    check_size(tuple(sizes[x] for x in letters), f"The core of {subject.source}", limit=8 * HELD,
               instead="use the line of NumPy, which needs none of it")
    return core_at(point, pattern, letters)


def built(core, i, subject):
    """The full tensor, because somebody asked for it. Raises TooBig."""
    shape = *(core.sizes[x] for x in (*subject.outer, *subject.inner)),
    check_size(shape, f"The full tensor of {subject.source}",
               instead="use the line of NumPy, which never builds it")
    pattern = core.pattern
    J = fill((*pattern.outer, *pattern.inner), core.letters, core.arrays[i],
             {x: core.sizes[x] for x in pattern.letters})
    return pattern.turned(J)
