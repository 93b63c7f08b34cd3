"""A class at once: in order, kept when it is stopped, whatever the files are called and hold."""

import csv
import io
import json
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from helpers.exercises.__main__ import main
from helpers.exercises.exercise import ExerciseError
from helpers.exercises.grading import found, grade, grades, many, needs, text
from helpers.exercises.grading import kernel as kernels
from helpers.exercises.grading.handed_in import Handed
from tests.exercises.grading.handing_in import cell, notebook

GOOD = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": []}
MALFORMED = {
    "no type": [{"source": "1"}], "numeric source": [{**GOOD, "source": 7}],
    "a text": [GOOD, "cell"], "numbers in source": [{**GOOD, "source": ["1", 2]}],
    "metadata": [{**GOOD, "metadata": 3}], "null": [None],
}
RAW = {"brackets": b"[" * 100_000, "zeros": b"\0" * 1000, "empty": b"", "latin": b'{"\xe9": 1}',
       "nbformat 9": b'{"nbformat": 9, "cells": []}',
       "nested": b'{"nbformat": 4, "cells": ' + b"[" * 100_000,
       "surrogate": b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\\ud800"}]}'}
SETTINGS = {"jobs": 2, "seed": 1, "seconds": 60, "whole": False}


def malformed(folder):
    """A folder with one of each kind of file that is no notebook."""
    for name, made in MALFORMED.items():
        content = json.dumps({"nbformat": 4, "cells": made}).encode()
        Path(folder, f"{name}.ipynb").write_bytes(content)
    for name, content in RAW.items():
        Path(folder, f"{name}.ipynb").write_bytes(content)
    if os.name != "nt":
        os.mkfifo(folder / "pipe.ipynb")
        (folder / "a link.ipynb").symlink_to(folder / "empty.ipynb")
        (folder / "to nothing.ipynb").symlink_to(folder / "nowhere")
        (folder / "round").symlink_to(folder)


def test_what_is_no_notebook_is_one_line_and_stops_nothing(tmp_path, capsys):
    malformed(tmp_path)
    out = tmp_path / "grades.csv"
    assert main(["grade", str(tmp_path), "--csv", str(out)]) == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"))))
    assert len(rows) == len(MALFORMED) + len(RAW) + 3 * (os.name != "nt")
    assert all(row["note"] and row["of"] == "0" for row in rows), rows
    notes = {row["student"]: row["note"] for row in rows}
    assert notes["a text"] == "a text.ipynb is not a notebook: cell 1 is a str, not a cell."
    assert notes["nbformat 9"].startswith("nbformat 9.ipynb has format 9")
    if os.name != "nt":
        assert "not a regular file" in notes["pipe"]
        assert "is a link to another file" in notes["a link"]
    assert [row["file"] for row in rows] == sorted(row["file"] for row in rows)
    assert capsys.readouterr().err.count("\n") >= len(rows)


def test_a_run_that_fails_leaves_the_table_that_was_there(tmp_path, capsys):
    out = tmp_path / "grades.csv"
    out.write_text("of last week")
    assert main(["grade", str(tmp_path), "--csv", str(out)]) == 1
    assert "There is no notebook in" in capsys.readouterr().err
    assert out.read_text() == "of last week"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1",
                                  "＝1", "'=1"])
def test_nothing_in_a_table_is_computed(name):
    made = text([["file", "note"], [name, 3]])
    (_, row) = csv.reader(io.StringIO(made, newline=""))
    blank = name.replace("\t", " ").replace("\r", " ").replace("\n", " ")
    assert row == [f"'{blank}" if name[0] != "'" else name, "3"]


def test_names_of_any_kind_stay_below_the_folder_of_results(tmp_path):
    handed = found([notebook(tmp_path / "in" / "x.ipynb", "1")])
    labels = ["../x.ipynb", "/etc/x.ipynb", "a/../../x.ipynb", "x.ipynb", "./x.ipynb",
              f"{'n' * 250}.ipynb", "a\nb/x.ipynb"]
    named = many.names([type(handed[0])(handed[0].path, "x", label) for label in labels])
    assert len(set(named)) == len(named)
    for name in named:
        assert Path(tmp_path, name).resolve().is_relative_to(tmp_path)
        assert ".." not in Path(name).parts and len(os.fsencode(Path(name).name)) < 256


