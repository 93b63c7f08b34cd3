"""The words that a line may be made of: the input, Y and the known arrays, what is linear in them,
plain functions of that, and sums and norms along axes.

A word is a text of NumPy; `Names.value` has its arrays at all points. No word holds anything that
only the search knows, so that it means the same at any other input.
"""

import math
from functools import cached_property
from itertools import product

import numpy as np

from .forms import (
    ALONG,
    DIVISIONS,
    FUNCTIONS,
    LOGARITHM,
    SCALES,
    SIGMA,
    SOFTMAX,
    WHOLE,
    Word,
)
from .names import atom, names_in
from .placing import (
    broadcasts,
    marks,
    moving,
    places_of,
    rounded,
    sides,
    spread,
    spread_marks,
    subsets,
)

LARGE = 2**12   # entries of an array that words are made of
MANY = 90       # linear values, and a few of them that functions are taken of
FEW = 14


class Vocabulary:
    """What can be said with the names known at each point."""

    def __init__(self, names, pattern):
        self.names, both = names, {*pattern.outer} & {*pattern.inner}
        self._placed = {}
        self.both = both  # letters along which entries of the input never meet
        mine = zip((names.input_name, names.output_name), (pattern.inner, pattern.outer),
                   strict=True)
        self.carried = {name: tuple(x if x in both else None for x in letters)
                        for name, letters in mine}  # by text: the tied letters of its axes
        self.arrays = [name for name in names.known() if names.value(name)  # without a nan
                       and math.prod(names.shape(name)) <= LARGE and len(names.shape(name)) <= 4]
        self.varying = {name for name in self.arrays if moving(names.value(name))}
        X = names.input_name
        for name in self.varying - {*self.carried}:  # pieces beside the input
            if X in names and names.shape(name) == names.shape(X):
                self.carried[name] = self.carried[X]

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
            mark = (values[0].shape, *(rounded(f) for v in values[:3] for f in marks(v)))
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
        """Matrix products of two of them (those that are the transpose of another are left out)."""
        return self.fine(f"{a} @ {b}" for (a, m), (b, n) in product(self.matrices, repeat=2)
                         if m[-1] == n[0] and not self.turned(a, b) and self.fits(a, b))

    def turned(self, a, b):
        """Whether a product of matrices is better said as its transpose."""
        both = a.removesuffix(".T"), b.removesuffix(".T")
        if both[0] == both[1]:
            return a.endswith(".T") and b.endswith(".T")
        first = next((name for name in both if name in self.varying), both[0])
        matrices = all(len(self.names.shape(name)) == 2 for name in both)
        return matrices and (a if first == both[0] else b).endswith(".T")

    def carry(self, text):
        """The tied letters of the axes of an array or its transpose."""
        if text in self.carried:
            return self.carried[text]
        name = text.removesuffix(".T")
        plain = self.carried.get(name) or (None,) * len(self.names.shape(name))
        return plain if text == name else plain[::-1]

    def fits(self, a, b):
        """Whether a product adds up nothing that never meets in f; notes what its axes are."""
        left, right = self.carry(a), self.carry(b)
        rest = left[:-1] + right[1:]
        used = [x for x in rest if x]
        if left[-1] or right[0] or len({*used}) < len(used):
            return False
        self.carried[f"{a} @ {b}"] = rest
        return True

    def free(self, z):
        """The axes, counted from the end, that a value may be summed along."""
        ndim = self.names.value(z)[0].ndim
        carried = self.carried.get(z, (None,) * ndim)
        return [axis - ndim for axis in range(ndim) if not carried[axis]]

    def like(self, z, texts):
        """Texts that have the axes of z."""
        for text in texts:
            if z in self.carried:
                self.carried[text] = self.carried[z]
            yield text

    @cached_property
    def linear(self):
        """Arrays, their products, and sums and differences of two."""
        base = [*self.arrays, *self.products, *self.longer, *self.doubled]
        return self.fine([*base, *self.differences(base)])[:MANY]

    @cached_property
    def longer(self):
        """Products of three, the input in the middle; products of its difference from an array."""
        known = [(a, m) for a, m in self.matrices if not self.varies(a) and len(m) == 2][:6]
        made = []
        for middle, m in self.matrices:
            if not self.varies(middle) or len(m) != 2:
                continue
            made += [f"{a} @ {middle} @ {b}" for a, k in known for b, n in known
                     if k[1] == m[0] and m[1] == n[0] and self.fits(a, middle)
                     and self.fits(f"{a} @ {middle}", b)]
        name = self.names.input_name
        alike = [other for other in self.alike if name in self.names
                 and self.names.shape(other) == self.names.shape(name)]
        for z in self.like(name, [f"({name} - {other})" for other in alike]):
            for a, k in known:
                m = self.names.shape(name)
                made += [f"{a} @ {z}"] * (k[1] == m[0] and self.fits(a, z))
                made += [f"{z} @ {a}"] * (len(m) == 2 and k[0] == m[1] and self.fits(z, a))
        return made[:40]

    @cached_property
    def twice(self):
        """A + A.T for square known arrays: what a quadratic form has in its slopes."""
        return [f"({a} + {a}.T)" for a, m in self.matrices
                if a in self.arrays and len(m) == 2 and m[0] == m[1] > 1 and not self.varies(a)][:3]

    @property
    def doubled(self):
        """The input times those."""
        name = self.names.input_name
        self.carried |= dict.fromkeys(self.twice, (None, None))
        return [f"{a} @ {b}" for s in self.twice for a, b in ((name, s), (s, name))
                if name in self.arrays and self.fits(a, b)
                and self.names.value(f"{a} @ {b}") is not None]

    def differences(self, base):
        """a − b, a + b and a·b where one of them varies, the other is known, and they fit."""
        shapes = {text: self.names.value(text)[0].shape for text in base
                  if self.names.value(text) is not None}
        known = [text for text in shapes if text in self.arrays and not self.varies(text)]
        for text in shapes:
            if not self.varies(text) or text == self.names.output_name:
                continue
            for other in known:
                if broadcasts(shapes[other], shapes[text]):
                    a, b = atom(text), atom(other)
                    yield from self.like(text, (f"({text} - {b})", f"({text} + {b})",
                                                f"({a} * {b})"))

    @cached_property
    def functions(self):
        """Plain functions of the arrays, softmax along their axes, then of all linear values."""
        varying = [z for z in self.linear if z != self.names.output_name and self.varies(z)]
        first = [z for z in varying if z in self.arrays]
        later = [z for z in varying if z not in first][:FEW]
        return self.fine([
            *self.winners(), *self.without_one(), *self.made(FUNCTIONS[:6], first),
            *self.made(("np.exp(@)", "np.exp(-@)", *FUNCTIONS[:4]), self.alike),
            *self.of_output(), *self.ratios(first), *self.made(FUNCTIONS[:6], later),
            *(text for z in first for text in self.softmaxes(z)),
            *self.made(FUNCTIONS[6:], first),
            *(text for z in {**dict.fromkeys(later), **dict.fromkeys(self.products)}
              for text in self.softmaxes(z)),
            *self.made(FUNCTIONS[6:18], later), *self.one_hots()])

    @property
    def alike(self):
        """Known arrays with the shape of the input or of Y."""
        shapes = {self.names.shape(name) for name in (
            self.names.input_name, self.names.output_name) if name in self.names}
        return [name for name in self.arrays if name not in self.varying
                and self.names.shape(name) in shapes and self.names.shape(name)][:4]

    def made(self, forms, values):
        """Functions, entry by entry, of values."""
        return (text for form in forms for z in values
                for text in self.like(z, [form.replace("@", atom(z))]))

    def winners(self):
        """Where the input is the largest or smallest along the axes where entries meet."""
        for z in self.arrays:
            if z not in self.varying or z == self.names.output_name:
                continue
            axes = [axis + len(self.names.shape(z)) for axis in self.free(z)]
            for chosen in subsets(axes):
                where = str(chosen[0] if len(chosen) == 1 else chosen)
                yield from self.like(z, (f"({z} == {z}.{way}({where}, keepdims=True))"
                                         for way in ("max", "min")))

    def without_one(self):
        """The product of all entries along an axis but one: no division by an entry."""
        z = self.names.input_name
        if z in self.arrays and len(self.names.shape(z)) in (1, 2) and -1 in self.free(z):
            n, middle = self.names.shape(z)[-1], "[:, None]" if len(self.names.shape(z)) > 1 else ""
            if n > 1:
                leave = f"np.where(np.eye({n}) > 0, 1, {z}{middle})"
                yield f"{leave}.prod(-1)"
                yield f"np.cumprod({leave}, -1)"
        if z in self.arrays and len(self.names.shape(z)) == 2 and -2 in self.free(z):
            n = self.names.shape(z)[0]
            yield f"np.where(np.eye({n})[:, :, None] > 0, 1, {z}).prod(1)"

    def of_output(self):
        """What slopes make of Y."""
        Y = self.names.output_name
        if Y in self.arrays:
            yield from self.made(("(1 - @**2)", "(@ > 0)", "(1 - @)", "@**2"), [Y])

    def ratios(self, base):
        """Y over a gate that is never 0, and one minus its square: tanh of what the gate lets by.
        """
        Y = self.names.output_name
        if Y in self.names and len(base) > 1:
            for z in base:
                gate = SIGMA.replace("@", atom(z))
                yield from self.like(z, (f"(1 - ({Y} / {gate})**2)", f"({Y} / {gate})"))

    def softmaxes(self, z):
        """The softmax of a value, or of a usual multiple of it, along each axis."""
        shape = self.names.value(z)[0].shape
        for axis, scale in product(self.free(z), SCALES):
            if shape[axis] < 2:
                continue
            last = max(shape[-1], 2)
            text = f"({z}{scale.replace('root', f'np.sqrt({last})')})" if scale else atom(z)
            yield from self.like(z, [form.replace("@", text).replace("&", str(axis))
                                     for form in (SOFTMAX, LOGARITHM)[:1 if scale else 2]])
        if len(shape) == len(self.free(z)) == 2 and min(shape) > 1:
            yield f"np.exp({z} - np.log(np.exp({z}).sum()))"

    def one_hots(self):
        """Known whole numbers from 0 as labels."""
        for name in self.arrays:
            values = np.asarray(self.names.samples[0][name])
            if name not in self.varying and values.ndim == 1 and np.all(values >= 0) and np.all(
                    values == np.round(values)):
                for size in {n for other in self.arrays for n in self.names.shape(other)}:
                    if values.max() < size:
                        yield f"({name}[:, None] == np.arange({size}))"

    @cached_property
    def centred(self):
        """The input less its mean along the axes where entries meet."""
        return self.fine(text for z in self.arrays
                         if z in self.varying and z != self.names.output_name
                         for axis in self.free(z)
                         for text in self.like(z, [f"({z} - {z}.mean({axis}, keepdims=True))"]))

    @cached_property
    def divisions(self):
        """Functions that are not finite everywhere."""
        return self.fine(form.replace("@", atom(z)) for z in self.linear[:40] if self.varies(z)
                         for form in DIVISIONS)

    @cached_property
    def reductions(self):
        """Sums, norms, … of the input and what is linear in it, along each axis and over all."""
        made = []
        for z in self.linear[:20]:
            ndim, axes, a = self.names.value(z)[0].ndim, self.free(z), atom(z)
            for axis in axes if ndim > 1 else ():
                carried = [*self.carried.get(z, (None,) * ndim)]
                del carried[axis]
                texts = [form.replace("@", a).replace("&", str(axis)) for form in ALONG]
                self.carried |= dict.fromkeys(texts, tuple(carried))
                made += texts
            made += [form.replace("@", a) for form in WHOLE if len(axes) == ndim > 0]
        return self.fine([*made, *(f"{s}.sum(0)" for s in self.twice)])

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
        for z in self.linear[:30]:
            shape = self.names.value(z)[0].shape
            if len(shape) == 2 and shape[0] == shape[1] > 1:
                inverse = f"np.linalg.inv({z})"
                made += [inverse, *(f"{a} @ {inverse}" for a, m in self.matrices
                                    if m[-1] == shape[0]),
                         *(f"{inverse} @ {a}" for a, m in self.matrices if m[0] == shape[0]),
                         f"{inverse} @ {inverse}", f"np.linalg.det({z})"]
        return self.fine(made)

    def allowed(self, text, letters):
        """Whether a text's axes may lie along these letters: a tied axis along its own alone."""
        carried = self.carried.get(text)
        return carried is None or (len(carried) == len(letters) and all(
            x == own if own else x not in self.both
            for x, own in zip(letters, carried, strict=True)))

    def kind(self, name, letters, shape):
        """The words of one kind ("linear", "functions", …) for a shape, kept."""
        key = name, tuple(letters), tuple(shape)
        if key not in self._placed:
            self._placed[key] = self.placed(getattr(self, name), letters, shape)
        return self._placed[key]

    def placed(self, texts, letters, shape):
        """Words for a shape: every way to lay the texts' arrays along its letters."""
        found, seen = [], set()
        for text in texts:
            values = self.names.value(text)
            if values is None:
                continue
            for places in places_of(values[0].shape, shape):
                if not self.allowed(text, [letters[p] for p in places]):
                    continue
                mark = tuple(rounded(f) for v in values[:3]
                             for f in spread_marks(v, places, shape))
                if mark not in seen:
                    seen.add(mark)
                    columns = tuple(spread(v, places, shape) for v in values)
                    found.append(Word(text, tuple(letters[p] for p in places), columns))
        return found
