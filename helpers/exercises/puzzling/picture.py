"""A puzzle as a picture: what is asked, the tensor in tiles, and the arrays that a line may use."""

from ...pictures.arrays import array_inches, draw_array
from ...pictures.canvas import new_figure
from ...pictures.palette import LIGHT
from ...pictures.tensors import draw_tensor, tensor_inches
from ...words import listed

# In inches.
EDGE, GAP, HEAD, LINE, NARROWEST, WIDEST = 0.15, 0.3, 1.05, 0.3, 7.6, 10.5


def drawn(puzzle):
    """The `Picture` of a puzzle; its text is the task."""
    across, down = tensor_inches(puzzle.tensor.shape, len(puzzle.outer), "tiles")
    sizes = [array_inches(known.values.shape) for known in puzzle.known]
    beside = across + GAP + max((width for width, _ in sizes), default=0) + 2 * EDGE <= WIDEST
    spots, right, bottom = places(sizes, across, down, beside)
    wide = max(right + EDGE, NARROWEST)
    figure = new_figure(wide, bottom + GAP, repr(puzzle), layout=None)

    def axes(x, y, width, height):
        tall = figure.get_figheight()
        return figure.add_axes((x / wide, 1 - (y + height) / tall, width / wide, height / tall))

    said(figure, puzzle)
    inner = [f"{x}′" if x in puzzle.outer else x for x in puzzle.inner]
    draw_tensor(axes(EDGE, HEAD, across, down), puzzle.tensor, puzzle.outer, inner, "tiles")
    for known, spot, size in zip(puzzle.known, spots, sizes, strict=True):
        draw_array(axes(*spot, *size), known.values, known.axes.split(), known.name)
    return figure


def places(sizes, across, down, beside):
    """([(x, y) of each array], right end, lower end): right of the tensor or in a row below."""
    x, y = (EDGE + across + GAP, HEAD) if beside else (EDGE, HEAD + down + GAP)
    spots, right, bottom = [], EDGE + across, HEAD + down
    for width, height in sizes:
        if not beside and x + width > WIDEST:
            x, y = EDGE, bottom + GAP
        spots.append((x, y))
        right, bottom = max(right, x + width), max(bottom, y + height)
        x, y = (x, y + height + GAP) if beside else (x + width + GAP, y)
    return spots, right, bottom


def said(figure, puzzle):
    """What is asked, how to read the tensor, and how the line is called, on top."""
    given = listed([f"G = dL/dY {puzzle.shape(puzzle.outer)}", *puzzle.arguments[1:]])
    asked = (f"{puzzle.title}: which line makes dL/dX {puzzle.shape(puzzle.inner)} "
             f"from {given}?")
    read = (f"∂Y/∂X has shape {puzzle.tensor.shape}: a tile for each entry of Y, in it an entry "
            "for each of X")
    lines = ((asked, {"fontweight": "bold"}), (read, {}),
             (puzzle.stub.replace("...", "…"), {"family": "monospace", "color": LIGHT.accent}))
    wide, tall = figure.get_size_inches()
    for place, (text, style) in enumerate(lines):
        figure.text(EDGE / wide, 1 - (EDGE + LINE * place) / tall, text, va="top",
                    **{"fontsize": 11, "color": LIGHT.text} | style)
