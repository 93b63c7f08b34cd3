"""Exercises of notebook 12: backprop in code."""

import numpy as np

from ...calculus.graph.graph import Graph
from ...words import short
from ..exercise import Truth, function, predict


def calls(many):
    """How often a walk down every path calls itself below so many squarings in a row."""
    return 1 if many == 0 else 1 + 2 * calls(many - 1)


def walk_calls(many):
    """A number that is squared again and again: walked path by path, and value by value."""
    every, once = calls(many), many + 1
    return predict(
        "walk_calls",
        f"b = b * b, {many} times in a row. How many calls of `walk` does one way back take, and "
        "how many values does `backward` visit?",
        truth={"calls": lambda: calls(many), "values": lambda: once},
        answer=f"{every}, {once}",
        mistakes=(
            ("counting", 2**many, "So many paths end at the first b: the calls on the way count, "
             "too.", "calls"),
            ("counting", every + 1, "1 + 2 + 4 + …: the sum is one less than the next "
             "power of 2.", "calls"),
            ("each value once", once, "`walk` does not know where it has been: it takes every "
             "path.", "calls"),
            ("each wire once", 2 * many, "Each product has two wires, but `walk` comes to it "
             "more than once.", "calls"),
            ("each wire once", 2 * many, "Two wires lead to the same value: it is visited once.",
             "values"),
            ("first value forgotten", many, "The b at the beginning is a value, too.", "values"),
            ("every path", every, "`backward` visits each value once.", "values"),
        ),
        hints=("One call for the last product. How many calls does it make?",
               "Calls double from product to product: 1 + 2 + 4 + …",
               f"The last term is 2 to the power {many}. And values: the products, and the first "
               "b."),
        why=f"1 + 2 + 4 + … + {2**many:,} = {every:,} calls; {many} products and the b at the "
            f"beginning are {once} values.",
    )


def steps_unzeroed(w, rate):
    """Two steps down L = w², with the old gradient set to 0 before the second and not."""
    first = w - rate * 2 * w
    second, kept = first - rate * 2 * first, first - rate * (2 * w + 2 * first)
    return predict(
        "steps_unzeroed",
        f"L = w², w = {w}, learning rate {rate}, two steps of gradient descent. Where does w "
        "arrive with the gradient set to 0 before each backward pass, and where without?",
        truth={"zeroed": lambda: stepped(w, rate, 0), "kept": lambda: stepped(w, rate, 1)},
        answer=f"{second:.10g}, {kept:.10g}",
        mistakes=(
            ("one step", first, "That is after the first step.", "zeroed"),
            ("one step", first, "That is after the first step.", "kept"),
            ("sign", w * (1 + 2 * rate)**2, "Descent goes against the gradient.", "zeroed"),
            ("slope at the wrong place", w - 4 * rate * w, "Before the second step the gradient "
             "is taken anew, at the new w.", "zeroed"),
            ("local gradient forgotten", w * (1 - rate)**2, "The slope of w² is 2w.", "zeroed"),
            ("old gradient forgotten", second, "Without zeroing, the first gradient is still "
             "there: the second is added to it.", "kept"),
            ("old gradient alone", w - 4 * rate * w, "The new gradient is added to the old one.",
             "kept"),
        ),
        hints=("The first step is the same for both: w − rate · 2w.",
               f"That is {first:.4g}. The gradient there is {2 * first:.4g}.",
               f"Without zeroing it comes on top of the first one, {2 * w}."),
        why=f"The first step leads to {first:.4g}, where the gradient is {2 * first:.4g}. Zeroed: "
            f"{first:.4g} − {rate}·{2 * first:.4g} = {second:.4g}. Not zeroed: {first:.4g} − "
            f"{rate}·({2 * w} + {2 * first:.4g}) = {short(kept)}.",
    )


def stepped(w, rate, kept):
    """w after two steps down w²; kept: the share of the old gradient that is still there."""
    gradient = 0.0
    for _ in range(2):
        gradient = kept * gradient + Graph("w**2", w=w).gradient("w")
        w = w - rate * gradient
    return w


def numbers(random, *arguments):
    """Plain numbers, as a graph of scalars has them."""
    return tuple(float(number) for number in arguments)


def product(name):
    """The `Truth` for one factor of a·b."""
    return lambda G, a, b: G * Graph("a*b", a=a, b=b).gradient(name)


def unrolled(G, w, x):
    """The gradient of tanh(w·tanh(w·x)) by w, from its graph."""
    return G * Graph("tanh(w * tanh(w * x))", w=w, x=x).gradient("w")


