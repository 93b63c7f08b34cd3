"""What puzzles without end say: the hints, the reason, and the name of every line gone wrong."""

from hashlib import sha256
from itertools import count, islice

import numpy as np
import pytest

from helpers import exercises
from helpers.exercises.puzzling import fair
from helpers.exercises.puzzling.grammar import drawn
from helpers.exercises.puzzling.lines import function
from helpers.exercises.puzzling.ways import cheapest_line

MATRIX = "A product with a matrix: write the shapes under it, the summed axes must meet."
FACTOR = "Entry by entry: a factor of its own for each."
MOVED = "Nothing is multiplied: every entry goes back to the place that it came from."
COPIED = "Forward, an axis was summed: on the way back every entry gets a copy."
SUMMED = "Forward, an entry was used several times: on the way back its gradients are added."
HINTS = [  # (seed, level, the axes, the steps back, what the line ends with)
    (1, 1, "G has the axes m, dX has n and m: n must come.", [COPIED],
     "np.broadcast_to(…, (4, 5))"),
    (11, 1, "G has the axes m and n, dX has n: m must go.", [SUMMED], "….sum(0)"),
    (2, 1, "G has the axes n and m, dX has n and m.", [FACTOR], "… * A"),
    (2, 2, "G has the axes k and m, dX has n and m: k must go, n must come.", [MATRIX], "W.T @ …"),
    (5, 3, "G has the axes k and n, dX has n and m: k must go, m must come.", [MATRIX, MOVED],
     "….T"),
    (1, 4, "G has the axes h and k, dX has n and m: h and k must go, n and m must come.", [MATRIX],
     "… @ W.T"),
    (1, 5, "G has the axes m and k, dX has n: m and k must go, n must come.",
     [MATRIX, MOVED, SUMMED], "… @ a"),
    (11, 5, "G has the axes m, dX has n: m must go, n must come.", [COPIED, MATRIX, SUMMED],
     "… @ a"),
]


@pytest.fixture(autouse=True)
def made_anew():
    """Each test has its puzzles made, and so is known to depend on how that is done."""
    fair.first_fair.cache_clear()


@pytest.mark.parametrize(("seed", "level", "axes", "back", "ends"), HINTS)
def test_hints_are_of_the_axes_the_steps_back_and_the_last_of_them(seed, level, axes, back, ends):
    assert exercises.puzzle(seed, level).hints == (
        axes, " Then: ".join(back), f"The last step back is `{ends}`.")


@pytest.mark.parametrize(("seed", "level", "forward", "back", "less"), [
    (2, 1, "dX * A", "G * A", ""), (11, 3, "(dX @ W)[::-1]", "G[::-1] @ W.T", ""),
    (5, 3, "W @ dX.T", "(W.T @ G).T", "G.T @ W"),
    (11, 5, "(W @ np.outer(dX, a)).sum(0)", "W.T @ np.broadcast_to(G, (3, 2)) @ a",
     "W.sum(0) * (G @ a)")])
def test_the_reason_goes_there_and_back_and_tells_of_less_work(seed, level, forward, back, less):
    puzzle = exercises.puzzle(seed, level)
    assert puzzle.derivation == (
        f"A step dX moves Y by dY = `{forward}`. The way back takes the same steps in reverse "
        f"order, each transposed: `{back}`."
        + (f" The same in another order: `{less}`." if less else ""))
    assert puzzle.line == less or puzzle.line == back


