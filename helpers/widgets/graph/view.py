"""What the browser draws of the graph stepper: places, texts and states. Pure."""

import math
from string import ascii_lowercase

from ...calculus.graph.steps import called, rule, trouble
from ...words import four, short
from . import quiz as quizzes
from .layout import absorbed, label, layout
from .state import fusible

EXAMPLES = (("(x+y)·z", "(x + y) * z"), ("sigmoid neuron", "1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))"),
            ("softplus", "log(1 + exp(x))"), ("max routes", "2 * (max(x, y) * z + relu(w))"),
            ("paths meet", "x*x + x*y + exp(x)"), ("squared error", "(w*x + b - t)**2"))
BEHAVIOURS = {
    "distributes": "the upstream gradient goes on to every input unchanged (a minus turns its "
                   "sign)",
    "switches": "each input gets the upstream gradient times the other input",
    "routes": "the input that was chosen gets all of the upstream gradient, any other 0",
    "scales": "the upstream gradient is multiplied by the local gradient",
}


def show(present):
    graph, done = present.graph, present.steps[:present.step]
    now = done[-1] if done and not present.quiz else None
    return {
        "graph": _graph(present, done, now),
        "controls": _controls(present),
        "now": _now(present, now),
        "sliders": [_slider(name, value) for name, value in present.values.items()],
        "expression": _expression(present),
        "fuse": {"choices": sorted({*fusible(graph), *present.fused}),
                 "fused": list(present.fused)},
        "quiz": _quiz(present),
    }


def _controls(present):
    return {"step": present.step, "forward": present.forward, "last": len(present.steps)}


def _expression(present):
    problem = present.problem
    shown = {"text": problem.text if problem else present.text, "problem": None,
             "examples": [{"name": name, "text": text} for name, text in EXAMPLES]}
    if problem:
        shown["problem"] = {"line": problem.line, "column": problem.column,
                            "length": problem.length}
    return shown


def _slider(name, value):
    """A range that stays put while its value moves in it."""
    size = abs(value) if math.isfinite(value) else 0.0
    limit = 5.0 if size <= 5 else 10.0 ** math.ceil(math.log10(size))
    shown = value if math.isfinite(value) else 0.0
    return {"name": name, "value": shown, "text": short(value), "low": -limit,
            "high": limit}


def _parts_shown(present, done):
    """{(consumer, place): number} for the wires that a gradient has come down."""
    if not present.quiz:
        return {(step.node.index, place): number
                for step in done if step.kind == "gate" for _, place, number in step.sent}
    open_ = {present.graph.output.name, *present.quiz.marks}
    return {(consumer.index, place): number for node in present.graph.nodes if node.name in open_
            for consumer, place, number in node.contributions if consumer.name in open_}


def gradients_shown(present, done):
    """The indices of nodes whose gradient is complete."""
    if present.quiz:
        names = {present.graph.output.name, *present.quiz.marks}
        return {node.index for node in present.graph.nodes if node.name in names}
    shown = {step.node.index for step in done if step.kind in ("output", "sum")}
    return shown | {one.index for step in done for one, _, _ in step.sent
                    if len(one.contributions) == 1}


def _graph(present, done, now):
    graph, plan = present.graph, layout(present.graph)
    values = {step.node.index for step in done if step.kind == "forward"}
    gradients, parts = gradients_shown(present, done), _parts_shown(present, done)
    nodes = [_node(present, graph.nodes[index], place, index in values or None, gradients, now)
             for index, place in plan.places.items()]
    wires = [_wire(graph, wire, parts, values, now) for wire in plan.wires]
    return {"nodes": nodes, "wires": wires, "layers": plan.layers, "rows": plan.rows}


def _node(present, node, place, known, gradients, now):
    quiz = present.quiz
    value = short(node.value) if known or not node.gate else None
    asks = bool(quiz) and node.varies and node.index not in gradients
    gradient = short(node.gradient) if node.index in gradients else "?" if asks else None
    wrong = trouble(node) if value is not None else ""
    behaviour = node.gate.behaviour if node.gate else node.kind
    return {"id": node.index, "name": node.name, "label": label(node), "behaviour": behaviour,
            "layer": place[0], "row": place[1], "value": value, "gradient": gradient,
            "active": now is not None and now.node is node, "trouble": wrong,
            "asked": bool(quiz) and node.name == quiz.name and asks,
            "mark": quiz.marks.get(node.name, "") if quiz else "",
            "output": node is present.graph.output, "said": _said(node, value, gradient, wrong)}


