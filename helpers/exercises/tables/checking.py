"""Exercises of notebook 16: checking gradients."""

from functools import partial

import numpy as np

from ...calculus.jacobian import contract
from ..exercise import Truth, function, predict

NAMES = "1 sign, 2 factor ½, 3 factor N, 4 lost transpose, 5 mask forgotten, 6 = for +="


def bent(A, b, x):
    """Ax + (x·x) b: a bent map from a vector to a vector, for complex x, too."""
    return A @ x + (x @ x) * b


def curve(random, x, b):
    """A bent map, a place to look at, and a step."""
    A = random.standard_normal((len(b), len(x)))
    return partial(bent, A, b), x, random.uniform(0.1, 0.5)


def quotients(f, x, t, up=1.0, down=1.0):
    """The full Jacobian by difference quotients, axes of f first; steps t·up and t·down."""
    nudges = t * np.eye(len(x))
    return np.stack([(f(x + up * nudge) - f(x - down * nudge)) / ((up + down) * t)
                     for nudge in nudges], 1)


def apart(G, x, y):
    """The full Jacobian of |x − y| by x."""
    return np.eye(x.size).reshape(x.shape * 2) * (1.0 * (x > y) - 1.0 * (x < y))


def beside_the_corner(random, x):
    """Places nearer to 0 than the step t."""
    t = random.uniform(0.5, 1.5)
    return t * np.tanh(x), t


