"""The explorer without a browser: its state, what it says, what it sends, and what it refuses."""

import gc
import json
import threading

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from helpers import OPERATIONS, JacobianExplorer, contract, relative_error
from helpers.calculus.errors import LessonError
from helpers.widgets.explorer import state as states
from helpers.widgets.explorer.reading import reading
from helpers.widgets.explorer.view import show
from helpers.words import count, number
from tests.amount import amount
from tests.colab import not_in_colab
from tests.page import browser

X = np.array([[1.2, -0.7, 0.4, -1.5], [-0.3, 0.8, -2.1, 0.6], [0.9, -1.1, 0.2, 1.7]])
G = np.array([[0.5, -1.0, 0.3, 0.8], [1.1, -0.6, 0.9, -0.2], [-0.4, 0.7, 1.5, -1.3]])
CASES = [(name, wrt) for name, op in OPERATIONS.items() for wrt in op.derivatives]


@pytest.mark.parametrize("name, wrt", CASES)
@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_every_operation_shows_both_ways_equal(name, wrt, layout):
    explorer = JacobianExplorer(name, wrt=wrt, layout=layout)
    inputs = tuple(explorer.inputs.values())
    expected = OPERATIONS[name].vjp(explorer.G, *inputs, wrt=wrt, **explorer.parameters)
    assert relative_error(explorer.gradient, expected) == 0
    assert relative_error(contract(explorer.G, explorer.jacobian), expected) < 1e-12
    assert explorer.state["verdict"]["same"]
    assert name in repr(explorer) and " at 0x" not in repr(explorer)


def test_an_edit_changes_one_entry_and_the_gradient_follows():
    explorer = JacobianExplorer("relu", X, G=G)
    browser(explorer, {"kind": "edit", "name": "X", "index": 6, "value": 0.5, "stroke": 1})
    assert explorer.inputs["X"][1, 2] == 0.5
    assert explorer.gradient[1, 2] == 0.9
    assert np.frombuffer(explorer.state["arrays"]["compact"]["gradient"]["values"])[6] == 0.9
    assert X[1, 2] == -2.1


def test_edits_of_one_stroke_are_undone_together_and_a_resent_gesture_is_applied_once():
    explorer = JacobianExplorer("relu", X, G=G)
    for value in (0.1, 0.2, 0.3):
        browser(explorer, {"kind": "edit", "name": "G", "index": 0, "value": value, "stroke": 1})
    explorer.gestures = {**explorer.gestures, "again": True}
    browser(explorer, {"kind": "edit", "name": "G", "index": 1, "value": 7.0, "stroke": 2})
    browser(explorer, {"kind": "undo"})
    assert explorer.G[0, :2].tolist() == [0.3, -1.0]
    browser(explorer, {"kind": "undo"})
    assert explorer.G[0, 0] == 0.5
    browser(explorer, {"kind": "undo"})
    assert explorer.G[0, 0] == 0.5 and explorer.last_error is None


BAD = [
    ({"kind": "edit", "name": "X", "index": 0, "value": "abc"}, "abc"),
    ({"kind": "edit", "name": "X", "index": 99, "value": 1.0}, "99"),
    ({"kind": "edit", "name": "Q", "index": 0, "value": 1.0}, "Q"),
    ({"kind": "size", "letter": "n", "value": 0}, "from 1 to 32"),
    ({"kind": "size", "letter": "n", "value": 2.5}, "2.5"),
    ({"kind": "size", "letter": "z", "value": 2}, "n, h"),
    ({"kind": "parameter", "name": "at_zero", "value": "x"}, "at_zero"),
    ({"kind": "parameter", "name": "alpha", "value": 1.0}, "alpha"),
    ({"kind": "choose", "what": "operation", "value": "reloo"}, "reloo"),
    ({"kind": "choose", "what": "layout", "value": "sideways"}, "sideways"),
    ({"kind": "imagine", "letter": "n", "value": 0}, "16,384"),
    ({"kind": "dance"}, "dance"),
]


@pytest.mark.parametrize("gesture, said", BAD)
def test_a_bad_gesture_is_one_readable_line_and_the_last_good_state_stays(gesture, said, capsys):
    explorer = JacobianExplorer("relu", X, G=G)
    browser(explorer, gesture)
    assert said in explorer.state["error"] and "\n" not in explorer.state["error"]
    assert explorer.last_error == explorer.state["error"]
    assert np.array_equal(explorer.inputs["X"], X) and explorer.state["verdict"]["same"]
    assert capsys.readouterr() == ("", "")
    browser(explorer, {"kind": "edit", "name": "X", "index": 0, "value": 2.0})
    assert explorer.state["error"] == "" and explorer.last_error is None


