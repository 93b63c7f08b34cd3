"""Naming numbers: is this array W, W.T, X > 0, Y * (1 - Y), 1 / σ, … of the arrays that we know?

Several points are looked at together: a name must fit at all of them, so that a number that happens
to be somewhere in W is not called W.
"""

import ast
import io
import math
import tokenize
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, count, permutations

import numpy as np

from ..progress import tick
from ..ties import largest

# One array: same shape. Simplest first, for the first that fits is taken; multiples are free.
OF_ONE = ("@", "@ > 0", "@ < 0", "np.sign(@)", "@**2", "1 / @", "1 - @", "1 - @**2",
          "@ * (1 - @)", "np.exp(@)", "np.exp(-@)", "np.cos(@)", "np.sin(@)", "@**3", "1 / @**2",
          "1 / (1 + np.exp(-@))", "np.minimum(@, 0)", "np.maximum(@, 0)", "1 / (1 + @**2)",
          "1 / (1 + @)", "np.log(@)", "1 + @", "1 + np.log(@)", "np.sqrt(@)", "1 / np.sqrt(@)",
          "np.abs(@)", "1 - np.tanh(@)**2", "1 / np.cosh(@)**2", "1 / np.sqrt(1 - @**2)",
          "@ > 1", "np.abs(@) < 1",
          "(@ > 0) * (@ < 1)")
ALONG_ONE = ("@.sum(&)", "1 / @.sum(&)", "1 / @.std(&)",
             "@ - @.mean(&, keepdims=True)",
             "(@ - @.mean(&, keepdims=True)) / @.std(&, keepdims=True)",
             "np.exp(@) / np.exp(@).sum(&, keepdims=True)",
             "@ == @.max(&, keepdims=True)", "@ == @.min(&, keepdims=True)",
             "1 / np.sqrt((@**2).sum(&))", "@ / np.sqrt((@**2).sum(&, keepdims=True))")
OF_TWO = ("@ - %", "@ * %", "@ / %", "@ + %", "@ > %", "@ * (1 - %)", "1 / (@ * %)",
          "@ * % * (1 - %)", "@ * (1 - %**2)", "@ * (% > 0)", "@ * np.exp(%)", "@ * np.cos(%)",
          "@ == %", "@ / %**2", "(@ - %)**2", "np.exp(@ - %)")
MOST = 2**16  # entries of an array that more than its bare name is tried for
SHORT = 10**4  # what the upper number of a fraction is below


