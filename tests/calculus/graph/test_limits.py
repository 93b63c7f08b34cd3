"""How much an expression may hold, to the one, and in which order its gates are made."""

import pytest

from helpers.calculus.errors import TooBig
from helpers.calculus.graph.advice import instead
from helpers.calculus.graph.expression import (
    ExpressionError,
    Parser,
    UnknownName,
    check_names,
    names_in,
    readable,
    tokens,
)
from helpers.calculus.graph.graph import Graph


class Builder:
    """What the parser builds with: a graph as a text of the calls."""

    def constant(self, number):
        return f"{number:g}"

    def number(self, node):
        return float(node)

    def variable(self, name):
        return name

    def gate(self, name, *nodes):
        return f"{name}({', '.join(nodes)})"


@pytest.mark.parametrize("text, gates", [
    ("x*y/z", "div(mul(x, y), z)"), ("x/y*z", "mul(div(x, y), z)"), ("x-y+z", "add(sub(x, y), z)"),
    ("x+y-z*w", "sub(add(x, y), mul(z, w))"), ("x+y/z", "add(x, div(y, z))"),
    ("x**y**z", "pow(x, pow(y, z))"), ("-x**2", "neg(pow(x, 2))"), ("-x*y", "mul(neg(x), y)"),
    ("-x/y", "div(neg(x), y)"), ("x/-y*z", "mul(div(x, neg(y)), z)"), ("x**-y", "pow(x, neg(y))"),
    ("√(x)**2", "pow(sqrt(x), 2)"), ("√x*y", "mul(sqrt(x), y)"), ("√√x", "sqrt(sqrt(x))"),
    ("-√x", "neg(sqrt(x))"), ("√(x)**y**z", "pow(sqrt(x), pow(y, z))"),
    ("2**√x", "pow(2, sqrt(x))"),
    ("-2", "-2"), ("--2", "2"), ("-(2)", "neg(2)"), ("-2**2", "neg(pow(2, 2))"),
    ("x-2", "sub(x, 2)"),
    ("x--2", "sub(x, -2)"), ("(x)-2", "sub(x, 2)"), ("-|2|", "neg(abs(2))"), ("-π", "-3.14159"),
    ("-x-2", "sub(neg(x), 2)"), ("+x", "x"), ("x*+y", "mul(x, y)"), ("2-(-x)", "sub(2, neg(x))"),
    ("|x|-|y|", "sub(abs(x), abs(y))"), ("||x|-y|", "abs(sub(abs(x), y))"),
    ("max(x, y*z, -1)", "max(x, mul(y, z), -1)"), ("min(max(x, y), z)", "min(max(x, y), z)"),
    ("Max(x, σ(y))", "max(x, sigmoid(y))"), ("exp(x)*(y)", "mul(exp(x), y)"),
    ("max(2, -(x))", "max(2, neg(x))"), ("(-2)**2", "pow(-2, 2)"), ("max(-2, 1)", "max(-2, 1)")])
def test_the_gates_are_made_in_python_s_order(text, gates):
    assert Parser(text, Builder()).parse() == gates


def fails(text, column, words):
    with pytest.raises(ExpressionError) as caught:
        Graph(text, **dict.fromkeys(names_in(text), 1))
    assert caught.value.column == column and words in str(caught.value)


def test_an_expression_has_eight_thousand_characters_at_most():
    assert Graph("x".ljust(8000), x=2).value == 2
    with pytest.raises(ExpressionError) as caught:
        tokens("x".ljust(8001))
    assert str(caught.value) == ("Column 8001: the expression has 8,001 characters, at most 8,000 "
                                 "are read.")
    assert (caught.value.column, caught.value.length) == (8000, 1)


def test_an_expression_has_a_thousand_gates_at_most():
    assert Graph("x" + "+x" * 1000, x=1).value == 1001
    fails("x" + "+x" * 1001, 2001, "more than 1,000 gates; make the expression shorter.")
    assert readable("-" * 1000 + "x") and not readable("-" * 1001 + "x")
    assert readable("-" * 1001 + "2")  # the number's own minus


def test_a_function_makes_a_thousand_gates_at_most_and_may_leave_as_many_unused():
    def made(x, used, unused):
        for _ in range(unused):
            x.exp()
        return sum((x for _ in range(used)), x)

    assert Graph(lambda x: made(x, 1000, 0), x=1).value == 1001
    with pytest.raises(TooBig, match="at most 1,000 gates"):
        Graph(lambda x: made(x, 1001, 0), x=1)
    assert len(Graph(lambda x: made(x, 1, 3998), x=1).nodes) == 2  # 4,000 with x
    with pytest.raises(TooBig, match="at most 1,000 gates"):
        Graph(lambda x: made(x, 1, 3999), x=1)


def test_a_name_has_twenty_characters_at_most():
    assert Graph("x" * 20, **{"x" * 20: 3}).value == 3
    fails("1 + " + "x" * 21, 4, "a name has at most 20 characters.")
    fails("x" * 21 + "(y)", 0, "a name has at most 20 characters.")


def test_a_name_without_a_value_is_read_as_a_product_up_to_twenty_characters():
    with pytest.raises(UnknownName, match=r"for a product, write x\*x"):
        check_names("x" * 20, {"x"})
    check_names("x" * 21, {"x"})
    with pytest.raises(UnknownName, match=r"no value for ab; for a product, write a\*b\."):
        check_names("ab + a*b", ())  # letters of the text are names too, and such with numbers
    with pytest.raises(UnknownName, match=r"no value for a1b; for a product, write a1\*b\."):
        check_names("a1b + a1*b", ())
    check_names("ab + aa*b", ())


def test_a_max_has_a_hundred_numbers_at_most():
    assert Graph(f"max({', '.join('x' * 100)})", x=3).value == 3
    fails(f"max({','.join('x' * 101)})", 203, "max takes at most 100 numbers.")


def test_what_is_proposed_has_ninety_characters_at_most():
    assert instead("x^2" + "+1" * 43, {"x"}, readable) == "x**2" + "+1" * 43
    assert instead("x^2" + "+1" * 42 + "+12", {"x"}, readable) == ""
    assert instead("x^2" + " " * 9 + "+1" * 42, {"x"}, readable) == "x**2 " + "+1" * 42
