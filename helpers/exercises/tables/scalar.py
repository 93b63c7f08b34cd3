"""Exercises of notebook 02: scalar backprop."""

import numpy as np

from ...calculus.graph.graph import Graph
from ...calculus.jacobian import contract
from ...calculus.operations import OPERATIONS
from ..exercise import Truth, full, function, predict
from .activations import sigma


def loss(name):
    """A gradient of (w·x + b − t)² at the numbers of the task."""
    return Graph("(w*x + b - t)**2", w=2, x=-1, b=-3, t=1.5).gradient(name)


def neuron(w, x):
    """The full Jacobian of y = σ(wᵀx) by w, through the Jacobians of its two nodes."""
    affine, squash = OPERATIONS["affine_vector"], OPERATIONS["sigmoid"]
    c = affine(w[None], x, np.zeros(1))
    slope = contract(np.ones(1), squash.jacobian(c))
    return contract(slope, affine.jacobian(w[None], x, np.zeros(1), wrt="W"))[0]


def chosen(x, y):
    """∂max(x, y)/∂x entry by entry, as a full Jacobian."""
    J = np.zeros(x.shape * 2)
    for place in np.ndindex(x.shape):
        J[place + place] = x[place] > y[place]
    return J


def routed(first):
    """The `Truth` for one input of the max gate."""
    def jacobian(G, x, y):
        return chosen(x, y) if first else chosen(y, x)

    return Truth(lambda G, x, y: contract(G, jacobian(G, x, y)), jacobian,
                 ("m", "x" if first else "y"))


