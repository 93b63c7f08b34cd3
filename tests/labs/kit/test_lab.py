"""The base of all labs, on a small lab of its own: controls, gestures, pictures, undo, errors."""

import io

import numpy as np
import pytest
from matplotlib.image import imread

from helpers.calculus.errors import LessonError, NumberError, UnknownParameter
from helpers.labs.kit.controls import Choice, Given, Point, Press, Several, Slider, Tick
from helpers.labs.kit.lab import Handle, Lab, rows_of, said, value
from helpers.pictures.live import DARK, LIGHT, Look, panels

ETAS = (0.1, 1.0, 10.0)


def build(still, width, palette):
    figure, grid = panels(1, 2, width, 2.0, palette)
    left, right = grid.flat
    left.set(xlim=(-2, 2), ylim=(-1, 1))
    right.set(xlim=(0, 5), ylim=(1, 1000), yscale="log")
    line, = left.plot([], [], color=palette.series[0])
    dot, = left.plot([], [], "o")
    return figure, {"line": [line], "dot": dot}


def update(movers, view):
    if view["x"] == 1.75:
        raise NumberError("1.75 is not drawn.")
    movers["line"][0].set_data([-2, 2], [0, view["y"]])
    movers["dot"].set_data([view["x"]], [0])


class SmallLab(Lab):
    """A line and a dot."""

    controls = (
        Slider("x", "input x", low=-2, high=2, step=0.25, value=1.0),
        Slider("n", "steps", low=0, high=9, step=1, value=3, plays=True),
        Slider("eta", "step size", low=0.1, high=10, step=1, value=1.0, values=ETAS),
        Choice("mode", "mode", options=("plain", "leaky ReLU"), value="plain"),
        Several("units", "units", options=("a", "b", "c"), value=("a",), most=2),
        Tick("grid", "the grid", value=True, when=lambda present: present["mode"] == "plain"),
        Point("p", "a point", low=(-2, -1), high=(2, 1), value=(0.5, 0.5)),
        Given("y", "height", value=0.5, check=lambda y: y),
        Press("again", "Again"),
    )
    still = staticmethod(lambda view: view["mode"])
    build, update = staticmethod(build), staticmethod(update)
    press = staticmethod(lambda present, name: present | {"n": 0})
    handles = staticmethod(lambda view: [Handle("x", "input x", 0, view["x"], 0.0, (0.25, 0), "x"),
                                         Handle("p", "the point", 0, *view["p"])])
    readouts = staticmethod(lambda view: [value("x", f"{view['x']:.4f}")])
    says = staticmethod(lambda view: f"x is {view['x']:.4f}")


def browser(lab, *gestures, client="page"):
    """Hand gestures to a lab as a page would."""
    serial = lab.state["applied"].get(client, 0)
    queue = [{"serial": serial + i + 1, "place": "", **g} for i, g in enumerate(gestures)]
    lab.gestures = {"client": client, "queue": queue}


def put(name, value, **more):
    return {"kind": "set", "place": name, "value": value, **more}


def pixels(lab):
    return imread(io.BytesIO(lab.state["picture"]["png"]))


SETTINGS = [
    ("x", 0.3, 0.3), ("x", "1", 1.0), ("n", 4.0, 4), ("eta", 0.1, 0.1), ("grid", 0, False),
    ("mode", "leaky_relu", "leaky ReLU"), ("mode", "plain", "plain"),
    ("units", "b", ("b",)), ("units", ["a", "b", "a"], ("a", "b")), ("units", "abc", None),
    ("units", ("a", "b", "c"), ("b", "c")), ("units", (), None), ("units", 3, None),
    ("p", (9, -9), (2.0, -1.0)), ("p", 3, None), ("p", (1, "x"), None),
    ("x", 2.1, None), ("x", float("nan"), None), ("x", "much", None), ("mode", "other", None),
    ("n", -1, None), ("unknown", 1, None), ("again", 1, None),
    ("mode", np.arange(3), None), ("x", np.zeros((9, 9)), None), ("p", "x" * 99, None),
]


