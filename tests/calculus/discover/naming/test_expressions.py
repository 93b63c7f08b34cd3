"""Arrays get the line that a person would write: the exact text, right at an input never seen."""

import math
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover.naming import expressions, fitting, spans
from helpers.calculus.discover.naming.expressions import Expressions, Search
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.ties import Pattern

KNOWN = dict(zip("BAHSvut", map(np.random.default_rng(7).standard_normal,
                                ((4, 2), (5, 3), (3, 4), (4, 4), 4, 3, ())), strict=True))


def sigma(Z):
    return 1 / (1 + np.exp(-Z))


def softmax(Z, axis=-1):
    return np.exp(Z) / np.exp(Z).sum(axis, keepdims=True)


def samples(known="", shape=(3, 4), count=4):
    """Inputs, with what is known at each, and Y."""
    for X in np.random.default_rng(8).standard_normal((count, *shape)):
        yield {"X": X, "Y": X.sum(0), **{name: KNOWN[name] for name in known}}


def valued(formula, at):
    return np.asarray(eval(formula, {"np": np, "sigma": sigma, "softmax": softmax, **at}), float)


@cache
def world(known):
    """(points, one more that nothing is told of, the names, what finds texts)."""
    *points, last = samples(known)
    names = Names(points, input_name="X", output_name="Y")
    return points, last, names, Expressions(names, Pattern(("a", "b"), ("k", "l")))


def line(formula, letters, known=""):
    """`scale * (text)` of what is found, after it was compared at the last input."""
    points, last, names, own = world(known)
    found = own.find(names, [valued(formula, at) for at in points], letters, 1e-9)
    if found is None:
        return None
    text, order, scale = found
    made = np.asarray(eval(f"{scale} * ({text})", {"np": np, "math": math, **last}))
    cut = tuple(slice(None) if x in order else None for x in letters)
    if made.ndim:
        made = made.transpose([order.index(x) for x in letters if x in order])[cut]
    right = valued(formula, last)
    np.testing.assert_allclose(np.broadcast_to(made, right.shape), right, rtol=1e-8)
    return text if scale == "1" else f"{scale} * ({text})"


@pytest.mark.parametrize("formula, letters, known, text", [
    ("np.full((3, 4), 2.5)", "kl", "", "2.5 * (1)"),
    ("np.full(3, -np.pi**0.5)", "k", "", "-np.sqrt(1 * np.pi) * (1)"),
    ("0.5 * X + 3 * H", "kl", "H", "0.5 * X + 3 * H"),
    ("H - X", "kl", "H", "-1 * (X - H)"), ("X - v", "kl", "v", "X - v"),
    ("(X + u[:, None]).T", "lk", "u", "X.T + u"), ("X * v", "kl", "v", "X * v"),
    ("X + H - 2 * v", "kl", "Hv", "X + H - 2 * v"),
    ("X @ S + X @ S.T", "kl", "S", "X @ (S + S.T)"), ("A @ X", "pl", "A", "A @ X"),
    ("A @ X @ B", "pq", "AB", "A @ X @ B"), ("A @ (X - H)", "pl", "AH", "A @ (X - H)"),
    ("(X - H) @ B", "kq", "HB", "(X - H) @ B"), ("X @ B", "kq", "B", "X @ B"),
    ("3 * X @ X.T", "km", "", "3 * (X @ X.T)"), ("X.T @ X", "lm", "", "X.T @ X"),
    ("X.sum(0)", "l", "", "X.sum(-2)")])
def test_what_is_linear(formula, letters, known, text):
    assert line(formula, letters, known) == text


