"""Batch normalization taken apart: small steps, one formula, and one feature's N×N Jacobian."""

from ...words import short
from ..kit.bundle import script, styles
from ..kit.live import PointedView, cell_of
from . import state as states
from .reading import reading
from .view import collapsed, show

SETTINGS = ("eps", "ddof", "mode", "feature", "step", "parts", "path")


class BatchNormLab(PointedView):
    """`BatchNormLab(X, gamma, beta, G=G, eps=1e-5, ddof=0, mode="training", feature=0)`.

    X, G: (N, H), at most 16 examples of 4 features; gamma, beta, mean, var: (H,). What is left out
    is seeded; the running statistics `mean` and `var` are then those of X. step: how many steps are
    taken, or "end" (else forward and one step back); parts: how many parts of the Jacobian are
    added up, 0 to 3; path: 0 drops the path from the variance to the mean. `.set(X=…, eps=…)`
    changes any of them; `.arrays`, `.gradient` and `.jacobian` are copies. Raises ShapeError,
    NumberError, UnknownParameter, ….
    """

    front = script("widgets/batchnorm/page.js")
    _css = styles("widgets/batchnorm/page.js")

    def __init__(self, X=None, gamma=None, beta=None, G=None, mean=None, var=None, seed=0,
                 **settings):
        super().__init__(states.start(X, gamma, beta, G, mean, var, seed, **settings))

    act = staticmethod(states.act)
    show = staticmethod(show)
    read = staticmethod(reading)

    def set(self, **changes):
        """Change arrays and settings from Python; nothing changes when one of them is wrong."""
        with self._lock:
            arrays = {name: value for name, value in changes.items() if name in states.NAMES}
            settings = {name: value for name, value in changes.items() if name not in arrays}
            present = states.with_arrays(self._present, arrays) if arrays else self._present
            self.change(states.with_settings(present, settings))

    arrays = property(
        lambda self: {name: value.copy() for name, value in self._present.arrays.items()},
        doc="X, G, gamma, beta, mean and var by name (copies).")
    gradient = property(lambda self: states.compute(self._present).collapsed["X"].copy(),
                        doc="dL/dX by the collapsed formula, (N, H) (a copy).")
    jacobian = property(lambda self: sum(states.compute(self._present).parts),
                        doc="∂Y[n, feature]/∂X[i, feature] of the chosen feature, (N, N).")

    def cell(self):
        """The text of the cell that makes this lab again."""
        present = self._present
        settings = {name: getattr(present, name) for name in SETTINGS}
        return cell_of("BatchNormLab", **present.arrays, **settings | {"path": int(present.path)})

    def pointers(self):
        N, H = self._present.arrays["X"].shape
        return [{"place": place, "index": i} for place, size in (("J", N * N), ("dX", N * H))
                for i in range(size)]

    def figure(self):
        """All steps in both directions and the parts of the Jacobian as one Matplotlib figure."""
        from .picture import draw_lab

        computed = states.compute(self._present)
        return draw_lab(self.sentence(), computed.values, computed.gradients, computed.parts,
                        self._present.feature)

    def sentence(self):
        present, computed = self._present, states.compute(self._present)
        N, H = computed.values["X"].shape
        variance = f"{'Bessel' if present.ddof else 'biased'} variance"
        how = variance if present.mode == "training" else "stored mean and variance"
        forward, last = states.counts(present.mode)
        same = collapsed(present, computed)["same"]
        eps = short(present.eps)
        head = f"BatchNormLab (n={N}, h={H}), {present.mode} with {how}, ε={eps}: "
        one = (f"dL/dX by {last - forward} backward steps and by one formula "
               f"{'are the same' if same else 'differ'}; ")
        if present.mode == "evaluation":
            return head + one + f"the {N}×{N} Jacobian of feature {present.feature} is diagonal"
        return head + one + (
            f"the {N}×{N} Jacobian of feature {present.feature} is a multiple of the identity "
            "minus two outer products")
