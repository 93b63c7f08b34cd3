"""An array as a short sum of products of words: `X @ A + X @ A.T`, `np.exp(Z - …) - T`, ….

Stage after stage, simple words first; what is found is a text whose numbers were solved for.
"""

from itertools import islice

import numpy as np

from .fitting import exponents, products_of, rows, spelled, stacked, sums
from .line import aligned, bracketed, inlined, scaled
from .names import atom
from .spans import spanned
from .ties import largest
from .vocabulary import Vocabulary, Word

LARGEST = 2**14   # entries of an array that is looked at
MONOMIALS = 2400  # products of words that are tried
FACTORS = 70      # words that products are made of


class Expressions:
    """Finds texts for arrays; what was found for one array is kept."""

    def __init__(self, names, tied=()):
        self.words = Vocabulary(names, tied)
        self.kept = {}

    def find(self, names, arrays, letters, tolerance, where=None):
        """(text, letters, scale) with arrays = scale · the text's, or None."""
        if arrays[0].size > LARGEST or not any(map(largest, arrays)):
            return None
        key = (tuple(letters), *(np.asarray(a).tobytes() for a in arrays),
               *(np.asarray(w).tobytes() for w in where or ()))
        if key not in self.kept:
            search = Search(self.words, names, arrays, letters, tolerance, where)
            self.kept[key] = search.run() or self.by_rows(search) or search.monomials()
        return self.kept[key]

    def by_rows(self, search):
        """A sum of words with numbers that have names of their own."""
        def find(numbers, rest):
            inner = Search(self.words, search.names, numbers, rest, 10 * search.tolerance)
            found = inner.run() if any(map(largest, numbers)) else None
            return found and found[1:] == (tuple(rest), found[2]) and found

        found = None if search.where else spanned(search, find)
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
        self.shape = arrays[0].shape
        self.places, self.scale = rows(arrays, where)
        self.target = stacked(arrays, self.places) * self.scale
        self.placed = {}

    def run(self):
        """The first stage that finds something says it."""
        stages = (self.constant, self.plain, self.common, self.linked, self.multiplied)
        for stage in stages:
            found = stage()
            if found:
                return found
        return None

    def of(self, *kinds):
        """The placed words of some kinds of the vocabulary, and the column of ones."""
        found = []
        for kind in kinds:
            if kind not in self.placed:
                texts = getattr(self.words, kind)
                self.placed[kind] = self.words.placed(texts, self.letters, self.shape)
            found += self.placed[kind]
        return found

    def columns(self, words):
        """The words' numbers at the places that are compared."""
        if not words:
            return np.zeros((0, self.target.size))
        made = np.array([stacked(w.columns, self.places) for w in words])
        return made * self.scale

    def with_ones(self, words):
        """1 and the words."""
        one = self.words.placed(["1.0"], self.letters, self.shape) if self.shape else []
        return [*one, *words]

    def plain(self):
        """Sums of arrays and what is linear in them."""
        words = self.of("linear", "pulled", "inverses")
        return self.first(words, 2)

    def common(self):
        """Sums with functions, norms and sums along axes too."""
        words = self.with_ones(self.of("linear", "pulled", "functions", "reductions", "inverses"))
        return self.first(words, 2) or self.first(words[:60], 3)

    def first(self, words, most):
        """The sum of words that fits everywhere."""
        columns = self.columns(words)
        found = []
        for places, numbers in islice(sums(columns, self.target, most, self.tolerance), 10):
            terms = [([words[p]], n) for p, n in zip(places, numbers, strict=True)]
            if (not found or len(terms) == found[0][0]) and self.holds(terms):
                found.append((len(terms), self.text(terms)))
        return min((text for _, text in found), key=lambda t: len(t[0]) + 2 * len(t[2]),
                   default=None)

    def monomials(self):
        """Sums of products of two or three words."""
        basic = self.basic()
        columns = self.columns(basic)
        for most, few in ((2, FACTORS), (3, 22)):
            places = list(islice(products_of(min(len(basic), few), most), MONOMIALS))
            if not places:
                return None
            made = np.array([np.prod(columns[list(p)] / self.scale, 0) for p in places])
            for chosen, numbers in islice(sums(made * self.scale, self.target, 2 if most < 3 else 3,
                                               self.tolerance), 10):
                terms = [([basic[p] for p in places[c]], n)
                         for c, n in zip(chosen, numbers, strict=True)]
                if self.holds(terms):
                    return self.text(terms)
        return None

    def basic(self):
        """The words that products are made of: those that vary first, and the simplest."""
        return self.of("linear", "functions", "reductions")[:FACTORS]

    def multiplied(self):
        """A product of whole powers of words, all exponents at once."""
        words = [w for w in self.of("linear", "functions", "reductions")
                 if all(np.all(c) for c in w.columns)]
        columns = self.columns(words) / self.scale
        found = exponents_of(columns, self.target / self.scale, self.tolerance)
        if not found:
            return None
        powers, number = found
        text = power_text([(words[p], k) for p, k in powers.items()], self.letters)
        return text, self.letters, spelled(number, self.names, self.tolerance)

    def linked(self):
        """h(array) is linear in words: `1 / np.sqrt(X.var(0) + 1e-05)`."""
        words = self.with_ones(self.of("linear", "reductions"))
        for form, undo in LINKS:
            with np.errstate(all="ignore"):
                turned = undo(self.target / self.scale)
            if not np.isfinite(turned).all() or np.ptp(turned) <= 1e-9 * np.abs(turned).max():
                continue
            columns = self.columns(words) / self.scale
            made = [self.link(form, [([words[p]], n) for p, n in zip(places, numbers, strict=True)])
                    for places, numbers in islice(sums(columns, turned, 2, self.tolerance), 5)]
            if any(made):
                return min(filter(None, made), key=lambda found: len(found[0]))
        return None

    def link(self, form, terms):
        """h⁻¹ of a sum as (text, letters, scale), or None where it does not hold."""
        text, letters, scale = self.text(terms)
        inner = text if scale == "1" else scaled(text, scale)
        made = form.replace("@", inner if form.endswith("(@)") else atom(inner))
        return (made, letters, "1") if self.same(made, letters) else None

    def constant(self):
        """The same number everywhere."""
        if np.ptp(self.target / self.scale) > self.tolerance * np.abs(self.target).max():
            return None
        number = float(np.median(self.target / self.scale))
        return "1", self.letters, spelled(number, self.names, self.tolerance)

    def centred(self):
        """The input less its mean along free axes, placed."""
        if "centred" not in self.placed:
            self.placed["centred"] = self.words.placed(self.words.centred, self.letters, self.shape)
        return self.placed["centred"]

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
        return all(np.all((np.abs(m - a) <= 10 * self.tolerance * largest(a)) | ~np.asarray(w))
                   for m, a, w in zip(made, self.arrays, where, strict=True))

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


