"""What the README and `docs/library.md` say works: their code runs, their row is an operation."""

import re
from pathlib import Path

import numpy as np

from helpers import check_gradients
from helpers.calculus.operations.activations import elementwise

ROOT = Path(__file__).parents[1]
README, BOOK = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/library.md"))
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
WIDGET, PROGRAM = CODE.findall(README)
LIBRARY, FUNCTION, PUZZLE, ROW = CODE.findall(BOOK)
LINES = 120


def test_the_widget_example_runs():
    namespace = {}
    exec(WIDGET.replace("\nJacobianExplorer(", "\nexplorer = JacobianExplorer("), namespace)
    assert namespace["explorer"].jacobian.shape == (3, 4, 3, 4)


def test_the_program_prints_what_it_states(capsys):
    exec(PROGRAM, {})
    printed = capsys.readouterr().out
    for said in ("forward by b: wrong: db has shape (3,), but should have (2,).",
                 "So dL/dX = np.cumsum(G[:, ::-1], 1)[:, ::-1]"):
        assert said in printed and said in PROGRAM
    assert "wrong axis" in printed


def test_the_example_of_a_function_finds_the_line_that_it_states(capsys):
    namespace = {}
    exec(FUNCTION, namespace)
    found = "So dL/dX = np.cumsum(G[:, ::-1], 1)[:, ::-1]"
    assert found in capsys.readouterr().out and found in FUNCTION


def test_the_puzzle_says_what_the_example_states():
    namespace = {}
    *first, last = PUZZLE.strip().splitlines()
    exec("\n".join(first), namespace)
    line, said = last.split("#")
    assert repr(eval(line, namespace)) == said.strip()


def test_the_library_example_gives_the_shapes_it_states(capsys):
    namespace = {}
    exec(LIBRARY, namespace)
    assert namespace["J"].shape == (3, 2, 4, 2) and namespace["dW"].shape == (4, 2)
    printed = capsys.readouterr().out
    assert printed.count(": right") == 3 and "34.4 GB" in printed and "524.3 kB" in printed


def test_the_example_row_is_a_correct_operation():
    row = eval(ROW, {"elementwise": elementwise, "np": np})
    X = np.random.default_rng(0).normal(size=(3, 4))
    assert check_gradients(row, X, alpha=0.3).passed
    assert row([-2.0, 3.0]).tolist() == [-0.2, 3.0]


def test_every_notebook_is_in_the_table():
    notebooks = sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb"))
    assert notebooks and all(f"| `{name}` |" in README for name in notebooks)


def test_the_readme_is_read_in_minutes_and_leads_to_files_that_are_there():
    assert README.count("\n") <= LINES
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert len(linked) > 10 and [one for one in linked if not (ROOT / one).exists()] == []
