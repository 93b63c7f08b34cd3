"""Steps change places only where that changes nothing, and par is that of the cheapest order."""

from itertools import count, islice

import numpy as np

from helpers import exercises
from helpers.exercises.puzzling.grammar import drawn
from helpers.exercises.puzzling.orders import alike, cheapest, orders, work
from tests.amount import amount


def layers(level):
    random = np.random.default_rng(level)
    made = (drawn(random, level) for _ in count())
    return list(islice(filter(None, made), amount(10, 30, 300)))


def test_every_order_is_the_same_layer_and_none_is_cheaper_than_the_cheapest():
    saved = 0
    for layer in layers(5):
        best = cheapest(layer)
        costs = [work(one, one.back()) for one in orders(layer)]
        assert alike(best, layer) and work(best, best.back()) == min(costs)
        saved += min(costs) < costs[0]
    assert saved


def test_factors_and_a_flip_do_not_change_places():
    layer = next(layer for layer in layers(5) if layer.forward() == "((dX @ W) * A)[:, ::-1]")
    assert {one.forward() for one in orders(layer)} == {layer.forward()}


def test_a_copy_waits_until_all_is_multiplied():
    puzzle = exercises.puzzle(8, level=5)
    assert (puzzle.line, puzzle.par) == ("np.broadcast_to(W @ (a @ G), (4, 3))", 25)
