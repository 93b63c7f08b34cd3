"""The explorer in a real JupyterLab: its choices, the cells around it, and its manners."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.cells import run_cell, write
from tests.browser.lab import output
from tests.widgets.explorer.explorer_page import (
    COMPACT,
    FORWARD,
    UPSTREAM,
    G,
    X,
    cell,
    drag,
    explorer,
    headline,
    in_kernel,
    marked,
    numbers,
    open_explorer,
    panel,
    picture,
    reading,
    shows,
    shows_gradient,
    slider,
    start_again,
    toolbar_slider,
)

# A control that a student can reach, by its role in the accessibility tree.
CONTROLS = {"button", "combobox", "slider", "textbox", "grid", "gridcell", "application"}


@pytest.fixture(scope="module")
def tab(context, lab):
    with open_explorer(context, lab) as page:
        yield page


@pytest.fixture
def page(tab):
    """The page with the explorer as it was at first; it must not have complained after the test."""
    start_again(tab)
    yield tab
    assert tab.errors == []


def test_a_size_slider_keeps_the_numbers_that_fit(page):
    toolbar_slider(page, "h").focus()
    page.keyboard.press("ArrowRight")
    expect(headline(page)).to_contain_text("(n=3, h=5, n′=3, h′=5): 225 entries")
    wider, upstream = numbers(page, FORWARD, "X"), numbers(page, UPSTREAM, "G")
    assert np.array_equal(wider[:, :4], X) and np.array_equal(upstream[:, :4], G)
    shows_gradient(page, upstream * (wider > 0))
    toolbar_slider(page, "n").focus()
    page.keyboard.press("Home")
    expect(headline(page)).to_contain_text("(n=1, h=5, n′=1, h′=5): 25 entries")
    shows(page, FORWARD, "X", wider[:1])
    shows_gradient(page, upstream[:1] * (wider[:1] > 0))


def test_another_operation_and_each_of_its_inputs(page):
    explorer(page).get_by_role("combobox", name="Operation").select_option("affine")
    expect(panel(page, COMPACT).locator("code")).to_have_text("dX = G @ W.T")
    A, W, b = (numbers(page, FORWARD, name) for name in "XWb")
    U = numbers(page, UPSTREAM, "G")
    n, m, k = *A.shape, U.shape[1]
    assert len({n, m, k}) == 3
    shows(page, FORWARD, "Y", A @ W + b)
    wanted = {"X": (U @ W.T, (n, m)), "W": (A.T @ U, (m, k)), "b": (U.sum(0), (k,))}
    for name, (gradient, shape) in wanted.items():
        explorer(page).get_by_role("combobox", name="Differentiate by").select_option(name)
        shows_gradient(page, gradient, f"dL/d{name}")
        expect(headline(page)).to_contain_text(f"∂Y/∂{name} has shape (n={n}, k={k}, ")
        expect(headline(page)).to_contain_text(f"{n * k * np.prod(shape)} entries")
    cell(page, FORWARD, "W", 0, 0).focus()
    page.keyboard.press("ArrowUp")
    W[0, 0] += 0.1
    shows(page, FORWARD, "Y", A @ W + b)


def test_another_operation_keeps_every_array_that_fits(page):
    cell(page, UPSTREAM, "G", 0, 1).focus()
    page.keyboard.press("ArrowUp")
    upstream = G.copy()
    upstream[0, 1] += 0.1
    shows(page, UPSTREAM, "G", upstream)
    explorer(page).get_by_role("combobox", name="Operation").select_option("sigmoid")
    Y = 1 / (1 + np.exp(-X))
    shows(page, FORWARD, "Y", Y)
    shows(page, FORWARD, "X", X)
    shows(page, UPSTREAM, "G", upstream)
    shows_gradient(page, upstream * Y * (1 - Y))


def test_pointing_reads_every_term_of_a_sum_over_the_batch(page):
    run_cell(page, 'explorer.set(operation="affine", wrt="W")')
    expect(headline(page)).to_contain_text("∂Y/∂W")
    A, U = numbers(page, FORWARD, "X"), numbers(page, UPSTREAM, "G")
    cell(page, COMPACT, "dL/dW", 2, 1).hover()
    expect(reading(page)).to_have_text(re.compile(r"^dW\[2,1\] = G\[0,1\]"))
    text, k = reading(page).inner_text(), U.shape[1]
    assert text.startswith("dW[2,1] = " + " + ".join(
        f"G[{n},1]·{signed(A[n, 2])}" for n in range(len(A))))
    total = float(text.split(" = ")[-1].replace("−", "-"))
    assert total == pytest.approx(A[:, 2] @ U[:, 1], abs=6e-5)
    assert marked(page, UPSTREAM, "G") == [n * k + 1 for n in range(len(U))]
    assert marked(page, COMPACT, "X") == [n * A.shape[1] + 2 for n in range(len(A))]
    assert marked(page, FORWARD, "W") == [2 * k + 1]


def signed(value):
    """A factor as the reading has it: four decimals, negative ones in brackets."""
    text = f"{abs(value):.4f}" if value % 1 else f"{abs(value):.0f}"
    return f"(−{text})" if value < 0 else text


def test_a_parameter_slider_decides_at_the_kink(page):
    at_kink = X.copy()
    at_kink[0, 1] = 0
    run_cell(page, f"explorer.set(X={at_kink.tolist()})")
    shows_gradient(page, G * (at_kink > 0))
    toolbar_slider(page, "at zero").focus()
    page.keyboard.press("End")
    shows_gradient(page, G * (at_kink >= 0))
    page.keyboard.press("ArrowLeft")
    shows_gradient(page, G * np.heaviside(at_kink, 0.95))
    assert in_kernel(page, "explorer.parameters['at_zero']") == pytest.approx(0.95)


def test_imagined_sizes_are_counted_and_not_built(page):
    verdict = panel(page, "verdict")
    for letter, key, sizes in (("n", "ArrowRight", (128, 1024)), ("h", "End", (128, 16384))):
        slider(verdict, letter).focus()
        page.keyboard.press(key)
        count = np.prod(sizes, dtype=int)
        expect(verdict).to_contain_text(f"{count**2:,} → {count:,}")
        expect(verdict.locator(".tm-factor").last).to_have_text(f"{count:,} × fewer numbers")
    expect(headline(page)).to_contain_text("144 entries")


# --- Python and the page ---


def test_arrays_set_in_a_cell_show_at_once(page):
    other = np.array([[2.0, -2.5], [0.0, 3.0], [1.0, -1.0]])
    upstream = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    shown = run_cell(page, f"explorer.set(X={other.tolist()}, G={upstream.tolist()})")
    assert shown == ""
    shows(page, FORWARD, "X", other)
    shows(page, UPSTREAM, "G", upstream)
    shows_gradient(page, upstream * (other > 0))
    expect(toolbar_slider(page, "h")).to_have_value("2")


def test_a_wrong_call_in_a_cell_is_one_line(page):
    for code, said in (("explorer.set(G=[[1.0]])", "G has shape (1, 1), but Y has (3, 4)"),
                       ("JacobianExplorer('reloo')", "There is no operation 'reloo'")):
        shown = run_cell(page, code)
        assert said in shown
        assert "Traceback" not in shown and len(shown.splitlines()) == 1, shown
    shows_gradient(page, G * (X > 0))


def test_a_tensor_too_big_for_the_screen_is_refused_and_the_last_good_one_stays(page):
    cube = np.arange(512.0).reshape(8, 8, 8)
    run_cell(page, "explorer.set(X=np.arange(512.0).reshape(8, 8, 8))")
    shows(page, FORWARD, "X", cube)
    slider = explorer(page).locator(".tm-toolbar").get_by_role("slider").first
    slider.focus()
    page.keyboard.press("End")
    alert = explorer(page).get_by_role("alert")
    expect(alert).to_contain_text("4,194,304 entries, and a screen shows 1,048,576")
    expect(slider).to_have_value("8")
    assert alert.bounding_box()["height"] < 60
    shows(page, FORWARD, "X", cube)
    page.keyboard.press("ArrowLeft")
    expect(alert).to_have_text("")
    shows(page, FORWARD, "X", cube[:7])


BUSY = """
import time
other, seen, end = JacobianExplorer("tanh", X, G=G), set(), time.monotonic() + 2
while time.monotonic() < end or len(seen) == 1 and time.monotonic() < end + 60:
    np.linalg.svd(np.random.default_rng(0).normal(size=(80, 80)))
    other.set(G=2 * other.G)
    seen.add(float(explorer.inputs["X"][0, 1]))