WRONG = {  # (seed, level): what a student may write, and its name
    (1, 1): [("G.sum(0)", "forward for backward"), ("np.tile(G, (4, 1)) / 4", "mean for sum"),
             ("G", "not spread"), ("np.full((4, 5), G.sum())", "upstream not spread"),
             ("np.ones((4, 5))", "upstream forgotten"), ("-np.tile(G, (4, 1))", "sign")],
    (11, 1): [("G.mean(0)", "mean for sum"), ("G.sum(1)", "wrong axis"),
              ("np.full(3, 2.0)", "upstream forgotten")],
    (5, 1): [("G[:, ::-1]", "wrong axis"), ("G", "moved"), ("G[::-1, ::-1]", "flipped")],
    (2, 2): [("G.T @ W", "lost transpose"), ("W @ G", "forward for backward"),
             ("G @ W", "order swapped"), ("G @ W.T", "order swapped"),
             ("W.T @ np.ones((2, 4))", "upstream forgotten"), ("G", "local gradient forgotten")],
    (1, 2): [("G * A", "batch not summed"), ("(A * G).mean(1)", "mean for sum"),
             ("G.sum(1)", "local gradient forgotten"), ("A.sum(1)", "upstream forgotten")],
    (1, 3): [("G - (P * G).sum(1, keepdims=True)", "forward for backward"), ("G", "lost path"),
             ("G - G.sum(1, keepdims=True)", "P forgotten")],
    (2, 3): [("G @ W.T", "mask forgotten"), ("G @ W.T * A", "numbers for mask"),
             ("np.maximum(G @ W.T, 0)", "mask from the wrong array"),
             ("(G * (A > 0)) @ W", "forward for backward"),
             ("(G * (A > 0)) @ W.T", "steps in the wrong order"),
             ("G @ W * (A > 0)", "lost transpose"), ("W @ G * (A > 0)", "order swapped"),
             ("G * (A > 0)", "lost step")],
    (5, 3): [("W.T @ G", "lost transpose"), ("(W.T @ G)[::-1].T", "flipped"),
             ("(W.T @ G).reshape(4, 3)", "reshaped"), ("G.T", "lost step")],
    (1, 4): [("V.T @ G", "lost step"), ("G @ W.T", "lost step"),
             ("V @ (G @ W)", "forward for backward"), ("V.T @ (G @ W)", "lost transpose")],
    (2, 4): [("P * (G - (G * P).sum(1, keepdims=True)) / a", "inverse"),
             ("P * (G - (G * P).sum(1, keepdims=True))", "local gradient forgotten"),
             ("G * P * (1 - P) * a", "lost path"), ("G * P * a", "lost path"),
             ("(G - (G * P).sum(1, keepdims=True)) * a", "P forgotten"), ("G * a", "lost step")],
    (5, 4): [("P * (G - (G * P).sum(1, keepdims=True)) * P", "another array"),
             ("A * (G - (G * A).sum(1, keepdims=True)) * A", "another array")],
    (5, 5): [("V.T @ (G * a) * A", "another array"), ("W.T @ (G / a) * A", "inverse"),
             ("W.T @ (G * a) / A", "inverse"), ("W.T @ (G * a) * (A > 0)", "mask for numbers"),
             ("W.T @ G * A", "local gradient forgotten"),
             ("W.T @ (G * a)", "local gradient forgotten"), ("G * a * A", "lost step"),
             ("W @ (G * A) * a", "forward for backward"), ("W @ (G * a) * A", "lost transpose")],
}


@pytest.mark.parametrize(("seed", "level"), WRONG)
def test_a_wrong_line_draws_its_name(seed, level):
    puzzle = exercises.puzzle(seed, level)
    for line, name in WRONG[seed, level]:
        said = puzzle.check(function(line, puzzle.arguments))
        assert (said.right, said.mistake) == (False, name), line


def layers(level, many):
    """The first layers that are drawn with the level as a seed."""
    random = np.random.default_rng(level)
    return list(islice(filter(None, (drawn(random, level) for _ in count())), many))


LAYERS = {1: "d6108560", 2: "49bf41ef", 3: "5560e752", 4: "a5b37563", 5: "700ea1ed"}


@pytest.mark.parametrize("level", LAYERS)
def test_the_same_layers_are_drawn_in_every_version(level):
    """What is solved is kept by seed and level: it must not become another puzzle."""
    text = " ".join(f"{layer.forward()} {layer.back()} {layer.sizes} {layer.outer} {layer.inner}"
                    + " ".join(f"{one.name} {one.axes} {one.kind} {one.values.tolist()}"
                               for one in layer.known) for layer in layers(level, 40))
    assert sha256(text.encode()).hexdigest()[:8] == LAYERS[level]


CHEAPEST = {  # the shortest of the lines that multiply least, by level and number
    2: {2: "np.broadcast_to((G / 5)[:, None], (2, 5))", 7: "a @ G", 9: "G @ a",
        13: "G * np.where(A > 0, 1, 0.1)"},
    3: {4: "(G @ W.T) * A", 6: "(G * a) @ W.T", 9: "W.T @ G.T", 10: "(a * W.T) @ G",
        12: "W.T @ G[::-1]"},
    4: {0: "W.T @ G @ V.T", 2: "W.T @ V.T @ G", 3: "a @ (G - P * G.sum(1, keepdims=True))",
        4: "(G + G * A) * a", 11: "((G - G.mean(0)) * A).sum(1)",
        12: "W.T @ G[:, ::-1].cumsum(1)[:, ::-1]"},
    5: {0: "(G[:, ::-1] * A) @ W.T",
        1: "np.broadcast_to((((G * A).sum(1) / 4) @ W)[:, None], (5, 4))",
        2: "(W * (A.T @ (P * (G - (G * P).sum(1, keepdims=True))))).sum(1)",
        3: "(G * A * a[:, None]) @ W.T", 4: "(W @ G.T) * a",
        5: "((D := (G @ W.T)) - D.mean(0)) * A",
        6: "(G * a[:, None])[:, ::-1].cumsum(1)[:, ::-1] @ W.T",
        8: "(V * (A.T @ (W.T @ G))).sum(1)", 10: "W.T @ ((G @ V.T) * a)",
        12: "((V.T @ G) * A) @ W.T", 13: "(W.T @ G.T) * a"},
}


