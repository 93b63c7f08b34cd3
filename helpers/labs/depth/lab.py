"""The depth lab: does a gradient vanish, explode or die on its way back through many layers?"""

from ...calculus.units import UNITS
from ...words import four, plural, rounded, short
from ..kit.controls import Press, Several, Slider, needs, seed
from ..kit.lab import Handle, Lab, note, table
from . import picture
from . import study as depth

WORDS = {
    "vanished": ("vanishes: the first layers hardly learn", "bad"),
    "exploded": ("explodes: a step of descent throws the first layers far off", "bad"),
    "died": ("dies: no example leaves a gradient, and none will", "bad"),
    "kept its size": ("neither vanishes nor explodes: all layers learn", "good"),
}


class DepthLab(Lab):
    """What is left of a gradient after 1 to 50 random layers H = f(HW + b), in five networks.

    `DepthLab(units=("sigmoid", "tanh", "ReLU"), depth=30, scale=1.0, bias=0.0)`
    units: up to three, named as in `ActivationLab`. scale: entries of W have a spread of
    scale/√width (√2 keeps a ReLU's gradient); bias: that of every unit; alpha: left slope of leaky
    ReLU and PReLU; seed: which five networks.
    """

    point = "How much of a gradient is left after many layers? Change units, depth, weights."
    controls = (
        Several("units", "units", options=tuple(UNITS), value=("sigmoid", "tanh", "ReLU"), most=3),
        Slider("depth", "layers", low=1, high=depth.MOST, step=1, value=30, plays=True),
        Slider("scale", "weight scale", low=0.2, high=3.0, step=0.05, value=1.0),
        Slider("bias", "bias", low=-2.0, high=2.0, step=0.1, value=0.0),
        Slider("alpha", "α, left slope", low=0.0, high=1.0, step=0.05, value=0.1,
               when=needs("leaky ReLU", "PReLU")),
        seed("networks number", 0),
        Press("again", "New networks"),
    )
    study = staticmethod(depth.study)
    still = staticmethod(lambda view: view["units"])
    build, update = staticmethod(picture.build), staticmethod(picture.update)

    @staticmethod
    def handles(view):
        size = 10 ** float(view["passages"][0].middle[-1])
        height = min(max(size, picture.LOW), picture.HIGH)
        return [Handle("depth", "layers", 0, view["depth"], height, (1, 0), "x")]

    @staticmethod
    def readouts(view):
        rows = [[one.name, left(one), four(one.factor), four(one.local.mean()),
                 f"{one.died} of {depth.NETWORKS}", one.verdict] for one in view["passages"]]
        columns = ["unit", f"left after {plural(view['depth'], 'layer')}", "times per layer",
                   "mean |f′|", "died", "so it has"]
        marked = [(i, 5) for i, one in enumerate(view["passages"])
                  if one.verdict != "kept its size"]
        return [*spoken(view), table("median of five networks", columns, rows, marked)]

    @staticmethod
    def says(view):
        units = "; ".join(f"{one.name} {one.verdict}: {left(one)} is left, {four(one.factor)} "
                          f"times per layer, {one.died} of {depth.NETWORKS} died"
                          for one in view["passages"])
        return (f"a gradient back through {plural(view['depth'], 'layer')} with weight scale "
                f"{view['scale']:.2f} and bias {rounded(view['bias'], 1)}: {units}")


def spoken(view):
    """A note for each thing that gradients do, with the units in which they do it."""
    notes = []
    for verdict, (words, tone) in WORDS.items():
        names = [one.name for one in view["passages"] if one.verdict == verdict]
        if names:
            notes.append(note(f"{', '.join(names)}: the gradient {words}.", tone))
    return notes


def left(one):
    """What is left of the gradient in the median network, as text."""
    return "0" if one.verdict == "died" else short(10 ** float(one.middle[-1]))
