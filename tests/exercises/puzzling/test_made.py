"""Puzzles without end: solvable, fair, told apart from wrong lines, harder with each level."""

from dataclasses import replace
from functools import cache
from itertools import count
from statistics import mean

import numpy as np
import pytest

from helpers import discover, exercises
from helpers.calculus.mistakes import REMEDY
from helpers.exercises import guard
from helpers.exercises.diagnosis import attempt, is_right
from helpers.exercises.exercise import ExerciseError
from helpers.exercises.puzzling import fair, steps
from helpers.exercises.puzzling.lines import function, names_in, parts
from tests.amount import SOAK, amount
from tests.exercises.puzzling.lines import looped, one_einsum, wrong_lines
from tests.exercises.styles import styled

EACH = amount(2, 6, 200)  # puzzles of each level
LEVELS = (1, 2, 3, 4, 5)
OTHERS = range(900, 904)  # draws that no check uses
each = pytest.mark.parametrize("level", LEVELS)


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A machine that is busy with other things does not make an answer endless."""
    monkeypatch.setattr(guard, "LIMIT", 60.0)


@cache
def made(level):
    return [exercises.puzzle(seed, level=level) for seed in range(EACH)]


def right_at(puzzle, line, case):
    """Whether a line is right in one case, by the full tensor."""
    got = attempt(function(line, puzzle.arguments), case)
    return got is not None and is_right(np.asarray(got), puzzle.truth(case)[0])


def same_function(puzzle, line):
    """Whether a line is right wherever the known arrays are others than shown."""
    return all(right_at(puzzle, line, puzzle.draw(puzzle.sizes, seed)) for seed in OTHERS)


@each
def test_the_solution_is_right_and_par_in_any_style(level):
    random = np.random.default_rng(level)
    for puzzle in made(level):
        feedback = puzzle.check(function(puzzle.line, puzzle.arguments))
        assert feedback.right and feedback.text.endswith(": par."), (puzzle.line, feedback)
        source = f"def {puzzle.name}({', '.join(puzzle.arguments)}):\n    return {puzzle.line}"
        for answer in (looped(puzzle), styled(puzzle, source, random)[0]):
            assert puzzle.check(answer).right, puzzle.line


@each
def test_discover_solves_it_from_nothing_but_what_is_shown(level):
    for puzzle in made(level):
        found = discover(puzzle.tensor, output_ndim=len(puzzle.outer), known=puzzle.arrays).numpy
        assert names_in(found) <= {"G", *puzzle.arrays} and same_function(puzzle, found)
        assert puzzle.check(function(found, puzzle.arguments)).right


@each
def test_the_likeliest_wrong_lines_are_wrong(level):
    for puzzle in made(level):
        wrong = [line for line in wrong_lines(puzzle) if not same_function(puzzle, line)]
        assert len(wrong) >= 3
        for line in wrong[:3]:
            assert not puzzle.check(function(line, puzzle.arguments)).right, (puzzle.line, line)


@each
def test_what_is_shown_tells_right_from_wrong(level):
    """No line is right for the arrays that are shown, but wrong for others."""
    for puzzle in made(level):
        G, *_ = puzzle.draw(puzzle.sizes, OTHERS[0])
        shown = (G, *puzzle.arrays.values())
        for line in wrong_lines(puzzle):
            assert right_at(puzzle, line, shown) == same_function(puzzle, line), (puzzle.line, line)


@each
def test_one_einsum_of_everything_is_right_and_never_under_par(level):
    for puzzle in made(level):
        line = one_einsum(puzzle)
        if line:
            feedback = puzzle.check(function(line, puzzle.arguments))
            assert feedback.right and "under par" not in feedback.text
            assert (". Par is " in feedback.text) == (line.count(",") > 3), line


def test_the_same_seed_gives_the_same_puzzle():
    """In later versions, too: what is solved is kept by seed and level."""
    lines = ("np.broadcast_to(G, (4, 3))", "G @ W.T", "G - G.mean(1, keepdims=True)",
             "(W.T @ G) * a[:, None]", "W.T @ (G * (A > 0))[:, ::-1]")
    for level, line in zip(LEVELS, lines, strict=True):
        first = exercises.puzzle(3, level)
        fair.first_fair.cache_clear()
        again = exercises.puzzle(3, level=level)
        assert first is not again and repr(first) == repr(again)
        assert first.line == again.line == line
        np.testing.assert_array_equal(first.tensor, again.tensor)
        assert repr(exercises.puzzle(4, level)) != repr(first)


def test_levels_rise():
    """In how many pieces the line has, and how many arrays; few puzzles tell every other level."""
    every = [made(level) for level in LEVELS]
    pieces = [mean(parts(puzzle.line) for puzzle in one) for one in every]
    arrays = [mean(len(puzzle.known) for puzzle in one) for one in every]
    told = slice(None, None, 1 if SOAK else 2)
    assert pieces[told] == sorted(pieces[told]) and pieces[-1] > 2 * pieces[0], pieces
    assert arrays[told] == sorted(arrays[told]) and arrays[0] < 1 and arrays[-1] > 2, arrays
    assert all(names_in(puzzle.line) < {"G", *puzzle.arrays} for puzzle in every[4]), "one misleads"


@each
def test_puzzles_are_small_and_have_three_hints(level):
    for puzzle in made(level):
        assert puzzle.tensor.size <= 200 and len(set(puzzle.sizes.values())) == len(puzzle.sizes)
        assert len(puzzle.hints) == 3 and puzzle.line in repr(puzzle.solution())


def test_what_is_asked_stands_in_the_picture_whole():
    figure = exercises.puzzle(5, level=5).figure()  # four arrays, and a narrow tensor
    figure.draw_without_rendering()
    assert all(text.get_window_extent().x1 < figure.bbox.width for text in figure.texts)


def test_a_factor_too_few_is_said_to_be_missing():
    said = repr(exercises.puzzle(5, level=5).check(lambda G, a, A, W, V: (W.T @ G) * A))
    assert said.splitlines()[-2] == ("local gradient forgotten: A factor of the tensor is missing: "
                                     "compare one tile with the arrays.")


def test_every_step_says_what_is_wrong():
    rows = [row for name in dir(steps) if name.isupper() and isinstance(getattr(steps, name), tuple)
            for row in getattr(steps, name)]
    assert len(rows) > 20
    for row in rows:
        assert len(row.wrong) >= 3 and row.hint.endswith((".", "?"))
        assert all(name in REMEDY or name in steps.REMEDIES for name, _ in row.wrong)


@pytest.mark.parametrize(("arguments", "says"), [
    ((1, 6), "Puzzles have levels 1 to 5, not 6: exercises.puzzle(7, level=2)."),
    ((1, True), "Puzzles have levels 1 to 5, not True"),
    ((1, 2.0), "Puzzles have levels 1 to 5, not 2.0"), (([], 2), "The seed of a puzzle is a"),
    ((1, "2"), "Puzzles have levels 1 to 5, not '2'"),
    ((-1, 2), "The seed of a puzzle is a whole number from 0 up, not -1"),
    ((0.5, 2), "The seed of a puzzle is a whole number from 0 up, not 0.5")])
def test_other_levels_and_seeds_are_refused_in_one_line(arguments, says):
    with pytest.raises(ExerciseError) as error:
        exercises.puzzle(*arguments)
    assert str(error.value).startswith(says) and "\n" not in str(error.value)


def test_a_picture_that_cannot_tell_is_not_offered():
    """Were W shown symmetric, a lost transpose would look right."""
    random = np.random.default_rng(0)
    layer = next(layer for layer in (fair.drawn(random, 2) for _ in count()) if layer
                 and layer.forward() == "dX @ W")
    assert fair.fair(layer, "one", "puzzle_2_0")
    W = layer.known[0]
    symmetric = np.array([[1.0, 2, 3], [2, 4, 5], [3, 5, 6]])
    sizes = layer.sizes | dict.fromkeys(W.axes.split(), 3)
    alike = [replace(layer, sizes=sizes, known=(replace(W, values=values),))
             for values in (symmetric, symmetric + np.tri(3))]
    assert fair.fair(alike[0], "two", "puzzle_2_1") is None
    assert fair.fair(alike[1], "three", "puzzle_2_2")
