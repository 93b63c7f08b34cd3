"""The graph stepper: a student's steps in a real JupyterLab."""

import re

import pytest
from playwright.sync_api import expect

from helpers.calculus.graph import Graph
from tests.browser.cells import module_tab, run_cell
from tests.browser.lab import output, set_theme

NEURON = "1/(1+exp(-(w0*x0+w1*x1+w2)))"
WEIGHTS = {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}
LARGE = "+".join(f"sin(x{i}*w{i})" for i in range(8))
CELLS = [
    "from helpers import GraphStepper",
    f"neuron = GraphStepper({NEURON!r}, **{WEIGHTS})\nneuron",
    f"GraphStepper({LARGE!r})",
    "None",  # the cell that tests write into
]
AGAIN = (f"neuron.set(text={NEURON!r}, **{WEIGHTS}, quiz=False, fuse=())\n"
         "neuron.set(step=0)")


tab = module_tab(CELLS, "graph")


@pytest.fixture
def page(tab):
    run_cell(tab, AGAIN)
    expect(place(tab)).to_have_text("forward 0 of 8")
    tab.evaluate("document.activeElement?.blur()")
    yield tab
    assert tab.errors == []


def widget(page, cell=1):
    return output(page, cell).locator(".tm-graph")


def place(page):
    return widget(page).locator(".tm-g-place")


def press(page, name):
    widget(page).get_by_role("button", name=name, exact=True).click()


def gate(page, start):
    """A node by the start of what is read aloud."""
    return widget(page).get_by_role("img", name=re.compile(f"^{re.escape(start)}"))


def said(page):
    return widget(page).get_by_role("group", name="The step").get_by_role("status").first


def graph(page, cell=1):
    return widget(page, cell).get_by_role("group", name=re.compile("^Graph of gates"))


def test_step_by_step_forward_and_back(page):
    press(page, "Step ▶")
    expect(place(page)).to_have_text("forward 1 of 8")
    expect(said(page)).to_have_text("q1 = w0 × x0 = 2.0000 × −1.0000 = −2.0000.")
    expect(gate(page, "q1 mul")).to_have_accessible_name(
        re.compile("value −2.0000, gradient not known"))
    press(page, "All forward")
    expect(gate(page, "q8 rec")).to_have_accessible_name(re.compile("value 0.7311"))
    press(page, "All backward")
    expect(place(page)).to_have_text("backward 9 of 9")
    expect(gate(page, "x1 variable")).to_have_accessible_name(re.compile("gradient −0.5898"))
    expect(said(page)).to_contain_text("mul switches: upstream 0.1966 × the other input")
    press(page, "◀ Back")
    expect(gate(page, "x0 variable")).to_have_accessible_name(re.compile("gradient not known"))


def test_keys_alone_do_it_all(page):
    graph(page).focus()
    for key, text in (("ArrowRight", "forward 1 of 8"), ("f", "forward 8 of 8"),
                      ("ArrowRight", "backward 1 of 9"), ("ArrowLeft", "forward 8 of 8"),
                      ("b", "backward 9 of 9"), ("Home", "forward 0 of 8"),
                      ("End", "backward 9 of 9")):
        page.keyboard.press(key)
        expect(place(page)).to_have_text(text)
    expect(graph(page)).to_be_focused()
    assert output(page, 1).count() == 1  # no shortcut of the notebook fired


def test_play_is_off_until_pressed_and_stops(page):
    play = widget(page).get_by_role("button", name="Play")
    expect(play).to_have_attribute("aria-pressed", "false")
    page.wait_for_timeout(1700)
    expect(place(page)).to_have_text("forward 0 of 8")
    graph(page).focus()
    page.keyboard.press(" ")
    expect(place(page)).not_to_have_text("forward 0 of 8")
    page.keyboard.press(" ")
    rests = place(page).inner_text()
    page.wait_for_timeout(1700)
    expect(place(page)).to_have_text(rests)


