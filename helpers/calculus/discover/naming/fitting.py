"""Which few columns add up to a target, and how a person writes the numbers before them.

Columns and target are measured at several points together: a sum that fits by accident would have
to do so in many more places than it has numbers of its own.
"""

import math
from fractions import Fraction
from itertools import combinations, combinations_with_replacement

import numpy as np

from .names import SHORT
from .placing import moving

PAIRS = 1200    # columns of which all pairs are tried
TOGETHER = 16   # of them whose pairs are tried at one time
TRIPLES = 60   # the same for sums of three
ROWS = 400      # places that a sum is looked for in, before it is tried in all


def rows(arrays, where=None, seed=0):
    """(places, scale) to compare arrays at: few enough, each point with its own largest number."""
    flat = [np.ravel(a) for a in arrays]
    largest = [np.abs(a).max(initial=0) or 1 for a in flat]
    scale = np.concatenate([np.full(a.size, 1 / m) for a, m in zip(flat, largest, strict=True)])
    places = np.arange(scale.size) if where is None else np.flatnonzero(
        np.concatenate([np.ravel(w) for w in where]))
    if places.size > ROWS:
        places = np.sort(np.random.default_rng(seed).choice(places, ROWS, replace=False))
    return places, scale[places]


def stacked(arrays, places):
    """The numbers of arrays of one size at these places, behind each other."""
    size = arrays[0].size
    if size <= ROWS:
        return np.concatenate([np.ravel(a) for a in arrays])[places]
    ends = np.searchsorted(places, size * np.arange(1, len(arrays)))  # places are in order
    parts = np.split(places, ends)
    return np.concatenate([a.flat[part - i * size]
                           for i, (a, part) in enumerate(zip(arrays, parts, strict=True))])


def sums(columns, target, most, tolerance, least=3, start=1):
    """(places, numbers) of sums of up to `most` columns that are the target, fewer terms first.

    columns: one row each. There must be `least` more equations than numbers. start: the fewest
    terms.
    """
    if not len(columns) or not np.any(target):
        return
    size = np.sqrt(np.einsum("cr,cr->c", columns, columns))
    fine = np.flatnonzero((size > 1e-200) & np.isfinite(size))
    size, unit = size[fine], columns[fine]
    unit /= size[:, None]
    del columns  # which may be many, and nobody else's
    aim = target / np.linalg.norm(target)
    rough = max(1e-12, (10 * tolerance) ** 2)
    equations = len(np.unique(np.round(target / np.abs(target).max(), 9)))
    tries = ((1, ones), (2, pairs), (3, triples))
    for count, look in tries[start - 1:most]:
        if equations < count + least and not (count == 1 and equations > 1):
            return
        for places in look(unit, aim, rough):
            chosen = list(places)
            found = solved(unit[chosen] * size[chosen, None], target, tolerance)
            if found is not None:
                yield tuple(int(fine[p]) for p in places), found


def solved(columns, target, tolerance):
    """The numbers with numbers @ columns = target, or None."""
    sizes = np.sqrt((columns**2).sum(1))
    numbers, _, rank, _ = np.linalg.lstsq((columns / sizes[:, None]).T, target, 1e-9)
    numbers = numbers / sizes
    off = np.abs(numbers @ columns - target).max()
    fine = rank == len(columns) and off <= tolerance * np.abs(target).max()
    return numbers if fine and np.all(np.abs(numbers) * np.abs(columns).max(1)
                                      > 1e-7 * np.abs(target).max()) else None


def ones(unit, aim, rough):
    """Columns that the target is a multiple of."""
    off = 1 - (unit @ aim) ** 2
    return [(i,) for i in np.argsort(off, kind="stable") if off[i] <= rough][:20]


def pairs(unit, aim, rough, count=20):
    """Pairs of columns that the target is in the span of, the best first."""
    unit = unit[:PAIRS]
    c, few = unit @ aim, []
    for first in range(0, len(unit), TOGETHER):  # rows, with the columns from there on
        a, b = c[first:first + TOGETHER, None], c[None, first:]
        gram = unit[first:first + TOGETHER] @ unit[first:].T
        with np.errstate(all="ignore"):
            inside = (a**2 + b**2 - 2 * a * b * gram) / (1 - gram**2)
        i, j = np.nonzero(np.abs(1 - inside) <= max(rough, 1e-11))
        fine = (i < j) & (gram[i, j] ** 2 < 1 - 1e-8)
        few += zip(i[fine] + first, j[fine] + first, strict=True)
    return sorted(few, key=sum)[:count]  # simplest words first


