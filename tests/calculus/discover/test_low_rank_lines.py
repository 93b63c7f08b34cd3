"""The line of a diagonal plus outer products: on which side the diagonal stands, what it counts."""

import numpy as np
import pytest

from helpers import discover
from helpers.calculus.discover.patterns import low_rank
from helpers.calculus.discover.patterns.low_rank import (
    Piece,
    addend,
    block_answers,
    diagonal_plus_low_rank,
    with_diagonal,
    written,
)
from tests.calculus.discover.cores import core_of
from tests.calculus.discover.test_low_rank import diagonal, outer, square, u, v

random = np.random.default_rng(34)
I = np.eye

@pytest.mark.parametrize("piece, frame, axis, text", [
    (Piece("1", "", ""), "k", 0, " + G.sum()"), (Piece("-1", "", ""), "k", 0, " - G.sum()"),
    (Piece("-1 / 5", "", ""), "k", 0, " - G.mean()"),
    (Piece("-0.2", "", ""), "k", 0, " - G.mean()"),
    (Piece("1 / 5", "", ""), "k", 0, " + G.sum() / 5"),
    (Piece("2", "u", "", ("k",)), "k", 0, " + 2 * (G * u).sum()"),
    (Piece("-1", "", "v", ("k",)), "k", 0, " - v * G.sum()"),
    (Piece("-1 / 5", "u", "u", ("k",)), "k", 0, " - u * (G * u).mean()"),
    (Piece("-1 / 4", "u", "u", ("k",)), "k", 0, " - u * (G * u).sum() / 4"),
    (Piece("-1", "", ""), "kn", 0, " - G.sum(0)"),
    (Piece("-1", "", ""), "nk", 1, " - G.sum(-1, keepdims=True)"),
    (Piece("-1", "", ""), "nkm", 1, " - G.sum(-2, keepdims=True)"),
    (Piece("-1", "u", "v", ("k",)), "kn", 0, " - v[:, None] * (G * u[:, None]).sum(0)"),
    (Piece("1", "1 + u", "1 - v", ("k",)), "k", 0, " + (1 - v) * (G * (1 + u)).sum()")])
def test_an_outer_product_in_a_line(piece, frame, axis, text):
    assert addend(piece, "G", tuple(frame), axis, 5) == text


@pytest.mark.parametrize("side, text, line, stored", [
    (None, "1", "G - G.mean()", 0), (None, "w", "w * G - G.mean()", 5),
    ("i", "w", "w * (G - G.mean())", 5), ("k", "w", "(D := w * G) - D.mean()", 5),
    ("i", "1", "G - G.mean()", 0), ("k", "1", "G - G.mean()", 0),
    ("i", "1 / w", "(G - G.mean()) / w", 5), ("k", "1 / w", "(D := 1 / w * G) - D.mean()", 5),
    ("i", "1 / (1 + w)", "(G - G.mean()) / (1 + w)", 5)])
def test_the_line_of_a_diagonal_on_either_side(side, text, line, stored):
    core = square(np.zeros((5, 5)), known=[{"w": u[0, :5]}])
    letters = () if text == "1" else ("i" if side == "i" else "k",)
    answer = written(core, (), "k", "i", side, text, letters, [Piece("-0.2", "", "")])
    assert (answer.line, answer.stored, answer.kind) == (line, stored, "diagonal plus low rank")
    assert answer.multiplications == 3 * 5
    assert answer.says == "each 5×5 block is a diagonal plus rank 1"
    low = answer.low_rank
    assert (low["diagonal"], low["rank"], low["axes"], low["side"]) == (text, 1, ("k", "i"), side)
    assert low["letters"] == (() if text == "1" else (side or "k",))
    assert low["factors"] == [("-0.2", "1", "1")] and low["factor_letters"] == [()]
    (term,) = answer.terms
    assert term.pattern.outer == term.pattern.inner == ("k",) and term.scale == "1"
    assert [op.text for op in term.operands] == ([] if text == "1" else [text])


def test_the_counts_of_a_line_in_blocks():
    core = core_of("nk", "ni", "nki", np.zeros((3, 5, 5)), known=[{"P": u[:, :5], "h": v[:, :5]}])
    pieces = [Piece("-1 / 5", "", ""), Piece("-1", "P", "h", ("n", "k"))]
    answer = written(core, ("n",), "k", "i", "i", "P", ("n", "i"), pieces)
    assert answer.line == ("P * (G - G.mean(-1, keepdims=True) - h * (G * P).sum(-1, "
                           "keepdims=True))")
    assert (answer.stored, answer.multiplications) == (30, 5 * 15)
    assert answer.says == "each 5×5 block is a diagonal plus rank 2"
    assert answer.low_rank["factors"] == [("-1 / 5", "1", "1"), ("-1", "P", "h")]
    assert answer.low_rank["factor_letters"] == [(), ("n", "k")]
    assert answer.low_rank["letters"] == ("n", "i")
    for outer_, inner, backward in (("kn", "ni", ()), ("nk", "ni", (1,)), ("nk", "i", ())):
        core = core_of(outer_, inner, "nki", np.zeros((3, 5, 5)), backward=backward)
        assert written(core, ("n",), "k", "i", None, "1", (), pieces[:1]) is None