def product_text(words, letters):
    """`a * b[:, None]`."""
    parts = [stripped(aligned(w.text, w.letters, letters)) for w in words]
    return " * ".join(inlined(p) if len(parts) > 1 else p for p in parts)


def stripped(text):
    """Without brackets around all of it."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth and place < len(text) - 1:
            return text
    return text[1:-1] if text.startswith("(") and ":=" not in text else text


def power_text(factors, letters):
    """`a**2 * b / c`."""
    above, below = [], []
    for word, k in factors:
        text = atom(aligned(word.text, word.letters, letters))
        (above if k > 0 else below).append(text if abs(k) == 1 else f"{text}**{abs(k)}")
    top = " * ".join(above) or "1"
    return top + "".join(f" / {b}" for b in below)


def gathered(parts, numbers, letters):
    """(text, letters, scale) of numbers · parts, a common number taken out."""
    common = {n.lstrip("-") for n in numbers}
    scale = common.pop() if len(common) == 1 else "1"
    if scale != "1":
        numbers = ["-1" if n.startswith("-") else "1" for n in numbers]
    order = sorted(range(len(parts)), key=lambda p: numbers[p].startswith("-"))
    if numbers[order[0]].startswith("-"):  # all are negative
        scale = f"-{scale}"
        numbers = [n[1:] if n.startswith("-") else f"-{n}" for n in numbers]
    text = ""
    for p in order:
        n, sign = numbers[p].lstrip("-"), numbers[p].startswith("-")
        term = parts[p] if n == "1" else f"{bracketed(n)} * {inlined_sum(parts[p])}"
        if not text:
            text = f"-{inlined_sum(term)}" if sign else term
        else:
            text += f" - {inlined_minus(term)}" if sign else f" + {term}"
    return joined(text, parts, numbers, order), letters, scale


def inlined_sum(text):
    """In brackets where it is a sum."""
    return inlined(text) if " @ " not in text else atom(text)


def inlined_minus(text):
    """In brackets where a minus before it would change its meaning."""
    return atom(text) if any(s in text for s in (" + ", " - ", " > ", " == ")) else text


def joined(text, parts, numbers, order):
    """`K.T @ (a - b)` for two terms that a known matrix takes back."""
    if len(order) != 2 or numbers[order[0]] != "1":
        return text
    a, b = (parts[p] for p in order)
    n = numbers[order[1]]
    if n not in ("1", "-1"):
        return text
    sign = "-" if n == "-1" else "+"
    for cut in range(1, 3):
        head, tail = a.split(" @ ")[:cut], a.split(" @ ")[-cut:]
        if len(a.split(" @ ")) <= cut or len(b.split(" @ ")) <= cut:
            continue
        other = b.split(" @ ")
        if head == other[:cut] and "(" not in "".join(head):
            rest = (" @ ".join(t.split(" @ ")[cut:]) for t in (a, b))
            return f"{' @ '.join(head)} @ ({f' {sign} '.join(map(bare, rest))})"
        if tail == other[-cut:] and "(" not in "".join(tail):
            rest = (" @ ".join(t.split(" @ ")[:-cut]) for t in (a, b))
            return f"({f' {sign} '.join(map(bare, rest))}) @ {' @ '.join(tail)}"
    return text


def bare(text):
    """Without the brackets around a product of matrices."""
    inner = text[1:-1]
    return inner if text.startswith("(") and text.endswith(")") and not any(
        c in inner for c in "()+-") else text
