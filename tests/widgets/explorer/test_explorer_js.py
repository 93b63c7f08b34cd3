"""The explorer's small parts in a page without JupyterLab: gestures, sliders, savings."""


import pytest
from playwright.sync_api import expect

from helpers.widgets.kit.bundle import styles
from tests.browser.bare import call, open_bare

FILES = {
    "widgets/kit/channel.js": "withGesture unapplied channelOf",
    "widgets/kit/controls.js": "sizeOfPosition positionOfSize slider sliderRow choice switcher",
    "widgets/kit/dom.js": "refresh make setText", "widgets/kit/mount.js": "widget",
    "widgets/explorer/verdict.js": "savingParts",
}
MODEL = """
window.fakeModel = (applied = {}) => {
  const listeners = [], saved = [], data = { state: { applied } };
  return {
    saved, get: (key) => data[key], set: (key, value) => { data[key] = value; },
    on: (_, f) => listeners.push(f), save_changes: () => saved.push(data.gestures),
    answer: (applied) => { data.state = { applied }; listeners.forEach((f) => f()); },
  };
};
"""


@pytest.fixture(scope="module")
def tab(browser):
    tab = open_bare(browser, FILES, MODEL, styles("widgets/explorer/page.js"))
    yield tab
    tab.close()


@pytest.fixture
def page(tab):
    tab.errors.clear()
    tab.evaluate("document.body.innerHTML = '<div id=here></div>'")
    yield tab
    assert tab.errors == []


# --- no more work than needed ---

SHOWN_ONCE = """(() => {
  const listeners = {}, data = { state: { error: "" }, reading: { text: "" } }, drawn = [];
  const model = { get: (key) => data[key], on: (kind, f) => { (listeners[kind] ??= []).push(f); },
    off() {}, send() {} };
  const show = () => drawn.push("state"), read = () => drawn.push("reading");
  const build = () => ({ parts: [], show, read });
  widget("tm-here", build).render({ model, el: document.getElementById("here") });
  const comes = (news) => {
    Object.assign(data, news);
    for (const name of Object.keys(news)) for (const f of listeners[`change:${name}`] ?? []) f();
    return drawn.splice(0);
  };
  return [comes({}), comes({ state: { error: "" }, reading: { text: "a" } }),
    comes({ reading: { text: "b" } }), comes({ state: { error: "" } })];
})()"""


def test_a_message_with_a_state_and_a_reading_is_drawn_once(page):
    both = ["state", "reading"]
    assert call(page, SHOWN_ONCE) == [both, both, ["reading"], both]


def test_a_text_that_is_there_already_is_not_set_again(page):
    page.evaluate("""() => {
      const here = document.getElementById("here");
      setText(here, "0.1"); window.old = here.firstChild; setText(here, "0.1");
    }""")
    assert page.evaluate("document.getElementById('here').firstChild === window.old")
    page.evaluate("setText(document.getElementById('here'), '')")
    assert page.evaluate("document.getElementById('here').textContent") == ""


# --- gestures on their way ---


def edit(serial, stroke=1, place="X 0", kind="edit", value=0):
    return {"kind": kind, "place": place, "stroke": stroke, "serial": serial, "value": value}


def test_gestures_of_one_stroke_at_one_place_replace_each_other(page):
    queue = []
    for gesture in (edit(1), edit(2), edit(3, stroke=2), edit(4, stroke=2, place="X 1"),
                    edit(5, stroke=2, place="X 1", kind="size")):
        queue = call(page, "withGesture(a[0], a[1])", queue, gesture)
    assert [gesture["serial"] for gesture in queue] == [2, 3, 4, 5]


def test_only_the_newest_gesture_can_be_replaced(page):
    queue = [edit(1, stroke=1), edit(2, stroke=2)]
    assert len(call(page, "withGesture(a[0], a[1])", queue, edit(3, stroke=1))) == 3


def test_gestures_without_a_stroke_all_count(page):
    undo = {"kind": "undo"}
    queue = call(page, "withGesture(withGesture([], a[0]), a[0])", undo)
    assert queue == [undo, undo]


