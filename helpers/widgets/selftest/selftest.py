"""Do widgets work here? A page that shows this view says so; one that does not shows what to do."""

import platform
from importlib.metadata import version

from ..kit.bundle import script, styles
from ..kit.live import LiveView, cell_of

REMEDY = (
    "1. Choose Run → Run All Cells: a notebook that was only opened shows still pictures.",
    "2. Still a picture? Widgets need jupyterlab, ipywidgets and anywidget of the versions in "
    "requirements.txt, in the environment that JupyterLab was started from, not only the kernel's.",
    "3. Stop JupyterLab, run make lab (or pip install -r requirements.txt), reload the page.",
    "4. Still? File → Trust Notebook, then Kernel → Restart Kernel and Run All Cells.",
)


class SelfTest(LiveView):
    """`SelfTest()`: a line for the kernel, one for the page, one for the way between them.

    Where the page cannot show widgets its picture and its text say what to do instead.
    """

    front = script("widgets/selftest/selftest.js")
    _css = styles("widgets/selftest/selftest.js")

    def __init__(self):
        super().__init__({"heard": 0})

    def act(self, present, gesture):
        return {"heard": present["heard"] + 1}

    def show(self, present):
        kernel = f"Python {platform.python_version()} runs this notebook, with ipywidgets " \
                 f"{version('ipywidgets')} and anywidget {version('anywidget')}"
        return {"kernel": kernel, **present}

    def sentence(self):
        return "SelfTest: you see words instead of three ticks, so widgets do not run here yet.\n" \
               + "\n".join(REMEDY)

    def cell(self):
        return cell_of("SelfTest")

    def figure(self):
        """What to do where widgets do not show."""
        from ...pictures.canvas import new_figure

        lines = ["This is a still picture: widgets do not run here yet.", *map(_folded, REMEDY)]
        figure = new_figure(8.6, 1.3, self.sentence(), layout=None)
        figure.text(0.01, 0.95, "\n".join(lines), fontsize=9, va="top", linespacing=1.5)
        return figure


def _folded(line, width=118):
    """A line in two where it is too long for the picture."""
    if len(line) <= width:
        return line
    cut = line.rindex(" ", 0, width)
    return f"{line[:cut]}\n    {line[cut + 1:]}"
