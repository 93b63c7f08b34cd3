"""The report on a class: what was planted is found, exactly, and nobody is named."""

import csv
import html.parser
import io
import re

import pytest

from helpers.exercises import NOTEBOOKS
from helpers.exercises.__main__ import main
from helpers.exercises.grading import found, grade, one, page, rows, understood
from tests.amount import amount
from tests.exercises.grading import made_up
from tests.exercises.grading.handing_in import cell, notebook

SETTINGS = {"jobs": 2, "seed": 3, "seconds": 300, "whole": False}


@pytest.fixture
def here(monkeypatch):
    """No kernels: every notebook is run in this process."""
    monkeypatch.setattr(one, "Kernel", made_up.Here)


def table(path):
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))


def results_of(folder):
    return grade(found([folder]), **SETTINGS)[0]


@pytest.mark.parametrize("lesson", list(NOTEBOOKS)[3:3 + amount(1, 1, 8)])
def test_a_class_of_thirty_is_understood_exactly(here, tmp_path, lesson):
    planted = made_up.made(tmp_path, 30, lesson)
    results = results_of(tmp_path)
    assert made_up.found(understood.about_class(results)) == planted
    assert sum(row[2] for row in rows(results)[1:] if row[5] == "") == sum(
        times for (_, what), times in planted.items() if what == "solved")


@pytest.mark.kernel
def test_a_class_in_kernels_is_understood_exactly(tmp_path, capsys):
    planted = made_up.made(tmp_path / "in", amount(1, 2, 30), seed=1)
    out = {name: tmp_path / name for name in ("grades.csv", "results", "class.html")}
    assert main(["grade", str(tmp_path / "in"), "--jobs", "2", "--csv", str(out["grades.csv"]),
                 "--json", str(out["results"]), "--report", str(out["class.html"])]) == 0
    given = table(tmp_path / "class-mistakes.csv")
    told = {(row[1], row[5].lstrip("'")): int(row[6]) for row in given[1:] if row[5]}
    wanted = {(name, what or "no named mistake"): times for (name, what), times in planted.items()
              if what not in ("solved", "not tried")}
    assert told == wanted
    marks = list(csv.DictReader(io.StringIO(out["grades.csv"].read_text("utf-8-sig"))))
    assert sum(int(row["solved"]) for row in marks) == sum(
        times for (_, what), times in planted.items() if what == "solved")
    assert "with a name" not in out["class.html"].read_text("utf-8")


class Strict(html.parser.HTMLParser):
    """Every tag is closed in its order; the tags and the attributes that there are."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.attributes = [], set(), set()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag not in ("meta", "!doctype"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_sound_asks_no_network_and_runs_nothing(here, tmp_path):
    evil = "<script>alert(1)</script>"
    notebook(tmp_path / evil.replace("/", "") / "04.ipynb",
             cell("relu_backward", f"raise ValueError({evil!r})"))
    text = page(results_of(tmp_path))
    reader = Strict()
    reader.feed(text)
    assert reader.open == [] and not reader.tags & {"script", "img", "link", "iframe", "a"}
    assert not reader.attributes & {"src", "href", "onload", "onclick"}
    assert "url(" not in text and "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text and "@media print" in text
    assert "with other numbers" not in text and "with other numbers" in page([], by_name=True)


def test_an_example_shows_the_answer_and_not_who_wrote_it():
    code = ('"""By Ann."""\nname = "Ann"\ndef relu_backward(G, X):\n    """Ann."""  # Ann\n'
            "    return G\nprint(name)")
    assert understood.nameless(code, "relu_backward") == (
        "def relu_backward(G, X):\n    return G")
    assert "Ann" not in understood.nameless("def Ann(:", "relu_backward")


def test_what_is_shown_of_an_answer_is_what_binds_its_name():
    def shown(code):
        return understood.nameless(code, "f")

    assert shown("def f(x):\n    'Ann'") == "def f(x):\n    pass"
    assert shown("def f(x):\n    3\n    return x") == "def f(x):\n    3\n    return x"
    assert shown("def f(x):\n    g('Ann')\n    return x").endswith("g('Ann')\n    return x")
    assert shown("g = f = 3\nh = 4") == "g = f = 3" and shown("f.g = 3\nf = 4") == "f = 4"
    assert shown("if x:\n    'Ann'\n    y = 2  # Ann") == "if x:\n    y = 2"
    assert shown("def g():\n    pass") == "def g():\n    pass"
    assert shown("f = " + "(" * 500 + "1" + ")" * 500) == "(this is no Python yet)"


def test_of_answers_that_are_equally_frequent_the_shortest_is_shown():
    def most(*codes):
        return understood.most_frequent("f", [
            {"code": code, "said": f"not yet: {k}"} for k, code in enumerate(codes)])

    assert most("f = 22", "f = 3", "f = 22  # mine") == understood.Wrong(2, "f = 22", "0")
    assert most("f = 22", "f = 4", "f = 3") == understood.Wrong(1, "f = 3", "2")
    assert most() is None


def test_of_equally_good_verdicts_the_one_of_the_first_file_counts():
    def made(student, file, mistake):
        row = {"state": "tried", "mistake": mistake, "said": "", "code": ""}
        return {"student": student, "file": file, "exercises": {"relu_backward": row}}

    found = understood.by_student([made("bob", "b", "x"), made("ann", "z", "late"),
                                   made("ann", "a", "early")])
    assert list(found) == ["ann", "bob"]
    assert found["ann"]["relu_backward"]["mistake"] == "early"


def test_the_most_frequent_answer_without_a_name_has_its_first_wrong_entry(here, tmp_path):
    for k, body in enumerate(["return G * 3", "return 3 * G * (X > 0)", "return G * 3  # mine"]):
        notebook(tmp_path / f"s{k}.ipynb", cell("relu_backward", body))
    about = understood.about("relu_backward", understood.by_student(results_of(tmp_path)))
    assert about.mistakes == [] and about.unnamed.count == 2
    assert about.unnamed.code.endswith("return G * 3")
    assert re.match(r"dX\[0, 0\] is .*, but should be ", about.unnamed.said)


def test_of_a_student_s_several_notebooks_the_best_counts(here, tmp_path):
    for name, body in (("first", "return G"), ("second", "answer"), ("third", "stub")):
        notebook(tmp_path / "ann" / f"{name}.ipynb", cell("relu_backward", body))
    (about,) = [row for row in understood.about_class(results_of(tmp_path))["04_tensor_derivatives"]
                if row.name == "relu_backward"]
    assert about.states == {"solved": 1, "tried": 0, "not tried": 0}


def test_of_several_answers_in_one_notebook_the_best_counts(here, tmp_path):
    notebook(tmp_path / "ann.ipynb", cell("relu_backward", "return G"), cell("relu_backward"),
             cell("relu_backward", "stub"))
    (table,) = results_of(tmp_path)
    assert table["exercises"]["relu_backward"]["state"] == "solved"
