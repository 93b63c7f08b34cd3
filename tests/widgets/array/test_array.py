"""The editable array in Python: what it accepts, how gestures change it, what it shows."""

import base64
import gc
import math
import weakref

import anywidget
import numpy as np
import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.figure import Figure

from helpers import EditableArray
from helpers.pictures.arrays import array_inches, draw_array, page_layout
from helpers.pictures.canvas import new_figure, png
from helpers.pictures.palette import LIGHT, axis_colour
from helpers.widgets.array.array import MOST_ENTRIES, array_spec, edited
from helpers.words import short
from tests.amount import amount

X = np.array([[1.0, -0.5, 0.0, 2.0], [3.0, -1.5, 0.25, 1.0], [0.0, 0.0, -0.1, 1.0]])


@pytest.fixture
def array():
    return EditableArray(X, name="X", axes="n h")


class Page:
    """A browser page: sends gestures as channel.js does, every one that was not acknowledged."""

    def __init__(self, array, client="page"):
        self.array, self.client, self.queue, self.serial = array, client, [], 0

    def send(self, kind, **more):
        self.serial += 1
        done = self.array.state["applied"].get(self.client, 0)
        self.queue = [g for g in self.queue if g["serial"] > done]
        self.queue.append({"kind": kind, "serial": self.serial, **more})
        self.array.gestures = {"client": self.client, "queue": list(self.queue)}

    def edit(self, place, value, stroke=None):
        stroke = self.serial if stroke is None else stroke
        self.send("edit", place=place, value=value, stroke=stroke)


def shown(array):
    """The numbers that the page draws."""
    spec = array.state["array"]
    return np.frombuffer(spec["values"], "<f8").reshape([axis["size"] for axis in spec["axes"]])


@pytest.mark.parametrize("values", [X, X.astype("f4"), X.astype(int), X.tolist(), X[::-1].T, X > 0])
def test_any_numbers_become_a_copy_in_float64(values):
    array = EditableArray(values)
    assert array.value.dtype == np.float64
    np.testing.assert_array_equal(array.value, np.asarray(values, dtype=float))
    array.value[...] = 7
    assert not (array.value == 7).any()


@pytest.mark.parametrize(("shape", "axes"), [
    ((), ()), ((5,), ("h",)), ((3, 4), ("n", "h")), ((0, 3), ("n", "h")),
    ((2, 3, 4), ("n", "c", "h")),
])
def test_axes_have_letters_when_none_are_named(shape, axes):
    array = EditableArray(np.zeros(shape))
    assert array.axes == axes
    assert [axis["letter"] for axis in array.state["array"]["axes"]] == list(axes)


@pytest.mark.parametrize(("values", "axes", "line"), [
    ([1, 2], "n h", "X needs 2 axes (n, h), but has shape (2,)."),
    (X, "", "X needs no axes (one number), but has shape (3, 4)."),
    (np.zeros((65, 64)), None, "X of shape (65, 64) has 4,160 entries, but at most 4,096 can be "
                               "edited. Show a part of it."),
    ([[1], [2, 3]], None, "X must be numbers in rows of equal length."),
    (["1", "2"], None, "X must hold real numbers, but holds the text '1'. Convert it, for "
                       "example with np.array(…, dtype=float)."),
    ([1j], None, "X must hold real numbers, but has dtype complex128. Convert it, for example with "
                 "np.array(…, dtype=float)."),
])
def test_what_cannot_be_edited_is_refused_in_one_line(values, axes, line):
    with pytest.raises(ValueError) as caught:
        EditableArray(values, axes=axes)
    assert str(caught.value) == line


def test_setting_shows_new_numbers_and_sizes(array):
    array.value = [[1, 2], [3, 4]]
    np.testing.assert_array_equal(shown(array), [[1, 2], [3, 4]])
    assert (array.value.dtype, array.axes) == (np.float64, ("n", "h"))


