"""What the batch norm lab says: every sentence is worked out again, its names and its numbers."""

import re

import numpy as np
import pytest

from helpers.widgets.batchnorm import BatchNormLab
from helpers.widgets.batchnorm import state as states
from helpers.widgets.batchnorm.reading import said
from tests.widgets.batchnorm.test_batchnorm import G, lab, number

NAMES = {"X̂": "Xhat", "μ": "mu", "γ": "gamma", "β": "beta"}
NAMED = re.compile(r"(d?)(X̂|[μγβ]|[A-Za-z])\[(n|\d+)(?:,(\d+))?\]")


def arrays_at(present):
    """Every array by the name that the sentences use, gradients as far as they have come."""
    computed, forward = states.compute(present), states.counts(present.mode)[0]
    arrays = dict(computed.values) | {"dY": G}
    for step in computed.backward[:max(present.step - forward, 0)]:
        arrays |= {f"d{sent.to}": sent.total for sent in step.sent}
    return arrays


def worked_out(text, arrays):
    """The number that a piece of a sentence comes to: names, numbers, or both."""
    def entry(found):
        back, name, *index = found.groups()
        array = np.asarray(arrays[back + NAMES.get(name, name)])
        places = [slice(None) if i == "n" else int(i) for i in index if i is not None]
        return f"at({back + NAMES.get(name, name)!r}, {places!r})" if array.ndim == len(places) \
            else "wrong()"

    text = NAMED.sub(entry, text)
    for old, new in (("−", "-"), ("·", "*"), ("²", "**2"), ("√", "np.sqrt"), (" ε", " eps")):
        text = text.replace(old, new)
    text = re.sub(r"Σ (.*)", r"(\1).sum()", text)
    names = {"np": np, "N": len(G), "eps": arrays["eps"], "slice": slice,
             "at": lambda name, places: np.asarray(arrays[name])[tuple(places)]}
    return eval(text, names)


@pytest.mark.parametrize("mode, ddof", [("training", 0), ("training", 1), ("evaluation", 0)])
@pytest.mark.parametrize("feature", [0, 2])
def test_every_step_says_numbers_that_are_right(mode, ddof, feature):
    widget = lab(mode=mode, ddof=ddof, feature=feature, eps=0.1)
    for step in range(1, states.counts(mode)[1] + 1):
        widget.set(step=step)
        arrays = arrays_at(widget._present)
        lines = re.sub(r"(: (μ|r) is a| for every|, the same for| so far).*", "",
                       said(widget._present))
        for chain in re.split("\n|, so ", lines):
            first, *others = [worked_out(part, arrays) for part in chain.split(" = ")]
            assert others == pytest.approx([first] * len(others), abs=2e-3), chain
            assert "[" in chain.split(" = ")[0]


def test_a_dropped_path_is_said_where_it_was():
    widget = lab(path=0, step="end", feature=1)
    widget.set(step=17)
    arrays = arrays_at(widget._present)
    line = said(widget._present).split("\n")[1]
    assert line.startswith("dμ[1] = −Σ of the part of dC[n,1] that the product sent = ")
    alone = -(arrays["dXhat"] * arrays["r"]).sum(0)[1]
    assert number(line.split(" = ")[-1]) == pytest.approx(alone, abs=1e-4)


def test_a_long_sum_is_cut_and_its_result_is_that_of_all():
    X = np.round(np.random.default_rng(2).normal(size=(9, 2)), 1)
    widget = BatchNormLab(X, step=1, feature=1)
    terms = said(widget._present).split("(", 1)[1].split(") / ")[0].split(" + ")
    assert terms[-1] == "…" and len(terms) > 3 and len(said(widget._present)) < 70
    assert [number(one.strip("()")) for one in terms[:-1]] == X[:len(terms) - 1, 1].tolist()
    assert number(said(widget._present).split(" = ")[-1]) == pytest.approx(X[:, 1].mean(), abs=1e-4)
    assert "…" not in said(BatchNormLab(X[:4], step=1)._present)


def test_the_graph_runs_to_the_right_and_no_node_hides_another():
    """Arrays of the batch stand in lane 1, one number for each feature, and Q before it, in 0."""
    graph = lab(step="end").state["graph"]
    nodes = {one["id"]: one for one in graph["nodes"]}
    assert len({(one["column"], one["lane"]) for one in nodes.values()}) == len(nodes) == 12
    for name, one in nodes.items():
        whole = {axis["letter"] for axis in one["axes"]} == {"n", "h"} and name != "Q"
        assert one["lane"] == whole, name
    for edge in graph["edges"]:
        start, end = nodes[edge["from"]], nodes[edge["to"]]
        learned = edge["from"] in ("gamma", "beta")  # beside what it scales or shifts
        assert start["column"] == end["column"] if learned else start["column"] < end["column"]
