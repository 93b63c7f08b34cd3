"""Norms of any kind, at every size from 3: layer, batch, instance, RMS and L2, with gain and ε.

Along some axes S of the input, Y = gain · u / s with u the input (less its mean) and s the root of
its mean square (plus ε). Then with D = G · gain

    dL/dX = (D − mean(D) − κ u Σ(D u) / s²) / s,

so every block of the Jacobian is gain · (a δ + b + c u uᵀ): three numbers for each block are solved
for, and named.
"""

import math
import re
from dataclasses import dataclass

import numpy as np

from ..line import inlined, scaled
from ..naming.fitting import spelled
from ..naming.names import atom
from ..naming.placing import broadcasts
from ..terms import Answer
from ..ties import largest

LARGEST = 2**18
EPSILON = re.compile(r":= \(?np\.sqrt\(.*\) \+ ")  # of `root_text`, inside of the root or beside it
SLOPES = ("Y > 0", "1 - Y**2", "Y * (1 - Y)")  # of what may come after the norm


@dataclass(frozen=True)
class Frame:
    """Which axes the blocks lie along, and how a line says it."""

    name: str
    axes: tuple      # of the input, that the norm sums over
    ndim: int
    count: int       # entries summed over
    shape: tuple

    @property
    def where(self):
        """What stands in the brackets of a mean over the axes."""
        if self.axes == tuple(range(self.ndim)):
            return ""
        if self.axes == (0,):
            return "0"
        text = str(self.axes[0] - self.ndim) if len(self.axes) == 1 else str(self.axes)
        return f"{text}, keepdims=True"

    def blocks(self, arrays, letters, pattern):
        """The arrays as (batch, K, J)."""
        batch = [x for p, x in enumerate(pattern.outer) if p not in self.axes]
        order = [letters.index(x) for x in (
            *batch, *(pattern.outer[p] for p in self.axes), *(pattern.inner[p] for p in self.axes))]
        return [a.transpose(order).reshape(-1, self.count, self.count) for a in arrays]

    def laid(self, array):
        """An array that fits onto the input as (batch, K)."""
        batch = [p for p in range(self.ndim) if p not in self.axes]
        whole = np.broadcast_to(array, self.shape)
        return whole.transpose(*batch, *self.axes).reshape(-1, self.count)


def norms(core):
    """The answer for a norm along the axes that are not tied, or None."""
    frame = frame_of(core)
    if frame is None:
        return None
    blocks = frame.blocks(core.arrays, core.letters, core.pattern)
    for centred in (True, False):
        u = [frame.laid(x) for x in core.names.value(frame.name)]
        u = [x - x.mean(1, keepdims=True) for x in u] if centred else u
        for gain, values in gains(core.names, frame):
            parts = [three(M, frame.laid(g), x, centred, core.tolerance)
                     for M, g, x in zip(blocks, values, u, strict=True)]
            if all(p is not None for p in parts):
                answer = said(core, frame, gain, u, parts, centred)
                if answer:
                    return answer
    return None


def steadied(core):
    """The same where the root has an ε, which no other pattern knows of."""
    answer = norms(core) if core.names.input_name in core.names else None
    return answer if answer and EPSILON.search(answer.line) else None


def frame_of(core):
    """The `Frame` of a core that maps an array onto one of its shape, or None."""
    pattern, name = core.pattern, core.names.input_name
    if core.size > LARGEST or len(pattern.outer) != len(pattern.inner) or pattern.backward \
            or set(core.letters) != {*pattern.outer, *pattern.inner} or name is None:
        return None
    pairs = list(zip(pattern.outer, pattern.inner, strict=True))
    axes = tuple(p for p, (k, j) in enumerate(pairs) if k != j)
    shape = tuple(core.sizes[x] for x in pattern.inner)
    used = [x for p in axes for x in pairs[p]]
    if not axes or len(set(used)) < len(used) or core.names.shape(name) != shape or any(
            core.sizes[k] != core.sizes[j] for k, j in pairs):
        return None
    count = math.prod(shape[p] for p in axes)
    return Frame(name, axes, len(shape), count, shape) if count > 2 else None


