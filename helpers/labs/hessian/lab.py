"""The Hessian lab: contours of a surface, gradient and curvature at a point, two predictions."""

import numpy as np

from ...calculus.vector.surfaces import SURFACES
from ..kit.controls import Choice, Point, Press
from ..kit.lab import EXACT, Handle, Lab, math, matrices, note, rows_of, said, table, value, vector
from . import picture
from .study import study_surface

SYMMETRIC = 1e-6  # what differences of the gradient may leave


def study(present):
    """All numbers on the screen."""
    return study_surface(present["surface"], present["x"], present["d"])


def handles(view):
    """The point and the tip of the step."""
    tip = view["x"] + view["d"]
    return [Handle("x", "point x", 0, *map(float, view["x"]), (0.05, 0.05)),
            Handle("d", "tip of the step d", 0, *map(float, tip), (0.05, 0.05))]


def symmetric(view):
    """Are the two mixed derivatives the same number?"""
    return abs(view["measured"][0, 1] - view["measured"][1, 0]) < SYMMETRIC * max(
        1, np.abs(view["measured"]).max())


def readouts(view):
    """Gradient, Hessian, its symmetry, its curvatures, and the two predictions."""
    H, measured = view["H"], view["measured"]
    off = ((0, 1), (1, 0))
    same = symmetric(view)
    reads = [
        math("", view["surface"].latex),
        matrices("at x", [("x", rows_of(view["x"][:, None])),
                          ("∇f", rows_of(view["g"][:, None])), ("H", rows_of(H), off)]),
        table("H[0,1] and H[1,0], each measured by itself", ["derivative", "number"], [
            ["∂/∂x[1] of ∂f/∂x[0]", said(measured[0, 1])],
            ["∂/∂x[0] of ∂f/∂x[1]", said(measured[1, 0])]]),
        table("f(x + d)", ["", "number", "error", "slope of the error"], prediction_rows(view)),
    ]
    reads += [value("curvature (eigenvalues of H)", ", ".join(map(said, view["eigenvalues"]))),
              value("so here", shape_of(view))] if same else []
    tone = "good" if same else "bad"
    return [*reads, note("H is symmetric: the order of the two derivatives does not matter." if same
                         else "H is not symmetric at this point: the order of the two derivatives "
                         "matters. Move the point a little, and look again.", tone)]


def prediction_rows(view):
    """True value, first and second order, with error and slope."""
    rows = [["true", said(view["new"]), "", ""]]
    named = ("first order: f + ∇f·d", "second order: … + ½ dᵀHd")
    for name, guess, slope in zip(named, (view["first"], view["second"]), view["slopes"],
                                  strict=True):
        error = abs(guess - view["new"])
        fall = said(slope) if np.isfinite(slope) else "only rounding" if error <= EXACT else "–"
        rows.append([name, said(guess), said(error), fall])
    return rows


def shape_of(view):
    """What the eigenvalues say about the surface."""
    low, high = view["eigenvalues"]
    flat = 1e-9 * max(1, abs(low), abs(high))
    if low > flat:
        return "it curves up in every direction"
    if high < -flat:
        return "it curves down in every direction"
    if low < -flat and high > flat:
        return "it curves up one way and down the other"
    return "it is straight in at least one direction"


def says(view):
    """One true sentence."""
    order = ("symmetric" if symmetric(view) else
             f"not symmetric: {said(view['measured'][0, 1])} against "
             f"{said(view['measured'][1, 0])}")
    errors = [abs(view[name] - view["new"]) for name in ("first", "second")]
    return (f"{view['surface'].name} at x = {vector(view['x'])}: gradient {vector(view['g'])}, "
            f"Hessian rows {vector(view['H'][0])} and {vector(view['H'][1])}, {order}; f(x + d) = "
            f"{said(view['new'])} for d = {vector(view['d'])}, first order misses by "
            f"{said(errors[0])}, second order by {said(errors[1])}")


class HessianLab(Lab):
    """`HessianLab(surface="valley", x=(0.5, -0.5), d=(0.6, 0.3))`.

    surface: "bowl", "saddle", "valley", "waves" or "Peano's twist"; choosing one goes to a point
    worth a look. x: the point; d: the step that is predicted. `.set(…)` changes them; `.gradient`,
    `.hessian` and `.predictions` are what is shown. Raises UnknownParameter, NumberError.
    """

    point = "What does curvature add to a prediction of f(x + d)? Drag x and the tip of d."
    controls = (
        Choice("surface", "f", tuple(SURFACES), "bowl"),
        Press("shrink", "Halve d"),
        Press("grow", "Double d"),
        Press("origin", "Go to the origin"),
        Point("x", "point x", (-2, -2), (2, 2), SURFACES["bowl"].start),
        Point("d", "step d", (-4, -4), (4, 4), (-0.5, 0.4)),
    )
    study, handles, readouts, says = map(staticmethod, (study, handles, readouts, says))
    build, update = map(staticmethod, (picture.build, picture.update))
    still = staticmethod(lambda view: view["surface"].name)

    @staticmethod
    def press(present, name):
        if name == "origin":
            return present | {"x": (0.0, 0.0)}
        times = {"shrink": 0.5, "grow": 2.0}[name]
        d = tuple(round(times * c, 10) for c in present["d"])
        return present if max(map(abs, d)) > 4 or max(map(abs, d)) < 1e-3 else present | {"d": d}

    def act(self, present, gesture):
        if gesture["kind"] == "drag" and gesture.get("place") == "d":
            gesture = {**gesture, "value": np.subtract(gesture["value"], present["x"]).tolist()}
        after = super().act(present, gesture)
        if after["surface"] != present["surface"] and gesture["kind"] == "set":
            return after | {"x": SURFACES[after["surface"]].start}
        return after

    def _with(self, present, settings):
        after = super()._with(present, settings)
        moved = "surface" in settings and "x" not in settings
        return after | {"x": SURFACES[after["surface"]].start} if moved else after

    def _changed(self):
        """With a surface always a point: else it would go to that surface's own."""
        changed = super()._changed()
        return changed | ({"x": self._present["x"]} if "surface" in changed else {})

    gradient = property(lambda self: study(self._present)["g"].copy(), doc="∇f at x, (2,).")
    hessian = property(lambda self: study(self._present)["H"].copy(),
                       doc="H at x by its formula, (2, 2).")

    @property
    def predictions(self):
        """f(x + d): {"true": …, "first": …, "second": …}."""
        view = study(self._present)
        return {"true": view["new"], "first": view["first"], "second": view["second"]}
