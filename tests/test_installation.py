"""The installation check tells a good installation from an old or missing package."""

import sys
from importlib.metadata import PackageNotFoundError, version

from helpers import installation


def test_this_installation_is_ok(monkeypatch):
    if version("ipywidgets").startswith("7."):  # make test-colab
        monkeypatch.setitem(sys.modules, "google.colab", sys)
    assert all(line.endswith(": ok") for line in installation().splitlines())


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
