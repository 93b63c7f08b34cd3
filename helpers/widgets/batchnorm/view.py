"""What the batch norm lab draws in a browser: plain values and arrays as bytes. Pure."""

import numpy as np

from ...calculus import batchnorm as bn
from ...pictures.palette import axis_colour
from ...words import four, number, short
from ..array import array_spec
from ..kit.formulas import mathml
from .nodes import OPS, PLACES
from .reading import ADDING, addition, at, said, seen, step_at, symbol
from .state import EPS_CHOICES, MOST_EXAMPLES, NAMES, OUTLIER_ROW, STATISTICS, compute, counts

# Relative to γ/s·G, not to dX: where dX is 0 but for rounding, rounding is all that it holds.
SAME = 1e-12   # what rounding may leave between two orders of one sum
NOTHING = 1e-9  # a sum as small as this is 0 up to rounding

FIXED_OPS = {"mu": "stored", "v": "stored"}


def show(present):
    """The whole state for the browser. Raises what computing it raises."""
    computed = compute(present)
    return {"controls": controls(present), "arrays": editable(present),
            "graph": graph(present, computed), "step": step(present, computed),
            "path": path(present, computed), "collapsed": collapsed(present, computed),
            "sums": sums(present, computed), "jacobian": jacobian(present, computed),
            "notes": notes(present, computed)}


def controls(present):
    """What can be chosen and what is chosen."""
    X, f = present.arrays["X"], present.feature
    nearest = min(range(len(EPS_CHOICES)), key=lambda i: abs(EPS_CHOICES[i] - present.eps))
    forward, last = counts(present.mode)
    return {
        "mode": present.mode, "ddof": present.ddof, "feature": f, "features": X.shape[1],
        "parts": present.parts, "path": int(present.path), "step": present.step,
        "forward": forward, "last": last,
        "sliders": [
            {"name": "n", "label": "N", "value": len(X), "low": 1, "high": MOST_EXAMPLES,
             "step": 1, "text": str(len(X))},
            {"name": "eps", "label": "ε", "value": nearest, "low": 0,
             "high": len(EPS_CHOICES) - 1, "step": 1, "text": short(present.eps)},
            {"name": "gamma", "label": f"γ[{f}]", "value": float(present.arrays["gamma"][f]),
             "low": -3, "high": 3, "step": 0.1,
             "text": short(present.arrays["gamma"][f])},
            {"name": "outlier", "label": f"outlier X[{OUTLIER_ROW},{f}]",
             "value": float(X[OUTLIER_ROW, f]), "low": -20, "high": 20, "step": 0.1,
             "text": short(X[OUTLIER_ROW, f])},
        ],
    }


def letters_of(name):
    """Axis letters of an array of the lab."""
    return ("n", "h") if name in ("X", "G") else ("h",)


def editable(present):
    """The grids that a student changes."""
    names = ("X", "G", *STATISTICS[present.mode])
    return [{"key": name, **array_spec(NAMES[name], present.arrays[name], letters_of(name),
                                       editable=True)} for name in names]


def axes_of(name, shape):
    """The axes of a value of the graph, each in its colour."""
    return [{"letter": letter, "mark": "", "size": size, "colour": axis_colour(letter)}
            for letter, size in zip(bn.LETTERS[name].split(), shape, strict=True)]


def graph(present, computed):
    """Nodes with the numbers of the chosen feature, and edges."""
    now, forward = step_at(present, computed), counts(present.mode)[0]
    backward = computed.backward[:max(present.step - forward, 0)]
    results = [one.result for one in computed.forward]
    known = {"X", "gamma", "beta", *results[:present.step],
             *(name for name in FIXED_OPS if name not in results)}
    back = hasattr(now, "sent")
    aims = [sent.to for sent in now.sent] if back else []
    active = set(aims) if back else {getattr(now, "result", "")}
    totals = arrived(backward)
    if present.step >= forward:
        totals["Y"] = [computed.gradients["Y"]]
    nodes = [node(present, computed, name, name in known, totals.get(name, []), name in active)
             for name in PLACES if name in computed.values]
    edges = [{"from": need, "to": one.result,
              "state": edge_state(need, one, present.step > place, backward),
              "active": (one.result == getattr(now, "result", "")) and (not back or need in aims)}
             for place, one in enumerate(computed.forward) for need in one.needs if need in PLACES]
    return {"nodes": nodes, "edges": edges, "back": back}


