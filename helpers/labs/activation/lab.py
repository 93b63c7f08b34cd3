"""The activation lab: units and their local gradients, and where they saturate."""

from ...calculus.units import UNITS
from ...words import four, percent, rounded, short
from ..kit.controls import Press, Several, Slider, needs, seed
from ..kit.lab import Handle, Lab, math, note, table
from . import picture
from . import study as saturation


class ActivationLab(Lab):
    """Units of a network, their local gradient f′, and the zone in which it is nearly 0.

    `ActivationLab(units=("sigmoid", "ReLU"), x=1.0, threshold=0.05, mean=0, spread=1)`
    units: up to three of sigmoid, tanh, ReLU, leaky ReLU, PReLU, ELU, softplus, maxout, GELU, SiLU.
    x: the input, −8 to 8. threshold: below it |f′| counts as saturated. mean, spread: of a normal
    batch of 1,000 inputs; seed: which batch. alpha: left slope of leaky ReLU and PReLU;
    elu_alpha; at_zero: the derivative of the ReLU at 0; w1, b1, w2, b2: maxout's two lines.
    """

    point = "Where does a unit stop passing a gradient on? Move x, and watch its slope f′(x)."
    controls = (
        Several("units", "units", options=tuple(UNITS), value=("sigmoid",), most=3),
        Slider("x", "input x", low=-8, high=8, step=0.05, value=2.0, plays=True),
        Slider("threshold", "threshold", low=0.0, high=0.5, step=0.01, value=0.05),
        Slider("mean", "batch mean", low=-6, high=6, step=0.1, value=0.0),
        Slider("spread", "batch spread", low=0.1, high=6, step=0.1, value=1.0),
        Slider("alpha", "α, left slope", low=0.0, high=2.0, step=0.05, value=0.1,
               when=needs("leaky ReLU", "PReLU")),
        Slider("elu_alpha", "α of ELU", low=0.0, high=2.0, step=0.05, value=1.0,
               when=needs("ELU")),
        Slider("at_zero", "ReLU′ at 0", low=0.0, high=1.0, step=0.1, value=0.0,
               when=needs("ReLU")),
        Slider("w1", "maxout w₁", low=-2, high=2, step=0.1, value=-0.5, when=needs("maxout")),
        Slider("b1", "maxout b₁", low=-2, high=2, step=0.1, value=-0.5, when=needs("maxout")),
        Slider("w2", "maxout w₂", low=-2, high=2, step=0.1, value=1.0, when=needs("maxout")),
        Slider("b2", "maxout b₂", low=-2, high=2, step=0.1, value=0.0, when=needs("maxout")),
        seed("batch number", 0),
        Press("again", "New batch"),
    )
    study = staticmethod(saturation.study)
    still = staticmethod(picture.still)
    build, update = staticmethod(picture.build), staticmethod(picture.update)

    @staticmethod
    def handles(view):
        curve, (low, high) = view["curves"][0], view["limits"]
        height = min(max(curve.f, low), high)
        return [Handle("x", "input x on f", 0, view["x"], height, (0.05, 0), "x"),
                Handle("x", "input x on f′", 1, view["x"], curve.slope, (0.05, 0), "x"),
                Handle("threshold", "threshold of saturation", 1, 7.5, view["threshold"],
                       (0, 0.01), "y")]

    @staticmethod
    def readouts(view):
        rows = [[curve.name, four(curve.f), four(curve.slope), range_text(*curve.range),
                 curve.centred, percent(curve.saturated), four(curve.mean_slope),
                 four(curve.mean)] for curve in view["curves"]]
        low = [(i, 2) for i, curve in enumerate(view["curves"]) if is_saturated(curve, view)]
        columns = ["unit", "f(x)", "f′(x)", "values", "zero-centred?", "batch saturated",
                   "mean |f′|", "mean f"]
        formulas = [math(name, formula(name)) for name in view["units"]]
        return [note(*spoken(view)), table("", columns, rows, low), *formulas]

    @staticmethod
    def says(view):
        units = "; ".join(f"{c.name} is {four(c.f)} with slope {four(c.slope)} and saturates "
                          f"{percent(c.saturated)} of the batch" for c in view["curves"])
        return (f"at x = {rounded(view['x'], 2)}, with a batch of mean {rounded(view['mean'], 1)} "
                f"and spread {view['spread']:.1f}, {units} (|f′| below {view['threshold']:.2f})")


def formula(name):
    return rf"f(x) = {UNITS[name].latex} \qquad f'(x) = {UNITS[name].slope_latex}"


def is_saturated(curve, view):
    return abs(curve.slope) < view["threshold"]


def spoken(view):
    """What the units do to a gradient at x, in a sentence, and its tone."""
    curves = view["curves"]
    passed = ", ".join(f"{curve.name} passes on {four(curve.slope)}" for curve in curves)
    saturated = [curve.name for curve in curves if is_saturated(curve, view)]
    what = f"At x = {rounded(view['x'], 2)}, of an upstream gradient 1, {passed}."
    if not saturated:
        return what, ""
    names = " and ".join(filter(None, [", ".join(saturated[:-1]), saturated[-1]]))
    verb = "is" if len(saturated) == 1 else "are"
    learns = "hardly learns" if any(c.slope for c in curves if is_saturated(c, view)) else (
        "does not learn")
    return (f"{what} {names} {verb} saturated: a weight below {learns}, whatever the loss says.",
            "bad")


def range_text(low, high):
    """An interval as text, which no line breaks."""
    if low == high:
        return f"{{{short(low)}}}"
    return f"{short(low)}\xa0…\xa0{short(high)}"
