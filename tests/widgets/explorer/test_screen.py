"""What stands on the explorer's screen for a small layer: every part of it, worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from helpers import JacobianExplorer
from helpers.widgets.explorer import state as states
from helpers.widgets.explorer.acts import act, with_changes
from helpers.widgets.explorer.play.terms import chain, ending, played, sentences, telling, window
from helpers.widgets.explorer.view import contraction, controls, show, upstream, verdict
from tests.page import browser

X, W = np.array([[1.0, -2, 3], [0.5, 4, -1]]), np.array([[1.0, 2], [3, 4], [5, 6]])
G = np.array([[1.0, -1], [2, 0.25]])
AFFINE = replace(states.start("affine", (X, W, [0.5, -0.5])), G=G)


def grid(spec):
    """`n2 m3 | 1 -2 …`: axes and numbers of a grid on the screen."""
    axes = " ".join(f"{one['letter']}{one['mark']}{one['size']}" for one in spec["axes"])
    numbers = " ".join(f"{x:g}" for x in np.frombuffer(spec["values"], "<f8"))
    return f"{spec['name']} {axes} | {numbers}"


def test_every_grid_stands_at_its_place():
    arrays = show(AFFINE)["arrays"]
    found = {place: {key: grid(spec) for key, spec in shelf.items()}
             for place, shelf in arrays.items()}
    assert found == {
        "forward": {"X": "X n2 m3 | 1 -2 3 0.5 4 -1", "W": "W m3 k2 | 1 2 3 4 5 6",
                    "b": "b k2 | 0.5 -0.5", "Y": "Y n2 k2 | 10.5 11.5 8 10.5"},
        "upstream": {"G": "G n2 k2 | 1 -1 2 0.25"},
        "full": {"gradient": "dL/dX n2 m3 | -1 -1 -1 2.5 7 11.5"},
        "kept": {"core": "W m3 k2 | 1 2 3 4 5 6"},
        "compact": {"gradient": "dL/dX n2 m3 | -1 -1 -1 2.5 7 11.5"}}
    edits = {(place, key) for place, shelf in arrays.items() for key, spec in shelf.items()
             if spec["editable"]}
    assert edits == {("forward", "X"), ("forward", "W"), ("forward", "b"), ("upstream", "G")}
    loss = show(states.start("squared_error"))["arrays"]
    notes = {key: spec["note"] for key, spec in loss["forward"].items()}
    assert notes == {"Y": "", "target": "given", "L": ""}
    assert loss["forward"]["target"]["editable"]
    assert show(replace(AFFINE, wrt="b"))["arrays"]["kept"] == {}


@pytest.mark.parametrize(("layout", "outer", "inner"), [
    ("numerator", "n k", "n′ m′"), ("denominator", "n′ m′", "n k")])
def test_the_tensor_is_laid_out_as_chosen(layout, outer, inner):
    spec = show(replace(AFFINE, layout=layout, mode="blocks"))["tensor"]
    sides = [" ".join(axis["name"] + axis["mark"] for axis in spec[side])
             for side in ("outer", "inner")]
    assert sides == [outer, inner] and spec["mode"] == "blocks" and spec["name"] == "∂Y/∂X"
    assert spec["core"]["letters"] == ["m", "k"]
    colours = {axis["name"]: axis["colour"] for side in ("outer", "inner") for axis in spec[side]}
    assert len(set(colours.values())) == 3


@pytest.mark.parametrize(("name", "wrt", "latex"), [
    ("affine", "W", r"\frac{dL}{dW_{m'k'}} = \sum_{n,k} G_{nk}\,"
     r"\frac{\partial Y_{nk}}{\partial W_{m'k'}}"),
    ("squared_error", "Y", r"\frac{dL}{dY_{n'h'}} = G\,\frac{\partial L}{\partial Y_{n'h'}}"),
    ("sum", "X", r"\frac{dL}{dX_{n'h'}} = \sum_{h} G_{h}\,"
     r"\frac{\partial Y_{h}}{\partial X_{n'h'}}")])
def test_the_full_way_sums_over_the_output(name, wrt, latex):
    assert contraction(states.start(name, wrt=wrt)) == latex


def test_a_number_by_a_number_has_no_letters():
    present = states.start("log_det", ([[2.0]],))
    assert contraction(present).startswith(r"\frac{dL}{dA_{")
    own = JacobianExplorer(lambda a: 3 * a, np.array(2.0))._present
    assert contraction(own) == r"\frac{dL}{da} = G\,\frac{\partial Y}{\partial a}"


def test_what_can_be_chosen():
    told = controls(states.start("batchnorm", layout="denominator", mode="blocks"))
    assert told["parameters"] == [
        {"name": "eps", "value": 1e-5, "low": 0, "high": 1, "step": 0.05},
        {"name": "ddof", "value": 0, "low": 0, "high": 1, "step": 1}]
    assert [(one["letter"], one["size"], one["most"]) for one in told["sizes"]] == [
        ("n", 3, 32), ("h", 4, 32)]
    assert [(one["letter"], one["size"], one["most"]) for one in told["imagined"]] == [
        ("n", 64, 16384), ("h", 1024, 16384)]
    assert (told["wrt"], told["inputs"]) == ("X", ["X", "gamma", "beta"])
    assert (told["operation"], told["layout"], told["mode"]) == (
        "batchnorm", "denominator", "blocks")
    assert told["operations"][0] == "relu"
    repeated = controls(states.start("broadcast"))
    assert repeated["parameters"] == []  # its n is a size already
    cube = states.start("relu", (np.ones((2, 2, 2)),))
    assert controls(cube)["imagined"] == [] and show(cube)["costs"]["imagined"] is None
    assert controls(states.start("relu", (np.ones((2, 2)),)))["imagined"] != []


def test_arrays_and_numbers_given_by_name_are_taken():
    loss = JacobianExplorer("squared_error", X, target=X - 2)
    assert loss.parameters["target"].tolist() == (X - 2).tolist()
    assert loss.Y == 6 * 2**2 and loss.gradient.tolist() == [[4.0] * 3] * 2  # a sum of squares
    slope = JacobianExplorer("leaky_relu", X, alpha=0.25)
    assert slope.parameters == {"alpha": 0.25} and slope.Y[0, 1] == -0.5


def test_a_loss_is_its_own_upstream():
    assert upstream(AFFINE) == "G = dL/dY, from the rest of the network. Edit it too."
    assert upstream(states.start("squared_error")) == (
        "The output is the loss itself: its upstream gradient is 1 unless more follows.")


def compared(compact, present=AFFINE):
    return verdict(replace(states.compute(present), compact=np.asarray(compact, float)))


def test_the_verdict_allows_rounding_and_no_more():
    right = states.compute(AFFINE).full
    assert compared(right) == {
        "same": True, "text": "The same gradient: largest relative difference 0."}
    told = compared(right * (1 + 5e-13))
    assert told["same"] and float(told["text"].split()[-1].rstrip(".").replace(
        "−", "-")) == pytest.approx(5e-13, rel=1e-3)
    assert compared(right * (1 + 1e-9))["same"] is False
    assert compared(2 * right) == {"same": False, "text": "The two ways differ by 0.5000."}
    for odd in (np.nan, np.inf):
        told = compared(np.where(right == 7, odd, right))
        assert told["same"] is False and told["text"].startswith("∞ or nan met the zeros")
    told = verdict(replace(states.compute(AFFINE), full=right * np.nan))
    assert told["same"] is False and "0·∞ is nan there" in told["text"]


def test_the_verdict_on_a_measured_tensor_allows_what_measuring_leaves():
    own = JacobianExplorer(lambda X: 2 * X, X)._present
    right = states.compute(own).full
    told = compared(right * (1 + 1e-8), own)
    assert told["same"] and told["text"].endswith("(the full tensor was measured).")
    assert compared(right * (1 + 1e-5), own)["same"] is False
    assert "measured" not in compared(states.compute(AFFINE).full)["text"]


# --- the player ---


@pytest.mark.parametrize(("off", "end"), [
    (0.0, "7.0000, the same number from the same products."),
    (1e-8, "7.0000, the same number from the same products."),
    (1e-5, "7.0001, not 7.0000: the verdict says why."),
    (np.nan, "nan, not 7.0000: the verdict says why.")])
def test_the_last_step_tells_two_numbers_apart(off, end):
    computed = states.compute(AFFINE)
    full = {"total": "7.0000", "all": 2}
    compact = {"total": f"{7 * (1 + off):.4f}", "terms": 2}
    other = replace(computed, compact=computed.compact * (1 + off))
    assert ending(other, 4, "dX[1,1]", full, compact) == f"The compact way: dX[1,1] = {end}"
    silent = replace(computed, full=computed.full * np.nan, compact=computed.compact * np.nan)
    assert "the same number" in ending(silent, 4, "dX[1,1]", full, compact)


@pytest.mark.parametrize(("terms", "end"), [
    (None, "the same number, without the big tensor."),
    (0, "the same number, and nothing was multiplied."),
    (4, "the same number from the same products."),
    (1, "the same number with 1 multiplication instead of 4."),
    (2, "the same number with 2 multiplications instead of 4.")])
def test_the_last_step_says_what_was_saved(terms, end):
    said = ending(states.compute(AFFINE), 4, "dX[1,1]", {"total": "7.0000", "all": 4},
                  {"total": "7.0000", "terms": terms})
    assert said == f"The compact way: dX[1,1] = 7.0000, {end}"


@pytest.mark.parametrize(("zeros", "line"), [
    (0, "None of the 4 products is 0: nothing falls away."),
    (1, "1 of the 4 products is 0: it falls away."),
    (2, "2 of the 4 products are 0: they fall away.")])
def test_what_falls_away_is_counted(zeros, line):
    full = {"all": 4, "zeros": zeros, "factors": [{"name": "∂Y/∂X[1,1]"}], "total": "7.0000"}
    told = sentences(states.compute(AFFINE), 4, "dX[1,1]", full, {"total": "7.0000", "terms": 2})
    assert told[3] == line and told[2] == "Cell by cell they are multiplied: four products."
    assert told[4] == "What is left adds up and lands in dL/dX: dX[1,1] = 7.0000."


def test_a_play_shows_both_ways_cell_by_cell():
    play = played(states.compute(replace(AFFINE, played=4)))
    full, compact = play["full"], play["compact"]
    assert (play["index"], play["of"], play["name"]) == (4, 6, "dX[1,1]")
    cells = [np.frombuffer(one["values"]).tolist() for one in full["factors"]]
    assert cells == [[0, 0, 3, 4], [1, -1, 2, 0.25]]
    assert np.frombuffer(full["products"]).tolist() == [0, 0, 6, 1]
    assert (full["at"], full["columns"], full["rest"]) == ([0, 1, 2, 3], 2, "")
    assert (full["sum"], full["total"], full["zeros"]) == ("6.0000 + 1.0000", "7.0000", 2)
    assert [one["labels"] for one in full["factors"]] == [[], []]
    assert [one["labels"] for one in compact["factors"]] == [["1,0", "1,1"], ["1,0", "1,1"]]
    assert [one["name"] for one in compact["factors"]] == ["G", "W"]
    assert (compact["terms"], compact["total"], compact["line"]) == (2, "7.0000", None)
    loss = played(states.compute(states.start("squared_error", ([[1.0]],), played=0)))["full"]
    assert (loss["columns"], loss["at"]) == (1, [0])  # one number is one column
    bias = played(states.compute(replace(AFFINE, wrt="b", played=1)))["compact"]
    assert [one["name"] for one in bias["factors"]] == ["G"]  # its slopes are all 1
    assert (bias["terms"], bias["sum"]) == (0, "−1.0000 + 0.2500")
    soft = played(states.compute(states.start("softmax", ([[0.0, 0.0]],), played=0)))["compact"]
    assert soft["terms"] is None and soft["line"]["names"].startswith("Y[0,0] · (G[0,0] − ")


@pytest.mark.parametrize(("shape", "whole"), [((4, 5), True), ((7, 3), False), ((3, 6), False)])
def test_up_to_twenty_products_in_five_columns_are_shown_whole(shape, whole):
    play = played(states.compute(states.start("relu", (np.ones(shape),), played=0)))["full"]
    shown = len(play["at"])
    assert (shown, play["columns"]) == ((shape[0] * shape[1], shape[1]) if whole else (12, 4))
    labels = play["factors"][0]["labels"]
    assert labels[:2] == ([] if whole else ["0,0", "0,1"])


def test_sums_are_written_with_their_signs_and_windows_keep_the_largest():
    assert chain([0.3, -0.12, 0.045]) == "0.3000 − 0.1200 + 0.0450"
    assert chain([-1.0]) == "−1.0000" and chain([-1.0, 0.0]) == "−1.0000 + 0.0000"
    assert window(np.array([1.0, 5, 0, -7, 2]), 2).tolist() == [1, 3]
    assert window(np.array([1.0, np.nan, 0, -7, np.inf]), 3).tolist() == [1, 3, 4]
    assert window(np.zeros(5), 2).tolist() == [0, 1] and window(np.ones(2), 2).tolist() == [0, 1]


def test_the_entry_to_begin_with_is_the_largest_that_is_a_number():
    computed = states.compute(AFFINE)
    assert telling(computed) == 5
    for gradient, place in (([[1.0, -9, 3], [4, 5, 6]], 1), ([[np.nan, 1, -2], [0, 0, np.inf]], 2),
                            ([[np.nan] * 3] * 2, 0), (np.zeros((2, 3)), 0)):
        assert telling(replace(computed, compact=np.array(gradient))) == place
    assert telling(states.compute(states.start("relu", (np.zeros((0, 3)),)))) == 0


# --- what changes with a gesture, and what does not ---


def test_a_size_keeps_the_numbers_that_fit_in_every_array():
    wider = act(AFFINE, {"kind": "size", "letter": "m", "value": 4})
    assert np.array_equal(wider.inputs["X"][:, :3], X) and wider.inputs["X"].shape == (2, 4)
    assert np.array_equal(wider.inputs["W"][:3], W) and wider.inputs["W"].shape == (4, 2)
    assert np.array_equal(wider.G, G) and wider.inputs["b"].tolist() == [0.5, -0.5]
    taller = act(wider, {"kind": "size", "letter": "n", "value": 3})
    assert np.array_equal(taller.G[:2], G) and taller.G.shape == (3, 2)
    assert (taller.G[2] != 0).all() and not np.array_equal(taller.G[2], taller.inputs["X"][2, :2])
    back = act(act(taller, {"kind": "size", "letter": "n", "value": 2}),
               {"kind": "size", "letter": "m", "value": 3})
    assert all(np.array_equal(back.inputs[name], AFFINE.inputs[name]) for name in "XWb")


def test_random_numbers_are_others_and_reset_brings_back_the_first():
    random = act(AFFINE, {"kind": "random"})
    again = act(random, {"kind": "random"})
    for one, other in ((AFFINE, random), (random, again)):
        for name in "XWb":
            assert one.inputs[name].shape == other.inputs[name].shape
            assert not np.array_equal(one.inputs[name], other.inputs[name])
        assert not np.array_equal(one.G, other.G)
    assert (random.seed, again.seed) == (1, 2)
    first = states.start("affine", (X, W, [0.5, -0.5]))
    moved = act(act(first, {"kind": "random"}), {"kind": "choose", "what": "wrt", "value": "W"})
    home = act(replace(moved, mode="blocks"), {"kind": "reset"})
    assert all(np.array_equal(home.inputs[name], first.inputs[name]) for name in "XWb")
    assert (home.wrt, home.mode, home.seed) == ("W", "blocks", 0)
    loss = act(states.start("squared_error"), {"kind": "random"})
    assert loss.G.tolist() == 1  # dL/dL


def test_several_changes_at_once():
    present = with_changes(states.start("relu"), {
        "operation": "affine", "wrt": "W", "n": 2, "layout": "denominator", "mode": "blocks"})
    assert (present.operation, present.wrt, present.layout, present.mode) == (
        "affine", "W", "denominator", "blocks")
    assert present.inputs["X"].shape[0] == present.G.shape[0] == 2
    wide = np.arange(12.0).reshape(3, 4)
    mixed = with_changes(states.start("batchnorm"), {"eps": 0.5, "ddof": 1, "X": wide})
    assert mixed.parameters == {"eps": 0.5, "ddof": 1} and np.array_equal(mixed.inputs["X"], wide)
    assert isinstance(mixed.parameters["ddof"], int) and isinstance(mixed.parameters["eps"], float)


def test_an_undo_keeps_what_is_looked_at():
    explorer = JacobianExplorer("relu", X)
    browser(explorer, {"kind": "edit", "name": "X", "index": 0, "value": 5.0})
    browser(explorer, {"kind": "derive", "on": True}, {"kind": "play", "on": True, "index": 3})
    browser(explorer, {"kind": "undo"})
    assert explorer.inputs["X"][0, 0] == 1 and explorer.state["derivation"] is not None
    assert explorer.state["play"]["index"] == 3
    browser(explorer, {"kind": "derive", "on": False})
    assert explorer.state["derivation"] is None
