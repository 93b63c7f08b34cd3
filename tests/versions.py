"""Run the tests with other versions than those of constraints.txt: `make test-oldest`, and so on.

    python -m tests.versions oldest     every lower bound of the two requirements.txt
    python -m tests.versions newest     what the package index has today within the bounds
    python -m tests.versions next       the same, with what is not released yet
    python -m tests.versions colab      what Google Colab has; its page is no JupyterLab

Each has an environment of its own, .venv/NAME, made with the Python that runs this. The bounds are
said in the requirements alone; what Colab has stands below. Needs the standard library alone.

Two runs: what needs no browser, with every notebook against its stored outputs; and one file of
tests of a widget in JupyterLab. Pictures are compared where Matplotlib is that of constraints.txt.
With Colab's versions the notebooks are run alone, not compared
(the first cell says there that ipywidgets 7 is not JupyterLab's), and no browser is driven.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ("requirements.txt", "tests/requirements.txt")
COLAB = {"numpy": "2.1.3", "matplotlib": "3.10.0", "ipywidgets": "7.7.1", "anywidget": "0.9.21",
         "ipykernel": "6.17.1", "ipython": "7.34.0"}
RUNS = (["-m", "not browser", "--nbval", "--nbval-current-env", "notebooks", "tests"],
        ["-m", "browser", "tests/widgets/explorer/test_explorer_in_browser.py"])
PYTEST = ["-m", "pytest", "--numprocesses", "auto", "--dist", "loadfile",
          "--no-loadscope-reorder", "-p", "no:cacheprovider"]


def declared():
    """{name: its range} of all that students and tests need."""
    text = "\n".join((ROOT / source).read_text("utf-8") for source in SOURCES)
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return dict(re.fullmatch(r"([\w.-]+)(.*)", line).groups() for line in lines
                if line and not line.startswith("-"))


def wanted(which):
    """The lines for pip."""
    ranges = declared()
    if which == "oldest":
        return [f"{name}=={lowest(span)}" for name, span in ranges.items()]
    if which == "colab":
        rest = {name: span for name, span in ranges.items() if name not in {*COLAB, "jupyterlab"}}
        exact = {name: f"=={version}" for name, version in COLAB.items()}
        ranges = exact | rest
    return list(map("".join, ranges.items()))


def lowest(span):
    """2.0 of >=2.0,<3."""
    return re.match(r">=([^,]+)", span)[1]


def environment(which):
    """The Python of an environment with these versions, made or brought up to date."""
    folder = ROOT / ".venv" / which
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    early = ["--pre"] if which == "next" else []
    subprocess.run([python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet",
                    "--upgrade", *early, *wanted(which), "--editable", ROOT], check=True)
    return python


def main(which):
    """Run both, whatever the first finds; 0 when nothing failed."""
    python = environment(which)
    subprocess.run([python, "-m", "pip", "list", "--disable-pip-version-check"], check=True)
    if which == "colab":
        runs = [["--nbval-lax" if word == "--nbval" else word for word in RUNS[0]]]
    else:
        runs = RUNS
    settings = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    return max([subprocess.run([python, *PYTEST, *run], cwd=ROOT, env=settings).returncode
                for run in runs])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.versions",
                                     description=__doc__.splitlines()[0])
    parser.add_argument("which", choices=("oldest", "newest", "next", "colab"))
    sys.exit(main(parser.parse_args().which))
