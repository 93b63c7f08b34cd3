"""What every widget has from `LiveView`, on the smallest one: a number that can be added to."""

import numpy as np
import pytest

import helpers
from helpers.widgets.kit.live import LiveView, Name, PointedView, alike, cell_of, one_line
from tests.page import browser


class Counter(PointedView):
    """Its present: a whole number, and how often it was peeped at."""

    settles, looks = frozenset({"big"}), frozenset({"peep"})

    def __init__(self, start=0):
        super().__init__((start, 0))

    def act(self, present, gesture):
        number, peeped = present
        if gesture["kind"] == "peep":
            return number, peeped + 1
        if number + gesture["by"] < 0:
            raise ValueError("below\n zero")
        return number + gesture["by"], peeped

    def show(self, present):
        return {"number": present[0], "peeped": present[1], "big": present[0] > 99}

    def looked(self, old, now):
        return old[0], now[1]

    def read(self, present, pointer):
        if pointer.get("place") == "odd":
            raise ValueError("nothing there")
        return {"text": f"{pointer.get('place', 'nowhere')}: {present[0]}"}

    def linked(self, present):
        late = {"over": present[0] - 500} if present[0] > 500 else {}
        return {"number": present[0], "doubled": np.array([2.0 * present[0]]), **late}

    def with_linked(self, present, name, value):
        if name == "doubled" or value < 0:
            raise ValueError("not that way")
        return value, present[1]

    def sentence(self):
        return f"Counter at {self._present[0]}"


def add(*numbers, **more):
    return [{"kind": "add", "by": number, **more} for number in numbers]


def test_gestures_change_the_present_and_undo_goes_back_one_by_one():
    widget = Counter()
    browser(widget, *add(1, 2, 4))
    assert widget.state == {"number": 7, "peeped": 0, "big": False, "error": "",
                            "applied": {"page": 3}}
    for number in (3, 1, 0, 0):
        browser(widget, {"kind": "undo"})
        assert widget.state["number"] == number and widget.last_error is None
    for number in (1, 3, 7, 7):
        browser(widget, {"kind": "redo"})
        assert widget.state["number"] == number
    widget.undo()
    browser(widget, *add(10))
    widget.redo()  # something else has happened since
    assert widget.state["number"] == 13


def test_a_stroke_of_one_page_is_one_step_back():
    widget = Counter()
    browser(widget, *add(1, 1, 1, stroke=5))
    browser(widget, *add(10, 10, stroke=6))
    browser(widget, *add(100, stroke=6), client="other")
    for number in (23, 3, 0):
        widget.undo()
        assert widget.state["number"] == number
    widget = Counter()
    browser(widget, *add(1, stroke=5))
    widget.undo()
    browser(widget, *add(1, 1, stroke=5))  # an undo ends a stroke
    widget.undo()
    assert widget.state["number"] == 0
    browser(widget, *add(1), *add(1, stroke=7), *add(1), *add(1, stroke=7))
    widget.undo()
    assert widget.state["number"] == 3


def test_two_hundred_steps_go_back_and_no_more():
    widget = Counter()
    browser(widget, *add(*[1] * 203))
    for _ in range(205):
        widget.undo()
    assert widget.state["number"] == 3


def test_what_is_refused_leaves_the_present_and_is_no_step():
    widget = Counter(1)
    browser(widget, *add(-5))
    assert widget.state["error"] == widget.last_error == "below zero"
    assert widget.state["number"] == 1 and widget.state["applied"] == {"page": 1}
    widget.undo()
    assert widget.last_error is None and widget.state["error"] == ""
    browser(widget, *add(2), *add(-5), *add(3))  # the one behind it is taken
    assert widget.state["number"] == 6 and widget.last_error is None


def test_a_look_is_no_step_and_an_undo_keeps_it():
    widget = Counter()
    browser(widget, *add(1), {"kind": "peep"}, {"kind": "peep"})
    assert widget.state["peeped"] == 2
    widget.undo()
    assert (widget.state["number"], widget.state["peeped"]) == (0, 2)
    widget.redo()
    assert (widget.state["number"], widget.state["peeped"]) == (1, 2)


def test_a_gesture_that_came_before_is_not_done_again():
    widget = Counter()
    one, two = ({"serial": serial, **gesture} for serial, gesture in enumerate(add(1, 10), 1))
    widget.gestures = {"client": "a", "queue": [one]}
    widget.gestures = {"client": "a", "queue": [one, two]}
    widget.gestures = {"client": "b", "queue": [one]}
    assert widget.state["number"] == 12 and widget.state["applied"] == {"a": 2, "b": 1}


def test_sixty_four_pages_are_remembered_the_last_ones():
    widget = Counter()
    browser(widget, *add(1), client="first")
    for page in range(63):
        browser(widget, *add(1), client=f"page {page}")
    assert len(widget.state["applied"]) == 64 and "first" in widget.state["applied"]
    browser(widget, *add(1), client="first")  # heard again: the last one now
    browser(widget, *add(1), client="one more")
    applied = list(widget.state["applied"])
    assert len(applied) == 64 and applied[-2:] == ["first", "one more"] and "page 0" not in applied


def test_what_travels_to_a_page():
    widget = Counter(100)
    sent = {name for name in widget.trait_names(sync=True) if not name.startswith("_")}
    assert {"gestures", "state", "settled", "projecting", "pointer", "reading", "number"} <= sent
    assert "doubled" not in sent  # an array stays in Python
    assert widget.settled == {"big": True} and "_script" in widget.trait_names(sync=True)
    told = widget.get_state()
    assert told["state"].keys() == {"number", "peeped", "error", "applied"}
    assert told["settled"] == {"big": True}
    for name in ("gestures", "pointer", "number"):  # what a page says is not said back to it
        assert widget.trait_metadata(name, "echo_update") is False
    assert widget.trait_metadata("state", "echo_update") is None


