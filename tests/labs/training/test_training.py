"""The live curve without a browser: what it keeps, when it draws, and what ends a run."""

import itertools
import re
import signal
import threading
import time

import numpy as np
import pytest

from helpers import TrainingCurve
from helpers.calculus.errors import NumberError
from helpers.labs.training import lab as training
from helpers.labs.training.bar import progress_bar
from helpers.labs.training.picture import build, training_curves
from helpers.pictures.canvas import png
from helpers.pictures.live import LIGHT
from tests.colab import not_in_colab
from tests.widgets.batchnorm.test_batchnorm import browser

pytestmark = pytest.mark.slow

POINTS = ((1, 2.5, 0.1), (2, 1.25, None), (3, 0.625, 0.9))


def stop(curve):
    browser(curve, {"kind": "press", "place": "stop"})


def values(curve):
    """The read-outs that have a label."""
    return {one["label"]: one["text"] for one in curve.state["readouts"] if "label" in one}


def test_a_run_in_words_and_numbers():
    curve = TrainingCurve()
    assert repr(curve) == "TrainingCurve: no steps yet"
    for step, loss, accuracy in zip(curve.steps(3), (2.5, 1.25, 0.625), (0.1, None, 0.9),
                                    strict=False):
        curve.add(step, loss, accuracy)
        assert curve.state["controls"][0]["value"] is True  # Stop can be pressed
    assert curve.state["controls"][0]["value"] is False
    assert curve.settings["points"] == POINTS
    assert repr(curve) == "TrainingCurve: 3 steps, loss 2.5000 → 0.6250, test accuracy 90.00 %"
    assert values(curve) == {"step": "3 of 3", "loss": "0.6250", "test accuracy": "90.00 %"}
    assert curve.state["readouts"][-1]["text"] == "Finished."


def test_a_run_is_read():
    assert TrainingCurve().settings == {"points": (), "planned": 0, "state": "waiting"}
    points = ((1, 2.5, 0), (2, 1.25, None), (4, 0.625, 1), (5, 0.75, None))
    view = TrainingCurve.study(TrainingCurve(points=points, planned=4).settings)
    assert [view[name].tolist() for name in ("steps", "losses", "tested", "accuracies")] == [
        [1, 2, 4, 5], [2.5, 1.25, 0.625, 0.75], [1, 4], [0, 100]]
    assert [view[name] for name in ("first_loss", "loss", "accuracy", "last", "lost", "still")] == [
        2.5, 0.75, 1, 5, None, (5, 2.5)]


@pytest.mark.parametrize(("losses", "since"), [
    ([1, 2], None), ([np.nan], 10), ([1, np.nan, np.inf], 20), ([np.nan, 1, np.nan], 30),
    ([np.nan, np.inf, np.nan], 10), ([np.inf, 1, 2], None), ([], None)])
def test_a_run_went_wrong_when_no_finite_loss_came_any_more(losses, since):
    points = tuple((10 * k, loss, None) for k, loss in enumerate(losses, 1))
    assert TrainingCurve.study({"points": points, "planned": 0, "state": "finished"})[
        "lost"] == since


def test_a_new_point_takes_the_error_away():
    curve = TrainingCurve()
    stop(curve)
    assert curve.last_error == "Nothing is running."
    curve.add(1, 2.0)
    assert curve.last_error is None and curve.state["error"] == ""


def test_the_picture_has_the_points():
    figure = TrainingCurve(points=POINTS).figure()
    loss, accuracy = (axes.lines[0] for axes in figure.axes)
    assert loss.get_xydata().tolist() == [[1, 2.5], [2, 1.25], [3, 0.625]]
    assert accuracy.get_xydata().tolist() == [[1, 10], [3, 90]]
    assert figure.axes[0].get_ylim() == (0, 2.5)


def test_steps_go_on_counting():
    curve = TrainingCurve(points=POINTS)
    assert list(curve.steps(2)) == [4, 5]
    curve.add(5, 0.5)
    assert list(curve.steps(2)) == [6, 7]
    assert list(curve.steps(0)) == []


