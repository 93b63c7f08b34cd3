"""Every row of the table, at every input: all ways to the derivative agree, and none does harm."""

import warnings

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from benchmarks.students import STUDENTS
from helpers import OPERATIONS, contract, numerical_jacobian
from tests.calculus.cases import calls, every_operation, example, on_random_calls


def near(A, B, scale, digits=1e-12):
    """Whether two arrays differ by no more than rounding of terms of this scale, entry by entry."""
    A, B = np.asarray(A), np.asarray(B)
    assert A.shape == B.shape, f"shapes {A.shape} and {B.shape}"
    both_nan = np.isnan(A) & np.isnan(B)
    return np.all(both_nan | (np.abs(A - B) <= digits * np.asarray(scale) + 1e-300))


def largest(A):
    """The largest magnitude, 0 for no entries, nan left out."""
    return np.nanmax(np.abs(A), initial=0)


def right_numerically(call, wrt):
    x = call.input(wrt)
    found = numerical_jacobian(call.by_one_input(wrt), x)
    full = call.op.jacobian(*call.inputs, wrt=wrt, **call.parameters)
    scale = max(1, largest(call.Y), largest(full))
    return near(full, found, scale, 1e-6)


@on_random_calls()
def test_full_jacobian_is_the_numerical_one(op, data):
    call = data.draw(calls(op))
    assume(np.isfinite(call.Y).all())  # nan: a mean of nothing, the Bessel variance of one
    for wrt in op.derivatives:
        assert right_numerically(call, wrt) or right_numerically(moved(call), wrt), wrt


SQUARE = {"quadratic_form A", "log_det A", "inverse A", "rnn_step U", "maxout b"}


def test_a_small_matrix_is_not_square_so_that_a_lost_transpose_shows():
    for op in OPERATIONS.values():
        for name, x in zip(op.inputs, example(op).inputs, strict=True):
            assert x.ndim != 2 or x.shape[0] != x.shape[1] or f"{op.name} {name}" in SQUARE


def moved(call):
    """The same a little aside: there may have been a kink within the step."""
    inputs = tuple(x + 1e-3 * call.like(x) for x in call.inputs)
    return type(call)(call.op, inputs, call.parameters, call.ndim, call.random)


@on_random_calls(st.sampled_from([1e-3, 1.0, 30.0]))
def test_all_ways_agree(op, data, scale):
    call = data.draw(calls(op, scale=scale))
    assume(np.isfinite(call.Y).all())
    inputs, parameters = call.inputs, call.parameters
    G = call.like(call.Y)
    Y, pull = op.pullback(*inputs, **parameters)
    np.testing.assert_array_equal(Y, call.Y)
    pulled = pull(G)
    assert list(pulled) == list(op.derivatives)
    for wrt in op.derivatives:
        x, D = call.input(wrt), call.like(call.input(wrt))
        J = op.jacobian(*inputs, wrt=wrt, **parameters)
        assert J.shape == Y.shape + x.shape
        dX = op.vjp(G, *inputs, wrt=wrt, **parameters)
        dY = op.jvp(D, *inputs, wrt=wrt, **parameters)
        np.testing.assert_array_equal(dX, pulled[wrt])
        most = largest(J) + 1e-4  # entries near 0 may be differences of larger terms
        assert near(dX, contract(G, J), np.sum(np.abs(G)) * most), wrt
        assert near(dY, np.tensordot(J, D, D.ndim), np.sum(np.abs(D)) * most), wrt
        assert near(np.sum(G * dY), np.sum(dX * D), np.abs(G).sum() * np.abs(D).sum() * most), wrt
        denominator = op.jacobian(*inputs, wrt=wrt, layout="denominator", **parameters)
        assert denominator.shape == x.shape + Y.shape
        np.testing.assert_array_equal(contract(G, denominator, "denominator").shape, x.shape)
        local = op.local(*inputs, wrt=wrt, **parameters)
        np.testing.assert_array_equal(local.tensor(), J)
        assert (local.shape, len(local.outer)) == (J.shape, Y.ndim)


