"""A widget as one file of HTML that answers to pointing, without Python and without a network."""

import base64
import html
import json
import zlib

from ....pictures.packing import smaller
from ..bundle import script
from .link import LinkError, known_site

MOST_READINGS = (2000, 600, 200, 60, 0)
LARGEST = 200_000  # bytes of the file
MARK = "\0"
HOST_ONLY = ("layout", "tabbable", "tooltip")  # what ipywidgets has for its own host

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{says}">
<style>body {{ margin: 8px; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #111418; color: #e6edf3; }} }}
{css}</style></head><body>
<div id="widget"></div>
<noscript>{says}</noscript>
<p>{link}</p>
<script type="module">
let front;
{{
{esm}
}}
{copy}
openCopy(front, "{data}", document.getElementById("widget"));
</script></body></html>
"""


def wired(value):
    """(JSON text, list of bytes): a value as it travels to a page, bytes as {"\\0": place}."""
    buffers = []

    def other(item):
        if isinstance(item, bytes | bytearray | memoryview):
            buffers.append(bytes(item))
            return {MARK: len(buffers) - 1}
        if hasattr(item, "item"):  # a number of NumPy's
            return item.item()
        return dict(item)

    try:
        return json.dumps(value, default=other, allow_nan=False), buffers
    except ValueError:  # as Jupyter does: JSON has no nan
        buffers.clear()
        return json.dumps(without_nan(value), default=other), buffers


def without_nan(value):
    """The same with the texts nan and inf for those numbers."""
    if isinstance(value, dict):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    bad = isinstance(value, float) and (value != value or value in (float("inf"), -float("inf")))
    return repr(value) if bad else value


def page_of(widget):
    """The file as text, with as many readings as fit. Raises LinkError over `LARGEST` bytes."""
    for most in MOST_READINGS:
        page = page_with(widget, widget.pointers()[:most])
        size = len(page.encode())
        if size <= LARGEST:
            return page
    raise LinkError(f"The page would have {size:,} bytes, and is to have at most {LARGEST:,}: make "
                    "the arrays smaller.")


def page_with(widget, pointers):
    """The file with the readings of some places."""
    readings = {}
    for pointer in pointers:
        reading = widget.read(widget._present, pointer)
        if reading.get("text"):
            readings[" ".join(map(str, pointer.values()))] = reading
    values = {name: getattr(widget, name) for name in widget.trait_names(sync=True)
              if not name.startswith("_") and name not in HOST_ONLY}
    quiet = widget.read(widget._present, {}) if pointers else {}
    text, buffers = wired({"values": values, "readings": readings, "quiet": quiet})
    letters = [base64.b64encode(smaller(one)).decode() for one in buffers]
    packed = json.dumps({"text": text, "buffers": letters})
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = base64.b64encode(squeezer.compress(packed.encode()) + squeezer.flush()).decode()
    return PAGE.format(title=type(widget).__name__, says=html.escape(widget.sentence(), quote=True),
                       css=widget._css, data=data, link=open_line(widget),
                       esm=widget.front.replace("export default ", "front = "),
                       copy=script("widgets/kit/away/copy.js"))


def open_line(widget):
    """A link to the live widget, where the pages of the course have an address."""
    if not known_site():
        return ""
    try:
        address = html.escape(widget.url(), quote=True)
    except (LinkError, NotImplementedError):
        return ""
    return f'<a href="{address}">Open it live</a>'
