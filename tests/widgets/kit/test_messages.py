"""None reaches the page as null where Python runs inside it, and comes back as None."""

from helpers import GraphStepper
from helpers.widgets.kit import messages
from helpers.widgets.kit.messages import swapped


def test_every_none_is_swapped_and_nothing_else():
    value = {"a": None, "b": [1, None, (None, "x")], "c": {"d": b"\0", "e": 0, "f": False}}
    null = object()
    there = swapped(value, None, null)
    assert there == {"a": null, "b": [1, null, (null, "x")],
                     "c": {"d": b"\0", "e": 0, "f": False}}
    assert swapped(there, null, None) == value


def test_a_widget_tells_its_state_without_none_and_hears_null_as_none(monkeypatch):
    def holds(value, what):
        inside = value.values() if isinstance(value, dict) else value
        return value is what or (isinstance(value, dict | list | tuple)
                                 and any(holds(one, what) for one in inside))

    widget, null = GraphStepper("x * y", x=1, y=2), object()
    assert holds(widget.get_state(), None)
    monkeypatch.setattr(messages, "NULL", null)
    assert holds(widget.get_state(), null) and not holds(widget.get_state(), None)
    widget.set_state({"gestures": {"client": "a", "queue": [
        {"kind": "undo", "serial": 1, "place": null}]}})
    assert widget.gestures["queue"][0]["place"] is None
