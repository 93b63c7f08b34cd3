"""Every widget under random, malformed and hostile messages of two threads; a third one sets.

Nothing may get out of the guard, nothing may be lost: afterwards a gesture is answered as ever, and
what is shown is what the formula says.
"""

import gc
import math
import threading
import tracemalloc

import numpy as np
import pytest

import helpers
from tests.amount import SOAK, amount, spread
from tests.labs.test_labs import LABS
from tests.widgets import lab_truths
from tests.widgets.gestures import WIDGETS, storm

MESSAGES = amount(10, 40, 20_000)  # of both threads together
SLOW = {Lab.__name__: 4 for Lab in LABS} | {"ReplacementFinder": 2}  # so many but in a soak
pytestmark = pytest.mark.slow
every = pytest.mark.parametrize("name", WIDGETS)


def message_of(gesture, client="last", serial=1):
    return {"gestures": {"client": client, "queue": [{**gesture, "serial": serial}]}}


def relu(widget):
    widget.set(operation="relu", X=[[1.5, -2.0], [0.25, -0.5]], G=[[1.0, 2.0], [3.0, 4.0]])
    assert np.array_equal(widget.gradient, [[1.0, 0.0], [3.0, 0.0]])


def graph(widget):
    widget.set(text="x*y + exp(z)", x=2, y=-3, z=0.5, quiz=False, step="end")
    assert math.isclose(widget.value, -6 + math.exp(0.5))
    assert widget.gradients == pytest.approx({"x": -3, "y": 2, "z": math.exp(0.5)})


def normalized(widget):
    X, G = np.array([[1.0, 2.0], [3.0, 5.0], [-1.0, 0.0]]), np.array([[1.0, 0], [2, 1], [0, -1]])
    widget.set(mode="training", X=X, gamma=[2.0, 0.5], beta=[0.0, 1.0], G=G, eps=0.1)

    def loss(X):
        C = X - X.mean(0)
        return float(np.sum(G * [2.0, 0.5] * C / np.sqrt((C**2).mean(0) + 0.1)))

    steps = 1e-6 * np.eye(6).reshape(6, 3, 2)
    slopes = [(loss(X + step) - loss(X - step)) / 2e-6 for step in steps]
    assert np.allclose(widget.gradient.ravel(), slopes, atol=1e-7)


def held(widget):
    widget.value = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    widget.set_state(message_of({"kind": "edit", "place": 4, "value": 7.0}))
    assert np.array_equal(widget.value, [[1.0, 2.0, 3.0], [4.0, 7.0, 6.0]])


TRUTH = {"JacobianExplorer": relu, "GraphStepper": graph, "BatchNormLab": normalized,
         "EditableArray": held, **lab_truths.TRUTH}
SETS = {"JacobianExplorer": {"layout": "denominator"}, "GraphStepper": {"step": 0},
        "BatchNormLab": {"step": 1}}


@every
def test_two_pages_and_a_cell_at_once(name):
    """Two threads send, a third sets: whatever one of them raises is kept and fails the test."""
    make, gesture = WIDGETS[name]
    widget, raised, longest = make(), [], []
    messages = MESSAGES if SOAK else min(MESSAGES, SLOW.get(name, MESSAGES))

    def guarded(work):
        try:
            work()
        except Exception as error:
            raised.append(repr(error))

    def setting():
        for _ in range(messages // 20):
            if name in SETS:
                widget.set(**SETS[name])
            repr(widget)

    pages = [threading.Thread(target=guarded, args=(lambda client=client: longest.append(storm(
        widget, gesture, messages // 2, client, ord(client))),)) for client in "ab"]
    threads = [*pages, threading.Thread(target=guarded, args=(setting,))]
    gc.collect()
    gc.freeze()   # what the tests themselves hold is not looked through,
    gc.disable()  # and nothing is while a gesture is timed: see `storm`
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gc.enable()
    gc.unfreeze()
    assert raised == []
    assert len(longest) == 2 and "\n" not in widget.state["error"]
    if name in TRUTH:
        TRUTH[name](widget)
    if SOAK and name not in ("GradientDoctor",):  # it draws and checks anew
        assert max(longest) < 0.1


@pytest.mark.parametrize("sent", [
    {"gestures": 5}, {"gestures": {"client": "a", "queue": {"serial": 1}}},
    {"gestures": {"client": "a", "queue": [{"kind": "undo"}]}},
    {"gestures": {"client": "a", "queue": [{"kind": "undo", "serial": "1"}]}},
    {"gestures": {"client": "a", "queue": [{"kind": "undo", "serial": 10**18}]}},
    {"gestures": {"client": "a" * 1000, "queue": []}}, {"gestures": {"client": "a", "queue": [7]}},
    {"pointer": [1]}, {"pointer": {"place": "X", "index": "far", "asks": {}}}])
def test_a_message_that_no_page_sends_is_refused_in_a_line_and_mutes_nobody(sent):
    widget = helpers.JacobianExplorer("relu", [[1.0, -2.0]], G=[[3.0, 4.0]])
    widget.set_state(sent)
    assert widget.state["error"] and "\n" not in widget.state["error"]
    widget.set_state(message_of({"kind": "edit", "name": "X", "index": 1, "value": 5.0}, "a"))
    assert widget.state["error"] == "" and np.array_equal(widget.gradient, [[3.0, 4.0]])


def test_pages_that_are_gone_are_forgotten():
    widget = helpers.EditableArray([0.0, 0.0])
    for page in range(200):
        edit = {"kind": "edit", "place": 0, "value": float(page)}
        widget.set_state(message_of(edit, f"page {page}"))
    assert widget.value[0] == 199 and len(widget.state["applied"]) == 64
    assert "page 199" in widget.state["applied"]


@pytest.mark.skipif(not SOAK, reason="memory is counted in a soak: it takes minutes")
@pytest.mark.parametrize("name", spread([*WIDGETS], len(WIDGETS)))
def test_memory_stays(name):
    """From the tenth to the last percent of the messages less than 5 MB more."""
    make, gesture = WIDGETS[name]
    widget = make()
    storm(widget, gesture, 400, "first", 1)
    tracemalloc.start()
    storm(widget, gesture, 1_600, "second", 2)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    storm(widget, gesture, 2_000, "third", 3)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 5_000_000
