"""The stages of a search, each alone: what it takes, what it leaves, and how far it looks."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover.naming import expressions, fitting
from helpers.calculus.discover.naming.expressions import Expressions, Search
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.ties import Pattern

draw = np.random.default_rng(21)
X = draw.standard_normal((3, 3, 4))      # at three points
H, u = draw.uniform(1, 2, (3, 4)), draw.standard_normal(3)


def expressions_of(known):
    """(names, what finds texts) where these are known beside X at three points."""
    names = Names([{"X": x, **{name: a[i] if isinstance(a, list) else a
                               for name, a in known.items()}} for i, x in enumerate(X)],
                  input_name="X", output_name="Y")
    return names, Expressions(names, Pattern(("a", "b"), ("k", "l")))


def search(arrays, **known):
    names, own = expressions_of(known)
    return Search(own.words, names, arrays, "kl", 1e-9)


def softmax(z):
    return np.exp(z) / np.exp(z).sum(1, keepdims=True)


def test_a_softmax_is_above_0_and_adds_up_to_one_number_at_every_point_and_row():
    fine = [softmax(2 * x) for x in X]
    text = "np.exp((2 * X) - np.logaddexp.reduce((2 * X), -1, keepdims=True))"
    assert search(fine).softened() == (text, ("k", "l"), "1")
    assert search([3 * a for a in fine]).softened() == (text, ("k", "l"), "3")
    one, row = (np.arange(12).reshape(3, 4) == 11), np.arange(3)[:, None] == 2
    for point in range(3):
        for wrong in (np.where(one, 0, fine[point]), np.where(one, -1, fine[point]),
                      -fine[point], 2 * fine[point], np.where(row, 2, 1) * fine[point]):
            arrays = [wrong if i == point else a for i, a in enumerate(fine)]
            assert search(arrays).softened() is None
    assert search([np.where(row, 1 + 1e-6, 1) * a for a in fine]).softened() is None
    for part in (1, 2):  # which is taken from one entry and given to another: 0, and below 0
        for point in range(3):
            moved = [a.copy() for a in fine]
            moved[point][2, 2:] += part * fine[point][2, 3] * np.array([1, -1])
            assert search(moved).softened() is None


def test_a_quotient_by_what_may_be_0_is_kept_for_the_end():
    safe = search([x**2 / H for x in X], H=H)
    assert safe.multiplied() == ("X**2 / H", ("k", "l"), "1") and safe.divided is None
    risky = search([H / x for x in X], H=H)
    assert risky.multiplied() is None and risky.divided == ("H / X", ("k", "l"), "1")
    assert risky.last() == risky.divided


def test_what_is_not_finite_when_a_link_is_undone_is_no_sum():
    flat = [np.maximum(x, 0) for x in X]  # 1 / 0² is none
    with np.errstate(all="raise"):
        assert search(flat).linked() is None


def test_the_shortest_text_of_a_linked_sum_is_said():
    link = [1 / np.sqrt(x**2 + 3 * H) for x in X]
    longer = search(link, LongName=2 * H, H=H).linked()
    assert longer[0] == "1 / np.sqrt(3 * H + X**2)"
    assert search(link, H=H, LongName=2 * H).linked()[0] == "1 / np.sqrt(3 * H + X**2)"


def test_how_far_a_linked_sum_is_looked_for(monkeypatch):
    tried = []

    def counted(columns, target, most, *rest, **more):
        tried.append((most, len(columns)))
        return fitting.sums(columns, target, most, *rest, **more)

    monkeypatch.setattr(expressions, "sums", counted)
    vain = search([draw.uniform(0.1, 0.9, (3, 4)) for _ in X], H=H,
                  **{f"K{k}": draw.uniform(1, 2, (3, 4)) for k in range(6)})
    assert vain.linked() is None and {most for most, _ in tried} == {2}
    words = len(vain.of("linear", "reductions")) + 60 + 1  # functions, and the ones
    assert len(vain.of("functions")) > 60 and {count for _, count in tried} == {words}


def test_the_first_of_many_products_is_tried_too():
    columns = draw.uniform(0.5, 2, (5, 60))
    places = fitting.products_of(5, 2)
    one = SimpleNamespace(target=3 * columns[0], scale=np.ones(60), tolerance=1e-10)
    assert next(Search.sums_of(one, columns, places, 2))[0] == (0,)
    one.target = columns[0] + 2 * columns[4] ** 2
    chosen, numbers = next(Search.sums_of(one, columns, places, 2))
    assert [places[c] for c in chosen] == [(0,), (4, 4)] and numbers == pytest.approx([1, 2])


def test_products_of_few_words_are_tried_and_of_three_of_them():
    for formula, text in ((lambda x: x * H * np.abs(x), {"X", "H", "np.abs(X)"}),
                          (lambda x: x * H, {"X", "H"})):
        some = search([formula(x) for x in X], H=H)
        words = {w.text: w for w in some.of("linear", "functions")}
        some.basic = lambda words=words: [words[t] for t in ("X", "H", "np.abs(X)")]
        (term, number), = some.monomials()
        assert {w.text for w in term} == text and number == pytest.approx(1)
    some.extra = ["H"]
    del some.basic
    assert some.basic()[0].text == "H" and len(some.basic()) <= 121


def test_what_powers_are_tried_of_names_each_word_at_its_place():
    texts = {"linear": [("H", True), *((f"l{k}", False) for k in range(18))], "reductions": [],
             "functions": [("np.tanh(X)", False)]}
    kinds = {kind: [SimpleNamespace(text=text, one_sign=safe) for text, safe in some]
             for kind, some in texts.items()}
    one = SimpleNamespace(names=SimpleNamespace(output_name="Y"), of=kinds.__getitem__)
    order = [w.text for w in Search.in_order(one, [*kinds["linear"], *kinds["functions"]])]
    assert order == ["H", "np.tanh(X)", *(f"l{k}" for k in range(17)), "np.tanh(X)"]


def test_columns_near_one_have_logarithms_of_their_own():
    for size in (1e-5, 1, 1e-3):
        columns = np.exp(size * draw.standard_normal((4, 30)))
        columns[2] = columns[0] / columns[1]
        assert expressions.independent(columns, 9) == [0, 1, 3]


def test_numbers_have_names_along_the_axes_that_are_asked_for():
    _, own = expressions_of({"u": u, "U": [u, 0 * u, u]})
    naming = own.naming(search([np.zeros((3, 4))] * 3, u=u))
    assert naming([2 * u] * 3, ("k",)) == ("u", ("k",), "2")
    assert naming([u, 0 * u, u], ("k",)) == ("U", ("k",), "1")  # 0 at one point
    assert not naming([0 * u] * 3, ("k",))
    assert not naming([np.repeat(u[:, None], 4, 1)] * 3, ("k", "l"))  # it is the same along l
    assert not naming([draw.standard_normal(3) for _ in X], ("k",))


def test_a_text_is_compared_as_its_axes_are_laid():
    square = draw.standard_normal((3, 3, 3))
    names = Names([{"X": x} for x in square], input_name="X", output_name="Y")
    words = Expressions(names, Pattern(("a", "b"), ("k", "l"))).words
    own = Search(words, names, [2 * x.T for x in square], "kl", 1e-9)
    assert own.same("X * 2", ("l", "k")) and not own.same("X * 2", ("k", "l"))
    assert own.same("X.T * 2", ("k", "l")) and not own.same("X * 3", ("l", "k"))


def test_a_character_of_the_number_before_a_sum_counts_for_two():
    def length(text, scale):
        return Search.length(SimpleNamespace(text=lambda terms: (text, (), scale)), None)

    assert length("a + b", "1") < length("a + bc", "1") < length("a + b", "-1")
    assert length("a + bcd", "1") == length("a + b", "-1") < length("a + b", "0.5")


def test_a_search_at_one_point():
    names = Names([{"X": X[0], "H": H}], input_name="X", output_name="Y")
    own = Expressions(names, Pattern(("a", "b"), ("k", "l")))
    for array, found in ((X[0] * 3, ("X", ("k", "l"), "3")), (0 * H, None),
                         (X[0] * H, ("X * H", ("k", "l"), "1"))):
        assert own.find(names, [array], "kl", 1e-9) == found
    assert Search(own.words, names, [H], "kl", 1e-9).shape == (3, 4)
