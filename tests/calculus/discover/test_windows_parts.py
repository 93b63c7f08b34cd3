"""Windows in parts: the pairs that may slide, the kernel that does, the masks of pooling."""

import numpy as np
import pytest

from helpers.calculus.discover.patterns.windows import (
    bands,
    by_input,
    by_kernel,
    convolution,
    entries,
    kernel,
    placed,
    pooled,
    slides,
    through_windows,
    windows_of,
    written,
)
from tests.calculus.discover.cores import core_of

random = np.random.default_rng(32)
seen = np.lib.stride_tricks.sliding_window_view
VIEW = "np.lib.stride_tricks.sliding_window_view"


def ones(letters, **sizes):
    return np.ones([sizes.get(x, 2) for x in letters])


@pytest.mark.parametrize("outer, inner, letters, pairs", [
    ("k", "i", "ki", ["ki"]),
    ("kl", "ij", "klij", ["ki lj", "ki", "kj", "li", "lj"]),
    ("ckl", "cij", "cklij", ["ki lj", "ki", "kj", "li", "lj"]),   # c is tied
    ("k", "ij", "kij", ["ki", "kj"]), ("kl", "i", "kli", ["ki", "li"]),
    ("kl", "ji", "klij", ["kj li", "ki", "kj", "li", "lj"]),      # in the order of the input
    ("klp", "ijm", "klpijm", ["ki lj pm", "ki lj", "ki lm", "kj lm", "ki pj", "ki pm", "kj pm",
                              "li pj", "li pm", "lj pm", "ki", "kj", "km", "li", "lj", "lm", "pi",
                              "pj", "pm"]),
    ("kl", "ij", "ki", ["ki"]), ("k", "k", "k", [])])
def test_pairs_of_axes_that_may_slide(outer, inner, letters, pairs):
    core = core_of(outer, inner, letters, ones(letters))
    assert [" ".join("".join(pair) for pair in some) for some in slides(core)] == pairs


def test_no_more_than_three_pairs_slide_together():
    core = core_of("klpq", "ijmn", "klpqijmn", ones("klpqijmn"))
    counts = [len(pairs) for pairs in slides(core)]
    assert (max(counts), counts[0], counts.count(3), counts.count(2), counts.count(1)) == (
        3, 3, 16, 36, 16)


def slid(rows, columns, numbers, first):
    """J[k, i] = numbers[i − k − first], 0 beside them."""
    J = np.zeros((rows, columns))
    for k in range(rows):
        for at, number in enumerate(numbers):
            if 0 <= k + at + first < columns:
                J[k, k + at + first] = number
    return J


K = np.array([3.0, -1, 2])


@pytest.mark.parametrize("rows, columns, first, whole", [
    (3, 5, 0, [3, -1, 2]), (4, 5, -1, [3, -1, 2]), (5, 5, -2, [3, -1, 2]),
    (3, 6, 1, [3, -1, 2]), (7, 5, -2, [3, -1, 2]), (2, 2, -1, [3, -1, 2]),
    (2, 2, 0, [3, -1]), (1, 3, 0, [3, -1, 2])])
def test_the_kernel_of_a_matrix_with_equal_diagonals(rows, columns, first, whole):
    J = slid(rows, columns, K, first)
    found = kernel(core_of("k", "i", "ki", J), (("k", "i"),))
    if rows == 1:  # one row, as long as the kernel: anything would be one
        assert found is None
        return
    (values,), rest, (offsets,) = found
    assert (values.tolist(), rest, offsets) == (whole, (), range(first, first + len(whole)))


def test_a_kernel_may_be_zero_at_a_point():
    J = slid(4, 6, K, 0)
    for points in ((J, 0 * J), (0 * J, J)):
        (one, two), _, (offsets,) = kernel(core_of("k", "i", "ki", *points), (("k", "i"),))
        assert sorted([one.tolist(), two.tolist()]) == [[0, 0, 0], [3, -1, 2]]
        assert offsets == range(3)


