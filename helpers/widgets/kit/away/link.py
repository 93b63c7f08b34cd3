"""A widget as a link: the cell that makes it, packed into an address, and read back as data.

What a link brings is never run: its last line must call a widget by a name of `WIDGETS`, with
values that Python's own `ast.literal_eval` admits (and nan, inf). Functions travel as text beside
it, in `Made.own`; who opens the link decides whether they run.
"""

import ast
import base64
import inspect
import linecache
import os
import re
import sys
import textwrap
import zlib
from importlib import import_module
from math import inf, nan
from typing import NamedTuple

from ....calculus.errors import LessonError
from ....words import brief, said

WIDGETS = (
    "JacobianExplorer", "GraphStepper", "BatchNormLab", "OrderPuzzle", "GradientDoctor",
    "ReplacementFinder", "EditableArray", "TensorView", "ActivationLab", "DepthLab",
    "DeadReluLab", "ZigZagLab", "CollapseLab", "OutputLossLab", "ChainRuleLab", "HessianLab",
    "ChainCountLab", "TrainingCurve",
)
LONGEST = 60_000  # characters of a cell that comes by link
MOST_STATEMENTS = 200  # of its own, beside the call
MOST_SAID = 400  # characters of what a widget says of a value that it refuses
HERE = "http://127.0.0.1:8000/"  # where `make site-serve` shows the pages
NUMBERS = {"nan": nan, "inf": inf}
OWN = "<your own code>"


class LinkError(LessonError, ValueError):
    """A link that does not say what to show, in one line."""


class Made(NamedTuple):
    """A call of a widget as data; `own`: what else stands in the cell, as text."""

    name: str
    arguments: tuple
    settings: dict
    own: str


class Function(NamedTuple):
    """The name of a function that `own` defines."""

    name: str


def packed(cell):
    """A cell as the letters that an address may hold."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    small = squeezer.compress(cell.encode()) + squeezer.flush()
    return base64.urlsafe_b64encode(small).decode().rstrip("=")


def unpacked(text):
    """The cell that `packed` packed. Raises LinkError."""
    try:
        small = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        opener = zlib.decompressobj(-15)
        cell = opener.decompress(small, 4 * LONGEST).decode()
    except (ValueError, zlib.error):
        raise LinkError("This link is damaged: copy it again, as a whole.") from None
    if len(cell) > LONGEST or opener.unconsumed_tail:
        raise LinkError(f"This link holds a cell of more than {LONGEST:,} characters: make its "
                        "arrays smaller.")
    if not opener.eof:
        raise LinkError("This link is cut off: copy it again, as a whole.")
    return cell


def read(cell):
    """The call that a cell makes, as a `Made`. Runs nothing. Raises LinkError."""
    if len(cell) > LONGEST:
        raise LinkError(f"The cell has {len(cell):,} characters; at most {LONGEST:,} are read.")
    try:
        body = ast.parse(cell).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise LinkError("This is no Python cell: it cannot be read.") from None
    call = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else None
    if name not in WIDGETS:
        raise LinkError(f"The last line must make a widget: one of {', '.join(WIDGETS)}.")
    others = [one for one in body[:-1] if not taken_for_granted(one)]
    if len(others) > MOST_STATEMENTS:
        raise LinkError(f"The cell has {len(others):,} statements beside its widget; at most "
                        f"{MOST_STATEMENTS} are read.")
    own = "\n\n".join(ast.get_source_segment(cell, one) for one in others)
    functions = {one.name for one in others if isinstance(one, ast.FunctionDef)}
    if any(key.arg is None for key in call.keywords):
        raise LinkError(f"{name} takes its settings one by one, not as **{{…}}.")
    return Made(name, tuple(value_of(one, functions) for one in call.args),
                {key.arg: value_of(key.value, functions) for key in call.keywords}, own)


def taken_for_granted(line):
    """Whether a line only imports what a widget's cell imports by itself."""
    return isinstance(line, ast.ImportFrom) and not line.level and (
        line.module == "helpers" or (line.module == "numpy" and
                                     all(one.name in NUMBERS for one in line.names)))


