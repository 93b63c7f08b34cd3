"""The calculus against PyTorch and JAX: the same numbers, and how fast.

    python benchmarks/oracles.py            prints all three tables
    python benchmarks/oracles.py numbers    one of: numbers, gradients, jacobians
    THREADS=1 python benchmarks/oracles.py  for all three on one core (default: 2)

Needs benchmarks/requirements.txt in an environment of its own.
"""

import os
import statistics
import sys
import time
from pathlib import Path

THREADS = int(os.environ.get("THREADS", 2))
os.environ |= {"OMP_NUM_THREADS": f"{THREADS}", "OPENBLAS_NUM_THREADS": f"{THREADS}",
               "JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"}
sys.path.insert(0, str(Path(__file__).parents[1]))

import jax  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402
from layers import JAX, TORCH  # noqa: E402

from helpers import OPERATIONS, relative_error  # noqa: E402

TARGET_ERROR, TARGET_RATIO = 1e-12, 1.2
SHAPES = 20   # random shapes for each operation
SMALL = {"p": 2, "w": 5}  # sizes that stay small while the others grow


def drawn(op, size=None, seed=0):
    """(inputs, parameters): random sizes from 3 to 7, or `size` for every axis.

    Not 2: of two numbers a norm leaves a part in 1e5, which the oracles find as a difference.
    """
    random = np.random.default_rng(seed)
    letters = op.sizes_at()
    sizes = {k: SMALL.get(k, size) if size else int(random.integers(3, 8)) for k in letters}
    if "w" in sizes and not size:
        sizes["l"] = sizes["w"] + int(random.integers(0, 5))
    return op.example(random, sizes)


def as_torch(value):
    """An array as a tensor; anything else as it is."""
    return torch.from_numpy(np.array(value)) if isinstance(value, np.ndarray) else value


def torch_layer(op, parameters):
    """The oracle as a function of the inputs alone."""
    fixed = {name: as_torch(value) for name, value in parameters.items()}
    return lambda *inputs: TORCH[op.name](*inputs, **fixed)


def jax_layer(op, parameters):
    """The same for JAX."""
    return lambda *inputs: JAX[op.name](*inputs, **parameters)


def differences(op, seed):
    """Largest relative difference by (what, oracle) at one random shape."""
    inputs, parameters = drawn(op, seed=seed)
    Y, pull = op.pullback(*inputs, **parameters)
    G = np.asarray(np.random.default_rng(seed).standard_normal(Y.shape))
    ours = pull(G)
    full = {wrt: op.jacobian(*inputs, wrt=wrt, **parameters) for wrt in op.inputs}
    places = tuple(range(len(inputs)))
    tensors, layer = [as_torch(x) for x in inputs], torch_layer(op, parameters)
    theirs = {"torch": (layer(*tensors), torch.func.vjp(layer, *tensors)[1](as_torch(G)),
                        torch.func.jacrev(layer, places)(*tensors))}
    layer = jax_layer(op, parameters)
    theirs["jax"] = (layer(*inputs), jax.vjp(layer, *inputs)[1](jax.numpy.asarray(G)),
                     jax.jacrev(layer, places)(*inputs))
    return {(what, oracle): error for oracle, (value, gradients, jacobians) in theirs.items()
            for what, error in (
                ("forward", relative_error(Y, np.asarray(value))),
                ("vjp", max(map(relative_error, ours.values(), map(np.asarray, gradients)))),
                ("Jacobian", max(map(relative_error, full.values(), map(np.asarray, jacobians)))))}


def numbers():
    """Print the largest relative differences over random shapes."""
    columns = [(what, oracle) for what in ("forward", "vjp", "Jacobian")
               for oracle in ("torch", "jax")]
    heading("Largest relative difference", [f"{what}, {oracle}" for what, oracle in columns])
    worst = 0.0
    for op in OPERATIONS.values():
        found = [differences(op, seed) for seed in range(SHAPES)]
        row = [max(one[column] for one in found) for column in columns]
        worst = max(worst, *row)
        line(op.name, [f"{error:.1e}" for error in row])
    print(f"\nLargest of all: {worst:.1e} (target {TARGET_ERROR:.0e}, "
          f"{SHAPES} random shapes for each operation).\n")


