"""The explorer on a student's own function: full tensor by differences, compact way found."""

import html
import re

import numpy as np
import pytest

from helpers import OPERATIONS, JacobianExplorer
from helpers.calculus.discover.own_operation import input_letters, operation_of
from helpers.calculus.errors import TooBig
from tests.calculus.cases import looked_at

RANDOM = np.random.default_rng(7)
X, W, B = (RANDOM.normal(size=shape).round(1) for shape in ((3, 4), (4, 2), (2,)))


def layer(X, W, b):
    return np.tanh(X @ W + b)


def unit_rows(X):
    return X / np.sqrt((X**2).sum(-1, keepdims=True))


def by_hand(G, wrt):
    slope = G * (1 - layer(X, W, B) ** 2)
    return {"X": slope @ W.T, "W": X.T @ slope, "b": slope.sum(0)}[wrt]


@pytest.mark.parametrize("wrt", ["X", "W", "b"])
def test_both_ways_of_a_layer_are_the_gradient_by_hand(wrt):
    explorer = JacobianExplorer(layer, X, W, B, wrt=wrt)
    right = by_hand(explorer.G, wrt)
    full = np.tensordot(explorer.G, explorer.jacobian, 2)
    assert np.allclose(explorer.gradient, right, atol=1e-8) and np.allclose(full, right, atol=1e-8)
    assert explorer.state["verdict"]["same"] and "1 - Y**2" in explorer.state["numpy"]
    assert explorer.jacobian.shape == explorer.Y.shape + right.shape


def test_of_a_tensor_that_could_not_exist_it_says_the_line_and_how_it_was_found():
    wide = RANDOM.normal(size=(64, 1024))
    with pytest.raises(TooBig, match=r"does too: .*4\.3 billion entries \(34\.4 GB\); found from "
                                     r"\d+ calls of f") as raised:
        JacobianExplorer(lambda X: np.maximum(X, 0), wide)
    assert "dL/dX = G * (X > 0) does too" in str(raised.value) and "\n" not in str(raised.value)


def test_axes_that_grow_together_share_a_letter():
    assert input_letters(layer, (X, W, B), "XWB") == (("n", "h"), ("h", "m"), ("m",))
    assert operation_of(layer, X, W, B).axes == "n h, h m, m -> n m"


def test_a_function_that_prints_is_shown_in_silence(capsys):
    def loud(X):
        print("loud")
        return X**2

    explorer = JacobianExplorer(loud, [[3.0, 1.0]], G=[[1.0, 2.0]])
    explorer.set(X=[[3.0, 5.0]])
    assert explorer.gradient.tolist() == [[6.0, 20.0]] and capsys.readouterr().out == ""


def test_an_edit_finds_the_compact_way_anew():
    explorer = JacobianExplorer(np.sort, [3.0, 1.0, 2.0], G=[10.0, 20.0, 30.0])
    assert explorer.gradient.tolist() == [30.0, 10.0, 20.0]
    edit = {"kind": "edit", "name": next(iter(explorer.inputs)), "index": 1, "value": 9.0}
    explorer.gestures = {"client": "page", "queue": [{**edit, "serial": 1}]}
    assert explorer.last_error is None and explorer.gradient.tolist() == [20.0, 30.0, 10.0]


def test_sizes_operations_and_reset():
    explorer = JacobianExplorer(unit_rows, X)
    explorer.set(n=2)
    assert explorer.Y.shape == (2, 4) and explorer.state["verdict"]["same"]
    explorer.set(operation="relu")
    assert "unit_rows" in explorer.state["controls"]["operations"]
    explorer.set(operation="unit_rows")
    assert np.array_equal(explorer.inputs["X"], X)
    explorer.gestures = {"client": "page", "queue": [{"kind": "random", "serial": 1},
                                                     {"kind": "reset", "serial": 2}]}
    assert explorer.last_error is None and np.array_equal(explorer.inputs["X"], X)


