"""The tensor view: a full Jacobian as tiles or as a block matrix."""

from dataclasses import dataclass, replace

import numpy as np
import traitlets

from ...calculus.axes import describe
from ...calculus.errors import ShapeError, TooBig, UnknownLayout
from ...calculus.jacobian import as_numbers
from ...pictures.palette import axis_colour
from ...words import brief
from ..kit.bundle import script, styles
from ..kit.live import LiveView, cell_of

MODES = ("tiles", "blocks")
MOST_ENTRIES = 2**20
MOST_AXES = 3  # on each side
MOST_DOUBLES = 8192  # more numbers travel in single precision, where that keeps their kind
LETTERS = "ijklmn"


def tensor_spec(name, outer, inner, core_letters, core, sizes, mode):
    """What the browser draws of a full Jacobian: its pattern of axes, and its core as bytes.

    outer, inner: letters of the axes; letters that occur twice are tied: where their indices
    differ, the entry is an exact 0. Elsewhere it is `core`, with axes `core_letters`, constant
    along every other letter. sizes: size by letter. A ′ behind a letter makes it another letter
    that looks the same.
    """
    core = np.broadcast_to(core, [sizes[letter] for letter in core_letters])
    return {"name": name, "outer": [_axis(letter, sizes, "") for letter in outer],
            "inner": [_axis(letter, sizes, "′") for letter in inner],
            "core": {"letters": list(core_letters), **_packed(core)}, "mode": mode}


def _axis(letter, sizes, mark):
    return {"letter": letter, "name": letter.rstrip("′"), "mark": mark, "size": int(sizes[letter]),
            "colour": axis_colour(letter)}


def _packed(values):
    """Numbers as bytes: float64, or float32 when there are many and none becomes 0 or ∞."""
    values = np.asarray(values, dtype="<f8")
    if values.size > MOST_DOUBLES:
        with np.errstate(over="ignore", under="ignore"):
            single = values.astype("<f4")
        kept = (np.isinf(single) == np.isinf(values)) & ((single == 0) == (values == 0))
        if kept.all():
            return {"values": single.tobytes(), "dtype": "f4"}
    return {"values": values.tobytes(), "dtype": "f8"}


def spec_of(name, J, output_ndim, mode):
    """(what the browser draws of a full tensor, letters of Y's axes, of the input's)."""
    outer, inner = default_letters(J, output_ndim)
    primed = tuple(letter if letter not in outer or tied(J, outer.index(letter), output_ndim + i)
                   else f"{letter}′" for i, letter in enumerate(inner))
    sizes = dict(zip((*outer, *primed), J.shape, strict=True))
    core = Shown(J, outer, primed, mode).core
    return tensor_spec(name, outer, primed, *core, sizes, mode), outer, primed


@dataclass(frozen=True, eq=False)
class Shown:
    """A full tensor, the letters of its axes, and how it is laid out."""

    J: np.ndarray
    outer: tuple
    inner: tuple  # with a ′ where the letter is that of an outer axis, but not tied to it
    mode: str

    @property
    def letters(self):
        return (*self.outer, *self.inner)

    @property
    def core(self):
        """(letters, values) of the entries where tied indices agree."""
        return diagonal(self.J, self.letters)


def diagonal(J, letters):
    """(distinct letters, entries of J where equal letters have equal indices)."""
    distinct = tuple(dict.fromkeys(letters))
    code = {letter: chr(97 + place) for place, letter in enumerate(distinct)}
    subscripts = "".join(code[letter] for letter in letters)
    return distinct, np.einsum(f"{subscripts}->{''.join(code.values())}", J)


