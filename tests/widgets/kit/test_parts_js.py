"""Small functions that all widgets share, in a bare page: keys, letters, bytes, lateness."""

import base64
import json
import zlib

import numpy as np
import pytest

from helpers.widgets.kit.away.copy import wired
from tests.browser.bare import bare_page, call

FILES = {
    "widgets/kit/passes.js": "passOf", "widgets/kit/projector.js": "largestThatFits",
    "widgets/kit/channel.js": "numbersOf", "widgets/kit/silence.js": "watchSilence",
    "widgets/kit/controls.js": "figureText handFirst slidingRange",
    "widgets/kit/away/copy.js": "openCopy", "widgets/explorer/verdict.js": "axisSlider",
    "widgets/selftest/selftest.js": "default as selftest",
    "widgets/explorer/play/motion.js": "flyFrom flyTo",
}


page = bare_page(FILES)


def test_keys_step_through_a_graph_unless_another_key_is_held(page):
    keys = {"ArrowRight": "step", "ArrowLeft": "back", "Home": "start", "End": "backward",
            "f": "forward", "F": "forward", "b": "backward", "B": "backward", "x": None}
    assert call(page, "a[0].map((key) => passOf({ key }) ?? null)", list(keys)) == [*keys.values()]
    for held in ("ctrlKey", "metaKey", "altKey"):
        assert call(page, "passOf({ key: 'f', [a[0]]: true })", held) is None


def test_letters_are_the_largest_that_fit_and_never_smaller_than_the_least(page):
    script = """(([most, least, fits]) => {
      const tried = [], tries = (size) => { tried.push(size); return size <= fits; };
      return [largestThatFits(most, least, tries), tried];
    })(a)"""
    assert call(page, script, 9, 5, 7) == [7, [9, 8, 7]]
    assert call(page, script, 9, 5, 9) == [9, [9]]
    assert call(page, script, 9, 5, 5) == call(page, script, 9, 5, 2) == [5, [9, 8, 7, 6, 5]]


def test_bytes_are_read_as_the_numbers_that_they_are_wherever_they_lie(page):
    script = """(([values, kind, skip]) => {
      const bytes = new (kind === "f4" ? Float32Array : Float64Array)(values);
      const view = new DataView(bytes.buffer, skip * bytes.BYTES_PER_ELEMENT);
      const found = numbersOf(view, kind);
      bytes.fill(7);  // a copy: the message may be gone
      return [found.constructor.name, ...found];
    })(a)"""
    assert call(page, script, [1.5, -2.5, 3.5], "f8", 0) == ["Float64Array", 1.5, -2.5, 3.5]
    assert call(page, script, [1.5, -2.5, 3.5], "f4", 1) == ["Float32Array", -2.5, 3.5]


def test_an_older_answer_waits_for_the_newest_gesture(page):
    assert call(page, """(() => {
      let answered = true;
      const shown = [], hand = handFirst(() => () => answered, (value) => shown.push(value));
      hand.show(1);
      hand.send();
      hand.show(2);
      answered = false;
      hand.show(3);
      answered = true;
      hand.show(4);
      const silent = handFirst(() => undefined, (value) => shown.push(value));
      silent.send();
      silent.show(5);
      return shown;
    })()""") == [1, 2, 4, 5]


def test_figures_of_sliders_are_whole_or_have_three_digits(page):
    assert call(page, "a[0].map(figureText)", [3, 16384, 0.05, 1 / 3, -1234.5]) == [
        "3", "16,384", "0.05", "0.333", "-1,230"]


@pytest.mark.parametrize("options, ends, value, position, moved, told", [
    ({"low": -1, "high": 2}, [-1, 2, 1], 1, "1", 0, 0),
    ({"low": 0, "high": 1, "step": 0.25}, [0, 1, 0.25], 0.5, "0.5", 0.75, 0.75),
    ({"low": 1, "high": 1000, "scale": "powers"}, [0, 10, 1], 8, "3", 5, 32),
    ({"values": [0.1, 1, 10]}, [0, 2, 1], 3, "1", 2, 10),
    ({"values": [0.1, 1, 10]}, [0, 2, 1], 9, "2", 0, 0.1),
    ({"values": [-3, 0, 3]}, [0, 2, 1], -2, "0", 1, 0),
    ({"values": [5, 5]}, [0, 1, 1], 5, "0", 1, 5)])
def test_a_slider_goes_through_numbers_powers_or_a_list(
        page, options, ends, value, position, moved, told):
    assert call(page, """(([options, value, moved]) => {
      const told = [], { range, update } = slidingRange("s", options, (now) => told.push(now));
      update(value);
      const shown = range.value, { min, max, step } = range;
      range.value = moved;
      range.dispatchEvent(new Event("input"));
      return [shown, [min, max, step].map(Number), told];
    })(a)""", options, value, moved) == [position, ends, [told]]


def test_the_slider_of_an_axis_has_its_letter_its_colour_and_begins_at_1(page):
    axis = {"letter": "n", "most": 9, "colour": 2}
    assert call(page, "axisSlider('size of', { scale: 'powers' })(a[0])", axis) == {
        "label": "n", "options": {"low": 1, "high": 9, "says": "size of n", "scale": "powers",
                                  "className": "tm-letter tm-axis-2"}}


