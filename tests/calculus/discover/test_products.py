"""Products taken apart: the factors' names and numbers, pieces of known arrays, attention."""

import numpy as np
import pytest

from helpers.calculus.discover.patterns.products import (
    both_known,
    by_places,
    choice,
    chosen,
    divided,
    factored,
    is_product,
    product,
    pulled,
    rescaled,
    separated,
    softened,
    times,
)
from tests.calculus.discover.cores import core_of

random = np.random.default_rng(35)
A, D = random.standard_normal((3, 4)), random.standard_normal((3, 5))
u, w = random.standard_normal((2, 5))
W = random.standard_normal((4, 3))


@pytest.mark.parametrize("a, b, both", [
    ("1", "2", "2"), ("2", "1", "2"), ("1", "1", "1"), ("-1", "-1", "1"), ("-1", "2", "(-1) * (2)"),
    ("-1", "1", "-1"), ("1", "-1", "-1"), ("2", "2", "(2) * (2)"), ("1 / 3", "c", "(1 / 3) * (c)")])
def test_the_product_of_two_scales(a, b, both):
    assert times(a, b) == both


def test_the_other_factor_by_least_squares():
    core = core_of("kl", "i", "kli", np.zeros((3, 5, 4)))
    for first, second, P, Q in (("ki", "l", A, u), ("ki", "kl", A, D), ("li", "kl", D.T @ A, D)):
        whole = np.einsum(f"{first},{second}->kli", P, Q)
        found = divided(core, whole, core.part(first, [P]), P, core.part(second, [Q]))
        np.testing.assert_allclose(found, Q)
        more = whole + random.standard_normal(whole.shape)
        found = divided(core, more, core.part(first, [P]), P, core.part(second, [Q]))
        gone = np.einsum(f"kli,{first}->{second}", more - np.einsum(
            f"{first},{second}->kli", P, found), P)
        np.testing.assert_allclose(gone, 0, atol=1e-12)  # what is left is orthogonal
    P = A * [[1], [0], [1]]
    found = divided(core, np.einsum("ki,kl->kli", P, D), core.part("ki", [P]), P,
                    core.part("kl", [D]))
    np.testing.assert_allclose(found, D * [[1], [0], [1]], atol=1e-12)


@pytest.mark.parametrize("scale, text", [(1, "1"), (-1, "-1"), (2.5, "2.5"), (1 / 3, "1 / 3")])
def test_the_number_of_two_known_factors(scale, text):
    for left, right, P, Q in (("ki", "l", A, u), ("ki", "kl", A, D)):
        whole = np.einsum(f"{left},{right}->kli", P, Q)
        core = core_of("kl", "i", "kli", scale * whole, 2 * scale * whole)
        parts = core.part(left, [P, P]), core.part(right, [Q, 2 * Q])
        names = ("P", tuple(left), [P, P]), ("Q", tuple(right), [Q, 2 * Q])
        assert both_known(core, parts, names) == text
        assert both_known(core, parts, (("P", tuple(left), [P + 1, P]), names[1])) is None
        assert both_known(core, parts, (("P", tuple(left), [P, 2 * P]), names[1])) is None


def test_a_known_array_that_a_factor_is_a_multiple_of():
    n = np.array([[2.0], [-1], [3]])
    core = core_of("kl", "i", "kli", np.zeros((3, 5, 4)), known=[{"B": A.T, "c": np.array(2.0)}])
    text, order, (found,) = rescaled(core.part("ki", [n * A]), ["k"])
    assert (text, order) == ("B", ("i", "k"))
    np.testing.assert_array_equal(found, A)
    assert rescaled(core.part("ki", [n * A]), []) is None
    assert rescaled(core.part("ki", [n * A + 1e-3]), ["k"]) is None
    assert rescaled(core.part("ki", [3 * A]), [])[0] == "B"
    assert rescaled(core.part("ki", [A**2]), [])[0] == "B**2"
    assert rescaled(core.part("", [np.array(3.0)]), []) is None  # a number has no name here
    two = core_of("kl", "i", "kli", *np.zeros((2, 3, 5, 4)), known=[{"B": A}])
    assert rescaled(two.part("ki", [A, A + 1]), []) is None
    assert rescaled(two.part("ki", [A + 1, A]), []) is None
    assert rescaled(two.part("ki", [A, 7 * A]), [])[0] == "B"  # as much as the other factor has


