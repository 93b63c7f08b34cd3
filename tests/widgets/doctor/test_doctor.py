"""The gradient doctor without a browser: what it shows, reads, prints and draws."""

import numpy as np
import pytest

from helpers import GradientDoctor, check_gradients
from helpers.calculus.errors import CodeError, UnknownInput, UnknownLayout
from helpers.widgets.doctor import example

random = np.random.default_rng(0)
X, W, b = random.standard_normal((3, 4)), random.standard_normal((4, 2)), np.zeros(2)


def dense(X, W, b):
    return np.maximum(X @ W + b, 0)


def backward(G, X, W, b):
    D = G * (X @ W + b > 0)
    return D @ W.T, 2 * X.T @ D, D.sum(axis=0)


def numbers(spec):
    return np.frombuffer(spec["values"], "<f8").reshape([axis["size"] for axis in spec["axes"]])


@pytest.fixture
def doctor():
    return GradientDoctor(dense, backward, X, W, b)


def send(doctor, **gesture):
    serial = 1 + max((g["serial"] for g in doctor.gestures.get("queue", [])), default=0)
    doctor.gestures = {"client": "c", "queue": [{"serial": serial, **gesture}]}


def test_it_begins_with_the_first_gradient_that_is_wrong(doctor):
    assert doctor.state["chosen"] == "W"
    assert doctor.state["inputs"] == [{"name": "X", "passed": True}, {"name": "W", "passed": False},
                                      {"name": "b", "passed": True}]
    assert doctor.state["mistake"]["name"] == "factor 2" == doctor.checks.mistake
    assert not doctor.checks.passed and not doctor.state["passed"]
    assert repr(doctor.checks) == repr(check_gradients(dense, backward, X, W, b))


def test_without_code_it_says_what_it_takes_and_one_press_loads_an_example():
    doctor = GradientDoctor()
    assert "GradientDoctor(forward, backward, X, W, b)" in doctor.state["wanted"]
    assert doctor.state["wanted"] in repr(doctor) and doctor.figure().says
    assert doctor.cell().endswith("GradientDoctor()") and doctor.pointers() == []
    with pytest.raises(CodeError, match="Give it your code"):
        doctor.checks.passed  # noqa: B018
    send(doctor, kind="example")
    assert doctor.state["wanted"] == "" and doctor.state["mistake"]["name"] == "mean for sum"
    assert [one["passed"] for one in doctor.state["inputs"]] == [True, False, True]
    assert doctor.checks.mistake == "mean for sum" and "dense_backward" in doctor.cell()
    send(doctor, kind="undo")
    assert doctor.state["wanted"] and doctor.last_error is None


def test_the_example_has_one_mistake_and_no_other():
    shift, G = np.array([2.0, -1.5]), random.standard_normal((3, 2))
    dX, dW, db = example.dense_backward(G, X, W, shift)
    for array, gradient in ((X, dX), (W, len(X) * dW), (shift, db)):
        for k in range(array.size):
            ends = []
            for step in (1e-6, -1e-6):
                old, array.flat[k] = array.flat[k], array.flat[k] + step
                ends.append(np.sum(G * example.dense(X, W, shift)))
                array.flat[k] = old
            assert (ends[0] - ends[1]) / 2e-6 == pytest.approx(gradient.flat[k], abs=1e-6)


def test_both_gradients_and_their_difference_are_shown(doctor):
    shown = {name: numbers(spec) for name, spec in doctor.state["arrays"].items()}
    np.testing.assert_allclose(shown["mine"], 2 * shown["measured"], rtol=1e-9)
    np.testing.assert_allclose(shown["difference"], shown["measured"], rtol=1e-9)
    send(doctor, kind="input", value="X")
    assert not numbers(doctor.state["arrays"]["difference"]).any()


def test_the_column_of_the_entry_adds_up_to_the_gradient(doctor):
    G = numbers(doctor.state["upstream"]["G"])
    for place in (None, 0, 5):
        doctor.pointer = {} if place is None else {"place": "measured", "index": place}
        reading = doctor.reading
        column = numbers(reading["column"]["column"])
        measured = numbers(doctor.state["arrays"]["measured"]).flat[reading["inner"]]
        assert column.shape == G.shape and np.sum(G * column) == pytest.approx(measured)
        assert reading["marks"]["mine"] == [reading["inner"]]
        assert "its column of the Jacobian" in reading["text"]
    assert reading["inner"] == 5 and reading["text"].startswith("W[2, 1] moves")


