"""The parts of the search without a tensor, on tensors that are small enough to be looked at."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover import discover
from helpers.calculus.discover.large import diagonals, sparse
from helpers.calculus.discover.large.corner import FEWER, SIZES
from helpers.calculus.discover.large.directions import Counted, Point, same_shape
from helpers.calculus.discover.large.probes import (
    Probes,
    calls_for,
    columns_of,
    core_at,
    probed,
    spread,
)
from helpers.calculus.discover.large.slices import Windowed, entrywise, windows_for
from helpers.calculus.discover.large.small import small_samples
from helpers.calculus.discover.terms import Core
from helpers.calculus.discover.ties import Pattern, find_constants, find_ties, letters_for, without
from helpers.calculus.errors import ShapeError

random = np.random.default_rng(8)
I = np.eye


class Linear:
    """A point of the function Y = J x, with J at hand."""

    exact, tolerance = True, 1e-10

    def __init__(self, J, ndim, seed=0):
        self.J, self.ndim = np.asarray(J, float), ndim
        self.x = np.random.default_rng(seed).standard_normal(self.J.shape[ndim:])
        self.Y, self.names = self.along(self.x), {}

    def along(self, V):
        return np.tensordot(self.J, V, self.J.ndim - self.ndim)

    value = along


def line_is(J, ndim, answer):
    G = random.standard_normal(J.shape[:ndim])
    found = eval(answer.line, {"np": np, "G": G, **answer.names.all_at(0)})
    np.testing.assert_allclose(found, np.tensordot(G, J, ndim), atol=1e-9)


def subject(*points):
    return SimpleNamespace(points=points, input_name="X", output_name="Y")


# -- few entries

def few(rows, columns, share, shape=None):
    J = random.standard_normal((rows, columns)) * (random.random((rows, columns)) < share)
    return J.reshape(shape or (rows, columns))


SPARSE = {
    "tridiagonal": I(40) + 2 * I(40, k=1) - I(40, k=-1), "one input": few(6, 1, 0.5),
    "one output": I(1, 33, 7), "places": I(37)[random.permutation(37)], "few": few(60, 45, 0.03),
    "empty columns": few(50, 40, 0.03) * (np.arange(40) % 3 == 0), "two": few(30, 2, 0.2),
    "two fifths": np.array([1.0, 0, 1, 0, 0])[(np.arange(32) // 2 + np.arange(5)[:, None]) % 5],
    "scaled places": 3 * I(17)[random.permutation(17)],
}


@pytest.mark.parametrize("name", SPARSE)
def test_entries_that_are_few_are_all_found(name):
    J = SPARSE[name]
    rows, columns, values = found = sparse.entries_of(Linear(J, 1))
    again = np.zeros(J.shape)
    np.add.at(again, (rows, columns), values)
    np.testing.assert_allclose(again, J, atol=1e-12)
    assert len(rows) == np.count_nonzero(J)
    answer = sparse.kept(subject(Linear(J, 1)), found)
    line_is(J, 1, answer)
    same = len(np.unique(values)) == 1
    one = "places" in name
    assert answer.kind == ("permutation" if name == "places" else "sparse")
    assert answer.nonzero == len(rows) and answer.stored == len(rows) * (3 - one - same)
    assert answer.multiplications == (0 if same and values[0] == 1 else len(rows))


def test_entries_of_a_matrix_by_a_matrix():
    J = few(24, 30, 0.06, (4, 6, 5, 6))
    line_is(J, 2, sparse.kept(subject(Linear(J, 2)), sparse.entries_of(Linear(J, 2))))
    J = I(12)[random.permutation(12)].reshape(3, 4, 2, 6)
    line_is(J, 2, sparse.kept(subject(Linear(J, 2)), sparse.entries_of(Linear(J, 2))))


def test_entries_that_are_not_few_are_not_measured():
    assert sparse.entries_of(Linear(random.standard_normal((64, 64)), 1)) is None


# -- kernels

def sliding(sizes, kernel, before, after):
    """The tensor of x, padded, correlated with a kernel."""
    def f(x):
        x = np.pad(x, list(zip(before, after, strict=True)))
        seen = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
        return np.tensordot(seen, kernel, kernel.ndim)

    columns = [f(e.reshape(sizes)) for e in I(int(np.prod(sizes)))]
    return np.moveaxis(np.array(columns), 0, -1).reshape(*columns[0].shape, *sizes)


w3, w23 = np.array([3.0, -2.5, 7.25]), random.standard_normal((2, 3))
hole, w232 = np.array([3.0, 0, 0, -2.5]), random.standard_normal((2, 3, 2))
SEEN = "np.lib.stride_tricks.sliding_window_view"
KERNELS = [
    ((30,), w3, (0,), (0,), "np.convolve(G, {})"),
    ((30,), w3, (1,), (1,), 'np.convolve(np.pad(G, 1), {}, "valid")'),
    ((30,), w3, (2,), (0,), 'np.convolve(np.pad(G, (0, 2)), {}, "valid")'),
    ((30,), w3, (2,), (2,), 'np.convolve(G, {}, "valid")'),
    ((9, 12), w3[None], (0, 0), (0, 0), "np.array([np.convolve(g, {}) for g in G])"),
    ((9, 12), w3[None], (0, 1), (0, 1),
     f'np.einsum("abc,c->ab", {SEEN}(np.pad(G, ((0, 0), (1, 1))), 3, 1), {{turned}})'),
    ((12, 9), w3[:, None], (0, 0), (0, 0),
     f'np.einsum("abc,c->ab", {SEEN}(np.pad(G, ((2, 2), (0, 0))), 3, 0), {{turned}})'),
    ((9, 8), w23, (0, 0), (0, 0),
     f'np.einsum("abcd,cd->ab", {SEEN}(np.pad(G, ((1, 1), (2, 2))), (2, 3)), {{turned}})'),
    ((9, 8), w23, (1, 1), (0, 1), None), ((9, 8), w23, (1, 2), (1, 2), f'np.einsum("abcd,cd->ab", '
     f'{SEEN}(G, (2, 3)), {{turned}})'),
    ((30,), hole, (0,), (0,), "np.convolve(G, {})"),
    ((30,), hole, (3,), (0,), 'np.convolve(np.pad(G, (0, 3)), {}, "valid")'),
    ((5, 6, 7), w232, (0, 0, 0), (0, 0, 0), f'np.einsum("abcdef,def->abc", {SEEN}(np.pad(G, '
     "((1, 1), (2, 2), (1, 1))), (2, 3, 2)), {turned})"),
    ((5, 6, 7), w23[:, None], (0, 0, 1), (0, 0, 1), f'np.einsum("abcde,de->abc", {SEEN}(np.pad(G, '
     "((1, 1), (0, 0), (1, 1))), (2, 3), (0, 2)), {turned})"),
    ((5, 6, 7), w3[:, None, None], (1, 0, 0), (1, 0, 0), f'np.einsum("abcd,d->abc", {SEEN}(np.pad('
     "G, ((1, 1), (0, 0), (0, 0))), 3, 0), {turned})"),
]


@pytest.mark.parametrize("sizes, kernel, before, after, line", KERNELS)
@pytest.mark.parametrize("name", ["", "K", "flipped"])
def test_a_kernel_is_seen_in_the_middle(sizes, kernel, before, after, line, name):
    J = sliding(sizes, kernel, before, after)
    point = Linear(J, len(sizes))
    own = np.squeeze(kernel)
    point.names = {"K": own if name == "K" else np.flip(own)} if name else {}
    answer = diagonals.slid(subject(point), 1e-9)
    line_is(J, len(sizes), answer)
    assert (answer.kind, answer.stored, answer.nonzero) == ("convolution", own.size,
                                                            np.count_nonzero(J))
    flips = f"[{', '.join(['::-1'] * own.ndim)}]"
    said = "K" if name else "w" if own.size > diagonals.FEW else answer.says.split(
        "numbers, ")[1].split(", slide")[0]
    ways = said + flips * (name == "flipped"), said + flips * (name != "flipped")
    assert answer.says == (f"the same {own.size} numbers, {ways[0]}, slide over X: a convolution")
    assert answer.multiplications == answer.nonzero
    if line:
        assert answer.line == line.format(ways[0], turned=ways[1])


def test_of_a_kernel_only_a_part_that_is_there_is_counted():
    J = sliding((30,), w3, (1,), (1,))[4:-2]  # no output for what lies at the ends
    answer = diagonals.slid(subject(Linear(J, 1)), 1e-9)
    line_is(J, 1, answer)
    assert answer.nonzero == np.count_nonzero(J)
    J = sliding((12, 10), w23, (0, 0), (0, 0))[2:, 1:-1]
    answer = diagonals.slid(subject(Linear(J, 2)), 1e-9)
    line_is(J, 2, answer)
    assert answer.nonzero == np.count_nonzero(J)


@pytest.mark.parametrize("size, width, says", [(28, 7, True), (27, 7, False), (4, 1, False)])
def test_a_kernel_is_small_beside_what_it_makes(size, width, says):
    J = sliding((size + width - 1,), np.arange(1.0, width + 1), (0,), (0,))
    assert (diagonals.slid(subject(Linear(J, 1)), 1e-9) is not None) is says


def test_what_slides_nowhere_has_no_kernel():
    changing = sliding((30,), w3, (1,), (1,)) * np.arange(1.0, 31)
    for J, ndim in ((changing, 1), (random.standard_normal((20, 20)), 1), (I(30), 1),
                    (np.zeros((30, 30)), 1), (few(30, 30, 0.5, (30, 5, 6)), 1),
                    (sliding((9,), np.ones(5), (0,), (0,)), 1)):
        assert diagonals.slid(subject(Linear(J, ndim)), 1e-9) is None


# -- ties and constants

TENSORS = {
    "affine": (np.einsum("ni,mk->nkim", I(3), random.standard_normal((4, 2))), 2),
    "elementwise": (np.einsum("ni,kj,nk->nkij", I(3), I(4), random.standard_normal((3, 4))), 2),
    "transpose": (np.einsum("lj,ki->klji", I(4), I(3)), 2), "flip": (I(5)[::-1], 1),
    "mean": (np.einsum("kj,n->knj", I(4), np.ones(3) / 3), 1),
    "columns": (np.einsum("kj,n->njk", I(4), np.ones(3)), 1),
    "turned rows": (np.diag([2.0, 3, 5, 7])[::-1], 1), "turned matrix": (np.einsum(
        "ki,lj,kl->klij", I(3), I(4), random.standard_normal((3, 4)))[:, ::-1], 2),
    "trace": (I(4), 0), "diagonal": (np.einsum("ki,kj->kij", I(4), I(4)), 1),
    "dense": (random.standard_normal((3, 3, 3, 3)), 2),
    "one row": (random.standard_normal((1, 4)), 1),
    "one output": (random.standard_normal(6) * (np.arange(6) % 3 > 0), 0),
    "one input": (random.standard_normal((2, 3)), 2),
    "size one": (np.einsum("ni,mk->nkim", I(1), random.standard_normal((1, 4))), 2),
    "repeated": (np.einsum("ni,kj->nkij", I(3), np.ones((4, 2))), 2),
}


@pytest.mark.parametrize("name", TENSORS)
def test_probes_see_what_the_tensor_shows(name):
    J, ndim = TENSORS[name]
    start = Pattern(*letters_for(ndim, J.ndim - ndim))
    points = [Linear(J, ndim), Linear(1.5 * J, ndim, 1)]
    pattern, gone, letters = probed(points, start)
    right = find_ties([J, 1.5 * J], start)
    assert pattern == right
    view = right.view(J)
    constants = find_constants([view], right.letters, 1e-9)
    assert gone == constants and letters == tuple(x for x in right.letters if x not in gone)
    (core,), _ = without([view], right.letters, constants)
    np.testing.assert_allclose(core_at(points[0], pattern, letters), core, atol=1e-12)
    sizes = dict(zip((*right.outer, *right.inner), J.shape, strict=True))
    free = columns_of(pattern, letters)
    assert set(free) == set(letters) - set(right.outer)
    assert calls_for(pattern, letters, sizes) == np.prod([sizes[x] for x in free], dtype=int)
    some = {x: [sizes[x] - 1, 0][:sizes[x]] for x in letters}
    if letters:
        matrix = J.reshape(points[0].Y.size, points[0].x.size)
        entries = *np.nonzero(matrix), matrix[np.nonzero(matrix)]
        np.testing.assert_array_equal(sparse.placed(
            Core(pattern, letters, [], sizes, None, 1e-9), subject(*points), entries), core)
    np.testing.assert_allclose(core_at(points[0], pattern, letters, some),
                               core[np.ix_(*[some[x] for x in letters])], atol=1e-12)


def test_a_tie_of_one_point_alone_is_none():
    start = Pattern(*letters_for(1, 1))
    pattern, gone, _ = probed([Linear(I(6), 1), Linear(I(6) + I(6, k=2), 1, 1)], start)
    assert pattern == start and gone == ()
    assert probed([Linear(np.zeros((3, 3)), 1)] * 2, start)[0] is None


def test_a_direction_on_the_ties():
    np.testing.assert_array_equal(spread(Pattern((), ("i", "i")), [1, 2], (2, 2)), np.diag([1, 2]))
    np.testing.assert_array_equal(spread(Pattern(("k",), ("k",), (0,)), [1, 2, 3], (3,)), [3, 2, 1])


# -- some rows and columns

def test_windows_of_different_sizes_for_different_sizes():
    J = np.zeros((40, 30))
    J[33, 21] = 5
    point = Linear(J, 1)
    point.names = {"W": np.zeros((30, 8)), "v": np.zeros(200)}
    chosen = windows_for({"k": 40, "i": 30}, [point])
    assert chosen.keys() == {8, 30, 40, 200} and len(chosen[8]) == 8
    widths = [len(chosen[n]) for n in (30, 40, 200)]
    assert widths == [5, 6, 7] and 33 in chosen[40]
    assert all((np.diff(chosen[n]) > 0).all() for n in chosen)
    names = Windowed([point.names | {"X": np.arange(1200.0).reshape(30, 40)}], chosen)
    small = np.arange(1200.0).reshape(30, 40)[np.ix_(chosen[30], chosen[40])]
    assert names.shape("X") == (5, 6) and names.shape("W") == (5, 8)
    np.testing.assert_array_equal(names.value("X * 2")[0], 2 * small)
    np.testing.assert_allclose(names.value("X - X.mean(0)")[0], small - np.arange(
        1200.0).reshape(30, 40).mean(0)[chosen[40]])
    assert names.value("np.log(W)") is None and names.value("X @ X") is None
    assert names.fork().value("X")[0].shape == (5, 6)


@pytest.mark.parametrize("text, says", [
    ("X * 2 + v", True), ("np.exp(-X)", True), ("X > 0", True), ("np.maximum(X, 0) / s", True),
    ("X @ W", False), ("np.matmul(X, W)", False), ("X.sum(0)", False), ("np.cumsum(X)", False),
    ("X[:, None]", False), ("X.T", False), ("f(X)", False), ("np.linalg.norm(X)", False)])
def test_what_is_made_entry_by_entry(text, says):
    assert entrywise(text) is says


# -- slopes along directions

W = random.standard_normal((4, 3))


@pytest.mark.parametrize("f, exact", [
    (lambda X: np.tanh(X @ W), True), (lambda X: np.maximum(X, 0) ** 2, True),
    (lambda X: np.vectorize(float)(np.arctan(np.real(X)) + 0.0), False)])
def test_the_change_along_a_direction(f, exact):
    X, V = random.standard_normal((5, 4)), random.standard_normal((5, 4))
    point = Point(f, X, f(X), {})
    assert point.exact is exact and (point.tolerance == 1e-10) is exact
    right = (f(X + 1e-6 * V) - f(X - 1e-6 * V)) / 2e-6
    np.testing.assert_allclose(point.along(V), right, atol=1e-7)
    np.testing.assert_allclose(point.along(1e3 * V), 1e3 * right, atol=1e-4)
    assert not point.along(0 * V).any()


def test_calls_are_counted_and_a_shape_must_stay():
    f = Counted(np.tanh)
    for _ in range(3):
        f(np.ones(2))
    assert f.calls == 3
    assert same_shape(np.tanh, np.ones(2), (2,), "f").shape == (2,)
    with np.errstate(all="ignore"):
        assert same_shape(np.log, -np.ones(2), (2,), "f") is None
    with pytest.raises(ShapeError, match=r"f changes its shape with the values of x: \(3,\)"):
        same_shape(np.tanh, np.ones(2), (3,), "f")


@pytest.mark.parametrize("tables", [SIZES, FEWER])
def test_two_small_sizes_are_known_for_every_number_of_axes(tables):
    different, equal, even = tables
    for table in tables:
        assert set(table) == {1, 2, 3, 4}
        for count, (first, second) in table.items():
            assert len(first) == len(second) == count and first != second
    for count in (1, 2, 3, 4):
        assert len({*different[count][1]}) == count
        assert all(count == 1 or len({*shape}) < count for shape in equal[count])
        assert all(size % 2 == 0 for shape in even[count] for size in shape)


def test_where_f_has_no_value_slopes_tell_what_moves():
    J = few(6, 5, 0.5)
    for values in ([], [0], [0, 1]):  # which of the three other inputs f takes
        point = Linear(J, 1)
        asked = []
        point.value = lambda x, point=point, values=values, asked=asked: (
            asked.append(x), point.along(x) if len(asked) - 1 in values else None)[1]
        seen = Probes(point, Linear(J, 1, 5).x, 3).moved(np.arange(5) == 2)
        np.testing.assert_array_equal(seen, J[:, 2] != 0)
        assert len(asked) == (1 if values else 3)


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
def test_a_slope_of_rounding_alone_moves_nothing(size):
    J = size * few(6, 5, 0.5)
    J[0, 2], J[1, 2], J[2, 2] = 0, 1e-18 * size, size
    point = Linear(J, 1)
    point.value = lambda x: None
    seen = Probes(point, Linear(J, 1, 5).x, 3).moved(np.arange(5) == 2)
    np.testing.assert_array_equal(seen, np.abs(J[:, 2]) > 1e-16 * size)
    nothing = Linear(0 * J, 1)
    assert Probes(nothing, nothing.x + 1, 3).zero()


def test_a_smooth_function_is_confirmed_in_a_few_calls():
    for f, closely, calls in ((np.tanh, True, 5), (lambda X: X @ W, True, 5),
                              (np.tanh, False, 3), (lambda X: X @ W, False, 3)):
        counted, X = Counted(f), random.standard_normal((5, 4))
        point = Point(counted, X, f(X), {}, closely)
        assert point.exact and counted.calls == calls
        point.along(X)
        assert counted.calls == calls + 1
    for size in (1e-12, 1.0, 1e9):  # of the output
        X = np.linspace(-1, 1, 40)
        smooth = Counted(lambda X, size=size: size * np.cos(X))
        assert Point(smooth, X, smooth(X), {}).exact and smooth.calls == 6
        kink = Point(lambda X, size=size: size * np.maximum(X, 0), np.zeros(3), np.zeros(3), {},
                     False)
        assert not kink.exact


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e6])
def test_samples_at_a_smaller_size_know_how_rough_their_slopes_are(size):
    X = random.standard_normal((3, 2))

    def f(X):
        return size * np.tanh(X)

    def exactly(x, Y):
        return np.einsum("ki,lj,kl->klij", I(3), I(2), size * (1 - np.tanh(x) ** 2))

    for step_in, most in ((lambda x, Y: None, 1e-6), (exactly, 1e-11)):
        made = small_samples(f, X, {"k": np.array(2.0)}, "f", ("X", "Y"), step_in)
        assert 1e-11 <= made.tolerance <= most and len(made.tensors) == 3
        assert (made.outer, made.inner) == (("k", "l"), ("i", "j"))
        for J, names in zip(made.tensors, made.names, strict=True):
            np.testing.assert_allclose(J, exactly(names["X"], 0), atol=1e-7 * size)
            np.testing.assert_array_equal(names["Y"], f(names["X"]))
            assert np.count_nonzero(J) == 6 and names["k"] == 2
        np.testing.assert_array_equal(made.names[0]["X"], X)
        assert len(made.more()) > 10 and 3 <= len(made.extra()) <= 9
        assert {p.like for p in made.more()} >= {"zeros", "inputs of size 100"}


def test_of_points_that_are_known_unlike_well_the_roughest_counts():
    x_ = np.linspace(0.5, 1.5, 400)

    def alone(x):
        if np.abs(np.real(x) - x_).max() > 0.13:
            raise ValueError("too far")  # x_ is the only point
        return 3 * x

    def smooth(x):
        if np.iscomplexobj(x) and np.any(x.real != x_):
            raise TypeError("real numbers only")  # a complex step at x_ alone
        return 3 * x

    for f, size in ((alone, "1e-09"), (smooth, "1e-06")):  # ten times that of exact ones, of others
        s = discover(f, x_)
        assert s.numpy == "3 * G" and f"right to within {size}" in str(s)
