"""The batch norm lab without a browser: steps, sentences, what it sends, and what it refuses."""

import json

import numpy as np
import pytest

from helpers import numerical_jacobian, relative_error
from helpers.calculus import batchnorm as bn
from helpers.calculus.errors import LessonError
from helpers.pictures.canvas import png
from helpers.widgets.batchnorm import BatchNormLab
from helpers.widgets.batchnorm import state as states
from helpers.widgets.batchnorm.picture import normalization_blocks, step_ladder
from helpers.widgets.batchnorm.reading import reading
from helpers.widgets.batchnorm.view import collapsed, show
from tests.page import browser

X = np.array([[1.2, -0.7, 0.4], [-0.3, 0.8, -2.1], [0.9, -1.1, 0.2], [2.0, 0.5, 1.0]])
G = np.array([[0.5, -1.0, 0.3], [1.1, -0.6, 0.9], [-0.4, 0.7, 1.5], [0.2, 0.1, -0.8]])
GAMMA, BETA = np.array([1.5, 0.8, -1.2]), np.array([0.1, -0.4, 0.7])
MODES = [("training", 0), ("training", 1), ("evaluation", 0)]


def lab(**settings):
    return BatchNormLab(X, GAMMA, BETA, G=G, **settings)


def go(widget, *ways):
    browser(widget, *({"kind": "go", "how": how} for how in ways))


def node(widget, name):
    return next(n for n in widget.state["graph"]["nodes"] if n["id"] == name)


@pytest.mark.parametrize("mode, ddof", MODES)
def test_gradient_and_jacobian_are_right(mode, ddof):
    widget = lab(mode=mode, ddof=ddof, eps=0.1, feature=2)

    def forward(X):
        if mode == "training":
            return bn.training(X, GAMMA, BETA, 0.1, ddof)["Y"]
        return GAMMA * (X - mean) / np.sqrt(var + 0.1) + BETA

    mean, var = X.mean(0), X.var(0)
    J = numerical_jacobian(forward, X)
    assert relative_error(widget.gradient, np.einsum("nh,nhij->ij", G, J)) < 1e-8
    assert relative_error(widget.jacobian, J[:, 2, :, 2]) < 1e-8


def test_it_opens_one_step_back_and_goes_one_step_at_a_time():
    assert lab().state["step"]["title"] == "Backward 1 of 9: shift"
    assert lab(mode="evaluation").state["step"]["title"] == "Backward 1 of 4: shift"
    widget = lab(step=0)
    assert widget.state["step"]["title"] == "Before the first step"
    assert node(widget, "mu")["value"] is None and node(widget, "X")["value"] is not None
    go(widget, "step")
    assert widget.state["step"]["title"] == "Forward 1 of 9: mean"
    assert node(widget, "mu")["value"] == [X[:, 0].mean()] and node(widget, "mu")["active"]
    assert node(widget, "C")["value"] is None
    go(widget, "forward")
    assert node(widget, "Y")["value"] is not None
    assert node(widget, "Y")["gradient"] == G[:, 0].tolist()
    assert node(widget, "Z")["gradient"] is None
    go(widget, "step", "step", "step")
    assert widget.state["step"]["title"] == "Backward 3 of 9: product"
    assert node(widget, "C")["adds"] == "1 of 2" and node(widget, "C")["active"]
    go(widget, "backward", "step")
    assert widget.state["controls"]["step"] == 18 and node(widget, "C")["adds"] == "sum of 2"
    assert node(widget, "X")["gradient"] == pytest.approx(widget.gradient[:, 0])
    go(widget, "back", "start", "back")
    assert widget.state["controls"]["step"] == 0 and widget.last_error is None


def test_gradients_that_add_are_shown_as_a_sum():
    widget = lab(step=16)
    columns = widget.state["step"]["columns"]
    assert [c["name"] for c in columns] == ["dQ", "sent", "dC so far", "dC"]
    assert [c["sign"] for c in columns] == ["", "→", "+", "="]
    sent, before, after = (np.array(c["values"]) for c in columns[1:])
    assert np.allclose(sent + before, after)
    assert "two gradients come back, and they add" in widget.state["step"]["adds"]
    assert widget.state["graph"]["nodes"][2]["id"] == "C"