def test_a_number_flies_from_the_box_where_it_stood_or_appears(page):
    assert call(page, """(() => {
      const element = document.createElement("div");
      element.style = "position: absolute; left: 100px; top: 50px; width: 20px; height: 10px";
      document.body.append(element);
      const box = { left: 10, top: 20, width: 40, height: 30 };
      const begins = (one) => {
        const [{ transform, opacity }] = one.getAnimations().at(-1).effect.getKeyframes();
        for (const flight of one.getAnimations()) flight.cancel();
        return transform ?? `opacity ${opacity}`;
      };
      const found = [box, null, { ...box, width: 0 }].map((from) => {
        flyFrom([element], [from], 1000);
        return begins(element);
      });
      flyTo(element, null, 1000);
      found.push(element.children.length);
      flyTo(element, box, 1000);
      const frames = element.firstChild.getAnimations()[0].effect.getKeyframes();
      found.push(frames.at(-1).transform);
      element.remove();
      return found;
    })()""") == ["translate(-80px, -20px) scale(2, 3)", "opacity 0", "opacity 0", 0,
                 "translate(-80px, -20px) scale(2, 3)"]


LATE = """((status) => {
  const heard = {}, root = document.createElement("div");
  const channel = { silence: () => 2000, listen: () => () => {} };
  const model = { on: (kind, f) => { heard[kind] = f; }, off() {}, send() {},
    widget_manager: status === null ? undefined : { kernel: { status } } };
  const { line, stop } = watchSilence(channel, root, model);
  stop();
  return [line.textContent.split(/[.,:]/)[0], root.classList.contains("tm-late")];
})(a[0])"""


@pytest.mark.parametrize("status, said", [
    ("busy", "Python is busy"), ("idle", "Python does not answer"),
    ("dead", "Python does not answer"), (None, "Python has not answered yet")])
def test_a_late_python_is_busy_gone_or_nobody_knows(page, status, said):
    assert call(page, LATE, status) == [said, True]


SELFTEST = """((states) => {
  const listeners = {}, data = { state: states[0] }, host = document.createElement("div");
  const model = { get: (key) => data[key], set: (key, value) => { data[key] = value; }, off() {},
    on: (kind, f) => { (listeners[kind] ??= []).push(f); }, save_changes() {}, send() {} };
  const end = selftest.render({ model, el: host });
  const lines = () => [...host.querySelectorAll("li")].map((one) => one.textContent);
  const found = states.map((state) => {
    data.state = state;
    for (const f of listeners["change:state"]) f();
    return lines();
  });
  end();
  return found;
})(a[0])"""


def test_the_self_test_ticks_the_third_line_when_python_has_heard(page):
    states = [{"error": "", "kernel": "Python runs", "heard": heard} for heard in (0, 1)]
    first, second = call(page, SELFTEST, states)
    page_line = "✓ This page shows widgets"
    assert first[:2] == second[:2] == ["✓ Python runs", page_line]
    assert first[2].startswith("… Waiting for Python")
    assert second[2].startswith("✓ The page and Python talk to each other: ")


def packed():
    """A copy's values and readings, as Python packs them."""
    text, buffers = wired({"values": {"state": {"n": np.array([1.5, 2.5]).tobytes(), "error": ""},
                                      "reading": {}},
                           "readings": {"X 3": {"text": "X at 3"}, "J 2 5": {"text": "J at 2, 5"}},
                           "quiet": {"text": "quiet"}})
    letters = [base64.b64encode(one).decode() for one in buffers]
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = squeezer.compress(json.dumps({"text": text, "buffers": letters}).encode())
    return base64.b64encode(data + squeezer.flush()).decode()


COPY = """(async (small) => {
  let model;
  await openCopy({ render: (given) => { ({ model } = given); } }, small, document.body);
  const texts = [];
  for (const pointer of [{ place: "X", index: 3 }, { place: "J", outer: 2, inner: 5 },
    { place: "J", index: 7 }, { place: "X", index: 4, asks: "me" }, {}]) {
    model.set("pointer", pointer);
    model.save_changes();
    await null;
    texts.push([model.get("reading").text, model.get("reading").answers]);
  }
  const bytes = model.get("state").n, numbers = [0, 8].map((at) => bytes.getFloat64(at, true));
  for (const [kind, serial] of [["look", 4], ["edit", 9], ["edit", 6]]) {
    model.set("gestures", { client: "c", queue: [{ kind, serial }] });
    model.save_changes();
    await null;
    texts.push([model.get("state").applied.c, model.get("state").error.slice(0, 14)]);
  }
  return { numbers, texts };
})"""


def test_a_copy_reads_what_was_packed_and_says_that_it_cannot_be_changed(page):
    found = page.evaluate(COPY, packed())
    assert found["numbers"] == [1.5, 2.5]
    assert found["texts"] == [
        ["X at 3", ""], ["J at 2, 5", ""], ["quiet", ""], ["quiet", "me"], ["quiet", ""],
        [4, ""], [9, "This is a copy"], [9, "This is a copy"]]
