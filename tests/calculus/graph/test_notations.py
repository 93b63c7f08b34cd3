"""What students bring from books, LaTeX, NumPy, JavaScript, calculators and spreadsheets.

A text is understood, or refused with a sentence; where the sentence says "Write …" that must be
what the student meant, and where two meanings are possible nothing is proposed.
"""

import math
import re

import numpy as np
import pytest

from helpers.calculus.errors import LessonError, UnknownInput
from helpers.calculus.graph.advice import one_slip
from helpers.calculus.graph.expression import ExpressionError, names_in
from helpers.calculus.graph.functions import FORMULAS
from helpers.calculus.graph.gates import FUNCTIONS
from helpers.calculus.graph.graph import Graph
from helpers.widgets.graph.layout import label
from helpers.widgets.graph.stepper import GraphStepper
from helpers.words import four

VALUES = {"x": 1.3, "y": 0.7, "z": -0.4, "w": 2.0, "r": 3.0, "t": 0.5, "A1": 2.5,
          **{f"{letter}{i}": 0.5 + i for letter in "wxb" for i in range(3)}}
x, y, z, w, r, t = (VALUES[letter] for letter in "xyzwrt")
SIGMOID = 1 / (1 + math.exp(-x))


def graph(text, values=VALUES):
    """The graph with the values of the names in the text."""
    return Graph(text, **{name: values[name] for name in names_in(text)})


def proposed(said):
    """The expression that a sentence tells to write, at its end."""
    return re.split(r"[Ww]rite (?:its brackets: )?", said)[-1].rstrip(".")


def refused(text):
    with pytest.raises(ExpressionError) as caught:
        Graph(text, **VALUES)
    error = caught.value
    assert str(error).startswith(f"Column {error.column + 1}: ") and "\n" not in str(error)
    assert 0 <= error.column <= len(text)
    return str(error)


@pytest.mark.parametrize("text, true", [
    ("|x - y|", abs(x - y)), ("||z|-x|", abs(abs(z) - x)), ("2*|z|*|x|", 2 * abs(z) * x),
    ("√x", x ** 0.5), ("√(x+1)*2", 2 * (x + 1) ** 0.5), ("√√x", x ** 0.25), ("-√2", -2 ** 0.5),
    ("√sin(x)", math.sin(x) ** 0.5), ("√|z|", abs(z) ** 0.5), ("√(x)**2", x),
    ("√x*y", x ** 0.5 * y), ("σ(x)", SIGMOID), ("x⋅y", x * y), ("x∙y∗z", x * y * z),
    ("x − y", x - y), ("x ÷ 2", x / 2), ("π*x", math.pi * x), ("pi", math.pi),
    ("2**-π", 2 ** -math.pi), ("ReLU(z) + RELU(x)", x), ("Exp(x)", math.exp(x)),
    ("SQRT(x)", x ** 0.5), ("Max(x, y, z)", x), ("min(x, y, z, w)", z), ("𝑥 + ｘ", 2 * x),
    ("1e−3*x", x / 1000), ("∞", math.inf), ("Sigmoid(x)", SIGMOID)])
def test_what_is_safe_is_understood(text, true):
    assert graph(text).value == pytest.approx(true, rel=1e-14)


