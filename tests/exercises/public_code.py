"""Mistakes of the kinds that public code of students holds: the diagnosis, and the code.

As in `wrong_answers_1_to_4`, but with the code as it is written there: staged, by library habits,
with pieces of a neighbouring formula.
"""

SOFTMAX = "P = np.exp(Z - Z.max(1, keepdims=True))\nP /= P.sum(1, keepdims=True)\n"
ONEHOT = SOFTMAX + "T = np.eye(Z.shape[1])[labels]\n"
NORM = "mu = X.mean(0)\ns = np.sqrt(X.var(0) + eps)\nR = (X - mu) / s\n"
REST = ", (G * R).sum(0), G.sum(0)"
STAGED = """N = len(X)
mu = X.mean(0)
c = X - mu
ivar = 1 / np.sqrt((c**2).mean(0) + eps)
dR = G * gamma
dvar = (dR * c).sum(0) * -0.5 * ivar**{power}
dc = dR * ivar {sign} {two} * c * dvar / N
dX = dc - dc.{mean}
return dX, (G * c * ivar).sum(0), G.sum(0)"""
LAYER = ("m = X.mean(1{keep})\nv = X.var(1{keep})\ns = np.sqrt(v + eps)\nR = (X - m) / s\n"
         "return (G - G.mean(1{less}) - R * (G * R).mean(1{less})) / s")
KEEP = ", keepdims=True"


def staged(power=3, sign="+", two=2, mean="mean(0)"):
    return STAGED.format(power=power, sign=sign, two=two, mean=mean)


