"""The contract: names, shapes, layouts, sizes, errors that a student can read."""

import re
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from helpers import OPERATIONS, contract, cost, operation, register
from helpers.calculus import errors
from helpers.calculus.errors import UnknownInput, UnknownOperation
from helpers.calculus.synonyms import SYNONYMS, names_of
from tests.calculus.cases import COURSE, TABLE, example

X, W, b = np.arange(12.0).reshape(3, 4), np.ones((4, 2)), np.ones(2)
AFFINE, RELU = OPERATIONS["affine"], OPERATIONS["relu"]
ATLAS = """rmsnorm groupnorm conv2d avgpool2d maxpool2d embedding dropout l2_normalize
cosine_similarity log_sum_exp residual_add glu swiglu huber hinge rnn_step lstm_c lstm_h
quadratic_form log_det inverse outer kron""".split()


def test_the_table_holds_every_operation_of_the_course_and_those_that_people_look_up():
    assert {*COURSE, *ATLAS} <= set(OPERATIONS)
    assert all(op.name == name and set(op.derivatives) == set(op.inputs)
               for name, op in OPERATIONS.items())


def test_the_readme_example():
    assert (AFFINE.name, AFFINE.axes, AFFINE.inputs) == ("affine", "n m, m k, k -> n k",
                                                         ("X", "W", "b"))
    J = AFFINE.jacobian(X, W, b, wrt="W")
    assert J.shape == (3, 2, 4, 2)
    assert J[1, 0, 2, 0] == X[1, 2] and J[1, 0, 2, 1] == 0
    assert AFFINE.jacobian(X, W, b, wrt="W", layout="denominator").shape == (4, 2, 3, 2)
    G = np.ones((3, 2))
    np.testing.assert_array_equal(contract(G, J), AFFINE.vjp(G, X, W, b, wrt="W"))


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_axes_are_those_of_the_arrays(op):
    for ndim in (1, 2, 3):
        if "..." not in op.axes and op.pattern is None and ndim != 2:
            continue
        call = example(op, ndim=ndim)
        left, right = op.axes_at(ndim, **{k: call.parameters[k] for k in op.parameters}).split("->")
        sizes = op.sizes(*call.inputs, **call.parameters)
        for part, array in zip((*left.split(","), right), (*call.inputs, call.Y), strict=True):
            assert tuple(sizes[letter] for letter in part.split()) == array.shape
    if op.pattern is not None:
        assert op.axes_at(2) == op.axes


@pytest.mark.parametrize("name, axis, shape, left", [
    ("sum", 0, (2, 3, 4), (3, 4)), ("sum", -1, (2, 3, 4), (2, 3)), ("mean", 1, (2, 3, 4), (2, 4)),
    ("sum", 0, (5,), ()), ("mean", -2, (2, 3), (3,)),
])
def test_reductions_remove_any_axis(name, axis, shape, left):
    op, A = OPERATIONS[name], np.random.default_rng(0).standard_normal(shape)
    assert op(A, axis=axis).shape == left
    np.testing.assert_allclose(op(A, axis=axis), getattr(A, name)(axis))
    assert op.jacobian(A, axis=axis).shape == left + shape


def test_pullback_gives_every_gradient_from_one_pass():
    seen = []
    counted = replace(AFFINE, forward=lambda X, W, b: seen.append(1) or X @ W + b)
    Y, pull = counted.pullback(X, W, b)
    pull(np.ones(Y.shape))
    pull(np.zeros(Y.shape))
    assert len(seen) == 1


def test_a_shared_value_is_computed_once_a_pull():
    seen = []
    row = OPERATIONS["maxout"]
    routed = row.shared["routed"]
    counted = replace(row, shared={"routed": lambda G, won: seen.append(1) or routed(G, won)})
    call = example(counted)
    pull = counted.pullback(*call.inputs)[1]
    pull(np.ones(call.Y.shape))
    assert len(seen) == 1


