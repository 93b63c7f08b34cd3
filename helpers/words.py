"""How numbers, counts and plurals are said, everywhere. Needs the standard library alone.

Two policies for a number: `short` for a cell of a grid, `four` for a statement.
"""

import math
from decimal import ROUND_HALF_UP, Decimal

COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve")
UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


def minus(text):
    """The text with true minus signs; −0 is 0."""
    text = text.replace("-", "−")
    zero = text.startswith("−") and not text[1:].strip("0.")
    return text[1:] if zero else text


def short(x):
    """A number in at most 9 characters: whole, or at most 4 decimals, or 1.2e−9, or nan, ∞, −∞.

    The same text as `formatNumber` in widgets/kit/numbers.js.
    """
    x = float(x)
    size, sign = abs(x), "−" if x < 0 else ""
    if not math.isfinite(x) or size == 0:
        return special(x) or "0"
    if not 1e-4 <= size < 1e6:
        return sign + _scientific(Decimal(size))
    return sign + _rounded(Decimal(size), min(4, 6 - len(str(int(size)))))


def four(x):
    """A number with 4 decimals and a true minus; 1.2346e−09 when it would be lost, or huge.

    nan, ∞, −∞, and "none" for None.
    """
    if x is None:
        return "none"
    x = float(x)
    small = x != 0 and abs(x) < 5e-5
    return special(x) or minus(f"{x:.4e}" if small or abs(x) >= 1e7 else f"{x:.4f}")


def number(x):
    """A number as read aloud: a whole one is whole, another has four decimals, as in `four`."""
    x = float(x)
    return minus(f"{x:.0f}") if x.is_integer() and abs(x) < 1e7 else four(x)


def rounded(x, decimals):
    """A number with so many decimals and a true minus, however small it is."""
    return special(x) or minus(f"{x:.{decimals}f}")


def special(x):
    """`nan`, `∞`, `−∞`, or "" for a finite number."""
    return {math.inf: "∞", -math.inf: "−∞"}.get(x, "nan" if math.isnan(x) else "")


def _rounded(size, decimals):
    text = f"{size.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scientific(size):
    exponent = size.adjusted()
    mantissa = _rounded(size.scaleb(-exponent), 1)
    if mantissa == "10":
        mantissa, exponent = "1", exponent + 1
    return minus(f"{mantissa}e{exponent}")


def factor(x):
    """A number as a factor: negative ones in brackets."""
    return f"({number(x)})" if x < 0 else number(x)


def percent(share):
    """`12.5 %` of a share of 1."""
    return f"{100 * share:.1f} %"


def bytes_text(count):
    """A number of bytes in the unit that a person would say: `34.4 GB` (powers of 1000)."""
    for unit in UNITS:
        if count < 1000 or unit == UNITS[-1]:
            return f"{count:,} {unit}" if unit == "bytes" else f"{count:,.1f} {unit}"
        count = count / 1000


def many(count):
    """`4.3 billion`, `16.8 million`; fewer in figures: `65,536`."""
    for size, unit in ((10**15, "quadrillion"), (10**12, "trillion"), (10**9, "billion"),
                       (10**6, "million")):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count:,}"


def plural(many, one, more=None):
    """`132 zeros`, `1 entry`: a count in figures and its noun; `more` where an s is not enough."""
    return f"{many:,} {one if many == 1 else more or one + 's'}"


def count(many, one, more=None):
    """`eleven zeros`, `one zero`, `132 zeros`: as `plural`, small counts in words."""
    word = COUNTS[many] if many < len(COUNTS) else f"{many:,}"
    return f"{word} {one if many == 1 else more or one + 's'}"


def listed(texts):
    """`G`, `G and W`, `G, V and W`."""
    *most, last = texts
    return f"{', '.join(most)} and {last}" if most else last


def one_line(text, most=300):
    """A text, or a value as one, in so many letters at most, and none that a screen obeys."""
    text = "".join(c if c.isprintable() else " " for c in str(text)[:10 * most])
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most - 1]}…"


def brief(value):
    """`value` as Python writes it, in one line and not too long; else its type."""
    try:
        return one_line(repr(value), 60)
    except Exception:  # one of 5,000 digits, or with a `__repr__` that stops
        return f"something of type {type(value).__name__}"


def said(error, most=300):
    """What an error says of itself, in one line; nothing where it stops with another."""
    try:
        return one_line(str(error), most)
    except Exception:
        return ""
