"""Pages of the book that are made, not copied: lessons with their links, and the reference."""

import importlib
import inspect
import json
import re

from .pins import ROOT

GROUPS = re.compile(r"^    # (.+)$|^    \"(\w+)\": \"([\w.]+)\",$", re.MULTILINE)
# A function as a default: where it lies in memory is another place in every build.
PLACE = re.compile(r"<function (\w+) at 0x[0-9a-f]+>")
SPECIAL = re.compile(r"([\\*_<>\[\]|$#])")


def lessons(work):
    """Write every notebook below `work`, with alt texts and links; their names in order."""
    folder = work / "notebooks"
    folder.mkdir(exist_ok=True)
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for path in paths:
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            described(cell)
        links = {"cell_type": "markdown", "id": "launch", "metadata": {},
                 "source": launch(path.name)}
        first = notebook["cells"][0]
        head, _, rest = "".join(first["source"]).partition("\n")
        after = {**first, "id": "after-launch", "source": rest.strip()}
        notebook["cells"][:1] = [{**first, "source": head}, links, after]
        (folder / path.name).write_text(json.dumps(notebook), "utf-8")
    return [path.stem for path in paths]


def described(cell):
    """Put the words of a picture where the book looks for them: among those of its cell."""
    for output in cell.get("outputs", ()):
        words = output.get("metadata", {}).get("image/png", {}).get("alt")
        if words:
            cell["metadata"]["mystnb"] = {"image": {"alt": words}}


def launch(name):
    """Links that open a lesson."""
    return (f'<p class="launch"><a href="../../lab/notebooks/index.html?path={name}">Open it live '
            f'in this browser</a> <a href="../../lab/lab/index.html?path={name}">in JupyterLab, in '
            f'this browser</a> <a href="{name}" download>Download the notebook</a></p>')


def title_of(work, name):
    """The heading of a page."""
    path = work / f"{name}.md"
    if path.exists():
        text = path.read_text("utf-8")
    else:
        cells = json.loads((work / f"{name}.ipynb").read_text("utf-8"))["cells"]
        text = "".join(cells[0]["source"])
    return next(line[2:] for line in text.splitlines() if line.startswith("# "))


def api():
    """The reference: every public name with its signature and its docstring."""
    lines = ["# Reference", "", "All that `from helpers import …` offers, by the lesson that "
             "brings it.", ""]
    for heading, name, home in GROUPS.findall((ROOT / "helpers/__init__.py").read_text("utf-8")):
        lines += [f"## {heading[0].upper()}{heading[1:]}", ""] if heading else entry(name, home)
    return "\n".join(lines) + "\n"


def entry(name, home):
    """One name of the reference."""
    thing = getattr(importlib.import_module(f"helpers.{home}"), name)
    if not callable(thing):
        return [f"### `{name}`", "", f"A table: {', '.join(f'`{key}`' for key in thing)}.", ""]
    try:
        called = PLACE.sub(r"\1", f"{name}{inspect.signature(thing)}")
    except ValueError:
        called = name
    lines = [f"### `{name}`", "", "```python", called, "```", "", *told(thing)]
    parts = inspect.getmembers(thing, inspect.isfunction) if inspect.isclass(thing) else ()
    for one, part in parts:
        if not one.startswith("_") and part.__qualname__.startswith(name) and part.__doc__:
            lines += [f"#### `{name}.{one}`", "", "```python", f"{one}{inspect.signature(part)}",
                      "```", "", *told(part)]
    return lines


def told(thing):
    """A docstring as Markdown: what is no code is taken as it stands."""
    pieces = re.split(r"(`[^`]*`)", inspect.getdoc(thing) or "")
    text = "".join(part if i % 2 else SPECIAL.sub(r"\\\1", part) for i, part in enumerate(pieces))
    return [*(line.strip() for line in text.splitlines()), ""]
