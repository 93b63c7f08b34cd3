"""Slopes that are another on the other side of a threshold: masks by name, found from the data.

An elementwise function is asked for its slope at many numbers from −100 to 100 times as large as
its input; where the slope jumps, the place is closed in on, and between the places it is a
constant or a straight line: `G * ((X > 0) & (X < 6))`, `G * np.where(X > 3, 2 * X, 1)`.
"""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.polynomial import Polynomial

from ..complex_step import slopes_along
from .kinks import Along, closed_in, jumps
from .line import line_of
from .naming.names import atom
from .terms import Answer, Operand, Term

GRID = np.geomspace(1e-3, 100, 60)  # of each sign, in units of the size of the input
HALVINGS = 45                       # of the gap around a threshold
MOST = 6                            # thresholds of one function
EQUAL = 1e-9                        # relative: slopes that are the same
KNOWN = 1e-9                        # relative: the error of a threshold that is told
LAST = 2e-16                        # relative to the widest number asked: rounding of a threshold


def by_regions(samples, core):
    """An answer with a mask for slopes that depend on one number each, or None.

    That number is the input's entry, or what is left of it without a known array: X - T, y * X.
    """
    pattern, X = core.pattern, samples.input_name
    inner = pattern.inner
    if samples.at is None or pattern.backward or len(inner) != len(set(inner)) \
            or not samples.names[0][X].size or not {*core.letters, *pattern.outer} <= set(inner):
        return None
    names, shape = samples.names[0], np.shape(samples.names[0][X])
    size = max(1.0, float(np.std(names[X])))
    grid = np.concatenate([-GRID[::-1], GRID]) * size * 1.0001
    steps = set(pattern.outer) == set(inner) and not doubtful(samples, core)
    for variable in (Variable(X), *(Variable(X, name, sign) for name, k in names.items()
                                    if name not in (X, samples.output_name)
                                    and np.shape(k) == shape for sign in "-*")):
        found = by_slopes(slope_of(samples, core, variable), grid, size, variable.text) if steps \
            else by_values(along(samples, core, variable), grid, size, variable.text)
        if found:
            return answer_of(core, variable, *found, shape)
    return None


def by_slopes(slope, grid, size, text):
    """(thresholds, text of the slope in each region) where slopes are exact; or None."""
    places = thresholds(slope, grid)
    if places is None or not 0 < len(places) <= MOST:
        return None
    texts = [piece(slope, a, b, size, text) for a, b in pairwise([-np.inf, *places, np.inf])]
    return None if None in texts else (places, texts)


def by_values(values, grid, size, text):
    """The same from values alone; None too where a threshold is not known to nine digits."""
    spans = jumps(values, grid)
    if spans is None or not 0 < len(spans) <= MOST:
        return None
    stretches = [ends(a, b, size) for a, b in zip(
        [-np.inf, *(high for _, high in spans)], [*(low for low, _ in spans), np.inf],
        strict=True)]
    fits = [fitted(values.between(*pair), *pair) for pair in stretches]
    if None in fits:
        return None
    lines = [Polynomial(fit) for fit, _, _ in fits]
    found = [closed_in(values, *span, *pair)
             for span, pair in zip(spans, pairwise(lines), strict=True)]
    texts = [fit_text(*fit, text) for fit in fits]
    if None in texts or any(one is None or one[1] > KNOWN * max(size, abs(one[0]))
                            for one in found):
        return None
    return [rounded(*one) for one in found], texts


@dataclass(frozen=True)
class Variable:
    """One number of each entry: X, X - k or k * X."""

    X: str
    known: str = ""
    sign: str = ""

    @property
    def text(self):
        """As it stands in a line."""
        return {"": self.X, "-": f"({self.X} - {self.known})",
                "*": f"({self.known} * {self.X})"}[self.sign]

    def inputs(self, values, names):
        """The input at which it has these values, by its shape."""
        if not self.sign:
            return values
        k = np.asarray(names[self.known], float)
        return values + k if self.sign == "-" else values / k

    def slope(self, slopes, names):
        """Slopes by it from slopes by X."""
        return slopes / np.asarray(names[self.known], float) if self.sign == "*" else slopes


