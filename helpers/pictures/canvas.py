"""Bare Matplotlib figures and their PNG bytes, safe to use from any thread."""

import io
import threading

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Widget callbacks may run beside a running cell (ipykernel 7): all drawing passes this lock.
DRAWING = threading.RLock()


def new_figure(width, height):
    """A Matplotlib figure of `width` × `height` inches that pyplot knows nothing of."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def png(figure, dpi=100):
    """The figure as PNG bytes, at `dpi` pixels per inch."""
    with DRAWING:
        buffer = io.BytesIO()
        # No "Software" entry: the bytes then depend on the picture alone.
        figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
        return buffer.getvalue()
