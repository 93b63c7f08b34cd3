"""Those of the words of discover: {why: {file: [(its line with a mark, the fault), …]}}."""

NAMING = {
    "one more is tried or held at a time: what is found is compared everywhere afterwards": {
        "discover/naming/expressions.py": [
            ("MONOMIALS = ▸6000  # products of words that are tried", "6000 → 6001"),
            ("FACTORS = ▸100     # words that products are made of", "100 → 101"),
            ("TOGETHER = ▸256    # products that are held at a time", "256 → 257"),
            ("EQUATIONS = ▸160   # places that sums of products are looked for in", "160 → 161"),
            ("return self.said(self.first(words, 2) or self.first(words[:▸60], 3))", "60 → 61"),
            ("for places, numbers in islice(sums(columns, self.target, most, self.tolerance), ▸"
             "10):", "10 → 11"),
            ("for chosen, numbers in islice(self.sums_of(columns, places, most), ▸10):", "10 → 11"),
            ("for most, few in ((2, len(basic)), (3, ▸22)):", "22 → 23"),
            ('*self.of("inverses", "divisions")[:▸20]]', "20 → 21"),
            ('words = self.with_ones([*self.of("linear", "reductions"), *self.of("functions")[:'
             "▸60]])", "60 → 61"),
            ("for places, numbers in islice(sums(columns, turned, 2, self.tolerance), ▸5)]",
             "5 → 6"),
            ("plain = [*gates[:▸6], *(w for w in rest if not safe[w.text] and w.text in linear)"
             "]", "6 → 7"),
            ("return [*output, *sums_[:▸12], *others[:24], *plain[:18], *sums_[12:], *others[24"
             ":], *last]", "12 → 13"),
            ("return [*output, *sums_[:12], *others[:▸24], *plain[:18], *sums_[12:], *others[24"
             ":], *last]", "24 → 25"),
            ("return [*output, *sums_[:12], *others[:24], *plain[:▸18], *sums_[12:], *others[24"
             ":], *last]", "18 → 19"),
            ("for count in (▸8, 16, 32, 64):", "8 → 9"),
            ("for count in (8, ▸16, 32, 64):", "16 → 17"),
            ("for count in (8, 16, ▸32, 64):", "32 → 33"),
            ("for count in (8, 16, 32, ▸64):", "64 → 65"),
            ("chosen = independent(columns[:▸2 * count], most)", "2 → 3"),
        ],
        "discover/naming/vocabulary.py": [
            ("MANY = ▸90       # linear values, and a few of them that functions are taken of",
             "90 → 91"),
            ("FEW = ▸14", "14 → 15"),
            ("known = [(a, m) for a, m in self.matrices if not self.varies(a) and len(m) == 2]["
             ":▸6]", "6 → 7"),
            ("return made[:▸40]", "40 → 41"),
            ("if a in self.arrays and len(m) == 2 and m[0] == m[1] > 1 and not self.varies(a)]["
             ":▸3]", "3 → 4"),
            ("mark = tuple(rounded(f) for v in values[:▸3]", "3 → 4"),
            ("and self.names.shape(name) in shapes and self.names.shape(name)][:▸4]", "4 → 5"),
            ('*self.made(("np.exp(@)", "np.exp(-@)", *FUNCTIONS[:▸4]), self.alike),', "4 → 5"),
            ("*self.made(FUNCTIONS[6:▸18], later), *self.one_hots()])", "18 → 19"),
            ('return self.fine(form.replace("@", atom(z)) for z in self.linear[:▸40] if self.va'
             "ries(z)", "40 → 41"),
            ("for z in self.linear[:▸30]:", "30 → 31"),
            ("mark = (values[0].shape, *(rounded(f) for v in values[:▸3] for f in marks(v)))",
             "3 → 4"),
            ("mark = (values[0].shape, *(rounded(f) for v in values[:▸3] for f in marks(v)))",
             "3 → nothing"),
        ],
        "discover/naming/fitting.py": [
            ("PAIRS = ▸1200    # columns of which all pairs are tried", "1200 → 1201"),
            ("TOGETHER = ▸16   # of them whose pairs are tried at one time", "16 → 17"),
            ("TRIPLES = ▸60   # the same for sums of three", "60 → 61"),
            ('return [(i,) for i in np.argsort(off, kind="stable") if off[i] <= rough][:▸20]',
             "20 → 21"),
            ("def pairs(unit, aim, rough, count=▸20):", "20 → 21"),
            ("found = pairs(rest[keep] / size[keep, None], left / length, rough / length**2, ▸3"
             ")", "3 → 4"),
        ],
        "discover/naming/spans.py": [
            ("WORDS = ▸14   # words of which pairs are tried", "14 → 15"),
            ("FIRST = ▸3    # rows that are solved before all are", "3 → 4"),
            ('functions = [] if deltas else search.of("functions")[:▸40]', "40 → 41"),
            ('words = search.centred() + deltas + search.of("linear")[:▸40] + functions',
             "40 → 41"),
        ],
    },
    "a sum of one term more is tried next anyhow, and three are the most": {
        "discover/naming/expressions.py": [
            ("return self.said(self.first(self.with_ones(words), ▸2))", "2 → 3"),
            ("return self.said(self.first(words, ▸2) or self.first(words[:60], 3))", "2 → 3"),
            ("return self.said(self.first(words, 2) or self.first(words[:60], ▸3))", "3 → 4"),
            ("for most, few in ((▸2, len(basic)), (3, 22)):", "2 → 3"),
            ("for most, few in ((2, len(basic)), (▸3, 22)):", "3 → 4"),
        ],
    },
    "no rounding is exactly so large": {
        "discover/naming/expressions.py": [
            ("if np.ptp(values) ▸> self.tolerance * np.abs(values).max():", "> → >="),
            ("if any(np.any(np.abs(t / level - 1) ▸> 10 * self.tolerance) for t in totals):",
             "> → >="),
            ("if size and np.linalg.norm(rest) ▸> 1e-6 * size:", "> → >="),
        ],
        "discover/naming/names.py": [
            ("if any(np.ptp(group) ▸> tolerance * max(1e-300, np.abs(group).max())", "> → >="),
            ("number = ratios and np.ptp(ratios) ▸<= tolerance * abs(ratios[0]) and self.number"
             "(", "<= → <"),
            ("abs(value - f) ▸<= tolerance * abs(value) for f in found):", "<= → <"),
            ("if abs(value - float(fraction)) ▸<= tolerance * abs(value):", "<= → <"),
            ("return repr(short) if abs(short - value) ▸<= min(tolerance, 1e-9) * abs(value) el"
             "se None", "<= → <"),
        ],
        "discover/naming/fitting.py": [
            ("fine = np.flatnonzero((size ▸> 1e-200) & np.isfinite(size))", "> → >="),
            ("fine = rank == len(columns) and off ▸<= tolerance * np.abs(target).max()", "<= → <"),
            ("▸> 1e-7 * np.abs(target).max()) else None", "> → >="),
            ('return [(i,) for i in np.argsort(off, kind="stable") if off[i] ▸<= rough][:20]',
             "<= → <"),
            ("i, j = np.nonzero(np.abs(1 - inside) ▸<= max(rough, 1e-11))", "<= → <"),
            ("fine = (i < j) & (gram[i, j] ** 2 ▸< 1 - 1e-8)", "< → <="),
            ("keep = np.flatnonzero(size ▸> 1e-6)", "> → >="),
            ("if length ▸< 1e-6 or keep.size < 2:", "< → <="),
            ("square - float(fraction)) ▸<= close * square:  # a larger one fits by accident",
             "<= → <"),
            ("if abs(short - value) ▸<= 0.1 * close * abs(value):", "<= → <"),
            ("if np.abs(number * made - target).max() ▸> tolerance * np.abs(target).max():",
             "> → >="),
            ("equations = len(np.unique(np.round(target / np.abs(target).max(), ▸9)))", "9 → 10"),
        ],
        "discover/naming/spans.py": [
            ("np.abs(gram[:, 0, 1]) ▸> (1 - 1e-7) * size[:, 0] * size[:, 1])):", "> → >="),
            ("return None if np.abs(off).max(initial=0) ▸> allowed else numbers / size", "> → >="),
        ],
    },
    "a margin of a digit, and a tenth more": {
        "discover/naming/expressions.py": [
            ("inner = Search(self.words, search.names, numbers, rest, ▸10 * search.tolerance)",
             "10 → 11"),
            ("if any(np.any(np.abs(t / level - 1) > ▸10 * self.tolerance) for t in totals):",
             "10 → 11"),
            ("scale = common_scale(logs, centred(word.columns, axis), ▸10 * self.tolerance)",
             "10 → 11"),
            ("return all(np.all((np.abs(m - a) <= ▸10 * self.tolerance * top) | ~np.asarray(w))",
             "10 → 11"),
        ],
        "discover/naming/fitting.py": [
            ("rough = max(1e-12, (▸10 * tolerance) ** 2)", "10 → 11"),
        ],
    },
    "the same words, some of them once more or earlier: of two that are alike one is kept": {
        "discover/naming/vocabulary.py": [
            ("*self.winners(), *self.without_one(), *self.made(FUNCTIONS[:▸6], first),",
             "6 → nothing"),
            ("*self.of_output(), *self.ratios(first), *self.made(FUNCTIONS[:▸6], later),",
             "6 → nothing"),
            ("*self.made(FUNCTIONS[▸6:], first),", "6 → nothing"),
            ("*self.made(FUNCTIONS[▸6:18], later), *self.one_hots()])", "6 → nothing"),
        ],
        "discover/naming/names.py": [
            ('texts = [*scalars, *(form.replace("@", name) for name in scalars for form in OF_O'
             "NE[▸1:]),", "1 → nothing"),
            ("for axis in range(-len(shape), ▸0)", "0 → 1"),
        ],
    },
    "the same words once more at the end, where they decide nothing": {
        "discover/naming/expressions.py": [
            ("return [*output, *sums_[:12], *others[:24], *plain[:18], *sums_[▸12:], *others[24"
             ":], *last]", "12 → nothing"),
            ("return [*output, *sums_[:12], *others[:24], *plain[:18], *sums_[12:], *others[▸24"
             ":], *last]", "24 → nothing"),
        ],
    },
    "all of them are alike by then": {
        "discover/naming/names.py": [
            ("values = [group[:▸1] for group in groups]", "1 → nothing"),
            ("values = [group[:▸1] for group in groups]", "1 → 2"),
        ],
        "discover/naming/expressions.py": [
            ("level = float(totals[0].flat[▸0])", "0 → 1"),
            ("level = float(totals[▸0].flat[0])", "0 → 1"),
        ],
    },
    "an early end where a few entries differ, or none: the answer is the same": {
        "discover/naming/names.py": [
            ("few = (slice(▸0, 2),) * A.ndim", "0 → 1"),
            ("few = (slice(0, ▸2),) * A.ndim", "2 → 3"),
            ("least = float(np.▸max(np.abs(A[few] - scale * B[few]), initial=0))", "max → min"),
            ("if least ▸> 1e-3 * largest(A):", "> → >="),
            ("if least > ▸1e-3 * largest(A):", "1e-3 → 1.001"),
            ("if least > 1e-3 ▸* largest(A):", "* → /"),
        ],
    },
    "of what is not square there is no inverse, and no word": {
        "discover/naming/vocabulary.py": [
            ("if len(shape) == 2 and shape[▸0] == shape[1] > 1:", "0 → 1"),
        ],
    },
    "any other weights tell arrays apart": {
        "discover/naming/placing.py": [
            ("one = np.▸cos(np.arange(1, math.prod(shape) + 1) * 1.7).reshape(shape)", "cos → sin"),
            ("one = np.cos(np.arange(1, math.prod(shape) + 1) * ▸1.7).reshape(shape)", "1.7 → 2.7"),
        ],
    },
    "any other drawing does as well": {
        "discover/large/probes.py": [
            ("probes = [Probes(point, points[i - 1].x, ▸11 + i) for i, point in enumerate(points)]",
             "11 → 12"),
        ],
        "discover/naming/fitting.py": [
            ("def rows(arrays, where=None, seed=▸0):", "0 → 1"),
        ],
    },
    "either way all of them are looked at": {
        "discover/naming/fitting.py": [
            ("if places.size ▸> ROWS:", "> → >="),
            ("if size ▸<= ROWS:", "<= → <"),
        ],
    },
    "of zeros any multiple is 0": {
        "discover/naming/fitting.py": [
            ("largest = [np.abs(a).max(initial=0) or ▸1 for a in flat]", "1 → 2"),
        ],
    },
    "an exponent is never 0": {
        "discover/naming/expressions.py": [
            ("if all(k ▸> 0 or word.one_sign for word, k in found[0]):", "> → >="),
        ],
        "discover/naming/wording.py": [
            ('(above if k ▸> 0 else below).append(text if abs(k) == 1 else f"{text}**{abs(k)}")',
             "> → >="),
        ],
    },
    "of two columns that are one the solution is refused": {
        "discover/naming/fitting.py": [
            ("fine = (i ▸< j) & (gram[i, j] ** 2 < 1 - 1e-8)", "< → <="),
            ("fine = (i < j) & (gram[i, j] ** ▸2 < 1 - 1e-8)", "2 → 3"),
            ("fine = (i < j) & (gram[i, j] ** 2 < 1 ▸- 1e-8)", "- → +"),
        ],
    },
    "behind a bracket that closes stand two characters or more": {
        "discover/naming/names.py": [
            ("if not depth and place < len(text) - ▸1:", "1 → 2"),
        ],
    },
    "of numbers that are alike the least is the largest": {
        "discover/naming/expressions.py": [
            ("if np.ptp(values) > self.tolerance * np.abs(values).▸max():", "max → min"),
        ],
        "discover/naming/names.py": [
            ("if np.ptp(filled) <= tolerance * np.abs(filled).▸max():", "max → min"),
            ("if any(np.ptp(group) > tolerance * max(1e-300, np.abs(group).▸max())", "max → min"),
        ],
    },
    "no number is exactly as large as what is allowed": {
        "discover/patterns/low_rank.py": [
            ("if all(np.all(np.abs(d - d[..., :1]) ▸<= core.tolerance * largest(d)) for d "
             "in found):",
             "<= → <"),
            ("largest(r - c * s) ▸<= allowed for r, s in zip(rest, square, strict=True)):",
             "<= → <"),
            ("sums = n < every or all(np.all(np.abs(r.sum(a) - m * n) ▸<= n * allowed)",
             "<= → <"),
        ],
        "discover/patterns/gates.py": [
            ("seen = np.isfinite(p) & (np.abs(p) < INSIDE) & (np.abs(x) ▸> 1e-3)", "> → >="),
        ],
        "discover/patterns/norms.py": [
            ("if np.any(a == 0) or (centred and np.abs(b * n / a + 1).max() ▸> allowed):",
             "> → >="),
        ],
    },
}
