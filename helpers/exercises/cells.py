"""Exercise cells of a notebook, read as JSON: fill them in, empty them, take outputs away."""

import copy
import json
import re
from pathlib import Path

from . import EXERCISES
from .exercise import ExerciseError

CHECK = re.compile(r"^exercises\.(\w+)\.check\(", re.MULTILINE)


def read(path):
    """The notebook at `path`. Raises ExerciseError when it is none."""
    try:
        notebook = json.loads(Path(path).read_text("utf-8"))
        if notebook["nbformat"] < 4:
            raise ExerciseError(f"{path} has an old format: open and save it in JupyterLab.")
        return notebook if isinstance(notebook["cells"], list) else {}["cells"]
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{path} cannot be read: {error}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ExerciseError(f"{path} is not a notebook.") from error


def write(notebook, path):
    """Write a notebook as Jupyter does."""
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    Path(path).write_text(text + "\n", "utf-8", newline="\n")


def checked(cell):
    """The exercise that a cell checks, or None."""
    if cell["cell_type"] != "code":
        return None
    found = CHECK.search("".join(cell["source"]))
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
