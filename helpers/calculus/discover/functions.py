"""A function as somebody hands it over: its name, its arguments, and whether it has a derivative.

It is tried before it is trusted: it must give real numbers of one shape, the same twice, and leave
its input alone.
"""

import inspect
from collections.abc import Mapping
from keyword import iskeyword

import numpy as np

from ...words import brief, said
from ..errors import NumberError, ShapeError, UnknownInput, UnknownParameter, is_a, stands_in
from ..jacobian import as_array, as_numbers
from ..silence import silent
from .points import told_apart, unchanged
from .progress import tick

TAKEN = {"G": "the upstream gradient dL/dY", "np": "NumPy",
         **dict.fromkeys(("math", "range", "sum", "zip"), "what Python means by it")}


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
        one, other = told_apart(Y[tuple(place)], again[tuple(place)])
        raise NumberError(f"discover: {what} is random: for one x, Y{place} is {one} and then "
                          f"{other}. Fix its random numbers outside of it.")
    return Y


def readable(f, what):
    """The function, silent: it is called hundreds of times. What it raises comes as one line."""
    def told(x):
        tick()
        try:
            with silent():
                return f(x)
        except Exception as error:
            text = said(error).rstrip(".")
            raise NumberError(f"discover: {what}(x) stopped with {type(error).__name__}"
                              f"{text and ': '}{text}. "
                              "It must be a function of one array that works on x.") from error

    return told


def alone(f, arguments, known, wrt, parameters):
    """(f of one array, that array, the known ones, its name): the other arguments stand still.

    Raises NumberError without arguments, UnknownInput, UnknownParameter.
    """
    what = title(f)
    if not arguments:
        raise NumberError("discover: give the input too: discover(f, x), or discover(f, x, "
                          'known={"W": W}) with arrays that its answer may name.')
    names = input_names(f, len(arguments), known or {})
    if wrt is not None and not stands_in(wrt, names):
        raise UnknownInput(f"discover: {what} has no input {brief(wrt)}. Its inputs are "
                           f"{', '.join(names)}.")
    strange = [key for key in parameters if not takes(f, key)]
    if strange:
        raise UnknownParameter(f"discover: {what} takes no {strange[0]}=. Leave it out, or give "
                               "known arrays as known={…}.")
    if len(arguments) == 1 and not parameters:
        return f, arguments[0], known, names[0]
    place = names.index(wrt) if wrt is not None else 0

    def one(x):
        return f(*(x if i == place else np.copy(a) if isinstance(a, np.ndarray) else a
                   for i, a in enumerate(arguments)), **parameters)

    one.__name__ = what
    others = {name: a for i, (name, a) in enumerate(zip(names, arguments, strict=True))
              if i != place and numeric(a)}
    return one, arguments[place], {**others, **(known or {})}, names[place]


def numeric(argument):
    """Whether an argument is an array of real numbers, or may be made one: a line may name it."""
    try:
        return as_array(argument, "").dtype.kind in "biuf"
    except NumberError:
        return False


def takes(f, key):
    """Whether a function has a parameter of this name; one that does not tell may have it."""
    try:
        those = inspect.signature(f).parameters
    except (TypeError, ValueError):
        return True
    return key in those or any(p.kind == p.VAR_KEYWORD for p in those.values())


def input_names(f, count, known):
    """The names of the inputs: as the function calls them, or X, W, B, …"""
    first, taken = argument_name(f, known), {*known, *TAKEN, "D"}
    try:
        own = [p.name for p in inspect.signature(f).parameters.values()][:count]
    except (TypeError, ValueError):
        own = []
    free = iter("XWBCEFHKMNPQRSTUVZ")
    names = [first]
    for i in range(1, count):
        mine = own[i] if i < len(own) else ""
        names.append(mine if mine.isidentifier() and mine not in {*TAKEN, "D", *names} else next(
            x for x in free if x not in {*taken, *names}))
    return names


def check_known(known):
    """Raise NumberError unless known arrays are given by name, or none."""
    if known is not None and not is_a(known, Mapping):
        raise NumberError('discover: known must say names too: known={"W": W}.')


def named_arrays(known):
    """The known arrays as numbers, by name. Raises NumberError for a name that no line can use."""
    check_known(known)
    for name in known or {}:
        if not str(name).isidentifier() or iskeyword(name):
            raise NumberError(f"discover: a known array cannot be called {brief(name)}: the answer "
                              'is a line of Python. Give it a name, as in known={"W": W}.')
        if name in TAKEN:
            raise NumberError(f"discover: a known array cannot be called {name}: the answer uses "
                              f"{name} for {TAKEN[name]}. Give it another name.")
    return {name: as_numbers(value, f"known {name}") for name, value in (known or {}).items()}
