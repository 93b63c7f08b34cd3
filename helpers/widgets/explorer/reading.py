"""What the explorer says and marks when a student points at an entry. Pure."""

from functools import lru_cache

import numpy as np

from ...calculus.jacobian import fill
from ...words import count, factor, number
from .entrywise import hatted
from .factors import factor_reading, parts_at
from .state import compute

MOST_TERMS = 4
MOST_MARKS = 400


def entry(name, shape, flat):
    """`X[1,2]`, or the name alone for a single number."""
    index = np.unravel_index(flat, shape) if shape else ()
    return f"{name}[{','.join(str(int(i)) for i in index)}]" if shape else name


@lru_cache(maxsize=8)
def _core_places(pattern, core_letters, sizes):
    sizes = dict(sizes)
    shape = [sizes[letter] for letter in core_letters]
    core = 1 + np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
    return fill(pattern, core_letters, core, sizes, np.int64) - 1


def core_places(local):
    """Which entry of the core stands at each entry of J, −1 at a structural zero; J's shape."""
    return _core_places((*local.outer, *local.inner), local.core_letters,
                        tuple(local.sizes.items()))


def pointed_at(present, point):
    """(flat index of Y or None, flat index of the input or None) that a pointer stands for."""
    place, computed = point.get("place"), compute(present)
    sizes = computed.Y.size, computed.full.size
    if place is None and present.played is not None:  # what is played, while nothing is pointed at
        return None, min(present.played, sizes[1] - 1) if sizes[1] else None
    if place == "J":
        pair = (point.get("outer"), point.get("inner"))
        y, x = pair if present.layout == "numerator" else pair[::-1]
    elif place in (present.op.output, "G"):
        y, x = point["index"], None
    elif place in ("gradient", present.wrt):
        y, x = None, point["index"]
    else:
        y, x = None, None
    valid = (y is None or 0 <= y < sizes[0]) and (x is None or 0 <= x < sizes[1])
    return (y, x) if valid else (None, None)


def reading(present, point):
    """`{text, marks, y, x}`: a sentence with numbers, and flat indices to light up by array."""
    y, x = pointed_at(present, point or {})
    computed = compute(present)
    if (point or {}).get("place") == "factor":
        return factor_reading(computed, point["part"])
    if y is None and x is None:
        return {"text": "", "marks": {}, "outer": None, "inner": None}
    rows, columns = computed.Y.size, computed.full.size
    J = computed.J.reshape(rows, columns)
    places = core_places(computed.local).reshape(rows, columns)
    if y is None:
        text, ys, xs = _sum(present, computed, J[:, x], x), np.flatnonzero(J[:, x]), [x]
        cores = places[:, x]
    elif x is None:
        text, ys, xs = _tile(present, computed, J[y], y), [y], np.flatnonzero(J[y])
        cores = places[y]
    else:
        text, ys, xs, cores = (_one(present, computed, y, x, places[y, x]), [y], [x],
                               places[y, x : x + 1])
    outer, inner = (y, x) if present.layout == "numerator" else (x, y)
    marks = {present.op.output: ys, "G": ys, "gradient": xs, present.wrt: xs,
             "core": cores[cores >= 0]}
    parts = lit(computed, point, y, x, places)
    return {"text": text, "outer": outer, "inner": inner, "parts": parts,
            "marks": {name: [int(i) for i in some[:MOST_MARKS]] for name, some in marks.items()}}


def lit(computed, point, y, x, places):
    """The factors of the formulas that light up with what is pointed at."""
    if y is not None and x is not None:
        return parts_at(computed, y, x, places[y, x])
    return [(point or {}).get("place") or "gradient"]


def _sum(present, computed, column, x):
    """`dX[1,2] = G[1,2]·1 + eleven zeros = −0.3000`: the terms of one entry of the gradient."""
    left = entry(f"d{present.wrt}", computed.full.shape, x)
    G, used = present.G.reshape(-1), np.flatnonzero(column)
    zeros = column.size - used.size
    total = number(computed.compact.reshape(-1)[x])
    awaited = present.played is not None and x == min(present.played, computed.full.size - 1)
    if not used.size and not awaited:
        silent = f"no entry of {present.op.output} listens to this one"
        return f"{left} = {count(zeros, 'zero')} = 0: {silent}"
    shown = used[:MOST_TERMS]
    more = [f"… {count(used.size - shown.size, 'more term')}"] if used.size > shown.size else []
    rest = more + ([count(zeros, "zero")] if zeros else [])
    terms = [f"{entry('G', present.G.shape, y)}·{factor(column[y])}" for y in shown]
    if awaited:  # the sum is not told before it has landed
        return f"{left} = {' + '.join(terms + rest)}, step by step below"
    values = [f"{factor(G[y])}·{factor(column[y])}" for y in shown] + ["…"] * len(more)
    return f"{left} = {' + '.join(terms + rest)} = {' + '.join(values)} = {total}"


def _tile(present, computed, row, y):
    """What one entry of G does: it multiplies a whole tile."""
    used = int(np.count_nonzero(row))
    tile = f"∂{entry(present.op.output, computed.Y.shape, y)}/∂{present.wrt}"
    left = f"{entry('G', present.G.shape, y)} = {number(present.G.reshape(-1)[y])}"
    many = count(row.size, "entry", "entries")
    rest = f"{many}, {count(used, 'is', 'are')} not 0" if used else f"all its {many} are 0"
    return f"{left} multiplies the whole tile {tile}: {rest}"


def _one(present, computed, y, x, place):
    """One entry of the full tensor and the rule that makes it."""
    local = computed.local
    above = entry(present.op.output, computed.Y.shape, y)
    left = f"∂{above}/∂{entry(present.wrt, computed.full.shape, x)}"
    if place >= 0:
        value = np.asarray(local.core).reshape(-1)[place]
        named = hatted(computed.core_name)
        source = f"{entry(named, np.shape(local.core), place)} = " if np.ndim(local.core) else ""
        return f"{left} = {source}{number(value)}"
    outer = dict(zip(local.outer, np.unravel_index(y, computed.Y.shape), strict=True))
    inner = dict(zip(local.inner, np.unravel_index(x, computed.full.shape), strict=True))
    different = [letter for letter in local.outer
                 if letter in inner and outer[letter] != inner[letter]]
    why = ", ".join(f"{letter} ≠ {letter}′ ({outer[letter]} ≠ {inner[letter]})"
                    for letter in different)
    return f"{left} = 0, because {why}: the two never meet"
