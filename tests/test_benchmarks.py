"""The runner of the benchmarks: what a program prints becomes data, and comes back as a table."""

import json
import re
import runpy
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as runner

PRINTED = """Python 3.11; 2 cores

| what | median |
|---|---:|
| one | 1.5 ms |
| two | 2.5 ms |

Two of two.

| only | here |
|---|---|
"""
HERE = {"processor": "P", "cores": 2, "python": "3.11", "browser": "B"}
PART = {"command": "python -m benchmarks.keys", "date": "2000-01-01 00:00", "load": [0.1, 0.2],
        "failed": 0}
ROOT = Path(__file__).parents[1]
PROGRAMS = [file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
            for pattern in ("benchmarks/*.py", "tests/notebooks/*.py", "tests/mutants/__main__.py")
            for file in sorted(ROOT.glob(pattern))
            if re.search("^if __name__ == .__main__.:", file.read_text("utf-8"), re.MULTILINE)]
COMPARED_WITH = {"jax", "torch", "ipympl"}  # they are not in the environment of the tests


@pytest.mark.filterwarnings("ignore:.*found in sys.modules")  # others import it too
@pytest.mark.parametrize("name", PROGRAMS)
def test_who_asks_a_program_for_help_gets_it_and_starts_nothing(name, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [name, "--help"])
    try:
        with pytest.raises(SystemExit) as ended:
            runpy.run_module(name, run_name="__main__")
    except ModuleNotFoundError as error:
        if error.name not in COMPARED_WITH:
            raise
        pytest.skip(f"needs {error.name}")
    said = name.removesuffix(".__main__")
    assert ended.value.code == 0 and capsys.readouterr().out.startswith(f"usage: python -m {said} ")


def test_tables_that_a_program_prints_become_data():
    found = runner.tables(PRINTED)
    assert found["said"] == ["Python 3.11; 2 cores", "Two of two."]
    assert found["tables"] == [
        {"columns": ["what", "median"], "rows": [["one", "1.5 ms"], ["two", "2.5 ms"]]},
        {"columns": ["only", "here"], "rows": []}]


def test_what_is_kept_fills_its_place_alone_and_a_part_that_failed_fills_none():
    text = "a\n<!-- keys -->\nold\n<!-- /keys -->\nb\n<!-- tab -->\nnone\n<!-- /tab -->\n"
    part = PART | runner.tables(PRINTED)
    filled = runner.fill(text, HERE, {"keys": part, "tab": part | {"failed": 1}})
    assert "| two | 2.5 ms |" in filled and "load 0.1 to 0.2; P, 2 cores" in filled
    assert "old" not in filled and "none" in filled
    assert runner.fill(filled, HERE, {"keys": part}) == filled


def test_every_part_has_one_place_in_the_readme():
    text = runner.README.read_text("utf-8")
    for name in runner.PARTS:
        assert text.count(f"<!-- {name} -->\n") == text.count(f"<!-- /{name} -->\n") == 1, name


def test_what_this_machine_measured_is_kept_and_another_begins_anew(tmp_path):
    file = tmp_path / "build/kept.json"
    assert runner.kept(file, HERE) == {}
    runner.store(file, HERE, {"keys": PART})
    assert runner.kept(file, HERE) == {"keys": PART}
    assert runner.kept(file, HERE | {"cores": 4}) == {}
    assert json.loads(file.read_text())["machine"] == HERE
