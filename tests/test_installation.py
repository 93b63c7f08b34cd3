"""The installation check tells a good installation from an old or missing package."""

import csv
import os
import sys
from importlib.metadata import PackageNotFoundError

import pytest

import helpers
from helpers import installation, shadows
from tests.colab import COLAB


def test_this_installation_is_ok(monkeypatch):
    if COLAB:
        monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert all(line.endswith(": ok") for line in installation().splitlines())


def test_where_no_version_can_be_read_nothing_is_raised():
    def found(name):
        raise ModuleNotFoundError("No module named 'email.message'")

    assert {line.partition(": ")[2] for line in installation(found).splitlines()} == {
        "its version cannot be read"}


def test_an_old_and_a_missing_package_are_named_with_what_to_do():
    def found(name):
        if name == "anywidget":
            raise PackageNotFoundError(name)
        return {"numpy": "1.26.4"}.get(name, "99.1")

    lines = dict(line.split(": ", 1) for line in installation(found).splitlines())
    assert lines["numpy"].startswith("1.26.4 is too old, at least 2.0 is needed: run")
    assert lines["anywidget"].startswith("missing, at least 0.9 is needed: run")
    assert lines["matplotlib"] == "ok"


def test_colab_needs_no_jupyterlab_and_is_content_with_its_own_ipywidgets(monkeypatch):
    def found(name):
        if name == "jupyterlab":
            raise PackageNotFoundError(name)
        return {"ipywidgets": "7.7.1", "numpy": "2.0.2"}.get(name, "99.0")

    assert "ipywidgets: 7.7.1 is too old" in installation(found)
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert [line for line in installation(found).splitlines() if not line.endswith(": ok")] == []


def test_a_folder_of_installed_or_python_s_own_modules_hides_none(tmp_path, monkeypatch):
    own, installed = tmp_path / "own", tmp_path / "site-packages"
    files = [str(folder / "csv.py") for folder in (own, installed)]
    for file in files:
        os.makedirs(os.path.dirname(file))
        open(file, "w").close()
    for place, found in ((own, {"csv": files[0]}), (installed, {})):
        monkeypatch.setattr(sys, "path", [str(place), *sys.path])
        assert shadows.hidden([*files, None, str(own / "helpers.py"), str(own / "a b.py")]) == found
    monkeypatch.setattr(sys, "path", [os.path.dirname(os.__file__), *sys.path])
    assert shadows.hidden([os.__file__, csv.__file__]) == {}


@pytest.mark.parametrize(("inside", "hides"), [("__init__.py", True), ("other.py", False)])
def test_a_folder_hides_a_module_only_as_a_package(inside, hides, tmp_path, monkeypatch):
    """This project has a folder "site", from which its own tools are loaded: "site" is Python's."""
    (tmp_path / "site" / "tools").mkdir(parents=True)
    (tmp_path / "site" / inside).touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    found = shadows.hidden([str(tmp_path / "site" / "tools" / "some.py")])
    assert found == ({"site": str(tmp_path / "site")} if hides else {})


def test_an_error_inside_the_course_is_never_taken_for_a_missing_name(monkeypatch):
    """`hasattr` and `from … import` take an AttributeError for one."""
    def broken(*_):
        raise AttributeError("module 'x' has no attribute 'y'")

    monkeypatch.setattr(helpers, "import_module", broken)
    with pytest.raises(ImportError, match=r"^SelfTest cannot be loaded: module 'x' has no"):
        helpers.__getattr__("SelfTest")
    monkeypatch.setattr(helpers, "import_module", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        helpers.__getattr__("SelfTest")
    assert not hasattr(helpers, "no such name")
