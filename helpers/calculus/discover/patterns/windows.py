"""Windows that slide over the axes of the input: convolutions by the input and by the kernel, and
pooling by the largest entry.

J[k…, i…] is a kernel's entry at i − k + p, for every pair of axes that slide together; what is
left over are channels. By the input, G is padded and correlated with the flipped kernel.
"""

import math
from itertools import combinations, permutations, product

import numpy as np

from ..terms import Answer
from ..ties import largest

LARGEST = 2**16
VIEW = "np.lib.stride_tricks.sliding_window_view"


def convolution(core):
    """The answer for a kernel that slides along two axes or more (one: with channels), or None."""
    if core.size > LARGEST or not core.mixed or core.pattern.backward:
        return None
    for pairs in slides(core):
        answer = by_input(core, pairs)
        if answer:
            return answer
    return None


def slides(core):
    """Choices of pairs (axis of Y, axis of the input) that may slide together, the most first."""
    outer = [x for x in core.letters if x in core.pattern.outer and x not in core.pattern.inner]
    inner = [x for x in core.letters if x in core.pattern.inner and x not in core.pattern.outer]
    for count in range(min(len(outer), len(inner), 3), 0, -1):
        for chosen in combinations(outer, count):
            for others in permutations(inner, count):
                if list(others) == sorted(others, key=core.pattern.inner.index):
                    yield tuple(zip(chosen, others, strict=True))


def by_input(core, pairs):
    """The line for a convolution along these pairs by its input, the kernel known; or None."""
    found = kernel(core, pairs)
    if found is None:
        return None
    kernels, rest, offsets = found
    letters = (*rest, *(j for _, j in pairs))
    named = core.names.find(kernels, letters, core.tolerance) if any(
        s > 1 for s in kernels[0].shape) else None
    if named is None or named[0] not in core.names:
        return None
    text, order, scale = named
    sizes = [len(o) for o in offsets]
    pads = [(sizes[a] - 1 + o[0], core.sizes[j] - 1 - o[0] - core.sizes[k] + 1)
            for a, ((k, j), o) in enumerate(zip(pairs, offsets, strict=True))]
    if any(p < 0 for pad in pads for p in pad) or core.names.shape(text) == ():
        return None
    return written(core, pairs, (text, order, scale), sizes, pads)


def kernel(core, pairs):
    """(arrays with axes rest and one for each pair, letters of the rest, offsets), or None."""
    rest = tuple(x for x in core.letters if not any(x in pair for pair in pairs))
    order = [core.letters.index(x) for x in (*rest, *(k for k, _ in pairs), *(j for _, j in pairs))]
    turned = [a.transpose(order) for a in core.arrays]
    whole = [core.sizes[k] + core.sizes[j] - 1 for k, j in pairs]
    start = tuple(core.sizes[x] for x in rest)
    places = list(product(*(range(core.sizes[k]) for k, _ in pairs)))
    kernels = []
    for a in turned:
        value = np.full((*start, *whole), np.nan)
        for at in places:  # the entries of a row of Y, at their distance from it
            cut = tuple(slice(core.sizes[k] - 1 - p, core.sizes[k] - 1 - p + core.sizes[j])
                        for p, (k, j) in zip(at, pairs, strict=True))
            block = a[(..., *at, *[slice(None)] * len(pairs))]
            part = value[(..., *cut)]
            seen = ~np.isnan(part)
            if np.any(np.abs(part - block)[seen] > core.tolerance * largest(a)):
                return None
            part[...] = np.where(seen, part, block)
        kernels.append(value)
    used = np.any([np.abs(np.nan_to_num(v)) > 0 for v in kernels], 0)
    offsets = []
    for axis, (k, _) in enumerate(pairs):
        lines = np.flatnonzero(used.any(tuple(x for x in range(used.ndim)
                                              if x != len(rest) + axis)))
        offsets.append(range(lines[0] - core.sizes[k] + 1, lines[-1] - core.sizes[k] + 2))
        kernels = [np.take(v, range(lines[0], lines[-1] + 1), len(rest) + axis) for v in kernels]
    return (kernels, rest, offsets) if all(np.isfinite(v).all() for v in kernels) and all(
        len(o) < core.sizes[j] or core.sizes[k] > 1 for o, (k, j) in zip(
            offsets, pairs, strict=True)) else None


