"""The backward pass of a graph of 999 gates, beside autograd's for the same function.

    python -m benchmarks.graph [--runs 200]

Prints median and 95 % times in milliseconds. autograd's forward pass records what its backward pass
walks, so it is timed both with and without it; ours likewise.
"""

import argparse
import importlib.metadata
import os
import platform
import statistics
import time

import autograd
import autograd.numpy as anp
from autograd.core import VJPNode, backward_pass, vspace
from autograd.tracer import new_box, trace_stack

from helpers.calculus.graph import Graph

TARGET = 5.0  # milliseconds
WARM_UP = 10
TERMS = 250
TEXT = "+".join(["sin(x*y)*x"] * TERMS)
GATES = 4 * TERMS - 1


def same(x, y):
    """The function of TEXT, written with autograd's NumPy."""
    total = anp.sin(x * y) * x
    for _ in range(TERMS - 1):
        total = total + anp.sin(x * y) * x
    return total


def recorded(x, y):
    """autograd's record of the forward pass, as its backward pass takes it."""
    with trace_stack.new_trace() as level:
        start = new_box(x, level, VJPNode.new_root())
        return same(start, y)._node


def timed(action, runs):
    times = []
    for _ in range(WARM_UP + runs):
        start = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - start))
    return times[WARM_UP:]


def row(title, times, target=""):
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    print(f"| {title} | {statistics.median(times):.2f} | {p95:.2f} | {target} |")


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.graph",
                                     description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200)
    runs = parser.parse_args().runs
    graph = Graph(TEXT, x=0.7, y=1.3)
    assert sum(node.gate is not None for node in graph.nodes) == GATES
    by_autograd = autograd.grad(same)(0.7, 1.3)
    assert abs(by_autograd - graph.gradient("x")) < 1e-9 * abs(by_autograd)
    node, seed = recorded(0.7, 1.3), vspace(1.0).ones()
    ours = timed(graph.backward, runs)
    met = "met" if statistics.median(ours) < TARGET else "MISSED"
    versions = f"autograd {importlib.metadata.version('autograd')}"
    print(f"Python {platform.python_version()}, {versions}; {os.cpu_count()} cores; {runs} runs; "
          f"{GATES} gates, milliseconds\n")
    print("| what | median | 95 % | target |\n|---|---:|---:|---|")
    row("backward pass, Graph", ours, f"below {TARGET:g}: {met}")
    row("backward pass, autograd (by x alone)", timed(lambda: backward_pass(seed, node), runs))
    row("forward and backward, Graph", timed(lambda: graph.set(x=0.7), runs))
    row("forward and backward, autograd (by x alone)",
        timed(lambda: autograd.grad(same)(0.7, 1.3), runs))


if __name__ == "__main__":
    main()
