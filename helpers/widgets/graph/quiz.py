"""The quiz: a student types each gradient before it is shown. Pure."""

import math
from dataclasses import dataclass, replace
from types import MappingProxyType

from ...calculus.errors import LessonError, UnknownInput
from ...calculus.graph.graph import Graph
from ...calculus.graph.kinks import at_kink
from ...calculus.graph.steps import product, sum_sentence
from ...words import brief, four

TOLERANCE = 0.005     # relative
ROUNDING = 0.00005    # what four decimals cannot tell apart
WORDS = {"inf": math.inf, "∞": math.inf, "-inf": -math.inf, "-∞": -math.inf, "nan": math.nan}
RIGHT, HELPED, SHOWN = "right", "helped", "shown"


@dataclass(frozen=True)
class Quiz:
    """marks: {name: "right" at once, "helped" (a hint, or not the first try) or "shown"}."""

    name: str                  # whose gradient is asked for; "" when all are answered
    marks: MappingProxyType
    missed: frozenset = frozenset()  # names that had a hint or a wrong answer
    said: str = ""
    good: bool | None = None   # the last answer was right, wrong, or there was none


def asked_names(graph):
    """The names that are asked for, in the order in which the backward pass finishes them."""
    names = []
    for step in graph.backward_steps():
        if step.kind == "sum":
            names.append(step.node.name)
        names += [one.name for one, _, _ in step.sent if len(one.contributions) == 1]
    return names


def start(graph):
    return Quiz(asked_names(graph)[0], MappingProxyType({}))


def asked(quiz, graph, name):
    """Ask for another gradient; one that is answered already stays answered."""
    if name not in asked_names(graph):
        raise UnknownInput(f"The quiz does not ask for {name!r:.40}.")
    return quiz if name in quiz.marks else replace(quiz, name=name, said="", good=None)


def number_in(text):
    """The number that a text means: −0.39, 1/3, 0.5*−4, inf, nan. Raises a LessonError."""
    plain = str(text).strip().lower().replace("−", "-")
    if plain in WORDS:
        return WORDS[plain]
    try:
        return Graph(plain.replace(",", ".")).value
    except LessonError:
        raise LessonError(f"{brief(text)} is not a number: type for example −0.39, 1/3 or "
                          "0.5*4.") from None


def answered(quiz, graph, text):
    """The quiz after an answer, with a line that says what was right or wrong."""
    if not quiz.name:
        return quiz
    node, number = graph.node(quiz.name), number_in(text)
    if close(number, node.gradient):
        mark = HELPED if quiz.name in quiz.missed else RIGHT
        return _marked(quiz, graph, mark, f"Right: dL/d{quiz.name} = {four(node.gradient)}.", True)
    return replace(quiz, missed=quiz.missed | {quiz.name}, good=False,
                   said=f"{four(number)} is not it. {diagnosis(graph, node, number)}")


def close(number, true):
    """The same within 0.5 %, or to four decimals; inf and nan only as themselves."""
    if not (math.isfinite(number) and math.isfinite(true)):
        return number == true or (math.isnan(number) and math.isnan(true))
    return abs(number - true) <= max(TOLERANCE * abs(true), ROUNDING)


def diagnosis(graph, node, number):
    """The mistake that this number looks like."""
    paths = [(consumer.local[place], part) for consumer, place, part in node.contributions]
    if node.gradient and close(-number, node.gradient):
        return "The size is right, the sign is not."
    if len(paths) > 1 and any(close(number, part) for _, part in paths):
        return f"That is one path; {node.name} has {len(paths)}, and gradients add."
    if any(close(number, local) for local, _ in paths):
        return "That is the local gradient; multiply it by the upstream gradient."
    if any(close(number, consumer.gradient) for consumer, _, _ in node.contributions):
        return "That is the upstream gradient; multiply it by the local gradient."
    if close(number, node.value):
        return "That is its value; the gradient is asked for."
    return "Upstream times local: try again, or take a hint."


def hinted(quiz, present):
    """The rule with the numbers that go in, without the result."""
    if not quiz.name:
        return quiz
    node = present.graph.node(quiz.name)
    parts = [hint(consumer, place) for consumer, place, _ in node.contributions]
    joined = "; and ".join(parts)
    adds = " Gradients add where paths meet." if len(parts) > 1 else ""
    end = "" if joined.endswith("?") else "."
    return replace(quiz, missed=quiz.missed | {quiz.name}, good=None,
                   said=f"Hint: {joined}{end}{adds}")


def hint(consumer, place):
    gate, upstream = consumer.gate, four(consumer.gradient)
    where = f"{gate.name} ({consumer.name}) {gate.behaviour}"
    if gate.behaviour == "distributes":
        sign = "unchanged" if consumer.local[place] == 1 else "with the other sign"
        return f"{where}: upstream {upstream} goes on {sign}"
    if gate.behaviour == "routes" and at_kink(consumer):
        return f"{where}: upstream {upstream} meets a kink, and {gate.at_kink}. What is sent here?"
    if gate.behaviour == "routes":
        return f"{where}: upstream {upstream} goes to one input alone. Is it this one?"
    return f"{where}: {product(consumer, place)} = ?"


def revealed(quiz, graph):
    """Show the gradient that is asked for, and go on."""
    if not quiz.name:
        return quiz
    node = graph.node(quiz.name)
    if len(node.contributions) > 1:
        said = sum_sentence(node)
    else:
        said = f"dL/d{node.name} = {four(node.gradient)}"
    return _marked(quiz, graph, SHOWN, f"{said}.", None)


def _marked(quiz, graph, mark, said, good):
    marks = {**quiz.marks, quiz.name: mark}
    names = asked_names(graph)
    place = names.index(quiz.name)
    left = [name for name in [*names[place:], *names[:place]] if name not in marks]
    return replace(quiz, name=left[0] if left else "", marks=MappingProxyType(marks),
                   said=said, good=good)


def score(quiz, graph):
    """`3 of 12 right, 1 with help, 1 shown`."""
    counts = {mark: list(quiz.marks.values()).count(mark) for mark in (RIGHT, HELPED, SHOWN)}
    text = f"{counts[RIGHT]} of {len(asked_names(graph))} right"
    for mark, word in ((HELPED, "with help"), (SHOWN, "shown")):
        if counts[mark]:
            text += f", {counts[mark]} {word}"
    return text
