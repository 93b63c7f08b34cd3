"""The line of NumPy: a sum of terms, each G times small arrays, as an engineer would write it."""

import ast

from .naming.names import atom, parsed


def line_of(terms, shape, like):
    """The line of a sum of terms; `shape` is the input's, and `like` how the line says it."""
    parts = [one_term(term, shape, like) for term in terms]
    line = parts[0]
    for part in parts[1:]:
        line += f" - {part[1:]}" if part.startswith("-") else f" + {part}"
    return line


def one_term(term, shape, like):
    """A term as text."""
    pattern = term.pattern
    operands = [(op.text, op.letters) for op in term.operands]
    result, seen = [], set()
    for place, letter in enumerate(pattern.inner):
        if letter in seen:  # two axes of the input are tied: an identity matrix spreads them
            twin = f"{letter}{place}"
            operands.append((f"np.eye({shape[place]})", (letter, twin)))
            letter = twin
        seen.add(letter)
        result.append(letter)
    result = tuple(result)
    text, letters = product("G", pattern.outer, operands, result, term.scale)
    text = copied(text, letters, result, like)
    if pattern.backward:
        cuts = ["::-1" if axis in pattern.backward else ":" for axis in range(len(result))]
        while cuts[-1] == ":":
            cuts.pop()
        text = f"{atom(text)}[{', '.join(cuts)}]"
    return text


def product(G, outer, operands, result, scale):
    """(text, letters): G times the operands, summed over what is not in the result."""
    here = tuple(letter for letter in result
                 if letter in outer or any(letter in letters for _, letters in operands))
    repeated = len(set(outer)) < len(outer)
    first = [op for op in operands if set(op[1]) <= set(outer)]
    if 0 < len(first) < len(operands) and not repeated:  # entry by entry before anything else
        G = f"({G}{''.join(times(aligned(*op, outer)) for op in first)})"
        operands = [op for op in operands if op not in first]
    by_hand = None if repeated else (alone(G, outer, operands, here)
                                     or outer_product(G, outer, operands, here)
                                     or matrix(G, outer, operands, here)
                                     or entrywise(G, outer, operands, here))
    text = by_hand or einsum(G, outer, operands, here)
    return scaled(text, scale), here


def scaled(text, scale):
    """scale · text."""
    if scale == "1":
        return text
    if scale == "-1":
        return f"-{bracketed(text)}"
    if "(" in scale:
        return f"{scale if scale.startswith('-') else bracketed(scale)} * {bracketed(text)}"
    if scale.startswith("1 / "):
        return f"{bracketed(text)} / {scale[4:]}"
    if scale.startswith("-1 / "):
        return f"-{bracketed(text)} / {scale[5:]}"
    if " / " in scale:
        return f"{scale.split(' / ')[0]} * {bracketed(text)} / {scale.split(' / ')[1]}"
    return f"{scale if scale.startswith('-') else bracketed(scale)} * {bracketed(text)}"


def bracketed(text):
    """The text so that it may stand in a product (products themselves may)."""
    node = parsed(text)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.MatMult):
        return text if not isinstance(node.op, ast.MatMult) else f"({text})"
    return atom(text)


def alone(G, outer, operands, result):
    """G without operands: summed and turned."""
    if operands:
        return None
    return summed(G, outer, result)


def outer_product(G, outer, operands, result):
    """`np.outer(G, x)`, or None."""
    if len(operands) != 1 or len(outer) != 1 or len(operands[0][1]) != 1:
        return None
    (text, (letter,)), = operands
    pairs = {(outer[0], letter): f"np.outer({G}, {text})", (letter, outer[0]):
             f"np.outer({text}, {G})"}
    return pairs.get(result) if letter != outer[0] else None


def summed(text, letters, result):
    """`text` summed over letters that are not in the result, axes in the order of the result."""
    gone = [i for i, letter in enumerate(letters) if letter not in result]
    if gone:
        axes = "" if len(gone) == len(letters) else str(gone[0] if len(gone) == 1 else tuple(gone))
        text = f"{atom(text)}.sum({axes})"
    left = [letter for letter in letters if letter in result]
    return turned(text, left, result)


def turned(text, letters, result):
    """`text` with its axes in the order of the result."""
    order = [list(letters).index(letter) for letter in result]
    if order == sorted(order):
        return text
    if order == sorted(order)[::-1]:
        return f"{atom(text)}.T"
    return f"{atom(text)}.transpose({', '.join(map(str, order))})"


