"""What the batch norm lab shows, number by number, from the closed formulas of the layer."""

import numpy as np
import pytest

from helpers.widgets.batchnorm import BatchNormLab
from helpers.widgets.batchnorm.view import alike, rounded, sum_row

random = np.random.default_rng(3)
X, G = np.round(random.normal(size=(2, 5, 3)), 2)
GAMMA, BETA, MEAN, VAR = (np.array(row) for row in (
    [1.5, -0.5, 2.0], [0.1, 0.0, -1.0], [0.5, -0.25, 0.0], [1.0, 2.0, 0.5]))
EPS = 0.25
CASES = [("training", 0), ("training", 1), ("evaluation", 0)]


def lab(mode="training", ddof=0, rows=5, **settings):
    return BatchNormLab(X[:rows], GAMMA, BETA, G[:rows], MEAN, VAR, mode=mode, ddof=ddof, eps=EPS,
                        **{"step": "end", **settings})


def layer(mode, ddof, rows=5):
    """(1/s, X̂, dX, the divisor of the variance) by the textbook."""
    x, g = X[:rows], G[:rows]
    training = mode == "training"
    mean, var = (x.mean(0), x.var(0, ddof=ddof)) if training else (MEAN, VAR)
    r, degrees = 1 / np.sqrt(var + EPS), rows - ddof
    hat = (x - mean) * r
    inside = g - g.mean(0) - hat * (g * hat).sum(0) / degrees if training else g
    return r, hat, GAMMA * r * inside, degrees


def shown(x):
    """Up to four decimals, as in a cell."""
    return f"{x:.4f}".rstrip("0").rstrip(".").replace("-", "−")


@pytest.mark.parametrize("mode, ddof", CASES)
@pytest.mark.parametrize("feature", [0, 2])
def test_the_jacobian_of_one_feature_and_what_it_lets_through(mode, ddof, feature):
    r, hat, dX, degrees = layer(mode, ddof)
    scale, h, training = GAMMA[feature] * r[feature], hat[:, feature], mode == "training"
    parts = [scale * np.eye(5), -scale / 5 * np.ones((5, 5)) * training,
             -scale / degrees * np.outer(h, h) * training]
    for count in range(4):
        J = lab(mode, ddof, feature=feature, parts=count).state["jacobian"]
        assert [one["name"] for one in J["parts"]] == ["identity", "mean part", "x̂ part"]
        for one, part in zip(J["parts"], parts, strict=True):
            assert one["values"] == pytest.approx(part.ravel())
        total = sum(parts[:count], np.zeros((5, 5)))
        assert J["sum"] == pytest.approx(total.ravel(), abs=1e-15)
        assert J["g"] == G[:, feature].tolist()
        assert J["gradient"] == pytest.approx(G[:, feature] @ total, abs=1e-15)
        assert (J["n"], J["training"], J["feature"]) == (5, training, feature)
        assert J["finished"] is (count == 3 or not training)
        assert J["limit"] == pytest.approx(max(np.abs(part).max() for part in parts))
    assert J["gradient"] == pytest.approx(dX[:, feature], abs=1e-14)
    share = 1 - (h @ h) / degrees if training else 1.0
    wanted = [0.0 if training else 1.0, share, 1.0]
    assert [d["share"] for d in J["directions"]] == pytest.approx(wanted, abs=1e-12)
    assert [d["name"] for d in J["directions"]] == [
        "all examples move together", "the batch stretches, along x̂", "any other way (3 of them)"]
    assert [d["text"] for d in J["directions"]] == [shown(scale * one) for one in wanted]


def test_a_small_batch_has_fewer_directions():
    for rows, names in ((2, 2), (3, 3)):
        directions = lab(rows=rows).state["jacobian"]["directions"]
        assert len(directions) == names
    assert directions[2]["name"] == "any other way"


@pytest.mark.parametrize("mode, ddof", CASES)
def test_the_one_formula_beside_the_steps(mode, ddof):
    *_, dX, _ = layer(mode, ddof)
    for feature in (0, 2):
        one = lab(mode, ddof, feature=feature).state["collapsed"]
        assert one["values"] == pytest.approx(dX[:, feature]) and one["same"] and one["finished"]
        assert (one["feature"], one["features"]) == (feature, 3)
        assert one["text"].startswith("The same: largest relative difference ")
        for (left, right, apart), value in zip(one["rows"], dX[:, feature], strict=True):
            assert left == right == f"{value:.4f}".replace("-", "−")
            assert abs(float(apart.replace("−", "-"))) < 1e-14
    assert one["steps"] == (9 if mode == "training" else 4)
    along = {0: "(G * Xhat).mean(0)", 1: "(G * Xhat).sum(0) / (N - 1)"}[ddof]
    assert one["numpy"] == "dX = gamma / s * " + (
        f"(G - G.mean(0) - Xhat * {along})" if mode == "training" else "G")
    early = lab(mode, ddof, step=1).state["collapsed"]
    assert not early["finished"] and early["text"] == "Not back at X yet: press “All backward”."