def test_a_slider_moves_by_keys_and_one_undo_takes_it_back(page):
    press(page, "All backward")
    slider = widget(page).get_by_role("slider", name="w0", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "2.1")
    value = Graph(NEURON, **{**WEIGHTS, "w0": 2.1}).value
    expect(gate(page, "q8 rec")).to_have_accessible_name(re.compile(f"value {value:.4f}"))
    assert run_cell(page, "print(neuron.graph.values['w0'])") == "2.1"
    press(page, "Undo")
    expect(slider).to_have_attribute("aria-valuetext", "2")


def test_a_value_can_be_typed(page):
    field = widget(page).get_by_role("textbox", name="x1, typed")
    field.fill("-0,37")
    field.press("Enter")
    expect(gate(page, "x1 variable")).to_have_accessible_name(re.compile("value −0.3700"))
    field.fill("many")
    field.press("Enter")
    expect(field).to_have_value("−0.37")


def test_an_expression_is_typed_and_an_error_points_at_its_place(page):
    field = widget(page).get_by_role("textbox", name="Expression")
    field.fill("x*y + exq(x)")
    field.press("Enter")
    problem = widget(page).get_by_role("alert").filter(has_text="exq")
    expect(problem).to_contain_text("Column 7: there is no function exq; did you mean exp?")
    expect(problem.locator("mark")).to_have_text("exq")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert field.evaluate("f => f.value.slice(f.selectionStart, f.selectionEnd)") == "exq"
    expect(gate(page, "q8 rec")).to_be_visible()
    field.fill("x*y + exp(x)")
    field.press("Enter")
    expect(place(page)).to_have_text("forward 0 of 3")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(widget(page).get_by_role("slider")).to_have_count(2)
    assert "Traceback" not in widget(page).inner_text()


def test_an_example_and_the_coarse_grain(page):
    press(page, "one sigmoid gate")
    expect(place(page)).to_have_text("forward 0 of 5")
    press(page, "All backward")
    expect(gate(page, "q5 sigmoid gate of q4 that scales")).to_be_visible()
    widget(page).get_by_role("combobox", name="Examples").select_option("log(1 + exp(x))")
    expect(place(page)).to_have_text("forward 0 of 3")


def test_the_quiz_by_keys(page):
    press(page, "Quiz")
    answer = widget(page).get_by_role("textbox", name="Your gradient")
    answer.fill("0.534")
    answer.press("Enter")
    panel = widget(page).locator(".tm-g-quiz")
    expect(panel.locator("p[role=status]")).to_contain_text("✗ 0.5340 is not it. The size is right")
    answer.fill("−0.534")
    answer.press("Enter")
    expect(panel.locator("p[role=status]")).to_contain_text("✓ Right: dL/dq7 = −0.5344. dL/dq6 = ?")
    expect(panel.locator(".tm-g-score")).to_have_text("Score: 0 of 12 right, 1 with help")
    panel.get_by_role("button", name="Hint").press("Enter")
    expect(panel.locator("p[role=status]")).to_contain_text("upstream −0.5344 goes on unchanged")
    panel.get_by_role("combobox").select_option("w2")
    expect(gate(page, "w2 variable")).to_have_class(re.compile("tm-g-asked"))
    gate(page, "x0 variable").click()
    expect(panel.get_by_role("combobox")).to_have_value("x0")
    expect(gate(page, "x0 variable")).to_have_accessible_name(re.compile("gradient asked for"))


