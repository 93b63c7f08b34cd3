"""What is said to a mistake where the words depend on the function at hand."""

from . import formulas as f
from .norms import recognized

SAID = {
    "K for N": "It is divided by K = {K} where it should be by N = {N}.",
    "N for K": "It is divided by N = {N} where it should be by K = {K}.",
    "mean over axis 0": "It is divided by {B}, the size of the input's first axis.",
    "factor B": "Every number is {B} times what it should be, the size of the input's first axis: "
                "does the forward pass take a mean over it?",
    "factor ½": "Every number is half of what it should be: look for a lost 2, as in the "
                "derivative of a square, and for an input that is used twice.",
    "mean for sum": "Every number is 1/N of what it should be, N = {N}: it is divided by the batch "
                    "once too often.",
    "factor N": "Every number is N times what it should be, N = {N}: does the forward pass take a "
                "mean over the batch?",
    "factor 1/K": "Every number is 1/K of what it should be, K = {K}, the size of the last axis: "
                  "is it divided by that, or is a factor {K} lost?",
    "factor K": "Every number is K times what it should be, K = {K}, the size of the last axis.",
    "factor 1/H": "Every number is 1/H of what it should be, H = {H}, the size of the input's last "
                  "axis.",
    "factor H": "Every number is H times what it should be, H = {H}, the size of the input's last "
                "axis: does the forward pass take a mean over it?",
    "mean over everything": "Every number is divided by the number of all entries, {M}.",
    "sum over everything": "Every number is {M} times what it should be, the number of all "
                           "entries: does the forward pass take the mean of them?",
}
BY_CHANCE = {  # where N was the same in all trials, which may be the exponent of a power as well
    "mean for sum": "Every number is 1/N of what it should be, N = {N}: is it divided by the batch "
                    "once too often, or is a factor {N} lost?",
    "mean over axis 0": "Every number is 1/{B} of what it should be, {B} the size of the input's "
                        "first axis: is it divided by that, or is a factor {B} lost?",
    "mean over everything": "Every number is 1/{M} of what it should be, {M} the number of all "
                            "entries: is it divided by that, or is a factor {M} lost?",
    "K for N": "Every number is N/K of what it should be, N = {N} and K = {K}: is it divided by K "
               "where it should be by N?",
    "N for K": "Every number is K/N of what it should be, K = {K} and N = {N}: is it divided by N "
               "where it should be by K?",
}


def epsilon_said(t, name):
    """Where the forward pass has its ε, as far as that is known."""
    norm = recognized(t, next(iter(t.values)))
    if norm is not None and f.power_of_epsilon(t) == 2:
        return f"The forward pass divides by √({norm.under} + ε), so the backward pass does too."
    return ("This would be right without the small ε that the forward pass adds to what it divides "
            "by: the backward pass needs it too.")


def other_said(t, name, scale):
    """How the ε of the backward pass compares with that of the forward pass, where it is known."""
    power = f.power_of_epsilon(t)
    compared = f"{scale**-power:.0e} times" if power else "not"
    return f"The ε of the backward pass is {compared} that of the forward pass: take the same."


def unmasked_said(t, name):
    """The slope of a unit that is not 0 where it is less steep."""
    on, off = f.two_slopes(t, name)
    if not (on and off):
        return ""
    side, wanted = ("<", off) if abs(on) >= abs(off) else (">", on)
    return f"Where {name} {side} 0 the slope of the unit is {wanted:.4g}: multiply G by that there."


def unsummed_said(t, name):
    """Over which axes of Y an input is to be summed."""
    axes = f.repeated_along(t, name)
    if axes in ((), (0,)):
        return ""
    if axes is None:
        return "It moves several entries of Y, and each sends a gradient back: add them."
    where = f"axis {axes[0]}" if len(axes) == 1 else f"axes {' and '.join(map(str, axes))}"
    return (f"It is used all along {where} of Y, and every entry there sends a gradient back: "
            f"sum over {where}.")
