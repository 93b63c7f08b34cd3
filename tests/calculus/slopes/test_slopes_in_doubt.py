"""What slopes say of themselves where f rounds, jumps, loses a part or has no slope."""

import numpy as np
import pytest

from helpers.calculus.slopes import look_at, slopes
from tests.calculus.slopes.test_slopes import diagonal, without_complex


@pytest.mark.parametrize("only", [lambda f: f, without_complex])
def test_slopes_by_columns_that_do_not_add_up_have_no_digits_and_say_so(only):
    """Along each line through 0 a slope, but no derivative; and a kink that no column has alone."""
    w = look_at(only(np.cos), np.zeros(2)).w
    s = slopes(only(lambda x: np.array([np.cbrt((x**3).sum()), x[0] + 2 * x[1]])), [0.0, 0.0])
    np.testing.assert_allclose(s.J, [[1, 1], [1, 2]], rtol=1e-12)
    np.testing.assert_allclose(s.error[0], abs(w.sum() - np.cbrt((w**3).sum())) / abs(w), rtol=1e-6)
    assert s.error[1].max() < 1e-14 and s.kinks == ()
    assert s.troubles[0].startswith("No step gives three digits of the slopes of f[0]: they may")
    s = slopes(only(lambda x: np.abs(x).min()), [0.0, 0.0])
    assert s.J.tolist() == [0, 0] and s.error.tolist() == [np.abs(w).min()] * 2 and s.kinks == ()


def test_where_no_step_gives_three_digits_it_says_so():
    s = slopes(without_complex(np.sin), [1e15])
    assert "No step gives three digits" in s.troubles[0] and s.accuracy > 0.1
    A = 1 / (np.arange(10)[:, None] + np.arange(10) + 1)
    s = slopes(np.linalg.inv, A)
    assert "by a complex step alone" in " ".join(s.troubles)
    assert "No finite slope" in slopes(np.sqrt, [0.0, 1.0]).troubles[0]
    assert "not finite" in slopes(np.log, [0.0, 1.0]).troubles[0]


@pytest.mark.parametrize("columns", [True, False])
def test_slopes_that_cancel_along_the_direction_of_the_test_are_no_trouble(columns):
    """Along w, x0 − x1 or x0 + x1 stands still where two entries of w are alike."""
    w = look_at(without_complex(np.cos), np.linspace(1.01, 1.1, 12)).w
    x = np.linspace(1.01, 1.1, 12)
    first, second = next((i, j) for i in range(12) for j in range(i) if abs(w[i]) == abs(w[j]))
    sign = -np.sign(w[first] * w[second])
    s = slopes(without_complex(lambda x: x[first] + sign * x[second]), x, columns)
    wanted = np.zeros(12)
    wanted[[first, second]] = 1, sign
    np.testing.assert_allclose(s.J, wanted, atol=1e-12)
    assert not s.troubles and s.accuracy < 1e-12


@pytest.mark.parametrize(("name", "f"), [
    ("float32", lambda X: np.asarray(X, np.float32).astype(float) ** 2),
    ("float32 by astype", lambda X: (X.astype(np.float32) ** 2).astype(float)),
    ("float16", lambda X: np.asarray(X, np.float16).astype(float) ** 2),
    ("four decimals", lambda X: np.round(X**2, 4)),
    ("float32 answer", lambda X: np.float32(X) ** 2),
])
def test_rounding_inside_is_found_out(name, f):
    X = np.array([[1.1, 2.3], [-1.7, 0.9]])
    s = slopes(f, X)
    assert "goes in steps" in s.troubles[0]
    assert np.abs(s.J - diagonal(2 * X)).max() <= 5e-3
    assert s.accuracy >= np.abs(s.J - diagonal(2 * X)).max() / 10


def test_the_worst_output_is_told_with_its_number():
    X = np.array([1.1, 2.3])
    s = slopes(lambda X: np.array([np.round(X[0], 4), np.round(X[1], 3)]), X)
    assert s.troubles == (
        "f[1] goes in steps of about 1e-03: it rounds inside, or computes in fewer digits. The "
        f"slopes are those of the smooth function through them, right to within {s.accuracy:.0e}.",)
    assert 1e-3 < s.accuracy < 0.1
    assert slopes(lambda x: np.round(x, 2), 2.3).troubles == (
        "f jumps by about 0.01 beside x: the slopes are those between the jumps.",)
    s = slopes(np.sqrt, [1.0, 4.0, 0.0])
    assert s.troubles == ("No finite slope of f[2] was found at x.",)
    assert slopes(np.sqrt, 0.0).troubles == ("No finite slope of f was found at x.",)
    assert slopes(np.log, [1.0, 0.0]).troubles[0] == "f(x)[1] is not finite."


def test_16_bits_of_sound():
    s = slopes(lambda X: np.round(X * 32767) / 32767, [[0.3, -0.7]])
    assert "goes in steps of about 3e-05" in s.troubles[0]
    assert s.J == pytest.approx(diagonal(np.ones((1, 2))), abs=1e-3)


def test_a_part_that_a_complex_step_loses_is_seen():
    def lost(x):
        kept = np.array(x).real
        return (x**2).sum() + 1e-6 * kept[1]

    s = slopes(lost, [0.5, 2.0])
    assert s.method == "central differences"
    assert s.J == pytest.approx([1, 4 + 1e-6], abs=1e-11)


def test_an_output_that_stays_has_no_error():
    for only in (lambda f: f, without_complex):
        s = slopes(only(lambda x: np.array([x[0] ** 2, 0.0])), [1.5, 2.0])
        assert s.J == pytest.approx(np.array([[3, 0], [0, 0]]), abs=1e-9) and s.accuracy < 1e-9
    s = slopes(lambda x: np.array([3.0, 4.0, 5.0]), [1.5, 2.0])
    assert s.exact and not s.J.any() and s.accuracy == 0 and s.confirmed < 1e-12
    assert not s.troubles


PLACE = np.array([[0.3, -1.7, 0.0], [2.0, -0.02, 5.0]])
ANY = {
    "smooth": np.tanh, "kinks": np.abs, "large": lambda X: X + 1e6,
    "fast": lambda X: np.sin(1e5 * X), "steps": lambda X: np.round(X**2, 4),
    "jump": lambda X: X**2 + 0.1 * (X > 2.003), "root": lambda X: np.sqrt(np.maximum(X, 0)),
    "float32": lambda X: np.asarray(X, np.float32).astype(float) ** 2,
    "lost": lambda X: np.array(X).real * X.sum(),
}


@pytest.mark.parametrize("only", [lambda f: f, without_complex])
@pytest.mark.parametrize("name", ANY)
def test_in_other_units_all_is_the_same(name, only):
    """Powers of two are exact: every bit is the same, of slopes, errors, kinks and verdicts."""
    f = only(ANY[name])
    one = slopes(f, PLACE)
    for by, more in ((2.0**-40, slopes(lambda X: f(X) * 2.0**-40, PLACE)),
                     (2.0**6, slopes(lambda U: f(U * 2.0**6), PLACE / 2.0**6))):
        np.testing.assert_array_equal(more.J / by, one.J)
        np.testing.assert_array_equal(more.error / by, one.error)
        assert [(k.output, k.input, k.left / by, k.right / by) for k in more.kinks] == [
            (k.output, k.input, k.left, k.right) for k in one.kinks]
        assert (more.method, more.accuracy, more.confirmed) == (
            one.method, one.accuracy, one.confirmed)
        assert len(more.troubles) == len(one.troubles)