def test_a_large_graph_zooms_pans_and_follows(page):
    host, svg = graph(page, 2), graph(page, 2).locator("svg")
    width = svg.bounding_box()["width"]
    host.focus()
    for _ in range(3):
        page.keyboard.press("+")
    assert svg.bounding_box()["width"] == pytest.approx(width * 1.25**3, rel=0.01)
    expect(host).to_have_class(re.compile("tm-g-pans"))
    page.keyboard.press("Shift+ArrowRight")
    assert host.evaluate("h => h.scrollLeft") == 80
    box = host.bounding_box()
    page.mouse.move(box["x"] + 400, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 150, steps=4)
    page.mouse.up()
    assert host.evaluate("h => [h.scrollLeft, h.scrollTop]") == [180, 50]
    host.focus()
    page.keyboard.press("f")
    active = widget(page, 2).locator(".tm-g-active")
    expect(active).to_be_visible()
    inside = host.evaluate("""h => {
      const inner = h.querySelector(".tm-g-active").getBoundingClientRect();
      const outer = h.getBoundingClientRect();
      return outer.left <= inner.left && inner.left + 40 <= outer.right;
    }""")
    assert inside
    page.keyboard.press("0")
    size = host.evaluate("""h => {
      const { width, height } = h.querySelector("svg").getBoundingClientRect();
      return [width - h.clientWidth, height];
    }""")
    assert size[0] <= 1 and size[1] <= 460
    page.keyboard.press("Home")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 1100, 700])
def test_nothing_sticks_out_or_scrolls(page, theme, width):
    size = page.viewport_size
    set_theme(page, theme)
    press(page, "All backward")
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(300)
    root = widget(page)
    edge = root.bounding_box()["x"] + root.bounding_box()["width"]
    parts = root.locator(".tm-panel, .tm-g-host text, button, input, select")
    rights = parts.evaluate_all("ps => ps.map(p => p.getBoundingClientRect().right)")
    scrolls = graph(page).evaluate(
        "h => h.scrollWidth > h.clientWidth + 1 || h.scrollHeight > h.clientHeight + 1")
    page.set_viewport_size(size)
    set_theme(page, "light")
    assert max(rights) <= edge + 1 and not scrolls


def test_the_stored_picture_is_about_as_high_as_the_widget(page):
    press(page, "All backward")
    box = widget(page).bounding_box()
    told = run_cell(page, "print(*neuron.figure().get_size_inches())")
    wide, high = (100 * float(inches) for inches in told.split())  # 100 pixels to an inch
    assert abs(high * min(1, box["width"] / wide) / box["height"] - 1) < 0.15


def test_on_a_projector_graph_sentence_and_controls_are_in_one_view(page):
    size = page.viewport_size
    page.set_viewport_size({"width": 853, "height": 480})
    press(page, "All backward")
    press(page, "Projector")
    root = page.locator(".tm-whole.tm-graph")
    expect(root.get_by_role("button", name="Leave")).to_be_visible()
    page.wait_for_timeout(300)
    outside = root.locator("svg text, .tm-g-said, .tm-g-ways .tm-button").evaluate_all(
        """all => all.filter((one) => {
          const { left, right, top, bottom } = one.getBoundingClientRect();
          return !one.closest(".tm-g-legend, [hidden]") && !(left >= 0 && top >= 0 &&
            right <= innerWidth && bottom <= innerHeight);
        }).map((one) => one.textContent)""")
    assert outside == []
    letters = "p => parseFloat(getComputedStyle(p.firstChild).fontSize)"
    assert said(page).evaluate(letters) > 15
    expect(root.locator(".tm-toolbar")).to_be_hidden()
    root.get_by_role("button", name="Choices").click()
    field = root.locator(".tm-g-field")
    expect(field).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 640})
    leave = root.get_by_role("button", name="Leave").bounding_box()
    assert field.bounding_box()["y"] >= leave["y"] + leave["height"]  # no button lies on it
    root.get_by_role("button", name="Choices").click()
    page.keyboard.press("Escape")
    expect(root).to_have_count(0)
    page.set_viewport_size(size)


def test_controls_are_large_enough_and_have_names(page):
    press(page, "Quiz")
    expect(widget(page).get_by_role("textbox", name="Your gradient")).to_be_visible()
    expect(place(page)).to_be_hidden()
    parts = widget(page).locator("button:visible, input:visible, select:visible")
    found = parts.evaluate_all(
        "ps => ps.map(p => [p.getBoundingClientRect().height, p.getAttribute('aria-label') "
        "|| p.textContent])")
    assert len(found) > 15
    assert min(height for height, _ in found) >= 24 and all(name for _, name in found)
