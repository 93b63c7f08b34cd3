"""The one contract of every operation: forward, full Jacobian, compact vjp and jvp, formulas.

An operation is a row of small formulas. Each formula is a function whose argument names say what it
needs: inputs, parameters, saved intermediate values, `Y`, the upstream gradient `G`, or a tangent
such as `dX`. So a row reads like a page of a calculus book, and says what the backward pass keeps.
A text that depends on parameters is a function of them, and of `ndim`, the axes of the first input.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from ..words import brief
from . import axes as ax
from .errors import NumberError, UnknownInput, UnknownOperation, is_a
from .jacobian import LIMIT, check_layout, check_size, fill, to_denominator
from .run import (
    Beside,
    Run,
    apply,
    argument_names,
    constant_axes,
    derived_sizes,
    numbers,
    settings,
    spelled_axes,
)
from .synonyms import guessed

silently = np.errstate(all="ignore")  # a formula may use ∞ on its way; what it returns is tested
FORMULAS = ("entry", "latex", "numpy", "jvp_latex", "jvp_numpy", "why", "derivation")


@dataclass(frozen=True)
class Derivative:
    """How an operation depends on one input.

    full: the full Jacobian as `core axes -> axes of Y, then axes of the input`; a letter that
        stands twice on the right is a delta; one that stands there once, and not on the left, is
        constant.
    multiplications: how many the compact way takes, `"3 n h + 2 h"` (default: every letter of the
        Jacobian once; "": none).
    stored: how many numbers the compact way keeps, written alike (default: those of the core).
    derivation: (title, LaTeX) of each step on paper, where `discover` is not to be asked.
    """

    vjp: Callable              # what has fewer entries than it must is repeated; so in the jvp
    jvp: Callable
    full: str | Callable
    core: Callable
    entry: str | Callable      # LaTeX of one entry of the full Jacobian
    latex: str | Callable      # LaTeX of the compact way
    numpy: str | Callable      # the compact way as one line of NumPy
    jvp_latex: str | Callable
    jvp_numpy: str | Callable
    why: str                   # one line: why the replacement does all of the work
    multiplications: str | Callable | None = None
    stored: str | Callable | None = None
    derivation: tuple | Callable | None = None


@dataclass(frozen=True)
class Constant:
    """An array that a layer needs but is not differentiated by. It goes in by keyword, always.

    axes: its axes in the letters of the operation, `"n k"`, or the two it may have, `"n or n k"`.
    example: one that makes sense, from `random` (a NumPy Generator), `shape` and sizes by letter.
    """

    axes: str | Callable
    example: Callable


@dataclass(frozen=True)
class Local:
    """A full Jacobian before it is written out: `core` spread over axes of Y and of one input."""

    outer: tuple          # letters of the axes of Y
    inner: tuple          # letters of the axes of the input
    core_letters: tuple
    core: np.ndarray
    sizes: Mapping

    @property
    def shape(self):
        """The shape of the full Jacobian: Y's axes, then the input's."""
        return ax.shape_of((*self.outer, *self.inner), self.sizes)

    def tensor(self, dtype=np.float64):
        """The full Jacobian in the numerator layout, written from its formula into zeros."""
        return fill((*self.outer, *self.inner), self.core_letters, self.core, self.sizes, dtype)


@dataclass(frozen=True, eq=False, repr=False)
class Operation:
    """One layer: `op(X, …)`, `op.jacobian`, `op.vjp`, `op.jvp`, `op.pullback`, `op.formulas`.

    axes: `"n m, m k, k -> n k"`, for a first input of two axes where `pattern` is given.
    """

    name: str
    axes: str
    inputs: tuple
    forward: Callable
    derivatives: Mapping
    latex: str | Callable
    numpy: str | Callable
    output: str = "Y"
    saved: Mapping = field(default_factory=dict)       # what the forward pass keeps, by name
    shared: Mapping = field(default_factory=dict)      # what gradients share: formulas that need G
    parameters: Mapping = field(default_factory=dict)  # numbers: names and defaults
    ranges: Mapping = field(default_factory=dict)      # (low, high) of a parameter's slider
    constants: Mapping = field(default_factory=dict)   # arrays by keyword: names and Constants
    rules: Mapping = field(default_factory=dict)       # a name and what is wrong with its value
    derived: Mapping = field(default_factory=dict)     # sizes of Y that follow from other sizes
    where: Mapping = field(default_factory=dict)       # other names in the NumPy lines, their lines
    usual: Mapping = field(default_factory=dict)       # sizes by letter of its small example,
    large: Mapping = field(default_factory=dict)       # and where the full tensor is a monster
    pattern: Callable | None = None                    # `axes` by ndim or parameters

    def __repr__(self):
        return f"<{self.name}: {', '.join(self.inputs)} with axes {self.axes}>"

    @silently
    def __call__(self, *inputs, **parameters):
        """Y, with the axes on the right of `axes`. Raises ShapeError, UnknownParameter, …."""
        run = Run(self, inputs, parameters)
        return run.out(run.call(self.forward), run.shape, run.held())

    @silently
    def jacobian(self, *inputs, wrt=None, layout="numerator", limit=LIMIT, **parameters):
        """The full tensor ∂Y/∂input: Y.shape + input.shape, or reversed in the denominator layout.

        Raises TooBig before anything over `limit` bytes is allocated.
        """
        check_layout(layout)
        wrt = self.input_name(wrt)
        run = Run(self, inputs, parameters)
        check_size(run.shape + run[wrt].shape, f"{self.name}: the Jacobian ∂{self.output}/∂{wrt}",
                   run.dtype.itemsize, limit)
        J = self._local(run, wrt).tensor(run.dtype)
        return J if layout == "numerator" else to_denominator(J, len(run.shape))

    def local(self, *inputs, wrt=None, **parameters):
        """The full Jacobian as a `Local`: its deltas, constants and core, not written out."""
        return self._local(Run(self, inputs, parameters), self.input_name(wrt))

    def vjp(self, G, *inputs, wrt=None, **parameters):
        """dL/d(input) from the upstream gradient G = dL/dY, the compact way; the input's shape."""
        wrt = self.input_name(wrt)
        return self._pull(Run(self, inputs, parameters), G, [wrt])[wrt]

    @silently
    def jvp(self, tangent, *inputs, wrt=None, **parameters):
        """The change of Y for a change `tangent` of one input, the compact way; Y's shape."""
        wrt = self.input_name(wrt)
        run = Run(self, inputs, parameters)
        run = Beside(run, f"d{wrt}", tangent, wrt, run[wrt].shape)
        return run.out(run.call(self.derivatives[wrt].jvp), run.before.shape, run.held())

    @silently
    def pullback(self, *inputs, **parameters):
        """(Y, pull): pull(G) gives every gradient by input name, from one forward pass."""
        run = Run(self, inputs, parameters)
        Y = run.call(self.forward)
        if keeps_output(self):
            run[self.output] = Y
        return run.out(Y, run.shape, run.held()), lambda G: self._pull(run, G, self.derivatives)

    @property
    def formulas(self):
        """`{"Y": {latex, numpy}, "X": {entry, latex, numpy, jvp_latex, jvp_numpy, why}, …}`.

        `where` in each: the lines of NumPy, by name, of what its own line uses besides.
        """
        return self.formulas_at()

    def formulas_at(self, ndim=2, **parameters):
        """`formulas` as they read at these parameters: a ReLU's mask is `X > 0` or `X >= 0`."""
        return self._texts(settings(self, parameters, ndim))

    def formulas_of(self, *inputs, **parameters):
        """`formulas` as they read at these inputs; most operations read alike at all."""
        return self._texts(Run(self, inputs, parameters))

    def _texts(self, values):
        def texts(row, keys):
            words = {key: apply(getattr(row, key), values) for key in keys if getattr(row, key)}
            return {**words, "where": needed(words["numpy"], self.where)}

        return {self.output: texts(self, ("latex", "numpy")),
                **{wrt: texts(row, FORMULAS) for wrt, row in self.derivatives.items()}}

    def axes_at(self, ndim=2, **parameters):
        """`axes` without `...`, for a first input of `ndim` axes and these parameters."""
        return spelled_axes(self, settings(self, parameters, ndim))

    def letters(self, wrt, ndim=2, **parameters):
        """(letters of the core, of Y, of the input) in the full Jacobian by one input.

        An axis that both have but that is no delta has a letter of its own in the input.
        """
        return lettered(self, wrt, ndim, numbers(self, settings(self, parameters, ndim)))

    def counts(self, wrt, ndim=2, **parameters):
        """(numbers stored, multiplications) of the compact way as texts; None: see Derivative."""
        return self._counts(wrt, settings(self, parameters, ndim))

    def counts_of(self, *inputs, wrt=None, **parameters):
        """`counts` at these inputs."""
        return self._counts(self.input_name(wrt), Run(self, inputs, parameters))

    def _counts(self, wrt, values):
        row = self.derivatives[wrt]
        return tuple(text if text is None else ax.spelled(apply(text, values), values["ndim"])
                     for text in (row.stored, row.multiplications))

    def sizes(self, *inputs, **parameters):
        """Sizes by axis letter of these inputs and of their Y. Raises ShapeError."""
        return dict(Run(self, inputs, parameters).sizes)

    def sizes_at(self, given=(), ndim=2, **parameters):
        """A size for every letter: the given ones, small ones, and those that follow from them."""
        values = settings(self, parameters, ndim)
        sizes = ax.default_sizes(spelled_axes(self, values), {**self.usual, **dict(given)})
        free = {k: size for k, size in sizes.items() if k in dict(given) or k not in self.derived}
        return sizes | derived_sizes(self, free, values)

    def example(self, random, sizes=(), ndim=2, **parameters):
        """(inputs, parameters): arrays from a NumPy Generator at these sizes, all parameters."""
        sizes = self.sizes_at(sizes, ndim, **parameters)
        values = settings(self, parameters, ndim)
        values |= {name: sizes[name] for name in self.parameters if name in self.derived}
        wanted, _ = ax.parse(spelled_axes(self, values))
        inputs = tuple(random.standard_normal(ax.shape_of(letters, sizes)) for letters in wanted)
        for name, constant in self.constants.items():
            if name not in parameters:
                first = constant_axes(constant, values)[0]
                values[name] = apply(constant.example, {
                    **sizes, "random": random, "shape": ax.shape_of(first.split(), sizes)})
        return inputs, {name: values[name] for name in (*self.parameters, *self.constants)}

    def input_name(self, wrt):
        """The input to differentiate by; the only one when there is one."""
        if wrt is None and len(self.inputs) == 1:
            return self.inputs[0]
        if not (is_a(wrt, str) and wrt in self.derivatives):
            said = ("wrt is missing" if wrt is None else f"there is no input {brief(wrt)}"
                    if is_a(wrt, str) else f"wrt is a name, not of type {type(wrt).__name__}")
            raise UnknownInput(f"{self.name}: {said}. Choose wrt from {', '.join(self.inputs)}.")
        return wrt

    @cached_property
    def arrays(self):
        """The names of all arrays that go in: inputs, then constants."""
        return (*self.inputs, *self.constants)

    @cached_property
    def steps(self):
        """The formulas of a forward pass by the name of what they make."""
        return {**self.saved, self.output: self.forward}

    @silently
    def _pull(self, run, G, names):
        """The gradients of these inputs by name."""
        back = Beside(run, "G", G, self.output, run.shape)
        found = {wrt: back.call(self.derivatives[wrt].vjp) for wrt in names}
        held = back.held()
        return {wrt: back.out(dX, run[wrt].shape, held) for wrt, dX in found.items()}

    @silently
    def _local(self, run, wrt):
        """The `Local` of this call by one input."""
        core, outer, inner = lettered(self, wrt, run["ndim"], numbers(self, run))
        sizes = run.sizes | dict(zip((*outer, *inner), run.shape + run[wrt].shape, strict=True))
        array = np.asarray(run.call(self.derivatives[wrt].core), np.float64)
        return Local(outer, inner, core, array, sizes)


