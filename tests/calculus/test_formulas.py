"""The formulas that students read are true: the NumPy lines run, and the LaTeX can be shown.

The line of NumPy for Y is also an independent oracle: derived by a complex step and by HIPS
autograd, which share no code with the derivatives in the table.
"""

import re
import warnings

import numpy as np
import pytest
from latex2mathml.converter import convert

from helpers import OPERATIONS, relative_error
from helpers.calculus.complex_step import Stepped
from helpers.calculus.latex import typewriter
from tests.amount import SOAK
from tests.calculus.cases import (
    calls,
    evaluate,
    every_operation,
    example,
    in_course,
    names,
    on_random_calls,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import autograd
    import autograd.numpy as anp

BEYOND_ORACLES = {"gelu"}  # math.erf takes no complex numbers and no numbers that autograd follows


def forward(call, library=np):
    """The line of NumPy for Y as a function of the inputs."""
    formulas = call.op.formulas_at(call.ndim, **call.parameters)[call.op.output]

    def run(*inputs):
        values = names(call, library) | dict(zip(call.op.inputs, inputs, strict=True))
        return evaluate(formulas["numpy"], call.op.where, values)

    return run


def complex_step(f, inputs, place):
    """∂f/∂input as Im f(x + ih)/h: exact to rounding, for there is no difference to cancel."""
    step, x = 1e-200, inputs[place]
    columns = []
    for index in np.ndindex(x.shape):
        moved = x.astype(complex)
        moved[index] += 1j * step
        Y = f(*inputs[:place], moved.view(Stepped), *inputs[place + 1:])
        columns.append(np.asarray(Y).view(np.ndarray).imag / step)
    return np.moveaxis(np.array(columns).reshape(*x.shape, *np.shape(columns[0])),
                       range(x.ndim), range(-x.ndim, 0)) if x.ndim else np.array(columns[0])


@on_random_calls()
def test_numpy_lines_give_what_the_operation_gives(op, data):
    call = data.draw(calls(op, least=1))
    formulas = op.formulas_at(call.ndim, **call.parameters)
    G = call.like(call.Y)
    values = names(call, G=G)
    with np.errstate(all="ignore"):
        Y = evaluate(formulas[op.output]["numpy"], op.where, values)
        assert_near(np.broadcast_to(Y, call.Y.shape), call.Y, 1)
        if op.output not in op.inputs:
            values[op.output] = call.Y
        for wrt in op.derivatives:
            x, D = call.input(wrt), call.like(call.input(wrt))
            dX = evaluate(formulas[wrt]["numpy"], op.where, values)
            dY = evaluate(formulas[wrt]["jvp_numpy"], op.where, {**values, f"d{wrt}": D})
            ways = dict(wrt=wrt, **call.parameters)
            assert_near(np.broadcast_to(dX, x.shape), op.vjp(G, *call.inputs, **ways), G)
            assert_near(np.broadcast_to(dY, call.Y.shape), op.jvp(D, *call.inputs, **ways), D)


def assert_near(found, right, scale):
    np.testing.assert_allclose(found, right, rtol=1e-10, atol=1e-11 * np.sum(np.abs(scale)))


@every_operation
@pytest.mark.parametrize("seed", range(5))
def test_jacobian_is_that_of_a_complex_step(op, seed):
    if op.name in BEYOND_ORACLES or (seed and not SOAK and not in_course(op)):
        return
    call = example(op, seed)
    f = forward(call)
    for place, wrt in enumerate(op.inputs):
        right = complex_step(f, call.inputs, place)
        assert relative_error(op.jacobian(*call.inputs, wrt=wrt, **call.parameters), right) < 1e-12


@every_operation
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.filterwarnings("ignore")
def test_jacobian_and_vjp_are_those_of_autograd(op, seed):
    if op.name in BEYOND_ORACLES or (seed and not SOAK and not in_course(op)):
        return
    call = example(op, seed)
    f, G = forward(call, anp), call.like(call.Y)
    for place, wrt in enumerate(op.inputs):
        right = autograd.jacobian(f, place)(*call.inputs)
        full = op.jacobian(*call.inputs, wrt=wrt, **call.parameters)
        assert relative_error(full, np.reshape(right, full.shape)) < 1e-12
        pull, _ = autograd.make_vjp(f, place)(*call.inputs)
        assert relative_error(op.vjp(G, *call.inputs, wrt=wrt, **call.parameters), pull(G)) < 1e-12


def variants(op):
    """The formulas of an operation at parameters where they read differently."""
    yield op.formulas
    for name, (low, high) in op.ranges.items():
        middle = (low + high) / 2 if isinstance(op.parameters[name], float) else low
        for value in {low, middle, high}:
            yield op.formulas_at(**{name: value})


@every_operation
def test_latex_can_be_shown_and_texts_are_one_line(op):
    for formulas in variants(op):
        assert set(formulas) == {op.output, *op.inputs}
        for place, texts in formulas.items():
            wanted = {"latex", "numpy", "where"}
            if place != op.output:
                wanted |= {"entry", "jvp_latex", "jvp_numpy", "why"}
            assert set(texts) - {"derivation"} == wanted
            for key, text in texts.items():
                if key in ("where", "derivation"):
                    continue
                assert text.strip() and "\n" not in text and "@}" not in text
                if "latex" in key or key == "entry":
                    assert not re.search(r"\\[a-zA-Z]+", convert(text)), text
                    assert r"\mathbb" not in text.replace(r"\mathbb{1}", "")
            assert len(texts["numpy"]) <= 100
            assert len(texts.get("why", "")) <= 100


@every_operation
def test_a_derivation_of_the_row_s_own_can_be_shown_and_ends_with_its_line(op):
    for wrt in op.derivatives:
        texts = op.formulas[wrt]
        for title, latex in texts.get("derivation", ()):
            assert title and convert(latex).startswith("<math")
            if title == "NumPy":
                assert latex == typewriter(f"d{wrt} = {texts['numpy']}")


def test_formulas_follow_parameters():
    assert OPERATIONS["relu"].formulas["X"]["numpy"] == "G * (X > 0)"
    assert OPERATIONS["relu"].formulas_at(at_zero=1)["X"]["numpy"] == "G * (X >= 0)"
    assert OPERATIONS["relu"].formulas_at(at_zero=0.5)["X"]["numpy"] == "G * np.heaviside(X, 0.5)"
    assert OPERATIONS["relu"].formulas["X"]["latex"].endswith(r"= G \odot \mathbb{1}(X>0)")
    assert OPERATIONS["relu"].formulas_at(at_zero=1)["X"]["latex"].endswith(r"\mathbb{1}(X\ge 0)")
    assert r"\sum_{n} X_{nh}" in OPERATIONS["sum"].formulas["Y"]["latex"]
    assert r"\sum_{h} X_{nh}" in OPERATIONS["sum"].formulas_at(axis=1)["Y"]["latex"]
    assert "{N-1}" in OPERATIONS["batchnorm"].formulas_at(ddof=1)["X"]["latex"]


def test_formulas_say_what_their_names_stand_for():
    where = OPERATIONS["batchnorm"].formulas["X"]["where"]
    assert list(where) == ["Xc", "s", "Xhat"]
    assert OPERATIONS["batchnorm"].formulas["beta"]["where"] == {}
    assert OPERATIONS["affine"].formulas["Y"]["where"] == {}


def test_the_label_of_the_only_class_is_0():
    op = OPERATIONS["softmax_cross_entropy"]
    for seed in range(20):
        _, drawn = op.example(np.random.default_rng(seed), {"n": 3, "k": 1}, 2)
        assert drawn["labels"].tolist() == [0, 0, 0]


def test_labels_may_be_probabilities():
    random, op = np.random.default_rng(6), OPERATIONS["softmax_cross_entropy"]
    Z = random.standard_normal((3, 4))
    T = random.dirichlet(np.ones(4), 3)
    P = np.exp(Z) / np.exp(Z).sum(1, keepdims=True)
    assert op(Z, labels=T) == pytest.approx(-(T * np.log(P)).sum() / 3)
    np.testing.assert_allclose(op.jacobian(Z, labels=T), (P - T) / 3, atol=1e-14)
    np.testing.assert_allclose(op.vjp(2.0, Z, labels=T), 2 * (P - T) / 3, atol=1e-14)
    T *= 1 + 8e-6  # as far as rounded numbers may miss 1
    right = (P * (1 + 8e-6) - T) / 3
    np.testing.assert_allclose(op.jacobian(Z, labels=T), right, rtol=1e-9, atol=1e-12)
    assert op(Z, labels=T) == pytest.approx(-(T * np.log(P)).sum() / 3, rel=1e-12)
