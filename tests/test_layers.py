"""The shape of the house: who may import whom, how long a file may be, which versions fit."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
HELPERS = ROOT / "helpers"
MODULES = sorted(HELPERS.rglob("*.py"))
SOURCES = sorted(path for path in HELPERS.rglob("*") if path.suffix in {".py", ".js", ".css"})

# layer: what of ours, and what of others, it may import besides the standard library
CALCULUS = {"helpers.words", "helpers.calculus", "numpy"}
PICTURES = CALCULUS | {"helpers.pictures", "matplotlib"}
WIDGETS = PICTURES | {"helpers.widgets", "anywidget", "ipywidgets", "latex2mathml", "traitlets"}
LAYERS = {
    "calculus": CALCULUS,
    "pictures": PICTURES,
    "widgets": WIDGETS,
    "labs": WIDGETS | {"helpers.labs"},
    "atlas": PICTURES | {"helpers.atlas", "PIL"},
    "exercises": CALCULUS | {"helpers.exercises"},
    "data": {"helpers.data", "helpers.calculus", "numpy"},
}
# A room or a file that may import more than its layer. A puzzle is drawn when it is shown.
BESIDES = {"calculus/discover": {"tqdm"}, "labs/training/bar.py": {"tqdm", "IPython.display"},
           "exercises/puzzling/picture.py": {"helpers.pictures"},
           "exercises/puzzling/compared.py": {"helpers.pictures.palette"},
           "pictures/packing.py": {"PIL"},  # comes with Matplotlib
           "atlas/text.py": {"helpers.widgets.kit.away.link"},
           "exercises/grading/kernel.py": {"jupyter_client", "zmq"},
           "exercises/grading/many.py": {"tqdm"},
           "exercises/grading/report.py": {"helpers.pictures"},
           "widgets/kit/away/link.py": {"js"},  # the page around a Python in a browser
           "widgets/kit/messages.py": {"pyodide.ffi"}}


def imports(source: str, package: str) -> set[str]:
    """Absolute names that `source`, a module inside `package`, imports anywhere in its text."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            # `from helpers import calculus` imports a layer, `from numpy import array` only numpy
            names |= {f"{base}.{a.name}" for a in node.names} if base == "helpers" else {base}
    return names


def forbidden(names: set[str], layer: str) -> set[str]:
    """Those of `names` that `layer` may not import."""
    allowed = LAYERS[layer]
    parts = {name: name.split(".") for name in names}
    return {
        name
        for name, part in parts.items()
        if part[0] not in sys.stdlib_module_names
        and part[0] not in allowed
        and ".".join(part[:2]) not in allowed
    }


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    ("layer", "source", "wrong"),
    [
        ("calculus", "import numpy as np, math", set()),
        ("calculus", "from numpy.linalg import norm", set()),
        ("calculus", "from . import axes\nfrom .axes import bind", set()),
        ("calculus", "def late():\n    from ..widgets import explorer", {"helpers.widgets"}),
        ("calculus", "from .. import pictures", {"helpers.pictures"}),
        ("calculus", "from helpers import pictures", {"helpers.pictures"}),
        ("calculus", "import matplotlib.figure", {"matplotlib.figure"}),
        ("pictures", "from ..calculus.axes import bind\nimport matplotlib", set()),
        ("pictures", "import ipywidgets", {"ipywidgets"}),
        ("exercises", "from helpers.widgets.graph import X", {"helpers.widgets.graph"}),
        ("widgets", "from ..pictures import canvas\nimport anywidget, traitlets", set()),
        ("widgets", "from ..exercises import relu", {"helpers.exercises"}),
    ],
)
def test_the_rule_itself_tells_right_from_wrong(layer, source, wrong):
    assert forbidden(imports(source, f"helpers.{layer}"), layer) == wrong


# The front door, helpers/__init__.py, may offer every layer; it is tested below.
def test_imports_run_one_way_only():
    """What each file imports that its layer may not."""
    wrong = {}
    for path in MODULES:
        inside = path.relative_to(HELPERS).parts
        package = ".".join(path.relative_to(ROOT).parent.parts)
        more = BESIDES.get("/".join(inside[:2]), set()) | BESIDES.get("/".join(inside), set())
        found = forbidden(imports(path.read_text("utf-8"), package), inside[0]) \
            if len(inside) > 1 else set()
        if found := {name for name in found if not any(name.startswith(one) for one in more)}:
            wrong[relative(path)] = found
    assert wrong == {}


STUDY = {"helpers.calculus", "helpers.words", "numpy"}  # the numbers of one lab
VIEWS = {"ipywidgets", "anywidget", "traitlets"}         # no picture needs these
ROOMS = ("widgets", "labs")                              # layers in which a folder is a room


def rules_broken(names: set[str], path: Path) -> set[str]:
    """Those of the imports of a file in helpers/ that its name and its room forbid."""
    own = ("helpers", *path.parts[:2])
    neighbours = {
        name for name in names
        if path.parts[0] in ROOMS
        and len(part := tuple(name.split("."))) > 3 and part[1] in ROOMS
        and part[:3] != own and part[2] != "kit"
    }
    outside = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names
               and not any(name == one or name.startswith(f"{one}.") for one in STUDY)}
    if path.name == "study.py":
        return neighbours | outside
    return neighbours | (names & VIEWS if path.name == "picture.py" else set())


