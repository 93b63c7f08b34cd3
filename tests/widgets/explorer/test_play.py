"""The terms of one entry of the gradient: they sum to it, both ways, for every operation."""

import re

import numpy as np
import pytest

from helpers import OPERATIONS, JacobianExplorer
from helpers.widgets.explorer import state as states
from helpers.widgets.explorer.acts import act
from helpers.widgets.explorer.entrywise import read_line
from helpers.widgets.explorer.play.terms import added, core_factors, factors, played, window
from helpers.widgets.explorer.reading import reading
from tests.amount import amount, spread
from tests.page import browser

CASES = [(name, wrt) for name, op in OPERATIONS.items() for wrt in op.derivatives]
LAYOUTS = [("numerator", "tiles"), ("numerator", "blocks"), ("denominator", "tiles"),
           ("denominator", "blocks")]
OWN = {"reversed": lambda X: 2 * X[:, ::-1], "squares": lambda X: (X**2).sum(1),
       "product": lambda X, W: X @ W, "mixed": lambda X: np.tanh(X @ X.T)}
X, W = np.array([[1.2, -0.7, 0.4], [-0.3, 0.8, -2.1]]), np.array([[0.5, -1], [2, 0.1], [-3, 1.5]])


def numbers(packed):
    return np.frombuffer(packed, "<f8")


def shown_sum(way):
    """What the terms of a way add up to, those too that are not shown."""
    values = [numbers(one["values"]) for one in way["factors"]]
    return np.prod(values, axis=0), numbers(way["products"])


@pytest.mark.parametrize("name, wrt", CASES)
def test_the_terms_of_every_entry_sum_to_it(name, wrt):
    computed = states.compute(states.start(name, wrt=wrt))
    for x, wanted in enumerate(computed.compact.reshape(-1)):
        J, products = factors(computed, x)
        assert products.size == J.size == computed.Y.size
        assert np.isclose(products.sum(), wanted, rtol=1e-9, atol=1e-12)
        kept = core_factors(computed, x)
        if kept:
            flats, places = kept
            core = np.asarray(computed.local.core).reshape(-1)[places]
            terms = computed.present.G.reshape(-1)[flats] * core
            assert np.isclose(terms.sum(), wanted, rtol=1e-9, atol=1e-12)
            assert np.isin(np.flatnonzero(J), flats).all()


@pytest.mark.parametrize("layout, mode", LAYOUTS)
@pytest.mark.parametrize("name, wrt", CASES)
def test_every_operation_is_played_with_products_that_are_those_of_its_factors(
        name, wrt, layout, mode):
    present = states.start(name, wrt=wrt, layout=layout, mode=mode, played=0)
    play = played(states.compute(present))
    for way in (play["full"], play["compact"]):
        if way.get("factors"):
            of_factors, products = shown_sum(way)
            assert np.array_equal(of_factors, products)
    assert len(play["steps"]) == 6 and all(step.endswith(".") for step in play["steps"])
    assert play["steps"][-2].endswith(f" = {play['full']['total']}.")
    assert "the same number" in play["steps"][-1]
    assert play["full"]["total"] == play["compact"]["total"]
    line = play["compact"]["line"]  # where it has no numbers of its own, those that it adds up
    if line:
        own = read_line(states.compute(present), 0)
        assert line == {"names": own["names"], "numbers": own["numbers"] or play["full"]["sum"]}
    lifted = {"numeratortiles": "in every tile", "numeratorblocks": "its column",
              "denominatortiles": "its tile", "denominatorblocks": "its row"}
    assert lifted[layout + mode] in play["steps"][0]


@pytest.mark.slow
@pytest.mark.parametrize("name", spread(list(OWN), amount(2, 2, len(OWN))))
def test_own_functions_are_played_too(name):
    explorer = JacobianExplorer(OWN[name], *((X, W) if name == "product" else (X,)))
    for x in range(explorer.gradient.size):
        browser(explorer, {"kind": "play", "on": True, "index": x})
        play = explorer.state["play"]
        assert play["index"] == x and play["full"]["all"] == explorer.Y.size
        assert "the same number" in play["steps"][-1], play["steps"]


LINES = {("softmax", "Z"), ("log_softmax", "Z"), ("batchnorm", "X"), ("layernorm", "X"),
         ("attention", "Q"), ("attention", "K"), ("quadratic_form", "A"), ("inverse", "A"),
         ("groupnorm", "X"), ("rmsnorm", "X"), ("l2_normalize", "X")}


@pytest.mark.parametrize("name, wrt", CASES)
def test_what_keeps_less_than_its_core_is_read_from_its_line_at_the_entry(name, wrt):
    computed = states.compute(states.start(name, wrt=wrt))
    if core_factors(computed, 0) is not None:
        assert (name, wrt) not in LINES
        return
    for x in range(computed.full.size):
        read = read_line(computed, x)
        assert bool(read["numbers"]) == ((name, wrt) in LINES)  # else one call of NumPy


def test_a_line_is_read_with_its_numbers():
    computed = states.compute(states.start("softmax"))
    read = read_line(computed, 1)
    assert read["names"] == "Y[0,1] · (G[0,1] − (G * Y).sum(-1)[0])"
    G, Y = computed.present.G, computed.Y
    found = [float(text) for text in re.findall(r"-?[\d.]+", read["numbers"].replace("−", "-")
                                                .replace("- ", ""))]
    assert np.allclose(found, [Y[0, 1], G[0, 1], (G * Y).sum(-1)[0]], atol=5e-5)


