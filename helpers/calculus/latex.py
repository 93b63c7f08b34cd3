"""A line of NumPy as LaTeX: entry by entry, `W_{mk}`, or whole arrays, `G\\,W^\\top`.

Only what `discover` writes is known here; anything else stands as it is, in typewriter letters.
"""

import ast
import re

GREEK = ("alpha", "beta", "gamma", "delta", "eps", "Phi", "sigma")
FUNCTIONS = {"log": r"\log", "sin": r"\sin", "cos": r"\cos", "tanh": r"\tanh", "cosh": r"\cosh",
             "sign": r"\mathrm{sign}", "maximum": r"\max", "minimum": r"\min"}
SIGNS = {ast.Gt: ">", ast.Lt: "<", ast.GtE: r"\ge", ast.LtE: r"\le", ast.Eq: "="}
OTHERWISE = {ast.Gt: ast.LtE, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.LtE: ast.Gt}
REDUCTIONS = {"sum": r"\sum", "max": r"\max", "argmax": r"\arg\max", "argmin": r"\arg\min",
              "mean": r"\mathrm{mean}", "std": r"\mathrm{std}"}


def latex_of(text, letters=None, shapes=None, sizes=None):
    """The LaTeX of a text. With `letters`, that of one entry, whose indices they are.

    shapes: of each name; an array with fewer axes has the last letters. sizes: of the letters; an
    axis of size 1 that is repeated along a letter does not show it.
    """
    try:
        return Writer(shapes or {}, sizes or {}).write(ast.parse(text, mode="eval").body, letters)
    except Unwritable:
        body = typewriter(text)
        return body if letters is None else rf"\left({body}\right)_{{{joined(letters)}}}"


def whole_line(text, shapes):
    """The LaTeX of a line with whole arrays, or None where there is none."""
    named = re.search(r"\(D := (.*?) \* G\)", text)
    if named:
        text = text.replace(named[0], "D")
    try:
        writer = Writer(shapes, {})
        line = writer.write(ast.parse(text, mode="eval").body, None)
        if not named:
            return line
        first = writer.write(ast.parse(f"{named[1]} * G", mode="eval").body, None)
        return rf"{line}, \quad D = {first}"
    except Unwritable:
        return None


def typewriter(text):
    """A line of code in LaTeX."""
    escaped = re.sub(r"([_%#&{}$])", r"\\\1", text.replace("\\", "").replace("^", ""))
    return rf"\texttt{{{escaped}}}"


def symbol(name):
    """A name as a symbol: γ, X̂, W, or upright letters."""
    if name in GREEK:
        return {"eps": r"\varepsilon"}.get(name, rf"\{name}")
    if name.endswith("hat") and len(name) == 4:
        return rf"\hat{{{name[0]}}}"
    numbered = re.fullmatch(r"([A-Za-z])(\d+)", name)
    if numbered:
        return rf"{numbered[1]}^{{({numbered[2]})}}"
    return name if len(name) == 1 and name != "_" else rf"\mathrm{{{name}}}".replace("_", r"\_")


def joined(letters):
    """Indices behind each other; with commas where one is more than a letter."""
    return ("," if any(len(x) > 1 for x in letters) else "").join(letters)


class Unwritable(Exception):
    """A text that there is no formula for."""


