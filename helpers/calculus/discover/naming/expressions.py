"""An array as a short sum of products of words: `X @ A + X @ A.T`, `np.exp(Z - …) - T`, ….

Stage after stage, simple words first; what is found is a text whose numbers were solved for.
"""

import math
from itertools import islice

import numpy as np

from ..line import scaled
from ..ties import largest
from .fitting import PAIRS, exponents, products_of, rows, spelled, stacked, sums
from .forms import SOFTMAX, Word
from .names import atom, common_scale
from .spans import spanned
from .vocabulary import Vocabulary
from .wording import gathered, power_text, product_text

LARGEST = 2**14   # entries of an array that is looked at
MONOMIALS = 6000  # products of words that are tried
FACTORS = 100     # words that products are made of
TOGETHER = 256    # products that are held at a time
EQUATIONS = 160   # places that sums of products are looked for in


class Expressions:
    """Finds texts for arrays; what was found for one array is kept."""

    def __init__(self, names, pattern):
        self.words = Vocabulary(names, pattern)
        self.kept = {}

    def find(self, names, arrays, letters, tolerance, where=None):
        """(text, letters, scale) with arrays = scale · the text's, or None."""
        if arrays[0].size > LARGEST or not any(map(largest, arrays)):
            return None
        key = (tuple(letters), *(np.asarray(a).tobytes() for a in arrays),
               *(np.asarray(w).tobytes() for w in where or ()))
        if key not in self.kept:
            search = Search(self.words, names, arrays, letters, tolerance, where)
            self.kept[key] = search.run() or self.by_rows(search) or search.last()
        return self.kept[key]

    def search(self, core):
        """The search for a core."""
        return Search(self.words, core.names, core.arrays, core.letters, core.tolerance)

    def simply(self, core):
        """(text, letters, scale) of a core as a sum of what is linear, or None."""
        return self.search(core).plain() if core.size <= LARGEST else None

    def naming(self, search):
        """A function that names the numbers of a sum."""
        def find(numbers, rest):
            inner = Search(self.words, search.names, numbers, rest, 10 * search.tolerance)
            found = any(map(largest, numbers)) and (inner.run() or inner.last())
            return found and found[1] == tuple(rest) and found

        return find

    def by_rows(self, search):
        """A sum of words with numbers that have names of their own."""
        found = None if search.where else spanned(search, self.naming(search))
        if not found:
            return None
        parts = [product_text([Word(text, rest), w] if text != "1" else [w], search.letters)
                 for w, text, rest, _ in found]
        return gathered(parts, [scale for *_, scale in found], search.letters)