@pytest.mark.parametrize("text, true", [
    # books and blackboards
    ("2x", 2 * x), ("x(y+1)", x * (y + 1)), ("(x+1)(y-1)", (x + 1) * (y - 1)), ("3 x y", 3 * x * y),
    ("sin^2(x)", math.sin(x) ** 2), ("sin²(x)", math.sin(x) ** 2), ("sin x", math.sin(x)),
    ("e^x", math.exp(x)), ("e^-x*y", math.exp(-x) * y), ("e^(x+y)", math.exp(x + y)),
    ("e**x", math.exp(x)), ("eˣ", math.exp(x)), ("(e**x-e**-x)/2", math.sinh(x)),
    ("x²y", x * x * y), ("(x−y)²", (x - y) ** 2), ("x⁻¹", 1 / x), ("10ˣ", 10 ** x), ("½*x", x / 2),
    ("exp(-½x²)", math.exp(-x * x / 2)), ("⅔x", 2 * x / 3), ("xy", x * y), ("xy+z", x * y + z),
    ("w0x0+w1x1+w2", 0.5 * 0.5 + 1.5 * 1.5 + 2.5), ("sinx", math.sin(x)), ("2πr", 2 * math.pi * r),
    ("x₁*w₂", 1.5 * 2.5), ("w₀x₀+w₁x₁", 0.25 + 2.25), ("f(x) = x^2 + 1", x * x + 1),
    ("[x+y]*z", (x + y) * z), ("x[0]*w[1]", 0.5 * 1.5), ("x times y", x * y), ("2√x", 2 * x ** 0.5),
    ("1/(1+e^-x)", SIGMOID), ("x^½", x ** 0.5), ("sin(x)cos(y)", math.sin(x) * math.cos(y)),
    ("|x|²", x * x), ("2 sin(x)", 2 * math.sin(x)),
    # LaTeX
    (r"\frac{1}{1+e^{-x}}", SIGMOID), (r"$\frac{1}{1+e^{-x}}$", SIGMOID), (r"\sigma(x)", SIGMOID),
    (r"\sqrt{x^2+y^2}", math.hypot(x, y)), (r"\sqrt[3]{x}", x ** (1 / 3)), (r"\ln x", math.log(x)),
    (r"\left(x+y\right)^2", (x + y) ** 2), (r"e^{-\frac{x^2}{2}}", math.exp(-x * x / 2)),
    (r"\frac12 x^2", x * x / 2), (r"x \cdot y", x * y), (r"\max\{0, x\}", x),
    (r"\sigma(w_0x_0+w_1x_1+w_2)", 1 / (1 + math.exp(-5.0))), (r"x^{2}+2xy+y^{2}", (x + y) ** 2),
    (r"\frac{e^x-e^{-x}}{e^x+e^{-x}}", math.tanh(x)),
    (r"\log\left(1+e^{-xy}\right)", math.log(1 + math.exp(-x * y))), (r"\left|x-y\right|", x - y),
    (r"\frac{x}{y}^2", (x / y) ** 2), (r"1/\frac{x}{y}", y / x),
    (r"\operatorname{ReLU}(x)*\mathrm{sin}(y)", x * math.sin(y)),
    # Python, NumPy, PyTorch, JavaScript
    ("np.exp(x)", math.exp(x)), ("x.exp()", math.exp(x)), ("(x+y).exp()*2", 2 * math.exp(x + y)),
    ("x*(x+y).exp()", x * math.exp(x + y)),
    ("y + sin(x).exp()", y + math.exp(math.sin(x))), ("np.maximum(0, z)", 0),
    ("x.max(y)", x), ("1/(1+np.exp(-x))", SIGMOID), ("x//2", x / 2),
    ("2*expm1(x)", 2 * math.expm1(x)), ("expm1(x)*2", 2 * math.expm1(x)),
    ("np.log1p(np.exp(x))", math.log1p(math.exp(x))), ("math.e**x", math.exp(x)),
    ("np.pi*r**2", math.pi * 9), ("torch.sigmoid(x)", SIGMOID), ("F.relu(x)*y", x * y),
    ("Math.pow(x, 2)", x * x), ("Math.PI*x", math.pi * x), ("x => x*2", 2 * x),
    ("lambda x: x*2", 2 * x), ("y = x*2", 2 * x), ("return x*2;", 2 * x), ("x^2", x * x),
    ("-(t*np.log(y)+(1-t)*np.log(1-y))", -(t * math.log(y) + (1 - t) * math.log(1 - y))),
    ("np.square(x - y)/2", (x - y) ** 2 / 2), ("1_000*x", 1000 * x), ("w @ x", w * x),
    # calculators, spreadsheets, other alphabets
    ("=EXP(A1)*2", 2 * math.exp(2.5)), ("=POWER(A1;2)+1", 7.25), ("MAX(x;y)", x), ("0,5*x", x / 2),
    ("PI()*x", math.pi * x), ("LN(x)", math.log(x)), ("x＋y", x + y), ("（x+1）*２", 2 * (x + 1)),
    ("x\u200b+y", x + y), ("x\u2062y", x * y), ("x*٣", 3 * x), ("\ufeffx+y", x + y),
    ("=WURZEL(A1)", 2.5 ** 0.5), ("E^x", math.exp(x)), ("Exp[x]", math.exp(x)),
    ("x.^2 .* y", x * x * y), ("exp.(x)", math.exp(x)), ("x<sup>2</sup>", x * x),
    ("³√x", x ** (1 / 3)), ("{x \\over y}", x / y), ("x\\,y", x * y), ("x**2  # a square", x * x),
    ("'exp(x)'", math.exp(x)), ("x∧2", x * x), ("x &minus; y", x - y),
    ("exp\u2061(x)", math.exp(x)), ("cos(2πx)", math.cos(2 * math.pi * x)),
    ("{\\displaystyle {\\frac {1}{1+e^{-x}}}}", SIGMOID), ("σ(x) = 1/(1+e^{−x})", SIGMOID)])
