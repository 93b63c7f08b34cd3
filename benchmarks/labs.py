"""How long Python takes from a slider event of a lab to its new picture.

    python -m benchmarks.labs [--runs 60]

Prints a Markdown table. Every event is followed by a fresh figure of the same present, so that
whatever else the machine does hits both alike. "CPU" is the time that the event itself worked: on
a busy machine the other times hold waiting for a processor.
"""

import argparse
import os
import platform
import statistics
import time
from importlib.metadata import version
from operator import truediv

from helpers.labs.activation import ActivationLab
from helpers.labs.chain import ChainRuleLab
from helpers.labs.collapse import CollapseLab
from helpers.labs.dead_relu import DeadReluLab
from helpers.labs.depth import DepthLab
from helpers.labs.hessian import HessianLab
from helpers.labs.kit.controls import Slider
from helpers.labs.output_loss import OutputLossLab
from helpers.labs.zigzag import ZigZagLab
from helpers.pictures.canvas import png

LABS = (ActivationLab, DepthLab, ZigZagLab, CollapseLab, DeadReluLab, OutputLossLab, ChainRuleLab,
        HessianLab)
WARM_UP = 5
FRAME, TIMES = 16, 10  # milliseconds; times faster than a fresh figure


def moved(slider):
    """The name of a slider and its positions from end to end, as the browser would report them."""
    if slider.values is not None:
        return slider.name, list(slider.values)
    steps = round((slider.high - slider.low) / slider.step)
    return slider.name, [slider.nearest(slider.low + k * slider.step) for k in range(steps + 1)]


def events(lab, runs):
    """Gestures that move every slider in turn, as a hand does: step by step, to and fro.

    A lab without sliders has its first handle dragged instead.
    """
    shown = [control for control in lab.controls
             if isinstance(control, Slider) and control.shown(lab.settings)]
    if not shown:
        handle = lab.state["handles"][0]
        for k in range(runs):
            far = 0.05 * (k % 12 - 6)
            yield {"kind": "drag", "place": handle["name"], "moves": handle["moves"],
                   "value": [handle["x"] + far, handle["y"] - far]}
    for slider in shown:
        name, values = moved(slider)
        middle = min(range(len(values)), key=lambda k: abs(values[k] - slider.value))
        for k in range(-(-runs // len(shown))):
            value = values[min(max(middle + k % 12 - 6, 0), len(values) - 1)]
            yield {"kind": "set", "place": name, "value": value}


def measure(Lab, runs):
    """Milliseconds: (of each event, of the CPU in each event, of a fresh figure after it)."""
    lab, waited, spent, fresh = Lab(), [], [], []
    for serial, gesture in enumerate(events(lab, WARM_UP + runs), 1):
        start, cpu = time.perf_counter(), time.thread_time()
        lab.gestures = {"client": "benchmark", "queue": [{**gesture, "serial": serial}]}
        spent.append(1000 * (time.thread_time() - cpu))
        waited.append(1000 * (time.perf_counter() - start))
        assert lab.last_error is None, lab.last_error
        start = time.perf_counter()
        png(lab.figure())
        fresh.append(1000 * (time.perf_counter() - start))
    return waited[WARM_UP:], spent[WARM_UP:], fresh[WARM_UP:]


def p95(values):
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def verdict(met):
    return "met" if met else "MISSED"


def cells(times):
    """Median and 95 % of some times, the latter against one frame."""
    worst = p95(times)
    return f"{statistics.median(times):.1f} ms | {worst:.1f} ms ({verdict(worst <= FRAME)})"


def row(Lab, runs):
    waited, spent, fresh = measure(Lab, runs)
    times, figure = statistics.median(map(truediv, fresh, waited)), statistics.median(fresh)
    print(f"| {Lab.__name__} | {cells(waited)} | {cells(spent)} | {figure:.0f} ms "
          f"| {times:.1f} × ({verdict(times >= TIMES)}) |", flush=True)


def report(runs):
    """Print the table."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "matplotlib"))
    print(f"Python {platform.python_version()}, {versions}; {os.cpu_count()} cores; {runs} events "
          "of each lab, every slider in turn, 900 pixels wide at 100 dpi\n")
    print(f"| slider event to new picture | median | 95 %, at most {FRAME} ms | CPU, median "
          f"| CPU, 95 % | fresh figure | faster, at least {TIMES} × |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for Lab in LABS:
        row(Lab, runs)


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.labs",
                                     description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=60)
    report(parser.parse_args().runs)


if __name__ == "__main__":
    main()