@pytest.mark.parametrize("name, given, kept", SETTINGS,
                         ids=[f"{n}={g!s:.9}" for n, g, _ in SETTINGS])
def test_a_setting_is_kept_or_refused_in_one_line(name, given, kept):
    lab = SmallLab()
    before = lab.settings
    if kept is None:
        with pytest.raises(LessonError) as caught:
            lab.set(y=0.1, **{name: given})
        assert lab.settings == before and "\n" not in str(caught.value)
        return
    lab.set(**{name: given})
    assert lab.settings == before | {name: kept} and type(lab.settings[name]) is type(kept)
    assert SmallLab(**{name: given}).settings == lab.settings


def test_what_is_no_number_is_told():
    with pytest.raises(NumberError, match="input x must be a number, not 'much'"):
        SmallLab(x="much")


def test_a_wrong_name_says_which_there_are():
    with pytest.raises(UnknownParameter, match=r"SmallLab has no setting 'z'\. It has: x, n, eta"):
        SmallLab(z=1)


@pytest.mark.parametrize("given, meant", [
    ("plain", r"SmallLab\(mode='plain'\)"), (1.5, r"SmallLab\(x=1\.5\)"),
    (["b", "c"], r"SmallLab\(units=\['b', 'c'\]\)"),
])
def test_a_value_without_a_name_says_which_setting_takes_it(given, meant):
    for make in (SmallLab, SmallLab().set):
        with pytest.raises(UnknownParameter, match=f"by name: {meant}, for example. It has: x, n"):
            make(given)


@pytest.mark.parametrize("name, moves, to, kept", [
    ("x", "x", (0.3, 9), 0.25), ("x", "x", (-7, 0), -2), ("n", "y", (0, 4.6), 5),
    ("n", "y", (0, 99), 9), ("eta", "x", (3, 0), 1.0), ("eta", "x", (8, 0), 10.0),
    ("p", "xy", (0.1234, 7.0), (0.1234, 1.0)),
])
def test_a_drag_goes_to_the_nearest_value(name, moves, to, kept):
    lab = SmallLab()
    browser(lab, {"kind": "drag", "place": name, "value": list(to), "moves": moves})
    assert lab.last_error is None and lab.settings[name] == kept


def test_the_page_gets_controls_handles_and_limits():
    state = SmallLab().state
    names = [spec["name"] for spec in state["controls"]]
    assert names == ["x", "n", "eta", "mode", "units", "grid", "again"]
    eta = state["controls"][2]
    assert (eta["kind"], eta["values"], eta["value"]) == ("slider", ETAS, 1.0)
    left, right = state["picture"]["axes"]
    assert (left["x"], left["y"], left["ylog"]) == ([-2, 2], [-1, 1], False)
    assert (right["ylog"], right["y"]) == (True, [1, 1000])
    assert left["box"][0] + left["box"][2] < right["box"][0]
    assert state["handles"][0] == {"name": "x", "label": "input x", "axes": 0, "x": 1.0, "y": 0.0,
                                   "step": (0.25, 0), "moves": "x", "values": None}
    assert state["picture"]["alt"] == "x is 1.0000"
    assert state["readouts"] == [{"kind": "value", "label": "x", "text": "1.0000", "tone": ""}]


def test_a_control_hides_when_it_has_no_meaning():
    lab = SmallLab(mode="leaky ReLU")
    assert "grid" not in [spec["name"] for spec in lab.state["controls"]]


def test_undo_takes_back_a_whole_stroke_and_reset_is_undone_too():
    lab = SmallLab()
    browser(lab, *(put("x", x, stroke="set x") for x in (0.25, 0.5, 0.75)), put("n", 7))
    browser(lab, {"kind": "press", "place": "again"})
    browser(lab, {"kind": "reset"})
    assert lab.settings["x"] == 1.0
    seen = []
    for _ in range(5):
        browser(lab, {"kind": "undo"})
        seen.append((lab.settings["x"], lab.settings["n"]))
    assert seen == [(0.75, 0), (0.75, 7), (0.75, 3), (1.0, 3), (1.0, 3)]


