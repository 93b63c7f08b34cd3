"""Which inputs somebody's code has, what they are called, and what of a layer is none."""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.doctor.arrays import Place
from helpers.calculus.doctor.code import OwnCode, Session, has_axes, is_whole, methods
from helpers.calculus.errors import CodeError, NumberError

X, W = np.array([[0.5, -1, 2], [1.5, 3, -0.25]]), np.array([1.0, -2, 0.5])


def named():
    """f(x, {"W", "b"}, t, k=…) of a layer with V."""
    places = {"W": ("argument", (1, "W")), "k": ("keyword", ("k",)), "x": ("argument", (0,)),
              "b": ("argument", (1, "b")), "V": ("own", (("", "V"),)), "l": ("keyword", (0,))}
    return SimpleNamespace(argument_names=["x", "params", "t"], plan=(),
                           places={name: Place(kind, keys, None)
                                   for name, (kind, keys) in places.items()})


def test_everything_that_forward_is_given_in_order():
    assert OwnCode.every_argument(named()) == ["x", "W", "b", "t", "k", "l"]


@pytest.mark.parametrize("plan, names", [
    (("G", ("argument", 1)), ["W", "b"]), (("G", "cache", "Y"), []), ((("kept", 0), "G"), []),
    ((("argument", 0), ("argument", 1)), ["W", "x", "b"]), (("G", ("argument", 2)), [])])
def test_the_inputs_that_backward_is_given_by_place(plan, names):
    code = named()
    code.plan = plan
    assert OwnCode.taken(code) == names


def test_an_array_that_hides_entries_is_refused_wherever_it_stands():
    hidden, open_ = np.ma.array([1.0, 2], mask=[0, 1]), np.ma.array([1.0, 2])
    for arguments, keywords in (([X, hidden], {}), ([X, [np.ones(2), hidden]], {}),
                                ([X], {"m": hidden})):
        with pytest.raises(NumberError, match="is a masked array with hidden entries"):
            OwnCode(lambda x, m=1: 2 * x, lambda G: 2 * G, arguments, keywords)
    code = OwnCode(lambda x, m: 2 * x, lambda G: 2 * G, [X, open_], {})
    assert list(code.places) == ["x", "m"] and code.names == ("x",)


class Layer:
    """Y = x, and W with its gradient beside it: used, left alone, written over or refused."""

    def __init__(self, forward=None, gradient=None):
        self.W, self.dW = W.copy(), np.ones(3)
        self.own, self.gradient = forward, gradient

    def forward(self, x):
        return self.own(self, x) if self.own else 1.0 * x

    def backward(self, G):
        if self.gradient is not None:
            self.dW = self.gradient(G)
        return G


def used(layer, x):
    return x + layer.W


def written(layer, x):
    layer.W = x[0] + 0.0
    return 1.0 * x


def refused(layer, x):
    if not np.array_equal(layer.W, W):
        raise ValueError("another W")
    return 1.0 * x


def nowhere(layer, x):
    return np.log(x)  # nan below 0, as before


def total(G):
    return G.sum(0)


@pytest.mark.parametrize("forward, gradient, names", [
    (used, total, "xW"), (None, total, "xW"),          # fresh, though it moves nothing
    (None, None, "x"), (nowhere, None, "x"),           # of an earlier pass, and it moves nothing
    (used, None, "xW"),                                # of an earlier pass, but it moves the output
    (written, total, "x"), (refused, None, "xW"), (None, lambda G: 0 * G[0], "xW")])
def test_what_moves_nothing_and_is_old_or_written_over_is_no_parameter(forward, gradient, names):
    assert OwnCode(Layer(forward, gradient), None, [X], {}).names == (*names,)


class Beside(Layer):
    """The gradient by x is kept, too: what is returned counts."""

    def __init__(self):
        super().__init__(used, total)
        self.V, self.x = W.copy(), None

    def forward(self, x):
        self.x = x
        return super().forward(x)

    def backward(self, G):
        self.dx = 7 * G
        return super().backward(G)


def test_what_is_returned_comes_before_what_is_kept_beside_it():
    code = OwnCode(Beside(), None, [X], {})
    found = code.run(code.values, np.ones(X.shape)).gradients
    assert code.names == ("x", "W") and found.keys() == {"x", "W"}
    assert (found["x"] == 1).all() and found["W"].tolist() == [2, 2, 2]


class Tensor:
    """As one of another library, in one of two precisions."""

    def __init__(self, data, dtype=np.float32):
        self.data, self.dtype = np.asarray(data, dtype), dtype

    def detach(self):
        return self

    def numpy(self):
        return self.data

    def double(self):
        return Tensor(self.data, np.float64)

    def new_tensor(self, data):
        return Tensor(data, self.dtype)


@pytest.mark.parametrize("takes, wide", [((np.float32, np.float64), True), ((np.float64,), True),
                                         ((np.float32,), False)])
def test_a_tensor_keeps_its_precision_only_where_forward_takes_no_other(takes, wide):
    def forward(x):
        if x.dtype not in takes:
            raise TypeError("another precision")
        return Tensor(2 * x.data, x.dtype)

    code = OwnCode(forward, lambda G: Tensor(2 * G.data, G.dtype), [Tensor(X)], {})
    assert code.wide is wide
    assert code.run(code.values, np.ones(X.shape)).single is not wide


@pytest.mark.parametrize("number", [0.1, -0.1, 0.0, 5.0])
def test_a_parameter_of_any_size_is_moved_to_see_whether_it_is_one(number):
    layer = Layer(used)
    layer.W = np.full(3, number)
    assert OwnCode(layer, None, [X], {}).names == ("x", "W")


def test_what_a_layer_keeps_itself_is_not_compared_between_two_calls():
    code = OwnCode(Layer(used, total), None, [X], {})
    before, after = code.twice(code.values, np.ones(X.shape), 2 * np.ones(X.shape))
    assert before.keys() == after.keys() == {"x"} and np.array_equal(before["x"], after["x"])


def test_gradients_in_dicts_go_to_the_entries_of_the_arguments():
    """One that has no place, as of whole numbers, is left out."""
    code = named()
    code.arguments = [X, {"W": W, "b": W}, 3]
    session = SimpleNamespace(code=code)
    found = Session.mirrored(session, (1, {"dW": 2}, None))
    assert found == {"x": 1, "W": 2}
    code.places.pop("x")
    assert Session.mirrored(session, (1, {"dW": 2, "db": 3}, 0)) == {"W": 2, "b": 3}
    code.arguments = [X, W, 3]
    assert Session.mirrored(session, (1, 2, 3)) is None


def test_a_keyword_is_an_input_of_its_own():
    code = OwnCode(lambda x, k: x * k, lambda G, x, k: {"x": G * k, "k": (G * x).sum(0)}, [X],
                   {"k": W})
    assert code.names == ("x", "k")
    assert np.array_equal(code.value({"x": X, "k": 3 * W}), 3 * X * W)


def test_whole_numbers_and_what_has_axes():
    for value, whole, axes in ((np.arange(3), True, True), ([1, 2], True, True), (3, True, False),
                               (True, False, False), ({"W": 1}, False, False), ("12", False, False),
                               ([1.5], False, True), (2.5, False, False), (object(), False, False),
                               (Tensor([1, 2], int), True, False), ([[1], [1, 2]], False, False)):
        assert bool(is_whole(value)) is whole, value
        assert bool(has_axes(value)) is axes, value


@pytest.mark.parametrize("given", [3, "relu", None, X])
def test_what_is_no_function_is_said_to_be_none(given):
    with pytest.raises(CodeError, match="needs a function, or a layer with forward"):
        methods(given, None)
