"""A dense block that is a diagonal plus a few outer products: batch norm, softmax, layer norm.

Blocks have axes … k j: k of Y, j of the input. The diagonal is taken from the entries beside it
(they belong to the outer products alone) or is one of the known arrays.
"""

import math
from dataclasses import dataclass
from itertools import islice

import numpy as np

from ..line import aligned, inlined, scaled
from ..naming.names import atom, plain
from ..terms import Answer, Operand, Term
from ..ties import largest

LARGEST = 2**20  # entries of a core that is looked at
MANY = 64        # diagonals that are tried together


@dataclass(frozen=True)
class Piece:
    """An outer product c·u vᵀ: the texts of c, u and v ("" for ones), and their letters."""

    c: str
    u: str
    v: str
    letters: tuple = ()


def diagonal_plus_low_rank(core):
    """The cheapest diagonal plus rank 1 or 2 (the ones and another, or any two)."""
    if core.size > LARGEST:
        return None
    found = []
    for k in core.letters:
        for j in core.letters:
            if k in core.pattern.outer and k not in core.pattern.inner \
                    and j in core.pattern.inner and j not in core.pattern.outer \
                    and core.sizes[k] == core.sizes[j] >= 2:
                found += block_answers(core, k, j)
    best = min(found, key=lambda answer: answer.price, default=None)
    return best if best and best.stored < core.size else None