def number(text):
    return float(text.replace("−", "-"))


def worked_out(text):
    for old, new in (("−", "-"), ("·", "*"), ("²", "**2"), ("√", "np.sqrt")):
        text = text.replace(old, new)
    return eval(text, {"np": np})


def test_sums_that_must_be_0_and_the_share_along_x_hat():
    widget = lab(eps=0.1, step=17)
    assert widget.state["sums"] == {"rows": [], "text": ""}
    go(widget, "step")
    rows = {row["name"]: row for row in widget.state["sums"]["rows"]}
    assert rows["Σ dX"]["zero"] == [True] * 3
    assert rows["Σ dX·X̂"]["zero"] == [False] * 3
    assert rows["Σ dX·X̂"]["texts"] == rows["predicted"]["texts"]
    share = 0.1 / (X.var(0) + 0.1)
    assert [float(t) for t in rows["ε/(v+ε)"]["texts"]] == pytest.approx(share, abs=1e-4)
    widget.set(eps=0)
    assert widget.state["sums"]["rows"][1]["zero"] == [True] * 3
    widget.set(mode="evaluation")
    assert widget.state["sums"]["rows"][0]["zero"] == [False] * 3


@pytest.mark.parametrize("eps", [0, 1e-8, 1e-6, 1e-5, 0.1])
@pytest.mark.parametrize("path", [0, 1])
def test_two_examples_leave_rounding_alone_and_it_is_no_difference(eps, path):
    widget = BatchNormLab(X[:2], GAMMA, BETA, G=G[:2], eps=eps, step="end", path=path)
    assert widget.state["collapsed"]["same"] and "are the same" in repr(widget)
    assert widget.state["sums"]["rows"][0]["zero"] == [True] * 3
    assert widget.state["sums"]["rows"][1]["zero"] == [eps == 0] * 3
    computed = states.compute(widget._present)
    off = {**computed.collapsed, "X": computed.collapsed["X"] + 1e-9}
    assert not collapsed(widget._present, computed._replace(collapsed=off))["same"]


def test_the_parts_add_up_and_each_closes_a_direction():
    widget = lab(feature=1, eps=0, parts=0)
    whole = widget.jacobian
    slope = 0.8 / X[:, 1].std()
    expected = {0: [0, 0, 0], 1: [slope] * 3, 2: [0, slope, slope], 3: [0, 0, slope]}
    for parts, slopes in expected.items():
        browser(widget, {"kind": "choose", "what": "parts", "value": parts})
        J = widget.state["jacobian"]
        added = sum((np.array(p["values"]) for p in J["parts"][:parts]), np.zeros(16))
        assert np.allclose(J["sum"], added)
        shares = [d["share"] * slope for d in J["directions"]]
        assert shares == pytest.approx(slopes, abs=1e-12)
        assert J["finished"] is (parts == 3)
    assert np.allclose(np.reshape(J["sum"], (4, 4)), whole)
    assert J["gradient"] == pytest.approx(widget.gradient[:, 1])


def test_dropping_the_path_changes_nothing_and_says_why():
    widget = lab(step="end")
    kept = widget.gradient
    assert widget.state["path"] == {"shown": True, "text": ""}
    centre = states.compute(widget._present).backward[-2].sent[1]
    browser(widget, {"kind": "choose", "what": "path", "value": 0})
    assert widget.state["collapsed"]["same"] and np.array_equal(widget.gradient, kept)
    assert "one path was left out" in widget.state["collapsed"]["text"]
    computed = states.compute(widget._present)
    dropped = computed.backward[-2].sent[1]
    assert centre.latex.endswith("dC_{nh}") and dropped.latex.endswith(r"\hat{X}_{nh}\,r_h")
    assert np.allclose(dropped.value, -(G * GAMMA * computed.values["r"]).sum(0))
    assert "would add" in widget.state["path"]["text"] and "Σ C" in widget.state["path"]["text"]
    widget.set(mode="evaluation")
    assert not widget.state["path"]["shown"]


