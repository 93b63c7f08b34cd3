"""Every lab under many random events: no error, no memory, no figure left over, no surprise."""

import gc
import json
import math
import random
import re
import sys
import tracemalloc
from importlib import import_module
from pathlib import Path

import pytest
from matplotlib.text import Text

import helpers
from helpers.labs.kit.lab import Lab
from helpers.pictures.live import Look
from tests.amount import SOAK, amount, spread

pytestmark = pytest.mark.slow

ROOMS = Path(helpers.__file__).parent / "labs"
DOORS = [import_module(f"helpers.labs.{door.parent.name}") for door in ROOMS.glob("*/__init__.py")]
# A curve follows a training loop; it has no settings of its own to shake, and tests of its own.
LABS = sorted({one for door in DOORS for one in vars(door).values() if isinstance(one, type)
               and issubclass(one, Lab)} - {helpers.TrainingCurve}, key=lambda one: one.__name__)
EVENTS = amount(10, 12, 10_000)
GROWTH = amount(4_000, 4_000, 5_000_000)  # objects, in a soak bytes: see `used`


def labs(count):
    """So many of the labs, a case each; `make check` keeps the first (tests/conftest.py)."""
    return pytest.mark.parametrize("Lab", spread(LABS, count), ids=lambda Lab: Lab.__name__)


each_lab = labs(len(LABS))
some_labs = labs(amount(3, 3, len(LABS)))  # what they share is in `kit`


def slid(chance, spec):
    """A position of a slider as the browser would report it."""
    if spec["values"]:
        return chance.choice(spec["values"])
    steps = round((spec["high"] - spec["low"]) / spec["step"])
    value = spec["low"] + chance.randint(0, steps) * spec["step"]
    return round(min(value, spec["high"]), 10)


def changed(chance, spec):
    """A gesture at one control."""
    kind, place = spec["kind"], spec["name"]
    if kind == "press":
        return {"kind": "press", "place": place}
    value = {"slider": lambda: slid(chance, spec), "tick": lambda: chance.random() < 0.5,
             "choice": lambda: chance.choice(spec["options"]),
             "several": lambda: chance.sample(spec["options"], chance.randint(1, 2))}[kind]()
    stroke = f"set {place}" if kind == "slider" else chance.random()
    return {"kind": "set", "place": place, "value": value, "stroke": stroke}


def dragged(chance, handle, axes):
    """A drag of one handle to anywhere in its Axes, and a little beyond."""
    where = [chance.uniform(-0.05, 1.05) for _ in range(2)]
    value = [low * (high / low) ** share if log else low + share * (high - low)
             for share, (low, high), log in zip(where, (axes["x"], axes["y"]),
                                                (axes["xlog"], axes["ylog"]), strict=True)]
    return {"kind": "drag", "place": handle["name"], "value": value, "moves": handle["moves"],
            "stroke": chance.randint(0, 20)}


def event(chance, state):
    """A gesture that a student could make now."""
    dice = chance.random()
    if dice < 0.02:
        return {"kind": "reset", "place": "reset"}
    if dice < 0.07:
        return {"kind": "undo", "place": "undo"}
    if dice < 0.08:
        return {"kind": "look", "place": "look", "width": chance.choice([400, 640, 900]),
                "dark": chance.random() < 0.5, "ratio": 1}
    if state["handles"] and dice < 0.35:
        handle = chance.choice(state["handles"])
        return dragged(chance, handle, state["picture"]["axes"][handle["axes"]])
    return changed(chance, chance.choice(state["controls"]))


def slight(chance, state):
    """A slider or a handle moved: such an event seldom draws the background anew."""
    sliders = [spec for spec in state["controls"] if spec["kind"] == "slider"]
    if sliders:
        return changed(chance, chance.choice(sliders))
    handle = chance.choice(state["handles"])
    return dragged(chance, handle, state["picture"]["axes"][handle["axes"]])


def send(lab, gesture, serial):
    lab.gestures = {"client": "page", "queue": [{**gesture, "serial": serial}]}


NUMBER = re.compile(r"^[−\d.,%·⁻⁰¹²³⁴-⁹∞?]*$")
HALL = Look(680, 1.0, False, 440)  # what a lab asks for on a screen of 853 by 480, at 0.853
SHOWN = [(Lab, {}) for Lab in LABS] + [
    (helpers.ChainRuleLab, {"second": "sine warp"}), (helpers.ChainRuleLab, {"mode": "entries"}),
    (helpers.ReplacementFinder, {"stage": 5}), (helpers.OutputLossLab, {"classes": "softmax"})]