@on_random_calls()
def test_special_values_pass_quietly(op, data):
    call = data.draw(calls(op, special=True))
    G = call.like(call.Y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for wrt in op.derivatives:
            x = call.input(wrt)
            assert op.vjp(G, *call.inputs, wrt=wrt, **call.parameters).shape == x.shape
            assert op.jvp(x, *call.inputs, wrt=wrt, **call.parameters).shape == call.Y.shape
            J = op.jacobian(*call.inputs, wrt=wrt, **call.parameters)
            contract(G, J)


@on_random_calls(st.booleans())
def test_inputs_stay_and_outputs_are_ours(op, data, special):
    call = data.draw(calls(op, special=special))
    G = call.like(call.Y)
    arrays = [*call.inputs, G, *(v for v in call.parameters.values() if isinstance(v, np.ndarray))]
    before = [array.tobytes() for array in arrays]
    Y, pull = op.pullback(*call.inputs, **call.parameters)
    first = pull(G)
    outputs = [op(*call.inputs, **call.parameters), Y, *first.values()]
    for wrt in op.derivatives:
        D = call.like(call.input(wrt))
        outputs += [op.vjp(G, *call.inputs, wrt=wrt, **call.parameters),
                    op.jvp(D, *call.inputs, wrt=wrt, **call.parameters),
                    op.jacobian(*call.inputs, wrt=wrt, **call.parameters)]
        assert not np.may_share_memory(outputs[-2], D)
    for output in outputs:
        assert isinstance(output, np.ndarray) and output.dtype == np.float64
        assert output.flags.writeable
        assert not any(np.may_share_memory(output, array) for array in arrays)
    second = {wrt: gradient.copy() for wrt, gradient in first.items()}
    for output in outputs:
        output[...] = 7
    for wrt, again in pull(G).items():  # what a student does to an output cannot reach the pullback
        np.testing.assert_array_equal(again, second[wrt])
    assert [array.tobytes() for array in arrays] == before


@every_operation
def test_float32_in_float32_out(op):
    call = example(op)
    single = [x.astype(np.float32) for x in call.inputs]
    G = call.like(call.Y)
    assert op(*single, **call.parameters).dtype == np.float32
    for wrt in op.derivatives:
        D = call.like(call.input(wrt))
        small, ways = np.float32, dict(wrt=wrt, **call.parameters)
        assert op.jacobian(*single, **ways).dtype == small
        assert op.vjp(G.astype(small), *single, **ways).dtype == small
        assert op.jvp(D.astype(small), *single, **ways).dtype == small
        assert op.vjp(G, *single, **ways).dtype == np.float64
        np.testing.assert_allclose(op.vjp(G.astype(small), *single, **ways),
                                   op.vjp(G, *call.inputs, **ways), rtol=1e-3, atol=1e-4)


@every_operation
def test_whole_numbers_in_lists_are_numbers(op):
    call = example(op)
    whole = [np.round(3 * x) for x in call.inputs]
    lists = [x.astype(int).tolist() for x in whole]
    Y = op(*lists, **call.parameters)
    assert Y.dtype == np.float64
    np.testing.assert_array_equal(Y, op(*whole, **call.parameters))
    for wrt in op.derivatives:
        G = np.ones(Y.shape, int).tolist()
        np.testing.assert_array_equal(op.vjp(G, *lists, wrt=wrt, **call.parameters),
                                      op.vjp(np.ones(Y.shape), *whole, wrt=wrt, **call.parameters))


@every_operation
@pytest.mark.parametrize("order", ["F", "strided"])
def test_memory_layout_does_not_matter(op, order):
    call = example(op)

    def other(x):
        if order == "F":
            return np.array(x, order="F")
        return np.repeat(x, 2, -1)[..., ::2] if x.ndim else x.copy()

    inputs, G = tuple(map(other, call.inputs)), other(call.like(call.Y))
    for wrt in op.derivatives:
        ways = dict(wrt=wrt, **call.parameters)
        np.testing.assert_allclose(op.jacobian(*inputs, **ways),
                                   op.jacobian(*call.inputs, **ways), rtol=1e-13, atol=1e-14)
    for wrt, gradient in op.pullback(*inputs, **call.parameters)[1](G).items():
        again = op.vjp(np.array(G), *call.inputs, wrt=wrt, **call.parameters)
        np.testing.assert_allclose(gradient, again, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("name", STUDENTS)  # a new row may come before its baseline
def test_the_baseline_of_the_benchmark_computes_the_same(name):
    op = OPERATIONS[name]
    call = example(op, sizes={"l": 9} if op.name == "conv1d" else {})
    Y, back = STUDENTS[op.name](*call.inputs, **call.parameters)
    np.testing.assert_allclose(Y, call.Y, rtol=1e-12, atol=1e-15)
    G = call.like(call.Y)
    right = op.pullback(*call.inputs, **call.parameters)[1](G)
    for found, gradient in zip(back(G), right.values(), strict=True):
        np.testing.assert_allclose(found, gradient, rtol=1e-10, atol=1e-13)
