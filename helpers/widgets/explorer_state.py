"""The explorer's present and every change a student can make to it. Pure: no browser."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from ..calculus import axes as ax
from ..calculus.errors import NumberError, ShapeError, TooBig, UnknownInput, UnknownParameter
from ..calculus.jacobian import as_numbers, check_layout, contract
from ..calculus.operation import OPERATIONS, Local, operation
from .array import edited

MOST_ENTRIES = 2**20  # of a Jacobian on screen
MOST_SIZE = 32  # of one axis on its slider
IMAGINED = {"n": 64, "h": 1024, "m": 1024, "k": 256}
MOST_IMAGINED = 2**14
MODES = ("tiles", "blocks")


@dataclass(frozen=True, eq=False)
class Present:
    """What the student has made: an operation, its arrays and how it is looked at."""

    operation: str
    wrt: str
    inputs: Mapping
    G: np.ndarray
    parameters: Mapping
    unnamed: int = 2  # axes that `...` stands for
    layout: str = "numerator"
    mode: str = "tiles"
    imagined: Mapping = field(default_factory=dict)
    seed: int = 0

    @property
    def op(self):
        return operation(self.operation)

    @property
    def letters(self):
        """Axis letters by array name, for the inputs, `Y` and `G`."""
        inputs, output = ax.parse(self.op.axes)
        named = {
            name: ax.expand(part, self.unnamed)
            for name, part in zip(self.op.inputs, inputs, strict=True)
        }
        return {**named, "Y": ax.expand(output, self.unnamed), "G": ax.expand(output, self.unnamed)}

    @property
    def sizes(self):
        """Size by letter of the inputs' axes."""
        return ax.bind(self.operation, self.op.axes, {n: v.shape for n, v in self.inputs.items()})


@dataclass(frozen=True, eq=False)
class Computed:
    """Everything that follows from a present: both ways and their results."""

    Y: np.ndarray
    local: Local
    J: np.ndarray  # numerator layout
    full: np.ndarray  # the gradient by contracting J
    compact: np.ndarray  # the gradient by the vjp


@lru_cache(maxsize=4)  # pointing at entries asks for the same present again and again
def compute(present):
    """Forward, the full way and the compact way. Raises TooBig over what fits on a screen."""
    op, inputs = present.op, tuple(present.inputs.values())
    Y = op(*inputs, **present.parameters)
    check_drawable(present, Y.shape)
    local = op.local(*inputs, wrt=present.wrt, **present.parameters)
    J = local.tensor()
    return Computed(
        Y,
        local,
        J,
        contract(present.G, J),
        op.vjp(present.G, *inputs, wrt=present.wrt, **present.parameters),
    )


def check_drawable(present, output_shape):
    """Raise TooBig when the full tensor has too many entries for a screen."""
    shape = output_shape + present.inputs[present.wrt].shape
    if math.prod(shape) > MOST_ENTRIES:
        raise TooBig(
            f"∂Y/∂{present.wrt} would have shape {shape}: {math.prod(shape):,} entries, and a "
            f"screen shows {MOST_ENTRIES:,}. Choose smaller sizes; the sliders under "
            "“Now imagine” count bigger ones."
        )


def numbers(shape, *seed):
    """Seeded numbers with one decimal, as a student would type them; none is 0."""
    values = np.round(np.random.default_rng(seed).normal(size=shape), 1)
    return np.where(values == 0, 0.5, values)


def fitted(old, shape, *seed):
    """An array of this shape: the old entries where both have them, new numbers elsewhere."""
    new = numbers(shape, *seed)
    if np.ndim(old) == len(shape):
        common = tuple(slice(min(a, b)) for a, b in zip(np.shape(old), shape, strict=True))
        new[common] = np.asarray(old)[common]
    return new


