"""Stored pictures against those drawn today: what nbval, which skips image/png, does not look at.

While nbval runs a cell again, each picture that the cell stores is compared with the one that it
draws now. Two pictures are the same where no patch of 8 by 8 pixels differs by more than a
fraction of its range: less than a changed digit, more than what smoothing of an edge may do.
"""

import base64
import io
from functools import partial
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.image import imread

PATCH = 8
MOST = 0.04  # of the range from black to white, in the mean of one patch and one colour


def decoded(png: str) -> np.ndarray:
    """The pixels of a stored PNG on white, (height, width, 3) from 0 to 1; raises if it is none."""
    pixels = imread(io.BytesIO(base64.b64decode(png)), format="png").astype(float)
    if pixels.ndim == 2:
        return np.repeat(pixels[:, :, None], 3, axis=2)
    colour, cover = pixels[:, :, :3], pixels[:, :, 3:]
    return colour * cover + 1 - cover if cover.size else colour


def distance(stored: np.ndarray, drawn: np.ndarray) -> float:
    """The largest difference of a patch of two pictures, 0 to 1; 1 where their sizes differ."""
    if stored.shape != drawn.shape:
        return 1.0
    margins = [(0, -size % PATCH) for size in stored.shape[:2]]
    gap = np.pad(stored - drawn, [*margins, (0, 0)])
    rows, columns = (size // PATCH for size in gap.shape[:2])
    patches = gap.reshape(rows, PATCH, columns, PATCH, 3)
    return float(np.abs(patches).mean(axis=(1, 3)).max())


def pictures(outputs) -> list[tuple[str, str]]:
    """Every PNG of a cell's outputs in order, with the words for who cannot see it."""
    return [(output["data"]["image/png"], output["metadata"].get("image/png", {}).get("alt", ""))
            for output in outputs if "image/png" in output.get("data", {})]


def changed(stored, drawn) -> str:
    """What differs between the pictures of a cell's stored outputs and of today's, or nothing."""
    before, now = pictures(stored), pictures(drawn)
    if len(before) != len(now):
        return f"{len(before)} pictures are stored, {len(now)} were drawn: run `make notebooks`"
    for number, ((old, says), (new, says_now)) in enumerate(zip(before, now, strict=True), 1):
        if says != says_now:
            return f"picture {number} is described as {says!r}, today as {says_now!r}"
        if old != new and (far := distance(decoded(old), decoded(new))) > MOST:
            return (f"stored picture {number} is not the one drawn today: a patch differs by "
                    f"{far:.2f}, {MOST} may: run `make notebooks` and look at it")
    return ""


def compare(cell, compared, drawn, stored, skip_compare=None) -> bool:
    """nbval's own comparison of one cell's outputs, and that of its pictures."""
    if not compared(drawn, stored, skip_compare):
        return False
    if words := changed(stored, drawn):
        cell.comparison_traceback.append(words)
    return not words


def drawn_alike() -> bool:
    """Whether this Matplotlib is the one that drew them: another one's letters look otherwise."""
    constraints = (Path(__file__).parents[2] / "constraints.txt").read_text("utf-8")
    return f"matplotlib=={matplotlib.__version__}" in constraints.splitlines()


def watch(items) -> None:
    """Have nbval's cells among the tests `items` compare their pictures too."""
    for item in items:
        if compared := getattr(item, "compare_outputs", None):
            item.compare_outputs = partial(compare, item, compared)
