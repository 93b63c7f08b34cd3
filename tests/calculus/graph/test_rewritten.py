"""Texts of other notations, to the last character as they are written here; else as they were."""

import pytest

from helpers.calculus.graph.functions import arguments, bracketed, formula, group
from helpers.calculus.graph.notations import rewritten, split

KNOWN = ("x", "y", "z", "w", "x1", "t")


@pytest.mark.parametrize("text, written", [
    # products
    ("2x", "2*x"), ("2(x+1)", "2*(x+1)"), ("x(y+1)", "x*(y+1)"), ("(x)(y)", "(x)*(y)"),
    ("x y", "x*y"), ("(x) 2", "(x)*2"), ("(x).5", "(x)*.5"), ("2σ(x)", "2*σ(x)"),
    ("√x√y", "√x*√y"), ("2 exp(x)y", "2*exp(x)*y"), ("1e-3 x", "1e-3*x"), ("2 π r", "2*π*r"),
    ("1e3x", "1e3*x"), ("x1 y", "x1*y"), ("0x", "0x"), ("00x", "00*x"), ("i x", "i x"),
    ("e x", "e x"), ("x foo", "x foo"), ("x 2", "x 2"), ("exp exp(x)", "exp exp(x)"),
    ("1/2x", "1/2x"), ("1/x y", "1/x y"), ("x**2 y", "x**2 y"), ("1/(2)x", "1/(2)x"),
    ("x**-2 y", "x**-2 y"), ("x/ -y z", "x/ -y z"), ("1/(x) + 2y", "1/(x) + 2*y"),
    ("xy", "x*y"), ("xyz + xq", "x*y*z + xq"), ("πx", "π*x"), ("πxy", "π*x*y"), ("sinx", "sin(x)"),
    ("lnx", "log(x)"), ("xy(z)", "x*y*(z)"),
    # powers of functions and of e
    ("sin^2(x)", "sin(x)**2"), ("sin^2 x", "sin(x)**2"), ("sin^(2) x", "sin(x)**2"),
    ("sin^2 x + 1", "sin(x)**2 + 1"),
    ("2*cos^2(x+y)*z", "2*cos(x+y)**2*z"), ("sin^2(sin^3(x))", "sin(sin(x)**3)**2"),
    ("sinh^2(x)", "((exp(x) - exp(-x))/2)**2"), ("sin^-1(x)", "sin**-1(x)"),
    ("log**2 (x", "log**2(x"), ("2e^x", "2e**x"), ("e^x * e^y", "exp(x) * exp(y)"),
    ("E ** x", "exp(x)"), ("e^-x", "exp(-x)"), ("e^- x*y", "exp(- x)*y"), ("e^+x", "exp(+x)"),
    ("e^(x)(y)", "exp(x)*(y)"), ("e^((x))", "exp((x))"), ("e^(x)+(y)", "exp(x)+(y)"),
    ("e^sin(x)y", "exp(sin(x))*y"), ("e^2", "exp(2)"), ("e^2x", "e**2x"), ("e^x^2", "e**x**2"),
    ("e^x **2", "e**x **2"), ("e^|x|", "e**|x|"), ("e^-|x|", "e**-|x|"), ("e^(x", "e**(x"),
    ("xe^x", "xe**x"), ("1.e^x", "1.e**x"), ("y + e^(x+1)*2", "y + exp(x+1)*2"),
    # calls
    ("sin x", "sin(x)"), ("sin -x + 1", "sin(-x) + 1"), ("sin x*y", "sin x*y"),
    ("max(sin x, y)", "max(sin(x), y)"), ("|sin x|", "|sin(x)|"), ("ln x", "log(x)"),
    ("tan(x)", "sin(x)/cos(x)"), ("tan(x)*2", "(sin(x)/cos(x))*2"),
    ("2*tan(x)", "2*(sin(x)/cos(x))"), ("max(tan(x), y)", "max(sin(x)/cos(x), y)"),
    ("max(y, tan(x))", "max(y, sin(x)/cos(x))"), ("(tan(x) )", "sin(x)/cos(x)"),
    ("-tan(x)", "-(sin(x)/cos(x))"), ("foo(sec (x)) + sec(y)", "foo(1/cos(x)) + (1/cos(y))"),
    ("square(tan(x))", "(sin(x)/cos(x))**2"), ("2*cube(ln(x))", "2*(log(x)**3)"),
    ("tan(tan(x))", "sin(sin(x)/cos(x))/cos(sin(x)/cos(x))"), ("tan(x", "tan(x"),
    # methods, modules, methods of arrays
    ("x.exp()", "exp(x)"), ("(x+y).exp()", "exp(x+y)"), ("x.max( y )", "max(x, y)"),
    ("2*x1.exp()*y", "2*exp(x1)*y"), ("x_1.exp()", "exp(x_1)"), ("y*exp(x).sin()", "y*sin(exp(x))"),
    ("((x)*(y)).exp()", "exp((x)*(y))"), ("(x+(y)).exp()", "exp(x+(y))"), ("(x).exp()", "exp(x)"),
    ("(x+(y*z)).max((y),2)", "max(x+(y*z), (y),2)"), ("sin((x)).exp()", "exp(sin((x)))"),
    ("2*(xy).exp()", "2*exp(x*y)"),
    ("(x)*(y).exp()", "(x)*exp(y)"), (".exp()", ".*exp()"),
    ("x.exp(", "x.*exp("), ("np.exp(x)", "exp(x)"), ("Math.PI*x", "pi*x"), ("PI()*x", "pi*x"),
    ("math.e**x", "exp(x)"), ("2*np.e", "2*exp(1)"),
    ("torch.nn.functional.relu(x)", "relu(x)"),
    ("x .* y", "x * y"), ("x.^2", "x**2"), ("x1.*y", "x1*y"), ("exp.(x)", "exp(x)"),
    ("3.*x^2", "3.*x**2"), ("3./x^2", "3./x**2"), ("3 .*x", "3 *x"), ("x3.*y", "x3*y"),
    # signs, words, commas
    ("x^2 # a square", "x**2"), ("x^2.", "x**2"), ("x;", "x"), ("'x'", "x"), ("`x`", "x"),
    ("“x”", "x"), ("'x", "'x"), ("x[0]*y", "x0*y"), ("x[i]", "x?i)"), ("[x+y]*z", "(x+y)*z"),
    ("exp[x]*Max[x, y]", "exp(x)*max(x, y)"), ("{x}", "x"), ("x@y", "x*y"), ("x⊙y⊗z", "x*y*z"),
    ("x//2", "x/2"), ("x:y", "x/y"), ("max(x;y)", "max(x,y)"), ("1_000*x", "1000*x"),
    ("f(x) = x^2", "x**2"), ("y := x^2", "x**2"), ("=x^2", "x**2"), ("x == y", "x == y"),
    ("(x, y) => x*y", "x*y"), ("x => x^2", "x**2"), ("return x^2;", "x**2"),
    ("lambda x, y: x^y", "x**y"), ("0,5*x", "0.5*x"), ("1,000", "1,000"), ("1,0000", "1.0000"),
    ("1,2,3", "1,2,3"), ("1.5,2", "1.5,2"), ("Max(0,5)", "max(0,5)"), ("x times y", "x * y"),
    ("x plus (y) minus 1", "x + (y) - 1"), ("x over y", "x / y"), ("x divided by y", "x / y"),
    ("x to the power of 2", "x ** 2"), ("x to the power 2", "x ** 2"),
    # characters
    ("x²y", "x**2*y"), ("x⁻¹", "x**(-1)"), ("(x)ⁿ⁺¹", "(x)**(n+1)"), ("x₁₂", "x12"),
    ("½x", "(1/2)*x"), ("⅔", "2/3"), ("⅞ + ⅑", "(7/8) + (1/9)"), ("①*x", "(1)*x"),
    ("٣*x", "3*x"), ("２x", "2*x"), ("x\u2062y", "x*y"), ("ab\u2062c", "ab*c"),
    ("x\u200b + y", "x + y"),
    ("³√x", "x**(1/3)"), ("∛(x+y)", "(x+y)**(1/3)"), ("x<sup>2</sup>", "x**2"),
    ("x<sub>1</sub>", "x1"), ("x<sup>y+1</sup>", "x**(y+1)"), ("x &minus; y", "x − y"),
    ("x∧2", "x**2"), ("x↑2 ⋆ y", "x**2 * y"), ("x ∶ y", "x / y"),
    # blanks and brackets
    ("(x+y)", "x+y"), ("(x)+(y)", "(x)+(y)"), ("exp ( x )", "exp(x)"), ("x  +  y^2", "x + y**2"),
    ("| x |^2", "|x|**2"), ("x^(2)", "x**2"), ("x^(2)^y", "x**(2)**y"),
    # transposes, derivatives and long texts stay
    ("w^T x^2", "w^T x^2"), ("x^{\\top}y^2", "x^{\\top}y^2"), ("xᵀy^2", "xᵀy^2"),
    ("x.T^2", "x.T^2"),
    ("x^2" + " " * 197, "x**2"), ("x^2" + " " * 198, "x^2" + " " * 198)])
