"""How long nbval takes over all notebooks, against as many kernels that start and run nothing.

    python -m benchmarks.notebooks [--only 00]

Each notebook has a kernel of its own, and a kernel of a course imports NumPy and the package: what
the bare kernels do too. Both are timed by the clock, one after the other, on one process.
"""

import argparse
import os
import subprocess
import sys
import time

from jupyter_client.manager import start_new_kernel

from tests.browser.lab import NOTEBOOKS

TARGET = 1.5


def bare(count):
    """Seconds of starting and ending so many kernels that import what every notebook does."""
    start = time.perf_counter()
    for _ in range(count):
        manager, client = start_new_kernel(kernel_name="python3")
        client.execute_interactive("import numpy, helpers", timeout=120)
        client.stop_channels()
        manager.shutdown_kernel()
    return time.perf_counter() - start


def checked(notebooks):
    """Seconds of nbval over these notebooks. Raises CalledProcessError where one differs."""
    options = ["--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider"]
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pytest", *options, *map(str, notebooks)], check=True,
                   stdout=subprocess.DEVNULL, cwd=NOTEBOOKS.parent)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.notebooks",
                                     description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="how the names of the notebooks begin")
    only = parser.parse_args().only
    notebooks = sorted(NOTEBOOKS.glob(f"{only}*.ipynb"))
    os.environ["TENSOR_MONSTERS_PROGRESS"] = "off"
    kernels, run = bare(len(notebooks)), checked(notebooks)
    ratio = run / kernels
    print("| notebooks | nbval | as many bare kernels | ratio |\n|---:|---:|---:|---|")
    print(f"| {len(notebooks)} | {run:.1f} s | {kernels:.1f} s | {ratio:.2f}, at most {TARGET}: "
          f"{'met' if ratio <= TARGET else 'MISSED'} |")


if __name__ == "__main__":
    main()
