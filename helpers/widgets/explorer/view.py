"""What the explorer draws in a browser: plain values and arrays as bytes. Pure."""

from functools import lru_cache

import numpy as np

from ...calculus.cost import cost
from ...calculus.discover import discover
from ...calculus.discover.imagined import imagined_cost
from ...calculus.errors import LessonError
from ...calculus.latex import symbol
from ...calculus.operation import OPERATIONS, operation
from ...pictures.palette import axis_colour
from ...words import bytes_text, number
from ..array import array_spec
from ..kit.formulas import mathml
from ..tensor import tensor_spec
from .entrywise import hatted
from .factors import legend, linked_math
from .play import played
from .state import MOST_IMAGINED, MOST_SIZE, compute

SAME = 1e-12  # relative; what rounding may leave between two orders of one sum
DIFFERENCES = 1e-6  # what measured slopes may leave


def contraction(present):
    """LaTeX of the full way: the sum over every entry of the output."""
    name, out = present.wrt, present.op.output
    outer, inner = present.letters[out], present.letters[name]
    primed = "".join(f"{letter}'" for letter in inner)
    below = "".join(outer)
    upstream = f"G_{{{below}}}" if outer else "G"
    total = rf"\sum_{{{','.join(outer)}}} " if outer else ""
    output = f"{out}_{{{below}}}" if outer else out
    variable = f"{symbol(name)}_{{{primed}}}" if inner else symbol(name)
    return (
        rf"\frac{{dL}}{{d{variable}}} = {total}{upstream}\,"
        rf"\frac{{\partial {output}}}{{\partial {variable}}}"
    )


def entry_rule(computed, chosen):
    """LaTeX of the rule of one entry; of an own function the deltas that its zeros show."""
    present, local = computed.present, computed.local
    if present.operation in OPERATIONS:
        return chosen["entry"]
    pairs = [(a, b) for a, tie in zip(present.letters[present.op.output], local.outer, strict=True)
             for b, other in zip(present.letters[present.wrt], local.inner, strict=True)
             if tie == other]
    deltas = r"\,".join(rf"\delta_{{{a}{b}'}}" for a, b in pairs)
    left, measured = chosen["entry"].split(r"\text", 1)
    return rf"{left} = {deltas}\,\text{{ · measured}}" if deltas else left + r"\text" + measured


def show(present):
    """The whole state for the browser. Raises what computing it raises."""
    computed = compute(present)
    letters, texts = tuple(present.sizes), computed.texts
    chosen, signs = texts[present.wrt], legend(computed)
    math = {"forward": texts[present.op.output]["latex"], "full": contraction(present),
            "entry": entry_rule(computed, chosen), "compact": chosen["latex"]}
    return {
        "controls": controls(present),
        "arrays": arrays(computed),
        "tensor": tensor(computed),
        "math": {name: linked_math(latex, letters, signs) for name, latex in math.items()},
        "numpy": numpy_lines(present.wrt, chosen),
        "derivation": derivation(present, chosen, letters),
        "play": played(computed),
        "why": chosen["why"].rstrip("."),  # the page ends the sentence
        "upstream": upstream(present),
        "headline": headline(computed),
        "verdict": verdict(computed),
        "costs": costs(computed),
    }


def numpy_lines(wrt, chosen):
    """The compact way in NumPy, after the lines it builds on."""
    before = [f"{name} = {line}" for name, line in chosen.get("where", {}).items()]
    return "\n".join([*before, f"d{wrt} = {chosen['numpy']}"])


def derivation(present, chosen, letters):
    """The steps on paper as [title, MathML], while they are open; else None."""
    if not present.derives:
        return None
    steps = chosen.get("derivation") or derived(
        present.operation, present.wrt, present.ndim, tuple(present.parameters.items()))
    return [[title, mathml(latex, letters)] for title, latex in steps]


@lru_cache(maxsize=128)
def derived(name, wrt, ndim, parameters):
    """The derivation of a row of the table, as `discover` writes it for an example."""
    op, numbers = operation(name), dict(parameters)
    inputs, given = op.example(np.random.default_rng(0), (), ndim, **numbers)
    return discover(op, *inputs, wrt=wrt, **given).derivation


def upstream(present):
    """What G is, in a sentence."""
    if present.G.ndim:
        return f"G = dL/d{present.op.output}, from the rest of the network. Edit it too."
    return "The output is the loss itself: its upstream gradient is 1 unless more follows."


def axis(letter, size, mark=""):
    """An axis as the browser knows it."""
    return {"letter": letter, "size": int(size), "colour": axis_colour(letter), "mark": mark}


def controls(present):
    """What can be chosen and what is chosen."""
    sliders = [
        {"name": name, "value": present.parameters[name], "low": low, "high": high,
         "step": 1 if isinstance(present.op.parameters[name], int) else (high - low) / 20}
        for name, (low, high) in present.op.ranges.items()
        if name not in present.free_sizes
    ]
    return {
        "operations": [*([present.own.operation] if present.own else []), *OPERATIONS],
        "operation": present.operation,
        "inputs": list(present.inputs),
        "wrt": present.wrt,
        "layout": present.layout,
        "mode": present.mode,
        "sizes": [axis(k, v) | {"most": MOST_SIZE} for k, v in present.free_sizes.items()],
        "parameters": sliders,
        "imagined": [axis(k, v) | {"most": MOST_IMAGINED} for k, v in present.imagined.items()
                     if imaginable(present)],
    }


