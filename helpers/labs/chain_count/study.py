"""How many multiplications the product of three Jacobians takes, from either end."""

PLACES = ("inputs", "first", "second", "outputs")
NAMES = ("inputs", "first layer", "second layer", "outputs")


def study(present):
    """The sizes of the layers, and for each way its two products: rows, shared axis, columns.

    J₁ is (first, inputs), J₂ (second, first), J₃ (outputs, second); ∂z/∂x = J₃J₂J₁.
    """
    x, a, b, z = sizes = tuple(int(present[place]) for place in PLACES)
    ways = {"backward": (("J₃·J₂", (z, b, a)), ("(J₃J₂)·J₁", (z, a, x))),
            "forward": (("J₂·J₁", (b, a, x)), ("J₃·(J₂J₁)", (z, b, x)))}
    counts = {way: sum(n * k * m for _, (n, k, m) in products) for way, products in ways.items()}
    return {"sizes": sizes, "ways": ways, "counts": counts}