def unrolled_as(formula):
    """A wrong gradient of it: `formula` of h, y, their slopes s, t, and the arguments."""
    def wrong(G, w, x):
        h = np.tanh(w * x)
        y = np.tanh(w * h)
        return formula(G, w, x, h, y, 1 - h * h, 1 - y * y)

    return wrong


def tape(random, first, second):
    """A random tape, three values longer than the axis: two inputs, then nodes made of others."""
    many = len(first) + 3
    inputs, local = np.zeros((many, 2), int), np.zeros((many, 2))
    for k in range(2, many):
        inputs[k] = random.integers(k, size=2)
        local[k] = np.copysign(random.uniform(0.5, 1.5, 2), random.choice([-1, 1], 2))
    inputs[-1, 0], inputs[2] = many - 2, (0, 0)  # one value is used twice, the last by the next
    return inputs, local


def tape_gradients(inputs, local):
    """What comes to each value: gᵢ = eᵢ + Σ slope of k by i · gₖ, as a system of equations."""
    slopes = np.zeros((len(inputs),) * 2)
    for k, (two, both) in enumerate(zip(inputs, local, strict=True)):
        np.add.at(slopes[:, k], two, both)
    return np.linalg.solve(np.eye(len(inputs)) - slopes, np.eye(len(inputs))[-1])


def walked(share, order=-1, start=None, add=True, places=(0, 1)):
    """A wrong way back: `share` of (grad, k, i, slope) goes to value i of node k."""
    def wrong(inputs, local):
        grad = np.eye(len(inputs))[-1] if start is None else np.full(len(inputs), start)
        for k in range(len(inputs))[::order]:
            for place in places:
                i = inputs[k, place]
                grad[i] = add * grad[i] + share(grad, k, i, local[k, place])
        return grad

    return wrong


