"""The parts of a lab: places in its picture, handles, keys, and the controls that it makes."""

import pytest

from tests.browser.bare import bare_page, call

FILES = {
    "labs/kit/lab_parts.js": "toData toShares nearestHandle keyMove numberAt shareOf labControl "
                             "readoutRow toggles turnOf",
    "labs/kit/lab.js": "controlRow", "labs/kit/lab_screen.js": "zoomOn pictureRoom",
    "widgets/kit/dom.js": "make",
}
LEFT = {"box": [0.1, 0.2, 0.4, 0.6], "x": [-8, 8], "y": [-1, 3], "xlog": False, "ylog": False}
RIGHT = {"box": [0.6, 0.2, 0.3, 0.6], "x": [0, 50], "y": [1e-40, 1e20], "xlog": False, "ylog": True}
PICTURE = {"width": 900, "height": 450, "axes": [LEFT, RIGHT]}


page = bare_page(FILES)


@pytest.mark.parametrize(("axes", "shares", "data"), [
    (LEFT, [0.1, 0.2], [-8, 3]), (LEFT, [0.5, 0.8], [8, -1]), (LEFT, [0.3, 0.5], [0, 1]),
    (RIGHT, [0.6, 0.2], [0, 1e20]), (RIGHT, [0.75, 0.5], [25, 1e-10]),
])
def test_a_place_in_the_picture_is_a_pair_of_numbers(page, axes, shares, data):
    assert call(page, "toData(a[0], a[1])", axes, shares) == pytest.approx(data, rel=1e-9)
    assert call(page, "toShares(a[0], a[1])", axes, data) == pytest.approx(shares, abs=1e-12)


def test_there_and_back_on_both_scales(page):
    pairs = [[x / 7, 10.0 ** p] for x in range(1, 300, 17) for p in range(-39, 20, 5)]
    back = call(page, "a[1].map((p) => toData(a[0], toShares(a[0], p)))", RIGHT, pairs)
    for pair, found in zip(pairs, back, strict=True):
        assert found == pytest.approx(pair, rel=1e-9)


HANDLES = [{"name": "x", "axes": 0, "x": -4, "y": 0}, {"name": "p", "axes": 0, "x": 4, "y": 2},
           {"name": "depth", "axes": 1, "x": 30, "y": 1e-20}]


@pytest.mark.parametrize(("place", "name"), [
    ([0.2, 0.6], "x"), ([0.12, 0.75], "x"), ([0.42, 0.4], "p"), ([0.095, 0.5], "x"),
    ([0.25, 0.47], "x"), ([0.31, 0.6], "x"),  # in pixels: it is wider than high
    ([0.7, 0.9 - 0.08], "depth"), ([0.55, 0.5], None), ([0.3, 0.05], None),
])
def test_the_nearest_handle_of_the_same_axes_is_taken(page, place, name):
    found = call(page, "nearestHandle(a[0], a[1], a[2])", PICTURE, HANDLES, place)
    assert (found and found["name"]) == name


def test_labs_that_are_seen_come_before_others_and_near_ones_before_far_ones(page):
    tops = [-900, -350, 100, 500, 800, 1400]
    boxes = [{"top": top, "bottom": top + 300} for top in tops]
    turns = call(page, "a[0].map((one) => turnOf(one, a[0], a[1]))", boxes, 700)
    assert turns == [4, 2, 0, 0, 3, 5]


def test_a_lab_is_as_large_as_its_screen_and_never_too_small_to_read(page):
    screens = [(853, 480), (1280, 720), (1920, 1080), (800, 600), (360, 640), (1200, 1920),
               (1920, 562)]  # of a tall one the width decides, of a wide one the height
    zooms = call(page, "a[0].map(([width, height]) => zoomOn({ width, height }))", screens)
    assert zooms == pytest.approx([0.853, 1.28, 1.92, 0.85, 0.85, 1.2, 1], abs=0.002)


@pytest.mark.parametrize(("unfolded", "folded", "beside", "room"), [
    (350.6, 420, 300, {"height": 350, "folds": False}),  # all of it has room
    (330, 420, 330, {"height": 330, "folds": False}),    # just so
    (200, 240, 0, {"height": 240, "folds": True}),
    (200, 420.4, 300, {"height": 420, "folds": True}),
    (350, 420, 400, {"height": 420, "folds": True}),     # the controls beside it have none
    (100, 150, 0, {"height": 0, "folds": True}),         # too low to be read: it scrolls
])
def test_a_picture_gets_the_height_that_is_left(page, unfolded, folded, beside, room):
    assert call(page, "pictureRoom(a[0], a[1], a[2])", unfolded, folded, beside) == room


@pytest.mark.parametrize(("moves", "key", "held", "to"), [
    ("xy", "ArrowRight", {}, [1.5, 2]), ("xy", "ArrowDown", {}, [1, 1.75]),
    ("xy", "ArrowLeft", {"shiftKey": True}, [-4, 2]), ("xy", "ArrowUp", {"altKey": True},
                                                       [1, 2.025]),
    ("x", "ArrowUp", {}, [1.5, 2]), ("x", "ArrowLeft", {}, [0.5, 2]),
    ("y", "ArrowRight", {}, [1, 2.25]), ("y", "ArrowDown", {}, [1, 1.75]),
    ("xy", "Enter", {}, None), ("xy", "Tab", {}, None),
])
def test_arrow_keys_move_a_handle_along_its_way(page, moves, key, held, to):
    handle = {"x": 1, "y": 2, "step": [0.5, 0.25], "moves": moves}
    assert call(page, "keyMove(a[0], a[1])", handle, {"key": key, **held}) == (
        to and pytest.approx(to))


