"""One entry of the gradient, played: its terms the full way, then the compact way. Pure."""

import numpy as np

from ....words import count, four, plural
from ..entrywise import hatted, read_line
from ..reading import core_places, entry

WHOLE, WIDEST = 20, 5  # an output of at most so many entries and columns is shown whole,
WINDOW, COLUMNS = 12, 4  # of a larger one so many terms, the largest, in so many columns
LIFTED = {("numerator", "tiles"): "the cell at its place in every tile",
          ("numerator", "blocks"): "its column", ("denominator", "tiles"): "its tile",
          ("denominator", "blocks"): "its row"}


def played(computed):
    """What the browser plays of the entry chosen; None where none is, or there is no entry."""
    present = computed.present
    if present.played is None or not computed.full.size:
        return None
    x = min(present.played, computed.full.size - 1)
    name = entry(f"d{present.wrt}", computed.full.shape, x)
    full, compact = full_way(computed, x), compact_way(computed, x)
    if compact["line"] and not compact["line"]["numbers"]:  # then what it adds up, by the tensor
        compact["line"]["numbers"] = full["sum"]
    return {"index": x, "of": computed.full.size, "name": name, "full": full, "compact": compact,
            "steps": sentences(computed, x, name, full, compact)}


def telling(computed):
    """The entry of the gradient to begin with: the largest finite one."""
    gradient = np.abs(computed.compact.reshape(-1))
    return int(np.argmax(np.where(np.isfinite(gradient), gradient, -1))) if gradient.size else 0


def factors(computed, x):
    """(what each entry of Y changes by, times its G), of Y's size: these terms sum to entry x."""
    J = computed.J.reshape(computed.Y.size, computed.full.size)[:, x]
    with np.errstate(all="ignore"):
        return J, J * computed.present.G.reshape(-1)


def core_factors(computed, x):
    """(entries of Y, places in the core) of the terms that no delta makes 0, or None.

    None where the compact way keeps something smaller than the core.
    """
    local = computed.local
    if computed.present.op.derivatives[computed.present.wrt].stored and np.ndim(local.core):
        return None
    places = core_places(local).reshape(computed.Y.size, computed.full.size)[:, x]
    flats = np.flatnonzero(places >= 0)
    return flats, places[flats]


def window(products, most):
    """The flat indices of the largest terms, in order; zeros near the largest fill up."""
    if products.size <= most:
        return np.arange(products.size)
    size = np.where(np.isnan(products), np.inf, np.abs(products))
    far = np.abs(np.arange(size.size) - np.argmax(size))
    return np.sort(np.lexsort((far, -size))[:most])


def full_way(computed, x):
    """The slice of the tensor, G and their products, cell by cell, and the sum."""
    present, shape = computed.present, computed.Y.shape
    J, products = factors(computed, x)
    columns = shape[-1] if shape else 1
    whole = J.size <= WHOLE and columns <= WIDEST
    shown = window(products, J.size if whole else WINDOW)
    labels = [] if whole else [index(shape, y) for y in shown]
    below = entry(present.wrt, computed.full.shape, x)
    slope = {"name": f"∂{present.op.output}/∂{below}", "values": packed(J[shown]), "labels": labels}
    upstream = {"name": "G", "values": packed(present.G.reshape(-1)[shown]), "labels": labels}
    return {"factors": [slope, upstream], "at": [int(y) for y in shown],
            "columns": max(columns, 1) if whole else COLUMNS,
            **added(products, shown, computed.full.reshape(-1)[x])}