def arrays(computed):
    """Every grid on the screen by its place."""
    present = computed.present
    letters, wrt, out = present.letters, present.wrt, present.op.output
    given = {**present.inputs, **present.constants}
    forward = {n: array_spec(n, v, letters[n], editable=True) for n, v in given.items()}
    for name in present.constants:
        forward[name]["note"] = "given"
    forward[out] = array_spec(out, computed.Y, letters[out])
    kept = {}
    if computed.core:
        name, values, axes = computed.core
        kept["core"] = array_spec(hatted(name), values, axes)
    return {"forward": forward,
            "upstream": {"G": array_spec("G", present.G, letters["G"], editable=True)},
            "full": {"gradient": array_spec(f"dL/d{wrt}", computed.full, letters[wrt])},
            "kept": kept,
            "compact": {"gradient": array_spec(f"dL/d{wrt}", computed.compact, letters[wrt])}}


def tensor(computed):
    """The full Jacobian in the layout chosen, as its core and its pattern."""
    present = computed.present
    local, numerator = computed.local, present.layout == "numerator"
    sides = (local.outer, local.inner)
    spec = tensor_spec(f"∂{present.op.output}/∂{present.wrt}",
                       *(sides if numerator else sides[::-1]), local.core_letters, local.core,
                       local.sizes, present.mode)
    ours, theirs = ("inner", "outer") if numerator else ("outer", "inner")
    spec[ours] = [one | named(letter, "′")
                  for one, letter in zip(spec[ours], present.letters[present.wrt], strict=True)]
    spec[theirs] = [one | {"mark": ""} for one in spec[theirs]]
    return spec


def named(letter, mark):
    """The name and colour of an axis whose letter in the pattern may differ: n′ may be free."""
    return {"name": letter, "colour": axis_colour(letter), "mark": mark}


def imaginable(present):
    """Whether other sizes may be counted: `cost` takes `...` for two axes alone."""
    return "..." not in present.op.axes or present.ndim == 2


def headline(computed):
    """The point of the screen in numbers."""
    present = computed.present
    out, wrt = present.op.output, present.wrt
    outer = [axis(k, v) for k, v in zip(present.letters[out], computed.Y.shape, strict=True)]
    inner = [axis(k, v, "′")
             for k, v in zip(present.letters[wrt], computed.full.shape, strict=True)]
    return {"name": f"∂{out}/∂{wrt}",
            "shape": outer + inner if present.layout == "numerator" else inner + outer,
            "entries": f"{computed.J.size:,}", "zeros": f"{int(np.sum(computed.J == 0)):,}",
            "kept": computed.kept}


def tolerance(present):
    """What two ways to the same gradient may differ by, relative."""
    return SAME if present.operation in OPERATIONS else DIFFERENCES


def verdict(computed):
    """Whether both ways agree, and by how much."""
    error, most = computed.error, tolerance(computed.present)
    if error <= most:
        by = "" if most == SAME else " (the full tensor was measured)"
        text = f"The same gradient: largest relative difference {number(error)}{by}."
        return {"same": True, "text": text}
    if not (np.isfinite(computed.full).all() and np.isfinite(computed.compact).all()):
        text = (
            "∞ or nan met the zeros of the full tensor, and 0·∞ is nan there; "
            "the compact way never multiplies by those zeros."
        )
        return {"same": False, "text": text}
    return {"same": False, "text": f"The two ways differ by {number(error)}."}


def costs(computed):
    """What is saved: now, and at the imagined sizes; None where they cannot be counted, and why."""
    present, imagined, why = computed.present, None, ""
    if imaginable(present):
        try:
            imagined = saving(imagined_of(present))
        except LessonError as error:
            why = str(error)
    return {"now": saving(computed.cost), "imagined": imagined, "why": why}


def imagined_of(present):
    """The `Cost` at the imagined sizes. Raises what there is to say against them."""
    if present.operation in OPERATIONS:
        sizes = {**present.parameters, **present.imagined}
        return counted_at(present.operation, present.wrt, tuple(sizes.items()))
    now = {letter: present.sizes[letter] for letter in present.imagined}
    return imagined_cost(present.op, present.wrt, now, present.imagined)


@lru_cache(maxsize=128)  # most edits change numbers, not sizes
def counted_at(name, wrt, sizes):
    """The `Cost` of a row of the table at these (letter, size) pairs."""
    return cost(name, wrt, **dict(sizes))


def saving(counted):
    """The factor in large letters, its price, and rows: numbers, memory, multiplications."""
    full, compact = counted.full_entries, counted.compact_entries
    rows = (
        ("numbers", full, compact, "fewer", "{:,}".format),
        ("memory", counted.full_bytes, counted.compact_bytes, "less", bytes_text),
        ("multiplications", counted.full_multiplications, counted.compact_multiplications,
         "fewer", "{:,}".format),
    )
    none = full and not compact
    return {
        "factor": f"no number instead of {full:,}" if none
        else f"{ratio(full, compact, 'fewer')} numbers",
        "but": price(counted),
        "rows": [{"what": what, "full": text(full), "compact": text(compact),
                  "ratio": ratio(full, compact, less)}
                 for what, full, compact, less, text in rows],
    }


def price(counted):
    """What fewer numbers cost where they take more multiplications: one claim, not half of it."""
    full, compact = counted.full_multiplications, counted.compact_multiplications
    if full >= compact or counted.full_entries <= counted.compact_entries:
        return ""
    times = f"{compact / full:.2g} ×" if full else f"{compact:,}"
    return f"for {times} more multiplications"


def ratio(full, compact, less):
    """`65,536 × fewer`, `1.7 × more`, `as many`: the full way against the compact one."""
    if full == compact:
        return "as much" if less == "less" else "as many"
    if not (full and compact):
        return "none at all" if full else "more"
    way = less if full > compact else "more"
    times = max(full, compact) / min(full, compact)
    return f"{times:,.0f} × {way}" if times >= 10 else f"{times:.2g} × {way}"
