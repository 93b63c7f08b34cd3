"""The way from the full tensor to the line, stage by stage, for a picture of each step."""

import math
from dataclasses import dataclass

import numpy as np

from ...words import four
from .ties import Pattern


@dataclass(frozen=True)
class Stage:
    """One step: what it says, how many numbers are left after it, and which entries those are.

    name: "full", "ties", "constants", "core", "low rank" (or another structure), "name".
    pattern: axes of Y, axes of the input; equal letters are tied.
    constant: letters along which nothing changes. explained: entries that this stage takes away.
    """

    name: str
    sentence: str
    numbers: int
    pattern: Pattern
    constant: tuple
    shape: tuple
    output_ndim: int

    @property
    def rule(self):
        """`m k -> n k n m`: letters of the numbers left, then those of the full tensor."""
        left = " ".join(x for x in self.pattern.letters if x not in self.constant)
        return f"{left} -> {' '.join((*self.pattern.outer, *self.pattern.inner))}".strip()

    def left(self):
        """A boolean tensor of the full shape: the entries that still have to be looked at."""
        if not self.shape:
            return np.ones((), bool)
        mask = np.zeros(self.shape, bool)
        view = np.asarray(self.pattern.view(mask))
        view[tuple(0 if x in self.constant else slice(None) for x in self.pattern.letters)] = True
        return mask


def stages(structure):
    """All stages, in order; one that changes nothing is left out."""
    s = structure
    start = Pattern(s.samples.outer, s.samples.inner)
    pattern, shape, ndim = s.reduced.pattern, s.shape, len(start.outer)
    whole = math.prod(shape)
    sizes = s.reduced.sizes
    tied = math.prod(sizes[x] for x in pattern.letters)

    def stage(name, sentence, numbers, p, constant=()):
        return Stage(name, sentence, numbers, p, constant, shape, ndim)

    made = [stage("full", sentence_of(s.samples.entries(s)), whole, start)]
    if s.kind == "zero":
        return (*made, stage("name", f"{s.answer.says}: {s.result} = {s.numpy}", 0, start))
    if pattern != start:
        made.append(stage("ties", ties_sentence(s), tied, pattern))
    if s.constants:
        made.append(stage("constants", constants_sentence(s), s.reduced.size, pattern,
                          s.constants))
    made.append(stage("core", core_sentence(s), s.reduced.size, pattern, s.constants))
    if s.kind not in ("core", "constant", "dense", "elementwise"):
        made.append(stage(s.kind, sentence_of(s.answer.says), s.stored, pattern, s.constants))
    made.append(stage("name", f"{sentence_of(s.answer.says)} So {s.result} = {s.numpy}", s.stored,
                      pattern, s.constants))
    return tuple(made)


def sentence_of(text):
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def ties_sentence(s):
    """Which axes are tied."""
    words = []
    pattern = s.reduced.pattern
    ours = [(s.output_name, i, x) for i, x in enumerate(pattern.outer)]
    theirs = [(s.input_name, i, x) for i, x in enumerate(pattern.inner)]
    for letter in pattern.letters:
        axes = [f"axis {i} of {owner}"
                + (" backwards" if owner == s.input_name and i in pattern.backward else "")
                for owner, i, x in (*ours, *theirs) if x == letter]
        if len(axes) > 1:
            words.append(" and ".join(axes))
    return f"Tied: {'; '.join(words)}. Where their indices differ the entry is 0."


def constants_sentence(s):
    """Along which axes nothing changes."""
    words = []
    for letter in s.constants:
        if letter in s.reduced.pattern.outer and letter in s.reduced.pattern.inner:
            words.append(f"{letter} (the same for every {letter})")
        elif letter in s.reduced.pattern.outer:
            words.append(f"{letter} of {s.output_name} (so G is summed over it)")
        else:
            words.append(f"{letter} of {s.input_name} (so the result is copied along it)")
    return f"Nothing changes along {', '.join(words)}: one copy is enough."


def core_sentence(s):
    """What is left."""
    shape = s.reduced.shape
    if s.reduced.size == 1:
        return f"One number is left: {four(s.reduced.arrays[0].flat[0])}."
    axes = ", ".join(f"{x}={size}" for x, size in zip(s.reduced.letters, shape, strict=True))
    return f"What is left is a core of {s.reduced.size:,} numbers with axes {axes}."