def test_numbers_on_python_s_side_follow_the_arrays():
    assert OPERATIONS["prelu"](np.float32([-1, 2]), 0.5).dtype == np.float32
    assert OPERATIONS["relu"](np.float16([-1, 2])).dtype == np.float32
    assert OPERATIONS["relu"](True).dtype == np.float64
    product = OPERATIONS["hadamard"]
    assert product(np.float32([1]), [2]).dtype == np.float32 and product([1], [2]).dtype == float
    assert product(np.float32([1]), np.float16([2])).dtype == np.float32
    for wide in (np.float64, np.longdouble):
        assert product(np.float32([1]), wide([2])).dtype == np.float64


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_tensor_too_big_is_refused_before_it_is_allocated(dtype):
    big = np.zeros((300, 400), dtype)
    tracemalloc.start()
    with pytest.raises(errors.TooBig) as caught:
        RELU.jacobian(big)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * big.size * 8
    said = "57.6 GB" if dtype == np.float32 else "115.2 GB"
    for part in ("relu", "(300, 400, 300, 400)", "14,400,000,000", said, "1.1 GB", "vjp"):
        assert part in str(caught.value)
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, MemoryError)


def test_the_limit_can_be_moved():
    with pytest.raises(errors.TooBig):
        RELU.jacobian(X, limit=1000)
    assert RELU.jacobian(X, limit=8 * 144).shape == (3, 4, 3, 4)


