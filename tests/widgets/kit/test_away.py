"""A widget away from its notebook: the link that opens it as it stands, the one file of HTML."""

import ast
import json
import random
import re
import zlib
from base64 import b64decode, urlsafe_b64encode
from email.message import Message

import numpy as np
import pytest

import helpers
from helpers.calculus.errors import LessonError
from helpers.calculus.operation import OPERATIONS
from helpers.labs.kit.controls import ON_SCREEN, Point, Press, start
from helpers.widgets.kit.away.copy import LARGEST, page_of, wired
from helpers.widgets.kit.away.link import (
    LONGEST,
    WIDGETS,
    LinkError,
    built,
    packed,
    read,
    unpacked,
)
from tests.amount import amount, spread
from tests.labs.test_labs import LABS, changed
from tests.page import browser

STATES = amount(1, 3, 1000)


def opened(address, trusted=False):
    """The widget that a link opens."""
    name, _, state = address.partition("?w=")[2].partition("#")
    made = read(unpacked(state))
    assert made.name == name
    return built(made, trusted)


def explorer(chance):
    widget = helpers.JacobianExplorer(chance.choice(list(OPERATIONS)), seed=chance.randrange(50))
    state = widget.state["controls"]
    size = chance.choice(state["sizes"])
    return widget, [
        {"kind": "choose", "what": "wrt", "value": chance.choice(state["inputs"])},
        {"kind": "choose", "what": "layout", "value": chance.choice(["numerator", "denominator"])},
        {"kind": "choose", "what": "mode", "value": chance.choice(["tiles", "blocks"])},
        {"kind": "size", "letter": size["letter"], "value": chance.randint(1, 3)},
        {"kind": "edit", "name": "G", "index": 0, "value": chance.choice([1.5, "NaN", -2e-7])},
        *({"kind": "parameter", "name": one["name"], "value": chance.choice([one["low"],
           one["high"]])} for one in state["parameters"]),
        *({"kind": "imagine", "letter": one["letter"], "value": chance.choice([2, 128])}
          for one in state["imagined"]),
        {"kind": "derive", "on": chance.random() < 0.3}]


def graph(chance):
    text = chance.choice(["(x + y) * z", "exp(-w*x) / (1 + x**2)", "max(a, b) + relu(c)", "-x"])
    widget = helpers.GraphStepper(text)
    gestures = [{"kind": "value", "name": one, "value": chance.choice([0.1, -3.0, "inf", 2.5])}
                for one in widget.graph.variables]
    return widget, [*gestures, {"kind": "go", "how": chance.choice(["forward", "backward"])},
                    {"kind": "quiz", "on": chance.random() < 0.3},
                    *[{"kind": "go", "how": "back"}] * chance.randrange(3)]


def batchnorm(chance):
    widget = helpers.BatchNormLab(seed=chance.randrange(99), mode=chance.choice(
        ["training", "evaluation"]), step=chance.randint(0, 8), ddof=chance.randint(0, 1),
        parts=chance.randint(0, 3), feature=chance.randint(0, 2), path=chance.randint(0, 1))
    return widget, []


def puzzle(chance):
    widget = helpers.OrderPuzzle(chance.randint(1, 8), seed=chance.randrange(99),
                                 layout=chance.choice(["numerator", "denominator"]))
    return widget, [{"kind": "move", "card": 0, "to": chance.randint(0, 2)},
                    *[{"kind": "check"}] * chance.randrange(2)]


def array(chance):
    shape = chance.choice([(), (3,), (2, 3), (2, 1, 2)])
    values = np.random.default_rng(chance.randrange(99)).normal(size=shape)
    return helpers.EditableArray(values, name=chance.choice(["X", "W"])), [
        {"kind": "edit", "place": 0, "value": chance.choice([1, "Infinity", "NaN"])}]


def tensor(chance):
    J = np.random.default_rng(chance.randrange(99)).normal(size=(2, 3, 3, 2))
    return helpers.TensorView(J, axes=chance.choice([None, "n h, k m"]),
                              mode=chance.choice(["tiles", "blocks"])), []


