"""The words that lines are made of: which there are for a function, and that each is what it says.

A word may add up nothing along an axis of the input whose entries never meet in f.
"""

import math
from functools import cache
from itertools import product

import numpy as np
import pytest

from helpers.calculus.discover.naming.names import Names
from helpers.calculus.discover.naming.vocabulary import Vocabulary
from helpers.calculus.discover.ties import Pattern

random = np.random.default_rng(5)
A, B, S = (random.standard_normal(shape) for shape in ((2, 3), (4, 5), (3, 3)))
v, w = random.standard_normal((2, 4))


def vocabulary(shape, outer="ab", inner="cd", Y=None, **known):
    """The words of a function of X; an axis with a letter of Y is tied to that axis of Y."""
    X = random.standard_normal((2, *shape))
    samples = [{"X": x, **known, **({"Y": Y(x)} if Y else {})} for x in X]
    return Vocabulary(Names(samples, input_name="X", output_name="Y"),
                      Pattern(tuple(outer), tuple(inner)))


def at_first(words, text):
    return eval(text, {"np": np, **words.names.samples[0]})


def test_every_product_of_two_matrices_is_said_and_with_the_input_once():
    words = vocabulary((3, 4), A=A, B=B, S=S, v=v, Y=np.tanh)
    shapes = dict(words.matrices)
    assert set(shapes) == {"X", "X.T", "A", "A.T", "B", "B.T", "S", "S.T", "v"}
    made = [at_first(words, text) for text in words.products]
    for a, b in product(shapes, repeat=2):
        if shapes[a][-1] == shapes[b][0]:
            right = at_first(words, f"{a} @ {b}")
            both = (right,) if np.array_equal(right, right.T) else (right, right.T)
            count = sum(one.shape == found.shape and np.allclose(one, found)
                        for one in both for found in made)
            assert count == 1 if "X" in a + b or a[0] == b[0] else count >= 1, (a, b)
    assert "X @ B" in words.products and "B.T @ X.T" not in words.products


def test_no_product_adds_up_along_an_axis_that_never_meets():
    tied = vocabulary((3, 4), outer="cb", A=A, B=B, S=S, Y=np.tanh)
    assert [text for text in tied.products if "X" in text] == ["X @ B"]
    assert tied.longer == [] and tied.doubled == []
    other = vocabulary((3, 4), outer="ad", A=A, B=B, S=S)
    assert [text for text in other.products if "X" in text] == ["A @ X", "S @ X", "S.T @ X"]


def test_products_of_three():
    words = vocabulary((3, 4), A=A, B=B, v=v, Y=np.tanh)
    assert words.longer == ["A @ X @ B", "B.T @ X.T @ A.T"]
    assert vocabulary((3, 4), A=A, w=w, Y=lambda X: X.sum(0)).longer == []  # w is as Y, not as X
    words = vocabulary((3, 3), S=S, outer="ab")
    middle = [text for text in words.longer if "(" not in text]
    assert middle == [f"{a} @ {x} @ {b}" for x in ("X", "X.T") for a in ("S", "S.T")
                      for b in ("S", "S.T")]
    assert [text for text in words.longer if "(" in text] == [
        "S @ (X - S)", "(X - S) @ S", "S.T @ (X - S)", "(X - S) @ S.T"]
    words = vocabulary((4,), outer="a", inner="c", B=B, w=w)
    assert words.longer == ["B.T @ (X - w)"]


def test_a_square_matrix_and_its_transpose_meet():
    words = vocabulary((3, 4), A=A, B=B, S=S)
    assert words.twice == ["(S + S.T)"] and words.doubled == ["(S + S.T) @ X"]
    assert vocabulary((3, 3), S=S).doubled == ["X @ (S + S.T)", "(S + S.T) @ X"]
    assert vocabulary((3, 3), one=np.ones((1, 1))).twice == []
    assert vocabulary((3, 3), two=S[:2, :2]).twice == ["(two + two.T)"]


@pytest.mark.parametrize("shape, outer, inner, axes", [
    ((3, 4), "ab", "cd", (-2, -1)), ((3, 4), "cb", "cd", (-1,)), ((3, 4), "ad", "cd", (-2,)),
    ((4,), "a", "c", (-1,)), ((4,), "c", "c", ()), ((2, 3, 4), "ae", "cde", (-3, -2))])
