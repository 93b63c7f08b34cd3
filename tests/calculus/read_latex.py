"""Reads a formula in LaTeX as a student does: what it says, as numbers.

`value(r"\\tfrac{1}{2}x_0^2", x=x)` is 0.5 * x[0]**2. An index is a number or a letter, which stands
for all indices of its axis (`indices`), so that X_{nh} is a whole array and δ_{nn'} a comparison.
Shares no code with what writes the formulas.
"""

import math
import re

import numpy as np

TOKEN = re.compile(r"\d+\.?\d*|\\[a-zA-Z]+|\\\\|\\.|[a-zA-Z]'*|.")
SPACES = {r"\,", r"\;", r"\ ", " ", r"\left", r"\right", r"\quad", r"\cdot"}
FUNCTIONS = {
    "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "log": np.log, "exp": np.exp,
    "max": np.maximum, "min": np.minimum, "clip": np.clip,
    "diag": lambda x: matrix(np.diag(x)),
    "sigma": lambda x: 1 / (1 + np.exp(-x)), "mathbb": lambda met: met * 1.0,
    "tuple": lambda *numbers: np.array(numbers),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(-1, keepdims=True),
    "erf": np.vectorize(math.erf),
    "Phi": lambda x: np.vectorize(math.erf)(x / math.sqrt(2)) / 2 + 0.5,
    "varphi": lambda x: np.exp(-x**2 / 2) / math.sqrt(2 * math.pi)}
SIGNS = {"=": np.equal, ">": np.greater, "<": np.less, r"\le": np.less_equal,
         r"\ge": np.greater_equal}


class Matrix(np.ndarray):
    """An array that multiplies as matrices do, as soon as one of the two is a matrix."""

    def __mul__(self, other):
        return self @ other if 2 in (self.ndim, np.ndim(other)) and np.ndim(other) else (
            np.multiply(self, other))


def matrix(numbers):
    return np.asarray(numbers, float).view(Matrix)


def value(latex, **names):
    """What a formula says, with names (or letters of indices) that stand for these values."""
    reader = Reader(latex, names)
    found = reader.sum()
    assert reader.next is None, f"unread: {reader.tokens[reader.place:]} of {latex}"
    return found


def open_indices(sizes):
    """name -> all its indices, each along an axis of its own; sizes: of letters, in order."""
    return dict(zip(sizes, np.ogrid[tuple(slice(size) for size in sizes.values())], strict=True))


