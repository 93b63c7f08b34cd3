"""How long a student waits: from a key press to changed pixels, in JupyterLab and Chromium.

    python -m benchmarks.latency [--runs 20]

Prints a Markdown table. The rows are measured in turn, one run of each after the other, so that
whatever else the machine does hits them alike.
"""

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import statistics
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from helpers import JacobianExplorer
from tests.browser.lab import (
    FLAGS,
    NOTEBOOKS,
    close_notebooks,
    find_browser,
    new_notebook,
    open_notebook,
    reset_settings,
    run_all,
    running_lab,
)

WARM_UP = 5
SETTLE = 300  # milliseconds between two key presses, for both sides to be idle again
RATIO_TARGET, TIME_TARGET, WIRE_TARGET = 1.3, 150, 200  # of the echo; milliseconds; kB
SPREAD_TARGET = 2  # 95 %, in multiples of the median
FASTER_TARGET = 3  # times faster than interact with plt.show()

# JupyterLab's own indicator is rebuilt at every message once the cells ran for a second: here too.
ECHO = '''
import time, anywidget, traitlets
time.sleep(1.1)

class Echo(anywidget.AnyWidget):
    _esm = """
    function render({ model, el }) {
      const button = document.createElement("button"), answer = document.createElement("output");
      button.dataset.lmSuppressShortcuts = "true";
      button.onkeydown = () => { model.set("sent", model.get("sent") + 1); model.save_changes(); };
      model.on("change:answer", () => { answer.textContent = model.get("answer"); });
      el.append(button, answer);
    }
    export default { render };
    """
    sent = traitlets.Int(0).tag(sync=True)
    answer = traitlets.Int(0).tag(sync=True)

    @traitlets.observe("sent")
    def _back(self, change):
        self.answer = change.new

Echo()
'''
EXPLORER = '''
import numpy as np
from helpers import JacobianExplorer
X = np.random.default_rng(0).normal(size=({n}, {h})).round(1)
X[0, 0] = 1  # so that dL/dX[0,0] follows G[0,0]
JacobianExplorer("relu", X)
'''
INTERACT = '''
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import interact
from helpers import OPERATIONS
X = np.random.default_rng(0).normal(size=(3, 4)).round(1)

@interact(x=(-2.0, 2.0, 0.1))
def show(x=0.0):
    X[0, 0] = x
    plt.imshow(OPERATIONS["relu"].jacobian(X, wrt="X").reshape(12, 12))
    plt.title(f"X[0,0] = {x:.1f}")
    plt.show()
'''
IPYMPL = '''
%matplotlib widget
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import interact
from helpers import OPERATIONS
X = np.random.default_rng(0).normal(size=(3, 4)).round(1)
figure, axes = plt.subplots()
image = axes.imshow(np.eye(12))

@interact(x=(-2.0, 2.0, 0.1))
def show(x=0.0):
    X[0, 0] = x
    image.set_data(OPERATIONS["relu"].jacobian(X, wrt="X").reshape(12, 12))
    axes.set_title(f"X[0,0] = {x:.1f}")
    figure.canvas.draw_idle()
'''
LAB = """
from helpers.labs.activation import ActivationLab
ActivationLab()
"""
PLOTTED = '''
import matplotlib.pyplot as plt
from ipywidgets import interact
from helpers.labs.activation import study as saturation
from helpers.labs.activation import ActivationLab
start = ActivationLab().settings

@interact(x=(-8.0, 8.0, 0.05))
def show(x=2.0):
    fig, grid = plt.subplots(2, 2, figsize=(9, 4.9), layout="constrained")
    view = saturation.study(start | {"x": x})
    curve = view["curves"][0]
    for axes, line, at in zip(grid[0], (curve.fs, curve.slopes), (curve.f, curve.slope)):
        axes.plot(saturation.XS, line)
        axes.plot([x], [at], "o")
        for left, right in curve.zones:
            axes.axvspan(left, right, alpha=0.16)
    tangent = [x - 1.6, x + 1.6]
    grid[0, 0].plot(tangent, [curve.f + curve.slope * (at - x) for at in tangent])
    grid[1, 0].stairs(view["before"], saturation.BEFORE, fill=True)
    grid[1, 1].stairs(curve.after, view["edges"], fill=True)
    plt.show()
'''
FIRST_OF_G = "[aria-label^='G['][role=gridcell]"
CELL = ".jp-Cell-outputArea"
GRADIENT = ".tm-panel-compact .tm-result > :last-child [role=grid]"