def test_training_and_evaluation_give_the_same_numbers_and_other_gradients():
    widget = lab(step="end")
    Y, dX = node(widget, "Y")["value"], widget.gradient
    browser(widget, {"kind": "choose", "what": "mode", "value": "evaluation"})
    assert node(widget, "Y")["value"] == pytest.approx(Y)
    assert relative_error(widget.gradient, dX) > 0.1
    assert widget.state["controls"]["step"] == 10
    assert [n["id"] for n in widget.state["graph"]["nodes"] if n["constant"]] == ["mu", "v"]
    assert [a["key"] for a in widget.state["arrays"]] == ["X", "G", "gamma", "beta", "mean", "var"]
    assert "diagonal" in widget.state["notes"][0] and "diagonal" in repr(widget)
    browser(widget, {"kind": "edit", "name": "var", "index": 0, "value": 4.0})
    assert widget.gradient[0, 0] == pytest.approx(1.5 / np.sqrt(4 + 1e-5) * 0.5)


def test_bessel_changes_the_formula_and_says_so():
    state = lab(ddof=1).state
    assert "(N - 1)" in state["collapsed"]["numpy"] and "x̂ᵀx̂ = 3.0000" in state["notes"][0]
    state = lab(ddof=0).state
    assert "(N - 1)" not in state["collapsed"]["numpy"] and state["notes"] == []


def test_sliders():
    widget = lab(feature=1)

    def slide(what, value):
        browser(widget, {"kind": "slide", "what": what, "value": value, "stroke": 1})

    slide("n", 6)
    assert widget.arrays["X"].shape == (6, 3) and np.array_equal(widget.arrays["X"][:4], X)
    slide("n", 2)
    assert np.array_equal(widget.arrays["G"], G[:2])
    assert "two examples" in widget.state["notes"][0]
    slide("gamma", -2)
    assert widget.arrays["gamma"].tolist() == [1.5, -2, -1.2]
    slide("outlier", 15)
    assert widget.arrays["X"][0, 1] == 15
    slide("eps", 0)
    assert widget._present.eps == 0
    slide("eps", len(states.EPS_CHOICES) - 1)
    assert widget._present.eps == 10
    assert X[0, 1] == -0.7


def test_undo_random_and_reset():
    widget = lab(step=4)
    browser(widget, {"kind": "random"})
    assert not np.array_equal(widget.arrays["X"], X) and widget.state["controls"]["step"] == 4
    browser(widget, {"kind": "undo"})
    assert np.array_equal(widget.arrays["X"], X)
    browser(widget, {"kind": "edit", "name": "G", "index": 0, "value": 9.0})
    go(widget, "forward")
    browser(widget, {"kind": "reset"})
    assert np.array_equal(widget.arrays["G"], G) and widget.state["controls"]["step"] == 4


BAD = [
    ({"kind": "edit", "name": "X", "index": 0, "value": "abc"}, "abc"),
    ({"kind": "edit", "name": "X", "index": 99, "value": 1.0}, "99"),
    ({"kind": "edit", "name": "X", "index": 0, "value": "NaN"}, "X holds nan"),
    ({"kind": "edit", "name": "G", "index": 0, "value": 1e9}, "from −1e6 to 1e6"),
    ({"kind": "edit", "name": "var", "index": 0, "value": -1.0}, "not negative"),
    ({"kind": "edit", "name": "Q", "index": 0, "value": 1.0}, "Q cannot be edited"),
    ({"kind": "slide", "what": "n", "value": 0}, "from 1 to 16"),
    ({"kind": "slide", "what": "n", "value": 2.5}, "2.5"),
    ({"kind": "slide", "what": "eps", "value": 99}, "99"),
    ({"kind": "slide", "what": "speed", "value": 1}, "speed"),
    ({"kind": "choose", "what": "mode", "value": "dreaming"}, "dreaming"),
    ({"kind": "choose", "what": "ddof", "value": 2}, "from 0 to 1"),
    ({"kind": "choose", "what": "feature", "value": 3}, "from 0 to 2"),
    ({"kind": "choose", "what": "colour", "value": 3}, "colour"),
    ({"kind": "go", "how": "sideways"}, "sideways"), ({"kind": "dance"}, "dance"),
]


