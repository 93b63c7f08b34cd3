"""The whole editable array in a page without JupyterLab: a fake model stands for the kernel."""

import json

import pytest
from playwright.sync_api import expect

from helpers.pictures.palette import DARK, LIGHT, axis_colour
from helpers.widgets.kit.bundle import styles
from tests.browser.bare import call, open_bare

PAGE = """
window.makeModel = (state) => {
  const listeners = [], saved = [], data = { state, gestures: {} };
  return {
    saved, get: (key) => data[key], set: (key, value) => { data[key] = value; },
    on: (name, f) => listeners.push({ name, f }),
    off: (name, f) => listeners.splice(listeners.findIndex((l) => l.name === name && l.f === f), 1),
    save_changes: () => saved.push(data.gestures), listeners,
    answer: (state) => { data.state = state;
      listeners.filter(({ name }) => name === "change:state").forEach(({ f }) => f()); },
  };
};
"""


@pytest.fixture(scope="module")
def tab(browser):
    files = {"widgets/array/alone.js": "default as widget"}
    tab = open_bare(browser, files, PAGE, styles("widgets/array/alone.js"))
    yield tab
    tab.close()


@pytest.fixture
def page(tab):
    tab.errors.clear()
    tab.evaluate("document.body.innerHTML = '<div id=here></div><button>after</button>'")
    tab.mouse.move(990, 690)
    yield tab
    assert tab.errors == []


WIDGET = """(text) => {
  const { array, ...rest } = unjson(text), client = () => window.model.saved.at(-1).client;
  window.stateOf = (values, error = "", serial = 0) => ({ error, ...rest,
    array: { ...array, values: new DataView(Float64Array.from(values).buffer) },
    applied: serial ? { [client()]: serial } : {} });
  window.model = makeModel(stateOf(array.values));
  window.close = widget.render({ model, el: document.querySelector("#here") });
}"""


@pytest.fixture
def widget(page):
    """The whole widget, X = [[1, 2]], beside a fake model; returns its cells."""
    axes = [{"letter": letter, "mark": "", "size": size, "colour": axis_colour(letter)}
            for letter, size in (("n", 1), ("h", 2))]
    spec = {"name": "X", "axes": axes, "values": [1, 2], "editable": True, "note": ""}
    page.evaluate(WIDGET, json.dumps({"array": spec}))
    return page.get_by_role("gridcell")


def test_the_widget_sends_gestures_and_shows_answers(page, widget):
    widget.first.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    sent = call(page, "model.saved.at(-1)")
    assert [(g["kind"], g["place"], g["value"]) for g in sent["queue"]] == [("edit", 0, 1.2)]
    page.evaluate("model.answer(stateOf([1.1, 2], '', 1))")
    expect(widget.first).to_have_text("1.2")
    page.evaluate("model.answer(stateOf([1.2, 5], '', 2))")
    expect(widget.last).to_have_text("5.0")
    page.keyboard.press("Control+z")
    assert [g["kind"] for g in call(page, "model.saved.at(-1)")["queue"]] == ["undo"]


def test_the_widget_sends_nan_as_text_and_shows_an_error(page, widget):
    widget.first.click()
    page.keyboard.type("nan")
    page.keyboard.press("Enter")
    assert call(page, "model.saved.at(-1).queue[0].value") == "NaN"
    page.evaluate("model.answer(stateOf([1, 2], 'X is full', 1))")
    expect(page.get_by_text("X is full")).to_be_visible()
    expect(widget.first).to_have_text("1")


def test_a_closed_widget_is_gone_and_listens_no_more(page, widget):
    assert page.locator(".tm-root").get_attribute("data-lm-suppress-shortcuts") == "true"
    page.evaluate("window.close()")
    assert not page.locator(".tm-root").count()
    left = page.evaluate("model.listeners.map(({ name }) => name)")
    assert left == ["change:state", "change:reading"]  # of the channel that all its views share


IN_SHADOW = """(sheet) => {
  const host = document.querySelector("#here"), shadow = host.attachShadow({ mode: "open" });
  shadow.innerHTML = `<style>${sheet}</style><div></div>`;
  window.close();
  host.replaceChildren();
  window.close = widget.render({ model, el: shadow.lastChild });
}"""
SAYS = """([of, name, value]) => {
  delete document.body.dataset.jpThemeLight;
  document[of].setAttribute(name, value);
}"""
THEMES = [  # as Colab, VS Code, marimo and JupyterLab say it
    ("documentElement", "theme", "dark", "light"),
    ("body", "data-vscode-theme-kind", "vscode-dark", "vscode-light"),
    ("body", "class", "dark dark-theme", "light light-theme"),
    ("body", "data-jp-theme-light", "false", "true")]


@pytest.mark.parametrize("of, name, dark, light", THEMES)
def test_a_shadow_tree_gets_the_theme_of_any_host(page, widget, of, name, dark, light):
    page.evaluate(IN_SHADOW, styles("widgets/array/alone.js"))
    root = page.locator(".tm-array-root")  # of the shadow tree
    for value, palette in ((dark, DARK), (light, LIGHT), (dark, DARK)):
        page.evaluate(SAYS, [of, name, value])
        ground = [int(palette.ground[i:i + 2], 16) for i in (1, 3, 5)]
        expect(root).to_have_css("background-color", f"rgb({', '.join(map(str, ground))})")
    page.evaluate("([of, name]) => document[of].removeAttribute(name)", [of, name])
