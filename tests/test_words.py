"""What is said of others' things is one line, whatever they are."""

import pytest

from helpers.words import brief, one_line, said


class Mute(Exception):
    def __str__(self):
        raise ValueError("nothing to say")

    __repr__ = __str__


@pytest.mark.parametrize(("text", "line"), [
    ("", ""), ("a  b\n\tc ", "a b c"), ("\x1b[31mred\x07\u202e\x00", "[31mred"),
    ("x" * 10, "x" * 10), ("x" * 11, "x" * 9 + "…"), ("∂ \ud800", "∂"), ("\n" * 10**6 + "x", "")])
def test_one_line(text, line):
    assert one_line(text, 10) == line


def test_what_is_long_is_cut_or_named_by_its_type():
    assert brief([1, "a"]) == "[1, 'a']" and brief("\x1b") == r"'\x1b'"
    assert brief("x" * 58) == f"'{'x' * 58}'" and brief("x" * 59) == f"'{'x' * 58}…"
    assert brief(10**5000) == "something of type int" and brief(Mute()).endswith("type Mute")
    assert said(ValueError("x" * 300)) == "x" * 300 and said(Mute()) == said(ValueError()) == ""
    assert said(ValueError("x" * 301)) == "x" * 299 + "…"