@pytest.mark.parametrize("gesture, text", BAD, ids=[text for _, text in BAD])
def test_a_bad_gesture_is_one_readable_line_and_the_last_good_state_stays(gesture, text, capsys):
    widget = lab()
    before = {k: v for k, v in widget.state.items() if k not in ("error", "applied")}
    browser(widget, gesture)
    assert text in widget.state["error"] and "\n" not in widget.state["error"]
    assert widget.last_error == widget.state["error"]
    assert {k: v for k, v in widget.state.items() if k in before} == before
    assert capsys.readouterr() == ("", "")
    go(widget, "step")
    assert widget.state["error"] == "" and widget.last_error is None


def test_one_example_and_bessel_is_refused_with_a_sentence():
    widget = lab(ddof=1)
    browser(widget, {"kind": "slide", "what": "n", "value": 1})
    assert "two examples or more" in widget.state["error"]
    assert widget.last_error.endswith("The lab stays as it was.")
    assert widget.arrays["X"].shape == (4, 3)
    widget.set(ddof=0)
    browser(widget, {"kind": "slide", "what": "n", "value": 1})
    assert "its own mean" in widget.state["notes"][0] and not widget.gradient.any()
    assert len(widget.state["jacobian"]["directions"]) == 1


def test_a_constant_feature_needs_an_epsilon():
    widget = BatchNormLab([[2.0, 1.0], [2.0, 3.0], [2.0, -1.0]])
    assert "constant" in widget.state["notes"][0]
    with pytest.raises(LessonError, match="variance 0 and ε is 0"):
        widget.set(eps=0)
    assert widget._present.eps == 1e-5


BAD_CALLS = [
    (lambda: BatchNormLab([1.0, 2.0]), "(2,)"),
    (lambda: BatchNormLab(np.ones((17, 2))), "(17, 2)"),
    (lambda: BatchNormLab(X, GAMMA[:2]), "gamma has shape (2,)"),
    (lambda: BatchNormLab(X, G=G[:2]), "G has shape (2, 3)"),
    (lambda: BatchNormLab(X, eps=-1), "from 0 to 1e6, not -1"),
    (lambda: BatchNormLab(X, mode="test"), "training or evaluation"),
    (lambda: BatchNormLab(X, step=99), "from 0 to 18"),
    (lambda: BatchNormLab(X, momentum=0.9), "momentum"), (lambda: BatchNormLab("a"), "numbers"),
    (lambda: lab().set(X=[[1.0, 2.0]], G=G), "(4, 3)"), (lambda: lab().set(speed=3), "speed"),
]


@pytest.mark.parametrize("call, text", BAD_CALLS, ids=[text for _, text in BAD_CALLS])
def test_a_bad_call_raises_one_readable_line(call, text):
    with pytest.raises(LessonError) as caught:
        call()
    assert text in str(caught.value) and "\n" not in str(caught.value)


def test_arrays_set_from_python_show_and_may_change_shape():
    widget = lab(feature=2)
    widget.set(X=[[1, 2, 3], [4, 5, 7]], eps=0.5)
    assert widget.arrays["gamma"].tolist() == GAMMA.tolist()
    assert np.array_equal(widget.arrays["G"], G[:2]) and widget._present.eps == 0.5
    widget.set(X=[[1, 2], [4, 5], [3, 9]])
    assert widget.arrays["G"].shape == (3, 2) and widget.state["controls"]["feature"] == 1
    widget.set(gamma=[2, 3])
    assert widget.arrays["gamma"].tolist() == [2, 3]
    widget.set(G=(given := np.ones((3, 2))))
    given[:] = 7
    assert widget.arrays["G"].tolist() == np.ones((3, 2)).tolist()


