"""The calculus against PyTorch and JAX, and against the plain NumPy that a good student writes.

    python -m benchmarks.oracles            prints all three tables
    python -m benchmarks.oracles gradients  one of: numbers, jacobians, gradients

Numbers are compared for every row of the table, times for those of the course, in `students.py`.

`gradients` needs NumPy alone; the other two need benchmarks/requirements.txt, in an environment of
its own. Everything runs on one thread. A row and what it is compared with are timed in turn, so
that other programs hit both alike. Times of the processor are medians, and a ratio is the median of
the ratios of such pairs; times by the clock, of libraries with threads of their own, are the least.
"""

import argparse
import os
import statistics
import time
from functools import partial

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
               "JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu"}

import numpy as np

from benchmarks.students import STUDENTS
from helpers import OPERATIONS, relative_error

TARGET_ERROR = 1e-12
SHAPES = 20   # random shapes for each operation, every second one with other parameters
SMALL = {"p": 2, "w": 5}  # sizes that stay small while the others grow
FITTING = {"w": "l", "r": "h", "s": "w"}
GEOMETRIC, WORST = {512: 1.1, 64: 2.0}, {512: 1.3}  # targets of the ratios, by size
CALL = 50     # microseconds: target of `pullback` and of `pull` at 4×5
JITTED = 0.1  # milliseconds: a jitted jacrev that is quicker is no target


def drawn(op, size=None, seed=0, varied=()):
    """(inputs, parameters): random sizes from 3 to 7, `size` for every axis, or those of a dict.

    Not 2: of two numbers a norm leaves a part in 1e5, which the oracles find as a difference.
    varied: names of parameters that are drawn from their ranges.
    """
    random = np.random.default_rng(seed)
    sizes = size if isinstance(size, dict) else {
        k: SMALL.get(k, size) if size else int(random.integers(3, 8)) for k in op.sizes_at()}
    if size is None:  # a filter is no longer than its signal
        for short, long in FITTING.items():
            if short in sizes and long in sizes:
                sizes[long] = sizes[short] + int(random.integers(0, 5))
    given = {name: value(random, op, name) for name in varied if name not in sizes}
    if "size" in given:  # PyTorch pools nothing where no window is whole
        sizes = {k: max(n, given["size"]) for k, n in sizes.items()}
    inputs, parameters = op.example(random, sizes, **given)
    return tuple(map(np.asarray, inputs)), parameters


def value(random, op, name):
    """A parameter of the kind of its default, from its range."""
    low, high = op.ranges[name]
    return (random.uniform(low, high) if isinstance(op.parameters[name], float) else
            int(random.integers(low, high + 1)))


def upstream(op, inputs, parameters):
    """A G of the shape of Y."""
    shape = op(*inputs, **parameters).shape
    return np.asarray(np.random.default_rng(1).standard_normal(shape))


def as_torch(value):
    """An array as a tensor; anything else as it is."""
    import torch
    return torch.from_numpy(np.array(value)) if isinstance(value, np.ndarray) else value


def torch_layer(op, parameters):
    """The oracle as a function of the inputs alone."""
    from benchmarks.layers import TORCH
    return partial(TORCH[op.name], **{name: as_torch(value) for name, value in parameters.items()})


def jax_layer(op, parameters):
    """The same for JAX."""
    from benchmarks.layers import JAX
    return partial(JAX[op.name], **parameters)


def differences(op, seed):
    """Largest relative difference by (what, oracle) at one random shape."""
    import jax
    import torch
    inputs, parameters = drawn(op, seed=seed, varied=list(op.ranges) if seed % 2 else ())
    Y, pull = op.pullback(*inputs, **parameters)
    G = np.asarray(np.random.default_rng(seed).standard_normal(Y.shape))
    ours = pull(G)
    full = [op.jacobian(*inputs, wrt=wrt, layout=layout, **parameters)
            for layout in ("numerator", "denominator") for wrt in op.inputs]
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
                ("Jacobian", max(map(relative_error, full, in_both_layouts(jacobians, Y.ndim)))))}


def in_both_layouts(jacobians, ndim):
    """Jacobians of an output of so many axes, then the same with those axes last."""
    arrays = [*map(np.asarray, jacobians)]
    return arrays + [np.moveaxis(J, range(ndim), range(-ndim, 0)) for J in arrays]


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
    print(f"\nLargest of all: {worst:.1e}, {SHAPES} random shapes for each operation; target "
          f"{TARGET_ERROR:.0e}: {verdict(worst <= TARGET_ERROR)}.\n")


def heading(first, columns):
    """Print the head of a table."""
    print(f"| {first} | " + " | ".join(columns) + " |")
    print("|:--" + "|--:" * len(columns) + "|")


def line(name, cells):
    """Print one row of a table, at once."""
    print(f"| `{name}` | " + " | ".join(cells) + " |", flush=True)


def verdict(met):
    return "met" if met else "MISSED"


def seconds(function, calls, clock):
    """The time of one of several calls."""
    before = clock()
    for _ in range(calls):
        function()
    return (clock() - before) / calls


def in_turn(functions, rounds, calls=1, clock=time.thread_time):
    """The times of some functions, a row for each round, after two calls to warm up."""
    for function in functions:
        seconds(function, 2, clock)
    return np.array([[seconds(function, calls, clock) for function in functions]
                     for _ in range(rounds)])


def gradients():
    """Print the times of a forward pass and all gradients, against plain NumPy.

    Time is that of the processor. A big block is freed first, so that the allocator keeps what
    either side gives back: otherwise most of the time goes to the system for fresh pages.
    """
    np.empty(4_000_000)
    for size, pairs in ((512, 15), (64, 25)):
        against_the_student(size, pairs)
    small_calls()


