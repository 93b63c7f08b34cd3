"""Exercises of notebook 02: scalar backprop."""

from functools import lru_cache
from types import SimpleNamespace as Namespace

import numpy as np

from ...calculus.graph.graph import Graph
from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ...words import short
from ..exercise import Truth, function, predict, staged
from .activations import sigma


def loss(name, w, b, t):
    """A gradient of (w·x + b − t)² at x = −1."""
    return Graph("(w*x + b - t)**2", w=w, x=-1, b=b, t=t).gradient(name)


@lru_cache(maxsize=64)
def wires(dy, w0, x0, w1, x1, b, a):
    """{"da": …}: what comes to every wire of the neuron, from its graph; b is e⁻ˢ."""
    rest = -np.log(b) - w0 * x0 - w1 * x1
    graph = Graph("1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))", w0=w0, x0=x0, w1=w1, x1=x1, w2=rest)
    gates = dict(zip("pqtscba", [node.gradient for node in graph.nodes if node.gate],
                     strict=False))
    return {f"d{name}": dy * slope for name, slope in {**gates, **graph.gradients}.items()}


def kept(random, *numbers):
    """What comes to the output, and what the forward pass has left on the wires."""
    dy, w0, x0, w1, x1, rest, _ = map(float, numbers)
    b = float(np.exp(-(w0 * x0 + w1 * x1 + rest)))
    return dy, w0, x0, w1, x1, b, 1 + b


def row(name, term, remedy, output):
    """A mistake in one gradient of the neuron: `term` of what its wires hold."""
    def formula(dy, w0, x0, w1, x1, b, a):
        values = {"dy": dy, "w0": w0, "x0": x0, "w1": w1, "x1": x1, "p": w0 * x0,
                  "q": w1 * x1, "b": b, "a": a, "c": np.log(b)}
        return term(Namespace(**values, **wires(dy, w0, x0, w1, x1, b, a)))

    return name, formula, remedy, output


def quotient(place):
    """The `Truth` for one input of a division, entry by entry."""
    def jacobian(G, x, y):
        slopes = 1 / y if place == "x" else -x / y**2
        return np.eye(x.size).reshape(x.shape * 2) * slopes

    return Truth(lambda G, x, y: contract(G, jacobian(G, x, y)), jacobian, ("q", place))


def by_itself(G, x):
    """The full Jacobian of x·eˣ, a path through each of the two places of x."""
    return np.eye(x.size).reshape(x.shape * 2) * (np.exp(x) + x * np.exp(x))


def neuron_loss(w, x, t):
    """∇_w (σ(wᵀx) − t)², through the Jacobians of its two nodes."""
    affine, squash = OPERATIONS["affine_vector"], OPERATIONS["sigmoid"]
    c = affine(w[None], x, np.zeros(1))
    upstream = contract(2 * (squash(c) - t), squash.jacobian(c))
    return contract(upstream, affine.jacobian(w[None], x, np.zeros(1), wrt="W"))[0]


def reuse_gradient(x, y, z):
    """A variable that is used on three paths."""
    total = y + z + 1
    return predict(
        "reuse_gradient",
        "In x·y + x·z + x the variable x has three paths. What is the gradient of the whole by x "
        f"at x = {x}, y = {y}, z = {z}?",
        truth={"dx": lambda: Graph("x*y + x*z + x", x=x, y=y, z=z).gradient("x")},
        answer=f"{y} + {z} + 1",
        mistakes=(
            ("lost path", y + z, "There is a third path: x itself."),
            ("= for +=", y), ("= for +=", z), ("= for +=", 1),
            ("product of paths", y * z, "Along a path gradients are multiplied, paths are added."),
            ("value for derivative", x * total, "That is the value of the expression."),
            ("mean for sum", total / 3),
        ),
        hints=("Go along each path alone: what does it send back to x?",
               "The first sends y, the second z.", "The third sends 1. Paths that meet add."),
        why=f"Three paths meet in x, and gradients add: y + z + 1 = {total}.",
    )


