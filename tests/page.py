"""A page's side of a lab: hand it gestures, read its read-outs."""


def browser(widget, *gestures, client="page"):
    """Hand gestures to a widget as a page would."""
    serial = widget.state["applied"].get(client, 0)
    queue = [{"serial": serial + i + 1, **gesture} for i, gesture in enumerate(gestures)]
    widget.gestures = {"client": client, "queue": queue}


def reads(widget, label):
    """A read-out by the start of its label."""
    return next(r for r in widget.state["readouts"] if r.get("label", "").startswith(label))


def as_high(widget, shown):
    """Whether what a notebook stores of a widget is about as high as the widget on the page."""
    box, (across, high) = shown.bounding_box(), widget.stored().get_size_inches() * 100  # dpi
    return 0.9 <= high * min(1, box["width"] / across) / box["height"] <= 1.1