def heading(first, columns):
    """Print the head of a table."""
    print(f"| {first} | " + " | ".join(columns) + " |")
    print("|:--" + "|--:" * len(columns) + "|")


def line(name, cells):
    """Print one row of a table, at once."""
    print(f"| `{name}` | " + " | ".join(cells) + " |", flush=True)


def medians(*functions, rounds=12, runs=8):
    """Time of each in milliseconds: the median of some runs, in the quietest of some rounds.

    Other programs disturb a round, most of all functions that use both cores. The first run of a
    round is not counted: it finds another's data in the cache.
    """
    times = [[] for _ in functions]
    for _ in range(rounds):
        for found, function in zip(times, functions, strict=True):
            taken = []
            for _ in range(runs + 1):
                before = time.perf_counter()
                function()
                taken.append(time.perf_counter() - before)
            found.append(statistics.median(taken[1:]))
    return [1e3 * min(found) for found in times]


def gradients(size=512):
    """Print the time of a forward pass and all gradients."""
    heading(f"Forward and all gradients, {size}×{size}", ["ours, ms", "torch, ms", "ratio"])
    ratios = []
    for op in OPERATIONS.values():
        inputs, parameters = drawn(op, size)
        layer = torch_layer(op, parameters)
        tensors = [as_torch(x).requires_grad_() for x in inputs]
        G = np.asarray(np.random.default_rng(1).standard_normal(op(*inputs, **parameters).shape))
        upstream = as_torch(G)

        def ours(op=op, inputs=inputs, parameters=parameters, G=G):
            return op.pullback(*inputs, **parameters)[1](G)

        def theirs(layer=layer, tensors=tensors, upstream=upstream):
            for tensor in tensors:
                tensor.grad = None
            layer(*tensors).backward(upstream)

        mine, other = medians(ours, theirs)
        ratios.append(mine / other)
        line(op.name, [f"{mine:.3f}", f"{other:.3f}", f"{mine / other:.2f}"])
    print(f"\nGeometric mean of the ratios: {statistics.geometric_mean(ratios):.2f} "
          f"(target {TARGET_RATIO}).\n")


def jacobians(size=32):
    """Print the time of all full Jacobians."""
    heading(f"Full Jacobians, {size}×{size}", ["ours, ms", "torch.func.jacrev, ms",
                                               "jax.jacrev jitted, ms", "ours over the faster"])
    slower = []
    for op in OPERATIONS.values():
        inputs, parameters = drawn(op, size)
        places = tuple(range(len(inputs)))
        tensors = [as_torch(x) for x in inputs]
        by_torch = torch.func.jacrev(torch_layer(op, parameters), places)
        by_jax = jax.jit(jax.jacrev(jax_layer(op, parameters), places))
        found = medians(
            lambda op=op, inputs=inputs, parameters=parameters:
                [op.jacobian(*inputs, wrt=wrt, **parameters) for wrt in op.inputs],
            lambda by_torch=by_torch, tensors=tensors: by_torch(*tensors),
            lambda by_jax=by_jax, inputs=inputs: jax.block_until_ready(by_jax(*inputs)))
        ratio = found[0] / min(found[1:])
        slower += [op.name] if ratio > 1 else []
        line(op.name, [*(f"{ms:.3f}" for ms in found), f"{ratio:.2f}"])
    print(f"\nSlower than the faster of the two: {', '.join(slower) or 'none'}.\n")


TABLES = {"numbers": numbers, "jacobians": jacobians, "gradients": gradients}


def main(wanted):
    """Print the tables of these names, or all."""
    torch.set_num_threads(THREADS)
    torch.set_default_dtype(torch.float64)
    print(f"NumPy {np.__version__}, PyTorch {torch.__version__}, JAX {jax.__version__}, float64, "
          f"threads: {THREADS}.\n")
    for name in wanted or TABLES:
        TABLES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
