"""Those of the steps of a search: {why: {file: [(its line with a mark, the fault), …]}}."""

SEARCH = {
    "times ones, or divided by them": {
        "discover/cores.py": [
            ("letters, array = [*letters, letter], array[..., None] ▸* np.ones(core.sizes[letter])",
             "* → /"),
        ],
    },
    "two points are there at least, and names and shapes are the same at all of them": {
        "discover/changes.py": [
            ("return blocks[▸0].size // math.prod(", "0 → 1"),
            ("[blocks[▸0].shape[pattern.letters.index(x)] for x in gone])", "0 → 1"),
            ("shape = samples.tensors[▸0].shape", "0 → 1"),
            ("for name, array in samples.names[▸0].items():", "0 → 1"),
            ("while name in samples.names[▸0]:", "0 → 1"),
            ("X, ndim, outer = samples.input_name, np.ndim(samples.names[▸0][samples.input_name]), "
             "len(", "0 → 1"),
            ("if M.shape[0] != np.shape(samples.names[▸0][X])[axis] or M.shape[1] > M.shape[0] \\",
             "0 → 1"),
        ],
    },
    "of an empty array no number is there": {
        "discover/points.py": [
            ("return random.standard_normal(x.shape) * max(1.0, float(np.std(x)) if x.size else "
             "▸1.0)", "1.0 → 2.0"),
            ('yield "equal inputs", some(lambda new: np.full(x.shape, new.flat[0] if new.size else '
             '▸0.0))', "0.0 → 1.0"),
        ],
        "discover/trials.py": [
            ("random.standard_normal(x.shape) * float(np.std(x) if x.size else ▸0)]", "0 → 1"),
        ],
    },
    "another random input of the same kind": {
        "discover/points.py": [
            ('SIGNS = ("positive", ▸1), ("negative", -1)', "1 → 2"),
            ('SIGNS = ("positive", 1), ("negative", -▸1)', "1 → 2"),
        ],
    },
    "it was compared before, or is compared with itself": {
        "discover/ties.py": [
            ("return all(close(lines[i:i + step], lines[0], allowed) for i in range(▸1, len(lines),"
             " step))", "1 → 2"),
        ],
        "discover/trials.py": [
            ('if found.kind != "zero" or all(np.array_equal(values[0], Y) for Y in values[▸1:]):',
             "1 → nothing"),
        ],
    },
    "how many places are remembered": {
        "discover/own_operation.py": [
            ("self._kept = lru_cache(maxsize=▸16)(self._found)", "16 → 17"),
        ],
    },
    "who is called asks for the limit again": {
        "discover/samples.py": [
            ("if J.nbytes ▸> LIMIT:", "> → >="),
        ],
    },
    "the rounding of the values ends it long before two numbers are neighbours": {
        "discover/kinks.py": [
            ("if jump * width <= 64 * noise or not low[0] ▸< middle < high[0]:", "< → <="),
            ("if jump * width <= 64 * noise or not low[0] < middle ▸< high[0]:", "< → <="),
        ],
    },
    "no number is the limit to its last digit": {
        "discover/search.py": [
            ("found = found if found and tried(loose, found.answer) ▸<= limit else look(loose)",
             "<= → <"),
            ("and tried(loose, masked.answer) ▸<= limit:", "<= → <"),
        ],
        "discover/large/search.py": [
            ("if error ▸<= 10 * core.tolerance:", "<= → <"),
        ],
        "discover/large/sparse.py": [
            ("if np.any(np.abs(change[strange]) ▸> NEARLY * least):", "> → >="),
        ],
        "discover/samples.py": [
            ("place = int(np.argmax(np.where((order[:-1] ▸< 1e-4) & (order[1:] > 1e-9), gaps, 0)))",
             "< → <="),
        ],
    },
}