class Names:
    """The arrays known at each point, by name, and what can be made of them."""

    def __init__(self, samples, values=None, added=None, input_name=None, output_name=None,
                 deeper=None):
        self.samples, self.input_name, self.output_name = samples, input_name, output_name
        self.deeper = deeper  # `Expressions`, when simple names are not enough
        self.added = [dict(new) for new in added or [{}] * len(samples)]
        self._values = {} if values is None else values

    def fork(self):
        """The same known arrays; what is added to it stays in it."""
        return Names(self.samples, self._values, self.added, self.input_name, self.output_name,
                     self.deeper)

    def __contains__(self, name):
        return name in self.samples[0]

    def all_at(self, point):
        """Known and added arrays at one point."""
        return {**self.samples[point], **self.added[point]}

    def value(self, text):
        """The text's arrays at all points; None where it has none or is not finite."""
        if text not in self._values:
            tick()
            try:
                with np.errstate(all="ignore"):
                    found = [np.asarray(evaluate(text, sample), float) for sample in self.samples]
            except (ArithmeticError, AttributeError, NameError, TypeError, ValueError):
                found = [np.array(np.nan)]
            fine = all(np.isfinite(array).all() for array in found)
            self._values[text] = found if fine else None
        return self._values[text]

    def known(self):
        """The names, the shortest texts first; an empty array says nothing."""
        return [name for name, value in self.samples[0].items()
                if np.asarray(value).dtype.kind in "biuf" and np.size(value)]

    def texts(self, sizes):
        """Texts whose arrays may have these sizes, in some order, beside axes of size 1."""
        yield from self.texts_of_one(sizes)
        yield from self.texts_of_more(sizes)

    def texts_of_one(self, sizes):
        """The names of these sizes, and simple functions of one."""
        names = [name for name in self.known() if plain(self.shape(name)) == sizes]
        small = [name for name in names if math.prod(self.shape(name)) <= MOST]
        yield from (form.replace("@", name) for form in OF_ONE
                    for name in (names if form == "@" else small))
        if self.output_name in small:
            yield from self.masks()

    def masks(self):
        """Masks by the values that Y stays at where it does not change: clipped at 0 and at 6."""
        if "masks" not in self._values:
            stays = [set(values[counts > 1].tolist()) for values, counts in (
                np.unique(np.asarray(sample[self.output_name]), return_counts=True)
                for sample in self.samples)]
            most = sorted({v for v in set().union(*stays) if float(f"{v:.6g}") == v})[:8]
            texts = [f"{v:g}" for v in most]
            Y = self.output_name
            self._values["masks"] = [
                *(f"({Y} > {a}) & ({Y} < {b})" for a, b in combinations(texts, 2)),
                *(f"{Y} {sign} {v}" for v in texts if v != "0" for sign in "><")]
        return self._values["masks"]

    def texts_of_more(self, sizes):
        """Functions of one along an axis, and of two."""
        shapes = {name: self.shape(name) for name in self.known()
                  if math.prod(self.shape(name)) <= MOST}
        yield from (form.replace("@", name).replace("&", str(axis))
                    for form in ALONG_ONE for name, shape in shapes.items()
                    for axis in range(-len(shape), 0)
                    if sizes in (plain(shape), dropped(shape, axis)))
        yield from (form.replace("@", a).replace("%", b)
                    for form in OF_TWO for a in shapes for b in shapes
                    if a != b and fits(shapes[a], shapes[b], sizes))

    def find(self, arrays, letters, tolerance):
        """(text, letters, scale) with arrays = scale · the text's, or None."""
        sizes = plain(arrays[0].shape)
        if not sizes or not any(map(largest, arrays)):
            return None
        return (self.multiple(self.texts_of_one(sizes), arrays, letters, tolerance)
                or self.two_values(arrays, letters, sizes, tolerance)
                or self.multiple(self.texts_of_more(sizes), arrays, letters, tolerance))

    def multiple(self, texts, arrays, letters, tolerance):
        """The first text that the arrays are a short multiple of."""
        for text in texts:
            for found, order in self.orders(text, arrays[0].shape, letters):
                scale = common_scale(arrays, found, tolerance)
                number = scale and self.number(scale, tolerance)
                if number and number.startswith("-") and is_difference(text):
                    return " - ".join(text.split(" - ")[::-1]), order, number[1:]
                if number:
                    return text, order, number
        return None

    def shape(self, name):
        """The shape of a known array."""
        return np.shape(self.samples[0][name])

    def orders(self, text, shape, letters):
        """The text's arrays turned to this shape in every way that there is, with their letters.

        Axes of size 1 that the text's arrays have not are put in.
        """
        found = self.value(text)
        if not found or found[0].ndim > len(shape):
            return
        for places in permutations(range(len(shape)), found[0].ndim):
            if tuple(shape[p] for p in places) != found[0].shape or plain(
                    shape) != plain(found[0].shape):
                continue
            turn = sorted(range(len(places)), key=places.__getitem__)
            yield ([array.transpose(turn).reshape(shape) for array in found],
                   tuple(letters[p] for p in places))

    def two_values(self, arrays, letters, sizes, tolerance):
        """`np.where(X > 0, 1, alpha)` for arrays of two numbers that the sign of one decides."""
        for name in self.known():
            if plain(self.shape(name)) != sizes:
                continue
            for signs, order in self.orders(f"{name} > 0", arrays[0].shape, letters):
                both = [self.scalar([a[s == side] for a, s in zip(arrays, signs, strict=True)],
                                    tolerance) for side in (1, 0)]
                if both[0] == both[1]:  # one number, or none
                    continue
                if all(both):
                    return f"np.where({name} > 0, {both[0]}, {both[1]})", order, "1"
                if both[0]:
                    rest = self.below(name, arrays, signs, order, letters, tolerance)
                    if rest:
                        return f"np.where({name} > 0, {both[0]}, {rest})", order, "1"
        return None

    def below(self, name, arrays, signs, order, letters, tolerance):
        """The text of the numbers where `name` is not positive, or None."""
        for form in OF_ONE:
            text = form.replace("@", name)
            for found, other in self.orders(text, arrays[0].shape, letters):
                if other != order:
                    continue
                scale = common_scale([a * (s == 0) for a, s in zip(arrays, signs, strict=True)],
                                     [f * (s == 0) for f, s in zip(found, signs, strict=True)],
                                     tolerance)
                number = scale and self.number(scale, tolerance)
                if number:
                    return text if number == "1" else f"{number} * {atom(text)}"
        return None

    def scalar(self, groups, tolerance):
        """The text of one number that fills every group of numbers, or None."""
        groups = [np.ravel(group) for group in groups]
        if not any(group.size for group in groups):
            return None
        values = [group[:1] for group in groups]
        if any(np.ptp(group) > tolerance * max(1e-300, np.abs(group).max())
               for group in groups if group.size):
            return None
        filled = np.concatenate(values)
        if np.ptp(filled) <= tolerance * np.abs(filled).max():
            return self.number(filled[0], tolerance) or repr(float(filled[0]))
        return self.scalar_name(values, tolerance)

    def scalar_name(self, values, tolerance):
        """A text of known numbers for one that differs from point to point, or None."""
        scalars = [name for name in self.known() if self.shape(name) == ()]
        arrays = [name for name in self.known() if name not in scalars]
        texts = [*scalars, *(form.replace("@", name) for name in scalars for form in OF_ONE[1:]),
                 *(form.replace("@", name) for name in arrays
                   for form in ("np.sum(@)", "1 / np.sum(@)", "1 / np.linalg.norm(@)",
                                "np.sqrt(np.sum(@**2))", "1 / np.std(@)")),
                 *(form.replace("@", a).replace("%", b) for form in OF_TWO
                   for a in scalars for b in scalars if a != b)]
        for text in texts:
            found = self.value(text)
            if not found or found[0].ndim:
                continue
            seen = [(v[0], f) for v, f in zip(values, found, strict=True) if v.size]
            if any(v and not f for v, f in seen):
                continue
            ratios = [v / f for v, f in seen if f]
            number = ratios and np.ptp(ratios) <= tolerance * abs(ratios[0]) and self.number(
                ratios[0], tolerance)
            if number:
                return text if number == "1" else f"{number} * {atom(text)}"
        return None

    def number(self, value, tolerance):
        """A number as a person writes it: 2, 1 / 3, alpha, 0.1; None when it has no short text."""
        whole = round(value)
        if abs(value - whole) <= tolerance * abs(value):
            return str(whole) if abs(whole) < 1e6 else None
        for name in self.known():
            found = self.value(name)
            if found and not found[0].ndim and all(
                    abs(value - f) <= tolerance * abs(value) for f in found):
                return name
        fraction = Fraction(float(value)).limit_denominator(1000)
        if abs(value - float(fraction)) <= tolerance * abs(value):
            text = f"{float(fraction):g}"
            if Fraction(text) == fraction:
                return text
            if abs(fraction.numerator) < SHORT:  # a longer one fits by accident
                return f"{fraction.numerator} / {fraction.denominator}"
        short = float(f"{value:.6g}")
        return repr(short) if abs(short - value) <= min(tolerance, 1e-9) * abs(value) else None

    def stored(self, text, size):
        """How many numbers a text stores: its array's, or its names' where those are fewer."""
        used = [np.size(self.samples[0][name]) for name in names_in(text) if name in self]
        return min(size, sum(used)) if used else size

    def add(self, base, arrays):
        """Puts arrays without a name among the names; the name they got: base, base1, …."""
        taken = {*self.samples[0], *self.added[0], "G", "D", "np", "math"}
        name = next(n for i in count() if (n := f"{base}{i or ''}") not in taken)
        for new, array in zip(self.added, arrays, strict=True):
            new[name] = array
        return name