def test_other_notations_are_told_as_they_are_written_here(text, true):
    said = refused(text)
    assert graph(proposed(said)).value == pytest.approx(true, rel=1e-12), said


SCIPY = {"log2": np.log2, "log10": np.log10, "log1p": np.log1p, "expm1": np.expm1, "tan": np.tan,
         "sinh": np.sinh, "cosh": np.cosh, "square": np.square, "cbrt": np.cbrt, "sign": np.sign,
         "exp2": np.exp2, "ln": np.log, "reciprocal": np.reciprocal, "fabs": np.fabs,
         "negative": np.negative, "absolute": np.absolute, "cot": lambda a: 1 / np.tan(a),
         "sec": lambda a: 1 / np.cos(a), "csc": lambda a: 1 / np.sin(a),
         "rsqrt": lambda a: a ** -.5,
         "coth": lambda a: 1 / np.tanh(a), "logistic": lambda a: 1 / (1 + np.exp(-a)),
         "logsigmoid": lambda a: -np.log1p(np.exp(-a)), "silu": lambda a: a / (1 + np.exp(-a)),
         "softsign": lambda a: a / (1 + abs(a)), "relu6": lambda a: np.clip(a, 0, 6),
         "leaky_relu": lambda a: np.where(a > 0, a, 0.01 * a),
         "hardtanh": lambda a: np.clip(a, -1, 1),
         "elu": lambda a: np.where(a > 0, a, np.expm1(a)), "cube": lambda a: a ** 3,
         "logit": lambda a: np.log(a / (1 - a)), "sech": lambda a: 1 / np.cosh(a),
         "csch": lambda a: 1 / np.sinh(a), "mish": lambda a: a * np.tanh(np.log1p(np.exp(a)))}


@pytest.mark.parametrize("name", sorted(SCIPY))
@pytest.mark.parametrize("inside, value", [("x", 0.7), ("x*y", 0.42), ("-x", -0.7), ("x + y", 0.9)])
def test_functions_of_other_languages_as_formulas(name, inside, value):
    if name in ("log2", "log10", "ln", "rsqrt", "logit", "cbrt") and value < 0:
        return
    said = refused(f"2*{name}({inside})**2")
    got = graph(proposed(said), {"x": 0.7, "y": 0.6 if "*" in inside else 0.2})
    assert got.value == pytest.approx(2 * float(SCIPY[name](value)) ** 2, rel=1e-12), said


def test_every_formula_can_be_typed():
    for name, text in FORMULAS.items():
        letters = {one: 0.3 + 0.2 * "abc".index(one) for one in names_in(text)}
        assert letters and math.isfinite(Graph(text, **letters).value), name


