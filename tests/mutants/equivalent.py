"""Faults that change nothing anybody could notice, each with the reason: they are not planted.

(file, its line with a mark where the fault stands, the fault): why.
"""

from tests.mutants.equivalent_calculus import CALCULUS
from tests.mutants.equivalent_labs import LABS

EQUIVALENT = {(f"helpers/{part}/{file}", *place): why
              for part, kinds in (("calculus", CALCULUS), ("labs", LABS))
              for why, files in kinds.items() for file, places in files.items()
              for place in places} | {
    ("helpers/exercises/tables/activations.py",
     "border = np.where(random.random(X.shape) ▸< 0.5, 0.0, 6.0)", "< → <="):
        "a random number is never exactly ½",
    ("helpers/exercises/tables/activations.py",
     "X = np.where(random.random(X.shape) ▸< 0.3, 0.0, near_zero(random, X))", "< → <="):
        "a random number is never exactly 0.3",
    ("helpers/exercises/tables/training.py",
     '("mask from the wrong array", lambda G, X, W, b: (G * (X @ W + b ▸> 0)) @ np.maximum('
     'W, 0).T,',
     "> → >="): "a mistake that is recognized on random numbers, which are never exactly 0",
    ("helpers/exercises/judge.py", "if abs(mine) >= ▸1e12:", "1e12 → 1000000000001.0"):
        "either way to write a number of thirteen digits tells which it is",
    ("helpers/exercises/grading/kernel.py", "socket.close(linger=▸0)", "0 → 1"):
        "a thousandth of a second for what was not sent yet to a kernel that is ended next",
    ("helpers/exercises/diagnosis.py",
     "return ~(np.abs(got64 - want) ▸<= tolerance(got, want))", "<= → <"):
        "no rounding is as large as the tolerance to its last digit",
    ("helpers/calculus/differences.py",
     "PART = 2▸**9                                # those whose estimates are held at one time",
     "** → *"): "parts of another size, the same numbers",
    ("helpers/exercises/tables/activations.py",
     '("upstream forgotten", lambda G, X: 1.0 * ((X ▸> 0) & (X < 6))),', "> → >="):
        "a mistake that is recognized on random numbers",
    ("helpers/exercises/record.py", "json.dump(data, file, indent=▸1)", "1 → 2"):
        "blanks in a file that is read by its structure",
    ("helpers/calculus/gradcheck.py",
     "own = CONDITION * (moved_by(pulls) + EPS ▸* finite_max(pulls[0])) + NOTHING", "* → /"):
        "a bound for rounding, of numbers around 1",
    ("helpers/exercises/grading/warden.py", "opened = os.open(path, os.O_PATH ▸| os.O_CLOEXEC)",
     "| → &"): "opened to be read: a folder that cannot be is of no use to a kernel either",
    ("helpers/exercises/grading/warden.py",
     "size = 24 if version >= 6 else 16 if version >= 4 else ▸8", "8 → 9"):
        "the ninth byte is 0 there, and Landlock takes a longer table whose rest is 0",
    ("helpers/pictures/arrays.py",
     "return rows, columns, shape[-2] if len(shape) ▸> 2 else rows", "> → >="):
        "the rows of a matrix are all of its rows",
    ("helpers/pictures/tensors.py",
     "return _side(shape, outer, (), False), _side(shape, (), inner, ▸False)", "False → True"):
        "a side without outer axes is one tile",
    ("helpers/pictures/tensors.py",
     "linear = np.where(colour ▸<= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)",
     "<= → <"): "where both formulas meet they are the same",
    ("helpers/pictures/tensors.py",
     "linear = np.where(colour <= 0.04045, colour / ▸12.92, ((colour + 0.055) / 1.055) ** 2.4)",
     "12.92 → 13.92"): "a part so dark decides nothing: it adds at most 0.003 to a border of 0.179",
    ("helpers/widgets/explorer/view.py",
     'left, measured = chosen["entry"].split(r"\\text", ▸1)', "1 → 2"):
        "words stand once in the rule of an own function",
    ("helpers/exercises/tables/tensors.py",
     'return contract(g, back).T + contract(up, inner.jacobian(W, x, 0 ▸* c, wrt="W"))', "* → /"):
        "0 is a bias of 0, however it is made",
    ("helpers/exercises/tables/affine.py", "np.▸ones((1, G.shape[1])), 0 * G[0]))},",
     "ones → zeros"): "the gradient by b is the same with any W",
}
