"""What the doctor has to say of somebody's gradient, found on a way of its own.

The slopes by differences of five points, the upstream gradient times them, the first entry that
is off, and what that entry moves: as numbers with four decimals, more where two are so alike.
"""

import inspect

import numpy as np

from helpers.calculus.doctor.examine import stream

STEP = 1e-3  # its fourth power, and the rounding over it, are below 1e-12 for numbers around 1


def copies(arrays):
    return [np.array(array) for array in arrays]


def output(forward, arrays):
    return np.array(forward(*copies(arrays)), float)


def jacobian(forward, arrays, place):
    """∂Y/∂(the input at this place), Y.shape + its shape."""
    x = np.array(arrays[place], float)

    def at(i, step):
        moved = x.copy()
        moved.flat[i] += step * STEP
        return output(forward, [*arrays[:place], moved, *arrays[place + 1:]])

    columns = [(8 * (at(i, 1) - at(i, -1)) - at(i, 2) + at(i, -2)) / (12 * STEP)
               for i in range(x.size)]
    return np.stack(columns, -1).reshape((*columns[0].shape, *x.shape))


def answers(forward, backward, arrays, G):
    """What backward gives after forward, a tuple; G None: it is the gradient of a loss."""
    given = copies(arrays)
    forward(*given)
    found = backward(*given) if G is None else backward(G.copy(), *given)
    return found if isinstance(found, tuple) else (found,)


def number(x, digits):
    """Of numbers below a thousandth the digits count from the first that is not 0."""
    return f"{x + 0.0:.{digits}}".replace("-", "−")  # −0 is 0


def apart(*numbers):
    """Two numbers with as many decimals, at least four, as it takes to tell them apart."""
    form = "f" if np.nanmax(np.abs(numbers)) >= 1e-3 else "e"
    for digits in range(4, 17):
        first, second = (number(x, f"{digits}{form}") for x in numbers)
        if first != second:
            return first, second
    raise AssertionError(f"no difference: {numbers}")


def place_said(name, index):
    return f"{name}[{', '.join(map(str, index))}]" if index else name


def column_said(column, name, index):
    """The entries of Y that one entry of an input moves, the first four of them in numbers."""
    moved = [k for k in np.ndindex(column.shape) if abs(column[k]) > 1e-9]
    where = place_said(name, index)
    parts = [f"∂{place_said('Y', k)}/∂{where} = {number(column[k], '4f')}" for k in moved[:4]]
    if len(moved) > 4:
        parts.append(f"{len(moved) - 4} more")
    if still := column.size - len(moved):
        parts.append("the other one is 0" if moved and still == 1 else f"the other {still} are 0"
                     if moved else "its one entry is 0" if still == 1 else f"all {still} are 0")
    return f"Column of the Jacobian, what {where} moves: {', '.join(parts)}."


def told(call, place, name, tolerance=1e-10):
    """(verdict, facts) of the gradient by the input at this place, as it is called."""
    forward, backward, *arrays = call
    given = inspect.signature(backward).parameters.values()
    takes_G = len(given) > len(arrays) or any(one.kind is one.VAR_POSITIONAL for one in given)
    Y = output(forward, arrays)
    G = stream(0).standard_normal(Y.shape) if takes_G else None
    mine = np.array(answers(forward, backward, arrays, G)[place], float)
    J = jacobian(forward, arrays, place)
    right = np.tensordot(np.ones(Y.shape) if G is None else G, J, Y.ndim)
    if mine.shape != right.shape:
        return f"wrong: d{name} has shape {mine.shape}, but should have {right.shape}.", ()
    off = ~(np.abs(mine - right) <= tolerance)
    if not off.any():
        return "right.", ()
    index = tuple(int(i) for i in np.argwhere(off)[0])
    first, second = apart(mine[index], right[index])
    return (f"wrong: {place_said(f'd{name}', index)} is {first}, but should be {second}.",
            (column_said(J[(..., *index)], name, index),))