def test_a_text_is_written_as_it_is_here(text, written):
    assert rewritten(text, KNOWN) == written


@pytest.mark.parametrize("text, written", [
    (r"\frac{x+1}{y}", "(x+1)/y"), (r"\frac12", "1/2"), (r"\frac x y", "x/y"),
    (r"\frac{1}{2}x", "(1/2)*x"), (r"2/\frac{x}{y}", "2/(x/y)"), (r"\frac{x}{y}^2", "(x/y)**2"),
    (r"\frac{\frac{x}{y}}{z}", "(x/y)/z"), (r"\dfrac{x}{y} + \tfrac{1}{2}", "x/y+1/2"),
    (r"\frac{x}{y}\exp(z)", "(x/y)*exp(z)"), (r"z + \frac{x}{y} + z", "z+x/y+z"),
    (r"\sqrt{x+y}", "sqrt(x+y)"), (r"\sqrt{x+y", "sqrt(x+y)"), (r"\sqrt {x}*y", "sqrt(x)*y"),
    (r"\sqrt x", "sqrt(x)"), (r"\sqrt[3]{x+y}", "(x+y)**(1/3)"),
    (r"2\sqrt{\frac{x}{y}}", "2*sqrt(x/y)"),
    (r"{x+1 \over y}", "(x+1)/y"), (r"\left( x+y \right)^{2}", "(x+y)**2"),
    (r"x \cdot y \times z \div w", "x*y*z/w"), (r"x\,y\;z", "x*y*z"),
    (r"\left|x-y\right|", "|x-y|"), (r"\lvert x \rvert", "|x|"), (r"\mid x\mid", "|x|"),
    (r"\sigma(x)", "sigmoid(x)"), (r"\alpha*x + \beta", "alpha*x+beta"),
    (r"x_1 + w_{2}x", "x1+w2*x"),
    (r"$x_1y$", "x1*y"),
    (r"\operatorname{ReLU}(x)", "relu(x)"), (r"\operatorname{ReLU} x", "relu(x)"),
    (r"\mathrm{A}*x", "A*x"), (r"\mathrm{Sin}(x)", "sin(x)"),
    (r"\text{max}\{x, y\}", "max(x,y)"), (r"\ln x", "log(x)"), (r"2\exp x", "2*exp(x)"),
    (r"$x^2$", "x**2"), (r"\[x^2\]", "x**2"), (r"\(x^2\)", "x**2"),
    (r"e^{-\frac{x}{2}}", "exp(-x/2)"),
    (r"x^{y+1}", "x**(y+1)"), (r"\log\left(1+e^{-xy}\right)", "log(1+exp(-x*y))")])
