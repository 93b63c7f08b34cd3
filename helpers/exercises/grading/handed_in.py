"""The notebooks that were handed in: found, in a fixed order, each with its student's name."""

import os
from dataclasses import dataclass
from pathlib import Path

from ..exercise import ExerciseError

NOT_THEIRS = (".ipynb_checkpoints", "__MACOSX")  # what programs leave beside notebooks


@dataclass(frozen=True)
class Handed:
    """A notebook, who handed it in, and what it is called in lists."""

    path: Path
    student: str
    label: str


def found(paths):
    """A `Handed` for each notebook that is given, or stands somewhere in a folder that is given.

    The student is the first folder below the given one, else the notebook's name without ending.
    Links to other folders are not followed. Raises ExerciseError where there is no notebook.
    """
    handed = []
    for path in map(Path, paths):
        if path.is_dir():
            handed += [Handed(one, student(one.relative_to(path)), one.relative_to(path).as_posix())
                       for one in sorted(inside(path))]
        else:
            handed.append(Handed(path, path.stem, path.as_posix()))
    if not handed:
        raise ExerciseError(f"There is no notebook in {', '.join(map(str, paths))}: "
                            "name a folder with files that end with .ipynb.")
    return handed


def inside(folder):
    """The paths of all notebooks below a folder."""
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_THEIRS]
        for name in files:
            if name.endswith(".ipynb") and not name.startswith("._"):
                yield Path(place, name)


def student(relative):
    """Who handed in the notebook at this place below the folder."""
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem
