"""Norms in parts: whose blocks they have, three numbers of each, their names, the line."""

import numpy as np
import pytest

from helpers.calculus.discover.patterns.norms import (
    Frame,
    frame_of,
    norms,
    rooted,
    said,
    scales,
    steadied,
    three,
    written,
)
from tests.calculus.discover.cores import core_of

random = np.random.default_rng(38)
X = random.standard_normal((4, 5))
ROW = "-1, keepdims=True"


@pytest.mark.parametrize("outer, inner, letters, axes", [
    ("nk", "ni", "nki", (1,)), ("kn", "in", "kin", (0,)), ("kl", "ij", "klij", (0, 1)),
    ("nk", "nk", "nk", None), ("nk", "in", "nki", None), ("nk", "ki", "nki", None),
    ("nk", "ni", "nk", None), ("k", "ni", "kni", None), ("nk", "i", "nki", None),
    ("kk", "ij", "kij", None), ("kl", "ii", "kli", None)])
def test_the_axes_that_a_norm_may_sum_over(outer, inner, letters, axes):
    sizes = dict(zip("kilj", (5, 5, 4, 4), strict=True)) | {"n": 4}
    shape = [sizes[x] for x in letters]
    for own in ((4, 5), (5, 4), (5, 5), (4, 4), (5,)):
        core = core_of(outer, inner, letters, np.ones(shape), sizes=sizes,
                       known=[{"X": np.ones(own)}], input_name="X")
        frame = frame_of(core)
        if axes is None or own != tuple(sizes[x] for x in inner):
            assert frame is None
            continue
        count = int(np.prod([own[a] for a in axes]))
        assert frame == Frame("X", axes, 2, count, own)
        assert frame_of(core_of(outer, inner, letters, np.ones(shape), sizes=sizes,
                                known=[{"X": np.ones(own)}])) is None
        assert frame_of(core_of(outer, inner, letters, np.ones(shape), sizes=sizes, backward=(0,),
                                known=[{"X": np.ones(own)}], input_name="X")) is None


def test_a_norm_sums_three_numbers_or_more():
    for n in (2, 3):
        core = core_of("k", "i", "ki", np.ones((n, n)), known=[{"X": np.ones(n)}], input_name="X")
        assert (frame_of(core) is None) == (n == 2)
    core = core_of("k", "i", "ki", np.ones((3, 4)), known=[{"X": np.ones(4)}], input_name="X")
    assert frame_of(core) is None


def blocks(a, b, c, gain, u):
    """gain · (a δ + b + c u uᵀ) of every block."""
    a, b, c = (np.reshape(x, (-1, 1, 1)) for x in (a, b, c))
    return gain[:, :, None] * (a * np.eye(u.shape[1]) + b + c * u[:, :, None] * u[:, None])


GAIN, U = random.uniform(1, 2, (3, 5)), random.standard_normal((3, 5))


def test_the_three_numbers_are_another_in_every_block():
    a, b, c = np.array([[3.0, 2, 5], [-0.5, 1, 0.25], [-2.0, 4, -1]])
    np.testing.assert_allclose(three(blocks(a, b, c, GAIN, U), GAIN, U, True, 1e-9), [a, b, c])
    found = three(blocks(a, 0, c, GAIN, U), GAIN, U, False, 1e-9)
    np.testing.assert_allclose(found[[0, 2]], [a, c])
    assert np.isnan(found[1]).all()
    dead = blocks(a, b, c, GAIN, U)
    dead[1] = 0
    found = three(dead, GAIN, U, True, 1e-9)
    np.testing.assert_allclose(found[:, [0, 2]], np.array([a, b, c])[:, [0, 2]])
    assert np.isnan(found[:, 1]).all()
    still = U * [[1], [0], [1]]  # u says nothing there
    found = three(blocks(a, b, c, GAIN, still), GAIN, still, True, 1e-9)
    np.testing.assert_array_equal(np.isnan(found), [[False, True, False]] * 3)
    no_gain = GAIN * [[1], [0], [1]]
    assert np.isnan(three(blocks(a, b, c, no_gain, U), no_gain, U, True, 1e-9)[0, 1])


@pytest.mark.parametrize("at", [(0, 0, 0), (2, 4, 4), (1, 2, 3), (0, 4, 1)])
def test_one_entry_beside_it_is_no_norm(at):
    M = blocks(3, -0.5, -2, GAIN, U)
    allowed = 1e-8 * np.abs(M).max()
    for change, fine in ((0.5 * allowed, True), (5 * allowed, False), (-5 * allowed, False)):
        other = M.copy()
        other[at] += change
        assert (three(other, GAIN, U, True, 1e-9) is not None) is fine


def standard(X, eps=0.0, beside=0.0, axis=1):
    """(u, s, r): what a layer norm divides, what by, and the root alone."""
    u = X - X.mean(axis, keepdims=True)
    r = np.sqrt((u**2).mean(axis) + eps)
    return u, r + beside, r


def layer(X, eps=0.0, beside=0.0, h=1.0):
    """(a, b, c) of the blocks of h · u / s."""
    _, s, r = standard(X, eps, beside)
    n = X.shape[1]
    return h / s, -h / (n * s), -h / (n * s**2 * r)


@pytest.mark.parametrize("eps, beside, root, other", [
    (0.0, 0.0, f"np.sqrt(X.var({ROW}))", "Xhat"),
    (0.25, 0.0, f"np.sqrt(X.var({ROW}) + 0.25)", "Xhat"),
    (0.0, 0.5, f"(np.sqrt(X.var({ROW})) + 0.5)",
     f"((X - X.mean({ROW})) / np.maximum(np.sqrt(X.var({ROW})), 1e-300))")])
def test_the_numbers_of_a_norm_have_names(eps, beside, root, other):
    u = standard(X, eps, beside)[0]
    core = core_of("nk", "ni", "nki", np.ones((4, 5, 5)), known=[{"X": X}], input_name="X",
                   tolerance=1e-11)
    frame = frame_of(core)
    parts = [np.array(layer(X, eps, beside))]
    answer = said(core, frame, "", [u], parts, True)
    assert answer.line == (f"(G - G.mean({ROW}) - (Xhat := (X - X.mean({ROW})) / (s := {root})) * "
                           f"(G * {other}).mean({ROW})) / s")
    assert answer.says == ("each 5×5 block is a diagonal plus rank 2: a norm along axis 1, with "
                           f"its root {root}")
    assert (answer.stored, answer.multiplications) == (20 + 4, 3 * 20)
    a, b, c = parts[0]
    assert said(core, frame, "", [u], [np.array([a, 1.001 * b, c])], True) is None
    assert said(core, frame, "", [u], [np.array([a, 0.999 * b, c])], True) is None
    assert said(core, frame, "", [u], [np.array([a * [1, 1, 1, 0], b, c])], True) is None
    for k in range(4):
        twisted = c * np.where(np.arange(4) == k, 1.01, 1)
        assert said(core, frame, "", [u], [np.array([a, b, twisted])], True) is None
    dead = np.where(np.arange(4) == 1, np.nan, parts[0])
    assert said(core, frame, "", [u], [dead], True).line == answer.line
    both = core_of("nk", "ni", "nki", *np.ones((2, 4, 5, 5)), known=[{"X": X}, {"X": 2 * X}],
                   input_name="X", tolerance=1e-11)
    twice = np.array(layer(2 * X, eps, beside))
    assert said(both, frame, "", [u, 2 * u], [parts[0], twice], True).line == answer.line


@pytest.mark.parametrize("tolerance, off, fine", [(1e-9, 1e-8, True), (1e-9, 1e-6, False),
                                                  (1e-13, 1e-10, True), (1e-13, 1e-7, False)])
def test_the_number_before_the_sum_may_be_as_far_off_as_the_tolerance(tolerance, off, fine):
    u = standard(X)[0]
    a, b, c = layer(X)
    core = core_of("nk", "ni", "nki", np.ones((4, 5, 5)), known=[{"X": X}], input_name="X",
                   tolerance=tolerance)
    answer = said(core, frame_of(core), "", [u], [np.array([a, b, c * (1 + off)])], True)
    assert (answer is not None and ".mean" in answer.line.split(" * ")[-1]) is fine


def test_a_norm_times_what_is_the_same_along_its_blocks():
    h, u = np.array([2.0, 3, 5, 7]), standard(X)[0]
    core = core_of("nk", "ni", "nki", np.ones((4, 5, 5)), known=[{"h": h, "X": X}],
                   input_name="X", tolerance=1e-11)
    frame = frame_of(core)
    answer = said(core, frame, "", [u], [np.array(layer(X, h=h))], True)
    assert answer.line == (f"h[:, None] * (G - G.mean({ROW}) - (Xhat := (X - X.mean({ROW})) / (s :="
                           f" np.sqrt(X.var({ROW})))) * (G * Xhat).mean({ROW})) / s")
    assert answer.stored == 24  # it goes into 1 / s
    found = dict(scales(core.names, frame))
    assert list(found) == ["", "h[:, None]"]
    assert [found[""][0].tolist(), found["h[:, None]"][0].tolist()] == [[1] * 4, [2, 3, 5, 7]]
    zero = core_of("nk", "ni", "nki", np.ones((4, 5, 5)), known=[{"h": h * [1, 0, 1, 1], "X": X}])
    assert list(dict(scales(zero.names, frame))) == [""]


def test_an_eps_below_zero_or_nothing_is_none():
    frame = Frame("X", (1,), 2, 5, (6, 5))
    square = random.uniform(1, 2, 6)
    names = core_of("k", "k", "k", square).names
    assert rooted(names, frame, np.sqrt(square - 0.5), square, True, 1e-13)[0] == (
        f"np.sqrt(X.var({ROW}))")
    assert rooted(names, frame, np.sqrt(square) - 0.5, square, True, 1e-13) is None


def test_only_a_root_with_an_eps_is_steadied():
    u = standard(X)[0]
    for eps in (0.0, 0.25):
        J = blocks(*layer(X, eps), np.ones((4, 5)), u)
        core = core_of("nk", "ni", "nki", J, known=[{"X": X}], input_name="X", tolerance=1e-11)
        assert norms(core).line.endswith(f".mean({ROW})) / s")
        assert (steadied(core) is not None) is (eps > 0)
        assert steadied(core_of("nk", "ni", "nki", J, known=[{"X": X}], input_name="Z",
                                tolerance=1e-11)) is None
        G = random.standard_normal((4, 5))
        np.testing.assert_allclose(eval(norms(core).line, {"np": np, "G": G, "X": X}),
                                   np.einsum("nk,nki->ni", G, J))


@pytest.mark.parametrize("centred, gain, scale, kappa, line, stored", [
    (True, "", "", "1 / 5", f"(G - G.mean({ROW}) - (Xhat := (X - X.mean({ROW})) / (s := R)) * "
     f"(G * Xhat).mean({ROW})) / s", 24),
    (False, "", "", "0.2", f"(G - (Xhat := X / (s := R)) * (G * Xhat).mean({ROW})) / s", 24),
    (False, "", "", "1", f"(G - (Xhat := X / (s := R)) * (G * Xhat).sum({ROW})) / s", 24),
    (False, "", "h", "1 / 4", f"h * (G - (Xhat := X / (s := R)) * (G * Xhat).sum({ROW}) / 4) / s",
     24),
    (False, "g", "1 + h", "2", "(1 + h) * ((D := g * G) - 2 * (Xhat := X / (s := R)) * (D * Xhat)"
     f".sum({ROW})) / s", 29)])
def test_the_parts_of_a_line(centred, gain, scale, kappa, line, stored):
    core = core_of("nk", "ni", "nki", np.ones((4, 5, 5)), known=[{"X": X, "g": np.ones(5)}],
                   input_name="X")
    answer = written(core, frame_of(core), gain, scale, "R", True, kappa, centred)
    assert (answer.line, answer.stored, answer.multiplications) == (line, stored, 60)
    assert answer.says == (f"each 5×5 block is a diagonal plus rank {2 if centred else 1}: a norm "
                           "along axis 1, with its root R")


def test_names_that_are_taken_are_not_taken_again():
    one = np.ones(1)
    for taken, s, hat in (({}, "s", "Xhat"), ({"s": one}, "sd", "Xhat"),
                          ({"s": one, "sd": one, "Xhat": one}, "root", "hat"),
                          ({"Xhat": one, "hat": one}, "s", "hat_")):
        core = core_of("kl", "ij", "klij", np.ones((4, 5, 4, 5)), known=[{"X": X, **taken}],
                       input_name="X")
        answer = written(core, frame_of(core), "", "", "R", True, "1 / 20", False)
        assert answer.line == f"(G - ({hat} := X / ({s} := R)) * (G * {hat}).mean()) / {s}"
        assert (answer.stored, answer.multiplications) == (20 + 1, 60)
        assert "along axes 0, 1, with" in answer.says
    core = core_of("nk", "ni", "nki", np.ones((4, 5, 5)), known=[{"X": X}], input_name="X")
    core.names.add("s", [one])  # what another detector put there
    assert "(sd := R)" in written(core, frame_of(core), "", "", "R", True, "1", False).line