def test_setting_other_axes_is_refused_and_changes_nothing(array):
    with pytest.raises(ValueError) as caught:
        array.value = [1, 2, 3]
    assert str(caught.value) == ("X has shape (3, 4) and keeps its 2 axes (n, h): it cannot become "
                                 "an array of shape (3,).")
    np.testing.assert_array_equal(array.value, X)


def test_what_came_in_and_what_went_out_stay_apart(array):
    mine = np.ones((2, 2))
    array.value = mine
    mine[0, 0] = 9
    assert array.value[0, 0] == 1


@pytest.mark.parametrize("value", [2.5, -3, 0, math.inf, np.float32(0.5), np.int64(4)])
def test_edited_replaces_one_number_in_a_new_array(value):
    before = X.copy()
    after = edited(X, 6, value)
    assert after[1, 2] == value
    np.testing.assert_array_equal(np.delete(after, 6), np.delete(X, 6))
    np.testing.assert_array_equal(X, before)


@pytest.mark.parametrize(("text", "value"), [("NaN", math.nan), ("Infinity", math.inf),
                                              ("-Infinity", -math.inf)])
def test_edited_reads_what_json_cannot_carry(text, value):
    np.testing.assert_equal(edited(np.zeros(()), 0, text).item(), value)


@pytest.mark.parametrize("value", ["1", "abc", "nan", None, True, [1], 1j])
def test_edited_refuses_what_is_not_a_number(value):
    with pytest.raises(ValueError, match="is not a number: give one such as"):
        edited(X, 0, value)


@pytest.mark.parametrize("index", [-1, 12, 1.0, "0", None, True, (0, 1)])
def test_edited_refuses_a_place_outside(index):
    with pytest.raises(ValueError, match=r"There is no entry .* in an array of shape \(3, 4\)"):
        edited(X, index, 1)


@given(st.lists(st.integers(0, 4), max_size=4), st.data())
def test_edited_agrees_with_numpy(shape, data):
    values = np.arange(math.prod(shape), dtype=float).reshape(shape)
    if values.size == 0:
        return
    index = data.draw(st.integers(0, values.size - 1))
    expected = values.copy()
    expected.flat[index] = -1
    np.testing.assert_array_equal(edited(values, index, -1), expected)


def test_a_gesture_edits_and_the_page_sees_it(array):
    Page(array).edit(6, -2)
    assert array.value[1, 2] == shown(array)[1, 2] == -2
    assert array.state["applied"] == {"page": 1}
    assert array.state["array"]["editable"] is True


def test_a_gesture_sent_twice_is_applied_once(array):
    seen, page = [], Page(array)
    array.on_change(seen.append)
    page.edit(0, 5)
    array.value = X
    second = {"kind": "edit", "serial": 2, "place": 1, "value": 6, "stroke": 2}
    array.gestures = {"client": "page", "queue": [*page.queue, second]}
    assert array.value[0, :2].tolist() == [1, 6]
    assert len(seen) == 3


def test_two_pages_do_not_hide_each_other(array):
    Page(array, "left").edit(0, 5)
    Page(array, "right").edit(1, 6)
    assert array.value[0, :2].tolist() == [5, 6]


def test_undo_takes_back_a_whole_stroke(array):
    page = Page(array)
    page.edit(0, 8)
    for value in (1.1, 1.2, 1.3):
        page.edit(1, value, stroke="drag")
    page.send("undo")
    assert array.value[0, :2].tolist() == [8, -0.5]
    array.undo()
    array.undo()
    np.testing.assert_array_equal(array.value, X)


