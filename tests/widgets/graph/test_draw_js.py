"""The geometry of a graph in a bare page: gates apart, and no number on a wire or on another."""

import pytest

from helpers import GraphStepper
from helpers.calculus.graph.expression import names_in
from helpers.widgets.kit.bundle import styles
from tests.amount import amount
from tests.browser.bare import call, open_bare
from tests.widgets.graph.expressions import random_text, random_values

NEURON = "1/(1+exp(-(w0*x0+w1*x1+w2)))"
EXAMPLES = [NEURON, "(x+y)*z", "x*x + x*y + exp(x)", "x", "max(x, y, x, y) * x", "exp(x)"]
FILES = {
    "widgets/graph/draw.js": "graphFrame spotOf smoothPath wirePoints outlineOf labelSize zoomed",
    "widgets/graph/panels.js": "pointedAt",
    "widgets/graph/view.js": "gateGraph shorter",
}
# What stands where, as drawn: letters reach from a fifth to four fifths of the box of their line.
DRAW = """
document.body.innerHTML = '<div class="tm-root tm-graph"><div class="tm-g-host"></div></div>';
const host = document.querySelector(".tm-g-host"), view = gateGraph(host, () => {}, () => {});
const lettersOf = (text) => {
  const { x, y, width, height } = text.getBBox();
  const [top, bottom] = [y + 0.2 * height, y + 0.8 * height];
  return { name: text.textContent, left: x, right: x + width, top, bottom };
};
const meet = (a, b, gap) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > -gap &&
  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > -gap;
window.drawn = (graph, width, whole = false) => {
  host.parentElement.classList.toggle("tm-whole", whole);
  host.parentElement.style.width = `${width}px`;
  view.update(graph);
  view.fit();
  const svg = host.querySelector("svg");
  const kinds = ["value", "gradient", "part", "name", "warning"].map((kind) => `.tm-g-${kind}`);
  const texts = [...svg.querySelectorAll(kinds.join())].map(lettersOf);
  const wires = [...svg.querySelectorAll(".tm-g-wire path")].map((path) => {
    const length = path.getTotalLength(), count = Math.ceil(length / 3);
    return Array.from({ length: count + 1 }, (_, i) => path.getPointAtLength(length * i / count));
  });
  const gates = [...svg.querySelectorAll(".tm-g-node > path")].map((path) => {
    const { x, y, width, height } = path.getBBox();
    return { left: x, right: x + width, top: y, bottom: y + height };
  });
  const { width: wide, height: high } = svg.viewBox.baseVal, found = [];
  texts.forEach((one, i) => {
    texts.slice(i + 1).filter((other) => meet(one, other, 1)).forEach((other) =>
      found.push(`${one.name} meets ${other.name}`));
    const touched = ({ x, y }) => meet(one, { left: x, right: x, top: y, bottom: y }, 1);
    if (wires.some((points) => points.some(touched))) found.push(`${one.name} lies on a wire`);
    if (gates.some((gate) => meet(one, gate, 0))) found.push(`${one.name} lies on a gate`);
    const outside = one.left < 0 || one.top < 0 || one.right > wide || one.bottom > high;
    if (outside) found.push(`${one.name} is cut off`);
  });
  return { found, width: svg.getBoundingClientRect().width, texts: texts.length };
};
"""


@pytest.fixture(scope="module")
def bare(browser):
    page = open_bare(browser, FILES, DRAW, styles("widgets/graph/page.js"))
    yield page
    assert page.errors == []
    page.close()


def graph_of(text, values=None, step="end"):
    values = values or dict.fromkeys(names_in(text), 1)
    return GraphStepper(text, step=step, **values).state["graph"]


@pytest.mark.parametrize("width", [420, 700, 1060])
@pytest.mark.parametrize("text", EXAMPLES)
def test_no_number_of_the_examples_lies_on_a_wire_or_on_another(bare, text, width):
    drawn = call(bare, "drawn(a[0], a[1])", graph_of(text), width)
    assert drawn["found"] == [] and drawn["texts"] >= 2


@pytest.mark.parametrize("text", EXAMPLES)
def test_on_a_projector_letters_are_larger_and_lie_apart_too(bare, text):
    drawn = call(bare, "drawn(a[0], 817, true)", graph_of(text))
    size = bare.locator(".tm-g-value").first.evaluate(
        "(text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a")
    assert drawn["found"] == [] and size > 13


@pytest.mark.parametrize("text, short", [
    ("−0.1966", "−0.20"), ("2.0000", "2.00"), ("0.0042", "0.0042"), ("0.0000", "0.00"),
    ("5.1e−6", "5.1e−6"), ("∞", "∞"), ("?", "?"), (None, None)])