def test_the_kernel_of_channels_and_points():
    first, second = random.standard_normal((2, 2, 3, 2, 2))  # of Y, of the input, two that slide
    J = [np.stack([[channel(w) for w in row] for row in kernels]) for kernels in (first, second)]
    # axes c, d, k, l, i, j
    core = core_of("ckl", "dij", "cklijd", *[a.transpose(0, 2, 3, 4, 5, 1) for a in J])
    values, rest, offsets = kernel(core, (("k", "i"), ("l", "j")))
    assert (rest, offsets) == (("c", "d"), [range(0, 2), range(0, 2)])
    np.testing.assert_array_equal(values[0], first)
    np.testing.assert_array_equal(values[1], second)
    assert entries(core) == 2 * 2 * 3 * 3 * 4 * 3


def channel(w):
    """The tensor (2, 3, 3, 4) of a kernel of 2 × 2 on an input of 3 × 4."""
    J = np.zeros((2, 3, 3, 4))
    for k, l, a, b in np.ndindex(2, 3, 2, 2):
        J[k, l, k + a, l + b] = w[a, b]
    return J


@pytest.mark.parametrize("place", [*np.ndindex(4, 6)])
def test_every_entry_must_be_the_one_that_slides(place):
    J = slid(4, 6, K, 0)
    alone = place in ((0, 5), (3, 0))  # the only entry at its distance
    for change in (0.5, -0.5):
        other = J.copy()
        other[place] += change
        assert (kernel(core_of("k", "i", "ki", other), (("k", "i"),)) is None) != alone
    other[place] = J[place] + 2e-9
    assert kernel(core_of("k", "i", "ki", other), (("k", "i"),)) is not None  # of 3, 3e-9 are


def test_a_convolution_has_its_line():
    pairs = (("k", "i"),)
    for rows, columns, first, pad in ((4, 6, 0, "np.pad(G, 2)"), (6, 6, -1, "np.pad(G, 1)"),
                                      (8, 6, -2, "G"), (6, 6, 0, "np.pad(G, ((2, 0),))"),
                                      (6, 6, -2, "np.pad(G, ((0, 2),))"),
                                      (5, 6, -1, "np.pad(G, ((1, 2),))")):
        J = slid(rows, columns, K, first)
        answer = by_input(core_of("k", "i", "ki", J, known=[{"K": 2 * K}]), pairs)
        assert answer.line == f'0.5 * np.einsum("ab,b->a", {VIEW}({pad}, (3,)), K[::-1])'
        assert (answer.kind, answer.stored, answer.multiplications) == (
            "convolution", 3, rows * columns)
        G = random.standard_normal(rows)
        np.testing.assert_allclose(eval(answer.line, {"np": np, "G": G, "K": 2 * K}), G @ J)
        np.testing.assert_allclose(
            eval(convolution(core_of("k", "i", "ki", J, known=[{"K": 2 * K}])).line,
                 {"np": np, "G": G, "K": 2 * K}), G @ J)
        assert by_input(core_of("k", "i", "ki", J, known=[{"K": K + 1}]), pairs) is None
        assert by_input(core_of("k", "i", "ki", J), pairs) is None
        # only a kernel with a name of its own can be turned round
        assert by_input(core_of("k", "i", "ki", J, known=[{"K": np.sqrt(K + 1.5)}]), pairs) is None
    for rows, columns, first in ((2, 6, 1), (9, 6, -2), (9, 6, -3)):  # rows of Y that are far off
        J = slid(rows, columns, K, first)
        answer = by_input(core_of("k", "i", "ki", J, known=[{"K": K}]), pairs)
        assert (answer is None) == (rows == 9)


