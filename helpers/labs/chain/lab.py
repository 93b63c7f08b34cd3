"""The chain rule lab: a point and a small change through one map or two, in both layouts."""

import numpy as np

from ...calculus.errors import NumberError, ShapeError
from ...calculus.jacobian import LAYOUTS, as_numbers
from ...calculus.vector.derivatives import SCALES
from ...calculus.vector.maps import MAPS
from ..kit.controls import Choice, Given, Point, Slider
from ..kit.lab import Handle, Lab
from . import entries as entries_picture
from . import picture as map_picture
from . import reading
from .study import ROOM, chain_of, grown, study_chain, study_entries

FLAT = tuple(name for name, row in MAPS.items() if (row.m, row.n) == (2, 2))
OUT = tuple(name for name, row in MAPS.items() if (row.m, row.n) == (2, 3))
BACK = tuple(name for name, row in MAPS.items() if (row.m, row.n) == (3, 2))
NONE = "none"
MODES = ("map", "entries")
PICTURES = {"map": map_picture, "entries": entries_picture}
W_SHAPE = (3, 4)
W_START = ((0.5, -1.2, 0.8, 0.3), (1.1, 0.4, -0.6, 0.9), (-0.7, 1.5, 0.2, -0.4))
V_START = (1.0, -0.5, 2.0, 0.5)


def numbers(label, shape):
    """A check that admits finite numbers of this shape, as tuples."""
    def check(value):
        array = as_numbers(value, f"ChainRuleLab: {label}")
        if array.shape != shape:
            raise ShapeError(f"ChainRuleLab: {label} has shape {array.shape}, but it is shown "
                             f"with shape {shape}.")
        if not (np.abs(array) <= 1e4).all():
            raise NumberError(f"ChainRuleLab: {label} must hold numbers from −1e4 to 1e4.")
        return tuple(map(tuple, array.tolist())) if array.ndim == 2 else tuple(array.tolist())
    return check


def on_map(present):
    return present["mode"] == "map"


def on_entries(present):
    return present["mode"] == "entries"


def names_of(present):
    """The names of the maps in the order in which they are applied."""
    first = present["first"]
    if first in OUT:
        return first, present["back"]
    return (first,) if present["second"] == NONE else (first, present["second"])


def uses(name):
    """Whether a parameter is one of the present maps'."""
    return lambda p: on_map(p) and any(name in MAPS[one].ranges for one in names_of(p))


CONTROLS = (
    Choice("mode", "show", MODES, "map"),
    Choice("layout", "layout", LAYOUTS, "numerator"),
    Choice("first", "y =", FLAT + OUT, "polar", when=on_map),
    Choice("second", "then z =", (NONE, *FLAT), NONE,
           when=lambda p: on_map(p) and p["first"] in FLAT),
    Choice("back", "then z =", BACK, "mix to plane",
           when=lambda p: on_map(p) and p["first"] in OUT),
    Slider("angle", "rotation, degrees", -180, 180, 1, 40, when=uses("angle")),
    Slider("amount", "amount of warp", 0, 1.5, 0.05, 0.6, when=uses("amount")),
    Slider("shrink", "halve Δx", 0, len(SCALES) - 1, 1, 0, plays=True, when=on_map),
    Point("x", "point x", (-2, -2), (2, 2), (1.2, 0.7)),
    Point("dx", "change Δx", (-4, -4), (4, 4), (0.4, 0.5)),
    Slider("filled", "entries filled in", 0, 12, 1, 0, plays=True, when=on_entries),
    Given("W", "W", W_START, numbers("W", W_SHAPE)),
    Given("v", "the vector", V_START, numbers("v", W_SHAPE[1:])),
)

POINTS = {
    "map": "How well does the Jacobian say where a small step goes? Drag x and the tip of Δx.",
    "entries": "What is ∂y/∂x of y = Wx, entry by entry? Fill it in, and point at an entry.",
}


