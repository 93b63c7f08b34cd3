"""A mistake that is named explains the answer: on arrays, too, that no check uses."""

import os
import warnings

import numpy as np
import pytest

from helpers.exercises import EXERCISES, diagnosis, guard
from helpers.exercises.exercise import SIZES
from tests.exercises.mutants import mutant
from tests.exercises.test_no_false_right import OTHER
from tests.exercises.written import define

SOAK = os.environ.get("TM_SOAK") == "1"
WRITTEN = [exercise for exercise in EXERCISES.values() if exercise.level != "predict"]
EACH = 10_000 // len(WRITTEN) + 1 if SOAK else 10
NO_FORMULA = ("input overwritten", "(N,) against (N, 1)", "rounding", "another order",
              "a number for a formula")


def outputs_of(function, arguments):
    """The outputs as arrays, or None where the function fails."""
    try:
        value = function(*[np.array(a) if np.ndim(a) else a for a in arguments])
    except Exception:
        return None
    return [np.asarray(part) for part in (value if isinstance(value, tuple) else (value,))]


def explained(exercise, function, mistake, arguments):
    """Whether a formula of this name gives an output of the function, or fails as it does."""
    given = outputs_of(function, arguments)
    for k in range(len(exercise.outputs)):
        for one in diagnosis.candidates(exercise, k):
            if one.name == mistake:
                told = diagnosis.attempt(one.formula, arguments)
                if (given is None or told is None) and (given is None or len(exercise.outputs) > 1):
                    return True
                if told is not None and given is not None and diagnosis.alike(given[k], told):
                    return True
    return False


@pytest.mark.parametrize("exercise", WRITTEN, ids=lambda exercise: exercise.name)
def test_a_name_explains_the_answer_on_other_arrays(exercise, monkeypatch):
    monkeypatch.setattr(guard, "LIMIT", 2.0)
    random = np.random.default_rng(sum(map(ord, exercise.name)) + 2)
    others = [exercise.draw(sizes, 2000 + seed) for seed, sizes in enumerate((*OTHER, SIZES[0]))]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for _ in range(EACH):
            source = mutant(exercise.answer, random, random.integers(1, 3))
            try:
                function = define(exercise.name, source)
            except (SyntaxError, NameError):
                continue
            mistake = exercise.check(function).mistake
            if mistake and mistake not in NO_FORMULA:
                assert all(explained(exercise, function, mistake, arguments)
                           for arguments in others), (source, mistake)


@pytest.mark.parametrize("exercise", WRITTEN, ids=lambda exercise: exercise.name)
def test_every_listed_mistake_is_wrong_and_not_the_one_before_again(exercise):
    cases, met = exercise.cases(), {name: [] for name in exercise.outputs}
    for mistake in exercise.mistakes:
        given = [diagnosis.attempt(mistake.formula, case) for case in cases]
        for k, name in enumerate(exercise.outputs):
            if mistake.output in ("", name):
                right = [exercise.truth(case)[k] for case in cases]
                flat = [a.ravel() if a is not None and a.size == b.size else a
                        for a, b in zip(given, right, strict=True)]  # other axes have a name
                right = [b.ravel() for b in right]
                assert not all(map(same, flat, right)), mistake
                again = [one.name for one, told in met[name] if all(map(same, given, told))]
                assert not again or (mistake.name, again[0]) == (
                    "ε hard-coded", "ε forgotten"), mistake  # one that is next to none
                met[name].append((mistake, given))


def same(a, b):
    """Whether two formulas give the same in a case, or fail both."""
    return diagnosis.alike(a, b) if a is not None and b is not None else a is b


def test_a_small_mistake_in_one_entry_is_no_rounding():
    def wrong(G, X):
        dX = G * (X > 0)
        dX.flat[-1] += 1e-5
        return dX

    feedback = EXERCISES["relu_backward"].check(wrong)
    assert not feedback.right and feedback.mistake == ""


def test_a_crash_that_the_mistake_does_not_explain_is_not_put_on_it():
    def crashing(G, X, W):
        if len(G) != 3:
            raise RuntimeError("something else")
        return G @ W.T, X.T @ G, G.mean(0)

    feedback = EXERCISES["affine_backward"].check(crashing)
    assert not feedback.right and feedback.mistake == ""


@pytest.mark.parametrize("exercise", WRITTEN, ids=lambda exercise: exercise.name)
def test_a_mistake_is_a_formula_that_gives_numbers(exercise):
    """Of one that gives nan where no size is 1 no answer is ever told."""
    arguments = exercise.draw(SIZES[0], 3000)
    for mistake in exercise.mistakes:
        told = diagnosis.attempt(mistake.formula, arguments)
        assert mistake.name == "overflow" or told is None or np.isfinite(told).all(), mistake.remedy