def test_a_kernel_of_two():
    J = slid(4, 5, K[:2], 0)
    answer = by_input(core_of("k", "i", "ki", J, known=[{"K": K[:2]}]), (("k", "i"),))
    assert answer.line == f'np.einsum("ab,b->a", {VIEW}(np.pad(G, 1), (2,)), K[::-1])'
    G = random.standard_normal(4)
    np.testing.assert_allclose(eval(answer.line, {"np": np, "G": G, "K": K[:2]}), G @ J)


def test_where_no_convolution_is_looked_for():
    """In a tensor of more than 65,536 numbers, and where an axis runs backwards."""
    for columns, found in ((256, True), (257, False)):
        core = core_of("k", "i", "ki", slid(256, columns, K, 0), known=[{"K": K}])
        assert (convolution(core) is not None) == found
    for backward, found in (((), True), ((0,), False)):
        core = core_of("k", "i", "ki", slid(4, 6, K, 0), known=[{"K": K}], backward=backward)
        assert (convolution(core) is not None) == found


def test_one_number_is_no_kernel():
    J = 2 * np.eye(4, 4, 1)
    for known in ({"c": np.array(2.0)}, {"c": np.array([2.0])}, {}):
        assert by_input(core_of("k", "i", "ki", J, known=[known]), (("k", "i"),)) is None


def test_what_is_padded_and_turned_is_written():
    sizes = {"n": 2, "c": 3, "d": 4}
    core = core_of("nckl", "ndij", "klijcd", np.ones((5, 6, 6, 6, 3, 4)), sizes=sizes,
                   known=[{"K": np.ones((3, 4, 2, 3))}])
    pairs = (("k", "i"), ("l", "j"))
    answer = written(core, pairs, ("K", ("c", "d", "i", "j"), "1"), [2, 3], [(1, 1), (2, 1)])
    assert answer.line == (
        f'np.einsum("abcdef,bgef->agcd", {VIEW}(np.pad(G, ((0, 0), (0, 0), (1, 1), (2, 1))), '
        "(2, 3), (2, 3)), K[:, :, ::-1, ::-1])")
    assert (answer.stored, answer.multiplications) == (72, 2 * 3 * 5 * 6 * 4 * 6 * 6)
    answer = written(core, pairs[1:], ("K", ("j", "d"), "-2"), [3], [(0, 0)])
    assert answer.line == f'-2 * np.einsum("abcde,ef->afgd", {VIEW}(G, 3, 3), K[::-1, :])'
    assert answer.says == "K slides over the input: G, padded, correlated with K flipped"


@pytest.mark.parametrize("axes, cuts", [("ni", "X[:, None, :]"), ("i", "X[None, None, :]"),
                                        ("k", "X[None, :, None]"), ("nki", "X[:, :, :]")])
def test_an_array_among_letters(axes, cuts):
    assert placed("X", axes, "nki") == cuts


def test_an_array_with_its_axes_in_another_order():
    sizes = {"n": 2, "k": 3, "i": 4}
    for own in ("ink", "kin", "kni", "nik", "in", "ik"):
        X = random.standard_normal([sizes[x] for x in own])
        text = placed("X", own, "nki")
        assert "transpose" in text
        there = np.einsum(f"{own},nki->nki", X, np.ones((2, 3, 4)))
        np.testing.assert_array_equal(eval(text) * np.ones((2, 3, 4)), there)
    assert placed("X", "ink", "nki") == "X.transpose(1, 2, 0)[:, :, :]"


def pool(step, width, outputs, size, pad=0):
    """Where windows lie: [output, input]."""
    mask = np.zeros((outputs, size), bool)
    for k in range(outputs):
        mask[k, max(0, k * step - pad):max(0, k * step - pad + width)] = True
    return mask


