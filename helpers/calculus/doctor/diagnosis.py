"""The name of a mistake: only one whose formula explains the answer in every trial.

Some formulas are tried on the numbers (`formulas`, `norms`), some on somebody's backward pass
itself: what it would give for another G, or for arrays that nobody has written to.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from ..errors import LessonError
from ..mistakes import REMEDY, Mistake
from . import formulas as f
from .norms import norm_rows
from .sentences import BY_CHANCE, SAID, epsilon_said, other_said, unmasked_said, unsummed_said
from .softmaxes import softmax_rows

PRODUCT = ("Y is the input times something that depends on it too: the product rule has two "
           "terms, and this is one of them.")
USED_TWICE = "The input is used twice: each use sends a gradient back, and they add."
GREEK = {"gamma": "γ", "beta": "β", "eps": "ε", "epsilon": "ε", "alpha": "α"}


@dataclass(frozen=True)
class Row:
    """A mistake: from a `Trial` and the name of an input to the wrong gradient, or to whether it
    explains the answer; a remedy where the common one does not say enough, as a text or from the
    first trial and the name."""

    name: str
    gives: object
    remedy: object = ""


def diagnose(trials, name, first):
    """The `Mistake` in the gradient by one input, or None; first: whose sizes are told."""
    if any(name not in t.got for t in trials):
        return None
    found = explained(trials, name, first)
    if found is None and trials[-1].code is not trials[0].code:
        return explained(trials[:-1], name, first)  # a size may be fixed in somebody's code
    return found


def explained(trials, name, first):
    """The `Mistake` that explains all of these trials, or None."""
    for row in first_rows(trials[0], name):
        if explains(row, trials, name):
            return said(row, trials[0], name)
    simple = factor(trials, name, first)
    if simple is not None:
        return simple
    for row in rows(trials[0], name):
        if explains(row, trials, name):
            return said(row, trials[0], name)
    return added(trials, name) or noise(trials, name)


def said(row, t, name):
    """The `Mistake` of a row; t: the first trial."""
    remedy = row.remedy(t, name) if callable(row.remedy) else row.remedy
    return Mistake(row.name, None, remedy or REMEDY[row.name], f"d{name}")


def first_rows(t, name):
    """What explains more than its numbers alone: another input's gradient, arrays written to, and
    what is left of an earlier call."""
    yield Row("kept answer", lambda t, n: stands_still(t), "forward gives the same output at all "
              "inputs that were tried: does it answer with what an earlier call has kept?")
    yield from in_another_place(t, name)
    yield Row("input overwritten", untouched, overwritten_said(t))
    yield Row("stale input", lambda other, n: other.right(n, values=t.values), "At other inputs it "
              "still gives the gradient at the first ones: backward reads an array that is not of "
              "the forward pass before it.")


def rows(t, name):
    """The mistakes to try, the likely ones first; made from the names of the first trial."""
    others = [other for other in t.values if other != name]
    yield Row("upstream forgotten", f.upstream_forgotten)
    yield Row("mask forgotten", f.mask_forgotten, unmasked_said)
    yield Row("mask forgotten", lets_dead_through)
    yield Row("value for derivative", lambda t, n: t.Y)
    yield Row("value for derivative", lambda t, n: t.G * t.Y, "G is multiplied by what the forward "
              "pass computes, not by its derivative.")
    if t.G.shape == t.values[name].shape:
        yield Row("local gradient forgotten", lambda t, n: t.G)
    yield Row("lost transpose", lambda t, n: t.right(n).T if t.values[n].ndim == 2 else None)
    for other in f.square_transposes(t, name):
        yield Row("lost transpose", lambda t, n, o=other: f.square_transposes(t, n)[o],
                  f"{other} is square, so the shapes do not tell: here it wants its transpose.")
    yield Row("lost transpose", lambda t, n: t.right(n, t.G.T), "G is square, so the shapes do "
              "not tell: it is transposed once too often or too rarely.")
    for label in f.other_masks(t, name):
        yield Row("mask from the wrong array", lambda t, n, a=label: f.other_masks(t, n).get(a),
                  f"It is taken from {label}: the mask asks what went into the unit, {name}.")
    yield from slope_rows(t, name)
    for other in t.values if f.two_slopes(t, name) is None else others:
        yield Row("mask from the wrong array", partial(masked_result, other=other),
                  f"It is cut off where {other} is not positive: the mask asks what went into the "
                  "unit in the forward pass, and cuts G before that goes further back.")
    yield from summing_rows(t, name)
    yield from path_rows(t, name, others)
    yield from softmax_rows(Row)
    yield from norm_rows(Row, name, others)
    yield from epsilon_rows(t, name)


def slope_rows(t, name):
    """A unit of two slopes with another slope on one side."""
    slopes, got, X = f.two_slopes(t, name), t.got[name], t.values[name]
    if slopes is None or got.shape != X.shape or not t.G.all():
        return
    for side, beyond, here, other in (("<", np.less, 1, 0), (">", np.greater, 0, 1)):
        found = (got / t.G)[beyond(X, 0)]
        yield Row("another slope", lambda t, n, c=found[0], beyond=beyond, other=other: (
            t.G * np.where(beyond(t.values[n], 0), c, f.two_slopes(t, n)[other])),
            f"Where {name} {side} 0 the slope is {found[0]:.4g} here, and {slopes[here]:.4g} in "
            "the forward pass.")


def summing_rows(t, name):
    """Mistakes of sums, means and axes."""
    yield Row("batch not summed", f.per_example)
    yield Row("batch not summed", f.per_output, unsummed_said)
    yield Row("batch not summed", lambda t, n: f.per_example(t, n)[0])
    yield Row("batch not summed", lambda t, n: f.per_example(t, n)[-1])
    for axis in f.summed_over(t, name):
        yield Row("wrong axis", lambda t, n, a=axis: f.summed_over(t, n).get(a))
    for axis in range(t.values[name].ndim):
        yield Row("wrong axis", lambda t, n, a=axis: t.right(n).sum(a),
                  f"It is summed over axis {axis}, which the input has and the gradient needs.")
        yield Row("wrong axis", lambda t, n, a=axis: np.broadcast_to(
            t.right(n).sum(a, keepdims=True), t.values[n].shape),
            f"All entries along axis {axis} are the same sum: each has a gradient of its own.")
    yield Row("wrong axis", f.along_other_axis)
    yield Row("(N,) against (N, 1)", same_numbers)


def path_rows(t, name, others):
    """Mistakes of paths, local gradients and other inputs."""
    yield Row("lost path", f.only_diagonal, "This counts only the part of Y at the same "
              "place: an input that moves several outputs gets a gradient from each.")
    yield Row("upstream forgotten", f.local_alone, "This is the diagonal of the Jacobian alone: "
              "multiply by the upstream gradient, and add what other outputs send back.")
    yield Row("local gradient twice", f.local_twice, "The local gradient is multiplied in twice.")
    yield Row("upstream twice", lambda t, n: t.right(n, t.G**2), "G is multiplied in twice.")
    yield Row("divided for multiplied", f.divided, "G is divided by the local gradient: multiply.")
    yield Row("slope at the wrong place", f.at_the_output)
    yield Row("slope at the wrong place", wants_output, f"The formula wants what came out, Y: it "
              f"is given {name}.")
    yield from lost_paths(t, name, others)
    for other in others:
        symbol = GREEK.get(other, other)
        yield Row(f"{symbol} forgotten", partial(f.with_ones, other=other),
                  f"This would be right if {other} were 1: {other} stands in the way back too.")
        for k in range(len(f.twice(t, name, other))):
            yield Row(f"{symbol} twice", lambda t, n, o=other, k=k: f.twice(t, n, o)[k],
                      f"{other} is multiplied in once too often.")
    own = GREEK.get(name, name)
    for where, gate in ((f"{name} does not stand in its own gradient: it", f.is_linear),
                        (name, lambda t, n: True)):
        yield Row(f"{own} twice", lambda t, n, gate=gate: gate(t, n) and t.right(n) * t.values[n],
                  f"{where} is multiplied in once too often.")
    yield Row("X for X̂", lambda t, n: f.is_scale_free(t, f.beside(t, n)) and f.input_for_hat(t, n))
    yield Row("wrong factor", lambda t, n: f.is_linear(t, n) and f.input_for_hat(t, n), lambda t, n:
              f"G is multiplied by {f.beside(t, n)}, but {n} by what the forward pass makes of it: "
              "multiply by that.")
    for other in others:
        for label, turned in ((other, False), (f"{other}ᵀ", True)):
            yield Row("upstream forgotten", lambda t, n, o=other, turned=turned:
                      f.is_linear(t, n) and (t.values[o].T if turned else t.values[o]),
                      f"This is {label} itself, the local gradient: multiply by the upstream one.")


def lost_paths(t, name, others):
    """An input that is used twice, and has the gradient of one use."""
    yield Row("lost path", lambda t, n: t.right(n) - t.G if t.G.shape == t.values[n].shape
              else None, "G itself is missing: add it, as where the input also reaches the output "
              "directly.")
    yield Row("lost path", f.one_factor, PRODUCT)
    yield Row("lost path", f.other_factor, PRODUCT)
    for turned in (False, True):
        yield Row("lost path", lambda t, n, turned=turned: f.one_of_two(t, n, turned), USED_TWICE)
    for other in others:
        for turned in (False, True):
            yield Row("lost path", lambda t, n, o=other, turned=turned: f.half_of_a_form(
                t, n, o, turned), USED_TWICE)


def epsilon_rows(t, name):
    """ε forgotten, or another one: found where the first input is so much larger that it is."""
    for other in t.values:
        if other in ("eps", "epsilon", "ε"):
            yield Row("ε forgotten", lambda t, n, o=other: t.right(
                n, values={**t.values, o: np.zeros_like(t.values[o])}),
                f"This would be right if {other} were 0: {other} stands in the way back too.")
    yield Row("ε forgotten", partial(f.with_scaled, scale=f.LARGE), epsilon_said)
    for tenths in (5, 10, 15, 20, 25, 30, 35, -5, -10, -15):
        scale = 10 ** (tenths / 10)
        yield Row("another ε", partial(f.with_scaled, scale=scale),
                  partial(other_said, scale=scale))


# -- what backward itself tells

def stands_still(t):
    """Whether forward gives this very output at inputs that are quite other ones."""
    random = np.random.default_rng(len(t.values))
    return all(np.array_equal(t.Y, t.code.value({
        name: 3 * random.standard_normal(value.shape) if name in t.code.names else value
        for name, value in t.values.items()})) for _ in range(3))


def in_another_place(t, name):
    """Rows for the gradient of another input, whose place is not right either, in this place."""
    names = t.code.names
    for other in names:
        if other != name and not close(t.got[other], t.right(other), 1e-6):
            yield Row("another order", lambda t, n, o=other: t.right(o),
                      f"This is d{other}: return the gradients in the order of the inputs, "
                      f"{', '.join(f'd{n}' for n in names)}.")


def untouched(t, name):
    """Whether backward is right when it gets arrays that nobody has written to."""
    if not any(t.passed.changed.values()):
        return False
    found = t.code.run(t.values, t.G, instead=t.values).gradients.get(name)
    return found is not None and near(t, found, t.right(name), name)


def wants_output(t, name):
    """Whether backward is right when it is given Y in the place of the input."""
    if t.Y.shape != t.values[name].shape:
        return False
    found = t.code.run(t.values, t.G, instead={**t.values, name: t.Y}).gradients.get(name)
    return found is not None and near(t, found, t.right(name), name)


def overwritten_said(t):
    """Who wrote to what."""
    return "; ".join(f"{who} writes to {' and '.join(names)}" for who, names
                     in t.passed.changed.items() if names) + (
        ". Others still need it: work on a copy, as in `dX = G.copy()`.")


def lets_dead_through(t, name):
    """Whether backward is right when G is 0 at the outputs that no input moves."""
    found = t.with_G(t.G * t.alive).get(name)
    return found is not None and near(t, found, t.right(name), name)


def masked_result(t, name, other):
    """Whether a right gradient would be cut off where another array is not positive."""
    A, X = t.values[other], t.values[name]
    if A.shape != X.shape or not (A <= 0).any() or not (A > 0).any():
        return False
    if f.elementwise(t, name) is not None and t.alive.all():  # there is no mask, as in an ELU
        return False
    found = t.with_G(t.G * t.alive).get(name)
    return found is not None and near(t, found, t.right(name) * (A > 0), name)


def same_numbers(t, name):
    """Whether all numbers are right and only the axes are not."""
    got, right = t.got[name], t.right(name)
    return got.shape != right.shape and near(
        t, got.reshape(right.shape), right, name)


# -- whether a row explains the answers

def explains(row, trials, name):
    """Whether it gives the answer in every trial, and one of those is wrong."""
    telling = False
    for t in trials:
        try:
            with np.errstate(all="ignore"):
                found = row.gives(t, name)
                off = not close(t.got[name], t.right(name), 1e-9)
        except (LessonError, ArithmeticError, LookupError, TypeError, ValueError):
            return False
        if found is None or found is False or found is np.False_:
            return False
        if found is not True and found is not np.True_ and not near(
                t, t.got[name], np.asarray(found), name):
            return False
        telling = telling or off
    return telling


def near(t, A, B, name):
    """Whether two arrays are alike, and much more so than the answer and what is right."""
    A, B = np.asarray(A), np.asarray(B)
    if A.shape != B.shape or not np.isfinite(A).all():
        return False
    size = np.abs(B).max(initial=0)
    got, right = t.got[name], t.right(name)
    off = np.abs(got - right).max(initial=0) if got.shape == right.shape else size
    reach = 1e-4 * size if t.passed.single else min(1e-6 * size, max(1e-4 * off, 1e-10 * size))
    return bool(np.abs(A - B).max(initial=0) <= reach)


def close(A, B, relative):
    """Whether two arrays have the same shape and nearly the same numbers."""
    return A.shape == B.shape and bool(
        np.abs(A - B).max(initial=0) <= relative * np.abs(B).max(initial=0))


# -- one number for all entries

FACTORS = {
    "sign": lambda N, K, M, H, B: -1, "factor 2": lambda N, K, M, H, B: 2,
    "factor ½": lambda N, K, M, H, B: 0.5,
    "mean for sum": lambda N, K, M, H, B: 1 / N, "factor N": lambda N, K, M, H, B: N,
    "factor 1/K": lambda N, K, M, H, B: 1 / K, "factor K": lambda N, K, M, H, B: K,
    "factor 1/H": lambda N, K, M, H, B: 1 / H, "factor H": lambda N, K, M, H, B: H,
    "K for N": lambda N, K, M, H, B: N / K, "N for K": lambda N, K, M, H, B: K / N,
    "mean over axis 0": lambda N, K, M, H, B: 1 / B, "factor B": lambda N, K, M, H, B: B,
    "mean over everything": lambda N, K, M, H, B: 1 / M,
    "sum over everything": lambda N, K, M, H, B: M,
}
PLAIN = ("sign", "factor 2", "factor ½", "mean for sum", "factor N")


def sizes_of(t, name):
    """N, K, M of a trial, and the last and the first axis of one input."""
    shape = t.values[name].shape or (1,)
    return *t.sizes, shape[-1], shape[0]


def factor(trials, name, first):
    """The `Mistake` when every entry is the same number times what it should be."""
    found = []
    for t in trials:
        got, right = t.got[name], t.right(name)
        if got.shape != right.shape or not right.any():
            return None
        top = np.unravel_index(np.abs(right).argmax(), right.shape)
        c = got[top] / right[top]
        if not c or not near(t, got, c * right, name):
            return None
        found.append((c, sizes_of(t, name)))
    for turn, sign in ((1, ""), (-1, " and sign")):
        names = [label for label, of in FACTORS.items() if (turn, label) != (-1, "sign")
                 and all(abs(turn * c - of(*s)) <= 1e-5 * abs(c) for c, s in found)]
        if names:
            simple = [label for label in names if label in PLAIN]
            names = simple or names
            sizes = dict(zip("NKMHB", sizes_of(first, name), strict=True))
            texts = {**REMEDY, **SAID, **(BY_CHANCE if len({s for _, s in found}) == 1 else {})}
            told = texts.get(names[0], "").format(**sizes)
            return Mistake(" or ".join(names[:2]) + sign, None, told, f"d{name}")
    cs = [c for c, _ in found]
    apart = max(cs) - min(cs)
    if apart > 1e-5 * abs(cs[0]) or apart > 1e-2 * abs(cs[0] - 1):
        return None
    short, long = ((f"{cs[0]:.4g}", f"{cs[0]:.6g}") if abs(cs[0] - 1) > 5e-4 else
                   ("nearly 1", f"1 {'+' if cs[0] > 1 else '−'} {abs(cs[0] - 1):.2g}"))
    return Mistake(f"factor {short}", None, f"Every number is {long} times what it should be.",
                   f"d{name}")


def added(trials, name):
    """The `Mistake` when a multiple of the input itself is added, as weight decay does."""
    cs = []
    for t in trials:
        got, right, x = t.got[name], t.right(name), t.values[name]
        if got.shape != right.shape or not x.any():
            return None
        top = np.unravel_index(np.abs(x).argmax(), x.shape)
        cs.append((got[top] - right[top]) / x[top])
        if not cs[-1] or not near(t, got, right + cs[-1] * x, name):
            return None
    if max(cs) - min(cs) > 1e-5 * abs(cs[0]):
        return None
    return Mistake("weight decay", None, f"The gradient has {cs[0]:.4g} times {name} more than it "
                   "should: a term that the forward pass does not have, or the other way round.",
                   f"d{name}")


def noise(trials, name):
    """The `Mistake` when the numbers are right but for the digits that float32 or round drop."""
    pairs = [(t.got[name], t.right(name)) for t in trials]
    if any(not np.isfinite(got).all() for got, _ in pairs):
        return Mistake("nan or ∞", None, "Look for a division by 0, a logarithm of 0, or a number "
                       "beyond 1e308.", f"d{name}")
    if all(close(got, right, 3e-6) for got, right in pairs) and all(
            np.array_equal(got, got.astype(np.float32)) and got.any() for got, _ in pairs):
        return Mistake("float32 noise", None, "The numbers have the seven digits of float32: "
                       "compute in float64.", f"d{name}")
    for digits in range(1, 9):
        if all(np.array_equal(got, np.round(right, digits)) and got.any() for got, right in pairs):
            return Mistake("rounding", None, REMEDY["rounding"], f"d{name}")
    return None
