"""Every student has other numbers, and the grader knows whose they are."""

import re
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pytest

from helpers import exercises
from helpers.exercises import EXERCISES, cells, own_numbers
from helpers.exercises.__main__ import main
from helpers.exercises.exercise import ExerciseError
from helpers.exercises.grading import found, grade, names_in, one, release
from helpers.exercises.judge import judge
from tests.amount import amount
from tests.exercises.grading.made_up import Here
from tests.exercises.other_numbers import OTHER
from tests.exercises.test_notebooks import FOLDER, WITH

NAMES = [f"student {k}" for k in range(amount(3, 8, 500))]
SIGNED = r"(?:[−+-] ?)?\d[\d,]*\.?\d*"  # a number, with the sign before it
HANDED_OUT = {  # of the numbers that thirty students are asked with, by the name of the exercise
    "saturated_share": "b075fda8", "stack_numbers": "c3b36cc0", "what_survives": "0768fe19",
    "gate_gradients": "bd80bdb1", "reuse_gradient": "80b56fdd", "pass_counts": "17e7b5f5",
    "jacobian_shapes": "3bc7e097", "predicted_change": "2b74cb15", "sigmoid_entries": "9695b722",
    "relu_cost": "0643f734", "norm_entries": "de421301", "batch_of_one": "74c7d4b5",
    "sum_tensor": "85c449e6", "passes": "b84c4bf1", "sgd_by_hand": "6b037e63",
    "batch_loss": "d29f08ff", "walk_calls": "9e5136b6", "steps_unzeroed": "06c9b8ba",
    "layout_shapes": "2bf5e8ef", "chosen_rate": "afd4aa75"}


def test_every_prediction_has_own_numbers_but_the_one_that_numbers_do_not_decide():
    predictions = {name for name, row in EXERCISES.items() if row.level == "predict"}
    assert predictions - set(own_numbers.MAKERS) == {"name_the_mistake"}
    assert all(own_numbers.telling(EXERCISES[name]) for name in own_numbers.MAKERS)


@pytest.mark.parametrize("name", own_numbers.MAKERS)
def test_with_any_numbers_the_solution_is_right_and_mistakes_have_their_names(name):
    for student in NAMES:
        drawn = own_numbers.own(EXERCISES[name], student)
        assert judge(drawn, drawn_answer(drawn)).right, drawn.task
        (first, *rest) = drawn.truth(())
        for mistake in drawn.mistakes:
            at = drawn.outputs.index(mistake.output) if mistake.output else 0
            value = mistake.formula()
            answer = [value if k == at else right for k, right in enumerate([first, *rest])]
            said = judge(drawn, answer[0] if len(answer) == 1 else tuple(answer))
            assert not said.right and said.mistake, (drawn.task, mistake.name)
        assert own_numbers.own(EXERCISES[name], student).task == drawn.task
    many = [own_numbers.own(EXERCISES[name], f"student {k}") for k in range(40)]
    assert len({one.task for one in many}) > 3 and len({one.answer for one in many}) > 3


@pytest.mark.parametrize("name", own_numbers.MAKERS)
def test_what_was_handed_out_is_graded_with_the_same_numbers(name):
    """Notebooks come back weeks later, to another version of this package or of NumPy."""
    tasks = [own_numbers.own(EXERCISES[name], f"student {k}").task for k in range(30)]
    numbers = " ".join(re.findall(r"−?\d+\.?\d*", " ".join(tasks)))
    assert sha256(numbers.encode()).hexdigest()[:8] == HANDED_OUT[name], (
        "who has a notebook already would be asked with other numbers")


@pytest.mark.parametrize("name", own_numbers.MAKERS)
def test_with_other_numbers_all_that_is_said_is_of_these(name):
    """What is right, what each mistake gives, and the numbers of remedies, hints and reason."""
    numbers, right, wrong, words = OTHER[name]
    made = own_numbers.MAKERS[name](*numbers)
    mistakes = [row for row in made.mistakes if row.name != "larger unit"]  # 60 of one kind
    for given, wanted in ((made.truth(()), right), ([row.formula() for row in mistakes], wrong),
                          ([drawn_answer(made)], [right if len(right) > 1 else right[0]])):
        for a, b in zip(given, wanted, strict=True):
            flat = [np.concatenate([np.ravel(x) for x in v]) if isinstance(v, tuple) else v
                    for v in (a, b)]
            np.testing.assert_allclose(*flat, rtol=1e-9, atol=1e-12)
    said = [" ".join(row.remedy for row in mistakes), " ".join(made.hints), made.derivation]
    found = [" ".join(number.rstrip(".,").replace(" ", "") for number in re.findall(SIGNED, text))
             for text in said]
    assert " | ".join(filter(None, found)) == words


