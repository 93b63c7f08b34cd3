"""Notebooks to hand out, and the command line of a teacher."""

import json

import pytest
from nbformat.v4 import new_output

from helpers.exercises import cells
from helpers.exercises.__main__ import main
from helpers.exercises.exercise import ExerciseError
from tests.exercises.grading.handing_in import cell, notebook


def test_release_hands_out_tasks_without_outputs(tmp_path, capsys):
    path = notebook(tmp_path / "04.ipynb", cell("relu_backward"), "1 + 1")
    made = json.loads(path.read_text("utf-8"))
    made["metadata"]["widgets"] = {"state": {}}
    made["cells"][1].update(outputs=[new_output("stream", text="right")], execution_count=7)
    path.write_text(json.dumps(made), "utf-8")
    before = path.read_bytes()
    assert main(["release", str(path), "--to", str(tmp_path / "out")]) == 0
    assert path.read_bytes() == before
    target = tmp_path / "out" / "04.ipynb"
    assert capsys.readouterr().out == f"{target}\n"
    copy = json.loads(target.read_text("utf-8"))
    assert "widgets" not in copy["metadata"]
    assert [(c["outputs"], c["execution_count"]) for c in copy["cells"]] == [([], None)] * 3
    assert "".join(copy["cells"][1]["source"]) == cell("relu_backward", "stub")
    assert copy["cells"][2]["source"] == "1 + 1"
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
