"""Results in the prose: each number was computed by a cell, or is computed here.

A number is a result where it has three decimals or more, or is a percentage with decimals. It is
found by value: the notebook's code or what its cells print has one that rounds to it. What a
student reads off a widget after using it is no cell's output: `LABS` uses the widget so.
"""

import math
import re

import nbformat
import numpy as np
import pytest

from helpers import ActivationLab, BatchNormLab, ChainRuleLab, DepthLab, OutputLossLab
from tests.notebooks.rerun import NOTEBOOKS

RESULT = re.compile(r"(?<![\w.,/])\d[\d,]*\.\d{3,}(?![\d/])|(?<![\w.,/])\d[\d,]*\.\d+(?= ?%)")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d*)?(?:e[-+]?\d+)?")
UNITS = ("sigmoid", "tanh", "ReLU")
READ = {path.stem[:2]: nbformat.read(path, 4).cells for path in NOTEBOOKS}

# Notebook and cell, what the student does, what is then read.
LABS = [
    ("01", "activation-tasks", lambda: ActivationLab(units=UNITS, mean=3), ["79.5", "51.4", "0.3"]),
    ("01", "depth-tasks", lambda: DepthLab(units=UNITS, depth=30), ["0.1112"]),
    ("03", "lab-tasks", lambda: ChainRuleLab(), ["0.2574"]),
    ("03", "lab-tasks", lambda: ChainRuleLab(shrink=1), ["0.0636"]),
    ("03", "lab-tasks", lambda: ChainRuleLab(shrink=2), ["0.0158"]),
    ("03", "lab-tasks", lambda: ChainRuleLab(shrink=3), ["0.0039"]),
    ("03", "lab-tasks", lambda: ChainRuleLab(dx=(0.4, 0)), ["0.0000"]),
    ("11", "output-tasks", lambda: OutputLossLab(z=-6, y="1", steps=100), ["0.0048"]),
    ("11", "output-tasks", lambda: OutputLossLab(z=-4, y="1", steps=100), ["0.9297"]),
    ("11", "output-tasks", lambda: OutputLossLab(z=-6, y="1", eta=10), ["0.9499"]),
    ("11", "output-tasks", lambda: OutputLossLab(z=-6, y="1"), ["0.9575"]),
]
# What a sentence works out by itself.
WORKED_OUT = {
    ("01", "depth-tasks"): [math.sqrt(2)],
    ("01", "exercise-saturated-share-text"): [1 / (1 + math.exp(-3))],
    ("07", "overfit-text"): [-math.log(1 / 10)],
    ("11", "check-stable-answer"): [math.exp(-710 + 309 * math.log(10))],
    ("17", "rate-text"): [-math.log(1 / 10)],
}


def outlier() -> list[float]:
    """Notebook 15: X̂ of the four others where the first example's x is 20, largest |dX|, twice."""
    here = {"np": np}
    exec(next(cell.source for cell in READ["15"] if cell.id == "batch"), here)
    lab = BatchNormLab(here["X"], here["gamma"], here["beta"], G=here["G"], eps=here["eps"])
    largest = [abs(lab.gradient[:, 0]).max()]
    X = here["X"].copy()
    X[0, 0] = 20
    lab.set(X=X)
    C = X[:, 0] - X[:, 0].mean()
    return [*abs(C[1:] / np.sqrt((C**2).mean() + here["eps"])), *largest,
            abs(lab.gradient[:, 0]).max()]


WORKED_OUT["15", "lab-counts"] = outlier()


def values(text) -> list[float]:
    """All numbers in a text, without their signs."""
    return [float(found.replace(",", "")) for found in NUMBER.findall(text)]


def computed(cells) -> list[float]:
    """All numbers in the code of a notebook and in what its cells print."""
    texts = [text for cell in cells if cell.cell_type == "code" for text in (
        cell.source, *(output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
                       for output in cell.outputs))]
    return [value for text in texts for value in values(text)]


def unfounded(prose, known) -> list[str]:
    """The results in `prose` that no known number rounds to."""
    return [result for result in RESULT.findall(prose) if not any(
        abs(value - float(result.replace(",", ""))) <= 0.501 * 10.0 ** -len(result.split(".")[1])
        for value in known)]


@pytest.mark.parametrize("notebook", READ)
def test_every_result_in_the_prose_was_computed(notebook):
    known = computed(READ[notebook])
    found = {}
    for cell in READ[notebook]:
        here = WORKED_OUT.get((notebook, cell.id), []) + [
            float(number) for lab in LABS if lab[:2] == (notebook, cell.id) for number in lab[3]]
        if cell.cell_type == "markdown" and (lost := unfounded(cell.source, known + here)):
            found[cell.id] = lost
    assert found == {}, "no cell computes it: mend the sentence, or say in LABS where it is read"


@pytest.mark.parametrize(("notebook", "cell", "lab", "numbers"), LABS)
def test_what_is_read_off_a_widget(notebook, cell, lab, numbers):
    prose = next(one.source for one in READ[notebook] if one.id == cell)
    says = repr(lab())
    for number in numbers:
        assert number in prose and re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", says)


def test_what_is_worked_out_is_said():
    for (notebook, cell), known in WORKED_OUT.items():
        prose = next(one.source for one in READ[notebook] if one.id == cell)
        assert unfounded(prose, computed(READ[notebook])) and not unfounded(
            prose, computed(READ[notebook]) + known + [
                float(number) for lab in LABS if lab[:2] == (notebook, cell) for number in lab[3]])


@pytest.mark.parametrize(("prose", "lost"), [
    ("a loss of 0.1234", []), ("a loss of 0.1235", ["0.1235"]), ("12.3 %, not 12.4 %", ["12.4"]),
    ("version 3.10.8, doi.org/10.24432/C50P49, chapter 6.2", [])])
def test_a_changed_number_is_noticed(prose, lost):
    assert unfounded(prose, [0.12341, 12.3]) == lost
