"""Measure the tables of benchmarks/README.md, print them, keep them in build/benchmarks.json.

    python -m benchmarks [NAME …] [--short] [--again] [--fill]

Each part is a program of its own, and what it prints is its table. A part that this machine has
measured is not measured again without --again: a run may be stopped at any time and begun anew.
--short: once around, to see that all of them run. --fill: write what is kept into the README's.
"""

import argparse
import json
import os
import platform
import re
import signal
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT, README = ROOT / "build/benchmarks.json", ROOT / "benchmarks/README.md"
SHORT = ROOT / "build/benchmarks-short.json"

# name: (program and its arguments, arguments of a short run, what it needs besides the tests)
PARTS = {
    "keys": (["latency", "--runs", "20"], ["latency", "--runs", "2"], ""),
    "labs": (["labs", "--runs", "60"], ["labs", "--runs", "2"], ""),
    "discover": (["structure", "--only", "functions"],
                 ["structure", "--only", "functions", "--runs", "1"], ""),
    "tensors": (["structure", "--only", "tensors"],
                ["structure", "--only", "tensors", "--runs", "1"], ""),
    "rows": (["oracles", "gradients"], ["oracles", "gradients"], ""),
    "jacobians": (["oracles", "jacobians"], ["oracles", "jacobians"], "torch jax"),
    "graph": (["graph"], ["graph", "--runs", "2"], "autograd"),
    "training": (["training"], ["training"], ""),
    "notebooks": (["notebooks"], ["notebooks", "--only", "00"], ""),
    "start": (["start", "--runs", "5"], ["start", "--runs", "1"], ""),
    "grading": (["grading", "20"], ["grading", "2"], ""),
    "tab": (["tab", "--runs", "5"], ["tab", "--runs", "1"], "build/site"),
}


def machine():
    """What was measured on: processor, cores and versions."""
    found = re.search(r"model name\s*:\s*(.*)", _read("/proc/cpuinfo"))
    names = ("numpy", "matplotlib", "jupyterlab", "ipykernel", "ipywidgets", "anywidget", "torch",
             "jax", "ipympl")
    return {"processor": found[1] if found else platform.processor(), "cores": os.cpu_count(),
            "system": platform.platform(), "python": platform.python_version(),
            "browser": browser(), **{name: installed(name) for name in names}}


def _read(path):
    return Path(path).read_text() if Path(path).is_file() else ""


def installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def browser():
    """The browser's own words for its version, or None."""
    from tests.browser.lab import find_browser

    found = find_browser()
    said = found and subprocess.run([found, "--version"], capture_output=True, text=True).stdout
    return said.strip() if said else None


def missing(needs):
    """What of these is not there: packages by name, folders by path."""
    return [one for one in needs.split()
            if not ((ROOT / one).is_dir() if "/" in one else find_spec(one))]


def tables(text):
    """The Markdown tables of a text as {columns, rows}, and its other lines as `said`."""
    found, said, before = [], [], ""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            said += [line] if line.strip() else []
        elif set(line) <= set("|:- "):
            found.append({"columns": before, "rows": []})
        elif found and before:
            found[-1]["rows"].append(cells)
        before = cells if line.startswith("|") else ""
    return {"tables": found, "said": said}


def run(arguments):
    """(exit code, what it printed) of one program of this folder, printed while it runs."""
    program = [sys.executable, "-m", f"benchmarks.{arguments[0]}", *arguments[1:]]
    started = subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True,
                               env=os.environ | {"PYTHONUNBUFFERED": "1"}, start_new_session=True)
    lines = []
    try:
        for line in started.stdout:
            print(line, end="", flush=True)
            lines.append(line)
        return started.wait(), "".join(lines)
    finally:
        if started.poll() is None:  # stopped: and with it the lab and the browser that it started
            os.killpg(started.pid, signal.SIGTERM)
            started.wait()


def measured(name, short):
    """What is kept of one part."""
    whole, brief, needs = PARTS[name]
    arguments = brief if short else whole
    if lacking := missing(needs):
        print(f"Left out: {', '.join(lacking)} is not there.")
        return {"missing": lacking}
    start, load = time.perf_counter(), os.getloadavg()[0]
    code, text = run(arguments)
    return {"command": f"python -m benchmarks.{' '.join(arguments)}", "failed": code,
            "date": time.strftime("%Y-%m-%d %H:%M"), "seconds": round(time.perf_counter() - start),
            "load": [round(load, 1), round(os.getloadavg()[0], 1)], **tables(text)}


def kept(file, here):
    """The parts that this machine has measured, by name."""
    old = json.loads(file.read_text()) if file.is_file() else {}
    return old.get("parts", {}) if old.get("machine") == here else {}


def store(file, here, parts):
    """Keep all parts; whoever stops the program leaves the old file or the new one."""
    file.parent.mkdir(exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(json.dumps({"machine": here, "parts": parts}, indent=1, ensure_ascii=False))
    new.replace(file)


def fill(text, here, parts):
    """The README with the tables that are kept, each between its two marks."""
    def block(found):
        part = parts.get(found[1], {})
        if part.get("failed") != 0:
            return found[0]
        lines = [f"{part['date']}, `{part['command']}`, load {part['load'][0]} to "
                 f"{part['load'][1]}; {here['processor']}, {here['cores']} cores, Python "
                 f"{here['python']}, {here['browser']}."]
        for table in part["tables"]:
            rows = [table["columns"], ["---"] * len(table["columns"]), *table["rows"]]
            lines += ["", *(f"| {' | '.join(row)} |" for row in rows)]
        lines += [] if part["tables"] else ["", *(f"    {line}" for line in part["said"])]
        return f"<!-- {found[1]} -->\n" + "\n".join(lines) + f"\n<!-- /{found[1]} -->"

    return re.sub(r"<!-- (\w+) -->\n.*?<!-- /\1 -->", block, text, flags=re.DOTALL)


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks",
                                     description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME",
                        help=f"{', '.join(PARTS)} (default: all)")
    parser.add_argument("--short", action="store_true", help="once around, to see that all run")
    parser.add_argument("--again", action="store_true", help="measure anew what is kept")
    parser.add_argument("--fill", action="store_true",
                        help="write what is kept into benchmarks/README.md")
    given = parser.parse_args()
    if unknown := set(given.names) - set(PARTS):
        parser.error(f"there is no part {', '.join(unknown)}; choose from {', '.join(PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # as Ctrl+C: the part under way ends too
    file, here = (SHORT if given.short else KEPT), machine()
    parts = kept(file, here)
    for name in (() if given.fill else given.names or PARTS):
        done = parts.get(name, {})
        if done.get("failed") == 0 and not given.again:
            print(f"\n## {name}: measured {done['date']}, kept in {file.relative_to(ROOT)}")
            continue
        print(f"\n## {name}\n", flush=True)
        parts[name] = measured(name, given.short)
        store(file, here, parts)
    if given.fill:
        README.write_text(fill(README.read_text("utf-8"), here, parts), "utf-8")
    sys.exit(any(part.get("failed") for part in parts.values()))


if __name__ == "__main__":
    main()