def start(name, arrays=(), wrt=None, seed=0, sizes=None, parameters=None, **look):
    """The first present of an operation: given arrays, else seeded ones of the given sizes.

    Raises what the operation raises for wrong names, shapes and parameters.
    """
    op = operation(name)
    for parameter in parameters or {}:
        if parameter not in op.parameters:
            raise UnknownParameter(
                f"{op.name} has no axis and no parameter {parameter!r}. Axes: "
                f"{', '.join(ax.default_sizes(op.axes))}; parameters: "
                f"{', '.join(op.parameters) or 'none'}."
            )
    if arrays:
        inputs = dict(zip(op.inputs, arrays, strict=False))
        op.sizes(*arrays)
        inputs = {
            key: np.array(as_numbers(value, f"{op.name}: {key}")) for key, value in inputs.items()
        }
    else:
        inputs = drawn(
            op,
            ax.default_sizes(op.axes, {k: checked_size(k, v) for k, v in (sizes or {}).items()}),
            seed,
        )
    unnamed = max(
        (
            ax.unnamed_axes(letters, value.ndim)
            for letters, value in zip(ax.parse(op.axes)[0], inputs.values(), strict=True)
            if "..." in letters
        ),
        default=2,
    )
    values = dict(op.parameters) | dict(parameters or {})
    Y = op(*inputs.values(), **values)
    imagined = {letter: IMAGINED.get(letter, 8) for letter in ax.default_sizes(op.axes)}
    return Present(
        op.name,
        op.input_name(wrt or op.inputs[0]),
        inputs,
        numbers(Y.shape, seed, 99),
        values,
        unnamed,
        imagined=imagined,
        seed=seed,
        **look,
    )


def drawn(op, sizes, seed):
    """Seeded inputs of an operation by name, at these sizes."""
    letters = (ax.expand(part, 2) for part in ax.parse(op.axes)[0])
    return {
        name: numbers(ax.shape_of(part, sizes), seed, place)
        for place, (name, part) in enumerate(zip(op.inputs, letters, strict=True))
    }


def checked_size(letter, size):
    """A size as a whole number on the slider's range. Raises ShapeError, NumberError."""
    value = as_numbers(size, f"The size of axis {letter}")
    if value.ndim or value != np.floor(value) or not 1 <= value <= MOST_SIZE:
        raise ShapeError(
            f"Axis {letter} cannot have size {size}: choose a whole number from 1 to {MOST_SIZE}."
        )
    return int(value)


def with_size(present, letter, size):
    """Every array resized along one axis, keeping the entries that still fit."""
    if letter not in present.sizes:
        raise ShapeError(
            f"{present.operation} has no axis {letter!r}. Its axes: {', '.join(present.sizes)}."
        )
    sizes = {**present.sizes, letter: checked_size(letter, size)}
    inputs = {
        name: fitted(value, ax.shape_of(present.letters[name], sizes), present.seed, place, 7)
        for place, (name, value) in enumerate(present.inputs.items())
    }
    return refit(replace(present, inputs=inputs))


def refit(present):
    """The present with G resized to Y; raises before anything too big is built."""
    Y = present.op(*present.inputs.values(), **present.parameters)
    check_drawable(present, Y.shape)
    return replace(present, G=fitted(present.G, Y.shape, present.seed, 99, 7))


def with_entry(present, name, index, value):
    """One entry of an input or of G replaced."""
    old = present.G if name == "G" else present.inputs.get(name)
    if old is None:
        raise UnknownInput(f"{name} cannot be edited. Edit one of {', '.join(present.inputs)}, G.")
    new = edited(old, index, value)
    return replace(present, G=new) if name == "G" else with_inputs(present, {name: new})


def with_inputs(present, arrays):
    """Inputs of the same shapes replaced."""
    return replace(present, inputs={**present.inputs, **arrays})


