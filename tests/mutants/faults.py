"""Small faults that can be planted in a source: one piece of its text exchanged for another.

`faults(source)` finds all of them. Words are left alone, so are docstrings, types and whatever
draws: its colours and widths are a matter of taste. Numbers in a formula that is shown are not.
Nor are those planted that any others could stand for: the arrays of an example in a table,
sizes that something is tried at, seeds, and where what is shown of a row begins and ends.
"""

import ast
import re
from dataclasses import dataclass

SIGNS = {ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
         ast.MatMult: ("@", "*"), ast.Pow: ("**", "*"), ast.FloorDiv: ("//", "*"),
         ast.Mod: ("%", "*"), ast.And: ("and", "or"), ast.Or: ("or", "and"),
         ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&"),
         ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
         ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"),
         ast.IsNot: ("is not", "is"), ast.In: ("in", "not in"), ast.NotIn: ("not in", "in")}
TWINS = {"min": "max", "minimum": "maximum", "argmin": "argmax", "any": "all", "floor": "ceil",
         "cos": "sin", "ndim": "size", "zeros": "ones", "zeros_like": "ones_like"}
TWINS |= {other: name for name, other in TWINS.items()}
DRAWN = {"ax", "axes", "figure", "movers", "palette", "canvas", "still", "Figure", "panels",
         "Polygon", "sheet"}   # what a notebook keeps of a lab is laid out on a sheet
SLIDERS = {"Slider", "Point", "seed"}  # rows of a lab's controls
WORDS = re.compile(r"(?<![\\\w])[A-Za-z]{3,}(?![\w(.])")
LATEX = re.compile(r"\\[a-zA-Z]+|\^|_\w")
CHOSEN = {"start", "domain", "ranges", "box", "usual", "large"}  # keywords of rows


@dataclass(frozen=True)
class Fault:
    """`old`, from byte `start` of the source on, becomes `new`; `lines` are those of the place."""

    start: int
    old: str
    new: str
    lines: tuple[int, int]

    def __str__(self):
        old, new = (" ".join(text.split()) or "nothing" for text in (self.old, self.new))
        return f"{old[:60]} → {new[:60]}"

    def place(self, source: str) -> str:
        """Its line up to the fault, a mark, and the rest of it."""
        data = source.encode()
        begun, end = data.rfind(b"\n", 0, self.start) + 1, data.find(b"\n", self.start)
        return f"{data[begun:self.start].decode().lstrip()}▸{data[self.start:end].decode()}"

    def planted(self, source: str) -> str:
        data, old = source.encode(), self.old.encode()
        assert data[self.start:self.start + len(old)] == old
        return (data[:self.start] + self.new.encode() + data[self.start + len(old):]).decode()