def test_a_function_that_does_not_take_a_shape_says_so_in_a_line_and_keeps_the_state():
    explorer = JacobianExplorer(lambda X: X @ W, X)
    before = explorer.Y
    explorer.gestures = {"client": "page", "queue": [
        {"kind": "size", "letter": "h", "value": 6, "serial": 1}]}
    assert explorer.last_error and "\n" not in explorer.last_error
    assert np.array_equal(explorer.Y, before)


def imagine(explorer, **sizes):
    explorer.gestures = {"client": "page", "queue": [
        {"kind": "imagine", "letter": letter, "value": size, "serial": at}
        for at, (letter, size) in enumerate(sizes.items(), 1)]}
    assert explorer.last_error is None
    return explorer.state["costs"]


def rows_of(costs):
    return [(row["full"], row["compact"]) for row in costs["rows"][::2]]


@pytest.mark.parametrize(("f", "arrays", "row"), [
    (lambda X: np.maximum(X, 0), (X,), "relu"), (lambda X, W, b: X @ W + b, (X, W, B), "affine")])
def test_imagined_sizes_of_a_function_cost_what_its_row_of_the_table_costs(f, arrays, row):
    own, table = JacobianExplorer(f, *arrays), JacobianExplorer(row, *arrays)
    letters = dict(zip(own._present.imagined, table._present.imagined, strict=True))
    for size in (7, 500):
        mine = imagine(own, **dict.fromkeys(letters, size))
        right = imagine(table, **dict.fromkeys(letters.values(), size))
        assert rows_of(mine["imagined"])[0] == rows_of(right["imagined"])[0]
    assert own.state["costs"]["why"] == ""


def test_what_unit_rows_keep_at_imagined_sizes_is_counted():
    explorer = JacobianExplorer(unit_rows, X)
    assert explorer.state["costs"]["now"]["factor"] == "9.6 × fewer numbers"
    assert explorer.state["costs"]["imagined"]["rows"][0] == {
        "what": "numbers", "full": "4,294,967,296", "compact": f"{64 * 1024 + 64:,}",
        "ratio": "65,472 × fewer"}


def test_fewer_numbers_for_more_multiplications_are_one_claim():
    now = JacobianExplorer("attention").state["costs"]["now"]
    assert (now["factor"], now["but"]) == ("1.7 × fewer numbers", "for 1.7 × more multiplications")
    assert now["rows"][2]["ratio"] == "1.7 × more"
    relu = JacobianExplorer("relu").state["costs"]
    assert relu["now"]["but"] == relu["imagined"]["but"] == ""


def test_why_a_size_cannot_be_imagined_is_said_in_a_line():
    explorer = JacobianExplorer(lambda X: X @ W, X)  # W stands still: so does h
    assert explorer._present.imagined == {"n": 64, "h": 4}
    assert rows_of(explorer.state["costs"]["imagined"])[0] == (f"{64 * 2 * 64 * 4:,}", "8")
    costs = imagine(explorer, h=1024)
    assert costs["imagined"] is None and "does not take" in costs["why"]
    large = imagine(JacobianExplorer(unit_rows, X), n=2**14, h=2**14)
    assert large["imagined"] is None and "Imagine less." in large["why"]
    C = RANDOM.normal(size=(3, 4))
    for f, words in ((lambda X: (C * X).sum(), "known at this size alone"),
                     (lambda X: 2 * X if len(X) < 4 else np.tanh(X), "another one at another")):
        why = JacobianExplorer(f, X).state["costs"]["why"]
        assert words in why and "\n" not in costs["why"] + large["why"] + why


def test_a_measured_tensor_shows_its_zeros_and_its_letters_as_the_table_does():
    own = JacobianExplorer(lambda X: np.maximum(X, 0), X)
    row = JacobianExplorer("relu", X)
    letters = [[[axis["letter"] for axis in one.state["tensor"][side]]
                for side in ("outer", "inner")] for one in (own, row)]
    assert letters[0] == letters[1] == [["n", "h"], ["n", "h"]]
    point = {"place": "J", "outer": 0, "inner": 1}
    assert own.read(own._present, point)["text"] == row.read(row._present, point)["text"]