@pytest.mark.parametrize("text", [
    "1/2x", "e^2x", "sin x^2", "log x/2", "1,000*x", "LOG(x)", "lg(x)", "sqr(x)", "w^T x", "wᵀx",
    r"\frac{d}{dx} x^2", r"\sum_i x_i", r"\hat{y}", "x > 0", "x ? 1 : 2", "x if x>0 else 0", "x!",
    "softmax(x)", "arctan(x)", "floor(x)", "foo(x)", "x mod 2", "1j*x", "3i", "x±1", "|x", "x)",
    "np.where(x>0,x,0)", "x, y", "x; y", "sin⁻¹(x)", "x[0:2]", "SUM(A1:A3)", "√x**2", "0x10", "1e",
    "x.T", "x'", "f∘g", "x == y", "x += 1", "log3(x)", "selu(x)", "maxout(x, y)", "e^|x|",
    "x.exp(y", "sin^2(x", "tan()", "pow(x, )", "square()"])
def test_where_two_meanings_are_possible_nothing_is_proposed(text):
    said = refused(text)
    assert " Write " not in said and "did you mean" not in said


@pytest.mark.parametrize("text, column, words", [
    ("1 + e**x", 4, "exp(x)"), ("ln(x)", 0, "write log(x)"),
    ("x + np.exp(x)", 6, "without np|out np"), ("x.exp()", 1, "exp(x)"), ("square(x)", 0, "x**2"),
    ("x₁*x₂", 0, "write x1"), ("xy", 0, "for a product, write x*y"),
    ("x + tan(x)", 4, "sin(x)/cos(x)"), ("x//2", 2, "rounds down"), ("wᵀx", 0, "w0*x0 + w1*x1"),
    ("w^T x", 1, "w0*x0 + w1*x1"), ("½*x", 0, "1/2"), ("x＋y", 1, "full-width sign; write +"),
    ("x\u200b+y", 1, "zero width space"), ("x\u00ad+y", 1, "soft hyphen"),
    ("0,5*x", 1, "write 0.5"), ("x(y+1)", 0, "for a product"),
    ("х+1", 0, "cyrillic small letter ha"), ("ехр(x)", 0, "only look Latin"), ("2*e", 2, "exp(1)"),
    ("|x|y|", 3, "operator before 'y'"), ("|x", 0, "second |"), ("x||y", 1, "absolute value"),
    ("(|x)", 1, "second |"), ("√-x", 1, "bracket behind the root"),
    ("√x**2", 2, "√(x)**2 or √(x**2)"), ("(y)*√x**2", 6, "√(x)**2"), ("(y)*√2**2", 6, "√(x)**2"),
    ("(y)*√π**2", 6, "√(x)**2"), ("max x", 0, "max(x, y)"),
    ("log(x, 2)", 5, "log(x)/log(b)"), ("abs(1,5)", 5, "0.5"),
    ("abs(1,x)", 5, "not more."), ("LOG(x)", 0, "log(x)/log(10)"),
    ("Pi*x", 0, "write pi"), ("∑x", 0, "x0 + x1 + x2"),
    ("x > 0", 2, "max, min, relu and abs choose"), ("softmax(x)", 0, "numbers, not arrays"),
    ("xˆ2", 0, "write **"), ("x⁻²", 1, "here: for a power, write **, as in x**2."),
    ("dy/dx", 0, "finds the derivatives itself"), ("10%", 2, "by 100"),
    ("wTx", 0, "w0*x0 + w1*x1"), ("X*y", 0, "There is one for x;"),
    ("x_1", 0, "There is one for x1;"), ("lambda*x", 0, "word of Python"),
    ("Sigmoid", 0, "write sigmoid(x)"), ("x != y", 2, "comparisons"),
    ("log(x, base=2)", 11, "without a name"), ("x and y", 2, "no conditions"),
    ("arctan(x)", 0, "no gate"), ("“x”", 0, "quotes"), ("x′", 1, "no primes"),
    ("W.T", 1, "w0*x0 + w1*x1"), ("2*Pi(x)", 2, "there is no function Pi; write pi."),
    ("prelu(x)", 0, "max(a"), ("x.*y", 1, "leave out the point: these"),
    ("x .", 2, "the point at the end"), ("(x).exp", 3, "a function stands before"),
    ("x.foo", 1, "a function stands before"), ("①*x", 0, "no number here: write 1."),
    ("٣*x", 0, "write 3"), ("((x)=2", 4, "without a name"), ("x => x", 2, "behind the arrow"),
    ("lambda x: x", 8, "behind the colon"), ("x:y", 1, "for a quotient"), ("x!", 1, "factorial"),
    ("x' y", 1, "no quotes and no prime"),
    ("'x'", 0, "leave out the quotes"), ("x § y", 2, "use + − *")])
