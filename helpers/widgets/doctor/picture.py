"""The doctor's page as a static picture: both gradients, their difference, a column, words."""

from textwrap import fill

import numpy as np

from ...calculus.doctor.judge import entry
from ...calculus.doctor.measure import index_of
from ...pictures.arrays import array_inches, draw_array
from ...pictures.canvas import new_figure
from ...pictures.palette import LIGHT

WIDTH, EDGE, GAP, LINE, RIGHT = 9.3, 0.15, 0.45, 0.21, 4.7  # inches; RIGHT: the second column
MOST_CELLS, LETTERS, SIGNS = 400, "ijkl", 108  # SIGNS: in a line of words


def draw_doctor(says, found, name, reading):
    """A `Picture` of a `Finding` by one input, with what is read of the entry pointed at.

    Its gradients on the left, what it was measured by on the right: as high as the widget.
    """
    judgement = found.judgement
    wanted = judgement.wanted
    arrays = [(f"d{name}, yours", judgement.got), (f"d{name}, measured", wanted.array)]
    if judgement.shape:
        arrays.append(("difference, 0 where they agree", judgement.difference))
    below = [("G", found.G)]
    if reading["inner"] is not None:
        place = index_of(reading["inner"], wanted.shape)
        below.append((f"∂Y/∂{entry(name, place)}", wanted.column(reading["inner"], wanted.Y.shape)))
    columns = [[pair for pair in row if fits(pair[1])] for row in (arrays, below)]
    words = lines_of(found, reading)
    heights = [sum(array_inches(np.shape(v))[1] + GAP for _, v in column) for column in columns]
    height = max(heights) + LINE * (len(words) + 1) + 2 * EDGE
    figure = new_figure(WIDTH, height, says, layout=None)
    y = EDGE
    for text, colour, weight in words:
        figure.text(EDGE / WIDTH, 1 - y / height, text, color=colour, fontweight=weight,
                    fontsize=10, va="top")
        y += LINE
    for column, x in zip(columns, (EDGE, RIGHT), strict=True):
        placed(figure, column, x, y + LINE, reading)
    return figure


def draw_wanted(says):
    """A `Picture` of what a doctor without code asks for."""
    lines = fill(says, SIGNS).split("\n")
    figure = new_figure(WIDTH, 2 * EDGE + LINE * len(lines), says, layout=None)
    figure.text(EDGE / WIDTH, 0.5, "\n".join(lines), color=LIGHT.text, fontsize=10, va="center")
    return figure


def fits(values):
    """Whether an array is small enough to be drawn."""
    return np.size(values) <= MOST_CELLS and np.ndim(values) <= len(LETTERS)


def placed(figure, column, x, y, reading):
    """Draw arrays below each other, as large as the column allows."""
    tall = figure.get_figheight()
    for name, values in column:
        width, high = array_inches(np.shape(values))
        scale = min(1.0, (RIGHT - 2 * EDGE) / width)
        width, height = width * scale, high * scale
        axes = figure.add_axes((x / WIDTH, 1 - (y + height) / tall, width / WIDTH, height / tall))
        marks = reading["marks"].get("measured", ()) if name.startswith("d") else ()
        draw_array(axes, values, LETTERS[:np.ndim(values)], name, marks)
        y += high + GAP


def lines_of(found, reading):
    """(text, colour, weight) of each line of words."""
    good, text = found.passed, f"d{found.name}: {found.verdict}"
    colour = LIGHT.good if good else LIGHT.bad
    lines = [(line, colour, "bold") for line in fill(text, SIGNS).split("\n")]
    told = [f"{found.mistake.name}: {found.mistake.remedy}"] if found.mistake else []
    for text in (*told, *found.facts, reading["text"]):
        lines += [(line, LIGHT.text, "normal") for line in fill(text, SIGNS).split("\n") if text]
    return lines