def gains(names, frame):
    """(text, arrays) of what may multiply the norm entry by entry."""
    ones = [np.ones(frame.shape)] * len(names.samples)
    yield "", ones
    output = names.output_name
    slopes = [form.replace("Y", output) for form in SLOPES] if output in names else []
    known = list(known_gains(names, frame))
    yield from known
    for text in slopes:
        values = names.value(text)
        if values and values[0].shape == frame.shape:
            yield text, values
            yield from ((f"{gain} * {atom(text)}", [g * v for g, v in zip(gs, values, strict=True)])
                        for gain, gs in known)


def known_gains(names, frame):
    """Known arrays that fit onto the input, channels before its last axes too."""
    for name in names.known():
        values = names.value(name)
        if name in (frame.name, names.output_name) or values is None or not values[0].ndim:
            continue
        for after in range(frame.ndim - values[0].ndim + 1):
            text = f"{name}[{', '.join([':'] * values[0].ndim + ['None'] * after)}]" if after \
                else name
            shape = (*values[0].shape, *[1] * after)
            if broadcasts(shape, frame.shape) and shape.count(1) < len(shape):
                yield text, [v.reshape(shape) for v in values]


def three(M, gain, u, centred, tolerance):
    """(a, b, c) of every block gain · (a δ + b + c u uᵀ), or None."""
    eye = np.broadcast_to(np.eye(M.shape[1]), M.shape)
    columns = [eye, u[:, :, None] * u[:, None]]
    columns = [columns[0], np.ones(M.shape), columns[1]] if centred else columns
    system = np.stack([(gain[:, :, None] * c).reshape(len(M), -1) for c in columns], -1)
    size, flat = np.sqrt((system**2).sum(1, keepdims=True)), M.reshape(len(M), -1)
    unit = system / np.where(size == 0, 1, size)
    gram = np.einsum("bes,bet->bst", unit, unit)
    alive = (np.abs(np.linalg.det(gram)) > 1e-12) & np.any(flat, 1)
    if not alive.any():
        return None
    unit, size, flat, gram = unit[alive], size[alive], flat[alive], gram[alive]
    numbers = np.linalg.solve(gram, np.einsum("bes,be->bs", unit, flat)[..., None])[..., 0]
    off = np.abs(np.einsum("bes,bs->be", unit, numbers) - flat).max()
    if off > 10 * tolerance * largest(M):
        return None
    found = np.full((len(M), 3), np.nan)  # nan where a block is dead, and says nothing
    found[np.flatnonzero(alive)[:, None], [0, 1, 2] if centred else [0, 2]] = numbers / size[:, 0]
    return found.T


def said(core, frame, gain, u, parts, centred):
    """The answer with a, b and c under their names, or None."""
    a, b, c = (np.concatenate([p[i] for p in parts]) for i in range(3))
    n, allowed, alive = frame.count, 100 * core.tolerance, ~np.isnan(a)
    a, b, c = a[alive], b[alive], c[alive]
    if np.any(a == 0) or (centred and np.abs(b * n / a + 1).max() > allowed):
        return None
    square = np.concatenate([(x**2).mean(1) for x in u])[alive]
    for scale, values in scales(core.names, frame):
        h = np.concatenate(values)[alive]
        root = rooted(core.names, frame, h / a, square, centred, core.tolerance)
        if root is None:
            continue
        text, s, r = root
        ratio = -c * s**2 * r / h
        kappa = core.names.number(float(np.median(ratio)), max(allowed, 1e-9))
        if kappa and np.ptp(ratio) <= allowed * np.abs(ratio).max():
            return written(core, frame, gain, scale, text, r is s, kappa, centred)
    return None


