"""How pages write formulas, code, links and tables: in Markdown, as GitHub reads it."""

import tomllib
from functools import cache

from ..widgets.kit.away.link import address
from .lessons import ROOT

INSTEAD = "../where-it-runs.md#open-it-without-installing-anything"


def block(latex):
    """A formula on lines of its own."""
    return f"```math\n{latex}\n```"


def inline(latex):
    """A formula inside a line; in a table a bar would end the cell."""
    without = latex.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return f"$`{without}`$"


def code(text):
    """Lines of Python."""
    return f"```python\n{text}\n```"


def tick(text):
    """A piece of code inside a line; in a table a bar would end the cell."""
    return f"`{text}`".replace("|", "\\|")


def table(heading, rows):
    """A table from texts."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def link(name, wrt, inputs, site=None):
    """(the cell that shows a derivative in the explorer, the address that opens it in a browser).

    Where the course has no address yet that is the page that says how to open it.
    """
    chosen = f', wrt="{wrt}"' if len(inputs) > 1 else ""
    cell = f'JacobianExplorer("{name}"{chosen})'
    return cell, address("JacobianExplorer", cell, site) if site else INSTEAD


@cache
def published():
    """Where the pages of the course are, as pyproject.toml says, or None."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project.get("urls", {}).get("Homepage")


def indented(text):
    """A text below a numbered item."""
    return "\n".join(f"   {line}".rstrip() for line in text.splitlines())


def lines(target, formulas):
    """A line of NumPy after those of what it uses: `dX = …`."""
    before = [f"{name} = {line}" for name, line in formulas["where"].items()]
    return "\n".join([*before, f"{target} = {formulas['numpy']}"])
