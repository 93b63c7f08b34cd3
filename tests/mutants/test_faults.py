"""What is planted is a fault: in the formula, not in the words, and still a program."""

import ast
from types import SimpleNamespace

import pytest

from tests.mutants import __main__ as program
from tests.mutants.faults import faults
from tests.mutants.reach import ROOT

SOURCE = '''
"""Words + 1."""
LATEX = r"f = \\tfrac{3}{2}x_0 - 1"
ROW = dict(A=[[7.0, -8.0]], b=[6.0, -5.0], B=((6.0, 5), (-7, 8.0)), start=(9, 9))
SIZES = {1: ((7,), (8,)), 2: ((9, 6), (8, 8))}
random = np.random.default_rng(99)


def f(x: int = 2, axis=0):
    """Two - 2."""
    if not x:
        raise ValueError("give 1 or more")
    x += 1
    x = x.reshape(-1, np.reshape(x, (x.n, -1)))
    return -x[1:].max(axis) + σ(x) @ x


def drawn(axes):
    axes.plot(3 + 4)


row = Slider("a", "b", low=-8, high=9, values=(6, 7), when=lambda now: now is x)
'''


def planted():
    return {str(fault): fault.planted(SOURCE) for fault in faults(SOURCE)}


def test_every_kind_is_planted_where_it_stands():
    assert set(planted()) == {
        "3 → 4", "2 → 3", "is → is not", "0 → 1", "- → +", "1 → 2", "not → nothing",
        "x += 1 → pass", "+ → -",
        'raise ValueError("give 1 or more") → pass', "max → min", "@ → *",
        "return -x[1:].max(axis) + σ(x) @ x → return None", "- → nothing", "1 → nothing"}


def test_false_becomes_true_and_not_none():
    assert [str(fault) for fault in faults("def f():\n    return False\n")] == ["False → True"]


def test_a_fault_changes_one_place_and_no_words():
    for name, source in planted().items():
        assert source != SOURCE and '"""Two - 2."""' in source and '"""Words + 1."""' in source
        assert "axes.plot(3 + 4)" in source and source.count("σ(x)") == (name[:6] != "return")
        assert "x: int" in source and ('"give 1 or more"' in source) != name.startswith("raise")


def test_faults_of_our_own_sources_are_programs():
    for path in ("calculus/vector/maps.py", "exercises/losses.py", "labs/collapse/study.py"):
        source = (ROOT / "helpers" / path).read_text("utf-8")
        for fault in faults(source)[::9]:
            ast.parse(fault.planted(source))


@pytest.mark.parametrize("notices, found, tried", [
    ("own", "own", ["own"]), ("other", "other", ["own", "other"]),
    ("notebook", "a notebook or a kernel", ["own", "other", "notebook"]),
    ("nothing", None, ["own", "other", "notebook"])])
def test_a_survivor_is_tried_by_all_other_tests(monkeypatch, notices, found, tried):
    seen, reach = [], {kind: SimpleNamespace(kind=kind, seconds={}) for kind in ("own", "other")}

    def notice(kind):
        seen.append(kind)
        return kind if kind == notices else None

    bench = SimpleNamespace(reach=reach["own"], is_sound=lambda test: True,
                            killer=lambda path, fault: notice(bench.reach.kind),
                            write=lambda path, source: None)
    monkeypatch.setattr(program, "elsewhere", lambda *names: reach["other"])
    monkeypatch.setattr(program, "against_notebooks", lambda path, source: notice("notebook"))
    fault = SimpleNamespace(planted=lambda source: source)
    assert program.killer(bench, "helpers/words.py", fault, near=False) == found
    assert seen == tried and bench.reach is reach["own"]
    seen.clear()
    assert program.killer(bench, "helpers/words.py", fault, near=True) == (
        "own" if notices == "own" else None)
    assert seen == ["own"]