def test_a_diagonal_is_taken_out_on_its_side():
    w, h = u[0, :5], v[0, :5]
    inner = I(5) - outer(h, h)
    for side, whole in (("i", inner * w), ("k", inner * w[:, None]), (None, None)):
        whole = diagonal(w) - outer(h, h) if whole is None else whole
        for text in ("w", None):
            core = square(whole, known=[{"w": w, "h": h} if text else {"h": h}])
            answer = with_diagonal(core, [whole], (), "k", "i", side, text, ("k",), [w])
            assert answer.low_rank["side"] == side
            assert answer.low_rank["factors"] == [("-1", "h", "h")]
            G = random.standard_normal(5)
            found = eval(answer.line, {"np": np, "G": G, **core.names.all_at(0)})
            np.testing.assert_allclose(found, G @ whole)
            assert answer.stored == 10 and answer.low_rank["diagonal"] == (text or "d")
            if not text:
                np.testing.assert_array_equal(core.names.added[0]["d"], w)
    core = square(np.diag(w))
    assert with_diagonal(core, [np.diag(w)], (), "k", "i", "i", None, ("k",), [w]) is None
    assert core.names.added[0] == {}


def test_a_number_for_each_block():
    s, h = np.array([2.0, 3, 5]), v[:, :5]
    whole = (I(5) - outer(h, h)) * s[:, None, None]
    core = square(whole, known=[{"h": h}], letters="nki")
    answer = with_diagonal(core, [whole], ("n",), "k", "i", "i", None, ("n",),
                           [np.outer(s, np.ones(5))])
    np.testing.assert_array_equal(core.names.added[0]["d"], s)
    assert answer.line == "d[:, None] * (G - h * (G * h).sum(-1, keepdims=True))"
    assert answer.stored == 15 + 3


@pytest.mark.parametrize("pattern, whole, line", [
    (("k", "i", "ki"), I(2) - 1 / 2, "G - G.mean()"),
    (("k", "i", "ki"), I(3) - 1 / 3, "G - G.mean()"),
    (("nk", "ni", "nki"), np.stack([I(5) - 1 / 5, 2 * I(5) - 2 / 5]),
     "d[:, None] * (G - G.mean(-1, keepdims=True))"),
    (("k", "k", "kk"[:1]), np.ones(3), None), (("k", "i", "ki"), np.ones((2, 3)), None),
    (("nk", "nk", "nk"), I(3) - 1 / 3, None), (("k", "ik", "ki"), I(3) - 1 / 3, None),
    (("ki", "i", "ki"), I(3) - 1 / 3, None), (("k", "i", "ki"), [[0.5]], None),
    (("k", "i", "ki"), [[1.0, 2], [3, 5]], None)])
def test_which_axes_have_blocks(pattern, whole, line):
    answer = diagonal_plus_low_rank(core_of(*pattern, whole))
    assert (answer and answer.line) == line


@pytest.mark.parametrize("f, line", [
    (lambda x: x - x.mean(), "G - G.mean()"), (lambda x: x - 3 * x.mean(), "G - 0.6 * G.sum()"),
    (lambda x: u[0] * x - 7 * x.mean(), "w * G - G.sum()")])
def test_one_number_is_not_two_by_the_sign_of_a_known_array(f, line):
    x = random.standard_normal(5 if "w" not in line else 7)
    assert discover(lambda x: f(x), x, known={"w": u[0]}).numpy == line


@pytest.mark.parametrize("f, known, line, stored", [
    (lambda X, s, w: s[:, None] * (X - X.mean(1, keepdims=True)), "s",
     "s[:, None] * (G - G.mean(-1, keepdims=True))", 3),
    (lambda X, s, w: s[:, None] * X - 2 * X.mean(1, keepdims=True), "s",
     "s[:, None] * G - 0.4 * G.sum(-1, keepdims=True)", 3),
    (lambda X, s, w: s[:, None] * w * X - 2 * X.mean(1, keepdims=True), "w",
     "d * G - 0.4 * G.sum(-1, keepdims=True)", 15)])
def test_one_number_in_every_block_is_kept_once(f, known, line, stored):
    known_ = {"s": np.array([2.0, 3, 5]), "w": u[0, :5]}
    X = random.standard_normal((3, 5))
    s = discover(lambda X: f(X, known_["s"], known_["w"]), X, known={known: known_[known]})
    assert (s.numpy, s.stored) == (line, stored)


def test_blocks_behind_two_axes():
    h = random.standard_normal((2, 3, 5))
    h -= h.mean(-1, keepdims=True)
    whole = I(5) - 1 / 5 - outer(h, h)
    for shape in ((2, 3), (3, 2)):
        core = core_of("mlk", "mli", "mlki", whole.reshape(*shape, 5, 5),
                       known=[{"h": h.reshape(*shape, 5)}])
        assert diagonal_plus_low_rank(core).line == (
            "G - G.mean(-1, keepdims=True) - h * (G * h).sum(-1, keepdims=True)")


def test_one_number_a_row_is_few_enough(monkeypatch):
    seen = []

    def noted(*given):
        seen.append(given[6])
        return with_diagonal(*given)

    monkeypatch.setattr(low_rank, "with_diagonal", noted)
    whole = u[0, :5] * (I(5) - 1 / 5)
    core = core_of("k", "i", "ki", whole, known=[{"w": u[0, :5]}])
    assert min(answer.stored for answer in block_answers(core, "k", "i")) == 5
    assert seen == ["w"] * 3  # on either side, and on none; no other text of it


@pytest.mark.parametrize("noise, fine", [(3, True), (1000, False)])
def test_as_much_as_ten_times_the_tolerance_is_noise(noise, fine):
    h = v[0, :5]
    whole = I(5) - outer(h, h)
    whole[1, 3] += noise * 1e-9 * np.abs(whole).max()
    core = square(whole, known=[{"h": h}])
    found = with_diagonal(core, [whole], (), "k", "i", None, "1", (), [np.ones(5)])
    assert (found is not None) is fine