class Reader:
    """Reads from left to right: a sum of products of powers of atoms."""

    def __init__(self, latex, names):
        self.tokens = [token for token in TOKEN.findall(latex) if token not in SPACES]
        self.names, self.place = names, 0
        self.summed = None  # within a sum: whether an array with a colon in its indices was added

    @property
    def next(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self, wanted=None):
        token = self.next
        assert token and wanted in (None, token), f"{token} instead of {wanted}: {self.tokens}"
        self.place += 1
        return token

    def skip(self, token):
        if self.next == token:
            self.place += 1
            return True
        return False

    def sum(self):
        total = -self.product() if self.skip("-") else self.product()
        while self.next in ("+", "-"):
            total = total + self.product() if self.take() == "+" else total - self.product()
        return total

    def argument(self):
        """A sum, or a comparison of two."""
        left = self.sum()
        return SIGNS[self.take()](left, self.sum()) if self.next in SIGNS else left

    def product(self, argument=False):
        """Factors one after the other; an argument without brackets ends at the next function."""
        total = None
        while self.starts_factor() and not (
                argument and total is not None and self.next[1:] in FUNCTIONS):
            entrywise = self.skip(r"\odot")
            factor = self.power()
            total = factor if total is None else (
                np.multiply(total, factor) if entrywise else total * factor)
            if self.skip("/"):
                total = total / self.power()
        assert total is not None, self.tokens[self.place:]
        return total

    def starts_factor(self):
        return self.next is not None and self.next not in {
            "+", "-", ")", "}", "&", ",", r"\\", r"\end", "|", *SIGNS}

    def power(self):
        base = self.atom()
        if not self.skip("^"):
            return base
        if self.skip(r"\top"):
            return base.T
        power = self.group()
        return matrix(np.linalg.inv(base)) if power == -1 and np.ndim(base) == 2 else base**power

    def group(self):
        """{…}, or a single sign without brackets."""
        if not self.skip("{"):
            return float(self.take()) if self.next[0].isdigit() else self.atom()
        found = self.sum()
        self.take("}")
        return found

    def atom(self):
        token = self.take()
        if token[0].isdigit():
            return float(token)
        if token == "(":
            found = self.sum()
            self.take(")")
            return self.subscripted(found)
        if token == "{":
            found = self.sum()
            self.take("}")
            return found
        if token == "e" and self.skip("^"):
            return np.exp(self.group())
        command = token.removeprefix("\\")
        special = getattr(self, f"read_{command}", None) if token[0] == "\\" else None
        if special:
            return special()
        if token[0] == "\\" and command in FUNCTIONS and self.next != "_":
            return self.call(FUNCTIONS[command])
        if token == "f" and self.next == "(":
            return self.names["".join([token, *self.until(")"), ")"])]
        return self.subscripted(self.names[command])

    def call(self, function):
        power = self.group() if self.skip("^") else 1
        if self.next != "(":
            return function(self.product(argument=True)) ** power
        self.take("(")
        arguments = [self.argument()]
        while self.skip(","):
            arguments.append(self.argument())
        self.take(")")
        return function(*arguments) ** power

    def subscripted(self, found):
        """An entry, or all of them: of an array 0 where an index lies outside of it."""
        if not self.skip("_"):
            return found
        places = self.indices()
        if any(isinstance(place, slice) for place in places):
            if self.summed is None:
                return found
            self.summed = True  # at once, for whatever stands beside it has no such index
            return np.sum(found, axis=tuple(k for k, place in enumerate(places)
                                            if not isinstance(place, slice)), keepdims=True)
        pairs = list(zip(places, found.shape, strict=True))
        inside = np.logical_and.reduce(np.broadcast_arrays(*(
            (place >= 0) & (place < size) for place, size in pairs)))
        kept = tuple(np.clip(place, 0, size - 1).astype(int) for place, size in pairs)
        return np.where(inside, found[kept], 0.0)[()]

    def indices(self):
        """What stands in a subscript: letters in a row, or sums with commas between them."""
        if not self.skip("{"):
            token = self.take()
            return [int(token) if token.isdigit() else self.names[token]]
        inside = self.until("}")
        pieces = inside if {*inside}.isdisjoint(",+-") else "\n".join(inside).split("\n,\n")
        return [value("".join(piece.split("\n")), **self.names) for piece in pieces]

    def until(self, end):
        """The tokens up to a sign, with pairs of braces among them."""
        inside, depth = [], 0
        while depth or self.next != end:
            depth += {"{": 1, "}": -1}.get(self.next, 0)
            inside.append(self.take())
        self.take(end)
        return inside

    def read_frac(self):
        return self.group() / self.group()

    read_tfrac = read_frac

    def read_sqrt(self):
        return np.sqrt(self.group())

    def read_pi(self):
        return math.pi

    def read_delta(self):
        """δ_{nn'}: 1 where both indices are the same."""
        if not self.skip("_"):
            return self.names["delta"]
        left, right = self.indices()
        return (left == right) * 1.0

    def read_hat(self):
        self.take("{")
        return self.subscripted(self.names[self.until("}")[0] + "hat"])

    def read_overline(self):
        """A mean along what is normalized: the last axis, where no other is given."""
        return np.mean(self.group(), self.names.get("overline", -1), keepdims=True)

    def read_mathrm(self):
        self.take("{")
        name = "".join(self.until("}"))
        if name in FUNCTIONS:
            return self.call(FUNCTIONS[name])
        return self.subscripted(self.names[name])

    def read_mathbb(self):
        self.take("{")
        assert self.until("}") == ["1"]
        return self.call(FUNCTIONS["mathbb"])

    def read_begin(self):
        self.take("{")
        self.until("}")
        rows = [[self.sum()]]
        while not self.skip(r"\end"):
            rows += [[]] if self.take() == r"\\" else []
            rows[-1].append(self.sum())
        self.take("{")
        self.until("}")
        return matrix(rows)

    def read_sum(self):
        """Σ over a letter or more: the product behind it, added along their axes."""
        self.take("_")
        letters = [self.take()] if not self.skip("{") else self.until("}")
        axes = tuple(np.ndim(self.names[x]) - 1 - np.argmax(self.names[x].shape[::-1])
                     for x in letters)
        self.summed = False
        found = self.product()
        done, self.summed = self.summed, None
        return found if done else np.sum(found, axis=axes, keepdims=True)
