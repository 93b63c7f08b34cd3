"""Any function of arrays as an `Operation`: full Jacobians measured, compact ways found.

What is found may depend on where the inputs stand (a sort, a mask), so every text and array of
such an operation is that of the present inputs: use `formulas_of`.
"""

import inspect
import re
from functools import lru_cache

import numpy as np

from ...words import said
from ..errors import ShapeError
from ..jacobian import as_numbers
from ..latex import symbol
from ..operation import OPERATIONS, Derivative, Operation
from ..silence import muted
from .functions import TAKEN, title
from .large.search import Large
from .search import discover

LETTERS = "nhmkpqrstuvwabcdefgxyz"  # of the inputs' axes, then of what is new in Y
SUBSCRIPT = re.compile(r"_\{((?:[^{}]|\{[^{}]*\})*)\}|_([a-z])\b")
EINSUM = re.compile(r'"[a-z,]+->[a-z]*"')
WORD = re.compile(r"\\[a-zA-Z]+|[a-zA-Z]")  # a command, or one letter
AXIS = re.compile(r"(?<=\baxis )[a-z]\b")
INNER = "ijabcdefgoxyz"   # of an input's axes in its full Jacobian
NAMES = "XWBCDE"
RESERVED = {"Y", "G", "wrt", "layout", "mode", "operation", *TAKEN}


def operation_of(f, *arrays):
    """An `Operation` of a function and arrays that it takes by position.

    Inputs are called as the function calls them. Axes of one size that only grow together have
    one letter. Raises what `discover` raises, and ShapeError when there is no array.
    """
    if not arrays:
        raise ShapeError("Give the function its arrays too: JacobianExplorer(f, X).")
    arrays = tuple(np.array(as_numbers(x, f"input {i}")) for i, x in enumerate(arrays))
    names = input_names(f, len(arrays))
    look = Look(f, names)
    parts, quiet = [look.at(name, *arrays) for name in names], muted(f)
    wanted = input_letters(quiet, arrays, names)
    Y = np.asarray(quiet(*[x.copy() for x in arrays]))
    output = output_letters(Y, names, wanted, parts)
    spell = ", ".join(" ".join(letters) for letters in wanted)
    known = {letter for letters in wanted for letter in letters}
    derived = {letter: needing(sorted(known), size_of(f, arrays, wanted, axis))
               for axis, letter in enumerate(output) if letter not in known}
    return Operation(
        name=own_name(f), axes=f"{spell} -> {' '.join(output)}", inputs=names,
        forward=needing(names, lambda *xs: np.asarray(quiet(*[x.copy() for x in xs]), float)),
        derivatives={name: row(look, name, output, letters)
                     for name, letters in zip(names, wanted, strict=True)},
        latex=rf"Y = \operatorname{{{title(f)}}}({', '.join(map(symbol, names))})",
        numpy=f"{title(f)}({', '.join(names)})", derived=derived)


class Look:
    """What `discover` says of a function by each of its inputs, kept for a few places."""

    def __init__(self, f, names):
        self.f, self.names = f, names
        self._kept = lru_cache(maxsize=16)(self._found)

    def at(self, name, *arrays):
        """The `Structure` by the input of that name at these arrays."""
        return self._kept(name, tuple(x.tobytes() for x in arrays),
                          tuple(x.shape for x in arrays))

    def _found(self, name, bytes_, shapes):
        arrays = [np.frombuffer(b).reshape(s) for b, s in zip(bytes_, shapes, strict=True)]
        place = self.names.index(name)
        known = {n: x for n, x in zip(self.names, arrays, strict=True) if n != name}

        def alone(X):
            return self.f(*[X if i == place else x.copy() for i, x in enumerate(arrays)])

        alone.__name__ = title(self.f)
        alone.__signature__ = inspect.Signature(
            [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY)])
        return discover(alone, arrays[place], known=known)


def needing(names, formula):
    """The formula with the names of the values that it wants, in order."""
    formula.needs = tuple(names)
    return formula


def row(look, name, output, letters):
    """The `Derivative` by one input: its full Jacobian has an axis for each letter, no deltas."""
    names, ndim, X = look.names, len(letters), symbol(name)
    inner = [x for x in INNER if x not in output][:ndim]
    every = " ".join((*output, *inner))
    one = "".join(output), "".join(f"{x}'" for x in letters)

    def text(of):
        return needing(names, lambda *xs: of(look.at(name, *xs)))

    def line(s):
        spelt = spelling(s, output, letters)
        return EINSUM.sub(lambda found: "".join(
            spelt.get(x, x).upper() if "'" in spelt.get(x, x) else spelt.get(x, x)
            for x in found[0]).replace("'", ""), s.numpy)

    def steps(s):
        spelt = spelling(s, output, letters)
        return [(title, relettered(latex, spelt)) for title, latex in s.derivation]

    def why(s):
        story = s.samples.story() if isinstance(s.samples, Large) else ""
        spelt = spelling(s, output, letters)
        says = AXIS.sub(lambda found: spelt.get(found[0], found[0]), s.answer.says)
        return ". ".join(filter(None, [says or f"found: {s.kind}", story, s.warning]))

    return Derivative(
        full=f"{every} -> {every}",
        core=needing(names, lambda *xs: look.at(name, *xs).samples.tensors[0]),
        vjp=needing(("G", *names), lambda G, *xs: look.at(name, *xs).vjp(G)),
        jvp=needing((f"d{name}", *names), lambda dX, *xs: np.tensordot(
            look.at(name, *xs).samples.tensors[0], dX, dX.ndim)),
        entry=rf"\frac{{\partial Y_{{{one[0]}}}}}{{\partial {X}_{{{one[1]}}}}} "
              r"\text{ measured}",
        latex=text(lambda s: steps(s)[-2][1]), numpy=text(line), why=text(why),
        jvp_latex=r"dY = J\,d" + X, jvp_numpy=f"np.tensordot(J, d{name}, {ndim})",
        stored=text(lambda s: str(s.stored)),
        multiplications=text(lambda s: str(s.cost.compact_multiplications)),
        derivation=text(steps))


