"""Every setting of every lab is a trait: observed, linked to other widgets, and always true."""

import ipywidgets
import pytest

from helpers import ActivationLab, ChainRuleLab, HessianLab
from helpers.labs.kit import lab as base
from helpers.labs.kit.controls import Choice, Given, Point, Press, Several, Slider, Tick
from helpers.widgets.kit.live import OTHERWISE
from tests.labs.conftest import undraw
from tests.labs.test_labs import LABS
from tests.page import browser

pytestmark = pytest.mark.usefixtures("undrawn")


def settings_of(Lab):
    with pytest.MonkeyPatch.context() as patch:
        undraw(patch)
        return [control for control in Lab().controls if not isinstance(control, Press)]


EVERY = [pytest.param(Lab, control, id=f"{Lab.__name__}-{control.name}")
         for Lab in LABS for control in settings_of(Lab)]
ON_SCREEN = [one for one in EVERY if isinstance(one.values[1], Slider | Choice | Several | Tick)]


def another(control):
    """A value that the control admits, other than the one at the start."""
    if isinstance(control, Slider):
        ends = control.values or (control.low, control.high)
        return next(end for end in ends if end != control.value)
    if isinstance(control, Choice):
        return next(one for one in control.options if one != control.value)
    if isinstance(control, Several):
        return next((one,) for one in control.options if (one,) != control.value)
    if isinstance(control, Tick):
        return not control.value
    if isinstance(control, Point):
        return tuple((a + b) / 4 for a, b in zip(control.low, control.value, strict=True))
    if isinstance(control.value, int):
        return control.value + 1
    return eval(repr(control.value).replace("0.5", "0.75"))


def is_true(lab, control, trait):
    """The trait, the setting and, where it is shown, what the page draws are one."""
    value = lab.settings[control.name]
    drawn = [spec["value"] for spec in lab.state["controls"] if spec["name"] == control.name]
    as_drawn = list(value) if isinstance(value, tuple) else value
    return getattr(lab, trait) == value and drawn in ([], [as_drawn])


@pytest.mark.parametrize(("Lab", "control"), EVERY)
def test_a_trait_moves_the_lab_and_the_lab_its_trait(Lab, control):
    lab, trait, heard = Lab(), OTHERWISE.get(control.name, control.name), []
    assert is_true(lab, control, trait) and trait in lab.trait_names()
    lab.observe(lambda change: heard.append(change["new"]), trait)
    wanted = another(control)
    setattr(lab, trait, wanted)
    assert lab.last_error is None and lab.settings[control.name] != control.value
    assert is_true(lab, control, trait) and heard == [lab.settings[control.name]]
    lab.undo()
    assert is_true(lab, control, trait) and lab.settings[control.name] == control.value
    lab.set(**{control.name: wanted})
    assert is_true(lab, control, trait) and len(heard) == 3


@pytest.mark.parametrize(("Lab", "control"), EVERY)
def test_what_makes_no_sense_is_one_line_and_goes_back(Lab, control):
    lab, trait, heard = Lab(), OTHERWISE.get(control.name, control.name), []
    if isinstance(control, Tick):
        pytest.skip("anything is yes or no")
    lab.observe(heard.append, trait)
    setattr(lab, trait, object())
    assert lab.last_error and "\n" not in lab.last_error
    assert lab.state["error"] == lab.last_error
    assert is_true(lab, control, trait) and heard == []
    assert lab.settings[control.name] == control.value
    setattr(lab, trait, another(control))
    assert lab.last_error is None and lab.state["error"] == ""


@pytest.mark.parametrize(("Lab", "control"), ON_SCREEN)
def test_the_hand_and_a_page_that_links_move_it_too(Lab, control):
    lab, trait = Lab(), OTHERWISE.get(control.name, control.name)
    value = another(control)
    browser(lab, {"kind": "set", "place": control.name, "value": value})
    assert is_true(lab, control, trait) and lab.settings[control.name] != control.value
    lab.set_state({trait: list(control.value) if isinstance(control, Several) else control.value})
    assert is_true(lab, control, trait) and lab.settings[control.name] == control.value
    assert trait in lab.get_state()


def test_an_ordinary_slider_drives_it_without_a_loop():
    lab, slider = ActivationLab(), ipywidgets.FloatSlider(2, min=-20, max=20)
    shown = []
    ipywidgets.link((slider, "value"), (lab, "x"))
    lab.observe(lambda change: shown.append(change["new"]["picture"]["alt"][:12]), "state")
    for x in (3.0, 4.0, 5.0):
        slider.value = x
    assert lab.x == 5 and len(shown) == 3 and lab.last_error is None
    lab.set(x=1.5)
    assert slider.value == 1.5 and len(shown) == 4
    slider.value = 19  # more than the lab admits
    assert lab.x == 1.5 and "it must lie from -8 to 8" in lab.last_error


def test_two_labs_one_way_and_in_a_box():
    one, two = ActivationLab(), ActivationLab()
    ipywidgets.dlink((one, "units"), (two, "units"))
    one.units = ("tanh", "ReLU")
    assert two.settings["units"] == ("tanh", "ReLU")
    two.units = ("ELU",)
    assert one.units == ("tanh", "ReLU")
    box = ipywidgets.Tab([ipywidgets.HBox([one, ipywidgets.IntSlider()]), two])
    assert box.children[0].children[0] is one


def test_who_observes_one_trait_may_set_another():
    lab = ActivationLab()
    lab.observe(lambda change: setattr(lab, "mean", -change["new"] / 2), "x")
    lab.set(x=4.0, mean=3.0)
    assert lab.mean == lab.settings["mean"] == -2 and lab.x == 4


def test_a_word_that_ipywidgets_needs_has_another_name():
    lab = ChainRuleLab()
    assert type(lab.layout).__name__ == "Layout"
    lab.derivative_layout = "denominator"
    assert lab.settings["layout"] == "denominator"
    taken = set(dir(base.Lab))
    assert not [control for Lab in LABS for control in settings_of(Lab)
                if OTHERWISE.get(control.name, control.name) in taken]


def test_a_trait_has_the_consequences_of_the_hand():
    by_trait, by_hand = HessianLab(), HessianLab()
    surface = another(by_trait.controls[0])
    by_trait.surface = surface
    browser(by_hand, {"kind": "set", "place": "surface", "value": surface})
    assert by_trait.settings == by_hand.settings and by_trait.x == by_trait.settings["x"]


def test_only_what_a_page_can_hold_is_sent():
    sent = {name for Lab in LABS for name in Lab().get_state()}
    assert {"x", "units", "seed", "W", "derivative_layout"} <= sent
    assert isinstance(next(one for one in ChainRuleLab().controls if one.name == "W"), Given)
