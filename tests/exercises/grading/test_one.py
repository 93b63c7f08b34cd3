"""One notebook, whatever its kernel does: what is run again, what is left out, what is said."""

import pytest

from helpers.exercises.grading import one
from helpers.exercises.grading.handed_in import Handed
from tests.exercises.grading.handing_in import cell, notebook
from tests.exercises.grading.made_up import Here

RIGHT, WRONG = cell("relu_backward"), cell("sigmoid_backward", "return G")


@pytest.fixture
def graded(tmp_path, monkeypatch):
    """Grade a notebook of these cells in kernels of this class; the table, and all kernels."""
    def run(kind, *sources, seconds=1000):
        started = []

        def start(left):
            started.append(kind(left))
            started[-1].left, started[-1].number, started[-1].ran = left, len(started), []
            return started[-1]

        monkeypatch.setattr(one, "Kernel", start)
        path = notebook(tmp_path / "ann.ipynb", *sources)
        return one.graded(Handed(path, "ann", "ann.ipynb"), 1, seconds, False), started

    return run


class Weak(Here):
    """Lost over a cell with a word in it; the first one over an answer, too."""

    def run(self, code, seconds):
        self.ran.append((code, seconds))
        if "lost" in code:
            raise one.Lost("the kernel ended")
        return super().run(code, seconds)

    def ask(self, expression, seconds):
        self.ran.append(("asked", seconds))
        if "weak" in self.space and self.number == 1:
            raise one.Lost("took too long")
        return super().ask(expression, seconds)


def states(table):
    return {name: row["state"] for name, row in table["exercises"].items()
            if row["state"] != "not tried"}


def test_a_cell_that_loses_its_kernel_is_left_out_and_all_else_is_judged(graded):
    table, kernels = graded(Weak, WRONG, "lost = 1\n" + cell("row_layer"), RIGHT)
    assert table["note"] == "cell 2: the kernel ended" and len(kernels) == 2
    assert states(table) == {"sigmoid_backward": "tried", "row_layer": "tried",
                             "relu_backward": "solved"}
    assert table["exercises"]["row_layer"]["said"] == "not yet: stopped: the kernel ended"
    assert table["exercises"]["sigmoid_backward"]["mistake"] == "local gradient forgotten"
    assert [text for text, _ in kernels[1].ran].count("asked") == 1, "nothing is asked twice"
    assert not any("lost" in text for text, _ in kernels[1].ran)


def test_an_answer_that_loses_its_kernel_costs_itself_alone(graded):
    table, kernels = graded(Weak, f"G = weak = 1\n{cell('row_layer', 'return G, weak')}", RIGHT)
    assert states(table) == {"row_layer": "tried", "relu_backward": "solved"}
    assert table["exercises"]["row_layer"]["said"] == "not yet: stopped: took too long"
    assert table["note"] == "cell 1: took too long" and len(kernels) == 2
    assert any("weak" in text for text, _ in kernels[1].ran), "others may read what it binds"


def test_the_time_of_a_cell_is_half_of_what_is_left_or_two_minutes(graded):
    for seconds, most in ((1000, 120), (100, 50), (0.5, 1)):
        table, (kernel,) = graded(Weak, RIGHT, seconds=seconds)
        times = [time for text, time in kernel.ran if text != "asked"]
        assert times and max(times) <= most and min(times) > most - 2
        assert abs(kernel.left - max(seconds, 1)) < 1
        assert 0 <= table["seconds"] == round(table["seconds"], 2)


class Gone(Here):
    def __enter__(self):
        raise one.Lost("the kernel ended")


def test_kernels_that_do_not_start_are_tried_six_times(graded):
    table, kernels = graded(Gone, RIGHT)
    assert len(kernels) == 6 and states(table) == {}
    assert table["note"].startswith("its kernel did not start: the kernel ended; ")
    assert table["note"].endswith("; 6 kernels were lost: the rest was not run")
    assert len(graded(Gone, RIGHT, seconds=0.9)[1]) == 6, "some time is left"
    table, kernels = graded(Gone, RIGHT, seconds=-1)
    assert len(kernels) == 1 and table["note"].endswith("; no time is left for the rest")


