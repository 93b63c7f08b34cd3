"""The exercise cells of the notebooks: as they are handed out, and all filled in."""

import json
from pathlib import Path

import nbformat
import pytest

from helpers.exercises import EXERCISES, NOTEBOOKS, cells
from tests.notebooks.rerun import execute

FOLDER = Path(__file__).parents[2] / "notebooks"
WITH = [path for path in sorted(FOLDER.glob("*.ipynb")) if cells.names(cells.read(path))]
each = pytest.mark.parametrize("path", WITH, ids=lambda path: path.stem)


def shown(cell):
    """The text of a cell's results and prints."""
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "")
                   for output in cell.outputs)


@each
def test_cells_hold_the_stubs_of_their_exercises(path):
    for cell in cells.read(path)["cells"]:
        exercise = cells.checked(cell)
        if exercise:
            assert "".join(cell["source"]) == exercise.cell(exercise.stub)
            assert cell["id"] == f"exercise-{exercise.name.replace('_', '-')}"
            assert "".join(cell["outputs"][0]["data"]["text/plain"]) == "not attempted yet"


@each
def test_all_exercises_of_a_notebook_are_in_it_in_order(path):
    assert cells.names(cells.read(path)) == [row.name for row in NOTEBOOKS[path.stem]]


@each
def test_with_all_solutions_filled_in_every_check_passes(path):
    notebook = nbformat.reads(json.dumps(cells.solved(cells.read(path))), 4)
    execute(notebook, path.parent)
    said = {cell.id: shown(cell) for cell in notebook.cells if cells.checked(cell)}
    assert said and all(text.startswith("right") for text in said.values()), said


def test_filling_in_changes_exercise_cells_only():
    one = EXERCISES["relu_backward"]
    notebook = {"cells": [
        {"cell_type": "code", "source": one.cell(one.stub).splitlines(keepends=True)},
        {"cell_type": "code", "source": "relu_backward(G, X)"},
        {"cell_type": "markdown", "source": "exercises.relu_backward.check(relu_backward)"},
        {"cell_type": "code", "source": "exercises.progress()"}]}
    filled = cells.solved(notebook)
    assert ["".join(cell["source"]) for cell in filled["cells"]] == [
        one.cell(one.answer), *[cell["source"] for cell in notebook["cells"][1:]]]
    assert cells.names(notebook) == ["relu_backward"]
    assert cells.emptied(filled)["cells"][0]["source"] == notebook["cells"][0]["source"]
