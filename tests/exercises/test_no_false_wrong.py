"""No right answer is called wrong, in whatever style, memory order or precision it is written."""

import os
import warnings

import numpy as np
import pytest

from helpers.exercises import EXERCISES
from tests.exercises.right_answers import RIGHT
from tests.exercises.styles import OTHER, OUTPUTS, styled

SOAK = os.environ.get("TM_SOAK") == "1"
WRITTEN = [exercise for exercise in EXERCISES.values() if exercise.level != "predict"]
EACH = 10_000 // len(WRITTEN) + 1 if SOAK else 8


def sources(exercise):
    """The texts of right functions: the solution, and those in other styles."""
    head = exercise.stub.split("\n")[0] + "\n    "
    bodies = RIGHT.get(exercise.name, [])
    return [exercise.answer, *(head + body.replace("\n", "\n    ") for body in bodies)]


@pytest.mark.parametrize("exercise", WRITTEN, ids=lambda exercise: exercise.name)
def test_right_answers_in_unusual_style_pass(exercise):
    random = np.random.default_rng(sum(map(ord, exercise.name)) + 1)
    texts = sources(exercise)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for count in range(EACH):
            function, said = styled(exercise, texts[count % len(texts)], random)
            feedback = exercise.check(function)
            assert feedback.right, f"{said}\n{feedback}"


@pytest.mark.parametrize("out", OUTPUTS)
def test_every_kind_of_array_is_taken(out):
    for name in ("affine_backward", "bias_backward", "relu_backward"):
        right = {}
        exec(EXERCISES[name].answer, {"np": np}, right)

        def function(*arguments, right=right[name]):
            value = right(*arguments)
            parts = value if isinstance(value, tuple) else (value,)
            parts = tuple(out(np.asarray(part, float)) for part in parts)
            return parts if isinstance(value, tuple) else parts[0]

        assert EXERCISES[name].check(function).right


def test_the_styles_do_change_the_text():
    random = np.random.default_rng(0)
    texts = {styled(EXERCISES["batchnorm_backward"], EXERCISES["batchnorm_backward"].answer,
                    random)[1].split("#")[0] for _ in range(20)}
    assert len(texts) > 10 and len(OTHER) == 12


def test_wrong_answers_in_these_clothes_are_still_wrong():
    random = np.random.default_rng(3)
    exercise = EXERCISES["affine_backward"]
    wrong = exercise.answer.replace("G.sum(0)", "G.sum(0) * 1.001")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert not any(exercise.check(styled(exercise, wrong, random)[0]).right for _ in range(40))
