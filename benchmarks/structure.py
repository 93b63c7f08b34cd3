"""How long `discover` takes on full tensors of 10 million entries, and how much memory.

    python -m benchmarks.structure [--runs 5]

Prints a Markdown table: the median and the slowest time, the processor's time (which a busy machine
does not lengthen), and the largest memory taken at one time besides the tensor itself, as a
multiple of the tensor (tracemalloc, in a run of its own).
"""

import argparse
import gc
import os
import platform
import statistics
import time
import tracemalloc

import numpy as np

from helpers import OPERATIONS
from helpers.calculus.discover import discover

SECONDS, MEMORY = 2.0, 2.0  # targets; with the tensor itself the memory is below 3 times


def tensors():
    """(title, tensor, axes of Y) of 8 to 11 million entries each, made one at a time."""
    random = np.random.default_rng(0)
    X = random.standard_normal((56, 57))
    yield "ReLU, 56×57", OPERATIONS["relu"].jacobian(X), 2
    X, W, b = (random.standard_normal(shape) for shape in ((64, 50), (50, 51), (51,)))
    yield "affine by X", OPERATIONS["affine"].jacobian(X, W, b, wrt="X"), 2
    yield "affine by W", OPERATIONS["affine"].jacobian(X, W, b, wrt="W"), 2
    Z = random.standard_normal((56, 57))
    yield "softmax, 56×57", OPERATIONS["softmax"].jacobian(Z), 2
    inputs, parameters = OPERATIONS["batchnorm"].example(random, {"n": 56, "h": 57})
    yield "batch norm by X", OPERATIONS["batchnorm"].jacobian(*inputs, wrt="X", **parameters), 2
    X = random.standard_normal((216, 215))
    yield "sum over an axis", OPERATIONS["sum"].jacobian(X), 1
    yield "cumulative sum, 3200", np.tri(3200), 1
    yield "permutation, 3200", np.eye(3200)[random.permutation(3200)], 1
    yield "one constant, 3200×3200", np.full((3200, 3200), 0.5), 1
    yield "dense matrix, 3200×3200", random.standard_normal((3200, 3200)), 1
    yield "dense, 56×57×56×57", random.standard_normal((56, 57, 56, 57)), 2
    yield "a row of 10 million", random.standard_normal(10_000_000), 0
    A = random.standard_normal((56, 56))
    yield "inverse, 56×56", -np.einsum("ai,jb->abij", A, A), 2


def taken(J, output_ndim):
    """The largest memory taken besides J, in multiples of J."""
    gc.collect()
    tracemalloc.start()
    discover(J, output_ndim=output_ndim)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / J.nbytes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print(f"Python {platform.python_version()}, NumPy {np.__version__}; {os.cpu_count()} cores; "
          f"{runs} runs; targets: below {SECONDS:g} s, memory below {MEMORY:g} times the tensor\n")
    print("| tensor | entries | found | median s | slowest s | CPU s | memory | targets |\n"
          "|---|---:|---|---:|---:|---:|---:|---|")
    for title, J, output_ndim in tensors():
        times, cpu = [], []
        for _ in range(runs):
            start, busy = time.perf_counter(), time.process_time()
            found = discover(J, output_ndim=output_ndim)
            times.append(time.perf_counter() - start)
            cpu.append(time.process_time() - busy)
        memory, median = taken(J, output_ndim), statistics.median(times)
        met = "met" if median < SECONDS and memory < MEMORY else "MISSED"
        print(f"| {title} | {J.size:,} | {found.kind}, {found.stored:,} numbers | {median:.2f} | "
              f"{max(times):.2f} | {statistics.median(cpu):.2f} | {memory:.2f} | {met} |",
              flush=True)


if __name__ == "__main__":
    main()
