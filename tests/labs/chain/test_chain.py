"""The chain rule lab without a browser: numbers in both layouts, settings, gestures, one line."""

import itertools

import numpy as np
import pytest

from helpers.calculus.errors import LessonError, NumberError, ShapeError, UnknownParameter
from helpers.calculus.vector.maps import MAPS
from helpers.labs.chain import entries, reading
from helpers.labs.chain import lab as module
from helpers.labs.chain.lab import BACK, FLAT, OUT, ChainRuleLab
from helpers.labs.chain.study import chain_of, grid_images, grid_of, reach
from helpers.labs.kit.plane import square_limits
from helpers.pictures.canvas import png
from helpers.pictures.live import LIGHT
from helpers.widgets.kit.formulas import mathml
from tests.amount import amount
from tests.page import browser, reads

EVENTS = amount(100, 300, 10_000)
pytestmark = pytest.mark.usefixtures("undrawn")


def matrix_of(part):
    """The numbers of a matrix on the screen."""
    return np.array([[float(text.replace("−", "-")) for text in row] for row in part["rows"]])


def shown(widget, label):
    """The matrices of a read-out by name."""
    parts = [part for part in reads(widget, label)["parts"] if not isinstance(part, str)]
    return {part["name"]: matrix_of(part) for part in parts}


@pytest.mark.parametrize("first", [*FLAT, *OUT])
def test_the_numbers_on_the_screen_are_the_derivatives(first):
    widget = ChainRuleLab(first=first, second="sine warp", x=(0.7, 0.4), dx=(0.02, -0.01))
    second = "mix to plane" if first in OUT else "sine warp"
    x = np.array([0.7, 0.4])
    Jy, Jz = MAPS[first].jacobian(x), MAPS[second].jacobian(MAPS[first](x))
    screen = list(shown(widget, "chain rule").values())
    for seen, right in zip(screen, (Jz, Jy, Jz @ Jy), strict=True):
        np.testing.assert_allclose(seen, right, atol=6e-5)
    np.testing.assert_allclose(widget.product, Jz @ Jy)
    true, predicted = widget.changes
    np.testing.assert_allclose(predicted, Jz @ Jy @ (0.02, -0.01))
    np.testing.assert_allclose(true, predicted, atol=2e-3)


@pytest.mark.parametrize("first, second", [("saddle in space", "none"), ("polar", "linear"),
                                           ("relu layer", "none")])
def test_the_switch_turns_every_matrix_and_reverses_the_product(first, second):
    widget = ChainRuleLab(first=first, second=second)
    before = {label: list(shown(widget, label).items())
              for label in ("chain rule", "change")[second == "none" and first in FLAT:]}
    product, factors = widget.product, widget.jacobians
    widget.set(layout="denominator")
    np.testing.assert_array_equal(widget.product, product.T)
    for J, turned in zip(factors, widget.jacobians[::-1], strict=True):
        np.testing.assert_array_equal(J.T, turned)
    if "chain rule" in before:
        *pair, whole = before["chain rule"]
        *turned, turned_whole = shown(widget, "chain rule").items()
        for (_, a), (_, b) in zip(pair, turned[::-1], strict=True):
            np.testing.assert_array_equal(a.T, b)
        np.testing.assert_array_equal(whole[1].T, turned_whole[1])
    J, step, guess, true = before["change"]
    names = shown(widget, "change")
    row, wide, guess_row, true_row = names.values()
    for a, b in ((J[1], wide), (step[1], row), (guess[1], guess_row), (true[1], true_row)):
        np.testing.assert_array_equal(a.T, b)
    assert next(iter(names)) == "Δxᵀ"


def test_unequal_sizes_cannot_be_multiplied_in_the_wrong_order():
    widget = ChainRuleLab(first="saddle in space")
    assert [J.shape for J in widget.jacobians] == [(2, 3), (3, 2)]
    assert "(2×3) (3×2)" in widget.state["readouts"][-1]["text"]
    widget.set(layout="denominator")
    assert [J.shape for J in widget.jacobians] == [(2, 3), (3, 2)]
    assert list(shown(widget, "chain rule")) == ["∇_x y", "∇_y z", "∇_x z"]


def test_the_error_falls_with_the_square():
    widget = ChainRuleLab(first="polar", second="sine warp", dx=(0.1, 0.1))
    assert "‖Δx‖²" in reads(widget, "slope")["text"]
    errors = []
    for shrink in (3, 4, 5):
        widget.set(shrink=shrink)
        errors.append(np.linalg.norm(np.subtract(*widget.changes)))
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(4, rel=0.1)
    widget.set(first="linear", second="rotation")
    assert "only rounding" in reads(widget, "slope")["text"]
    assert "which is only rounding" in repr(widget)


