"""Every line of PyTorch and JAX that the atlas prints, run, and compared with its row.

    python -m benchmarks.spelling       needs benchmarks/requirements.txt, as oracles.py does

Where a line has no such parameter (`at_zero`, `ddof`) the row's default is what it stands for.
"""

import argparse
import os
import re

os.environ |= {"JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"}

import jax
import jax.numpy as jnp
import numpy as np
import torch
import torch.nn.functional as F

from benchmarks.oracles import TARGET_ERROR, as_torch, drawn, heading, line, verdict
from helpers import OPERATIONS, relative_error
from helpers.atlas.notes import NOTES

SHAPES = 6  # random shapes for each line, every second one with other parameters


def differences(op, text, seed):
    """The largest relative difference of a line's value, gradients and Jacobians from the row's."""
    said = [name for name in op.ranges if seed % 2 and re.search(rf"\b{name}\b", text)]
    inputs, parameters = drawn(op, seed=seed, varied=said)
    Y, pull = op.pullback(*inputs, **parameters)
    G = np.asarray(np.random.default_rng(seed).standard_normal(Y.shape))
    ours = [Y, *pull(G).values(), *(op.jacobian(*inputs, wrt=wrt, **parameters)
                                    for wrt in op.inputs)]
    theirs = by_torch if text == NOTES[op.name].torch else by_jax
    return max(map(relative_error, ours, map(np.asarray, theirs(op, text, inputs, parameters, G))))


def function(op, text, names):
    """The line as a function of the inputs."""
    return eval(f"lambda {', '.join(op.inputs)}: {text}", names)


def by_torch(op, text, inputs, parameters, G):
    """[Y, gradients …, Jacobians …] by PyTorch."""
    values = {name: as_torch(value) for name, value in parameters.items()}
    f = function(op, text, {"torch": torch, "F": F, **values})
    inputs = [as_torch(x) for x in inputs]
    Y, pull = torch.func.vjp(f, *inputs)
    return [Y, *pull(as_torch(G)), *torch.func.jacrev(f, tuple(range(len(inputs))))(*inputs)]


def by_jax(op, text, inputs, parameters, G):
    """[Y, gradients …, Jacobians …] by JAX."""
    f = function(op, text, {"jax": jax, "jnp": jnp, **parameters})
    Y, pull = jax.vjp(f, *inputs)
    return [Y, *pull(jnp.asarray(G)), *jax.jacrev(f, tuple(range(len(inputs))))(*inputs)]


def main():
    """Print the largest differences over random shapes."""
    argparse.ArgumentParser(prog="python -m benchmarks.spelling",
                            description=__doc__.splitlines()[0]).parse_args()
    heading("Lines of the atlas", ["PyTorch", "JAX"])
    worst = 0.0
    for name, note in NOTES.items():
        if name not in OPERATIONS:
            continue
        row = [max(differences(OPERATIONS[name], text, seed) for seed in range(SHAPES))
               for text in (note.torch, note.jax)]
        worst = max(worst, *row)
        line(name, [f"{error:.1e}" for error in row])
    print(f"\nLargest of all: {worst:.1e}, {SHAPES} random shapes for each; target "
          f"{TARGET_ERROR:.0e}: {verdict(worst <= TARGET_ERROR)}.")


if __name__ == "__main__":
    main()
