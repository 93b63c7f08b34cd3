"""Somebody's code as functions of arrays: what it is called, what it takes, what it does."""

import math
import threading
import warnings
from collections import namedtuple
from functools import partial

import numpy as np
import pytest

from helpers import check_gradients, operation
from helpers.calculus.doctor.arrays import leaves, like, plain, rebuilt
from helpers.calculus.doctor.code import OwnCode, is_whole, methods, shared
from helpers.calculus.doctor.forms import token
from helpers.calculus.doctor.layers import held, is_gradient
from helpers.calculus.errors import CodeError, NumberError, UnknownInput
from tests.calculus.doctor.test_forms import Tensor

random = np.random.default_rng(5)
X, W, b = random.standard_normal((3, 4)), random.standard_normal((4, 2)), random.standard_normal(2)


def affine(X, W, b):
    return X @ W + b


def back(G, X, W, b):
    return G @ W.T, X.T @ G, G.sum(0)


def own(forward, backward, *arguments, **keywords):
    return OwnCode(forward, backward, list(arguments), keywords)


def later(*call, **keywords):
    return partial(own, *call, **keywords)


class Layer:
    def __init__(self):
        self.scale, self.dscale, self.mean = np.array([3.0]), 0, np.zeros(2)

    def forward(self, X):
        self.X = X
        return self.scale * X

    def backward(self, G):
        self.dscale = np.sum(G * self.X, keepdims=True)[0]
        self.dX = self.scale * G
        return self.dX


class Square:
    """Of one number, that keeps its gradient and returns none."""

    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, G):
        self.dx = np.float64(2 * G * self.x)


class Net:
    """Parameters and their gradients in lists, one of them of dicts."""

    def __init__(self):
        self.params, self.grads = [W.copy(), b.copy()], []

    def forward(self, X):
        self.X = X
        return affine(X, *self.params)

    def backward(self, G):
        dX, *self.grads = back(G, self.X, *self.params)
        return dX


class Deep(Net):
    def __init__(self):
        self.params, self.grads = {"first": [W.copy(), b.copy()]}, {}

    def forward(self, X):
        self.X = X
        return affine(X, *self.params["first"])

    def backward(self, G):
        dX, *self.grads["first"] = back(G, self.X, *self.params["first"])
        return dX


def scaled(X, alpha, shift):
    return alpha * X + shift


def products(G, *xs):
    return G @ xs[1].T, xs[0].T @ G


def power(x, n):
    return x**n


def power_back(G, x, n):
    return G * n * x ** (n - 1)


CALLS = {  # how it is made; its name, arguments, arrays, gradients, how backward is called
    "functions": (later(affine, back, X, W, b), "affine", "XWb", "X W b", "X W b", "G012"),
    "a lambda": (later(lambda X: 2 * X, lambda G: 2 * G, X), "forward", "X", "X", "X", "G"),
    "any number": (later(lambda *xs: xs[0] @ xs[1], products, X, W),
                   "forward", ["x0", "x1"], "x0 x1", "x0 x1", "G01"),
    "a default": (later(lambda X, b=b: X[:, :2] + b, lambda G, X, b: {"b": G.sum(0)}, X, b),
                  "forward", "Xb", "X b", "b", "G01"),
    "a layer": (later(Layer(), None, X), "Layer", "X", "X scale", "X scale", "G"),
    "a gradient in a layer": (later(Square(), None, 3.0), "Square", "x", "x", "x", "G"),
    "lists in a layer": (later(Net(), None, X), "Net", "X", "X params[0] params[1]",
                         "X params[0] params[1]", "G"),
    "lists in a dict": (later(Deep(), None, X), "Deep", "X",
                        "X params[first][0] params[first][1]",
                        "X params[first][0] params[first][1]", "G"),
    "keywords": (later(scaled, lambda G, X, alpha, shift: (alpha * G, G), X, alpha=0.3,
                     shift=np.ones((3, 4))), "scaled", "X", "X shift", "X shift", "G0"),
    "two dicts": (later(lambda p, q: p["X"] * q["X"], lambda G, p, q: (G * q["X"], G * p["X"]),
                      {"X": X}, {"X": 2 * X}), "forward", "pq", "X of p,X of q", "X of p,X of q",
                  "G01"),
    "a dict of two": (later(lambda X, p: X @ p["W"] + p["b"], lambda G, X, p: (
        None, X.T @ G, G.sum(0)), X, {"W": W, "b": b}), "forward", "Xp", "X W b", "W b", "G01"),
    "whole numbers": (later(power, power_back, np.arange(1, 4), 2), "power", "xn", "x n", "x",
                      "G01"),
    "labels": (later(power, power_back, np.arange(1.0, 4), np.arange(3)), "power", "xn", "x", "x",
               "G01"),
    "a loss and two gradients": (later(lambda X, W: (np.sum(X @ W), np.ones((3, 2)) @ W.T,
                                                   X.T @ np.ones((3, 2))), None, X, W),
                                 "forward", "XW", "X W", "X W", ""),
    "a loss": (later(lambda w: np.sum(w**2), lambda w: 2 * w, W), "forward", "w", "w", "w", "0"),
}


