"""The explorer's present, what follows from it, and how it starts. Pure: no browser."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np

from ...calculus import axes as ax
from ...calculus.cost import LARGE, cost_of
from ...calculus.discover.imagined import sizes_taken
from ...calculus.errors import (
    NumberError,
    ShapeError,
    TooBig,
    UnknownParameter,
    checked_seed,
    is_a,
)
from ...calculus.gradcheck import relative_error
from ...calculus.jacobian import as_numbers, contract
from ...calculus.operation import OPERATIONS, Local, Operation, operation
from ...calculus.run import apply, one_number
from ...words import brief, one_line, plural
from ..tensor import default_letters, diagonal
from .entrywise import namespace

MOST_ENTRIES = 2**20  # of a Jacobian on screen
MOST_SIZE = 32  # of one axis on its slider
MOST_IMAGINED = 2**14
LONGEST_NAME = 12
TELLING = np.arange(3, 21) / 10  # 0.3 … 2.0


@dataclass(frozen=True, eq=False)
class Present:
    """What the student has made: an operation, its arrays and how it is looked at."""

    op: Operation
    wrt: str
    inputs: Mapping
    G: np.ndarray
    parameters: Mapping  # numbers
    constants: Mapping  # arrays that the operation is not differentiated by
    layout: str = "numerator"
    mode: str = "tiles"
    imagined: Mapping = field(default_factory=dict)
    derives: bool = False  # whether the derivation is open
    played: int | None = None  # the entry of the gradient that is played step by step
    seed: int = 0
    first: "Present | None" = None  # what Reset brings back
    own: "Present | None" = None  # the start of an operation that is not in the table

    @property
    def operation(self):
        """The name of the operation."""
        return self.op.name

    @property
    def keywords(self):
        """What the operation takes by name."""
        return {**self.parameters, **self.constants}

    @property
    def look(self):
        """How it is looked at, which another operation leaves as it is."""
        return {"layout": self.layout, "mode": self.mode, "played": self.played}

    @property
    def ndim(self):
        """Axes of the first input: what `...` stands for."""
        return next(iter(self.inputs.values())).ndim

    @cached_property
    def letters(self):
        """Axis letters by array name: inputs, constants, the output and `G`."""
        op = self.op
        wanted, output = ax.parse(op.axes_at(self.ndim, **self.parameters))
        named = dict(zip(op.inputs, wanted, strict=True))
        for name, array in self.constants.items():
            named[name] = constant_letters(op, name, array.ndim, self.ndim, self.parameters)
        return {**named, op.output: output, "G": output}

    @cached_property
    def sizes(self):
        """Size by letter, of the output's axes too."""
        return self.op.sizes(*self.inputs.values(), **self.keywords)

    @property
    def free_sizes(self):
        """The sizes that a student may choose: those that follow from none other."""
        op = self.op
        return {letter: size for letter, size in self.sizes.items()
                if letter not in op.derived or letter in op.parameters}


@dataclass(frozen=True, eq=False)
class Computed:
    """Everything that follows from a present: both ways, their results, and what is said of them.

    Each is worked out once, when it is first asked for.
    """

    present: Present
    Y: np.ndarray
    local: Local
    J: np.ndarray  # numerator layout
    full: np.ndarray  # the gradient by contracting J
    compact: np.ndarray  # the gradient by the vjp

    @cached_property
    def texts(self):
        """The texts of the operation at its inputs and parameters, by name."""
        present = self.present
        return present.op.formulas_of(*present.inputs.values(), **present.keywords)

    @cached_property
    def cost(self):
        """The `Cost` of what is on the screen."""
        present = self.present
        return cost_of(present.op, *present.inputs.values(), wrt=present.wrt, **present.keywords)

    @cached_property
    def error(self):
        """The largest relative difference of the two gradients."""
        return relative_error(self.full, self.compact)

    @property
    def kept(self):
        """What the compact way keeps, in words."""
        many = self.cost.compact_entries
        return plural(many, "number") if many else "nothing"

    @cached_property
    def core(self):
        """(name, array, letters) of the core where the compact way keeps it itself, else None."""
        smaller = self.present.op.derivatives[self.present.wrt].stored is not None
        if smaller or not np.ndim(self.local.core):
            return None
        return self.core_name, np.asarray(self.local.core), self.local.core_letters

    @cached_property
    def core_name(self):
        """What the compact way keeps, as a student would write it: `W`, `(X > 0)`, or `core`."""
        chosen, core = self.texts[self.present.wrt], self.local.core
        factor_of_G = chosen["numpy"].removeprefix("G * ")
        if factor_of_G.startswith("(") and len(factor_of_G) <= LONGEST_NAME:
            return factor_of_G
        with np.errstate(all="ignore"):
            known = namespace(self, chosen)
        for name in (*self.present.inputs, *chosen.get("where", {})):
            if np.shape(known[name]) == np.shape(core) and np.allclose(
                    known[name], core, rtol=1e-12, atol=0, equal_nan=True):
                return name
        return "slope" if self.local.outer == self.local.inner else "core"


