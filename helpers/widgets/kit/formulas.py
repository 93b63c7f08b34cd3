"""Formulas for a browser: LaTeX as MathML, without a network."""

import re
from functools import lru_cache

from latex2mathml.converter import convert

from ...pictures.palette import axis_colour

PRIMED = re.compile(r"<msup>(<mi[^>]*>)([a-z])</mi><mi>&#x02032;</mi></msup>")


@lru_cache(maxsize=512)
def mathml(latex, letters):
    """LaTeX as MathML, every axis letter in its colour."""

    def coloured(match):
        letter = match.group(1)
        if letter not in letters:
            return match.group(0)
        return f'<mi class="tm-axis-{axis_colour(letter)}">{letter}</mi>'

    # Browsers know no double-struck figure by attribute, only as a character.
    double = '<mn mathvariant="double-struck">1</mn>'
    math = convert(latex, display="block").replace(double, "<mn>𝟙</mn>")
    # A prime in a superscript of a subscript is too small to see: it joins its letter.
    return PRIMED.sub(primed, re.sub(r"<mi>(\w)</mi>", coloured, math))


def primed(match):
    """A letter and its prime in one token, in the italic that browsers give to single letters."""
    tag, letter = match.groups()
    italic = "ℎ" if letter == "h" else chr(0x1D44E + ord(letter) - ord("a"))
    return f"{tag}{italic}′</mi>"
