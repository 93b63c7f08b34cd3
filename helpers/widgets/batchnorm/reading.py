"""What the batch norm lab says in numbers, of the step taken last and where a student points."""

import numpy as np

from ...words import factor, number, short
from .nodes import SYMBOLS
from .state import compute, counts

MOST_TERMS = 4
ROW = 0  # the example whose numbers are read out

# {C} is a factor (brackets around a negative number), {C_} the same number alone, {C_sum} the sum
# over the batch; names with d are gradients, `sent` is what this step sends and `before` what had
# arrived already.
FORWARD = {
    "mean": "μ[{f}] = ({X_sum}) / {N} = {mu_}",
    "centre": "C[0,{f}] = X[0,{f}] − μ[{f}] = {X_} − {mu} = {C_}",
    "square": "Q[0,{f}] = C[0,{f}]² = {C}² = {Q_}",
    "variance": "v[{f}] = ({Q_sum}) / {D} = {v_}",
    "root": "s[{f}] = √(v[{f}] + ε) = √({v_} + {eps}) = {s_}",
    "reciprocal": "r[{f}] = 1 / s[{f}] = 1 / {s_} = {r_}",
    "product": "X̂[0,{f}] = C[0,{f}] · r[{f}] = {C_} · {r_} = {Xhat_}",
    "scale": "Z[0,{f}] = γ[{f}] · X̂[0,{f}] = {gamma_} · {Xhat} = {Z_}",
    "shift": "Y[0,{f}] = Z[0,{f}] + β[{f}] = {Z_} + {beta} = {Y_}",
}
BACKWARD = {
    "mean": "dμ[{f}] / N = {dmu_} / {N} = {sent_} for every example, so "
            "dX[0,{f}] = {before_} + {sent} = {dX_}",
    "centre": "dX[0,{f}] = dC[0,{f}] = {sent_} so far\ndμ[{f}] = −Σ dC[n,{f}] = {dmu_}",
    "square": "2 · C[0,{f}] · dQ[0,{f}] = 2 · {C} · {dQ} = {sent_}, so "
              "dC[0,{f}] = {before_} + {sent} = {dC_}",
    "variance": "dQ[0,{f}] = dv[{f}] / {D} = {dv_} / {D} = {dQ_}, the same for every example",
    "root": "dv[{f}] = ds[{f}] / (2 · s[{f}]) = {ds_} / (2 · {s_}) = {dv_}",
    "reciprocal": "ds[{f}] = −r[{f}]² · dr[{f}] = −{r_}² · {dr} = {ds_}",
    "product": "dC[0,{f}] = dX̂[0,{f}] · r[{f}] = {dXhat_} · {r_} = {sent_}\n"
               "dr[{f}] = Σ dX̂[n,{f}] · C[n,{f}] = {dr_}",
    "scale": "dX̂[0,{f}] = γ[{f}] · dZ[0,{f}] = {gamma_} · {dZ} = {dXhat_}\n"
             "dγ[{f}] = Σ dZ[n,{f}] · X̂[n,{f}] = {dgamma_}",
    "shift": "dZ[0,{f}] = dY[0,{f}] = {dZ_}\ndβ[{f}] = {dY_sum} = {dbeta_}",
}
FIXED_PRODUCT = "dC[0,{f}] = dX̂[0,{f}] · r[{f}] = {dXhat_} · {r_} = {sent_}: r is a constant"
DROPPED_CENTRE = ("dX[0,{f}] = dC[0,{f}] = {sent_} so far\ndμ[{f}] = −Σ of the part of dC[n,{f}] "
                  "that the product sent = {dmu_}")
FIXED_CENTRE = "dX[0,{f}] = dC[0,{f}] = {dX_}: μ is a constant"
ADDS = "{symbol} feeds two steps, {steps}: two gradients come back, and they add."
FED = {"C": "square and product", "X": "mean and centre"}
ADDING = ("square", "mean")  # the steps whose gradient meets another one


def symbol(name):
    """`Xhat` as a student writes it: X̂; `dmu` as dμ."""
    if name.startswith("d") and len(name) > 1:
        return f"d{symbol(name[1:])}"
    return SYMBOLS.get(name, name)


def at(values, feature):
    """One feature of an array: (N,) for (N, H), (1,) for (H,), () for one number."""
    values = np.asarray(values)
    return values[..., feature].reshape(-1) if values.ndim else values


def bracketed(text):
    """A number as a factor: a negative one in brackets."""
    return f"({text})" if text.startswith("−") else text


def total(column):
    """`1.2000 + (−0.5000) + …`: a sum written out as far as a line allows."""
    shown = [bracketed(seen(x, column)) for x in column[:MOST_TERMS]]
    return " + ".join(shown + ["…"] * (len(column) > MOST_TERMS))


