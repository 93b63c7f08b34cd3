"""The picture of an order puzzle: factors as blocks, as high and as wide as their shapes."""

import re
from textwrap import fill

from matplotlib.patches import Rectangle

from ...pictures.canvas import new_figure
from ...pictures.palette import LIGHT

UNIT, GAP = 0.26, 1.15   # inches: one row or column, and the room between two blocks
HIGH, ABOVE, BELOW, LINE = 1.56, 1.45, 1.55, 0.21  # around blocks of at least this height
LINES = 80               # signs in a line of the answer


def draw_order(says, title, asks, cards, joints, goal, answer):
    """A `Picture` as high as the widget: cards and goal are (name, shape), joints (text, fits?).

    answer: (was the order right?, why); right is None before it is checked: then no joint is told.
    """
    blocks, (good, why) = [*cards, goal], answer
    width = sum(UNIT * shape[1] for _, shape in blocks) + GAP * (len(blocks) + 1)
    high = max(HIGH, UNIT * max(shape[0] for _, shape in blocks))
    width, tall = max(width, 0.085 * len(asks), 8.0), ABOVE + high + BELOW
    figure = new_figure(width, tall, says, layout=None)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, tall))
    axes.set_axis_off()
    axes.text(0.2, tall - 0.35, title, color=LIGHT.text, fontsize=12.5, weight="bold", va="center")
    axes.text(0.2, tall - 0.7, mathtext(asks), color=LIGHT.text, fontsize=11, va="center")
    tone = {None: LIGHT.muted, True: LIGHT.good, False: LIGHT.bad}[good]
    for line, text in enumerate(fill(why, LINES).split("\n")):
        axes.text(0.2, 0.75 - LINE * line, mathtext(text), color=tone, fontsize=11, va="center")
    left, middle = 0.6, high / 2 + BELOW
    for place, (name, shape) in enumerate(blocks):
        right = left + UNIT * shape[1]
        axes.add_patch(Rectangle((left, middle - UNIT * shape[0] / 2), right - left,
                                 UNIT * shape[0], facecolor=LIGHT.block, edgecolor=LIGHT.muted))
        for row in range(1, shape[0]):
            y = middle - UNIT * shape[0] / 2 + UNIT * row
            axes.plot((left, right), (y, y), color=LIGHT.line, linewidth=0.8)
        for column in range(1, shape[1]):
            x, half = left + UNIT * column, UNIT * shape[0] / 2
            axes.plot((x, x), (middle - half, middle + half), color=LIGHT.line, linewidth=0.8)
        axes.text((left + right) / 2, middle + high / 2 + 0.2, mathtext(name), color=LIGHT.text,
                  ha="center", fontsize=13, fontweight="bold")
        axes.text((left + right) / 2, middle - high / 2 - 0.32, f"{shape[0]}×{shape[1]}",
                  color=LIGHT.muted, ha="center", fontsize=11)
        if place < len(cards):
            sign(axes, right + GAP / 2, middle, joints[place] if place < len(joints) else None,
                 good)
        left = right + GAP
    return figure


def sign(axes, x, y, joint, good):
    """A dot between two factors, with the sizes that meet once they were checked; else = or ≠."""
    text = "·" if joint else "≠" if good is False else "="
    axes.text(x, y, text, ha="center", va="center", fontsize=20, color=LIGHT.text)
    if joint and good is not None:
        text, fits = joint
        axes.text(x, y - 0.32, f"{text} {'✓' if fits else '✗'}", ha="center", va="center",
                  fontsize=10, color=LIGHT.good if fits else LIGHT.bad, family="DejaVu Sans")


def mathtext(text):
    """J_z with its letter lowered."""
    return re.sub(r"_(\w)\b", r"$_\1$", text)