def against_the_student(size, pairs):
    """Print the table for arrays of `size`×`size`."""
    heading(f"Forward and all gradients, {size}×{size}", ["ours, ms", "plain NumPy, ms", "ratio"])
    ratios = {}
    for op in timed():
        inputs, parameters = drawn(op, size)
        G, student = upstream(op, inputs, parameters), STUDENTS[op.name]

        def ours(op=op, inputs=inputs, parameters=parameters, G=G):
            Y, pull = op.pullback(*inputs, **parameters)
            return Y, *pull(G).values()

        def theirs(student=student, inputs=inputs, parameters=parameters, G=G):
            Y, back = student(*inputs, **parameters)
            return Y, *back(G)

        assert max(map(relative_error, ours(), theirs())) < 1e-9, op.name
        times = in_turn((ours, theirs), pairs, 1 if size > 100 else 10)
        mine, other = np.median(times, 0)
        ratios[op.name] = ratio = np.median(times[:, 0] / times[:, 1])
        line(op.name, [f"{1e3 * mine:.3f}", f"{1e3 * other:.3f}", f"{ratio:.2f}"])
    mean = statistics.geometric_mean(ratios.values())
    without = statistics.geometric_mean(r for name, r in ratios.items() if name != "gelu")
    print(f"\nGeometric mean of the ratios: {mean:.2f}, target {GEOMETRIC[size]}: "
          f"{verdict(mean <= GEOMETRIC[size])}; {without:.2f} without `gelu`, whose error function "
          "NumPy lacks.")
    if size in WORST:
        over = [f"`{name}` {r:.2f}" for name, r in ratios.items() if r > WORST[size]]
        print(f"Rows over {WORST[size]}: {', '.join(over) or 'none'}.")
    print()


def timed():
    """The rows that are timed."""
    return [op for name, op in OPERATIONS.items() if name in STUDENTS]


def small_calls():
    """Print the times of both halves at 4×5, where only the cost of a call is left."""
    heading("At 4×5", ["pullback, µs", "pull, µs", "plain NumPy, both, µs"])
    slow = []
    for op in timed():
        letters = op.sizes_at()
        sizes = {k: SMALL.get(k, 4 + i % 2) for i, k in enumerate(letters)}
        inputs, parameters = drawn(op, sizes | ({"l": 9} if "w" in letters else {}))
        G, student = upstream(op, inputs, parameters), STUDENTS[op.name]
        pull = op.pullback(*inputs, **parameters)[1]
        times = np.median(in_turn((
            lambda op=op, inputs=inputs, parameters=parameters: op.pullback(*inputs, **parameters),
            lambda pull=pull, G=G: pull(G),
            lambda student=student, inputs=inputs, parameters=parameters, G=G:
                student(*inputs, **parameters)[1](G)), 25, 20), 0)
        slow += [op.name] if max(times[:2]) > CALL / 1e6 else []
        line(op.name, [f"{1e6 * t:.1f}" for t in times])
    print(f"\nA call over {CALL} µs: {', '.join(slow) or 'none'}. "
          "`pull` is timed when the forward pass and the slopes that it keeps are there.\n")


def jacobians(size=32):
    """Print the times of all full Jacobians."""
    import jax
    import torch
    torch.set_num_threads(1)
    ready = jax.block_until_ready
    heading(f"Full Jacobians, {size}×{size}",
            ["ours, ms", "torch.func.jacrev, ms", "ratio", "jax.jacrev, ms", "ratio",
             "jax.jacrev jitted, ms", "ratio"])
    slower = []
    for op in timed():
        inputs, parameters = drawn(op, size)
        places = tuple(range(len(inputs)))
        by_torch = partial(torch.func.jacrev(torch_layer(op, parameters), places),
                           *[as_torch(x) for x in inputs])
        by_jax = jax.jacrev(jax_layer(op, parameters), places)
        jitted = jax.jit(by_jax)
        def ours(op=op, inputs=inputs, parameters=parameters):
            return [op.jacobian(*inputs, wrt=wrt, **parameters) for wrt in op.inputs]

        others = (by_torch, lambda by_jax=by_jax, inputs=inputs: ready(by_jax(*inputs)),
                  lambda jitted=jitted, inputs=inputs: ready(jitted(*inputs)))
        # Each library with ours alone: tracing by one would empty the caches for the next.
        pairs = np.array([in_turn((ours, theirs), 25, clock=time.perf_counter).min(0)
                          for theirs in others])
        ratios = pairs[:, 0] / pairs[:, 1]
        times = [pairs[:, 0].min(), *pairs[:, 1]]
        bound = ratios if times[3] > JITTED / 1e3 else ratios[:2]
        slower += [op.name] if max(bound) > 1 else []
        cells = [f"{1e3 * times[0]:.3f}"]
        for taken, ratio in zip(times[1:], ratios, strict=True):
            cells += [f"{1e3 * taken:.3f}", f"{ratio:.2f}"]
        line(op.name, cells)
    print(f"\nSlower than torch.func.jacrev, than jax.jacrev, or than the jitted one where that "
          f"takes over {JITTED} ms: {', '.join(slower) or 'none'}.\n")


TABLES = {"numbers": numbers, "jacobians": jacobians, "gradients": gradients}


def main(wanted):
    """Print the tables of these names, or all."""
    print(f"NumPy {np.__version__}, float64, one thread.\n")
    for name in wanted or TABLES:
        TABLES[name]()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.oracles",
                                     description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", metavar="TABLE",
                        help=f"{', '.join(TABLES)} (default: all)")
    given = parser.parse_args()
    if unknown := set(given.tables) - set(TABLES):
        parser.error(f"there is no table {', '.join(unknown)}; choose from {', '.join(TABLES)}")
    main(given.tables)