def answer_of(core, variable, places, texts, shape):
    """The answer of regions that are found."""
    words = [number_text(p, close=1e-12) for p in places]
    scale, text = mask_of(variable.text, words, texts)
    if variable.sign == "*":
        text = f"{variable.known} * {atom(text)}"
    stored = math.prod(shape)
    term = Term(core.pattern, (Operand(text, core.pattern.inner, stored),), scale)
    return Answer("core", (term,), stored, names=core.names.fork(),
                  says="the slope of each entry is another on the other side of "
                       f"{variable.text.strip('()')} = {' and '.join(words)}")


def slope_of(samples, core, variable):
    """f(numbers) -> the slopes at them; nan where there are none."""
    names = samples.names[0]
    X = names[samples.input_name]

    def slope(numbers):
        parts = [numbers[i:i + X.size] for i in range(0, numbers.size, max(X.size, 1))]
        inputs = [np.array(variable.inputs(np.resize(some, X.size).reshape(X.shape), names), float)
                  for some in parts]
        found = [np.full(some.shape, np.nan) if values is None
                 else variable.slope(values, names).ravel()[:some.size]
                 for some, values in zip(parts, (in_one_call(samples, core, x) for x in inputs),
                                         strict=True)]
        return np.concatenate(found) if found else np.full(numbers.shape, np.nan)

    return slope


def along(samples, core, variable):
    """The function by one number of each entry."""
    names = samples.names[0]
    return Along(samples.at.f, names[samples.input_name], core.pattern,
                 lambda values: variable.inputs(values, names))


def doubtful(samples, core):
    """Whether a mask that stands all trials may still be wrong next to its threshold: there the
    slopes of a function that takes no complex step are not clear."""
    return samples.at is not None and together(
        samples, core, samples.names[0][samples.input_name])[0] is None


def in_one_call(samples, core, x):
    """The slope of each entry of an elementwise function by one complex step, or None."""
    D, sizes = together(samples, core, x)
    turn = [core.pattern.outer.index(letter) for letter in core.pattern.inner]
    return None if D is None else D[0].transpose(turn) / sizes


def together(samples, core, x):
    """(complex step of all entries of x together or None, its sizes)."""
    pattern, sizes = core.pattern, np.maximum(np.abs(x), 1e-3)
    shape = tuple(core.sizes[letter] for letter in pattern.outer)
    with np.errstate(all="ignore"):
        return slopes_along(samples.at.f, x, [sizes], 1, shape), sizes


def thresholds(slope, grid):
    """The numbers where the slope jumps; None if it depends on more, or is not known near a jump.

    The function must be the same in every entry: it is asked in two orders.
    """
    at = slope(grid)
    other = slope(grid[::-1])[::-1]
    known = np.isfinite(at) & np.isfinite(other)
    scale = float(np.abs(at[known]).max(initial=0))
    if not known.any() or not np.allclose(at[known], other[known], 1e-9, 1e-12 * scale):
        return None
    reach, grid, at = np.abs(grid).max(), grid[known], at[known]
    low, high = grid[:-1].copy(), grid[1:].copy()
    left, right = at[:-1].copy(), at[1:].copy()
    keep = np.abs(right - left) > EQUAL * scale
    low, high, left, right = (a[keep] for a in (low, high, left, right))
    for _ in range(HALVINGS):
        if not low.size:
            break
        middle = (low + high) / 2
        there = slope(middle)
        if not np.isfinite(there).all():
            return None
        first = np.abs(there - left) >= np.abs(right - there)
        high, right = np.where(first, middle, high), np.where(first, there, right)
        low, left = np.where(first, low, middle), np.where(first, left, there)
        keep = np.abs(right - left) > 1e-7 * scale
        low, high, left, right = (a[keep] for a in (low, high, left, right))
    return [rounded((a + b) / 2, (b - a) / 2 + LAST * reach)
            for a, b in zip(low.tolist(), high.tolist(), strict=True)]


