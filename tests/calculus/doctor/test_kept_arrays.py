"""What is an array, what a layer keeps, and which trials are made of it: one part at a time."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.doctor import trials as trials_of
from helpers.calculus.doctor.arrays import is_numbers, is_row, plain
from helpers.calculus.doctor.code import OwnCode
from helpers.calculus.doctor.layers import (
    held,
    is_layer,
    is_same,
    is_stale,
    name_of,
    parameters,
    slots,
    stays,
)
from helpers.calculus.doctor.trials import Trial, grown, other, trials
from helpers.calculus.errors import NumberError

W, b = np.arange(8.0).reshape(4, 2), np.array([1.0, 2])


class Tensor:
    """As one of another library."""

    def __init__(self, *numbers):
        self.numbers = numbers

    def detach(self):
        return self

    def numpy(self):
        return np.array(self.numbers)


class Net:
    def forward(self, X):
        return X


def layer(**attributes):
    return SimpleNamespace(**attributes)


# -- arrays

def test_what_is_no_number_is_told_by_its_type_or_dtype():
    class Stops(Tensor):
        def detach(self):
            raise ValueError("it is on another machine")

    for value, words in (
            (object(), "X must be made of numbers, but is of type object."),
            (np.array([], object), "X must be made of numbers, but has dtype object."),
            (Stops(1.0), "X must be numbers, but this tensor stops with ValueError: it is on "
             "another machine.")):
        with pytest.raises(NumberError) as caught:
            plain(value, "X")
        assert str(caught.value) == words
    assert plain(Tensor(1.0, 2), "X").tolist() == [1, 2]
    assert is_numbers(Tensor(1.0)) and not is_numbers(Tensor(1)) and not is_numbers(Stops(1.0))


def test_a_row_is_a_list_a_tuple_or_objects_along_one_axis():
    one, two, square = np.empty(1, object), np.empty(2, object), np.empty((1, 1), object)
    for value in ([], (1,), one, two, np.empty(0, object)):
        assert is_row(value)
    for value in (square, np.empty((2, 2), object), np.empty((), object), W, b, {"W": W}, "W"):
        assert not is_row(value)


# -- layers

def test_the_slots_of_a_class_and_of_those_before_it():
    class First:
        __slots__ = ("W", "b")

    class Second(First):
        pass

    class Third(Second):
        __slots__ = ("c",)

    assert [sorted(slots(one)) for one in (First, Second, Third, object)] == [
        ["W", "b"], ["W", "b"], ["W", "b", "c"], []]


def test_a_layer_is_what_has_attributes_of_its_own():
    class Own(np.ndarray):
        pass

    for value in (layer(), Net(), type("Slots", (), {"__slots__": ("W",)})()):
        assert is_layer(value)
    for value in (W, W.view(Own), np.tanh, Net, Net.forward, Net().forward, np, 1, "W", None,
                  object(), Tensor(1.0)):
        assert not is_layer(value)


def test_the_arrays_that_a_layer_holds():
    tensor, inner = Tensor(1.0), [b, 1.0, {"W": W, "n": 3}]
    inner.append(inner)  # it holds itself
    found = held(layer(W=W, number=np.float64(2), whole=3, real=2.0, text="W", nothing=None,
                       thing=object(), tensor=tensor, inner=inner))
    assert list(found) == [("W",), ("number",), ("tensor",), ("inner", 0), ("inner", 2, "W")]
    assert found["W",] is found["inner", 2, "W"] is W and found["tensor",] is tensor


def own(before, after=None):
    """{ways: array} of the parameters of layers by their paths."""
    after = after or before
    return {ways: array for ways, array in parameters(before, after)}


def test_one_array_in_two_places_is_one_parameter_named_by_the_one_with_a_gradient():
    one = layer(all=[W, b], W=W, dW=W + 1, b=b, db=0, c=W + 2)
    assert own({"": one}) == {(("", "W"), ("", "all", 0)): W}
    deep = layer(params={"W": W}, grads={"W": W + 1, "dW": 0})
    assert own({"l": deep}) == {(("l", "params", "W"),): W}


def test_one_array_of_two_layers_has_one_gradient_or_the_share_of_each():
    first, second, third = (layer(W=W, dW=gradient) for gradient in (W + 1, W + 2, 0))
    ways = [(path, "W") for path in "abc"]
    found = parameters({"a": first, "b": second, "c": third}, {"a": first, "b": second, "c": third})
    assert [one for one, _ in found] == [(ways[0],), (ways[1],)]
    same = layer(W=W, dW=first.dW[:])
    assert list(own({"c": third, "a": first, "b": same})) == [(ways[0], ways[2], ways[1])]
    assert list(own({"a": first, "b": same}, {"a": first})) == [(ways[0], ways[1])]  # b is no more


def test_two_arrays_are_one_where_they_share_their_memory():
    tensor = Tensor(1.0)
    assert is_same(W, W) and is_same(W, W[1:]) and is_same(tensor, tensor)
    for one, another in ((W, W.copy()), (tensor, Tensor(1.0)), (W, tensor), (tensor, W)):
        assert not is_same(one, another)


@pytest.mark.parametrize("way, name", [
    (("", "W"), "W"), (("l[0]", "W"), "l[0].W"), (("", "params", 0), "params[0]"),
    (("", "params", "W"), "W"), (("a", "p", "q", "W"), "a.W"), (("", "p", "q", 1), "p[q][1]"),
    (("", "p", 0, "W"), "W"), (("", "p", "q", "r", "W"), "W"), (("a", "p", 0, 1), "a.p[0][1]")])
def test_what_a_parameter_is_called(way, name):
    assert name_of(way) == name


def test_what_was_put_into_a_layer_stays_to_five_digits():
    numbers = np.array([1.0, 1e-9, np.nan])
    for off, says in (([0, 0, 0], True), ([0.9e-5, 0, 0], True), ([1.1e-5, 0, 0], False),
                      ([0, 1.1e-14, 0], False), ([0, 0.9e-14, 0], True)):
        assert bool(stays(layer(W=numbers + off), ("W",), numbers)) is says
        assert bool(stays(layer(p=[numbers + off]), ["p", 0], numbers)) is says
    assert not stays(layer(W=numbers[:2]), ("W",), numbers)
    assert not stays(layer(V=numbers), ("W",), numbers)


def test_a_gradient_that_a_backward_pass_leaves_as_it_was_is_stale_but_for_zeros():
    some, nan = np.array([0.0, 2]), np.array([np.nan, 2])
    for before, after, says in (([some], [some.copy()], True), ([nan], [nan.copy()], True),
                                ([some], [2 * some], False), ([0 * some], [0 * some], False),
                                ([], [some], False), ([some, 9 * some], [some, some], True)):
        assert bool(is_stale(before, after)) is says


# -- trials

def code(forward, gradients, *arguments):
    return OwnCode(forward, gradients, list(arguments), {})


def test_the_roughness_is_the_most_of_so_many_looks(monkeypatch):
    given = iter([{None: np.array([1.0, 5]), "x": 2.0}, {None: np.array([3.0, 4])},
                  {None: np.zeros(2), "x": 7.0}])
    made = []
    monkeypatch.setattr(trials_of, "rough", lambda *asked: made.append(asked) or next(given))
    t = Trial(code(lambda x: x, lambda G, x: G, b), {"x": b}, b)
    for count, rough, x, looks in ((1, [1, 5], 2, 1), (2, [3, 5], 2, 2), (1, [1, 5], 2, 2),
                                   (3, [3, 5], 7, 3)):
        found = t.roughness(count, None)
        assert found.keys() == {None, "x"} and found[None].tolist() == rough and found["x"] == x
        assert len(made) == looks


def test_the_last_axis_of_three():
    x = np.ones((2, 3, 5))
    assert Trial(code(lambda x: x, lambda G, x: G, x), {"x": x}, x).sizes == (2, 5, 30)


def test_trials_are_at_the_same_numbers_twice_at_others_twice_and_with_a_larger_batch():
    G, random = np.ones((4, 2)), np.random.default_rng(0)
    first, again, *fresh, larger = trials(code(lambda x: 2 * x, lambda G, x: 2 * G, W), random, G)
    assert first.G is G and first.values is again.values and not np.array_equal(again.G, G)
    assert len(fresh) == 2 and [one.values["x"].shape for one in fresh] == [(4, 2)] * 2
    assert larger.values["x"].shape == (5, 2)
    loss = trials(code(lambda x: x.sum(), lambda x: np.ones_like(x), W), random, np.ones(()))
    assert [one.values["x"].shape for one in loss] == [(4, 2)] * 3 + [(5, 2)]


def test_probabilities_keep_their_zeros_and_their_last_axis_and_1_is_any_number():
    random = np.random.default_rng(0)
    for P in (np.array([[0, 1.0], [0.5, 0.5]]), np.full((2, 3, 4), 0.25)):
        found = other(P, random)
        np.testing.assert_allclose(found.sum(-1), 1)
        assert ((found == 0) == (P == 0)).all() and not np.array_equal(found, P)
    assert 0.75 < other(np.array(1.0), random) < 1.25 and other(np.array(1.0), random) != 1


def test_a_batch_is_that_of_the_first_argument_with_axes():
    scaled = code(lambda s, x: s * x, lambda G, s, x: ((G * x).sum(), s * G), np.array(2.0), W)
    bigger = grown(scaled, np.random.default_rng(0))
    assert bigger.values["x"].shape == (5, 2) and bigger.values["s"] == 2


