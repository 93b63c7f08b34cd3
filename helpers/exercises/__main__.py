"""python -m helpers.exercises grade FOLDER [--jobs 8] [--csv FILE] [--json DIR] [--report FILE]
python -m helpers.exercises release NOTEBOOK… --to DIR [--nbgrader | --seed-by-name NAMES]
python -m helpers.exercises gradescope --to autograder.zip [--lessons LESSON…]
"""

import argparse
import os
import sys
from pathlib import Path

from ..calculus.errors import LessonError
from . import grading
from .exercise import ExerciseError


def parser():
    """The command line."""
    top = argparse.ArgumentParser("python -m helpers.exercises", description=(
        "For teachers: grade notebooks, hand them out, write an autograder."))
    commands = top.add_subparsers(dest="command", required=True)
    grade = commands.add_parser("grade", help="run notebooks; say who solved what, as CSV")
    grade.add_argument("notebooks", nargs="+", metavar="FOLDER",
                       help="a folder, with all notebooks in it, or a notebook")
    grade.add_argument("--csv", metavar="FILE", help="write to this file (default: print)")
    grade.add_argument("--json", metavar="DIR",
                       help="keep a file for each notebook; the same command goes on from there")
    grade.add_argument("--report", metavar="FILE",
                       help="write a page on what the class misunderstands to this file, and the "
                            "same as a table beside it: …-mistakes.csv")
    grade.add_argument("--jobs", type=whole, default=os.cpu_count() or 1, metavar="N",
                       help="notebooks at once (default: one for each core)")
    grade.add_argument("--seed", type=int, default=1, metavar="N",
                       help="seed of the further inputs that answers are tried on (default: 1)")
    grade.add_argument("--timeout", type=positive, default=300, metavar="S",
                       help="seconds for each notebook (default: 300)")
    grade.add_argument("--whole", action="store_true",
                       help="run all cells, not only what the exercises need")
    grade.add_argument("--seed-by-name", action="store_true",
                       help="the notebooks were released with --seed-by-name")
    release = commands.add_parser("release", help="copy notebooks without outputs and answers")
    release.add_argument("notebooks", nargs="+", metavar="NOTEBOOK")
    release.add_argument("--to", required=True, metavar="DIR", help="the folder for the copies")
    kind = release.add_mutually_exclusive_group()
    kind.add_argument("--nbgrader", action="store_true",
                      help="mark the cells for nbgrader, a point for each exercise; DIR is its "
                      "source folder")
    kind.add_argument("--seed-by-name", metavar="NAMES",
                      help="a file with a name in each line: each student gets a folder, with "
                      "numbers of their own in the predictions")
    scope = commands.add_parser("gradescope", help="write an autograder for Gradescope")
    scope.add_argument("--to", required=True, metavar="ZIP", help="the file to upload there")
    scope.add_argument("--lessons", nargs="+", default=[], metavar="LESSON",
                       help="notebooks that a submission must hold, as 04_tensor_derivatives "
                       "(default: any)")
    return top


def positive(text):
    """A number of seconds above 0."""
    if not float(text) > 0:
        raise argparse.ArgumentTypeError(f"{text} is not a time")
    return float(text)


def whole(text):
    """A number of things, at least 1."""
    if int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return int(text)


def grade(given):
    """Grade, and write what was asked for; the exit status, 130 when it was stopped."""
    for target in filter(None, (given.csv, given.report)):
        grading.check(target)
    if given.report:
        grading.check(mistakes_of(given.report))
    if given.json and Path(given.json).exists() and not Path(given.json).is_dir():
        raise ExerciseError(f"{given.json} is no folder: name another for --json.")
    handed = grading.found(given.notebooks)
    if grading.unfenced():
        print(grading.unfenced(), file=sys.stderr)
    results, all_done = grading.grade(
        handed, jobs=given.jobs, seed=abs(given.seed), seconds=given.timeout, whole=given.whole,
        folder=given.json, by_name=given.seed_by_name)
    table = grading.text(grading.grades(results))
    if given.csv:
        grading.save(given.csv, table)
    else:
        print(table, end="")
    if given.report:
        grading.save(given.report, grading.page(results, given.seed_by_name))
        grading.save(mistakes_of(given.report), grading.text(grading.rows(results)))
    if not all_done:
        again = "; the same command goes on" if given.json else ": --json DIR keeps what is done"
        print(f"stopped: {len(results)} of {len(handed)} done{again}", file=sys.stderr)
    return 0 if all_done else 130


def mistakes_of(report):
    """Where the table beside a report stands: class-mistakes.csv beside class.html."""
    return Path(report).with_name(f"{Path(report).stem}-mistakes.csv")


def main(arguments=None):
    """Run a command; the exit status."""
    given = parser().parse_args(arguments)
    try:
        if given.command == "release":
            names = grading.names_in(given.seed_by_name) if given.seed_by_name else None
            print(*grading.release(given.notebooks, given.to, names, given.nbgrader), sep="\n")
            return 0
        if given.command == "gradescope":
            print(grading.bundle(given.to, given.lessons))
            return 0
        return grade(given)
    except (LessonError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
