"""The frame of every widget in a page without JupyterLab: what Python says is drawn, and once."""

import pytest

from tests.browser.bare import bare_page, call

PAGE = """
window.log = [];
window.begin = () => {
  log.length = 0;
  const listeners = [], data = { state: { error: "", n: 0 }, reading: { n: 0 }, gestures: {} };
  const model = {
    get: (key) => data[key], set: (key, value) => { data[key] = value; }, save_changes() {},
    on: (name, f) => listeners.push([name, f]), off() {},
  };
  /** One message with these values, told of in this order, as the page's models tell. */
  window.says = (values, order) => {
    log.length = 0;
    Object.assign(data, values);
    for (const key of order) {
      for (const [name, f] of [...listeners]) if (name === `change:${key}`) f();
    }
    return log.join(", ");
  };
  const build = () => ({ parts: [], show: ({ n }) => log.push(`state ${n}`),
    read: ({ n }) => log.push(`reading ${n}`) });
  widget("tm-some", build).render({ model, el: document.body });
  return log.join(", ");
};
"""


page = bare_page({"widgets/kit/mount.js": "widget"}, PAGE)


@pytest.mark.parametrize("order", [("state", "reading"), ("reading", "state")])
def test_a_message_with_a_state_and_a_reading_is_drawn_once_whichever_is_told_first(page, order):
    assert call(page, "begin()") == "state 0, reading 0"
    both = {"state": {"error": "", "n": 1}, "reading": {"n": 1}}
    assert call(page, "says(a[0], a[1])", both, list(order)) == "state 1, reading 1"
    alone = {"reading": {"n": 2}}
    assert call(page, "says(a[0], a[1])", alone, ["reading"]) == "reading 2"
    alike = {"state": {"error": "", "n": 3}, "reading": {"n": 3}}  # a state like the one before
    assert call(page, "says(a[0], a[1])", alike, ["reading"]) == "state 3, reading 3"


def test_the_part_of_a_state_that_seldom_changes_is_drawn_with_the_rest(page):
    assert call(page, "begin()") == "state 0, reading 0"
    told = {"settled": {"n": 5}, "state": {"error": ""}}
    assert call(page, "says(a[0], a[1])", told, ["state", "settled"]) == "state 5, reading 0"
    alone = {"settled": {"n": 6}}
    assert call(page, "says(a[0], a[1])", alone, ["settled"]) == "state 6, reading 0"
    over = {"state": {"error": "", "n": 7}}
    assert call(page, "says(a[0], a[1])", over, ["state"]) == "state 7, reading 0"
