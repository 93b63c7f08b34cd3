"""An entry played in a page without JupyterLab: its steps, its keys, and stills without motion."""

import numpy as np
import pytest
from playwright.sync_api import expect

from helpers.widgets.explorer import state as states
from helpers.widgets.explorer.play import played
from helpers.widgets.kit.bundle import styles
from tests.browser.axe import violations
from tests.browser.bare import call, open_bare

FILES = {"widgets/explorer/play/play.js": "playPanel listenToEntries"}
HELP = """
window.put = (play) => {
  window.sent = [];
  const send = (gesture) => { sent.push(gesture); return () => true; };
  const channel = { newStroke: () => 7, send };
  const box = () => ({ left: 5, top: 5, width: 20, height: 20 });
  const root = document.createElement("div"), grid = document.createElement("div");
  root.className = "tm-root tm-explorer";
  grid.innerHTML = '<div class="tm-cell" tabindex="0" data-index="2">1</div>';
  window.player = playPanel(channel, { tensor: box, upstream: box, gradient: box,
    landed: (index, step) => { window.landed = [index, step]; } });
  listenToEntries(grid, player);
  root.append(player.open, grid, player.element);
  document.body.replaceChildren(root);
  player.begin({});
  player.update(play);
  return 0;
};
window.motions = 0;  // begun, whether or not they have ended since
const animate = Element.prototype.animate;
Element.prototype.animate = function (...how) {
  motions += 1;
  return animate.apply(this, how);
};
"""


def spec(name="relu", **more):
    """What Python says is played, its bytes as numbers."""
    def numbers(value):
        if isinstance(value, dict):
            return {key: numbers(one) for key, one in value.items()}
        if isinstance(value, list):
            return [numbers(one) for one in value]
        return np.frombuffer(value, "<f8") if isinstance(value, bytes) else value

    return numbers(played(states.compute(states.start(name, played=5, **more))))


@pytest.fixture(scope="module")
def tab(browser):
    tab = open_bare(browser, FILES, HELP, styles("widgets/explorer/page.js"))
    yield tab
    tab.close()


@pytest.fixture
def page(tab):
    tab.errors.clear()
    tab.emulate_media(reduced_motion="no-preference")
    yield tab
    assert tab.errors == []


def panel(page):
    return page.get_by_role("group", name="One entry, step by step")


def seen(page):
    """How many parts are seen, and how many cells have fallen away."""
    return panel(page).evaluate(
        "(one) => ['[data-from]:not(.tm-play-yet)', '.tm-play-gone'].map("
        "(what) => one.querySelectorAll(what).length)")


@pytest.mark.parametrize("name", ["relu", "affine", "batchnorm"])
def test_keys_step_on_to_the_sum_and_the_compact_way_and_nothing_moves_the_page(page, name):
    play = spec(name)
    call(page, "put(a[0])", play)
    expect(panel(page)).to_be_focused()
    status, parts, heights = panel(page).locator(".tm-play-said"), [], set()
    for step, text in enumerate(play["steps"]):
        expect(status).to_have_text(text)
        expect(panel(page).locator(".tm-play-place")).to_have_text(f"step {step + 1} of 6")
        assert call(page, "window.landed") == [play["index"], step]
        parts.append(seen(page))
        heights.add(panel(page).bounding_box()["height"])
        page.keyboard.press("ArrowRight")
    shown, gone = zip(*parts, strict=True)
    assert shown[0] < shown[1] < shown[2] == shown[3] < shown[4] < shown[5] and len(heights) == 1
    zeros = int(np.sum(play["full"]["products"] == 0))
    assert zeros and gone == (0, 0, 0, 3 * zeros, 3 * zeros, 3 * zeros)
    totals = panel(page).locator(".tm-play-total:not(.tm-play-copy):visible").evaluate_all(
        "all => all.map((one) => one.firstChild.data)")
    assert set(totals) == {play["full"]["total"]} and len(totals) >= 2
    page.keyboard.press("Home")
    expect(status).to_have_text(play["steps"][0])


def test_other_keys_choose_other_entries_and_close(page):
    call(page, "put(a[0])", spec())
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Play an entry")).to_be_focused()
    page.locator(".tm-cell[data-index='2']").first.focus()
    page.keyboard.press("Enter")
    told = [(one["on"], one.get("index")) for one in call(page, "sent")]
    assert told == [(True, None), (True, 6), (True, 4), (False, None), (True, 2), (True, 2)]
    call(page, "player.update(null)")
    expect(panel(page)).to_be_hidden()


def test_it_plays_by_itself_only_when_asked_and_can_be_stopped(page):
    before = call(page, "motions")
    call(page, "put(a[0])", spec())
    page.wait_for_function(f"motions > {before}")  # the entries fly from the tensor
    run = panel(page).get_by_role("button", name="Play")
    panel(page).get_by_role("slider", name="seconds a step").press("Home")
    panel(page).focus()
    page.keyboard.press("Space")
    expect(panel(page).get_by_role("button", name="Pause")).to_be_visible()
    place = panel(page).locator(".tm-play-place")
    expect(place).to_have_text("step 3 of 6")
    page.keyboard.press("Space")
    expect(run).to_be_visible()
    rests = place.inner_text()
    page.wait_for_timeout(1200)
    expect(place).to_have_text(rests)


def test_who_wants_no_motion_gets_stills_by_hand(page):
    page.emulate_media(reduced_motion="reduce")
    before = call(page, "motions")
    call(page, "put(a[0])", spec())
    expect(panel(page).get_by_role("button", name="Play")).to_have_count(0)
    for step in range(6):
        assert call(page, "document.getAnimations().length") == 0
        page.keyboard.press("Space")
        expect(panel(page).locator(".tm-play-place")).to_have_text(f"step {step + 1} of 6")
        page.keyboard.press("ArrowRight")
    assert call(page, "motions") == before


def test_no_rule_is_broken_at_the_end(page):
    page.emulate_media(reduced_motion="reduce")
    call(page, "put(a[0])", spec("affine"))
    page.keyboard.press("End")
    assert violations(page, ".tm-root") == []


def test_a_window_of_a_large_tensor_counts_what_it_leaves_out(page):
    call(page, "put(a[0])", spec(sizes={"n": 32, "h": 32}))
    page.keyboard.press("End")
    expect(panel(page).get_by_text("and 1,012 zeros")).to_be_visible()
    assert panel(page).locator(".tm-play-way").first.locator(".tm-cell").count() == 36