def test_latex_is_written_as_it_is_here(text, written):
    assert rewritten(text, KNOWN) == written


def test_an_index_stays_where_the_name_is_known_with_its_line():
    assert rewritten("$x_1 + w_{2}$", ("x_1", "w_{2}")) == "x_1+w_(2)"
    assert rewritten("$x_1 + w_2$", ("x_1",)) == "x_1+w2"


@pytest.mark.parametrize("name, known, parts", [
    ("xy", "xy", "x*y"), ("xyx", "xy", "x*y*x"), ("xq", "xy", ""), ("x", "xy", ""), ("", "xy", ""),
    ("xy", "", ""), ("πx", "", "π*x"), ("πxy", "xy", "π*x*y"), ("πq", "xy", "π*q"), ("π", "xy", ""),
    ("π1", "xy", ""), ("sinx", "xy", "sin(x)"), ("lnx", "xy", "log(x)"), ("softplusy", "xy",
    "softplus(y)"), ("sinq", "xy", ""), ("sin", "xy", "")])
def test_a_name_of_known_names_is_their_product(name, known, parts):
    assert split(name, {*known}) == parts


def test_the_longest_known_name_is_taken():
    assert split("x12x1", {"x1", "x12"}) == "x12*x1" and split("ab", {"a", "b", "ab"}) == ""
    assert split("abc", {"a", "ab", "bc"}) == ""  # ab, and no c: what fits otherwise is not guessed
    assert split("a+b", {"a+", "b"}) == "a+*b"  # no pattern is read into a name


