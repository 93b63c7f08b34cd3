"""What a lab shows at the settings it stands at, worked out again, whatever brought it there.

`TRUTH`: by the name of a lab, a function of it that asserts this.
"""

from functools import partial

import numpy as np

from helpers.calculus.operations import OPERATIONS
from helpers.calculus.vector.surfaces import SURFACES
from helpers.labs.zigzag.study import GOAL, POSITIVE
from helpers.words import four, percent, short
from tests.labs.test_saturation_study import UNITS, descent, sizes_on_the_way_back
from tests.page import reads


def rows(lab):
    return next(one for one in lab.state["readouts"] if one["kind"] == "table")["rows"]


def numbers(texts):
    return [float(text.replace("−", "-")) for text in texts]


def activation(lab):
    lab.set(units=("tanh", "softplus"))
    now = lab.settings
    batch = now["mean"] + now["spread"] * np.random.default_rng(now["seed"]).standard_normal(1000)
    for row in rows(lab):
        f, slope = UNITS[row[0]]
        assert row[1:3] == [four(f(now["x"])), four(slope(now["x"]))]
        assert row[5] == percent(np.mean(slope(batch) < now["threshold"]))


def depth(lab):
    lab.set(units=("tanh", "ReLU"))
    now = lab.settings
    for row in rows(lab):
        left, _ = sizes_on_the_way_back(row[0], *(now[name] for name in (
            "depth", "scale", "bias", "seed")))
        middle = np.median(left[:, -1])
        assert row[1] == ("0" if middle == -400 else short(10**middle))


def dead_relu(lab):
    now = lab.settings
    for row in rows(lab):
        if row[0] in ("ReLU", "softplus", "maxout"):  # the others have a shape of their own
            loss, _, slopes = descent(row[0], now["push"], now["eta"], now["steps"], now["seed"])
            dead = (~(slopes[-1] != 0).any(0)).sum()
            assert row[3:] == [str(dead), four(loss[0]), four(loss[-1])]


def zigzag(lab):
    now = lab.settings
    for row, X in zip(rows(lab), (POSITIVE, POSITIVE - POSITIVE.mean(0)), strict=True):
        w, t = np.array(now["start"]), 1 / (1 + np.exp(-X @ GOAL))
        for step in range(now["steps"]):
            part = slice(None) if now["by"] == "whole batch" else [step % 6]
            f = 1 / (1 + np.exp(-X[part] @ w))
            w = w - now["eta"] * (2 * (f - t[part]) * f * (1 - f)) @ X[part] / len(f)
        loss = np.mean((1 / (1 + np.exp(-X @ w)) - t) ** 2)
        assert np.isclose(numbers(row[-1:])[0], loss, atol=6e-5)


def collapse(lab):
    now, view = lab.settings, lab.study(lab.settings)
    slope = {"none": 1, "ReLU": 0}.get(now["f"], now["alpha"])
    x = np.array(now["end"])
    for place, (W, b) in enumerate(view["layers"]):
        x = W @ (np.where(x > 0, x, slope * x) if place else x) + b
    assert np.allclose(view["Y"][-1], x)
    W, b = np.eye(2), np.zeros(2)
    for weights, bias in view["layers"]:
        W, b = weights @ W, weights @ b + bias
    shown = {part["name"]: part["rows"] for part in reads(lab, "Multiplied")["parts"]
             if isinstance(part, dict)}
    assert np.allclose([numbers(row) for row in shown["W"]], W, atol=6e-5)
    assert np.allclose([numbers(row) for row in shown["b"]], b[:, None], atol=6e-5)


def output_loss(lab):
    now = lab.settings
    if now["classes"] == "two":
        p, y = 1 / (1 + np.exp(-now["z"])), int(now["y"])
        assert rows(lab)[0][1:4] == [short(p), short(-np.log(p if y else 1 - p)), short(p - y)]
        return
    z, label = np.array([now[f"z{i + 1}"] for i in range(now["k"])]), now["label"] - 1
    p = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    hot = np.eye(now["k"])[label]
    assert np.allclose(numbers(rows(lab)[0][2].split(", ")), p - hot, atol=6e-5)
    assert np.isclose(numbers(rows(lab)[0][1:2])[0], -np.log(p[label]), atol=6e-5)


def hessian(lab):
    now = lab.settings
    f, x, d = SURFACES[now["surface"]], np.array(now["x"]), np.array(now["d"])
    true, first, _ = reads(lab, "f(x + d)")["rows"]
    assert np.isclose(numbers(true[1:2])[0], f(x + d), rtol=1e-3, atol=6e-5)
    slope = (f(x + 1e-5 * d) - f(x - 1e-5 * d)) / 2e-5
    assert np.isclose(numbers(first[1:2])[0], f(x) + slope, rtol=1e-3, atol=6e-5)


def chain(lab):
    lab.set(mode="map", first="polar", second="sine warp")
    now = lab.settings
    (r, t), a = now["x"], now["amount"]
    y = r * np.cos(t), r * np.sin(t)
    J = np.array([[np.cos(t), -y[1]], [np.sin(t), y[0]]])
    warp = np.array([[1, 1.5 * a * np.cos(1.5 * y[1])], [1.5 * a * np.cos(1.5 * y[0]), 1]])
    assert np.allclose(lab.product, warp @ J if now["layout"] == "numerator" else (warp @ J).T)


def counted(lab):
    x, a, b, z = (lab.settings[name] for name in ("inputs", "first", "second", "outputs"))
    assert f"backward {z * b * a + z * a * x:,} mult" in repr(lab)
    assert f"forward {b * a * x + z * b * x:,};" in repr(lab)


def finder(lab):
    s = lab.structure
    J = s.samples.tensors[0]
    G = np.random.default_rng(0).standard_normal(J.shape[:s.stages[0].output_ndim])
    assert np.allclose(s.vjp(G), np.tensordot(G, J, G.ndim))
    name, wrt = lab.settings["what"].split(" by ")
    assert wrt in OPERATIONS[name].inputs and s.result in [
        one.get("label") for one in lab.state["readouts"]]


def as_it_stands(truth, lab):
    """A new lab with its settings shows the same, and that is what the formula says."""
    fresh = type(lab)(**lab.settings)
    for part in ("controls", "readouts", "handles"):
        assert lab.state[part] == fresh.state[part]
    truth(lab)


TRUTH = {name: partial(as_it_stands, truth) for name, truth in {
    "ActivationLab": activation, "DepthLab": depth, "DeadReluLab": dead_relu,
    "ZigZagLab": zigzag, "CollapseLab": collapse, "OutputLossLab": output_loss,
    "HessianLab": hessian, "ChainRuleLab": chain, "ChainCountLab": counted,
    "ReplacementFinder": finder}.items()}
