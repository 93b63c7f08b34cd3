"""A wrong answer beside the right one: every entry that differs is marked in both."""

from html import escape

import numpy as np

from ...words import listed
from ..diagnosis import wrong_entries
from ..judge import Feedback, told_apart

LISTED = 8  # wrong entries that the text names
# Two classes, to come before JupyterLab's own rules for tables and text.
STYLE = """
.tm-root.tm-compared, .tm-root.tm-compared :is(pre, caption, td) {
  color: var(--tm-text); background: var(--tm-ground); }
.tm-root.tm-compared pre { margin: 0 0 8px; white-space: pre-wrap; word-break: normal; }
.tm-root.tm-compared table {
  display: inline-table; margin: 0 24px 4px 0; border-collapse: collapse; }
.tm-root.tm-compared caption { font-weight: bold; text-align: left; }
.tm-root.tm-compared th { color: var(--tm-muted); font-weight: normal; padding: 2px 6px; }
.tm-root.tm-compared td { border: 1px solid var(--tm-line); padding: 2px 6px; text-align: right; }
.tm-root.tm-compared td.tm-differs { background: var(--tm-mark-ground);
  outline: 2px solid var(--tm-mark); outline-offset: -2px; }
"""


class Compared(Feedback):
    """`Feedback` on a wrong answer; a notebook shows the two arrays below the words."""

    def _repr_html_(self):
        from ...pictures.palette import theme  # no picture is drawn, but pictures know all colours
        got, want = self.pair
        off = wrong_entries(got, want)
        tables = (table(name, values, off, sign) for name, values, sign in (
            ("yours", texts(got, want, off, 0), "✗"), ("right", texts(got, want, off, 1), "✓")))
        return (f"<style>{theme()}{STYLE}</style><div class='tm-root tm-compared'>"
                f"<pre>{escape(self.text)}</pre>{''.join(tables)}</div>")


def compared(feedback):
    """The same `Feedback` with all entries that differ, in words and as two tables."""
    off = wrong_entries(*feedback.pair)
    places = [str(list(map(int, place))) for place in np.argwhere(off)]
    more = [f"{len(places) - LISTED} more"] if len(places) > LISTED else []
    which = "" if off.all() else f": {listed(places[:LISTED] + more)}"
    differ = "differs" if len(places) == 1 else "differ"
    said = f"{len(places)} of {off.size} entries {differ}{which}"
    return Compared(False, f"{feedback.text}\n{said}", feedback.mistake, feedback.pair)


def texts(got, want, off, side):
    """Yours (0) or right (1); where they differ with as many decimals as it takes to see it."""
    found = np.empty(want.shape, object)
    for place in np.ndindex(want.shape):
        most = 9 if off[place] else 4
        found[place] = told_apart(got[place], want[place], most)[side]
    return found


def table(name, values, off, sign):
    """An array of texts with its indices, and a sign at every entry that is off."""
    rows, off = np.atleast_2d(values), np.atleast_2d(off)
    head = "".join(f"<th>{k}</th>" for k in range(rows.shape[1]))
    body = "".join(
        f"<tr><th>{i if values.ndim > 1 else ''}</th>" + "".join(
            f"<td class='tm-differs'><b>{sign} {text}</b></td>" if wrong else f"<td>{text}</td>"
            for text, wrong in zip(row, marks, strict=True)) + "</tr>"
        for i, (row, marks) in enumerate(zip(rows, off, strict=True)))
    return f"<table><caption>{name}</caption><tr><th></th>{head}</tr>{body}</table>"
