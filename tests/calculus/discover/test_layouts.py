"""The same derivative laid out otherwise: axes in two parts, pieces of the input, another variable.

The tensors are linear maps, so that what must be left of each is known beforehand.
"""

import numpy as np
import pytest

from helpers.calculus.discover import changes, deeper
from helpers.calculus.discover.changes import pieces, seen_through, split, through, turned
from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.samples import Samples
from helpers.calculus.discover.search import best, reduced, whole_core
from helpers.calculus.discover.terms import Answer
from helpers.calculus.discover.ties import Pattern, letters_for

random = np.random.default_rng(12)
B, K = random.standard_normal((2, 3)), random.standard_normal((4, 3))
k = random.standard_normal(2)


def tensor_of(f, shape):
    """The tensor of a linear function."""
    columns = [f(e.reshape(shape)) for e in np.eye(int(np.prod(shape)))]
    return np.moveaxis(np.array(columns), 0, -1).reshape(*columns[0].shape, *shape)


def sampled(f, shape, **known):
    """Samples of a linear function at two points."""
    J, X = tensor_of(f, shape), random.standard_normal((2, *shape))
    return Samples([J, J], [{"X": x, "Y": f(x), **known} for x in X],
                   *letters_for(J.ndim - len(shape), len(shape)), "X", 1e-11, "f")


def line_found(samples):
    """The line for samples as they are."""
    return best(samples, reduced(samples, whole_core(samples))[0])[0].line


SPLIT = {  # function, shape of X, what is known: shape of the tensor, numbers left
    "kron": (lambda X: np.kron(X, B), (2, 2), {"B": B}, (2, 2, 2, 3, 2, 2), 6),
    "kron from the left": (lambda X: np.kron(B, X), (2, 2), {"B": B}, (2, 2, 3, 2, 2, 2), 6),
    "upsampling": (lambda X: X.repeat(2, 0).repeat(3, 1), (2, 2), {}, (2, 2, 2, 3, 2, 2), 1),
    "average": (lambda X: X.reshape(2, 2, 3).mean(1), (4, 3), {}, (2, 3, 2, 2, 3), 1),
    "tile": (lambda x: np.tile(x, 3), (5,), {}, (3, 5, 5), 1),
    "groups": (lambda x: (x.reshape(3, 2) * k).ravel(), (6,), {"k": k}, (3, 2, 3, 2), 2),
    "stride": (lambda x: x.reshape(3, 2) @ k, (6,), {"k": k}, (3, 3, 2), 2),
    "roll": (lambda x: np.roll(x, 3), (6,), {}, (2, 3, 2, 3), 1),
}


@pytest.mark.parametrize("name", SPLIT)
def test_axes_are_split_where_fewer_numbers_are_left(name):
    f, shape, known, parts, left = SPLIT[name]
    samples = sampled(f, shape, **known)
    change = split(samples)
    assert change.samples.tensors[0].shape == parts and change.left == left
    line = change.back(line_found(change.samples))
    assert line.count(".reshape") <= 3 and ").reshape(2, 2).reshape" not in line
    G = random.standard_normal(samples.tensors[0].shape[:len(samples.outer)])
    names = {"np": np, "G": G, **samples.names[0], **{
        n: v for n, v in change.samples.names[0].items() if n.endswith("_split")}}
    np.testing.assert_allclose(eval(line, names), np.tensordot(G, samples.tensors[0], G.ndim),
                               atol=1e-12)


def test_nothing_is_split_where_as_many_numbers_are_left():
    for f, shape in ((lambda X: X @ K, (2, 4)), (np.cumsum, (6,)), (lambda x: K @ x, (3,)),
                     (lambda x: 2 * x, (6,))):
        assert split(sampled(f, shape)) is None
    one = sampled(lambda x: np.tile(x, 2), (3,))
    assert split(one) and split(Samples(one.tensors[:1], one.names[:1], ("k",), ("i",), "X", 1e-11,
                                        "f")) is None


def test_a_line_of_split_axes_names_whole_arrays():
    samples = sampled(lambda X: np.kron(X, B), (2, 2), B=B, s=np.array(2.0))
    found = {new.tensors[0].shape: (new, back) for new, back in changes.one_split(samples)}
    assert {(2, 2, 6, 2, 2), (4, 2, 3, 2, 2), (4, 3, 2, 2, 2)} == {*found}  # 4 and 6, 2 is prime
    new, back = found[2, 2, 6, 2, 2]
    assert new.names[0]["Y"].shape == (2, 2, 6) and new.names[0]["X"].shape == (2, 2)
    assert new.names[1]["s"].shape == () and (new.outer, new.inner) == (("k", "l", "p"), ("i", "j"))
    assert back("G.sum() + Y.sum()") == "G.reshape(2, 2, 6).sum() + Y.reshape(2, 2, 6).sum()"
    six = sampled(lambda x: np.roll(x, 2), (6,), v=np.arange(6.0), w=np.ones(5))
    found = {new.tensors[0].shape: (new, back) for new, back in changes.one_split(six)}
    assert {*found} == {(2, 3, 6), (3, 2, 6), (2, 3, 2, 3), (3, 2, 3, 2), (6, 2, 3), (6, 3, 2)}
    new, back = found[2, 3, 2, 3]
    assert new.names[0]["v_split"].shape == (2, 3) and "w_split" not in new.names[0]
    assert back("G * X + v_split") == (
        "(G.reshape(2, 3) * X.reshape(2, 3) + v.reshape(2, 3)).reshape(6,)")
    new, back = found[6, 2, 3]
    assert back("G @ X") == "(G @ X.reshape(2, 3)).reshape(6,)"


