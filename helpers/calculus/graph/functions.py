"""Functions of other languages: what they are in the gates of this course, or why they are not."""

import re

from .gates import FUNCTIONS

# Functions of other languages as formulas of a and b; one that stands here under another name too.
FORMULAS = {
    "ln": "log(a)", "loge": "log(a)", "log2": "log(a)/log(2)", "lb": "log(a)/log(2)",
    "ld": "log(a)/log(2)", "log10": "log(a)/log(10)", "log_2": "log(a)/log(2)",
    "log_10": "log(a)/log(10)", "log_e": "log(a)",
    "log1p": "log(1 + a)", "expm1": "exp(a) - 1", "exp2": "2**a", "exp10": "10**a",
    "tan": "sin(a)/cos(a)", "tg": "sin(a)/cos(a)", "cot": "cos(a)/sin(a)",
    "ctg": "cos(a)/sin(a)", "sec": "1/cos(a)", "csc": "1/sin(a)", "cosec": "1/sin(a)",
    "sinh": "(exp(a) - exp(-a))/2", "sh": "(exp(a) - exp(-a))/2",
    "cosh": "(exp(a) + exp(-a))/2", "ch": "(exp(a) + exp(-a))/2", "th": "tanh(a)",
    "coth": "1/tanh(a)", "sech": "2/(exp(a) + exp(-a))", "csch": "2/(exp(a) - exp(-a))",
    "square": "a**2", "squared": "a**2", "sq": "a**2", "cube": "a**3", "cubed": "a**3",
    "pow": "a**b", "power": "a**b", "cbrt": "a**(1/3)", "root": "sqrt(a)", "rsqrt": "1/sqrt(a)",
    "sqroot": "sqrt(a)", "squareroot": "sqrt(a)", "reciprocal": "1/a", "inv": "1/a",
    "sign": "a/abs(a)", "sgn": "a/abs(a)", "signum": "a/abs(a)", "hypot": "sqrt(a**2 + b**2)",
    "fabs": "abs(a)", "absolute": "abs(a)", "modulus": "abs(a)", "sigma": "sigmoid(a)",
    "logistic": "sigmoid(a)", "expit": "sigmoid(a)", "sigm": "sigmoid(a)",
    "logsigmoid": "-softplus(-a)", "log_sigmoid": "-softplus(-a)", "silu": "a*sigmoid(a)",
    "swish": "a*sigmoid(a)", "mish": "a*tanh(softplus(a))", "softsign": "a/(1 + abs(a))",
    "logit": "log(a/(1 - a))", "prelu": "max(a, b*a)",
    "elu": "max(a, 0) + min(exp(a) - 1, 0)",
    "leaky_relu": "max(a, 0.01*a)", "leakyrelu": "max(a, 0.01*a)",
    "relu6": "min(max(a, 0), 6)", "hardtanh": "max(-1, min(a, 1))", "maximum": "max(a, b)",
    "fmax": "max(a, b)", "minimum": "min(a, b)", "fmin": "min(a, b)",
    "add": "a + b", "plus": "a + b", "subtract": "a - b", "sub": "a - b", "minus": "a - b",
    "multiply": "a*b", "mul": "a*b", "times": "a*b", "product": "a*b", "divide": "a/b",
    "div": "a/b", "true_divide": "a/b", "negative": "-a", "neg": "-a", "dot": "a*b",
    "matmul": "a*b", "inner": "a*b", "logaddexp": "log(exp(a) + exp(b))",
    "logsumexp": "log(exp(a) + exp(b))", "clip": "max(b, min(a, c))", "clamp": "max(b, min(a, c))",
    "sum": "a + b", "mean": "(a + b)/2", "average": "(a + b)/2", "prod": "a*b",
    "float": "a", "exponential": "exp(a)", "sine": "sin(a)",
    "cosine": "cos(a)", "ramp": "relu(a)", "rectifier": "relu(a)", "rect": "relu(a)",
    "print": "a", "display": "a", "wurzel": "sqrt(a)", "racine": "sqrt(a)", "raiz": "sqrt(a)",
    "potenz": "a**b", "puissance": "a**b", "potencia": "a**b", "sen": "sin(a)", "betrag": "abs(a)",
    "summe": "a + b", "somme": "a + b", "suma": "a + b", "mittelwert": "(a + b)/2",
    "sinus": "sin(a)", "cosinus": "cos(a)", "exponent": "exp(a)",
}
# Functions that have no gates here, and why or what else there is.
WITHOUT = {
    **dict.fromkeys("asin acos atan arcsin arccos arctan atan2 arctan2 asinh acosh atanh arcsinh "
                    "arccosh arctanh arsinh artanh".split(),
                    "the inverses of sin, cos and tanh have no gate"),
    **dict.fromkeys("floor ceil round int trunc rint fix mod fmod remainder".split(),
                    "rounding has no gate, for its slope is 0 almost everywhere"),
    **dict.fromkeys("heaviside step where if ifelse iif select piecewise cases wenn si".split(),
                    "no gate decides; max, min, relu and abs choose"),
    **dict.fromkeys("erf erfc gelu gamma lgamma factorial fact beta normcdf phi selu celu".split(),
                    "it has no gate, and no formula of the gates that there are"),
    **dict.fromkeys("softmax softmin argmax argmin norm transpose trace det var std maxout "
                    "glu".split(),
                    "these are numbers, not arrays; write the formula out, with names such as x0"),
    **dict.fromkeys("diff grad derivative integrate lim limit solve".split(),
                    "the graph finds the derivatives itself"),
}
TWO_MEANINGS = {
    "Log": "log({0}) for the natural logarithm, log({0})/log(10) for the one to the base 10",
    "LOG": "log({0}) for the natural logarithm, log({0})/log(10) for the one to the base 10",
    "lg": "log({0})/log(10) for the logarithm to the base 10, log({0})/log(2) to the base 2",
    "sqr": "{1}**2 for the square, sqrt({0}) for the root",
    "sinc": "sin({0})/{1}, or sin(π*{1})/(π*{1}) for that of NumPy",
}


def group(text, start, brackets="()"):
    """The place behind the bracket that closes the one at `start`; 0 if none does."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == brackets[0]) - (text[place] == brackets[1])
        if depth == 0:
            return place + 1
    return 0


def bracketed(text):
    """The text in brackets, unless it is one number, name or bracket."""
    text = text.strip()
    one = re.fullmatch(r"[\w.]+", text) or (
        re.match(r"\w*\(", text) and group(text, text.index("(")) == len(text))
    return text if one else f"({text})"


def formula(name, inside):
    """A call of another language's function as a formula, or ""."""
    lower = name.lower()
    if name in TWO_MEANINGS:
        return ""
    if lower in FUNCTIONS:
        return f"{lower}({inside})" if name not in FUNCTIONS else ""
    pattern = FORMULAS.get(name) or FORMULAS.get(lower, "")
    parts = [part.strip() for part in arguments(inside)]
    if not pattern or not all(parts) or len(parts) != len(set(re.findall(r"\b[abc]\b", pattern))):
        return ""
    names = dict(zip("abc", parts, strict=False))
    return re.sub(r"(?<=\w\()([abc])(?=\))|\b[abc]\b",
                  lambda m: names[m[0]] if m[1] else bracketed(names[m[0]]), pattern)


def arguments(inside):
    """The parts between the commas that no bracket holds."""
    parts, depth = [""], 0
    for sign in inside:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
