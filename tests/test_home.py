"""The badges, the picture's link and Colab's cell lead where pyproject.toml says the course is."""

import ast
import json
import shutil
import sys
import tomllib

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from tests import home
from tests.home import BETWEEN, FIRST, PICTURE, ROOT, badges, colab, urls, write

FILES = ("pyproject.toml", "README.md", FIRST)


def cell_of(root):
    cells = json.loads((root / FIRST).read_text("utf-8"))["cells"]
    return "".join(next(one["source"] for one in cells if one["id"] == "colab"))


def test_what_is_stored_follows_from_the_one_place():
    assert BETWEEN.search((ROOT / "README.md").read_text("utf-8"))[0] == (
        f"<!-- home -->\n{badges(urls())}\n<!-- /home -->")
    assert cell_of(ROOT) == colab(urls())


def test_one_command_writes_every_place_and_takes_it_back(tmp_path, monkeypatch):
    before = [(ROOT / name).read_text("utf-8") for name in FILES]
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(home, "ROOT", tmp_path)
    for repository in ("Some-One/a.course", "other/course"):
        write(urls(repository))
        pages, code = urls().values()
        assert code == f"https://github.com/{repository}"
        assert pages == {"Some-One/a.course": "https://some-one.github.io/a.course/",
                         "other/course": "https://other.github.io/course/"}[repository]
        readme = (tmp_path / "README.md").read_text("utf-8")
        assert "[Open in the browser]" in readme.split("\n## ")[0]
        assert f"({PICTURE})]({pages}try/?w=JacobianExplorer)" in readme
        assert f"https://mybinder.org/v2/gh/{repository}/HEAD" in readme
        assert cell_of(tmp_path).endswith(f"%pip install --quiet git+{code}")
    write(tomllib.loads(before[0])["project"].get("urls", {}))
    assert [(tmp_path / name).read_text("utf-8") for name in FILES] == before


@pytest.mark.parametrize("repository", [None, "some/course"])
def test_colab_s_cell_does_nothing_elsewhere(repository, monkeypatch):
    source = colab(urls(repository) if repository else {})
    plain = TransformerManager().transform_cell(source)
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)
    exec(compile(ast.parse(plain), "cell", "exec"), {})  # get_ipython would not be there
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    error, said = (NameError, "get_ipython") if repository else (RuntimeError, "Not published yet")
    with pytest.raises(error, match=said):
        exec(plain, {})


def test_a_name_that_is_none_is_refused_in_one_line():
    with pytest.raises(SystemExit, match="must be owner/name, as GitHub has it, not 'course'"):
        urls("course")
