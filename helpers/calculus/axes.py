"""Named axes: `"n m, m k, k -> n k"` says which axes of the inputs and the output are the same.

`...` stands for any number of axes. A letter has one size within one call.
"""

import math
from functools import cache

from ..words import brief, one_line
from .errors import ShapeError, is_a

# Letters that `...` becomes, by the number of axes. Sizes differ, so that a lost transpose shows.
ELLIPSIS_LETTERS = {1: ("h",), 2: ("n", "h"), 3: ("n", "c", "h")}
DEFAULT_SIZES = {"n": 3, "h": 4, "m": 4, "k": 2, "p": 2, "c": 2, "l": 6, "w": 3, "d": 2, "v": 3}
DEFAULT_SIZE = 3


@cache
def parse(axes):
    """`"n m, m k -> n k"` as `((("n", "m"), ("m", "k")), ("n", "k"))`."""
    left, right = axes.split("->")
    return tuple(tuple(part.split()) for part in left.split(",")), tuple(right.split())


@cache
def ellipsis_letters(count):
    """The letters that stand for `count` unnamed axes."""
    # j and k name axes of their own beside `...`
    return ELLIPSIS_LETTERS.get(count, tuple("abcdefghilmnopqrstuvwxyz"[:count]))


def expand(letters, count):
    """Letters with `...` replaced by `count` letters."""
    return tuple(letter for part in letters
                 for letter in (ellipsis_letters(count) if part == "..." else (part,)))


def spelled(text, count):
    """A pattern with `count` letters in the place of every `...`."""
    return text.replace("...", " ".join(ellipsis_letters(count)))


def unnamed_axes(letters, ndim):
    """How many axes `...` stands for in an array of `ndim` axes; 0 without `...`."""
    return max(ndim - (len(letters) - 1), 0) if "..." in letters else 0


def bind(name, axes, named_shapes):
    """Sizes by letter, from `{"X": shape, …}` in the order of `axes`.

    Raises ShapeError naming the operation, the axis and both sizes.
    """
    wanted, _ = parse(axes)
    count = max((unnamed_axes(letters, len(shape))
                 for letters, shape in zip(wanted, named_shapes.values(), strict=True)), default=0)
    sizes, owners = {}, {}
    for letters, (label, shape) in zip(wanted, named_shapes.items(), strict=True):
        letters = expand(letters, count)
        if len(letters) != len(shape):
            raise ShapeError(
                f"{name}: {label} needs {describe(letters)}, but has shape {shape}. "
                f"The pattern is {tidy(axes)}.")
        for letter, size in zip(letters, shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise ShapeError(
                    f"{name}: axis {letter} is {sizes[letter]} in {owners[letter]} but {size} in "
                    f"{label} of shape {shape}. Make them equal: the pattern is {tidy(axes)}.")
            owners.setdefault(letter, label)
    return sizes


def as_text(name, axes):
    """Letters of axes as somebody gave them. Raises ShapeError for what is no text."""
    if not is_a(axes, str):
        raise ShapeError(f"{name}: axes must be a text of letters such as \"n h\", not "
                         f"{brief(axes)}.")
    return axes


def tidy(axes):
    """A pattern with single blanks."""
    return " ".join(axes.split()).replace(" ,", ",")


def describe(letters):
    """`("n", "m")` as `2 axes (n, m)`."""
    if not letters:
        return "no axes (one number)"
    named = one_line(", ".join(letters), 60)
    return f"{len(letters)} ax{'i' if len(letters) == 1 else 'e'}s ({named})"


def shape_of(letters, sizes):
    """The shape that the letters have."""
    return tuple(sizes[letter] for letter in letters)


def entries_of(letters, sizes):
    """How many entries an array with these letters has."""
    return math.prod(shape_of(letters, sizes))


def count_of(text, sizes):
    """What `"3 n h + 2 h"` is at these sizes: a sum of products of numbers and letters; "" is 0."""
    terms = [term.split() for term in text.split("+") if term.strip()]
    return sum(math.prod(int(factor) if factor.isdigit() else sizes[factor] for factor in term)
               for term in terms)


def default_sizes(axes, given=()):
    """A size for every letter of a pattern (`...` as `n h`): those given, else small ones."""
    inputs, output = parse(axes)
    letters = [letter for part in (*inputs, output) for letter in expand(part, 2)]
    return {letter: dict(given).get(letter, DEFAULT_SIZES.get(letter, DEFAULT_SIZE))
            for letter in dict.fromkeys(letters)}