@pytest.mark.parametrize("formula, letters, known, text", [
    ("np.tanh(X)", "kl", "", "np.tanh(X)"), ("sigma(X)", "kl", "", "1 / (1 + np.exp(-X))"),
    ("sigma(X @ S) @ S.T", "kl", "S", "(1 / (1 + np.exp(-(X @ S)))) @ S.T"),
    ("softmax(X)", "kl", "", "np.exp(X - np.logaddexp.reduce(X, -1, keepdims=True))"),
    ("softmax(X, 0)", "kl", "", "np.exp(X - np.logaddexp.reduce(X, -2, keepdims=True))"),
    ("softmax(X) - H", "kl", "H", "np.exp(X - np.logaddexp.reduce(X, -1, keepdims=True)) - H"),
    ("2 * softmax(0.3 * X)", "kl", "",
     "2 * (np.exp((0.3 * X) - np.logaddexp.reduce((0.3 * X), -1, keepdims=True)))"),
    ("softmax(0.3 * X, 0).T", "lk", "",
     "np.exp((0.3 * X) - np.logaddexp.reduce((0.3 * X), -2, keepdims=True))"),
    ("softmax((X @ S) / 3)", "kl", "S", "np.exp(((X @ S) / 3) - np.logaddexp.reduce("
     "((X @ S) / 3), -1, keepdims=True))"),
    ("np.exp(X) / np.exp(X).sum()", "kl", "", "np.exp(X - np.log(np.exp(X).sum()))"),
    ("X**2 + np.exp(X) - 3 * X", "kl", "", "np.exp(X) + X**2 - 3 * X"),
    ("X.std(1)", "k", "", "X.std(-1)"), ("2 * X - 1", "kl", "", "2 * X - 1.0"),
    ("X - X.mean(0)", "kl", "", "X - X.mean(-2)"), ("np.linalg.norm(X)", "", "",
                                                    "np.sqrt((X**2).sum())"),
    ("X == X.max(1, keepdims=True)", "kl", "", "X == X.max(1, keepdims=True)"),
    ("X.min(0) + v", "l", "v", "(X + v).min(-2)"), ("np.zeros((3, 4))", "kl", "", None)])
def test_what_functions_and_sums_are_made_of(formula, letters, known, text):
    assert line(formula, letters, known) == text


@pytest.mark.parametrize("formula, letters, text", [
    ("1 / np.sqrt(X.var(0) + 1e-5)", "l", "1 / np.sqrt(1e-05 * 1.0 + X.var(-2))"),
    ("-1 / (2 + X**2)", "kl", "-1 * (1 / (2 * 1.0 + X**2))"),
    ("np.sqrt(1 + (X**2).sum(0))", "l", "np.sqrt(1.0 + (X**2).sum(-2))"),
    ("(1 + 2 * (X**2).sum(1))**-1.5", "k", "1 / (1.0 + 2 * (X**2).sum(-1))**1.5"),
    ("(0.5 + np.exp(X))**2", "kl", "(0.5 * 1.0 + np.exp(X))**2"),
    ("(0.5 + np.exp(X))**-2", "kl", "1 / (0.5 * 1.0 + np.exp(X))**2"),
    ("sigma(0.5 - 2 * X)", "kl", "1 / (1 + np.exp((2 * X - 0.5 * 1.0)))"),
    ("np.tanh(2 * X - 0.5)", "kl", "np.tanh(2 * X - 0.5 * 1.0)"),
    ("np.exp(-2 * X - 2 * X.max(1, keepdims=True))", "kl", "np.exp(-2 * (X + X.max(-1)[:, None]))"),
    ("np.exp(X - 2 * X.max(1, keepdims=True))", "kl", "np.exp(X - 2 * X.max(-1)[:, None])")])
def test_a_function_of_a_sum(formula, letters, text):
    assert line(formula, letters) == text


@pytest.mark.parametrize("formula, letters, known, text", [
    ("X * X.sum(1)[:, None]", "kl", "", "X.sum(-1)[:, None] * X"),
    ("X / np.sqrt((X**2).sum(1, keepdims=True))", "kl", "",
     "(1 / np.sqrt((X**2).sum(-1)))[:, None] * X"),
    ("X * H * v", "kl", "Hv", "v * X * H"),
    ("-2 * X**2 * H / np.exp(X)", "kl", "H", "-2 * (X**2 * H / np.exp(X))"),
    ("H / (X**2).sum(1, keepdims=True)", "kl", "H", "H / (X**2).sum(-1)[:, None]"),
    ("X.max(1, keepdims=True) * H", "kl", "H", "X.max(-1)[:, None] * H"),
    ("X.sum() * u", "k", "u", "X.sum() * u"), ("X.mean(0) * v", "l", "v", "(X * v).mean(-2)"),
    ("X * np.tanh(X) + H * v", "kl", "Hv", "H * v + X * np.tanh(X)"),
    ("X * H + 2 * np.exp(X) * v", "kl", "Hv", "X * H + 2 * v * np.exp(X)"),
    ("u[:, None] * X + v", "kl", "uv", "u[:, None] * X + v"),
    ("u[:, None] * X * H + v * H", "kl", "uvH", "v * H + u[:, None] * X * H"),
    ("X * H * np.abs(X)", "kl", "H", "X * H * np.abs(X)"),
    ("X**2 / (X**2).sum(1, keepdims=True)", "kl", "", "(X**2) / (X**2).sum(-1)[:, None]"),
    ("H / X", "kl", "H", "H / X"), ("X**3 / H**2", "kl", "H", "X**3 / H**2")])
