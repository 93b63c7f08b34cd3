"""The output lab: which loss belongs to which output unit, and what a wrong pair costs."""

import numpy as np

from ...words import four, plural, short
from ..kit.controls import Choice, Slider
from ..kit.lab import Handle, Lab, note, table
from . import picture
from . import study as output_loss
from .study import FACTORS, FAR, MOST, SOFT, UNITS

MOST_CLASSES = 5
REACH = 6.0  # scores of k classes go from −REACH to REACH
FIRST = (-4.0, 4.0, 1.0, 0.0, -2.0)  # the scores of the classes at the start
ETAS = tuple(np.geomspace(0.1, 10, 41).round(2).tolist())


def two(present):
    return present["classes"] == "two"


def inside(present):
    """The right class is one of the k that there are."""
    return present | {"label": min(present["label"], present["k"])}


def score(i):
    """The slider of one score of several: shown when there are that many classes."""
    return Slider(f"z{i}", f"score z{'₀₁₂₃₄₅'[i]}", low=-REACH, high=REACH, step=0.1,
                  value=FIRST[i - 1], when=lambda present: not two(present) and i <= present["k"])


class OutputLossLab(Lab):
    """Output units with their losses: the gradient that reaches the score, and a race of descent.

    `OutputLossLab(classes="two", z=-6, y="1", squared="(p − y)²", eta=1, steps=30)`, or
    `OutputLossLab(classes="softmax", k=3, label=1, z1=-4, z2=4, z3=1)` with 2 to 5 classes;
    squared: "(p − y)²" or "½(p − y)²".
    """

    point = "Which loss goes with which output? Far on the wrong side, see who still learns."
    controls = (
        Choice("classes", "classes", options=("two", "softmax"), value="two"),
        Slider("z", "score z", low=-FAR, high=FAR, step=0.1, value=-6.0, when=two),
        Choice("y", "label y", options=("0", "1"), value="1", when=two),
        Slider("k", "classes k", low=2, high=MOST_CLASSES, step=1, value=3,
               when=lambda present: not two(present)),
        Slider("label", "right class", low=1, high=MOST_CLASSES, step=1, value=1,
               when=lambda present: not two(present)),
        *map(score, range(1, MOST_CLASSES + 1)),
        Choice("squared", "squared error", options=tuple(FACTORS), value="(p − y)²"),
        Slider("eta", "step size η", low=0.1, high=10, step=0.1, value=1.0, values=ETAS),
        Slider("steps", "steps", low=0, high=MOST, step=1, value=30, plays=True),
    )
    build, update = staticmethod(picture.build), staticmethod(picture.update)

    @staticmethod
    def study(present):
        return output_loss.study(present | {"y": int(present["y"])})

    def act(self, present, gesture):
        return inside(super().act(present, gesture))

    def _with(self, present, settings):
        return inside(super()._with(present, settings))

    @staticmethod
    def still(view):
        return (None, view["y"], view["factor"]) if two(view) else (view["k"], view["target"], None)

    @staticmethod
    def handles(view):
        if two(view):
            return [Handle("z", "score z, on the losses", 0, view["z"], view["loss"][0],
                           (0.1, 0), "x"),
                    Handle("z", "score z, on the gradients", 1, view["z"], view["gradient"][0],
                           (0.1, 0), "x")]
        return [Handle(f"z{i + 1}", f"score of class {i + 1}", 0, i, z, (0, 0.1), "y")
                for i, z in enumerate(view["scores"])]

    @staticmethod
    def says(view):
        where = f"z = {short(view['z'])}, label {view['y']}" if two(view) else (
            "scores " + ", ".join(map(short, view["scores"]))
            + f", right class {view['target'] + 1}")
        size = np.abs(view["gradient"] if two(view) else view["gradient"][:, view["target"]])
        entry = "|dL/dz|" if two(view) else f"|dL/dz[{view['target']}]|"
        after = plural(view["steps"], "step")
        parts = [f"{unit}: {entry} = {short(g)}, after {after} p = {four(track[-1])}"
                 for unit, g, track in zip(units(view), size, view["track"], strict=True)]
        return f"{where}; " + "; ".join(parts)

    @staticmethod
    def readouts(view):
        return [race_table(view), *(_two_notes(view) if two(view) else _soft_notes(view))]


def units(view):
    return UNITS if two(view) else SOFT


def race_table(view):
    """Each unit's loss, gradient and result of the race."""
    if two(view):
        rows = [[name, short(p), short(loss), short(g), four(track[-1])] for name, p, loss, g,
                track in zip(UNITS, view["p"], view["loss"], view["gradient"], view["track"],
                             strict=True)]
        columns = ["output unit and loss", "p", "loss", "dL/dz"]
    else:
        rows = [[name, short(loss), ", ".join(map(short, g)), four(track[-1])] for name, loss, g,
                track in zip(SOFT, view["loss"], view["gradient"], view["track"], strict=True)]
        columns = ["output unit and loss", "loss", "dL/dz, class by class"]
    return table("", [*columns, f"right label after {plural(view['steps'], 'step')}"], rows)


def _two_notes(view):
    y, p, c = view["y"], view["p"][0], 2 * view["factor"]
    entropy, squared, clipped = view["gradient"]
    lines = [f"Cross-entropy: σ(z) − y = {four(p)} − {y} = {short(entropy)}.  Squared error: "
             f"{c:g}(σ(z) − y)σ(z)(1 − σ(z)) = {c:g}·({short(entropy)})·{short(p)}·{short(1 - p)} "
             f"= {short(squared)}"
             + (f", {abs(entropy / squared):,.0f} times smaller." if abs(entropy) > 0.5 else ".")]
    if clipped == 0:
        lines.append("Clipped line: z lies outside 0 … 1, its slope is 0, and no loss can move it."
                     if abs(view["p"][2] - y) else "Clipped line: exactly right, so no gradient.")
    return [note(line) for line in lines]


def _soft_notes(view):
    p, label = view["p"], view["target"]
    hot = ", ".join("1" if i == label else "0" for i in range(len(p)))
    return [note(f"Cross-entropy: dL/dz = p − y = ({', '.join(map(short, p))}) − ({hot}). "
                 f"Its entries add up to 0: what one class gains, the others give.")]
