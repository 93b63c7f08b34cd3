"""What a core may be: one small detector for each structure, `Core -> Answer` or None.

The core is what ties and constants leave. Each detector looks at it at all points together.
"""

import numpy as np

from .naming.names import atom, names_in
from .terms import Answer, Operand, Term
from .ties import largest


def scalar(core):
    """The same number everywhere: nothing to store but this one."""
    if any(largest(a) == 0 or np.ptp(a) > core.tolerance * largest(a) for a in core.arrays):
        return None
    text = core.names.scalar(core.arrays, core.tolerance)
    if text is None:
        text = core.names.add("c", [np.float64(a.flat[0]) for a in core.arrays])
    return Answer("constant", (Term(core.pattern, (), text),), int(text not in ("1", "-1")),
                  says=f"one number is left: {text}")


def named(core):
    """An array that is known, or a simple function of known ones."""
    return called(core, core.names.find(core.arrays, core.letters, core.tolerance)
                  or searched_for(core))


def deeply(core):
    """An array that the grammar of words has a text for."""
    return called(core, searched_for(core))


def searched_for(core):
    """(text, letters, scale) from the grammar of words, or None."""
    if core.names.deeper and not (core.mixed and len(core.letters) > 2):
        return core.names.deeper.find(core.names, core.arrays, core.letters, core.tolerance)
    return None


def called(core, found):
    """The answer for (text, letters, scale)."""
    if not found:
        return None
    text, letters, scale = found
    operand = Operand(text, letters, held(core, text))
    left = text if scale == "1" else f"{scale} · {atom(text)}"
    return Answer("core", (Term(core.pattern, (operand,), scale),), operand.stored,
                  known=text in core.names,
                  says=f"the numbers left are {left}")


def held(core, text):
    """How many numbers the core's text stores. Where at most one entry of a line along an axis is
    not zero, a mask in the text need only be held as places."""
    arrays = [np.asarray(core.names.samples[0][name])
              for name in names_in(text) if name in core.names]
    numbers = sum(array.size for array in arrays if array.dtype.kind != "b")
    masks = [core.size // size + numbers for axis, size in enumerate(core.arrays[0].shape)
             if numbers < core.size and all(
                 np.all(np.count_nonzero(a, axis) <= 1) for a in core.arrays)]
    places = [core.size // size for axis, size in enumerate(core.arrays[0].shape)
              if all(one_hot(a, axis, core.tolerance) for a in core.arrays)]
    return min([core.names.stored(text, core.size), *masks, *places])


def one_hot(array, axis, tolerance):
    """Whether every line along an axis holds a single 1 and zeros."""
    lines = array.size // max(array.shape[axis], 1)
    return np.count_nonzero(array) == lines and bool(
        np.all(np.abs(array.max(axis) - 1) <= tolerance))


def gather(core):
    """One entry of 1 on every line along an axis: indices say where."""
    core = core.squeezed()
    axes = [axis for axis in range(len(core.letters)) if core.arrays[0].shape[axis] > 1
            and all(one_hot(a, axis, core.tolerance) for a in core.arrays)]
    answers = [permutation(core, axis) for axis in axes if len(axes) > 1]
    answers = [answer for answer in answers if answer] or [
        gathered(core.fork(), axis) for axis in axes]
    return min(answers, key=lambda answer: answer.price, default=None)


def gathered(core, axis):
    """The core as a mask: places compared with 0, 1, 2, …."""
    letter, size = core.letters[axis], core.arrays[0].shape[axis]
    rest = tuple(x for x in core.letters if x != letter)
    text = index_text(core, [np.argmax(a, axis) for a in core.arrays])
    cuts = ", ".join([":"] * len(rest) + ["None"]) if rest else "..., None"
    stored = core.size // size
    operand = Operand(f"{atom(text)}[{cuts}] == np.arange({size})", (*rest, letter), stored)
    return Answer("gather", (Term(core.pattern, (operand,)),), stored, names=core.names,
                  says=f"every line along axis {letter} has a single 1: "
                  f"its place, {text}, is all to keep")


def index_text(core, indices, known_only=False):
    """The name of an array of places: known, an argmax or argsort of a known one, or new."""
    names = core.names
    texts = [text for name in names.known() for axis in range(-np.ndim(names.samples[0][name]), 0)
             for text in (name, f"{name}.argmax({axis})", f"{name}.argmin({axis})",
                          f"np.argsort({name}, {axis})")]
    for text in dict.fromkeys(texts):
        found = names.value(text)
        if found and all(np.array_equal(f, i) for f, i in zip(found, indices, strict=True)):
            return text
    return None if known_only else names.add("index", indices)


def along(core, a, b):
    """(letter of Y, letter of the input, axis of G) when the core maps one axis of G to one of the
    result and leaves all others where they are; None else."""
    first, second = core.letters[a], core.letters[b]
    out, into = (first, second) if first in core.pattern.outer else (second, first)
    if out not in core.pattern.outer or out in core.pattern.inner or into in core.pattern.outer:
        return None
    moved = core.pattern.tied(out, into)
    if moved.outer != moved.inner or moved.backward:
        return None
    return out, into, moved.outer.index(out)


def permutation(core, axis):
    """Along one axis numbers only change places: G in another order."""
    letters = [x for x in core.letters if x != core.letters[axis]]
    for letter in letters:
        other = core.letters.index(letter)
        found = along(core, axis, other)
        if found and all(one_hot(a, other, core.tolerance) for a in core.arrays):
            return reordered(core.fork(), *found)
    return None


