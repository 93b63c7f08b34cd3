"""What a notebook keeps of a lab: its question, its controls, its picture and its read-outs.

They are laid out as a page lays them out, and so about as high: when the view takes the picture's
place, what stands below stays where it is.
"""

import re
from textwrap import wrap

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.mathtext import MathTextParser

from ...pictures.canvas import DRAWING, new_figure
from ...pictures.live import DPI
from ...pictures.palette import LIGHT
from ...words import short

WIDE, SIDE, EDGE = 900, 280, 10   # pixels: all of it, the column of controls, the edge
LINE, ROW, LETTER = 23, 34, 7.7   # a line of text, a control, a letter on average
SPELLED = ((r"\le ", r"\leq "), (r"\tfrac", r"\frac"), (r"\frac", r"\dfrac"))
MUTED, TONES = LIGHT.muted, {"good": LIGHT.good, "bad": LIGHT.bad}


class Sheet:
    """Texts and strokes with their places, in pixels from the upper left; `y`: where it goes on."""

    def __init__(self):
        self.texts, self.strokes, self.y = [], [], EDGE
        self.beside = WIDE, 0  # where there may be room for another table

    def write(self, x, y, text, colour=LIGHT.text, **style):
        self.texts.append((x, y, text, {"color": colour, "fontsize": 10, "va": "top", **style}))

    def drawn(self, says, picture, place):
        """The figure, with the pixels of a picture at a place."""
        figure = new_figure(WIDE / DPI, (self.y + EDGE) / DPI, says, layout=None)
        high = self.y + EDGE
        figure.figimage(picture, place[0], high - place[1] - len(picture))
        for x, y, text, style in self.texts:
            figure.text(x / WIDE, 1 - y / high, text, **style)
        for xs, ys in self.strokes:
            figure.add_artist(Line2D(np.divide(xs, WIDE), 1 - np.divide(ys, high),
                                     color=LIGHT.text, linewidth=1))
        return figure


