"""Runs in Pyodide: compiles every .py below /build to bytecode that is never looked up again.

Below /build/beside the bytecode stands in __pycache__ beside its source; below /build/alone it
takes the source's place, as Pyodide's own py-compile has it.
"""

import os
import py_compile
from importlib.util import cache_from_source

MODE = py_compile.PycInvalidationMode.UNCHECKED_HASH
LIBRARY = "/python_stdlib.zip/"  # Python's own: without its docstrings, a quarter smaller
HOME = "/lib/python3.14/site-packages/"


def sources(folder):
    """Every Python file below a folder, in a fixed order."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        yield from (os.path.join(place, name) for name in sorted(files) if name.endswith(".py"))


for kind in ("beside", "alone"):
    for path in sources(f"/build/{kind}"):
        _, _, shown = path.removeprefix(f"/build/{kind}/").partition("/")
        target = cache_from_source(path) if kind == "beside" else f"{path}c"
        try:
            py_compile.compile(path, target, dfile=HOME + shown, doraise=True,
                               invalidation_mode=MODE, optimize=2 if LIBRARY in path else 0)
        except py_compile.PyCompileError:
            continue  # a template, or for another Python: it stays as it is
        if kind == "alone":
            os.remove(path)
