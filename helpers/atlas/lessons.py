"""The titles of the notebooks, as they stand in them."""

import json
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def lesson_title(name):
    """The first heading of a notebook. Raises FileNotFoundError for a name of none."""
    path = ROOT / "notebooks" / f"{name}.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = "".join(cells[0]["source"])
    return next(line[2:].strip() for line in text.splitlines() if line.startswith("# "))