def arrived(backward):
    """The running totals of the gradient at each node, in the order in which they came."""
    totals = {}
    for one in backward:
        for sent in one.sent:
            totals.setdefault(sent.to, []).append(sent.total)
    return totals


def edge_state(need, one, taken, backward):
    """Has anything passed: "idle", "forward" or "back"?"""
    sent = any(step.result == one.result and s.to == need for step in backward for s in step.sent)
    return "back" if sent else "forward" if taken else "idle"


def node(present, computed, name, known, totals, active):
    """One box of the graph."""
    f, value = present.feature, computed.values[name]
    fixed = present.mode == "evaluation" and name in FIXED_OPS
    parts = sum(s.to == name for one in computed.backward for s in one.sent)
    column, lane = PLACES[name]
    some = f"{len(totals)} of {parts}" if parts > 1 and len(totals) < parts else "sum of 2"
    return {"id": name, "symbol": symbol(name), "op": FIXED_OPS[name] if fixed else OPS[name],
            "axes": axes_of(name, value.shape), "column": column, "lane": lane, "active": active,
            "value": at(value, f).tolist() if known else None,
            "gradient": at(totals[-1], f).tolist() if totals else None,
            "adds": some if parts > 1 and totals else "", "constant": fixed}


def step(present, computed):
    """The step taken last: its formula, its rule and its numbers as columns of a table."""
    now, (forward, last) = step_at(present, computed), counts(present.mode)
    if now is None:
        return {"title": "Before the first step", "maths": [], "columns": [], "adds": "",
                "said": "X, γ and β are known, and nothing else. Press “Step”."}
    if hasattr(now, "sent"):
        title = f"Backward {present.step - forward} of {last - forward}: {now.name}"
        maths = [[s.local, s.latex] for s in now.sent]
        columns = backward_columns(present, computed, now)
    else:
        title = f"Forward {present.step} of {forward}: {now.name}"
        maths, columns = [[now.latex]], forward_columns(present, computed, now)
    return {"title": title, "maths": [[mathml(one, ("n", "h")) for one in line] for line in maths],
            "columns": columns, "adds": addition(present), "said": said(present)}


def column(present, name, value, sign="", new=False):
    """One column of the step's table: the numbers of the chosen feature."""
    numbers = at(value, present.feature)
    return {"name": symbol(name), "sign": sign, "new": new,
            "axes": axes_of(name.removeprefix("d"), np.shape(value)),
            "values": numbers.tolist(), "texts": alike(numbers)}


def alike(numbers, among=None):
    """Numbers of one column in one format: whole ones whole only where all of them are."""
    among = numbers if among is None else among
    if all(float(x).is_integer() for x in np.ravel(among)):
        return [number(x) for x in numbers]
    return ["0.0000" if seen(x, among) == "0.0000" else four(x) for x in numbers]


def forward_columns(present, computed, now):
    """What goes into the step, and what comes out."""
    into = [column(present, need, computed.values[need]) for need in now.needs if need in PLACES]
    return [*into, column(present, now.result, now.value, "→", True)]


def backward_columns(present, computed, now):
    """The upstream gradient, and what is sent to each input; where two add, both and the sum."""
    columns = [column(present, f"d{now.result}", now.upstream)]
    for sent in now.sent:
        name, adds = f"d{sent.to}", now.name in ADDING
        if adds:
            columns.append(column(present, name, sent.value, "→", True) | {"name": "sent"})
            before = column(present, name, sent.total - sent.value, "+")
            columns.append(before | {"name": f"{symbol(name)} so far"})
        columns.append(column(present, name, sent.total, "=" if adds else "→", True))
    return columns


