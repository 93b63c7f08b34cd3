"""The doctor's page as a static picture: both gradients, their difference, a column, words."""

from textwrap import fill

import numpy as np

from ...calculus.doctor.judge import entry
from ...calculus.doctor.measure import index_of
from ...pictures.arrays import array_inches, draw_array
from ...pictures.canvas import new_figure
from ...pictures.palette import LIGHT

WIDTH, EDGE, GAP, LINE = 11.0, 0.15, 0.35, 0.21  # inches
MOST_CELLS, LETTERS = 400, "ijkl"


def draw_doctor(says, found, name, reading):
    """A `Picture` of a `Finding` by one input, with what is read of the entry pointed at."""
    judgement = found.judgement
    wanted = judgement.wanted
    arrays = [(f"d{name}, yours", judgement.got), (f"d{name}, measured", wanted.array)]
    if judgement.shape:
        arrays.append(("difference, 0 where they agree", judgement.difference))
    below = [("G", found.G)]
    if reading["inner"] is not None:
        place = index_of(reading["inner"], wanted.shape)
        below.append((f"∂Y/∂{entry(name, place)}", wanted.column(reading["inner"], wanted.Y.shape)))
    rows = [[pair for pair in row if fits(pair[1])] for row in (arrays, below)]
    words = lines_of(found, reading)
    heights = [max((array_inches(np.shape(v))[1] for _, v in row), default=0) for row in rows]
    height = sum(heights) + GAP * len(rows) + LINE * (len(words) + 1) + 2 * EDGE
    figure = new_figure(WIDTH, height, says, layout=None)
    y = EDGE
    for text, colour, weight in words:
        figure.text(EDGE / WIDTH, 1 - y / height, text, color=colour, fontweight=weight,
                    fontsize=10, va="top")
        y += LINE
    y += LINE
    for row, tall in zip(rows, heights, strict=True):
        placed(figure, row, y, reading)
        y += tall + GAP
    return figure


def fits(values):
    """Whether an array is small enough to be drawn."""
    return np.size(values) <= MOST_CELLS and np.ndim(values) <= len(LETTERS)


def placed(figure, row, y, reading):
    """Draw arrays side by side from the left, as large as the width allows."""
    sizes = [array_inches(np.shape(values)) for _, values in row]
    total = sum(width + GAP for width, _ in sizes) or 1
    scale = min(1.0, (WIDTH - 2 * EDGE) / total)
    x, tall = EDGE, figure.get_figheight()
    for (name, values), (width, height) in zip(row, sizes, strict=True):
        width, height = width * scale, height * scale
        axes = figure.add_axes((x / WIDTH, 1 - (y + height) / tall, width / WIDTH, height / tall))
        marks = reading["marks"].get("measured", ()) if name.startswith("d") else ()
        draw_array(axes, values, LETTERS[:np.ndim(values)], name, marks)
        x += width + GAP * scale


def lines_of(found, reading):
    """(text, colour, weight) of each line of words."""
    good, text = found.passed, f"d{found.name}: {found.verdict}"
    colour = LIGHT.good if good else LIGHT.bad
    lines = [(line, colour, "bold") for line in fill(text, 125).split("\n")]
    told = [f"{found.mistake.name}: {found.mistake.remedy}"] if found.mistake else []
    for text in (*told, *found.facts, reading["text"]):
        lines += [(line, LIGHT.text, "normal") for line in fill(text, 125).split("\n") if text]
    return lines
