"""The same derivative at several points: a tensor as it is, a function, or an operation's row.

A function is tried before it is trusted: it must give real numbers of one shape, the same twice,
and leave its input alone.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from keyword import iskeyword

import numpy as np

from ...words import bytes_text, plural
from ..errors import NumberError, ShapeError
from ..jacobian import LIMIT, as_numbers, check_size
from ..operation import OPERATIONS, Operation
from ..slopes import numerical_jacobian
from .names import evaluate
from .subjects import LARGE, letters_of_row, of_function, of_operation

EXACT, NUMERICAL = 1e-10, 1e-6  # relative tolerance for tensors, and for central differences
TAKEN = {"G": "the upstream gradient dL/dY", "np": "NumPy",
         **dict.fromkeys(("math", "range", "sum", "zip"), "what Python means by it")}
SEED = 1_618_033  # not one that a student takes: fresh inputs must be other inputs
FRESH = 2                       # points besides the given one
MORE, SMALL = 4, 10**5          # further points to check a finished line at, for tensors so small


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
    more: Callable = list  # further (tensor, names) to check a line at, made once

    @property
    def shape(self):
        """The shape of the full tensor."""
        return self.tensors[0].shape

    def entries(self, s):
        """How many entries the full tensor of the structure `s` has, in words."""
        return (f"the full tensor has {s.entries:,} entries, {s.nonzero:,} of them not zero")

    def checked(self):
        """Where the line was tried, and how well it did."""
        return (f"Checked at {plural(len(self.tensors), 'input')} with random upstream gradients: "
                f"right to within {10 * self.tolerance:.0e}.")


def from_tensor(J, output_ndim, known):
    """One sample. Raises NumberError, ShapeError."""
    J = np.asarray(J)
    if J.dtype.kind not in "biuf":
        as_numbers(J, "discover: J")
    if J.dtype != np.float64:
        J = J.astype(np.float64)
    if not isinstance(output_ndim, int | np.integer) or not 0 <= output_ndim <= J.ndim:
        raise ShapeError(f"discover: J has {J.ndim} axes, and output_ndim is {output_ndim}. Say "
                         f"how many of them are Y's (they come first): output_ndim=0 to {J.ndim}.")
    finite(J, "J")
    names = named_arrays(known)
    return Samples([J], [names], *letters_for(output_ndim, J.ndim - output_ndim), "X", EXACT,
                   "this tensor")


def named_arrays(known):
    """The known arrays as numbers, by name. Raises NumberError for a name that no line can use."""
    if not isinstance(known or {}, Mapping):
        raise NumberError('discover: known must say names too: known={"W": W}.')
    for name in known or {}:
        if not str(name).isidentifier() or iskeyword(name):
            raise NumberError(f"discover: a known array cannot be called {name!r}: the answer is a "
                              'line of Python. Give it a name, as in known={"W": W}.')
        if name in TAKEN:
            raise NumberError(f"discover: a known array cannot be called {name}: the answer uses "
                              f"{name} for {TAKEN[name]}. Give it another name.")
    return {name: as_numbers(value, f"known {name}") for name, value in (known or {}).items()}


def finite(J, what):
    """Raise NumberError naming the first entry that is nan or infinite."""
    with np.errstate(invalid="ignore"):
        bad = J.size and not (np.isfinite(J.max()) and np.isfinite(J.min()))
    if bad:
        place = np.argwhere(~np.isfinite(J))[0].tolist()
        raise NumberError(f"discover: {what}{place} is {J[tuple(place)]}. A derivative must be a "
                          "number: choose another point.")


def letters_for(outer, inner):
    """Letters as in the course: ∂Y[k,l]/∂X[i,j]."""
    first = [*"klpqrstuvw", *"abcdefgh"][:outer]
    second = [*"ijmnoxyz", *"ABCDEFGHILMNOP"][:inner]
    return tuple(first), tuple(second)


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
        return J, operation_names(op, *point)

    def fresh(count):
        return [sample(op.example(random, sizes, ndim, **numbers)) for _ in range(count)]

    first = sample((inputs, parameters))
    tensors, names = zip(first, *fresh(FRESH), strict=True)
    outer, inner = letters_of_row(op, wrt, ndim, numbers)
    return Samples(list(tensors), list(names), outer, inner, wrt, EXACT, op.name,
                   output_name=op.output,
                   more=cache(lambda: fresh(MORE) if first[0].size <= SMALL else []))


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


def from_function(f, x, known, seed=SEED):
    """A function of one array at x and at fresh inputs. Raises NumberError, ShapeError."""
    what, known = title(f), named_arrays(known)
    x, name, f = np.array(as_numbers(x, "x")), argument_name(f, known), readable(f, what)
    random = np.random.default_rng(seed)
    with np.errstate(all="ignore"):
        Y = tried(f, x, what)
        finite(Y, f"{what}(x)")
        output = "Z" if name == "Y" else "Y"
        if Y.size * x.size > LARGE:
            return of_function(f, x, Y, known, what, (name, output), letters_for(Y.ndim, x.ndim),
                               lambda x, kind: fresh_input(x, kind, random), Samples)
        J = slopes(f, x)[0]
        kink = kink_of(f, x, J)
        if kink:
            x = np.array(x + 1e-2 * (1 + np.abs(x)) * random.uniform(0.5, 1, x.shape))
            Y, J = tried(f, x, what), slopes(f, x)[0]
            finite(J, f"the slope of {what} beside x, at ")
    points = [(x, Y, snapped(J, Y, x)), *fresh_points(f, x, Y.shape, random, what, FRESH)]

    def sample(point):
        x, Y, J = point
        return J, {name: x, **({} if output in known else {output: Y}), **known}

    @cache
    def more():
        return list(map(sample, fresh_points(f, x, Y.shape, random, what, MORE)))

    tensors, names = zip(*map(sample, points), strict=True)
    return Samples(list(tensors), list(names), *letters_for(Y.ndim, x.ndim), name, NUMERICAL, what,
                   kink and f"{what} is not differentiable at x: {kink}", output,
                   more=more if J.size <= SMALL else list)


def slopes(f, x):
    """(Jacobian, error): central differences at two steps, extrapolated to step 0.

    The error is how far the two are apart; nan or inf where f has no finite value beside x.
    """
    near, far = (numerical_jacobian(lambda u, c=c: f(x + c * (u - x)), x) / c
                 for c in (8.0, 16.0))
    if not (np.isfinite(near).all() and np.isfinite(far).all()):
        return numerical_jacobian(f, x), np.inf
    return near + (near - far) / 3, float(np.abs(near - far).max(initial=0))


def fresh_points(f, x, shape, random, what, count):
    """(x, Y, J) at `count` new inputs, fewer when f has not enough."""
    points = []
    for kind in ("wide", "like", "near"):
        for _ in range(2 * count):
            point = fresh_point(f, x, shape, kind, random, what) if len(points) < count else None
            points += [point] if point else []
    return points


def title(f):
    """The function's own name, or f."""
    name = getattr(f, "__name__", "f")
    return name if name.isidentifier() else "f"