def gate_gradients(w, b, t):
    """The square of w·x + b − t at x = −1, where it is below 0."""
    inside = -w + b - t
    back = 2 * inside
    said, sent, given = short(inside), short(back), short(-back)
    return predict(
        "gate_gradients",
        f"L = (w·x + b − t)² at w = {w}, x = −1, b = {short(b)}, t = {short(t)}. Give dL/dw and "
        "dL/db from your head: two gates do all the work.",
        truth={"dw": lambda: loss("w", w, b, t), "db": lambda: loss("b", w, b, t)},
        answer=f"{-back:g}, {back:g}",
        mistakes=(
            ("switch forgotten", w * back, "The × gate switches: w gets the value of x.", "dw"),
            ("sign", back, "The × gate multiplies by x, which is −1.", "dw"),
            ("lost factor", inside,
             "Two local gradients meet: that of the square and that of ×.", "dw"),
            ("value for derivative", inside**2, "That is L: go backwards from it.", "dw"),
            ("value for derivative", inside**2, "That is L: go backwards from it.", "db"),
            ("value for derivative", -inside**2, "That is no slope: differentiate the square.",
             "dw"),
            ("switch forgotten", -back, "b meets no × gate: + passes the gradient on as it is.",
             "db"),
            ("local gradient forgotten", 1, "Start from 1 and multiply by each local gradient.",
             "db"),
        ),
        hints=("Forward first: what is inside the square?",
               f"{said}. So the square has the local gradient 2·({said}) = {sent}.",
               f"− and + pass {sent} on; × gives w the value of x as a factor."),
        why=f"w·x + b − t = {said}. The square scales by 2·({said}) = {sent}; − and + pass it on; "
            f"× switches: dw = {sent}·x = {given}, db = {sent}.",
    )


def pass_counts(inputs, outputs):
    """Passes of both kinds for all slopes of a function of few numbers that gives many."""
    every = "That is how many slopes there are: one pass gives many of them."
    return predict(
        "pass_counts",
        f"A function makes {outputs} numbers from {inputs}. You want all its slopes: how many "
        "passes does that take with numbers pushed forward, and how many with gradients sent back?",
        truth={"forward": lambda: len(np.eye(inputs)),
               "backward": lambda: len(np.eye(outputs))},
        answer=f"{inputs}, {outputs}",
        mistakes=(
            ("forward for backward", outputs, "A pass forward nudges one input: there are "
             f"{inputs}.", "forward"),
            ("forward for backward", inputs, "A pass back starts at one output: there are "
             f"{outputs}.", "backward"),
            ("one for all", 1, "One pass forward says what one input does.", "forward"),
            ("one for all", 1, "One pass back is enough for one output only, such as a loss.",
             "backward"),
            ("counting", inputs * outputs, every, "forward"),
            ("counting", inputs * outputs, every, "backward"),
        ),
        hints=("What does one pass forward find out? It starts at one input.",
               "And one pass back starts at one output.",
               "Count the inputs, then the outputs."),
        why=f"One pass forward for each of the {inputs} inputs, one back for each of the {outputs} "
            "outputs. Here forward is the cheap way.",
    )


