"""Names of numbers where a few are 0, large, small or at one point alone; and what ticks."""

import numpy as np
import pytest

from helpers.calculus.discover.naming import names as naming
from helpers.calculus.discover.naming import spans
from helpers.calculus.discover.naming.names import OF_ONE, OF_TWO, Names

draw = np.random.default_rng(9)


def scalars(**values):
    """Known numbers at as many points as there are values."""
    return Names([dict(zip(values, map(np.array, at), strict=True))
                  for at in zip(*values.values(), strict=True)])


def test_a_number_that_is_not_0_where_a_text_is_has_another_name():
    names = scalars(s=[1.5, -1.5, 0.7])
    assert names.scalar([np.array([2.0]), np.array([0.0]), np.array([2.0])], 1e-9) == "2 * (s > 0)"
    assert names.scalar([np.array([2.0]), np.array([7.0]), np.array([2.0])], 1e-9) is None
    assert names.scalar([np.array([2.0]), np.zeros(0), np.array([0.7 / 0.75])], 1e-9) == "4 / 3 * s"
    two = scalars(s=[1.5, -1.5])
    assert two.scalar([np.array([2.0]), np.array([0.0])], 1e-9) == "2 * (s > 0)"


@pytest.mark.parametrize("form", OF_ONE[1:])
def test_a_number_may_be_a_function_of_a_known_one(form):
    names = scalars(s=[0.3, 0.8, 0.45])
    text = form.replace("@", "s")
    values = [float(v) for v in names.value(text)]
    if len(set(values)) > 1:
        said = names.scalar([np.full(3, 3 * v) for v in values], 1e-9)
        np.testing.assert_allclose([naming.evaluate(said, at) for at in names.samples],
                                   np.multiply(3, values), rtol=1e-9)


@pytest.mark.parametrize("form", OF_TWO)
def test_a_number_may_be_a_function_of_two_known_ones(form):
    names = scalars(s=[0.3, 0.8, 0.45], t=[1.7, 0.6, 1.1])
    text = form.replace("@", "s").replace("%", "t")
    values = [3 * float(v) for v in names.value(text)]
    if len(set(values)) > 1:
        said = names.scalar([np.full(3, v) for v in values], 1e-9)
        np.testing.assert_allclose([naming.evaluate(said, at) for at in names.samples], values,
                                   rtol=1e-9)


def test_a_multiple_of_a_known_number_holds_to_its_noise_at_any_size():
    for size in (1e-6, 1, 1e5):
        names = scalars(s=[1.25, 2.75])
        for noise, fine in ((1e-8, True), (1e-6, False)):
            groups = [np.array([size * 1.25]), np.array([size * 2.75 * (1 + noise)])]
            assert bool(names.scalar(groups, 1e-7)) is fine
            whole = [np.array([size * 1.25, size * 1.25 * (1 + noise)]), np.array([size * 2.75])]
            assert bool(names.scalar(whole, 1e-7)) is fine


@pytest.mark.parametrize("value, known, text", [
    (0.0, {"z": 0.0}, "0"), (1e-5, {"eps": 1.1e-5}, "1e-05"), (1e-5, {"eps": 1e-5}, "eps"),
    (12345.5, {"big": 12345.6}, "12345.5"), (12345.5, {"big": 12345.5}, "big"),
    (10000 / 7, {}, None), (9999 / 7, {}, "9999 / 7"), (-10000 / 7, {}, None),
    (-9999 / 7, {}, "-9999 / 7"), (1 / 1000, {}, "0.001"), (1 / 999, {}, "1 / 999"),
    (999 / 1000, {}, "0.999"), (999_999.0, {}, "999999"), (-1e6, {}, None), (-999_999.0, {},
                                                                          "-999999")])
def test_a_number_is_told_from_its_neighbours(value, known, text):
    assert Names([{name: np.array(v) for name, v in known.items()}] * 2).number(value, 1e-9) == text


def test_texts_begin_with_those_of_one():
    names = Names([{"a": draw.uniform(size=(3, 4)), "b": draw.uniform(size=4)}])
    made = list(names.texts((3, 4)))
    assert made[:len(OF_ONE)] == [form.replace("@", "a") for form in OF_ONE]
    assert "a - b" in made and "b - a" in made and "a.sum(-1)" in made
    assert made == [*names.texts_of_one((3, 4)), *names.texts_of_more((3, 4))]


def test_of_zeros_nothing_is_a_multiple():
    zero, one = np.zeros((2, 2)), np.ones((2, 2))
    for A, B in ((zero, zero), (one, zero), (zero, one)):
        assert naming.common_scale([A], [B], 1e-9) is None
    assert naming.common_scale([zero, 3 * one], [zero, one], 1e-9) == 3


def test_new_arrays_have_names_that_nothing_has():
    names = Names([{"a": 1.0}, {"a": 2.0}], added=[{"b": 3.0}, {"b": 4.0}])
    assert [names.add(base, [1, 2]) for base in ("a", "b", "G", "D", "np", "math", "c", "c", "c")
            ] == ["a1", "b1", "G1", "D1", "np1", "math1", "c", "c1", "c2"]
    assert names.all_at(0) == {"a": 1, "b": 3, **dict.fromkeys(
        ("a1", "b1", "G1", "D1", "np1", "math1", "c", "c1", "c2"), 1)}
    one = Names([{"a": 1.0}])
    assert one.stored("a", 5) == one.stored("a * a", 5) == 1 and one.stored("np.eye(3)", 9) == 9
    assert one.add("a", [5]) == "a1" and one.all_at(0) == {"a": 1.0, "a1": 5}


def test_every_new_text_is_a_step_of_the_bar(monkeypatch):
    ticks = []
    monkeypatch.setattr(naming, "tick", lambda: ticks.append(1))
    names = Names([{"a": 2.0}])
    for text, count in (("a", 1), ("a + 1", 2), ("a", 2), ("q", 3), ("q", 3)):
        names.value(text)
        assert len(ticks) == count
    rows = []
    monkeypatch.setattr(spans, "tick", lambda: rows.append(1))
    X = draw.uniform(size=(3, 4))
    search = type("Search", (), {"arrays": [X], "letters": ("k", "l"), "shape": (3, 4),
                                 "tolerance": 1e-9, "most": [X.max()]})
    word = type("Word", (), {"columns": [X]})
    assert spans.solved_by_rows(search, (), [word])[0][0] == 1 and len(rows) == 1


def test_numbers_of_rows_hold_to_the_size_of_the_array():
    X = draw.uniform(0.5, 1, (3, 4))
    off = np.where(np.arange(12).reshape(3, 4) == 11, 1e-3, 0)
    for size in (1e-6, 1, 1e6):
        for tolerance, fine in ((1e-2, True), (1e-5, False)):
            array = size * (X + off)
            search = type("Search", (), {"arrays": [array], "letters": ("k", "l"), "shape": (3, 4),
                                         "tolerance": tolerance, "most": [array.max()]})
            word = type("Word", (), {"columns": [X]})
            assert (spans.solved_by_rows(search, ("k",), [word]) is not None) is fine
