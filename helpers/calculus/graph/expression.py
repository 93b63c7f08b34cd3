"""Text to a graph: a small operator-precedence parser that knows a dozen names and runs nothing.

The text is a whitelist of Python's own syntax: + − * / **, parentheses, numbers, names of
variables, and the functions of `gates.FUNCTIONS`. Python's precedence: ** binds tightest and to the
right, then the unary minus, then * and /, then + and −. No recursion: depth costs only memory.
"""

import difflib
import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..errors import LessonError
from .gates import FUNCTIONS, GATES

MOST_CHARACTERS = 8_000
MOST_GATES = 1_000
MOST_IN_A_NAME = 20

TOKEN = re.compile(r"""
    (?P<space>\s+)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<name>[^\W\d]\w*)
  | (?P<sign>\*\*|[-+*/(),])
""", re.VERBOSE)
# Signs that a student copies from a page, as Python writes them.
ALIKE = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/"})
INSTEAD = {"^": "for a power, write **", "=": "write only the right-hand side",
           "[": "use round brackets", "{": "use round brackets",
           "%": "use + − * / ** and the functions", "!": "there is no factorial here"}

BINARY = {"+": ("add", 1), "-": ("sub", 1), "*": ("mul", 2), "/": ("div", 2), "**": ("pow", 4)}
MINUS = ("neg", 3)


class ExpressionError(LessonError, ValueError):
    """A text that is no expression. `column` (from 0) and `length` say where, `text` what."""

    def __init__(self, message, text, column, length=1):
        super().__init__(f"Column {column + 1}: {message}")
        self.text, self.column, self.length = text, column, max(length, 1)


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
    if not isinstance(text, str):
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
            sign = text[place]
            advice = INSTEAD.get(sign, "use + − * / **, brackets, numbers, names and functions")
            raise ExpressionError(f"{sign!r} has no meaning here: {advice}.", text, place)
        if match.lastgroup != "space":
            found.append(Token(match.lastgroup, match.group(), place))
        place = match.end()
    return (*found, Token("end", "", len(text.rstrip())))


class Parser:
    """Shunting yard: waiting operators on one stack, finished nodes on the other."""

    def __init__(self, text, build):
        self.text, self.build = text, build
        self.waiting, self.done, self.gates = [], [], 0
        self.literal = -1  # place on `done` of a number that has just been read

    def fail(self, message, token):
        raise ExpressionError(message, self.text, token.column, len(token.text))

    def parse(self):
        found = tokens(self.text)
        if len(found) == 1:
            self.fail("there is nothing yet; write for example (x+y)*z.", found[0])
        wants = True  # an operand comes next
        for token, after in zip(found, (*found[1:], found[-1]), strict=True):
            wants = self.operand(token, after) if wants else self.operator(token)
        return self.done[0]

    def operand(self, token, after):
        """Read where an operand must come; True while one is still wanted."""
        if token.kind == "number":
            self.literal = len(self.done)
            self.done.append(self.build.constant(float(token.text)))
        elif token.kind == "name":
            return self.name(token, after.text == "(")
        elif token.text == "-":
            self.waiting.append(Open(*MINUS, token))
            return True
        elif token.text == "(":
            self.open(token)
            return True
        elif token.text != "+":  # a plus before an operand changes nothing
            self.fail(self.missing(token), token)
        else:
            return True
        return False

    def name(self, token, called):
        if len(token.text) > MOST_IN_A_NAME:
            self.fail(f"a name has at most {MOST_IN_A_NAME} characters.", token)
        if not token.text.isidentifier():
            self.fail(f"{token.text!r} is no name; for a power, write ** as in x**2.", token)
        if called and token.text not in FUNCTIONS:
            near = difflib.get_close_matches(token.text, FUNCTIONS, 1)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(FUNCTIONS)}."
            self.fail(f"there is no function {token.text}; {meant}", token)
        if not called and token.text in FUNCTIONS:
            self.fail(f"{token.text} is a function: write {token.text}(x).", token)
        if called:
            self.waiting.append(Open("", 0, token, token.text, len(self.done)))
            return True
        self.done.append(self.build.variable(token.text))
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
        if token.kind == "end" or token.text == ")":
            what = f"after {before.token.text!r}" if before else "here"
            return f"something is missing {what}: a number, a name or a bracket."
        if before and not before.gate:
            return f"{token.text!r} cannot stand first in a bracket."
        return f"{token.text!r} needs something before it."

    def operator(self, token):
        """Read where an operator must come; True when an operand is wanted next."""
        if token.kind in ("number", "name") or token.text == "(":
            self.fail(f"put an operator before {token.text[:MOST_IN_A_NAME]!r}, such as *.", token)
        if token.text in BINARY:
            gate, strength = BINARY[token.text]
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

    def make(self, name, token):
        self.gates += 1
        if self.gates > MOST_GATES:
            self.fail(f"more than {MOST_GATES:,} gates; make the expression shorter.", token)
        arity = GATES[name].arity
        inputs = self.done[-arity:]
        self.done[-arity:] = [self.build.gate(name, *inputs)]

    def close(self, token):
        """A closing bracket, a comma, or the end."""
        bracket = self.waiting[-1] if self.waiting else None
        if token.kind == "end":
            if bracket:
                self.fail("this bracket is never closed: add a ).", bracket.token)
            return False
        if not bracket:
            what = "bracket is closed, but none is open" if token.text == ")" else (
                "comma stands between the two numbers of max or min only")
            self.fail(f"a {what}.", token)
        self.literal = -1
        count = len(self.done) - bracket.operands
        wanted = GATES[bracket.function].arity if bracket.function else 1
        if token.text == ",":
            if count >= wanted:
                self.fail(f"{bracket.function or 'a bracket'} takes {wanted} "
                          f"number{'s'[:wanted - 1]}, not more.", token)
            return True
        if count < wanted:
            self.fail(f"{bracket.function} takes 2 numbers: {bracket.function}(x, y).", token)
        self.waiting.pop()
        if bracket.function:
            self.make(bracket.function, token)
        return False


def parse(text, build):
    """The last node of the graph that a text describes.

    build: an object with constant(number), variable(name), gate(name, *nodes) and number(node).
    Raises ExpressionError with the place of what is wrong.
    """
    return Parser(text, build).parse()


def names_in(text):
    """{variable: column of its first use}, in order. Raises ExpressionError for odd signs."""
    found, names = tokens(text), {}
    for token, after in pairwise(found):
        if token.kind == "name" and token.text not in FUNCTIONS and after.text != "(":
            names.setdefault(token.text, token.column)
    return names
