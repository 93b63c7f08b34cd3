"""The Python side of a page with one widget: asked in JSON, it answers in JSON and bytes."""

import json
from functools import partial

from helpers.widgets.kit import bundle
from helpers.widgets.kit.away.copy import page_of, wired
from helpers.widgets.kit.away.link import address, built, program, read, unpacked
from helpers.widgets.kit.live import one_line

shown = {"widget": None, "post": None}


class Later:
    """What a widget's page is made of: the page has it, so only a copy asks for it."""

    def __init__(self, make, entry):
        self.make, self.entry = make, entry

    def __get__(self, widget, kind):
        return self if widget is None else self.make(self.entry)


# Before any widget is imported: all of their scripts together take a tenth of the start.
bundle.script, bundle.styles = (partial(Later, make) for make in (bundle.script, bundle.styles))


def answer(kind, value):
    """Post one thing to the page."""
    text, buffers = wired({"kind": kind, "value": value})
    shown["post"](text, buffers)


def show(cell, trusted):
    """Make the widget of a cell the one on the page, or say in one line why not.

    A cell with code of its own that nobody has read yet is handed back to be read.
    """
    try:
        made = read(cell)
        if made.own and not trusted:
            answer("asks", {"cell": cell})
            return
        widget = built(made, trusted)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "matplotlib":  # it comes when it is needed
            answer("needs", {"cell": cell, "trusted": trusted})
        else:
            answer("refused", f"There is no {error.name} here: NumPy and the course are.")
        return
    except Exception as error:  # shown to the reader, never swallowed
        answer("refused", one_line(error))
        return
    if shown["widget"]:
        shown["widget"].tell = None
    shown["widget"] = widget
    answer("shown", {"name": made.name, "values": widget.everything()})
    widget.tell = answer


def told(kind, value):
    """Do what the page asks."""
    widget = shown["widget"]
    if kind == "open":
        show(unpacked(value["packed"]) if value.get("packed") else value["cell"], value["trusted"])
    elif kind == "traits" and widget:
        widget.receive(value)
    elif kind == "message" and widget:
        widget.hear(value)
    elif kind == "share":
        cell = program(widget.cell(), widget.functions())
        answer("share", {"cell": cell, "link": address(type(widget).__name__, cell, "."),
                         "sentence": widget.sentence()})
    elif kind == "copy":
        answer("copy", page_of(widget))


def receive(text):
    """One message of the page. Whatever goes wrong becomes one line there."""
    message = json.loads(text)
    try:
        told(message["kind"], message.get("value"))
    except Exception as error:  # shown to the reader, never swallowed
        answer("refused", one_line(error))
