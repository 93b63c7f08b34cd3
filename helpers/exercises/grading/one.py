"""One notebook: its cells are run in a kernel, its answers asked for, and judged here.

The grader runs what students wrote. What a kernel can do to this machine is in `warden`; what it
can do to the verdict is: answer right.
"""

import threading
import time
from dataclasses import asdict, dataclass, field

from .. import EXERCISES, NOTEBOOKS, cells, guard
from ..exercise import ExerciseError
from ..judge import NOT_ATTEMPTED, Feedback
from ..own_numbers import own
from . import needs, reply
from .kernel import STOP, Kernel, Lost

CELL = 120       # seconds for a cell, and
SHARE = 2        # a cell may take half of the time that is left: one endless loop leaves some
STARTS = 6       # kernels for one notebook: each that is lost costs the cell that lost it
LONGEST = 4000   # letters of code that are kept
JUDGING = threading.Lock()  # the judge silences warnings, which is no thread's own affair
SOLVED, TRIED, NOT_TRIED = RANK = ("solved", "tried", "not tried")  # of several the first counts


@dataclass(frozen=True)
class Verdict:
    """On one exercise: its state, what the judge said, the name of the mistake, and the code."""

    state: str = NOT_TRIED
    mistake: str = ""
    said: str = ""
    code: str = ""


@dataclass
class Work:
    """What is known while a notebook is graded."""

    plan: list
    seed: int
    end: float
    student: str | None  # whose numbers the predictions have
    verdicts: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    skipped: set = field(default_factory=set)  # numbers of cells
    asked: set = field(default_factory=set)    # pairs of a cell's number and an exercise
    seconds: float = 0.0  # that kernels were there
    at: tuple = ()        # the cell, and the exercise or None, that a kernel works on

    @property
    def left(self):
        return self.end - time.monotonic()


def graded(handed, seed, seconds, whole, by_name=False):
    """A table for JSON: who, which file, a note in one line, and a verdict on each exercise.

    by_name: predictions have the numbers of the student.
    """
    work = Work([], seed, time.monotonic() + seconds, handed.student if by_name else None)
    expected = []
    try:
        if handed.path.is_symlink():
            raise ExerciseError(f"{handed.label} is a link to another file: hand in the notebook.")
        notebook = cells.read(handed.path)
        expected = all_of(cells.names(notebook))
        work.plan = needs.plan(notebook, whole)
    except ExerciseError as error:
        work.notes.append(str(error).replace(str(handed.path), handed.label))
    except Exception as error:  # a notebook that no rule foresaw costs no other one anything
        work.notes.append(f"cannot be read: {type(error).__name__}")
    if work.plan:
        through(work)
    if not expected and not work.notes:
        work.notes.append("no exercises found")
    verdicts = {name: asdict(work.verdicts.get(name, Verdict())) for name in expected}
    return {"student": handed.student, "file": handed.label, "exercises": verdicts,
            "note": " ".join("; ".join(work.notes).split()), "seconds": round(work.seconds, 2)}


def all_of(names):
    """The exercises of every lesson that one of these names belongs to."""
    return [row.name for rows in NOTEBOOKS.values() for row in rows
            if set(names) & {other.name for other in rows}]


def through(work):
    """Run the plan; where a kernel is lost, begin again without what lost it."""
    for _ in range(STARTS):
        began, work.at = time.monotonic(), ()
        try:
            with Kernel(max(work.left, 1)) as kernel:
                walk(work, kernel)
            return
        except Lost as lost:
            blame(work, str(lost))
        except Exception as error:  # the system has no room for a kernel, for example
            work.notes.append(f"could not be run: {type(error).__name__}: {error}")
            return
        finally:
            work.seconds += time.monotonic() - began
        if STOP.is_set():
            return
        if work.left <= 0:
            work.notes.append("no time is left for the rest")
            return
    work.notes.append(f"{STARTS} kernels were lost: the rest was not run")


def walk(work, kernel):
    """Each cell, then the answers that it checks, with what is defined up to there."""
    for cell in work.plan:
        if cell.number in work.skipped:
            continue
        asks = [one for one in cell.asks if (cell.number, one[0]) not in work.asked]
        work.at = (cell, None)
        error = kernel.run(cell.source, max(1, min(CELL, work.left / SHARE)))
        if error:
            work.skipped |= {cell.number} if "KeyboardInterrupt" in error else set()
            note(work, cell, said(error))
        for name, expression in asks:
            work.at = (cell, name)
            feedback = asked(work, kernel, name, expression)
            if error and feedback.text.startswith("not yet: your code stopped:\n"):
                feedback = Feedback(False, f"not yet: the cell stopped: {said(error)}")
            settle(work, cell, name, feedback)


def asked(work, kernel, name, expression):
    """The `Feedback` on one answer."""
    exercise = own(EXERCISES[name], work.student)
    cases = reply.tried_on(exercise, work.seed)
    try:
        text = kernel.ask(reply.question(exercise, expression, cases), guard.LIMIT)
    except ValueError as error:
        return Feedback(False, f"not yet: your code stopped:\n{error}")
    try:
        with JUDGING:
            return reply.judged(exercise, cases, text)
    except reply.Nonsense as error:
        return Feedback(False, f"not yet: instead of numbers came {error}.")
    except Exception as error:  # an answer that no rule foresaw costs no other exercise anything
        return Feedback(False, f"not yet: this cannot be judged ({type(error).__name__}).")


def settle(work, cell, name, feedback):
    """Keep a verdict, the best of those on several answers to one exercise."""
    state = SOLVED if feedback.right else (
        NOT_TRIED if feedback.text == NOT_ATTEMPTED else TRIED)
    work.asked.add((cell.number, name))
    if name not in work.verdicts or RANK.index(state) < RANK.index(work.verdicts[name].state):
        work.verdicts[name] = Verdict(state, feedback.mistake, feedback.text,
                                      cell.source.strip()[:LONGEST])


def blame(work, why):
    """Note that a kernel was lost, and leave out what it was lost over."""
    if not work.at:
        work.notes.append(f"its kernel did not start: {why}")
        return
    cell, name = work.at
    note(work, cell, why)
    if name is None:
        work.skipped.add(cell.number)
    for ask in cell.asks if name is None else [(name, "")]:
        if (cell.number, ask[0]) not in work.asked:
            settle(work, cell, ask[0], Feedback(False, f"not yet: stopped: {why}"))


def note(work, cell, text):
    """Keep the first thing that went wrong: what follows is often due to it."""
    if not work.notes:
        work.notes.append(f"cell {cell.number}: {text}")


def said(error):
    """An error in words."""
    name, text = error
    return "took too long" if name == "KeyboardInterrupt" else f"{name}: {text}".strip(": ")
