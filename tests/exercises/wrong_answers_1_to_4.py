"""Wrong answers from real confusions, exercise by exercise: the diagnosis and the student's code.

The code is the body of the function, or the value of a prediction; None stands for no diagnosis.
Notebooks 01 to 04.
"""

SIGMOID = "y = 1 / (1 + np.exp(-w @ x))\n"
TANH = "h = np.tanh(W @ x)\ns = 1 - h * h\n"
POLAR = "c, s = np.cos(a), np.sin(a)\nreturn np.array([[{}, {}], [{}, {}]])"
NEURON = {"da": "-dy / a**2", "db": "da", "dc": "db * b", "ds": "-dc", "dt": "ds", "dw2": "ds",
          "dp": "dt", "dq": "dt", "dw0": "dp * x0", "dx0": "dp * w0", "dw1": "dq * x1",
          "dx1": "dq * w1"}


def neuron(**wrong):
    """The neuron's backward pass with these lines in the place of the right ones."""
    back = [f"{name} = {text}" for name, text in {**NEURON, **wrong}.items()]
    return "\n".join([*back, f"return {', '.join(NEURON)}"])


FIRST = {
    # 01
    "saturated_share": [
        ("counting", "3"), ("percent", "37.5"), ("counting", "0.625"), ("one tail", "0.25"),
        ("one tail", "0.125"), ("counting", "0.5"), ("rounding", "0.38"), (None, "0.9"),
    ],
    "relu_at_zero": [
        ("choice ignored", "return np.where(X > 0, 1, 0)"),
        ("choice ignored", "return np.where(X >= 0, 1, 0)"),
        ("choice ignored", "return (np.sign(X) + 1) / 2"),
        ("negative side", "return np.where(X > 0, 1, at_zero)"),
        ("negative side", "S = np.sign(X)\nS[X == 0] = at_zero\nreturn S"),
        ("value for derivative", "return np.where(X == 0, at_zero, X * (X > 0))"),
        ("negative side", "return (X > 0) * 1.0 + at_zero"),
    ],
    "stack_numbers": [
        ("biases forgotten", "(784 * 256 + 256 * 64 + 64 * 10, 785 * 10)"),
        ("biases forgotten", "(218058, 7840)"), ("counting", "(1114, 7850)"),
        ("counting", "(330, 7850)"), ("counting", "(200960, 7850)"),
        ("last layer alone", "(218058, 650)"), ("first layer alone", "(218058, 200960)"),
        (None, "(218058, 7851)"),
    ],
    "what_survives": [
        ("sign", "0.3"), ("weight forgotten", "0.15"), ("value for derivative", "1.2"),
        ("value for derivative", "-0.6"), ("slope of the ReLU", "0"), ("wrong side", "-3"),
        ("slope at 0 of tanh", "-1.2"), ("local gradient squared", "-0.075"), (None, "-0.31"),
    ],
    "signed_loss_slope": [
        ("inner derivative", "e = np.exp(-y * z)\nreturn -e / (1 + e)"),
        ("sign", "return y / (1 + np.exp(y * z))"),
        ("labels 0 and 1", "return 1 / (1 + np.exp(-z)) - y"),
        ("wrong side", "return -y / (1 + np.exp(-y * z))"),
        ("value for derivative", "return np.log(1 + np.exp(-y * z))"),
        ("lost factor", "return 1 / (1 + np.exp(-y * z))"),
        ("lost factor", "return -y * np.exp(-y * z)"),
        ("label forgotten", "return 1 / (1 + np.exp(-z)) - 1"),
        ("rounding", "return (-y / (1 + np.exp(y * z))).round(3)"),
    ],
    "relu6_backward": [
        ("one border", "return G * (X > 0)"), ("one border", "return np.where(X > 6, 0, G)"),
        ("upstream forgotten", "return (X > 0) * (X < 6)"),
        ("value for derivative", "return G * np.minimum(np.maximum(X, 0), 6)"),
        ("borders swapped", "return np.where((X > 0) & (X < 6), 0, G)"),
        ("mask from the wrong array", "return np.minimum(np.maximum(0, G), 6)"),
        ("mask from the wrong array", "return G * (G > 0) * (G < 6)"),
        ("factor 2", "return 2 * G * ((X > 0) & (X < 6))"), (None, "return G * (abs(X) < 6)"),
    ],
    "silent_units": [
        ("any for all", "return np.any(Z <= 0, axis=0)"), ("wrong axis", "return Z.max(1) <= 0"),
        ("wrong side", "return np.all(Z > 0, axis=0)"), ("alive for silent", "return Z.max(0) > 0"),
        ("share", "return (Z <= 0).mean(0)"), ("count", "return (Z <= 0).sum(0)"),
        ("border", "return Z.max(0) < 0"), ("mean for all", "return Z.mean(0) <= 0"),
        ("not summed", "return Z <= 0"),
    ],
    # 02
    "gate_gradients": [
        ("sign", "(-13, 13)"), ("switch forgotten", "(-26, -13)"), ("lost factor", "(-6.5, -13)"),
        ("value for derivative", "(42.25, -13)"), ("switch forgotten", "(13, 13)"),
        ("factor ½", "(13, -6.5)"), ("local gradient forgotten", "(13, 1)"),
        ("factor ½", "(6.5, -13)"), (None, "(14, -13)"),
    ],
    "reuse_gradient": [
        ("lost path", "12"), ("= for +=", "7"), ("= for +=", "1"), ("product of paths", "35"),
        ("value for derivative", "39"), ("factor 2", "26"), ("sign", "-13"), (None, "11"),
    ],
    "pass_counts": [
        ("forward for backward", "(500, 3)"), ("forward for backward", "(500, 500)"),
        ("forward for backward", "(3, 3)"), ("one for all", "(1, 500)"), ("one for all", "(3, 1)"),
        ("counting", "(1500, 500)"), ("counting", "(3, 1500)"), (None, "(4, 500)"),
    ],
    "divide_gate": [
        ("multiply gate", "return G * y, G * x"), ("multiply gate", "return G / y, G * x"),
        ("lost factor", "return G / y, -G / y**2"), ("lost square", "return G / y, -G * x / y"),
        ("value for derivative", "return G * x / y, -G * x / y**2"),
        ("value for derivative", "return G / y, G * x / y"),
        ("branches swapped", "return G / x, -G * x / y**2"),
        ("wrong variable squared", "return G / y, -G * y / x**2"),
        ("sign", "return G / y, G * x / y**2"), ("upstream forgotten", "return 1 / y, -x / y**2"),
        ("another order", "return -G * x / y**2, G / y"),
    ],
    "neuron_loss": [
        ("loss forgotten", SIGMOID + "return y * (1 - y) * x"),
        ("sign", SIGMOID + "return 2 * (t - y) * y * (1 - y) * x"),
        ("factor ½", SIGMOID + "return (y - t) * y * (1 - y) * x"),
        ("unit forgotten", SIGMOID + "return 2 * (y - t) * x"),
        ("gradient by x", SIGMOID + "return 2 * (y - t) * y * (1 - y) * w"),
        ("inner derivative", SIGMOID + "return 2 * (y - t) * y * (1 - y)"),
        ("value for derivative", SIGMOID + "return (y - t)**2 * y * (1 - y) * x"),
        ("lost square", SIGMOID + "return 2 * (y - t) * (1 - y) * x"),
        ("slope at the wrong place", SIGMOID + "c = w @ x\nreturn 2 * (y - t) * c * (1 - c) * x"),
        ("slope of tanh", SIGMOID + "return 2 * (y - t) * (1 - y * y) * x"),
    ],
    "abs_gate": [
        ("subtract gate", "return G, -G"), ("max gate", "return G * (x > y), G * (y > x)"),
        ("second sign forgotten", "s = np.sign(x - y)\nreturn G * s, G * s"),
        ("sign of the input", "return G * np.sign(x), G * np.sign(y)"),
        ("value for derivative", "m = abs(x - y)\nreturn G * m, G * m"),
        ("value for derivative", "return G * (x - y), G * (y - x)"),
        ("sign", "return G * np.sign(y - x), G * np.sign(y - x)"),
        ("another order", "return G * np.sign(y - x), G * np.sign(x - y)"),
        ("upstream forgotten", "return np.sign(x - y), np.sign(y - x)"),
    ],
    "two_paths": [
        ("lost path", "return G * np.exp(x)"), ("lost path", "return G * x * np.exp(x)"),
        ("product of paths", "return G * x * np.exp(2 * x)"),
        ("switch forgotten", "return G * x + G * x * np.exp(x)"),
        ("local gradient forgotten", "return G * np.exp(x) + G * x"),
        ("upstream in one term", "e = np.exp(x)\nreturn G * e + x * e"),
        ("derivative of a power", "return G * x * np.exp(x - 1)"),
        ("sign of one term", "return G * np.exp(x) - G * x * np.exp(x)"),
        ("upstream forgotten", "return (1 + x) * np.exp(x)"),
    ],
    "neuron_pass": [
        ("value for derivative", neuron(da="dy / a")), ("lost square", neuron(da="-dy / a")),
        ("sign", neuron(da="dy / a**2")), ("value for derivative", neuron(db="da * a")),
        ("upstream forgotten", neuron(db="1.0")), ("local gradient forgotten", neuron(dc="db")),
        ("slope at the wrong place", neuron(dc="db * np.log(b)")),
        ("slope at the wrong place", neuron(dc="db * np.exp(b)")),
        ("upstream forgotten", neuron(dc="b")), ("sign", neuron(ds="dc")),
        ("upstream forgotten", neuron(ds="-1.0")), ("shared", neuron(dt="ds / 2", dw2="ds / 2")),
        ("upstream forgotten", neuron(da="-1 / a**2")),
        ("local gradient forgotten", neuron(da="dy")), ("sign", neuron(da="1 / a**2")),
        ("multiply gate", neuron(dp="dt * w1 * x1")),
        ("shared", neuron(dp="dt / 2", dq="dt / 2")),
        ("switch forgotten", neuron(dw0="dp * w0", dx0="dp * x0")),
        ("local gradient forgotten", neuron(dw0="dp", dx0="dp")),
        ("value for derivative", neuron(dw1="dq * w1 * x1")),
        ("upstream forgotten", neuron(dx1="w1")),
        ("a number for a formula", neuron(da="-0.5344")), (None, neuron(dx1="dq * w0")),
    ],
    # 03
    "jacobian_shapes": [
        ("denominator layout", "(4, 3), (2, 3), (2, 4)"),
        ("denominator layout", "(3, 4), (3, 2), (2, 4)"),
        ("denominator layout", "(3, 4), (2, 3), (4, 2)"),
        ("counting", "(4, 4), (2, 3), (2, 4)"), ("not contracted", "(3, 4), (2, 3), (2, 3, 4)"),
        ("middle axis", "(3, 4), (2, 3), (2, 3)"), ("middle axis", "(3, 4), (2, 3), (3, 4)"),
        (None, "12, 6, 8"),
    ],
    "predicted_change": [
        ("sign of one term", "(0, -0.6, -0.1)"), ("sign of one term", "(0, 0.6, 0.3)"),
        ("one input", "(0.2, 0, 0.1)"), ("one input", "[0.2, -0.6, -0.2]"),
        ("not summed", "(0.1, 0.3, 0.2)"), ("columns for rows", "(0, 0.3, -0.4)"),
        ("sign", "(-0.4, 0.6, 0.1)"), (None, "(0.4, -0.6, -0.2)"),
    ],
    "polar_jacobian": [
        ("denominator layout", POLAR.format("c", "s", "-r * s", "r * c")),
        ("lost factor", POLAR.format("c", "-s", "s", "c")),
        ("sign of one term", POLAR.format("c", "r * s", "s", "r * c")),
        ("sign of one term", POLAR.format("c", "r * s", "s", "-r * c")),
        ("columns swapped", POLAR.format("-r * s", "c", "r * c", "s")),
        ("value for derivative", POLAR.format("r * c", "r * c", "r * s", "r * s")),
        ("r in both columns", POLAR.format("r * c", "-r * s", "r * s", "r * c")),
    ],
    "quadratic_gradient": [
        ("A is not symmetric", "return 2 * A @ x"), ("A is not symmetric", "return 2 * x @ A"),
        ("lost path", "return A @ x"), ("lost path", "return x @ A"),
        ("value for derivative", "return x @ A @ x"), ("sign of one term", "return A @ x - x @ A"),
        ("product", "return A.T @ (A @ x)"), ("diagonal", "return 2 * A.diagonal() * x"),
        ("factor ½", "return (A + A.T) @ x / 2"),
    ],
    "fit_gradient": [
        ("lost transpose", "return 2 * W @ (W @ x - t)"),
        ("half the way", "return 2 * (W @ x - t)"),
        ("value for derivative", "return (W @ x - t)**2 @ W"),
        ("t forgotten", "return 2 * W.T @ W @ x"),
        ("sign of one term", "return 2 * W.T @ (W @ x + t)"),
        ("factor ½", "return W.T @ (W @ x - t)"),
        ("mean for sum", "return 2 * W.T @ (W @ x - t) / t.size"),
        ("norm for its square", "d = W @ x - t\nreturn W.T @ d / np.sqrt(d @ d)"),
        ("gradient by W", "return 2 * np.outer(W @ x - t, x)"),
        ("sign", "return 2 * W.T @ (t - W @ x)"),
    ],
    "two_layers_back": [
        ("unit forgotten", "return g @ V @ W"),
        ("lost transpose", TANH + "return W @ (s * (V.T @ g))"),
        ("value for derivative", TANH + "return W.T @ (h * (V.T @ g))"),
        ("half the way", TANH + "return s * (V.T @ g)"),
        ("slope at the wrong place", TANH + "return W.T @ ((1 - np.tanh(h)**2) * (V.T @ g))"),
        ("slope of σ", TANH + "return W.T @ (h * (1 - h) * (V.T @ g))"),
        ("lost square", TANH + "return W.T @ ((1 - h) * (V.T @ g))"),
        ("local gradient forgotten", "return V.T @ g"),
        ("upstream forgotten", TANH + "return W.T @ (s * V.sum(0))"),
    ],
    # 04
    "sigmoid_entries": [
        ("counting", "(18, 306)"), ("counting", "(36, 18)"), ("batch forgotten", "(54, 306)"),
        ("counting", "(324, 18)"), ("counting", "(324, 90)"), ("counting", "(324, 324)"),
        ("counting", "(324, 162)"), (None, "(324, 305)"),
    ],
    "relu_cost": [
        ("counting", "(16384, 8 * 16384**2, 16384)"),
        ("counting", "(32 * 512**2, 8 * 16384**2, 16384)"),
        ("entries for bytes", "(16384**2, 16384**2, 16384)"),
        ("float32", "(16384**2, 4 * 16384**2, 16384)"),
        ("bits for bytes", "(16384**2, 64 * 16384**2, 16384)"),
        ("batch forgotten", "(16384**2, 8 * 16384**2, 512)"),
        ("bytes for entries", "(16384**2, 8 * 16384**2, 8 * 16384)"),
        (None, "(16384**2 + 1, 8 * 16384**2, 16384)"),
    ],
    "relu_backward": [
        ("mask from the wrong array", "return G * (G > 0)"),
        ("mask from the wrong array", "return np.where(X > 0, 0, G)"),
        ("mask from the wrong array", "return np.maximum(0, G)"),
        ("value for derivative", "return G * np.maximum(0, X)"),
        ("value for derivative", "return np.maximum(X, 0)"), ("mask forgotten", "return G"),
        ("upstream forgotten", "return np.where(X > 0, 1.0, 0.0)"),
        ("mask of signs", "return G * np.sign(X)"), ("sign", "return -G * (X > 0)"),
        ("lost transpose", "return (G * (X > 0)).T"),
        ("input overwritten", "G[X <= 0] = 0\nreturn G"),
        ("input overwritten", "X[:] = X > 0\nreturn G * X"),
        ("rounding", "return np.round(G * (X > 0), 2)"),
        ("mean for sum", "return G * (X > 0) / len(X)"),
    ],
    "sigmoid_backward": [
        ("upstream forgotten", "return Y - Y**2"), ("local gradient forgotten", "return G"),
        ("slope at the wrong place", "S = 1 / (1 + np.exp(-Y))\nreturn G * S * (1 - S)"),
        ("value for derivative", "return G * Y"), ("value for derivative", "return G * (1 - Y)"),
        ("slope of tanh", "return G * (1 - Y * Y)"), ("sign", "return G * Y * (Y - 1)"),
        ("mask for a slope", "return G * (Y > 0.5)"),
        ("rounding", "return (G * Y * (1 - Y)).astype(np.float16)"),
    ],
    "bias_backward": [
        ("batch not summed", "return G"), ("mean for sum", "return G.mean(axis=0)"),
        ("wrong axis", "return G.sum(axis=1)"), ("wrong axis", "return np.sum(G)"),
        ("(N,) against (N, 1)", "return np.sum(G, 0, keepdims=True)"),
        ("= for +=", "db = np.zeros(G.shape[1])\nfor row in G:\n    db = row\nreturn db"),
        ("batch not summed", "return G[0]"), ("sign", "return -G.sum(0)"),
        ("upstream forgotten", "return np.full(G.shape[1], len(G))"),
    ],
    "weight_outer": [
        ("order swapped", "return np.outer(x, g)"), ("inner product", "return np.dot(g, x)"),
        ("Hadamard product", "return g * x"),
        ("upstream forgotten", "return np.ones((len(g), 1)) * x"),
        ("(N,) against (N, 1)", "return np.kron(g, x)"), ("factor 2", "return 2 * np.outer(g, x)"),
        ("slice not contracted", "T = np.zeros((len(g), len(g), len(x)))\n"
         "for i in range(len(g)):\n    T[i, i] = g[i] * x\nreturn T"),
        ("filled with x", "return np.outer(np.full(len(g), g.sum()), x)"),
    ],
    "relu_layer": [
        ("factor ½", "c = W @ x + b\ng = (np.maximum(c, 0) - z) * (c > 0)\n"
         "return np.outer(g, x), W.T @ g, g"),
        ("mask forgotten", "c = W @ x + b\ng = 2 * (np.maximum(c, 0) - z)\n"
         "return np.outer(g, x), W.T @ g, g"),
        ("mask from the wrong array", "h = np.maximum(W @ x + b, 0)\ng = 2 * (h - z)\n"
         "g = g * (g > 0)\nreturn np.outer(g, x), W.T @ g, g"),
        ("lost transpose", "c = W @ x + b\ng = 2 * (np.maximum(c, 0) - z) * (c > 0)\n"
         "return np.outer(g, x), W @ g, g"),
        ("order swapped", "c = W @ x + b\ng = 2 * (np.maximum(c, 0) - z) * (c > 0)\n"
         "return np.outer(x, g), W.T @ g, g"),
        ("sign", "c = W @ x + b\ng = 2 * (z - np.maximum(c, 0)) * (c > 0)\n"
         "return np.outer(g, x), W.T @ g, g"),
        ("mask forgotten", "c = W @ x + b\nu = 2 * (np.maximum(c, 0) - z)\ng = u * (c > 0)\n"
         "return np.outer(g, x), W.T @ g, u"),
        ("lost transpose", "c = W @ x + b\ng = 2 * (np.maximum(c, 0) - z) * (c > 0)\n"
         "return np.outer(x, g), W @ g, g"),
    ],
}
