"""A batch of three, normalized with Bessel's divisor: all that the lab shows, worked out by hand.

C = −2, 2, 0; v = (4 + 4) / 2 = 4; s = 2; X̂ = −1, 1, 0; and back again.
"""

from xml.etree import ElementTree

import numpy as np
import pytest

from helpers.widgets.batchnorm import BatchNormLab
from helpers.widgets.batchnorm import state as states
from helpers.widgets.batchnorm.reading import reading
from helpers.widgets.batchnorm.view import collapsed

X = np.array([[2.0, 1], [6, -3], [4, 5]])
G = np.array([[1.0, 0], [2, -1], [0, 3]])


def lab(**settings):
    return BatchNormLab(X, [2, -1], [0.5, 0], G, mean=[2, 0], var=[16, 4],
                        **{"ddof": 1, "eps": 0, "step": "end", **settings})


def plain(mathml):
    return "".join(ElementTree.fromstring(f"<all>{mathml}</all>").itertext())


C, Q, HAT, Z, Y = "−2 2 0", "4 4 0", "−1 1 0", "−2 2 0", "−1.5000 2.5000 0.5000"
STEPS = [
    ("Forward 1 of 9: mean", "X 2 6 4 | → μ 4"),
    ("Forward 2 of 9: centre", f"X 2 6 4 | μ 4 | → C {C}"),
    ("Forward 3 of 9: square", f"C {C} | → Q {Q}"), ("Forward 4 of 9: variance", f"Q {Q} | → v 4"),
    ("Forward 5 of 9: root", "v 4 | → s 2"), ("Forward 6 of 9: reciprocal", "s 2 | → r 0.5000"),
    ("Forward 7 of 9: product", f"C {C} | r 0.5000 | → X̂ −1 1 0"),
    ("Forward 8 of 9: scale", f"X̂ {HAT} | γ 2 | → Z {Z}"),
    ("Forward 9 of 9: shift", f"Z {Z} | β 0.5000 | → Y {Y}"),
    ("Backward 1 of 9: shift", "dY 1 2 0 | → dZ 1 2 0 | → dβ 3"),
    ("Backward 2 of 9: scale", "dZ 1 2 0 | → dX̂ 2 4 0 | → dγ 1"),
    ("Backward 3 of 9: product", "dX̂ 2 4 0 | → dC 1 2 0 | → dr 4"),
    ("Backward 4 of 9: reciprocal", "dr 4 | → ds −1"),
    ("Backward 5 of 9: root", "ds −1 | → dv −0.2500"),
    ("Backward 6 of 9: variance", "dv −0.2500 | → dQ −0.1250 −0.1250 −0.1250"),
    ("Backward 7 of 9: square", "dQ −0.1250 −0.1250 −0.1250 | → sent 0.5000 −0.5000 0.0000 | "
     "+ dC so far 1 2 0 | = dC 1.5000 1.5000 0.0000"),
    ("Backward 8 of 9: centre", "dC 1.5000 1.5000 0.0000 | → dX 1.5000 1.5000 0.0000 | → dμ −3"),
    ("Backward 9 of 9: mean", "dμ −3 | → sent −1 −1 −1 | + dX so far 1.5000 1.5000 0.0000 | "
     "= dX 0.5000 0.5000 −1.0000")]
STORED = [
    ("Forward 1 of 6: centre", "X 2 6 4 | μ 2 | → C 0 4 2"),
    ("Forward 2 of 6: root", "v 16 | → s 4"), ("Forward 3 of 6: reciprocal", "s 4 | → r 0.2500"),
    ("Forward 4 of 6: product", "C 0 4 2 | r 0.2500 | → X̂ 0.0000 1.0000 0.5000"),
    ("Forward 5 of 6: scale", "X̂ 0.0000 1.0000 0.5000 | γ 2 | → Z 0 2 1"),
    ("Forward 6 of 6: shift", "Z 0 2 1 | β 0.5000 | → Y 0.5000 2.5000 1.5000"),
    ("Backward 1 of 4: shift", "dY 1 2 0 | → dZ 1 2 0 | → dβ 3"),
    ("Backward 2 of 4: scale", "dZ 1 2 0 | → dX̂ 2 4 0 | → dγ 2"),
    ("Backward 3 of 4: product", "dX̂ 2 4 0 | → dC 0.5000 1.0000 0.0000"),
    ("Backward 4 of 4: centre", "dC 0.5000 1.0000 0.0000 | → dX 0.5000 1.0000 0.0000")]