def test_each_sentence_helps_at_its_place(text, column, words):
    said = refused(text)
    assert any(word in said for word in words.split("|") if word) and said.startswith(
        f"Column {column + 1}:"), said


def test_a_product_is_meant_of_letters_and_numbered_names_alone():
    assert " Write a1 + b2 + a1*b2" in refused("a1 + b2 + a1b2")
    assert "the expression uses ab, c, abc." in refused("ab + c + abc")


@pytest.mark.parametrize(("w", "x"), [("w", "x"), ("a", "b"), ("x", "x")])
def test_a_product_of_vectors_is_named_by_its_letters(w, x):
    with pytest.raises(ExpressionError) as caught:
        Graph(f"{w}T{x}", **{w: 1, x: 2})
    assert str(caught.value).endswith(f"for {w}ᵀ{x}, write out the sum: w0*x0 + w1*x1.")


def test_a_long_expression_is_not_repeated():
    assert " Write x**2+" in refused("x^2+" * 14 + "x")
    assert "Write" not in refused("x^2+" * 30 + "x")
    for digits, repeated in ((83, True), (84, False)):  # 90 characters, and 91
        assert (" Write x**2 + 1" in refused(f"x^2 + {'1' * digits}")) is repeated


def test_a_power_of_a_power_of_e_is_not_guessed():
    assert refused("e**x**2").endswith("Write exp(x)") and refused("e**x").endswith("Write exp(x)")


@pytest.mark.parametrize("typed, meant", [
    ("exq", "exp"), ("sigmiod", "sigmoid"), ("tahn", "tanh"), ("sigmod", "sigmoid"),
    ("rel", "relu"), ("cso", "cos"), ("absx", "abs"), ("softpluss", "softplus"), ("sqrtt", "sqrt"),
    ("mix", "max or min")])
def test_one_slip_of_the_pen_is_recognised(typed, meant):
    assert f"did you mean {meant}?" in refused(f"{typed}(x+y)")


def test_slips():
    assert all(one_slip(a, b) for a, b in [("ab", "ba"), ("abc", "ab"), ("ab", "abc"), ("abc",
    "axc")])
    assert not any(one_slip(a, b) for a, b in [("abc", "xyc"), ("a", "abc"), ("log2", "log")])


def test_an_e_and_a_pi_of_ones_own():
    assert Graph("e**x", e=2, x=3).value == 8
    assert Graph("c*e", c=2, e=3).gradients == {"c": 3, "e": 2}
    assert Graph("xy + x*y", x=2, y=3, xy=5).value == 11
    with pytest.raises(UnknownInput, match=r"pi is 3\.14159"):
        Graph("pi*x", pi=3, x=1)
    with pytest.raises(UnknownInput, match=r"Column 3: .*Give a value too: q=1"):
        Graph("x*q", x=1)


def test_the_stepper_says_the_same():
    stepper = GraphStepper("x*y", x=2, y=3)
    for text, said in (("xy", "x*y"), ("e**x", "exp(x)"), ("tan(x)", "sin(x)/cos(x)")):
        with pytest.raises(LessonError, match=re.escape(said)):
            stepper.set(text=text)
    stepper.set(text="x*q")  # a new variable begins at 1
    assert stepper.value == 2
    assert names_in("π*r**2 + σ(x) + |x|") == {"r": 2, "x": 11}


