"""Other ways to lay out the same derivative: axes split in two, pieces one after the other, and
another variable inside of f.

Each gives samples in which more of the tensor is zero or repeated, and says how a line found there
is written for the arrays as they are.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .naming.names import atom, renamed
from .samples import letters_for
from .ties import Pattern, find_constants, find_ties

LARGEST = 2**15  # entries of a full tensor that is looked at
MOST_PIECES = 4
FURTHER = 4  # points more, so that no name fits by accident: what is found is not searched again
ALL_OF_IT = re.compile(r"\.(sum|mean|max|min|prod|var|std)\((?:-1|0)(?:, keepdims=True)?\)")


@dataclass(frozen=True)
class Change:
    """Samples laid out otherwise, and the way back for a line."""

    samples: object
    back: Callable
    left: int        # numbers that ties and constants leave
    matrix: str = ""  # a known one that the way back multiplies with
    inner: tuple = ()  # (name, text): a variable of its own and what it stands for


def left_of(samples):
    """How many numbers ties and constants leave."""
    pattern = find_ties(samples.tensors, Pattern(samples.outer, samples.inner))
    blocks = [pattern.view(J) for J in samples.tensors]
    gone = find_constants(blocks, pattern.letters, samples.tolerance)
    return blocks[0].size // math.prod(
        [blocks[0].shape[pattern.letters.index(x)] for x in gone])


def split(samples):
    """The `Change` that splits axes so that fewer numbers are left, or None."""
    if samples.tensors[0].size > LARGEST or len(samples.tensors) < 2:
        return None
    now, least, lines = samples, left_of(samples), []
    for _ in range(3):
        found = [(left_of(new), new, back) for new, back in one_split(now)]
        found = min(found, key=lambda one: one[0], default=None)
        if found is None or found[0] >= least:
            break
        least, now = found[0], found[1]
        lines.append(found[2])
    if not lines:
        return None

    def back(line):
        for step in reversed(lines):
            line = step(line)
        return re.sub(r"\.reshape\([\d, ]*\)(?=\.reshape\()", "", line)

    return Change(now, back, least)


def one_split(samples):
    """(samples, way back of a line) for every way to split an axis of Y, of the input, or both."""
    shape, outer = samples.tensors[0].shape, len(samples.outer)
    for axis, size in enumerate(shape):
        for first in range(2, size):
            if size % first or first == size:
                continue
            parts = (first, size // first)
            yield reshaped(samples, {axis: parts})
            if axis < outer:
                for other in range(outer, len(shape)):
                    if shape[other] == size:
                        yield reshaped(samples, {axis: parts, other: parts})
                    elif shape[other] % first == 0 and shape[other] > first:
                        yield reshaped(samples, {
                            axis: parts, other: (first, shape[other] // first)})


def reshaped(samples, parts):
    """(samples, way back) with axes of the tensor in two parts each."""
    outer = len(samples.outer)
    shape = samples.tensors[0].shape
    new = [parts.get(axis, (size,)) for axis, size in enumerate(shape)]
    mine = [sum(new[:outer], ()), sum(new[outer:], ())]
    sizes = {shape[axis]: split for axis, split in parts.items()}

    def names_at(names):
        made = dict(names)
        for name, array in names.items():
            if name == samples.input_name:
                made[name] = np.reshape(array, mine[1])
            elif name == samples.output_name:
                made[name] = np.reshape(array, mine[0])
            elif np.ndim(array) and {*np.shape(array)} & {*sizes}:
                made[f"{name}_split"] = np.reshape(array, known_shape(array))
        return made

    def known_shape(array):
        return sum((sizes.get(size, (size,)) for size in np.shape(array)), ())

    texts = {"G": f"G.reshape{mine[0]}", samples.output_name: f"{samples.output_name}.reshape"
             f"{mine[0]}"} if any(axis < outer for axis in parts) else {}
    turned = any(axis >= outer for axis in parts)
    if turned:
        texts[samples.input_name] = f"{samples.input_name}.reshape{mine[1]}"
    for name, array in samples.names[0].items():
        if name not in (samples.input_name, samples.output_name) and np.ndim(array):
            texts[f"{name}_split"] = f"{name}.reshape{known_shape(array)}"

    def back(line):
        line = renamed(line, texts)
        return f"{atom(line)}.reshape{shape[outer:]}" if turned else line

    letters = letters_for(len(mine[0]), len(mine[1]))
    return changed(samples, lambda J: J.reshape(*mine[0], *mine[1]), names_at, letters), back


def changed(samples, tensor, names, letters, **others):
    """Samples with every tensor and its names changed; the line is tried where it comes from."""
    return replace(samples, tensors=[tensor(J) for J in samples.tensors],
                   names=[names(known) for known in samples.names],
                   outer=letters[0], inner=letters[1],
                   more=list, further=list,
                   extra=lambda: [(tensor(J), names(known)) for J, known in samples.extra()],
                   **others)


def pieces(samples, pattern):
    """Ways to cut the input into pieces side by side: ([samples of each], way back of lines).

    Along axes alone that are not tied to one of Y: entries there have different parts.
    """
    shape, outer = samples.tensors[0].shape, len(samples.outer)
    for axis in range(outer, len(shape)):
        if pattern.inner[axis - outer] in pattern.outer or len(samples.tensors) < 2:
            continue
        for count in range(2, MOST_PIECES + 1):
            if shape[axis] % count or shape[axis] < 2 * count:
                continue
            cuts = [slice(i * shape[axis] // count, (i + 1) * shape[axis] // count)
                    for i in range(count)]
            yield cut(samples, axis - outer, cuts)


def cut(samples, axis, cuts):
    """([samples by each piece], way back): the pieces are X0, X1, … in a line."""
    X, outer = samples.input_name, len(samples.outer)
    before = (slice(None),) * axis
    titles = [free_name(samples, f"{X}{i}") for i in range(len(cuts))]
    front = ":, " * axis
    spell = {title: f"{X}[{front}{c.start or ''}:{c.stop}]"
             for title, c in zip(titles, cuts, strict=True)}

    def names_of(names):
        whole = np.asarray(names[X])
        rest = {name: value for name, value in names.items() if name != X}
        return {**{title: whole[(*before, c)] for title, c in zip(titles, cuts, strict=True)},
                **rest}

    made = []
    for title, c in zip(titles, cuts, strict=True):
        index = (*[slice(None)] * outer, *before, c)
        made.append(changed(samples, lambda J, index=index: J[index], names_of,
                            (samples.outer, samples.inner), input_name=title))

    def back(lines):
        return f"np.concatenate([{', '.join(renamed(one, spell) for one in lines)}], {axis})"

    return made, back


def free_name(samples, name):
    """A name that is not taken."""
    while name in samples.names[0]:
        name += "_"
    return name


def turned(samples, pattern):
    """The `Change` to an input that runs the other way along the axes where Y does."""
    X, Z = samples.input_name, free_name(samples, "Z")
    ways = ["::-1" if axis in pattern.backward else ":" for axis in range(len(pattern.inner))]
    cut = tuple(slice(None, None, -1) if way == "::-1" else slice(None) for way in ways)
    text = f"[{', '.join(ways[:max(pattern.backward) + 1])}]"

    def names(at):
        return {Z: np.asarray(at[X])[cut], **{n: v for n, v in at.items() if n != X}}

    def back(found):
        return f"{atom(renamed(found, {Z: X + text}))}{text}"

    new = changed(samples, pattern.turned, names, (samples.outer, samples.inner), input_name=Z)
    return Change(new, back, 0, inner=(Z, X + text))


def flat(samples):
    """The `Change` to one axis in place of all, where Y has the shape of the input; or None.

    A line of single entries and of sums over all of them is written for both in the same way.
    """
    outer, shape = len(samples.outer), samples.tensors[0].shape
    like, size = shape[:outer], math.prod(shape[:outer])
    if outer < 2 or shape != 2 * like or size**2 > LARGEST or len(samples.tensors) < 2:
        return None

    def names(at):
        return {name: np.reshape(value, size) if np.shape(value) == like else value
                for name, value in at.items()}

    more = samples.extra()[:FURTHER]
    those = replace(samples, tensors=[*samples.tensors, *(J for J, _ in more)],
                    names=[*samples.names, *(known for _, known in more)])
    new = changed(those, lambda J: J.reshape(size, size), names, letters_for(1, 1))
    return Change(new, lambda line: ALL_OF_IT.sub(r".\1()", line), 0)


def through(samples):
    """Changes of variable Z = X @ K, when f sees the input through a known matrix K alone.

    The slopes by Z follow where K has full column rank: dX = dZ @ K.T.
    """
    X, known = samples.input_name, samples.names[0]
    if np.ndim(known[X]) not in (1, 2) or samples.tensors[0].size > LARGEST:
        return
    for name, K in known.items():
        fixed = name not in (X, samples.output_name) and all(
            np.array_equal(K, other[name]) for other in samples.names[1:])
        if not fixed or np.ndim(K) != 2 or len(samples.tensors) < 2:
            continue
        for text, matrix in ((name, np.asarray(K)), (f"{name}.T", np.asarray(K).T)):
            for left in (True, False):
                change = seen_through(samples, text, matrix, left)
                if change:
                    yield change


def seen_through(samples, text, K, left):
    """The `Change` to Z = X @ K (left: Z = K @ X), or None."""
    X, ndim, outer = samples.input_name, np.ndim(samples.names[0][samples.input_name]), len(
        samples.outer)
    axis = 0 if left else ndim - 1
    M = K.T if left else K
    if M.shape[0] != np.shape(samples.names[0][X])[axis] or M.shape[1] > M.shape[0] \
            or np.linalg.matrix_rank(M) < M.shape[1]:
        return None
    inverse = np.linalg.pinv(M.T)

    def tensor(J):
        moved = np.moveaxis(J, outer + axis, -1)
        return np.moveaxis(moved @ inverse, -1, outer + axis)

    for J in samples.tensors:
        again = np.moveaxis(np.moveaxis(tensor(J), outer + axis, -1) @ M.T, -1, outer + axis)
        if np.abs(again - J).max(initial=0) > samples.tolerance * np.abs(J).max(initial=0):
            return None
    Z = free_name(samples, "Z")
    line = f"{text} @ {X}" if left else f"{X} @ {text}"

    def names(at):
        return {Z: K @ at[X] if left else at[X] @ K, **{n: v for n, v in at.items() if n != X}}

    def back(found):
        found = renamed(found, {Z: f"({line})"})
        turn = f"{text}.T".replace(".T.T", "")
        return f"{turn} @ {atom(found)}" if left else f"{atom(found)} @ {turn}"

    loose = min(1e-6, samples.tolerance * np.linalg.cond(M))  # what solving for the slopes loses
    new = changed(samples, lambda J: clean(tensor(J)), names, (samples.outer, samples.inner),
                  input_name=Z, tolerance=max(loose, samples.tolerance))
    return Change(new, back, 0, text.removesuffix(".T"), (Z, f"({line})"))


def clean(J):
    """Without the rounding of a division: what is nearly 0 is 0."""
    return np.where(np.abs(J) <= 1e-12 * np.abs(J).max(initial=0), 0, J)