def test_a_window_holds_the_largest_terms_and_zeros_beside_the_largest():
    products = np.zeros(4096)
    assert products.size > 12 and window(np.arange(3.0), 12).tolist() == [0, 1, 2]
    products[[7, 2000, 4000]] = 1, -5, np.nan
    shown = window(products, 12)
    assert {7, 2000, 4000} <= set(shown.tolist()) and len(shown) == 12
    assert (np.diff(shown) > 0).all() and max(abs(shown - 4000)[shown > 3000]) < 12


def test_what_is_not_shown_is_counted():
    products = np.array([0.5, -0.25, 0.125, 0, 0, 0])
    part = added(products, np.array([0, 1, 3]), 0.375)
    assert part["rest"] == "and 1 smaller term and 2 zeros" and part["zeros"] == 3
    assert part["sum"] == "0.5000 − 0.2500 + 1 smaller term (0.1250)"
    assert part["total"] == "0.3750"


def test_a_large_tensor_is_played_by_a_window():
    present = states.start("relu", sizes={"n": 32, "h": 32}, played=40)
    play = played(states.compute(present))
    products = numbers(play["full"]["products"])
    assert products.size == 12 and play["full"]["all"] == 1024
    assert play["full"]["rest"] == "and 1,012 zeros"
    assert 40 in play["full"]["at"]


def test_the_steps_are_said():
    explorer = JacobianExplorer("affine", [[1.0, 2, 3]], [[1.0, 2], [3, 4], [5, 6]], [0.0, 0],
                                G=[[0.5, -1]])
    browser(explorer, {"kind": "play", "on": True, "index": 1})
    play = explorer.state["play"]
    assert play["name"] == "dX[0,1]" and play["steps"] == [
        "dX[0,1] takes the cell at its place in every tile: ∂Y/∂X[0,1], two numbers, "
        "one for each entry of Y.",
        "Beside it G: how much the loss changes with each entry of Y.",
        "Cell by cell they are multiplied: two products.",
        "None of the 2 products is 0: nothing falls away.",
        "What is left adds up and lands in dL/dX: dX[0,1] = −2.5000.",
        "The compact way: dX[0,1] = −2.5000, the same number from the same products."]
    assert play["compact"]["factors"][1]["name"] == "W"
    assert play["compact"]["factors"][1]["labels"] == ["1,0", "1,1"]
    assert play["compact"]["sum"] == "1.5000 − 4.0000"


def test_infinity_meets_a_zero_and_the_two_ways_part():
    explorer = JacobianExplorer("relu", X, G=np.array([[np.inf, 1, 1], [1, 1, 1]]))
    browser(explorer, {"kind": "play", "on": True, "index": 2})
    play = explorer.state["play"]
    assert play["full"]["total"] == "nan" and play["full"]["zeros"] == 4
    assert play["steps"][-1] == "The compact way: dX[0,2] = 1.0000, not nan: the verdict says why."


def test_it_is_off_until_it_is_asked_for_and_begins_with_a_telling_entry():
    explorer = JacobianExplorer("relu", X, G=np.array([[0.1, 5, -0.2], [3, -1, 4.0]]))
    assert explorer.state["play"] is None
    browser(explorer, {"kind": "play", "on": True})
    assert explorer.state["play"]["name"] == "dX[1,1]"  # 5, 3 and 4 are multiplied by 0
    said = explorer.reading["text"]  # and gives no sum before it lands
    assert said == "dX[1,1] = G[1,1]·1 + five zeros, step by step below"
    browser(explorer, {"kind": "play", "on": False})
    assert explorer.state["play"] is None and explorer.reading["text"] == ""


@pytest.mark.parametrize("layout, name", [("numerator", "dX[1,2]"), ("denominator", "dX[0,1]")])
def test_an_entry_of_the_tensor_says_which_is_played(layout, name):
    explorer = JacobianExplorer("relu", X, layout=layout)
    browser(explorer, {"kind": "play", "on": True, "outer": 1, "inner": 5})
    assert explorer.state["play"]["name"] == name


def test_it_goes_on_with_other_numbers_sizes_and_operations():
    present = states.start("relu", sizes={"n": 3, "h": 4}, played=11)
    for gesture in ({"kind": "size", "letter": "n", "value": 2},
                    {"kind": "choose", "what": "operation", "value": "affine"},
                    {"kind": "choose", "what": "wrt", "value": "b"},
                    {"kind": "random"}, {"kind": "reset"}):
        present = act(present, gesture)
        play = played(states.compute(present))
        assert play["index"] < play["of"]
        assert reading(present, {})["text"].startswith(f"{play['name']} = ")


@pytest.mark.parametrize("index", [-1, 6, 99])
def test_an_entry_that_is_not_there_is_refused_in_one_line(index):
    explorer = JacobianExplorer("relu", X)
    browser(explorer, {"kind": "play", "on": True, "index": index})
    assert explorer.last_error == f"dL/dX has 6 entries, and none of them is number {index}."
    assert explorer.state["play"] is None


def test_no_entry_is_no_play():
    assert played(states.compute(states.start("relu", [np.zeros((0, 3))], played=0))) is None