def test_the_input_is_cut_into_pieces_of_one_size():
    samples = sampled(lambda X: X[:, :3] + 2 * X[:, 3:], (2, 6))
    pattern = reduced(samples, whole_core(samples))[0].pattern
    cuts = [[part.tensors[0].shape for part in parts] for parts, _ in pieces(samples, pattern)]
    assert cuts == [[(2, 3, 2, 3)] * 2, [(2, 3, 2, 2)] * 3]  # not along the axis that is tied
    (parts, back), _ = pieces(samples, pattern)
    assert [part.input_name for part in parts] == ["X0", "X1"]
    np.testing.assert_array_equal(parts[1].names[1]["X1"], samples.names[1]["X"][:, 3:])
    assert "X" not in parts[0].names[0] and {"X0", "X1", "Y"} == {*parts[0].names[0]}
    np.testing.assert_array_equal(parts[1].tensors[0], 2 * parts[0].tensors[0])
    line = back([line_found(part) for part in parts])
    assert line == "np.concatenate([G, 2 * G], 1)"
    assert back(["G * X1", "X0"]) == "np.concatenate([G * X[:, 3:6], X[:, :3]], 1)"
    eight = sampled(lambda x: x[:4] - x[4:], (8,), X0=k)
    every = [(back, [p.input_name for p in parts]) for parts, back in pieces(
        eight, Pattern(("k",), ("i",)))]
    assert [names for _, names in every] == [["X0_", "X1"], ["X0_", "X1", "X2", "X3"]]
    assert every[0][0](["G", "-X0_"]) == "np.concatenate([G, -X[:4]], 0)"
    assert every[1][0](["X0_", "X1", "X2", "X3"]) == (
        "np.concatenate([X[:2], X[2:4], X[4:6], X[6:8]], 0)")
    three = sampled(lambda x: x, (3,))
    assert not list(pieces(three, Pattern(("k",), ("i",))))  # pieces of one number
    one = Samples(eight.tensors[:1], eight.names[:1], ("k",), ("i",), "X", 1e-11, "f")
    assert not list(pieces(one, Pattern(("k",), ("i",))))


def test_an_input_that_runs_the_other_way_is_turned():
    samples = sampled(lambda X: 2 * X[:, ::-1], (2, 3), Z=k)
    pattern = reduced(samples, whole_core(samples))[0].pattern
    change = turned(samples, pattern)
    assert change.samples.input_name == "Z_" and "X" not in change.samples.names[0]
    np.testing.assert_array_equal(change.samples.names[1]["Z_"], samples.names[1]["X"][:, ::-1])
    np.testing.assert_array_equal(change.samples.tensors[0], tensor_of(lambda X: 2 * X, (2, 3)))
    assert change.back("G * Z_") == "(G * X[:, ::-1])[:, ::-1]"
    rows = sampled(lambda X: X[::-1], (2, 3))
    assert turned(rows, Pattern(("k", "l"), ("k", "l"), (0,))).back("G") == "G[::-1]"


TALL = random.standard_normal((3, 4))


@pytest.mark.parametrize("f, shape, known, lines", [
    (lambda X: X @ K, (2, 4), {"K": K}, ["G @ K.T"]),
    (lambda X: K @ X, (3, 2), {"K": K}, []),               # K has more rows than columns
    (lambda X: TALL @ X, (4, 2), {"T": TALL}, ["T.T @ G"]),
    (lambda X: K.T @ X, (4, 2), {"K": K}, ["K @ G"]),
    (lambda x: x @ K, (4,), {"K": K}, ["G @ K.T", "K @ G"]),
    (lambda X: X @ TALL.T, (2, 4), {"K": K}, []),           # another matrix
    (lambda X: X @ K[:, :2] @ B, (2, 4), {"K": K}, ["(G @ C) @ K.T"]),
    (lambda X: np.cumsum(X @ K, 1), (2, 4), {"K": K}, ["np.cumsum(G[:, ::-1], 1)[:, ::-1] @ K.T"])
])
def test_a_function_that_sees_its_input_through_a_matrix(f, shape, known, lines):
    samples = sampled(f, shape, **known)
    found = list(through(samples))
    made = [change.back(line_found(change.samples)) for change in found]
    assert made == lines
    G = random.standard_normal(samples.tensors[0].shape[:-len(shape)])
    for line in made * ("K" in samples.names[0] and "C" not in str(made)):
        np.testing.assert_allclose(
            eval(line, {"np": np, "G": G, **samples.names[0]}),
            np.tensordot(G, samples.tensors[0], G.ndim), atol=1e-12)


