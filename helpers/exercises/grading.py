"""For teachers: who solved what, and notebooks to hand out.

Grading runs what students wrote, with the rights of whoever grades: do it where their code may run.
A notebook counts what its own checks say when it is run from top to bottom, not what it shows.
"""

import csv
import os
import tempfile
import time
from pathlib import Path

from . import EXERCISES, NOTEBOOKS, cells, record
from .exercise import ExerciseError

SHARE = 2  # a cell may take half of the time that is left: one endless loop leaves some for others


def grade(paths, seconds):
    """[(path, names solved, names to solve, a note in one line)] for each notebook."""
    return [(path, *graded(Path(path), seconds)) for path in paths]


def graded(path, seconds):
    """(names solved, names to solve, note) of one notebook."""
    try:
        notebook = cells.read(path)
    except ExerciseError as error:
        return set(), set(), str(error)
    there = set(cells.names(notebook))
    expected = {row.name for rows in NOTEBOOKS.values() for row in rows
                if there & {other.name for other in rows}}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "solved.txt")
        file.touch()
        note = run(path, file, seconds)
        solved = set(file.read_text("utf-8", "replace").split())
    return solved & expected, expected, note if expected else "no exercises found"


def run(path, file, seconds):
    """Run a notebook in a kernel of its own, errors and all; what went wrong first, in one line."""
    import nbclient  # for teachers only, and slow to load
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    end = time.monotonic() + seconds
    client = nbclient.NotebookClient(
        notebook, kernel_name="python3", allow_errors=True, interrupt_on_timeout=True,
        timeout_func=lambda cell: max(1, (end - time.monotonic()) / SHARE),
        resources={"metadata": {"path": str(path.resolve().parent)}})
    try:
        client.execute(env={**os.environ, record.VARIABLE: "off", record.GRADES: str(file)})
    except Exception as error:  # a kernel that died, or that no interrupt could stop
        return f"stopped: {type(error).__name__}"
    return first_error(notebook)


def first_error(notebook):
    """The first error among the outputs, in one line, or ""."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                said = "took too long" if output.ename == "KeyboardInterrupt" else (
                    f"{output.ename}: {output.evalue}")
                return " ".join(f"cell {cell.get('id', '?')}: {said}".split())
    return ""


def table(results):
    """Rows for a CSV file: a header, then who solved how many of how many, what, and a note."""
    columns = [name for name in EXERCISES if any(name in expected for _, _, expected, _ in results)]
    rows = [["file", "solved", "of", *columns, "note"]]
    for path, solved, expected, note in results:
        marks = [("1" if name in solved else "0") if name in expected else "" for name in columns]
        rows.append([str(path), len(solved), len(expected), *marks, note])
    return rows


def save(rows, file):
    """Write rows as CSV to an open file. A text that a spreadsheet would compute is quoted."""
    safe = [[f"'{cell}" if str(cell).startswith(("=", "+", "-", "@")) else cell for cell in row]
            for row in rows]
    csv.writer(file, lineterminator="\n").writerows(safe)


def release(paths, folder):
    """Copies of notebooks with exercises to do and no outputs, in `folder`; the new paths."""
    folder = Path(folder)
    targets = [folder / Path(path).name for path in paths]
    for path, target in zip(paths, targets, strict=True):
        if target.exists() and target.samefile(path):
            raise ExerciseError(f"{path} would be overwritten: choose another folder.")
    if len(set(targets)) < len(targets):
        raise ExerciseError("Two notebooks have the same name: release them to different folders.")
    notebooks = [cells.emptied(cells.read(path)) for path in paths]
    folder.mkdir(parents=True, exist_ok=True)
    for notebook, target in zip(notebooks, targets, strict=True):
        cells.write(notebook, target)
    return targets
