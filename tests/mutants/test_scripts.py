"""What is planted in a script is a fault: in a pure function, not in words, and balanced still."""

from tests.mutants.reach import ROOT
from tests.mutants.scripts import CLOSED, OPEN, faults, functions, pure, tokens

SOURCE = r'''
import { nearest } from "./near.js";

const WIDE = 12;  // 1 + 1

/** More - or less. */
export function f(x, { y = 1 }) {
  // 2 + 2
  if (x.open) x.list.push(y);
  const said = `${x < y ? "a < b" : -y} 3 + 3`, odd = /[/] \/ 4/.test(x) || y / 2;
  for (let i = 0; i < y; i++) said.at(i);
  return Math.max(x, 5);
}

const g = (x) => !x;
function drawn(x) { return document.body ? x + 6 : 7; }
export const calls = (x) => drawn(x) - 8;
const far = ([x]) => nearest(x) - 9;
'''
NEAR = "export const nearest = (x) => x.style + 1;\n"
NAMES = pure({"a/one.js": SOURCE, "a/near.js": NEAR})


def planted():
    return {str(fault): fault.planted(SOURCE) for fault in faults(SOURCE, NAMES["a/one.js"])}


def test_functions_that_touch_the_page_or_call_one_that_does_are_not_pure():
    assert NAMES == {"a/one.js": {"f", "g"}, "a/near.js": set()}


def test_every_kind_is_planted_where_it_stands():
    assert set(planted()) == {
        "x.open → !(x.open)", "x.list.push(y) → nothing", "push → unshift", "< → <=", "- → nothing",
        "|| → &&", "/ → *", "2 → 3", "1 → 2", "0 → 1", "++ → --", "said.at(i) → nothing",
        "return Math.max(x, 5) → return undefined", "max → min", "5 → 6", "! → nothing",
        "=> !x → => undefined"}


def test_of_a_file_that_draws_only_small_whole_numbers_are_faults():
    found = {str(fault) for fault in faults(SOURCE, NAMES["a/one.js"], drawing=True)}
    assert set(planted()) - found == {"5 → 6"}


def test_a_fault_changes_one_place_and_no_words():
    for source in planted().values():
        assert source != SOURCE
        for words in ("More - or less.", "2 + 2", "3 + 3", '"a < b"', r"/[/] \/ 4/", "WIDE = 12"):
            assert words in source


def test_faults_of_our_own_scripts_leave_brackets_as_they_were():
    for name in ("kit/numbers", "graph/draw", "tensor/tracks"):
        source = (ROOT / "helpers/widgets" / f"{name}.js").read_text("utf-8")
        found = faults(source, set(functions(source)))
        assert len(found) > 150
        for fault in found[::9]:
            depth = 0
            for token in tokens(fault.planted(source)):
                sign = token.kind == "sign"
                depth += (sign and token.text in OPEN) - (sign and token.text in CLOSED)
                assert depth >= 0
            assert depth == 0