class Search:
    """The search for one array."""

    def __init__(self, words, names, arrays, letters, tolerance, where=None):
        self.words, self.names, self.arrays = words, names, arrays
        self.letters, self.tolerance, self.where = tuple(letters), tolerance, where
        self.shape, self.most = arrays[0].shape, [*map(largest, arrays)]
        self.places, self.scale = rows(arrays, where)
        self.target = stacked(arrays, self.places) * self.scale
        self.extra, self.divided = (), None

    def run(self):
        """The first stage that finds something says it."""
        stages = (self.constant, self.plain, self.common, self.linked, self.softened,
                  self.multiplied)
        for stage in stages:
            found = stage()
            if found:
                return found
        return None

    def of(self, *kinds):
        """The placed words of some kinds of the vocabulary, and the column of ones."""
        return [w for kind in kinds for w in self.words.kind(kind, self.letters, self.shape)]

    def columns(self, words):
        """The words' numbers at the places that are compared."""
        made = np.array([stacked(w.columns, self.places) for w in words])
        return made.reshape(-1, self.target.size) * self.scale

    def deltas(self):
        """The words for what ties or orders two axes, where they are asked for."""
        return self.words.placed(self.extra, self.letters, self.shape)

    def with_ones(self, words):
        """1 and the words."""
        one = self.words.placed(["1.0"], self.letters, self.shape) if self.shape else []
        return [*one, *words]

    def said(self, terms):
        """(text, letters, scale) of terms, or None."""
        return terms and self.text(terms)

    def plain(self):
        """Sums of 1, arrays and what is linear in them."""
        words = [w for w in self.of("linear", "pulled", "inverses")
                 if "np." not in w.text or "linalg" in w.text]
        return self.said(self.first(self.with_ones(words), 2))

    def common(self):
        """Sums with functions, norms and sums along axes too."""
        words = self.with_ones(self.of("linear", "functions", "reductions", "pulled", "inverses"))
        return self.said(self.first(words, 2) or self.first(words[:60], 3))

    def first(self, words, most):
        """The terms of the shortest sum of words that fits everywhere."""
        columns, found = self.columns(words), []
        for places, numbers in islice(sums(columns, self.target, most, self.tolerance), 10):
            terms = [([words[p]], n) for p, n in zip(places, numbers, strict=True)]
            if (not found or len(terms) == len(found[0])) and self.holds(terms):
                found.append(terms)
        return min(found, key=self.length, default=None)

    def length(self, terms):
        """How long a sum is to read."""
        text, _, scale = self.text(terms)
        return len(text) + 2 * len(scale)

    def monomials(self):
        """Terms that are products of two or three words."""
        basic = self.basic()
        columns = self.columns(basic) / self.scale
        for most, few in ((2, len(basic)), (3, 22)):
            places = list(islice(products_of(min(len(basic), few), most), MONOMIALS))
            for chosen, numbers in islice(self.sums_of(columns, places, most), 10):
                terms = [([basic[p] for p in places[c]], n)
                         for c, n in zip(chosen, numbers, strict=True)]
                if self.holds(terms):
                    return terms
        return None

    def sums_of(self, columns, places, most):
        """`sums` of products of columns at these places; a few products are held at a time."""
        def made(first, count, step=1):
            some = places[first:first + count]
            array = np.empty((len(some), self.target[::step].size))
            for row, chosen in zip(array, some, strict=True):
                row[:] = math.prod((columns[p, ::step] for p in chosen), start=self.scale[::step])
            return array

        for first in range(0, len(places), TOGETHER):
            for (place,), numbers in sums(made(first, TOGETHER), self.target, 1, self.tolerance):
                yield (first + place,), numbers
        step = math.ceil(self.target.size / EQUATIONS)  # what fits in these is tried in all
        yield from sums(made(0, PAIRS, step), self.target[::step], most, self.tolerance, start=2)

    def basic(self):
        """The words that products are made of: those that vary first, and the simplest."""
        words = [*self.of("linear", "functions", "reductions")[:FACTORS],
                 *self.of("inverses", "divisions")[:20]]
        return [*self.deltas(), *words]

    def multiplied(self):
        """A product of whole powers of words, all exponents at once."""
        found = self.powers()
        if not found:
            return None
        said = (power_text(found[0], self.letters), self.letters,
                spelled(found[1], self.names, self.tolerance))
        if all(k > 0 or word.one_sign for word, k in found[0]):
            return said
        self.divided = said
        return None

    def last(self):
        """Sums of products, and last a quotient that an entry of 0 would break."""
        return self.said(self.monomials()) or self.divided

    def powers(self):
        """([(word, exponent)], number), or None."""
        words = [w for w in self.of("linear", "functions", "reductions")
                 if w.never_zero]
        words = self.in_order(words)
        for chosen in ([w for w in words if "1 / (1 + np.exp" not in w.text], words):
            columns = self.columns(chosen) / self.scale
            found = exponents_of(columns, self.target / self.scale, self.tolerance)
            if found:
                return [(chosen[p], k) for p, k in found[0].items()], found[1]
        return None

    def softened(self):
        """The softmax, along an axis, of a multiple of a word: its logarithm is linear in it."""
        if any(np.any(a <= 0) for a in self.arrays):
            return None
        words = self.of("linear")
        for axis in range(len(self.shape)):
            totals = [a.sum(axis) for a in self.arrays]
            level = float(totals[0].flat[0])
            if any(np.any(np.abs(t / level - 1) > 10 * self.tolerance) for t in totals):
                continue
            logs = centred([np.log(a) for a in self.arrays], axis)
            for word in words:
                scale = common_scale(logs, centred(word.columns, axis), 10 * self.tolerance)
                if scale and len(word.letters) == len(self.letters):
                    return self.softmax(word, scale, axis, level)
        return None

    def softmax(self, word, scale, axis, level):
        """(text, letters, scale) of a softmax of scale · word."""
        number = spelled(scale, self.names, self.tolerance)
        z = word.text if number == "1" else f"({scaled(word.text, number)})"
        where = word.letters.index(self.letters[axis]) - len(self.letters)
        text = SOFTMAX.replace("@", atom(z)).replace("&", str(where))
        return text, word.letters, spelled(level, self.names, self.tolerance)

    def in_order(self, words):
        """Y, then what may be divided by, then what is linear: of two that say the same the first
        is taken."""
        totals, linear = ({w.text for w in self.of(kind)} for kind in ("reductions", "linear"))
        output = [w for w in words if w.text == self.names.output_name]
        rest = [w for w in words if w.text != self.names.output_name]
        safe = {w.text: w.one_sign for w in rest}
        sums_ = [w for w in rest if safe[w.text] and w.text in totals]
        others = [w for w in rest if safe[w.text] and w.text not in totals]
        gates = [w for w in rest if not safe[w.text] and w.text.startswith("np.tanh(")]
        plain = [*gates[:6], *(w for w in rest if not safe[w.text] and w.text in linear)]
        last = [w for w in rest if not safe[w.text] and w.text not in linear]
        return [*output, *sums_[:12], *others[:24], *plain[:18], *sums_[12:], *others[24:], *last]

    def linked(self):
        """h(array) is linear in words: `1 / np.sqrt(X.var(0) + 1e-05)`."""
        words = self.with_ones([*self.of("linear", "reductions"), *self.of("functions")[:60]])
        for form, undo in LINKS:
            with np.errstate(all="ignore"):
                turned = undo(self.target / self.scale)
            if not np.isfinite(turned).all():
                continue
            columns = self.columns(words) / self.scale
            made = [self.link(form, [([words[p]], n) for p, n in zip(places, numbers, strict=True)])
                    for places, numbers in islice(sums(columns, turned, 2, self.tolerance), 5)]
            found = min(filter(None, made), key=lambda said: len(said[0]), default=None)
            if found:
                return found
        return None

    def link(self, form, terms):
        """h⁻¹ of a sum as (text, letters, scale), or None where it does not hold."""
        text, letters, scale = self.text(terms)
        if form.startswith("1 / ") and scale.startswith("-"):
            form, scale = f"-{form}", scale[1:]
        inner = text if scale == "1" else scaled(text, scale)
        made = form.replace("@", inner if form.endswith("(@)") else atom(inner))
        if not self.same(made, letters):
            return None
        return (made[1:], letters, "-1") if form.startswith("-") else (made, letters, "1")

    def constant(self):
        """The same number everywhere."""
        values = self.target / self.scale
        if np.ptp(values) > self.tolerance * np.abs(values).max():
            return None
        return "1", self.letters, spelled(float(np.median(values)), self.names, self.tolerance)

    def centred(self):
        """The input less its mean along free axes, placed."""
        return self.of("centred")

    def same(self, text, letters):
        """Whether a text has the values of the array."""
        words = self.words.placed([text], self.letters, self.shape)
        return any(w.letters == letters and np.allclose(
            self.columns([w])[0], self.target, self.tolerance, 0) for w in words)

    def holds(self, terms):
        """Whether a sum of products holds at every place, not only at those looked at."""
        made = [sum(n * np.prod([w.columns[i] for w in words], 0) for words, n in terms)
                for i in range(len(self.arrays))]
        where = self.where or [True] * len(made)
        return all(np.all((np.abs(m - a) <= 10 * self.tolerance * top) | ~np.asarray(w))
                   for m, a, top, w in zip(made, self.arrays, self.most, where, strict=True))

    def text(self, terms):
        """(text, letters, scale) of a sum of products."""
        letters = tuple(x for x in self.letters
                        if any(x in w.letters for words, _ in terms for w in words))
        numbers = [spelled(n, self.names, self.tolerance) for _, n in terms]
        parts = [product_text(words, letters) for words, _ in terms]
        return (*gathered(parts, numbers, letters),)


