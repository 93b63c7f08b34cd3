"""Where a held card belongs, and what is read aloud for it, in a bare page."""

from tests.browser.bare import bare_page, call

BOXES = [{"left": 0, "right": 100, "top": 0, "bottom": 200},
         {"left": 160, "right": 260, "top": 0, "bottom": 200},
         {"left": 0, "right": 100, "top": 220, "bottom": 420}]
PLACES = {(10, 50): 0, (90, 50): 1, (155, 50): 1, (205, 50): 1, (215, 50): 2, (300, 50): 2,
          (10, 300): 2, (90, 300): 3, (500, 500): 3, (-9, -9): 0, (10, 209): 0, (300, 209): 2,
          (10, 210): 0, (10, 211): 2, (10, 500): 2, (50, 100): 0, (51, 100): 1}


bare = bare_page({"widgets/order/order.js": "placeAmong cardLabel"})


def test_where_a_held_card_belongs(bare):
    found = call(bare, "a[1].map(([x, y]) => placeAmong(a[0], x, y))", BOXES,
                 [list(point) for point in PLACES])
    assert dict(zip(PLACES, found, strict=True)) == PLACES
    assert call(bare, "placeAmong([], 5, 5)") == 0


def test_a_card_says_where_it_is_and_what_keys_do(bare):
    card = {"name": "J_y_z", "shape": [2, 3], "turns": True}
    assert call(bare, "cardLabel(a[0], 1, 4)", card) == (
        "J y z, 2 by 3, place 2 of 4. Left and right arrow: move. T: transpose. Enter: check.")
    assert "transpose" not in call(bare, "cardLabel(a[0], 1, 4)", card | {"turns": False})
