"""Faults that change nothing anybody could notice, each with the reason: they are not planted.

(file, its line with a mark where the fault stands, the fault): why. Those of a part with many have
a table of their own, {why: {file below the part: (line, fault) pairs}}.
"""

from tests.mutants.equivalent_calculus import CALCULUS
from tests.mutants.equivalent_discover import DISCOVER
from tests.mutants.equivalent_doctor import DOCTOR
from tests.mutants.equivalent_doctor2 import DOCTOR2
from tests.mutants.equivalent_exercises import EXERCISES
from tests.mutants.equivalent_labs import LABS
from tests.mutants.equivalent_large import LARGE
from tests.mutants.equivalent_naming import NAMING
from tests.mutants.equivalent_naming2 import NAMING2
from tests.mutants.equivalent_patterns import PATTERNS
from tests.mutants.equivalent_search import SEARCH
from tests.mutants.equivalent_slopes import SLOPES
from tests.mutants.equivalent_widgets import WIDGETS

TABLES = (("calculus", CALCULUS), ("calculus", DISCOVER), ("calculus/doctor", DOCTOR),
          ("calculus/doctor", DOCTOR2), ("exercises", EXERCISES), ("labs", LABS),
          ("calculus", LARGE), ("calculus", NAMING), ("calculus", NAMING2),
          ("calculus", PATTERNS), ("calculus", SEARCH), ("calculus", SLOPES),
          ("widgets", WIDGETS))

EQUIVALENT = {(f"helpers/{part}/{file}", *place): why for part, table in TABLES
              for why, files in table.items() for file, places in files.items()
              for place in places} | {
    ("helpers/calculus/differences.py",
     "PART = 2▸**9                                # those whose estimates are held at one time",
     "** → *"): "parts of another size, the same numbers",
    ("helpers/calculus/gradcheck.py",
     "own = CONDITION * (moved_by(pulls) + EPS ▸* finite_max(pulls[0])) + NOTHING", "* → /"):
        "a bound for rounding, of numbers around 1",
    ("helpers/calculus/graph/steps.py",
     'if name == "pow" and inputs[0] ▸< 0 and last != int(last):', "< → <="):
        "a power of 0 was told before",
    ("helpers/calculus/operations/normalization.py",
     '"var": Constant("h", lambda random, shape: random.uniform(0.5, ▸2, shape)),', "2 → 3"):
        "another sample of a variance",
    ("helpers/calculus/operations/images.py", '"large": {"h": ▸112, "w": 112},', "112 → 113"):
        "another size that costs are told at",
    ("helpers/calculus/operations/images.py", '"large": {"h": 112, "w": ▸112},', "112 → 113"):
        "another size that costs are told at",
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
}
