"""What the graph stepper knows at one moment, and how a gesture of the student changes it. Pure."""

from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ...calculus.errors import (
    LessonError,
    NumberError,
    UnknownInput,
    UnknownParameter,
    checked_truth,
    is_a,
    stands_in,
)
from ...calculus.graph.expression import ExpressionError, check_names, names_in
from ...calculus.graph.graph import PATTERNS, Graph
from ...words import brief, one_line
from . import quiz as quizzes

RESERVED = ("step", "quiz", "fuse")
NO_VARIABLES = (*RESERVED, "text")   # what `set` takes by name cannot be a variable too
MOST_GATES = 200                     # more would be slow to draw, and nobody could read them
FIRST_VALUE = 1.0                    # of a variable that turns up in a new expression
WAYS = ("start", "back", "step", "forward", "backward")


@dataclass(frozen=True)
class Problem:
    """A text that was refused: where, and why."""

    text: str
    line: str
    column: int
    length: int


@dataclass(frozen=True)
class Present:
    """`step` gates and gradients are done; `known` remembers values of variables no longer used."""

    text: str
    known: MappingProxyType
    fused: tuple
    graph: Graph       # never changed: another value makes another graph
    steps: tuple       # forward, then backward
    step: int = 0
    quiz: quizzes.Quiz | None = None
    problem: Problem | None = None
    first: "Present | None" = field(default=None, repr=False)

    @property
    def forward(self):
        """How many steps are forward steps."""
        return sum(one.kind == "forward" for one in self.steps)

    @property
    def values(self):
        return self.graph.values


def start(text, values, step=0, quiz=False, fuse=()):
    present = made(text, values, listed(fuse))
    unknown = [name for name in values if name not in present.values]
    if unknown:
        raise UnknownInput(f"GraphStepper: the expression has no variable "
                           f"{one_line(unknown[0], 60)}. It has "
                           f"{', '.join(present.values) or 'none'}.")
    present = with_settings(present, {"step": step, "quiz": quiz})
    return replace(present, first=present)


def listed(fuse):
    """What is to be fused, as a tuple of names; one text is one name. Raises UnknownInput."""
    if is_a(fuse, str):
        return (fuse,)
    if not is_a(fuse, list | tuple):
        raise UnknownInput("GraphStepper: fuse must be the name of a gate, or a list of such, not "
                           f"{brief(fuse)}. Choose {', '.join(PATTERNS)}.")
    return tuple(fuse)


def made(text, known, fuse, first=None):
    """The present of an expression at its start; variables without a value get 1."""
    names = names_in(text)
    for name, column in names.items():
        if name in NO_VARIABLES:
            raise ExpressionError(f"{name} is a setting of this widget; call the variable "
                                  "otherwise.", text, column, len(name))
    check_names(text, known)
    graph = Graph(text, **{name: known.get(name, FIRST_VALUE) for name in names})
    gates = sum(node.gate is not None for node in graph.nodes)
    if gates > MOST_GATES:
        raise ExpressionError(f"{gates:,} gates are more than this widget draws, {MOST_GATES}; "
                              "Graph computes up to 1,000.", text, 0, len(text))
    for name in fuse:
        graph = graph.fuse(name)
    steps = (*graph.forward_steps(), *graph.backward_steps())
    return Present(text, MappingProxyType({**known, **graph.values}), fuse, graph, steps,
                   first=first)


def fusible(graph):
    """The names of what can be fused in this graph."""
    return [name for name in PATTERNS if _fuses(graph, name)]


def _fuses(graph, name):
    try:
        graph.fuse(name)
    except UnknownInput:
        return False
    return True


def with_text(present, text):
    """Another expression, from its start; values of variables with the same name stay.

    A text that is no expression changes nothing but `problem`.
    """
    try:
        new = made(text, dict(present.known), (), present.first)
    except ExpressionError as error:
        problem = Problem(error.text, str(error), error.column, error.length)
        return replace(present, problem=problem)
    return _quiz_again(present, new)


