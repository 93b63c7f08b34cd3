"""Layers inside a layer: their parameters are found, called by their place, and judged."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from helpers import GradientDoctor, check_gradients
from helpers.calculus.doctor.layers import MOST, layers_of

random = np.random.default_rng(8)
X = random.standard_normal((3, 4))


def normal(*shape):
    return random.standard_normal(shape)


class Dense:
    def __init__(self, rows, columns):
        self.W, self.b = normal(rows, columns), normal(columns)

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, G):
        self.dW, self.db = self.X.T @ G, G.sum(0)
        return G @ self.W.T


class Tanh:
    """It has nothing to learn, and no attribute before its first pass."""

    def forward(self, X):
        self.Y = np.tanh(X)
        return self.Y

    def backward(self, G):
        return G * (1 - self.Y**2)


class Sequence:
    def __init__(self, *layers):
        self.layers = layers

    def all(self):
        return list(self.layers)

    def forward(self, X):
        for layer in self.all():
            X = layer.forward(X)
        return X

    def backward(self, G):
        for layer in self.all()[::-1]:
            G = layer.backward(G)
        return G


class InDict(Sequence):
    def __init__(self, **layers):
        self.layers = layers

    def all(self):
        return list(self.layers.values())


class Attributes(Sequence):
    """Each layer an attribute, as `self.first = Dense(4, 2)`."""

    def __init__(self, first, second):
        self.first, self.second = first, second

    def all(self):
        return [self.first, self.second]


class InDicts(Dense):
    """Parameters in one dict, gradients in another."""

    def __init__(self, rows, columns):
        self.params, self.grads = {"W": normal(rows, columns), "b": normal(columns)}, {}

    def forward(self, X):
        self.X = X
        return X @ self.params["W"] + self.params["b"]

    def backward(self, G):
        self.grads["W"], self.grads["b"] = self.X.T @ G, G.sum(0)
        return G @ self.params["W"].T


class Slotted(Dense):
    __slots__ = ("W", "X", "b", "dW", "db")


class OnlySlots:
    __slots__ = ("X", "dscale", "scale")

    def __init__(self):
        self.scale = normal(4)

    def forward(self, X):
        self.X = X
        return self.scale * X

    def backward(self, G):
        self.dscale = (G * self.X).sum(0)
        return self.scale * G


@dataclass(frozen=True)
class Frozen:
    scale: np.ndarray
    kept: dict = field(default_factory=dict)

    def forward(self, X):
        self.kept["X"] = X
        return self.scale * X

    def backward(self, G):
        self.kept["dscale"] = (G * self.kept["X"]).sum(0)
        return self.scale * G


class Objects(Dense):
    """Parameters in one array of objects."""

    def __init__(self, rows, columns):
        self.params = in_objects(normal(rows, columns), normal(columns))

    def forward(self, X):
        self.X = X
        return X @ self.params[0] + self.params[1]

    def backward(self, G):
        self.grads = in_objects(self.X.T @ G, G.sum(0))
        return G @ self.params[0].T


def in_objects(*arrays):
    found = np.empty(len(arrays), object)
    for i, array in enumerate(arrays):
        found[i] = array
    return found


def told(net, *arguments):
    """{name: the mistake, "right", or "wrong" without a name} of a net."""
    return {check.wrt: check.mistake or ("right" if check.passed else "wrong")
            for check in check_gradients(net, *(arguments or (X,)))}


@pytest.mark.parametrize(("net", "names"), [
    (Sequence(Dense(4, 2), Tanh(), Dense(2, 3)),
     ["layers[0].W", "layers[0].b", "layers[2].W", "layers[2].b"]),
    (Sequence(Dense(4, 2), Sequence(Tanh(), Sequence(Dense(2, 3)))),
     ["layers[0].W", "layers[0].b", "layers[1].layers[1].layers[0].W",
      "layers[1].layers[1].layers[0].b"]),
    (Attributes(Dense(4, 2), Attributes(Tanh(), Dense(2, 1))),
     ["first.W", "first.b", "second.second.W", "second.second.b"]),
    (InDict(one=Dense(4, 2), two=Tanh()), ["layers['one'].W", "layers['one'].b"]),
    (Sequence(InDicts(4, 2)), ["layers[0].W", "layers[0].b"]),
    (Sequence(Objects(4, 2)), ["layers[0].params[0]", "layers[0].params[1]"]),
    (Objects(4, 2), ["params[0]", "params[1]"]),
    (Sequence(Slotted(4, 2)), ["layers[0].W", "layers[0].b"]),
    (Slotted(4, 2), ["W", "b"]),
    (Sequence(OnlySlots()), ["layers[0].scale"]),
    (OnlySlots(), ["scale"]),
    (Sequence(Frozen(normal(4))), ["layers[0].scale"]),
    (Sequence(Tanh()), []),
])
def test_the_parameters_of_the_layers_inside_are_judged(net, names):
    assert told(net) == dict.fromkeys(["X", *names], "right")


class Doubled(Dense):
    def backward(self, G):
        dX = super().backward(G)
        self.db = 2 * self.db
        return dX


class Turned(Dense):
    def backward(self, G):
        dX = super().backward(G)
        self.dW = self.dW.T
        return dX


class NotSummed(Dense):
    def backward(self, G):
        dX = super().backward(G)
        self.db = G
        return dX


class Forgotten(Dense):
    """db stays what it was at first."""

    def __init__(self, rows, columns):
        super().__init__(rows, columns)
        self.db = np.zeros(columns)

    def backward(self, G):
        self.dW = self.X.T @ G
        return G @ self.W.T


@pytest.mark.parametrize(("layer", "name", "mistake"), [
    (Doubled(4, 4), "b", "factor 2"), (Turned(4, 4), "W", "lost transpose"),
    (NotSummed(4, 4), "b", "batch not summed"), (Forgotten(4, 4), "b", "wrong"),
])
def test_what_is_wrong_inside_is_named_as_it_is_outside(layer, name, mistake):
    assert told(layer) == {"X": "right", "W": "right", "b": "right"} | {name: mistake}
    inside = told(Sequence(Dense(4, 4), Sequence(layer), Tanh()))
    path = "layers[1].layers[0]"
    assert inside == {"X": "right", "layers[0].W": "right", "layers[0].b": "right",
                      f"{path}.W": "right", f"{path}.b": "right"} | {
                          f"{path}.{name}": mistake}


def test_a_large_net_is_tried_on_a_corner_of_it():
    net = Sequence(Dense(30, 20), Tanh(), Doubled(20, 7))
    net.layers[0].b = np.zeros(20)
    assert told(net, normal(9, 30)) == {
        "X": "right", "layers[0].W": "right", "layers[0].b": "right", "layers[2].W": "right",
        "layers[2].b": "factor 2"}


def test_the_doctor_shows_a_layer_inside():
    doctor = GradientDoctor(Sequence(Dense(4, 2), Doubled(2, 2)), X)
    assert "layers[1].b[0]" in repr(doctor)
    other = GradientDoctor(Sequence(Dense(4, 2)), X, wrt="layers[0].b")
    assert "by layers[0].b: right." in repr(other)


def test_layers_that_know_each_other():
    net = Sequence(Dense(4, 2), Doubled(2, 2))
    net.layers[0].parent, net.layers[1].before, net.own = net, net.layers, {}
    net.own["own"] = net.own
    net.log = [net.own]
    assert told(net) == {"X": "right", "layers[0].W": "right", "layers[0].b": "right",
                         "layers[1].W": "right", "layers[1].b": "factor 2"}


# -- what is looked through

def test_what_is_looked_through_for_layers():
    net = Sequence(Dense(4, 2), [Tanh(), (Dense(2, 2),)], {"a": {3: Dense(2, 2)}}, np.tanh, Dense,
                   np, X, "text", 1.5)
    assert list(layers_of(net)) == ["", "layers[0]", "layers[1][0]", "layers[1][1][0]",
                                    "layers[2]['a'][3]"]
    many = Sequence(*[Tanh() for _ in range(MOST + 10)])
    assert len(layers_of(many)) == MOST - 1  # besides the net itself there is its tuple


class Closed:
    """It stops when it is asked for what it has."""

    @property
    def __dict__(self):
        raise RuntimeError("no")


def test_an_object_that_stops_when_it_is_asked_is_left_alone():
    net = Sequence(Dense(4, 2))
    net.closed = Closed()
    assert told(net) == dict.fromkeys(["X", "layers[0].W", "layers[0].b"], "right")


def test_an_array_of_objects_as_an_argument():
    def forward(X, P):
        return X @ P[0] + P[1]

    def backward(G, X, P, factor=1):
        return G @ P[0].T, in_objects(X.T @ G, G.sum(0))

    P = in_objects(normal(4, 2), normal(2))
    names = ["X", "P[0]", "P[1]"]
    assert [check.wrt for check in check_gradients(forward, backward, X, P)] == names
    assert check_gradients(forward, backward, X, P).passed
    doubled = check_gradients(forward, lambda G, X, P: (G @ P[0].T, [X.T @ G, 2 * G.sum(0)]), X, P)
    assert [check.mistake for check in doubled] == ["", "", "factor 2"]
