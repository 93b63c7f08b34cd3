"""Derivatives of any function of a vector or a matrix, and matrices laid out as vectors.

Layouts of matrices as vectors, and the commutation matrix: J. Magnus and H. Neudecker, *Matrix
Differential Calculus*.
"""

import math

import numpy as np

from ...words import brief
from ..complex_step import slopes_along
from ..differences import EPS, STEPS, choice, estimates, sides
from ..errors import NumberError, ShapeError, UnknownLayout, is_a, stands_in
from ..jacobian import as_array, as_numbers, check_size, checked_number
from ..silence import muted
from ..slopes import numerical_jacobian, slopes, step_sizes

ORDERS = {"row": "C", "column": "F"}
BENDS = 6  # of STEPS, for differences of differences: in narrower ones only rounding is left

SCALES = 2.0 ** -np.arange(11)  # Δx is shrunk to these shares of itself


def gradient(f, x):
    """∂f/∂x[i…] of a scalar f: by f's own formula if it has one, else measured; x's shape."""
    return f.gradient(x) if hasattr(f, "gradient") else numerical_gradient(f, x)


def hessian(f, x):
    """∂²f/∂x[i…]∂x[j…]: by f's own formula if it has one, else measured; x.shape + x.shape."""
    return f.hessian(x) if hasattr(f, "hessian") else numerical_hessian(f, x)


def numerical_gradient(f, x):
    """∂f/∂x[i…] of a scalar f, measured as `slopes` does: the shape of x. Raises ShapeError."""
    x = np.array(as_numbers(x, "x"))
    return numerical_jacobian(one_number(f, x, "numerical_gradient", "a gradient is",
                                         "Use numerical_jacobian(f, x) instead."), x)


def numerical_hessian(f, x):
    """`H[i…, j…] = ∂²f/∂x[i…]∂x[j…]` of a scalar f, measured: shape x.shape + x.shape.

    Where f takes a complex step, by differences of its gradient, else by differences of
    differences, at steps of several sizes. Each pair (i, j) has one number, so H is symmetric even
    where f is not smooth: see `mixed_partials` for the two orders apart.
    Raises ShapeError when f(x) is more than one number.
    """
    x = np.array(as_numbers(x, "x"))
    check_size(x.shape + x.shape, "This Hessian", instead="take a smaller x")
    number = one_number(f, x, "numerical_hessian", "a Hessian is",
                        "Differentiate one entry of f at a time.")
    first = slopes(number, x)
    if first.exact:
        H = numerical_jacobian(lambda u: by_complex_step(number, u), x).reshape(x.size, x.size)
    else:
        H = second_differences(number, x, first.Y)
    return ((H + H.T) / 2).reshape(x.shape + x.shape)


def one_number(f, x, name, what, instead):
    """f with its only number as a 0-d array. Raises ShapeError when there are more."""
    if not callable(f):
        raise NumberError(f"{name}: f must be a function of one array, not {brief(f)}.")
    f = muted(f)
    like = as_array(f(x.copy()), f"{name}: f(x)").shape
    if math.prod(like) != 1:
        raise ShapeError(f"{name}: f(x) has shape {like}, but {what} that of one number. "
                         f"{instead}")
    return (lambda u: np.reshape(f(u), ())) if like else f


def by_complex_step(f, x):
    """The gradient of an f of one number that takes complex steps: the shape of x."""
    if x.dtype.kind == "c":
        raise TypeError("a complex step of a complex step")
    D = slopes_along(f, x, units(x), x.size, ())
    if D is None:
        raise NumberError("f takes a complex step at x, but not beside it.")
    return D.reshape(x.shape) / step_sizes(x)


def units(x):
    """Each entry of x by itself, as long as it is large, in order."""
    for place, size in enumerate(step_sizes(x).ravel()):
        v = np.zeros(x.size)
        v[place] = size
        yield v.reshape(x.shape)


def second_differences(f, x, here):
    """All ∂²f/∂x[i]∂x[j], (x.size, x.size), of an f of one number by differences alone."""
    def at(u):
        return np.array(as_numbers(f(np.array(u)), "f(x)"))

    moves, H, steps = list(units(x)), np.empty((x.size, x.size)), STEPS[:BENDS]
    with np.errstate(all="ignore"):
        for i, a in enumerate(moves):
            for j, b in enumerate(moves[:i + 1]):
                same, other = (sum(sides(at, x, v, steps)) / (2 * steps) for v in (a + b, a - b))
                found, errors, finest = estimates(same, other, steps, 0.0)
                errors += 4 * EPS * np.abs(here) / steps[finest] ** 2
                place = choice(found, errors)[0]
                H[i, j] = H[j, i] = found[place] / (a.max() * b.max())
    return H


def mixed_partials(gradient, x):
    """`H[i…, j…]`: the change of entry i of the gradient as entry j of x moves; x.shape + x.shape.

    Every entry is measured by itself, so H[i, j] and H[j, i] are two different measurements.
    """
    return numerical_jacobian(gradient, x)


