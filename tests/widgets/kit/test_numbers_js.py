"""Numbers and their place on the page: the pure functions of the editable array."""

import math
import random

import numpy as np
import pytest

from helpers.words import short
from tests.browser.bare import bare_page, call

NAMES = ("formatNumber numberText parseNumber nudged wireNumber notANumber arrayLayout entryName "
         "tintLimit tintLevel gridDecimals gridNumber arrayIndices arrayLabel movedIndex "
         "historyKey parseBlock")


page = bare_page({"widgets/kit/numbers.js": NAMES})


NUMBERS = [
    (2.0, "2"), (-0.5, "−0.5"), (0.0, "0"), (-0.0, "0"), (1 / 3, "0.3333"), (12.34567, "12.3457"),
    (1234.5678, "1234.57"), (-123456.7, "−123457"), (999999.9, "1000000"), (1e6, "1e6"),
    (-3.14e8, "−3.1e8"), (1.2e-9, "1.2e−9"), (9.96e-5, "1e−4"), (1e-4, "0.0001"),
    (1.25e300, "1.3e300"), (5e-324, "4.9e−324"), (math.nan, "nan"), (math.inf, "∞"),
    (-math.inf, "−∞"), (0.03125, "0.0313"), (0.30000000000000004, "0.3"),
]


@pytest.mark.parametrize(("number", "text"), NUMBERS, ids=[text for _, text in NUMBERS])
def test_a_number_reads_the_same_in_page_and_picture(page, number, text):
    assert short(number) == text
    assert call(page, "formatNumber(a[0])", number) == text


def test_many_numbers_read_the_same_in_page_and_picture(page):
    rng = random.Random(4)
    numbers = [rng.choice([1, -1]) * 10 ** rng.uniform(-8, 9) for _ in range(3000)]
    numbers += [n / 64 for n in range(-400, 400)]
    texts = call(page, "a[0].map(formatNumber)", numbers)
    assert texts == [short(number) for number in numbers]
    assert max(map(len, texts)) <= 9


@pytest.mark.parametrize(("text", "number"), [
    ("2", 2), (" 1.5 ", 1.5), ("-2", -2), ("−2", -2), ("+3", 3), ("1e-3", 1e-3), ("1E−3", 1e-3),
    (".5", 0.5), ("0,5", 0.5), ("7.", 7), ("1/3", 1 / 3), ("−1 / 4", -0.25), ("inf", math.inf),
    ("-∞", -math.inf), ("－３．５", -3.5), ("１，５", 1.5),
    ("Infinity", math.inf), ("nan", math.nan), ("NaN", math.nan),
    *((bad, None) for bad in ("", "abc", "1.2.3", "1,000.5", "--1", "1/0", "1/2/3", "1/nan", "0x10",
                              "1_0", "2 3", "e5", "1e", "inf.", ".")),
])
def test_typed_text_is_a_number_or_nothing(page, text, number):
    found = call(page, "parseNumber(a[0])", text)
    assert found == number or (number != number and found != found)


def test_the_text_to_edit_has_all_digits_and_reads_back(page):
    numbers = [0.1 + 0.2, -1e-7, 1e21, math.inf, -math.inf, 5e-324, 12.0]
    assert call(page, "a[0].map(numberText)", numbers)[:2] == ["0.30000000000000004", "−1e−7"]
    assert call(page, "a[0].map(numberText).map(parseNumber)", numbers) == numbers


@pytest.mark.parametrize(("value", "steps", "keys", "result"), [
    (0.1, 2, {}, 0.3), (0.3, -3, {}, 0), (-0.7, 7, {}, 0), (123456.75, 1, {}, 123456.85),
    (1, 1, {"shiftKey": True}, 2), (1, 1, {"altKey": True}, 1.01),
    (1, 1, {"shiftKey": True, "altKey": True}, 1.1),
    (math.nan, 1, {}, 0.1), (-math.inf, -2, {}, -0.2),
])
def test_a_nudge_leaves_no_dust(page, value, steps, keys, result):
    assert call(page, "nudged(a[0], a[1], a[2])", value, steps, keys) == result
    assert call(page, "Object.is(nudged(a[0], a[1], a[2]), -0)", value, steps, keys) is False


def test_what_json_cannot_carry_goes_as_text(page):
    sent = call(page, "a[0].map(wireNumber)", [1.5, math.nan, math.inf, -math.inf])
    assert sent == [1.5, "NaN", "Infinity", "-Infinity"]


@pytest.mark.parametrize(("shape", "rows", "columns", "last"), [
    ((), 1, 1, "X"), ((5,), 1, 5, "X[4]"), ((3, 4), 3, 4, "X[2,3]"), ((2, 3, 4), 6, 4, "X[1,2,3]"),
])
def test_rows_are_all_axes_but_the_last(page, shape, rows, columns, last):
    axes = [{"size": size} for size in shape]
    layout = call(page, "arrayLayout(a[0])", axes)
    assert (layout["rows"], layout["columns"], layout["count"]) == (rows, columns, rows * columns)
    assert call(page, "entryName('X', a[0], a[1])", axes, rows * columns - 1) == last


def test_tints_are_symmetric_and_zero_alone_has_none(page):
    assert call(page, "tintLimit(a[0])", [0.3, -1.2, math.inf, math.nan]) == 2
    assert call(page, "tintLimit(a[0])", [0.0]) == 1
    numbers = [2.0, -2.0, 1.0, 0.0, 1e-300, -math.inf]
    levels = call(page, "a[0].map((v) => tintLevel(v, 2))", numbers)
    assert levels == [6, -6, 3, 0, 1, -6]
    assert call(page, "tintLevel(1, tintLimit(a[0]))", [1.7e308]) == 1