ROWS = (
    predict(
        "name_the_mistake",
        "A gradient should be [[0.3, −0.2], [0.6, 0]] (N = 3 examples were averaged in L). Three "
        "wrong backward passes give A = [[0.9, −0.6], [1.8, 0]], B = [[0.3, 0.6], [−0.2, 0]] and "
        "C = [[0.3, −0.2], [0.6, 0.7]]. Which mistake does each hold? Give three numbers: "
        f"{NAMES}.",
        truth={"A": lambda: 3, "B": lambda: 4, "C": lambda: 5}, answer="3, 4, 5",
        mistakes=(
            ("sign for size", 1, "No sign has changed in A.", "A"),
            ("half for three", 2, "Divide an entry of A by the right one.", "A"),
            ("places for size", 4, "Every entry of A stands in its place.", "A"),
            ("one factor for all", 6, "A lost path takes a part away; here every entry has the "
             "same factor.", "A"),
            ("size for places", 3, "B holds the right numbers: look where.", "B"),
            ("sign for places", 1, "B holds the right numbers: look where.", "B"),
            ("places for a mask", 4, "All of C stands in its place but one entry.", "C"),
            ("path for a mask", 6, "A lost path would take something away: in C an entry that "
             "should be 0 is not.", "C"),
            ("size for a mask", 3, "Three of the four entries of C are right.", "C"),
        ),
        hints=("Divide wrong by right, entry by entry.",
               "One factor everywhere is a factor; the right numbers elsewhere are a transpose.",
               "A number where a 0 belongs was not cut off."),
        why="A is 3 times the right gradient, and N = 3: the mean in L was forgotten. B is the "
            "right one turned over. In C only the 0 is wrong: a unit that was off let the "
            "gradient through.",
    ),
    function(
        "beside_a_kink", "derive", "x, t", "return (x + t) / (2 * t)",
        "What do central differences with step t say of the slope of max(0, x), for x nearer to "
        "the corner than t (−t < x < t)? Write it without max.",
        axes="n", prepare=beside_the_corner,
        truth={"slope": lambda x, t: (np.maximum(x + t, 0) - np.maximum(x - t, 0)) / (2 * t)},
        mistakes=(
            ("slope of the unit", lambda x, t: np.where(x > 0, 1, 0),
             "The two ends stand on different sides of the corner."),
            ("always a half", lambda x, t: np.full(x.shape, 0.5), "½ is right at x = 0 only."),
            ("factor 2", lambda x, t: (x + t) / t, "The two ends are 2t apart."),
            ("side swapped", lambda x, t: (t - x) / (2 * t),
             "The end that counts is the one above 0: x + t."),
            ("one end lost", lambda x, t: x / (2 * t), "max(0, x + t) is x + t."),
            ("both ends kept", lambda x, t: np.ones_like(x), "max(0, x − t) is 0 here."),
            ("forward difference", lambda x, t: (x + t - np.maximum(x, 0)) / t,
             "Central differences look on both sides."),
            ("not divided", lambda x, t: x + t, "A slope is a difference over a distance."),
        ),
        hints=("Where do x + t and x − t stand?", "max(0, x − t) = 0 and max(0, x + t) = x + t.",
               "Divide by 2t."),
        why=r"$\dfrac{\max(0,x+t)-\max(0,x-t)}{2t} = \dfrac{x+t}{2t}$: it runs from 0 to 1 as x "
            r"goes from −t to t. At x = 10⁻⁶ with t = 6·10⁻⁶ that is 7/12.",
    ),
    function(
        "abs_gate", "code", "G, x, y", "return G * np.sign(x - y), G * np.sign(y - x)",
        "m = |x − y|, entry by entry (no two are equal). Return dL/dx and dL/dy from the upstream "
        "gradient `G` of m.",
        axes="n h, n h, n h",
        truth={"dx": Truth(lambda *a: contract(a[0], apart(*a)), apart, ("m", "x")),
               "dy": Truth(lambda *a: contract(a[0], -apart(*a)), lambda *a: -apart(*a),
                           ("m", "y"))},
        mistakes=(
            ("subtract gate", lambda G, x, y: G, "That is x − y without the bars: where y is "
             "larger the slope turns round.", "dx"),
            ("subtract gate", lambda G, x, y: -G, "That is x − y without the bars: where y is "
             "larger the slope turns round.", "dy"),
            ("max gate", lambda G, x, y: G * (x > y), "The smaller input moves m as well, the "
             "other way.", "dx"),
            ("max gate", lambda G, x, y: G * (y > x), "The smaller input moves m as well, the "
             "other way.", "dy"),
            ("second sign forgotten", lambda G, x, y: np.sign(x - y) * G,
             "y is subtracted: what raises m by x lowers it by y.", "dy"),
            ("sign of the input", lambda G, x, y: np.sign(x) * G, "Ask for the sign of x − y, "
             "the number inside the bars.", "dx"),
            ("sign of the input", lambda G, x, y: np.sign(y) * G, "Ask for the sign of x − y, "
             "the number inside the bars.", "dy"),
            ("value for derivative", lambda G, x, y: G * np.abs(x - y), "The slope of |a| is 1 or "
             "−1."),
            ("value for derivative", lambda G, x, y: G * (x - y), "The slope of |a| is 1 or −1."),
            ("add gate", lambda G, x, y: G, "y is subtracted, and the bars turn the sign.", "dy"),
        ),
        hints=("Two gates: d = x − y, m = |d|.", "The slope of |d| is the sign of d.",
               "− passes it on to x as it is, to y with the other sign."),
        why=r"$m=|d|$ with $d=x-y$: $\dfrac{\partial m}{\partial d}=\operatorname{sign}(d)$, and "
            r"$\dfrac{\partial d}{\partial x}=1$, $\dfrac{\partial d}{\partial y}=-1$.",
    ),
    function(
        "measured_jacobian", "code", "f, x, t",
        "nudges = t * np.eye(len(x))\n"
        "return np.stack([(f(x + e) - f(x - e)) / (2 * t) for e in nudges], -1)",
        "Measure a full Jacobian by central differences with step t: f takes a vector and gives a "
        "vector. Axes of f first, then that of x.",
        axes="m, k", prepare=curve, truth={"J": quotients},
        mistakes=(
            ("lost transpose", lambda f, x, t: quotients(f, x, t).T,
             "One nudge gives a column: stack along the last axis."),
            ("one side", lambda f, x, t: quotients(f, x, t, 1, 0),
             "Nudge down as well: the terms of order t then cancel."),
            ("one side", lambda f, x, t: quotients(f, x, t, 0, 1),
             "Nudge up as well: the terms of order t then cancel."),
            ("factor 2", lambda f, x, t: 2 * quotients(f, x, t), "The two ends are 2t apart."),
            ("all at once", lambda f, x, t: (f(x + t) - f(x - t)) / (2 * t),
             "Nudge one input at a time, or you cannot tell them apart."),
            ("not divided", lambda f, x, t: 2 * t * quotients(f, x, t),
             "A slope is a difference over a distance."),
            ("distance multiplied", lambda f, x, t: 2 * t * t * quotients(f, x, t),
             "A slope is a difference over a distance: write brackets, / (2 * t)."),
            ("distance multiplied", lambda f, x, t: t * t * quotients(f, x, t),
             "A slope is a difference over a distance: write brackets, / (2 * t)."),
            ("gradient of the sum", lambda f, x, t: quotients(f, x, t).sum(0),
             "Keep all outputs apart: one column for each input."),
        ),
        hints=("One input moves, all outputs answer: that is one column.",
               "t * np.eye(len(x)) holds the nudges, one in each row.",
               "np.stack([(f(x + e) - f(x - e)) / (2 * t) for e in nudges], -1)."),
        why="Column i of the Jacobian is what a nudge of x[i] does to all outputs. Central "
            "differences leave out terms of order t²; this f has none of higher order, so any t "
            "is exact but for rounding.",
    ),
)
