"""Texts as a bad day or a bad will brings them: deep, long, huge, foreign, and code."""

import random

SAID = [*"xyzwabe+-*/(),.|√σ ^=[]{}'\"\\:;#@%!?&<>~$_\n\t\0", "**", "//", "x0", "2.5", "1e3",
        "0x1f", "1_000", "1j", "ln", "exp(", "max(", "sin(", "relu(", "np.exp(", "Math.pow(", "2x",
        "\\frac{", "\\sqrt{", "\\sigma", "{x}^{2}", "x_{1}", "e^", "xy", "x²", "x⁻¹", "½", "÷",
        "×", "−", "∞", "π", "∂", "Σ", "٣", "𝑥", "é", "ﬁ", "\u202e", "\u200b", "\u0302", "\ud800",
        "日本", "😀", "<sup>", "&lt;", "n m", "->", "...", "relu", "affine", "X", "G", " @ ", "W.T",
        "lambda: ", "if x else y", "for i in ", "nan", "-inf", "None", "True", "import os\n"]
CODE = ["__import__('os').system('echo')", "open('hostile.txt', 'w')", "exec('1')", "eval('1')",
        "().__class__.__mro__[1].__subclasses__()", "breakpoint()", "globals()", "print(1)",
        "[x for x in range(10**9)]", "f'{open}'", "'{0.__class__}'.format(1)",
        "(lambda: 0)()", "helpers.os.remove('a')", "9**9**9**9", "'a'*10**9", "1<<10**9",
        "2**2**2**2**2**2", "1e999999999", "x if open('a') else y", "@f", "x := 1", "yield",
        "\\input{/etc/passwd}", "'; DROP TABLE x; --", "<script>alert(1)</script>", "../../x"]
GOOD = ["1/(1+exp(-(w0*x0+w1*x1+w2)))", "max(x, y, 2)*3 - |x|", "relu(x*y)**2", "0.5*-4", "1/3",
        "from helpers import GraphStepper\n\nGraphStepper('x*y', x=1.0, y=[2.0][0])",
        "JacobianExplorer('relu', X=[[1.0, -2.0]], G=[[0.5, 1.0]])", "n m, m k, k -> n k",
        "import numpy as np\n\ndef f(X):\n    return X\n\nJacobianExplorer(f, [[1.0]])"]


def runs(longest):
    """Long runs of what stands between numbers: a pattern may try each beginning of each of them.
    """
    for before, end in (("1", "1"), ("]", "1"), ("1,", "["), ("1/", "/1")):
        for one in (" ", "\t", "\n", " \n", ", ", "; ", "/ ", "] ", "1 /"):
            yield before + one * ((longest - 4) // len(one)) + end
    yield "9" * (longest // 2) + "," + "9" * (longest // 2 - 4) + " 1"


def texts(seed, count, longest):
    """So many texts of at most so many characters, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield chance.choice(KINDS)(chance, longest)[:longest]


def pieces(chance, longest):
    return "".join(chance.choices(SAID, k=chance.randint(0, 40)))


def code(chance, longest):
    return chance.choice([chance.choice(CODE), f"x + {chance.choice(CODE)}",
                          f"ActivationLab(x={chance.choice(CODE)})"])


def repeated(chance, longest):
    """A piece or two over and over: nested, or a very long chain, number or name."""
    one = chance.choice([*SAID, *CODE, "x+", "-", "((", "2**", "[", "{", "1", "9", "x", "1+", "a.",
                         ", ", "x,", "| ", " (", "\\frac{x}{", "np.", "x^", "sin "])
    many = chance.choice([10, 100, 1000, longest])
    end = chance.choice(["", "", "x", ")", "1"]) * chance.choice([1, 1, 100, 1000])
    before = chance.choice(["", "", "ActivationLab(x=", "x = 1\n", "-"])
    return before + one * min(many, longest // len(one)) + end


def nested(chance, longest):
    opening, closing = chance.choice(["()", "[]", "{}", ("exp(", ")"), ("(-", ")"), ("|(", ")|"),
                                      ("\\frac{1}{", "}"), ("x**(", ")"), ("max(x,", ")")])
    depth = min(chance.choice([5, 50, 500, 5000]), longest // 10)
    return opening * depth + "x" + closing * (depth - chance.randint(0, 1))


def damaged(chance, longest):
    """Something good with a few characters lost, doubled or replaced."""
    text = list(chance.choice(GOOD))
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(text))
        text[place] = chance.choice(["", text[place] * 2, chance.choice(SAID),
                                     chance.choice(CODE)])
    return "".join(text)


def anything(chance, longest):
    """Any characters at all, surrogates too."""
    top = chance.choice([0x7F, 0x2FF, 0xFFFF, 0x10FFFF])
    return "".join(chr(chance.randint(0, top)) for _ in range(chance.randint(0, 200)))


KINDS = (pieces, code, repeated, nested, damaged, anything)
