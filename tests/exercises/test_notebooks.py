"""The exercise cells of the notebooks: as they are handed out, and all filled in."""

import ast
import json
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from helpers.exercises import EXERCISES, NOTEBOOKS, cells
from tests.amount import SOAK
from tests.notebooks.rerun import execute

CHECK = "exercises.sgd_by_hand.check(sgd_by_hand)"
FOLDER = Path(__file__).parents[2] / "notebooks"
WITH = [path for path in sorted(FOLDER.glob("[0-9]*.ipynb")) if cells.names(cells.read(path))]
each = pytest.mark.parametrize("path", WITH, ids=lambda path: path.stem)


def shown(cell):
    """The text of a cell's results and prints."""
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "")
                   for output in cell.outputs)


def imports(notebook):
    """Every import of a notebook, in order."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return "\n".join(ast.get_source_segment(source, node) for source in sources
                     for node in ast.parse(source).body
                     if isinstance(node, ast.Import | ast.ImportFrom))


def code(source):
    """A text without its empty lines."""
    return "\n".join(line for line in source.splitlines() if line.strip())


@each
def test_cells_hold_the_stubs_of_their_exercises(path):
    for cell in cells.read(path)["cells"]:
        exercise = cells.checked(cell)
        if exercise:
            assert code("".join(cell["source"])).endswith(code(exercise.cell(exercise.stub)))
            assert cell["id"] == f"exercise-{exercise.name.replace('_', '-')}"
            said = ["".join(output["data"]["text/plain"]) for output in cell["outputs"]]
            assert said == ["not attempted yet"]


@each
def test_each_exercise_of_a_notebook_is_in_it_once(path):
    found = sorted(cells.names(cells.read(path)))
    assert found == sorted(row.name for row in NOTEBOOKS[path.stem])


@pytest.mark.kernel
@each
def test_with_all_solutions_filled_in_every_check_passes(path):
    """The imports and the exercises; with TM_SOAK=1 the whole notebook around them, too."""
    notebook = nbformat.reads(json.dumps(cells.solved(cells.read(path))), 4)
    if not SOAK:
        exercise_cells = [cell for cell in notebook.cells if cells.checked(cell)]
        notebook.cells = [new_code_cell(imports(notebook)), *exercise_cells]
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
    assert cells.emptied(notebook)["cells"][0]["source"] == notebook["cells"][0]["source"]
    filled = cells.solved(notebook)
    assert ["".join(cell["source"]) for cell in filled["cells"]] == [
        one.cell(one.answer), *[cell["source"] for cell in notebook["cells"][1:]]]
    assert cells.names(notebook) == ["relu_backward"]
    assert cells.emptied(filled)["cells"][0]["source"] == notebook["cells"][0]["source"]


def test_lines_before_and_after_an_exercise_stay():
    one = EXERCISES["sgd_by_hand"]
    source = f"from helpers import exercises\n\nsgd_by_hand = ...\n\n{CHECK}\n# more"
    filled = f"from helpers import exercises\n\n{one.answer}\n{CHECK}\n# more"
    assert cells.with_body(source, one, one.answer) == filled
    assert cells.with_body(filled, one, one.stub) == source.replace("...\n\n", "...\n")
    assert cells.with_body(f"w = 3\n{CHECK.replace('hand)', 'w)')}", one, one.stub) == (
        one.cell(one.stub))