@pytest.mark.parametrize(
    ("path", "source", "wrong"),
    [
        ("labs/depth/study.py", "import numpy as np\nfrom ...calculus.units import UNITS", set()),
        ("labs/depth/study.py", "from .lab import DepthLab", {"helpers.labs.depth.lab"}),
        ("labs/depth/study.py", "import matplotlib", {"matplotlib"}),
        ("labs/depth/picture.py", "from matplotlib.lines import Line2D", set()),
        ("labs/depth/picture.py", "import ipywidgets", {"ipywidgets"}),
        ("labs/depth/lab.py", "from ..kit.lab import Lab\nfrom . import picture", set()),
        ("labs/depth/lab.py", "from ..zigzag.lab import A", {"helpers.labs.zigzag.lab"}),
        ("widgets/explorer/view.py", "from ..array import array_spec", set()),
        ("widgets/graph/view.py", "from ..array.array import x", {"helpers.widgets.array.array"}),
    ],
)
def test_the_rules_of_rooms_tell_right_from_wrong(path, source, wrong):
    path = Path(path)
    assert rules_broken(imports(source, ".".join(["helpers", *path.parts[:-1]])), path) == wrong


def test_rooms_keep_their_private_files_to_themselves():
    """Neighbours come through a room's door; a study knows mathematics alone, a picture no view.

    What two rooms need goes to a kit.
    """
    wrong = {}
    for path in MODULES:
        package = ".".join(path.relative_to(ROOT).parent.parts)
        names = imports(path.read_text("utf-8"), package)
        if found := rules_broken(names, path.relative_to(HELPERS)):
            wrong[relative(path)] = found
    assert wrong == {}


@pytest.mark.parametrize("line", ["import helpers", "from helpers import OPERATIONS"])
def test_importing_helpers_is_light(line):
    heavy = "{'matplotlib', 'ipywidgets', 'anywidget'}"
    program = f"{line}\nimport sys\nprint(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_widgets_that_draw_no_picture_do_not_load_matplotlib():
    """In a browser's own Python it would be two thirds of what is loaded."""
    program = """
import sys
from helpers import (BatchNormLab, EditableArray, GradientDoctor, GraphStepper, JacobianExplorer,
                     OrderPuzzle, SelfTest, TensorView)
explorer = JacobianExplorer("affine", wrt="W")
explorer.gestures = {"client": "a", "queue": [
    {"serial": 1, "kind": "edit", "name": "X", "index": 0, "value": 2.5, "stroke": 1},
    {"serial": 2, "kind": "choose", "what": "operation", "value": "softmax"}]}
explorer.pointer = {"place": "G", "index": 1}
graph = GraphStepper()
graph.gestures = {"client": "a", "queue": [{"serial": 1, "kind": "go", "how": "backward"}]}
BatchNormLab(step="end"), OrderPuzzle().check(), EditableArray([1.0]), SelfTest()
TensorView([[1.0, 0.0], [0.0, 1.0]], output_ndim=1)
GradientDoctor(lambda X: 2 * X, lambda G, X: 2 * G, [[1.0, 2.0]])
explorer.url(), graph.code()
print(explorer.last_error, graph.last_error, "matplotlib" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.splitlines()[-1:], done.stderr) == (["None None False"], "")


def test_files_and_functions_are_short():
    files, functions = {}, {}
    for path in SOURCES:
        text = path.read_text("utf-8")
        files[relative(path)] = len(text.splitlines())
        tree = ast.parse(text) if path.suffix == ".py" else ast.Module([], [])
        functions |= {f"{relative(path)}: {f.name}, line {f.lineno}": f.end_lineno - f.lineno + 1
                      for f in ast.walk(tree)
                      if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert {name: lines for name, lines in files.items() if lines > 400} == {}
    assert {name: lines for name, lines in functions.items() if lines > 40} == {}


def requirements(name: str) -> dict[str, Requirement]:
    """Name -> requirement, from a requirements file of this repository."""
    text = (ROOT / name).read_text("utf-8")
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    parsed = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return {requirement.name.lower(): requirement for requirement in parsed}


def test_constraints_are_exact_and_within_every_range():
    tested = {name: str(pin.specifier) for name, pin in requirements("constraints.txt").items()}
    assert all(pin.startswith("==") for pin in tested.values())
    ranges = requirements("requirements.txt") | requirements("tests/requirements.txt")
    for name, wanted in ranges.items():
        assert name in tested, f"constraints.txt has no version of {name}"
        assert wanted.specifier.contains(tested[name].removeprefix("=="))


def bounds(requirement: Requirement) -> dict[str, Version]:
    return {part.operator: Version(part.version) for part in requirement.specifier}


def test_pyproject_and_requirements_agree():
    """The package alone may do with an older version than the course in JupyterLab."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    student = requirements("requirements.txt")
    for needed in map(Requirement, project["dependencies"]):
        package, course = bounds(needed), bounds(student[needed.name])
        assert package["<"] == course["<"] and package[">="] <= course[">="]
