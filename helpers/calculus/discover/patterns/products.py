"""Cores that are made of smaller arrays: a product of two, a choice among known ones, a difference.
"""

import math
from dataclasses import replace
from itertools import chain, combinations, permutations

import numpy as np

from ..cores import held, index_text, operand_of
from ..naming.names import atom, common_scale, plain
from ..terms import Answer, Operand, Term
from ..ties import CHUNK, close, largest

LARGEST = 2**24  # entries of a core that is looked at
KNOWN = 2**20    # the same where all known arrays are tried


def product(core):
    """An array that is a product of two smaller ones (letters may be shared)."""
    if len(core.letters) < 2 or core.size > LARGEST:
        return None
    best, sizes = None, dict(zip(core.letters, core.shape, strict=True))
    for left, right in splits(core.letters):
        stored = sum(math.prod(sizes[x] for x in part) for part in (left, right))
        if stored >= core.size or (best and stored >= best[0]):
            continue
        parts = [separated(a, core.letters, left, right, core.tolerance) for a in core.arrays]
        if None not in parts:
            best = stored, left, right, parts
    if best is None:
        return None
    operands, scale = factored(core, *best[1:])
    each = {op.text: op.stored for op in operands}  # Y.T @ G @ Y.T keeps one Y
    return Answer("product", (Term(core.pattern, operands, scale),), sum(each.values()),
                  says="a product of two smaller arrays, " + " and ".join(
                      op.text for op in operands))


def splits(letters):
    """Ways to deal letters out to two factors, with at most one letter in both."""
    for shared in ((), *((x,) for x in letters)):
        rest = [x for x in letters if x not in shared]
        for size in range(1, len(rest)):
            for chosen in combinations(rest[1:], size - 1):
                left = {rest[0], *chosen}
                yield (tuple(x for x in letters if x in left or x in shared),
                       tuple(x for x in letters if x not in left))


