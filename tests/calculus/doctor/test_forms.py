"""Every form in which people have a backward pass is called as it wants to be, and checked."""

from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import check_gradients
from helpers.calculus.doctor import forms
from helpers.calculus.errors import CodeError, LessonError

random = np.random.default_rng(0)
X, W, b = (random.standard_normal(shape) for shape in ((3, 4), (4, 2), 2))


def forward(X, W, b):
    return X @ W + b


def gradients(G, X, W):
    return G @ W.T, X.T @ G, G.sum(0)


def cached(x, w, b):
    return x @ w + b, (x, w, b)


def from_cache(dout, cache):
    x, w, _ = cache
    return gradients(dout, x, w)


class Returning:
    def forward(self, X, W, b):
        self.X, self.W = X, W
        return X @ W + b

    def backward(self, G):
        return gradients(G, self.X, self.W)


class Keeping:
    def __init__(self):
        self.W, self.b = W.copy(), b.copy()
        self.dW = np.zeros_like(W)

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, G):
        dX, dW, self.db = gradients(G, self.X, self.W)
        self.dW += dW
        return dX


class InDicts:
    def __init__(self):
        self.params, self.grads = {"W": W.copy(), "b": b.copy()}, {}

    def forward(self, X):
        self.X = X
        return X @ self.params["W"] + self.params["b"]

    def backward(self, dout):
        self.dX, self.grads["W"], self.grads["b"] = gradients(dout, self.X, self.params["W"])


class Stepping:
    """A layer that takes a step on the way back."""

    def __init__(self):
        self.weights = W.copy()

    def forward(self, input):
        self.input = input
        return input @ self.weights

    def backward(self, output_gradient, learning_rate):
        result = output_gradient @ self.weights.T
        self.weights -= learning_rate * self.input.T @ output_gradient
        return result


kept, layer = SimpleNamespace(), Returning()


def remembering(X, W, b):
    kept.X, kept.W = X, W
    return X @ W + b


def with_parameters(X, p):
    return X @ p["W"] + p["b"]


def huber(x, delta=0.5):
    size = np.abs(x)
    return np.where(size < delta, x**2 / 2, delta * (size - delta / 2)).sum()