@pytest.mark.parametrize(("Lab", "settings"), SHOWN)
def test_on_a_projector_every_letter_is_read_and_none_is_cut_off(Lab, settings):
    lab = Lab(**settings)
    view, picture = lab.study(lab.settings), lab._picture
    picture.frame(lab.still(view), HALL, view)
    figure = picture._figure
    width, height = figure.bbox.size
    assert (width, height) == pytest.approx((680, 440))
    for text in figure.findobj(Text):
        said, box = text.get_text(), text.get_window_extent()
        if not said.strip() or not text.get_visible() or not box.overlaps(figure.bbox):
            continue
        pixels = text.get_fontsize() * 100 / 72 * 0.853
        if NUMBER.match(said):  # of a tick, for example, which may lie outside and is not drawn
            assert pixels > 9, said
            continue
        assert pixels >= 11, said
        assert box.x0 > -3 and box.x1 < width + 3 and box.y0 > -3 and box.y1 < height + 3, said


@each_lab
def test_random_events_leave_no_error_and_no_figure_and_code_makes_what_they_left(Lab, capsys):
    lab, chance = Lab(), random.Random(7)
    for serial in range(1, EVENTS + 1):
        gesture = event(chance, lab.state)
        send(lab, gesture, serial)
        assert lab.last_error is None, (lab.last_error, gesture, lab.settings)
        if SOAK and serial == EVENTS // 2:
            made_again(lab, capsys)
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []
    made_again(lab, capsys)


def made_again(lab, capsys):
    """The line that `code()` prints makes a lab with the same settings."""
    lab.code()
    line = capsys.readouterr().out.split("\n\n", 1)[1]
    again = eval(line, {type(lab).__name__: type(lab)})
    assert repr(again) == repr(lab) and again.settings == lab.settings


def used():
    """Python's own objects in use; a soak counts bytes, numbers in arrays too, at three times the
    cost. (A figure left over is some thousand objects, an event's settings some forty.)
    """
    gc.collect()
    return tracemalloc.get_traced_memory()[0] if SOAK else sys.getallocatedblocks()


@some_labs
def test_events_leave_no_memory(Lab):
    lab, chance, serial = Lab(), random.Random(11), 0

    def many(count):
        nonlocal serial
        for _ in range(count):
            serial += 1
            send(lab, event(chance, lab.state) if SOAK else slight(chance, lab.state), serial)

    many(220 if SOAK else 10)  # all that is remembered on purpose is full
    if SOAK:
        tracemalloc.start()
    try:
        many(max(3, EVENTS // 10))
        start = used()
        many(max(6, EVENTS // 5))
        assert used() - start < GROWTH
    finally:
        tracemalloc.stop()


@each_lab
def test_what_a_page_gets_is_plain_and_says_numbers(Lab):
    state = Lab().state
    picture = state["picture"]
    assert picture["png"].startswith(b"\x89PNG") and picture["width"] == 900
    rest = {**state, "picture": {**picture, "png": ""}}
    assert "NaN" not in json.dumps(rest, ensure_ascii=False)
    assert any(sign.isdigit() for sign in picture["alt"]) and "\n" not in picture["alt"]
    assert all(spec["label"] for spec in state["controls"])
    assert len({spec["label"] for spec in state["controls"]}) == len(state["controls"])
    for handle in state["handles"]:
        axes = picture["axes"][handle["axes"]]
        for value, (low, high) in ((handle["x"], axes["x"]), (handle["y"], axes["y"])):
            low, high = sorted((low, high))
            assert low - 1e-9 <= value <= high + 1e-9 and math.isfinite(value), handle


@each_lab
def test_no_panel_of_a_picture_is_squeezed_where_there_is_little_room(Lab):
    lab = Lab()
    send(lab, {"kind": "look", "place": "look", "width": 560, "dark": False, "ratio": 1}, 1)
    picture = lab.state["picture"]
    for (_, _, across, high) in (axes["box"] for axes in picture["axes"]):
        assert across * picture["width"] > 60 and high * picture["height"] > 45


@some_labs
def test_two_labs_and_two_displays_are_alike(Lab):
    one, two = Lab(), Lab()
    assert repr(one) == repr(two) and "0x" not in repr(one)
    assert one.state["picture"]["png"] == two.state["picture"]["png"]
    first, second = one._repr_mimebundle_(), one._repr_mimebundle_()
    assert first == second
    if SOAK:  # a picture to store costs as much as ten events
        assert first[0]["image/png"] == two._repr_mimebundle_()[0]["image/png"]