@pytest.mark.parametrize("known, texts, scale, stored", [
    ({"A": A, "D": D}, ["A", "D"], "-2", [12, 15]), ({"A": A}, ["A", "C"], "1", [12, 15]),
    ({"D": D}, ["D", "C"], "1", [15, 12]), ({}, ["C", "C1"], "1", [12, 15]),
    ({"A": A / 3, "D": D}, ["A", "D"], "-6", [12, 15])])
def test_two_factors_have_their_names(known, texts, scale, stored):
    whole = -2 * np.einsum("ki,kl->kli", A, D)
    core = core_of("kl", "i", "kli", whole, known=[known])
    operands, found = factored(core, ("k", "i"), ("k", "l"), [(-A, 2 * D)])
    assert ([op.text for op in operands], found) == (texts, scale)
    assert [op.stored for op in operands] == stored
    values = core.names.all_at(0)
    made = np.einsum(",".join("".join(op.letters) for op in operands) + "->kli",
                     *(values[op.text] for op in operands))
    np.testing.assert_allclose(eval(found) * made, whole)


def test_two_numbers_out_of_two_factors():
    whole = np.einsum("k,l->kl", 3 * np.ones(4), u)
    core = core_of("k", "l", "kl", whole, known=[{"u": u}])
    operands, scale = factored(core, ("k",), ("l",), [(np.full(4, 1.5), 2 * u)])
    assert sorted(op.text for op in operands) == ["1.0", "u"] and scale == "3"
    core = core_of("k", "l", "kl", 6 * np.ones((4, 5)))
    operands, scale = factored(core, ("k",), ("l",), [(np.full(4, 1.5), np.full(5, 4.0))])
    assert ([op.text for op in operands], eval(scale)) == (["1.0", "1.0"], 6)


def test_a_product_says_what_it_is_made_of():
    core = core_of("kl", "i", "kli", np.einsum("ki,l->kli", A, u), known=[{"A": A, "u": u}])
    answer = product(core)
    assert answer.says == "a product of two smaller arrays, A and u"
    assert (answer.kind, answer.stored, answer.terms[0].scale) == ("product", 17, "1")
    assert product(core_of("k", "k", "k", u)) is None
    square = np.einsum("k,i->ki", u, u)
    assert product(core_of("k", "i", "ki", square, known=[{"u": u}])).stored == 5  # one u
    # the cheapest way: 3 + 4 + 5 numbers are two factors of 4 + 15, 5 + 12 or 3 + 20
    three = np.einsum("k,l,i->kli", A[:, 0], u, W[:, 0])
    assert product(core_of("kl", "i", "kli", three)).stored == 5 + 12
    two = [np.einsum("ki,l->kli", A, u), random.standard_normal((3, 5, 4))]
    assert product(core_of("kl", "i", "kli", *two)) is None
    assert product(core_of("kl", "i", "kli", *two[::-1])) is None


# -- pieces of a known array

INDEX = np.array([0, 2, 2, 1, 3, 0, 2, 1, 1, 0])


def mask_of(operand, names):
    return eval(operand.text, {"np": np, **names.all_at(0)})


@pytest.mark.parametrize("axis, V, letters", [(0, W, ("p", "i")), (1, W.T, ("i", "p"))])
def test_rows_of_a_known_array(axis, V, letters):
    core = core_of("k", "i", "ki", W[INDEX], known=[{"V": V}])
    pieces = [np.moveaxis(V, axis, 0)]
    answer = chosen(core, "V", axis, pieces, (1,))
    (term,), (mask, known) = answer.terms, answer.terms[0].operands
    assert (mask.text, mask.letters, mask.stored) == ("index[:, None] == np.arange(4)", ("k", "p"),
                                                      10)
    assert (known.text, known.letters, known.stored) == ("V", letters, 12)
    assert (answer.stored, answer.kind, term.scale) == (22, "choice", "1")
    assert answer.says == "pieces of V, chosen by index"
    np.testing.assert_array_equal(answer.names.added[0]["index"], INDEX)
    np.testing.assert_array_equal(mask_of(mask, answer.names) @ W, W[INDEX])
    assert choice(core).stored == 22
    for change in (1e-6, -1e-6):
        for row, column in ((0, 0), (9, 2), (4, 1)):
            other = W[INDEX]
            other[row, column] += change
            core = core_of("k", "i", "ki", other, known=[{"V": V}])
            assert chosen(core, "V", axis, pieces, (1,)) is None