@pytest.mark.parametrize("step, width, outputs, size, pad, text", [
    (2, 2, 3, 6, 0, "(np.abs(np.arange(6) - 2 * np.arange(3)[:, None] - 0.5) <= 0.5)"),
    (1, 3, 4, 6, 0, "(np.abs(np.arange(6) - np.arange(4)[:, None] - 1) <= 1)"),
    (3, 3, 2, 6, 0, "(np.abs(np.arange(6) - 3 * np.arange(2)[:, None] - 1) <= 1)"),
    (2, 3, 3, 6, 1, "(np.abs(np.arange(6) - 2 * np.arange(3)[:, None] - 0) <= 1)"),
    (1, 1, 4, 4, 0, "(np.abs(np.arange(4) - np.arange(4)[:, None] - 0) <= 0)"),
    (2, 4, 2, 6, 0, "(np.abs(np.arange(6) - 2 * np.arange(2)[:, None] - 1.5) <= 1.5)"),
    (1, 1, 1, 1, 0, "(np.abs(np.arange(1) - np.arange(1)[:, None] - 0) <= 0)")])
def test_the_mask_of_windows(step, width, outputs, size, pad, text):
    mask = pool(step, width, outputs, size, pad)
    core = core_of("k", "i", "ki", mask)
    assert bands(mask, core) == [text]
    np.testing.assert_array_equal(eval(text), mask)


def test_masks_along_two_axes():
    mask = pool(2, 2, 2, 4)[:, None, :, None] & pool(1, 2, 3, 4)[None, :, None, :]
    first = "(np.abs(np.arange(4) - 2 * np.arange(2)[:, None] - 0.5) <= 0.5)[:, None, :, None]"
    second = "(np.abs(np.arange(4) - np.arange(3)[:, None] - 0.5) <= 0.5)[None, :, None, :]"
    assert bands(mask, core_of("kl", "ij", "klij", mask)) == [first, second]
    np.testing.assert_array_equal(eval(first) & eval(second), mask)
    assert bands(mask[:, 0], core_of("k", "ij", "kij", mask[:, 0])) is None
    few = mask.copy()
    few[0, 0, 0, 0] = False  # where it is less, it may have been at another point
    assert bands(few, core_of("kl", "ij", "klij", few)) == [first, second]


def test_the_largest_of_each_pair():
    X = np.array([[3.0, 1, 4, 6], [2, 7, 1, 8]])
    Y = X.reshape(2, 2, 2).max(2)
    J = 1.0 * (X[:, None] == Y[:, :, None]) * pool(2, 2, 2, 4)
    roles = {"known": [{"X": X, "Y": Y}], "input_name": "X", "output_name": "Y"}
    answer = pooled(core_of("nk", "ni", "nki", J, **roles))
    assert answer.line == (
        'np.einsum("ab,abc->ac", G, (X[:, None, :] == Y[:, :, None]) * (np.abs(np.arange(4) - 2 * '
        "np.arange(2)[:, None] - 0.5) <= 0.5)[None, :, :])")
    G = random.standard_normal((2, 2))
    np.testing.assert_allclose(eval(answer.line), np.einsum("nk,nki->ni", G, J))
    assert (answer.kind, answer.stored, answer.multiplications) == ("core", 16, 16)
    assert answer.says == "1 where an entry of X in the window is Y"
    for other in (2 * J, -J, 0.5 * J):
        assert pooled(core_of("nk", "ni", "nki", other, **roles)) is None
    assert pooled(core_of("nk", "ni", "nki", J, **{**roles, "input_name": None})) is None
    assert pooled(core_of("nk", "ni", "nki", J, **{**roles, "output_name": "Z"})) is None
    assert pooled(core_of("nk", "ni", "nki", J, **roles, backward=(1,))) is None
    assert pooled(core_of("nk", "nki", "nki", J, **roles)) is None     # nothing of Y alone
    assert pooled(core_of("nk", "nim", "nki", J, **roles)) is None     # an axis says nothing
    assert pooled(core_of("n", "n", "n", np.ones(2), **roles)) is None