def test_the_cell_that_makes_it_again(capsys):
    curve = TrainingCurve(points=POINTS)
    curve.code()
    names = {}
    exec(capsys.readouterr().out.replace("\n\nT", "\n\nmade = T"), names)
    assert names["made"].settings == curve.settings


def test_ten_pictures_a_second_are_enough(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(training.time, "monotonic", lambda: now[0])
    curve, drawn = TrainingCurve(), []
    curve.observe(drawn.append, "state")
    for step in curve.steps(1000):
        now[0] += 0.001
        curve.add(step, 1 / step)
    assert 10 <= len(drawn) <= 13
    assert len(curve.settings["points"]) == 1000


def test_adding_is_cheap():
    curve = TrainingCurve()
    began = time.process_time()
    for step in curve.steps(10_000):
        curve.add(step, 1 / step, 0.5)
    assert time.process_time() - began < 5


def test_stop_on_another_thread_ends_the_loop():
    curve = TrainingCurve()
    curve.observe(lambda change: states.append(change["new"]["readouts"][-1]["text"]), "state")
    states = []
    for step in curve.steps(10**9):
        curve.add(step, 1.0)
        if step == 5:
            pressed = threading.Thread(target=stop, args=[curve])
            pressed.start()
            pressed.join()
    assert step == 5 and curve.last_error is None
    assert states[-2:] == ["Stopping …", "Stopped."]
    assert repr(curve).endswith("stopped")
    assert list(curve.steps(2)) == [6, 7]


def test_stop_when_nothing_runs_says_so():
    curve = TrainingCurve()
    stop(curve)
    assert curve.state["error"] == "Nothing is running."


def test_an_interrupt_ends_the_loop_after_the_step():
    curve, done, before = TrainingCurve(), [], signal.getsignal(signal.SIGINT)
    for step in curve.steps(10**9):
        if step == 3:
            signal.raise_signal(signal.SIGINT)
        done.append(step)
    assert done == [1, 2, 3]
    assert signal.getsignal(signal.SIGINT) is before


def test_who_heard_interrupts_before_hears_the_second_and_those_that_follow():
    heard, before = [], signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, lambda *_: heard.append(1))
    try:
        for _ in TrainingCurve().steps(10):
            signal.raise_signal(signal.SIGINT)
            assert heard == []
            signal.raise_signal(signal.SIGINT)
        assert heard == [1]
        signal.raise_signal(signal.SIGINT)
        assert heard == [1, 1]
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_second_interrupt_is_one():
    curve, before = TrainingCurve(), signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job ignores it
    try:
        with pytest.raises(KeyboardInterrupt):
            for _ in curve.steps(10**9):
                signal.raise_signal(signal.SIGINT)
                signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_error_in_the_loop_ends_the_run():
    curve, before = TrainingCurve(), signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError):
        for step in curve.steps(10):
            curve.add(step, 1 / (step - 3))
    assert curve.state["readouts"][-1]["text"] == "Stopped."
    assert signal.getsignal(signal.SIGINT) is before


def test_a_loop_may_run_beside_the_main_thread():
    curve, done = TrainingCurve(), []
    beside = threading.Thread(target=lambda: done.extend(curve.steps(4)))
    beside.start()
    beside.join()
    assert done == [1, 2, 3, 4]


def test_a_loss_that_goes_wrong_is_shown_not_hidden():
    curve = TrainingCurve(points=((1, 2.0, 0.5), (2, np.inf, 0.5), (3, np.nan, 0.1)))
    assert repr(curve) == ("TrainingCurve: 3 steps, loss 2.0000 → nan, test accuracy 10.00 %, "
                           "no finite number since step 2")
    told = [one["text"] for one in curve.state["readouts"] if one["kind"] == "note"]
    assert told[0].startswith("Since step 2 the loss is no finite number")
    assert curve.state["readouts"][1] == {
        "kind": "value", "label": "loss", "text": "nan", "tone": "bad"}
    assert curve.figure().axes[0].get_ylim() == (0, 2)