def test_products(formula, letters, known, text):
    assert line(formula, letters, known) == text


@pytest.mark.parametrize("formula, text", [
    ("2 * X - 1", "2 * X - 1.0"), ("2 * X - t", "2 * X - t"), ("X - t", "X - t"),
    ("H * X - 3", "X * H - 3 * 1.0"), ("2 * X * t", "2 * (X * t)")])
def test_a_number_is_not_called_a_multiple_of_a_known_one(formula, text):
    assert line(formula, "kl", "tSH") == text


# -- the parts of a search

def search(formula, where=None, shape=(3, 4)):
    """A search for an array that nothing was looked for yet."""
    points = [*samples(shape=shape)]
    names = Names(points, input_name="X", output_name="Y")
    words = Expressions(names, Pattern(("a", "b"), ("k", "l"))).words
    return Search(words, names, [valued(formula, at) for at in points], "kl", 1e-9,
                  where and [valued(where, at) > 0 for at in points])


@pytest.mark.parametrize("form, undo", expressions.LINKS)
def test_every_link_is_undone(form, undo):
    z = np.array([0.3, 0.7, 1.9])
    np.testing.assert_allclose(undo(eval(form.replace("@", "z"), {"np": np, "z": z})), z)


def test_small_numbers_are_not_taken_for_one():
    assert line("1e-12 * np.tanh(X)", "kl") == "1e-12 * (np.tanh(X))"
    assert line("np.full((3, 4), 1e-12)", "kl") == "1e-12 * (1)"


def test_a_line_holds_wherever_it_is_asked_for_and_at_all_other_places():
    for text, letters, same in (("X * 2", "kl", True), ("X * 2", "lk", False),
                                ("X * 2 + 1e-6", "kl", False), ("X * 2.00001", "kl", False)):
        assert search("2 * X").same(text, tuple(letters)) is same
    masked = search("np.where(X > 0, 2 * X, 7)", where="X")
    assert masked.run() == ("X", ("k", "l"), "2")
    assert search("np.where(X > 0, 2 * X, 7)", where="X + 9").plain() is None
    large = search("3e-6 * X", shape=(30, 40))
    assert large.run() == ("X", ("k", "l"), "3e-06") and len(large.places) < 30 * 40
    unseen = next(k for k in range(1200, 2400) if k not in large.places) - 1200
    large.arrays[1].flat[unseen] += 1e-8
    assert large.plain() is None and large.common() is None


def test_what_was_found_is_kept_by_its_numbers_letters_and_places():
    points = [*samples(shape=(3, 3), count=2)]
    names = Names(points, input_name="X", output_name="Y")
    own, X = Expressions(names, Pattern(("a", "b"), ("k", "l"))), [at["X"] for at in points]
    found = own.find(names, [2 * x for x in X], "kl", 1e-9)
    assert found == ("X", ("k", "l"), "2")
    assert own.find(names, [2 * x for x in X], "kl", 1e-9) is found
    assert own.find(names, [2 * x for x in X], "lk", 1e-9) == ("X", ("l", "k"), "2")
    assert own.find(names, [3 * x for x in X], "kl", 1e-9) == ("X", ("k", "l"), "3")
    odd = [np.where(np.eye(3) > 0, 5, 2 * x) for x in X]
    assert own.find(names, odd, "kl", 1e-9, [np.eye(3) == 0] * len(X)) == ("X", ("k", "l"), "2")
    assert own.find(names, odd, "kl", 1e-9, [np.eye(3) == 1] * len(X)) == ("1", ("k", "l"), "5")
    assert own.find(names, [0 * x for x in X], "kl", 1e-9) is None


def test_an_array_that_is_zero_at_one_point_has_a_line():
    points = [at | {"Z": at["X"].T * (i != 1)} for i, at in enumerate(samples())]
    names = Names(points, input_name="X", output_name="Y")
    own = Expressions(names, Pattern(("a", "b"), ("k", "l")))
    for formula, text in (("3 * Z", "Z"), ("np.exp(Z) - Z", "np.exp(Z) - Z")):
        assert own.find(names, [valued(formula, at) for at in points], "lk", 1e-9)[0] == text


