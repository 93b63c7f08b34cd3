"""Whatever is typed, pasted or comes by link: an answer in one line, at once, and nothing is run.

`make soak` tries 100,000 texts.
"""

import sys
import time

import pytest

from helpers import (
    GraphStepper,
    JacobianExplorer,
    ReplacementFinder,
    compose,
    exercises,
    operation,
)
from helpers.calculus.errors import LessonError
from helpers.calculus.graph import Graph
from helpers.calculus.graph.expression import names_in
from helpers.widgets.explorer import acts
from helpers.widgets.graph import quiz, state
from helpers.widgets.kit.away.link import LONGEST, read, unpacked
from tests.amount import amount
from tests.browser.bare import call, open_bare
from tests.hostile import runs, texts

TYPED = 8200  # characters; some more than an expression may have
SECONDS = 0.05  # of processor time, for one answer
STEPPER, EXPLORER = GraphStepper()._present, JacobianExplorer("leaky_relu")._present


def to_explorer(**gesture):
    return lambda text: acts.act(EXPLORER, gesture | {"value": text})


READERS = {  # all that takes a text, and how long a text is tried
    "a graph": (lambda text: Graph(text, **dict.fromkeys(names_in(text), 1.0)), TYPED),
    "the stepper": (lambda text: state.act(STEPPER, {"kind": "text", "text": text}), TYPED),
    "a value of the stepper": (
        lambda text: state.act(STEPPER, {"kind": "value", "name": "x0", "value": text}), TYPED),
    "an answer in the quiz": (quiz.number_in, TYPED),
    "a number's cell": (to_explorer(kind="edit", name="X", index=0), TYPED),
    "a parameter": (to_explorer(kind="parameter", name="alpha"), TYPED),
    "the choice of an operation": (to_explorer(kind="choose", what="operation"), TYPED),
    "an operation": (operation, TYPED),
    "a map": (compose, TYPED),
    "a finder": (ReplacementFinder, TYPED),
    "an exercise": (lambda text: getattr(exercises, text), TYPED),
    "the cell of a link": (read, LONGEST + 10),
    "a link": (unpacked, LONGEST + 10)}
TYPED_ON_A_PAGE = ["typed in a cell", "pasted on a cell", "typed beside a slider"]
COUNT = amount(25, 240, -(-100_000 // (len(READERS) + len(TYPED_ON_A_PAGE))))


FORBIDDEN = {"exec", "import", "open", "os.system", "subprocess.Popen"}
SEEN, WATCHING = set(), []
# Python tells of all that runs. Of a cell that it cannot read it wants to show the line.
sys.addaudithook(lambda event, about: WATCHING and about[:1] != ("<unknown>",) and SEEN.add(event))


def answer(reader, text):
    """(what a reader says against a text or "", seconds of processor time)."""
    began, said = time.thread_time(), ""
    WATCHING.append(True)
    try:
        reader(text)
    except LessonError as error:
        said = str(error)
    finally:
        WATCHING.clear()
    return said, time.thread_time() - began


@pytest.mark.parametrize("name", READERS)
def test_hostile_text_gets_a_line_at_once_and_nothing_runs(name):
    reader, longest = READERS[name]
    answer(reader, "x"), SEEN.clear()  # what is loaded when it is first asked for
    for text in texts(name, COUNT, longest):
        said, seconds = answer(reader, text)
        assert "\n" not in said and len(said) < 1300, (said, text)
        # Once more where another program was in the way.
        assert seconds < SECONDS or min(answer(reader, text)[1] for _ in range(5)) < SECONDS, text
    assert set() == SEEN & FORBIDDEN


# --- on the page: what is typed or pasted becomes numbers there ---

PAGE = """
const seen = [], told = [], host = document.createElement("div");
let watching = false;
const look = (own, ...given) => { if (watching) seen.push(own.name); return given; };
for (const name of ["eval", "Function", "fetch", "open", "Worker", "XMLHttpRequest"]) {
  window[name] = new Proxy(window[name], {
    apply: (own, self, given) => Reflect.apply(own, self, look(own, ...given)),
    construct: (own, given) => Reflect.construct(own, look(own, ...given)),
  });
}
const heard = (value) => { told.push(...[value].flat()); return () => true; };
const onEdit = (_, value) => heard(wireNumber(value));
const grid = arrayGrid(host, { newStroke: () => 1, onEdit });
const axis = (letter) => ({ letter, mark: "", size: 2, colour: 0 });
grid.update({ name: "X", axes: [axis("n"), axis("h")], editable: true, note: "",
  values: Float64Array.of(1, 2, 3, 4) });
const sliders = variableSliders({ send: ({ value }) => heard(value) });
sliders.update([{ name: "x", low: -2, high: 2, value: 1, text: "1" }]);
document.body.append(host, sliders.element);
const cell = host.querySelector(".tm-cell"), input = host.querySelector("input");
const line = host.querySelector(".tm-array-error"), figure = document.querySelector(".tm-g-figure");
const READERS = {
  "typed in a cell": (text) => {
    cell.click();
    input.value = text;
    for (const key of ["Enter", "Escape"]) {
      if (!input.hidden) input.dispatchEvent(new KeyboardEvent("keydown", { key }));
      if (key === "Enter") told.push(line.textContent);
    }
  },
  "pasted on a cell": (text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
    told.push(line.textContent);
    if (!input.hidden) input.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  },
  "typed beside a slider": (text) => {
    figure.value = text;
    figure.dispatchEvent(new Event("change"));
  },
};
/** What a reader told Python or said, what it called, how much is on the page, and its seconds. */
window.readers = (name, texts) => texts.map((text) => {
  told.length = seen.length = 0;
  const begun = performance.now();
  watching = true;
  try { READERS[name](text); } finally { watching = false; }
  const seconds = (performance.now() - begun) / 1000;
  const elements = document.querySelectorAll("*").length;
  return { said: [...told], called: [...seen], seconds, elements };
});
"""
FILES = {"widgets/array/array.js": "arrayGrid", "widgets/kit/numbers.js": "wireNumber",
         "widgets/graph/panels.js": "variableSliders"}


@pytest.fixture(scope="module")
def page(browser):
    page = open_bare(browser, FILES, PAGE)
    page.clock_of = page.context.new_cdp_session(page)
    page.clock_of.send("Performance.enable", {"timeDomain": "threadTicks"})
    yield page
    assert page.errors == []
    page.close()


def page_seconds(page, name, text):
    """Seconds of the processor that the page takes, with whatever a call costs besides."""
    def clock():
        found = page.clock_of.send("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in found if one["name"] == "TaskDuration")

    begun = clock()
    call(page, "readers(a[0], a[1])", name, [text])
    return clock() - begun


@pytest.mark.parametrize("name", TYPED_ON_A_PAGE)
def test_hostile_text_on_a_page_becomes_numbers_or_a_line_at_once(page, name):
    given = [*runs(TYPED), *texts(name, COUNT, TYPED)]
    answers = call(page, "readers(a[0], a[1])", name, given)
    for text, answer in zip(given, answers, strict=True):
        for said in answer["said"]:
            refused = isinstance(said, str) and said not in ("NaN", "Infinity", "-Infinity")
            assert not refused or ("\n" not in said and len(said) < 150), (said, text)
        assert answer["called"] == []
        assert answer["seconds"] < SECONDS or page_seconds(page, name, text) < SECONDS, text
    assert len({answer["elements"] for answer in answers}) == 1