@pytest.mark.parametrize(("point", "says"), [
    ((1, "low"), "The loss must be a number, not 'low'."),
    ((1, 2.0, 97), "The accuracy is 97; it must be a share from 0 to 1."),
    (("one", 2.0), "The step must be a number, not 'one'."),
])
def test_what_is_no_point_is_refused(point, says):
    curve = TrainingCurve()
    with pytest.raises(NumberError) as error:
        curve.add(*point)
    assert str(error.value) == says
    with pytest.raises(NumberError, match="triples"):
        TrainingCurve(points=(1, 2))


def test_a_long_run_is_drawn_with_few_points():
    points = tuple((step, 1 / step, 0.5) for step in range(1, 50_001))
    line = TrainingCurve(points=points).figure().axes[0].lines[0].get_xdata()
    assert len(line) == training.LINE and (line[0], line[-1]) == (1, 50_000)


def test_limits_grow_in_coarse_steps():
    coarse = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
    for low, top in itertools.pairwise(coarse):
        for number in (top, 0.5 * (low + top), low * 1.001):
            assert training.rung(number) == pytest.approx(top)
            assert training.rung(1000 * number) == pytest.approx(1000 * top)
    assert [training.rung(x) for x in (0, 0.3, 1, 99_999)] == pytest.approx([1, 1, 1, 100_000])


def test_drawing_takes_a_fifth_of_the_time_at_most(monkeypatch):
    """A picture that took a second is followed by four seconds without one."""
    now, drawn = [0.0], []
    monkeypatch.setattr(training.time, "monotonic", lambda: now[0])
    curve = TrainingCurve()

    def slow(change):
        drawn.append(now[0])
        now[0] += 1
    curve.observe(slow, "state")
    for step in range(1, 101):
        now[0] += 0.25
        curve.add(step, 1 / step)
    assert np.allclose(np.diff(drawn), 5, atol=0.26) and len(drawn) > 4 and drawn[0] == 0.25


@not_in_colab
def test_the_page_may_answer_on_a_thread_of_its_own():
    """ipykernel 7.4 would bind the comm to the thread of the running cell."""
    class Comm:
        comm_id = "one"

        def send(self, *args, **kwargs):
            self._reply_subshell_id = None

        def close(self, *args, **kwargs):
            pass

        on_msg = close

    curve = TrainingCurve()
    curve.comm = Comm()
    curve.add(1, 2.0)
    assert not hasattr(curve.comm, "_reply_subshell_id")


def test_curves_of_several_runs_have_mean_and_spread():
    steps = np.array([1.0, 10, 20])
    runs = {"relu": [np.column_stack([steps, 1 / steps, accuracy]) for accuracy in
                     ([0.1, 0.5, 0.9], [0.1, 0.7, 1.0])],
            "tanh": [np.column_stack([steps, 2 / steps, [0.2, 0.3, 0.4]])]}
    figure = training_curves(runs)
    left, right = figure.axes
    assert left.lines[0].get_ydata() == pytest.approx(1 / steps)
    joined, dots, mean = right.lines[:3]
    assert joined.get_ydata() == pytest.approx([10, 60])  # the one seed that both have
    assert dots.get_ydata() == pytest.approx([10, 0.1])   # 0 stands at the lower end
    assert mean.get_ydata() == pytest.approx([5.05, 5.05])
    assert "relu 95.00 % (90.00 to 100.00)" in figure.says
    assert "tanh 40.00 % (40.00 to 40.00)" in figure.says
    assert png(figure).startswith(b"\x89PNG")


def test_a_bar_hands_on_its_steps_and_ends_with_them(capsys):
    before = threading.active_count()
    for place, one in enumerate(progress_bar(iter("abc"), 3)):
        assert one == "abc"[place] and threading.active_count() == before  # a browser has no more
    assert place == 2
    said = capsys.readouterr().out
    assert "3 [" in said
    left = said.replace("\x1b[2K", "\r").split("\r")[-1]  # after the line was wiped
    assert left == "" and not re.search("3/3", said)


def test_there_is_no_half_a_step_on_the_axis():
    figure, _ = build((2, 2.0), 9.0, LIGHT)
    assert all(float(x).is_integer() for axes in figure.axes for x in axes.get_xticks())
