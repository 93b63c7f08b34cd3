"""What `discover` finds for functions that people differentiate by hand: docs/discover.md.

    python -m benchmarks.named > docs/discover.md

A line is named when it uses G, the input, Y, the known arrays and numbers alone, so that it can be
used at any other input. Every named line is run at other inputs of several sizes.
"""

import argparse
import sys
import time

import numpy as np

from benchmarks.named_functions import CASES
from helpers import contract, discover, numerical_jacobian
from helpers.calculus.discover.naming.names import evaluate

SIZES = (1.0, 0.3, 2.0)  # of the inputs that a line is run at, beside the given one
HEAD = """# What `discover` finds

Made by `python -m benchmarks.named > docs/discover.md`. Each function is plain NumPy of one array;
the arrays in the second column are given as `known=`. *Named* means that the line uses G, the
input, Y, the known arrays and numbers alone: it holds at any other input. The error is the largest
relative error of the named line at inputs that were not used to find it. An unnamed line holds
arrays that only the search knows, and is right at the given input alone.

"""


def allowed(case, found):
    """The names that a named line may use."""
    return {found.input_name, found.output_name, *case.known}


def is_named(case, found):
    """Whether a line uses nothing that only the search holds."""
    return set(found.names) <= allowed(case, found)


def error_elsewhere(case, found, seed=0):
    """The largest relative error of a named line at inputs of other sizes."""
    random, worst = np.random.default_rng(seed), 0.0
    for size in SIZES:
        x = beside(case.x, size, random)
        with np.errstate(all="ignore"):
            Y, J = np.asarray(case.f(x)), numerical_jacobian(case.f, x)
            G = random.standard_normal(Y.shape)
            names = {**{n: np.asarray(v) for n, v in case.known.items()}, found.input_name: x,
                     found.output_name: Y, "G": G}
            right, line = contract(G, J), evaluate(found.numpy, names)
        worst = max(worst, float(np.max(np.abs(line - right)) / max(np.max(np.abs(right)), 1e-300)))
    return worst


def beside(x, size, random):
    """Another input: each number moved by its size, as much as keeps a matrix definite."""
    square = x.ndim == 2 and x.shape[0] == x.shape[1] and np.all(np.linalg.eigvals(x).real > 0)
    away = random.standard_normal(x.shape) * (0.1 if square or np.all(x > 0) else 1)
    return size * (x + away * np.abs(x))


def row(case):
    """(named, line of the table)."""
    start = time.perf_counter()
    found = discover(case.f, case.x, known=case.known)
    seconds, named = time.perf_counter() - start, is_named(case, found)
    error = f"{error_elsewhere(case, found):.0e}" if named else "unnamed"
    line = found.numpy.replace("|", "\\|")
    title = case.title.replace("|", "\\|")
    return named, f"| {title} | {', '.join(case.known)} | {error} | {seconds:.1f} | `{line}` |"


def main():
    """Print the tables."""
    argparse.ArgumentParser(prog="python -m benchmarks.named",
                            description=__doc__.splitlines()[0]).parse_args()
    print(HEAD.rstrip())
    count, group = 0, None
    for case in CASES:
        if case.group != group:
            group = case.group
            print(f"\n## {group.capitalize()}\n\n| function | known | error elsewhere | seconds | "
                  "dL/dX |\n|---|---|--:|--:|---|")
        named, text = row(case)
        count += named
        print(text, flush=True)
        print(f"{count} named", case.title, file=sys.stderr)
    print(f"\n{count} of {len(CASES)} are named.")


if __name__ == "__main__":
    main()
