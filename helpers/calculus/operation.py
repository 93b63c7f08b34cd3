"""The one contract of every operation: forward, full Jacobian, compact vjp and jvp, formulas.

An operation is a row of small formulas. Each formula is a function whose argument names say what it
needs: inputs, parameters, saved intermediate values, `Y`, the upstream gradient `G`, or a tangent
such as `dX`. So a row reads like a page of a calculus book, and says what the backward pass keeps.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from . import axes as ax
from .errors import NumberError, ShapeError, UnknownInput, UnknownOperation, UnknownParameter
from .jacobian import LIMIT, as_numbers, check_layout, check_size, fill, to_denominator

FORMULAS = ("entry", "latex", "numpy", "jvp_latex", "jvp_numpy", "why")


@dataclass(frozen=True)
class Derivative:
    """How an operation depends on one input.

    full: the full Jacobian as `core axes -> axes of Y, then axes of the input`; a letter that stands
        twice on the right is a delta, a letter that stands there once and not on the left is constant.
    multiplications: letters whose sizes multiply to the multiplications of the compact way
        (default: every letter of the Jacobian once; "" with a constant core: none at all).
    """

    vjp: Callable
    jvp: Callable
    full: str
    core: Callable
    entry: str           # LaTeX of one entry of the full Jacobian
    latex: str           # LaTeX of the compact way
    numpy: str           # the compact way as one line of NumPy
    jvp_latex: str
    jvp_numpy: str
    why: str             # one line: why the replacement does all of the work
    multiplications: str | None = None

    def letters(self, unnamed=2):
        """(letters of the core, letters of the full tensor), with `...` as `unnamed` letters."""
        (core,), pattern = ax.parse(self.full)
        return ax.expand(core, unnamed), ax.expand(pattern, unnamed)


@dataclass(frozen=True)
class Local:
    """A full Jacobian before it is written out: `core` spread over the axes of Y and of one input."""

    outer: tuple          # letters of the axes of Y
    inner: tuple          # letters of the axes of the input
    core_letters: tuple
    core: np.ndarray
    sizes: Mapping

    @property
    def shape(self):
        return ax.shape_of((*self.outer, *self.inner), self.sizes)

    def tensor(self, dtype=np.float64):
        """The full Jacobian in the numerator layout, written from its formula into zeros."""
        return fill((*self.outer, *self.inner), self.core_letters, self.core, self.sizes, dtype)


@dataclass(frozen=True)
class Operation:
    """One layer: `op(X, …)`, `op.jacobian`, `op.vjp`, `op.jvp`, `op.pullback`, `op.formulas`.

    axes: `"n m, m k, k -> n k"`; inputs: their names; parameters: names and defaults;
    ranges: (low, high) of a parameter's slider; saved: intermediate values by name,
    computed when first needed. A text may be a function of the parameters.
    """

    name: str
    axes: str
    inputs: tuple
    forward: Callable
    derivatives: Mapping
    latex: str
    numpy: str
    saved: Mapping = field(default_factory=dict)
    parameters: Mapping = field(default_factory=dict)
    ranges: Mapping = field(default_factory=dict)

    def __call__(self, *inputs, **parameters):
        """Y, with the axes on the right of `axes`. Raises ShapeError, UnknownParameter, …."""
        run = self._run(inputs, parameters)
        Y = run.values.pop("Y")
        return run.out(Y, Y.shape)

    def jacobian(self, *inputs, wrt=None, layout="numerator", limit=LIMIT, **parameters):
        """The full tensor ∂Y/∂input: Y.shape + input.shape, or reversed in the denominator layout.

        Raises TooBig before anything over `limit` bytes is allocated.
        """
        check_layout(layout)
        run = self._run(inputs, parameters)
        wrt = self.input_name(wrt)
        check_size(run["Y"].shape + run[wrt].shape, f"{self.name}: the Jacobian ∂Y/∂{wrt}",
                   run.dtype.itemsize, limit)
        J = self._local(run, wrt).tensor(run.dtype)
        return J if layout == "numerator" else to_denominator(J, run["Y"].ndim)

    def local(self, *inputs, wrt=None, **parameters):
        """The full Jacobian as a `Local`: its deltas, constants and core, not written out."""
        return self._local(self._run(inputs, parameters), self.input_name(wrt))

    def vjp(self, G, *inputs, wrt=None, **parameters):
        """dL/d(input) from the upstream gradient G = dL/dY, the compact way; the input's shape."""
        run = self._run(inputs, parameters)
        return self._pull(run, run.admit_like("G", G, "Y"), self.input_name(wrt))

    def jvp(self, tangent, *inputs, wrt=None, **parameters):
        """The change of Y for a change `tangent` of one input, the compact way; Y's shape."""
        run = self._run(inputs, parameters)
        wrt = self.input_name(wrt)
        tangent = run.admit_like(f"d{wrt}", tangent, wrt)
        dY = run.call(self.derivatives[wrt].jvp, **{f"d{wrt}": tangent})
        return run.out(dY, run["Y"].shape, tangent)

    def pullback(self, *inputs, **parameters):
        """(Y, pull): pull(G) gives every gradient by input name, from one forward pass."""
        run = self._run(inputs, parameters)

        def pull(G):
            G = run.admit_like("G", G, "Y")
            return {wrt: self._pull(run, G, wrt) for wrt in self.derivatives}

        return run.out(run["Y"], run["Y"].shape), pull

    @property
    def formulas(self):
        """`{"Y": {latex, numpy}, "X": {entry, latex, numpy, jvp_latex, jvp_numpy, why}, …}`."""
        return self.formulas_at()

    def formulas_at(self, **parameters):
        """`formulas` as they read at these parameters: a ReLU's mask is `X > 0` or `X >= 0`."""
        values = self._parameters(parameters)

        def texts(row, keys):
            return {key: written(getattr(row, key), values) for key in keys}

        return {"Y": texts(self, ("latex", "numpy")),
                **{wrt: texts(derivative, FORMULAS) for wrt, derivative in self.derivatives.items()}}

    def sizes(self, *inputs):
        """Sizes by axis letter of these inputs. Raises ShapeError."""
        return ax.bind(self.name, self.axes, self._named_shapes(inputs))

    def _named_shapes(self, inputs):
        if len(inputs) != len(self.inputs):
            raise UnknownInput(f"{self.name} takes {len(self.inputs)} inputs ({', '.join(self.inputs)}), "
                               f"but got {len(inputs)}.")
        return {name: np.shape(value) for name, value in zip(self.inputs, inputs, strict=True)}

    def input_name(self, wrt):
        """The input to differentiate by; the only one when there is one."""
        if wrt is None and len(self.inputs) == 1:
            return self.inputs[0]
        if wrt not in self.derivatives:
            said = "wrt is missing" if wrt is None else f"there is no input {wrt!r}"
            raise UnknownInput(f"{self.name}: {said}. Choose wrt from {', '.join(self.inputs)}.")
        return wrt

    def _run(self, inputs, parameters):
        """The forward pass, its values kept by name."""
        run = Run(self)
        named = dict(zip(self.inputs, inputs, strict=False))
        self._named_shapes(inputs)
        run.values |= {name: run.admit(name, value) for name, value in named.items()}
        run.values |= self._parameters(parameters)
        run.sizes = self.sizes(*[run[name] for name in self.inputs])
        run.values["Y"] = np.asarray(run.call(self.forward))
        return run

    def _parameters(self, given):
        """Defaults and given parameters together. Raises UnknownParameter, NumberError."""
        for name, value in given.items():
            if name not in self.parameters:
                has = ", ".join(self.parameters) or "none"
                raise UnknownParameter(f"{self.name} has no parameter {name!r}. It has: {has}.")
            if isinstance(self.parameters[name], float) and as_numbers(value, name).ndim:
                raise NumberError(f"{self.name}: {name} must be one number, but has shape "
                                  f"{np.shape(value)}.")
        return dict(self.parameters) | given

    def _pull(self, run, G, wrt):
        return run.out(run.call(self.derivatives[wrt].vjp, G=G), run[wrt].shape, G)

    def _local(self, run, wrt):
        derivative = self.derivatives[wrt]
        wanted, _ = ax.parse(self.axes)
        unnamed = max(ax.unnamed_axes(letters, run[name].ndim)
                      for name, letters in zip(self.inputs, wanted, strict=True))
        core_letters, pattern = derivative.letters(unnamed)
        outer, inner = pattern[:run["Y"].ndim], pattern[run["Y"].ndim:]
        sizes = {**run.sizes, **dict(zip(outer, run["Y"].shape, strict=True)),
                 **dict(zip(inner, run[wrt].shape, strict=True))}
        return Local(outer, inner, core_letters, run.call(derivative.core), sizes)