@pytest.mark.parametrize("make, name, arguments, arrays, gradients, plan", CALLS.values(),
                         ids=CALLS)
def test_what_somebody_s_code_takes_and_gives(make, name, arguments, arrays, gradients, plan):
    code = make()

    def split(text):
        return text.split("," if "," in text else " ")

    assert code.name == name and code.argument_names == list(arguments)
    assert list(code.values) == split(arrays) and list(code.names) == split(gradients)
    assert code.plan == tuple(part if part == "G" else ("argument", int(part)) for part in plan)
    assert code.takes_G is ("G" in plan)
    passed = code.run(code.values, np.ones(code.Y.shape))
    assert passed.changed == {"forward": [], "backward": []} and not passed.shared
    assert all(passed.gradients[name].shape == code.values[name].shape for name in code.names)
    np.testing.assert_array_equal(passed.Y, code.Y)


def test_backward_gets_other_arrays_than_forward():
    code = own(lambda x: x**2, lambda G, x: 2 * G * x, np.array([1.0, 2]))
    values, others = {"x": np.array([3.0, 4])}, {"x": np.array([5.0, 6])}
    passed = code.run(values, np.ones(2), instead=others)
    assert passed.Y.tolist() == [9, 16] and passed.gradients["x"].tolist() == [10, 12]
    assert code.run(values, np.ones(2)).gradients["x"].tolist() == [6, 8]
    assert code.value(values).tolist() == [9, 16]


def test_what_is_written_to():
    def forward(X, shift):
        shift += 1
        return X + shift

    def backward(G, X, shift):
        X[0] = 7
        shift[0] = 7
        G[0] = 7
        return G, 1 * G

    nan = np.array([1.0, np.nan, 2])
    given = {"shift": np.zeros(3)}
    code = own(forward, backward, nan, **given)
    passed = code.run(code.values, np.array([1.0, np.nan, 3]))
    assert passed.changed == {"forward": ["shift"], "backward": ["G", "X"]}
    assert np.array_equal(passed.gradients["X"], [7, np.nan, 3], equal_nan=True)
    assert not given["shift"].any() and code.values["X"][0] == 1


@pytest.mark.parametrize("dtype, single", [
    (np.float64, False), (np.float32, True), (np.float16, True), (np.int32, False)])
def test_what_came_in_float32(dtype, single):
    x = np.array([1.0, 2])
    assert own(lambda x: x, lambda G, x: G.astype(dtype), x).run({"x": x}, x).single is single
    assert own(lambda x: x.astype(dtype), lambda G, x: G, x).run({"x": x}, x).single is single


def test_gradients_in_one_memory():
    whole = np.zeros((2, 3))
    parts = {"a": whole, "b": whole[0], "c": whole[1], "d": whole[0] + 0, "e": whole[0, :0]}
    assert shared(parts) == (("a", "b"), ("a", "c"))
    both = own(lambda a, b: a * b, lambda G, a, b: (found := G * a, found), X, X)
    assert both.run(both.values, X).shared == (("a", "b"),)