def with_values(present, values):
    """Other values of variables; the place in the passes stays, a quiz starts again."""
    unknown = [name for name in values if name not in present.values]
    if unknown:
        raise UnknownInput(f"GraphStepper: there is no variable {one_line(unknown[0], 60)}. "
                           "The expression has "
                           f"{', '.join(present.values) or 'none'}.")
    known = {**present.known, **values}
    new = replace(made(present.text, known, present.fused, present.first), step=present.step)
    return _quiz_again(present, new)


def with_fuse(present, fuse):
    """The same expression in other grains, from its start."""
    new = made(present.text, dict(present.known), tuple(fuse), present.first)
    return _quiz_again(present, new)


def _quiz_again(present, new):
    return with_quiz(new, True) if present.quiz else new


def with_quiz(present, on):
    """In a quiz all values are known and the gradients are asked for."""
    if not on:
        return replace(present, quiz=None)
    if not quizzes.asked_names(present.graph):
        raise LessonError("There is no gradient to ask for: the expression needs a gate and a "
                          "variable.")
    return replace(present, quiz=quizzes.start(present.graph), step=present.forward)


def with_settings(present, settings):
    for name, value in settings.items():
        if name == "step":
            present = with_step(present, value)
        elif name == "quiz":
            present = with_quiz(present, checked_truth(value, "GraphStepper: quiz"))
        elif name == "fuse":
            present = with_fuse(present, listed(value))
        else:
            raise UnknownParameter(f"GraphStepper has no setting {one_line(name, 60)}. It has "
                                   f"{', '.join(RESERVED)}.")
    return present


def with_step(present, step):
    """step: how many steps are done, or "forward" or "end"."""
    last = len(present.steps)
    named = {"forward": present.forward, "end": last}
    place = named[step] if stands_in(step, named) else step
    if is_a(place, bool) or not is_a(place, int) or not 0 <= place <= last:
        raise NumberError(f"GraphStepper: step must be from 0 to {last}, \"forward\" or \"end\", "
                          f"not {brief(step)}.")
    return replace(present, step=place)


def gone(present, how):
    """One step further or back, or a whole pass."""
    if how not in WAYS:
        raise UnknownInput(f"GraphStepper cannot go {how!r:.40}. It goes {', '.join(WAYS)}.")
    last = len(present.steps)
    place = {"start": 0, "back": max(present.step - 1, 0), "step": min(present.step + 1, last),
             "forward": present.forward, "backward": last}[how]
    return replace(present, step=place) if not present.quiz else present


GESTURES = {
    "go": lambda p, g: gone(p, g["how"]),
    "value": lambda p, g: with_values(p, {g["name"]: sent(g["value"])}),
    "text": lambda p, g: with_text(p, g["text"]),
    "fuse": lambda p, g: with_fuse(p, [g["name"]] if g["name"] else []),
    "quiz": lambda p, g: with_quiz(p, g["on"]),
    "reset": lambda p, g: replace(p.first, first=p.first),
    "ask": lambda p, g: in_quiz(p, lambda quiz: quizzes.asked(quiz, p.graph, g["name"])),
    "answer": lambda p, g: in_quiz(p, lambda quiz: quizzes.answered(quiz, p.graph, g["text"])),
    "hint": lambda p, g: in_quiz(p, lambda quiz: quizzes.hinted(quiz, p)),
    "reveal": lambda p, g: in_quiz(p, lambda quiz: quizzes.revealed(quiz, p.graph)),
}


def sent(value):
    """A number as a page sends it: nan and the infinities as text."""
    try:
        return float(value)
    except ValueError:
        raise NumberError(f"GraphStepper: {brief(value)} is not a number.") from None


def in_quiz(present, change):
    if not present.quiz:
        raise LessonError("There is no quiz now: switch it on first.")
    return replace(present, quiz=change(present.quiz))


def act(present, gesture):
    """The present after one gesture of the student."""
    if gesture.get("kind") not in GESTURES:
        raise UnknownInput(f"There is no gesture {brief(gesture.get('kind'))}.")
    return GESTURES[gesture["kind"]](replace(present, problem=None), gesture)