@pytest.mark.parametrize("settings, controls", [
    ({}, {"first", "second", "shrink"}),
    ({"first": "rotation", "second": "polar"}, {"first", "second", "angle", "shrink"}),
    ({"second": "sine warp"}, {"first", "second", "amount", "shrink"}),
    ({"first": "sine warp", "second": "rotation"}, {"first", "second", "amount", "angle",
                                                    "shrink"}),
    ({"first": "saddle in space", "second": "rotation"}, {"first", "back", "shrink"}),
    ({"first": "rotation", "mode": "entries"}, {"filled"})])
def test_only_what_has_a_meaning_now_can_be_set(settings, controls):
    names = {one["name"] for one in ChainRuleLab(**settings).state["controls"]}
    assert names == {"mode", "layout"} | controls


CHAINS = [{"first": "polar", "second": "sine warp"},
          {"first": "saddle in space", "back": "mix to plane"}]


def maps_of(settings):
    """Two maps with their derivative, one after the other, at a point and a change."""
    widget = ChainRuleLab(x=(0.8, 0.5), dx=(0.3, -0.4), shrink=2, **settings)
    f, g = (MAPS[name] for name in settings.values())
    x, dx = np.array([0.8, 0.5]), np.array([0.3, -0.4])  # the change is ½ long
    return widget.study(widget.settings), f, g, x, dx, g.jacobian(f(x)) @ f.jacobian(x)


@pytest.mark.parametrize("settings", CHAINS)
def test_changes_and_errors_are_those_of_the_maps(settings):
    view, f, g, x, dx, J = maps_of(settings)
    np.testing.assert_allclose(view["sizes"], 0.5 ** np.arange(11) / 2)
    np.testing.assert_allclose(view["errors"], [np.linalg.norm(
        g(f(x + dx / 2**k)) - g(f(x)) - J @ dx / 2**k) for k in range(11)], atol=1e-15)
    step = dx / 4
    for place, value in enumerate((f, lambda x: g(f(x)))):
        np.testing.assert_allclose(view["true"][place], value(x + step) - value(x), atol=1e-15)
    for guess, right in zip(view["predicted"], (f.jacobian(x) @ step, J @ step), strict=True):
        np.testing.assert_allclose(guess, right)
    assert view["scale"] == pytest.approx(max(np.linalg.norm(view["true"][1]),
                                              np.linalg.norm(J @ step)))


