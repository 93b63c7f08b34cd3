"""What a link and a file carry, to the last statement, sign and byte."""

import math
import types

import numpy as np
import pytest

import helpers
from helpers.widgets.kit.away import copy, link
from helpers.widgets.kit.away.link import Function, LinkError, built, packed, read, unpacked

CALL = "OrderPuzzle(1)"


def own(lines):
    return "\n".join([*(f"x = {k}" for k in range(lines)), CALL])


def test_two_hundred_statements_are_read_beside_the_call():
    assert read(own(200)).own.count("x = ") == 200
    with pytest.raises(LinkError, match=r"^The cell has 201 statements beside its widget; at most "
                                         r"200 are read\.$"):
        read(own(201))


@pytest.mark.parametrize(("line", "granted"), [
    ("from helpers import OrderPuzzle", True), ("from numpy import inf, nan", True),
    ("from numpy import nan", True), ("from numpy import nan, exp", False),
    ("from numpy import exp", False), ("import numpy", False), ("import helpers", False),
    ("from helpers.widgets import order", False), ("from .helpers import x", False),
    ("from . import helpers", False), ("from os import path", False)])
def test_a_cell_brings_its_own_imports_and_no_others(line, granted):
    made = read(f"{line}\n{CALL}")
    assert made.own == ("" if granted else line)


def test_a_call_is_read_as_plain_data():
    made = read("def f(X):\n    return X\n\nx = 1\n"
                "JacobianExplorer(f, [1, nan, -inf], wrt='X', at=(True, None, -2.5), by={'a': 3})")
    assert made.name == "JacobianExplorer" and made.arguments[0] == Function("f")
    first, middle, last = made.arguments[1]
    assert (first, last) == (1, -math.inf) and math.isnan(middle)
    assert made.settings == {"wrt": "X", "at": (True, None, -2.5), "by": {"a": 3}}
    assert made.own == "def f(X):\n    return X\n\nx = 1"
    assert read(CALL) == ("OrderPuzzle", (1,), {}, "")


@pytest.mark.parametrize(("cell", "line"), [
    ("OrderPuzzle(f)", "'f' is not plain data: numbers, texts, lists, or the name of a function "
     "that stands above."),
    ("x = 3\nOrderPuzzle(x)", "'x' is not plain data"),
    ("OrderPuzzle(1 + 2)", "'1 + 2' is not plain data"),
    ("OrderPuzzle(**{'a': 1})", "OrderPuzzle takes its settings one by one, not as **{…}."),
    ("print(1)", "The last line must make a widget: one of JacobianExplorer, GraphStepper, "),
    ("helpers.OrderPuzzle()", "The last line must make a widget"),
    ("", "The last line must make a widget"), ("OrderPuzzle", "The last line must make a widget"),
    ("OrderPuzzle(", "This is no Python cell: it cannot be read."),
    ("OrderPuzzle(1)\nx = 1", "The last line must make a widget")])
def test_what_is_no_call_of_a_widget_is_refused(cell, line):
    with pytest.raises(LinkError) as caught:
        read(cell)
    assert str(caught.value).startswith(line)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 399])
def test_an_address_holds_letters_alone_and_gives_the_cell_back(length):
    cell = "αβ"[:length] + "x" * length
    assert unpacked(packed(cell)) == cell
    assert packed(cell).replace("-", "a").replace("_", "a").isalnum()


def test_a_damaged_or_cut_link_says_so():
    whole = packed("OrderPuzzle(4, seed=12345)")
    with pytest.raises(LinkError, match=r"^This link is cut off: copy it again, as a whole\.$"):
        unpacked(whole[:-8])
    with pytest.raises(LinkError, match=r"^This link is damaged: copy it again, as a whole\.$"):
        unpacked("%" + whole)


@pytest.mark.parametrize(("size", "cut"), [(399, False), (400, False), (401, True)])
def test_a_long_complaint_of_a_widget_is_cut(monkeypatch, size, cut):
    def refuse(made):
        raise TypeError("x" * size)

    monkeypatch.setattr(link, "called", refuse)
    with pytest.raises(LinkError) as caught:
        built(read(CALL))
    assert str(caught.value) == "OrderPuzzle cannot be made so: " + (
        "x" * 399 + "…" if cut else "x" * size)


