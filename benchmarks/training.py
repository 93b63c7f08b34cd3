"""What a live curve costs a training loop: the same loop without it, with it, and with pyplot.

`python -m benchmarks.training` runs each way five times, in turn, and prints medians. The loop does
a small matrix product a step, about as long as one step of notebook 07.
"""

import argparse
import io
import statistics
import time

import matplotlib
import numpy as np

from helpers import TrainingCurve

STEPS, ROUNDS = 1000, 5
X = np.random.default_rng(0).standard_normal((32, 100))
W = np.random.default_rng(1).standard_normal((100, 100))


def work():
    """A stand-in for one step of learning."""
    for _ in range(20):
        np.maximum(X @ W, 0)


def plain():
    for _ in range(STEPS):
        work()


def live():
    curve = TrainingCurve()
    for step in curve.steps(STEPS):
        work()
        curve.add(step, 1 / step, 0.5)


def new_figures():
    """What one would write without the widget: a new figure whenever 0.1 s have passed."""
    from matplotlib import pyplot

    losses, due = [], 0.0
    for step in range(1, STEPS + 1):
        work()
        losses.append(1 / step)
        if time.monotonic() >= due:
            figure, axes = pyplot.subplots(1, 2, figsize=(9, 2.6))
            axes[0].plot(losses)
            axes[1].plot(losses)
            figure.savefig(io.BytesIO(), format="png")
            pyplot.close(figure)
            due = time.monotonic() + 0.1


def seconds(way):
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m benchmarks.training",
                            description=__doc__.splitlines()[0]).parse_args()
    matplotlib.use("agg")
    ways = (plain, live, new_figures)
    times = [[seconds(way) for way in ways] for _ in range(ROUNDS)]
    for way, own in zip(ways, zip(*times, strict=True), strict=True):
        print(f"{way.__name__:12} {1e6 * statistics.median(own) / STEPS:8.1f} µs a step")