def test_how_the_page_looks_is_no_step():
    lab = SmallLab()
    browser(lab, {"kind": "look", "width": 500, "ratio": 2, "dark": True})
    picture = lab.state["picture"]
    assert (picture["width"], picture["height"]) == (500, 200)
    assert pixels(lab).shape[:2] == (400, 1000)
    assert np.allclose(pixels(lab)[0, 0, :3], [0x11 / 255, 0x14 / 255, 0x18 / 255], atol=0.003)
    browser(lab, {"kind": "look", "width": 9, "ratio": 7, "dark": False})
    assert lab.state["picture"]["width"] == 320 and pixels(lab).shape[1] == 640
    browser(lab, {"kind": "undo"})
    assert lab.state["picture"]["width"] == 320
    for asked, height in ((150, 150), (5000, 900), (3, 120), (0, 200), (-3, 200)):
        browser(lab, {"kind": "look", "width": 5000, "ratio": 0.1, "dark": False, "height": asked})
        assert (lab.state["picture"]["height"], pixels(lab).shape[:2]) == (height, (height, 1200))


def test_a_look_that_cannot_be_drawn_is_none(monkeypatch):
    """What a page says of itself may be anything; the lab goes on as it looked before."""
    lab, nan, inf = SmallLab(), float("nan"), float("inf")
    for width, ratio, height in ((500, nan, 0), (500, inf, 0), (500, -inf, 0)):
        browser(lab, {"kind": "look", "width": width, "ratio": ratio, "dark": False,
                      "height": height})
        assert lab.state["error"] == "" and pixels(lab).shape[1] == width * (1 + (ratio == inf))
    seen = lab.state["picture"]["png"]
    for width, ratio, height in ((nan, 1, 0), (inf, 1, 0), (500, "x", 0), (500, 1, nan)):
        browser(lab, {"kind": "look", "width": width, "ratio": ratio, "dark": False,
                      "height": height})
        assert lab.state["error"] and lab.state["picture"]["png"] == seen
    build = lab._picture._low
    monkeypatch.setattr(lab._picture, "_low", lambda *_: 1 / 0)
    browser(lab, {"kind": "look", "width": 500, "ratio": 1, "dark": False, "height": 300})
    assert lab.state["error"] and lab.state["picture"]["png"] == seen
    monkeypatch.setattr(lab._picture, "_low", build)
    browser(lab, put("x", 1.0))
    assert lab.state["error"] == "" and lab.settings["x"] == 1.0


@pytest.mark.parametrize("gesture", [
    put("x", 7), put("x", "seven"), put("nowhere", 1), put("units", []), put("x", 1.75),
    {"kind": "dance"}, {"kind": "drag", "place": "p", "value": [None, 1], "moves": "xy"},
])
def test_what_fails_is_one_line_and_changes_nothing(gesture):
    lab = SmallLab()
    before, picture = lab.settings, lab.state["picture"]["png"]
    browser(lab, gesture)
    assert lab.last_error and "\n" not in lab.last_error
    assert lab.state["error"] == lab.last_error
    assert lab.settings == before and lab.state["picture"]["png"] == picture
    browser(lab, put("x", 0.5))
    assert lab.state["error"] == "" and lab.settings["x"] == 0.5


def test_the_picture_follows_and_holds_nothing_of_the_past():
    lab = SmallLab()
    first = lab.state["picture"]["png"]
    lab.set(x=-1.0)
    assert lab.state["picture"]["png"] != first
    lab.set(x=1.0)
    assert lab.state["picture"]["png"] == first
    fresh = SmallLab(x=1.0).state["picture"]["png"]
    assert fresh == first


