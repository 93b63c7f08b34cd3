"""What the nodes of batch normalization's graph are called, and where they stand."""

SYMBOLS = {"mu": "μ", "gamma": "γ", "beta": "β", "Xhat": "X̂"}
OPS = {"X": "batch", "mu": "mean", "C": "centre", "Q": "square", "v": "variance",
       "s": "√(v + ε)", "r": "1 / s", "Xhat": "C · r", "gamma": "learned", "Z": "scale",
       "beta": "learned", "Y": "shift"}
# Column and lane of every node: one number for each feature in lane 0, arrays (N, H) in lane 1.
PLACES = {"X": (0, 1), "mu": (0.55, 0), "C": (1.1, 1), "Q": (1.65, 0), "v": (2.65, 0),
          "s": (3.65, 0), "r": (4.65, 0), "Xhat": (5.2, 1), "gamma": (6.2, 0), "Z": (6.2, 1),
          "beta": (7.2, 0), "Y": (7.2, 1)}
