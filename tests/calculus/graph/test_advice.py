"""The parts of what is said of a text that is no expression, each alone."""

import pytest

from helpers.calculus.graph import advice, notations
from helpers.calculus.graph.expression import readable


@pytest.mark.parametrize("name, other, one", [
    ("exp", "exp", True), ("exq", "exp", True), ("xp", "exp", True), ("exxp", "exp", True),
    ("expp", "exp", True), ("epx", "exp", True), ("xep", "exp", True), ("ex", "exp", True),
    ("exq", "exps", False), ("pex", "exp", False), ("exqq", "exp", False), ("e", "exp", False),
    ("eqqp", "exp", False), ("expqq", "exp", False), ("ex2", "exp", False), ("axp", "exp", True),
    ("exqp", "exp", True), ("tahn", "tanh", True), ("tnah", "tanh", True), ("tanhh", "tanh", True),
    ("htan", "tanh", False), ("sqqt", "sqrt", True), ("srqt", "sqrt", True), ("", "x", False)])
def test_one_slip_is_a_letter_more_or_less_or_another_or_two_swapped(name, other, one):
    assert bool(advice.one_slip(name, other)) is one


@pytest.mark.parametrize("function, text, sentence", [
    ("exp", "exp(1,5)", "exp takes 1 number, not more; for a decimal write 0.5."),
    ("", "(1,5)", "a bracket takes 1 number, not more; for a decimal write 0.5."),
    ("exp", "exp(1, 5)", "exp takes 1 number, not more."),
    ("", "(x,5)", "a bracket takes 1 number, not more."),
    ("log", "log(8,2)", "log takes 1 number, not more; for a decimal write 0.5."),
    ("log", "log(x,2)", "log takes 1 number, not more; the one to the base b is log(x)/log(b)."),
    ("exp", "exp(1,x)", "exp takes 1 number, not more.")])
def test_a_comma_too_many(function, text, sentence):
    assert advice.too_many(function, text, text.index(",")) == sentence


@pytest.mark.parametrize("text, known, again", [
    ("x^2", "x", "x**2"), ("x^2\n + 1", "x", "x**2 + 1"), ("x**2", "x", ""), ("x^", "x", ""),
    ("y = 0", "", ""), ("2 = 0", "", "0"), ("y = x^2", "x", "x**2"),
    ("e^x**y", "xy", ""), ("e**x", "x", "exp(x)"), ("(e**x**2)", "x", ""),
    ("(e**x**2)", "xe", "e**x**2"),
    ("x^e", "xe", "x**e"), ("2*e **x^2", "x", ""), ("2*x.e **y", "xy", ""),
    ("x^2*if", "x", ""), ("$x_1^2$", "x", "x1**2"), ("x[1]^2", "x", "x1**2"),
    ("\\alpha^2", "", "alpha**2"), ("x^2*\\hat", "x", "")])
def test_the_whole_text_is_written_anew_where_it_can_be_read(text, known, again):
    assert advice.instead(text, {*known}, readable) == again


def test_what_is_written_anew_has_no_letters_that_the_text_had_not():
    def spoiled(text):
        return True

    assert advice.instead("x^2", {"x"}, spoiled) == "x**2"
    assert advice.instead("PI()^2", (), readable) == "pi**2"  # but for pi
    assert advice.instead("=SUMME(a;b)", (), readable) == "a + b"
    assert advice.instead("x^2*class", {"x", "class"}, spoiled) == ""
    assert advice.instead("y^2*x__1", {"y"}, readable) == "y**2*x__1"


@pytest.mark.parametrize("name, others, other", [
    ("X", "x y", "x"), ("x_1", "x1 x2", "x1"), ("X1", "x_1", "x_1"), ("q", "x y", ""),
    ("ab", "A_B a_b", "A_B"), ("x", "", "")])
def test_another_name_that_is_nearly_the_same(name, others, other):
    assert advice.alike(name, others.split()) == other


