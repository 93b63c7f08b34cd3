"""The derivation as on paper, in LaTeX: from the sum over all entries to the line of NumPy."""

import numpy as np

from ..latex import joined, latex_of, symbol, typewriter, whole_line
from .ties import Pattern


def derivation(s):
    """Steps as (title, LaTeX) pairs, each of them one line."""
    start = Pattern(s.samples.outer, s.samples.inner)
    X, Y, loss = symbol(s.input_name), symbol(s.output_name), dL(s, start.inner)
    slope = rf"\frac{{\partial {Y}{index(start.outer)}}}{{\partial {X}{index(start.inner)}}}"
    G = f"G{index(start.outer)}"
    total = summed(start.outer)
    steps = [(f"The chain rule: every entry of {s.output_name} counts",
              rf"{loss} = {total}{G}\,{slope}")]
    if s.kind == "zero":
        return (*steps, ("Every slope is zero", rf"{slope} = 0"),
                ("NumPy", typewriter(f"d{s.input_name} = {s.numpy}")))
    entries = entry(s)
    ties = deltas(s, start)
    if entries is not None:
        steps.append(("One entry of the full tensor", f"{slope} = {times(ties, entries)}"))
        steps.append(("Put in", rf"{loss} = {total}{G}\,{factor(times(ties, entries))}"))
        if ties:
            pattern = s.reduced.pattern
            left = [x for x in dict.fromkeys(pattern.outer) if x not in pattern.inner]
            steps.append(("The deltas leave one term of each tied sum",
                          rf"{dL(s, turned(s))} = {summed(left)}"
                          rf"{product(f'G{index(pattern.outer)}', entries)}"))
    arrays = whole(s)
    if arrays:
        steps.append(("With whole arrays", rf"\frac{{dL}}{{d{X}}} = {arrays}"))
    return (*steps, ("NumPy", typewriter(f"{'d' + s.input_name} = {s.numpy}")))


def dL(s, letters):
    """dL/dX with indices."""
    return rf"\frac{{dL}}{{d{symbol(s.input_name)}{index(letters)}}}"


def index(letters):
    """`_{nk}`, or nothing."""
    return f"_{{{joined(letters)}}}" if letters else ""


def summed(letters):
    r"""`\sum_{nk} `, or nothing."""
    return rf"\sum_{{{joined(letters)}}} " if letters else ""


def deltas(s, start):
    """A delta for every tie; a flip counts from the other end."""
    pattern, made = s.reduced.pattern, []
    before, after = (*start.outer, *start.inner), (*pattern.outer, *pattern.inner)
    for axis, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            place = axis - len(start.outer)
            size = s.shape[axis]
            turned = f",\\,{size - 1}-{old}" if place in pattern.backward else old
            made.append(rf"\delta_{{{new}{turned}}}")
    return r"\,".join(made)


def turned(s):
    """The letters of the input's axes; one that runs backwards counts from the other end."""
    pattern, sizes = s.reduced.pattern, s.shape[len(s.samples.outer):]
    return [f"{size - 1}-{x}" if axis in pattern.backward else x
            for axis, (x, size) in enumerate(zip(pattern.inner, sizes, strict=True))]


def times(ties, entries):
    """Deltas times an entry."""
    if not ties:
        return entries
    return ties if entries == "1" else rf"{ties}\,{factor(entries)}"


def product(first, second):
    """A product that leaves out a 1."""
    return first if second == "1" else rf"{first}\,{factor(second)}"


def factor(text):
    """The text in brackets when it is a sum on the outside."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign in "{([") - (sign in "})]")
        if depth == 0 and place and sign in "+-" and text[place - 1] == " ":
            return rf"\left({text}\right)"
    return rf"\left({text}\right)" if text.startswith("-") else text


def entry(s):
    """One entry of the core in LaTeX, its letters those of `s.reduced`; None: not in a line."""
    answer = s.answer
    shapes = shapes_of(s)
    if answer.low_rank:
        return low_rank_entry(answer.low_rank, shapes, s.reduced.sizes)
    if len(answer.terms) > 1:
        return " + ".join(term_entry(s, term, shapes) for term in answer.terms).replace(
            "+ -", "- ")
    if answer.kind in ("permutation", "reshape", "gather") and answer.line and not any(
            term.operands for term in answer.terms):
        return rf"\mathbb{{1}}({symbol(s.output_name)}{index(s.reduced.pattern.outer)}" \
               rf"\text{{ is }}{symbol(s.input_name)}{index(s.reduced.pattern.inner)})" \
            if answer.kind != "reshape" or answer.terms else None
    return term_entry(s, answer.terms[0], shapes) if answer.terms else None


def shapes_of(s):
    """The shape of each name."""
    return {name: np.shape(value) for name, value in s.answer.names.all_at(0).items()}


def term_entry(s, term, shapes):
    """scale · operands, with the deltas that this term has beside the common ones."""
    common, own = s.reduced.pattern, term.pattern
    parts = []
    for old, new in zip((*common.outer, *common.inner), (*own.outer, *own.inner), strict=True):
        if old != new:
            parts.append(rf"\delta_{{{new}{old}}}")
    extra = [x for op in term.operands for x in op.letters if x not in s.reduced.sizes]
    for operand in term.operands:
        parts.append(factor(latex_of(operand.text, operand.letters, shapes, s.reduced.sizes)))
    scale = latex_of(term.scale, (), shapes)
    if scale == "-1":
        return "-" + (r"\,".join(parts) or "1")
    if scale != "1" or not parts:
        parts.insert(0, scale)
    text = r"\,".join(parts)
    return rf"{summed(dict.fromkeys(extra))}{text}" if extra else text


def low_rank_entry(low, shapes, sizes):
    """d (δ_kj − c u_k v_j)."""
    k, j = low["axes"]
    d = "" if low["diagonal"] == "1" else factor(
        latex_of(low["diagonal"], low["letters"], shapes, sizes)) + r"\,"
    text = rf"\delta_{{{k}{j}}}"
    if low["side"] is None:
        text, d = d + text, ""
    for (c, u, v), letters in zip(low["factors"], low["factor_letters"], strict=True):
        rows = [] if u == "1" else [factor(latex_of(u, letters, shapes, sizes))]
        columns = [] if v == "1" else [factor(latex_of(
            v, tuple(j if x == k else x for x in letters), shapes, sizes))]
        sign, scale = ("-", c[1:]) if c.startswith("-") else ("+", c)
        scale = latex_of(scale, (), shapes)
        parts = [*([] if scale == "1" and rows + columns else [scale]), *rows, *columns]
        text += f" {sign} " + r"\,".join(parts)
    return rf"{d}\left({text}\right)" if d else text


def whole(s):
    """The line in the notation of matrices; None where it copies along axes, or is no formula."""
    if "None" in s.numpy or "broadcast" in s.numpy:
        return None
    return whole_line(s.numpy, shapes_of(s))