@pytest.mark.parametrize("level", CHEAPEST)
def test_the_cheapest_line_is_the_shortest_of_those(level):
    made = layers(level, 14)
    for number, line in CHEAPEST[level].items():
        assert cheapest_line(made[number]) == line


def test_more_than_eight_wrong_entries_are_counted_and_every_one_is_marked():
    puzzle = exercises.puzzle(1, 1)  # a copy of five numbers in four rows
    said = puzzle.check(lambda G: np.broadcast_to(G, (4, 5)) + np.tri(4, 5))
    places = ", ".join(["[0, 0]", "[1, 0]", "[1, 1]", "[2, 0]", "[2, 1]", "[2, 2]", "[3, 0]",
                        "[3, 1]"])
    assert said.text.endswith(f"\n10 of 20 entries differ: {places} and 2 more")
    page = said._repr_html_()
    assert page.count("<td class='tm-differs'><b>✗ ") == page.count("<b>✓ ") == 10
    assert "<caption>yours</caption><tr><th></th><th>0</th><th>1</th><th>2</th><th>3</th><th>4" in (
        page)
    assert page.count("<tr><th>3</th>") == 2 and page.count("<td>5.0000</td>") == 8
    near = puzzle.check(lambda G: np.broadcast_to(G, (4, 5)) + np.eye(4, 5) * 2.4e-9)
    assert near.text.endswith("\n2 of 20 entries differ: [0, 0] and [1, 1]")  # by a billionth of G
    assert "✗ 1.000000002</b>" in near._repr_html_()
    vector = exercises.puzzle(11, 1).check(lambda G: G.sum(0) + 1)
    assert vector._repr_html_().count("<tr><th></th><td") == 2


def test_a_puzzle_is_clear_with_three_wrong_lines_that_are_seen_to_be_wrong():
    puzzle = exercises.puzzle(2, 1)  # G * A
    wrong, right = ["G", "G / A", "G + A"], ["A * G", "-(-A * G)"]
    assert fair.clear(puzzle, wrong) and fair.clear(puzzle, [*wrong, *right])
    assert not fair.clear(puzzle, wrong[:2]) and not fair.clear(puzzle, wrong[:2] + right)
    shown = f"G * np.array({puzzle.arrays['A'].tolist()})"  # right where these numbers are
    assert not fair.clear(puzzle, [*wrong, shown])
    assert fair.solves(puzzle, "A * G") and not fair.solves(puzzle, shown)
    assert not fair.solves(puzzle, "G * B") and not fair.solves(puzzle, "G @ A")


def test_seeds_may_be_numbers_of_numpy():
    assert exercises.puzzle(np.int64(2), np.int8(1)) is exercises.puzzle(2, 1)
    assert exercises.puzzle(0, 1).call == exercises.puzzle(0).call == "puzzle(0, level=1)"
    assert exercises.puzzle(0, 5).title == "Puzzle 0 of level 5"
    assert exercises.puzzles[7].title == "Puzzle 7"


def test_other_draws_are_probabilities_or_numbers_on_both_sides_of_0():
    _, P = exercises.puzzle(1, 3).draw({"n": 4, "m": 2}, 3)
    np.testing.assert_allclose(P.sum(1), 1)
    assert P.shape == (4, 2) and P.min() > 0 and len({*P.ravel()}) == 8
    G, A = exercises.puzzle(2, 1).draw({"n": 9, "m": 9}, 3)
    assert G.shape == A.shape == (9, 9) and min(G.min(), A.min()) < -1 < 1 < max(G.max(), A.max())
    first, *others = exercises.puzzle(2, 1).cases()
    np.testing.assert_array_equal(first[0], [[1, 2], [3, 4], [5, 6], [7, 8]])
    assert len(others) == 5 and len({case[0][0, 0] for case in others}) == 5


def test_the_ten_show_tensors_of_these_shapes():
    """As their hints and their pictures say: four tiles of a row, 0.75 = 1 − 1/4."""
    assert [puzzle.tensor.shape for puzzle in exercises.puzzles.values()] == [
        (2, 3, 2, 3), (3, 2, 2, 3), (3, 4, 3), (2, 3, 2, 3), (2, 4, 2, 3), (2, 4, 2, 3),
        (4, 5, 2, 3), (2, 4, 2, 4), (3, 3, 3, 2), (2, 3, 2, 3)]
    assert {*exercises.puzzles[4].tensor.ravel()} == {0, 0.1, 1}
    assert {*exercises.puzzles[8].tensor.ravel()} == {-0.25, 0, 0.75}