for turn in range(20):
    explorer.set(G=G * turn)
    time.sleep(0.05)
explorer.set(G=2 * G)
print(len(seen))
"""


def test_a_drag_while_a_cell_is_running(page):
    """A second thread of the kernel takes the gestures; once the cell has set the same explorer,
    the kernel may keep them until its end. None is lost either way."""
    target = cell(page, FORWARD, "X", 0, 1)
    target.focus()
    page.keyboard.press("ArrowUp")  # the kernel turns to that thread after the first gesture
    changed = X.copy()
    changed[0, 1] += 0.1
    shows_gradient(page, G * (changed > 0))
    write(page, BUSY)
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-below') }")
    for pixels in (20, 20, -8, 12, -4):
        page.wait_for_timeout(300)
        drag(page, target, pixels)
    changed[0, 1] += 1.0
    expect(output(page, -1)).to_have_text(re.compile(r"^\d+\s*$"), timeout=20_000)
    shows(page, FORWARD, "X", changed)
    shows(page, UPSTREAM, "G", 2 * G)
    shows_gradient(page, 2 * G * (changed > 0))
    assert int(output(page, -1).inner_text()) > 1  # the cell saw X change while it ran
    expect(explorer(page).get_by_role("alert")).to_have_text("")
    assert np.allclose(in_kernel(page, "explorer.inputs['X']"), changed, rtol=0, atol=1e-12)


def test_two_views_of_one_explorer_stay_in_step(page):
    run_cell(page, "explorer")
    second = output(page, -1).locator(".tm-explorer")
    twin = second.get_by_role("gridcell", name=re.compile(r"^X\[0,1\] = "))
    twin.focus()
    page.keyboard.press("Shift+ArrowUp")
    changed = X.copy()
    changed[0, 1] += 1
    shows_gradient(page, G * (changed > 0))
    cell(page, FORWARD, "X", 0, 1).focus()
    page.keyboard.press("Control+z")
    expect(twin).to_have_text("−0.7")
    shows_gradient(page, G * (X > 0))


# --- a good neighbour in JupyterLab, and for everyone ---


def test_jupyterlab_takes_no_key_that_is_meant_for_the_explorer(page):
    cells = ("() => window.jupyterapp.shell.currentWidget.content.widgets"
             ".map(({ model }) => model.type + model.id)")
    before = page.evaluate(cells)
    undo = explorer(page).get_by_role("button", name="Undo")
    for target in (cell(page, FORWARD, "X", 0, 1), cell(page, COMPACT, "dL/dX", 0, 0),
                   picture(page), toolbar_slider(page, "n"), undo):
        target.focus()
        for key in ("x", "d", "d", "a", "b", "m"):
            page.keyboard.press(key)
        page.wait_for_timeout(100)
        assert page.evaluate(cells) == before
    shows(page, FORWARD, "X", X)


def test_every_control_has_a_name_and_no_two_sliders_the_same(page):
    found = controls(page)
    assert {role for role, _ in found} == CONTROLS - {"textbox"}
    assert [role for role, name in found if not name.strip()] == []
    sliders = [name for role, name in found if role == "slider"]
    assert len(set(sliders)) == len(sliders), sliders
    cell(page, FORWARD, "X", 0, 1).click()
    assert ("textbox", "X[0,1]: new value") in controls(page)
    page.keyboard.press("Escape")


def controls(page):
    """(role, accessible name) of every control in the explorer, as the browser computes them."""
    client = page.context.new_cdp_session(page)
    document = client.send("DOM.getDocument")["root"]["nodeId"]
    node = client.send("DOM.querySelector", {"nodeId": document, "selector": ".tm-explorer"})
    tree = client.send("Accessibility.queryAXTree", {"nodeId": node["nodeId"]})["nodes"]
    client.detach()
    return [(one["role"]["value"], one["name"]["value"]) for one in tree
            if not one["ignored"] and one["role"]["value"].lower() in CONTROLS]


def test_each_grid_is_one_tab_stop(page):
    stops = explorer(page).get_by_role("grid").evaluate_all(
        "grids => grids.map(grid => grid.querySelectorAll('[tabindex=\"0\"]').length)")
    assert stops == [1] * 6