def _said(node, value, gradient, wrong):
    """A node as a screen reader reads it."""
    what = {"gate": f"{node.gate.name} gate" if node.gate else "",
            "variable": "variable", "constant": "constant"}[node.kind]
    behaviour = f" that {node.gate.behaviour}" if node.gate else ""
    inputs = f" of {' and '.join(called(one) for one in node.inputs)}" if node.inputs else ""
    numbers = f"value {value or 'not known yet'}, gradient {gradient or 'not known yet'}"
    if gradient == "?":
        numbers = f"value {value}, gradient asked for"
    return f"{node.name} {what}{inputs}{behaviour}: {numbers}. {wrong}".strip()


def _wire(graph, wire, parts, values, now):
    """One wire; `part` is the gradient along it where several leave one node."""
    source, target = graph.nodes[wire.source], graph.nodes[wire.target]
    number = parts.get((wire.target, wire.place))
    several = len(source.contributions) > 1 and number is not None
    state = "back" if number is not None else "forward" if wire.target in values else "idle"
    active = now is not None and (now.node is target if now.kind != "sum" else now.node is source)
    return {"from": wire.source, "to": wire.target, "place": wire.place,
            "bends": [list(point) for point in wire.bends], "state": state,
            "active": active and (now.kind != "output"),
            "part": short(number) if several else None,
            "inputs": len(target.inputs) if absorbed(target) is None else 1}


def _now(present, now):
    """The panel beside the graph: what just happened, by which rule, with which numbers."""
    if present.quiz:
        return {"title": "Quiz: the gradients are yours", "said": "", "rule": "", "warning": ""}
    if now is None:
        return {"title": "Before the first step", "rule": "", "warning": "",
                "said": "The variables have their values. Step forward: each gate computes its "
                        "output from its inputs, and keeps both for the way back."}
    forward = now.kind == "forward"
    count = present.step if forward else present.step - present.forward
    total = present.forward if forward else len(present.steps) - present.forward
    what = now.node.gate.name if now.node.gate and now.kind != "sum" else now.node.name
    if now.kind in ("sum", "output"):
        what = f"{now.kind} {now.node.name}" if now.kind == "output" else f"sum at {now.node.name}"
    title = f"{'Forward' if forward else 'Backward'} {count} of {total}: {what}"
    return {"title": title, "said": f"{now.sentence}.".replace("..", "."),
            "rule": "" if now.kind in ("output", "sum") else _rule(now.node, forward),
            "warning": trouble(now.node) if forward else ""}


def _rule(node, forward):
    """What the gate will do, or does, on the way back."""
    if not node.varies:
        return "Constants alone: no gradient comes this way."
    letters = ascii_lowercase[:len(node.inputs)] or "a"
    if len(node.inputs) > len(letters):
        return f"{node.gate.name} of {len(node.inputs)} inputs {node.gate.behaviour}."
    text = node.gate.written(*letters)
    slopes = ", ".join(
        f"∂({text})/∂{letter} = {rule(node, place)}"
        + ("" if rule(node, place) in ("1", "−1") else f" = {four(node.local[place])}")
        for place, letter in enumerate(letters) if node.inputs[place].varies)
    slopes += f"; {node.gate.at_kink}" if node.gate.at_kink else ""
    lead = "On the way back this gate" if forward else "This gate"
    return (f"{lead} {node.gate.behaviour}: {BEHAVIOURS[node.gate.behaviour]}. "
            f"Local: {slopes}")


def _quiz(present):
    quiz = present.quiz
    if not quiz:
        return None
    names = [name for name in quizzes.asked_names(present.graph) if name not in quiz.marks]
    return {"name": quiz.name, "names": names, "said": quiz.said,
            "good": quiz.good, "score": quizzes.score(quiz, present.graph),
            "tolerance": f"within {quizzes.TOLERANCE:.1%}"}