def inside(present):
    """x on the domain of the first map, and the tip of Δx near it."""
    domain = MAPS[present["first"]].domain
    x = kept(present["x"], domain)
    tip = kept(np.add(x, present["dx"]), grown(domain, ROOM))
    return present | {"x": x, "dx": tuple(np.round(np.subtract(tip, x), 10).tolist())}


def kept(point, domain):
    """The nearest point of a domain."""
    return tuple(float(min(max(c, low), high)) for c, (low, high) in zip(point, domain,
                                                                         strict=True))


def study(present):
    """All numbers on the screen."""
    if present["mode"] == "entries":
        numbers = study_entries(np.array(present["W"]), np.array(present["v"]),
                                present["filled"], present["layout"])
        return {"mode": "entries", **numbers}
    names = names_of(present)
    parameters = tuple((key, present[key]) for key in ("angle", "amount"))
    numbers = study_chain(chain_of(names, parameters), present["x"], present["dx"],
                          present["shrink"])
    return {"mode": "map", "names": names, "layout": present["layout"], **numbers}


def still(view):
    """What the background depends on."""
    if view["mode"] == "map":
        return "map", view["names"]
    W = tuple(map(tuple, view["W"].tolist()))
    return "entries", (view["layout"], W, tuple(view["x"].tolist()))


def handles(view):
    """The point and the tip of Δx."""
    if view["mode"] == "entries":
        return []
    x = view["values"][0]
    tip = x + view["dx"]
    return [Handle("x", "point x", 0, *map(float, x), (0.05, 0.05)),
            Handle("dx", "tip of Δx", 0, *map(float, tip), (0.05, 0.05))]


class ChainRuleLab(Lab):
    """`ChainRuleLab(first="polar", second="sine warp", layout="denominator", x=(1, 0.5), …)`.

    first, second: maps of the plane (`second="none"` for one map); a `first` that goes to space
    needs `back`, a map from there to the plane. x, dx: the point and its change; shrink: how often
    Δx is halved, 0 to 10; angle, amount: of a rotation and a sine warp.
    mode="entries" derives ∂(Wv)/∂v entry by entry: W (3, 4), v (4,), filled 0 to 12.
    `.set(…)` changes any of them; `.jacobians`, `.product` and `.changes` are what is shown.
    Raises UnknownParameter, NumberError, ShapeError.
    """

    controls = CONTROLS
    study, still, handles = map(staticmethod, (study, still, handles))
    readouts, says = map(staticmethod, (reading.readouts, reading.says))
    build = staticmethod(lambda still, *look: PICTURES[still[0]].build(still[1], *look))
    low = staticmethod(lambda still, *look: PICTURES[still[0]].low(still[1], *look))
    update = staticmethod(lambda movers, view: PICTURES[view["mode"]].update(movers, view))

    @property
    def point(self):
        """What there is to find out in the present mode."""
        return POINTS[self._present["mode"]]

    def act(self, present, gesture):
        if gesture["kind"] == "drag" and gesture.get("place") == "dx":
            moved = np.subtract(gesture["value"], present["x"]).tolist()
            gesture = {**gesture, "value": moved}
        return inside(super().act(present, gesture))

    def _with(self, present, settings):
        return inside(super()._with(present, settings))

    @property
    def jacobians(self):
        """The local Jacobians as they stand in the product, from left to right (copies)."""
        present = self._present | {"mode": "map"}
        view = study(present)
        return reading.ordered(view["factors"], present["layout"])

    @property
    def product(self):
        """The derivative of the whole chain in the present layout (a copy)."""
        present = self._present | {"mode": "map"}
        return reading.turned(study(present)["products"][-1], present["layout"])

    @property
    def changes(self):
        """(true change of the last value, the change by the Jacobian)."""
        view = study(self._present | {"mode": "map"})
        return view["true"][-1].copy(), view["predicted"][-1].copy()