def reordered(core, out, into, at):
    """`G[index]`, or along one axis of several, from the places where numbers came from."""
    frame = tuple(x for x in core.pattern.inner if x in core.letters)
    turn = [core.letters.index(x) for x in (*frame, out)]
    turned = [a.transpose(turn) for a in core.arrays]
    came = [np.argmax(a, -1) for a in turned]
    went = [np.argsort(places, frame.index(into)) for places in came]
    axis = frame.index(into) - len(frame)
    text = index_text(core, came, known_only=True)
    if text is None:
        known = index_text(core, went, known_only=True)
        text = f"np.argsort({known}, {axis})" if known else core.names.add("index", came)
    elif np.asarray(core.names.samples[0].get(text)).dtype.kind == "f":  # kept so: `named_arrays`
        text = f"{text}.astype(int)"
    if len(frame) > 1 and frame != core.pattern.inner:
        return None
    line = f"np.take_along_axis(G, {text}, {axis})" if len(frame) > 1 else \
        f"G[{', '.join([':'] * at + [text])}]"
    return Answer("permutation", (Term(core.pattern.tied(out, into)),), came[0].size, line=line,
                  names=core.names, multiplications=0,
                  says=f"every row and column has a single 1: the numbers along axis {out} only "
                  "change places, and the places are all to keep")


def moves(core):
    """Every entry of Y is one entry of the input, wherever it is: a reshape, or places."""
    if core.pattern_says() or len(core.letters) < 3 or not all(
            np.count_nonzero(a) == np.count_nonzero(a == 1) for a in core.arrays):
        return None
    rows = int(np.prod([core.sizes[x] for x in core.pattern.outer], dtype=int))
    shape = tuple(core.sizes[x] for x in core.pattern.inner)
    matrices = [a.reshape(rows, -1) for a in core.arrays]
    if not all(one_hot(m, 1, core.tolerance) for m in matrices):
        return None
    places = [np.argmax(m, 1) for m in matrices]
    count = matrices[0].shape[1]
    if rows == count and all(np.array_equal(p, np.arange(rows)) for p in places):
        line, stored, says = f"G.reshape{shape}", 0, "the same numbers in the same order, laid out"
        says += " in another shape"
    else:
        index = core.names.add("index", places)
        flat = "G" if len(core.pattern.outer) == 1 else "G.ravel()"
        line = f"np.bincount({index}, {flat}, {count}).reshape{shape}"
        stored, says = rows, "every entry of Y is one entry of the input: its place is all to keep"
    return Answer("gather" if stored else "reshape", (Term(core.pattern),), stored, line=line,
                  says=says, multiplications=0)


def operand_of(core):
    """(Operand, scale) of an array by the cheapest way to write it as one."""
    for detector in (scalar, gathers_only, named):
        found = detector(core)
        if found:
            term = found.terms[0]
            return (term.operands or (Operand("1.0", (), 0),))[0], term.scale
    found = core.names.deeper and core.names.deeper.simply(core)
    if found:
        return Operand(found[0], found[1], held(core, found[0])), found[2]
    return raw(core).terms[0].operands[0], "1"


def gathers_only(core):
    """A mask of single ones, its places under their name or a new one."""
    axes = [axis for axis in range(len(core.letters)) if core.arrays[0].shape[axis] > 1
            and all(one_hot(a, axis, core.tolerance) for a in core.arrays)]
    return gathered(core, axes[0]) if axes else None


def raw(core):
    """The numbers as they are."""
    name = core.names.add("C", core.arrays)
    operand = Operand(name, core.letters, core.size)
    return Answer("core", (Term(core.pattern, (operand,)),), core.size,
                  says=f"the {core.size:,} numbers left are kept as they are, in {name}"
                  if core.size != 1 else f"the number left is kept as it is, in {name}")


def spelled(core):
    """The array with which np.einsum makes the result of G, with the subscripts of `subscripts`."""
    letters, array = list(core.letters), core.arrays[0]
    for letter, new, turned in subscripts(core)[1]:
        if letter not in letters:
            letters, array = [*letters, letter], array[..., None] * np.ones(core.sizes[letter])
        if new:
            eye = np.eye(core.sizes[letter])[::-1 if turned else 1]
            shape = [core.sizes[letter] if x == letter else 1 for x in letters]
            letters, array = [*letters, new], array[..., None] * eye.reshape(*shape, len(eye))
    return array


def subscripts(core):
    """(text, [(letter, new letter or "", turned)]): what is put behind the core's own letters.

    An axis of the input that nothing is said of is copied along ones, one that is tied to another
    of the input, or backwards, has an identity matrix, in that case turned around.
    """
    pattern, letters, added = core.pattern, list(core.letters), []
    free, inner = (chr(c) for c in range(65, 123) if chr(c) not in pattern.letters), []
    for axis, letter in enumerate(pattern.inner):
        turned = axis in pattern.backward
        new = next(free) if turned or letter in inner else ""
        if new or (letter not in pattern.outer and letter not in letters):
            added.append((letter, new, turned))
            letters += [x for x in (letter, new) if x and x not in letters]
        inner.append(new or letter)
    spell = ["".join(part) for part in (pattern.outer, letters, inner)]
    return f"{spell[0]},{spell[1]}->{spell[2]}", added