def test_what_a_second_call_does_to_the_first_answer():
    buffer = np.zeros(2)

    def into_buffer(G, x):
        np.multiply(G, 2, out=buffer)
        return buffer

    x, G = np.array([1.0, 2]), np.array([3.0, 4])
    before, after = own(lambda x: 2 * x, into_buffer, x).twice({"x": x}, G, G + 1)
    assert before["x"].tolist() == [6, 8] and after["x"].tolist() == [8, 10]
    before, after = own(lambda x: 2 * x, lambda G, x: 2 * G, x).twice({"x": x}, G, G + 1)
    assert before["x"].tolist() == after["x"].tolist() == [6, 8]
    before, _ = later(Layer(), None, X)().twice({"X": X, "scale": np.array([3.0])}, X, X)
    assert "X" not in before  # an attribute of the layer may change with every call


def test_a_call_is_silent(capsys):
    def noisy(x):
        print("forward")
        warnings.warn("mind", stacklevel=1)
        return np.log(x - x) + x

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        own(noisy, lambda G, x: noisy(G), np.ones(2))
    assert capsys.readouterr().out == ""


def stops(x):
    raise ValueError


@pytest.mark.parametrize("forward, words", [
    (math.sqrt, r"forward stopped: TypeError: .* \(with x(0)? \(2,\)\)\.$"),
    (stops, r"forward stopped in line \d+, `raise ValueError`: ValueError \(with x \(2,\)\)\.$")])
def test_an_exception_in_one_line(forward, words):
    with pytest.raises(CodeError, match=words) as error:
        own(forward, lambda G, x: G, np.ones(2))
    assert "\n" not in str(error.value)


def test_an_error_of_this_package_is_told_as_it_is():
    with pytest.raises(UnknownInput, match="affine"):
        own(lambda X: operation("affine")(X), lambda G, X: G, X)
    with pytest.raises(NumberError, match="the output of forward must be made of numbers"):
        own(lambda X: None, lambda G, X: G, X)
    with pytest.raises(NumberError, match="the gradient of X must be made of numbers"):
        own(lambda X: X, lambda G, X: "G", X)


def test_a_way_to_call_that_stops_gives_place_to_the_next():
    """With a *rest two are likely; of both failing the first is told."""
    with pytest.raises(CodeError, match="IndexError"):
        own(lambda x: x, lambda G, *rest: rest[5], X)
    code = own(lambda x: x, lambda G, *rest: rest[0] * 0 + G, X)
    assert code.plan == ("G", ("argument", 0))


def test_what_cannot_be_copied_is_handed_on():
    lock = threading.Lock()
    code = own(lambda X, lock: 2 * X if lock is LOCKS[0] else None, lambda G, X, lock: 2 * G, X,
               LOCKS.append(lock) or lock)
    assert code.names == ("X",)


LOCKS = []


def test_what_a_parameter_of_backward_is_to_get():
    names = ["X", "W", "b"]
    for name, kept, wanted in (
            ("X", 0, ("argument", 0)), ("w", 1, ("argument", 1)), ("B", 0, ("argument", 2)),
            ("dout", 0, "G"), ("DY", 2, "G"), ("cache", 1, "cache"), ("ctx", 2, "cache"),
            ("cache", 0, None), ("q", 1, None), ("q", 0, None), ("y", 0, "Y"), ("Out", 1, "Y")):
        assert token(name, names, kept) == wanted, name
    assert token("G", ["G"], 0) == ("argument", 0)  # an input of that name
    assert [token(name, ["W", "w"], 0) for name in ("W", "w")] == [("argument", 0), ("argument", 1)]
    assert token("X", ["x", "x"], 0) is None


def test_functions_of_a_module_are_no_methods():
    assert methods(math.sin, math.cos) == (None, math.sin, math.cos)
    alone = type("Forward", (), {"forward": lambda self, X: X})()
    assert methods(alone, None) == (None, alone, None)
    layer = Layer()
    assert methods(layer, None) == (layer, "forward", "backward")
    assert methods(layer.forward, layer.backward) == (layer, "forward", "backward")
    assert methods(Layer().forward, layer.backward)[0] is None
    assert isinstance(methods(Layer, None)[0], Layer)
    plain_class = type("Loss", (), {})
    assert methods(plain_class, None) == (None, plain_class, None)


