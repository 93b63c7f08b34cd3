"""The factors of the formulas on the screen, and what each of them stands for. Pure."""

from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree

import numpy as np

from ...calculus.errors import UnknownInput
from ...calculus.latex import symbol
from ...words import brief, number, plural
from ..kit.formulas import XMLNS, mathml, tag
from .entrywise import hatted, namespace

SPELT = {"target": "T", "labels": "T", "mask": "M"}  # as formulas call them
MOST_READ = 12  # numbers in a sentence
UPRIGHT = {"ℎ": "h", **{chr(0x1D44E + i): chr(97 + i) for i in range(26)}}


@dataclass(frozen=True)
class Legend:
    """What the signs of a formula stand for."""

    names: tuple  # (sign, name of an array) of all that has numbers
    masked: bool  # whether 𝟙(…) is an array on the screen
    outer: tuple  # letters of the output's axes
    inner: tuple  # letters of the input's axes


def legend(computed):
    """The `Legend` of a screen."""
    present = computed.present
    where = computed.texts[present.wrt].get("where", {})
    names = [*where, *present.constants, *present.inputs, present.op.output, "G"]
    signs = tuple((sign(name), name) for name in names)
    letters = present.letters
    return Legend(signs, bool(computed.core), letters[present.op.output], letters[present.wrt])


@lru_cache(maxsize=256)
def sign(name):
    """A name as it stands in a formula."""
    math = mathml(SPELT.get(name, symbol(name)), ())
    return "".join(ElementTree.fromstring(math).itertext())


@lru_cache(maxsize=512)
def linked_math(latex, letters, legend):
    """A formula as MathML whose known factors say in `data-part` what they are, for keys too."""
    ElementTree.register_namespace("", XMLNS)
    root, names = ElementTree.fromstring(f"<all>{mathml(latex, letters)}</all>"), dict(legend.names)
    mark(root, names, legend)
    for place, one in enumerate(root.iterfind(".//*[@data-part]")):
        one.set("tabindex", "-1" if place else "0")
    return "".join(ElementTree.tostring(one, encoding="unicode") for one in root)


def mark(node, names, legend):
    """Name the factors below a node, the outermost where they are nested; indices are none."""
    if legend.masked and tag(node) == "mrow":
        join_mask(node)
    children = list(node)
    for child in children[:1] if tag(node) in ("msub", "munder") else children:
        part = part_of(child, names, legend)
        if part:
            child.set("data-part", part)
        else:
            mark(child, names, legend)


def join_mask(row):
    """Make one part of 𝟙 and the brackets that follow it."""
    texts = ["".join(one.itertext()) for one in row]
    if "𝟙" not in texts or ")" not in texts[texts.index("𝟙"):]:
        return
    start = texts.index("𝟙")
    parts = list(row)[start:texts.index(")", start) + 1]
    mask = ElementTree.Element(f"{{{XMLNS}}}mrow", {"data-part": "core"})
    mask.extend(parts)
    for one in parts:
        row.remove(one)
    row.insert(start, mask)


def part_of(node, names, legend):
    """What a part of a formula stands for: an array, J, gradient, core, `δ n h`; or None."""
    kind, text = tag(node), "".join(node.itertext())
    if node.get("data-part") or kind == "mi":
        return node.get("data-part") or names.get(text)
    if kind == "mfrac":
        above = "".join(node[0].itertext())
        return "J" if above.startswith("∂") else "gradient" if above == "dL" else None
    if kind == "mover":
        return names.get(text)
    if kind not in ("msub", "msup", "msubsup"):
        return None
    base = "".join(node[0].itertext())
    return tied_axes(node[1], legend) if base == "δ" else names.get(base)


def tied_axes(below, legend):
    """`δ n n` of δ with two indices, the first of the output, the second of the input."""
    texts = [one.text.rstrip("′") for one in below.iter() if tag(one) == "mi" and one.text]
    texts = [UPRIGHT.get(text, text) for text in texts]
    there = len(texts) == 2 and texts[0] in legend.outer and texts[1] in legend.inner
    return " ".join(["δ", *texts]) if there else None


def factor_reading(computed, part):
    """What is said of a factor that is pointed at, and what lights up."""
    present = computed.present
    blank = {"marks": {}, "outer": None, "inner": None, "parts": [part], "whole": [], "equal": None}
    if part.startswith("δ "):
        _, outer, inner = part.split()
        at = (present.letters[present.op.output].index(outer),
              present.letters[present.wrt].index(inner))
        left = computed.J.size // computed.Y.shape[at[0]] if computed.J.size else 0
        text = (f"δ is 1 where {outer} = {inner}′ and 0 elsewhere: {left:,} of "
                f"{plural(computed.J.size, 'entry', 'entries')} are left")
        equal = at if present.layout == "numerator" else at[::-1]
        return {**blank, "text": text, "equal": [int(i) for i in equal]}
    whole = {"J": ["J"], "gradient": ["gradient"], "core": ["core"]}.get(part, [part])
    if computed.core and part == computed.core[0]:
        whole = [part, "core"]
    return {**blank, "text": said_of(computed, part), "whole": whole}


def said_of(computed, part):
    """A factor in a sentence: what it is, and how large."""
    present, wrt, out = computed.present, computed.present.wrt, computed.present.op.output
    arrays = {**present.inputs, **present.constants, out: computed.Y, "G": present.G}
    if part == "J":
        return f"∂{out}/∂{wrt}: the big tensor, {plural(computed.J.size, 'entry', 'entries')}"
    if part == "gradient":
        return f"dL/d{wrt}, how the loss changes with {wrt}: {many(computed.full)}"
    if part == "core" and computed.core:
        name, kept, _ = computed.core
        return f"{hatted(name)}: {many(kept)}, all that the compact way keeps"
    if part in arrays:
        what = {"G": f"G = dL/d{out}, the upstream gradient", out: f"{out}, the output"}
        kind = "an input" if part in present.inputs else "given"
        return f"{what.get(part, f'{part}, {kind}')}: {many(arrays[part])}"
    if part not in computed.texts[wrt].get("where", {}):
        raise UnknownInput(f"There is no factor {brief(part)} in the formulas of "
                           f"{present.operation}.")
    return f"{part} = {values_of(computed, part)}"


def many(array):
    """`12 numbers (3 × 4)`."""
    shape = f" ({' × '.join(map(str, array.shape))})" if array.ndim else ""
    return f"{plural(array.size, 'number')}{shape}"


def values_of(computed, name):
    """The numbers of an array that is on no panel, or how many there are."""
    chosen = computed.texts[computed.present.wrt]
    with np.errstate(all="ignore"):
        array = np.asarray(namespace(computed, chosen)[name], float)
    line = f"{chosen['where'][name]}: "
    if array.size > MOST_READ:
        return line + many(array)
    rows = array.reshape(-1, array.shape[-1] if array.ndim else 1)
    return line + "; ".join(", ".join(number(x) for x in row) for row in rows)


def parts_at(computed, y, x, place):
    """The factors that light up for one entry of the tensor: the δ that makes it 0, or its core."""
    present = computed.present
    if place >= 0:
        return ["J", *(["core", computed.core[0]] if computed.core else [])]
    local, places = computed.local, np.unravel_index(x, computed.full.shape)
    outer = zip(present.letters[present.op.output], local.outer,
                np.unravel_index(y, computed.Y.shape), strict=True)
    inner = [*zip(present.letters[present.wrt], local.inner, places, strict=True)]
    return ["J", *(f"δ {a} {b}" for a, tie, i in outer for b, other, j in inner
                   if tie == other and i != j)]


