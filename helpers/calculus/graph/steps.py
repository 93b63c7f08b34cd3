"""The two passes of a graph as steps, each with the sentence that a teacher would say."""

import math
from typing import NamedTuple

from ...words import four, minus
from .kinks import at_kink, sides, smooth


class Step(NamedTuple):
    """kind: "forward", "output", "gate" or "sum"; node: where it happens; sent: what each input
    gets as (input, place, number); question: the sentence up to the number that it works out."""

    kind: str
    node: object
    sentence: str
    sent: tuple = ()
    question: str = ""


def called(node):
    """How sentences speak of a node: its name, or the number that it is."""
    return node.name or ("π" if node.value == math.pi else minus(f"{node.value:g}"))


def trouble(node):
    """Why this is the first node that is not a finite number; empty when it is not."""
    if math.isfinite(node.value) or any(not math.isfinite(one.value) for one in node.inputs):
        return ""
    if not node.gate:
        return f"{called(node)} is {four(node.value)} from the start."
    return f"{_cause(node.gate.name, [one.value for one in node.inputs])}: {four(node.value)}."


def _cause(name, inputs):
    last = inputs[-1]
    if name in ("div", "reciprocal") and last == 0:
        return "Division by zero"
    if name == "log" and last == 0:
        return "The log of 0 is minus infinity"
    if name in ("log", "sqrt"):  # a root of 0 is a number
        return f"The {name} of a negative number is not a real number"
    if name == "pow" and inputs[0] == 0:
        return "Zero to a negative power is a division by zero"
    if name == "pow" and inputs[0] < 0 and last != int(last):
        return "A negative number to a broken power is not a real number"
    return "Overflow, beyond the largest float 1.8e308"


def forward_steps(graph):
    """One step for each gate, in the order of computation."""
    for node in graph.nodes:
        if node.gate:
            yield Step("forward", node, forward_sentence(node))


def forward_sentence(node):
    """`q1 = x + y = −2.0000 + 5.0000 = 3.0000`, and what went wrong if it did."""
    names = node.gate.written(*map(called, node.inputs))
    numbers = node.gate.written(*[_base(node, place) + four(one.value) + _base(node, place, ")")
                                  for place, one in enumerate(node.inputs)])
    said = f"{node.name} = {names} = {numbers} = {four(node.value)}"
    wrong = trouble(node)
    return f"{said}. {wrong}" if wrong else said


def _base(node, place, sign="("):
    """A bracket around a negative base: without it −2 ** 2 means −(2 ** 2)."""
    return sign if node.gate.name == "pow" and place == 0 and node.inputs[0].value < 0 else ""


def backward_steps(graph):
    """The output's gradient 1, then each gate in reverse; a sum as soon as its last path is in."""
    if not graph.output.varies:
        return
    yield Step("output", graph.output, f"The output {graph.output.name} by itself has gradient "
               "1.0000: the backward pass starts here")
    arrived, beside = {}, _sides_said(graph)
    for node in reversed(graph.nodes):
        if not (node.gate and node.varies):
            continue
        sent = tuple((one, place, node.gradient * node.local[place])
                     for place, one in enumerate(node.inputs) if one.varies)
        for one, _, _ in sent:
            arrived[one] = arrived.get(one, 0) + 1
        done = [one for one in dict.fromkeys(one for one, _, _ in sent)
                if arrived[one] == len(one.contributions)]
        ends = _ends(beside, [one.name for one in done if arrived[one] == 1])
        yield Step("gate", node,
                   f"{node.gate.name} {node.gate.behaviour}: {_says(node, sent)}{ends}",
                   sent, _opening(node))
        for one in done:
            if arrived[one] > 1:
                yield Step("sum", one, sum_sentence(one) + _ends(beside, [one.name]))


def _sides_said(graph):
    """{variable: what is said of it once its gradient is complete} where kinks are behind it."""
    said = {}
    for name, (left, right) in sides(graph).items():
        gradient = graph.variables[name].gradient
        if not math.isfinite(left + right + gradient):
            continue
        if not smooth(left, right):
            said[name] = (f"the slope is {four(left)} from the left and {four(right)} from the "
                          "right: a kink, no derivative")
        elif smooth(left, gradient):
            said[name] = (f"the slope is {four(left)} from both sides: the kinks leave no trace, "
                          "the function is smooth here")
        else:
            said[name] = (f"the slope is {four(left)} from both sides: the kinks cancel and the "
                          f"function is smooth here, with derivative {four(left)}; gate by gate "
                          f"the rule for kinks gives {four(gradient)}")
    return said


def _ends(said, names):
    """What is said of these variables, alike ones together."""
    together = {}
    for name in names:
        if name in said:
            together.setdefault(said[name], []).append(name)
    return "".join(f". By {' and by '.join(alike)} {text}" for text, alike in together.items())


def at_kinks(graph):
    """{variable: what is printed beside its gradient, in a few words} where kinks are behind."""
    short = {}
    for name, (left, right) in sides(graph).items():
        if not smooth(left, right):
            short[name] = f" (a kink: {four(left)} from the left, {four(right)} from the right)"
        elif not smooth(left, graph.variables[name].gradient):
            short[name] = f" (kinks cancel: the derivative is {four(left)})"
    return short


