"""The gradient doctor: your gradient beside the measured one, and what is wrong with it."""

from dataclasses import replace

from ...calculus.errors import CodeError, UnknownInput, UnknownLayout, checked_seed, stands_in
from ...calculus.gradcheck import checks_of, own_code
from ...words import brief
from ..kit.bundle import script, styles
from ..kit.live import Name, PointedView, cell_of
from . import view
from .example import EXAMPLE

MODES = ("tiles", "blocks")


class GradientDoctor(PointedView):
    """`GradientDoctor(forward, backward, X, …)`: what `check_gradients` finds, on a page.

    It takes code in every form that `check_gradients` does: `GradientDoctor(layer, X)` too. Choose
    the input; point at an entry of its gradient to see the column of the full tensor that it is a
    sum over; "Another G" examines again. `GradientDoctor()` says what it takes, and loads an
    example with one press. wrt: the input to begin with; seed: of G; mode: "tiles" or
    "blocks"; other keywords go to the functions. `.checks` is what was found. Raises CodeError,
    UnknownInput, UnknownLayout, NumberError.
    """

    front = script("widgets/doctor/page.js")
    _css = styles("widgets/doctor/page.js")

    def __init__(self, *given, wrt=None, seed=0, mode="tiles", **keywords):
        if not stands_in(mode, MODES):
            raise UnknownLayout(f'mode must be "tiles" or "blocks", not {brief(mode)}.')
        if given and isinstance(given[0], str):
            raise CodeError(f"GradientDoctor takes your own functions, not the name of an "
                            f"operation: check_gradients({brief(given[0])}, …) checks one.")
        seed = checked_seed(seed, "GradientDoctor")
        self._given, self._keywords = given or EXAMPLE, keywords
        first = view.NOTHING if not given else view.start(
            own_code(given[0], given[1:], keywords), seed, wrt, mode)
        super().__init__(first)
        self.reading = view.read(self._present, {})

    show = staticmethod(view.show)
    read = staticmethod(view.read)

    def act(self, present, gesture):
        kind, value = gesture["kind"], gesture.get("value")
        if kind == "example":
            return view.start(own_code(EXAMPLE[0], EXAMPLE[1:], {}), 0)
        if kind == "input":
            if value not in present.code.names:
                raise UnknownInput(f"There is no gradient by {brief(value)}.")
            return replace(present, name=value)
        if kind == "mode" and value in MODES:
            return replace(present, mode=value)
        if kind == "again":
            return view.start(present.code, present.seed + 1, present.name, present.mode)
        raise ValueError(f"The doctor cannot do {brief(kind)} with {brief(value)}.")

    @property
    def checks(self):
        """What `check_gradients` gives: the check of every input. CodeError without code."""
        if self._present is view.NOTHING:
            raise CodeError(view.WANTED)
        return checks_of(self._present.code, self._present.findings)

    def cell(self):
        """The text of the cell that makes this doctor again."""
        present = self._present
        if present is view.NOTHING:
            return cell_of("GradientDoctor")
        functions = [Name(getattr(value, "__name__", "layer")) if callable(value) or hasattr(
            value, "forward") else value for value in self._given]
        look = {"wrt": present.name, "seed": present.seed, "mode": present.mode}
        return cell_of("GradientDoctor", *functions, **look, **self._keywords)

    def functions(self):
        if self._present is view.NOTHING:
            return ()
        return tuple(value for value in self._given
                     if callable(value) or hasattr(value, "forward"))

    def pointers(self):
        return [{"place": name, "index": i} for name, spec in self.state["arrays"].items()
                for i in range(len(spec["values"]) // 8)]

    def figure(self):
        """Both gradients, their difference, the column and the diagnosis as one picture."""
        from .picture import draw_doctor, draw_wanted

        present = self._present
        if present is view.NOTHING:
            return draw_wanted(view.WANTED)
        return draw_doctor(self.sentence(), present.found, present.name,
                           view.read(present, self.pointer))

    def sentence(self):
        if self._present is view.NOTHING:
            return f"GradientDoctor: {view.WANTED}"
        return f"GradientDoctor of {self._present.code.name}: {self.checks!r}"
