"""docs/syllabus.md: every promise of the course names cells, and the cells are there."""

import re
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.rerun import NOTEBOOKS

PAGE = (Path(__file__).parents[2] / "docs" / "syllabus.md").read_text(encoding="utf-8")
# number of items in each section, and the formulas that are put to the test
ITEMS = {0: 2, 1: 8, 2: 7, 3: 7, 4: 6, 5: 3, 6: 4, 7: 3}
TESTED = ["1.3a", "1.3b", "1.3c", "1.3d", "1.3e", "1.3f", "1.8a", "2.6a", "3.6a", "4.4a", "4.4b"]
ROWS = re.findall(r"^\| (⚠ )?(\d\.\d[a-f]?) \| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
CELLS = {path.stem: {cell.id: cell.source for cell in nbformat.read(path, 4).cells}
         for path in NOTEBOOKS}


def named(cells):
    """(notebook, cell id) for each cell that the last column of a row names."""
    for part in cells.split("; "):
        notebook, *ids = re.findall(r"`([^`]+)`", part)
        yield from ((notebook, cell_id) for cell_id in ids)


def missing(cells):
    """What the last column of a row names and no notebook has."""
    return [pair for pair in named(cells) if pair[1] not in CELLS.get(pair[0], {})]


@pytest.mark.parametrize(("sign", "number", "what", "cells"), ROWS, ids=[row[1] for row in ROWS])
def test_the_cells_of_an_item_are_there(sign, number, what, cells):
    assert list(named(cells)) and not missing(cells)


def test_a_cell_that_is_gone_is_noticed():
    assert missing("`01_activations`: `network`, `gone`; `09_none`: `title`") == [
        ("01_activations", "gone"), ("09_none", "title")]


def test_every_item_has_a_row():
    numbers = [number for _, number, _, _ in ROWS]
    assert len(numbers) == len(set(numbers))
    assert [n for n in numbers if n[-1].isdigit()] == [
        f"{section}.{i + 1}" for section, count in ITEMS.items() for i in range(count)]


def test_every_formula_under_test_is_predicted_and_answered():
    """A row with ⚠ names cells that ask for a guess, check the formula and say what is right."""
    assert [number for sign, number, _, _ in ROWS if sign] == TESTED
    for sign, number, _, cells in ROWS:
        if sign:
            sources = [CELLS[notebook][cell_id] for notebook, cell_id in named(cells)]
            asked = "\n".join(sources)
            assert "### Check the formula" in asked and "**Predict.**" in asked, number
            assert re.search("[Rr]ight|legal|\\*\\*Either", asked), number


def test_every_notebook_is_named():
    assert {notebook for row in ROWS for notebook, _ in named(row[3])} == set(CELLS)
