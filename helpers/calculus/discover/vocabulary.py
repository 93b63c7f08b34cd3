"""The words that a line may be made of: the input, Y and the known arrays, what is linear in them,
plain functions of that, and sums and norms along axes.

A word is a text of NumPy; `Names.value` has its arrays at all points. No word holds anything that
only the search knows, so that it means the same at any other input.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations, product

import numpy as np

from .names import atom, names_in

LARGE = 2**12   # entries of an array that words are made of
MANY = 160      # linear values that functions are taken of
SIGMA = "(1 / (1 + np.exp(-@)))"
PHI = "((1 + np.vectorize(math.erf)(@ / np.sqrt(2))) / 2)"
DENSITY = "(np.exp(-@**2 / 2) / np.sqrt(2 * np.pi))"
SOFTMAX = "np.exp(@ - np.logaddexp.reduce(@, &, keepdims=True))"
FUNCTIONS = (SIGMA, "np.tanh(@)", "np.exp(@)", "@**2", "(@ > 0)", "np.sign(@)", "np.abs(@)",
             "@**3", f"(1 - {SIGMA})", "(1 - np.tanh(@)**2)", "np.maximum(@, 0)", "np.sin(@)",
             "np.cos(@)", "np.exp(-@)", PHI, DENSITY, "np.clip(@, -1, 1)", "(np.abs(@) < 1)",
             "(@ > -1)", "(@ < 1)", "np.exp(-@**2)", "(1 / (1 + @**2))", "np.logaddexp(0, @)",
             "(1 / np.cosh(@)**2)", "(1 / np.sqrt(1 + @**2))", "np.arctan(@)")
DIVISIONS = ("(1 / @)", "(1 / @**2)", "np.log(@)", "np.sqrt(@)", "(1 / np.sqrt(@))",
             "(1 / (1 + @))", "(1 / (1 - @))", "(1 / np.sqrt(1 - @**2))")
ALONG = ("@.sum(&)", "(@**2).sum(&)", "(@**2).mean(&)", "np.sqrt((@**2).sum(&))", "@.mean(&)", "@.var(&)",
         "@.std(&)", "@.max(&)", "@.min(&)", "np.exp(@).sum(&)", "@.prod(&)")
WHOLE = ("@.sum()", "(@**2).sum()", "(@**2).mean()", "np.linalg.norm(@)", "@.mean()", "@.var()", "@.std()",
         "@.max()", "@.min()", "np.exp(@).sum()")
SQUARE = ("np.linalg.inv(@)", "np.linalg.det(@)", "np.linalg.inv(@ @ @)", "(@ @ @)")
SCALES = ("", " / 2", " * 2", " / root")


@dataclass(frozen=True)
class Word:
    """A text, its arrays at all points, and the letters of the axes that they are laid along."""

    text: str
    letters: tuple
    columns: tuple = ()   # the arrays, spread over the shape asked for


class Vocabulary:
    """What can be said with the names known at each point."""

    def __init__(self, names, tied=()):
        self.names, self.tied = names, tied  # axes of the input along which entries never meet
        self.arrays = [name for name in names.known()
                       if math.prod(names.shape(name)) <= LARGE and len(names.shape(name)) <= 4]
        self.varying = {name for name in self.arrays if moving(names.value(name))}

    def varies(self, text):
        """Whether a text uses the input or Y."""
        return bool(names_in(text) & self.varying)

    def fine(self, texts):
        """The texts that have finite arrays which are not those of an earlier text."""
        seen, kept = {}, []
        for text in texts:
            values = self.names.value(text)
            if values is None or values[0].size > LARGE or not values[0].size:
                continue
            mark = (values[0].shape, *(np.round(float(f), 9) for v in values for f in marks(v)))
            if mark not in seen and any(np.any(v) for v in values):
                seen[mark] = text
                kept.append(text)
        return kept

    @cached_property
    def matrices(self):
        """(text, shape) of the arrays with one or two axes, and of transposes."""
        found = []
        for name in self.arrays:
            shape = self.names.shape(name)
            if len(shape) in (1, 2) and name != self.names.output_name:
                found.append((name, shape))
                if len(shape) == 2 and min(shape) > 1:
                    found.append((f"{name}.T", shape[::-1]))
        return found

    @cached_property
    def products(self):
        """Matrix products of two of them."""
        return self.fine(f"{a} @ {b}" for (a, m), (b, n) in product(self.matrices, repeat=2)
                         if m[-1] == n[0] and not self.meets(a, len(m) - 1)
                         and not self.meets(b, 0))

    def meets(self, text, axis):
        """Whether a sum along this axis of an array adds up entries that never meet in f."""
        name = text.removesuffix(".T")
        if name not in self.varying:
            return False
        return (len(self.names.shape(name)) - 1 - axis if text != name else axis) in self.tied

    def free(self, z):
        """The axes, counted from the end, that a varying value may be summed along."""
        ndim = self.names.value(z)[0].ndim
        tied = self.tied if self.varies(z) and ".T" not in z else ()
        return [axis - ndim for axis in range(ndim) if axis not in tied]

    @cached_property
    def linear(self):
        """Arrays, their products, and sums and differences of two."""
        base = [*self.arrays, *self.products]
        return self.fine([*base, *self.differences(base)])[:MANY]

    def differences(self, base):
        """a − b, a + b and a·b where one of them varies, the other is known, and they fit."""
        shapes = {text: self.names.value(text)[0].shape for text in base
                  if self.names.value(text) is not None}
        known = [text for text in shapes if not self.varies(text)]
        for text in shapes:
            if not self.varies(text) or text == self.names.output_name:
                continue
            for other in known:
                if shapes[other] and broadcasts(shapes[other], shapes[text]):
                    a, b = atom(text), atom(other)
                    yield from (f"({text} - {b})", f"({text} + {b})", f"({a} * {b})")

    @cached_property
    def functions(self):
        """Plain functions of the linear values, softmax along their axes."""
        inner = [z for z in self.linear if z != self.names.output_name]
        varying = [z for z in inner if self.varies(z)]
        return self.fine([*(form.replace("@", atom(z)) for form in FUNCTIONS for z in varying),
                          *(text for z in inner for text in self.softmaxes(z)),
                          *self.one_hots()])

    def softmaxes(self, z):
        """The softmax of a value, or of a usual multiple of it, along each axis."""
        shape = self.names.value(z)[0].shape
        for axis, scale in product(self.free(z), SCALES):
            if shape[axis] < 2 or (scale and not ("@" in z or len(self.arrays) <= 3)):
                continue
            last = max(shape[-1], 2)
            text = f"({z}{scale.replace('root', f'np.sqrt({last})')})" if scale else atom(z)
            yield SOFTMAX.replace("@", text).replace("&", str(axis))
        if len(shape) == len(self.free(z)) == 2 and min(shape) > 1:
            yield f"np.exp({z} - np.log(np.exp({z}).sum()))"

    def one_hots(self):
        """Known whole numbers from 0 as labels."""
        for name in self.arrays:
            values = np.asarray(self.names.samples[0][name])
            if name not in self.varying and values.ndim == 1 and np.all(values >= 0) and np.all(
                    values == np.round(values)):
                for size in {n for other in self.arrays for n in self.names.shape(other)}:
                    if values.max() < size <= LARGE:
                        yield f"({name}[:, None] == np.arange({size}))"

    @cached_property
    def centred(self):
        """The input less its mean along the axes where entries meet."""
        return self.fine(f"({z} - {z}.mean({axis}, keepdims=True))" for z in self.arrays
                         if z in self.varying and z != self.names.output_name
                         for axis in self.free(z))

    @cached_property
    def divisions(self):
        """Functions that are not finite everywhere."""
        return self.fine(form.replace("@", atom(z)) for z in self.linear[:40] if self.varies(z)
                         for form in DIVISIONS)

    @cached_property
    def reductions(self):
        """Sums, norms, … of the input and what is linear in it, along each axis and over all."""
        made = []
        for z in self.linear[:40]:
            ndim, axes, a = self.names.value(z)[0].ndim, self.free(z), atom(z)
            made += [form.replace("@", a).replace("&", str(axis))
                     for axis in axes if ndim > 1 for form in ALONG]
            made += [form.replace("@", a) for form in WHOLE if len(axes) == ndim > 0]
        return self.fine(made)

    @cached_property
    def pulled(self):
        """Functions of a product with a known matrix, taken back through that matrix."""
        made = []
        for z in [*self.products, *(d for d in self.linear if " @ " in d)]:
            left, right = sides(z)
            if left is None or self.varies(left) == self.varies(right):
                continue
            made += [self.back(g, left, right) for g in (z, *self.same_shape(z))]
            made += [self.back(form.replace("@", f"({z})"), left, right) for form in FUNCTIONS]
            made += [self.back(g, left, right) for g in self.softmaxes(z)]
        return self.fine(filter(None, made))

    def same_shape(self, z):
        """Known arrays of the shape of a value."""
        shape = self.names.value(z)[0].shape
        return [name for name in self.arrays if self.names.shape(name) == shape]

    def back(self, g, left, right):
        """g through the known side of `left @ right`, as a vjp goes."""
        if self.varies(left):
            known = self.names.value(right)
            turn = f"{atom(right)}.T" if known[0].ndim == 2 else None
            return turn and f"{atom(g)} @ {turn.replace('.T.T', '')}"
        known = self.names.value(left)
        return f"{atom(left)}.T".replace(".T.T", "") + f" @ {atom(g)}" if known[0].ndim == 2 \
            else None

    @cached_property
    def inverses(self):
        """Inverses of square values, and what they are multiplied by."""
        made = []
        for z in self.linear[:60]:
            shape = self.names.value(z)[0].shape
            if len(shape) == 2 and shape[0] == shape[1] > 1:
                inverse = f"np.linalg.inv({z})"
                made += [inverse, *(f"{a} @ {inverse}" for a, m in self.matrices
                                    if m[-1] == shape[0]),
                         *(f"{inverse} @ {a}" for a, m in self.matrices if m[0] == shape[0]),
                         f"{inverse} @ {inverse}", f"np.linalg.det({z})"]
        return self.fine(made)

    def placed(self, texts, letters, shape):
        """Words for a shape: every way to lay the texts' arrays along its letters."""
        found, seen = [], set()
        for text in texts:
            values = self.names.value(text)
            if values is None:
                continue
            for places in places_of(values[0].shape, shape):
                columns = tuple(spread(v, places, shape) for v in values)
                mark = tuple(np.round(float(f), 9) for c in columns for f in marks(c))
                if mark not in seen:
                    seen.add(mark)
                    found.append(Word(text, tuple(letters[p] for p in places), columns))
        return found


