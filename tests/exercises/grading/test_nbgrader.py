"""nbgrader: its cells in what is handed out, and verdicts in the place of what it would run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from helpers.exercises import EXERCISES, cells
from helpers.exercises.__main__ import main
from helpers.exercises.grading import nbgrader, one
from tests.exercises.grading.handing_in import cell, notebook
from tests.exercises.grading.made_up import Here

FORGED = """import sys
judge = sys.modules["helpers.exercises.judge"]
judge.judge = lambda *a: judge.Feedback(True, "right")
type(exercises.relu_backward).check = lambda *a: judge.Feedback(True, "right")"""
ANSWERS = {"ann": cell("relu_backward"), "bob": cell("relu_backward", "return G"),
           "eve": f"{FORGED}\n{cell('relu_backward', 'return G')}",
           "tom": cell("relu_backward", "stub")}


@pytest.fixture
def released(tmp_path):
    """A notebook of two exercises as `release --nbgrader` makes it."""
    path = notebook(tmp_path / "in" / "04.ipynb", cell("relu_backward"), cell("row_layer"))
    assert main(["release", str(path), "--to", str(tmp_path / "source" / "hw"), "--nbgrader"]) == 0
    return tmp_path / "source" / "hw" / "04.ipynb"


def test_behind_each_exercise_is_a_locked_cell_for_a_point(released):
    made = nbformat.read(released, 4)
    nbformat.validate(made)
    assert [bool(nbgrader.tested(one)) for one in made.cells] == [False, False, True, False, True]
    for name, last in zip(("relu_backward", "row_layer"), made.cells[2::2], strict=True):
        about = last.metadata.nbgrader
        assert (about.grade_id, about.points, about.locked) == (name, 1, True)
        assert f"assert {EXERCISES[name].usage}\n### END HIDDEN TESTS" in last.source
    assert cells.names(cells.read(released)) == ["relu_backward", "row_layer"]


def test_a_locked_cell_has_the_form_of_schema_3():
    made = nbgrader.point("row_layer")
    assert made["metadata"] == {"nbgrader": {
        "schema_version": 3, "grade_id": "row_layer", "grade": True, "points": 1, "locked": True,
        "solution": False, "task": False, "cell_type": "code"}}
    assert made["id"] == "point-row-layer" and made["outputs"] == []
    assert len(made["source"]) == 4 and made["source"][0] == "# One point for row_layer.\n"


def test_a_notebook_has_five_minutes_and_the_lesson_s_first_seed(released, monkeypatch):
    asked = []

    def graded(handed, *given):
        asked.append((handed.student, handed.label, *given))
        return {"exercises": {"relu_backward": {"state": "tried", "said": ""}}, "note": "late"}

    monkeypatch.setattr(nbgrader, "graded", graded)
    made, resources = nbgrader.verdicts(nbformat.read(released, 4), {"nbgrader": {
        "student": "ann"}})
    assert asked == [("ann", "handed_in.ipynb", 1, 300, False)] and len(resources) == 1
    assert [one.outputs[0].evalue for one in made.cells[2::2]] == ["tried", "late"]
    nbgrader.verdicts(nbformat.read(released, 4), {})
    assert asked[1][0] == ""


def judged(released, *sources):
    """{test: the outputs of its cell} after cells with these sources were handed in."""
    made = nbformat.read(released, 4)
    for answer, source in zip(made.cells[1::2], sources, strict=True):
        answer.source = source
    made.cells[2].outputs = [nbformat.v4.new_output("stream", text="right")]
    for name, solution in (("mine", False), ("essay", True)):
        made.cells.append(nbformat.v4.new_code_cell("1", metadata={"nbgrader": {
            "grade": True, "solution": solution, "grade_id": name, "points": 1}}))
    made, _ = nbgrader.verdicts(made, {"nbgrader": {"student": "ann"}})
    nbformat.validate(made)
    assert made.cells[-1].outputs == []
    return {nbgrader.tested(one): one.outputs[0] for one in made.cells if nbgrader.tested(one)}


def test_verdicts_stand_where_nbgrader_reads_points(released, monkeypatch):
    monkeypatch.setattr(one, "Kernel", Here)
    found = judged(released, ANSWERS["bob"], cell("row_layer"))
    assert found["row_layer"].output_type == "stream"
    assert found["relu_backward"].output_type == "error"
    assert "mask forgotten" in found["relu_backward"].evalue
    assert "none of the course's" in found["mine"].evalue
    found = judged(released, "1", cell("row_layer", "stub"))
    assert [found[name].evalue for name in ("relu_backward", "row_layer")] == [
        "not yet: your code stopped:\nNameError: name 'relu_backward' is not defined",
        "not attempted yet"]


@pytest.mark.kernel
def test_nbgrader_grades_a_class(released, tmp_path, monkeypatch):
    pytest.importorskip("nbgrader", reason="the adapter needs none, its trial does")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    guide = (Path(__file__).parents[3] / "docs" / "teaching.md").read_text("utf-8")
    (config,) = re.findall(r"```python\n(c = get_config.*?)```", guide, re.DOTALL)
    (tmp_path / "nbgrader_config.py").write_text(config)

    def run(*arguments):
        subprocess.run([shutil.which("nbgrader"), *arguments], cwd=tmp_path, check=True)

    run("generate_assignment", "hw")
    for student, source in ANSWERS.items():
        made = nbformat.read(tmp_path / "release" / "hw" / "04.ipynb", 4)
        assert "assert" not in made.cells[2].source
        made.cells[1].source = source
        (tmp_path / "submitted" / student / "hw").mkdir(parents=True)
        nbformat.write(made, tmp_path / "submitted" / student / "hw" / "04.ipynb")
    run("autograde", "hw")
    run("export")
    rows = [row.split(",") for row in (tmp_path / "grades.csv").read_text().splitlines()[1:]]
    assert {row[3]: float(row[-2]) for row in rows} == {"ann": 1, "bob": 0, "eve": 0, "tom": 0}