def argument_name(f, known):
    """The name of the input: as its author calls it, or X."""
    try:
        first = next(iter(inspect.signature(f).parameters))
    except (StopIteration, TypeError, ValueError):
        first = "X"
    own = not isinstance(f, np.ufunc) and not str(getattr(f, "__module__", "")).startswith("numpy")
    taken = {*known, *TAKEN, "D"}
    return next(n for n in ((first,) if own else ()) + ("X", "Z", "A", "input_")
                if n.isidentifier() and n not in taken)


def tried(f, x, what):
    """f(x), float64, after the tests of a function. Raises NumberError, ShapeError."""
    given = x.copy()
    raw = f(given)
    unchanged(given, x, what)
    Y = as_numbers(raw, f"discover: {what}(x)")
    if np.asarray(raw).dtype.kind in "biu":
        raise NumberError(f"discover: {what} returns whole numbers ({np.asarray(raw).dtype}), and "
                          "those do not change smoothly: there is no derivative to find.")
    if np.asarray(raw).dtype.itemsize < 8:
        raise NumberError(f"discover: {what} returns {np.asarray(raw).dtype}, too few digits for "
                          "differences. Let it compute in float64.")
    Y = np.array(Y)
    again = np.array(as_numbers(f(x.copy()), f"discover: {what}(x)"))
    if again.shape != Y.shape:
        raise ShapeError(f"discover: {what} is random: for one x it gives shape {Y.shape} and then "
                         f"{again.shape}. Fix its random numbers outside of it.")
    if not np.array_equal(again, Y, equal_nan=True):
        place = np.argwhere(~((again == Y) | (np.isnan(again) & np.isnan(Y))))[0].tolist()
        raise NumberError(f"discover: {what} is random: for one x, Y{place} is {Y[tuple(place)]:g} "
                          f"and then {again[tuple(place)]:g}. Fix its random numbers outside of "
                          "it.")
    return Y


def readable(f, what):
    """The function; whatever it raises comes as one line."""
    def told(x):
        try:
            return f(x)
        except Exception as error:
            says = " ".join(str(error).split()).rstrip(".")
            raise NumberError(f"discover: {what}(x) stopped with {type(error).__name__}: {says}. "
                              "It must be a function of one array that works on x.") from error

    return told