Named = namedtuple("Named", "W b")
FORMS = {
    "G first": ((forward, lambda G, X, W, b: gradients(G, X, W), X, W, b), "XWb"),
    "G last": ((forward, lambda X, W, b, dY: gradients(dY, X, W), X, W, b), "XWb"),
    "any names": ((forward, lambda u, p, q, r: gradients(u, p, q), X, W, b), "XWb"),
    "rest": ((forward, lambda *a: gradients(*a[:3]), X, W, b), "XWb"),
    "some by name": ((forward, lambda G, W, X: gradients(G, X, W), X, W, b), "XWb"),
    "after forward": ((remembering, lambda G: gradients(G, kept.X, kept.W), X, W, b), "XWb"),
    "out, cache": ((cached, from_cache, X, W, b), "xwb"),
    "cache first": ((cached, lambda cache, dout: from_cache(dout, cache), X, W, b), "xwb"),
    "out and more": ((lambda X, W: (X @ W, X, W), lambda G, X, W: (G @ W.T, X.T @ G), X, W), "XW"),
    "a layer": ((Returning(), X, W, b), "XWb"),
    "a class": ((Returning, X, W, b), "XWb"),
    "methods": ((layer.forward, layer.backward, X, W, b), "XWb"),
    "a layer that keeps": ((Keeping(), X), "XWb"),
    "dicts in a layer": ((InDicts(), X), "XWb"),
    "a dict by name": ((forward, lambda G, X, W, b: dict(zip(
        ("db", "dX", "dW"), np.roll(np.array([*gradients(G, X, W)], object), 1), strict=True)),
        X, W, b), "XWb"),
    "parameters in a dict": ((with_parameters, lambda G, X, p: {
        "W": X.T @ G, "b": G.sum(0)}, X, {"W": W, "b": b}), "Wb"),
    "dX and a dict": ((with_parameters, lambda G, X, p: (G @ p["W"].T, {
        "dW": X.T @ G, "db": G.sum(0)}), X, {"W": W, "b": b}), "XWb"),
    "a list of parameters": ((lambda X, ps: X @ ps[0] + ps[1], lambda G, X, ps: (
        G @ ps[0].T, X.T @ G, G.sum(0)), X, [W, b]), None),
    "one gradient of several": ((forward, lambda G, X, W, b: G @ W.T, X, W, b), "X"),
    "None for one": ((forward, lambda G, X, W, b: (None, X.T @ G, G.sum(0)), X, W, b), "Wb"),
    "from Y": ((lambda X: np.tanh(X), lambda G, Y: G * (1 - Y**2), X), "X"),
    "a loss and its grad": ((lambda w: np.sum(w**2), lambda w: 2 * w, W), "w"),
    "a loss of several": ((lambda X, W: np.sum((X @ W)**2), lambda X, W: (
        2 * X @ W @ W.T, 2 * X.T @ X @ W), X, W), "XW"),
    "a loss, rest": ((lambda X, W: np.sum((X @ W)**2), lambda *a: (
        2 * a[0] @ a[1] @ a[1].T, 2 * a[0].T @ a[0] @ a[1]), X, W), "XW"),
    "a named tuple": ((lambda X, p: X @ p.W + p.b, lambda G, X, p: (
        G @ p.W.T, Named(X.T @ G, G.sum(0))), X, Named(W, b)), None),
    "a loss with G": ((lambda w: np.sum(w**2), lambda G, w: 2 * G * w, W), "w"),
    "a loss with a default G": ((lambda w: np.sum(w**2), lambda w, dout=1.0: 2 * dout * w, W), "w"),
    "loss and gradient at once": ((lambda w: (np.sum(w**2), 2 * w), W), "w"),
    "labels": ((lambda Z, t: -np.log(softmax(Z)[np.arange(len(t)), t]).mean(), lambda Z, t: (
        softmax(Z) - np.eye(4)[t]) / len(t), X, np.array([0, 3, 1])), "Z"),
    "labels as floats": ((lambda Z, t: -np.log(softmax(Z)[np.arange(3), t.astype(int)]).sum(),
                          lambda Z, t: softmax(Z) - np.eye(4)[t.astype(int)], X,
                          np.array([0.0, 3.0, 1.0])), "Z"),
    "lists": ((lambda x: np.asarray(x) * 2, lambda G, x: [2 * g for g in G], [1.0, 2.0]), "x"),
    "whole numbers": ((lambda x: x**2, lambda G, x: 2 * G * x, np.arange(3)), "x"),
    "a gain called g": ((lambda x, g: x * g, lambda G, x, g, eps=1e-6: (G * g, (G * x).sum(0)),
                         X, X[0]), "xg"),
    "a width called delta": ((huber, lambda x, delta=0.5: np.clip(x, -delta, delta), X), "x"),
    "its width given": ((huber, lambda x, delta=0.5: np.clip(x, -delta, delta), X, 0.7), "x"),
    "a width of backward alone": ((lambda x: huber(x), lambda x, delta=0.5: np.clip(
        x, -delta, delta), X), "x"),
    "G and such a width": ((lambda x: huber(x), lambda G, x, delta=0.5: G * np.clip(
        x, -delta, delta), X), "x"),
    "Y, then G": ((lambda x: np.tanh(x), lambda y, dy: dy * (1 - y**2), X), "x"),
    "an input called y": ((lambda x: np.tanh(x), lambda G, y: G / np.cosh(y)**2, X), "x"),
    "two inputs, G between": ((lambda p, q: p * q, lambda p, dz, q: (dz * q, dz * p), X, X + 1),
                              "pq"),
    "one number": ((lambda x: x**3, lambda G, x: 3 * G * x**2, 2.0), "x"),
}


def softmax(Z):
    E = np.exp(Z - Z.max(-1, keepdims=True))
    return E / E.sum(-1, keepdims=True)


@pytest.mark.parametrize("call, names", FORMS.values(), ids=FORMS)
def test_every_form_is_right_as_it_stands(call, names):
    checks = check_gradients(*call)
    assert checks.passed and not checks.mistake, checks
    if names:
        assert [check.wrt for check in checks] == list(names)


def test_a_batch_size_in_somebody_s_code_is_no_mistake():
    """A larger batch is tried to tell 1/N from 1/3, never to accuse."""
    assert check_gradients(lambda X: X.mean(), lambda X: np.full(X.shape, 1 / 12), X).passed


