"""Which files of a student's own hide modules that the course needs. Only the standard library."""

import os
import sys
from importlib.machinery import PathFinder

INSTALLED = {"site-packages", "dist-packages"}
# What others install by oversight, or Python brings for itself alone: nobody's own hides it.
NEEDLESS = {"test", "tests", "docs", "examples"}
LONGEST = 200  # letters of an error: some packages tell a story


def hidden(paths):
    """{module: the student's own file or folder that hides it}, of the files at these paths."""
    folders = own_folders()
    found = {}
    for path in filter(None, paths):
        folder = next((one for one in folders if path.startswith(one + os.sep)), None)
        if folder is not None:
            first = path[len(folder) + 1:].partition(os.sep)[0]
            name = first.removesuffix(".py")
            # A folder without __init__.py hides nothing: Python takes it only where all else fails.
            if (name not in {__package__, *NEEDLESS} and name.isidentifier()
                    and origin(name, [folder]) and is_module(name, folder)):
                found[name] = os.path.join(folder, first)
    return found


def own_folders():
    """Where Python looks first, and the current folder: not those with modules of others."""
    places = {os.path.abspath(place) for place in [*sys.path[:1], "."]}
    return [place for place in sorted(places)
            if place != os.path.dirname(os.__file__) and not INSTALLED & set(place.split(os.sep))]


def is_module(name, folder):
    """Whether a module of this name belongs to Python, or is installed, outside of a folder."""
    elsewhere = [place for place in sys.path if os.path.abspath(place) != folder]
    return name in sys.stdlib_module_names or bool(
        INSTALLED & set((origin(name, elsewhere) or "").split(os.sep)))


def origin(name, places=None):
    """The file that a module would come from, or None."""
    spec = PathFinder.find_spec(name, places)
    return spec and spec.origin and os.path.abspath(spec.origin)


def loaded():
    """The files that the modules which are loaded came from."""
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    return [os.path.abspath(file) for file in files if isinstance(file, str)]


def passed(error):
    """The files that an error came through, and those of the errors behind it."""
    files = []
    while error is not None:
        files.append(getattr(error, "filename", None))  # of a SyntaxError
        step = error.__traceback__
        while step is not None:
            files.append(step.tb_frame.f_code.co_filename)
            step = step.tb_next
        error = error.__cause__ or error.__context__
    # What was compiled names the file that it was made of, "numpy/random/mtrand.pyx", from nowhere.
    return [file for file in files if isinstance(file, str) and os.path.isabs(file)]


def told(error):
    """The files that are behind an error while a module was loaded, in one line, or ""."""
    found = hidden([*loaded(), *passed(error)])
    text = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST]
    hides = [f"{file} hides the module {name!r}" for name, file in found.items()]
    return f"{'; '.join(hides)}: rename it, restart the kernel ({text})" if hides else ""
