"""What labs say in a sentence and where their handles stand, worked out again with plain NumPy."""

import numpy as np
import pytest

from helpers import (
    ActivationLab,
    ChainRuleLab,
    CollapseLab,
    DeadReluLab,
    DepthLab,
    OutputLossLab,
    TrainingCurve,
)
from helpers.calculus.errors import NumberError
from helpers.calculus.vector.maps import MAPS
from helpers.labs.activation import picture as activation
from helpers.labs.dead_relu import picture as dead_relu
from helpers.labs.depth import picture as depth
from tests.page import browser

pytestmark = pytest.mark.usefixtures("undrawn")


def pair(numbers):
    return "(" + ", ".join(f"{x:.4f}" for x in numbers).replace("-", "−") + ")"


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize("second", ["none", "sine warp"])
def test_the_sentence_of_a_chain_is_worked_out(layout, second):
    lab = ChainRuleLab(first="polar", second=second, x=(0.8, 0.5), dx=(0.3, -0.4), shrink=1,
                       layout=layout)
    names = ["polar", "sine warp"][:1 + (second != "none")]
    x, step, J = np.array([0.8, 0.5]), np.array([0.15, -0.2]), np.eye(2)
    before, after = x, x + step
    for name in names:
        J = MAPS[name].jacobian(before) @ J
        before, after = MAPS[name](before), MAPS[name](after)
    true, letter = after - before, "yz"[len(names) - 1]
    assert repr(lab).startswith(
        f"ChainRuleLab: {' then '.join(names)} at x = (0.8000, 0.5000) with Δx = "
        f"(0.1500, −0.2000): true Δ{letter} = {pair(true)}, by the Jacobian {pair(J @ step)}, "
        f"error {np.linalg.norm(true - J @ step):.4f}, which falls with slope 2.0")
    assert repr(lab).endswith(f" on log axes; {layout} layout")
    assert [one["text"] for one in lab.state["readouts"] if one["kind"] == "value"][:2] == [
        "0.2500", f"{np.linalg.norm(true - J @ step):.4f}"]
    told = {("numerator", 1): "row k is the gradient of y[k], shape (2×2).",
            ("denominator", 1): "column k is the gradient of y[k], shape (2×2): the same numbers",
            ("numerator", 2): "the last map stands on the left, (2×2) (2×2).",
            ("denominator", 2): "the first map stands on the left, (2×2) (2×2)."}
    assert told[layout, len(names)] in lab.state["readouts"][-1]["text"]


@pytest.mark.parametrize(("layout", "name", "entry"), [("numerator", "W", (1, 1)),
                                                       ("denominator", "Wᵀ", (2, 1))])
def test_the_sentences_of_a_matrix_that_fills(layout, name, entry):
    lab = ChainRuleLab(mode="entries", layout=layout, filled=6)
    W, v = np.array(lab.settings["W"]), np.array(lab.settings["v"])
    k, i = entry  # the sixth: of rows of four, or of three
    assert repr(lab).endswith(f"W is 3×4, {layout} layout: 6 of 12 derivatives of y = Wx are "
                              "filled in")
    table, only, _, place = lab.state["readouts"]
    assert table["label"] == f"y[{k}] = {W[k] @ v:.4f} is the sum of".replace("-", "−")
    assert table["columns"] == [f"W[{k},{j}]·x[{j}]" for j in range(4)]
    factors = [np.prod([float(x) for x in text.replace("−", "-").split(" · ")])
               for text in table["rows"][0]]
    assert sum(factors) == pytest.approx(W[k] @ v) and table["marked"] == [[0, i]]
    assert f"∂y[{k}]/∂x[{i}] = W[{k},{i}] = {W[k, i]:.4f}".replace("-", "−") in only["text"]
    row, column = (k, i) if layout == "numerator" else (i, k)
    assert f"row {row}, column {column}, because" in place["text"]
    assert ("k is the row" in place["text"]) == (layout == "numerator")
    lab.set(filled=12)
    assert repr(lab).endswith(f"all 12 derivatives of y = Wx are filled in and make {name}")
    lab.set(filled=0)
    assert "y = Wx has 3 entries and x has 4, so there are 12 " in lab.state["readouts"][0]["text"]