def written(core, pairs, kernel_, sizes, pads):
    """The line: G padded, seen through windows, times the flipped kernel."""
    text, order, scale = kernel_
    outer, inner = core.pattern.outer, core.pattern.inner
    axes = [outer.index(k) for k, _ in pairs]
    every = [(0, 0)] * len(outer)
    for axis, pad in zip(axes, pads, strict=True):
        every[axis] = pad
    same = len({*every}) == 1 and every[0][0] == every[0][1]
    padded = f"np.pad(G, {every[0][0] if same else tuple(every)})" if any(
        p != (0, 0) for p in every) else "G"
    where = "" if axes == list(range(len(outer))) else \
        f", {axes[0] if len(axes) == 1 else tuple(axes)}"
    size = sizes[0] if where and len(axes) == 1 else tuple(sizes)
    view = f"{VIEW}({padded}, {size}{where})"
    flipped = [j for _, j in pairs]
    cuts = ", ".join("::-1" if x in flipped else ":" for x in order)
    window = {j: f"{j}'" for j in flipped}
    code, letters = {}, "abcdefghijklmnopqrstuvwxyz"

    def spell(names):
        return "".join(code.setdefault(x, letters[len(code)]) for x in names)

    slid = {k: j for k, j in pairs}
    first = spell([*(slid.get(x, x) for x in outer), *(window[j] for j in flipped)])
    second = spell([window.get(x, x) for x in order])
    result = spell(inner)
    line = f'np.einsum("{first},{second}->{result}", {view}, {text}[{cuts}])'
    line = line if scale == "1" else f"{scale} * {line}"
    stored = core.names.stored(text, core.size)
    return Answer("convolution", (), stored, line=line, names=core.names,
                  multiplications=entries(core),
                  says=f"{text} slides over the input: G, padded, correlated with {text} flipped")


def entries(core):
    """How many entries the ties leave of the full tensor: each is multiplied once."""
    return math.prod(core.sizes[x] for x in core.pattern.letters)


def by_kernel(core):
    """A convolution by its kernel: the input seen through windows."""
    if core.size > LARGEST:
        return None
    for name in core.names.known():
        values = core.names.value(name)
        if values is None or values[0].ndim < 1:
            continue
        for pairs in slides(core):
            order = windows_of(core, name, values, pairs)
            if order:
                return order
    return None


def windows_of(core, name, values, pairs):
    """The answer where the core is a known array through windows along these pairs, or None."""
    count, shape = len(pairs), values[0].shape
    wide = [core.sizes[k] + core.sizes[j] - 1 for k, j in pairs]
    rest = tuple(x for x in core.letters if not any(x in pair for pair in pairs))
    for axes in combinations(range(len(shape)), count):
        left = [p for p in range(len(shape)) if p not in axes]
        if [shape[a] for a in axes] != wide or len(left) != len(rest):
            continue
        sizes = tuple(core.sizes[j] for _, j in pairs)
        views = [np.lib.stride_tricks.sliding_window_view(v, sizes, axes) for v in values]
        for others in permutations(rest):
            mine = dict(zip(left, others, strict=True)) | dict(
                zip(axes, (k for k, _ in pairs), strict=True))
            letters = (*(mine[p] for p in range(len(shape))), *(j for _, j in pairs))
            turn = [letters.index(x) for x in core.letters]
            if all(v.ndim == len(turn) and v.transpose(turn).shape == a.shape and np.all(np.abs(
                    v.transpose(turn) - a) <= core.tolerance * largest(a))
                    for v, a in zip(views, core.arrays, strict=True)):
                where = "" if len(axes) == len(shape) else f", {axes}"
                return through_windows(core, f"{VIEW}({name}, {sizes}{where})", letters, name)
    return None