def value_of(node, functions):
    """A literal, or the name of a function. Raises LinkError."""
    if isinstance(node, ast.Name) and node.id in functions:
        return Function(node.id)
    try:
        return ast.literal_eval(Numbers().visit(node))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise LinkError(f"{written(node)} is not plain data: numbers, texts, lists, or the name "
                        "of a function that stands above.") from None


def written(node):
    """A piece of a cell in a few letters."""
    try:
        return brief(ast.unparse(node) if not isinstance(node, ast.Name) else node.id)
    except (RecursionError, ValueError):  # nested too deep, or a number of thousands of digits
        return "A part of the cell"


class Numbers(ast.NodeTransformer):
    """nan and inf, which have no literal, as the numbers that they are."""

    def visit_Name(self, node):
        if node.id not in NUMBERS:
            return node
        return ast.copy_location(ast.Constant(NUMBERS[node.id]), node)


def built(made, trusted=False):
    """The widget. `made.own` runs only if it is trusted.

    Raises LinkError, or a LessonError of the widget itself, each in one line.
    """
    if made.own and not trusted:
        raise LinkError("This link brings code of its own. Read it, then press the button that "
                        "runs it.")
    if made.name == "GradientDoctor" and not any(isinstance(x, Function) for x in made.arguments):
        raise LinkError("GradientDoctor takes functions, and this link brings none.")
    try:
        return called(made)
    except ImportError:  # of a package that the page may still bring
        raise
    except Exception as error:  # a value of another type than the widget ever meets in a notebook
        short = said(error, MOST_SAID)
        if isinstance(error, LessonError) and short == str(error):
            raise
        raise LinkError(f"{made.name} cannot be made so: {short}") from None


def called(made):
    """The widget, with its own code run before."""
    namespace = {"__name__": "__main__"}
    if made.own:
        # Where tracebacks and `inspect` look for the lines.
        linecache.cache[OWN] = (len(made.own), None, made.own.splitlines(True), OWN)
        exec(compile(made.own, OWN, "exec"), namespace)

    def meant(value):
        return namespace[value.name] if isinstance(value, Function) else value

    widget = getattr(import_module("helpers"), made.name)
    return widget(*map(meant, made.arguments),
                  **{key: meant(value) for key, value in made.settings.items()})


def source_of(function):
    """The lines that define a function. Raises LinkError where there are none to send."""
    name = getattr(function, "__name__", type(function).__name__)
    try:
        text = textwrap.dedent(inspect.getsource(function)).strip()
    except (OSError, TypeError):
        text = ""
    if not text.startswith(f"def {name}("):
        raise LinkError(f"{name} cannot travel in a link: only a function written with def, in a "
                        "cell of its own, can.")
    return text


def program(cell, functions):
    """A cell after the functions that it names."""
    if not functions:
        return cell
    sources = dict.fromkeys(map(source_of, functions))
    numpy = "import numpy as np\n\n" if any("np." in text for text in sources) else ""
    return f"{numpy}{''.join(f'{text}{chr(10) * 3}' for text in sources)}{cell}"


def address(name, cell, site=None):
    """The address that opens a cell. site: that of the pages, else what is known, else `HERE`.

    Raises LinkError for a cell that is too long for a link.
    """
    if len(cell) > LONGEST:
        raise LinkError(f"The cell has {len(cell):,} characters, and a link carries {LONGEST:,}: "
                        "make the arrays smaller.")
    site = site or known_site() or HERE
    return f"{site.rstrip('/')}/try/?w={name}#{packed(cell)}"


def known_site():
    """The address of the pages, or None or "" where nobody knows it.

    `TENSOR_MONSTERS_SITE`, else where this copy of the course is published; in a browser's own
    Python that of the page around.
    """
    if sys.platform != "emscripten":
        return os.environ.get("TENSOR_MONSTERS_SITE", homepage())
    from js import location  # the page's, or the worker's: both lie below the site

    return re.split(r"/(?:lab|try|app-\w+)/", location.href)[0]


def homepage():
    """What the installed package says of its pages (`[project.urls]`), or None."""
    from importlib.metadata import PackageNotFoundError, metadata  # slow, and seldom asked for

    try:
        urls = metadata("tensor-monsters").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    return dict(one.split(", ", 1) for one in urls).get("Homepage")
