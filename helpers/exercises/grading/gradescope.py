"""An autograder for Gradescope: the zip that it asks for, and the results.json that it reads.

By its specification (gradescope-autograders.readthedocs.io, "specs"): `setup.sh` builds the image
once, `run_autograder` runs for each submission and leaves /autograder/results/results.json.
AUTOGRADER names another folder, to try it elsewhere.
"""

import json
import zipfile
from pathlib import Path

from .. import NOTEBOOKS
from ..exercise import ExerciseError
from .handed_in import found
from .kernel import ROOT
from .many import grade
from .one import SOLVED, Verdict
from .understood import by_student

SECONDS = 300
NEEDED = ("pyproject.toml", "README.md", "LICENSE", "constraints.txt")
SETUP = """#!/usr/bin/env bash
# Runs once, when the image is built: Python, and the course in an environment of its own.
set -euo pipefail
cd "${AUTOGRADER:-/autograder}/source"
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    apt-get update && apt-get install --yes python3.11
    python=python3.11
fi
if ! "$python" -c 'import ensurepip'; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    apt-get update && apt-get install --yes "python$version-venv"
fi
"$python" -m venv venv
venv/bin/python -m pip install --quiet --constraint constraints.txt . ipykernel
"""
RUN = """#!/usr/bin/env bash
# Runs for each submission.
home="${{AUTOGRADER:-/autograder}}"
cd "$home"
exec "$home/source/venv/bin/python" -P -c '
import sys
from helpers.exercises.grading.gradescope import main
main(*sys.argv[1:])' "$home/submission" "$home/results/results.json" {lessons}
"""


def bundle(path, lessons):
    """Write the zip for these lessons (all) to `path`; the path. The same course, the same zip."""
    unknown = sorted(set(lessons) - set(NOTEBOOKS))
    if unknown:
        raise ExerciseError(f"There is no lesson {unknown[0]!r}. There are: "
                            f"{', '.join(NOTEBOOKS)}.")
    if not all((ROOT / name).exists() for name in NEEDED):
        raise ExerciseError("The zip holds the whole course: run this in its own folder.")
    files = sorted(file for file in (ROOT / "helpers").rglob("*")
                   if file.is_file() and "__pycache__" not in file.parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        add(made, "setup.sh", SETUP.encode(), 0o755)
        add(made, "run_autograder", RUN.format(lessons=" ".join(lessons)).encode(), 0o755)
        for file in [*(ROOT / name for name in NEEDED), *files]:
            add(made, file.relative_to(ROOT).as_posix(), file.read_bytes(), 0o644)
    return path


def add(made, name, content, mode):
    """A file in a zip that does not remember when it was written."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, (0o100000 | mode) << 16
    made.writestr(entry, content)


def scores(submission, lessons):
    """What results.json says of the notebooks of one submission: a test for each exercise."""
    try:
        tables, _ = grade(found([submission]), jobs=1, seed=1, seconds=SECONDS, whole=False)
    except ExerciseError as error:
        tables = [{"student": "", "file": "", "exercises": {}, "note": str(error), "seconds": 0}]
    one = [{**table, "student": "they"} for table in tables]
    verdicts = by_student(one)["they"]
    names = [row.name for lesson in lessons or NOTEBOOKS for row in NOTEBOOKS[lesson]
             if lessons or row.name in verdicts]
    notes = [f"{table['file']}: {table['note']}" for table in tables if table["note"]]
    return {
        "output": "\n".join(notes) or "Each exercise is one point.",
        "execution_time": round(sum(table["seconds"] for table in tables)),
        "stdout_visibility": "hidden",
        "tests": [as_test(name, verdicts.get(name)) for name in names] or [
            {"name": "exercises", "score": 0, "max_score": 1, "output": "no exercises found"}]}


def as_test(name, verdict):
    """A test of results.json."""
    verdict = verdict or {**vars(Verdict()), "said": "this exercise was not handed in"}
    return {"name": name, "score": int(verdict["state"] == SOLVED), "max_score": 1,
            "output": verdict["said"] or verdict["state"], "output_format": "text"}


def main(submission, results, *lessons):
    """Grade a submission; nothing that it holds leaves the results unwritten."""
    Path(results).parent.mkdir(parents=True, exist_ok=True)
    Path(results).write_text(json.dumps(scores(submission, lessons), indent=1), "utf-8")