BAD_CALLS = [
    (lambda: JacobianExplorer("reloo"), "reloo"),
    (lambda: JacobianExplorer("relu", wrt="W"), "'W'"),
    (lambda: JacobianExplorer("relu", n=3, alpha=2), "alpha"),
    (lambda: JacobianExplorer("relu", n=99), "99"),
    (lambda: JacobianExplorer("affine", X, X, [1]), "axis m is 4 in X but 3 in W"),
    (lambda: JacobianExplorer("relu", X, G=G[:2]), "(2, 4)"),
    (lambda: JacobianExplorer("relu", "text"), "numbers"),
    (lambda: JacobianExplorer("relu", np.zeros((40, 40))), "2,560,000"),
    (lambda: JacobianExplorer("relu").set(Z=1), "Z"),
    (lambda: JacobianExplorer("relu").set(G=[[1.0]]), "(1, 1)"),
]


@pytest.mark.parametrize("call, said", BAD_CALLS)
def test_a_bad_call_raises_one_readable_line(call, said):
    with pytest.raises(LessonError) as caught:
        call()
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_lesson_error_shows_in_a_notebook_without_a_traceback(capsys):
    shell = InteractiveShell.instance()
    shell.run_cell("from helpers import JacobianExplorer\nJacobianExplorer('reloo')", silent=True)
    printed = capsys.readouterr().out
    assert "There is no operation 'reloo'" in printed
    assert "Traceback" not in printed and "explorer_state" not in printed


def test_arrays_set_from_python_show_and_may_change_shape():
    explorer = JacobianExplorer("relu", X, G=G)
    explorer.set(X=[[1, -1], [2, -2], [0, 3]], at_zero=1)
    assert explorer.jacobian.shape == (3, 2, 3, 2) and explorer.G.shape == (3, 2)
    assert explorer.G[:, :2].tolist() == G[:, :2].tolist()
    assert explorer.state["controls"]["sizes"][1]["size"] == 2
    assert explorer.gradient[2, 0] == explorer.G[2, 0]
    explorer.set(X=[1.0, -2.0, 3.0])
    assert explorer.jacobian.shape == (3, 3)
    explorer.set(operation="affine", wrt="W", layout="denominator", mode="blocks")
    assert explorer.state["controls"]["wrt"] == "W"
    assert [axis["letter"] for axis in explorer.state["tensor"]["outer"]] == ["m", "k"]


def test_a_failed_set_changes_nothing():
    explorer = JacobianExplorer("affine")
    before = explorer.inputs
    with pytest.raises(LessonError):
        explorer.set(wrt="b", X=np.ones((3, 9)))
    assert explorer.state["controls"]["wrt"] == "X"
    assert all(np.array_equal(before[name], value) for name, value in explorer.inputs.items())


def test_sizes_keep_the_numbers_that_fit_and_another_operation_keeps_its_arrays():
    explorer = JacobianExplorer("relu", X, G=G)
    browser(explorer, {"kind": "size", "letter": "h", "value": 6})
    browser(explorer, {"kind": "size", "letter": "n", "value": 2})
    assert np.array_equal(explorer.inputs["X"][:, :4], X[:2])
    assert explorer.G.shape == (2, 6)
    browser(explorer, {"kind": "choose", "what": "operation", "value": "tanh"})
    assert np.array_equal(explorer.inputs["X"][:, :4], X[:2])


def test_random_and_reset():
    explorer = JacobianExplorer("relu")
    first = explorer.inputs["X"]
    browser(explorer, {"kind": "random"})
    assert not np.array_equal(explorer.inputs["X"], first)
    assert explorer.inputs["X"].shape == first.shape
    browser(explorer, {"kind": "reset"})
    assert np.array_equal(explorer.inputs["X"], first)


def test_reset_brings_back_the_numbers_of_the_lesson_and_keeps_the_look():
    explorer = JacobianExplorer("relu", X, G=G)
    browser(explorer, {"kind": "size", "letter": "n", "value": 5})
    browser(explorer, {"kind": "choose", "what": "layout", "value": "denominator"})
    explorer.set(X=np.ones((2, 2)), G=np.ones((2, 2)))
    browser(explorer, {"kind": "reset"})
    assert np.array_equal(explorer.inputs["X"], X) and np.array_equal(explorer.G, G)
    assert explorer.state["controls"]["layout"] == "denominator"
    browser(explorer, {"kind": "choose", "what": "operation", "value": "affine"})
    browser(explorer, {"kind": "random"}, {"kind": "reset"})
    assert np.array_equal(explorer.inputs["X"], X)
    assert explorer.state["controls"]["operation"] == "affine"


