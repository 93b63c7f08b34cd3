"""python -m helpers.exercises grade NOTEBOOK… [--csv FILE] [--timeout S]
python -m helpers.exercises release NOTEBOOK… --to DIR
"""

import argparse
import sys

from . import grading
from .exercise import ExerciseError


def parser():
    """The command line."""
    top = argparse.ArgumentParser("python -m helpers.exercises", description="For teachers.")
    commands = top.add_subparsers(dest="command", required=True)
    grade = commands.add_parser("grade", help="run notebooks; say who solved what, as CSV")
    grade.add_argument("notebooks", nargs="+", metavar="NOTEBOOK")
    grade.add_argument("--csv", metavar="FILE", help="write to this file (default: print)")
    grade.add_argument("--timeout", type=positive, default=300, metavar="S",
                       help="seconds for each notebook (default: 300)")
    release = commands.add_parser("release", help="copy notebooks without outputs and answers")
    release.add_argument("notebooks", nargs="+", metavar="NOTEBOOK")
    release.add_argument("--to", required=True, metavar="DIR", help="the folder for the copies")
    return top


def positive(text):
    """A number of seconds above 0."""
    if not float(text) > 0:
        raise argparse.ArgumentTypeError(f"{text} is not a time")
    return float(text)


def main(arguments=None):
    """Run a command; the exit status."""
    given = parser().parse_args(arguments)
    try:
        if given.command == "release":
            print(*grading.release(given.notebooks, given.to), sep="\n")
            return 0
        if given.csv:
            with open(given.csv, "w", encoding="utf-8-sig", newline="") as file:
                grading.save(grading.table(grading.grade(given.notebooks, given.timeout)), file)
            return 0
        rows = grading.table(grading.grade(given.notebooks, given.timeout))
        sys.stdout.reconfigure(errors="backslashreplace")  # a console may lack a letter
        grading.save(rows, sys.stdout)
    except (ExerciseError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
