"""Gradient checks: relative error, a ladder, and what is right to within what rounding leaves."""

import math
from dataclasses import dataclass

import numpy as np

from ..words import plural
from .doctor.code import OwnCode
from .doctor.examine import examined, stream
from .doctor.judge import DIGITS, Judgement, judged
from .doctor.measure import (
    CONDITION,
    EPS,
    NOTHING,
    finite_max,
    measure,
    moved_by,
    noise_of,
    nudged,
    of_full,
    rounding,
)
from .errors import NumberError, ShapeError, checked_seed, is_a
from .jacobian import as_numbers
from .operation import Operation, operation
from .silence import silent

# Upper ends of the ladder for float64 and central differences.
LADDER = ((1e-7, "right"), (1e-4, "suspicious: a kink, or a small mistake"), (np.inf, "wrong"))
TOLERANCE = 1e-7


def relative_error(A, B):
    """max|A − B| / max(|A|, |B|) over all entries: 0 for equal arrays, up to 2 for opposite ones.

    Entries that are the same infinity or both nan count as equal; others that are not finite give
    inf. Raises ShapeError for unequal shapes.
    """
    A, B = as_numbers(A, "relative_error: A"), as_numbers(B, "relative_error: B")
    if A.shape != B.shape:
        raise ShapeError(f"relative_error: shapes {A.shape} and {B.shape} differ. "
                         "Compare like with like.")
    same = (A == B) | (np.isnan(A) & np.isnan(B))
    if same.all():
        return 0.0
    if not (np.isfinite(A[~same]).all() and np.isfinite(B[~same]).all()):
        return np.inf
    sizes = np.maximum(np.abs(A), np.abs(B))
    # By a power of 2, which is exact: A − B may be beyond 1e308, or lost among tiny numbers.
    scale, shift = np.frexp(np.max(sizes[np.isfinite(sizes)]))
    difference = np.abs(np.ldexp(A[~same], -shift) - np.ldexp(B[~same], -shift))
    return float(np.max(difference) / scale)


def verdict(error):
    """What a relative error means: the rung of the ladder it stands on. Raises NumberError."""
    error = as_numbers(error, "verdict: the error")
    if error.ndim:
        raise NumberError(f"verdict: the error must be one number, but has shape {error.shape}.")
    return next((says for limit, says in LADDER if error <= limit), "wrong")


@dataclass(frozen=True, eq=False)
class Check:
    """The check of one input. `passed`; `verdict`, a sentence; `mistake`, its name or "".

    jacobian: relative error of the full Jacobian against measured slopes; vjp: of the compact way
    against those, contracted with G; adjoint: of ⟨G, jvp(D)⟩ against ⟨vjp(G), D⟩ (nan for
    somebody's own code, which has the compact way alone). judgement: the gradient, what it should
    be, and how far that is known. facts: what else is true, a sentence each; remedy: what to do.
    """

    name: str
    wrt: str
    jacobian: float
    vjp: float
    adjoint: float
    passed: bool
    verdict: str
    judgement: Judgement
    mistake: str = ""
    remedy: str = ""
    facts: tuple = ()

    def __str__(self):
        if np.isnan(self.adjoint):
            told = f"{self.mistake}: {self.remedy}" if self.mistake else ""
            said = f"{self.name} by {self.wrt}: {self.verdict}"
            return "\n    ".join(filter(None, [said, *self.facts, told]))
        return (f"{self.name} by {self.wrt}: Jacobian {self.jacobian:.4e}, vjp {self.vjp:.4e}, "
                f"adjoint {self.adjoint:.4e}: {self.verdict}")


class Checks(tuple):
    """The checks of all inputs of one operation; `passed` when all did."""

    __slots__ = ()

    @property
    def passed(self):
        """Whether every check passed."""
        return all(check.passed for check in self)

    @property
    def mistake(self):
        """The first mistake that has a name, or ""."""
        return next((check.mistake for check in self if check.mistake), "")

    def __repr__(self):
        return "\n".join(map(str, self))


def check_gradients(op, *inputs, seed=0, **parameters):
    """`Checks` of every gradient at these inputs, against measured slopes.

    `check_gradients("affine", X, W, b)`: a row of the table, its Jacobian, vjp and jvp.
    `check_gradients(forward, backward, X, …)`: anybody's own code. backward may be called as
    backward(G, X, …), as backward(G) after forward, as backward(G, cache) where forward gives
    (Y, cache), or as grad(w) of a loss that is one number; it gives one gradient, several in the
    order of the inputs, or a dict by name. `check_gradients(layer, X)`: an object with both
    methods, that may keep dW beside its W, as layers inside it may. Arrays, tensors, and dicts and
    lists of them; whole numbers (labels) are not differentiated by.

    G comes from a stream of its own, that no seed of yours can meet. A gradient is right when it
    is as near to the measured slopes as these are known and as rounding allows; where that is
    less than seven digits the verdict says so. At a kink any slope between both sides is right.
    A mistake has a name only where that explains the answer in several trials. Raises CodeError in
    one line when somebody's function stops, NumberError for a seed below 0.
    """
    seed = checked_seed(seed, "check_gradients")
    if not is_a(op, str | Operation):
        code = own_code(op, inputs, parameters)
        return checks_of(code, examined(code, seed))
    op = operation(op)
    inputs = tuple(as_numbers(value, f"{op.name}: an input") for value in inputs)
    with silent():
        return Checks(_check(op, wrt, inputs, stream(seed, i), parameters)
                      for i, wrt in enumerate(op.derivatives))


