"""What is printed where a terminal has no ∂: a plain spelling. Needs the standard library alone."""

import codecs
import sys
import unicodedata

SPELLED = {
    "−": "-", "‐": "-", "‑": "-", "–": "-", "—": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/",
    "⁄": "/", "±": "+/-", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∈": "in", "→": "->",
    "←": "<-", "↦": "->", "⇒": "=>", "↑": "up", "↓": "down", "∂": "d", "∇": "grad ", "Δ": "delta ",
    "Σ": "sum ", "∑": "sum ", "∏": "prod ", "√": "sqrt ", "∛": "cbrt ", "∞": "inf", "⊙": "*",
    "⊗": "(x)", "⋆": "*", "∘": "o", "∧": "^", "‖": "||", "⟨": "<", "⟩": ">", "′": "'", "ˆ": "^",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "«": '"', "»": '"', "⌃": "^", "⋯": "...",
    "°": " degrees", "✓": "[x]", "✗": "[ ]", "█": "#", "░": ".", "■": "#", "★": "*",
    "◆": "*", "▶": ">", "⊤": "T", "\u0302": "_hat",
}


def plain(text):
    """The text in ASCII: −1 as -1, ∂ as d, σ as sigma, Xᵀ as X^T, x₁ as x_1."""
    spelled, before = [], ""
    for character in text:
        tag = unicodedata.decomposition(character).partition(" ")[0]
        mark = {"<super>": "^", "<sub>": "_"}.get(tag, "")
        spelled.append(mark if mark != before else "")  # x⁻¹ is x^-1, not x^-^1
        spelled.extend(map(_spelled, unicodedata.normalize("NFKD", character)))
        before = mark
    return "".join(spelled)


def _spelled(character):
    """One character that stands for no others."""
    if character.isascii():
        return character
    name = unicodedata.name(character, "")
    if character not in SPELLED and name.startswith(("GREEK SMALL LETTER", "GREEK CAPITAL LETTER")):
        size, _, letter = name.removeprefix("GREEK ").partition(" LETTER ")
        return letter.lower() if size == "SMALL" else letter.title()
    otherwise = "" if unicodedata.combining(character) else ascii(character)[1:-1]
    return SPELLED.get(character, otherwise)


def print_anywhere():
    """From now on what a terminal or a pipe cannot write is spelled plainly, never an error."""
    codecs.register_error("plain", lambda error: (plain(error.object[error.start:error.end]),
                                                  error.end))
    for stream in (sys.stdout, sys.stderr):  # None in a program without a console
        if hasattr(stream, "reconfigure"):   # a notebook's takes every letter
            stream.reconfigure(errors="plain")