class Run:
    """The values of one call by name, in float64, and the dtype that goes out."""

    def __init__(self, operation):
        self.operation, self.values, self.sizes, self.dtypes = operation, {}, {}, []

    def __getitem__(self, name):
        """A value by name; a saved one is computed when it is first asked for, and kept."""
        if name not in self.values:
            self.values[name] = self.call(self.operation.saved[name])
        return self.values[name]

    @property
    def dtype(self):
        """float32 when every floating array that came in was float32, else float64."""
        floats = [dtype for dtype in self.dtypes if dtype.kind == "f"]
        single = floats and all(dtype.itemsize <= 4 for dtype in floats)
        return np.dtype(np.float32 if single else np.float64)

    def admit(self, name, value):
        """An outside array in float64, its dtype remembered. Raises NumberError."""
        array = as_numbers(value, f"{self.operation.name}: {name}")
        if not isinstance(value, int | float):  # like NumPy: a Python number follows the arrays
            self.dtypes.append(np.asarray(value).dtype)
        return array

    def admit_like(self, name, value, like):
        """An outside array that must have the shape of the value `like`. Raises ShapeError."""
        array, shape = self.admit(name, value), self[like].shape
        if array.shape != shape:
            raise ShapeError(f"{self.operation.name}: {name} has shape {array.shape}, but {like} has "
                             f"{shape}. Give {name} the shape of {like}.")
        return array

    def call(self, formula, **more):
        """The formula's value, its arguments looked up by name."""
        return formula(*[more[name] if name in more else self[name]
                         for name in argument_names(formula)])

    def out(self, value, shape, *also_held):
        """A value as it goes out: right dtype and shape, in memory that nothing else here uses."""
        value = np.broadcast_to(value, shape)
        held = [v for v in (*self.values.values(), *also_held) if isinstance(v, np.ndarray)]
        shared = not value.flags.writeable or any(np.may_share_memory(value, v) for v in held)
        return value.astype(self.dtype, copy=shared)


def written(text, values):
    """A formula's text: itself, or what a function of the parameters returns."""
    return text if isinstance(text, str) else text(**values)


def argument_names(formula):
    """The names of a formula's positional arguments."""
    code = formula.__code__
    return code.co_varnames[:code.co_argcount]


class Table(dict):
    """Operations by name. A wrong name raises UnknownOperation with the names there are."""

    def __missing__(self, name):
        raise UnknownOperation(f"There is no operation {name!r}. There are: {', '.join(self)}.")


OPERATIONS = Table()


def register(*operations):
    """Put operations into the table, in order. A name stands there once."""
    for op in operations:
        if op.name in OPERATIONS:
            raise NumberError(f"{op.name} is in the table already.")
        OPERATIONS[op.name] = op


def operation(name):
    """The operation of that name, or the operation itself. Raises UnknownOperation."""
    return name if isinstance(name, Operation) else OPERATIONS[name]
