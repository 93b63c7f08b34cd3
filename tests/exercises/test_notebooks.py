"""The exercise cells of the notebooks: as they are handed out, and all filled in."""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from helpers.exercises import EXERCISES, NOTEBOOKS, cells, files
from tests.amount import SOAK
from tests.exercises.written import define
from tests.notebooks.rerun import execute

NUMBER = r"[−-]?\d+\.?\d*"
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


def holds(more, some):
    """Whether these numbers are among more of them, in this order."""
    rest = iter(more)
    return all(number in rest for number in some)


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
def test_a_prediction_asks_with_the_numbers_of_its_notebook(path):
    """They stand in the text above it, in their order, and with them its answer is right."""
    for before, cell in pairwise(cells.read(path)["cells"]):
        exercise = cells.checked(cell)
        if exercise and exercise.level == "predict":
            asked = re.findall(NUMBER, exercise.task)
            _, *told = re.findall(NUMBER, "".join(before["source"]))  # the first is its own
            assert asked and (holds(told, asked) or holds(asked, told)), exercise.name
            assert exercise.check(define(exercise.name, exercise.answer)).right


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
    twice = f"{source}\n\nsgd_by_hand = ...\n\n{CHECK}"
    assert cells.with_body(twice, one, one.answer) == twice.replace(source, filled, 1)
    assert cells.with_body(f"w = 3\n{CHECK.replace('hand)', 'w)')}", one, one.stub) == (
        one.cell(one.stub))


CELL = {"cell_type": "code", "source": ["1"], "metadata": {}}


@pytest.mark.parametrize(("cell", "flaw"), [
    (CELL, ""), ({**CELL, "source": "1"}, ""), ({"cell_type": "markdown", "source": []}, ""),
    (None, "is a NoneType, not a cell"), ({**CELL, "cell_type": 1}, "has no cell_type"),
    ({"source": "1"}, "has no cell_type"), ({"cell_type": "code"}, "has a source that is not text"),
    ({**CELL, "source": ["1", None]}, "has a source that is not text"),
    ({**CELL, "metadata": []}, "has metadata that is no table")])
def test_a_cell_has_a_type_and_a_text(cell, flaw, tmp_path):
    assert cells.unsound(cell) == flaw
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "cells": [CELL, cell]}), "utf-8")
    if flaw:
        with pytest.raises(cells.ExerciseError) as error:
            cells.read(path)
        assert str(error.value) == f"{path} is not a notebook: cell 1 {flaw}."
    else:
        assert cells.read(path)["cells"] == [CELL, cell]


@pytest.mark.parametrize(("version", "says"), [
    (3, "has an old format: open"), ("4", "has an old format"), (5, "has format 5, but"), (4, "")])
def test_a_notebook_of_another_format_says_what_to_do(version, says, tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"nbformat": version, "cells": [], "metadata": {}}), "utf-8")
    if says:
        with pytest.raises(cells.ExerciseError, match=says):
            cells.read(path)
    else:
        assert cells.read(path)["cells"] == []


def test_a_file_has_at_most_fifty_million_bytes(tmp_path, monkeypatch):
    assert files.LARGEST == 50_000_000
    path, raw = tmp_path / "x.ipynb", b'{"nbformat": 4, "cells": []}'
    path.write_bytes(raw)
    monkeypatch.setattr(files, "LARGEST", len(raw))
    assert cells.read(path)["cells"] == []
    path.write_bytes(raw + b" ")
    with pytest.raises(cells.ExerciseError, match=f"it has {len(raw) + 1} bytes, more than 28"):
        cells.read(path)


def test_a_notebook_is_written_as_jupyter_does(tmp_path):
    path = tmp_path / "x.ipynb"
    cells.write({"nbformat": 4, "cells": ["∂"]}, path)
    assert path.read_bytes().decode() == '{\n "nbformat": 4,\n "cells": [\n  "∂"\n ]\n}\n'


def test_what_a_run_left_is_emptied_and_the_rest_stays():
    one = EXERCISES["relu_backward"]
    run = {"outputs": ["x"], "execution_count": 3, "metadata": {"execution": {}, "tags": ["a"]}}
    notebook = {"cells": [{"cell_type": "code", "source": one.cell(one.answer), **run},
                          {"cell_type": "raw", "source": "1", "outputs": 1},
                          {"cell_type": "code", "source": "1"}],
                "metadata": {"widgets": {}, "kernelspec": {}}}
    before = json.dumps(notebook)
    first, second, third = cells.emptied(notebook)["cells"]
    assert (first["outputs"], first["execution_count"], first["metadata"]) == (
        [], None, {"tags": ["a"]})
    assert second["outputs"] == 1 and third["outputs"] == [] and json.dumps(notebook) == before
    assert cells.emptied(notebook)["metadata"] == {"kernelspec": {}}
    assert "".join(first["source"]) == one.cell(one.stub) and len(first["source"]) == 4
    assert cells.code(second) is None and cells.code({**CELL, "source": ["a\n", "b"]}) == "a\nb"
    assert cells.checked(third) is None and cells.checked(
        {**CELL, "source": "exercises.nobody.check(nobody)"}) is None
