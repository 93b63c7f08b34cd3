"""The explorer's picture: every array by its name, both ways in words, nothing on another."""

from itertools import combinations

import numpy as np
import pytest

from helpers import JacobianExplorer

CASES = [
    (("affine",), {"wrt": "W", "layout": "denominator", "mode": "blocks"}, "X W b Y G X dL/dW",
     "(4, 2, 3, 2)", "dW = X.T @ G", "12 numbers"),
    (("affine",), {"wrt": "b"}, "X W b Y G dL/db", "(3, 2, 2)", "db = G.sum(0)", "nothing"),
    (("relu",), {"n": 2, "h": 3}, "X Y G (X > 0) dL/dX", "(2, 3, 2, 3)", "dX = G * (X > 0)",
     "6 numbers"),
    (("squared_error",), {}, "Y target L G core dL/dY", "(3, 4)", None, "12 numbers"),
    (("relu", np.ones((4, 20))), {}, "X Y G (X > 0) dL/dX", "(4, 20, 4, 20)", None, "80 numbers")]


@pytest.mark.parametrize(("given", "settings", "names", "shape", "line", "kept"), CASES)
def test_a_picture_has_what_the_screen_has(given, settings, names, shape, line, kept):
    explorer = JacobianExplorer(*given, **settings)
    figure = explorer.figure()
    drawn = [axes.texts[0].get_text() for axes in figure.axes if axes.texts]
    tensors = [axes for axes in figure.axes if axes.collections and any(
        one.get_label() == "cells" for one in axes.collections)]
    names = [name.replace("_", " ") for name in names.replace("(X > 0)", "(X_>_0)").split()]
    assert len(tensors) == 1 and len(figure.axes) == len(names) + 1
    assert set(names) <= set(drawn)
    first, full, compact, verdict = (text.get_text() for text in figure.texts)
    assert first == "Forward, and the upstream gradient G"
    out, wrt = explorer._present.op.output, explorer._present.wrt
    assert full == f"The full way: ∂{out}/∂{wrt} has shape {shape}"
    assert compact == f"The compact way: {line or compact.split(': ')[1]}"
    said = " ".join(verdict.split())
    assert said == f"It keeps {kept}. {explorer.state['verdict']['text']}"
    assert all(len(one) <= 58 for one in verdict.split("\n"))
    assert figure.says == repr(explorer)
    nothing_lies_on_another(figure)


def nothing_lies_on_another(figure):
    """And the two ways begin side by side."""
    boxes = [axes.get_position() for axes in figure.axes]
    for one, other in combinations(boxes, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        down = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert min(across, down) < 1e-9
    for box in boxes:
        assert box.x0 >= 0 and box.x1 <= 1 + 1e-9 and box.y0 >= -1e-9 and box.y1 <= 1
    places = [text.get_position() for text in figure.texts]
    assert places[1][1] == pytest.approx(places[2][1]) and places[1][0] < places[2][0]
    assert places[0][1] > places[1][1] > places[3][1] > 0


def test_the_tensor_has_the_letters_of_its_axes():
    for layout, outer in (("numerator", ["n=", "k="]), ("denominator", ["m′=", "k′="])):
        figure = JacobianExplorer("affine", wrt="W", layout=layout).figure()
        texts = next([text.get_text() for text in axes.texts] for axes in figure.axes if any(
            one.get_label() == "cells" for one in axes.collections))
        found = {text.split("=")[0] for text in texts if "=" in text}
        assert found == {"n", "k", "m′", "k′"}
        assert all(any(text.startswith(one) for text in texts) for one in outer)


def test_a_sentence_counts_what_is_shown():
    explorer = JacobianExplorer("relu", [[1.0, -2.0]], G=[[1.0, 1.0]], layout="denominator")
    assert repr(explorer) == (
        "JacobianExplorer relu (n=1, h=2): ∂Y/∂X has shape (1, 2, 1, 2), 4 entries, 3 of them 0; "
        "the compact way keeps 2 numbers; the two gradients are the same up to rounding")
    odd = JacobianExplorer("affine", wrt="W", layout="denominator")
    assert "∂Y/∂W has shape (4, 2, 3, 2), 48 entries, 24 of them 0" in repr(odd)
    explorer.set(G=[[np.inf, 1.0]])
    assert repr(explorer).endswith(" apart")
