"""Text to a graph: a small operator-precedence parser that knows a dozen names and runs nothing.

The text is a whitelist of Python's own syntax: + − * / **, parentheses, numbers, names of
variables, and the functions of `gates.FUNCTIONS`. Python's precedence: ** binds tightest and to the
right, then the unary minus, then * and /, then + and −. No recursion: depth costs only memory.
Besides Python's: what the drawings show (|x|, √x, σ(x), ×, ÷, −, π, ∞), and capitals (`ReLU(x)`).
What is written otherwise elsewhere is answered by `advice`.
"""

import math
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..errors import LessonError, UnknownInput, is_a
from . import advice
from .gates import FUNCTIONS, GATES

MOST_CHARACTERS = 8_000
MOST_GATES = 1_000
MOST_INPUTS = 100  # of one max or min
MOST_IN_A_NAME = 20

TOKEN = re.compile(r"""
    (?P<space>\s+)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<name>[^\W\d]\w*|∞)
  | (?P<sign>\*\*|[-+*/(),|√])
""", re.VERBOSE)
# Signs that a student copies from a page, as Python writes them.
ALIKE = str.maketrans({**dict.fromkeys("−–‐‑‒—―", "-"), **dict.fromkeys("×·⋅∙∗•⨯✕✖", "*"),
                       **dict.fromkeys("÷∕⁄", "/"), "∣": "|"})
CONSTANTS = {"π": math.pi, "pi": math.pi, "∞": math.inf}
NO_CAPITALS = ("Log", "LOG")  # of many languages, and to many bases

BINARY = {"+": ("add", 1), "-": ("sub", 1), "*": ("mul", 2), "/": ("div", 2), "**": ("pow", 4)}
MINUS, ROOT = ("neg", 3), ("sqrt", 5)


class ExpressionError(LessonError, ValueError):
    """A text that is no expression. `column` (from 0) and `length` say where, `text` what."""

    def __init__(self, message, text, column, length=1):
        super().__init__(f"Column {column + 1}: {message}")
        self.text, self.column, self.length = text, column, max(length, 1)


class UnknownName(ExpressionError, UnknownInput):
    """A variable without a value."""


class Token(NamedTuple):
    kind: str    # "number", "name", "sign" or "end"
    text: str
    column: int


class Open(NamedTuple):
    """A waiting operator, or an open bracket (of a function, if `function`)."""

    gate: str       # "" for a bracket
    strength: int
    token: Token
    function: str = ""
    operands: int = 0  # how many were complete when the bracket opened


def tokens(text):
    """The tokens of a text, ended by an "end"; raises ExpressionError at the first odd sign."""
    if not is_a(text, str):
        raise LessonError(f"An expression is a text such as 'x*y + z', "
                          f"not of type {type(text).__name__}.")
    return _tokens(text)


@lru_cache(maxsize=8)  # whoever asks for the names asks for the graph next
def _tokens(text):
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError(f"the expression has {len(text):,} characters, at most "
                              f"{MOST_CHARACTERS:,} are read.", text, MOST_CHARACTERS)
    plain, place, found = text.translate(ALIKE), 0, []
    while place < len(plain):
        match = TOKEN.match(plain, place)
        if not match:
            raise ExpressionError(advice.about_sign(text, place), text, place)
        if match.lastgroup == "name":
            found.append(Token("name", _name(match.group()), place))
        elif match.lastgroup != "space":
            found.append(Token(match.lastgroup, match.group(), place))
        place = match.end()
    return (*found, Token("end", "", len(text.rstrip())))


