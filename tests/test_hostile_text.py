"""Whatever is typed, pasted or comes by link: an answer in one line, at once, and nothing is run.

`make soak` tries 100,000 texts.
"""

import sys
import time

import pytest

from helpers import (
    GraphStepper,
    JacobianExplorer,
    ReplacementFinder,
    compose,
    exercises,
    operation,
)
from helpers.calculus.errors import LessonError
from helpers.calculus.graph import Graph
from helpers.calculus.graph.expression import names_in
from helpers.widgets.explorer import acts
from helpers.widgets.graph import quiz, state
from helpers.widgets.kit.away.link import LONGEST, read, unpacked
from tests.amount import amount
from tests.hostile import texts

TYPED = 8200  # characters; some more than an expression may have
SECONDS = 0.05  # of processor time, for one answer
STEPPER, EXPLORER = GraphStepper()._present, JacobianExplorer("leaky_relu")._present


def to_explorer(**gesture):
    return lambda text: acts.act(EXPLORER, gesture | {"value": text})


READERS = {  # all that takes a text, and how long a text is tried
    "a graph": (lambda text: Graph(text, **dict.fromkeys(names_in(text), 1.0)), TYPED),
    "the stepper": (lambda text: state.act(STEPPER, {"kind": "text", "text": text}), TYPED),
    "a value of the stepper": (
        lambda text: state.act(STEPPER, {"kind": "value", "name": "x0", "value": text}), TYPED),
    "an answer in the quiz": (quiz.number_in, TYPED),
    "a number's cell": (to_explorer(kind="edit", name="X", index=0), TYPED),
    "a parameter": (to_explorer(kind="parameter", name="alpha"), TYPED),
    "the choice of an operation": (to_explorer(kind="choose", what="operation"), TYPED),
    "an operation": (operation, TYPED),
    "a map": (compose, TYPED),
    "a finder": (ReplacementFinder, TYPED),
    "an exercise": (lambda text: getattr(exercises, text), TYPED),
    "the cell of a link": (read, LONGEST + 10),
    "a link": (unpacked, LONGEST + 10)}
COUNT = amount(25, 240, -(-100_000 // len(READERS)))


FORBIDDEN = {"exec", "import", "open", "os.system", "subprocess.Popen"}
SEEN, WATCHING = set(), []
# Python tells of all that runs. Of a cell that it cannot read it wants to show the line.
sys.addaudithook(lambda event, about: WATCHING and about[:1] != ("<unknown>",) and SEEN.add(event))


def answer(reader, text):
    """(what a reader says against a text or "", seconds of processor time)."""
    began, said = time.thread_time(), ""
    WATCHING.append(True)
    try:
        reader(text)
    except LessonError as error:
        said = str(error)
    finally:
        WATCHING.clear()
    return said, time.thread_time() - began


@pytest.mark.parametrize("name", READERS)
def test_hostile_text_gets_a_line_at_once_and_nothing_runs(name):
    reader, longest = READERS[name]
    answer(reader, "x"), SEEN.clear()  # what is loaded when it is first asked for
    for text in texts(name, COUNT, longest):
        said, seconds = answer(reader, text)
        assert "\n" not in said and len(said) < 1300, (said, text)
        # Once more where another program was in the way.
        assert seconds < SECONDS or min(answer(reader, text)[1] for _ in range(5)) < SECONDS, text
    assert set() == SEEN & FORBIDDEN
