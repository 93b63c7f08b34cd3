"""The ways in which the gradient of softmax with cross-entropy goes wrong, as formulas."""

import numpy as np


def scores(random, Z, labels):
    """Scores and a class for each row."""
    return Z, random.integers(Z.shape[1], size=len(Z))


def softmax(Z, axis=1):
    """Probabilities along an axis."""
    E = np.exp(Z)
    return E / E.sum(axis, keepdims=True)


def whole(Z):
    """Probabilities by one sum for all rows."""
    E = np.exp(Z)
    return E / E.sum()


def onehot(Z, labels):
    """A row for each label, 1 at its class."""
    return np.eye(Z.shape[1])[labels]


def columns(P, labels):
    """P[:, labels] −= 1, as it is often written: whole columns lose 1."""
    P = P.copy()
    P[:, labels] -= 1
    return P


def rows(P, labels):
    """P[labels] −= 1: whole rows lose 1."""
    P = P.copy()
    P[labels] -= 1
    return P


PLACES = "Each row loses 1 in one place: give a row and a column for each label."
THROUGH = "That is a gradient by P: go on through the softmax, to Z."
CORES = (  # what stands for P − T
    ("whole columns", lambda P, T, labels: columns(P, labels), PLACES),
    ("whole rows", lambda P, T, labels: rows(P, labels), PLACES),
    ("label for one-hot", lambda P, T, labels: P - labels,
     "Labels are numbers of classes: they say where, not how much."),
    ("label for one-hot", lambda P, T, labels: P - labels[:, None],
     "Labels are numbers of classes: they say where, not how much."),
    ("gradient by P", lambda P, T, labels: -T / P, THROUGH),
    ("gradient by P", lambda P, T, labels: -1 / P, THROUGH),
    ("gradient by P", lambda P, T, labels: (P - T) / (P * (1 - P)), THROUGH),
    ("local gradient twice", lambda P, T, labels: (P - T) * P * (1 - P),
     "The slope of the softmax is in P − T already."),
    ("local gradient twice", lambda P, T, labels: (P - T) * P,
     "The slope of the softmax is in P − T already."),
    ("lost path", lambda P, T, labels: P * T - T,
     "The sum below the line holds all scores of the row: a gradient comes back to each."),
    ("lost path", lambda P, T, labels: P * (1 - T),
     "The score of the right class stands in the sum as well as in front of it."),
    ("lost path", lambda P, T, labels: -T,
     "The sum below the line holds all scores of the row: a gradient comes back to each."),
    ("label everywhere", lambda P, T, labels: P - 1, PLACES),
    ("= for −=", lambda P, T, labels: P * (1 - T) - T,
     "At the label 1 is subtracted: the probability stays."),
    ("= for −=", lambda P, T, labels: P * (1 - T) + T,
     "At the label 1 is subtracted: the probability stays."),
    ("sign of one term", lambda P, T, labels: P * (1 - T) + (1 - P) * T,
     "The score of the right class must grow, so its gradient is negative."),
    ("label forgotten", lambda P, T, labels: P,
     "The score of the right class enters its loss a second time."),
    ("sign of one term", lambda P, T, labels: P + T,
     "The score of the right class must grow, so its gradient is negative."),
    ("squared error", lambda P, T, labels: 2 * (P - T) * P * (1 - P),
     "That is the squared error behind a sigmoid."),
    ("local gradient alone", lambda P, T, labels: P * (1 - P),
     "That is the diagonal of the softmax alone: the loss is missing."),
)
FACTORS = (  # what stands for 1/N
    ("", lambda Z: 1 / len(Z), ""),
    (", sum for mean", lambda Z: 1, " And L is a mean over the batch."),
    (", wrong axis", lambda Z: 1 / Z.shape[1], " And the mean is over examples."),
    (", wrong axis", lambda Z: 1 / Z.size, " And the mean is over examples."),
    (", sign", lambda Z: -1 / len(Z), " And every sign is turned."),
    (", sign", lambda Z: -1, " And L is a mean over the batch, and every sign is turned."),
)
RIGHT_CORE = (
    ("sum for mean", lambda Z: 1, "L is a mean over the batch."),
    ("sum for mean, sign", lambda Z: -1, "L is a mean over the batch, and every sign is turned."),
    ("1/N twice", lambda Z: 1 / len(Z)**2, "The mean divides by N once."),
    ("wrong axis", lambda Z: 1 / Z.shape[1], "The mean is over examples, not over classes."),
)
NO_SOFTMAX = (  # what stands for P
    ("one sum for all rows", whole, "Each row has a sum of its own."),
    ("wrong axis", lambda Z: softmax(Z, 0), "softmax works along each row."),
    ("softmax twice", lambda Z: softmax(softmax(Z)), "Z are scores: one softmax."),
    ("exp for softmax", np.exp, "Probabilities of a row add up to 1."),
    ("softmax forgotten", lambda Z: Z, "Scores are no probabilities yet."),
)


def named(name, more):
    """Two mistakes, each once."""
    return name if more == f", {name}" else name + more


def cross_entropy_mistakes():
    """Rows for dL/dZ: a wrong core or wrong probabilities, with any factor before them."""
    def made(core, factor, probabilities=softmax):
        def formula(Z, labels):
            return core(probabilities(Z), onehot(Z, labels), labels) * factor(Z)

        return formula

    return (
        *((name, made(lambda P, T, labels: P - T, factor), remedy)
          for name, factor, remedy in RIGHT_CORE),
        *((named(name, more), made(core, factor), remedy + and_)
          for name, core, remedy in CORES for more, factor, and_ in FACTORS),
        *((named(name, more), made(lambda P, T, labels: P - T, factor, probabilities),
           remedy + and_)
          for name, probabilities, remedy in NO_SOFTMAX for more, factor, and_ in FACTORS),
    )
