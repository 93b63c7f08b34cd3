"""Wrong formulas that need no knowledge of the layer: from a trial to the gradient that they give.

Each takes a `Trial` and the name of an input and gives an array, or None where it has no meaning.
The likely ones come first: of several that explain an answer the first gives its name.
"""

import numpy as np

from ..jacobian import contract

LARGE = 2.0**20  # so much larger, an input leaves nothing of an ε beside it


def fits(value, like):
    """Whether an array can be multiplied into another one without making it larger."""
    try:
        return np.broadcast_shapes(value.shape, like.shape) == like.shape
    except ValueError:
        return False


def upstream_forgotten(t, name):
    """The sum of the Jacobian over all outputs: G = 1."""
    return t.right(name, np.ones_like(t.G)) if t.code.takes_G else None


def diagonal(t, name):
    """∂Y[i]/∂X[i] where Y has the shape of the input."""
    X = t.values[name]
    if X.shape != t.Y.shape or not X.ndim:
        return None
    return np.diagonal(t.jacobian(name).reshape(X.size, X.size)).reshape(X.shape)


def elementwise(t, name):
    """The diagonal where nothing else of the Jacobian is left, else None."""
    D = diagonal(t, name)
    if D is None or np.count_nonzero(t.jacobian(name)) != np.count_nonzero(D):
        return None
    return D


def two_slopes(t, name):
    """(slope where X > 0, slope where X < 0) of a unit with just these two, or None."""
    D, X = elementwise(t, name), t.values[name]
    if D is None or not ((X > 0).any() and (X < 0).any()):
        return None
    on, off = D[X > 0], D[X < 0]
    if np.ptp(on) > 1e-9 or np.ptp(off) > 1e-9 or abs(on[0] - off[0]) < 1e-9:
        return None
    return on[0], off[0]


def mask_forgotten(t, name):
    """G times the slope of the unit where it is on, everywhere."""
    slopes = two_slopes(t, name)
    return None if slopes is None else t.G * max(slopes, key=abs)


def masked_by(t, name, A):
    """G times the slopes of a unit, chosen by the sign of another array."""
    slopes = two_slopes(t, name)
    if slopes is None or A.shape != t.G.shape:
        return None
    return t.G * np.where(A > 0, *slopes)


def other_masks(t, name):
    """(what is asked, gradient) for each array that a mask may be taken from by mistake."""
    arrays = [("G", t.G), ("Y", t.Y), (f"−{name}", -t.values[name])]
    arrays += [(other, value) for other, value in t.values.items() if other != name]
    return {label: masked_by(t, name, A) for label, A in arrays}


def square_transposes(t, name):
    """The gradient with each square matrix that forward uses transposed by mistake, by name."""
    return {other: t.right(name, values={**t.values, other: value.T})
            for other, value in t.values.items()
            if other != name and value.ndim == 2 and value.shape[0] == value.shape[1]}


def only_diagonal(t, name):
    """G times the diagonal of the Jacobian."""
    D = diagonal(t, name)
    return None if D is None else t.G * D


def local_alone(t, name):
    """The diagonal of the Jacobian without G."""
    return diagonal(t, name) if t.code.takes_G else None


def one_factor(t, name):
    """G Y/X: the product rule without the derivative of the other factor."""
    if elementwise(t, name) is None or (t.values[name] == 0).any():
        return None
    return t.G * t.Y / t.values[name]


def other_factor(t, name):
    """What `one_factor` leaves out."""
    found = one_factor(t, name)
    return None if found is None else t.right(name) - found


def one_of_two(t, name, turned):
    """G X or Gᵀ X, where Y = X Xᵀ has both."""
    G, X = t.G, t.values[name]
    if G.ndim != 2 or G.shape[0] != G.shape[1] or X.ndim != 2 or len(X) != len(G):
        return None
    return (G.T if turned else G) @ X


def half_of_a_form(t, name, other, turned):
    """G A x or G Aᵀ x, where xᵀ A x has both."""
    A, x = t.values[other], t.values[name]
    if t.Y.ndim or x.ndim != 1 or A.shape != (len(x), len(x)):
        return None
    return t.G * ((A.T if turned else A) @ x)


def divided(t, name):
    """G divided by the slope of a unit."""
    D = elementwise(t, name)
    if D is None:
        return None
    with np.errstate(all="ignore"):
        return t.G / D


