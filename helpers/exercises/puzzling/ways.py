"""The line that multiplies least: factors taken together in any order, not step after step.

Between steps that bind two terms, such as a centring, the way back is one sum of products. Which
two factors meet first is free, and so is when an axis is summed; par is for the cheapest.
"""

from functools import partial

from . import steps
from .lines import fill
from .orders import orders, work

FIXED = (*steps.TWICE, *(row for row in steps.MOVES if "[" in row.back))
MASKS = ("(A > 0)", "np.where(A > 0, 1, 0.1)")  # factors that are more than the name of an array


def cheapest_line(layer):
    """The shortest of the lines that take the layer back with the fewest multiplications."""
    return min({line_of(one) for one in orders(layer)}, key=partial(costs, layer))


def costs(layer, line):
    """What a line is chosen by: its multiplications, then its length, then the alphabet."""
    return work(layer, line), len(line), line


def line_of(layer):
    """The cheapest line for one order of steps: run after run of what is product and sum alone."""
    line, letters, run = "G", layer.outer, []
    for one in layer.placed[::-1]:
        if one.step in FIXED:
            line = shortest(layer, line, letters, run)
            line, run = one.put(once(one.step.back, line), line, layer.sizes), []
            letters = before(one)
        else:
            run.append(one)
    return shortest(layer, line, letters, run)


def once(template, line):
    """The template, with a name for what comes in where it stands twice and is work."""
    first, *rest = template.split("_")
    return f"{first}(D := _){'D'.join(rest)}" if rest[1:] and line != "G" else template


def before(one):
    """The letters of what comes into a step on the way forward."""
    return tuple(one.letters[x] for x in one.step.before.split())


def shortest(layer, line, letters, run):
    """`line`, an array of these letters, through a run of steps back."""
    if not run:
        return line
    parts = [(line, letters), *(factor for one in run for factor in factors(one, layer.sizes))]
    wanted = before(run[-1])
    present = tuple(x for x in wanted if any(x in part[1] for part in parts))
    made = {spread(text, present, wanted, layer.sizes) for text in products(parts, present)}
    return min(made, key=partial(costs, layer))


def factors(one, sizes):
    """(text, letters) of each factor of a step; of a mean, the number that it divides by."""
    for name, axes in one.step.arrays.items():
        text = next((mask for mask in MASKS if mask in one.step.back), name)
        yield one.put(text, "_", sizes), tuple(one.letters[x] for x in axes.split())
    for axis, letter in enumerate(before(one)):
        if f"/ size{axis}" in one.step.back:
            yield f"1 / {sizes[letter]}", ()


def spread(text, present, wanted, sizes):
    """What is the same along an axis that was summed on the way forward, copied along it."""
    if present == wanted:
        return text
    column = "_[:, None]" if present == wanted[:1] and len(wanted) == 2 else "_"
    shape = str(tuple(sizes[x] for x in wanted))
    return fill(f"np.broadcast_to({column}, shape)", {"_": text, "shape": shape})


def products(parts, order):
    """Lines for the product of all parts, summed over every letter that is not in `order`."""
    if len(parts) == 1:
        yield leaf(*parts[0], order)
        return
    for mask in range(1, 2 ** (len(parts) - 1)):  # the last part is always on the right
        sides = [[part for i, part in enumerate(parts) if mask >> i & 1 == left]
                 for left in (1, 0)]
        ones, others = (inner(*pair, order) for pair in (sides, sides[::-1]))
        for template, left, right in joints(ones, others, order):
            for one in products(sides[0], left):
                for other in products(sides[1], right):
                    yield joined(template, one, other)


def inner(parts, others, order):
    """The letters of a product of parts that are still needed: asked for, or met in others."""
    have = dict.fromkeys(x for _, letters in parts for x in letters)
    later = {*order, *(x for _, letters in others for x in letters)}
    return tuple(x for x in have if x in later)


def leaf(text, letters, order):
    """One array with these letters, summed and turned until it has those of `order`."""
    gone = [place for place, x in enumerate(letters) if x not in order]
    if gone:
        return fill("_.sum()" if len(gone) == len(letters) > 1 else f"_.sum({gone[0]})",
                    {"_": text})
    return fill("_.T", {"_": text}) if letters != order else text


def joints(ones, others, order):
    """(template of a and b, letters of a, letters of b): how two arrays make one of `order`."""
    every, shared = {*ones, *others}, {*ones} & {*others}
    summed = every - {*order}
    if len(summed) == 1 and shared == summed and len(every) == len(order) + 1:
        yield from matrix_products(ones, others, order, *summed)
    elif len(every) > 2:
        return
    elif summed:
        whole = (*order, *sorted(summed))
        axis = "" if not order else len(order)
        for template, left, right in joints(ones, others, whole):
            yield f"({template}).sum({axis})", left, right
    else:
        yield from entrywise(ones, others, order)


def matrix_products(ones, others, order, letter):
    """`a @ b` or `b @ a`, with the summed letter where they meet."""
    for template, first, second in (("a @ b", ones, others), ("b @ a", others, ones)):
        left = tuple(x for x in order if x in first)
        right = tuple(x for x in order if x in second)
        if left + right == order and len(left) < 2 and len(right) < 2:
            pair = (*left, letter), (letter, *right)
            yield template, *(pair if template == "a @ b" else pair[::-1])
            if left and not right:  # a vector may stand on either side
                yield template[::-1], *(((letter, *left), (letter,)) if template == "a @ b"
                                        else ((letter,), (letter, *left)))


def entrywise(ones, others, order):
    """`a * b` with the smaller one spread, or an outer product."""
    if {*ones} == {*order} or {*others} == {*order}:
        def fits(letters):
            mine = tuple(x for x in order if x in letters)
            return mine, "[:, None]" if len(order) == 2 and mine == order[:1] else ""
        (left, a), (right, b) = fits(ones), fits(others)
        yield f"a{a} * b{b}", left, right
    else:
        first = {*ones} == {order[0]}
        yield ("np.outer(a, b)" if first else "np.outer(b, a)"), tuple(ones), tuple(others)


def joined(template, one, other):
    """The template with both arrays; a product with 1 / n as a division."""
    for part, kept in ((one, other), (other, one)):
        if part.startswith("1 / ") and template == "a * b":
            return fill("_ / n", {"_": kept, "n": part.removeprefix("1 / ")})
    return fill(template, {"a": one, "b": other})