class TensorView(LiveView):
    """A full tensor to look at: `TensorView(J, axes="n h, n h")` for J of shape (n, h, n, h).

    J: numbers, at most 1,048,576, first the axes of the output, then those of the input, up to
    three of each; output_ndim: how many belong to the output (default 2); axes: their letters, in
    two groups (default i, j, k …). A letter in both groups is drawn as a delta if J is 0 wherever
    its two indices differ. Raises ShapeError, NumberError, TooBig, UnknownLayout.
    """

    front = script("widgets/tensor/alone.js")
    _css = styles("widgets/tensor/alone.js")
    pointer = traitlets.Dict().tag(sync=True, echo_update=False)

    def __init__(self, J, output_ndim=2, axes=None, name="∂Y/∂X", mode="tiles"):
        self.name, self.output_ndim, self.axes = name, output_ndim, axes
        super().__init__(self._admit(J, checked_mode(mode)))

    @property
    def tensor(self):
        """A copy of the tensor, float64. Setting it shows it: sizes may change, axes may not."""
        return self._present.J.copy()

    @tensor.setter
    def tensor(self, J):
        self.change(self._admit(J, self._present.mode))

    @property
    def mode(self):
        """ "tiles": a tile for each entry of the output; "blocks": one matrix of blocks."""
        return self._present.mode

    @mode.setter
    def mode(self, mode):
        self.change(replace(self._present, mode=checked_mode(mode)))

    @property
    def pointed(self):
        """(index of the output, index of the input) of the entry pointed at, or None."""
        flats = [self.pointer.get(side) for side in ("outer", "inner")]
        shape, split = self._present.J.shape, self.output_ndim
        try:
            pairs = zip(flats, (shape[:split], shape[split:]), strict=True)
            return tuple(tuple(int(i) for i in np.unravel_index(flat, side))
                         for flat, side in pairs)
        except (TypeError, ValueError):  # nothing pointed at, or outside of a smaller tensor
            return None

    def act(self, present, gesture):
        if gesture["kind"] != "mode":
            raise ValueError(f"{self.name} can be laid out anew, but not {brief(gesture['kind'])}.")
        return replace(present, mode=checked_mode(gesture.get("value")))

    def show(self, present):
        sizes = dict(zip(present.letters, present.J.shape, strict=True))
        return {
            "tensor": tensor_spec(self.name, present.outer, present.inner, *present.core, sizes,
                                  present.mode)
        }

    def cell(self):
        """The text of the cell that makes this view again."""
        axes = {} if self.axes is None else {"axes": self.axes}
        return cell_of("TensorView", self._present.J, output_ndim=self.output_ndim, **axes,
                       name=self.name, mode=self._present.mode)

    def figure(self):
        """The tensor as a Matplotlib figure."""
        from ...pictures.canvas import new_figure
        from ...pictures.tensors import draw_tensor, tensor_inches

        present = self._present
        primed = [f"{letter.rstrip('′')}′" for letter in present.inner]
        size = tensor_inches(present.J.shape, self.output_ndim, present.mode)
        figure = new_figure(*size, self.sentence(), layout=None)
        axes = figure.add_axes((0, 0, 1, 1))
        draw_tensor(axes, present.J, present.outer, primed, present.mode)
        return figure

    def sentence(self):
        J = self._present.J
        zeros = int(np.count_nonzero(J == 0))
        entries = "1 entry" if J.size == 1 else f"{J.size:,} entries"
        return (
            f"TensorView {self.name} as {self.mode}: shape {J.shape}, {entries}, "
            f"{zeros:,} of them exactly 0"
        )

    def _admit(self, J, mode):
        """A read-only float64 copy with its letters. Raises, naming the tensor."""
        J = as_numbers(J, self.name)
        if J.size > MOST_ENTRIES:
            raise TooBig(
                f"{self.name} of shape {J.shape} has {J.size:,} entries, and a screen shows "
                f"{MOST_ENTRIES:,}. Show a part of it, or choose smaller sizes."
            )
        outer, inner = self._letters(J)
        primed = [
            letter
            if letter not in outer or tied(J, outer.index(letter), len(outer) + place)
            else f"{letter}′"
            for place, letter in enumerate(inner)
        ]
        J = J.copy()
        J.flags.writeable = False
        return Shown(J, outer, tuple(primed), mode)

    def _letters(self, J):
        """Letters of the outer and of the inner axes. Raises ShapeError when they do not fit J."""
        split = self.output_ndim
        if not isinstance(split, int) or not 0 <= split <= J.ndim:
            raise ShapeError(
                f"output_ndim is {brief(split)}, but {self.name} of shape {J.shape} has "
                f"{J.ndim} axes: choose a whole number from 0 to {J.ndim}."
            )
        if max(split, J.ndim - split) > MOST_AXES:
            raise ShapeError(
                f"{self.name} of shape {J.shape} has {split} axes of the output and "
                f"{J.ndim - split} of the input: the picture has room for {MOST_AXES} of each."
            )
        if self.axes is None:
            return default_letters(J, split)
        outer, _, inner = (tuple(part.split()) for part in self.axes.partition(","))
        letters = (*outer, *inner)
        if len(outer) != split or len(letters) != J.ndim:
            raise ShapeError(
                f"{self.name} of shape {J.shape} has {split} axes of the output and "
                f"{J.ndim - split} of the input, but axes={brief(self.axes)} names "
                f"{describe(outer)} and {describe(inner)}."
            )
        check_sizes(self.name, outer, inner, J.shape)
        return outer, inner


def default_letters(J, split):
    """i, j, k … for the output; an input axis takes the letter of the output axis it is tied to."""
    outer, free = list(LETTERS[:split]), list(LETTERS[split:])
    inner = []
    for place in range(split, J.ndim):
        partners = [
            letter
            for letter in outer
            if letter not in inner
            and J.shape[outer.index(letter)] == J.shape[place]
            and tied(J, outer.index(letter), place)
        ]
        inner.append(partners[0] if partners else free.pop(0))
    return tuple(outer), tuple(inner)


def check_sizes(name, outer, inner, shape):
    """Raise ShapeError when a letter stands twice on one side, or has two sizes."""
    for part in (outer, inner):
        for letter in part:
            if part.count(letter) > 1:
                raise ShapeError(f"{name}: axis {letter} stands twice among {', '.join(part)}.")
    sizes = dict(zip(outer, shape, strict=False))
    for letter, size in zip(inner, shape[len(outer) :], strict=True):
        if sizes.get(letter, size) != size:
            raise ShapeError(
                f"{name}: axis {letter} is {sizes[letter]} in the output but {size} in the input. "
                "Give one of them another letter."
            )


def checked_mode(mode):
    """The mode, or UnknownLayout."""
    if not isinstance(mode, str) or mode not in MODES:
        raise UnknownLayout(f'mode must be "tiles" or "blocks", not {brief(mode)}.')
    return mode


def tied(J, a, b):
    """Is J exactly 0 wherever its indices along the axes a and b differ?"""
    apart = ~np.eye(J.shape[a], dtype=bool)
    return not np.moveaxis(J, (a, b), (0, 1))[apart].any()
