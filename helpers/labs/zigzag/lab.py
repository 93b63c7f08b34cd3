"""The zig-zag lab: what inputs that are all positive do to gradient descent."""

import numpy as np

from ...words import four, plural
from ..kit.controls import Choice, Point, Slider
from ..kit.lab import Handle, Lab, note, table
from . import picture
from . import study as zigzag
from .study import BATCH, ONE, WAYS

ETAS = tuple(np.geomspace(0.5, 20, 41).round(2).tolist())


class ZigZagLab(Lab):
    """Gradient descent on two weights of a sigmoid neuron, for positive and for centred inputs.

    Every step of one example is the example's x times one number: where x ≥ 0, both entries of the
    gradient have one sign. `ZigZagLab(eta=3, steps=12, by="one example", start=(-1.5, 1))`;
    by: "one example" at a time, or "whole batch", whose gradient is the mean over six examples.
    """

    point = "Why does descent zigzag where all inputs are positive? The same steps, twice."
    controls = (
        Choice("by", "each step by", options=(ONE, BATCH), value=ONE),
        Slider("steps", "steps", low=0, high=picture.MOST, step=1, value=12, plays=True),
        Slider("eta", "step size η", low=0.5, high=20, step=0.5, value=3.0, values=ETAS),
        Point("start", "start (w₁, w₂)", low=(-3.0, -3.2), high=(4.0, 2.3), value=(-1.5, 1.0)),
    )
    build, update = staticmethod(picture.build), staticmethod(picture.update)
    study = staticmethod(zigzag.study)
    still = staticmethod(lambda view: view["by"])

    @staticmethod
    def handles(view):
        return [Handle("start", f"start of the path, inputs {way}", place, *view["start"])
                for place, way in enumerate(WAYS)]

    @staticmethod
    def says(view):
        steps = view["steps"]
        parts = [f"with inputs {way} {path.same_sign.sum()} of {steps} gradients have entries of "
                 f"one sign, the path turns back {plural(path.turns, 'time')} and ends at loss "
                 f"{four(path.losses[-1])}" if steps else
                 f"with inputs {way} the loss is {four(path.losses[0])}"
                 for way, path in view["paths"].items()]
        taken = f"{plural(steps, 'step')} of size {view['eta']:g} by {view['by']}"
        return f"{taken}: {'; '.join(parts)}"

    @staticmethod
    def readouts(view):
        rows = [[way, f"{path.same_sign.sum()} of {view['steps']}", str(path.turns),
                 four(path.detour), four(path.losses[-1])]
                for way, path in view["paths"].items()]
        columns = ["inputs", "both entries of one sign", "steps that turn back",
                   "path ÷ straight way", "loss at the end"]
        lines = [note(text) for text in map(last_line, WAYS, view["last"].values()) if text]
        if view["by"] == BATCH:
            lines = [note("A batch gradient is a mean of six examples' gradients: signs may mix. "
                          "What positive inputs leave is the long, narrow valley.")]
        return [table("", columns, rows), *lines]


def last_line(way, last):
    """The last gradient as upstream · slope · x, or nothing."""
    if not last:
        return ""
    g, x = last["gradient"], last["x"]
    line = (f"Last step, inputs {way}: upstream · σ′ · x of example {last['n'] + 1} = "
            f"{four(last['upstream'])} · {four(last['slope'])} · ({four(x[0])}, {four(x[1])}) = "
            f"({four(g[0])}, {four(g[1])})")
    return line
