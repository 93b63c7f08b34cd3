"""Handles and sliders of every lab: they stand at their setting, and move by its steps."""

import math

import pytest

from helpers.labs.kit.controls import Point, Slider
from helpers.labs.kit.lab import OTHERWISE
from helpers.pictures.live import LIGHT
from tests.labs.test_labs import LABS, SHOWN
from tests.page import browser

pytestmark = pytest.mark.usefixtures("undrawn")


@pytest.mark.parametrize(("Lab", "settings"), SHOWN)
def test_a_handle_stands_at_its_setting_and_an_arrow_key_moves_it_one_step(Lab, settings):
    lab = Lab(**settings)
    controls = {one.name: one for one in lab.controls}
    panels = lab.build(lab.still(lab.study(lab.settings)), 9.0, LIGHT)[0].axes
    for handle in lab.state["handles"]:
        control, before = controls[handle["name"]], lab.settings
        place, step = (handle["x"], handle["y"]), handle["step"]
        low, high = sorted(panels[handle["axes"]].get_xlim())
        assert low <= place[0] <= high
        if isinstance(control, Slider):
            along = "xy".index(handle["moves"])
            assert place[along] == before[control.name]
            assert (step[along], step[1 - along]) == (control.step, 0)
        else:  # some forty steps across: a point goes where a student wants it
            assert handle["moves"] == "xy" and 0 < step[0] == step[1] <= 0.1
        browser(lab, {"kind": "drag", "place": control.name, "value": [*place],
                      "moves": handle["moves"]})
        assert lab.settings == before and lab.last_error is None
        beyond = [at - math.copysign(2 * by, at) for at, by in zip(place, step, strict=True)]
        browser(lab, {"kind": "drag", "place": control.name, "value": beyond,
                      "moves": handle["moves"]})
        moved = next(one for one in lab.state["handles"] if one["name"] == handle["name"])
        if isinstance(control, Point):
            assert (moved["x"], moved["y"]) == pytest.approx(beyond)
        lab.undo()
    standing = [(one["name"], one["axes"]) for one in lab.state["handles"]]
    assert len(set(standing)) == len(standing)  # twice only in another panel


@pytest.mark.parametrize("Lab", LABS)
def test_a_slider_begins_on_one_of_its_steps_and_reaches_both_its_ends(Lab):
    lab = Lab()
    for control in lab.controls:
        if not isinstance(control, Slider):
            continue
        choices = control.values or [control.low + k * control.step for k in range(
            round((control.high - control.low) / control.step) + 1)]
        near = min(abs(one - control.value) for one in choices)
        assert near < (0.1 * control.value if control.values else 1e-9), control.name
        if control.values:  # a student reads them off
            assert all(round(one, 2) == one for one in choices) and [*choices] == sorted(choices)
        assert min(choices) == control.low and max(choices) == pytest.approx(control.high)
        assert 1 < len(choices) <= 10_000 and not control.low == control.value == control.high
        for end in (control.low, control.high):
            lab.set(**{control.name: end})
            assert lab.last_error is None, (control.name, end)
            shown = getattr(lab, OTHERWISE.get(control.name, control.name))
            assert shown == lab.settings[control.name]
        lab.undo()
        lab.undo()
