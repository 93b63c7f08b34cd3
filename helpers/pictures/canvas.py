"""Bare Matplotlib figures and their PNG bytes, safe to use from any thread."""

import base64
import io
import threading

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Widget callbacks may run beside a running cell (ipykernel 7): all drawing passes this lock.
DRAWING = threading.RLock()


class Picture(Figure):
    """A figure that a notebook shows by itself, with `says` as its text and its alt text."""

    says = "A picture without words"

    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": self.says, "image/png": encoded(self)}, {
            "image/png": {"alt": self.says}
        }


def new_figure(width, height, says=Picture.says, layout="constrained"):
    """A `Picture` of `width` × `height` inches that pyplot knows nothing of."""
    figure = Picture(figsize=(width, height), layout=layout)
    figure.says = says
    FigureCanvasAgg(figure)
    return figure


def png(figure, dpi=100):
    """The figure as PNG bytes, at `dpi` pixels per inch."""
    with DRAWING:
        buffer = io.BytesIO()
        # No "Software" entry: the bytes then depend on the picture alone.
        figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
        return buffer.getvalue()


def encoded(figure, dpi=100):
    """The PNG as base64 text, as notebooks store it."""
    return base64.b64encode(png(figure, dpi)).decode("ascii")