def rounded(place, error):
    """The shortest number within the error of a threshold."""
    if abs(place) <= error:
        return 0.0
    return next((short for short in (float(f"{place:.{digits}g}") for digits in range(1, 17))
                 if abs(short - place) <= error), place)


def piece(slope, a, b, size, X):
    """The text of the slope between two thresholds: a number, or a straight line; or None."""
    found = fitted(slope, *ends(a, b, size))
    return found and fit_text(*found, X)


def ends(a, b, size):
    """From where to where a region is looked at that may go on for ever."""
    return (a if np.isfinite(a) else min(-100 * size, b - 100 * size),
            b if np.isfinite(b) else max(100 * size, a + 100 * size))


def fitted(slope, low, high):
    """(coefficients, largest slope, largest number) of a slope that is a straight line; or None."""
    at = low + (high - low) * np.array([0.013, 0.11, 0.31, 0.52, 0.73, 0.94, 0.987])
    values = slope(at)
    good = np.isfinite(values)
    if good.sum() < 4:
        return None
    at, values = at[good], values[good]
    top = np.abs(values).max()
    for degree in (0, 1):
        fit = np.polynomial.polynomial.polyfit(at, values, degree)
        if np.abs(np.polynomial.polynomial.polyval(at, fit) - values).max() <= EQUAL * top:
            return fit, top, np.abs(at).max()
    return None


def fit_text(fit, top, reach, X):
    """The text of a straight line, or None."""
    texts = [number_text(c, top / reach**i) for i, c in enumerate(fit)]
    return None if None in texts else straight(texts, X)


def number_text(value, scale=1.0, close=EQUAL):
    """A number as short as it may be written: 6, 0.2, 1 / 6; None when it has no short text."""
    if abs(value) <= close * scale:
        return "0"
    fraction = Fraction(float(value)).limit_denominator(1000)
    if abs(value - fraction) <= close * abs(value):
        text = f"{float(fraction):g}"
        return text if Fraction(text) == fraction else \
            f"{fraction.numerator} / {fraction.denominator}"
    short = f"{value:.6g}"
    return short if abs(float(short) - value) <= 10 * close * abs(value) else repr(float(value))


def straight(texts, X):
    """`a + b * X`, without what is 0 or 1."""
    constant, *rest = texts
    slope = rest[0] if rest else "0"
    if slope == "0":
        return constant
    line = X if slope == "1" else f"-{X}" if slope == "-1" else \
        f"{atom(slope) if ' ' in slope else slope} * {X}"
    if constant == "0":
        return line
    return f"{line} - {constant[1:]}" if constant.startswith("-") else f"{line} + {constant}"


def mask_of(X, places, texts):
    """(scale, text) of the slopes of all regions."""
    live = [i for i, text in enumerate(texts) if text != "0"]
    if len(live) == 1:
        i = live[0]
        sides = ([f"{X} > {places[i - 1]}"] if i else []) + (
            [f"{X} < {places[i]}"] if i < len(places) else [])
        mask = sides[0] if len(sides) == 1 else f"({sides[0]}) & ({sides[1]})"
        return ("1", f"{atom(texts[i])} * ({mask})") if X in texts[i] else (texts[i], mask)
    text = texts[0]
    for place, after in zip(places, texts[1:], strict=True):
        text = f"np.where({X} > {place}, {after}, {text})"
    return "1", text


def with_mask(samples, core, found):
    """The answer by regions in place of one that does not say where it holds; or the same."""
    answer = by_regions(samples, core)
    if answer is None:
        return found
    core = core.part(core.pattern.letters, [core.pattern.view(J) for J in samples.tensors])
    shape = tuple(core.sizes[x] for x in core.pattern.inner)
    kind = "elementwise" if core.pattern.outer else "core"
    answer = replace(answer, kind=kind, line=line_of(answer.terms, shape, str(shape)))
    return replace(found, answer=answer, reduced=core, constants=())
