"""What the explorer draws in a browser: plain values and arrays as bytes. Pure."""

import re
from functools import lru_cache

import numpy as np
from latex2mathml.converter import convert

from ..calculus.cost import cost
from ..calculus.gradcheck import relative_error
from ..calculus.jacobian import bytes_text
from ..pictures.arrays import axis_colour
from .array import array_spec
from .explorer_reading import core_name, number
from .explorer_state import MOST_IMAGINED, MOST_SIZE, compute, names
from .tensor import tensor_spec

SAME = 1e-12  # relative; what rounding may leave between two orders of one sum


@lru_cache(maxsize=512)
def mathml(latex, letters):
    """LaTeX as MathML, every axis letter in its colour."""

    def coloured(match):
        letter = match.group(1)
        return (
            f'<mi class="tm-axis-{axis_colour(letter)}">{letter}</mi>'
            if letter in letters
            else match.group(0)
        )

    # Browsers know no double-struck figure by attribute, only as a character.
    math = convert(latex, display="block").replace(
        '<mn mathvariant="double-struck">1</mn>', "<mn>𝟙</mn>"
    )
    return re.sub(r"<mi>(\w)</mi>", coloured, math)


def contraction(present):
    """LaTeX of the full way: the sum over every entry of Y."""
    outer, inner = present.letters["Y"], present.letters[present.wrt]
    primed = "".join(f"{letter}'" for letter in inner)
    name, of_output = present.wrt, "".join(outer)
    return (
        rf"\frac{{dL}}{{d{name}_{{{primed}}}}} = \sum_{{{','.join(outer)}}} G_{{{of_output}}}\,"
        rf"\frac{{\partial Y_{{{of_output}}}}}{{\partial {name}_{{{primed}}}}}"
    )


def show(present):
    """The whole state for the browser. Raises what computing it raises."""
    computed = compute(present)
    letters = tuple(
        dict.fromkeys((*present.letters["Y"], *present.letters[present.wrt], *present.sizes))
    )
    formulas = present.op.formulas_at(**present.parameters)
    chosen = formulas[present.wrt]
    return {
        "controls": controls(present),
        "arrays": arrays(present, computed),
        "tensor": tensor(present, computed),
        "math": {
            "forward": mathml(formulas["Y"]["latex"], letters),
            "full": mathml(contraction(present), letters),
            "entry": mathml(chosen["entry"], letters),
            "compact": mathml(chosen["latex"], letters),
        },
        "numpy": f"d{present.wrt} = {chosen['numpy']}",
        "why": chosen["why"],
        "headline": headline(present, computed),
        "verdict": verdict(computed),
        "costs": costs(present),
    }


def axis(letter, size, mark=""):
    """An axis as the browser knows it."""
    return {"letter": letter, "size": int(size), "colour": axis_colour(letter), "mark": mark}


def controls(present):
    """What can be chosen and what is chosen."""
    return {
        "operations": names(),
        "operation": present.operation,
        "inputs": list(present.inputs),
        "wrt": present.wrt,
        "layout": present.layout,
        "mode": present.mode,
        "sizes": [
            axis(letter, size) | {"most": MOST_SIZE} for letter, size in present.sizes.items()
        ],
        "parameters": [
            {"name": name, "value": present.parameters[name], "low": low, "high": high}
            for name, (low, high) in present.op.ranges.items()
        ],
        "imagined": [
            axis(letter, size) | {"most": MOST_IMAGINED}
            for letter, size in present.imagined.items()
        ],
    }


def arrays(present, computed):
    """Every grid on the screen by its place."""
    letters, wrt = present.letters, present.wrt
    specs = {
        name: array_spec(name, value, letters[name], editable=True)
        for name, value in present.inputs.items()
    }
    specs["Y"] = array_spec("Y", computed.Y, letters["Y"])
    specs["G"] = array_spec("G", present.G, letters["G"], editable=True)
    specs["full"] = array_spec(f"dL/d{wrt}", computed.full, letters[wrt])
    specs["compact"] = array_spec(f"dL/d{wrt}", computed.compact, letters[wrt])
    if np.ndim(computed.local.core):
        specs["core"] = array_spec(
            core_name(present), computed.local.core, computed.local.core_letters
        )
    return specs


def tensor(present, computed):
    """The full Jacobian in the layout chosen, as its core and its pattern."""
    local = computed.local
    sides = (local.outer, local.inner)
    outer, inner = sides if present.layout == "numerator" else sides[::-1]
    spec = tensor_spec(
        f"∂Y/∂{present.wrt}",
        outer,
        inner,
        local.core_letters,
        local.core,
        local.sizes,
        present.mode,
    )
    ours = spec["inner"] if present.layout == "numerator" else spec["outer"]
    theirs = spec["outer"] if present.layout == "numerator" else spec["inner"]
    for part, mark in ((ours, "′"), (theirs, "")):
        for one in part:
            one["mark"] = mark
    return spec


def stored(present, computed):
    """How many numbers the compact way keeps."""
    if present.unnamed != 2:
        return int(np.size(computed.local.core))
    return cost(present.operation, present.wrt, **sizes_here(present)).compact_entries


def sizes_here(present):
    """The sizes of the arrays on the screen, those of the output too."""
    return {**present.sizes, **dict(zip(present.letters["Y"], present.G.shape, strict=True))}


def kept(present, computed):
    """What the compact way keeps, in words."""
    many = stored(present, computed)
    return f"{many:,} number{'s' * (many != 1)}" if many else "nothing"


def headline(present, computed):
    """The point of the screen in numbers."""
    shape = [axis(letter, computed.local.sizes[letter]) for letter in computed.local.outer]
    inner = [axis(letter, computed.local.sizes[letter], "′") for letter in computed.local.inner]
    return {
        "name": f"∂Y/∂{present.wrt}",
        "shape": shape + inner if present.layout == "numerator" else inner + shape,
        "entries": f"{computed.J.size:,}",
        "zeros": f"{int(np.sum(computed.J == 0)):,}",
        "kept": kept(present, computed),
    }


def verdict(computed):
    """Whether both ways agree, and by how much."""
    error = relative_error(computed.full, computed.compact)
    if error <= SAME:
        return {
            "same": True,
            "text": f"The same gradient: largest relative difference {number(error)}.",
        }
    if not (np.isfinite(computed.full).all() and np.isfinite(computed.compact).all()):
        return {
            "same": False,
            "text": "∞ or nan met the zeros of the full tensor, and 0·∞ is nan there; "
            "the compact way never multiplies by those zeros.",
        }
    return {"same": False, "text": f"The two ways differ by {number(error)}."}


def costs(present):
    """The cost strip: now, and at the imagined sizes."""
    here = (
        cost(present.operation, present.wrt, **sizes_here(present))
        if present.unnamed == 2
        else None
    )
    return {
        "now": cost_rows(here) if here else [],
        "imagined": cost_rows(cost(present.operation, present.wrt, **present.imagined)),
    }


def cost_rows(counted):
    """Entries, memory and multiplications: full and compact, as numbers and as text."""
    pairs = (
        ("numbers", counted.full_entries, counted.compact_entries, "{:,}".format),
        ("memory", counted.full_bytes, counted.compact_bytes, bytes_text),
        (
            "multiplications",
            counted.full_multiplications,
            counted.compact_multiplications,
            "{:,}".format,
        ),
    )
    return [
        {
            "what": what,
            "full": float(full),
            "compact": float(compact),
            "full_text": text(full),
            "compact_text": text(compact),
        }
        for what, full, compact, text in pairs
    ]