LINKS = (("1 / np.sqrt(@)", lambda a: 1 / a**2), ("1 / @", lambda a: 1 / a),
         ("np.sqrt(@)", lambda a: a**2), ("@**2", lambda a: np.sqrt(a)),
         ("1 / @**2", lambda a: 1 / np.sqrt(a)), ("1 / @**1.5", lambda a: a**(-2 / 3)),
         ("np.exp(@)", np.log), ("1 / (1 + np.exp(@))", lambda a: np.log(1 / a - 1)),
         ("np.tanh(@)", np.arctanh), ("1 - np.tanh(@)**2", lambda a: np.arctanh(np.sqrt(1 - a))))


def centred(arrays, axis):
    """Arrays less their mean along an axis."""
    return [a - np.mean(a, axis, keepdims=True) for a in arrays]


def exponents_of(columns, target, tolerance):
    """The exponents of as many columns as there are places for; the simplest words alone."""
    for count in (8, 16, 32, 64):
        most = min(count, len(columns), target.size - 4)
        if most < 1:
            return None
        chosen = independent(columns[:2 * count], most)
        found = exponents(columns[chosen], target, tolerance)
        if found:
            return {chosen[p]: k for p, k in found[0].items()}, found[1]
    return None


def independent(columns, most):
    """The first columns whose logarithms are linearly independent, with the ones."""
    base = [np.ones(columns.shape[1]) / np.sqrt(columns.shape[1])]
    chosen = []
    for place, column in enumerate(np.log(np.abs(columns))):
        size = np.linalg.norm(column)
        rest = column.copy()
        for _ in range(2):
            rest = rest - np.array(base).T @ (np.array(base) @ rest)
        if size and np.linalg.norm(rest) > 1e-6 * size:
            base.append(rest / np.linalg.norm(rest))
            chosen.append(place)
        if len(chosen) == most:
            break
    return chosen