def test_results_are_called_as_the_notebooks_and_numbered_where_two_are_alike(tmp_path):
    path = notebook(tmp_path / "x.ipynb", "1")
    labels = ["a/x.ipynb", "../x.ipynb", "/x.ipynb", "./x.ipynb", "b" * 200, "b" * 201, "é" * 101]
    names = many.names([Handed(path, "x", label) for label in labels])
    assert names[:5] == ["a/x.ipynb.json", "x.ipynb.json", "x.ipynb-2.json", "x.ipynb-3.json",
                         "b" * 200 + ".json"]
    assert [len(name) for name in names[5:]] == [69, 69], "a sum of 64 signs, and .json"


def test_a_result_is_of_one_notebook_one_seed_and_one_way_to_grade(tmp_path):
    path, twin = (notebook(tmp_path / name, "1") for name in ("x.ipynb", "y.ipynb"))
    ann, bob = Handed(path, "ann", "x"), Handed(twin, "bob", "y")
    marks = [many.mark(ann, seed, whole, by_name) for seed in (1, 2) for whole in (False, True)
             for by_name in (False, True)]
    assert len({*marks}) == 8 and all(len(one) == 64 for one in marks)
    assert many.mark(bob, 1, False, False) == marks[0] != ""
    assert many.mark(bob, 1, False, True) not in marks
    assert many.mark(Handed(tmp_path / "none", "ann", "x"), 1, False, False) == ""
    assert many.one_line("a\nb\x1bc∂") == "a b c∂"
    for count, hidden in ((0, True), (1, True), (2, not sys.stderr.isatty())):
        assert bool(many.progress(count).disable) is hidden


def test_students_are_named_by_folder_or_file_and_copies_of_programs_are_left_out(tmp_path):
    for place in ("cleo/04.ipynb", "ann/week 1/01.ipynb", "ann/02.ipynb", "bob.ipynb",
                  "ann/.ipynb_checkpoints/02.ipynb", "__MACOSX/bob.ipynb", "ann/._02.ipynb"):
        notebook(tmp_path / place, "1")
    handed = found([tmp_path])
    assert [(one.student, one.label) for one in handed] == [
        ("ann", "ann/02.ipynb"), ("ann", "ann/week 1/01.ipynb"), ("bob", "bob.ipynb"),
        ("cleo", "cleo/04.ipynb")]
    (tmp_path / "empty").mkdir()
    with pytest.raises(ExerciseError, match="no notebook"):
        found([tmp_path / "empty"])


def quick(monkeypatch, work):
    """Let `work(handed)` stand for what a kernel would do."""
    def graded(handed, *_):
        work(handed)
        return {"student": handed.student, "file": handed.label, "exercises": {}, "note": "",
                "seconds": 0.0}

    monkeypatch.setattr(many, "graded", graded)


def test_after_ctrl_c_what_is_done_is_kept_and_the_same_command_goes_on(tmp_path, monkeypatch):
    for k in range(6):
        notebook(tmp_path / "in" / f"s{k}.ipynb", str(k))
    handed, seen, third = found([tmp_path / "in"]), [], threading.Event()

    def work(one):
        if len(seen) == 3:
            third.set()
            kernels.STOP.wait(20)
            return
        seen.append(one.student)

    def pressed(futures):
        yield from list(futures)[:2]
        third.wait(20)
        raise KeyboardInterrupt

    quick(monkeypatch, work)
    with monkeypatch.context() as patch:
        patch.setattr(many, "as_completed", pressed)
        part, all_done = grade(handed, **SETTINGS | {"jobs": 1}, folder=tmp_path / "out")
    assert not all_done and [table["student"] for table in part] == ["s0", "s1"]
    assert not kernels.STOP.is_set(), "kernels that others start are not stopped"
    quick(monkeypatch, lambda one: seen.append(one.student))
    again, all_done = grade(handed, **SETTINGS, folder=tmp_path / "out")
    assert all_done and [table["student"] for table in again] == [f"s{k}" for k in range(6)]
    assert sorted(seen) == [f"s{k}" for k in range(6)]


