"""Between what people give (arrays, tensors, numbers, lists and dicts of them) and float64."""

from dataclasses import dataclass

import numpy as np

from ...words import said
from ..errors import NumberError, is_a
from ..jacobian import as_array


@dataclass(frozen=True)
class Place:
    """Where an array stands: in an argument or a keyword, by the keys to it, or in a layer.

    There, of kind "own", the keys are those of each place that it has: the path of one of the
    layers, an attribute, and the keys from there.
    """

    kind: str
    keys: tuple
    given: object


def is_tensor(value):
    """Whether this is a tensor of another library that can be detached, as those of PyTorch."""
    try:
        return hasattr(value, "detach") and hasattr(value, "numpy")
    except Exception:  # an object that stops when it is asked
        return False


def plain(value, what):
    """An array of real or complex numbers, by whatever it was given. Raises NumberError."""
    try:
        if is_tensor(value):
            value = value.detach()
            value = (value.cpu() if hasattr(value, "cpu") else value).numpy()
    except Exception as error:
        raise NumberError(f"{what} must be numbers, but this tensor stops with "
                          f"{type(error).__name__}: {said(error)}.") from error
    array = as_array(value, what)
    if array.dtype.kind == "O" and array.size:
        raise NumberError(f"{what} must be made of numbers, but is of type "
                          f"{type(value).__name__}.")
    if array.dtype.kind not in "biufc":
        raise NumberError(f"{what} must be made of numbers, but has dtype {array.dtype}.")
    return array


def real(value, what):
    """A new float64 array. Raises NumberError."""
    array = plain(value, what)
    if array.dtype.kind == "c":
        raise NumberError(f"{what} must be real, but has dtype {array.dtype}.")
    return np.array(array, np.float64)


def is_numbers(value):
    """Whether this is an array, a tensor, a number or a list of numbers with a floating dtype."""
    try:
        return plain(value, "").dtype.kind == "f"
    except NumberError:
        return False


def like(array, given, wide=True):
    """The array in the kind of what was given: a tensor of its library, a float, or an array.

    wide: a tensor in float64; else in the precision that it has.
    """
    if is_tensor(given):
        if np.iscomplexobj(array):
            raise NumberError("a tensor of another library takes no complex step.")
        given = given.detach()
        return (given.double() if wide and hasattr(given, "double") else given).new_tensor(array)
    if isinstance(given, float) and np.ndim(array) == 0:
        return array.item()
    return array


def leaves(name, value):
    """(name, keys from the argument on, value) of each number array inside an argument.

    A dict's entries go by their keys, a list's by their places.
    """
    if is_a(value, dict):
        for key, part in value.items():
            yield from ((f"{key}" if not deeper else label, (key, *deeper), leaf)
                        for label, deeper, leaf in leaves(f"{key}", part))
    elif holds_arrays(value):
        for i, part in enumerate(value):
            yield from ((label, (i, *deeper), leaf)
                        for label, deeper, leaf in leaves(f"{name}[{i}]", part))
    else:
        yield name, (), value


def is_row(value):
    """Whether this is a list, a tuple, or an array of objects in a row."""
    return is_a(value, list | tuple) or (
        is_a(value, np.ndarray) and value.dtype.kind == "O" and value.ndim == 1)


def holds_arrays(value):
    """Whether this is a row with arrays, tensors or dicts in it, or with rows of such."""
    return is_row(value) and any(
        is_a(part, dict | np.ndarray) or is_tensor(part) or holds_arrays(part)
        for part in value)


def rebuilt(value, keys, leaf):
    """A copy of an argument with another leaf at these keys."""
    if not keys:
        return leaf
    first, *rest = keys
    if isinstance(value, dict):
        return {**value, first: rebuilt(value[first], rest, leaf)}
    if is_a(value, np.ndarray):
        found = value.copy()
        found[first] = rebuilt(value[first], rest, leaf)
        return found
    parts = [rebuilt(part, rest, leaf) if i == first else part for i, part in enumerate(value)]
    if hasattr(value, "_make"):  # a named tuple
        return value._make(parts)
    return type(value)(parts) if type(value) in (list, tuple) else parts
