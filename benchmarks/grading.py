"""How long a class takes: python -m benchmarks.grading [NOTEBOOKS] [--jobs N]

So many notebooks of the main lessons, all exercises solved, are graded. Said are the time by the
clock, the time that kernels were there, and how the first compares with the second shared among the
jobs: 1 would be a grader that costs nothing.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from helpers.exercises import cells
from helpers.exercises.grading import found, grade

LESSONS = sorted((Path(__file__).parents[1] / "notebooks").glob("0[1-7]*.ipynb"))


def main():
    """Make the class, grade it, say how long it took."""
    parser = argparse.ArgumentParser("python -m benchmarks.grading")
    parser.add_argument("notebooks", nargs="?", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    solved = [cells.solved(cells.read(path)) for path in LESSONS]
    with tempfile.TemporaryDirectory() as folder:
        for k in range(given.notebooks):
            cells.write(solved[k % len(solved)], Path(folder, f"{k:04}.ipynb"))
        began = time.perf_counter()
        tables, _ = grade(found([folder]), jobs=given.jobs, seed=1, seconds=300, whole=False)
        took = time.perf_counter() - began
    there = sum(table["seconds"] for table in tables)
    right = sum(all(row["state"] == "solved" for row in table["exercises"].values())
                for table in tables)
    own, kernels = (resource.getrusage(who) for who in (
        resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{right} of {len(tables)} solved, {took:.1f} s; kernels were there for {there:.1f} s: "
          f"{took / (there / given.jobs):.2f} of their share")
    print(f"processor time a notebook: kernel {(kernels.ru_utime + kernels.ru_stime) / right:.2f} s"
          f", grader {(own.ru_utime + own.ru_stime) / right:.2f} s; grader at most "
          f"{own.ru_maxrss / 1024:.0f} MB; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
