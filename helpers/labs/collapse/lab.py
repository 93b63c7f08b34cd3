"""The collapse lab: stacked affine layers are one affine map, until something bends between."""

from ...words import four, plural
from ..kit.controls import Choice, Point, Press, Slider
from ..kit.lab import Handle, Lab, matrices, note, rows_of, value
from . import picture
from . import study as collapse
from .study import SLOPES, SPAN

SHOWN = 3, 4  # layers and units up to which every matrix is shown


class CollapseLab(Lab):
    """A stack of 1 to 8 affine layers against the one map Wx + b that it multiplies out to.

    `CollapseLab(depth=3, f="none", width=4, seed=4, start=(-2, -1), end=(2, 1))`; f: what stands
    between the layers, "none", "ReLU", or "leaky ReLU" with its slope `alpha` below 0.
    """

    point = "Can a stack of affine layers do more than one? Choose what stands between them."
    controls = (
        Slider("depth", "affine layers", low=1, high=8, step=1, value=3, plays=True),
        Choice("f", "between them", options=(*SLOPES, "leaky ReLU"), value="none"),
        Slider("alpha", "slope α below 0", low=0.0, high=1.0, step=0.02, value=0.1, plays=True,
               when=lambda present: present["f"] == "leaky ReLU"),
        Slider("width", "hidden units", low=1, high=12, step=1, value=4),
        Slider("seed", "network number", low=0, high=99, step=1, value=4),
        Press("next", "Another network"),
        Point("start", "start of the line", low=(-SPAN, -SPAN), high=(SPAN, SPAN),
              value=(-2.0, -1.0)),
        Point("end", "end of the line", low=(-SPAN, -SPAN), high=(SPAN, SPAN), value=(2.0, 1.0)),
    )
    build, update = staticmethod(picture.build), staticmethod(picture.update)
    study = staticmethod(collapse.study)

    @staticmethod
    def handles(view):
        return [Handle(name, f"{name} of the line", 0, *view[name]) for name in ("start", "end")]

    @staticmethod
    def says(view):
        depth, count = view["depth"], len(view["kinks"])
        stack = plural(depth, "affine layer")
        between = "" if view["f"] == "none" else f" with {view['f']} between them"
        if view["collapses"]:
            verdict = "one affine map, Wx + b to within 1e-12"
        else:
            verdict = (f"no affine map: Wx + b is off by up to {four(view['difference'])} on the "
                       "square of inputs shown")
        return (f"{stack}{between}: {verdict}; {count} kink{'' if count == 1 else 's'} along the "
                f"line")

    @staticmethod
    def readouts(view):
        W, b = view["W"], view["b"]
        few = view["depth"] <= SHOWN[0] and view["width"] <= SHOWN[1]
        factors = [("W" + subscript(i), rows_of(one) if few else ()) for i, (one, _) in
                   reversed(list(enumerate(view["layers"], 1)))]
        product = [("W", rows_of(W)), ("b", rows_of(b[:, None]))]
        parts = [one for factor in factors for one in ("·", factor)][1:] if few else \
            ["·".join(name for name, _ in factors)]
        good = view["collapses"]
        return [
            matrices("Multiplied out" if good else "Multiplied out, as if nothing stood between",
                     [*parts, "=", product[0], "and", product[1]]),
            value("stack against Wx + b, greatest difference", f"{view['difference']:.1e}"
                  if good else four(view['difference']), "good" if good else ""),
            value("kinks along the line", str(len(view["kinks"]))),
            note(f"{numbers(view['layers'])} numbers in the stack; "
                 + ("the 6 numbers of W and b do the same." if good
                    else "no W and b can do the same, for Wx + b has no kink.")),
        ]


def numbers(layers):
    """How many weights and biases there are."""
    return sum(W.size + b.size for W, b in layers)


def subscript(i):
    """A small index."""
    return "₀₁₂₃₄₅₆₇₈₉"[i]