@pytest.mark.parametrize("mode, ddof", CASES)
def test_the_sums_over_the_batch(mode, ddof):
    r, hat, dX, _ = layer(mode, ddof)
    rows = {row["name"]: row for row in lab(mode, ddof).state["sums"]["rows"]}
    four = [f"{x:.4f}".replace("-", "−") for x in (dX * hat).sum(0)]
    assert rows["Σ dX·X̂"]["texts"] == four and rows["Σ dX·X̂"]["zero"] == [False] * 3
    if mode == "evaluation":
        assert list(rows) == ["Σ dX", "Σ dX·X̂"] and rows["Σ dX"]["zero"] == [False] * 3
        assert rows["Σ dX"]["texts"] == [f"{x:.4f}".replace("-", "−") for x in dX.sum(0)]
    else:
        assert rows["Σ dX"]["zero"] == [True] * 3 and rows["predicted"]["texts"] == four
        share = EPS * r**2
        assert rows["ε/(v+ε)"]["texts"] == [f"{x:.4f}" for x in share]


def test_a_sum_that_is_rounding_is_told_as_small_as_it_is():
    row = sum_row("Σ", np.array([2e-17, 0.0, 0.5, -3e-12]), np.array([1.0, 1, 1, 1e-2]))
    assert row == {"name": "Σ", "texts": ["2e−17", "0.0000", "0.5000", "−3e−12"],
                   "zero": [True, True, False, True]}
    assert sum_row("Σ", np.array([2e-9]), np.array([1.0]))["zero"] == [False]
    assert sum_row("Σ", np.array([0.0]), np.array([0.0]))["zero"] == [False]
    assert [rounded(x) for x in (0.0, 1e-10, 2e-9, -0.5)] == [
        "0", "1e−10 (rounding)", "2e−9", "−0.5"]


def test_whole_numbers_are_whole_where_all_of_a_column_are():
    assert alike([1.0, -2.0]) == ["1", "−2"] and alike([1.0, 0.5]) == ["1.0000", "0.5000"]
    assert alike([1.0], [1.0, 0.5]) == ["1.0000"] and alike([0.5, 1e-18]) == ["0.5000", "0.0000"]


def test_special_batches_have_a_note():
    def notes(**settings):
        return lab(**settings).state["notes"]

    assert notes(mode="evaluation")[0].startswith("Evaluation: mean and variance are stored")
    assert notes(rows=1) == ["One example is its own mean: X̂ is 0 and no gradient gets through."]
    assert notes(rows=2)[0].startswith("With two examples 1 and x̂ are the only directions")
    assert notes() == [] and "x̂ᵀx̂ = " in notes(ddof=1)[0]
    widget = lab()
    widget.set(X=X * [1, 0, 1], feature=1)
    assert widget.state["notes"] == [
        "Feature 1 is constant in this batch: its variance is 0 and s is √ε."]
    widget.set(feature=0)
    assert widget.state["notes"] == []


def test_the_path_that_may_be_dropped():
    state = lab(path=0, feature=1).state["path"]
    assert state["shown"] and "add −Σ 2·C·dQ = " in state["text"] and "to dμ[1]" in state["text"]
    assert lab(path=1).state["path"] == {"shown": True, "text": ""}
    assert lab("evaluation").state["path"] == {"shown": False, "text": ""}


@pytest.mark.parametrize("mode, ddof", CASES)
def test_the_graph_step_by_step(mode, ddof):
    """A value is known once its step is taken, an edge has let through what went along it."""
    last, forward = lab(mode).state["controls"]["last"], lab(mode).state["controls"]["forward"]
    for step in range(last + 1):
        state = lab(mode, ddof, step=step, feature=1).state
        nodes = {one["id"]: one for one in state["graph"]["nodes"]}
        known = [one["id"] for one in nodes.values() if one["value"] is not None]
        given = {"X", "gamma", "beta"} | ({"mu", "v"} if mode == "evaluation" else set())
        assert len(known) == len(given) + min(step, forward) and given <= set(known)
        active = [one["id"] for one in nodes.values() if one["active"]]
        edges = state["graph"]["edges"]
        live = [edge for edge in edges if edge["active"]]
        assert state["graph"]["back"] is (step > forward)
        assert bool(active) is bool(step) is bool(live)
        if step > forward:
            assert sorted(edge["from"] for edge in live) == sorted(active)
            assert all(edge["state"] == "back" for edge in live)
            title = f"Backward {step - forward} of {last - forward}: "
        elif step:
            assert [edge["to"] for edge in live] == [active[0]] * len(live)
            title = f"Forward {step} of {forward}: "
        assert state["step"]["title"].startswith(title if step else "Before the first step")
        passed = [edge["state"] for edge in edges]
        assert passed.count("back") == 0 if step <= forward else passed.count("back") > 0
        assert (passed.count("idle") == 0) is (step >= forward)
        there = [one["id"] for one in nodes.values() if one["gradient"] is not None]
        assert ("Y" in there) is (step >= forward) and ("X" in there or step < last)
    _, hat, dX, _ = layer(mode, ddof)
    assert nodes["X"]["gradient"] == pytest.approx(dX[:, 1])
    assert nodes["gamma"]["gradient"] == pytest.approx([(G * hat).sum(0)[1]])
    assert nodes["beta"]["gradient"] == pytest.approx([G.sum(0)[1]])
    assert nodes["Xhat"]["value"] == pytest.approx(hat[:, 1])
    assert [one["adds"] for one in nodes.values() if one["adds"]] == (
        ["sum of 2"] * 2 if mode == "training" else [])