@pytest.mark.parametrize(("key", "y", "to"), [
    ("ArrowUp", 20, 50), ("ArrowLeft", 20, 10), ("ArrowRight", 30, 50), ("ArrowDown", 10, 10)])
def test_arrow_keys_go_to_the_next_number_of_a_list(page, key, y, to):
    handle = {"x": 1, "y": y, "step": [1, 1], "moves": "y", "values": [10, 20, 50]}
    assert call(page, "keyMove(a[0], a[1])", handle, {"key": key}) == [1, to]


MADE = """(([spec, act]) => {
  const sent = [], control = labControl(spec, (gesture) => sent.push(gesture), () => false);
  document.body.replaceChildren(control.element);
  control.update(spec);
  act(control.element);
  return sent.map(({ kind, place, value }) => [kind, place, value ?? null]);
})"""
SLIDER = {"kind": "slider", "name": "x", "label": "input x", "low": -2, "high": 2, "step": 0.5,
          "values": None, "plays": False, "value": 1}
RATES = SLIDER | {"name": "eta", "low": 0.1, "high": 10, "values": [0.1, 1, 10]}
MODE = {"kind": "choice", "name": "mode", "label": "mode", "options": ["a", "b"], "value": "a"}
LONG = MODE | {"options": ["a very long option", "another option"], "value": "another option"}
UNITS = {"kind": "several", "name": "units", "label": "units", "options": ["f", "g", "h"],
         "value": ["f", "g"]}
MOVE = ("(e) => { const i = e.querySelector('input'); i.value = %s; "
        "i.dispatchEvent(new Event('input', { bubbles: true })); }")
PUSH = "(e) => [...e.querySelectorAll('button')].find((b) => b.textContent === '%s').click()"


@pytest.mark.parametrize(("spec", "act", "sent"), [
    (SLIDER, MOVE % "-1.5", ["set", "x", -1.5]), (RATES, MOVE % "2", ["set", "eta", 10]),
    (MODE, PUSH % "b", ["set", "mode", "b"]),
    (UNITS, PUSH % "h", ["set", "units", ["f", "g", "h"]]),
    (UNITS, PUSH % "f", ["set", "units", ["g"]]),
    ({"kind": "tick", "name": "grid", "label": "grid", "value": True},
     "(e) => e.querySelector('input').click()", ["set", "grid", False]),
    ({"kind": "press", "name": "again", "label": "Again", "value": None}, "(e) => e.click()",
     ["press", "again", None]),
    (LONG, "(e) => { const s = e.querySelector('select'); s.selectedIndex = 0; "
           "s.dispatchEvent(new Event('change')); }", ["set", "mode", "a very long option"]),
])
def test_a_control_reports_what_was_chosen(page, spec, act, sent):
    assert call(page, f"{MADE}([a[0], {act}])", spec) == [sent]


@pytest.mark.parametrize("spec", [SLIDER, RATES, MODE, LONG, UNITS, SLIDER | {"plays": True}],
                         ids=["slider", "rates", "choice", "long", "several", "plays"])
def test_every_control_has_a_name(page, spec):
    call(page, f"{MADE}([a[0], () => {{}}])", spec)
    named = page.evaluate("""() => [...document.body.querySelectorAll("input, select, button")]
        .map((one) => one.getAttribute("aria-label") || one.textContent)""")
    assert named and all(named)
    assert spec["label"] in page.locator("body").inner_text()


def test_a_playing_slider_can_be_paused(page):
    call(page, f"{MADE}([a[0], () => {{}}])", SLIDER | {"plays": True})
    button = page.get_by_role("button")
    assert button.get_attribute("aria-label") == "Play input x"
    button.click()
    assert button.get_attribute("aria-label") == "Pause input x"
    button.click()
    assert button.get_attribute("aria-label") == "Play input x"


def test_readouts_are_drawn_anew_only_where_they_changed(page):
    kept = call(page, """(() => {
      const host = make("div"), show = readoutRow(host);
      const one = { kind: "value", label: "f", text: "1.0000", tone: "" };
      const rows = { kind: "table", label: "t", columns: ["u"], rows: [["a"]], marked: [[0, 0]] };
      show([one, rows]);
      const first = host.querySelector("b"), cell = host.querySelector("td");
      show([{ ...one, text: "2.0000" }, rows]);
      return [host.querySelector("b").textContent, host.querySelector("b") === first,
              host.querySelector("td") === cell, cell.className];
    })()""")
    assert kept == ["2.0000", False, True, "tm-marked"]


@pytest.mark.parametrize("before, after", [("xy", "y"), ("y", "xy"), ("ym", "xyzm"), ("xym", "xy")])
def test_a_control_that_stays_keeps_focus_and_place(page, before, after):
    specs = {letter: SLIDER | {"name": letter, "label": letter} for letter in "xyz"}
    specs["m"] = MODE | {"name": "m", "label": "m"}
    shown = [[specs[letter] for letter in letters] for letters in (before, after)]
    labels, same = call(page, """(([before, after]) => {
      const host = make("div"), row = controlRow(host, { send() {}, isWaiting: () => false });
      document.body.replaceChildren(host);
      row.update(before);
      const kept = host.querySelector("[aria-label=y]");
      kept.focus();
      row.update(after);
      const names = [...host.children].map((one) => one.firstChild.textContent);
      return [names.join(""), document.activeElement === kept];
    })(a)""", *shown)
    assert (labels, same) == (after, True)