def spelling(s, output, letters):
    """{letter of a `Structure`: letter on the screen}; empty where it looked at other axes.

    Before they are tied, axes of Y and of the input that are one letter are n and n'.
    """
    pattern, samples = s.reduced.pattern, s.samples
    if len(pattern.outer) != len(output) or len(pattern.inner) != len(letters):
        return {}
    screen = [f"{new}'" if new in output else new for new in letters]
    spelt = dict(zip((*samples.inner, *pattern.inner), (*screen, *screen), strict=True))
    return spelt | dict(zip((*samples.outer, *pattern.outer), (*output, *output), strict=True))


def relettered(latex, spelt):
    """LaTeX with the letters of its subscripts spelt as on the screen."""
    def one(match):
        inside = match[1] or match[2]
        if "\\text" in inside:
            return match[0]
        return f"_{{{re.sub(WORD, lambda word: spelt.get(word[0], word[0]), inside)}}}"

    return SUBSCRIPT.sub(one, latex)


def own_name(f):
    """The function's name; `my_relu` where the table has one of that name."""
    return f"my_{title(f)}" if title(f) in OPERATIONS else title(f)


def input_names(f, count):
    """The names of the first `count` arguments; X, W, B, … where a function does not tell."""
    try:
        names = [p.name for p in inspect.signature(f).parameters.values()
                 if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:count]
    except (TypeError, ValueError):
        names = []
    usable = len(names) == count and not RESERVED & set(names)
    return tuple(names) if usable else tuple(NAMES[:count])


def input_letters(f, arrays, names):
    """A letter for each axis of each input; axes that must grow together share one."""
    fresh = (x for x in LETTERS if x not in names)  # set(h=…) must mean one thing
    letters = [[None] * x.ndim for x in arrays]
    places = [(i, axis) for i, x in enumerate(arrays) for axis in range(x.ndim)]
    for at, (i, axis) in enumerate(places):
        partner = next((letters[j][b] for j, b in places[:at]
                        if arrays[j].shape[b] == arrays[i].shape[axis] and j != i
                        and not runs(f, arrays, [(i, axis)])
                        and runs(f, arrays, [(i, axis), (j, b)])), None)
        letters[i][axis] = partner or next(fresh)
    return tuple(tuple(one) for one in letters)


def runs(f, arrays, places):
    """Whether the function takes arrays that are longer by one along these (input, axis)."""
    grown = [x.copy() for x in arrays]
    for i, axis in places:
        grown[i] = np.concatenate([grown[i], grown[i].take([0], axis)], axis)
    try:
        f(*grown)
    except Exception:  # whatever a student's function says to a shape that it does not take
        return False
    return True


def output_letters(Y, names, wanted, parts):
    """A letter for each axis of Y: the input's axis that it is tied to, else a new one."""
    used = {letter for letters in wanted for letter in letters}
    fresh, output = (x for x in LETTERS if x not in used and x not in names), []
    for axis in range(Y.ndim):
        tied = None
        for letters, s in zip(wanted, parts, strict=True):
            pattern = s.reduced.pattern
            here = [b for b, x in enumerate(pattern.inner) if x == pattern.outer[axis]
                    and b not in pattern.backward]
            tied = tied or (letters[here[0]] if here and letters[here[0]] not in output else None)
        output.append(tied or next(fresh))
    return tuple(output)


def size_of(f, arrays, wanted, axis):
    """The size of an axis of Y from the sizes of the inputs' axes, by asking the function."""
    known = sorted({letter for letters in wanted for letter in letters})

    @lru_cache(maxsize=64)
    def size(*values):
        sizes = dict(zip(known, values, strict=True))
        shapes = [tuple(sizes[x] for x in letters) for letters in wanted]
        random = np.random.default_rng(0)
        inputs = [x.copy() if x.shape == shape else random.standard_normal(shape)
                  for x, shape in zip(arrays, shapes, strict=True)]
        try:
            return np.shape(muted(f)(*inputs))[axis]
        except Exception as error:
            raise ShapeError(f"{title(f)} does not take inputs of shapes {shapes}: {said(error)}. "
                             "Choose other sizes.") from error

    return size
