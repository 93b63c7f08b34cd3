"""Every puzzle in both layouts, written down by hand, and all that the page shows of one."""

import pytest

from helpers.widgets.order.order import OrderPuzzle, puzzles
from tests.page import browser

MAPS = "y = f(x), z = g(y): the derivative of z by x"
MORE = "y = f(x), z = g(y), u = h(z): the derivative of u by x"
ONE, LAST, FIRST = "c = Wx with W {h}×{n}", "the last map on the left", "the first map on the left"
BATCH = "Y = XW with X {N}×{M}, W {M}×{K}, G = dL/dY: the gradient by {by}, which has the shape of "
RELU = "a = W₁x, z = W₂·ReLU(a), D = diag(1(a > 0)): the derivative of z by x"
MEET = ("a gradient has the shape of its variable in both layouts; the transpose is what makes the "
        "inner sizes meet")
# (title, what is asked, what is to be built, the factors in order with the letters of their sizes)
NUMERATOR = [
    ("2 maps in a row", MAPS, "∂z/∂x z x", "J_z z y | J_y y x", f"numerator layout: {LAST}"),
    ("one layer, one loss", ONE + " and a loss ℓ: the derivative of ℓ by x", "∂ℓ/∂x 1 n",
     "∂ℓ/∂c 1 h | W h n", "numerator layout: derivatives of one number are rows, and J = W"),
    ("3 maps in a row", MORE, "∂u/∂x u x", "J_u u z | J_z z y | J_y y x",
     f"numerator layout: {LAST}"),
    ("dL/dX of a batch", BATCH.replace("{by}", "X") + "X", "dL/dX N M", "G N K | Wᵀ K M", MEET),
    ("dL/dW of a batch", BATCH.replace("{by}", "W") + "W", "dL/dW M K", "Xᵀ M N | G N K", MEET),
    ("dℓ/dW of one example", ONE + ", x a column of {n} and g = dℓ/dc a column of {h}: the "
     "gradient by W", "dℓ/dW h n", "g h 1 | xᵀ 1 n",
     "entry (i, j) is g[i]·x[j]: an outer product, as large as W"),
    ("two layers and a ReLU", RELU, "∂z/∂x k n", "W₂ k h | D h h | W₁ h n",
     "from the output back to the input, left to right"),
    ("shapes that do not help", f"{MAPS} (all of size 3)", "∂z/∂x 3 3", "J_z 3 3 | J_y 3 3",
     f"numerator layout: {LAST}; with equal sizes the shapes fit in every order, so a wrong order "
     "gives wrong numbers without an error")]
TURNED = {
    1: ("∇_x z x z", "∇_x y x y | ∇_y z y z", f"denominator layout: {FIRST}"),
    2: ("∇_x ℓ n 1", "Wᵀ n h | ∇_c ℓ h 1", "denominator layout: derivatives of one number are "
        "columns, and ∇ₓ(Wx) = Wᵀ"),
    3: ("∇_x u x u", "∇_x y x y | ∇_y z y z | ∇_z u z u", f"denominator layout: {FIRST}"),
    7: ("∇_x z n k", "W₁ᵀ n h | D h h | W₂ᵀ h k", "every factor transposed, and their order "
        "reversed"),
    8: ("∇_x z 3 3", "∇_x y 3 3 | ∇_y z 3 3",
        NUMERATOR[7][4].replace("numerator", "denominator").replace(LAST, FIRST))}


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize("number", range(1, 9))
def test_every_puzzle_is_the_one_written_down(number, layout):
    title, asks, goal, product, why = NUMERATOR[number - 1]
    if layout == "denominator" and number in TURNED:
        goal, product, why = TURNED[number]
    for seed in range(5):
        puzzle = puzzles.puzzle(number, layout, seed)
        cards = puzzles.placed(puzzle, range(len(puzzle.factors)), puzzle.turns)
        sizes, wanted = {"1": 1, "3": 3}, [goal, *product.split(" | ")]
        found = [(puzzle.goal, puzzle.goal_shape), *cards]
        for text, (name, shape) in zip(wanted, found, strict=True):
            said, *letters = text.rsplit(" ", 2)
            assert name == said
            assert [sizes.setdefault(*one) for one in zip(letters, shape, strict=True)] == [*shape]
        drawn = [size for letter, size in sizes.items() if letter not in "13"]
        assert len(set(drawn)) == len(drawn) and set(drawn) <= {2, 3, 4, 5, 6}
        assert (puzzle.title, puzzle.why) == (title, why)
        assert puzzle.asks == asks.format(**{one: size for one, size in sizes.items()})
        right = puzzles.verdict(puzzle, range(len(cards)), puzzle.turns)
        line = "".join(f"({a}×{b})" for _, (a, b) in cards)
        shape = "×".join(map(str, puzzle.goal_shape))
        assert right == (True, f"{line} ok: {shape}, the shape of {puzzle.goal}. Right: {why}.")


