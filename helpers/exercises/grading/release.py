"""Notebooks to hand out: every exercise to do, no outputs, and for each student own numbers."""

import copy
import re
from pathlib import Path

from ...calculus.errors import check_file_name
from .. import cells
from ..exercise import ExerciseError
from ..own_numbers import own
from .nbgrader import assignment

TASK = re.compile(r"^(\*\*Exercise \d+ \(predict\)\.\*\* ).*", re.DOTALL)


def release(paths, folder, names=None, points=False):
    """Copies of notebooks with exercises to do and no outputs, in `folder`; the new paths.

    names: with these, a folder for each, in which predictions have numbers of the student's own.
    points: with nbgrader's cells, a point for each exercise.
    """
    folders = {name: Path(folder, safe(name)) for name in names} if names else {None: Path(folder)}
    targets = [(name, path, place / Path(path).name)
               for name, place in folders.items() for path in paths]
    for _, path, target in targets:
        check_file_name(target)
        if target.exists() and target.samefile(path):
            raise ExerciseError(f"{path} would be overwritten: choose another folder.")
    if len({target for *_, target in targets}) < len(targets):
        raise ExerciseError("Two notebooks have the same name: release them to different folders.")
    made = assignment if points else lambda notebook: notebook
    notebooks = {path: made(cells.emptied(cells.read(path))) for path in paths}
    for name, path, target in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
        cells.write(notebooks[path] if name is None else numbered(notebooks[path], name), target)
    return [target for *_, target in targets]


def safe(name):
    """A student's name that is the name of a folder. Raises ExerciseError."""
    if name in (".", "..") or not name.isprintable() or set(name) & set('/\\:*?"<>|'):
        raise ExerciseError(f"{name!r} cannot be the name of a folder: choose another for them.")
    return name


def names_in(path):
    """The names in a file, one a line. Raises ExerciseError where there is none, or one twice."""
    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ExerciseError(f"{path} cannot be read: {why}.") from error
    names = [line.strip() for line in lines if line.strip()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        raise ExerciseError(f"{path} must have a name a line, each once"
                            f"{f', but has {twice[0]} again' if twice else ''}.")
    return names


def numbered(notebook, student):
    """A copy with this student's numbers in the tasks, and a line that tells its checks."""
    notebook, last = copy.deepcopy(notebook), None
    for cell in notebook["cells"]:
        exercise = cells.checked(cell)
        if exercise and own(exercise, student) is not exercise and last is not None:
            task = own(exercise, student).task
            last["source"] = TASK.sub(lambda found, task=task: found[1] + task,
                                      "".join(last["source"])).splitlines(keepends=True)
        last = cell if cell["cell_type"] == "markdown" else None
    first = next(cell for cell in notebook["cells"] if "exercises" in (cells.code(cell) or ""))
    told = f"\n\nexercises.numbers_of({student!r})"
    first["source"] = ("".join(first["source"]) + told).splitlines(keepends=True)
    return notebook
