"""What a notebook keeps of a lab, measured where it is drawn: nothing lies on anything else."""

import itertools
import re
from functools import cache

import numpy as np
import pytest

from helpers import ChainRuleLab, CollapseLab, OutputLossLab, ReplacementFinder
from helpers.labs.kit import stored
from helpers.labs.kit.lab import math, matrices, note, steps, table, value
from helpers.pictures.canvas import new_figure
from tests.amount import amount, spread

SETTINGS = [{"kind": "slider", "label": "step size", "value": 0.5},
            {"kind": "tick", "label": "the grid", "value": False},
            {"kind": "several", "label": "units", "value": ["tanh", "ReLU"]},
            {"kind": "choice", "label": "label y", "value": "1"},
            {"kind": "press", "label": "Again", "value": None}]
SHOWN = [(ReplacementFinder, {"stage": 5}), (ChainRuleLab, {"mode": "entries", "filled": 12}),
         (CollapseLab, {"f": "ReLU", "depth": 3}), (OutputLossLab, {"classes": "softmax", "k": 5}),
         (CollapseLab, {"depth": 8, "width": 6}), (ChainRuleLab, {"layout": "denominator"})]


def sheet_of(readouts, above=False, size=(4, 3)):
    figure = new_figure(*size, "words")
    figure.set_facecolor("black")
    return stored.stored_picture(figure, "What is asked?", SETTINGS, readouts, above)


def places(figure):
    """[(text, its box in pixels, counted from the upper left: left, right, top, bottom)]."""
    high = figure.bbox.height
    found = [(one.get_text(), one.get_window_extent(), one) for one in figure.texts]
    return [(text, (box.x0, box.x1, high - box.y1, high - box.y0), one)
            for text, box, one in found if text.strip()]


def at(figure, text):
    found, = [box for one, box, _ in places(figure) if one == text]
    return found


def dark(figure):
    """The box of the picture in the middle, which is black here."""
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    down, across = np.nonzero((pixels == 0).all(axis=2))
    return across.min(), across.max() + 1, down.min(), down.max() + 1


def apart(one, other, slack=2):
    left, right, top, bottom = one
    return (right - slack <= other[0] or other[1] <= left + slack
            or bottom - slack <= other[2] or other[3] <= top + slack)


def check_room(figure):
    width, height = figure.bbox.size
    boxes = places(figure)
    for text, (left, right, top, bottom), _ in boxes:
        assert left >= 0 and right <= width and top >= 0 and bottom <= height, text
    for (text, box, _), (other, second, _) in itertools.combinations(boxes, 2):
        assert apart(box, second), (text, other)


@pytest.mark.parametrize(("Lab", "settings"), spread(SHOWN, amount(2, 2, len(SHOWN))),
                         ids=lambda one: getattr(one, "__name__", None))
def test_every_text_has_a_place_of_its_own(Lab, settings):
    check_room(Lab(**settings).stored())


READOUTS = [
    value("loss", "0.1234"), value("steps", "30"),
    table("f(x + d)", ["", "number", "error"], [["true", "1.5000", ""], ["first", "9.25", "0.1"]],
          [(1, 1)]),
    table("beside it", ["n"], [["1"], ["2"], ["3"]]),
    table("", ["far too wide to stand beside the others " + 45 * "-", "2"], [["a", "b"]]),
    matrices("rule", [("J_z", [["1.0000", "−2.0000"], ["0", "3.5000"]]), "·", ("x", [["0.5000"]])]),
    math("σ", r"\tfrac{1}{1+x} \le 1"), math("code", r"\texttt{G * (X > 0)}"),
    note("A sentence that is so long that it needs a second line. " * 5, "bad"),
    steps(full_way=[("slice", "J[0]", True), ("sum", "later", False)],
          compact_way=[("mask", ("x_0", "<math/>"), True)]),
]


@cache
def whole(above=False):
    return sheet_of(READOUTS, above)


@pytest.mark.parametrize("above", [False, True])
def test_controls_picture_and_readouts_stand_in_order(above):
    figure = whole(above)
    check_room(figure)
    picture = dark(figure)
    assert (picture[1] - picture[0], picture[3] - picture[2]) == (400, 300)
    for _, box, _ in places(figure):
        assert apart(box, picture)
    setting = [at(figure, text) for text in ("step size", "the grid", "units", "label y")]
    values = [at(figure, text) for text in ("0.5", "no", "tanh, ReLU", "1")[:3]]
    for label, text in zip(setting, values, strict=False):
        assert text[0] > label[1] and abs(label[3] - text[3]) < 5  # on one line
    if above:
        assert max(box[3] for box in setting) < picture[2] and at(figure, "loss")[2] > picture[3]
        assert setting[0][0] < setting[1][0] and abs(setting[0][3] - setting[1][3]) < 5
    else:
        assert max(box[1] for box in values) < picture[0]
        assert all(a[3] < b[2] for a, b in itertools.pairwise(setting))
        assert len({round(box[1]) for box in values}) == 1  # right edges
    for name, formula in (("σ", r"$\dfrac{1}{1+x} \leq 1$"), ("code", "G * (X > 0)")):
        box, told = at(figure, name), at(figure, formula)
        assert told[0] > box[1] and told[2] < box[3] and told[3] > box[2]  # on one line
    order = [at(figure, text)[2] for text in ("loss", "f(x + d)", "rule", "σ", "code", "full way")]
    assert order == sorted(order) and at(figure, "What is asked?")[2] < setting[0][2]
    assert "Again" not in [text for text, *_ in places(figure)] and figure.says == "words"


