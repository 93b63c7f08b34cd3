"""Those of the labs: {why: {file: [(its line with a mark, the fault), …]}}."""

LABS = {
    "the eleventh digit of a number of which four are shown": {
        "kit/controls.py": [
            ("value = round(min(max(value, self.low), self.high), ▸10)", "10 → 11"),
            ("return tuple(round(min(max(number(self.label, v), low), high), ▸10)", "10 → 11"),
        ],
        "hessian/lab.py": [
            ('d = tuple(round(times * c, ▸10) for c in present["d"])', "10 → 11"),
        ],
        "chain/lab.py": [
            ('return present | {"x": x, "dx": tuple(np.round(np.subtract(tip, x), ▸10).tolist())}',
             "10 → 11"),
        ],
    },
    "no rounding is as large as the border to its last digit": {
        "hessian/lab.py": [
            ('fall = said(slope) if np.isfinite(slope) else "only rounding" if error ▸<= EXACT '
             'else "–"', "<= → <"),
        ],
        "collapse/study.py": [
            ("wide = np.flatnonzero(np.append(gaps ▸> 1e-9, True))  # two knots in one place are "
             "one", "> → >="),
            ("return wide[1:-1][change ▸> 1e-6 * max(1e-300, np.abs(slopes).max(initial=0))]",
             "> → >="),
            ('"difference": difference, "collapses": difference ▸< 1e-12,', "< → <="),
        ],
    },
    "0 is 0 with either slope": {
        "collapse/study.py": [("return np.where(X ▸> 0, X, slope * X)", "> → >=")],
    },
    "what is all 0 stays 0, whatever it is divided by": {
        "depth/study.py": [
            ("G /= np.where(size > 0, size, ▸1)[..., None, None]  # its size is kept apart: no "
             "underflow", "1 → 2"),
        ],
    },
    "more steps are worked out than are shown": {
        "dead_relu/study.py": [
            ("far = -(-steps ▸// 5) * 5  # so that a slider of steps seldom starts anew",
             "// → *"),
            ("far = -(-steps // 5) * ▸5  # so that a slider of steps seldom starts anew",
             "5 → 6"),
        ],
    },
    "limits hold all points, however these are laid out": {
        "chain/study.py": [
            ("return [np.concatenate([images[k] for images in found], axis=▸1) for k in range("
             "len(rows))]", "1 → 2"),
        ],
    },
    "a curve has one point more, of hundreds": {
        "activation/study.py": [
            ("XS = np.concatenate((np.linspace(-8, -1e-9, ▸320), [0.0], np.linspace(1e-9, 8, "
             "320)))", "320 → 321"),
            ("XS = np.concatenate((np.linspace(-8, -1e-9, 320), [0.0], np.linspace(1e-9, 8, "
             "▸320)))", "320 → 321"),
        ],
    },
    "where there are no numbers none is written, of whatever size": {
        "finder/picture.py": [("longest = max(map(len, texts), default=▸1)", "1 → 2")],
    },
    "of maxout alone the first of these is read": {
        "dead_relu/study.py": [
            ("return H[None], (first > second)[None], np.ones((▸1, *H.shape)), pull", "1 → 2"),
        ],
    },
}
