"""What a layer keeps: its parameters, their gradients, and the layers that it is made of."""

import inspect
from types import FunctionType, MethodType, ModuleType

import numpy as np

from ..errors import is_a
from . import forms
from .arrays import is_row, is_tensor, plain, rebuilt

PLAIN = int, float, str, bytes
NO_LAYERS = np.ndarray, np.ufunc, type, FunctionType, MethodType, ModuleType
MOST = 2000  # things that are looked through for layers: the nearest are found first


def layers_of(layer):
    """{path: layer}: the layer itself, by "", and those in its attributes, lists and dicts.

    To any depth, each by its shortest path, `blocks[0].dense`. What holds itself is no harm.
    """
    found, seen, queue = {"": layer}, {id(layer)}, [("", layer)]
    for path, value in queue:  # which grows on the way
        for name, part in parts(path, value):
            inner = is_layer(part)
            if (inner or is_a(part, dict) or is_row(part)) and id(part) not in seen:
                if len(seen) == MOST:
                    return found
                seen.add(id(part))
                queue.append((name, part))
                if inner:
                    found[name] = part
    return found


def parts(path, value):
    """(path, part) of all that a layer, a list or a dict holds."""
    if is_a(value, dict):
        yield from ((f"{path}[{key!r}]", part) for key, part in value.items())
    elif is_row(value):
        yield from ((f"{path}[{i}]", part) for i, part in enumerate(value))
    for name, part in attributes(value).items():
        yield (f"{path}.{name}" if path else name), part


def is_layer(value):
    """Whether this has attributes, as a layer has: no array, class, function or module."""
    kind = type(value)
    if issubclass(kind, NO_LAYERS):
        return False
    return bool(kind.__dictoffset__ or slots(kind)) and not is_tensor(value)


def slots(kind):
    """The names of the attributes that a class has by `__slots__`."""
    return [name for one in kind.__mro__ if "__slots__" in vars(one)
            for name, member in vars(one).items() if inspect.ismemberdescriptor(member)]


def attributes(value):
    """{name: value} of what an object keeps, nothing of one that stops when it is asked."""
    try:
        own = vars(value) if type(value).__dictoffset__ else {}
        return {**own, **{name: getattr(value, name) for name in slots(type(value))
                          if hasattr(value, name)}}
    except Exception:
        return {}


def held(layer):
    """The arrays in the attributes of a layer, and in lists and dicts of it, by their keys."""
    return dict(arrays_in(attributes(layer)))


def arrays_in(value, keys=(), around=()):
    """(keys, array) of all in a list or dict; around: what these stand in, not entered again."""
    for key, part in value.items() if is_a(value, dict) else enumerate(value):
        if is_a(part, dict) or is_row(part):
            if id(part) not in around:
                yield from arrays_in(part, (*keys, key), (*around, id(part)))
        elif is_a(part, np.ndarray | np.floating) or (not is_a(part, PLAIN) and is_tensor(part)):
            yield (*keys, key), part


def is_gradient(keys, own):
    """Whether what stands at `keys` of a layer is called as the gradient of what is at `own`."""
    if keys == own or forms.input_of(keys[-1], [own[-1]]) is None:
        return False
    return keys[-1] != own[-1] or (len(keys) > 1 and "grad" in keys[0].lower())


def beside(layer, own):
    """The gradients that a layer keeps of its array at the keys `own`."""
    return [value for keys, value in held(layer).items() if is_gradient(keys, own)]


def parameters(before, after):
    """[(ways, array)] of all arrays of layers of which these also keep the gradient.

    before, after: the layers by their paths, before and after a backward pass. ways: (path, *keys)
    of each place of one array, one that has a gradient first. What is one array in several places,
    as in a layer and in a list of all parameters, is one parameter where it has one gradient; with
    several each is the share of one place.
    """
    places, found = {}, []
    for path, layer in before.items():
        for keys, array in held(layer).items():
            places.setdefault(id(array), (array, []))[1].append((path, *keys))
    for array, ways in places.values():
        kept = {way: beside(after[way[0]], way[1:]) for way in ways if way[0] in after}
        kept = {way: gradients[0] for way, gradients in kept.items()
                if any(np.shape(one) for one in gradients)}
        first = next(iter(kept), None)
        if first and all(is_same(one, kept[first]) for one in kept.values()):
            found.append(((first, *(way for way in ways if way != first)), array))
        else:
            found += [((way,), array) for way in kept]
    return found


def is_same(one, other):
    """Whether these are one array."""
    return one is other or (not is_tensor(one) and not is_tensor(other)
                            and np.shares_memory(one, other))


def name_of(way):
    """What a parameter is called: `W`, `params[0]`, `layers[1].W`."""
    path, first, *keys = way
    inside = "".join(f"[{key}]" for key in keys)  # of a list in a dict both
    name = keys[-1] if keys and isinstance(keys[-1], str) else first + inside
    return f"{path}.{name}" if path else name


def put(layers, way, leaf):
    """Exchange the array at one place of one of the layers."""
    path, first, *keys = way
    layer = layers[path]
    value = rebuilt(attributes(layer)[first], keys, leaf)
    try:
        setattr(layer, first, value)
    except AttributeError:  # a frozen dataclass
        object.__setattr__(layer, first, value)


def stays(layer, keys, values):
    """Whether what was put into a layer is still there after forward."""
    there = held(layer).get(tuple(keys))
    if np.shape(there) != values.shape:
        return False
    return np.allclose(plain(there, ""), values, rtol=1e-5, atol=0, equal_nan=True)


def is_stale(before, after):
    """Whether the gradients kept after a backward pass are those of an earlier one, not zeros."""
    return bool(before) and np.any(plain(before[0], "")) and np.array_equal(
        plain(before[0], ""), plain(after[0], ""), equal_nan=True)