ONE_OF_EACH = ["x + y", "x - y", "x*y", "x/y", "x**y", "-x", "1/x", "exp(x)", "log(x)", "sqrt(x)",
               "sin(x)", "cos(x)", "tanh(x)", "sigmoid(x)", "softplus(x)", "relu(x)", "abs(x)",
               "max(x, y)", "min(x, y)", "max(x, y, z)", "x**2", "2**x", "x - 3", "3 - x", "x/4",
               "4/x", "2.5*x", "x + 1e-7", "1e9*x", "max(0, x)", "min(x, -1.5)", "x + 2*pi"]


@pytest.mark.parametrize("text", ONE_OF_EACH)
@pytest.mark.parametrize("value", [2.0, 0.25, -3.0])
def test_what_is_drawn_can_be_typed_back(text, value):
    """The formula and the numbers of each step, and the label of each gate."""
    drawn = graph(text, {"x": value, "y": 0.5, "z": 1.0})
    for node, step in zip([n for n in drawn.nodes if n.gate], drawn.forward_steps(), strict=True):
        formula, numbers = step.sentence.split(" = ")[1:3]
        inputs = {one.name: one.value for one in node.inputs if one.name}
        again = Graph(formula, **inputs)
        assert again.value == pytest.approx(node.value, rel=1e-5, nan_ok=True)
        if math.isnan(node.value):
            continue
        assert Graph(numbers).value == pytest.approx(node.value, rel=1e-3, abs=1e-4)
        assert four(Graph(four(node.value)).value) == four(node.value)
        if inputs:
            assert typed(node).value == pytest.approx(node.value, rel=1e-3)


def typed(node):
    """The graph of a gate as its label shows it: `÷ 2` behind x is x ÷ 2."""
    names = [f"q{place}" for place, one in enumerate(node.inputs) if one.name]
    values = [one.value for one in node.inputs if one.name]
    shown, sign = label(node), node.gate.sign
    if sign in ("|a|", "1/a") or (sign == "a**b" and len(names) == 2):
        text = re.sub(r"\b[ab]\b", lambda m: names["ab".index(m[0])], shown)
    elif sign in FUNCTIONS or sign in "√σ":
        number = shown[len(sign):].strip()
        text = f"{sign}({', '.join([*names, *([number] if number else [])])})"
    elif shown == "×−1":
        text = f"{names[0]} {shown}"
    elif len(names) == 2:
        text = f"{names[0]} {shown} {names[1]}"
    else:
        text = f"{shown} {names[0]}" if shown.endswith(("−", "÷", "**")) else f"{names[0]} {shown}"
    return Graph(text, **dict(zip(names, values, strict=True)))


def test_numpy_and_math_on_nodes():
    by_numpy = Graph(lambda x, y: np.exp(x) + np.float64(2) * np.maximum(y, 0) - np.sqrt(x),
                     x=1, y=2)
    assert by_numpy.gradients == pytest.approx({"x": math.e - 0.5, "y": 2})
    with pytest.raises(LessonError, match=r"no gate for np\.tan"):
        Graph(lambda x: np.tan(x), x=1)
    with pytest.raises(LessonError, match=r"x\.exp\(\)"):
        Graph(lambda x: math.exp(x), x=1)
    assert not hasattr(Graph("x", x=1).node("x"), "T")


@pytest.mark.parametrize("function, said", [
    (lambda x: x.tan(), "tan(x) is sin(x)/cos(x)"), (lambda x: x.square(), "square(x) is x**2"),
    (lambda x: x.foo(), "it has exp, log"), (lambda x: x // 2, "x/y"), (lambda x: 2 // x, "x/y"),
    (lambda x: x % 2, "remainder"), (lambda x: x @ x, "x*y"), (lambda x: x.T, "it has exp")])
def test_what_nodes_are_not_asked_for(function, said):
    with pytest.raises(LessonError, match=re.escape(said)):
        Graph(function, x=1)


def test_the_stepper_takes_a_capital_beside_a_small_letter():
    stepper = GraphStepper("w*x", w=2, x=3)
    stepper.set(text="W*x + w*x_1")
    assert stepper.graph.values == {"W": 1, "x": 3, "w": 2, "x_1": 1}
