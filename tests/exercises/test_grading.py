"""For teachers: who solved what, and notebooks to hand out."""

import csv
import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.exercises import EXERCISES, cells, grading
from helpers.exercises.__main__ import main
from helpers.exercises.exercise import ExerciseError

IMPORTS = "import numpy as np\n\nfrom helpers import exercises"


def notebook(path, *sources):
    """A notebook file of code cells after the imports."""
    made = new_notebook(cells=[new_markdown_cell("# Title", id="title"), *[
        new_code_cell(source, id=f"cell-{i}") for i, source in enumerate([IMPORTS, *sources])]])
    path.write_text(json.dumps(made), "utf-8")
    return path


def cell(name, body="answer"):
    return EXERCISES[name].cell(getattr(EXERCISES[name], body))


@pytest.fixture
def handed_in(tmp_path):
    """Notebooks of students: good, lazy, and one in which much goes wrong."""
    ann = notebook(tmp_path / "ann.ipynb", cell("relu_backward"), cell("sigmoid_backward"),
                   cell("sigmoid_entries", "stub"))
    bob = notebook(tmp_path / "bob.ipynb", cell("relu_backward", "stub"))
    cleo = notebook(tmp_path / "cleo.ipynb", "1 / 0", "while True:\n    pass",
                    "exercises.keep_progress(False)",
                    cell("sigmoid_backward"), cell("divide_gate"))
    return [ann, bob, cleo]


@pytest.mark.kernel
def test_grade_says_who_solved_what(handed_in, tmp_path, capsys, progress_file):
    broken = tmp_path / "dan.ipynb"
    broken.write_text("{", "utf-8")
    out = tmp_path / "grades.csv"
    paths = [str(path) for path in [*handed_in, broken]]
    assert main(["grade", *paths, "--csv", str(out), "--timeout", "12"]) == 0
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [row["file"] for row in rows] == paths
    assert [(row["solved"], row["of"]) for row in rows] == [
        ("2", "7"), ("0", "7"), ("2", "15"), ("0", "0")]
    ann, bob, cleo, dan = rows
    assert (ann["relu_backward"], ann["sigmoid_entries"], ann["divide_gate"]) == ("1", "0", "")
    assert (bob["relu_backward"], bob["note"]) == ("0", "")
    assert (cleo["sigmoid_backward"], cleo["divide_gate"]) == ("1", "1")
    assert cleo["note"] == "cell cell-1: ZeroDivisionError: division by zero"
    assert dan["note"] == f"{broken} is not a notebook."
    assert not progress_file.exists() and capsys.readouterr().out == ""


@pytest.mark.kernel
def test_a_dead_kernel_is_a_note(tmp_path):
    path = notebook(tmp_path / "eve.ipynb", cell("relu_backward"), "import os\nos._exit(1)")
    (_, solved, expected, note), = grading.grade([path], 60)
    assert solved == {"relu_backward"} and len(expected) == 7
    assert note.startswith("stopped: ")


def test_names_that_a_spreadsheet_would_compute_are_quoted(capsys):
    import sys

    grading.save([["=1+1.ipynb", 3, "note"]], sys.stdout)
    assert capsys.readouterr().out == "'=1+1.ipynb,3,note\n"


def test_release_hands_out_tasks_without_outputs(tmp_path, capsys):
    path = notebook(tmp_path / "04.ipynb", cell("relu_backward"), "1 + 1")
    made = json.loads(path.read_text("utf-8"))
    made["metadata"]["widgets"] = {"state": {}}
    made["cells"][2].update(outputs=[new_output("stream", text="right")], execution_count=7)
    path.write_text(json.dumps(made), "utf-8")
    before = path.read_bytes()
    assert main(["release", str(path), "--to", str(tmp_path / "out")]) == 0
    assert path.read_bytes() == before
    target = tmp_path / "out" / "04.ipynb"
    assert capsys.readouterr().out == f"{target}\n"
    copy = json.loads(target.read_text("utf-8"))
    assert "widgets" not in copy["metadata"]
    assert [(c["outputs"], c["execution_count"]) for c in copy["cells"][1:]] == [([], None)] * 3
    assert "".join(copy["cells"][2]["source"]) == cell("relu_backward", "stub")
    assert copy["cells"][3]["source"] == "1 + 1"
    assert [c["id"] for c in copy["cells"]] == [c["id"] for c in made["cells"]]


def test_release_overwrites_no_original(tmp_path, capsys):
    path = notebook(tmp_path / "04.ipynb", "1")
    before = path.read_bytes()
    assert main(["release", str(path), "--to", str(tmp_path)]) == 1
    assert path.read_bytes() == before
    assert "would be overwritten" in capsys.readouterr().err
    (tmp_path / "b").mkdir()
    twin = notebook(tmp_path / "b" / "04.ipynb", "1")
    assert main(["release", str(path), str(twin), "--to", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"nbformat": 3}', '{"nbformat": 4}', "\x00",
                                  '{"nbformat": 4, "cells": 3}'])
def test_what_is_no_notebook_is_refused_in_one_line(tmp_path, text):
    path = tmp_path / "x.ipynb"
    path.write_text(text, "utf-8")
    with pytest.raises(ExerciseError, match=r"x\.ipynb"):
        cells.read(path)
    with pytest.raises(ExerciseError, match="cannot be read"):
        cells.read(tmp_path / "none.ipynb")


def test_a_time_limit_is_a_positive_number(capsys):
    for wrong in ("0", "-1", "soon", "nan"):
        with pytest.raises(SystemExit):
            main(["grade", "x.ipynb", "--timeout", wrong])
    assert "--timeout" in capsys.readouterr().err