def seen(x, column):
    """A number as read, but rounding noise beside the others of its column as 0.0000."""
    noise = 0 < abs(x) < 1e-12 * np.abs(column).max(initial=0)
    return "0.0000" if noise else number(x)


def words(computed, feature):
    """Numbers by the names in the templates."""
    gradients = {f"d{name}": value for name, value in computed.gradients.items()}
    numbers = {"eps", "degrees"}
    arrays = {k: v for k, v in computed.values.items() if k not in numbers} | gradients
    texts = {"f": feature, "N": len(computed.values["X"]),
             "eps": short(computed.values["eps"]),
             "D": number(computed.values.get("degrees", 0))}
    for name, value in arrays.items():
        column = at(value, feature)
        text = seen(column[ROW], column)
        texts |= {name: bracketed(text), f"{name}_": text, f"{name}_sum": total(column)}
    return texts


def step_at(present, computed):
    """The step taken last: a `Forward`, a `Backward`, or None before the first."""
    forward = counts(present.mode)[0]
    if present.step == 0:
        return None
    if present.step <= forward:
        return computed.forward[present.step - 1]
    return computed.backward[present.step - forward - 1]


def said(present):
    """The step taken last in the numbers of the chosen feature."""
    computed = compute(present)
    step = step_at(present, computed)
    if step is None:
        return ""
    texts = words(computed, present.feature)
    if not hasattr(step, "sent"):
        return FORWARD[step.name].format(**texts)
    sent = step.sent[0]
    came, after = at(sent.value, present.feature), at(sent.total, present.feature)
    text = seen(came[ROW], came)
    texts |= {"sent": bracketed(text), "sent_": text, "before_": seen((after - came)[ROW], after)}
    template = BACKWARD[step.name]
    if present.mode == "evaluation":
        template = {"product": FIXED_PRODUCT, "centre": FIXED_CENTRE}.get(step.name, template)
    elif step.name == "centre" and not present.path:
        template = DROPPED_CENTRE
    return template.format(**texts)


def addition(present):
    """A line about two gradients that add, when the step taken last adds one to another."""
    step = step_at(present, compute(present))
    adds = hasattr(step, "sent") and step.name in ADDING
    return ADDS.format(symbol=step.sent[0].to, steps=FED[step.sent[0].to]) if adds else ""


def reading(present, point):
    """`{text, row, column}`: a sentence about an entry of the Jacobian or of dX, and its place."""
    computed, f = compute(present), present.feature
    N, H = computed.values["X"].shape
    index = (point or {}).get("index")
    quiet = {"text": "", "row": None, "column": None}
    if not isinstance(index, int) or index < 0:
        return quiet
    if point.get("place") == "J" and index < N * N:
        row, column = divmod(index, N)
        return {"text": entry(present, computed, row, column), "row": row, "column": column}
    if point.get("place") == "dX" and index < N * H:
        row, column = divmod(index, H)
        return {"text": gradient(computed, row, column), "row": None,
                "column": row if column == f else None}
    return quiet


def entry(present, computed, n, i):
    """One entry of the Jacobian of the feature, from the parts added so far."""
    f, N = present.feature, len(computed.values["X"])
    x = at(computed.values["Xhat"], f)
    left = f"∂Y[{n},{f}]/∂X[{i},{f}]"
    slope = computed.values["gamma"][f] * computed.values["r"][f]
    if present.mode == "evaluation":
        why = "γ/s" if n == i else f"0, because {n} ≠ {i}: no example sees another"
        return f"{left} = {why} = {number(slope)}" if n == i else f"{left} = {why}"
    terms = [str(int(n == i)), f"− 1/{N}",
             f"− {factor(x[n])} · {factor(x[i])} / {number(computed.values['degrees'])}"]
    value = sum(part[n, i] for part in computed.parts[:present.parts])
    if not present.parts:
        return f"{left}: no part is added yet"
    most = "" if present.parts == len(terms) else f" (with {present.parts} of 3 parts)"
    return f"{left} = {number(slope)} · ({' '.join(terms[:present.parts])}) = {number(value)}{most}"


def gradient(computed, n, h):
    """One entry of dX by the collapsed formula."""
    values, G = computed.values, computed.gradients["Y"]
    left, slope = f"dX[{n},{h}]", number(values["gamma"][h] * values["r"][h])
    result = number(computed.collapsed["X"][n, h])
    if "Q" not in values:
        return f"{left} = γ/s · G[{n},{h}] = {slope} · {factor(G[n, h])} = {result}"
    x = values["Xhat"][:, h]
    mean, along = G[:, h].mean(), (G[:, h] * x).sum() / values["degrees"]
    return (f"{left} = {slope} · ({number(G[n, h])} − {factor(mean)} − {factor(x[n])} · "
            f"{factor(along)}) = {result}")
