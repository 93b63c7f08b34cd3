"""Formulas for a browser: LaTeX as MathML, without a network."""

import re
from functools import lru_cache
from xml.etree import ElementTree

from latex2mathml.converter import convert

from ...pictures.palette import axis_colour

# Browsers do not break a formula that is too long: it comes in pieces that begin with one of these.
BREAKS = "=+−,"
CLOSES = ")]|⊤"
TALL = ("mfrac", "munder", "munderover", "mtable", "msqrt")  # brackets around them must grow
XMLNS = "http://www.w3.org/1998/Math/MathML"
CODE = re.compile("(<mtext[^>]*>)(.*?)(</mtext>)")  # the converter leaves its < as they are
PRIMED = re.compile(r"<msup>(<mi[^>]*>)([a-z])</mi><mi>&#x02032;</mi></msup>")


@lru_cache(maxsize=512)
def mathml(latex, letters):
    """LaTeX as MathML, every axis letter in its colour; a page may wrap it at + and =."""

    def coloured(match):
        letter = match.group(1)
        if letter not in letters:
            return match.group(0)
        return f'<mi class="tm-axis-{axis_colour(letter)}">{letter}</mi>'

    # Browsers know no double-struck figure by attribute, only as a character.
    double = '<mn mathvariant="double-struck">1</mn>'
    math = convert(latex, display="block").replace(double, "<mn>𝟙</mn>")
    math = CODE.sub(lambda line: line[1] + line[2].replace("<", "&lt;") + line[3], math)
    # A prime in a superscript of a subscript is too small to see: it joins its letter.
    return in_pieces(PRIMED.sub(primed, re.sub(r"<mi>(\w)</mi>", coloured, math)))


def in_pieces(math):
    """A formula as one <math> after the other, each of which may stand on a new line."""
    ElementTree.register_namespace("", XMLNS)
    root, pieces = ElementTree.fromstring(math), [[]]
    for part in flat(root[0]):
        sign = (part.text or "") if tag(part) == "mo" else ""
        before = pieces[-1][-1] if pieces[-1] else None
        follows = before is not None and (tag(before) != "mo" or (before.text or "(") in CLOSES)
        if sign and sign in BREAKS and sign != "," and follows and not defined(pieces[-1], sign):
            part.set("form", "infix")  # the first of its line, but no sign of a single number
            pieces.append([])
        pieces[-1].append(part)
        if sign == ",":
            pieces.append([])
    return "".join(_math(piece) for piece in pieces if piece)


def defined(piece, sign):
    """Whether what stands behind a comma is one symbol, and what follows says what it is."""
    return sign == "=" and len(piece) == 2 and tag(piece[0]) == "mspace"


def flat(row):
    """The parts of a row; those between brackets too, where the brackets need not grow."""
    for part in row:
        low = tag(part) == "mrow" and not any(tag(one) in TALL for one in part.iter())
        if low and len(part) and part[0].get("fence"):
            for fence in (part[0], part[-1]):
                fence.set("stretchy", "false")
            yield from part
        else:
            yield part


def tag(part):
    """The name of an element without its namespace."""
    return part.tag.removeprefix(f"{{{XMLNS}}}")


def _math(parts):
    math = ElementTree.Element(f"{{{XMLNS}}}math", display="block")
    ElementTree.SubElement(math, f"{{{XMLNS}}}mrow").extend(parts)
    return ElementTree.tostring(math, encoding="unicode")


def primed(match):
    """A letter and its prime in one token, in the italic that browsers give to single letters."""
    tag, letter = match.groups()
    italic = "ℎ" if letter == "h" else chr(0x1D44E + ord(letter) - ord("a"))
    return f"{tag}{italic}′</mi>"