@pytest.mark.parametrize(("gesture", "line"), [
    ({"kind": "edit", "place": 0, "value": "abc"}, "'abc' is not a number"),
    ({"kind": "edit", "place": 99, "value": 1}, "There is no entry 99 in an array of shape (3, 4)"),
    ({"kind": "edit"}, "None is not a number"),
    ({"kind": "explode"}, "X can be edited, but not 'explode'."),
])
def test_a_bad_gesture_gives_one_line_and_keeps_the_numbers(array, gesture, line):
    page = Page(array)
    page.send(**gesture)
    assert array.last_error == array.state["error"]
    assert line in array.last_error and "\n" not in array.last_error
    np.testing.assert_array_equal(shown(array), X)
    page.edit(0, 5)
    assert (array.last_error, array.state["error"], array.value[0, 0]) == (None, "", 5)


def test_on_change_hears_of_every_change_once(array):
    seen = []
    array.on_change(lambda values: seen.append(values[0, 0]))
    Page(array).edit(0, 5)
    array.value = X + 1
    array.value = X + 1
    array.undo()
    array.undo()
    array.undo()
    assert seen == [5, 2, 5, 1]


def test_an_error_in_on_change_is_shown_and_the_new_numbers_stay(array):
    def broken(values):
        raise RuntimeError("two\nlines")

    seen = []
    array.on_change(broken)
    array.on_change(seen.append)
    Page(array).edit(0, 5)
    assert array.last_error == array.state["error"] == "on_change: two lines"
    assert array.value[0, 0] == shown(array)[0, 0] == 5
    assert len(seen) == 1


def test_on_change_may_set_the_value(array):
    array.on_change(lambda values: setattr(array, "value", np.clip(values, 0, 1)))
    Page(array).edit(0, 5)
    assert (array.value.min(), array.value.max(), array.last_error) == (0, 1, None)


@pytest.mark.parametrize(("values", "text"), [
    (X, "EditableArray X (n=3, h=4): numbers from −1.5000 to 3.0000"),
    (2, "EditableArray X: the number 2.0000"),
    ([1, math.nan, -math.inf], "EditableArray X (h=3): numbers from −∞ to 1.0000 and 1 nan"),
    ([math.nan] * 2, "EditableArray X (h=2): 2 nan"),
    (np.zeros((0, 3)), "EditableArray X (n=0, h=3): no entries"),
])
def test_without_a_page_there_are_a_sentence_and_a_picture(values, text):
    array = EditableArray(values)
    data, metadata = array._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == metadata["image/png"]["alt"] == repr(array) == text
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert "0x" not in repr(array)
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == array.model_id


def test_what_the_parent_says_of_its_view_is_kept(monkeypatch):
    """Colab finds its widget manager by the metadata of the view."""
    view = "application/vnd.jupyter.widget-view+json"
    says = {view: {"colab": {"custom_widget_manager": {"url": "somewhere"}}}}
    monkeypatch.setattr(anywidget.AnyWidget, "_repr_mimebundle_",
                        lambda self, **kwargs: ({"text/plain": "", view: {}}, says))
    data, metadata = EditableArray([1.0])._repr_mimebundle_()
    assert metadata[view] == says[view] and set(metadata) == {view, "image/png"}
    assert view in data and data["image/png"]


def test_no_older_ipywidgets_displays_the_view_alone(monkeypatch):
    """Colab has ipywidgets 7, which would call a method of its own before the bundle."""
    monkeypatch.setattr(anywidget.AnyWidget, "_ipython_display_", pytest.fail, raising=False)
    data, _ = InteractiveShell.instance().display_formatter.format(EditableArray([1.0]))
    assert {"image/png", "text/plain"} <= set(data)


def test_the_picture_follows_the_numbers(array):
    before = png(array.figure())
    assert png(array.figure()) == before
    Page(array).edit(0, 5)
    assert png(array.figure()) != before


def test_the_printed_cell_makes_the_same_array(capsys):
    values = [[1, math.nan], [-math.inf, 0.1]]
    EditableArray(values, name="W", axes="m k").code()
    scope = {"EditableArray": EditableArray}
    exec(capsys.readouterr().out, scope)
    np.testing.assert_array_equal(scope["W"].value, values)
    assert (scope["W"].name, scope["W"].axes) == ("W", ("m", "k"))


