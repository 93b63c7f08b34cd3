"""The geometry of a graph in a bare page: gates apart, and no number on a wire or on another."""

import numpy as np
import pytest

from helpers import GraphStepper
from helpers.calculus.graph.expression import names_in
from helpers.widgets.kit.bundle import styles
from tests.amount import amount
from tests.browser.bare import bare_page, call
from tests.widgets.graph.expressions import random_text, random_values

NEURON = "1/(1+exp(-(w0*x0+w1*x1+w2)))"
EXAMPLES = [NEURON, "(x+y)*z", "x*x + x*y + exp(x)", "x", "max(x, y, x, y) * x", "exp(x)"]
FILES = {
    "widgets/graph/draw.js": "graphFrame spotOf smoothPath wirePoints outlineOf labelSize zoomed "
                             "shareSpot textSpots",
    "widgets/kit/dom.js": "makeSvg",
    "widgets/graph/panels.js": "pointedAt",
    "widgets/graph/view.js": "gateGraph shorter shortened",
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


bare = bare_page(FILES, DRAW, styles("widgets/graph/page.js"))


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


def test_zoom_has_bounds(bare):
    assert call(bare, "zoomed(1.9, 'in', 0.5)") == 2
    assert call(bare, "zoomed(0.1, 'out', 0.5)") == 0.1
    assert call(bare, "zoomed(1.5, 'fit', 0.03)") == 0.03
    assert call(bare, "[zoomed(1, 'in', 0.5), zoomed(1, 'out', 0.5)]") == [1.25, 0.8]
    assert call(bare, "zoomed(0.06, 'out', 0.06)") == 0.06


@pytest.mark.parametrize("text, column, length, parts", [
    ("x +* y", 3, 1, ["x +", "*", " y"]), ("x +", 3, 1, ["x +", "␣", ""]),
    ("exq(x)", 0, 3, ["", "exq", "(x)"]), ("", 0, 1, ["", "␣", ""])])
def test_the_place_of_a_problem(bare, text, column, length, parts):
    assert call(bare, "pointedAt(a[0], a[1])", text, {"column": column, "length": length}) == parts


# --- shapes, lanes and texts ---

KINDS = ["distributes", "switches", "routes", "scales", "variable"]
SHAPES = """((kinds) => kinds.map((kind) => {
  const svg = makeSvg("svg", {}), path = makeSvg("path", { d: outlineOf(kind, { x: 60, y: 50 }) });
  svg.append(path);
  document.body.append(svg);
  const { x, y, width, height } = path.getBBox(), rows = [];
  for (let down = -25; down <= 25; down++) {
    const inside = (across) => path.isPointInFill(new DOMPoint(60.01 + across, 50.01 + down));
    rows.push(Array.from({ length: 61 }, (_, i) => Number(inside(i - 30))));
  }
  svg.remove();
  return { box: [x - 60, y - 50, x - 60 + width, y - 50 + height], rows };
}))(a[0])"""


def test_gates_are_even_about_their_place_and_each_kind_has_its_form(bare):
    boxes = {"distributes": [-20, -20, 20, 20], "switches": [-22, -22, 22, 22],
             "routes": [-20, -15.6, 24, 15.6], "scales": [-20, -15.6, 20, 15.6],
             "variable": [-22, -13, 22, 13]}
    filled = {"distributes": np.pi / 4, "switches": 1 / 2, "routes": 37.5 / 44, "scales": 1,
              "variable": 1 - (4 - np.pi) * 13 ** 2 / (44 * 26)}
    for kind, shape in zip(KINDS, call(bare, SHAPES, KINDS), strict=True):
        left, top, right, bottom = boxes[kind]
        assert shape["box"] == pytest.approx(boxes[kind], abs=0.05), kind
        inside = np.array(shape["rows"])
        assert inside.sum() == pytest.approx(filled[kind] * (right - left) * (bottom - top),
                                             rel=0.06), kind
        assert np.abs(inside - inside[::-1]).sum() < 100, kind
        assert (np.abs(inside - inside[:, ::-1]).sum() < 100) == (kind != "routes"), kind


def test_a_label_is_as_large_as_its_gate_allows_and_at_most_as_its_kind(bare):
    asked = [("×", "scales"), ("", "scales"), ("x", "variable"), ("x12", "variable"),
             ("max", "routes"), ("+1", "switches"), ("×", "switches"), ("sigma", "scales"),
             ("softplus", "scales"), ("0.25", "switches")]
    found = call(bare, "a[0].map(([text, kind]) => labelSize(text, kind))",
                 [list(one) for one in asked])
    assert found[:5] == [20, 20, 17, 14, 14] and found[5:7] == [20, 20]
    for (text, kind), size in zip(asked, found, strict=True):
        room = 26 if kind == "switches" else 36  # pixels; a letter is about 0.6 of its size wide
        assert size == 8 or 0.6 * size * len(text) <= room
        assert size in (14, 17, 20) or 0.6 * (size + 1) * len(text) > room


@pytest.mark.parametrize("upright", [False, True])
def test_texts_of_a_gate_stand_beside_it_on_their_sides(bare, upright):
    def spots(lower=0):
        return call(bare, "textSpots({ upright: a[0], lower: a[1] }, { x: 100, y: 50 })", upright,
                    lower)

    value, gradient, name, warning = (spots()[kind] for kind in
                                      ("value", "gradient", "name", "warning"))
    assert value["x"] == gradient["x"] and 12 <= gradient["y"] - value["y"] <= 24
    if upright:  # below it, beside the wire that goes on
        assert value["x"] > 100 and value["y"] - 50 > 30
        assert name["x"] == warning["x"] < 80 and name["text-anchor"] == "end"
        assert warning["y"] < 50 < name["y"]
    else:
        assert value["x"] > 120 and value["y"] < 50 < gradient["y"]
        assert name["x"] == warning["x"] == 100 and name["text-anchor"] == "middle"
        assert warning["y"] < 30 and name["y"] > 75
        hang = {kind: spots(3)[kind]["y"] - spots()[kind]["y"] for kind in spots()}
        assert hang == {"value": 0, "gradient": 3, "name": 3, "warning": 0}


def test_a_path_is_straight_where_its_points_are_in_line_and_else_bends_half_way(bare):
    points = [{"x": 0, "y": 0}, {"x": 10, "y": 0}, {"x": 20, "y": 8}]
    assert call(bare, "smoothPath(a[0], false)", points) == "M0,0 L10,0 C15,0 15,8 20,8"
    turned = [{"x": y, "y": x} for x, y in ((0, 0), (10, 0), (20, 8))]
    assert call(bare, "smoothPath(a[0], true)", turned) == "M0,0 L0,10 C0,15 8,15 8,20"


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("inputs, lanes, arrive", [
    (1, False, [0]), (2, False, [-9, 9]), (2, True, [-9, 9]), (3, False, [-12, 0, 12]),
    (3, True, [-12, 0, 12]), (5, True, [-12, -6, 0, 6, 12])])
def test_wires_of_one_gate_arrive_side_by_side_in_order(bare, upright, inputs, lanes, arrive):
    frame = {"upright": upright, "first": 50, "row": 80,
             "stops": [{"at": 40, "in": 10, "out": 90}, {"at": 300, "in": 200, "out": 350}]}
    along, across = ("y", "x") if upright else ("x", "y")
    sides, ends = [], []
    for place in range(inputs):
        wire = {"place": place, "inputs": inputs, "lanes": lanes, "bends": []}
        points = call(bare, "wirePoints(a[0], { layer: 0, row: 2, flat: a[2] }, a[1],"
                            "{ layer: 1, row: 1 })", frame, wire, place == 0)
        begins = 13 if upright and place == 0 else 20  # below a flat one
        assert (points[0][along], points[0][across]) == (40 + begins, 210)
        assert points[1] == {along: 90, across: 210} and points[2][along] == 200
        assert points[-1][along] == 290 and all(280 > point[along] for point in points[:-1])
        ends.append(points[-1][across] - 130)
        share = call(bare, "shareSpot(a[0], a[1], { layer: 1, row: 1 })", frame, wire)
        above = place <= (inputs - 1) / 2
        lane = points[2][across]
        assert (share[across] < lane) == above and 5 <= abs(share[across] - lane) <= 13
        assert share["text-anchor"] == (("end" if above else "start") if upright else "middle")
        assert share[along] == (275 if upright else 240)  # before the gate; between bend and gate
        sides.append(lane - 130)
    assert ends == pytest.approx(arrive)
    assert sides == pytest.approx([18 * (k - (inputs - 1) / 2) for k in range(inputs)]
                                  if lanes or inputs == 2 else arrive)


def test_a_wire_that_passes_gates_bends_around_each_of_them(bare):
    frame = {"upright": False, "first": 50, "row": 80, "stops": [
        {"at": 100 * k + 40, "in": 100 * k + 10, "out": 100 * k + 70} for k in range(3)]}
    wire = {"place": 0, "inputs": 1, "lanes": False, "bends": [[1, 0.4]]}
    points = call(bare, "wirePoints(a[0], { layer: 0, row: 0 }, a[1], { layer: 2, row: 1 })",
                  frame, wire)
    assert [(point["x"], point["y"]) for point in points] == [
        (60, 50), (70, 50), (110, 82), (170, 82), (210, 130), (230, 130)]


@pytest.mark.parametrize("width", [300, 420, 700, 1060, 1600])
@pytest.mark.parametrize("text", EXAMPLES)
def test_a_frame_holds_what_it_promises(bare, text, width):
    graph = graph_of(text)
    frame = call(bare, "graphFrame(a[0], a[1])", graph, width)
    stops, edge, half = frame["stops"], 14, 20
    assert len(stops) == graph["layers"] and 0 < frame["zoom"] <= 1.6
    assert stops[0]["at"] == edge + half  # a gate stands at the edge
    for stop in stops:
        assert stop["in"] < stop["at"] - half and stop["out"] > stop["at"] + half
    if not frame["upright"]:  # room for bends where there are any, and none elsewhere
        turns, places = set(), {node["id"]: node for node in graph["nodes"]}
        for wire in graph["wires"]:
            row, end = places[wire["from"]]["row"], places[wire["to"]]
            for layer, to in [*wire["bends"], (end["layer"], end["row"])]:
                several = layer == end["layer"] and wire["inputs"] > 1
                turns |= {layer} if several or abs(to - row) > 1e-6 else set()
                row = to
        gaps = {k: stops[k]["in"] - stops[k - 1]["out"] for k in range(1, len(stops))}
        assert all((gaps[k] >= 22) == (k in (turns or {1})) for k in gaps), (gaps, turns)
        assert all(gap >= 22 or gap == pytest.approx(0) for gap in gaps.values())
    along, across = (("height", "width") if frame["upright"] else ("width", "height"))
    assert frame[along] == pytest.approx(stops[-1]["out"] + edge)
    if frame["upright"]:
        assert width < 560 and graph["layers"] > 3
        assert frame["width"] == pytest.approx(graph["rows"] * frame["row"] + 2 * edge)
        assert frame["first"] == edge + frame["row"] / 2
        assert frame["zoom"] == pytest.approx(min(1, width / frame["width"]))
    else:
        assert frame[across] == pytest.approx((graph["rows"] - 1) * frame["row"]
                                              + 2 * frame["first"])
        assert frame["first"] >= edge + half + 6 and frame["row"] >= 66
        assert frame["width"] * frame["zoom"] <= width + 1e-6 or frame["zoom"] < 1.6
        assert frame["height"] * frame["zoom"] <= max(440, frame["height"]) + 1e-6


def test_a_projected_graph_has_shorter_numbers_and_knows_the_longest(bare):
    graph = {"nodes": [{"value": "−0.1966", "gradient": None},
                       {"value": "2.0000", "gradient": "?"}],
             "wires": [{"part": "12.3456"}, {"part": None}], "layers": 2}
    found = call(bare, "shortened(a[0])", graph)
    assert [node["value"] for node in found["nodes"]] == ["−0.20", "2.00"]
    assert [node["gradient"] for node in found["nodes"]] == [None, "?"]
    assert [wire["part"] for wire in found["wires"]] == ["12.35", None]
    assert (found["signs"], found["layers"]) == (5, 2)
    graph["nodes"][1] |= {"mark": "right"}  # it stands behind a number
    assert call(bare, "shortened(a[0]).signs", graph) == 7
    assert call(bare, "shortened({ nodes: [], wires: [] }).signs") == 4


def test_where_a_gradient_is_asked_for_the_gate_and_its_number_take_a_click(bare):
    graph = graph_of("(x+y)*z")
    for node in graph["nodes"]:
        node["gradient"] = "?"
    for width in (900, 300):
        call(bare, "drawn(a[0], a[1])", graph, width)
        found = call(bare, """[...document.querySelectorAll(".tm-g-node")].map((group) => {
          const boxes = [".tm-g-hit", ":scope > path", ".tm-g-gradient"].map((what) => {
            const { x, y, width, height } = group.querySelector(what).getBBox();
            return [x, y, x + width, y + height];
          });
          return boxes;
        })""")
        assert len(found) == len(graph["nodes"])
        for hit, gate, text in found:
            for box in (gate, text):
                middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
                assert hit[0] < middle[0] < hit[2] and hit[1] < middle[1] < hit[3]
            assert hit[0] <= gate[0] + 3 and hit[3] - hit[1] >= 39
