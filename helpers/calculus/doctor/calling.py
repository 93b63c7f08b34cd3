"""Which of the ways to call a backward pass is the one that is meant."""

import inspect

import numpy as np

from ..errors import CodeError, LessonError
from ..slopes import step_sizes
from . import forms

STEP = 1e-4      # of the size of each number: a step along which a slope is seen
ROUGHLY = 0.01   # what one such difference may be off by: calls that are not meant are off by more
LINES = 3        # one may be met by chance


def choose(code, kept):
    """Give `code` its plan: the first by which backward gives the slopes of forward, or else the
    first by which it gives anything.

    What forward need not be given is left out where that is how backward runs, or gives the slopes.
    kept: how many things forward gave besides its output. Raises CodeError, or what the likeliest
    call raised.
    """
    function = code.method(code.layer, code.backward)
    required, optional, _ = forms.parameters(code.method(code.layer, code.forward))
    plans = forms.plans(function, code.argument_names, kept, code.Y.size == 1, code.keywords,
                        required + optional)
    shorter = [plan for plan in forms.shorter(function, code.argument_names, optional, kept,
                                              code.Y.size == 1, code.keywords) if plan not in plans]
    names = ", ".join(code.argument_names)
    if not plans and not shorter:
        raise CodeError(f"backward takes {inspect.signature(function)}: write it as "
                        f"backward(G, {names}), as backward(G), or as backward(G, cache) with "
                        "`return Y, cache` in forward.")
    able, errors = running(code, plans)
    less, more_errors = running(code, shorter)
    if not able and not less:
        raise (errors + more_errors)[0]
    several = len(able) + len(less) > 1
    fitting = next((plan for plan in able + less if fits(code, plan)), None) if several else None
    if fitting is None and not able and len(less) > 1:
        raise CodeError(f"backward takes {inspect.signature(function)}: which of {names} it wants "
                        "cannot be told. Call its parameters as those of forward.")
    take(code, fitting or (able + less)[0])


def running(code, plans):
    """(those of the plans by which backward gives anything, what the others raise)."""
    able, errors = [], []
    for plan in plans:
        take(code, plan)
        try:
            code.run(code.values, np.ones(code.Y.shape))
            able.append(plan)
        except LessonError as error:
            errors.append(error)
    return able, errors


def take(code, plan):
    """From now on `code` calls backward so."""
    code.plan, code.takes_G = plan, "G" in plan


def fits(code, plan):
    """Whether backward, called so, gives the slope of forward along a few lines, roughly."""
    take(code, plan)
    random = np.random.default_rng(len(code.values))
    try:
        return all(along(code, random) for _ in range(LINES))
    except LessonError:
        return False


def along(code, random):
    """Whether backward gives the slope along one line, for an upstream gradient of its own."""
    G = random.standard_normal(code.Y.shape) if code.takes_G else np.ones(code.Y.shape)
    found = code.run(code.values, G).gradients
    moves = {name: STEP * step_sizes(value) * random.uniform(0.5, 1, value.shape)
             for name, value in code.values.items() if name in found}
    if any(found[name].shape != move.shape for name, move in moves.items()):
        return False
    ahead, behind = (code.value({name: value + sign * moves.get(name, 0.0)
                                 for name, value in code.values.items()}) for sign in (1, -1))
    parts = [found[name] * move for name, move in moves.items()]
    off = np.sum(G * (ahead - behind)) / 2 - sum(part.sum() for part in parts)
    return bool(abs(off) <= ROUGHLY * sum(np.abs(part).sum() for part in parts))