def scales(names, frame):
    """(text, numbers for each block) of known arrays that are constant along the blocks."""
    count = math.prod(frame.shape) // frame.count
    yield "", [np.ones(count)] * len(names.samples)
    for text, values in known_gains(names, frame):
        laid = [frame.laid(v) for v in values]
        if all(np.all(v == v[:, :1]) for v in laid) and all(map(np.all, laid)):
            yield text, [v[:, 0] for v in laid]


def rooted(names, frame, s, square, centred, tolerance):
    """(text, s, r) with s = √(α·square + ε), r = s, or s = β·√square + ε, r = √square; or None."""
    if np.any(s < 0):
        return None
    r = np.sqrt(square)
    for target, base, inside in ((s**2, square, True), (s, r, False)):
        system = np.stack([base, np.ones(base.size)], 1) / np.abs(target)[:, None]
        if base.size < 3 or np.ptp(base) == 0:
            continue
        (alpha, eps), *_ = np.linalg.lstsq(system, np.ones(base.size), None)
        if np.abs(system @ (alpha, eps) - 1).max() > 100 * tolerance:
            continue
        small = abs(eps) <= 1e-13 * target.max() or eps < 0
        text = root_text(frame, alpha if inside else alpha**2, centred)
        end = "" if small else f" + {spelled(eps, names, max(1e-6, tolerance))}"
        if text is None or (small and not inside):
            continue
        return (f"np.sqrt({text}{end})" if inside else f"(np.sqrt({text}){end})"), s, \
            s if inside else r
    return None


def root_text(frame, alpha, centred):
    """The text of α times the mean square along the axes."""
    X, where, n = frame.name, frame.where, frame.count
    power, mean = (f"{X}", "var") if centred else (f"({X}**2)", "mean")
    if abs(alpha - 1) < 1e-6:
        return f"{power}.{mean}({where})"
    if centred and abs(alpha * (n - 1) / n - 1) < 1e-6:
        return f"{power}.var({where}{', ' if where else ''}ddof=1)"
    if not centred and abs(alpha / n - 1) < 1e-6:
        return f"{power}.sum({where})"
    return f"{alpha:.10g} * {power}.{mean}({where})"


def written(core, frame, gain, scale, root, same, kappa, centred):
    """The line, with names for what it uses twice."""
    names, X, where, n = core.names, frame.name, frame.where, frame.count
    taken = {*names.samples[0], *names.added[0], "G", "D"}
    s, hat = (next(x for x in forms if x not in taken)
              for forms in (("s", "sd", "root"), (f"{X}hat", "hat", "hat_")))
    u = f"({X} - {X}.mean({where}))" if centred else X
    D, first = ("D", f"(D := {inlined(gain)} * G)") if gain else ("G", "G")
    mean = f" - {D}.mean({where})" if centred else ""
    way, after = ("mean", "") if kappa in (f"1 / {n}", str(1 / n)) else (
        "sum", "" if kappa == "1" else kappa)
    unit = f"({hat} := {u} / ({s} := {root}))"
    other = hat if same else (  # 0 where the input is constant
        f"{u} / np.maximum(np.sqrt({root_text(frame, 1.0, centred)}), 1e-300)")
    inner = f"({D} * {other if same else f'({other})'}).{way}({where})"
    last = f"{unit} * {inner}"
    line = f"{first}{mean} - {scaled(last, after) if after else last}"
    line = f"{atom(scale)} * ({line}) / {s}" if scale else f"({line}) / {s}"
    stored = core.size // n + core.size // n**2  # a scale goes into 1 / s, a gain does not
    stored += names.stored(gain, core.size // n) if gain else 0
    return Answer("diagonal plus low rank", (), stored, line=line, names=names,
                  multiplications=3 * core.size // n,
                  says=f"each {n}×{n} block is a diagonal plus rank {1 + centred}: a norm along "
                       f"{'axis' if len(frame.axes) == 1 else 'axes'} "
                       f"{', '.join(map(str, frame.axes))}, with its root {root}")
