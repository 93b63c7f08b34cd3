"""An exercise: a task, cases with right answers, plausible mistakes, three hints, a solution.

Three levels: to `predict` a number or a shape, to `derive` a formula and write it as one line, to
`code` a function. Each is a row in the table of its notebook, made by `predict` or `function`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..calculus.errors import LessonError
from ..calculus.jacobian import contract
from ..calculus.mistakes import Mistake
from ..calculus.operations import OPERATIONS
from . import record
from .judge import judge

# The sizes of the axes of each case: unequal ones first, then a batch of one example, a single
# column, and equal sizes, where a lost transpose computes something.
SIZES = tuple({"n": n, "h": h, "m": m, "k": k, "o": o, "l": 2 * o} for n, h, m, k, o in (
    (3, 4, 2, 5, 3), (1, 4, 3, 2, 2), (4, 1, 2, 3, 1), (2, 5, 4, 1, 4), (3, 3, 3, 3, 2),
    (5, 2, 4, 3, 5)))


class ExerciseError(LessonError, ValueError):
    """Something about exercises and their notebooks that a person must put right."""


@dataclass(frozen=True, repr=False)
class Text:
    """Text for a notebook: Markdown with formulas, shown as such where that is possible."""

    markdown: str

    def __repr__(self):
        return self.markdown

    def _repr_markdown_(self):
        return self.markdown


@dataclass(frozen=True)
class Truth:
    """What is right for one output: its value and, where it is a contraction, the Jacobian.

    names: how Y and X are called in ∂Y/∂X.
    """

    value: Callable
    jacobian: Callable | None = None
    names: tuple = ()


def full(operation, wrt, call):
    """Right is the full Jacobian of a row of the table, contracted with the upstream gradient.

    call: from the arguments of the exercise to (upstream, *inputs of the row, {parameters}).
    """
    op = OPERATIONS[operation]

    def jacobian(*arguments):
        _, *inputs = call(*arguments)
        parameters = inputs.pop() if isinstance(inputs[-1], dict) else {}
        return op.jacobian(*inputs, wrt=wrt, **parameters)

    def value(*arguments):
        return contract(np.asarray(call(*arguments)[0]), jacobian(*arguments))

    return Truth(value, jacobian, (op.output, wrt))


@dataclass(frozen=True, eq=False, repr=False)
class Exercise:
    """One exercise. In a notebook: `.task`, `.check(answer)`, `.hint()`, `.solution()`, `.reset()`.

    stub, answer: the text of its cell without the check, to fill in and filled in.
    """

    name: str
    level: str
    task: str
    stub: str
    answer: str
    hints: tuple
    derivation: str
    outputs: tuple
    truths: tuple
    arguments: tuple = ()
    axes: tuple = ()
    prepare: Callable | None = None
    mistakes: tuple = ()
    lines: tuple = ()    # the outputs of each line, where they are written one after the other
    steps: tuple = ()    # what each of these lines goes back through
    example: tuple = ()  # the arguments of the first case, where the lesson has numbers of its own
    asked: list = field(default_factory=lambda: [0])  # how many hints were given

    def __repr__(self):
        return f"Exercise {self.name} ({self.level}): {self.task}"

    def _repr_markdown_(self):
        return f"**{self.name}** ({self.level}). {self.task}"

    def check(self, *answer):
        """`Feedback` on a function or, for a prediction, on a value; a right one is recorded.

        An answer of several values is one tuple. Raises ExerciseError for none or several answers.
        """
        if len(answer) != 1:
            raise ExerciseError(f"{self.name}: check takes one answer, not {len(answer)}. Several "
                                "values are one tuple, with brackets of its own: check((1, 2)).")
        feedback = judge(self, answer[0])
        if feedback.right:
            record.add(self.name)
        return feedback

    def hint(self):
        """The hints so far and one more, of three."""
        self.asked[0] = min(self.asked[0] + 1, len(self.hints))
        given = self.hints[:self.asked[0]]
        return Text("\n".join(f"{i}. {text}" for i, text in enumerate(given, 1)))

    def solution(self):
        """The code and why it is right."""
        return Text(f"```python\n{self.answer}\n```\n\n{self.derivation}")

    def solved(self):
        """The function of the solution."""
        space = {"np": np}
        exec(self.answer, space)
        return space[self.name]

    def reset(self):
        """Begin again: no hints given, and not solved."""
        self.asked[0] = 0
        record.remove(self.name)

    def cell(self, body):
        """The text of its notebook cell around `self.stub` or `self.answer`."""
        gap = "\n" if self.level == "predict" else "\n\n"
        return f"{body}{gap}{self.usage}"

    @property
    def usage(self):
        """How a notebook checks an answer."""
        return f"exercises.{self.name}.check({self.name})"

    def remark(self, case):
        """What a complaint says of the arguments of a case, besides their shapes."""
        return ""

    def cases(self, seed=None):
        """The arguments of each case: with the same seed the same in every run.

        A grader's seed draws every case; without one, the first is the lesson's own example.
        """
        if seed is not None:
            return [self.draw(sizes, (seed, k)) for k, sizes in enumerate(SIZES)]
        drawn = [self.draw(sizes, k) for k, sizes in enumerate(SIZES)]
        return [self.example, *drawn[1:]] if self.example else drawn

    def draw(self, sizes, seed):
        """Arguments with axes of these sizes."""
        random = np.random.default_rng(seed)
        shapes = [tuple(sizes[letter] for letter in axes) for axes in self.axes]
        arguments = tuple(random.standard_normal(shape) for shape in shapes)
        return self.prepare(random, *arguments) if self.prepare else arguments

    def truth(self, arguments):
        """The right outputs, as arrays."""
        with np.errstate(all="ignore"):
            return [np.asarray(truth.value(*arguments), float) for truth in self.truths]

    def is_matrix(self, name):
        """Whether the right value of this output has two axes."""
        return self.truth(self.cases()[0] if self.arguments else ())[
            self.outputs.index(name)].ndim == 2


def predict(name, task, *, truth, answer, mistakes, hints, why):
    """An exercise in prediction. truth: {what is asked for: a function that computes it}.

    mistakes: rows (name, value[, remedy[, output]]).
    """
    blanks = ", ".join(["..."] * len(truth))
    rows = ((name, lambda value=value: value, *rest) for name, value, *rest in mistakes)
    return Exercise(
        name, "predict", task, hints=hints, derivation=why,
        stub=f"{name} = {blanks}", answer=f"{name} = {answer}",
        outputs=tuple(truth), truths=tuple(Truth(value) for value in truth.values()),
        mistakes=tuple(Mistake(*row) for row in rows),
    )


def function(name, level, arguments, body, task, *, axes, truth, mistakes, hints, why,
             prepare=None):
    """An exercise that asks for a function of `arguments`, "G, X", solved by the lines `body`.

    axes: a letter for each axis of each argument, "n h, n h"; truth: {output: `Truth`, or a
    function of the arguments}; prepare: from a NumPy Generator and random arguments to the
    arguments; mistakes: rows (name, formula[, remedy[, output]]).
    """
    head = f"def {name}({arguments}):\n    "
    truths = [t if isinstance(t, Truth) else Truth(t) for t in truth.values()]
    return Exercise(
        name, level, task, hints=hints, derivation=why,
        stub=f"{head}...", answer=head + body.replace("\n", "\n    "),
        outputs=tuple(truth), truths=tuple(truths),
        arguments=tuple(part.strip() for part in arguments.split(",")),
        axes=tuple(tuple(part.split()) for part in axes.split(",")),
        prepare=prepare, mistakes=tuple(Mistake(*row) for row in mistakes),
    )


def staged(name, arguments, lines, task, *, axes, truth, mistakes, hints, why, example=(),
           prepare=None):
    """An exercise that asks for a backward pass, a line for each step, judged line by line.

    lines: rows (what a line gives, "dt, dw", its right-hand side, the step that it goes back
    through, "t = w * x" or "scale: t = w * x"); truth: from the arguments to {output: value};
    example: the arguments of the first case; the rest as for `function`.
    """
    given = tuple(tuple(left.split(", ")) for left, _, _ in lines)
    outputs = tuple(output for line in given for output in line)
    written = [f"{left} = {right}" for left, right, _ in lines]
    empty = [f"{', '.join(line)} = {', '.join(['...'] * len(line))}" for line in given]
    stub, answer = (
        "\n    ".join([f"def {name}({arguments}):",
                      *(f"{text:{max(map(len, texts)) + 2}}# {step}"
                        for text, (_, _, step) in zip(texts, lines, strict=True)),
                      f"return {', '.join(outputs)}"]) for texts in (empty, written))
    return Exercise(
        name, "code", task, stub, answer, hints, why, outputs,
        tuple(Truth(lambda *a, output=output: truth(*a)[output]) for output in outputs),
        arguments=tuple(part.strip() for part in arguments.split(",")),
        axes=tuple(tuple(part.split()) for part in axes.split(",")),
        prepare=prepare, mistakes=tuple(Mistake(*row) for row in mistakes),
        lines=given, steps=tuple(step.partition(":")[0] for _, _, step in lines), example=example,
    )
