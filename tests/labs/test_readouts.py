"""What stands below the pictures of the smaller labs, worked out again from the numbers shown."""

import re
from itertools import pairwise

import numpy as np
import pytest

from helpers import ChainCountLab, CollapseLab, OutputLossLab, ZigZagLab
from helpers.calculus.errors import ShapeError
from helpers.calculus.vector.maps import MAPS
from helpers.labs.chain import ChainRuleLab
from helpers.labs.zigzag.study import BATCH, WAYS
from helpers.words import plural
from tests.page import browser

pytestmark = pytest.mark.usefixtures("undrawn")


def number(text):
    return float(text.replace("−", "-").replace(",", ""))


def of_kind(lab, kind):
    return [one for one in lab.state["readouts"] if one["kind"] == kind]


def test_the_shapes_of_a_chain_are_multiplied_out():
    lab = ChainCountLab(inputs=50, first=20, second=10, outputs=5)
    told, = of_kind(lab, "table")
    assert [row[:2] for row in told["rows"]] == [
        ["backward", "J₃·J₂"], ["backward", "(J₃J₂)·J₁"],
        ["forward", "J₂·J₁"], ["forward", "J₃·(J₂J₁)"]]
    totals = {"backward": 0, "forward": 0}
    for way, _, shapes, count in told["rows"]:
        n, k, same, m = map(int, re.findall(r"\d+", shapes))
        assert k == same and number(count) == n * k * m
        totals[way] += n * k * m
    assert totals == {"backward": 6000, "forward": 12500}
    said = "forward takes 2.1 times as many as backward"
    assert said in repr(lab) and of_kind(lab, "note")[0]["text"] == f"F{said[1:]}."


@pytest.mark.parametrize("steps", [0, 1, 6, 9])
def test_the_last_step_of_a_zigzag_is_the_product_of_its_factors(steps):
    lab = ZigZagLab(steps=steps, eta=2.5)
    paths = lab.study(lab.settings)["paths"]
    notes = [one["text"] for one in of_kind(lab, "note")]
    assert len(notes) == (2 if steps else 0)
    for way, text in zip(WAYS, notes, strict=False):
        upstream, slope, x0, x1, g0, g1 = map(number, re.findall(r"[−\d]+\.\d+", text))
        assert f"inputs {way}: " in text and f"of example {(steps - 1) % 6 + 1} " in text
        assert (g0, g1) == pytest.approx((upstream * slope * x0, upstream * slope * x1), abs=2e-3)
        assert (g0, g1) == pytest.approx(paths[way].gradients[-1], abs=6e-5)
    for row, (way, path) in zip(of_kind(lab, "table")[0]["rows"], paths.items(), strict=True):
        one_sign = sum(a * b > 0 for a, b in path.gradients)
        moves = np.diff(path.weights, axis=0)
        back = sum(a @ b < 0 for a, b in pairwise(moves))
        assert row[:3] == [way, f"{one_sign} of {steps}", str(back)]
        assert number(row[4]) == pytest.approx(path.losses[-1], abs=6e-5)
        said = f"{one_sign} of {steps} gradients have entries of one sign, the path turns back " \
            f"{plural(back, 'time')} and ends at loss {row[4]}"
        assert f"inputs {way} {said if steps else f'the loss is {row[4]}'}" in repr(lab)
        if steps:
            straight = np.linalg.norm(path.weights[-1] - path.weights[0])
            assert number(row[3]) == pytest.approx(
                np.linalg.norm(moves, axis=1).sum() / straight, abs=6e-5)
    assert (f"{plural(steps, 'step')} of size 2.5 by one example: with inputs all positive"
            in repr(lab))
    lab.set(by=BATCH)
    assert ["mean of six" in one["text"] for one in of_kind(lab, "note")] == [True]


@pytest.mark.parametrize(("depth", "width", "whole"), [(3, 4, True), (4, 4, False), (3, 5, False),
                                                       (1, 12, False), (1, 4, True)])
def test_matrices_are_written_out_while_they_are_few_and_small(depth, width, whole):
    lab = CollapseLab(depth=depth, width=width, f="none")
    parts = of_kind(lab, "matrices")[0]["parts"]
    named = [one if isinstance(one, str) else one["name"] for one in parts]
    names = ["W" + "₀₁₂₃₄₅₆₇₈"[i] for i in range(depth, 0, -1)]
    assert named[-4:] == ["=", "W", "and", "b"] and "·".join(names) == "·".join(
        one for one in named[:-4] if one != "·")
    assert isinstance(parts[0], dict) is whole
    sizes = [2, *[width] * (depth - 1), 2]
    count = sum(a * b + b for a, b in pairwise(sizes))
    assert of_kind(lab, "note")[0]["text"].startswith(f"{count} numbers in the stack; the 6 ")
    W, b = (np.array([[number(x) for x in row] for row in parts[i]["rows"]]) for i in (-3, -1))
    x = np.array([0.7, -1.3])
    run = x
    for weights, bias in lab.study(lab.settings)["layers"]:
        run = weights @ run + bias
    assert W @ x + b[:, 0] == pytest.approx(run, abs=3e-4)


