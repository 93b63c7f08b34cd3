"""Live pictures: one figure kept alive, its moving artists blitted on a saved background."""

from typing import NamedTuple

from matplotlib.lines import Line2D

from .canvas import DRAWING, new_figure
from .packing import Packing
from .palette import DARK, LIGHT

DPI = 100
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
STYLES = ("-", (0, (6, 2)), (0, (1.5, 1.5)))  # one for each unit: colour is never alone


class Look(NamedTuple):
    """How a page wants its pictures: width in CSS pixels, device pixels for each, dark or light.

    height: in CSS pixels, where the page has no more (on a projector); 0: as the picture likes.
    """

    width: int = 900
    ratio: float = 1.0
    dark: bool = False
    height: int = 0

    @property
    def palette(self):
        return DARK if self.dark else LIGHT


class Frame(NamedTuple):
    """One picture: PNG bytes, size in CSS pixels, and where each Axes lies with its limits."""

    png: bytes
    width: int
    height: int
    axes: list


class LivePicture:
    """`build` and `update` kept alive between frames.

    build(still, width, palette) -> (figure, movers): everything that stands still, on a figure
        `width` inches wide, and the artists that move, by name, in the order they are drawn (an
        artist or a list of artists each). `still` is hashable: all that the background depends on.
    update(movers, view): give the movers the numbers of `view`. No text where it can be helped:
        a line is drawn in a tenth of a millisecond, a word in one.
    low(still, width, height, palette): `build` for a page that gives the height, too; without it
        Matplotlib lays out what `build` gives.
    """

    def __init__(self, build, update, low=None):
        self._build, self._update, self._low = build, update, low or lowered(build)
        self._key = self._laid = None

    def frame(self, still, look, view):
        """The `Frame` for `view`; only a new `still` or `look` draws the background again."""
        with DRAWING:
            if self._key != (still, look):
                self._draw_background(still, look)
                self._key = still, look
            self._update(self._movers, view)
            canvas = self._figure.canvas
            canvas.restore_region(self._background)
            renderer = canvas.get_renderer()  # once for all of them
            for artist in _flat(self._movers):
                if _shows(artist):
                    artist.draw(renderer)
            return Frame(self._packing.png(canvas), *self._size, self._axes)

    def _draw_background(self, still, look):
        room = look.width / DPI, *([look.height / DPI] if look.height else [])
        build = self._low if look.height else self._build
        self._figure, self._movers = build(still, *room, look.palette)
        self._figure.set_facecolor(look.palette.ground)
        self._figure.set_dpi(DPI * look.ratio)
        for artist in _flat(self._movers):
            artist.set_animated(True)
        canvas = self._figure.canvas
        if self._laid == (still, room):  # in other colours all stands where it stood
            self._figure.set_layout_engine("none")
            for axes, box in zip(self._figure.axes, self._boxes, strict=True):
                axes.set_position(box)
        canvas.draw()
        self._figure.set_layout_engine("none")  # what was laid out stays
        self._laid = still, room
        self._boxes = [axes.get_position(original=True) for axes in self._figure.axes]
        self._background = canvas.copy_from_bbox(self._figure.bbox)
        self._packing = Packing(canvas)
        self._size = tuple(round(inches * DPI) for inches in self._figure.get_size_inches())
        self._axes = [_place(axes) for axes in self._figure.axes]


def lowered(build):
    """A figure as `build` makes it, laid out at another height."""
    def low(still, width, height, palette):
        figure, movers = build(still, width, palette)
        figure.set_size_inches(width, height)
        return figure, movers
    return low


def still_picture(build, update, still, view, says, width=900):
    """The same picture as a `Picture` of its own, `width` CSS pixels wide, in light colours."""
    with DRAWING:
        figure, movers = build(still, width / DPI, LIGHT)
        update(movers, view)
        figure.says = says
        return figure


def panels(rows, columns, width, height, palette, **kwargs):
    """A figure of `rows` × `columns` plain Axes in the palette; each `height` inches high."""
    figure = new_figure(width, height * rows)
    grid = figure.subplots(rows, columns, squeeze=False, **kwargs)
    for axes in grid.flat:
        dress(axes, palette)
    return figure, grid


def dress(axes, palette):
    """An Axes in the colours of the palette, without a box."""
    axes.set_facecolor(palette.ground)
    axes.tick_params(colors=palette.muted, labelsize=9.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(palette.line)
    axes.grid(color=palette.line, linewidth=0.6)
    axes.set_axisbelow(True)
    for text in (axes.title, axes.xaxis.label, axes.yaxis.label):
        text.set_color(palette.text)
        text.set_fontsize(10.5)


def power(exponent):
    """`10⁻⁴` as plain text: Matplotlib's own formulas take a third of the time of a picture."""
    return {0: "1", 1: "10"}.get(exponent, "10" + str(exponent).translate(RAISED))


def ticks_at_powers(axis, exponents, **style):
    """Ticks of a log axis at these powers of ten, and no others."""
    axis.set_ticks([10.0 ** one for one in exponents], [power(one) for one in exponents], **style)
    axis.set_ticks([], minor=True)


def _flat(movers):
    for mover in movers.values():
        yield from mover if isinstance(mover, (list, tuple)) else [mover]


def _shows(artist):
    """Whether there is anything to draw: an empty line takes as long as a short one."""
    empty = isinstance(artist, Line2D) and not len(artist.get_xdata(orig=True))
    return artist.get_visible() and not empty


def _place(axes):
    """Where an Axes lies, in shares of the picture from its upper left, and its limits."""
    box = axes.get_position()
    return {"box": [box.x0, 1 - box.y1, box.width, box.height],
            "x": [float(limit) for limit in axes.get_xlim()], "xlog": axes.get_xscale() == "log",
            "y": [float(limit) for limit in axes.get_ylim()], "ylog": axes.get_yscale() == "log"}


def columns(figure):
    """How many columns of a legend there is room for."""
    width = figure.get_figwidth()
    return 5 if width >= 8 else 3 if width >= 5 else 2 if width >= 4 else 1