def test_the_arrays_of_a_layer():
    layer = Layer()
    layer.parts, layer.name, layer.rate = [{"W": W}, {"W": X}], "one", np.float64(2)
    assert {keys: np.shape(leaf) for keys, leaf in held(layer).items()} == {
        ("scale",): (1,), ("mean",): (2,), ("rate",): (), ("parts", 0, "W"): (4, 2),
        ("parts", 1, "W"): (3, 4)}


def test_where_the_gradient_of_a_parameter_is_kept():
    for keys, of in ((("dW",), ("W",)), (("grads", 0, "dW"), ("params", 0, "W")),
                     (("grads", "W"), ("params", "W")), (("Gradients", 1), ("params", 1))):
        assert is_gradient(keys, of)
    for keys, of in ((("W",), ("W",)), (("grads", "W"), ("grads", "W")), (("old", "W"), ("p", "W")),
                     (("old", 0, "W"), ("params", 0, "W")), (("grad",), ("p", "grad")),
                     (("grads", 0), ("params", 1)), (("dV",), ("W",)), (("p", "grad"), ("grad",))):
        assert not is_gradient(keys, of)


def test_whole_numbers():
    for value in (np.arange(3), [1, 2], np.uint8([1]), 3, [[1], [2]]):
        assert is_whole(value)
    for value in (np.ones(2), [1.0], {"a": 1}, "1", [[1], [2, 3]], None, [True], True):
        assert not is_whole(value)


# -- arrays and tensors

class OnAnotherDevice(Tensor):
    def numpy(self):
        raise TypeError("copy the tensor to host memory first")

    def detach(self):
        return self

    def cpu(self):
        return Tensor(self.data)


def test_a_tensor_comes_from_its_device_and_goes_back_in_its_precision():
    assert plain(OnAnotherDevice(X), "X") is X
    half = Tensor(X.astype(np.float32))
    assert like(W, half).data.dtype == np.float64
    assert like(W, half, wide=False).data.dtype == np.float32
    np.testing.assert_allclose(like(W, half, wide=False).data, W, rtol=1e-6)
    with pytest.raises(NumberError, match="takes no complex step"):
        like(1j * X, half)
    assert type(like(np.array(2.0), X)) is np.ndarray


def test_a_tensor_beside_an_array_keeps_its_precision_where_it_must():
    def forward32(X, a):
        if X.data.dtype != np.float32:
            raise RuntimeError("expected float32")
        return Tensor(X.data * np.float32(a[0]))

    checks = check_gradients(forward32, lambda G, X, a: (Tensor(G.data * np.float32(a[0])), None),
                             Tensor(X.astype(np.float32)), np.array([2.0]))
    assert checks.passed and [check.wrt for check in checks] == ["X"]


def test_arrays_beside_numbers_and_in_named_tuples():
    Pair = namedtuple("Pair", "W rate")
    assert [(name, keys) for name, keys, _ in leaves("p", Pair(W, 2.0))] == [
        ("p[0]", (0,)), ("p[1]", (1,))]
    assert [name for name, *_ in leaves("p", [Tensor(W), 1])] == ["p[0]", "p[1]"]
    after = rebuilt(Pair(W, 2.0), (0,), b)  # forward asks it for .W
    assert type(after) is Pair and after.W is b and after.rate == 2.0
    assert type(rebuilt((W, 2.0), (0,), b)) is tuple
    assert [name for name, *_ in leaves("p", [1.0, 2.0])] == ["p"]


def test_a_list_that_contains_itself_is_refused_in_one_line():
    endless = [np.ones(2)]
    endless.append(endless)
    with pytest.raises(CodeError, match=r"^the input cannot be read, RecursionError: .*them\.$"):
        check_gradients(lambda x: 2 * x[0], lambda G, x: [2 * G], endless)
