"""A diagonal plus outer products, step by step: the pieces, their names, the line, its counts."""

import numpy as np
import pytest

from helpers.calculus.discover.patterns.low_rank import (
    Piece,
    beside,
    cross,
    diagonals_of,
    even,
    laid_out,
    leaving,
    left_by,
    named_diagonals,
    one_piece,
    pieces_of,
    side_text,
    symmetric,
)
from tests.calculus.discover.cores import core_of

random = np.random.default_rng(33)
I = np.eye
u, v, d = (random.uniform(1, 2, (3, 7)) * [1, -1, 1, 1, -1, 1, -1] for _ in range(3))


def outer(a, b):
    return a[..., :, None] * b[..., None, :]


def diagonal(x):
    return x[..., None] * I(x.shape[-1])


def square(*arrays, known=({},), letters="ki", **more):
    return core_of("nk"[-len(letters) + 1:], "ni"[-len(letters) + 1:], letters, *arrays,
                   known=known, **more)


# -- elimination

def test_elimination_takes_the_largest_entry_first():
    x = np.array([[1.0, 2, 3], [4, 8, -16], [0, 1, 5]])
    rest, (U,), (V,) = left_by(x, 1)
    np.testing.assert_allclose(U, [[3 / -16], [1], [5 / -16]])
    np.testing.assert_allclose(V, [[4, 8, -16]])
    np.testing.assert_allclose(rest, [[1.75, 3.5, 0], [0, 0, 0], [1.25, 3.5, 0]])
    rest, U, V = left_by(x, 2)  # 3.5, the first of two
    np.testing.assert_allclose(U[1], [[1], [0], [1]])
    np.testing.assert_allclose(V[1], [[1.75, 3.5, 0]])
    np.testing.assert_allclose(rest, [[0, 0, 0], [0, 0, 0], [-0.5, 0, 0]])
    np.testing.assert_allclose(left_by(x, 3)[0], 0, atol=1e-15)


def test_elimination_in_every_block():
    x = random.standard_normal((2, 3, 4, 5))
    rest, U, V = left_by(x, 2)
    for at in np.ndindex(2, 3):
        alone = left_by(x[at], 2)
        np.testing.assert_allclose(rest[at], alone[0])
        for many, one in zip((*U, *V), (*alone[1], *alone[2]), strict=True):
            np.testing.assert_allclose(many[at], one)
    zero = left_by(np.zeros((2, 3, 3)), 1)
    assert not zero[0].any() and not zero[1][0].any() and not zero[2][0].any()
    assert zero[1][0].shape == (2, 3, 1) and zero[2][0].shape == (2, 1, 3)


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_cross_of_some_rank(rank):
    U, V = random.standard_normal((2, 4, rank)), random.standard_normal((2, rank, 5))
    found = cross(U @ V, rank, 1e-12)
    assert found[0].shape == (2, 4, rank) and found[1].shape == (2, rank, 5)
    np.testing.assert_allclose(found[0] @ found[1], U @ V, atol=1e-12)
    assert rank == 1 or cross(U @ V, rank - 1, 1e-3) is None
    assert cross(np.array([[4.0, 0], [0, 0.5]]), 1, 0.5) is not None  # just as much is allowed
    assert cross(np.array([[4.0, 0], [0, 0.5]]), 1, 0.49) is None


# -- the diagonal

@pytest.mark.parametrize("n, rank", [(4, 1), (5, 1), (6, 2), (7, 2)])
def test_the_diagonal_from_the_entries_beside_it(n, rank):
    a = sum(outer(x[:, :n], y[:, :n]) for x, y in [(u, v), (v * v, d)][:rank])
    np.testing.assert_allclose(beside(diagonal(d[:, :n]) + a, rank, 1e-10), d[:, :n], rtol=1e-9)
    assert beside((diagonal(d[:, :n]) + a)[:, :n - 1, :n - 1], rank, 1e-10) is None or n > 4 + (
        rank == 2) * 2
    assert beside(random.standard_normal((n, n)), rank, 1e-10) is None
    assert beside(diagonal(d[:, :n]), rank, 1e-10) is None  # nothing beside it says anything
    if rank == 2:  # two alike are one
        assert beside(diagonal(d[:, :n]) + outer(u, v)[:, :n, :n], 2, 1e-10) is None


def test_too_small_for_its_rank():
    for n, rank in ((3, 1), (5, 2)):
        a = sum(outer(x[0, :n], y[0, :n]) for x, y in [(u, v), (v * v, d)][:rank])
        assert beside(diagonal(d[0, :n]) + a, rank, 1e-10) is None


