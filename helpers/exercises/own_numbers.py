"""Other numbers for each student, in every prediction whose answer numbers decide.

They are drawn from the student's name: `exercises.numbers_of("ann")` in a notebook makes its
checks ask with Ann's; the grader draws the same from the name under which the notebook came back.
"""

import hashlib

import numpy as np

from .tables.activations import saturated_share, stack_numbers, what_survives
from .tables.affine import batch_of_one, norm_entries
from .tables.autograd import steps_unzeroed, walk_calls
from .tables.chain_rule import jacobian_shapes, predicted_change
from .tables.choosing import chosen_rate
from .tables.hessians import layout_shapes
from .tables.replacement import passes, sum_tensor
from .tables.scalar import gate_gradients, pass_counts, reuse_gradient
from .tables.tensors import relu_cost, sigmoid_entries
from .tables.training import batch_loss, sgd_by_hand


def some(random, many, *numbers):
    """So many of the numbers, in any order, none twice."""
    return tuple(random.permutation(numbers)[:many].tolist())


def each(random, *choices):
    """One number of each choice."""
    return tuple(random.choice(numbers).item() for numbers in choices)


def batch(random):
    """Sizes of a batch: more examples than features, at least two of these."""
    h = int(random.integers(2, 6))
    return int(random.integers(h + 2, 10)), h


def step(random):
    """A weight, and two gradients that come back to it, the second smaller."""
    b = int(random.integers(1, 4))
    return int(random.integers(2, 6)), b + int(random.integers(2, 6)), b


def both_sides(random):
    """Eight or ten numbers in order: a 2, some beyond ±3, the others between."""
    size, (low, high) = int(random.choice([8, 10])), some(random, 2, *range(1, 5))
    between = some(random, size - 1 - low - high, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5)
    return (*sorted(some(random, low, -6, -5, -4, -3)), *sorted((2, *between)),
            *sorted(some(random, high, 3, 4, 5, 6)))


def bent(random):
    """Three rows, and a step up in one input and down in the other."""
    a, b, d, e, f, p, q = each(random, *[range(1, 5)] * 7)
    return ((a + 1, -b), (0, d + 1), (e, f)), (p / 10, -q / 10)


# For each exercise: what to draw.
DRAWN = {
    saturated_share: both_sides,
    stack_numbers: lambda r: each(r, (300, 400, 600, 784, 900), (128, 160, 200, 256),
                                  (32, 48, 64, 80), (10, 12, 20)),
    what_survives: lambda r: each(r, (4, 6, 8, 12), (0.1, 0.2), range(-5, -1), range(-5, -1)),
    gate_gradients: lambda r: each(r, range(2, 6), range(-5, 0), (0.5, 1.5, 2.5)),
    reuse_gradient: lambda r: some(r, 3, 3, 4, 6, 7, 9, 11),
    pass_counts: lambda r: each(r, range(2, 8), range(200, 950, 50)),
    jacobian_shapes: lambda r: some(r, 3, *range(2, 8)),
    predicted_change: bent,
    sigmoid_entries: batch,
    relu_cost: lambda r: each(r, (16, 32, 64, 128), (128, 256, 512, 1024)),
    norm_entries: batch,
    batch_of_one: lambda r: each(r, range(4, 10), range(2, 6), (0.5, 1.5, 2.5), range(2, 8)),
    sum_tensor: batch,
    passes: lambda r: each(r, (300, 400, 600, 784, 900), (5, 10, 12, 20)),
    sgd_by_hand: step,
    batch_loss: lambda r: tuple(k / 10 for k in some(r, 4, *range(1, 20))),
    walk_calls: lambda r: each(r, range(6, 13)),
    steps_unzeroed: lambda r: each(r, range(2, 10), (0.05, 0.1, 0.2)),
    layout_shapes: lambda r: some(r, 2, *range(2, 8)),
    chosen_rate: lambda r: some(r, 9, *range(85, 100)),
}
MAKERS = {make.__name__: make for make in DRAWN}


def own(exercise, student):
    """The exercise with the numbers of this student; itself where it has no others."""
    if student is None or exercise.name not in MAKERS:
        return exercise
    seed = hashlib.sha256(f"{exercise.name} of {student}".encode("utf-8", "replace")).digest()
    random, make = np.random.default_rng(list(seed)), MAKERS[exercise.name]
    while True:
        drawn = make(*DRAWN[make](random))
        if telling(drawn):
            return drawn


def telling(exercise):
    """Whether no mistake in a prediction gives what is right, or what another mistake gives."""
    right = exercise.truth(())
    known = {(name, plain(value)): "" for name, value in zip(exercise.outputs, right, strict=True)}
    return all(known.setdefault((one.output or exercise.outputs[0], plain(one.formula())),
                                one.sentence) == one.sentence for one in exercise.mistakes)


def plain(value):
    """A number or several, so that the same ones are equal whatever was rounded on the way."""
    return tuple(float(f"{x:.9g}") for x in np.ravel(value))
