"""Any function as a row of the table: its letters, its gradients, and what other sizes would cost.

What an imagined size costs is compared with the same function looked at in that size.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from helpers.calculus.discover import own_operation
from helpers.calculus.discover.imagined import (
    imagined_cost,
    products,
    shape_at,
    sizes_taken,
    spelt,
    strangers,
)
from helpers.calculus.discover.own_operation import (
    input_letters,
    input_names,
    operation_of,
    own_name,
    relettered,
    runs,
    spelling,
)
from helpers.calculus.discover.ties import Pattern
from helpers.calculus.errors import ShapeError, TooBig
from helpers.calculus.slopes import slopes

random = np.random.default_rng(7)
X, W, b, v, S = (random.standard_normal(shape) for shape in ((3, 4), (4, 2), 2, 4, (3, 3)))


def layer(X, W, b):
    return np.tanh(X @ W + b)


def units(X):
    return X / np.sqrt((X**2).sum(-1, keepdims=True))


FUNCTIONS = {  # the axes; letters of Y's own; the first input's line
    "layer": (layer, (X, W, b), "n h, h m, m -> n m", "", "(G * (1 - Y**2)) @ W.T"),
    "relu": (lambda X: np.maximum(X, 0), (X,), "n h -> n h", "", "G * (X > 0)"),
    "transpose": (lambda A: A.T, (X,), "n h -> h n", "", "G.T"),
    "sum": (lambda X: X.sum(0), (X,), "n h -> h", "", "np.broadcast_to(G, (3, 4))"),
    "all": (lambda X: X.mean(), (X,), "n h -> ", "", "np.broadcast_to(G / 12, (3, 4))"),
    "outer": (lambda a, b: np.outer(a, b), (v, v + 1), "n, h -> n h", "", "G @ b"),
    "product": (lambda a, b: a * b, (v, v + 1), "n, n -> n", "", "G * b"),
    "gram": (lambda X: X @ X.T, (X,), "n h -> m k", "mk", "G @ X + G.T @ X"),
    "flip": (lambda X: X[::-1], (X,), "n h -> m h", "m", "G[::-1]"),
    "units": (units, (X,), "n h -> n m", "m",
              "(G - Y * (G * Y).sum(-1, keepdims=True)) / np.sqrt((X**2).sum(-1))[:, None]"),
    "scalar": (lambda x: x**2, (np.array(3.0),), " -> ", "", "2 * x * G"),
    "sums": (lambda x: np.cumsum(x), (v,), "n -> h", "h", "np.cumsum(G[::-1])[::-1]"),
    "named h": (lambda h: 2 * h, (X,), "n m -> n m", "", "2 * G"),
}


@pytest.fixture(scope="module")
def made():
    return {name: operation_of(f, *arrays) for name, (f, arrays, *_) in FUNCTIONS.items()}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_axes_that_belong_together_share_a_letter(name, made):
    f, arrays, axes, own, line = FUNCTIONS[name]
    op = made[name]
    assert (op.axes, "".join(op.derived)) == (axes, own)
    output, free = axes.split("-> ")[1], "ij"[:arrays[0].ndim]
    every = " ".join((*output.split(), *free))
    assert op.derivatives[op.inputs[0]].full == f"{every} -> {every}"
    texts = op.formulas_of(*arrays)[op.inputs[0]]
    assert texts["numpy"] == line and texts["jvp_numpy"] == (
        f"np.tensordot(J, d{op.inputs[0]}, {arrays[0].ndim})")
    found = input_letters(f, arrays, input_names(f, len(arrays)))
    assert op.sizes(*arrays) == op.sizes_at({
        letter: size for letters, x in zip(found, arrays, strict=True)
        for letter, size in zip(letters, x.shape, strict=True)})


@pytest.mark.parametrize("name", FUNCTIONS)
def test_both_ways_and_forward_are_those_of_the_function(name, made):
    f, arrays, *_ = FUNCTIONS[name]
    op = made[name]
    np.testing.assert_array_equal(op(*arrays), f(*arrays))
    for place, wrt in enumerate(op.inputs):
        J = slopes(lambda x, place=place: f(*arrays[:place], x, *arrays[place + 1:]),
                   arrays[place]).J
        G, d = random.standard_normal(np.shape(f(*arrays))), arrays[place] + 1
        np.testing.assert_allclose(op.jacobian(*arrays, wrt=wrt), J, atol=1e-8)
        np.testing.assert_allclose(op.vjp(G, *arrays, wrt=wrt), np.tensordot(G, J, G.ndim),
                                   atol=1e-8)
        np.testing.assert_allclose(op.jvp(d, *arrays, wrt=wrt), np.tensordot(J, d, d.ndim),
                                   atol=1e-8)


def test_what_is_said_of_a_layer(made):
    op = made["layer"]
    assert (op.name, op.numpy) == ("layer", "layer(X, W, b)")
    assert op.latex == r"Y = \operatorname{layer}(X, W, b)"
    texts = op.formulas_of(X, W, b)
    assert texts["X"]["entry"] == r"\frac{\partial Y_{nm}}{\partial X_{n'h'}} \text{ measured}"
    assert texts["W"]["numpy"] == "X.T @ (G * (1 - Y**2))"
    assert texts["b"]["latex"].startswith(r"\frac{dL}{db} = ")
    assert texts["X"]["why"] == "a product of two smaller arrays, 1 - Y**2 and W"
    steps = dict(texts["W"]["derivation"])
    assert steps["The deltas leave one term of each tied sum"] == (
        r"\frac{dL}{dW_{hm}} = \sum_{n} G_{nm}\,\left(1 - {Y_{nm}}^{2}\right)\,X_{nh}")
    assert steps["One entry of the full tensor"].startswith(
        r"\frac{\partial Y_{nm}}{\partial W_{hm'}} = \delta_{mm'}\,")
    assert [op.counts_of(X, W, b, wrt=wrt) for wrt in op.inputs] == [
        ("14", "24"), ("18", "24"), ("6", "6")]  # 1 − Y² and W; X and 1 − Y²; 1 − Y²


def test_axes_in_a_sentence_are_those_of_the_screen():
    for f, said in ((lambda X: np.sort(X, 1), "the numbers along axis m only change places"),
                    (lambda X: X[:, [1, 1, 2]], "every line along axis h has a single 1")):
        assert said in operation_of(f, X).formulas_of(X)["X"]["why"]


def test_letters_of_a_sum_are_spelt_as_on_the_screen():
    f = lambda X, W: np.tanh(X) @ W  # noqa: E731
    texts = operation_of(f, X, W).formulas_of(X, W)["X"]
    assert texts["numpy"] == 'np.einsum("nm,nh,hm->nh", G, 1 - np.tanh(X)**2, W)'

    def spelt(outer, inner, *letters):
        samples = SimpleNamespace(outer=outer, inner="ij"[:len(inner)])
        return spelling(SimpleNamespace(reduced=SimpleNamespace(pattern=Pattern(outer, inner)),
                                        samples=samples), *letters)

    assert spelt("kl", "kj", "nm", "nh") == {"k": "n", "l": "m", "i": "n'", "j": "h"}
    assert spelt("k", "i", "n", "n") == {"k": "n", "i": "n'"}
    assert spelt("kl", "kj", "n", "nh") == spelt("kl", "kj", "nm", "n") == {}
    spelt_ = {"k": "n", "l": "m", "j": "h'"}
    assert relettered(r"\sum_{kl} G_{kl}\,X_k^{2} + W_{1-j}", spelt_) == (
        r"\sum_{nm} G_{nm}\,X_{n}^{2} + W_{1-h'}")
    assert relettered(r"\sum_{\text{axis k}} G_k", spelt_) == r"\sum_{\text{axis k}} G_{n}"
    assert relettered(r"\delta_{\max k}", spelt_) == r"\delta_{\max n}"


def test_names_of_functions_and_inputs():
    assert own_name(lambda X: X) == "f" and own_name(layer) == "layer"
    assert own_name(np.transpose) == "my_transpose"
    assert input_names(layer, 3) == ("X", "W", "b") and input_names(layer, 2) == ("X", "W")
    assert input_names(layer, 4) == ("X", "W", "B", "C")  # it tells three
    assert input_names(lambda *x: x, 2) == input_names(min, 2) == ("X", "W")
    for f in (lambda Y, X: X, lambda G, X: X, lambda wrt, X: X, lambda np, X: X):
        assert input_names(f, 2) == ("X", "W")
    assert input_names(lambda a, b, *, c=1: a, 2) == ("a", "b")


def test_which_sizes_a_function_takes():
    assert runs(layer, (X, W, b), [(0, 0)]) and not runs(layer, (X, W, b), [(0, 1)])
    assert runs(layer, (X, W, b), [(0, 1), (1, 0)]) and runs(layer, (X, W, b), [(1, 1), (2, 0)])
    before = X.copy()
    assert runs(lambda X: X.sort(), (X,), [(0, 0)])  # what it writes to is a copy
    np.testing.assert_array_equal(X, before)
    assert input_letters(lambda A, B: A @ B, (S, S), "AB") == (("n", "h"), ("h", "m"))
    assert input_letters(lambda A, B: A + B, (S, S), "AB") == (("n", "h"), ("n", "h"))
    assert input_letters(lambda A, B: np.kron(A, B), (S, S), "AB") == (("n", "h"), ("m", "k"))
    with pytest.raises(ShapeError, match=r"Give the function its arrays too"):
        operation_of(layer)


def test_a_size_of_y_is_asked_for():
    op = operation_of(lambda x: np.diff(x), v)
    assert op.axes == "n -> h" and op.sizes_at({"n": 9}) == {"n": 9, "h": 8}
    picky = operation_of(lambda X: X[:, 1:] @ W[:3], X)
    with pytest.raises(ShapeError, match=r"f does not take inputs of shapes \[\(3, 9\)\]: .*Choose "
                                         r"other sizes\."):
        picky.sizes_at({"n": 3, "h": 9})


def test_what_was_found_at_an_input_is_kept():
    calls = []

    def counted(X):
        calls.append(1)
        return np.tanh(X)

    look = own_operation.Look(counted, ("X",))
    first = look.at("X", X)
    before = len(calls)
    assert look.at("X", X.copy()) is first and len(calls) == before
    assert look.at("X", X + 1) is not first and len(calls) > before
    assert look.at("X", X.reshape(4, 3)).shape == (4, 3, 4, 3)


# -- sizes that are not there

IMAGINED = {  # full entries, numbers kept and multiplications at sizes by letter
    "layer": lambda n, h, m: (n * m * n * h, n * m + h * m, n * m * h),
    "relu": lambda n, h: ((n * h) ** 2, n * h, n * h),
    "transpose": lambda n, h: ((n * h) ** 2, 0, 0), "sum": lambda n, h: (h * n * h, 0, 0),
    "all": lambda n, h: (n * h, 1, n * h), "outer": lambda n, h: (n * h * n, h, n * h),
    "product": lambda n: (n * n, n, n), "gram": lambda n, h: (n**3 * h, n * h, 2 * n * n * h),
    "flip": lambda n, h: ((n * h) ** 2, 0, 0),
    "units": lambda n, h: ((n * h) ** 2, n * h + n, 3 * n * h), "scalar": lambda: (1, 1, 1),
    "sums": lambda n: (n * n, 0, 0),
}


@pytest.mark.parametrize("name", IMAGINED)
def test_what_another_size_would_cost_is_counted(name, made):
    arrays, op = FUNCTIONS[name][1], made[name]
    now = {x: size for x, size in op.sizes(*arrays).items() if x not in op.derived}
    for sizes in (dict(zip(now, (64, 1000, 7), strict=False)),
                  now | dict(zip([*now][:1], (500,), strict=False)))[:1 + (name in "relu outer")]:
        assert sizes_taken(op, now, sizes) == sizes
        told = imagined_cost(op, op.inputs[0], now, sizes)
        entries, stored, products_ = IMAGINED[name](**sizes)
        assert (told.full_entries, told.compact_entries, told.compact_multiplications) == (
            entries, stored, products_)
        assert told.full_multiplications == entries and told.wrt == op.inputs[0]
        assert {x: told.sizes[x] for x in sizes} == sizes and told.name == op.name
        assert np.prod(told.full_shape, dtype=float) == entries


def test_sizes_that_a_function_does_not_take_stay_as_they_are():
    op = operation_of(lambda X: X @ W, X)
    assert sizes_taken(op, {"n": 3, "h": 4}, {"n": 64, "h": 64}) == {"n": 64, "h": 4}
    pairs = operation_of(lambda X: X.reshape(len(X), -1, 2).sum(2), X)
    assert sizes_taken(pairs, {"n": 3, "h": 4}, {"n": 64, "h": 64}) == {"n": 64, "h": 4}
    told = "Other sizes cannot be imagined: the line holds numbers that are known at this size"
    with pytest.raises(ShapeError, match=told):
        imagined_cost(op, "X", {"n": 3, "h": 4}, {"n": 64, "h": 4})


def by_size(X):
    return 2 * X if len(X) < 5 else np.tanh(X)


@pytest.mark.parametrize("f, at, words", [
    (by_size, X, "the line is another one at another size"),
    (lambda X: X * (1 + len(X) ** 2), X, "the line is another one at another size")])
def test_what_changes_with_the_size_is_not_imagined(f, at, words):
    op = operation_of(f, at)
    now = op.sizes(at)
    with pytest.raises(ShapeError, match=words):
        imagined_cost(op, "X", now, dict.fromkeys(now, 64))


def test_a_function_is_run_once_at_the_imagined_size(made):
    op = made["relu"]
    assert shape_at(op, "X", {"n": 7, "h": 9}) == ((7, 9), (7, 9))
    with pytest.raises(TooBig, match=r"more than 4,194,304 numbers .* one would have 4,196,352\. "
                                     r"Imagine less\."):
        shape_at(op, "X", {"n": 2048, "h": 2049})
    assert shape_at(made["all"], "X", {"n": 2048, "h": 2048}) == ((), (2048, 2048))
    fixed = operation_of(lambda X: X @ W, X)
    with pytest.raises(ShapeError, match=r"f does not take \(2, 9\): .*\. Imagine other sizes\."):
        shape_at(fixed, "X", {"n": 2, "h": 9, "m": 2})
    with pytest.raises(ShapeError, match=r"another shape there than at small sizes: \(2, 2\), not "
                                         r"\(2, 5\)\."):
        shape_at(fixed, "X", {"n": 2, "h": 4, "m": 5})


def test_names_in_a_line_that_another_size_has_not(made):
    op = made["layer"]
    assert strangers(op, "G @ C + X") == {"C"} and strangers(op, "(D := G * X) - D.sum(0)") == set()
    assert strangers(op, "np.sqrt(math.pi) * Y @ W.T + sum(zip(range(3), b))") == set()
    assert sorted(products({"n": 2, "h": 3, "m": 5})) == [2, 3, 5, 6, 10, 15, 30]
    assert max(products(dict.fromkeys("abcde", 2))) == 16 and products({}) == []
    assert spelt("G*(1/7)") == "G * (1 / 7)" and spelt("G  /  4") == "G / 4"
