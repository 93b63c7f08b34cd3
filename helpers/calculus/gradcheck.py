"""Gradient checks: relative error, a ladder of tolerances, and three tests for every input."""

from dataclasses import dataclass

import numpy as np

from .errors import ShapeError
from .jacobian import contract
from .operation import operation
from .slopes import numerical_jacobian

# Upper ends of the ladder for float64 and central differences.
LADDER = ((1e-7, "right"), (1e-4, "suspicious: a kink, or a small mistake"), (np.inf, "wrong"))
TOLERANCE = 1e-7


def relative_error(A, B):
    """max|A − B| / max(|A|, |B|) over all entries: 0 for equal arrays, up to 2 for opposite ones.

    Entries that are the same infinity or both nan count as equal; others that are not finite give
    inf. Raises ShapeError for unequal shapes.
    """
    A, B = np.asarray(A, float), np.asarray(B, float)
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
    """What a relative error means: the rung of the ladder it stands on."""
    return next((says for limit, says in LADDER if error <= limit), "wrong")


@dataclass(frozen=True)
class Check:
    """Relative errors for one input.

    jacobian: the full Jacobian against central differences; vjp: the compact way against the
    contraction of central differences with G; adjoint: ⟨G, jvp(D)⟩ against ⟨vjp(G), D⟩.
    """

    name: str
    wrt: str
    jacobian: float
    vjp: float
    adjoint: float

    @property
    def passed(self):
        """Whether all three errors are within the tolerance."""
        return max(self.jacobian, self.vjp, self.adjoint) <= TOLERANCE

    def __str__(self):
        worst = max(self.jacobian, self.vjp, self.adjoint)
        return (f"{self.name} by {self.wrt}: Jacobian {self.jacobian:.4e}, vjp {self.vjp:.4e}, "
                f"adjoint {self.adjoint:.4e}: {verdict(worst)}")


class Checks(tuple):
    """The checks of all inputs of one operation; `passed` when all did."""

    __slots__ = ()

    @property
    def passed(self):
        """Whether every check passed."""
        return all(check.passed for check in self)

    def __repr__(self):
        return "\n".join(map(str, self))


def check_gradients(op, *inputs, seed=0, **parameters):
    """`Checks` of every input of an operation at these inputs, with a random G and tangent.

    Keep away from kinks: there central differences answer a different question.
    """
    op = operation(op)
    random = np.random.default_rng(seed)
    inputs = tuple(np.asarray(value, float) for value in inputs)
    G = random.standard_normal(op(*inputs, **parameters).shape)
    return Checks(_check(op, wrt, inputs, G, random, parameters) for wrt in op.derivatives)


def _check(op, wrt, inputs, G, random, parameters):
    place = op.inputs.index(wrt)

    def by_one_input(value):
        return op(*inputs[:place], value, *inputs[place + 1:], **parameters)

    J = numerical_jacobian(by_one_input, inputs[place])
    dX = op.vjp(G, *inputs, wrt=wrt, **parameters)
    D = random.standard_normal(inputs[place].shape)
    dY = op.jvp(D, *inputs, wrt=wrt, **parameters)
    return Check(op.name, wrt,
                 relative_error(op.jacobian(*inputs, wrt=wrt, **parameters), J),
                 relative_error(dX, contract(G, J)),
                 relative_error(np.sum(G * dY), np.sum(dX * D)))