def test_keywords_go_where_they_are_taken():
    checks = check_gradients(Stepping(), X, learning_rate=0.1)
    assert checks.passed and [check.wrt for check in checks] == ["input"]

    def scaled(X, alpha):
        return alpha * X

    assert check_gradients(scaled, lambda G, X, alpha: alpha * G, X, alpha=0.3).passed
    assert not check_gradients(scaled, lambda G, X: G, X, alpha=0.3).passed


class Tensor:
    """As much of a tensor of another library as a small layer needs."""

    def __init__(self, data):
        self.data = np.asarray(data)

    def detach(self):
        return Tensor(self.data)

    def numpy(self):
        return self.data

    def double(self):
        return Tensor(self.data.astype(np.float64))

    def new_tensor(self, data):
        return Tensor(np.array(data, self.data.dtype))

    @property
    def T(self):
        return Tensor(self.data.T)

    def sum(self, axis):
        return Tensor(self.data.sum(axis))

    def __matmul__(self, other):
        return Tensor(self.data @ other.data)

    def __add__(self, other):
        return Tensor(self.data + other.data)


def test_tensors_of_another_library_are_given_back_as_such():
    given = [Tensor(value.astype(np.float32)) for value in (X, W, b)]
    checks = check_gradients(forward, lambda G, X, W, b: gradients(G, X, W), *given)
    assert checks.passed and len(checks) == 3
    wrong = check_gradients(forward, lambda G, X, W, b: (G @ W.T, X.T @ G, G.sum(1)), *given)
    assert [check.mistake for check in wrong] == ["", "", "wrong axis"]


def test_tensors_keep_their_precision_where_forward_is_in_float32():
    fixed = Tensor(W.astype(np.float32))

    def forward32(X):
        if X.data.dtype != fixed.data.dtype:
            raise RuntimeError("expected m1 and m2 to have the same dtype")
        return X @ fixed

    given = Tensor(X.astype(np.float32))
    (check,) = check_gradients(forward32, lambda G, X: G @ fixed.T, given)
    assert check.passed
    assert not check_gradients(forward32, lambda G, X: (G + G) @ fixed.T, given).passed


def test_nothing_of_somebody_s_own_is_touched():
    stepping, before = Stepping(), X.copy()
    check_gradients(stepping, X, learning_rate=0.5)
    np.testing.assert_array_equal(stepping.weights, W)
    parameters = {"mode": "train", "running": np.zeros(4)}

    def count(X, p):
        p["running"] += X.mean(0)
        p["seen"] = True
        return 2 * X

    checks = check_gradients(count, lambda G, X, p: 2 * G, X, parameters)
    assert checks.passed and "seen" not in parameters and not parameters["running"].any()
    np.testing.assert_array_equal(X, before)


TROUBLES = {
    "backward stops": ((forward, lambda G, X, W, b: G @ W, X, W, b), "backward stopped in line"),
    "forward stops": ((lambda X: X @ X, lambda G, X: G, X), "forward stopped in line"),
    "nothing comes back": ((forward, lambda G, X, W, b: None, X, W, b), "end with `return`"),
    "too many": ((forward, lambda G, X, W, b: (G, G, G, G), X, W, b), "gives 4 gradients"),
    "an unknown name": ((forward, lambda G, X, W, b: {"V": G}, X, W, b), "there is no such input"),
    "random": ((lambda X: X + np.random.default_rng().standard_normal(X.shape), lambda G, X: G, X),
               "another output when it is called again"),
    "odd arguments": ((forward, lambda a, c: a, X, W, b), "write it as backward\\(G, X, W, b\\)"),
    "words": ((lambda X: "Y", lambda G, X: G, X), "must be made of numbers"),
    "no arrays": ((lambda: 1.0, lambda G: G), "needs an array"),
    "no backward": ((lambda X: 2 * X, X), "there is no backward"),
    "a class with arguments": ((type("Layer", (), {
        "__init__": lambda self, n: None, "forward": None, "backward": None}), X),
        "make a layer first"),
}


@pytest.mark.parametrize("call, words", TROUBLES.values(), ids=TROUBLES)
def test_a_trouble_comes_as_one_line(call, words):
    with pytest.raises(LessonError, match=words) as trouble:
        check_gradients(*call)
    assert "\n" not in str(trouble.value)


