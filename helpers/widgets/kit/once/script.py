"""A script as a model of its own, so that pages get it once for all the widgets that run it."""

import anywidget
import traitlets

from ..bundle import script

LOADER = script("widgets/kit/once/loader.js")
SCRIPTS = {}


class Script(anywidget.AnyWidget):
    """The text of a script. It is shown nowhere."""

    _esm = "export default {}"
    text = traitlets.Unicode().tag(sync=True)


def reference(text):
    """The name by which a page finds the one model that has this text."""
    held = SCRIPTS.get(text)
    if held is None or held.comm is None:  # all widgets may have been closed
        held = SCRIPTS[text] = Script(text=text)
    return f"IPY_MODEL_{held.model_id}"
