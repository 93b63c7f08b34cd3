"""What a class can do and what it misunderstands, from the results of its notebooks."""

import ast
from collections import Counter
from dataclasses import dataclass

from .. import EXERCISES, NOTEBOOKS
from .one import RANK, TRIED


@dataclass(frozen=True)
class Wrong:
    """An answer that several gave: how many, the code of one of them, what the judge said."""

    count: int
    code: str
    said: str


@dataclass(frozen=True)
class About:
    """What a class did with one exercise.

    states: {state: how many students}; mistakes: pairs (name, how many), the most frequent first;
    example: the most frequent named mistake as somebody wrote it; unnamed: the most frequent
    answer among those that are no named mistake. Both are None where there is none.
    """

    name: str
    states: dict
    mistakes: list
    example: Wrong | None
    unnamed: Wrong | None


def by_student(results):
    """{student: {exercise: the best verdict}}, in the order of names."""
    found = {}
    for one in sorted(results, key=lambda one: (one["student"], one["file"])):
        own = found.setdefault(one["student"], {})
        for name, verdict in one["exercises"].items():
            if name not in own or better(verdict, own[name]):
                own[name] = verdict
    return found


def better(verdict, other):
    return RANK.index(verdict["state"]) < RANK.index(other["state"])


def about_class(results):
    """{lesson: [`About` each of its exercises]}, for the lessons that anybody handed in."""
    students = by_student(results)
    there = {name for own in students.values() for name in own}
    return {lesson: [about(row.name, students) for row in rows if row.name in there]
            for lesson, rows in NOTEBOOKS.items() if any(row.name in there for row in rows)}


def about(name, students):
    """`About` one exercise."""
    verdicts = [own[name] for own in students.values() if name in own]
    states = {state: sum(one["state"] == state for one in verdicts) for state in RANK}
    wrong = [one for one in verdicts if one["state"] == TRIED]
    mistakes = sorted(Counter(one["mistake"] for one in wrong if one["mistake"]).items(),
                      key=lambda pair: (-pair[1], pair[0]))
    named = [one for one in wrong if mistakes and one["mistake"] == mistakes[0][0]]
    return About(name, states, mistakes, most_frequent(name, named),
                 most_frequent(name, [one for one in wrong if not one["mistake"]]))


def most_frequent(name, verdicts):
    """The answer that most of these gave, as `Wrong`, or None. Comments do not make another."""
    codes = [nameless(one["code"], name) for one in verdicts]
    if not codes:
        return None
    code, times = min(Counter(codes).items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0]))
    return Wrong(times, code, verdicts[codes.index(code)]["said"].removeprefix("not yet: "))


def nameless(code, name):
    """The code of an answer without what could tell who wrote it: comments, texts, other lines."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "(this is no Python yet)"
    own = [node for node in tree.body if binds(node, name)] or tree.body
    for node in ast.walk(ast.Module(own, [])):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            body[:] = [one for one in body if not is_text(one)] or [ast.Pass()]
    try:
        return ast.unparse(ast.Module(own, []))
    except RecursionError:
        return "(this is nested too deeply to show)"


def is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(
        node.value.value, str)


def binds(node, name):
    """Whether a statement gives something this name."""
    if isinstance(node, ast.FunctionDef):
        return node.name == name
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == name for target in node.targets)


def rows(results):
    """The same as a table: a row for each exercise, then one for each of its mistakes."""
    made = [["lesson", "exercise", "solved", "tried", "not tried", "mistake", "students"]]
    for lesson, exercises in about_class(results).items():
        for one in exercises:
            made.append([lesson, one.name, *(one.states[state] for state in RANK), "", ""])
            made += [[lesson, one.name, "", "", "", name, times] for name, times in one.mistakes]
            unnamed = one.states[TRIED] - sum(times for _, times in one.mistakes)
            made += [[lesson, one.name, "", "", "", "no named mistake", unnamed]] if unnamed else []
    return made


def lesson_of(name):
    """The lesson of an exercise."""
    return next(lesson for lesson, table in NOTEBOOKS.items() if EXERCISES[name] in table)