def test_a_trait_follows_the_present_and_moves_it():
    widget, heard = Counter(1), []
    widget.observe(lambda change: heard.append((change["old"], change["new"])), "number")
    browser(widget, *add(2))
    widget.number = 8
    widget.number = 8
    assert heard == [(1, 3), (3, 8)] and widget.state["number"] == 8
    assert widget.doubled.tolist() == [16.0]
    widget.number = -1
    assert widget.last_error == "not that way" and widget.number == 8 and len(heard) == 2
    widget.doubled = np.array([3.0])
    assert widget.doubled.tolist() == [16.0] and widget.state["error"] == "not that way"
    widget.undo()
    assert widget.number == 3 and heard[-1] == (8, 3)


def test_a_trait_may_come_later_and_says_none_where_there_is_no_such_thing():
    widget = Counter(3)
    assert not widget.has_trait("over")
    browser(widget, *add(600))
    assert widget.over == 103 and "over" in widget.trait_names(sync=True)
    widget.undo()
    assert widget.over is None and widget.number == 3
    widget.redo()
    assert widget.over == 103


def test_pointing_is_answered_with_the_question_and_follows_the_present():
    widget = Counter(5)
    widget.pointer = {"place": "X", "asks": "a7"}
    assert widget.reading == {"text": "X: 5", "answers": "a7"}
    browser(widget, *add(1))
    assert widget.reading == {"text": "X: 6", "answers": "a7"}
    widget.pointer = {"place": "odd", "asks": "a8"}
    assert widget.last_error == "nothing there"
    assert widget.reading == {"text": "nowhere: 6", "answers": "a8"}
    browser(widget, *add(1))
    assert widget.last_error is None and widget.reading["text"] == "nowhere: 7"
    widget.pointer = {}
    assert widget.reading == {"text": "nowhere: 7", "answers": ""}


def test_a_page_asks_and_is_answered():
    widget, sent = Counter(), []
    widget.send = sent.append
    for content in ({"kind": "hello"}, {"kind": "script"}, {"kind": "other"}, 5):
        widget._handle_custom_msg(content, [])
    assert sent == [{"kind": "here"}, {"kind": "script", "text": ""}]


def test_a_projector_takes_the_widget_that_is_shown_or_shows_it():
    array = helpers.EditableArray([1.0])
    assert array.projecting is False and array.projector() is array and array.projecting is True
    array._repr_mimebundle_()
    assert array.projector() is None


def test_what_a_subclass_has_to_give():
    bare = LiveView.__new__(LiveView)
    for ask in (lambda: bare.act(0, {}), lambda: bare.show(0), lambda: bare.with_linked(0, "", 0),
                bare.figure, bare.sentence, bare.cell, bare.stored):
        with pytest.raises(NotImplementedError):
            ask()
    assert bare.functions() == () and bare.pointers() == [] and bare.linked(0) == {}
    assert bare.looked("old", "now") == "old"


@pytest.mark.parametrize(("error", "line"), [
    (ValueError("a\n  b\tc"), "a b c"), (KeyError(), "KeyError without a message"),
    (ValueError("  "), "ValueError without a message")])
def test_an_error_is_one_line(error, line):
    assert one_line(error) == line


@pytest.mark.parametrize(("one", "other", "same"), [
    (1, 1, True), (1, 2, False), (1, True, True), (None, None, True), (None, 0, False),
    (np.ones(2), np.ones(2), True), (np.ones(2), [1, 1], True), (np.ones(2), np.ones(3), False),
    (np.array([np.nan]), np.array([np.nan]), True), (np.ones(1), 2.0, False),
    (np.array(["a"]), np.array([1.0]), False), (np.ones(1), None, False), ("a", "a", True)])
def test_values_are_compared_as_a_whole(one, other, same):
    assert alike(one, other) is same


@pytest.mark.parametrize(("arguments", "settings", "text"), [
    ((), {}, "from helpers import W\n\nW()"), ((1, "a"), {"b": 2.5}, "from helpers import W\n\n"
     "W(1, 'a', b=2.5)"), ((Name("f"),), {}, "from helpers import W\n\nW(f)"),
    ((np.array([1.0, np.nan]),), {}, "from numpy import nan\nfrom helpers import W\n\n"
     "W([1.0, nan])"),
    ((), {"a": [np.inf, -np.inf, np.nan]}, "from numpy import inf, nan\nfrom helpers import W\n\n"
     "W(a=[inf, -inf, nan])"), (("information", "nano"), {}, "from helpers import W\n\n"
     "W('information', 'nano')"),
    (("x" * 58,), {}, f"from helpers import W\n\nW('{'x' * 58}')"),
    (("x" * 59,), {}, f"from helpers import W\n\nW(\n    '{'x' * 59}',\n)"),
    (("x" * 30,), {"b": "y" * 30}, f"from helpers import W\n\nW(\n    '{'x' * 30}',\n"
     f"    b='{'y' * 30}',\n)")])
def test_a_cell_is_written_in_one_line_or_one_for_each_argument(arguments, settings, text):
    assert cell_of("W", *arguments, **settings) == text


def test_a_linked_trait_is_set_only_where_it_changes():
    array, heard = helpers.EditableArray([1.0, np.nan]), []
    array.observe(heard.append, "value")
    array.value = [1.0, np.nan]
    assert heard == []
    array.value = [1.0, 2.0]
    assert len(heard) == 1
