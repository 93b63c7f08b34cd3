"""The same derivative at several points: a tensor as it is, a function, or an operation's row."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from ...words import brief, bytes_text
from ..errors import NumberError, ShapeError, is_a
from ..jacobian import LIMIT, as_array, as_numbers, check_size, checked_number
from ..operation import OPERATIONS, Operation
from ..slopes import slopes, step_sizes
from .functions import alone, check_known, named_arrays, readable, title, tried
from .large.subjects import LARGE, letters_of_row, of_function, of_operation
from .naming.names import evaluate
from .points import (
    Point,
    clear_of,
    finite,
    first_clear,
    fresh_input,
    jump,
    points_at,
    trial_points,
)
from .ties import letters_for

EXACT, ROUGH = 1e-11, 1e-3  # relative tolerances: for exact slopes, and for the roughest
SINGLE = 2e-6  # of float32, after the sums of a library
SEED = 1_618_033  # not one that a student takes: fresh inputs must be other inputs
FRESH = 2                       # points besides the given one
MORE = 4                        # further points to check a finished line at


@dataclass(frozen=True)
class Samples:
    """Jacobians of one shape at several points, and the arrays known at each, by name."""

    tensors: list
    names: list
    outer: tuple       # letters of the axes of Y
    inner: tuple       # letters of the axes of the input, none of them in `outer`
    input_name: str
    tolerance: float
    source: str        # what the answer is about: "this tensor", "f", "affine"
    warning: str = ""
    output_name: str = "Y"
    more: Callable = list   # further `Point`s to check a line at, made once
    extra: Callable = list  # further ones to look for names at, where the input is small
    further: Callable = list  # those that a name found more deeply must hold at
    confirmed: float = 0.0  # relative: to within this, a second method found the same slopes
    at: Callable | None = None  # the `Point`s at any inputs, or None for one

    @property
    def shape(self):
        """The shape of the full tensor."""
        return self.tensors[0].shape

    def entries(self, s):
        """How many entries the full tensor of the structure `s` has, in words."""
        if s.entries == 1:
            return f"the full tensor has 1 entry, which is {'not ' * s.nonzero}zero"
        return f"the full tensor has {s.entries:,} entries, {s.nonzero:,} of them not zero"

    def with_point(self, point):
        """The same with one point more."""
        return replace(self, tensors=[*self.tensors, point.J], names=[*self.names, point.names])


def from_tensor(J, output_ndim, known, tolerance=None):
    """One sample. Raises NumberError, ShapeError."""
    J = np.asarray(J)
    if J.dtype.kind not in "biuf":
        as_numbers(J, "discover: J")
    few = J.dtype.kind == "f" and J.dtype.itemsize < 8
    if J.dtype != np.float64:
        J = J.astype(np.float64)
    if not isinstance(output_ndim, int | np.integer) or not 0 <= output_ndim <= J.ndim:
        raise ShapeError(f"discover: J has {J.ndim} axes, and output_ndim is {brief(output_ndim)}. "
                         "Say how many of them are Y's (they come first): output_ndim=0 to "
                         f"{J.ndim}.")
    finite(J, "J")
    if tolerance is not None:
        tolerance = checked_number(tolerance, "discover: tolerance", "the noise of J relative to "
                                   "its largest entry, from 0 to below 1", lambda x: 0 <= x < 1)
    noise = noise_in(J, few)
    if tolerance is not None:  # what is said may be the usual error, what is seen the largest
        noise = max(tolerance, min(noise, 30 * tolerance))
    names, words = named_arrays(known), ""
    if noise > EXACT:
        J = np.where(np.abs(J) <= noise * np.abs(J).max(initial=0), 0.0, J)
        words = f"J is taken to be measured, right to within {noise:.0e} of its largest entry."
    return Samples([J], [names], *letters_for(output_ndim, J.ndim - output_ndim), "X",
                   max(EXACT, noise), "this tensor", words)


def noise_in(J, few):
    """The noise of a measured tensor, relative to its largest entry; 0 where there is none to see.

    Entries that are 0 come out as noise: a gap of sizes with nothing in it, between 1e-13 and
    1e-4, parts them from the rest. Numbers of float32 have its rounding.
    """
    there = J[J != 0]  # of a large tensor, few
    if few or (there.size > 3 and np.any(there != np.round(there, 3))
               and np.array_equal(there, there.astype(np.float32))):
        return SINGLE
    order = np.sort(np.abs(there) / (np.abs(there).max(initial=0) or 1))
    if order.size < 2 or not order[0] < 1e-5:
        return 0.0
    gaps = order[1:] / order[:-1]
    place = int(np.argmax(np.where((order[:-1] < 1e-4) & (order[1:] > 1e-9), gaps, 0)))
    return 4 * float(order[place]) if gaps[place] > 100 and order[place] < 1e-4 else 0.0


def from_operation(op, inputs, wrt, parameters, seed=SEED):
    """An operation of the table at the given inputs (or an example) and at fresh ones."""
    wrt = op.input_name(wrt)
    random = np.random.default_rng(seed)
    numbers = {name: value for name, value in parameters.items() if name in op.parameters}
    if not inputs:
        inputs, parameters = op.example(np.random.default_rng(0), **numbers)
    inputs = tuple(as_numbers(x, op.name) for x in inputs)
    sizes, ndim = op.sizes(*inputs, **parameters), inputs[0].ndim
    Y = op(*inputs, **parameters)
    if Y.size * inputs[op.inputs.index(wrt)].size > LARGE:
        return of_operation(op, inputs, wrt, parameters, lambda new, given: from_operation(
            op, new, wrt, given), operation_names)

    def sample(point):
        J = op.jacobian(*point[0], wrt=wrt, **point[1]).astype(np.float64, copy=False)
        finite(J, f"∂{op.output}/∂{wrt}")
        return Point(J, operation_names(op, *point))

    def fresh(count):
        return [sample(op.example(random, sizes, ndim, **numbers)) for _ in range(count)]

    first = sample((inputs, parameters))
    tensors, names = zip(first, *fresh(FRESH), strict=True)
    outer, inner = letters_of_row(op, wrt, ndim, numbers)
    return Samples(list(tensors), list(names), outer, inner, wrt, EXACT, op.name,
                   output_name=op.output,
                   more=cache(lambda: fresh(MORE)),
                   extra=cache(lambda: fresh(wanted(inputs[0].size))))


def operation_names(op, inputs, parameters):
    """What the lines of NumPy of an operation may use: inputs, Y, parameters, and its `where`."""
    values = {**op.parameters, **parameters}
    names = {**dict(zip(op.inputs, inputs, strict=True)),
             **{name: np.asarray(value) for name, value in values.items()},
             op.output: np.asarray(op(*inputs, **parameters))}
    for name, line in op.where.items():
        try:
            with np.errstate(all="ignore"):
                names[name] = evaluate(line, names)
        except (NameError, TypeError, ValueError):
            continue  # a line that needs a parameter which this call has not
    return names


def from_function(f, x, known, name, seed=SEED):
    """A function of one array at x and at fresh inputs. Raises NumberError, ShapeError."""
    what, known, x = title(f), named_arrays(known), np.array(as_numbers(x, "x"))
    f, random, output = readable(f, what), np.random.default_rng(seed), "Z" if name == "Y" else "Y"
    with np.errstate(all="ignore"):
        Y = tried(f, x, what)
        finite(Y, f"{what}(x)")
        if Y.size * x.size > LARGE:
            return of_function(f, x, Y, known, what, (name, output))
        s = slopes(f, x)
        kink = kink_of(s, x)
        if kink:
            x, s = beside(f, x, s, random)
            finite(s.J, f"the slope of {what} beside x, at ")

    def sample(x, Y, s, clear, like=""):
        names = {name: x, **({} if output in known else {output: Y}), **known}
        J = snapped(s.J, s.error)
        for kink in s.kinks:
            J[kink.output + kink.input] = np.nan
        return Point(J, names, s.error, clear, like)

    def points(inputs, likes=()):
        found = points_at(f, inputs, Y.shape, what)
        return [p and sample(new, *p, like) for new, p, like in zip(
            inputs, found, likes or [""] * len(inputs), strict=True)]

    def fresh(count, random):
        return first_clear(count, (fresh_input(x, kind, random) for kind in ("wide", "like", "near")
                                   for _ in range(2 * count)), points)

    points.f = f
    first = sample(x, s.Y, s, clear_of(s, x), "the input")
    those, other = [first, *fresh(FRESH, random)], np.random.default_rng(seed + 1)
    return Samples([p.J for p in those], [p.names for p in those], *letters_for(Y.ndim, x.ndim),
                   name, min(max(EXACT, 3 * s.accuracy), ROUGH), what, warning(what, kink, s),
                   output, cache(lambda: trial_points(x, points, random)),
                   cache(lambda: fresh(wanted(x.size), other)),
                   confirmed=s.confirmed, at=points)


def wanted(size):
    """How many points besides the first ones give a search for names enough equations."""
    return int(np.clip(np.ceil(48 / max(size, 1)) - 1 - FRESH, 3, 9))


def beside(f, x, s, random):
    """(x, slopes) with the entries at a kink moved a little, or all where that is not enough."""
    at_kink = np.zeros(x.shape, bool)
    for kink in s.kinks:
        at_kink[kink.input] = True
    for moved in (at_kink | ~np.isfinite(s.J).all(tuple(range(s.Y.ndim))), np.ones(x.shape, bool)):
        step = 1e-2 * (step_sizes(x) + np.abs(x)) * random.uniform(0.5, 1, x.shape)
        new = np.array(x + moved * step)
        found = slopes(f, new)
        if not found.kinks and np.isfinite(found.J).all():
            break
    return new, found


def kink_of(s, x):
    """A sentence about the first entry of x where the slopes on both sides differ, or ""."""
    if not np.isfinite(s.J).all():
        index = tuple(np.argwhere(~np.isfinite(s.J))[0][s.Y.ndim:])
        return f"{place_of(x, index)} the slope is not finite. The answer is for inputs beside it."
    if not s.kinks:
        return ""
    kink = min(s.kinks, key=lambda kink: (kink.input, kink.output))
    return f"{place_of(x, kink.input)} the slope {jump(kink)}"


def warning(what, kink, s):
    """What there is to say about the point, in one line."""
    return " ".join(filter(None, (kink and f"{what} is not differentiable at x: {kink}",
                                  *s.troubles)))


def snapped(J, error):
    """J without its rounding: zeros are zeros, whole numbers are whole."""
    whole = np.round(J)
    slack = 4 * np.where(np.isfinite(error), error, 0) + 1e-16 * np.abs(J).max(initial=0)
    J = np.where((np.abs(J - whole) <= slack) & (slack < 1e-3), whole, J)
    return np.where(np.abs(J) <= slack, 0.0, J)


def place_of(x, index):
    """`at x[0, 1] = 2`."""
    return f"at x{list(map(int, index)) if index else ''} = {x[index]:g}"


def samples_of(what, arguments, output_ndim, known, wrt, tolerance, parameters):
    """The samples of whatever `discover` was given."""
    check_known(known)
    if is_a(what, str):
        what = OPERATIONS[what]
    if callable(what) and output_ndim is not None:
        raise NumberError("discover: output_ndim says which axes of a tensor are Y's; a function "
                          "tells by itself. Leave it out.")
    if callable(what) and tolerance is not None:
        raise NumberError("discover: tolerance is for a tensor that somebody measured; the slopes "
                          "of a function have an accuracy of their own. Leave it out.")
    if is_a(what, Operation):
        return from_operation(what, arguments, wrt, parameters)
    if callable(what):
        return from_function(*alone(what, arguments, known, wrt, parameters))
    for name, value in (("wrt", wrt), *parameters.items()):
        if value is not None:
            raise NumberError(f"discover: a tensor takes no {name}=: it is what it is. Give its "
                              "output_ndim, known arrays and tolerance only.")
    J = as_array(what, "discover: J")
    if J.nbytes > LIMIT:
        check_size(J.shape, f"discover: this tensor ({bytes_text(J.nbytes)})")
    return from_tensor(J, output_ndim, known, tolerance)
