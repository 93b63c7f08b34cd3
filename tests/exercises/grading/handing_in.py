"""Notebooks as students hand them in, honest ones and others."""

import json

from nbformat.v4 import new_code_cell, new_notebook

from helpers.exercises import EXERCISES

IMPORTS = "import numpy as np\n\nfrom helpers import exercises"


def notebook(path, *sources):
    """A notebook file of code cells after the imports."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [new_code_cell(source, id=f"cell-{i}") for i, source in enumerate([IMPORTS, *sources])]
    path.write_text(json.dumps(new_notebook(cells=cells)), "utf-8")
    return path


def cell(name, body="answer"):
    """The cell of an exercise with its solution, its stub, or lines of a function's body."""
    exercise = EXERCISES[name]
    if body in ("answer", "stub"):
        return exercise.cell(getattr(exercise, body))
    head = exercise.stub.split("\n")[0] + "\n    "
    return exercise.cell(head + body.replace("\n", "\n    "))
