"""The grader's inputs and its plain numbers change no verdict: the judge says what it says here."""

import pytest

from helpers.exercises import EXERCISES
from helpers.exercises.judge import NOT_ATTEMPTED
from tests.amount import amount, spread
from tests.exercises.grading.asked import feedback, on_body
from tests.exercises.right_answers import RIGHT
from tests.exercises.test_answers import ROWS
from tests.exercises.written import define

SEEDS = range(1, 1 + amount(1, 2, 100))
every = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda one: one.name)


@every
def test_a_solution_is_right_on_any_inputs_and_a_stub_is_not_tried(exercise):
    solution = define(exercise.name, exercise.answer)
    said = [feedback(exercise, solution, seed) for seed in SEEDS]
    assert all(one.right for one in said), said
    assert repr(feedback(exercise, define(exercise.name, exercise.stub))) == NOT_ATTEMPTED


@pytest.mark.parametrize(("exercise", "mistake", "body"), spread(ROWS, amount(40, 80, 10_000)))
def test_a_mistake_has_its_name_on_any_inputs(exercise, mistake, body):
    for seed in range(1, 1 + amount(1, 1, 20)):
        said = on_body(exercise, body, seed)
        assert not said.right and said.mistake == (mistake or ""), (seed, said)


def test_an_answer_that_knows_the_inputs_of_the_lesson_is_wrong_on_others():
    exercise = EXERCISES["relu_backward"]
    known = {X.tobytes(): G * (X > 0) for G, X in exercise.cases()}
    assert exercise.check(lambda G, X: known[X.tobytes()]).right
    assert "KeyError" in repr(feedback(exercise, lambda G, X: known[X.tobytes()]))
    said = feedback(exercise, lambda G, X: known.get(X.tobytes(), G))
    assert said.mistake == "mask forgotten"


@pytest.mark.parametrize("name", spread(sorted(RIGHT), amount(5, 10, 1000)))
def test_right_answers_in_any_style_are_right(name):
    assert all(on_body(EXERCISES[name], body).right for body in RIGHT[name])
