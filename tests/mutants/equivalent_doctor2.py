"""More of those of the doctor: {why: {file: [(its line with a mark, the fault), …]}}."""

OTHER = "values = {**t.values, name: 0.3 - ▸1.7 * t.values[name]}"
BESIDE = "Y, beside = (t.code.value({**t.values, name: value}) for value in (less, x "
AWAY = "* np.abs(value) + 0.001)  # away from itself, whatever its size"
MOVES = "moves = {name: STEP * step_sizes(value) "

DOCTOR2 = {
    "any other numbers do as well": {
        "formulas.py": [(OTHER, "1.7 → 2.7")],
        "code.py": [
            (f"moved = value + (▸0.01 {AWAY}", "0.01 → 1.01"),
            (f"moved = value + (0.01 {AWAY}".replace("0.001", "▸0.001"), "0.001 → 1.001"),
            (f"moved = value ▸+ (0.01 {AWAY}", "+ → -"),
        ],
        "examine.py": [
            ("before, after = t.code.twice(t.values, t.G, t.G ▸+ 1)", "+ → -"),
            ("before, after = t.code.twice(t.values, t.G, t.G + ▸1)", "1 → 2"),
        ],
        "diagnosis.py": [
            ("name: 3 ▸* random.standard_normal(value.shape) if name in t.code.names else value",
             "* → /"),
            ("name: ▸3 * random.standard_normal(value.shape) if name in t.code.names else value",
             "3 → 4"),
        ],
    },
    "both sides are looked at, in the other order": {
        "examine.py": [
            ("values = {key: value ▸+ turned[key] for key, value in t.values.items()}", "+ → -"),
        ],
    },
    "to the other side, or a unit further of eight": {
        "examine.py": [
            (f"{BESIDE}▸* (1 + 8 * SINGLE)))", "* → /"),
            (f"{BESIDE}* (1 ▸+ 8 * SINGLE)))", "+ → -"),
            (f"{BESIDE}* (1 + ▸8 * SINGLE)))", "8 → 9"),
        ],
    },
    "up to twice as far, which is as little": {
        "calling.py": [
            (f"{MOVES}▸* random.uniform(0.5, 1, value.shape)", "* → /"),
            (f"{MOVES}* random.uniform(0.5, ▸1, value.shape)", "1 → 2"),
        ],
    },
    "no two numbers are exactly so far apart": {
        "diagnosis.py": [
            ("if apart ▸> 1e-5 * abs(cs[0]) or apart > 1e-2 * abs(cs[0] - 1):", "> → >="),
            ("if apart > 1e-5 * abs(cs[0]) or apart ▸> 1e-2 * abs(cs[0] - 1):", "> → >="),
            ('short, long = ((f"{cs[0]:.4g}", f"{cs[0]:.6g}") if abs(cs[0] - 1) ▸> 5e-4 else',
             "> → >="),
        ],
        "formulas.py": [
            ("if np.ptp(on) ▸> 1e-9 or np.ptp(off) > 1e-9 or abs(on[0] - off[0]) < 1e-9:",
             "> → >="),
            ("if np.ptp(on) > 1e-9 or np.ptp(off) ▸> 1e-9 or abs(on[0] - off[0]) < 1e-9:",
             "> → >="),
            ("return next((whole for whole in (1, 2) if abs(power - whole) ▸< 0.1), None)",
             "< → <="),
        ],
        "norms.py": [
            ("if np.abs(spread).max() ▸< 1e-6 * np.abs(direct).max() or not np.allclose(",
             "< → <="),
        ],
        "roughness.py": [
            ("three = [np.where((found[k:k + 3].max(0) ▸<= ALIKE * found[k:k + 3].min(0)) & "
             "signs[k],", "<= → <"),
        ],
    },
    "no floating numbers have five bytes": {
        "code.py": [("single = any(a.dtype.itemsize <= ▸4 and a.dtype.kind == \"f\"", "4 → 5")],
    },
    "a factor of exactly 1 is none": {
        "diagnosis.py": [
            ("""("nearly 1", f"1 {'+' if cs[0] ▸> 1 else '−'} {abs(cs[0] - 1):.2g}"))""",
             "> → >="),
        ],
    },
    "a reach of 0 has its 16 digits already, and one of the whole size has none": {
        "judge.py": [("if 0 ▸< reach < self.size else 0", "< → <="),
                     ("if 0 < reach ▸< self.size else 0", "< → <=")],
    },
    "two arrays without entries are equal": {
        "judge.py": [("if not A.▸size or np.array_equal(A, B):", "size → ndim")],
    },
    "1 and 2 are written with decimals both": {
        "judge.py": [
            ('form = "e" if max(sizes, default=▸1) < 1e-3 or max(sizes, default=1) >= 1e7 else "f"',
             "1 → 2"),
            ('form = "e" if max(sizes, default=1) < 1e-3 or max(sizes, default=▸1) >= 1e7 else "f"',
             "1 → 2"),
        ],
    },
    "over 1 is times 1": {
        "norms.py": [
            ("mean = -direct.mean(axis, keepdims=True) ▸* np.ones_like(X) if centred else "
             "np.zeros_like(X)", "* → /"),
        ],
    },
    "all are alike if they are like any one of them": {
        "roughness.py": [
            ("return {key: (left(np.array(found)), np.all(np.array(found) == found[▸0], 0))",
             "0 → 1"),
        ],
    },
    "at least 1 in any case": {
        "roughness.py": [
            ("return max(1.0, float(np.max(np.abs(x), initial=▸0.0, where=np.isfinite(x))))",
             "0.0 → 1.0"),
        ],
    },
    "three orders after the first are looked at, whatever comes after": {
        "roughness.py": [("for order in range(1, ORDERS + ▸1):", "1 → 2")],
    },
    "the same ways once more": {
        "forms.py": [("for more in range(len(optional) + ▸1):", "1 → 2")],
    },
    "what is one array has parts with as many axes each": {
        "forms.py": [
            ("is_numbers(returned) and ▸all(np.ndim(part) == 0 for part in returned)):",
             "all → any"),
        ],
    },
}
