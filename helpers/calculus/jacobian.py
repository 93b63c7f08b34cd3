"""Full Jacobians: from a pattern of axes, contracted, and in both layouts.

The numerator layout puts the axes of Y first: `J[k…, i…] = ∂Y[k…]/∂X[i…]`. The denominator layout
puts the axes of X first.
"""

import math
from functools import cache

import numpy as np

from ..words import brief, bytes_text, said
from .errors import NumberError, ShapeError, TooBig, UnknownLayout, is_a, stands_in

LAYOUTS = ("numerator", "denominator")
LIMIT = 2**30  # bytes
FAR = 10**30    # bytes


def as_numbers(value, what):
    """An array of real numbers in float64, not copied when it is one already.

    Raises NumberError naming `what` when the value is text, complex, ragged or an object, TooBig
    where there is no room for a copy.
    """
    array = as_array(value, what)
    if array.dtype.kind not in "biuf":
        raise NumberError(f"{what} must hold real numbers, but {no_numbers(value, array)}")
    try:
        return array.astype(np.float64, copy=False)
    except MemoryError as error:
        raise TooBig(f"{what} of shape {array.shape} has {array.size:,} entries, more than memory "
                     "has room for: take fewer.") from error


def no_numbers(value, array):
    """What stands where numbers should, and what to do: the end of a sentence."""
    if callable(value):
        return "is a function. Give an array; a function comes before its array."
    convert = "Convert it, for example with np.array(…, dtype=float)."
    if array.dtype.kind not in "USO" or not array.size:
        return f"has dtype {array.dtype}. {convert}"
    first = next((one for one in array.flat if not is_a(one, int | float)), array.item(0))
    if array.dtype.kind == "O":
        return f"holds {brief(first)}. Give an array of floats."
    return f"holds the text {brief(first.item())}. {convert}"


def checked_number(value, what, wanted, fits):
    """One number that `fits`, as a float. Raises NumberError saying what is wanted."""
    try:
        number = as_numbers(value, what)
    except NumberError:
        number = np.full((), np.nan)
    if number.ndim or not fits(float(number)):
        raise NumberError(f"{what} must be {wanted}, not {brief(value)}.")
    return float(number)


def checked_whole(value, what, low, high):
    """A whole number from low to high as an int. Raises NumberError."""
    return int(checked_number(value, what, f"a whole number from {low} to {high:,}",
                              lambda x: low <= x <= high and x == math.floor(x)))


def as_array(value, what):
    """An array of whatever it is, not copied. Raises NumberError for what numpy cannot read."""
    try:
        array = np.asarray(value)
        hidden = is_a(value, np.ma.MaskedArray) and bool(np.ma.getmaskarray(value).any())
    except Exception as error:  # somebody's own object may stop with anything
        if is_a(value, list | tuple) and is_a(error, TypeError | ValueError):
            raise NumberError(f"{what} must be numbers in rows of equal length.") from error
        raise NumberError(f"{what} must hold numbers, but stopped when it was read, with "
                          f"{type(error).__name__}: {said(error)}. Give an array.") from error
    if hidden:
        raise NumberError(f"{what} is a masked array with hidden entries, which have no value: "
                          "fill them first, as in x.filled(0).")
    return array


def numbers_of(value, what):
    """An array of real or complex numbers, not copied, as precise as it is. Raises NumberError."""
    array = as_array(value, what)
    if array.dtype.kind not in "biufc":
        raise NumberError(f"{what} must hold numbers, but {no_numbers(value, array)}")
    return array


def check_layout(layout):
    """Raise UnknownLayout unless the layout is one of the two."""
    if not stands_in(layout, LAYOUTS):
        raise UnknownLayout(f'layout must be "numerator" or "denominator", not {brief(layout)}.')


def check_size(shape, what, itemsize=8, limit=LIMIT, instead="use op.vjp(…): it never builds it"):
    """Raise TooBig when an array of this shape would take more than `limit` bytes."""
    size = math.prod(shape) * itemsize
    if size > FAR:  # its figures alone would fill lines
        raise TooBig(f"{what} is far over the limit of {bytes_text(limit)}: {instead}.")
    if size > limit:
        raise TooBig(f"{what} of shape {shape} has {math.prod(shape):,} entries and takes "
                     f"{bytes_text(size)}, over the limit of {bytes_text(limit)}: {instead}.")


def fill(pattern, core_letters, core, sizes, dtype=np.float64):
    """A tensor with axes `pattern`, zero except where its repeated letters agree.

    There it is `core` (axes `core_letters`), constant along every other letter: with pattern
    `n k n m` and core letters `m k`, `J[n, k, n, m] = core[m, k]`.
    """
    if pattern == core_letters:
        return np.array(core, dtype)
    J = np.zeros([sizes[letter] for letter in pattern], dtype)
    # Without a sum, einsum gives a view: writing to it writes the diagonals of J.
    np.einsum(diagonals(pattern, core_letters), J)[...] = core
    return J


@cache
def diagonals(pattern, core_letters):
    """The subscripts that take from axes `pattern` the constant ones, then those of the core."""
    code = {letter: chr(97 + i) for i, letter in enumerate(dict.fromkeys(pattern))}
    constant = [letter for letter in code if letter not in core_letters]
    return "->".join("".join(code[letter] for letter in part)
                     for part in (pattern, (*constant, *core_letters)))


def contract(G, J, layout="numerator"):
    """dL/dX from the upstream gradient and the full tensor: `Σ G[k…] J[k…, i…]` over all axes of Y.

    G has Y's axes. J has Y's axes and then X's (numerator) or X's and then Y's (denominator).
    Raises ShapeError when the axes of Y in J are not those of G.
    """
    check_layout(layout)
    G, J = numbers_of(G, "contract: G"), numbers_of(J, "contract: J")
    first = layout == "numerator"
    of_output = J.shape[:G.ndim] if first else J.shape[max(J.ndim - G.ndim, 0):]
    if of_output != G.shape:
        raise ShapeError(f"contract: G has shape {G.shape}, but the {'first' if first else 'last'} "
                         f"{G.ndim} axes of J are {of_output}. Give G the shape of Y.")
    with np.errstate(invalid="ignore", over="ignore"):
        return np.tensordot(G, J, G.ndim) if first else np.tensordot(J, G, G.ndim)


def to_denominator(J, output_ndim):
    """The axes of Y moved behind those of X: a view of shape X.shape + Y.shape."""
    return np.moveaxis(J, range(output_ndim), range(J.ndim - output_ndim, J.ndim))


def unfold(J, first):
    """J as a matrix: its first `first` axes flattened to rows, the others to columns."""
    return J.reshape(math.prod(J.shape[:first]), math.prod(J.shape[first:]))