@pytest.mark.parametrize(("mode", "steps"), [("training", STEPS), ("evaluation", STORED)])
def test_every_step_shows_what_goes_in_and_what_comes_out(mode, steps):
    for k, (title, columns) in enumerate(steps, 1):
        step = lab(mode=mode, step=k).state["step"]
        told = [" ".join(filter(None, (one["sign"], one["name"], *one["texts"])))
                for one in step["columns"]]
        assert (step["title"], " | ".join(told)) == (title, columns)
        new = [one["new"] for one in step["columns"]]
        assert new == [one["sign"] in ("→", "=") for one in step["columns"]]
        for one in step["columns"]:
            values = [float(text.replace("−", "-")) for text in one["texts"]]
            assert one["values"] == pytest.approx(values, abs=1e-12)
            sizes = [(axis["letter"], axis["size"]) for axis in one["axes"]]
            assert sizes == ([("n", 3), ("h", 2)] if len(values) == 3 else [("h", 2)])
        adds = {"square": "C feeds two steps, square and product: two gradients come back, and "
                          "they add.",
                "mean": "X feeds two steps, mean and centre: two gradients come back, and they "
                        "add."} if title.startswith("Back") else {}
        assert step["adds"] == adds.get(title.split(": ")[1], "")
    assert lab(mode=mode, step=0).state["step"] == {
        "title": "Before the first step", "maths": [], "columns": [], "adds": "",
        "said": "X, γ and β are known, and nothing else. Press “Step”."}


def test_a_node_knows_how_many_of_its_gradients_have_come():
    def adds(step):
        return {one["id"]: one["adds"] for one in lab(step=step).state["graph"]["nodes"]
                if one["adds"]}

    assert [adds(step) for step in (11, 12, 15, 16, 17, 18)] == [
        {}, {"C": "1 of 2"}, {"C": "1 of 2"}, {"C": "sum of 2"}, {"C": "sum of 2", "X": "1 of 2"},
        {"C": "sum of 2", "X": "sum of 2"}]


def test_nodes_bear_their_signs_and_what_they_do():
    for mode, mean, var in (("training", "mean", "variance"), ("evaluation", "stored", "stored")):
        nodes = {one["id"]: one for one in lab(mode=mode).state["graph"]["nodes"]}
        signs = [nodes[name]["symbol"] for name in ("mu", "Xhat", "gamma", "C")]
        assert signs == ["μ", "X̂", "γ", "C"]
        assert (nodes["mu"]["op"], nodes["v"]["op"], nodes["X"]["op"]) == (mean, var, "batch")
        assert {name for name, one in nodes.items() if one["constant"]} == (
            set() if mode == "training" else {"mu", "v"})


@pytest.mark.parametrize(("settings", "parts", "formula"), [
    ({"ddof": 0}, ["γsI", "−γs1N𝟏𝟏⊤", "−γs1Nx^x^⊤"],
     "dX=γv+ε⊙(G−mean(G)−X^⊙mean(G⊙X^))"),
    ({"ddof": 1}, ["γsI", "−γs1N𝟏𝟏⊤", "−γs1N−1x^x^⊤"],
     "dX=γv+ε⊙(G−mean(G)−X^⊙∑G⊙X^N−1)"),
    ({"mode": "evaluation"}, ["γsI", "0", "0"], "dX=γv+ε⊙G")])
def test_formulas_name_their_divisor(settings, parts, formula):
    state = lab(**settings).state
    assert [plain(one["math"]) for one in state["jacobian"]["parts"]] == parts
    assert plain(state["collapsed"]["math"]) == formula


ENTRIES = [  # γ/s is 1, and −½ in the other feature
    (0, ["no part is added yet"] * 3),
    (1, ["1 · (1) = 1 (with 1 of 3 parts)", "1 · (0) = 0 (with 1 of 3 parts)",
         "1 · (1) = 1 (with 1 of 3 parts)"]),
    (2, ["1 · (1 − 1/3) = 0.6667 (with 2 of 3 parts)",
         "1 · (0 − 1/3) = −0.3333 (with 2 of 3 parts)",
         "1 · (1 − 1/3) = 0.6667 (with 2 of 3 parts)"]),
    (3, ["1 · (1 − 1/3 − (−1) · (−1) / 2) = 0.1667", "1 · (0 − 1/3 − (−1) · 1 / 2) = 0.1667",
         "1 · (1 − 1/3 − 0 · 0 / 2) = 0.6667"])]