@pytest.mark.parametrize(("f", "label", "told"), [
    ("none", "Multiplied out", "42 numbers in the stack; the 6 numbers of W and b do the same."),
    ("ReLU", "Multiplied out, as if nothing stood between",
     "42 numbers in the stack; no W and b can do the same, for Wx + b has no kink.")])
def test_a_stack_is_one_map_or_none(f, label, told):
    lab = CollapseLab(f=f)
    off, kinks = of_kind(lab, "value")
    assert [of_kind(lab, "matrices")[0]["label"], of_kind(lab, "note")[0]["text"]] == [label, told]
    assert off["label"] == "stack against Wx + b, greatest difference" and kinks["tone"] == ""
    if f == "none":
        assert re.fullmatch(r"\d\.\de-1[2-9]", off["text"]) and off["tone"] == "good"
    else:
        assert re.fullmatch(r"\d\.\d{4}", off["text"]) and off["tone"] == ""


def test_a_stack_that_bends_says_by_how_much():
    lab = CollapseLab(f="ReLU", depth=2, width=1)
    off, kinks = of_kind(lab, "value")
    view = lab.study(lab.settings)
    assert number(off["text"]) == pytest.approx(view["difference"], abs=6e-5) and off["tone"] == ""
    assert kinks["text"] == str(len(view["kinks"])) and "no W and b can" in of_kind(lab, "note")[0][
        "text"]
    assert f"2 affine layers with ReLU between them: no affine map: Wx + b is off by up to " \
        f"{off['text']} on" in repr(lab)
    ends = {1: "1 kink along the line", 0: "0 kinks along the line"}
    assert repr(lab).endswith(ends[len(view["kinks"])])


@pytest.mark.parametrize(("z", "y"), [(-6.0, 1), (0.4, 1), (2.5, 0), (0.0, 0), (1.0, 1), (0.0, 1),
                                      (1.0, 0)])
def test_the_notes_on_two_losses_are_worked_out(z, y):
    lab = OutputLossLab(z=z, y=str(y))
    p, notes = 1 / (1 + np.exp(-z)), [one["text"] for one in of_kind(lab, "note")]
    entropy, squared = p - y, 2 * (p - y) * p * (1 - p)
    shown = [number(x) for x in re.findall(r"= ([−\d.e]+?)(?:,|\.? |\.$|$)", notes[0])]
    assert any(abs(x - entropy) < 6e-5 for x in shown)
    assert any(abs(x - squared) < 6e-5 for x in shown)
    times = re.search(r"([\d,]+) times smaller", notes[0])
    assert bool(times) == (abs(entropy) > 0.5)
    if times:
        assert number(times[1]) == pytest.approx(abs(entropy / squared), abs=0.5)
    clipped = min(max(z, 0), 1)
    outside = not 0 < z < 1
    assert len(notes) == 1 + outside
    if outside:
        assert ("exactly right" in notes[1]) == (clipped == y)


def test_softmax_scores_give_a_gradient_that_adds_up_to_0():
    lab = OutputLossLab(classes="softmax", k=4, label=2, z1=1, z2=-2, z3=0.5, z4=0)
    z = np.array([1, -2, 0.5, 0])
    p = np.exp(z) / np.exp(z).sum()
    rows = of_kind(lab, "table")[0]["rows"]
    gradient = [number(x) for x in rows[0][2].split(", ")]
    assert gradient == pytest.approx(p - np.eye(4)[1], abs=6e-5)
    assert number(rows[0][1]) == pytest.approx(-np.log(p[1]), abs=6e-5)
    assert number(rows[1][1]) == pytest.approx(((p - np.eye(4)[1]) ** 2).sum(), abs=6e-5)
    assert "− (0, 1, 0, 0)" in of_kind(lab, "note")[0]["text"]
    assert f"|dL/dz[1]| = {1 - p[1]:.4f}" in repr(lab) and "right class 2" in repr(lab)
    assert [one["name"] for one in lab.state["handles"]] == ["z1", "z2", "z3", "z4"]
    browser(lab, {"kind": "set", "place": "k", "value": 2})
    assert len(lab.state["handles"]) == 2


@pytest.mark.parametrize("first", ["polar", "linear"])
def test_a_point_stays_on_the_domain_and_its_tip_near_it(first):
    lab, ((left, right), (low, high)) = ChainRuleLab(first=first), MAPS[first].domain
    for x, dx in (((2, 2), (4, 4)), ((-2, -2), (-4, -4)), ((0.3, 0.4), (0.1, -0.2))):
        lab.set(x=x, dx=dx)
        (x0, x1), (d0, d1) = lab.settings["x"], lab.settings["dx"]
        assert left <= x0 <= right and low <= x1 <= high
        assert left - 0.2501 <= x0 + d0 <= right + 0.2501
        assert low - 0.2501 <= x1 + d1 <= high + 0.2501
    with pytest.raises(ShapeError):
        lab.set(v=(1, 2))
