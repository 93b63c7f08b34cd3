"""What the graph stepper says in one sentence, and what stands above its picture."""

import pytest

from helpers.widgets.graph import GraphStepper
from tests.page import browser


@pytest.mark.parametrize(("count", "more"), [(12, ""), (13, " and 1 more"), (15, " and 3 more")])
def test_twelve_gradients_are_told_and_the_others_counted(count, more):
    names = [f"x{i}" for i in range(count)]
    widget = GraphStepper(" + ".join(names), **dict.fromkeys(names, 2), step="end")
    said = repr(widget)
    assert said.endswith(f", x11 1{more}") and f"graph of {count - 1} gates" in said
    assert f"the value is {2 * count};" in said
    head = [line for line, *_ in widget._head()]
    assert head[1].endswith("x11 = 2") and head[1].count("=") == 12


@pytest.mark.parametrize("length", [99, 100, 101, 250])
def test_a_long_expression_is_cut_in_the_sentence(length):
    text = "x1"[:1 + (length + 1) % 2] + "+x" * ((length - 1) // 2)
    assert len(text) == length
    said = repr(GraphStepper(text)).removeprefix("GraphStepper: ").split(" as a graph")[0]
    assert said == (text if length <= 100 else text[:99] + "…") and len(said) <= 100


def test_what_stands_above_the_picture_is_what_the_page_says():
    widget = GraphStepper("x*y", x=2, y=3)
    assert [line for line, *_ in widget._head()] == [
        "L = x*y", "x = 2, y = 3", "Before the first step", widget.state["now"]["said"]]
    widget.set(step="forward")
    assert [line for line, *_ in widget._head()][2:] == [
        "Forward 1 of 1: mul", widget.state["now"]["said"], widget.state["now"]["rule"]]
    widget.set(quiz=True)
    browser(widget, {"kind": "hint"})
    assert [line for line, *_ in widget._head()][2:] == [
        "Quiz: the gradients are yours", widget.state["quiz"]["said"]]
    assert GraphStepper("2 + 3").sentence().endswith("gradients: none")


def test_kinks_are_told_beside_their_gradients():
    said = repr(GraphStepper("relu(x)", x=0, step="end"))
    assert "x 0" in said and said != repr(GraphStepper("relu(x)", x=1, step="end"))
    almost = GraphStepper("x*y", x=1, y=2, step=2)
    assert repr(almost).endswith("0 of 2 gradients known, the steps back bring the others")