def evaluate(text, names):
    """The value of a line that this package wrote itself, with NumPy and these names."""
    return eval(compiled(text), {"np": np, "math": math, **names})


@lru_cache(maxsize=2**14)
def compiled(text):
    """The code of a line."""
    return compile(text, "<line>", "eval")


@lru_cache(maxsize=2**12)
def names_in(text):
    """The names that a line uses."""
    return frozenset(node.id for node in ast.walk(parsed(text)) if isinstance(node, ast.Name))


def is_difference(text):
    """Whether a text is one thing less another, which a minus before it turns round."""
    node = parsed(text)
    return text.count(" ") == 2 and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)


@lru_cache(maxsize=2**12)
def parsed(text):
    """The tree of a text, to look at."""
    return ast.parse(text, mode="eval").body


def renamed(line, texts):
    """A line with texts in place of names; attributes and words in brackets stay."""
    made, before = [], ""
    tokens = list(tokenize.generate_tokens(io.StringIO(line).readline))
    end = 0
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type != tokenize.NAME or token.string not in texts or before == "." or (
                after and after.string in ("=", ":=")):
            before = token.string
            continue
        made += [line[end:token.start[1]], texts[token.string]]
        end, before = token.end[1], token.string
    return "".join(made) + line[end:]


def atom(text):
    """The text, in brackets unless it is one thing: a name, a number, a call, an index."""
    node = parsed(text)
    single = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript)
    return text if isinstance(node, single) or stripped(text) != text else f"({text})"


def stripped(text):
    """Without brackets around all of it."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth and place < len(text) - 1:
            return text
    return text[1:-1] if text.startswith("(") and ":=" not in text else text


def plain(shape):
    """The sizes of a shape in order of size, without those that are 1."""
    return tuple(sorted(size for size in shape if size != 1))


def dropped(shape, axis):
    """The same without one axis."""
    return plain(shape[:axis] + shape[axis:][1:])


def fits(shape, other, sizes):
    """Whether two arrays that broadcast make one of these sizes."""
    try:
        whole = np.broadcast_shapes(shape, other)
    except ValueError:
        return False
    return plain(whole) == sizes and math.prod(whole) <= MOST


def common_scale(arrays, others, tolerance):
    """The one number c with A = c·B for every pair, or None."""
    A, B = max(zip(arrays, others, strict=True), key=lambda pair: largest(pair[1]))
    place = np.unravel_index(np.argmax(np.abs(B)), B.shape)
    scale = float(A[place] / B[place]) if B[place] else 0
    fine = all(A.shape == B.shape and abs_most(A, scale, B) <= tolerance * largest(A)
               for A, B in zip(arrays, others, strict=True))
    return scale if fine and scale else None


def abs_most(A, scale, B):
    """The largest |A − scale·B|, found out early when a few entries already differ."""
    few = (slice(0, 2),) * A.ndim
    least = float(np.max(np.abs(A[few] - scale * B[few]), initial=0))
    if least > 1e-3 * largest(A):
        return least
    return float(np.max(np.abs(A - scale * B), initial=0))