def at_the_output(t, name):
    """The slope at Y where the one at X is wanted."""
    if t.Y.shape != t.values[name].shape:
        return None
    values = {**t.values, name: t.Y}
    if elementwise(t, name) is None and np.allclose(t.code.value(values), t.Y):
        return None  # of X/‖X‖ this is as well the gradient without its last factor
    return t.right(name, values=values)


def local_twice(t, name):
    """G times the Jacobian times the Jacobian."""
    same = t.Y.shape == t.values[name].shape and t.Y.ndim
    return contract(t.right(name), t.jacobian(name)) if same else None


def per_example(t, name):
    """What each example sends back, not yet summed: (N, *input.shape)."""
    if not t.Y.ndim or t.Y.shape[0] == 0:
        return None
    J = t.jacobian(name)
    return np.stack([np.tensordot(g, j, g.ndim) for g, j in zip(t.G, J, strict=True)])


def per_output(t, name):
    """G times what each output gets from all of the input, shape of Y."""
    J = t.jacobian(name)
    return t.G * J.sum(tuple(range(t.Y.ndim, J.ndim)))


def summed_over(t, name):
    """{axis: `per_output` summed over that axis of Y, or over all of them}."""
    P = per_output(t, name)
    found = {axis: P.sum(axis) for axis in range(P.ndim)}
    return {**found, "all": P.sum()}


def along_other_axis(t, name):
    """The gradient of the function that works along the other axis of a matrix."""
    X = t.values[name]
    if X.ndim != 2 or t.Y.shape != X.shape:
        return None
    J = t.jacobian(name, {**t.values, name: X.T.copy()})
    return contract(t.G.T, J).T if J.shape[:2] == t.G.T.shape else None


def with_ones(t, name, other):
    """The gradient as if another input were 1 everywhere."""
    return t.right(name, values={**t.values, other: np.ones_like(t.values[other])})


def twice(t, name, other):
    """The gradient with another input multiplied in once more, to G or to the end."""
    value = t.values[other]
    found = []
    for like in (t.G, t.right(name)):
        if value.any() and fits(value, like):
            found.append(t.right(name, value * t.G) if like is t.G else like * value)
    return found


def beside(t, name):
    """The first input of the shape of Y that has more axes than this one, or None."""
    return next((other for other, X in t.values.items() if other != name
                 and X.shape == t.G.shape and X.ndim > t.values[name].ndim), None)


def input_for_hat(t, name):
    """Σ G⊙X over the batch, for a scale whose gradient is Σ G⊙X̂."""
    other = beside(t, name)
    if other is None:
        return None
    X = t.values[other]
    return (t.G * X).sum(tuple(range(X.ndim - t.values[name].ndim)))


def is_linear(t, name):
    """Whether the slopes by an input are the same wherever it stands."""
    values = {**t.values, name: 0.3 - 1.7 * t.values[name]}
    return np.allclose(t.jacobian(name, values), t.jacobian(name), 1e-6, 1e-9)


def is_scale_free(t, name):
    """Whether Y moves with an input, and nearly stays where all of that is so much larger."""
    moved = np.abs(t.jacobian(name)).max() * np.abs(t.values[name]).max()
    far = t.code.value({**t.values, name: LARGE * t.values[name]})
    return moved > 1e-2 * np.abs(t.Y).max() and np.allclose(far, t.Y, 1e-2, 1e-2)


def with_scaled(t, name, scale):
    """The gradient where the first input is so much larger, and ε so much smaller beside it."""
    first = next(iter(t.values))
    values = {**t.values, first: scale * t.values[first]}
    if not np.allclose(t.code.value(values), t.Y, 1e-2, 1e-2):
        return None
    found = t.right(name, values=values)
    if not found.any():  # far out it stands still: a limit, and no ε
        return None
    return scale * found if name == first else found


def power_of_epsilon(t):
    """2 where ε is added to squares, 1 where to a length: how its share falls as inputs grow.

    None where neither is sure.
    """
    first = next(iter(t.values))
    far, more, less = (t.code.value({**t.values, first: scale * t.values[first]})
                       for scale in (LARGE, 32.0, 16.0))
    with np.errstate(all="ignore"):
        power = np.log2(np.abs(less - far).max() / np.abs(more - far).max())
    return next((whole for whole in (1, 2) if abs(power - whole) < 0.1), None)


def repeated_along(t, name):
    """The axes of Y along which an input is broadcast, or None where it is not."""
    x, Y = t.values[name], t.Y
    lead = Y.ndim - x.ndim
    return tuple(axis for axis in range(Y.ndim) if axis < lead or (
        x.shape[axis - lead] < Y.shape[axis])) if fits(x, Y) else None
