"""Every change that a student can make to the explorer's present. Pure: present -> present."""

from dataclasses import replace

import numpy as np

from ...calculus import axes as ax
from ...calculus.errors import LessonError, NumberError, ShapeError, UnknownInput, stands_in
from ...calculus.jacobian import as_numbers, check_layout, checked_whole
from ...calculus.operation import operation
from ...words import brief, one_line, plural
from ..array import edited
from .play import telling
from .state import (
    MOST_IMAGINED,
    MOST_SIZE,
    admitted,
    bound_sizes,
    check_drawable,
    check_names,
    checked_size,
    compute,
    drawn_constants,
    fitted,
    numbers,
    start,
)

MODES = ("tiles", "blocks")


def with_size(present, letter, size):
    """Every array resized along one axis, keeping the entries that still fit."""
    free, op, seed = present.free_sizes, present.op, present.seed
    if letter not in free:
        raise ShapeError(
            f"{present.operation} has no axis {brief(letter)} to set. It has: {', '.join(free)}."
        )
    size = checked_size(letter, size)
    parameters = {**present.parameters, **({letter: size} if letter in op.parameters else {})}
    given = {k: v for k, v in free.items() if k not in op.parameters} | {letter: size}
    sizes = op.sizes_at(given, present.ndim, **parameters)
    inputs = {name: fitted(old, numbers(ax.shape_of(present.letters[name], sizes), seed, place, 7))
              for place, (name, old) in enumerate(present.inputs.items())}
    new = drawn_constants(op, sizes, present.ndim, seed, parameters)
    constants = {name: fitted(present.constants[name], value) for name, value in new.items()}
    changed = replace(present, inputs=inputs, parameters=parameters, constants=constants)
    try:
        return refit(changed)
    except LessonError:
        if not new:
            raise
        return refit(replace(changed, constants=new))  # old labels may name a class that is gone


def refit(present):
    """The present with G resized to Y; raises before anything too big is built."""
    Y = present.op(*present.inputs.values(), **present.keywords)
    check_drawable(present, Y.shape)
    return replace(present, G=fitted(present.G, numbers(Y.shape, present.seed, 99, 7)))


def with_entry(present, name, index, value):
    """One entry of an input, a constant or G replaced."""
    arrays = {**present.inputs, **present.constants, "G": present.G}
    if name not in arrays:
        raise UnknownInput(f"{one_line(name, 60)} cannot be edited. Edit one of "
                           f"{', '.join(arrays)}.")
    return replaced(present, {name: edited(arrays[name], index, value)})


def replaced(present, arrays):
    """Arrays replaced by others of the same shapes."""
    return replace(
        present,
        G=arrays.get("G", present.G),
        inputs={name: arrays.get(name, value) for name, value in present.inputs.items()},
        constants={name: arrays.get(name, value) for name, value in present.constants.items()},
    )


def with_arrays(present, arrays):
    """Arrays set from Python: shapes may change as long as they fit each other."""
    op, known = present.op, (*present.inputs, *present.constants, "G")
    for name in arrays:
        if name not in known:
            raise UnknownInput(f"{op.name} has no array {brief(name)}. Set one of "
                               f"{', '.join(known)}.")
    inputs = {name: arrays.get(name, value) for name, value in present.inputs.items()}
    sizes = bound_sizes(op, admitted(op, tuple(inputs.values()), {}), present.parameters)
    same = all(present.sizes.get(letter) == size for letter, size in sizes.items())
    given = present.constants if same else {}
    given = {**given, **{k: v for k, v in arrays.items() if k in op.constants}}
    new = start(op, tuple(inputs.values()), present.wrt, present.seed,
                given={**present.parameters, **given}, **present.look)
    G = fitted(present.G, new.G)
    if "G" in arrays:
        G = np.array(as_numbers(arrays["G"], f"{op.name}: G"))
        if G.shape != new.G.shape:
            raise ShapeError(
                f"{op.name}: G has shape {G.shape}, but {op.output} has {new.G.shape}. "
                f"Give G the shape of {op.output}."
            )
    return replace(new, G=G, imagined=present.imagined, first=present.first, own=present.own)


def with_parameter(present, name, value):
    """One parameter changed. Raises UnknownParameter, NumberError."""
    check_names(present.op, {name: value})
    number = as_numbers(value, f"{present.operation}: {name}")
    if number.ndim or not np.isfinite(number):
        raise NumberError(f"{present.operation}: {name} must be one finite number, not "
                          f"{one_line(value, 60)}.")
    whole = isinstance(present.op.parameters[name], int)
    parameters = {**present.parameters, name: int(number) if whole else float(number)}
    return refit(replace(present, parameters=parameters))


