"""Output units and their losses: gradients against differences and against the table."""

import numpy as np
import pytest

from helpers import OPERATIONS, numerical_jacobian, relative_error
from helpers.labs.output_loss import study as out

TWO = {"classes": "two", "z": -6.0, "y": 1, "squared": "(p − y)²", "eta": 1.0, "steps": 30}
SOFT = TWO | {"classes": "softmax", "k": 3, "label": 1, "z1": -4.0, "z2": 4.0, "z3": 1.0}


@pytest.mark.parametrize("factor", [1.0, 0.5])
@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("z", [-6.0, -0.4, 0.3, 0.8, 5.0])
def test_gradients_are_those_of_the_losses(z, y, factor):
    scores = np.full(3, z)
    J = numerical_jacobian(lambda z: out.losses(z, y, factor), scores)
    assert np.allclose(np.diag(J), out.gradients(scores, y, factor), atol=1e-9)


@pytest.mark.parametrize("y", [0.0, 1.0])
@pytest.mark.parametrize("z", [-7.0, 0.3, 4.0])
def test_two_classes_agree_with_the_table(z, y):
    op = OPERATIONS["sigmoid_cross_entropy"]
    assert out.losses(np.full(3, z), y, 1.0)[0] == pytest.approx(op([z], labels=[y]), rel=1e-12)
    assert out.gradients(np.full(3, z), y, 1.0)[0] == pytest.approx(
        op.vjp(1.0, [z], labels=[y]).item(), rel=1e-9)
    squared = OPERATIONS["squared_error"]
    p = OPERATIONS["sigmoid"]([z])
    slope = OPERATIONS["sigmoid"].vjp(squared.vjp(1.0, p, target=[y]), [z]).item()
    assert out.gradients(np.full(3, z), y, 1.0)[1] == pytest.approx(slope, rel=1e-9)
    assert out.gradients(np.full(3, z), y, 0.5)[1] == pytest.approx(slope / 2, rel=1e-9)


@pytest.mark.parametrize("factor", [1.0, 0.5])
@pytest.mark.parametrize("label", [0, 2])
def test_many_classes(label, factor):
    z = np.array([1.2, -0.7, 0.4, 2.0])
    Z = np.stack([z, z])
    J = numerical_jacobian(lambda Z: out.soft_losses(Z, label, factor), Z)
    entropy, squared = out.soft_gradients(Z, label, factor)
    assert relative_error(entropy, J[0, 0]) < 1e-8 and relative_error(squared, J[1, 1]) < 1e-8
    op = OPERATIONS["softmax_cross_entropy"]
    assert relative_error(entropy, op.vjp(1.0, z[None], labels=[label])[0]) < 1e-12
    assert relative_error(entropy, OPERATIONS["softmax"](z) - np.eye(4)[label]) < 1e-12


def test_from_a_very_wrong_score_only_cross_entropy_gets_home():
    view = out.study(TWO)
    entropy, squared, clipped = view["track"]
    assert entropy[-1] > 0.95 and squared[-1] < 0.005 and (clipped == 0).all()
    assert abs(view["gradient"][0] / view["gradient"][1]) > 200 and view["gradient"][2] == 0
    entropy, squared = out.study(SOFT)["track"]
    assert entropy[-1] > 0.95 and squared[-1] < 0.005


def test_the_other_label_is_the_mirror_image():
    one, other = out.study(TWO), out.study(TWO | {"y": 0, "z": 6.0})
    assert np.allclose(one["track"][:2], other["track"][:2])
    assert np.allclose(one["gradient"][:2], -other["gradient"][:2])


def test_the_clipped_line_moves_inside_alone():
    steps = out.study(TWO | {"z": 0.5, "eta": 0.1})["track"][2]
    assert steps[0] == 0.5 and steps[-1] > 0.99
    slopes = out.curves(1.0, 1.0)[1][2]
    assert np.isnan(slopes[out.SCORES == 0]) and (slopes[out.SCORES < 0] == 0).all()


def test_a_race_of_no_steps_and_a_class_that_is_gone():
    assert out.study(TWO | {"steps": 0})["track"].shape == (3, 1)
    assert out.study(SOFT | {"k": 2, "label": 5})["target"] == 1


def test_scores_that_are_far_apart_overflow_nothing():
    Z = np.array([[900.0, -900.0, 0.0]] * 2)
    assert out.soft_losses(Z, 0, 1.0).tolist() == [0, 0]
    assert out.soft_losses(Z, 1, 0.5).tolist() == [1800, 1]