def test_a_run_says_where_it_is():
    curve = TrainingCurve()
    assert [one["text"] for one in curve.state["readouts"]] == [
        "0", "–", "–", "Waits for its first step."]
    curve = TrainingCurve(points=((1, 2.0), (1500, 0.25)), planned=20_000)
    assert [one["text"] for one in curve.state["readouts"]] == ["1,500 of 20,000", "0.2500", "–"]
    assert repr(curve) == "TrainingCurve: 1,500 steps, loss 2.0000 → 0.2500"
    view = curve.study(curve.settings)
    assert view["still"] == (20_000, 2) and view["lost"] is None  # room for all that is planned
    for state, said in (("stopped", "Stopped."), ("finished", "Finished."),
                        ("stopping", "Stopping …")):
        curve = TrainingCurve(points=((7, 2.0, 0.5),), state=state)
        assert curve.state["readouts"][-1]["text"] == said
        assert repr(curve).endswith("50.00 %" + ", stopped" * (state == "stopped"))
    with pytest.raises(NumberError, match="must be one of waiting, running, stopping"):
        TrainingCurve(state="lost")
    view = TrainingCurve.study({"points": ((1, np.nan, 0.1), (2, np.nan, None)), "planned": 0,
                                "state": "waiting"})
    assert view["lost"] == 1 and view["still"] == (2, 1) and view["accuracy"] == 0.1
    view = TrainingCurve.study({"points": ((1, np.inf, None), (2, 3.0, None)), "planned": 0,
                                "state": "waiting"})
    assert view["lost"] is None and view["still"] == (2, 3) and view["accuracy"] is None


@pytest.mark.parametrize("settings", [
    {"units": "sigmoid"}, {"units": "tanh"}, {"units": ("SiLU", "GELU")},
    {"units": "leaky ReLU", "alpha": 2}, {"units": "maxout", "w1": -2, "w2": 2},
    {"units": "maxout", "w1": -1, "w2": 1}, {"units": "maxout"}])
def test_all_slopes_have_room_on_their_axis_and_fill_half_of_it(settings):
    lab = ActivationLab(**settings)
    view = lab.study(lab.settings)
    low, high = activation.still(view)[2]
    slopes = np.concatenate([[0, 1], *(curve.slopes for curve in view["curves"])])
    least, most = np.nanmin(slopes), np.nanmax(slopes)
    assert low < least and most < high and most - least > (high - low) / 2


def test_handles_stand_on_their_curve_or_at_the_end_of_their_axis():
    for settings in ({"steps": 7}, {"push": -8}, {"unit": "softplus", "push": 2, "eta": 0.2,
                                                  "steps": 40}):
        lab = DeadReluLab(**settings)
        handle, = lab.state["handles"]
        loss = lab.study(lab.settings)["path"].loss[-1]
        assert (handle["x"], handle["axes"]) == (lab.settings["steps"], 1)
        assert handle["y"] == pytest.approx(np.clip(loss, *dead_relu.LOSSES))
    for settings in ({"units": "sigmoid", "scale": 0.2}, {"units": "ReLU", "scale": 1.4},
                     {"units": "ReLU", "scale": 3, "bias": 2}):
        lab = DepthLab(depth=50, **settings)
        handle, = lab.state["handles"]
        middle = np.median(lab.study(lab.settings)["passages"][0].left[:, -1])
        assert (handle["x"], handle["axes"], handle["moves"]) == (50, 0, "x")
        assert handle["y"] == pytest.approx(np.clip(10**middle, depth.LOW, depth.HIGH))


@pytest.mark.parametrize("Lab", [ActivationLab, DeadReluLab, DepthLab])
def test_a_draw_is_one_of_a_hundred_and_the_button_takes_the_next(Lab):
    for wrong in (-1, 100, 2.5, "x"):
        with pytest.raises(NumberError):
            Lab(seed=wrong)
    lab = Lab(seed=98.0)
    for seed in (99, 0, 1):
        browser(lab, {"kind": "press", "place": "again"})
        assert lab.settings["seed"] == seed and lab.last_error is None


@pytest.mark.parametrize(("Lab", "name", "ends", "doc"), [
    (ActivationLab, "x", (-8, 8), "the input, −8 to 8"),
    (ChainRuleLab, "shrink", (0, 10), "halved, 0 to 10"),
    (ChainRuleLab, "filled", (0, 12), "filled 0 to 12"),
    (CollapseLab, "depth", (1, 8), "1 to 8 affine layers"),
    (DeadReluLab, "steps", (0, 40), "of descent, up to 40"),
    (DepthLab, "depth", (1, 50), "1 to 50 random layers"),
    (OutputLossLab, "k", (2, 5), "with 2 to 5 classes")])
def test_a_slider_ends_where_the_documentation_says(Lab, name, ends, doc):
    slider = next(one for one in Lab.controls if one.name == name)
    assert (slider.low, slider.high) == ends and doc in " ".join(Lab.__doc__.split())
