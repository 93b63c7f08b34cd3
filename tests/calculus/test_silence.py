"""A function that prints is measured in silence, and what another thread prints is not touched."""

import sys
import threading

import numpy as np
import pytest

from helpers import (
    OPERATIONS,
    Derivative,
    Operation,
    check_gradients,
    numerical_gradient,
    numerical_hessian,
    numerical_jacobian,
)
from helpers.calculus.silence import silent
from helpers.calculus.slopes import derivative_along, slopes, slopes_at

x = np.array([1.0, 2.0, 3.0])


def loud(u):
    print("loud", u)
    sys.stdout.writelines(["and ", "louder"])
    return u**2


def real(u):
    """One number, by differences alone: it takes no complex step."""
    print("loud", u)
    return float(u[0])**2 + 3.0 * float(u[0]) * float(u[1])


ROW = Operation(name="loud", axes="n -> n", inputs=("u",), forward=loud, latex="u^2",
                numpy="u**2", derivatives={"u": Derivative(
                    vjp=lambda G, u: 2 * u * G, jvp=lambda du, u: 2 * u * du, full="n -> n n",
                    core=lambda u: 2 * u, entry="", latex="", numpy="", jvp_latex="",
                    jvp_numpy="", why="")})


@pytest.mark.parametrize("measure, found", [
    (lambda: numerical_jacobian(loud, x), np.diag(2 * x)),
    (lambda: slopes(loud, x).J, np.diag(2 * x)),
    (lambda: slopes_at(loud, [x])[0].J, np.diag(2 * x)),
    (lambda: derivative_along(loud, x, np.eye(3)).J, np.diag(2 * x)),
    (lambda: numerical_gradient(lambda u: loud(u).sum(), x), 2 * x),
    (lambda: numerical_gradient(real, x), [8, 3, 0]),
    (lambda: numerical_hessian(real, x), [[2, 3, 0], [3, 0, 0], [0, 0, 0]]),
    (lambda: check_gradients(loud, lambda G, u: (print("back"), 2 * u * G)[1], x)[0].judgement.got
     / check_gradients(np.copy, lambda G, u: G, x)[0].judgement.got, 2 * x),
    (lambda: check_gradients(ROW, x).passed, True)])
def test_nothing_is_printed(measure, found, capsys):
    before = sys.stdout
    np.testing.assert_allclose(measure(), found, atol=1e-5)
    assert capsys.readouterr().out == "" and sys.stdout is before
    assert "loud" not in OPERATIONS


def test_another_thread_is_heard_while_the_main_one_is_silent(capsys):
    with silent():
        print("main")
        other = threading.Thread(target=lambda: (print("other"), sys.stdout.writelines(["too\n"])))
        other.start()
        other.join()
        assert sys.stdout.encoding and not sys.stdout.isatty()
    assert capsys.readouterr().out == "other\ntoo\n"


def test_what_is_measured_beside_the_main_thread_exchanges_no_stream(capsys):
    before, seen = sys.stdout, []

    def watching(u):
        seen.append(sys.stdout)
        print("heard")
        return u**2

    for call in (lambda: numerical_jacobian(watching, x),
                 lambda: check_gradients(watching, lambda G, u: 2 * u * G, x)):
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        assert {*seen} == {before} and "heard" in capsys.readouterr().out