@lru_cache(maxsize=1024)
def keeps_output(op):
    """Whether the backward pass needs Y."""
    formulas = (*op.saved.values(), *op.shared.values(),
                *(row.vjp for row in op.derivatives.values()))
    return any(op.output in argument_names(formula) for formula in formulas)


@lru_cache(maxsize=1024)
def lettered(op, wrt, ndim, numbers):
    """(letters of the core, of Y, of the input) in the full Jacobian."""
    values = {"ndim": ndim, **dict(zip(op.parameters, numbers, strict=True))}
    _, output = ax.parse(spelled_axes(op, values))
    full = apply(op.derivatives[wrt].full, values)
    (core,), pattern = ax.parse(ax.spelled(full, ndim))
    return core, pattern[:len(output)], pattern[len(output):]


def needed(line, where):
    """The lines by name that this line of NumPy uses, in the order of `where`."""
    names = {name for name in where if re.search(rf"\b{name}\b", line)}
    for name in reversed(where):
        if name in names:
            names |= needed(where[name], {k: v for k, v in where.items() if k != name}).keys()
    return {name: text for name, text in where.items() if name in names}


class Table(dict):
    """Operations by name. A wrong name raises UnknownOperation with the one meant, or with all."""

    def __missing__(self, name):
        said = guessed(name, self) or f" There are: {', '.join(self)}."
        raise UnknownOperation(f"There is no operation {name!r:.60}.{said}")


OPERATIONS = Table()


def register(*operations):
    """Put operations into the table, in order. A name stands there once."""
    for op in operations:
        if op.name in OPERATIONS:
            raise NumberError(f"{op.name} is in the table already.")
        OPERATIONS[op.name] = op


def operation(name):
    """The operation of that name, or the operation itself. Raises UnknownOperation."""
    if is_a(name, Operation | str):
        return name if is_a(name, Operation) else OPERATIONS[name]
    raise UnknownOperation(f"An operation is given by its name, as in 'relu', not by "
                           f"{brief(name)}.")
