"""A node of a scalar graph, and what operators, methods and NumPy's functions make of it."""

import math
from numbers import Real

from ...words import brief
from ..errors import LessonError, NumberError, TooBig, is_a
from .expression import MOST_GATES
from .functions import formula
from .gates import FUNCTIONS, GATES

MOST_NODES = 4 * MOST_GATES  # while a function builds its graph, before what is unused goes
# What NumPy calls the gates.
UFUNCS = {"add": "add", "subtract": "sub", "multiply": "mul", "divide": "div", "power": "pow",
          "negative": "neg", "absolute": "abs", "maximum": "max", "minimum": "min", "exp": "exp",
          "log": "log", "sqrt": "sqrt", "sin": "sin", "cos": "cos", "tanh": "tanh",
          "reciprocal": "reciprocal", "fabs": "abs"}


class NoSuchMethod(LessonError, AttributeError):
    """A function of another library, called as a method of a node."""


class Node:
    """A variable, a constant, or a gate's output. Made by a `Graph`; combined by + − * / **.

    value: a float; gradient: dL/d(node), None where no variable is below; local: ∂node/∂input for
    each input; contributions: (consumer, place among its inputs, number) for each path that meets
    here, whose sum is the gradient. The upstream gradient of a gate is its node's gradient.
    """

    __slots__ = ("contributions", "gate", "gradient", "index", "inputs", "local", "name",
                 "number", "tape", "value", "varies")

    def __init__(self, tape, gate=None, inputs=(), name="", number=None):
        self.tape, self.gate, self.inputs = tape, gate, inputs
        self.name, self.number, self.index = name, number, len(tape)
        self.varies = any(node.varies for node in inputs) if gate else number is None
        self.value, self.gradient, self.local, self.contributions = math.nan, None, (), []
        tape.append(self)

    @property
    def kind(self):
        return "gate" if self.gate else "variable" if self.number is None else "constant"

    @property
    def upstream(self):
        """What arrives at the output of this gate: its gradient."""
        return self.gradient

    def __add__(self, other):
        return made("add", self, other)

    def __sub__(self, other):
        return made("sub", self, other)

    def __mul__(self, other):
        return made("mul", self, other)

    def __truediv__(self, other):
        return made("div", self, other)

    def __pow__(self, other):
        return made("pow", self, other)

    def __radd__(self, other):
        return made("add", other, self)

    def __rsub__(self, other):
        return made("sub", other, self)

    def __rmul__(self, other):
        return made("mul", other, self)

    def __rtruediv__(self, other):
        return made("div", other, self)

    def __rpow__(self, other):
        return made("pow", other, self)

    def __neg__(self):
        return made("neg", self)

    def __pos__(self):
        return self

    def __abs__(self):
        return made("abs", self)

    def __bool__(self):
        raise LessonError("A node has no truth value: a graph must not depend on its numbers. For "
                          "max(x, y) write x.max(y).")

    def __gt__(self, other):
        return bool(self)  # raises: Python's max and min come here

    __lt__ = __ge__ = __le__ = __gt__

    def __eq__(self, other):
        return bool(self) if isinstance(other, Real) else self is other

    __hash__ = object.__hash__

    def __float__(self):
        raise LessonError("A node is no number: math.exp(x) cannot take it. Write x.exp(), or "
                          "np.exp(x).")

    def __array_ufunc__(self, ufunc, method, *parts, **words):
        """np.exp(x), and a NumPy number + x, as nodes."""
        name = UFUNCS.get(ufunc.__name__)
        if not name or method != "__call__" or words:
            raise LessonError(f"There is no gate for np.{ufunc.__name__}. There are: "
                              f"{', '.join(UFUNCS)}.")
        return made(name, *parts)

    def exp(self):
        return made("exp", self)

    def log(self):
        return made("log", self)

    def sqrt(self):
        return made("sqrt", self)

    def sin(self):
        return made("sin", self)

    def cos(self):
        return made("cos", self)

    def tanh(self):
        return made("tanh", self)

    def sigmoid(self):
        return made("sigmoid", self)

    def relu(self):
        return made("relu", self)

    def softplus(self):
        return made("softplus", self)

    def max(self, other, *others):
        return made("max", self, other, *others)

    def min(self, other, *others):
        return made("min", self, other, *others)

    def __floordiv__(self, other):
        raise LessonError("// rounds down, which has no gate: for a quotient write x/y.")

    def __mod__(self, other):
        raise LessonError("A remainder has no gate: its slope jumps.")

    def __matmul__(self, other):
        raise LessonError("Nodes are numbers, not arrays: for a product write x*y.")

    def __round__(self, digits=0):
        raise LessonError("Rounding has no gate: its slope is 0, or jumps.")

    __trunc__ = __floor__ = __ceil__ = __round__
    __rfloordiv__, __rmod__, __rmatmul__ = __floordiv__, __mod__, __matmul__
    __divmod__ = __rdivmod__ = __floordiv__

    def __getattr__(self, name):
        if name.startswith("__"):  # NumPy and copy ask for such
            raise AttributeError(name)
        instead = formula(name, "x")
        raise NoSuchMethod(f"A node has no method {name}: "
                           + (f"{name}(x) is {instead}." if instead and instead != f"{name}(x)"
                              else f"it has {', '.join(FUNCTIONS[:-1])}, and abs(x)."))

    def __repr__(self):
        gradient = "" if self.gradient is None else f", gradient {self.gradient:.4f}"
        return f"{self.name} = {self.value:.4f}{gradient}"


def made(name, *parts):
    """The node of a gate; numbers become constants, and 1/x becomes the gate 1/a."""
    tape = next(part.tape for part in parts if isinstance(part, Node))
    nodes = [part if isinstance(part, Node) else constant(tape, part) for part in parts]
    if any(node.tape is not tape for node in nodes):
        raise LessonError(f"{name}: two nodes of different graphs cannot be combined.")
    if name == "div" and nodes[0].kind == "constant" and nodes[0].number == 1:
        name, nodes = "reciprocal", nodes[1:]
    if len(tape) >= MOST_NODES:
        raise TooBig(f"A graph has at most {MOST_GATES:,} gates. Make the function shorter.")
    return Node(tape, GATES[name], tuple(nodes))


def constant(tape, value):
    """A node that is a number."""
    return Node(tape, number=number("a constant", value), name="")


def number(name, value):
    """The value as a float. Raises NumberError, with the name, for what is no real number."""
    if is_a(value, bool) or not is_a(value, Real):
        raise NumberError(f"Graph: {name} must be one real number, not {brief(value)}.")
    try:
        return float(value)
    except OverflowError:
        return math.inf if value == abs(value) else -math.inf
