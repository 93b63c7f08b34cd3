"""The chain count lab: the same product of Jacobians from the loss, or from the inputs."""

from ...words import rounded
from ..kit.controls import Slider
from ..kit.lab import Handle, Lab, note, table
from . import picture
from . import study as counting
from .study import NAMES, PLACES

SIZES = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
STARTS = (1000, 200, 50, 1)


class ChainCountLab(Lab):
    """How many multiplications ∂z/∂x = J₃J₂J₁ takes, begun at the outputs or at the inputs.

    `ChainCountLab(inputs=1000, first=200, second=50, outputs=1)`: the sizes of the layers. One
    output, as a loss has, is multiplied out backward; one input forward.
    """

    point = "From which end is a chain of Jacobians cheaper to multiply out? Change its layers."
    controls = tuple(Slider(place, name, low=SIZES[0], high=SIZES[-1], step=1, value=value,
                            values=SIZES, plays=place in ("inputs", "outputs"))
                     for place, name, value in zip(PLACES, NAMES, STARTS, strict=True))
    build, update = staticmethod(picture.build), staticmethod(picture.update)
    study = staticmethod(counting.study)

    @staticmethod
    def handles(view):
        return [Handle(place, name, 0, i, view["sizes"][i], (0, 1), "y", SIZES)
                for i, (place, name) in enumerate(zip(PLACES, NAMES, strict=True))]

    @staticmethod
    def says(view):
        x, a, b, z = view["sizes"]
        counts = view["counts"]
        return (f"a chain {x:,} → {a:,} → {b:,} → {z:,}: backward {counts['backward']:,} "
                f"multiplications, forward {counts['forward']:,}; {verdict(counts)}")

    @staticmethod
    def readouts(view):
        rows = [[way, name, f"({n:,} × {k:,})({k:,} × {m:,})", f"{n * k * m:,}"]
                for way, products in view["ways"].items() for name, (n, k, m) in products]
        said = verdict(view["counts"])
        return [note(f"{said[0].upper()}{said[1:]}."),
                table("", ["begun", "product", "shapes", "multiplications"], rows)]


def verdict(counts):
    """Which way is the shorter, and by how much."""
    shorter, longer = sorted(counts, key=counts.get)
    if counts[shorter] == counts[longer]:
        return "both ways cost the same"
    times = rounded(counts[longer] / counts[shorter], 1)
    return f"{longer} takes {times} times as many as {shorter}"
