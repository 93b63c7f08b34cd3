"""The explorer: a layer's full Jacobian and its compact replacement side by side, live."""

from collections.abc import Mapping

from ...calculus.discover.own_operation import operation_of
from ...calculus.errors import NumberError, checked_truth, is_a
from ...calculus.operation import OPERATIONS, Operation, operation
from ...words import brief, number, plural
from ..kit.bundle import script, styles
from ..kit.live import Name, PointedView, cell_of
from . import acts, traits
from . import state as states
from .reading import reading
from .view import show, tolerance


class JacobianExplorer(PointedView):
    """`JacobianExplorer("affine", X, W, b, wrt="W", layout="denominator", mode="blocks")`.

    Or any function of arrays, `JacobianExplorer(f, X, W)`: its full tensor comes by differences,
    its compact way from `discover`, both anew at every edit.
    Without arrays it draws seeded ones; sizes and parameters go by name: `n=3, h=4, at_zero=0.5`.
    imagined: sizes to count; derives: is the derivation open?
    Arrays: `.inputs`, `.Y`, `.gradient`, `.jacobian` (copies); `.set(X=…, G=…)` changes them.
    Traits to observe and to link: each input (read-only), `G`, sizes, parameters, `operation`,
    `wrt`, `mode`, `derivative_layout`; None where the operation has no such thing.
    Raises what the operation raises: ShapeError, UnknownInput, UnknownParameter, TooBig, ….
    """

    front = script("widgets/explorer/page.js")
    _css = styles("widgets/explorer/page.js")

    def __init__(self, op="relu", *arrays, wrt=None, G=None, layout="numerator", mode="tiles",
                 seed=0, imagined=None, derives=False, **named):
        own = callable(op) and not isinstance(op, Operation)
        self._function = op if own else None
        op = operation_of(op, *arrays) if own else operation(op)
        # A function may take its arrays' sizes only, X @ W with an X of its own: do not ask.
        letters = () if own else op.sizes_at()
        sizes = {key: value for key, value in named.items() if key in letters}
        given = {key: value for key, value in named.items() if key not in letters}
        present = states.start(op, arrays, wrt, seed, sizes, given)
        present = acts.with_changes(present, {"layout": layout, "mode": mode})
        if G is not None:
            present = acts.with_arrays(present, {"G": G})
        if imagined is not None and not is_a(imagined, Mapping):
            raise NumberError("JacobianExplorer: imagined must be sizes by their letters, as in "
                              f'imagined={{"n": 64}}, not {brief(imagined)}.')
        for letter, size in (imagined or {}).items():
            present = acts.with_imagined(present, letter, size)
        derives = checked_truth(derives, "JacobianExplorer: derives")
        present = states.replace(present, derives=derives)
        super().__init__(states.replace(present, first=present))

    act, looked = staticmethod(acts.act), staticmethod(acts.looked)
    looks = frozenset({"play", "derive"})
    settles = frozenset({"controls", "math", "numpy", "derivation", "why", "upstream", "costs"})
    linked, with_linked = staticmethod(traits.linked), staticmethod(traits.with_linked)
    in_python = traits.arrays_of_table()
    show = staticmethod(show)
    read = staticmethod(reading)

    def set(self, **changes):
        """Change arrays, sizes, parameters, `wrt`, `layout`, `mode` or `operation` from Python.

        `explorer.set(X=[[1, -2], [3, 4]], at_zero=1)`. Nothing changes when one of them is wrong.
        """
        with self._lock:
            self.change(acts.with_changes(self._present, changes))

    inputs = property(lambda self: {k: v.copy() for k, v in self._present.inputs.items()},
                      doc="The input arrays by name (copies).")
    Y = property(lambda self: states.compute(self._present).Y.copy(), doc="The output (a copy).")
    parameters = property(
        lambda self: dict(self._present.keywords),
        doc="What the operation takes by name: numbers, and arrays such as labels.",
    )
    gradient = property(lambda self: states.compute(self._present).compact.copy(),
                        doc="dL/d(input), the compact way (a copy).")
    jacobian = property(lambda self: states.compute(self._present).J.copy(),
                        doc="The full tensor in the numerator layout (a copy).")

    def cell(self):
        """The text of the cell that makes this explorer again."""
        present = self._present
        own = present.operation not in OPERATIONS
        name = Name(present.operation.removeprefix("my_")) if own else present.operation
        look = {"layout": present.layout, "mode": present.mode}
        usual = states.imagined_at_first(present)
        more = {} if dict(present.imagined) == usual else {"imagined": dict(present.imagined)}
        more |= {"derives": True} if present.derives else {}
        return cell_of("JacobianExplorer", name, *present.inputs.values(), wrt=present.wrt,
                       G=present.G, **look, **more, **present.keywords)

    def functions(self):
        known = self._present.operation in OPERATIONS
        return () if known else (self._function or self._present.op,)

    def pointers(self):
        shelves, computed = self.state["arrays"].values(), states.compute(self._present)
        sizes = {name: len(spec["values"]) // 8
                 for shelf in shelves for name, spec in shelf.items()}
        Y, X = computed.Y.size, computed.full.size
        outer, inner = (Y, X) if self._present.layout == "numerator" else (X, Y)
        return [*({"place": name, "index": i} for name, size in sizes.items() for i in range(size)),
                *({"place": "J", "outer": o, "inner": i}
                  for o in range(outer) for i in range(inner))]

    def figure(self):
        """Inputs, both ways and both results as one Matplotlib figure, for a handout."""
        from .figure import figure_of

        return figure_of(self._present, self.sentence())

    def sentence(self):
        present, computed = self._present, states.compute(self._present)
        J, shape = computed.J, ", ".join(f"{k}={v}" for k, v in present.sizes.items())
        full = J.shape if present.layout == "numerator" else computed.full.shape + computed.Y.shape
        agree = computed.error <= tolerance(present)
        same = "the same up to rounding" if agree else f"{number(computed.error)} apart"
        return (
            f"JacobianExplorer {present.operation} ({shape}): ∂{present.op.output}/∂{present.wrt} "
            f"has shape {full}, {plural(J.size, 'entry', 'entries')}, {int((J == 0).sum()):,} of "
            f"them 0; the compact way keeps {computed.kept}; the two gradients are {same}"
        )