def test_what_is_said_along_the_axes_where_entries_meet(shape, outer, inner, axes):
    words = vocabulary(shape, outer, inner, Y=lambda X: X.sum(0), B=B)
    assert words.free("X") == list(axes) and words.free("B") == [-2, -1]
    assert words.centred == [f"(X - X.mean({axis}, keepdims=True))" for axis in axes]
    largest, smallest = ([at_first(words, text) for text in words.winners() if way in text]
                         for way in ("max", "min"))
    chosen = [tuple(axes[i] for i in range(len(axes)) if k >> i & 1)
              for k in range(1, 2 ** len(axes))]
    X = words.names.samples[0]["X"]
    assert len(largest) == len(smallest) == len(chosen)
    for one in chosen:
        assert any(np.array_equal(X == X.max(one, keepdims=True), found) for found in largest)
        assert any(np.array_equal(X == X.min(one, keepdims=True), found) for found in smallest)


@pytest.mark.parametrize("shape, outer, inner, ways", [
    ((3, 4), "ab", "cd", (0, 1)), ((3, 4), "cb", "cd", (1,)), ((3, 4), "ad", "cd", (0,)),
    ((4,), "a", "c", (0,)), ((4,), "c", "c", ()), ((2, 3, 4), "ab", "cde", ()),
    ((3, 1), "ab", "cd", (0,)), ((4, 2), "ab", "cd", (0, 1))])
def test_products_of_all_entries_but_one(shape, outer, inner, ways):
    words = vocabulary(shape, outer, inner, Y=np.tanh)
    X = words.names.samples[0]["X"]
    made = [at_first(words, text) for text in words.without_one() if "cumprod" not in text]
    assert len(made) == len(ways)
    running = [at_first(words, text) for text in words.without_one() if "cumprod" in text]
    assert len(running) == (len(shape) - 1 in ways)
    for i, j in np.ndindex(running[0].shape[-2:]) if running else ():
        right = np.where(np.arange(shape[-1]) == i, 1, X)[..., :j + 1].prod(-1)
        np.testing.assert_allclose(running[0][..., i, j], right)
    for axis in ways:
        right = X.prod(axis, keepdims=True) / X
        assert any(np.allclose(found, right) for found in made)


def test_labels_as_masks():
    words = vocabulary((3, 4), label=np.array([0.0, 2, 3]), low=np.array([-1.0, 2, 1]),
                       part=np.array([0.5, 1, 0]), large=np.array([0.0, 1, 4]))
    assert list(words.one_hots()) == ["(label[:, None] == np.arange(4))"]
    assert list(vocabulary((3,), "a", "c", label=np.array([0.0, 2, 1])).one_hots()) == [
        "(label[:, None] == np.arange(3))"]
    assert list(vocabulary((3, 4), label=np.array([[0.0, 2], [1, 1]]),
                           Y=lambda X: (X[0] > 0) * 1.0).one_hots()) == []


def test_arrays_beside_the_input_and_the_output():
    words = vocabulary((3, 4), Y=lambda X: X.sum(0), H=np.ones((3, 4)), v=v, A=A, s=np.array(2.0))
    assert words.alike == ["H", "v"] and words.varying == {"X", "Y"}
    assert words.same_shape("X") == ["X", "H"] and words.same_shape("A.T") == []
    assert words.varies("A @ X") and words.varies("Y") and not words.varies("A @ H")
    assert list(words.of_output()) == ["(1 - Y**2)", "(Y > 0)", "(1 - Y)", "Y**2"]
    assert list(vocabulary((3, 4)).of_output()) == []
    words = vocabulary((3, 4), Y=np.sum, s=np.array(2.0), u=np.ones(3), H=np.ones((3, 4)))
    assert words.alike == ["H"]  # no number beside a number