def test_a_table_has_heads_columns_and_marks():
    figure = whole()
    bold = {text for text, _, one in places(figure) if one.get_weight() == "bold"}
    assert {"number", "error", "9.25", "loss", "0.1234"} & bold == {
        "number", "error", "9.25", "0.1234"}
    colours = {text: one.get_color() for text, _, one in places(figure)}
    assert colours["number"] == stored.MUTED != colours["9.25"] == stored.LIGHT.text
    heads = at(figure, "number"), at(figure, "error")
    for text, head in (("1.5000", heads[0]), ("9.25", heads[0]), ("0.1", heads[1])):
        box = at(figure, text)
        assert box[1] == pytest.approx(head[1], abs=2) and box[2] > head[2]
    assert at(figure, "true")[0] == pytest.approx(at(figure, "first")[0], abs=2)
    assert at(figure, "true")[2] < at(figure, "first")[2]
    beside, wide = at(figure, "beside it"), at(figure, "a")
    assert beside[0] > heads[1][1] and beside[2] == pytest.approx(at(figure, "f(x + d)")[2], abs=3)
    assert wide[0] < 20 and wide[2] > at(figure, "3")[3]


def test_matrices_stand_in_their_brackets():
    figure = whole()
    high = figure.bbox.height
    lines = [np.array(line.get_data()) * [[900], [high]] for line in figure.artists]
    boxes = [(xs.min(), xs.max(), high - ys.max(), high - ys.min()) for xs, ys in lines]
    assert len(boxes) == 4
    for (left, right), numbers in ((boxes[:2], ("1.0000", "−2.0000", "0", "3.5000")),
                                   (boxes[2:], ("0.5000",))):
        for text in numbers:
            box = at(figure, text)
            assert left[0] < box[0] and box[1] < right[1] + 1
            assert left[2] - 2 <= box[2] and box[3] <= left[3] + 2
        assert (left[1] - left[0], right[1] - right[0]) == pytest.approx((5, 5))
    assert at(figure, "0")[1] == pytest.approx(at(figure, "1.0000")[1], abs=1)
    name, size = at(figure, "Jz 2×2"), at(figure, "x 1×1")
    assert name[2] > boxes[0][3] - 1 and boxes[1][1] < at(figure, "·")[0] < boxes[2][0] < size[1]


def test_what_is_not_shown_yet_keeps_its_place_empty():
    figure = whole()
    texts = [text for text, *_ in places(figure)]
    assert {"J[0]", "slice", "sum", "mask", "$x_0$"} <= {*texts} and "later" not in texts
    assert at(figure, "compact way")[2] == pytest.approx(at(figure, "full way")[2], abs=2)
    assert at(figure, "compact way")[0] > 440 and at(figure, "sum")[2] > at(figure, "J[0]")[3]
    shown = steps(one=[("a", "text", True), ("b", "text", True)])
    hidden = steps(one=[("a", "text", False), ("b", "text", False)])
    assert sheet_of([shown]).bbox.height == sheet_of([hidden]).bbox.height


@pytest.mark.parametrize(("latex", "text"), [
    (r"\texttt{G * (X > 0)}", "G * (X > 0)"), ("x_0^2", "$x_0^2$"),
    (r"\tfrac{1}{2} \le x", r"$\dfrac{1}{2} \leq x$"), (r"\frac{1}{2}", r"$\dfrac{1}{2}$"),
    (r"y = x, \quad J = \begin{pmatrix}1&2\end{pmatrix}", "$y = x$"),
    (r"\begin{pmatrix}1\end{pmatrix}", ""),
])
def test_a_formula_is_drawn_as_far_as_matplotlib_reads_it(latex, text):
    assert stored.formula(latex) == text


def test_a_long_note_is_broken_between_words_and_coloured_by_its_tone():
    figure = whole()
    lines = [(text, box, one) for text, box, one in places(figure) if re.search("sentence", text)]
    assert len(lines) > 1 and all(750 < box[1] - box[0] < 890 for _, box, _ in lines[:-1])
    assert {one.get_color() for *_, one in lines} == {stored.LIGHT.bad}
