"""Counting the multiplications of a line of NumPy: an array that counts, and who pays for what.

A division and a power count as multiplications. An einsum counts as its whole product, all axes of
all operands, whatever order it would choose: to multiply in steps is what the student has to see.
"""

import math

import numpy as np

# Ufuncs that multiply once for each number that comes out, or that goes into a reduction.
ONCE = {"multiply", "divide", "true_divide", "floor_divide", "square", "power", "float_power",
        "reciprocal"}
SUMMED = {"matmul", "vecdot", "matvec", "vecmat"}  # … once for each term of each sum
OPEN = {"mean", "average", "var", "std"}  # functions that multiply by ufuncs, which are seen
# Functions that multiply nothing: they move numbers, add or compare them.
FREE = set("""
    sum cumsum max min amax amin argmax argmin sort argsort any all where
    transpose permute_dims matrix_transpose swapaxes moveaxis rollaxis rot90 flip fliplr flipud
    roll reshape ravel squeeze expand_dims broadcast_to broadcast_arrays repeat tile concatenate
    concat stack vstack hstack dstack column_stack copy zeros_like ones_like full_like empty_like
    take take_along_axis put_along_axis diagonal trace tril triu diff pad shape size ndim nonzero
    count_nonzero atleast_1d atleast_2d atleast_3d split array_split hsplit vsplit clip select
    choose compress extract insert delete append array_equal allclose isclose copyto
""".split())


class Tally:
    """How many multiplications so far; None once something ran that nobody can count."""

    def __init__(self):
        self.count = 0

    def add(self, count):
        self.count = None if self.count is None or count is None else self.count + int(count)


class Counted(np.ndarray):
    """An array that tells its tally of every multiplication that it, or what it became, is in."""

    tally = None

    def __array_finalize__(self, parent):
        self.tally = getattr(parent, "tally", None)

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **keywords):
        tally = tally_of((*inputs, *out))
        if out:
            keywords["out"] = tuple(map(plain, out))
        given = [plain(value) for value in inputs]
        made = getattr(ufunc, method)(*given, **{k: plain(v) for k, v in keywords.items()})
        tally.add(price(ufunc, method, given, made))
        return out[0] if out else counted(made, tally)

    def __array_function__(self, function, types, arguments, keywords):
        name, tally = function.__name__, tally_of((*arguments, *keywords.values()))
        if name in OPEN:
            return super().__array_function__(function, types, arguments, keywords)
        values, named = [plain(v) for v in arguments], {k: plain(v) for k, v in keywords.items()}
        known = function.__module__ == "numpy" and (name in FREE or name in PRICES)
        tally.add(PRICES.get(name, nothing)(*values, **named) if known else None)
        return counted(function(*values, **named), tally)

    def __getitem__(self, key):
        return counted(super().__getitem__(key), self.tally)

    def dot(self, other):
        """As np.dot, which a method would not ask."""
        return np.dot(self, other)


def counted(value, tally):
    """Arrays and numbers as arrays that count; a tuple of them too."""
    if isinstance(value, tuple | list):
        return type(value)(counted(part, tally) for part in value)
    if value is None or value is NotImplemented:
        return value
    value = np.asarray(value).view(Counted)
    value.tally = tally
    return value


def plain(value):
    """The same memory without the count."""
    if isinstance(value, tuple | list):
        return type(value)(map(plain, value))
    return value.view(np.ndarray) if isinstance(value, Counted) else value


def tally_of(values):
    """The tally of the first array that has one, at any depth of tuples and lists."""
    for value in values:
        found = tally_of(value) if isinstance(value, tuple | list) else getattr(
            value, "tally", None)
        if isinstance(found, Tally):
            return found
    return None


def price(ufunc, method, inputs, made):
    """The multiplications of one call of a ufunc; None for a way of calling that is not known."""
    if ufunc.__name__ in SUMMED:
        return np.size(made) * np.shape(inputs[0])[-1] if method == "__call__" else None
    if ufunc.__name__ not in ONCE:
        return 0
    if method in ("__call__", "outer"):
        return np.size(made)
    return np.size(inputs[0]) if method in ("reduce", "accumulate") else None


def nothing(*values, **named):
    """No multiplication."""
    return 0


def einsum(spec, *operands, **keywords):
    """All axes of all operands, once for each operand after the first."""
    if not isinstance(spec, str):
        return None
    sizes, rest = {}, []
    for letters, operand in zip(spec.replace(" ", "").split("->")[0].split(","), operands,
                                strict=True):
        named = letters.replace("...", "")
        first = letters.find("...") if "..." in letters else len(letters)
        shape = np.shape(operand)
        extra = len(shape) - len(named)
        rest.append(shape[first:first + extra])
        sizes |= dict(zip(named, shape[:first] + shape[first + extra:], strict=True))
    whole = math.prod(sizes.values()) * math.prod(np.broadcast_shapes(*rest))
    return whole * (len(operands) - 1)


def tensordot(a, b, axes=2):
    """Every entry of the one with every entry of the other, but the summed axes once."""
    summed = np.shape(a)[np.ndim(a) - axes:] if isinstance(axes, int) else [
        np.shape(a)[axis] for axis in np.atleast_1d(axes[0])]
    return np.size(a) * np.size(b) // max(math.prod(summed), 1)


def dot(a, b, **named):
    """A sum over the last axis of a, or, with a number, one product for each entry."""
    return np.size(a) * np.size(b) // (np.shape(a)[-1] if np.ndim(a) and np.ndim(b) else 1)


def pairs(a, b, *rest, **named):
    """Every entry of the one with every entry of the other."""
    return np.size(a) * np.size(b)


def entries(a, *rest, **named):
    """Every entry once."""
    return np.size(a)


PRICES = {"einsum": einsum, "tensordot": tensordot, "dot": dot, "inner": dot, "outer": pairs,
          "kron": pairs, "vdot": entries, "convolve": pairs, "correlate": pairs,
          "prod": entries, "cumprod": entries}


def multiplications(function, arguments):
    """How many multiplications `function(*arguments)` takes; None when that cannot be counted.

    What the function made without the arrays that it was given, or after it had turned them into
    lists or other arrays, is out of sight: then the answer is None, too.
    """
    tally = Tally()
    made = function(*[counted(value, tally) for value in arguments])
    return tally.count if getattr(made, "tally", None) is tally else None