def test_pieces_with_two_axes():
    V = random.standard_normal((3, 2, 5))
    which = np.array([[0, 2, 1, 1], [1, 1, 0, 2], [2, 0, 0, 1], [0, 0, 1, 2]])
    J = V[which]  # k l i m
    turned = J.transpose(0, 3, 1, 2)  # k m l i
    core = core_of("kl", "im", "kmli", turned, known=[{"V": V}])
    answer = choice(core)
    mask, known = answer.terms[0].operands
    assert (mask.text, mask.letters) == ("index[:, :, None] == np.arange(3)", ("k", "l", "p"))
    assert known.letters == ("p", "i", "m") and answer.stored == 16 + 30
    np.testing.assert_array_equal(mask_of(mask, answer.names).argmax(-1), which)
    points = [turned, 2 * turned]
    known = [{"V": V}, {"V": 2 * V}]
    assert choice(core_of("kl", "im", "kmli", *points, known=known)).stored == 46
    assert choice(core_of("kl", "im", "kmli", *points, known=[{"V": V}])) is None


def test_pieces_that_keep_an_axis_of_their_own():
    V = random.standard_normal((3, 6, 4))  # p k i: k is there in both
    which = np.array([0, 2, 1, 0, 0, 1])
    J = V[which, np.arange(6)]
    big = np.broadcast_to(J[:, None, :], (6, 30, 4)).copy()
    core = core_of("kl", "i", "kli", big, known=[{"V": V}])
    mask, known = choice(core).terms[0].operands
    np.testing.assert_array_equal(mask_of(mask, choice(core).names).squeeze().ndim, 2 + (
        mask.letters == ("k", "l", "p")))
    assert known.letters == ("p", "k", "i") and "k" in mask.letters


def test_when_places_are_no_gain():
    fits = [np.eye(4)[INDEX].T > 0]
    core = core_of("k", "i", "ki", W[INDEX], known=[{"W": W}])
    answer = by_places(core, "W", 0, fits, ("k",), (1,))
    assert answer.stored == 22 and answer.terms[0].operands[0].text.startswith("index[:, None] ==")
    core = core_of("k", "i", "ki", W[INDEX[:5]], known=[{"W": W}])
    assert by_places(core, "W", 0, [fits[0][:, :5]], ("k",), (1,)) is None       # 17 of 15
    core = core_of("k", "i", "ki", W[INDEX[:6]], known=[{"W": W}])
    assert by_places(core, "W", 0, [fits[0][:, :6]], ("k",), (1,)) is None       # 18 of 18
    core = core_of("k", "i", "ki", W[INDEX[:7]], known=[{"W": W}])
    assert by_places(core, "W", 0, [fits[0][:, :7]], ("k",), (1,)).stored == 19  # of 21
    one = np.array([5.0, 7, 9])
    answer = choice(core_of("k", "i", "ki", [[7.0]], known=[{"V": one[:, None, None]}]))
    assert answer.terms[0].operands[0].text == "index[..., None] == np.arange(3)"
    assert answer.stored == 4
    assert choice(core_of("k", "i", "ki", W[INDEX], known=[{"c": np.array(1.0), "v": u}])) is None
    assert choice(core_of("k", "k", "k", W[0], known=[{"W": W}])) is None


def test_the_smallest_of_arrays_that_hold_the_pieces_is_taken():
    for known in ({"more": np.vstack([W, W + 1]), "W": W}, {"W": W, "more": np.vstack([W, W + 1])}):
        answer = choice(core_of("k", "i", "ki", W[[*INDEX, *INDEX]], known=[known]))  # 32 or 44
        assert answer.terms[0].operands[1].text == "W" and answer.stored == 32


# -- attention

P = random.uniform(0.1, 1, (5, 3))
P /= P.sum(1, keepdims=True)
V = random.standard_normal((3, 4))
Y = P @ V
PULL = P[:, :, None] * (V[None] - Y[:, None])  # n m v


def test_which_matrices_are_a_product():
    for known, right in (([{"A": P, "V": V, "Y": Y}] * 2, True),
                         ([{"A": P, "V": V, "Y": Y}, {"A": P, "V": V, "Y": Y + 0.1}], False),
                         ([{"A": P, "V": V, "Y": Y * (1 + 1e-7)}] * 2, True),
                         ([{"A": P, "V": V, "Y": Y * (1 + 1e-5)}] * 2, False),
                         ([{"A": P, "V": V, "Y": Y * np.nan}] * 2, False)):
        core = core_of("k", "i", "ki", *np.zeros((2, 1, 1)), known=known)
        assert is_product(core.names, "A", "V", "Y") is right


