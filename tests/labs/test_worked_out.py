"""Sentences and tables of the labs, whole: every number in them worked out with plain NumPy."""

import numpy as np
import pytest

from helpers import ActivationLab, DeadReluLab, DepthLab, HessianLab, OutputLossLab
from helpers.calculus.vector.surfaces import SURFACES
from helpers.labs.dead_relu.study import KINDS
from helpers.words import four, plural, short
from tests.labs.test_saturation_study import UNITS, descent, sizes_on_the_way_back

pytestmark = pytest.mark.usefixtures("undrawn")


def vector(numbers):
    return f"({', '.join(map(four, numbers))})"


def table(lab):
    found, = [one for one in lab.state["readouts"] if one["kind"] == "table"]
    return found


def notes(lab):
    return [one["text"] for one in lab.state["readouts"] if one["kind"] == "note"]


def places(lab):
    return [(one["axes"], one["x"], one["y"]) for one in lab.state["handles"]]


def test_units_and_what_they_do_to_a_batch():
    lab = ActivationLab(units=("tanh", "leaky ReLU", "maxout"), x=-0.5, mean=1.5, spread=2,
                        threshold=0.35, alpha=0.3, seed=3)
    batch = 1.5 + 2 * np.random.default_rng(3).standard_normal(1000)
    lines = (lambda z: np.maximum(-0.5 * z - 0.5, z), lambda z: np.where(z <= -1 / 3, -0.5, 1))
    told = {"tanh": (*UNITS["tanh"], "−1\xa0…\xa01", "yes"),
            "leaky ReLU": (*UNITS["leaky ReLU"], "−∞\xa0…\xa0∞", "both signs"),
            "maxout": (*lines, "−0.3333\xa0…\xa0∞", "both signs")}
    rows, sentence = [], []
    for name, (f, slope, values, centred) in told.items():
        low = f"{100 * np.mean(np.abs(slope(batch)) < 0.35):.1f} %"
        here = four(f(-0.5)), four(slope(-0.5))
        rows.append([name, *here, values, centred, low, four(np.abs(slope(batch)).mean()),
                     four(f(batch).mean())])
        sentence.append(f"{name} is {here[0]} with slope {here[1]} and saturates {low} of the "
                        "batch")
    assert table(lab)["rows"] == rows and table(lab)["marked"] == [[1, 2]]
    assert repr(lab) == ("ActivationLab: at x = −0.50, with a batch of mean 1.5 and spread 2.0, "
                         f"{'; '.join(sentence)} (|f′| below 0.35)")


@pytest.mark.parametrize(("units", "settings"), [
    (("tanh", "ReLU"), (5, 1.4, 0.3, 6)), (("sigmoid",), (3, 0.5, -1.0, 1)),
    (("ReLU", "tanh"), (12, 1.0, -1.0, 0)), (("ReLU",), (9, 3.0, 0.0, 2))])
def test_what_is_left_of_a_gradient(units, settings):
    lab = DepthLab(units=units, **dict(zip(("depth", "scale", "bias", "seed"), settings,
                                           strict=True)))
    layers, scale, bias, _ = settings
    rows, sentence = [], []
    for name in units:
        left, local = sizes_on_the_way_back(name, *settings)
        middle, died = np.median(left[:, -1]), (left[:, -1] == -400).sum()
        verdict = ("died" if died > 2 else "vanished" if middle < -2 else
                   "exploded" if middle > 2 else "kept its size")
        size, times = (0, 0) if died > 2 else (10**middle, 10 ** (middle / layers))
        rows.append([name, short(size), four(times), four(local.mean()), f"{died} of 5", verdict])
        sentence.append(f"{name} {verdict}: {short(size)} is left, {four(times)} times per layer, "
                        f"{died} of 5 died")
    assert table(lab)["rows"] == rows
    assert repr(lab) == (f"DepthLab: a gradient back through {plural(layers, 'layer')} with weight "
                         f"scale {scale:.2f} and bias {bias:.1f}: ".replace("-", "−")
                         + "; ".join(sentence))


@pytest.mark.parametrize(("push", "steps"), [(-1.3, 7), (-6.0, 0), (-2.0, 5)])
def test_every_kind_of_unit_side_by_side(push, steps):
    lab = DeadReluLab(unit="ELU", push=push, steps=steps, eta=0.3, alpha=0.3, elu_alpha=0.7, seed=4)
    rows, ends = [], {}
    for kind in KINDS:
        loss, on, slopes = descent(kind, push, 0.3, steps, 4)
        silent, dead = ~on.any(1), ~(slopes != 0).any(1)
        counts = [silent[0].sum(), silent[-1].sum(), dead[-1].sum()]
        rows.append([kind, *map(str, counts), four(loss[0]), four(loss[-1])])
        ends[kind] = counts, loss[-1]
    assert table(lab)["rows"] == rows and table(lab)["label"].endswith("of 12 units each")
    assert table(lab)["marked"] == [[2, column] for column in range(6)]
    (first, silent, dead), loss = ends["ELU"]
    assert repr(lab) == (
        f"DeadReluLab: ELU, bias pushed to {push:.1f}: {first} of 12 units are silent at the "
        f"start, {silent} after {plural(steps, 'step')}, {dead} of them dead; the loss is "
        f"{four(loss)}").replace("-", "−")
    (panel, x, y), = places(lab)
    assert (panel, x, y) == (1, steps, pytest.approx(loss))


