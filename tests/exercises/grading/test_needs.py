"""What a cell does with names, read off its text, and what of its imports is left out."""

from dataclasses import replace

import pytest

from helpers.exercises import EXERCISES
from helpers.exercises.grading.needs import lighter, understood

CHECK = "exercises.relu_backward.check"


@pytest.mark.parametrize(("source", "reads", "binds", "changes"), [
    ("x = y", "y", "x", ""), ("x = 1\ny = x", "", "x y", ""), ("y = x\nx = 1", "x", "x y", ""),
    ("def f(a):\n    return a + b", "b", "f", ""), ("f = lambda a: a + b", "b", "f", ""),
    ("class A(B):\n    c = d", "B d", "A", ""), ("print(x)", "print x", "", ""),
    ("def f():\n    global x\n    x = y", "y", "f x", ""), ("[a for a in b]", "b", "", ""),
    ("x = {a: [c for c in a] for a in {d for d in b}}", "b", "x", ""),
    ("x[i] = y", "x i y", "", "x"), ("x.a = y", "x y", "", "x"), ("del x.a", "x", "", "x"),
    ("x += y", "x y", "x", "x"), ("x[0].a += 1", "x", "", "x"), ("x.append(y)", "x y", "", "x"),
    ("x[0].a.append(1)", "x", "", "x"), ("f(x).append(1)", "f x", "", ""), ("f(x)", "f x", "", ""),
    ("y = x.pop()", "x", "y", ""), ("if c:\n    x.sort()", "c x", "", "x"),
    ("import a, b.c", "", "a b", ""), ("import a.b as c", "", "c", ""),
    ("from a import b as c, d", "", "c d", ""), ("from a import *", "", "*", ""),
    ("%time x = 3\n!ls\ny = 4\n  ?z", "", "y", "")])
def test_names_that_are_read_bound_and_changed(source, reads, binds, changes):
    cell = understood(3, source)
    assert (cell.reads, cell.binds, cell.changes) == tuple(
        {*names.split()} for names in (reads, binds, changes))
    assert cell.number == 3 and cell.source == source and cell.asks == ()
    assert cell.imports == (cell.binds if "import" in source else set())


@pytest.mark.parametrize(("source", "asks", "left", "reads"), [
    (f"{CHECK}(f)", "f", "", "f"), (f"{CHECK}(f(1) + g)", "f(1) + g", "", "f g"),
    (f"x = 1\n{CHECK}(\n    f\n)\ny = 2", "f", "x = 1\n\n\n\ny = 2", "f"),
    (f"def f():\n    pass\n\n{CHECK}(f)\n# end", "f", "def f():\n    pass\n\n\n# end", ""),
    (f"print({CHECK}(f))", "f", None, "exercises f print"),
    (f"said = {CHECK}(f)", "f", None, "exercises f"),
    (f"{CHECK}()", "", None, "exercises"), (f"{CHECK}(f, g)", "", None, "exercises f g"),
    (f"{CHECK}(f, a=1)", "", None, "exercises f"), ("exercises.nobody.check(f)", "", None,
                                                    "exercises f"),
    ("others.relu_backward.check(f)", "", None, "others f")])
def test_checks_are_asked_for_and_not_run(source, asks, left, reads):
    cell = understood(0, source)
    assert cell.asks == ((("relu_backward", asks),) if asks else ())
    assert cell.source == (source if left is None else left)
    assert cell.reads == {*reads.split()}


def test_what_is_still_as_it_was_handed_out_is_not_asked_for():
    one = EXERCISES["relu_backward"]
    assert understood(0, one.cell(one.stub)).asks == ()
    for more in ("x = 1\n", "'words'\n"):
        assert understood(0, more + one.cell(one.stub)).asks == (("relu_backward",) * 2,)
    assert understood(0, f"{one.stub}\n{CHECK}(other)").asks == (("relu_backward", "other"),)
    broken = understood(0, f"def f(:\n{CHECK}(f)")
    assert broken.asks == (("relu_backward",) * 2,) and broken.source == f"def f(:\n{CHECK}(f)"
    for source in ("def f(:\nexercises.nobody.check(f)", "def f(:"):
        assert understood(0, source).asks == ()


@pytest.mark.parametrize(("source", "needed", "left"), [
    ("import a, b", "b", "import b"), ("import a, b", "a b", "import a, b"), ("import a", "", ""),
    ("import a, b\nb", "", "import b\nb"), ("import a as b, c", "b", "import a as b"),
    ("from x import (a,\n    b)\ny", "b", "from x import b\n\ny"),
    ("from x import (a,\n    b\n)\ny", "", "\n\n\ny"), ("from x import *", "", "from x import *"),
    ("from x import a, \\\n    b", "b", "from x import a, \\\n    b"),
    ("import a; import b", "b", "import a; import b"), ("def f(:", "", "def f(:"),
    ("if c:\n    import a", "", "if c:\n    import a"), ("z\nimport a.b, d", "a", "z\nimport a.b")])
def test_imports_of_what_nothing_needs_are_left_out_line_by_line(source, needed, left):
    cell = replace(understood(0, ""), source=source)
    assert lighter(cell, {*needed.split()}) == replace(cell, source=left)