def test_the_full_tensor_is_there_and_can_be_pointed_at(doctor):
    assert doctor.state["tensor"]["name"] == "∂Y/∂W"
    doctor.pointer = {"place": "J", "outer": 1, "inner": 3}
    assert doctor.reading["inner"] == 3


def test_gestures(doctor):
    before = doctor.state["upstream"]["G"]["values"]
    send(doctor, kind="again")
    assert doctor.state["upstream"]["G"]["values"] != before and doctor.state["chosen"] == "W"
    send(doctor, kind="undo")
    assert doctor.state["upstream"]["G"]["values"] == before
    send(doctor, kind="mode", value="blocks")
    assert doctor.state["tensor"]["mode"] == "blocks"
    send(doctor, kind="input", value="Q")
    assert "no gradient by 'Q'" in doctor.state["error"] and doctor.state["chosen"] == "W"


def test_code_prints_the_cell_that_makes_it_again(doctor, capsys):
    doctor.code()
    printed = capsys.readouterr().out
    again = eval(printed.partition("\n\n")[2], {"GradientDoctor": GradientDoctor, "dense": dense,
                                                "backward": backward})
    assert again.state["verdict"] == doctor.state["verdict"]
    assert again.state["upstream"] == doctor.state["upstream"]


def test_a_picture_and_a_sentence_without_a_kernel(doctor, tmp_path):
    data, metadata = doctor._repr_mimebundle_()
    assert "dense by W: wrong: dW[0, 0] is" in data["text/plain"] and "0x" not in data["text/plain"]
    assert "factor 2" in data["text/plain"] and data["image/png"]
    assert metadata["image/png"]["alt"] == data["text/plain"]
    figure = doctor.figure()
    figure.canvas.draw()
    texts = [text for axes in figure.axes for text in axes.texts] + figure.texts
    assert all(figure.bbox.contains(*corner) for text in texts
               for corner in text.get_window_extent().get_points())  # nothing is cut
    doctor.save(tmp_path / "doctor.pdf")
    assert (tmp_path / "doctor.pdf").stat().st_size > 1000


def test_wrong_shapes_large_inputs_and_single_numbers_have_a_page_too():
    wrong = GradientDoctor(dense, lambda G, X, W, b: (G @ W.T, X.T @ G, G.sum(1)), X, W, b,
                           wrt="b")
    assert "difference" not in wrong.state["arrays"]
    assert "should have (2,)" in wrong.state["verdict"]
    assert wrong.figure()
    large = GradientDoctor(lambda A, B: A @ B, lambda G, A, B: (G @ B.T, -A.T @ G),
                           np.ones((3, 40)), np.ones((40, 30)), wrt="B")
    assert large.state["arrays"] == {} and large.state["tensor"] is None
    assert "wrong: dB[" in repr(large) and large.figure()
    one = GradientDoctor(lambda x: x**3, lambda G, x: G * x**2, 2.0)
    assert one.state["verdict"].startswith("wrong: dx is") and one.figure()
    loss = GradientDoctor(lambda w: np.sum(w**2), lambda w: 2 * w, W)
    assert loss.state["passed"] and loss.state["upstream"] == {}


def test_layers_and_troubles():
    class Layer:
        def __init__(self):
            self.W = W

        def forward(self, X):
            self.X = X
            return X @ self.W

        def backward(self, G):
            self.dW = self.X.T @ G
            return G @ self.W.T

    assert [one["name"] for one in GradientDoctor(Layer(), X).state["inputs"]] == ["X", "W"]
    with pytest.raises(UnknownInput, match="Choose from X, W, b"):
        GradientDoctor(dense, backward, X, W, b, wrt="c")
    with pytest.raises(UnknownLayout):
        GradientDoctor(dense, backward, X, W, b, mode="rows")
    with pytest.raises(CodeError, match="backward stopped in line"):
        GradientDoctor(dense, lambda G, X, W, b: G @ W, X, W, b)