def test_the_softmaxes_of_a_value():
    for shape, outer, axes in (((2, 5), "ab", (-2, -1)), ((5, 2), "cb", (-1,)),
                               ((1, 5), "ab", (-1,)), ((2, 1), "ab", (-2,)), ((3, 5), "cd", ())):
        words = vocabulary(shape, outer)
        X, made = words.names.samples[0]["X"], [at_first(words, t) for t in words.softmaxes("X")]
        right = [np.exp(k * X) / np.exp(k * X).sum(axis, keepdims=True) for axis in axes
                 for k in (1, 0.5, 2, max(shape[-1], 2) ** -0.5)]
        right += [X - np.log(np.exp(X).sum(axis, keepdims=True)) for axis in axes]
        right += [np.exp(X) / np.exp(X).sum()] * (len(axes) == 2)
        assert len(made) == len(right)
        assert all(any(np.allclose(one, found) for found in made) for one in right)


def test_a_value_goes_back_through_the_known_side_of_a_product():
    words = vocabulary((3, 4), A=A, B=B, v=v)
    assert words.back("g", "X", "B") == "g @ B.T" and words.back("g", "A", "X") == "A.T @ g"
    assert words.back("a + b", "X", "B.T") == "(a + b) @ B"
    assert words.back("g", "A.T", "X") == "A @ g"
    assert words.back("g", "X", "v") is None and words.back("g", "v", "X") is None


def test_inverses_are_of_square_values_alone():
    words = vocabulary((3, 4), A=A, S=S)
    assert {"np.linalg.inv(S)", "A @ np.linalg.inv(S)", "np.linalg.inv(S) @ X",
            "np.linalg.inv(S) @ np.linalg.inv(S)", "np.linalg.det(S)"} <= {*words.inverses}
    assert not any("inv(A)" in text or "inv(X)" in text for text in words.inverses)
    assert vocabulary((1, 1)).inverses == [] and vocabulary((3,), "a", "c").inverses == []
    assert {"np.linalg.inv(X)", "np.linalg.det(X)"} <= {*vocabulary((2, 2)).inverses}


def test_values_are_moved_and_scaled_by_known_arrays():
    words = vocabulary((3, 4), A=A, v=v, s=np.array(2.0), row=np.ones((1, 4)), Y=np.tanh)
    made = list(words.differences(["X", "Y", "v", "A", "s", "row", "A @ X", "no_such_name"]))
    assert made == [text for z, known in (("X", "v s row"), ("A @ X", "v s row"))
                    for k in known.split() for text in (f"({z} - {k})", f"({z} + {k})",
                                                        f"({z if z == 'X' else '(A @ X)'} * {k})")]
    assert list(words.differences(["v", "s", "A"])) == []  # nothing of them varies


def test_functions_of_a_product_are_taken_back_through_its_matrix():
    words = vocabulary((3, 4), B=B, H=np.ones((3, 5)))
    pulled = words.pulled
    assert {"np.tanh((X @ B)) @ B.T", "((X @ B) > 0) @ B.T", "(X @ B) @ B.T", "H @ B.T",
            "np.exp((X @ B) - np.logaddexp.reduce((X @ B), -1, keepdims=True)) @ B.T"} <= {*pulled}
    assert all(at_first(words, text).shape == (3, 4) for text in pulled
               if text.endswith("(X @ B)) @ B.T"))
    assert vocabulary((3, 4), C=np.ones((2, 2))).pulled == []
    moved = vocabulary((3, 4), B=B, c=np.arange(5.0))
    for f in (np.tanh, np.exp, lambda z: z > 0, lambda z: np.exp(z) / np.exp(z).sum(0)):
        assert said_once(moved, moved.pulled, lambda X, B, c, f=f: f(X @ B + c) @ B.T)
    back = vocabulary((3, 4), A=A)
    assert said_once(back, back.pulled, lambda X, A: A.T @ np.tanh(A @ X))
    assert not any("X.T" in text.split(" @ ")[0] for text in back.pulled)


