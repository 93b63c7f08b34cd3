"""What travels between a page and Python: gestures, where they come from, and None.

Jupyter's messages are JSON elsewhere. In a browser's own Python they are not: None would arrive as
`undefined`, which views draw as a word, and null comes back as `jsnull`.
"""

import sys

FURTHEST = 1_000_000  # gestures after the last one: a serial beyond would mute its page for ever
SAID = ("state", "settled", "reading")  # by Python alone, with all that begins with _
NAMED = 64  # characters of a page's name

if sys.platform == "emscripten":
    from pyodide.ffi import jsnull as NULL
else:
    NULL = None


def swapped(value, old, new):
    """The same value with `new` wherever `old` stands, in dicts and lists too."""
    if value is old:
        return new
    if isinstance(value, dict):
        return {key: swapped(item, old, new) for key, item in value.items()}
    if isinstance(value, list | tuple):
        kind = list if isinstance(value, list) else tuple
        return kind(swapped(item, old, new) for item in value)
    return value


def of_python(name):
    """Whether only Python sets this trait; a page counts its views, and sets none else with _."""
    return name in SAID or (name.startswith("_") and name != "_view_count")


def sent(state):
    """What Python says, as the page is to hear it."""
    return state if NULL is None else swapped(state, None, NULL)


def received(state):
    """What the page says, as Python is to hear it."""
    return state if NULL is None else swapped(state, NULL, None)


def page_and_queue(message):
    """The page that sent gestures, and the gestures. Raises ValueError where no page says so."""
    client, queue = message.get("client"), message.get("queue")
    if isinstance(client, str) and len(client) <= NAMED and isinstance(queue, list):
        return client, queue
    raise ValueError("A message that no page of this widget sends: a page's name and a list of "
                     f"gestures are needed, not {client!r:.40} and {queue!r:.40}.")


def serial_after(last, gesture):
    """The serial of a gesture that comes after number `last`; None where it was applied before.

    Raises ValueError where the gesture has no serial, or one that no hand gets to.
    """
    serial = gesture.get("serial") if isinstance(gesture, dict) else None
    if type(serial) is int and 0 < serial <= last + FURTHEST:
        return serial if serial > last else None
    raise ValueError("A gesture that no page of this widget sends: a serial up to "
                     f"{last + FURTHEST:,} is needed, not {serial!r:.40}.")
