"""Time and memory of `discover`, on functions and on full tensors of 10 million entries.

The tensors of the functions are never built.

    python -m benchmarks.structure [--runs 3] [--only functions]

Prints two Markdown tables: the median and the slowest time, the processor's time (which a busy
machine does not lengthen), and the largest memory taken at one time (tracemalloc, in a run of its
own): for functions as a multiple of input, output and answer together, for tensors as a multiple of
the tensor, which is not counted. Each function is there at several sizes; growth is how many times
as long it takes as at the size before, and entries how many times as many entries there are.
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


TIMES = 30  # largest memory for a function, in multiples of input, output and answer


def softmax(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)


def normal(X, axis):
    return (X - X.mean(axis, keepdims=True)) / np.sqrt(X.var(axis, keepdims=True) + 1e-5)


def correlated(X, K):
    """A 3×3 correlation, valid."""
    n, m = X.shape
    return sum(K[a, b] * X[a:n + a - 2, b:m + b - 2] for a in range(3) for b in range(3))


def functions():
    """(title, function, known arrays, {shape of the input: target in seconds or None})."""
    draw = np.random.default_rng(0).standard_normal
    A, B, K = draw((64, 1024)), draw((1024, 512)), draw((3, 3))
    wide = {(3, 4): 0.06, (16, 64): None, (64, 64): 0.3, (64, 1024): 2}
    slow = {(3, 4): 0.06, (16, 64): None, (64, 64): None, (64, 1024): 20}
    yield "ReLU", lambda X: np.maximum(X, 0), {}, wide
    yield "tanh", np.tanh, {}, wide
    yield "row softmax", softmax, {}, slow
    yield "layer norm", lambda X: normal(X, -1), {}, slow
    yield "cumulative sum", lambda X: np.cumsum(X, 1), {}, slow
    yield "batch norm", lambda X: normal(X, 0), {}, {**slow, (64, 1024): 5}
    yield "X @ W by X", lambda X: X @ B[:X.shape[1]], {"W": B}, {
        (16, 1024): None, (64, 1024): 30}
    yield "X @ W by W", lambda W: A @ W, {"X": A}, {(1024, 64): None, (1024, 512): 30}
    yield "conv2d 3×3", lambda X: correlated(X, K), {"K": K}, {(8, 8): None, (32, 32): 5}


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


def timed(call, runs):
    """(what it gives, median s, slowest s, median CPU s)."""
    times, cpu = [], []
    for _ in range(runs):
        start, busy = time.perf_counter(), time.process_time()
        found = call()
        times.append(time.perf_counter() - start)
        cpu.append(time.process_time() - busy)
    return found, statistics.median(times), max(times), statistics.median(cpu)


def held(f, x, known, found):
    """The largest memory taken, in multiples of input, output and answer."""
    gc.collect()
    tracemalloc.start()
    discover(f, x, known=known)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / (x.nbytes + np.asarray(f(x)).nbytes + 8 * found.stored)


def table_of_functions(runs):
    """Print the table of functions whose tensor is not built."""
    print("| function | input | entries | found | median s | slowest s | CPU s | growth | memory "
          "| targets |\n|---|---|---:|---|---:|---:|---:|---|---:|---|")
    small = []
    for title, f, known, shapes in functions():
        before = None
        for shape, target in shapes.items():
            x = np.random.default_rng(1).standard_normal(shape)
            found, median, slowest, cpu = timed(lambda: discover(f, x, known=known), runs)  # noqa: B023
            memory = held(f, x, known, found)
            small += [cpu] if shape == (3, 4) else []
            growth = f"{cpu / before[0]:.1f} for {found.entries / before[1]:,.0f} times the " \
                     "entries" if before else ""
            before = cpu, found.entries
            met = "" if target is None else "met" if median < target and (
                memory < TIMES or found.entries < 10**5) else "MISSED"
            print(f"| {title} | {'×'.join(map(str, shape))} | {found.entries:,} | "
                  f"`{found.numpy[:60]}` | {median:.2f} | {slowest:.2f} | {cpu:.2f} | {growth} | "
                  f"{memory:.1f} | {met and f'{target:g} s: {met}'} |", flush=True)
    print(f"\nAt 3×4: {1000 * statistics.median(small):.0f} ms CPU in the middle, "
          f"{1000 * max(small):.0f} ms at most, of {len(small)} functions.")


def table_of_tensors(runs):
    """Print the table of full tensors."""
    print(f"\ntargets: below {SECONDS:g} s, memory below {MEMORY:g} times the tensor\n\n"
          "| tensor | entries | found | median s | slowest s | CPU s | memory | targets |\n"
          "|---|---:|---|---:|---:|---:|---:|---|")
    for title, J, output_ndim in tensors():
        found, median, slowest, cpu = timed(
            lambda: discover(J, output_ndim=output_ndim), runs)  # noqa: B023
        memory = taken(J, output_ndim)
        met = "met" if median < SECONDS and memory < MEMORY else "MISSED"
        print(f"| {title} | {J.size:,} | {found.kind}, {found.stored:,} numbers | {median:.2f} | "
              f"{slowest:.2f} | {cpu:.2f} | {memory:.2f} | {met} |", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.structure",
                                     description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", choices=("functions", "tensors"))
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}; {os.cpu_count()} cores; "
          f"{given.runs} runs\n")
    if given.only != "tensors":
        table_of_functions(given.runs)
    if given.only != "functions":
        table_of_tensors(given.runs)


if __name__ == "__main__":
    main()
