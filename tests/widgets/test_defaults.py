"""What is not said is as the documentation has it: a bare call makes what the whole one makes."""

import numpy as np
import pytest

import helpers
from tests.page import browser

X = np.array([[1.0, -2.0, 0.5], [0.5, 3.0, 2.0]])
SINE = (np.sin, lambda G, X: G * np.cos(X), X)

SAME = [
    (lambda: helpers.JacobianExplorer(), lambda: helpers.JacobianExplorer(
        "relu", n=3, h=4, wrt="X", layout="numerator", mode="tiles", seed=0, derives=False,
        at_zero=0.0, imagined={"n": 64, "h": 1024})),
    (lambda: helpers.JacobianExplorer("affine", X, np.ones((3, 2)), [1, 2]),
     lambda: helpers.JacobianExplorer("affine", X, np.ones((3, 2)), [1, 2], wrt="X", seed=0)),
    (lambda: helpers.GraphStepper(), lambda: helpers.GraphStepper(
        "(x + y) * z", x=-2, y=5, z=-4, step=0, quiz=False, fuse=())),
    (lambda: helpers.GraphStepper("x*y", y=3), lambda: helpers.GraphStepper("x*y", x=1, y=3)),
    (lambda: helpers.BatchNormLab(), lambda: helpers.BatchNormLab(
        seed=0, eps=1e-5, ddof=0, mode="training", feature=0, parts=3, path=1, step=10)),
    (lambda: helpers.BatchNormLab(X), lambda: helpers.BatchNormLab(
        X, [1, 1, 1], [0, 0, 0], mean=X.mean(0), var=X.var(0), seed=0)),
    (lambda: helpers.OrderPuzzle(), lambda: helpers.OrderPuzzle(1, "numerator", seed=0)),
    (lambda: helpers.TensorView(np.ones((2, 3, 2))), lambda: helpers.TensorView(
        np.ones((2, 3, 2)), 2, None, "∂Y/∂X", "tiles")),
    (lambda: helpers.EditableArray(X), lambda: helpers.EditableArray(X, "X", "n h")),
    (lambda: helpers.GradientDoctor(*SINE),
     lambda: helpers.GradientDoctor(*SINE, wrt="x", seed=0, mode="tiles"))]


def shown(widget):
    return {key: value for key, value in widget.state.items() if key != "applied"}, repr(widget)


@pytest.mark.parametrize(("bare", "whole"), SAME)
def test_a_bare_call_makes_what_the_whole_one_makes(bare, whole):
    one, other = bare(), whole()
    assert shown(one) == shown(other) and one.cell() == other.cell()
    assert one.last_error is None and one.state["error"] == ""


@pytest.mark.parametrize(("make", "array"), [
    (helpers.JacobianExplorer, lambda one: one.inputs["X"]),
    (helpers.BatchNormLab, lambda one: one.arrays["X"]),
    (helpers.BatchNormLab, lambda one: one.arrays["G"]),
    (helpers.JacobianExplorer, lambda one: one.G),
    (helpers.OrderPuzzle, lambda one: np.array([c["shape"] for c in one.state["cards"]])),
    (lambda seed: helpers.GradientDoctor(*SINE, seed=seed),
     lambda one: np.frombuffer(one.state["upstream"]["G"]["values"]))])
def test_a_seed_decides_the_numbers(make, array):
    seen = [array(make(seed=seed)) for seed in (0, 1, 2, 0)]
    assert np.array_equal(seen[0], seen[3])
    assert not np.array_equal(seen[0], seen[1]) and not np.array_equal(seen[1], seen[2])


@pytest.mark.parametrize(("make", "kind", "array"), [
    (helpers.JacobianExplorer, "random", lambda one: np.stack([one.inputs["X"], one.G])),
    (helpers.BatchNormLab, "random", lambda one: np.stack([one.arrays["X"], one.arrays["G"]])),
    (lambda seed=0: helpers.GradientDoctor(*SINE, seed=seed), "again",
     lambda one: np.frombuffer(one.state["upstream"]["G"]["values"]))])
def test_another_drawing_is_that_of_the_next_seed(make, kind, array):
    widget = make()
    for seed in (1, 2):
        browser(widget, {"kind": kind})
        assert np.array_equal(array(widget), array(make(seed=seed)))
