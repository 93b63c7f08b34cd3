"""Plants faults in `helpers/`, one at a time, and says which of them no test notices.

`python -m tests.mutants` draws 60 faults of each part by a seed; `--parts calculus --seed 2 --count
20` draws 20 others, of one part. Each is tried against the tests of its part that reach its line; a
survivor then against those of all other parts that do, and what is left against the notebooks and
all that needs a kernel (`--near` leaves both out: they take minutes a survivor). The part
`javascript` is the scripts' pure functions, which have tests of their own, on bare pages.
"""

import argparse
import random
import re
import sys
import time
from functools import cache

from tests.mutants import pages, scripts
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.faults import faults
from tests.mutants.reach import KEPT, ROOT, Reach, record
from tests.mutants.run import Bench, against_notebooks

# What tests must notice, in percent. The atlas is text, compared with what is stored.
PARTS = {"calculus": 95, "exercises": 95, "pictures": 85, "widgets": 85, "labs": 85,
         "javascript": 85}
DRAWING = {"picture.py", "figure.py", "entries.py", "plane.py", "stored.py", "draw.js", "graph.js"}


def planted_in(part):
    """(path, source, its faults) of each file of a part."""
    if part == "javascript":
        sources = {file.relative_to(ROOT).as_posix(): file.read_text("utf-8")
                   for file in sorted((ROOT / "helpers").rglob("*.js"))}
        names = scripts.pure(sources)
        for path, source in sources.items():
            drawing = path.rpartition("/")[2] in DRAWING
            yield path, source, scripts.faults(source, names[path], drawing)
        return
    for file in sorted((ROOT / "helpers" / part).rglob("*.py")):
        source = file.read_text("utf-8")
        drawing = file.name in DRAWING or part == "pictures"
        yield file.relative_to(ROOT).as_posix(), source, faults(source, drawing)


def possible(part):
    """Every (path, fault) of a part, but for those known to change nothing, and how many these are.
    """
    found, same = [], 0
    for path, source, all_of_it in planted_in(part):
        for fault in all_of_it:
            known = (path, fault.place(source), str(fault)) in EQUIVALENT
            same += known
            found += [] if known else [(path, fault)]
    return found, same


def row(path, fault):
    return f"{path}:{fault.lines[0]}  {fault}\n    {fault.place((ROOT / path).read_text('utf-8'))}"


def killer(bench, path, fault, near):
    """What notices a fault, or None."""
    found = sound(bench, path, fault)
    if not found and not near:
        own, bench.reach = bench.reach, elsewhere(*bench.reach.seconds)
        found = sound(bench, path, fault)
        bench.reach = own
    if not found and not near:
        source = (ROOT / path).read_text("utf-8")
        noticed = against_notebooks(path, fault.planted(source))
        bench.write(path, source)
        return "a notebook or a kernel" if noticed else None
    return found


def sound(bench, path, fault):
    """The test that fails by the fault and not without it, or None."""
    found = bench.killer(path, fault)
    while found and not bench.is_sound(found):
        del bench.reach.seconds[found]
        bench.reach.contexts.cache_clear()
        found = bench.killer(path, fault)
    return found


@cache
def elsewhere(*tried):
    """What all parts' tests reach, but for those that were tried."""
    reach = Reach("")
    for node in tried:
        reach.seconds.pop(node, None)
    return reach


def run(part, seed, count, near, within=""):
    """Try a sample, print each fault as it is tried; the survivors and how many were tried."""
    for other in [part] if near else PARTS:
        if not list(KEPT.glob(f"{other}*.json")):
            print(f"{other}: measuring which tests reach which line …", flush=True)
            (pages.record if other == "javascript" else record)(other)
    chosen, same = possible(part)
    chosen = [(path, fault) for path, fault in chosen if re.search(within, path)]
    print(f"{part}: {len(chosen)} faults are possible, {same} more are known to change nothing.")
    chosen = random.Random(seed).sample(chosen, min(count, len(chosen)))
    if part == "javascript":
        bench, near = pages.PageBench(pages.PageReach()), True
    else:
        bench = Bench(Reach(part))
    left = []
    for k, (path, fault) in enumerate(chosen, 1):
        begun = time.monotonic()
        found = killer(bench, path, fault, near)
        left += [] if found else [row(path, fault)]
        print(f"{k:4} {'killed' if found else 'ALIVE '} {time.monotonic() - begun:6.1f} s  "
              f"{path}:{fault.lines[0]}  {fault}  {found or ''}", flush=True)
    return left, len(chosen)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--parts", nargs="+", default=list(PARTS), choices=list(PARTS),
                        help="(default: all)")
    parser.add_argument("--seed", type=int, default=1, help="of the draw")
    parser.add_argument("--count", type=int, default=60, help="faults a part")
    parser.add_argument("--within", default="", help="only files whose path fits this pattern")
    parser.add_argument("--near", action="store_true", help="only the tests of the part itself")
    given = parser.parse_args()
    lines, enough = [], True
    for part in given.parts:
        left, tried = run(part, given.seed, given.count, given.near, given.within)
        share = 100 * (tried - len(left)) / max(tried, 1)
        enough &= share >= PARTS[part]
        lines += [f"{part}, seed {given.seed}: {tried - len(left)} of {tried} noticed, "
                  f"{share:.1f} % (at least {PARTS[part]} %)", *left]
    text = "\n".join(lines)
    (KEPT / f"survivors-{given.seed}.txt").write_text(text + "\n", "utf-8")
    print(text)
    return not enough


if __name__ == "__main__":
    sys.exit(main())
