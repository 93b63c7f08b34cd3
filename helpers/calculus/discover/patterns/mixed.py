"""Cores between an axis of Y and another of the input, as a few terms: each a product of words.

`s * W + t * V`: an affine gate; `A * V - A * Y`: attention; `X[k, j] - C[l, j]`: distances. A term
keeps its words apart, so that its line multiplies matrices and builds nothing larger.
"""

from ..naming.fitting import spelled
from ..naming.spans import spanned
from ..terms import Answer, Operand, Term


def terms(core):
    """The answer as a sum of products of words, or None."""
    if not core.mixed or core.names.deeper is None:
        return None
    search = core.names.deeper.search(core)
    search.extra = deltas(core)
    words = search.of("linear", "inverses") + search.deltas()
    found = search.first(words, 2)
    if not found:
        powers = search.powers()
        found = powers and [([(w, k) for w, k in powers[0]], powers[1])]
        if found:
            return answer(core, [(factors(found[0][0]), number(core, found[0][1]))])
    if not found:
        rows = by_rows(core, search)
        if rows:
            return answer(core, rows)
        found = search.monomials()
    return found and answer(core, [
        ([(w.text, w.letters) for w in words], number(core, n)) for words, n in found])


def deltas(core):
    """Texts of what ties or orders two axes: identity matrices and triangles."""
    sizes = {core.sizes[x] for x in core.letters if core.sizes[x] > 1}
    return [text for n in sorted(sizes) for text in (f"np.eye({n})", f"np.tri({n})")]


def number(core, value):
    """A number as text."""
    return spelled(value, core.names, core.tolerance)


def factors(powers):
    """(text, letters) of words with exponents."""
    found = []
    for word, k in powers:
        text = f"({word.text})" if " " in word.text and not word.text.startswith("(") else word.text
        text = text if abs(k) == 1 else f"{text}**{abs(k)}"
        found.append((text if k > 0 else f"1 / {text}", word.letters))
    return found


def by_rows(core, search):
    """Terms whose numbers change from row to row and have names of their own."""
    found = spanned(search, core.names.deeper.naming(search))
    return found and [
        ([(w.text, w.letters), *([(text, rest)] if text != "1" else [])], scale)
        for w, text, rest, scale in found]


def answer(core, found):
    """The answer of [(factors, scale)]."""
    made, texts = [], {}
    for parts, scale in found:
        pattern, operands = core.pattern, []
        for text, letters in parts:
            tie = text.startswith("np.eye(") and tied(pattern, letters)
            if tie:
                pattern = pattern.tied(*tie)
            else:
                operands.append((text, letters))
        renamed = dict(zip(core.pattern.inner, pattern.inner, strict=True)) | dict(
            zip(core.pattern.outer, pattern.outer, strict=True))
        operands = tuple(Operand(text, tuple(renamed.get(x, x) for x in letters),
                                 core.names.stored(text, core.size))
                         for text, letters in operands)
        texts |= {name: op.stored for op in operands for name in (op.text,)}
        made.append(Term(pattern, operands, scale))
    kind = "core" if len(made) == 1 else "sum of two" if len(made) == 2 else "sum of three"
    return Answer(kind, tuple(made), min(core.size, sum(texts.values())), names=core.names,
                  says=f"a sum of {len(made)} products" if len(made) > 1 else
                  "a product of " + " and ".join(op.text for op in made[0].operands))


def tied(pattern, letters):
    """(letter of Y, letter of the input) that an identity matrix ties, or None."""
    a, b = letters
    if a in pattern.outer and a not in pattern.inner and b in pattern.inner:
        return a, b
    return (b, a) if b in pattern.outer and b not in pattern.inner and a in pattern.inner else None