def test_a_piece_beside_the_input_is_tied_as_the_input_is():
    X = random.standard_normal((2, 2, 3, 4))
    names = Names([{"X": x, "Z": z, "B": B} for x, z in X], input_name="X", output_name="Y")
    words = Vocabulary(names, Pattern(("c", "b"), ("c", "d")))
    assert words.free("X") == words.free("Z") == [-1] and words.free("B") == [-2, -1]
    assert words.allowed("Z", "cd") and not words.allowed("Z", "dc") and words.allowed("B", "cd")
    names = Names([{"Z": z, "P": z[:2]} for _, z in X], input_name="X", output_name="Y")
    assert Vocabulary(names, Pattern(("c", "b"), ("c", "d"))).free("Z") == [-2, -1]
    names = Names([{"X": x, "P": z[:2]} for x, z in X], input_name="X", output_name="Y")
    assert Vocabulary(names, Pattern(("c", "b"), ("c", "d"))).free("P") == [-2, -1]


# -- every word is there, with the numbers that its formula has

POSITIVE = random.uniform(0.1, 0.9, (2, 3, 4))
PLAIN = {  # what a layer may do to a number; the first 18 are also said of products
    "σ": lambda z: np.exp(z) / (1 + np.exp(z)), "σ(−z)": lambda z: 1 / (1 + np.exp(z)),
    "tanh": np.tanh, "tanh′": lambda z: 1 - np.tanh(z) ** 2, "step": lambda z: z > 0,
    "exp": np.exp, "z²": np.square, "below 1": lambda z: z < 1, "sign": np.sign, "|z|": np.abs,
    "relu": lambda z: z * (z > 0), "z³": lambda z: z * z * z,
    "Φ": lambda z: 0.5 + 0.5 * np.vectorize(math.erf)(z / 2**0.5),
    "φ": lambda z: np.exp(-z * z / 2) / (2 * np.pi) ** 0.5,
    "clipped": lambda z: np.minimum(np.maximum(z, -1), 1), "inside": lambda z: (z > -1) & (z < 1),
    "sin": np.sin, "cos": np.cos, "exp(−z)": lambda z: 1 / np.exp(z), "above −1": lambda z: z > -1,
    "exp(−z²)": lambda z: 1 / np.exp(z * z), "1/(1+z²)": lambda z: 1 / (1 + z * z),
    "softplus": lambda z: np.log(1 + np.exp(z)), "1/√(1+z²)": lambda z: (1 + z * z) ** -0.5,
    "arctan": np.arctan, "1/(1+|z|)": lambda z: 1 / (1 + np.abs(z)),
    "1/(1+|z|)²": lambda z: (1 + np.abs(z)) ** -2.0}


def said_once(words, texts, right):
    """Of these texts one has these numbers at all points."""
    arrays = [np.asarray(right(**at), float) for at in words.names.samples]
    return sum(all(array.shape == found.shape and np.allclose(found, array)
                   for array, found in zip(arrays, words.names.value(text), strict=True))
               for text in texts) == 1


@cache
def moved_layer():
    return vocabulary((3, 4), A=A, v=v, Y=lambda X: 2.0 + X)


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_function_is_said_of_the_input_and_of_what_is_linear_in_it(name):
    words, f = moved_layer(), PLAIN[name]
    assert said_once(words, words.functions, lambda X, **_: f(X))
    if list(PLAIN).index(name) < 18:
        assert said_once(words, words.functions, lambda X, A, **_: f(A @ X))
        assert said_once(words, words.functions, lambda X, v, **_: f(X - v))


def test_functions_of_known_arrays_beside_the_input():
    words = vocabulary((3, 4), H=POSITIVE[0], A=A)
    for f in (np.exp, lambda z: np.exp(-z), lambda z: 1 / (1 + np.exp(-z)), np.tanh):
        assert said_once(words, words.functions, lambda H, f=f, **_: f(H))
        assert not said_once(words, words.functions, lambda A, f=f, **_: f(A))


def test_gates_of_two_pieces():
    X = random.standard_normal((2, 2, 3, 4))
    names = Names([{"X": x, "Z": z, "Y": x * z} for x, z in X], input_name="X", output_name="Y")
    words = Vocabulary(names, Pattern(("a", "b"), ("c", "d")))
    made = list(words.ratios(["X", "Z"]))
    for piece in "XZ":
        assert said_once(words, made, lambda Y, piece=piece, **at: Y * (1 + np.exp(-at[piece])))
        assert said_once(words, made, lambda Y, piece=piece, **at: 1 - (
            Y * (1 + np.exp(-at[piece]))) ** 2)
    assert len(made) == 4 and list(words.ratios(["X"])) == []