def marks(values):
    """Two numbers that tell arrays apart."""
    flat = np.ravel(values)
    weights = np.cos(np.arange(1, flat.size + 1) * 1.7)
    return flat @ weights, flat @ weights**2


def moving(values):
    """Whether arrays differ from point to point."""
    return values is None or any(not np.array_equal(values[0], v) for v in values[1:])


def broadcasts(small, shape):
    """Whether an array fits onto a shape without growing it."""
    return len(small) <= len(shape) and all(
        a in (1, b) for a, b in zip(small[::-1], shape[::-1], strict=False))


def places_of(own, shape):
    """Every way to lay the axes of an array along different axes of a shape."""
    if len(own) > len(shape):
        return []
    return [places for places in permutations(range(len(shape)), len(own))
            if all(shape[p] == size for p, size in zip(places, own, strict=True))]


def spread(values, places, shape):
    """An array turned and repeated to a shape."""
    turn = sorted(range(len(places)), key=places.__getitem__)
    sizes = [shape[p] if p in places else 1 for p in range(len(shape))]
    return np.broadcast_to(values.transpose(turn).reshape(sizes), shape)


def sides(text):
    """(left, right) of a matrix product of two that may have a known array added."""
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    for sign in (" - ", " + "):
        if inner.count(sign) == 1 and " @ " in inner.split(sign)[0]:
            inner = inner.split(sign)[0]
    parts = inner.split(" @ ")
    plain = len(parts) == 2 and not any(c in inner for c in "()*-+")
    return tuple(parts) if plain else (None, None)
