"""Those of the doctor: {why: {file: [(its line with a mark, the fault), …]}}."""

NEARLY = "blur + 0.05 * np.abs(last))"
CLEAR = "(blur < 1e-2 * np.abs(gap)) & (np.abs(gap) > 1e-3 * sizes)"
UNITS = "unit * random.uniform(-3, 3, value.shape))"
NUDGE = "unit * signs[places].reshape(np.shape(value)))"
HELD = "  # columns together have about so many entries"

DOCTOR = {
    "any other drawing does as well": {
        "examine.py": [
            ("def stream(seed, number=▸0):", "0 → 1"),
            ("others = runs if corner is None else trials(corner, random, stream(seed, ▸1)"
             ".standard_normal(", "1 → 2"),
        ],
    },
    "parts of another size, the same numbers": {
        "ladder.py": [
            (f"HELD = ▸2**17{HELD}", "2 → 3"), (f"HELD = 2▸**17{HELD}", "** → *"),
            (f"HELD = 2**▸17{HELD}", "17 → 18"),
            ("together = max(▸1, HELD // max(here.size, 1))", "1 → 2"),
            ("together = max(1, HELD ▸// max(here.size, 1))", "// → *"),
            ("together = max(1, HELD // ▸max(here.size, 1))", "max → min"),
            ("together = max(1, HELD // max(here.▸size, 1))", "size → ndim"),
        ],
    },
    "one more look at what rounding does": {
        "examine.py": [("for _ in range(▸2):", "2 → 3")],
        "measure.py": [("for value in inputs]) - Y) for _ in range(▸4)]", "4 → 5")],
    },
    "a few last digits, to the other side or a unit further": {
        "measure.py": [
            (f"moved = [np.abs(forward(*[value ▸* (1 + {UNITS}", "* → /"),
            (f"moved = [np.abs(forward(*[value * (1 ▸+ {UNITS}", "+ → -"),
            ("moved = [np.abs(forward(*[value * (1 + unit * random.uniform(-▸3, 3, value.shape))",
             "3 → 4"),
            ("moved = [np.abs(forward(*[value * (1 + unit * random.uniform(-3, ▸3, value.shape))",
             "3 → 4"),
            (f"return value ▸* (1 + {NUDGE}", "* → /"),
            (f"return value * (1 ▸+ {NUDGE}", "+ → -"),
            ("return value * (1 + unit ▸* signs[places].reshape(np.shape(value)))", "* → /"),
        ],
    },
    "all that are drawn, and sorted, are all": {
        "measure.py": [("places = np.arange(x.size) if x.size ▸<= count else np.sort(", "<= → <")],
    },
    "more than are ever measured": {
        "measure.py": [("return min(MOST, max(8, min(LARGEST // max(G.size, ▸1), slow)))",
                        "1 → 2")],
    },
    "twice as far along the entries that are 0": {
        "measure.py": [("D = random.standard_normal(x.shape) * np.where(x == 0, ▸1.0, np.abs(x))",
                        "1.0 → 2.0")],
    },
    "a size above 1 counts as 1": {
        "ladder.py": [
            ("own = abs(at) if at else float(sizes.min(initial=▸1.0))", "1.0 → 2.0"),
            ("top = max(1.0, float(sizes.max(initial=▸0.0)))", "0.0 → 1.0"),
        ],
    },
    "a last step wider by a sixty-fourth": {
        "ladder.py": [("bottom = max(1e-6 * min(own, 1.0), ▸64 * np.spacing(abs(at)))",
                       "64 → 65")],
    },
    "a margin of two digits, and a quarter more": {
        "ladder.py": [("kink = kinked(extrapolated(rises, RATIO) - extrapolated(falls, RATIO), "
                       "(▸4 * noise / up)[1:],", "4 → 5")],
    },
    "where the slopes of both sides differ by more than a thousandth the gap does, too": {
        "ladder.py": [("np.▸maximum(np.abs(rises), np.abs(falls))[1:])", "maximum → minimum")],
    },
    "the error of both sides together has half of either's, and four times it is allowed": {
        "ladder.py": [("error = np.where(kink, np.maximum(error, np.▸maximum(right_error, "
                       "left_error)), error)", "maximum → minimum")],
    },
    "no gap is exactly so wide": {
        "ladder.py": [
            (f"clear = np.isfinite(gap) & {CLEAR}".replace("blur <", "blur ▸<"), "< → <="),
            (f"clear = np.isfinite(gap) & {CLEAR}".replace("> 1e-3", "▸> 1e-3"), "> → >="),
            (f"agrees = ~np.isfinite(gap) | (np.abs(gap - last) ▸<= {NEARLY}", "<= → <"),
            ("return ((clear.sum(0) >= 3) & (np.abs(last - before) ▸< 0.05 * np.abs(last))",
             "< → <="),
        ],
    },
    "at the finest step itself the gap is the last one": {
        "ladder.py": [("& np.all(agrees | (numbers ▸< finest), 0))", "< → <=")],
    },
    "a call that stops does so for any upstream gradient": {
        "code.py": [
            ("session.pull(np.▸ones(self.Y.shape))", "ones → zeros"),
            ("found = self.run(self.values, np.▸ones(self.Y.shape)).gradients", "ones → zeros"),
        ],
        "calling.py": [("code.run(code.values, np.▸ones(code.Y.shape))", "ones → zeros")],
    },
    "a million times larger, or more": {
        "formulas.py": [
            ("LARGE = ▸2.0**20  # so much larger, an input leaves nothing of an ε beside it",
             "2.0 → 3.0"),
            ("LARGE = 2.0**▸20  # so much larger, an input leaves nothing of an ε beside it",
             "20 → 21"),
        ],
    },
    "at the numbers of the first trial it is right": {
        "examine.py": [("for t in [t for t in runs[▸1:] if t.code is runs[0].code]:",
                        "1 → nothing")],
    },
    "up to twice as far, which is as little": {
        "examine.py": [
            ("steps = {key: 1e-3 * random.uniform(-▸1, 1, value.shape) * np.abs(value).max("
             "initial=0)", "1 → 2"),
            ("steps = {key: 1e-3 * random.uniform(-1, ▸1, value.shape) * np.abs(value).max("
             "initial=0)", "1 → 2"),
        ],
    },
    "no two numbers are exactly so far apart": {
        "diagnosis.py": [
            ("if max(cs) - min(cs) ▸> 1e-5 * abs(cs[0]):", "> → >="),
            ("and all(abs(turn * c - of(*s)) ▸<= 1e-5 * abs(c) for c, s in found)]", "<= → <"),
        ],
        "examine.py": [("same = np.abs(value - ladder.value) ▸<= 4 * (error + ladder.error)",
                        "<= → <")],
        "formulas.py": [
            ("if np.ptp(on) > 1e-9 or np.ptp(off) > 1e-9 or abs(on[0] - off[0]) ▸< 1e-9:",
             "< → <="),
        ],
        "judge.py": [
            ("difference[wanted.places] = np.where(np.abs(off) ▸<= self.tolerance, 0.0, of"
             "f)",
             "<= → <"),
        ],
    },
    "one step less, of fourteen": {
        "ladder.py": [("finer = ladders[i][-▸1] * RATIO ** -np.arange(1.0, DEEPER + 1)", "1 → 2")],
    },
}