@pytest.mark.parametrize("text, start, brackets, end", [
    ("(x)", 0, "()", 3), ("((x)+(y))*z", 0, "()", 9), ("((x)+(y))*z", 1, "()", 4),
    ("(x", 0, "()", 0),
    ("x(y)", 1, "()", 4), ("{a{b}}c", 0, "{}", 6), ("{(}", 0, "{}", 3), ("", 0, "()", 0)])
def test_where_a_bracket_ends(text, start, brackets, end):
    assert group(text, start, brackets) == end


@pytest.mark.parametrize("text, in_brackets", [
    ("x", "x"), (" x1 ", "x1"), ("0.5", "0.5"), ("x + y", "(x + y)"), ("-x", "(-x)"),
    ("(x)", "(x)"),
    ("(x)*(y)", "((x)*(y))"), ("exp(x)", "exp(x)"), ("exp(x)*2", "(exp(x)*2)"), ("", "()")])
def test_a_factor_has_brackets_where_it_must(text, in_brackets):
    assert bracketed(text) == in_brackets


def test_the_numbers_of_a_call():
    assert arguments("x, y") == ["x", " y"] and arguments("x") == ["x"] and arguments("") == [""]
    assert arguments("max(x, y), [a, b], z") == ["max(x, y)", " [a, b]", " z"]


@pytest.mark.parametrize("name, inside, text", [
    ("tan", "x", "sin(x)/cos(x)"), ("tan", "x+y", "sin(x+y)/cos(x+y)"),
    ("TAN", "x", "sin(x)/cos(x)"),
    ("square", "x+y", "(x+y)**2"), ("square", "x", "x**2"), ("pow", "x+1, y", "(x+1)**y"),
    ("pow", "x", ""), ("pow", "x, y, z", ""), ("pow", "x, ", ""), ("square", "", ""),
    ("clip", "x, 0, y*z", "max(0, min(x, (y*z)))"), ("logaddexp", "x, y", "log(exp(x) + exp(y))"),
    ("exp", "x", ""), ("Exp", "x + 1", "exp(x + 1)"), ("MAX", "x, y", "max(x, y)"),
    ("lg", "x", ""), ("sqr", "x", ""), ("Log", "x", ""), ("LOG", "x", ""), ("foo", "x", ""),
    ("hypot", "max(x, y), z", "sqrt(max(x, y)**2 + z**2)")])
def test_a_call_as_a_formula(name, inside, text):
    assert formula(name, inside) == text


def test_a_text_that_grows_without_end_is_left():
    """Each tan doubles what is in it: of many, one in the other, nothing is proposed."""
    assert len(rewritten("tan(" * 12 + "x" + ")" * 12)) < 1000
    whole = "ln(x)" + "+1" * 97
    assert rewritten(whole + "0") == "log(x)" + whole[5:] + "0"  # 200 characters
