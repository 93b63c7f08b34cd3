"""Those of measured slopes and what is near: {why: {file: [(its line with a mark, the fault)]}}."""

SLOPES = {
    "another choice of steps: where they do not agree, all are tried": {
        "differences.py": [
            ("QUICK = (▸0, 1, 2, 3, 5, 7, 9, 11)          # of STEPS: enough where all is well",
             "0 → 1"),
            ("QUICK = (0, ▸1, 2, 3, 5, 7, 9, 11)          # of STEPS: enough where all is well",
             "1 → 2"),
            ("QUICK = (0, 1, ▸2, 3, 5, 7, 9, 11)          # of STEPS: enough where all is well",
             "2 → 3"),
            ("QUICK = (0, 1, 2, ▸3, 5, 7, 9, 11)          # of STEPS: enough where all is well",
             "3 → 4"),
            ("QUICK = (0, 1, 2, 3, 5, 7, 9, ▸11)          # of STEPS: enough where all is well",
             "11 → 12"),
            ("start = int(np.clip(np.median(line.finest[wanted]) - FEW + ▸1, 0, len(STEPS) - FEW"
             "))",
             "1 → 2"),
        ],
        "looks.py": [
            ("FOUR = (▸1, 2, 3, 4)  # of STEPS, for that check", "1 → 2"),
            ("FOUR = (1, ▸2, 3, 4)  # of STEPS, for that check", "2 → 3"),
            ("FOUR = (1, 2, ▸3, 4)  # of STEPS, for that check", "3 → 4"),
            ("FOUR = (1, 2, 3, ▸4)  # of STEPS, for that check", "4 → 5"),
        ],
    },
    "a third that is the same": {
        "looks.py": [
            ("again = np.repeat(total[None], ▸2, 0)", "2 → 3"),
        ],
    },
    "what is looked at once more is judged as before": {
        "looks.py": [
            ("odd = (sure & (np.abs(line.slope - D) > 10 * line.error ▸+ CLOSE * np.abs(D))) | l"
             "ine.kink",
             "+ → -"),
            ("odd = (sure ▸& (np.abs(line.slope - D) > 10 * line.error + CLOSE * np.abs(D))) | l"
             "ine.kink",
             "& → |"),
        ],
    },
    "stairs have jumps in any span": {
        "differences.py": [
            ("sizes = [jump_within(f, x, v, tuple(k), narrow.slope[tuple(k)], (STEPS[▸-4], STEPS"
             "[0]))",
             "- → nothing"),
            ("sizes = [jump_within(f, x, v, tuple(k), narrow.slope[tuple(k)], (STEPS[-▸4], STEPS"
             "[0]))",
             "4 → 5"),
        ],
    },
    "of two slopes so alike either is": {
        "differences.py": [
            ("large = narrow > CLOSE * np.maximum(np.▸maximum(np.abs(left), np.abs(right)), slop"
             "e)",
             "maximum → minimum"),
        ],
    },
    "a margin, and a third more": {
        "differences.py": [
            ("lower = (error < line.error) & (np.abs(slope - line.slope) <= ▸3 * line.error)",
             "3 → 4"),
        ],
        "looks.py": [
            ("local = np.abs(sure - line.near) <= ▸3 * line.near_error", "3 → 4"),
        ],
    },
    "no step is exactly so wide: all are powers of two": {
        "differences.py": [
            ("if size ▸>= WIDE or not unseen.any():", ">= → >"),
        ],
    },
    "one more is looked at": {
        "differences.py": [
            ("SUSPECTS = ▸8                               # outputs that are searched for jumps,"
             " of one direction",
             "8 → 9"),
        ],
        "looks.py": [
            ("COLUMNS = ▸64        # inputs that are each checked by differences too", "64 → 65"),
            ("if columns and D is not None and first.count ▸<= COLUMNS:", "<= → <"),
        ],
    },
    "of two halves alike either is taken": {
        "differences.py": [
            ("a, low, b, high = ((a, low, middle, between) if first ▸> second", "> → >="),
        ],
    },
    "both sides have one shape": {
        "differences.py": [
            ("shape = (len(values), *values[0][▸0].shape[1:])", "0 → 1"),
        ],
    },
    "some halvings less, of twenty": {
        "differences.py": [
            ("if halving ▸< HALVINGS // 2:  # as far as f may be steep, over a gap not too narro"
             "w",
             "< → <="),
            ("if halving < HALVINGS // ▸2:  # as far as f may be steep, over a gap not too narro"
             "w",
             "2 → 3"),
        ],
    },
    "where no jump was found all are 0": {
        "differences.py": [
            ("if np.median(relative) ▸> 0:  # those that were not searched are as most of those "
             "that were",
             "> → >="),
        ],
    },
    "beyond it the density is 0": {
        "stable.py": [
            ("FAR = ▸40.0  # φ(40) is 0 in float64", "40.0 → 41.0"),
        ],
    },
    "0 times whatever is finite is 0": {
        "stable.py": [
            ("return np.where(S == 0, ▸0, X) * S", "0 → 1"),
        ],
    },
    "both kinds are read, in either order": {
        "slopes.py": [
            ("together = [p for p, look in enumerate(looks) if look and (look.D is None) ▸== kind]",
             "== → !="),
        ],
    },
    "then a power of two that is 1 is taken out": {
        "stable.py": [
            ("if np.all(norm.scale > ▸0):", "0 → 1"),
        ],
    },
    "another power of two, which is taken out again": {
        "looks.py": [
            ("w = random.integers(5, 9, count) ▸/ 8 * random.choice([-1.0, 1.0], count)", "/ → *"),
        ],
    },
    "any other drawing does as well": {
        "looks.py": [
            ("w = random.integers(▸5, 9, count) / 8 * random.choice([-1.0, 1.0], count)", "5 → 6"),
            ("w = random.integers(5, ▸9, count) / 8 * random.choice([-1.0, 1.0], count)", "9 → 10"),
        ],
    },
    "a few last digits, more or less": {
        "looks.py": [
            ("moves = EPS * random.choice([▸-2, -1, 1, 2], looks[0].x.shape)", "- → nothing"),
            ("moves = EPS * random.choice([-2, ▸-1, 1, 2], looks[0].x.shape)", "- → nothing"),
        ],
    },
    "a row that nobody reads": {
        "discover/regions.py": [
            ("return slopes_along(samples.at.f, x, [sizes], ▸1, shape), sizes", "1 → 2"),
        ],
    },
    "only where all slopes are 0, and then none is sudden": {
        "discover/kinks.py": [
            ("keep = np.abs(np.diff(at)) ▸> fuzz", "> → >="),
        ],
    },
    "of two axes the one behind the first is the last": {
        "discover/kinks.py": [
            ("return np.median(np.lib.stride_tricks.sliding_window_view(padded, 9), axis=▸-1)",
             "- → nothing"),
        ],
    },
    "other points as near, or twice as far": {
        "stillness.py": [
            ("near = look.x + BESIDE * random.uniform(-1, ▸1, look.x.shape) * look.sizes  # off a "
             "tie at 0",
             "1 → 2"),
        ],
    },
    "a step twice as wide, and the gap is still many of them wide": {
        "discover/kinks.py": [
            ("def near(numbers, times=▸1.0):", "1.0 → 2.0"),
        ],
    },
    "a margin of sixteen roundings, or of eight": {
        "discover/kinks.py": [
            ("EPS = 2.0 ** -▸52", "52 → 53"),
        ],
    },
    "where both are exactly alike, either is right": {
        "discover/kinks.py": [
            ("first = ~(np.abs(there - left) ▸< np.abs(right - there))", "< → <="),
        ],
        "looks.py": [
            ("return Test(floor, nothing, nothing == 0, ~(line.error ▸<= CLOSE * floor))",
             "<= → <"),
        ],
    },
    "no share is exactly so large": {
        "gradcheck.py": [
            ('if verdict.startswith("right.") and hides ▸> 10.0**-DIGITS:', "> → >="),
        ],
    },
    "where a slider ends is taste": {
        "operations/normalization.py": [
            ('EPS = {"eps": (0.0, ▸1.0)}', "1.0 → 2.0"),
        ],
    },
    "no two slopes are exactly so far apart": {
        "looks.py": [
            ("local = np.abs(sure - line.near) ▸<= 3 * line.near_error", "<= → <"),
            ("unseen = np.isnan(line.slope) | (np.abs(sure) ▸> 10 * (np.abs(line.slope) + line.e"
             "rror))",
             "> → >="),
            ("odd = (sure & (np.abs(line.slope - D) ▸> 10 * line.error + CLOSE * np.abs(D))) | l"
             "ine.kink",
             "> → >="),
            ("bad = ~(apart ▸<= 10 * line.error + 64 * EPS * scale) | ~np.isfinite(here)",
             "<= → <"),
        ],
        "differences.py": [
            ("agree = sure & (apart ▸<= 3 * (errors + np.take_along_axis(errors, last, 0)))",
             "<= → <"),
        ],
    },
    "a pole is far larger, after so many halvings": {
        "differences.py": [
            ("return left if small < left <= ▸2 * size else 0.0  # what is larger is a pole",
             "2 → 3"),
        ],
    },
    "no jump is exactly so large": {
        "differences.py": [
            ("return left if small < left ▸<= 2 * size else 0.0  # what is larger is a pole",
             "<= → <"),
            ("return left if small ▸< left <= 2 * size else 0.0  # what is larger is a pole",
             "< → <="),
        ],
    },
    "no error is exactly so large": {
        "differences.py": [
            ("sure = errors ▸<= SURE * size", "<= → <"),
            ("lower = (error ▸< line.error) & (np.abs(slope - line.slope) <= 3 * line.error)",
             "< → <="),
            ("good = errors ▸<= CLOSE * np.abs(found)", "<= → <"),
            ("rough = (jump > 0) & (wide.error ▸<= 0.3 * np.abs(wide.slope))", "<= → <"),
            ("return ((errors ▸<= SURE * apart) & (apart > 0.05 * size)).any(0)", "<= → <"),
        ],
        "looks.py": [
            ("sure = line.error ▸<= CLOSE * np.maximum(np.abs(line.slope), np.abs(D))", "<= → <"),
            ("return Test(scale, apart + line.error, bad & ~torn, ~(line.error ▸<= CLOSE * scale"
             ") | torn)",
             "<= → <"),
            ("take = wanted & ~((apart ▸<= 10 * c_error) & (c_error <= CLOSE * np.abs(D)))",
             "<= → <"),
        ],
    },
    "no gap is exactly so wide": {
        "differences.py": [
            ("return (second > 100 * noise) & ~(widest ▸> 23 * second)", "> → >="),
            ("large = narrow ▸> CLOSE * np.maximum(np.maximum(np.abs(left), np.abs(right)), slop"
             "e)",
             "> → >="),
            ("there & (width < 1e-8) & (narrow ▸> 1.5 * wide), left, right)", "> → >="),
        ],
    },
    "a margin of a digit, and a tenth more": {
        "looks.py": [
            ("unseen = np.isnan(line.slope) | (np.abs(sure) > ▸10 * (np.abs(line.slope) + line.e"
             "rror))",
             "10 → 11"),
            ("take = wanted & ~((apart <= ▸10 * c_error) & (c_error <= CLOSE * np.abs(D)))",
             "10 → 11"),
            ("apart = 2 * np.maximum(apart - ▸16 * EPS * size, 0)", "16 → 17"),
        ],
    },
    "a margin of two digits, and a hundredth or two more": {
        "looks.py": [
            ("bad = ~(apart <= 10 * line.error + ▸64 * EPS * scale) | ~np.isfinite(here)",
             "64 → 65"),
        ],
    },
    "where both formulas meet they are the same": {
        "graph/gates.py": [
            ("return 1 / (1 + e) if a ▸>= 0 else e / (1 + e)", ">= → >"),
        ],
    },
    "of infinite orders the one above 0 is also above 1": {
        "complex_step.py": [
            ('return getattr(abs(x), "max" if ord > ▸0 else "min")(axis[0], keepdims=keepdims)',
             "0 → 1"),
        ],
    },
    "a power of 0 is 0 or raises the other error: it never overflows": {
        "graph/gates.py": [
            ("return -INF if a ▸< 0 and b % 2 == 1 else INF", "< → <="),
        ],
    },
    "every operand sets it, and only what comes behind one asks": {
        "graph/expression.py": [
            ("self.bracketed = ▸False  # a bracket has just been closed", "False → True"),
        ],
    },
    "of steps that serve more, or the same: the widest start lies within the rest": {
        "differences.py": [
            ("start = int(np.clip(np.median(line.finest[wanted]) - FEW + 1, 0, len(STEPS) ▸- FEW))",
             "- → +"),
            ("steps, kinks, slope, error = STEPS[▸start:start + FEW], [], [], []",
             "start → nothing"),
        ],
    },
    "no estimate comes of no step": {
        "differences.py": [
            ("for order in range(min(ORDERS, len(table) ▸- 1)):", "- → +"),
        ],
    },
    "no error and no slope is so large to its last digit": {
        "differences.py": [
            ("size = np.max(np.abs(found), 0, initial=0, where=errors ▸<= SURE * np.abs(found))",
             "<= → <"),
            ("return (there & (width < 1e-4) & (np.abs(narrow - wide) ▸< 0.3 * narrow),", "< → <="),
            ("other = (np.abs(near.slope - wide.slope) ▸> 3 * (near.error + wide.error)) & (",
             "> → >="),
            ("sure = (wide.error ▸<= SURE * np.abs(wide.slope)) & ~cornered(*values, here, "
             "wide.noise)", "<= → <"),
            ("hidden = (line.slope == 0) & ((sure & (np.abs(slope) ▸<= EPS / STEPS[0])) | "
             "(slope == 0))", "<= → <"),
            ("lower = (error < line.error) & (np.abs(slope - line.slope) ▸<= 3 * line.error)",
             "<= → <"),
            ("odd = wanted & (~(some.error ▸<= enough) | line.kink | unseen)", "<= → <"),
        ],
    },
    "a margin of what rounding or a bend may be, with room on both sides": {
        "differences.py": [
            ("small = 64 * EPS * top + ▸4 * steepest * (b - a)", "4 → 5"),
            ("return (second > ▸100 * noise) & ~(widest > 23 * second)", "100 → 101"),
            ("return (second > 100 * noise) & ~(widest > ▸23 * second)", "23 → 24"),
            ("enough = np.maximum(1e-7 * np.nan_to_num(np.abs(line.slope)), ▸30 * line.error)",
             "30 → 31"),
        ],
    },
    "a number with a sign turns by times it or by over it": {
        "complex_step.py": [
            ('"copysign": lambda a, b: a ▸* (np.copysign(1, real(a)) * np.copysign(1, real(b))),',
             "* → /"),
        ],
    },
    "the same pair of inputs in the other order": {
        "vector/derivatives.py": [
            ("for j, b in enumerate(moves[:▸i + 1]):", "i + 1 → nothing"),
            ("for j, b in enumerate(moves[:i + ▸1]):", "1 → 2"),
        ],
    },
}
