"""What is tried when simple detectors leave an array without a name: names from a grammar of words,
axes split in two, changes of variable, norms, windows.

It takes longer (a tenth of a second to two seconds), so it comes after everything else.
"""

import re
from dataclasses import replace

import numpy as np

from .changes import flat, pieces, split, through, turned
from .naming.expressions import Expressions
from .naming.names import Names, names_in, renamed
from .terms import Answer
from .ties import without

LARGEST = 2**16  # entries of a core that is looked at


def unnamed(answer):
    """Whether a line uses an array that only the search holds."""
    return bool(names_in(answer.line) & {*answer.names.added[0]})


def with_words(core, constants, samples):
    """The core at more points where the input is small, its names with the grammar of words."""
    extra = [(block, names) for block, names in (
        (reduced(core, constants, J), names) for J, names in samples.extra()) if block is not None]
    points = [*zip(core.arrays, core.names.samples, strict=True), *extra]
    plain = [p for p in points if generic(p[1].get(samples.input_name))]
    arrays, known = zip(*(plain if len(plain) > 1 else points), strict=True)
    names = Names(list(known), input_name=samples.input_name, output_name=samples.output_name)
    core = replace(core, arrays=list(arrays))
    names.deeper = Expressions(names, core.pattern)
    return replace(core, names=names)


def generic(x):
    """Whether an input has no zeros and no equal entries: all that a word says can be seen."""
    return x is None or (np.all(x) and len(np.unique(x)) == np.size(x))


def reduced(core, constants, J):
    """What the core's ties and constants leave of a further tensor; None where they do not hold."""
    if np.count_nonzero(core.pattern.view(J)) != np.count_nonzero(J):
        return None
    block, = without([core.pattern.view(J)], core.pattern.letters, constants)[0]
    left = [x for x in core.pattern.letters if x not in constants]
    return block.transpose([left.index(x) for x in core.letters])


def literal(answer, tolerance):
    """The answer with its own arrays written out, where they are few plain constants; or None."""
    names = answer.names
    used = names_in(answer.line) & {*names.added[0]}
    texts = {}
    for name in used:
        arrays = [np.asarray(added[name]) for added in names.added]
        if len(arrays) < 2 or arrays[0].size > 48 or any(
                not np.allclose(a, arrays[0], tolerance, 0) for a in arrays):
            return None
        texts[name] = listed(arrays[0], names, tolerance)
        if texts[name] is None:
            return None
    says = answer.says
    for name, text in texts.items():
        says = re.sub(rf"\b{name}\b", lambda _, text=text: text, says)
    return replace(answer, line=renamed(answer.line, texts), says=says)


def listed(array, names, tolerance):
    """`np.array([1, 2])`, or None where an entry has no short text."""
    if array.dtype.kind in "iub":
        return f"np.array({array.tolist()})"
    texts = [names.number(v, tolerance) if v else "0" for v in array.ravel().tolist()]
    if None in texts:
        return None
    rows = np.array(texts, object).reshape(array.shape).tolist()
    return f"np.array({rows})".replace("'", "")


def turned_back(samples, pattern, answer, search):
    """A named line of an input that runs the other way, where Y does."""
    if pattern.backward and samples.input_name in samples.names[0]:
        yield from changed_answer(turned(samples, pattern), answer, search, 0)


def as_vector(samples, pattern, answer, search):
    """A named line as of a vector, where every entry may move every other one."""
    change = None if {*pattern.outer} & {*pattern.inner} else flat(samples)
    if change:
        for found in changed_answer(change, answer, search, 0):
            if "[" not in found.line:  # an index, or an array written out, is a vector's own
                yield replace(found, says=re.sub(r"^each (\d+×\d+) block", r"as one \1 matrix it",
                                                 found.says))


def parted(samples, answer, search, depth):
    """A named line with axes split in two, where that leaves fewer numbers."""
    change = split(samples)
    if change:
        yield from changed_answer(change, answer, search, depth)


def changed_answer(change, answer, search, depth):
    """The named line that a change gives, if any."""
    found, _ = search(change.samples, depth)
    if found and not unnamed(found):
        yield line_answer(answer, change.back(found.line), found, said_by(change, found),
                          stored_by(change, answer, found),
                          found.products(sizes_of(change.samples)))


def said_by(change, found):
    """What was found, in the names that its reader knows."""
    if not change.inner:
        return found.says.replace("_split", "")
    return re.sub(rf"\b{change.inner[0]}\b", lambda _: change.inner[1], found.says)


def stored_by(change, answer, found):
    """How many numbers the line stores, with the matrix that the way back multiplies with."""
    if not change.matrix:
        return found.stored
    known = change.samples.names[0][change.matrix]
    more = 0 if change.matrix in names_in(found.line) else np.size(known)
    return min(answer.stored, found.stored + more)


def otherwise(samples, pattern, answer, search):
    """Named lines of the same derivative laid out otherwise; search: samples → (answer, error)."""
    for change in through(samples):
        yield from changed_answer(change, answer, search, 0)
    for parts, back in pieces(samples, pattern):
        found = []
        for part in parts:
            one, _ = search(part, 0)
            if one is None or unnamed(one):
                break
            found.append(one)
        if len(found) == len(parts):
            yield line_answer(answer, back([one.line for one in found]), found[0],
                              "each piece of the input has a line of its own, side by side",
                              sum(one.stored for one in found), sum(
                                  one.products(sizes_of(part))
                                  for one, part in zip(found, parts, strict=True)))


def line_answer(answer, line, found, says, stored, multiplications):
    """An answer of one line, of the kind that was found."""
    return Answer(found.kind, (), stored, line=line, names=answer.names, says=says,
                  multiplications=multiplications)


def sizes_of(samples):
    """The sizes of all axes by letter."""
    return dict(zip((*samples.outer, *samples.inner), samples.shape, strict=True))


def livelier(samples, looked_at):
    """What is found where the tensor is not all zero, if it has names; None where it always is.

    A unit that is off tells nothing of its weights.
    """
    alive = [i for i, J in enumerate(samples.tensors) if np.any(J)]
    if not 0 < len(alive) < len(samples.tensors):
        return None
    found = looked_at(replace(samples, tensors=[samples.tensors[i] for i in alive],
                              names=[samples.names[i] for i in alive]))
    blocks = [reduced(found.reduced, found.constants, J) for J in samples.tensors]
    if unnamed(found.answer) or any(block is None for block in blocks):
        return None
    names = Names(samples.names, input_name=samples.input_name,
                  output_name=samples.output_name)
    return replace(found, reduced=replace(found.reduced, arrays=blocks, names=names),
                   answer=replace(found.answer, names=names))