def through_windows(core, view, letters, name):
    """The answer `np.einsum("kl,klij->ij", G, windows of X)`."""
    code = {x: chr(97 + i) for i, x in enumerate(dict.fromkeys(
        (*core.pattern.outer, *letters, *core.pattern.inner)))}
    spell = ["".join(code[x] for x in part)
             for part in (core.pattern.outer, letters, core.pattern.inner)]
    if not set(core.pattern.inner) <= {*letters, *core.pattern.outer} or len(
            {*core.pattern.inner}) < len(core.pattern.inner):
        return None
    line = f'np.einsum("{spell[0]},{spell[1]}->{spell[2]}", G, {view})'
    return Answer("window", (), core.names.stored(name, core.size), line=line, names=core.names,
                  says=f"{name} through a window that slides along it",
                  multiplications=entries(core))


def pooled(core):
    """The largest (smallest) entry of a window takes all of G: where it is, inside its window."""
    X, Y = core.names.input_name, core.names.output_name
    pattern = core.pattern
    if X is None or Y not in core.names or len(core.letters) < 2 or not core.mixed or any(
            np.any((a != 0) & (a != 1)) for a in core.arrays):
        return None
    if not {*pattern.outer, *pattern.inner} == {*core.letters} or pattern.backward:
        return None
    inside = np.any([a != 0 for a in core.arrays], 0)
    masks = bands(inside, core)
    if masks is None:
        return None
    x, y = placed(X, pattern.inner, core.letters), placed(Y, pattern.outer, core.letters)
    test = f"({x} == {y})" + "".join(f" * {m}" for m in masks)
    code = {letter: chr(97 + i) for i, letter in enumerate(core.letters)}
    spell = ["".join(code[x] for x in part) for part in (
        pattern.outer, core.letters, pattern.inner)]
    line = f'np.einsum("{spell[0]},{spell[1]}->{spell[2]}", G, {test})'
    return Answer("core", (), core.size, line=line, names=core.names,
                  multiplications=entries(core),
                  says=f"1 where an entry of {X} in the window is {Y}")


def placed(name, own, letters):
    """`X[:, None]`: an array with axes `own` among letters."""
    cuts = ", ".join(":" if x in own else "None" for x in letters)
    order = [x for x in letters if x in own]
    if list(own) != order:
        name = f"{name}.transpose({', '.join(str(list(own).index(x)) for x in order)})"
    return f"{name}[{cuts}]"


def bands(inside, core):
    """Texts of masks, one for each pair of axes, whose product is where windows are; or None."""
    letters, pattern, made, whole = core.letters, core.pattern, [], np.ones(inside.shape, bool)
    outer = [x for x in letters if x not in pattern.inner]
    inner = [x for x in letters if x not in pattern.outer]
    if len(outer) != len(inner):
        return None
    for k, j in zip(outer, inner, strict=True):
        keep = tuple(i for i, x in enumerate(letters) if x not in (k, j))
        mask = inside.any(keep)
        mask = mask if letters.index(k) < letters.index(j) else mask.T
        rows, columns = np.nonzero(mask)
        step = min(range(1, max(2, mask.shape[1])), key=lambda s: np.ptp(columns - s * rows))
        low, width = int((columns - step * rows).min()), int(np.ptp(columns - step * rows))
        times = f"{step} * " * (step > 1)
        away = f"np.arange({mask.shape[1]}) - {times}np.arange({len(mask)})[:, None]"
        text = f"(np.abs({away} - {low + width / 2:g}) <= {width / 2:g})"
        mask = np.abs(np.arange(mask.shape[1]) - step * np.arange(len(mask))[:, None]
                      - low - width / 2) <= width / 2
        shaped = mask.reshape([mask.shape[(k, j).index(x)] if x in (k, j) else 1
                               for x in letters])
        whole = whole & shaped
        cuts = ", ".join(":" if x in (k, j) else "None" for x in letters)
        made.append(f"{text}[{cuts}]" if len(letters) > 2 else text)
    return made if np.array_equal(whole & inside, inside) else None