@pytest.mark.parametrize("formula, found", [
    ("2 * X", ("X", ("k", "l"), "2")), ("np.tanh(X)", None), ("X * H", ("X * H", ("k", "l"), "1")),
    ("X @ np.linalg.inv(S) + 4 * X", ("4 * X + X @ np.linalg.inv(S)", ("k", "l"), "1")),
    ("np.tanh(X @ S) @ S.T", None)])
def test_what_is_linear_is_said_simply(formula, found):
    points, _, names, own = world("HS")
    core = SimpleNamespace(names=names, arrays=[valued(formula, at) for at in points],
                           letters="kl", tolerance=1e-9, size=2**14)
    assert own.simply(core) == found
    core.size += 1
    assert own.simply(core) is None  # more numbers than are looked at


@pytest.mark.parametrize("formula, text", [
    ("u[:, None] * X + H", "u[:, None] * X + H"), ("v * X + 2 * H", "2 * H + X * v"),
    ("X.sum(1)[:, None] * H - 3 * X", "X.sum(-1)[:, None] * H - 3 * X")])
def test_numbers_that_change_from_row_to_row_have_names(formula, text):
    points, _, names, own = world("Hvu")
    arrays = [valued(formula, at) for at in points]
    found = own.by_rows(Search(own.words, names, arrays, "kl", 1e-9))
    assert found and (found[0], "".join(found[1]), found[2]) == (text, "kl", "1")
    everywhere = [np.ones((3, 4))] * len(points)
    assert own.by_rows(Search(own.words, names, arrays, "kl", 1e-9, everywhere)) is None


def test_a_search_at_one_point_alone():
    one = {"X": np.array([[1.0, -2, 3], [0.5, 2, -1]]), "H": np.array([[2.0, 1, 5], [7, 3, 4]])}
    names = Names([one], input_name="X")
    own = Expressions(names, Pattern(("a", "b"), ("k", "l")))
    for formula, text in (("2 * H", "H"), ("X * H", "X * H"), ("np.exp(X) / np.exp(X).sum(0)",
                          "np.exp(X - np.logaddexp.reduce(X, -2, keepdims=True))")):
        assert own.find(names, [valued(formula, one)], "kl", 1e-9)[0] == text


@pytest.mark.parametrize("rows, text", [(128, "u[:, None] * v"), (129, None)])
def test_arrays_of_up_to_two_to_the_fourteenth_are_looked_at(rows, text):
    points = [{"X": x, "u": np.cos(np.arange(1.0, rows + 1)), "v": np.sin(np.arange(1.0, 129))}
              for x in np.random.default_rng(1).standard_normal((2, 3))]
    names = Names(points, input_name="X", output_name="Y")
    found = Expressions(names, Pattern(("a",), ("c",))).find(
        names, [at["u"][:, None] * at["v"] for at in points], "kl", 1e-9)
    assert (found and found[0]) == text


def test_products_of_columns_are_found_wherever_they_stand():
    columns = np.random.default_rng(2).uniform(0.5, 2, (40, 330))
    places = fitting.products_of(40, 2)
    for target, right in ((2 * columns[7] * columns[38], {(7, 38): 2}),
                          (columns[3], {(3,): 1}), (columns[39]**2, {(39, 39): 1}),
                          (columns[1] * columns[2] - 3 * columns[4]**2, {(1, 2): 1, (4, 4): -3})):
        one = SimpleNamespace(target=target / 5, scale=np.full(330, 0.2), tolerance=1e-10)
        chosen, numbers = next(Search.sums_of(one, columns, places, 2))
        assert dict(zip((places[c] for c in chosen), numbers, strict=True)) == pytest.approx(right)


def test_the_columns_whose_powers_may_be_solved_for():
    columns = np.random.default_rng(3).uniform(0.5, 2, (8, 30))
    columns[1], columns[3], columns[4], columns[6] = 2, columns[0]**-2, 1, columns[0] * columns[2]
    assert expressions.independent(-columns, 9) == [0, 2, 5, 7]
    assert expressions.independent(columns, 3) == [0, 2, 5]
    assert expressions.independent(columns[:, :3], 9) == [0, 2]  # three equations: two and a number


