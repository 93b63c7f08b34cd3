"""The dead-ReLU lab: push the bias of a layer down, then see which units descent brings back."""

from ...words import four, plural, rounded
from ..kit.controls import Choice, Press, Slider, seed
from ..kit.lab import Handle, Lab, note, table
from . import picture
from . import study as dead_relu
from .study import KINDS, MOST, WIDTH


class DeadReluLab(Lab):
    """A layer of 12 units on a batch of 16, its bias pushed down, and steps of descent after that.

    `DeadReluLab(unit="ReLU", push=-2.0, steps=0, eta=0.5)`
    unit: ReLU, leaky ReLU, ELU, softplus or maxout (of whose two lines one is pushed). push: the
    bias at the start; steps: of descent, up to 40, with step size eta; alpha: left slope of the
    leaky ReLU; elu_alpha; seed: which batch and weights.
    """

    point = "A bias is pushed down until its unit is off: does it come back? Push, then take steps."
    controls = (
        Choice("unit", "unit", options=KINDS, value="ReLU"),
        Slider("push", "bias push", low=-8.0, high=2.0, step=0.1, value=-2.0),
        Slider("steps", "steps", low=0, high=MOST, step=1, value=0, plays=True),
        Slider("eta", "step size η", low=0.05, high=0.5, step=0.05, value=0.5),
        Slider("alpha", "α, left slope", low=0.0, high=1.0, step=0.05, value=0.1,
               when=lambda present: present["unit"] == "leaky ReLU"),
        Slider("elu_alpha", "α of ELU", low=0.0, high=2.0, step=0.05, value=1.0,
               when=lambda present: present["unit"] == "ELU"),
        seed("batch number", 0),
        Press("again", "New batch and weights"),
    )
    study = staticmethod(dead_relu.study)
    still = staticmethod(lambda view: view["unit"])
    build, update = staticmethod(picture.build), staticmethod(picture.update)

    @staticmethod
    def handles(view):
        low, high = picture.LOSSES
        height = min(max(float(view["path"].loss[-1]), low), high)
        return [Handle("steps", "steps of descent", 1, view["steps"], height, (1, 0), "x")]

    @staticmethod
    def readouts(view):
        rows = [[kind, *(str(n) for n in counts(path)), four(path.loss[0]),
                 four(path.loss[-1])] for kind, path in view["paths"].items()]
        columns = ["unit", "silent at start", "silent now", "dead now", "loss at start", "loss now"]
        chosen = [(KINDS.index(view["unit"]), column) for column in range(len(columns))]
        after = plural(view["steps"], "step")
        return [note(*spoken(view)),
                table(f"all answers after {after}, of {WIDTH} units each", columns, rows, chosen)]

    @staticmethod
    def says(view):
        first, silent, dead = counts(view["path"])
        return (f"{view['unit']}, bias pushed to {rounded(view['push'], 1)}: {first} of {WIDTH} "
                f"units are silent at the start, {silent} after {plural(view['steps'], 'step')}, "
                f"{dead} of them dead; the loss is {four(view['path'].loss[-1])}")


def counts(path):
    """(silent at the start, silent now, dead now): units."""
    return int(path.silent[0].sum()), int(path.silent[-1].sum()), int(path.dead[-1].sum())


def spoken(view):
    """What happens to the chosen unit, in a sentence, and its tone."""
    first, silent, dead = counts(view["path"])
    share = f"{100 * dead / WIDTH:.1f} % of the units ({dead} of {WIDTH})"
    if dead:
        return (f"{view['unit']}: {share} are dead. For every example their local gradient is 0, "
                "so no loss and no number of steps can move them.", "bad")
    if silent < first:
        return (f"{view['unit']}: {first - silent} of {first} silent units came back in "
                f"{plural(view['steps'], 'step')}, for a gradient passes them.", "good")
    if silent:
        units = plural(silent, "unit is", "units are")
        return (f"{view['unit']}: {units} silent, but none is dead: "
                "a gradient passes them. Take some steps.", "")
    return f"{view['unit']}: every unit is on for some example.", "good"