def curve(chance):
    points = [(i, chance.choice([2.5, float("nan"), float("inf")]), None) for i in range(1, 5)]
    return helpers.TrainingCurve(points=points, planned=chance.randint(0, 9)), []


KINDS = {"JacobianExplorer": explorer, "GraphStepper": graph, "BatchNormLab": batchnorm,
         "OrderPuzzle": puzzle, "EditableArray": array, "TensorView": tensor,
         "TrainingCurve": curve}


def seen(widget):
    """What is on the screen, but for what belongs to one page or one look."""
    state = {key: value for key, value in widget.state.items()
             if key not in ("applied", "error", "picture", "marks", "score")}
    return repr(state), widget.sentence()


@pytest.mark.parametrize("name", KINDS)
def test_a_link_and_a_cell_bring_back_any_state(name):
    for seed in range(STATES):
        widget, gestures = KINDS[name](random.Random(seed))
        for gesture in gestures:  # one that makes no sense here changes nothing
            browser(widget, gesture)
        again, typed = opened(widget.url("https://a.site")), built(read(widget.cell()))
        assert seen(again) == seen(typed) == seen(widget), widget.cell()
        assert again.cell() == widget.cell()


def shaken(chance, lab, present):
    """Another present of a lab, by gestures at its controls and points; nothing is drawn."""
    for control in chance.choices(lab.controls, k=6):
        if isinstance(control, Point):
            value = [chance.uniform(low, high)
                     for low, high in zip(control.low, control.high, strict=True)]
            present = lab.act(present, {"kind": "set", "place": control.name, "value": value})
        elif isinstance(control, ON_SCREEN) and not isinstance(control, Press):
            present = lab.act(present, changed(chance, control.spec(present[control.name])))
    return present


@pytest.mark.parametrize("Lab", spread(LABS, amount(2, 5, len(LABS))), ids=lambda Lab: Lab.__name__)
def test_a_link_and_a_cell_bring_back_any_settings(Lab):
    lab, chance = Lab(), random.Random(1)
    for _ in range(STATES):
        lab._present = shaken(chance, lab, lab._present)
        made = read(unpacked(lab.url("https://a.site").partition("#")[2]))
        assert made == read(lab.cell()) and made.name == Lab.__name__
        named = dict(zip(["what"], made.arguments, strict=False)) | made.settings
        assert lab._with(start(lab.controls), named) == lab._present, lab.cell()
    assert built(made).settings == lab.settings


def test_every_widget_that_has_a_cell_may_come_by_link():
    labs = {Lab.__name__ for Lab in LABS}
    assert {*KINDS, *labs, "GradientDoctor"} == set(WIDGETS)


def running(X):
    return np.cumsum(X, axis=1)


def forward(X, W):
    return X @ W


def backward(G, X, W):
    return G @ W.T, X.T @ G


X, W = [[1.0, -2.0, 0.5], [0.5, 1.0, 2.0]], [[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]]


@pytest.mark.parametrize("make", [
    lambda: helpers.JacobianExplorer(running, X),
    lambda: helpers.ReplacementFinder(running, X, stage=2),
    lambda: helpers.GradientDoctor(forward, backward, X, W, wrt="W"),
])
def test_a_function_travels_as_text_and_runs_only_when_it_is_trusted(make):
    widget = make()
    address = widget.url("https://a.site/")
    made = read(unpacked(address.partition("#")[2]))
    assert "def " in made.own
    with pytest.raises(LinkError, match="code of its own"):
        built(made)
    again = built(made, trusted=True)
    assert seen(again) == seen(widget)
    assert again.url("https://a.site/") == address


def test_what_cannot_travel_is_said():
    for function in (lambda X: 2 * X, np.tanh):
        with pytest.raises(LinkError, match="cannot travel in a link: only a function written"):
            helpers.JacobianExplorer(function, X).url()
    with pytest.raises(LinkError, match="make the arrays smaller"):
        helpers.TensorView(np.random.default_rng(0).normal(size=(9, 9, 9, 9))).url()


def squeezed(data):
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return urlsafe_b64encode(squeezer.compress(data) + squeezer.flush()).decode().rstrip("=")


