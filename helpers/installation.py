"""Is what the course needs installed, and new enough?"""

import sys
from importlib.metadata import PackageNotFoundError, version

from . import shadows

# The lowest versions of requirements.txt.
NEEDED = {
    "jupyterlab": (4, 2),
    "numpy": (2, 0),
    "matplotlib": (3, 9),
    "ipywidgets": (8, 1),
    "anywidget": (0, 9),
    "latex2mathml": (3, 77),
}
IN_COLAB = {"ipywidgets": (7, 7)}  # what its own page needs in the place of JupyterLab's
REMEDY = "run `make lab`, or `pip install -r requirements.txt`, and restart JupyterLab"


def installation(found=version):
    """One line a package, ending in `ok` or in what to do; `found(name)` gives a version.

    Also one for each module of Python's own that a file beside the notebook hides.
    """
    colab = "google.colab" in sys.modules
    needed = NEEDED | IN_COLAB if colab else NEEDED
    states = {name: _state(name, lowest, found, colab) for name, lowest in needed.items()}
    hidden = shadows.hidden([*shadows.loaded(), *map(shadows.origin, needed)])
    states |= {name: f"{file} hides it: rename it, restart the kernel"
               for name, file in hidden.items()}
    return "\n".join(f"{name}: {state}" for name, state in states.items())


def _state(name, lowest, found, colab):
    needs = ".".join(map(str, lowest))
    if name == "jupyterlab" and (colab or sys.platform == "emscripten"):
        return "ok"  # the page itself, which is not Python's to look at
    try:
        has = found(name)
    except PackageNotFoundError:
        return f"missing, at least {needs} is needed: {REMEDY}"
    except ImportError:  # what reads versions lacks a module itself: another line says why
        return "its version cannot be read"
    numbers = tuple(int(part) for part in has.split(".")[:2] if part.isdigit())
    return "ok" if numbers >= lowest else f"{has} is too old, at least {needs} is needed: {REMEDY}"
