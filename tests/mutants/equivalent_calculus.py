"""Those of the calculus: {why: {file: [(its line with a mark, the fault), …]}}."""

CALCULUS = {
    "below every magnitude are both": {
        "looks.py": [
            ("k = np.unravel_index(np.argmax(np.where(where, np.nan_to_num(by, nan=np.inf), -▸1))"
             ", by.shape)",
             "1 → 2"),
        ],
    },
    "any other drawing does as well": {
        "looks.py": [
            ("SEED = ▸20_231", "20_231 → 20232"),
        ],
    },
    "at 0 both sides differ: differences say so, and are believed": {
        "complex_step.py": [
            ('"absolute": lambda z: np.where(real(z) ▸< 0, -z, z),', "< → <="),
            ('"fabs": lambda z: np.where(real(z) ▸< 0, -z, z),', "< → <="),
        ],
    },
    "None is no complex step either": {
        "complex_step.py": [
            ('▸raise TypeError(f"no complex step through a norm of order {ord}")',
             'raise TypeError(f"no complex step through a norm of order {o → pass'),
        ],
    },
    "parts of another size, the same numbers": {
        "differences.py": [
            ("PART = ▸2**9                                # those whose estimates are held at one"
             " time",
             "2 → 3"),
            ("PART = 2**▸9                                # those whose estimates are held at one"
             " time",
             "9 → 10"),
            ("CHUNK = ▸2**13                              # outputs that are measured together",
             "2 → 3"),
            ("CHUNK = 2▸**13                              # outputs that are measured together",
             "** → *"),
            ("CHUNK = 2**▸13                              # outputs that are measured together",
             "13 → 14"),
            ("together = max(▸1, CHUNK // max(here.size, x.size))", "1 → 2"),
            ("together = max(1, CHUNK ▸// max(here.size, x.size))", "// → *"),
            ("together = max(1, CHUNK // ▸max(here.size, x.size))", "max → min"),
            ("together = max(1, CHUNK // max(here.▸size, x.size))", "size → ndim"),
            ("together = max(1, CHUNK // max(here.size, x.▸size))", "size → ndim"),
            ("together = max(▸1, PART // max(here.size, 1))", "1 → 2"),
            ("together = max(1, PART ▸// max(here.size, 1))", "// → *"),
            ("together = max(1, PART // ▸max(here.size, 1))", "max → min"),
            ("together = max(1, PART // max(here.▸size, 1))", "size → ndim"),
            ("together = max(1, PART // max(here.size, ▸1))", "1 → 2"),
        ],
        "doctor/ladder.py": [
            ("together = max(1, HELD // max(here.size, ▸1))", "1 → 2"),
        ],
        "slopes.py": [
            ("TOGETHER = ▸2**13  # slopes of several points that are read together", "2 → 3"),
            ("TOGETHER = 2▸**13  # slopes of several points that are read together", "** → *"),
            ("TOGETHER = 2**▸13  # slopes of several points that are read together", "13 → 14"),
            ("step = max(▸1, TOGETHER // max(looks[together[0]].entries, 1)) if together else 1",
             "1 → 2"),
            ("step = max(1, TOGETHER ▸// max(looks[together[0]].entries, 1)) if together else 1",
             "// → *"),
            ("step = max(1, TOGETHER // ▸max(looks[together[0]].entries, 1)) if together else 1",
             "max → min"),
            ("step = max(1, TOGETHER // max(looks[together[0]].entries, ▸1)) if together else 1",
             "1 → 2"),
        ],
    },
    "nothing is read at that step": {
        "slopes.py": [
            ("step = max(1, TOGETHER // max(looks[together[0]].entries, 1)) if together else ▸1",
             "1 → 2"),
        ],
    },
    "no two estimates are exactly so far apart": {
        "differences.py": [
            ("return ((errors <= SURE * apart) & (apart ▸> 0.05 * size)).any(0)", "> → >="),
        ],
    },
    "no gap is exactly so wide": {
        "differences.py": [
            ("clear = gap ▸> 100 * noise / column", "> → >="),
            ("gone = (last[0] + 1 < len(steps)) & (narrow ▸> 200 * noise / column.ravel()[next_on"
             "e[0]])",
             "> → >="),
        ],
    },
    "a margin of two digits, and a hundredth more": {
        "differences.py": [
            ("clear = gap > ▸100 * noise / column", "100 → 101"),
            ("sizes = [q if q > ▸100 * line.noise[tuple(k)] else 0.0", "100 → 101"),
        ],
    },
    "no jump is exactly so large": {
        "differences.py": [
            ("sizes = [q if q ▸> 100 * line.noise[tuple(k)] else 0.0", "> → >="),
        ],
    },
    "a margin of two digits, and less than a hundredth more": {
        "differences.py": [
            ("gone = (last[0] + 1 < len(steps)) & (narrow > ▸200 * noise / column.ravel()[next_on"
             "e[0]])",
             "200 → 201"),
        ],
    },
    "a margin of two digits, and a hundredth or two more": {
        "differences.py": [
            ("small = ▸64 * EPS * top + 4 * steepest * (b - a)", "64 → 65"),
        ],
    },
    "a gap half as wide, of the same jump": {
        "differences.py": [
            ("HALVINGS = ▸40                              # from a wide step to the rounding of x",
             "40 → 41"),
        ],
    },
    "in narrower steps only rounding is left, and their error says so": {
        "vector/derivatives.py": [
            ("moves, H, steps = list(units(x)), np.empty((x.size, x.size)), STEPS[:▸BENDS]",
             "BENDS → nothing"),
            ("BENDS = ▸6  # of STEPS, for differences of differences: in narrower ones only round"
             "ing is left",
             "6 → 7"),
        ],
    },
    "an odd function is odd on any grid": {
        "units.py": [
            ("x = np.linspace(▸0.25, 8, 32)", "0.25 → 1.25"),
            ("x = np.linspace(0.25, ▸8, 32)", "8 → 9"),
            ("x = np.linspace(0.25, 8, ▸32)", "32 → 33"),
        ],
    },
    "the slope passes 0 once, in the wider interval too": {
        "units.py": [
            ("left, right = -▸2.0, 0.0", "2.0 → 3.0"),
            ("left, right = -2.0, ▸0.0", "0.0 → 1.0"),
        ],
    },
    "after 53 halvings two numbers are neighbours": {
        "units.py": [
            ("for _ in range(▸60):", "60 → 61"),
        ],
    },
    "where the slope is 0, both ends are as good": {
        "units.py": [
            ("left, right = (left, middle) if values(name, middle)[1] ▸> 0 else (middle, right)",
             "> → >="),
        ],
    },
    "no unit has 0 for its highest value alone": {
        "units.py": [
            ('return "both signs" if low < 0 ▸< high else "never negative" if low >= 0 else "neve'
             'r positive"',
             "< → <="),
        ],
    },
    "an input that is exchanged before anything is computed from it": {
        "units.py": [
            ("op, inputs, parameters = call(name, np.zeros((▸1, 1)), shape)", "1 → 2"),
            ("op, inputs, parameters = call(name, np.zeros((1, ▸1)), shape)", "1 → 2"),
            ("op, inputs, parameters = call(name, np.▸zeros((1, 1)), shape)", "zeros → ones"),
        ],
    },
    "a few last digits, more or less": {
        "looks.py": [
            ("moves = EPS * random.choice([-▸2, -1, 1, 2], looks[0].x.shape)", "2 → 3"),
            ("moves = EPS * random.choice([-2, -▸1, 1, 2], looks[0].x.shape)", "1 → 2"),
            ("moves = EPS * random.choice([-2, -1, ▸1, 2], looks[0].x.shape)", "1 → 2"),
            ("moves = EPS * random.choice([-2, -1, 1, ▸2], looks[0].x.shape)", "2 → 3"),
        ],
    },
    "no step is exactly so wide: all are powers of two": {
        "differences.py": [
            ("return (there & (width ▸< 1e-4) & (np.abs(narrow - wide) < 0.3 * narrow),", "< → <="),
            ("there & (width ▸< 1e-8) & (narrow > 1.5 * wide), left, right)", "< → <="),
        ],
    },
    "one more step for each column": {
        "differences.py": [
            ("FEW = ▸4                                    # steps for a column, once the right on"
             "es are known",
             "4 → 5"),
        ],
    },
    "another choice of steps: where they do not agree, all are tried": {
        "differences.py": [
            ("QUICK = (0, 1, 2, 3, ▸5, 7, 9, 11)          # of STEPS: enough where all is well",
             "5 → 6"),
            ("QUICK = (0, 1, 2, 3, 5, ▸7, 9, 11)          # of STEPS: enough where all is well",
             "7 → 8"),
            ("QUICK = (0, 1, 2, 3, 5, 7, ▸9, 11)          # of STEPS: enough where all is well",
             "9 → 10"),
        ],
    },
    "a few last digits, to the other side": {
        "looks.py": [
            ("for q, at in enumerate((look.x, look.x ▸+ moves * look.sizes * (look.x != 0))):",
             "+ → -"),
        ],
    },
    "where both are exactly alike, either is right": {
        "looks.py": [
            ("take = wanted & ~((apart ▸<= 10 * c_error) & (c_error <= CLOSE * np.abs(D)))",
             "<= → <"),
        ],
    },
    "another large size": {
        "cost.py": [
            ('LARGE = {"n": 64, "h": 1024, "m": ▸1024, "k": 256, "l": 1024, "w": 5, "d": 64, "v":'
             " 64}",
             "1024 → 1025"),
            ('LARGE = {"n": 64, "h": 1024, "m": 1024, "k": ▸256, "l": 1024, "w": 5, "d": 64, "v":'
             " 64}",
             "256 → 257"),
            ('LARGE = {"n": 64, "h": 1024, "m": 1024, "k": 256, "l": ▸1024, "w": 5, "d": 64, "v":'
             " 64}",
             "1024 → 1025"),
            ('LARGE = {"n": 64, "h": 1024, "m": 1024, "k": 256, "l": 1024, "w": ▸5, "d": 64, "v":'
             " 64}",
             "5 → 6"),
            ('LARGE = {"n": 64, "h": 1024, "m": 1024, "k": 256, "l": 1024, "w": 5, "d": ▸64, "v":'
             " 64}",
             "64 → 65"),
            ('LARGE = {"n": 64, "h": 1024, "m": 1024, "k": 256, "l": 1024, "w": 5, "d": 64, "v": '
             "▸64}",
             "64 → 65"),
        ],
    },
    "another small size, unlike its neighbours": {
        "axes.py": [
            ('DEFAULT_SIZES = {"n": 3, "h": ▸4, "m": 4, "k": 2, "p": 2, "c": 2, "l": 6, "w": 3, "'
             'd": 2, "v": 3}',
             "4 → 5"),
            ('DEFAULT_SIZES = {"n": 3, "h": 4, "m": ▸4, "k": 2, "p": 2, "c": 2, "l": 6, "w": 3, "'
             'd": 2, "v": 3}',
             "4 → 5"),
            ('DEFAULT_SIZES = {"n": 3, "h": 4, "m": 4, "k": 2, "p": 2, "c": 2, "l": 6, "w": ▸3, "'
             'd": 2, "v": 3}',
             "3 → 4"),
            ('DEFAULT_SIZES = {"n": 3, "h": 4, "m": 4, "k": 2, "p": ▸2, "c": 2, "l": 6, "w": 3, "'
             'd": 2, "v": 3}',
             "2 → 3"),
        ],
    },
    "no error is exactly so large": {
        "looks.py": [
            ("vague = line.error ▸> np.maximum(SURE * np.abs(line.slope), rounding)", "> → >="),
        ],
    },
    "of signs the product and the quotient are one": {
        "complex_step.py": [
            ('"copysign": lambda a, b: a * (np.copysign(1, real(a)) ▸* np.copysign(1, real(b))),',
             "* → /"),
        ],
    },
    "a margin of a digit, and a tenth more": {
        "looks.py": [
            ("bad = ~(apart <= ▸10 * line.error + 64 * EPS * scale) | ~np.isfinite(here)",
             "10 → 11"),
            ("odd = (sure & (np.abs(line.slope - D) > ▸10 * line.error + CLOSE * np.abs(D))) | li"
             "ne.kink",
             "10 → 11"),
        ],
    },
    "a margin of three digits, and a thousandth more": {
        "looks.py": [
            ("rounding = ▸1e3 * EPS * line.top / STEPS[line.finest]", "1e3 → 1001.0"),
        ],
    },
    "of a direction that is 0 any share is 0": {
        "looks.py": [
            ("longest = float((np.abs(r) / sizes).max(initial=0)) or ▸1.0", "1.0 → 2.0"),
        ],
    },
    "another place to start from": {
        "vector/surfaces.py": [
            ('r"f = 0.8\\,x_0^2 + 0.6\\,x_0x_1 + 0.5\\,x_1^2", (▸1.0, -0.5),', "1.0 → 2.0"),
            ('r"f = 0.8\\,x_0^2 + 0.6\\,x_0x_1 + 0.5\\,x_1^2", (1.0, -▸0.5),', "0.5 → 1.5"),
            ('r"f = 0.6\\,x_0^2 + 0.4\\,x_0x_1 - 0.5\\,x_1^2", (▸0.6, 0.8),', "0.6 → 1.6"),
            ('r"f = 0.6\\,x_0^2 + 0.4\\,x_0x_1 - 0.5\\,x_1^2", (0.6, ▸0.8),', "0.8 → 1.8"),
            ('r"f = \\tfrac{1}{2}(1-x_0)^2 + 2\\,(x_1 - \\tfrac{1}{2}x_0^2)^2", (-▸0.9, 1.0),',
             "0.9 → 1.9"),
            ('r"f = \\tfrac{1}{2}(1-x_0)^2 + 2\\,(x_1 - \\tfrac{1}{2}x_0^2)^2", (-0.9, ▸1.0),',
             "1.0 → 2.0"),
            ('r"f = \\sin\\tfrac{3}{2}x_0\\,\\cos x_1", (▸1.1, -0.4),', "1.1 → 2.1"),
            ('r"f = \\sin\\tfrac{3}{2}x_0\\,\\cos x_1", (1.1, -▸0.4),', "0.4 → 1.4"),
        ],
    },
    "no two slopes are exactly so far apart": {
        "looks.py": [
            ("return np.nan_to_num(np.where(apart ▸> known, apart, 0))", "> → >="),
        ],
    },
    "one share more, half as large": {
        "vector/derivatives.py": [
            ("SCALES = 2.0 ** -np.arange(▸11)  # Δx is shrunk to these shares of itself",
             "11 → 12"),
        ],
    },
    "at 0 the other value is taken": {
        "operations/activations.py": [
            ("return np.where(X == 0, at_zero, X ▸> 0) if at_zero else X > 0", "> → >="),
        ],
    },
    "of equals the first is named": {
        "looks.py": [
            ('(~np.isfinite(here), np.▸ones(here.shape), lambda k, _: f"f(x){k} is not finite."),',
             "ones → zeros"),
        ],
    },
    "the same words, one of them earlier": {
        "discover/naming/vocabulary.py": [
            ("*self.winners(), *self.without_one(), *self.made(FUNCTIONS[:▸6], first),", "6 → 7"),
            ("*self.of_output(), *self.ratios(first), *self.made(FUNCTIONS[:▸6], later),", "6 → 7"),
        ],
    },
    "there are two": {
        "discover/naming/vocabulary.py": [
            ("for form in (SOFTMAX, LOGARITHM)[:1 if scale else ▸2]])", "2 → 3"),
        ],
    },
    "a rank that is let by here is refused when its products are made": {
        "discover/patterns/low_rank.py": [
            ("rank = ▸min(2, n - 1)", "min → max"),
        ],
    },
    "a limit of memory, and an eighth more": {
        "discover/large/search.py": [
            ('check_size(tuple(sizes[x] for x in letters), f"The core of {subject.source}"'
             ', limit=▸8 * HELD,',
             "8 → 9"),
        ],
    },
    "another letter that nobody has": {
        "discover/cores.py": [
            ("free, inner = (chr(c) for c in range(▸65, 123) if chr(c) not in pattern.lett"
             "ers), []",
             "65 → 66"),
        ],
    },
    "what several inputs move together is not read": {
        "discover/large/sparse.py": [
            ("slopes = change[hit] if width == 1 else change[:▸0]  # those of more add up",
             "0 → 1"),
        ],
    },
    "a budget: how many pieces are tried": {
        "discover/changes.py": [
            ("for count in range(2, MOST_PIECES + ▸1):", "1 → 2"),
        ],
    },
    "no line holds such a name": {
        "discover/changes.py": [
            ("if name not in (samples.input_name, samples.output_name) ▸and np.ndim(array)"
             ":",
             "and → or"),
        ],
    },
    "an answer whose inputs moved in their last digits is as right": {
        "gradcheck.py": [
            ('pull = judged(f"d{wrt}", pulls[▸0], wanted, rounding(pulls, wanted, G), inputs)',
             "0 → 1"),
        ],
    },
    "a mask and as many numbers are more than the core itself": {
        "discover/cores.py": [
            ("if numbers ▸< core.size and all(", "< → <="),
        ],
    },
    "another letter for the same axis": {
        "discover/patterns/products.py": [
            ("code = {x: chr(▸97 + i) for i, x in enumerate(core.letters)}", "97 → 98"),
            ("code = {x: chr(▸97 + i) for i, x in enumerate((*core.letters, new))}", "97 → 98"),
        ],
        "discover/patterns/two_ties.py": [
            ("code = {x: chr(▸97 + i) for i, x in enumerate(letters)}", "97 → 98"),
        ],
        "discover/ties.py": [
            ("code = {letter: chr(▸97 + i) for i, letter in enumerate(self.letters)}", "97 → 98"),
        ],
        "jacobian.py": [
            ("code = {letter: chr(▸97 + i) for i, letter in enumerate(dict.fromkeys(patter"
             "n))}",
             "97 → 98"),
        ],
    },
}
