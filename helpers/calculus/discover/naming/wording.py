"""A sum of products of words as a text: brackets where they must be, a common number in front."""

import ast

from ..line import aligned, bracketed, inlined, times
from .names import atom, parsed, stripped


def product_text(words, letters):
    """`a * b[:, None]`."""
    parts = [stripped(aligned(w.text, w.letters, letters)) for w in words]
    if len(parts) == 1:
        return parts[0]
    parts.sort(key=lambda p: p.startswith("1 / "))
    return inlined(parts[0]) + "".join(map(times, parts[1:]))


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
    if len(order) != 2 or numbers[order[0]] != "1" or numbers[order[1]] not in ("1", "-1"):
        return text
    a, b = (factors(parts[p]) for p in order)
    sign = "-" if numbers[order[1]] == "-1" else "+"
    if len(a) == 1 or len(b) == 1:
        return text
    if a[0] == b[0] and "(" not in a[0]:
        rest = (" @ ".join(t[1:]) for t in (a, b))
        return f"{a[0]} @ ({f' {sign} '.join(map(bare, rest))})"
    if a[-1] == b[-1] and "(" not in a[-1]:
        rest = (" @ ".join(t[:-1]) for t in (a, b))
        return f"({f' {sign} '.join(map(bare, rest))}) @ {a[-1]}"
    return text


def factors(text):
    """The texts of a product of matrices; the text alone where it is none."""
    node, made = parsed(text), []
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.MatMult):
        return [text]
    for piece in text.split(" @ "):
        if made and made[-1].count("(") != made[-1].count(")"):  # within brackets
            piece = f"{made.pop()} @ {piece}"
        made.append(piece)
    return made


def bare(text):
    """Without the brackets around a product of matrices."""
    inner = text[1:-1]
    return inner if text.startswith("(") and text.endswith(")") and not any(
        c in inner for c in "()+-") else text
