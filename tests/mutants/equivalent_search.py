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
    },
    "another random input of the same kind": {
        "discover/points.py": [
            ('SIGNS = ("positive", ▸1), ("negative", -1)', "1 → 2"),
            ('SIGNS = ("positive", 1), ("negative", -▸1)', "1 → 2"),
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
}