def stored_picture(figure, point, controls, readouts, above):
    """A `Picture` of `figure` between the controls and the read-outs of its lab.

    above: the controls stand above the picture, not beside it.
    """
    with DRAWING:
        figure.canvas.draw()
        pixels = np.asarray(figure.canvas.buffer_rgba())
    sheet = Sheet()
    if point:
        sheet.write(EDGE, sheet.y, point, fontsize=11.5, weight="bold")
        sheet.y += 32
    settings = [(spec["label"], set_to(spec)) for spec in controls if spec["kind"] != "press"]
    top = sheet.y
    if above:
        values(sheet, settings)
    else:
        for label, text in settings:
            sheet.write(EDGE, sheet.y + 6, label, MUTED)
            sheet.write(SIDE - 2 * EDGE, sheet.y + 6, text, ha="right")
            sheet.y += ROW * (1 + len(text) // 24)
    place = (0, sheet.y) if above else (SIDE, top)
    sheet.y = max(sheet.y, place[1] + len(pixels)) + EDGE
    line = []
    for one in [*readouts, {"kind": "end"}]:
        if one["kind"] == "value":
            line.append((one["label"], one["text"]))
            continue
        values(sheet, line)
        line = []
        if one["kind"] != "table":
            sheet.beside = WIDE, 0
        READ.get(one["kind"], lambda *_: None)(sheet, one)
    return sheet.drawn(figure.says, pixels, place)


def set_to(spec):
    """What a control is set to, as text."""
    value = spec["value"]
    if spec["kind"] == "several":
        return ", ".join(value)
    return {True: "yes", False: "no"}[value] if spec["kind"] == "tick" else (
        value if isinstance(value, str) else short(value))


def values(sheet, pairs):
    """Labels with their values, beside each other where there is room."""
    x = EDGE
    for label, text in pairs:
        long = LETTER * (len(label) + len(text)) + 40
        if x > EDGE and x + long > WIDE:
            x, sheet.y = EDGE, sheet.y + ROW
        sheet.write(x, sheet.y + 6, label, MUTED)
        sheet.write(x + LETTER * len(label) + 12, sheet.y + 6, text, weight="bold")
        x += long
    sheet.y += (ROW + 4) * bool(pairs)


def note(sheet, one):
    """A sentence over the whole width."""
    for text in wrap(one["text"], int((WIDE - 2 * EDGE) / 6.9)):
        sheet.write(EDGE, sheet.y + 5, text, TONES.get(one["tone"], LIGHT.text), fontsize=10)
        sheet.y += LINE
    sheet.y += 17


def table(sheet, one):
    """Rows of texts under their heads, beside the table before it where there is room."""
    rows = [one["columns"], *one["rows"]]
    wide = [LETTER * max(map(len, column)) + 20 for column in zip(*rows, strict=True)]
    left, y = sheet.beside
    if left + sum(wide) > WIDE:
        left, y = EDGE, sheet.y
    sheet.beside = left + max(sum(wide), LETTER * len(one["label"])) + 30, y
    if one["label"]:
        sheet.write(left, y + 4, one["label"], MUTED)
        y += LINE
    for i, row in enumerate(rows):
        x = left
        for j, (text, room) in enumerate(zip(row, wide, strict=True)):
            bold = "bold" if not i or [i - 1, j] in one["marked"] else "normal"
            side = {"ha": "right"} if j else {}
            sheet.write(x + (room - 12 if j else 0), y + 4, text, LIGHT.text if i else MUTED,
                        weight=bold, **side)
            x += room
        y += LINE
    sheet.y = max(sheet.y, y + 14)


def matrices(sheet, one):
    """Matrices and signs beside each other."""
    sheet.write(EDGE, sheet.y + 4, one["label"], MUTED)
    x, tall = EDGE + LETTER * len(one["label"]) + 14, 0
    for part in one["parts"]:
        plain = isinstance(part, str)
        rows = [[part]] if plain else part["rows"]
        room = [LETTER * max(map(len, column)) + 12 for column in zip(*rows, strict=True)]
        below = "" if plain else f"{part['name'].replace('_', '')} {len(rows)}×{len(rows[0])}"
        if x + sum(room) > WIDE - EDGE:
            x, sheet.y, tall = EDGE, sheet.y + tall, 0
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                sheet.write(x + sum(room[:j + 1]) - 5, sheet.y + 4 + LINE * i, text, ha="right")
        if not plain:
            high = LINE * len(rows)
            for edge, turn in ((x, 5), (x + sum(room), -5)):
                sheet.strokes.append(([edge + turn, edge, edge, edge + turn],
                                      np.add(sheet.y, [0, 0, high, high])))
            sheet.write(x, sheet.y + high + 3, below, MUTED, fontsize=9)
        tall = max(tall, LINE * (len(rows) + 1) + 12)
        x += max(sum(room), LETTER * len(below)) + 14
    sheet.y += tall + 6


def formula(latex):
    """LaTeX as Matplotlib reads it; a line of code as it is, and "" for what it cannot read."""
    code = re.fullmatch(r"\\texttt{(.*)}", latex)
    if code:
        return code[1]
    for old, new in SPELLED:
        latex = latex.replace(old, new)
    for text in (latex, latex.split(r", \quad")[0]):  # Matplotlib draws no matrix
        try:
            MathTextParser("agg").parse(f"${text}$")
            return f"${text}$"
        except ValueError:
            pass
    return ""


def math(sheet, one):
    """A formula, with its name before it."""
    sheet.write(EDGE, sheet.y + 10, one["label"], MUTED)
    sheet.write(EDGE + LETTER * len(one["label"]) + 12, sheet.y + 8, formula(one["latex"]))
    sheet.y += 50


def steps(sheet, one):
    """Lists of steps beside each other; what is not shown yet keeps its place empty."""
    top, room = sheet.y, (WIDE - 2 * EDGE) // len(one["lists"])
    for place, each in enumerate(one["lists"]):
        x, y = EDGE + place * room, top
        sheet.write(x, y + 4, each["label"], MUTED)
        for step in each["steps"]:
            y += LINE
            sheet.write(x, y + 4, step["title"], LIGHT.text if step["shown"] else MUTED)
            lines = [formula(step["latex"])] if "latex" in step else wrap(
                step["text"], int(room / LETTER) - 4)
            for text in lines:
                y += 1.3 * LINE if "$" in text else LINE
                sheet.write(x + 14, y + 4, text if step["shown"] else "")
                y += 0.7 * LINE if "$" in text else 0
        sheet.y = max(sheet.y, y + LINE + 14)


READ = {"note": note, "table": table, "matrices": matrices, "math": math, "steps": steps}
