"""Families of mistakes: every wrong formula with every wrong factor, written out once more."""

from itertools import product

import numpy as np
import pytest

from helpers.exercises import EXERCISES
from tests.exercises.written import answer

OWN_EPS = (1e-5, 1e-8, 1e-6, 1e-7, 1e-4, 1e-3, 1e-10, 1e-12, 1e-9, 0.1, 0.01)
CROSS_ENTROPY = (  # what stands for P − T; with C = arange(K) and labels in l
    ("whole columns", "P - np.isin(C, l)"), ("whole rows", "P - np.eye(N)[l].any(0)[:, None]"),
    ("label for one-hot", "P - l"), ("label for one-hot", "P - np.outer(l, C == C)"),
    ("gradient by P", "-T / P"), ("gradient by P", "-1 / P"),
    ("gradient by P", "(P - T) / (P - P**2)"), ("local gradient twice", "(P - T) * (P - P**2)"),
    ("local gradient twice", "P**2 - P * T"), ("lost path", "(P - 1) * T"),
    ("lost path", "P - P * T"), ("lost path", "-T"), ("label everywhere", "P - 1"),
    ("= for −=", "np.where(T, -1, P)"), ("= for −=", "np.where(T, 1, P)"),
    ("sign of one term", "np.where(T, 1 - P, P)"), ("sign of one term", "P + T"),
    ("label forgotten", "P"), ("squared error", "2 * (P - T) * (P - P**2)"),
    ("local gradient alone", "P - P**2"), ("one sum for all rows", "E / E.sum() - T"),
    ("wrong axis", "E / E.sum(0) - T"),
    ("softmax twice", "np.exp(P) / np.exp(P).sum(1)[:, None] - T"),
    ("exp for softmax", "E - T"), ("softmax forgotten", "Z - T"))
FACTORS = (("", "1 / N"), ("sum for mean", "1"), ("wrong axis", "1 / K"),
           ("wrong axis", "1 / (N * K)"), ("sign", "-1 / N"), ("sign", "-1"))
# of A = γ ⊙ G, the mean m over n numbers, c = X − μ, s = √(v + ε), R = c/s
NORM = (
    ("lost path", "A / s"), ("lost path", "(A - R * m(A * R)) / s"),
    ("lost path", "(A - m(A)) / s"),
    ("sum for mean", "(A - n * m(A) - n * R * m(A * R)) / s"),
    ("sum for mean", "(A - n * m(A) - R * m(A * R)) / s"),
    ("sum for mean", "(A - m(A) - n * R * m(A * R)) / s"),
    ("sum for mean", "(A / n - m(A) - R * m(A * R)) / s"),
    ("1/N twice", "(A - m(A) - R * m(A * R)) / n / s"),
    ("sign of one term", "(A - m(A) + R * m(A * R)) / s"),
    ("sign of one term", "(A + m(A) - R * m(A * R)) / s"),
    ("sign of one term", "(A + m(A) + R * m(A * R)) / s"),
    ("factor ½ in one term", "(A - m(A) - R * m(A * R) / 2) / s"),
    ("factor 2 in one term", "(A - m(A) - R * m(A * R) * 2) / s"),
    ("root forgotten", "(A - m(A) - c * m(A * c) / (v + eps)**2) / (v + eps)"),
    ("root forgotten", "(A - m(A) - R * m(A * R)) / (v + eps)"),
    ("root for one over the root", "(A - m(A) - R * m(A * R)) * s"),
    ("root for one over the root", "(A - m(A) - c * m(A * c) * (v + eps)) * s"),
    ("s forgotten", "A - m(A) - R * m(A * R)"), ("X for X̂", "(A - m(A) - c * m(A * c)) / s"),
    ("power of the root", "(A - m(A) - c * m(A * R)) / s"),
    ("power of the root", "(A - m(A) - R * m(A * R) / s) / s"),
    ("power of the root", "(A - m(A) - R * m(A * R) / (v + eps)) / s"),
    ("X for X̂", "(A - m(A) - X * m(A * R)) / s"), ("X for X̂", "(A - m(A) - R * m(A * X)) / s"),
    ("X for X̂", "(A - m(A) - X * m(A * X)) / s"),
    ("X for X̂", "(A - m(A) - X * m(A * X) / (v + eps)) / s"),
    ("X̂ forgotten", "(A - m(A) - m(A * R)) / s"), ("X̂ forgotten", "(A - m(A) - R * m(A)) / s"),
    ("not contracted", "(A - m(A) - A * R**2) / s"),
    ("wrong axis", "(G - G.mean() - R * (G * R).mean()) * gamma / s"),
    ("wrong axis", "(G - m(G) * n / other - R * m(G * R) * n / other) * gamma / s"),
    ("wrong axis", "(G - o(G) - R * o(G * R)) * gamma / s"),
    ("wrong axis", "(G - G.mean() - (C := X - X.mean()) * (G * C).mean() / (X.var() + eps))"
                   " * gamma / (X.var() + eps)**0.5"),
    ("wrong axis", "(G - o(G) - (C := X - o(X)) * o(G * C) / (S := o(C**2) + eps))"
                   " * gamma / S**0.5"))