def test_a_missing_package_and_a_short_complaint_come_through(monkeypatch):
    for error in (ImportError("no torch"), helpers.calculus.errors.ShapeError("too short")):
        def refuse(made, error=error):
            raise error

        monkeypatch.setattr(link, "called", refuse)
        with pytest.raises(type(error), match=str(error)):
            built(read(CALL))


def test_an_address_names_the_widget_on_its_site():
    for site in ("https://a.site", "https://a.site/"):
        address = link.address("OrderPuzzle", CALL, site)
        assert address == f"https://a.site/try/?w=OrderPuzzle#{packed(CALL)}"
    assert link.address("OrderPuzzle", "#" * link.LONGEST, "x").startswith("x/try/")
    with pytest.raises(LinkError, match=r"^The cell has 60,001 characters, and a link carries "):
        link.address("OrderPuzzle", "#" * (link.LONGEST + 1), "x")


def test_a_program_brings_numpy_only_where_it_is_used():
    assert link.program(CALL, ()) == CALL
    assert link.program(CALL, (plain,)) == f"def plain(X):\n    return 2 * X\n\n\n{CALL}"
    both = link.program(CALL, (plain, curved, plain))
    assert both == ("import numpy as np\n\ndef plain(X):\n    return 2 * X\n\n\n"
                    f"def curved(X):\n    return np.tanh(X)\n\n\n{CALL}")


def plain(X):
    return 2 * X


def curved(X):
    return np.tanh(X)


# --- the file ---


@pytest.mark.parametrize(("each", "kept"), [
    (100, 2000), (101, 600), (333, 600), (334, 200), (1000, 200), (1001, 60), (3333, 60),
    (3334, 0)])
def test_a_file_holds_as_many_readings_as_fit(monkeypatch, each, kept):
    """Of 200,000 bytes: 2000, 600, 200, 60 or none."""
    monkeypatch.setattr(copy, "page_with", lambda widget, pointers: "x" * (each * len(pointers)))
    widget = types.SimpleNamespace(pointers=lambda: [{}] * 5000)
    assert len(copy.page_of(widget)) == each * kept


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    widget = types.SimpleNamespace(pointers=lambda: [])
    monkeypatch.setattr(copy, "page_with", lambda widget, pointers: "é" * 100_000)
    assert len(copy.page_of(widget)) == 100_000  # of two bytes each
    monkeypatch.setattr(copy, "page_with", lambda widget, pointers: "é" * 100_000 + "x")
    with pytest.raises(LinkError, match=r"^The page would have 200,001 bytes, and is to have at "
                                         r"most 200,000: make the arrays smaller\.$"):
        copy.page_of(widget)


@pytest.mark.parametrize(("value", "text", "buffers"), [
    ({"a": [1, b"x", bytearray(b"y")], "b": memoryview(b"z")},
     '{"a": [1, {"\\u0000": 0}, {"\\u0000": 1}], "b": {"\\u0000": 2}}', [b"x", b"y", b"z"]),
    ({"n": np.float64(2.5), "k": np.int64(3)}, '{"n": 2.5, "k": 3}', []),
    (types.MappingProxyType({"a": 1}), '{"a": 1}', []),
    ([math.nan, math.inf, -math.inf, {"a": (math.nan, 1)}, b"x"],
     '["nan", "inf", "-inf", {"a": ["nan", 1]}, {"\\u0000": 0}]', [b"x"])])
def test_a_value_travels_as_json_and_its_bytes_beside_it(value, text, buffers):
    assert copy.wired(value) == (text, buffers)


def test_a_file_says_what_it_is_and_where_it_lives(monkeypatch):
    monkeypatch.setenv("TENSOR_MONSTERS_SITE", "https://a.site")
    puzzle = helpers.OrderPuzzle(4)
    text = copy.page_of(puzzle)
    assert "<title>OrderPuzzle</title>" in text and text.count(repr(puzzle)) == 2
    assert f'<a href="{puzzle.url()}">Open it live</a>' in text
    monkeypatch.setenv("TENSOR_MONSTERS_SITE", "")
    assert copy.open_line(puzzle) == ""
    monkeypatch.setenv("TENSOR_MONSTERS_SITE", "https://a.site")
    assert copy.open_line(helpers.JacobianExplorer(lambda X: 2 * X, [1.0, 2.0])) == ""
    assert copy.open_line(helpers.TensorView(np.random.default_rng(0).normal(size=(9,) * 4))) == ""