ROWS = (
    predict(
        "gate_gradients",
        "L = (w·x + b − t)² at w = 2, x = −1, b = −3, t = 1.5. Give dL/dw and dL/db from your "
        "head: two gates do all the work.",
        truth={"dw": lambda: loss("w"), "db": lambda: loss("b")}, answer="13, -13",
        mistakes=(
            ("switch forgotten", -26, "The × gate switches: w gets the value of x.", "dw"),
            ("sign", -13, "The × gate multiplies by x, which is −1.", "dw"),
            ("lost factor", -6.5,
             "Two local gradients meet: that of the square and that of ×.", "dw"),
            ("value for derivative", 42.25, "That is L: go backwards from it.", "dw"),
            ("value for derivative", 42.25, "That is L: go backwards from it.", "db"),
            ("value for derivative", -42.25, "That is no slope: differentiate the square.", "dw"),
            ("switch forgotten", 13, "b meets no × gate: + passes the gradient on as it is.", "db"),
            ("local gradient forgotten", 1, "Start from 1 and multiply by each local gradient.",
             "db"),
        ),
        hints=("Forward first: what is inside the square?",
               "−6.5. So the square has the local gradient 2·(−6.5) = −13.",
               "− and + pass −13 on; × gives w the value of x as a factor."),
        why="w·x + b − t = −6.5. The square scales by 2·(−6.5) = −13; − and + pass it on; × "
            "switches: dw = −13·x = 13, db = −13.",
    ),
    predict(
        "reuse_gradient",
        "In x·y + x·z + x the variable x has three paths. What is the gradient of the whole by x "
        "at x = 3, y = 7, z = 5?",
        truth={"dx": lambda: Graph("x*y + x*z + x", x=3, y=7, z=5).gradient("x")},
        answer="7 + 5 + 1",
        mistakes=(
            ("lost path", 12, "There is a third path: x itself."),
            ("= for +=", 7), ("= for +=", 5), ("= for +=", 1),
            ("product of paths", 35, "Along a path gradients are multiplied, paths are added."),
            ("value for derivative", 39, "That is the value of the expression."),
            ("mean for sum", 13 / 3),
        ),
        hints=("Go along each path alone: what does it send back to x?",
               "The first sends y, the second z.", "The third sends 1. Paths that meet add."),
        why="Three paths meet in x, and gradients add: y + z + 1 = 13.",
    ),
    function(
        "tanh_slope", "derive", "y", "return 1 - y**2",
        "tanh(a) = (eᵃ − e⁻ᵃ)/(eᵃ + e⁻ᵃ). Its local gradient needs nothing but the output y. "
        "Write it.",
        axes="n h", prepare=lambda random, y: (np.tanh(y),),
        truth={"slope": full("tanh", "X", lambda y: (np.ones_like(y), np.arctanh(y)))},
        mistakes=(
            ("slope of σ", lambda y: y * (1 - y), "y(1 − y) belongs to the sigmoid."),
            ("slope at the wrong place", lambda y: 1 - np.tanh(y)**2,
             "y is tanh(a) already: do not apply tanh again."),
            ("lost square", lambda y: 1 - y, "The quotient rule makes squares of s and d."),
            ("sign of one term", lambda y: 1 + y**2,
             "Look at the sign between the two squares of the quotient rule."),
            ("square", lambda y: (1 - y)**2, "The square is taken of y alone."),
            ("square", lambda y: 1 - y**4, "y is squared once."),
            ("factor in one term", lambda y: 1 - 2 * y, "y² is a square, not its slope."),
            ("upstream", lambda y: y * (1 - y**2), "The slope alone is asked for."),
            ("inverse slope", lambda y: 1 / (1 - y**2), "That is the slope of arctanh."),
            ("half done", lambda y: np.sqrt(1 - y**2), "No root is taken: that is sin for cos."),
            ("value for derivative", lambda y: y),
        ),
        hints=("Use the quotient rule with s = eᵃ + e⁻ᵃ and d = eᵃ − e⁻ᵃ.",
               "The derivative of d is s, and that of s is d.", "(s² − d²)/s², and y = d/s."),
        why=r"$\dfrac{s\cdot s - d\cdot d}{s^2} = 1 - y^2$ with $s=e^a+e^{-a}$, $d=e^a-e^{-a}$.",
    ),
    function(
        "neuron_backward", "derive", "w, x",
        "y = 1 / (1 + np.exp(-(w @ x)))\nreturn y * (1 - y) * x",
        "y = σ(wᵀx) for two vectors. Write ∇_w y. (One of our sources has a sign wrong.)",
        axes="m, m", truth={"dw": neuron},
        mistakes=(
            ("sign", lambda w, x: -sigma(w @ x) * (1 - sigma(w @ x)) * x,
             "Two minus signs cancel: that of −wᵀx and that of −1/a²."),
            ("gradient by x", lambda w, x: sigma(w @ x) * (1 - sigma(w @ x)) * w,
             "The × gates switch: w gets its partner."),
            ("inner derivative", lambda w, x: sigma(w @ x) * (1 - sigma(w @ x)),
             "wᵀx depends on w: multiply by that derivative, too."),
            ("slope at the wrong place", lambda w, x: sigma(sigma(w @ x))
             * (1 - sigma(sigma(w @ x))) * x, "σ is applied twice."),
            ("slope at the wrong place", lambda w, x: (w @ x) * (1 - w @ x) * x,
             "That formula takes the output of σ, not wᵀx."),
            ("slope of tanh", lambda w, x: (1 - sigma(w @ x)**2) * x, "1 − y² belongs to tanh."),
            ("both inputs at once", lambda w, x: sigma(w @ x) * (1 - sigma(w @ x)) * w * x,
             "The gradient by w holds the slope and its partner, not w."),
            ("summed", lambda w, x: sigma(w @ x) * (1 - sigma(w @ x)) * x.sum(),
             "Every weight has a gradient of its own."),
            ("value for derivative", lambda w, x: sigma(w @ x) * x, "The slope of σ is σ(1 − σ)."),
            ("lost square", lambda w, x: (1 - sigma(w @ x)) * x,
             "e⁻ᶜ/(1 + e⁻ᶜ) is 1 − σ: the derivative of 1/a is −1/a²."),
            ("local gradient forgotten", lambda w, x: x, "Multiply by the slope of σ."),
            ("sum forgotten", lambda w, x: sigma(w * x) * (1 - sigma(w * x)) * x,
             "wᵀx is one number, w @ x: σ is applied after the sum."),
        ),
        hints=("Fuse the graph: c = wᵀx, then y = σ(c).", "dy/dc = y(1 − y), one number.",
               "∇_w c = x."),
        why=r"$\nabla_w y = \sigma(c)(1-\sigma(c))\,x = +\dfrac{e^{-c}}{(1+e^{-c})^2}\,x$ with "
            r"$c = w^\top x$.",
    ),
    function(
        "multiply_gate", "code", "G, x, y", "return G * y, G * x",
        "m = x·y, entry by entry. Return dL/dx and dL/dy from the upstream gradient `G` of m.",
        axes="n h, n h, n h",
        truth={"dx": full("hadamard", "A", lambda G, x, y: (G, x, y)),
               "dy": full("hadamard", "B", lambda G, x, y: (G, x, y))},
        mistakes=(
            ("switch forgotten", lambda G, x, y: G * x, "× switches: x gets y.", "dx"),
            ("switch forgotten", lambda G, x, y: G * y, "× switches: y gets x.", "dy"),
            ("value for derivative", lambda G, x, y: G * x * y,
             "That is the product: its slope by x has no x in it."),
            ("both inputs at once", lambda G, x, y: G * (x + y),
             "Each input has a gradient of its own."),
            ("quotient", lambda G, x, y: G / x, "Multiply by the other input, do not divide.",
             "dx"),
            ("quotient", lambda G, x, y: G / y, "Multiply by the other input, do not divide.",
             "dy"),
            ("local gradient twice", lambda G, x, y: G * y**2, "One gate, one factor.", "dx"),
            ("local gradient twice", lambda G, x, y: G * x**2, "One gate, one factor.", "dy"),
            ("add gate", lambda G, x, y: G, "+ passes G on as it is, × multiplies by the other."),
        ),
        hints=("What is ∂(xy)/∂x when y stands still?", "y. Times the upstream gradient.",
               "And y gets G times x: the gate switches."),
        why=r"$\dfrac{dL}{dx} = G\cdot\dfrac{\partial(xy)}{\partial x} = G\,y$ and "
            r"$\dfrac{dL}{dy} = G\,x$.",
    ),
    function(
        "max_gate", "code", "G, x, y", "return G * (x > y), G * (y > x)",
        "m = max(x, y), entry by entry (no two are equal). Return dL/dx and dL/dy from the "
        "upstream gradient `G` of m.",
        axes="n h, n h, n h", truth={"dx": routed(True), "dy": routed(False)},
        mistakes=(
            ("branches swapped", lambda G, x, y: G * (x < y), "The larger input gets G.", "dx"),
            ("branches swapped", lambda G, x, y: G * (x > y), "The larger input gets G.", "dy"),
            ("mask from the wrong array", lambda G, x, y: G * (x > 0), "Compare x with y.", "dx"),
            ("mask from the wrong array", lambda G, x, y: G * (y > 0), "Compare x with y.", "dy"),
            ("mask from the wrong array", lambda G, x, y: G * (G > 0), "Compare x with y."),
            ("add gate", lambda G, x, y: G, "max routes: only the larger input gets G."),
            ("value for derivative", lambda G, x, y: G * np.maximum(x, y),
             "The slope is 1 for the larger input."),
            ("min for max", lambda G, x, y: G * np.minimum(x, y), "The slope is 1 for the larger "
             "input."),
            ("value for derivative", lambda G, x, y: G * x * (x > y), "The slope of the larger "
             "input is 1.", "dx"),
            ("value for derivative", lambda G, x, y: G * y * (y > x), "The slope of the larger "
             "input is 1.", "dy"),
            ("mask of signs", lambda G, x, y: G * np.sign(x - y), "The smaller input gets 0.",
             "dx"),
            ("mask of signs", lambda G, x, y: G * np.sign(y - x), "The smaller input gets 0.",
             "dy"),
            ("shared", lambda G, x, y: G / 2, "max does not share: the larger input gets all."),
        ),
        hints=("Nudge the smaller of the two: does m move?", "The larger gets G, the other 0.",
               "`x > y` is the mask."),
        why=r"$\dfrac{\partial\max(x,y)}{\partial x} = \mathbb{1}(x>y)$: max routes.",
    ),
)
