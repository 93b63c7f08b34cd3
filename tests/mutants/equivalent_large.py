"""Those of the search without a tensor: {why: {file: [(its line with a mark, the fault), …]}}."""

LARGE = {
    "inputs are moved by other random weights, which cancel no more than these": {
        "discover/large/sparse.py": [
            ("seen = point.along(random.uniform(▸0.5, 1, point.x.shape))", "0.5 → 1.5"),
            ("seen = point.along(random.uniform(0.5, ▸1, point.x.shape))", "1 → 2"),
            ("V = moved * (random.uniform(▸0.5, 1, n) if width > 1 else 1.0)", "0.5 → 1.5"),
            ("V = moved * (random.uniform(0.5, ▸1, n) if width > 1 else 1.0)", "1 → 2"),
            ("V = moved ▸* (random.uniform(0.5, 1, n) if width > 1 else 1.0)", "* → /"),
        ],
    },
    "what is not moved has a slope of 0 in any unit": {
        "discover/large/directions.py": [
            ("unit = 2.0 ** np.ceil(np.log2(most)) if most else ▸1.0", "1.0 → 2.0"),
        ],
    },
    "where f is not as large on both sides it jumps, and is not confirmed": {
        "discover/large/directions.py": [
            ("most = ▸max(np.abs(high).max(initial=0), np.abs(low).max(initial=0))", "max → min"),
            ("most = max(np.abs(high).▸max(initial=0), np.abs(low).max(initial=0))", "max → min"),
            ("most = max(np.abs(high).max(initial=0), np.abs(low).▸max(initial=0))", "max → min"),
        ],
    },
    "every block gets a colour, and there is always one block": {
        "discover/large/sparse.py": [
            ("used, colours = np.zeros(outputs, np.uint64), np.▸zeros(count, int)", "zeros → ones"),
            ("for colour in range(colours.max(initial=-▸1) + 1):", "1 → 2"),
        ],
    },
}
