"""How the search without a tensor comes to a line: by a kernel, smaller sizes, rows and columns."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from helpers.calculus.discover.large import search
from helpers.calculus.discover.large.corner import FEWER, SIZES
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.search import proposed
from helpers.calculus.discover.terms import Core
from helpers.calculus.discover.ties import Pattern
from tests.calculus.discover.test_proof import Watched, answer, subject

I, random = np.eye, np.random.default_rng(6)


def ways(monkeypatch, answers, broken=(), caveat=""):
    """The ways of `learned`, each with an answer or none, and what was asked of them."""
    asked = []

    def way(name, look=None):
        def tried(subject, core, *more):
            asked.append((name, more))
            return (answers.get(name), 0.5, look) if name in answers else (None, np.inf, None)
        return tried

    look = ("5 and 6", SimpleNamespace(caveat=caveat))
    for name, here in (("by_kernel", None), ("at_smaller_sizes", look), ("through_windows", None)):
        monkeypatch.setattr(search, name, way(name, here))
    monkeypatch.setattr(search, "from_core",
                        lambda *more: asked.append(("from_core", more)) or ("core", 0.25))
    monkeypatch.setattr(search, "broken_at", lambda _, one: "broken" if one in broken else "")
    given = search.learned("subject", "core", "proposed", "detectors",
                           lambda *given, deep=True: (given, deep))
    return given, asked, look


def test_ways_to_a_line_are_tried_in_order(monkeypatch):
    given, asked, _ = ways(monkeypatch, {})
    assert given == ("core", 0.25, None, "")
    assert [name for name, _ in asked] == [
        "by_kernel", "at_smaller_sizes", "through_windows", "at_smaller_sizes", "from_core"]
    assert asked[1][1][1] is SIZES and asked[3][1][1] is FEWER
    assert asked[1][1][0]("samples") == (("samples",), False)  # nothing deep at many sizes
    assert asked[3][1][0]("samples") == (("samples",), True)
    assert asked[2][1] == ("proposed",)
    assert asked[4][1] == ("subject", "core", "proposed", "detectors")


def test_the_first_line_that_stands_is_taken(monkeypatch):
    for name in ("by_kernel", "through_windows"):
        given, asked, _ = ways(monkeypatch, {name: "line"})
        assert given == ("line", 0.5, None, "") and asked[-1][0] == name
    given, asked, look = ways(monkeypatch, {"at_smaller_sizes": "line"})
    assert given == ("line", 0.5, look, "") and len(asked) == 2


def test_a_line_that_breaks_is_told_where_no_other_stands(monkeypatch):
    given, asked, _ = ways(monkeypatch, {"by_kernel": "first", "through_windows": "second"},
                           ("first", "second"))
    assert given == ("first", 0.5, None, "broken") and len(asked) == 4
    given, *_ = ways(monkeypatch, {"by_kernel": "first", "through_windows": "second"}, ("first",))
    assert given == ("second", 0.5, None, "")
    given, _, look = ways(monkeypatch, {"at_smaller_sizes": "line"}, caveat="for some inputs")
    assert given == ("line", 0.5, look, "for some inputs")


def test_samples_are_made_of_a_function_alone(monkeypatch):
    monkeypatch.setattr(search, "small_samples", lambda *given: ("made", given))
    assert search.samples_at("ready") == "ready"
    assert search.samples_at("f", "x") == ("made", ("f", "x"))


def scaled_core(names):
    return Core(Pattern(("k",), ("k",)), ("k",), [], {"k": 8}, names, 1e-10)


def test_a_line_of_two_smaller_sizes_is_proved_at_full_size():
    points, asked = [Watched(I(8) / 8, seed=seed, a=8.0) for seed in range(3)], []
    core = scaled_core(Names([point.names for point in points]))

    def pair(first, second, stored=1):
        looks = [SimpleNamespace(answer=replace(answer(line), stored=stored))
                 for line in (first, second)]
        return looks, [((5,), (5,)), ((6,), (6,))]

    def looked(*pairs):
        def looks(search, tables):
            asked.append((search, tables))
            yield from pairs
        return search.at_smaller_sizes(subject(points, looks), core, "search", "tables")

    none, good = pair("G / 5", "G / 77"), pair("G / 5", "G / 6")
    found, error, where = looked(none, pair("G", "G"), good)
    assert (found.line, found.stored, where) == ("G / 8", 1, ("5 and 6", good[0][0]))
    assert error < 1e-12 and asked == [("search", "tables")] and found.names is core.names
    assert looked(none, pair("G", "G")) == (None, np.inf, None)
    assert looked(pair("G / a", "G / a", None))[0].stored == 1


def test_a_line_of_some_rows_and_columns_is_proved_for_all():
    W = random.standard_normal((20, 30))
    points = [Watched(W, seed=seed, W=W) for seed in range(4)]
    of, asked = subject(points), []
    names = Names([point.names for point in points])
    core = Core(Pattern(("k",), ("i",)), ("k", "i"), [], {"k": 20, "i": 30}, names, 1e-10)
    found, error, where = search.through_windows(of, core, proposed)
    assert (found.line, found.stored, where) == ("G @ W", 600, None) and error < 1e-12
    assert found.names is names

    def stub(part, detector):
        asked.append((part.shape, len(part.arrays), len(part.names.samples)))
        line, stored, own = {"scalar": ("G @ W", 10, {}), "named": ("3 * G @ W", 5, {}),
                             "product": ("(G @ W)", 7, {}), "diagonal_plus_low_rank": (
                                 "G @ W + C", 1, {"C": 0.0})}[detector.__name__]
        return replace(answer(line, Names([{}] * 3, added=[own] * 3)), stored=stored)

    assert search.through_windows(of, core, stub)[0].line == "(G @ W)"  # the cheapest that holds
    assert asked == [((5, 6), 3, 3)] * 4
    assert search.through_windows(of, core, lambda *_: None) == (None, np.inf, None)
    assert search.through_windows(of, core, lambda *_: answer("G @ W * 2")) == (None, np.inf, None)


def test_a_kernel_is_proved_everywhere():
    J = 2 * I(30) + 3 * I(30, k=1)
    core = SimpleNamespace(tolerance=1e-10)
    found, error, where = search.by_kernel(subject([Watched(J)]), core)
    assert (found.kind, where) == ("convolution", None) and error < 1e-12
    J[25, 25] = 7
    assert search.by_kernel(subject([Watched(J)]), core) == (None, np.inf, None)
    assert search.by_kernel(subject([Watched(I(30))]), core) == (None, np.inf, None)
