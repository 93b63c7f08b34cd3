"""Small faults that can be planted in JavaScript: in functions that touch neither page nor model.

A function at the top of a file is pure if none of its words is one of PAGE and it calls none that
is not. Sizes and colours stand beside the functions, and are a matter of taste; so are, in a file
that draws, numbers other than 0, 1 and 2: so many pixels. Comments, strings and the text of
templates are left alone.
"""

import posixpath
import re
from dataclasses import dataclass

from tests.mutants.faults import Fault

PAGE = set("""document window element elements body canvas context style classList dataset
    event model channel grid make makeSvg textContent innerHTML append children setText
    addEventListener getBoundingClientRect getComputedStyle clientWidth offsetWidth scrollWidth
    setTimeout setInterval clearTimeout clearInterval requestAnimationFrame performance manager
    ResizeObserver MutationObserver matchMedia queueMicrotask Response closest toJSON""".split())
SIGNS = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "**": "*", "<": "<=", "<=": "<",
         ">": ">=", ">=": ">", "===": "!==", "!==": "===", "&&": "||", "||": "&&", "??": "&&",
         "+=": "-=", "-=": "+=", "*=": "/=", "++": "--", "--": "++"}
TWINS = {"min": "max", "floor": "ceil", "some": "every", "find": "findLast", "unshift": "push",
         "true": "false", "startsWith": "endsWith"}
TWINS |= {other: name for name, other in TWINS.items()}
WORDS = set("return typeof case of in else new delete void throw yield await".split())
TOKEN = re.compile(r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<number>0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d]\w*|\$\w*)
  | (?P<sign>\*\*=|===|!==|>>>|\.\.\.|&&=|\|\|=|\?\?=|=>|\*\*|\+\+|--|&&|\|\||\?\?|\?\.(?!\d)
      |[-+*/%&|^<>=!]=|<<|>>|[-+*/%&|^<>=!~?:;,.(){}\[\]])
