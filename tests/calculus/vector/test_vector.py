"""Gradients, Hessians, vec, chains and the table of maps, against differences and each other."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import OPERATIONS, numerical_jacobian, relative_error
from helpers.calculus.errors import (
    NumberError,
    ShapeError,
    TooBig,
    UnknownInput,
    UnknownLayout,
    UnknownOperation,
    UnknownParameter,
)
from helpers.calculus.vector.chain import compose
from helpers.calculus.vector.derivatives import (
    SCALES,
    by_complex_step,
    commutation,
    gradient,
    hessian,
    log_slope,
    mixed_partials,
    numerical_gradient,
    numerical_hessian,
    prediction_errors,
    quadratic_hessian,
    second_differences,
    unvec,
    vec,
    vec_jacobian,
)
from helpers.calculus.vector.maps import MAPS, map_of
from helpers.calculus.vector.surfaces import SURFACES, surface_of

SIZES = st.integers(1, 4)


def points(row, count=20, seed=0):
    """Seeded points in the domain of a map."""
    low, high = np.transpose(row.domain)
    return np.random.default_rng(seed).uniform(low, high, (count, row.m))


# --- gradient and Hessian ---


def test_gradient_has_the_shape_of_the_variable():
    W = np.random.default_rng(1).normal(size=(3, 4))
    G = numerical_gradient(lambda W: (W**3).sum(), W)
    assert G.shape == (3, 4) and relative_error(G, 3 * W**2) < 1e-9
    assert numerical_gradient(lambda x: np.array([x @ x]), [1, 2]) == pytest.approx([2, 4])
    assert numerical_gradient(lambda x: x * x, 3.0) == pytest.approx(6)
    with pytest.raises(ShapeError, match=r"shape \(2,\).*numerical_jacobian"):
        numerical_gradient(lambda x: x, [1.0, 2.0])


@given(st.integers(1, 5), st.integers(0, 99))
def test_hessian_of_a_quadratic_is_the_symmetric_part(m, seed):
    random = np.random.default_rng(seed)
    A, b, x = random.normal(size=(m, m)), random.normal(size=m), random.normal(size=m)

    def f(x):
        return 0.5 * x @ A @ x + b @ x

    H = numerical_hessian(f, x)
    np.testing.assert_array_equal(H, H.T)
    np.testing.assert_allclose(H, quadratic_hessian(A), atol=1e-6)
    np.testing.assert_allclose(numerical_gradient(f, x), (A + A.T) @ x / 2 + b, atol=1e-8)


def test_hessian_of_a_function_of_a_matrix():
    X = np.random.default_rng(2).normal(size=(2, 3))
    H = numerical_hessian(lambda X: np.exp(X).sum() + X[0, 1] * X[1, 2], X)
    assert H.shape == (2, 3, 2, 3)
    right = np.diag(np.exp(X).ravel()).reshape(H.shape)
    right[0, 1, 1, 2] += 1
    right[1, 2, 0, 1] += 1
    np.testing.assert_allclose(H, right, atol=1e-6)


@pytest.mark.parametrize("height, most", [(0, 1e-10), (1e6, 2e-5), (1e8, 1e-3)])
def test_a_hessian_by_differences_alone_takes_the_steps_that_rounding_leaves(height, most):
    """Between f and 2⁻⁵² of its height: with narrower steps it would be off by 0.5 at 1e8."""
    def f(x):
        return np.float64(height + math.sin(x[0]) * math.exp(x[1]))

    x = np.array([0.7, -0.3])
    s, c, e = math.sin(0.7), math.cos(0.7), math.exp(-0.3)
    H = second_differences(f, x, f(x))
    np.testing.assert_allclose(H, [[-s * e, c * e], [c * e, s * e]], rtol=0, atol=most)
    assert H[0, 1] == H[1, 0]


def test_a_gradient_by_complex_steps_or_none():
    x = np.array([0.3, -0.7])
    np.testing.assert_allclose(by_complex_step(lambda u: np.sin(u[0]) * u[1], x),
                               [np.cos(0.3) * -0.7, np.sin(0.3)], rtol=1e-12)
    with pytest.raises(NumberError, match="takes a complex step at x, but not beside it"):
        by_complex_step(lambda u: np.float64(math.sin(u[0])), x)
    with pytest.raises(TypeError, match="a complex step of a complex step"):
        by_complex_step(lambda u: u[0], x + 0j)


def test_hessian_keeps_x_and_refuses_what_makes_no_sense():
    x = np.array([1.0, 2.0])

    def in_place(x):
        x *= x
        return x.sum()

    np.testing.assert_allclose(numerical_hessian(in_place, x), 2 * np.eye(2), atol=1e-6)
    np.testing.assert_array_equal(x, [1, 2])
    assert numerical_hessian(np.sin, 1.0) == pytest.approx(-np.sin(1), abs=1e-6)
    with pytest.raises(ShapeError, match="Hessian is that of one number"):
        numerical_hessian(lambda x: x, x)
    with pytest.raises(TooBig, match=r"This Hessian .* smaller x"):
        numerical_hessian(np.sum, np.zeros(20_000))
    with pytest.raises(NumberError, match="numerical_hessian: f must be a function of one array"):
        numerical_hessian(x, x)
    with pytest.raises(ShapeError, match="square"):
        quadratic_hessian(np.ones((2, 3)))


@pytest.mark.parametrize("name", SURFACES)
def test_surfaces_are_right_everywhere(name):
    surface = SURFACES[name]
    for x in [*np.random.default_rng(3).uniform(*surface.box, (20, 2)), surface.start]:
        assert relative_error(surface.gradient(x), numerical_gradient(surface, x)) < 1e-7
        H = surface.hessian(x)
        np.testing.assert_allclose(H, mixed_partials(surface.gradient, x), atol=1e-7)
        if np.any(x):
            np.testing.assert_allclose(H, H.T, atol=1e-12)
            np.testing.assert_allclose(H, numerical_hessian(surface, x), atol=1e-4)
    grid = np.random.default_rng(4).uniform(*surface.box, (2, 3, 5))
    assert surface(grid).shape == (3, 5)
    assert surface(grid)[1, 2] == pytest.approx(float(surface(grid[:, 1, 2])))


def test_own_formulas_come_first():
    peano, x = surface_of("Peano's twist"), np.zeros(2)
    assert hessian(peano, x)[0, 1] == -1  # measured once for both orders, it would be 0
    np.testing.assert_array_equal(gradient(peano, x), x)
    assert peano(x) == 0
    np.testing.assert_allclose(hessian(lambda x: x @ x, x), 2 * np.eye(2), atol=1e-6)
    np.testing.assert_allclose(gradient(lambda x: x @ x, [1.0, 2]), [2, 4], atol=1e-9)


def test_peano_alone_is_not_symmetric_and_only_at_the_origin():
    H = mixed_partials(surface_of("Peano's twist").gradient, np.zeros(2))
    np.testing.assert_allclose(H, [[0, -1], [1, 0]], atol=1e-9)
    with pytest.raises(UnknownOperation, match="no surface 'hat'"):
        surface_of("hat")


# --- vec ---


@given(SIZES, SIZES)
def test_the_permutation_between_the_two_orders(rows, columns):
    X = np.random.default_rng(5).normal(size=(rows, columns))
    K = commutation(rows, columns)
    np.testing.assert_array_equal(K @ vec(X, "column"), vec(X, "row"))
    np.testing.assert_array_equal(K @ vec(X, "column"), vec(X.T, "column"))
    np.testing.assert_array_equal(K.T @ K, np.eye(rows * columns))
    np.testing.assert_array_equal(K.T, commutation(columns, rows))
    for order in ("row", "column"):
        np.testing.assert_array_equal(unvec(vec(X, order), X.shape, order), X)


@pytest.mark.parametrize("sizes", [(2, -1), (-1, 2), (2, 1.5), (1.5, 2), (True, 2), (2, False)])
def test_a_permutation_is_of_two_sizes(sizes):
    assert commutation(0, 3).shape == commutation(2, np.int64(0)).shape == (0, 0)
    with pytest.raises(NumberError, match="rows and columns are two whole numbers from 0"):
        commutation(*sizes)


@pytest.mark.parametrize("count, shape", [(0, (1, 24)), (1, (2, 12)), (3, (24, 1)), (-1, None),
                                          (4, None), (1.0, None), ("1", None), (6, None)])
def test_a_tensor_as_a_matrix_has_so_many_axes_on_its_left(count, shape):
    J = np.arange(24.0).reshape(2, 3, 4)
    if shape:
        assert vec_jacobian(J, count).shape == vec_jacobian(J, count, "column").shape == shape
    else:
        with pytest.raises(ShapeError, match=r"output_ndim is .* a whole number from 0 to 3"):
            vec_jacobian(J, count)


def test_vec_copies_and_refuses():
    X = np.arange(6.0).reshape(2, 3)
    vec(X)[0] = unvec(vec(X), (2, 3))[0, 0] = 9
    assert X[0, 0] == 0
    assert vec(X, "column").tolist() == [0, 3, 1, 4, 2, 5]
    assert vec(X.astype(np.float32)).dtype == np.float32
    with pytest.raises(UnknownLayout, match='"row" or "column"'):
        vec(X, "C")
    with pytest.raises(UnknownLayout, match='"row" or "column"'):
        vec(X, ["row"])
    with pytest.raises(NumberError, match=r"commutation\(\*W.shape\)"):
        commutation(2.5, -1)
    with pytest.raises(TooBig, match="use vec and unvec"):
        commutation(200, 200)
    with pytest.raises(ShapeError, match="6 entries"):
        unvec(np.zeros(5), (2, 3))


def test_jacobians_in_both_orders_are_kronecker_products():
    random = np.random.default_rng(6)
    A, X, B = (random.normal(size=shape) for shape in ((2, 3), (3, 4), (4, 5)))
    J = numerical_jacobian(lambda X: A @ X @ B, X)
    np.testing.assert_allclose(vec_jacobian(J, 2), np.kron(A, B.T), atol=1e-8)
    column = vec_jacobian(J, 2, "column")
    np.testing.assert_allclose(column, np.kron(B.T, A), atol=1e-8)
    turned = commutation(2, 5) @ column @ commutation(3, 4).T
    np.testing.assert_allclose(turned, vec_jacobian(J, 2), atol=1e-12)


# --- maps and their chains ---


@pytest.mark.parametrize("name", MAPS)
def test_maps_have_the_right_jacobian_in_both_layouts(name):
    row = MAPS[name]
    for x in [*points(row), row.start]:
        x = np.array(x)
        J = row.jacobian(x)
        assert J.shape == (row.n, row.m)
        np.testing.assert_allclose(J, numerical_jacobian(row, x), atol=1e-8)
        np.testing.assert_array_equal(row.jacobian(x, "denominator"), J.T)


@pytest.mark.parametrize("name", MAPS)
def test_maps_take_many_points_and_keep_float32(name):
    row = MAPS[name]
    many = points(row, 6).T.reshape(row.m, 2, 3)
    assert row(many).shape == (row.n, 2, 3)
    np.testing.assert_allclose(row(many)[:, 1, 2], row(many[:, 1, 2]))
    small = many[:, 0, 0].astype(np.float32)
    assert row(small).dtype == row.jacobian(small).dtype == np.float32
    assert row([0.5] * row.m).dtype == row([1] * row.m).dtype == np.float64


def test_a_relu_at_its_kink_has_the_slope_0():
    layer = MAPS["relu layer"]
    at_zero = layer.at(b=np.zeros_like(layer.parameters["b"]))
    assert not at_zero.jacobian(np.zeros(layer.m)).any()
    positive = layer.at(b=np.full_like(layer.parameters["b"], 0.5))
    np.testing.assert_array_equal(positive.jacobian(np.zeros(layer.m)), layer.parameters["W"])


def test_maps_refuse_in_one_line():
    with pytest.raises(ShapeError, match=r"takes 2 numbers, but x has shape \(3,\)"):
        MAPS["polar"]([1, 2, 3])
    with pytest.raises(ShapeError, match=r"takes 2 numbers, but x has shape \(\)"):
        MAPS["polar"](3.0)
    for unknown in (np.nan, np.inf):
        with pytest.raises(NumberError) as caught:
            MAPS["linear"].at(W=np.array([[1.0, unknown], [2, 3]]))
        assert "linear: W must be finite, not [" in str(caught.value)
        assert "\n" not in str(caught.value)
    assert repr(MAPS["polar"]) == "<polar: 2 numbers to 2>"
    with pytest.raises(ShapeError, match="at one point"):
        MAPS["polar"].jacobian(np.zeros((2, 4)))
    with pytest.raises(UnknownParameter, match=r"no parameter 'speed'.*angle"):
        MAPS["rotation"].at(speed=3)
    with pytest.raises(ShapeError, match=r"W has shape \(3, 3\)"):
        MAPS["linear"].at(W=np.eye(3))
    with pytest.raises(NumberError, match="finite"):
        MAPS["rotation"].at(angle=np.nan)
    with pytest.raises(UnknownOperation, match="no map 'circle'"):
        map_of("circle")
    with pytest.raises(UnknownLayout):
        MAPS["polar"].jacobian([1, 2], "sideways")
    np.testing.assert_allclose(MAPS["rotation"].at(angle=90)([1, 0]), [0, 1], atol=1e-15)
    assert isinstance(MAPS["rotation"].at(angle=90).parameters["angle"], float)
    assert MAPS["rotation"].parameters["angle"] == 40


PAIRS = [("polar", "sine warp"), ("linear", "relu layer"), ("matrix to space", "matrix to plane"),
         ("saddle in space", "mix to plane"), ("squash by tanh", "saddle in space")]


@pytest.mark.parametrize("names", PAIRS)
def test_layouts_are_transposes_and_the_order_is_reversed(names):
    chain = compose(*map(map_of, names))
    x = np.array([0.7, 0.4])
    left, right = chain.jacobians(x), chain.jacobians(x, "denominator")
    for J, turned in zip(left, right[::-1], strict=True):
        np.testing.assert_array_equal(J.T, turned)
    np.testing.assert_allclose(chain.jacobian(x), left[0] @ left[1])
    np.testing.assert_allclose(chain.jacobian(x, "denominator"), right[0] @ right[1])
    np.testing.assert_allclose(chain.jacobian(x).T, chain.jacobian(x, "denominator"))
    np.testing.assert_allclose(chain.jacobian(x), numerical_jacobian(chain, x), atol=1e-8)
    np.testing.assert_array_equal(chain.products(x)[0], left[1])
    np.testing.assert_array_equal(chain.products(x, "denominator")[0], right[0])


def test_the_wrong_order_cannot_be_multiplied_when_sizes_differ():
    lift = map_of("saddle in space")
    chain = compose(lift, map_of("matrix to plane"), lift)
    assert [J.shape for J in chain.jacobians([0.3, 0.2])] == [(3, 2), (2, 3), (3, 2)]
    shapes = [J.shape for J in chain.jacobians([0.3, 0.2], "denominator")]
    assert shapes == [(2, 3), (3, 2), (2, 3)]
    assert chain.jacobian([0.3, 0.2]).shape == (3, 2)
    with pytest.raises(ValueError):
        lift.jacobian([0.3, 0.2]) @ lift.jacobian([0.3, 0.2])


def test_chains_of_arrays_operations_and_plain_functions():
    W = np.random.default_rng(7).normal(size=(4, 2))
    X = np.random.default_rng(8).normal(size=(3, 4))
    chain = compose(OPERATIONS["relu"], lambda Y: Y @ W, np.sum)
    assert [J.shape for J in chain.jacobians(X)] == [(3, 2), (3, 2, 3, 4), (3, 4, 3, 4)]
    assert [J.shape for J in chain.jacobians(X, "denominator")] == [
        (3, 4, 3, 4), (3, 4, 3, 2), (3, 2)]
    assert [P.shape for P in chain.products(X)] == [(3, 4, 3, 4), (3, 2, 3, 4), (3, 4)]
    right = (np.ones((3, 2)) @ W.T) * (X > 0)
    np.testing.assert_allclose(chain.jacobian(X), right, atol=1e-8)
    np.testing.assert_allclose(chain.jacobian(X, "denominator"), right, atol=1e-8)
    vector = compose(lambda X: X.sum(1), lambda y: y * y)  # of a matrix a vector, of that another
    np.testing.assert_allclose(
        vector.jacobian(X), 2 * np.einsum("n,nm,h->nmh", X.sum(1), np.eye(3), np.ones(4)))
    assert repr(compose(map_of("polar"), np.sin)) == "<chain: polar then sin>"


def test_compose_refuses_maps_that_do_not_fit():
    with pytest.raises(ShapeError, match="saddle in space gives 3 numbers, but polar takes 2"):
        compose(map_of("saddle in space"), map_of("polar"))
    with pytest.raises(UnknownInput, match="at least one"):
        compose()
    with pytest.raises(UnknownInput, match="functions, not ndarray"):
        compose(np.sin, np.zeros(3))
    with pytest.raises(UnknownOperation, match="no map 'circle'"):
        compose("polar", "circle")
    assert repr(compose("polar", "linear")) == "<chain: polar then linear>"
    with pytest.raises(UnknownLayout):
        compose(np.sin).jacobians([1.0], "both")


# --- how good the predictions are ---


@pytest.mark.parametrize("names", [("polar",), ("sine warp",), *PAIRS[:1], *PAIRS[3:]])
def test_the_error_of_the_jacobian_falls_with_the_square(names):
    chain = compose(*map(map_of, names))
    x, dx = np.array([0.9, 0.6]), np.array([0.05, -0.04])
    y, J = chain(x), chain.jacobian(x)
    sizes, errors = prediction_errors(chain, lambda d: y + J @ d, x, dx, SCALES)
    assert sizes[0] == pytest.approx(np.hypot(*dx))
    assert log_slope(sizes, errors) == pytest.approx(2, abs=0.06)


def test_each_share_is_half_of_the_one_before():
    assert SCALES[0] == 1 and (SCALES[:-1] == 2 * SCALES[1:]).all() and len(SCALES) > 8
    assert log_slope(SCALES, 3 * SCALES**2) == pytest.approx(2)


def test_the_error_with_a_hessian_falls_with_the_cube():
    surface = surface_of("waves")
    x, dx = np.array([0.5, 0.6]), np.array([0.2, -0.1])
    f, g, H = surface(x), surface.gradient(x), surface.hessian(x)
    for order, predict in ((2, lambda d: f + g @ d), (3, lambda d: f + g @ d + d @ H @ d / 2)):
        sizes, errors = prediction_errors(surface, predict, x, dx, SCALES)
        assert log_slope(sizes, errors) == pytest.approx(order, abs=0.1)


def test_a_slope_needs_an_error_for_each_size():
    with pytest.raises(ShapeError, match=r"sizes has shape \(3,\), but errors has shape \(2,\)"):
        log_slope([1, 2, 3], [1, 4])


def test_an_error_at_the_floor_is_rounding():
    sizes = np.array([1.0, 2, 4, 8])
    assert log_slope(sizes, sizes**2, floor=0.5) == pytest.approx(2)
    assert log_slope(sizes, sizes**2, floor=1.0) == pytest.approx(2)  # three are left
    assert math.isnan(log_slope(sizes, sizes**2, floor=4.0))
    bent = np.array([5.0, 4, 16, 64])
    assert log_slope(sizes, bent, floor=4.0) != pytest.approx(2)
    assert math.isnan(log_slope(sizes[1:], bent[1:], floor=4.0))
    assert math.isnan(log_slope([0, 1, 2], [4, 5, 6])) and math.isnan(
        log_slope([1, 2, 3], [4, np.inf, 6]))
    with pytest.raises(ShapeError, match=r"scales must be .* but has shape \(2, 1\)"):
        prediction_errors(np.sin, lambda t: t, [1.0], [0.5], np.ones((2, 1)))


def test_a_slope_needs_three_points_above_rounding():
    assert np.isnan(log_slope([1, 2, 4], [1, 4, 1e-16]))
    assert np.isnan(log_slope([1, 2, 4], [0, 0, 0]))
    assert log_slope([1, 2, 4, 8], [1, 4, 16, np.nan]) == pytest.approx(2)
    assert log_slope([0, 1, 2, 4], [1, 1, 4, 16]) == pytest.approx(2)