ROWS = (
    walk_calls(10),
    steps_unzeroed(5, 0.1),
    function(
        "unrolled_weight", "derive", "G, w, x",
        "h = np.tanh(w * x)\ny = np.tanh(w * h)\n"
        "return G * (1 - y**2) * (h + w * (1 - h**2) * x)",
        "h = tanh(w·x), then y = tanh(w·h): one weight `w` in two places, one behind the other. "
        "Return dL/dw from the upstream gradient `G` of y. (The slope of tanh is 1 − tanh².)",
        axes=", , ", prepare=numbers, truth={"dw": unrolled},
        mistakes=(
            ("lost path", unrolled_as(lambda G, w, x, h, y, s, t: G * t * h),
             "That is the second place alone: w is in h, too."),
            ("lost path", unrolled_as(lambda G, w, x, h, y, s, t: G * t * w * s * x),
             "That is the first place alone: w multiplies h directly, too."),
            ("product of paths", unrolled_as(lambda G, w, x, h, y, s, t: G * t * h * w * s * x),
             "Along a path gradients are multiplied, paths are added."),
            ("chain broken", unrolled_as(lambda G, w, x, h, y, s, t: G * t * (h + s * x)),
             "From y back to h leads a ×: it multiplies by w."),
            ("chain broken", unrolled_as(lambda G, w, x, h, y, s, t: G * (t * h + w * s * x)),
             "Both paths pass the last tanh: both are multiplied by its slope."),
            ("local gradient forgotten",
             unrolled_as(lambda G, w, x, h, y, s, t: G * t * (h + w * x)),
             "The path through h passes a tanh: multiply by 1 − h²."),
            ("local gradient forgotten",
             unrolled_as(lambda G, w, x, h, y, s, t: G * (h + w * s * x)),
             "Both paths pass the last tanh: multiply by 1 − y²."),
            ("upstream in one term",
             unrolled_as(lambda G, w, x, h, y, s, t: t * (G * h + w * s * x)),
             "Both paths begin with G."),
            ("gradient by x", unrolled_as(lambda G, w, x, h, y, s, t: G * t * w * s * w),
             "That is dL/dx."),
            ("sign of one term", unrolled_as(lambda G, w, x, h, y, s, t: G * t * (h - w * s * x)),
             "Paths are added."),
            ("slope of the sigmoid", unrolled_as(
                lambda G, w, x, h, y, s, t: G * y * (1 - y) * (h + w * h * (1 - h) * x)),
             "The slope of tanh is 1 − tanh²."),
            ("switch forgotten", unrolled_as(lambda G, w, x, h, y, s, t: G * t * (w + h * s * x)),
             "× switches: what goes to w has the factor h, what goes to h has w."),
        ),
        hints=("Four gates: c = w·x, h = tanh(c), d = w·h, y = tanh(d). Go back from the last.",
               "To d comes G·(1 − y²). The × d = w·h sends it to w with h, to h with w.",
               "From h: times 1 − h², then the × c = w·x sends it to w with x. Add the two."),
        why=r"$\dfrac{dL}{dw} = G\,(1-y^2)\,\bigl(h + w\,(1-h^2)\,x\bigr)$: two places, added. A "
            "network that uses its weights again at every step in time is differentiated so.",
    ),
    function(
        "mul_back", "code", "G, a, b", "return G * b, G * a",
        "p = a·b, two numbers. Return what goes back to a and to b when `G` comes to p.",
        axes=", , ", prepare=numbers, truth={"da": product("a"), "db": product("b")},
        mistakes=(
            ("switch forgotten", lambda G, a, b: G * a, "× switches: a gets the other factor.",
             "da"),
            ("switch forgotten", lambda G, a, b: G * b, "× switches: b gets the other factor.",
             "db"),
            ("add gate", lambda G, a, b: G, "That is the rule of +: × multiplies by the other "
             "factor."),
            ("upstream forgotten", lambda G, a, b: b, "That is the local gradient: multiply by "
             "what comes.", "da"),
            ("upstream forgotten", lambda G, a, b: a, "That is the local gradient: multiply by "
             "what comes.", "db"),
            ("value for derivative", lambda G, a, b: G * a * b, "That is G times the product: the "
             "slope by one factor is the other."),
            ("value for derivative", lambda G, a, b: a * b, "That is the product: its slope by "
             "one factor is the other."),
            ("shared", lambda G, a, b: G * b / 2, "Each factor gets all, not half.", "da"),
            ("shared", lambda G, a, b: G * a / 2, "Each factor gets all, not half.", "db"),
            ("added", lambda G, a, b: G + b, "Upstream × local.", "da"),
            ("added", lambda G, a, b: G + a, "Upstream × local.", "db"),
        ),
        hints=("Nudge a by 1: by how much does a·b grow?", "By b. And a nudge of b?",
               "Each times G."),
        why=r"$\dfrac{\partial(ab)}{\partial a} = b$ and $\dfrac{\partial(ab)}{\partial b} = a$, "
            r"each times $G$.",
    ),
    function(
        "tape_back", "code", "inputs, local",
        "grad = np.zeros(len(inputs))\ngrad[-1] = 1.0\n"
        "for k in range(len(inputs))[::-1]:\n"
        "    for i, slope in zip(inputs[k], local[k]):\n"
        "        grad[i] += slope * grad[k]\n"
        "return grad",
        "A whole graph as two tables. Value k was made from the values `inputs[k, 0]` and "
        "`inputs[k, 1]`, both earlier ones (perhaps the same), with the slopes `local[k, 0]` and "
        "`local[k, 1]`; for the values at the beginning the slopes are 0. Return the gradient of "
        "the last value by each value, itself included: n numbers.",
        axes="n, n", prepare=tape, truth={"grad": Truth(tape_gradients)},
        mistakes=(
            ("= for +=", walked(lambda grad, k, i, slope: slope * grad[k], add=False)),
            ("forward for backward", walked(lambda grad, k, i, slope: slope * grad[k], order=1),
             "Begin at the last value: a gradient is complete when all that use it were visited."),
            ("upstream forgotten", walked(lambda grad, k, i, slope: slope)),
            ("local gradient forgotten", walked(lambda grad, k, i, slope: grad[k])),
            ("no beginning", walked(lambda grad, k, i, slope: slope * grad[k], start=0.0),
             "The last value by itself has the gradient 1: the way back starts there."),
            ("all begin with 1", walked(lambda grad, k, i, slope: slope * grad[k], start=1.0),
             "Only the last value begins with 1."),
            ("one input", walked(lambda grad, k, i, slope: slope * grad[k], places=(0,)),
             "Each value has two inputs: both get a share."),
            ("one input", walked(lambda grad, k, i, slope: slope * grad[k], places=(1,)),
             "Each value has two inputs: both get a share."),
            ("gathered", lambda inputs, local: np.eye(len(inputs))[-1],  # they hold nothing yet
             "On the way back the inputs get from node k, not the node from its inputs."),
        ),
        hints=("n zeros, the last one 1. Then go through the nodes from the last to the first.",
               "Node k sends slope · grad[k] to each of its two inputs.", "Add, with +=."),
        why="Every value that uses value i stands behind it in the tables. Going from the last to "
            "the first, grad[k] is complete when node k sends its shares.",
    ),
)