def _name(text):
    """A name as Python knows it: 𝑥 is x. One with raised or lowered signs stays, to be refused."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKC", text)
    return plain if plain.isidentifier() and not advice.shifted(text) else text


def function_called(name):
    """The function that is meant by this name before a bracket, or ""."""
    if name in FUNCTIONS:
        return name
    lower = {"σ": "sigmoid"}.get(name, name.lower())
    return lower if lower in FUNCTIONS and name not in NO_CAPITALS else ""


class Parser:
    """Shunting yard: waiting operators on one stack, finished nodes on the other."""

    def __init__(self, text, build):
        self.text, self.build = text, build
        self.waiting, self.done, self.gates = [], [], 0
        self.literal = -1  # place on `done` of a number that has just been read
        self.bracketed = False  # a bracket has just been closed

    def fail(self, message, token):
        raise ExpressionError(message, self.text, token.column, len(token.text))

    def parse(self):
        found = tokens(self.text)
        if len(found) == 1:
            self.fail("there is nothing yet; write for example (x+y)*z.", found[0])
        wants = True  # an operand comes next
        for token, after in zip(found, (*found[1:], None), strict=True):
            wants = self.operand(token, after) if wants else self.operator(token)
        return self.done[0]

    def operand(self, token, after):
        """Read where an operand must come; True while one is still wanted."""
        rooted = self.waiting and self.waiting[-1].gate == "sqrt"
        if token.kind == "number":
            self.literal = len(self.done)
            self.done.append(self.build.constant(float(token.text)))
        elif token.kind == "name":
            return self.name(token, after.text == "(")
        elif token.text in "+-" and token.text and rooted:
            self.fail("put a bracket behind the root: √(−x) or √(x).", token)
        elif token.text == "-":
            self.waiting.append(Open(*MINUS, token))
            return True
        elif token.text == "√":
            self.waiting.append(Open(*ROOT, token))
            return True
        elif token.text == "|":
            self.waiting.append(Open("", 0, token, "abs", len(self.done)))
            return True
        elif token.text == "(":
            self.open(token)
            return True
        elif token.text != "+":  # a plus before an operand changes nothing
            self.fail(self.missing(token), token)
        else:
            return True
        self.bracketed = False
        return False

    def name(self, token, called):
        if len(token.text) > MOST_IN_A_NAME:
            self.fail(f"a name has at most {MOST_IN_A_NAME} characters.", token)
        if token.text in CONSTANTS and not called:
            self.literal = len(self.done)
            self.done.append(self.build.constant(CONSTANTS[token.text]))
            self.bracketed = False
            return False
        if not token.text.isascii() and (
                not token.text.isidentifier() or advice.shifted(token.text)):
            self.fail(advice.about_name(token.text), token)
        function = function_called(token.text)
        if called and not function:
            self.fail(advice.about_function(token.text, self.text, token.column), token)
        if not called and token.text in FUNCTIONS:
            two = "x, y" if GATES[token.text].several else "x"
            self.fail(f"{token.text} is a function: write {token.text}({two}).", token)
        if called:
            self.waiting.append(Open("", 0, token, function, len(self.done)))
            return True
        self.done.append(self.build.variable(token.text))
        self.bracketed = False
        return False

    def open(self, token):
        """A bracket; the one behind a function's name belongs to it."""
        last = self.waiting[-1] if self.waiting else None
        if last and last.token.kind == "name":
            self.waiting[-1] = last._replace(token=token)
            return
        self.waiting.append(Open("", 0, token, "", len(self.done)))

    def missing(self, token):
        """Why this token cannot stand where an operand must."""
        before = self.waiting[-1] if self.waiting else None
        if token.text == "/" and before and before.token.text == "/":
            return "// rounds down, which has no gate: for a quotient write one /."
        if token.kind == "end" or token.text == ")":
            what = f"after {before.token.text!r}" if before else "here"
            return f"something is missing {what}: a number, a name or a bracket."
        if before and not before.gate:
            return f"{token.text!r} cannot stand first in a bracket."
        return f"{token.text!r} needs something before it."

    def operator(self, token):
        """Read where an operator must come; True when an operand is wanted next."""
        if token.kind in ("number", "name") or token.text in ("(", "√"):
            word = advice.WORDS.get(token.text, "")
            self.fail(f"put an operator before {token.text[:MOST_IN_A_NAME]!r}, such as "
                      f"*{word and '; '}{word}.", token)
        if token.text in BINARY:
            gate, strength = BINARY[token.text]
            if (gate == "pow" and not self.bracketed and self.waiting
                    and self.waiting[-1].gate == "sqrt"):
                self.fail("a root and a power: write √(x)**2 or √(x**2).", token)
            # ** binds to the right: it does not finish another ** before it.
            self.finish(strength + (gate == "pow"))
            self.waiting.append(Open(gate, strength, token))
            return True
        self.finish(1)
        return self.close(token)

    def finish(self, strength):
        """Make the gates that bind at least as tightly."""
        while self.waiting and self.waiting[-1].gate and self.waiting[-1].strength >= strength:
            top = self.waiting.pop()
            if top.gate == "neg" and self.literal == len(self.done) - 1:
                self.done[-1] = self.build.constant(-self.build.number(self.done[-1]))
                continue
            self.literal = -1
            self.make(top.gate, top.token)

    def make(self, name, token, count=0):
        self.gates += 1
        if self.gates > MOST_GATES:
            self.fail(f"more than {MOST_GATES:,} gates; make the expression shorter.", token)
        count = count or GATES[name].arity
        inputs = self.done[-count:]
        self.done[-count:] = [self.build.gate(name, *inputs)]

    def close(self, token):
        """A closing bracket or bar, a comma, or the end."""
        bracket = self.waiting[-1] if self.waiting else None
        if token.kind == "end":
            if bracket:
                self.unclosed(bracket)
            return None  # nothing comes behind it
        if not bracket or token.text == "|" != bracket.token.text:
            self.fail(advice.ALONE[token.text], token)
        if token.text == ")" and bracket.token.text == "|":
            self.unclosed(bracket)
        self.literal, self.bracketed = -1, True
        several = bracket.function and GATES[bracket.function].several
        count = len(self.done) - bracket.operands
        if token.text == ",":
            if not several:
                self.fail(advice.too_many(bracket.function, self.text, token.column), token)
            if count >= MOST_INPUTS:
                self.fail(f"{bracket.function} takes at most {MOST_INPUTS} numbers.", token)
            return True
        if several and count < 2:
            self.fail(f"{bracket.function} takes 2 numbers or more: {bracket.function}(x, y).",
                      token)
        self.waiting.pop()
        if bracket.function:
            self.make(bracket.function, token, count)
        return False

    def unclosed(self, bracket):
        if bracket.token.text == "|":
            self.fail("this bar is never closed: add a second |, as in |x|.", bracket.token)
        self.fail("this bracket is never closed: add a ).", bracket.token)