def path(present, computed):
    """The switch that drops the path from the variance to the mean, and the number it drops."""
    if present.mode == "evaluation":
        return {"shown": False, "text": ""}
    if present.path:
        return {"shown": True, "text": ""}  # a student drops the path first, and predicts
    f = present.feature
    lost = bn.path_through_variance(computed.values, computed.backward)[f]
    total = float(computed.values["C"][:, f].sum())
    return {"shown": True, "text": (
        f"The path v → μ would add −Σ 2·C·dQ = {rounded(lost)} to dμ[{f}]: dQ is the same for "
        f"every example, and Σ C = {rounded(total)}.")}


def rounded(x):
    """A number that may be 0 up to rounding, said as such."""
    return f"{short(x)} (rounding)" if 0 < abs(x) < NOTHING else short(x)


def collapsed(present, computed):
    """The one formula beside the steps."""
    values, last = computed.values, counts(present.mode)[1]
    stepped, formula = computed.gradients["X"], computed.collapsed["X"]
    size = arriving(computed).max()
    error = float(np.abs(stepped - formula).max() / size) if size else 0.0
    finished = present.step == last
    inside = "G"
    N = bn.over("@", values)
    if present.mode == "training":
        along = (r"\mathrm{mean}(G \odot \hat{X})" if N == "N"
                 else r"\frac{\sum G \odot \hat{X}}{N-1}")
        inside = rf"\left(G - \mathrm{{mean}}(G) - \hat{{X}} \odot {along}\right)"
    latex = rf"dX = \frac{{\gamma}}{{\sqrt{{v+\varepsilon}}}} \odot {inside}"
    along = "(G * Xhat).mean(0)" if N == "N" else "(G * Xhat).sum(0) / (N - 1)"
    rest = f"(G - G.mean(0) - Xhat * {along})" if present.mode == "training" else "G"
    f = present.feature
    same = error <= SAME
    text = (f"The same: largest relative difference {number(error)}." if same
            else f"They differ by {number(error)}.")
    dropped = "" if present.path or not same else " And one path was left out!"
    return {
        "math": mathml(latex, ("n", "h")), "numpy": f"dX = gamma / s * {rest}",
        "finished": finished, "same": same, "feature": f, "features": len(formula[0]),
        "steps": len(computed.backward), "values": formula[:, f].tolist(),
        "rows": [[*texts, short(one - other)] for *texts, one, other in zip(
            alike(stepped[:, f], formula), alike(formula[:, f], formula),
            stepped[:, f], formula[:, f], strict=True)],
        "text": text + dropped if finished else
        "Not back at X yet: press “All backward”.",
    }


def arriving(computed):
    """How large what reaches C from Y is, |γ/s·G| (N, H): the measure for rounding in dX."""
    return np.abs(computed.values["gamma"] * computed.values["r"] * computed.gradients["Y"])


def sums(present, computed):
    """The sums over the batch that must be 0, for every feature, once the steps are done."""
    if present.step < counts(present.mode)[1]:
        return {"rows": [], "text": ""}  # a student predicts them first
    values, dX = computed.values, computed.collapsed["X"]
    along = (dX * values["Xhat"]).sum(0)
    size = arriving(computed).sum(0)
    training = present.mode == "training"
    rows = [sum_row("Σ dX", dX.sum(0), size if training else 0 * size),
            sum_row("Σ dX·X̂", along, size if training else 0 * size)]
    if training:
        share = bn.kept_share(values)
        along_G = (computed.gradients["Y"] * values["Xhat"]).sum(0)
        told = values["gamma"] * values["r"] * share * along_G
        rows += [sum_row("predicted", told, 0 * size), sum_row("ε/(v+ε)", share, 0 * size)]
        text = ("The columns of dX add up to 0. Along X̂ only the share ε/(v+ε) gets through, "
                "nothing when ε is 0: predicted is γ/s · ε/(v+ε) · Σ G·X̂.")
    else:
        text = "With fixed statistics nothing forces these sums to be 0."
    return {"rows": rows, "text": text}


