"""A scalar function as a graph of gates: forward pass, backward pass, and each as steps.

Nodes are kept in the order in which they are computed, so both passes are plain loops: forward
along the list, backward against it. The local gradients and their formulas are in `gates`.
"""

from ...words import brief, one_line, plural
from ..errors import TooBig, UnknownInput, stands_in
from .advice import alike
from .expression import CONSTANTS, MOST_GATES, UnknownName, check_names, names_in, parse
from .gates import GATES
from .kinks import local_gradients
from .node import Node, constant, made, number
from .steps import at_kinks, backward_steps, forward_steps

# What `fuse` replaces: a stands for any node.
PATTERNS = {
    "sigmoid": ("1/(1+exp(-a))", "1/(exp(-a)+1)"),
    "softplus": ("log(1+exp(a))", "log(exp(a)+1)"),
    "tanh": ("(exp(a)-exp(-a))/(exp(a)+exp(-a))", "(exp(a)-exp(-a))/(exp(-a)+exp(a))"),
    "relu": ("max(0,a)", "max(a,0)"),
}


class _Builder:
    """What the parser builds with: a name that occurs twice is one node."""

    def __init__(self):
        self.tape, self.variables = [], {}

    def variable(self, name):
        if name not in self.variables:
            self.variables[name] = Node(self.tape, name=name)
        return self.variables[name]

    def constant(self, value):
        return constant(self.tape, value)

    def number(self, node):
        return node.number

    def gate(self, name, *nodes):
        return made(name, *nodes)


class Graph:
    """`Graph("(x+y)*z", x=-2, y=5, z=-4)`, or `Graph(lambda x, y: x * y.exp(), x=1, y=2)`.

    value, gradient(name), gradients: always those of the present values; `set(x=3)` changes them.
    nodes: all `Node`s in the order of computation; variables: those by name; output: the last gate.
    At a kink the gradient is the one that `gates` tells of. Raises ExpressionError
    (with the column) for a text that is no expression, UnknownInput for a variable without a value
    or a value without a variable, NumberError, TooBig.
    """

    def __init__(self, source, /, **values):
        builder = _Builder()
        if callable(source):
            result = source(**{name: builder.variable(name) for name in values})
            output = result if isinstance(result, Node) else builder.constant(result)
        else:
            output = parse(source, builder, values)
            _needs_values(source, values)
        self._take(builder.tape, output, values)

    def _take(self, tape, output, values):
        """Own the variables, and the nodes that the output needs, and give the values."""
        self.nodes, self.output = _needed(tape, output), output
        if sum(node.gate is not None for node in self.nodes) > MOST_GATES:
            raise TooBig(f"A graph has at most {MOST_GATES:,} gates. Make the function shorter.")
        for index, node in enumerate(self.nodes):
            node.index = index
        self.variables = {node.name: node for node in self.nodes if node.kind == "variable"}
        _name_gates(self.nodes, self.variables)
        self.set(**values)

    def set(self, /, **values):
        """Give variables new values; both passes run again. Nothing changes if one is wrong."""
        unknown = [name for name in values if name not in self.variables]
        if unknown:
            has = f"It has {', '.join(self.variables)}." if self.variables else "It has none."
            if unknown[0] in CONSTANTS:
                has = f"{unknown[0]} is {CONSTANTS[unknown[0]]:.5f}… here; call yours otherwise."
            raise UnknownInput(f"Graph: there is no variable {one_line(unknown[0], 60)}. {has}")
        numbers = {name: number(name, value) for name, value in values.items()}
        for name, value in numbers.items():
            self.variables[name].value = value
        self.forward()
        self.backward()

    def forward(self):
        """Every value from those of the variables, along the list."""
        for node in self.nodes:
            if node.gate:
                node.value = node.gate.value(*[one.value for one in node.inputs])
            elif node.number is not None:
                node.value = node.number

    def backward(self):
        """Every gradient from the output's, which is 1, against the list. It starts afresh."""
        for node in self.nodes:
            node.gradient, node.local, node.contributions = 0.0 if node.varies else None, (), []
        if self.output.varies:
            self.output.gradient = 1.0
        for node in reversed(self.nodes):
            if not (node.gate and node.varies):
                continue
            upstream = node.gradient
            node.local = local_gradients(node)
            for place, one in enumerate(node.inputs):
                if one.varies:
                    number = upstream * node.local[place]
                    one.gradient += number
                    one.contributions.append((node, place, number))

    @property
    def value(self):
        return self.output.value

    @property
    def values(self):
        """The values of the variables by name."""
        return {name: node.value for name, node in self.variables.items()}

    @property
    def gradients(self):
        """dL/d(variable) by name; L is the output."""
        return {name: node.gradient for name, node in self.variables.items()}

    def gradient(self, name):
        """dL/d(name), for a variable or a gate such as "q1". Raises UnknownInput."""
        return self.node(name).gradient

    def node(self, name):
        """The node of this name. Raises UnknownInput."""
        for node in self.nodes:
            if stands_in(name, (node.name,)) and node.kind != "constant":
                return node
        raise UnknownInput(f"Graph: there is no node {brief(name)}. The variables are "
                           f"{', '.join(self.variables) or 'none'}; gates are named q1, q2, ….")

    def forward_steps(self):
        """One `Step` for each gate, in the order of computation."""
        return forward_steps(self)

    def backward_steps(self):
        """One `Step` for the output, each gate, and each sum where paths meet."""
        return backward_steps(self)

    def copy(self):
        """The same graph, with nodes of its own."""
        return self._copied(lambda node, tape: None)

    def fold(self):
        """The graph with every gate of constants alone replaced by its number."""
        return self._copied(lambda node, tape: None if node.varies or not node.gate
                            else constant(tape, node.value))

    def fuse(self, name):
        """The graph with small steps replaced by one gate: sigmoid, softplus, tanh or relu.

        Raises UnknownInput when these steps do not occur in the graph.
        """
        if not stands_in(name, PATTERNS):
            raise UnknownInput(f"Graph: {brief(name)} cannot be fused. Choose "
                               f"{', '.join(PATTERNS)}.")
        outputs = [parse(text, _Builder()) for text in PATTERNS[name]]
        found = {node: inside for node in self.nodes for pattern in outputs
                 if (inside := _matched(pattern, node)) is not None}
        if not found:
            raise UnknownInput(f"Graph: there is no {PATTERNS[name][0]} here to fuse to {name}.")
        gate = GATES[name]
        return self._copied(lambda node, tape: (gate, found[node]) if node in found else None)

    def _copied(self, replacement):
        """A new graph; `replacement(node, tape)` gives a new node, (gate, old input), or nothing.

        The text stays behind: it no longer tells the steps.
        """
        tape, new = [], {}
        for node in self.nodes:
            instead = replacement(node, tape)
            if isinstance(instead, Node):
                new[node] = instead
            elif instead is not None:
                new[node] = Node(tape, instead[0], (new[instead[1]],))
            else:
                inputs = tuple(new[one] for one in node.inputs)
                name = node.name if node.kind == "variable" else ""
                new[node] = Node(tape, node.gate, inputs, name, node.number)
        graph = object.__new__(Graph)
        graph._take(tape, new[self.output], self.values)
        return graph

    def __repr__(self):
        gates = sum(node.gate is not None for node in self.nodes)
        beside = at_kinks(self)
        gradients = ", ".join(f"{name} {value:.4f}{beside.get(name, '')}"
                              for name, value in self.gradients.items() if value is not None)
        return (f"Graph of {plural(gates, 'gate')}: value {self.value:.4f}; "
                f"gradients: {gradients or 'none'}")