def test_a_queue_is_not_changed_in_place(page):
    kept, longer = call(page, "(() => { const q = [a[0]]; const r = withGesture(q, a[1]);"
                              "return [q, r] })()", edit(1), edit(2))
    assert kept == [edit(1)] and longer == [edit(2)]


@pytest.mark.parametrize("applied, left", [(0, [1, 2, 5]), (2, [5]), (4, [5]), (5, []), (9, [])])
def test_what_python_has_applied_leaves_the_queue(page, applied, left):
    queue = [edit(serial) for serial in (1, 2, 5)]
    found = call(page, "unapplied(a[0], a[1])", queue, applied)
    assert [gesture["serial"] for gesture in found] == left


def test_a_channel_sends_everything_that_is_not_acknowledged(page):
    """Each message carries the whole queue; what was applied for another page changes nothing."""
    call(page, "(window.model = fakeModel(), window.channel = channelOf(model), 0)")
    sent = "model.saved.map(({ queue }) => queue.map((gesture) => gesture.value))"
    send = "channel.send({ kind: 'edit', place: a[0], value: a[1], stroke: channel.newStroke() })"
    for place, value in (("X 0", 1), ("X 1", 2)):
        call(page, send, place, value)
    call(page, "model.answer({ another: 99 })")
    call(page, send, "X 2", 3)
    call(page, "model.answer({ [model.saved[0].client]: 2 })")
    call(page, send, "X 3", 4)
    assert call(page, sent) == [[1], [1, 2], [1, 2, 3], [3, 4]]
    assert call(page, "new Set(model.saved.map(({ client }) => client)).size") == 1
    assert call(page, "channelOf(model) === channel")
    assert call(page, "channelOf(fakeModel()) !== channel")


# --- sliders ---


def test_positions_of_huge_sizes_are_powers_of_two(page):
    for position in range(15):
        assert call(page, "sizeOfPosition(a[0])", position) == 2**position
        assert call(page, "positionOfSize(a[0])", 2**position) == position
    assert [call(page, "positionOfSize(a[0])", size) for size in (0, 1, 3, 1000)] == [0, 0, 2, 10]


def put_slider(page, options):
    script = ("(window.made = slider(a[0], a[1], (value) => { (window.heard ??= []).push(value) }),"
              "here.append(made.element), window.heard = [], 0)")
    call(page, script, "h", options)
    return page.get_by_role("slider")


def test_a_slider_shows_what_python_decided_and_reports_what_a_student_did(page):
    slider = put_slider(page, {"low": 1, "high": 8})
    call(page, "made.update(3)")
    expect(slider).to_have_value("3")
    expect(page.get_by_role("status")).to_have_text("3")
    assert call(page, "heard") == []  # an update is no gesture
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    assert call(page, "heard") == [4, 8]
    expect(page.get_by_role("status")).to_have_text("8")
    call(page, "made.update(8)")
    expect(slider).to_be_focused()


def test_a_slider_of_powers_speaks_of_sizes_and_not_of_positions(page):
    slider = put_slider(page, {"low": 1, "high": 16384, "scale": "powers"})
    call(page, "made.update(1024)")
    assert slider.get_attribute("aria-valuetext") == "1,024"
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    page.keyboard.press("End")
    assert call(page, "heard") == [2048, 1, 16384]
    assert slider.get_attribute("aria-valuetext") == "16,384"


def test_a_slider_of_a_parameter_goes_in_small_steps(page):
    slider = put_slider(page, {"low": 0, "high": 1, "step": 0.05})
    call(page, "made.update(0.5)")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert call(page, "heard") == [pytest.approx(0.55)]
    expect(page.get_by_role("status")).to_have_text("0.55")


ROW = """(window.row = sliderRow(here,
  ({ letter, most }) => ({ label: letter, options: { low: 1, high: most } }),
  ({ letter }, value) => { window.last = [letter, value] }), 0)"""