PIECES = [  # what is put in the place of a piece of a good cell
    "nan", "-inf", "None", "True", "1e308", "9" * 30, "0xf" + "f" * 5000, "-1", "''", "'a\\nb'",
    "b'x'", "...", "[]", "[[]]", "[[1], [2, 3]]", "[1, 'a']", "{}", "{'__proto__': {'x': 1}}", "1j",
    "'__proto__'", "__class__", "().__class__", "'<script>alert(1)</script>'", "[" * 90 + "]" * 90,
    "{1, 2}", "'" + "x" * 700 + "'", "[[0.0] * 3] * 2", "print", "open('a', 'w')", "(", ")", ",",
    "=", "'\\0'", "\n", "**", "lambda: 0", "x := 1", "'\\ud800'", "-" * 3000 + "1",
    "1" + "+1" * 20_000, "0\n" * 9000, "a" + ".a" * 9000]
CHEAP = [explorer, graph, batchnorm, puzzle, array, tensor]


def runs_nothing(monkeypatch):
    for word in ("exec", "eval"):  # where links are read: Python's own imports need them
        monkeypatch.setattr(f"helpers.widgets.kit.away.link.{word}",
                            lambda *_: pytest.fail("a link was run"), raising=False)


def broken(chance, cell):
    """A cell with one or two of its pieces lost, doubled, or replaced by something hostile."""
    pieces = re.findall(r"[\w.]+|\s+|.", cell)
    for _ in range(chance.randint(1, 2)):
        place = chance.randrange(len(pieces))
        pieces[place:place + 1] = chance.choice([[], pieces[place:place + 1] * 2,
                                                 [chance.choice(PIECES)]])
    return "".join(pieces)


def test_a_broken_cell_makes_a_widget_or_one_line(monkeypatch):
    runs_nothing(monkeypatch)
    chance = random.Random(3)
    cells = [make(chance)[0].cell() for make in CHEAP]
    for _ in range(amount(60, 300, 5000)):
        cell = broken(chance, chance.choice(cells))
        try:
            built(read(cell))
        except LessonError as said:
            assert "\n" not in str(said) and 20 < len(str(said)) < 600, cell


def test_a_broken_link_is_read_or_one_line():
    chance = random.Random(4)
    whole = packed(helpers.BatchNormLab().cell())
    for _ in range(amount(100, 1000, 20_000)):
        place = chance.randrange(len(whole))
        sign = chance.choice(["", "A", "_", "é", "%", "=", "\0", " "])
        try:
            read(unpacked(whole[:place] + sign + whole[place + 1:]))
        except LinkError as said:
            assert "\n" not in str(said) and len(str(said)) < 600


GOOD = packed("ActivationLab(x=1.0)")
DAMAGED = [GOOD[:-4], GOOD[3:], "%%%", "Ä", "AAAA", squeezed(b"\xff\xfe"), squeezed(b"0" * 10**7),
           squeezed(b"#" * (LONGEST + 1))]
HOSTILE = [
    "", "1", "ActivationLab", "import os", "ActivationLab(x=__import__('os').getpid())",
    "open('a', 'w')", "ActivationLab(x=open('a'))", "helpers.ActivationLab()", "exec('1')",
    "ActivationLab(**{'x': 1})", "ActivationLab(x=[i for i in range(9)])",
    "ActivationLab(x=f'{1}')",
    "JacobianExplorer(print)", "ActivationLab(x=" + "(" * 5000, "ActivationLab(x=9**9**9)",
    "ActivationLab(x=" + "[" * 900 + "]" * 900 + ")", "Path('a')", "ActivationLab().save('a')",
    "x = 1\n", "ActivationLab(*[1])", "lambda: 1", "\0", "0\n" * 999 + "ActivationLab()",
    "GradientDoctor('format', '{0.__class__}')", "GraphStepper(step=[])", "BatchNormLab(seed=-1)",
    "JacobianExplorer(X=0x" + "f" * 9000 + ")",
    "GraphStepper(0x" + "f" * 9000 + "[1])", "ActivationLab(x=" + "-" * 2000 + "a)",
]


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_link_is_one_line(text):
    with pytest.raises(LinkError) as said:
        read(unpacked(text))
    assert "\n" not in str(said.value) and len(str(said.value)) < 600