def triples(unit, aim, rough):
    """Triples of columns, the same way: one taken out, then pairs of what is left."""
    unit = unit[:TRIPLES]
    for first in range(len(unit)):
        rest = unit[first + 1:] - np.outer(unit[first + 1:] @ unit[first], unit[first])
        size = np.sqrt((rest**2).sum(1))
        keep = np.flatnonzero(size > 1e-6)
        left = aim - (aim @ unit[first]) * unit[first]
        length = np.linalg.norm(left)
        if length < 1e-6 or keep.size < 2:
            continue
        found = pairs(rest[keep] / size[keep, None], left / length, rough / length**2, 3)
        yield from ((first, first + 1 + keep[i], first + 1 + keep[j]) for i, j in found)


def spelled(value, names, tolerance):
    """A constant as a person writes it: 2, 1 / 3, alpha, np.sqrt(2 / np.pi), or all its digits."""
    close = max(min(tolerance, 1e-6), 1e-11)
    short = names.number(value, close)
    if short:
        return short
    for text, unit in (("np.sqrt({})", 1.0), ("np.sqrt({} / np.pi)", np.pi),
                       ("np.sqrt({} * np.pi)", 1 / np.pi)):
        square = value**2 * unit
        fraction = Fraction(square).limit_denominator(200)
        if fraction.numerator < SHORT and abs(
                square - float(fraction)) <= close * square:  # a larger one fits by accident
            text = text.format(plain_fraction(fraction))
            return f"-{text}" if value < 0 else text
    for text in known_numbers(names):
        found = names.value(text)
        ratio = value / float(found[0]) if found and found[0] else 0
        number = ratio and names.number(ratio, close)
        if number:
            return text if number == "1" else f"{number} * {text}"
    return digits(value, close)


def plain_fraction(fraction):
    """`2` or `2 / 3`."""
    top, below = fraction.numerator, fraction.denominator
    return str(top) if below == 1 else f"{top} / {below}"


def known_numbers(names):
    """Texts of numbers that known arrays give."""
    for name in names.known():
        values = names.value(name)
        if moving(values):
            continue
        forms = ("@.sum()", "(1 / @.sum())", "np.linalg.norm(@)", "(1 / np.linalg.norm(@))",
                 "(@**2).sum()", "(1 / (@**2).sum())", "@.mean()", "@.size") if values[0].ndim \
            else ("@", "(1 / @)", "@**2", "(1 / @**2)", "np.sqrt(@)", "(1 / np.sqrt(@))",
                  "(1 - @)", "(1 + @)")
        yield from (form.replace("@", name) for form in forms)


def digits(value, close):
    """The number in as few digits as are true."""
    for count in range(6, 17):
        short = float(f"{value:.{count}g}")
        if abs(short - value) <= 0.1 * close * abs(value):
            return repr(short)
    return repr(float(value))


def exponents(columns, target, tolerance):
    """{place: whole exponent} and a number with target = number · ∏ columns^exponent, or None.

    Logarithms make it a linear problem: one solution for all factors at once. No exponent is
    further than three from zero, and at most eight of them are not zero.
    """
    if not len(columns) or len(columns) + 3 > target.size \
            or np.any(columns == 0) or np.any(target == 0):
        return None
    logs = np.log(np.abs(columns))
    system = np.vstack([logs, np.ones(target.size)]).T
    numbers, _, rank, _ = np.linalg.lstsq(system, np.log(np.abs(target)), 1e-11)
    if rank < len(columns) + 1:
        return None
    powers = np.round(numbers[:-1]).astype(int)
    if np.abs(powers).max() > 3 or not 1 <= np.count_nonzero(powers) <= 8:
        return None
    made = math_product(columns, powers)
    number = float(np.median(target / made))
    if np.abs(number * made - target).max() > tolerance * np.abs(target).max():
        return None
    return {int(p): int(powers[p]) for p in np.flatnonzero(powers)}, number


def math_product(columns, powers):
    """∏ columns^powers."""
    return math.prod((columns[p] ** float(k) for p, k in enumerate(powers) if k),
                     start=np.ones(columns.shape[1]))


def products_of(count, most):
    """Places of monomials of 1 to `most` of `count` words, the simplest first."""
    two = combinations_with_replacement(range(count), 2)
    return [*((i,) for i in range(count)), *sorted(two, key=sum), *(
        combinations(range(count), 3) if most > 2 else ())]
