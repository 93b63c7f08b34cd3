"""What `discover` found: the line, what it keeps, what it costs, and how it was come by."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import cycle

import numpy as np

from ...words import bytes_text, four, plural
from ..cost import Cost
from ..errors import ShapeError
from ..jacobian import as_numbers, fill
from .cores import spelled, subscripts
from .derivation import derivation
from .large.search import Large
from .naming.names import evaluate, names_in
from .samples import Samples
from .stages import stages
from .terms import Answer, Core
from .trials import own_arrays, tried

FEW = (3, 4, 5, 2)  # entries along the axes of a picture of a tensor that is not built


@dataclass(frozen=True, eq=False, repr=False)
class Structure:
    """What `discover` found; `print(s)` says it in words."""

    samples: object
    reduced: Core
    constants: tuple
    answer: Answer
    error: float   # of the line against the full tensor, on random upstream gradients
    caveat: str = ""  # where the line does not hold

    @property
    def kind(self):
        """One word: elementwise, core, permutation, product, dense, …."""
        return self.answer.kind

    @property
    def numpy(self):
        """dL/d(input) as one line of NumPy, of G and `names`."""
        return self.answer.line

    @property
    def names(self):
        """The arrays that `numpy` uses besides G, at the given input."""
        used = names_in(self.numpy)
        return {x: value for x, value in self.answer.names.all_at(0).items() if x in used}

    @property
    def input_name(self):
        """What the input is called in `numpy`."""
        return self.samples.input_name

    @property
    def output_name(self):
        """What the output is called."""
        return self.samples.output_name

    @property
    def result(self):
        """`dL/dX`."""
        return f"dL/d{self.input_name}"

    @property
    def shape(self):
        """The shape of the full tensor."""
        return self.samples.shape

    @cached_property
    def core(self):
        """The numbers that `einsum` takes: those that ties and constants leave, before they are
        named, with ones along what is copied and an identity where the result has a diagonal."""
        return spelled(self.reduced)

    @property
    def einsum(self):
        """`np.einsum(s.einsum, G, s.core)` is the result: `"nk,mk->nm"`."""
        return subscripts(self.reduced)[0]

    @property
    def stored(self):
        """How many numbers the compact way keeps."""
        return self.answer.stored

    @property
    def low_rank(self):
        """{diagonal, rank, factors: ((c, u, v), …)} as texts of NumPy, or None."""
        return self.answer.low_rank

    @property
    def warning(self):
        """One line about the point and where the line holds, or ""."""
        return " ".join(filter(None, (self.samples.warning, self.caveat)))

    @property
    def entries(self):
        """How many entries the full tensor has."""
        return math.prod(self.shape)

    @property
    def checked(self):
        """At how many inputs the line was compared with the slopes."""
        own = self.caveat or own_arrays(self.answer)
        return len(self.samples.tensors) + (0 if own else len(self.samples.more()))

    @cached_property
    def accuracy(self):
        """To within what the line was right there, relative: its own error, or how well a second
        method confirmed the slopes if that is more; the 1e-12, 1e-9, 1e-6, … above."""
        proved = self.caveat or isinstance(self.samples, Large)
        own = self.error if proved else tried(self.samples, self.answer)
        most = max(own, self.samples.confirmed, 1e-12)  # less is this machine's rounding
        if not math.isfinite(most):  # differences of such numbers are beyond 1e308
            return math.inf
        return 10.0 ** (3 * math.ceil(math.log10(most) / 3 - 1e-9))

    @cached_property
    def nonzero(self):
        """How many of them are not zero. Raises TooBig where even the core is too large."""
        if self.answer.nonzero is not None:
            return self.answer.nonzero
        copies = math.prod(self.reduced.sizes[x] for x in self.constants)
        return int(np.count_nonzero(self.reduced.arrays[0])) * copies

    @cached_property
    def cost(self):
        """The `Cost` of the compact way against the full tensor."""
        sizes = {x: self.reduced.sizes[x] for x in self.reduced.pattern.letters}
        count = self.answer.products(self.reduced.sizes)
        return Cost(self.samples.source, self.input_name, sizes, self.shape, self.entries,
                    self.stored, self.entries, count)

    @cached_property
    def drawn(self):
        """What a picture shows: this; of a tensor that is not built the same function at a smaller
        size, or else a few of its entries."""
        if not isinstance(self.samples, Large):
            return self
        return self.samples.corner or self.few()

    def few(self):
        """A few entries of a tensor that is not built, and what is left of them."""
        core, pattern = self.reduced, self.reduced.pattern
        widths = {x: min(core.sizes[x], w) for x, w in zip(pattern.letters, cycle(FEW))}
        array = self.samples.part({x: range(widths[x]) for x in core.letters})
        J = fill((*pattern.outer, *pattern.inner), core.letters, array, widths)
        samples = Samples([pattern.turned(J)], [{}], self.samples.outer, self.samples.inner,
                          self.input_name, self.samples.tolerance, self.samples.source)
        answer = replace(self.answer, stored=min(self.stored, array.size))
        return replace(self, samples=samples, answer=answer,
                       reduced=replace(core, arrays=[array], sizes=core.sizes | widths))

    @cached_property
    def stages(self):
        """The way from the full tensor to the line: a tuple of `Stage`."""
        return stages(self)

    @cached_property
    def derivation(self):
        """The derivation as on paper: a tuple of (title, LaTeX)."""
        return derivation(self)

    def flat_between(self):
        """Between which numbers every slope of a function was found to be zero, in a sentence."""
        if self.kind != "zero":
            return ""
        points = (*self.samples.names, *(point.names for point in self.samples.more()))
        inputs = [names[self.input_name] for names in points if self.input_name in names]
        if not inputs or not np.size(inputs[0]):
            return ""
        low, high = four(min(map(np.min, inputs))), four(max(map(np.max, inputs)))
        return (f" The numbers of these inputs lie between {low} and {high}: beyond them no slope "
                "was measured.")

    def vjp(self, G):
        """dL/d(input) from an upstream gradient of Y's shape. Raises ShapeError."""
        G = as_numbers(G, "G")
        wanted = self.shape[:len(self.samples.outer)]
        if G.shape != wanted:
            raise ShapeError(f"vjp: G has shape {G.shape}, but Y has {wanted}. Give G the shape "
                             "of Y.")
        return np.array(evaluate(self.numpy, {**self.answer.names.all_at(0), "G": G}), float)

    def __repr__(self):
        return f"<{self.kind}: {self.result} = {self.numpy}>"

    def __str__(self):
        head = f"{self.samples.source} by {self.input_name}: {self.samples.entries(self)} " \
               f"({bytes_text(8 * self.entries)})."
        said = [stage.sentence for stage in self.stages if stage.name not in ("full", "core")]
        steps = [one for one in said if one == said[-1] or not said[-1].startswith(one)]
        right = f"right to within {self.accuracy:.0e}" if self.accuracy < 0.1 else \
            "not confirmed, for not one digit of the slopes is sure" if self.accuracy < math.inf \
            else "not confirmed, for its numbers are too large"
        checked = self.samples.checked() if isinstance(self.samples, Large) else "Checked at " + \
            f"{plural(self.checked, 'input')} with random upstream gradients: {right}."
        checked += self.flat_between()
        tail = f"It stores {plural(self.stored, 'number')}. {checked}"
        return "\n".join(filter(None, [head, *steps, tail, self.warning and
                                       f"Warning: {self.warning}"]))