def test_what_has_changed_or_was_damaged_is_graded_again(tmp_path, monkeypatch):
    paths = [notebook(tmp_path / "in" / f"s{k}.ipynb", str(k)) for k in range(3)]
    seen, out = [], tmp_path / "out"
    quick(monkeypatch, lambda one: seen.append(one.student))
    grade(found([tmp_path / "in"]), **SETTINGS, folder=out)
    notebook(paths[0], "other")
    (out / "s1.ipynb.json").write_text('{"mark": 1}')
    seen.clear()
    grade(found([tmp_path / "in"]), **SETTINGS, folder=out)
    assert sorted(seen) == ["s0", "s1"]
    grade(found([tmp_path / "in"]), **SETTINGS | {"seed": 2}, folder=out)
    assert sorted(seen) == ["s0", "s0", "s1", "s1", "s2"]


def test_a_kept_result_of_another_form_is_graded_again():
    row = {"state": "solved", "mistake": "", "said": "right", "code": ""}
    table = {"student": "ann", "file": "a.ipynb", "note": "", "seconds": 1.0}
    assert many.sound({**table, "exercises": {"relu_backward": row}})
    for rows in ({"no_exercise": row}, *({"relu_backward": {**row, key: value}} for key, value in (
            ("state", "right"), ("state", 1), ("mistake", None), ("said", 3), ("code", [])))):
        assert not many.sound({**table, "exercises": rows}), rows
    for key in table:
        assert not many.sound({**table, key: None, "exercises": {}}), key


def test_the_order_is_that_of_names_whoever_is_done_first(tmp_path, monkeypatch):
    for k in range(6):
        notebook(tmp_path / f"s{k}.ipynb", str(k))
    quick(monkeypatch, lambda one: time.sleep(0.02 * (6 - int(one.student[1]))))
    given, _ = grade(found([tmp_path]), **SETTINGS | {"jobs": 3})
    assert [row[0] for row in grades(given)[1:]] == [f"s{k}" for k in range(6)]


def run(*sources, whole=False):
    """The numbers of the cells that are run, and what runs of the first."""
    made = {"cells": [{"cell_type": "code", "source": source} for source in sources]}
    plan = needs.plan(made, whole)
    return [one.number for one in plan], plan[0].source if plan else ""


def test_only_what_an_exercise_needs_is_run():
    imports = "import numpy as np\nfrom helpers import (Graph,\n    exercises)"
    right = cell("relu_backward", "return np.where(mask(X), G, 0)")
    helper, other = "def mask(X):\n    return X > LEVEL", "big = np.ones(10**9)"
    level, more = "LEVEL = -1", "LEVEL += 1"
    assert run(imports, other, level, more, helper, other, right) == (
        [0, 2, 3, 4, 6], "import numpy as np\n\n")
    assert run(imports, other, level, right, whole=True)[0] == [0, 1, 2, 3]
    assert run(imports, cell("relu_backward", "stub"), other) == ([], "")
    assert run("from numpy import *", other, cell("relu_backward"))[0] == [0, 2]
    assert run("%matplotlib inline\nlist = []", "list.append(1)", "list[0] = 2",
               cell("relu_backward", "return G * list"))[0] == [0, 1, 2, 3]
    assert run("def f(:\n", cell("relu_backward", "return f"))[0] == [1]


def test_a_kernel_waits_for_nobody_when_all_is_to_stop(tmp_path):
    kernels.STOP.set()
    try:
        with pytest.raises(kernels.Lost), kernels.Kernel(5):
            pass
    finally:
        kernels.STOP.clear()