def test_an_error_tells_the_line_and_the_shapes():
    def wrong(G, X, W, b):
        return G @ W

    with pytest.raises(CodeError, match=r"`return G @ W`: ValueError: .*X \(3, 4\), W \(4, 2\)"):
        check_gradients(forward, wrong, X, W, b)


def two_layers(X, layers):
    (W, b), (V, c) = ([p[key] for key in "Wb"] if isinstance(p, dict) else p for p in layers)
    return (X @ W + b) @ V + c, (W, b), (V, c)


def through_two_layers(G, X, layers, last=1):
    _, (W, b), (V, _) = two_layers(X, layers)
    D = G @ V.T
    return D @ W.T, [(X.T @ D, D.sum(0)), ((X @ W + b).T @ G, last * G.sum(0))]


V, c = random.standard_normal((2, 3)), random.standard_normal(3)
NESTED = {
    "tuples in a list": ([(W, b), (V, c)], list, "layers[0][0] layers[0][1] layers[1][0] "
                                                 "layers[1][1]"),
    "lists in a tuple": (([W, b], [V, c]), tuple, "layers[0][0] layers[0][1] layers[1][0] "
                                                  "layers[1][1]"),
    "dicts of the same names": ([{"W": W, "b": b}, {"W": V, "b": c}],
                                lambda rows: [{"db": db, "dW": dW} for dW, db in rows],
                                "W of layers[0],b of layers[0],W of layers[1],b of layers[1]"),
}


@pytest.mark.parametrize("layers, built, names", NESTED.values(), ids=NESTED)
def test_gradients_stand_in_lists_as_their_parameters_do(layers, built, names):
    def backward(G, X, layers, last=1):
        dX, rows = through_two_layers(G, X, layers, last)
        return dX, built(rows)

    def forward(X, layers):
        return two_layers(X, layers)[0]

    checks = check_gradients(forward, backward, X, layers)
    assert checks.passed, checks
    names = names.split("," if "," in names else " ")
    assert [check.wrt for check in checks] == ["X", *names]
    wrong = check_gradients(forward, lambda G, X, layers: backward(G, X, layers, 2), X, layers)
    assert [check.passed for check in wrong] == [True] * 4 + [False]
    assert wrong.mistake == "factor 2" and wrong[4].wrt == names[-1]


def test_the_gradient_of_a_loss_is_built_as_its_one_list_of_parameters():
    def loss(layers, X, t):
        return ((two_layers(X, layers)[0] - t)**2).sum() / 2

    def grad(layers, X, t):
        return through_two_layers(two_layers(X, layers)[0] - t, X, layers)[1]

    t = np.arange(9).reshape(3, 3)  # whole numbers, as labels are
    checks = check_gradients(loss, grad, [(W, b), (V, c)], X, t)
    assert checks.passed and len(checks) == 4
    wrong = check_gradients(loss, lambda layers, X, t: grad(layers, X, t)[::-1], [(W, b), (V, c)],
                            X, t)
    assert "has shape (2, 3), but should have (4, 2)" in wrong[0].verdict


def test_parameters_of_one_name_in_two_dicts_are_two():
    given = {"in": {"W": W}, "out": {"W": V}}
    checks = check_gradients(
        lambda p: p["in"]["W"] @ p["out"]["W"], lambda G, p: {
            "in": {"W": G @ p["out"]["W"].T}, "out": {"W": 2 * p["in"]["W"].T @ G}}, given)
    assert [(check.wrt, check.passed) for check in checks] == [
        ("W of p['in']", True), ("W of p['out']", False)]


@pytest.mark.parametrize(("f", "names"), [(np.tanh, ["x"]), (np.multiply, ["x1", "x2"])])
def test_a_function_of_numpy_has_its_names_in_every_version(f, names, monkeypatch):
    """Those of NumPy 2.0 do not say how they are called."""
    def unknown(_):
        raise ValueError("not supported by signature")

    assert forms.parameters(f) == (names, ["out"], False)
    monkeypatch.setattr(forms.inspect, "signature", unknown)
    assert forms.parameters(f) == (names, ["out"], False)
    assert forms.parameters(len) == ([], [], True)