@pytest.mark.parametrize("name, text, others, said", [
    ("e", "e **x", "x", "e is a variable here, not 2.718…: for e to a power write exp. "
                        "Write exp(x)"),
    ("e", "(e**x**2)", "x e", "e is a variable here, not 2.718…: for e to a power write exp. "
                              "Write exp(x)"),
    ("e", "e**x + e*y", "xye", "e is a variable here, not 2.718…: for e to a power write exp. "
                               "Write exp(x) + e*y"),
    ("e", "e*x", "x", ""), ("PI", "PI*x", "x", "for 3.14159… write pi, not PI."),
    ("is", "is", "", "is is a word of Python, no name of a variable: call it is_."),
    ("Max", "Max", "", "Max is a function: write max(x)."), ("q", "q*x", "x", ""),
    ("Q", "Q", "", ""), ("wTx", "wTx", "w x", "for wᵀx, write out the sum: w0*x0 + w1*x1."),
    ("wTx", "wTx", "w", ""), ("wTx", "wTx", "x", ""), ("wx", "wx", "w", ""),
    ("Tx", "Tx", "x", ""), ("dx", "dx", "", ""),
    ("dx", "dy/dx", "", "the graph finds the derivatives itself: write the function alone."),
    ("dx2", "dy/dx2", "", ""), ("x", "dy/dx", "", ""),
    ("αx", "αx*x", "x α", "there is no value for αx; for a product, write α*x. Write α*x*x"),
    ("sinx", "sinx", "x", "there is no value for sinx; for a function, write its brackets: "
                          "sin(x)."),
    ("хy", "хy", "xy", "'хy' is not xy: 'х' is cyrillic small letter ha, which only looks like it. "
                       "Type it anew: xy."),
    ("xу", "xу", "xy", "'xу' is not xy: 'у' is cyrillic small letter u, which only looks like it. "
                       "Type it anew: xy."), ("х", "х", "y", "")])
def test_what_a_name_without_a_value_means(name, text, others, said):
    assert advice.meant_by(name, text, text.index(name), {*others.split()}, readable) == said


@pytest.mark.parametrize("sign, why", [
    ("٣", "write 3"), ("＋", "it is a full-width sign; write +"), ("ﬁ", "it is a full-width sign; "
                                                                "write fi"),
    ("§", "use + − * / **, brackets, numbers, names and functions"),
    ("\u3000", "use + − * / **, brackets, numbers, names and functions"),
    ("Å", "use + − * / **, brackets, numbers, names and functions"),
    ("€", "use + − * / **, brackets, numbers, names and functions")])
def test_a_sign_of_no_list_is_told_by_its_kind(sign, why):
    assert advice.about_sign(f"x{sign}", 1) == f"{sign!r} has no meaning here: {why}."


def test_every_sign_of_the_list_has_its_sentence():
    for sign, why in advice.SIGNS.items():
        assert advice.about_sign(f"x {sign} y", 2) == f"{sign!r} has no meaning here: {why}."


@pytest.mark.parametrize("text, place, words", [
    ("x!=", 1, "no comparisons"), ("x!", 1, "no factorial"), ("x==", 1, "no comparisons"),
    ("((x)=", 4, "without a name"), ("(x)=", 3, "right-hand side"), (" 'x", 1, "out the quotes"),
    ("x'", 1, "no prime"), ("=>x", 0, "behind the arrow"), ("lambdax:", 7, "for a quotient"),
    ("lambda:", 6, "behind the colon"), ("x⁺", 1, "as in x**2"), ("x^{T}", 1, "not arrays"),
    ("x^Tx", 1, "for a power, write **."), ("x^\\intercal", 1, "not arrays"),
    ("x.T", 1, "for wᵀx"), ("x.Tx", 1, "a function stands before"), ("x./y", 1, "out the point: "),
    ("x.(", 1, "out the point: "), ("x.^", 1, "out the point: "), ("x.y", 1, "a function stands"),
    ("tf.x", 2, "leave out tf:"), ("x.tf.x", 4, "leave out tf:"), ("x.", 1, "point at the end"),
    (" .x", 1, "use + −")])
def test_the_place_of_a_sign_tells_what_it_means(text, place, words):
    assert words in advice.about_sign(text, place)


def test_raised_lowered_and_modifier_letters_are_known():
    assert [sign for sign in "x²₁ᵀʰªˆ_1é𝑥" if advice.shifted(sign)] == [*"²₁ᵀʰªˆ"]
    assert not advice.shifted("") and advice.shifted("ab²")
    assert notations.is_superscript("²") and not notations.is_superscript("2")