def test_those_that_leave_little():
    block = diagonal(d[:, :5]) + outer(u, v)[:, :5, :5]
    right = [None, d[:, :5]]  # of two points the last is looked at
    tries = [(str(k), (), right if k in (0, 4, 11) else [None, d[:, :5] + k]) for k in range(12)]
    few = (slice(0, 2),)
    assert [text for text, *_ in leaving(block[few], few, tries, 1, 1e-9)] == ["0", "4", "11"]
    assert list(leaving(block[few], few, [], 1, 1e-9)) == []
    wrong = [("x", (), [None, d[:, :5] * [[1], [1], [2]]])]  # in the third block alone
    assert len(list(leaving(block[few], few, wrong, 1, 1e-9))) == 1


def named_at(core, blocks, batch=(), k="k"):
    return {text: (letters, arrays) for text, letters, arrays in diagonals_of(
        core, blocks, batch, k, "i")}


def test_what_a_diagonal_may_be():
    s, w, W = np.array(3.0), u[0, :5], v[:2, :5]
    one = {"s": s, "w": w, "W": W, "z": w * [0, 1, 1, 1, 1]}
    x = np.zeros((2, 5, 5))
    found = named_at(square(x, known=[one], letters="nki"), [x], ("n",))
    assert next(iter(found)) == "1" and found["1"][0] == ()
    for text, letters, right in (
            ("1", (), 1), ("s", (), 3), ("1 / s", (), 1 / 3), ("w", ("k",), w),
            ("W", ("n", "k"), W), ("1 / np.linalg.norm(w)", (), 1 / np.linalg.norm(w)),
            ("1 / W", ("n", "k"), 1 / W), ("W**2", ("n", "k"), W**2)):
        if text == "w":
            continue
        assert found[text][0] == letters
        np.testing.assert_allclose(found[text][1], [np.broadcast_to(right, (2, 5))])
    assert "z" not in found and "1 / z" not in found and "np.linalg.norm(w)" not in found
    V = np.arange(1.0, 7).reshape(2, 3)  # a number a block, of two axes of blocks
    x = np.zeros((2, 3, 5, 5))
    found = named_at(square(x, known=[{"V": V}], letters="mnki"), [x], ("m", "n"))
    assert found["V"][0] == ("m", "n") and (found["V"][1][0] == V[..., None]).all()
    x = np.zeros((5, 5))
    found = named_at(square(x, known=[one]), [x])
    assert found["w"][0] == ("k",) and "z" not in found and "W" not in found
    assert "1 / s" in found and "s" in found


def test_a_number_that_is_zero_is_no_diagonal():
    x = np.zeros((5, 5))
    found = named_at(square(x, x, known=[{"s": np.array(1.0)}, {"s": np.array(0.0)}]), [x, x])
    assert list(found) == ["1"]
    assert len(found["1"][1]) == 2 and found["1"][1][1].tolist() == [1] * 5


def test_the_diagonal_that_is_found_comes_before_known_ones():
    for rank, n in ((1, 5), (2, 7)):
        x = diagonal(d[0, :n]) + sum(outer(a[0, :n], b[0, :n])
                                     for a, b in [(u, v), (v * v, d)][:rank])
        some = list(diagonals_of(square(x, known=[{"s": np.array(2.0)}]), [x], (), "k", "i"))
        assert [text for text, *_ in some] == ["1", None, "s", "1 / s"]
        np.testing.assert_allclose(some[1][2][0], d[0, :n], rtol=1e-9)


@pytest.mark.parametrize("found, batch, known, right", [
    (np.full(5, 2.5), "", {}, ("2.5", ())), (np.full(5, 1.0), "", {}, ("1", ())),
    (np.full(5, np.pi / 7), "", {}, (repr(np.pi / 7), ())), (np.zeros(5), "", {}, (None, ())),
    (d[0, :5], "", {}, (None, ("k",))), (d[0, :5], "", {"w": d[0, :5]}, ("w", ("k",))),
    (d[0, :5], "", {"w": d[0, :5] / 3}, ("3 * w", ("k",))),
    (d[:, :5], "n", {"w": d[:, :5].T}, ("w", ("k", "n"))),
    (np.outer(d[0, :3], np.ones(5)), "n", {"w": d[0, :3]}, ("w", ("n",))),
    (np.outer(d[0, :3], np.ones(5)), "n", {"w": -d[0, :3]}, ("-w", ("n",))),
    (np.outer(d[0, :3], np.ones(5)), "n", {}, (None, ("n",)))])
def test_the_name_of_a_diagonal(found, batch, known, right):
    core = core_of("k", "i", "ki", np.zeros((5, 5)), known=[known], tolerance=1e-9)
    (text, letters, arrays), = named_diagonals(core, [found], tuple(batch), "k")
    assert (text, tuple(letters)) == right and arrays[0] is found