def quadratic_hessian(A):
    """Hessian of ½ xᵀA x: the symmetric part of A, whatever x, (m, m). Raises ShapeError."""
    A = as_numbers(A, "A")
    if A.ndim != 2 or A.shape[0] != A.shape[1]:
        raise ShapeError(f"quadratic: A has shape {A.shape}, but xᵀA x needs a square matrix.")
    return (A + A.T) / 2


def check_order(order):
    """`C` or `F`, as NumPy calls the orders. Raises UnknownLayout."""
    if not stands_in(order, ORDERS):
        raise UnknownLayout(f'order must be "row" or "column", not {brief(order)}.')
    return ORDERS[order]


def vec(X, order="row"):
    """X as one vector: row after row, or column after column; a copy, X.size entries."""
    return np.asarray(as_array(X, "vec: X")).flatten(check_order(order))


def unvec(v, shape, order="row"):
    """The array of this shape whose `vec` is v; a copy. Raises ShapeError."""
    v, code, shape = np.asarray(v), check_order(order), tuple(np.atleast_1d(shape).tolist())
    if v.ndim != 1 or v.size != math.prod(shape):
        raise ShapeError(f"unvec: v has shape {v.shape}, but an array of shape {shape} has "
                         f"{math.prod(shape)} entries in one vector.")
    return v.reshape(shape, order=code).copy()


def commutation(rows, columns):
    """The permutation K with `K @ vec(X, "column") = vec(X, "row")` for X (rows, columns).

    K is (rows·columns, rows·columns); Kᵀ goes back. `vec(X, "row")` is `vec(X.T, "column")`, so
    this is the commutation matrix of the field. Raises NumberError for sizes that are none.
    """
    if not all(is_a(size, int | np.integer) and not is_a(size, bool) and size >= 0
               for size in (rows, columns)):
        raise NumberError("commutation: rows and columns are two whole numbers from 0, not "
                          f"{brief(rows)} and {brief(columns)}. For an array W write "
                          "commutation(*W.shape).")
    count = rows * columns
    check_size((count, count), "This permutation", instead="use vec and unvec: they only copy")
    K = np.zeros((count, count))
    K[np.arange(count), vec(np.arange(count).reshape(rows, columns, order="F"))] = 1
    return K


def vec_jacobian(J, output_ndim, order="row"):
    """A full tensor (Y's axes, then X's) as the matrix ∂vec(Y)/∂vec(X)ᵀ: (Y.size, X.size)."""
    J, code = as_array(J, "vec_jacobian: J"), check_order(order)
    if not is_a(output_ndim, int) or not 0 <= output_ndim <= J.ndim:
        raise ShapeError(f"vec_jacobian: output_ndim is {brief(output_ndim)}, but J of shape "
                         f"{J.shape} has {J.ndim} axes: choose a whole number from 0 to {J.ndim}.")
    rows, columns = math.prod(J.shape[:output_ndim]), math.prod(J.shape[output_ndim:])
    if code == "C":
        return J.reshape(rows, columns).copy()
    # Reversed axes in row order are these axes in column order.
    turned = [*range(output_ndim)][::-1] + [*range(output_ndim, J.ndim)][::-1]
    return J.transpose(turned).reshape(rows, columns).copy()


def prediction_errors(f, predict, x, dx, scales):
    """‖f(x + t·Δx) − predict(t·Δx)‖ for each t of `scales`, and the lengths ‖t·Δx‖: two vectors.

    A predict made of f(x) + JΔx errs like ‖Δx‖², with a Hessian like ‖Δx‖³.
    """
    x, dx = as_numbers(x, "x"), as_numbers(dx, "Δx")
    scales = as_numbers(scales, "prediction_errors: scales")
    if scales.ndim != 1:
        raise ShapeError("prediction_errors: scales must be numbers in a row, but has shape "
                         f"{scales.shape}.")
    moves = [t * dx for t in scales]
    errors = [np.linalg.norm(np.ravel(np.asarray(f(x + move)) - predict(move))) for move in moves]
    return np.array([np.linalg.norm(move) for move in moves]), np.array(errors)


def log_slope(sizes, errors, floor=1e-11):
    """Slope of log(error) by log(size), by least squares over errors above `floor`; or nan.

    Below the floor there is only rounding. A straight line needs three points. Raises ShapeError.
    """
    sizes, errors = as_numbers(sizes, "sizes"), as_numbers(errors, "errors")
    if sizes.shape != errors.shape:
        raise ShapeError(f"log_slope: sizes has shape {sizes.shape}, but errors has shape "
                         f"{errors.shape}. Give one error for each size.")
    floor = checked_number(floor, "log_slope: floor", "one number", lambda x: x == x)
    good = (errors > floor) & (sizes > 0) & np.isfinite(errors)
    if good.sum() < 3:
        return math.nan
    a, b = np.log(sizes[good]), np.log(errors[good])
    a = a - a.mean()
    return float(a @ (b - b.mean()) / (a @ a))
