"""None on its way between a page and the Python in it: there the page's null is a thing apart.

Jupyter's messages are JSON elsewhere. In a browser's own Python they are not: None would arrive as
`undefined`, which views draw as a word, and null comes back as `jsnull`.
"""

import sys

if sys.platform == "emscripten":
    from pyodide.ffi import jsnull as NULL
else:
    NULL = None


def swapped(value, old, new):
    """The same value with `new` wherever `old` stands, in dicts and lists too."""
    if value is old:
        return new
    if isinstance(value, dict):
        return {key: swapped(item, old, new) for key, item in value.items()}
    if isinstance(value, list | tuple):
        kind = list if isinstance(value, list) else tuple
        return kind(swapped(item, old, new) for item in value)
    return value


def sent(state):
    """What Python says, as the page is to hear it."""
    return state if NULL is None else swapped(state, None, NULL)


def received(state):
    """What the page says, as Python is to hear it."""
    return state if NULL is None else swapped(state, NULL, None)