def test_another_variable_is_the_product_and_its_name_goes_back():
    samples = sampled(lambda X: X @ K, (2, 4), K=K, Z=k)
    change = seen_through(samples, "K", K, False)
    new = change.samples
    assert new.input_name == "Z_" and new.names[0].keys() == {"Z_", "Y", "K", "Z"}
    np.testing.assert_allclose(new.names[1]["Z_"], samples.names[1]["X"] @ K)
    right = tensor_of(lambda Z: Z, (2, 3))
    np.testing.assert_allclose(new.tensors[0], right, atol=1e-12)
    assert np.count_nonzero(new.tensors[0]) == 6 and 1e-11 <= new.tolerance <= 1e-9
    assert change.back("G * Z_") == "(G * (X @ K)) @ K.T"
    left = seen_through(sampled(lambda X: K.T @ X, (4, 2), K=K), "K.T", K.T, True)
    assert left.back("np.exp(Z) * G") == "K @ (np.exp((K.T @ X)) * G)"
    thin = K.copy()
    thin[:, 2] = thin[:, 0] + thin[:, 1]  # of rank 2
    assert seen_through(sampled(lambda X: X @ thin, (2, 4), K=thin), "K", thin, False) is None
    assert seen_through(samples, "K", K, True) is None
    assert seen_through(samples, "B", B, False) is None
    moving = sampled(lambda X: X @ K, (2, 4), K=K)
    moving.names[1]["K"] = K + 1
    assert not list(through(moving))
    one = Samples(samples.tensors[:1], samples.names[:1], ("k", "l"), ("i", "j"), "X", 1e-11, "f")
    assert not list(through(one))


# -- what is looked at more deeply

def test_small_arrays_are_written_out():
    names = Names([{"alpha": np.array(0.3)}])
    said = [deeper.listed(np.array(a), names, 1e-9) for a in (
        [1, -2], [True, False], [[0.5, 1 / 3], [0.0, 0.3]], [np.pi, 1], [2.0])]
    assert said == ["np.array([1, -2])", "np.array([True, False])",
                    "np.array([[0.5, 1 / 3], [0, alpha]])", None, "np.array([2])"]


def answer(line, *arrays):
    """An answer with an array of its own at every point."""
    names = Names([{"X": K}] * len(arrays))
    for place, array in enumerate(arrays):
        names.added[place]["C"] = array
    return Answer("core", (), 9, line, names=names)


def test_arrays_of_a_line_are_written_out_where_they_are_few_and_the_same_everywhere():
    one = np.array([1.0, 2, 0.5])
    found = deeper.literal(answer("G * C", one, one), 1e-9)
    assert found.line == "G * np.array([1, 2, 0.5])" and found.stored == 9
    assert deeper.literal(answer("G * C", one, one + 1e-12), 1e-9)
    assert deeper.literal(answer("G * C", one, one + 1e-3), 1e-9) is None
    apart = answer("G * C", one, one * (1 + 8e-10), one * (1 + 16e-10))  # of the first
    assert deeper.literal(apart, 1e-9) is None
    assert deeper.literal(answer("G * C", one), 1e-9) is None  # one point says nothing
    assert deeper.literal(answer("G * C", np.pi * one, np.pi * one), 1e-9) is None
    assert deeper.literal(answer("G * C", np.ones(48), np.ones(48)), 1e-9)
    assert deeper.literal(answer("G * C", np.ones(49), np.ones(49)), 1e-9) is None
    assert deeper.literal(answer("G * X", one, one), 1e-9).line == "G * X"


def test_an_input_that_shows_all_that_a_word_says():
    assert deeper.generic(None) and deeper.generic(np.array([1.0, -2])) and deeper.generic(3.0)
    for x in ([1.0, 1], [0.0, 1], [[1.0, 2], [2, 3]], 0.0):
        assert not deeper.generic(np.array(x))


def test_what_ties_and_constants_leave_of_a_further_tensor():
    samples = sampled(lambda X: X @ K, (2, 4), K=K)
    core, constants = reduced(samples, whole_core(samples))
    again = deeper.reduced(core, constants, 3 * samples.tensors[0])
    np.testing.assert_allclose(again, 3 * core.arrays[0])
    assert deeper.reduced(core, constants, samples.tensors[0] + 1) is None
    assert constants and set(core.letters) & {*constants} == set()