def test_a_link_carries_a_cell_up_to_the_length_that_it_says():
    assert unpacked(squeezed(b"#" * LONGEST)) == "#" * LONGEST
    with pytest.raises(LinkError, match="more than 60,000 characters"):
        unpacked(squeezed(b"#" * (LONGEST + 1)))
    with pytest.raises(LinkError, match="has 60,001 characters"):
        read("#" * (LONGEST + 1))


@pytest.mark.parametrize("cell", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_cell_runs_nothing_and_gets_one_line(cell, monkeypatch):
    runs_nothing(monkeypatch)
    with pytest.raises(ValueError) as said:  # of the link, or of the widget
        built(read(cell))
    assert "\n" not in str(said.value) and len(str(said.value)) < 600


def test_code_beside_the_call_waits_for_trust(monkeypatch):
    made = read("import os\nos.remove('a')\nActivationLab()")
    assert ast.parse(made.own).body
    with pytest.raises(LinkError, match="Read it"):
        built(made)


SAVED = {name: getattr(helpers, name) for name in WIDGETS} | {
    "GradientDoctor": lambda: helpers.GradientDoctor(forward, backward, X, W),
    "EditableArray": lambda: helpers.EditableArray(X),
    "TensorView": lambda: helpers.TensorView(np.ones((2, 3, 3, 2))),
    "affine": lambda: helpers.JacobianExplorer("affine", wrt="W", n=8, m=8, k=8)}


@pytest.mark.parametrize("name", SAVED)
def test_a_page_is_one_small_file_without_a_network(name, tmp_path, monkeypatch):
    monkeypatch.setenv("TENSOR_MONSTERS_SITE", "")
    SAVED[name]().save(tmp_path / "x.html")
    text = (tmp_path / "x.html").read_text("utf-8")
    assert len(text.encode()) <= LARGEST
    assert text.count("<script") == text.count("</script>") == 1
    assert not re.findall(r'(?:src|href)="(?!#)', text)
    assert not re.search(r"\b(?:fetch|XMLHttpRequest|importScripts)\(", text)


def test_a_page_holds_what_the_widget_says_and_every_reading(monkeypatch):
    monkeypatch.setenv("TENSOR_MONSTERS_SITE", "")
    explorer = helpers.JacobianExplorer("relu", [[1.5, -0.5, np.nan]], G=[[2.0, 1.0, 0.5]])
    data = re.search(r'openCopy\(front, "([^"]*)"', page_of(explorer))[1]
    small = json.loads(zlib.decompress(b64decode(data), -15))
    held = json.loads(small["text"])
    assert held["values"]["wrt"] == "X" and held["values"]["reading"] == explorer.reading
    place = held["values"]["state"]["arrays"]["forward"]["X"]["values"]["\0"]
    sent = np.frombuffer(b64decode(small["buffers"][place]))
    assert np.array_equal(sent, [1.5, -0.5, np.nan], equal_nan=True)
    for pointer in explorer.pointers():
        reading = explorer.read(explorer._present, pointer)
        key = " ".join(map(str, pointer.values()))
        assert (held["readings"].get(key) or {"text": ""})["text"] == reading["text"]
    assert held["quiet"]["text"] == "" and wired({"a": [1.5, np.nan, -np.inf], "b": {"c": b"x"}})[
        0] == '{"a": [1.5, "nan", "-inf"], "b": {"c": {"\\u0000": 0}}}'


def test_a_link_leads_to_the_pages_that_are_known(monkeypatch):
    told, widget = Message(), helpers.GraphStepper("-x")
    monkeypatch.setattr("importlib.metadata.metadata", lambda _: told)
    monkeypatch.delenv("TENSOR_MONSTERS_SITE", raising=False)
    assert widget.url().startswith("http://127.0.0.1:8000/try/?w=GraphStepper#")
    told["Project-URL"] = "Homepage, https://a.site/course/"
    assert widget.url().startswith("https://a.site/course/try/?w=GraphStepper#")
    monkeypatch.setenv("TENSOR_MONSTERS_SITE", "https://other.site")
    assert widget.url().startswith("https://other.site/try/?w=GraphStepper#")