WRONG = {  # the call, the errors it is, what the message must say
    "inner sizes": (lambda: AFFINE(X, W.T, b), (errors.ShapeError, ValueError),
                    "affine: axis m is 4 in X but 2 in W of shape (2, 4)"),
    "bias": (lambda: AFFINE(X, W, np.ones(3)), (errors.ShapeError,),
             "affine: axis k is 2 in W but 3 in b of shape (3,)"),
    "axes": (lambda: AFFINE(X[0], W, b), (errors.ShapeError,),
             "affine: X needs 2 axes (n, m), but has shape (4,)"),
    "G": (lambda: AFFINE.vjp(np.ones((2, 3)), X, W, b, wrt="W"), (errors.ShapeError, ValueError),
          "affine: G has shape (2, 3), but Y has (3, 2)"),
    "tangent": (lambda: AFFINE.jvp(np.ones(3), X, W, b, wrt="b"), (errors.ShapeError,),
                "affine: db has shape (3,), but b has (2,)"),
    "count": (lambda: AFFINE(X, W), (errors.UnknownInput, KeyError, ValueError),
              "affine takes 3 inputs (X, W, b), but got 2"),
    "wrt": (lambda: AFFINE.jacobian(X, W, b, wrt="x"), (errors.UnknownInput, KeyError),
            "affine: there is no input 'x'. Choose wrt from X, W, b"),
    "no wrt": (lambda: AFFINE.jacobian(X, W, b), (errors.UnknownInput,),
               "affine: wrt is missing. Choose wrt from X, W, b"),
    "wrt an array": (lambda: RELU.jacobian(X, wrt=X), (errors.UnknownInput,),
                     "relu: wrt is a name, not of type ndarray. Choose wrt from X"),
    "parameter": (lambda: RELU(X, alpha=1), (errors.UnknownParameter, TypeError, ValueError),
                  "relu has no parameter 'alpha'. It has: at_zero"),
    "no parameters": (lambda: AFFINE(X, W, b, eps=1), (errors.UnknownParameter,), "It has: none"),
    "parameter shape": (lambda: RELU(X, at_zero=[1, 2]), (errors.NumberError, TypeError),
                        "relu: at_zero must be one number, but has shape (2,)"),
    "fraction": (lambda: OPERATIONS["sum"](X, axis=0.5), (errors.NumberError,),
                 "sum: axis must be a whole number, not 0.5"),
    "endless": (lambda: OPERATIONS["sum"](X, axis=np.inf), (errors.NumberError,),
                "sum: axis must be a whole number, not inf"),
    "axis": (lambda: OPERATIONS["sum"](X, axis=2), (errors.NumberError, ValueError),
             "sum: axis must be from -2 to 1, not 2"),
    "scalar sum": (lambda: OPERATIONS["sum"](3.0), (errors.ShapeError,),
                   "sum: X needs 1 axis (h), but has shape ()"),
    "layout": (lambda: RELU.jacobian(X, layout="rows"), (errors.UnknownLayout, ValueError),
               "'rows'"),
    "operation": (lambda: OPERATIONS["rellu"], (errors.UnknownOperation, KeyError, ValueError),
                  "There is no operation 'rellu'. Did you mean relu or prelu?"),
    "text": (lambda: RELU([["1", "x"]]), (errors.NumberError, TypeError, ValueError),
             "relu: X must hold real numbers"),
    "complex": (lambda: RELU(X + 1j), (errors.NumberError,), "complex128"),
    "ragged": (lambda: RELU([[1, 2], [3]]), (errors.NumberError,), "rows of equal length"),
    "nothing": (lambda: RELU(None), (errors.NumberError,), "relu: X must hold real numbers"),
    "no target": (lambda: OPERATIONS["squared_error"](X), (errors.UnknownParameter, TypeError),
                  "squared_error needs target: give it by name, target=…"),
    "target": (lambda: OPERATIONS["squared_error"](X, target=X[:2]), (errors.ShapeError,),
               "squared_error: axis n is 3 in Y but 2 in target of shape (2, 4)"),
    "class": (lambda: OPERATIONS["softmax_cross_entropy"](X, labels=[0, 4, 1]),
              (errors.NumberError, ValueError),
              "softmax_cross_entropy: labels has 4, but the 4 classes are 0 to 3"),
    "half a class": (lambda: OPERATIONS["softmax_cross_entropy"](X, labels=[0, 0.5, 1]),
                     (errors.NumberError,), "labels has 0.5, but the 4 classes are 0 to 3"),
    "nan class": (lambda: OPERATIONS["softmax_cross_entropy"](X, labels=[0, np.nan, 1]),
                  (errors.NumberError,), "labels has nan, but the 4 classes are 0 to 3"),
    "labels": (lambda: OPERATIONS["softmax_cross_entropy"](X, labels=[0, 1]),
               (errors.ShapeError,), "axis n is 3 in Z but 2 in labels of shape (2,)"),
    "sum of labels": (lambda: OPERATIONS["softmax_cross_entropy"](X, labels=np.full((3, 4), 0.5)),
                      (errors.NumberError,), "must sum to 1 in each row, but one sums to 2"),
    "yes or no": (lambda: OPERATIONS["sigmoid_cross_entropy"](X, labels=X),
                  (errors.NumberError,), "sigmoid_cross_entropy: labels must be from 0 to 1"),
    "variance": (lambda: OPERATIONS["batchnorm_eval"](X, *np.ones((2, 4)), mean=np.ones(4),
                                                      var=-np.ones(4)),
                 (errors.NumberError,), "batchnorm_eval: var must not be negative"),
    "eps": (lambda: OPERATIONS["layernorm"](X, *np.ones((2, 4)), eps=-1), (errors.NumberError,),
            "layernorm: eps must be 0 or more, not -1"),
    "filter": (lambda: OPERATIONS["conv1d"](X, np.ones(5)), (errors.ShapeError, ValueError),
               "conv1d: w has 5 entries, but X only 4 along axis l. Choose a shorter filter"),
    "window": (lambda: OPERATIONS["maxpool1d"](X, size=0), (errors.NumberError,),
               "maxpool1d: size must be 1 or more, not 0"),
    "copies": (lambda: OPERATIONS["broadcast"](b, n=-1), (errors.NumberError,),
               "broadcast: n must be 0 or more, not -1"),
    "no pieces": (lambda: OPERATIONS["maxout"](X, np.ones((0, 4, 2)), np.ones((0, 2))),
                  (errors.ShapeError,), "maxout: W has 0 pieces along axis p"),
    "no classes": (lambda: OPERATIONS["softmax_cross_entropy"](np.ones((3, 0)), labels=[0, 0, 0]),
                   (errors.ShapeError,), "softmax_cross_entropy: Z has no classes along axis k"),
    "a list": (lambda: operation(["relu"]), (errors.UnknownOperation, KeyError, ValueError),
               "An operation is given by its name, as in 'relu', not by ['relu']."),
    "a dict": (lambda: cost({}), (errors.UnknownOperation,), "as in 'relu', not by {}."),
    "digits": (lambda: operation(10**5000), (errors.UnknownOperation,),
               "not by something of type int."),
    "twice": (lambda: register(RELU), (errors.LessonError,), "relu is in the table already"),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_a_mistake_is_told_in_one_readable_line(case):
    call, kinds, said = case
    with pytest.raises(errors.LessonError) as caught:
        call()
    message = str(caught.value)
    assert said in message and "\n" not in message and len(message) < 400
    assert all(isinstance(caught.value, kind) for kind in kinds)
    assert caught.value._render_traceback_() == [f"{type(caught.value).__name__}: {message}"]


def test_operation_takes_a_name_or_an_operation():
    assert operation("relu") is RELU and operation(RELU) is RELU


def test_a_new_operation_is_one_row():
    from helpers.calculus.operations.activations import elementwise
    square = elementwise("square", forward=lambda X: X**2, slope=lambda X: 2 * X,
                         latex="Y = X^2", numpy="X**2", slope_latex="2@", slope_numpy="(2 * X)")
    np.testing.assert_array_equal(square.vjp(X, X), 2 * X * X)
    assert square.formulas["X"]["numpy"] == "G * (2 * X)"
    register(square)
    try:
        assert OPERATIONS["square"].jacobian(X)[1, 2, 1, 2] == 2 * X[1, 2]
    finally:
        del OPERATIONS["square"]


@pytest.mark.parametrize("name, meant", [
    ("ReLU", "relu"), ("BatchNorm", "batchnorm"), ("layer_norm", "layernorm"), ("LayerNorm",
    "layernorm"), ("linear", "affine"), ("Dense", "affine"), ("bce", "sigmoid_cross_entropy"),
    ("cross-entropy", "softmax_cross_entropy"), ("Soft Max", "softmax"), ("swish", "silu"),
    ("mse", "squared_error (a sum of squares, not their mean)"), ("sotfmax", "softmax"),
    ("LeakyReLU", "leaky_relu"), ("BCEWithLogitsLoss", "sigmoid_cross_entropy"),
    ("MaxPool2d", "maxpool2d"), ("MaxPool3d", "maxpool2d (along two axes)"),
    ("gather", "embedding"), ("RMSNorm", "rmsnorm"), ("LSTMCell", "lstm_c or lstm_h"),
    ("bilinear", "quadratic_form (both vectors the same)"), ("expit", "sigmoid"),
    ("rellu", "relu or prelu")])
def test_a_wrong_name_is_guessed_by_spelling_and_by_synonym(name, meant):
    with pytest.raises(UnknownOperation) as caught:
        OPERATIONS[name]
    assert str(caught.value).endswith(f". Did you mean {meant}?")


@pytest.mark.parametrize("name", ["xyz", "quantum", "", "!", 3, None, "transformer", "l"])
def test_nothing_is_guessed_where_nothing_is_near(name):
    with pytest.raises(UnknownOperation) as caught:
        OPERATIONS[name]
    assert "Did you mean" not in str(caught.value) and "There are: relu, " in str(caught.value)


def test_every_synonym_leads_to_an_operation_and_is_none_itself():
    def plain(names):
        return {re.sub(r"[\W_]", "", name.lower()) for name in names}

    for name in SYNONYMS:
        assert name in OPERATIONS, name
        assert not plain(names_of(name)) & plain(OPERATIONS), name


@pytest.mark.parametrize("name, arrays, said", [
    ("sigmoid_cross_entropy", 2, "takes 1 input (Z), but got 2. What is no input goes in by name: "
                                 "labels=T."),
    ("softmax_cross_entropy", 2, "labels=T."), ("squared_error", 2, "target=T."),
    ("batchnorm_eval", 5, "mean=…, var=…."), ("leaky_relu", 2, "alpha=….")])
def test_an_array_too_many_goes_in_by_name(name, arrays, said):
    with pytest.raises(UnknownInput) as caught:
        OPERATIONS[name](*[np.ones(3)] * arrays)
    assert str(caught.value).endswith(said)