def _needs_values(text, values):
    """Raise UnknownName for the first variable of a text that has no value."""
    check_names(text, values)
    missing = {name: at for name, at in names_in(text).items() if name not in values}
    for name, column in missing.items():
        other = alike(name, values)
        means = ("For 2.718… write exp(1), else give" if name == "e" else
                 f"There is one for {other}; else give" if other else "Give")
        raise UnknownName(f"the expression uses {', '.join([*missing][:5])}. {means} a value too: "
                          f"{name}={3 if name == 'e' else 1}.", text, column, len(name))


def _needed(tape, output):
    """The variables, and all that the output is made of, in the order of computation."""
    needed = [False] * len(tape)
    needed[output.index] = True
    for node in reversed(tape):
        if needed[node.index]:
            for one in node.inputs:
                needed[one.index] = True
    return [node for node in tape if needed[node.index] or node.kind == "variable"]


def _name_gates(nodes, variables):
    """Call gates q1, q2, …, or by the first letter that no variable begins with."""
    taken = {name[0] for name in variables if name[1:].isdigit()}
    letter = next(letter for letter in "qpgsturvwxyzabcdefhijklmno" if letter not in taken)
    gates = [node for node in nodes if node.gate]
    for count, node in enumerate(gates, 1):
        node.name = f"{letter}{count}"


def _matched(pattern, node):
    """What the pattern's a stands for when the node has its shape, else None."""
    inside, pairs = None, [(pattern, node)]
    while pairs:
        wanted, one = pairs.pop()
        if wanted.kind == "variable":
            if inside is not None and inside is not one:
                return None
            inside = one
        elif (wanted.gate is not one.gate or wanted.number != one.number
              or len(wanted.inputs) != len(one.inputs)):
            return None
        else:
            pairs += zip(wanted.inputs, one.inputs, strict=True)
    return inside