def sum_sentence(node):
    """`x is used 2 times: 3.0000 + 3.0000 = 6.0000; gradients add where paths meet`."""
    numbers = [number for _, _, number in node.contributions]
    terms = [four(numbers[0])]
    for number in numbers[1:]:
        terms.append(f"− {four(-number)}" if number < 0 else f"+ {four(number)}")
    return (f"{node.name} is used {len(numbers)} times: {' '.join(terms)} = "
            f"{four(node.gradient)}; gradients add where paths meet")


def _opening(node):
    return f"{node.gate.name} {node.gate.behaviour}: upstream {four(node.gradient)}"


def _says(node, sent):
    """What the gate does with its upstream gradient, input by input."""
    if node.gate.behaviour == "distributes":
        return _distributes(node, sent)
    if node.gate.behaviour == "routes":
        return _routes(node, sent)
    parts = [f"{product(node, place)} = {four(number)}" + _for(one, sent)
             for one, place, number in sent]
    return "; ".join(parts) + _warning(node, sent)


def _for(one, sent):
    return f" for {one.name}" if len(sent) > 1 else ""


def product(node, place):
    """`upstream 1.0000 × the other input −4.0000`, or `× local gradient 0.3679 (exp(a))`."""
    local = four(node.local[place])
    if node.gate.behaviour == "switches":
        return f"upstream {four(node.gradient)} × the other input {local}"
    formula = rule(node, place)
    if at_kink(node):
        return (f"its input is {four(node.inputs[0].value)}: a kink; the course takes 0 there: "
                f"upstream {four(node.gradient)} × 0")
    if formula == "−1":
        return f"upstream {four(node.gradient)} × −1"
    return f"upstream {four(node.gradient)} × local gradient {local} ({formula})"


def rule(node, place):
    """The local gradient as a formula; a constant exponent stands in it as a number."""
    if node.gate.name == "pow" and place == 0 and node.inputs[1].kind == "constant":
        exponent = node.inputs[1].number
        lower = "a" if exponent == 2 else f"a^({exponent - 1:g})"
        return f"{exponent:g}{lower}".replace("-", "−")
    if at_kink(node):
        return "the course's choice at the kink"
    if node.gate.several and len(node.inputs) > 2:
        return f"1(it is the {'largest' if node.gate.name == 'max' else 'smallest'})"
    return node.gate.rules[place]


def _distributes(node, sent):
    upstream = four(node.gradient)
    plain = [one.name for one, place, _ in sent if node.local[place] == 1]
    turned = [(one.name, number) for one, place, number in sent if node.local[place] != 1]
    parts = []
    if plain:
        names = plain[0] if len(plain) == 1 else f"each of {plain[0]} and {plain[1]}"
        parts.append(f"{names} gets the upstream {upstream} unchanged")
    parts += [f"{name} gets it with the other sign, {four(number)}" for name, number in turned]
    return "; ".join(parts)


def _routes(node, sent):
    upstream = four(node.gradient)
    if at_kink(node):
        return _at_tie(node, sent) + _warning(node, sent)
    if node.gate.name == "relu":
        value = four(node.inputs[0].value)
        if node.local[0] == 1:
            return f"its input {value} is above 0, so the upstream {upstream} passes"
        return (f"its input {value} is not above 0, so the upstream {upstream} is stopped: "
                f"{four(sent[0][2])}")
    parts = [f"{one.name} was chosen and gets the whole upstream {upstream}"
             if node.local[place] == 1 else f"{one.name} was not and gets {four(number)}"
             if node.local[place] == 0 else f"{one.name} gets a part, {four(number)}"
             for one, place, number in sent]
    return "; ".join(parts) + _warning(node, sent)


def _at_tie(node, sent):
    """What the course takes where a gate that routes has a kink."""
    upstream = four(node.gradient)
    if node.gate.name == "relu":
        return (f"its input is {four(node.inputs[0].value)}: a kink; the course takes 0 there, so "
                f"the upstream {upstream} is stopped: {four(sent[0][2])}")
    tied = at_kink(node)
    inputs = ("both inputs" if len(node.inputs) == 2 else "all inputs"
              if len(tied) == len(node.inputs) else f"{len(tied)} inputs")
    parts = [f"{one.name} gets {four(number)}" for one, _, number in sent]
    takes = (f"equal parts, 1/{len(tied)} of the upstream {upstream} for each"
             if all(node.inputs[place].varies for place in tied) else
             f"0 where a constant could take all of the upstream {upstream}")
    return (f"{inputs} are equal, {four(node.value)}: a kink; the course takes {takes}: "
            f"{'; '.join(parts)}")


def _warning(node, sent):
    """Said where the gradient first stops being a finite number."""
    bad = [place for _, place, number in sent if not math.isfinite(number)]
    if not bad or not math.isfinite(node.gradient):
        return ""
    local = node.local[bad[0]]
    if math.isinf(local) and node.gradient == 0:
        return ". 0 × ∞ is not a number"
    return f". The local gradient {rule(node, bad[0])} is {four(local)} here"