# -- the outer products

@pytest.mark.parametrize("x, allowed, right", [
    ([1.0, 1, 1], 1e-9, True), ([1.0, 1 + 1e-6, 1], 1e-9, False),
    ([2.0, 2 + 1.9e-8, 2], 1e-9, True), ([2.0, 2 + 2.1e-8, 2], 1e-9, False),
    ([[1.0, 1], [5, 5]], 1e-9, True), ([[1.0, 1], [5, 6]], 1e-9, False), ([0.0, 0], 1e-9, True),
    ([0.0, 1e-300], 1e-9, False), ([0.3], 1e-9, True)])
def test_what_is_the_same_along_a_line(x, allowed, right):
    assert even(np.array(x), allowed) is right


def test_one_outer_product_and_its_sides():
    a, b, ones = u[0, :5], v[0, :5], np.ones(5)
    for rest, known, right in (
            (outer(a, b), {}, Piece("1", "U", "V", ("k",))),
            (outer(ones, b), {}, Piece("1", "", "U", ("k",))),
            (outer(a, ones), {}, Piece("1", "U", "", ("k",))),
            (outer(ones, b) / 3, {"q": b}, Piece("1 / 3", "", "q", ("k",))),
            (-2 * outer(a, ones), {"q": a}, Piece("-2", "q", "", ("k",))),
            (outer(ones, ones) / 5, {}, Piece("0.2", "", "", ())),
            (-3 * outer(a, a), {"q": a}, Piece("-3", "q", "q", ("k",))),
            (outer(a, a), {}, Piece("1", "U", "U", ("k",))),
            (-outer(a, a), {}, Piece("-1", "U", "U", ("k",)))):
        core = square(rest, known=[known])
        assert one_piece(core, [rest], (), "k", "i", 1e-9) == right
        sides = [core.names.all_at(0).get(text, ones) if text else ones
                 for text in (right.v, right.u)]
        if right.u != right.v or not right.u:
            sides = sides[::-1]
        np.testing.assert_allclose(eval(right.c) * outer(*sides), rest, rtol=1e-9)
    assert one_piece(square(I(5)), [I(5)], (), "k", "i", 1e-9) is None
    two = [outer(a, b), I(5)]  # at one of two points alone
    assert one_piece(square(*two), two, (), "k", "i", 1e-9) is None
    assert one_piece(square(*two[::-1]), two[::-1], (), "k", "i", 1e-9) is None


def test_sides_in_blocks_and_points():
    a, b, ones = u[:2, :5], v[:2, :5], np.ones((2, 5))
    points = [outer(ones, b), 2 * outer(ones, b + 1)]
    core = square(*points, letters="nki")
    assert one_piece(core, points, ("n",), "k", "i", 1e-9) == Piece("1", "", "U", ("n", "k"))
    np.testing.assert_allclose(core.names.added[0]["U"], b)
    np.testing.assert_allclose(core.names.added[1]["U"], 2 * b + 2)
    points = [outer(3 * a, ones), outer(a - 7, ones)]
    core = square(*points, letters="nki")
    assert one_piece(core, points, ("n",), "k", "i", 1e-9) == Piece("1", "U", "", ("n", "k"))
    np.testing.assert_allclose(core.names.added[0]["U"], 3 * a)
    np.testing.assert_allclose(core.names.added[1]["U"], a - 7)
    points = [outer(ones, b), outer(a, ones)]  # even, but not the same side
    core = square(*points, letters="nki")
    assert one_piece(core, points, ("n",), "k", "i", 1e-9) == Piece("1", "U", "V", ("n", "k"))


def test_a_side_has_a_number_a_name_or_a_new_one():
    core = square(np.zeros((5, 5)), known=[{"q": u[0, :5], "t": np.array(0.7)}])
    assert side_text(core, [2 * u[0, :5]], ("k",)) == ("2", "q", ("k",))
    assert side_text(core, [np.full(5, 0.7)], ("k",)) == ("t", "", ())
    assert side_text(core, [np.full(5, 0.5)], ("k",)) == ("0.5", "", ())
    assert side_text(core, [v[0, :5]], ("k",)) == ("1", "U", ("k",))
    assert side_text(core, [np.full((2, 5), 0.5)], ("n", "k")) == ("0.5", "", ())
    assert side_text(core, [v[:2, :5]], ("n", "k")) == ("1", "U1", ("n", "k"))
    two = square(*np.zeros((2, 5, 5)))
    assert side_text(two, [np.ones(5), np.arange(5.0)], ("k",)) == ("1", "U", ("k",))
    assert side_text(two, [np.ones(5), np.full(5, 1.3)], ("k",)) == ("1", "U1", ("k",))


