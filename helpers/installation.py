"""Is what the course needs installed, and new enough?"""

import sys
from importlib.metadata import PackageNotFoundError, version

# The lowest versions of requirements.txt.
NEEDED = {
    "jupyterlab": (4, 2),
    "numpy": (2, 0),
    "matplotlib": (3, 9),
    "ipywidgets": (8, 1),
    "anywidget": (0, 9),
    "latex2mathml": (3, 77),
}
REMEDY = "run `make lab`, or `pip install -r requirements.txt`, and restart JupyterLab"


def installation(found=version):
    """One line a package, ending in `ok` or in what to do; `found(name)` gives a version."""
    return "\n".join(f"{name}: {_state(name, lowest, found)}" for name, lowest in NEEDED.items())


def _state(name, lowest, found):
    needs = ".".join(map(str, lowest))
    if name == "jupyterlab" and sys.platform == "emscripten":
        return "ok"  # the page itself: Python runs inside it
    try:
        has = found(name)
    except PackageNotFoundError:
        return f"missing, at least {needs} is needed: {REMEDY}"
    numbers = tuple(int(part) for part in has.split(".")[:2] if part.isdigit())
    return "ok" if numbers >= lowest else f"{has} is too old, at least {needs} is needed: {REMEDY}"