def matrix(G, outer, operands, result):
    """Matrix products, one operand after the other, or None where one is something else."""
    text, letters = G, tuple(outer)
    rest = list(operands)
    while rest:
        step = next((i for i, (_, axes) in enumerate(rest)
                     if multiplies(letters, axes, [a for j, (_, a) in enumerate(rest) if j != i],
                                   result)), None)
        if step is None:
            return None
        text, letters = multiplied(text, letters, *rest.pop(step), result)
    if sorted(letters) != sorted(result):
        return None
    return turned(text, letters, result)


def multiplies(letters, axes, others, result):
    """Whether an operand is a matrix (or vector) that takes one axis of the other side away."""
    if not 1 <= len(letters) <= 2 or len(axes) not in (1, 2) \
            or (len(axes) == 1 and len(letters) == 1):
        return False
    shared = set(letters) & set(axes)
    if len(shared) != 1 or shared & {*result, *(x for other in others for x in other)}:
        return False
    return len(set(axes)) == len(axes)


def multiplied(text, letters, other, axes, result):
    """(text, letters) of one matrix product: the operand takes the place of the axis that goes."""
    gone = next(letter for letter in letters if letter in axes)
    new = tuple(letter for letter in axes if letter != gone)
    front = other if not new or axes[-1] == gone else f"{atom(other)}.T"  # … @ G
    back = other if not new or axes[0] == gone else f"{atom(other)}.T"    # G @ …
    if len(letters) == 1:
        return (f"{text} @ {atom(other)}" if axes[0] == gone else f"{atom(other)} @ {text}"), new
    last = letters[1] == gone
    made = (letters[0], *new) if last else (*new, letters[1])
    if new and " @ " not in text and tuple(result) == made[::-1]:  # G.T, not (G @ …).T
        line = f"{atom(front)} @ {text}.T" if last else f"{text}.T @ {atom(back)}"
        return line, made[::-1]
    return (f"{text} @ {atom(back)}" if last else f"{atom(front)} @ {text}"), made


def entrywise(G, outer, operands, result):
    """`(G * C).sum(0)`: everything laid out along the axes of one of them."""
    every = [tuple(outer), *(letters for _, letters in operands)]
    frame = max(every, key=len)
    if any(not set(letters) <= set(frame) for letters in every):
        return None
    grown = set(frame) - set(outer)
    if grown and set(outer) - set(result) and len(frame) > 2:
        return None  # einsum does not write the large product
    parts = [aligned(text, letters, frame) for text, letters in [(G, outer), *operands]]
    joined = atom(parts[0]) + "".join(map(times, parts[1:]))
    return summed(joined, frame, result)


def times(text):
    """` * text` behind other factors: ` / s` for `1 / s`, without brackets for a product."""
    node = parsed(text)
    if text.startswith("1 / ") and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) \
            and isinstance(node.left, ast.Constant):
        return text[1:]
    return f" * {inlined(text)}"


def inlined(text):
    """The text, in brackets unless it may stand at the end of a product, or begin one."""
    node = parsed(text)
    product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div)
    return text if product else atom(text)


def aligned(text, letters, frame):
    """`text` with axes as the frame's: turned, and with None where it has none (or nothing, when
    it broadcasts by itself)."""
    order = [letter for letter in frame if letter in letters]
    text = turned(text, letters, order)
    missing = [letter not in letters for letter in frame]
    if not order or not any(missing) or missing == sorted(missing, reverse=True):
        return text
    cuts = ["None" if gone else ":" for gone in missing]
    return f"{atom(text)}[{', '.join(cuts)}]"


def einsum(G, outer, operands, result):
    """The general case; a plain tensordot where the operand is the whole tensor."""
    if len(operands) == 1 and operands[0][1] == (*outer, *result):
        count = len(outer)
        return f"np.tensordot({G}, {operands[0][0]}, {count})"
    every = [tuple(outer), *(letters for _, letters in operands)]
    code, used = {}, set()
    for letter in dict.fromkeys(x for letters in every for x in letters):
        short = letter[0] if letter[0] not in used else next(
            c for c in "abcdefghijklmnopqrstuvwxyz" if c not in used)
        used.add(short)
        code[letter] = short
    spec = ",".join("".join(code[x] for x in letters) for letters in every)
    out = "".join(code[x] for x in result)
    return f'np.einsum("{spec}->{out}", {", ".join([G, *(text for text, _ in operands)])})'


def copied(text, letters, result, like):
    """`text` repeated along the axes of the result that it has not."""
    missing = [letter not in letters for letter in result]
    if not any(missing):
        return text
    if letters and missing != sorted(missing, reverse=True):
        cuts = ["None" if gone else ":" for gone in missing]
        text = f"{atom(text)}[{', '.join(cuts)}]"
    return f"np.broadcast_to({text}, {like})"