def with_operation(present, name):
    """Another operation; sizes of shared axes stay, and arrays of the same name and shape."""
    if present.own and name == present.own.operation:
        own = replace(present.own, **present.look)
        return replace(own, first=own, own=present.own)
    letters = operation(name).sizes_at()
    sizes = {k: v for k, v in present.sizes.items() if k in letters and 1 <= v <= MOST_SIZE}
    new = start(name, seed=present.seed, sizes=sizes, **present.look)
    kept = {key: present.inputs[key] for key, value in new.inputs.items()
            if key in present.inputs and present.inputs[key].shape == value.shape}
    if present.G.shape == new.G.shape and new.G.ndim:
        kept["G"] = present.G
    shown = refit(replaced(new, kept))
    return replace(shown, first=shown, own=present.own)


def redrawn(present, seed):
    """All arrays drawn anew at the present sizes."""
    inputs = {name: numbers(value.shape, seed, place)
              for place, (name, value) in enumerate(present.inputs.items())}
    constants = drawn_constants(present.op, present.sizes, present.ndim, seed, present.parameters)
    G = numbers(present.G.shape, seed, 99) if present.G.ndim else present.G
    return replace(present, inputs=inputs, constants=constants, G=G, seed=seed)


def with_imagined(present, letter, size):
    """Another size to count, not to build."""
    try:
        size = checked_whole(size, "size", 1, MOST_IMAGINED)
        known = stands_in(letter, tuple(present.imagined))
    except NumberError:
        known = False
    if not known:
        raise ShapeError(
            f"Imagine a size from 1 to {MOST_IMAGINED:,} of one of "
            f"{', '.join(present.imagined)}, not {one_line(size, 60)} of {one_line(letter, 60)}."
        )
    return replace(present, imagined={**present.imagined, letter: int(size)})


def chosen(present, what, value):
    """The operation, the input to differentiate by, the layout or the mode chosen."""
    if what == "operation":
        return with_operation(present, value)
    if what == "wrt":
        return refit(replace(present, wrt=present.op.input_name(value)))
    if what == "layout":
        check_layout(value)
        return replace(present, layout=value)
    if what == "mode":
        if not stands_in(value, MODES):
            raise UnknownInput(f"There is no mode {brief(value)}. Choose {' or '.join(MODES)}.")
        return replace(present, mode=value)
    raise UnknownInput(f"There is no {one_line(what, 60)} {brief(value)} to choose.")


def reset(present):
    """The numbers that the student found, looked at as now."""
    first = present.first
    return refit(replace(first, first=first, own=present.own, wrt=present.wrt, **present.look))


def looked(old, now):
    """An old present with the player and the derivation as they are now."""
    return replace(old, derives=now.derives, played=now.played)


def with_played(present, gesture):
    """The entry of the gradient to play: the one named, or in the tensor, else a telling one.

    None, where it is on False. Raises UnknownInput for an entry that is not there.
    """
    computed = compute(present)
    pair = gesture.get("outer"), gesture.get("inner")
    x = gesture.get("index", pair[present.layout == "numerator"])
    if x is None or not gesture["on"]:
        return replace(present, played=telling(computed) if gesture["on"] else None)
    if not 0 <= x < computed.full.size:
        raise UnknownInput(f"dL/d{present.wrt} has {plural(computed.full.size, 'entry', 'entries')}"
                           f", and none of them is number {one_line(x, 60)}.")
    return replace(present, played=int(x))


CHOICES = ("operation", "wrt", "layout", "mode")


def with_changes(present, changes):
    """Choices, sizes, parameters and arrays changed at once, by name."""
    for what in CHOICES:
        if what in changes:
            present = chosen(present, what, changes[what])
    sizes, op = present.free_sizes, present.op
    for name, value in changes.items():
        if name in sizes:
            present = with_size(present, name, value)
        elif name in op.parameters:
            present = with_parameter(present, name, value)
    others = (*CHOICES, *sizes, *op.parameters)
    arrays = {name: value for name, value in changes.items() if name not in others}
    return with_arrays(present, arrays) if arrays else present


GESTURES = {
    "choose": lambda p, g: chosen(p, g["what"], g["value"]),
    "size": lambda p, g: with_size(p, g["letter"], g["value"]),
    "parameter": lambda p, g: with_parameter(p, g["name"], g["value"]),
    "edit": lambda p, g: with_entry(p, g["name"], g["index"], g["value"]),
    "derive": lambda p, g: replace(p, derives=bool(g["on"])),
    "play": with_played,
    "imagine": lambda p, g: with_imagined(p, g["letter"], g["value"]),
    "random": lambda p, g: redrawn(p, p.seed + 1),
    "reset": lambda p, g: reset(p),
}


def act(present, gesture):
    """The present after one gesture of the student."""
    if gesture.get("kind") not in GESTURES:
        raise UnknownInput(f"There is no gesture {brief(gesture.get('kind'))}.")
    return GESTURES[gesture["kind"]](present, gesture)
