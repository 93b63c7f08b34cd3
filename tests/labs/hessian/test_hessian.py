"""The Hessian lab without a browser: derivatives, predictions, symmetry, gestures."""


import numpy as np
import pytest

from helpers.calculus.errors import NumberError, UnknownParameter
from helpers.calculus.vector.derivatives import numerical_gradient, numerical_hessian
from helpers.calculus.vector.surfaces import SURFACES
from helpers.labs.hessian.lab import HessianLab, symmetric
from tests.amount import amount
from tests.page import browser, reads

EVENTS = amount(100, 300, 10_000)
pytestmark = [pytest.mark.usefixtures("undrawn"), pytest.mark.slow]


@pytest.mark.parametrize("name", SURFACES)
def test_gradient_hessian_and_predictions(name):
    widget = HessianLab(surface=name, x=(0.8, -0.3), d=(0.1, 0.2))
    surface, x, d = SURFACES[name], np.array([0.8, -0.3]), np.array([0.1, 0.2])
    np.testing.assert_allclose(widget.gradient, numerical_gradient(surface, x), atol=1e-8)
    np.testing.assert_allclose(widget.hessian, numerical_hessian(surface, x), atol=1e-5)
    made = widget.predictions
    first = surface(x) + widget.gradient @ d
    assert made["true"] == pytest.approx(surface(x + d))
    assert made["first"] == pytest.approx(first)
    assert made["second"] == pytest.approx(first + d @ widget.hessian @ d / 2)
    assert abs(made["second"] - made["true"]) < abs(made["first"] - made["true"])
    assert widget.state["readouts"][-1]["tone"] == "good"


def test_slopes_of_the_errors():
    rows = reads(HessianLab(surface="waves", d=(0.2, 0.1)), "f(x + d)")["rows"]
    assert float(rows[1][3]) == pytest.approx(2, abs=0.1)
    assert float(rows[2][3]) == pytest.approx(3, abs=0.1)
    rows = reads(HessianLab(), "f(x + d)")["rows"]
    assert rows[2][2:] == ["0.0000", "only rounding"]


def test_symmetry_fails_in_one_point_alone():
    widget = HessianLab(surface="Peano's twist")
    assert widget.settings["x"] == (0, 0) and not symmetric(widget.study(widget.settings))
    assert [row[1] for row in reads(widget, "H[0,1]")["rows"]] == ["−1.0000", "1.0000"]
    assert "not symmetric: −1.0000 against 1.0000" in repr(widget)
    assert widget.state["readouts"][-1]["tone"] == "bad"
    widget.set(x=(0.01, 0.02))
    assert symmetric(widget.study(widget.settings))


def test_choosing_a_surface_goes_to_its_start_unless_a_point_is_given():
    widget = HessianLab()
    browser(widget, {"kind": "set", "place": "surface", "value": "valley"})
    assert widget.settings["x"] == SURFACES["valley"].start
    widget.set(surface="waves", x=(0.1, 0.2))
    assert widget.settings["x"] == (0.1, 0.2)
    browser(widget, {"kind": "undo"})
    assert widget.settings["surface"] == "valley"


def test_buttons_and_drags():
    widget = HessianLab(x=(0.5, 0.5), d=(0.4, -0.2))
    browser(widget, {"kind": "press", "place": "shrink"})
    assert widget.settings["d"] == (0.2, -0.1)
    browser(widget, {"kind": "press", "place": "grow"}, {"kind": "press", "place": "grow"})
    assert widget.settings["d"] == (0.8, -0.4)
    browser(widget, {"kind": "drag", "place": "d", "value": [1.0, 0.75], "moves": "xy"})
    assert widget.settings["d"] == (0.5, 0.25)
    browser(widget, {"kind": "press", "place": "origin"})
    assert widget.settings["x"] == (0, 0) and widget.settings["d"] == (0.5, 0.25)
    for _ in range(20):
        browser(widget, {"kind": "press", "place": "shrink"})
    assert 1e-3 <= max(map(abs, widget.settings["d"])) and widget.last_error is None


def test_what_is_wrong_is_one_line():
    widget = HessianLab()
    with pytest.raises(UnknownParameter, match=r"cannot be 'hat'.*Peano"):
        widget.set(surface="hat")
    with pytest.raises(NumberError, match="finite"):
        widget.set(x=(np.inf, 0))
    with pytest.raises(UnknownParameter, match="no setting 'z'"):
        HessianLab(z=1)
    assert widget.settings == HessianLab().settings


def test_code_and_picture(capsys, drawn):
    widget = HessianLab(surface="saddle", d=(0.25, 0.5))
    widget.code()
    again = eval(capsys.readouterr().out.split("\n\n", 1)[1], {"HessianLab": HessianLab})
    assert repr(again) == repr(widget)
    bundle, extra = widget._repr_mimebundle_()
    assert bundle["text/plain"] == extra["image/png"]["alt"] == repr(widget)
    browser(widget, {"kind": "look", "width": 400, "ratio": 2, "dark": True})
    assert widget.state["picture"]["width"] == 400


def test_every_surface_can_be_drawn_at_any_step(drawn):
    widget, random = HessianLab(), np.random.default_rng(1)
    browser(widget, {"kind": "look", "width": 320, "ratio": 1, "dark": False})
    for name in SURFACES:
        browser(widget, {"kind": "set", "place": "surface", "value": name},
                *({"kind": "drag", "place": place, "value": random.uniform(-3, 3, 2).tolist(),
                   "moves": "xy"} for place in ("x", "d", "x", "d")))
        assert widget.state["error"] == ""
        assert widget.state["picture"]["png"].startswith(b"\x89PNG")


def event(random):
    """One gesture, most of them sensible."""
    kind = random.choice(["x", "d", "x", "d", "surface", "press", "undo", "reset"])
    if kind in ("x", "d"):
        return {"kind": "drag", "place": str(kind), "value": random.uniform(-3, 3, 2).tolist(),
                "moves": "xy"}
    if kind == "surface":
        return {"kind": "set", "place": "surface", "value": str(random.choice([*SURFACES]))}
    if kind == "press":
        return {"kind": "press", "place": str(random.choice(["shrink", "grow", "origin"]))}
    return {"kind": str(kind)}


def test_any_events_in_any_order():
    random, widget = np.random.default_rng(0), HessianLab()
    for _ in range(EVENTS):
        browser(widget, event(random))
        assert widget.state["error"] == "" and np.isfinite(widget.hessian).all()