def compact_way(computed, x):
    """The same entry by what the compact way keeps: cells, or a line of NumPy read at the entry."""
    present, total = computed.present, computed.compact.reshape(-1)[x]
    found = core_factors(computed, x)
    if found is None:
        return {"line": read_line(computed, x), "total": four(total), "terms": None}
    flats, places = found
    core, G = np.asarray(computed.local.core), present.G.reshape(-1)[flats]
    kept = core.reshape(-1)[places]
    with np.errstate(all="ignore"):
        products = kept * G
    shown = window(products, WINDOW)
    upstream = {"name": "G", "values": packed(G[shown]),
                "labels": [index(computed.Y.shape, y) for y in flats[shown]]}
    names = [index(core.shape, place) for place in places[shown]] if core.ndim else []
    slope = {"name": hatted(computed.core_name) if core.ndim else "slope",
             "values": packed(kept[shown]), "labels": names or [""] * shown.size}
    alone = not core.ndim and core == 1  # nothing is multiplied where all slopes are 1
    return {"factors": [upstream] if alone else [upstream, slope], "columns": COLUMNS, "line": None,
            "terms": 0 if alone else int(flats.size), **added(products, shown, total)}


def added(products, shown, total):
    """The products shown, what of them falls away, what is not shown, and the sum in words."""
    rest = np.delete(products, shown)
    zeros, smaller = int(np.sum(rest == 0)), rest[rest != 0]
    more = [plural(smaller.size, "smaller term")] if smaller.size else []
    more += [plural(zeros, "zero")] if zeros else []
    used = products[shown][products[shown] != 0]
    texts = [chain(used)] if used.size else []
    if smaller.size:
        texts.append(f"{plural(smaller.size, 'smaller term')} ({four(smaller.sum())})")
    return {"products": packed(products[shown]), "zeros": int(np.sum(products == 0)),
            "all": int(products.size), "rest": f"and {' and '.join(more)}" if more else "",
            "sum": " + ".join(texts), "total": four(total)}


def chain(values):
    """`0.3000 − 0.1200 + 0.0450`."""
    first, *others = values
    parts = [f" − {four(-x)}" if x < 0 else f" + {four(x)}" for x in others]
    return four(first) + "".join(parts)


def index(shape, flat):
    """`1,2`, the place of an entry."""
    return entry("", shape, flat).strip("[]")


def packed(values):
    """Numbers as bytes, for JSON has no nan and no ∞."""
    return np.ascontiguousarray(values, "<f8").tobytes()


def sentences(computed, x, name, full, compact):
    """What each step says, read aloud too."""
    present, many, zeros = computed.present, full["all"], full["zeros"]
    slope, out = full["factors"][0]["name"], present.op.output
    fallen = f"{zeros:,} of the {plural(many, 'product')} {'is' if zeros == 1 else 'are'} 0: " \
             f"{'it falls' if zeros == 1 else 'they fall'} away."
    return [
        f"{name} takes {LIFTED[present.layout, present.mode]}: {slope}, "
        f"{count(many, 'number')}, one for each entry of {out}.",
        f"Beside it G: how much the loss changes with each entry of {out}.",
        f"Cell by cell they are multiplied: {count(many, 'product')}.",
        fallen if zeros else f"None of the {plural(many, 'product')} is 0: nothing falls away.",
        f"What is left adds up and lands in dL/d{present.wrt}: {name} = {full['total']}.",
        ending(computed, x, name, full, compact)]


def ending(computed, x, name, full, compact):
    """What the last step says: the compact way, its number, and what it saved."""
    one, other = computed.full.reshape(-1)[x], computed.compact.reshape(-1)[x]
    left = f"The compact way: {name} = {compact['total']}"
    if not np.isclose(one, other, rtol=1e-6, atol=1e-12, equal_nan=True):
        return f"{left}, not {full['total']}: the verdict says why."
    if compact["terms"] is None:
        return f"{left}, the same number, without the big tensor."
    if not compact["terms"]:
        return f"{left}, the same number, and nothing was multiplied."
    if compact["terms"] == full["all"]:
        return f"{left}, the same number from the same products."
    fewer = f"{plural(compact['terms'], 'multiplication')} instead of {full['all']:,}"
    return f"{left}, the same number with {fewer}."
