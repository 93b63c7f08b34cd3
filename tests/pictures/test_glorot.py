"""Pictures of notebook 01 that stand still: error rates, and all units at a glance."""

import numpy as np

from helpers import glorot_errors
from helpers.calculus.units import UNITS
from helpers.pictures.canvas import png
from helpers.pictures.glorot import DATA, PLAIN, PRETRAINED
from helpers.pictures.units import unit_gallery


def drawn(axes):
    """The positions of all marks of one panel."""
    return sorted(float(x) for line in axes.lines for x in np.atleast_1d(line.get_xdata())
                  if line.get_marker() not in ("None", None, ""))


def test_error_rates_are_drawn_where_they_belong():
    figure = glorot_errors()
    for k, (axes, name) in enumerate(zip(figure.axes, DATA, strict=True)):
        assert axes.get_title() == name
        rates = [errors[k] for half in (PRETRAINED, PLAIN) for errors in half.values()]
        assert drawn(axes) == sorted(rates)
    assert "MNIST rectifier 1.43 %" in figure.says and "NORB rectifier 16.40 %" in figure.says
    assert png(figure).startswith(b"\x89PNG")


def test_every_unit_is_in_the_gallery():
    figure = unit_gallery()
    assert [axes.get_title() for axes in figure.axes] == list(UNITS)
    assert "maxout" not in figure.says and "sigmoid" in figure.says
    assert "leaky ReLU" in unit_gallery(0.2).says
