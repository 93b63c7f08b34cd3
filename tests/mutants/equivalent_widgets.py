"""Those of the widgets and their scripts: {why: {file: [(its line with a mark, the fault), …]}}."""

WIDGETS = {
    "any other drawing does as well": {  # of the entries that are new where a size has grown
        "batchnorm/state.py": [
            ('kept["G"] = fitted(now["G"], X.shape, present.seed, ▸1, 7)', "1 → 2"),
            ('kept["G"] = fitted(now["G"], X.shape, present.seed, 1, ▸7)', "7 → 8"),
            ("arrays = {name: frozen(fitted(present.arrays[name], (N, H), present.seed, place, ▸7))"
             "", "7 → 8"),
        ],
        "explorer/acts.py": [
            ("return replace(present, G=fitted(present.G, numbers(Y.shape, present.seed, ▸99, 7)))",
             "99 → 100"),
            ("return replace(present, G=fitted(present.G, numbers(Y.shape, present.seed, 99, ▸7)))",
             "7 → 8"),
        ],
    },
    "with stored statistics no sentence names the divisor": {
        "batchnorm/reading.py": [
            ('"D": number(computed.values.get("degrees", ▸0))}', "0 → 1"),
        ],
    },
    "words stand once in the rule of an own function": {
        "explorer/view.py": [
            ('left, measured = chosen["entry"].split(r"\\text", ▸1)', "1 → 2"),
        ],
    },
    "every outline is the same above its middle as below": {
        "graph/draw.js": [
            ("const corners = (list) => `M${list.map(([dx, dy]) => `${x + dx},${y ▸+ dy}`)"
             '.join(" L")} z`;', "+ → -"),
        ],
    },
    "the first row is as long as itself": {
        "kit/numbers.js": [
            ("if (uneven ▸< 0) return { rows };", "< → <="),
        ],
    },
    "behind the end of a typed array nothing is written": {
        "tensor/shades.js": [
            ("for (let i = 0; i ▸< values.length; i++) codes[i] = codeOf(values[i], limit);",
             "< → <="),
        ],
    },
    "0 itself has a code of its own": {
        "tensor/shades.js": [
            ("if (size < limit) return 4 + 2 * ((size / limit) * SHADES | 0) + (value ▸> 0);",
             "> → >="),
            ("return size >= limit ? 2 + 2 * SHADES + (value ▸> 0) : CODE.nan;", "> → >="),
        ],
    },
    "no colour of eight bits a part is exactly so light": {
        "tensor/shades.js": [
            ('return 0.2126 * r + 0.7152 * g + 0.0722 * b ▸> 0.179 ? "#000" : "#fff";', "> → >="),
        ],
    },
}