def own_code(forward, given, keywords):
    """The `OwnCode` of `forward` and what was given after it: backward, where it is no layer."""
    has_backward = given and (callable(given[0]) or given[0] is None)
    backward, arrays = (given[0], given[1:]) if has_backward else (None, given)
    return OwnCode(forward, backward, arrays, keywords)


def checks_of(code, findings):
    """The `Checks` of somebody's own code from what its examination found."""
    return Checks(Check(
        code.name, found.name, np.nan, found.judgement.error, np.nan, found.passed, found.verdict,
        found.judgement, found.mistake.name if found.mistake else "",
        found.mistake.remedy if found.mistake else "", found.facts) for found in findings)


@np.errstate(all="ignore")
def _check(op, wrt, inputs, random, parameters):
    place = op.inputs.index(wrt)
    X = inputs[place]
    G = random.standard_normal(np.shape(op(*inputs, **parameters)))
    D = random.standard_normal(X.shape)

    def by_one_input(value):
        return op(*inputs[:place], value, *inputs[place + 1:], **parameters)

    def answers(moved, upstream, tangent):
        return (op.vjp(upstream, *moved, wrt=wrt, **parameters),
                op.jvp(tangent, *moved, wrt=wrt, **parameters),
                op.jacobian(*moved, wrt=wrt, **parameters))

    points = [answers(inputs, G, D)]
    for _ in range(2):
        moved = [nudged(value, random) for value in inputs]
        points.append(answers(moved, nudged(G, random), nudged(D, random)))
    pulls, pushes, fulls = zip(*points, strict=True)
    noise = noise_of(lambda *moved: op(*moved, **parameters), inputs, random)
    wanted = measure(by_one_input, X, G, noise, random)
    pull = judged(f"d{wrt}", pulls[0], wanted, rounding(pulls, wanted, G), inputs)
    blind = CONDITION * EPS * finite_max(wanted.Y) + NOTHING
    full = judged(f"∂{op.output}/∂{wrt}", fulls[0], of_full(wanted), blind + CONDITION * (
        (0.0 if wanted.kinks else moved_by(fulls)) + EPS * finite_max(wanted.J)), inputs)
    by_full = [np.sum(fulls[0] * D, tuple(range(G.ndim, G.ndim + X.ndim)))]
    if wanted.kinks:  # those beside it have left it, and tell nothing
        pulls, pushes = pulls[:1], pushes[:1]
    own = CONDITION * (moved_by(pulls) + EPS * finite_max(pulls[0])) + NOTHING
    agrees = [_adjoint(G, D, pulls, pushes, own),
              _adjoint(G, D, pulls, by_full, pull.slack + full.slack * np.abs(G).sum())]
    return _summed_up(op, wrt, pull, full, max(agrees, key=lambda one: (not one[1], one[0])),
                      agrees[0][2])


def _adjoint(G, D, pulls, pushes, slack):
    """(relative error, whether rounding explains it, which mistake of one entry it would hide).

    Of ⟨G, jvp(D)⟩ against ⟨vjp(G), D⟩. The last is relative to the largest entry of the jvp.
    """
    with np.errstate(all="ignore"):
        over, under = np.sum(G * pushes[0]), np.sum(pulls[0] * D)
        reach = (slack * np.abs(D).sum() + CONDITION * (
            moved_by(pushes) * np.abs(G).sum() + EPS * np.abs(G * pushes[0]).sum()))
        weight = np.abs(G).min(initial=np.inf) * finite_max(pushes[0])
    if not (np.isfinite(over) and np.isfinite(under)):
        return 0.0, True, 0.0  # overflow, or nan in Y: nothing to compare
    hides = float(reach / weight) if weight else 0.0
    return relative_error(over, under), bool(abs(over - under) <= reach), hides


def _summed_up(op, wrt, pull, full, adjoint, hides):
    """The `Check` of one input from its three tests."""
    error, agrees, _ = adjoint
    verdict = pull.verdict
    if verdict.startswith("right.") and hides > 10.0**-DIGITS:
        jvp = f"; the jvp to {plural(max(0, math.floor(-math.log10(hides))), 'digit')}: "
        verdict = verdict.replace(".", f"{jvp}rounding loses the rest.", 1)
    if pull.wrong is None and full.wrong is not None:
        verdict = full.verdict
    elif pull.right and not agrees:
        verdict = f"wrong: the jvp, the vjp and the Jacobian differ by {error:.4e}."
    passed = pull.right and full.right and agrees
    return Check(op.name, wrt, full.error, pull.error, error, passed, verdict, pull)