class Full(Here):
    def __enter__(self):
        raise OSError("no\nroom")


def test_a_system_without_room_is_told(graded):
    table, (_,) = graded(Full, RIGHT)
    assert table["note"] == "could not be run: OSError: no room" and states(table) == {}
    assert (table["student"], table["file"]) == ("ann", "ann.ipynb")


class Late(Here):
    def run(self, code, seconds):
        return ("KeyboardInterrupt", "") if "late" in code else super().run(code, seconds)


class Lying(Here):
    def ask(self, expression, seconds):
        return "'right'"


def test_what_went_wrong_is_said_once_and_in_words(graded):
    table, _ = graded(Here, "1 / 0", "late\n" + cell("row_layer", "return late"), RIGHT)
    assert table["note"] == "cell 2: NameError: name 'late' is not defined"  # 1 is not needed
    assert states(table) == {"row_layer": "tried", "relu_backward": "solved"}
    table, _ = graded(Here, "row_layer = late\nexercises.row_layer.check(row_layer)", RIGHT)
    assert table["note"] == "cell 1: NameError: name 'late' is not defined"
    assert table["exercises"]["row_layer"]["said"] == (
        "not yet: the cell stopped: NameError: name 'late' is not defined")
    table, _ = graded(Late, "late = 2\n" + cell("row_layer"), RIGHT)
    assert table["note"] == "cell 1: took too long"
    table, _ = graded(Lying, RIGHT)
    assert table["exercises"]["relu_backward"]["said"].startswith("not yet: instead of numbers ")
    assert states(table) == {"relu_backward": "tried"}


def test_of_a_long_answer_the_beginning_is_kept(graded):
    long = "# long\n" * 1000 + RIGHT
    code = graded(Here, long)[0]["exercises"]["relu_backward"]["code"]
    assert len(code) == 4000 and long.startswith(code)


def test_a_notebook_without_exercises_says_so(graded):
    table, kernels = graded(Here, "x = 1")
    assert (table["note"], kernels, table["exercises"]) == ("no exercises found", [], {})
    assert table["seconds"] == 0


def test_of_answers_that_are_equally_good_the_first_is_kept(graded):
    other = cell("sigmoid_backward", "return G * Y")
    for sources, mistake in (((WRONG, other), "local gradient forgotten"),
                             ((other, WRONG), "value for derivative")):
        row = graded(Here, *sources)[0]["exercises"]["sigmoid_backward"]
        assert row["mistake"] == mistake and sources[0].startswith(row["code"])


class Refusing(Here):
    """Its answer is an error of its own, or something that no rule foresaw."""

    def ask(self, expression, seconds):
        raise ValueError("NameError: name 'G' is not defined")


def test_an_answer_that_cannot_be_had_or_judged_is_told(graded, monkeypatch):
    table, _ = graded(Refusing, RIGHT, WRONG)
    assert states(table) == {"relu_backward": "tried", "sigmoid_backward": "tried"}
    assert {table["exercises"][name]["said"] for name in states(table)} == {
        "not yet: your code stopped:\nNameError: name 'G' is not defined"}
    table, _ = graded(Refusing, f"1 / 0\n{RIGHT}")
    assert table["exercises"]["relu_backward"]["said"] == (
        "not yet: the cell stopped: ZeroDivisionError: division by zero")
    monkeypatch.setattr(one.reply, "judged", lambda *_: [][0])
    table, _ = graded(Here, RIGHT)
    assert table["exercises"]["relu_backward"]["said"] == (
        "not yet: this cannot be judged (IndexError).")
    assert states(table) == {"relu_backward": "tried"}
