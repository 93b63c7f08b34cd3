"""The course works wherever it is put, beside whatever stands there, with a home or without one."""

import json
import os
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.colab import PRETENDED
from tests.notebooks.rerun import NOTEBOOKS
from tests.test_layers import HELPERS, ROOT

FIRST = next(cell for cell in json.loads(NOTEBOOKS[0].read_text("utf-8"))["cells"]
             if cell["id"] == "installation")
# A lesson in small, with what keeps files: progress, fonts, a picture, a page.
LESSON = """
from pathlib import Path
from helpers import JacobianExplorer, exercises, installation

row = exercises.relu6_backward
print(row.check(row.solved()).right, exercises.progress().rows["01_activations"].count(True))
explorer = JacobianExplorer("relu")
explorer.save("Bild für Ünal.png"), explorer.save("Seite.html")
print("image/png" in explorer._repr_mimebundle_()[0], len(list(Path().glob("*[lg]"))))
"""


def run(source, folder, **settings):
    """Lines of what a program says that runs in a folder; a setting None is not set."""
    (folder / "lesson.py").write_text(PRETENDED + source, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    given = {name: value for name, value in environment.items() if value is not None}
    done = subprocess.run([sys.executable, "-X", "utf8", "lesson.py"], cwd=folder, env=given,
                          capture_output=True, encoding="utf-8")
    return done.stdout.splitlines(), done.stderr.splitlines()


ALONE = "import sys\nsys.path[1:] = []  # as where the course is not installed\n"


@pytest.mark.parametrize(("place", "before"), [("helpers.py", ""), ("helpers/notes.py", ALONE)])
def test_what_hides_the_course_is_named_by_the_first_cell_of_the_course(place, before, tmp_path):
    """A student's own file of that name beside the notebook is found before ours."""
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).touch()
    _, errors = run(before + "".join(FIRST["source"]), tmp_path, PYTHONPATH=None)
    assert str(tmp_path / place.partition("/")[0]) in errors[-1]
    assert errors[-1].endswith("hides the course: rename it, restart the kernel")


def test_a_folder_helpers_without_init_beside_a_lesson_hides_nothing(tmp_path):
    """Python takes it only where no package is found on the path, where `make lab` puts ours.

    An editable package is on the path by a `package-dir` alone: else setuptools makes a finder.
    """
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "notes.py").touch()
    said, errors = run(START + "print(1)", tmp_path)
    assert (said, errors) == (["1"], [])
    with open(ROOT / "pyproject.toml", "rb") as file:
        assert tomllib.load(file)["tool"]["setuptools"]["package-dir"] == {"": "."}


START = "from helpers import OPERATIONS, JacobianExplorer, installation\n"
EXERCISES = "from helpers import exercises\n"


@pytest.mark.parametrize(("file", "source", "cell"), [
    ("inspect.py", "", START), ("select.py", "", START), ("random.py", "", START),
    ("queue.py", "", START), ("ipywidgets.py", "", START), ("anywidget.py", "", START),
    ("numpy.py", "", START), ("numpy/__init__.py", "", START), ("inspect.py", "1 / 0", START),
    ("email.py", "def message(:", START), ("uuid.py", "import numpie", START),
    ("random.py", "", EXERCISES), ("numpy.py", "", EXERCISES), ("inspect.py", "", EXERCISES)])
def test_a_file_that_hides_a_module_is_named_in_one_line(file, source, cell, tmp_path):
    """Python says only that the course has no such name, or a story of the modules between."""
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(source)
    said, errors = run(cell, tmp_path)
    first = file.partition("/")[0]
    assert said == [] and errors[-1].startswith(
        f"ImportError: {tmp_path / first} hides the module {first.removesuffix('.py')!r}: "
        "rename it, restart the kernel ("), errors[-1]


@pytest.mark.parametrize(("file", "name"), [
    ("numpy.py", "numpy"), ("anywidget/__init__.py", "anywidget"), ("zipfile.py", "zipfile"),
    ("email.py", "email")])
def test_the_first_cell_of_the_course_names_the_file_that_hides_a_module(file, name, tmp_path):
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).touch()
    said, errors = run("".join(FIRST["source"]), tmp_path)
    place = tmp_path / file.partition("/")[0]
    if errors:  # up to Python 3.12 the cell itself cannot be run without Python's email
        assert name == "email" and sys.version_info < (3, 13)
        assert errors[-1].startswith(f"ImportError: {place} hides the module 'email': rename it")
    else:
        bad = [line for line in said if not line.endswith((": ok", "its version cannot be read"))]
        assert bad == [f"{name}: {place} hides it: rename it, restart the kernel"]


def test_files_that_hide_nothing_the_course_needs_are_nobody_s_business(tmp_path):
    """Also one that nobody loads, or that is loaded and called as what nobody needs is; a folder
    without __init__.py hides no installed module."""
    for name in ("notes.py", "mine.ipynb", "turtle.py", "test.py", "tests.py"):
        (tmp_path / name).touch()
    (tmp_path / "numpy").mkdir()
    said, errors = run("import notes, test, tests\n" + START + "".join(FIRST["source"]), tmp_path)
    assert [line for line in said if not line.endswith(": ok")] == errors == []


@pytest.mark.slow
def test_a_folder_may_have_blanks_and_umlauts(tmp_path):
    folder = tmp_path / "Übung 1 – für Ørsted"
    shutil.copytree(HELPERS, folder / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    progress = folder / "Fortschritt meiner Übungen" / "stand.json"
    said, errors = run(LESSON, folder, PYTHONPATH=str(folder),
                       TENSOR_MONSTERS_PROGRESS=str(progress))
    assert (said, errors) == (["True 1", "True 2"], [])
    assert json.loads(progress.read_text("utf-8"))["solved"] == ["relu6_backward"]


NOWHERE = "import pwd\npwd.getpwuid = lambda number: {}[number]  # whoever this is, has no home\n"


@pytest.mark.slow
@pytest.mark.parametrize("home", [None, os.devnull])
def test_no_home_or_one_where_nothing_can_be_written(home, tmp_path):
    """Progress is not kept; Matplotlib says in a line or two that it looks for the fonts again."""
    before = "" if home or os.name == "nt" else NOWHERE
    settings = {name: home for name in ("HOME", "USERPROFILE", "LOCALAPPDATA")}
    settings |= dict.fromkeys(("XDG_DATA_HOME", "MPLCONFIGDIR", "XDG_CACHE_HOME",
                               "XDG_CONFIG_HOME", "TENSOR_MONSTERS_PROGRESS"))
    if run(before + "import matplotlib\nprint(1)", tmp_path, **settings)[0] != ["1"]:
        pytest.skip("this Matplotlib, an old one, needs a home itself")
    said, errors = run(before + LESSON, tmp_path, **settings)
    assert said == ["True 0", "True 2"]
    assert [line for line in errors if "matplotlib" not in line.lower()] == []