DIVIDED = (lambda z: 1 / z, lambda z: z**-2, np.log, np.sqrt, lambda z: z**-0.5,
           lambda z: 1 / (1 + z), lambda z: 1 / (1 - z), lambda z: (1 - z * z) ** -0.5)


def test_divisions_are_of_what_varies_and_finite():
    names = Names([{"X": x, "H": POSITIVE[0].T} for x in POSITIVE], input_name="X")
    words = Vocabulary(names, Pattern(("a", "b"), ("c", "d")))
    for f in DIVIDED:
        assert said_once(words, words.divisions, lambda X, f=f, **_: f(X))
        assert not said_once(words, words.divisions, lambda H, f=f, **_: f(H))
    assert not any("log(X)" in text for text in vocabulary((3, 4)).divisions)


ALONG = (np.sum, lambda z, a: np.sum(z * z, a), lambda z, a: np.mean(z * z, a), np.mean, np.var,
         lambda z, a: np.sqrt(np.sum(z * z, a)), np.std, np.max, np.min,
         lambda z, a: np.sum(np.exp(z), a))


@pytest.mark.parametrize("outer, inner, axes", [
    ("ab", "cd", (0, 1)), ("cb", "cd", (1,)), ("ad", "cd", (0,)), ("cd", "cd", ())])
def test_sums_and_norms_along_the_axes_where_entries_meet(outer, inner, axes):
    words = vocabulary((3, 4), outer, inner, A=A, H=POSITIVE[0])
    for f in ALONG:
        for axis in (0, 1):
            along = said_once(words, words.reductions, lambda X, f=f, axis=axis, **_: f(X, axis))
            assert along == (axis in axes)
            assert said_once(words, words.reductions, lambda H, f=f, axis=axis, **_: f(H, axis))
        free = axes == (0, 1)
        assert said_once(words, words.reductions, lambda X, f=f, **_: f(X, None)) == free
        assert said_once(words, words.reductions, lambda A, X, f=f, **_: f(A @ X, 1)) == free
    for axis in axes:
        assert said_once(words, words.reductions, lambda X, axis=axis, **_: np.prod(X, axis))


def test_what_a_sum_leaves_stays_tied():
    words = vocabulary((2, 3, 4), "ceb", "cde", Y=lambda X: X)
    assert words.free("X") == [-2]
    assert "X.sum(-2)" in words.reductions and "X.sum(-1)" not in words.reductions
    assert words.allowed("X.sum(-2)", "ce") and not words.allowed("X.sum(-2)", "ec")
    assert not words.allowed("X.sum(-2)", "cd") and not words.allowed("X.sum(-2)", "c")
    vector = vocabulary((4,), "a", "c", w=w, s=np.array(2.0))
    assert "X.sum()" in vector.reductions and "X.sum(-1)" not in vector.reductions
    assert not any(text.startswith("s.") for text in vector.reductions)


def test_a_quadratic_form_about_a_number_adds_up_its_matrix():
    words = vocabulary((3,), "a", "c", S=S)
    assert said_once(words, words.reductions, lambda S, **_: S.sum(0) + S.sum(1))


def test_every_inverse_stands_beside_what_fits():
    words = vocabulary((3, 4), A=A, S=S, v=v)
    inv = np.linalg.inv(S)
    right = [inv, inv @ inv, np.linalg.det(S), A @ inv, inv @ A.T, S.T @ inv, inv @ S.T, np.eye(3)]
    right = [lambda one=one, **_: one for one in right] + [
        lambda X, **_: X.T @ inv, lambda X, **_: inv @ X]
    of_S = [text for text in words.inverses if "(S)" in text]
    assert len(of_S) == len(right) and all(said_once(words, of_S, one) for one in right)
    words = vocabulary((4, 3))
    assert said_once(words, words.inverses, lambda X, **_: X @ np.linalg.inv(X.T @ X))


