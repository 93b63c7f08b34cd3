"""A course in nbgrader: a point for each exercise, and verdicts that no student's kernel makes.

nbgrader's `autograde` runs a notebook, then reads the points off the outputs of locked cells. What
runs is a list in its configuration (`Autograde.autograde_preprocessors`): here stands what takes
the place of its `Execute`. nbgrader itself is not imported.
"""

import copy
from pathlib import Path
from tempfile import TemporaryDirectory

from .. import EXERCISES, cells
from .handed_in import Handed
from .one import SOLVED, graded

SECONDS = 300
POINT = """# One point for {name}.
### BEGIN HIDDEN TESTS
assert exercises.{name}.check({name})
### END HIDDEN TESTS"""


def assignment(notebook):
    """A copy with a locked cell behind each exercise: nbgrader's autograder test, worth a point.

    Students see its first line alone; nbgrader takes the test out, and puts it back.
    """
    notebook, made = copy.deepcopy(notebook), []
    for cell in notebook["cells"]:
        made.append(cell)
        exercise = cells.checked(cell)
        if exercise:
            made.append(point(exercise.name))
    notebook["cells"] = made
    return notebook


def point(name):
    """The locked cell of an exercise, by schema 3 of nbgrader's cells."""
    return {"cell_type": "code", "id": f"point-{name.replace('_', '-')}", "execution_count": None,
            "metadata": {"nbgrader": {
                "schema_version": 3, "grade_id": name, "grade": True, "points": 1, "locked": True,
                "solution": False, "task": False, "cell_type": "code"}},
            "outputs": [], "source": POINT.format(name=name).splitlines(keepends=True)}


def verdicts(notebook, resources):
    """A preprocessor of nbconvert: judges every exercise, and writes the verdicts as outputs.

    Whatever the notebook's cells print or raise, a locked cell has a point for an answer that is
    right, and an error for any other; also for tests of others, which do not run here.
    """
    who = resources.get("nbgrader", {}).get("student", "")
    with TemporaryDirectory() as folder:
        path = Path(folder, "handed_in.ipynb")
        cells.write(checks_alone(notebook), path)
        table = graded(Handed(path, who, path.name), 1, SECONDS, False)
    for cell in notebook["cells"]:
        name = tested(cell)
        if name:
            made = type(notebook)  # nbgrader reads outputs as attributes
            cell["outputs"] = [made(said(name, table))]
    return notebook, resources


def checks_alone(notebook):
    """A copy in which locked cells are the check of their exercise, or nothing."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        name = tested(cell)
        if name:
            cell["source"] = EXERCISES[name].usage if name in EXERCISES else ""
    return notebook


def tested(cell):
    """The name of an autograder test, or None: not the answers that a person grades."""
    about = cell["metadata"].get("nbgrader", {})
    tests = cell["cell_type"] == "code" and about.get("grade") and not about.get("solution")
    return about.get("grade_id", "?") if tests else None


def said(name, table):
    """The output of a locked cell: nbgrader takes an error for no point, all else for each."""
    verdict = table["exercises"].get(name)
    if verdict and verdict["state"] == SOLVED:
        return {"output_type": "stream", "name": "stdout", "text": f"{verdict['said']}\n"}
    if verdict:
        text = verdict["said"] or verdict["state"]
    elif name in EXERCISES:
        text = table["note"] or "this exercise was not handed in"
    else:
        text = "this test is none of the course's exercises: it was not run"
    return {"output_type": "error", "ename": "NoPoint", "evalue": text,
            "traceback": text.splitlines()}