def test_a_row_of_sliders_stays_while_only_values_change(page):
    call(page, ROW)
    n, h = ({"letter": letter, "size": 3, "most": 9} for letter in "nh")
    call(page, "row(a[0])", [n, h])
    last = page.get_by_role("slider").last
    last.focus()
    call(page, "row(a[0])", [n, {**h, "size": 6}])
    expect(last).to_be_focused()
    expect(last).to_have_value("6")
    page.keyboard.press("ArrowLeft")
    assert call(page, "last") == ["h", 5]


def test_a_row_of_sliders_is_made_anew_for_other_names_or_ranges(page):
    """ELU's α goes to 2, leaky ReLU's to 1: the name alone does not tell two sliders apart."""
    call(page, ROW)
    call(page, "row(a[0])", [{"letter": "α", "size": 1, "most": 1}])
    call(page, "row(a[0])", [{"letter": "α", "size": 2, "most": 2}])
    expect(page.get_by_role("slider")).to_have_attribute("max", "2")
    expect(page.get_by_role("slider")).to_have_value("2")
    call(page, "row(a[0])", [{"letter": letter, "size": 2, "most": 2} for letter in "mk"])
    expect(page.get_by_role("slider")).to_have_count(2)


# --- other parts ---


def test_refresh_makes_children_anew_only_for_another_key(page):
    script = """(() => {
      let made = 0;
      const some = () => [make("b", {}, String(++made))];
      const text = (key) => { refresh(here, key, some); return here.textContent; };
      const texts = ["a", "a", "b"].map(text);
      return [texts, here.children.length];
    })()"""
    assert call(page, script) == [["1", "1", "2"], 1]


def test_text_is_never_read_as_html(page):
    call(page, "here.append(make('p', { title: a[0] }, a[0]))", "<img src=x onerror=alert(1)>")
    assert page.locator("img").count() == 0
    expect(page.locator("p")).to_have_text("<img src=x onerror=alert(1)>")


def test_the_savings_say_the_factor_large_and_where_it_comes_from(page):
    saving = {"factor": "12 × fewer numbers", "rows": [
        {"what": "numbers", "full": "144", "compact": "12", "ratio": "12 × fewer"},
        {"what": "memory", "full": "1.2 kB", "compact": "96 bytes", "ratio": "12 × less"}]}
    call(page, "here.append(...savingParts(a[0]))", saving)
    expect(page.locator(".tm-factor")).to_have_text("12 × fewer numbers")
    expect(page.locator(".tm-saving > span")).to_have_text(
        ["numbers", "144 → 12", "12 × fewer", "memory", "1.2 kB → 96 bytes", "12 × less"])
    expect(page.locator(".tm-but")).to_have_count(0)
    call(page, "here.replaceChildren(...savingParts(a[0]))", {
        **saving, "but": "for 1.6 × more multiplications"})
    expect(page.locator(".tm-factor")).to_have_text(
        "12 × fewer numbers for 1.6 × more multiplications")


def test_choices_report_once_and_follow_python(page):
    call(page, "(window.heard = [], window.made = choice('Operation', (v) => heard.push(v)),"
               "here.append(made.element), made.update(['relu', 'tanh'], 'tanh'), 0)")
    select = page.get_by_role("combobox", name="Operation")
    expect(select).to_have_value("tanh")
    assert call(page, "heard") == []
    select.select_option("relu")
    assert call(page, "heard") == ["relu"]


def test_a_switch_has_one_pressed_button_and_waits_for_python(page):
    call(page, "(window.heard = [], window.made = switcher('Mode', ['tiles', 'blocks'], (v) =>"
               "heard.push(v)), here.append(made.element), made.update('tiles'), 0)")
    page.get_by_role("button", name="blocks").click()
    assert call(page, "heard") == ["blocks"]
    expect(page.get_by_role("button", pressed=True)).to_have_text("tiles")
    call(page, "made.update('blocks')")
    expect(page.get_by_role("button", pressed=True)).to_have_text("blocks")