def test_large_arrays_and_those_of_five_axes_make_no_words():
    words = vocabulary((3, 4), L=np.ones(2**12), T=np.ones(2**12 + 1), four=np.ones((1, 1, 2, 2)),
                       five=np.ones((1, 1, 1, 2, 2)), row=np.ones((1, 4)))
    assert words.arrays == ["X", "L", "four", "row"] and "L" in words.linear
    assert [name for name, _ in words.matrices] == ["X", "X.T", "L", "row"]
    words = vocabulary((3, 4), column=np.ones((128, 1)), row=np.ones((1, 64)))
    assert "column @ row" not in words.products  # 8192 numbers


def test_of_many_arrays_some_are_combined():
    draw = np.random.default_rng(1)
    words = vocabulary((3, 3), **{f"K{k}": draw.standard_normal((3, 3)) for k in range(8)})
    assert words.twice == ["(K0 + K0.T)", "(K1 + K1.T)", "(K2 + K2.T)"]
    assert words.alike == ["K0", "K1", "K2", "K3"]
    assert len(words.longer) == 40 and len(words.linear) == 90
    of = [text for text in words.functions if text.startswith("np.tanh(")]
    assert len(of) == 1 + 4 + 14  # the input, known arrays like it, and what is linear in it


def test_at_one_point_alone_nothing_varies_and_all_words_are_there():
    names = Names([{"X": POSITIVE[0], "A": A, "S": S, "label": np.array([0, 2, 1])}],
                  input_name="X")
    words = Vocabulary(names, Pattern(("a", "b"), ("c", "d")))
    assert words.linear[:4] == ["X", "A", "S", "label"] and {"A @ X", "S @ S"} <= {*words.linear}
    assert {"np.linalg.inv(S)"} <= {*words.inverses} and "X.sum(-1)" in words.reductions
    assert "(label[:, None] == np.arange(4))" in words.functions and words.divisions == []
    assert words.back("g", "A", "X") == "A.T @ g" and words.same_shape("X") == ["X"]
    assert len(list(words.softmaxes("X"))) == 11 and words.free("X") == [-2, -1]
    assert {word.text for word in words.kind("linear", "cd", (3, 4))} >= {"X", "label"}
    words.varying = {"A"}
    assert words.back("g", "A", "X") == "g @ X.T"


def test_words_are_finite_and_told_apart_at_three_points():
    X, H, K = random.standard_normal((3, 3, 4)), np.ones((3, 4)), np.full((3, 4), 2.0)
    names = Names([{"X": x, "P": K if i == 2 else H, "Q": H, "N": (i == 1) * H, "O": 0 * H,
                    "E": np.ones((0, 2))} for i, x in enumerate(X)], input_name="X")
    words = Vocabulary(names, Pattern(("a", "b"), ("c", "d")))
    assert words.fine(["X", "Q", "P", "N", "O", "E", "X + 0", "Q**2", "np.log(-Q)", "2 * N"]) == [
        "X", "Q", "P", "N", "2 * N"]


def test_words_are_laid_along_every_shape_that_they_fit():
    words = vocabulary((3, 4), "cb", "cd", H=POSITIVE[0], u=np.arange(3.0), Q=S)
    for shape, letters, right in (
            ((3, 4), "cd", {("X", "cd"), ("H", "cd"), ("u", "c")}),
            ((4, 3), "ec", {("X", "ce"), ("H", "ce"), ("u", "c")}),
            ((3, 3), "ef", {("Q", "ef"), ("Q", "fe"), ("u", "e"), ("u", "f")}),
            ((4, 3), "de", {("H", "ed"), ("u", "e")}), ((5,), "e", set())):
        found = words.placed(["X", "H", "u", "Q", "no_such_name", "H + 0"], letters, shape)
        assert {(word.text, "".join(word.letters)) for word in found} == right
        for word in found:
            cut = tuple(slice(None) if x in word.letters else None for x in letters)
            laid = [x for x in letters if x in word.letters]
            for at, column in zip(words.names.samples, word.columns, strict=True):
                turned = at[word.text].transpose([word.letters.index(x) for x in laid])
                np.testing.assert_array_equal(column, np.broadcast_to(turned[cut], shape))
    first = words.kind("linear", "cd", (3, 4))
    assert first is words.kind("linear", "cd", (3, 4))
    assert ("X", ("c", "d")) in {(w.text, w.letters) for w in words.kind("linear", "dc", (4, 3))}