def test_another_seed_draws_other_sizes_and_deals_other_orders():
    for number in range(1, 8):
        goals = {puzzles.puzzle(number, "numerator", seed).factors for seed in range(10)}
        assert len(goals) > 3
    three = puzzles.puzzle(3).factors
    assert puzzles.puzzle(3) == puzzles.puzzle(3, "numerator", 0)
    assert {puzzles.shuffled(three, 3, seed) for seed in range(40)} == {
        (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)}
    assert puzzles.shuffled(three, 3, 5) == puzzles.shuffled(three, 3, 5)


def shown(widget):
    state = widget.state
    cards = " ".join(f"{one['name']}{tuple(one['shape'])}" for one in state["cards"])
    joints = " ".join(f"[{one['text']}]" if one["good"] else one["text"] for one in state["joints"])
    return cards.replace(", ", "×"), joints, state["product"]


def test_joints_and_product_follow_the_cards():
    widget = OrderPuzzle(4, seed=0)  # X 4×3, W 3×2
    for order, turned, cards, joints, product in (
            (("G", "W"), (), "G(4×2) W(3×2)", "2 ≠ 3", None),
            (("G", "W"), ("W",), "G(4×2) Wᵀ(2×3)", "[2 = 2]", [4, 3]),
            (("W", "G"), ("G",), "W(3×2) Gᵀ(2×4)", "[2 = 2]", [3, 4]),
            (("G", "W"), ("G", "W"), "Gᵀ(2×4) Wᵀ(2×3)", "4 ≠ 2", None)):
        widget.set(order=order, turned=turned)
        assert shown(widget) == (cards, joints, product)
    assert [one["card"] for one in widget.state["cards"]] == [0, 1]
    assert [one["turned"] for one in widget.state["cards"]] == [True, True]
    widget.set(order=("W", "G"), turned="G")
    assert [(one["card"], one["turned"]) for one in widget.state["cards"]] == [
        (1, False), (0, True)]
    relu = OrderPuzzle(7, seed=0)
    relu.set(order=("D", "W₁", "W₂"))
    assert shown(relu) == ("D(2×2) W₁(2×6) W₂(5×2)", "[2 = 2] 6 ≠ 5", None)
    assert {one["name"]: one["turns"] for one in relu.state["cards"]} == {
        "D": False, "W₁": True, "W₂": True}
    assert relu.check() == ("(2×2)(2×6)(5×2): inner 6 ≠ 5, so W₁ · W₂ cannot be multiplied.")
    assert repr(relu) == (
        "OrderPuzzle 7 of 8, numerator layout: ∂z/∂x (5×6) from D (2×2) · W₁ (2×6) · W₂ (5×2). "
        "(2×2)(2×6)(5×2): inner 6 ≠ 5, so W₁ · W₂ cannot be multiplied.")


def test_moves_put_one_card_and_leave_the_others_in_order():
    for card, to, names in ((0, 0, "J_u J_z J_y"), (0, 1, "J_z J_u J_y"), (0, 2, "J_z J_y J_u"),
                            (2, 0, "J_y J_u J_z"), (1, 2, "J_u J_y J_z"), (1, 9, "J_u J_y J_z"),
                            (2, -1, "J_y J_u J_z"), (1, 1, "J_u J_z J_y")):
        widget = OrderPuzzle(3, checked=True)
        widget.set(order=("J_u", "J_z", "J_y"), checked=True)
        browser(widget, {"kind": "move", "card": card, "to": to})
        state = widget.state
        assert " ".join(one["name"] for one in state["cards"]) == names
        moved = names != "J_u J_z J_y"  # an answer belongs to the order that was handed in
        assert state["checked"] is not moved and bool(state["verdict"]) is not moved


def test_a_card_turns_and_turns_back():
    widget = OrderPuzzle(5)
    for card, turned in ((0, [True, False]), (1, [True, True]), (0, [False, True]),
                         (1, [False, False])):
        browser(widget, {"kind": "turn", "card": card})
        state = {one["card"]: one["turned"] for one in widget.state["cards"]}
        assert [state[0], state[1]] == turned and not widget.state["checked"]


def test_next_goes_round_and_marks_stay_with_their_layout():
    widget = OrderPuzzle(7)
    seen = []
    for _ in range(3):
        seen.append(widget.state["number"])
        browser(widget, {"kind": "next"})
    assert seen == [7, 8, 1]
    widget.set(number=8, order=("J_z", "J_y"), checked=True)
    assert widget.state["marks"] == [""] * 7 + ["first"] and widget.state["good"]
    assert widget.score == "1 of 8 solved in the numerator layout, 1 at the first try"
    widget.set(layout="denominator")
    assert widget.state["marks"] == [""] * 8 and not widget.state["checked"]
    widget.set(order=("∇_y z", "∇_x y"), checked=True)
    widget.set(order=("∇_x y", "∇_y z"), checked=True)
    assert widget.state["marks"][7] == "later"
    assert widget.score == "1 of 8 solved in the denominator layout, 0 at the first try"
    widget.set(seed=3)  # other puzzles: nothing of them is solved
    assert widget.score.startswith("0 of 8")