def test_pointing_reads_the_sum_with_its_numbers():
    explorer = JacobianExplorer("relu", X, G=G)
    explorer.pointer = {"place": "gradient", "index": 5}
    assert explorer.reading["text"] == "dX[1,1] = G[1,1]·1 + eleven zeros = (−0.6000)·1 = −0.6000"
    assert explorer.reading["marks"]["G"] == [5] and explorer.reading["inner"] == 5
    explorer.pointer = {"place": "gradient", "index": 6}
    assert explorer.reading["text"].startswith("dX[1,2] = twelve zeros = 0")
    explorer.pointer = {"place": "G", "index": 6}
    assert explorer.reading["text"].endswith("∂Y[1,2]/∂X: all its twelve entries are 0")
    explorer.pointer = {"place": "J", "outer": 1, "inner": 6}
    assert "= 0, because n ≠ n′ (0 ≠ 1), h ≠ h′ (1 ≠ 2)" in explorer.reading["text"]
    explorer.pointer = {}
    assert explorer.reading["text"] == ""


def test_pointing_names_the_core_and_counts_the_terms_it_leaves_out():
    explorer = JacobianExplorer("affine", wrt="W", n=7, m=4, k=2)
    X, G = explorer.inputs["X"], explorer.G
    explorer.pointer = {"place": "gradient", "index": 5}
    text = explorer.reading["text"]
    assert text.startswith("dW[2,1] = G[0,1]·") and "… three more terms + seven zeros" in text
    assert text.endswith(f"= {number(X[:, 2] @ G[:, 1])}")
    explorer.pointer = {"place": "J", "outer": 0, "inner": 4}
    assert explorer.reading["text"] == f"∂Y[0,0]/∂W[2,0] = X[0,2] = {number(X[0, 2])}"
    explorer.set(layout="denominator")
    explorer.pointer = {"place": "J", "outer": 4, "inner": 0}
    assert explorer.reading["text"] == f"∂Y[0,0]/∂W[2,0] = X[0,2] = {number(X[0, 2])}"


@pytest.mark.parametrize("name, wrt", CASES)
def test_what_is_read_for_an_entry_of_the_gradient_adds_up(name, wrt):
    present = JacobianExplorer(name, wrt=wrt)._present
    computed = states.compute(present)
    J = computed.J.reshape(computed.Y.size, -1)
    for index in range(computed.full.size):
        said = reading(present, {"place": "gradient", "index": index})
        terms = np.flatnonzero(J[:, index])
        assert said["marks"]["G"] == terms.tolist()
        assert terms.size == 0 or said["text"].endswith(number(computed.compact.reshape(-1)[index]))


@pytest.mark.parametrize("name, wrt", CASES)
@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_the_tensor_that_the_browser_gets_is_the_jacobian(name, wrt, layout):
    """The browser expands core and pattern; expanding them here by their definition gives J."""
    explorer = JacobianExplorer(name, wrt=wrt, layout=layout)
    spec, J = explorer.state["tensor"], explorer.jacobian
    axes, letters = spec["outer"] + spec["inner"], spec["core"]["letters"]
    sizes = {axis["letter"]: axis["size"] for axis in axes}
    core = np.frombuffer(spec["core"]["values"]).reshape([sizes[letter] for letter in letters])
    ndim = explorer.Y.ndim
    if layout == "denominator":
        J = np.moveaxis(J, range(ndim), range(J.ndim - ndim, J.ndim))
    assert J.shape == tuple(axis["size"] for axis in axes)
    for index in np.ndindex(J.shape):
        seen, same = {}, True
        for axis, i in zip(axes, index, strict=True):
            same = same and seen.setdefault(axis["letter"], i) == i
        assert J[index] == (core[tuple(seen[letter] for letter in letters)] if same else 0)


def test_numbers_and_counts_are_read_as_a_person_says_them():
    assert [number(x) for x in (0, -0.0, 3, -0.25, 1e-9, np.nan, -np.inf)] == [
        "0",
        "0",
        "3",
        "−0.2500",
        "1.0000e−09",
        "nan",
        "−∞",
    ]
    assert [count(k, "zero") for k in (0, 1, 12, 1320)] == [
        "no zeros",
        "one zero",
        "twelve zeros",
        "1,320 zeros",
    ]


def test_infinity_upstream_is_told_apart_from_a_wrong_formula():
    explorer = JacobianExplorer("relu", X, G=G)
    browser(explorer, {"kind": "edit", "name": "G", "index": 0, "value": "Infinity"})
    assert explorer.state["error"] == "" and not explorer.state["verdict"]["same"]
    assert "0·∞" in explorer.state["verdict"]["text"]
    browser(explorer, {"kind": "edit", "name": "X", "index": 0, "value": "NaN"})
    assert np.isnan(explorer.Y[0, 0]) and explorer.last_error is None