@pytest.mark.parametrize("settings", CHAINS)
def test_the_magnified_plane_has_a_grid_around_the_point(settings):
    view, f, g, x, dx, J = maps_of(settings)
    near, linear = view["near"], view["near_linear"]
    lines = near.shape[1] // 2
    assert lines % 2 == 1 == near.shape[2] % 2  # one of each kind goes through the point
    np.testing.assert_allclose(near[:, [lines // 2, lines + lines // 2], near.shape[2] // 2], 0,
                               atol=1e-15)
    ends = np.linalg.solve(J, linear.reshape(2, -1)).reshape(linear.shape)
    reach = ends.max()
    assert reach > np.linalg.norm(dx / 4) and np.allclose(np.abs(ends).max(0), reach)
    for k, share in enumerate(np.tile(np.linspace(-1, 1, lines), 2)):
        upright = k < lines  # these first
        np.testing.assert_allclose(ends[1 - upright, k], share * reach, atol=1e-9)
        np.testing.assert_allclose(ends[int(upright), k], [-reach, reach])
        for end in (0, -1):
            np.testing.assert_allclose(near[:, k, end], g(f(x + ends[:, k, end])) - g(f(x)),
                                       atol=1e-12)


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize(("width", "height"), [(9.0, None), (4.0, None), (9.0, 4.0)])
def test_the_matrices_that_fill_stand_beside_and_below_each_other(layout, width, height):
    W, x = ((1.0,) * 4,) * 3, (1.0,) * 4
    figure, movers = entries.build((layout, W, x), width, LIGHT, height)
    axes, = figure.axes
    J = (3, 4) if layout == "numerator" else (4, 3)
    sizes = {"W": (3, 4), "x": (4, 1), "y": (3, 1), "J": J}
    boxes = [(left, left + sizes[name][1], top, top + sizes[name][0] * entries.CELL)
             for name, (left, top) in axes.tm_places.items()]
    (start, end), (low, high) = axes.get_xlim(), axes.get_ylim()
    for left, right, top, bottom in boxes:  # a head has its place above each of them
        assert start < left and right < end and high + 0.5 < top and bottom < low
    for one, other in itertools.combinations(boxes, 2):
        assert (one[1] < other[0] or other[1] < one[0] or one[3] + 0.5 < other[2]
                or other[3] + 0.5 < one[2])
    assert len(movers["covers"]) == 12


def test_a_kink_is_named():
    widget = ChainRuleLab(first="relu layer", x=(0.5, -0.2), dx=(-1.5, 0.9))
    assert "cross a kink" in reads(widget, "slope")["text"]
    assert repr(widget).endswith("and none for short steps; numerator layout")


def test_no_change_and_dead_units_make_no_trouble(drawn):
    widget = ChainRuleLab(dx=(0, 0))
    assert "error 0.0000" in repr(widget)
    widget.set(first="relu layer", x=(-2, -2), dx=(0.1, 0.1))
    np.testing.assert_array_equal(widget.product, np.zeros((2, 2)))
    png(widget.figure(), dpi=30)


def test_entry_by_entry():
    widget = ChainRuleLab(mode="entries")
    assert "12 derivatives" in widget.state["readouts"][0]["text"]
    widget.set(filled=7, layout="denominator")
    texts = [r.get("text", "") for r in widget.state["readouts"]]
    assert texts[1] == ("Only the term W[0,2]·x[2] has x[2] in it, so ∂y[0]/∂x[2] = W[0,2] = "
                        "0.8000.")
    assert texts[2] == "0.8000" and "row 2, column 0" in texts[3]
    assert reads(widget, "y[0] = 2.8500")["marked"] == [[0, 2]]  # of the lesson's W and x
    widget.set(filled=12)
    assert "= Wᵀ, 4×3" in widget.state["readouts"][-1]["text"]
    widget.set(layout="numerator", filled=7)
    assert "W[1,2] = −0.6000" in widget.state["readouts"][1]["text"]
    assert widget.state["handles"] == []


def test_drags_move_the_point_and_its_tip():
    widget = ChainRuleLab(x=(1, 0.5), dx=(0.5, 0.5))
    browser(widget, {"kind": "drag", "place": "x", "value": [1.5, 9], "moves": "xy", "stroke": 1})
    assert widget.settings["x"] == (1.5, 2) and widget.settings["dx"] == (0.5, 0.25)
    browser(widget, {"kind": "drag", "place": "dx", "value": [1.25, 1.5], "moves": "xy"})
    assert widget.settings["dx"] == (-0.25, -0.5)
    tip = widget.state["handles"][1]
    assert (tip["x"], tip["y"]) == (1.25, 1.5)
    browser(widget, {"kind": "undo"}, {"kind": "undo"})
    assert widget.settings["x"] == (1, 0.5)
    assert widget.last_error is None


def test_what_is_wrong_is_one_line_and_changes_nothing():
    widget = ChainRuleLab()
    before = widget.settings
    for settings, kind, words in [
            ({"first": "circle"}, UnknownParameter, "cannot be 'circle'"),
            ({"speed": 1}, UnknownParameter, "no setting 'speed'"),
            ({"x": (1, np.nan)}, NumberError, "finite"),
            ({"shrink": 11}, NumberError, "from 0 to 10"),
            ({"W": np.eye(3)}, ShapeError, r"shape \(3, 3\)"),
            ({"W": np.full((3, 4), np.inf)}, NumberError, "−1e4"),
            ({"layout": "numerator", "x": 3}, NumberError, "two numbers")]:
        with pytest.raises(kind, match=words) as caught:
            widget.set(**settings)
        assert "\n" not in str(caught.value) and isinstance(caught.value, LessonError)
    assert widget.settings == before
    browser(widget, {"kind": "set", "place": "first", "value": "circle"})
    assert "circle" in widget.state["error"] and widget.settings == before


def test_reset_brings_back_the_settings_of_the_lesson():
    widget = ChainRuleLab(first="linear", shrink=2)
    browser(widget, {"kind": "set", "place": "first", "value": "polar"}, {"kind": "reset"})
    assert (widget.settings["first"], widget.settings["shrink"]) == ("linear", 2)


@pytest.mark.parametrize("name", MAPS)
def test_the_formula_of_a_second_map_makes_z_from_y(name):
    first, second = (mathml(reading.formula(name, place, "numerator"), "") for place in (0, 1))
    assert "<mi>x</mi>" in first and "<mi>z</mi>" not in first
    assert "<mi>z</mi>" in second and "<mi>x</mi>" not in second
    assert "\\" not in second and second.count("<mi>J</mi>") == 1
    assert "<mi>J</mi>" not in mathml(reading.formula(name, 0, "denominator"), "")


def test_code_makes_the_same_lab_again(capsys):
    widget = ChainRuleLab(first="tanh layer to space", back="matrix to plane", layout="denominator",
                          shrink=2, x=(0.3, -0.4))
    widget.code()
    namespace = {"ChainRuleLab": ChainRuleLab}
    again = eval(capsys.readouterr().out.split("\n\n", 1)[1], namespace)
    assert again.settings == widget.settings and repr(again) == repr(widget)


@pytest.mark.slow
@pytest.mark.parametrize("settings", [{}, {"second": "sine warp"}, {"first": "saddle in space"},
                                      {"mode": "entries", "filled": 5}])
def test_pictures_are_drawn_wide_and_narrow(settings, drawn):
    widget = ChainRuleLab(**settings)
    for width, dark in ((360, True), (700, False), (1000, True)):
        browser(widget, {"kind": "look", "width": width, "ratio": 1, "dark": dark})
        assert widget.state["error"] == "" and widget.state["picture"]["width"] == width
    bundle, extra = widget._repr_mimebundle_()
    assert bundle["text/plain"] == extra["image/png"]["alt"] == repr(widget)


@pytest.mark.parametrize("first, second", [("rotation", "none"), ("relu layer", "polar"),
                                           ("tanh layer to space", "none")])
def test_pictures_follow_the_point(first, second, drawn):
    widget, random = ChainRuleLab(first=first, second=second), np.random.default_rng(1)
    pictures = set()
    for place in ("x", "dx", "x", "dx"):
        browser(widget, {"kind": "drag", "place": place, "moves": "xy",
                         "value": random.uniform(-2, 2, 2).tolist()})
        pictures.add(bytes(widget.state["picture"]["png"]))
    assert widget.state["error"] == "" and len(pictures) == 4


def event(random):
    """One gesture, most of them sensible, some not."""
    words = {"first": [*FLAT, *OUT, "circle"], "second": ["none", *FLAT], "back": BACK,
             "layout": ["numerator", "denominator", 3], "mode": ["map", "map", "entries"]}
    ranges = {"angle": 200, "amount": 1.6, "shrink": 10.4, "filled": 12.4}
    name = random.choice([*words, *ranges, "x", "dx", "x", "dx", "reset", "undo"])
    if name in ("reset", "undo"):
        return {"kind": str(name)}
    if name in words:
        options = words[name]
        return {"kind": "set", "place": str(name), "value": options[random.integers(len(options))]}
    if name in ranges:
        return {"kind": "set", "place": str(name), "value": random.uniform(-0.1, ranges[name])}
    value = random.uniform(-3, 3, 2).tolist() if random.random() < 0.95 else [np.nan, 1.0]
    return {"kind": "drag", "place": str(name), "value": value, "moves": "xy"}


def test_any_events_in_any_order():
    random, widget = np.random.default_rng(0), ChainRuleLab()
    for _ in range(EVENTS):
        gesture = event(random)
        browser(widget, gesture)
        error = widget.state["error"]
        wrong = gesture.get("value") in ("circle", 3) or np.nan in np.ravel(
            gesture.get("value", 0)).tolist() or "drag" == gesture["kind"]
        assert not error or wrong or "must lie" in error, (gesture, error)
        assert np.isfinite(widget.product).all()
    assert module.names_of(widget.settings)


def test_a_handle_lies_where_the_picture_has_its_point(drawn):
    widget = ChainRuleLab(x=(0.3, -0.2))
    handle = widget.state["handles"][0]
    place = widget.state["picture"]["axes"][handle["axes"]]
    assert place["x"][0] < handle["x"] < place["x"][1]
    assert (handle["x"], handle["y"]) == (0.3, -0.2)


@pytest.mark.parametrize("name, numerator, denominator", [
    ("saddle in space", r"\begin{pmatrix}1 & 0\\ 0 & 1\\ x_1 & x_0\end{pmatrix}",
     r"\begin{pmatrix}1&0&x_1\\0&1&x_0\end{pmatrix}"),
    ("linear", "W", r"W^\top"),
    ("relu layer", r"\mathrm{diag}\left(\mathbb{1}(Wx + b > 0)\right)W",
     r"W^\top\mathrm{diag}\left(\mathbb{1}(Wx+b>0)\right)"),
    ("squash by tanh", r"\mathrm{diag}\left(1 - y_k^2\right)",
     r"\mathrm{diag}\left(1-y_k^2\right)"),
])
def test_the_layout_turns_the_formula_too(name, numerator, denominator):
    assert MAPS[name].slopes_latex == f"J = {numerator}"
    assert reading.turned_formula(numerator).replace(" ", "") == denominator
    assert reading.formula(name, 0, "numerator") != reading.formula(name, 0, "denominator")


def test_maps_are_offered_where_they_fit():
    shapes = {name: row.jacobian(row.start).shape for name, row in MAPS.items()}
    for names, shape in ((FLAT, (2, 2)), (OUT, (3, 2)), (BACK, (2, 3))):
        assert list(names) == [name for name in MAPS if shapes[name] == shape]
    assert len(FLAT + OUT + BACK) == len(MAPS)
    options = {one.name: one.options for one in ChainRuleLab.controls if hasattr(one, "options")}
    assert options["first"] == FLAT + OUT and options["second"] == ("none", *FLAT)


def test_numbers_of_a_matrix_have_a_limit():
    widget = ChainRuleLab(W=np.full((3, 4), 1e4), v=[-1e4, 0, 1, 2])
    assert widget.settings["W"] == ((1e4,) * 4,) * 3
    assert widget.settings["v"] == (-1e4, 0, 1, 2)
    with pytest.raises(NumberError, match="from −1e4 to 1e4"):
        widget.set(v=[10_000.5, 0, 0, 0])


@pytest.mark.parametrize(("slope", "errors", "said", "tone"), [
    (2.05, 1e-3, "2.0500: it falls with ‖Δx‖²", "good"), (2.15, 1e-3, "2.1500", ""),
    (1.85, 1e-3, "1.8500", ""), (1.95, 1e-3, "1.9500: it falls with ‖Δx‖²", "good"),
    (np.nan, 1e-11, "none: only rounding, the Jacobian is exact", "good"),
    (np.nan, 2e-11, "nan", "")])
def test_the_slope_of_the_error_is_read(slope, errors, said, tone):
    read = reading.slope_read({"slope": slope, "errors": np.full(11, errors)})
    assert (read["text"], read["tone"]) == (said, tone)


@pytest.mark.parametrize(("first", "tone"), [("polar", ""), ("linear", "good")])
def test_an_error_that_is_only_rounding_is_good(first, tone):
    widget = ChainRuleLab(first=first)
    assert reads(widget, "error ‖true")["tone"] == tone and reads(widget, "‖Δx‖")["tone"] == ""


@pytest.mark.parametrize("settings", [{"first": "polar", "second": "sine warp"},
                                      {"first": "sine warp"}, {"first": "saddle in space"}])
def test_without_a_change_the_magnified_map_is_its_jacobian(settings):
    view = ChainRuleLab.study(ChainRuleLab(dx=(0, 0), **settings).settings)
    near, linear = view["near"] / view["scale"], view["near_linear"] / view["scale"]
    np.testing.assert_allclose(near[..., [0, -1]], linear, atol=0.02)
    assert np.abs(linear).max() > 1  # and fills its plane


@pytest.mark.parametrize("names", [("rotation",), ("sine warp", "rotation"), ("polar",)])
def test_every_image_has_room_whatever_the_parameters(names):
    (left, right), (low, high) = square_limits(reach(names)[-1], 0)
    for angle, warp in itertools.product((-180, -77, 13, 120), (0, 0.35, 1.5)):
        chain = chain_of(names, (("angle", float(angle)), ("amount", warp)))
        x, y = grid_images(chain)[-1]
        assert left - 0.1 < x.min() and x.max() < right + 0.1
        assert low - 0.1 < y.min() and y.max() < high + 0.1
    assert max(right - left, high - low) < 10


def test_a_grid_has_lines_of_both_kinds_from_end_to_end():
    grid = grid_of(((-1, 3), (0, 2)), 5, 4)
    upright, level = grid[:, :5], grid[:, 5:]
    assert upright[0].tolist() == [[x] * 4 for x in (-1, 0, 1, 2, 3)]
    np.testing.assert_allclose(upright[1], [np.linspace(0, 2, 4)] * 5)
    np.testing.assert_allclose(level[0], [np.linspace(-1, 3, 4)] * 5)
    assert level[1].tolist() == [[y] * 4 for y in (0, 0.5, 1, 1.5, 2)]
