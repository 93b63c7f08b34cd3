"""Other numbers for each student, in the predictions that have such: drawn from the student's name.

`exercises.numbers_of("ann")` in a notebook makes its checks ask with Ann's numbers; the grader
draws the same from the name under which the notebook came back.
"""

import hashlib

import numpy as np

from .tables.activations import stack_numbers
from .tables.affine import norm_entries
from .tables.replacement import sum_tensor
from .tables.scalar import reuse_gradient
from .tables.tensors import sigmoid_entries
from .tables.training import sgd_by_hand


def batch(random):
    """Sizes of a batch: more examples than features, at least two of these."""
    h = int(random.integers(2, 6))
    return int(random.integers(h + 2, 10)), h


def paths(random):
    """Numbers of three variables, no two sums or products of which are the same."""
    return tuple(map(int, random.permutation([3, 4, 6, 7, 9, 11])[:3]))


def stack(random):
    """Sizes of a stack of three layers."""
    return (int(random.choice([300, 400, 600, 784, 900])), int(random.choice([128, 160, 200, 256])),
            int(random.choice([32, 48, 64, 80])), int(random.choice([10, 12, 20])))


def step(random):
    """A weight, and two gradients that come back to it, the second smaller."""
    b = int(random.integers(1, 4))
    return int(random.integers(2, 6)), b + int(random.integers(2, 6)), b


DRAWN = {"stack_numbers": (stack_numbers, stack), "reuse_gradient": (reuse_gradient, paths),
         "sigmoid_entries": (sigmoid_entries, batch), "norm_entries": (norm_entries, batch),
         "sum_tensor": (sum_tensor, batch), "sgd_by_hand": (sgd_by_hand, step)}


def own(exercise, student):
    """The exercise with the numbers of this student; itself where it has no others."""
    if student is None or exercise.name not in DRAWN:
        return exercise
    make, draw = DRAWN[exercise.name]
    seed = hashlib.sha256(f"{exercise.name} of {student}".encode("utf-8", "replace")).digest()
    return make(*draw(np.random.default_rng(list(seed))))