@pytest.mark.parametrize(("parts", "texts"), ENTRIES)
def test_an_entry_of_the_jacobian_is_read_from_the_parts_so_far(parts, texts):
    present = lab(parts=parts)._present
    for index, row, column, text in zip((0, 1, 8), (0, 0, 2), (0, 1, 2), texts, strict=True):
        sign = " = " if parts else ": "
        assert reading(present, {"place": "J", "index": index}) == {
            "text": f"∂Y[{row},0]/∂X[{column},0]{sign}{text}", "row": row, "column": column}


def test_with_stored_statistics_no_example_sees_another():
    present = lab(mode="evaluation", parts=1)._present
    texts = [reading(present, {"place": "J", "index": index})["text"] for index in (4, 5, 7)]
    assert texts == ["∂Y[1,0]/∂X[1,0] = γ/s = 0.5000",
                     "∂Y[1,0]/∂X[2,0] = 0, because 1 ≠ 2: no example sees another",
                     "∂Y[2,0]/∂X[1,0] = 0, because 2 ≠ 1: no example sees another"]
    assert reading(present, {"place": "dX", "index": 3}) == {
        "text": "dX[1,1] = γ/s · G[1,1] = −0.5000 · (−1) = 0.5000", "row": None, "column": None}


def test_an_entry_of_the_gradient_is_read_by_the_one_formula():
    present = lab()._present
    for index, text, column in (
            (0, "dX[0,0] = 1 · (1 − 1 − (−1) · 0.5000) = 0.5000", 0),
            (4, "dX[2,0] = 1 · (0 − 1 − 0 · 0.5000) = −1", 2),
            (3, "dX[1,1] = −0.2500 · (−1 − 0.6667 − (−1) · 2) = −0.0833", None)):
        assert reading(present, {"place": "dX", "index": index}) == {
            "text": text, "row": None, "column": column}
    for place, index in (("dX", 6), ("dX", -1), ("J", 9), ("J", -1), ("J", 0.0), ("Y", 0)):
        beyond = {"place": place, "index": index}
        assert reading(present, beyond) == {"text": "", "row": None, "column": None}


@pytest.mark.parametrize(("off", "says"), [
    (0.0, "The same: largest relative difference "), (1e-13, "The same: largest relative differ"),
    (1e-9, "They differ by 5.0000e−10."), (1.0, "They differ by 0.5000.")])
@pytest.mark.parametrize("path", [0, 1])
def test_two_ways_are_compared_by_the_largest_number_that_arrives(off, says, path):
    """γ/s·G is 1, 2 and 0, and at most ¾ in the other feature."""
    present = lab(path=path)._present
    computed = states.compute(present)
    formula = computed.collapsed["X"] + off * np.array([[0, 0], [0, 0], [0, 1]])
    told = collapsed(present, computed._replace(collapsed={"X": formula}))
    dropped = " And one path was left out!" if not path and off < 1e-12 else ""
    assert told["text"].startswith(says) and told["text"].endswith(dropped or ".")
    assert told["same"] is (off < 1e-12)
    silent = BatchNormLab(X, [0, 0], [0, 0], G, step="end").state["collapsed"]
    assert silent["text"] == "The same: largest relative difference 0."


def test_what_the_sums_tell_is_told_with_the_last_step_alone():
    assert lab(step=17).state["sums"] == {"rows": [], "text": ""}
    assert "predicted is γ/s · ε/(v+ε) · Σ G·X̂" in lab().state["sums"]["text"]
    assert lab(mode="evaluation").state["sums"]["text"].startswith("With fixed statistics nothing")
    rows = lab(eps=4).state["sums"]["rows"]  # s is √8: half of v + ε is ε, and Σ G·X̂ is 1/√2
    share = rows[3]["texts"][0]
    assert share == "0.5000" and rows[1]["texts"][0] == rows[2]["texts"][0] == "0.2500"


def test_a_dropped_path_says_the_number_that_is_lost():
    text = lab(path=0).state["path"]["text"]
    assert text.startswith("The path v → μ would add −Σ 2·C·dQ = 0 to dμ[0]: dQ is the same for "
                           "every example, and Σ C = 0.")