def test_the_png_is_the_canvas():
    lab = SmallLab()
    canvas = np.asarray(lab._picture._figure.canvas.buffer_rgba())
    assert np.array_equal(np.round(255 * pixels(lab)[..., :3]), canvas[..., :3])


def test_only_a_new_still_or_look_draws_the_background():
    lab = SmallLab()
    figure = lab._picture._figure
    lab.set(x=0.5, n=2)
    assert lab._picture._figure is figure
    lab.set(mode="leaky ReLU")
    assert lab._picture._figure is not figure


def test_code_makes_the_lab_again(capsys):
    lab = SmallLab(x=0.25, units=("b", "c"), p=(1, 0))
    lab.code()
    text = capsys.readouterr().out
    assert text == ("from helpers import SmallLab\n\n"
                    "SmallLab(x=0.25, units=('b', 'c'), p=(1.0, 0.0))\n")
    assert eval(text.splitlines()[-1]).settings == lab.settings
    lab.set(x=1, units="a", p=(0.5, 0.5))  # as at the start
    lab.code()
    assert capsys.readouterr().out.endswith("SmallLab()\n")


@pytest.mark.parametrize("x, text", [
    (1e-11, "0.0000"), (-1e-12, "0.0000"), (2e-11, "2.0000e−11"), (np.nan, "nan")])
def test_what_is_only_rounding_is_said_to_be_0(x, text):
    assert said(x) == text and rows_of([x, 1]) == [[text, "1.0000"]]


def test_figure_and_sentence_tell_the_same(tmp_path):
    lab = SmallLab(x=0.5)
    assert repr(lab) == "SmallLab: x is 0.5000"
    figure = lab.figure()
    assert figure.says == "x is 0.5000" and figure.axes[0].lines[1].get_xdata() == [0.5]
    data, metadata = lab._repr_mimebundle_()
    assert data["text/plain"] == repr(lab) == metadata["image/png"]["alt"]
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    lab.save(tmp_path / "small.pdf")
    assert (tmp_path / "small.pdf").read_bytes().startswith(b"%PDF")


def test_what_a_notebook_keeps_has_controls_picture_and_read_outs():
    figure = SmallLab(x=0.5, units=("b", "c")).stored()
    texts = [text.get_text() for text in figure.texts]
    assert {"input x", "0.5", "units", "b, c", "the grid", "yes", "x", "0.5000"} <= set(texts)
    assert "Again" not in texts and figure.says == "x is 0.5000"
    width, height = figure.get_size_inches() * 100
    controls = sum(spec["kind"] != "press" for spec in SmallLab().state["controls"])
    assert width == 900 and 34 * controls < height < 34 * controls + 120
    image, = figure.images
    assert image.get_array().shape == (200, 620, 4)


@pytest.mark.slow
def test_another_theme_keeps_everything_in_its_place():
    lab, fresh = SmallLab(), SmallLab()
    browser(lab, {"kind": "look", "width": 900, "ratio": 1, "dark": True})
    browser(fresh, {"kind": "look", "width": 600, "ratio": 1, "dark": True},
            {"kind": "look", "width": 900, "ratio": 1, "dark": True})
    assert lab.state["picture"] == fresh.state["picture"]


def test_two_labs_share_nothing():
    one, two = SmallLab(), SmallLab()
    browser(one, {"kind": "look", "width": 400, "ratio": 1, "dark": True}, put("x", -1.0))
    assert two.settings["x"] == 1.0 and two.state["picture"]["width"] == 900


def test_every_colour_is_told_from_its_ground():
    def luminance(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return np.dot([0.2126, 0.7152, 0.0722], linear)

    for palette in (LIGHT, DARK):
        ground = luminance(palette.ground)
        for colour in (*palette.series, palette.text, palette.muted, palette.mark, palette.good,
                       palette.bad, palette.negative, palette.positive):
            low, high = sorted([ground, luminance(colour)])
            assert (high + 0.05) / (low + 0.05) >= 4.5, colour
    assert Look(dark=True).palette is DARK and Look().palette is LIGHT