def test_a_square_of_a_known_array():
    a = u[0, :5]
    for c, text in ((2, "2"), (-1, "-1"), (1 / 3, "1 / 3")):
        core = square(c * outer(a, a), known=[{"b": v[0, :5], "q": a}])
        assert symmetric(core, [c * outer(a, a)], ("k",), 1e-9) == (text, "q", ("k",))
    halves = [outer(a, a) / 2, outer(v[0, :5], v[0, :5]) / 2]
    core = square(*halves, known=[{"q": a}, {"q": v[0, :5]}])
    assert symmetric(core, halves, ("k",), 1e-9) == ("0.5", "q", ("k",))
    halves[1] *= 2  # another number at the other point
    assert symmetric(core, halves, ("k",), 1e-9) == ("1", "U", ("k",))
    assert symmetric(square(outer(a, v[0, :5])), [outer(a, v[0, :5])], ("k",), 1e-9) is None
    both = [outer(a, a), outer(a, v[0, :5])]
    assert symmetric(square(*both), both, ("k",), 1e-9) is None


def test_a_square_without_a_name():
    a = np.array([[0, 1.0, -3, 2], [4, 1, 0, 0], [0, 0, 0, 0.5]])
    for sign in (1, -1):
        core = square(sign * outer(a, a), letters="nki")
        assert symmetric(core, [sign * outer(a, a)], ("n", "k"), 1e-9) == (
            str(sign), "U", ("n", "k"))
        found = core.names.added[0]["U"]
        np.testing.assert_allclose(outer(found, found), outer(a, a), atol=1e-12)
    mixed = [outer(a, a) * np.array([1, -1, 1])[:, None, None]]
    assert symmetric(square(*mixed, letters="nki"), mixed, ("n", "k"), 1e-9) is None
    two = [outer(a, a), -outer(a, a)]
    assert symmetric(square(*two, letters="nki"), two, ("n", "k"), 1e-9) is None
    some = [outer(a, a) * np.array([1, 0, 1])[:, None, None]]  # one of them is nothing
    core = square(*some, letters="nki")
    assert symmetric(core, some, ("n", "k"), 1e-9) is None


def test_the_mean_is_taken_off_first():
    n, h = 5, u[0, :5] - u[0, :5].mean()
    core = square(I(n), known=[{"h": h}])
    one = Piece("-2", "h", "h", ("k",))
    assert pieces_of(core, [-2 * outer(h, h)], (), "k", "i", 1e-9) == [one]
    mean = np.full((n, n), -1 / n)
    assert pieces_of(core, [mean - 2 * outer(h, h)], (), "k", "i", 1e-9) == [
        Piece("-0.2", "", ""), one]
    assert pieces_of(core, [mean], (), "k", "i", 1e-9) == [Piece("-0.2", "", "", ())]
    assert pieces_of(core, [0 * mean], (), "k", "i", 1e-9) is None
    assert pieces_of(core, [np.full((n, n), 1e-9)], (), "k", "i", 1e-9) is None
    two = outer(u[0, :5], v[0, :5]) + outer(v[0, :5], d[0, :5])
    assert pieces_of(core, [two], (), "k", "i", 1e-9) is None
    assert pieces_of(core, [two - two.mean(0) - two.mean(1)[:, None]], (), "k", "i", 1e-9) is None
    points = [mean - 2 * outer(h, h), 2 * mean - 2 * outer(h, h)]  # not the same mean
    assert pieces_of(square(*points, known=[{"h": h}]), points, (), "k", "i", 1e-9) is None
    points = [mean - 2 * outer(h, h), mean - outer(h, h)]
    assert pieces_of(square(*points, known=[{"h": h}, {"h": h / 2**0.5}]), points, (), "k", "i",
                     1e-9) == [Piece("-0.2", "", ""), one]
    points = [0 * mean, outer(h, h)]  # nothing at one point
    assert pieces_of(square(*points, known=[{"h": 0 * h}, {"h": h}]), points, (), "k", "i",
                     1e-9) is not None


def test_of_some_rows_alone_the_mean_of_all_is_tried():
    h = u[0] - u[0].mean()
    whole = -1 / 7 - 2 * outer(h, h)
    some = whole[:4, :4]
    core = core_of("k", "i", "ki", some, known=[{"h": h[:4]}], sizes={"k": 7, "i": 7})
    assert core.sizes["k"] == 7
    assert pieces_of(core, [some], (), "k", "i", 1e-9) == [
        Piece("-1 / 7", "", ""), Piece("-2", "h", "h", ("k",))]


def test_a_number_is_no_array_along_a_diagonal():
    assert list(laid_out([np.array(2.0)], ("k",), (4,))) == []
