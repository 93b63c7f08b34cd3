"""What the batch norm lab admits, to the last number, and where its buttons and sliders go."""

import numpy as np
import pytest

from helpers.calculus.errors import LessonError
from helpers.widgets.batchnorm import BatchNormLab
from helpers.widgets.batchnorm import state as states
from tests.page import browser
from tests.widgets.batchnorm.test_batchnorm import GAMMA, G, X, lab

LAST = {"training": 18, "evaluation": 10}   # nine and nine, six forward and four back
FORWARD = {"training": 9, "evaluation": 6}


@pytest.mark.parametrize("shape", [(1, 1), (16, 4), (16, 1), (1, 4)])
def test_batches_up_to_sixteen_examples_of_four_features_are_shown(shape):
    widget = BatchNormLab(np.ones(shape))
    assert widget.arrays["G"].shape == shape and widget.arrays["gamma"].tolist() == [1] * shape[1]
    for wrong in ((shape[0], 5), (17, shape[1]), (0, shape[1]), (shape[0], 0)):
        with pytest.raises(LessonError, match="16 examples of 1 to 4 features"):
            BatchNormLab(np.ones(wrong))


def test_what_is_not_given_is_usual():
    widget = lab()
    assert widget.arrays["mean"] == pytest.approx(X.mean(0))
    assert widget.arrays["var"] == pytest.approx(X.var(0))
    present = widget._present
    assert (present.eps, present.ddof, present.mode) == (1e-5, 0, "training")
    assert widget.state["controls"]["path"] == 1 and widget.state["controls"]["parts"] == 3
    plain = BatchNormLab()
    assert plain.arrays["X"].shape == (5, 3) and plain.arrays["beta"].tolist() == [0, 0, 0]
    for name in ("X", "G"):
        tenths = 10 * plain.arrays[name]
        assert tenths == pytest.approx(tenths.round()) and (tenths != 0).all()
    assert not np.array_equal(plain.arrays["X"], plain.arrays["G"])
    assert not np.array_equal(plain.arrays["X"], BatchNormLab(seed=1).arrays["X"])


@pytest.mark.parametrize(("settings", "words"), [
    ({"eps": 1.1e6}, "from 0 to 1e6"), ({"eps": -1e-9}, "from 0 to 1e6"), ({"eps": [1]}, "one"),
    ({"step": 19}, "from 0 to 18"), ({"step": -1}, "from 0 to 18"), ({"parts": 4}, "from 0 to 3"),
    ({"path": 2}, "from 0 to 1"), ({"ddof": -1}, "from 0 to 1"), ({"feature": 2.5}, "2.5"),
    ({"X": [[1e6 + 1], [0]]}, "X holds 1e"), ({"gamma": [-1.1e6, 0, 0]}, "γ holds -1.1e"),
    ({"var": [0, 1, -1e-9]}, "not negative")])
def test_what_lies_outside_is_refused(settings, words):
    widget = lab()
    with pytest.raises(LessonError, match=words):
        widget.set(**settings)
    assert np.array_equal(widget.arrays["X"], X)


def test_what_lies_on_the_border_is_admitted():
    widget = lab()
    for settings in ({"eps": 1e6}, {"eps": 0}, {"gamma": [-1e6, 1e6, 0]}, {"var": [0, 0, 0]},
                     {"step": 0}, {"step": 18}, {"parts": 0}, {"parts": 3}, {"path": 0},
                     {"ddof": 1}, {"feature": 2}, {"feature": 0}, {"step": "end"}):
        widget.set(**settings)
    present = widget._present
    assert (present.step, present.parts, present.path, present.ddof) == (18, 3, False, 1)


def test_epsilon_goes_by_half_powers_of_ten():
    assert states.EPS_CHOICES[0] == 0 and len(states.EPS_CHOICES) == 20
    for k, eps in enumerate(states.EPS_CHOICES[1:]):
        assert eps == pytest.approx(10 ** (k / 2 - 8), rel=0.02)
    for eps, place in ((1e-5, 7), (0, 0), (10, 19), (9e-6, 7), (0.3, 16)):
        slider = lab(eps=eps).state["controls"]["sliders"][1]
        assert (slider["value"], slider["high"]) == (place, 19)


def test_every_slider_stands_at_its_number_and_reaches_its_ends():
    widget = lab(feature=1)
    for slider in widget.state["controls"]["sliders"]:
        for end in (slider["low"], slider["high"]):
            browser(widget, {"kind": "slide", "what": slider["name"], "value": end})
            assert widget.last_error is None
            now = next(one for one in widget.state["controls"]["sliders"]
                       if one["name"] == slider["name"])
            assert now["value"] == end
    assert widget.arrays["X"].shape == (16, 3) and widget.arrays["X"][0, 1] == 20
    assert widget.arrays["gamma"][1] == 3 and widget._present.eps == 10
    ends = {one["name"]: (one["low"], one["high"], one["step"], one["label"])
            for one in widget.state["controls"]["sliders"]}
    assert ends == {"n": (1, 16, 1, "N"), "eps": (0, 19, 1, "ε"), "gamma": (-3, 3, 0.1, "γ[1]"),
                    "outlier": (-20, 20, 0.1, "outlier X[0,1]")}


@pytest.mark.parametrize("mode", LAST)
def test_another_mode_keeps_how_far_the_steps_have_come(mode):
    other, = set(LAST) - {mode}
    for step in range(LAST[mode] + 1):
        widget = lab(mode=mode, step=step)
        browser(widget, {"kind": "choose", "what": "mode", "value": other})
        now = widget.state["controls"]
        right = (LAST[other] if step == LAST[mode] else
                 FORWARD[other] if step > FORWARD[mode] else min(step, FORWARD[other]))
        assert now["step"] == right, step
        assert (now["forward"], now["last"]) == (FORWARD[other], LAST[other])
        browser(widget, {"kind": "choose", "what": "mode", "value": other})
        assert widget.state["controls"]["step"] == right  # the same mode again changes nothing
        assert lab(step=step, mode=mode).state["controls"]["step"] == step  # in any order


def test_the_buttons_go_through_the_steps_and_stop_at_the_ends():
    widget = lab(step=17)
    for how, place in (("step", 18), ("step", 18), ("back", 17), ("forward", 9), ("back", 8),
                       ("start", 0), ("back", 0), ("step", 1), ("backward", 18)):
        browser(widget, {"kind": "go", "how": how})
        assert widget.state["controls"]["step"] == place
    assert lab(mode="evaluation").state["controls"]["step"] == 7  # one step back is taken


def test_numbers_that_fit_stay_and_new_ones_are_like_the_first():
    widget = lab()
    browser(widget, {"kind": "slide", "what": "n", "value": 7})
    for name, old in (("X", X), ("G", G)):
        new = widget.arrays[name]
        assert np.array_equal(new[:4], old) and np.all(new[4:] != 0)
        assert 10 * new[4:] == pytest.approx((10 * new[4:]).round())
    assert not np.array_equal(widget.arrays["X"][4:], widget.arrays["G"][4:])
    browser(widget, {"kind": "random"})
    assert widget._present.seed == 1 and widget.arrays["X"].shape == (7, 3)
    assert not np.array_equal(widget.arrays["X"], widget.arrays["G"])
    again = lab(seed=1)
    browser(again, {"kind": "slide", "what": "n", "value": 7}, {"kind": "random"})
    assert not np.array_equal(widget.arrays["X"], again.arrays["X"])
    widget.set(X=X[:2])
    assert np.array_equal(widget.arrays["gamma"], GAMMA)
    assert widget.arrays["G"].shape == (2, 3)
