"""Those of the patterns of a core: {why: {file: [(its line with a mark, the fault), …]}}."""

PATTERNS = {
    "of two letters that are left neither has size 1, but where all have": {
        "discover/patterns/bands.py": [
            ("if ▸min(core.arrays[0].shape[a], core.arrays[0].shape[b]) < 2 or core.size > L"
             "ARGEST:", "min → max"),
        ],
    },
    "−1 or 1: only its sign is asked for": {
        "discover/patterns/bands.py": [
            ("for sign, detector in ((-▸1, toeplitz), (1, window)):", "1 → 2"),
            ("for sign, detector in ((-1, toeplitz), (▸1, window)):", "1 → 2"),
            ("first, second = (x[:-1, :-1], x[1:, 1:]) if sign ▸< 0 else (x[:-1, 1:], x[1:, :-1])",
             "< → <="),
            ("first, second = (x[:-1, :-1], x[1:, 1:]) if sign < ▸0 else (x[:-1, 1:], x[1:, :-1])",
             "0 → 1"),
        ],
    },
    "a look at a few entries before all are compared": {
        "discover/patterns/bands.py": [
            ("few = (slice(▸0, 2),) * x.ndim", "0 → 1"),
        ],
        "discover/patterns/products.py": [
            ("a, b = (tuple(random.integers(0, size, ▸64) for size in x.shape) for _ in range(2))",
             "64 → 65"),
        ],
    },
    "where the root is 0 so is the column": {
        "discover/patterns/low_rank.py": [
            ("u.append(column / np.where(root == 0, ▸1, root))", "1 → 2"),
        ],
    },
    "an array with an axis more than the input fits nowhere": {
        "discover/patterns/norms.py": [
            ("for after in range(frame.ndim - values[0].ndim + ▸1):", "1 → 2"),
        ],
    },
    "the same number all along the line": {
        "discover/patterns/low_rank.py": [
            ("letters, short = batch, [d[..., ▸0] for d in found]", "0 → 1"),
        ],
    },
    "what is never filled is cut off again": {
        "discover/patterns/windows.py": [
            ("whole = [core.sizes[k] + core.sizes[j] ▸- 1 for k, j in pairs]", "- → +"),
        ],
    },
    "no window jumps by two where there are two entries": {
        "discover/patterns/windows.py": [
            ("step = min(range(1, max(▸2, mask.shape[1])), key=lambda s: np.ptp(columns - s * ro"
             "ws))", "2 → 3"),
        ],
    },
    "0 is small already": {
        "discover/patterns/norms.py": [
            ("small = abs(eps) <= 1e-13 * target.max() or eps ▸< 0", "< → <="),
        ],
    },
    "no number that is solved for lies exactly at a limit": {
        "discover/patterns/norms.py": [
            ("if abs(alpha - 1) ▸< 1e-6:", "< → <="),
        ],
    },
}