GAMMA = (
    ("γ forgotten", "(G - m(G) - R * m(G * R)) / s"),
    ("γ twice", "(A - m(A) - R * m(A * R)) / s * gamma"),
    ("γ left out of the means", "(A - m(G) - R * m(G * R)) / s"),
    ("γ left out of the means", "(A - m(A) - R * m(G * R)) / s"),
    ("γ left out of the means", "(A - m(G) - R * m(A * R)) / s"),
    ("one over γ", "(G - m(G) - R * m(G * R)) / s / gamma"))
RIGHT = "(A - m(A) - c * m(A * c) / s**2) / s"
ROOTS = (("Bessel", "np.sqrt(v * n / (n - 1) + eps)"), ("ε outside the root", "v**0.5 + eps"),
         ("ε forgotten", "v**0.5"), *(("ε hard-coded", f"np.sqrt(v + {own})") for own in OWN_EPS))
SCALE = (  # dγ of batch norm in evaluation
    ("batch not summed", "G * c / s"), ("X for X̂", "(G * X).sum(0)"),
    ("X for X̂", "(G * c).sum(0)"), ("X for X̂", "(G * X).sum(0) / s"),
    ("Y for X̂", "gamma * (G * c).sum(0) / s"), ("root forgotten", "(G * c).sum(0) / s**2"),
    ("root for one over the root", "(G * c).sum(0) * s"),
    ("wrong axis", "(G * c / s).sum(1)"), ("wrong axis", "(G * c / s).sum()"),
    ("local gradient forgotten", "G.sum(0)"), ("ε forgotten", "(G * c).sum(0) / var**0.5"),
    ("ε outside the root", "(G * c).sum(0) / (var**0.5 + eps)"),
    *(("ε hard-coded", f"(G * c).sum(0) / np.sqrt(var + {own})") for own in OWN_EPS if own > 1e-10))


def held(name, output, formula):
    """What is said of the right answer to an exercise with this formula for one output."""
    exercise = EXERCISES[name]
    place, solution = exercise.outputs.index(output), exercise.solved()

    def wrong(*arguments):
        given = formula(**dict(zip(exercise.arguments, arguments, strict=True)))
        right = solution(*arguments)
        return (*right[:place], given, *right[place + 1:]) if isinstance(right, tuple) else given

    feedback = exercise.check(wrong)
    assert not feedback.right
    return feedback.mistake


@pytest.mark.parametrize("more, factor", FACTORS)
@pytest.mark.parametrize("mistake, core", CROSS_ENTROPY)
def test_a_gradient_of_cross_entropy(mistake, core, more, factor):
    def formula(Z, labels):
        E, (N, K) = np.exp(Z), Z.shape
        P, T = E / E.sum(1)[:, None], np.equal.outer(labels, np.arange(K))
        return eval(core, {"np": np, "E": E, "Z": Z, "P": P, "T": T * 1.0, "l": labels, "N": N,
                           "C": np.arange(K)}) * eval(factor, {"N": N, "K": K})

    name = mistake + f", {more}" * (more not in ("", mistake))
    assert held("cross_entropy_backward", "dZ", formula) == name


def by_parts(text, root="np.sqrt(v + eps)", axis=0):
    """A formula of dX of a normalization from its parts."""
    def formula(G, X, eps, gamma=1.0, **others):
        def m(A):
            return A.mean(axis, keepdims=True)

        def o(A):
            return A.mean(1 - axis, keepdims=True)

        parts = {"np": np, "o": o, "other": X.shape[1 - axis], "A": gamma * G, "G": G, "X": X,
                 "gamma": gamma, "m": m, "n": X.shape[axis], "eps": eps, "c": X - m(X)}
        parts["v"] = m(parts["c"]**2)
        parts["s"] = eval(root, parts)
        return eval(text, parts | {"R": parts["c"] / parts["s"]})

    return formula


@pytest.mark.parametrize("name, axis", [("batchnorm_backward", 0), ("layernorm_backward", 1)])
def test_a_gradient_of_a_normalization(name, axis):
    for mistake, text in NORM + GAMMA * (axis == 0):
        assert held(name, "dX", by_parts(text, axis=axis)) == mistake, text
    for mistake, root in ROOTS:
        assert held(name, "dX", by_parts(RIGHT, root, axis)) == mistake, root


@pytest.mark.parametrize("name", ["eval_backward", "batchnorm_backward"])
def test_a_gradient_of_gamma(name):
    for mistake, text in SCALE:
        def formula(G, X, gamma, eps, mean=None, var=None, text=text):
            mean, var = (X.mean(0), X.var(0)) if mean is None else (mean, var)
            return eval(text, {"np": np, "G": G, "X": X, "gamma": gamma, "var": var, "eps": eps,
                               "c": X - mean, "s": np.sqrt(var + eps)})

        assert held(name, "dgamma", formula) == mistake, text


@pytest.mark.parametrize("variance", ["(c**2).mean({})", "X.var({})"])
def test_means_along_a_row_without_their_axis(variance):
    body = (f"c = X - X.mean({{}})\ns = np.sqrt({variance} + eps)\nR = c / s\n"
            "return (G - G.mean({}) - R * (G * R).mean({})) / s")
    exercise = EXERCISES["layernorm_backward"]
    for first, spread, terms in product(("1", "1, keepdims=True"), repeat=3):
        feedback = exercise.check(answer(exercise, body.format(first, spread, terms, terms)))
        whole = len(first) + len(spread) + len(terms) > 40
        assert (feedback.right, feedback.mistake) == (whole, "" if whole else "keepdims forgotten")