""", re.VERBOSE | re.DOTALL)
REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/[a-z]*")
TEXT = re.compile(r"(?:\\.|\$(?!\{)|[^`\\$])*")
IMPORTED = re.compile(r'^(?:import|\}) .*from "([^"]+)"', re.MULTILINE)
OPEN, CLOSED = "([{", ")]}"


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int

    @property
    def end(self):
        return self.start + len(self.text)

    @property
    def ends_a_value(self):
        """Whether a sign after it stands between two values, and a stroke begins no pattern."""
        return self.kind in ("number", "string") or self.text in (")", "]", "}") or (
            self.kind == "word" and self.text not in WORDS)


def tokens(source: str) -> list[Token]:
    """Without blanks and comments. Of a template the code in it stays, between ${ and }."""
    found, at, templates, depth = [], 0, [], 0
    while at < len(source):
        last = found[-1] if found else Token("sign", ";", 0)
        ends = bool(templates) and source[at] == "}" and depth == templates[-1]
        if ends or source[at] == "`":
            text = TEXT.match(source, at + 1)
            goes_on = source.startswith("${", text.end())
            if ends:
                templates.pop()
                found.append(Token("sign", ")", at))
            found.append(Token("string", source[at + ends:text.end() + (not goes_on)], at + ends))
            at = text.end() + 1 + goes_on
            if goes_on:
                templates.append(depth)
                found.append(Token("sign", "(", at - 1))
            continue
        pattern = source[at] == "/" and source[at:at + 2] not in ("//", "/*")
        piece = REGEX.match(source, at) if pattern and not last.ends_a_value else None
        kind, piece = ("string", piece) if piece else (None, TOKEN.match(source, at))
        kind = kind or piece.lastgroup
        if kind != "space":
            found.append(Token(kind, piece[0], at))
        depth += (piece[0] == "{") - (piece[0] == "}") if kind == "sign" else 0
        at = piece.end()
    return found


def closing(found: list[Token], at: int) -> int:
    """The place of the bracket that closes the one at a place."""
    depth = 0
    for k in range(at, len(found)):
        sign = found[k].kind == "sign"
        depth += (sign and found[k].text in OPEN) - (sign and found[k].text in CLOSED)
        if depth == 0:
            return k
    raise ValueError(f"nothing closes {found[at].text} at {found[at].start}")


def after(found: list[Token], at: int, ends: str) -> int:
    """The place of the first of these signs, or closing bracket, that is not inside of brackets."""
    while not (found[at].kind == "sign" and found[at].text in [*ends, *CLOSED]):
        at = (closing(found, at) if found[at].kind == "sign" and found[at].text in OPEN else at) + 1
    return at


def functions(source: str) -> dict[str, list[Token]]:
    """The functions at the top of a file, by name."""
    found, at, pieces = tokens(source), 0, {}
    while at < len(found):
        begin = next(k for k in range(at, at + 3) if found[k].text not in ("export", "async"))
        first = found[begin].text
        if first == "function":
            named = begin + 1 + (found[begin + 1].text == "*")
            end = closing(found, closing(found, named + 1) + 1)
            pieces[found[named].text] = found[begin:end + 1]
        else:
            end = after(found, begin, ";")
            piece = found[begin:end + 1]
            if first == "const" and piece[2].text == "=" and is_arrow(piece[3:]):
                pieces[piece[1].text] = piece
        at = end + 1
    return pieces


def is_arrow(piece: list[Token]) -> bool:
    end = closing(piece, 0) if piece[0].text == "(" else 0
    return piece[end + 1].text == "=>"


def pure(sources: dict[str, str]) -> dict[str, set[str]]:
    """The names of the pure functions of each file, of all the files by their paths."""
    words, near = {}, {}
    for path, source in sources.items():
        near[path] = {path, *(posixpath.normpath(posixpath.join(posixpath.dirname(path), other))
                              for other in IMPORTED.findall(source))}
        for name, piece in functions(source).items():
            words[path, name] = {token.text for token in piece[2:] if token.kind == "word"}
    bad = {key for key, said in words.items() if said & PAGE}
    while more := {(path, name) for (path, name), said in words.items()
                   if any((other, word) in bad for other in near[path] for word in said)} - bad:
        bad |= more
    return {path: {name for of, name in words.keys() - bad if of == path} for path in sources}


class Finder:
    """Walks along the tokens of a function and notes what could be exchanged."""

    def __init__(self, source: str, piece: list[Token], drawing: bool):
        self.source, self.piece, self.drawing, self.found = source, piece, drawing, []
        self.open = []  # the brackets around the token that is looked at
        for k in range(1, len(piece)):
            self.visit(k)

    def note(self, start: int, old: str, new: str):
        line = self.source.count("\n", 0, start) + 1
        self.found.append(Fault(len(self.source[:start].encode()), old, new, (line, line)))

    def text(self, first: int, end: int) -> str:
        """The source from one token up to another, without what stands before that."""
        return self.source[self.piece[first].start:self.piece[end - 1].end]

    def visit(self, k: int):
        token = self.piece[k]
        if token.kind == "number" and not (self.drawing and token.text not in "012"):
            value = float(token.text)
            new = value + 1 if "." in token.text or value > 1e15 else int(value) + 1
            self.note(token.start, token.text, str(round(new, 9)))
        elif token.kind == "word":
            self.word(k)
        elif token.kind == "sign":
            self.sign(k)

    def word(self, k: int):
        token, before = self.piece[k], self.piece[k - 1]
        called = token.text in ("true", "false") or before.text in (".", "?.")
        if token.text in TWINS and called:
            self.note(token.start, token.text, TWINS[token.text])
        if token.text == "return":
            self.result(k, after(self.piece, k, ";"), "return undefined")
        elif token.text == "if" and self.is_plain(k + 2, end := closing(self.piece, k + 1)):
            old = self.text(k + 2, end)
            self.note(self.piece[k + 2].start, old, f"!({old})")
        elif self.begins_a_statement(k):
            end = after(self.piece, k, ";")
            if self.piece[end].text == ";":
                self.note(token.start, self.text(k, end), "")

    def result(self, k: int, end: int, new: str):
        if end > k + 1 and self.piece[k + 1].text not in ("null", "undefined"):
            self.note(self.piece[k].start, self.text(k, end), new)

    def begins_a_statement(self, k: int) -> bool:
        before, inside = self.piece[k - 1].text, self.open[-1:] in ([], ["{"])
        keyword = self.piece[k].text in WORDS | set("const let for while if function break".split())
        return inside and not keyword and before in (";", "{", "}", ")", "else") and bool(self.open)

    def is_plain(self, first: int, end: int) -> bool:
        """Whether a condition has no sign of its own that could be exchanged."""
        return not any(token.kind == "sign" and (token.text in SIGNS or token.text == "!")
                       for token in self.piece[first:end])

    def sign(self, k: int):
        token, before = self.piece[k], self.piece[k - 1]
        if token.text in OPEN:
            self.open.append(token.text)
        elif token.text in CLOSED:
            self.open.pop()
        elif token.text == "!" or (token.text == "-" and not before.ends_a_value):
            self.note(token.start, token.text, "")
        elif token.text in SIGNS and before.ends_a_value:
            if "string" not in (before.kind, self.piece[k + 1].kind):  # words are put together
                self.note(token.start, token.text, SIGNS[token.text])
        elif token.text == "?":
            self.choice(k)
        elif token.text == "=>" and self.piece[k + 1].text != "{" and not self.open:
            self.result(k, after(self.piece, k + 1, ";,"), "=> undefined")

    def choice(self, k: int):
        """Before a question mark stands what decides."""
        first, depth = k, 0
        while first and (depth or self.piece[first - 1].text not in
                         ["(", "[", "{", ",", ";", "=>", "=", "return", "?", ":", "&&", "||"]):
            first -= 1
            here = self.piece[first]
            depth += (here.kind == "sign") * ((here.text in CLOSED) - (here.text in OPEN))
        if self.is_plain(first, k):
            old = self.text(first, k)
            self.note(self.piece[first].start, old, f"!({old})")


def faults(source: str, names: set[str], drawing: bool = False) -> list[Fault]:
    """Every fault that can be planted in the functions of these names."""
    return [fault for name, piece in functions(source).items() if name in names
            for fault in Finder(source, piece, drawing).found if fault.old != fault.new]
