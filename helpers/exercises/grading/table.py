"""Tables for a spreadsheet: written whole or not at all, and with nothing that it would compute."""

import csv
import io
import os
from pathlib import Path

from .. import EXERCISES, files
from ..exercise import ExerciseError
from .one import SOLVED

# What a spreadsheet takes for the beginning of a formula, also after blanks and ends of lines.
COMPUTED = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def grades(results):
    """A header, then who solved how many of how many, 1 or 0 for each exercise, and a note."""
    columns = [name for name in EXERCISES if any(name in one["exercises"] for one in results)]
    rows = [["student", "file", "solved", "of", *columns, "note"]]
    for one in results:
        marks = {name: int(row["state"] == SOLVED) for name, row in one["exercises"].items()}
        rows.append([one["student"], one["file"], sum(marks.values()), len(marks),
                     *(marks.get(name, "") for name in columns), one["note"]])
    return rows


def text(rows):
    """Rows as CSV. A text that a spreadsheet would compute begins with an apostrophe."""
    file = io.StringIO()
    safe = [[quoted(cell) for cell in row] for row in rows]
    csv.writer(file, lineterminator="\n").writerows(safe)
    return file.getvalue()


def quoted(cell):
    """A cell that is a text stays one, and on its line."""
    if not isinstance(cell, str):
        return cell
    cell = "".join(c if c.isprintable() else " " for c in cell)
    return f"'{cell}" if cell.lstrip().startswith(COMPUTED) else cell


def save(path, content):
    """Write a file at once or not at all, in UTF-8 with the mark that spreadsheets look for."""
    encoding = "utf-8-sig" if Path(path).suffix == ".csv" else "utf-8"
    files.write(path, content.encode(encoding, "backslashreplace"))


def check(path):
    """Raise ExerciseError where `save` could write no file: before hours of grading, not after."""
    path, known = Path(path), files.plain(path)
    if path.is_dir():
        raise ExerciseError(f"{path} is a folder: name a file in it.")
    if known is not None and not known.parent.is_dir():
        raise ExerciseError(f"{path} cannot be written: there is no folder {known.parent}.")
    if not os.access(known.parent if known else path, os.W_OK):
        raise ExerciseError(f"{path} cannot be written: choose another place.")