def unchanged(given, x, what):
    """Raise NumberError when a function wrote to what it was given."""
    if not np.array_equal(given, x, equal_nan=True):
        place = np.argwhere(given != x)[0].tolist()
        raise NumberError(f"discover: {what} modifies its input: x{place} was {x[tuple(place)]:g} "
                          f"and is {given[tuple(place)]:g}. Let it work on a copy: x.copy().")


def fresh_point(f, x, shape, kind, random, what):
    """(x, Y, J) at a new input, or None where f has no finite derivative there."""
    new = np.array(fresh_input(x, kind, random))
    given = new.copy()
    try:
        with np.errstate(all="ignore"):
            Y = as_numbers(f(given), "f(x)")
    except NumberError:
        return None
    unchanged(given, new, what)
    if Y.shape != shape:
        raise ShapeError(f"discover: {what} changes its shape with the values of x: {shape}, and "
                         f"{Y.shape} for other values. Its derivative has no fixed shape.")
    Y = np.array(Y)
    if not np.isfinite(Y).all():
        return None
    try:
        with np.errstate(all="ignore"):
            J, apart = slopes(f, new)
            # also where a kink is within the step
            bad = not apart <= 1e-4 * float(np.abs(J).max(initial=1e-300))
    except NumberError:
        return None
    return None if bad else (new, Y, snapped(J, Y, new))


def fresh_input(x, kind, random):
    """New numbers: of both signs; between those of x; or x itself, a little changed."""
    if kind == "wide":
        return random.standard_normal(x.shape) * max(1.0, float(np.std(x)) if x.size else 1.0)
    if kind == "like" and x.size:
        pool, t = x.ravel(), random.random(x.shape)
        return t * random.choice(pool, x.shape) + (1 - t) * random.choice(pool, x.shape)
    return x * random.uniform(0.9, 1.1, x.shape)


def snapped(J, Y, x):
    """J without the rounding of central differences: zeros are zeros, whole numbers are whole.

    Rounding is that of Y over a step, and steps grow with |x|.
    """
    rounding = 1e-3 * float(np.abs(Y).max(initial=0)) / np.maximum(1, np.abs(x))
    scale = np.maximum(float(np.abs(J).max(initial=1e-300)), rounding)
    whole = np.round(J)
    near = np.abs(J - whole) <= 1e-7 * scale
    J = np.where(near & (scale >= 1e-3), whole, J)
    J[np.abs(J) <= 1e-7 * scale] = 0
    return J


def kink_of(f, x, J):
    """A sentence about the first entry of x where the slopes on both sides differ, or ""."""
    scale = max(1.0, float(np.abs(J).max(initial=0)))
    here = np.array(as_numbers(f(x.copy()), "f(x)"))
    if not np.isfinite(J).all():
        index = tuple(np.argwhere(~np.isfinite(J))[0][here.ndim:])
        return f"{place_of(x, index)} the slope is not finite. The answer is for inputs beside it."
    for index in np.ndindex(x.shape):
        gaps = []
        for step in (1e-4, 1e-6):
            step *= max(1.0, abs(x[index]))
            above, below = x.copy(), x.copy()
            above[index] += step
            below[index] -= step
            right = (np.array(as_numbers(f(above), "f(x)")) - here) / step
            left = (here - as_numbers(f(below), "f(x)")) / step
            gaps.append((np.abs(right - left), left, right))
        wide, narrow = gaps[0][0], gaps[1][0]
        rounding = 1e-14 * np.abs(here) / step
        jump = (narrow > np.maximum(1e-3 * scale, rounding)) & (narrow > 0.1 * wide)
        if jump.any():
            place = tuple(np.argwhere(jump)[0])
            return (f"{place_of(x, index)} the slope jumps from {gaps[1][1][place]:.4f} to "
                    f"{gaps[1][2][place]:.4f}. The answer is for inputs beside it.")
    return ""


def place_of(x, index):
    """`at x[0, 1] = 2`."""
    return f"at x{list(map(int, index)) if index else ''} = {x[index]:g}"


def samples_of(what, arguments, output_ndim, known, wrt, parameters):
    """The samples of whatever `discover` was given."""
    if isinstance(what, str):
        what = OPERATIONS[what]
    if isinstance(what, Operation):
        return from_operation(what, arguments, wrt, parameters)
    if callable(what):
        if len(arguments) != 1:
            raise NumberError("discover: give the input too: discover(f, x), or discover(f, x, "
                              'known={"W": W}) with arrays that its answer may name.')
        return from_function(what, arguments[0], known)
    J = np.asarray(what)
    if J.nbytes > LIMIT:
        check_size(J.shape, f"discover: this tensor ({bytes_text(J.nbytes)})")
    return from_tensor(J, output_ndim, known)