def with_arrays(present, arrays):
    """Arrays set from Python: shapes may change as long as they fit each other."""
    for name in arrays:
        if name not in (*present.inputs, "G"):
            raise UnknownInput(
                f"{present.operation} has no array {name!r}. Set one of "
                f"{', '.join(present.inputs)}, G."
            )
    given = {
        name: np.array(as_numbers(value, f"{present.operation}: {name}"))
        for name, value in arrays.items()
    }
    inputs = {name: given.get(name, value) for name, value in present.inputs.items()}
    present.op.sizes(*inputs.values())
    if any(value.ndim != len(present.letters[name]) for name, value in inputs.items()):
        return start_again(present, inputs, given)
    if "G" not in given:
        return refit(with_inputs(present, inputs))
    Y = present.op(*inputs.values(), **present.parameters)
    if given["G"].shape != Y.shape:
        raise ShapeError(
            f"{present.operation}: G has shape {given['G'].shape}, but Y has {Y.shape}. "
            "Give G the shape of Y."
        )
    return replace(with_inputs(present, inputs), G=given["G"])


def start_again(present, inputs, given):
    """The same operation on arrays with another number of axes."""
    new = start(
        present.operation,
        tuple(inputs.values()),
        present.wrt,
        present.seed,
        parameters=present.parameters,
        layout=present.layout,
        mode=present.mode,
    )
    return with_arrays(new, {"G": given["G"]}) if "G" in given else new


def with_parameter(present, name, value):
    """One parameter changed. Raises UnknownParameter, NumberError."""
    if name not in present.op.parameters:
        raise UnknownParameter(
            f"{present.operation} has no parameter {name!r}. It has: "
            f"{', '.join(present.op.parameters) or 'none'}."
        )
    number = as_numbers(value, f"{present.operation}: {name}")
    if number.ndim or not np.isfinite(number):
        raise NumberError(f"{present.operation}: {name} must be one finite number, not {value}.")
    return replace(present, parameters={**present.parameters, name: float(number)})


def with_operation(present, name):
    """Another operation; arrays that have the same name and shape stay."""
    new = start(
        name,
        seed=present.seed,
        sizes=kept_sizes(present, name),
        layout=present.layout,
        mode=present.mode,
    )
    kept = {
        key: present.inputs[key]
        for key, value in new.inputs.items()
        if key in present.inputs and present.inputs[key].shape == value.shape
    }
    return refit(with_inputs(new, kept))


def kept_sizes(present, name):
    """The sizes of the axes that both operations have."""
    shared = ax.default_sizes(operation(name).axes)
    return {
        letter: size
        for letter, size in present.sizes.items()
        if letter in shared and 1 <= size <= MOST_SIZE
    }


def redrawn(present, seed):
    """All arrays drawn anew at the present sizes."""
    inputs = {
        name: numbers(value.shape, seed, place)
        for place, (name, value) in enumerate(present.inputs.items())
    }
    return replace(present, inputs=inputs, G=numbers(present.G.shape, seed, 99), seed=seed)


def with_imagined(present, letter, size):
    """Another size to count, not to build."""
    if letter not in present.imagined or not 1 <= size <= MOST_IMAGINED:
        raise ShapeError(
            f"Imagine a size from 1 to {MOST_IMAGINED:,} of one of "
            f"{', '.join(present.imagined)}, not {size} of {letter}."
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
    if what == "mode" and value in MODES:
        return replace(present, mode=value)
    raise UnknownInput(f"There is no {what} {value!r} to choose.")


GESTURES = {
    "choose": lambda p, g: chosen(p, g["what"], g["value"]),
    "size": lambda p, g: with_size(p, g["letter"], g["value"]),
    "parameter": lambda p, g: with_parameter(p, g["name"], g["value"]),
    "edit": lambda p, g: with_entry(p, g["name"], g["index"], g["value"]),
    "imagine": lambda p, g: with_imagined(p, g["letter"], g["value"]),
    "random": lambda p, g: redrawn(p, p.seed + 1),
    "reset": lambda p, g: start(p.operation, wrt=p.wrt, layout=p.layout, mode=p.mode),
}


def act(present, gesture):
    """The present after one gesture of the student."""
    if gesture.get("kind") not in GESTURES:
        raise UnknownInput(f"There is no gesture {gesture.get('kind')!r}.")
    return GESTURES[gesture["kind"]](present, gesture)


def names():
    """The operations that the explorer offers, in the order of the table."""
    return list(OPERATIONS)
