"""What is declared is what is tested, and a warning is fatal for whom it is for."""

import re
import warnings

import pytest
from packaging.requirements import Requirement

from tests.test_layers import ROOT, requirements
from tests.versions import COLAB, declared, wanted

WORKFLOW = (ROOT / ".github" / "workflows" / "versions.yml").read_text("utf-8")


def test_the_bounds_are_read_as_pip_reads_them():
    everything = requirements("requirements.txt") | requirements("tests/requirements.txt")
    assert set(declared()) == set(everything)
    oldest = dict(line.split("==") for line in wanted("oldest"))
    assert {name for name, version in oldest.items()
            if not everything[name].specifier.contains(version)} == set()


def test_colab_s_versions_are_allowed_where_it_needs_no_jupyterlab():
    package = (ROOT / "pyproject.toml").read_text("utf-8")
    assert "jupyterlab" not in "".join(wanted("colab"))
    for name in ("numpy", "matplotlib", "ipywidgets", "anywidget"):
        line = re.search(rf'"({name}[^"]+)"', package)[1]
        assert Requirement(line).specifier.contains(COLAB[name])


def test_every_set_of_versions_is_tried_weekly():
    assert set(re.findall(r"which: (\w+)", WORKFLOW)) == {"oldest", "newest", "next", "colab"}


@pytest.mark.parametrize(("category", "module", "fatal"), [
    (DeprecationWarning, "helpers.pictures.live", True),
    (FutureWarning, "tests.test_versions", True),
    (DeprecationWarning, "pyparsing.util", False),
    (FutureWarning, "traitlets", False),
    (RuntimeWarning, "numpy._core._methods", True)])
def test_a_warning_is_fatal_where_we_can_mend_what_it_says(category, module, fatal):
    with warnings.catch_warnings(record=True):
        try:
            warnings.warn_explicit("soon gone", category, "file.py", 1, module)
        except category:
            assert fatal
        else:
            assert not fatal