PUBLIC = {
    "softmax_backward": [
        ("lost path", "return P * (1 - P)"),
        ("lost path", "S = P.copy()\nreturn S - S**2"),
        ("P forgotten", "return P * (G - G.sum(1, keepdims=True))"),
        ("P forgotten", "return G - P * G.sum(1, keepdims=True)"),
        ("P forgotten", "return G - P * (G * P).sum(axis=1, keepdims=True)"),
        ("softmax twice", "S = np.exp(P) / np.exp(P).sum(1, keepdims=True)\n"
         "return S * (G - (G * S).sum(1, keepdims=True))"),
        ("softmax twice",
        "S = np.exp(P) / np.exp(P).sum(1, keepdims=True)\nreturn G * S * (1 - S)"),
        ("wrong axis", "p = P.reshape(-1, 1)\nJ = np.diagflat(p) - p @ p.T\n"
         "return (J @ G.reshape(-1, 1)).reshape(P.shape)"),
    ],
    "cross_entropy_backward": [
        ("whole columns", SOFTMAX + "P[:, labels] -= 1\nreturn P / len(Z)"),
        ("whole columns, sum for mean", SOFTMAX + "P[:, labels] -= 1\nreturn P"),
        ("label for one-hot", SOFTMAX + "return (P - labels[:, None]) / len(Z)"),
        ("label for one-hot, sum for mean", SOFTMAX + "return P - labels.reshape(-1, 1)"),
        ("label for one-hot", SOFTMAX + "return (P - labels) / len(Z)"),
        ("gradient by P", ONEHOT + "return -T / P / len(Z)"),
        ("gradient by P, sum for mean", ONEHOT + "return -T / P"),
        ("local gradient twice", ONEHOT + "return (P - T) * P * (1 - P) / len(Z)"),
        ("local gradient twice, sum for mean", ONEHOT + "return (P - T) * P * (1 - P)"),
        ("lost path", ONEHOT + "return (P * T - T) / len(Z)"),
        ("lost path, sum for mean", ONEHOT + "return P * T - T"),
        ("wrong axis", ONEHOT + "return (P - T) / Z.shape[1]"),
        ("1/N twice", ONEHOT + "return (P - T) / len(Z) / len(Z)"),
        ("= for −=", SOFTMAX + "P[np.arange(len(Z)), labels] = -1\nreturn P / len(Z)"),
        ("batch averaged", ONEHOT + "return np.mean(P - T, axis=0)"),
        ("wrong axis", "P = np.exp(Z) / np.exp(Z).sum(0)\n"
         "P[np.arange(len(Z)), labels] -= 1\nreturn P / len(Z)"),
        ("one sum for all rows", "P = np.exp(Z) / np.exp(Z).sum()\n"
         "P[np.arange(len(Z)), labels] -= 1\nreturn P / len(Z)"),
        ("label everywhere", SOFTMAX + "return (P - 1) / len(Z)"),
        ("sum for mean, sign", ONEHOT + "return T - P"),
        ("softmax twice", SOFTMAX + "P = np.exp(P) / np.exp(P).sum(1, keepdims=True)\n"
         "P[np.arange(len(Z)), labels] -= 1\nreturn P / len(Z)"),
        (None, ONEHOT + "return (P - T)**2 / len(Z)"),
    ],
    "batchnorm_backward": [
        ("sign of one term",
         NORM + "return gamma / s * (G - G.mean(0) + R * (G * R).mean(0))" + REST),
        ("factor ½ in one term", staged(two=1)), ("power of the root", staged(power=2)),
        ("wrong axis", "s = np.sqrt(X.var() + eps)\nR = (X - X.mean()) / s\n"
         "return gamma / s * (G - G.mean() - R * (G * R).mean())" + REST),
        ("1/N twice", NORM + "return gamma / s / len(X) * (G - G.mean(0) - R * (G * R).mean(0))"
         + REST),
        ("sign of one term", staged(sign="-")), ("sum for mean", staged(mean="sum(0)")),
        ("X for X̂", NORM + "c = X - mu\nreturn gamma / s * (G - G.mean(0) - c * (G * c).mean(0))"
         + REST),
        ("power of the root", NORM + "c = X - mu\n"
         "return gamma / s * (G - G.mean(0) - c * (G * R).mean(0))" + REST),
        ("γ left out of the means",
         NORM + "return (gamma * G - G.mean(0) - R * (G * R).mean(0)) / s" + REST),
        ("γ twice", NORM + "dR = gamma * G\nreturn gamma / s * (dR - dR.mean(0) - R * (dR * R)"
         ".mean(0))" + REST),
        ("Y for X̂", NORM + "return (gamma / s * (G - G.mean(0) - R * (G * R).mean(0)), "
         "(G * gamma * R).sum(0), G.sum(0))"),
        ("ε hard-coded", NORM.replace("eps", "1e-5")
         + "return gamma / s * (G - G.mean(0) - R * (G * R).mean(0))" + REST),
        ("ε hard-coded", NORM.replace("eps", "1e-8")
         + "return gamma / s * (G - G.mean(0) - R * (G * R).mean(0))" + REST),
        ("root for one over the root", NORM
         + "return gamma * s * (G - G.mean(0) - R * (G * R).mean(0))" + REST),
        ("another order", NORM + "return (gamma / s * (G - G.mean(0) - R * (G * R).mean(0)), "
         "G.sum(0), (G * R).sum(0))"),
        ("sum for mean", NORM
         + "return gamma / s / len(X) * (G - G.sum(0) - R * (G * R).sum(0))" + REST),
        ("factor N", NORM
         + "return gamma / s * (len(X) * G - G.sum(0) - R * (G * R).sum(0))" + REST),
        ("formula of RMS norm", "r = np.sqrt((X**2).mean(0) + eps)\nQ = X / r\n" + NORM
         + "return gamma / r * (G - Q * (G * Q).mean(0))" + REST),
    ],
    "rms_backward": [
        ("formula of batch norm", "s = np.sqrt(X.var(0) + eps)\nR = (X - X.mean(0)) / s\n"
         "return (G - G.mean(0) - R * (G * R).mean(0)) / s"),
        ("X for X̂",
        "r = np.sqrt((X**2).mean(0) + eps)\nreturn G / r - X * (G * X).mean(0) / r**2"),
        ("power of the root",
         "r = np.sqrt((X**2).mean(0) + eps)\nreturn G / r - X * (G * X).mean(0) / r**4"),
        ("ε hard-coded", "r = np.sqrt((X**2).mean(0) + 1e-6)\nR = X / r\n"
         "return (G - R * (G * R).mean(0)) / r"),
        ("root for one over the root", "r = np.sqrt((X**2).mean(0) + eps)\nR = X / r\n"
         "return (G - R * (G * R).mean(0)) * r"),
        ("factor ½ in one term", "r = np.sqrt((X**2).mean(0) + eps)\nR = X / r\n"
         "return (G - R * (G * R).mean(0) / 2) / r"),
    ],
    "layernorm_backward": [
        ("keepdims forgotten", LAYER.format(keep="", less="")),
        ("keepdims forgotten", LAYER.format(keep=KEEP, less="")),
        ("N for H", "N = len(X)\nm = X.sum(1, keepdims=True) / N\n"
         "v = ((X - m)**2).sum(1, keepdims=True) / N\ns = np.sqrt(v + eps)\nR = (X - m) / s\n"
         "return (G - G.sum(1, keepdims=True) / N - R * (G * R).sum(1, keepdims=True) / N) / s"),
        ("wrong axis", "N = len(X)\ns = np.sqrt(X.var(1, keepdims=True) + eps)\n"
         "R = (X - X.mean(1, keepdims=True)) / s\n"
         "return (G - G.sum(1, keepdims=True) / N - R * (G * R).sum(1, keepdims=True) / N) / s"),
        ("sign of one term", LAYER.format(keep=KEEP, less=KEEP).replace("- R", "+ R")),
        ("root for one over the root", LAYER.format(keep=KEEP, less=KEEP).replace(") / s\nr",
        ") / s\nr")
         .replace(")) / s", ")) * s")),
        ("power of the root", LAYER.format(keep=KEEP, less=KEEP).replace(")) / s", ")) / s")
         .replace("R = (X - m) / s", "R = (X - m) / s**2")),
    ],
    "eval_backward": [
        ("another order", "s = np.sqrt(var + eps)\n"
         "return G * gamma / s, G.sum(0), (G * (X - mean) / s).sum(0)"),
        ("Y for X̂", "s = np.sqrt(var + eps)\nreturn G * gamma / s, "
         "(G * gamma * (X - mean) / s).sum(0), G.sum(0)"),
        ("root for one over the root", "s = np.sqrt(var + eps)\nreturn G * gamma / s, "
         "(G * (X - mean) * s).sum(0), G.sum(0)"),
        ("ε hard-coded", "s = np.sqrt(var + 1e-5)\n"
         "return G * gamma / s, (G * (X - mean) / np.sqrt(var + eps)).sum(0), G.sum(0)"),
    ],
    "affine_backward": [
        ("another order", "return X.T @ G, G @ W.T, G.sum(0)"),
        ("another order", "return X.T @ G, G.sum(0), G @ W.T"),
        ("db from dW", "dW = X.T @ G\nreturn G @ W.T, dW, dW.sum(0)"),
        ("mean for sum", "return G @ W.T / len(X), X.T @ G, G.sum(0)"),
    ],
    "dense_backward": [
        ("mask on the wrong side", "return (G @ W.T) * (X > 0), X.T @ G, G.sum(0)"),
        ("mask on the wrong side",
         "g = G * (X @ W + b > 0)\nreturn (G @ W.T) * (X > 0), X.T @ g, g.sum(0)"),
        ("another order", "g = G * (X @ W + b > 0)\nreturn X.T @ g, g.sum(0), g @ W.T"),
        ("db from dW", "g = G * (X @ W + b > 0)\ndW = X.T @ g\nreturn g @ W.T, dW, dW.sum(0)"),
        ("bias forgotten", "g = G * (X @ W > 0)\nreturn g @ W.T, X.T @ g, g.sum(0)"),
        ("mask from the wrong array", "g = G * (X @ W + b > 0)\ndX = G @ W.T\ndX[dX < 0] = 0\n"
         "return dX, X.T @ g, g.sum(0)"),
        ("mean for sum",
         "g = G * (X @ W + b > 0)\nreturn g @ W.T, X.T @ g / len(X), g.sum(0) / len(X)"),
    ],
    "elu_backward": [
        ("one case", "return G * alpha * np.exp(X)"),
        ("sign in the exponent", "return G * np.where(X > 0, 1, alpha * np.exp(-X))"),
    ],
    "norm_from_output": [
        ("brackets", "R = Y - beta / gamma\n"
         "return gamma / s * (G - G.mean(0) - R * (G * R).mean(0))"),
        ("root for one over the root", "R = (Y - beta) / gamma\n"
         "return gamma * s * (G - G.mean(0) - R * (G * R).mean(0))"),
    ],
    "softplus_stable": [
        ("overflow", "return x + np.log1p(np.exp(-x))"),
        ("overflow", "return x + np.log(1 + np.exp(-x))"),
        ("overflow", "return np.log1p(np.exp(np.clip(x, -500, 500)))"),
    ],
    "relu_cost": [
        ("larger unit", "((32 * 512)**2, 2, 32 * 512)"),
        ("larger unit", "((32 * 512)**2, 2.147, 32 * 512)"),
        ("larger unit", "((32 * 512)**2, 8 * (32 * 512)**2 / 1e9, 32 * 512)"),
        ("larger unit", "((32 * 512)**2, 2048, 32 * 512)"),
        ("larger unit", "((32 * 512)**2, 2147.48, 32 * 512)"),
        ("another order", "(8 * (32 * 512)**2, (32 * 512)**2, 32 * 512)"),
    ],
    "jacobian_shapes": [("another order", "(2, 3), (3, 4), (2, 4)")],
    "sigmoid_backward": [
        ("slope at the wrong place", "s = 1 / (1 + np.exp(-Y))\nreturn G * s * (1 - s)"),
        ("slope at the wrong place", "return G / (1 + np.exp(-Y))"),
        ("square", "return G * Y * (1 - Y**2)"),
    ],
    "decayed_step": [
        ("W forgotten", "return W - rate * (dW + decay)"),
        ("W forgotten", "return W - rate * (dW + decay * np.sign(W))"),
        ("product for sum", "return W - rate * (dW + decay * dW)"),
        ("penalty alone", "return (1 - rate * decay) * W"),
    ],
}