@pytest.mark.parametrize("squared", ["(p − y)²", "½(p − y)²"])
@pytest.mark.parametrize(("z", "y"), [(-6.0, 1), (0.4, 0), (1.5, 0), (0.0, 1), (-0.3, 0)])
def test_two_classes_and_three_losses(z, y, squared):
    lab = OutputLossLab(z=z, y=str(y), squared=squared, eta=0.5, steps=1)
    c = 1 if squared.startswith("½") else 2

    def answers(scores):
        return np.array([*(1 / (1 + np.exp(-scores[:2]))), min(max(scores[2], 0), 1)])

    def slopes(scores):
        p, inside = answers(scores), 0 < scores[2] < 1
        return (p - y) * np.array([1, c * p[1] * (1 - p[1]), c * inside])

    start = np.full(3, z)
    p, g, end = answers(start), slopes(start), answers(start - 0.5 * slopes(start))
    losses = [-np.log(p[0] if y else 1 - p[0]), *(c / 2 * (p[1:] - y) ** 2)]
    named = ("sigmoid, cross-entropy", "sigmoid, squared error", "clipped line, squared error")
    right = end if y else 1 - end
    told = list(zip(named, p, losses, g, right, strict=True))
    assert table(lab)["rows"] == [[name, *map(short, one), four(last)]
                                  for name, *one, last in told]
    assert table(lab)["columns"][-1] == "right label after 1 step"
    first = (f"Cross-entropy: σ(z) − y = {four(p[0])} − {y} = {short(g[0])}.  Squared error: "
             f"{c}(σ(z) − y)σ(z)(1 − σ(z)) = {c}·({short(g[0])})·{short(p[0])}·{short(1 - p[0])} = "
             f"{short(g[1])}")
    ratio = f", {abs(g[0] / g[1]):,.0f} times smaller." if abs(g[0]) > 0.5 else "."
    assert notes(lab)[0] == first + ratio
    assert repr(lab) == f"OutputLossLab: z = {short(z)}, label {y}; " + "; ".join(
        f"{name}: |dL/dz| = {short(abs(slope))}, after 1 step p = {four(last)}"
        for name, _, _, slope, last in told)
    assert places(lab) == [(0, z, pytest.approx(losses[0])), (1, z, pytest.approx(g[0]))]


@pytest.mark.parametrize("squared", ["(p − y)²", "½(p − y)²"])
def test_three_classes_and_two_losses(squared):
    lab = OutputLossLab(classes="softmax", k=3, label=2, z1=0.5, z2=-1, z3=2, squared=squared,
                        eta=0.5, steps=1)
    c, z, hot = 1 if squared.startswith("½") else 2, np.array([0.5, -1, 2]), np.eye(3)[1]

    def softmax(z):
        return np.exp(z) / np.exp(z).sum()

    p = softmax(z)
    slopes = p - hot, c * (np.diag(p) - np.outer(p, p)) @ (p - hot)
    losses = -np.log(p[1]), c / 2 * ((p - hot) ** 2).sum()
    ends = [softmax(z - 0.5 * slope)[1] for slope in slopes]
    named = "softmax, cross-entropy", "softmax, squared error"
    assert table(lab)["rows"] == [
        [name, short(loss), ", ".join(map(short, slope)), four(end)]
        for name, loss, slope, end in zip(named, losses, slopes, ends, strict=True)]
    assert notes(lab) == [
        f"Cross-entropy: dL/dz = p − y = ({', '.join(map(short, p))}) − (0, 1, 0). Its entries add "
        "up to 0: what one class gains, the others give."]
    assert repr(lab) == "OutputLossLab: scores 0.5, −1, 2, right class 2; " + "; ".join(
        f"{name}: |dL/dz[1]| = {short(abs(slope[1]))}, after 1 step p = {four(end)}"
        for name, slope, end in zip(named, slopes, ends, strict=True))
    assert places(lab) == [(0, 0, 0.5), (0, 1, -1), (0, 2, 2)]


@pytest.mark.parametrize("name", ["valley", "waves"])
def test_a_surface_in_one_sentence(name):
    x, d, f = np.array([0.8, -0.3]), np.array([-0.1, 0.2]), SURFACES[name]
    lab = HessianLab(surface=name, x=x, d=d)
    first = f(x) + f.gradient(x) @ d
    misses = [abs(guess - f(x + d)) for guess in (first, first + d @ f.hessian(x) @ d / 2)]
    assert repr(lab) == (
        f"HessianLab: {name} at x = {vector(x)}: gradient {vector(f.gradient(x))}, Hessian rows "
        f"{vector(f.hessian(x)[0])} and {vector(f.hessian(x)[1])}, symmetric; f(x + d) = "
        f"{four(f(x + d))} for d = {vector(d)}, first order misses by {four(misses[0])}, second "
        f"order by {four(misses[1])}")
    assert places(lab) == [(0, *x), (0, *(x + d))]
