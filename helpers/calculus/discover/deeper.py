"""What is tried when simple detectors leave an array without a name: names from a grammar of words,
axes split in two, changes of variable, norms, windows.

It takes longer (a tenth of a second to two seconds), so it comes after everything else.
"""

from dataclasses import replace

import numpy as np

from .expressions import Expressions
from .names import names_in

LARGEST = 2**16  # entries of a core that is looked at


def unnamed(answer):
    """Whether a line uses an array that only the search holds."""
    return bool(names_in(answer.line) & {*answer.names.added[0]})


def with_words(core):
    """The core, its names with the grammar of words."""
    names = core.names.fork()
    names.deeper = Expressions(names)
    return replace(core, names=names)


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
    line = written_in(answer.line, texts)
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


def written_in(line, texts):
    """The line with texts in place of names."""
    import re
    for name, text in texts.items():
        line = re.sub(rf"\b{name}\b", text.replace("\\", r"\\"), line)
    return line
