"""The one palette: pictures take these colours, and the style sheet its variables, from here.

Axis colours follow Okabe and Ito, darkened or lightened to a contrast of at least 4.5 : 1.
"""

from dataclasses import dataclass, fields

# Letters that stand together in one operation differ.
LETTER_COLOURS = {"n": 0, "h": 1, "m": 2, "k": 3, "p": 4, "c": 5,
                  "l": 6, "o": 7, "w": 2, "d": 7, "v": 6}


@dataclass(frozen=True)
class Palette:
    """A colour for each thing that is drawn; `axes`: one for each kind of axis letter."""

    axes: tuple
    text: str
    muted: str
    ground: str
    panel: str
    line: str
    strong_line: str
    negative: str
    zero: str
    positive: str
    hatch: str
    dot: str
    mark: str
    mark_ground: str
    good: str
    bad: str
    accent: str
    shade: str     # the ground of a zone that is pointed out
    block: str     # the ground of a factor in a product

    @property
    def series(self):
        """The axis colours in the order of curves, the most different first."""
        return tuple(self.axes[i] for i in (0, 2, 1, 3, 5, 4, 6, 7))


LIGHT = Palette(
    axes=("#0063a8", "#00734f", "#b34700", "#a3347a", "#6a5200", "#5b4fc0", "#0b6f80", "#8a3b3b"),
    text="#1b1f24", muted="#59636e", ground="#ffffff", panel="#f6f8fa", line="#d0d7de",
    strong_line="#848d97", negative="#b35806", zero="#ffffff", positive="#2166ac",
    hatch="#eef1f4", dot="#a5aeb8", mark="#bf0d66", mark_ground="#ffe3f0", good="#0b6b3a",
    bad="#b42318", accent="#0969da", shade="#f7dfc4", block="#e6eef7")
DARK = Palette(
    axes=("#6cb6ff", "#4fd6a4", "#ff9d57", "#f08bc6", "#e2c044", "#b3a8ff", "#5fd3e6", "#f2a3a3"),
    text="#e6edf3", muted="#a2adb9", ground="#111418", panel="#1a1f25", line="#373e47",
    strong_line="#768390", negative="#f0883e", zero="#111418", positive="#539bf5",
    hatch="#1a1f25", dot="#5b6571", mark="#ff7ab8", mark_ground="#4a1532", good="#57d993",
    bad="#ff8b80", accent="#6cb6ff", shade="#4a3416", block="#1e2a38")


def axis_colour(letter):
    """The colour of an axis letter: 0 … 7, an index into `Palette.axes` and `--tm-axis-…`.

    A mark behind the letter, as in "h′", changes nothing.
    """
    return LETTER_COLOURS.get(letter[0], ord(letter[0]) % 8)


def css_variables(palette):
    """`--tm-text: #1b1f24; …`: the palette as a style sheet names it."""
    pairs = [(f"axis-{i}", colour) for i, colour in enumerate(palette.axes)]
    pairs += [(field.name.replace("_", "-"), getattr(palette, field.name))
              for field in fields(palette) if field.name != "axes"]
    return " ".join(f"--tm-{name}: {colour};" for name, colour in pairs)


def theme():
    """The rules that give every view the colours of its theme, and of a dark page (theme.js)."""
    dark = 'body[data-jp-theme-light="false"] .tm-root, .tm-root.tm-dark'
    return (f".tm-root {{ {css_variables(LIGHT)} color-scheme: light; }}\n"
            f"{dark} {{ {css_variables(DARK)} color-scheme: dark; }}")