@pytest.mark.parametrize("powers", [{0: 1}, {7: -2, 3: 1}, {9: 2}, {20: 1, 3: -1}, {60: 3},
                                    {k: 1 for k in range(8)}])
def test_powers_of_some_of_many_columns(powers):
    columns = np.random.default_rng(4).uniform(0.5, 2, (70, 90))
    target = -3 * np.prod([columns[p] ** float(k) for p, k in powers.items()], 0)
    assert expressions.exponents_of(columns, target, 1e-9) == (powers, pytest.approx(-3))


def test_powers_need_four_equations_more():
    columns = np.random.default_rng(5).uniform(0.5, 2, (3, 8))
    assert expressions.exponents_of(columns[:1, :5], columns[0, :5]**2, 1e-9)[0] == {0: 2}
    assert expressions.exponents_of(columns[:1, :4], columns[0, :4]**2, 1e-9) is None
    assert expressions.exponents_of(columns[:, :6], columns[2, :6], 1e-9) is None
    assert expressions.exponents_of(columns, columns[2], 1e-9)[0] == {2: 1}
    assert expressions.exponents_of(columns[:0], columns[2], 1e-9) is None


def kinds(**texts):
    """Words by kind, each with whether its numbers have one sign."""
    return {kind: [SimpleNamespace(text=text, one_sign=safe) for text, safe in some]
            for kind, some in texts.items()}


def ordered(linear, functions, reductions):
    made = kinds(linear=linear, functions=functions, reductions=reductions)
    one = SimpleNamespace(names=SimpleNamespace(output_name="Y"), of=made.__getitem__)
    every = Search.in_order(one, [w for some in made.values() for w in some])
    return list(dict.fromkeys(w.text for w in every))


def test_what_powers_are_tried_of_first():
    assert ordered([("X", False), ("Y", False), ("H", True)],
                   [("np.sin(X)", False), ("np.tanh(X)", False), ("np.exp(X)", True)],
                   [("X.sum()", False), ("X.var()", True)]) == [
        "Y", "X.var()", "H", "np.exp(X)", "np.tanh(X)", "X", "np.sin(X)", "X.sum()"]
    many = ordered([("Y", True)] + [(f"l{k}", False) for k in range(25)],
                   [(f"np.tanh({k})", False) for k in range(8)] + [(f"f{k}", True) for k in range(
                       30)], [(f"s{k}", True) for k in range(20)] + [("r", False)])
    assert many[:2] == ["Y", "s0"] and {*many} >= {
        *(f"f{k}" for k in range(30)), *(f"s{k}" for k in range(20)), "l11", "r"}
    assert "l12" not in many and "np.tanh(7)" in many  # 18 of what is linear, and gates among them
    assert many.index("s11") < many.index("f0") < many.index("np.tanh(0)") < many.index("l0")
    assert many.index("l0") < many.index("s12") < many.index("f24") < many.index("r")


def test_a_search_in_vain_tries_no_more_than_it_says(monkeypatch):
    tried = []

    def counted(columns, target, most, *rest, **more):
        tried.append((most, len(columns)))
        return fitting.sums(columns, target, most, *rest, **more)

    rows = []
    monkeypatch.setattr(expressions, "sums", counted)
    monkeypatch.setattr(spans, "solved_by_rows", lambda search, rest, words: rows.append(words))
    points = [*samples("HSvu", count=2)]
    for k in range(8):
        for at in points:
            at |= {f"K{k}": np.cos(np.arange(12.0).reshape(3, 4) ** 2 + k)}
    names = Names(points, input_name="X", output_name="Y")
    own = Expressions(names, Pattern(("a", "b"), ("k", "l")))
    draw = np.random.default_rng(6)
    vain = Search(own.words, names, [draw.standard_normal((3, 4)) for _ in points], "kl", 1e-9)
    assert vain.run() is None and own.by_rows(vain) is None and vain.last() is None
    of_rows = 2 * 40 + len(vain.centred())  # linear values and functions, for each row of 3 or more
    pairs = 14 * 13 // 2
    assert len(rows) <= 3 * of_rows + 2 * pairs
    assert len(own.words.linear) <= 90 and len(vain.basic()) <= 120
    assert max(count for most, count in tried if most == 3) <= fitting.PAIRS
    assert sorted(count for most, count in tried if most == 3)[0] <= 60
    assert max(count for most, count in tried if most == 1) <= 256
