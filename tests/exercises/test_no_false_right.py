"""No wrong answer is called right: noise on right answers, and right code with pieces exchanged."""

import warnings

import numpy as np
import pytest

from helpers.exercises import EXERCISES, guard
from helpers.exercises.exercise import SIZES
from tests.amount import amount
from tests.exercises.mutants import mutant, noisy
from tests.exercises.written import define

WRITTEN = [exercise for exercise in EXERCISES.values() if exercise.level != "predict"]
EACH = amount(2, 12, 10_000 // len(WRITTEN) + 1)
# Other sizes and numbers than those of the checks.
OTHER = ({"n": 6, "h": 3, "m": 5, "k": 4, "l": 6, "o": 3},
         {"n": 3, "h": 3, "m": 3, "k": 3, "l": 8, "o": 4})
every = pytest.mark.parametrize("exercise", WRITTEN, ids=lambda exercise: exercise.name)


def called_differently(exercise, function):
    """Whether a function gives something else than is right on arguments that no check uses."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for seed, sizes in enumerate(OTHER):
            arguments = exercise.draw(sizes, 1000 + seed)
            try:
                copies = [np.array(a) if np.ndim(a) else a for a in arguments]
                value = function(*copies)
                outputs = value if isinstance(value, tuple) else (value,)
                near = all(np.shape(a) == b.shape and np.allclose(a, b, 1e-7, 1e-7)
                           for a, b in zip(outputs, exercise.truth(arguments), strict=True))
                if not near:
                    return True
            except Exception:
                return True
    return False


@every
def test_noise_above_a_millionth_is_refused(exercise):
    random = np.random.default_rng(len(exercise.name))
    right = define(exercise.name, exercise.answer)
    for _ in range(EACH // 4):
        assert not exercise.check(noisy(right, random)).right


@every
def test_exchanged_pieces_are_refused(exercise, monkeypatch):
    monkeypatch.setattr(guard, "LIMIT", 2.0)
    random = np.random.default_rng(sum(map(ord, exercise.name)))
    wrong = 0
    for _ in range(8 * EACH):
        source = mutant(exercise.answer, random, random.integers(1, 3))
        try:
            function = define(exercise.name, source)
        except (SyntaxError, NameError):
            continue
        if called_differently(exercise, function):
            wrong += 1
            assert not exercise.check(function).right, source
        if wrong == EACH:
            break
    assert wrong >= min(EACH, 12)


@pytest.mark.parametrize("exercise", [row for row in EXERCISES.values() if row.level == "predict"],
                         ids=lambda exercise: exercise.name)
def test_other_numbers_are_refused(exercise):
    random = np.random.default_rng(7)
    right = exercise.truth(())
    for _ in range(EACH):
        k = random.integers(len(right))
        values = [want.copy() for want in right]
        step = random.choice([-1, 1]) * random.choice([2e-6, 1e-3, 1, 7, *10 ** random.random(2)])
        if values[k].ndim:
            values[k][random.integers(values[k].size)] += step
        else:
            values[k] = values[k] + step
        given = [value.tolist() for value in values]
        assert not exercise.check(given[0] if len(given) == 1 else tuple(given)).right


def test_sizes_of_the_checks_are_not_those_of_this_test():
    assert not any(sizes in SIZES for sizes in OTHER)
