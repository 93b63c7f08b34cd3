"""One layer, or one array, in two places of a net, and what earlier passes have left in a layer."""

import copy

import numpy as np
import pytest

from tests.calculus.doctor.test_layers import Attributes, Dense, Doubled, Sequence, Tanh, X, told


class Stacked(Dense):
    """It may be used several times: it keeps each input, and adds."""

    def __init__(self, rows, columns):
        super().__init__(rows, columns)
        self.inputs, self.dW, self.db = [], 0 * self.W, 0 * self.b

    def forward(self, X):
        self.inputs.append(X)
        return X @ self.W + self.b

    def add(self, dW, db):
        self.dW, self.db = self.dW + dW, self.db + db

    def backward(self, G):
        self.add(self.inputs.pop().T @ G, G.sum(0))
        return G @ self.W.T


class Replaced(Stacked):
    """The last use has the place of the others."""

    def add(self, dW, db):
        self.dW, self.db = dW, db


def test_a_layer_that_is_used_twice_has_the_sum_of_both():
    for kind, says in ((Stacked, "right"), (Replaced, "wrong")):
        shared = kind(4, 4)
        assert told(Sequence(shared, Tanh(), shared)) == {
            "X": "right", "layers[0].W": says, "layers[0].b": says}


class Collected(Sequence):
    """A net with a list of all parameters and one of all gradients, as those of its layers."""

    def __init__(self, *layers):
        super().__init__(*layers)
        self.params = [array for layer in layers for array in (layer.W, layer.b)]
        self.grads = []

    def backward(self, G):
        G = super().backward(G)
        self.grads = [array for layer in self.layers for array in (layer.dW, layer.db)]
        return G


class Unkept(Dense):
    """It hands its gradients to a net, which keeps them all."""

    def __init__(self, rows, columns, net):
        super().__init__(rows, columns)
        self.net = net

    def backward(self, G):
        self.net.grads[:0] = [self.X.T @ G, G.sum(0)]
        return G @ self.W.T


def test_an_array_in_a_layer_and_in_a_list_of_all_is_one_parameter():
    names = ["params[0]", "params[1]", "params[2]", "params[3]"]
    net = Collected(Dense(4, 2), Dense(2, 3))
    assert told(net) == dict.fromkeys(["X", *names], "right")
    wrong = told(Collected(Dense(4, 2), Doubled(2, 3)))
    assert wrong == dict.fromkeys(["X", *names], "right") | {"params[3]": "factor 2"}
    net = Sequence()
    net.layers = [Unkept(4, 2, net), Unkept(2, 3, net)]
    net.params = [array for layer in net.layers for array in (layer.W, layer.b)]
    net.grads = []
    assert told(net) == dict.fromkeys(["X", *names], "right")


class Sum(Attributes):
    def forward(self, X):
        return self.first.forward(X) + self.second.forward(X)

    def backward(self, G):
        return self.first.backward(G) + self.second.backward(G)


@pytest.mark.parametrize("kind", [Attributes, Sum])
def test_two_layers_with_one_array_have_a_share_each(kind):
    net = kind(Dense(4, 4), Dense(4, 4))
    net.first.b = net.second.b = np.zeros(4)
    names = ["X", "first.W", "first.b", "second.W", "second.b"]
    assert told(net) == dict.fromkeys(names, "right")
    net = kind(Dense(4, 4), Doubled(4, 4))
    net.first.b = net.second.b = np.zeros(4)
    assert told(net) == dict.fromkeys(names, "right") | {"second.b": "factor 2"}


# -- what an earlier pass left

class Remembering(Dense):
    """It keeps its input and the gradient of that, as many do."""

    def forward(self, data):
        self.inputs = data
        return data @ self.W + self.b

    def backward(self, G):
        self.dW, self.db = self.inputs.T @ G, G.sum(0)
        self.dinputs = G @ self.W.T
        return self.dinputs


def test_what_an_earlier_pass_has_left_in_a_layer_is_no_parameter():
    net = Sequence(Remembering(4, 3), Tanh(), Remembering(3, 2))
    net.forward(2 * X)
    net.backward(np.ones((3, 2)))
    net.best = copy.deepcopy(net.layers)
    names = ["X", "layers[0].W", "layers[0].b", "layers[2].W", "layers[2].b"]
    assert told(net) == dict.fromkeys(names, "right")
    alone = Remembering(4, 3)
    alone.backward(alone.forward(X))
    assert told(alone) == dict.fromkeys(["data", "W", "b"], "right")


class Unused(Dense):
    def forward(self, X):
        self.X = X
        return X @ self.W  # b is forgotten


def test_a_parameter_that_moves_nothing_is_still_judged():
    assert told(Sequence(Unused(4, 3))) == {"X": "right", "layers[0].W": "right",
                                            "layers[0].b": "wrong"}