class _Reader:
    """A builder that builds nothing: to see whether a text can be read."""

    def constant(self, number):
        return number

    number = constant

    def variable(self, name):
        return name

    def gate(self, name, *nodes):
        return name


def readable(text):
    """Whether the parser has no complaint."""
    try:
        Parser(text, _Reader()).parse()
    except ExpressionError:
        return False
    return True


def parse(text, build, known=()):
    """The last node of the graph that a text describes.

    build: an object with constant(number), variable(name), gate(name, *nodes) and number(node);
    known: the names that have values. Raises ExpressionError with the place of what is wrong and,
    where that can be told, the whole expression as it is written here.
    """
    try:
        return Parser(text, build).parse()
    except ExpressionError as error:
        raise _helped(error, known) from None


def _helped(error, known=()):
    """The same complaint, and how the whole is written here where that can be told."""
    instead = advice.instead(error.text, known, readable)
    if not instead or instead in str(error):
        return error
    said = str(error).partition(": ")[2]
    said = said if said.endswith((".", "?")) else f"{said}."
    return type(error)(f"{said} Write {instead}", error.text, error.column, error.length)


def names_in(text, known=()):
    """{variable: column of its first use}, in order. Raises ExpressionError for odd signs."""
    try:
        found = tokens(text)
    except ExpressionError as error:
        raise _helped(error, known) from None
    names = {}
    for token, after in pairwise(found):
        if (token.kind == "name" and token.text not in FUNCTIONS and token.text not in CONSTANTS
                and after.text != "("):
            names.setdefault(token.text, token.column)
    return names


def check_names(text, known):
    """Raise UnknownName for a name without a value that surely means something else.

    What such a name is, among those that have values or stand in the text, `advice` says.
    """
    columns = names_in(text, known)
    for name, column in columns.items():
        if name not in known and len(name) <= MOST_IN_A_NAME:  # a longer one is refused as such
            others = {*known, *(other for other in columns if other[1:].isdigit() or not other[1:])}
            meant = advice.meant_by(name, text, column, others, readable)
            if meant:
                raise UnknownName(meant, text, column, len(name))