def contracted(answer, core):
    """What the operands of an answer give, against the core's own array."""
    names = {"np": np, **answer.names.all_at(0)}
    (term,) = answer.terms
    code = ",".join("".join(op.letters) for op in term.operands)
    return eval(term.scale) * np.einsum(f"{code}->{''.join(core.letters)}",
                                        *(np.asarray(eval(op.text, dict(names)))
                                          for op in term.operands))


@pytest.mark.parametrize("letters, other, new", [
    ("nmvj", "nj", None), ("nvmj", "nj", None), ("nvjm", "nj", None), ("nvj", "mj", "m"),
    ("njv", "mj", "m"), ("nvij", "mij", "m")])
def test_the_softmax_of_attention_is_pulled_out(letters, other, new):
    sizes = {"n": 5, "m": 3, "v": 4, "j": 6, "i": 2}
    K = random.standard_normal([sizes[x] for x in other])
    K -= K.mean(0) * (new == "m")  # what all scores have in common changes nothing
    J = np.einsum(f"nmv,{other}->{letters}", PULL, K)
    known = [{"A": P, "V": V, "Y": Y, "K": K}]
    inner = "".join(x for x in letters if x not in "nv")
    core = core_of("nv", inner, letters, J, known=known)
    answer = pulled(core, ("A", "V", "Y"), ("n", "m", "v"), new or "p")
    a, difference, rest = answer.terms[0].operands
    assert (a.text, a.letters, a.stored) == ("A", ("n", "m"), 15)
    assert (difference.text, difference.letters, difference.stored) == (
        "V[None] - Y[:, None]", ("n", "m", "v"), 12)
    assert (rest.text, rest.letters, rest.stored) == ("K", tuple(other), K.size)
    assert (answer.kind, answer.stored) == ("product", 27 + K.size)
    assert answer.says == ("A times the difference of V and its mean Y = A @ V, times K")
    np.testing.assert_allclose(contracted(answer, core), J, atol=1e-9)
    assert softened(core).stored == 27 + K.size
    other = J.copy()
    other[(1,) * J.ndim] += 1e-3
    assert pulled(core_of("nv", inner, letters, other, known=known),
                  ("A", "V", "Y"), ("n", "m", "v"), new or "p") is None


def test_nothing_at_one_point_is_pulled_out_too():
    K = random.standard_normal((3, 6))
    J = np.einsum("nmv,mj->nvj", PULL, K)
    core = core_of("nv", "j", "nvj", J, 0 * J, known=[{"A": P, "V": V, "Y": Y, "K": K},
                                                      {"A": P, "V": V, "Y": Y, "K": 0 * K}])
    assert pulled(core, ("A", "V", "Y"), ("n", "m", "v"), "m").stored == 45
    for known in ([{"A": P, "V": V, "Y": Y}], [{"A": P, "V": V, "Y": Y + 0.1, "K": K}],
                  [{"A": P, "V": V, "K": K}], [{"A": P[:4], "V": V, "Y": Y[:4], "K": K}]):
        found = softened(core_of("nv", "j", "nvj", J, known=known))
        assert (found is None) == ("K" in known[0])
    assert softened(core_of("nv", "j", "nj", J[:, 0], known=[{"A": P, "V": V, "Y": Y}])) is None


def test_the_smallest_matrices_are_taken():
    K = random.standard_normal((3, 6))
    J = np.einsum("nmv,mj->nvj", PULL, K - K.mean(0))
    twice = {"A2": np.hstack([P, P]) / 2, "V2": np.vstack([V, V])}
    for known in ({**twice, "A": P, "V": V, "Y": Y}, {"A": P, "V": V, "Y": Y, **twice}):
        answer = softened(core_of("nv", "j", "nvj", J, known=[known]))
        assert answer.terms[0].operands[1].text == "V[None] - Y[:, None]"
        assert answer.stored == 27 + 18


def test_factors_with_a_zero_are_taken_apart_by_their_largest_entry():
    a, b = np.array([0.0, 1, 2]), np.array([3.0, 0, 1, 5])
    for sign in (1, -1):
        P, Q = separated(sign * np.outer(a, b), "ki", "k", "i", 1e-9)
        np.testing.assert_allclose(P, a / 2)            # 1 at the largest
        np.testing.assert_allclose(Q, sign * 2 * b)
