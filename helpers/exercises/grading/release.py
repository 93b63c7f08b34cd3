"""Notebooks to hand out: every exercise to do, and no outputs."""

from pathlib import Path

from .. import cells
from ..exercise import ExerciseError


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