def test_pointing_reads_an_entry_with_its_numbers():
    widget = lab(feature=1, eps=0)
    widget.pointer = {"place": "J", "index": 6}
    J, text = widget.jacobian, widget.reading["text"]
    assert text.startswith("∂Y[1,1]/∂X[2,1] = ")
    assert text.endswith(f"= {J[1, 2]:.4f}".replace("-", "−"))
    assert (widget.reading["row"], widget.reading["column"]) == (1, 2)
    work = text.split(" = ")[1]
    assert worked_out(work) == pytest.approx(J[1, 2], abs=2e-4)
    widget.pointer = {"place": "dX", "index": 7}
    text = widget.reading["text"]
    assert text.startswith("dX[2,1] = ") and widget.reading["column"] == 2
    assert worked_out(text.split(" = ")[1]) == pytest.approx(widget.gradient[2, 1], abs=2e-4)
    widget.set(parts=1)
    widget.pointer = {"place": "J", "index": 5}
    assert "with 1 of 3 parts" in widget.reading["text"]
    widget.set(mode="evaluation")
    widget.pointer = {"place": "J", "index": 6}
    assert "no example sees another" in widget.reading["text"]
    for nothing in ({}, {"place": "J", "index": 99}, {"place": "J"}, {"index": -1, "place": "dX"}):
        assert reading(widget._present, nothing)["text"] == ""


@pytest.mark.parametrize("mode, ddof", MODES)
def test_code_makes_the_same_lab_again(mode, ddof, capsys):
    widget = lab(mode=mode, ddof=ddof, eps=0.01, feature=1, step=5, parts=2, path=0)
    browser(widget, {"kind": "edit", "name": "X", "index": 0, "value": 2.5})
    widget.code()
    namespace = {"BatchNormLab": BatchNormLab}
    text = capsys.readouterr().out.replace("from helpers import BatchNormLab", "")
    exec(text.replace("\nBatchNormLab(", "\nagain = BatchNormLab("), namespace)
    again = namespace["again"]
    assert repr(again) == repr(widget)
    assert {**again.state, "applied": 0} == {**widget.state, "applied": 0}


def test_the_bundle_has_a_sentence_a_picture_and_the_view():
    data, metadata = lab()._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == (
        "BatchNormLab (n=4, h=3), training with biased variance, ε=1e−5: dL/dX by 9 backward steps "
        "and by one formula are the same; the 4×4 Jacobian of feature 0 is a multiple of the "
        "identity minus two outer products")
    assert data["image/png"].startswith("iVBOR")
    assert metadata["image/png"]["alt"] == data["text/plain"]


@pytest.mark.parametrize("mode", ["training", "evaluation"])
@pytest.mark.parametrize("rows", [1, 2, 16])
def test_save_writes_a_handout_at_any_size(tmp_path, mode, rows):
    random = np.random.default_rng(0)
    BatchNormLab(random.normal(size=(rows, 4)), mode=mode).save(tmp_path / "slide.pdf")
    assert (tmp_path / "slide.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_picture_of_the_blocks_counts_them(ddof):
    picture = normalization_blocks(X, GAMMA, ddof=ddof, feature=2)
    assert picture.says.startswith(
        "Batch norm on a (4, 3) batch: 144 derivatives, 48 of them in 3 dense 4×4 blocks")
    whole, *_, third, _ = [axes.get_title() for axes in picture.axes]
    assert whole.endswith("144 entries") and ("N-1" in third) is (ddof == 1)
    assert png(picture).startswith(b"\x89PNG")


def test_the_picture_of_the_ladder_names_the_best_steps():
    steps, a, b = np.array([[1e-1, 1e-3, 1e-5], [1, 0.1, 0.5], [0.2, 0.3, 0.1]])
    picture = step_ladder({"a": (steps, a), "b": (steps, b)})
    assert picture.says == "Relative error against the step, smallest at 1e−3 (a), 1e−5 (b)"
    assert png(picture).startswith(b"\x89PNG")


@pytest.mark.parametrize("mode, ddof", MODES)
def test_the_state_is_plain_and_small_at_every_step(mode, ddof):
    random = np.random.default_rng(0)
    widget = BatchNormLab(random.normal(size=(16, 4)), mode=mode, ddof=ddof)
    for step in range(states.counts(mode)[1] + 1):
        widget.set(step=step)
        plain = json.dumps(widget.state, default=lambda value: value.hex())
        assert len(plain) < 100_000 and "NaN" not in plain
    assert show(widget._present) == show(widget._present)