def test_numbers_are_shorter_there_and_never_become_0(bare, text, short):
    assert call(bare, "shorter(a[0])", text) == short


@pytest.mark.parametrize("seed", range(amount(0, 25, 200)))
def test_no_number_of_a_random_graph_lies_on_a_wire_or_on_another(bare, seed):
    text = random_text(seed)
    graph = graph_of(text, random_values(seed, names_in(text)))
    for width in (480, 1060):
        drawn = call(bare, "drawn(a[0], a[1])", graph, width)
        assert drawn["found"] == [], (text, width)


@pytest.mark.parametrize("text", ["(x+y)*z", "x*x + x*y + exp(x)", "x*y"])
def test_a_small_graph_fills_the_width_and_nothing_moves_with_the_steps(bare, text):
    assert call(bare, "drawn(a[0], a[1])", graph_of(text), 900)["width"] > 600
    frames = [call(bare, "graphFrame(a[0], 900)", graph_of(text, step=step)) for step in (0, "end")]
    assert frames[0] == frames[1]


@pytest.mark.parametrize("width", [420, 560, 700, 900, 1300])
@pytest.mark.parametrize("text", EXAMPLES[:4])
def test_gates_keep_apart_and_inside(bare, text, width):
    graph = graph_of(text)
    frame = call(bare, "graphFrame(a[0], a[1])", graph, width)
    spots = [call(bare, "spotOf(a[0], a[1], a[2])", frame, node["layer"], node["row"])
             for node in graph["nodes"]]
    for i, a in enumerate(spots):
        assert 20 <= a["x"] <= frame["width"] - 20 and 20 <= a["y"] <= frame["height"] - 20
        for b in spots[i + 1:]:
            assert abs(a["x"] - b["x"]) >= 44 or abs(a["y"] - b["y"]) >= 44, (a, b)


@pytest.mark.parametrize("width, upright", [(540, True), (900, False)])
def test_the_neuron_fits_without_scrolling(bare, width, upright):
    frame = call(bare, "graphFrame(a[0], a[1])", graph_of(NEURON), width)
    assert frame["upright"] is upright and frame["zoom"] > 0.75
    assert frame["width"] * frame["zoom"] <= width + 1


def test_wires_run_from_the_rim_to_below_the_gate_and_bend_between_the_stops(bare):
    graph = graph_of("x*y")
    frame = call(bare, "graphFrame(a[0], 800)", graph)
    _, y, gate = sorted(graph["nodes"], key=lambda node: (node["layer"], node["row"]))
    points = call(bare, "wirePoints(a[0], a[1], a[2], a[3])", frame, y, graph["wires"][1], gate)
    start, end = (call(bare, "spotOf(a[0], a[1], a[2])", frame, node["layer"], node["row"])
                  for node in (y, gate))
    assert points[0] == {"x": start["x"] + 20, "y": start["y"]}
    assert points[-1] == {"x": end["x"] - 10, "y": end["y"] + 9}
    assert [point["x"] for point in points[1:3]] == [
        frame["stops"][0]["out"], frame["stops"][1]["in"]]
    path = call(bare, "smoothPath(a[0], false)", points)
    assert path.count("C") == 1 and path.count("L") == 2 and "NaN" not in path


def test_every_behaviour_has_its_own_outline(bare):
    kinds = ["distributes", "switches", "routes", "scales", "variable"]
    outlines = {call(bare, "outlineOf(a[0], {x: 0, y: 0})", kind) for kind in kinds}
    assert len(outlines) == 5


@pytest.mark.parametrize("text, most", [("×", 20), ("softplus", 8), ("× −0.1235", 8), ("exp", 14)])
def test_labels_shrink_to_fit(bare, text, most):
    assert call(bare, "labelSize(a[0], 'scales')", text) <= most


def test_zoom_has_bounds(bare):
    assert call(bare, "zoomed(1.9, 'in', 0.5)") == 2
    assert call(bare, "zoomed(0.1, 'out', 0.5)") == 0.1
    assert call(bare, "zoomed(1.5, 'fit', 0.03)") == 0.03


@pytest.mark.parametrize("text, column, length, parts", [
    ("x +* y", 3, 1, ["x +", "*", " y"]), ("x +", 3, 1, ["x +", "␣", ""]),
    ("exq(x)", 0, 3, ["", "exq", "(x)"]), ("", 0, 1, ["", "␣", ""])])
def test_the_place_of_a_problem(bare, text, column, length, parts):
    assert call(bare, "pointedAt(a[0], a[1])", text, {"column": column, "length": length}) == parts
