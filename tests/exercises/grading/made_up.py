"""A made-up class: who makes which mistake is drawn, so that a report on it can be told exactly."""

import random

from helpers.exercises import EXERCISES, NOTEBOOKS
from tests.exercises.grading.handing_in import cell, notebook
from tests.exercises.test_answers import WRONG

LESSON = "04_tensor_derivatives"


class Here:
    """A kernel that runs what it is given in this process: for honest notebooks, at once."""

    def __init__(self, seconds):
        self.space = {"__name__": "__main__"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def run(self, code, seconds):
        try:
            exec(code, self.space)
        except Exception as error:
            return type(error).__name__, str(error)

    def ask(self, expression, seconds):
        return repr(eval(expression, self.space))


def made(folder, students, lesson=LESSON, seed=0):
    """Write a notebook for each student; {(exercise, what is to be found): how many}.

    What is to be found: "solved", "not tried", or the name of a mistake, "" for one without.
    """
    draw, planted = random.Random(seed), {}
    for k in range(students):
        sources = []
        for row in NOTEBOOKS[lesson]:
            kind = draw.choice(("solved", "not tried", "wrong", "wrong"))
            found, source = kind, cell(row.name, "stub" if kind == "not tried" else "answer")
            if kind == "wrong":
                mistake, body = draw.choice(WRONG[row.name])
                found, source = mistake or "", wrong(row, body)
            planted[row.name, found] = planted.get((row.name, found), 0) + 1
            sources.append(source)
        notebook(folder / f"student {k:02}" / f"{lesson}.ipynb", *sources)
    return planted


def wrong(exercise, body):
    """The cell of a wrong answer; a comment tells whose it is."""
    if exercise.level != "predict":
        return f"# by a student with a name\n{cell(exercise.name, body)}"
    return EXERCISES[exercise.name].cell(f"{exercise.name} = {body}")


def found(lessons):
    """What a report found, in the form of what was planted."""
    made = {}
    for exercises in lessons.values():
        for one in exercises:
            counts = {"solved": one.states["solved"], "not tried": one.states["not tried"],
                      **dict(one.mistakes)}
            counts[""] = one.states["tried"] - sum(times for _, times in one.mistakes)
            made |= {(one.name, name): times for name, times in counts.items() if times}
    return made
