"""How sums and products are written down, and numbers that change from row to row."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover.naming import spans, wording
from helpers.calculus.discover.naming.forms import Word

random = np.random.default_rng(3)


def words(**letters):
    return [Word(text, tuple(axes)) for text, axes in letters.items()]


def test_products_and_sums_of_words_in_a_line():
    assert wording.product_text(words(a="k", X="kl"), "kl") == "a[:, None] * X"
    assert wording.product_text(words(X="kl"), "lk") == "X.T"
    divided = [Word("1 / s", ("k",)), Word("v", ("k",))]
    assert wording.product_text(divided, "k") == "v / s"
    assert wording.power_text([(w, k) for w, k in zip(words(a="k", b="k", c="k"), (2, 1, -3),
                                                      strict=True)], "k") == "a**2 * b / c**3"
    assert wording.power_text([(words(c="k")[0], -1)], "k") == "1 / c"


@pytest.mark.parametrize("texts, line", [
    (["(a + b)"], "a + b"), (["a + b", "c"], "(a + b) * c"), (["a", "1 / b", "c"], "a * c / b"),
    (["a", "b - c"], "a * (b - c)"), (["a @ b", "c"], "(a @ b) * c"),
    (["(a * b)", "c"], "a * b * c"), (["a**2", "b"], "(a**2) * b"),
    (["(a > 0)", "b"], "(a > 0) * b")])
def test_factors_have_brackets_where_they_must(texts, line):
    assert wording.product_text([Word(text, ("k",)) for text in texts], "k") == line


@pytest.mark.parametrize("parts, numbers, text, scale", [
    (["a", "b"], ["1", "1"], "a + b", "1"), (["a", "b"], ["1", "-1"], "a - b", "1"),
    (["a", "b"], ["-1", "1"], "b - a", "1"), (["a", "b"], ["-1", "-1"], "a + b", "-1"),
    (["a", "b"], ["2", "2"], "a + b", "2"), (["a", "b"], ["2", "-2"], "a - b", "2"),
    (["a", "b"], ["2", "3"], "2 * a + 3 * b", "1"), (["a", "b"], ["1", "-3"], "a - 3 * b", "1"),
    (["a", "b"], ["-2", "-3"], "2 * a + 3 * b", "-1"), (["a", "b"], ["-2", "-2"], "a + b", "-2"),
    (["a", "b", "c"], ["-1", "2", "-3"], "2 * b - a - 3 * c", "1"),
    (["a", "c + d"], ["1", "-1"], "a - (c + d)", "1"),
    (["a", "c - d"], ["1", "-1"], "a - (c - d)", "1"), (["a", "c > d"], ["1", "-1"], "a - (c > d)",
                                                        "1"),
    (["a", "c == d"], ["1", "-1"], "a - (c == d)", "1"), (["a", "c * d"], ["1", "-1"], "a - c * d",
                                                          "1"),
    (["a + c", "b"], ["2", "1"], "2 * (a + c) + b", "1"),
    (["a @ c", "b"], ["2", "1"], "2 * (a @ c) + b", "1"),
    (["a", "b"], ["1 / 3", "2"], "(1 / 3) * a + 2 * b", "1"), (["a"], ["-3"], "a", "-3"),
    (["K.T @ a", "K.T @ b"], ["1", "-1"], "K.T @ (a - b)", "1"),
    (["a @ K", "b @ K"], ["1", "1"], "(a + b) @ K", "1"),
    (["a @ K", "b @ K"], ["-1", "1"], "(b - a) @ K", "1"),
    (["a @ K", "b @ K"], ["2", "1"], "2 * (a @ K) + b @ K", "1"),
    (["a @ K", "b @ K"], ["1", "2"], "a @ K + 2 * (b @ K)", "1"),
    (["a @ K", "b @ K", "c @ K"], ["1", "1", "1"], "a @ K + b @ K + c @ K", "1"),
    (["a @ K @ L", "b @ K @ L"], ["1", "1"], "(a @ K + b @ K) @ L", "1"),
    (["K @ L @ a", "K @ L @ b"], ["1", "-1"], "K @ (L @ a - L @ b)", "1"),
    (["K @ a", "K"], ["1", "1"], "K @ a + K", "1"), (["a", "b @ a"], ["1", "1"], "a + b @ a", "1"),
    (["f(K) @ a", "f(K) @ b"], ["1", "1"], "f(K) @ a + f(K) @ b", "1"),
    (["K @ a @ M", "K @ b"], ["1", "1"], "K @ (a @ M + b)", "1"),
    (["a @ f(c) @ K", "b @ K"], ["1", "-1"], "(a @ f(c) - b) @ K", "1"),
    (["K @ f(c) @ a", "K @ b"], ["1", "-1"], "K @ (f(c) @ a - b)", "1"),
    (["K @ (a @ M)", "K @ b"], ["1", "1"], "K @ (a @ M + b)", "1"),
    (["(a * c) @ K", "b @ K"], ["1", "1"], "(a * c + b) @ K", "1"),
    (["a @ f(K)", "b @ f(K)"], ["1", "1"], "a @ f(K) + b @ f(K)", "1"),
    (["a @ K", "b @ M"], ["1", "1"], "a @ K + b @ M", "1")])
def test_a_sum_has_a_common_number_in_front_and_brackets_where_they_must_be(parts, numbers, text,
                                                                            scale):
    assert wording.gathered(parts, numbers, "k") == (text, "k", scale)
    arrays = {name: random.standard_normal((3, 3)) for name in "abcdKLM"} | {"f": np.tanh}
    right = sum(eval(n) * (1.0 * eval(part, {}, arrays)) for n, part in zip(numbers, parts,
                                                                           strict=True))
    np.testing.assert_allclose(eval(scale) * (1.0 * eval(text, {}, arrays)), right)


@pytest.mark.parametrize("text, parts", [
    ("a @ b @ c", ["a", "b", "c"]), ("a @ (b + c)", ["a", "(b + c)"]), ("a * b", ["a * b"]),
    ("(a @ b) @ c", ["(a @ b)", "c"]), ("a", ["a"]), ("-a @ b", ["-a", "b"]),
    ("(a @ b) @ ((c)) @ d", ["(a @ b)", "((c))", "d"]), ("a @ f(b) @ c.T", ["a", "f(b)", "c.T"]),
    ("a @ b + c", ["a @ b + c"]), ("a @ ((b @ c) + d) @ e", ["a", "((b @ c) + d)", "e"]),
    ("f(a @ b)", ["f(a @ b)"])])
def test_the_factors_of_a_product_of_matrices(text, parts):
    assert wording.factors(text) == parts


@pytest.mark.parametrize("text, inner", [
    ("(a @ b)", "a @ b"), ("(a + b)", "(a + b)"), ("a @ b", "a @ b"), ("(a) @ (b)", "(a) @ (b)"),
    ("(a - b)", "(a - b)"), ("(a", "(a"), ("a)", "a)")])
def test_a_product_of_matrices_needs_no_brackets_in_a_sum(text, inner):
    assert wording.bare(text) == inner


# -- numbers that change from row to row

def searched(*arrays, letters="klm"):
    return SimpleNamespace(letters=tuple(letters), arrays=arrays, shape=arrays[0].shape,
                           tolerance=1e-9, most=[np.abs(a).max() for a in arrays])


def test_axes_that_numbers_may_change_along_leave_three_equations():
    search = searched(np.zeros((3, 4, 2)))
    assert list(spans.rests(search)) == [
        ((), 24), (("k",), 8), (("l",), 6), (("m",), 12), (("k", "m"), 4), (("l", "m"), 3)]


def test_an_array_row_by_row():
    A = random.standard_normal((3, 4, 2))
    np.testing.assert_array_equal(spans.by_rows(A, "klm", "m"), np.moveaxis(A, 2, 0).reshape(2, 12))
    np.testing.assert_array_equal(spans.by_rows(A, "klm", "lk"),
                                  A.transpose(1, 0, 2).reshape(12, 2))
    np.testing.assert_array_equal(spans.by_rows(A, "klm", ""), A.reshape(1, 24))
    np.testing.assert_array_equal(spans.by_rows(A, "klm", "", 3), A.reshape(1, 24))
    np.testing.assert_array_equal(spans.by_rows(A, "klm", "l", 3),  # the first three of them
                                  A.transpose(1, 0, 2)[:3].reshape(3, 6))
    np.testing.assert_array_equal(spans.by_rows(A, "klm", "kl", 3), A[0, :3])


def test_numbers_are_solved_for_on_every_row():
    P, Q = random.standard_normal((2, 5, 7))
    p, q = random.standard_normal((2, 5))
    target = p[:, None] * P + q[:, None] * Q
    np.testing.assert_allclose(spans.numbers_of([P, Q], target, 1e-9), np.stack([p, q], 1))
    np.testing.assert_allclose(spans.numbers_of([P], p[:, None] * P, 1e-9)[:, 0], p)
    off = target + 1e-6 * (np.arange(35) == 34).reshape(5, 7)
    assert spans.numbers_of([P, Q], off, 1e-9) is None
    assert spans.numbers_of([P, Q], off, 1e-5) is not None
    zero = np.where(np.arange(5)[:, None] == 2, 0, P)
    assert spans.numbers_of([zero], p[:, None] * zero, 1e-9) is None  # any number would do
    assert spans.numbers_of([P, -2 * P], target, 1e9) is None
    alike = np.where(np.arange(5)[:, None] == 2, P, Q)
    assert spans.numbers_of([P, alike], P, 1e9) is None


@pytest.mark.parametrize("rest", ["", "k", "l", "m", "km"])
def test_the_numbers_of_words_at_all_points(rest):
    sizes = [dict(k=3, l=5, m=2)[x] for x in rest]
    cut = tuple(slice(None) if x in rest else None for x in "klm")
    parts = random.standard_normal((2, 2, 3, 5, 2))   # point, word
    numbers = random.standard_normal((2, 2, *sizes))
    arrays = [sum(c[cut] * w for c, w in zip(cs, ws, strict=True))
              for cs, ws in zip(numbers, parts, strict=True)]
    chosen = [SimpleNamespace(columns=parts[:, i]) for i in range(2)]
    found = spans.solved_by_rows(searched(*arrays), tuple(rest), chosen)
    for s in range(2):
        for point in range(2):
            np.testing.assert_allclose(found[s][point], numbers[point, s], rtol=1e-9)
    arrays[1] = arrays[1] + 1e-6 * (np.arange(30) == 29).reshape(3, 5, 2)
    assert spans.solved_by_rows(searched(*arrays), tuple(rest), chosen) is None


@pytest.mark.parametrize("formula, sizes, known, found", [
    ("p[:, None] * X", (4, 5), "p", ["X p k 1"]),
    ("p[:, None] * X + q[:, None] * H", (4, 5), "pq", ["X p k 1", "H q k 1"]),
    ("p[:, None] * X + q[:, None] * v", (4, 5), "pq", ["X p k 1", "v q k 1"]),
    ("p[:, None] * X + q[:, None] * H", (4, 5), "p", None),  # q has no name
    ("p[:, None] * X + q[:, None] * H", (4, 3), "pq", None),  # two numbers from three equations
    ("r * X + r * r * H", (4, 5), "", None), ("2 * X", (4, 5), "p", ["X 2  1"]),
    ("p[:, None] * X**3", (4, 5), "p", ["X**3 p k 1"]),  # a function, where nothing ties axes
    ("r * X", (4, 5), "r", ["X r l 1"]), ("p[:, None] * (X - 1)", (4, 5), "p", ["X-1 p k 1"])])
def test_what_is_in_the_span_of_words_with_named_numbers(formula, sizes, known, found):
    points = [dict(zip("XHpqrv", map(random.standard_normal, (
        sizes, sizes, sizes[0], sizes[0], sizes[1], sizes[1])), strict=True)) for _ in range(2)]
    words = {text: Word(text, tuple(letters), tuple(np.broadcast_to(
        eval(text, {}, at), sizes) for at in points))
        for text, letters in (("X", "kl"), ("H", "kl"), ("v", "l"), ("X**3", "kl"), ("X-1", "kl"))}

    def find(numbers, rest):
        names = {name: [at[name] for at in points] for name in known} | {"2": [2.0, 2.0]}
        return next(((name, rest, "1") for name, values in names.items() if all(
            np.shape(a) == np.shape(b) and np.allclose(a, b)
            for a, b in zip(numbers, values, strict=True))), None)

    kinds = {"linear": [words["X"], words["H"], words["v"]], "functions": [words["X**3"]]}
    search = searched(*(eval(formula, {}, {**at, "None": None}) for at in points), letters="kl")
    search.deltas, search.of, search.centred = list, kinds.get, lambda: [words["X-1"]]
    told = spans.spanned(search, find)
    assert found == (told and [f"{w.text} {text} {''.join(rest)} {number}"
                               for w, text, rest, number in told])
    if formula.endswith("X**3"):
        search.deltas = lambda: [words["H"]]
        assert spans.spanned(search, find) is None


@pytest.mark.parametrize("numbers, one_sign", [
    ([-1, 0.5], False), ([-1, -0.5], True), ([0.5, 1], True), ([0, 1], False), ([-1, 0], False),
    ([0, 0], True)])
def test_numbers_of_one_sign(numbers, one_sign):
    assert Word("w", ("k",), (np.array(numbers, float),)).one_sign is one_sign
    both = (np.array(numbers, float), -np.array(numbers, float))  # at two points
    assert Word("w", ("k",), both).one_sign is (numbers == [0, 0])
    assert Word("w", ("k",), both).never_zero is (0 not in numbers)
    assert Word("w", ("k",),
    (np.ones(2), np.array(numbers, float))).never_zero is (0 not in numbers)
