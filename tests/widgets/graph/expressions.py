"""Random expressions for tests of the graph: every kind of gate, variables used again and again."""

import numpy as np

NAMES = ("x", "y", "z", "w")
ONE = ("exp({})", "log(1 + exp({}))", "tanh({})", "relu({})", "1/(1 + {}**2)", "-({})", "({})**2",
       "abs({})", "3*{}", "sin({})")
TWO = ("({} + {})", "({} - {})", "({} * {})", "({} / (2 + {}))", "max({}, {})")


def random_text(seed):
    """An expression with up to some twenty gates."""
    rng = np.random.default_rng(seed)
    names = NAMES[:rng.integers(1, 5)]

    def part(depth):
        if depth == 0 or rng.random() < 0.15:
            return str(rng.choice(names)) if rng.random() < 0.9 else "2"
        kind = rng.random()
        if kind < 0.35:
            return str(rng.choice(ONE)).format(part(depth - 1))
        if kind < 0.95:
            return str(rng.choice(TWO)).format(part(depth - 1), part(depth - 1))
        return f"max({part(depth - 1)}, {part(depth - 1)}, {part(depth - 1)})"

    text = part(int(rng.integers(1, 5)))
    return text if any(name in text.replace("exp", "") for name in names) else f"x + {text}"


def random_values(seed, names):
    """A value for each name; now and then a large one."""
    rng = np.random.default_rng([seed, 1])
    large = 100.0 if seed % 7 == 0 else 1.0
    return {name: float(np.round(large * rng.normal(), 2)) for name in names}
