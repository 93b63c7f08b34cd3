"""Full tensors: written from a pattern, measured by differences, contracted, turned around."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from helpers import contract, numerical_jacobian
from helpers.calculus import jacobian as jac
from helpers.calculus.errors import NumberError, ShapeError, TooBig, UnknownLayout

SHAPES = array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
RANDOM = np.random.default_rng(0)


@given(SHAPES, SHAPES, st.integers(0, 99))
def test_numerical_jacobian_of_a_linear_map_is_its_tensor(outer, inner, seed):
    random = np.random.default_rng(seed)
    A = random.standard_normal(outer + inner)
    J = numerical_jacobian(lambda x: np.tensordot(A, x, x.ndim), random.standard_normal(inner))
    assert J.shape == outer + inner
    np.testing.assert_allclose(J, A, atol=1e-8)


def test_numerical_jacobian_takes_lists_and_leaves_x_alone():
    x = np.array([1.0, 2.0])

    def square_in_place(x):
        x *= x
        return x

    np.testing.assert_allclose(numerical_jacobian(square_in_place, x), np.diag([2, 4]), atol=1e-9)
    np.testing.assert_array_equal(x, [1, 2])
    assert numerical_jacobian(lambda x: x[0] * x[1], [2, 3]) == pytest.approx([3, 2])
    assert numerical_jacobian(np.sin, 0.0) == pytest.approx(1)


def test_numerical_jacobian_refuses_what_is_too_big():
    with pytest.raises(TooBig, match="take a smaller x"):
        numerical_jacobian(lambda x: x, np.zeros(20_000))


@given(SHAPES, SHAPES)
def test_contract_in_both_layouts(outer, inner):
    J, G = RANDOM.standard_normal(outer + inner), RANDOM.standard_normal(outer)
    found = contract(G, J)
    right = G.reshape(-1) @ jac.unfold(J, len(outer))
    np.testing.assert_allclose(found.reshape(-1), right, atol=1e-12)
    turned = jac.to_denominator(J, len(outer))
    assert turned.shape == inner + outer
    np.testing.assert_allclose(contract(G, turned, "denominator"), found, atol=1e-12)


def test_contract_says_which_axes_do_not_fit():
    said = r"G has shape \(3,\), but the first 1 axes of J are \(2,\)"
    with pytest.raises(ShapeError, match=said):
        contract(np.ones(3), np.ones((2, 3)))
    with pytest.raises(ShapeError, match="the last 1 axes"):
        contract(np.ones(3), np.ones((3, 2)), "denominator")
    with pytest.raises(ShapeError):
        contract(np.ones((2, 3)), np.ones(2))
    with pytest.raises(UnknownLayout, match="numerator"):
        contract(np.ones(3), np.ones((3, 2)), "sideways")


@pytest.mark.parametrize("pattern, core", [
    ("nhnh", "nh"), ("nknm", "mk"), ("nkk", ""), ("", ""), ("nknj", "nkj"), ("nkmk", "nm"),
    ("nn", "n")])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_fill_against_a_loop_over_entries(pattern, core, dtype):
    sizes = {"n": 3, "h": 4, "k": 2, "m": 5, "j": 2}
    values = RANDOM.integers(1, 9, [sizes[letter] for letter in core])
    J = jac.fill(tuple(pattern), tuple(core), values, sizes, dtype)
    assert J.dtype == dtype and J.shape == tuple(sizes[letter] for letter in pattern)
    for index in np.ndindex(J.shape):
        at = {}
        meets = all(at.setdefault(letter, i) == i for letter, i in zip(pattern, index, strict=True))
        assert J[index] == (values[tuple(at[letter] for letter in core)] if meets else 0)


def test_as_numbers():
    floats = np.ones(3)
    assert jac.as_numbers(floats, "x") is floats
    assert jac.as_numbers([1, 2], "x").dtype == jac.as_numbers(True, "x").dtype == np.float64
    for wrong in ("1", None, 1j, [[1], [1, 2]], [object()], {"a": 1}, np.array(["2020"], "M8")):
        with pytest.raises(NumberError, match=r"^x must"):
            jac.as_numbers(wrong, "x")


def test_a_size_is_told_in_figures_up_to_a_nonillion_bytes():
    with pytest.raises(TooBig, match=r"^J is far over the limit of 1\.1 GB: "):
        jac.check_size((10**15, 2 * 10**14), "J")  # 1.6e30 bytes
    with pytest.raises(TooBig, match=r"^J of shape \(1000.*, 10\) has 100,000,.* entries"):
        jac.check_size((10**28, 10), "J")  # 8e29 bytes
    jac.check_size((2**27,), "J")  # 2^30 bytes are not too many yet
    with pytest.raises(TooBig, match="134,217,729 entries"):
        jac.check_size((2**27 + 1,), "J")


@pytest.mark.parametrize("count, text", [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (34_359_738_368, "34.4 GB"),
    (1.2e15, "1.2 PB"), (5e18, "5,000.0 PB")])
def test_bytes_as_a_person_says_them(count, text):
    assert jac.bytes_text(count) == text