class Case(NamedTuple):
    """What is pressed, in which cell's output, and what must change on the screen."""

    title: str
    code: str
    focus: str
    keys: tuple  # pressed in turn
    changes: str


CASES = {
    "echo": Case("(a) a widget that echoes one number", ECHO, "button", ("ArrowUp",), "output"),
    "small": Case("(b) explorer 3×4, one entry of G", EXPLORER.format(n=3, h=4), FIRST_OF_G,
                  ("ArrowUp",), GRADIENT),
    "large": Case("(c) explorer 32×32, one entry of G", EXPLORER.format(n=32, h=32), FIRST_OF_G,
                  ("ArrowUp",), GRADIENT),
    "size": Case("(d) explorer 3×4, a size", EXPLORER.format(n=3, h=4),
                 ".tm-toolbar input[type=range]", ("ArrowRight", "ArrowLeft"), GRADIENT),
    "interact": Case("(e) interact + plt.show(), the same 3×4 Jacobian", INTERACT,
                     ".noUi-handle", ("ArrowRight", "ArrowLeft"), "img"),
    "ipympl": Case("(e′) interact + ipympl, the same picture, kept alive", IPYMPL,
                   ".noUi-handle", ("ArrowRight", "ArrowLeft"), "canvas"),
    "lab": Case("(g) activation lab, the slider of x", LAB, "input[aria-label='input x']",
                ("ArrowRight", "ArrowLeft"), ".tm-lab-image"),
    "plotted": Case("(h) interact + plt.show(), the same four panels", PLOTTED, ".noUi-handle",
                    ("ArrowRight", "ArrowLeft"), ".jp-OutputArea-output img"),
}

if importlib.util.find_spec("ipympl") is None:
    del CASES["ipympl"]

# A canvas does not say that it has changed.
TELLS = """(() => {
  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (...args) {
    drawImage.apply(this, args);
    this.canvas.dataset.drawn = 1 + Number(this.canvas.dataset.drawn ?? 0);
  };
})()"""

# Starts the clock at the next key press and stops it after the first frame that shows a change.
WATCH = """([root, focus, changes]) => {
  const cell = document.querySelector(root);
  const target = cell.querySelector(focus);
  target.dataset.lmSuppressShortcuts = "true";
  target.focus();
  const part = () => cell.querySelector(changes);
  const shown = () => part()?.dataset.drawn ?? part()?.src ?? part()?.textContent;
  const before = shown(), everything = { subtree: true, childList: true, characterData: true };
  let start;
  const clock = () => { start = performance.now(); };
  window.addEventListener("keydown", clock, { capture: true, once: true });
  window.waited = new Promise((resolve) => {
    const observer = new MutationObserver(async () => {
      if (!shown() || shown() === before) return;
      observer.disconnect();
      await part().decode?.();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - start);  // after this frame is painted
        port2.postMessage(0);
      });
    });
    observer.observe(cell, { ...everything, attributes: true });
  });
}"""


class Tab:
    """A notebook with one case in it, and the bytes that went over its websockets."""

    def __init__(self, context, lab, name, case):
        self.page, self.case, self.bytes, self.presses = context.new_page(), case, 0, 0
        self.page.on("websocket", self._listen)
        if name == "ipympl":
            self.page.add_init_script(TELLS)
        open_notebook(self.page, new_notebook(lab, [case.code], f"{name}.ipynb"))
        run_all(self.page)
        self.page.wait_for_selector(f"{CELL} {case.focus}")

    def _listen(self, socket):
        def count(payload):
            self.bytes += len(payload.encode() if isinstance(payload, str) else payload)

        socket.on("framesent", count)
        socket.on("framereceived", count)

    def press(self):
        """Milliseconds until the screen has changed, and bytes over the wire."""
        self.page.bring_to_front()
        self.page.evaluate(WATCH, [CELL, self.case.focus, self.case.changes])
        self.page.wait_for_timeout(SETTLE)
        before = self.bytes
        self.page.keyboard.press(self.case.keys[self.presses % len(self.case.keys)])
        self.presses += 1
        waited = self.page.evaluate("window.waited")
        self.page.wait_for_timeout(SETTLE)
        return waited, self.bytes - before