def test_a_count_of_bytes_in_a_larger_unit_is_told_which():
    for row in EXERCISES["relu_cost"].mistakes:
        if row.name == "larger unit":
            power = "kMG".index(row.remedy.removeprefix("That is in ")[0]) + 1
            assert any(abs(row.formula() * base**power / (8 * (32 * 512)**2) - 1) < 0.3
                       for base in (1000, 1024)), row.remedy


def drawn_answer(exercise):
    space = {}
    exec(exercise.answer, space)
    return space[exercise.name]


@pytest.fixture
def handed_out(tmp_path):
    """The notebooks of Ann and of Bob."""
    names = tmp_path / "names.txt"
    names.write_text("ann\n\nbob\n", "utf-8")
    notebook = str(FOLDER / "04_tensor_derivatives.ipynb")
    assert main(["release", notebook, "--to", str(tmp_path / "out"), "--seed-by-name",
                 str(names)]) == 0
    return {name: tmp_path / "out" / name / "04_tensor_derivatives.ipynb" for name in
            ("ann", "bob")}


def test_a_notebook_asks_and_checks_with_the_numbers_of_its_student(handed_out, monkeypatch):
    monkeypatch.setattr(exercises, "STUDENT", [None])
    texts = {}
    for name, path in handed_out.items():
        sources = ["".join(cell["source"]) for cell in cells.read(path)["cells"]]
        own = own_numbers.own(EXERCISES["sigmoid_entries"], name)
        texts[name] = own.task
        assert any(source.endswith(own.task) for source in sources)
        imports = next(source for source in sources if "from helpers import" in source)
        assert imports.endswith(f"exercises.numbers_of('{name}')"), "before anything is checked"
        exercises.numbers_of(name)
        assert exercises.sigmoid_entries.check(drawn_answer(own)).right
        assert exercises.relu_backward is EXERCISES["relu_backward"]
    assert texts["ann"] != texts["bob"]


def test_the_answer_of_a_neighbour_is_not_one_s_own(handed_out, tmp_path, monkeypatch):
    monkeypatch.setattr(one, "Kernel", Here)
    answer = own_numbers.own(EXERCISES["sigmoid_entries"], "ann").answer
    for path in handed_out.values():
        notebook = cells.read(path)
        for cell in notebook["cells"]:
            if cells.checked(cell) is EXERCISES["sigmoid_entries"]:
                cell["source"] = EXERCISES["sigmoid_entries"].cell(answer)
        cells.write(notebook, path)
    results, _ = grade(found([tmp_path / "out"]), jobs=1, seed=1, seconds=60, whole=False,
                       by_name=True)
    assert [table["exercises"]["sigmoid_entries"]["state"] for table in results] == [
        "solved", "tried"]


@pytest.mark.parametrize("path", WITH, ids=lambda path: path.stem)
def test_every_prediction_of_a_notebook_asks_with_the_numbers_of_its_student(path, tmp_path):
    (made,) = release([path], tmp_path, ["ann"])
    above = {}
    for before, cell in pairwise(cells.read(made)["cells"]):
        if cells.checked(cell):
            above[cells.checked(cell).name] = "".join(before["source"])
    for name in above.keys() & own_numbers.MAKERS.keys():
        assert above[name].endswith(f" {own_numbers.own(EXERCISES[name], 'ann').task}")


@pytest.mark.parametrize("name", ["..", ".", "../bob", "/etc", "a/b", "a\\b", "a\nb", "c:x"])
def test_a_name_that_is_no_folder_is_refused(name, tmp_path):
    with pytest.raises(ExerciseError, match="cannot be the name of a folder"):
        release([FOLDER / "04_tensor_derivatives.ipynb"], tmp_path / "out", [name])
    assert list(tmp_path.iterdir()) == []


def test_a_list_of_names_has_each_once(tmp_path):
    path = tmp_path / "names.txt"
    for text, said in (("ann\nann\n", "ann again"), ("\n", "a name a line")):
        path.write_text(text)
        with pytest.raises(ExerciseError, match=said):
            names_in(path)