@lru_cache(maxsize=4)  # pointing at entries asks for the same present again and again
def compute(present):
    """Forward, the full way and the compact way. Raises TooBig over what fits on a screen."""
    op, inputs, wrt = present.op, tuple(present.inputs.values()), present.wrt
    Y = op(*inputs, **present.keywords)
    check_drawable(present, Y.shape)
    local = op.local(*inputs, wrt=wrt, **present.keywords)
    J = local.tensor()
    if present.operation not in OPERATIONS:
        local = with_ties(local, J)
    compact = op.vjp(present.G, *inputs, wrt=wrt, **present.keywords)
    return Computed(present, Y, local, J, contract(present.G, J), compact)


def with_ties(local, J):
    """A measured Jacobian as a row of the table has it: tied where its zeros show a delta."""
    outer, inner = default_letters(J, len(local.outer))
    own = dict(zip(outer, local.outer, strict=True))
    inner = tuple(own.get(letter, mine)
                  for letter, mine in zip(inner, local.inner, strict=True))
    letters, core = diagonal(J, (*local.outer, *inner))
    return replace(local, inner=inner, core_letters=letters, core=core)


def check_drawable(present, output_shape):
    """Raise TooBig when the full tensor has too many entries for a screen."""
    shape = output_shape + present.inputs[present.wrt].shape
    if math.prod(shape) > MOST_ENTRIES:
        raise TooBig(
            f"∂{present.op.output}/∂{present.wrt} would have shape {shape}: {math.prod(shape):,} "
            f"entries, and a screen shows {MOST_ENTRIES:,}. {instead(present)}"
        )


def instead(present):
    """What there is to say of a tensor that is too large for a screen."""
    if present.operation in OPERATIONS:
        return "Choose smaller sizes; the sliders under “Now imagine” count bigger ones."
    texts = present.op.formulas_of(*present.inputs.values(), **present.keywords)[present.wrt]
    return (f"Choose smaller arrays. All that it does, dL/d{present.wrt} = {texts['numpy']} "
            f"does too: {texts['why']}")


