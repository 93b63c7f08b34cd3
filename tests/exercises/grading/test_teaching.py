"""The teacher's guide: its commands lead from a clone to a graded class; its facts are facts."""

import csv
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from helpers.exercises import NOTEBOOKS, cells
from helpers.exercises.__main__ import parser
from helpers.exercises.grading import kernel, one
from tests.exercises.grading.minutes import minutes

ROOT = Path(__file__).parents[3]
GUIDE = (ROOT / "docs" / "teaching.md").read_text("utf-8")
BEFORE, AFTER = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)


def follow(commands, folder):
    """Run the commands in the clone; a copy of this course stands for what a network brings."""
    for line in commands.strip().splitlines():
        if line.startswith("git clone"):
            kept = shutil.ignore_patterns("__pycache__")
            for part in ("helpers", "notebooks"):
                shutil.copytree(ROOT / part, folder / part, ignore=kept)
        elif line.startswith(".venv/bin/python "):
            command = [sys.executable, *shlex.split(line)[1:]]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        else:
            assert line in ("cd course", "make .venv/student")


@pytest.mark.kernel
def test_from_clone_to_graded_class(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    course, name = tmp_path / "course", "04_tensor_derivatives.ipynb"
    follow(BEFORE, course)
    handed_out = cells.read(course / "handout" / name)
    for student, notebook in (("ann", cells.solved(handed_out)), ("bob", handed_out)):
        (tmp_path / "handed_in" / student).mkdir(parents=True)
        cells.write(notebook, tmp_path / "handed_in" / student / name)
    follow(AFTER, course)
    table = csv.DictReader(io.StringIO((course / "grades.csv").read_text("utf-8-sig")))
    rows = {row["student"]: (row["solved"], row["of"], row["note"]) for row in table}
    assert rows == {"ann": ("7", "7", ""), "bob": ("0", "7", "")}
    assert "two students" in (course / "class.html").read_text("utf-8")
    assert (course / "class-mistakes.csv").exists()
    kept = json.loads((course / "results" / "ann" / f"{name}.json").read_text("utf-8"))
    assert kept["student"] == "ann"


def test_the_guide_names_every_lesson_and_every_option():
    lessons = {path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
    assert lessons == set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE)) >= set(NOTEBOOKS)
    written = parser()._subparsers._group_actions[0].choices["grade"]._option_string_actions
    assert {"--help", "-h"} | set(re.findall(r"--[a-z-]+", GUIDE)) >= set(written)


def test_the_minutes_that_the_guide_tells_are_those_of_the_notebooks():
    """Within three: a word more in a lesson changes no guide."""
    rows = re.findall(r"^\| `(\w+)` \| (\d+)(?: min)? \| (\d*) \|", GUIDE, re.MULTILINE)
    told = {name: (int(lesson), int(exercises or 0)) for name, lesson, exercises in rows}
    for name, (lesson, exercises) in told.items():
        found = minutes(ROOT / "notebooks" / f"{name}.ipynb")
        assert abs(lesson - found[0]) <= 3 and exercises == found[1], (name, found)
    for number, lesson in re.findall(r"`(\d\d)` \((\d+) minutes\)", GUIDE):
        assert int(lesson) in {told[name][0] for name in told if name.startswith(number)}


def test_the_limits_that_the_guide_tells_are_those_of_the_grader():
    assert kernel.LIMITS["AS"] == 4 << 30 and "4 GB of memory" in GUIDE
    assert kernel.IN_ALL == 32 << 20 and "32 MB of output" in GUIDE
    assert kernel.LIMITS["FSIZE"] == 64 << 20 and "64 MB in a file" in GUIDE
    assert one.CELL == 120 and "a cell has at most 120" in GUIDE


def test_one_version_everywhere():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\n## {version}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