class Finder(ast.NodeVisitor):
    """Walks through a tree and notes what could be exchanged."""

    def __init__(self, source: str):
        self.data, self.found = source.encode(), []
        self.inside = 0  # of how many functions
        self.alike = set()  # constants that others stand for as well
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def begin(self, node):
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node):
        return self.starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node):
        return self.data[self.begin(node):self.end(node)].decode()

    def note(self, node, old, new, start=None):
        start = self.begin(node) if start is None else start
        last = node.lineno if isinstance(node, ast.stmt) else node.end_lineno
        self.found.append(Fault(start, old, new, (node.lineno, last)))

    def between(self, whole, left, right, sign):
        """The sign between two pieces becomes its opposite."""
        old, new = SIGNS[type(sign)]
        gap = self.data[self.end(left):self.begin(right)].decode()
        place = re.search(re.escape(old).replace(r"\ ", r"\s+"), re.sub(
            r"#.*", lambda comment: " " * len(comment[0].encode()), gap))
        if place:
            self.note(whole, place[0], new, self.end(left) + place.start())

    def visit_BinOp(self, node):
        if type(node.op) in SIGNS:
            self.between(node, node.left, node.right, node.op)
        self.generic_visit(node)

    def visit_AugAssign(self, node):
        if type(node.op) in SIGNS:
            self.between(node, node.target, node.value, node.op)
        self.note(node, self.text(node), "pass")
        self.generic_visit(node)

    def visit_Compare(self, node):
        sides = [node.left, *node.comparators]
        for left, right, sign in zip(sides, sides[1:], node.ops, strict=False):
            self.between(node, left, right, sign)
        self.generic_visit(node)

    def visit_BoolOp(self, node):
        for left, right in zip(node.values, node.values[1:], strict=False):
            self.between(node, left, right, node.op)
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        gap = self.data[self.begin(node):self.begin(node.operand)].decode()
        if isinstance(node.op, ast.Not | ast.USub | ast.Invert):
            sign = {ast.Not: "not", ast.USub: "-", ast.Invert: "~"}[type(node.op)]
            self.note(node, gap, gap.replace(sign, "", 1))
        self.generic_visit(node)

    def visit_Constant(self, node):
        value = node.value
        if isinstance(value, bool):
            self.note(node, str(value), str(not value))
        elif isinstance(value, int | float) and node not in self.alike:
            old = self.text(node)
            self.note(node, old, str(value + 1) if value < 1e15 else f"{old} / 2")
        elif isinstance(value, str) and is_formula(self.text(node)):
            self.coefficients(node)

    def visit_JoinedStr(self, node):
        if is_formula(re.sub(r"{[^{}]*}", "", self.text(node))):
            self.coefficients(node)
        self.generic_visit(node)

    def coefficients(self, node):
        """A number in a formula that is shown grows by one; a sign of it turns round."""
        text = self.text(node)
        for piece in re.finditer(r"(?<![{\w.\\])\d+\.?\d*(?![\w.])|(?<={)\d+(?=})| [+-] ", text):
            old = piece[0]
            signs = {" + ": " - ", " - ": " + "}
            new = signs.get(old) or str(round(float(old) + 1, 6) if "." in old else int(old) + 1)
            self.note(node, old, new, self.begin(node) + len(text[:piece.start()].encode()))

    def visit_Call(self, node):
        """Where a slider begins, ends and stands at first, and which draw comes first, is taste."""
        row = isinstance(node.func, ast.Name) and node.func.id in SLIDERS
        if isinstance(node.func, ast.Attribute) and node.func.attr == "default_rng":
            return  # a seed: any other draw is as good
        if isinstance(node.func, ast.Attribute) and node.func.attr == "reshape":
            self.alike |= {size.operand for size in sizes_of(node) if is_rest(size)}
        for child in [node.func, *node.args, *node.keywords]:
            told = child.value if isinstance(child, ast.keyword) else child
            if not (row and is_literal(told)):
                self.visit(child)

    def visit_keyword(self, node):
        if node.arg not in {"strict", *CHOSEN}:  # strict, of zip: two are equally long
            self.generic_visit(node)

    def visit_List(self, node):
        """Lists, or tuples of tuples, of numbers in a table of rows are arrays of an example."""
        if self.inside or not re.fullmatch(r"(\[|\(\()[-\d., ()\[\]\n]*", self.text(node)):
            self.generic_visit(node)

    visit_Tuple = visit_List

    def visit_Dict(self, node):
        """A table of tuples of numbers, by numbers, are sizes that something is tried at."""
        if self.inside or not re.fullmatch(r"\{\d+: \(\([\d., ()\n:]*\}", self.text(node)):
            self.generic_visit(node)

    def visit_Lambda(self, node):
        self.inside += 1
        self.generic_visit(node)
        self.inside -= 1

    def visit_Slice(self, node):
        for part in (node.lower, node.upper, node.step):
            if part:
                self.note(node, self.text(part), "", self.begin(part))
        self.generic_visit(node)

    def visit_Name(self, node):
        if node.id in TWINS and isinstance(node.ctx, ast.Load):
            self.note(node, node.id, TWINS[node.id])

    def visit_Attribute(self, node):
        if node.attr in TWINS:
            self.note(node, node.attr, TWINS[node.attr], self.end(node) - len(node.attr.encode()))
        self.generic_visit(node)

    def visit_Return(self, node):
        """None in the place of what is returned; who asks for its truth cannot tell False."""
        nothing = isinstance(node.value, ast.Constant) and (
            node.value.value is None or node.value.value is False)
        if node.value and not nothing:
            self.note(node, self.text(node), "return None")
        self.generic_visit(node)

    def visit_If(self, node):
        if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            old = self.text(node.test)
            self.note(node.test, old, f"not ({old})")
        self.generic_visit(node)

    visit_IfExp = visit_If

    def visit_Expr(self, node):
        """A statement that is there for what it does; a docstring does nothing."""
        if not isinstance(node.value, ast.Constant):
            self.note(node, self.text(node), "pass")
            self.generic_visit(node)

    def visit_Raise(self, node):
        self.note(node, self.text(node), "pass")  # what an error says is words

    def visit_Assign(self, node):
        if not isinstance(node.targets[0], ast.Name | ast.Tuple):
            self.note(node, self.text(node), "pass")
        self.generic_visit(node)

    def visit_AnnAssign(self, node):
        if node.value:
            self.visit(node.value)

    def visit_ClassDef(self, node):
        for child in node.body:  # a decorator declares: frozen, eq, repr
            self.visit(child)

    def visit_FunctionDef(self, node):
        self.inside += 1
        if not draws(node):
            for child in [*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body]:
                self.visit(child)
        self.inside -= 1


def draws(function) -> bool:
    """Whether a function is handed, or makes, something to draw on."""
    names = {argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]}
    names |= {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return bool(names & DRAWN)


def sizes_of(call):
    """What a reshape is given, one by one."""
    return [size for given in call.args
            for size in (given.elts if isinstance(given, ast.Tuple) else [given])]


def is_rest(size) -> bool:
    """Whether a size is -1. To NumPy every number below 0 means the rest."""
    return isinstance(size, ast.UnaryOp) and ast.unparse(size) == "-1"


def is_literal(node) -> bool:
    """Whether a node is a number, a text, or a tuple of such."""
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def is_formula(text: str) -> bool:
    """Whether a string is a formula, not words: LaTeX, or something to calculate."""
    return bool(LATEX.search(text)) and len(WORDS.findall(text)) < 2


def faults(source: str, drawing: bool = False) -> list[Fault]:
    """Every fault that can be planted. Of a file that draws, only those inside of functions."""
    tree, finder = ast.parse(source), Finder(source)
    for node in tree.body:
        if not drawing or isinstance(node, ast.FunctionDef | ast.ClassDef):
            finder.visit(node)
    return list(dict.fromkeys(fault for fault in finder.found if fault.old != fault.new))