def test_numbers_of_one_grid_have_as_many_decimals_as_one_of_them_needs(page):
    rows = [[1, 2], [0.5, 2], [0.25, -12.125], [1 / 3, 0], [1e-9, 2], [math.nan, math.inf], []]
    decimals = [0, 1, 3, 4, 0, 0, 0]
    assert call(page, "a[0].map(gridDecimals)", rows) == decimals
    texts = call(page, "a[0].map((x) => gridNumber(x, 2))", [0.0, -0.0, 1.0, -1.5, 2e-9, math.nan])
    assert texts == ["0", "0", "1.00", "−1.50", "2e−9", "nan"]


def test_a_list_of_numbers_goes_as_json_can_carry_it(page):
    assert call(page, "wireNumber(a[0])", [1.0, math.nan, [2.0, -math.inf]]) == [
        1, "NaN", [2, "-Infinity"]]


def test_a_grid_is_read_aloud_with_its_sizes_and_its_keys(page):
    axes = [{"size": 2}, {"size": 3}]
    assert call(page, "arrayLabel({ name: 'X', axes: a[0] })", axes) == "X, 2 by 3"
    assert call(page, "arrayLabel({ name: 'b', axes: [], editable: true })") == (
        "b, one number, editable: up and down change a number, left and right move")


def test_an_index_along_each_axis_is_numpys(page):
    shape = (2, 3, 4)
    found = call(page, "a[1].map((flat) => arrayIndices(a[0], flat))",
                 [{"size": size} for size in shape], list(range(24)))
    assert found == [list(map(int, np.unravel_index(flat, shape))) for flat in range(24)]
    assert call(page, "arrayLayout(a[0]).group", [{"size": size} for size in shape]) == 3
    assert call(page, "arrayLayout(a[0]).group", [{"size": size} for size in (5, 4)]) == 5


def test_tints_end_at_1_2_or_5_times_a_power_of_ten_and_have_six_steps(page):
    limits = {1: 1, 1.01: 2, 2: 2, 2.5: 5, 5: 5, 5.1: 10, 0.03: 0.05, 999: 1000, 0.7: 1}
    found = call(page, "a[0].map((x) => tintLimit([x, -x / 2]))", [float(x) for x in limits])
    assert found == pytest.approx([*limits.values()])
    levels = {0.001: 1, 1: 1, 1.001: 2, 2: 2, 3.5: 4, 6: 6, 60: 6}
    for sign in (1, -1):
        found = call(page, "a[0].map((x) => tintLevel(x, 6))", [sign * float(x) for x in levels])
        assert found == [sign * level for level in levels.values()]
    assert math.isnan(call(page, "tintLevel(NaN, 6)"))


@pytest.mark.parametrize("editable", [True, False])
def test_keys_lead_along_rows_and_columns_and_stop_at_the_ends(page, editable):
    keys = ["ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown",
            "x"]
    led = {0: [0, 1, 0, 4, 0, 3, 0, 4], 5: [4, 6, 1, 9, 4, 7, 1, 9],
           11: [10, 11, 7, 11, 8, 11, 7, 11]}
    moved = "a[0].map((key) => movedIndex(key, a[1], { columns: 4, count: 12 }, a[2]))"
    for index, to in led.items():
        up_and_down = [None, None] if editable else to[6:]  # there they change the number
        assert call(page, moved, keys, index, editable) == [*to[:6], *up_and_down, None]


def test_keys_of_undo_and_redo(page):
    asked = [("z", "ctrlKey", False, "undo"), ("Z", "metaKey", True, "redo"),
             ("y", "ctrlKey", False, "redo"), ("Y", "metaKey", False, "redo"),
             ("z", "altKey", False, None), ("x", "ctrlKey", False, None),
             ("y", "altKey", True, None)]
    meant = "a[0].map(([key, held, shiftKey]) => historyKey({ key, [held]: true, shiftKey }))"
    assert call(page, meant, [list(one[:3]) for one in asked]) == [one[3] for one in asked]


def test_a_refused_text_is_shown_as_far_as_it_fits_on_a_line(page):
    said = call(page, "a[0].map(notANumber)", ["x" * 24, "x" * 25])
    assert said[0].startswith(f'"{"x" * 24}" is') and said[1].startswith(f'"{"x" * 23}…" is')


@pytest.mark.parametrize("text, found", [
    ("1, 2; 3, 4", [[1, 2], [3, 4]]), ("[1, 2], [3, 4]", [[1, 2], [3, 4]]),
    ("[[1 2]\n [3 4]]", [[1, 2], [3, 4]]), ("1/2 1 / 4\n1/ 8 1 /2", [[0.5, 0.25], [0.125, 0.5]]),
    ("1  /  4  2", [[0.25, 2]]), ("\n\n1\t2\n", [[1, 2]]), ("1,5\t2", [[1.5, 2]]), ("1,5", [[1.5]]),
    ("(1, 2)\r\n(3, 4)\r\n", [[1, 2], [3, 4]]), ("1 ,\t2", '"1 ," is not'), ("1 , 2", [[1, 2]]),
    ("1,2 3", "1,2 is one number or two: write 1.2 or 1, 2"), ("1\t\t2", '"" is not a number'),
    ("1 2\n3", "the rows are of different length: row 1 has 2, row 2 has 1"),
    ("1\n2\n3 4", "the rows are of different length: row 1 has 1, row 3 has 2"),
    ("-1,2 3", "-1,2 is one number or two: write -1.2 or -1, 2"), ("", '"" is not a number'),
])
def test_a_pasted_text_is_rows_of_numbers_or_a_line_that_says_why_not(page, text, found):
    answer = call(page, "parseBlock(a[0])", text)
    if isinstance(found, str):
        assert found in answer.get("error", answer)
    else:
        assert answer == {"rows": found}