def separated(array, letters, left, right, tolerance):
    """(P, Q) with array = P·Q, or None: rank 1 for each place of the shared letters."""
    shared = [x for x in left if x in right]
    first = [*shared, *(x for x in left if x not in shared)]
    second = [*shared, *(x for x in right if x not in shared)]
    x = array.transpose([letters.index(y) for y in (*first, *second[len(shared):])])
    if not perhaps_rank_one(x, len(shared), len(first), tolerance):
        return None
    sizes = dict(zip((*first, *second[len(shared):]), x.shape, strict=True))
    x = x.reshape([math.prod(sizes[y] for y in part)
                   for part in (shared, first[len(shared):], second[len(shared):])])
    allowed = tolerance * largest(array)
    P, Q = np.empty(x.shape[:2]), np.empty((len(x), x.shape[2]))
    for place, block in enumerate(x):
        flat = max(block.argmax(), block.argmin(), key=lambda at: abs(block.flat[at]))
        i, j = np.unravel_index(flat, block.shape)
        P[place], Q[place] = block[:, j] / (block[i, j] or 1), block[i]
        step = max(1, CHUNK // max(1, block.shape[1]))
        if not all(close(block[at:at + step], np.multiply.outer(P[place][at:at + step], Q[place]),
                         allowed) for at in range(0, len(block), step)):
            return None
    P, Q = P.reshape([sizes[y] for y in first]), Q.reshape([sizes[y] for y in second])
    return (P.transpose([first.index(y) for y in left]),
            Q.transpose([second.index(y) for y in right]))


def perhaps_rank_one(x, shared, left, tolerance):
    """Whether x[s, i, j]·x[s, p, q] = x[s, i, q]·x[s, p, j] at some places, before all are read."""
    random = np.random.default_rng(0)
    a, b = (tuple(random.integers(0, size, 64) for size in x.shape) for _ in range(2))
    b = a[:shared] + b[shared:]
    crossed = x[a[:left] + b[left:]] * x[b[:left] + a[left:]]
    return bool(np.all(np.abs(x[a] * x[b] - crossed) <= 10 * tolerance * largest(x) ** 2))


def factored(core, left, right, parts):
    """(operands, scale) of a core that falls into two factors, each named where it can be.

    How a number is shared between the two is open: the factor that has a name settles it.
    """
    one = core.part(left, [part[0] for part in parts])
    two = core.part(right, [part[1] for part in parts])
    shared = [x for x in left if x in right]
    names = rescaled(one, shared), rescaled(two, shared)
    if all(names):
        number = both_known(core, (one, two), names)
        if number:
            return tuple(Operand(name[0], name[1], held(part, name[0]))
                         for part, name in zip((one, two), names, strict=True)), number
    for first, second, known in ((one, two, names[0]), (two, one, names[1])):
        if known:
            text, letters, base = known
            rest = [divided(core, x, first, y, second)
                    for x, y in zip(core.arrays, base, strict=True)]
            other, scale = operand_of(second.part(second.letters, rest))
            return (Operand(text, letters, held(first, text)), other), scale
    operands = [operand_of(one), operand_of(two)]
    return tuple(op for op, _ in operands), times(*(scale for _, scale in operands))


def both_known(core, parts, names):
    """The number that the product of two known arrays is to be multiplied by, or None."""
    code = {x: chr(97 + i) for i, x in enumerate(core.letters)}
    spell = ["".join(code[x] for x in letters)
             for letters in (*(part.letters for part in parts), core.letters)]
    made = [np.einsum(f"{spell[0]},{spell[1]}->{spell[2]}", a, b)
            for a, b in zip(names[0][2], names[1][2], strict=True)]
    scale = common_scale(core.arrays, made, core.tolerance)
    return scale and core.names.number(scale, core.tolerance)


def rescaled(part, shared):
    """(text, letters, arrays) of a known array that a factor is a multiple of, or None.

    The multiple may be another one at every place of the shared letters.
    """
    sizes = plain(part.arrays[0].shape)
    axes = tuple(i for i, x in enumerate(part.letters) if x not in shared)
    deeper = part.names.deeper
    more = (*deeper.words.linear, *deeper.words.inverses, *deeper.words.functions) if deeper else ()
    for text in chain(part.names.texts(sizes), more) if sizes else ():
        for found, order in part.names.orders(text, part.arrays[0].shape, part.letters):
            if all(multiple(a, f, axes, part.tolerance)
                   for a, f in zip(part.arrays, found, strict=True)):
                return text, order, found
    return None


def multiple(A, B, axes, tolerance):
    """Whether A is B times a number for each place of the other axes.

    The number is 0 only where A is: there the other factor is 0, and says nothing of this one.
    """
    weight, common = np.sum(B * B, axes, keepdims=True), np.sum(A * B, axes, keepdims=True)
    if not np.any(common):
        return False
    return bool(np.all(np.abs(A - common / np.where(weight == 0, 1, weight) * B)
                       <= tolerance * largest(A)))


def divided(core, whole, first, known, second):
    """The other factor, when `known` is one: the best in the sense of least squares."""
    code = {x: chr(97 + i) for i, x in enumerate(core.letters)}
    spell = ["".join(code[x] for x in letters)
             for letters in (core.letters, first.letters, second.letters)]
    shared = "".join(x for x in spell[2] if x in spell[1])
    weight = np.einsum(f"{spell[1]},{spell[1]}->{shared}", known, known)
    found = np.einsum(f"{spell[0]},{spell[1]}->{spell[2]}", whole, known)
    at = [slice(None) if x in shared else None for x in spell[2]]
    return found / np.where(weight == 0, 1, weight)[tuple(at)]


def times(a, b):
    """The product of two scales as text."""
    if "1" in (a, b):
        return b if a == "1" else a
    return "1" if a == b == "-1" else f"({a}) * ({b})"


def choice(core):
    """Slices of a known array, chosen by places: `W[p*, …]` where piece p* won."""
    if len(core.letters) < 2 or core.size > KNOWN:
        return None
    found = []
    for name in core.names.known():
        arrays = core.names.value(name)
        if arrays is None or not 2 <= arrays[0].ndim <= len(core.letters) + 1:
            continue
        for axis in range(arrays[0].ndim):
            pieces = [np.moveaxis(a, axis, 0) for a in arrays]
            for places in permutations(range(len(core.letters)), pieces[0].ndim - 1):
                if tuple(core.arrays[0].shape[p] for p in places) == pieces[0].shape[1:]:
                    answer = chosen(core.fork(), name, axis, pieces, places)
                    found += [answer] if answer else []
    return min(found, key=lambda answer: answer.price, default=None)


def chosen(core, name, axis, pieces, places):
    """The answer when every entry is one of the pieces', the same piece along its own axes."""
    turn = sorted(range(len(places)), key=places.__getitem__)
    shape = [core.arrays[0].shape[p] if p in places else 1 for p in range(len(core.letters))]
    spread = [p.transpose(0, *(t + 1 for t in turn)).reshape(len(p), *shape) for p in pieces]
    few = (slice(0, 2),) * len(shape)  # entries enough to see that most arrays have no such pieces
    if not all(np.any(np.abs(a[few] - s[:, *few]) <= core.tolerance * largest(a), 0).all()
               for a, s in zip(core.arrays, spread, strict=True)):
        return None
    for count in range(len(places), 0, -1):
        for gone in combinations(places, count):
            axes = tuple(p + 1 for p in gone)
            fits = [np.all(np.abs(a[None] - s) <= core.tolerance * largest(a), axes)
                    for a, s in zip(core.arrays, spread, strict=True)]
            if all(fit.any(0).all() for fit in fits):
                rest = tuple(x for i, x in enumerate(core.letters) if i not in gone)
                return by_places(core, name, axis, fits, rest, places)
    return None


def by_places(core, name, axis, fits, rest, places):
    """The answer: a mask of places, times the known array."""
    stored = fits[0][0].size + np.size(core.names.samples[0][name])
    if stored >= core.size and core.size > 1:
        return None
    text = index_text(core, [np.argmax(fit, 0) for fit in fits])
    letter = next(x for x in "pqstuvwxyz" if x not in core.sizes)
    cuts = ", ".join([":"] * len(rest) + ["None"]) if rest else "..., None"
    mask = Operand(f"{atom(text)}[{cuts}] == np.arange({len(fits[0])})", (*rest, letter),
                   fits[0][0].size)
    letters = [core.letters[p] for p in places]
    letters.insert(axis, letter)
    known = Operand(name, tuple(letters), stored - fits[0][0].size)
    return Answer("choice", (Term(core.pattern, (mask, known)),), stored, names=core.names,
                  says=f"pieces of {name}, chosen by {text}")


def softened(core):
    """Known matrices with Y = A @ V, and a core made of A * (V − Y) and one array more: attention.
    """
    names = core.names
    if len(core.letters) < 3 or core.size > 2**16:
        return None
    found = []
    matrices = [name for name in names.known() if len(names.shape(name)) == 2]
    for A, V, Y in permutations(matrices, 3):
        if names.shape(A)[1:] + names.shape(V)[1:] != names.shape(V)[:1] + names.shape(Y)[1:] \
                or names.shape(A)[0] != names.shape(Y)[0] or not is_product(names, A, V, Y):
            continue
        sizes = (*names.shape(A), names.shape(V)[1])
        new = next(x for x in "pqstuvwxyz" if x not in core.sizes)
        for n, m, v in permutations((*core.letters, new), 3):
            held_sizes = tuple(core.sizes.get(x, names.shape(A)[1]) for x in (n, m, v))
            if held_sizes == sizes and new not in (n, v):
                answer = pulled(core.fork(), (A, V, Y), (n, m, v), new)
                found += [answer] if answer and answer.stored < core.size else []
    return min(found, key=lambda answer: answer.price, default=None)


def is_product(names, A, V, Y):
    """Whether Y is A @ V at every point."""
    values = [names.value(name) for name in (A, V, Y)]
    return None not in values and all(
        np.allclose(a @ v, y, 1e-6, 1e-9) for a, v, y in zip(*values, strict=True))


def pulled(core, matrices, letters, new):
    """The answer with A[n,m] (V[m,v] − Y[n,v]) taken out, summed over m where the core has no m."""
    (A, V, Y), (n, m, v) = matrices, letters
    values = zip(*map(core.names.value, matrices), strict=True)
    weights = [a[:, :, None] * (w[None] - y[:, None, :]) for a, w, y in values]  # n m v
    if m == new:
        rest = tuple(x for x in core.letters if x not in (n, v))
        turn = [core.letters.index(x) for x in (n, v, *rest)]
        found = [np.linalg.lstsq(w.transpose(0, 2, 1).reshape(-1, w.shape[1]),
                                 a.transpose(turn).reshape(w.shape[0] * w.shape[2], -1), None)[0]
                 for w, a in zip(weights, core.arrays, strict=True)]
        rest = (m, *rest)
        found = [f.reshape([len(f), *(core.sizes[x] for x in rest[1:])]) for f in found]
    else:
        rest = tuple(x for x in core.letters if x not in (m, v))
        part, left = core.part((n, m, v), weights), core.part(rest, core.arrays)
        found = [divided(core, a, part, w, left)
                 for a, w in zip(core.arrays, weights, strict=True)]
    code = {x: chr(97 + i) for i, x in enumerate((*core.letters, new))}
    spell = ["".join(code[x] for x in part) for part in ((n, m, v), rest, core.letters)]
    if not all(np.all(np.abs(a - np.einsum(f"{spell[0]},{spell[1]}->{spell[2]}", w, f))
                      <= 10 * core.tolerance * largest(a))
               for a, w, f in zip(core.arrays, weights, found, strict=True)):
        return None
    other, scale = operand_of(replace(core, letters=rest, arrays=found,
                                      sizes={**core.sizes, m: weights[0].shape[1]}))
    operands = (Operand(A, (n, m), np.size(core.names.samples[0][A])),
                Operand(f"{V}[None] - {Y}[:, None]", (n, m, v),
                        np.size(core.names.samples[0][V])), other)
    return Answer("product", (Term(core.pattern, operands, scale),),
                  sum(op.stored for op in operands), names=core.names,
                  says=f"{A} times the difference of {V} and its mean {Y} = {A} @ {V}, times "
                       f"{other.text}")
