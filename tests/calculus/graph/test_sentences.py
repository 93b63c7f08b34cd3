"""What is said of a text that is no expression, to the last word: sentence, place and length."""

import pytest

from helpers.calculus.graph.expression import ExpressionError
from helpers.calculus.graph.graph import Graph

VALUES = {"x": 1.3, "y": 0.7, "z": -0.4, "w": 2.0, "x1": 1.0, "w0": 1.0}
NO_MEANING = "{0!r} has no meaning here: {1}."
ARRAYS = "these are numbers, not arrays: write w0*x0 + w1*x1 for wᵀx"
BEFORE = "a function stands before its number: write exp(x)"
CHOOSE = "there are no conditions here: max, min, relu and abs choose"


def said(text):
    """(column, length, sentence) of what is wrong."""
    with pytest.raises(ExpressionError) as caught:
        Graph(text, **VALUES)
    error = caught.value
    lead, _, sentence = str(error).partition(": ")
    assert lead == f"Column {error.column + 1}" and error.text == text
    return error.column, error.length, sentence


@pytest.mark.parametrize("text, column, length, sentence", [
    # what is proposed stands there once
    ("tan(x)", 0, 3, "there is no function tan; write sin(x)/cos(x)."),
    ("tan(x)*2", 0, 3, "there is no function tan; write sin(x)/cos(x). Write (sin(x)/cos(x))*2"),
    ("clip(x,0,1)", 0, 4, "there is no function clip; write max(0, min(x, 1))."),
    ("sqr(x+1)", 0, 3, "there is no function sqr; write (x+1)**2 for the square, sqrt(x+1) for "
                       "the root."),
    ("sinc(x)", 0, 4, "there is no function sinc; write sin(x)/x, or sin(π*x)/(π*x) for that of "
                      "NumPy."),
    ("y + lg(x)", 4, 2, "there is no function lg; write log(x)/log(10) for the logarithm to the "
                        "base 10, log(x)/log(2) to the base 2."),
    ("prelu(x)", 0, 5, "there is no function prelu; it is max(a, b*a)."),
    ("PRELU(x)", 0, 5, "there is no function PRELU; it is max(a, b*a)."),
    ("Arctan(x)", 0, 6, "there is no function Arctan; the inverses of sin, cos and tanh have no "
                        "gate."),
    ("ab(x+y)", 0, 2, "there is no function ab; for a product, write ab*(x+y)."),
    ("abc(x)", 0, 3, "there is no function abc; did you mean abs?"),
    ("abc(x) + abc", 0, 3, "there is no function abc; for a product, write abc*(x)."),
    ("abc + abc (x)", 6, 3, "there is no function abc; for a product, write abc*(x)."),
    ("abcd(x) + abc", 0, 4, "there is no function abcd; there are exp, log, sqrt, sin, cos, tanh, "
                            "sigmoid, relu, softplus, max, min, abs."),
    ("EXQ(x)", 0, 3, "there is no function EXQ; did you mean exp?"),
    ("(y)*foo (x", 4, 3, "there is no function foo; there are exp, log, sqrt, sin, cos, tanh, "
                         "sigmoid, relu, softplus, max, min, abs."),
    ("ехр(x)", 0, 3, "there is no function ехр; its letters only look Latin: type exp anew."),
    # operators and brackets
    ("x y", 2, 1, "put an operator before 'y', such as *. Write x*y"),
    ("x and y", 2, 3, f"put an operator before 'and', such as *; {CHOOSE}."),
    ("x mod y", 2, 3, "put an operator before 'mod', such as *; a remainder has no gate."),
    ("x " + "q" * 25, 2, 25, f"put an operator before '{'q' * 20}', such as *."),
    ("x//2", 2, 1, "// rounds down, which has no gate: for a quotient write one /. Write x/2"),
    ("x*/2", 2, 1, "'/' needs something before it."),
    ("/2", 0, 1, "'/' needs something before it."),
    ("x*(", 3, 1, "something is missing after '(': a number, a name or a bracket."),
    (")", 0, 1, "something is missing here: a number, a name or a bracket."),
    ("(*x)", 1, 1, "'*' cannot stand first in a bracket."),
    ("√x**2", 2, 2, "a root and a power: write √(x)**2 or √(x**2)."),
    ("√+x", 1, 1, "put a bracket behind the root: √(−x) or √(x)."),
    ("max(x)", 5, 1, "max takes 2 numbers or more: max(x, y)."),
    ("min + 1", 0, 3, "min is a function: write min(x, y)."),
    ("1 + exp", 4, 3, "exp is a function: write exp(x)."),
    ("(x, y)", 2, 1, "a bracket takes 1 number, not more."),
    ("(1,5)", 2, 1, "a bracket takes 1 number, not more; for a decimal write 0.5. Write 1.5"),
    ("abs(x,5)", 5, 1, "abs takes 1 number, not more."),
    ("log(1, 2)", 5, 1, "log takes 1 number, not more; the one to the base b is log(x)/log(b)."),
    # points
    ("x*y.", 3, 1, NO_MEANING.format(".", "leave out the point at the end") + " Write x*y"),
    ("(x). ", 3, 1, NO_MEANING.format(".", "leave out the point at the end") + " Write x"),
    ("x.exp()", 1, 1, NO_MEANING.format(".", BEFORE)),
    ("(x).exp()", 3, 1, NO_MEANING.format(".", BEFORE)),
    ("x.T", 1, 1, NO_MEANING.format(".", ARRAYS)), ("x.Tx", 1, 1, NO_MEANING.format(".", BEFORE)),
    ("x.^2", 1, 1, NO_MEANING.format(".", "leave out the point: these are numbers, not arrays")
     + " Write x**2"),
    ("x.(y)", 1, 1, NO_MEANING.format(".", "leave out the point: these are numbers, not arrays")
     + " Write x*(y)"),
    ("np.exp(x)", 2, 1, NO_MEANING.format(".", "leave out np: functions stand alone")
     + " Write exp(x)"),
    # other signs
    ("w^T x", 1, 1, NO_MEANING.format("^", ARRAYS)),
    (r"w^{\top}x", 1, 1, NO_MEANING.format("^", ARRAYS)),
    ("x^T2*y", 1, 1, NO_MEANING.format("^", "for a power, write **") + " Write x**T2*y"),
    ("x == y", 2, 1, NO_MEANING.format(
        "=", "there are no comparisons here: max, min, relu and abs choose")),
    ("y=x", 1, 1, NO_MEANING.format("=", "write only the right-hand side") + " Write x"),
    ("(x)=2", 3, 1, NO_MEANING.format("=", "write only the right-hand side")),
    ("exp(x=2)", 5, 1, NO_MEANING.format("=", "a number in brackets stands without a name")),
    ("x => y", 2, 1, NO_MEANING.format("=", "write only what comes behind the arrow")),
    ("'x'", 0, 1, NO_MEANING.format("'", "leave out the quotes") + " Write x"),
    ("x'", 1, 1, NO_MEANING.format("'", "a variable has no quotes and no prime: write x1")),
    ("x : y", 2, 1, NO_MEANING.format(":", "for a quotient, write /") + " Write x / y"),
    (" lambda x: x", 9, 1, NO_MEANING.format(":", "write only what comes behind the colon")
     + " Write x"),
    ("x⁺", 1, 1, NO_MEANING.format("⁺", "for a power, write **, as in x**2")),
    ("٣*x", 0, 1, NO_MEANING.format("٣", "write 3") + " Write 3*x"),
    ("x＋y", 1, 1, NO_MEANING.format("＋", "it is a full-width sign; write +") + " Write x+y"),
    ("x§y", 1, 1, NO_MEANING.format("§", "use + − * / **, brackets, numbers, names and functions")),
    ("x\u2062y", 1, 1, "an invisible character stands here (invisible times, U+2062): write * "
                       "instead. Write x*y"),
    ("x\x01y", 1, 1, "an invisible character stands here (a control character, U+0001): "
                     "delete it."),
    # names
    ("½", 0, 1, "'½' is no number here: write 1/2."),
    ("x½", 0, 2, "'½' is no number here: write 1/2. Write x*(1/2)"),
    ("x₁₂*y", 0, 3, "'x₁₂' is no name: an index stands on the line, write x12. Write x12*y"),
    ("x²", 0, 2, "'x²' is no name; for a power, write ** as in x**2."),
    ("³√x", 0, 1, "for the third root, write x**(1/3)."),
    ("xᵀy", 0, 3, "'xᵀy' is no name: these are numbers, not arrays; write w0*x0 + w1*x1 for wᵀx."),
    ("Pi*x", 0, 2, "for 3.14159… write pi, not Pi."),
    ("y*e**x", 2, 1, "e is a variable here, not 2.718…: for e to a power write exp. "
                     "Write y*exp(x)"),
    ("e**x + (e**x**2)", 0, 1, "e is a variable here, not 2.718…: for e to a power write exp. "
                               "Write exp(x)"),
    ("y*e *x", 2, 1, "the expression uses e. For 2.718… write exp(1), else give a value too: e=3."),
    ("1 + lambda", 4, 6, "lambda is a word of Python, no name of a variable: call it lambda_."),
    ("SIN + x", 0, 3, "SIN is a function: write sin(x)."),
    ("w0Tx", 0, 4, "for w0ᵀx, write out the sum: w0*x0 + w1*x1."),
    ("2*dy / dx", 2, 2, "the graph finds the derivatives itself: write the function alone."),
    ("2*dy", 2, 2, "the expression uses dy. Give a value too: dy=1."),
    ("х*y", 0, 1, "'х' is not x: 'х' is cyrillic small letter ha, which only looks like it. Type "
                  "it anew: x."),
    ("xq", 0, 2, "the expression uses xq. Give a value too: xq=1."),
    ("xy", 0, 2, "there is no value for xy; for a product, write x*y."),
    ("sinz*2", 0, 4, "there is no value for sinz; for a function, write its brackets: sin(z). "
                     "Write sin(z)*2"),
    ("2*X", 2, 1, "the expression uses X. There is one for x; else give a value too: X=1."),
    ("r + q + q", 0, 1, "the expression uses r, q. Give a value too: r=1."),
    ("b+c+d+f+g+h", 0, 1, "the expression uses b, c, d, f, g. Give a value too: b=1.")])
def test_a_sentence_tells_what_is_wrong_and_where(text, column, length, sentence):
    assert said(text) == (column, length, sentence)
