"""Exercise cells of a notebook, read as JSON: fill them in, empty them, take outputs away."""

import copy
import json
import re
from pathlib import Path

from . import EXERCISES, files
from .exercise import ExerciseError

CHECK = re.compile(r"^exercises\.(\w+)\.check\(", re.MULTILINE)


def read(path):
    """The notebook at `path`, sound as far as this package looks. Raises ExerciseError else.

    Every cell has a type and a source of text.
    """
    try:
        notebook = json.loads(files.raw(path).decode("utf-8"))
        version, cells = notebook["nbformat"], notebook["cells"]
        version = version if isinstance(version, int) else 0
        sound = isinstance(cells, list) and isinstance(notebook.get("metadata", {}), dict)
    except OSError as error:
        raise ExerciseError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExerciseError(f"{path} is not a notebook.") from error
    if version < 4:
        raise ExerciseError(f"{path} has an old format: open and save it in JupyterLab.")
    if version > 4:
        raise ExerciseError(f"{path} has format {version}, but notebooks have 4: save it again.")
    if not sound:
        raise ExerciseError(f"{path} is not a notebook.")
    for number, cell in enumerate(cells):
        flaw = unsound(cell)
        if flaw:
            raise ExerciseError(f"{path} is not a notebook: cell {number} {flaw}.")
    return notebook


def unsound(cell):
    """What is wrong with a cell, in words, or ""."""
    if not isinstance(cell, dict):
        return f"is a {type(cell).__name__}, not a cell"
    if not isinstance(cell.get("cell_type"), str):
        return "has no cell_type"
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    if not all(isinstance(line, str) for line in lines):
        return "has a source that is not text"
    return "" if isinstance(cell.get("metadata", {}), dict) else "has metadata that is no table"


def write(notebook, path):
    """Write a notebook as Jupyter does."""
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    Path(path).write_text(text + "\n", "utf-8", newline="\n")


def code(cell):
    """The text of a code cell, or None."""
    return "".join(cell["source"]) if cell["cell_type"] == "code" else None


def checked(cell):
    """The exercise that a cell checks, or None."""
    found = CHECK.search(code(cell) or "")
    return EXERCISES.get(found[1]) if found else None


def names(notebook):
    """The names of the exercises that a notebook checks."""
    return [exercise.name for exercise in map(checked, notebook["cells"]) if exercise]


def solved(notebook):
    """A copy with every exercise filled in."""
    return with_bodies(notebook, lambda exercise: exercise.answer)


def emptied(notebook):
    """A copy with every exercise to do, without outputs, counts and widget state."""
    notebook = with_bodies(notebook, lambda exercise: exercise.stub)
    notebook.get("metadata", {}).pop("widgets", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
            cell.get("metadata", {}).pop("execution", None)
    return notebook


def with_bodies(notebook, body):
    """A copy in which each exercise has this body before its check."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        exercise = checked(cell)
        if exercise:
            text = with_body("".join(cell["source"]), exercise, body(exercise))
            cell["source"] = text.splitlines(keepends=True)
    return notebook


def with_body(source, exercise, body):
    """A cell with what stands between the exercise's own name and its check replaced by `body`.

    Other lines stay. A cell without that name becomes body and check.
    """
    name = exercise.name
    own = re.compile(rf"^(def {name}\(|{name} =).*?^exercises\.{name}\.check\({name}\)",
                     re.MULTILINE | re.DOTALL)
    whole = exercise.cell(body)
    return own.sub(lambda _: whole, source, count=1) if own.search(source) else whole
