"""Those of the search for a line: {why: {file: [(its line with a mark, the fault), …]}}."""

DISCOVER = {
    "a budget: how long a search may go on": {
        "discover/changes.py": [
            ("LARGEST = ▸2**15  # entries of a full tensor that is looked at", "2 → 3"),
            ("LARGEST = 2**▸15  # entries of a full tensor that is looked at", "15 → 16"),
        ],
        "discover/deeper.py": [
            ("LARGEST = ▸2**16  # entries of a core that is looked at", "2 → 3"),
            ("LARGEST = 2**▸16  # entries of a core that is looked at", "16 → 17"),
        ],
        "discover/large/corner.py": [
            ("MOST, FEW = ▸20_000, 2_000  # entries of a tensor that is searched whole; wher"
             "e that takes long", "20_000 → 20001"),
            ("MOST, FEW = 20_000, ▸2_000  # entries of a tensor that is searched whole; wher"
             "e that takes long", "2_000 → 2001"),
        ],
        "discover/large/diagonals.py": [
            ("MOST = ▸2**12  # numbers of a kernel", "2 → 3"),
            ("MOST = 2**▸12  # numbers of a kernel", "12 → 13"),
        ],
        "discover/large/search.py": [
            ("HELD = ▸2**25      # entries of a core that is measured whole", "2 → 3"),
            ("HELD = 2**▸25      # entries of a core that is measured whole", "25 → 26"),
            ("MANY = ▸2**21      # of a core that is looked at whole, at several points, tho"
             "ugh few are not zero", "2 → 3"),
            ("MANY = 2**▸21      # of a core that is looked at whole, at several points, tho"
             "ugh few are not zero", "21 → 22"),
            ("LITTLE = ▸2**14    # of a core that is measured whole at once", "2 → 3"),
            ("LITTLE = 2**▸14    # of a core that is measured whole at once", "14 → 15"),
        ],
        "discover/large/sparse.py": [
            ("NEARLY = ▸1e3  # times the rounding: as little as that may be seen or not",
             "1e3 → 1001.0"),
            ("FIRST = ▸16    # blocks of which half must not be all of the tensor", "16 → 17"),
        ],
        "discover/patterns/bands.py": [
            ("LARGEST = ▸2**24  # entries of a core that is looked at", "2 → 3"),
            ("LARGEST = 2**▸24  # entries of a core that is looked at", "24 → 25"),
        ],
        "discover/patterns/low_rank.py": [
            ("LARGEST = ▸2**20  # entries of a core that is looked at", "2 → 3"),
            ("LARGEST = 2**▸20  # entries of a core that is looked at", "20 → 21"),
            ("MANY = ▸64        # diagonals that are tried together", "64 → 65"),
        ],
        "discover/patterns/norms.py": [
            ("LARGEST = ▸2**18", "2 → 3"),
            ("LARGEST = 2**▸18", "18 → 19"),
        ],
        "discover/patterns/products.py": [
            ("LARGEST = ▸2**24  # entries of a core that is looked at", "2 → 3"),
            ("LARGEST = 2**▸24  # entries of a core that is looked at", "24 → 25"),
            ("KNOWN = ▸2**20    # the same where all known arrays are tried", "2 → 3"),
            ("KNOWN = 2**▸20    # the same where all known arrays are tried", "20 → 21"),
        ],
        "discover/patterns/two_ties.py": [
            ("LARGEST = ▸2**20", "2 → 3"),
            ("LARGEST = 2**▸20", "20 → 21"),
        ],
        "discover/patterns/windows.py": [
            ("LARGEST = ▸2**16", "2 → 3"),
            ("LARGEST = 2**▸16", "16 → 17"),
        ],
        "discover/regions.py": [
            ("HALVINGS = ▸45                       # of the gap around a threshold", "45 → 46"),
        ],
        "discover/search.py": [
            ("ROUNDS = ▸4  # searches: each one looks also at a point that contradicted the "
             "line before", "4 → 5"),
        ],
        "discover/trials.py": [
            ("GRADIENTS = ▸2   # random upstream gradients that every answer is tried on, at"
             " every point", "2 → 3"),
        ],
        "discover/naming/spans.py": [
            ("*(combinations(pairs[:▸WORDS], 2) if row > 3 else ())]:", "WORDS → nothing"),
            ('functions = [] if deltas else search.of("functions")[:▸40]', "40 → nothing"),
        ],
    },
    "no array has exactly as many entries as are looked at, and one that has may be either": {
        "discover/changes.py": [
            ("if samples.tensors[0].size ▸> LARGEST or len(samples.tensors) < 2:", "> → >="),
            ("if np.ndim(known[X]) not in (1, 2) or samples.tensors[0].size ▸> LARGEST:", "> → >="),
        ],
        "discover/large/diagonals.py": [
            ("if not 1 < math.prod(shape) ▸<= min(MOST, point.Y.size // SHARE):", "<= → <"),
        ],
        "discover/large/search.py": [
            ("points = subject.points[:2 if size ▸<= MANY else 1]", "<= → <"),
            ("few = [entries_of(point) for point in points] if size ▸> LITTLE else [None]",
             "> → >="),
            ("if size ▸<= MANY or not found:", "<= → <"),
            ("if size ▸> HELD:", "> → >="),
        ],
        "discover/patterns/bands.py": [
            ("if min(core.arrays[0].shape[a], core.arrays[0].shape[b]) < 2 or core.size ▸> L"
             "ARGEST:", "> → >="),
        ],
        "discover/patterns/low_rank.py": [
            ("if core.size ▸> LARGEST:", "> → >="),
        ],
        "discover/patterns/products.py": [
            ("if len(core.letters) < 2 or core.size ▸> LARGEST:", "> → >="),
            ("if len(core.letters) < 2 or core.size ▸> KNOWN:", "> → >="),
        ],
        "discover/patterns/two_ties.py": [
            ("if core.size ▸> LARGEST:", "> → >="),
        ],
        "discover/patterns/windows.py": [
            ("if core.size ▸> LARGEST or not core.mixed or core.pattern.backward:", "> → >="),
            ("if core.size ▸> LARGEST:", "> → >="),
        ],
        "discover/search.py": [
            ("if core.size ▸> LARGEST or len(core.arrays) < 2:", "> → >="),
        ],
        "discover/ties.py": [
            ("blocks = [np.take(block, [0], axis) if block.size ▸< CHUNK", "< → <="),
            ("if A.size ▸> CHUNK and A.ndim:", "> → >="),
        ],
        "discover/trials.py": [
            ("if G.size and J[(0,) * G.ndim].size == J.size ▸> CHUNK:", "> → >="),
            ("if A.ndim and A.size ▸> CHUNK and len(A) > 1:", "> → >="),
        ],
    },
    "no tensor has so many axes": {
        "discover/cores.py": [
            ("free, inner = (chr(c) for c in range(65, ▸123) if chr(c) not in pattern.letter"
             "s), []", "123 → 124"),
        ],
    },
    "other small sizes": {
        "discover/imagined.py": [
            ("SMALL = (▸3, 4, 5, 2, 6), (4, 6, 3, 5, 7), (5, 3, 7, 6, 4)", "3 → 4"),
            ("SMALL = (3, ▸4, 5, 2, 6), (4, 6, 3, 5, 7), (5, 3, 7, 6, 4)", "4 → 5"),
            ("SMALL = (3, 4, ▸5, 2, 6), (4, 6, 3, 5, 7), (5, 3, 7, 6, 4)", "5 → 6"),
            ("SMALL = (3, 4, 5, ▸2, 6), (4, 6, 3, 5, 7), (5, 3, 7, 6, 4)", "2 → 3"),
            ("SMALL = (3, 4, 5, 2, ▸6), (4, 6, 3, 5, 7), (5, 3, 7, 6, 4)", "6 → 7"),
            ("SMALL = (3, 4, 5, 2, 6), (▸4, 6, 3, 5, 7), (5, 3, 7, 6, 4)", "4 → 5"),
            ("SMALL = (3, 4, 5, 2, 6), (4, ▸6, 3, 5, 7), (5, 3, 7, 6, 4)", "6 → 7"),
            ("SMALL = (3, 4, 5, 2, 6), (4, 6, ▸3, 5, 7), (5, 3, 7, 6, 4)", "3 → 4"),
            ("SMALL = (3, 4, 5, 2, 6), (4, 6, 3, ▸5, 7), (5, 3, 7, 6, 4)", "5 → 6"),
            ("SMALL = (3, 4, 5, 2, 6), (4, 6, 3, 5, ▸7), (5, 3, 7, 6, 4)", "7 → 8"),
            ("SMALL = (3, 4, 5, 2, 6), (4, 6, 3, 5, 7), (▸5, 3, 7, 6, 4)", "5 → 6"),
            ("SMALL = (3, 4, 5, 2, 6), (4, 6, 3, 5, 7), (5, ▸3, 7, 6, 4)", "3 → 4"),
            ("SMALL = (3, 4, 5, 2, 6), (4, 6, 3, 5, 7), (5, 3, ▸7, 6, 4)", "7 → 8"),
            ("SMALL = (3, 4, 5, 2, 6), (4, 6, 3, 5, 7), (5, 3, 7, ▸6, 4)", "6 → 7"),
            ("SMALL = (3, 4, 5, 2, 6), (4, 6, 3, 5, 7), (5, 3, 7, 6, ▸4)", "4 → 5"),
        ],
    },
    "both say the same by then": {
        "discover/large/corner.py": [
            ("return ast.unparse(unfolded(trees[▸0]))", "0 → 1"),
        ],
    },
    "a margin of a digit, and a tenth more": {
        "discover/large/directions.py": [
            ("self.tolerance = max(NUMERICAL, ▸10 * found.accuracy)", "10 → 11"),
        ],
        "discover/large/probes.py": [
            ("allowed = ▸10 * self.point.tolerance", "10 → 11"),
        ],
        "discover/large/search.py": [
            ("if error <= ▸10 * core.tolerance:", "10 → 11"),
            ("if worst > ▸10 * point.tolerance:", "10 → 11"),
            ("if not error <= ▸10 * point.tolerance:",
             "10 → 11"),
            ("return (answer, error, None) if error <= ▸10 * core.tolerance else (None, np.i"
             "nf, None)", "10 → 11"),
        ],
        "discover/patterns/low_rank.py": [
            ("allowed = core.tolerance * ▸10 * max(map(largest, rest)) + 1e-12", "10 → 11"),
            ("return bool(np.all(np.abs(x - x[..., :1]) <= ▸10 * allowed * max(largest(x), 1"
             "e-300)))", "10 → 11"),
            ("found = core.names.find(arrays, letters, ▸10 * core.tolerance)", "10 → 11"),
        ],
        "discover/patterns/norms.py": [
            ("if off > ▸10 * tolerance * largest(M):", "10 → 11"),
        ],
        "discover/patterns/products.py": [
            ("return bool(np.all(np.abs(x[a] * x[b] - crossed) <= ▸10 * tolerance * largest("
             "x) ** 2))", "10 → 11"),
            ("<= ▸10 * core.tolerance * largest(a))", "10 → 11"),
        ],
        "discover/patterns/two_ties.py": [
            ("if any(largest(x) > ▸10 * tolerance * largest(b)", "10 → 11"),
        ],
        "discover/search.py": [
            ("limit = ▸10 * samples.tolerance", "10 → 11"),
            ("if steady and tried(samples, steady) <= ▸10 * samples.tolerance and holds(samp"
             "les, steady):", "10 → 11"),
            ("return tried(replace(samples, more=samples.further), answer) <= ▸10 * samples."
             "tolerance", "10 → 11"),
            ("if new <= ▸10 * samples.tolerance:", "10 → 11"),
            ("return near if near and near[1] <= ▸10 * samples.tolerance else (answer, error)",
             "10 → 11"),
            ("if error <= ▸10 * samples.tolerance:", "10 → 11"),
        ],
        "discover/trials.py": [
            ("if worst > ▸10 * samples.tolerance or own_arrays(answer):", "10 → 11"),
            ("and not error_at(answer.line, samples, p) <= ▸10 * samples.tolerance]", "10 → 11"),
        ],
    },
    "another random input of the same kind": {
        "discover/large/subjects.py": [
            ('FRESH = (("wide", ▸1), ("like", 1), ("near", 1), ("wide", 10), ("wide", 0.1))',
             "1 → 2"),
            ('FRESH = (("wide", 1), ("like", ▸1), ("near", 1), ("wide", 10), ("wide", 0.1))',
             "1 → 2"),
            ('FRESH = (("wide", 1), ("like", 1), ("near", ▸1), ("wide", 10), ("wide", 0.1))',
             "1 → 2"),
            ('FRESH = (("wide", 1), ("like", 1), ("near", 1), ("wide", ▸10), ("wide", 0.1))',
             "10 → 11"),
        ],
    },
    "a margin of three digits, and a thousandth more": {
        "discover/patterns/gates.py": [
            ("found = next(sums(columns, p, 3, ▸1e3 * core.tolerance), None)",
             "1e3 → 1001.0"),
        ],
    },
    "a margin of two digits, and a hundredth more": {
        "discover/patterns/low_rank.py": [
            ("block, allowed = blocks[-1][few], ▸100 * core.tolerance * largest(blocks[-1])",
             "100 → 101"),
            ("return d if cross(rest, rank, ▸100 * tolerance * largest(x)) is not None else "
             "None", "100 → 101"),
        ],
        "discover/patterns/norms.py": [
            ("n, allowed, alive = frame.count, ▸100 * core.tolerance, ~np.isnan(a)", "100 → 101"),
            ("if np.abs(system @ (alpha, eps) - 1).max() > ▸100 * tolerance:", "100 → 101"),
        ],
    },
    "asked beforehand at one size less: what is said is the same": {
        "discover/patterns/low_rank.py": [
            ("rank = min(2, n ▸- 1)", "- → +"),
            ("if n ▸>= 6 and cross(block[..., :n // 2, n // 2:], 2, allowed) is None:", ">= → >"),
            ("if n >= ▸6 and cross(block[..., :n // 2, n // 2:], 2, allowed) is None:", "6 → 7"),
        ],
    },
    "a few more trials together": {
        "discover/patterns/low_rank.py": [
            ("count = ▸min(4 * count, MANY)", "min → max"),
            ("count = min(4 ▸* count, MANY)", "* → /"),
            ("count = min(▸4 * count, MANY)", "4 → 5"),
        ],
    },
    "no array has more axes than the input": {
        "discover/patterns/norms.py": [
            ("for after in range(frame.ndim ▸- values[0].ndim + 1):", "- → +"),
        ],
    },
    "parts of another size, the same numbers": {
        "discover/patterns/products.py": [
            ("step = ▸max(1, CHUNK // max(1, block.shape[1]))", "max → min"),
            ("step = max(▸1, CHUNK // max(1, block.shape[1]))", "1 → 2"),
            ("step = max(1, CHUNK ▸// max(1, block.shape[1]))", "// → *"),
            ("step = max(1, CHUNK // ▸max(1, block.shape[1]))", "max → min"),
            ("step = max(1, CHUNK // max(▸1, block.shape[1]))", "1 → 2"),
        ],
        "discover/ties.py": [
            ("step = max(1, CHUNK // max(1, lines[▸0].size))", "0 → 1"),
            ("CHUNK = ▸2**20  # entries compared at a time", "2 → 3"),
            ("CHUNK = 2**▸20  # entries compared at a time", "20 → 21"),
            ("step = ▸max(1, CHUNK // max(1, lines[0].size))", "max → min"),
            ("step = max(▸1, CHUNK // max(1, lines[0].size))", "1 → 2"),
            ("step = max(1, CHUNK ▸// max(1, lines[0].size))", "// → *"),
            ("step = max(1, CHUNK // ▸max(1, lines[0].size))", "max → min"),
            ("step = max(1, CHUNK // max(▸1, lines[0].size))", "1 → 2"),
            ("step = max(1, CHUNK // max(1, lines[0].▸size))", "size → ndim"),
        ],
    },
    "how often a bar is drawn anew": {
        "discover/progress.py": [
            ("file=stream(), mininterval=▸0.2)", "0.2 → 1.2"),
        ],
    },
    "slopes of straight lines and parabolas are exact by a complex step of any size": {
        "discover/regions.py": [
            ("pattern, sizes = core.pattern, np.maximum(np.abs(x), ▸1e-3)", "1e-3 → 1.001"),
        ],
    },
    "a look at a few entries before all are compared": {
        "discover/patterns/bands.py": [
            ("few = (slice(0, ▸2),) * x.ndim", "2 → 3"),
        ],
    },
    "another grid over the same numbers": {
        "discover/regions.py": [
            ("names, shape = samples.names[▸0], np.shape(samples.names[0][X])", "0 → 1"),
            ("GRID = np.geomspace(1e-3, ▸100, 60)  # of each sign, in units of the size of t"
             "he input", "100 → 101"),
            ("GRID = np.geomspace(1e-3, 100, ▸60)  # of each sign, in units of the size of t"
             "he input", "60 → 61"),
        ],
    },
    "an edge at infinity, of whatever sign, is none": {
        "discover/regions.py": [
            ("texts = [piece(slope, a, b, size, text) for a, b in pairwise([▸-np.inf, *places"
             ", np.inf])]", "- → nothing"),
            ("[▸-np.inf, *(high for _, high in spans)], [*(low for low, _ in spans), np.inf],",
             "- → nothing"),
        ],
    },
    "what is too long is cut off when it is laid out": {
        "discover/regions.py": [
            ("parts = [numbers[i:▸i + X.size] for i in range(0, numbers.size, max(X.size, 1))]",
             "i + X.size → nothing"),
        ],
    },
    "nothing is left to halve: it is only said later": {
        "discover/regions.py": [
            ("if not low.▸size:", "size → ndim"),
        ],
    },
    "no slope is exactly halfway between two": {
        "discover/regions.py": [
            ("first = np.abs(there - left) ▸>= np.abs(right - there)", ">= → >"),
        ],
    },
    "a margin for the largest of many errors, and a thirtieth more": {
        "discover/samples.py": [
            ("noise = max(tolerance, min(noise, ▸30 * tolerance))", "30 → 31"),
        ],
    },
    "a few more entries in a picture of a few": {
        "discover/structure.py": [
            ("FEW = (▸3, 4, 5, 2)  # entries along the axes of a picture of a tensor that is"
             " not built", "3 → 4"),
            ("FEW = (3, ▸4, 5, 2)  # entries along the axes of a picture of a tensor that is"
             " not built", "4 → 5"),
            ("FEW = (3, 4, ▸5, 2)  # entries along the axes of a picture of a tensor that is"
             " not built", "5 → 6"),
            ("FEW = (3, 4, 5, ▸2)  # entries along the axes of a picture of a tensor that is"
             " not built", "2 → 3"),
        ],
    },
    "a look beforehand at two lines: all are compared after it": {
        "discover/ties.py": [
            ("if not close(lines[1], lines[▸0], allowed):", "0 → 1"),
        ],
    },
    "1.0 is short, and what is larger is no whole number of times in 1": {
        "discover/large/corner.py": [
            ("if isinstance(value, float) and 0 < abs(value) < ▸1 and math.isclose(", "1 → 2"),
            ("if isinstance(value, float) and 0 < abs(value) ▸< 1 and math.isclose(", "< → <="),
        ],
    },
    "beside a kink, to either side of it": {
        "discover/large/subjects.py": [
            ("x = np.array(x ▸+ 1e-2 * step_sizes(x) * random.uniform(0.5, 1, x.shape))",
             "+ → -"),
        ],
    },
    "along what changes nothing every place says the same": {
        "discover/large/sparse.py": [
            ("first &= at[letter] == ▸0", "0 → 1"),
            ("▸first &= at[letter] == 0", "first &= at[letter] == 0 → pass"),
        ],
    },
    "all points at once, in place of as many as it takes": {
        "discover/large/probes.py": [
            ("pattern = ties_at(probes[:▸sure], start, sizes)", "sure → nothing"),
            ("sure += ▸1", "1 → 2"),
        ],
    },
    "an array of one number has no window": {
        "discover/patterns/windows.py": [
            ("if values is None or values[0].▸ndim < 1:", "ndim → size"),
        ],
    },
    "a step half as wide, of four": {
        "discover/large/directions.py": [
            ("ODD = tuple((2.0 ** -k, 0.0) for k in (▸25, 31, 37, 43))  # where f may be stee"
             "p, at odd inputs", "25 → 26"),
        ],
    },
    "a square is as high as it is wide": {
        "discover/patterns/low_rank.py": [("n = blocks[0].shape[-▸1]", "1 → 2")],
    },
    "of a block of zeros alone nothing may be left, and no diagonal that is tried is 0": {
        "discover/patterns/low_rank.py": [("if largest(left) ▸<= allowed:", "<= → <")],
    },
    "both are 0 there, and nothing is allowed": {
        "discover/trials.py": [
            ("if point.error is None or not apart ▸> EPS * most:", "> → >="),
        ],
    },
}
