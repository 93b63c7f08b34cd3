"""The batch norm lab's present and every change a student can make to it. Pure: no browser."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ...calculus import batchnorm as bn
from ...calculus.errors import (
    LessonError,
    NumberError,
    ShapeError,
    UnknownInput,
    UnknownParameter,
    checked_seed,
    stands_in,
)
from ...calculus.jacobian import as_numbers
from ...words import brief, one_line
from ..array import edited, frozen

MOST_EXAMPLES, MOST_FEATURES, MOST_NUMBER = 16, 4, 1e6
EPS_CHOICES = (0.0, *(float(f"{10 ** (k / 2):.1e}") for k in range(-16, 3)))  # the slider
OUTLIER_ROW = 0
STATISTICS = {"training": ("gamma", "beta"), "evaluation": ("gamma", "beta", "mean", "var")}
NAMES = {"X": "X", "G": "G", "gamma": "γ", "beta": "β", "mean": "stored μ", "var": "stored v"}
PARTS = 3


@dataclass(frozen=True, eq=False)
class Present:
    """What the student has made: the arrays, the settings, and how far the steps have gone."""

    arrays: Mapping        # X, G (N, H); gamma, beta, mean, var (H,)
    eps: float = 1e-5
    ddof: int = 0
    mode: str = "training"
    feature: int = 0
    step: int = 0          # steps taken: forward ones, then backward ones
    parts: int = PARTS     # parts of the Jacobian added up
    path: bool = True      # is the path from the variance to the mean kept?
    seed: int = 0
    first: "Present | None" = None  # what `reset` brings back


class Computed(NamedTuple):
    """Everything that follows from a present."""

    values: Mapping
    forward: list
    backward: list
    gradients: Mapping
    collapsed: Mapping
    parts: bn.Parts


@lru_cache(maxsize=4)  # pointing asks for the same present again and again
def compute(present):
    """Both passes, the collapsed formula and the Jacobian. Raises ShapeError, NumberError."""
    rows = [present.arrays[name] for name in STATISTICS[present.mode]]
    X, G = present.arrays["X"], present.arrays["G"]
    if present.mode == "training":
        values = bn.training(X, *rows, present.eps, present.ddof)
    else:
        values = bn.evaluation(X, *rows, present.eps)
    drop = not present.path and present.mode == "training"
    backward = bn.backward_steps(values, G, drop)
    return Computed(values, bn.forward_steps(values), backward, bn.gradients(backward),
                    bn.collapsed(values, G), bn.jacobian_parts(values, present.feature))


def counts(mode):
    """(forward steps, all steps)."""
    table = bn.TRAINING if mode == "training" else bn.EVALUATION
    return len(table), len(table) + sum(bool(step.rules) for step in table)


def start(X=None, gamma=None, beta=None, G=None, mean=None, var=None, seed=0, **settings):
    """The first present: given arrays, else seeded ones; running statistics are those of X.

    settings: eps, ddof, mode, feature, step, parts, path; without a step the forward pass is done
    and one step of the way back. Raises ShapeError, NumberError, ….
    """
    seed = checked_seed(seed, "BatchNormLab")
    X = admitted("X", numbers((5, 3), seed, 0) if X is None else X)
    if X.ndim != 2 or not (1 <= len(X) <= MOST_EXAMPLES and 1 <= X.shape[1] <= MOST_FEATURES):
        raise ShapeError(f"BatchNormLab: X has shape {X.shape}, but the lab shows 1 to "
                         f"{MOST_EXAMPLES} examples of 1 to {MOST_FEATURES} features: (N, H).")
    H = X.shape[1]
    usual = {"G": numbers(X.shape, seed, 1), "gamma": np.ones(H), "beta": np.zeros(H),
             "mean": X.mean(0), "var": X.var(0)}
    given = {"G": G, "gamma": gamma, "beta": beta, "mean": mean, "var": var}
    arrays = {"X": X} | {name: fitting(name, usual[name] if value is None else value, X)
                         for name, value in given.items()}
    first = with_settings(Present(arrays, seed=seed), settings)
    if "step" not in settings:
        first = replace(first, step=counts(first.mode)[0] + 1)
    return replace(first, first=first)


def numbers(shape, *seed):
    """Seeded numbers with one decimal, as a student would type them; none is 0."""
    values = np.round(np.random.default_rng(seed).normal(size=shape), 1)
    return np.where(values == 0, 0.5, values)


def fitted(old, shape, *seed):
    """An array (N, H) of another N: the old examples as far as they go, then new numbers."""
    new = numbers(shape, *seed)
    new[:len(old)] = old[:len(new)]
    return new


def admitted(name, value):
    """A read-only float64 copy of finite numbers. Raises NumberError."""
    array = frozen(np.array(as_numbers(value, f"BatchNormLab: {name}")))
    wrong = ~(np.abs(array) <= MOST_NUMBER)
    if wrong.any():
        raise NumberError(f"BatchNormLab: {NAMES[name]} holds {array[wrong][0]:g}. The lab takes "
                          f"numbers from −1e6 to 1e6.")
    if name == "var" and (array < 0).any():
        raise NumberError(f"BatchNormLab: a variance is not negative, but {NAMES[name]} holds "
                          f"{array.min():g}.")
    return array


def fitting(name, value, X):
    """An array that fits X. Raises ShapeError."""
    array, shape = admitted(name, value), X.shape if name == "G" else X.shape[1:]
    if array.shape != shape:
        raise ShapeError(f"BatchNormLab: {name} has shape {array.shape}, but X of shape {X.shape} "
                         f"needs {name} of shape {shape}.")
    return array


def with_arrays(present, arrays):
    """Arrays set from Python; a new X may bring a new N and H, and the others are fitted to it."""
    now = present.arrays
    if "X" not in arrays:
        return replace(present, arrays={**now, **{
            name: fitting(name, value, now["X"]) for name, value in arrays.items()}})
    X = admitted("X", arrays["X"])
    if X.ndim == 2 and X.shape[1] == now["X"].shape[1]:
        kept = {name: now[name] for name in STATISTICS["evaluation"]}
        kept["G"] = fitted(now["G"], X.shape, present.seed, 1, 7)
        new = start(**{**kept, **arrays})
        return replace(present, arrays=new.arrays)
    new = start(**arrays, seed=present.seed)
    return replace(present, arrays=new.arrays, feature=min(present.feature, X.shape[-1] - 1))


def with_settings(present, settings):
    """Settings changed by name. Raises UnknownParameter and what a wrong value raises."""
    for name, value in sorted(settings.items(), key=lambda one: one[0] == "step"):  # by the mode
        if name not in SETTINGS:
            raise UnknownParameter(f"BatchNormLab has no setting {brief(name)}. It has: "
                                   f"{', '.join(SETTINGS)}.")
        present = SETTINGS[name](present, value)
    return present


def whole(name, value, low, high):
    """A whole number from low to high. Raises NumberError."""
    number = as_numbers(value, f"BatchNormLab: {name}")
    if number.ndim or number != np.floor(number) or not low <= number <= high:
        raise NumberError(f"BatchNormLab: {name} must be a whole number from {low} to {high}, "
                          f"not {one_line(value, 60)}.")
    return int(number)


def with_eps(present, value):
    """ε changed. Raises NumberError."""
    eps = as_numbers(value, "BatchNormLab: ε")
    if eps.ndim or not 0 <= eps <= MOST_NUMBER:
        raise NumberError(f"BatchNormLab: ε must be one number from 0 to 1e6, not "
                          f"{one_line(value, 60)}.")
    return replace(present, eps=float(eps))


def with_mode(present, value):
    """Training or evaluation; a pass that was finished stays finished. Raises UnknownInput."""
    if not stands_in(value, STATISTICS):
        raise UnknownInput("BatchNormLab: mode must be training or evaluation, not "
                           f"{brief(value)}.")
    if value == present.mode:
        return present
    (forward, last), (new_forward, new_last) = counts(present.mode), counts(value)
    step = min(present.step, new_forward)
    if present.step > forward:
        step = new_last if present.step == last else new_forward
    return replace(present, mode=value, step=step)


def with_step(present, value):
    """A number of steps taken; "end" takes all of them. Raises NumberError."""
    last = counts(present.mode)[1]
    value = last if stands_in(value, ("end",)) else value
    return replace(present, step=whole("step", value, 0, last))


SETTINGS = {
    "eps": with_eps,
    "mode": with_mode,
    "ddof": lambda p, value: replace(p, ddof=whole("ddof", value, 0, 1)),
    "feature": lambda p, value: replace(
        p, feature=whole("feature", value, 0, p.arrays["X"].shape[1] - 1)),
    "parts": lambda p, value: replace(p, parts=whole("parts", value, 0, PARTS)),
    "path": lambda p, value: replace(p, path=bool(whole("path", value, 0, 1))),
    "step": with_step,
}


def gone(present, how):
    """The steps after a button: one further, one back, or all of one pass."""
    forward, last = counts(present.mode)
    places = {"start": 0, "back": max(present.step - 1, 0), "step": min(present.step + 1, last),
              "forward": forward, "backward": last}
    if how not in places:
        raise UnknownInput(f"BatchNormLab: there is no way {brief(how)} through the steps.")
    return replace(present, step=places[how])


def with_examples(present, count):
    """Another N: numbers that fit stay."""
    N = whole("N", count, 1, MOST_EXAMPLES)
    H = present.arrays["X"].shape[1]
    arrays = {name: frozen(fitted(present.arrays[name], (N, H), present.seed, place, 7))
              for place, name in enumerate(("X", "G"))}
    return replace(present, arrays={**present.arrays, **arrays})


def with_entry(present, name, index, value):
    """One number of one array replaced. Raises UnknownInput, NumberError, ShapeError."""
    if name not in present.arrays:
        raise UnknownInput(f"{one_line(name, 60)} cannot be edited. Edit one of "
                           f"{', '.join(NAMES)}.")
    new = admitted(name, edited(present.arrays[name], index, value))
    return replace(present, arrays={**present.arrays, name: new})


def with_slider(present, what, value):
    """A slider moved: n, eps (its place on the slider), gamma or the outlier of the feature."""
    f = present.feature
    if what == "n":
        return with_examples(present, value)
    if what == "eps":
        return with_eps(present, EPS_CHOICES[whole("ε’s slider", value, 0, len(EPS_CHOICES) - 1)])
    if what == "gamma":
        return with_entry(present, "gamma", f, value)
    if what == "outlier":
        flat = OUTLIER_ROW * present.arrays["X"].shape[1] + f
        return with_entry(present, "X", flat, value)
    raise UnknownInput(f"BatchNormLab has no slider {brief(what)}.")


def redrawn(present, seed):
    """X and G drawn anew."""
    shape = present.arrays["X"].shape
    new = {name: frozen(numbers(shape, seed, place)) for place, name in enumerate(("X", "G"))}
    return replace(present, arrays={**present.arrays, **new}, seed=seed)


GESTURES = {
    "go": lambda p, g: gone(p, g["how"]),
    "choose": lambda p, g: with_settings(p, {g["what"]: g["value"]}),
    "slide": lambda p, g: with_slider(p, g["what"], g["value"]),
    "edit": lambda p, g: with_entry(p, g["name"], g["index"], g["value"]),
    "random": lambda p, g: redrawn(p, p.seed + 1),
    "reset": lambda p, g: replace(p.first, first=p.first),
}


def act(present, gesture):
    """The present after one gesture of the student."""
    if gesture.get("kind") not in GESTURES:
        raise UnknownInput(f"There is no gesture {brief(gesture.get('kind'))}.")
    new = GESTURES[gesture["kind"]](present, gesture)
    try:
        compute(new)
    except LessonError as error:
        raise type(error)(f"{error} The lab stays as it was.") from None
    return new
