"""The cheat sheet: operation, shapes, replacement; as a page, and as a PDF to print."""

import io

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.lines import Line2D

from ..calculus.operations import FAMILIES, OPERATIONS
from ..pictures.canvas import DRAWING, new_figure
from ..pictures.palette import LIGHT
from . import facts
from .page import title
from .text import inline, table, tick

HEAD = """# Cheat sheet

G = dL/dY is the upstream gradient; n′ is an index of the input where the output has the same axis.
The shape of the full tensor is that of the numerator layout. [To print](cheatsheet.pdf). The
names in a line are explained on the page of the operation, the symbols in [the
notation](notation.md).

Written by `python -m helpers.atlas` from the table of operations."""
PAPER = 11.69, 8.27          # inches: A4, lying
LEFT, TOP, BOTTOM = 0.35, 0.62, 0.3
COLUMNS = {"operation": 0.0, "forward": 1.75, "by": 5.1, "full tensor": 5.65, "instead": 7.0}
SIZE, WIDE = 6.2, 0.6        # points; a letter's width in ems
ROOM = 3.9                  # inches of the last column
MOST = 95                    # letters of a line that can be read in print
PAGES = 2


def text():
    """docs/cheatsheet.md."""
    parts = [HEAD]
    for family in FAMILIES:
        rows = [row(op, wrt) for op in family.ROWS for wrt in op.inputs]
        parts += [f"## {family.__name__.rpartition('.')[2].capitalize()}",
                  table(["operation", "by", "full tensor", "instead", "in NumPy"], rows)]
    return "\n\n".join(parts) + "\n"


def row(op, wrt):
    """One line of the page."""
    words = op.formulas[wrt]
    first = wrt == op.inputs[0]
    name = f"[{title(op)}](atlas/{op.name}.md)" if first else ""
    return [name, wrt, shape(op, wrt), inline(words["latex"]), tick(f"d{wrt} = {words['numpy']}")]


def shape(op, wrt):
    """The axes of the full tensor, `n k n′ m`."""
    outer, inner = facts.letters(op, wrt)
    return " ".join((*outer, *inner))


def pdf():
    """The bytes of docs/cheatsheet.pdf."""
    rows = [line for op in OPERATIONS.values() for line in lines(op)]
    each = -(-len(rows) // PAGES)
    sheets = broken(rows, each)
    pitch = (PAPER[1] - TOP - BOTTOM) / max(map(len, sheets))
    file = io.BytesIO()
    with DRAWING, PdfPages(file, metadata={"Title": "Tensor Monsters: cheat sheet",
                                           "Creator": None, "Producer": None,
                                           "CreationDate": None}) as book:
        for place, sheet in enumerate(sheets, 1):
            book.savefig(drawn(sheet, pitch, f"{place}/{len(sheets)}"))
    return file.getvalue()


def broken(rows, each):
    """The rows in two sheets; no operation stands on both."""
    cut = next((i for i in range(each, len(rows)) if rows[i][0]), len(rows))
    return [part for part in (rows[:cut], rows[cut:]) if part]


def lines(op):
    """The rows of one operation: (name, forward or a name of its lines, by, axes, instead)."""
    words = op.formulas
    where = {}
    for name in (op.output, *op.inputs):
        where |= words[name]["where"]
    told = [f"{op.output} = {words[op.output]['numpy']}",
            *(f"{name} = {line}" for name, line in where.items())]
    count = max(len(op.inputs), min(len(told), 3))
    made = []
    for i in range(count):
        wrt = op.inputs[i] if i < len(op.inputs) else ""
        forward = "; ".join(told[i:i + 1] if i < count - 1 else told[i:])
        if len(forward) > MOST:
            forward = f"…: see docs/atlas/{op.name}.md"
        made.append((title(op) if i == 0 else "", forward, wrt, shape(op, wrt) if wrt else "",
                     f"d{wrt} = {words[wrt]['numpy']}" if wrt else ""))
    return made


def drawn(rows, pitch, place):
    """One sheet."""
    figure = new_figure(*PAPER, layout=None)

    def write(x, y, text, room=None, **style):
        size = min(SIZE, 72 * room / (WIDE * max(len(text), 1))) if room else SIZE
        figure.text((LEFT + x) / PAPER[0], 1 - y / PAPER[1], text.replace("$", r"\$"),
                    **{"fontsize": size, "va": "center", "color": LIGHT.text, **style})

    write(0, 0.27, "Tensor Monsters: what replaces the full tensor", fontsize=11, weight="bold")
    write(10.99, 0.27, place, ha="right", color=LIGHT.muted)
    write(4.3, 0.27, "G = dL/dY, the upstream gradient · axes of the full tensor in the numerator "
          "layout · n′ belongs to the input", color=LIGHT.muted, fontsize=7)
    for name, x in COLUMNS.items():
        write(x, 0.5, name, weight="bold", color=LIGHT.accent)
    for i, (name, forward, wrt, axes, instead) in enumerate(rows):
        y = TOP + (i + 0.5) * pitch
        if name:
            figure.add_artist(rule(y - pitch / 2))
        write(COLUMNS["operation"], y, name, 1.7, weight="bold")
        write(COLUMNS["forward"], y, forward, 3.3, family="monospace", color=LIGHT.muted)
        write(COLUMNS["by"], y, wrt, 0.5, weight="bold")
        write(COLUMNS["full tensor"], y, axes, 1.3)
        write(COLUMNS["instead"], y, instead, ROOM, family="monospace")
    return figure


def rule(y):
    """A thin line across the sheet."""
    ends = LEFT / PAPER[0], 1 - LEFT / PAPER[0]
    return Line2D(ends, [1 - y / PAPER[1]] * 2, color=LIGHT.line, linewidth=0.4)
