"""Where a graph has no derivative: the slopes from the left and from the right, exactly.

At a kink a gate's change is still a function of the changes of its inputs (of those that tie there,
for max and min): relu of the change, abs of it, the largest or the smallest of them. So one forward
pass with the change 1 or −1 of a variable gives the slope of the whole function on that side.
"""

import math


def at_kink(node):
    """The places of the inputs that meet at a kink in this gate; none where it is smooth."""
    if not (node.gate and node.gate.at_kink and node.varies):
        return ()
    places = node.gate.tied([one.value for one in node.inputs], node.value)
    inputs = {node.inputs[place] for place in places}
    return () if node.gate.several and len(inputs) < 2 else places  # max(x, x) is x itself


def local_gradients(node):
    """∂node/∂input for each input; at a kink the smallest of those possible, as `gates` says."""
    local = node.gate.local(*[one.value for one in node.inputs], node.value)
    if any(not node.inputs[place].varies for place in at_kink(node)):
        return (0.0,) * len(local)
    return local


def sides(graph):
    """{variable: (slope from the left, from the right)} for each that a kink here is behind."""
    kinks = [node for node in graph.nodes if at_kink(node)]
    if not kinks:
        return {}
    behind = _behind(graph, kinks)
    return {name: (-_change(graph, node, -1.0), _change(graph, node, 1.0))
            for name, node in graph.variables.items() if node in behind}


def _behind(graph, nodes):
    """The nodes that these depend on, these included."""
    found = set(nodes)
    for node in reversed(graph.nodes):
        if node in found:
            found.update(node.inputs)
    return found


def _change(graph, variable, step):
    """How fast the output changes as the variable goes up (step 1) or down (step −1)."""
    moved = {variable: step}
    for node in graph.nodes:
        if not any(one in moved for one in node.inputs):
            continue
        tied = at_kink(node)
        if tied:
            moved[node] = node.gate.value(*[moved.get(node.inputs[place], 0.0) for place in tied])
        else:
            local = zip(node.inputs, local_gradients(node), strict=True)
            moved[node] = sum(moved[one] * slope for one, slope in local if moved.get(one))
    return moved[graph.output]


def smooth(left, right):
    """Whether the slopes of both sides are one and the same, to rounding."""
    return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)
