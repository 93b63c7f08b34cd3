"""A function that prints is measured in silence, and what another thread prints is not touched."""

import contextlib
import io
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
from helpers.calculus.silence import QUIET, silent
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


def test_a_silence_inside_another_one_ends_with_the_outer_one(capsys):
    with silent():
        with silent():
            print("inner")
        print("outer")
    print("after")
    assert capsys.readouterr().out == "after\n"


def test_threads_that_end_in_another_order_leave_the_stream_as_it_was(capsys):
    before, first, second = sys.stdout, threading.Event(), threading.Event()

    def early():
        with silent():
            first.set()
            second.wait(10)

    thread = threading.Thread(target=early)
    thread.start()
    first.wait(10)
    with silent():  # begins second and ends last
        second.set()
        thread.join()
        print("unheard")
    print("heard")
    assert sys.stdout is before and capsys.readouterr().out == "heard\n"


def test_who_takes_the_stream_meanwhile_and_puts_it_back_later_harms_nobody(capsys):
    before, taken = sys.stdout, io.StringIO()
    with silent():
        during = contextlib.redirect_stdout(taken)
        during.__enter__()
    print("taken")
    during.__exit__(None, None, None)  # puts back what stood there in the silence
    print("heard")
    with silent():
        print("unheard")
    assert sys.stdout is before or sys.stdout.stream is before
    sys.stdout = before
    assert taken.getvalue() == "taken\n" and capsys.readouterr().out == "heard\n"


@pytest.mark.parametrize("raises", [ValueError, KeyboardInterrupt])
def test_an_error_ends_the_silence(raises, capsys):
    with pytest.raises(raises), silent():
        raise raises
    print("heard")
    assert capsys.readouterr().out == "heard\n" and QUIET == {}


def test_beside_the_main_thread_it_is_as_silent(capsys):
    """There the widgets' callbacks run, where the kernel has a thread for them."""
    calls = [lambda: numerical_jacobian(loud, x),
             lambda: check_gradients(loud, lambda G, u: 2 * u * G, x)]
    for call in calls:
        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
    assert capsys.readouterr().out == ""