def test_a_picture_can_be_saved(array, tmp_path):
    array.save(tmp_path / "X.pdf")
    assert (tmp_path / "X.pdf").read_bytes().startswith(b"%PDF")


def count_figures():
    gc.collect()
    return sum(issubclass(type(thing), Figure) for thing in gc.get_objects())  # others may lie


@pytest.mark.slow
def test_many_edits_leave_nothing_behind():
    edits = amount(240, 400, 1000)
    figures = count_figures()
    array = EditableArray(np.zeros((3, 4)))
    page = Page(array)
    for edit in range(edits):
        page.edit(edit % 12, edit)
        if edit % 100 == 0:
            png(array.figure())
    assert array.value.max() == edits - 1 and len(array._history) <= 200
    assert count_figures() <= figures
    gone = weakref.ref(array)
    array.close()
    del array, page
    gc.collect()
    assert gone() is None


def test_a_spec_is_what_the_page_draws():
    spec = array_spec("J", [[1, 2, 3]], "nh", ["", "′"], note="rows")
    assert spec["axes"] == [{"letter": "n", "mark": "", "size": 1, "colour": axis_colour("n")},
                            {"letter": "h", "mark": "′", "size": 3, "colour": axis_colour("h")}]
    assert np.frombuffer(spec["values"], "<f8").tolist() == [1, 2, 3]
    assert (spec["name"], spec["editable"], spec["note"]) == ("J", False, "rows")


@pytest.mark.parametrize("letters", ["nh", "nmk", "pmkn", "hm", "nlow", "ndvm", "nch", "nchw"])
def test_letters_used_together_have_colours_of_their_own(letters):
    assert len({axis_colour(letter) for letter in letters}) == len(letters)


def test_every_letter_has_a_colour_whatever_its_mark():
    assert {axis_colour(chr(code)) for code in range(97, 123)} <= set(range(len(LIGHT.axes)))
    assert axis_colour("h′") == axis_colour("h")


def test_the_colours_are_those_of_the_style_sheet():
    light = EditableArray._css.partition("body[data-jp-theme-light")[0]
    assert [light.partition(f"--tm-axis-{i}: ")[2][:7] for i in range(8)] == list(LIGHT.axes)


@pytest.mark.parametrize("shape", [(), (0,), (1, 1), (5,), (3, 4), (2, 3, 4), (2, 2, 2, 2), (0, 3),
                                   (20, 21), (64, 64)], ids=str)
def test_a_picture_has_each_number_in_its_cell(shape):
    values = np.random.default_rng(1).normal(size=shape)
    width, height = array_inches(shape)
    axes = new_figure(width, height).add_subplot()
    draw_array(axes, values, "ndvh"[:len(shape)], "X", highlight=[0])
    texts = [text.get_text() for text in axes.texts]
    small = max(page_layout(shape)[:2]) > 20
    assert texts[0] == "X"
    assert all(short(x) in texts for x in values.flat) != (small and values.size > 0)
    assert ("no entries" in texts) == (values.size == 0)
    assert axes.get_xlim() == (0, width) and axes.get_ylim() == (height, 0)


def test_the_limit_is_the_largest_that_still_fits():
    assert EditableArray(np.zeros((64, 64))).value.size == MOST_ENTRIES


def test_the_value_can_be_observed_and_linked_to_another_array(array):
    other, seen = EditableArray(np.zeros((2, 2))), []
    array.observe(lambda change: seen.append(change["new"][0, 0]), "value")
    traitlets.dlink((array, "value"), (other, "value"))
    traitlets.dlink((other, "value"), (array, "value"))
    Page(array).edit(0, 5)
    assert seen == [5] and other.value[0, 0] == shown(other)[0, 0] == 5
    other.undo()
    assert array.value[0, 0] == 1