def numbers(shape, *seed):
    """Seeded numbers with one decimal that tell each other apart: as many below 0 as above.

    All sizes differ in an array of up to 18 entries; none is near 0.
    """
    random, count = np.random.default_rng(seed), math.prod(shape)
    rounds = range(-(-count // TELLING.size))
    sizes = np.concatenate([random.permutation(TELLING) for _ in rounds] or [TELLING])[:count]
    signs = random.permutation(np.resize([1.0, -1.0], count))
    return (sizes * signs).reshape(shape)


def fitted(old, new):
    """An array like `new`, with the entries of `old` where both have them."""
    if np.ndim(old) != np.ndim(new):
        return new
    both = zip(np.shape(old), new.shape, strict=True)
    common = tuple(slice(min(a, b)) for a, b in both)
    new = new.copy()
    new[common] = np.asarray(old)[common]
    return new


def constant_letters(op, name, array_ndim, ndim, parameters):
    """The letters of a constant's axes; it may have a choice of patterns."""
    text = apply(op.constants[name].axes, {"ndim": ndim, **op.parameters, **parameters})
    choices = [tuple(part.split()) for part in ax.spelled(text, ndim).split(" or ")]
    return next((letters for letters in choices if len(letters) == array_ndim), choices[0])


def drawn_inputs(op, sizes, seed, parameters):
    """Seeded inputs of an operation by name, at these sizes."""
    wanted, _ = ax.parse(op.axes_at(**parameters))
    return {name: numbers(ax.shape_of(letters, sizes), seed, place)
            for place, (name, letters) in enumerate(zip(op.inputs, wanted, strict=True))}


def drawn_constants(op, sizes, ndim, seed, parameters):
    """Seeded constants that make sense, by name, with one decimal."""
    _, values = op.example(np.random.default_rng(seed), sizes, ndim, **parameters)
    return {name: np.asarray(np.round(np.asarray(values[name], float), 1))  # one stays an array
            for name in op.constants}


def start(name, arrays=(), wrt=None, seed=0, sizes=None, given=None, **look):
    """The first present of an operation: given arrays, else seeded ones of the given sizes.

    given: parameters and constants by name. Raises what the operation raises for wrong names,
    shapes and parameters.
    """
    op, given, seed = operation(name), given or {}, checked_seed(seed, "JacobianExplorer")
    check_names(op, given)
    parameters = {**op.parameters, **{k: one_number(op, k, v)
                                     for k, v in given.items() if k in op.parameters}}
    inputs = admitted(op, arrays, parameters) if arrays else None
    ndim = next(iter(inputs.values())).ndim if arrays else 2
    bound = checked_sizes(sizes or {}) | (bound_sizes(op, inputs, parameters) if arrays else {})
    sizes = op.sizes_at(bound, ndim, **parameters)
    parameters |= {name: sizes[name] for name in op.parameters if name in op.derived}
    inputs = inputs or drawn_inputs(op, sizes, seed, parameters)
    constants = drawn_constants(op, sizes, ndim, seed, parameters)
    constants |= {k: np.array(as_numbers(v, k)) for k, v in given.items() if k in op.constants}
    Y = op(*inputs.values(), **parameters, **constants)
    G = numbers(Y.shape, seed, 99) if Y.ndim else np.ones(())  # dL/dL is 1
    wrt = op.input_name(op.inputs[0] if wrt is None else wrt)
    present = Present(op, wrt, inputs, G, parameters, constants)
    present = replace(present, imagined=imagined_at_first(present), seed=seed, **look)
    own = None if OPERATIONS.get(op.name) is op else present
    return replace(present, first=present, own=own)


def check_names(op, given):
    """Raise UnknownParameter for a name that is neither an axis, a parameter nor a constant."""
    for name in given:
        if name not in op.parameters and name not in op.constants:
            raise UnknownParameter(
                f"{op.name} has nothing named {brief(name)}. Its axes: "
                f"{', '.join(op.sizes_at())}; its parameters: "
                f"{', '.join((*op.parameters, *op.constants)) or 'none'}."
            )


def admitted(op, arrays, parameters):
    """Inputs from outside by name, as copies in float64. Raises ShapeError, UnknownInput, …."""
    if len(arrays) != len(op.inputs):
        op(*arrays, **parameters)  # says what is missing
    return {name: np.array(as_numbers(value, f"{op.name}: {name}"))
            for name, value in zip(op.inputs, arrays, strict=True)}


def bound_sizes(op, inputs, parameters):
    """Sizes by letter of these inputs. Raises ShapeError."""
    ndim = next(iter(inputs.values())).ndim
    shapes = {name: value.shape for name, value in inputs.items()}
    return ax.bind(op.name, op.axes_at(ndim, **parameters), shapes)


def checked_sizes(sizes):
    """Sizes as whole numbers on the sliders' range."""
    return {letter: checked_size(letter, size) for letter, size in sizes.items()}


def checked_size(letter, size):
    """A size as a whole number on the slider's range. Raises ShapeError."""
    try:
        value = as_numbers(size, "size")
    except NumberError:
        value = np.full((), np.nan)
    if value.ndim or value != np.floor(value) or not 1 <= value <= MOST_SIZE:
        told = brief(size) if is_a(size, str) else one_line(size, 60)
        raise ShapeError(f"Axis {letter} cannot have size {told}: choose a whole number from 1 to "
                         f"{MOST_SIZE}.")
    return int(value)


def imagined_at_first(present):
    """Size by letter under “Now imagine”, before anybody moves a slider."""
    op, large = present.op, {**LARGE, **present.op.large}
    usual = {letter: large.get(letter, 8) for letter in present.free_sizes}
    return usual if OPERATIONS.get(op.name) is op else sizes_taken(op, present.free_sizes, usual)