def test_code_makes_the_same_explorer_again(capsys):
    explorer = JacobianExplorer("relu", X, G=G, layout="denominator", mode="blocks", at_zero=0.5)
    browser(explorer, {"kind": "edit", "name": "X", "index": 0, "value": "NaN"})
    explorer.code()
    code = capsys.readouterr().out
    namespace = {}
    exec(code.replace("\nJacobianExplorer(", "\nagain = JacobianExplorer("), namespace)
    again = namespace["again"]
    assert np.array_equal(again.inputs["X"], explorer.inputs["X"], equal_nan=True)
    assert repr(again) == repr(explorer)
    assert {**again.state, "applied": 0} == {**explorer.state, "applied": 0}


def test_the_bundle_has_a_sentence_a_picture_and_the_view():
    data, metadata = JacobianExplorer("affine", wrt="b")._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == (
        "JacobianExplorer affine (n=3, m=4, k=2): ∂Y/∂b has shape (3, 2, 2), 12 entries, 6 of "
        "them 0; the compact way keeps nothing; the two gradients are the same up to rounding"
    )
    assert data["image/png"].startswith("iVBOR")
    assert metadata["image/png"]["alt"] == data["text/plain"]


def test_save_writes_a_handout(tmp_path):
    JacobianExplorer("relu", X, G=G).save(tmp_path / "slide.pdf")
    assert (tmp_path / "slide.pdf").read_bytes().startswith(b"%PDF")


def test_a_large_tensor_travels_as_its_core():
    explorer = JacobianExplorer("relu", n=32, h=32)
    state = explorer.state
    assert explorer.jacobian.size == 1_048_576
    grids = [spec for shelf in state["arrays"].values() for spec in shelf.values()]
    raw = sum(len(spec["values"]) for spec in grids) + len(state["tensor"]["core"]["values"])
    assert raw < 100_000
    plain = json.dumps(state, default=lambda value: "")
    assert len(plain) + raw < 200_000


@not_in_colab
@pytest.mark.slow
def test_what_an_edit_leaves_as_it_is_does_not_travel_again(monkeypatch):
    explorer, sent = JacobianExplorer("relu", n=3, h=4), []
    whole = {**explorer.get_state()["settled"], **explorer.get_state()["state"]}
    assert whole.keys() == explorer.state.keys()  # what a page that comes later gets
    monkeypatch.setattr(explorer, "send_state", lambda keys: sent.append(explorer.get_state(keys)))
    explorer.set(G=explorer._present.G + 1)
    assert [{*message} & {"state", "settled"} for message in sent] == [{"state"}]
    assert len(str(sent[0]["state"])) < len(str(whole)) / 2
    explorer.set(layout="denominator")
    assert sent[-1]["settled"]["controls"]["layout"] == "denominator"


def test_many_edits_leave_no_history_beyond_its_limit_and_no_figures():
    def pictures():
        gc.collect()
        return sum(type(o).__name__ == "Picture" for o in gc.get_objects())

    explorer, before = JacobianExplorer("relu", X, G=G), pictures()
    edits = amount(240, 400, 1000)
    for stroke in range(edits):
        browser(
            explorer,
            {
                "kind": "edit",
                "name": "X",
                "index": stroke % 12,
                "value": 1.0 * stroke,
                "stroke": stroke,
            },
        )
    assert explorer.last_error is None and explorer.inputs["X"].max() == edits - 1
    assert len(explorer._history) == 200
    assert pictures() <= before


def test_two_threads_leave_a_whole_state():
    """With ipykernel 7 gestures arrive beside a running cell that sets arrays too."""
    explorer = JacobianExplorer("relu", X, G=G)

    def student():
        for k in range(150):
            browser(explorer, {"kind": "edit", "name": "X", "index": 0, "value": k + 1.0})

    def cell():
        for k in range(150):
            explorer.set(G=G + k)

    threads = [threading.Thread(target=work) for work in (student, cell)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert explorer.last_error is None
    assert explorer.inputs["X"][0, 0] == 150 and np.array_equal(explorer.G, G + 149)
    shown = np.frombuffer(explorer.state["arrays"]["compact"]["gradient"]["values"])
    assert np.array_equal(shown.reshape(3, 4), explorer.G * (explorer.inputs["X"] > 0))


def test_show_is_pure():
    present = JacobianExplorer("affine", wrt="W")._present
    assert show(present) == show(present)