@contextmanager
def tabs():
    """Every case in a tab of its own, by name."""
    with (tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright,
          running_lab(Path(folder), NOTEBOOKS) as lab):
        reset_settings(lab)
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        context = chromium.new_context(base_url=lab.url, viewport={"width": 1400, "height": 900})
        opened = {name: Tab(context, lab, name, case) for name, case in CASES.items()}
        yield opened
        for tab in opened.values():
            close_notebooks(tab.page)
        chromium.close()


def in_browser(runs):
    """Milliseconds and bytes of each run by name."""
    measured = {name: [] for name in CASES}
    with tabs() as opened:
        for run in range(WARM_UP + runs):
            for name, tab in opened.items():
                found = tab.press()
                if run >= WARM_UP:
                    measured[name].append(found)
    return {name: tuple(zip(*found, strict=True)) for name, found in measured.items()}


def in_python(size, runs):
    """Milliseconds of Python alone for one edit."""
    explorer, times = JacobianExplorer("relu", n=size[0], h=size[1]), []
    for serial in range(1, WARM_UP + runs + 1):
        edit = {"kind": "edit", "name": "G", "index": 0, "value": serial / 10, "serial": serial}
        start = time.perf_counter()
        explorer.gestures = {"client": "benchmark", "queue": [edit]}
        times.append(1000 * (time.perf_counter() - start))
    assert explorer.last_error is None
    return times[WARM_UP:]


def p95(values):
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def row(title, times, wire=None, target=""):
    kilobytes = "" if wire is None else f"{statistics.median(wire) / 1000:.1f} kB"
    print(f"| {title} | {statistics.median(times):.1f} ms | {p95(times):.1f} ms | {kilobytes} "
          f"| {target} |")


def verdict(value, limit, text):
    return f"{text} ({'met' if value <= limit else 'MISSED'})"


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency",
                                     description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    found = in_browser(runs)
    median = {name: statistics.median(times) for name, (times, _) in found.items()}
    wire = statistics.median(found["large"][1]) / 1000
    ratio = median["small"] / median["echo"]
    spread = p95(found["small"][0]) / median["small"]
    faster = median["plotted"] / median["lab"]
    targets = {
        "small": verdict(ratio, RATIO_TARGET, f"{ratio:.2f} × (a), at most {RATIO_TARGET} ×")
        + ", " + verdict(spread, SPREAD_TARGET, f"95 %: at most {SPREAD_TARGET} × the median"),
        "large": verdict(median["large"], TIME_TARGET, f"at most {TIME_TARGET} ms") + ", "
        + verdict(wire, WIRE_TARGET, f"{WIRE_TARGET} kB"),
        "lab": verdict(FASTER_TARGET, faster, f"{faster:.1f} × faster than (h), at least "
                                              f"{FASTER_TARGET} ×"),
    }
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in
                         ("jupyterlab", "ipykernel", "ipywidgets", "anywidget", "numpy"))
    print(f"Python {platform.python_version()}, {versions}; {os.cpu_count()} cores; "
          f"{runs} runs of each, in turn\n")
    print("| key press to changed pixels | median | 95 % | over the wire | target |")
    print("|---|---:|---:|---:|---|")
    for name, case in CASES.items():
        row(case.title, *found[name], targets.get(name, ""))
    for size in ((3, 4), (32, 32)):
        row(f"(f) Python alone, one edit at {size[0]}×{size[1]}", in_python(size, runs))
    if "ipympl" not in CASES:
        print("\nWithout ipympl, which is not installed here.")


if __name__ == "__main__":
    main()
