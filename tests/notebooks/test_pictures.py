"""Stored pictures can be seen, say what they show, and a wrong one is noticed."""

import base64
import io

import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_output

from tests.notebooks.pictures import MOST, changed, compare, decoded, distance, watch
from tests.notebooks.rerun import NOTEBOOKS

OUTPUTS = [(f"{path.stem[:2]}-{cell.id}", output)
           for path in NOTEBOOKS for cell in nbformat.read(path, 4).cells
           for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]


def png(text, width=4):
    """A picture with `text` in it, in the letters of a widget's picture."""
    figure = Figure(figsize=(width, 1), dpi=100)
    figure.text(0.5, 0.5, text, fontsize=9)
    kept = io.BytesIO()
    figure.savefig(kept, format="png")
    return base64.b64encode(kept.getvalue()).decode()


def shown(*pictures, alt="a number"):
    return [new_output("display_data", {"image/png": one, "text/plain": alt},
                       metadata={"image/png": {"alt": alt}}) for one in pictures]


@pytest.mark.parametrize("output", [one for _, one in OUTPUTS], ids=[name for name, _ in OUTPUTS])
def test_a_stored_picture_is_one(output):
    """It decodes, is as wide as its widget or figure, shows something, and its words are there."""
    pixels = decoded(output.data["image/png"])
    assert 600 <= pixels.shape[1] <= 1250 and pixels.shape[0] >= 100
    assert np.ptp(pixels) > 0.5
    assert output.metadata["image/png"]["alt"] == output.data["text/plain"].strip()


def test_the_same_picture_is_the_same():
    assert changed(shown(png("0.1234")), shown(png("0.1234"))) == ""
    smoothed = decoded(png("0.1234")) + np.random.default_rng(0).normal(0, 0.01, (100, 400, 3))
    assert distance(decoded(png("0.1234")), smoothed) < MOST


@pytest.mark.parametrize(("stored", "words"), [
    ([png("0.1234"), png("0.5000")], "picture 2 is not the one drawn today"),  # one digit
    ([png("0.1234"), png("0.5678", width=5)], "picture 2 is not the one"),
    ([png("0.5678"), png("0.1234")], "picture 1 is not the one"),  # swapped
    ([png("0.1234")], "1 pictures are stored, 2 were drawn"),  # one removed
])
def test_a_wrong_picture_is_noticed(stored, words):
    assert words in changed(shown(*stored), shown(png("0.1234"), png("0.5008")))


def test_other_words_are_noticed():
    assert "is described as" in changed(shown(png("1")), shown(png("1"), alt="another"))


def test_a_broken_picture_is_none():
    whole = base64.b64decode(png("0.1234"))
    with pytest.raises((OSError, SyntaxError, ValueError)):
        decoded(base64.b64encode(whole[:-200]).decode())


class Cell:
    """What of an nbval cell is asked here."""

    def __init__(self):
        self.comparison_traceback = []

    def compare_outputs(self, drawn, stored, skip_compare=None):
        return [one.data["text/plain"] for one in drawn] == [
            one.data["text/plain"] for one in stored]


@pytest.mark.parametrize(("stored", "same"), [
    (shown(png("1")), True), (shown(png("2")), False), (shown(png("1"), alt="else"), False)])
def test_a_cell_that_nbval_runs_is_compared(stored, same):
    cell = Cell()
    watch([cell, object()])
    assert cell.compare_outputs(shown(png("1")), stored) is same
    assert cell.compare_outputs.func is compare
