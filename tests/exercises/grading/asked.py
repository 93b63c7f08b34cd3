"""What a grader says to an answer, without a kernel: the guest is called as a kernel would."""

import json

import numpy as np

from helpers.exercises.grading import guest, reply
from tests.exercises.written import answer


def request(exercise, seed):
    """(The cases, the request) for an exercise whose answer has its name."""
    cases = reply.tried_on(exercise, seed)
    sent = [[reply.sent(value) for value in case] for case in cases]
    return cases, json.dumps({
        "expression": exercise.name, "outputs": exercise.outputs, "arguments": exercise.arguments,
        "cases": sent if exercise.arguments else None})


def feedback(exercise, value, seed=1):
    """The grader's `Feedback` on a function, or on the value of a prediction."""
    cases, asked = request(exercise, seed)
    text = guest.answer(asked, {"np": np, exercise.name: value})
    return reply.judged(exercise, cases, repr(text))


def on_body(exercise, body, seed=1):
    """The grader's `Feedback` on the body of a function, as students write it."""
    return feedback(exercise, answer(exercise, body), seed)
