"""The forms in which people write a backward pass: how it is called, and what it gives back."""

import inspect
from itertools import combinations

import numpy as np

from ..errors import CodeError, is_a
from .arrays import holds_arrays, is_numbers, is_row

UPSTREAM = {"g", "dy", "dout", "d_out", "grad", "upstream", "gradient", "grad_output", "grad_out",
            "out_grad", "gy", "g_out", "dz", "da", "dh", "ds", "delta", "dvalues", "dl_dy", "dldy",
            "dl_dout", "dloss", "dl", "cotangent", "error", "output_grad", "upstream_gradient"}
CACHE = {"cache", "ctx", "memory", "saved", "state", "tape", "stash"}
OUTPUT = {"y", "out", "output", "a", "s", "p", "probs", "yhat", "y_hat", "loss"}
AROUND = (("d", ""), ("d_", ""), ("grad_", ""), ("", "_grad"), ("dl_d", ""), ("dl", ""), ("g_", ""),
          ("", ""))  # what stands around the name of an input in that of its gradient


def parameters(function):
    """(names without a default, names with one, whether there is a *rest) of a function."""
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # some functions written in C do not say
        if is_a(function, np.ufunc):  # those of older NumPy: they are called as in newer ones
            count = function.nin
            return ["x"] if count == 1 else [f"x{i + 1}" for i in range(count)], ["out"], False
        return [], [], True
    places = [p for p in found if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return ([p.name for p in places if p.default is p.empty],
            [p.name for p in places if p.default is not p.empty],
            any(p.kind is p.VAR_POSITIONAL for p in found))


def accepted(function, keywords, taken=0):
    """The keywords that a function takes, behind so many arguments by place."""
    if not keywords:
        return {}
    try:
        found = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return {}
    if any(p.kind is p.VAR_KEYWORD for p in found):
        return dict(keywords)
    return {p.name: keywords[p.name] for p in found[taken:]
            if p.name in keywords and p.kind is not p.POSITIONAL_ONLY}


def plans(backward, names, kept, scalar, keywords=(), own=()):
    """The ways in which a backward pass may want to be called, the likely ones first.

    names: those of forward's arguments; kept: how many things forward gave besides its output;
    scalar: whether that is one number; own: the names of all that forward can take, of which none
    is an upstream gradient. A plan is a tuple of "G", "Y", "cache", ("kept", i) and
    ("argument", i).
    """
    required, optional, rest = parameters(backward)
    required = [name for name in required if name not in keywords]
    lacks_G = not any(is_upstream(name, names) for name in required)
    wanted = [name in names or (lacks_G and is_upstream(name, {*names, *own}))
              for name in optional]
    found = []
    if any(wanted):  # by place: all up to the last one that is wanted
        last = len(wanted) - wanted[::-1].index(True)
        found = ways([*required, *optional[:last]], rest, names, kept, scalar)
    return list(dict.fromkeys([*found, *ways(required, rest, names, kept, scalar)]))


def shorter(backward, names, spare, kept, scalar, keywords=()):
    """The ways that leave out some of what forward was given by place, though it need not be.

    spare: the names of forward's parameters with a default. Those of backward may be called
    otherwise, and have defaults of their own.
    """
    required, optional, rest = parameters(backward)
    required = [name for name in required if name not in keywords]
    if rest or kept or not any(name in spare for name in names):
        return []
    must = [i for i, name in enumerate(names) if name not in spare]
    free = [i for i, name in enumerate(names) if name in spare]
    found = []
    for more in range(len(optional) + 1):
        wanted = [*required, *optional[:more]]
        lengths = ((len(wanted) - 1, True), *([(len(wanted), False)] if scalar else []))
        for length, takes_G in lengths:
            for chosen in combinations(free, max(0, min(length - len(must), len(free)))):
                those = tuple(("argument", i) for i in sorted([*must, *chosen]))
                if len(those) == length and takes_G and is_upstream(wanted[-1], names):
                    found.append((*those, "G"))
                if len(those) == length:
                    found.append(("G", *those) if takes_G else those)
    return list(dict.fromkeys(found))


def ways(required, rest, names, kept, scalar):
    """The plans for a backward pass with these parameters, and *rest or not."""
    everything = tuple(("argument", i) for i in range(len(names)))
    found = []
    named = tuple(token(name, names, kept) for name in required)
    if required and None not in named and ("G" in named or scalar) and len({*named}) == len(named):
        found.append(named)
    count = len(required)
    if kept and count == 2:
        found.append(("cache", "G") if required[0].lower() in CACHE else ("G", "cache"))
    if kept and count == 1 + kept:
        found.append(("G", *(("kept", i) for i in range(kept))))
    if (count == 1 + len(names) or rest) and not kept:
        if not rest and is_upstream(required[-1], names):
            found.append((*everything, "G"))
        found.append(("G", *everything))
    if scalar and (count == len(names) or rest):
        found.append(everything)
    if count == 1:
        found.append(("G",))
    if count == 0 and scalar and not rest:
        found.append(())
    return found


def is_upstream(name, names):
    """Whether a parameter is called as an upstream gradient, and as no input of forward."""
    return name.lower() in UPSTREAM and name not in names


def token(name, names, kept):
    """What a parameter of this name is to get, or None."""
    if name in names:
        return ("argument", names.index(name))
    lower, lowered = name.lower(), [other.lower() for other in names]
    if is_upstream(name, names):
        return "G"
    if kept and lower in CACHE:
        return "cache"
    if lowered.count(lower) == 1:
        return ("argument", lowered.index(lower))
    return "Y" if lower in OUTPUT else None


def filled(plan, G, Y, kept, arguments):
    """The arguments of one call."""
    sources = {"kept": kept, "argument": arguments}
    plain = {"G": G, "Y": Y, "cache": kept[0] if len(kept) == 1 else tuple(kept)}
    return [plain[part] if isinstance(part, str) else sources[part[0]][part[1]] for part in plan]


def split(returned):
    """(output, what else a forward pass gave): `out`, `(out, cache)` or `(out, X, W, …)`."""
    if isinstance(returned, tuple) and returned and not (
            is_numbers(returned) and all(np.ndim(part) == 0 for part in returned)):
        return returned[0], returned[1:]
    return returned, ()


def input_of(key, names):
    """The input whose gradient goes by this name, `dW` or `W_grad` or `W`, or None.

    What stands in a list goes by its place there.
    """
    for lower in (False, True):
        for before, after in AROUND:
            for name in names:
                wanted = f"{before}{name}{after}"
                if (wanted.lower() == str(key).lower()) if lower else wanted == str(key):
                    return name
    return None


def mirrored(returned, arguments):
    """{keys: gradient} where gradients stand in lists and dicts built as the arguments, or None.

    keys: the number of the argument, then those from there on. What is returned is built as all
    arguments together, or as the one that has lists or dicts in it.
    """
    nested = [i for i, value in enumerate(arguments)
              if isinstance(value, dict) or holds_arrays(value)]
    if not nested:
        return None
    if isinstance(returned, list | tuple) and len(returned) == len(arguments):
        found = [pair(part, value, (i,))
                 for i, (part, value) in enumerate(zip(returned, arguments, strict=True))]
        if None not in found:
            return dict(one for pairs in found for one in pairs)
    alone = pair(returned, arguments[nested[0]], (nested[0],)) if len(nested) == 1 else None
    return None if alone is None else dict(alone)


def pair(part, value, keys):
    """[(keys, gradient)] of one argument, or None where the gradient is built otherwise."""
    if part is None:
        return []
    if isinstance(value, dict):
        names = {str(key): key for key in value}
        known = isinstance(part, dict) and {key: input_of(key, names) for key in part}
        if not known or None in known.values():
            return None
        rows = [(part[key], names[name]) for key, name in known.items()]
    elif holds_arrays(value):
        if not is_row(part) or len(part) != len(value):
            return None
        rows = [(one, i) for i, one in enumerate(part)]
    else:
        return None if isinstance(part, dict) or holds_arrays(part) else [(keys, part)]
    found = [pair(one, value[key], (*keys, key)) for one, key in rows]
    return None if None in found else [one for pairs in found for one in pairs]


def by_input(returned, every, floating, shapes, taken=()):
    """{input: its gradient} from what a backward pass returned. Raises CodeError.

    every: the names of all arguments in order; floating: those of real numbers; taken: those that
    backward was given.
    """
    if returned is None:
        return {}
    if isinstance(returned, dict):
        return by_key(returned, floating)
    if isinstance(returned, tuple | list):
        whole = len(returned) != len(every) and is_numbers(returned) and len(floating) == 1
        parts = [returned] if whole else list(returned)
    else:
        parts = [returned]
    found = {}
    for part in [part for part in parts if isinstance(part, dict)]:
        found |= by_key(part, floating)
    parts = [part for part in parts if not isinstance(part, dict)]
    names = receivers(parts, every, floating, shapes, found, taken)
    found |= {name: part for name, part in zip(names, parts, strict=True)
              if part is not None and name in floating}
    return found


def by_key(returned, names):
    """{input: gradient} from a dict by name."""
    found = {input_of(key, names): value for key, value in returned.items()}
    if None in found:
        lost = next(key for key in returned if input_of(key, names) is None)
        raise CodeError(f"backward gives a gradient {lost!r}, but there is no such input: "
                        f"{', '.join(names)}. Name each as its input: {names[0]!r} or "
                        f"{'d' + names[0]!r}.")
    return found


def receivers(parts, every, floating, shapes, found, taken=()):
    """The input that each of several gradients belongs to, by their order.

    Of the inputs with axes, and those that backward was given, the ones that the shapes fit.
    """
    free = [name for name in every if name not in found]
    arrays = [name for name in floating if name in free and shapes[name]]
    real = [name for name in floating if name in free]
    given = [name for name in real if name in taken]
    for names in (real, free):
        if len(parts) == len(names):
            return names
    likely = [names for names in (arrays, given) if len(parts) == len(names)]
    if likely:
        return next((names for names in likely if all(
            part is None or np.shape(part) == shapes[name]
            for name, part in zip(names, parts, strict=True))), likely[0])
    if len(parts) == 1 and real:
        return real[:1]
    fitting = [name for name in real
               if any(np.shape(part) == shapes[name] for part in parts if part is not None)]
    if len(fitting) == len(parts):
        return fitting
    raise CodeError(f"backward gives {len(parts)} gradients, but forward takes {', '.join(every)}: "
                    "return one for each of them, in their order, or a dict by name.")