class Writer:
    """Writes the nodes of one text; `letters` are None for whole arrays."""

    def __init__(self, shapes, sizes):
        self.shapes, self.sizes = shapes, sizes

    def write(self, node, letters):
        """The LaTeX of a node."""
        method = getattr(self, type(node).__name__.lower(), None)
        if method is None:
            raise Unwritable
        return method(node, letters)

    def name(self, node, letters):
        if letters is None:
            return symbol(node.id)
        shape = self.shapes.get(node.id, (0,) * len(letters))
        if len(shape) > len(letters):
            raise Unwritable
        own = letters[len(letters) - len(shape):]
        own = [x for x, size in zip(own, shape, strict=True)
               if size != 1 or self.sizes.get(x, 1) == 1]
        return symbol(node.id) + (f"_{{{joined(own)}}}" if own else "")

    def constant(self, node, letters):
        if not isinstance(node.value, int | float):
            raise Unwritable
        return f"{node.value:g}"

    def unaryop(self, node, letters):
        if not isinstance(node.op, ast.USub):
            raise Unwritable
        return f"-{self.factor(node.operand, letters)}"

    def namedexpr(self, node, letters):
        return rf"\left({self.write(node.value, letters)}\right)"

    def factor(self, node, letters):
        """A node as a factor: sums in brackets."""
        text = self.write(node, letters)
        sums = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
        return rf"\left({text}\right)" if sums or isinstance(node, ast.UnaryOp) else text

    def binop(self, node, letters):
        if isinstance(node.op, ast.Add | ast.Sub):
            right = self.factor if isinstance(node.op, ast.Sub) else self.write
            sign = "-" if isinstance(node.op, ast.Sub) else "+"
            return f"{self.write(node.left, letters)} {sign} {right(node.right, letters)}"
        if isinstance(node.op, ast.Div):
            above, below = self.write(node.left, letters), self.write(node.right, letters)
            return rf"\frac{{{above}}}{{{below}}}"
        left, right = self.factor(node.left, letters), self.factor(node.right, letters)
        if isinstance(node.op, ast.Pow):
            if isinstance(node.left, ast.BinOp) and not left.startswith(r"\left("):
                left = rf"\left({left}\right)"
            return f"{{{left}}}^{{{right}}}"
        if isinstance(node.op, ast.MatMult):
            if letters is not None:
                raise Unwritable
            left, right = (rf"\left({text}\right)" if r"\odot" in text and isinstance(
                side, ast.BinOp) and isinstance(side.op, ast.Mult) else text
                for side, text in ((node.left, left), (node.right, right)))
            return rf"{left}\,{right}"
        if not isinstance(node.op, ast.Mult | ast.BitAnd):  # of masks "and" is their product
            raise Unwritable
        plain = letters is not None or isinstance(node.left, ast.Constant) or \
            (isinstance(node.left, ast.Name) and self.shapes.get(node.left.id) == ())
        return rf"{left}\,{right}" if plain else rf"{left} \odot {right}"

    def compare(self, node, letters):
        right = node.comparators[0]
        if letters and isinstance(right, ast.Call) and ast.unparse(right.func) == "np.arange":
            return rf"\delta_{{{letters[-1]},\,{self.write(node.left, letters)}}}"
        sign = SIGNS.get(type(node.ops[0]))
        if sign is None or "arange" in ast.unparse(right):
            raise Unwritable
        return rf"\mathbb{{1}}({self.write(node.left, letters)} {sign} " \
               rf"{self.write(right, letters)})"

    def attribute(self, node, letters):
        if node.attr != "T":
            raise Unwritable
        if letters is None:
            inner = self.write(node.value, None)
            if isinstance(node.value, ast.BinOp | ast.UnaryOp):
                return rf"\left({inner}\right)^\top"
            return rf"{{{inner}}}^\top" if "^" in inner else rf"{inner}^\top"  # x1 has a (1) above
        return self.write(node.value, letters[::-1])

    def subscript(self, node, letters):
        cuts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if any(isinstance(cut, ast.Slice) and cut.step for cut in cuts):
            if letters is not None:
                raise Unwritable
            return rf"\mathrm{{flip}}({self.write(node.value, letters)})"
        new = [isinstance(cut, ast.Constant) and cut.value is None for cut in cuts]
        if not any(new):
            raise Unwritable
        if letters is None:
            return self.write(node.value, None)
        if len(letters) < len(cuts):
            raise Unwritable
        gone = [*new, *[False] * (len(letters) - len(cuts))]
        return self.write(node.value, tuple(
            x for x, out in zip(letters, gone, strict=True) if not out))

    def call(self, node, letters):
        name = ast.unparse(node.func)
        if re.fullmatch(r"np\.[\w.]+", name):
            return self.function(name[3:], node.args, letters)
        if isinstance(node.func, ast.Attribute) and node.func.attr in REDUCTIONS:
            return self.reduction(node, letters)
        if name == "sum" and letters:
            return self.band(ast.unparse(node), letters)
        raise Unwritable

    def function(self, name, args, letters):
        """np.name(…)."""
        if name == "tri" and letters:
            shift = ast.literal_eval(args[2]) if len(args) > 2 else 0
            return rf"\mathbb{{1}}({letters[1]} \le {letters[0]}{f'{shift:+d}' if shift else ''})"
        if name == "eye" and letters:
            return rf"\delta_{{{joined(letters)}}}"
        if name == "lib.stride_tricks.sliding_window_view" and letters:
            return self.write(args[0], (*letters[:-2], f"{letters[-2]}+{letters[-1]}"))
        if name == "broadcast_to" and letters is None:
            return self.write(args[0], None)
        if name == "outer" and letters is None:
            return rf"{self.write(args[0], None)}\,{self.write(args[1], None)}^\top"
        if name == "linalg.norm":
            return rf"\lVert {self.write(args[0], None)} \rVert"
        if name in ("sum", "std") and len(args) == 1:
            return rf"\mathrm{{{name}}}({self.write(args[0], None)})"
        if name == "where" and len(args) == 3:
            return self.where(*args, letters)
        words = [self.write(arg, letters) for arg in args]
        if name == "exp":
            return f"e^{{{words[0]}}}"
        if name == "sqrt":
            return rf"\sqrt{{{words[0]}}}"
        if name == "abs":
            return rf"\lvert {words[0]} \rvert"
        if name not in FUNCTIONS:
            raise Unwritable
        return rf"{FUNCTIONS[name]}({', '.join(words)})"

    def where(self, test, yes, no, letters):
        """`a·1(X > 0) + b·1(X ≤ 0)`."""
        opposite = OTHERWISE.get(type(test.ops[0])) if isinstance(test, ast.Compare) else None
        if opposite is None:
            raise Unwritable
        parts, other = [], ast.Compare(test.left, [opposite()], test.comparators)
        for value, when in ((yes, test), (no, other)):
            if not (isinstance(value, ast.Constant) and value.value == 0):
                one = isinstance(value, ast.Constant) and value.value == 1
                front = "" if one else rf"{self.factor(value, letters)}\,"
                parts.append(front + self.write(when, letters))
        return rf"\left({' + '.join(parts)}\right)"

    def reduction(self, node, letters):
        """`a.sum(axis)`: a sum over an index of its own, or over an axis by its number."""
        way = REDUCTIONS[node.func.attr]
        axis = ast.literal_eval(node.args[0]) if node.args else None
        if letters is None:
            inner = self.write(node.func.value, None)
            under = "" if axis is None else rf"_{{\text{{axis {axis}}}}}"
            return rf"{way}{under} {inner}" if way == r"\sum" else rf"{way}{under}({inner})"
        if not isinstance(axis, int):
            raise Unwritable
        inside = list(letters)
        if any(word.arg == "keepdims" for word in node.keywords):
            inside[axis] = "r"
        else:
            inside.insert(axis if axis >= 0 else len(inside) + 1 + axis, "r")
        inner = self.factor(node.func.value, tuple(inside))
        return rf"{way}_r\,{inner}"

    def band(self, text, letters):
        """A Toeplitz matrix: `w_{l-o}`."""
        found = re.fullmatch(r"sum\(\(c .* zip\(range\((?:(-?\d+), )?(-?\d+)\), (.*)\)\)\)", text)
        if not found:
            raise Unwritable
        low = -int(found[1] or 0)
        shift = f"{low:+d}" if low else ""
        return self.write(ast.parse(found[3], mode="eval").body,
                          (f"{letters[1]}-{letters[0]}{shift}",))