def sum_row(name, numbers, size):
    """One line of sums; `zero` where the sum is 0 up to rounding for its size."""
    zero = (np.abs(numbers) <= NOTHING * size) & (size > 0)
    texts = [f"{x:.0e}".replace("-", "−") if nil and x else four(x)
             for x, nil in zip(numbers, zero, strict=True)]
    return {"name": name, "texts": texts, "zero": zero.tolist()}


def jacobian(present, computed):
    """The three parts, their sum so far, and what the sum does to directions and to G."""
    f, k = present.feature, present.parts
    N, training = len(computed.values["X"]), present.mode == "training"
    total = sum(computed.parts[:k], np.zeros((N, N)))
    degrees = bn.over("@", computed.values)
    texts = [r"\frac{\gamma}{s}\,I", r"-\frac{\gamma}{s}\,\frac{1}{N}\,𝟏\,𝟏^\top",
             rf"-\frac{{\gamma}}{{s}}\,\frac{{1}}{{{degrees}}}\,\hat{{x}}\hat{{x}}^\top"]
    if not training:
        texts[1:] = "0", "0"
    g = computed.gradients["Y"][:, f]
    return {
        "n": N, "training": training, "colour": axis_colour("n"), "feature": f,
        "parts": [{"name": name, "math": mathml(text, ()), "values": part.ravel().tolist()}
                  for name, text, part in zip(("identity", "mean part", "x̂ part"), texts,
                                              computed.parts, strict=True)],
        "sum": total.ravel().tolist(), "limit": float(max(np.abs(p).max() for p in computed.parts)),
        "g": g.tolist(), "gradient": (g @ total).tolist(),
        "finished": k == 3 or not training, "directions": directions(present, computed, total),
    }


def directions(present, computed, total):
    """How much of a change along 1, along x̂ and along any other direction gets through."""
    x, N = computed.values["Xhat"][:, present.feature], len(total)
    steepest = np.abs(computed.values["gamma"] * computed.values["r"])[present.feature]
    rows = [("all examples move together", np.ones(N))]
    across = x - x.mean()
    if np.abs(across).max(initial=0) > NOTHING:
        rows.append(("the batch stretches, along x̂", across))
        if N > 2:
            basis = np.linalg.qr(np.column_stack([np.ones(N), across, np.eye(N)]))[0]
            rows.append(("any other way" + (f" ({N - 2} of them)" if N > 3 else ""), basis[:, 2]))
    slopes = [float(u @ total @ u / (u @ u)) for _, u in rows]
    slopes = [0.0 if abs(slope) < 1e-14 * steepest else slope for slope in slopes]
    return [{"name": name, "text": short(slope),
             "share": float(abs(slope) / steepest) if steepest else 0.0}
            for (name, _), slope in zip(rows, slopes, strict=True)]


def notes(present, computed):
    """Sentences about special situations."""
    values, f, N = computed.values, present.feature, len(computed.values["X"])
    found = []
    if present.mode == "evaluation":
        found.append("Evaluation: mean and variance are stored constants, so each example goes "
                     "through the same affine map, and the Jacobian is diagonal.")
    elif N == 1:
        found.append("One example is its own mean: X̂ is 0 and no gradient gets through.")
    elif values["v"][f] == 0:
        found.append(f"Feature {f} is constant in this batch: its variance is 0 and s is √ε.")
    elif N == 2:
        found.append("With two examples 1 and x̂ are the only directions: X̂ is the same up to ε "
                     "whatever X holds, and almost no gradient gets through.")
    elif present.ddof:
        found.append("Bessel: the variance divides by N − 1, so x̂ is a little shorter, x̂ᵀx̂ = "
                     f"{number((values['Xhat'][:, f] ** 2).sum())}, and the formula has N − 1 "
                     "where the biased one has N; the 1/N of the mean stays.")
    return found