def test_points_are_pooled_together():
    Xs = np.array([[3.0, 1, 4, 6], [2, 7, 8, 1]])
    Ys = Xs.reshape(2, 2, 2).max(2)
    J = [(X == Y[:, None]) * pool(2, 2, 2, 4) for X, Y in zip(Xs, Ys, strict=True)]
    known = [{"X": X, "Y": Y} for X, Y in zip(Xs, Ys, strict=True)]
    roles = {"input_name": "X", "output_name": "Y"}
    answer = pooled(core_of("k", "i", "ki", *J, known=known, **roles))
    assert answer.line == ('np.einsum("a,ab->b", G, (X[None, :] == Y[:, None]) * (np.abs('
                           "np.arange(4) - 2 * np.arange(2)[:, None] - 0.5) <= 0.5))")
    assert pooled(core_of("k", "i", "ki", J[0], 3 * J[1], known=known, **roles)) is None


def test_a_known_array_through_windows():
    X = random.standard_normal((5, 6))
    J = seen(X, (2, 3))
    core = core_of("kl", "ij", "klij", J, known=[{"X": X}])
    pairs = (("k", "i"), ("l", "j"))
    answer = windows_of(core, "X", [X], pairs)
    assert answer.line == f'np.einsum("ab,abcd->cd", G, {VIEW}(X, (2, 3)))'
    assert (answer.stored, answer.multiplications, answer.kind) == (30, 4 * 4 * 6, "window")
    assert answer.says == "X through a window that slides along it"
    assert by_kernel(core).line == answer.line
    for other in (J + 1e-6, J[::-1], J * np.where(np.arange(3) == 2, -1, 1)):
        assert windows_of(core_of("kl", "ij", "klij", other, known=[{"X": X}]), "X", [X],
                          pairs) is None
    assert windows_of(core_of("kl", "ij", "klij", J * (1 + 1e-10)), "X", [X], pairs) is not None
    other = core_of("kl", "ij", "klij", J, J, known=[{"X": X}])
    assert windows_of(other, "X", [X, X + 1], pairs) is None
    assert windows_of(other, "X", [X, X], pairs) is not None
    assert windows_of(core, "X", [X], pairs[:1]) is None


@pytest.mark.parametrize("turn", ["ncx", "nxc", "xcn", "cxn", "xnc", "cnx"])
def test_the_axes_of_what_is_seen_may_stand_in_any_order(turn):
    sizes = {"n": 2, "c": 3, "x": 6}
    X = random.standard_normal([sizes[x] for x in turn])
    J = seen(X.transpose([turn.index(x) for x in "ncx"]), 4, 2)  # n c k i
    core = core_of("nk", "ci", "nkci", J.transpose(0, 2, 1, 3), known=[{"X": X}])
    answer = windows_of(core, "X", [X], (("k", "i"),))
    G = random.standard_normal((2, 3))
    np.testing.assert_allclose(eval(answer.line, {"np": np, "G": G, "X": X}),
                               np.einsum("nk,ncki->ci", G, J))
    assert f"{VIEW}(X, (4,), ({turn.index('x')},))" in answer.line
    assert (answer.stored, answer.multiplications) == (36, 2 * 3 * 3 * 4)


def test_an_axis_of_the_input_that_the_windows_do_not_have():
    core = core_of("kl", "ij", "klij", np.ones((2, 2, 2, 2)), known=[{"X": np.ones(9)}])
    answer = through_windows(core, "V", ("k", "l", "i", "j"), "X")
    assert answer.line == 'np.einsum("ab,abcd->cd", G, V)' and answer.stored == 9
    assert through_windows(core, "V", ("k", "l", "i"), "X") is None       # j is nowhere
    core = core_of("kj", "ij", "kij", np.ones((2, 2, 2)), known=[{"X": np.ones(9)}])
    assert through_windows(core, "V", ("k", "i"), "X").line == 'np.einsum("ab,ac->cb", G, V)'
    core = core_of("kl", "ii", "kli", np.ones((2, 2, 2)), known=[{"X": np.ones(9)}])
    assert through_windows(core, "V", ("k", "l", "i"), "X") is None       # tied: nothing spreads