ROWS = (
    gate_gradients(2, -3, 1.5),
    reuse_gradient(3, 7, 5),
    pass_counts(3, 500),
    function(
        "divide_gate", "derive", "G, x, y", "return G / y, -G * x / y**2",
        "q = x/y, entry by entry. Return dL/dx and dL/dy from the upstream gradient `G` of q.",
        axes="n h, n h, n h", truth={"dx": quotient("x"), "dy": quotient("y")},
        mistakes=(
            ("multiply gate", lambda G, x, y: G * y, "That is the rule of ×: here y divides.",
             "dx"),
            ("multiply gate", lambda G, x, y: G * x, "That is the rule of ×: here y divides.",
             "dy"),
            ("lost factor", lambda G, x, y: -G / y**2, "x stands above the line: it is a factor.",
             "dy"),
            ("lost square", lambda G, x, y: -G * x / y, "The slope of 1/y is −1/y².", "dy"),
            ("value for derivative", lambda G, x, y: G * x / y, "That is G times the quotient.",
             "dx"),
            ("value for derivative", lambda G, x, y: G * x / y, "That is G times the quotient.",
             "dy"),
            ("branches swapped", lambda G, x, y: G / x, "The slope of x/y by x is 1/y.", "dx"),
            ("wrong variable squared", lambda G, x, y: -G * y / x**2, "The slope of 1/y is −1/y².",
             "dy"),
        ),
        hints=("Write x/y as x·(1/y): a × gate and a 1/a gate.",
               "By x the slope is 1/y. By y it is x times the slope of 1/y.",
               "The slope of 1/y is −1/y²."),
        why=r"$\dfrac{\partial}{\partial x}\dfrac{x}{y} = \dfrac{1}{y}$ and "
            r"$\dfrac{\partial}{\partial y}\dfrac{x}{y} = -\dfrac{x}{y^2}$; each times $G$.",
    ),
    function(
        "neuron_loss", "derive", "w, x, t",
        "y = 1 / (1 + np.exp(-(w @ x)))\nreturn 2 * (y - t) * y * (1 - y) * x",
        "L = (y − t)² with y = σ(wᵀx), two vectors and a number `t`. Write ∇_w L.",
        axes="m, m,", truth={"dw": neuron_loss},
        mistakes=(
            ("loss forgotten", lambda w, x, t: sigma(w @ x) * (1 - sigma(w @ x)) * x,
             "That is ∇_w y: the square of y − t sends an upstream gradient to it."),
            ("sign", lambda w, x, t: 2 * (t - sigma(w @ x)) * sigma(w @ x)
             * (1 - sigma(w @ x)) * x, "The inside of the square is y − t."),
            ("unit forgotten", lambda w, x, t: 2 * (sigma(w @ x) - t) * x,
             "Between the loss and wᵀx stands σ: multiply by its slope."),
            ("gradient by x", lambda w, x, t: 2 * (sigma(w @ x) - t) * sigma(w @ x)
             * (1 - sigma(w @ x)) * w, "The × gates switch: w gets its partner."),
            ("inner derivative", lambda w, x, t: 2 * (sigma(w @ x) - t) * sigma(w @ x)
             * (1 - sigma(w @ x)), "wᵀx depends on w: multiply by that slope, too."),
            ("value for derivative", lambda w, x, t: (sigma(w @ x) - t)**2 * sigma(w @ x)
             * (1 - sigma(w @ x)) * x, "The slope of a square is twice its inside."),
            ("lost square", lambda w, x, t: 2 * (sigma(w @ x) - t) * (1 - sigma(w @ x)) * x,
             "The slope of σ is σ(1 − σ)."),
            ("slope at the wrong place", lambda w, x, t: 2 * (sigma(w @ x) - t) * (w @ x)
             * (1 - w @ x) * x, "σ(1 − σ) takes the output of σ, not wᵀx."),
            ("slope of tanh", lambda w, x, t: 2 * (sigma(w @ x) - t)
             * (1 - sigma(w @ x)**2) * x, "1 − y² belongs to tanh."),
        ),
        hints=("Three gates: c = wᵀx, y = σ(c), L = (y − t)². Go back from the last.",
               "dL/dy = 2(y − t), dy/dc = y(1 − y).", "∇_w c = x: multiply the three."),
        why=r"$\nabla_w L = 2(y-t)\cdot y(1-y)\cdot x$: upstream × local, gate by gate.",
    ),
    function(
        "two_paths", "code", "G, x", "return G * (1 + x) * np.exp(x)",
        "y = x·eˣ, entry by entry: x is used twice. Return dL/dx from the upstream gradient `G`.",
        axes="n h, n h",
        truth={"dx": Truth(lambda *a: contract(a[0], by_itself(*a)), by_itself, ("y", "x"))},
        mistakes=(
            ("lost path", lambda G, x: G * np.exp(x), "That is what × sends to x directly: x is "
             "in the exponent, too."),
            ("lost path", lambda G, x: G * x * np.exp(x), "That is the path through exp: × sends "
             "a gradient to x directly, too."),
            ("product of paths", lambda G, x: G * x * np.exp(x) * np.exp(x),
             "Along a path gradients are multiplied, paths are added."),
            ("switch forgotten", lambda G, x: G * (x + x * np.exp(x)),
             "The × gate switches: x gets its partner eˣ."),
            ("local gradient forgotten", lambda G, x: G * (np.exp(x) + x),
             "The path through exp is multiplied by the slope of exp."),
            ("upstream in one term", lambda G, x: G * np.exp(x) + x * np.exp(x),
             "Both paths begin with G."),
            ("derivative of a power", lambda G, x: G * x * np.exp(x - 1),
             "eˣ is no power of x: its slope is eˣ."),
            ("sign of one term", lambda G, x: G * (1 - x) * np.exp(x), "Paths are added."),
        ),
        hints=("Two gates: e = exp(x), y = x·e. By which wires does x reach y?",
               "Directly, with e; and through exp, with x·e.", "Add the two, times G."),
        why=r"$\dfrac{dL}{dx} = G\,e^x + G\,x\,e^x = G\,(1+x)\,e^x$: two paths, added.",
    ),
    staged(
        "neuron_pass", "dy, w0, x0, w1, x1, b, a",
        (("da", "dy * -1 / a**2", "y = 1 / a"),
         ("db", "da", "a = 1 + b"),
         ("dc", "db * b", "b = exp(c)"),
         ("ds", "-dc", "c = -s"),
         ("dt, dw2", "ds, ds", "s = t + w2"),
         ("dp, dq", "dt, dt", "t = p + q"),
         ("dw0, dx0", "dp * x0, dp * w0", "p = w0 * x0"),
         ("dw1, dx1", "dq * x1, dq * w1", "q = w1 * x1")),
        "The sigmoid neuron, backward: a line for each gate, from the last to the first.",
        axes=", , , , , , ", prepare=kept, truth=wires,
        example=(1.0, 2.0, -1.0, -3.0, -2.0, float(np.exp(-1)), 1 + float(np.exp(-1))),
        mistakes=(
            row("upstream forgotten", lambda v: -1 / v.a**2, "−1/a² is the local gradient: "
                "multiply by what comes, dy.", "da"),
            row("local gradient forgotten", lambda v: v.dy, "1/a scales: multiply by its slope, "
                "−1/a².", "da"),
            *(one for up in (lambda v: v.dy, lambda v: 1.0) for one in (
                row("value for derivative", lambda v, up=up: up(v) / v.a, "That is y itself: the "
                    "slope of 1/a is −1/a².", "da"),
                row("lost square", lambda v, up=up: -up(v) / v.a, "The slope of 1/a is −1/a².",
                    "da"),
                row("sign", lambda v, up=up: up(v) / v.a**2, "1/a falls where a grows: its slope "
                    "is −1/a².", "da"))),
            row("value for derivative", lambda v: v.da * v.b, "+ 1 has the slope 1: it passes on "
                "what comes, unchanged.", "db"),
            row("value for derivative", lambda v: v.da * v.a, "+ 1 has the slope 1: it passes on "
                "what comes, unchanged.", "db"),
            row("upstream forgotten", lambda v: 1.0, "1 is the local gradient: multiply by what "
                "comes, da.", "db"),
            row("local gradient forgotten", lambda v: v.db, "exp scales: multiply by its slope, "
                "which is its own output b.", "dc"),
            row("slope at the wrong place", lambda v: v.db * v.c, "The slope of exp is its "
                "output b, not its input c.", "dc"),
            row("slope at the wrong place", lambda v: v.db * np.exp(v.b), "b is exp(c) already: "
                "do not apply exp again.", "dc"),
            row("upstream forgotten", lambda v: v.b, "b is the local gradient: multiply by what "
                "comes, db.", "dc"),
            row("sign", lambda v: v.dc, "c = −s turns the sign.", "ds"),
            row("upstream forgotten", lambda v: -1.0, "−1 is the local gradient: multiply by "
                "what comes, dc.", "ds"),
            row("value for derivative", lambda v: v.dc * v.c, "The slope of −s is −1.", "ds"),
            *(row("shared", lambda v: v.ds / 2, "+ copies, it does not share: each input gets "
                  "all.", output) for output in ("dt", "dw2", "dp", "dq")),
            *(row("multiply gate", lambda v, made=made: v.ds * getattr(v, made), "+ passes the "
                  "gradient on unchanged; only × multiplies.", output)
              for output, made in (("dp", "p"), ("dp", "q"), ("dq", "p"), ("dq", "q"))),
            *(row("upstream forgotten", lambda v: 1.0, "1 is the local gradient: multiply by "
                  "what comes.", output) for output in ("dt", "dw2", "dp", "dq")),
            *(row("switch forgotten", lambda v, own=own: v.ds * getattr(v, own), "× switches: "
                  "each factor gets the other one.", f"d{own}")
              for own in ("w0", "x0", "w1", "x1")),
            *(row("upstream forgotten", lambda v, other=other: getattr(v, other), "That is the "
                  "local gradient: multiply by what comes.", output)
              for output, other in (("dw0", "x0"), ("dx0", "w0"), ("dw1", "x1"), ("dx1", "w1"))),
            *(row("local gradient forgotten", lambda v: v.ds, "× multiplies what comes by the "
                  "other factor.", output) for output in ("dw0", "dx0", "dw1", "dx1")),
            *(row("value for derivative", lambda v, made=made: v.ds * getattr(v, made), "That is "
                  "the product: the slope by one factor is the other.", output)
              for output, made in (("dw0", "p"), ("dx0", "p"), ("dw1", "q"), ("dx1", "q"))),
        ),
        hints=("Each line is what comes back to the gate's output, times the gate's slope.",
               "1/a: −1/a². + 1: 1. exp: its own output b. −s: −1.",
               "+ copies what comes to both inputs; × multiplies it by the other input."),
        why="Upstream × local, eight times: 1/a, exp and −s scale, + distributes, × switches.",
    ),
)
