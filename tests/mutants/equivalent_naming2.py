"""More of the words of discover, and of graphs: {why: {file: [(marked line, fault), …]}}."""

NAMING2 = {
    "both sizes of a square matrix are one": {
        "discover/naming/vocabulary.py": [
            ("if m[-1] == shape[▸0]),", "0 → 1"),
            ('*(f"{inverse} @ {a}" for a, m in self.matrices if m[0] == shape[▸0]),', "0 → 1"),
        ],
    },
    "more is looked at at a time: what is found is compared everywhere afterwards": {
        "discover/naming/vocabulary.py": [
            ("mark = tuple(rounded(f) for v in values[:▸3]", "3 → nothing"),
        ],
        "discover/naming/expressions.py": [
            ("step = math.ceil(self.target.▸size / EQUATIONS)  # what fits in these is tried in a"
             "ll",
             "size → ndim"),
            ("chosen = independent(columns[:▸2 * count], most)", "2 * count → nothing"),
        ],
        "discover/naming/fitting.py": [
            ("size = arrays[0].▸size", "size → ndim"),
        ],
    },
    "any other weights tell arrays apart": {
        "discover/naming/placing.py": [
            ("one = np.cos(np.arange(1, math.prod(shape) + 1) ▸* 1.7).reshape(shape)", "* → /"),
            ("return tuple(np.ascontiguousarray(w.sum(rest).transpose(order)) for w in (one, one*"
             "*▸2"
             "))", "2 → 3"),
        ],
    },
    "of two brackets the other one stays, and is refused": {
        "discover/naming/placing.py": [
            ('inner = text[1:-1] if text.startswith("(") ▸and text.endswith(")") else text',
             "and → or"),
        ],
    },
    "what is left of a column after two rounds is left after three": {
        "discover/naming/expressions.py": [
            ("for _ in range(▸2):", "2 → 3"),
        ],
    },
    "0 is a whole number, and was told before": {
        "discover/naming/fitting.py": [
            ('return f"-{text}" if value ▸< 0 else text', "< → <="),
        ],
    },
    "seventeen digits are all of them": {
        "discover/naming/fitting.py": [
            ("for count in range(6, ▸17):", "17 → 18"),
        ],
    },
    "an array has as many axes at every point": {
        "discover/naming/names.py": [
            ("if not found or found[▸0].ndim:", "0 → 1"),
        ],
    },
    "only the order of strengths decides": {
        "graph/expression.py": [
            ('MINUS, ROOT = ("neg", ▸3), ("sqrt", 5)', "3 → 4"),
            ('MINUS, ROOT = ("neg", 3), ("sqrt", ▸5)', "5 → 6"),
        ],
    },
    "of an operator nobody asks for operands, of a bracket nobody for a strength": {
        "graph/expression.py": [
            ("operands: int = ▸0  # how many were complete when the bracket opened", "0 → 1"),
            ('self.waiting.append(Open("", ▸0, token, "abs", len(self.done)))', "0 → 1"),
            ('self.waiting.append(Open("", ▸0, token, function, len(self.done)))', "0 → 1"),
            ('self.waiting.append(Open("", ▸0, token, "", len(self.done)))', "0 → 1"),
        ],
    },
    "no operand has a place below 0": {
        "graph/expression.py": [
            ("self.literal = -▸1  # place on `done` of a number that has just been read", "1 → 2"),
            ("self.literal = -▸1", "1 → 2"),
            ("self.literal, self.bracketed = -▸1, True", "1 → 2"),
        ],
    },
    "every operand says it anew before an operator asks": {
        "graph/expression.py": [
            ("▸self.bracketed = False  # a bracket has just been closed",
             "self.bracketed = False → pass"),
        ],
    },
    "nobody looks at what a builder that builds nothing gives": {
        "graph/expression.py": [
            ("▸return name", "return name → return None"),
        ],
    },
    "a depth that is counted downwards is 0 at the same places": {
        "graph/functions.py": [
            ("depth ▸+= (text[place] == brackets[0]) - (text[place] == brackets[1])", "+ → -"),
            ('depth ▸+= (sign in "([") - (sign in ")]")', "+ → -"),
        ],
        "discover/naming/names.py": [
            ('depth ▸+= (sign == "(") - (sign == ")")', "+ → -"),
        ],
        "graph/notations.py": [
            ('depth ▸+= (text[start] == ")") - (text[start] == "(")', "+ → -"),
        ],
    },
    "where a bracket is closed that none opened nothing is proposed": {
        "graph/notations.py": [
            ("for start in range(end - 1, -▸1, -1):", "1 → 2"),
        ],
    },
    "the one group of this pattern is the whole of it": {
        "graph/functions.py": [
            ("lambda m: names[m[▸0]] if m[1] else bracketed(names[m[0]]), pattern)", "0 → 1"),
        ],
    },
    "of an infinite number only the sign is left": {
        "graph/gates.py": [
            ("return NAN if a == 0 or a != a else math.copysign(INF, a) ▸* math.copysign(1.0, b)",
             "* → /"),
            ("return NAN if a == 0 or a != a else math.copysign(INF, a) * math.copysign(▸1.0, b)",
             "1.0 → 2.0"),
        ],
    },
    "a zero that is taken away makes a float as well": {
        "graph/gates.py": [
            ("return NAN if a != a else (a > 0) - (a < 0) ▸+ 0.0", "+ → -"),
        ],
    },
    "a sum and a difference are no numbers where one of the two is none": {
        "graph/steps.py": [
            ("if not math.isfinite(left ▸+ right + gradient):", "+ → -"),
            ("if not math.isfinite(left + right ▸+ gradient):", "+ → -"),
        ],
    },
    "whatever the digits, a node is not rounded": {
        "graph/node.py": [
            ("def __round__(self, digits=▸0):", "0 → 1"),
        ],
    },
    "no fraction of Unicode has so large a number below, or one so rough": {
        "graph/notations.py": [
            ("below = next(n for n in range(2, ▸1001) if abs(number * n - round(number * n)) < 1e"
             "-9)",
             "1001 → 1002"),
            ("below = next(n for n in range(2, 1001) if abs(number * n - round(number * n)) ▸< 1e"
             "-9)",
             "< → <="),
        ],
    },
}
