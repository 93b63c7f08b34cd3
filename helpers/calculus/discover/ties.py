"""The zeros and repetitions of a full tensor: which of its axes are tied, and which say nothing.

All functions look at several tensors of one shape at a time, Jacobians of one function at several
points: what holds for all of them is structure, what holds at one point alone may be an accident.
They look through views, so that nothing of the size of the tensor is written.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

CHUNK = 2**20  # entries compared at a time


@dataclass(frozen=True)
class Pattern:
    """Letters for the axes of Y and of the input; equal letters are tied: zero unless they agree.

    backward: the axes of the input that run the other way (a flip).
    """

    outer: tuple
    inner: tuple
    backward: tuple = ()

    @property
    def letters(self):
        """Every letter once, in the order of the axes."""
        return tuple(dict.fromkeys((*self.outer, *self.inner)))

    def view(self, J):
        """The entries that the ties leave, axes `letters`: a view of J."""
        code = {letter: chr(97 + i) for i, letter in enumerate(self.letters)}
        before = "".join(code[letter] for letter in (*self.outer, *self.inner))
        return np.einsum(f"{before}->{''.join(code.values())}", self.turned(J))

    def turned(self, J):
        """J with the backward axes of the input reversed."""
        index = [slice(None)] * J.ndim
        for axis in self.backward:
            index[axis + len(self.outer)] = slice(None, None, -1)
        return J[tuple(index)]

    def tied(self, first, second):
        """The same with two letters made one."""
        rename = {second: first}
        return Pattern(tuple(rename.get(letter, letter) for letter in self.outer),
                       tuple(rename.get(letter, letter) for letter in self.inner), self.backward)


def letters_for(outer, inner):
    """Letters as in the course: ∂Y[k,l]/∂X[i,j]."""
    first = [*"klpqrstuvw", *"abcdefgh"][:outer]
    second = [*"ijmnoxyz", *"ABCDEFGHILMNOP"][:inner]
    return tuple(first), tuple(second)


def find_ties(tensors, pattern):
    """The pattern with every tie that all tensors obey.

    A tie holds when no entry off its diagonal counts: the diagonal has all the nonzero entries.
    """
    totals = [np.count_nonzero(J) for J in tensors]

    def holds(candidate, *_):
        return all(np.count_nonzero(candidate.view(J)) == total
                   for J, total in zip(tensors, totals, strict=True))

    return search_ties(pattern, tensors[0].shape, holds)


def search_ties(pattern, sizes, holds):
    """The pattern with every tie for which `holds(candidate, first axis, second, backward)`."""
    letters = (*pattern.outer, *pattern.inner)
    for first, second in axis_pairs(len(pattern.outer), len(letters)):
        if sizes[first] != sizes[second]:
            continue
        now = (*pattern.outer, *pattern.inner)
        if now[first] == now[second]:
            continue
        trials = [(pattern.tied(now[first], now[second]), False)]
        if sizes[first] > 1 and second >= len(pattern.outer) and now.count(now[second]) == 1:
            place, tied = second - len(pattern.outer), trials[0][0]
            trials.append((Pattern(tied.outer, tied.inner, (*pattern.backward, place)), True))
        if sizes[first] == 1:
            trials = trials if first == second - len(pattern.outer) else []
        pattern = next((trial for trial, backward in trials
                        if holds(trial, first, second, backward)), pattern)
    return pattern


def axis_pairs(outer, count):
    """Pairs of axes: of Y with the same place in the input, with others, then within each."""
    across = [(a, b) for a in range(outer) for b in range(outer, count)]
    across.sort(key=lambda pair: pair[1] - outer != pair[0])
    return [*across, *combinations(range(outer), 2), *combinations(range(outer, count), 2)]


def find_constants(blocks, letters, tolerance):
    """The letters along which every block is constant (sizes of 1 say nothing, and stay)."""
    found = []
    for axis, letter in enumerate(letters):
        if blocks[0].shape[axis] > 1 and all(
                constant_along(block, axis, tolerance * largest(block)) for block in blocks):
            found.append(letter)
            blocks = [np.take(block, [0], axis) if block.size < CHUNK
                      else first_of(block, axis) for block in blocks]
    return tuple(found)


def first_of(block, axis):
    """The first slice along an axis, which stays with size 1: a view."""
    return block[(*[slice(None)] * axis, slice(0, 1))]


def constant_along(block, axis, allowed):
    """Whether all slices along an axis are the first one. Looked through in pieces."""
    lines = np.moveaxis(block, axis, 0)
    if not close(lines[1], lines[0], allowed):
        return False
    step = max(1, CHUNK // max(1, lines[0].size))
    return all(close(lines[i:i + step], lines[0], allowed) for i in range(1, len(lines), step))


def close(A, B, allowed):
    """Whether no entry differs by more than `allowed`."""
    if A.size > CHUNK and A.ndim:
        return all(close(part, other, allowed)
                   for part, other in zip(A, np.broadcast_to(B, A.shape), strict=True))
    return bool(np.all(np.abs(A - B) <= allowed))


def largest(A):
    """The largest magnitude; 0 for no entries. Nothing of A's size is written."""
    return max(float(A.max()), -float(A.min())) if A.size else 0.0


def without(blocks, letters, gone):
    """(blocks, letters) at the first place of the letters that are gone: views."""
    index = tuple(0 if letter in gone else slice(None) for letter in letters)
    return [block[index] for block in blocks], tuple(x for x in letters if x not in gone)
