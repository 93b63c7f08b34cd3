"""The autograder for Gradescope: the zip, unpacked and run, and the form of its results."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest

from helpers.exercises import NOTEBOOKS
from helpers.exercises.__main__ import main
from helpers.exercises.grading import gradescope, one
from tests.exercises.grading.handing_in import cell, notebook
from tests.exercises.grading.made_up import Here

LESSON = "04_tensor_derivatives"
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
SEEN = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORM = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
# By the specification of results.json: what a test, and what a submission, may say.
TEST = {
    "type": "object", "additionalProperties": False, "properties": {
        "score": NUMBER, "max_score": NUMBER, "status": {"enum": ["passed", "failed"]},
        "name": TEXT, "name_format": FORM, "number": TEXT, "output": TEXT, "output_format": FORM,
        "tags": {"type": "array", "items": TEXT}, "visibility": SEEN, "extra_data": {}}}
SUBMISSION = {
    "type": "object", "additionalProperties": False,
    "anyOf": [{"required": ["score"]}, {"required": ["tests"]}], "properties": {
        "score": NUMBER, "execution_time": NUMBER, "output": TEXT, "output_format": FORM,
        "test_output_format": FORM, "test_name_format": FORM, "visibility": SEEN,
        "stdout_visibility": SEEN, "extra_data": {}, "leaderboard": {"type": "array"},
        "tests": {"type": "array", "minItems": 1, "items": TEST}}}


def check(results):
    """That results have the form that Gradescope reads, and a score in each test."""
    jsonschema.validate(results, SUBMISSION)
    assert all("score" in test and "max_score" in test for test in results["tests"])


def test_the_form_itself_tells_right_from_wrong():
    check({"tests": [{"score": 1, "max_score": 1}]})
    for wrong in ({}, {"tests": []}, {"tests": [{"score": "1", "max_score": 1}]},
                  {"tests": [{"score": 1, "max_score": 1, "visibility": "shown"}]},
                  {"score": 1, "points": 1}):
        with pytest.raises(jsonschema.ValidationError):
            check(wrong)


@pytest.fixture
def submission(tmp_path):
    """A folder with a notebook in which one exercise is solved, one wrong, one not there."""
    notebook(tmp_path / "submission" / "mine.ipynb", cell("relu_backward"),
             cell("sigmoid_backward", "return G"))
    return tmp_path / "submission"


def test_results_have_the_form_that_is_asked_for(submission, monkeypatch, tmp_path):
    monkeypatch.setattr(one, "Kernel", Here)
    results = gradescope.scores(submission, [LESSON])
    check(results)
    points = {test["name"]: test["score"] for test in results["tests"]}
    assert {test["max_score"] for test in results["tests"]} == {1}
    assert points == {row.name: int(row.name == "relu_backward") for row in NOTEBOOKS[LESSON]}
    (tmp_path / "none").mkdir()
    (tmp_path / "bad.ipynb").write_text("{")
    for other in ("none", "bad.ipynb"):
        results = gradescope.scores(tmp_path / other, [])
        check(results)
        assert [(test["score"], test["max_score"]) for test in results["tests"]] == [(0, 1)]
        assert "notebook" in results["output"]


def test_a_submission_has_five_minutes_and_its_seconds_are_whole(monkeypatch, tmp_path):
    asked = []

    def graded(handed, **given):
        asked.append(given)
        rows = {"relu_backward": {"state": "tried", "said": "", "mistake": "", "code": ""}}
        return [{"student": name, "file": f"{name}.ipynb", "exercises": rows, "note": note,
                 "seconds": 1.4} for name, note in (("ann", ""), ("bob", "late"))], True

    monkeypatch.setattr(gradescope, "grade", graded)
    monkeypatch.setattr(gradescope, "found", lambda paths: paths)
    results = gradescope.scores("x", [])
    assert asked == [{"jobs": 1, "seed": 1, "seconds": 300, "whole": False}]
    assert (results["output"], results["execution_time"]) == ("bob.ipynb: late", 3)
    assert results["tests"] == [{"name": "relu_backward", "score": 0, "max_score": 1,
                                 "output": "tried", "output_format": "text"}]
    (test, *_) = gradescope.scores("x", [LESSON])["tests"]
    assert test["output"] == "this exercise was not handed in" and test["score"] == 0
    gradescope.main("x", tmp_path / "a" / "b.json", LESSON)
    assert json.loads((tmp_path / "a" / "b.json").read_text("utf-8")) == (
        gradescope.scores("x", [LESSON]))


def test_the_zip_is_the_same_each_time_and_knows_its_lessons(tmp_path, capsys):
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    for path in (first, second):
        assert main(["gradescope", "--to", str(path), "--lessons", LESSON]) == 0
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as made:
        names = made.namelist()
        assert {"setup.sh", "run_autograder", "helpers/data/digits.npz"} <= {*names}
        modes = [made.getinfo(name).external_attr >> 16 for name in names[:3]]
        assert {one.date_time for one in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {one.compress_type for one in made.infolist()} == {zipfile.ZIP_DEFLATED}
        assert f'results/results.json" {LESSON}\n' in made.read("run_autograder").decode()
    regular = 0o100000  # a file, by stat's table of kinds
    assert modes == [regular | 0o755, regular | 0o755, regular | 0o644]
    assert not any("pycache" in name for name in names)
    assert main(["gradescope", "--to", str(first), "--lessons", "44"]) == 1
    assert "There is no lesson '44'" in capsys.readouterr().err


@pytest.mark.kernel
@pytest.mark.skipif(os.name == "nt", reason="runs shell scripts")
def test_the_zip_unpacked_grades_a_submission(submission, tmp_path):
    """With the packages of this environment: setup.sh, which installs them, needs a network."""
    home = submission.parent
    gradescope.bundle(tmp_path / "autograder.zip", [LESSON])
    shutil.unpack_archive(tmp_path / "autograder.zip", home / "source")
    (home / "source" / "venv" / "bin").mkdir(parents=True)
    python = home / "source" / "venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={home}/source exec {sys.executable} "$@"\n')
    for script in (python, home / "source" / "run_autograder", home / "source" / "setup.sh"):
        script.chmod(0o755)
        syntax = subprocess.run(["bash", "-n", str(script)], capture_output=True)
        assert syntax.returncode == 0
    subprocess.run([str(home / "source" / "run_autograder")], check=True,
                   env={**os.environ, "AUTOGRADER": str(home)})
    results = json.loads(Path(home, "results", "results.json").read_text("utf-8"))
    check(results)
    assert sum(test["score"] for test in results["tests"]) == 1
    assert results["execution_time"] >= 0 and len(results["tests"]) == len(NOTEBOOKS[LESSON])
