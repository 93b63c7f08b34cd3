"""The static pictures: they draw the numbers that they claim, alone and from several threads."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from helpers import JacobianExplorer, cost, cost_curves, stages, weighted_slices
from helpers.pictures.canvas import png

pytestmark = pytest.mark.slow

X = np.array([[1.2, -0.7, 0.4, -1.5], [-0.3, 0.8, -2.1, 0.6], [0.9, -1.1, 0.2, 1.7]])


def painted(axes):
    """How many cells of a heat map are not empty."""
    return int(np.count_nonzero(axes.collections[0].get_array()))


def test_the_three_stages_show_the_same_ones():
    figure = stages(X)
    whole, *rows, mask = figure.axes
    assert [painted(axes) for axes in rows] == [2, 2, 3]
    assert painted(whole) == painted(mask) == np.count_nonzero(X > 0)
    assert whole.collections[0].get_array().size == 144
    assert "144 entries" in figure.says and "7 are not 0" in figure.says


def test_the_curves_are_the_costs():
    figure = cost_curves("relu", letter="h", n=64, most=1024)
    full, compact = figure.axes[0].lines[:2]
    sizes = full.get_xdata()
    assert sizes.tolist() == [2**k for k in range(11)]
    for line, name in ((full, "full_bytes"), (compact, "compact_bytes")):
        expected = [getattr(cost("relu", n=64, h=int(h)), name) for h in sizes]
        assert line.get_ydata().tolist() == expected
    assert "34.4 GB" in figure.says and "524.3 kB" in figure.says


def test_a_picture_shows_itself_with_words():
    data, metadata = stages(X)._repr_mimebundle_()
    assert data["text/plain"] == metadata["image/png"]["alt"] == stages(X).says
    assert data["image/png"].startswith("iVBOR")


def test_threads_draw_the_same_picture():
    alone = png(JacobianExplorer("relu", X).figure())
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: png(JacobianExplorer("relu", X).figure()), range(8)))
    assert all(picture == alone for picture in together)


def test_no_picture_needs_pyplot():
    code = (
        "import sys; from helpers import JacobianExplorer, stages;"
        "JacobianExplorer('relu')._repr_mimebundle_(); stages([[1.0, -1.0]]);"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_slices_are_drawn_with_their_factors_and_their_sum():
    figure = weighted_slices([0.5, -2.0], np.stack([X, X + 1]))
    signs = [text.get_text() for text in figure.texts]
    assert signs == ["0.5 ×", "+ (−2) ×", "="]
    drawn = [text.get_text() for text in figure.axes[-1].texts]
    assert "−3.8" in drawn  # 0.5·1.2 − 2·(1.2 + 1)
    with pytest.raises(ValueError, match=r"\(3,\).*\(2, 3, 4\)"):
        weighted_slices(np.ones(3), np.stack([X, X]))
