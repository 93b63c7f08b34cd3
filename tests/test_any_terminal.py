"""Whatever the course prints, a terminal that knows only ASCII, or Windows' old table, takes it."""

import os
import subprocess
import sys

import pytest

from helpers.plain import plain, print_anywhere
from tests.test_layers import MODULES, ROOT

# Widgets, labs, tables, findings, exercises and what a check says of wrong answers; then --help.
PROGRAM = r"""
import numpy as np
import helpers, helpers.exercises.__main__ as command
from helpers import *
from helpers import exercises

X = np.random.default_rng(0).normal(size=(3, 4))
graph = Graph("1/(1+exp(-w*x))", w=2, x=-1)
made = {"EditableArray": EditableArray(X), "TensorView": TensorView(X, output_ndim=1),
        "GradientDoctor": GradientDoctor(np.tanh, lambda G, X: G, X), "Graph": graph}
for name in helpers.__all__:
    thing = getattr(helpers, name)
    if name in made or isinstance(thing, type) and "helpers.calculus" not in thing.__module__:
        thing = made.get(name) or thing()
    print(name, thing, repr(thing), thing.__doc__)
    if hasattr(thing, "cell"):
        thing.code()
for op in OPERATIONS.values():
    print(op, op.formulas)
for found in (discover(np.tanh, X), discover(operation("softmax"), X)):
    print(found, found.derivation, found.numpy)
print(graph.nodes, *graph.forward_steps(), *graph.backward_steps(), cost("relu", n=3, h=4))
print(check_gradients(np.tanh, lambda G, X: G, X), check_gradients("relu", X))
print(installation(), verdict(1e-3), compose(np.sin, np.cos), exercises.progress())
for name, row in exercises.EXERCISES.items():
    print(row, *row.hints, sep="\n")
    row.hint(), row.solution()
    print(row.check(lambda *given: given[0]), row.check(lambda *given: 1 / 0))
print(exercises.puzzle(1, 1), exercises.puzzles[1].check(lambda G, X: G))
for wrong in (lambda: Graph("sin(x"), lambda: operation("rélu"), lambda: graph.gradient("∂")):
    try:
        wrong()
    except Exception as error:
        print(error)
for words in (["--help"], ["grade", "--help"], ["grade", "no such folder: ∂ \udcff"]):
    try:
        print(command.main(words))
    except SystemExit as end:
        print(end)
print(helpers.__doc__)
raise ValueError("an error with a ∂")
"""


PLAINEST = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
            "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}
NAMES = r"""
import sys
from helpers import JacobianExplorer
from helpers.exercises.__main__ import main

for path in ("Bild \xfc.png", "Seite \xfc.html"):
    try:
        JacobianExplorer("relu").save(path)
    except ValueError as error:
        print(error)
open("names.txt", "wb").write("Ann\nJ\xfcrgen\n".encode())
open("x.ipynb", "w").write('{"nbformat": 4, "metadata": {}, "cells": []}')
print(main(["release", "x.ipynb", "--to", "out", "--seed-by-name", "names.txt"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="has names in Unicode")
def test_a_name_of_a_file_that_the_system_cannot_spell_is_refused_in_a_line(tmp_path):
    """Before anything is written: of a class, no half is released."""
    (tmp_path / "program.py").write_text(NAMES, encoding="utf-8")
    done = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True,
                          env=os.environ | PLAINEST, encoding="ascii")
    cure = ("has letters that no file name has here, in ascii: start Python with PYTHONUTF8=1, or "
            "choose another name.")
    assert done.stdout.splitlines() == [f"'Bild u.png' {cure}", f"'Seite u.html' {cure}", "1"]
    assert done.stderr.splitlines() == [f"'out/Jurgen/x.ipynb' {cure}"]
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_every_public_thing_is_printed_by_a_terminal_that_knows_ascii_alone(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True,
                          env=os.environ | PLAINEST)
    said, error = done.stdout.decode("ascii"), done.stderr.decode("ascii")
    assert error.splitlines()[-1] == "ValueError: an error with a d"
    assert "dL/dX" in said and "no such folder: d " in error


PASTED = {"notations.py", "expression.py", "advice.py"}  # what people write; we never say it


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_every_letter_of_the_course_has_a_plain_spelling(encoding):
    texts = [path.read_text("utf-8") for path in MODULES if path.name not in PASTED]
    print_anywhere()
    for letter in set("".join(texts)):
        written = letter.encode(encoding, "plain")
        assert written and b"\\u" not in written, letter


@pytest.mark.parametrize(("text", "spelled"), [
    ("∂L/∂x₁₂ = −1.5e−09 · σ′(x)", "dL/dx_12 = -1.5e-09 * sigma'(x)"),
    ("X̂ᵀ, x⁻¹, x², ½, Φ, ŷ", "X_hat^T, x^-1, x^2, 1/2, Phi, y_hat"),
    ("日 \udcff", "\\u65e5 \\udcff"),
])
def test_plain_is_readable(text, spelled):
    assert plain(text) == spelled