def test_the_formula_of_a_function_has_the_letters_of_its_arrays():
    explorer = JacobianExplorer(lambda X, W: np.tanh(X) @ W, X,
                               np.array([[1, -2], [0.5, 3], [-1.5, 2], [0.7, 1.1]]))
    assert '"nm,nh,hm->nh"' in explorer.state["numpy"]
    assert all(f"<mi>{letter}</mi>" not in explorer.state["math"]["compact"] for letter in "jkl")


def test_code_names_the_function(capsys):
    JacobianExplorer(unit_rows, X).code()
    assert "JacobianExplorer(\n    unit_rows,\n    [[" in capsys.readouterr().out


def test_a_function_without_arrays_or_with_whole_numbers_is_refused_in_a_line():
    with pytest.raises(ValueError, match="arrays too"):
        JacobianExplorer(unit_rows)
    with pytest.raises(ValueError, match=r"integer|whole|float"):
        JacobianExplorer(lambda X: (X > 0).astype(int), X)


@pytest.mark.parametrize(("make", "line"), [
    (lambda: JacobianExplorer("affine", wrt="W"), r"dW = X.T @ G"),
    (lambda: JacobianExplorer(unit_rows, X), "dX = (G - Y * (G * Y).sum"),
])
def test_the_derivation_is_written_when_it_is_opened(make, line):
    explorer = make()
    assert explorer.state["derivation"] is None
    explorer.gestures = {"client": "page", "queue": [{"kind": "derive", "on": True, "serial": 1}]}
    steps = explorer.state["derivation"]
    assert steps[0][0].startswith("The chain rule") and steps[-1][0] == "NumPy"
    assert all("<math" in mathml for _, mathml in steps)
    written = html.unescape(re.sub("<[^>]+>", "", steps[-1][1])).replace("\xa0", " ")
    assert written.startswith(line), written


@pytest.mark.slow
@pytest.mark.parametrize("name", [op.name for op in looked_at()])
def test_every_operation_has_a_derivation(name):
    for wrt in OPERATIONS[name].inputs:
        explorer = JacobianExplorer(name, wrt=wrt)
        explorer.gestures = {"client": "page",
                             "queue": [{"kind": "derive", "on": True, "serial": 1}]}
        assert explorer.last_error is None and len(explorer.state["derivation"]) >= 4, wrt


def test_a_function_may_have_the_name_of_an_operation():
    def relu(a):
        return np.maximum(a, 0)

    explorer = JacobianExplorer(relu, X)
    assert (explorer.state["verdict"]["same"], list(explorer.inputs)) == (True, ["a"])
    explorer.set(operation="relu")
    explorer.set(operation="my_relu")
    assert list(explorer.inputs) == ["a"]


def test_any_names_of_arguments_can_be_written():
    for f in (lambda x1, b2: x1**2 @ b2, lambda X_1, _: X_1**2 @ _, lambda h, wrt: h**2 @ wrt):
        explorer = JacobianExplorer(f, X, W)
        for wrt in explorer.inputs:
            explorer.set(wrt=wrt)
            assert explorer.state["verdict"]["same"]
        first = next(iter(explorer.inputs))
        explorer.set(**{first: X + 1})
        assert np.array_equal(explorer.inputs[first], X + 1)


def test_a_function_that_takes_one_shape_only():
    fixed = RANDOM.normal(size=(2, 7))
    explorer = JacobianExplorer(lambda A: fixed @ A, RANDOM.normal(size=(7, 5)))
    assert explorer.Y.shape == (2, 5) and explorer.state["verdict"]["same"]


def test_a_warning_ends_its_sentence_once():
    """What stands still at 1e-8 has the slope of a complex step, and the page says so."""
    widget = JacobianExplorer(lambda X: 1 - np.cos(X), [[1e-8, 0.5], [-2e-8, 1.0]])
    assert widget.state["why"].endswith("that no difference has three digits to confirm them with")
    np.testing.assert_allclose(widget.gradient, widget.G * np.sin(widget.X), rtol=1e-9)
