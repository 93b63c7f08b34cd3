"""What is tried when simple detectors leave an array without a name: names from a grammar of words,
axes split in two, changes of variable, norms, windows.

It takes longer (a tenth of a second to two seconds), so it comes after everything else.
"""

from dataclasses import replace

import numpy as np

from .changes import pieces, split, through
from .expressions import Expressions
from .names import Names, names_in, renamed
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
    names = Names([*core.names.samples, *(n for _, n in extra)],
                  input_name=samples.input_name, output_name=samples.output_name)
    core = replace(core, arrays=[*core.arrays, *(block for block, _ in extra)])
    tied = {axis for axis, x in enumerate(core.pattern.inner) if x in core.pattern.outer}
    names.deeper = Expressions(names, tied)
    return replace(core, names=names)


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
    line = renamed(answer.line, texts)
    return replace(answer, line=line, stored=answer.stored)


def listed(array, names, tolerance):
    """`np.array([1, 2])`, or None where an entry has no short text."""
    if array.dtype.kind in "iub":
        return f"np.array({array.tolist()})"
    texts = [names.number(v, tolerance) if v else "0" for v in array.ravel().tolist()]
    if None in texts or any(np.isnan(array.ravel())):
        return None
    rows = np.array(texts, object).reshape(array.shape).tolist()
    return f"np.array({rows})".replace("'", "")


def otherwise(samples, answer, search, depth):
    """Named lines of the same derivative laid out otherwise; search: samples → (answer, error)."""
    whole = split(samples)
    for change in (*([whole] if whole else []), *through(samples)):
        found, _ = search(change.samples, depth)
        if found and not unnamed(found):
            yield line_answer(answer, change.back(found.line), found)
    for parts, back in pieces(samples):
        found = []
        for part in parts:
            one, _ = search(part, depth)
            if one is None or unnamed(one):
                break
            found.append(one)
        if len(found) == len(parts):
            yield line_answer(answer, back([one.line for one in found]), found[0],
                              sum(one.stored for one in found))


def line_answer(answer, line, found, stored=None):
    """An answer of one line, of the kind that was found."""
    return Answer(found.kind, (), found.stored if stored is None else stored, line=line,
                  names=answer.names, says=found.says, multiplications=found.multiplications)