def block_answers(core, k, j):
    """Answers for one pair of axes."""
    batch = tuple(x for x in core.letters if x not in (k, j))
    order = [core.letters.index(x) for x in (*batch, k, j)]
    blocks = [a.transpose(order) for a in core.arrays]
    seen = []
    n = blocks[0].shape[-1]
    rank = min(2, n - 1)
    few = (slice(0, 2),) * len(batch)  # blocks enough to see that most diagonals are none
    block, allowed = blocks[-1][few], 100 * core.tolerance * largest(blocks[-1])
    if n >= 6 and cross(block[..., :n // 2, n // 2:], 2, allowed) is None:
        return []  # beside the diagonal the rank is too high already
    tries = diagonals_of(core, blocks, batch, k, j)
    for text, letters, diagonals in leaving(block, few, tries, rank, allowed):
        for side in (j, k, None):
            if side == k and k not in letters:
                continue
            answer = with_diagonal(core.fork(), blocks, batch, k, j, side, text, letters, diagonals)
            if answer:
                seen.append(answer)
        if seen and min(a.price for a in seen)[0] <= core.size // core.sizes[k]:
            break
    return seen


def leaving(block, few, tries, rank, allowed):
    """Those of (text, letters, diagonals) that leave no more than this rank of a block."""
    tries, count = iter(tries), 1
    while some := list(islice(tries, count)):
        d = np.array([diagonals[-1][few] for *_, diagonals in some])
        rest = left_by(block - d[..., None] * np.eye(block.shape[-1]), rank)[0]
        for one, left in zip(some, rest, strict=True):
            if largest(left) <= allowed:
                yield one
        count = min(4 * count, MANY)


def diagonals_of(core, blocks, batch, k, j):
    """(text or None, letters, arrays … k) of what the diagonal may be."""
    names, shape = core.names, blocks[0].shape[:-1]
    yield "1", (), [np.ones(shape) for _ in blocks]
    for rank in (1, 2):
        found = [beside(x, rank, core.tolerance) for x in blocks]
        if all(d is not None for d in found):
            yield from named_diagonals(core, found, batch, k)
            break
    for text in (*names.texts(plain(shape)), *names.texts(plain(shape[:-1]))):
        values = names.value(text)
        if values is None or not all(map(np.all, values)):
            continue
        for letters, arrays in laid_out(values, (*batch, k), shape):
            yield text, letters, arrays
    scalars = [n for n in names.known() if np.ndim(names.samples[0][n]) == 0]
    arrays = [n for n in names.known() if np.ndim(names.samples[0][n]) > 0]
    for text in (*scalars, *(f"1 / {n}" for n in scalars),
                 *(f"1 / np.linalg.norm({n})" for n in arrays)):
        values = names.value(text)
        if values and not values[0].ndim and all(values):
            yield text, (), [np.full(shape, v) for v in values]


def laid_out(values, letters, shape):
    """(letters, arrays) of known arrays with as many axes as letters, or one less (not k)."""
    if values[0].shape == shape:
        yield letters, values
    if values[0].ndim == 2 == len(shape) and values[0].T.shape == shape:
        yield letters[::-1], [v.T for v in values]
    if values[0].shape == (*shape[:-1], 1):
        yield letters, [np.broadcast_to(v, shape) for v in values]
    if values[0].ndim and values[0].shape == shape[:-1]:
        yield letters[:-1], [np.broadcast_to(v[..., None], shape) for v in values]
    if len(shape) > 1 and values[0].shape == shape[-1:]:
        yield letters[-1:], [np.broadcast_to(v, shape) for v in values]


def named_diagonals(core, found, batch, k):
    """The recovered diagonal, under its name if it has one."""
    letters = (*batch, k)
    if all(np.all(np.abs(d - d[..., :1]) <= core.tolerance * largest(d)) for d in found):
        letters, short = batch, [d[..., 0] for d in found]
    else:
        short = found
    known = None
    if letters:
        known = core.names.find(short, letters, core.tolerance)
    elif largest(found[0]):
        text = core.names.scalar(short, core.tolerance)
        known = text and (text, (), "1")
    if known:
        text, order, scale = known
        yield (text if scale == "1" else scaled(text, scale)), order, found
    else:
        yield None, letters, found


def beside(x, rank, tolerance):
    """The diagonal that leaves `rank`, from the entries beside it; None where that is no answer."""
    n = x.shape[-1]
    if n < 2 * rank + 2:
        return None
    d = np.empty(x.shape[:-1])
    for k in range(n):
        others = [(k + 1 + i) % n for i in range(2 * rank)]
        rows, columns = others[:rank], others[rank:]
        small = x[..., rows, :][..., columns]
        if rank == 1:
            pivot = small[..., 0, 0]
            if np.any(np.abs(pivot) <= 1e-12 * largest(x)):
                return None
            low = x[..., k, columns[0]] * x[..., rows[0], k] / pivot
        else:
            if np.any(np.abs(np.linalg.det(small)) <= 1e-14 * largest(x) ** 2):
                return None
            solved = np.linalg.solve(small, x[..., rows, k][..., None])[..., 0]
            low = np.sum(x[..., k, columns] * solved, -1)
        d[..., k] = x[..., k, k] - low
    rest = x - d[..., None] * np.eye(n)
    return d if cross(rest, rank, 100 * tolerance * largest(x)) is not None else None


def cross(x, rank, allowed):
    """(U, V) with x = U V of this rank, axes … k r and … r j, or None."""
    rest, U, V = left_by(x, rank)
    if largest(rest) > allowed:
        return None
    return np.concatenate(U, -1), np.concatenate(V, -2)


def left_by(x, rank):
    """(x − U V, U, V) after so many steps of elimination with the largest pivots."""
    rest, U, V = np.array(x), [], []
    for _ in range(rank):
        n, m = x.shape[-2:]
        flat = np.argmax(np.abs(rest).reshape(*x.shape[:-2], n * m), -1)
        row = np.take_along_axis(rest, (flat // m)[..., None, None], -2)
        column = np.take_along_axis(rest, (flat % m)[..., None, None], -1)
        pivot = np.take_along_axis(row, (flat % m)[..., None, None], -1)
        U.append(column / np.where(pivot == 0, 1, pivot))
        V.append(row)
        rest = rest - U[-1] * V[-1]
    return rest, U, V


def with_diagonal(core, blocks, batch, k, j, side, text, letters, diagonals):
    """The answer with this diagonal taken out as a factor on one side, or None."""
    n = blocks[0].shape[-1]
    if side is None:
        rest = [x - d[..., None] * np.eye(n) for x, d in zip(blocks, diagonals, strict=True)]
    elif not all(map(np.all, diagonals)):
        return None
    else:
        factor = [d[..., None, :] if side == j else d[..., :, None] for d in diagonals]
        rest = [x / f - np.eye(n) for x, f in zip(blocks, factor, strict=True)]
    allowed = core.tolerance * 10 * max(map(largest, rest)) + 1e-12
    pieces = pieces_of(core, rest, batch, k, j, allowed)
    if pieces is None:
        return None
    if text is None:
        text = core.names.add("d", [d if k in letters else d[..., 0] for d in diagonals])
    return written(core, batch, k, j, side, text, letters, pieces)


def pieces_of(core, rest, batch, k, j, allowed):
    """Outer products whose sum is `rest`: perhaps the mean, and one more; None if they are more."""
    if all(largest(r) <= allowed for r in rest):
        return None  # a plain diagonal: a tie, not this structure
    n, every = rest[0].shape[-1], core.sizes[k]
    mean = [float(r.mean()) if n == every else -1 / every for r in rest]
    # some rows and columns alone say nothing of a sum: there the mean is tried
    sums = n < every or all(np.all(np.abs(r.sum(a) - m * n) <= n * allowed)
                            for r, m in zip(rest, mean, strict=True) for a in (-1, -2))
    pieces = []
    one = one_piece(core, rest, batch, k, j, allowed)
    if one:
        return [one]
    if sums and np.ptp(mean) <= allowed:
        c = core.names.number(mean[0], allowed)
        if c:
            pieces = [Piece(c, "", "")]
            one = one_piece(core, [r - m for r, m in zip(rest, mean, strict=True)],
                            batch, k, j, allowed)
            return [*pieces, one] if one else None
    return None


def one_piece(core, rest, batch, k, j, allowed):
    """`rest` as one outer product, its sides named, or None."""
    halves = [cross(r, 1, allowed) for r in rest]
    if any(half is None for half in halves):
        return None
    u, v = [half[0][..., 0] for half in halves], [half[1][..., 0, :] for half in halves]
    if all(even(x, allowed) for x in u):
        v = [b * a[..., :1] for a, b in zip(u, v, strict=True)]
        c, text, order = side_text(core, v, (*batch, k))
        return Piece(c, "", text, order)
    if all(even(x, allowed) for x in v):
        u = [a * b[..., :1] for a, b in zip(u, v, strict=True)]
        c, text, order = side_text(core, u, (*batch, k))
        return Piece(c, text, "", order)
    same = symmetric(core, rest, (*batch, k), allowed)
    if same:
        return Piece(same[0], same[1], same[1], same[2])
    names = core.names
    return Piece("1", names.add("U", u), names.add("V", v), (*batch, k))


def even(x, allowed):
    """Whether x is constant along its last axis."""
    return bool(np.all(np.abs(x - x[..., :1]) <= 10 * allowed * max(largest(x), 1e-300)))


def side_text(core, arrays, letters):
    """(scale, text, letters) of one side: known, or put among the names."""
    found = core.names.find(arrays, letters, 10 * core.tolerance)
    if found:
        return found[2], found[0], found[1]
    text = core.names.scalar(arrays, core.tolerance)
    if text:
        return text, "", ()
    return "1", core.names.add("U", arrays), letters


def symmetric(core, rest, letters, allowed):
    """(c, text, letters) with rest = c·u uᵀ: u known, or put among the names."""
    if any(largest(r - np.swapaxes(r, -1, -2)) > allowed for r in rest):
        return None
    sizes = plain(rest[0].shape[:-1])
    for text in core.names.texts(sizes):
        for found, order in core.names.orders(text, rest[0].shape[:-1], letters):
            square = [f[..., :, None] * f[..., None, :] for f in found]
            place = np.unravel_index(np.argmax(np.abs(square[0])), square[0].shape)
            c = rest[0][place] / square[0][place] if square[0][place] else 0
            if c and core.names.number(c, allowed) and all(
                    largest(r - c * s) <= allowed for r, s in zip(rest, square, strict=True)):
                return core.names.number(c, allowed), text, order
    signs = {float(np.sign(s)) for r in rest for s in np.trace(r, axis1=-2, axis2=-1).ravel()}
    if len(signs) > 1:
        return None
    u = []
    for r in rest:
        diagonal = np.abs(np.einsum("...kk->...k", r))
        p = np.argmax(diagonal, -1)[..., None]
        column = np.take_along_axis(r, p[..., None], -1)[..., 0]
        root = np.sqrt(np.take_along_axis(diagonal, p, -1))
        u.append(column / np.where(root == 0, 1, root))
    return ("1" if signs == {1.0} else "-1"), core.names.add("U", u), letters


def written(core, batch, k, j, side, text, letters, pieces):
    """The answer as a line: `d * (G - G.mean(0) - v * (G * u).sum(0))`."""
    pattern = core.pattern
    if pattern.backward or tuple(k if x == j else x for x in pattern.inner) != pattern.outer:
        return None
    frame, axis = pattern.outer, pattern.outer.index(k)
    letters = tuple(k if x == j else x for x in letters)
    over = side == j and text.startswith("1 / ") and atom(text[4:]) == text[4:]
    factor = "" if text == "1" else inlined(aligned(text[4:] if over else text, letters, frame))
    line = "G" if side == j or not factor else f"{factor} * G"
    name = "G" if side != k or not factor else "D"
    line = f"(D := {line})" if name == "D" else line
    for piece in pieces:
        line += addend(piece, name, frame, axis, core.sizes[k])
    if side == j and factor:
        line = f"({line}) / {factor}" if over else f"{factor} * ({line})"
    arrays = {text.removeprefix("1 / "): letters} | {  # one that is divided by is kept once
        p: (*batch, k) for piece in pieces for p in (piece.u, piece.v)}
    stored = sum(core.names.stored(name, int(np.prod([core.sizes[x] for x in axes])))
                 for name, axes in arrays.items() if name not in ("", "1"))
    low_rank = {"diagonal": text, "rank": len(pieces), "axes": (k, j), "side": side,
                "letters": tuple(side if x == k and side else x for x in letters),
                "factors": [(p.c, p.u or "1", p.v or "1") for p in pieces],
                "factor_letters": [p.letters for p in pieces]}
    terms = (Term(pattern.tied(k, j), () if text == "1" else (Operand(text, letters, 0),)),)
    return Answer("diagonal plus low rank", terms, stored, line=line, low_rank=low_rank,
                  names=core.names,
                  multiplications=(2 * len(pieces) + 1) * math.prod(core.sizes[x] for x in frame),
                  says=f"each {core.sizes[k]}×{core.sizes[k]} block is a diagonal plus rank "
                       f"{len(pieces)}")


def addend(piece, G, frame, axis, n):
    """` - v * (G * u).sum(0)`."""
    inside = f"({G} * {atom(aligned(piece.u, piece.letters, frame))})" if piece.u else G
    way, c = "sum", piece.c
    if c in (f"-1 / {n}", str(-1 / n)):
        way, c = "mean", "-1"
    where = "" if len(frame) == 1 else "0" if axis == 0 else \
        f"{axis - len(frame)}, keepdims=True"
    text = f"{inside}.{way}({where})"
    if piece.v:
        text = f"{atom(aligned(piece.v, piece.letters, frame))} * {text}"
    text = scaled(text, c)
    return f" - {text[1:]}" if text.startswith("-") else f" + {text}"

