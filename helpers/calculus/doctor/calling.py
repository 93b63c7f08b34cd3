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

    kept: how many things forward gave besides its output. Raises CodeError, or what the likeliest
    call raised.
    """
    function = code.method(code.layer, code.backward)
    required, optional, _ = forms.parameters(code.method(code.layer, code.forward))
    plans = forms.plans(function, code.argument_names, kept, code.Y.size == 1, code.keywords,
                        required + optional)
    if not plans:
        names = ", ".join(code.argument_names)
        raise CodeError(f"backward takes {inspect.signature(function)}: write it as "
                        f"backward(G, {names}), as backward(G), or as backward(G, cache) with "
                        "`return Y, cache` in forward.")
    able, errors = [], []
    for plan in plans:
        take(code, plan)
        try:
            code.run(code.values, np.ones(code.Y.shape))
            able.append(plan)
        except LessonError as error:
            errors.append(error)
    if not able:
        raise errors[0]
    fitting = (plan for plan in able if fits(code, plan)) if len(able) > 1 else iter(())
    take(code, next(fitting, able[0]))


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
