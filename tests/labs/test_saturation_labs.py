"""What the labs about saturation say, counted again by hand; what legends of pictures name."""

import numpy as np
import pytest

from helpers.labs.activation import ActivationLab
from helpers.labs.chain import ChainRuleLab
from helpers.labs.dead_relu import DeadReluLab
from helpers.labs.depth import DepthLab
from helpers.labs.hessian import HessianLab
from helpers.pictures.live import Look
from helpers.words import rounded


def rows(lab):
    """The cells of the lab's table, by the name of the row."""
    table = next(one for one in lab.state["readouts"] if one["kind"] == "table")
    return {row[0]: dict(zip(table["columns"], row, strict=True)) for row in table["rows"]}


@pytest.mark.parametrize("x, decimals, text", [
    (-2.05, 2, "−2.05"), (-0.00001, 4, "0.0000"), (3, 1, "3.0"), (-1e-3, 4, "−0.0010")])
def test_a_true_minus_and_no_minus_zero(x, decimals, text):
    assert rounded(x, decimals) == text


@pytest.mark.parametrize("mean, spread, threshold", [(0, 1, 0.05), (1.5, 2, 0.1), (-3, 0.5, 0.3)])
def test_the_saturated_share_of_the_batch(mean, spread, threshold):
    lab = ActivationLab(units=("sigmoid", "tanh", "ReLU"), mean=mean, spread=spread,
                        threshold=threshold, x=-2.0)
    batch = mean + spread * np.random.default_rng(0).standard_normal(1000)
    s = 1 / (1 + np.exp(-batch))
    slopes = {"sigmoid": s * (1 - s), "tanh": 1 - np.tanh(batch) ** 2, "ReLU": batch > 0}
    found = rows(lab)
    for name, slope in slopes.items():
        assert found[name]["batch saturated"] == f"{100 * np.mean(slope < threshold):.1f} %"
        assert found[name]["mean |f′|"] == f"{np.mean(slope):.4f}"
    assert found["tanh"]["f(x)"] == "−0.9640" and found["tanh"]["f′(x)"] == "0.0707"
    assert found["sigmoid"]["values"] == "0\xa0…\xa01" and found["tanh"]["zero-centred?"] == "yes"
    assert "at x = −2.00" in repr(lab)


@pytest.mark.parametrize("Lab", [ActivationLab, DepthLab])
@pytest.mark.parametrize(("units", "shown"), [
    (("sigmoid", "tanh"), set()), (("sigmoid", "leaky ReLU"), {"alpha"}), (("PReLU",), {"alpha"}),
    (("ReLU", "ELU", "GELU"), {"at_zero", "elu_alpha"}), (("SiLU", "maxout"), {"w1", "b1", "w2",
                                                                              "b2"})])
def test_a_unit_has_its_own_sliders(Lab, units, shown, undrawn):
    own = {"alpha", "elu_alpha", "at_zero", "w1", "b1", "w2", "b2"}
    shown = shown if Lab is ActivationLab else shown & {"alpha"}
    assert own & {spec["name"] for spec in Lab(units=units).state["controls"]} == shown


def test_the_slope_at_0_is_the_one_chosen():
    lab = ActivationLab(units="relu", x=0, at_zero=0.3)
    assert rows(lab)["ReLU"]["f′(x)"] == "0.3000"
    assert "passes on 0.3000" in lab.state["readouts"][0]["text"]


def test_the_depth_lab_says_who_vanishes_explodes_and_dies():
    assert rows(DepthLab())["sigmoid"]["so it has"] == "vanished"
    assert rows(DepthLab(scale=2))["ReLU"]["so it has"] == "exploded"
    died = rows(DepthLab(bias=-1))["ReLU"]
    assert (died["died"], died["left after 30 layers"]) == ("5 of 5", "0")
    assert "bias −1.0" in repr(DepthLab(bias=-1))


def test_the_dead_relu_lab_says_who_comes_back():
    found = rows(DeadReluLab(push=-2.0, steps=40))
    assert [found[kind]["silent at start"] for kind in ("ReLU", "leaky ReLU", "ELU")] == ["11"] * 3
    assert (found["ReLU"]["silent now"], found["ReLU"]["dead now"]) == ("11", "11")
    for kind in ("leaky ReLU", "ELU", "softplus"):
        assert int(found[kind]["silent now"]) < 11 and found[kind]["dead now"] == "0"
    assert "bias pushed to −2.0" in repr(DeadReluLab())


def named(figure):
    """All that the legends of a picture name."""
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    return {text.get_text() for legend in legends if legend for text in legend.get_texts()}


def test_legends_name_all_that_is_drawn():
    assert {"sigmoid", "at your x, with tangent", "saturated", "threshold"} == named(
        ActivationLab(units="sigmoid").figure())
    assert "slope chosen at 0" in named(ActivationLab(units="ReLU").figure())
    assert {"on", "off, gradient", "off, no gradient", "dead unit"} <= named(DeadReluLab().figure())
    assert named(ChainRuleLab().figure()) == {
        "true change", "by the Jacobian", "error", "the point", "true grid",
        "grid by the Jacobian", "Δx before halving", "error at this Δx"}
    assert named(HessianLab().figure()) == {
        "step d", "gradient × 0.25", "line of d", "curves up", "curves down", "f along d",
        "first order", "second order", "f at x and x + d"}


@pytest.mark.parametrize("settings", [{}, {"second": "sine warp"}])
def test_on_a_projector_the_planes_of_a_chain_are_large_and_have_named_axes(settings):
    lab = ChainRuleLab(**settings)
    view = lab.study(lab.settings)
    lab._picture.frame(lab.still(view), Look(680, 1.0, False, 440), view)
    planes = [axes for axes in lab._picture._figure.axes if axes.get_aspect() == 1]
    assert len(planes) == len(view["values"]) + 1  # and the magnified one
    for axes in planes:
        assert min(axes.get_window_extent().size) > 110
        assert axes.get_xlabel().endswith("₀") and axes.get_ylabel().endswith("₁")
